"""Voting in a contest: ballots by roll call, or counted by tellers from raised hands or papers, and
the choice that follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import msgspec

from comuna.count.errors import LotNeededError
from comuna.count.rule import Rule
from comuna.rules.act import Act, Entry, Fact, judges, require
from comuna.rules.ballot import (
    check_entitled,
    check_tellers,
    open_ballot,
    takers_needed,
    voters_here,
)
from comuna.rules.contest import (
    Contest,
    Marks,
    Option,
    Papers,
    check_contest,
    check_marks,
    gathered,
    joined,
    law_of,
    marks_of,
    most_marks,
    rehearse,
    result_of,
    rule_of,
    standing_in,
)
from comuna.rules.decision import enactment_if_possible
from comuna.rules.effects import AnyEffect
from comuna.rules.state import Ballot, Outcome, Proposal, State
from comuna.rules.statute import Count, Statute
from comuna.rules.vocabulary import BY_TOTALS


class CastBallot(Act, frozen=True, kw_only=True, tag="cast-ballot"):
    """One member's ballot in a roll call among options; without marks it is blank."""

    wakes: ClassVar[bool] = True
    deciding: ClassVar[bool] = True
    names_book: ClassVar[bool] = True
    ballot: int
    marks: dict[str, int]


class CountBallots(Act, frozen=True, kw_only=True, tag="count-ballots"):
    """The ballots as the tellers counted them, equal ones together; it closes the vote. Of raised
    hands each line names one option. `dice` are those thrown in the assembly for a tie."""

    wakes: ClassVar[bool] = True
    deciding: ClassVar[bool] = True
    names_book: ClassVar[bool] = True
    ballot: int
    papers: tuple[Papers, ...]
    blank: int = 0
    dice: str = ""


# --- facts ------------------------------------------------------------------------------------


class BallotCast(Fact, frozen=True):
    ballot: int
    member: int
    marks: dict[str, int]

    def apply(self, state: State) -> None:
        state.ballots[self.ballot].marked[self.member] = self.marks


class Chosen(Fact, frozen=True):
    """A contest ended: the winners in the order of the choice, what they do, and the working. With
    `again` nobody is chosen yet, and the vote is repeated among `standing` (all where empty); so it
    is where `few` took part, less than are `needed`."""

    proposal: int
    ballot: int
    assembly: int
    at: int
    winners: tuple[str, ...]
    again: bool
    standing: frozenset[str]
    effects: tuple[AnyEffect, ...]
    ballots: int
    blank: int
    present: int
    roll: int
    statute_version: int
    tellers: tuple[int, ...]
    papers: tuple[Papers, ...]
    dice: str
    working: str  # the result as docs/count has it, JSON
    needed: int
    few: bool
    recorded: int

    def apply(self, state: State) -> None:
        proposal = state.proposals[self.proposal]
        proposal.voting = False
        proposal.effects, proposal.standing = self.effects, self.standing
        proposal.outcome = Outcome(
            self.ballot,
            self.at,
            bool(self.winners),
            self.again and not self.few,
            0,
            0,
            0,
            self.blank,
            self.present,
            self.roll,
            self.statute_version,
            self.winners,
            self.few,
            recorded=self.recorded,
        )
        assembly = state.assemblies[self.assembly]
        assembly.vote, assembly.clock = None, self.at


# --- judgements -------------------------------------------------------------------------------


def check_opening(state: State, proposal: Proposal, method: str, rule: str, when: int) -> None:
    """The rule of the count is fixed before anyone votes: it has to be the one that was read out,
    in a way of voting that the statute and the method allow, and the count has to be able to
    end."""
    contest = proposal.choice
    if contest is None:
        require(method != "papers", "motion_not_on_papers")
        require(not rule, "motion_has_no_count", given=rule)
        check_by_name(state, proposal, method, when)
        return
    check_contest(state.statute_on(when), contest, proposal.matters)
    known, fixed = law_and_rule(state, proposal, contest, when)
    require(method in known.ways, "way_not_allowed", known.article, ways=", ".join(known.ways))
    require(
        method != "hands" or (fixed.method in BY_TOTALS and marks_of(known) in ("one", "several")),
        "hands_do_not_show_it",
        known.article,
        method=fixed.method,
    )
    require(rule == fixed.hash(), "count_altered", known.article, expected=fixed.hash())
    rehearse(known, fixed, standing_in(contest, proposal.standing))


def check_by_name(state: State, proposal: Proposal, method: str, when: int) -> None:
    """Agreement is asked of everyone by name."""
    for matter in sorted(proposal.matters):
        majority = state.statute_on(when).majority(matter)
        by_name = not majority.agreement or method == "roll-call"
        require(by_name, "agreement_by_name", majority.article, matter=matter)


def law_and_rule(
    state: State, proposal: Proposal, contest: Contest, when: int
) -> tuple[Count, Rule]:
    """The statute's rule of that day for a contest, and the rule of its count."""
    return fixed_by(state.statute_on(when), proposal, contest)


def fixed_by(law: Statute, proposal: Proposal, contest: Contest) -> tuple[Count, Rule]:
    """The rule that this statute has for a contest, and the rule of its count."""
    known = law_of(law, contest)
    return known, rule_of(known, contest, proposal.standing)


def open_contest(
    state: State, entry: Entry[Any], number: int, ways: tuple[str, ...]
) -> tuple[Ballot, Proposal, Contest]:
    ballot = open_ballot(state, entry, number, ways)
    proposal = state.proposals[ballot.proposal]
    contest = proposal.choice
    require(contest is not None, "vote_is_on_a_motion", vote=number)
    assert contest is not None
    return ballot, proposal, contest


@judges(CastBallot)
def cast_ballot(state: State, entry: Entry[CastBallot], act: CastBallot) -> list[Fact]:
    ballot, proposal, contest = open_contest(state, entry, act.ballot, ("roll-call",))
    check_entitled(state, ballot, entry.by.member)
    known, rule = fixed_by(ballot.law, proposal, contest)
    check_marks(known, rule, standing_in(contest, proposal.standing), act.marks)
    return [BallotCast(act.ballot, entry.by.member, act.marks)]


@judges(CountBallots)
def count_ballots(state: State, entry: Entry[CountBallots], act: CountBallots) -> list[Fact]:
    ballot, proposal, contest = open_contest(state, entry, act.ballot, ("hands", "papers"))
    tellers = check_tellers(state, entry, ballot)
    known, rule = fixed_by(ballot.law, proposal, contest)
    options = standing_in(contest, proposal.standing)
    require(act.blank >= 0 and all(p.number > 0 for p in act.papers), "count_negative")
    for paper in act.papers:
        require(paper.marks, "blank_among_ballots")
        check_marks(known, rule, options, paper.marks)
    check_number(state, ballot, known, rule, options, act)
    papers = gathered((p.marks, p.number) for p in act.papers)
    return choose(state, entry, ballot, papers, act.blank, act.dice, tellers)


def check_number(
    state: State,
    ballot: Ballot,
    known: Count,
    rule: Rule,
    options: Sequence[Option],
    act: CountBallots,
) -> None:
    """No more ballots than people there: papers are counted before anybody leaves. Where each may
    raise a hand for several options, no more hands for any one of them, and in all no more than
    each may raise."""
    totals = [p.number for p in act.papers]
    if ballot.method == "hands":
        lines = [option for p in act.papers for option in p.marks]
        require(
            all(len(p.marks) == 1 for p in act.papers) and len(set(lines)) == len(lines),
            "hands_one_option_a_line",
        )
    hands = sum(totals)
    if ballot.method == "hands" and marks_of(known) == "several":
        each = most_marks(known, rule, options)
        hands = max(*totals, -(-hands // each), 0)
    hands += act.blank
    here = len(voters_here(state, ballot))
    require(hands <= here, "more_hands_than_people", hands=hands, present=here)


def close_contest(state: State, entry: Entry[Any], ballot: Ballot, dice: str) -> list[Fact]:
    """The result of a roll call follows from the ballots in the book."""
    blank = sum(not marks for marks in ballot.marked.values())
    papers = gathered((marks, 1) for marks in ballot.marked.values() if marks)
    return choose(state, entry, ballot, papers, blank, dice, ())


def choose(
    state: State,
    entry: Entry[Any],
    ballot: Ballot,
    papers: Sequence[tuple[Marks, int]],
    blank: int,
    dice: str,
    tellers: tuple[int, ...],
) -> list[Fact]:
    """Who or what is chosen, and, where nothing has to wait, what it does."""
    proposal = state.proposals[ballot.proposal]
    assert proposal.contest is not None
    known, rule = fixed_by(ballot.law, proposal, proposal.contest)
    options = standing_in(proposal.contest, proposal.standing)
    needed = takers_needed(ballot, proposal.matters, proposal.contest.count)
    many = sum(number for _, number in papers)
    winners: tuple[str, ...] = ()
    again, standing, working = True, frozenset[str](), ""
    few = many + blank < needed
    if not few:
        winners, again, standing, working = outcome_of(
            known, rule, options, papers, dice, ballot.head
        )
    chosen = Chosen(
        proposal.number,
        ballot.number,
        ballot.assembly,
        entry.when,
        winners,
        again,
        standing or (proposal.standing if again else frozenset()),
        joined(proposal.contest, winners),
        many,
        blank,
        ballot.present,
        ballot.roll,
        state.statute_on(entry.when).version,
        tellers,
        tuple(Papers(marks=dict(marks), number=number) for marks, number in papers),
        dice,
        working,
        needed,
        few,
        entry.at,
    )
    facts: list[Fact] = [chosen]
    if winners and state.statute_on(entry.when).decisions.challenge_hours == 0:
        facts += enactment_if_possible(state, proposal.number, chosen.effects, entry.when)
    return facts


def outcome_of(
    known: Count,
    rule: Rule,
    options: Sequence[Option],
    papers: Sequence[tuple[Marks, int]],
    dice: str,
    head: str,
) -> tuple[tuple[str, ...], bool, frozenset[str], str]:
    """(winners, to be voted again, among whom, the working). Nobody is chosen by no ballots, nor by
    ballots on which nobody has a point."""
    if not any(any(marks.values()) for marks, _ in papers):
        return (), False, frozenset(), ""
    try:
        result = result_of(known, rule, options, papers, dice, head)
    except LotNeededError as tie:
        require(
            known.tie == "repeat",
            "lot_needed",
            known.article,
            options=", ".join(tie.candidates),
            purpose=tie.purpose,
        )
        return (), True, frozenset(), ""
    second = frozenset(result.notes.get("second_round", ()))
    working = msgspec.json.encode(result.to_json(), order="sorted").decode()
    return result.winners, bool(second), second, working
