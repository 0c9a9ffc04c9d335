"""The tables of the readings: names, columns, and how to make them."""

from __future__ import annotations

from comuna.book.database import Database

TABLES: tuple[str, ...] = ()


def create(database: Database) -> None:
    """Make the tables of the readings where they are not yet."""
    database.script(TABLES)
