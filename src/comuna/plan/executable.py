"""From a solver's proposal to a plan that can be carried out as it stands, in whole steps.

Rounding and a first-order method both leave rows that promise more than there is. Since doing
nothing is always a plan, lowering columns always leads to one: each overdrawn row lowers those
who draw on it, what is eaten first (the least urgent part before the others), then what is sent
and stored, then activities, until no row is overdrawn. What lies unused afterwards is given to the most urgent unmet needs.
"""

import numpy as np

from comuna.plan.errors import PlanError
from comuna.plan.exact import SAFE
from comuna.plan.model import Floats, Model
from comuna.plan.problem import Ints

AFTER_CONSUMPTION = (("sent", "received", "way", "stored", "level"), ("activity",))
SWEEPS = 10_000


def executable(model: Model, draft: Floats) -> Ints:
    """A plan in whole steps near the draft that overdraws no row."""
    x = np.clip(np.rint(draft), 0, model.most).astype(np.int64)
    x = lower(model, x)
    return give_out(model, x)


def slack(model: Model, x: Ints) -> Ints:
    """b − A x. Exact: raises PlanError where 64 bits would not do."""
    over = model.matrix.times(x).minus(model.bound)
    if over.dtype == object and max(map(abs, over), default=0) >= SAFE:
        raise PlanError("the quantities are too large for their smallest steps; use larger steps")
    return -over.astype(np.int64)


def lower(model: Model, x: Ints) -> Ints:
    """Lower columns until no row is overdrawn."""
    ranks = _ranks(model)
    row_of = np.repeat(np.arange(model.matrix.rows), np.diff(model.matrix.start))
    draws = model.matrix.data > 0
    row, column, value = row_of[draws], model.matrix.index[draws], model.matrix.data[draws]
    for _ in range(SWEEPS):
        missing = -slack(model, x)
        if not (missing > 0).any():
            return x
        touched = (missing[row] > 0) & (x[column] > 0)
        x = _sweep(x, missing, row[touched], column[touched], value[touched], ranks)
    raise PlanError("the plan could not be made executable; tell the authors of this program")


def _ranks(model: Model) -> Ints:
    """In which turn each column is lowered."""
    ranks = np.zeros(len(model.most), dtype=np.int64)
    part = model.columns["consumption"].keys["part"]
    last = int(part.max(initial=0))
    ranks[model.columns["consumption"].span] = last - part
    for rank, kinds in enumerate(AFTER_CONSUMPTION, last + 1):
        for kind in kinds:
            if kind in model.columns:
                ranks[model.columns[kind].span] = rank
    return ranks


def _sweep(x: Ints, missing: Ints, row: Ints, column: Ints, value: Ints, ranks: Ints) -> Ints:
    """Lower, for each overdrawn row, its first rank of drawing columns by the same share, and the
    next rank only for what is still missing."""
    left = missing.astype(np.float64)
    after = x.copy()
    for rank in range(int(ranks.max()) + 1):
        of_rank = (ranks[column] == rank) & (left[row] > 0)
        if not of_rank.any():
            continue
        r, c, v = row[of_rank], column[of_rank], value[of_rank]
        drawn = np.bincount(r, v * x[c].astype(np.float64), minlength=len(missing))
        share = np.minimum(1.0, np.divide(left, drawn, out=np.zeros_like(left), where=drawn > 0))
        lowered = np.minimum(x[c], np.ceil(x[c] * share[r]).astype(np.int64))
        np.minimum.at(after, c, x[c] - lowered)
        left -= np.bincount(r, v * lowered.astype(np.float64), minlength=len(missing))
    return after


def give_out(model: Model, x: Ints) -> Ints:
    """Hand what lies unused where it is to the needs there, the most urgent part first."""
    block = model.columns["consumption"]
    places = np.arange(block.first, block.first + block.size)
    row, step = _drawn_by(model, block.span)
    left = slack(model, x)
    can = (x[places] < model.most[places]) & (left[row] >= step)
    order = np.flatnonzero(can)[np.argsort(-model.worth[places[can]], kind="stable")]
    x = x.copy()
    for at in order.tolist():
        place, here, each = places[at], row[at], int(step[at])
        more = min(int(left[here]) // each, int(model.most[place] - x[place]))
        x[place] += more
        left[here] -= more * each
    return x


def _drawn_by(model: Model, span: slice) -> tuple[Ints, Ints]:
    """The balance row on which each consumption column draws, and how much a step draws there."""
    row_of = np.repeat(np.arange(model.matrix.rows), np.diff(model.matrix.start))
    index, data = model.matrix.index, model.matrix.data
    here = (index >= span.start) & (index < span.stop) & (data > 0)
    row = np.zeros(span.stop - span.start, dtype=np.int64)
    step = np.ones(span.stop - span.start, dtype=np.int64)
    row[index[here] - span.start] = row_of[here]
    step[index[here] - span.start] = data[here]
    return row, step
