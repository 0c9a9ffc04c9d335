"""Plans: a body's, a nation's beside HiGHS' interior point, their check, and how cost grows.

`python -m bench.plan [body] [building [COMMUNES GOODS]] [check [COMMUNES GOODS]]
[scaling [GOODS]] [nation [COMMUNES GOODS]] [two-step [COMMUNES GOODS]] [periods [C G PERIODS]]`

CPU seconds on one thread. Whatever is compared is measured in the same run, one after the other;
a nation's solvers each in a process of their own, for their memory. Pyomo and linopy take part in
`building` where they are installed.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.plan_nation import nation, one_body
from comuna.plan.build import build
from comuna.plan.certificate import Prices, check
from comuna.plan.executable import executable
from comuna.plan.federation import part_of_bodies, split, two_step
from comuna.plan.model import Model
from comuna.plan.planning import plan_for
from comuna.plan.problem import Problem
from comuna.plan.report import report
from comuna.plan.solver import IPX, SIMPLEX, Draft, Session, solve

GAP = 3e-4
ROUGH = 3e-3  # many periods: the first-order method works at a thirtieth of it
SIZES = (400, 1000, 2000, 4000)


def timed(run: Callable[[], Any]) -> tuple[Any, float]:
    start = time.process_time()
    value = run()
    return value, time.process_time() - start


def body() -> None:
    """A body of 60 goods, 200 recipes and 12 periods, solved and explained in each mode."""
    for mode in ("harmony", "floor", "leximin"):
        plan, solving = timed(lambda mode=mode: plan_for(one_body(), mode))
        _, explaining = timed(lambda plan=plan: report(plan, "es"))
        gap = float(plan.certificate().gap)
        say(what=f"body {mode}", solve=solving, explain=explaining, both=solving + explaining,
            gap=gap)  # fmt: skip


def building(communes: int = 1000, goods: int = 30) -> None:
    """From the tables until HiGHS holds the program: ours, and the same in modelling layers."""
    problem = nation(communes, goods)
    build(problem)
    model, built = timed(lambda: build(problem))
    _, held = timed(lambda: Session(model, SIMPLEX))
    ours = built + held
    size = (model.matrix.columns, model.matrix.rows, len(model.matrix.data))
    say(what=f"building {communes} x {goods}", size=size, build=built, ours=ours)
    for peer in ("linopy", "pyomo"):
        if find_spec(peer) is None:
            say(what=f"building by {peer}", found="not installed")
            continue
        hold = import_module(f"bench.peer_{peer}").hold
        highs, theirs = timed(lambda hold=hold: hold(problem, model))
        same = (highs.getNumCol(), highs.getNumRow(), highs.getNumNz()) == size
        say(what=f"building by {peer}", same_size=same, cpu=theirs, times_ours=theirs / ours)


def checking(communes: int = 4000, goods: int = 100) -> None:
    """The check of a plan alone: the problem's model and the plan are read. The plan is one of
    little work (a part of what there is is eaten where it is), the prices made up: a check is the
    same work whatever the numbers, as long as they are as large as a plan's."""
    model = build(nation(communes, goods))
    x = executable(model, model.most * 0.0)
    prices = Prices.of(model.unit_row.min() / model.unit_row * 1e6)
    _, first = timed(lambda: check(model, x, prices))
    rounds = sorted(timed(lambda: check(model, x, prices))[1] for _ in range(9))
    say(what=f"check {communes} x {goods}", nonzeros=len(model.matrix.data), first=first,
        middle=rounds[4], least=rounds[0])  # fmt: skip


def solved(way: str, communes: int, goods: int, periods: int, gap: float) -> dict[str, Any]:
    """A nation's plan: building, solving, making executable, checking; its proved gap and peak."""
    problem = nation(communes, goods, periods)
    model, built = timed(lambda: build(problem))
    draft, solving = timed(lambda: _draft(way, problem, model, gap))
    x, repairing = timed(lambda: executable(model, draft.x))
    prices = Prices.of(draft.y)
    proof = check(model, x, prices)
    _, checked = timed(lambda: check(model, x, prices))
    return {
        "rows": model.matrix.rows, "columns": model.matrix.columns,
        "nonzeros": len(model.matrix.data), "solver": draft.solver, "build": built,
        "solve": solving, "executable": repairing, "check": checked,
        "total": built + solving + repairing, "objective": float(proof.objective),
        "bound": float(proof.bound), "gap": float(proof.gap), "possible": proof.possible,
        "peak_gb": _peak(),
    }  # fmt: skip


def _peak() -> float:
    """The most memory this process has held, in GiB."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 2**20


def _draft(way: str, problem: Problem, model: Model, gap: float) -> Draft:
    if way == "two-step":
        parts = split(model, part_of_bodies(problem))
        return two_step(model, parts, gap, tell=_log)
    return solve(model, IPX if way == IPX else "", gap, _log)


def _log(progress: Any) -> None:
    print(progress, file=sys.stderr, flush=True)


def apart(way: str, communes: int, goods: int, periods: int = 1, gap: float = GAP) -> Any:
    """`solved` in a process of its own."""
    words = [
        sys.executable,
        "-m",
        "bench.plan",
        "solved",
        way,
        *map(str, (communes, goods, periods, gap)),
    ]
    alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    run = subprocess.run(words, check=True, capture_output=True, text=True, env=alone)
    found = json.loads(run.stdout)
    say(what=f"{way} {communes} x {goods} x {periods}", **found)
    return found


def of_a_nation(communes: int = 4000, goods: int = 100) -> None:
    """Ours within 3e-4, and HiGHS' interior point without crossover on the same program."""
    ours, ipx = apart("direct", communes, goods), apart(IPX, communes, goods)
    say(what=f"nation {communes} x {goods}", share_of_ipx=ours["total"] / ipx["solve"],
        below_optimum=(ipx["bound"] - ours["objective"]) / ipx["bound"])  # fmt: skip


def scaling(goods: int = 30) -> None:
    """The exponent of CPU against non-zeros, by least squares over four sizes."""
    found = [apart("direct", communes, goods) for communes in SIZES]
    sizes = [math.log(each["nonzeros"]) for each in found]
    costs = [math.log(each["total"]) for each in found]
    middle, mean = sum(sizes) / len(sizes), sum(costs) / len(costs)
    slope = sum((s - middle) * (c - mean) for s, c in zip(sizes, costs, strict=True)) / sum(
        (s - middle) ** 2 for s in sizes
    )
    ends = (costs[-1] - costs[0]) / (sizes[-1] - sizes[0])
    say(what=f"scaling x {goods}", exponent=slope, from_ends=ends)


def say(**found: Any) -> None:
    print(json.dumps({k: round(v, 9) if isinstance(v, float) else v for k, v in found.items()}),
          flush=True)  # fmt: skip


PARTS: dict[str, Callable[..., Any]] = {
    "body": body,
    "building": building,
    "check": checking,
    "scaling": scaling,
    "nation": of_a_nation,
    "two-step": lambda communes=4000, goods=100: apart("two-step", communes, goods),
    "periods": lambda communes=4000, goods=100, periods=8: apart(
        "direct", communes, goods, periods
    ),
}


def main() -> None:
    words = sys.argv[1:] or ["body", "building", "check", "scaling"]
    if words[0] == "solved":
        print(json.dumps(solved(words[1], *map(int, words[2:5]), float(words[5]))))
        return
    while words:
        part = PARTS[words.pop(0)]
        sizes = []
        while words and words[0].isdigit():
            sizes.append(int(words.pop(0)))
        part(*sizes)


if __name__ == "__main__":
    main()
