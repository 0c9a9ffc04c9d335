"""Sparse products in whole numbers that are exact whatever their size.

Where a sum could pass 64 bits the vector is split into limbs, so a product costs one pass a limb
and never overflows, and the answer is put together in Python's own integers.
"""

from dataclasses import dataclass

import numpy as np

from comuna.plan.problem import Ints

SAFE = 2**62


@dataclass(frozen=True)
class Sparse:
    """A matrix by rows: row i holds `data[start[i]:start[i+1]]` at columns `index[…]`."""

    start: Ints
    index: Ints
    data: Ints
    columns: int

    @property
    def rows(self) -> int:
        return len(self.start) - 1

    def transposed(self) -> "Sparse":
        order = np.argsort(self.index, kind="stable")
        row = np.repeat(np.arange(self.rows), np.diff(self.start))
        start = np.concatenate([[0], np.cumsum(np.bincount(self.index, minlength=self.columns))])
        return Sparse(start.astype(np.int64), row[order], self.data[order], self.rows)

    def largest_row(self) -> int:
        """The largest sum of absolute values in a row, never understated."""
        if not len(self.data):
            return 0
        sums = np.add.reduceat(np.abs(self.data).astype(np.float64), self._filled())
        return int(sums.max() * 1.0001) + 1

    def _filled(self) -> Ints:
        return self.start[:-1][np.diff(self.start) > 0]

    def times(self, x: Ints) -> "Exact":
        """The product with a vector of 64-bit integers, exactly."""
        room = SAFE // max(1, self.largest_row())
        top = int(np.abs(x).max(initial=0))
        if top <= room:
            return Exact((self._times(x),), 0)
        bits = max(1, room.bit_length() - 1)
        limbs, rest = [], x
        while np.abs(rest).max() > room:
            limbs.append(self._times(rest & ((1 << bits) - 1)))
            rest = rest >> bits
        limbs.append(self._times(rest))
        return Exact(tuple(limbs), bits)

    def _times(self, x: Ints) -> Ints:
        out = np.zeros(self.rows, dtype=np.int64)
        if len(self.data):
            filled = np.diff(self.start) > 0
            out[filled] = np.add.reduceat(self.data * x[self.index], self.start[:-1][filled])
        return out


@dataclass(frozen=True)
class Exact:
    """Integers as limbs: Σ limbs[k]·2^(k·bits), each limb a vector of 64-bit integers."""

    limbs: tuple[Ints, ...]
    bits: int

    def less_equal(self, bound: Ints, scale: int = 1) -> np.ndarray:
        """Where the numbers are ≤ bound · scale."""
        return self.minus(bound, scale) <= 0

    def minus(self, bound: Ints, scale: int = 1) -> np.ndarray:
        """The numbers − bound · scale: 64-bit where that is enough, Python's integers else."""
        top = int(np.abs(bound).max(initial=0)) * scale
        if len(self.limbs) == 1 and top < SAFE:
            largest = int(np.abs(self.limbs[0]).max(initial=0))
            if largest + top < SAFE * 2 - 1:
                return np.asarray(self.limbs[0] - bound * scale)
        return np.asarray(self.whole() - bound.astype(object) * scale)

    def whole(self) -> np.ndarray:
        """The numbers as Python's own integers."""
        total = self.limbs[0].astype(object)
        for at, limb in enumerate(self.limbs[1:], 1):
            total = total + limb.astype(object) * (1 << (at * self.bits))
        return np.asarray(total, dtype=object)


def dot(a: Ints, b: Ints) -> int:
    """Σ a·b exactly, where |a|, |b| ≤ 2^62."""
    mask = (1 << 31) - 1
    total = 0
    for at, low in ((0, a & mask), (31, a >> 31)):
        for bt, other in ((0, b & mask), (31, b >> 31)):
            total += _sum_of_products(low, other) << (at + bt)
    return total


def _sum_of_products(a: Ints, b: Ints) -> int:
    """Σ a·b where |a|, |b| ≤ 2^31: each product fits, the sum is taken in two halves."""
    product = a * b
    mask = (1 << 31) - 1
    return int((product & mask).sum()) + (int((product >> 31).sum()) << 31)
