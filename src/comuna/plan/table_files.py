"""Input–output tables as people keep them: read in the usual layouts, written in two.

*Square*: a header row, some leading columns of labels, then a column a sector; sector rows first
or mixed with rows of labour, value added, imports; columns after the sectors are final use. A row
or column that by its label is the output is the output; totals are passed over.
*Long*: the three columns from, to, value; `to` may be `final` and `from` may be a primary row.
*Supply and use* are two product × industry tables.

Files are read by `comuna.tables`: CSV in any dialect, or the first sheet of an ODS or XLSX file
that holds a table.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import numpy as np

from comuna.plan.errors import FileError, Said, Wrong
from comuna.plan.input_output import Floats, Table, from_supply_and_use, plain
from comuna.tables import reading as tables
from comuna.tables.errors import Remark, TableError
from comuna.tables.numbers import Numbers

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
ALWAYS_SUMS = frozenset({"total", "totals", "totales", "sum", "sums", "suma", "subtotal"})
MOST_SUBTOTALS = 300
TITLES = 12
"""So many lines may stand above the header."""
Line = tuple[int, list[str]]


def read_table(path: Path) -> Table:
    """The table in a CSV file, or on the first sheet of an ODS or XLSX file that holds one. Raises
    FileError with everything that is wrong."""
    return read_named(path)[0]


@dataclass(frozen=True)
class Read:
    """How a table was read: its layout, which columns and rows are what, and what a person should
    know of it."""

    layout: str
    columns: Mapping[str, Sequence[str]]
    remarks: tuple[Remark, ...]

    def told(self, language: str) -> dict[str, object]:
        return {
            "layout": self.layout,
            "columns": {kind: list(names) for kind, names in self.columns.items()},
            "remarks": [each.told(language) for each in self.remarks],
        }


def read_named(path: Path) -> tuple[Table, Read]:
    """The same, and how it was read."""
    sheets = _sheets(path)
    wrong: FileError | None = None
    for cells in sheets:
        try:
            return _table(cells)
        except FileError as first:
            wrong = wrong or first
    raise wrong or FileError([_no_rows(path.name)])


def _no_rows(name: str) -> Wrong:
    return Wrong(name, 0, "has no rows", "give a header row and a row a sector")


@dataclass(frozen=True)
class _Cells:
    """The lines of one table, how its numbers are written, and what was remarked while reading."""

    name: str
    lines: Sequence[Line]
    layout: str
    numbers: Numbers
    parentheses: bool
    """Whether the table says that figures in parentheses are negative."""
    remarks: tuple[Remark, ...] = ()
    wrongs: list[Wrong] = field(default_factory=list)

    @staticmethod
    def of(name: str, table: tables.Table) -> "_Cells":
        try:
            table.checked()
        except TableError as wrong:
            raise FileError([Said(name, wrong)]) from None
        numbers = table.numbers
        if not numbers.mark and "comma between" in table.layout:
            # whoever parts cells by commas has points for decimals: a comma parts thousands
            numbers = Numbers(".", numbers.point)
        said = [" ".join(row) for _, row in table.rows] + [each.en for each in table.remarks]
        negative = any(_PARENTHESES.search(plain(line)) for line in said)
        return _Cells(name, table.rows, table.layout, numbers, negative, table.remarks)

    def value(self, cell: str, at: int, header: str) -> float:
        """The number in a cell; what is none is remembered as wrong."""
        try:
            value = self._number(cell, at)
        except TableError as wrong:
            self.wrongs.append(Said(self.name, wrong))
            return 0.0
        if value is None:
            self.wrongs.append(
                Wrong(
                    self.name,
                    at,
                    "{cell!r} under {header!r} is not a number",
                    "write a plain number such as 1234.5",
                    cell=cell,
                    header=header,
                )
            )
        return value or 0.0

    def is_number(self, cell: str) -> bool:
        try:
            return self._number(cell, 0) is not None
        except TableError:
            return True

    def _number(self, cell: str, at: int) -> float | None:
        if cell.strip().lower() in NOTHING:
            return 0.0
        if bare := _BARE.fullmatch(cell):
            inside = self.numbers.read(bare[1], at)
            if inside is None:
                return None
            if not self.parentheses:
                shown = bare[1].strip()
                raise TableError(
                    at,
                    f"{cell!r} may be -{shown} or the number of a note; write -{shown}, or a line "
                    "above the table: figures in parentheses are negative",
                    f"{cell!r} puede ser -{shown} o el número de una nota; escriba -{shown}, o una "
                    "línea encima de la tabla: las cifras entre paréntesis son negativas",
                )
            return -float(inside)
        found = self.numbers.read(cell, at)
        return None if found is None else float(found)


_BARE = re.compile(r"\(([^()]+)\)")
_PARENTHESES = re.compile(
    r"(parenthes|brackets|parentesis|corchetes).*(negativ|minus|menos)|"
    r"(negativ|minus|menos).*(parenthes|brackets|parentesis|corchetes)"
)


def _sheets(path: Path) -> list[_Cells]:
    try:
        found = tables.read_tables(path.name, path.read_bytes())
    except TableError as wrong:
        raise FileError([Said(path.name, wrong)]) from None
    return [_Cells.of(path.name, table) for table in found]


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
    v, u, primary = (
        of.values(names, industries)
        for of, names in ((made, products), (used, products), (used, others))
    )
    wrongs = made.cells.wrongs + used.cells.wrongs
    if wrongs:
        raise FileError(wrongs)
    rows = dict(zip(others, primary, strict=True))
    return from_supply_and_use(products, v, u, v.sum(axis=1) - u.sum(axis=1), rows)


@dataclass(frozen=True)
class _Named:
    """A table by the names of its rows and columns, without totals and output."""

    cells: _Cells
    rows: Mapping[str, Line]
    columns: Mapping[str, int]

    def values(self, rows: Sequence[str], columns: Sequence[str]) -> Floats:
        found = np.zeros((len(rows), len(columns)))
        for i, row in enumerate(rows):
            at, cells = self.rows[row]
            for j, column in enumerate(columns):
                place = self.columns[column]
                cell = cells[place] if place < len(cells) else ""
                found[i, j] = self.cells.value(cell, at, column)
        return found


def _named_cells(path: Path) -> _Named:
    sheets = _sheets(path)
    if not sheets:
        raise FileError([_no_rows(path.name)])
    cells = sheets[0]
    (_, header), *below = [(at, row) for at, row in cells.lines if any(row)] or [(0, [])]
    columns = {label: at for at, label in enumerate(header) if at and label
               and not _is_output_or_sum(label)}  # fmt: skip
    rows = {row[0]: (at, row) for at, row in below if row[0] and not _is_output_or_sum(row[0])}
    return _Named(cells, rows, columns)


def table_of(text: str, name: str = "table") -> Table:
    """The table in the text of a CSV file."""
    try:
        found = tables.table_of(name, text)
    except TableError as wrong:
        raise FileError([Said(name, wrong)]) from None
    return _table(_Cells.of(name, found))[0]


def _code(label: str) -> str:
    """A classification's code without what says that it is one: CPA_A01, TTL_A01 and D01 are A01
    and 01, however rows and columns are told apart."""
    return re.sub(r"^(cpa|nace|ttl|dom|ind|prd|isic)_?|^[a-z]{1,3}_?(?=\d)", "", plain(label))


def _is_sum(label: str) -> bool:
    return bool(SUMS.match(label)) and label not in OUTPUT and "emplo" not in label


def _table(cells: _Cells) -> tuple[Table, Read]:
    lines = [(at, row) for at, row in cells.lines if any(row)]
    if len(lines) < 2:
        raise FileError([_no_rows(cells.name)])
    if {plain(each) for each in lines[0][1]} in LONG:
        return _Long(cells, lines).table()
    layout = _best_layout(lines, cells, frozenset())
    if layout.rows and (kept := _not_sums(layout, cells)):
        layout = _best_layout(lines, cells, kept)
    if not layout.rows:
        raise FileError([Wrong(cells.name, 1, "no column has the name of a row",
                               "name the sectors alike in rows and columns")])  # fmt: skip
    return _square(cells, layout)


@dataclass(frozen=True)
class _Layout:
    """Where things stand: the header, the lines below it, the column of labels, and for each sector
    the place of its row among the lines and of its column. `kept` are the names that look like
    sums and are not."""

    header: list[str]
    lines: Sequence[Line]
    labels: int
    rows: list[int]
    columns: list[int]
    kept: frozenset[str]

    def label(self, k: int) -> str:
        row = self.lines[k][1]
        return row[self.labels] if self.labels < len(row) else ""

    def is_sum(self, label: str) -> bool:
        return _is_output_or_sum(label) and plain(label) not in self.kept


def _best_layout(lines: Sequence[Line], cells: _Cells, kept: frozenset[str]) -> _Layout:
    found = [_layout(lines[at:], cells, kept) for at in range(min(TITLES, len(lines) - 1))]
    return max(found, key=lambda layout: len(layout.rows))


def _layout(lines: Sequence[Line], cells: _Cells, kept: frozenset[str]) -> _Layout:
    """The layout in which the most sectors have a row and a column: by their names, by their codes,
    or, where rows and columns are named apart, by their order up to the first total."""
    header, below = lines[0][1], lines[1:]
    tries = [_matched(header, below, plain, kept), _matched(header, below, _code, kept)]
    best = max(tries, key=lambda each: len(each.rows))
    in_order = _in_order(header, below, cells)
    return in_order if len(in_order.rows) > 2 * len(best.rows) else best


def _matched(
    header: list[str], below: Sequence[Line], name: Callable[[str], str], kept: frozenset[str]
) -> _Layout:
    def is_sum(label: str) -> bool:
        return _is_output_or_sum(label) and plain(label) not in kept

    columns: dict[str, int] = {}
    for at, label in enumerate(header):
        if label and not is_sum(label):
            columns.setdefault(name(label), at)

    def matches(at: int) -> list[int]:
        named = {name(row[at]): k for k, (_, row) in reversed(list(enumerate(below)))
                 if at < len(row) and row[at] and not is_sum(row[at])}  # fmt: skip
        return [k for label, k in named.items() if columns.get(label, at) != at]

    width = max(len(row) for _, row in below)
    labels = max(range(width), key=lambda at: (len(matches(at)), at))
    rows = sorted(matches(labels))
    places = [columns[name(below[k][1][labels])] for k in rows]
    return _Layout(header, below, labels, rows, places, kept)


def _is_output_or_sum(label: str) -> bool:
    return plain(label) in OUTPUT or _is_sum(plain(label))


def _not_sums(layout: _Layout, cells: _Cells) -> frozenset[str]:
    """The names with "total" or the like in them that have a row and a column of which neither is
    the sum of others: sectors, whatever they are called."""
    rows = {plain(layout.label(k)): k for k in range(len(layout.lines)) if layout.label(k)}
    first = min(layout.columns)
    kept = set()
    for place, label in enumerate(layout.header):
        name = plain(label)
        if place < first - 1 or name not in rows or not _is_sum(name) or name in ALWAYS_SUMS:
            continue
        row = layout.lines[rows[name]][1]
        flows = np.array([[_cell(cells, layout, k, at) for at in layout.columns]
                          for k in layout.rows])  # fmt: skip
        across = np.array([_cell(cells, layout, rows[name], at) for at in layout.columns])
        down = np.array([_cell(cells, layout, k, place) for k in layout.rows])
        sums = [(across, flows.sum(axis=0)), (down, flows.sum(axis=1))]
        if row and not any(_alike(said, summed) for said, summed in sums):
            kept.add(name)
    cells.wrongs.clear()
    return frozenset(kept)


def _cell(cells: _Cells, layout: _Layout, k: int, at: int) -> float:
    line, row = layout.lines[k]
    return cells.value(row[at] if at < len(row) else "", line, layout.header[at])


def _alike(said: Floats, summed: Floats) -> bool:
    """Whether most of these are sums, or sums of a part: none is larger than the whole, and some
    are something."""
    close = np.abs(said - summed) <= 0.01 * np.abs(summed) + 0.5
    return bool(2 * close.sum() > len(said)) and bool(said.any())


def _in_order(header: list[str], below: Sequence[Line], cells: _Cells) -> _Layout:
    """The sectors by their order: as many columns as stand before the first total, and as many rows
    as stand before the first total of theirs, if these are equally many."""
    none = frozenset[str]()
    total = next((at for at, label in enumerate(header) if _is_sum(plain(label))), 0)
    first = next((k for k, (_, row) in enumerate(below)
                  if any(_is_output_or_sum(cell) for cell in row[:5])), 0)  # fmt: skip
    if not 1 < first <= total or any(plain(each) in META for each in header[total - first : total]):
        return _Layout(header, below, 0, [], [], none)
    labels = max((at for at in range(total - first) if plain(header[at]) not in META
                  and all(len(row) > at and not cells.is_number(row[at])
                          for _, row in below[:first])), default=0)  # fmt: skip
    columns = list(range(total - first, total))
    return _Layout(header, below, labels, list(range(first)), columns, none)


def _square(cells: _Cells, layout: _Layout) -> tuple[Table, Read]:
    name, wrongs = cells.name, cells.wrongs
    header, lines, at_sector = layout.header, layout.lines, layout.columns
    first, last = min(at_sector), max(at_sector)
    label = layout.label

    def values(k: int, where: Iterable[int]) -> list[float]:
        return [_cell(cells, layout, k, place) for place in where]

    twice = {label(k) for k in layout.rows} & {
        label(k) for k in range(len(lines)) if k not in layout.rows
    }
    again = [k for k in range(len(lines)) if k not in layout.rows and label(k) in twice]
    wrongs += [
        Wrong(name, lines[k][0], "{label!r} comes twice", "name each row once", label=label(k))
        for k in again
    ]
    after = [at for at, each in enumerate(header)
             if at > last and each and not layout.is_sum(each)]  # fmt: skip
    flows = np.array([values(k, at_sector) for k in layout.rows])
    others = [k for k in range(len(lines)) if k not in layout.rows]
    labels_of = {k: {plain(cell) for cell in lines[k][1][:first] if cell} for k in others}
    output_rows = [k for k in others if labels_of[k] & OUTPUT]
    output_columns = [at for at, each in enumerate(header) if plain(each) in OUTPUT and at > last]
    remarks = list(cells.remarks)
    if output_rows:
        output = np.array(values(output_rows[0], at_sector))
        at_output = f"row {label(output_rows[0])}"
    elif output_columns:
        output = np.array([values(k, output_columns[:1])[0] for k in layout.rows])
        at_output = header[output_columns[0]]
    elif after:
        output = flows.sum(axis=1) + np.array([sum(values(k, after)) for k in layout.rows])
        at_output = "the sum of the row"
    else:
        output = np.zeros(len(flows))
        at_output = ""
        wrongs.append(Wrong(name, lines[0][0] - 1, "has neither output nor final use",
                            "add a row or a column called output"))  # fmt: skip
    primary: dict[str, Floats] = {}
    for k in others:
        is_row = k not in output_rows and not any(
            _is_sum(each) and each not in layout.kept for each in labels_of[k]
        )
        if label(k) and is_row and any(lines[k][1][at : at + 1] != [""] for at in at_sector):
            nth = f" ({len(primary) + 1})" if label(k) in primary else ""
            primary[label(k) + nth] = np.array(values(k, at_sector))
    sectors = tuple(header[at] if plain(header[at]) == plain(label(k)) else label(k)
                    for k, at in zip(layout.rows, at_sector, strict=True))  # fmt: skip
    if not wrongs and after and (output_rows or output_columns):
        rows = [_Row(label(k), lines[k][0], [lines[k][1][at : at + 1] or [""]
                                             for at in (*at_sector, *after)], made)
                for k, made in zip(layout.rows, output.tolist(), strict=True)]  # fmt: skip
        remarks += _balance(cells, rows, len(at_sector), [header[at] for at in after])
    if wrongs:
        raise FileError(wrongs)
    table = Table(sectors, flows, output, output - flows.sum(axis=1), primary)
    read = {"sectors": sectors, "final use": [header[at] for at in after],
            "output": [at_output], "primary": list(primary)}  # fmt: skip
    return table, Read(cells.layout, read, (*remarks, *_idle(table)))


@dataclass(frozen=True)
class _Row:
    """A sector's row: its name, its line, its cells (flows, then final use) and its output."""

    label: str
    line: int
    cells: Sequence[Sequence[str]]
    output: float


def _balance(
    cells: _Cells, rows: Sequence[_Row], sectors: int, after: Sequence[str]
) -> Iterable[Remark]:
    """Rows whose flows and final use are not the output that they state are wrong, where at least
    half of the rows are in balance. Where fewer are, the columns after the sectors are something
    else than final use alone: that is remarked, and final use is what is left of output."""
    before = len(cells.wrongs)
    values = np.array([[cells.value(cell[0], row.line, "") for cell in row.cells] for row in rows])
    if found := cells.wrongs[before:]:
        # words are notes, not final use; a number that can be read in two ways is not passed over
        cells.wrongs[before:] = [each for each in found if isinstance(each, Said)]
        return
    output = np.array([row.output for row in rows])
    rounding = np.array([_rounding([cell[0] for cell in row.cells]) for row in rows])

    def missing(left_out: tuple[int, ...]) -> Floats:
        kept = [at for at in range(values.shape[1]) if at not in left_out]
        return np.asarray(np.abs(values[:, kept].sum(axis=1) - output))

    def apart(left_out: tuple[int, ...]) -> np.ndarray:
        return np.asarray(missing(left_out) > rounding + 1e-6 * np.abs(output))

    off = apart(())
    if not off.any():
        rounded = missing(()) > 1e-6 * np.abs(output)
        for at in np.flatnonzero(rounded).tolist()[:1]:
            line, facts = _told(rows[at], values[at], sectors)
            count = int(rounded.sum())
            yield Remark(
                line,
                "{label}: {terms} is {total} and not the output {output}".format(**facts)
                + f", as in {count} of {len(rows)} rows; taken for rounding",
                "{label}: {terms} es {total} y no la producción {output}".format(**facts)
                + f", como en {count} de {len(rows)} filas; se toma por redondeo",
            )
        return
    finals = range(sectors, values.shape[1])
    some = [*combinations(finals, 1), *combinations(finals, 2)][:MOST_SUBTOTALS]
    fitting = [each for each in some if not apart(each).any()]
    subtotals = min(fitting, key=lambda each: float(missing(each).sum()), default=None)
    if subtotals and len(rows) > 1 and off.sum() > 1:
        names = ", ".join(after[at - sectors] for at in subtotals)
        yield Remark(0, f"{names}: a subtotal, left out", f"{names}: un subtotal, omitido")
        return
    told = [_told(row, values[at], sectors) for at, row in enumerate(rows) if off[at]]
    if 2 * off.sum() <= len(rows):
        cells.wrongs.extend(
            Wrong(cells.name, line, "{label}: {terms} is {total} and not the output "
                               "{output}", "correct the row, or leave output out", **facts)
                         for line, facts in told)  # fmt: skip
        return
    (line, facts), count = told[0], int(off.sum())
    text = "{label}: {terms} = {total}, {output}".format(**facts)
    yield Remark(
        line,
        f"in {count} of {len(rows)} rows flows and final use do not add up to the output "
        f"({text}); final use is taken as what is left of output",
        f"en {count} de {len(rows)} filas los flujos y el uso final no suman la producción "
        f"({text}); como uso final se toma lo que queda de la producción",
    )


def _told(row: _Row, values: Floats, sectors: int) -> tuple[int, dict[str, object]]:
    terms = [f"{value:.10g}" for value in values if value]
    shown = " + ".join(terms[:8]) + (" + …" if len(terms) > 8 else "")
    return row.line, {"label": row.label, "terms": shown or "0", "total": f"{values.sum():.10g}",
                      "output": f"{row.output:.10g}"}  # fmt: skip


def _rounding(cells: Sequence[str]) -> float:
    """What rounding of each cell in its last place can come to."""
    places = [re.search(r"[.,](\d+)$", cell) for cell in cells]
    decimals = max((len(found[1]) for found in places if found), default=0)
    return 0.5 * (len(cells) + 1) / 10.0 ** (0 if decimals == 3 else decimals)


def _idle(table: Table) -> Iterable[Remark]:
    """What sectors without output took: no coefficient and no multiplier holds it."""
    for at in np.flatnonzero(table.output == 0).tolist():
        sector = table.sectors[at]
        flows = zip(table.sectors, table.flows, strict=True)
        for name, row in (*flows, *table.primary.items()):
            if row[at]:
                whole = float(row.sum())
                held = f"{whole - float(row[at]):.10g}"
                yield Remark(
                    0,
                    f"{sector} made nothing and used {row[at]:.10g} of {name}, which no multiplier "
                    f"holds ({held} of {whole:.10g} are accounted for)",
                    f"{sector} no hizo nada y usó {row[at]:.10g} de {name}, que ningún "
                    f"multiplicador recoge (se explican {held} de {whole:.10g})",
                )


class _Long:
    """A table of the rows from, to, value."""

    def __init__(self, cells: _Cells, lines: Sequence[Line]) -> None:
        header = [plain(each) for each in lines[0][1]]
        self.places = [next(header.index(word) for word in words if word in header)
                       for words in (("from", "de"), ("to", "a"), ("value", "valor"))]  # fmt: skip
        self.read, self.name, self.lines = cells, cells.name, lines[1:]

    def cells(self) -> Mapping[tuple[str, str], float]:
        wrongs: list[Wrong] = []
        cells: dict[tuple[str, str], float] = {}
        for at, row in self.lines:
            said = [row[place] if place < len(row) else "" for place in self.places]
            if not said[2] or not self.read.is_number(said[2]) or len(row) > 3:
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
            cells[said[0], said[1]] = self.read.value(said[2], at, "value")
        wrongs += self.read.wrongs
        if wrongs:
            raise FileError(wrongs)
        return cells

    def table(self) -> tuple[Table, Read]:
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
        if stated and final.any():
            off = np.abs(flows.sum(axis=1) + final - output) > 1e-6 * np.abs(output) + 0.5
            wrongs = [
                Wrong(self.name, 0, "{label}: {terms} is {total} and not the output {output}",
                      "correct the row, or leave output out",
                      **_told(_Row(sectors[at], 0, [], float(output[at])),
                              np.append(flows[at], final[at]), len(sectors))[1])
                for at in np.flatnonzero(off).tolist()
            ]  # fmt: skip
            if wrongs:
                raise FileError(wrongs)
        table = Table(tuple(sectors), flows, output, output - flows.sum(axis=1), primary)
        read = {"sectors": sectors, "final use": sorted(final_names), "output": stated,
                "primary": list(primary)}  # fmt: skip
        return table, Read(f"{self.read.layout}: from, to, value", read,
                           (*self.read.remarks, *_idle(table)))  # fmt: skip


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
