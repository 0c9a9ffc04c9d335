"""The same year on SQLite and on PostgreSQL: the same root, the same readings."""

from __future__ import annotations

import pytest

from comuna.book.database import Database
from comuna.home import Home
from comuna.readings.rebuild import Difference, differences, rebuild, rows_of
from comuna.readings.statements import balance_sheet, budget, money_total
from comuna.readings.tables import TABLES
from comuna.world import live_a_year
from tests.postgres import fresh_database
from tests.readings.lived import MEMBERS, UNTIL, Lived, lived


@pytest.fixture(scope="module")
def on_postgresql(tmp_path_factory):
    home = Home.create(tmp_path_factory.mktemp("pg") / "home", fresh_database())
    year = live_a_year(home, 1, "simple", members=MEMBERS, until=UNTIL)
    there = Lived(home, year, home.database())
    yield there
    there.database.close()


def root(home: Home, body: str) -> str:
    clerk = home.clerk()
    try:
        return clerk.desk(body).tree.root().hex()
    finally:
        clerk.close()


def test_the_same_year_gives_the_same_root(on_postgresql):
    here = lived()
    assert on_postgresql.body == here.body
    assert root(on_postgresql.home, here.body) == root(here.home, here.body)


@pytest.mark.parametrize("of", TABLES, ids=lambda of: of.name)
def test_the_readings_are_equal(on_postgresql, of):
    here = lived()
    assert set(rows_of(on_postgresql.database, of, here.body)) == set(
        rows_of(here.database, of, here.body)
    )


def test_statements_read_the_same(on_postgresql):
    here, there = lived(), on_postgresql.database
    assert money_total(there, here.body) == money_total(here.database, here.body)
    for statement in (
        lambda db: balance_sheet(db, here.body, "es")["groups"],
        lambda db: budget(db, here.body, "2026-11-01", "es")["lines"],
    ):
        assert statement(there) == statement(here.database)


def test_tampering_in_postgresql_is_named_and_mended(on_postgresql):
    database, body = on_postgresql.database, on_postgresql.body
    assert differences(database, body) == []
    database.execute("UPDATE reading_balance SET amount = amount + 1 WHERE account = 'reserve'")
    database.execute("DROP TABLE reading_turn")
    found = differences(database, body)
    assert Difference("balance", ("reserve", "USD"), "amount") in found
    assert [f.table for f in found] == ["turn", "balance"]
    rebuild(database, body)
    assert differences(database, body) == []


def test_postgresql_refuses_to_change_the_book(on_postgresql):
    import psycopg

    database = Database(on_postgresql.database.place)
    for statement in ("UPDATE book_entry SET nonce = 'x'", "TRUNCATE book_entry"):
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            database.execute(statement)
    database.close()
