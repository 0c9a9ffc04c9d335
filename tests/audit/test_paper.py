"""The kinds of acts that take more keys from paper, on both sides."""

from comuna.audit import authors
from comuna.rules.judge import JUDGES, KINDS


def test_guard_and_proof_ask_more_keys_for_the_same_acts():
    assert {KINDS[kind] for kind in JUDGES if kind.deciding} == set(authors.DECIDES)
    assert {KINDS[kind] for kind in JUDGES if kind.names_book} == set(authors.NAMES_BOOK)
