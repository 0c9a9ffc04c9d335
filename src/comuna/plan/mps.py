"""A plan's program as an MPS file for any other solver, and other solvers' answers read back.

The objective is negated, because MPS means minimise; rows and columns carry their place as names
(`r12`, `c7`), and comments tell what each block is. Numbers are the whole numbers of the model.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from comuna.plan.build import build
from comuna.plan.errors import FileError, PlanError, Wrong
from comuna.plan.exact import Sparse
from comuna.plan.model import Floats, Model
from comuna.plan.priorities import LEVEL, find_floors, met_needs, prioritise, with_floors
from comuna.plan.problem import Problem
from comuna.plan.published import Plan
from comuna.plan.solver import Draft, solve


def write_mps(model: Model, path: Path) -> None:
    """Write the model as free MPS."""
    with path.open("w", encoding="ascii") as out:
        out.writelines(line + "\n" for line in _lines(model))


def _lines(model: Model) -> Iterator[str]:
    for side, blocks in (("c", model.columns), ("r", model.rows)):
        for block in blocks.values():
            if block.size:
                yield f"* {side}{block.first}..{side}{block.first + block.size - 1} {block.kind}"
    yield "NAME comuna FREE"
    yield "ROWS"
    yield " N worth"
    for row in range(model.matrix.rows):
        yield f" L r{row}"
    yield "COLUMNS"
    yield from _columns(model, model.matrix.transposed())
    yield "RHS"
    for row in np.flatnonzero(model.bound).tolist():
        yield f" b r{row} {model.bound[row]}"
    yield "BOUNDS"
    for column, most in enumerate(model.most.tolist()):
        yield f" UP u c{column} {most}"
    yield "ENDATA"


def _columns(model: Model, by_column: Sparse) -> Iterator[str]:
    worth = model.worth.tolist()
    for column in range(model.matrix.columns):
        yield f" c{column} worth {-worth[column]}"
        span = slice(by_column.start[column], by_column.start[column + 1])
        rows, values = by_column.index[span].tolist(), by_column.data[span].tolist()
        for row, value in zip(rows, values, strict=True):
            yield f" c{column} r{row} {value}"


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


def plan_from(problem: Problem, mode: str, path: Path) -> Plan:
    """The plan that another solver's answer to `program(problem, mode)` proposes: made executable,
    and proved by the answer's own prices where it gives any. Raises FileError."""

    def answered(model: Model) -> Draft:
        if LEVEL in model.columns:
            return solve(model)
        x, y = read_solution(model, path)
        return Draft(np.clip(x, 0, model.most), y, float(model.worth @ x), path.name)

    model = build(problem)
    return Plan.of(problem, model, mode, "import", prioritise(problem, model, mode, answered))


def read_solution(model: Model, path: Path) -> tuple[Floats, Floats]:
    """The columns' values and the rows' prices in another solver's answer: any text in which a line
    names a column or row and gives its numbers next, as HiGHS, GLPK, CBC, SCIP and lp_solve print
    them. What is not named is 0.

    Some name everything once, a row with its value and its price, others once for values and once
    more for prices: so the first line of a column counts and the second of a row. Raises FileError
    where a line names what the model lacks, or no column is named at all.
    """
    size = {"c": model.matrix.columns, "r": model.matrix.rows}
    told: dict[str, list[list[str]]] = {}
    wrongs = []
    for at, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
        words = line.replace("**", " ").split()
        place = next((k for k, word in enumerate(words) if _named(word)), None)
        if place is None:
            continue
        name = words[place]
        if int(name[1:]) >= size[name[0]]:
            wrongs.append(
                Wrong(
                    path.name,
                    at,
                    "names {name}",
                    "there are {size}, from {kind}0 on",
                    name=name,
                    size=size[name[0]],
                    kind=name[0],
                )
            )
        elif any(_value(word) is not None for word in words[place + 1 :]):
            told.setdefault(name, []).append(words[place + 1 :])
    if not any(name[0] == "c" for name in told):
        wrongs.append(Wrong(path.name, 0, "names no column", "give lines such as c7 12.5"))
    if wrongs:
        raise FileError(wrongs)
    x, y = np.zeros(size["c"]), np.zeros(size["r"])
    for name, lines in told.items():
        if name[0] == "c":
            x[int(name[1:])] = _numbers(lines[0])[0]
        else:
            y[int(name[1:])] = abs(_price(lines))
    return x, y


def _price(lines: list[list[str]]) -> float:
    """A row's price: the number of its second line; of its only line the last, if there are several
    (GLPK leaves it out for a basic row, and writes "< eps" for almost nothing)."""
    if len(lines) > 1:
        return _numbers(lines[1])[0]
    numbers = _numbers(lines[0])
    idle = {"B", "BS", "eps"} & set(lines[0])
    return numbers[-1] if len(numbers) > 1 and not idle else 0.0


def _numbers(words: list[str]) -> list[float]:
    return [value for value in map(_value, words) if value is not None]


def _named(word: str) -> bool:
    return word[0] in "cr" and word[1:].isdigit()


def _value(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None
