"""`python -m tests.fuzz N [--seed S] [--door NAME …] [--first K]`: N absurd inputs, over all doors
or at some. Each is accepted or refused in words; whatever else happens is printed, with what gives
it again, and the exit status is 1. `--first` begins with the input of that number."""

from __future__ import annotations

import argparse
import resource
import sys

from tests.fuzz.door import Fault, Tally, feed
from tests.fuzz.doors import DOORS

MEMORY = 6 * 2**30


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("number", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, metavar="K")
    parser.add_argument("--door", action="append", choices=[door.name for door in DOORS])
    args = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    doors = [door for door in DOORS if not args.door or door.name in args.door]
    whole = sum(door.share for door in doors)
    tallies = []
    for door in doors:
        number = -(-args.number * door.share // whole)
        tallies.append(feed(door, number, args.seed, args.first, progress(number), tell))
        print(f"{'':>79}\r{tallies[-1]}", flush=True)
    wrong = sum(tally.kinds.total() for tally in tallies)
    inputs, seconds = sum(t.inputs for t in tallies), sum(t.seconds for t in tallies)
    print(f"{inputs:,} inputs, {wrong:,} faults, {inputs / max(seconds, 1e-9):,.0f} inputs/s")
    return 1 if wrong else 0


def progress(number: int):
    """The line that tells how far a door is: on a terminal only."""

    def told(tally: Tally) -> None:
        if sys.stderr.isatty():
            print(f"\r{tally} of {number:,}", end="\r", file=sys.stderr, flush=True)

    return told


def tell(fault: Fault) -> None:
    print(fault, flush=True)


if __name__ == "__main__":
    sys.exit(main())
