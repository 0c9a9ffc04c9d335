"""A home: one folder with everything a Comuna needs.

    comuna.db       the books, readings and register of its bodies (SQLite), unless settings.toml
                    names a PostgreSQL database
    settings.toml   where the database is, the secret of the web pages
    book.key        the key that signs checkpoints
    register.key    the key of the roll register
    clock.json      the last hour that was believed, so that the clock makes no jump
    files/          receipts, minutes, photos: each under its SHA-256

The folder and all in it are their owner's alone: the sessions of members lie there too, and other
accounts of the machine have no business with them. A backup of the folder backs up the Comuna.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from comuna.book import keys, store
from comuna.book.database import Database
from comuna.book.register import Register, Storage, create_key, read_key
from comuna.book.strict import Malformed
from comuna.clerk import Clerk
from comuna.clock import Watch
from comuna.given import read_toml
from comuna.readings import tables
from comuna.rules.act import Paper

LONGEST = 4096  # bytes of settings, or of a key


class NoHome(Exception):  # noqa: N818 - told to the person as it is
    """The folder holds no Comuna, or one already where a new one was to be."""


class Damaged(Exception):  # noqa: N818 - told to the person as it is
    """A file of the home is not what Comuna wrote there."""

    def __init__(self, place: Path | str, detail: str) -> None:
        super().__init__(f"{place} is damaged: {detail}. Put back the copy of your last backup")


class Home:
    """An existing home. Opens nothing until asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = read_settings(folder)
        keep_to_owner(folder)

    @classmethod
    def create(cls, folder: Path, database: str = "") -> Home:
        """Make a home in an empty or new folder; `database` is a "postgresql://" address, or empty
        for SQLite in the folder. Raises NoHome when one is there already."""
        if (folder / "settings.toml").exists():
            raise NoHome(f"{folder} holds a Comuna already")
        (folder / "files").mkdir(parents=True, exist_ok=True)
        keep_to_owner(folder)
        write_private(folder / "book.key", keys.recovery_text(keys.generate()).encode())
        create_key(folder / "register.key")
        write_private(folder / "settings.toml", settings_text(database).encode())
        home = cls(folder)
        opened = home.database()
        store.create(opened)
        tables.create(opened)
        opened.close()
        return home

    def database(self) -> Database:
        """A new connection. Raises Damaged when the file is no database of ours."""
        place: str | Path = self.settings["database"]
        if not place:
            place = self.folder / "comuna.db"
            private(place)
        try:
            return Database(place)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            # SQLite quotes what it found, and Python cannot always read the quotation.
            raise Damaged(place, str(error)) from None

    @property
    def book_key(self) -> bytes:
        """The seed that signs checkpoints. Raises Damaged."""
        place = self.folder / "book.key"
        try:
            return keys.seed_from_recovery(place.read_bytes()[:LONGEST].decode("ascii"))
        except ValueError as error:
            raise Damaged(place, str(error)) from None

    def clerk(self, clock: Callable[[], int] | None = None) -> Clerk:
        """The writer of this home's books, by the machine's clock unless by another."""
        return Clerk(self.database(), self.book_key, clock or self.watch())

    def watch(self) -> Watch:
        """The machine's clock, watched for jumps."""
        return Watch(self.folder / "clock.json")

    def register(
        self, database: Database, salts: Callable[[int], bytes] = secrets.token_bytes
    ) -> Register:
        """The roll register, through an open connection. Raises Damaged."""
        return self.sealing(store.RegisterStorage(database), salts)

    def sealing(
        self, storage: Storage, salts: Callable[[int], bytes] = secrets.token_bytes
    ) -> Register:
        """A register on another place, under the same key. Raises Damaged."""
        place = self.folder / "register.key"
        try:
            return Register(read_key(place), storage, salts)
        except Malformed as error:
            raise Damaged(place, str(error)) from None

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


def settings_text(database: str) -> str:
    """New settings, with a secret of their own. A text in JSON is one in TOML."""
    return f'database = {json.dumps(database)}\nsecret = "{secrets.token_urlsafe(48)}"\n'


def read_settings(folder: Path) -> dict[str, str]:
    """The settings of a home. Raises NoHome where there are none, Damaged where they are not
    two texts, the place of the database and the secret of the pages."""
    place = folder / "settings.toml"
    try:
        with place.open("rb") as file:
            text = file.read(LONGEST).decode()
        found = read_toml(text)
    except (FileNotFoundError, NotADirectoryError):
        raise NoHome(f"{folder} holds no Comuna") from None
    except ValueError as error:
        raise Damaged(place, str(error)) from None
    for name in ("database", "secret"):
        if not isinstance(found.get(name), str):
            raise Damaged(place, f"it lacks {name}")
    return found


def keep_to_owner(folder: Path) -> None:
    """Let nobody but the owner into a home, also into one made or copied with looser rights."""
    if folder.stat().st_mode & 0o077:
        with suppress(PermissionError):  # another's home, which we may only read
            folder.chmod(0o700)


def private(path: Path) -> None:
    """Make a file, where there is none, that only its owner reads. SQLite gives what it keeps
    beside a database the same rights."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


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
