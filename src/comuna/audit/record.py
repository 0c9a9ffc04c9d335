"""Where a book lies: a home, its database, or an exported folder. Everything is opened for reading
only, and nothing of the writer's side is used to read it."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from comuna.audit import tiles
from comuna.audit.canonical import Malformed
from comuna.audit.seal import BookKey, checkpoint_of, public_from_recovery
from comuna.given import read_toml

Ask = Callable[[str], Iterator[Any]]
"""The rows that a database answers a question with, read as they are asked for."""

SIZES = "SELECT body, COUNT(*) FROM book_entry GROUP BY body"
ENTRIES = "SELECT body, number, nonce, bytes, leaf FROM book_entry ORDER BY body, number"
CHECKPOINTS = "SELECT body, size, signed FROM book_checkpoint ORDER BY body, size"
BROKEN = (sqlite3.Error, UnicodeDecodeError)
"""What a damaged SQLite file raises: its faults quote what was found, which may be no text."""


class Unreadable(Exception):  # noqa: N818 - told to the person as it is
    """There is no book here, or its place cannot be opened."""


@dataclass(slots=True)
class Row:
    """An entry as it is stored: its bytes, and, in a database, the columns beside them."""

    data: bytes
    number: object = None
    nonce: object = None
    leaf: object = None


@dataclass(slots=True)
class Record:
    """One book as it lies there. Its `rows` can be read once, and those of one book before those of
    the next; `size` says about how many there are. `checkpoints` are (where, size beside it or
    None, bytes)."""

    body: str
    place: str  # "database", or the folder
    size: int = 0
    rows: Iterable[Row] = ()
    checkpoints: list[tuple[str, object, bytes]] = field(default_factory=list)
    faults: list[tuple[str, str, str]] = field(default_factory=list)  # (finding, where, detail)
    key: bytes = b""  # the public half of the key that signs checkpoints
    key_text: str = ""  # the same as text, where it lies with an exported book
    folder: Path | None = None
    files: Path | None = None

    @property
    def book_key(self) -> BookKey | None:
        return BookKey(f"comuna/{self.body}", self.key) if self.key else None


def records(path: Path) -> Iterator[Record]:
    """Every book at this path. Raises `Unreadable`, saying what was looked for."""
    if path.is_file():
        with sqlite_opened(path) as ask:
            yield from database(ask)
    elif (path / "settings.toml").is_file() or (path / "comuna.db").is_file():
        yield from home(path)
    elif (path / "checkpoint").is_file() or (path / "tile").is_dir():
        yield exported(path)
    else:
        folders = [p.parent for p in sorted(path.glob("*/tile")) if p.is_dir()]
        if not folders:
            raise Unreadable(
                f"{path} holds no book: neither a home (settings.toml, comuna.db) nor an exported "
                "book (checkpoint, tile/)"
            )
        yield from map(exported, folders)


# --- a home and its database --------------------------------------------------------------------


def home(folder: Path) -> Iterator[Record]:
    """The books of a home, with the public half of the key that signs their checkpoints."""
    settings: dict[str, Any] = {}
    if (folder / "settings.toml").is_file():
        try:
            settings = read_toml((folder / "settings.toml").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise Unreadable(f"settings.toml cannot be read: {error}") from None
    address = str(settings.get("database", ""))
    opened = postgresql_opened(address) if address else sqlite_opened(folder / "comuna.db")
    with opened as ask:
        for record in database(ask):
            record.key = key_of_home(folder)
            record.files = folder / "files"
            yield record


def key_of_home(folder: Path) -> bytes:
    """The public key of a home's book.key; empty when it is not there (a copy needs no secret)."""
    if not (folder / "book.key").is_file():
        return b""
    try:
        return public_from_recovery((folder / "book.key").read_text("ascii"))
    except (OSError, ValueError) as error:
        raise Unreadable(f"book.key cannot be read: {error}") from None


def database(ask: Ask) -> Iterator[Record]:
    """The books in the two tables of a database."""
    sizes = Counter[str]()
    for body, count in ask(SIZES):
        sizes[text_of(body)] += count
    checkpoints: dict[str, list[tuple[str, object, bytes]]] = {}
    for body, size, signed in ask(CHECKPOINTS):
        where = f"book_checkpoint, size {size}"
        checkpoints.setdefault(text_of(body), []).append((where, size, bytes_of(signed)))
    if not sizes and not checkpoints:
        raise Unreadable("the database holds no book")
    for name, rows in groupby(ask(ENTRIES), lambda row: text_of(row[0])):
        yield Record(name, "database", sizes[name], map(_row, rows), checkpoints.pop(name, []))
    for name, alone in checkpoints.items():
        yield Record(name, "database", checkpoints=alone)


def _row(columns: tuple[object, ...]) -> Row:
    _, number, nonce, data, leaf = columns
    return Row(bytes_of(data), number, text_of(nonce), bytes_of(leaf))


def text_of(value: object) -> str:
    """A text column; bytes that are no UTF-8 are shown as they are and then differ."""
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


def bytes_of(value: object) -> bytes:
    """A column of bytes; anything else in it is text that will not fit its hash."""
    return bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()


@contextmanager
def sqlite_opened(path: Path) -> Iterator[Ask]:
    """Both tables of an SQLite file, which is not written to, as they were at one moment.

    On a medium that cannot be written SQLite will not open a database in WAL mode unless told that
    nobody changes it; that is true where nothing waits in its log.
    """
    log = path.with_name(path.name + "-wal")
    waits = log.exists() and log.stat().st_size > 0
    try:
        try:
            connection = _connected(path, "mode=ro")
        except BROKEN:
            if waits:
                raise
            connection = _connected(path, "immutable=1")
    except BROKEN as error:
        raise _no_database(path, error) from None
    with closing(connection):
        yield lambda question: _answers(connection, question, path)


def _connected(path: Path, mode: str) -> sqlite3.Connection:
    """A connection that has begun to read, and sees nothing that is written from now on."""
    uri = f"{path.absolute().as_uri()}?{mode}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None)
    try:
        connection.text_factory = bytes
        connection.execute("BEGIN")
        for question in (SIZES, CHECKPOINTS, ENTRIES):
            connection.execute(f"{question} LIMIT 1").fetchall()
    except BROKEN:
        connection.close()
        raise
    return connection


def _answers(connection: sqlite3.Connection, question: str, path: Path) -> Iterator[Any]:
    try:
        for row in connection.execute(question):  # noqa: UP028 - left early, it closes no cursor
            yield row  # of a connection that is closed already
    except BROKEN as error:
        raise _no_database(path, error) from None


def _no_database(path: Path, fault: Exception) -> Unreadable:
    return Unreadable(f"{path} cannot be read as a database of books: {fault}")


@contextmanager
def postgresql_opened(address: str) -> Iterator[Ask]:
    """Both tables of a PostgreSQL database, in a transaction that only reads."""
    import psycopg  # an extra: most books lie in SQLite

    def answers(question: str) -> Iterator[Any]:
        # Only a cursor that has a name leaves the rows with the server until they are asked for.
        with connection.cursor("rows") as cursor:
            cursor.execute(question)
            yield from cursor

    try:
        with psycopg.connect(address) as connection:
            connection.read_only = True
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            yield answers
    except psycopg.Error as error:
        raise Unreadable(f"the PostgreSQL database cannot be read: {error}") from None


# --- an exported book ---------------------------------------------------------------------------


def exported(folder: Path) -> Record:
    """A book exported as plain files; what is missing or differs is among its faults."""
    record = Record("", folder.name, folder=folder)
    try:
        signed = (folder / "checkpoint").read_bytes()
        head = checkpoint_of(signed)
    except (OSError, Malformed) as error:
        record.faults.append(("checkpoint_malformed", "checkpoint", str(error)))
        return record
    record.body = head.origin.removeprefix("comuna/")
    if (folder / "key").is_file():
        record.key_text = (folder / "key").read_text("utf-8", "backslashreplace")
    record.checkpoints.append(("checkpoint", None, signed))
    record.size, record.rows = head.size, _bundled(record, head.size)
    return record


def _bundled(record: Record, size: int) -> Iterator[Row]:
    """The entries of an exported book, as far as its files can be read."""
    assert record.folder is not None
    for path, width in tiles.bundles(size):
        try:
            data = (record.folder / path).read_bytes()
            entries = tiles.entries_in(data, width)
        except (OSError, Malformed) as error:
            record.faults.append(("file_unreadable", path, str(error)))
            return
        yield from map(Row, entries)
