"""Input–output tables as people keep them: read in three usual layouts, written in two.

*Square*: a header row, some leading columns of labels, then a column a sector; sector rows first
or mixed with rows of labour, value added, imports; columns after the sectors are final use. A row
or column called output (or total output, output at basic prices, output_bp, P1, x) is the output.
*Long*: the three columns from, to, value; `to` may be `final` and `from` may be a primary row.
*Supply and use* are two product × industry tables: `input_output.from_supply_and_use`.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from comuna.plan.errors import FileError, Wrong
from comuna.plan.input_output import Floats, Table

OUTPUT = frozenset({"output", "output_bp", "total_output", "gross_output", "output_at_basic_prices",
                    "p1", "x"})  # fmt: skip
SUMS = frozenset({"total", "totals", "sum", "total_intermediate", "cpa_total", "total_final_use"})
FINAL = "final"


def read_table(path: Path) -> Table:
    """The table in a CSV file. Raises FileError with everything that is wrong."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise FileError([Wrong(path.name, 0, f"is not UTF-8 ({wrong.reason})",
                               "save it again as CSV, UTF-8")]) from None  # fmt: skip
    return table_of(text, path.name)


def table_of(text: str, name: str = "table") -> Table:
    """The table in the text of a CSV file."""
    delimiter = (
        ";" if text.split("\n", 1)[0].count(";") > text.split("\n", 1)[0].count(",") else ","
    )
    rows = [
        [cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)
    ]
    numbered = [(at, row) for at, row in enumerate(rows, 1) if any(row)]
    if len(numbered) < 2:
        raise FileError([Wrong(name, 0, "has no rows", "give a header row and a row a sector")])
    header = numbered[0][1]
    if [_plain(each) for each in header] == ["from", "to", "value"]:
        return _long(name, numbered[1:])
    return _square(name, header, numbered[1:])


def _plain(label: str) -> str:
    return re.sub(r"\W+", "_", label.strip().lower()).strip("_")


def _number(text: str) -> float | None:
    try:
        value = float(text.replace("\u202f", "").replace(" ", "")) if text else 0.0
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def _square(name: str, header: list[str], rows: Sequence[tuple[int, list[str]]]) -> Table:
    wrongs: list[Wrong] = []
    columns = {_plain(label): at for at, label in enumerate(header) if label}
    labels = _label_column(columns, rows)
    named = {}
    for at, row in rows:
        label = _plain(row[labels]) if labels < len(row) else ""
        if label in named:
            wrongs.append(Wrong(name, at, f"{row[labels]!r} comes twice", "name each row once"))
        if label:
            named[label] = (at, row)
    sectors = [c for c in columns if c in named and c not in OUTPUT | SUMS and columns[c] != labels]
    if not sectors:
        raise FileError([Wrong(name, 1, "no column has the name of a row",
                               "name the sectors alike in rows and columns")])  # fmt: skip
    at_sector = [columns[s] for s in sectors]

    def values(label: str, where: Iterable[int]) -> list[float]:
        at, row = named[label]
        found = []
        for place in where:
            cell = row[place] if place < len(row) else ""
            value = _number(cell)
            if value is None:
                wrongs.append(Wrong(name, at, f"{cell!r} under {header[place]!r} is not a number",
                                    "write a plain number such as 1234.5"))  # fmt: skip
            found.append(value or 0.0)
        return found

    after = [
        at for label, at in columns.items() if at > max(at_sector) and label not in OUTPUT | SUMS
    ]
    flows = np.array([values(s, at_sector) for s in sectors])
    final = np.array([sum(values(s, after)) for s in sectors])
    output_rows = [label for label in named if label in OUTPUT]
    output_columns = [at for label, at in columns.items() if label in OUTPUT]
    if output_rows:
        output = np.array(values(output_rows[0], at_sector))
    elif output_columns:
        output = np.array([values(s, output_columns[:1])[0] for s in sectors])
    else:
        output = flows.sum(axis=1) + final
    primary = {
        label: np.array(values(label, at_sector))
        for label in named
        if label not in sectors and label not in OUTPUT | SUMS
    }
    if wrongs:
        raise FileError(wrongs)
    return Table(tuple(sectors), flows, output, final, primary)


def _label_column(columns: dict[str, int], rows: Sequence[tuple[int, list[str]]]) -> int:
    """The column whose labels are most often the name of a column: the last such, where the
    usual short names stand."""
    width = max(len(row) for _, row in rows)

    def matches(at: int) -> int:
        labels = {_plain(row[at]) for _, row in rows if at < len(row)}
        return len(labels & (columns.keys() - OUTPUT))

    return max(range(width), key=lambda at: (matches(at), at))


def _long(name: str, rows: Sequence[tuple[int, list[str]]]) -> Table:
    wrongs: list[Wrong] = []
    cells: dict[tuple[str, str], float] = {}
    for at, row in rows:
        value = _number(row[2]) if len(row) == 3 else None
        if value is None:
            wrongs.append(Wrong(name, at, "is not from, to and a number", "write e.g. iron,coal,3"))
            continue
        place = (_plain(row[0]), _plain(row[1]))
        if place in cells:
            wrongs.append(Wrong(name, at, f"{row[0]} to {row[1]} comes twice", "add them up"))
        cells[place] = value
    if wrongs:
        raise FileError(wrongs)
    users = list(dict.fromkeys(to for _, to in cells if to not in {FINAL} | OUTPUT))
    givers = list(dict.fromkeys(giver for giver, _ in cells))
    sectors = [s for s in users if s in givers]
    if not sectors:
        raise FileError([Wrong(name, 1, "nothing both gives and takes",
                               "name the sectors alike in from and to")])  # fmt: skip

    def vector(giver: str) -> Floats:
        return np.array([cells.get((giver, s), 0.0) for s in sectors])

    flows = np.array([vector(s) for s in sectors])
    final = np.array([cells.get((s, FINAL), 0.0) for s in sectors])
    stated = [g for g in givers if g in OUTPUT]
    output = vector(stated[0]) if stated else flows.sum(axis=1) + final
    primary = {g: vector(g) for g in givers if g not in sectors and g not in OUTPUT}
    return Table(tuple(sectors), flows, output, final, primary)


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
