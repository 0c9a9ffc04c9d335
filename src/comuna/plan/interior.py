"""An interior-point method for plans, made for their shape: its equations are factored piece by
piece (`pieces`).

For maximise c·x, A x + s = b, 0 ≤ x ≤ u, s ≥ 0 it keeps t = u − x, and prices y of the rows, z of
x ≥ 0 and w of x ≤ u; it follows the path on which x·z, t·w and s·y are all alike down to nothing.
Each factoring is used for several corrections, each taken in the share that lets the step be
longest.
Sources: Mehrotra (1992), *On the Implementation of a Primal-Dual Interior Point Method*; Gondzio
(1996), *Multiple Centrality Corrections in a Primal-Dual Method for Linear Programming*; Colombo &
Gondzio (2008), *Further Development of Multiple Centrality Correctors for Interior Point Methods*.
"""

from dataclasses import dataclass

import numpy as np

from comuna.plan.model import Floats, Model
from comuna.plan.panels import Panels
from comuna.plan.pieces import Entries, Factor, Pieces
from comuna.plan.problem import Ints
from comuna.plan.progress import Progress, Tell, silent
from comuna.plan.scaled import Scaled

SOLVER = "interior"
STEPS = 300
CLOSE = 0.98
"""How far towards the nearest bound a step goes."""
CORRECTIONS, REACH, GAIN = 6, 0.3, 0.02
"""At most so many corrections a factoring, each aiming to lengthen the step by so much, while they
lengthen it by so much at least."""
SHARES = (0.3, 0.6, 1.0)
FAITHFUL = 1e-6
"""A factoring is coarse whose first solution errs by more than this share of what it solves."""
TOO_WIDE = 100
"""A column with more entries than this ties everything together."""


@dataclass(frozen=True)
class _Program:
    """maximise worth·x, A x ≤ bound, 0 ≤ x ≤ most, in the solver's units."""

    entries: Entries
    bound: Floats
    worth: Floats
    most: Floats
    pieces: Pieces


@dataclass(frozen=True)
class _Point:
    """Positive throughout: `holds` is x, then t, then s; `prices` z, then w, then y."""

    holds: Floats
    prices: Floats

    def moved(self, way: "_Point", primal: float, dual: float) -> "_Point":
        return _Point(self.holds + primal * way.holds, self.prices + dual * way.prices)


class Interior:
    """A model made ready for the method."""

    def __init__(self, model: Model) -> None:
        self.model, self.scaled = model, Scaled(model)
        scaled, entries = self.scaled, self.scaled.entries
        shared, cluster = _shared(model, entries)
        pieces = Pieces(entries, shared, cluster)
        self._program = _Program(entries, scaled.bound, scaled.worth, scaled.most, pieces)

    @staticmethod
    def of(model: Model, limit: float = np.inf) -> "Interior | None":
        """None where a column ties too many rows together, or where a step would take more than
        `limit` multiplications; what hubs share is counted first, since it can be told cheaply."""
        if np.bincount(model.matrix.index, minlength=1).max() > TOO_WIDE:
            return None
        if np.isfinite(limit) and _work_of_hubs(model) > limit:
            return None
        interior = Interior(model)
        return interior if interior.work <= limit else None

    @property
    def work(self) -> float:
        """About how many multiplications a step takes."""
        return self._program.pieces.work

    def solve(self, gap: float, tell: Tell = silent) -> tuple[Floats, Floats]:
        """A plan and prices within `gap` of each other (both in the model's own counting), or the
        last after `STEPS`."""
        program = self._program
        columns = program.entries.columns
        at = _start(program)
        best, prices = np.inf, at.prices[2 * columns :]
        for step in range(STEPS):
            x, _, s = _parts(at.holds, columns)
            z, w, y = _parts(at.prices, columns)
            missing = program.bound - program.entries.times(x) - s
            reduced = program.worth - program.entries.times_turned(y)
            proved = float(program.bound @ y + np.maximum(reduced, 0) @ program.most)
            if proved < best:
                best, prices = proved, y
            worth = float(program.worth @ x)
            amiss = float(np.abs(missing).sum() / (1 + np.abs(program.bound).sum()))
            scale = self.scaled.worth_scale
            tell(Progress(SOLVER, step, worth * scale, best * scale, amiss))
            if best - worth <= gap * best and amiss <= gap:
                break
            at = _step(program, at, missing, reduced - w + z)
        return self.scaled.plan(x), self.scaled.prices(prices)


def _parts(pairs: Floats, columns: int) -> tuple[Floats, Floats, Floats]:
    return pairs[:columns], pairs[columns : 2 * columns], pairs[2 * columns :]


def _start(program: _Program) -> _Point:
    """Everybody's x at half of its most, but none above the middle one; one price for all."""
    rows, columns, most = program.entries.rows, program.entries.columns, program.most
    middle = float(np.median(most)) or 1.0
    x = np.minimum(most / 2, middle)
    s = np.maximum(program.bound - program.entries.times(x), middle)
    price = 0.03 * float(np.abs(program.worth).max())
    return _Point(np.concatenate([x, most - x, s]), np.full(2 * columns + rows, price))


def _step(program: _Program, at: _Point, missing: Floats, amiss: Floats) -> _Point:
    direction = _Direction(program, at)
    products = at.holds * at.prices
    mean = float(products.mean())
    way = direction.towards(-products, missing, amiss)
    primal, dual = _length(way.holds / at.holds), _length(way.prices / at.prices)
    reached = float((at.holds + primal * way.holds) @ (at.prices + dual * way.prices))
    target = mean * (reached / len(products) / mean) ** 3
    extra = direction.towards(target - way.holds * way.prices)
    way, primal, dual = _mixed(at, way, extra, 0.0, 0.0)
    for _ in range(CORRECTIONS):
        if min(primal, dual) > 1 - REACH / 3:
            break
        tried = at.moved(way, min(1, primal + REACH), min(1, dual + REACH))
        extra = direction.towards(_back(tried.holds * tried.prices, target))
        before = primal + dual
        way, primal, dual = _mixed(at, way, extra, primal, dual)
        if primal + dual < before + GAIN:
            break
    return at.moved(way, min(1, CLOSE * primal), min(1, CLOSE * dual))


class _Direction:
    """Newton's equations at one point, factored."""

    def __init__(self, program: _Program, at: _Point) -> None:
        columns = program.entries.columns
        x, t, s = _parts(at.holds, columns)
        z, w, y = _parts(at.prices, columns)
        self.program, self.at = program, at
        self.weight = 1 / (z / x + w / t)
        self.added = s / y
        self.factor: Factor = program.pieces.factor(self.weight, self.added)
        self.faithful: bool | None = None

    def towards(self, products: Floats, missing: Floats | float = 0.0, amiss: Floats | float = 0.0
    ) -> _Point:  # fmt: skip
        """The way on which products change by `products`, rows by `missing`, columns by `amiss`."""
        entries, at = self.program.entries, self.at
        columns = entries.columns
        by_x, by_t, _ = _parts(products / at.holds, columns)
        by_y = products[2 * columns :] / at.prices[2 * columns :]
        pull = amiss + by_x - by_t
        y = self._solved(entries.times(self.weight * pull) + by_y - missing)
        x = self.weight * (pull - entries.times_turned(y))
        holds = np.concatenate([x, -x, by_y - self.added * y])
        prices = (products - at.prices * holds) / at.holds
        prices[2 * columns :] = y
        return _Point(holds, prices)

    def _solved(self, right: Floats) -> Floats:
        """Refined once where the factoring was found to be coarse."""
        y = self.factor.times(right)
        if self.faithful:
            return y
        entries = self.program.entries
        error = right - entries.times(self.weight * entries.times_turned(y)) - self.added * y
        self.faithful = bool(np.abs(error).max() <= FAITHFUL * np.abs(right).max())
        return y if self.faithful else y + self.factor.times(error)


def _mixed(
    at: _Point, way: _Point, extra: _Point, primal: float, dual: float
) -> tuple[_Point, float, float]:
    """The way with that share of `extra` which lets the step be longest; primal and dual apart."""
    holds, primal = _longest(at.holds, way.holds, extra.holds, primal)
    prices, dual = _longest(at.prices, way.prices, extra.prices, dual)
    return _Point(holds, prices), primal, dual


def _longest(now: Floats, way: Floats, extra: Floats, length: float) -> tuple[Floats, float]:
    way_of = way / now
    both_of = (way + extra) / now
    near = np.minimum(way_of, both_of) < -1  # nothing else can shorten a step, whatever the share
    way_of, extra_of = way_of[near], both_of[near] - way_of[near]
    best = 0.0
    for share in SHARES:
        longer = _length(way_of + share * extra_of)
        if longer >= length:
            best, length = share, longer
    return way + best * extra, length


def _length(relative: Floats) -> float:
    least = float(relative.min(initial=0.0))
    return 1.0 if least >= -1 else -1 / least


def _back(products: Floats, target: float) -> Floats:
    """What brings products back to between a tenth and twice the target."""
    return np.maximum(np.clip(products, 0.1 * target, 2 * target) - products, -2 * target)


def _shared(model: Model, entries: Entries) -> tuple[np.ndarray, Ints]:
    """Which rows several bodies draw on, or none; and for each of those its cluster: the body it
    belongs to, or that of the first body's row it shares a column with."""
    owner = model.owner[entries.column]
    least, most = np.full(entries.rows, len(owner)), np.full(entries.rows, -1)
    np.minimum.at(least, entries.row, owner)
    np.maximum.at(most, entries.row, owner)
    shared = (least != most) | (least < 0)
    cluster = model.row_owner.copy()
    first = np.full(entries.columns, np.iinfo(np.int64).max)
    theirs = cluster[entries.row]
    owned = shared[entries.row] & (theirs >= 0)
    np.minimum.at(first, entries.column[owned], theirs[owned])
    nobodys = shared[entries.row] & (theirs < 0)
    near = np.full(entries.rows, np.iinfo(np.int64).max)
    np.minimum.at(near, entries.row[nobodys], first[entries.column[nobodys]])
    cluster = np.where(cluster < 0, near, cluster)[shared]
    return shared, np.unique(cluster, return_inverse=True)[1]


def _work_of_hubs(model: Model) -> float:
    """About how many multiplications the shared rows take a step, by the columns that join the
    clusters of two."""
    entries = Scaled(model).entries
    shared, cluster = _shared(model, entries)
    of_row = np.full(entries.rows, -1)
    of_row[shared] = cluster
    kept = of_row[entries.row] >= 0
    column, met = entries.column[kept], of_row[entries.row[kept]]
    same = np.flatnonzero(np.diff(column) == 0)
    pairs = np.unique(np.stack([met[same], met[same + 1]]), axis=1)
    return Panels(cluster, [(int(one), int(other)) for one, other in pairs.T]).work
