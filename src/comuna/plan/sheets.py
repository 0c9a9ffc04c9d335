"""A problem written as a spreadsheet: one sheet a table, its columns in the first row.

ODS (OpenDocument 1.2, part 1 §9) and XLSX (ECMA-376, part 1 §18) are zip files of XML; the little
of them that tables of text and whole numbers need is written here, and no more. `comuna.tables`
reads them.
"""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

_ODF = "urn:oasis:names:tc:opendocument:xmlns:"


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
