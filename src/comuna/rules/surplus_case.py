"""The figures of one year that a waterfall is run on, read and checked from plain data.

Amounts are whole numbers of the smallest unit. Shares, weights and measures are exact: whole
numbers, or text such as "1/2", "0.45", "45%" or "37.5". What a case does not say is unknown, not
zero, except results: a result that is not there is 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, Literal

import msgspec

from comuna.rules.statute import Text, exact
from comuna.rules.vocabulary import RESULTS

Choice = int | Fraction | Literal["rest"]
"""What an assembly decided for a step: an amount, a share of its base, or all that remains."""


class CaseFault(msgspec.Struct, frozen=True):
    """What is wrong in a case, where, what would be right, and the article when a law is broken."""

    field: str
    what: Text
    remedy: Text
    article: str = ""

    def in_words(self, lang: str) -> str:
        article = f" (art. {self.article})" if self.article else ""
        return f"{self.field}: {self.what[lang]}{article}. {self.remedy[lang]}."


class InvalidCase(ValueError):  # noqa: N818 - named like the thing, as people say it
    """A case that cannot be run, or decides what the statute does not allow."""

    def __init__(self, faults: Iterable[CaseFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(fault.in_words("en") for fault in self.faults))


def case_fault(
    field: str, en: str, es: str, remedy_en: str, remedy_es: str, article: str = ""
) -> CaseFault:
    return CaseFault(field, {"en": en, "es": es}, {"en": remedy_en, "es": remedy_es}, article)


class Row(msgspec.Struct, frozen=True):
    """What one person did in the year, by measure ("hours", "wages", …), and their standing."""

    measures: dict[str, Fraction]
    kind: str = ""
    months_present: int | None = None
    months_seniority: int | None = None
    seniority_coefficient: Fraction = Fraction(1)


class Case(msgspec.Struct, frozen=True):
    """The figures of a year. `key` gives the weight of each measure; None is unknown."""

    results: dict[str, int]
    prior_losses: int = 0
    tax: int = 0
    gross_operations: int | None = None
    unit: str = ""
    funds: dict[str, int] | None = None
    capital: int | None = None
    highest_capital: int | None = None
    monthly_cost: int | None = None
    solvent: bool | None = None
    choices: dict[str, Choice] = {}
    key: dict[str, Fraction] = {}
    members: dict[str, Row] = {}
    contribution: int | None = None


_FIELDS = (
    *("unit", "results", "funds", "capital", "highest_capital", "monthly_cost", "solvent"),
    *("choices", "key", "members", "contribution"),
)
_SIGNED = (*RESULTS, "tax")  # a negative tax is one given back
_RESULT_FIELDS = (*RESULTS, "prior_losses", "tax", "gross_operations")


def read_case(data: object) -> Case:
    """A case from plain data, in the shape that `comuna surplus` reads (docs/statutes.md).

    Raises `InvalidCase` with everything that is wrong with it.
    """
    reader = _Reader()
    case = reader.case(data)
    if reader.faults:
        raise InvalidCase(reader.faults)
    return case


class _Reader:
    """Reads what it can and collects every fault, so that a person corrects them all at once."""

    def __init__(self) -> None:
        self.faults: list[CaseFault] = []

    def case(self, data: object) -> Case:
        table = self.table("case", data)
        self.known("case", table, _FIELDS)
        results = self.table("results", table.get("results"))
        self.known("results", results, _RESULT_FIELDS)
        if "results" in table and not results:
            self.wrong("results", "{}", '{"member_result": 123456}', "a result", "un resultado")
        amounts = {
            name: self.amount(f"results.{name}", results.get(name, 0), negative=name in _SIGNED)
            for name in _RESULT_FIELDS
        }
        return Case(
            results={name: amounts[name] for name in RESULTS},
            prior_losses=amounts["prior_losses"],
            tax=amounts["tax"],
            gross_operations=amounts["gross_operations"] if "gross_operations" in results else None,
            unit=self.text("unit", table.get("unit", "")),
            funds=self.funds(table),
            capital=self.optional("capital", table),
            highest_capital=self.optional("highest_capital", table),
            monthly_cost=self.optional("monthly_cost", table),
            solvent=self.solvent(table),
            choices={
                name: self.choice(f"choices.{name}", value)
                for name, value in self.table("choices", table.get("choices", {})).items()
            },
            key=self.key(table.get("key", {})),
            members={
                member: self.row(f"members.{member}", row)
                for member, row in self.table("members", table.get("members", {})).items()
            },
            contribution=self.optional("contribution", table),
        )

    def wrong(self, field: str, given: object, example: str, en: str, es: str) -> None:
        shown = str(given)[:60]
        self.faults.append(
            case_fault(
                field,
                f"{shown} does not fit here",
                f"{shown} no cabe aquí",
                f"Write {en}, as {example}",
                f"Escriba {es}, como {example}",
            )
        )

    def known(self, field: str, table: Mapping[str, Any], names: tuple[str, ...]) -> None:
        for name in table:
            if name not in names:
                near = get_close_matches(name, names, 1) or list(names)
                self.faults.append(
                    case_fault(
                        f"{field}.{name}",
                        "this field is not known",
                        "este campo no se conoce",
                        f"Known here: {', '.join(near)}",
                        f"Aquí se conocen: {', '.join(near)}",
                    )
                )

    def table(self, field: str, value: object) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        shown = "null" if value is None else value
        self.wrong(field, shown, '{"name": …}', "an object", "un objeto")
        return {}

    def text(self, field: str, value: object) -> str:
        if isinstance(value, str):
            return value
        self.wrong(field, value, '"…"', "text", "un texto")
        return ""

    def amount(self, field: str, value: object, *, negative: bool = False) -> int:
        if type(value) is int and (negative or value >= 0):
            return value
        en = "a whole number of the smallest unit" + ("" if negative else ", 0 or more")
        es = "un número entero de la unidad más pequeña" + ("" if negative else ", 0 o más")
        self.wrong(field, value, "123456", en, es)
        return 0

    def optional(self, field: str, table: Mapping[str, Any]) -> int | None:
        return self.amount(field, table[field]) if field in table else None

    def solvent(self, table: Mapping[str, Any]) -> bool | None:
        value = table.get("solvent")
        if value is None or isinstance(value, bool):
            return value
        self.wrong("solvent", value, "true", "true or false", "true o false")
        return None

    def funds(self, table: Mapping[str, Any]) -> dict[str, int] | None:
        if "funds" not in table:
            return None
        funds = self.table("funds", table["funds"])
        return {n: self.amount(f"funds.{n}", v, negative=True) for n, v in funds.items()}

    def choice(self, field: str, value: object) -> Choice:
        if value == "rest":
            return "rest"
        if isinstance(value, str):
            share = self.exact(field, value)
            if 0 <= share <= 1:
                return share
        elif type(value) is int and value >= 0:
            return value
        en = 'an amount, a share of the base, or "rest"'
        es = 'un importe, una parte de la base, o "rest"'
        self.wrong(field, value, '48000, "1/10" or "rest"', en, es)
        return 0

    def key(self, value: object) -> dict[str, Fraction]:
        if isinstance(value, str) and value:
            return {value: Fraction(1)}
        key = {n: self.exact(f"key.{n}", w) for n, w in self.table("key", value).items()}
        if any(weight <= 0 for weight in key.values()):
            mix = '{"hours": "1/2", "wages": "1/2"}'
            self.wrong("key", value, mix, "weights above zero", "pesos mayores que cero")
        return key

    def row(self, field: str, value: object) -> Row:
        table = dict(self.table(field, value))
        kind = self.text(f"{field}.kind", table.pop("kind", ""))
        months = {
            name: self.amount(f"{field}.{name}", table.pop(name)) if name in table else None
            for name in ("months_present", "months_seniority")
        }
        coefficient = self.exact(
            f"{field}.seniority_coefficient", table.pop("seniority_coefficient", 1)
        )
        measures = {n: self.exact(f"{field}.{n}", v) for n, v in table.items()}
        for name, measure in measures.items():
            if measure < 0:
                self.wrong(f"{field}.{name}", table[name], "1820", "0 or more", "0 o más")
        return Row(
            measures, kind, months["months_present"], months["months_seniority"], coefficient
        )

    def exact(self, field: str, value: object) -> Fraction:
        """A whole number, or text that is a fraction, a decimal or a percentage."""
        if type(value) is int:
            return Fraction(value)
        if isinstance(value, str):
            try:
                if value.rstrip().endswith("%"):
                    return exact(value.rstrip()[:-1].strip()) / 100
                return exact(value)
            except (ValueError, ZeroDivisionError):
                pass
        en, es = "a number; with a point only as text", "un número; con punto solo como texto"
        self.wrong(field, value, '1820, "37.5", "1/2", "45%"', en, es)
        return Fraction(0)
