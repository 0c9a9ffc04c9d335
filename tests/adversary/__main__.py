"""`python -m tests.adversary [--games N] [--pack PACK …] [--seed N] [--jobs N] [--without RULE …]`:
play against the law, and say who won. With `--without` the judge leaves rules out, and somebody
should."""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from os import cpu_count

from tests.adversary.play import PACKS, Score, play

PIECE = 500


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.adversary", description=__doc__)
    parser.add_argument("--games", type=int, default=10_000)
    parser.add_argument("--pack", action="append", choices=PACKS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=cpu_count(), help="so many games at a time")
    parser.add_argument("--without", action="append", default=[], metavar="RULE")
    args = parser.parse_args()
    packs = args.pack or PACKS
    each = -(-args.games // len(packs))
    pieces = [
        (pack, min(PIECE, each - start), args.seed + start, frozenset(args.without))
        for start in range(0, each, PIECE)
        for pack in packs
    ]
    total = Score()
    with ProcessPoolExecutor(args.jobs) as processes:
        for done, score in enumerate(processes.map(play, *zip(*pieces, strict=True)), 1):
            total.add(score)
            print(f"\r{done}/{len(pieces)}  {total}", end="", file=sys.stderr)
    print(file=sys.stderr)
    print(total)
    for won in total.won[:20]:
        print(f"  {won}")
    return 1 if total.won else 0


if __name__ == "__main__":
    sys.exit(main())
