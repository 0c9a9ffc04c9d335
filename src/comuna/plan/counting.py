"""How finely a problem is counted, so that all its numbers fit into 64 bits and none is lost.

A recipe's level is counted in *grains*: millionths, or tenths of that finer as long as what there
is of the most plentiful thing still fits. Worth is counted in so small a *measure* that the worth
of one step, be the steps grams or tonnes, is a whole number without much rounding: a plan does not
depend on the unit. Both follow from the problem alone; docs/plan-format.md has the rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from comuna.plan.problem import LEVEL, WORTH, Ints

FITS = 2**61
"""Twice the most that is ever counted of anything."""
COARSEST = 1000
"""So many grains make a level at least: losses and keeps are per thousand."""
FINE = 10**4
"""So many counts the least worth of a step is to be, where there is room,"""
COARSE = 100
"""and no fewer in any case: half a percent of it would be lost in rounding."""
ROOM = 2**57
"""The largest worth of a step."""


@dataclass(frozen=True)
class Counting:
    """`grain` steps make one level of a recipe; `measure` counts make one person's worth of a
    need."""

    grain: int
    measure: int


STANDARD = Counting(LEVEL, WORTH)


def grain_for(largest: int) -> int:
    """The grain for quantities of which the largest is this."""
    grain = LEVEL
    while grain > COARSEST and largest * grain > FITS:
        grain //= 10
    return grain


def measure_for(least: float, largest: float) -> int:
    """The measure for worths of a step from `least` to `largest`, both above 0 (in one person's
    worth)."""
    measure = WORTH
    while least * measure < FINE and largest * measure * 10 <= ROOM:
        measure *= 10
    while measure > 1 and largest * measure > ROOM:
        measure //= 10
    return measure


def nearest(factors: Sequence[Ints], divisor: Ints) -> Ints:
    """The product of the factors ÷ the divisor, to the nearest whole number (a half upward),
    exactly, wherever the answer fits into 64 bits."""
    about = np.ones(len(divisor))
    for factor in factors:
        about = about * factor
    small = about < FITS
    product = np.ones(len(divisor), dtype=np.int64)
    for factor in factors:
        product = product * np.where(small, factor, 1)
    found: Ints = (2 * product + divisor) // (2 * divisor)
    for at in np.flatnonzero(~small).tolist():
        whole = 1
        for factor in factors:
            whole *= int(factor[at])
        found[at] = (2 * whole + int(divisor[at])) // (2 * int(divisor[at]))
    return found
