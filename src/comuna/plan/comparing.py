"""Two plans side by side, so that people can choose between them: what each need gets in one and
in the other, who gains, who loses, and how far down the worst-off stand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

from comuna.plan.errors import PlanError

Key = tuple[str, str, str, int]


class Met(msgspec.Struct):
    """How far a need is met, as a published plan says it."""

    body: str
    good: str
    period: str
    tier: int
    norm: Annotated[int, msgspec.Meta(ge=1)]
    met: int


class Published(msgspec.Struct):
    """What of a published plan is compared."""

    satisfaction: list[Met]


@dataclass(frozen=True)
class Change:
    """One need in both plans, in steps of its good."""

    body: str
    good: str
    period: str
    tier: int
    norm: int
    first: int
    second: int


@dataclass(frozen=True)
class Summary:
    """For one tier in one plan, in thousandths of the norm: the least met need, the middle one and
    the mean; and how many needs get nothing at all."""

    tier: int
    least: int
    middle: int
    mean: int
    nothing: int


@dataclass(frozen=True)
class Comparison:
    changes: tuple[Change, ...]
    first: tuple[Summary, ...]
    second: tuple[Summary, ...]
    better_off: tuple[str, ...]
    worse_off: tuple[str, ...]


def compare(first: Mapping[str, Any], second: Mapping[str, Any]) -> Comparison:
    """Two published plans of the same problem, whatever their modes.

    A body is better off where every need of it is met at least as well and one better. Raises
    PlanError where the needs differ.
    """
    one, other = _needs(first), _needs(second)
    if {key: norm for key, (norm, _) in one.items()} != {k: norm for k, (norm, _) in other.items()}:
        raise PlanError("the two plans meet different needs; compare two plans of one problem")
    pairs = [(key, norm, met, other[key][1]) for key, (norm, met) in one.items()]
    changes = tuple(Change(*key, norm, a, b) for key, norm, a, b in pairs if a != b)
    up = {change.body for change in changes if change.second > change.first}
    down = {change.body for change in changes if change.second < change.first}
    return Comparison(
        changes,
        _summaries(one.items()),
        _summaries(other.items()),
        tuple(sorted(up - down)),
        tuple(sorted(down - up)),
    )


def _needs(plan: Mapping[str, Any]) -> dict[Key, tuple[int, int]]:
    try:
        met = msgspec.convert(plan, Published).satisfaction
    except (msgspec.ValidationError, OverflowError):
        raise PlanError("this is not a published plan; `comuna plan solve --out` writes one") from (
            None
        )
    return {(one.body, one.good, one.period, one.tier): (one.norm, one.met) for one in met}


def summaries(plan: Mapping[str, Any]) -> tuple[Summary, ...]:
    """How far each tier is met in a published plan."""
    return _summaries(_needs(plan).items())


def _summaries(needs: Iterable[tuple[Key, tuple[int, int]]]) -> tuple[Summary, ...]:
    tiers: dict[int, list[int]] = {}
    for key, (norm, met) in needs:
        tiers.setdefault(key[3], []).append(met * 1000 // norm)
    return tuple(
        Summary(tier, min(met), sorted(met)[len(met) // 2], sum(met) // len(met), met.count(0))
        for tier, met in sorted(tiers.items())
    )
