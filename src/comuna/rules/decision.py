"""Decisions: what is voted is what is done.

The state of a decision is computed from what happened and from the clock, never stored. Between the
vote and its execution lies the window in which it can be challenged.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from fractions import Fraction
from math import ceil
from typing import ClassVar, Literal

from comuna.rules.act import (
    ENACTS,
    PREPARES,
    Act,
    Effect,
    Entry,
    Fact,
    Paper,
    Refused,
    enacts,
    judges,
    prepares,
    require,
)
from comuna.rules.names import day
from comuna.rules.office import Elect, RecallHolder, check_elections
from comuna.rules.roll import Exclude
from comuna.rules.state import DAY, Proposal, State
from comuna.rules.treasury import Authorise, check_authorisations

DecisionState = Literal[
    "proposed",
    "on_agenda",
    "voted",  # the vote is open
    "adopted",  # nothing hinders it; not yet put in force
    "rejected",
    "waiting",  # the challenge window is open
    "in_force",
    "suspended",
    "executed",
    "lapsed",
    "repealed",
    "withdrawn",
]


class Challenge(Act, frozen=True, kw_only=True, tag="challenge"):
    """A member challenges a decision in its window; enough of them, or those who oversee, suspend
    it, and it returns to the assembly. What the assembly then confirms, and decides nothing beside,
    is not challenged again, or a few could keep it from ever deciding. Silence decides nothing."""

    decision: int
    reason: str


class Enact(Act, frozen=True, kw_only=True, tag="enact"):
    """Put an adopted decision in force once its window has passed. Any member may: it adds nothing
    to the decision, it only says that the time has come."""

    decision: int


class ReportExecution(Act, frozen=True, kw_only=True, tag="report-execution"):
    """Those responsible report that a decision is carried out, with evidence."""

    decision: int
    text: str
    evidence: Paper | None = None


# --- facts ------------------------------------------------------------------------------------


class Challenged(Fact, frozen=True):
    decision: int
    member: int
    at: int
    suspends: bool

    def apply(self, state: State) -> None:
        proposal = state.proposals[self.decision]
        proposal.challengers.add(self.member)
        if self.suspends:
            proposal.suspended_at = self.at


class Enacted(Fact, frozen=True):
    decision: int
    at: int

    def apply(self, state: State) -> None:
        state.proposals[self.decision].enacted_at = self.at


class ExecutionReported(Fact, frozen=True):
    decision: int
    report: int
    by: int
    text: str
    at: int

    def apply(self, state: State) -> None:
        state.proposals[self.decision].reported_at = self.at


class ExecutionJudged(Fact, frozen=True):
    decision: int
    accepted: bool
    by: int

    def apply(self, state: State) -> None:
        proposal = state.proposals[self.decision]
        proposal.accepted = self.accepted
        if not self.accepted:
            proposal.reported_at = None


class Repealed(Fact, frozen=True):
    decision: int
    by: int

    def apply(self, state: State) -> None:
        state.proposals[self.decision].repealed_by = self.by
        for authorisation in state.authorisations.values():
            if authorisation.decision == self.decision:
                authorisation.revoked = True
        for permission in state.permissions.values():
            if permission.decision == self.decision:
                permission.revoked = True


class Confirmed(Fact, frozen=True):
    decision: int
    by: int

    def apply(self, state: State) -> None:
        state.proposals[self.decision].suspended_at = None
        state.proposals[self.decision].challengers.clear()


# --- the state of a decision, by the clock ----------------------------------------------------


def decision_state(state: State, proposal: Proposal, now: int) -> DecisionState:
    """Where a proposal stands at this moment (LiquidFeedback and Governor compute theirs too: a
    stored state stays open when a timer does not fire). The time to challenge it runs from when its
    vote came into the book, whatever the paper says: nobody could object before."""
    if proposal.outcome is None or proposal.outcome.again:
        return before_its_vote(state, proposal, now)
    if not proposal.outcome.adopted:
        return "rejected"
    if proposal.amends:  # it has done its work: its text and effects are those of what it amended
        return "executed"
    if proposal.repealed_by:
        return "repealed"
    if proposal.suspended_at is not None and proposal.enacted_at is None:
        return "suspended"
    if proposal.enacted_at is not None:
        return "executed" if proposal.accepted else "in_force"
    law = state.statute_on(proposal.outcome.at).decisions
    recorded = proposal.outcome.recorded
    if now < recorded + law.challenge_hours * 3600:
        return "waiting"
    if now >= recorded + law.execution_days * DAY:
        return "lapsed"
    return "adopted"


def before_its_vote(state: State, proposal: Proposal, now: int) -> DecisionState:
    if proposal.voting:
        return "voted"
    if proposal.withdrawn_by(now):
        return "withdrawn"
    assembly = state.assemblies.get(proposal.assembly)
    if assembly is not None and assembly.closed_at is None:
        return "on_agenda"
    tied = proposal.outcome is not None and not proposal.outcome.few
    return "rejected" if tied else "proposed"


# --- judgements -------------------------------------------------------------------------------


def known_proposal(state: State, number: int) -> Proposal:
    proposal = state.proposals.get(number)
    require(proposal is not None, "proposal_unknown", proposal=number)
    assert proposal is not None
    return proposal


def prepare(state: State, effect: Effect, when: int, voting: bool) -> None:
    """Refuse an effect that could not lawfully be enacted."""
    check = PREPARES.get(type(effect))
    if check is not None:
        check(state, effect, when, voting)


def prepare_all(state: State, effects: Sequence[Effect], when: int, voting: bool) -> None:
    """Refuse effects of one decision that could not lawfully be enacted, each alone or all
    together: what none of them may do, they do not do in parts."""
    for effect in effects:
        prepare(state, effect, when, voting)
    check_authorisations(state, [e for e in effects if isinstance(e, Authorise)], day(when))
    check_elections(state, [e for e in effects if isinstance(e, Elect)], when)


def prepare_option(state: State, effects: Sequence[Effect], when: int, voting: bool) -> None:
    """The same for one option of a contest: who is elected with whom shows only when it ends."""
    for effect in effects:
        prepare(state, effect, when, voting)
    check_authorisations(state, [e for e in effects if isinstance(e, Authorise)], day(when))


def enactment(state: State, number: int, effects: Sequence[Effect], when: int) -> list[Fact]:
    """What putting a decision in force changes. Raises Refused when an effect has become
    impossible meanwhile."""
    prepare_all(state, effects, when, True)
    facts: list[Fact] = [Enacted(number, when)]
    left = after_leaving(state, effects)
    for effect in sorted(effects, key=turn):
        before = left if isinstance(effect, Elect) else state
        facts += ENACTS[type(effect)](before, effect, number, when)
    return facts


def turn(effect: Effect) -> int:
    """In which order the effects of one decision take place, however they were written: first
    people leave, then others take their seats, and the law changes for what comes after."""
    kind = str(effect.__struct_config__.tag)
    return {"recall": 0, "exclude": 0, "amend-statute": 2}.get(kind, 1)


def after_leaving(state: State, effects: Sequence[Effect]) -> State:
    """The state in which those whom this decision removes have made room."""
    recalls = [state.petitions[e.petition] for e in effects if isinstance(e, RecallHolder)]
    recalled = {
        (n, petition.office) for petition in recalls for n in state.numbers(petition.member)
    }
    excluded = {e.member for e in effects if isinstance(e, Exclude)}
    if not recalled and not excluded:
        return state
    left = copy(state)
    left.mandates = {
        member: [m for m in held if (member, m.office) not in recalled]
        for member, held in state.mandates.items()
        if member not in excluded
    }
    return left


def enactment_if_possible(
    state: State, number: int, effects: Sequence[Effect], when: int
) -> list[Fact]:
    """Nothing when an effect has become impossible between the opening of the vote and its close:
    the decision then stays adopted, and says so."""
    try:
        return enactment(state, number, effects, when)
    except Refused:
        return []


@judges(Challenge)
def challenge(state: State, entry: Entry[Challenge], act: Challenge) -> list[Fact]:
    proposal = known_proposal(state, act.decision)
    standing = decision_state(state, proposal, entry.at)
    require(standing == "waiting", "not_in_challenge_window", state=standing)
    effects = proposal.effects
    confirms = effects and all(isinstance(effect, Confirm) for effect in effects)
    require(not confirms, "confirmation_stands", decision=act.decision)
    member = entry.by.member
    require(state.may_vote(member, entry.at), "no_vote", member=member)
    require(member not in proposal.challengers, "challenged_already", member=member)
    require(act.reason.strip(), "text_missing")
    law = state.statute.decisions
    needed = max(1, ceil(Fraction(law.suspend_support) * len(state.roll(entry.at))))
    suspends = len(proposal.challengers) + 1 >= needed or state.holds(member, "oversee", entry.at)
    return [Challenged(act.decision, member, entry.at, suspends)]


@judges(Enact)
def enact(state: State, entry: Entry[Enact], act: Enact) -> list[Fact]:
    proposal = known_proposal(state, act.decision)
    standing = decision_state(state, proposal, entry.at)
    require(
        standing == "adopted",
        "not_ready_to_enact",
        state.statute.decisions.article,
        state=standing,
    )
    return enactment(state, proposal.number, proposal.effects, entry.at)


@judges(ReportExecution)
def report_execution(
    state: State, entry: Entry[ReportExecution], act: ReportExecution
) -> list[Fact]:
    proposal = known_proposal(state, act.decision)
    require(proposal.enacted_at is not None, "not_in_force", decision=act.decision)
    require(act.text.strip(), "text_missing")
    responsible = [
        m
        for m in state.mandates.get(entry.by.member, ())
        if m.in_force(entry.when) and proposal.responsible in ("", m.office)
    ]
    require(responsible, "not_responsible", office=proposal.responsible)
    return [
        ExecutionReported(act.decision, entry.number, entry.by.member, act.text, entry.when),
    ]


# --- effects of decisions on decisions --------------------------------------------------------


class AcceptExecution(Effect, frozen=True, kw_only=True, tag="accept-execution"):
    """The assembly accepts, or does not, that a decision was carried out."""

    decision: int
    accepted: bool


class Repeal(Effect, frozen=True, kw_only=True, tag="repeal"):
    """Repeal a decision in force; what it authorised or allowed is closed. Needs the majorities
    that the repealed decision needed."""

    decision: int

    def matters(self, state: State) -> tuple[str, ...]:
        proposal = state.proposals.get(self.decision)
        return tuple(sorted(proposal.matters)) if proposal else (self.matter,)


class Confirm(Effect, frozen=True, kw_only=True, tag="confirm"):
    """Confirm a suspended decision: the assembly has heard the challenge."""

    matter: ClassVar[str] = "challenge"
    decision: int

    def matters(self, state: State) -> tuple[str, ...]:
        proposal = state.proposals.get(self.decision)
        return tuple(sorted(proposal.matters)) if proposal else (self.matter,)


@prepares(AcceptExecution)
def can_accept(state: State, effect: AcceptExecution, when: int, voting: bool) -> None:
    proposal = known_proposal(state, effect.decision)
    require(proposal.reported_at is not None, "execution_not_reported", decision=effect.decision)


@enacts(AcceptExecution)
def accept_execution(state: State, effect: AcceptExecution, decision: int, when: int) -> list[Fact]:
    return [ExecutionJudged(effect.decision, effect.accepted, decision)]


@prepares(Repeal)
def can_repeal(state: State, effect: Repeal, when: int, voting: bool) -> None:
    proposal = known_proposal(state, effect.decision)
    standing = decision_state(state, proposal, when)
    require(
        standing in ("adopted", "waiting", "suspended", "in_force"),
        "cannot_be_repealed",
        state=standing,
    )


@enacts(Repeal)
def repeal(state: State, effect: Repeal, decision: int, when: int) -> list[Fact]:
    return [Repealed(effect.decision, decision)]


@prepares(Confirm)
def can_confirm(state: State, effect: Confirm, when: int, voting: bool) -> None:
    proposal = known_proposal(state, effect.decision)
    require(proposal.suspended_at is not None, "not_suspended", decision=effect.decision)


@enacts(Confirm)
def confirm(state: State, effect: Confirm, decision: int, when: int) -> list[Fact]:
    return [Confirmed(effect.decision, decision)]
