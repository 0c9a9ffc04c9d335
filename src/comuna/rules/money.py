"""Exact money: whole numbers of the smallest unit, shared out so that nothing is lost or invented.

Fractions in between, integers at the ends; no floating point number takes part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import ceil, floor

from comuna.rules.statute import Rounding


def to_integer(value: Fraction, rounding: Rounding) -> int:
    """A fraction of the smallest unit as a whole number of them. "up" is towards more, "down"
    towards less, "half_even" to the nearest and, from the middle, to the even neighbour."""
    if rounding == "up":
        return ceil(value)
    return floor(value) if rounding == "down" else round(value)


def member_order(members: Iterable[str]) -> list[str]:
    """Members in the order of their numbers: "2" before "10", "m2" before "m10", names by letter.

    It depends on the identifiers alone, so whoever redoes a count gets the same order.
    """
    return sorted(members, key=lambda member: (_parts(member), member))


def _parts(member: str) -> list[tuple[bool, int, str]]:
    """What a name is made of, so that it sorts: a number by its size, of whatever length it is."""
    parts = re.findall(r"([0-9]+)|([^0-9]+)", member)
    return [(not n, len(n.lstrip("0")), n.lstrip("0") or text) for n, text in parts]


def allocate(amount: int, weights: Mapping[str, int | Fraction]) -> dict[str, int]:
    """Share a whole amount in proportion to weights by largest remainder (Hamilton's method).

    Each receives the whole part of the exact share; the units left over go one each to the largest
    remainders, and among equal ones by `member_order`. The parts sum to the amount exactly; a
    negative amount (a loss) is shared like its opposite. Raises ValueError for a negative weight,
    and when there is something to share but no weight.
    """
    total = sum(weights.values(), Fraction(0))
    if any(weight < 0 for weight in weights.values()):
        raise ValueError("a weight is never negative")
    if amount == 0:
        return dict.fromkeys(weights, 0)
    if total == 0:
        raise ValueError(f"{amount} cannot be shared: all weights are zero")
    if amount < 0:
        return {member: -part for member, part in allocate(-amount, weights).items()}
    exact = {member: amount * weight / total for member, weight in weights.items()}
    parts = {member: floor(share) for member, share in exact.items()}
    left = amount - sum(parts.values())
    by_remainder = sorted(member_order(weights), key=lambda m: parts[m] - exact[m])
    for member in by_remainder[:left]:
        parts[member] += 1
    return parts
