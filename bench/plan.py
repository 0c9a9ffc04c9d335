"""Plans: a body's, a nation's, their check, and how the cost grows. CPU seconds on one thread.

`python -m bench.plan [body] [scaling] [nation COMMUNES GOODS PERIODS] [exact COMMUNES GOODS]`
"""

from __future__ import annotations

import json
import math
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.plan_nation import nation, one_body
from comuna.plan.build import build
from comuna.plan.certificate import Prices, check
from comuna.plan.executable import executable
from comuna.plan.federation import part_of_bodies, split, two_step
from comuna.plan.planning import plan_for
from comuna.plan.problem import Problem
from comuna.plan.report import report
from comuna.plan.solver import solve


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
        say(what=f"body {mode}", solve=solving, explain=explaining, gap=gap)


def measure(problem: Problem, gap: float = 1e-4) -> dict[str, float]:
    """A nation in two steps: building, solving, making executable, checking; and its proved gap."""
    model, building = timed(lambda: build(problem))
    parts, splitting = timed(lambda: split(model, part_of_bodies(problem)))
    draft, solving = timed(lambda: two_step(model, parts, gap))
    x, repairing = timed(lambda: executable(model, draft.x))
    prices = Prices.of(draft.y)
    by_column, turning = timed(model.matrix.transposed)
    checks = [timed(lambda: check(model, x, prices, by_column)) for _ in range(3)]
    proof = checks[0][0]
    return {
        "rows": model.matrix.rows, "columns": model.matrix.columns,
        "nonzeros": len(model.matrix.data), "parts": len(parts.parts), "build": building,
        "split": splitting, "solve": solving, "executable": repairing, "turn": turning,
        "check": min(seconds for _, seconds in checks), "gap": float(proof.gap),
        "objective": float(proof.objective), "bound": float(proof.bound),
        "possible": proof.possible,
        "total": building + splitting + solving + repairing,
        "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }  # fmt: skip


def scaling() -> None:
    """How CPU grows from 400 to 4,000 communes of ten goods: the exponent of communes."""
    few, many = measure(nation(400, 10)), measure(nation(4000, 10))
    say(what="400 x 10", **few)
    say(what="4000 x 10", **many, exponent=math.log10(many["total"] / few["total"]))


def exact(communes: int, goods: int) -> None:
    """HiGHS' interior point on the same program: the time to be compared with, and the optimum."""
    model = build(nation(communes, goods))
    draft, solving = timed(lambda: solve(model, "ipx"))
    say(what=f"ipx {communes} x {goods}", solve=solving, objective=draft.objective / 1e9)


def say(**found: Any) -> None:
    print(json.dumps({k: round(v, 9) if isinstance(v, float) else v for k, v in found.items()}),
          flush=True)  # fmt: skip


def main() -> None:
    words = sys.argv[1:] or ["body", "scaling"]
    if words[0] == "nation":
        communes, goods, periods = map(int, words[1:4])
        gap = float(words[4]) if len(words) > 4 else 1e-4
        say(what="x".join(words[1:4]), **measure(nation(communes, goods, periods), gap))
    elif words[0] == "exact":
        exact(int(words[1]), int(words[2]))
    else:
        for word in words:
            {"body": body, "scaling": scaling}[word]()


if __name__ == "__main__":
    main()
