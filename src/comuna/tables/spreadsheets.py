"""The sheets of an XLSX or ODS file, by calamine; what it cannot tell is looked up beside it.

calamine gives an empty cell for a formula whose value was never worked out, and for a faulty one;
and lays a sheet out whole, however far apart two cells stand. So the sheets' XML is looked through
first: formulas without values are named, and sheets larger than a table can be are refused.
"""

import datetime
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from xml.parsers import expat

from comuna.tables.errors import TableError

LARGEST = 1 << 28  # bytes of XML that are read
MOST_CELLS = 20_000_000
_ROWS, _COLUMNS = 1 << 20, 1 << 14
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
Cells = list[list[str]]


@dataclass
class Looked:
    """What one look through a sheet's XML tells: its last row and column that are not empty, and
    the cells that have no value though they should."""

    rows: int = 0
    columns: int = 0
    flaws: list[TableError] = field(default_factory=list)

    def holds(self, row: int, column: int) -> None:
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)


def read_sheets(content: bytes, ending: str) -> list[tuple[str, Cells, tuple[TableError, ...]]]:
    """Every sheet that is not hidden: its name, its cells from the first row and column on, and
    the flaws of its cells. Raises TableError where the file is no such spreadsheet."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as file:
            if sum(each.file_size for each in file.infolist()) > LARGEST:
                raise TableError(
                    0,
                    f"holds more than {LARGEST >> 20} MB; save the table alone, as CSV",
                    f"tiene más de {LARGEST >> 20} MB; guarde la tabla sola, como CSV",
                )
            # Reading every part whole checks that none is larger than it says.
            parts = {each.filename: file.read(each) for each in file.infolist()}
        looked = _ods(parts) if ending == "ods" else _xlsx(parts)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError,
            KeyError, IndexError, ValueError, OSError, expat.ExpatError) as wrong:  # fmt: skip
        if isinstance(wrong, TableError):
            raise
        raise _unreadable(ending) from None
    for name, seen in looked.items():
        if seen.rows * seen.columns > MOST_CELLS:
            raise TableError(
                0,
                f"sheet {name!r} reaches to row {seen.rows} and column {seen.columns}; delete "
                "what stands far from the table",
                f"la hoja {name!r} llega a la fila {seen.rows} y la columna {seen.columns}; borre "
                "lo que está lejos de la tabla",
            )
    return _calamine(content, ending, looked)


def _unreadable(ending: str) -> TableError:
    return TableError(
        0,
        f"not a .{ending} spreadsheet that can be read; open it in a spreadsheet program and save "
        "it again as .xlsx, .ods or .csv",
        f"no es una hoja de cálculo .{ending} que se pueda leer; ábrala en un programa de hojas de "
        "cálculo y guárdela otra vez como .xlsx, .ods o .csv",
    )


def _calamine(
    content: bytes, ending: str, looked: Mapping[str, Looked]
) -> list[tuple[str, Cells, tuple[TableError, ...]]]:
    import python_calamine as calamine

    found = []
    try:
        with calamine.CalamineWorkbook.from_filelike(BytesIO(content)) as book:
            for sheet in book.sheets_metadata:
                if sheet.typ != calamine.SheetTypeEnum.WorkSheet or sheet.name not in looked:
                    continue
                if sheet.visible == calamine.SheetVisibleEnum.Visible:
                    rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
                    cells = [[_text(cell) for cell in row] for row in rows]
                    found.append((sheet.name, cells, tuple(looked[sheet.name].flaws)))
    except (calamine.CalamineError, OSError, ValueError):
        raise _unreadable(ending) from None
    return found


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        # A spreadsheet's numbers are doubles: the shortest digits that say the same one.
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def _unvalued(place: str, formula: str) -> TableError:
    row = int(re.sub("[^0-9]", "", place) or 0)
    shown = formula.strip()[:60]
    return TableError(
        row,
        f"cell {place} holds a formula ({shown}) without its value; open and save the file once "
        "in a spreadsheet program, or write the value",
        f"la celda {place} tiene una fórmula ({shown}) sin su valor; abra y guarde el archivo una "
        "vez en un programa de hojas de cálculo, o escriba el valor",
    )


def _faulty(place: str, shown: str) -> TableError:
    row = int(re.sub("[^0-9]", "", place) or 0)
    return TableError(
        row,
        f"cell {place} holds an error ({shown}), not a value; correct its formula",
        f"la celda {place} tiene un error ({shown}), no un valor; corrija su fórmula",
    )


def _untyped(place: str, shown: str) -> TableError:
    row = int(re.sub("[^0-9]", "", place) or 0)
    return TableError(
        row,
        f"cell {place} holds {shown[:60]!r} without saying of what kind it is; open and save the "
        "file once in a spreadsheet program",
        f"la celda {place} tiene {shown[:60]!r} sin decir de qué tipo es; abra y guarde el archivo "
        "una vez en un programa de hojas de cálculo",
    )


class _Reader:
    """Looks through one XML part; subclasses are told of each tag, without its prefix."""

    def parse(self, xml: bytes) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler = lambda name, said: self.start(
            name.rpartition(":")[2], {key.rpartition(":")[2]: value for key, value in said.items()}
        )
        parser.EndElementHandler = lambda name: self.end(name.rpartition(":")[2])
        parser.CharacterDataHandler = self.data
        parser.StartDoctypeDeclHandler = self._refuse
        parser.Parse(xml, True)

    def _refuse(self, *_: object) -> None:
        raise ValueError("a spreadsheet declares no document type")

    def start(self, name: str, said: Mapping[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def data(self, text: str) -> None: ...


class _Book(_Reader):
    """`xl/workbook.xml` and its relations: where each sheet is, and whether the program that wrote
    the file left its formulas to be worked out by whoever opens it."""

    def __init__(self) -> None:
        self.sheets: dict[str, str] = {}
        self.targets: dict[str, str] = {}
        self.unworked = False

    def start(self, name: str, said: Mapping[str, str]) -> None:
        if name == "sheet":
            self.sheets[said["name"]] = said["id"]
        elif name == "Relationship":
            self.targets[said["Id"]] = said["Target"]
        elif name == "calcPr":
            self.unworked = said.get("fullCalcOnLoad") in ("1", "true")


class _XlsxSheet(_Reader):
    def __init__(self, unworked: bool) -> None:
        self.looked = Looked()
        self.unworked = unworked
        self.row = self.column = 0
        self.kind = self.within = self.formula = self.value = ""
        self.has_formula = False

    def start(self, name: str, said: Mapping[str, str]) -> None:
        if name == "dimension":
            for corner in said.get("ref", "A1").split(":"):
                self.looked.holds(*_place(corner))
        elif name == "row":
            self.row, self.column = int(said.get("r", self.row + 1)), 0
            if not 0 < self.row <= _ROWS:
                raise ValueError("no sheet has such a row")
        elif name == "c":
            row, column = _place(said["r"]) if "r" in said else (self.row, self.column + 1)
            if row != self.row or column > _COLUMNS:
                raise ValueError("a cell is not where its row says")
            self.column = column
            self.looked.holds(row, column)
            self.kind, self.formula, self.value = said.get("t", ""), "", ""
            self.has_formula = False
        elif name in ("f", "v"):
            self.within = name
            self.has_formula |= name == "f"

    def data(self, text: str) -> None:
        if self.within == "f":
            self.formula += text[:60]
        elif self.within == "v":
            self.value += text[:60]

    def end(self, name: str) -> None:
        self.within = ""
        if name != "c":
            return
        place = f"{_letters(self.column)}{self.row}"
        if self.has_formula and (self.unworked or not (self.value or self.kind == "str")):
            self.looked.flaws.append(_unvalued(place, f"={self.formula}"))
        elif self.kind == "e":
            self.looked.flaws.append(_faulty(place, self.value))


def _place(reference: str) -> tuple[int, int]:
    """Row and column of a cell, from 1. Raises ValueError where no sheet has it: calamine would
    lay out whatever is written."""
    match = _PLACE.fullmatch(reference)
    if not match:
        raise ValueError(f"{reference!r} is no cell")
    row, column = int(match[2]), _number(match[1])
    if not 0 < row <= _ROWS or column > _COLUMNS:
        raise ValueError(f"no sheet has a cell {reference!r}")
    return row, column


def _xlsx(parts: Mapping[str, bytes]) -> dict[str, Looked]:
    book = _Book()
    book.parse(parts["xl/workbook.xml"])
    book.parse(parts["xl/_rels/workbook.xml.rels"])
    looked = {}
    for name, link in book.sheets.items():
        target = book.targets[link].lstrip("/")
        part = target if target.startswith("xl/") else f"xl/{target}"
        if "worksheets/" in part:
            sheet = _XlsxSheet(book.unworked)
            sheet.parse(parts[part])
            looked[name] = sheet.looked
    return looked


class _Ods(_Reader):
    def __init__(self) -> None:
        self.looked: dict[str, Looked] = {}
        self.sheet = Looked()
        self.row = self.column = 0
        self.rows = self.columns = 1
        self.formula = self.value = self.kind = ""
        self.deep = self.notes = 0

    def start(self, name: str, said: Mapping[str, str]) -> None:
        if name == "table":
            self.sheet = self.looked[said["name"]] = Looked()
            self.row = 0
        elif name == "table-row":
            self.rows = _repeats(said.get("number-rows-repeated", "1"), _ROWS)
            self.column = 0
        elif name in ("table-cell", "covered-table-cell"):
            self.columns = _repeats(said.get("number-columns-repeated", "1"), _COLUMNS)
            self.formula = said.get("formula", "")
            self.kind = said.get("value-type", "")
            self.value = said.get("value", "") or said.get("string-value", "")
            self.value += said.get("date-value", "") + said.get("boolean-value", "")
            self.value += said.get("time-value", "")
        elif name == "annotation":
            self.notes += 1
        elif name == "p":
            self.deep += 1
            self.value += " " if self.formula and self.value else ""

    def data(self, text: str) -> None:
        if self.deep and not self.notes:
            self.value += text[:60]

    def end(self, name: str) -> None:
        if name == "p":
            self.deep -= 1
        elif name == "annotation":
            self.notes -= 1
        elif name in ("table-cell", "covered-table-cell"):
            if self.value or self.formula:
                self.sheet.holds(self.row + self.rows, self.column + self.columns)
            if self.formula and not self.value:
                place = f"{_letters(self.column + 1)}{self.row + 1}"
                self.sheet.flaws.append(_unvalued(place, self.formula.partition(":")[2]))
            elif self.value.strip() and not self.kind:
                # calamine takes it for an empty cell.
                place = f"{_letters(self.column + 1)}{self.row + 1}"
                self.sheet.flaws.append(_untyped(place, self.value.strip()))
            self.column += self.columns
            self.value = self.formula = ""
        elif name == "table-row":
            self.row += self.rows


def _ods(parts: Mapping[str, bytes]) -> dict[str, Looked]:
    content = _Ods()
    content.parse(parts["content.xml"])
    return content.looked


def _repeats(text: str, most: int) -> int:
    times = int(text)
    if not 0 < times <= most:
        raise ValueError("more rows or columns than a sheet can have")
    return times


def _number(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
