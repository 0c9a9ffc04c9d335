"""Unranked ballots: which candidates or projects a ballot supports, and with how many points.

Equal ballots are one group. Supporters are kept candidate by candidate (compressed rows): those
of candidate c are `group[start[c]:start[c + 1]]`, ascending, and give it the `points` there (1
for an approval, below 0 where points are given against). `weight[g]` is how many ballots the group
stands for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import chain
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from comuna.count.candidates import Candidate, Project, check_ids
from comuna.count.errors import BallotError
from comuna.count.rankings import MOST_BALLOTS, Rankings
from comuna.tables.errors import Remark

Ints = npt.NDArray[np.int64]
C = TypeVar("C", bound=Candidate, covariant=True)

KINDS = ("approval", "choose-1", "cumulative", "scoring", "ordinal")


@dataclass(frozen=True)
class Supports(Generic[C]):
    """Ballots of one kind of KINDS. An ordinal ballot of n projects gives n to its first, n-1
    to its second, …, 1 to its last.

    Where voters belong to territories, `territory[g]` is the place of the group's in
    `territories`; equal ballots of two territories are two groups.
    """

    candidates: tuple[C, ...]
    kind: str
    start: Ints
    group: Ints
    points: Ints
    weight: Ints
    territories: tuple[str, ...] = ()
    territory: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def __post_init__(self) -> None:
        check_ids(self.candidates)
        if self.kind not in KINDS:
            raise BallotError(f"ballots are of kind {', '.join(KINDS)}, not {self.kind!r}")

    @staticmethod
    def from_ballots(
        candidates: Sequence[C],
        kind: str,
        ballots: Iterable[tuple[int, Mapping[int, int]]],
        territories: Sequence[str] = (),
    ) -> "Supports[C]":
        """Ballots as (how many, {candidate index: points}), and the territory of each where there
        are any. Raises BallotError on points below 0 in ballots of another kind than scoring.

        A candidate given no points is not supported.
        """
        listed = list(ballots)
        lengths = np.fromiter((len(points) for _, points in listed), np.int64, len(listed))
        chosen = np.fromiter(chain.from_iterable(points for _, points in listed), np.int64)
        try:
            given = np.fromiter(
                chain.from_iterable(points.values() for _, points in listed), np.int64, len(chosen)
            )
        except OverflowError:
            raise BallotError(
                "points too large to add up", "puntos demasiado grandes para sumarlos"
            ) from None
        if kind != "scoring" and (given < 0).any():
            raise BallotError("points cannot be negative")
        group = np.repeat(np.arange(len(listed)), lengths)
        held = given != 0
        return Supports.from_entries(
            candidates,
            kind,
            [many for many, _ in listed],
            group[held],
            chosen[held],
            given[held],
            territories,
        )

    @staticmethod
    def from_entries(
        candidates: Sequence[C],
        kind: str,
        many: Sequence[int],
        group: Ints,
        chosen: Ints,
        given: Ints,
        territories: Sequence[str] = (),
    ) -> "Supports[C]":
        """How many ballots each group stands for, and entry by entry, the groups ascending: a
        group, a candidate that it supports, and the points (not 0) it gives."""
        try:
            weight = np.array(many, dtype=np.int64)
        except OverflowError:
            raise BallotError("more ballots than can be") from None
        # Few candidates in few bits are sorted without comparing them.
        few = chosen.astype(np.uint16) if len(candidates) < 1 << 16 else chosen
        order = np.argsort(few, kind="stable")
        start = np.concatenate(([0], np.cumsum(np.bincount(chosen, minlength=len(candidates)))))
        most = int(weight.max(initial=0)) * len(weight)
        if most > MOST_BALLOTS or most * int(np.abs(given).max(initial=0)) >= 1 << 62:
            raise BallotError(f"more than {MOST_BALLOTS} ballots, or points too large to add up")
        named = tuple(sorted(set(territories)))
        place = np.fromiter(map(named.index, territories), np.int64, len(territories))
        return Supports(
            tuple(candidates), kind, start, group[order], given[order], weight, named, place
        )

    @cached_property
    def ids(self) -> tuple[str, ...]:
        return tuple(candidate.id for candidate in self.candidates)

    def total(self) -> int:
        """How many ballots there are."""
        return int(self.weight.sum())

    def of(self, candidate: int) -> tuple[Ints, Ints]:
        """The groups that support a candidate, ascending, and the points each ballot gives it."""
        part = slice(int(self.start[candidate]), int(self.start[candidate + 1]))
        group, points = self.group[part], self.points[part]
        return (group[points > 0], points[points > 0]) if self.against else (group, points)

    @cached_property
    def against(self) -> bool:
        """Whether some ballot gives points below 0."""
        return bool((self.points < 0).any())

    def in_favour(self) -> "Supports[C]":
        """The same ballots without the points that they give against."""
        if not self.against:
            return self
        kept = self.points > 0
        chosen = np.repeat(np.arange(len(self.candidates)), np.diff(self.start))[kept]
        start = np.concatenate(([0], np.cumsum(np.bincount(chosen, minlength=len(self.ids)))))
        return replace(self, start=start, group=self.group[kept], points=self.points[kept])

    def votes(self) -> list[int]:
        """How many ballots support each candidate."""
        return self._sums(self.weight[self.group] * (self.points > 0))

    def scores(self) -> list[int]:
        """The points each candidate has in all."""
        return self._sums(self.weight[self.group] * self.points)

    def longest(self) -> int:
        """The most candidates that any ballot supports."""
        if not self.group.size:
            return 0
        return int(np.bincount(self.group[self.points > 0], minlength=1).max())

    def ranked(self) -> Rankings:
        """The order that the points say: more points before fewer, none not ranked. Raises
        BallotError where points are given against: they say no order among the unnamed."""
        if self.against:
            raise BallotError(
                "points below 0 give no order of preference; count them by score",
                "los puntos menores que 0 no dan un orden de preferencia; cuéntelos por score",
            )
        size = len(self.candidates)
        kind = np.uint8 if size < 255 else np.uint16
        points = np.zeros((size, len(self.weight)), dtype=np.int64)
        points[np.repeat(np.arange(size), np.diff(self.start)), self.group] = self.points
        order = np.argsort(-points, axis=0, kind="stable")
        sorted_ = np.take_along_axis(points, order, axis=0)
        rises = np.ones(sorted_.shape, dtype=np.int64)
        rises[1:] = sorted_[1:] != sorted_[:-1]
        places = np.where(sorted_ > 0, np.cumsum(rises, axis=0), np.iinfo(kind).max)
        ranks = np.empty(points.shape, dtype=kind)
        np.put_along_axis(ranks, order, places.astype(kind), axis=0)
        return Rankings(self.candidates, ranks, self.weight)

    def _sums(self, amounts: Ints) -> list[int]:
        running = np.concatenate(([0], np.cumsum(amounts)))
        return [int(sum_) for sum_ in running[self.start[1:]] - running[self.start[:-1]]]


def approvals_of_masks(
    candidates: Sequence[Candidate], masks: npt.NDArray[np.uint64]
) -> dict[str, int]:
    """Approvals counted straight from bit masks, bit c for candidate c: for millions of ballots.

    Raises BallotError if a mask has a bit beyond the last candidate.
    """
    check_ids(candidates)
    totals = [0] * len(candidates)
    halves = masks.view(np.uint16).reshape(len(masks), 4)
    if not np.little_endian:
        halves = halves[:, ::-1]
    for quarter in range(4):
        bits = len(candidates) - 16 * quarter
        seen = np.bincount(halves[:, quarter], minlength=1 << 16) if bits > 0 else None
        if seen is None:
            if halves[:, quarter].any():
                raise BallotError("a ballot approves a candidate that does not stand")
            continue
        pattern = np.arange(1 << 16)
        if bits < 16 and seen[1 << max(bits, 0) :].any():
            raise BallotError("a ballot approves a candidate that does not stand")
        for bit in range(min(bits, 16)):
            totals[16 * quarter + bit] = int(seen[(pattern >> bit) & 1 == 1].sum())
    return {candidate.id: total for candidate, total in zip(candidates, totals, strict=True)}


@dataclass(frozen=True)
class Contest:
    """What a file holds: its title, and seats or budget where it says so, beside the ballots.

    `remarks` are what a person should know of how it was read, each with its line; `layout` says
    in which form the ballots stood, and `columns` what each heading was taken for.
    """

    title: str = ""
    seats: int | None = None
    budget: Fraction | None = None
    remarks: tuple[Remark, ...] = ()
    layout: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


Projects = Supports[Project]
Ballots = Rankings | Supports[Any]
