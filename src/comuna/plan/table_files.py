"""Input–output tables as people keep them: read in the usual layouts, written in two.

*Square*: a header row, some leading columns of labels, then a column a sector; sector rows first
or mixed with rows of labour, value added, imports; columns after the sectors are final use. A row
or column that by its label is the output is the output; totals are passed over.
*Long*: the three columns from, to, value; `to` may be `final` and `from` may be a primary row.
*Supply and use* are two product × industry tables.

CSV with commas, semicolons or tabs, decimal points or decimal commas, or the first sheet of an ODS
or XLSX file.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from comuna.plan.errors import FileError, Wrong
from comuna.plan.input_output import Floats, Table, from_supply_and_use, plain

OUTPUT = frozenset({
    "output", "output_bp", "total_output", "total_output_bp", "gross_output", "p1", "x",
    "output_at_basic_prices", "total_output_at_basic_prices", "produccion", "produccion_bruta",
    "produccion_total", "produccion_a_precios_basicos", "valor_bruto_de_la_produccion", "vbp",
})  # fmt: skip
SUMS = re.compile(
    r"(cpa_)?(sub_?)?totale?s?(_|$)|sums?$|suma$|intermediate_(consumption|use|inputs)|"
    r"consumo_intermedio|(utilizacion|demanda|uso)_(intermedia|intermedio)|p2(pp)?$|p3$"
)
FINAL = "final"
LONG = ({"from", "to", "value"}, {"de", "a", "valor"})
META = frozenset({"numeric_label", "quadrant", "ordering", "order", "number", "no", "id", "code"})
NOTHING = frozenset({"", "-", "–", "—", ":", ".", "..", "...", "n/a", "na", "n.a.", "nan", "null"})
TITLES = 12
"""So many lines may stand above the header."""
Line = tuple[int, list[str]]


def read_table(path: Path) -> Table:
    """The table in a CSV file or on the first sheet of an ODS or XLSX file. Raises FileError with
    everything that is wrong."""
    lines, decimal_comma = _cells(path)
    return _table(lines, path.name, decimal_comma)


def _cells(path: Path) -> tuple[list[Line], bool]:
    if path.suffix.lower() in {".ods", ".xlsx"}:
        from comuna.plan.sheets import first_sheet

        return list(enumerate(first_sheet(path), 1)), False
    try:
        return _lines(path.read_text("utf-8-sig"))
    except UnicodeDecodeError as wrong:
        raise FileError(
            [
                Wrong(
                    path.name,
                    0,
                    "is not UTF-8 ({reason})",
                    "save it again as CSV, UTF-8",
                    reason=wrong.reason,
                )
            ]
        ) from None


def read_supply_and_use(supply: Path, use: Path) -> Table:
    """The product-by-product table of two tables with products as rows and industries as columns
    (`input_output.from_supply_and_use`): products and industries are what both name. Rows of the
    use table that the supply table lacks are primary (labour, value added…). Raises FileError."""
    made, used = _named_cells(supply), _named_cells(use)
    industries = [name for name in made.columns if name in used.columns]
    products = [name for name in made.rows if name in used.rows]
    if not industries or not products:
        raise FileError(
            [Wrong(use.name, 1, "shares no product or no industry with the supply table",
                   "name rows (products) and columns (industries) alike in both")]
        )  # fmt: skip
    others = [name for name in used.rows if name not in made.rows]
    wrongs: list[Wrong] = []
    v, u, primary = (
        of.values(names, industries, wrongs)
        for of, names in ((made, products), (used, products), (used, others))
    )
    if wrongs:
        raise FileError(wrongs)
    rows = dict(zip(others, primary, strict=True))
    return from_supply_and_use(products, v, u, v.sum(axis=1) - u.sum(axis=1), rows)


@dataclass(frozen=True)
class _Named:
    """A table by the names of its rows and columns, without totals and output."""

    name: str
    rows: Mapping[str, Line]
    columns: Mapping[str, int]
    decimal_comma: bool

    def values(self, rows: Sequence[str], columns: Sequence[str], wrongs: list[Wrong]) -> Floats:
        found = np.zeros((len(rows), len(columns)))
        for i, row in enumerate(rows):
            at, cells = self.rows[row]
            for j, column in enumerate(columns):
                place = self.columns[column]
                cell = cells[place] if place < len(cells) else ""
                value = _number(cell, self.decimal_comma)
                if value is None:
                    wrongs.append(Wrong(self.name, at, "{cell!r} under {header!r} is not a number",
                                        "write a plain number such as 1234.5", cell=cell,
                                        header=column))  # fmt: skip
                found[i, j] = value or 0.0
        return found


def _named_cells(path: Path) -> _Named:
    lines, decimal_comma = _cells(path)
    (_, header), *below = [(at, row) for at, row in lines if any(row)] or [(0, [])]
    columns = {label: at for at, label in enumerate(header) if at and label
               and not _is_output_or_sum(label)}  # fmt: skip
    rows = {row[0]: (at, row) for at, row in below if row[0] and not _is_output_or_sum(row[0])}
    return _Named(path.name, rows, columns, decimal_comma)


def table_of(text: str, name: str = "table") -> Table:
    """The table in the text of a CSV file."""
    lines, decimal_comma = _lines(text)
    return _table(lines, name, decimal_comma)


def _lines(text: str) -> tuple[list[Line], bool]:
    """The cells of a CSV file, numbered by line, and whether commas are its decimal marks."""
    delimiter = next((mark for mark in "\t;" if _separates(mark, text)), ",")
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    lines = [(at, [cell.strip() for cell in row]) for at, row in enumerate(rows, 1)]
    return lines, delimiter != "," and _decimal_comma(lines)


def _separates(mark: str, text: str) -> bool:
    """Whether the mark stands in more than half of the lines."""
    lines = [line for line in text.splitlines() if line.strip()]
    return 2 * sum(mark in line for line in lines) > len(lines)


def _decimal_comma(lines: Sequence[Line]) -> bool:
    """Whether the comma is the decimal mark: some number has one, and none a point after it."""
    cells = [cell for _, row in lines for cell in row if "," in cell and _DIGITS.fullmatch(cell)]
    return bool(cells) and not any("." in cell[cell.rindex(",") :] for cell in cells)


_DIGITS = re.compile(r"[-−+]?[\d.,'’ \u00a0\u202f]*\d[\d.,]*(e[-+]?\d+)?", re.IGNORECASE)


def _number(text: str, decimal_comma: bool) -> float | None:
    cell = text.strip().lower()
    if cell in NOTHING:
        return 0.0
    cell = re.sub(r"['’\s\u00a0\u202f]", "", cell.replace("−", "-"))
    cell = cell.replace(".", "").replace(",", ".") if decimal_comma else cell.replace(",", "")
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def _code(label: str) -> str:
    """A classification's code without what says that it is one: CPA_A01, TTL_A01 and D01 are A01
    and 01, however rows and columns are told apart."""
    return re.sub(r"^(cpa|nace|ttl|dom|ind|prd|isic)_?|^[a-z]{1,3}_?(?=\d)", "", plain(label))


def _is_sum(label: str) -> bool:
    return bool(SUMS.match(label)) and label not in OUTPUT and "emplo" not in label


def _table(lines: Sequence[Line], name: str, decimal_comma: bool) -> Table:
    lines = [(at, row) for at, row in lines if any(row)]
    if len(lines) < 2:
        raise FileError([Wrong(name, 0, "has no rows", "give a header row and a row a sector")])
    if {plain(each) for each in lines[0][1]} in LONG:
        return _Long(name, lines, decimal_comma).table()
    found = [_layout(lines[at:]) for at in range(min(TITLES, len(lines) - 1))]
    best = max(found, key=lambda layout: len(layout.rows))
    if not best.rows:
        raise FileError([Wrong(name, 1, "no column has the name of a row",
                               "name the sectors alike in rows and columns")])  # fmt: skip
    return _square(name, best, decimal_comma)


@dataclass(frozen=True)
class _Layout:
    """Where things stand: the header, the lines below it, the column of labels, and for each sector
    the place of its row among the lines and of its column."""

    header: list[str]
    lines: Sequence[Line]
    labels: int
    rows: list[int]
    columns: list[int]


def _layout(lines: Sequence[Line]) -> _Layout:
    """The layout in which the most sectors have a row and a column: by their names, by their codes,
    or, where rows and columns are named apart, by their order up to the first total."""
    header, below = lines[0][1], lines[1:]
    tries = [_matched(header, below, plain), _matched(header, below, _code)]
    best = max(tries, key=lambda each: len(each.rows))
    in_order = _in_order(header, below)
    return in_order if len(in_order.rows) > 2 * len(best.rows) else best


def _matched(header: list[str], below: Sequence[Line], name: Callable[[str], str]) -> _Layout:
    columns: dict[str, int] = {}
    for at, label in enumerate(header):
        if label and not _is_output_or_sum(label):
            columns.setdefault(name(label), at)

    def matches(at: int) -> list[int]:
        named = {name(row[at]): k for k, (_, row) in reversed(list(enumerate(below)))
                 if at < len(row) and row[at] and not _is_output_or_sum(row[at])}  # fmt: skip
        return [k for label, k in named.items() if columns.get(label, at) != at]

    width = max(len(row) for _, row in below)
    labels = max(range(width), key=lambda at: (len(matches(at)), at))
    rows = sorted(matches(labels))
    places = [columns[name(below[k][1][labels])] for k in rows]
    return _Layout(header, below, labels, rows, places)


def _is_output_or_sum(label: str) -> bool:
    return plain(label) in OUTPUT or _is_sum(plain(label))


def _in_order(header: list[str], below: Sequence[Line]) -> _Layout:
    """The sectors by their order: as many columns as stand before the first total, and as many rows
    as stand before the first total of theirs, if these are equally many."""
    total = next((at for at, label in enumerate(header) if _is_sum(plain(label))), 0)
    first = next((k for k, (_, row) in enumerate(below)
                  if any(_is_output_or_sum(cell) for cell in row[:5])), 0)  # fmt: skip
    if not 1 < first <= total or any(plain(each) in META for each in header[total - first : total]):
        return _Layout(header, below, 0, [], [])
    labels = max((at for at in range(total - first) if plain(header[at]) not in META
                  and all(len(row) > at and _number(row[at], False) is None
                          for _, row in below[:first])), default=0)  # fmt: skip
    return _Layout(header, below, labels, list(range(first)), list(range(total - first, total)))


def _square(name: str, layout: _Layout, decimal_comma: bool) -> Table:
    wrongs: list[Wrong] = []
    header, lines, at_sector = layout.header, layout.lines, layout.columns
    first, last = min(at_sector), max(at_sector)

    def label(k: int) -> str:
        row = lines[k][1]
        return row[layout.labels] if layout.labels < len(row) else ""

    def values(k: int, where: Iterable[int]) -> list[float]:
        at, row = lines[k]
        found = []
        for place in where:
            cell = row[place] if place < len(row) else ""
            value = _number(cell, decimal_comma)
            if value is None:
                wrongs.append(
                    Wrong(
                        name,
                        at,
                        "{cell!r} under {header!r} is not a number",
                        "write a plain number such as 1234.5",
                        cell=cell,
                        header=header[place],
                    )
                )
            found.append(value or 0.0)
        return found

    twice = {label(k) for k in layout.rows} & {
        label(k) for k in range(len(lines)) if k not in layout.rows
    }
    again = [k for k in range(len(lines)) if k not in layout.rows and label(k) in twice]
    wrongs += [
        Wrong(name, lines[k][0], "{label!r} comes twice", "name each row once", label=label(k))
        for k in again
    ]
    after = [at for at, each in enumerate(header)
             if at > last and each and not _is_output_or_sum(each)]  # fmt: skip
    flows = np.array([values(k, at_sector) for k in layout.rows])
    others = [k for k in range(len(lines)) if k not in layout.rows]
    labels_of = {k: {plain(cell) for cell in lines[k][1][:first] if cell} for k in others}
    output_rows = [k for k in others if labels_of[k] & OUTPUT]
    output_columns = [at for at, each in enumerate(header) if plain(each) in OUTPUT and at > last]
    if output_rows:
        output = np.array(values(output_rows[0], at_sector))
    elif output_columns:
        output = np.array([values(k, output_columns[:1])[0] for k in layout.rows])
    elif after:
        output = flows.sum(axis=1) + np.array([sum(values(k, after)) for k in layout.rows])
    else:
        output = np.zeros(len(flows))
        wrongs.append(Wrong(name, lines[0][0] - 1, "has neither output nor final use",
                            "add a row or a column called output"))  # fmt: skip
    primary: dict[str, Floats] = {}
    for k in others:
        is_row = k not in output_rows and not any(map(_is_sum, labels_of[k]))
        if label(k) and is_row and any(lines[k][1][at : at + 1] != [""] for at in at_sector):
            nth = f" ({len(primary) + 1})" if label(k) in primary else ""
            primary[label(k) + nth] = np.array(values(k, at_sector))
    if wrongs:
        raise FileError(wrongs)
    sectors = tuple(header[at] if plain(header[at]) == plain(label(k)) else label(k)
                    for k, at in zip(layout.rows, at_sector, strict=True))  # fmt: skip
    return Table(sectors, flows, output, output - flows.sum(axis=1), primary)


class _Long:
    """A table of the rows from, to, value."""

    def __init__(self, name: str, lines: Sequence[Line], decimal_comma: bool) -> None:
        header = [plain(each) for each in lines[0][1]]
        self.places = [next(header.index(word) for word in words if word in header)
                       for words in (("from", "de"), ("to", "a"), ("value", "valor"))]  # fmt: skip
        self.name, self.lines, self.decimal_comma = name, lines[1:], decimal_comma

    def cells(self) -> Mapping[tuple[str, str], float]:
        wrongs: list[Wrong] = []
        cells: dict[tuple[str, str], float] = {}
        for at, row in self.lines:
            said = [row[place] if place < len(row) else "" for place in self.places]
            value = _number(said[2], self.decimal_comma) if said[2] else None
            if value is None or len(row) > 3:
                wrongs.append(Wrong(self.name, at, "is not from, to and a number",
                                    "write e.g. iron,coal,3"))  # fmt: skip
                continue
            if (said[0], said[1]) in cells:
                wrongs.append(
                    Wrong(
                        self.name,
                        at,
                        "{giver} to {user} comes twice",
                        "add them up",
                        giver=said[0],
                        user=said[1],
                    )
                )
            cells[said[0], said[1]] = value
        if wrongs:
            raise FileError(wrongs)
        return cells

    def table(self) -> Table:
        cells = self.cells()
        users = list(dict.fromkeys(to for _, to in cells if plain(to) not in {FINAL} | OUTPUT))
        givers = list(dict.fromkeys(giver for giver, _ in cells))
        sectors = [s for s in users if s in givers]
        if not sectors:
            raise FileError([Wrong(self.name, 1, "nothing both gives and takes",
                                   "name the sectors alike in from and to")])  # fmt: skip
        final_names = {to for _, to in cells if plain(to) == FINAL}

        def vector(giver: str) -> Floats:
            return np.array([cells.get((giver, s), 0.0) for s in sectors])

        flows = np.array([vector(s) for s in sectors])
        final = np.array([sum(cells.get((s, to), 0.0) for to in final_names) for s in sectors])
        stated = [g for g in givers if plain(g) in OUTPUT]
        output = vector(stated[0]) if stated else flows.sum(axis=1) + final
        primary = {g: vector(g) for g in givers if g not in sectors and g not in stated}
        return Table(tuple(sectors), flows, output, output - flows.sum(axis=1), primary)


def write_table(table: Table, layout: str = "square") -> str:
    """The table as CSV text, `layout` "square" or "long"; reading it gives the same table."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    if layout == "long":
        write(["from", "to", "value"])
        for row, sector in zip(table.flows, table.sectors, strict=True):
            for value, to in zip(row, table.sectors, strict=True):
                write([sector, to, _text(value)])
        for sector, value in zip(table.sectors, table.final, strict=True):
            write([sector, FINAL, _text(value)])
        for label, row in {**table.primary, "output": table.output}.items():
            for value, to in zip(row, table.sectors, strict=True):
                write([label, to, _text(value)])
        return out.getvalue()
    write(["sector", *table.sectors, FINAL])
    for sector, row, value in zip(table.sectors, table.flows, table.final, strict=True):
        write([sector, *map(_text, row), _text(value)])
    for label, row in {**table.primary, "output": table.output}.items():
        write([label, *map(_text, row)])
    return out.getvalue()


def _text(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))
