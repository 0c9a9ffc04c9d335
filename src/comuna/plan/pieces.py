"""The normal equations of a plan, factored piece by piece.

A step of the interior-point method solves (A D Aᵀ + E) v = r with D, E > 0 diagonal. Rows of one
body meet other bodies only through shared rows (the balances of hubs, the ways between them):
without those the matrix falls into many small *pieces*, in each body the goods and means which its
recipes tie together, and every other good by itself. Pieces are inverted side by side in batches;
what they leave on the shared rows is factored by `panels`, one a hub. So time and memory grow with
the number of bodies, not with its square.
Source: the bordered block-diagonal form of Wright, *Primal-Dual Interior-Point Methods* (1997),
ch. 11.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comuna.plan.model import Floats
from comuna.plan.panels import PanelFactor, Panels
from comuna.plan.problem import Ints

STEP = 4
"""Pieces are padded to sizes that are multiples of this, so that they go in few batches."""


@dataclass(frozen=True)
class Entries:
    """A matrix by columns: entry e holds `value[e]` in row `row[e]`, column `column[e]`, where
    `column` never falls."""

    row: Ints
    column: Ints
    value: Floats
    rows: int
    columns: int

    def times(self, x: Floats) -> Floats:
        return _summed(self.row, self.value * x[self.column], self.rows)

    def times_turned(self, y: Floats) -> Floats:
        return _summed(self.column, self.value * y[self.row], self.columns)


def _summed(place: Ints, amount: Floats, size: int) -> Floats:
    return np.bincount(place, amount, minlength=size).astype(np.float64, copy=False)


@dataclass(frozen=True)
class _Meeting:
    """Pairs of entries of a column, and the places of a store where their products add up."""

    place: Ints
    column: Ints
    factor: Floats
    size: int

    def of(self, weight: Floats) -> Floats:
        return _summed(self.place, self.factor * weight[self.column], self.size)


@dataclass(frozen=True)
class _Batch:
    """Pieces padded to one size: `rows[p, i]` is a row of piece p, `shared[p, k]` a shared row
    that it meets (numbered among the shared rows), each −1 where there is none. They lie from
    `first` on in the store of pieces and from `across` on in that of their meetings; `onto` are
    the places in the panels of what they leave there, `kept` which of it goes there."""

    rows: Ints
    shared: Ints
    first: int
    across: int
    onto: Ints
    kept: Ints


class Pieces:
    """Which entries of a matrix meet where; the same for every step."""

    def __init__(self, entries: Entries, shared: NDArray[np.bool_], cluster: Ints) -> None:
        """`shared` says which rows are; `cluster[k]` is the cluster of the k-th shared row."""
        self.rows = entries.rows
        self.shared = np.flatnonzero(shared)
        among = np.full(entries.rows, -1)
        among[self.shared] = np.arange(len(self.shared))
        one, other, column, factor = _pairs(entries)
        inside = ~shared[one] & ~shared[other]
        across = ~shared[one] & shared[other]
        outside = shared[one] & shared[other]
        piece = _joined(np.flatnonzero(~shared), one[inside], other[inside], entries.rows)
        width = max(1, len(self.shared))
        met = np.unique(piece[one[across]] * width + among[other[across]])
        met_piece, met_row = np.divmod(met, width)
        here, there = among[one[outside]], among[other[outside]]
        self.panels = Panels(cluster, _groups(cluster, here, there, met_piece, met_row))
        self._lay_out(piece, met_piece, met_row)
        self._inside = _Meeting(
            self._start[one[inside]] + self._at[other[inside]],
            column[inside], factor[inside], self._size,
        )  # fmt: skip
        meet = np.searchsorted(met, piece[one[across]] * width + among[other[across]])
        self._across = _Meeting(
            self._start_across[one[across]] + self._at_across[meet],
            column[across], factor[across], self._size_across,
        )  # fmt: skip
        place, kept = self.panels.places(here, there)
        self._outside = _Meeting(
            place, column[outside][kept], factor[outside][kept], self.panels.size
        )
        del self._start, self._at, self._start_across, self._at_across

    def _lay_out(self, piece: Ints, met_piece: Ints, met_row: Ints) -> None:
        """Sort the pieces into batches of one size and lay out their stores."""
        own = np.flatnonzero(piece >= 0)
        own = own[np.argsort(piece[own], kind="stable")]
        count = int(piece.max(initial=-1)) + 1
        sizes = np.bincount(piece[own], minlength=count)
        meets = np.bincount(met_piece, minlength=count)
        begins, begins_met = np.cumsum(sizes) - sizes, np.cumsum(meets) - meets
        heights, widths = _padded(sizes, STEP), _padded(meets, 2 * STEP)
        self.batches: list[_Batch] = []
        self._start, self._at, self._start_across = np.zeros((3, self.rows), np.int64)
        self._at_across = np.zeros(len(met_piece), np.int64)
        self._size = self._size_across = 0
        kinds = heights * (len(self.shared) + 2 * STEP) + widths
        for kind in np.unique(kinds):
            these = np.flatnonzero(kinds == kind)
            height, width = int(heights[these[0]]), int(widths[these[0]])
            rows = _table(own, begins[these], sizes[these], height)
            which = _table(np.arange(len(met_row)), begins_met[these], meets[these], width)
            shared = np.where(which >= 0, met_row[which] if len(met_row) else -1, -1)
            line = np.arange(rows.size).reshape(rows.shape)
            real = rows >= 0
            self._start[rows[real]] = self._size + line[real] * height
            self._at[rows[real]] = (line % max(height, 1))[real]
            self._start_across[rows[real]] = self._size_across + line[real] * width
            self._at_across[which[which >= 0]] = np.nonzero(which >= 0)[1]
            self.batches.append(
                _Batch(rows, shared, self._size, self._size_across, *self._onto(shared))
            )
            self._size += rows.size * height
            self._size_across += rows.size * width

    def _onto(self, shared: Ints) -> tuple[Ints, Ints]:
        both = (shared[:, :, None] >= 0) & (shared[:, None, :] >= 0)
        flat = np.flatnonzero(both)
        one = np.broadcast_to(shared[:, :, None], both.shape).ravel()[flat]
        other = np.broadcast_to(shared[:, None, :], both.shape).ravel()[flat]
        onto, kept = self.panels.places(one, other)
        return onto, flat[kept]

    @property
    def work(self) -> float:
        """About how many multiplications a factoring takes."""
        sizes = [(*batch.rows.shape, batch.shared.shape[1]) for batch in self.batches]
        inverting = sum(count * height * (height + width) ** 2 for count, height, width in sizes)
        return float(inverting) + self.panels.work

    def factor(self, weight: Floats, added: Floats) -> "Factor":
        """A D Aᵀ + E factored, for the diagonals D = `weight` and E = `added`."""
        inside, across = self._inside.of(weight), self._across.of(weight)
        out = self._outside.of(weight)
        inverses, carried = [], []
        for batch in self.batches:
            count, height = batch.rows.shape
            width = batch.shared.shape[1]
            square = inside[batch.first : batch.first + count * height * height]
            square = square.reshape(count, height, height)
            each = np.arange(height)
            square[:, each, each] += np.where(batch.rows >= 0, added[batch.rows], 1.0)
            meets = across[batch.across : batch.across + count * height * width]
            meets = meets.reshape(count, height, width)
            inverse = _inverses(square)
            onward = _product(inverse, meets)
            leaves = _product(meets.transpose(0, 2, 1), onward)
            out -= _summed(batch.onto, leaves.ravel()[batch.kept], len(out))
            inverses.append(inverse)
            carried.append(onward)
        return Factor(self, inverses, carried, self.panels.factor(out, added[self.shared]))


@dataclass(frozen=True)
class Factor:
    """The factored matrix."""

    pieces: Pieces
    inverses: list[Floats]
    carried: list[Floats]
    panels: PanelFactor

    def times(self, right: Floats) -> Floats:
        """The solution for one right-hand side."""
        pieces = self.pieces
        padded = np.append(right, 0.0)  # where the place −1 finds nothing
        out = np.append(right[pieces.shared], 0.0)
        alone = []
        each = list(zip(pieces.batches, self.inverses, self.carried, strict=True))
        for batch, inverse, carried in each:
            mine = padded[batch.rows][:, :, None]
            alone.append(_product(inverse, mine)[:, :, 0])
            given = _product(carried.transpose(0, 2, 1), mine)[:, :, 0]
            out -= _summed(batch.shared.ravel() % len(out), given.ravel(), len(out))
        shared = np.append(self.panels.times(out[:-1]), 0.0)
        answer = np.zeros(pieces.rows + 1)
        answer[pieces.shared] = shared[:-1]
        for (batch, _, carried), own in zip(each, alone, strict=True):
            theirs = shared[batch.shared][:, :, None]
            answer[batch.rows] = own - _product(carried, theirs)[:, :, 0]
        return answer[:-1]


def _inverses(square: Floats) -> Floats:
    """The inverses of matrices side by side."""
    if square.shape[1] == 1:
        return np.reciprocal(square)
    return np.linalg.inv(square).astype(np.float64, copy=False)


def _product(left: Floats, right: Floats) -> Floats:
    """The products of matrices side by side; a row times a column by plain multiplication."""
    return left * right if left.shape[2] == 1 else np.matmul(left, right)


def _pairs(entries: Entries) -> tuple[Ints, Ints, Ints, Floats]:
    """All pairs of entries of a column, each both ways round: two rows, the column, the product."""
    column = entries.column
    ends = np.cumsum(np.bincount(column, minlength=entries.columns))
    repeats = ends[column] - np.arange(len(column))
    left = np.repeat(np.arange(len(column)), repeats)
    right = left + np.arange(len(left)) - (np.cumsum(repeats) - repeats)[left]
    one, other = entries.row[left], entries.row[right]
    turned = one != other
    factor = entries.value[left] * entries.value[right]
    return (
        np.concatenate([one, other[turned]]),
        np.concatenate([other, one[turned]]),
        np.concatenate([column[left], column[left][turned]]),
        np.concatenate([factor, factor[turned]]),
    )


def _joined(own: Ints, one: Ints, other: Ints, rows: int) -> Ints:
    """For each row the number of its piece (rows that meet, directly or not, are one piece); −1
    for rows that are not `own`."""
    label = np.full(rows, -1)
    label[own] = own
    apart = one != other
    one, other = one[apart], other[apart]
    while True:
        before = label[own]
        np.minimum.at(label, one, label[other])
        label[own] = label[label[own]]
        if (label[own] == before).all():
            break
    label[own] = np.unique(label[own], return_inverse=True)[1]
    return label


def _groups(
    cluster: Ints, one: Ints, other: Ints, met_piece: Ints, met_row: Ints
) -> set[tuple[int, ...]]:
    """Clusters that meet: in a column of shared rows, or because a piece meets them all."""
    count = int(cluster.max(initial=-1)) + 1
    pairs = np.unique(cluster[one] * count + cluster[other])
    groups: set[tuple[int, ...]] = {(int(code) // count, int(code) % count) for code in pairs}
    piece, of_piece = np.divmod(
        np.unique(met_piece * max(count, 1) + cluster[met_row]), max(count, 1)
    )
    for each in np.split(of_piece, np.flatnonzero(np.diff(piece)) + 1):
        groups.add(tuple(each.tolist()))
    return groups


def _padded(sizes: Ints, step: int) -> Ints:
    return np.where(sizes > 2, -(-sizes // step) * step, sizes)


def _table(values: Ints, begins: Ints, sizes: Ints, width: int) -> Ints:
    """Rows of `width` out of a flat list, −1 beyond each one's size."""
    at = begins[:, None] + np.arange(width)
    inside = np.arange(width) < sizes[:, None]
    table = np.full(at.shape, -1)
    table[inside] = values[at[inside]]
    return table
