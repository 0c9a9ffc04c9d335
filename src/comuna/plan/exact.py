"""Sparse products in whole numbers that are exact whatever their size.

Where a sum could pass 64 bits the vector is split into limbs, so a product costs one pass a limb
and never overflows, and the answer is put together in Python's own integers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from comuna.plan.problem import Ints

SAFE = 2**62
FEW = 64


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

    @cached_property
    def row(self) -> Ints:
        """The row of each entry."""
        return np.repeat(np.arange(self.rows), np.diff(self.start))

    @cached_property
    def largest_row(self) -> int:
        """The largest sum of absolute values in a row, never understated."""
        return _never_less(np.bincount(self.row, np.abs(self.data), minlength=1).max())

    @cached_property
    def largest_column(self) -> int:
        """The largest sum of absolute values in a column, never understated."""
        return _never_less(np.bincount(self.index, np.abs(self.data), minlength=1).max())

    @cached_property
    def _sizes(self) -> Ints:
        return np.diff(self.start)

    @cached_property
    def _filled(self) -> NDArray[np.bool_]:
        return self._sizes > 0

    def times(self, x: Ints) -> "Exact":
        """The product with a vector of 64-bit integers, exactly."""
        return _in_limbs(self._times, x, self.largest_row)

    def times_turned(self, y: Ints) -> "Exact":
        """The product of the transposed matrix with such a vector, exactly."""
        return _in_limbs(self._times_turned, y, self.largest_column)

    def _times(self, x: Ints) -> Ints:
        amounts = x[self.index]
        amounts *= self.data
        if self._filled.all() and self.rows:
            return np.add.reduceat(amounts, self.start[:-1])
        out = np.zeros(self.rows, dtype=np.int64)
        if len(self.data):
            out[self._filled] = np.add.reduceat(amounts, self.start[:-1][self._filled])
        return out

    def _times_turned(self, y: Ints) -> Ints:
        amounts = np.repeat(y, self._sizes)
        amounts *= self.data
        out = np.zeros(self.columns, dtype=np.int64)
        np.add.at(out, self.index, amounts)
        return out


def _never_less(largest: float) -> int:
    """A sum in floating point, rounded so far up that it is not less than the true one."""
    return int(largest * 1.0001) + 1


def _in_limbs(product: Callable[[Ints], Ints], x: Ints, largest: int) -> "Exact":
    """A product whose sums would pass 64 bits, limb by limb of x."""
    room = SAFE // max(1, largest)
    if top(x) <= room:
        return Exact((product(x),), 0)
    bits = max(1, room.bit_length() - 1)
    limbs, rest = [], x
    while top(rest) > room:
        limbs.append(product(rest & ((1 << bits) - 1)))
        rest = rest >> bits
    limbs.append(product(rest))
    return Exact(tuple(limbs), bits)


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
        if len(self.limbs) == 1 and top(self.limbs[0]) + top(bound) * scale < SAFE * 2 - 1:
            return np.asarray(self.limbs[0] - (bound if scale == 1 else bound * scale))
        return np.asarray(self.whole() - bound.astype(object) * scale)

    def whole(self) -> np.ndarray:
        """The numbers as Python's own integers."""
        total = self.limbs[0].astype(object)
        for at, limb in enumerate(self.limbs[1:], 1):
            total = total + limb.astype(object) * (1 << (at * self.bits))
        return np.asarray(total, dtype=object)


def top(values: Ints) -> int:
    """The largest absolute value."""
    return max(int(values.max(initial=0)), -int(values.min(initial=0)))


def dot(a: Ints, b: Ints) -> int:
    """Σ a·b exactly, where |a|, |b| ≤ 2^62. Arithmetic in 64 bits knows the sum up to a multiple
    of 2^64; floating point, wherever its error is proved smaller than 2^62, knows which; where it
    is not, it is for each of two halves, whose error is a quarter of it, or for theirs. (The
    error is at most (n + 4)·2^−53 of Σ |a·b|, in whatever order it is summed: Higham, *Accuracy
    and Stability of Numerical Algorithms* (2002), §3.1.)"""
    size, error = len(a), (len(a) + 4) / 2**52
    with np.errstate(over="ignore"):
        rest = int(a @ b) if size else 0
    about = a.astype(np.float64), b.astype(np.float64)
    largest = size * float(top(a)) * float(top(b))  # of Σ |a·b|; told apart only where it matters
    if largest * error >= SAFE:
        largest = float(np.abs(about[0]) @ np.abs(about[1]))
    if largest * error >= SAFE:
        half = size // 2
        return (
            _one_by_one(a, b) if size < FEW else dot(a[:half], b[:half]) + dot(a[half:], b[half:])
        )
    near = int(about[0] @ about[1])
    return near + (rest - near + 2**63) % 2**64 - 2**63


def _one_by_one(a: Ints, b: Ints) -> int:
    return sum(map(int.__mul__, a.tolist(), b.tolist()))
