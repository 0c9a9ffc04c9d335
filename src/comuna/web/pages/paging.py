"""Long lists in pages, and links that keep what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from comuna import given

A_PAGE = 25


@dataclass(frozen=True, slots=True)
class Paged:
    """One page of a list; `newer` and `older` are addresses, empty where there is no more."""

    rows: Sequence[Any]
    total: int
    newer: str
    older: str


def paged(request: HttpRequest, found: Any, length: int = A_PAGE) -> Paged:
    """The page that the request asks for ("?page=2"), of a list or a queryset. A page that does not
    exist is empty."""
    page = number(request, "page", 1)
    total = len(found) if isinstance(found, Sequence) else found.count()
    start = (page - 1) * length
    rows = list(found[start : start + length])
    newer = link(request, page - 1) if page > 1 else ""
    older = link(request, page + 1) if start + length < total else ""
    return Paged(rows, total, newer, older)


def number(request: HttpRequest, name: str, otherwise: int = 0) -> int:
    """A whole number from 1 in the address, or another one where there is none such."""
    found = given.whole(request.GET.get(name, ""), 15)
    return otherwise if found is None else max(1, found)


def link(request: HttpRequest, page: int) -> str:
    query = {name: value for name, value in request.GET.items() if name != "page"}
    return "?" + urlencode({**query, "page": page} if page > 1 else query)
