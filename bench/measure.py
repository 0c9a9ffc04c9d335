"""What all benchmarks share: rounds that take turns, medians, and ratios."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple


class Rate(NamedTuple):
    """Something per second: median, least and most over the rounds."""

    median: float
    least: float
    most: float


def take_turns(
    contestants: dict[str, Callable[[float], tuple[int, float]]], rounds: int, seconds: float
) -> dict[str, Rate]:
    """Each contestant in turn, `rounds` times, so that a slow moment of the machine hits all.
    A contestant works for about so many seconds and gives (count, seconds taken)."""
    found: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, run in contestants.items():
            count, taken = run(seconds)
            found[name].append(count / taken)
    return {name: Rate(statistics.median(r), min(r), max(r)) for name, r in found.items()}


def flushes(folder: Path) -> Callable[[float], tuple[int, float]]:
    """The physical limit: append 200 bytes and wait for the disk."""

    def run(seconds: float) -> tuple[int, float]:
        handle = os.open(folder / "flush", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        count, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds:
            os.write(handle, bytes(200))
            os.fdatasync(handle)
            count += 1
        taken = time.perf_counter() - start
        os.close(handle)
        return count, taken

    return run


def table(title: str, rates: dict[str, Rate], unit: str = "/s") -> None:
    """Print the rates."""
    print(f"\n{title}")
    for name, rate in rates.items():
        print(f"  {name:<46} {rate.median:>11,.0f} {unit}   ({rate.least:,.0f} – {rate.most:,.0f})")


def ratio(what: str, value: float, goal: str) -> None:
    """Print a ratio beside the goal it is held to."""
    print(f"  → {what}: {value:.2f}   (goal {goal})")
