"""What if: named changes of a problem's numbers, and the plans that would follow from each.

A scenario file is CSV or JSON rows. Each row names a scenario, a table, a column of numbers, either
`times` (thousandths: 500 halves) or `value`, and, in columns named as in that table, which rows
are meant; what is not named means any. docs/plan-format.md has an example.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import normalize

from comuna import given
from comuna.plan.errors import FileError, PlanError, Said, Wrong
from comuna.plan.problem import Problem
from comuna.plan.problem_files import TABLES, problem_of, rows_of
from comuna.tables.errors import TableError
from comuna.tables.numbers import Numbers
from comuna.tables.reading import heading, read_tables
from comuna.tables.text import decode

EVERY_PERIOD = frozenset({"capacities", "needs"})  # where no period means each


@dataclass(frozen=True)
class Change:
    """One row of a scenario: `times` thousandths of what stands there, or `value` instead of it
    (the other is None), wherever the row's columns are as in `where`."""

    row: int
    table: str
    column: str
    times: int | None
    value: int | None
    where: Mapping[str, str]


def read_scenarios(path: Path) -> dict[str, list[Change]]:
    """The changes of each scenario, in the file's order. Raises FileError with all that is
    wrong."""
    wrongs: list[Wrong] = []
    found: dict[str, list[Change]] = {}
    for at, row in _rows(path):
        said = {key: normalize("NFC", str(value)).strip() for key, value in row.items()
                if key and value is not None}  # fmt: skip
        said = {key: value for key, value in said.items() if value}
        change = _change(path.name, at, said, wrongs)
        if change:
            found.setdefault(said["scenario"], []).append(change)
    if not found and not wrongs:
        wrongs.append(
            Wrong(
                path.name,
                0,
                "has no scenario",
                "give rows with scenario, table, column and times or value",
            )
        )
    if wrongs:
        raise FileError(wrongs)
    return found


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        if path.suffix.lower() == ".json":
            said = given.read_json(decode(path.read_bytes())[0])
            if not isinstance(said, list) or not all(isinstance(row, dict) for row in said):
                raise ValueError("not a list of rows")
            yield from enumerate(said, 1)
            return
        for table in read_tables(path.name, path.read_bytes())[:1]:
            (_, head), *rows = [(at, row) for at, row in table.checked().rows if any(row)]
            for at, row in rows:
                yield at, dict(zip(map(heading, head), row, strict=False))
    except (TableError, given.Unreadable) as twofold:
        raise FileError([Said(path.name, twofold)]) from None
    except ValueError as wrong:
        raise FileError(
            [
                Wrong(
                    path.name,
                    0,
                    "cannot be read ({fault})",
                    "give CSV in UTF-8, or a JSON list of rows",
                    fault=wrong,
                )
            ]
        ) from None


def _change(name: str, at: int, said: Mapping[str, str], wrongs: list[Wrong]) -> Change | None:
    before = len(wrongs)
    table, column = said.get("table", ""), said.get("column", "")
    columns = TABLES.get(table, {})
    if not said.get("scenario"):
        wrongs.append(Wrong(name, at, "names no scenario", "give it a name"))
    if not columns:
        wrongs.append(
            Wrong(
                name,
                at,
                "table is {in_table!r}",
                "write one of {tables}",
                in_table=table,
                tables=", ".join(TABLES),
            )
        )
    numbers = [key for key, each in columns.items()
               if not (each.text or each.names or each.choices or each.own)]  # fmt: skip
    if columns and column not in numbers:
        wrongs.append(
            Wrong(
                name,
                at,
                "column is {column!r}",
                "write one of {numbers}",
                column=column,
                numbers=", ".join(numbers),
            )
        )
    given = [key for key in ("times", "value") if key in said]
    read = {key: Numbers().read(said[key]) for key in given}
    numeric = {key: int(value) for key, value in read.items()
               if value is not None and value >= 0 and value.denominator == 1}  # fmt: skip
    if len(given) != 1 or len(numeric) != 1:
        wrongs.append(Wrong(name, at, "gives no number, or two",
                            "write a whole number under times (thousandths) or value"))  # fmt: skip
    where = {key: value for key, value in said.items()
             if key not in ("scenario", "table", "column", "times", "value")}  # fmt: skip
    for key in where.keys() - columns.keys():
        if columns:
            wrongs.append(
                Wrong(
                    name,
                    at,
                    "{in_table} has no column {key!r}",
                    "its columns are {columns}",
                    in_table=table,
                    key=key,
                    columns=", ".join(columns),
                )
            )
    if len(wrongs) > before:
        return None
    return Change(at, table, column, numeric.get("times"), numeric.get("value"), where)


def under(problem: Problem, changes: Sequence[Change]) -> Problem:
    """The problem with the changes made, one after another. Raises PlanError where one of them
    meets no row, FileError where what results is no longer a problem."""
    rows = rows_of(problem)
    for change in changes:
        lines = rows[change.table]
        if "period" in change.where and change.table in EVERY_PERIOD:
            lines = _one_by_one(lines, change.where, problem.periods.period)
        met = [line for line in lines if _meant(line, change)]
        if not met:
            raise PlanError(
                "the scenario's row {row} meets no row of {table}; look for a name "
                "written otherwise in {where}",
                row=change.row,
                table=change.table,
                where=dict(change.where),
            )
        for line in met:
            line[change.column] = _changed(line, change)
        rows[change.table] = lines
    return problem_of({table: list(enumerate(lines, 1)) for table, lines in rows.items()})


def _meant(line: Mapping[str, Any], change: Change) -> bool:
    columns = TABLES[change.table]
    return all(
        str(line.get(key, "" if columns[key].default in (None, -1) else columns[key].default))
        == value
        for key, value in change.where.items()
    )


def _changed(line: Mapping[str, Any], change: Change) -> int:
    if change.value is not None:
        return change.value
    was = line.get(change.column, TABLES[change.table][change.column].default)
    if was in (None, "", -1):
        raise PlanError(
            "the scenario's row {row} multiplies {table}.{column}, but no number "
            "stands there; give a value",
            row=change.row,
            table=change.table,
            column=change.column,
        )
    return int(was) * int(change.times or 0) // 1000


def _one_by_one(
    lines: Sequence[dict[str, Any]], where: Mapping[str, str], periods: Sequence[str]
) -> list[dict[str, Any]]:
    """The lines, with what holds in each period written out period by period where the scenario
    asks for one of them; a line for one period stands before the general one."""
    found: list[dict[str, Any]] = []
    for line in lines:
        others = {key: value for key, value in where.items() if key != "period"}
        if line.get("period") or any(str(line.get(k, "")) != v for k, v in others.items()):
            found.append(line)
            continue
        own = {other.get("period") for other in lines
               if all(other.get(k) == line.get(k) for k in ("body", "mean"))
               and "mean" in line}  # fmt: skip
        found += [{**line, "period": each} for each in periods if each not in own]
    return found
