"""A door is where something from outside comes in. Whatever comes is accepted or refused in the
door's own way; whatever else is raised, or takes too long or too much, is a fault."""

from __future__ import annotations

import os
import resource
import signal
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType

ACCEPTED, REFUSED = "accepted", "refused"
SECONDS = 10.0
"""Of the processor, for one input: a thousand times what most take."""
WAITING = 120.0
"""Seconds by the clock: the machine does other things too."""
MEMORY = 256 * 2**20
"""Bytes by which one input may raise the most that the process ever held."""
SHOWN = 5  # faults of a kind

Feed = Callable[[Random], str | Counter[str]]
"""Makes an input and hands it in: accepted or refused; how many of each when it makes several."""


@dataclass(frozen=True)
class Door:
    """`share` is how many inputs come this way, of those of all doors together; `open` makes ready
    in a folder."""

    name: str
    share: int
    open: Callable[[Path], AbstractContextManager[Feed]]


class TooSlow(BaseException):
    """An input took longer than any may. Nothing that catches errors catches this."""


class TooLarge(Exception):  # noqa: N818 - like TooSlow
    """An input took more memory than any may."""


class Unforeseen(Exception):  # noqa: N818 - what the input was
    """An answer that says: nobody thought of this."""


@dataclass
class Fault:
    """What one input did: `number` and the seed give it again."""

    door: str
    seed: int
    number: int
    kind: str
    trace: str

    def __str__(self) -> str:
        return f"door {self.door}, seed {self.seed}, input {self.number}: {self.kind}\n{self.trace}"


@dataclass
class Tally:
    """What came of the inputs at one door."""

    door: str
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0  # of the processor

    @property
    def inputs(self) -> int:
        return self.counts.total() + self.kinds.total()

    def __str__(self) -> str:
        speed = self.inputs / max(self.seconds, 1e-9)
        return (
            f"{self.door:12} {self.inputs:>9,} inputs {self.counts[ACCEPTED]:>9,} accepted"
            f" {self.counts[REFUSED]:>9,} refused {self.kinds.total():>6,} faults {speed:>8,.0f}/s"
        )


@contextmanager
def bounded() -> Iterator[None]:
    """Within this, one input has its time, of the processor and by the clock, and its memory."""

    def ring(signal_number: int, frame: FrameType | None) -> None:
        raise TooSlow(f"more than {SECONDS:g} s of the processor, or {WAITING:g} s by the clock")

    timers = ((signal.SIGPROF, signal.ITIMER_PROF, SECONDS),)
    timers += ((signal.SIGALRM, signal.ITIMER_REAL, WAITING),)
    before, held = [signal.signal(number, ring) for number, _, _ in timers], most_held()
    for _, timer, seconds in timers:
        signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        for _, timer, _ in timers:
            signal.setitimer(timer, 0)
        for (number, _, _), handler in zip(timers, before, strict=True):
            signal.signal(number, handler)
    if (more := most_held() - held) > MEMORY:
        raise TooLarge(f"{more >> 20} MiB")


def most_held() -> int:
    """The most memory that the process ever held, in bytes (Linux counts in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for a while; in memory where the machine has one there, since nobody needs it."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="comuna-fuzz-", dir=memory) as name:
        yield Path(name)


def feed(
    door: Door,
    number: int,
    seed: int,
    first: int = 0,
    told: Callable[[Tally], None] = lambda tally: None,
    fault_told: Callable[[Fault], None] = lambda fault: None,
) -> Tally:
    """Hand in at least so many inputs, from the `first` on; `told` hears of it every second."""
    tally, last = Tally(door.name), time.monotonic()
    with scratch() as folder, door.open(folder) as give:
        start = time.process_time()
        turn = first
        while tally.inputs < number:
            try:
                with bounded():
                    came = give(Random(f"{seed} {door.name} {turn}"))
                tally.counts.update(Counter({came: 1}) if isinstance(came, str) else came)
            except (KeyboardInterrupt, SystemExit):
                raise
            except BaseException as error:
                note(tally, seed, turn, error, fault_told)
            turn += 1
            if time.monotonic() - last > 1:
                last = time.monotonic()
                tally.seconds = time.process_time() - start
                told(tally)
        tally.seconds = time.process_time() - start
    return tally


def note(
    tally: Tally, seed: int, turn: int, error: BaseException, told: Callable[[Fault], None]
) -> None:
    """Count a fault, and keep the first few of each kind: by what was raised, and where."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    kind = f"{type(error).__name__} at {Path(where.filename).name}:{where.lineno}"
    if isinstance(error, Unforeseen):
        kind = str(error)[:120]
    tally.kinds[kind] += 1
    if tally.kinds[kind] <= SHOWN:
        trace = "".join(traceback.format_exception(error, limit=-8))[:6000]
        fault = Fault(tally.door, seed, turn, kind, trace)
        tally.faults.append(fault)
        told(fault)
