"""Proposals and amendments: what is voted is what is done.

A proposal carries its effects as data. Its identity is the SHA-256 of the act that proposed it, so
text and effects cannot part from each other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import ClassVar

import msgspec

from comuna.rules.act import Act, Effect, Entry, Fact, judges, require
from comuna.rules.contest import Contest, Option, check_contest, check_counts, every_effect
from comuna.rules.decision import known_proposal, prepare_all, prepare_option
from comuna.rules.effects import AnyEffect
from comuna.rules.endings import ends_at, entered
from comuna.rules.names import parse_date
from comuna.rules.office import check_nothing_by_lot, check_undrawn, known_office
from comuna.rules.state import Proposal, State


class Propose(Act, frozen=True, kw_only=True, tag="propose"):
    """A proposal: text and effects. `amends` makes it an amendment: adopted, its text and effects
    take the place of those of the proposal it amends. `responsible` is an office, `due` a date.
    With a `contest` the assembly chooses among options, and what those chosen do is done."""

    wakes: ClassVar[bool] = True
    title: str
    text: str
    effects: tuple[AnyEffect, ...] = ()
    amends: int = 0
    responsible: str = ""
    due: str = ""
    contest: Contest | None = None


class Withdraw(Act, frozen=True, kw_only=True, tag="withdraw"):
    """Its proposer takes a proposal back before the vote; from paper after the statute's days, in
    which they can undo it and the assembly may vote."""

    deciding: ClassVar[bool] = True
    proposal: int


class Proposed(Fact, frozen=True):
    proposal: int
    proposer: int
    title: str
    text: str
    effects: tuple[AnyEffect, ...]
    digest: str
    matters: frozenset[str]
    at: int
    amends: int
    responsible: str
    due: str
    contest: Contest | None

    def apply(self, state: State) -> None:
        state.proposals[self.proposal] = Proposal(
            self.proposal,
            self.proposer,
            self.title,
            self.text,
            self.effects,
            self.digest,
            self.matters,
            self.at,
            self.amends,
            self.responsible,
            self.due,
            self.contest,
        )


class Amended(Fact, frozen=True):
    """An adopted amendment took the place of the text of a proposal. `widened` is the entry by
    which it now asks for more than was called; 0 where it does not."""

    proposal: int
    by: int
    widened: int

    def apply(self, state: State) -> None:
        proposal, amendment = state.proposals[self.proposal], state.proposals[self.by]
        proposal.title, proposal.text = amendment.title, amendment.text
        proposal.effects, proposal.digest = amendment.effects, amendment.digest
        proposal.matters = amendment.matters
        proposal.responsible, proposal.due = amendment.responsible, amendment.due
        proposal.contest = amendment.contest
        proposal.widened = self.widened or proposal.widened


class Withdrawn(Fact, frozen=True):
    proposal: int
    at: int

    def apply(self, state: State) -> None:
        proposal = state.proposals[self.proposal]
        proposal.withdrawn_at = min(self.at, proposal.withdrawn_at or self.at)


def digest(act: Propose) -> str:
    """The identity of a proposal: SHA-256 of the canonical bytes of the act that proposes it."""
    return hashlib.sha256(msgspec.json.encode(act, order="sorted")).hexdigest()


def matters_of(effects: Sequence[Effect], state: State) -> frozenset[str]:
    """Every matter the effects touch; a decision without effects is a general one."""
    return frozenset(m for e in effects for m in e.matters(state)) or frozenset({"general"})


@judges(Propose)
def propose(state: State, entry: Entry[Propose], act: Propose) -> list[Fact]:
    require(state.may_vote(entry.by.member, entry.at), "no_vote", member=entry.by.member)
    require(act.title.strip() and act.text.strip(), "text_missing")
    if act.responsible:
        known_office(state.statute, act.responsible)
    if act.due:
        parse_date(act.due)
    matters = matters_of(every_effect(act.effects, act.contest), state)
    if act.contest is not None:
        require(not act.effects, "contest_beside_effects")
        check_contest(state.statute, act.contest, matters)
        check_counts(state.statute, act.contest)
    if act.amends:
        check_amendment(state, act, matters, entry.at)
    options = act.contest.options if act.contest else ()
    check_effects(state, act.effects, options, entry.when, False)
    return [
        Proposed(
            entry.number,
            entry.by.member,
            act.title,
            act.text,
            act.effects,
            digest(act),
            matters,
            entry.when,
            act.amends,
            act.responsible,
            act.due,
            act.contest,
        )
    ]


def check_effects(
    state: State, effects: Sequence[Effect], options: Sequence[Option], when: int, voting: bool
) -> None:
    """Refuse what could not lawfully be enacted: the effects together, or those of each option."""
    check_single(effects)
    check_undrawn(effects)
    prepare_all(state, effects, when, voting)
    for option in options:
        check_single(option.effects)
        check_nothing_by_lot(option.effects)
        prepare_option(state, option.effects, when, voting)


def check_single(effects: Sequence[Effect]) -> None:
    """Effects of one proposal are weighed one by one, so two may not draw on the same thing."""
    things = [e.thing() for e in effects]
    twice = sorted({t for t in things if t and things.count(t) > 1})
    require(not twice, "two_effects_on_one_thing", things=", ".join(twice))


def check_amendment(state: State, act: Propose, matters: frozenset[str], when: int) -> None:
    """An amendment stays within the matters of what it amends: members came for those."""
    amended = known_proposal(state, act.amends)
    require(amended.undecided(when), "proposal_already_decided", proposal=act.amends)
    check_between_rounds(amended)
    require(not amended.amends, "amendment_of_an_amendment", proposal=act.amends)
    beyond = sorted(matters - amended.matters)
    require(not beyond, "amendment_beyond_the_matter", matters=", ".join(beyond))


def check_between_rounds(amended: Proposal) -> None:
    """What was voted on once is voted on again as it stood."""
    voted = amended.contest is not None and amended.outcome is not None
    require(not voted, "contest_between_rounds", proposal=amended.number)


@judges(Withdraw)
def withdraw(state: State, entry: Entry[Withdraw], act: Withdraw) -> list[Fact]:
    proposal = known_proposal(state, act.proposal)
    require(proposal.proposer == entry.by.member, "proposal_of_another", member=proposal.proposer)
    require(
        proposal.outcome is None and not proposal.voting,
        "proposal_already_decided",
        proposal=act.proposal,
    )
    withdrawn = Withdrawn(act.proposal, ends_at(state, entry))
    return [withdrawn, *entered(state, entry, "withdraw", str(act.proposal))]
