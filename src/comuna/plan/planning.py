"""From a problem to a published plan: which mode, which way, how near the best."""

from collections.abc import Callable

from comuna.plan.build import build
from comuna.plan.errors import PlanError
from comuna.plan.federation import part_of_bodies, split, two_step
from comuna.plan.in_turn import InTurn
from comuna.plan.model import Model
from comuna.plan.offers import PARTS, Round, by_offers
from comuna.plan.priorities import LEVEL, MODES, prioritise
from comuna.plan.problem import WORTH, Problem
from comuna.plan.progress import Progress
from comuna.plan.published import Plan
from comuna.plan.solver import FIRST_ORDER, Draft, ready, solve

METHODS = ("auto", "direct", "two-step", "offers")


def plan_for(
    problem: Problem,
    mode: str = "harmony",
    method: str = "auto",
    gap: float = 1e-4,
    tell: Callable[[str], None] = lambda line: None,
) -> Plan:
    """The plan of a problem. `auto` is two-step where only a first-order method could do the whole,
    else direct. Raises PlanError where the mode or method is unknown."""
    if mode not in MODES:
        raise PlanError(
            "there is no mode {mode!r}; there are {modes}", mode=mode, modes=", ".join(MODES)
        )
    if method not in METHODS:
        raise PlanError(
            "there is no method {method!r}; there are {methods}",
            method=method,
            methods=", ".join(METHODS),
        )
    model = build(problem)
    size = len(model.matrix.data)
    tell(f"{model.matrix.columns} columns, {model.matrix.rows} rows, {size} non-zeros")
    watch = Watch(tell, model.counting.measure)
    whole = ready(model, "", gap, watch.solver) if method in ("auto", "direct") else None
    if method == "auto":
        method = "two-step" if whole and whole.solver == FIRST_ORDER else "direct"
    in_turn = InTurn(gap, watch.solver)

    def solve_one(staged: Model) -> Draft:
        if whole and method == "direct":
            return whole.solve() if staged is model else in_turn(staged)
        return _in_parts(problem, staged, method, gap, watch)

    return Plan.of(problem, model, mode, method, prioritise(problem, model, mode, solve_one))


def _in_parts(problem: Problem, model: Model, method: str, gap: float, watch: "Watch") -> Draft:
    """One model in parts. A common level ties all parts together, so its stages are always solved
    whole."""
    parts = split(model, part_of_bodies(problem, PARTS if method == "offers" else 2))
    if LEVEL in model.columns or len(parts.parts) < 2:
        return solve(model, "", gap, watch.solver)
    if method == "offers":
        return by_offers(model, parts, gap, watch.round)
    return two_step(model, parts, gap, watch.part, watch.solver)


FIRST_LINE = 4
"""Steps of a solver before its first line."""


class Watch:
    """Tells people, in lines, how far a long calculation is: of each solver every fourth step at
    first, then ever more rarely, so that neither a few long steps are silent nor thousands of short
    ones a flood."""

    def __init__(self, tell: Callable[[str], None], measure: int = WORTH) -> None:
        self._tell, self._next, self._measure = tell, FIRST_LINE, measure

    def solver(self, each: Progress) -> None:
        if each.step < self._next // 2:  # another solver began
            self._next = FIRST_LINE
        if each.step < self._next:
            return
        self._next = each.step + max(FIRST_LINE, each.step // 4)
        words = [f"{each.solver}, step {each.step}:"]
        words += [f"worth {each.worth / self._measure:.9g}"] if each.worth is not None else []
        words += [f"at most {each.best / self._measure:.9g}"] if each.best is not None else []
        words += [f"gap {each.gap:.2g}"] if each.gap is not None else []
        words += [f"not yet possible by {each.amiss:.1g}"] if each.amiss is not None else []
        self._tell(" ".join(words))

    def part(self, done: int, total: int) -> None:
        self._tell(f"part {done} of {total}")

    def round(self, each: Round) -> None:
        worth, best = each.worth / self._measure, float(each.best) / self._measure
        self._tell(f"round {each.number}: worth {worth:.9g} at most {best:.9g} gap {each.gap:.2g}")
