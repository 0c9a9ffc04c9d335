"""A model as solvers see it: floating point, in units at which they are at ease.

Natural units, but a column with 1 for its largest entry in a balance, after that a row with 1 for
its largest, and 100 for the largest worth of a unit. The first-order method needs a tenth of the
steps so that it needs in natural units alone (docs/plan.md).
"""

from functools import cached_property

import numpy as np

from comuna.plan.model import Floats, Model
from comuna.plan.pieces import Entries
from comuna.plan.problem import Ints

TOP_WORTH = 100


class Scaled:
    """maximise worth·x, A x ≤ bound, 0 ≤ x ≤ most."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.unit_x, self.unit_row = self._units()
        self.set_worth(model.worth)
        self.bound: Floats = model.bound / self.unit_row
        self.most: Floats = model.most / self.unit_x

    def _units(self) -> tuple[Floats, Floats]:
        model, matrix = self.model, self.model.matrix
        entry = np.abs(matrix.data) * model.unit_x[matrix.index]
        entry /= model.unit_row[matrix.row]
        balanced = int(matrix.start[model.rows["balance"].size if "balance" in model.rows else 0])
        by_column = np.zeros(matrix.columns)
        np.maximum.at(by_column, matrix.index[:balanced], entry[:balanced])
        by_column[by_column == 0] = 1.0
        entry /= by_column[matrix.index]
        by_row = np.ones(matrix.rows)
        filled = np.flatnonzero(np.diff(matrix.start))
        if len(filled):
            by_row[filled] = np.maximum.reduceat(entry, matrix.start[filled])
        return model.unit_x / by_column, model.unit_row * by_row

    def set_worth(self, worth: Floats | Ints) -> None:
        """What is maximised, in objective counts per step of each column."""
        in_units = worth * self.unit_x
        self.worth_scale = float(np.abs(in_units).max(initial=0.0)) / TOP_WORTH or 1.0
        self.worth: Floats = in_units / self.worth_scale

    @cached_property
    def values(self) -> Floats:
        """The entries in the order of the model's matrix."""
        matrix = self.model.matrix
        values: Floats = matrix.data * self.unit_x[matrix.index] / self.unit_row[matrix.row]
        return values

    @cached_property
    def entries(self) -> Entries:
        matrix = self.model.matrix
        order = np.argsort(matrix.index, kind="stable")
        return Entries(
            matrix.row[order], matrix.index[order], self.values[order], matrix.rows, matrix.columns
        )

    def plan(self, x: Floats) -> Floats:
        """A solver's columns in steps."""
        return np.clip(x * self.unit_x, 0, self.model.most)

    def prices(self, y: Floats) -> Floats:
        """A solver's prices in objective counts per unit of each row's own counting."""
        return np.maximum(y * self.worth_scale / self.unit_row, 0.0)
