"""Sequential Phragmén: supporters of a project share its cost as a load, and each round funds the
project that leaves the least load on its most loaded supporter.

Phragmén 1894; M. Brill et al., Mathematical Programming 203 (2024); for costs, as in M. Los, Z.
Christoff, D. Grossi, IJCAI 2022. It stops at the first project that the money left cannot pay for.
Loads are held between two whole numbers, as purses are in `purses.py`; where these leave doubt
they are worked out in fractions.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from comuna.count.least import SCALE, Bid, Open, Race, Untie, bounds
from comuna.count.limits import Limits
from comuna.count.purses import FINE, ROOM, Ints
from comuna.count.supports import Supports


@dataclass
class Loads:
    """A count by Phragmén: `cost[p]` in smallest steps, and every voter's load, in units of
    1 / `fine` of a step, between `low` and `high`."""

    ballots: Supports[Any]
    cost: Sequence[int]
    budget: int
    limits: Limits
    choose: Untie
    funded: list[int] = field(default_factory=list)
    spent: int = 0
    unpaid: bool = False  # whether one of those that tied for the last round cannot be paid

    def __post_init__(self) -> None:
        votes = self.ballots.votes()
        most = max(1, self.budget) * max(1, self.ballots.total())
        self.kind: Any = np.int64 if ROOM // most else object
        self.fine = ROOM // most or FINE
        groups = len(self.ballots.weight)
        self.low: Ints = np.zeros(groups, dtype=self.kind)
        self.high: Ints = np.zeros(groups, dtype=self.kind)
        self.votes = votes
        weight = self.ballots.weight[self.ballots.group]
        ends = self.ballots.start.tolist()
        self.backers = [
            (self.ballots.group[start:end], weight[start:end]) for start, end in pairwise(ends)
        ]
        # What was worked out of each project's bounds, and after how many were funded.
        self.now: dict[int, tuple[int, tuple[int, int]]] = {}
        # For the exact loads: which funded project loaded each voter last (0 for none, else its
        # place from 1), what its supporters had been loaded by before, and its exact load.
        self.last = np.zeros(groups, dtype=np.int64)
        self.before: list[tuple[int, list[tuple[int, int]]]] = []
        self.exact = [Fraction(0)]

    def finish(self) -> list[int]:
        """Fund projects until the next cannot be paid; their order."""
        open_: Open = [
            (bounds(self.cost[p] * self.fine, votes)[0], p)
            for p, votes in enumerate(self.votes)
            if votes and self.cost[p] <= self.budget
        ]
        race: Race[Bid] = Race(open_, self)
        while (found := race.take()) is not None and self._pays(found.project):
            self.spent += self.cost[found.project]
            self._fund(found.project)
            self.unpaid = False
        return self.funded

    def untie(self, tied: Sequence[int]) -> int:
        """Where not all who tie can be paid, the count stops: no order among them matters."""
        self.unpaid = not all(self._pays(project) for project in tied)
        return tied[0] if self.unpaid else self.choose(tied, len(self.funded) + 1)

    def _pays(self, project: int) -> bool:
        return not self.unpaid and self.spent + self.cost[project] <= self.budget

    def load(self, project: int) -> Fraction:
        """The exact load (in smallest steps) that funding the project now would leave."""
        weighed = sum(self.exact_load(last) * many for last, many in self._lasts(project))
        return Fraction(self.cost[project] + weighed) / self.votes[project]

    def lowest(self, project: int) -> int | None:
        if self.limits.bars(project, self.funded):
            return None
        return (self._bounds(project)[0] << SCALE) // self.votes[project]

    def bid(self, project: int) -> Bid:
        low, high = self._bounds(project)
        votes = self.votes[project]
        return Bid(project, bounds(low, votes)[0], bounds(high, votes)[1])

    def work_out(self, bid: Bid) -> Fraction:
        low, high = self._bounds(bid.project)
        if low == high:
            return Fraction(low, self.votes[bid.project] * self.fine)
        return self.load(bid.project)

    def unmoved(self, bids: list[Bid]) -> list[Bid]:
        """Those none of whose supporters was loaded last."""
        loaded = self.last == len(self.funded)
        return [
            bid
            for bid in bids
            if not loaded[self.backers[bid.project][0]].any()
            and not self.limits.bars(bid.project, self.funded)
        ]

    def _bounds(self, project: int) -> tuple[int, int]:
        """Cost and loads of the supporters together, in units, between two whole numbers."""
        place = len(self.funded)
        at, found = self.now.get(project, (-1, (0, 0)))
        if at != place:
            group, weight = self.backers[project]
            cost = self.cost[project] * self.fine
            low = int(self.low[group].dot(weight))
            found = cost + low, cost + int(self.high[group].dot(weight))
            self.now[project] = place, found
        return found

    def _fund(self, project: int) -> None:
        low, high = self._bounds(project)
        votes = self.votes[project]
        self.before.append((project, self._lasts(project)))
        group, _ = self.backers[project]
        self.low[group] = low // votes
        self.high[group] = -(-high // votes)
        self.funded.append(project)
        self.last[group] = len(self.funded)

    def _lasts(self, project: int) -> list[tuple[int, int]]:
        """How many supporters were last loaded by each funded project: (its place, ballots)."""
        group, weight = self.backers[project]
        places, at = np.unique(self.last[group], return_inverse=True)
        many = np.zeros(len(places), dtype=np.int64)
        np.add.at(many, at, weight)
        return list(zip(map(int, places), map(int, many), strict=True))

    def exact_load(self, place: int) -> Fraction:
        """The exact load that the project funded at this place left on its supporters."""
        while len(self.exact) <= place:
            project, lasts = self.before[len(self.exact) - 1]
            weighed = sum(self.exact[last] * many for last, many in lasts)
            self.exact.append(Fraction(self.cost[project] + weighed) / self.votes[project])
        return self.exact[place]
