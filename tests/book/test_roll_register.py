"""The roll register: what is private is encrypted, opens its commitment, and can be erased."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comuna.book import register
from comuna.book.register import Register
from comuna.book.strict import Malformed

RECORD = {"name": "María Pérez", "document": "V-12345678", "contacts": ["0414-1234567"]}


class Shelf(dict[str, bytes]):
    """Storage in memory."""

    def load(self, commitment: str) -> bytes | None:
        return self.get(commitment)

    def save(self, commitment: str, encrypted: bytes) -> None:
        self[commitment] = encrypted

    def delete(self, commitment: str) -> None:
        self.pop(commitment, None)


def test_a_record_is_kept_and_opens_its_commitment() -> None:
    roll = Register(bytes(32), Shelf())
    name = roll.add(RECORD)
    opening = roll.open(name)
    assert opening is not None
    assert opening.record == RECORD
    assert register.commitment(opening.salt, opening.record) == name


def test_the_same_record_has_another_commitment_each_time() -> None:
    roll = Register(bytes(32), Shelf())
    assert roll.add(RECORD) != roll.add(RECORD)


def test_nothing_private_can_be_read_from_the_storage() -> None:
    shelf = Shelf()
    name = Register(bytes(32), shelf).add(RECORD)
    for words in (b"Mar", b"12345678", b"0414", b"name"):
        assert words not in shelf[name]


def test_an_erased_record_is_gone_with_its_salt() -> None:
    shelf = Shelf()
    roll = Register(bytes(32), shelf)
    name, other = roll.add(RECORD), roll.add(RECORD)
    roll.erase(name)
    roll.erase(name)
    assert roll.open(name) is None
    assert list(shelf) == [other]
    assert roll.open(other) is not None


@given(st.data())
def test_stored_bytes_changed_anywhere_are_refused(data: st.DataObject) -> None:
    shelf = Shelf()
    roll = Register(bytes(32), shelf)
    name = roll.add(RECORD)
    stored = shelf[name]
    at = data.draw(st.integers(0, len(stored) - 1))
    cut = data.draw(st.integers(0, len(stored) - 1))
    for changed in (stored[:at] + bytes([stored[at] ^ 1]) + stored[at + 1 :], stored[:cut]):
        shelf[name] = changed
        with pytest.raises(Malformed, match="altered"):
            roll.open(name)


def test_two_peoples_records_cannot_be_swapped() -> None:
    shelf = Shelf()
    roll = Register(bytes(32), shelf)
    one, two = roll.add(RECORD), roll.add({"name": "Ana"})
    shelf[one], shelf[two] = shelf[two], shelf[one]
    with pytest.raises(Malformed, match="altered"):
        roll.open(one)


def test_another_key_opens_nothing() -> None:
    shelf = Shelf()
    name = Register(bytes(32), shelf).add(RECORD)
    with pytest.raises(Malformed, match="another key"):
        Register(b"k" * 32, shelf).open(name)


def test_a_commitment_binds_salt_and_record() -> None:
    salt = bytes(16)
    name = register.commitment(salt, RECORD)
    assert name != register.commitment(b"s" * 16, RECORD)
    assert name != register.commitment(salt, {**RECORD, "name": "Maria Pérez"})
    with pytest.raises(Malformed, match="salt"):
        register.commitment(bytes(15), RECORD)
    with pytest.raises(Malformed, match="commitment is 64"):
        Register(bytes(32), Shelf()).open("../secret")


def test_the_key_is_written_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "register.key"
    old = os.umask(0)
    try:
        key = register.create_key(path)
    finally:
        os.umask(old)
    assert path.stat().st_mode & 0o777 == 0o600
    assert register.read_key(path) == key
    with pytest.raises(FileExistsError):
        register.create_key(path)
    assert register.read_key(path) == key


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_key_that_others_can_reach_is_refused(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "register.key"
    register.create_key(path)
    path.chmod(mode)
    with pytest.raises(Malformed, match="Set it to 0600"):
        register.read_key(path)


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"a" * 64, b"A" * 64 + b"\n", b"a" * 66, b"\xff" * 65]
)
def test_a_key_file_with_something_else_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "register.key"
    path.write_bytes(data)
    path.chmod(0o600)
    with pytest.raises(Malformed, match="64 lower-case hex digits"):
        register.read_key(path)


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_a_key_of_another_length_is_refused(size: int) -> None:
    with pytest.raises(Malformed, match="32 bytes"):
        Register(bytes(size), Shelf())
