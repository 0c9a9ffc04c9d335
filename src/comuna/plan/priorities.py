"""Whose needs come first: the three modes between which an assembly chooses.

*harmony* adds up worth that falls as a need is met; it may give up the remote. *floor* first lifts
the worst-met basic need as high as it goes ("nobody below…"), then takes harmony above it.
*leximin* lifts the worst, then the next worst, and so on, tier by tier; it may level down. Every
stage is a linear program whose prices prove that no plan lifts that floor higher.
Source of progressive filling: Ogryczak, Pióro & Tomaszewski (2005), §4.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from comuna.plan.certificate import Prices, bound
from comuna.plan.counting import FITS
from comuna.plan.errors import PlanError
from comuna.plan.exact import Sparse
from comuna.plan.executable import executable, slack, trim
from comuna.plan.model import Block, Model, sparse
from comuna.plan.problem import USE, Ints, Problem
from comuna.plan.solver import Draft, solve

MODES = ("harmony", "floor", "leximin")
FULL = 10**6
"""A level of a need is counted in millionths of its norm."""
FLOOR, LEVEL = "floor", "level"
RISES, FREE = -1, -2
SURE = 1 - 1e-7
"""How much of a lift is asked of the stages after it: solvers calculate to about so much."""

Solve = Callable[[Model], Draft]


@dataclass(frozen=True)
class Floors:
    """How many steps of each need (in the order of `met_needs`) must be met, or `RISES` with the
    common level, or `FREE` of any floor. (A floor of 0 asks for nothing, but may have a price.)"""

    steps: Ints


@dataclass(frozen=True)
class Stage:
    """One lift of the common level: `floors` say which needs rose and which stood; `level` is what
    the plan reached, `best` what the prices prove that none exceeds, both in millionths."""

    floors: Floors
    level: int
    best: int
    prices: Prices


@dataclass(frozen=True)
class Needed:
    """The needs, one for each period they are wanted in, with their columns side by side."""

    need: Ints
    period: Ints
    norm: Ints
    tier: Ints
    first: Ints
    of_column: Ints

    @property
    def size(self) -> int:
        return len(self.need)


def met_needs(problem: Problem, model: Model) -> Needed:
    """The needs of a problem in the order of their columns."""
    keys = model.columns["consumption"].keys
    periods = len(problem.periods.period)
    code = keys["need"] * periods + keys["period"]
    first = np.flatnonzero(np.diff(code, prepend=-1))
    need = keys["need"][first]
    return Needed(
        need,
        keys["period"][first],
        problem.needs.quantity[need],
        problem.tiers.tier[problem.needs.tier[need]],
        first,
        np.repeat(np.arange(len(first)), np.diff([*first, len(code)])),
    )


def met(needed: Needed, model: Model, x: Ints) -> Ints:
    """How many steps of each need a plan meets."""
    return np.add.reduceat(x[model.columns["consumption"].span], needed.first)


def with_floors(model: Model, needed: Needed, floors: Floors) -> Model:
    """The model with floors under needs; with a column for the common level if any need rises."""
    under = np.flatnonzero(floors.steps != FREE)
    if not len(under):
        return model
    place = np.full(needed.size, -1)
    place[under] = np.arange(len(under))
    first = model.matrix.rows
    consumption = model.columns["consumption"]
    row = place[needed.of_column]
    rises = floors.steps[under] == RISES
    rising, asked = np.flatnonzero(rises), np.maximum(floors.steps[under], 0)
    # what stands on a floor too high to be multiplied is counted in whole steps
    times = np.where(rises | (asked <= FITS // FULL), FULL, 1)
    kept = row >= 0
    columns = np.arange(consumption.first, consumption.first + consumption.size)[kept]
    entries = [
        _entries_of(model.matrix),
        (row[kept] + first, columns, -times[row[kept]]),
    ]
    width = model.matrix.columns
    if len(rising):
        entries.append((rising + first, np.full(len(rising), width), needed.norm[under][rising]))
        model = _with_level(model, width)
        width += 1
    norm = needed.norm[under]
    return replace(
        model,
        matrix=sparse(entries, first + len(under), width),
        bound=np.concatenate([model.bound, -asked * times]),
        unit_row=np.concatenate([model.unit_row, norm * times.astype(np.float64)]),
        row_owner=np.concatenate([model.row_owner, np.full(len(under), -1)]),
        rows={**model.rows, FLOOR: Block(FLOOR, first, {"need": under})},
    )


def _with_level(model: Model, place: int) -> Model:
    """The common level as a last column, and nothing else of worth."""
    return replace(
        model,
        worth=np.append(np.zeros_like(model.worth), 1),
        most=np.append(model.most, FULL),
        unit_x=np.append(model.unit_x, float(FULL)),
        owner=np.append(model.owner, -1),
        thrift=np.append(model.thrift, 0.0),
        columns={**model.columns, LEVEL: Block(LEVEL, place, {"level": np.zeros(1, np.int64)})},
    )


def _entries_of(matrix: Sparse) -> tuple[Ints, Ints, Ints]:
    return np.repeat(np.arange(matrix.rows), np.diff(matrix.start)), matrix.index, matrix.data


@dataclass(frozen=True)
class Answer:
    """A plan in whole steps of the model without floors, the floors it stands on, the prices of
    the model with those floors, and the stages that found them."""

    x: Ints
    floors: Floors
    prices: Prices
    stages: tuple[Stage, ...]
    solver: str


def prioritise(problem: Problem, model: Model, mode: str, solve_one: Solve = solve) -> Answer:
    """The plan of a mode. `solve_one` finds a draft of a model."""
    needed = met_needs(problem, model)
    asked, found = find_floors(needed, model, mode, solve_one)
    draft = solve_one(with_floors(model, needed, asked))
    x = executable(model, draft.x)
    x = trim(model, _raise_to(model, needed, asked, x))
    _refuse_growth(problem, model, x)
    reached = np.where(asked.steps == FREE, FREE, np.minimum(asked.steps, met(needed, model, x)))
    stages = tuple(_proved(model, needed, stage, reached) for stage in found)
    return Answer(x, Floors(reached), Prices.fine(draft.y), stages, draft.solver)


def _refuse_growth(problem: Problem, model: Model, x: Ints) -> None:
    """Raise PlanError where a recipe that only its goods bound is run as often as goods could ever
    go round: it makes ever more out of itself."""
    block, able = model.columns["activity"], problem.abilities
    free = np.ones(len(problem.recipes.recipe), dtype=bool)
    free[problem.lines.recipe[problem.lines.kind == USE]] = False
    endless = np.flatnonzero(free[able.recipe] & (able.at_most < 0)).tolist()
    open_ended = {(int(able.body[at]), int(able.recipe[at])) for at in endless}
    full = np.flatnonzero(x[block.span] >= 0.9 * np.maximum(model.most[block.span], 1))
    for at in full.tolist() if open_ended else ():
        body, recipe = int(block.keys["body"][at]), int(block.keys["recipe"][at])
        if (body, recipe) in open_ended:
            raise PlanError(
                "{recipe} at {body} would make ever more out of its own goods, round and round; "
                "give at_most in abilities",
                recipe=problem.recipes.recipe[recipe], body=problem.bodies.body[body],
            )  # fmt: skip


def common_level(needed: Needed, floors: Floors, rose: np.ndarray) -> int:
    """The level of the lowest of these floors, in millionths of its norm."""
    return int((floors.steps[rose] * FULL // needed.norm[rose]).min(initial=FULL))


def _raise_to(model: Model, needed: Needed, asked: Floors, x: Ints) -> Ints:
    """Where rounding left a need below its floor and the same body and good has a better-met need,
    nothing is taken from it; what is unused is handed to those below the floor first."""
    below = (asked.steps > 0) & (met(needed, model, x) < asked.steps)
    if not below.any():
        return x
    left = slack(model, x)
    block = model.columns["consumption"]
    x = x.copy()
    for at in np.flatnonzero(below[needed.of_column]).tolist():
        column = block.first + at
        rows, values = _column_of_consumption(model, column)
        room = min(int(left[r]) // v for r, v in zip(rows, values, strict=True))
        more = max(0, min(room, int(model.most[column] - x[column])))
        x[column] += more
        for r, v in zip(rows, values, strict=True):
            left[r] -= more * v
    return x


def _column_of_consumption(model: Model, column: int) -> tuple[list[int], list[int]]:
    at = np.flatnonzero(model.matrix.index == column)
    rows = np.searchsorted(model.matrix.start, at, side="right") - 1
    return rows.tolist(), model.matrix.data[at].tolist()


@dataclass(frozen=True)
class _Found:
    floors: Floors
    y: np.ndarray


def find_floors(
    needed: Needed, model: Model, mode: str, solve_one: Solve
) -> tuple[Floors, list[_Found]]:
    """The floors that a mode sets under the needs, and each lift that found them."""
    steps = np.full(needed.size, FREE)
    found: list[_Found] = []
    if mode == "harmony":
        return Floors(steps), found
    tiers = sorted(set(needed.tier.tolist()))
    for tier in tiers[:1] if mode == "floor" else tiers:
        rising = needed.tier == tier
        while rising.any():
            floors = Floors(np.where(rising, RISES, steps))
            staged = with_floors(model, needed, floors)
            draft = solve_one(staged)
            found.append(_Found(floors, draft.y))
            reached = float(draft.x[staged.columns[LEVEL].first]) * SURE
            block = staged.rows[FLOOR]
            y = draft.y[block.span] * needed.norm[block.keys["need"]]
            tight = np.zeros(needed.size, dtype=bool)
            tight[block.keys["need"]] = y > 1e-7
            stands = rising & tight
            if mode == "floor" or reached >= FULL - 1 or not stands.any():
                stands = rising
            steps[stands] = np.floor(needed.norm[stands] * (reached / FULL))
            rising = rising & ~stands
    return Floors(steps), found


def _proved(model: Model, needed: Needed, found: _Found, reached: Ints) -> Stage:
    """The stage with the floors as the published plan reaches them, and its bound, exactly."""
    rose, free = found.floors.steps == RISES, found.floors.steps == FREE
    floors = Floors(np.where(rose, RISES, np.where(free, FREE, reached)))
    prices = Prices.fine(found.y)
    best = bound(with_floors(model, needed, floors), prices)
    level = common_level(needed, Floors(reached), rose)
    return Stage(floors, level, min(FULL, int(best)), prices)
