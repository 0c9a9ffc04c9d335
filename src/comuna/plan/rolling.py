"""Planning again and again: from what happened, a few periods ahead, changing little.

Only the first period of a plan is a promise. When it is over, what is really in stock and what is
really under way open the next problem; the new plan keeps to the old one unless a change is worth
it; and crops are planned at the lower quartile of the unit's own records, so that half-bad years
do not break promises (docs/plan.md has the measurements).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from comuna.plan import problem as p
from comuna.plan.build import build
from comuna.plan.errors import PlanError
from comuna.plan.model import Block, Model, sparse
from comuna.plan.priorities import prioritise
from comuna.plan.problem import LEVEL, Ints, Problem
from comuna.plan.problem_files import problem_of, rows_of
from comuna.plan.published import Plan, millionths
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
            raise PlanError(
                "{body!r} has no ability {recipe!r}; add it to abilities first",
                body=body,
                recipe=recipe,
            )
        harvest[at] = lower_quartile(seen)
    return replace(problem, abilities=replace(able, harvest=harvest))


def look_ahead(
    plan: Plan,
    first: int,
    periods: int,
    counted: Mapping[tuple[str, str], int],
    done: Mapping[tuple[str, str, str], int] | None = None,
) -> Problem:
    """The next problem: `periods` periods from `first` on, opening with what was counted (steps of
    each (body, good); what is not counted is 0). What was begun and is not over can be gone on
    with: it still takes, uses and gives what its recipe says of the periods to come. `done` are the
    levels, in millionths, of what was really begun, by (body, recipe, period); what it does not
    name was begun as planned.

    Raises PlanError where the window is empty or without needs, or something counted or done is
    unknown.
    """
    problem = plan.problem
    last = min(first + periods, len(problem.periods.period))
    if not 0 <= first < last:
        raise PlanError(
            "no period {first}; the plan has {period}, from 0",
            first=first,
            period=len(problem.periods.period),
        )
    inside = np.arange(first, last)
    needs = _needs(problem.needs, inside)
    if not len(needs.body):
        raise PlanError("nothing is needed in these periods; look further ahead")
    ahead = replace(
        problem,
        periods=p.Periods(
            problem.periods.period[first:last],
            problem.periods.es[first:last],
            problem.periods.en[first:last],
        ),
        stocks=_stocks(problem, inside, counted),
        capacities=_capacities(problem, inside),
        needs=needs,
    )
    return _with_what_was_begun(plan, ahead, _begun(plan, first, done or {}), first)


@dataclass(frozen=True)
class Begun:
    """An activity that began in an earlier period: the place of its ability, when, its level."""

    ability: int
    period: int
    level: int


def _begun(plan: Plan, first: int, done: Mapping[tuple[str, str, str], int]) -> list[Begun]:
    """What began before `first` and is not over."""
    problem, block = plan.problem, plan.model.columns["activity"]
    able, lines = problem.abilities, problem.lines
    place = {key: at for at, key in enumerate(zip(able.body.tolist(), able.recipe.tolist(),
                                                  strict=True))}  # fmt: skip
    keys = [block.keys[k].tolist() for k in ("body", "recipe", "period")]
    begun = plan.answer.x[block.span] * millionths(problem, plan.model)
    levels = dict(zip(zip(*keys, strict=True), begun.tolist(), strict=True))
    bodies, recipes, periods = (
        p.where(names)
        for names in (problem.bodies.body, problem.recipes.recipe, problem.periods.period)
    )
    for (body, recipe, period), level in done.items():
        key = (bodies.get(body, -1), recipes.get(recipe, -1), periods.get(period, -1))
        if key[:2] not in place or key[2] < 0:
            raise PlanError('{body!r} cannot have done {recipe!r} in {period!r}; the plan knows no '
'such ability or period', body=body, recipe=recipe, period=period)  # fmt: skip
        levels[key] = level
    longest = np.zeros(len(problem.recipes.recipe), dtype=np.int64)
    np.maximum.at(longest, lines.recipe, lines.after)
    return [
        Begun(place[body, recipe], period, level)
        for (body, recipe, period), level in sorted(levels.items())
        if level and period < first <= period + int(longest[recipe])
    ]


def under_way(problem: Problem) -> frozenset[str]:
    """The recipes that stand for something begun earlier: each is limited by a mean of its own
    name, of which there is as much as was begun."""
    return frozenset(problem.means.mean) & frozenset(problem.recipes.recipe)


def _with_what_was_begun(plan: Plan, ahead: Problem, begun: list[Begun], first: int) -> Problem:
    """The problem ahead with a recipe, an ability and a limit for each thing that was begun: what
    its lines still ask and give, by the ability's own effort and harvest. What was under way
    earlier and is over leaves."""
    rows, old = rows_of(ahead), under_way(ahead)
    for table, column in (("recipes", "recipe"), ("lines", "recipe"), ("abilities", "recipe"),
                          ("means", "mean"), ("capacities", "mean")):  # fmt: skip
        rows[table] = [row for row in rows[table] if row[column] not in old]
    now = ahead.periods.period[0]
    for each in begun:
        body = plan.problem.bodies.body[plan.problem.abilities.body[each.ability]]
        names = _names(plan.problem, each)
        name = names["recipe"]
        rows["recipes"].append(names)
        rows["means"].append({"mean": name, "unit": "×", "kind": "tool", "steps": LEVEL,
                              **{k: v for k, v in names.items() if k in ("es", "en")}})  # fmt: skip
        rows["capacities"].append({"body": body, "mean": name, "period": now,
                                   "quantity": each.level})  # fmt: skip
        rows["abilities"].append({"body": body, "recipe": name})
        per = int(plan.problem.recipes.levels()[plan.problem.abilities.recipe[each.ability]])
        names["per"] = str(per)
        rows["lines"].append({"recipe": name, "kind": "use", "item": name,
                              "quantity": LEVEL * per})  # fmt: skip
        rows["lines"] += [{**line, "recipe": name} for line in _still(plan.problem, each, first)]
    return problem_of({table: list(enumerate(lines, 1)) for table, lines in rows.items()})


def _names(problem: Problem, each: Begun) -> dict[str, str]:
    """What a thing begun is called: its recipe, its body and when it began."""
    recipe = int(problem.abilities.recipe[each.ability])
    names = {"recipe": problem.recipes.recipe, "es": problem.recipes.es, "en": problem.recipes.en}
    if problem.recipes.recipe[recipe] in under_way(problem):
        return {key: each[recipe] for key, each in names.items() if each}
    bodies, periods = problem.bodies, problem.periods
    body = int(problem.abilities.body[each.ability])
    return {
        key: f"{p.said(problem.recipes.recipe, words, recipe)} "
        f"({p.said(bodies.body, who, body)}, {p.said(periods.period, when, each.period)})"
        for key, words, who, when in (
            ("recipe", (), (), ()),
            ("es", problem.recipes.es, bodies.es, periods.es),
            ("en", problem.recipes.en, bodies.en, periods.en),
        )
    }  # fmt: skip


def _still(problem: Problem, each: Begun, first: int) -> Iterator[dict[str, Any]]:
    """The lines of a thing begun that fall in the periods to come."""
    lines, able = problem.lines, problem.abilities
    effort, harvest = int(able.effort[each.ability]), int(able.harvest[each.ability])
    elapsed = first - each.period
    own = (lines.recipe == able.recipe[each.ability]) & (lines.after >= elapsed)
    for at in np.flatnonzero(own).tolist():
        kind, quantity = int(lines.kind[at]), int(lines.quantity[at])
        if kind == p.USE:
            quantity = -(-quantity * effort // 1000)
        elif kind == p.OUTPUT:
            quantity = quantity * harvest // 1000
        names = problem.means.mean if kind == p.USE else problem.goods.good
        if quantity:
            yield {"kind": p.LINE_KINDS[kind], "item": names[int(lines.item[at])],
                   "quantity": quantity, "after": int(lines.after[at]) - elapsed}  # fmt: skip


def _stocks(problem: Problem, inside: Ints, counted: Mapping[tuple[str, str], int]) -> p.Stocks:
    old = problem.stocks
    bodies, goods = p.where(problem.bodies.body), p.where(problem.goods.good)
    have: dict[tuple[int, int, int], int] = {}
    for (body, good), steps in counted.items():
        if body not in bodies or good not in goods:
            raise PlanError(
                "{good!r} at {body!r} is counted, but one of them is not in the plan",
                good=good,
                body=body,
            )
        have[bodies[body], goods[good], 0] = steps
    expected = zip(old.body.tolist(), old.good.tolist(), np.maximum(old.period, 0).tolist(),
                   old.opening.tolist(), strict=True)  # fmt: skip
    for body, good, when, steps in expected:
        if inside[0] < when <= inside[-1]:
            have[body, good, when - int(inside[0])] = steps
    room = {(b, g): r for b, g, r in zip(old.body.tolist(), old.good.tolist(), old.room.tolist(),
                                         strict=True) if r >= 0}  # fmt: skip
    for body, good in room:
        have.setdefault((body, good, 0), 0)
    rows = [(b, g, t, n, room.get((b, g), -1)) for (b, g, t), n in sorted(have.items())]
    return p.Stocks(*np.array(rows, dtype=np.int64).reshape(-1, 5).T)


def _capacities(problem: Problem, inside: Ints) -> p.Capacities:
    """The means of the window: what there is in each period, and what in one of it."""
    table = problem.capacities
    kept = (table.period < 0) | np.isin(table.period, inside)
    cut = {name: values[kept] for name, values in vars(table).items()}
    cut["period"] = np.where(cut["period"] < 0, -1, cut["period"] - inside[0])
    return p.Capacities(**cut)


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
    going = [recipe in under_way(problem) for recipe in problem.recipes.recipe]
    fee = _fees(model, before, keep)
    fee[np.array(going)[model.columns["activity"].keys["recipe"]]] = 0  # going on is no change

    def near(asked: Model) -> Draft:
        if not asked.worth.any() or "level" in asked.columns:
            return solve(asked)
        kept = solve(keeping(asked, old, fee))  # its prices are bent by the fees
        return replace(solve(asked), x=kept.x[: len(asked.most)])

    return Plan.of(problem, model, mode, "direct", prioritise(problem, model, mode, near))


def _old_levels(problem: Problem, model: Model, before: Plan) -> Ints:
    """For each activity of the new model its level in the earlier plan."""
    block, earlier = model.columns["activity"], before.model.columns["activity"]

    def names(of: Problem, columns: Block) -> list[tuple[str, str, str]]:
        tables = of.bodies.body, of.recipes.recipe, of.periods.period
        keys = (columns.keys[k].tolist() for k in ("body", "recipe", "period"))
        bodies, recipes, periods = tables
        return [(bodies[b], recipes[r], periods[t]) for b, r, t in zip(*keys, strict=True)]

    levels = (before.answer.x[earlier.span] * millionths(before.problem, before.model)).tolist()
    known = dict(zip(names(before.problem, earlier), levels, strict=True))
    old = np.array([known.get(name, 0) for name in names(problem, block)], dtype=np.int64)
    return old // millionths(problem, model)


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
        unit_x=np.concatenate([model.unit_x, np.full(size, float(model.counting.grain))]),
        unit_row=np.concatenate([model.unit_row, np.full(size, float(model.counting.grain))]),
        thrift=np.concatenate([model.thrift, np.zeros(size)]),
        owner=np.concatenate([model.owner, block.keys["body"][kept]]),
        row_owner=np.concatenate([model.row_owner, block.keys["body"][kept]]),
        columns={**model.columns, KEPT: Block(KEPT, first, {"activity": kept})},
        rows={**model.rows, KEPT: Block(KEPT, model.matrix.rows, {"activity": kept})},
    )
