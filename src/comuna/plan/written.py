"""The tables of a problem as they are written: a folder of CSV files, one a table; a spreadsheet
with a sheet for each; or one JSON of the same tables. What files hold is read by `comuna.tables`;
here is only which table and which column each is.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from comuna import given
from comuna.plan.errors import FileError, Said, Wrong
from comuna.tables import reading
from comuna.tables.errors import Remark, TableError
from comuna.tables.numbers import Numbers
from comuna.tables.reading import heading
from comuna.tables.text import decode

LARGEST = 10**300
"""No number in a file is beyond it: exact bounds are fractions of long numbers."""
Row = tuple[int, Mapping[str, Any]]
NOTES = frozenset({
    "note", "notes", "comment", "comments", "remark", "remarks", "nota", "notas", "comentario",
    "comentarios", "observacion", "observaciones",
})  # fmt: skip
"""Columns that are for people alone."""
FILES = (".csv", ".tsv")
SPREADSHEETS = (".ods", ".xlsx", ".xlsm")


@dataclass
class Written:
    """The rows of each table, each with its line, how each table writes its numbers, how it was
    read, and what was remarked. `columns` are the headings of each table."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    numbers: dict[str, Numbers] = field(default_factory=dict)
    layouts: dict[str, str] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    remarks: list[tuple[str, Remark]] = field(default_factory=list)

    def told(self, language: str) -> dict[str, Any]:
        """How it was read, for `--json`."""
        return {
            "layout": self.layouts,
            "columns": self.columns,
            "remarks": [f"{table}: {remark.told(language)}" for table, remark in self.remarks],
        }


def read_written(path: Path, tables: Sequence[str]) -> Written:
    """The tables, of these names, that a path holds. Raises FileError with all that is wrong."""
    if path.is_dir():
        return _from_files(path, tables)
    if path.suffix.lower() in SPREADSHEETS:
        return _from_sheets(path, tables)
    return _from_json(path, tables)


def _from_files(path: Path, tables: Sequence[str]) -> Written:
    written, wrongs = Written(), list[Wrong]()
    for file in sorted(path.iterdir()):
        if file.suffix.lower() not in FILES:
            continue
        name = heading(file.stem)
        if name not in tables:
            wrongs.append(Wrong(file.name, 0, "is no table of a problem", "the tables are {tables}",
                                tables=", ".join(tables)))  # fmt: skip
            continue
        try:
            (table,) = reading.read_tables(file.name, file.read_bytes())
        except TableError as wrong:
            wrongs.append(Said(file.name, wrong))
            continue
        _take(written, name, file.name, table, wrongs)
    if wrongs:
        raise FileError(wrongs)
    return written


def _from_sheets(path: Path, tables: Sequence[str]) -> Written:
    """Sheets that are no table (notes, help) are passed over."""
    written, wrongs = Written(), list[Wrong]()
    try:
        sheets = reading.read_tables(path.name, path.read_bytes())
    except TableError as wrong:
        raise FileError([Said(path.name, wrong)]) from None
    for sheet in sheets:
        if heading(sheet.name) in tables:
            _take(written, heading(sheet.name), sheet.name, sheet, wrongs)
    if wrongs:
        raise FileError(wrongs)
    return written


def _take(
    written: Written, name: str, shown: str, table: reading.Table, wrongs: list[Wrong]
) -> None:
    """Add one table: its first row are the headings."""
    if name in written.rows:
        wrongs.append(Wrong(shown, 0, "is the table {in_table} a second time", "keep one",
                            in_table=name))  # fmt: skip
        return
    try:
        table.checked()
    except TableError as wrong:
        wrongs.append(Said(shown, wrong))
        return
    lines = [(at, row) for at, row in table.rows if any(row)]
    head = [heading(cell) for cell in lines[0][1]] if lines else []
    known = [each for each in head if each]
    for twice in sorted({each for each in known if known.count(each) > 1}):
        wrongs.append(Wrong(name, lines[0][0], "has the column {column!r} twice", "keep one",
                            column=twice))  # fmt: skip
    remarks = list(table.remarks)
    for each in [each for each in known if each in NOTES]:
        remarks.append(Remark(lines[0][0], f"column {each} is passed over",
                              f"la columna {each} se pasa por alto"))  # fmt: skip
    rows: list[Row] = []
    for at, row in lines[1:]:
        beyond = [cell for place, cell in enumerate(row)
                  if cell and (place >= len(head) or not head[place])]  # fmt: skip
        if beyond:
            wrongs.append(Wrong(name, at, "{cell!r} stands under no heading",
                                "give its column a name, or call it notes",
                                cell=beyond[0]))  # fmt: skip
        said = dict(zip(head, row, strict=False))
        rows.append((at, {key: cell for key, cell in said.items() if key and key not in NOTES}))
    written.rows[name] = rows
    written.numbers[name] = table.numbers
    written.layouts[name] = table.layout
    written.columns[name] = known
    written.remarks += [(shown, remark) for remark in remarks]


def _from_json(path: Path, tables: Sequence[str]) -> Written:
    right = "give one object with a list a table"
    return tables_of(read_json(path, Decimal, right), path.name, tables)


def read_json(
    path: Path,
    decimal: Callable[[str], Any] = float,
    right: str = "",
) -> Any:
    """The value of a JSON file; `right` is what would be one, where that is no file of a verb of
    ours. Raises FileError."""
    if not right:
        right = "give a file that a verb of `comuna plan` wrote"
    try:
        return given.read_json(decode(path.read_bytes())[0], decimal, LARGEST)
    except (given.Unreadable, TableError) as wrong:
        raise FileError([Said(path.name, wrong, right)]) from None


def tables_of(said: object, name: str, tables: Sequence[str]) -> Written:
    """The rows of each table from decoded JSON. Raises FileError."""
    if not isinstance(said, dict):
        raise FileError([Wrong(name, 0, "is not an object", "give one object with a list a table")])
    written, wrongs = Written(), list[Wrong]()
    for key, rows in said.items():
        table = heading(key)
        if table not in tables:
            wrongs.append(Wrong(name, 0, "has an unknown table {in_table!r}",
                                "the tables are {tables}", in_table=key,
                                tables=", ".join(tables)))  # fmt: skip
        elif not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            wrongs.append(Wrong(key, 0, "is not a list of rows",
                                'give [{{"column": value, …}}, …]'))  # fmt: skip
        elif table in written.rows:
            wrongs.append(Wrong(key, 0, "is the table {in_table} a second time", "keep one",
                                in_table=table))  # fmt: skip
        else:
            written.rows[table] = [(at, dict(_named(row))) for at, row in enumerate(rows, 1)]
            written.layouts[table] = "JSON"
            written.columns[table] = list(dict.fromkeys(k for _, row in written.rows[table]
                                                        for k in row))  # fmt: skip
    if wrongs:
        raise FileError(wrongs)
    return written


def _named(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in row.items():
        if (name := heading(key)) not in NOTES:
            yield name, unicodedata.normalize("NFC", value) if isinstance(value, str) else value
