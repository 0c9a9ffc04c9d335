"""Signed notes (c2sp.org/signed-note v1.0.0): text signed by one or more Ed25519 keys.

    <text, ending in a newline>
    <empty line>
    — <key name> <base64 of 4-byte key hash ‖ signature>

Two types of signature are made and checked: 0x01, Ed25519 over the text, and 0x04, a witness's
timestamped Ed25519 cosignature (c2sp.org/tlog-cosignature v1).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from comuna.book import keys
from comuna.book.strict import LARGEST, Malformed, base64_bytes, base64_text, is_hex, utf8

ED25519 = 0x01
COSIGNATURE = 0x04

LARGEST_NOTE = 1_000_000
MOST_SIGNATURES = 100
"""Limits of reading, the same as those of Go's golang.org/x/mod/sumdb/note."""

_DASH = "— "


@dataclass(frozen=True)
class VerifierKey:
    """A public key with the name it signs under and the type of its signatures.

    Attributes:
        name: who signs; a schema-less address or, for a book, its origin.
        type: `ED25519` or `COSIGNATURE`.
        public: the 32 bytes of the Ed25519 public key.
    """

    name: str
    type: int
    public: bytes

    def __post_init__(self) -> None:
        _require_name(self.name)
        if self.type not in (ED25519, COSIGNATURE):
            raise Malformed(f"signature type 0x{self.type:02x} is not known; use 0x01 or 0x04")
        keys.from_wire(keys.to_wire(self.public))

    @property
    def hash(self) -> bytes:
        """The 4-byte key hash, which the specification calls key ID:

        SHA-256(name ‖ newline ‖ type ‖ public key)[:4].
        """
        return _key_hash(self.name, self.type, self.public)

    def encode(self) -> str:
        """The key as text: `<name>+<8 hex digits of the hash>+<base64 of type ‖ public key>`."""
        return f"{self.name}+{self.hash.hex()}+{base64_text(bytes([self.type]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Read the text form, raising `Malformed` if any part contradicts another."""
        name, _, rest = text.partition("+")
        key_hash, _, material = rest.partition("+")
        if not is_hex(key_hash, 8):
            raise Malformed("a verifier key is <name>+<8 lower-case hex digits>+<base64>")
        data = base64_bytes(material, 33)
        key = cls(name, data[0], data[1:])
        if key.hash.hex() != key_hash:
            raise Malformed(
                f"the verifier key says its hash is {key_hash}, but it is {key.hash.hex()}"
            )
        return key


@dataclass(frozen=True)
class Signature:
    """One signature line of a note, not yet verified: key name, key hash, and what follows it."""

    name: str
    key_hash: bytes
    value: bytes


@dataclass(frozen=True)
class Signed:
    """A verified signature: whose, and for a cosignature when (UTC seconds; otherwise absent)."""

    key: VerifierKey
    at: int | None


@dataclass(frozen=True)
class Note:
    """A note's text, ending in a newline, and its signature lines."""

    text: str
    signatures: tuple[Signature, ...]

    def encode(self) -> bytes:
        """The bytes of the note."""
        lines = (f"{_DASH}{s.name} {base64_text(s.key_hash + s.value)}\n" for s in self.signatures)
        return f"{self.text}\n{''.join(lines)}".encode()

    def with_signature(self, signature: Signature) -> "Note":
        """The note with one more signature line at its end."""
        return Note(self.text, (*self.signatures, signature))


def sign(text: str, name: str, seed: bytes) -> Signature:
    """Sign a note's text (type 0x01) under a key name with a 32-byte seed."""
    _require_text(text)
    key = VerifierKey(name, ED25519, keys.public_key(seed))
    return Signature(name, key.hash, keys.sign(seed, text.encode("utf-8")))


def cosign(text: str, name: str, seed: bytes, at: int) -> Signature:
    """Cosign a checkpoint's text (type 0x04) as seen at a time in UTC seconds."""
    _require_text(text)
    if not 0 <= at <= LARGEST:
        raise Malformed(f"the time {at} is not in 0..{LARGEST} UTC seconds")
    key = VerifierKey(name, COSIGNATURE, keys.public_key(seed))
    return Signature(
        name, key.hash, at.to_bytes(8, "big") + keys.sign(seed, _cosigned_bytes(text, at))
    )


def parse(data: bytes) -> Note:
    """Read a note, raising `Malformed` unless encoding it again gives the same bytes.

    The text is told from the signatures by the last empty line, as the specification says.
    """
    whole = utf8(data, "note", LARGEST_NOTE)
    text, gap, lines = whole.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise Malformed("a note is text, an empty line and signature lines, each with its newline")
    signature_lines = lines[:-1].split("\n")
    if len(signature_lines) > MOST_SIGNATURES:
        raise Malformed(f"the note has more than {MOST_SIGNATURES} signatures")
    signatures = tuple(_parse_line(line) for line in signature_lines)
    if len({(s.name, s.key_hash) for s in signatures}) < len(signatures):
        raise Malformed("the note has two signatures by one key")
    return Note(text + "\n", signatures)


def verified(note: Note, known: Iterable[VerifierKey]) -> list[Signed]:
    """The signatures of a note by known keys, in the order of the note.

    Unknown keys are ignored. Raises `Malformed` if a known key's signature fails, since a note with
    one false signature was tampered with, or if no known key signed.
    """
    by_id = {(key.name, key.hash): key for key in known}
    found: list[Signed] = []
    for signature in note.signatures:
        key = by_id.get((signature.name, signature.key_hash))
        if key is not None:
            found.append(Signed(key, _verify(note.text, key, signature.value)))
    if not found:
        raise Malformed("the note is not signed by any of the known keys")
    return found


def _verify(text: str, key: VerifierKey, value: bytes) -> int | None:
    """The time of a cosignature, None for a plain signature; raises `Malformed` if it is false."""
    message, at = text.encode("utf-8"), None
    if key.type == COSIGNATURE:
        at, value = int.from_bytes(value[:8], "big"), value[8:]
        message = _cosigned_bytes(text, at)
    if (at or 0) > LARGEST or not keys.verify(key.public, message, value):
        raise Malformed(f"the signature of {key.name} is false")
    return at


def _parse_line(line: str) -> Signature:
    name, gap, value = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not gap:
        raise Malformed(f"{line[:80]!r} is not a signature line: — <key name> <base64>")
    _require_name(name)
    data = base64_bytes(value)
    if len(data) < 5:
        raise Malformed("a signature line holds a 4-byte key hash and a signature")
    return Signature(name, data[:4], data[4:])


def _cosigned_bytes(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _key_hash(name: str, kind: int, public: bytes) -> bytes:
    return sha256(name.encode("utf-8") + b"\n" + bytes([kind]) + public).digest()[:4]


def _require_name(name: str) -> None:
    # A lone surrogate cannot be written in UTF-8; str.isspace covers every Unicode space.
    if not name or any(
        c.isspace() or c == "+" or c < " " or "\ud800" <= c <= "\udfff" for c in name
    ):
        raise Malformed(f"the key name {name[:80]!r} is empty or has a space, a plus or a control")


def _require_text(text: str) -> None:
    if not text.endswith("\n"):
        raise Malformed("the text of a note ends in a newline")
    utf8(text.encode("utf-8", "surrogatepass"), "note's text", LARGEST_NOTE)
