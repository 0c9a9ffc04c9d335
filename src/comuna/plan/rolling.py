"""Planning again and again: from what happened, a few periods ahead, changing little.

Only the first period of a plan is a promise. When it is over, what is really in stock and what is
really under way open the next problem; the new plan keeps to the old one unless a change is worth
it; and crops are planned at the lower quartile of the unit's own records, so that half-bad years
do not break promises (docs/plan.md has the measurements).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from comuna.plan import problem as p
from comuna.plan.build import build
from comuna.plan.errors import PlanError
from comuna.plan.model import Block, Model, sparse
from comuna.plan.priorities import prioritise
from comuna.plan.problem import LEVEL, Ints, Problem
from comuna.plan.published import Plan
from comuna.plan.solver import Draft, solve

KEPT = "kept"


def lower_quartile(records: Sequence[int]) -> int:
    """The value that three records in four reach: the records in order, the one at a quarter of
    the way, rounded down. Raises PlanError without records."""
    if not records:
        raise PlanError("no records to plan by; give at least one harvest")
    return sorted(records)[(len(records) - 1) // 4]


def with_harvests(problem: Problem, records: Mapping[tuple[str, str], Sequence[int]]) -> Problem:
    """The problem with the harvest of each (body, recipe) at the lower quartile of its records,
    each in thousandths of what the recipe says. Raises PlanError where nobody has that ability."""
    able = problem.abilities
    bodies, recipes = p.where(problem.bodies.body), p.where(problem.recipes.recipe)
    harvest = able.harvest.copy()
    for (body, recipe), seen in records.items():
        at = (able.body == bodies.get(body, -1)) & (able.recipe == recipes.get(recipe, -1))
        if not at.any():
            raise PlanError(f"{body!r} has no ability {recipe!r}; add it to abilities first")
        harvest[at] = lower_quartile(seen)
    return replace(problem, abilities=replace(able, harvest=harvest))


def look_ahead(plan: Plan, first: int, periods: int, counted: Mapping[tuple[str, str], int]
) -> Problem:  # fmt: skip
    """The next problem: `periods` periods from `first` on, opening with what was counted (steps of
    each (body, good); what is not counted is 0), with what the plan has under way: harvests still
    to come arrive, and means still to be used for them are not free.

    Raises PlanError where the window is empty or a counted good is unknown.
    """
    problem = plan.problem
    last = min(first + periods, len(problem.periods.period))
    if not 0 <= first < last:
        raise PlanError(f"no period {first}; the plan has {len(problem.periods.period)}, from 0")
    inside = np.arange(first, last)
    return replace(
        problem,
        periods=p.Periods(
            problem.periods.period[first:last],
            problem.periods.es[first:last],
            problem.periods.en[first:last],
        ),
        stocks=_stocks(plan, inside, counted),
        capacities=_capacities(plan, inside),
        needs=_needs(problem.needs, inside),
    )


def _under_way(plan: Plan, kind: int, inside: Ints) -> list[tuple[int, int, int, int]]:
    """(body, item, period, steps) that activities begun before the window give or use in it."""
    block, able, lines = plan.model.columns["activity"], plan.problem.abilities, plan.problem.lines
    share = {
        (b, r): (e, h)
        for b, r, e, h in zip(
            able.body.tolist(), able.recipe.tolist(), able.effort.tolist(), able.harvest.tolist(),
            strict=True,
        )
    }  # fmt: skip
    found = []
    for at in np.flatnonzero(plan.answer.x[block.span]).tolist():
        body, recipe, start = (int(block.keys[k][at]) for k in ("body", "recipe", "period"))
        if start >= inside[0]:
            continue
        level = int(plan.answer.x[block.first + at])
        effort, harvest = share[body, recipe]
        for line in np.flatnonzero((lines.recipe == recipe) & (lines.kind == kind)).tolist():
            when = start + int(lines.after[line])
            if inside[0] <= when <= inside[-1]:
                each = int(lines.quantity[line])
                if kind == p.USE:
                    used = -(-each * effort // 1000) * level
                    found.append((body, int(lines.item[line]), when, -(-used // LEVEL)))
                else:
                    given = (each * harvest // 1000) * level // LEVEL
                    found.append((body, int(lines.item[line]), when, given))
    return found


def _stocks(plan: Plan, inside: Ints, counted: Mapping[tuple[str, str], int]) -> p.Stocks:
    problem, old = plan.problem, plan.problem.stocks
    bodies, goods = p.where(problem.bodies.body), p.where(problem.goods.good)
    have: dict[tuple[int, int, int], int] = {}
    for (body, good), steps in counted.items():
        if body not in bodies or good not in goods:
            raise PlanError(f"{good!r} at {body!r} is counted, but one of them is not in the plan")
        have[bodies[body], goods[good], 0] = steps
    expected = zip(old.body.tolist(), old.good.tolist(), np.maximum(old.period, 0).tolist(),
                   old.opening.tolist(), strict=True)  # fmt: skip
    later = [line for line in expected if inside[0] < line[2] <= inside[-1]]
    for body, good, when, steps in later + _under_way(plan, p.OUTPUT, inside):
        place = (body, good, when - int(inside[0]))
        have[place] = have.get(place, 0) + steps
    room = {(b, g): r for b, g, r in zip(old.body.tolist(), old.good.tolist(), old.room.tolist(),
                                         strict=True) if r >= 0}  # fmt: skip
    for body, good in room:
        have.setdefault((body, good, 0), 0)
    rows = [(b, g, t, n, room.get((b, g), -1)) for (b, g, t), n in sorted(have.items())]
    return p.Stocks(*np.array(rows, dtype=np.int64).reshape(-1, 5).T)


def _capacities(plan: Plan, inside: Ints) -> p.Capacities:
    """The means of the window, period by period, less what is already at work."""
    table = plan.problem.capacities
    have: dict[tuple[int, int, int], int] = {}
    for general in (True, False):  # a row for one period overrides the row for each
        for body, mean, period, quantity in zip(
            *(c.tolist() for c in (table.body, table.mean, table.period, table.quantity)),
            strict=True,
        ):
            if (period < 0) == general:
                for when in inside.tolist() if general else [period]:
                    have[body, mean, when] = quantity
    for body, mean, when, used in _under_way(plan, p.USE, inside):
        have[body, mean, when] = max(0, have.get((body, mean, when), 0) - used)
    rows = [(b, m, t - int(inside[0]), n) for (b, m, t), n in have.items() if t in inside]
    return p.Capacities(*np.array(rows, dtype=np.int64).reshape(-1, 4).T)


def _needs(needs: p.Needs, inside: Ints) -> p.Needs:
    kept = (needs.period < 0) | np.isin(needs.period, inside)
    cut = {name: values[kept] for name, values in vars(needs).items()}
    cut["period"] = np.where(cut["period"] < 0, -1, cut["period"] - inside[0])
    return p.Needs(**cut)


def replan(problem: Problem, before: Plan, mode: str, keep: int = 50) -> Plan:
    """A plan of the problem that keeps to an earlier plan's activities: changing one, up or down,
    costs `keep` thousandths of the worth of what it makes. Activities are matched by body, recipe
    and period name. Its certificate is that of the problem itself."""
    model = build(problem)
    old = _old_levels(problem, model, before)
    fee = _fees(model, before, keep)

    def near(asked: Model) -> Draft:
        if not asked.worth.any() or "level" in asked.columns:
            return solve(asked)
        draft = solve(keeping(asked, old, fee))
        return replace(draft, x=draft.x[: len(asked.most)], y=draft.y[: asked.matrix.rows])

    return Plan.of(problem, model, mode, "direct", prioritise(problem, model, mode, near))


def _old_levels(problem: Problem, model: Model, before: Plan) -> Ints:
    """For each activity of the new model its level in the earlier plan."""
    block, earlier = model.columns["activity"], before.model.columns["activity"]

    def names(of: Problem, columns: Block) -> list[tuple[str, str, str]]:
        tables = of.bodies.body, of.recipes.recipe, of.periods.period
        keys = (columns.keys[k].tolist() for k in ("body", "recipe", "period"))
        bodies, recipes, periods = tables
        return [(bodies[b], recipes[r], periods[t]) for b, r, t in zip(*keys, strict=True)]

    levels = before.answer.x[earlier.span].tolist()
    known = dict(zip(names(before.problem, earlier), levels, strict=True))
    return np.array([known.get(name, 0) for name in names(problem, block)], dtype=np.int64)


def _fees(model: Model, before: Plan, keep: int) -> Ints:
    """What changing each activity by one step costs, by what it makes at the earlier prices: the
    mean price of each good over bodies and periods."""
    balance = before.model.rows["balance"]
    y = before.answer.prices.prices[balance.span] / before.answer.prices.scale
    goods = len(before.problem.goods.good)
    good = balance.keys["good"]
    price = np.bincount(good, y, minlength=goods) / np.maximum(
        np.bincount(good, minlength=goods), 1
    )
    block, here = model.columns["activity"], model.rows["balance"]
    row = np.repeat(np.arange(model.matrix.rows), np.diff(model.matrix.start))
    gives = (model.matrix.data < 0) & (row < here.size)
    gives &= (model.matrix.index >= block.first) & (model.matrix.index < block.first + block.size)
    worth = -model.matrix.data[gives] * price[here.keys["good"][row[gives]]]
    made = np.bincount(model.matrix.index[gives] - block.first, worth, minlength=block.size)
    return np.rint(made * keep / 1000).astype(np.int64)


def keeping(model: Model, old: Ints, fee: Ints) -> Model:
    """The model with a column k ≤ x, k ≤ old for each activity that was planned. Since then
    |x − old| = old + x − 2k, paying `fee` for x and earning twice that for k charges every change,
    and doing nothing stays possible."""
    block = model.columns["activity"]
    kept = np.flatnonzero(old > 0)
    size, first = len(kept), model.matrix.columns
    worth = model.worth.copy()
    worth[block.span] -= fee
    row = np.repeat(np.arange(model.matrix.rows), np.diff(model.matrix.start))
    rows, columns = model.matrix.rows + np.arange(size), first + np.arange(size)
    entries = [
        (row, model.matrix.index, model.matrix.data),
        (rows, columns, np.ones(size, dtype=np.int64)),
        (rows, block.first + kept, np.full(size, -1)),
    ]
    return replace(
        model,
        matrix=sparse(entries, model.matrix.rows + size, first + size),
        bound=np.concatenate([model.bound, np.zeros(size, dtype=np.int64)]),
        worth=np.concatenate([worth, 2 * fee[kept]]),
        most=np.concatenate([model.most, old[kept]]),
        unit_x=np.concatenate([model.unit_x, np.full(size, float(LEVEL))]),
        unit_row=np.concatenate([model.unit_row, np.full(size, float(LEVEL))]),
        owner=np.concatenate([model.owner, block.keys["body"][kept]]),
        row_owner=np.concatenate([model.row_owner, block.keys["body"][kept]]),
        columns={**model.columns, KEPT: Block(KEPT, first, {"activity": kept})},
        rows={**model.rows, KEPT: Block(KEPT, model.matrix.rows, {"activity": kept})},
    )
