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
PRIOR = (0.947, 0.04, 0.01, 0.003)
"""How often each is expected before looking."""
NOISE = (1.0, 100.0, 1.0, 1.0)  # variance of a reading, in noise variances
LEVEL_MOVES = (0.004, 0.0, 10.0, 0.0)  # variance of the level's move
SLOPE_MOVES = (0.0, 0.0, 0.0, 0.05)  # variance of the slope's move
SURE = 0.95
MOVED, BACK = 2.4, 12
SPIKE = 3.5
LEARNING = 24
"""So many readings set the noise, if it is not given."""


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
    that one more is known; whether this reading is a spike; and the level and slope."""

    chances: tuple[float, float, float, float]
    spike: bool
    level: float
    slope: float

    @property
    def alert(self) -> str:
        """ "step" or "slope" where that is nearly sure, else ""."""
        step, slope = self.chances[2:]
        if step + slope < SURE:
            return ""
        return "step" if step >= slope else "slope"


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
    """The standard deviation of the noise: from the middle size of the moves between readings, or
    of the distances from the middle one, whichever is more (neighbouring readings are alike), so
    that a few odd ones do not matter. Raises PlanError for fewer than three readings."""
    if len(readings) < 3:
        raise PlanError("give at least three readings, or the noise")
    moves = [abs(b - a) for a, b in pairwise(readings)]
    middle = median(readings)
    away = median([abs(value - middle) for value in readings])
    typical = max(median(moves) / math.sqrt(2), away) / 0.6745
    return typical or max(1e-9, 0.01 * abs(median(readings)))


def watch(readings: Iterable[float], noise: float = 0.0) -> Iterator[Seen]:
    """What is thought after each reading. Without a noise the first `LEARNING` readings set it."""
    values = list(readings)
    sd = noise or noise_of(values[:LEARNING])
    start = median(values[:3])
    belief = [_State(prior, start, 0.0, 4.0 * sd * sd, 0.0, 0.01 * sd * sd) for prior in PRIOR]
    for value in values:
        expected = sum(s.weight * (s.level + s.slope) for s in belief)
        spread = math.sqrt(
            sum(s.weight * (s.var_level + 2 * s.cov + s.var_slope) for s in belief) + sd * sd
        )
        spike = abs(value - expected) > SPIKE * spread
        table = [[_step(s, k, value, sd * sd) for k in range(4)] for s in belief]
        total = sum(s.weight for row in table for s in row)
        before = [sum(s.weight for s in row) / total for row in table]
        belief = [_collapse([row[k] for row in table], total) for k in range(4)]
        yield Seen(
            (before[0], before[1], before[2], before[3]), spike,
            sum(s.weight * s.level for s in belief), sum(s.weight * s.slope for s in belief),
        )  # fmt: skip


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
    """For the unit itself, first: what changed, since which reading (from 0), how sure, and when
    it may go further if the unit does not answer, by the clock that it agreed to (in readings)."""

    kind: str
    since: int
    chance: float
    due: int


def alerts(readings: Sequence[float], clock: int, noise: float = 0.0) -> list[Alert]:
    """The alerts of a series. One is due when the level has moved by `MOVED` times the noise within
    `BACK` readings, or a step or slope is `SURE`; it is told once, and for `clock` readings the
    unit is left to answer it."""
    values = list(readings)
    sd = noise or noise_of(values[:LEARNING])
    seen = list(watch(values, sd))
    found: list[Alert] = []
    quiet = LEARNING
    for at in range(LEARNING, len(seen)):
        lately = seen[max(0, at - BACK) : at + 1]
        moved = abs(seen[at].level - lately[0].level) > MOVED * sd
        if at >= quiet and (moved or seen[at].alert):
            steps, slopes = (sum(s.chances[k] for s in lately) for k in (2, 3))
            first = max(range(len(lately)), key=lambda k: sum(lately[k].chances[2:]))
            found.append(
                Alert("step" if steps >= slopes else "slope", at - len(lately) + first,
                      min(1.0, steps + slopes), at + clock)
            )  # fmt: skip
            quiet = at + clock
    return found
