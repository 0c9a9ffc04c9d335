"""Tables that a brigade can fill in: a spreadsheet and a folder of CSV with a small example."""

import csv
from pathlib import Path
from typing import Any

from comuna.plan.problem_files import TABLES
from comuna.plan.sheets import write_ods

EXAMPLE: dict[str, list[dict[str, Any]]] = {
    "periods": [{"period": "may", "es": "mayo"}, {"period": "jun", "es": "junio"}],
    "goods": [
        {"good": "wood", "unit": "kg", "steps": 1000, "keep": 1000, "es": "madera"},
        {"good": "chair", "unit": "piece", "steps": 100, "keep": 1000, "es": "silla"},
    ],
    "means": [
        {"mean": "carpenter", "unit": "hour", "kind": "labour", "steps": 60, "es": "carpintería"},
        {"mean": "saw", "unit": "hour", "kind": "tool", "steps": 60, "es": "sierra"},
    ],
    "bodies": [{"body": "workshop", "people": 8, "es": "taller"}],
    "recipes": [{"recipe": "chairs", "unit": "chair", "es": "hacer sillas"}],
    "lines": [
        {"recipe": "chairs", "kind": "input", "item": "wood", "quantity": 6000},
        {"recipe": "chairs", "kind": "use", "item": "carpenter", "quantity": 150},
        {"recipe": "chairs", "kind": "use", "item": "saw", "quantity": 20},
        {"recipe": "chairs", "kind": "output", "item": "chair", "quantity": 100},
    ],
    "abilities": [{"body": "workshop", "recipe": "chairs"}],
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


def write_template(folder: Path) -> list[Path]:
    """Write `problem.ods` and `csv/`, one table each; gives what was written. They hold a workshop
    that makes chairs, to be replaced line by line. Raises FileExistsError rather than write over
    anything."""
    ods = folder / "problem.ods"
    if ods.exists() or (folder / "csv").exists():
        raise FileExistsError(f"{folder} already holds a template; choose an empty folder")
    (folder / "csv").mkdir(parents=True)
    sheets = {
        table: [list(columns), *([row.get(name, "") for name in columns] for row in EXAMPLE[table])]
        for table, columns in TABLES.items()
    }
    write_ods(sheets, ods)
    written = [ods]
    for table, rows in sheets.items():
        path = folder / "csv" / f"{table}.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows(rows)
        written.append(path)
    return written
