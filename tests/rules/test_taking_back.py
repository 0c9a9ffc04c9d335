"""What came in goes out again only in the open: a reversal that takes money out of a box mends an
entry of a few days ago, by three, after members could object; everything else is a payment."""

import pytest

from comuna.rules.accounts import AnnounceReversal, CountMoney, Reverse
from comuna.rules.roll import Declare, Kin
from comuna.rules.treasury import ApprovePayment, ObjectPayment, ReleasePayment
from tests.rules.both_sides import found, proven, refused
from tests.rules.village import paper

PACKS = ["simple", "ve-comunas-2010", "br-5764-1971", "us-colab", "es-27-1999"]
every_pack = pytest.mark.parametrize("pack", PACKS)


def reversing(movement, reason="a figure too many"):
    return Reverse(movement=movement, reason=reason)


def announcing(movement, reason="a figure too many"):
    return AnnounceReversal(movement=movement, reason=reason)


def objecting(payment, reason="I know nothing of this"):
    return ObjectPayment(payment=payment, reason=reason)


def sale(v):
    """The receipt of 300,000 with which the village began."""
    return next(m.number for m in v.state.movements.values() if m.lines[0][1] == 300_000)


def two(v):
    return v.treasurer, v.approvers[0]


@every_pack
def test_treasurer_and_one_approver_do_not_take_out_what_came_in(village):
    v = village
    keeper, second = two(v)
    refused(
        v, "reversal_not_announced", "reversal_not_announced", keeper, reversing(sale(v)), second
    )


@every_pack
def test_two_do_not_announce_it_either(village):
    v = village
    keeper, second = two(v)
    act = announcing(v.receive("sales_members", 900))
    refused(v, "third_signature_missing", "third_signature_missing", keeper, act, second)
    refused(v, "second_signature_missing", "second_signature_missing", keeper, act, v.overseer)


@every_pack
def test_an_old_entry_is_not_mended_but_paid_back(village):
    v = village
    keeper, second = two(v)
    old = v.receive("sales_members", 900)
    v.wait(days=v.law.treasury.correction_days + 1)
    act = announcing(old)
    refused(v, "correction_too_late", "correction_too_late", keeper, act, second, v.overseer)
    v.pay(v.decide(v.authorisation(line="extraordinary_costs", limit=900)), 900, "Buyer")
    assert v.state.balances["bank:main", "USD"] == 400_000


@every_pack
def test_a_fresh_entry_is_mended_by_three_after_the_time_to_object(village):
    v = village
    keeper, second = two(v)
    wrong = v.receive("sales_members", 900)
    proven(v, keeper, announcing(wrong), second, v.overseer)
    back = reversing(wrong)
    refused(v, "objection_time_runs", "paid_before_objections", keeper, back, second)
    v.wait(hours=v.law.treasury.objection_hours)
    proven(v, keeper, back, second)
    assert v.state.balances["sales_members", "USD"] == -300_000


@every_pack
def test_one_who_oversees_stops_a_reversal(village):
    v = village
    keeper, second = two(v)
    wrong = v.receive("sales_members", 900)
    announced = v.announce(wrong)
    proven(v, v.overseer, objecting(announced))
    v.wait(hours=v.law.treasury.objection_hours)
    refused(v, "reversal_stopped", "stopped_yet_paid", keeper, reversing(wrong), second)
    again = announcing(wrong)
    refused(v, "announced_already", "announced_twice", keeper, again, second, v.overseer)


def test_a_tenth_of_the_roll_stops_a_reversal_each_by_one_objection(village):
    v = village
    announced = v.announce(v.receive("sales_members", 900))
    one, other, third = v.plain[:3]
    proven(v, one, objecting(announced))
    refused(v, "objected_already", "no_vote", one, objecting(announced))
    v.refused("text_missing", lambda: v.send(other, objecting(announced, " ")))
    v.do(other, objecting(announced))
    assert not v.state.announcements[announced].suspended
    proven(v, third, objecting(announced))
    assert v.state.announcements[announced].suspended


@every_pack
def test_what_is_sealed_is_not_reversed(village):
    v = village
    opened = v.decide(v.authorisation())
    _, paid = v.pay(opened, 50_000)
    v.close_year()
    keeper, second = two(v)
    for movement in (sale(v), paid):
        act = reversing(movement)
        refused(v, "sealed_not_reversed", "sealed_yet_reversed", keeper, act, second)
        act = announcing(movement)
        refused(v, "sealed_not_reversed", "sealed_yet_reversed", keeper, act, second)


def test_the_money_of_a_grant_does_not_leave_as_a_correction(village):
    """Of 400,000 in the bank 100,000 are the roof's: no more than 300,000 are there to go out."""
    v = village
    keeper, second = two(v)
    v.pay(v.decide(v.authorisation(limit=299_500)), 299_500)
    late = v.receive("sales_members", 900)
    v.pay(v.decide(v.authorisation(limit=1_300)), 1_300)
    act = announcing(late)
    refused(v, "money_is_earmarked", "fund_breached", keeper, act, second, v.overseer)


def test_whoever_paid_it_in_does_not_sign_that_it_goes_back(village):
    v = village
    keeper, second = two(v)
    wrong = v.receive(f"share_capital:{v.overseer}", 900)
    act = announcing(wrong)
    refused(v, "own_entry", "entry_in_own_case", keeper, act, second, v.overseer)
    kin = v.plain[0]
    wrong = v.receive(f"share_capital:{kin}", 900)
    v.do(second, Declare(kin=(Kin(member=kin, degree=1),)))
    act = announcing(wrong)
    refused(v, "own_entry", "entry_in_own_case", keeper, act, second, v.overseer)


def test_the_reversal_of_a_payment_in_ones_own_case_is_signed_by_others(village):
    v = village
    keeper, second = two(v)
    payment = v.request(v.decide(v.authorisation()), payee=f"member:{second}")
    v.approve(payment, *v.approvers[1:3])
    movement = v.do(keeper, v.paying(payment))
    refused(v, "own_entry", "entry_in_own_case", keeper, reversing(movement), second)
    proven(v, keeper, reversing(movement), v.approvers[1])


@every_pack
def test_a_payment_that_was_reversed_is_approved_anew_before_it_is_paid_again(village):
    v = village
    keeper, second = two(v)
    payment, movement = v.pay(v.decide(v.authorisation()), 50_000)
    proven(v, keeper, reversing(movement), second)
    again = v.paying(payment, receipt="another receipt")
    refused(v, "signatures_missing", "signatures_missing", keeper, again)
    v.approve(payment)
    v.wait(hours=v.law.treasury.objection_hours)
    proven(v, keeper, again)


def test_what_takes_nothing_out_is_not_announced(village):
    v = village
    keeper, second = two(v)
    _, movement = v.pay(v.decide(v.authorisation()), 50_000)
    act = announcing(movement)
    refused(v, "nothing_to_announce", "nothing_to_announce", keeper, act, second, v.overseer)


def test_a_count_says_what_is_missing_and_moves_nothing(village):
    v = village
    keeper, second = two(v)
    proven(v, keeper, CountMoney(account="bank:main", date=v.today, counted=1), second)
    assert v.state.balances["bank:main", "USD"] == 400_000


# --- objecting to a payment ------------------------------------------------------------------


@every_pack
def test_oversight_stops_a_payment_which_is_then_only_given_back(village):
    v = village
    opened = v.decide(v.authorisation())
    payment = v.request(opened)
    v.approve(payment)
    proven(v, v.overseer, objecting(payment))
    v.wait(hours=v.law.treasury.objection_hours)
    refused(v, "stopped_by_members", "stopped_yet_paid", v.treasurer, v.paying(payment))
    proven(v, v.requester, ReleasePayment(payment=payment, reason="members objected"))
    again = v.payment(opened, payee=" SUPPLIER ")
    refused(v, "stopped_by_members", "stopped_yet_paid", v.requester, again)
    v.pay(v.decide(v.authorisation()), 50_000)


def test_a_stopped_payment_takes_no_more_approvals(village):
    v = village
    payment = v.request(v.decide(v.authorisation()))
    v.do(v.overseer, objecting(payment))
    act = ApprovePayment(payment=payment)
    refused(v, "stopped_by_members", "stopped_yet_paid", v.approvers[0], act)


def test_whom_the_members_decided_to_pay_only_they_stop(village):
    v = village
    payment = v.request(v.decide(v.authorisation(payee="Supplier")))
    refused(v, "payee_decided", "objection_to_a_decision", v.overseer, objecting(payment))


def test_nothing_is_objected_to_that_is_done_or_unknown(village):
    v = village
    payment, _ = v.pay(v.decide(v.authorisation()), 50_000)
    refused(v, "payment_settled", "paid_twice", v.overseer, objecting(payment))
    refused(v, "payment_unknown", "movement_without_decision", v.overseer, objecting(3))
    announced, _ = v.take_back(v.receive("sales_members", 900))
    refused(v, "reversed_already", "reversed_twice", v.overseer, objecting(announced))


def test_a_receipt_is_free_again_once_its_entry_was_reversed(village):
    v = village
    wrong = v.receive("sales_members", 900)
    used = v.state.movements[wrong]
    v.take_back(wrong)
    assert used.reversed_by
    assert found(v, v.treasurer, v.paying(1, receipt="x")) == {"movement_without_decision"}
    assert paper("x").sha256 not in v.state.receipts
