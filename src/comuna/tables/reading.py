"""The tables of a file: lines of cells, each with its line, and how the file was read."""

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO

from comuna.tables.errors import Remark, TableError
from comuna.tables.numbers import Numbers
from comuna.tables.spreadsheets import Cells, read_sheets
from comuna.tables.text import decode

ENDINGS = ("csv", "tsv", "txt", "xlsx", "xlsm", "ods")
_SPREADSHEETS = ("xlsx", "xlsm", "ods")
_DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}
_SIGNOS = {",": "una coma", ";": "un punto y coma", "\t": "un tabulador", "|": "una barra"}
_LOOKED_AT = 500  # rows from which the delimiter is told
_INVISIBLE = "\ufeff\u200b\u200e\u200f\u2060"
Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Table:
    """One table. `rows` are its lines from 1 with their cells: trimmed, in Unicode's composed form
    (NFC), without lines that are empty or a remark (`# …`); the first is the heading where the
    table has one. `name` is the sheet's, or the file's without its ending. `flaws` are cells whose
    value is not there: `checked` raises them, so that only the sheets that are used need be whole.
    In a `spreadsheet`, rows of empty cells are what lies between tables; in text, they are rows.
    """

    name: str
    rows: tuple[Row, ...]
    layout: str
    numbers: Numbers
    remarks: tuple[Remark, ...] = ()
    flaws: tuple[TableError, ...] = ()
    spreadsheet: bool = False

    def checked(self) -> "Table":
        """The same table. Raises TableError with the first of its flaws."""
        if self.flaws:
            raise self.flaws[0]
        return self


def read_tables(name: str, content: bytes) -> list[Table]:
    """The tables in a file by the ending of its name: one of text, or one a sheet that is not
    hidden and holds something. Raises TableError."""
    stem, _, ending = name.rpartition(".")
    ending = ending.lower()
    if ending in _SPREADSHEETS:
        return [
            _sheet(sheet, cells, flaws, ending)
            for sheet, cells, flaws in read_sheets(content, ending)
            if any(cell for row in cells for cell in row) or flaws
        ]
    text, remarks = decode(content)
    return [table_of(stem.replace("\\", "/").rpartition("/")[2], text, remarks)]


def _sheet(name: str, cells: Cells, flaws: tuple[TableError, ...], ending: str) -> Table:
    remarks: list[Remark] = []
    rows = tuple(_kept(enumerate(cells, 1), remarks))
    numbers = Numbers.of(cell for row in cells for cell in row)
    return Table(name, rows, f"{ending}, sheet {name}", numbers, tuple(remarks), flaws, True)


def table_of(name: str, text: str, remarks: Iterable[Remark] = ()) -> Table:
    """The table in the text of a CSV file. Raises TableError where it can be cut in two ways, or a
    quote does not close."""
    said = list(remarks)
    delimiter, start = _delimiter(text)
    rows = tuple(_kept(_records(text, delimiter, start), said))
    numbers = Numbers.of((cell for _, row in rows for cell in row), delimiter != ";")
    layout = f"CSV with {_DELIMITERS[delimiter]} between cells"
    return Table(name, rows, layout, numbers, tuple(said))


def heading(cell: str) -> str:
    """A heading as headings are compared: without case, accents, spaces or signs at its ends;
    `Plazo (días)` is `plazo_dias`."""
    plain = unicodedata.normalize("NFKD", cell).casefold()
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    return re.sub(r"[\W_]+", "_", plain).strip("_")


def _kept(rows: Iterable[Row], remarks: list[Remark]) -> Iterable[Row]:
    """Cells trimmed; lines without any cell, and remarks, left out. A row of empty cells between
    delimiters stays: of ballots, it is a blank one."""
    first = True
    for line, row in rows:
        cells = [cell.strip() if cell.isascii() else _composed(cell) for cell in row]
        if not cells or cells == [""]:
            continue
        alone = not any(cells[1:])
        if cells[0].startswith("#") and (alone or (not first and cells[0][1:2] in ("", " ", "!"))):
            shown = " ".join(filter(None, cells))[:60]
            remarks.append(
                Remark(line, f"left out as a remark: {shown}", f"omitida por ser nota: {shown}")
            )
            continue
        first = False
        yield line, cells


def _composed(cell: str) -> str:
    return unicodedata.normalize("NFC", cell).strip().strip(_INVISIBLE).strip()


def _records(text: str, delimiter: str, start: int = 0, most: int | None = None) -> Iterable[Row]:
    """The rows from the line `start` (0 the first) on, each with the line on which it begins."""
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in rows:
            if line > start:
                yield line, row
            line = rows.line_num + 1
            if most is not None and line > most:
                return
    except csv.Error:
        raise TableError(
            line,
            'a cell that begins with a quote does not end with one; a quote inside is written ""',
            "una celda que empieza con comillas no acaba con ellas; unas comillas dentro se "
            'escriben ""',
        ) from None


def _delimiter(text: str) -> tuple[str, int]:
    """What stands between cells, and on how many lines it is said first (`sep=;`)."""
    if said := re.match(r"sep=([,;|\t])\r?(\n|$)", text):
        return said[1], 1
    share = {mark: _share(text, mark) for mark in _DELIMITERS}
    best = max(share.values())
    good = [mark for mark, part in share.items() if part == best and part]
    if not good:
        return ",", 0
    if "\t" in good:
        return "\t", 0
    if len(good) > 1:
        one, other = good[:2]
        raise TableError(
            1,
            f"the cells may be parted by {_DELIMITERS[one]} or by {_DELIMITERS[other]}; put names "
            'that hold one of them in quotes: "Ana; treasurer"',
            f"las celdas pueden separarse por {_SIGNOS[one]} o por {_SIGNOS[other]}; ponga entre "
            'comillas los nombres que llevan uno de ellos: "Ana; tesorera"',
        )
    return good[0], 0


def _share(text: str, mark: str) -> float:
    """Cut at this mark, the share of the first rows that have as many cells as most (or fewer, or
    more that are empty); 0 where most are not cut."""
    try:
        rows = [row for _, row in _records(text, mark, most=_LOOKED_AT)]
    except TableError:
        return 0.0
    rows = [row for row in rows if any(row) and not (row[0].startswith("#") and not any(row[1:]))]
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0.0
    width = max(widths, key=lambda each: (widths[each], each))
    return sum(len(row) > 1 and len(_trimmed(row)) <= width for row in rows) / len(rows)


def _trimmed(row: Sequence[str]) -> Sequence[str]:
    end = len(row)
    while end and not row[end - 1].strip():
        end -= 1
    return row[:end]
