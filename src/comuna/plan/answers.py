"""Other solvers' answers, as they print them.

Every line that names a column or a row (`x7`, `y12` of a scaled program; `c7`, `r12` of an exact
one) is read by the heading it stands under: tables of GLPK and HiGHS by their columns, blocks of
prices of HiGHS and lp_solve by their titles; and where there is no heading, as CBC, SCIP and people
write them: a column and its value, a row, its value and its price. What is not named is 0. A number
is a price only where it stands in the place of one: an upper bound or an index is none.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from comuna.plan.certificate import Prices, bound
from comuna.plan.errors import FileError, Wrong
from comuna.plan.model import Floats, Model
from comuna.plan.mps import Factors
from comuna.plan.priorities import LEVEL, prioritise
from comuna.plan.problem import Problem
from comuna.plan.published import Plan
from comuna.plan.solver import Draft, solve

SPANS = 4
"""A table of GLPK has more columns than that: number, name, activity and two bounds."""
FIRST = 8
"""So many lines may say first what became of the program."""
_FAILED = re.compile(r"\b(infeasible|unbounded|undefined)\b", re.IGNORECASE)
INFINITE = 1e30
"""What some solvers write for infinity."""
_NAME = re.compile(r"([crxy])([0-9]{1,9})")
_STATUS = frozenset({"B", "BS", "NU", "NL", "NF", "NS", "LB", "UB", "FX", "FR", "ZE", "*", "BB"})
_BASIC = frozenset({"B", "BS"})
_NOTHING = re.compile(r"[-+]?(nan|inf|\d?\.?#(qnan|ind|inf)|1\.#)", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """Columns in steps, prices in objective counts per one of a row's own counting; `priced` says
    whether the answer gives prices at all."""

    x: Floats
    y: Floats
    priced: bool


@dataclass
class _Told:
    """What the lines of an answer say so far, by name; with the line of each."""

    values: dict[str, tuple[str, int]] = field(default_factory=dict)
    prices: dict[str, tuple[str, int]] = field(default_factory=dict)

    def say(self, name: str, line: int, value: str | None, price: str | None) -> None:
        if value is not None:
            self.values.setdefault(name, (value, line))
        if price is not None:
            self.prices.setdefault(name, (price, line))


def read_answer(model: Model, path: Path) -> Answer:
    """The answer in a file. Raises FileError where a line names what the model lacks, or gives no
    number for it, or no column is named at all."""
    told = _Told()
    lines = path.read_text("utf-8", "replace").splitlines()
    for at, line in enumerate(lines[:FIRST], 1):
        if found := _FAILED.search(line):
            right = "a solver that found nothing gives no plan"
            raise FileError([Wrong(path.name, at, "says {said!r}", right, said=found[0])])
    _read(lines, told)
    scaled = any(name[0] == "x" for name in told.values)
    factors = Factors.scaled(model) if scaled else Factors.exact(model)
    column, row = factors.column, factors.row
    size = {column: model.matrix.columns, row: model.matrix.rows}
    wrongs: list[Wrong] = []
    x, y = np.zeros(size[column]), np.zeros(size[row])
    for said, into in ((told.values, {column: x}), (told.prices, {row: y})):
        for name, (word, at) in said.items():
            number = _number(word)
            if name[0] not in size or int(name[1:]) >= size[name[0]]:
                if said is told.values or name not in told.values:
                    wrongs.append(_unknown(path.name, at, name, size, column))
            elif number is None:
                wrongs.append(_no_number(path.name, at, name, word))
            elif name[0] in into:
                into[name[0]][int(name[1:])] = number
    if not any(name[0] == column for name in told.values):
        wrongs.append(Wrong(path.name, 0, "names no column", "give lines such as c7 12.5"))
    if wrongs:
        raise FileError(sorted(wrongs, key=lambda wrong: wrong.row))
    priced = any(name[0] == row for name in told.prices)
    return Answer(factors.plan(x), factors.prices(np.abs(y)), priced)


def _unknown(file: str, line: int, name: str, size: dict[str, int], column: str) -> Wrong:
    kind = name[0] if name[0] in size else column
    return Wrong(file, line, "names {name}", "there are {size}, from {kind}0 on", name=name,
                 size=size[kind], kind=kind)  # fmt: skip


def _no_number(file: str, line: int, name: str, word: str) -> Wrong:
    right = "give lines such as c7 12.5"
    if _NOTHING.match(word) or _infinite(word):
        right = "a solver that says nan or inf has found nothing"
    return Wrong(file, line, "{name} is {word!r}", right, name=name, word=word)


def _read(lines: list[str], told: _Told) -> None:
    """Line by line: `table` are the places of a table's columns, `block` the title last seen."""
    block, table, priced = "", list[tuple[int, int]](), False
    heads = list[str]()
    for at, line in enumerate(lines, 1):
        words = line.split()
        if "Activity" in line and "Upper bound" in line:
            block, priced, table, heads = "table", "Marginal" in line, [], []
        elif block == "table" and not table and re.fullmatch(r"[- ]*-{5,}[- ]*", line):
            table = [found.span() for found in re.finditer("-+", line)]
        elif {"Index", "Primal", "Name"} <= set(words):
            block, heads = "named last", words
        elif re.match(r"#? ?(Dual (value|solution))", line):
            block = "duals"
        elif re.match(r"#? ?Basis", line):
            block = "basis"
        elif line.startswith("#") and block != "basis":
            block = "sparse" if line.endswith("sparse") else block if block == "duals" else ""
        elif re.match(r"Actual values", line):
            block = ""
        else:
            for name, value, price in _line(line, words, block, table, priced, heads):
                told.say(name, at, value, price)


def _line(
    line: str, words: list[str], block: str, table: list[tuple[int, int]], priced: bool,
    heads: list[str],
) -> Iterator[tuple[str, str | None, str | None]]:  # fmt: skip
    """The name, value and price that a line gives."""
    place = next((k for k, word in enumerate(words) if _NAME.fullmatch(word)), None)
    if place is None or block == "basis":
        return
    name, after = words[place], [word for word in words[place + 1 :] if word != "**"]
    if block == "table" and len(table) > SPANS:
        yield name, *_of_table(line, table, priced)
    elif block == "named last":
        from_end = dict(zip(reversed(heads), reversed(words), strict=False))
        yield name, from_end.get("Primal"), from_end.get("Dual")
    elif block == "duals":
        if after:
            yield name, None, after[0]
    elif after:
        status = [word for word in after if word in _STATUS]
        numbers = [word for word in after if word not in _STATUS]
        price = None
        if block != "sparse" and numbers:
            price = _price(numbers, status)
        yield name, numbers[0] if numbers else None, price


def _of_table(line: str, table: list[tuple[int, int]], priced: bool) -> tuple[str, str | None]:
    """Value and price by their places under the heading: numbers end where their column ends."""
    bounds = table[-3:] if not priced else table[-4:]
    start = bounds[0][0]
    value = line[start : bounds[0][1]].strip()
    if not priced:
        return value, None
    price = line[bounds[2][1] :].strip()
    return value, "0" if price in ("", "< eps", "eps") else price


def _price(numbers: list[str], status: list[str]) -> str | None:
    """The price in a row's line without a heading: its second number of two; after a status the
    last, unless the row is basic."""
    if "eps" in numbers:
        return "0"
    if status:
        return "0" if _BASIC & set(status) else numbers[-1] if len(numbers) > 2 else None
    return numbers[1] if len(numbers) == 2 and _number(numbers[1]) is not None else None


def _infinite(word: str) -> bool:
    try:
        return not abs(float(word)) < INFINITE
    except ValueError:
        return False


def _number(word: str) -> float | None:
    try:
        value = float(word)
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) < INFINITE else None


def plan_from(problem: Problem, model: Model, mode: str, path: Path) -> tuple[Plan, bool]:
    """The plan that another solver's answer to `program(problem, mode)` proposes: made executable,
    and proved by the answer's own prices; and whether it gives any that prove something. Raises
    FileError."""
    priced = False

    def answered(asked: Model) -> Draft:
        nonlocal priced
        if LEVEL in asked.columns:
            return solve(asked)
        found = read_answer(asked, path)
        priced = found.priced and _proving(asked, found.y)
        y = found.y if priced else np.zeros_like(found.y)
        return Draft(np.clip(found.x, 0, asked.most), y, float(asked.worth @ found.x), path.name)

    plan = Plan.of(problem, model, mode, "import", prioritise(problem, model, mode, answered))
    return plan, priced


def _proving(model: Model, y: Floats) -> bool:
    """Whether prices prove more than no prices at all."""
    none = Prices(np.zeros(len(y), dtype=np.int64), 1)
    return not y.any() or bound(model, Prices.fine(y)) < bound(model, none)
