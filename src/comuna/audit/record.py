"""Where a book lies: a home, its database, or an exported folder. Everything is opened for reading
only, and nothing of the writer's side is used to read it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from comuna.audit import tiles
from comuna.audit.canonical import Malformed
from comuna.audit.seal import BookKey, checkpoint_of, public_from_recovery
from comuna.given import read_toml

Tables = tuple[list[Any], list[Any]]
"""The rows of book_entry and of book_checkpoint."""

ENTRIES = "SELECT body, number, nonce, bytes, leaf FROM book_entry ORDER BY body, number"
CHECKPOINTS = "SELECT body, size, signed FROM book_checkpoint ORDER BY body, size"


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
    """One book as it lies there. `checkpoints` are (where, size beside it or None, bytes)."""

    body: str
    place: str  # "database", or the folder
    rows: list[Row] = field(default_factory=list)
    checkpoints: list[tuple[str, object, bytes]] = field(default_factory=list)
    faults: list[tuple[str, str, str]] = field(default_factory=list)  # (finding, where, detail)
    key: bytes = b""  # the public half of the key that signs checkpoints
    key_text: str = ""  # the same as text, where it lies with an exported book
    folder: Path | None = None
    files: Path | None = None

    @property
    def book_key(self) -> BookKey | None:
        return BookKey(f"comuna/{self.body}", self.key) if self.key else None


def records(path: Path) -> list[Record]:
    """Every book at this path. Raises `Unreadable`, saying what was looked for."""
    if path.is_file():
        return database(sqlite_rows(path))
    if (path / "settings.toml").is_file() or (path / "comuna.db").is_file():
        return home(path)
    if (path / "checkpoint").is_file() or (path / "tile").is_dir():
        return [exported(path)]
    folders = [p.parent for p in sorted(path.glob("*/tile")) if p.is_dir()]
    if folders:
        return [exported(folder) for folder in folders]
    raise Unreadable(
        f"{path} holds no book: neither a home (settings.toml, comuna.db) nor an exported book "
        "(checkpoint, tile/)"
    )


# --- a home and its database --------------------------------------------------------------------


def home(folder: Path) -> list[Record]:
    """The books of a home, with the public half of the key that signs their checkpoints."""
    settings: dict[str, Any] = {}
    if (folder / "settings.toml").is_file():
        try:
            settings = read_toml((folder / "settings.toml").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise Unreadable(f"settings.toml cannot be read: {error}") from None
    address = str(settings.get("database", ""))
    rows = postgresql_rows(address) if address else sqlite_rows(folder / "comuna.db")
    found = database(rows)
    for record in found:
        record.key = key_of_home(folder)
        record.files = folder / "files"
    return found


def key_of_home(folder: Path) -> bytes:
    """The public key of a home's book.key; empty when it is not there (a copy needs no secret)."""
    if not (folder / "book.key").is_file():
        return b""
    try:
        return public_from_recovery((folder / "book.key").read_text("ascii"))
    except (OSError, ValueError) as error:
        raise Unreadable(f"book.key cannot be read: {error}") from None


def database(tables: Tables) -> list[Record]:
    """The books in the rows of the two tables of a database."""
    found: dict[str, Record] = {}

    def of(body: object) -> Record:
        name = text_of(body)
        return found.setdefault(name, Record(name, "database"))

    entries, checkpoints = tables
    for body, number, nonce, data, leaf in entries:
        of(body).rows.append(Row(bytes_of(data), number, text_of(nonce), bytes_of(leaf)))
    for body, size, signed in checkpoints:
        where = f"book_checkpoint, size {size}"
        of(body).checkpoints.append((where, size, bytes_of(signed)))
    if not found:
        raise Unreadable("the database holds no book")
    return list(found.values())


def text_of(value: object) -> str:
    """A text column; bytes that are no UTF-8 are shown as they are and then differ."""
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


def bytes_of(value: object) -> bytes:
    """A column of bytes; anything else in it is text that will not fit its hash."""
    return bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()


def sqlite_rows(path: Path) -> Tables:
    """The rows of both tables of an SQLite file, which is not written to.

    On a medium that cannot be written SQLite will not open a database in WAL mode unless told that
    nobody changes it; that is true where nothing waits in its log.
    """
    log = path.with_name(path.name + "-wal")
    waits = log.exists() and log.stat().st_size > 0
    fault: sqlite3.Error | None = None
    for mode in ("mode=ro", *(() if waits else ("immutable=1",))):
        try:
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True)) as found:
                found.text_factory = bytes
                return found.execute(ENTRIES).fetchall(), found.execute(CHECKPOINTS).fetchall()
        except sqlite3.Error as error:
            fault = error
    raise Unreadable(f"{path} cannot be read as a database of books: {fault}")


def postgresql_rows(address: str) -> Tables:
    """The rows of both tables of a PostgreSQL database, in a transaction that only reads."""
    import psycopg  # an extra: most books lie in SQLite

    try:
        with psycopg.connect(address) as connection:
            connection.read_only = True
            entries = connection.execute(ENTRIES).fetchall()
            return entries, connection.execute(CHECKPOINTS).fetchall()
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
    for path, width in tiles.bundles(head.size):
        try:
            data = (folder / path).read_bytes()
            record.rows += [Row(entry) for entry in tiles.entries_in(data, width)]
        except (OSError, Malformed) as error:
            record.faults.append(("file_unreadable", path, str(error)))
            return record
    whats = {"missing": "file_missing", "differs": "tile_differs", "strange": "file_strange"}
    entries = [row.data for row in record.rows]
    for path, what in tiles.differences(folder, entries):
        record.faults.append((whats[what], path, ""))
    return record
