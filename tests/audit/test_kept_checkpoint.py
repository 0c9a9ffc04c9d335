"""What one member's old checkpoint shows, though everything was computed again and signed with the
book's own key: the attacks of ledger research, each by somebody who holds server and key."""

import copy
import sqlite3

import pytest

from comuna.audit.merkle import leaves_of, root_of, roots_at
from comuna.audit.record import Unreadable
from comuna.audit.verify import verify
from comuna.book import checkpoint, tree
from comuna.book.note import ED25519, VerifierKey
from comuna.book.receipt import make
from tests.audit.story import OWN_KEY, names

KEPT = 200
"""The size of the book when the member kept its checkpoint."""


def edit(entries):
    entries[100]["nonce"] += "x"
    return entries


def delete_the_tail(entries):
    return entries[:150]


def insert_backdated(entries):
    made = copy.deepcopy(entries[120])
    made["nonce"] = "backdated"
    return [*entries[:121], made, *entries[121:]]


def delete_and_pad(entries):
    padding = copy.deepcopy(entries[-10:])
    for number, e in enumerate(padding):
        e["nonce"] = f"padding {number}"
    return [*entries[:100], *entries[110:], *padding]


def restore_a_backup_and_continue_differently(entries):
    other = copy.deepcopy(entries[180:])
    for number, e in enumerate(other):
        e["nonce"] = f"other {number}"
    return [*entries[:180], *other]


ATTACKS = {
    edit: "not_consistent",
    delete_the_tail: "size_went_back",
    insert_backdated: "not_consistent",
    delete_and_pad: "not_consistent",
    restore_a_backup_and_continue_differently: "not_consistent",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_rewritten_book_is_not_what_a_member_kept(server, attack):
    report = server.verify(attack(server.copy()), server.kept(KEPT))
    assert ATTACKS[attack] in {f.name for f in report.findings if f.where == "--against"}


@pytest.mark.parametrize("size", [1, 3, 256, KEPT])
def test_every_earlier_checkpoint_of_an_honest_book_is_a_prefix_of_it(server, size):
    assert not server.verify(server.copy(), server.kept(size)).findings


def test_a_receipt_serves_as_a_kept_checkpoint(server, tmp_path):
    leaves = tree.leaf_hashes(server.honest[:KEPT])
    signed = server.signed(leaves)
    key = VerifierKey.parse(server.key)
    assert key.type == ED25519
    receipt = tmp_path / "receipt"
    receipt.write_bytes(make(server.honest[49], tree.nodes_of(leaves), signed, key))
    assert not server.verify(server.copy(), receipt).findings
    assert "not_consistent" in names(server.verify(edit(server.copy()), receipt))


def test_a_checkpoint_that_the_book_never_signed_accuses_nobody(server, tmp_path):
    """Of another root, under the name of the book, by a key that is not the book's."""
    head = checkpoint.Checkpoint(f"comuna/{server.body}", KEPT, tree.root(leaves_of([b"other"])))
    (tmp_path / "forged").write_bytes(checkpoint.sign(head, OWN_KEY))
    report = server.verify(server.copy(), tmp_path / "forged")
    assert "checkpoint_unsigned" in names(report)


def test_a_file_that_is_no_checkpoint_is_said_to_be_none(server, tmp_path):
    path = server.write(server.copy())
    (tmp_path / "list").write_text("rice, beans\n")
    for against in (tmp_path / "list", tmp_path / "nothing"):
        with pytest.raises(Unreadable):
            verify(path, against)


def test_the_two_trees_are_one_tree(server):
    """The verifier's own hashing agrees with the book's for every size, and with a root at once."""
    leaves = leaves_of(server.honest)
    assert leaves == tree.leaf_hashes(server.honest)
    roots = roots_at(leaves, range(len(leaves) + 1))
    for size in range(len(leaves) + 1):
        assert roots[size] == tree.root(leaves[:size]) == root_of(leaves[:size])


def test_two_books_of_one_home_are_both_proven(server, vouched, tmp_path):
    """One bad book among several is found, and named."""
    bad = edit(vouched.copy())
    one, other = server.write(server.copy()), vouched.write(bad)
    database = sqlite3.connect(one)
    database.execute("ATTACH ? AS other", (str(other),))
    for table in ("book_entry", "book_checkpoint"):
        database.execute(f"INSERT INTO {table} SELECT * FROM other.{table}")
    database.commit()
    database.close()
    books = {book.body: book for book in verify(one).books}
    assert not books[server.body].findings
    assert books[vouched.body].findings
