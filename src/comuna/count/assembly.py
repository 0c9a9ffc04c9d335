"""An assembly's motion: counts of several channels, one quorum, one majority, one tie rule.

Works on plain integers; nothing here needs arrays. Bases of a majority, as statutes know them:
`yes-no` (yes + no), `valid` (also blanks, if the rule counts them), `cast` (also null papers and,
if the rule counts them, abstentions), `present` (at the moment of the vote), `roll` (all who may
vote).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from comuna.count.errors import BallotError, LotNeededError, RuleError
from comuna.count.result import Explanation, Outcome, Round
from comuna.count.rule import Rule
from comuna.count.threshold import Threshold

CHANNELS = ("hands", "roll-call", "box", "online", "delegates")


@dataclass(frozen=True)
class ChannelCount:
    """What one channel brought in, with its evidence.

    A count of hands needs the counts of two tellers as evidence, every other channel at least
    one document (roll-call sheet, box minutes, list of ballots, delegates' mandates).
    """

    channel: str
    yes: int = 0
    no: int = 0
    abstain: int = 0
    blank: int = 0
    null: int = 0
    evidence: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.channel not in CHANNELS:
            raise BallotError(f"channel {self.channel!r} is not one of: {', '.join(CHANNELS)}")
        if any(number < 0 for number in self.numbers()):
            raise BallotError(f"{self.channel}: a count cannot be negative")
        due = 2 if self.channel == "hands" else 1
        if len(self.evidence) < due:
            what = "the counts of two tellers" if due == 2 else "its evidence"
            raise BallotError(f"{self.channel}: {what} must be given")

    def numbers(self) -> tuple[int, int, int, int, int]:
        return self.yes, self.no, self.abstain, self.blank, self.null


@dataclass(frozen=True)
class Estimate:
    """A show of hands that the chair judged by eye: good until anyone challenges it.

    Kept apart from ChannelCount so that an estimate can never be added up as if counted.
    """

    judged: str
    challenged: bool = False

    def stands(self) -> str | None:
        """`yes` or `no` if unchallenged; None once challenged: then the hands are counted."""
        if self.judged not in ("yes", "no"):
            raise BallotError(f"an estimate is judged yes or no, not {self.judged!r}")
        return None if self.challenged else self.judged


def quorum_met(quorums: Sequence[str], call: int, present: int, roll: int) -> tuple[bool, int]:
    """Whether `present` reaches the quorum of this call over `roll`, and how many it takes.

    `quorums` has the threshold of the first call first; a later call than the last listed has
    the last one's. Raises RuleError if there is none.
    """
    if call < 1 or not quorums:
        raise RuleError("calls are numbered from 1, and at least the first must have a quorum")
    needed = Threshold.parse(quorums[min(call, len(quorums)) - 1]).needed(roll)
    return present >= needed, needed


def count_motion(
    rule: Rule,
    roll: int,
    present: int,
    channels: Sequence[ChannelCount],
    casting_vote: str | None = None,
    lot: str | None = None,
) -> Outcome:
    """Count a motion. `winners` is `("yes",)`, `("no",)`, or nothing where no decision was made
    (no quorum, or a tie that the rule answers by voting again).

    roll, present: people who may vote, and those of them present or voting in any channel.
    casting_vote, lot: `yes` or `no`, where the tie rule asks for one and it was given.
    Raises BallotError on impossible numbers, LotNeededError where a lot is due.
    """
    if not 0 <= present <= roll:
        raise BallotError(f"present ({present}) must lie between 0 and the roll ({roll})")
    yes, no, abstain, blank, null = (
        sum(each.numbers()[column] for each in channels) for column in range(5)
    )
    if yes + no + abstain + blank + null > present:
        raise BallotError(
            f"{yes + no + abstain + blank + null} votes were counted but only {present} were "
            "present or voting; a person votes in one channel only"
        )
    valid = yes + no + (blank if rule.blanks == "count" else 0)
    cast = yes + no + blank + null + (abstain if rule.abstentions == "count" else 0)
    bases = {"yes-no": yes + no, "valid": valid, "cast": cast, "present": present, "roll": roll}
    base_name = rule.majority_base or "yes-no"
    base = bases[base_name]
    majority = Threshold.parse(rule.majority or ">1/2")
    needed = majority.needed(base)
    one_more = majority.needed(base if base_name in ("present", "roll") else base + 1)
    approval = Threshold.parse(rule.approval_quorum).needed(roll) if rule.approval_quorum else 0
    quorum = Threshold.parse(rule.quorum).needed(roll) if rule.quorum else 0
    verdict, why = "no", "motion-rejected"
    broken_by = ""
    if present < quorum:
        verdict, why = "", "motion-no-quorum"
    elif yes < approval:
        why = "motion-approval-quorum"
    elif yes > 0 and yes >= needed:
        verdict, why = "yes", "motion-adopted"
    elif yes == no > 0 and yes + 1 >= one_more:
        broken_by = rule.ties[0]
        verdict, why = _break_tie(broken_by, casting_vote, lot)
    facts = {
        "yes": yes,
        "no": no,
        "abstain": abstain,
        "blank": blank,
        "null": null,
        "base_name": base_name,
        "base": base,
        "needed": needed,
        "present": present,
        "roll": roll,
        "quorum": quorum,
        "approval": approval,
        "channels": [channel.__dict__ for channel in channels],
    }
    winners = (verdict,) if verdict else ()
    return Outcome(
        winners,
        (Round("decide", winners, {"yes": yes, "no": no}, facts=facts),),
        (Explanation("yes", why, facts),),
        {"tie_broken_by": broken_by} if broken_by else {},
    )


def _break_tie(tie_rule: str, casting_vote: str | None, lot: str | None) -> tuple[str, str]:
    """What the tie rule makes of as many yes as no, one vote short: the verdict, and why."""
    if tie_rule == "status-quo":
        return "no", "motion-tie-status-quo"
    if tie_rule == "repeat":
        return "", "motion-tie-repeat"
    given = casting_vote if tie_rule == "casting-vote" else lot
    if given is None and tie_rule == "lot":
        raise LotNeededError(("yes", "no"), "decide", 1)
    if given is None:
        raise BallotError("yes and no tie and the rule gives the chair the casting vote: record it")
    if given not in ("yes", "no"):
        raise BallotError(f"the {tie_rule} says yes or no, not {given!r}")
    return given, f"motion-tie-{given}"


@dataclass(frozen=True)
class MemberBody:
    """What one member body's delegates bring to a federation's count: people for and against."""

    body: str
    yes: int
    no: int


def double_majority(bodies: Sequence[MemberBody], of_bodies: str, of_people: str) -> bool:
    """Whether a motion has both majorities: of member bodies (each for what most of its people
    want; one that is split evenly is for neither), and of the people of all of them."""
    deciding = [body for body in bodies if body.yes != body.no]
    in_favour = sum(body.yes > body.no for body in deciding)
    yes, no = sum(body.yes for body in bodies), sum(body.no for body in bodies)
    return (
        bool(bodies)
        and in_favour >= Threshold.parse(of_bodies).needed(len(bodies))
        and yes >= Threshold.parse(of_people).needed(yes + no)
    )
