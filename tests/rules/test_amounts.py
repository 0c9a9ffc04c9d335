"""Amounts stay so small that every sum fits the whole numbers of a database: otherwise SQLite would
silently turn a balance into a fraction, and PostgreSQL would stop."""

import pytest

from comuna.book.canonical import decode
from comuna.readings.query import rows
from comuna.rules.accounts import Journal
from comuna.rules.ledger import Amount
from comuna.rules.names import AMOUNT_MAX
from comuna.rules.result import AllowEntry
from tests.rules.village import paper


def journal(village, *amounts, permission=""):
    """Depreciation of tools, line by line."""
    lines = tuple(
        Amount(account=account, amount=sign * amount)
        for amount in amounts
        for account, sign in (("depreciation", 1), ("tools", -1))
    )
    given = {"text": "wear", "receipt": paper(f"{village.sent}"), "permission": permission}
    wear = Journal(date=village.today, lines=lines, **given)
    return village.send(village.treasurer, wear, village.second)


@pytest.mark.parametrize("amounts", [(2**63 - 1,), (AMOUNT_MAX,), (AMOUNT_MAX // 2,) * 2])
def test_an_amount_out_of_range_is_refused(village, amounts):
    village.refused("amount_out_of_range", lambda: journal(village, *amounts))


def test_a_balance_does_not_grow_out_of_range(village):
    given = {"purpose": "wear", "debit": "depreciation", "credit": "tools", "until": "2026-12-31"}
    effects = [AllowEntry(name=name, amount=AMOUNT_MAX - 1, **given) for name in ("one", "two")]
    decision = village.decide(*effects)
    assert journal(village, AMOUNT_MAX - 1, permission=f"{decision}/one").number
    village.refused(
        "amount_out_of_range",
        lambda: journal(village, AMOUNT_MAX - 1, permission=f"{decision}/two"),
    )
    (there,) = rows(village.database, village.body, "balance", account="depreciation")
    assert there["amount"] == AMOUNT_MAX - 1
    assert type(there["amount"]) is int


def test_ninety_of_the_largest_amounts_fit_the_integers_of_a_book():
    assert decode(str(90 * AMOUNT_MAX).encode()) == 90 * AMOUNT_MAX < 2**63


def test_an_authorisation_out_of_range_is_refused(village):
    proposal = village.proposal(village.authorisation(limit=AMOUNT_MAX))
    village.refused("amount_out_of_range", lambda: village.send(village.plain[0], proposal))
