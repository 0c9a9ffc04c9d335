"""What the tests of the count share: short ways to write ballots, and the handed-over data."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import pytest

from comuna.count.candidates import Candidate, Project
from comuna.count.rankings import Ballot, Rankings
from comuna.count.supports import Projects, Supports

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def shared_file(*parts: str) -> Path:
    """A file of the handed-over data; the test is skipped, by name, where it is absent."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"shared data {'/'.join(parts)} is not here")
    return path


def rankings(ballots: Mapping[str, int] | Sequence[tuple[int, str]], ids: str) -> Rankings:
    """`{"A>B=C": 3}`: three ballots with A first and B and C equal second."""
    listed = (
        [(many, text) for text, many in ballots.items()]
        if isinstance(ballots, Mapping)
        else ballots
    )
    found = []
    for many, text in listed:
        choices: list[int] = []
        places: list[int] = []
        for place, group in enumerate((each for each in text.split(">") if each), 1):
            for each in group.split("="):
                choices.append(ids.index(each))
                places.append(place)
        found.append(Ballot(many, choices, places))
    return Rankings.from_ballots([Candidate(each, each) for each in ids], found)


def approvals(ballots: Sequence[tuple[int, str]], ids: str) -> Supports[Candidate]:
    """`[(3, "AB")]`: three ballots that approve A and B."""
    return Supports.from_ballots(
        [Candidate(each, each) for each in ids],
        "approval",
        [(many, {ids.index(each): 1 for each in text}) for many, text in ballots],
    )


def projects(
    costs: Mapping[str, int | Fraction],
    ballots: Sequence[tuple[int, Mapping[str, int] | Sequence[str]]],
    kind: str = "approval",
    groups: Mapping[str, frozenset[str]] | None = None,
) -> Projects:
    """Ballots over projects by id: a list of ids (one point each) or points by id."""
    ids = list(costs)
    return Supports.from_ballots(
        [
            Project(each, each, (groups or {}).get(each, frozenset()), Fraction(cost))
            for each, cost in costs.items()
        ],
        kind,
        [
            (
                many,
                {ids.index(each): given for each, given in chosen.items()}
                if isinstance(chosen, Mapping)
                else {ids.index(each): 1 for each in chosen},
            )
            for many, chosen in ballots
        ],
    )
