"""Taking the least of many rates that are known only between bounds, without ever guessing.

Equal Shares and Phragmén fund, round after round, the project with the least rate; rates only
rise as rounds pass, so a lower bound once found stays one, and most projects need no new look.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush
from typing import Generic, Protocol, TypeVar

SCALE = 64  # bounds are whole numbers with so many binary digits after the point

Untie = Callable[[Sequence[int], int], int]  # tied projects, number of the round -> the preferred
Open = list[tuple[int, int]]  # a heap of (lower bound, project)


@dataclass(slots=True)
class Bid:
    """A project's rate: at least `low`, at most `high` (None: it is in doubt whether the project
    can be paid at all)."""

    project: int
    low: int
    high: int | None


B = TypeVar("B", bound=Bid)


class Bidding(Protocol[B]):
    """What is asked about the projects. A rate is the same until something is paid."""

    def lowest(self, project: int) -> int | None:
        """The lower bound of its rate now; None where it can never be taken any more."""

    def bid(self, project: int) -> B:
        """Both bounds, asked only of those that may be the least."""

    def work_out(self, bid: B) -> Fraction | None:
        """The exact rate, asked only where bounds leave doubt; None if it cannot be taken."""

    def untie(self, tied: Sequence[int]) -> int:
        """Which of the projects with equal rates is taken."""

    def unmoved(self, bids: list[B]) -> list[B]:
        """Those of the bids that surely stand as they did before the last was taken."""


def bounds(top: int, bottom: int) -> tuple[int, int]:
    """The fraction top/bottom as whole numbers of 2^-SCALE, rounded down and up."""
    least, rest = divmod(top << SCALE, bottom)
    return least, least + (rest > 0)


class Race(Generic[B]):
    """The projects not yet taken. Those that tied for the least with one that was taken are kept
    apart, with the rate they share: two thousand that tie in every round are not looked at anew
    two thousand times."""

    def __init__(self, open_: Open, asked: Bidding[B]) -> None:
        self.open = open_
        self.asked = asked
        self.level: list[B] = []
        self.rate = Fraction(0)
        heapify(self.open)

    def take(self) -> B | None:
        """Take the project with the least rate; None when no project can be taken any more."""
        if self.level:
            tied = self.level
            self.level = self.asked.unmoved(tied)
            standing = {bid.project for bid in self.level}
            self._put_back([bid for bid in tied if bid.project not in standing])
        while True:
            near = self._near(self.level[0].high if self.level else None)
            if len(near) == 1 and not self.level and near[0].high is not None:
                return near[0]
            self._work_out(near)
            if self.level:
                return self._choose()
            if not self.open:
                return None

    def _near(self, best: int | None) -> list[B]:
        """Whatever may be the least beside the level (all at most `best`), out of the heap."""
        bids: list[B] = []
        looked_at: set[int] = set()
        heap, asked = self.open, self.asked
        while heap and (best is None or heap[0][0] <= best):
            project = heappop(heap)[1]
            if project not in looked_at:
                now = asked.lowest(project)
                if now is None:
                    continue
                looked_at.add(project)
                if heap and now > heap[0][0]:
                    heappush(heap, (now, project))
                    continue
            bid = asked.bid(project)
            bids.append(bid)
            if bid.high is not None:
                best = bid.high if best is None else min(best, bid.high)
        if len(bids) == 1 and not self.level:
            return bids
        self._put_back([bid for bid in bids if best is not None and bid.low > best])
        return [bid for bid in bids if best is None or bid.low <= best]

    def _work_out(self, near: Sequence[B]) -> None:
        """Leave in the level those that have the least rate, exactly."""
        for bid in near:
            rate = self.asked.work_out(bid)
            if rate is None:
                continue
            if self.level and rate > self.rate:
                self._put_back([bid])
                continue
            if self.level and rate < self.rate:
                self._put_back(self.level)
                self.level = []
            self.rate = rate
            self.level.append(bid)

    def _choose(self) -> B:
        """Take one out of the level."""
        project = self.level[0].project
        if len(self.level) > 1:
            project = self.asked.untie([bid.project for bid in self.level])
        at = next(at for at, bid in enumerate(self.level) if bid.project == project)
        return self.level.pop(at)

    def _put_back(self, bids: Sequence[B]) -> None:
        for bid in bids:
            heappush(self.open, (bid.low, bid.project))
