"""A process's readings as a CSV file: a column of times, then one column of values, or Beer's three
numbers under actuality, capability and potentiality."""

import csv
from pathlib import Path

from comuna.plan.errors import FileError, Wrong
from comuna.plan.watching import Achievement

NUMBERS = ("actuality", "capability", "potentiality")


def read_readings(path: Path) -> tuple[list[str], list[float], list[Achievement]]:
    """Times, values, and the three numbers of each reading where the file has them; of a file with
    several other columns the last is the value. Raises FileError with all that is wrong."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise FileError([Wrong(path.name, 0, "is not CSV in UTF-8 ({fault})",
                               "save it again as CSV, UTF-8", fault=wrong)]) from None  # fmt: skip
    head, _, _ = text.partition("\n")
    delimiter = ";" if ";" in head else ","
    rows = [row for row in csv.reader(text.splitlines(), delimiter=delimiter) if any(row)]
    if len(rows) < 4 or len(rows[0]) < 2:
        raise FileError([Wrong(path.name, 0, "has too few readings", "give a header and at least "
                               "three rows of a time and a number")])  # fmt: skip
    header = [cell.strip().lower() for cell in rows[0]]
    three = [header.index(name) for name in NUMBERS if name in header]
    place = three[0] if three else len(header) - 1
    wrongs: list[Wrong] = []
    values = [_number(path.name, at, row, place, delimiter, wrongs)
              for at, row in enumerate(rows[1:], 2)]  # fmt: skip
    numbers: list[Achievement] = []
    if len(three) == len(NUMBERS):
        for at, row in enumerate(rows[1:], 2):
            said = [row[k].strip() if k < len(row) else "" for k in three]
            if all(each.isdecimal() for each in said) and 0 < int(said[1]) <= int(said[2]):
                numbers.append(Achievement(*map(int, said)))
            else:
                wrongs.append(Wrong(path.name, at, "the three numbers are {numbers}",
                                    "give whole numbers, 0 < capability ≤ potentiality",
                                    numbers=", ".join(said)))  # fmt: skip
    if wrongs:
        raise FileError(wrongs)
    return [row[0].strip() for row in rows[1:]], values, numbers


def _number(
    name: str, at: int, row: list[str], place: int, delimiter: str, wrongs: list[Wrong]
) -> float:
    cell = row[place].strip() if place < len(row) else ""
    try:
        return float(cell.replace(",", ".") if delimiter == ";" else cell)
    except ValueError:
        wrongs.append(Wrong(name, at, "{cell!r} is not a number",
                            "write a plain number such as 1234.5", cell=cell))  # fmt: skip
        return 0.0
