"""Keeping the accounts: what the treasurer may write, and what only the members may change."""

import pytest

from comuna.rules.accounts import (
    Amount,
    AnnounceReversal,
    CountMoney,
    Journal,
    MoveMoney,
    Receive,
    Reverse,
)
from comuna.rules.amendment import AmendStatute, Change
from comuna.rules.assets import DisposeAsset, HandOverAsset, RegisterAsset
from comuna.rules.decision import Repeal
from comuna.rules.roll import Declare, Kin
from comuna.rules.treasury import ReleasePayment
from comuna.rules.vote import CountHands
from tests.rules.village import each_pack, paper


def journal(v, *lines, date="", text="adjustment"):
    amounts = tuple(Amount(account=account, amount=amount) for account, amount in lines)
    receipt = paper(f"sheet {text} {lines}")
    return Journal(date=date or v.today, lines=amounts, text=text, receipt=receipt)


def receiving(v, **changes):
    given = {
        "date": v.today,
        "money": "bank:main",
        "source": "sales_members",
        "amount": 500,
        "payer": "Buyer",
        "text": "cacao",
        "receipt": paper("a new receipt"),
        **changes,
    }
    return Receive(**given)


# --- receiving --------------------------------------------------------------------------------


@each_pack
def test_money_comes_in_only_from_what_may_bring_it(village):
    v = village
    for rule, change in [
        ("source_not_allowed", {"source": "loans"}),
        ("source_not_allowed", {"source": "materials"}),
        ("source_not_allowed", {"source": "surplus"}),
        ("source_not_allowed", {"source": v.reserve()}),
        ("source_not_allowed", {"source": "member_accounts:3"}),
        ("source_not_allowed", {"source": "grants_used"}),
        ("source_not_allowed", {"source": "funds_used:roof"}),
        ("account_unknown", {"source": "gold"}),
        ("grant_not_accepted", {"source": "grants:well"}),
        ("over_the_grant", {"source": "grants:roof", "amount": 1}),
        ("payee_unknown", {"source": "share_capital:99"}),
        ("payee_unknown", {"source": "share_capital:007"}),
        ("payee_unknown", {"source": "share_capital"}),
        ("account_not_listed", {"money": "bank:hidden"}),
        ("no_receipt", {"receipt": None}),
        ("text_missing", {"payer": " "}),
        ("amount_not_positive", {"amount": -500}),
        ("date_in_the_future", {"date": "2027-06-01"}),
    ]:
        act = receiving(v, **change)
        v.refused(rule, lambda a=act: v.send(v.treasurer, a, v.second))
    v.refused("no_mandate", lambda: v.send(v.plain[0], receiving(v), v.second))
    v.refused("second_signature_missing", lambda: v.send(v.treasurer, receiving(v)))


@each_pack
def test_a_receipt_of_money_received_does_not_serve_again(village):
    v = village
    v.do(v.treasurer, receiving(v), v.second)
    v.refused("receipt_used_already", lambda: v.send(v.treasurer, receiving(v), v.second))


# --- the journal ------------------------------------------------------------------------------


@each_pack
def test_the_journal_moves_no_money_no_fund_and_nobodys_account(village):
    v = village
    guarded = [
        "bank:main",
        "cash",
        v.reserve(),
        "surplus",
        "patrimony",
        "prior_losses",
        "grants:roof",
        "member_accounts:3",
        "share_capital:3",
        "advances:3",
        "loans",
        "grants_used",
        "funds_used",
    ]
    for account in guarded:
        act = journal(v, (account, 5), ("payables", -5))
        v.refused("not_by_journal", lambda a=act: v.send(v.treasurer, a, v.second))


@each_pack
def test_a_journal_entry_balances_and_says_what_it_is(village):
    v = village
    two = (("tools", 5), ("payables", -5))
    for rule, act in [
        ("does_not_balance", journal(v, ("tools", 5), ("payables", -4))),
        ("lines_missing", journal(v, ("tools", 0))),
        ("amount_not_positive", journal(v, ("tools", 0), ("payables", 0))),
        ("account_unknown", journal(v, ("gold", 5), ("payables", -5))),
        ("text_missing", journal(v, *two, text=" ")),
        ("date_in_the_future", journal(v, *two, date="2027-06-01")),
    ]:
        v.refused(rule, lambda a=act: v.send(v.treasurer, a, v.second))
    v.refused("no_mandate", lambda: v.send(v.plain[0], journal(v, *two), v.second))
    v.refused("second_signature_missing", lambda: v.send(v.treasurer, journal(v, *two)))
    v.do(v.treasurer, journal(v, *two), v.second)


# --- moving and counting ----------------------------------------------------------------------


@each_pack
def test_money_is_moved_between_listed_accounts_by_two(village):
    v = village

    def moving(source="bank:main", target="cash", amount=500):
        return MoveMoney(date=v.today, source=source, target=target, amount=amount)

    v.refused("second_signature_missing", lambda: v.send(v.treasurer, moving()))
    v.refused("second_signature_missing", lambda: v.send(v.treasurer, moving(), v.plain[0]))
    v.refused("no_mandate", lambda: v.send(v.approvers[0], moving(), v.approvers[1]))
    for rule, act in [
        ("account_not_listed", moving(target="bank:mine")),
        ("account_not_listed", moving(source="grants:roof")),
        ("same_account", moving(target="bank:main")),
        ("account_overdrawn", moving(source="cash", target="bank:main")),
        ("amount_not_positive", moving(amount=0)),
    ]:
        v.refused(rule, lambda a=act: v.send(v.treasurer, a, v.approvers[0]))
    v.do(v.treasurer, moving(), v.approvers[0])


@each_pack
def test_cash_is_counted_by_two(village):
    v = village
    count = CountMoney(account="cash", date=v.today, counted=0)
    v.refused("counters_missing", lambda: v.send(v.treasurer, count))
    negative = CountMoney(account="cash", date=v.today, counted=-1)
    v.refused("count_negative", lambda: v.send(v.treasurer, negative, v.plain[0]))
    hidden = CountMoney(account="bank:mine", date=v.today, counted=1)
    v.refused("account_not_listed", lambda: v.send(v.treasurer, hidden, v.plain[0]))
    v.do(v.treasurer, count, v.plain[0])


# --- reversing --------------------------------------------------------------------------------


@each_pack
def test_a_payment_is_reversed_in_the_open_and_gives_its_room_back(village):
    v = village
    opened = v.decide(v.authorisation())
    _, movement = v.pay(opened, 50_000)
    reverse = Reverse(movement=movement, reason="the zinc came back")
    v.refused("second_signature_missing", lambda: v.send(v.treasurer, reverse))
    v.refused("text_missing", lambda: v.send(v.treasurer, bare(movement), v.approvers[0]))
    before = v.state.balances["bank:main", "USD"]
    v.do(v.treasurer, reverse, v.approvers[0])
    authorisation = v.state.authorisations[str(opened)]
    assert (authorisation.spent, authorisation.pending) == (0, 50_000)
    assert v.state.balances["bank:main", "USD"] == before + 50_000
    v.refused("reversed_already", lambda: v.send(v.treasurer, reverse, v.approvers[0]))


def bare(movement):
    return Reverse(movement=movement, reason=" ")


@each_pack
def test_a_reversal_is_not_reversed_into_a_payment_without_a_decision(village):
    v = village
    _, movement = v.pay(v.decide(v.authorisation()), 50_000)
    undone = v.do(v.treasurer, Reverse(movement=movement, reason="wrong"), v.approvers[0])
    again = Reverse(movement=undone, reason="right after all")
    v.refused("sealing_not_reversed", lambda: v.send(v.treasurer, again, v.approvers[0]))


def test_reversing_one_part_of_a_payment_whose_rest_was_released_gives_back_that_part(village):
    v = village
    opened = v.decide(v.authorisation())
    payment = v.request(opened, 50_000)
    v.approve(payment)
    movement = v.do(v.treasurer, v.paying(payment, 20_000))
    v.do(v.requester, ReleasePayment(payment=payment, reason="half came"))
    v.do(v.treasurer, Reverse(movement=movement, reason="and went back"), v.approvers[0])
    authorisation = v.state.authorisations[str(opened)]
    assert (authorisation.spent, authorisation.pending, authorisation.room) == (0, 0, 60_000)
    v.refused("payment_settled", lambda: v.send(v.treasurer, v.paying(payment, 20_000)))


@each_pack
def test_what_is_left_of_a_grant_goes_back_by_a_decision_and_no_other_way(village):
    v = village
    received = next(
        m.number for m in v.state.movements.values() if ("grants:roof", -100_000) in m.lines
    )
    v.pay(v.decide(v.authorisation(fund="grants:roof", limit=50_000)), 50_000)
    announced = AnnounceReversal(movement=received, reason="never came")
    third = (v.approvers[0], v.overseer)
    v.wait(days=v.law.treasury.correction_days + 1)
    v.refused("correction_too_late", lambda: v.send(v.treasurer, announced, *third))
    late = v.decide(v.authorisation(fund="grants:roof", line="grants:roof", limit=50_000))
    v.refused("over_the_limit", lambda: v.send(v.requester, v.payment(late, 50_001)))
    v.pay(late, 50_000, "Ministry")
    assert v.state.balances["grants:roof", "USD"] == 0


@each_pack
def test_what_a_decision_moved_is_not_reversed_by_two_people(village):
    v = village
    v.work()
    period = v.close_year()
    reverse = Reverse(movement=period, reason="a better result")
    v.refused("sealing_not_reversed", lambda: v.send(v.treasurer, reverse, v.approvers[0]))
    unknown = Reverse(movement=1, reason="nothing")
    v.refused("movement_unknown", lambda: v.send(v.treasurer, unknown, v.approvers[0]))


def test_a_grant_spent_on_lasting_things_stays_common_and_one_spent_on_costs_is_income(village):
    v = village
    roof = {"fund": "grants:roof", "limit": 30_000}
    lasting, used = v.decide_all(
        (v.authorisation(line="tools", **roof),), (v.authorisation(line="materials", **roof),)
    )
    v.pay(lasting, 30_000)
    v.pay(used, 20_000)
    balances = v.state.balances
    assert balances["patrimony", "USD"] == -30_000
    assert balances["grants_used", "USD"] == -20_000
    assert balances["grants:roof", "USD"] == -50_000


# --- what members are owed --------------------------------------------------------------------


def test_a_member_is_not_paid_more_than_they_are_owed(village):
    v = village
    v.decide(v.sharing(v.year()))
    member = v.plain[0]
    owed = -v.state.balances[f"member_accounts:{member}", "USD"]
    assert owed > 0
    opened = v.decide(v.authorisation(line="member_accounts", until="2027-12-31"))
    payee = f"member:{member}"
    over = v.payment(opened, owed + 1, payee)
    v.refused("more_than_owed", lambda: v.send(v.requester, over))
    supplier = v.payment(opened, 5, "Supplier")
    v.refused("payee_is_no_member", lambda: v.send(v.requester, supplier))
    v.pay(opened, owed, payee)
    assert v.state.balances[f"member_accounts:{member}", "USD"] == 0


def test_no_advance_is_paid_where_the_statute_allows_none(village):
    v = village
    v.decide(AmendStatute(changes=(Change(place="surplus.advances", value="none"),)))
    opened = v.decide(v.authorisation(line="advances"))
    advance = v.payment(opened, 500, f"member:{v.plain[0]}")
    v.refused("no_advances", lambda: v.send(v.requester, advance))


# --- assets -----------------------------------------------------------------------------------


def registering(**changes):
    given = {
        "name": "press",
        "category": "tools",
        "title": paper("title of the press"),
        "in_name_of_body": True,
        **changes,
    }
    return RegisterAsset(**given)


def selling(name="press", payee="Buyer", price=5000):
    return DisposeAsset(name=name, payee=payee, price=price)


@each_pack
def test_an_asset_is_in_the_name_of_the_body(village):
    v = village
    mine = registering(in_name_of_body=False)
    v.refused("not_in_common_name", lambda: v.send(v.treasurer, mine, v.second))
    v.refused("no_mandate", lambda: v.send(v.plain[0], registering(), v.second))
    v.refused("movement_unknown", lambda: v.send(v.treasurer, registering(movement=1), v.second))
    v.refused("text_missing", lambda: v.send(v.treasurer, registering(category=" "), v.second))
    v.do(v.treasurer, registering(), v.second)
    v.refused("asset_registered_already", lambda: v.send(v.treasurer, registering(), v.second))


@each_pack
def test_an_asset_sold_without_the_qualified_majority_stays(village):
    v = village
    v.do(v.treasurer, registering(), v.second)
    hand_over = HandOverAsset(name="press", deed=paper("deed"))
    v.refused("asset_without_decision", lambda: v.send(v.treasurer, hand_over, v.second))
    proposal = v.propose(selling())
    ballot = v.open_vote(v.meet(proposal), proposal, method="hands")
    one, other = v.holders("tell")[:2]
    v.do(one, CountHands(ballot=ballot, yes=13, no=11), other)
    assert not v.state.proposals[proposal].outcome.adopted
    v.refused("asset_without_decision", lambda: v.send(v.treasurer, hand_over, v.second))


@each_pack
def test_an_asset_leaves_once_by_a_decision_in_force(village):
    v = village
    v.do(v.treasurer, registering(), v.second)
    for rule, effect in [
        ("asset_unknown", selling(name="mill")),
        ("amount_not_positive", selling(price=-1)),
        ("payee_missing", selling(payee=" ")),
    ]:
        v.refused(rule, lambda e=effect: v.send(v.plain[0], v.proposal(e)))
    hand_over = HandOverAsset(name="press", deed=paper("deed"))
    sold = v.decide(selling())
    repealed = v.decide(Repeal(decision=sold))
    assert v.standing(repealed) == "in_force"
    v.refused("decision_repealed", lambda: v.send(v.treasurer, hand_over, v.second))
    v.decide(selling())
    v.refused("price_not_received", lambda: v.send(v.treasurer, hand_over, v.second))
    price = {"source": "extraordinary_income", "asset": "press", "amount": 5_000}
    v.do(v.treasurer, receiving(v, **price), v.second)
    v.do(v.treasurer, hand_over, v.second)
    v.refused("asset_gone", lambda: v.send(v.treasurer, hand_over, v.second))


@pytest.mark.parametrize("pack", ["ve-comunas-2010"])
def test_what_is_inalienable_is_never_sold(village):
    v = village
    v.do(v.treasurer, registering(name="hill", category="land"), v.second)
    said = v.refused("inalienable", lambda: v.send(v.plain[0], v.proposal(selling(name="hill"))))
    assert said.article


def test_the_buyer_of_an_asset_and_their_kin_do_not_vote_on_it(village):
    v = village
    buyer, kin = v.plain[:2]
    v.do(kin, Declare(kin=(Kin(member=buyer, degree=2),)))
    v.do(v.treasurer, registering(), v.second)
    proposal = v.propose(selling(payee=f"member:{buyer}"))
    ballot = v.open_vote(v.meet(proposal), proposal)
    assert not v.state.ballots[ballot].entitled & {buyer, kin}
