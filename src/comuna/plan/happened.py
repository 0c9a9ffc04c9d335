"""What happened, as a brigade writes it down: CSV files of stocks counted, of levels really begun
and of harvests, one number a row (docs/plan-format.md)."""

from collections.abc import Mapping
from pathlib import Path

from comuna.plan.errors import FileError, Said, Wrong
from comuna.tables.errors import TableError
from comuna.tables.reading import heading, read_tables

Names = tuple[str, ...]
COUNTED = ("body", "good", "quantity")
DONE = ("body", "recipe", "period", "level")
HARVESTS = ("body", "recipe", "harvest")


def read_happened(path: Path, columns: Names) -> dict[Names, list[int]]:
    """For each combination of the first columns, the whole numbers of the last, in their order.
    Raises FileError with everything that is wrong."""
    try:
        table = read_tables(path.name, path.read_bytes())[0].checked()
    except (TableError, IndexError) as wrong:
        fault = wrong if isinstance(wrong, TableError) else TableError(0, "is empty", "está vacío")
        raise FileError([Said(path.name, fault)]) from None
    wrongs: list[Wrong] = []
    found: dict[Names, list[int]] = {}
    shown = ", ".join(columns)
    lines = [(at, row) for at, row in table.rows if any(row)]
    head = [heading(cell) for cell in lines[0][1]] if lines else list(columns)
    if not set(columns) <= set(head):
        raise FileError([Wrong(path.name, 1, "lacks a column", "the columns are {columns}",
                               columns=shown)])  # fmt: skip
    places = [head.index(column) for column in columns]
    for at, row in lines[1:]:
        said = [row[place] if place < len(row) else "" for place in places]
        if not any(said):
            continue
        try:
            number = table.numbers.read(said[-1], at)
        except TableError as twofold:
            wrongs.append(Said(path.name, twofold))
            continue
        if all(said[:-1]) and number is not None and number >= 0 and number.denominator == 1:
            found.setdefault(tuple(said[:-1]), []).append(int(number))
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
