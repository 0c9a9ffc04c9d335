"""Taking the least of many rates that are known only between bounds, without ever guessing.

Equal Shares and Phragmén fund, round after round, the project with the least rate; rates only
rise as rounds pass, so a lower bound once found stays one, and most projects need no new look.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush
from typing import TypeVar

SCALE = 64  # bounds are whole numbers with so many binary digits after the point

Untie = Callable[[Sequence[int], int], int]  # tied projects, number of the round -> the preferred
Open = list[tuple[int, int]]  # a heap of (lower bound, project)


class DoubtError(Exception):
    """A choice that the bounds leave in doubt where it cannot be worked out exactly."""


@dataclass(frozen=True)
class Bid:
    """A project's rate: at least `low`, at most `high` (None: it is in doubt whether the project
    can be paid at all), and `exact` where it is known in full."""

    project: int
    low: int
    high: int | None
    exact: Fraction | None


B = TypeVar("B", bound=Bid)


def bounds(top: int, bottom: int) -> tuple[int, int]:
    """The fraction top/bottom as whole numbers of 2^-SCALE, rounded down and up."""
    return (top << SCALE) // bottom, -(-(top << SCALE) // bottom)


def take_least(
    open_: Open,
    lowest: Callable[[int], int | None],
    bid_on: Callable[[int], B],
    work_out: Callable[[B], B | None],
    untie: Callable[[Sequence[int]], int],
) -> B | None:
    """Take the project with the least rate out of the heap; None when none is left.

    `lowest` gives the lower bound now, or None for a project that can never be taken: it leaves the
    heap. `bid_on` gives both bounds, asked only of those that may be the least; `work_out` the same
    bid with its exact rate, or None if it cannot be taken after all, asked only where the bounds
    leave doubt. True ties go to `untie`.
    """
    while True:
        bids: list[B] = []
        best: int | None = None
        looked_at: set[int] = set()
        while open_ and (best is None or open_[0][0] <= best):
            project = heappop(open_)[1]
            if project not in looked_at:
                now = lowest(project)
                if now is None:
                    continue
                looked_at.add(project)
                if open_ and now > open_[0][0]:
                    heappush(open_, (now, project))
                    continue
            bid = bid_on(project)
            bids.append(bid)
            if bid.high is not None:
                best = bid.high if best is None else min(best, bid.high)
        near = [bid for bid in bids if best is None or bid.low <= best]
        far = [bid for bid in bids if best is not None and bid.low > best]
        if len(near) > 1 or (near and near[0].high is None):
            worked = [bid if bid.exact is not None else work_out(bid) for bid in near]
            near = [bid for bid in worked if bid is not None]
        chosen = _least(near, untie)
        for bid in (*near, *far):
            if bid is not chosen:
                heappush(open_, (bid.low, bid.project))
        if chosen is not None or not open_:
            return chosen


def _least(bids: Sequence[B], untie: Callable[[Sequence[int]], int]) -> B | None:
    if len(bids) < 2:
        return bids[0] if bids else None
    least = min(bid.exact for bid in bids if bid.exact is not None)
    level = [bid for bid in bids if bid.exact == least]
    if len(level) == 1:
        return level[0]
    first = untie([bid.project for bid in level])
    return next(bid for bid in level if bid.project == first)
