"""The examples of docs/book-format.md, computed again from what the document itself gives."""

import re
from hashlib import sha256
from pathlib import Path

import pytest

from comuna.book import canonical, checkpoint, entry, export, keys, note, receipt, register, tiles
from comuna.book import tree as trees
from comuna.book.note import VerifierKey
from comuna.book.strict import base64_bytes

DOCUMENT = Path(__file__).parents[2] / "docs" / "book-format.md"
BLOCKS = dict(
    re.findall(r"^```(?:text|json) ([a-z0-9-]+)\n(.*?)\n```$", DOCUMENT.read_text(), re.M | re.S)
)
SEEDS = {
    line[:11].strip(): bytes.fromhex(line[11:].strip()) for line in BLOCKS["seeds"].splitlines()
}
ENTRIES = [BLOCKS[f"entry-{number}"].encode() for number in (1, 2, 3)]
SIGNED = (BLOCKS["checkpoint"] + "\n").encode()
BOOK_KEY = VerifierKey.parse(BLOCKS["book-key"])
WITNESS_KEY = VerifierKey.parse(BLOCKS["witness-key"])


def test_the_body_is_named_as_the_document_says() -> None:
    founding_act = canonical.decode(BLOCKS["founding-act"].encode())
    assert entry.decode(ENTRIES[0])["act"] == founding_act
    assert sha256(BLOCKS["founding-act"].encode()).hexdigest()[:32] == BLOCKS["body-id"]
    assert entry.body_id(founding_act) == BLOCKS["body-id"]


@pytest.mark.parametrize("data", ENTRIES)
def test_the_entries_are_in_the_form_the_document_demands(data: bytes) -> None:
    found = entry.decode(data)
    assert entry.encode(found) == data
    assert found["body"] == BLOCKS["body-id"]


def test_the_signatures_are_over_the_bytes_the_document_gives() -> None:
    seed = SEEDS["member 1"]
    public = keys.public_key(seed)
    for number in (1, 2):
        found = entry.decode(ENTRIES[number - 1])
        signed = entry.signed_bytes(found["act"], found["body"], found["by"], found["nonce"])
        (signature,) = found["by"]["signatures"]
        assert signature["key"] == sha256(public).hexdigest()[:16] == keys.key_id(public)
        assert base64_bytes(signature["value"], 64) == keys.sign(seed, signed)
        assert keys.verify(public, signed, base64_bytes(signature["value"]))
        if number == 1:
            assert signed == BLOCKS["signed-bytes-1"].encode()


def test_the_recovery_text_is_that_of_the_members_seed() -> None:
    assert keys.recovery_text(SEEDS["member 1"]) == BLOCKS["recovery-text"]
    assert keys.seed_from_recovery(BLOCKS["recovery-text"]) == SEEDS["member 1"]


def test_the_leaves_and_the_root_are_those_of_the_entries() -> None:
    leaves = [sha256(b"\x00" + data).digest() for data in ENTRIES]
    assert [leaf.hex() for leaf in leaves] == BLOCKS["leaves"].splitlines()
    left = sha256(b"\x01" + leaves[0] + leaves[1]).digest()
    root = sha256(b"\x01" + left + leaves[2]).digest()
    assert root.hex() == BLOCKS["root"] == trees.root(leaves).hex()


def test_the_checkpoint_is_signed_by_the_book_and_cosigned_by_the_witness() -> None:
    assert BOOK_KEY.public == keys.public_key(SEEDS["the book"])
    assert WITNESS_KEY.public == keys.public_key(SEEDS["a witness"])
    found = checkpoint.verify(SIGNED, BOOK_KEY, [WITNESS_KEY])
    assert found.checkpoint.origin == entry.origin(BLOCKS["body-id"])
    assert found.checkpoint.root.hex() == BLOCKS["root"]
    (witness,) = found.witnesses
    assert witness.at is not None
    again = checkpoint.sign(found.checkpoint, SEEDS["the book"])
    again = checkpoint.cosign(again, WITNESS_KEY.name, SEEDS["a witness"], witness.at)
    assert again == SIGNED
    assert note.parse(SIGNED).encode() == SIGNED


def test_the_files_are_those_that_an_export_writes(tmp_path: Path) -> None:
    export.export(tmp_path, ENTRIES, SIGNED)
    lines = []
    for tile in tiles.tiles_of(3):
        data = (tmp_path / tile.path()).read_bytes()
        shown = f"{len(data)} bytes, SHA-256 {sha256(data).hexdigest()}"
        lines.append(f"{tile.path()}  {shown if tile.level == tiles.ENTRIES else data.hex()}")
    assert lines == BLOCKS["files"].splitlines()


def test_the_receipt_checks_and_is_the_one_we_make() -> None:
    data = (BLOCKS["receipt-2"] + "\n").encode()
    assert receipt.check(data, BOOK_KEY, [WITNESS_KEY]).entry == entry.decode(ENTRIES[1])
    nodes = trees.nodes_of(trees.leaf_hashes(ENTRIES))
    assert receipt.make(ENTRIES[1], nodes, SIGNED, BOOK_KEY) == data


def test_the_commitment_is_that_of_salt_and_record() -> None:
    salt, record = bytes.fromhex(BLOCKS["salt"]), BLOCKS["record"].encode()
    assert sha256(salt + record).hexdigest() == BLOCKS["commitment"]
    opened = canonical.decode(record)
    assert isinstance(opened, dict)
    assert register.commitment(salt, opened) == BLOCKS["commitment"]
