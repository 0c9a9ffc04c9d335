"""A symmetric matrix in few clusters of rows, factored cluster by cluster in an order of little
fill. Each cluster has a *panel*: its own rows, and below them the rows of later clusters which it
meets. Eliminating a cluster passes what it leaves on to the panels of those.
Source: George & Liu, *Computer Solution of Large Sparse Positive Definite Systems* (1981), ch. 5
(elimination by a graph's nodes) and 6 (blocks).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from comuna.plan.model import Floats
from comuna.plan.problem import Ints


@dataclass(frozen=True)
class _Pass:
    """Rows `here` and columns `across` of what a panel leaves, onto the rows from `there` on of
    panel `turn`."""

    turn: int
    there: slice
    here: slice
    across: slice


@dataclass(frozen=True)
class _Panel:
    own: Ints
    later: Ints
    first: int
    passes: tuple[_Pass, ...]

    def view(self, store: Floats) -> Floats:
        height, width = len(self.own) + len(self.later), len(self.own)
        return store[self.first : self.first + height * width].reshape(height, width)


class Panels:
    """Where entries lie; the same whatever the numbers."""

    def __init__(self, cluster: Ints, groups: Iterable[tuple[int, ...]]) -> None:
        """`cluster[k]` is the cluster of row k; the clusters of a group all meet each other."""
        count = int(cluster.max(initial=-1)) + 1
        order = np.argsort(cluster, kind="stable")
        ends = np.searchsorted(cluster[order], np.arange(count + 1))
        own = [order[first:end] for first, end in pairwise(ends)]
        sizes = np.array([len(rows) for rows in own], dtype=np.int64)
        turns, later = _least_fill(groups, sizes.tolist())
        self._turn = np.argsort(turns)[cluster] if count else cluster
        self._within = np.zeros(len(cluster), dtype=np.int64)
        for rows in own:
            self._within[rows] = np.arange(len(rows))
        self._height = np.full((count, count), -1)
        self._first = np.zeros(count, dtype=np.int64)
        self._width = sizes[turns] if count else sizes
        self.size = 0
        for turn, each in enumerate(later):
            after = np.array([turn, *each])
            ends = np.cumsum(self._width[after])
            self._height[turn, after] = ends - self._width[after]
            self._first[turn] = self.size
            self.size += int(ends[-1] * self._width[turn])
        self._panels = [
            _Panel(
                own[turns[turn]],
                np.concatenate([np.zeros(0, np.int64), *(own[turns[each]] for each in after)]),
                int(self._first[turn]),
                tuple(self._passes(turn, after)),
            )
            for turn, after in enumerate(later)
        ]

    def _passes(self, turn: int, later: list[int]) -> Iterable[_Pass]:
        """What is left goes on in runs of clusters that lie side by side on both sides."""
        width = int(self._width[turn])
        sizes, heights = self._width[later], self._height[turn][later] - width
        for at, to in enumerate(later):
            across = slice(int(heights[at]), int(heights[at] + sizes[at]))
            there = self._height[to][later[at:]]
            breaks = np.flatnonzero(np.diff(there) != sizes[at:-1]) + 1
            for begin, end in zip([0, *breaks], [*breaks, len(there)], strict=True):
                start, length = int(heights[at + begin]), int(sizes[at + begin : at + end].sum())
                first = int(there[begin])
                yield _Pass(to, slice(first, first + length), slice(start, start + length), across)

    @property
    def work(self) -> float:
        """About how many multiplications a factoring takes."""
        rows = np.array([len(p.own) + len(p.later) for p in self._panels], dtype=np.float64)
        return float((rows**2 * self._width).sum())

    def places(self, one: Ints, other: Ints) -> tuple[Ints, Ints]:
        """Where entries (one, other) lie in the store, and which are kept: a panel holds its own
        rows, whole, and of the others only those below it."""
        kept = np.flatnonzero(self._turn[one] >= self._turn[other])
        one, other = one[kept], other[kept]
        early, late = self._turn[other], self._turn[one]
        row = self._height[early, late] + self._within[one]
        return self._first[early] + row * self._width[early] + self._within[other], kept

    def factor(self, store: Floats, added: Floats) -> "PanelFactor":
        """Factor the matrix in `store` with `added` on its diagonal; uses up the store."""
        views = [panel.view(store) for panel in self._panels]
        inverses: list[Floats] = []
        onward: list[Floats] = []
        for panel, view in zip(self._panels, views, strict=True):
            width = len(panel.own)
            view[np.arange(width), np.arange(width)] += added[panel.own]
            inverse = np.linalg.inv(view[:width]).astype(np.float64, copy=False)
            below = view[width:]
            carried = below @ inverse
            for to in panel.passes:
                views[to.turn][to.there] -= carried[to.here] @ below[to.across].T
            inverses.append(inverse)
            onward.append(carried)
        return PanelFactor(self._panels, inverses, onward)


@dataclass(frozen=True)
class PanelFactor:
    """The factored matrix."""

    panels: list[_Panel]
    inverses: list[Floats]
    onward: list[Floats]

    def times(self, right: Floats) -> Floats:
        """The solution for one right-hand side."""
        answer = right.copy()
        each = list(zip(self.panels, self.inverses, self.onward, strict=True))
        for panel, _, onward in each:
            answer[panel.later] -= onward @ answer[panel.own]
        for panel, inverse, onward in reversed(each):
            answer[panel.own] = inverse @ answer[panel.own] - onward.T @ answer[panel.later]
        return answer


def _least_fill(
    groups: Iterable[tuple[int, ...]], sizes: list[int]
) -> tuple[list[int], list[list[int]]]:
    """The clusters in the order of their elimination, and for each turn the later turns it meets:
    whoever makes the fewest others meet that did not goes first."""
    near: list[set[int]] = [set() for _ in sizes]
    for group in groups:
        for at in group:
            near[at].update(group)
    for at, each in enumerate(near):
        each.discard(at)

    def fill(at: int) -> tuple[int, int]:
        mine = near[at]
        new = sum(sizes[one] * sum(sizes[o] for o in mine - near[one] if o != one) for one in mine)
        return new, at

    fills = {at: fill(at) for at in range(len(sizes))}
    order, later = [], []
    while fills:
        at = min(fills, key=fills.__getitem__)
        del fills[at]
        order.append(at)
        later.append(near[at])
        changed = set(near[at])
        for one in near[at]:
            near[one] = (near[one] | near[at]) - {one, at}
            changed |= near[one]
        fills |= {one: fill(one) for one in changed}
    turn = {at: number for number, at in enumerate(order)}
    return order, [sorted(turn[each] for each in after) for after in later]
