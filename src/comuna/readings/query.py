"""Reading the tables: rows as plain dictionaries."""

from __future__ import annotations

from typing import Any

from comuna.book import checkpoint, store
from comuna.book.database import Database
from comuna.readings.tables import BY_NAME

Row = dict[str, Any]


class NoSuchBody(LookupError):  # noqa: N818 - told to the person as it is
    """No readings of this body; `comuna rebuild` makes them from its book."""


def select(database: Database, sql: str, *parameters: Any) -> list[Row]:
    """The rows of a query, by the names of its columns."""
    cursor = database.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def rows(database: Database, body: str, table: str, order: str = "", **where: Any) -> list[Row]:
    """The rows of a body in one table, by default in the order of its key."""
    of = BY_NAME[table]
    order = order or ", ".join(f'"{name}"' for name in of.key[1:]) or "body"
    condition = "".join(f' AND "{name}" = ?' for name in where)
    return select(
        database,
        f'SELECT * FROM "{of.sql_name}" WHERE body = ?{condition} ORDER BY {order}',
        body,
        *where.values(),
    )


def one(database: Database, body: str, table: str, **where: Any) -> Row | None:
    """The first row."""
    found = rows(database, body, table, **where)
    return found[0] if found else None


def source(database: Database, body: str) -> Row:
    """What a statement was computed from: the body, its unit, how many acts of the book the
    readings hold, and the last signed checkpoint. Raises NoSuchBody."""
    known = one(database, body, "body")
    if known is None:
        raise NoSuchBody(f"no readings of {body}; `comuna rebuild` makes them from its book")
    signed = store.last_checkpoint(database, body)
    if signed is not None:
        last, _ = checkpoint.parse(signed)
        known["checkpoint"] = {"size": last.size, "root": last.root.hex()}
    return known
