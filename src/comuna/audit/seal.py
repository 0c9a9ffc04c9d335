"""Keys, signatures, signed checkpoints (c2sp.org signed-note, tlog-checkpoint), read strictly."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256

from comuna.audit.canonical import LARGEST, Malformed
from comuna.audit.ed25519 import public_of, signed_by

BOOK = 1
"""The type of a book's own signature over its checkpoint; witnesses sign with type 4."""

_P = 2**255 - 19
_EIGHT = int("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16)
_WEAK = {0, 1, _P - 1, _EIGHT, _P - _EIGHT}
"""y of the eight points of small order: for them anybody can make signatures (RFC 8032 §5.1)."""


def base64_of(text: object, size: int) -> bytes:
    """The bytes of canonical base64. Raises `Malformed` unless there are so many."""
    try:
        data = base64.b64decode(str(text), validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if len(data) != size or base64.b64encode(data).decode() != text:
        raise Malformed(f"{str(text)[:60]!r} is not the canonical base64 of {size} bytes")
    return data


def key_of(text: object) -> bytes:
    """A public key as the book writes it. Raises `Malformed`, also for keys that bind nobody."""
    public = base64_of(text, 32)
    y = int.from_bytes(public, "little") & (2**255 - 1)
    if y >= _P or y in _WEAK:
        raise Malformed("a public key of small order, or not a point in its one spelling")
    return public


def key_name(public: bytes) -> str:
    """The key id: the first 16 hex digits of the SHA-256 of the key."""
    return sha256(public).hexdigest()[:16]


@dataclass(frozen=True)
class BookKey:
    """The key a book signs its checkpoints with; `name` is its origin, "comuna/<body>"."""

    name: str
    public: bytes

    @property
    def hash(self) -> bytes:
        return sha256(f"{self.name}\n".encode() + bytes([BOOK]) + self.public).digest()[:4]

    @classmethod
    def parse(cls, text: str) -> BookKey:
        """`<origin>+<key hash>+<base64 of 0x01 ‖ key>`, as receipts and minutes print it."""
        name, _, rest = text.strip().partition("+")
        digits, _, material = rest.partition("+")
        data = base64_of(material, 33)
        key = cls(name, key_of(base64.b64encode(data[1:]).decode()))
        if data[0] != BOOK or key.hash.hex() != digits:
            raise Malformed("the key contradicts its own hash, or is not a book's (type 0x01)")
        return key


def public_from_recovery(text: str) -> bytes:
    """The public half of a secret that lies as recovery text (docs/book-format.md §2)."""
    letters = re.sub(r"[\s-]", "", text).upper().translate(str.maketrans("018", "OIB"))
    try:
        data = base64.b32decode(letters)
    except ValueError:
        data = b""
    if len(data) != 35 or sha256(b"comuna recovery v1\n" + data[:32]).digest()[:3] != data[32:]:
        raise Malformed("the recovery text does not add up")
    return public_of(data[:32])


@dataclass(frozen=True)
class Checkpoint:
    """A signed checkpoint as it lies there: what it says, and its signature lines."""

    origin: str
    size: int
    root: bytes
    text: bytes
    signatures: tuple[tuple[str, bytes, bytes], ...]  # key name, key hash, signature

    def is_signed_by(self, key: BookKey) -> bool:
        return any(
            name == key.name and digest == key.hash and signed_by(key.public, self.text, signature)
            for name, digest, signature in self.signatures
        )


def checkpoint_of(data: bytes) -> Checkpoint:
    """Read a signed checkpoint. Raises `Malformed` for any spelling but the one."""
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("the checkpoint is not UTF-8") from None
    text, gap, below = whole.rpartition("\n\n")
    lines = text.split("\n")
    if not gap or len(lines) != 3 or not below.endswith("\n") or len(data) > 1_000_000:
        raise Malformed("a checkpoint is three lines, an empty one, and signature lines")
    if any(c < " " for c in whole.replace("\n", "")) or not lines[0]:
        raise Malformed("the checkpoint holds control characters or has no origin")
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1], re.ASCII) or int(lines[1]) > LARGEST:
        raise Malformed(f"{lines[1][:40]!r} is not a number of entries")
    signatures = tuple(_signature(line) for line in below[:-1].split("\n"))
    if len({(name, digest) for name, digest, _ in signatures}) < len(signatures) > 0:
        raise Malformed("two signatures by one key")
    if len(signatures) > 100:
        raise Malformed("more than 100 signatures")
    root = base64_of(lines[2], 32)
    return Checkpoint(lines[0], int(lines[1]), root, f"{text}\n".encode(), signatures)


def _signature(line: str) -> tuple[str, bytes, bytes]:
    match = re.fullmatch(r"— ([^ +]+) ([A-Za-z0-9+/]+={0,2})", line)
    if not match:
        raise Malformed(f"{line[:60]!r} is not a signature line")
    length = len(match[2]) // 4 * 3 - match[2].count("=")
    data = base64_of(match[2], length)
    if len(data) < 5:
        raise Malformed("a signature line is too short")
    return match[1], data[:4], data[4:]
