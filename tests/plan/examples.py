"""Small problems that the tests of the plan share."""

from pathlib import Path
from typing import Any

from comuna.plan.problem import Problem
from comuna.plan.problem_files import problem_of

SHARED = Path(__file__).parents[3] / "shared" / "data" / "planning"
Rows = dict[str, list[dict[str, Any]]]


def problem(rows: Rows) -> Problem:
    """The problem in plain rows."""
    return problem_of({table: list(enumerate(lines, 1)) for table, lines in rows.items()})


def chairs() -> Rows:
    """A workshop: a chair takes 2 kg of wood and half an hour of carpentry; 10 hours, 30 kg."""
    return {
        "goods": [
            {"good": "wood", "unit": "kg", "steps": 1000, "es": "madera"},
            {"good": "chair", "unit": "chair", "steps": 1000, "es": "silla"},
        ],
        "means": [
            {
                "mean": "carpenter",
                "unit": "hour",
                "kind": "labour",
                "steps": 60,
                "es": "carpintería",
            }
        ],
        "bodies": [{"body": "workshop"}],
        "periods": [{"period": "may", "es": "mayo"}],
        "recipes": [{"recipe": "make"}],
        "lines": [
            {"recipe": "make", "kind": "input", "item": "wood", "quantity": 2000},
            {"recipe": "make", "kind": "use", "item": "carpenter", "quantity": 20},
            {"recipe": "make", "kind": "output", "item": "chair", "quantity": 1000},
        ],
        "capacities": [{"body": "workshop", "mean": "carpenter", "quantity": 120}],
        "stocks": [{"body": "workshop", "good": "wood", "opening": 30_000}],
        "needs": [{"body": "workshop", "good": "chair", "quantity": 10_000}],
    }


def valley() -> Rows:
    """Two communes and their hub over three months: one grows maize, the other bakes."""
    return {
        "goods": [
            {"good": "maize", "unit": "kg", "steps": 1000, "keep": 950, "load": 1},
            {"good": "bread", "unit": "kg", "steps": 1000},
            {"good": "seed", "unit": "kg", "steps": 1000, "keep": 1000},
        ],
        "means": [
            {"mean": "field", "unit": "ha", "kind": "land", "steps": 100},
            {"mean": "work", "unit": "hour", "kind": "labour", "steps": 1, "cost": 10},
            {"mean": "truck", "unit": "tkm", "kind": "transport", "steps": 1},
        ],
        "bodies": [
            {"body": "hub"},
            {"body": "upper", "people": 10, "hub": "hub", "loss": 20},
            {"body": "lower", "people": 30, "hub": "hub", "loss": 50, "distance": 2},
        ],
        "periods": [{"period": "jan"}, {"period": "feb"}, {"period": "mar"}],
        "recipes": [{"recipe": "grow"}, {"recipe": "bake"}],
        "lines": [
            {"recipe": "grow", "kind": "input", "item": "seed", "quantity": 2000},
            {"recipe": "grow", "kind": "use", "item": "field", "quantity": 10},
            {"recipe": "grow", "kind": "use", "item": "work", "quantity": 7, "after": 1},
            {"recipe": "grow", "kind": "output", "item": "maize", "quantity": 80_000, "after": 1},
            {"recipe": "grow", "kind": "output", "item": "seed", "quantity": 1000, "after": 1},
            {"recipe": "bake", "kind": "input", "item": "maize", "quantity": 500},
            {"recipe": "bake", "kind": "output", "item": "bread", "quantity": 600},
            {"recipe": "bake", "kind": "use", "item": "work", "quantity": 1},
        ],
        "abilities": [
            {"body": "upper", "recipe": "grow"},
            {"body": "lower", "recipe": "bake", "effort": 1100},
        ],
        "capacities": [
            {"body": "upper", "mean": "field", "quantity": 100},
            {"body": "upper", "mean": "work", "quantity": 60},
            {"body": "lower", "mean": "work", "quantity": 100},
            {"body": "hub", "mean": "truck", "quantity": 400},
        ],
        "stocks": [
            {"body": "upper", "good": "seed", "opening": 5000},
            {"body": "upper", "good": "maize", "opening": 10_000},
        ],
        "needs": [
            {"body": "upper", "good": "bread", "quantity": 20_000},
            {"body": "lower", "good": "bread", "quantity": 60_000},
            {"body": "lower", "good": "maize", "quantity": 100_000, "tier": 2},
        ],
    }
