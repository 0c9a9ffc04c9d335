"""Statements of a lived year: they balance, they add up to what the rules know, and each amount can
be followed to a decision."""

from __future__ import annotations

import pytest

from comuna.readings import decisions, duties, statements
from comuna.readings.law import restored
from comuna.readings.query import NoSuchBody, rows
from comuna.rules.names import base, day
from comuna.rules.state import DAY
from comuna.rules.surplus import AllocateSurplus
from tests.readings.lived import UNTIL, lived


@pytest.fixture(scope="module")
def here():
    return lived()


@pytest.fixture(scope="module")
def state(here):
    clerk = here.home.clerk()
    yield clerk.state(here.body)
    clerk.close()


def test_every_statement_names_what_it_was_computed_from(here, state):
    db, body = here.database, here.body
    for made in (
        statements.balance_sheet(db, body, "es"),
        statements.income(db, body, "es"),
        statements.surplus(db, body, "es"),
        statements.allocations(db, body),
        statements.funds(db, body, "es"),
        statements.grants(db, body),
        statements.budget(db, body, day(UNTIL), "es"),
        statements.authorisations(db, body, day(UNTIL)),
        statements.payments(db, body, UNTIL),
        statements.member_account(db, body, 1, "es"),
        statements.work(db, body),
        decisions.decisions(db, body, UNTIL),
        decisions.offices(db, body, UNTIL, "es"),
        decisions.roll(db, body, UNTIL, "es"),
        duties.duties(db, body, UNTIL),
    ):
        assert made["of"]["head"] == state.head
        assert made["of"]["checkpoint"]["size"] <= state.head
        assert len(made["of"]["checkpoint"]["root"]) == 64


def test_a_body_without_readings_is_an_error_that_says_what_to_do(here):
    with pytest.raises(NoSuchBody, match="comuna rebuild"):
        statements.balance_sheet(here.database, "0" * 32, "es")


def test_the_balance_sheet_balances_to_the_cent(here, state):
    sheet = statements.balance_sheet(here.database, here.body, "es")
    means, obligations, funds = (g["total"] for g in sheet["groups"])
    assert sheet["balanced"]
    assert means == obligations + funds + sheet["result"]
    assert means > 0
    for group in sheet["groups"]:
        assert group["total"] == sum(a["amount"] for a in group["accounts"])


def test_money_is_what_lies_in_the_listed_accounts(here, state):
    expected = sum(state.balances[account, state.unit] for account in state.listed)
    assert statements.money_total(here.database, here.body) == expected


def test_the_income_of_a_closed_period_is_its_surplus(here, state):
    (period,) = state.periods.values()
    made = statements.income(here.database, here.body, "en", period.since, period.until)
    assert made["result"] == period.surplus
    assert made["total_income"] - made["total_costs"] == made["result"]
    assert made["total_income"] == sum(row["amount"] for row in made["income"])


def test_income_and_costs_by_date_add_up_to_the_whole(here, state):
    (period,) = state.periods.values()
    whole = statements.income(here.database, here.body, "en")["result"]
    closed = statements.income(here.database, here.body, "en", until=period.until)["result"]
    later = statements.balance_sheet(here.database, here.body, "en")["result"]
    assert whole == closed + later


def test_the_surplus_is_shared_to_the_cent_and_every_step_has_its_article(here):
    (period,) = statements.surplus(here.database, here.body, "es")["periods"]
    assert sum(step["amount"] for step in period["steps"]) == period["surplus"]
    assert all(step["article"] for step in period["steps"])
    assert (
        period["surplus"]
        == sum(amount for name, amount in period["results"].items() if name != "tax")
        - period["results"]["tax"]
    )
    allotted = statements.allocations(here.database, here.body)["allocations"]
    to_people = sum(s["amount"] for s in period["steps"] if s["fund"] == "members")
    assert sum(row["amount"] for row in allotted) == to_people > 0
    assert {row["decision"] for row in allotted} == {period["allocated"]}


def test_funds_and_grants_hold_what_the_ledger_says(here, state):
    for fund in statements.funds(here.database, here.body, "es")["funds"]:
        assert fund["balance"] == -state.balances.get((fund["fund"], state.unit), 0)
        assert fund["balance"] == fund["in"] - fund["out"]
    grants = statements.grants(here.database, here.body)["grants"]
    assert len(grants) == 3
    for grant in grants:
        spent = sum(
            a.spent for a in state.authorisations.values() if a.fund.endswith(grant["name"])
        )
        assert (grant["spent"], grant["left"]) == (spent, grant["received"] - spent)


def test_the_budget_is_held_against_what_was_spent(here, state):
    made = statements.budget(here.database, here.body, day(UNTIL), "es")
    assert {line["line"]: line["budgeted"] for line in made["lines"]} == state.budget
    for line in made["lines"]:
        assert line["left"] == line["budgeted"] - line["spent"]
        posted = sum(
            row["amount"]
            for row in rows(here.database, here.body, "line")
            if base(row["account"]) == line["line"]
            and made["since"] <= state.movements[row["movement"]].date <= made["until"]
        )
        assert line["spent"] == posted
    assert any(line["spent"] for line in made["lines"])


def test_the_price_list_is_the_one_in_force_and_deliveries_are_worth_what_it_says(here, state):
    today = day(UNTIL)
    listed = state.prices_on(today)
    made = statements.prices(here.database, here.body, today)["prices"]
    shown = {(p["product"], p["measure"]): (p["price"], p["per"], p["most"]) for p in made}
    assert shown == listed.prices
    assert {(p["since"], p["until"], p["decision"]) for p in made} == {
        (listed.since, "", listed.decision)
    }
    assert not [p for p in made if p["since"] > today]
    delivered = rows(here.database, here.body, "delivery")
    assert delivered
    for row in delivered:
        price, per, _ = shown[row["product"], row["measure"]]
        assert row["value"] == row["quantity"] * price // per


def test_authorisations_say_what_is_left(here, state):
    for row in statements.authorisations(here.database, here.body, day(UNTIL))["authorisations"]:
        known = state.authorisations[row["name"]]
        assert row["left"] == known.room
        in_window = known.since <= day(UNTIL) <= known.until
        assert row["usable"] == (in_window and not known.revoked)


def test_every_payment_stands_on_decision_authorisation_approvals_and_receipt(here, state):
    payments = statements.payments(here.database, here.body, UNTIL)["payments"]
    assert len(payments) == len(state.commitments) > 20
    assert {"paid", "waiting"} <= {p["state"] for p in payments}
    for payment in payments:
        assert state.proposals[payment["decision"]].enacted_at is not None
        made = [m for m in payment["movements"] if not m["reversed_by"]]
        assert sum(m["amount"] for m in made) == payment["paid"]
        if made:
            assert len(payment["approved_by"]) >= payment["needed"]
            assert all(len(m["receipt"]) == 64 for m in made)


def test_members_accounts_add_up_to_the_accounts_of_the_body(here, state):
    totals = dict.fromkeys(statements.PERSONAL, 0)
    hours = 0
    for member in state.people:
        made = statements.member_account(here.database, here.body, member, "es")
        for account in made["accounts"]:
            totals[base(account["account"])] += account["balance"]
            lines = [x["amount"] for x in made["lines"] if x["account"] == account["account"]]
            assert sum(lines) == account["balance"]
        hours += sum(made["minutes"].values())
    for name, total in totals.items():
        expected = -sum(n for (account, _), n in state.balances.items() if base(account) == name)
        assert total == expected
    assert hours == statements.work(here.database, here.body)["minutes"] > 0


def test_what_was_allotted_is_what_was_voted(here, state):
    (period,) = state.periods.values()
    effects = state.proposals[period.allocated].effects
    (effect,) = (e for e in effects if isinstance(e, AllocateSurplus))
    allotted = statements.allocations(here.database, here.body)["allocations"]
    assert {str(r["member"]): r["amount"] for r in allotted} == effect.allocations


# --- decisions, offices, duties ---------------------------------------------------------------


def test_offices_show_who_may_act_and_how_long(here, state):
    made = decisions.offices(here.database, here.body, UNTIL, "es")["offices"]
    assert [o["office"] for o in made] == [o.id for o in state.statute.offices]
    for office in made:
        held = [m["member"] for m in office["mandates"] if not m["alternate"]]
        assert sorted(held) == sorted(state.holders(office["office"], UNTIL))
        assert office["vacant"] == office["seats"] - len(held)
        assert all(m["left"] > 0 for m in office["mandates"])


def test_the_roll_counts_as_the_rules_do(here, state):
    made = decisions.roll(here.database, here.body, UNTIL, "es")
    assert made["voters"] == len(state.roll(UNTIL))
    assert made["members"] == sum(p.member_at(state.now) for p in state.people.values())
    assert made["members"] == sum(kind["members"] for kind in made["kinds"])


def test_all_acts_of_a_decision_are_found_from_its_number(here):
    paid = next(p for p in rows(here.database, here.body, "payment") if p["paid"])
    acts = decisions.acts_about(here.database, here.body, "decision", str(paid["decision"]))
    kinds = {act["kind"] for act in acts}
    assert {"propose", "call-assembly", "open-vote"} <= kinds
    assert {"request-payment", "approve-payment", "pay"} <= kinds
    assert kinds & {"count-hands", "close-vote"}


def test_a_late_answer_is_a_late_duty(here, state):
    open_ones = [c for c in state.complaints.values() if not c.answered]
    made = duties.duties(here.database, here.body, UNTIL)["duties"]
    names = {"answer-complaint", "render-accounts"}
    found = {int(d["subject"]): d for d in made if d["duty"] in names}
    assert found.keys() == {c.number for c in open_ones}
    for complaint in open_ones:
        assert found[complaint.number]["late"] == (complaint.due < UNTIL)
    assert any(d["late"] for d in found.values())
    dues = [d["due"] for d in made]
    assert dues == sorted(dues)


def test_duties_come_due_with_the_clock_and_nothing_else(here):
    now = duties.duties(here.database, here.body, UNTIL)["duties"]
    later = duties.duties(here.database, here.body, UNTIL + 1000 * DAY)["duties"]
    assert {d["duty"] for d in now} >= {"close-period", "fill-office", "sign-minutes"}
    assert not all(d["late"] for d in now)
    assert all(d["late"] for d in later)


def test_restoring_twice_gives_the_same(here):
    assert restored(here.database, here.body) == restored(here.database, here.body)
