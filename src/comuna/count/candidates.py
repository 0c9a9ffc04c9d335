"""Who or what is voted on: candidates and projects, by the ids of their file."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from comuna import given
from comuna.count.errors import BallotError


@dataclass(frozen=True)
class Candidate:
    """A person or an option. `groups` are those that a guarantee may name (women, youth…)."""

    id: str
    name: str = ""
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Project(Candidate):
    """A project with its exact cost in the currency's unit; `groups` are its categories."""

    cost: Fraction = Fraction(0)


def check_ids(candidates: Sequence[Candidate]) -> None:
    """Raises BallotError if there is no candidate, or an id is empty or stands twice."""
    if not candidates:
        raise BallotError("there is no candidate to vote on")
    twice = [each for each, times in Counter(c.id for c in candidates).items() if times > 1]
    if twice:
        raise BallotError(f"candidate {twice[0]!r} stands twice; ids must differ")
    if any(not c.id for c in candidates):
        raise BallotError("a candidate has no id")


def in_id_order(candidates: Iterable[Candidate]) -> tuple[str, ...]:
    """Ids in the order that `ties=id` means: projects by their id as text (as pabutools does),
    candidates that are numbered by their number, others as text."""
    listed = list(candidates)
    ids = [each.id for each in listed]
    numbered = not any(isinstance(each, Project) for each in listed) and all(
        str(given.whole(each)) == each for each in ids
    )
    return tuple(sorted(ids, key=int)) if numbered else tuple(sorted(ids))
