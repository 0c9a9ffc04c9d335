"""The book in a database: entries with their leaf hashes, signed checkpoints, the roll register.

The database itself refuses to change or delete an entry; what it cannot refuse (its owner's hand in
the file) `verify` finds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from comuna.book.database import Database

TABLES = (
    """CREATE TABLE IF NOT EXISTS book_entry (
        body TEXT NOT NULL, number BIGINT NOT NULL, nonce TEXT NOT NULL,
        bytes {blob} NOT NULL, leaf {blob} NOT NULL,
        PRIMARY KEY (body, number), UNIQUE (body, nonce))""",
    """CREATE TABLE IF NOT EXISTS book_checkpoint (
        body TEXT NOT NULL, size BIGINT NOT NULL, signed {blob} NOT NULL,
        PRIMARY KEY (body, size))""",
    """CREATE TABLE IF NOT EXISTS book_register (
        commitment TEXT PRIMARY KEY, sealed {blob} NOT NULL)""",
)
GUARDS_SQLITE = tuple(
    f"""CREATE TRIGGER IF NOT EXISTS {table}_keeps_{verb.lower()} BEFORE {verb} ON {table}
        BEGIN SELECT RAISE(ABORT, 'the book is append-only'); END"""
    for table in ("book_entry", "book_checkpoint")
    for verb in ("UPDATE", "DELETE")
)
GUARDS_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION book_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the book is append-only'; END $$""",
    *(
        f"""CREATE OR REPLACE TRIGGER {table}_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION book_is_append_only()"""
        for table in ("book_entry", "book_checkpoint")
    ),
)

Row = tuple[int, bytes, bytes]
"""An entry's number, its canonical bytes, its leaf hash."""


def create(database: Database) -> None:
    """Make the tables of the book where they are not yet."""
    database.script(TABLES)
    for guard in GUARDS_POSTGRESQL if database.postgresql else GUARDS_SQLITE:
        database.execute(guard)


def append(database: Database, body: str, rows: Sequence[tuple[int, str, bytes, bytes]]) -> None:
    """Add entries (number, nonce, bytes, leaf hash) inside the caller's transaction."""
    database.executemany(
        "INSERT INTO book_entry (body, number, nonce, bytes, leaf) VALUES (?, ?, ?, ?, ?)",
        [(body, *row) for row in rows],
    )


def entries(database: Database, body: str, after: int = 0, count: int = 2**62) -> Iterator[Row]:
    """Entries numbered above `after`, in order."""
    rows = database.execute(
        "SELECT number, bytes, leaf FROM book_entry WHERE body = ? AND number > ?"
        " ORDER BY number LIMIT ?",
        (body, after, count),
    )
    for number, data, leaf in rows:
        yield number, raw(data), raw(leaf)


def raw(value: bytes | memoryview | str) -> bytes:
    """The bytes of a column, also where somebody's hand left text in it."""
    return value.encode() if isinstance(value, str) else bytes(value)


def entry(database: Database, body: str, number: int) -> bytes | None:
    """The canonical bytes of one entry."""
    row = database.execute(
        "SELECT bytes FROM book_entry WHERE body = ? AND number = ?", (body, number)
    ).fetchone()
    return raw(row[0]) if row else None


def by_nonce(database: Database, body: str, nonce: str) -> bytes | None:
    """The canonical bytes of the entry that a submission became."""
    row = database.execute(
        "SELECT bytes FROM book_entry WHERE body = ? AND nonce = ?", (body, nonce)
    ).fetchone()
    return raw(row[0]) if row else None


def leaves(database: Database, body: str, size: int) -> list[bytes]:
    """The leaf hashes of the first `size` entries."""
    rows = database.execute(
        "SELECT leaf FROM book_entry WHERE body = ? AND number <= ? ORDER BY number", (body, size)
    )
    return [raw(leaf) for (leaf,) in rows]


def size(database: Database, body: str) -> int:
    """How many entries the book has."""
    row = database.execute("SELECT MAX(number) FROM book_entry WHERE body = ?", (body,)).fetchone()
    return int(row[0] or 0)


def bodies(database: Database) -> list[str]:
    """The bodies whose books are here, in the order of their founding."""
    rows = database.execute("SELECT body FROM book_entry WHERE number = 1 ORDER BY body")
    return [body for (body,) in rows]


def put_checkpoint(database: Database, body: str, at_size: int, signed: bytes) -> None:
    """Keep a signed checkpoint; one of the same size is the same one."""
    database.execute(
        "INSERT INTO book_checkpoint (body, size, signed) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (body, at_size, signed),
    )


def last_checkpoint(database: Database, body: str) -> bytes | None:
    """The largest signed checkpoint."""
    row = database.execute(
        "SELECT signed FROM book_checkpoint WHERE body = ? ORDER BY size DESC LIMIT 1", (body,)
    ).fetchone()
    return raw(row[0]) if row else None


class RegisterStorage:
    """The roll register's sealed records, by commitment."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def load(self, commitment: str) -> bytes | None:
        row = self.database.execute(
            "SELECT sealed FROM book_register WHERE commitment = ?", (commitment,)
        ).fetchone()
        return raw(row[0]) if row else None

    def save(self, commitment: str, encrypted: bytes) -> None:
        self.database.execute(
            "INSERT INTO book_register (commitment, sealed) VALUES (?, ?)", (commitment, encrypted)
        )

    def delete(self, commitment: str) -> None:
        self.database.execute("DELETE FROM book_register WHERE commitment = ?", (commitment,))
