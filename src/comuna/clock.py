"""The hour that acts are recorded under, and the watch that lets it make no jump.

A clock that is years ahead for one act makes every later act keep that hour: terms end, windows
pass, and the body is dead. So the machine's clock is held against a second one that nobody sets,
the time the machine has run, and, after a restart, against the trace that was kept of both.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import get_ident
from typing import NamedTuple

DAY = 86_400
UNEXPLAINED = 31 * DAY
"""How far the hour may go forward without the machine having run so long: it is off from one
meeting to the next, and many small ones know the hour only from the network."""
KEEP_EVERY = 3600
LONGEST = 200  # bytes of a trace


class Jumped(Exception):  # noqa: N818 - told to the person as a refusal
    """The clock shows `shown`, and by all that is known it is about `explained` (UTC seconds)."""

    def __init__(self, shown: int, explained: int) -> None:
        super().__init__(f"{shown} instead of {explained}")
        self.shown, self.explained = shown, explained


class Trace(NamedTuple):
    """An hour that was believed (UTC seconds), and how long the machine had run then (seconds)."""

    at: int
    ran: int

    def explains(self, ran: int) -> int:
        """The hour now, as far as the machine's running accounts for it. After a restart it has run
        for all of `ran` since; a restart that is not seen by this only explains less."""
        return self.at + (ran - self.ran if ran >= self.ran else ran)


def wall() -> int:
    """The machine's clock, in UTC seconds."""
    return int(time.time())


def running() -> int:
    """Seconds that this machine has run, also asleep where the system counts that (CLOCK_BOOTTIME
    of clock_gettime(2) on Linux)."""
    return int(time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)))


class Watch:
    """A clock that gives the machine's hour as long as it can be explained. `place` is the file of
    the trace; without one the hour is believed, and the trace begins."""

    def __init__(
        self,
        place: Path,
        wall: Callable[[], int] = wall,
        running: Callable[[], int] = running,
    ) -> None:
        self.place, self.wall, self.running = place, wall, running
        self.trace = self.kept()
        self.keep_at = 0  # when to write the trace next, by how long the machine has run

    def __call__(self) -> int:
        """The hour, in UTC seconds. Raises Jumped."""
        shown, ran = self.wall(), self.running()
        if self.explained(ran) + UNEXPLAINED < shown:
            self.trace = self.kept() or self.trace  # somebody may have confirmed it meanwhile
            if self.trace and self.explained(ran) + UNEXPLAINED < shown:
                raise Jumped(shown, self.explained(ran))
        if ran >= self.keep_at:
            # A small machine may start in 1970: what was believed is not forgotten for that.
            self.believe(max(shown, self.explained(ran)), ran)
        return shown

    def explained(self, ran: int) -> int:
        """The hour by the trace; 0 without one."""
        return self.trace.explains(ran) if self.trace else 0

    def confirm(self) -> None:
        """The hour that the machine shows is right: a person said so."""
        self.believe(self.wall(), self.running())

    def believe(self, shown: int, ran: int) -> None:
        """Keep the trace, whole or not at all. Where it cannot be written it lasts as long as this
        process."""
        self.trace, self.keep_at = Trace(shown, ran), ran + KEEP_EVERY
        part = self.place.with_name(f"{self.place.name}.{os.getpid()}-{get_ident()}.part")
        with suppress(OSError):
            part.touch(0o600)
            part.write_text(json.dumps(self.trace._asdict()), "ascii")
            os.replace(part, self.place)

    def kept(self) -> Trace | None:
        """The trace on disk; None where there is none that could be read."""
        try:
            with self.place.open("rb") as file:
                found = json.loads(file.read(LONGEST))
            return Trace(int(found["at"]), int(found["ran"]))
        except (OSError, ValueError, TypeError, LookupError, OverflowError, RecursionError):
            return None
