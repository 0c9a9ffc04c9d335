"""Watching a process: Beer's three numbers, and a filter that tells a change from a bad day.

*Actuality* is what is made, *capability* what could be made with what there is, *potentiality*
what could be made if what hinders it were put right (Beer, Brain of the Firm). The filter is the
multi-process one of Harrison & Stevens (1976): each reading is steady, a transient (it will pass),
a step of the level or a change of the slope, and the next reading tells which it was. A single
spike is shown at once, by Shewhart's rule, but is not an alert. The alert goes to the unit first,
with the clock that the unit agreed to; nothing here looks at a clock. Readings are measurements,
so floats.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from statistics import median

from comuna.plan.errors import PlanError

CLASSES = ("steady", "transient", "step", "slope")
PRIOR = (0.936, 0.06, 0.003, 0.001)
"""How often each is expected before looking."""
NOISE = (1.0, 100.0, 1.0, 1.0)  # variance of a reading, in noise variances
LEVEL_MOVES = (0.001, 0.0, 10.0, 0.0)  # variance of the level's move
SLOPE_MOVES = (0.0, 0.0, 0.0, 0.02)  # variance of the slope's move
MOVED = ((12, 2.3), (20, 2.6))
"""Within so many readings the level has moved by so many times the noise: an alert."""
SETTLING = 4
"""So many readings after an alert the level may still be on its way."""
SPIKE = 3.5
LEARNING = 24
"""So many readings give the first idea of the noise."""
WEIGHT, MOST_WEIGHT = 20.0, 100.0
"""How many readings that idea is worth, and at most how many the noise ever rests on."""
ODD = 6.0
"""A squared error counts as at most so many noise variances, so that odd readings do not."""


@dataclass(frozen=True)
class Achievement:
    """The three numbers of a process in a period, in one unit."""

    actuality: int
    capability: int
    potentiality: int

    def __post_init__(self) -> None:
        if self.actuality < 0 or not 0 < self.capability <= self.potentiality:
            raise PlanError(
                "the three numbers are made, could be made with what there is, could be made if "
                "hindrances went: give 0 ≤ actuality, 0 < capability ≤ potentiality"
            )

    @property
    def productivity(self) -> Fraction:
        """Actuality ÷ capability."""
        return Fraction(self.actuality, self.capability)

    @property
    def latency(self) -> Fraction:
        """Capability ÷ potentiality."""
        return Fraction(self.capability, self.potentiality)

    @property
    def performance(self) -> Fraction:
        """Actuality ÷ potentiality: productivity × latency."""
        return Fraction(self.actuality, self.potentiality)


@dataclass(frozen=True)
class Seen:
    """What is thought after a reading: the chance of each class for the *previous* reading, now
    that one more is known; whether this reading is a spike; and the level, the slope
    and the noise's standard deviation."""

    chances: tuple[float, float, float, float]
    spike: bool
    level: float
    slope: float
    noise: float


@dataclass(frozen=True)
class _State:
    """A normal belief about (level, slope): its weight, mean and covariance."""

    weight: float
    level: float
    slope: float
    var_level: float
    cov: float
    var_slope: float


def noise_of(readings: Sequence[float]) -> float:
    """A first idea of the standard deviation of the noise: from the distances from the middle
    reading, no distance counting as more than three typical ones, so that a few odd readings do
    not matter. Raises PlanError for fewer than three readings."""
    if len(readings) < 3:
        raise PlanError("give at least three readings, or the noise")
    middle = median(readings)
    away = [abs(value - middle) for value in readings]
    moves = [abs(b - a) for a, b in pairwise(readings)]
    most = 3 * max(median(moves) / math.sqrt(2), median(away)) / 0.6745
    square = sum(min(each, most) ** 2 for each in away) / len(away)
    return math.sqrt(1.05 * square) or max(1e-9, 0.01 * abs(middle))


def watch(readings: Iterable[float], noise: float = 0.0) -> Iterator[Seen]:
    """What is thought after each reading. Where no noise is given the first `LEARNING` readings
    give an idea of it, and each later one makes it better."""
    values = list(readings)
    variance = (noise or noise_of(values[:LEARNING])) ** 2
    start, weight = median(values[:3]), WEIGHT
    belief = [_State(prior, start, 0.0, 4.0 * variance, 0.0, 0.01 * variance) for prior in PRIOR]
    for at, value in enumerate(values):
        expected = sum(s.weight * (s.level + s.slope) for s in belief)
        spread = variance + sum(s.weight * (s.var_level + 2 * s.cov + s.var_slope) for s in belief)
        odd = (value - expected) ** 2 / spread
        table = [[_step(s, k, value, variance) for k in range(4)] for s in belief]
        total = sum(s.weight for row in table for s in row)
        before = [sum(s.weight for s in row) / total for row in table]
        belief = [_collapse([row[k] for row in table], total) for k in range(4)]
        yield Seen(
            (before[0], before[1], before[2], before[3]), odd > SPIKE**2,
            sum(s.weight * s.level for s in belief), sum(s.weight * s.slope for s in belief),
            math.sqrt(variance),
        )  # fmt: skip
        if not noise and at >= LEARNING:
            weight = min(weight + 1, MOST_WEIGHT)
            scale = 1 + (min(odd, ODD) - 1) / weight
            variance *= scale
            belief = [_scaled(s, scale) for s in belief]


def _scaled(s: _State, scale: float) -> _State:
    """The belief under another idea of the noise (West & Harrison, 1997, §4.5)."""
    return _State(
        s.weight, s.level, s.slope, s.var_level * scale, s.cov * scale, s.var_slope * scale
    )


def _step(s: _State, k: int, value: float, noise: float) -> _State:
    """The belief after one more reading of class k (Kalman), weighted by how well it fits."""
    level, slope = s.level + s.slope, s.slope
    var_level = s.var_level + 2 * s.cov + s.var_slope + (LEVEL_MOVES[k] + SLOPE_MOVES[k]) * noise
    cov = s.cov + s.var_slope + SLOPE_MOVES[k] * noise
    var_slope = s.var_slope + SLOPE_MOVES[k] * noise
    variance = var_level + NOISE[k] * noise
    error = value - level
    fit = math.exp(max(-600.0, -error * error / (2 * variance))) / math.sqrt(variance)
    gain, drift = var_level / variance, cov / variance
    return _State(
        s.weight * PRIOR[k] * fit + 1e-280,
        level + gain * error,
        slope + drift * error,
        var_level * (1 - gain),
        cov * (1 - gain),
        var_slope - drift * cov,
    )


def _collapse(states: Sequence[_State], total: float) -> _State:
    """One normal belief with the mean and covariance of several."""
    weight = sum(s.weight for s in states)
    level = sum(s.weight * s.level for s in states) / weight
    slope = sum(s.weight * s.slope for s in states) / weight

    def spread(of: Iterable[tuple[float, float]]) -> float:
        return sum(w * v for w, v in of) / weight

    return _State(
        weight / total, level, slope,
        spread((s.weight, s.var_level + (s.level - level) ** 2) for s in states),
        spread((s.weight, s.cov + (s.level - level) * (s.slope - slope)) for s in states),
        spread((s.weight, s.var_slope + (s.slope - slope) ** 2) for s in states),
    )  # fmt: skip


@dataclass(frozen=True)
class Alert:
    """For the unit itself, first: what changed ("step" or "slope", and the chance that it is this
    one of the two), since which reading (from 0), by how many times the noise the level has moved,
    and when it may go further if the unit does not answer, by the clock that it agreed to (in
    readings)."""

    kind: str
    since: int
    chance: float
    moved: float
    due: int


def alerts(readings: Sequence[float], clock: int, noise: float = 0.0) -> list[Alert]:
    """The alerts of a series: one where the level has moved as far as `MOVED` says since the last
    alert. The same change is told once: for `SETTLING` readings nothing is added to it. Each alert
    leaves the unit `clock` readings to answer it."""
    seen = list(watch(readings, noise))
    found: list[Alert] = []
    known, quiet = 0, LEARNING
    for at in range(LEARNING, len(seen)):
        if at < quiet:
            continue
        moves = [(_moved(seen, at, max(known, at - back)), by) for back, by in MOVED]
        if all(abs(moved) <= by for moved, by in moves):
            continue
        lately = seen[max(known, at - MOVED[-1][0]) : at + 1]
        steps, slopes = (sum(s.chances[k] for s in lately) for k in (2, 3))
        first = max(range(len(lately)), key=lambda k: sum(lately[k].chances[2:]))
        since = max(0, at - len(lately) + first)  # a chance is of the reading before
        kind = "step" if steps >= slopes else "slope"
        chance = max(steps, slopes) / max(steps + slopes, 1e-12)
        found.append(Alert(kind, since, chance, max(moves, key=lambda m: abs(m[0]))[0], at + clock))
        known, quiet = at + SETTLING // 2, at + SETTLING
    return found


def _moved(seen: Sequence[Seen], at: int, before: int) -> float:
    """By how many times the noise the level has moved since a reading."""
    return (seen[at].level - seen[before].level) / seen[at].noise
