"""Why a plan is as it is, from its own prices: what limits each line and what one more of it would
be worth, what falls short and why, who bears it, and what each thing costs in labour.

Everything here follows from the published whole numbers; nothing is solved again. A price is the
worth of one more of something at the margin, so "one more hour of carpenter in May is worth three
chairs" is the ratio of two prices.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from comuna.plan.exact import Sparse
from comuna.plan.executable import slack
from comuna.plan.model import Floats, Model
from comuna.plan.priorities import Needed, with_floors
from comuna.plan.problem import LEVEL, OUTPUT, Problem
from comuna.plan.published import Plan, millionths

MANY = 1000
"""What is less than one in so many is nothing to speak of."""
STEPS_BACK = 24
"""How far a shortage is followed back to its cause."""


@dataclass(frozen=True)
class Worth:
    """So many units of a good: what one more of something else is worth."""

    amount: Fraction
    good: int


@dataclass(frozen=True)
class Limit:
    """What limits something: `kind` "good", "mean", "most", "needs", "transport", "way", "stock",
    "nobody" or "others"; "tight" is a good or mean of which all is used although one more would be
    worth nothing, "unknown" where the plan has no prices that could tell. `keys` are the places of
    what it is about (body, good, mean, recipe, period, link)."""

    kind: str
    keys: dict[str, int]
    worth: Worth | None = None


@dataclass(frozen=True)
class ActivityLine:
    body: int
    recipe: int
    period: int
    level: Fraction
    limit: Limit


@dataclass(frozen=True)
class Left:
    """What a plan does not use: `amount` units of the `there` that there were of a good or a mean
    (`keys`: body, period, good or mean)."""

    keys: dict[str, int]
    amount: Fraction
    there: Fraction


@dataclass(frozen=True)
class Shortage:
    """One need (a place in `Needed`) and why it is not met."""

    need: int
    missing: int
    why: Limit


class Explainer:
    """Answers questions about one plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.problem = plan, plan.problem
        self.model: Model = with_floors(plan.model, plan.needed, plan.answer.floors)
        self.x = plan.answer.x
        self.prices = plan.answer.prices.prices
        self.scale = plan.answer.prices.scale
        self.by_column: Sparse = self.model.matrix.transposed()
        keys = self.model.rows["balance"].keys
        places = zip(*(keys[k].tolist() for k in ("body", "good", "period")), strict=True)
        self.balance = {place: row for row, place in enumerate(places)}
        self._outputs = _outputs(self.problem)
        self.slack = slack(plan.model, plan.answer.x)
        met, norm = plan.met(), plan.needed.norm
        # without any price nothing is said of why; where nothing is short, no price is needed
        self.unpriced = not self.prices.any() and bool((met < norm).any())

    def entries(self, column: int) -> Iterator[tuple[int, int]]:
        """The rows a column touches, and how: above 0 it draws, below 0 it gives."""
        span = slice(self.by_column.start[column], self.by_column.start[column + 1])
        rows, values = self.by_column.index[span], self.by_column.data[span]
        yield from zip(rows.tolist(), values.tolist(), strict=True)

    def price(self, row: int) -> Fraction:
        """The worth of one more unit (not step) in a row, in objective counts."""
        return Fraction(int(self.prices[row]) * int(self.model.unit_row[row]), self.scale)

    def worth(self, row: int, body: int, good: int, period: int) -> Worth | None:
        """One more unit in a row as units of a good at a body; None where the good is free."""
        other = self.balance.get((body, good, period))
        if other is None or self.prices[other] == 0:
            return None
        return Worth(self.price(row) / self.price(other), good)

    def activities(self) -> list[ActivityLine]:
        """Every activity of the plan, with what limits it."""
        block = self.model.columns["activity"]
        lines = []
        each = millionths(self.problem, self.plan.model)
        for at in np.flatnonzero(self.x[block.span]).tolist():
            body, recipe, period = (int(block.keys[k][at]) for k in ("body", "recipe", "period"))
            level = Fraction(int(self.x[block.first + at]) * int(each[at]), LEVEL)
            limit = self._limit(block.first + at, body, recipe, period)
            lines.append(ActivityLine(body, recipe, period, level, limit))
        return lines

    def _limit(self, column: int, body: int, recipe: int, period: int) -> Limit:
        """The dearest mean that the activity draws on; without one, the dearest good; without that,
        whatever is used up."""
        drawn = sorted(
            ((self.model.rows["balance"].size > row, -value * int(self.prices[row]), row)
             for row, value in self.entries(column) if value > 0 and self.prices[row] > 0)
        )  # fmt: skip
        if not drawn:
            return self._unpriced_limit(column, body, recipe)
        row = drawn[0][2]
        kind, keys = self.model.row_at(row)
        made = self._outputs.get(recipe)
        worth = self.worth(row, body, made, period) if made is not None else None
        return Limit("mean" if kind == "capacity" else "good", keys, worth)

    def _unpriced_limit(self, column: int, body: int, recipe: int) -> Limit:
        own = {"body": body, "recipe": recipe}
        if int(self.x[column]) == int(self.model.most[column]):
            return Limit("most", own)
        if self.unpriced:
            return Limit("unknown", own)
        for row, value in self.entries(column):
            used_up = value > 0 and row < len(self.slack)
            if used_up and int(self.slack[row]) < value * max(1, int(self.x[column]) // MANY):
                return Limit("tight", self.model.row_at(row)[1])
        return Limit("needs", own)

    def left_over(self) -> tuple[list[Left], list[Left]]:
        """The goods left over in a period (eaten by nobody, sent or stored nowhere) and the means
        not used; less than a thousandth of what there was is passed over."""
        goods, means = self.problem.goods, self.problem.means
        found = []
        for kind, steps, key in (
            ("balance", goods.steps, "good"),
            ("capacity", means.steps, "mean"),
        ):
            lines: list[Left] = []
            found.append(lines)
            if kind not in self.plan.model.rows:
                continue
            block, model = self.plan.model.rows[kind], self.plan.model
            drawn = np.where(model.matrix.data > 0, model.matrix.data, 0) * self.x[
                model.matrix.index
            ].astype(np.float64)
            there = np.bincount(model.matrix.row, drawn, minlength=model.matrix.rows)[block.span]
            left = self.slack[block.span]
            there += left
            unit = steps[block.keys[key]] * model.counting.grain
            some = (left >= model.counting.grain) & (left * float(MANY) >= there)
            for at in np.flatnonzero(some).tolist():
                lines.append(
                    Left(
                        {k: int(ids[at]) for k, ids in block.keys.items()},
                        Fraction(
                            int(left[at]) // model.counting.grain, int(steps[block.keys[key][at]])
                        ),
                        Fraction(round(float(there[at])), int(unit[at])),
                    )
                )
        return found[0], found[1]

    def shortages(self) -> list[Shortage]:
        """Every need met below its norm, the worst first, with its cause."""
        needed, met = self.plan.needed, self.plan.met()
        short = [at for at in range(needed.size) if met[at] < needed.norm[at]]
        tier, norm = needed.tier.tolist(), needed.norm.tolist()
        short.sort(key=lambda at: (tier[at], Fraction(int(met[at]), norm[at])))
        return [
            Shortage(at, int(needed.norm[at] - met[at]), self._cause(needed, at)) for at in short
        ]

    def _cause(self, needed: Needed, at: int) -> Limit:
        """Follow the good back along the ways it could come, by what is dearest, to whatever is
        all in use."""
        needs = self.problem.needs
        need = int(needed.need[at])
        wanted = (int(needs.body[need]), int(needs.good[need]), int(needed.period[at]))
        if self.unpriced:
            return Limit("unknown", {})
        row, seen = self.balance[wanted], set[int]()
        for _ in range(STEPS_BACK):
            seen.add(row)
            giver = self._giver(row)
            if giver is None:
                if len(seen) == 1 and int(self.model.bound[row]) == 0:
                    return Limit("nobody", {})
                return Limit("stock", self.model.row_at(row)[1])
            kind, keys = self.model.column_at(giver)
            costs = sorted(
                ((-value * int(self.prices[r]), r) for r, value in self.entries(giver)
                 if value > 0 and self.prices[r] > 0 and r not in seen)
            )  # fmt: skip
            means = [r for _, r in costs if self.model.row_at(r)[0] not in ("balance", "floor")]
            full = int(self.x[giver]) == int(self.model.most[giver])
            if kind == "activity" and full and self._gain(giver) > 0:
                return Limit("most", keys)
            if means and (kind != "activity" or -costs[0][0] <= 4 * self._cost(giver, means[0])):
                return self._of_mean(means[0], wanted)
            if not costs:
                break
            row = costs[0][1]
        return Limit("others", {})

    def _of_mean(self, row: int, wanted: tuple[int, int, int]) -> Limit:
        kind, keys = self.model.row_at(row)
        if kind == "capacity":
            return Limit("mean", keys, self.worth(row, *wanted))
        return Limit(kind, keys)

    def _cost(self, column: int, row: int) -> int:
        return next(v for r, v in self.entries(column) if r == row) * int(self.prices[row])

    def _giver(self, row: int) -> int | None:
        """The column that could give to a row at the least loss."""
        columns, values = self.model.row_entries(row)
        givers = columns[values < 0].tolist()
        return max(givers, key=self._gain, default=None)

    def _gain(self, column: int) -> Fraction:
        """What one more step of a column would gain at these prices: above 0 only at its most."""
        cost = sum(value * int(self.prices[row]) for row, value in self.entries(column))
        gain = int(self.model.worth[column]) * self.scale - cost
        step = max(1, int(self.model.unit_x[column]))
        tolerance = self.scale * max(1, abs(int(self.model.worth[column]))) // 10**6
        return Fraction(gain * step) if abs(gain) > tolerance else Fraction(0)


def _outputs(problem: Problem) -> dict[int, int]:
    """The first output of each recipe: what it is for."""
    lines = problem.lines
    outputs: dict[int, int] = {}
    for at in np.flatnonzero(lines.kind == OUTPUT).tolist():
        outputs.setdefault(int(lines.recipe[at]), int(lines.item[at]))
    return outputs


def labour_costs(plan: Plan) -> Floats:
    """Units of labour, of every kind together, that one unit of each good costs in this plan, all
    the way down; NaN for a good that the plan does not make.

    Each activity's labour and inputs are borne by its outputs in proportion to what they are worth
    at the plan's prices; what was in stock at the start costs nothing now. A measurement for
    people to read, so in floats.
    """
    problem, model = plan.problem, plan.model
    x = plan.answer.x.astype(np.float64)
    block, balance = model.columns["activity"], model.rows["balance"]
    row = np.repeat(np.arange(model.matrix.rows), np.diff(model.matrix.start))
    column, value = model.matrix.index, model.matrix.data
    of_activity = (column >= block.first) & (column < block.first + block.size)
    in_balance = of_activity & (row < balance.size)
    good = balance.keys["good"][row[in_balance]]
    at = column[in_balance] - block.first
    amount = value[in_balance] * x[column[in_balance]] / model.counting.grain
    amount = amount / problem.goods.steps[good]
    price = plan.answer.prices.prices[row[in_balance]].astype(np.float64) + 1e-9
    price = price * problem.goods.steps[good]
    gives, takes = amount < 0, amount > 0
    worth = -amount[gives] * price[gives]
    all_worth = np.bincount(at[gives], worth, minlength=block.size)
    part = worth / np.where(all_worth[at[gives]] > 0, all_worth[at[gives]], 1)
    goods = len(problem.goods.good)
    made = np.bincount(good[gives], -amount[gives], minlength=goods)
    stocks = problem.stocks
    opening = np.bincount(stocks.good, stocks.opening / problem.goods.steps[stocks.good],
                          minlength=goods)  # fmt: skip
    own = _own_labour(plan, row, column, value, x)
    cost = np.zeros(goods)
    for _ in range(200):
        borne = own + np.bincount(
            at[takes], amount[takes] * cost[good[takes]], minlength=block.size
        )
        total = np.bincount(good[gives], part * borne[at[gives]], minlength=goods)
        cost = np.divide(total, made + opening, out=np.zeros(goods), where=made + opening > 0)
    return np.where(made > 0, cost, np.nan)


def _own_labour(
    plan: Plan, row: np.ndarray, column: np.ndarray, value: np.ndarray, x: Floats
) -> Floats:
    """The labour that each activity of the plan uses itself, in units."""
    block, means = plan.model.columns["activity"], plan.problem.means
    capacity = plan.model.rows["capacity"]
    here = (row >= capacity.first) & (row < capacity.first + capacity.size)
    mean = capacity.keys["mean"][row[here] - capacity.first]
    labour = np.array([kind == "labour" for kind in means.kind], dtype=bool)[mean]
    used = value[here] * x[column[here]] / plan.model.counting.grain / means.steps[mean]
    places = column[here][labour] - block.first
    return np.bincount(places, used[labour], minlength=block.size).astype(np.float64)
