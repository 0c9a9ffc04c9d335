"""The search for fair panels, on HiGHS: column generation for leximin over kinds of people.

Everything here is a proposal in floating point; `sortition.py` checks panels and probabilities in
whole numbers and fractions.
"""

from collections.abc import Sequence
from typing import Any

import highspy

from comuna.count.errors import CountError

_NEAR = 1e-7
Row = tuple[Sequence[int], int, int]


class PanelSolver:
    """sizes: people of each kind; rows: (1 or 0 for each kind, least, most); seats of a panel."""

    def __init__(self, sizes: Sequence[int], rows: Sequence[Row], seats: int) -> None:
        self.sizes = sizes
        self.panels: list[tuple[int, ...]] = []
        self.oracle = _quiet_solver()
        every = list(range(len(sizes)))
        for size in sizes:
            self.oracle.addCol(0.0, 0, size, 0, [], [])
        kind = [highspy.HighsVarType.kInteger] * len(sizes)
        self.oracle.changeColsIntegrality(len(sizes), every, kind)
        self.oracle.changeObjectiveSense(highspy.ObjSense.kMaximize)
        self.oracle.addRow(seats, seats, len(every), every, [1.0] * len(every))
        for inside, least, most in rows:
            members = [at for at in every if inside[at]]
            self.oracle.addRow(least, most, len(members), members, [1.0] * len(members))

    def leximin(self) -> dict[tuple[int, ...], float]:
        """Weights of panels. Raises CountError where no panel keeps the quotas."""
        fixed: dict[int, float] = {}
        self._add_panel([1.0 / size for size in self.sizes])
        weights: list[float] = []
        while len(fixed) < len(self.sizes):
            while True:
                least, weights, duals, base = self._master(fixed)
                worth = [dual / size for dual, size in zip(duals, self.sizes, strict=True)]
                if not self._add_panel(worth, above=base):
                    break
            tight = [k for k, dual in enumerate(duals) if k not in fixed and dual > _NEAR]
            for kind in tight or [k for k in range(len(self.sizes)) if k not in fixed]:
                fixed[kind] = least
        return {
            panel: weight
            for panel, weight in zip(self.panels, weights, strict=False)
            if weight > _NEAR
        }

    def _add_panel(self, worth: Sequence[float], above: float | None = None) -> bool:
        """Find the panel worth most; keep it if it is new and worth more than `above`."""
        for kind, value in enumerate(worth):
            self.oracle.changeColCost(kind, value)
        self.oracle.run()
        if self.oracle.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise CountError("no panel keeps all the quotas together; one of them must give way")
        found = tuple(round(value) for value in self.oracle.getSolution().col_value)
        value = sum(w * size for w, size in zip(worth, found, strict=True))
        if found in self.panels or (above is not None and value <= above + _NEAR):
            return False
        self.panels.append(found)
        return True

    def _master(self, fixed: dict[int, float]) -> tuple[float, list[float], list[float], float]:
        """The best weights of the panels found so far: the least probability of the kinds not yet
        fixed, the weights, what each kind's probability is worth, and what a panel must beat."""
        master = _quiet_solver()
        master.changeObjectiveSense(highspy.ObjSense.kMaximize)
        master.addCol(1.0, 0, 1, 0, [], [])
        for _ in self.panels:
            master.addCol(0.0, 0, 1, 0, [], [])
        columns = list(range(1, len(self.panels) + 1))
        master.addRow(1, 1, len(columns), columns, [1.0] * len(columns))
        for kind, size in enumerate(self.sizes):
            chance = [panel[kind] / size for panel in self.panels]
            if kind in fixed:
                least = fixed[kind] - _NEAR
                master.addRow(least, highspy.kHighsInf, len(columns), columns, chance)
            else:
                indexes, values = [0, *columns], [-1.0, *chance]
                master.addRow(0, highspy.kHighsInf, len(indexes), indexes, values)
        master.run()
        solution = master.getSolution()
        duals = [max(0.0, -dual) for dual in solution.row_dual[1:]]
        return (
            solution.col_value[0],
            list(solution.col_value[1:]),
            duals,
            solution.row_dual[0],
        )


class _Solver(highspy.Highs):
    def enableCallbacks(self) -> None:  # noqa: N802 - HiGHS' own name
        """Not enabled: enabling them prints HiGHS' greeting on standard output."""


def _quiet_solver() -> Any:
    solver: Any = _Solver()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    # HiGHS has one scheduler a process: whoever uses it agrees on one thread.
    solver.setOptionValue("threads", 1)
    return solver
