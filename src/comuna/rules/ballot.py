"""What every vote has in common while it is open: its session, its tellers, the chair's part."""

from __future__ import annotations

from typing import Any

from comuna.rules.act import Entry, require
from comuna.rules.assembly import in_session
from comuna.rules.authorship import cosigners
from comuna.rules.state import Ballot, State


def open_ballot(state: State, entry: Entry[Any], number: int, methods: tuple[str, ...]) -> Ballot:
    """The vote of this number, open in its session and held in one of these ways."""
    ballot = state.ballots.get(number)
    require(ballot is not None, "vote_unknown", vote=number)
    assert ballot is not None
    in_session(state, entry, ballot.assembly)
    require(state.assemblies[ballot.assembly].vote == number, "vote_closed", vote=number)
    require(ballot.method in methods, "other_method", method=ballot.method)
    return ballot


def check_entitled(ballot: Ballot, member: int) -> None:
    """One vote each, by those entitled when it opened."""
    require(member in ballot.entitled, "not_entitled_to_this_vote", member=member)
    require(member not in ballot.cast and member not in ballot.marked, "voted_twice", member=member)


def check_tellers(state: State, entry: Entry[Any], ballot: Ballot) -> tuple[int, ...]:
    """The tellers who were there and signed the count."""
    law = state.statute.assembly
    tellers = sorted(cosigners(entry) & state.assemblies[ballot.assembly].present)
    require(
        len(tellers) >= law.tellers,
        "tellers_missing",
        law.article,
        needed=law.tellers,
        given=len(tellers),
    )
    return tuple(tellers)
