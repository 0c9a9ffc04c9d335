"""Votes in an assembly: opened with quorum on one exact text, by hands or by roll call, closed by a
count that follows the statute of the day."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Literal

from comuna.rules.act import Act, Entry, Fact, judges, require
from comuna.rules.assembly import check_presides, check_quorum, in_session, known_assembly
from comuna.rules.authorship import cosigners
from comuna.rules.decision import (
    enactment_if_possible,
    known_proposal,
    prepare_all,
)
from comuna.rules.proposal import Amended
from comuna.rules.state import Assembly, Ballot, Outcome, Proposal, State
from comuna.rules.statute import Majority, Statute

Choice = Literal["yes", "no", "abstain", "blank"]


class OpenVote(Act, frozen=True, kw_only=True, tag="open-vote"):
    """Open the vote on a proposal. `digest` is what was read out: if it is not the identity of the
    proposal as it stands, people would vote on something else than what would be done."""

    assembly: int
    proposal: int
    digest: str
    method: Literal["hands", "roll-call"]


class Vote(Act, frozen=True, kw_only=True, tag="vote"):
    """One member's vote in a roll call."""

    ballot: int
    choice: Choice


class CountHands(Act, frozen=True, kw_only=True, tag="count-hands"):
    """The count of raised hands, signed by the tellers; it closes the vote. `casting` is the vote
    of the chair, where the statute gives it in a tie."""

    ballot: int
    yes: int
    no: int
    abstain: int = 0
    blank: int = 0
    casting: Literal["", "yes", "no"] = ""


class CloseVote(Act, frozen=True, kw_only=True, tag="close-vote"):
    """Close a roll call: the result follows from the votes in the book."""

    ballot: int
    casting: Literal["", "yes", "no"] = ""


class Dissent(Act, frozen=True, kw_only=True, tag="record-dissent"):
    """A member's dissent, on record with the decision."""

    decision: int
    text: str


# --- facts ------------------------------------------------------------------------------------


class VoteOpened(Fact, frozen=True):
    ballot: int
    assembly: int
    proposal: int
    digest: str
    method: str
    present: int
    roll: int
    entitled: frozenset[int]
    at: int

    def apply(self, state: State) -> None:
        state.ballots[self.ballot] = Ballot(
            self.ballot,
            self.assembly,
            self.proposal,
            self.digest,
            self.method,
            self.present,
            self.roll,
            self.entitled,
        )
        assembly = state.assemblies[self.assembly]
        assembly.vote, assembly.clock = self.ballot, self.at
        state.proposals[self.proposal].voting = True


class VoteCast(Fact, frozen=True):
    ballot: int
    member: int
    choice: str

    def apply(self, state: State) -> None:
        state.ballots[self.ballot].cast[self.member] = self.choice


class Decided(Fact, frozen=True):
    """A vote ended; the proposal is adopted or rejected. Counts of votes and their bases."""

    proposal: int
    ballot: int
    assembly: int
    at: int
    adopted: bool
    tie: bool
    yes: int
    no: int
    abstain: int
    blank: int
    present: int
    roll: int
    statute_version: int
    tellers: tuple[int, ...]

    def apply(self, state: State) -> None:
        proposal = state.proposals[self.proposal]
        proposal.voting = False
        proposal.outcome = Outcome(
            self.ballot,
            self.at,
            self.adopted,
            self.tie,
            self.yes,
            self.no,
            self.abstain,
            self.blank,
            self.present,
            self.roll,
            self.statute_version,
        )
        assembly = state.assemblies[self.assembly]
        assembly.vote, assembly.clock = None, self.at


class DissentRecorded(Fact, frozen=True):
    decision: int
    member: int
    text: str

    def apply(self, state: State) -> None:
        """The dissent is for the minutes; no later judgement rests on it."""


# --- judgements -------------------------------------------------------------------------------


@judges(OpenVote)
def open_vote(state: State, entry: Entry[OpenVote], act: OpenVote) -> list[Fact]:
    assembly = in_session(state, entry, act.assembly)
    check_presides(state, entry)
    require(assembly.vote is None, "vote_still_open", vote=assembly.vote)
    proposal = known_proposal(state, act.proposal)
    check_on_agenda(state, assembly, proposal)
    require(act.digest == proposal.digest, "question_altered", expected=proposal.digest)
    check_votable(state, proposal)
    check_quorum(state, assembly, assembly.call, entry.when)
    prepare_all(state, proposal.effects, entry.when, True)
    roll = state.roll(entry.when)
    entitled = (roll & assembly.present) - barred(state, proposal, entry.when)
    check_matter_quorum(state, proposal, len(entitled), len(roll), entry.when)
    return [
        VoteOpened(
            entry.number,
            act.assembly,
            act.proposal,
            act.digest,
            act.method,
            len(entitled),
            len(roll),
            entitled,
            entry.when,
        )
    ]


def check_votable(state: State, proposal: Proposal) -> None:
    """Nothing is voted twice, nor while an amendment to it is; and nothing decided is amended."""
    number = proposal.number
    concerned = [
        proposal,
        *(p for p in state.proposals.values() if p.amends == number and p.voting),
    ]
    if proposal.amends:
        concerned.append(state.proposals[proposal.amends])
    for each in concerned:
        require(
            each.undecided and not each.voting, "proposal_already_decided", proposal=each.number
        )


def check_on_agenda(state: State, assembly: Assembly, proposal: Proposal) -> None:
    """Only what was called is decided, an amendment where what it amends was called, and what the
    statute allows off the agenda."""
    law = state.statute.assembly
    called = {i.proposal for i in assembly.agenda if i.proposal}
    allowed = proposal.matters <= set(law.off_agenda)
    require(
        (proposal.amends or proposal.number) in called or allowed,
        "off_agenda",
        law.article,
        proposal=proposal.number,
    )


def check_matter_quorum(
    state: State, proposal: Proposal, present: int, roll: int, when: int
) -> None:
    """Some matters need more people there than the call does."""
    for matter in proposal.matters:
        rule = state.statute_on(when).majority(matter)
        if rule.quorum:
            needed = -(-Fraction(rule.quorum) * roll // 1)
            require(
                present >= needed,
                "no_quorum_for_matter",
                rule.article,
                present=present,
                needed=int(needed),
                matter=matter,
            )


def barred(state: State, proposal: Proposal, when: int) -> frozenset[int]:
    """Who may not vote on this: offices the statute bars, and whoever would be paid, with kin."""
    law = state.statute_on(when)
    out: set[int] = set()
    for bar in law.assembly.barred:
        if proposal.matters & set(bar.matters):
            for office in bar.offices:
                out.update(state.holders(office, when))
    for effect in proposal.effects:
        payee = getattr(effect, "payee", "")
        if payee:
            out |= state.concerned(payee, law.treasury.kinship_bar)
    return frozenset(out)


def open_ballot(state: State, entry: Entry[Any], number: int, method: str) -> Ballot:
    ballot = state.ballots.get(number)
    require(ballot is not None, "vote_unknown", vote=number)
    assert ballot is not None
    in_session(state, entry, ballot.assembly)
    require(state.assemblies[ballot.assembly].vote == number, "vote_closed", vote=number)
    require(ballot.method == method, "other_method", method=ballot.method)
    return ballot


@judges(Vote)
def vote(state: State, entry: Entry[Vote], act: Vote) -> list[Fact]:
    ballot = open_ballot(state, entry, act.ballot, "roll-call")
    member = entry.by.member
    require(member in ballot.entitled, "not_entitled_to_this_vote", member=member)
    require(member not in ballot.cast, "voted_twice", member=member)
    return [VoteCast(act.ballot, member, act.choice)]


@judges(CountHands)
def count_hands(state: State, entry: Entry[CountHands], act: CountHands) -> list[Fact]:
    ballot = open_ballot(state, entry, act.ballot, "hands")
    law = state.statute.assembly
    assembly = state.assemblies[ballot.assembly]
    tellers = sorted(cosigners(entry) & assembly.present)
    require(
        len(tellers) >= law.tellers,
        "tellers_missing",
        law.article,
        needed=law.tellers,
        given=len(tellers),
    )
    counts = (act.yes, act.no, act.abstain, act.blank)
    require(min(counts) >= 0, "count_negative")
    require(
        sum(counts) <= ballot.present,
        "more_hands_than_people",
        hands=sum(counts),
        present=ballot.present,
    )
    return decide(state, entry, ballot, counts, act.casting, tuple(tellers))


@judges(CloseVote)
def close_vote(state: State, entry: Entry[CloseVote], act: CloseVote) -> list[Fact]:
    ballot = open_ballot(state, entry, act.ballot, "roll-call")
    check_presides(state, entry)
    choices = list(ballot.cast.values())
    counts = tuple(choices.count(c) for c in ("yes", "no", "abstain", "blank"))
    return decide(state, entry, ballot, counts, act.casting, ())


@judges(Dissent)
def dissent(state: State, entry: Entry[Dissent], act: Dissent) -> list[Fact]:
    proposal = known_proposal(state, act.decision)
    require(proposal.outcome is not None, "not_decided", proposal=act.decision)
    assert proposal.outcome is not None
    ballot = state.ballots[proposal.outcome.vote]
    assembly = known_assembly(state, ballot.assembly)
    require(assembly.minutes is None, "minutes_signed_already", assembly=ballot.assembly)
    require(entry.by.member in assembly.attended, "not_present", member=entry.by.member)
    return [DissentRecorded(act.decision, entry.by.member, act.text)]


# --- the count --------------------------------------------------------------------------------


def decide(
    state: State,
    entry: Entry[Any],
    ballot: Ballot,
    counts: tuple[int, ...],
    casting: str,
    tellers: tuple[int, ...],
) -> list[Fact]:
    """The outcome by every majority the proposal needs, and, where nothing has to wait, its
    enactment."""
    proposal = state.proposals[ballot.proposal]
    law = state.statute_on(entry.when)
    yes, no, abstain, blank = counts
    if casting:
        check_casting(state, entry)
    adopted, tie = carried(law, proposal, ballot, counts, casting)
    facts: list[Fact] = [
        Decided(
            proposal.number,
            ballot.number,
            ballot.assembly,
            entry.when,
            adopted,
            tie,
            yes,
            no,
            abstain,
            blank,
            ballot.present,
            ballot.roll,
            law.version,
            tellers,
        )
    ]
    if not adopted:
        return facts
    if proposal.amends:
        return [*facts, Amended(proposal.amends, proposal.number)]
    if law.decisions.challenge_hours == 0:
        facts += enactment_if_possible(state, proposal, entry.when)
    return facts


def check_casting(state: State, entry: Entry[Any]) -> None:
    """A casting vote is the chair's own: they wrote or signed the count."""
    hands = cosigners(entry) | {entry.by.member}
    chairs = any(state.holds(m, "preside", entry.when) for m in hands)
    require(chairs, "casting_not_by_the_chair")


def carried(
    law: Statute, proposal: Proposal, ballot: Ballot, counts: tuple[int, ...], casting: str
) -> tuple[bool, bool]:
    """(adopted, to be voted again): every matter's majority has to carry it. A tie means what the
    statute says it means."""
    yes, no = counts[0], counts[1]
    again = False
    for matter in sorted(proposal.matters):
        rule = law.majority(matter)
        if enough(rule, counts, ballot):
            continue
        if yes == no and yes > 0:
            if rule.tie == "chair":
                require(casting, "casting_vote_missing", rule.article)
                if casting == "yes" and enough(rule, (yes + 1, *counts[1:]), ballot):
                    continue
            again = again or rule.tie == "repeat"
        return False, again
    return True, False


def enough(rule: Majority, counts: tuple[int, ...], ballot: Ballot) -> bool:
    """Whether the yes votes reach the majority, in exact fractions."""
    yes = counts[0]
    base = {
        "valid": counts[0] + counts[1],
        "cast": sum(counts),
        "present": ballot.present,
        "roll": ballot.roll,
    }[rule.of]
    if rule.more_than:
        return yes > Fraction(rule.more_than) * base
    return yes > 0 and yes >= Fraction(rule.at_least) * base
