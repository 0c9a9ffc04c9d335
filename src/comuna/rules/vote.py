"""Votes in an assembly: opened with quorum on one exact text, by hands or by roll call, closed by a
count that follows the statute of the day."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, ClassVar, Literal

from comuna.count.lots import draw_order
from comuna.rules.act import Act, Entry, Fact, judges, require
from comuna.rules.assembly import check_presides, check_quorum, in_session, known_assembly
from comuna.rules.authorship import cosigners
from comuna.rules.ballot import (
    check_closing_hour,
    check_entitled,
    check_everyone_asked,
    check_tellers,
    check_told,
    may_tell,
    open_ballot,
    takers_needed,
    takers_of,
    voters_here,
)
from comuna.rules.choosing import check_opening, close_contest
from comuna.rules.contest import every_effect, standing_in
from comuna.rules.decision import enactment_if_possible, known_proposal
from comuna.rules.dice import lot_seed
from comuna.rules.effects import AnyEffect
from comuna.rules.motion import carried
from comuna.rules.office import filled_by_lot
from comuna.rules.proposal import Amended, check_between_rounds, check_effects
from comuna.rules.state import Assembly, Ballot, Outcome, Proposal, State
from comuna.rules.widening import widens

Choice = Literal["yes", "no", "abstain", "blank"]


class OpenVote(Act, frozen=True, kw_only=True, tag="open-vote"):
    """Open the vote on a proposal. `digest` is what was read out: if it is not the identity of the
    proposal as it stands, people would vote on something else than what would be done. In a contest
    `count` is the hash of the rule by which it will be counted. A roll call may be closed from
    `closes_at` on; where no hour is fixed, once everyone was asked. The book that it names is part
    of the seed of any lot by which the vote ends: it is fixed before the dice are thrown. `dice`
    are those that let some vote whom only kinship bars, where too few are left without them."""

    wakes: ClassVar[bool] = True
    deciding: ClassVar[bool] = True
    names_book: ClassVar[bool] = True
    assembly: int
    proposal: int
    digest: str
    method: Literal["hands", "roll-call", "papers"]
    count: str = ""
    closes_at: int = 0
    dice: str = ""


class Vote(Act, frozen=True, kw_only=True, tag="vote"):
    """One member's vote in a roll call. Whoever objects to what is decided by agreement says
    why."""

    wakes: ClassVar[bool] = True
    deciding: ClassVar[bool] = True
    names_book: ClassVar[bool] = True
    ballot: int
    choice: Choice
    reason: str = ""


class CountHands(Act, frozen=True, kw_only=True, tag="count-hands"):
    """The count of raised hands on a motion, signed by the tellers; it closes the vote. Where the
    statute says so, a tie is broken by `casting`, the vote of the chair, or by `dice` thrown in the
    assembly."""

    wakes: ClassVar[bool] = True
    deciding: ClassVar[bool] = True
    names_book: ClassVar[bool] = True
    ballot: int
    yes: int
    no: int
    abstain: int = 0
    blank: int = 0
    casting: Literal["", "yes", "no"] = ""
    dice: str = ""


class CloseVote(Act, frozen=True, kw_only=True, tag="close-vote"):
    """Close a roll call: the result follows from the votes in the book. `dice` are those thrown in
    the assembly, where a tie or an office is left to the lot; a teller signs them too. `unanswered`
    are those who were called by name and gave no answer."""

    wakes: ClassVar[bool] = True
    deciding: ClassVar[bool] = True
    names_book: ClassVar[bool] = True
    ballot: int
    casting: Literal["", "yes", "no"] = ""
    dice: str = ""
    unanswered: tuple[int, ...] = ()


class WithdrawVote(Act, frozen=True, kw_only=True, tag="withdraw-vote"):
    """Take back a vote that was opened by mistake and that nobody has used. Raised hands and papers
    are in no book before they are counted, so there a teller signs that there were none."""

    wakes: ClassVar[bool] = True
    names_book: ClassVar[bool] = True
    ballot: int


class Dissent(Act, frozen=True, kw_only=True, tag="record-dissent"):
    """A member's dissent, on record with the decision."""

    wakes: ClassVar[bool] = True
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
    count: str
    opened_by: frozenset[int]
    barred: frozenset[int]
    closes_at: int
    recorded_at: int
    head: str

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
            self.at,
            state.statute_on(self.at),
            self.opened_by,
            self.barred,
            self.closes_at,
            self.recorded_at,
            self.head,
        )
        assembly = state.assemblies[self.assembly]
        assembly.vote, assembly.clock = self.ballot, self.at
        state.proposals[self.proposal].voting = True


class VoteCast(Fact, frozen=True):
    ballot: int
    member: int
    choice: str
    reason: str

    def apply(self, state: State) -> None:
        ballot = state.ballots[self.ballot]
        ballot.cast[self.member] = self.choice
        if self.reason:
            ballot.reasons[self.member] = self.reason


class Decided(Fact, frozen=True):
    """A vote ended; the proposal is adopted or rejected, or, where fewer took part than are
    `needed`, still open. Counts of votes and their bases; `effects` are what is decided, with those
    whom a lot drew."""

    proposal: int
    ballot: int
    assembly: int
    at: int
    adopted: bool
    tie: bool
    effects: tuple[AnyEffect, ...]
    yes: int
    no: int
    abstain: int
    blank: int
    present: int
    roll: int
    statute_version: int
    tellers: tuple[int, ...]
    working: str  # of every majority it needed, JSON
    needed: int
    few: bool
    recorded: int

    def apply(self, state: State) -> None:
        proposal = state.proposals[self.proposal]
        proposal.voting = False
        proposal.effects = self.effects
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
            few=self.few,
            recorded=self.recorded,
        )
        assembly = state.assemblies[self.assembly]
        assembly.vote, assembly.clock = None, self.at


class VoteWithdrawn(Fact, frozen=True):
    ballot: int
    proposal: int
    assembly: int
    at: int

    def apply(self, state: State) -> None:
        state.proposals[self.proposal].voting = False
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
    check_presides(state, entry, assembly)
    require(assembly.vote is None, "vote_still_open", vote=assembly.vote)
    proposal = known_proposal(state, act.proposal)
    check_on_agenda(state, assembly, proposal)
    require(act.digest == proposal.digest, "question_altered", expected=proposal.digest)
    check_votable(state, proposal, entry.at)
    check_quorum(state, assembly, assembly.call, entry.when)
    contest = proposal.contest
    options = standing_in(contest, proposal.standing) if contest else ()
    check_effects(state, proposal.effects, options, entry.when, True)
    check_opening(state, proposal, act.method, act.count, entry.when)
    assert entry.by.seen is not None
    roll = state.roll(entry.when)
    check_closing_hour(state, entry, act.method, act.closes_at)
    here, out = roll & assembly.present, barred(state, proposal, act.assembly, entry.when)
    out -= let_in(state, entry, act, proposal, here, out)
    if proposal.amends:
        check_not_wider(state, proposal, len(here) == len(roll))
    check_matter_quorum(state, proposal, len(here), len(roll), entry.when)
    return [
        VoteOpened(
            entry.number,
            act.assembly,
            act.proposal,
            act.digest,
            act.method,
            len(here),
            len(roll),
            here - out,
            entry.when,
            act.count,
            frozenset({entry.by.member, *cosigners(entry)}),
            out,
            act.closes_at,
            entry.at,
            entry.by.seen.root,
        )
    ]


def check_votable(state: State, proposal: Proposal, when: int) -> None:
    """Nothing is voted twice, nor while an amendment to it is; and nothing decided is amended."""
    number = proposal.number
    concerned = [
        proposal,
        *(p for p in state.proposals.values() if p.amends == number and p.voting),
    ]
    if proposal.amends:
        concerned.append(state.proposals[proposal.amends])
        check_between_rounds(state.proposals[proposal.amends])
    for each in concerned:
        require(
            each.undecided(when) and not each.voting,
            "proposal_already_decided",
            proposal=each.number,
        )


def check_on_agenda(state: State, assembly: Assembly, proposal: Proposal) -> None:
    """Only what was called is decided, on the item last taken up, an amendment where what it amends
    was called; and what the statute allows off the agenda. What an amendment made to ask for more
    than was called waits for an assembly that was called on it."""
    law, about = state.statute.assembly, proposal.amends or proposal.number
    called = {i.proposal for i in assembly.agenda if i.proposal}
    widened = proposal.widened
    allowed = proposal.matters <= set(law.off_agenda) and not widened
    require(about in called or allowed, "off_agenda", law.article, proposal=proposal.number)
    taken = assembly.agenda[assembly.taken].proposal if assembly.taken is not None else 0
    require(taken == about or allowed, "item_not_taken", proposal=about)
    require(
        not widened or assembly.number > widened,
        "second_reading_due",
        law.article_of("second_reading"),
        proposal=proposal.number,
    )


def check_not_wider(state: State, amendment: Proposal, everyone: bool) -> None:
    """Whoever stayed at home stayed away from what was called: in the sitting it becomes no more,
    unless the whole roll is there, or the statute puts off the vote to a second reading."""
    law = state.statute.assembly
    amended = state.proposals[amendment.amends]
    require(
        everyone or law.second_reading or not wider(amended, amendment),
        "amendment_widens",
        law.article_of("second_reading"),
        proposal=amended.number,
    )


def wider(amended: Proposal, amendment: Proposal) -> bool:
    """Whether an amendment asks for more than what it amends."""
    called, asked = (amended.effects, amended.contest), (amendment.effects, amendment.contest)
    return widens(called, asked)


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


def barred(
    state: State, proposal: Proposal, assembly: int, when: int, degree: int | None = None
) -> frozenset[int]:
    """Who may not vote on this: offices the statute bars, and whoever would be paid, with kin up to
    the statute's degree or this one. What oversight confirmed after the assembly was called bars
    nobody there."""
    law = state.statute_on(when)
    most = law.treasury.kinship_bar
    most = most if degree is None else min(most, degree)
    out: set[int] = set()
    for bar in law.assembly.barred:
        if proposal.matters & set(bar.matters):
            for office in bar.offices:
                out.update(state.holders(office, when))
    for effect in every_effect(proposal.effects, proposal.contest):
        payee = getattr(effect, "payee", "")
        if payee:
            out |= state.concerned(payee, most, assembly)
    return frozenset(out)


def let_in(
    state: State,
    entry: Entry[OpenVote],
    act: OpenVote,
    proposal: Proposal,
    here: frozenset[int],
    out: frozenset[int],
) -> frozenset[int]:
    """Whom a lot lets vote, so that as many are left as have to take part: of those whom only
    kinship bars, and not in the first degree. Nobody where enough are left; refused where the
    statute has the body above decide."""
    law = state.statute_on(entry.when)
    known = proposal.choice.count if proposal.choice else ""
    needed, left = takers_of(law, len(here), proposal.matters, known), len(here - out)
    if left >= needed:
        require(not act.dice, "dice_for_nothing")
        return frozenset()
    kin = sorted((here & out) - barred(state, proposal, act.assembly, entry.when, 1))
    able = law.interests.too_few == "lot" and left + len(kin) >= needed
    article = law.interests.article
    require(able, "too_few_left", article, needed=needed, given=left)
    # The book that the act names is chosen when the dice have fallen: it is no part of the seed.
    seed = lot_seed(act.dice, [act.assembly, needed - left, kin], act.digest)
    require(seed, "too_few_without_dice", article, needed=needed, given=left)
    assert seed is not None
    check_told(state, entry, set(state.assemblies[act.assembly].present - out))
    return frozenset(map(int, draw_order(seed, map(str, kin))[: needed - left]))


def open_motion(state: State, entry: Entry[Any], number: int, way: str) -> Ballot:
    """The open vote of this number, which is one of yes or no."""
    ballot = open_ballot(state, entry, number, (way,))
    choice = state.proposals[ballot.proposal].choice
    require(choice is None, "vote_is_among_options", vote=number)
    return ballot


@judges(Vote)
def vote(state: State, entry: Entry[Vote], act: Vote) -> list[Fact]:
    ballot = open_motion(state, entry, act.ballot, "roll-call")
    check_entitled(state, ballot, entry.by.member)
    check_reason(state, ballot, act)
    return [VoteCast(act.ballot, entry.by.member, act.choice, act.reason)]


def check_reason(state: State, ballot: Ballot, act: Vote) -> None:
    """An objection is something to be answered: it has a reason."""
    law = ballot.law
    matters = state.proposals[ballot.proposal].matters
    sought = next((m for m in map(law.majority, sorted(matters)) if m.agreement), None)
    if sought is not None and act.choice == "no":
        require(act.reason.strip(), "objection_without_reason", sought.article)


@judges(CountHands)
def count_hands(state: State, entry: Entry[CountHands], act: CountHands) -> list[Fact]:
    ballot = open_motion(state, entry, act.ballot, "hands")
    tellers = check_tellers(state, entry, ballot)
    counts = (act.yes, act.no, act.abstain, act.blank)
    require(min(counts) >= 0, "count_negative")
    here = len(voters_here(state, ballot))
    require(sum(counts) <= here, "more_hands_than_people", hands=sum(counts), present=here)
    return decide(state, entry, ballot, counts, act, tellers)


@judges(CloseVote)
def close_vote(state: State, entry: Entry[CloseVote], act: CloseVote) -> list[Fact]:
    ballot = open_ballot(state, entry, act.ballot, ("roll-call",))
    check_presides(state, entry, state.assemblies[ballot.assembly])
    check_everyone_asked(state, entry, ballot, act.unanswered)
    if act.dice:
        check_told(state, entry, may_tell(state, ballot))
    if state.proposals[ballot.proposal].choice is not None:
        return close_contest(state, entry, ballot, act.dice)
    choices = list(ballot.cast.values())
    counts = tuple(choices.count(c) for c in ("yes", "no", "abstain", "blank"))
    return decide(state, entry, ballot, counts, act, ())


@judges(WithdrawVote)
def withdraw_vote(state: State, entry: Entry[WithdrawVote], act: WithdrawVote) -> list[Fact]:
    ballot = open_ballot(state, entry, act.ballot, ("roll-call", "hands", "papers"))
    check_presides(state, entry, state.assemblies[ballot.assembly])
    require(not ballot.cast and not ballot.marked, "vote_in_use", vote=act.ballot)
    if ballot.method != "roll-call":
        check_told(state, entry, may_tell(state, ballot))
    return [VoteWithdrawn(act.ballot, ballot.proposal, ballot.assembly, entry.when)]


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
    act: CountHands | CloseVote,
    tellers: tuple[int, ...],
) -> list[Fact]:
    """The outcome by every majority the proposal needs, and, where nothing has to wait, its
    enactment."""
    proposal = state.proposals[ballot.proposal]
    law = state.statute_on(entry.when)
    yes, no, abstain, blank = counts
    if act.casting:
        check_casting(state, entry)
    needed = takers_needed(ballot, proposal.matters)
    few = sum(counts) < needed
    adopted, tie, working = False, False, ""
    if not few:
        adopted, tie, working = carried(proposal, ballot, counts, act.casting, act.dice)
    effects = proposal.effects
    if adopted and not proposal.amends:
        effects = filled_by_lot(
            ballot.law, effects, [ballot.digest, ballot.number, counts], act.dice, ballot.head
        )
    facts: list[Fact] = [
        Decided(
            proposal.number,
            ballot.number,
            ballot.assembly,
            entry.when,
            adopted,
            tie,
            effects,
            yes,
            no,
            abstain,
            blank,
            ballot.present,
            ballot.roll,
            law.version,
            tellers,
            working,
            needed,
            few,
            entry.at,
        )
    ]
    if not adopted:
        return facts
    if proposal.amends:
        amended = state.proposals[proposal.amends]
        more = ballot.present < ballot.roll and wider(amended, proposal)
        return [*facts, Amended(amended.number, proposal.number, entry.number if more else 0)]
    if law.decisions.challenge_hours == 0:
        facts += enactment_if_possible(state, proposal.number, effects, entry.when)
    return facts


def check_casting(state: State, entry: Entry[Any]) -> None:
    """A casting vote is the chair's own: they wrote or signed the count."""
    hands = cosigners(entry) | {entry.by.member}
    chairs = any(state.holds(m, "preside", entry.when) for m in hands)
    require(chairs, "casting_not_by_the_chair")
