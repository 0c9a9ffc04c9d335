"""A federation's plan by offers and prices (Dantzig & Wolfe, 1960).

Each round the centre sends one small file: a price for each shared row. Each part answers with one
small file: what its best plan at these prices is worth, what it draws from and gives to the shared
rows, and a proved bound. Recipes, stocks and capacities never leave the part. The centre mixes the
offers; the shares it sends back at the end tell each part which mix of its own offers to carry
out. So that prices do not leap from one extreme to the other they stay near the best so far
(Wentges, 1997). The sum of the parts' bounds certifies the gap of each round.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

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
from comuna.plan.model import Floats, Model
from comuna.plan.problem import Ints
from comuna.plan.solver import Draft, QuietHighs, Session, run, solve

ROUNDS = 100
PARTS = 8
"""Fewer parts than this have too few offers to mix; see `part_of_bodies`."""
DEAR = 5.0
SMOOTHING = 0.5
"""How much of the best prices so far stays in the prices that are sent."""


@dataclass(frozen=True)
class Offer:
    """One part's answer: `worth` in objective counts, `draws[i]` of its i-th shared row in the
    row's own counting, and `bound`, which nothing it could do at the prices asked exceeds."""

    worth: int
    draws: Ints
    bound: Fraction

    def to_json(self) -> dict[str, Any]:
        """The small file of an answer."""
        places = np.flatnonzero(self.draws)
        return {
            "worth": self.worth,
            "draws": [[int(at), int(self.draws[at])] for at in places],
            "bound": [self.bound.numerator, self.bound.denominator],
        }

    @staticmethod
    def from_json(said: object, shared: int) -> "Offer":
        """Raises PlanError where it is not an offer over so many shared rows."""
        try:
            draws = np.zeros(shared, dtype=np.int64)
            for at, quantity in said["draws"]:  # type: ignore[index]
                if not 0 <= at < shared:
                    raise PlanError(f"the offer draws on shared row {at}; there are {shared}")
                draws[at] = quantity
            best = Fraction(*said["bound"])  # type: ignore[index]
            return Offer(int(said["worth"]), draws, best)  # type: ignore[index]
        except (KeyError, TypeError, ValueError, ZeroDivisionError) as wrong:
            raise PlanError(f'not an offer ({wrong}); give {{"worth", "draws", "bound"}}') from None


@dataclass
class Bidder:
    """The side of one part: it keeps its program and its own plans to itself."""

    part: Part
    plans: list[Ints] = field(default_factory=list)
    _session: Session | None = None

    def alone(self) -> tuple[Offer, Floats]:
        """What it does if nothing is exchanged, and what the shared rows would then be worth."""
        model = self.part.model
        draft = solve(model)
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


class Centre:
    """The side of the federation: the shared rows, the columns of nobody, and the offers."""

    def __init__(self, model: Model, parts: Split) -> None:
        self.model, self.parts = model, parts
        self.row_place = np.full(model.matrix.rows, -1)
        self.row_place[parts.shared] = np.arange(len(parts.shared))
        self.offers: list[tuple[int, Offer]] = []
        matrix = model.matrix
        row = np.repeat(np.arange(matrix.rows), np.diff(matrix.start))
        mine = np.isin(matrix.index, parts.centre)
        place = np.searchsorted(parts.centre, matrix.index[mine])
        self.entries = (self.row_place[row[mine]], place, matrix.data[mine])
        self.unit = model.unit_row[parts.shared]
        gains = np.maximum(model.worth, 0) * model.most.astype(np.float64)
        self.scale = float(gains.sum()) / (100 * max(1, len(parts.parts))) or 1.0
        self.highs = QuietHighs()
        for option, value in (("output_flag", False), ("threads", 1), ("solver", "simplex")):
            self.highs.setOptionValue(option, value)
        self._start()

    def _start(self) -> None:
        model, parts = self.model, self.parts
        rows = len(parts.shared) + len(parts.parts)
        upper = np.concatenate([model.bound[parts.shared] / self.unit, np.ones(len(parts.parts))])
        empty = np.zeros(0, dtype=np.int32)
        self.highs.addRows(rows, np.full(rows, -highspy.kHighsInf), upper, 0,
                           np.zeros(rows, dtype=np.int32), empty, np.zeros(0))  # fmt: skip
        row, column, value = self.entries
        order = np.argsort(column, kind="stable")
        unit_x = model.unit_x[parts.centre]
        size = len(parts.centre)
        starts = np.concatenate([[0], np.cumsum(np.bincount(column, minlength=size))])[:-1]
        self.highs.addCols(
            size, model.worth[parts.centre] * unit_x / self.scale, np.zeros(size),
            model.most[parts.centre] / unit_x, len(row), starts.astype(np.int32),
            row[order].astype(np.int32),
            (value * unit_x[column] / self.unit[row])[order],
        )  # fmt: skip
        shared = np.arange(len(parts.shared), dtype=np.int32)
        nothing = np.zeros(len(shared))
        self.highs.addCols(len(shared), nothing, nothing, nothing, len(shared), shared, shared,
                           nothing - 1)  # fmt: skip
        self.highs.changeObjectiveSense(highspy.ObjSense.kMaximize)

    def take(self, at: int, offer: Offer) -> None:
        """Add the offer of part `at`."""
        self.offers.append((at, offer))
        places = self.row_place[self.parts.parts[at].shared]
        used = np.flatnonzero(offer.draws)
        rows = np.append(places[used], len(self.parts.shared) + at).astype(np.int32)
        values = np.append(offer.draws[used] / self.unit[places[used]], 1.0)
        self.highs.addCol(offer.worth / self.scale, 0.0, 1.0, len(rows), rows, values)

    def mix(self) -> tuple[float, Floats, Floats]:
        """The best mix: its worth, the centre's own columns (in steps), and each offer's share."""
        self._wall(np.zeros(len(self.parts.shared)), 0.0)
        values, _ = self._solved()
        size, shared = len(self.parts.centre), len(self.parts.shared)
        worth = float(self.highs.getInfo().objective_function_value) * self.scale
        own = values[:size] * self.model.unit_x[self.parts.centre]
        return worth, own, values[size + shared :]

    def prices(self, near: Floats) -> Floats:
        """What the shared rows are worth in the best mix, if more could be had from outside at
        `DEAR` times the prices near: without that wall, whatever nobody offers yet is priceless."""
        dear = DEAR * (near * self.unit + (near * self.unit).mean())
        self._wall(-dear / self.scale, highspy.kHighsInf)
        _, dual = self._solved()
        return np.maximum(dual[: len(self.parts.shared)], 0) * self.scale / self.unit

    def _wall(self, cost: Floats, most: float) -> None:
        places = (len(self.parts.centre) + np.arange(len(cost))).astype(np.int32)
        self.highs.changeColsCost(len(cost), places, cost)
        none = np.zeros(len(cost))
        self.highs.changeColsBounds(len(cost), places, none, none + most)

    def _solved(self) -> tuple[Floats, Floats]:
        solution = run(self.highs)
        if not solution.value_valid or not solution.dual_valid:
            raise PlanError("the offers could not be mixed; try another --method")
        return np.asarray(solution.col_value), np.asarray(solution.row_dual)

    def bound(self, prices: Prices, answers: list[Offer]) -> Fraction:
        """What no plan exceeds: the parts' own bounds, what the shared rows hold at these prices,
        and what the centre's columns could gain."""
        row, column, value = self.entries
        total = Fraction(dot(prices.prices, self.model.bound[self.parts.shared]), prices.scale)
        total += sum((offer.bound for offer in answers), Fraction(0))
        size = len(self.parts.centre)
        paid = np.zeros(size, dtype=object)
        np.add.at(paid, column, prices.prices[row].astype(object) * value)
        gain = self.model.worth[self.parts.centre].astype(object) * prices.scale - paid
        most = self.model.most[self.parts.centre]
        gained = sum(int(g) * int(u) for g, u in zip(gain, most, strict=True) if g > 0)
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
    centre = Centre(model, parts)
    sent = _alone(centre, bidders)
    best, best_prices = None, sent
    for number in range(1, rounds + 1):
        answers = [each.answer(_of_part(centre, sent, each.part)) for each in bidders]
        for at, offer in enumerate(answers):
            centre.take(at, offer)
        limit = centre.bound(sent, answers)
        if best is None or limit < best:
            best, best_prices = limit, sent
        told = Round(number, centre.mix()[0], best)
        tell(told)
        if told.gap <= gap:
            break
        near = best_prices.prices / best_prices.scale
        sent = Prices.of(SMOOTHING * near + (1 - SMOOTHING) * centre.prices(near))
    return _assembled(model, parts, centre, bidders, best_prices)


def _alone(centre: Centre, bidders: list[Bidder]) -> Prices:
    """Everyone's plan without exchange, and the middle one of what the shared rows would then be
    worth to each (the mean would follow whoever lacks a good altogether)."""
    places, prices = [], []
    for at, bidder in enumerate(bidders):
        offer, price = bidder.alone()
        centre.take(at, offer)
        places.append(centre.row_place[bidder.part.shared])
        prices.append(price)
    place, price = np.concatenate(places), np.concatenate(prices)
    order = np.lexsort((price, place))
    place, price = place[order], price[order]
    first = np.flatnonzero(np.diff(place, prepend=-1))
    middle = first + (np.diff([*first, len(place)]) - 1) // 2
    start = np.zeros(len(centre.parts.shared))
    start[place[first]] = price[middle]
    return Prices.of(start)


def _of_part(centre: Centre, prices: Prices, part: Part) -> Prices:
    return Prices(prices.prices[centre.row_place[part.shared]], prices.scale)


def _assembled(
    model: Model, parts: Split, centre: Centre, bidders: list[Bidder], prices: Prices
) -> Draft:
    worth, own, shares = centre.mix()
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
