"""Receipts: enough alone, readable by others, and worthless when anything in them is changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comuna.book import checkpoint, entry, keys, receipt, tree
from comuna.book.note import COSIGNATURE, ED25519, VerifierKey
from comuna.book.receipt import Proof
from comuna.book.strict import Malformed
from tests.book.example import Book, book_of

BOOK = book_of(12)
NODE_AT = tree.nodes_of(BOOK.leaves)
RECEIPT = receipt.make(BOOK.entries[6], NODE_AT, BOOK.signed, BOOK.key)


@pytest.mark.parametrize("size", [1, 2, 5, 12])
def test_every_entry_has_a_receipt_that_checks(size: int) -> None:
    book = book_of(size)
    node_at = tree.nodes_of(book.leaves)
    for number, data in enumerate(book.entries, start=1):
        made = receipt.make(data, node_at, book.signed, book.key)
        found = receipt.check(made, book.key)
        assert found == receipt.check(made)
        assert found.entry == entry.decode(data)
        assert found.entry["number"] == number
        assert (found.checkpoint, found.book) == (book.checkpoint, book.key)


def test_the_receipt_is_the_entry_for_people_and_a_proof_for_programs() -> None:
    head, _, proof = RECEIPT.partition(b"\n\n")
    assert head.split(b"\n") == [
        b"comuna receipt v1",
        b"key " + BOOK.key.encode().encode(),
        b"entry " + BOOK.entries[6],
    ]
    parsed = Proof.parse(proof)
    assert parsed.encode() == proof
    assert (parsed.index, parsed.checkpoint) == (6, BOOK.signed)
    assert parsed.verify(BOOK.leaves[6], BOOK.key).checkpoint == BOOK.checkpoint


def test_witnesses_on_the_checkpoint_are_reported() -> None:
    seed = bytes(32)
    witness = VerifierKey("witness.example/w", COSIGNATURE, keys.public_key(seed))
    signed = checkpoint.cosign(BOOK.signed, witness.name, seed, 5)
    made = receipt.make(BOOK.entries[6], NODE_AT, signed, BOOK.key)
    assert [w.key for w in receipt.check(made, BOOK.key, [witness]).witnesses] == [witness]


@given(st.integers(0, len(RECEIPT) - 1), st.integers(1, 255))
def test_a_receipt_with_one_changed_byte_is_refused(at: int, change: int) -> None:
    changed = RECEIPT[:at] + bytes([RECEIPT[at] ^ change]) + RECEIPT[at + 1 :]
    with pytest.raises(Malformed):
        receipt.check(changed, BOOK.key)


@given(st.integers(0, len(RECEIPT) - 1))
def test_a_receipt_with_one_byte_less_is_refused(at: int) -> None:
    with pytest.raises(Malformed):
        receipt.check(RECEIPT[:at] + RECEIPT[at + 1 :], BOOK.key)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"comuna receipt v1", b"comuna receipt v2"),
        (b"index 6", b"index 7"),
        (b"index 6", b"index 06"),
        (b"index 6\n", b""),
        (b"index 6", b"extra \nindex 6"),
        (b"key ", b"key  "),
        (b"\n\nc2sp", b"\nc2sp"),
        (b"@v1", b"@v2"),
        (b"\n", b"\r\n"),
    ],
)
def test_a_receipt_in_any_other_form_is_refused(old: bytes, new: bytes) -> None:
    assert old in RECEIPT
    with pytest.raises(Malformed):
        receipt.check(RECEIPT.replace(old, new, 1), BOOK.key)


def test_extra_data_of_a_proof_is_read_but_vouches_for_nothing() -> None:
    proof = Proof.parse(RECEIPT.partition(b"\n\n")[2])
    longer = Proof(proof.index, proof.hashes, proof.checkpoint, b"anything")
    assert Proof.parse(longer.encode()) == longer


def test_a_receipt_by_another_key_is_refused_where_the_key_is_known() -> None:
    forged = Book(BOOK.entries, seed=bytes(32))
    made = receipt.make(BOOK.entries[6], NODE_AT, forged.signed, forged.key)
    assert receipt.check(made).book == forged.key
    with pytest.raises(Malformed, match="is signed by"):
        receipt.check(made, BOOK.key)


def test_a_receipt_whose_number_is_not_its_place_is_refused() -> None:
    shifted = Book(BOOK.entries[1:])
    with pytest.raises(Malformed, match="does not show the entry at index 6"):
        receipt.make(BOOK.entries[6], tree.nodes_of(shifted.leaves), shifted.signed, shifted.key)
    proof = Proof(5, tuple(tree.inclusion_proof(5, 11, tree.nodes_of(shifted.leaves))), b"")
    data = RECEIPT.partition(b"\n\n")[0] + b"\n\n" + proof.encode() + shifted.signed
    with pytest.raises(Malformed, match="entry 7 stands at index 5"):
        receipt.check(data, BOOK.key)


def test_a_receipt_for_an_entry_of_another_body_is_refused() -> None:
    other = VerifierKey("comuna/" + "0" * 32, ED25519, BOOK.key.public)
    root = BOOK.checkpoint.root
    signed = checkpoint.sign(checkpoint.Checkpoint(other.name, 12, root), BOOK.seed)
    with pytest.raises(Malformed, match="is of body"):
        receipt.make(BOOK.entries[6], NODE_AT, signed, other)


def test_an_entry_that_is_not_yet_under_the_checkpoint_has_no_receipt() -> None:
    with pytest.raises(Malformed, match="not in a tree of 12"):
        receipt.make(book_of(13).entries[12], NODE_AT, BOOK.signed, BOOK.key)
