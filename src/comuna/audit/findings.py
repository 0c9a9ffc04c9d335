"""What a proof says when it fails: a name, where, and plain words in two languages."""

from __future__ import annotations

from typing import Any, NamedTuple

from comuna.audit.texts import TEXTS


class Finding(NamedTuple):
    """Something that does not hold. `where` is an entry ("entry 57"), a file or a table's row."""

    name: str
    where: str
    en: str
    es: str


class Unproven(Exception):  # noqa: N818 - what the act is
    """Carries the name of a finding and its figures out of the depth of a proof."""

    def __init__(self, name: str, **figures: Any) -> None:
        super().__init__(name)
        self.name, self.figures = name, figures


def need(holds: object, name: str, **figures: Any) -> None:
    """Go on only where this holds."""
    if not holds:
        raise Unproven(name, **figures)


def finding(name: str, where: str, **figures: Any) -> Finding:
    """A finding in words."""
    en, es = TEXTS[name]
    return Finding(name, where, en.format(**figures), es.format(**figures))
