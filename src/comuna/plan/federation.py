"""A federation's model in parts, and its plan in two steps.

A *part* is what one region (a topmost hub with all beneath it) decides about; where there is one
topmost body, its members are the parts. Rows that several parts draw on are *shared*: the balances
of the hubs where they meet, and the ways between hubs. In two steps: a national draft fixes what
each part may draw from each shared row (and owes to it), then each part solves its own program
exactly, on its own machine if it wishes. The region keeps the last word on its own activities.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from comuna.plan.model import Block, Floats, Model, sparse
from comuna.plan.problem import Ints, Problem
from comuna.plan.progress import Tell, silent
from comuna.plan.solver import Draft, Session, solve

OWED = 10.0
"""What failing to deliver costs a part in the second step, in multiples of the draft's price."""


@dataclass(frozen=True)
class Part:
    """One region's own program: its rows first, then, from row `own_rows` on, the shared rows it
    touches, which allow nothing until they are told otherwise. `columns` and `rows` are the places
    in the whole model, `shared` those of the shared rows."""

    model: Model
    columns: Ints
    rows: Ints
    shared: Ints

    @property
    def own_rows(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Split:
    """The parts, the columns that belong to none (ways between hubs, a topmost body's own), and
    the shared rows."""

    parts: tuple[Part, ...]
    centre: Ints
    shared: Ints


def part_of_bodies(problem: Problem, least: int = 2) -> Ints:
    """For each body the number of its part, −1 for those above the parts. Parts are taken as high
    up as gives at least so many; if no depth does, where there are most."""
    hub = problem.bodies.hub
    path = [np.arange(len(hub))]
    while (hub[path[-1]] >= 0).any():
        path.append(np.where(hub[path[-1]] >= 0, hub[path[-1]], path[-1]))
    depth = np.argmax(np.array(path) == path[-1], axis=0)
    best = np.full(len(hub), -1)
    for level in range(int(depth.max()) + 1):
        inside = depth >= level
        top = np.array(path)[np.maximum(depth - level, 0), np.arange(len(hub))]
        heads = np.unique(top[inside])
        if len(heads) > best.max(initial=-1) + 1:
            best = np.where(inside, np.searchsorted(heads, top), -1)
        if len(heads) >= least:
            break
    return best


def split(model: Model, part_of_body: Ints) -> Split:
    """The model in parts."""
    part = np.where(model.owner >= 0, part_of_body[model.owner], -1)
    count = int(part_of_body.max(initial=-1)) + 1
    matrix = model.matrix
    row = np.repeat(np.arange(matrix.rows), np.diff(matrix.start))
    entry = part[matrix.index]
    least, most = np.full(matrix.rows, count), np.full(matrix.rows, -2)
    np.minimum.at(least, row, entry)
    np.maximum.at(most, row, entry)
    local = (least == most) & (least >= 0)
    row_part = np.where(local, least, -1)
    order = np.argsort(entry, kind="stable")
    ends = np.searchsorted(entry[order], np.arange(count + 1))
    parts = []
    columns_of, rows_of = _grouped(part, count), _grouped(row_part, count)
    place = np.full(matrix.columns, -1)
    row_place = np.full(matrix.rows, -1)
    for at in range(count):
        mine = order[ends[at] : ends[at + 1]]
        columns, rows = columns_of[at], rows_of[at]
        place[columns] = np.arange(len(columns))
        shared = np.unique(row[mine][~local[row[mine]]])
        row_place[rows] = np.arange(len(rows))
        row_place[shared] = len(rows) + np.arange(len(shared))
        entries = [(row_place[row[mine]], place[matrix.index[mine]], matrix.data[mine])]
        parts.append(Part(sub_model(model, columns, rows, shared, entries), columns, rows, shared))
    return Split(tuple(parts), np.flatnonzero(part < 0), np.flatnonzero(~local))


def _grouped(part: Ints, count: int) -> list[Ints]:
    order = np.argsort(part, kind="stable")
    ends = np.searchsorted(part[order], np.arange(count + 1))
    return [order[ends[at] : ends[at + 1]] for at in range(count)]


def sub_model(
    model: Model, columns: Ints, rows: Ints, shared: Ints, entries: list[tuple[Ints, Ints, Ints]]
) -> Model:
    every = np.concatenate([rows, shared])
    return Model(
        sparse(entries, len(every), len(columns)),
        np.concatenate([model.bound[rows], np.zeros(len(shared), dtype=np.int64)]),
        model.worth[columns],
        model.most[columns],
        model.unit_x[columns],
        model.unit_row[every],
        model.owner[columns],
        model.row_owner[every],
        model.thrift[columns],
        _blocks(model.columns, columns),
        {
            "own": Block("own", 0, {"row": rows}),
            "shared": Block("shared", len(rows), {"row": shared}),
        },
        model.counting,
    )


def _blocks(blocks: dict[str, Block], columns: Ints) -> dict[str, Block]:
    """The kinds of a part's columns (which keep their order, so each kind stays together)."""
    kept = {}
    for kind, block in blocks.items():
        first, last = np.searchsorted(columns, [block.first, block.first + block.size])
        places = columns[first:last] - block.first
        kept[kind] = Block(kind, int(first), {k: ids[places] for k, ids in block.keys.items()})
    return kept


def drawn(part: Part, x: Floats) -> Floats:
    """What a plan of the part draws from each shared row it touches (less than 0: gives)."""
    matrix = part.model.matrix
    row = np.repeat(np.arange(matrix.rows), np.diff(matrix.start))
    of_shared = row >= part.own_rows
    amounts = matrix.data[of_shared] * x[matrix.index[of_shared]]
    places = row[of_shared] - part.own_rows
    return np.bincount(places, amounts, minlength=len(part.shared)).astype(np.float64)


def two_step(
    model: Model,
    parts: Split,
    gap: float = 1e-4,
    progress: Callable[[int, int], None] = lambda done, total: None,
    tell: Tell = silent,
) -> Draft:
    """Draft the whole, then let each part solve its own program within what the draft gives it;
    the prices are the draft's for shared rows, and for a part's own rows those by which it would
    answer them."""
    draft = solve(model, "", gap, tell)
    y = draft.y.copy()
    for at, part in enumerate(parts.parts):
        y[part.rows] = answer_to(part, draft.y[part.shared]).y
        progress(at + 1, 2 * len(parts.parts))
    settled = settle(
        model, parts, draft, lambda done, total: progress(len(parts.parts) + done, 2 * total)
    )
    return replace(settled, y=y, solver=f"{draft.solver}, then {len(parts.parts)} parts")


def settle(
    model: Model,
    parts: Split,
    draft: Draft,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Draft:
    """The exchange between parts as in the draft, and each part's own plan solved exactly within
    it. Where a part cannot deliver after all, `executable` takes it from those who would draw."""
    x = draft.x.copy()
    for at, part in enumerate(parts.parts):
        given = drawn(part, draft.x[part.columns])
        answer = solve(_within(part, given, draft.y[part.shared]))
        x[part.columns] = answer.x[: len(part.columns)]
        progress(at + 1, len(parts.parts))
    return replace(draft, x=x, objective=float(model.worth @ x))


def _within(part: Part, given: Floats, price: Floats) -> Model:
    """The part's program with what it is given of each shared row, and what it is to deliver.
    Delivering less is possible at `OWED` times its price, so that there is always a plan."""
    model, shared = part.model, len(part.shared)
    columns = model.matrix.columns
    row = np.repeat(np.arange(model.matrix.rows), np.diff(model.matrix.start))
    slack_rows = part.own_rows + np.arange(shared)
    unit = model.unit_row[part.own_rows :]
    most = np.ceil(np.maximum(-given, 0)).astype(np.int64)
    fee = np.maximum(np.rint(price * OWED), 1).astype(np.int64)
    bound = model.bound.copy()
    bound[part.own_rows :] = np.rint(given)
    return replace(
        model,
        matrix=sparse(
            [(row, model.matrix.index, model.matrix.data),
             (slack_rows, columns + np.arange(shared), np.full(shared, -1))],
            model.matrix.rows, columns + shared,
        ),
        bound=bound,
        worth=np.concatenate([model.worth, -fee]),
        most=np.concatenate([model.most, most]),
        unit_x=np.concatenate([model.unit_x, unit]),
        owner=np.concatenate([model.owner, np.full(shared, -1)]),
        thrift=np.concatenate([model.thrift, np.zeros(shared)]),
    )  # fmt: skip


def own_program(part: Part) -> Session:
    """The part's own rows alone, held ready to answer prices."""
    return Session(own_rows_only(part))


def own_rows_only(part: Part) -> Model:
    model, rows = part.model, part.own_rows
    end = model.matrix.start[rows]
    matrix = replace(
        model.matrix, start=model.matrix.start[: rows + 1], index=model.matrix.index[:end],
        data=model.matrix.data[:end],
    )  # fmt: skip
    return replace(
        model, matrix=matrix, bound=model.bound[:rows], unit_row=model.unit_row[:rows],
        row_owner=model.row_owner[:rows],
    )  # fmt: skip


def answer_to(part: Part, price: Floats, session: Session | None = None) -> Draft:
    """What the part would do if what it draws of each shared row cost `price` (and what it gives
    earned it)."""
    model = part.model
    row = np.repeat(np.arange(model.matrix.rows), np.diff(model.matrix.start))
    of_shared = row >= part.own_rows
    paid = price[row[of_shared] - part.own_rows] * model.matrix.data[of_shared]
    cost = np.bincount(model.matrix.index[of_shared], paid, minlength=model.matrix.columns)
    worth = (model.worth - cost).astype(np.float64)
    session = session or own_program(part)
    session.set_worth(worth)
    return session.solve()
