"""From a problem to its model, whole columns at a time."""

from dataclasses import dataclass
from math import lcm

import numpy as np

from comuna.plan import problem as p
from comuna.plan.counting import (
    COARSE,
    FITS,
    Counting,
    grain_for,
    measure_for,
    nearest,
)
from comuna.plan.errors import PlanError
from comuna.plan.model import UNLIMITED, Builder, Floats, Model
from comuna.plan.problem import Ints, Problem

THOUSAND = 1000
MILLION = 10**6
ROUNDS, GROWTH = 100, 10**4
"""So often goods go round, and so many times a recipe grows by them, before what they bound is
taken as it is."""
INPUT_THRIFT, MOVED_THRIFT = 1e-3, 1e-6
"""What a share of everything taken, and of everything moved or stored, weighs beside the same share
of all labour, where plans are of equal worth."""


def build(problem: Problem, counting: Counting | None = None) -> Model:
    """The model of a problem, counted as its numbers ask, or as is said. Raises PlanError where
    they are too large or too far apart to be counted together."""
    return _Building(problem, counting).model()


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
    def __init__(self, problem: Problem, counting: Counting | None) -> None:
        self.problem = problem
        self.asked = counting
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
        self._parts()
        self._capacity_table()
        self.counting = self._counting()
        self.grain, self.measure = self.counting.grain, self.counting.measure
        self._levels()
        self._levels_by_goods()
        self._supply_and_use()
        self._balance_rows()
        self._activities()
        self._consumption()
        self._deliveries()
        self._ways()
        self._storage()
        self._capacities()
        return self.builder.model(self.counting)

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

    def _parts(self) -> None:
        """The parts of each need's curve: which need, period and part, how wide in steps, and what
        its worth is made of (people, the tier's weight, the part's worth)."""
        problem, needs = self.problem, self.problem.needs
        place = np.array([problem.curve_names().index(c) for c in problem.curves.curve])
        order = np.argsort(place, kind="stable")
        each, part = expand(needs.curve[self.need], place[order], len(problem.curve_names()))
        part = order[part]
        need = self.need[each]
        before = np.concatenate([[0], np.cumsum(problem.curves.width[order])])
        first = np.searchsorted(place[order], place[part])
        rank = np.argsort(order)[part]
        upto = before[rank] - before[first]  # the width of the curve before this part
        norm = needs.quantity[need]
        widest = int(problem.curves.width.sum())
        for at in np.flatnonzero(norm > UNLIMITED // max(1, widest) * THOUSAND).tolist()[:1]:
            raise PlanError(
                "{body} needs {norm} steps of {good}, on a curve {width} thousandths wide: more "
                "than can be counted; use larger steps for {good}",
                **self._of_need(int(need[at])), width=widest,
            )  # fmt: skip
        self.part_need, self.part_period, self.part = need, self.need_period[each], part
        self.width = _shares(norm, upto + problem.curves.width[part]) - _shares(norm, upto)
        self.factors = [
            problem.bodies.people[needs.body[need]],
            problem.tiers.weight[needs.tier[need]],
            problem.curves.worth[part],
        ]

    def _of_need(self, need: int) -> dict[str, object]:
        needs, problem = self.problem.needs, self.problem
        body = int(needs.body[need])
        return {
            "body": problem.bodies.body[body], "people": int(problem.bodies.people[body]),
            "good": problem.goods.good[needs.good[need]], "norm": int(needs.quantity[need]),
        }  # fmt: skip

    def _counting(self) -> Counting:
        """As asked, or as the problem's numbers need it. Raises PlanError where worths are too far
        apart, naming the two."""
        norm = self.problem.needs.quantity[self.part_need]
        worth = np.prod([factor.astype(np.float64) for factor in self.factors], axis=0) / norm
        some = np.flatnonzero(worth > 0)
        costs = self._costs_of_uses()
        charged = costs[costs > 0] / MILLION
        if self.asked:
            found = self.asked
        else:
            largest = max(int(self.capacity.max(initial=0)),
                          int(self.problem.stocks.opening.max(initial=0)))  # fmt: skip
            least = min(worth[some].min(initial=1), charged.min(initial=1) * THOUSAND)
            most = max(worth.max(initial=0), charged.max(initial=0))
            found = Counting(grain_for(largest), measure_for(float(least), float(most)))
        if len(some):
            low, high = some[np.argmin(worth[some])], some[np.argmax(worth[some])]
            too_high = max(float(worth[high]), float(charged.max(initial=0))) * found.measure
            if too_high >= FITS or worth[low] * found.measure < COARSE:
                self._too_far_apart(int(low), int(high))
        return found

    def _too_far_apart(self, low: int, high: int) -> None:
        one, other = (self._of_need(int(self.part_need[at])) for at in (low, high))
        raise PlanError(
            "a step of {good} for the {people} of {body} (norm {norm}) is worth too little to be "
            "counted beside one of {dear} for the {many} of {there} (norm {short}): worth is "
            "people × weight × part ÷ norm; use larger steps for {good}, or smaller ones for "
            "{dear}",
            **one, dear=other["good"], many=other["people"], there=other["body"],
            short=other["norm"],
        )  # fmt: skip

    def _costs_of_uses(self) -> Floats:
        """What a level of each ability costs, in worth."""
        uses, means = self.uses.of_kind(p.USE), self.problem.means
        return np.bincount(
            uses.ability,
            uses.quantity * (means.cost[uses.item] / means.steps[uses.item]) / MILLION,
            minlength=len(self.problem.abilities.body),
        ).astype(np.float64)

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
        allow, so that it is the mean which limits it and has the price, not this bound. What has
        neither is bounded by its goods; what has means, but uses them after the last period alone,
        is not run."""
        able, uses = self.problem.abilities, self.uses.of_kind(p.USE)
        each = self.problem.recipes.levels()[able.recipe]
        most = np.where(able.at_most < 0, UNLIMITED, able.at_most * self.grain // each)
        self.most = np.repeat(most[:, None], self.periods, axis=1)
        body = able.body[uses.ability]
        for period in range(self.periods):
            inside = (period + uses.after < self.periods) & (uses.quantity > 0)
            at = uses.ability[inside]
            have = self.capacity[body[inside], uses.item[inside], period + uses.after[inside]]
            np.minimum.at(
                self.most[:, period], at, 2 * (have * self.grain // uses.quantity[inside])
            )
        beyond = self.most == UNLIMITED
        self.most[beyond] = 0
        has_means = np.zeros(len(able.body), dtype=bool)
        has_means[uses.ability] = True
        self.by_goods = np.flatnonzero(~has_means & (able.at_most < 0))

    def _levels_by_goods(self) -> None:
        """The most of what neither means nor a limit bounds (selling, eating, letting): twice what
        the scarcest of its inputs would allow, if all there could ever be of it came here. Where
        such recipes make each other's inputs, goods go round until they come to rest, or until a
        recipe could be run `GROWTH` times as often as at first; whether they make ever more out of
        themselves shows when a plan is found (`priorities`)."""
        if not len(self.by_goods):
            return
        able = self.problem.abilities
        takes, gives = (self._lines_of(self.by_goods, kind) for kind in (p.INPUT, p.OUTPUT))
        base = self._could_be(self.most.sum(axis=1, dtype=np.float64))
        moves = self.is_hub | (self.problem.bodies.hub >= 0)
        level = np.zeros(len(able.body))  # of all periods, in levels
        limit = np.full(len(self.by_goods), UNLIMITED / (4 * self.grain))
        for _ in range(ROUNDS):
            supply = base.copy()
            np.add.at(supply, (able.body[gives.ability], gives.item),
                      gives.quantity * level[gives.ability])  # fmt: skip
            here = np.where(moves[:, None], supply[moves].sum(axis=0), supply)
            most = np.full(len(able.body), np.inf)
            np.minimum.at(most, takes.ability,
                          here[able.body[takes.ability], takes.item] / takes.quantity)  # fmt: skip
            before = level[self.by_goods].copy()
            level[self.by_goods] = np.minimum(most[self.by_goods], limit)
            limit = np.where((before == 0) & (level[self.by_goods] > 0),
                             GROWTH * level[self.by_goods], limit)  # fmt: skip
            if (level[self.by_goods] <= before * (1 + 1e-9)).all():
                break
        # a power of two, so that the last digit of a sum decides nothing
        bound = np.exp2(np.ceil(np.log2(np.maximum(level[self.by_goods] * self.grain, 0.5)))) * 2
        self.most[self.by_goods] = np.floor(bound).astype(np.int64)[:, None]

    def _lines_of(self, abilities: Ints, kind: int) -> _Uses:
        uses = self.uses.of_kind(kind)
        kept = np.isin(uses.ability, abilities) & (uses.quantity > 0)
        return _Uses(*(getattr(uses, name)[kept] for name in uses.__dataclass_fields__))

    def _could_be(self, total: Floats) -> Floats:
        """For each body and good, its stocks and what so many grains of each ability would give."""
        able, gives, stocks = (
            self.problem.abilities,
            self.uses.of_kind(p.OUTPUT),
            self.problem.stocks,
        )
        amount = gives.quantity * total[gives.ability] / self.grain
        supply = np.zeros((self.bodies, self.goods))
        np.add.at(supply, (able.body[gives.ability], gives.item), amount)
        np.add.at(supply, (stocks.body, stocks.good), stocks.opening)
        return supply

    def _supply_and_use(self) -> None:
        """For each body and good: the most it could ever give and ever take, as bounds."""
        problem, able = self.problem, self.problem.abilities
        size = self.bodies * self.goods
        total = self.most.sum(axis=1, dtype=np.float64)
        gives, takes = self.uses.of_kind(p.OUTPUT), self.uses.of_kind(p.INPUT)
        stocks, needs = problem.stocks, problem.needs
        place = able.body[takes.ability] * self.goods + takes.item
        amount = takes.quantity.astype(np.float64) * total[takes.ability] / self.grain
        use = np.bincount(place, amount, minlength=size).astype(np.float64)
        place = needs.body[self.need] * self.goods + needs.good[self.need]
        widths = np.array([
            problem.curves.width[[c == name for c in problem.curves.curve]].sum()
            for name in problem.curve_names()
        ])  # fmt: skip
        share = widths[needs.curve[self.need]] / THOUSAND
        use += np.bincount(place, needs.quantity[self.need] * share, minlength=size)
        self.supply = self._could_be(total)
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
        np.add.at(bound, arrives, stocks.opening * self.grain)
        self.builder.add_rows(
            "balance",
            {
                "body": np.tile(body, self.periods),
                "good": np.tile(good, self.periods),
                "period": np.repeat(np.arange(self.periods), self.pairs),
            },
            bound.ravel(),
            np.tile(steps * self.grain, self.periods),
            np.tile(body, self.periods),
        )

    def _row(self, body: Ints, good: Ints, period: Ints) -> Ints:
        return period * self.pairs + self.row_of[body, good]

    def _activities(self) -> None:
        able = self.problem.abilities
        ability, period = np.nonzero(self.most > 0)
        cost = self._costs_of_uses() * (self.measure / self.grain)
        thrift = self._thrift_of_recipes() / self.grain
        column = self.builder.add_columns(
            "activity",
            {"body": able.body[ability], "recipe": able.recipe[ability], "period": period},
            _charged(cost)[ability],
            self.most[ability, period],
            np.full(len(ability), float(self.grain)),
            able.body[ability],
            thrift[ability],
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

    def _thrift_of_recipes(self) -> Floats:
        """What a level of each ability takes, as a share of all there is: of labour by its hours
        (where kinds of labour are counted in different units, of each kind by its share), and far
        less of other means and of inputs."""
        means, uses = self.problem.means, self.uses
        labour = np.array([kind == "labour" for kind in means.kind], dtype=bool)
        there = self.capacity.sum(axis=(0, 2), dtype=np.float64)
        units = {unit.casefold() for unit, kind in zip(means.unit, means.kind, strict=True)
                 if kind == "labour"}  # fmt: skip
        if len(units) == 1:
            hours = (there / means.steps)[labour].sum()
            there = np.where(labour, hours * means.steps, there)
        weight = np.where(labour, 1.0, INPUT_THRIFT) / np.maximum(there, 1.0)
        of_goods = INPUT_THRIFT / np.maximum(self.all_supply, 1.0)
        used, taken = uses.of_kind(p.USE), uses.of_kind(p.INPUT)
        size = len(self.problem.abilities.body)
        of_means = np.bincount(used.ability, used.quantity * weight[used.item], minlength=size)
        taking = np.bincount(taken.ability, taken.quantity * of_goods[taken.item], minlength=size)
        return (of_means + taking).astype(np.float64)

    def _moved(self, good: Ints) -> Floats:
        """What moving or storing one step of a good takes."""
        share: Floats = MOVED_THRIFT / np.maximum(self.all_supply[good], 1.0)
        return share

    def _consumption(self) -> None:
        """A column for each part of each need's curve. Worth of a step: people × the tier's weight
        × the part's worth ÷ the norm, to the nearest count of the measure."""
        problem, needs, need = self.problem, self.problem.needs, self.part_need
        measure = np.full(len(need), self.measure)
        column = self.builder.add_columns(
            "consumption",
            {"need": need, "period": self.part_period, "part": self.part},
            nearest([*self.factors, measure], needs.quantity[need]),
            self.width,
            problem.goods.steps[needs.good[need]].astype(np.float64),
            needs.body[need],
            np.zeros(len(need)),
        )
        row = self._row(needs.body[need], needs.good[need], self.part_period)
        self.builder.put(row, column, np.full(len(column), self.grain))

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
                self._moved(good),
            )
            here, there = self._row(body, good, period), self._row(hub, good, period)
            give, take = (here, there) if kind == "sent" else (there, here)
            loss = np.zeros_like(body) if kind == "sent" else bodies.loss[body]
            self.builder.put(give, column, np.full(len(column), self.grain))
            self.builder.put(take, column, (loss - THOUSAND) * (self.grain // THOUSAND))

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
        per_unit = load * (means.cost[mean] / means.steps[mean]) * (self.measure / MILLION)
        return _charged(per_unit / self.problem.goods.steps[good])

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
            self._moved(good),
        )
        self.builder.put(self._row(links.origin[link], good, period), column,
                         np.full(len(link), self.grain))  # fmt: skip
        self.builder.put(self._row(links.target[link], good, period), column,
                         (links.loss[link] - THOUSAND) * (self.grain // THOUSAND))  # fmt: skip
        limited = np.flatnonzero(links.capacity >= 0)
        if not len(limited):
            return
        one = self._whole_load(links.capacity[limited], np.ones(1, dtype=np.int64))
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

    def _whole_load(self, capacity: Ints, distance: Ints) -> int:
        """A number by which every good's load of one step becomes whole. Raises PlanError where
        capacities or loads multiplied by it could not be counted."""
        goods = self.problem.goods
        loaded = np.flatnonzero(goods.load > 0).tolist()
        one = lcm(1, *goods.steps[loaded].tolist())
        far = int(distance.max(initial=1))
        heaviest = max((int(goods.load[at]) * far * (one // int(goods.steps[at])) for at in loaded),
                       default=0)  # fmt: skip
        if max(one * int(capacity.max(initial=0)), heaviest, one) >= FITS:
            raise PlanError(
                "the transport of {goods} cannot be counted together: their steps have {one} for "
                "a common multiple; give them alike steps, or the transport larger ones",
                goods=", ".join(goods.good[at] for at in loaded[:8]), one=one,
            )  # fmt: skip
        return one

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
            self._moved(good),
        )
        self.builder.put(self._row(body, good, period), column, np.full(len(body), self.grain))
        self.builder.put(self._row(body, good, period + 1), column,
                         -goods.keep[good] * (self.grain // THOUSAND))  # fmt: skip

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
            self.capacity[body, mean, period] * self.grain,
            means.steps[mean].astype(np.float64) * self.grain,
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
        one = self._whole_load(self.capacity[hub, mean, period], bodies.distance)
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


def _charged(cost: Floats) -> Ints:
    """The worth that a cost takes away; what costs anything costs one count at least."""
    counts: Ints = -np.where(cost > 0, np.maximum(np.rint(cost), 1), 0).astype(np.int64)
    return counts


def _shares(norm: Ints, thousandths: Ints) -> Ints:
    """So many thousandths of each norm, rounded down, without passing 64 bits."""
    found: Ints = norm // THOUSAND * thousandths + norm % THOUSAND * thousandths // THOUSAND
    return found


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
