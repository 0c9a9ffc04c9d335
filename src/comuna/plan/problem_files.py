"""A problem from the rows of its tables (`written`), and back.

docs/plan-format.md describes every column. Reading tells everything that is wrong at once.
"""

import csv
import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from comuna.plan import problem as p
from comuna.plan.errors import FileError, Said, Wrong
from comuna.plan.written import Row, Written, read_written
from comuna.tables.errors import TableError
from comuna.tables.numbers import Numbers
from comuna.tables.reading import heading

LARGEST = 10**15
"""No number in a file is larger than this."""


MOST_QUANTITY = 10**12
MOST_PER = 10**6


@dataclass(frozen=True)
class Column:
    """`names` is the table whose things this column names; `own` marks a table's own name;
    a whole number (of a `fraction` column any) lies between `least` and `most`; `default` is meant
    where nothing is written, and None means that something must be."""

    names: str = ""
    own: bool = False
    text: bool = False
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = LARGEST
    fraction: bool = False
    default: int | str | None = None


_NAME = Column(own=True, text=True)
_WORDS = {"es": Column(text=True, default=""), "en": Column(text=True, default="")}
_EACH = -1  # a period not written means each, a limit not written none

TABLES: Mapping[str, Mapping[str, Column]] = {
    "periods": {"period": _NAME, **_WORDS},
    "goods": {
        "good": _NAME,
        "unit": Column(text=True),
        "steps": Column(least=1, most=10**9, default=1),
        "keep": Column(most=1000, default=0),
        "load": Column(most=10**9, default=0),
        **_WORDS,
    },
    "means": {
        "mean": _NAME,
        "unit": Column(text=True),
        "kind": Column(text=True, choices=p.MEAN_KINDS),
        "steps": Column(least=1, most=10**9, default=1),
        "cost": Column(most=10**9, default=0),
        **_WORDS,
    },
    "bodies": {
        "body": _NAME,
        "people": Column(least=1, most=10**10, default=1),
        "hub": Column(names="bodies", default=_EACH),
        "loss": Column(most=999, default=0),
        "distance": Column(most=10**6, default=1),
        **_WORDS,
    },
    "recipes": {
        "recipe": _NAME,
        "unit": Column(text=True, default=""),
        "per": Column(least=1, most=MOST_PER, default=1),
        **_WORDS,
    },
    "lines": {
        "recipe": Column(names="recipes"),
        "kind": Column(choices=p.LINE_KINDS),
        "item": Column(names="item"),
        "quantity": Column(least=-MOST_QUANTITY, most=MOST_QUANTITY, fraction=True),
        "after": Column(most=1000, default=0),
    },
    "abilities": {
        "body": Column(names="bodies"),
        "recipe": Column(names="recipes"),
        "at_most": Column(most=10**12, default=_EACH),
        "effort": Column(least=1, most=10**6, default=1000),
        "harvest": Column(least=0, most=10**6, default=1000),
    },
    "capacities": {
        "body": Column(names="bodies"),
        "mean": Column(names="means"),
        "period": Column(names="periods", default=_EACH),
        "quantity": Column(),
    },
    "stocks": {
        "body": Column(names="bodies"),
        "good": Column(names="goods"),
        "period": Column(names="periods", default=_EACH),
        "opening": Column(default=0),
        "room": Column(default=_EACH),
    },
    "needs": {
        "body": Column(names="bodies"),
        "good": Column(names="goods"),
        "period": Column(names="periods", default=_EACH),
        "quantity": Column(least=1),
        "tier": Column(names="tiers", default=1),
        "curve": Column(names="curves", default="harmony"),
    },
    "links": {
        "origin": Column(names="bodies"),
        "target": Column(names="bodies"),
        "capacity": Column(default=_EACH),
        "loss": Column(most=999, default=0),
    },
    "curves": {
        "curve": Column(text=True),
        "width": Column(least=1, most=10**6),
        "worth": Column(most=10**6),
    },
    "tiers": {"tier": Column(least=1, most=100), "weight": Column(least=1, most=10**6)},
}
OPTIONAL = frozenset({"capacities", "stocks", "links", "curves", "tiers", "means", "periods",
                      "abilities", "recipes", "lines"})  # fmt: skip
_UNIQUE = {
    "capacities": ("body", "mean", "period"),
    "abilities": ("body", "recipe"),
    "stocks": ("body", "good", "period"),
    "needs": ("body", "good", "period", "tier"),
    "links": ("origin", "target"),
    "tiers": ("tier",),
}

LABELS: Mapping[str, str] = {
    "entrada": "input", "insumo": "input", "inputs": "input", "salida": "output",
    "producto": "output", "outputs": "output", "uso": "use", "usa": "use", "uses": "use",
    "trabajo": "labour", "labor": "labour", "mano_de_obra": "labour", "herramienta": "tool",
    "maquina": "tool", "equipo": "tool", "tools": "tool", "tierra": "land", "suelo": "land",
    "desecho": "waste", "desechos": "waste", "residuo": "waste", "residuos": "waste",
    "transporte": "transport",
}  # fmt: skip
"""What people write for the kinds of lines and means."""


def read_problem(path: Path, centre: bool = False) -> p.Problem:
    """The problem in a folder of CSV, a spreadsheet or a JSON file; that of a centre may be without
    needs. Raises FileError with all that is wrong."""
    return read_named(path, centre)[0]


def read_named(path: Path, centre: bool = False) -> tuple[p.Problem, Written]:
    """The same, and how its tables were read."""
    written = read_written(path, tuple(TABLES))
    return problem_of(written.rows, centre, written.numbers), written


class _Reader:
    """One pass over the tables that remembers what is wrong and goes on."""

    def __init__(
        self,
        rows: Mapping[str, list[Row]],
        optional: frozenset[str],
        numbers: Mapping[str, Numbers],
    ) -> None:
        self.rows, self.optional, self.numbers = rows, optional, numbers
        self.wrongs: list[Wrong] = []
        self.places: dict[str, dict[str, int]] = {}

    def wrong(self, table: str, row: int, what: str, right: str, **facts: object) -> None:
        self.wrongs.append(Wrong(table, row, what, right, **facts))

    def table(self, table: str) -> dict[str, Any]:
        columns = TABLES[table]
        rows = self.rows.get(table, [])
        if not rows and table not in self.optional:
            self.wrong(
                table, 0, "is missing or empty", "give {columns}", columns=", ".join(columns)
            )
        known: set[str | None] = set(columns)
        for extra in sorted({str(c) for _, row in rows for c in row if c not in known}):
            self.wrong(
                table,
                1,
                "has an unknown column {extra!r}",
                "the columns are {columns}",
                extra=extra,
                columns=", ".join(columns),
            )
        read: dict[str, Any] = {}
        for name, column in columns.items():
            values = list(self._column(table, name, column, rows))
            whole = values if column.text or column.fraction else np.array(values, dtype=np.int64)
            read[name] = tuple(whole) if column.text else whole
            if column.own:
                self.places[table] = self._own(table, rows, values)
        self._unique(table, rows, read)
        return read

    def _own(self, table: str, rows: list[Row], values: list[Any]) -> dict[str, int]:
        places: dict[str, int] = {}
        for (at, _), value in zip(rows, values, strict=True):
            if value in places:
                self.wrong(
                    table, at, "{value!r} comes twice", "give each its own name", value=value
                )
            places.setdefault(value, len(places))
        return places

    def _unique(self, table: str, rows: list[Row], read: dict[str, Any]) -> None:
        names = _UNIQUE.get(table, ())
        seen: set[tuple[int, ...]] = set()
        keys = list(zip(*(read[n].tolist() for n in names), strict=True)) or [()] * len(rows)
        for (at, _), key in zip(rows, keys if names else [], strict=bool(names)):
            if key in seen and -1 not in key[:2]:
                self.wrong(
                    table, at, "says {names} a second time", "keep one row", names=", ".join(names)
                )
            seen.add(key)

    def _column(self, table: str, name: str, column: Column, rows: list[Row]) -> Iterator[Any]:
        read = self._reading(table, column)
        for at, row in rows:
            written = row.get(name)
            if isinstance(written, str):
                written = unicodedata.normalize("NFC", written).strip()
            if written is None or written == "":
                if column.default is None:
                    self._not_so(table, at, "{name} is empty", name, column)
                    yield "" if column.text else -1
                    continue
                if not column.names or column.default == _EACH:
                    yield column.default
                    continue
                written = column.default
            try:
                value = read(row, written)
            except TableError as wrong:
                self.wrongs.append(Said(table, _placed(wrong, at)))
                value = "" if column.text else -1
            if value is None:
                self._not_so(table, at, "{name} is {written!r}", name, column, written=written)
                value = "" if column.text else -1
            yield value

    def _reading(self, table: str, column: Column) -> Callable[[Mapping[str, Any], Any], Any]:
        if column.names == "item":
            return self._item
        if column.names:
            places = self.places[column.names]
            return lambda row, written: places.get(str(written))
        if column.choices:
            chosen = {c: (c if column.text else at) for at, c in enumerate(column.choices)}
            return lambda row, written: chosen.get(kind_of(written))
        if column.text:
            return lambda row, written: str(written)
        numbers = self.numbers.get(table, Numbers())
        return lambda row, written: _number(written, column, numbers)

    def _item(self, row: Mapping[str, Any], written: Any) -> int | None:
        things = "means" if kind_of(row.get("kind", "")) == "use" else "goods"
        return self.places[things].get(str(written))

    def _not_so(
        self, table: str, row: int, what: str, name: str, column: Column, **facts: object
    ) -> None:
        """A cell that is not as its column asks, and what it asks."""
        facts["name"] = name
        if column.names == "item":
            right = "name a good of goods, or for kind use a mean of means"
        elif column.names:
            right, some = "name one of {names}: {shown}", list(self.places[column.names])
            facts |= {"names": column.names,
                      "shown": ", ".join(some[:8]) + ("…" if len(some) > 8 else "")}  # fmt: skip
        elif column.choices:
            right = "write one of {choices}"
            facts["choices"] = ", ".join(column.choices)
        elif column.text:
            right = "write a name"
        else:
            right = "write a whole number from {least} to {most}"
            if column.fraction:
                right = "write a number from {least} to {most}"
            facts |= {"least": column.least, "most": column.most}
        self.wrong(table, row, what, right, **facts)


def kind_of(written: object) -> str:
    """A kind as it is called here, however it was written: `Entrada` is input."""
    plain = heading(str(written))
    return LABELS.get(plain, plain)


def _placed(wrong: TableError, line: int) -> TableError:
    return TableError(line, wrong.en, wrong.es)


def _exactly(written: int | Fraction | Decimal | float) -> Fraction | None:
    """The number, if a person could have meant it (not 1e-999999999, nor what is no number)."""
    if isinstance(written, float):
        written = Decimal(repr(written))
    odd = isinstance(written, Decimal) and not (
        written.is_finite() and abs(written.adjusted()) < 30
    )
    return None if odd else Fraction(written)


def _number(written: Any, column: Column, numbers: Numbers) -> int | Fraction | None:
    """A whole number (of a `fraction` column any), however it is written: 60.0, 1e3, 900 000.
    Raises TableError where it may be two."""
    if isinstance(written, str):
        value = numbers.read(written)
    elif isinstance(written, bool) or not isinstance(written, int | Fraction | Decimal | float):
        return None
    else:
        value = _exactly(written)
    if value is None or not column.least <= value <= column.most:
        return None
    if column.fraction:
        return value
    return int(value) if value.denominator == 1 else None


def problem_of(
    rows: Mapping[str, list[Row]],
    centre: bool = False,
    numbers: Mapping[str, Numbers] = MappingProxyType({}),
) -> p.Problem:
    """The problem in rows of text or numbers; that of a centre may be without needs. `numbers` says
    how each table writes them. Raises FileError with all that is wrong."""
    rows = dict(rows)
    if not rows.get("periods"):
        rows["periods"] = [(0, {"period": "1"})]
    reader = _Reader(rows, OPTIONAL | {"needs"} if centre else OPTIONAL, numbers)
    read: dict[str, Any] = {}
    for table in ("periods", "goods", "means", "recipes"):
        read[table] = reader.table(table)
    reader.places["bodies"] = {}
    for at, (_, row) in enumerate(rows.get("bodies", [])):
        name = unicodedata.normalize("NFC", str(row.get("body", ""))).strip()
        reader.places["bodies"].setdefault(name, at)
    read["bodies"] = reader.table("bodies")
    read["curves"] = reader.table("curves") if rows.get("curves") else vars(p.HARMONY)
    read["tiers"] = reader.table("tiers") if rows.get("tiers") else vars(p.TIERS)
    names = list(dict.fromkeys(read["curves"]["curve"]))
    reader.places["curves"] = p.where(names)
    reader.places["tiers"] = {str(tier): at for at, tier in enumerate(read["tiers"]["tier"])}
    if not rows.get("abilities"):
        rows["abilities"] = [
            (0, {"body": body, "recipe": recipe})
            for body in reader.places["bodies"]
            for recipe in reader.places["recipes"]
        ]
    for table in ("lines", "abilities", "capacities", "stocks", "needs", "links"):
        read[table] = reader.table(table)
    if not reader.wrongs:
        _whole_lines(reader, read)
    if not reader.wrongs:
        _check_meaning(reader, read)
    if reader.wrongs:
        raise FileError(reader.wrongs)
    return p.Problem(**{table: _KINDS[table](**read[table]) for table in read})


_KINDS: Mapping[str, Any] = {
    "periods": p.Periods, "goods": p.Goods, "means": p.Means, "bodies": p.Bodies,
    "recipes": p.Recipes, "lines": p.Lines, "abilities": p.Abilities,
    "capacities": p.Capacities, "stocks": p.Stocks, "needs": p.Needs, "links": p.Links,
    "curves": p.Curves, "tiers": p.Tiers,
}  # fmt: skip


def _whole_lines(reader: _Reader, read: dict[str, Any]) -> None:
    """Lines in whole steps: what is nothing is left out; below nothing, what would be given is
    taken, and what would be taken is given; parts of a step are written for so many levels at once
    (`per`) as make them whole."""
    lines, recipes = read["lines"], read["recipes"]
    kinds, quantities = lines["kind"].copy(), list(lines["quantity"])
    times = [1] * len(recipes["recipe"])
    for recipe, quantity in zip(lines["recipe"].tolist(), quantities, strict=True):
        times[recipe] = lcm(times[recipe], Fraction(quantity).denominator)
    per = recipes["per"] * np.array([min(each, LARGEST) for each in times], dtype=np.int64)
    whole: list[int] = []
    for at, quantity in enumerate(quantities):
        recipe = int(lines["recipe"][at])
        value = int(abs(quantity) * times[recipe])
        row = reader.rows["lines"][at][0]
        if quantity < 0 and kinds[at] == p.USE:
            reader.wrong("lines", row, "uses {quantity} of a mean", "a mean is used or not used; "
                         "what gives something back is a good", quantity=quantity)  # fmt: skip
        if value > MOST_QUANTITY or per[recipe] > MOST_PER:
            reader.wrong("lines", row, "{quantity} is too fine beside the other lines",
                         "use smaller steps for what it counts", quantity=quantity)  # fmt: skip
        if quantity < 0:
            kinds[at] = {p.INPUT: p.OUTPUT, p.OUTPUT: p.INPUT}.get(int(kinds[at]), p.USE)
        whole.append(min(value, LARGEST))
    lines["kind"], lines["quantity"] = kinds, np.array(whole, dtype=np.int64)
    kept = lines["quantity"] > 0
    read["lines"] = {name: values[kept] for name, values in lines.items()}
    recipes["per"] = per if (per > 1).any() else per[:0]


def _check_meaning(reader: _Reader, read: Mapping[str, Any]) -> None:
    """What single cells cannot show: hubs in a circle, curves that rise, ways to nowhere, and
    abilities that nothing limits."""
    bodies, curves, links = read["bodies"], read["curves"], read["links"]
    for at in range(len(bodies["hub"])):
        seen, above = {at}, int(bodies["hub"][at])
        while above >= 0 and above not in seen:
            seen.add(above)
            above = int(bodies["hub"][above])
        if above >= 0:
            reader.wrong("bodies", reader.rows["bodies"][at][0], "is its own hub, round a circle",
                         "leave hub empty for the topmost")  # fmt: skip
    last: dict[str, int] = {}
    for at, (curve, worth) in enumerate(zip(curves["curve"], curves["worth"], strict=True)):
        if worth > last.get(curve, worth):
            reader.wrong(
                "curves",
                reader.rows["curves"][at][0],
                "{curve} rises to {worth}",
                "put the most urgent part first: worth may only fall",
                curve=curve,
                worth=worth,
            )
        last[curve] = int(worth)
    for at in np.flatnonzero(links["origin"] == links["target"]).tolist():
        reader.wrong("links", reader.rows["links"][at][0], "goes from a hub to itself",
                     "name two hubs")  # fmt: skip
    if (np.array([k == "transport" for k in read["means"]["kind"]]).sum()) > 1:
        reader.wrong("means", 0, "has two means of kind transport", "keep one")
    _check_limits(reader, read)


def _check_limits(reader: _Reader, read: Mapping[str, Any]) -> None:
    lines, abilities = read["lines"], read["abilities"]
    limited = set(lines["recipe"][(lines["kind"] != p.OUTPUT)].tolist())
    for at, (recipe, most) in enumerate(
        zip(abilities["recipe"].tolist(), abilities["at_most"].tolist(), strict=True)
    ):
        if most < 0 and recipe not in limited:
            row = reader.rows.get("abilities", [])
            reader.wrong(
                "abilities",
                row[at][0] if row else 0,
                "nothing limits {recipe!r}",
                "give at_most, or a line of kind input or use",
                recipe=read["recipes"]["recipe"][recipe],
            )


def rows_of(problem: p.Problem) -> dict[str, list[dict[str, Any]]]:
    """The tables as rows to be written: reading them gives the same problem."""
    names = {
        "periods": problem.periods.period, "goods": problem.goods.good,
        "means": problem.means.mean, "bodies": problem.bodies.body,
        "recipes": problem.recipes.recipe, "curves": tuple(problem.curve_names()),
        "tiers": tuple(str(t) for t in problem.tiers.tier.tolist()),
    }  # fmt: skip
    written: dict[str, list[dict[str, Any]]] = {}
    for table, columns in TABLES.items():
        values = vars(getattr(problem, table))
        size = max(len(column) for column in values.values())
        rows: list[dict[str, Any]] = []
        for at in range(size):
            row: dict[str, Any] = {}
            for name, column in columns.items():
                if at >= len(values[name]):
                    continue
                row[name] = _written(values[name][at], column, names, row)
            rows.append({key: value for key, value in row.items() if value != ""})
        written[table] = rows
    return written


def _written(
    value: Any, column: Column, names: Mapping[str, tuple[str, ...]], row: Mapping[str, Any]
) -> Any:
    if column.text:
        return value
    number = int(value)
    if number == _EACH and column.default == _EACH:
        return ""
    if column.names == "item":
        return names["means" if row["kind"] == "use" else "goods"][number]
    if column.names:
        return names[column.names][number]
    return column.choices[number] if column.choices else number


def write_json(problem: p.Problem, path: Path) -> None:
    path.write_text(json.dumps(rows_of(problem), ensure_ascii=False, indent=1), "utf-8")


def write_folder(problem: p.Problem, path: Path) -> None:
    """One CSV a table that has rows, with every column."""
    path.mkdir(parents=True, exist_ok=True)
    for table, rows in rows_of(problem).items():
        if rows:
            with (path / f"{table}.csv").open("w", encoding="utf-8", newline="") as out:
                writer = csv.DictWriter(out, list(TABLES[table]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
