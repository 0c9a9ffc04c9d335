"""Checkpoints (c2sp.org/tlog-checkpoint v1.0.0): what a book held at one moment, signed.

The note's text is three lines: the origin, the number of entries, the root in base64. Two signed
checkpoints of one origin that no consistency proof joins convict the book that signed them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from comuna.book import note
from comuna.book.note import ED25519, Note, Signed, VerifierKey
from comuna.book.strict import LARGEST, Malformed, base64_bytes, base64_text, decimal
from comuna.book.tree import EMPTY_ROOT


@dataclass(frozen=True)
class Checkpoint:
    """The state of a book.

    Attributes:
        origin: which book, `comuna/<body id>`; also the name its key signs under.
        size: the number of entries.
        root: the 32-byte root of the Merkle tree over them.
    """

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not self.origin or "\n" in self.origin:
            raise Malformed("the origin of a checkpoint is one line of text")
        if not 0 <= self.size <= LARGEST or len(self.root) != 32:
            raise Malformed("a checkpoint has a size from 0 to 2^63-1 and a root of 32 bytes")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise Malformed("the root of an empty book is the SHA-256 of nothing")

    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64_text(self.root)}\n"

    @classmethod
    def parse_text(cls, text: str) -> "Checkpoint":
        """Read the three lines.

        Extension lines are refused: nobody but the log can vouch for them.
        """
        lines = text.split("\n")
        if len(lines) != 4 or lines[3]:
            raise Malformed("a checkpoint has exactly three lines: origin, size, root")
        return cls(lines[0], decimal(lines[1]), base64_bytes(lines[2], 32))


@dataclass(frozen=True)
class Verified:
    """A checkpoint signed by its book, and the witnesses among the known that cosigned it."""

    checkpoint: Checkpoint
    witnesses: tuple[Signed, ...]


def read_aloud(root: bytes) -> str:
    """What people read out and write down of a root: its first 12 characters in base64, as the
    third line of a checkpoint begins (72 bits)."""
    return base64_text(root)[:12]


def sign(checkpoint: Checkpoint, seed: bytes) -> bytes:
    """The signed checkpoint: a note signed under the origin's name by the book's 32-byte seed."""
    text = checkpoint.text()
    return Note(text, (note.sign(text, checkpoint.origin, seed),)).encode()


def cosign(signed: bytes, name: str, seed: bytes, at: int) -> bytes:
    """The signed checkpoint with a witness's cosignature of that time (UTC seconds) added.

    A witness calls this only after it has verified the book's signature and the consistency with
    the last checkpoint it cosigned: the line says that it did.
    """
    opened = note.parse(signed)
    Checkpoint.parse_text(opened.text)
    return opened.with_signature(note.cosign(opened.text, name, seed, at)).encode()


def parse(signed: bytes) -> tuple[Checkpoint, Note]:
    """Read a signed checkpoint without verifying any signature."""
    opened = note.parse(signed)
    return Checkpoint.parse_text(opened.text), opened


def verify(signed: bytes, book: VerifierKey, witnesses: Iterable[VerifierKey] = ()) -> Verified:
    """Read a signed checkpoint, raising `Malformed` unless the book's own key signed it."""
    checkpoint, opened = parse(signed)
    if book.type != ED25519 or book.name != checkpoint.origin:
        raise Malformed(
            f"the checkpoint is of {checkpoint.origin}, the key is for {book.name}: "
            "a book signs under its own origin with an Ed25519 key (type 0x01)"
        )
    found = note.verified(opened, [book, *witnesses])
    if all(signed_by.key != book for signed_by in found):
        raise Malformed(f"the checkpoint is not signed by {book.encode()}")
    return Verified(checkpoint, tuple(s for s in found if s.key != book))
