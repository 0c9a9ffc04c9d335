"""A lot is drawn again from what the book holds: whoever bent it is found."""

import pytest

from comuna.audit.entries import digest
from tests.audit.story import names, resign, where
from tests.audit.test_contests_counted_again import signers


def closing(server):
    """Where the vote by which the tellers were drawn was opened and closed."""
    opened = where(server.entries, "open-vote", proposal=server.story.lot)[-1]
    return opened, where(server.entries, "close-vote", ballot=opened + 1)[-1]


def test_the_book_says_who_is_drawn(server):
    assert names(server.verify(server.copy())) == set()
    assert len(server.story.drawn) == 3


@pytest.mark.parametrize(
    ("found", "change"),
    [
        ("lot_missing", lambda act: act.pop("dice")),
        ("dice_too_few", lambda act: act.update(dice="5 1 1 3")),
        ("dice_unclear", lambda act: act.update(dice="5 1 1 3 7")),
    ],
)
def test_a_lot_without_its_dice_is_found(server, found, change):
    _, closed = closing(server)
    entries = server.copy()
    e = entries[closed]
    change(e["act"])
    resign(e, signers(e))
    assert found in names(server.verify(entries))


def test_dice_that_no_teller_signed_are_found(server):
    _, closed = closing(server)
    entries = server.copy()
    e = entries[closed]
    resign(e, {e["by"]["member"]})
    assert "list_unsigned" in names(server.verify(entries))


@pytest.mark.parametrize(
    "said",
    [
        {"members": [9, 10, 11]},
        {"seats": 9},
        {"candidates": [9, 9, 10, 11]},
        {"candidates": [], "seats": 0, "members": [9, 10, 11]},
    ],
)
def test_a_lot_settled_before_the_vote_is_found(server, said):
    def settled(act):
        act["effects"][0].update(said)
        act["effects"][0] = {k: v for k, v in act["effects"][0].items() if v}

    entries = server.copy()
    e = entries[server.story.lot - 1]
    settled(e["act"])
    resign(e, signers(e))
    opened = entries[closing(server)[0]]
    opened["act"]["digest"] = digest(e["act"])
    resign(opened, signers(opened))
    assert "lot_unlawful" in names(server.verify(entries))
