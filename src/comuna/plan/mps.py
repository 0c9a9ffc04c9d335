"""A plan's program as a file for any other solver.

Two forms are written: free MPS and the LP format of CPLEX. Both are to be minimised (worths are
negated), have no constant, every coefficient once, a bound for every column, and plain decimals.
*Scaled*, which is what solvers need, columns `x7` and rows `y12` are the model's counted in powers
of ten that bring the numbers near 1; *exact*, `c7` and `r12` are counted as the model counts them,
in whole numbers. Comments tell what each block is, and by what it is multiplied.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from comuna.plan.build import build
from comuna.plan.errors import PlanError
from comuna.plan.exact import Sparse
from comuna.plan.model import Floats, Model
from comuna.plan.priorities import find_floors, met_needs, with_floors
from comuna.plan.problem import Ints, Problem
from comuna.plan.scaled import Scaled
from comuna.plan.solver import solve

FORMS = ("mps", "lp")
TERMS = 4
"""So many terms stand on a line of an LP file."""


@dataclass(frozen=True)
class Factors:
    """A column of the file is 10^`columns[j]` steps, a row 10^`rows[i]` of its own counting, its
    objective 10^`objective` counts; `column` and `row` are the letters of their names."""

    columns: Ints
    rows: Ints
    objective: int
    column: str
    row: str

    @staticmethod
    def exact(model: Model) -> "Factors":
        none = np.zeros(model.matrix.columns, dtype=np.int64)
        return Factors(none, np.zeros(model.matrix.rows, dtype=np.int64), 0, "c", "r")

    @staticmethod
    def scaled(model: Model) -> "Factors":
        """The powers of ten nearest to the units at which our own solver works."""
        units = Scaled(model)
        columns = np.rint(np.log10(units.unit_x)).astype(np.int64)
        rows = np.rint(np.log10(units.unit_row)).astype(np.int64)
        worths = np.abs(model.worth) * 10.0**columns
        top = float(worths.max(initial=0.0))
        objective = int(np.ceil(np.log10(top))) - 2 if top > 0 else 0
        return Factors(columns, rows, objective, "x", "y")

    def plan(self, x: Floats) -> Floats:
        """The file's columns in steps."""
        return x * 10.0**self.columns

    def prices(self, y: Floats) -> Floats:
        """The file's prices in objective counts per one of each row's own counting."""
        return y * 10.0 ** (self.objective - self.rows)


def write_mps(model: Model, path: Path, scaled: bool = False) -> None:
    """Write the model as free MPS."""
    _write(path, _mps(model, Factors.scaled(model) if scaled else Factors.exact(model)))


def write_lp(model: Model, path: Path, scaled: bool = False) -> None:
    """Write the model in CPLEX' LP format."""
    _write(path, _lp(model, Factors.scaled(model) if scaled else Factors.exact(model)))


def _write(path: Path, lines: Iterator[str]) -> None:
    with path.open("w", encoding="ascii") as out:
        out.writelines(line + "\n" for line in lines)


def _remarks(model: Model, factors: Factors) -> Iterator[str]:
    """What each block is, and its factors."""
    for letter, blocks, powers in (
        (factors.column, model.columns, factors.columns),
        (factors.row, model.rows, factors.rows),
    ):
        for block in blocks.values():
            if block.size:
                yield f"{letter}{block.first}..{letter}{block.first + block.size - 1} {block.kind}"
                if powers.any():
                    yield from _runs(letter, powers, block.first, block.first + block.size)
    yield (
        f"minimise: the optimum times 10^{factors.objective} / {model.counting.measure} is minus "
        "the worth of the plan"
    )


def _runs(letter: str, powers: Ints, first: int, end: int) -> Iterator[str]:
    """Neighbours with the same factor, told together."""
    starts = np.flatnonzero(np.diff(powers[first:end], prepend=powers[first] - 1)) + first
    for start, stop in zip(starts.tolist(), [*starts[1:].tolist(), end], strict=True):
        yield f"  {letter}{start}..{letter}{stop - 1}: one is 10^{powers[start]} steps"


def _mps(model: Model, factors: Factors) -> Iterator[str]:
    column_name, row_name = factors.column, factors.row
    for remark in _remarks(model, factors):
        yield f"* {remark}"
    yield "NAME comuna FREE"
    yield "ROWS"
    yield " N worth"
    for row in range(model.matrix.rows):
        yield f" L {row_name}{row}"
    yield "COLUMNS"
    by_column = model.matrix.transposed()
    worth, powers, rows = model.worth.tolist(), factors.columns.tolist(), factors.rows.tolist()
    for column in range(model.matrix.columns):
        power = powers[column]
        value = decimal(-worth[column], power - factors.objective)
        yield f" {column_name}{column} worth {value}"
        for row, entry in _entries(by_column, column):
            value = decimal(entry, power - rows[row])
            yield f" {column_name}{column} {row_name}{row} {value}"
    yield "RHS"
    for row in np.flatnonzero(model.bound).tolist():
        yield f" b {row_name}{row} {decimal(int(model.bound[row]), -rows[row])}"
    yield "BOUNDS"
    for column, most in enumerate(model.most.tolist()):
        yield f" UP u {column_name}{column} {decimal(most, -powers[column])}"
    yield "ENDATA"


def _lp(model: Model, factors: Factors) -> Iterator[str]:
    column_name, row_name = factors.column, factors.row
    for remark in _remarks(model, factors):
        yield f"\\ {remark}"
    powers, rows = factors.columns.tolist(), factors.rows.tolist()

    def terms(entries: list[tuple[int, int]], shift: int) -> Iterator[str]:
        shown = [f"{'-' if value < 0 else '+'} {decimal(abs(value), powers[column] + shift)} "
                 f"{column_name}{column}" for column, value in entries]  # fmt: skip
        for at in range(0, len(shown), TERMS):
            yield "  " + " ".join(shown[at : at + TERMS])

    yield "Minimize"
    yield " worth:"
    worth = [(at, -value) for at, value in enumerate(model.worth.tolist()) if value]
    yield from terms(worth or [(0, 0)], -factors.objective)
    yield "Subject To"
    for row in range(model.matrix.rows):
        yield f" {row_name}{row}:"
        yield from terms(list(_entries(model.matrix, row)) or [(0, 0)], -rows[row])
        yield f"  <= {decimal(int(model.bound[row]), -rows[row])}"
    yield "Bounds"
    for column, most in enumerate(model.most.tolist()):
        yield f" 0 <= {column_name}{column} <= {decimal(most, -powers[column])}"
    yield "End"


def _entries(matrix: Sparse, line: int) -> Iterator[tuple[int, int]]:
    span = slice(matrix.start[line], matrix.start[line + 1])
    yield from zip(matrix.index[span].tolist(), matrix.data[span].tolist(), strict=True)


def decimal(value: int, power: int) -> str:
    """value × 10^power in plain digits, exactly."""
    sign, digits = ("-", str(-value)) if value < 0 else ("", str(value))
    if power >= 0 or value == 0:
        return sign + digits + "0" * (power if value else 0)
    digits = digits.rjust(1 - power, "0")
    whole, after = digits[:power], digits[power:].rstrip("0")
    return sign + whole + ("." + after if after else "")


def program(problem: Problem, mode: str = "harmony", stage: int = 0) -> Model:
    """The linear program whose optimum is the plan of a mode: with the floors of that mode under
    it, which are found first. `stage` n is the n-th lift of the common level instead (its optimum
    is the level in millionths). Raises PlanError where the mode has no such stage."""
    model = build(problem)
    needed = met_needs(problem, model)
    floors, found = find_floors(needed, model, mode, solve)
    if not stage:
        return with_floors(model, needed, floors)
    if stage > len(found):
        raise PlanError(
            "mode {mode} has {found} stages; there is no stage {stage}",
            mode=mode,
            found=len(found),
            stage=stage,
        )
    return with_floors(model, needed, found[stage - 1].floors)
