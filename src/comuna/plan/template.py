"""Tables that a brigade can fill in: spreadsheets and a folder of CSV with a small example."""

import csv
from pathlib import Path
from typing import Any

from comuna.plan.errors import PlanError
from comuna.plan.problem_files import TABLES
from comuna.plan.sheets import write_ods, write_xlsx

_WORKSHOP: dict[str, list[dict[str, Any]]] = {
    "periods": [{"period": "may"}, {"period": "jun"}],
    "goods": [
        {"good": "wood", "unit": "kg", "steps": 1000, "keep": 1000},
        {"good": "chair", "unit": "piece", "steps": 100, "keep": 1000},
    ],
    "means": [
        {"mean": "carpenter", "unit": "hour", "kind": "labour", "steps": 60},
        {"mean": "saw", "unit": "hour", "kind": "tool", "steps": 60},
    ],
    "bodies": [{"body": "workshop", "people": 8}],
    "recipes": [{"recipe": "make chairs", "unit": "chair"}],
    "lines": [
        {"recipe": "make chairs", "kind": "input", "item": "wood", "quantity": 6000},
        {"recipe": "make chairs", "kind": "use", "item": "carpenter", "quantity": 150},
        {"recipe": "make chairs", "kind": "use", "item": "saw", "quantity": 20},
        {"recipe": "make chairs", "kind": "output", "item": "chair", "quantity": 100},
    ],
    "abilities": [{"body": "workshop", "recipe": "make chairs"}],
    "capacities": [
        {"body": "workshop", "mean": "carpenter", "quantity": 9600},
        {"body": "workshop", "mean": "saw", "period": "jun", "quantity": 1200},
        {"body": "workshop", "mean": "saw", "period": "may", "quantity": 2400},
    ],
    "stocks": [{"body": "workshop", "good": "wood", "opening": 900_000}],
    "needs": [{"body": "workshop", "good": "chair", "quantity": 8000, "tier": 1}],
    "links": [],
    "curves": [
        {"curve": "harmony", "width": 500, "worth": 54},
        {"curve": "harmony", "width": 300, "worth": 18},
        {"curve": "harmony", "width": 200, "worth": 6},
        {"curve": "harmony", "width": 200, "worth": 1},
    ],
    "tiers": [{"tier": 1, "weight": 10}, {"tier": 2, "weight": 3}, {"tier": 3, "weight": 1}],
}
_SPANISH = {
    "may": "mayo", "jun": "junio", "wood": "madera", "chair": "silla", "piece": "pieza",
    "carpenter": "carpintería", "hour": "hora", "saw": "sierra", "workshop": "taller",
    "make chairs": "hacer sillas",
}  # fmt: skip

HELP: dict[str, tuple[str, str]] = {
    "": (
        "Una hoja por tabla. Cambie las filas del ejemplo por las suyas; las columnas no cambian "
        "de nombre. Las cantidades son números enteros en el paso más pequeño: si goods dice kg "
        "con steps 1000, se cuentan gramos. Una celda vacía toma lo que aquí se dice.",
        "A sheet for each table. Put your rows in place of the example's; columns keep their "
        "names. Quantities are whole numbers of the smallest step: where goods says kg with steps "
        "1000, grams are counted. An empty cell takes what is said here.",
    ),
    "periods.period": ("nombre del período, en su orden", "name of the period, in order"),
    "goods.good": ("nombre del bien", "name of the good"),
    "goods.unit": ("en qué se cuenta: kg, pieza…", "what it is counted in: kg, piece…"),
    "goods.steps": ("pasos en una unidad (vacío: 1)", "steps in a unit (empty: 1)"),
    "goods.keep": (
        "de mil guardados, cuántos quedan un período después (vacío: no se guarda)",
        "of a thousand stored, how many are left a period later (empty: not stored)",
    ),
    "goods.load": (
        "pasos del transporte por unidad y distancia (vacío: 0)",
        "steps of the transport for a unit and a distance (empty: 0)",
    ),
    "means.mean": ("trabajo, herramienta, tierra…", "labour, tool, land…"),
    "means.unit": ("hora, ha…", "hour, ha…"),
    "means.kind": (
        "labour (trabajo), tool (herramienta), land (tierra), waste (desecho permitido), transport",
        "labour, tool, land, waste (allowed), transport",
    ),
    "means.steps": ("pasos en una unidad (vacío: 1)", "steps in a unit (empty: 1)"),
    "means.cost": (
        "millonésimas de valor que quita usar una unidad (vacío: 0)",
        "millionths of worth that using a unit takes away (empty: 0)",
    ),
    "bodies.body": ("quién: taller, comuna, centro de acopio", "who: workshop, commune, hub"),
    "bodies.people": ("cuántas personas (vacío: 1)", "how many people (empty: 1)"),
    "bodies.hub": ("por qué cuerpo envía y recibe", "the body through which it sends and receives"),
    "bodies.loss": ("de mil recibidos, cuántos se pierden", "of a thousand received, how many go"),
    "bodies.distance": ("hasta su centro (vacío: 1)", "to its hub (empty: 1)"),
    "recipes.recipe": ("una manera de hacer algo", "a way to make something"),
    "recipes.unit": ("qué es una vez: hectárea, hornada", "what once is: hectare, batch"),
    "recipes.per": (
        "para cuántas veces son sus líneas (vacío: 1)",
        "for how many times its lines are (empty: 1)",
    ),
    "lines.recipe": ("de qué receta", "of which recipe"),
    "lines.kind": (
        "input (toma un bien), output (da un bien), use (ocupa un medio)",
        "input (takes a good), output (gives a good), use (of a mean)",
    ),
    "lines.item": ("qué bien o medio", "which good or mean"),
    "lines.quantity": ("pasos, para una vez; con decimales si hace falta",
                       "steps, for once; with decimals if need be"),
    "lines.after": ("tantos períodos después (vacío: 0)", "so many periods later (empty: 0)"),
    "abilities.body": ("quién", "who"),
    "abilities.recipe": ("qué sabe hacer", "what it can do"),
    "abilities.at_most": ("cuántas veces por período (vacío: sin límite)",
                          "how often each period (empty: no limit)"),
    "abilities.effort": (
        "milésimas de los medios de la receta que usa (vacío: 1000)",
        "thousandths of the recipe's means that it uses (empty: 1000)",
    ),
    "abilities.harvest": (
        "milésimas de lo que da la receta (vacío: 1000)",
        "thousandths of what the recipe gives (empty: 1000)",
    ),
    "capacities.body": ("quién", "who"),
    "capacities.mean": ("qué medio tiene", "which mean it has"),
    "capacities.period": ("cuándo (vacío: en cada período)", "when (empty: in each period)"),
    "capacities.quantity": ("cuánto, en pasos", "how much, in steps"),
    "stocks.body": ("quién", "who"),
    "stocks.good": ("qué", "what"),
    "stocks.period": ("cuándo está o llega (vacío: el primero)",
                      "when it is there or arrives (empty: the first)"),
    "stocks.opening": ("cuánto, en pasos (vacío: 0)", "how much, in steps (empty: 0)"),
    "stocks.room": ("lo más que cabe (vacío: sin límite)", "the most there is room for"),
    "needs.body": ("quién", "who"),
    "needs.good": ("qué necesita", "what it needs"),
    "needs.period": ("cuándo (vacío: en cada período)", "when (empty: in each period)"),
    "needs.quantity": ("la norma, en pasos", "the norm, in steps"),
    "needs.tier": ("nivel: 1 es lo básico (vacío: 1)", "tier: 1 is the basic one (empty: 1)"),
    "needs.curve": ("cómo baja su valor (vacío: harmony)", "how its worth falls (empty: harmony)"),
    "links.origin": ("de qué centro", "from which hub"),
    "links.target": ("a qué centro", "to which hub"),
    "links.capacity": ("cuánto transporte cabe (vacío: sin límite)",
                       "how much transport it takes (empty: no limit)"),
    "links.loss": ("de mil enviados, cuántos se pierden", "of a thousand sent, how many are lost"),
    "curves.curve": ("nombre; lo decide la asamblea", "name; the assembly decides it"),
    "curves.width": ("milésimas de la norma", "thousandths of the norm"),
    "curves.worth": ("valor de cada una; solo puede bajar", "worth of each; may only fall"),
    "tiers.tier": ("nivel", "tier"),
    "tiers.weight": ("cuánto pesa; lo decide la asamblea", "its weight; the assembly decides it"),
}  # fmt: skip


def example(language: str) -> dict[str, list[dict[str, Any]]]:
    """The workshop that makes chairs, with names in the language and words in both."""
    other, words = ("en", _SPANISH) if language == "es" else ("es", {})
    back = {spanish: english for english, spanish in words.items()} or _SPANISH
    rows: dict[str, list[dict[str, Any]]] = {}
    for table, lines in _WORKSHOP.items():
        rows[table] = [{key: words.get(value, value) for key, value in line.items()}
                       for line in lines]  # fmt: skip
        for line in rows[table]:
            own = next(iter(line.values()))
            if "es" in TABLES[table] and own in back:
                line[other] = back[own]
    return rows


def write_template(folder: Path, language: str = "en") -> list[Path]:
    """Write `problem.ods`, `problem.xlsx` and `csv/`, one table each, and what every column means;
    gives what was written. They hold a workshop that makes chairs, to be replaced line by line.
    Raises PlanError rather than write over anything."""
    names = ("problem.ods", "problem.xlsx", "csv")
    if any((folder / name).exists() for name in names):
        raise PlanError("{folder} already holds a template; choose an empty folder", folder=folder)
    (folder / "csv").mkdir(parents=True)
    rows = example(language)
    sheets: dict[str, list[list[Any]]] = {
        table: [list(columns), *([row.get(name, "") for name in columns] for row in rows[table])]
        for table, columns in TABLES.items()
    }
    at = ("es", "en").index(language)
    said = [[*(place.split(".") if place else ("", "")), both[at]] for place, both in HELP.items()]
    written = [folder / name for name in names[:2]]
    write_ods({"help": said, **sheets}, written[0])
    write_xlsx({"help": said, **sheets}, written[1])
    written.append(folder / "csv" / "help.txt")
    written[-1].write_text(
        "\n".join(": ".join(filter(None, line)) for line in said) + "\n", "utf-8"
    )
    for table, lines in sheets.items():
        path = folder / "csv" / f"{table}.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows(lines)
        written.append(path)
    return written
