"""The money of Equal Shares: every voter's purse, known to lie between two whole numbers.

Equal Shares divides money by numbers of supporters again and again; exact fractions of tens of
thousands of purses are slow, and a float must never decide. So every purse is held as two integers,
`low` and `high`, between which its exact content lies, rounded outwards at each payment; a price
worked out from the low purses is never below the exact one, one from the high purses never above.
A choice is made only where these bounds leave no doubt. Where they do, `exact.py` works the same
choice out in fractions. The unit is so fine that doubt is rare: the endowment of all voters
together is just under 2^57 units, and what sixteen projects ask of one voter still fits in
sixty-four bits.

The same two numbers can also hold a range: with `low` of one endowment and `high` of a greater, a
choice without doubt is the same for every endowment between. Completion skips steps by it.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from comuna.count.supports import Projects

Ints = npt.NDArray[Any]  # int64, or Python integers where the amounts outgrow that
ROOM = 1 << 57
FINE = 1 << 40


class Price(NamedTuple):
    """What a supporter pays at most for each point: the fraction `top` / `bottom`, in units."""

    top: int
    bottom: int


class Backing(NamedTuple):
    """The supporters of one project: their groups, points, and ballots times points."""

    group: Ints
    points: Ints
    weight: Ints
    mass: int
    even: int  # the points that every supporter gives, 0 if they differ
    numbers: tuple[int, ...]  # where they differ: the different numbers of points
    number_at: Ints | None  # and which of them each group gives
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
        step: Fraction = Fraction(0),
    ) -> None:
        costs = [project.cost for project in ballots.candidates]
        amounts = (budget, most, step, *costs)
        steps = lcm(*(amount.denominator for amount in amounts))
        self.voters = ballots.total()
        fits = ROOM // max(1, self.voters * int(most * steps))
        self.kind: Any = np.int64 if fits else object
        self.fine = fits or FINE
        self.cost = [int(cost * steps) * self.voters * self.fine for cost in costs]
        self.utility = [int(cost * steps) if by_cost else 1 for cost in costs]
        self.steps = steps
        self.backing = self._backings(ballots)
        self.groups = len(ballots.weight)
        self.parts = parts or (Fraction(1, max(1, self.voters)),)
        self.territory = ballots.territory if parts else np.zeros(self.groups, dtype=np.int64)

    def endowments(self, total: Fraction) -> list[Fraction]:
        """What a voter of each territory has of `total` (in the currency's unit), in units.

        `total` must be a whole number of the smallest steps of the budget, `most`, `step` and the
        costs.
        """
        return [part * self.units(total) for part in self.parts]

    def purses(self, total: Fraction, round_up: bool) -> Ints:
        """Every group's purse before anything is paid, as a whole number of units."""
        whole = [ceil(each) if round_up else floor(each) for each in self.endowments(total)]
        if len(whole) == 1:
            return np.full(self.groups, whole[0], dtype=self.kind)
        return np.array(whole, dtype=self.kind)[self.territory]

    def units(self, amount: Fraction) -> int:
        """An amount of the currency's unit, a whole number of smallest steps, as units."""
        steps = amount * self.steps
        assert steps.denominator == 1, f"{amount} is not a whole number of the smallest steps"
        return steps.numerator * self.voters * self.fine

    def amount(self, units: int) -> Fraction:
        """Units as an amount of the currency's unit."""
        return Fraction(units, self.steps * self.voters * self.fine)

    def _backings(self, ballots: Projects) -> list[Backing]:
        weights = ballots.weight[ballots.group]
        most = 2 * ROOM if self.kind is np.int64 else None
        alike = len(ballots.points) > 0 and int(ballots.points.min()) == int(ballots.points.max())
        found = []
        for p, mass in enumerate(ballots.scores()):
            group, points = ballots.of(p)
            weight = weights[int(ballots.start[p]) : int(ballots.start[p + 1])]
            if alike or (len(points) > 0 and points.min() == points.max()):
                even = int(points[0]) if len(points) else 0
                numbers: tuple[int, ...] = ()
                at = None
            else:
                different, at = np.unique(points, return_inverse=True)
                even, numbers = 0, tuple(map(int, different))
            found.append(Backing(group, points, weight, mass, even, numbers, at, self.kind, most))
        return found


def price(held: Ints, backing: Backing, cost: int, at_least: Price | None = None) -> Price | None:
    """The least price at which the supporters, each paying at most what is `held`, pay the cost
    together; None if all they have is not enough.

    `at_least` is a price found earlier by this function, when nobody held less: it is not above
    this one, and whoever fell short of it still does. Whoever cannot pay a price that is too low
    cannot pay the right one: all they have is taken, the others share the rest, and the price
    rises until nobody more falls short. If nobody is left to share it, all have too little.
    """
    top, bottom = at_least or (cost, backing.mass)
    known = 0
    while True:
        poor = held < due(backing, top, bottom, round_up=True)
        many = int(np.count_nonzero(poor))
        if many == known:
            return Price(top, bottom)
        if 2 * many > len(held) and held.dot(backing.weight) < cost:
            return None  # quicker seen so than by raising the price to the end
        known = many
        giving_all = backing.weight * poor
        bottom = backing.mass - int(backing.points.dot(giving_all))
        if not bottom:
            return None
        top = cost - int(held.dot(giving_all))


def pay(purses: Ints, backing: Backing, charged: Price, round_up: bool) -> Ints:
    """Take the price out of the supporters' purses (in place), rounded up or down; what each
    group's voter paid."""
    held = purses[backing.group]
    paid: Ints = np.minimum(held, due(backing, charged.top, charged.bottom, round_up))
    purses[backing.group] = held - paid
    return paid


def due(backing: Backing, top: int, bottom: int, round_up: bool) -> Any:
    """What the price asks of each supporter for its points: one number where all give the same
    points, else an array. Where purses are int64, no more than twice what one can hold."""
    if backing.even:  # the common case, and the one that must be quick
        asked = top * backing.even
        each = -(-asked // bottom) if round_up else asked // bottom
        return each if backing.most is None or each < backing.most else backing.most
    dues = []
    for number in backing.numbers:
        asked = top * number
        each = -(-asked // bottom) if round_up else asked // bottom
        dues.append(each if backing.most is None else min(each, backing.most))
    return np.array(dues, dtype=backing.kind)[backing.number_at]
