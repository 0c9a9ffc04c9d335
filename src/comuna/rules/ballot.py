"""What every vote has in common while it is open: its session, who may still vote, when it may be
closed, its tellers, and how many have to take part."""

from __future__ import annotations

from collections.abc import Collection
from math import ceil
from typing import Any

from comuna.rules.act import Entry, require
from comuna.rules.assembly import FEWEST, in_session
from comuna.rules.authorship import cosigners
from comuna.rules.names import check_moment
from comuna.rules.state import Ballot, State
from comuna.rules.statute import Statute, fraction


def open_ballot(state: State, entry: Entry[Any], number: int, methods: tuple[str, ...]) -> Ballot:
    """The vote of this number, open in its session and held in one of these ways."""
    ballot = state.ballots.get(number)
    require(ballot is not None, "vote_unknown", vote=number)
    assert ballot is not None
    in_session(state, entry, ballot.assembly)
    require(state.assemblies[ballot.assembly].vote == number, "vote_closed", vote=number)
    require(ballot.method in methods, "other_method", method=ballot.method)
    return ballot


def check_entitled(state: State, ballot: Ballot, member: int) -> None:
    """One vote each, by those entitled when it opened who are still there."""
    require(member in ballot.entitled, "not_entitled_to_this_vote", member=member)
    require(member not in ballot.cast and member not in ballot.marked, "voted_twice", member=member)
    require(member in state.assemblies[ballot.assembly].present, "left_the_vote", member=member)


def voters_here(state: State, ballot: Ballot) -> frozenset[int]:
    """Those entitled who are there now."""
    return ballot.entitled & state.assemblies[ballot.assembly].present


def awaited(state: State, ballot: Ballot) -> set[int]:
    """Who may still vote in a roll call: entitled, there, and without a vote."""
    return set(voters_here(state, ballot)) - ballot.cast.keys() - ballot.marked.keys()


# --- how many take part -----------------------------------------------------------------------


def participation(law: Statute, matters: Collection[str], count: str = "") -> str:
    """The fraction of those present who have to take part: the count's own, or the most that one
    of the matters asks for, or the assembly's."""
    among = law.count(count) if count else None
    own = [among.participation] if among else [law.majority(m).participation for m in matters]
    return max((each or law.assembly.participation for each in own), key=fraction)


def takers_needed(ballot: Ballot, matters: Collection[str], count: str = "") -> int:
    """How many have to take part in this vote, of those present when it was opened."""
    return takers_of(ballot.law, ballot.present, matters, count)


def takers_of(law: Statute, present: int, matters: Collection[str], count: str = "") -> int:
    """The same, of so many who are there, under this law. What two could vote between them, with
    everyone else on a list of those who gave no answer, is no decision of those who are there."""
    needed = ceil(fraction(participation(law, matters, count)) * present)
    return max(needed, min(FEWEST, present), 1)


# --- the end of a roll call -------------------------------------------------------------------


def check_closing_hour(state: State, entry: Entry[Any], method: str, closes_at: int) -> None:
    """An hour fixed for closing leaves the statute's minutes to whoever wants to vote."""
    if not closes_at:
        return
    require(method == "roll-call", "hour_without_roll_call")
    check_moment(closes_at)
    law = state.statute.assembly
    require(
        closes_at >= entry.when + law.vote_minutes * 60,
        "closing_hour_too_soon",
        law.article,
        minutes=law.vote_minutes,
    )


def check_everyone_asked(
    state: State, entry: Entry[Any], ballot: Ballot, unanswered: tuple[int, ...]
) -> None:
    """A roll call ends when everyone entitled has voted, has left, or was called by name and gave
    no answer; or when the hour fixed at its opening has passed, in the book too."""
    waiting, named = awaited(state, ballot), set(unanswered)
    require(
        named <= waiting and len(named) == len(unanswered),
        "unanswered_misnamed",
        members=", ".join(map(str, sorted(named - waiting) or unanswered)),
    )
    if named:
        check_told(state, entry, may_tell(state, ballot))
    left = sorted(waiting - named)
    require(not left or over(ballot, entry), "not_all_heard", members=", ".join(map(str, left)))


def over(ballot: Ballot, entry: Entry[Any]) -> bool:
    """Whether the fixed hour has passed, for those who were there and for those who read the
    book."""
    minutes = ballot.law.assembly.vote_minutes * 60
    return 0 < ballot.closes_at <= entry.when and entry.at >= ballot.recorded_at + minutes


def check_told(state: State, entry: Entry[Any], may: set[int]) -> None:
    """What no vote in the book shows (who gave no answer, what dice showed) is said by the chair
    and a teller in office; where none is there, by two who hold no office; of those who `may`."""
    signers, able = cosigners(entry), may - {entry.by.member}
    in_office = tellers_in_office(state, able, entry.when)
    if in_office:
        require(signers & in_office, "list_unsigned_by_teller")
        return
    free = {m for m in signers & able if not state.offices(m, entry.when)}
    require(len(free) >= 2, "list_unsigned_by_two", given=len(free))


# --- tellers ----------------------------------------------------------------------------------


def may_tell(state: State, ballot: Ballot) -> set[int]:
    """Who may tell this vote: those there who neither opened it nor are barred from it."""
    present = state.assemblies[ballot.assembly].present
    return present - ballot.barred - ballot.opened_by


def tellers_in_office(state: State, able: set[int], when: int) -> set[int]:
    """Those of them whose office it is to tell."""
    return {m for m in able & state.mandates.keys() if state.holds(m, "tell", when)}


def check_tellers(state: State, entry: Entry[Any], ballot: Ballot) -> tuple[int, ...]:
    """The tellers who were there and signed the count: others than whoever opened the vote and
    those whose own case it is, one of them in office where one is there."""
    law, able = state.statute.assembly, may_tell(state, ballot)
    tellers = cosigners(entry) & able
    require(
        len(tellers) >= law.tellers,
        "tellers_missing",
        law.article,
        needed=law.tellers,
        given=len(tellers),
    )
    in_office = tellers_in_office(state, able, entry.when)
    require(not in_office or tellers & in_office, "teller_in_office_missing", law.article)
    return tuple(sorted(tellers))
