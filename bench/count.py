"""The count measured in one run: real budgets and wards, many ties, and ten million ballots.

    python bench/count.py [--data DIR] [--ballots N] [--oracle] [--cap SECONDS] [--only PART ...]

DIR holds pabulib/ and ranked/ (by default ../shared/data beside the project). `--oracle` also runs
pabutools on the budgets, where it is installed, and prints ratios: each of its runs in a process of
its own that ends after `--cap` CPU seconds, so that a ratio marked ≥ is only a lower bound. All
times are CPU seconds; a time below two seconds is the median of three.
"""

import argparse
import json
import os
import resource
import statistics
import tarfile
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from comuna.count.candidates import Candidate, Project
from comuna.count.completion import Completion
from comuna.count.files import read_ballots
from comuna.count.limits import Limits
from comuna.count.methods import count
from comuna.count.rankings import Rankings
from comuna.count.rule import Rule
from comuna.count.supports import Projects, Supports, approvals_of_masks

HERE = Path(__file__).resolve().parents[1]
LARGE = 20_000  # approvals


def timed(work: Callable[[], Any], times: int = 3, least: bool = False) -> tuple[float, Any]:
    """The median CPU time of `times` runs (or the least), and what the last gave; one run only
    where it takes two seconds."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        found = work()
        spent.append(time.process_time() - start)
        if spent[0] > 2:
            break
    return (min(spent) if least else statistics.median(spent)), found


def apart(work: Callable[[], Any], cap: int) -> Any:
    """What the work gives (JSON data) in a process of its own; None if it took more than `cap`
    CPU seconds."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_CPU, (cap, cap + 5))
        with os.fdopen(writing, "w") as pipe:
            json.dump(work(), pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else None


def peak() -> int:
    """The most memory that this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def pabutools(path: Path, completion: str) -> dict[str, Any]:
    """The same count by pabutools, in its fastest form: the time to read and group the ballots,
    that of the rule alone, the winners."""
    from pabutools.election import Cost_Sat, parse_pabulib
    from pabutools.rules import method_of_equal_shares

    def read() -> tuple[Any, Any]:
        instance, profile = parse_pabulib(str(path))
        return instance, profile.as_multiprofile()

    reading, (instance, profile) = timed(read)
    counting, found = timed(
        lambda: method_of_equal_shares(
            instance,
            profile,
            sat_class=Cost_Sat,
            voter_budget_increment=1 if completion == "add1" else None,
        )
    )
    winners = [project.name for project in found]
    return {"read": reading, "count": counting, "winners": winners, "peak": peak()}


def kernel(ballots: Projects, budget: Fraction) -> list[int]:
    """Equal Shares and nothing else: from ballots in memory to the projects funded, in order."""
    votes = ballots.votes()
    limits = Limits.of(Rule(method="equal-shares", budget=budget), ballots.candidates, votes)
    place = {each: at for at, each in enumerate(sorted(ballots.ids))}

    def first(tied: Any, _: int) -> int:
        return min(tied, key=lambda p: place[ballots.ids[p]])

    return Completion(ballots, limits, budget, Fraction(1), True, first).run(0).funded


def budgets(data: Path, oracle: bool, cap: int) -> None:
    print(
        "\nEqual Shares (cost), CPU seconds of ours / pabutools = ratio."
        "\n  none, add1: from the file to the explained result in JSON, without completion and with"
        "\n    add1 in steps of 1; pabutools from the file to the winners."
        "\n  kernel: without completion, from ballots in memory to the winners, on both sides: ours"
        "\n    with the table of supporters made anew, pabutools on its multiprofile."
    )
    ratios: dict[str, list[tuple[bool, float]]] = {"none": [], "kernel": [], "add1": []}
    for path in sorted((data / "pabulib").glob("*.pb"), key=lambda p: p.stat().st_size):
        content = path.read_bytes()
        contest, ballots = read_ballots(path.name, content)
        approvals = sum(ballots.votes())
        print(f"{path.stem[:40]}: {ballots.total()} ballots, {approvals} approvals", flush=True)
        own: dict[str, tuple[float, Any]] = {}
        for completion in ("none", "add1"):
            rule = Rule(
                method="equal-shares", budget=contest.budget, completion=completion, ties=("id",)
            )
            own[completion] = timed(
                lambda rule=rule, path=path, content=content: count(
                    rule, read_ballots(path.name, content)[1]
                ).to_text()
            )
        own["kernel"] = timed(lambda b=ballots, c=contest: kernel(b, c.budget))
        theirs: dict[str, Any] = {}
        if oracle and ballots.kind in ("approval", "choose-1"):
            for completion in ("none", "add1"):
                theirs[completion] = apart(lambda p=path, c=completion: pabutools(p, c), cap)
        for what in ("none", "kernel", "add1"):
            spent, found = own[what]
            line = f"  {what:6} {spent:9.4f}"
            if theirs:
                other = theirs["none" if what == "kernel" else what]
                took = cap if other is None else other["count"]
                if other is not None and what != "kernel":
                    took += other["read"]
                ratios[what].append((approvals > LARGE, took / spent))
                line += f" / {'≥' * (other is None)}{took:8.4f} = {took / spent:7.1f}x"
                if what != "kernel" and other is not None:
                    same = json.loads(found)["winners"] == other["winners"]
                    line += (
                        f"  {'same winners' if same else 'DIFFERS'}, pabutools {other['peak']} MiB"
                    )
            print(line, flush=True)
    for what, found in ratios.items():
        for name, some in (("all", found), ("large", [each for each in found if each[0]])):
            if some:
                median = statistics.median(ratio for _, ratio in some)
                print(f"  → {what}, median of {name} ({len(some)}): {median:.0f}x")


def ties() -> None:
    """Two thousand projects that tie in every round, each with one voter or all with all; and two
    thousand that are funded while completion takes ten thousand steps."""
    ids = [f"p{n:04}" for n in range(2000)]
    projects = [Project(each, "", frozenset(), Fraction(10)) for each in ids]
    apart_ = [(1, {n: 1}) for n in range(2000)]
    together = [(10, dict.fromkeys(range(2000), 1))]
    print("\n2000 projects funded, all tied in every round, seconds to count and to write the JSON")
    for method in ("equal-shares", "phragmen", "greedy"):
        rule = Rule(method=method, budget=Fraction(20_000), ties=("cost", "votes", "id"))
        for name, voted in (("a voter each", apart_), ("all approve all", together)):
            ballots = Supports.from_ballots(projects, "approval", voted)
            spent, result = timed(lambda r=rule, b=ballots: count(r, b), 1)
            writing, text = timed(result.to_text, 1)
            assert len(result.winners) == 2000
            print(
                f"  {method:12} {name:16} {spent:6.2f} + {writing:.2f} ({len(text) >> 20} MiB)",
                flush=True,
            )
    wanted = Project("wanted", "", frozenset(), Fraction(1_000))
    voted = [*((1, {n: 1}) for n in range(2000)), (1, {2000: 1})]
    ballots = Supports.from_ballots([*projects, wanted], "approval", voted)
    rule = Rule(
        method="equal-shares",
        budget=Fraction(22_000),
        completion="add1",
        step="0.09",
        ties=("id",),
    )
    spent, result = timed(lambda: count(rule, ballots), 1)
    print(
        f"  completion: {len(result.winners)} funded, {result.notes['steps']} steps, "
        f"{spent:.2f} s; peak memory so far {peak()} MiB"
    )


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

    reading, all_wards = timed(read)
    counting, _ = timed(lambda: [count(rule, ballots) for rule, ballots in all_wards])
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
    once, _ = timed(lambda: ranks.max(), 5, least=True)
    once_masks, _ = timed(lambda: masks.max(), 5, least=True)
    print(
        f"\n{ballots} ballots, 10 options; NumPy reads the ranks in {once:.4f} s, "
        f"the masks in {once_masks:.4f} s"
    )
    for method in ("plurality", "irv", "schulze"):
        rule = Rule(method=method, ties=("id",))
        spent, _ = timed(lambda rule=rule: count(rule, replace(voted)), 5, least=True)
        print(f"  {method:10} {spent:7.3f} s = {spent / once:5.1f} reads")
    spent, _ = timed(lambda: approvals_of_masks(candidates, masks), 5, least=True)
    print(f"  {'approval':10} {spent:7.3f} s = {spent / once_masks:5.1f} reads")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=HERE.parent / "shared" / "data")
    parser.add_argument("--ballots", type=int, default=10_000_000)
    parser.add_argument("--oracle", action="store_true")
    parser.add_argument("--cap", type=int, default=100)
    parser.add_argument("--only", nargs="+", default=["budgets", "wards", "ties", "millions"])
    args = parser.parse_args()
    there = args.data.exists()
    if "budgets" in args.only and there:
        budgets(args.data, args.oracle, args.cap)
    if "wards" in args.only and there:
        wards(args.data)
    print(f"peak memory of budgets and wards {peak()} MiB")
    if "millions" in args.only:
        millions(args.ballots)
        print(f"peak memory {peak()} MiB, of which the ballots {18 * args.ballots >> 20} MiB")
    if "ties" in args.only:
        ties()
    print(f"peak memory in all {peak()} MiB")


if __name__ == "__main__":
    main()
