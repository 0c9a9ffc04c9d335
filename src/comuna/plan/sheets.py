"""A problem in a spreadsheet: one sheet a table, its columns in the first row.

ODS (OpenDocument 1.2, part 1 §9) and XLSX (ECMA-376, part 1 §18) are zip files of XML; the little
of them that tables of text and whole numbers need is read and written here, and no more. Formulas
count as the value last shown; formats, merged cells and hidden things are passed over.
"""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from comuna.plan.errors import FileError, Wrong
from comuna.plan.problem_files import TABLES

LARGEST = 64 * 2**20  # bytes of XML that are read
REPEATS = 1000  # empty cells stretch to the sheet's edge
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _TEXT, _OFFICE = (f"{{{_ODF}{part}:1.0}}" for part in ("table", "text", "office"))
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
Cells = list[list[str]]
Row = tuple[int, Mapping[str, Any]]


def read_sheets(path: Path) -> dict[str, list[Row]]:
    """The rows of each table. Sheets that are no table (notes, help) are passed over. Raises
    FileError where the file is not a spreadsheet."""
    sheets = dict(_sheets(path))
    return {name: list(_rows(cells)) for name, cells in sheets.items() if name in TABLES and cells}


def first_sheet(path: Path) -> Cells:
    """The cells of the first sheet. Raises FileError where the file is not a spreadsheet."""
    return _sheets(path)[0][1]


def _sheets(path: Path) -> list[tuple[str, Cells]]:
    try:
        with zipfile.ZipFile(path) as file:
            return list(_read_ods(file) if path.suffix.lower() == ".ods" else _read_xlsx(file))
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, ValueError) as wrong:
        raise FileError(
            [
                Wrong(
                    path.name,
                    0,
                    "is not a spreadsheet that can be read ({fault})",
                    "save it again as ODS or XLSX",
                    fault=wrong,
                )
            ]
        ) from None


def _rows(cells: Cells) -> Iterator[Row]:
    head = cells[0]
    for at, row in enumerate(cells[1:], 2):
        said = {name: value for name, value in zip(head, row, strict=False) if name}
        if any(said.values()):
            yield at, said


def _xml(file: zipfile.ZipFile, name: str) -> ElementTree.Element:
    if file.getinfo(name).file_size > LARGEST:
        raise ValueError(f"{name} is larger than {LARGEST} bytes")
    return ElementTree.fromstring(file.read(name))


def _read_ods(file: zipfile.ZipFile) -> Iterator[tuple[str, Cells]]:
    for table in _xml(file, "content.xml").iter(f"{_TABLE}table"):
        rows: Cells = []
        for row in table.iter(f"{_TABLE}table-row"):
            cells: list[str] = []
            for cell in row:
                if cell.tag == f"{_TABLE}table-cell":
                    text = "\n".join("".join(line.itertext()) for line in cell.iter(f"{_TEXT}p"))
                    number = cell.get(f"{_OFFICE}value") or ""
                    repeats = min(REPEATS, int(cell.get(f"{_TABLE}number-columns-repeated", "1")))
                    cells += [_plain(number) if number else text.strip()] * repeats
            repeats = int(row.get(f"{_TABLE}number-rows-repeated", "1"))
            rows += [cells] * (repeats if any(cells) else min(repeats, REPEATS))
        yield table.get(f"{_TABLE}name", ""), rows


def _plain(number: str) -> str:
    """12.0 is how some programs write 12."""
    return number[:-2] if number.endswith(".0") else number


def _read_xlsx(file: zipfile.ZipFile) -> Iterator[tuple[str, Cells]]:
    shared: list[str] = []
    if "xl/sharedStrings.xml" in file.namelist():
        shared = ["".join(t.text or "" for t in item.iter(f"{_SHEET}t"))
                  for item in _xml(file, "xl/sharedStrings.xml").iter(f"{_SHEET}si")]  # fmt: skip
    links = {link.get("Id"): link.get("Target", "")
             for link in _xml(file, "xl/_rels/workbook.xml.rels")}  # fmt: skip
    for sheet in _xml(file, "xl/workbook.xml").iter(f"{_SHEET}sheet"):
        target = links[sheet.get(_LINK)].lstrip("/")
        name = target if target.startswith("xl/") else f"xl/{target}"
        yield sheet.get("name", ""), list(_xlsx_rows(_xml(file, name), shared))


def _xlsx_rows(sheet: ElementTree.Element, shared: Sequence[str]) -> Iterator[list[str]]:
    done = 0
    for row in sheet.iter(f"{_SHEET}row"):
        number = int(row.get("r", done + 1))
        for _ in range(min(REPEATS, number - done - 1)):
            yield []
        done = number
        cells: list[str] = []
        for cell in row.iter(f"{_SHEET}c"):
            place = _column(cell.get("r", "")) or len(cells) + 1
            cells += [""] * (min(REPEATS, place) - len(cells) - 1)
            value = cell.findtext(f"{_SHEET}v") or ""
            kind = cell.get("t")
            if kind == "s":
                value = shared[int(value)]
            elif kind == "inlineStr":
                value = "".join(t.text or "" for t in cell.iter(f"{_SHEET}t"))
            cells.append(_plain(value.strip()))
        yield cells


def _column(reference: str) -> int:
    place = 0
    for letter in reference:
        if not letter.isalpha():
            break
        place = place * 26 + ord(letter.upper()) - 64
    return place


def write_ods(sheets: Mapping[str, Sequence[Sequence[Any]]], path: Path) -> None:
    """Sheets of text and whole numbers as ODS; the same content gives the same bytes."""
    tables = []
    for name, rows in sheets.items():
        lines = "".join(
            "<table:table-row>" + "".join(map(_ods_cell, row)) + "</table:table-row>"
            for row in rows
        )
        tables.append(f'<table:table table:name="{escape(name)}">{lines}</table:table>')
    space = " ".join(f'xmlns:{part}="{_ODF}{part}:1.0"' for part in ("office", "table", "text"))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {space} '
        f'office:version="1.2"><office:body><office:spreadsheet>{"".join(tables)}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        f'xmlns:manifest="{_ODF}manifest:1.0" manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    _write_zip(path, {"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def _write_zip(path: Path, parts: Mapping[str, str]) -> None:
    with zipfile.ZipFile(path, "w") as file:
        for name, text in parts.items():
            info = zipfile.ZipInfo(name)  # its date is 1980, always
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            file.writestr(info, text)


def _ods_cell(value: Any) -> str:
    text = f"<text:p>{escape(str(value))}</text:p>"
    if isinstance(value, int):
        kind = f'office:value-type="float" office:value="{value}"'
    else:
        kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}>{text if value != '' else ''}</table:table-cell>"


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XLSX_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml."


def write_xlsx(sheets: Mapping[str, Sequence[Sequence[Any]]], path: Path) -> None:
    """Sheets of text and whole numbers as XLSX, the first row fixed in sight; the same content
    gives the same bytes."""
    numbered = list(enumerate(sheets.items(), 1))
    parts = {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_XLSX_KIND}sheet.main+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{at}.xml" '
            f'ContentType="{_XLSX_KIND}worksheet+xml"/>'
            for at, _ in numbered
        )
        + "</Types>",
        "_rels/.rels": _links([(1, "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{_SPREADSHEET}" xmlns:r="{_OFFICE_LINK}">'
        "<sheets>"
        + "".join(
            f'<sheet name="{escape(name)}" sheetId="{at}" r:id="rId{at}"/>'
            for at, (name, _) in numbered
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _links(
            [(at, "worksheet", f"worksheets/sheet{at}.xml") for at, _ in numbered]
        ),
    }
    for at, (_, rows) in numbered:
        parts[f"xl/worksheets/sheet{at}.xml"] = _worksheet(rows)
    _write_zip(path, parts)


def _links(links: Sequence[tuple[int, str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE_LINK}/{kind}" Target="{target}"/>'
        for at, kind, target in links
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'


def _worksheet(rows: Sequence[Sequence[Any]]) -> str:
    lines = "".join(
        f'<row r="{at}">'
        + "".join(_xlsx_cell(f"{_letters(k)}{at}", cell) for k, cell in enumerate(row, 1))
        + "</row>"
        for at, row in enumerate(rows, 1)
    )
    return (
        f'{_XML}<worksheet xmlns="{_SPREADSHEET}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>'
        f"</sheetViews><sheetData>{lines}</sheetData></worksheet>"
    )


def _xlsx_cell(place: str, value: Any) -> str:
    if value == "":
        return ""
    if isinstance(value, int):
        return f'<c r="{place}"><v>{value}</v></c>'
    text = f'<t xml:space="preserve">{escape(str(value))}</t>'
    return f'<c r="{place}" t="inlineStr"><is>{text}</is></c>'


def _letters(column: int) -> str:
    """The column's letters: 1 is A, 27 is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
