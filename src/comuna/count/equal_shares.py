"""The Method of Equal Shares, exact: every voter has an equal part of the budget, and a project is
funded only with the money of its supporters, shared as equally as they can.

D. Peters, G. Pierczyński, P. Skowron, NeurIPS 2021 (arXiv 2008.13276); the description for voters
is https://equalshares.net. In every round the project is funded whose supporters pay the least for
each point of satisfaction it gives them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from comuna.count.exact import ExactPurses
from comuna.count.least import SCALE, Bid, Open, Race, Untie, bounds
from comuna.count.limits import Limits
from comuna.count.purses import Ints, Money, Price, pay, price

FEW = 16  # bids that are quicker looked at one by one than all at once


@dataclass(slots=True)
class Purchase:
    """A funded project: the least its supporters paid for a point, and what each group paid."""

    project: int
    price: Price
    paid: Ints


@dataclass(slots=True)
class PricedBid(Bid):
    """A bid with the price a point that it stands for: at least `cheap`, at most `dear`."""

    cheap: Price
    dear: Price | None


class Purses:
    """The purses of a run between their bounds, and what each project would cost now."""

    def __init__(self, money: Money, limits: Limits, least: Fraction, most: Fraction) -> None:
        """All voters together have between `least` and `most` to spend."""
        self.money = money
        self.limits = limits
        self.low = money.purses(least, round_up=False)
        self.high = money.purses(most, round_up=True)
        self.funded: list[int] = []
        self.cheap: dict[int, Price] = {}

    def open(self) -> Open:
        """Every project that anyone supports, by a lower bound of its rate."""
        return [
            (self.rates(p, Price(self.money.cost[p], backing.mass))[0], p)
            for p, backing in enumerate(self.money.backing)
            if backing.mass and self.money.utility[p]
        ]

    def rates(self, project: int, charged: Price) -> tuple[int, int]:
        """The price of a point of satisfaction, between whole numbers."""
        return bounds(charged.top, charged.bottom * self.money.utility[project])

    def lowest(self, project: int) -> int | None:
        """None where a limit bars the project or its supporters surely cannot pay."""
        if self.limits.bars(project, self.funded):
            return None
        cheap = self.cheapest(project)
        if cheap is None:
            return None
        self.cheap[project] = cheap
        return (cheap.top << SCALE) // (cheap.bottom * self.money.utility[project])

    def cheapest(self, project: int) -> Price | None:
        """The price that it is surely not below; None where its supporters have not enough."""
        backing = self.money.backing[project]
        held = self.high[backing.group]
        return price(held, backing, self.money.cost[project], self.cheap.get(project))

    def dearest(self, project: int) -> Price | None:
        """The price that it is surely not above; None where its supporters may not have enough."""
        backing = self.money.backing[project]
        held = self.low[backing.group]
        return price(held, backing, self.money.cost[project], self.cheap[project])

    def fund(self, project: int, cheap: Price, dear: Price) -> Ints:
        """Take a price of at least `cheap` and at most `dear` out of the purses; what the
        supporters of each group paid at most."""
        backing = self.money.backing[project]
        pay(self.high, backing, cheap, round_up=False)
        self.funded.append(project)
        return pay(self.low, backing, dear, round_up=True)


class Run(Purses):
    """One run of Equal Shares over an endowment; doubt is settled in fractions."""

    def __init__(self, money: Money, limits: Limits, total: Fraction, untie: Untie) -> None:
        super().__init__(money, limits, total, total)
        self.purchases: list[Purchase] = []
        self._untie = untie
        self._exact = ExactPurses(money.endowments(total), money.territory)

    def finish(self) -> list[int]:
        """Fund projects until no supporters can pay for another; their order."""
        race: Race[PricedBid] = Race(self.open(), self)
        while (found := race.take()) is not None:
            assert found.dear is not None
            paid = self.fund(found.project, found.cheap, found.dear)
            self.purchases.append(Purchase(found.project, found.dear, paid))
        return self.funded

    def untie(self, tied: Sequence[int]) -> int:
        return self._untie(tied, len(self.funded) + 1)

    def bid(self, project: int) -> PricedBid:
        cheap = self.cheap[project]
        low, high = self.rates(project, cheap)
        dear = self.dearest(project)
        if dear is not None and dear != cheap:
            high = self.rates(project, dear)[1]
        return PricedBid(project, low, None if dear is None else high, cheap, dear)

    def work_out(self, bid: PricedBid) -> Fraction | None:
        money, project = self.money, bid.project
        if bid.cheap != bid.dear:
            self._exact.follow(self.funded, money.backing, money.cost)
            found = self._exact.price(money.backing[project], money.cost[project])
            if found is None:
                return None
            bid.cheap = bid.dear = Price(found.numerator, found.denominator)
        return Fraction(bid.cheap.top, bid.cheap.bottom * money.utility[project])

    def unmoved(self, bids: list[PricedBid]) -> list[PricedBid]:
        """Those whose supporters paid nothing for the last project, and those all of whose
        supporters could pay an equal part and still can."""
        if len(bids) < FEW:
            return []
        backing = [self.money.backing[bid.project] for bid in bids]
        paid = np.zeros(self.money.groups, dtype=bool)
        paid[self.money.backing[self.funded[-1]].group] = True
        group = np.concatenate([each.group for each in backing])
        many = [len(each.group) for each in backing]
        beyond = int(self.low.max()) + 1
        due = np.array([self._equal_part(bid, beyond) for bid in bids], dtype=self.money.kind)
        moved = paid[group] & (self.low[group] < np.repeat(due, many))
        any_moved = np.logical_or.reduceat(moved, np.cumsum([0, *many[:-1]]))
        return [
            bid
            for bid, gone in zip(bids, any_moved.tolist(), strict=True)
            if not gone and not self.limits.bars(bid.project, self.funded)
        ]

    def _equal_part(self, bid: PricedBid, beyond: int) -> int:
        """What every supporter pays, if all can pay the same; otherwise `beyond`."""
        backing = self.money.backing[bid.project]
        top = self.money.cost[bid.project] * backing.even
        whole = backing.even and bid.dear == (self.money.cost[bid.project], backing.mass)
        return min(-(-top // backing.mass), beyond) if whole else beyond
