"""Changes to the tables, gathered and then written together.

Operations on different tables commute, because none reads another table; those on one table keep
their order. So a thousand acts become a handful of `executemany` calls.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any

from comuna.book.database import Database
from comuna.readings.tables import BY_NAME, Table

Value = str | int
Run = tuple[str, list[tuple[Value, ...]]]
"""A statement, and the values with which it is run one time after another."""


class Rows:
    """What a batch of acts changes in the readings of one body. `insert` takes what is not left at
    its default; an unknown table or column raises KeyError."""

    def __init__(self, body: str) -> None:
        self.body = body
        self.runs: dict[str, list[Run]] = defaultdict(list)
        self.balances: dict[tuple[str, str, str], int] = defaultdict(int)

    def insert(self, table: str, **values: Value) -> None:
        """A new row."""
        known, defaults, sql = insertion(table)
        if not values.keys() <= known:
            raise KeyError(f"{table} has no {', '.join(values.keys() - known)}")
        row = {**defaults, **values, "body": self.body}
        self.then(table, sql, tuple(row.values()))

    def add(self, table: str, *values: Value) -> None:
        """A new row with every column after the body given in its order: for what comes by the
        thousand."""
        self.then(table, insertion(table)[2], (self.body, *values))

    def update(self, table: str, where: Mapping[str, Value], **values: Value) -> None:
        """New values in the rows that `where` names."""
        sql = changing(table, tuple(values), tuple(where))
        self.then(table, sql, (*values.values(), self.body, *where.values()))

    def delete(self, table: str, **where: Value) -> None:
        """The rows that `where` names go."""
        sql = f'DELETE FROM "{BY_NAME[table].sql_name}" WHERE {matching(tuple(where))}'
        self.then(table, sql, (self.body, *where.values()))

    def run(self, table: str, change: str, condition: str, *values: Value) -> None:
        """An update in SQL, for what depends on the row as it is: `change` and `condition` with "?"
        for the values, in which the body comes after those of `change`."""
        changing_values, rest = change.count("?"), list(values)
        rest.insert(changing_values, self.body)
        sql = f'UPDATE "{BY_NAME[table].sql_name}" SET {change} WHERE body = ? AND {condition}'
        self.then(table, sql, tuple(rest))

    def then(self, table: str, sql: str, values: tuple[Value, ...]) -> None:
        """One more operation on a table, after those before it."""
        runs = self.runs[table]
        if runs and runs[-1][0] == sql:
            runs[-1][1].append(values)
        else:
            runs.append((sql, [values]))

    def write(self, database: Database) -> None:
        """Write all of it, inside the caller's transaction."""
        for runs in self.runs.values():
            for sql, values in runs:
                database.executemany(sql, values)
        if self.balances:
            balances = self.balances.items()
            rows = [(self.body, a, u, n, g) for (a, u, g), n in balances]
            database.executemany(ADD_TO_BALANCE, rows)


ADD_TO_BALANCE = (
    'INSERT INTO reading_balance (body, account, unit, amount, "group") VALUES (?, ?, ?, ?, ?)'
    " ON CONFLICT (body, account, unit) DO UPDATE"
    ' SET amount = reading_balance.amount + excluded.amount, "group" = excluded."group"'
)


@cache
def insertion(table: str) -> tuple[frozenset[str], dict[str, Value], str]:
    """The columns of a table, their defaults in order, and the statement that adds a row."""
    of: Table = BY_NAME[table]
    names = ", ".join(f'"{c.name}"' for c in of.columns)
    marks = ", ".join("?" for _ in of.columns)
    defaults: dict[str, Any] = {c.name: c.default for c in of.columns}
    return frozenset(defaults), defaults, f'INSERT INTO "{of.sql_name}" ({names}) VALUES ({marks})'


@cache
def changing(table: str, values: tuple[str, ...], where: tuple[str, ...]) -> str:
    """The statement that sets these columns where those are given."""
    known = insertion(table)[0]
    if unknown := {*values, *where} - known:
        raise KeyError(f"{table} has no {', '.join(unknown)}")
    change = ", ".join(f'"{v}" = ?' for v in values)
    return f'UPDATE "{BY_NAME[table].sql_name}" SET {change} WHERE {matching(where)}'


@cache
def matching(where: tuple[str, ...]) -> str:
    return " AND ".join(f'"{name}" = ?' for name in ("body", *where))
