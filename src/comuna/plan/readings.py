"""A process's readings as a CSV file: a column of times, then one column of values, or Beer's three
numbers under actuality, capability and potentiality."""

from pathlib import Path

from comuna import given
from comuna.plan.errors import FileError, Said, Wrong
from comuna.plan.watching import Achievement
from comuna.tables.errors import TableError
from comuna.tables.numbers import Numbers
from comuna.tables.reading import heading, read_tables

NUMBERS = ("actuality", "capability", "potentiality")


def read_readings(path: Path) -> tuple[list[str], list[float], list[Achievement]]:
    """Times, values, and the three numbers of each reading where the file has them; of a file with
    several other columns the last is the value. Raises FileError with all that is wrong."""
    try:
        tables = read_tables(path.name, path.read_bytes())
        lines = [line for line in tables[0].checked().rows if any(line[1])] if tables else []
    except TableError as wrong:
        raise FileError([Said(path.name, wrong)]) from None
    rows = [row for _, row in lines]
    if len(rows) < 4 or len(rows[0]) < 2:
        raise FileError([Wrong(path.name, 0, "has too few readings", "give a header and at least "
                               "three rows of a time and a number")])  # fmt: skip
    header = [heading(cell) for cell in rows[0]]
    three = [header.index(name) for name in NUMBERS if name in header]
    place = three[0] if three else len(header) - 1
    wrongs: list[Wrong] = []
    values = [_number(path.name, at, row, place, tables[0].numbers, wrongs)
              for at, row in lines[1:]]  # fmt: skip
    numbers: list[Achievement] = []
    if len(three) == len(NUMBERS):
        for at, row in lines[1:]:
            said = [row[k].strip() if k < len(row) else "" for k in three]
            actual, capable, potential = map(given.whole, said)
            if actual is not None and capable and potential and capable <= potential:
                numbers.append(Achievement(actual, capable, potential))
            else:
                wrongs.append(Wrong(path.name, at, "the three numbers are {numbers}",
                                    "give whole numbers, 0 < capability ≤ potentiality",
                                    numbers=", ".join(said)))  # fmt: skip
    if wrongs:
        raise FileError(wrongs)
    return [row[0].strip() for row in rows[1:]], values, numbers


def _number(
    name: str, at: int, row: list[str], place: int, numbers: Numbers, wrongs: list[Wrong]
) -> float:
    cell = row[place] if place < len(row) else ""
    try:
        value = numbers.read(cell, at)
    except TableError as wrong:
        wrongs.append(Said(name, wrong))
        return 0.0
    if value is None:
        wrongs.append(Wrong(name, at, "{cell!r} is not a number",
                            "write a plain number such as 1234.5", cell=cell))  # fmt: skip
    return float(value or 0)
