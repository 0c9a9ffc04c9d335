"""All doors there are, and how much comes to each: most to those that answer fast, so that on the
whole a processor hands in a thousand a second."""

from __future__ import annotations

from tests.fuzz import book, files, terminal, web
from tests.fuzz.door import Door

DOORS = (
    Door("acts", 240, book.acts),
    Door("foundings", 30, book.foundings),
    Door("packs", 3, book.packs),
    Door("amendments", 30, book.amendments),
    Door("homes", 80, book.homes),
    Door("receipts", 220, book.receipts),
    Door("books", 2, book.books),
    Door("ballots", 180, files.ballots),
    Door("motions", 80, files.motions),
    Door("tables", 80, files.tables),
    Door("plans", 10, files.plans),
    Door("surpluses", 80, files.surpluses),
    Door("requests", 20, web.requests),
    Door("terminal", 2, terminal.arguments_of_verbs),
)
