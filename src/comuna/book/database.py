"""SQLite or PostgreSQL behind the same few lines.

Writers take a body's write lock with the transaction: `BEGIN IMMEDIATE` on SQLite (the upgrade of a
deferred transaction fails at once under load), an advisory lock on PostgreSQL. SQLite runs in WAL
mode with `synchronous=FULL`: what is acknowledged survives a power cut.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BUSY_SECONDS = 20
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-32000",
    "PRAGMA temp_store=MEMORY",
)


class Database:
    """One connection. `place` is the path of an SQLite file or a "postgresql://" address. SQL is
    written with "?" for parameters and {blob} for the type of bytes."""

    def __init__(self, place: str | Path) -> None:
        self.place = str(place)
        self.postgresql = self.place.startswith("postgresql://")
        self.connection: Any = (
            connect_postgresql(self.place) if self.postgresql else connect_sqlite(self.place)
        )

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """Run one statement; gives a cursor that iterates over rows as tuples."""
        if self.postgresql:
            return self.connection.execute(sql.replace("?", "%s"), parameters)
        return self.connection.execute(sql, parameters)

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for many rows of parameters."""
        if self.postgresql:
            with self.connection.cursor() as cursor:
                cursor.executemany(sql.replace("?", "%s"), rows)
        else:
            self.connection.executemany(sql, rows)

    def script(self, statements: Iterable[str]) -> None:
        """Run statements of a schema."""
        for statement in statements:
            self.connection.execute(statement.format(blob="BYTEA" if self.postgresql else "BLOB"))

    @contextmanager
    def transaction(self, *locks: str) -> Iterator[None]:
        """A transaction that writes; `locks` name whose writers exclude each other (on PostgreSQL;
        SQLite has one writer). They are taken in order, so that nobody waits in a circle."""
        self.connection.execute("BEGIN" if self.postgresql else "BEGIN IMMEDIATE")
        try:
            for lock in sorted(locks) if self.postgresql else ():
                self.execute("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", (lock,))
            yield
        except BaseException:
            if self.postgresql or self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def of_a_value(self, error: BaseException) -> bool:
        """Whether the database refused a value it cannot hold (PEP 249: DataError), and would take
        another."""
        return isinstance(error, data_error() if self.postgresql else sqlite3.DataError)

    def close(self) -> None:
        self.connection.close()


def connect_sqlite(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS
    )
    for pragma in PRAGMAS:
        connection.execute(pragma)
    return connection


def data_error() -> type[Exception]:
    import psycopg

    return psycopg.DataError


def connect_postgresql(address: str) -> Any:
    import psycopg  # an extra: a village's book lives in SQLite

    return psycopg.connect(address, autocommit=True)
