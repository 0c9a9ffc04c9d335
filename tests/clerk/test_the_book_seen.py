"""A signature that names the book its author saw is taken into that book and into no other."""

import pytest

from comuna import pen
from comuna.clerk import Recorded
from comuna.rules.act import Refusal, Seen
from comuna.rules.roll import Declare
from tests.rules.village import Village, seed


@pytest.fixture(scope="module")
def village(tmp_path_factory):
    own = Village.founded(tmp_path_factory.mktemp("seen") / "village.db", "simple")
    yield own
    own.close()


def declare(village, seen):
    return village.clerk.submit(
        pen.signed(village.body, 12, Declare(), village.nonce(), {12: seed(12)}, seen)
    )


def test_the_book_as_it_is_and_as_it_was_is_accepted(village):
    tree = village.clerk.desk(village.body).tree
    now = Seen(size=tree.size, root=tree.root().hex())
    assert isinstance(declare(village, now), Recorded)
    assert isinstance(declare(village, now), Recorded)
    village.clerk.desks.clear()  # as after a restart: nothing is remembered
    assert isinstance(declare(village, now), Recorded)


def test_another_book_is_refused(village):
    size = village.state.head
    for seen, rule in (
        (Seen(size=size, root="0" * 64), "checkpoint_differs"),
        (Seen(size=size - 1, root="0" * 64), "checkpoint_differs"),
        (Seen(size=size - 1, root=""), "checkpoint_differs"),
        (Seen(size=size + 1, root="0" * 64), "checkpoint_not_of_this_book"),
        (Seen(size=0, root="0" * 64), "checkpoint_not_of_this_book"),
    ):
        verdict = declare(village, seen)
        assert isinstance(verdict, Refusal)
        assert verdict.rule == rule
    assert village.state.head == size
