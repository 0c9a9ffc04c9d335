"""All doors there are, and how much comes to each."""

from __future__ import annotations

from tests.fuzz import book, files, terminal, web
from tests.fuzz.door import Door

DOORS = (
    Door("acts", 200, book.acts),
    Door("foundings", 60, book.foundings),
    Door("packs", 10, book.packs),
    Door("amendments", 50, book.amendments),
    Door("homes", 60, book.homes),
    Door("receipts", 160, book.receipts),
    Door("books", 10, book.books),
    Door("ballots", 150, files.ballots),
    Door("motions", 60, files.motions),
    Door("tables", 150, files.tables),
    Door("plans", 60, files.plans),
    Door("surpluses", 60, files.surpluses),
    Door("requests", 60, web.requests),
    Door("terminal", 10, terminal.arguments_of_verbs),
)
