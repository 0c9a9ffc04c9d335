"""Money leaves only by a decision: every way around it is refused, and leaves no trace."""

import pytest

from comuna.rules.amendment import AmendStatute, Change
from comuna.rules.decision import AcceptExecution, Repeal, ReportExecution
from comuna.rules.office import Elect, Resign
from comuna.rules.roll import ConfirmKinship, Declare, Kin
from comuna.rules.state import DAY
from comuna.rules.treasury import ApprovePayment, ReleasePayment
from tests.rules.village import each_pack, paper


@pytest.fixture
def opened(village):
    """The decision that opened an authorisation of 60,000 for materials."""
    return village.decide(village.authorisation())


# --- asking -----------------------------------------------------------------------------------


@each_pack
def test_a_payment_without_a_decision_is_refused(village):
    v = village
    v.refused("no_decision", lambda: v.send(v.requester, v.payment("999")))


@each_pack
def test_a_payment_under_a_decision_that_is_only_proposed_is_refused(village):
    v = village
    proposal = v.propose(v.authorisation())
    v.refused("no_decision", lambda: v.send(v.requester, v.payment(proposal)))


@each_pack
def test_a_payment_under_a_rejected_proposal_is_refused(village):
    v = village
    rejected = v.decide(v.authorisation(), choice="no")
    v.refused("no_decision", lambda: v.send(v.requester, v.payment(rejected)))


@each_pack
def test_a_request_over_the_limit_is_refused(village, opened):
    v = village
    said = v.refused("over_the_limit", lambda: v.send(v.requester, v.payment(opened, 60_001)))
    assert said.params == {"room": 60_000, "amount": 60_001}


@each_pack
def test_two_requests_cannot_pass_the_limit_together(village, opened):
    v = village
    v.request(opened, 40_000)
    v.refused("over_the_limit", lambda: v.send(v.requester, v.payment(opened, 20_001)))
    v.request(opened, 20_000)


def test_a_request_over_the_limit_of_each_payment_is_refused(village):
    v = village
    standing = v.decide(v.authorisation(each=500))
    v.refused("over_the_limit_of_each", lambda: v.send(v.requester, v.payment(standing, 501)))
    v.pay(standing, 500)


@each_pack
def test_a_request_before_the_window_is_refused(village):
    v = village
    later = v.decide(v.authorisation(since="2026-12-01"))
    v.refused("outside_the_window", lambda: v.send(v.requester, v.payment(later)))


@each_pack
def test_a_request_after_the_window_is_refused(village):
    v = village
    short = v.decide(v.authorisation(until="2026-06-30"))
    v.wait(days=200)
    v.refused("outside_the_window", lambda: v.send(v.requester, v.payment(short)))


@each_pack
def test_a_request_without_a_mandate_is_refused(village, opened):
    v = village
    v.refused("no_mandate", lambda: v.send(v.plain[0], v.payment(opened)))


@each_pack
def test_a_request_to_pay_oneself_is_refused(village, opened):
    v = village
    own = v.payment(opened, payee=f"member:{v.requester}")
    v.refused("own_payment", lambda: v.send(v.requester, own))


@each_pack
@pytest.mark.parametrize("by_the_payee", [False, True])
def test_a_request_to_pay_kin_is_refused_whoever_declared_the_kinship(
    village, opened, by_the_payee
):
    """What the payee declares counts against others once oversight has confirmed it."""
    v = village
    kin = v.plain[0]
    if by_the_payee:
        v.do(kin, Declare(kin=(Kin(member=v.requester, degree=2),)))
        v.do(v.overseer, ConfirmKinship(member=kin, kin=v.requester))
    else:
        v.do(v.requester, Declare(kin=(Kin(member=kin, degree=2),)))
    to_kin = v.payment(opened, payee=f"member:{kin}")
    v.refused("payment_to_kin", lambda: v.send(v.requester, to_kin))


@each_pack
@pytest.mark.parametrize("written", ["Supplier", " supplier ", "SUPPLIER", "Sup plier"])
def test_a_request_to_pay_a_firm_one_has_an_interest_in_is_refused(village, opened, written):
    v = village
    v.do(v.requester, Declare(interests=("Supplier", "Sup  plier")))
    v.refused("payment_to_kin", lambda: v.send(v.requester, v.payment(opened, payee=written)))


def test_another_payee_than_the_one_decided_is_refused(village):
    v = village
    named = v.decide(v.authorisation(payee="Hardware shop"))
    v.refused("other_payee", lambda: v.send(v.requester, v.payment(named, payee="My cousin")))


@pytest.mark.parametrize(
    ("payee", "rule"), [("  ", "payee_missing"), ("member:99", "payee_unknown")]
)
def test_a_payee_who_does_not_exist_is_refused(village, opened, payee, rule):
    v = village
    v.refused(rule, lambda: v.send(v.requester, v.payment(opened, payee=payee)))


@pytest.mark.parametrize("amount", [0, -5])
def test_an_amount_that_is_no_amount_is_refused(village, opened, amount):
    v = village
    v.refused("amount_not_positive", lambda: v.send(v.requester, v.payment(opened, amount)))


@each_pack
def test_a_payment_from_an_account_nobody_decided_on_is_refused(village, opened):
    v = village
    hidden = v.payment(opened, money="bank:hidden")
    v.refused("account_not_listed", lambda: v.send(v.requester, hidden))


@each_pack
def test_money_of_a_grant_is_not_general_money(village):
    v = village
    greedy = v.decide(v.authorisation(limit=400_000))
    said = v.refused("fund_too_small", lambda: v.send(v.requester, v.payment(greedy, 300_001)))
    assert said.params["free"] == 300_000  # of 400,000 in the bank, 100,000 are the grant's


@each_pack
def test_more_than_the_grant_holds_is_refused(village):
    v = village
    roof = v.authorisation(fund="grants:roof", limit=100_001)
    v.refused("over_the_grant", lambda: v.send(v.plain[0], v.proposal(roof)))


@each_pack
def test_an_authorisation_outside_the_dates_of_the_grant_is_refused(village):
    v = village
    roof = v.authorisation(fund="grants:roof", until="2027-01-01")
    v.refused("outside_the_grant", lambda: v.send(v.plain[0], v.proposal(roof)))


def test_a_predecessor_that_is_not_accepted_holds_the_money_back(village):
    v = village
    first = v.decide(title="Measure the roof")
    second = v.decide(v.authorisation(predecessor=first))
    v.refused("predecessor_not_executed", lambda: v.send(v.requester, v.payment(second)))
    v.do(v.secretary, ReportExecution(decision=first, text="measured"))
    v.refused("predecessor_not_executed", lambda: v.send(v.requester, v.payment(second)))
    v.decide(AcceptExecution(decision=first, accepted=True))
    v.request(second)


@each_pack
def test_a_repealed_authorisation_pays_nothing_more(village, opened):
    v = village
    payment = v.request(opened)
    v.approve(payment)
    v.decide(Repeal(decision=opened))
    v.refused("decision_repealed", lambda: v.send(v.requester, v.payment(opened, 10)))
    v.refused("decision_repealed", lambda: v.send(v.treasurer, v.paying(payment)))


def test_one_invoice_is_not_asked_for_twice(village, opened):
    v = village
    invoice = paper("invoice 1")
    payment = v.request(opened, 10_000, document=invoice)
    again = v.payment(opened, 10_000, document=invoice)
    v.refused("document_used_already", lambda: v.send(v.requester, again))
    v.approve(payment)
    v.do(v.treasurer, v.paying(payment, 10_000, receipt="invoice 1"))  # it may be its own receipt
    v.refused("receipt_used_already", lambda: v.send(v.requester, again))


def test_a_released_request_frees_its_invoice(village, opened):
    v = village
    invoice = paper("invoice 1")
    payment = v.request(opened, 10_000, document=invoice)
    v.do(v.requester, ReleasePayment(payment=payment, reason="another amount"))
    v.request(opened, 11_000, document=invoice)


# --- approving --------------------------------------------------------------------------------


@each_pack
def test_an_approval_without_a_mandate_is_refused(village, opened):
    v = village
    payment = v.request(opened)
    v.refused("no_mandate", lambda: v.send(v.plain[0], ApprovePayment(payment=payment)))


@each_pack
def test_the_payee_does_not_approve(village, opened):
    v = village
    payee = v.approvers[0]
    payment = v.request(opened, payee=f"member:{payee}")
    v.refused("own_payment", lambda: v.send(payee, ApprovePayment(payment=payment)))


@each_pack
def test_kin_of_the_payee_do_not_approve(village, opened):
    v = village
    signer, kin = v.approvers[0], v.plain[0]
    v.do(signer, Declare(kin=(Kin(member=kin, degree=1),)))
    payment = v.request(opened, payee=f"member:{kin}")
    v.refused("payment_to_kin", lambda: v.send(signer, ApprovePayment(payment=payment)))


@each_pack
def test_whoever_declared_an_interest_in_the_payee_does_not_approve(village, opened):
    v = village
    payment = v.request(opened)
    v.do(v.approvers[0], Declare(interests=("Supplier",)))
    approval = ApprovePayment(payment=payment)
    v.refused("payment_to_kin", lambda: v.send(v.approvers[0], approval))


@each_pack
def test_one_person_does_not_give_two_approvals(village, opened):
    v = village
    payment = v.request(opened)
    v.approve(payment, v.approvers[0])
    approval = ApprovePayment(payment=payment)
    v.refused("approved_already", lambda: v.send(v.approvers[0], approval))


def test_an_unknown_payment_is_not_approved(village):
    v = village
    v.refused("payment_unknown", lambda: v.send(v.approvers[0], ApprovePayment(payment=3)))


# --- paying -----------------------------------------------------------------------------------


@each_pack
def test_a_payment_one_signature_short_is_refused(village, opened):
    v = village
    payment = v.request(opened)
    needed = v.law.treasury.signatures
    v.approve(payment, *v.approvers[: needed - 1])
    said = v.refused("signatures_missing", lambda: v.send(v.treasurer, v.paying(payment)))
    assert said.params == {"needed": needed, "given": needed - 1}
    assert said.article


@each_pack
def test_an_approval_does_not_outlive_the_mandate_of_who_gave_it(village, opened):
    v = village
    payment = v.request(opened)
    signer = v.approvers[0]
    v.approve(payment)
    office = v.state.mandates[signer][0].office
    v.do(signer, Resign(office=office))
    v.refused("signatures_missing", lambda: v.send(v.treasurer, v.paying(payment)))


@each_pack
def test_an_expired_mandate_neither_asks_nor_approves_nor_pays(village, opened):
    v = village
    payment = v.request(opened)
    v.approve(payment)
    asks, approves, keeps = v.requester, v.approvers[0], v.treasurer
    v.live_on(days=max(o.term_days for o in v.law.offices) + 1)
    v.refused("no_mandate", lambda: v.send(asks, v.payment(opened)))
    v.refused("no_mandate", lambda: v.send(approves, ApprovePayment(payment=payment)))
    v.refused("no_mandate", lambda: v.send(keeps, v.paying(payment)))


@each_pack
def test_a_payment_without_its_receipt_is_refused(village, opened):
    v = village
    payment = v.request(opened)
    v.approve(payment)
    v.refused("no_receipt", lambda: v.send(v.treasurer, v.paying(payment, receipt="")))


@each_pack
def test_a_receipt_does_not_serve_twice(village, opened):
    v = village
    v.pay(opened, 10_000, receipt="the only receipt")
    payment = v.request(opened, 10_000)
    v.approve(payment)
    again = v.paying(payment, 10_000, receipt="the only receipt")
    v.refused("receipt_used_already", lambda: v.send(v.treasurer, again))


@each_pack
def test_more_than_was_asked_for_is_not_paid(village, opened):
    v = village
    payment = v.request(opened, 40_000)
    v.approve(payment)
    v.do(v.treasurer, v.paying(payment, 30_000, receipt="first part"))
    second = v.paying(payment, 10_001, receipt="second part")
    v.refused("more_than_committed", lambda: v.send(v.treasurer, second))
    v.do(v.treasurer, v.paying(payment, 10_000, receipt="second part"))
    third = v.paying(payment, 1, receipt="third part")
    v.refused("payment_settled", lambda: v.send(v.treasurer, third))


@each_pack
def test_a_payment_that_was_released_is_not_paid(village, opened):
    v = village
    payment = v.request(opened)
    v.approve(payment)
    v.do(v.requester, ReleasePayment(payment=payment, reason="not needed"))
    v.refused("payment_settled", lambda: v.send(v.treasurer, v.paying(payment)))


@each_pack
def test_a_payment_dated_after_the_window_is_refused(village):
    v = village
    short = v.decide(v.authorisation(until="2026-03-31"))
    payment = v.request(short)
    v.approve(payment)
    v.wait(days=120)
    v.refused("outside_the_window", lambda: v.send(v.treasurer, v.paying(payment)))


@each_pack
def test_a_payment_dated_before_it_was_asked_for_is_refused(village, opened):
    v = village
    payment = v.request(opened)
    v.approve(payment)
    early = v.paying(payment, date="2026-01-02")
    v.refused("paid_before_decided", lambda: v.send(v.treasurer, early))


def test_a_payment_dated_tomorrow_is_refused(village, opened):
    v = village
    payment = v.request(opened)
    v.approve(payment)
    v.now += DAY
    tomorrow = v.today
    v.now -= DAY
    late = v.paying(payment, date=tomorrow)
    v.refused("date_in_the_future", lambda: v.send(v.treasurer, late))
    v.refused("date_malformed", lambda: v.send(v.treasurer, v.paying(payment, date="20260301")))


@each_pack
def test_the_payee_does_not_pay_themselves(village, opened):
    v = village
    keeper = v.treasurer
    asks = next((m for m in v.holders("request-payment") if m != keeper), None)
    if asks is None:  # one person holds both: then already asking is refused
        own = v.payment(opened, payee=f"member:{keeper}")
        v.refused("own_payment", lambda: v.send(keeper, own))
        return
    payment = v.do(asks, v.payment(opened, payee=f"member:{keeper}"))
    v.approve(payment)
    v.refused("own_payment", lambda: v.send(keeper, v.paying(payment)))


@each_pack
def test_an_account_is_not_overdrawn(village, opened):
    v = village
    payment = v.request(opened, money="cash")
    v.approve(payment)
    said = v.refused("account_overdrawn", lambda: v.send(v.treasurer, v.paying(payment)))
    assert said.params == {"account": "cash", "missing": 50_000}


@each_pack
def test_a_fund_is_not_paid_with_the_money_of_a_grant(village):
    """The reserve has its balance, but all the money left is the ministry's, for the roof."""
    v = village
    fund = v.reserve()
    v.decide(v.sharing(v.year()))
    all_but_the_grant = v.state.balances["bank:main", "USD"] - 100_000
    until = "2027-12-31"
    spend, build = v.decide_all(
        (v.authorisation(limit=all_but_the_grant, until=until),),
        (v.authorisation(fund=fund, limit=10_000, until=until),),
    )
    v.pay(spend, all_but_the_grant)
    assert v.state.balances[fund, "USD"] <= -10_000
    said = v.refused("money_is_earmarked", lambda: v.send(v.requester, v.payment(build, 10_000)))
    assert said.params == {"free": 0, "amount": 10_000}


def test_whoever_asked_does_not_approve_though_a_second_office_would_allow_it(village):
    v = village
    powers = ["request-payment", "keep-register", "record-paper", "approve-payment"]
    v.decide(AmendStatute(changes=(Change(place="offices.secretary.powers", value=powers),)))
    v.decide(Elect(office="secretary", members=(v.plain[0],)))
    both = v.secretary
    opened = v.decide(v.authorisation())
    payment = v.do(both, v.payment(opened))
    v.refused("approved_by_requester", lambda: v.send(both, ApprovePayment(payment=payment)))


def test_two_offices_of_one_person_give_one_approval(village):
    v = village
    powers = ["record-paper", "keep-register", "approve-payment"]
    v.decide(AmendStatute(changes=(Change(place="offices.secretary.powers", value=powers),)))
    both = v.approvers[0]
    v.decide(Elect(office="secretary", members=(both,)))
    payment = v.request(v.decide(v.authorisation()))
    v.approve(payment, both)
    v.refused("approved_already", lambda: v.send(both, ApprovePayment(payment=payment)))
