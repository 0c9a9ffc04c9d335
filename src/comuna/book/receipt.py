"""Receipts: proof for a member's own keeping that an act stands in the book.

A receipt is one text file. Its last part is a C2SP tlog-proof, which any tool for transparency logs
can check; before it stand the book's key and the entry itself, so that the file is enough alone:

    comuna receipt v1
    key <verifier key of the book>
    entry <canonical JSON of the entry>
    <empty line>
    c2sp.org/tlog-proof@v1
    index <number - 1>
    <base64 of the hashes of the inclusion proof, one a line>
    <empty line>
    <signed checkpoint>

The key in the file proves nothing by itself: compare it with the one printed in the minutes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from comuna.book import checkpoint as checkpoints
from comuna.book import entry as entries
from comuna.book import tree
from comuna.book.checkpoint import Checkpoint, Verified
from comuna.book.note import LARGEST_NOTE, Signed, VerifierKey
from comuna.book.strict import Malformed, base64_bytes, base64_text, decimal, utf8

RECEIPT = "comuna receipt v1"
PROOF = "c2sp.org/tlog-proof@v1"
MOST_HASHES = 63
LARGEST_RECEIPT = LARGEST_NOTE + 200_000


@dataclass(frozen=True)
class Proof:
    """A tlog-proof (c2sp.org/tlog-proof@v1).

    Attributes:
        index: the entry's place in the tree, counted from 0.
        hashes: the inclusion proof, the leaf's sibling first.
        checkpoint: the signed checkpoint, verbatim.
        extra: opaque data that nothing vouches for; empty if absent.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""

    def encode(self) -> bytes:
        """The text of the proof."""
        head = [PROOF]
        if self.extra:
            head.append(f"extra {base64_text(self.extra)}")
        head.append(f"index {self.index}")
        head += [base64_text(one) for one in self.hashes]
        return "\n".join(head).encode("ascii") + b"\n\n" + self.checkpoint

    @classmethod
    def parse(cls, data: bytes) -> "Proof":
        """Read a proof, raising `Malformed` unless encoding it again gives the same bytes."""
        text = utf8(data, "proof", LARGEST_NOTE)
        head, gap, checkpoint = text.partition("\n\n")
        first, *lines = head.split("\n")
        if first != PROOF or not gap:
            raise Malformed(f"a proof begins with {PROOF!r} and has an empty line before the note")
        extra = b""
        if lines and lines[0].startswith("extra "):
            extra = base64_bytes(lines.pop(0).removeprefix("extra "))
            if not extra:
                raise Malformed("the extra line holds nothing; leave it out")
        if not lines or not lines[0].startswith("index "):
            raise Malformed('the proof lacks its "index" line')
        index = decimal(lines.pop(0).removeprefix("index "))
        if len(lines) > MOST_HASHES:
            raise Malformed(f"the proof has more than {MOST_HASHES} hashes")
        hashes = tuple(base64_bytes(line, 32) for line in lines)
        return cls(index, hashes, checkpoint.encode("utf-8"), extra)

    def verify(
        self, leaf: bytes, book: VerifierKey, witnesses: Iterable[VerifierKey] = ()
    ) -> Verified:
        """The verified checkpoint; raises `Malformed` if it does not hold the leaf hash there."""
        found = checkpoints.verify(self.checkpoint, book, witnesses)
        size, root = found.checkpoint.size, found.checkpoint.root
        if not tree.verify_inclusion(leaf, self.index, size, self.hashes, root):
            raise Malformed(f"the proof does not show the entry at index {self.index}")
        return found


@dataclass(frozen=True)
class Receipt:
    """A receipt whose proof holds under `book`, the key it was checked with."""

    entry: dict[str, Any]
    checkpoint: Checkpoint
    book: VerifierKey
    witnesses: tuple[Signed, ...]


def make(entry: bytes, node_at: tree.NodeAt, signed: bytes, book: VerifierKey) -> bytes:
    """The receipt for an entry under a signed checkpoint of its book.

    `node_at` gives the nodes of the checkpoint's tree. Raises `Malformed` if the receipt would not
    check, which means that the book at hand is not the one that was signed.
    """
    index = entries.decode(entry)["number"] - 1
    checkpoint, _ = checkpoints.parse(signed)
    hashes = tree.inclusion_proof(index, checkpoint.size, node_at)
    proof = Proof(index, tuple(hashes), signed).encode()
    data = f"{RECEIPT}\nkey {book.encode()}\nentry ".encode() + entry + b"\n\n" + proof
    check(data, book)
    return data


def check(
    data: bytes, book: VerifierKey | None = None, witnesses: Iterable[VerifierKey] = ()
) -> Receipt:
    """Check a receipt, against the known key of the book if there is one.

    Without `book` the receipt is only shown to agree with the key it carries, which the reader must
    compare with a key from elsewhere. Raises `Malformed` for anything else than a sound receipt.
    """
    text = utf8(data, "receipt", LARGEST_RECEIPT)
    head, gap, proof_text = text.partition("\n\n")
    lines = head.split("\n")
    if (
        len(lines) != 3
        or not gap
        or lines[0] != RECEIPT
        or not lines[1].startswith("key ")
        or not lines[2].startswith("entry ")
    ):
        raise Malformed(
            f"a receipt begins with the lines {RECEIPT!r}, key, entry, and an empty one"
        )
    carried = VerifierKey.parse(lines[1].removeprefix("key "))
    if book is not None and carried != book:
        raise Malformed(f"the receipt is signed by {carried.encode()}, not by {book.encode()}")
    entry_bytes = lines[2].removeprefix("entry ").encode("utf-8")
    entry = entries.decode(entry_bytes)
    proof = Proof.parse(proof_text.encode("utf-8"))
    found = proof.verify(tree.leaf_hash(entry_bytes), carried, witnesses)
    if entry["number"] != proof.index + 1:
        raise Malformed(f"entry {entry['number']} stands at index {proof.index} of the book")
    if entries.origin(entry["body"]) != found.checkpoint.origin:
        raise Malformed(f"the entry is of body {entry['body']}, not of {found.checkpoint.origin}")
    return Receipt(entry, found.checkpoint, carried, found.witnesses)
