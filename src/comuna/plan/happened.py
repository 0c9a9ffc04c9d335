"""What happened, as a brigade writes it down: CSV files of stocks counted, of levels really begun
and of harvests, one number a row (docs/plan-format.md)."""

import csv
from collections.abc import Mapping
from pathlib import Path

from comuna.plan.errors import FileError, Wrong

Names = tuple[str, ...]
COUNTED = ("body", "good", "quantity")
DONE = ("body", "recipe", "period", "level")
HARVESTS = ("body", "recipe", "harvest")


def read_happened(path: Path, columns: Names) -> dict[Names, list[int]]:
    """For each combination of the first columns, the whole numbers of the last, in their order.
    Raises FileError with everything that is wrong."""
    try:
        rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    except UnicodeDecodeError as wrong:
        raise FileError([Wrong(path.name, 0, "is not CSV in UTF-8 ({fault})",
                               "save it again as CSV, UTF-8", fault=wrong)]) from None  # fmt: skip
    wrongs: list[Wrong] = []
    found: dict[Names, list[int]] = {}
    shown = ", ".join(columns)
    if rows and not set(columns) <= rows[0].keys():
        raise FileError([Wrong(path.name, 1, "lacks a column", "the columns are {columns}",
                               columns=shown)])  # fmt: skip
    for at, row in enumerate(rows, 2):
        said = [(row[column] or "").strip() for column in columns]
        if not any(said):
            continue
        if all(said[:-1]) and said[-1].isdecimal():
            found.setdefault(tuple(said[:-1]), []).append(int(said[-1]))
        else:
            wrongs.append(Wrong(path.name, at, "is {said}", "write {columns}, the last a whole "
                                "number", said=",".join(said), columns=shown))  # fmt: skip
    if wrongs:
        raise FileError(wrongs)
    return found


def one_each(found: Mapping[Names, list[int]], path: Path) -> dict[Names, int]:
    """The single number of each combination. Raises FileError where one comes twice."""
    twice = [names for names, numbers in found.items() if len(numbers) > 1]
    if twice:
        raise FileError([Wrong(path.name, 0, "{names} comes twice", "keep one row",
                               names=" ".join(names)) for names in twice])  # fmt: skip
    return {names: numbers[0] for names, numbers in found.items()}
