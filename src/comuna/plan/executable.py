"""From a solver's proposal to a plan that can be carried out as it stands, in whole steps.

Rounding and a first-order method both leave rows that promise more than there is. Since doing
nothing is always a plan, lowering columns always leads to one: each overdrawn row lowers those
who draw on it, what is eaten first (the least urgent part before the others), then what is sent
and stored, then activities, until no row is overdrawn. What lies unused afterwards is given to the
most urgent unmet needs; and what was made, moved or stored only to be left over is not done at all.
"""

import numpy as np

from comuna.plan.errors import PlanError
from comuna.plan.exact import SAFE
from comuna.plan.model import Floats, Model
from comuna.plan.problem import Ints

AFTER_CONSUMPTION = (("sent", "received", "way", "stored", "level"), ("activity",))
GENTLE = 1000
"""So many sweeps lower by shares; after that, whatever draws on an overdrawn row stops."""
PATIENT = 100
"""After so many sweeps they lower by twice what is missing, after as many again by three times…:
where goods are made from each other in a circle, lowering each by just what is missing goes round
and round in ever smaller steps."""

SWEEPS = 500
"""So many times what is left over is taken back, from where it lies to where it was made."""
WHOLE_UPTO, LITTLE, QUIET = 60_000, 1e-6, 20
"""In models with more non-zeros, trimming ends after so many sweeps of which none spares more than
this share of everything taken."""
TRIMMED = 10**6
"""Less than a millionth of a column is not trimmed."""


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
    for sweep in range(GENTLE + len(x)):
        missing = -slack(model, x)
        if not (missing > 0).any():
            return x
        touched = (missing[row] > 0) & (x[column] > 0)
        if sweep >= GENTLE:
            x = x.copy()
            x[column[touched]] = 0
        else:
            wanted = missing * (1 + sweep // PATIENT)
            x = _sweep(x, wanted, row[touched], column[touched], value[touched], ranks)
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
    """Lower, for each overdrawn row, who draws on it in turn, the largest first, by just what is
    missing."""
    amount = value * x[column].astype(np.float64)
    order = np.lexsort((-amount, ranks[column], row))
    row, column, value, amount = row[order], column[order], value[order], amount[order]
    upto = np.cumsum(amount)
    first = np.flatnonzero(np.diff(row, prepend=-1))
    before = upto - amount - np.repeat((upto - amount)[first], np.diff([*first, len(row)]))
    wanted = np.clip(missing[row] - before, 0, amount)
    lowered = np.minimum(np.ceil(wanted / value).astype(np.int64), x[column])
    after = x.copy()
    np.minimum.at(after, column, x[column] - lowered)
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


def trim(model: Model, x: Ints) -> Ints:
    """Lower whatever only adds to what is left over: activities, deliveries and stores all of whose
    outputs nobody takes. Nothing that is eaten changes, and nobody has less. Of several that give
    to one place the one that takes most labour and inputs is lowered first."""
    idle = model.worth <= 0
    idle[model.columns["consumption"].span] = False
    row_of = model.matrix.row
    gives = np.flatnonzero((model.matrix.data < 0) & idle[model.matrix.index])
    row, column, value = row_of[gives], model.matrix.index[gives], -model.matrix.data[gives]
    x = x.copy()
    useless = idle & (np.bincount(column, minlength=len(x)) == 0)
    x[useless] = 0
    left, quiet = slack(model, x), 0
    little = LITTLE * float(model.thrift @ x) if len(model.matrix.data) > WHOLE_UPTO else 0.0
    for _ in range(SWEEPS):
        lowered = _spared(model, x, left, row, column, value)
        quiet = 0 if float(model.thrift @ lowered) > little else quiet + 1
        if not lowered.any() or quiet > QUIET:
            break
        x -= lowered
        left = slack(model, x)
    return x


def _spared(model: Model, x: Ints, left: Ints, row: Ints, column: Ints, value: Ints) -> Ints:
    """By how much each column can be lowered at once: at each row the dearest alone, and by what is
    left at all of its rows."""
    most = x.copy()
    np.minimum.at(most, column, left[row] // value)
    most[most * TRIMMED < x] = 0  # rounding leaves a little everywhere
    can = most[column] > 0
    row, column, value = row[can], column[can], value[can]
    order = np.lexsort((column, -(model.thrift[column] / value), row))
    first = np.diff(row[order], prepend=-1) > 0
    outdone = np.zeros(len(x), dtype=bool)
    outdone[column[order][~first]] = True
    # whoever is first at all of its rows; where they wait for each other in a circle, the first
    chosen = np.zeros(len(x), dtype=bool)
    chosen[column] = True
    chosen &= ~outdone
    if len(column) and not chosen.any():
        chosen[column[order][0]] = True
    return np.where(chosen, most, 0)


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
