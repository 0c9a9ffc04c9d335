"""Amounts, dates and spans of time as people write them: integers in, text out."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from typing import Literal

Lang = Literal["es", "en"]

_MONTHS = {
    "es": (
        *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto"),
        *("septiembre", "octubre", "noviembre", "diciembre"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June", "July", "August"),
        *("September", "October", "November", "December"),
    ),
}
_SEPARATORS = {"es": (".", ","), "en": (",", ".")}  # of thousands, of decimals
_SPANS = (
    (86_400, {"es": ("día", "días"), "en": ("day", "days")}),
    (3_600, {"es": ("hora", "horas"), "en": ("hour", "hours")}),
    (60, {"es": ("minuto", "minutos"), "en": ("minute", "minutes")}),
    (1, {"es": ("segundo", "segundos"), "en": ("second", "seconds")}),
)


def number(value: int, lang: Lang, decimals: int = 0) -> str:
    """Whole smallest steps, with separators: number(-123456, "es", 2) → "−1.234,56"."""
    thousands, point = _SEPARATORS[lang]
    whole, part = divmod(abs(value), 10**decimals)
    text = f"{whole:,}".replace(",", thousands)
    if decimals:
        text += f"{point}{part:0{decimals}d}"
    return f"−{text}" if value < 0 else text


def money(amount: int, unit: str, decimals: int, lang: Lang) -> str:
    """An amount in smallest steps with its unit: money(123456, "USD", 2, "en") → "1,234.56 USD"."""
    return f"{number(amount, lang, decimals)} {unit}".strip()


def date(text: str, lang: Lang) -> str:
    """ "2026-03-05" → "5 de marzo de 2026"; whatever is no such date stays as it is."""
    match = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])-(\d\d)", text)
    if match is None:
        return text
    year, month, day = (int(part) for part in match.groups())
    name = _MONTHS[lang][month - 1]
    return f"{day} de {name} de {year}" if lang == "es" else f"{day} {name} {year}"


def moment(seconds: int, lang: Lang, zone: tzinfo = UTC) -> str:
    """UTC seconds as date and time in a zone; the zone is named, so that no hour is mistaken."""
    local = datetime.fromtimestamp(seconds, zone)
    return f"{date(local.date().isoformat(), lang)}, {local:%H:%M} {zone.tzname(local) or zone}"


def duration(seconds: int, lang: Lang) -> str:
    """A span in its two largest measures: duration(93_600, "en") → "1 day and 2 hours"."""
    left, parts = abs(seconds), []
    for size, names in _SPANS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{number(count, lang)} {names[lang][count != 1]}")
    if not parts:
        return "0 " + _SPANS[-1][1][lang][1]
    return (" y " if lang == "es" else " and ").join(parts[:2])
