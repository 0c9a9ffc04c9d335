"""A home is its owner's alone: keys, sessions, names and the book itself."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from comuna.audit.record import Unreadable
from comuna.audit.verify import verify
from comuna.book import keys
from comuna.home import Damaged, Home, NoHome


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nobody_else_enters_a_new_home(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home")
    assert rights(home.folder) == 0o700


def test_no_file_of_a_home_is_anybody_elses(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home")
    home.keep(b"a receipt")
    database = home.database()
    database.execute("CREATE TABLE x (y)")  # while it is open SQLite keeps two files beside it
    found = [path for path in home.folder.rglob("*") if path.is_file()]
    assert {path.name for path in found} >= {"comuna.db", "comuna.db-wal", "book.key"}
    assert {path.name: rights(path) & 0o077 for path in found if rights(path) & 0o077} == {}
    database.close()


def test_the_sessions_of_the_pages_are_its_owners_alone(tmp_path: Path) -> None:
    from comuna.web.settings import databases

    home = Home.create(tmp_path / "home")
    databases(home)
    assert rights(home.folder / "web.db") == 0o600


def test_a_home_copied_with_looser_rights_is_closed_again(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home")
    home.folder.chmod(0o755)
    Home(home.folder)
    assert rights(home.folder) == 0o700


def open_all(folder: Path) -> None:
    home = Home(folder)
    home.register(home.clerk().database)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("settings.toml", b"\xff\xfe", "utf-8"),
        ("settings.toml", b"database = ", "Invalid value"),
        ("settings.toml", b"database = 3\nsecret = ''", "database"),
        ("settings.toml", b"database = ''", "secret"),
        ("settings.toml", b"", "database"),
        ("settings.toml", b"a = " + b"[" * 4000, ""),
        ("book.key", b"", "14 groups"),
        ("book.key", b"\xff", "ascii"),
        ("book.key", b"a" * 10**6, "14 groups"),
        ("book.key", keys.recovery_text(b"\1" * 32).encode()[:-1] + b"7", "does not add up"),
        ("register.key", b"not hex", "hex digits"),
        ("comuna.db", b"not a database, long enough to be looked at" * 100, "not a database"),
    ],
)
def test_a_damaged_file_of_a_home_is_named_with_what_to_do(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    folder = Home.create(tmp_path / "home").folder
    (folder / name).write_bytes(content)
    with pytest.raises(Damaged, match=f"{name} is damaged: .*{said}") as told:
        open_all(folder)
    assert "backup" in str(told.value)


@pytest.mark.parametrize("address", ['a"b', "C:\\folder", "a\nb"])
def test_the_address_of_a_database_may_hold_any_letter(tmp_path: Path, address: str) -> None:
    from comuna.home import read_settings, settings_text

    (tmp_path / "settings.toml").write_text(settings_text(address), "utf-8")
    assert read_settings(tmp_path)["database"] == address


def test_a_folder_without_settings_is_no_home(tmp_path: Path) -> None:
    with pytest.raises(NoHome, match="holds no Comuna"):
        Home(tmp_path)


def test_a_database_whose_fault_cannot_even_be_quoted_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home.create(tmp_path / "home")

    def opened(place: Path) -> None:
        b"malformed schema (\xeb)".decode()

    monkeypatch.setattr("comuna.home.Database", opened)
    with pytest.raises(Damaged, match="backup"):
        home.database()


def test_the_verifier_says_so_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home.create(tmp_path / "home")

    def connect(*place: object, **more: object) -> None:
        b"malformed schema (\xeb)".decode()

    monkeypatch.setattr(sqlite3, "connect", connect)
    with pytest.raises(Unreadable, match="cannot be read as a database"):
        verify(home.folder)
