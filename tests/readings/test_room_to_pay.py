"""Authorisations and payments, acted on at random: after every act that was recorded the tables say
what the state of the rules says, and what is left is never less than nothing."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comuna.clerk import Recorded
from comuna.readings.law import restored
from comuna.readings.query import rows
from comuna.readings.rebuild import differences
from comuna.readings.statements import payments
from comuna.rules.accounts import Reverse
from comuna.rules.treasury import ApprovePayment, ReleasePayment
from tests.rules.village import template

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ask", "ask", "approve", "approve", "pay", "pay", "release", "reverse"]),
        st.integers(0, 5),
        st.integers(1, 40) | st.sampled_from([20_000, 60_000]),
    ),
    min_size=6,
    max_size=24,
)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory):
    """A village with a standing authorisation and one on a grant."""
    folder = tmp_path_factory.mktemp("village")
    village = template(folder, "simple").clone(folder / "authorised.db")
    village.decide(
        village.authorisation(name="day", limit=100, each=40),
        village.authorisation(name="roof", limit=60_000, fund="grants:roof"),
    )
    village.close()
    return village


def act_of(village, kind, which, amount):
    """(author, act, cosigners) of a step, or None where there is nothing to act on."""
    asked = sorted(village.state.commitments)
    moved = sorted(village.state.movements)
    if kind == "ask":
        name = sorted(village.state.authorisations)[which % 2]
        return village.requester, village.payment(name, amount), ()
    if kind == "reverse":
        act = Reverse(movement=moved[-1 - which % len(moved)], reason="mistake")
        return village.treasurer, act, (village.approvers[0],)
    if not asked:
        return None
    payment = asked[-1 - which % len(asked)]
    if kind == "approve":
        return village.approvers[which % 3], ApprovePayment(payment=payment), ()
    if kind == "release":
        return village.treasurer, ReleasePayment(payment=payment, reason="no longer"), ()
    open_amount = village.state.commitments[payment].open_amount
    paid = village.paying(payment, max(1, min(amount, open_amount)), receipt=f"r{village.sent}")
    return village.treasurer, paid, ()


def agree(village):
    state, body, database = village.state, village.body, village.database
    assert restored(database, body).authorisations == state.authorisations
    found = {p["number"]: p for p in rows(database, body, "payment")}
    assert found.keys() == state.commitments.keys()
    for number, known in state.commitments.items():
        row = found[number]
        assert (row["paid"], row["open"]) == (known.paid, known.open_amount)
        assert (bool(row["released_at"]), row["approvals"]) == (
            known.released,
            len(known.approvals),
        )
    balances = {(b["account"], b["unit"]): b["amount"] for b in rows(database, body, "balance")}
    assert balances == dict(state.balances)
    for row in rows(database, body, "authorisation"):
        mine = [p for p in found.values() if p["authorisation"] == row["name"]]
        assert row["spent"] == sum(p["paid"] for p in mine)
        assert row["pending"] == sum(p["open"] for p in mine)
        assert row["limit"] - row["spent"] - row["pending"] >= 0


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_what_is_left_follows_every_request_payment_release_and_reversal(
    furnished, tmp_path_factory, steps
):
    village = furnished.clone(tmp_path_factory.mktemp("v") / "village.db")
    for kind, which, amount in steps:
        wanted = act_of(village, kind, which, amount)
        if wanted is not None:
            member, act, others = wanted
            if isinstance(village.send(member, act, *others), Recorded):
                agree(village)
    assert differences(village.database, village.body) == []
    village.close()


def test_a_reversed_payment_waits_again_and_one_whose_rest_was_released_does_not(
    furnished, tmp_path
):
    village = furnished.clone(tmp_path / "village.db")
    waits, released = sorted(village.state.authorisations)
    payment, movement = village.pay(waits, 30)
    village.do(village.treasurer, Reverse(movement=movement, reason="twice"), village.approvers[0])
    second = village.request(released, 50_000)
    village.approve(second)
    part = village.do(village.treasurer, village.paying(second, 20_000, receipt="part"))
    village.do(village.treasurer, ReleasePayment(payment=second, reason="cheaper"))
    village.do(village.treasurer, Reverse(movement=part, reason="bounced"), village.approvers[0])
    agree(village)
    made = payments(village.database, village.body, village.now)["payments"]
    found = {p["number"]: p for p in made}
    assert (found[payment]["open"], found[payment]["state"]) == (30, "waiting")
    assert (found[second]["open"], found[second]["paid"]) == (0, 0)
    assert found[second]["state"] == "released"
    assert [m["amount"] for m in found[second]["movements"]] == [20_000]
    assert all(m["reversed_by"] for m in found[second]["movements"])
    assert differences(village.database, village.body) == []
    village.close()
