"""From a problem to its model, whole columns at a time."""

from dataclasses import dataclass
from math import lcm

import numpy as np

from comuna.plan import problem as p
from comuna.plan.model import UNLIMITED, Builder, Floats, Model
from comuna.plan.problem import LEVEL, WORTH, Ints, Problem

THOUSAND = 1000


def build(problem: Problem) -> Model:
    """The model of a problem."""
    return _Building(problem).model()


def expand(groups: Ints, of: Ints, count: int) -> tuple[Ints, Ints]:
    """For each entry of `groups`, all places in `of` (sorted by value, values < count) that hold
    its value: (place in groups, place in of) for each pair."""
    sizes = np.bincount(of, minlength=count)
    starts = np.concatenate([[0], np.cumsum(sizes)])[:-1]
    repeats = sizes[groups]
    left = np.repeat(np.arange(len(groups)), repeats)
    ends = np.cumsum(repeats)
    within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - repeats, repeats)
    return left, starts[groups][left] + within


@dataclass(frozen=True)
class _Uses:
    """The lines of every ability: ability, kind, item, quantity of this body, periods after."""

    ability: Ints
    kind: Ints
    item: Ints
    quantity: Ints
    after: Ints

    def of_kind(self, kind: int) -> "_Uses":
        kept = self.kind == kind
        return _Uses(*(getattr(self, name)[kept] for name in self.__dataclass_fields__))


class _Building:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.builder = Builder()
        self.periods = len(problem.periods.period)
        self.goods = len(problem.goods.good)
        self.bodies = len(problem.bodies.body)
        self.means = len(problem.means.mean)
        self.is_hub = np.zeros(self.bodies, dtype=bool)
        self.is_hub[problem.bodies.hub[problem.bodies.hub >= 0]] = True
        self.is_hub[problem.links.origin] = self.is_hub[problem.links.target] = True
        self.transport = [k == "transport" for k in problem.means.kind]

    def model(self) -> Model:
        self.uses = self._uses()
        self._needs()
        self._capacity_table()
        self._levels()
        self._supply_and_use()
        self._balance_rows()
        self._activities()
        self._consumption()
        self._deliveries()
        self._ways()
        self._storage()
        self._capacities()
        return self.builder.model()

    def _uses(self) -> _Uses:
        """Each ability's lines with its own effort and harvest, in whole steps: what it uses
        rounded up, what it gives rounded down."""
        lines, able = self.problem.lines, self.problem.abilities
        order = np.argsort(lines.recipe, kind="stable")
        ability, line = expand(able.recipe, lines.recipe[order], len(self.problem.recipes.recipe))
        line = order[line]
        kind, quantity = lines.kind[line], lines.quantity[line]
        effort, harvest = able.effort[ability], able.harvest[ability]
        quantity = np.where(kind == p.USE, -(-quantity * effort // THOUSAND), quantity)
        quantity = np.where(kind == p.OUTPUT, quantity * harvest // THOUSAND, quantity)
        return _Uses(ability, kind, lines.item[line], quantity, lines.after[line])

    def _needs(self) -> None:
        """A need without a period is a need in each."""
        needs = self.problem.needs
        self.need, self.need_period = _each(needs.period, self.periods)

    def _capacity_table(self) -> None:
        table = self.problem.capacities
        at, period = _each(table.period, self.periods)
        self.capacity = np.zeros((self.bodies, self.means, self.periods), dtype=np.int64)
        general = table.period[at] < 0
        for kept in (general, ~general):  # a row for one period overrides the row for each
            rows = at[kept]
            self.capacity[table.body[rows], table.mean[rows], period[kept]] = table.quantity[rows]

    def _levels(self) -> None:
        """The most that each ability can be run in each period: its limit, and twice what its means
        allow, so that it is the mean which limits it and has the price, not this bound. Without a
        mean in use before the last period is over, and without a limit, it is not run."""
        able, uses = self.problem.abilities, self.uses.of_kind(p.USE)
        most = np.where(able.at_most < 0, UNLIMITED, able.at_most * LEVEL)
        self.most = np.repeat(most[:, None], self.periods, axis=1)
        body = able.body[uses.ability]
        for period in range(self.periods):
            inside = (period + uses.after < self.periods) & (uses.quantity > 0)
            at = uses.ability[inside]
            have = self.capacity[body[inside], uses.item[inside], period + uses.after[inside]]
            np.minimum.at(self.most[:, period], at, 2 * (have * LEVEL // uses.quantity[inside]))
        beyond = self.most == UNLIMITED  # every use falls after the last period
        self.most[beyond] = 0

    def _supply_and_use(self) -> None:
        """For each body and good: the most it could ever give and ever take, as bounds."""
        problem, able = self.problem, self.problem.abilities
        size = self.bodies * self.goods
        total = self.most.sum(axis=1)
        gives, takes = self.uses.of_kind(p.OUTPUT), self.uses.of_kind(p.INPUT)

        def summed(uses: _Uses) -> Floats:
            place = able.body[uses.ability] * self.goods + uses.item
            amount = uses.quantity.astype(np.float64) * total[uses.ability] / LEVEL
            return np.bincount(place, amount, minlength=size).astype(np.float64)

        stocks, needs = problem.stocks, problem.needs
        supply = summed(gives)
        np.add.at(supply, stocks.body * self.goods + stocks.good, stocks.opening)
        use = summed(takes)
        place = needs.body[self.need] * self.goods + needs.good[self.need]
        widths = np.array([
            problem.curves.width[[c == name for c in problem.curves.curve]].sum()
            for name in problem.curve_names()
        ])  # fmt: skip
        share = widths[needs.curve[self.need]] / THOUSAND
        use += np.bincount(place, needs.quantity[self.need] * share, minlength=size)
        self.supply = supply.reshape(self.bodies, self.goods)
        self.use = use.reshape(self.bodies, self.goods)
        self.all_supply = self.supply.sum(axis=0)
        touched = np.zeros((self.bodies, self.goods), dtype=bool)
        for uses in (gives, takes):
            touched[able.body[uses.ability], uses.item] = True
        touched[stocks.body, stocks.good] = True
        touched[needs.body, needs.good] = True
        self.gives, self.takes = self.supply > 0, self.use > 0
        self._hubs_touch(touched)
        self.touched = touched

    def _hubs_touch(self, touched: np.ndarray) -> None:
        """A hub hands on what any of its bodies, or a hub it has a way to, gives or takes."""
        hub = self.problem.bodies.hub
        has_hub = np.flatnonzero(hub >= 0)
        links = self.problem.links
        while True:
            before = touched.sum()
            np.logical_or.at(touched, hub[has_hub], touched[has_hub])
            np.logical_or.at(touched, links.target, touched[links.origin])
            np.logical_or.at(touched, links.origin, touched[links.target])
            if touched.sum() == before:
                return

    def _balance_rows(self) -> None:
        body, good = np.nonzero(self.touched)
        self.row_of = np.full((self.bodies, self.goods), -1, dtype=np.int64)
        self.row_of[body, good] = np.arange(len(body))
        self.pairs = len(body)
        steps = self.problem.goods.steps[good].astype(np.float64)
        stocks = self.problem.stocks
        bound = np.zeros((self.periods, self.pairs), dtype=np.int64)
        arrives = (np.maximum(stocks.period, 0), self.row_of[stocks.body, stocks.good])
        np.add.at(bound, arrives, stocks.opening * LEVEL)
        self.builder.add_rows(
            "balance",
            {
                "body": np.tile(body, self.periods),
                "good": np.tile(good, self.periods),
                "period": np.repeat(np.arange(self.periods), self.pairs),
            },
            bound.ravel(),
            np.tile(steps * LEVEL, self.periods),
            np.tile(body, self.periods),
        )

    def _row(self, body: Ints, good: Ints, period: Ints) -> Ints:
        return period * self.pairs + self.row_of[body, good]

    def _activities(self) -> None:
        able, means = self.problem.abilities, self.problem.means
        ability, period = np.nonzero(self.most > 0)
        uses = self.uses.of_kind(p.USE)
        cost = np.bincount(
            uses.ability,
            uses.quantity * (means.cost[uses.item] / means.steps[uses.item]),
            minlength=len(able.body),
        )
        column = self.builder.add_columns(
            "activity",
            {"body": able.body[ability], "recipe": able.recipe[ability], "period": period},
            -np.rint(cost / THOUSAND).astype(np.int64)[ability],
            self.most[ability, period],
            np.full(len(ability), float(LEVEL)),
            able.body[ability],
        )
        self.activity = np.full((len(able.body), self.periods), -1, dtype=np.int64)
        self.activity[ability, period] = column
        for kind, sign in ((p.INPUT, 1), (p.OUTPUT, -1)):
            of_kind = self.uses.of_kind(kind)
            for start in range(self.periods):
                at = self.activity[of_kind.ability, start]
                kept = (at >= 0) & (start + of_kind.after < self.periods)
                rows = self._row(
                    able.body[of_kind.ability[kept]],
                    of_kind.item[kept],
                    start + of_kind.after[kept],
                )
                self.builder.put(rows, at[kept], sign * of_kind.quantity[kept])

    def _consumption(self) -> None:
        """A column for each part of each need's curve. Worth of a step: people × the tier's weight
        × the part's worth ÷ the norm, to the nearest thousand-millionth."""
        problem, needs = self.problem, self.problem.needs
        place = np.array([problem.curve_names().index(c) for c in problem.curves.curve])
        order = np.argsort(place, kind="stable")
        each, part = expand(needs.curve[self.need], place[order], len(problem.curve_names()))
        part = order[part]
        need, period = self.need[each], self.need_period[each]
        upto = np.zeros(len(part), dtype=np.int64)  # the width of the curve before this part
        before = np.concatenate([[0], np.cumsum(problem.curves.width[order])])
        first = np.searchsorted(place[order], place[part])
        rank = np.argsort(order)[part]
        upto = before[rank] - before[first]
        norm = needs.quantity[need]
        width = (upto + problem.curves.width[part]) * norm // THOUSAND - upto * norm // THOUSAND
        people = problem.bodies.people[needs.body[need]]
        weight = people * problem.tiers.weight[needs.tier[need]] * problem.curves.worth[part]
        worth = weight * (WORTH / norm)
        column = self.builder.add_columns(
            "consumption",
            {"need": need, "period": period, "part": part},
            np.rint(worth).astype(np.int64),
            width,
            problem.goods.steps[needs.good[need]].astype(np.float64),
            needs.body[need],
        )
        self.builder.put(self._row(needs.body[need], needs.good[need], period), column,
                         np.full(len(column), LEVEL))  # fmt: skip

    def _deliveries(self) -> None:
        """Between a body and its hub: what it could give goes up, what it could take comes down."""
        bodies, goods = self.problem.bodies, self.problem.goods
        has_hub = bodies.hub >= 0
        gives = self.gives | self.is_hub[:, None]
        takes = self.takes | self.is_hub[:, None]
        grossed = self._grossed()
        for kind, wanted, most in (
            ("sent", gives, np.where(self.is_hub[:, None], self.all_supply, self.supply)),
            ("received", takes, np.minimum(self.all_supply, grossed)),
        ):
            most = np.minimum(np.floor(most), UNLIMITED).astype(np.int64)
            body, good = np.nonzero(wanted & self.touched & has_hub[:, None] & (most > 0))
            body, good, period = _over(self.periods, body, good)
            hub = bodies.hub[body]
            load = goods.load[good] * bodies.distance[body]
            column = self.builder.add_columns(
                kind,
                {"body": body, "good": good, "period": period},
                self._haulage(load, good),
                most[body, good],
                goods.steps[good].astype(np.float64),
                body,
            )
            here, there = self._row(body, good, period), self._row(hub, good, period)
            give, take = (here, there) if kind == "sent" else (there, here)
            loss = np.zeros_like(body) if kind == "sent" else bodies.loss[body]
            self.builder.put(give, column, np.full(len(column), LEVEL))
            self.builder.put(take, column, (loss - THOUSAND) * THOUSAND)

    def _grossed(self) -> Floats:
        """What a body may receive: what it could ever use, with what is lost on the way and in
        store; a hub may receive whatever there is."""
        keep = self.problem.goods.keep
        stored = np.where(keep > 0, (THOUSAND / np.maximum(keep, 1)) ** (self.periods - 1), 1.0)
        on_the_way = THOUSAND / (THOUSAND - self.problem.bodies.loss)
        gross = np.ceil(self.use * on_the_way[:, None] * stored[None, :])
        return np.where(self.is_hub[:, None], float(UNLIMITED), gross)

    def _haulage(self, load: Ints, good: Ints) -> Ints:
        """The worth that hauling one step takes away (its use of the transport mean)."""
        if True not in self.transport:
            return np.zeros_like(load)
        mean = self.transport.index(True)
        means = self.problem.means
        per_unit = load * (means.cost[mean] / means.steps[mean]) * (WORTH / 10**6)
        per_step: Ints = -np.rint(per_unit / self.problem.goods.steps[good]).astype(np.int64)
        return per_step

    def _ways(self) -> None:
        links, goods = self.problem.links, self.problem.goods
        both = self.touched[links.origin] & self.touched[links.target]
        most = np.minimum(np.floor(self.all_supply), UNLIMITED).astype(np.int64)
        link, good = np.nonzero(both & (most > 0)[None, :])
        link, good, period = _over(self.periods, link, good)
        column = self.builder.add_columns(
            "way",
            {"link": link, "good": good, "period": period},
            self._haulage(goods.load[good], good),
            most[good],
            goods.steps[good].astype(np.float64),
            np.full(len(link), -1),
        )
        self.builder.put(self._row(links.origin[link], good, period), column,
                         np.full(len(link), LEVEL))  # fmt: skip
        self.builder.put(self._row(links.target[link], good, period), column,
                         (links.loss[link] - THOUSAND) * THOUSAND)  # fmt: skip
        limited = np.flatnonzero(links.capacity >= 0)
        if not len(limited):
            return
        one = self._whole_load()
        at, when = _over(self.periods, limited)
        rows = self.builder.add_rows(
            "way",
            {"link": at, "period": when},
            links.capacity[at] * one,
            np.full(len(at), float(one)),
            np.full(len(at), -1),
        )
        place = np.full((self.periods, len(links.origin)), -1)
        place[when, at] = rows
        kept = (place[period, link] >= 0) & (goods.load[good] > 0)
        self.builder.put(place[period, link][kept], column[kept],
                         (goods.load[good] * (one // goods.steps[good]))[kept])  # fmt: skip

    def _whole_load(self) -> int:
        """A number by which every good's load of one step becomes whole."""
        goods = self.problem.goods
        return lcm(1, *goods.steps[goods.load > 0].tolist())

    def _storage(self) -> None:
        goods, stocks = self.problem.goods, self.problem.stocks
        most = np.where(
            self.is_hub[:, None], self.all_supply, np.minimum(self.all_supply,
                                                             self.supply + self._grossed())
        )  # fmt: skip
        most = np.minimum(np.floor(most), UNLIMITED).astype(np.int64)
        roomy = stocks.room >= 0
        at = (stocks.body[roomy], stocks.good[roomy])
        most[at] = np.minimum(most[at], stocks.room[roomy])
        keeps = (goods.keep > 0)[None, :] & self.touched & (most > 0)
        body, good = np.nonzero(keeps)
        body, good, period = _over(self.periods - 1, body, good)
        column = self.builder.add_columns(
            "stored",
            {"body": body, "good": good, "period": period},
            np.zeros(len(body), dtype=np.int64),
            most[body, good],
            goods.steps[good].astype(np.float64),
            body,
        )
        self.builder.put(self._row(body, good, period), column, np.full(len(body), LEVEL))
        self.builder.put(self._row(body, good, period + 1), column, -goods.keep[good] * THOUSAND)

    def _capacities(self) -> None:
        """Rows for the means that some ability uses, and for transport."""
        able, means, uses = self.problem.abilities, self.problem.means, self.uses.of_kind(p.USE)
        used = np.zeros((self.bodies, self.means), dtype=bool)
        used[able.body[uses.ability], uses.item] = True
        body, mean = np.nonzero(used)
        body, mean, period = _over(self.periods, body, mean)
        rows = self.builder.add_rows(
            "capacity",
            {"body": body, "mean": mean, "period": period},
            self.capacity[body, mean, period] * LEVEL,
            means.steps[mean].astype(np.float64) * LEVEL,
            body,
        )
        place = np.full((self.bodies, self.means, self.periods), -1, dtype=np.int64)
        place[body, mean, period] = rows
        for start in range(self.periods):
            at = self.activity[uses.ability, start]
            kept = (at >= 0) & (start + uses.after < self.periods)
            row = place[able.body[uses.ability[kept]], uses.item[kept], start + uses.after[kept]]
            self.builder.put(row, at[kept], uses.quantity[kept])
        if True in self.transport:
            self._transport(self.transport.index(True))

    def _transport(self, mean: int) -> None:
        goods, bodies = self.problem.goods, self.problem.bodies
        hub = np.flatnonzero(np.bincount(bodies.hub[bodies.hub >= 0], minlength=self.bodies))
        hub, period = _over(self.periods, hub)
        one = self._whole_load()
        rows = self.builder.add_rows(
            "transport",
            {"body": hub, "period": period},
            self.capacity[hub, mean, period] * one,
            np.full(len(hub), self.problem.means.steps[mean] * float(one)),
            hub,
        )
        place = np.full((self.bodies, self.periods), -1, dtype=np.int64)
        place[hub, period] = rows
        for kind in ("sent", "received"):
            block = self.builder.columns[kind]
            body, good, when = (block.keys[k] for k in ("body", "good", "period"))
            load = goods.load[good] * bodies.distance[body] * (one // goods.steps[good])
            kept = load > 0
            self.builder.put(place[bodies.hub[body], when][kept],
                             (np.arange(block.size) + block.first)[kept], load[kept])  # fmt: skip


def _each(period: Ints, periods: int) -> tuple[Ints, Ints]:
    """Each row, with its period, or with every one where it names none."""
    repeats = np.where(period < 0, periods, 1)
    at = np.repeat(np.arange(len(period)), repeats)
    ends = np.cumsum(repeats)
    within = np.arange(len(at)) - np.repeat(ends - repeats, repeats)
    return at, np.where(period[at] < 0, within, period[at])


def _over(periods: int, *columns: Ints) -> tuple[Ints, ...]:
    """The columns once for each period, and the period of each."""
    size = len(columns[0])
    when = np.repeat(np.arange(periods, dtype=np.int64), size)
    return (*(np.tile(column, periods) for column in columns), when)
