"""Facts into tables: nothing is forgotten, nothing depends on how acts were batched, and the tables
say what the state of the rules says."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict

import pytest

from comuna.book import store
from comuna.book.database import Database
from comuna.readings import tables
from comuna.readings.fold import fold
from comuna.readings.folds import FOLDS
from comuna.readings.law import restored
from comuna.readings.query import one, rows
from comuna.readings.rebuild import differences, judged_entries, rows_of
from comuna.readings.rows import Rows
from comuna.rules.act import Fact, Refusal
from comuna.rules.decision import decision_state
from comuna.rules.judge import KINDS
from comuna.rules.roll import Declare
from comuna.rules.state import DAY
from comuna.rules.vote import Vote
from tests.clerk.little_body import LittleBody, little_body
from tests.readings.lived import UNTIL, lived


@pytest.fixture(scope="module")
def state():
    year = lived()
    clerk = year.home.clerk()
    yield clerk.state(year.body)
    clerk.close()


def every_fact(kind=Fact):
    for sub in kind.__subclasses__():
        yield sub
        yield from every_fact(sub)


def test_every_fact_has_its_fold():
    assert set(every_fact()) == set(FOLDS)


def test_the_year_fills_every_table():
    """Otherwise what the tests below say of empty tables would be worth nothing."""
    year = lived()
    empty = [t.name for t in tables.TABLES if not rows(year.database, year.body, t.name)]
    assert empty == []


@pytest.mark.parametrize("size", [1, 7, 400])
def test_how_acts_were_batched_does_not_show(size):
    year = lived()
    judged = [pair for batch in judged_entries(year.database, year.body) for pair in batch]
    fresh = Database(":memory:")
    tables.create(fresh)
    with fresh.transaction():
        for start in range(0, len(judged), size):
            fold(fresh, year.body, judged[start : start + size])
    for of in tables.TABLES:
        live = rows_of(year.database, of, year.body)
        assert set(rows_of(fresh, of, year.body)) == set(live), of.name


def test_a_misspelled_column_is_an_error():
    changes = Rows("0" * 32)
    with pytest.raises(KeyError):
        changes.insert("payment", ammount=1)
    with pytest.raises(KeyError):
        changes.update("payment", {"number": 1}, ammount=1)


# --- the tables say what the state says -------------------------------------------------------


def test_balances_agree(state):
    year = lived()
    found = {
        (b["account"], b["unit"]): b["amount"] for b in rows(year.database, year.body, "balance")
    }
    assert found == dict(state.balances)
    lines = defaultdict(int)
    for line in rows(year.database, year.body, "line"):
        lines[line["account"], state.unit] += line["amount"]
    assert lines == state.balances


def test_people_and_keys_agree(state):
    year = lived()
    people = restored(year.database, year.body).people
    for number, person in state.people.items():
        assert people[number] == person
    found = {k["key"]: k for k in rows(year.database, year.body, "key")}
    assert found.keys() == state.keys.keys()
    for name, key in state.keys.items():
        assert (found[name]["member"], found[name]["public"]) == (key.member, key.public)
        assert (found[name]["since"], found[name]["until"] or None) == (key.since, key.until)


def test_mandates_agree_at_every_week(state):
    year = lived()
    again = restored(year.database, year.body)
    powers = {p for office in state.statute.offices for p in office.powers}
    for when in range(year.year.first, UNTIL, 7 * DAY):
        for power in powers:
            holding = {m for m in state.people if state.holds(m, power, when)}
            assert {m for m in state.people if again.holds(m, power, when)} == holding


def test_decisions_stand_where_the_judge_sees_them(state):
    year = lived()
    again = restored(year.database, year.body)
    assert again.proposals.keys() == state.proposals.keys()
    seen = set()
    for number, proposal in state.proposals.items():
        for when in (UNTIL, UNTIL + DAY, UNTIL + 400 * DAY):
            standing = decision_state(state, proposal, when)
            assert decision_state(again, again.proposals[number], when) == standing
            seen.add(standing)
        assert again.proposals[number].effects == proposal.effects
        assert again.proposals[number].digest == proposal.digest
        assert again.proposals[number].matters == proposal.matters
    assert {"in_force", "executed", "rejected", "waiting", "on_agenda"} <= seen


def test_votes_agree(state):
    year = lived()
    cast, marked = defaultdict(dict), defaultdict(dict)
    for vote in rows(year.database, year.body, "vote"):
        if vote["marks"]:
            marked[vote["ballot"]][vote["member"]] = json.loads(vote["marks"])
        else:
            cast[vote["ballot"]][vote["member"]] = vote["choice"]
    assert any(marked.values())
    for number, ballot in state.ballots.items():
        assert cast[number] == ballot.cast
        assert marked[number] == ballot.marked
        found = one(year.database, year.body, "ballot", number=number)
        assert {int(n) for n in found["entitled"].split()} == ballot.entitled


def test_room_to_pay_agrees(state):
    year = lived()
    assert restored(year.database, year.body).authorisations == state.authorisations
    payments = {p["number"]: p for p in rows(year.database, year.body, "payment")}
    assert payments.keys() == state.commitments.keys()
    for number, known in state.commitments.items():
        row = payments[number]
        assert (row["paid"], row["open"]) == (known.paid, known.open_amount)
        assert bool(row["released_at"]) == known.released
        approvals = rows(year.database, year.body, "approval", payment=number)
        assert {a["member"]: a["number"] for a in approvals} == known.approvals
        assert row["approvals"] == len(approvals)


def test_movements_agree(state):
    year = lived()
    lines = defaultdict(list)
    for line in rows(year.database, year.body, "line"):
        lines[line["movement"]].append((line["account"], line["amount"]))
    for row in rows(year.database, year.body, "movement"):
        known = state.movements[row["number"]]
        assert tuple(lines[row["number"]]) == known.lines
        assert sum(amount for _, amount in known.lines) == 0
        assert (row["date"], row["reversed_by"]) == (known.date, known.reversed_by)
        if row["receipt"] and not row["reversed_by"]:
            assert state.receipts[row["receipt"]] == row["number"]


def test_things_that_are_kept_by_name_agree(state):
    year = lived()
    grants = {g["name"]: g for g in rows(year.database, year.body, "grant")}
    assert {n: (g.amount, g.received) for n, g in state.grants.items()} == {
        n: (g["amount"], g["received"]) for n, g in grants.items()
    }
    assets = {a["name"]: a for a in rows(year.database, year.body, "asset")}
    assert {n: (a.category, a.disposal, a.disposed) for n, a in state.assets.items()} == {
        n: (a["category"], a["disposal"], bool(a["handed_over"])) for n, a in assets.items()
    }
    listed = rows(year.database, year.body, "money_account", closed_by=0)
    assert {a["account"]: a["title"] for a in listed} == state.listed
    periods = {p["number"]: p for p in rows(year.database, year.body, "period")}
    assert {n: (p.surplus, p.accounts_approved, p.allocated) for n, p in state.periods.items()} == {
        n: (p["surplus"], p["accounts_approved"], p["allocated"]) for n, p in periods.items()
    }
    complaints = {c["number"]: c for c in rows(year.database, year.body, "complaint")}
    assert {n: (c.by, c.due, c.answered) for n, c in state.complaints.items()} == {
        n: (c["by"], c["due"], c["answered"]) for n, c in complaints.items()
    }
    petitions = {p["number"]: p for p in rows(year.database, year.body, "petition")}
    assert {
        n: (len(p.supporters), p.reached_at, p.decided) for n, p in state.petitions.items()
    } == {
        n: (p["supporters"], p["reached_at"] or None, p["decided"] or None)
        for n, p in petitions.items()
    }


def test_the_log_has_every_act_with_its_form(state):
    year = lived()
    log = rows(year.database, year.body, "log")
    assert [row["number"] for row in log] == list(range(1, state.head + 1))
    assert {row["kind"] for row in log} <= set(KINDS.values())
    assert {row["form"] for row in log} == {"signed", "witnessed"}


# --- in the clerk's transaction ---------------------------------------------------------------


def test_a_refused_act_leaves_no_trace_in_the_readings(tmp_path):
    little = little_body(tmp_path / "c.db")
    database = little.clerk.database
    before = [rows_of(database, of, little.body) for of in tables.TABLES]
    answer = little.clerk.submit(little.submission(1, Vote(ballot=999, choice="yes")))
    assert isinstance(answer, Refusal)
    assert [rows_of(database, of, little.body) for of in tables.TABLES] == before


def test_an_act_whose_reading_fails_is_not_recorded(tmp_path):
    """Fault injected: a table is gone. Neither the book nor any other reading has the act."""
    little = little_body(tmp_path / "c.db")
    database = little.clerk.database
    size = store.size(database, little.body)
    database.execute("ALTER TABLE reading_interest RENAME TO hidden")
    with pytest.raises(sqlite3.OperationalError, match="reading_interest"):
        little.clerk.submit(little.submission(2, Declare(interests=("Feria",))))
    database.execute("ALTER TABLE hidden RENAME TO reading_interest")
    assert store.size(database, little.body) == size
    assert one(database, little.body, "body")["head"] == size
    assert little.do(2, Declare(interests=("Feria",))) == size + 1
    assert one(database, little.body, "interest", member=2)["party"] == "Feria"


def test_many_bodies_share_the_tables(tmp_path):
    """A second body in the same database: each is read by itself."""
    first = little_body(tmp_path / "c.db")
    second = LittleBody(first.clerk.database, first.now)
    second.body = ""
    second.found("La Otra")
    database = first.clerk.database
    assert one(database, second.body, "body")["name"] == "La Otra"
    assert one(database, first.body, "body")["name"] == "La Pequeña"
    assert rows(database, second.body, "ballot") == []
    assert differences(database, first.body) == differences(database, second.body) == []
