"""Is this plan possible, and how far is it from the best? Two sparse products, in whole numbers.

For maximise c·x, A x ≤ b, 0 ≤ x ≤ u and any prices y ≥ 0, no plan whatever is worth more than

    y·b + Σ_j max(0, c_j − (Aᵀy)_j) · u_j          (weak duality)

so whoever has the problem, the plan and its prices can check both claims without any solver and
without trusting whoever calculated the plan. Prices are whole numbers too: y = prices / scale.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from comuna.plan.exact import dot
from comuna.plan.model import Floats, Model
from comuna.plan.problem import Ints

LARGEST_PRICE = 2**38  # so that a check seldom needs a second limb,
FINE_PRICE, FINE_UPTO = 2**52, 50_000  # save up to so many rows, where a second one costs nothing
MAX_SCALE = 10**15
MAX_PRICE = 2.0**61


@dataclass(frozen=True)
class Prices:
    """`prices[i] / scale` objective counts for one more of row i's own counting."""

    prices: Ints
    scale: int

    @staticmethod
    def of(y: Floats, largest: int = LARGEST_PRICE) -> "Prices":
        """Whole prices, as fine as numbers below `largest` allow."""
        top = float(np.max(y, initial=0.0))
        scale = 1
        while scale < MAX_SCALE and top * scale * 10 < largest:
            scale *= 10
        # any prices prove something: those beyond all counting are cut
        counted = np.rint(np.clip(y, 0.0, MAX_PRICE) * scale)
        return Prices(counted.astype(np.int64), scale)

    @staticmethod
    def fine(y: Floats) -> "Prices":
        """Whole prices of a whole program, finer where its rows are few."""
        return Prices.of(y, FINE_PRICE if len(y) <= FINE_UPTO else LARGEST_PRICE)


@dataclass(frozen=True)
class Certificate:
    """`objective` and `bound` in one person's worth of a need; `broken` are the rows overdrawn,
    `outside` the columns beyond 0 or their most. A plan is possible when both are empty."""

    objective: Fraction
    bound: Fraction
    broken: tuple[int, ...]
    outside: tuple[int, ...]

    @property
    def possible(self) -> bool:
        return not self.broken and not self.outside

    @property
    def gap(self) -> Fraction:
        """How much better, at most, another plan could be: (bound − objective) / bound."""
        return (self.bound - self.objective) / self.bound if self.bound > 0 else Fraction(0)


def bound(model: Model, prices: Prices) -> Fraction:
    """What no plan can exceed, in objective counts."""
    loss = model.matrix.times_turned(prices.prices).minus(model.worth, prices.scale)
    gains = np.flatnonzero(loss < 0)
    some = model.bounded
    total = dot(prices.prices[some], model.bound[some])
    if loss.dtype == object:
        total -= sum(int(loss[j]) * int(model.most[j]) for j in gains)
    else:
        total -= dot(loss[gains], model.most[gains])
    return Fraction(total, prices.scale)


def worth_of(model: Model, x: Ints) -> int:
    """What a plan is worth, in objective counts, exactly."""
    some = np.flatnonzero(x)
    return dot(model.worth[some], x[some])


def check(model: Model, x: Ints, prices: Prices) -> Certificate:
    """Whether x is possible, and the bound that the prices prove. Nothing else is consulted."""
    over = model.matrix.times(x).minus(model.bound)
    # what is below 0 is, without its sign, above any most
    outside = x.view(np.uint64) > model.most.view(np.uint64)
    negative = bool((prices.prices < 0).any()) or prices.scale < 1
    best = Fraction(0) if negative else bound(model, prices) / model.counting.measure
    return Certificate(
        Fraction(worth_of(model, x), model.counting.measure),
        best,
        tuple(np.flatnonzero(over > 0).tolist()),
        tuple(np.flatnonzero(outside).tolist()),
    )
