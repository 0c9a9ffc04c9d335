"""The Method of Equal Shares, exact: every voter has an equal part of the budget, and a project is
funded only with the money of its supporters, shared as equally as they can.

D. Peters, G. Pierczyński, P. Skowron, NeurIPS 2021 (arXiv 2008.13276); the description for voters
is https://equalshares.net. In every round the project is funded whose supporters pay the least for
each point of satisfaction it gives them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heapify

from comuna.count.exact import ExactPurses
from comuna.count.least import Bid, DoubtError, Open, Untie, bounds, take_least
from comuna.count.limits import Limits
from comuna.count.purses import Ints, Money, Price, pay, price


@dataclass
class Purchase:
    """A funded project: the least its supporters paid for a point, and what each group paid."""

    project: int
    price: Price
    paid: Ints


@dataclass(frozen=True)
class _PricedBid(Bid):
    """A bid with the price a point that it stands for: at least `cheap`, at most `dear`."""

    cheap: Price
    dear: Price | None


@dataclass
class Run:
    """One run of Equal Shares over an endowment, or over a range of endowments at once."""

    money: Money
    limits: Limits
    low: Ints
    high: Ints
    untie: Untie
    endowments: Sequence[Fraction]
    funded: list[int] = field(default_factory=list)
    purchases: list[Purchase] = field(default_factory=list)
    _exact: ExactPurses | None = None
    _cheap: dict[int, Price] = field(default_factory=dict)

    @staticmethod
    def over(money: Money, limits: Limits, least: Fraction, most: Fraction, untie: Untie) -> "Run":
        """A run in which all voters together have between `least` and `most` to spend."""
        low, high = money.purses(least, round_up=False), money.purses(most, round_up=True)
        return Run(money, limits, low, high, untie, money.endowments(least))

    def finish(self) -> list[int]:
        """Fund projects until no supporters can pay for another; their order. Only for a run over
        one endowment, where doubt is settled in fractions."""
        self._exact = ExactPurses(self.endowments, self.money.territory)
        open_ = self._open()
        while (found := self._next(open_)) is not None:
            self._fund(found)
        return self.funded

    def follows(self, expected: Sequence[int]) -> bool:
        """Whether every endowment in the range funds just these projects in this order, without
        doubt. False says only that there is doubt."""
        open_ = self._open()
        try:
            while (found := self._next(open_)) is not None:
                at = len(self.funded)
                if at == len(expected) or expected[at] != found.project:
                    return False
                self._fund(found)
        except DoubtError:
            return False
        return len(self.funded) == len(expected)

    def _open(self) -> Open:
        """Every project that anyone supports, by a lower bound of its rate."""
        heap = [
            (self._rates(p, Price(self.money.cost[p], backing.mass))[0], p)
            for p, backing in enumerate(self.money.backing)
            if backing.mass and self.money.utility[p]
        ]
        heapify(heap)
        return heap

    def _rates(self, project: int, charged: Price) -> tuple[int, int]:
        """The price of a point of satisfaction, between whole numbers."""
        return bounds(charged.top, charged.bottom * self.money.utility[project])

    def _next(self, open_: Open) -> _PricedBid | None:
        """The cheapest project, taken out of those open; None when nobody can pay for any."""

        def untie(tied: Sequence[int]) -> int:
            return self.untie(tied, len(self.funded) + 1)

        return take_least(open_, self._lowest, self._bid, self._work_out, untie)

    def _lowest(self, project: int) -> int | None:
        """None where a limit bars the project or its supporters surely cannot pay."""
        if self.limits.bars(project, self.funded):
            return None
        backing, cost = self.money.backing[project], self.money.cost[project]
        cheap = price(self.high, backing, cost, self._cheap.get(project))
        if cheap is None:
            return None
        self._cheap[project] = cheap
        return self._rates(project, cheap)[0]

    def _bid(self, project: int) -> _PricedBid:
        cheap = self._cheap[project]
        low, high = self._rates(project, cheap)
        dear = price(self.low, self.money.backing[project], self.money.cost[project], cheap)
        if dear is None:
            return _PricedBid(project, low, None, None, cheap, None)
        if cheap == dear:
            exact = Fraction(cheap.top, cheap.bottom * self.money.utility[project])
            return _PricedBid(project, low, high, exact, cheap, dear)
        return _PricedBid(project, low, self._rates(project, dear)[1], None, cheap, dear)

    def _work_out(self, bid: _PricedBid) -> _PricedBid | None:
        """The bid in fractions; None if the supporters cannot pay after all."""
        if self._exact is None:
            raise DoubtError
        money, project = self.money, bid.project
        self._exact.follow(self.funded, money.backing, money.cost)
        found = self._exact.price(money.backing[project], money.cost[project])
        if found is None:
            return None
        exact = Price(found.numerator, found.denominator)
        rate = found / money.utility[project]
        return _PricedBid(project, *self._rates(project, exact), rate, exact, exact)

    def _fund(self, bid: _PricedBid) -> None:
        assert bid.dear is not None
        backing = self.money.backing[bid.project]
        pay(self.high, backing, bid.cheap, round_up=False)
        paid = pay(self.low, backing, bid.dear, round_up=True)
        self.funded.append(bid.project)
        self.purchases.append(Purchase(bid.project, bid.dear, paid))
