"""The stages of a mode, solved one after another, each from where the last one ended.

When some needs come to stand on their floor and the others go on rising, the plan before is still
possible: only its worth and a few rows have changed, so that primal simplex needs a handful of
steps from its basis where a start from nothing needs thousands.
"""

import highspy
import numpy as np

from comuna.plan.model import Model
from comuna.plan.priorities import FLOOR, LEVEL
from comuna.plan.progress import Tell, silent
from comuna.plan.solver import BASIC, PRIMAL, SIMPLEX, Draft, Session, ready

AT_MOST = highspy.HighsBasisStatus.kUpper
Status = list[highspy.HighsBasisStatus]


class InTurn:
    """Solves models that differ in their floors, their common level and their worths."""

    def __init__(self, gap: float = 1e-4, tell: Tell = silent) -> None:
        self._gap, self._tell = gap, tell
        self._columns: Status = []
        self._rows: Status = []
        self._floors: dict[int, highspy.HighsBasisStatus] = {}

    def __call__(self, model: Model) -> Draft:
        suited = ready(model, "", self._gap, self._tell)
        if suited.solver != SIMPLEX:
            return suited.solve()
        session = Session(model, SIMPLEX, self._gap, self._tell)
        if self._columns:
            session.start_at(self._basis(model), PRIMAL)
        draft = session.solve()
        self._keep(model, session.basis())
        return draft if LEVEL in model.columns else session.thrifty(draft)

    def _keep(self, model: Model, basis: highspy.HighsBasis) -> None:
        rows = list(basis.row_status)
        needs = _needs(model)
        first = len(rows) - len(needs)
        self._columns, self._rows = list(basis.col_status), rows[:first]
        self._floors = dict(zip(needs, rows[first:], strict=True))

    def _basis(self, model: Model) -> highspy.HighsBasis:
        """The last basis, for this model: new floors bind nobody yet; where the common level came
        or went, a floor takes its place."""
        size = model.matrix.columns - (LEVEL in model.columns)
        columns = self._columns[:size]
        if LEVEL in model.columns:
            columns.append(self._columns[size] if len(self._columns) > size else BASIC)
        rows = self._rows + [self._floors.get(need, BASIC) for need in _needs(model)]
        missing = len(rows) - (columns + rows).count(BASIC)
        other = AT_MOST if missing < 0 else BASIC
        turned = [at for at, row in enumerate(rows) if (row == BASIC) == (missing < 0)]
        for at in reversed(turned[len(turned) - abs(missing) :]):
            rows[at] = other
        basis = highspy.HighsBasis()
        basis.valid, basis.col_status, basis.row_status = True, columns, rows
        return basis


def _needs(model: Model) -> list[int]:
    keys = model.rows[FLOOR].keys["need"] if FLOOR in model.rows else np.zeros(0, np.int64)
    needs: list[int] = keys.tolist()
    return needs
