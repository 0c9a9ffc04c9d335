"""Entries that move no money still move the result: two sign each, none of them in their own case,
and what members are shared by is fixed when the year is sealed."""

import pytest

from comuna.rules.accounts import Amount, Journal, Receive, Reverse
from comuna.rules.assets import DisposeAsset, HandOverAsset, RegisterAsset
from comuna.rules.period import ApproveAccounts, ClosePeriod
from comuna.rules.roll import Declare, Kin
from tests.rules.both_sides import proven, refused
from tests.rules.village import NEXT_YEAR, paper

PACKS = ["simple", "ve-comunas-2010", "br-5764-1971", "us-colab", "es-27-1999"]
every_pack = pytest.mark.parametrize("pack", PACKS)


def income(v, source="sales_members", amount=900, payer="Buyer", **more):
    receipt = paper(f"{source} {amount} {payer} {more}")
    given = {"date": v.today, "money": "bank:main", "text": "income", "receipt": receipt, **more}
    return Receive(source=source, amount=amount, payer=payer, **given)


def contribution(v, member, amount):
    return v.do(v.treasurer, income(v, f"share_capital:{member}", amount), v.second, member)


def entry(v, *lines, receipt="sheet"):
    amounts = tuple(Amount(account=account, amount=amount) for account, amount in lines)
    sheet = paper(f"{receipt} {lines}") if receipt else None
    return Journal(date=v.today, lines=amounts, text="adjustment", receipt=sheet)


@every_pack
@pytest.mark.parametrize(
    "lines",
    [
        (("materials", 900), ("payables", -900)),  # an invented debt
        (("receivables", 900), ("sales_members", -900)),  # an invented sale
        (("losses", 900), ("receivables", -900)),  # a debt written off
        (("tools", 900), ("extraordinary_income", -900)),  # a revaluation
        (("sales_members", 900), ("sales_others", -900)),  # income under another name
        (("taxes", 900), ("materials", -900)),
    ],
)
def test_the_treasurer_alone_does_not_move_the_result(village, lines):
    v = village
    act = entry(v, *lines)
    second = "second_signature_missing"
    refused(v, second, second, v.treasurer, act)
    refused(v, second, second, v.treasurer, act, v.plain[0])
    proven(v, v.treasurer, act, v.second)


def test_an_entry_without_its_paper_is_refused(village):
    v = village
    act = entry(v, ("tools", 5), ("payables", -5), receipt="")
    refused(v, "no_receipt", "no_document", v.treasurer, act, v.second)


@every_pack
def test_the_treasurer_alone_enters_no_income(village):
    v = village
    second = "second_signature_missing"
    refused(v, second, second, v.treasurer, income(v))
    proven(v, v.treasurer, income(v), v.second)


@every_pack
def test_nobody_keeps_or_cosigns_what_they_put_in_themselves(village):
    v = village
    own = income(v, f"share_capital:{v.treasurer}")
    refused(v, "own_entry", "entry_in_own_case", v.treasurer, own, v.second)
    own = income(v, f"share_capital:{v.second}")
    missing = "second_signature_missing"
    refused(v, missing, missing, v.treasurer, own, v.second)
    owed = entry(v, ("losses", 5), (f"receivables:{v.second}", -5))
    refused(v, "own_entry", "entry_in_own_case", v.treasurer, owed, v.second)
    payer = income(v, payer=f"member:{v.second}")
    refused(v, "own_entry", "entry_in_own_case", v.treasurer, payer, v.second)


def test_kin_do_not_cosign_either(village):
    v = village
    member = v.plain[0]
    v.do(v.second, Declare(kin=(Kin(member=member, degree=1),)))
    act = income(v, f"share_capital:{member}")
    refused(v, "own_entry", "entry_in_own_case", v.treasurer, act, v.second)


@every_pack
def test_a_sale_is_not_booked_as_the_capital_of_somebody_who_did_not_sign(village):
    v = village
    act = income(v, f"share_capital:{v.plain[1]}")
    rules = ("contributor_has_not_signed", "contribution_unsigned")
    refused(v, *rules, v.treasurer, act, v.second)
    refused(v, *rules, v.treasurer, act, v.second, v.plain[0])
    proven(v, v.treasurer, act, v.second, v.plain[1])


def test_who_brings_a_contribution_is_none_of_the_two_hands(village):
    v = village
    act = income(v, f"share_capital:{v.plain[1]}")
    missing = "second_signature_missing"
    refused(v, missing, missing, v.treasurer, act, v.plain[1])


# --- the seal ---------------------------------------------------------------------------------


@every_pack
def test_two_do_not_close_a_year(village):
    v = village
    v.work()
    v.now = NEXT_YEAR
    overseer = v.overseer
    act = v.closing()
    third = "third_signature_missing"
    refused(v, third, third, v.treasurer, act, v.second)
    proven(v, v.treasurer, act, v.second, overseer)


def test_a_year_is_closed_for_the_measures_that_stand_in_the_book(village):
    v = village
    v.work()
    v.now = NEXT_YEAR
    act = ClosePeriod(since="2026-01-01", until="2026-12-31", measures="0" * 64)
    signers = (v.treasurer, act, v.second, v.overseer)
    said = refused(v, "measures_differ", "measures_differ", *signers)
    assert said.params["expected"] == v.closing().measures


@every_pack
def test_what_comes_after_the_end_neither_changes_nor_blocks_a_table_that_was_voted(village):
    """One cent of capital, a late receipt, a reversal: the table stands as it was sealed."""
    v = village
    contribution(v, v.plain[2], 5_000)
    v.work()
    v.now = NEXT_YEAR
    period = v.do(v.treasurer, v.closing(), v.second, v.overseer)
    v.decide(ApproveAccounts(period=period))
    table = v.sharing(period)
    decision = v.decide(table, enact=False)
    late = contribution(v, v.plain[1], 1)
    v.do(v.treasurer, income(v, "sales_members", 5_000), v.second)
    v.take_back(late)
    assert v.sharing(period) == table
    v.pass_window()
    v.put_in_force(decision)
    assert v.state.balances["surplus", "USD"] == 0


def test_capital_that_came_after_the_year_has_no_part_in_the_interest_of_it(village):
    v = village
    early, late = v.plain[1:3]
    contribution(v, early, 100)
    v.work()
    v.now = NEXT_YEAR
    contribution(v, late, 900_000)
    period = v.do(v.treasurer, v.closing(), v.second, v.overseer)
    v.decide(ApproveAccounts(period=period))
    shared = v.sharing(period, key="contributions").allocations
    assert set(shared) == {str(early)}


def test_an_earlier_surplus_is_shared_before_a_later_one(village):
    v = village
    v.work()
    v.now = NEXT_YEAR
    overseer = v.overseer
    half = v.do(v.treasurer, v.closing(until="2026-06-30"), v.second, overseer)
    other = v.do(v.treasurer, v.closing(since="2026-07-01"), v.second, overseer)
    assert v.state.periods[half].surplus
    waits = v.proposal(v.sharing(other, key="equal"))
    v.refused("earlier_surplus_waits", lambda: v.send(v.plain[0], waits))


# --- things -----------------------------------------------------------------------------------


def registering(name="hill", category="land", title="title of the hill"):
    return RegisterAsset(name=name, category=category, title=paper(title), in_name_of_body=True)


@every_pack
def test_a_thing_is_registered_once_for_ever_and_stays_what_it_is(village):
    v = village
    second = "second_signature_missing"
    refused(v, second, second, v.treasurer, registering())
    proven(v, v.treasurer, registering(), v.second)
    for again in (
        registering("hill", "tools", "another paper"),
        registering(" HILL ", "tools", "another paper"),
        registering("the old hill", "tools"),
    ):
        signers = (v.treasurer, again, v.second)
        refused(v, "asset_registered_already", "asset_registered_twice", *signers)


@every_pack
def test_a_thing_leaves_when_its_price_came_in_from_its_buyer(village):
    v = village
    v.do(v.treasurer, registering("press", "things"), v.second)
    v.decide(DisposeAsset(name="press", payee="Buyer", price=5_000))
    leaving = HandOverAsset(name="press", deed=paper("deed"))
    second = "second_signature_missing"
    refused(v, second, second, v.treasurer, leaving)
    gone = (v.treasurer, leaving, v.second)
    refused(v, "price_not_received", "price_not_received", *gone)
    part = income(v, "extraordinary_income", 4_999, asset="press")
    other = income(v, "extraordinary_income", 1, payer="Friend", asset="press")
    more = income(v, "extraordinary_income", 2, asset="press")
    rest = income(v, "extraordinary_income", 1, payer=" BUYER", asset="press")
    proven(v, v.treasurer, part, v.second)
    refused(v, "price_not_received", "price_not_received", *gone)
    refused(v, "other_buyer", "other_payee", v.treasurer, other, v.second)
    refused(v, "over_the_price", "more_than_owed", v.treasurer, more, v.second)
    last = proven(v, v.treasurer, rest, v.second)
    proven(v, *gone)
    v.announce(last)
    v.wait(hours=v.law.treasury.objection_hours)
    back = (v.treasurer, Reverse(movement=last, reason="back"), v.second)
    refused(v, "asset_gone", "asset_without_decision", *back)


def test_a_thing_whose_price_came_in_is_not_decided_on_again(village):
    v = village
    v.do(v.treasurer, registering("press", "things"), v.second)
    v.decide(DisposeAsset(name="press", payee="Buyer", price=5_000))
    part = income(v, "extraordinary_income", 1_000, asset="press")
    proven(v, v.treasurer, part, v.second)
    cheaper = v.proposal(DisposeAsset(name="press", payee="Friend", price=0))
    v.refused("price_came_in", lambda: v.send(v.plain[0], cheaper))


def test_the_buyer_does_not_sign_that_a_thing_leaves(village):
    v = village
    v.do(v.treasurer, registering("press", "things"), v.second)
    v.decide(DisposeAsset(name="press", payee=f"member:{v.second}", price=0))
    leaving = HandOverAsset(name="press", deed=paper("deed"))
    refused(v, "own_entry", "entry_in_own_case", v.treasurer, leaving, v.second)
