"""From a problem to a published plan: which mode, which way, how near the best."""

from collections.abc import Callable

from comuna.plan.build import build
from comuna.plan.errors import PlanError
from comuna.plan.federation import part_of_bodies, split, two_step
from comuna.plan.model import Model
from comuna.plan.offers import PARTS, Round, by_offers
from comuna.plan.priorities import LEVEL, MODES, prioritise
from comuna.plan.problem import Problem
from comuna.plan.published import Plan
from comuna.plan.solver import INTERIOR_UPTO, Draft, solve

METHODS = ("auto", "direct", "two-step", "offers")
Tell = Callable[[str], None]


def plan_for(
    problem: Problem,
    mode: str = "harmony",
    method: str = "auto",
    gap: float = 1e-4,
    tell: Tell = lambda line: None,
) -> Plan:
    """The plan of a problem. `auto` is direct up to a million non-zeros and two-step beyond, where
    there are parts. Raises PlanError where the mode or method is unknown."""
    if mode not in MODES:
        raise PlanError(f"there is no mode {mode!r}; there are {', '.join(MODES)}")
    if method not in METHODS:
        raise PlanError(f"there is no method {method!r}; there are {', '.join(METHODS)}")
    model = build(problem)
    size = len(model.matrix.data)
    tell(f"{model.matrix.columns} columns, {model.matrix.rows} rows, {size} non-zeros")
    if method == "auto":
        method = "two-step" if size > INTERIOR_UPTO else "direct"
    answer = prioritise(problem, model, mode, _way(problem, method, gap, tell))
    return Plan.of(problem, model, mode, method, answer)


def _way(problem: Problem, method: str, gap: float, tell: Tell) -> Callable[[Model], Draft]:
    """How one model is solved. A common level ties all parts together, so its stages are always
    solved directly, by interior point where they are large (first-order methods are poor at it)."""

    def direct(model: Model) -> Draft:
        large = LEVEL in model.columns and len(model.matrix.data) > INTERIOR_UPTO
        return solve(model, "ipx" if large else "", gap)

    def in_parts(model: Model) -> Draft:
        parts = split(model, part_of_bodies(problem, PARTS if method == "offers" else 2))
        if LEVEL in model.columns or len(parts.parts) < 2:
            return direct(model)
        if method == "offers":
            return by_offers(model, parts, gap, lambda each: tell(_round(each)))
        return two_step(model, parts, gap, lambda done, of: tell(f"part {done} of {of}"))

    return direct if method == "direct" else in_parts


def _round(each: Round) -> str:
    best = float(each.best) / 1e9
    return f"round {each.number}: {each.worth / 1e9:.9g} of at most {best:.9g}, gap {each.gap:.2g}"
