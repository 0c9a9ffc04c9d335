"""Solvers at work on a model, in natural units. Their answers are only proposals: what is published
is made executable in whole numbers and proved by `certificate`, never taken on the solver's word.

Each where it was the quickest when measured (docs/plan.md): HiGHS' dual simplex on small models;
beyond, our own interior-point method wherever a model falls into pieces (`pieces`), as a
federation's does; where it does not, HiGHS' interior point without crossover on middling models and
its first-order method on large ones.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np

from comuna.plan.errors import PlanError
from comuna.plan.interior import SOLVER as INTERIOR
from comuna.plan.interior import TOO_WIDE, Interior
from comuna.plan.model import Floats, Model
from comuna.plan.problem import Ints
from comuna.plan.progress import Progress, Tell, silent
from comuna.plan.scaled import TOP_WORTH, Scaled

SIMPLEX, IPX, FIRST_ORDER = "simplex", "ipx", "hipdlp"
SIMPLEX_UPTO = 60_000  # non-zeros
IPX_UPTO = 1_000_000
PIECES_UPTO = 3e5
"""Multiplications per non-zero that a step of our interior-point method may take."""
PRICED = 1e-7
"""A price above this is one: so exactly do solvers calculate."""
EQUAL = 1e-9
"""Plans are of equal worth whose worths differ by no more than this share."""
BASIC = highspy.HighsBasisStatus.kBasic
PRIMAL = 4
"""HiGHS' number for the primal simplex method."""
FINER = 30
"""How much finer than the gap asked for the first-order method works: its own tolerances are
relative to sums, so that single small rows can be far off."""


@dataclass(frozen=True)
class Draft:
    """What the solver proposes: `x` in steps, `y` in objective counts per unit of each row's own
    counting; `objective` in objective counts."""

    x: Floats
    y: Floats
    objective: float
    solver: str


class QuietHighs(highspy.Highs):
    """HiGHS without its greeting, which it prints on standard output (where answers go) as soon as
    callbacks are enabled."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def enableCallbacks(self) -> None:  # noqa: N802 - HiGHS' own name
        pass

    def listen(self, solver: str, scale: float, tell: Tell) -> None:
        """Tell of each line of HiGHS' log that says how far it is; `scale` objective counts are
        one of its own."""
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]
        self.setOptionValue("log_to_console", False)
        self.setOptionValue("output_flag", True)

        def said(event: Any) -> None:
            progress = read_log(event.message, solver, scale)
            if progress:
                tell(progress)

        self.cbLogging.subscribe(said)


_NUMBER = r"(-?\d\.\d+e[+-]\d+)"
_BOTH = re.compile(rf"\s*(\d+)\s+{_NUMBER}\s+{_NUMBER}\s+{_NUMBER}")
_DUAL = re.compile(rf"\s*(\d+)\s+{_NUMBER} Pr: \d+\([^)]*\)(?:; Du: 0\(| )")


def read_log(line: str, solver: str, scale: float) -> Progress | None:
    """What a line of HiGHS' log says, which counts what it maximises as less than nothing: step,
    plan, bound and how far from possible; of the dual simplex step and bound."""
    if found := _BOTH.match(line):
        step, worth, best, amiss = found.groups()
        return Progress(
            solver, int(step), -scale * float(worth), -scale * float(best), float(amiss)
        )
    if found := _DUAL.match(line):
        return Progress(solver, int(found[1]), None, -scale * float(found[2]))
    return None


def run(highs: QuietHighs) -> highspy.HighsSolution:
    """Solve, and once more from nothing where the old basis was a bad start."""
    highs.run()
    solution = highs.getSolution()
    if not solution.dual_valid:
        highs.clearSolver()
        highs.run()
        solution = highs.getSolution()
    return solution


class Session:
    """One model held by HiGHS, so that a change of worths or bounds starts from the last answer."""

    def __init__(
        self, model: Model, solver: str = SIMPLEX, gap: float = 1e-4, tell: Tell = silent
    ) -> None:
        self.model = model
        self.solver = solver
        self.scaled = Scaled(model)
        self.highs = QuietHighs()
        self._option("output_flag", False)
        if tell is not silent:
            self.highs.listen(solver, self.scaled.worth_scale, tell)
        self._option("threads", 1)
        self._option("random_seed", 0)
        self._option("solver", self.solver)
        if self.solver == IPX:
            self._option("run_crossover", "off")
        if self.solver == FIRST_ORDER:
            self._option("kkt_tolerance", gap / FINER)
        self._hand_over()

    def _option(self, name: str, value: Any) -> None:
        if self.highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise PlanError(
                "this HiGHS does not know {name} = {value}; install highspy ≥ 1.15",
                name=name,
                value=value,
            )

    def _hand_over(self) -> None:
        """As arrays: as a HighsLp, each number would be turned into Python's own on the way."""
        matrix, scaled = self.model.matrix, self.scaled
        self.highs.passModel(
            matrix.columns, matrix.rows, len(matrix.data), int(highspy.MatrixFormat.kRowwise),
            int(highspy.ObjSense.kMaximize), 0.0,
            scaled.worth, np.zeros(matrix.columns), scaled.most,
            np.full(matrix.rows, -highspy.kHighsInf), scaled.bound,
            matrix.start.astype(np.int32), matrix.index.astype(np.int32), scaled.values,
            np.zeros(matrix.columns, dtype=np.int32),
        )  # fmt: skip

    def set_worth(self, worth: Floats) -> None:
        """Change what is maximised (objective counts per step of each column)."""
        self.scaled.set_worth(worth)
        everything = np.arange(len(worth), dtype=np.int32)
        self.highs.changeColsCost(len(worth), everything, self.scaled.worth)

    def thrifty(self, draft: Draft) -> Draft:
        """Of the plans that are worth as much as the one just found, the one that takes the least
        labour and inputs; its prices are the same. (On the best plans' face: whatever has a price
        stays where it is.) The session is of no further use."""
        model, scaled, highs = self.model, self.scaled, self.highs
        solution, basis = highs.getSolution(), highs.getBasis()
        thrift = model.thrift * scaled.unit_x
        if not basis.valid or not thrift.any():
            return draft
        columns = _priced(solution.col_dual, basis.col_status)
        there = np.asarray(solution.col_value)[columns]
        highs.changeColsBounds(len(columns), columns.astype(np.int32), there, there)
        row_value = solution.row_value
        for row in _priced(solution.row_dual, basis.row_status).tolist():
            highs.changeRowBounds(row, row_value[row], row_value[row])
        everything = np.arange(len(thrift), dtype=np.int32)
        highs.changeColsCost(len(thrift), everything, -thrift * (TOP_WORTH / thrift.max()))
        self.start_at(basis, PRIMAL)
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return draft
        x = scaled.plan(np.asarray(highs.getSolution().col_value))
        lost = float(model.worth @ draft.x) - float(model.worth @ x)
        return replace(draft, x=x) if lost <= EQUAL * abs(draft.objective) else draft

    def start_at(self, basis: highspy.HighsBasis, strategy: int) -> None:
        """Start from a basis, by a strategy of HiGHS' simplex."""
        self._option("simplex_strategy", strategy)
        self._option("presolve", "off")
        self.highs.setBasis(basis)

    def basis(self) -> highspy.HighsBasis:
        return self.highs.getBasis()

    def solve(self) -> Draft:
        """The proposal. A status is not trusted: only that there are numbers at all."""
        solution = run(self.highs)
        found = self.highs.getModelStatus()
        if found == highspy.HighsModelStatus.kInfeasible or not solution.dual_valid:
            status = self.highs.modelStatusToString(found)
            raise PlanError(
                "the solver gave no plan ({status}); try another --method", status=status
            )
        scaled = self.scaled
        objective = float(self.highs.getInfo().objective_function_value) * scaled.worth_scale
        return Draft(
            scaled.plan(np.asarray(solution.col_value)),
            scaled.prices(np.asarray(solution.row_dual)),
            objective,
            self.solver,
        )


def _priced(prices: Sequence[float], statuses: Sequence[highspy.HighsBasisStatus]) -> Ints:
    """The places that have a price, and so stay where they are in every best plan."""
    basic = np.array([status == BASIC for status in statuses], dtype=bool)
    return np.flatnonzero(~basic & (np.abs(np.asarray(prices)) > PRICED))


@dataclass(frozen=True)
class Ready:
    """A model in the hands of the solver that suits it."""

    solver: str
    solve: Callable[[], Draft]


def ready(model: Model, solver: str = "", gap: float = 1e-4, tell: Tell = silent) -> Ready:
    """The solver named, or the one that suits the model, ready to start. Raises PlanError where
    the model does not suit the solver named."""
    size = len(model.matrix.data)
    if solver == INTERIOR or (not solver and size > SIMPLEX_UPTO):
        interior = Interior.of(model, np.inf if solver else PIECES_UPTO * size)
        if interior:
            return Ready(INTERIOR, lambda: _by_pieces(interior, gap, tell))
        if solver:
            raise PlanError("this model does not fall into pieces; try another solver")
    if not solver:
        solver = SIMPLEX if size <= SIMPLEX_UPTO else IPX
        tied = np.bincount(model.matrix.index, minlength=1).max() > TOO_WIDE
        if size > IPX_UPTO and not tied:  # first-order methods are poor at what ties all together
            solver = FIRST_ORDER

    def found() -> Draft:
        session = Session(model, solver, gap, tell)
        draft = session.solve()
        return session.thrifty(draft) if solver == SIMPLEX else draft

    return Ready(solver, found)


def _by_pieces(interior: Interior, gap: float, tell: Tell) -> Draft:
    x, y = interior.solve(gap, tell)
    return Draft(x, y, float(interior.model.worth @ x), INTERIOR)


def solve(model: Model, solver: str = "", gap: float = 1e-4, tell: Tell = silent) -> Draft:
    """One model, once; the proposal is as the solver left it."""
    return ready(model, solver, gap, tell).solve()
