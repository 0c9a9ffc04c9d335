"""A body that has lived its year, for the tests of everything that is read from the book."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from comuna.book.database import Database
from comuna.home import Home
from comuna.world import Year, live_a_year

UNTIL = 1_795_500_000  # 2026-11-24
MEMBERS = 24


@dataclass(frozen=True)
class Lived:
    """A home whose body has lived a year. Look, and do not touch: every test sees the same one."""

    home: Home
    year: Year
    database: Database

    @property
    def body(self) -> str:
        return self.year.body


def lived(pack: str = "simple") -> Lived:
    """The year under a pack, lived once in a run of the tests."""
    return lived_once(pack)


@cache
def lived_once(pack: str) -> Lived:
    home = Home.create(Path(tempfile.mkdtemp(prefix="lived")))
    year = live_a_year(home, 1, pack, members=MEMBERS, until=UNTIL)
    return Lived(home, year, home.database())


def copied(original: Lived, folder: Path) -> Database:
    """The database of a year once more, to be tampered with."""
    copy = folder / "comuna.db"
    original.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(original.home.folder / "comuna.db", copy)
    return Database(copy)
