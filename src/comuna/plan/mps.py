"""The model as an MPS file for any other solver, and other solvers' answers read back.

The objective is negated, because MPS means minimise; rows and columns carry their place as names
(`r12`, `c7`), and comments tell what each block is. Numbers are the whole numbers of the model.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from comuna.plan.errors import FileError, Wrong
from comuna.plan.exact import Sparse
from comuna.plan.model import Floats, Model


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


def read_solution(model: Model, path: Path) -> tuple[Floats, Floats]:
    """The columns' values and the rows' prices in another solver's answer: any text in which a line
    names a column or row and gives its number next (HiGHS, GLPK, CBC, SCIP and lp_solve print
    such lines; a price follows its row's value). What is not named is 0.

    Raises FileError where a line names a column that the model lacks, or none is named at all.
    """
    x, y = np.zeros(model.matrix.columns), np.zeros(model.matrix.rows)
    wrongs, seen = [], 0
    for at, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
        words = line.replace("**", " ").split()
        place = next((k for k, word in enumerate(words) if _named(word)), None)
        if place is None:
            continue
        kind, number = words[place][0], int(words[place][1:])
        values = [value for value in map(_value, words[place + 1 :]) if value is not None]
        into = x if kind == "c" else y
        if number >= len(into):
            wrongs.append(Wrong(path.name, at, f"names {words[place]}", f"there are {len(into)}"))
        elif values:
            into[number] = values[0] if kind == "c" else abs(values[-1])
            seen += kind == "c"
    if not seen:
        wrongs.append(Wrong(path.name, 0, "names no column", "give lines such as c7 12.5"))
    if wrongs:
        raise FileError(wrongs)
    return x, y


def _named(word: str) -> bool:
    return word[0] in "cr" and word[1:].isdigit()


def _value(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None
