"""Motions: yes or no, counted by `comuna.count` on the base and by the majority that the statute
names for every matter concerned."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from comuna.count.assembly import ChannelCount, count_motion
from comuna.count.consent import Deliberation
from comuna.count.errors import BallotError, LotNeededError
from comuna.count.lots import draw_order
from comuna.count.result import Outcome, Result, plain
from comuna.count.rule import Rule
from comuna.count.words import sentence
from comuna.rules.act import Refused
from comuna.rules.dice import lot_seed
from comuna.rules.state import Ballot, Proposal
from comuna.rules.statute import Majority

TIES = {"status-quo": "status-quo", "repeat": "repeat", "chair": "casting-vote", "lot": "lot"}
NAMES = {"yes": "yes", "no": "no"}


def rule_of(majority: Majority) -> Rule:
    """The rule of the count for one matter's majority. In a statute "valid" is yes and no alone,
    and "cast" is whoever voted, blank and abstaining too."""
    share = f">{majority.more_than}" if majority.more_than else f">={majority.at_least}"
    return Rule(
        method="majority",
        ties=(TIES[majority.tie],),
        majority=share,
        majority_base="yes-no" if majority.of == "valid" else majority.of,
        approval_quorum=f">={majority.approval_quorum}" if majority.approval_quorum else None,
        abstentions="count" if majority.of == "cast" else None,
    )


def carried(
    proposal: Proposal, ballot: Ballot, counts: tuple[int, ...], casting: str, dice: str
) -> tuple[bool, bool, str]:
    """(adopted, to be voted again, the working): every matter's majority has to carry it. A tie
    means what the statute says it means; where another matter's majority says no, that stands."""
    verdicts, working = set(), []
    for matter in sorted(proposal.matters):
        majority = ballot.law.majority(matter)
        if majority.agreement:
            outcome, told = agreed(majority, ballot)
        else:
            outcome = counted(majority, ballot, counts, casting, dice)
            told = result_of(rule_of(majority), outcome).to_json()
        working.append({"matter": matter, "article": majority.article, **told})
        verdicts.add(outcome.winners)
    text = msgspec.json.encode(working, order="sorted").decode()
    return verdicts == {("yes",)}, () in verdicts and ("no",) not in verdicts, text


def result_of(rule: Rule, outcome: Outcome) -> Result:
    rounds, said = outcome.rounds, outcome.explanations
    return Result(rule, outcome.winners, rounds, (), said, outcome.notes, NAMES)


def agreed(majority: Majority, ballot: Ballot) -> tuple[Outcome, dict[str, Any]]:
    """The outcome where agreement is sought, and its working. Everyone entitled is heard; those who
    voted no object, with the reason they gave, and those who abstained stand aside. Whoever left
    unheard, or gave no answer, agreed to nothing, and nothing is agreed."""
    assert majority.agreement
    people = frozenset(map(str, ballot.entitled))
    asked = Deliberation(majority.agreement, people, majority.minus)
    for member, choice in sorted(ballot.cast.items()):
        if choice == "no":
            asked = asked.object(str(member), ballot.reasons[member])
        elif choice == "yes":
            asked = asked.agree(str(member))
        else:
            asked = asked.stand_aside(str(member), ballot.reasons.get(member) or "–")
    unheard = ballot.entitled - set(ballot.cast)
    outcome = (asked if unheard else asked.test()).outcome()
    if not outcome.winners and majority.tie != "repeat":
        outcome = replace(outcome, winners=("no",))
    said = outcome.explanations[0]
    told = {
        "method": majority.agreement,
        "winners": list(outcome.winners),
        "explanations": [
            {
                "id": said.candidate,
                "key": said.key,
                "facts": plain(said.facts),
                "es": sentence(said, NAMES, "es"),
                "en": sentence(said, NAMES, "en"),
            }
        ],
    }
    return outcome, told


def counted(
    majority: Majority, ballot: Ballot, counts: tuple[int, ...], casting: str, dice: str
) -> Outcome:
    """The count for one matter. Raises Refused where a tie waits for the chair or for the dice."""
    yes, no, abstain, blank = counts
    channel = "hands" if ballot.method == "hands" else "roll-call"
    evidence = (f"vote {ballot.number}",) * 2
    given = ChannelCount(channel, yes, no, abstain, blank, 0, evidence)
    try:
        return count_motion(
            rule_of(majority),
            ballot.roll,
            ballot.present,
            [given],
            casting or None,
            lot_of(ballot, counts, dice),
        )
    except LotNeededError:
        raise Refused("lot_needed", majority.article, options="yes, no", purpose="decide") from None
    except BallotError:  # the numbers were looked at before: only the chair's vote can be missing
        raise Refused("casting_vote_missing", majority.article) from None


def lot_of(ballot: Ballot, counts: tuple[int, ...], dice: str) -> str | None:
    """Yes or no by the dice thrown in the assembly and this very count."""
    seed = lot_seed(dice, [ballot.digest, ballot.number, counts], ballot.head)
    return draw_order(seed, NAMES)[0] if seed else None
