"""A home: one folder with everything a Comuna needs.

    comuna.db       the books, readings and register of its bodies (SQLite), unless settings.toml
                    names a PostgreSQL database
    settings.toml   where the database is, the secret of the web pages
    book.key        the key that signs checkpoints
    register.key    the key of the roll register
    files/          receipts, minutes, photos: each under its SHA-256

Keys are readable by their owner only. A backup of the folder is a backup of the Comuna.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import tomllib
from collections.abc import Callable
from pathlib import Path

from comuna.book import keys, store
from comuna.book.database import Database
from comuna.book.register import Register, create_key, read_key
from comuna.clerk import Clerk
from comuna.readings import tables
from comuna.rules.act import Paper


class NoHome(Exception):  # noqa: N818 - told to the person as it is
    """The folder holds no Comuna, or one already where a new one was to be."""


class Home:
    """An existing home. Opens nothing until asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            self.settings = tomllib.loads((folder / "settings.toml").read_text("utf-8"))
        except FileNotFoundError:
            raise NoHome(f"{folder} holds no Comuna") from None

    @classmethod
    def create(cls, folder: Path, database: str = "") -> Home:
        """Make a home in an empty or new folder; `database` is a "postgresql://" address, or empty
        for SQLite in the folder. Raises NoHome when one is there already."""
        if (folder / "settings.toml").exists():
            raise NoHome(f"{folder} holds a Comuna already")
        (folder / "files").mkdir(parents=True, exist_ok=True)
        write_private(folder / "book.key", keys.recovery_text(keys.generate()).encode())
        create_key(folder / "register.key")
        settings = f'database = "{database}"\nsecret = "{secrets.token_urlsafe(48)}"\n'
        write_private(folder / "settings.toml", settings.encode())
        home = cls(folder)
        opened = home.database()
        store.create(opened)
        tables.create(opened)
        opened.close()
        return home

    def database(self) -> Database:
        """A new connection."""
        return Database(self.settings["database"] or self.folder / "comuna.db")

    @property
    def book_key(self) -> bytes:
        return keys.seed_from_recovery((self.folder / "book.key").read_text("ascii"))

    def clerk(self, clock: Callable[[], int] | None = None) -> Clerk:
        """The writer of this home's books."""
        return Clerk(self.database(), self.book_key, clock)

    def register(
        self, database: Database, salts: Callable[[int], bytes] = secrets.token_bytes
    ) -> Register:
        """The roll register, through an open connection."""
        key = read_key(self.folder / "register.key")
        return Register(key, store.RegisterStorage(database), salts)

    # --- files --------------------------------------------------------------------------------

    def keep(self, data: bytes) -> Paper:
        """Store a file under its fingerprint, durably."""
        paper = Paper(sha256=hashlib.sha256(data).hexdigest(), size=len(data))
        place = self.folder / "files" / paper.sha256
        if not place.exists():
            write_private(place, data)
        return paper

    def file(self, sha256: str) -> bytes | None:
        """A stored file, if it is here and still fits its fingerprint."""
        place = self.folder / "files" / sha256
        if len(sha256) != 64 or not sha256.isalnum() or not place.is_file():
            return None
        data = place.read_bytes()
        return data if hashlib.sha256(data).hexdigest() == sha256 else None


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner reads, whole or not at all, on disk before returning."""
    part = path.with_name(path.name + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
