"""Where each value of a pack stands in its text, and whether it has the shape of a statute.

TOML readers give values without lines; a person who writes a pack needs the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

import msgspec
from msgspec import inspect as shapes

from comuna.rules.statute import Text

Place = tuple[str | int, ...]
"""A value's place in a pack: ("surplus", "steps", 0, "share")."""


class PackError(msgspec.Struct, frozen=True, order=True):
    """One fault of a pack: the line, the field ("surplus.steps[0].id"),
    what is wrong, and what would be right, both as {"en": …, "es": …}."""

    line: int
    field: str
    what: Text
    remedy: Text

    def in_words(self, lang: str) -> str:
        line = {"en": "line", "es": "línea"}[lang]
        return f"{line} {self.line}: {self.field}: {self.what[lang]}. {self.remedy[lang]}."


class Fault(msgspec.Struct, frozen=True):
    """A fault by its place, before its line is looked up."""

    place: Place
    what: Text
    remedy: Text
    bounds: bool = False  # of the right kind, and beyond what such a number may be


def written(place: Place) -> str:
    """("assembly", "calls", 0, "of") → "assembly.calls[0].of"."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return text.removeprefix(".")


# --- lines ------------------------------------------------------------------------------------

_TABLES = re.compile(r"\s*\[\[\s*([\w.\- ]+?)\s*\]\]")
_TABLE = re.compile(r"\s*\[\s*([\w.\- ]+?)\s*\]")
_KEY = re.compile(r"\s*([\w.\-]+)\s*=")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'', re.S
)


def lines(text: str) -> dict[Place, int]:
    """The line of every table and key that begins a line; text must be valid TOML."""
    found: dict[Place, int] = {(): 1}
    counts: dict[Place, int] = {}
    table: Place = ()
    depth = 0
    for number, line in enumerate(_bare(text).splitlines(), 1):
        if depth == 0:
            if match := _TABLES.match(line):
                place = _resolve(match[1], counts)
                counts[place] = counts.get(place, -1) + 1
                found.setdefault(place, number)
                table = (*place, counts[place])
                found[table] = number
                continue
            if match := _TABLE.match(line):
                table = _resolve(match[1], counts)
                found[table] = number
                continue
            if match := _KEY.match(line):
                found[(*table, *match[1].split("."))] = number
        depth += sum(line.count(c) for c in "[{") - sum(line.count(c) for c in "]}")
    return found


def _bare(text: str) -> str:
    """The text with strings and comments emptied, line breaks kept: what is left is structure."""
    pattern = re.compile(f"(?:{_STRING.pattern})|#[^\n]*", re.S)
    return pattern.sub(lambda match: "\n" * match[0].count("\n"), text)


def _resolve(header: str, counts: dict[Place, int]) -> Place:
    """The place a header means: "offices.recall" is that of the last office begun."""
    place: Place = ()
    parts = [part.strip() for part in header.split(".")]
    for number, part in enumerate(parts):
        place = (*place, part)
        if place in counts and number < len(parts) - 1:
            place = (*place, counts[place])
    return place


def line_of(place: Place, known: dict[Place, int]) -> int:
    """The line of a place, or of the nearest table around it that the text has; else the first."""
    while place:
        if place in known:
            return known[place]
        place = place[:-1]
    return 1


# --- shape ------------------------------------------------------------------------------------


def faults(value: Any, kind: shapes.Type, place: Place = ()) -> Iterator[Fault]:
    """Everything in which a value differs from the shape of a type, not only the first thing."""
    match kind:
        case shapes.StructType():
            yield from _struct_faults(value, kind, place)
        case shapes.VarTupleType():
            if not isinstance(value, list):
                yield _wrong(place, value, "a list", "una lista")
                return
            for number, item in enumerate(value):
                yield from faults(item, kind.item_type, (*place, number))
        case shapes.DictType():
            if not isinstance(value, dict):
                yield _wrong(place, value, "a table", "una tabla")
                return
            for key, item in value.items():
                yield from faults(item, kind.value_type, (*place, key))
        case shapes.UnionType():
            yield from faults(value, next(iter(kind.types)), place)
        case shapes.LiteralType():
            if value not in kind.values:
                words = ", ".join(f'"{word}"' for word in kind.values)
                yield _wrong(place, value, f"one of {words}", f"una de {words}")
        case shapes.IntType():
            least, most = kind.ge or 0, kind.le
            if type(value) is not int or value < least or (most is not None and value > most):
                wrong = _wrong(place, value, *_range(least, most))
                yield msgspec.structs.replace(wrong, bounds=type(value) is int)
        case shapes.BoolType():
            if not isinstance(value, bool):
                yield _wrong(place, value, "true or false", "true o false")
        case _:
            if not isinstance(value, str):
                exact = 'text in quotes (a fraction is "1/2")', 'texto entre comillas ("1/2")'
                yield _wrong(place, value, *exact)


def _struct_faults(value: Any, kind: shapes.StructType, place: Place) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield _wrong(place, value, "a table", "una tabla")
        return
    fields = {field.encode_name: field for field in kind.fields}
    for name, item in value.items():
        if name in fields:
            yield from faults(item, fields[name].type, (*place, name))
        else:
            yield _unknown((*place, name), name, sorted(fields))
    for name, field in fields.items():
        if field.required and name not in value:
            yield _missing(place, name)


def _range(least: int | float, most: int | float | None) -> tuple[str, str]:
    """A whole number within its range, in words (English, Spanish)."""
    if most is None:
        return f"a whole number, {least} or more", f"un número entero, {least} o más"
    return f"a whole number from {least} to {most}", f"un número entero de {least} a {most}"


def _wrong(place: Place, value: object, en: str, es: str) -> Fault:
    shown = repr(value)[:60]
    return Fault(
        place,
        {"en": f"{shown} does not fit here", "es": f"{shown} no cabe aquí"},
        {"en": f"Write {en}", "es": f"Escriba {es}"},
    )


def _unknown(place: Place, name: str, known: list[str]) -> Fault:
    near = get_close_matches(name, known, 1)
    names = near[0] if near else ", ".join(known)
    return Fault(
        place,
        {"en": f'unknown field "{name}"', "es": f"campo desconocido «{name}»"},
        {
            "en": f"Did you mean {names}" if near else f"Known are {names}",
            "es": f"¿Quiso decir {names}?" if near else f"Se conocen {names}",
        },
    )


def _missing(place: Place, name: str) -> Fault:
    reasons = {
        "article": {
            "en": 'Name the article it comes from: article = "28 I"',
            "es": 'Diga de qué artículo viene: article = "28 I"',
        },
        "tie": {
            "en": 'The law is silent on ties, so the statute must not be: tie = "status-quo"'
            ' (nothing changes), "repeat" or "chair"',
            "es": 'La ley calla sobre los empates y el estatuto no puede: tie = "status-quo"'
            ' (nada cambia), "repeat" o "chair"',
        },
        "participation": {
            "en": "Say how many of those present have to take part in a vote, or it decides"
            ' nothing: participation = "1/2"',
            "es": "Diga cuántas de las personas presentes deben participar para que una votación"
            ' decida algo: participation = "1/2"',
        },
        "ties": {
            "en": 'Say who gets the last unit among equals: ties = "member_order"',
            "es": 'Diga quién recibe la última unidad entre iguales: ties = "member_order"',
        },
    }
    plain = {"en": f"Add {name} = …", "es": f"Añada {name} = …"}
    return Fault(
        (*place, name),
        {"en": f"{name} is missing", "es": f"falta {name}"},
        reasons.get(name, plain),
    )
