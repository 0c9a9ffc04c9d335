"""The Method of Equal Shares, exact: every voter has an equal part of the budget, and a project is
funded only with the money of its supporters, shared as equally as they can.

D. Peters, G. Pierczyński, P. Skowron, NeurIPS 2021 (arXiv 2008.13276); the description for voters
is https://equalshares.net. In every round the project is funded whose supporters pay the least for
each point of satisfaction it gives them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heapify, heappop, heappush

import numpy as np

from comuna.count.exact import ExactPurses
from comuna.count.limits import Limits
from comuna.count.purses import Ints, Money, Price, pay, price

SCALE = 64  # rates are compared as whole numbers with so many binary digits after the point

Untie = Callable[[Sequence[int], int], int]


@dataclass
class Purchase:
    """A funded project: the least its supporters paid for a point, and what each group paid."""

    project: int
    price: Price
    paid: Ints


@dataclass
class _Bid:
    """A project's rate (price for a point of satisfaction) between two bounds; `dear` is None
    where it is in doubt whether its supporters can pay at all."""

    project: int
    cheap: Price
    dear: Price | None

    def sure(self) -> bool:
        return self.dear is not None and (
            self.cheap.top * self.dear.bottom == self.dear.top * self.cheap.bottom
        )


@dataclass
class Run:
    """One run of Equal Shares over an endowment, or over a range of endowments at once."""

    money: Money
    limits: Limits
    low: Ints
    high: Ints
    untie: Untie
    funded: list[int] = field(default_factory=list)
    purchases: list[Purchase] = field(default_factory=list)
    _exact: ExactPurses | None = None

    @staticmethod
    def over(money: Money, limits: Limits, least: Fraction, most: Fraction, untie: Untie) -> "Run":
        """A run in which all voters together have between `least` and `most` to spend."""
        low, high = (
            np.full(money.groups, money.endowment(total), dtype=money.kind)
            for total in (least, most)
        )
        return Run(money, limits, low, high, untie)

    def finish(self) -> list[int]:
        """Fund projects until no supporters can pay for another; their order. Only for a run over
        one endowment, where doubt is settled in fractions."""
        endowment = int(self.low[0]) if self.money.groups else 0
        self._exact = ExactPurses(self.money.groups, endowment)
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
        except _DoubtError:
            return False
        return len(self.funded) == len(expected)

    def _open(self) -> list[tuple[int, int]]:
        """A heap of every project that anyone supports, by a lower bound of its rate. Purses only
        empty, so a bound once found stays one."""
        heap = [
            (self._rate(p, Price(self.money.cost[p], backing.mass)), p)
            for p, backing in enumerate(self.money.backing)
            if backing.mass and self.money.utility[p]
        ]
        heapify(heap)
        return heap

    def _rate(self, project: int, charged: Price, round_up: bool = False) -> int:
        top = charged.top << SCALE
        bottom = charged.bottom * self.money.utility[project]
        return -(-top // bottom) if round_up else top // bottom

    def _next(self, open_: list[tuple[int, int]]) -> _Bid | None:
        """The cheapest project, taken out of the heap; None when no supporters can pay for any.
        Projects that are barred or that nobody can pay leave the heap for good."""
        while True:
            bids: list[tuple[int, _Bid]] = []
            best: int | None = None
            while open_ and (best is None or open_[0][0] <= best):
                _, project = heappop(open_)
                if self.limits.bars(project, self.funded):
                    continue
                bid = self._bid(project)
                if bid is None:
                    continue
                bids.append((self._rate(project, bid.cheap), bid))
                if bid.dear is not None:
                    dear = self._rate(project, bid.dear, round_up=True)
                    best = dear if best is None else min(best, dear)
            near = [bid for rate, bid in bids if best is None or rate <= best]
            if not near:
                return None
            chosen, unable = self._decide(near)
            for rate, bid in bids:
                if bid.project not in unable and (not chosen or bid.project != chosen.project):
                    heappush(open_, (rate, bid.project))
            if chosen:
                return chosen

    def _decide(self, near: list[_Bid]) -> tuple[_Bid | None, set[int]]:
        """The cheapest of those within doubt, and those found unable to pay after all."""
        if len(near) == 1 and near[0].dear is not None:
            return near[0], set()
        if all(bid.sure() for bid in near):
            return self._cheapest(near), set()
        if self._exact is None:
            raise _DoubtError
        money = self.money
        self._exact.follow(self.funded, money.backing, money.cost)
        able: list[_Bid] = []
        unable: set[int] = set()
        for bid in near:
            found = self._exact.price(money.backing[bid.project], money.cost[bid.project])
            if found is None:
                unable.add(bid.project)
            else:
                exact = Price(found.numerator, found.denominator)
                able.append(_Bid(bid.project, exact, exact))
        return self._cheapest(able) if able else None, unable

    def _cheapest(self, sure: list[_Bid]) -> _Bid:
        """The cheapest by exact rates; a true tie goes to the rule."""
        rates = [Fraction(*bid.cheap) / self.money.utility[bid.project] for bid in sure]
        level = [bid for bid, rate in zip(sure, rates, strict=True) if rate == min(rates)]
        if len(level) == 1:
            return level[0]
        first = self.untie([bid.project for bid in level], len(self.funded) + 1)
        return next(bid for bid in level if bid.project == first)

    def _bid(self, project: int) -> _Bid | None:
        """None where the supporters surely cannot pay."""
        backing, cost = self.money.backing[project], self.money.cost[project]
        cheap = price(self.high, backing, cost)
        if cheap is None:
            return None
        return _Bid(project, cheap, price(self.low, backing, cost))

    def _fund(self, bid: _Bid) -> None:
        assert bid.dear is not None
        backing = self.money.backing[bid.project]
        pay(self.high, backing, bid.cheap, round_up=False)
        paid = pay(self.low, backing, bid.dear, round_up=True)
        self.funded.append(bid.project)
        self.purchases.append(Purchase(bid.project, bid.dear, paid))


class _DoubtError(Exception):
    """A choice over a range of endowments that the bounds leave in doubt."""
