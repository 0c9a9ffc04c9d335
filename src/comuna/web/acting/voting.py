"""The vote in a contest as people see it: its options by their number on the ballot paper, and
ballots as they are written, `3`, `1, 3`, `2 > 1 = 4` or `1: 5, 3: 2`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from comuna.rules.contest import Contest, Option, law_of, marks_of, standing_in
from comuna.rules.state import State


class Unreadable(ValueError):  # noqa: N818 - a person's slip
    """What was written is no ballot of this vote."""


@dataclass(frozen=True, slots=True)
class Voting:
    """`options` are those that can be chosen, by their number, which is their place among all that
    were proposed; `kind` is what stands on a ballot: one, several, ranked or points."""

    ballot: int
    method: str
    kind: str
    options: Mapping[int, Option]
    titles: Mapping[str, str]
    points_max: int = 0

    @property
    def hands(self) -> bool:
        return self.method == "hands"


def numbered(contest: Contest, standing: frozenset[str] = frozenset()) -> dict[int, Option]:
    """The options that can be chosen, by their number on the ballot paper."""
    there = standing_in(contest, standing)
    return {n: o for n, o in enumerate(contest.options, 1) if o in there}


def voting(state: State, number: int) -> Voting | None:
    """The vote of this number, where it is among options."""
    ballot = state.ballots.get(number)
    contest = state.proposals[ballot.proposal].choice if ballot else None
    if ballot is None or contest is None:
        return None
    law = law_of(ballot.law, contest)
    return Voting(
        number,
        ballot.method,
        marks_of(law),
        numbered(contest, state.proposals[ballot.proposal].standing),
        {option.id: option.title for option in contest.options},
        law.points_max,
    )


# --- ballots as they are written ----------------------------------------------------------------


def read(written: str, vote: Voting) -> dict[str, int]:
    """The marks of a ballot by option. Raises Unreadable."""
    text = "".join(written.split())
    if vote.kind == "ranked":
        places = [part.split("=") for part in text.split(">")]
        marks = [(number, place) for place, part in enumerate(places, 1) for number in part]
    else:
        parts = [part.partition(":") for part in re.split("[,;]", text)]
        marks = [(number, whole(mark) if colon else 1) for number, colon, mark in parts]
        if any(bool(colon) != (vote.kind == "points") for _, colon, _ in parts):
            raise Unreadable(written)
    found: dict[str, int] = {}
    for number, mark in marks:
        option = vote.options.get(whole(number))
        if option is None or option.id in found:
            raise Unreadable(written)
        found[option.id] = mark
    return found


def whole(written: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", written):
        raise Unreadable(written)
    return int(written)
