"""A federation's plan by offers and prices (Dantzig & Wolfe, 1960).

Each round the centre sends one small file: a price for each shared row. Each part answers with one
small file: what its best plan at these prices is worth, what it draws from and gives to the shared
rows, and a proved bound. Recipes, stocks and capacities never leave the part. The centre mixes the
offers; the shares it sends back at the end tell each part which mix of its own offers to carry
out. So that prices do not leap from one extreme to the other they stay near the best so far
(Wentges, 1997). The sum of the parts' bounds certifies the gap of each round.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import highspy
import numpy as np

from comuna.plan.certificate import Prices, bound
from comuna.plan.errors import PlanError
from comuna.plan.exact import dot
from comuna.plan.executable import executable
from comuna.plan.federation import (
    Part,
    Split,
    answer_to,
    own_program,
    own_rows_only,
    settle,
)
from comuna.plan.model import UNLIMITED, Floats, Model
from comuna.plan.problem import Ints
from comuna.plan.solver import Draft, QuietHighs, Session, solve

ROUNDS = 100
PARTS = 8
"""Fewer parts than this have too few offers to mix; see `part_of_bodies`."""
DEAR = 5.0
STEPS = 10
"""So many steps of the simplex method for each row and column of the mix are enough."""
SMOOTHING = 0.5
"""How much of the best prices so far stays in the prices that are sent."""


@dataclass(frozen=True)
class Offer:
    """One part's answer: `worth` in objective counts, `draws[i]` of its i-th shared row in the
    row's own counting, and `bound`, which nothing it could do at the prices asked exceeds."""

    worth: int
    draws: Ints
    bound: Fraction


@dataclass
class Bidder:
    """The side of one part: it keeps its program and its own plans to itself."""

    part: Part
    plans: list[Ints] = field(default_factory=list)
    _session: Session | None = None

    def alone(self, free: Ints | None = None) -> tuple[Offer, Floats]:
        """What it does if nothing is exchanged, and what the shared rows would then be worth;
        `free` are the shared rows on which it may draw as much as it likes (lorries)."""
        model, bound = self.part.model, self.part.model.bound.copy()
        if free is not None:
            bound[self.part.own_rows + free] = UNLIMITED
        draft = solve(replace(model, bound=bound))
        return self._offer(draft.x, Fraction(0)), draft.y[self.part.own_rows :]

    def answer(self, prices: Prices) -> Offer:
        """The best plan at these prices of the shared rows."""
        self._session = self._session or own_program(self.part)
        price = prices.prices / prices.scale
        draft = answer_to(self.part, price, self._session)
        own = np.rint(draft.y * prices.scale).astype(np.int64)
        every = Prices(np.concatenate([own, prices.prices]), prices.scale)
        return self._offer(draft.x, bound(self.part.model, every))

    def _offer(self, draft: Floats, best: Fraction) -> Offer:
        model = self.part.model
        x = executable(own_rows_only(self.part), draft)
        self.plans.append(x)
        drawn = model.matrix.times(x).whole()[self.part.own_rows :]
        return Offer(dot(model.worth, x), drawn.astype(np.int64), best)

    def mix(self, shares: Floats) -> Floats:
        """The plan that mixes its own offers in these shares."""
        return (
            np.asarray(shares @ np.array(self.plans))
            if self.plans
            else np.zeros(self.part.model.matrix.columns)
        )


@dataclass(frozen=True)
class Commons:
    """What the centre itself knows: what the shared rows hold (`bound`, in their own counting, of
    which `unit_row` make a natural unit), the columns that belong to no part (`worth`, `most`,
    `unit_x`), and how these draw on those: row, column and value of each entry."""

    bound: Ints
    unit_row: Floats
    worth: Ints
    most: Ints
    unit_x: Floats
    entries: tuple[Ints, Ints, Ints]

    @staticmethod
    def of(model: Model, rows: Ints, columns: Ints) -> "Commons":
        """The commons of a model: these rows and these columns of it."""
        matrix = model.matrix
        place = np.full(matrix.rows, -1)
        place[rows] = np.arange(len(rows))
        row = place[np.repeat(np.arange(matrix.rows), np.diff(matrix.start))]
        mine = np.isin(matrix.index, columns) & (row >= 0)
        column = np.searchsorted(columns, matrix.index[mine])
        return Commons(
            model.bound[rows], model.unit_row[rows], model.worth[columns], model.most[columns],
            model.unit_x[columns], (row[mine], column, matrix.data[mine]),
        )  # fmt: skip


class Centre:
    """The side of the federation: the commons and the offers. `places[k]` are the shared rows that
    part k touches; `scale` is what brings worths to a size at which solvers are at ease."""

    def __init__(self, commons: Commons, places: Sequence[Ints], scale: float) -> None:
        self.commons, self.places, self.scale = commons, places, scale or 1.0
        self.offers: list[tuple[int, Offer]] = []
        self.best: Fraction | None = None
        self.best_prices: Prices | None = None
        self.unit_row, self.unit_x = commons.unit_row, commons.unit_x
        self.measured = False
        self._start()

    def measure(self) -> None:
        """Let the solver see rows and columns in units of what is really drawn: in kilograms the
        flows of a region are millions beside shares of one."""
        drawn = np.zeros(len(self.commons.bound))
        for at, offer in self.offers:
            places = self.places[at]
            np.maximum.at(drawn, places, np.abs(offer.draws) / self.commons.unit_row[places])
        if not drawn.any():
            return
        row, column, value = self.commons.entries
        typical = np.zeros(len(self.commons.most))
        np.maximum.at(typical, column, drawn[row])
        typical[typical == 0] = 1.0
        self.unit_x = self.commons.unit_x * typical
        entry = np.abs(value * self.unit_x[column] / self.commons.unit_row[row])
        alone = drawn == 0
        np.maximum.at(drawn, row[alone[row]], entry[alone[row]])
        drawn[drawn == 0] = 1.0
        self.unit_row = self.commons.unit_row * drawn
        self.measured = True
        self._start()
        for at, offer in self.offers:
            self._add(at, offer)

    def _start(self) -> None:
        self.highs = QuietHighs()
        for option, value in (("output_flag", False), ("threads", 1)):
            self.highs.setOptionValue(option, value)
        own, parts = self.commons, len(self.places)
        shared = len(own.bound)
        upper = np.concatenate([own.bound / self.unit_row, np.ones(parts)])
        empty = np.zeros(0, dtype=np.int32)
        self.highs.addRows(shared + parts, np.full(shared + parts, -highspy.kHighsInf), upper, 0,
                           np.zeros(shared + parts, dtype=np.int32), empty,
                           np.zeros(0))  # fmt: skip
        row, column, amount = own.entries
        order = np.argsort(column, kind="stable")
        size = len(own.most)
        starts = np.concatenate([[0], np.cumsum(np.bincount(column, minlength=size))])[:-1]
        self.highs.addCols(
            size, own.worth * self.unit_x / self.scale, np.zeros(size),
            own.most / self.unit_x, len(row), starts.astype(np.int32),
            row[order].astype(np.int32),
            (amount * self.unit_x[column] / self.unit_row[row])[order],
        )  # fmt: skip
        place, nothing = np.arange(shared, dtype=np.int32), np.zeros(shared)
        self.highs.addCols(shared, nothing, nothing, nothing, shared, place, place, nothing - 1)
        self.highs.changeObjectiveSense(highspy.ObjSense.kMaximize)

    def take(self, at: int, offer: Offer) -> None:
        """Add the offer of part `at`."""
        self.offers.append((at, offer))
        self._add(at, offer)

    def _add(self, at: int, offer: Offer) -> None:
        used = np.flatnonzero(offer.draws)
        places = self.places[at][used]
        rows = np.append(places, len(self.commons.bound) + at).astype(np.int32)
        values = np.append(offer.draws[used] / self.unit_row[places], 1.0)
        self.highs.addCol(offer.worth / self.scale, 0.0, 1.0, len(rows), rows, values)

    def hear(self, number: int, sent: Prices, answers: Sequence[Offer]) -> "Round":
        """Take what every part answered to the prices sent, in the parts' order."""
        for at, offer in enumerate(answers):
            self.take(at, offer)
        if not self.measured:
            self.measure()
        limit = self.bound(sent, answers)
        if self.best is None or limit < self.best:
            self.best, self.best_prices = limit, sent
        return Round(number, self.mix()[0], self.best)

    def next_prices(self) -> Prices:
        """What to send next: between what the offers now say and the best prices so far."""
        if self.best_prices is None:
            raise PlanError("no prices have been answered yet")
        near = self.best_prices.prices / self.best_prices.scale
        return Prices.of(SMOOTHING * near + (1 - SMOOTHING) * self.prices(near))

    def first_prices(self, hints: Sequence[tuple[Ints, Floats]]) -> Prices:
        """The middle one of what each shared row would be worth to each part by itself (the mean
        would follow whoever lacks a good altogether); a hint is rows and their worth."""
        place, price = (np.concatenate(each) for each in zip(*hints, strict=True))
        order = np.lexsort((price, place))
        place, price = place[order], price[order]
        first = np.flatnonzero(np.diff(place, prepend=-1))
        middle = first + (np.diff([*first, len(place)]) - 1) // 2
        start = np.zeros(len(self.commons.bound))
        start[place[first]] = price[middle]
        return Prices.of(start)

    def mix(self) -> tuple[float, Floats, Floats]:
        """The best mix: its worth, the centre's own columns (in steps), and each offer's share."""
        self._wall(np.zeros(len(self.commons.bound)), 0.0)
        values, _ = self._solved()
        size, shared = len(self.commons.most), len(self.commons.bound)
        worth = float(self.highs.getInfo().objective_function_value) * self.scale
        return worth, values[:size] * self.unit_x, values[size + shared :]

    def prices(self, near: Floats) -> Floats:
        """What the shared rows are worth in the best mix, if more could be had from outside at
        `DEAR` times the prices near: without that wall, whatever nobody offers yet is priceless."""
        unit = self.unit_row
        dear = DEAR * (near * unit + (near * unit).mean())
        self._wall(-dear / self.scale, highspy.kHighsInf)
        _, dual = self._solved()
        return np.maximum(dual[: len(unit)], 0) * self.scale / unit

    def mixed_prices(self) -> Floats:
        """What the shared rows are worth in the best mix as it is."""
        self._wall(np.zeros(len(self.commons.bound)), 0.0)
        _, dual = self._solved()
        shared = len(self.commons.bound)
        return np.maximum(dual[:shared], 0) * self.scale / self.unit_row

    def _wall(self, cost: Floats, most: float) -> None:
        places = (len(self.commons.most) + np.arange(len(cost))).astype(np.int32)
        self.highs.changeColsCost(len(cost), places, cost)
        none = np.zeros(len(cost))
        self.highs.changeColsBounds(len(cost), places, none, none + most)

    def _solved(self) -> tuple[Floats, Floats]:
        """Values and prices of the mix. From the last answer the simplex method is quick, but may
        go round in circles: then once more from nothing, and at last by interior point."""
        steps = STEPS * (self.highs.getNumRow() + self.highs.getNumCol())
        for solver, again in (("simplex", False), ("simplex", True), ("ipx", True)):
            if again:
                self.highs.clearSolver()
            self.highs.setOptionValue("solver", solver)
            limit = steps if solver == "simplex" else highspy.kHighsIInf
            self.highs.setOptionValue("simplex_iteration_limit", limit)
            self.highs.run()
            solution = self.highs.getSolution()
            done = self.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
            if done and solution.value_valid and solution.dual_valid:
                return np.asarray(solution.col_value), np.asarray(solution.row_dual)
        raise PlanError("the offers could not be mixed; try another --method")

    def bound(self, prices: Prices, answers: Sequence[Offer]) -> Fraction:
        """What no plan exceeds: the parts' own bounds, what the shared rows hold at these prices,
        and what the centre's columns could gain."""
        own = self.commons
        row, column, value = own.entries
        total = Fraction(dot(prices.prices, own.bound), prices.scale)
        total += sum((offer.bound for offer in answers), Fraction(0))
        paid = np.zeros(len(own.most), dtype=object)
        np.add.at(paid, column, prices.prices[row].astype(object) * value)
        gain = own.worth.astype(object) * prices.scale - paid
        gained = sum(int(g) * int(u) for g, u in zip(gain, own.most, strict=True) if g > 0)
        return total + Fraction(gained, prices.scale)


@dataclass(frozen=True)
class Round:
    """What is known after a round: the best mix, the least bound so far, and the gap."""

    number: int
    worth: float
    best: Fraction

    @property
    def gap(self) -> float:
        best = float(self.best)
        return (best - self.worth) / best if best > 0 else 0.0


def by_offers(
    model: Model,
    parts: Split,
    gap: float = 1e-4,
    tell: Callable[[Round], None] = lambda each: None,
    rounds: int = ROUNDS,
) -> Draft:
    """Rounds until the certified gap is within `gap`, or so many rounds are over."""
    bidders = [Bidder(part) for part in parts.parts]
    place = np.full(model.matrix.rows, -1)
    place[parts.shared] = np.arange(len(parts.shared))
    gains = np.maximum(model.worth, 0) * model.most.astype(np.float64)
    centre = Centre(
        Commons.of(model, parts.shared, parts.centre),
        [place[part.shared] for part in parts.parts],
        float(gains.sum()) / (100 * max(1, len(bidders))),
    )
    firsts = [bidder.alone() for bidder in bidders]
    for at, (offer, _) in enumerate(firsts):
        centre.take(at, offer)
    hints = [price for _, price in firsts]
    sent = centre.first_prices(list(zip(centre.places, hints, strict=True)))
    for number in range(1, rounds + 1):
        answers = [
            bidder.answer(Prices(sent.prices[rows], sent.scale))
            for bidder, rows in zip(bidders, centre.places, strict=True)
        ]
        told = centre.hear(number, sent, answers)
        tell(told)
        if told.gap <= gap:
            break
        sent = centre.next_prices()
    return _assembled(model, parts, centre, bidders)


def _assembled(model: Model, parts: Split, centre: Centre, bidders: list[Bidder]) -> Draft:
    worth, own, shares = centre.mix()
    prices = centre.best_prices or Prices(np.zeros(len(parts.shared), dtype=np.int64), 1)
    x, y = np.zeros(model.matrix.columns), np.zeros(model.matrix.rows)
    x[parts.centre] = own
    y[parts.shared] = prices.prices / prices.scale
    for at, bidder in enumerate(bidders):
        mine = [share for share, (who, _) in zip(shares, centre.offers, strict=True) if who == at]
        x[bidder.part.columns] = bidder.mix(np.array(mine))
        answer = answer_to(bidder.part, y[bidder.part.shared])
        y[bidder.part.rows] = answer.y
    mixed = Draft(np.clip(x, 0, model.most), y, worth, "offers")
    return settle(model, parts, mixed)
