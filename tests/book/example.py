"""A small book to test with: entries of one body, signed with a key whose seed is known."""

from dataclasses import dataclass

from comuna.book import checkpoint, entry, keys, tree
from comuna.book.checkpoint import Checkpoint
from comuna.book.note import ED25519, VerifierKey

FOUNDING_ACT = {"kind": "found", "name": "Comuna de prueba"}
BODY = entry.body_id(FOUNDING_ACT)
SEED = bytes(range(32))


@dataclass(frozen=True)
class Book:
    """The entries of a book and everything that follows from them."""

    entries: list[bytes]
    seed: bytes = SEED

    @property
    def key(self) -> VerifierKey:
        return VerifierKey(entry.origin(BODY), ED25519, keys.public_key(self.seed))

    @property
    def leaves(self) -> list[bytes]:
        return tree.leaf_hashes(self.entries)

    @property
    def checkpoint(self) -> Checkpoint:
        return Checkpoint(self.key.name, len(self.entries), tree.root(self.leaves))

    @property
    def signed(self) -> bytes:
        return checkpoint.sign(self.checkpoint, self.seed)


def book_of(size: int) -> Book:
    """The book of so many entries; a smaller one is always the beginning of a larger one."""
    return Book([_entry(number) for number in range(1, size + 1)])


def _entry(number: int) -> bytes:
    act = FOUNDING_ACT if number == 1 else {"kind": "remark", "text": f"línea {number}\n"}
    return entry.encode(
        {
            "act": act,
            "at": 1_700_000_000 + number,
            "body": BODY,
            "by": {"member": 1 + number % 7, "form": "attested"},
            "nonce": f"n{number}",
            "number": number,
        }
    )
