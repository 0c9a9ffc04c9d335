"""The readings thrown away and made again from the book, and live readings held against fresh ones.

Both judge every entry anew: the readings are only ever what the law makes of the book.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from comuna.book import store
from comuna.book.database import Database
from comuna.readings import tables
from comuna.readings.fold import fold
from comuna.readings.tables import TABLES, Table
from comuna.rules.act import Fact, Refusal
from comuna.rules.judge import AnyEntry, apply, decode, judge
from comuna.rules.state import State

BATCH = 1000
Progress = Callable[[int, int], None]
"""Told how many entries are done, of how many."""

Judged = list[tuple[AnyEntry, "list[Fact]"]]


class UnlawfulBook(Exception):  # noqa: N818 - it names the book, not the program
    """An entry of the book is not what the law allows: readings cannot be made from it."""


class Difference(NamedTuple):
    """Where live readings are not what the book gives. `key` names the row after the body, `what`
    is the column, or "missing" or "added" for a whole row; a broken table has no key."""

    table: str
    key: tuple[Any, ...]
    what: str


def judged_entries(database: Database, body: str) -> Iterator[Judged]:
    """The entries of a book with their facts, in batches. Raises UnlawfulBook."""
    state = State()
    batch: Judged = []
    for number, data, _ in store.entries(database, body):
        entry = decode(data)
        verdict = judge(state, entry)
        if isinstance(verdict, Refusal):
            raise UnlawfulBook(f"entry {number} is not lawful: {verdict.rule}; run verify")
        apply(state, verdict)
        batch.append((entry, list(verdict)))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def refold(source: Database, target: Database, body: str, progress: Progress | None) -> None:
    """Fold a whole book of `source` into the empty readings of `target`."""
    total, done = store.size(source, body), 0
    for batch in judged_entries(source, body):
        fold(target, body, batch)
        done += len(batch)
        if progress is not None:
            progress(done, total)


def rebuild(database: Database, body: str, progress: Progress | None = None) -> int:
    """Throw the readings of a body away and make them again from its book, in one transaction;
    gives the number of acts. Rows of bodies without a book go too, and where the tables are not as
    this release makes them, all are thrown away and every body is rebuilt. Raises UnlawfulBook, and
    then nothing has changed."""
    sound = tables.as_defined(database)
    bodies = [body] if sound else store.bodies(database)
    with database.transaction(body):
        if not sound:
            tables.drop(database)
            tables.create(database)
        for of in TABLES:
            database.execute(
                f"DELETE FROM {of.sql_name} WHERE body = ?"
                " OR body NOT IN (SELECT body FROM book_entry WHERE number = 1)",
                (body,),
            )
        for each in bodies:
            refold(database, database, each, progress)
    return store.size(database, body)


def differences(
    database: Database, body: str, progress: Progress | None = None
) -> list[Difference]:
    """Every row of the live readings of a body that is not what its book gives, to the last byte.
    Rows of bodies that have no book here are named too. Raises UnlawfulBook."""
    fresh = Database(":memory:")
    try:
        tables.create(fresh)
        with fresh.transaction():
            refold(database, fresh, body, progress)
        found = damage(database)
        for of in TABLES:
            found += compare(of, rows_of(fresh, of, body), live_rows(database, of, body))
        return found + strays(database)
    finally:
        fresh.close()


Row = tuple[Any, ...]


def rows_of(database: Database, of: Table, body: str) -> list[Row]:
    """The rows of a table with the type of every value, so that 5 is not 5.0."""
    columns = ", ".join(f'"{c.name}"' for c in of.columns)
    rows = database.execute(f'SELECT {columns} FROM "{of.sql_name}" WHERE body = ?', (body,))
    return [tuple((type(value), value) for value in row) for row in rows]


def live_rows(database: Database, of: Table, body: str) -> list[Row] | Exception:
    """Likewise of tables that anybody may have changed: a table that is not as it was made gives
    the error, and text that is no UTF-8 is still read."""
    if not database.postgresql:
        database.connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    try:
        return rows_of(database, of, body)
    except database_errors(database) as error:
        return error
    finally:
        if not database.postgresql:
            database.connection.text_factory = str


def database_errors(database: Database) -> type[Exception]:
    if not database.postgresql:
        return sqlite3.Error
    import psycopg  # an extra, there when the database is PostgreSQL

    return psycopg.Error


def compare(of: Table, fresh: list[Row], live: list[Row] | Exception) -> list[Difference]:
    """Rows missing, rows added, and columns that differ."""
    if isinstance(live, Exception):
        return [Difference(of.name, (), str(live))]
    width = len(of.key)
    expected = {row[:width]: row for row in fresh}
    there = {row[:width]: row for row in live}
    found = [Difference(of.name, names(k), "missing") for k in expected.keys() - there.keys()]
    found += [Difference(of.name, names(k), "added") for k in there.keys() - expected.keys()]
    for key in expected.keys() & there.keys():
        if expected[key] != there[key]:
            pairs = zip(of.columns, expected[key], there[key], strict=True)
            found += [
                Difference(of.name, names(key), c.name) for c, one, other in pairs if one != other
            ]
    if len(live) != len(there):
        found.append(Difference(of.name, (), "two rows of one name"))
    return sorted(found, key=str)


def names(key: Row) -> tuple[Any, ...]:
    """The name of a row, after the body."""
    return tuple(value for _, value in key[1:])


def damage(database: Database) -> list[Difference]:
    """What SQLite itself finds broken between its tables and their indices."""
    if database.postgresql:
        return []
    try:
        found = [str(line) for (line,) in database.execute("PRAGMA integrity_check")]
    except sqlite3.Error as error:
        found = [str(error)]
    return [Difference("", (), line) for line in found if line != "ok"]


def strays(database: Database) -> list[Difference]:
    """Rows of bodies that have no book in this database."""
    known = set(store.bodies(database))
    found = []
    for of in TABLES:
        try:
            bodies = database.execute(f'SELECT DISTINCT body FROM "{of.sql_name}"').fetchall()
        except database_errors(database):
            continue  # `compare` named the table
        found += [Difference(of.name, (body,), "added") for (body,) in bodies if body not in known]
    return found
