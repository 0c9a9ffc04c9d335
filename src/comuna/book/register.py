"""The roll register: names, documents and contacts of people, beside the book and never in it.

The book holds a commitment to a record: SHA-256(salt ‖ canonical JSON of the record), with 16
random bytes of salt. The record and its salt lie here, encrypted (AES-256-GCM). Erasing them leaves
the book verifiable and the commitment mute: without the salt nobody can even test a guess.
"""

import os
import secrets
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from comuna.book import canonical
from comuna.book.strict import Malformed, is_hex

SALT_SIZE = 16
KEY_SIZE = 32

_VERSION = b"\x01"
_NONCE_SIZE = 12


class Storage(Protocol):
    """Where the encrypted records lie, each under its commitment (64 hex digits)."""

    def load(self, commitment: str) -> bytes | None:
        """The encrypted record, or None if there is none (any more)."""

    def save(self, commitment: str, encrypted: bytes) -> None:
        """Store an encrypted record durably."""

    def delete(self, commitment: str) -> None:
        """Forget an encrypted record; one that is not there is no error."""


class Opening(NamedTuple):
    """A record and the salt that together open its commitment."""

    salt: bytes
    record: dict[str, Any]


def commitment(salt: bytes, record: Mapping[str, Any]) -> str:
    """What the book says of a record: 64 hex digits of SHA-256(salt ‖ canonical JSON)."""
    if len(salt) != SALT_SIZE:
        raise Malformed(f"a salt has {SALT_SIZE} bytes, not {len(salt)}")
    return sha256(salt + canonical.encode(dict(record))).hexdigest()


class Register:
    """The personal records of a home, encrypted with its 32-byte key.

    `salts` gives so many bytes of salt; only a generator of invented people replaces chance by
    something that can be repeated.
    """

    def __init__(
        self,
        key: bytes,
        storage: Storage,
        salts: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        if len(key) != KEY_SIZE:
            raise Malformed(f"the key of the register has {KEY_SIZE} bytes, not {len(key)}")
        self._cipher = AESGCM(key)
        self._storage = storage
        self._salts = salts

    def add(self, record: Mapping[str, Any]) -> str:
        """Keep a record and return its commitment for the book.

        A record is never changed: what is new gets a new salt and so a new commitment.
        """
        salt = self._salts(SALT_SIZE)
        name = commitment(salt, record)
        nonce = secrets.token_bytes(_NONCE_SIZE)
        opening = salt + canonical.encode(dict(record))
        # The commitment is authenticated too, so that nobody can swap two people's rows.
        encrypted = self._cipher.encrypt(nonce, opening, name.encode("ascii"))
        self._storage.save(name, _VERSION + nonce + encrypted)
        return name

    def open(self, name: str) -> Opening | None:
        """The record behind a commitment and its salt, or None if it was erased.

        Raises `Malformed` if the stored bytes were altered or encrypted with another key.
        """
        _require_commitment(name)
        stored = self._storage.load(name)
        if stored is None:
            return None
        start = len(_VERSION) + _NONCE_SIZE
        try:
            if stored[: len(_VERSION)] != _VERSION:
                raise InvalidTag
            opening = self._cipher.decrypt(
                stored[len(_VERSION) : start], stored[start:], name.encode("ascii")
            )
        except (InvalidTag, ValueError):
            raise Malformed(
                f"the record {name} was altered, or encrypted with another key"
            ) from None
        salt, record = opening[:SALT_SIZE], canonical.decode(opening[SALT_SIZE:])
        if not isinstance(record, dict) or commitment(salt, record) != name:
            raise Malformed(f"the record {name} does not open its commitment")
        return Opening(salt, record)

    def erase(self, name: str) -> None:
        """Forget a record and its salt for ever. The book keeps the commitment, which says nothing.

        Copies in backups are the operator's to let expire.
        """
        _require_commitment(name)
        self._storage.delete(name)


def create_key(path: Path) -> bytes:
    """Write a new random key to a file only its owner may read; an existing file is kept.

    Raises `FileExistsError` rather than replace a key without which every record is lost.
    """
    key = secrets.token_bytes(KEY_SIZE)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:
        file.write(key.hex().encode("ascii") + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return key


def read_key(path: Path) -> bytes:
    """Read the key, raising `Malformed` if others than its owner may read or change the file."""
    with path.open("rb") as file:
        mode = os.fstat(file.fileno()).st_mode & 0o777
        data = file.read(2 * KEY_SIZE + 2)
    if mode & 0o077:
        raise Malformed(f"{path.name} has mode {mode:04o}; others may read it. Set it to 0600")
    text = data.decode("ascii", "replace")
    if not text.endswith("\n") or not is_hex(text[:-1], 2 * KEY_SIZE):
        raise Malformed(f"{path.name} must hold {2 * KEY_SIZE} lower-case hex digits and a newline")
    return bytes.fromhex(text[:-1])


def _require_commitment(name: str) -> None:
    if not is_hex(name, 64):
        raise Malformed("a commitment is 64 lower-case hex digits")
