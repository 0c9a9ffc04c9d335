"""Which function folds which fact: the register that the files beside it fill."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from comuna.readings.rows import Rows
from comuna.rules.act import Entry, Fact

AnyFold = Callable[[Rows, Entry[Any], Any, int], None]
FOLDS: dict[type[Fact], AnyFold] = {}
F = TypeVar("F", bound=Fact)


def folds(kind: type[F]) -> Callable[[Callable[[Rows, Entry[Any], F, int], None]], AnyFold]:
    """Register the function that folds a kind of fact: (rows, entry, fact, place among the facts of
    the entry)."""

    def register(function: Callable[[Rows, Entry[Any], F, int], None]) -> AnyFold:
        FOLDS[kind] = function
        return function

    return register


def words(numbers: Iterable[int]) -> str:
    """Numbers as a list in one column."""
    return " ".join(map(str, sorted(numbers)))
