"""HiGHS at work on a model, in natural units. Its answers are only proposals: what is published is
made executable in whole numbers and proved by `certificate`, never taken on the solver's word.

The three ways, by the size at which each was the quickest when measured (docs/plan.md): dual
simplex on small models, interior point without crossover on middling ones, and HiGHS'
first-order method on large ones.
"""

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from comuna.plan.errors import PlanError
from comuna.plan.model import Floats, Model

SIMPLEX_UPTO = 60_000  # non-zeros
INTERIOR_UPTO = 1_000_000
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


def solver_for(model: Model) -> str:
    size = len(model.matrix.data)
    if size <= SIMPLEX_UPTO:
        return "simplex"
    return "ipx" if size <= INTERIOR_UPTO else "hipdlp"


class QuietHighs(highspy.Highs):
    """HiGHS without its greeting, which it prints on standard output (where answers go) as soon as
    callbacks are enabled."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def enableCallbacks(self) -> None:  # noqa: N802 - HiGHS' own name
        pass


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

    def __init__(self, model: Model, solver: str = "", gap: float = 1e-4) -> None:
        self.model = model
        self.solver = solver or solver_for(model)
        self.unit_x, self.unit_row = _units(model)
        self.worth_scale = _scale_of(model.worth * self.unit_x)
        self.highs = QuietHighs()
        self._option("output_flag", False)
        self._option("threads", 1)
        self._option("random_seed", 0)
        self._option("solver", self.solver)
        if self.solver == "ipx":
            self._option("run_crossover", "off")
        if self.solver == "hipdlp":
            self._option("kkt_tolerance", gap / FINER)
        self.highs.passModel(self._linear_program())

    def _option(self, name: str, value: Any) -> None:
        if self.highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise PlanError(f"this HiGHS does not know {name} = {value}; install highspy ≥ 1.15")

    def _linear_program(self) -> highspy.HighsLp:
        lp, model, matrix = highspy.HighsLp(), self.model, self.model.matrix
        lp.num_col_, lp.num_row_ = matrix.columns, matrix.rows
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_ = model.worth * self.unit_x / self.worth_scale
        lp.col_lower_ = np.zeros(matrix.columns)
        lp.col_upper_ = model.most / self.unit_x
        lp.row_lower_ = np.full(matrix.rows, -highspy.kHighsInf)
        lp.row_upper_ = model.bound / self.unit_row
        row = np.repeat(np.arange(matrix.rows), np.diff(matrix.start))
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = matrix.columns, matrix.rows
        lp.a_matrix_.start_ = matrix.start.astype(np.int32)
        lp.a_matrix_.index_ = matrix.index.astype(np.int32)
        lp.a_matrix_.value_ = matrix.data * self.unit_x[matrix.index] / self.unit_row[row]
        return lp

    def set_worth(self, worth: Floats) -> None:
        """Change what is maximised (objective counts per step of each column)."""
        self.worth_scale = _scale_of(worth * self.unit_x)
        cost = worth * self.unit_x / self.worth_scale
        everything = np.arange(len(cost), dtype=np.int32)
        self.highs.changeColsCost(len(cost), everything, cost)

    def solve(self) -> Draft:
        """The proposal. A status is not trusted: only that there are numbers at all."""
        solution = run(self.highs)
        found = self.highs.getModelStatus()
        if found == highspy.HighsModelStatus.kInfeasible or not solution.dual_valid:
            status = self.highs.modelStatusToString(found)
            raise PlanError(f"the solver gave no plan ({status}); try another --method")
        model = self.model
        x = np.clip(np.asarray(solution.col_value) * self.unit_x, 0, model.most)
        y = np.asarray(solution.row_dual) * self.worth_scale / self.unit_row
        objective = float(self.highs.getInfo().objective_function_value) * self.worth_scale
        return Draft(x, np.maximum(y, 0.0), objective, self.solver)


def solve(model: Model, solver: str = "", gap: float = 1e-4) -> Draft:
    """One model, once; the proposal is as the solver left it."""
    return Session(model, solver, gap).solve()


def _scale_of(worth: Floats) -> float:
    """Brings the largest worth of a unit to a hundred, where solvers are at ease."""
    return float(np.abs(worth).max(initial=0.0)) / 100 or 1.0


def _units(model: Model) -> tuple[Floats, Floats]:
    """The units in which the solver sees columns and rows: natural ones, but a column with 1 for
    its largest entry in a balance, and after that a row with 1 for its largest. The first-order
    method needs fewer iterations so than in natural units alone (docs/plan.md)."""
    matrix = model.matrix
    row = np.repeat(np.arange(matrix.rows), np.diff(matrix.start))
    entry = np.abs(matrix.data * model.unit_x[matrix.index] / model.unit_row[row])
    by_column = np.zeros(matrix.columns)
    balanced = row < (model.rows["balance"].size if "balance" in model.rows else 0)
    np.maximum.at(by_column, matrix.index[balanced], entry[balanced])
    by_column[by_column == 0] = 1.0
    by_row = np.zeros(matrix.rows)
    np.maximum.at(by_row, row, entry / by_column[matrix.index])
    by_row[by_row == 0] = 1.0
    return model.unit_x / by_column, model.unit_row * by_row
