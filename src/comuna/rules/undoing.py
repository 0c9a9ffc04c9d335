"""Undoing what ended, or was about to end, in one's name from paper."""

from __future__ import annotations

from collections.abc import Iterable

from comuna.rules.act import Act, Entry, Fact, judges, require
from comuna.rules.authorship import key_ends
from comuna.rules.state import Ending, State


class Undo(Act, frozen=True, kw_only=True, tag="undo"):
    """A member undoes what was entered from paper in their name: their leaving, a resignation, a
    revoked key, a withdrawn proposal. `ending` is the number of that act."""

    ending: int


# --- facts ------------------------------------------------------------------------------------


class Undone(Fact, frozen=True):
    ending: int
    at: int

    def apply(self, state: State) -> None:
        del state.endings[self.ending]


class MembershipKept(Fact, frozen=True):
    """A member stays, until `until` (0: without end)."""

    member: int
    until: int

    def apply(self, state: State) -> None:
        state.people[self.member].ended_at = self.until or None


class MandateKept(Fact, frozen=True):
    """The mandate that a member has had `since` a moment, and was to end at `ended_at`, lasts until
    `until` instead (0: its term)."""

    office: str
    member: int
    since: int
    ended_at: int
    until: int

    def apply(self, state: State) -> None:
        for mandate in state.mandates[self.member]:
            same = mandate.office == self.office and mandate.since == self.since
            if same and mandate.ended_at == self.ended_at:
                mandate.ended_at = self.until or None


class ProposalKept(Fact, frozen=True):
    """A proposal stays, until `until` (0: without end)."""

    proposal: int
    until: int

    def apply(self, state: State) -> None:
        state.proposals[self.proposal].withdrawn_at = self.until or None


# --- the judgement ----------------------------------------------------------------------------


@judges(Undo)
def undo(state: State, entry: Entry[Undo], act: Undo) -> list[Fact]:
    """Until it is due, by the person concerned; what else of theirs is about to end still ends."""
    ending = state.endings.get(act.ending)
    require(ending is not None, "ending_unknown", ending=act.ending)
    assert ending is not None
    require(ending.member == entry.by.member, "ending_of_another", member=ending.member)
    require(
        entry.at < ending.due,
        "ending_in_force",
        state.statute.paper.article,
        ending=act.ending,
        due=ending.due,
    )
    others = [
        e
        for e in state.endings.values()
        if e.member == ending.member and e.number != ending.number and e.due > entry.at
    ]
    return [Undone(act.ending, entry.at), *kept(state, ending, others)]


def kept(state: State, ending: Ending, others: list[Ending]) -> list[Fact]:
    """What is as it was, but for the other endings of the same member."""
    if ending.kind == "revoke-key":
        until = soonest(e for e in others if e.kind == "revoke-key" and e.what == ending.what)
        return key_ends(state, ending.member, {ending.what: until or None})
    if ending.kind == "withdraw":
        until = soonest(e for e in others if e.kind == "withdraw" and e.what == ending.what)
        return [ProposalKept(int(ending.what), until)]
    leaving = [e for e in others if e.kind == "leave"]
    facts: list[Fact] = []
    if ending.kind == "leave":
        facts.append(MembershipKept(ending.member, soonest(leaving)))
    for mandate in state.mandates.get(ending.member, ()):
        concerned = ending.kind == "leave" or mandate.office == ending.what
        if concerned and mandate.ended_at == ending.ends_at:
            resigned = [e for e in others if e.what == mandate.office and e.at >= mandate.since]
            until = soonest([*leaving, *resigned])
            facts.append(
                MandateKept(mandate.office, ending.member, mandate.since, ending.ends_at, until)
            )
    return facts


def soonest(endings: Iterable[Ending]) -> int:
    """When the first of them takes effect; 0: there is none."""
    return min((ending.ends_at for ending in endings), default=0)
