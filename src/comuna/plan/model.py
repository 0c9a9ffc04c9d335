"""A problem as a linear program in whole numbers: maximise c·x, A x ≤ b, 0 ≤ x ≤ u.

Every row says "no more than", and every b ≥ 0, so that doing nothing is always a plan: what is
short is a result, not an error. All u are finite, so that prices alone bound the optimum.

    balance(r,i,t)    g·(eaten + sent + stored) + Σ taken·x − Σ given·x
                      − g·(1 − loss)·received − g·keep·stored before   ≤ g·opening
    capacity(r,k,t)   Σ used·x ≤ g·capacity
    room(r,i,t)       stored ≤ room, as a bound of its column
    transport(h,t), way(l,t)    Σ load·distance·sent ≤ capacity

g, the grain, is how many steps make one level of a recipe (`counting`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from comuna.plan.counting import STANDARD, Counting
from comuna.plan.exact import Sparse
from comuna.plan.problem import Ints

Floats = NDArray[np.float64]
UNLIMITED = 10**17
"""More than any quantity in a problem."""


@dataclass(frozen=True)
class Block:
    """Columns or rows of one kind, side by side from `first`; `keys` holds, for each, the places
    of what it is about (docs/plan-format.md)."""

    kind: str
    first: int
    keys: dict[str, Ints]

    @property
    def size(self) -> int:
        return len(next(iter(self.keys.values())))

    @property
    def span(self) -> slice:
        return slice(self.first, self.first + self.size)


@dataclass(frozen=True)
class Model:
    """`unit_x[j]` steps make one natural unit of column j, `unit_row[i]` of row i: only the solver
    sees natural units. `owner` is the body a column belongs to, −1 for ways between hubs;
    `row_owner` likewise, −1 for rows of several bodies. `thrift[j]` is what a step of column j
    takes of labour and inputs, as a share of all there is: among plans of equal worth the one that
    takes least is wanted. `counting` says what one step of a level and one count of worth are."""

    matrix: Sparse
    bound: Ints
    worth: Ints
    most: Ints
    unit_x: Floats
    unit_row: Floats
    owner: Ints
    row_owner: Ints
    thrift: Floats
    columns: dict[str, Block] = field(default_factory=dict)
    rows: dict[str, Block] = field(default_factory=dict)
    counting: Counting = STANDARD

    @cached_property
    def bounded(self) -> Ints:
        """The rows that hold something at all."""
        return np.flatnonzero(self.bound)

    def row_at(self, row: int) -> tuple[str, dict[str, int]]:
        return _at(self.rows, row)

    def column_at(self, column: int) -> tuple[str, dict[str, int]]:
        return _at(self.columns, column)

    def row_entries(self, row: int) -> tuple[Ints, Ints]:
        span = slice(self.matrix.start[row], self.matrix.start[row + 1])
        return self.matrix.index[span], self.matrix.data[span]


def _at(blocks: dict[str, Block], place: int) -> tuple[str, dict[str, int]]:
    for block in blocks.values():
        if block.first <= place < block.first + block.size:
            at = place - block.first
            return block.kind, {key: int(values[at]) for key, values in block.keys.items()}
    raise IndexError(place)


class Builder:
    """Collects columns, rows and entries as arrays, then puts them in order once."""

    def __init__(self) -> None:
        self.columns: dict[str, Block] = {}
        self.rows: dict[str, Block] = {}
        self._parts: dict[str, list[NDArray[np.generic]]] = {}
        self._entries: list[tuple[Ints, Ints, Ints]] = []
        self._sizes = {"columns": 0, "rows": 0}

    def add_columns(
        self, kind: str, keys: dict[str, Ints], worth: Ints, most: Ints, unit: Floats,
        owner: Ints, thrift: Floats,
    ) -> Ints:  # fmt: skip
        """Add a block; gives the places of its columns."""
        first = self._sizes["columns"]
        self.columns[kind] = Block(kind, first, keys)
        self._keep(worth=worth, most=most, unit_x=unit, owner=owner, thrift=thrift)
        self._sizes["columns"] += len(most)
        return np.arange(first, self._sizes["columns"])

    def add_rows(
        self, kind: str, keys: dict[str, Ints], bound: Ints, unit: Floats, owner: Ints
    ) -> Ints:
        """Add a block of rows; gives their places."""
        first = self._sizes["rows"]
        self.rows[kind] = Block(kind, first, keys)
        self._keep(bound=bound, unit_row=unit, row_owner=owner)
        self._sizes["rows"] += len(bound)
        return np.arange(first, self._sizes["rows"])

    def put(self, rows: Ints, columns: Ints, values: Ints | int) -> None:
        """Add entries; entries at the same place add up."""
        full = np.broadcast_to(np.asarray(values, dtype=np.int64), rows.shape)
        self._entries.append((rows, columns, full))

    def _keep(self, **parts: NDArray[np.generic]) -> None:
        for name, values in parts.items():
            self._parts.setdefault(name, []).append(values)

    def model(self, counting: Counting) -> Model:
        joined = {name: np.concatenate(parts) for name, parts in self._parts.items()}
        matrix = sparse(self._entries, self._sizes["rows"], self._sizes["columns"])
        return Model(matrix, columns=self.columns, rows=self.rows, counting=counting, **joined)


def sparse(entries: Sequence[tuple[Ints, Ints, Ints]], rows: int, columns: int) -> Sparse:
    """The matrix with these entries; entries at the same place add up, zeros fall out."""
    row, column, value = (np.concatenate(part) for part in zip(*entries, strict=True))
    key = row * columns + column
    order = np.argsort(key, kind="stable")
    key, value = key[order], value[order]
    first = np.flatnonzero(np.diff(key, prepend=-1))
    if len(first) < len(key):
        value, key = np.add.reduceat(value, first), key[first]
    kept = value != 0
    key, value = key[kept], value[kept]
    start = np.concatenate([[0], np.cumsum(np.bincount(key // columns, minlength=rows))])
    return Sparse(start.astype(np.int64), key % columns, value, columns)
