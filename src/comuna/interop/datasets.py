"""What the tabular formats hold: every table of the readings as it is, and `ledger`, the lines of
all movements with what stands behind them.

In the tables amounts are whole numbers of smallest steps; in `ledger` they are decimals of the
unit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from comuna.book.database import Database
from comuna.readings.query import source
from comuna.readings.tables import TABLES, Column

LEDGER = (
    *("body", "movement", "date", "kind", "text", "party", "unit", "account", "group", "amount"),
    *("decision", "authorisation", "payment", "receipt", "reverses"),
)


class Dataset(NamedTuple):
    """A named set of rows. `decimals` is the scale of `amount`, None where amounts are whole."""

    name: str
    columns: tuple[Column, ...]
    sql: str
    decimals: int | None

    def rows(self, database: Database, body: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a body, in the order of their keys."""
        yield from database.execute(self.sql, (body,))


def datasets(database: Database, body: str) -> list[Dataset]:
    """All data sets of a body. Raises NoSuchBody."""
    found = [
        Dataset(
            of.name,
            of.columns,
            f"SELECT {', '.join(quoted(c.name) for c in of.columns)} FROM {of.sql_name}"
            f" WHERE body = ? ORDER BY {', '.join(quoted(name) for name in of.key)}",
            None,
        )
        for of in TABLES
    ]
    return [*found, ledger(source(database, body)["decimals"])]


def quoted(name: str) -> str:
    return f'"{name}"'


def ledger(decimals: int) -> Dataset:
    """The lines of all movements, by date."""
    numbers = ("movement", "amount", "decision", "payment", "reverses")
    columns = tuple(Column(name, name not in numbers) for name in LEDGER)
    sql = (
        "SELECT m.body, m.number, m.date, m.kind, m.text, m.party, m.unit, l.account,"
        ' l."group", l.amount, m.decision, m.authorisation, m.payment, m.receipt, m.reverses'
        " FROM reading_movement m JOIN reading_line l"
        " ON l.body = m.body AND l.movement = m.number"
        " WHERE m.body = ? ORDER BY m.date, m.number, l.place"
    )
    return Dataset("ledger", columns, sql, decimals)
