"""How many must be present for an assembly to be lawful."""

from __future__ import annotations

from math import ceil, floor

from comuna.rules.statute import Quorum, fraction


def required(quorum: Quorum, base: int) -> int:
    """The least number present that satisfies this call, out of `base` persons or votes.

    "At least" rounds up; "more than" asks for the next whole number; "half plus one" of an odd base
    is read as the rule says; a fixed number is that number, even when the base is smaller (then
    this call cannot be met, and the statute says so itself). Raises ValueError for an empty base.
    """
    if base < 1:
        raise ValueError(f"a quorum is counted over at least one {quorum.of}, not {base}")
    if quorum.half_plus_one == "floor":
        return base // 2 + 1
    if quorum.half_plus_one == "literal":
        return (base + 1) // 2 + 1
    if quorum.more_than:
        needed = floor(base * fraction(quorum.more_than)) + 1
    elif quorum.at_least:
        needed = ceil(base * fraction(quorum.at_least))
    else:
        return quorum.count
    return min(needed, quorum.count) if quorum.least else needed
