"""The count measured in one run: real budgets and wards, and ten million ballots.

    python bench/count.py [--data DIR] [--ballots N] [--oracle]

DIR holds pabulib/ and ranked/ (by default ../shared/data beside the project). `--oracle` also runs
pabutools on the budgets, where it is installed, and prints ratios. CPU seconds of this process.
"""

import argparse
import json
import resource
import tarfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from comuna.count.candidates import Candidate
from comuna.count.files import read_ballots
from comuna.count.methods import count
from comuna.count.rankings import Rankings
from comuna.count.rule import Rule
from comuna.count.supports import approvals_of_masks

HERE = Path(__file__).resolve().parents[1]


def timed(work: Callable[[], Any], times: int = 1) -> tuple[float, Any]:
    """The least CPU time of `times` runs, and what the last gave."""
    least = float("inf")
    for _ in range(times):
        start = time.process_time()
        found = work()
        least = min(least, time.process_time() - start)
    return least, found


def budgets(data: Path, oracle: bool) -> None:
    print("\nEqual Shares (cost), from file to explained result, seconds")
    for path in sorted((data / "pabulib").glob("*.pb"), key=lambda p: p.stat().st_size):
        content = path.read_bytes()
        contest, ballots = read_ballots(path.name, content)
        shown = f"{path.stem[:34]:34} {ballots.total():6} ballots"
        for completion in ("none", "add1"):
            rule = Rule(
                method="equal-shares",
                budget=contest.budget,
                completion=completion,
                ties=("id",),
            )
            spent, text = timed(
                lambda rule=rule, path=path, content=content: count(
                    rule, read_ballots(path.name, content)[1]
                ).to_text()
            )
            shown += f"  {completion} {spent:8.3f}"
            if oracle:
                theirs, winners = timed(lambda path=path, c=completion: pabutools(path, c))
                same = list(json.loads(text)["winners"]) == winners
                shown += f" / {theirs:8.2f} = {theirs / spent:6.0f}x{'' if same else ' DIFFERS'}"
        print(shown, flush=True)


def pabutools(path: Path, completion: str) -> list[str]:
    """The same count by pabutools, from the file, in its fastest form."""
    from pabutools.election import Cost_Sat, parse_pabulib
    from pabutools.rules import method_of_equal_shares

    instance, profile = parse_pabulib(str(path))
    step = 1 if completion == "add1" else None
    found = method_of_equal_shares(
        instance, profile.as_multiprofile(), sat_class=Cost_Sat, voter_budget_increment=step
    )
    return [project.name for project in found]


def wards(data: Path) -> None:
    with tarfile.open(data / "ranked" / "scottish.tar.gz") as archive:
        files = [
            (member.name, archive.extractfile(member).read())
            for member in archive.getmembers()
            if member.isfile()
        ]

    def read() -> list[tuple[Rule, Rankings]]:
        made = [read_ballots(name, content) for name, content in files]
        return [(Rule(method="stv-scottish", seats=c.seats), b) for c, b in made]

    reading, all_wards = timed(read, 3)
    counting, _ = timed(lambda: [count(rule, ballots) for rule, ballots in all_wards], 3)
    print(
        f"\n{len(files)} Scottish wards: read {reading:.2f} s, count and explain {counting:.2f} s"
    )


def millions(ballots: int) -> None:
    """Ballots of ten options; the measure is NumPy reading the same array once (its maximum).
    Each count gets the bare array, so that what it looks up about it is looked up in the time."""
    dice = np.random.default_rng(7)
    ranks = np.empty((10, ballots), dtype=np.uint8)
    for start in range(0, ballots, 1 << 18):
        part = ranks[:, start : start + (1 << 18)]
        part[:] = dice.random(part.shape).argsort(axis=0) + 1
    masks = dice.integers(0, 1 << 10, ballots, dtype=np.uint64)
    candidates = tuple(Candidate(str(c)) for c in range(10))
    voted = Rankings(candidates, ranks)
    once, _ = timed(lambda: ranks.max(), 5)
    once_masks, _ = timed(lambda: masks.max(), 5)
    print(
        f"\n{ballots} ballots, 10 options; NumPy reads the ranks in {once:.4f} s, "
        f"the masks in {once_masks:.4f} s"
    )
    for method in ("plurality", "irv", "schulze"):
        rule = Rule(method=method, ties=("id",))
        spent, _ = timed(lambda rule=rule: count(rule, replace(voted)), 3)
        print(f"  {method:10} {spent:7.3f} s = {spent / once:5.1f} reads")
    spent, _ = timed(lambda: approvals_of_masks(candidates, masks), 3)
    print(f"  {'approval':10} {spent:7.3f} s = {spent / once_masks:5.1f} reads")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=HERE.parent / "shared" / "data")
    parser.add_argument("--ballots", type=int, default=10_000_000)
    parser.add_argument("--oracle", action="store_true")
    args = parser.parse_args()
    millions(args.ballots)
    if args.data.exists():
        wards(args.data)
        budgets(args.data, args.oracle)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\npeak memory {peak:.0f} MiB")


if __name__ == "__main__":
    main()
