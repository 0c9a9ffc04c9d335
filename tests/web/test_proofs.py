"""What the pages hand out proves itself without them."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from comuna.book import checkpoint, keys, note, receipt, store
from comuna.book.entry import origin
from comuna.book.tree import nodes_of
from comuna.web import desk

EN = {"accept-language": "en"}


def upload(browser, here, data):
    file = SimpleUploadedFile("receipt", data)
    return browser.post(f"{here}verify", {"receipt": file}, headers=EN).content.decode()


@pytest.mark.parametrize("number", [1, 2, 57, 300])
def test_a_receipt_checks_by_itself_and_on_the_page(anyone, here, year, number):
    data = anyone.get(f"{here}book/{number}.receipt").content
    found = receipt.check(data, desk.clerk().verifier_key(year.body))
    assert found.entry["number"] == number
    assert "The receipt is sound" in upload(anyone, here, data)


def test_a_receipt_that_was_touched_is_not_sound(anyone, here):
    data = anyone.get(f"{here}book/40.receipt").content
    for place in range(30, len(data), 97):
        touched = bytearray(data)
        touched[place] ^= 1
        page = upload(anyone, here, bytes(touched))
        assert "The receipt is not sound" in page, place


@pytest.mark.parametrize("data", [b"", b"x", b"\xff" * 100, b"comuna receipt v1\n", b"a" * 300_000])
def test_anything_else_is_not_a_receipt(anyone, here, data):
    assert "not sound" in upload(anyone, here, data)


def test_a_check_without_a_file_says_so_and_does_not_fail(anyone, here):
    assert "not sound" in anyone.post(f"{here}verify", headers=EN).content.decode()


def test_the_checkpoint_is_signed_over_the_whole_book(anyone, here, year, state):
    key = desk.clerk().verifier_key(year.body)
    data = anyone.get(f"{here}checkpoint").content
    found = checkpoint.verify(data, key).checkpoint
    assert (found.size, found.root) == (state.head, desk.clerk().desk(year.body).tree.root())
    page = anyone.get(f"{here}verify").content.decode()
    assert key.encode() in page
    assert checkpoint.read_aloud(found.root) in page


def test_an_act_is_handed_out_as_it_was_hashed(anyone, here, year):
    for number in (1, 2, 100):
        data = anyone.get(f"{here}book/{number}.json").content
        assert data == store.entry(desk.clerk().database, year.body, number)
        shown = anyone.get(f"{here}book/{number}").content.decode()
        assert json.loads(data)["nonce"] in shown


def test_the_browser_of_acts_finds_by_kind_member_and_thing(anyone, here, year, state):
    from comuna.readings.models import MODELS

    log = MODELS["log"].objects.filter(body=year.body)
    kind = "approve-payment"
    page = anyone.get(f"{here}book?kind={kind}", headers=EN).content.decode()
    assert f"{log.filter(kind=kind).count()} acts" in page
    page = anyone.get(f"{here}book?member=4", headers=EN).content.decode()
    assert f"{log.filter(member=4).count()} acts" in page
    decision = year.decisions["recall"]
    about = MODELS["mention"].objects.filter(
        body=year.body, topic="decision", subject=str(decision)
    )
    page = anyone.get(f"{here}book?topic=decision&subject={decision}", headers=EN).content.decode()
    assert f"{about.count()} acts" in page


def test_a_receipt_signed_by_a_stranger_is_not_sound(anyone, here, year, state):
    """Everything in it is true but the key: it proves nothing of this book."""
    database, seed = desk.clerk().database, keys.generate()
    tree = desk.clerk().desk(year.body).tree
    head = checkpoint.Checkpoint(origin(year.body), tree.size, tree.root())
    signed = checkpoint.sign(head, seed)
    stranger = note.VerifierKey(origin(year.body), note.ED25519, keys.public_key(seed))
    nodes = nodes_of(store.leaves(database, year.body, tree.size))
    data = receipt.make(store.entry(database, year.body, 9), nodes, signed, stranger)
    assert receipt.check(data).entry["number"] == 9
    assert "The receipt is not sound" in upload(anyone, here, data)
