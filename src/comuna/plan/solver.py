"""HiGHS at work on a model, in natural units. Its answers are only proposals: what is published is
made executable in whole numbers and proved by `certificate`, never taken on the solver's word.

The three ways, by the size at which each was the quickest when measured (docs/plan.md): dual
simplex on small models, interior point on middling ones, and HiGHS' first-order method on large
ones.
"""

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from comuna.plan.errors import PlanError
from comuna.plan.model import Floats, Model
from comuna.plan.problem import WORTH, Ints

SIMPLEX_UPTO = 60_000  # non-zeros
INTERIOR_UPTO = 1_000_000


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

    def enableCallbacks(self) -> None:  # noqa: N802 - HiGHS' own name
        pass


class Session:
    """One model held by HiGHS, so that a change of worths or bounds starts from the last answer."""

    def __init__(self, model: Model, solver: str = "", gap: float = 1e-4) -> None:
        self.model = model
        self.solver = solver or solver_for(model)
        self.worth_scale = _scale_of(model)
        self.highs = QuietHighs()
        self._option("output_flag", False)
        self._option("threads", 1)
        self._option("random_seed", 0)
        self._option("solver", self.solver)
        if self.solver == "hipdlp":
            self._option("kkt_tolerance", gap)
        self.highs.passModel(_linear_program(model, self.worth_scale))

    def _option(self, name: str, value: Any) -> None:
        if self.highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise PlanError(f"this HiGHS does not know {name} = {value}; install highspy ≥ 1.15")

    def set_worth(self, worth: Floats) -> None:
        """Change what is maximised (objective counts per step of each column)."""
        cost = worth * self.model.unit_x / self.worth_scale
        everything = np.arange(len(cost), dtype=np.int32)
        self.highs.changeColsCost(len(cost), everything, cost)

    def set_bound(self, rows: Ints, bound: Floats) -> None:
        upper = bound / self.model.unit_row[rows]
        places = rows.astype(np.int32)
        self.highs.changeRowsBounds(len(rows), places, np.full(len(rows), -highspy.kHighsInf), upper)

    def solve(self) -> Draft:
        """The proposal. A status is not trusted: only that there are numbers at all."""
        self.highs.run()
        solution = self.highs.getSolution()
        if self.solver == "ipx":
            self._option("solver", "simplex")  # from here on from where the first answer stands
        status = self.highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible or not solution.dual_valid:
            status = self.highs.modelStatusToString(status)
            raise PlanError(f"the solver gave no plan ({status}); try another --method")
        model = self.model
        x = np.clip(np.asarray(solution.col_value) * model.unit_x, 0, model.most)
        y = np.asarray(solution.row_dual) * self.worth_scale / model.unit_row
        objective = float(self.highs.getInfo().objective_function_value) * self.worth_scale
        return Draft(x, np.maximum(y, 0.0), objective, self.solver)


def solve(model: Model, solver: str = "", gap: float = 1e-4) -> Draft:
    """One model, once; the proposal is as the solver left it."""
    return Session(model, solver, gap).solve()


def solve_whole(model: Model, solver: str = "", gap: float = 1e-4) -> Draft:
    """One model, its proposal in whole steps: see `whole`."""
    session = Session(model, solver, gap)
    return whole(session, session.solve())


ROUNDINGS = 6


def whole(session: Session, draft: Draft) -> Draft:
    """The draft in whole steps, with its rows kept if that can be had cheaply.

    Rounding may overdraw a row by a step or two, and lowering whoever draws on it can be dear: one
    missing step of salt may cost ten of bread. So the solver is asked again with that little less
    in the overdrawn rows, which it finds in a few steps from where it stands. After `ROUNDINGS`
    such rounds the last one is given as it is, for `executable` to lower.
    """
    model = session.model
    row_of = np.repeat(np.arange(model.matrix.rows), np.diff(model.matrix.start))
    reserve = np.zeros(model.matrix.rows)
    best = draft
    for _ in range(ROUNDINGS):
        x = np.rint(draft.x)
        over = model.matrix.times(x.astype(np.int64)).minus(model.bound)
        best = Draft(x, best.y, draft.objective, draft.solver)
        rows = np.flatnonzero(over > 0)
        if not len(rows):
            break
        moving = (draft.x > 1e-6) & (draft.x < model.most)
        half = np.abs(model.matrix.data) * moving[model.matrix.index] / 2
        most = np.bincount(row_of, half, minlength=model.matrix.rows)
        reserve[rows] = np.maximum(2 * reserve[rows], most[rows])
        session.set_bound(rows, model.bound[rows] - reserve[rows])
        try:
            draft = session.solve()
        except PlanError:
            break
    return best


def _scale_of(model: Model) -> float:
    """Brings the largest worth of a natural unit to about a hundred, where solvers are at ease."""
    largest = float(np.abs(model.worth * model.unit_x).max(initial=0.0))
    return largest / 100 if largest > 0 else float(WORTH)


def _linear_program(model: Model, worth_scale: float) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    matrix = model.matrix
    lp.num_col_, lp.num_row_ = matrix.columns, matrix.rows
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = model.worth * model.unit_x / worth_scale
    lp.col_lower_ = np.zeros(matrix.columns)
    lp.col_upper_ = model.most / model.unit_x
    lp.row_lower_ = np.full(matrix.rows, -highspy.kHighsInf)
    lp.row_upper_ = model.bound / model.unit_row
    row = np.repeat(np.arange(matrix.rows), np.diff(matrix.start))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = matrix.columns, matrix.rows
    lp.a_matrix_.start_ = matrix.start.astype(np.int32)
    lp.a_matrix_.index_ = matrix.index.astype(np.int32)
    lp.a_matrix_.value_ = matrix.data * model.unit_x[matrix.index] / model.unit_row[row]
    return lp
