"""The money of Equal Shares: every voter's purse, known to lie between two whole numbers.

Equal Shares divides money by numbers of supporters again and again; exact fractions of tens of
thousands of purses are slow, and a float must never decide. So every purse is held as two integers,
`low` and `high`, between which its exact content lies, rounded outwards at each payment; a price
worked out from the low purses is never below the exact one, one from the high purses never above.
A choice is made only where these bounds leave no doubt. Where they do, `exact.py` works the same
choice out in fractions. The unit is so fine that doubt is rare: the endowment of all voters
together is just under 2^61 units.

The same two numbers can also hold a range: with `low` of one endowment and `high` of a greater, a
choice without doubt is the same for every endowment between. Completion skips steps by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from comuna.count.supports import Projects

Ints = npt.NDArray[Any]  # int64, or Python integers where the amounts outgrow that
ROOM = 1 << 61
FINE = 1 << 40


class Price(NamedTuple):
    """What a supporter pays at most for each point: the fraction `top` / `bottom`, in units."""

    top: int
    bottom: int


@dataclass(frozen=True)
class Backing:
    """The supporters of one project: their groups, points, and ballots times points."""

    group: Ints
    points: Ints
    weight: Ints
    mass: int
    even: int  # the points that every supporter gives, 0 if they differ
    numbers: tuple[int, ...]  # the different numbers of points that supporters give
    number_at: Ints  # which of them each group gives
    kind: Any  # the type of number that purses are held in
    most: int | None  # more than any purse holds, and as much as that type can


class Money:
    """Costs and endowments in one unit, in which costs are whole numbers, and endowments too
    where all voters have the same.

    `cost[p]` is in units; `utility[p]` is what a point is worth: the cost in smallest steps
    (satisfaction by cost) or 1 (by cardinality). `parts` is what part of all the money a voter of
    each territory of the ballots has; without it every voter has the same part.
    """

    def __init__(
        self,
        ballots: Projects,
        budget: Fraction,
        most: Fraction,
        by_cost: bool,
        parts: Sequence[Fraction] | None = None,
    ) -> None:
        costs = [project.cost for project in ballots.candidates]
        steps = lcm(budget.denominator, most.denominator, *(cost.denominator for cost in costs))
        self.voters = ballots.total()
        fits = ROOM // max(1, self.voters * int(most * steps))
        self.kind: Any = np.int64 if fits else object
        self.fine = fits or FINE
        self.cost = [int(cost * steps) * self.voters * self.fine for cost in costs]
        self.utility = [int(cost * steps) if by_cost else 1 for cost in costs]
        self.steps = steps
        self.backing = [self._backing(ballots, p) for p in range(len(costs))]
        self.groups = len(ballots.weight)
        self.parts = parts or (Fraction(1, max(1, self.voters)),)
        self.territory = ballots.territory if parts else np.zeros(self.groups, dtype=np.int64)

    def endowments(self, total: Fraction) -> list[Fraction]:
        """What a voter of each territory has of `total` (in the currency's unit), in units.

        `total` must be a whole number of the smallest steps of the budget, `most` and the costs.
        """
        units = int(total * self.steps) * self.voters * self.fine
        return [part * units for part in self.parts]

    def purses(self, total: Fraction, round_up: bool) -> Ints:
        """Every group's purse before anything is paid, as a whole number of units."""
        whole = [ceil(each) if round_up else floor(each) for each in self.endowments(total)]
        if len(whole) == 1:
            return np.full(self.groups, whole[0], dtype=self.kind)
        return np.array(whole, dtype=self.kind)[self.territory]

    def amount(self, units: int) -> Fraction:
        """Units as an amount of the currency's unit."""
        return Fraction(units, self.steps * self.voters * self.fine)

    def _backing(self, ballots: Projects, project: int) -> Backing:
        group, points = ballots.of(project)
        weight = ballots.weight[group]
        numbers, at = np.unique(points, return_inverse=True)
        return Backing(
            group,
            points,
            weight,
            int(weight.dot(points)),
            int(numbers[0]) if len(numbers) == 1 else 0,
            tuple(map(int, numbers)),
            at,
            self.kind,
            2 * ROOM if self.kind is np.int64 else None,
        )


def price(purses: Ints, backing: Backing, cost: int, at_least: Price | None = None) -> Price | None:
    """The least price at which the supporters, each paying at most what is in the purse, pay the
    cost together; None if all they have is not enough.

    `at_least` is a price known not to be above it, to start from. Whoever cannot pay a price that
    is too low cannot pay the right one: all they have is taken, the others share the rest, and the
    price rises until nobody more falls short.
    """
    held = purses[backing.group]
    if held.dot(backing.weight) < cost:
        return None
    top, bottom = at_least or (cost, backing.mass)
    while True:
        poor = held < _due(backing, Price(top, bottom), round_up=True)
        giving_all = backing.weight * poor
        left = cost - int(held.dot(giving_all))
        able = backing.mass - int(backing.points.dot(giving_all))
        if (left, able) == (top, bottom):
            return Price(top, bottom)
        top, bottom = left, able


def pay(purses: Ints, backing: Backing, charged: Price, round_up: bool) -> Ints:
    """Take the price out of the supporters' purses (in place), rounded up or down; what each
    group's voter paid."""
    held = purses[backing.group]
    due = _due(backing, charged, round_up)
    paid: Ints = np.minimum(held, due)
    purses[backing.group] = held - paid
    return paid


def _due(backing: Backing, charged: Price, round_up: bool) -> Any:
    """What the price asks of each supporter for its points: one number where all give the same
    points, else an array. Where purses are int64, no more than twice what one can hold."""
    if backing.even:  # the common case, and the one that must be quick
        asked = charged.top * backing.even
        due = -(-asked // charged.bottom) if round_up else asked // charged.bottom
        return due if backing.most is None or due < backing.most else backing.most
    dues = []
    for number in backing.numbers:
        asked = charged.top * number
        due = -(-asked // charged.bottom) if round_up else asked // charged.bottom
        dues.append(due if backing.most is None else min(due, backing.most))
    return np.array(dues, dtype=backing.kind)[backing.number_at]
