"""Watching a process: false alarms and delay of our filter and of whatever peers are installed.

`python -m bench.watching [SERIES] [SEED]`: as many series of 160 readings of 100 with a noise of 5
(autoregressive, correlation 0.3 between neighbours); at reading 100 nothing, a single spike of
−35, a lasting step of −15 or a slope of −1 a reading. The filter was tuned on series of other
seeds (below 10,000). Peers, each with its usual settings, none tuned: Shewhart at 3.5 standard
deviations of the first 24 readings, river's ADWIN and PageHinkley, statsmodels' innovations of a
local level, ruptures' PELT over the readings so far.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

import numpy as np

from comuna.plan.watching import LEARNING, alerts

READINGS, EVENT, NOISE, CORRELATION = 160, 100, 5.0, 0.3
WITHIN = {"spike": 8, "step": 20, "slope": 40}
Told = Callable[[list[float]], list[int]]
"""The readings at which a method alerts."""


def series(kind: str, seed: int) -> list[float]:
    """One made-up series."""
    chance = np.random.default_rng(seed)
    noise = np.empty(READINGS)
    noise[0] = chance.normal(0, NOISE)
    own = chance.normal(0, NOISE * np.sqrt(1 - CORRELATION**2), READINGS)
    for at in range(1, READINGS):
        noise[at] = CORRELATION * noise[at - 1] + own[at]
    values = 100 + noise
    if kind == "spike":
        values[EVENT] -= 35
    elif kind == "step":
        values[EVENT:] -= 15
    elif kind == "slope":
        values[EVENT:] -= np.arange(1, READINGS - EVENT + 1)
    return [float(value) for value in values]


def ours(values: list[float]) -> list[int]:
    return [alert.due - 1 for alert in alerts(values, clock=1)]


def shewhart(values: list[float]) -> list[int]:
    first = np.array(values[:LEARNING])
    return [at for at in range(LEARNING, len(values))
            if abs(values[at] - first.mean()) > 3.5 * first.std(ddof=1)]  # fmt: skip


def of_river(name: str) -> Told:
    from river import drift

    def told(values: list[float]) -> list[int]:
        detector, found = getattr(drift, name)(), []
        for at, value in enumerate(values):
            detector.update(value)
            if detector.drift_detected and at >= LEARNING:
                found.append(at)
        return found

    return told


def of_statsmodels() -> Told:
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    def told(values: list[float]) -> list[int]:
        model = UnobservedComponents(np.array(values), "llevel")
        fitted = UnobservedComponents(np.array(values[:EVENT]), "llevel").fit(disp=False)
        found = model.filter(fitted.params).filter_results
        errors = found.standardized_forecasts_error[0]
        return [at for at in range(LEARNING, len(values)) if abs(errors[at]) > 3.5]

    return told


def of_ruptures() -> Told:
    import ruptures

    def told(values: list[float]) -> list[int]:
        found, known = [], 0
        for at in range(LEARNING, len(values)):
            upto = np.array(values[: at + 1])
            sd = np.std(np.diff(upto)) / np.sqrt(2)
            ends = ruptures.Pelt("l2", min_size=2).fit(upto).predict(pen=3 * np.log(at) * sd**2)
            if len(ends) - 1 > known:
                found.append(at)
            known = len(ends) - 1
        return found

    return told


def methods() -> dict[str, Told]:
    """Ours, Shewhart's rule, and the peers that are installed."""
    found: dict[str, Told] = {"ours": ours, "Shewhart 3.5": shewhart}
    makers: dict[str, Callable[[], Told]] = {
        "river ADWIN": lambda: of_river("ADWIN"),
        "river PageHinkley": lambda: of_river("PageHinkley"),
        "statsmodels": of_statsmodels,
        "ruptures PELT": of_ruptures,
    }
    for name, make in makers.items():
        try:
            found[name] = make()
        except ImportError:
            print(f"{name} is not installed: left out", file=sys.stderr)
    return found


def score(told: Told, seeds: range) -> dict[str, object]:
    """The share of series with a false alarm before the event, and for each event the share found
    within `WITHIN` readings of it and the middle delay."""
    start = time.process_time()
    quiet = [told(series("none", seed)) for seed in seeds]
    found: dict[str, object] = {
        "false": sum(any(at < EVENT for at in each) for each in quiet) / len(seeds)
    }
    for kind, most in WITHIN.items():
        delays = []
        for seed in seeds:
            after = [at - EVENT for at in told(series(kind, seed)) if at >= EVENT]
            if after and after[0] < most:
                delays.append(after[0])
        share = round(len(delays) / len(seeds), 3)
        found[kind] = [share, sorted(delays)[len(delays) // 2] if delays else None]
    spent = time.process_time() - start
    return {**found, "ms_a_series": round(1000 * spent / (4 * len(seeds)), 1)}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    for name, told in methods().items():
        print(json.dumps({"method": name, **score(told, range(seed, seed + count))}), flush=True)


if __name__ == "__main__":
    main()
