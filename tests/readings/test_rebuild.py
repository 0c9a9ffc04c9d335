"""Readings thrown away and made again, and readings that somebody changed: every cell is found."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comuna.book.database import Database
from comuna.readings.rebuild import Difference, UnlawfulBook, differences, rebuild
from comuna.readings.tables import TABLES
from tests.clerk.little_body import TREASURER, little_body
from tests.readings.lived import copied, lived

MODEST = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A little body with a few movements: quick to rebuild."""
    little = little_body(tmp_path_factory.mktemp("small") / "c.db")
    for number in range(3):
        little.do(TREASURER, little.sale(1000 + number, f"venta {number}"))
    return little


def filled(database: Database):
    return [
        of for of in TABLES if database.execute(f"SELECT COUNT(*) FROM {of.sql_name}").fetchone()[0]
    ]


def key_of(row, of):
    return tuple(row[[c.name for c in of.columns].index(name)] for name in of.key[1:])


def test_the_live_readings_of_a_year_are_what_its_book_gives():
    year = lived()
    assert differences(year.database, year.body) == []


@MODEST
@given(data=st.data())
def test_any_changed_cell_is_named(small, data):
    database = small.clerk.database
    of = data.draw(st.sampled_from(filled(database)))
    rows = database.execute(f"SELECT * FROM {of.sql_name}").fetchall()
    row = data.draw(st.sampled_from(rows))
    place = data.draw(st.integers(1, len(of.columns) - 1))
    column = of.columns[place]
    other = data.draw(st.text(max_size=8) if column.text else st.integers(-(2**63), 2**63 - 1))
    key = key_of(row, of)
    where = " AND ".join(f'"{name}" = ?' for name in of.key)
    if other == row[place] or "\0" in str(other):
        return
    database.execute("BEGIN")
    try:
        try:
            database.execute(
                f'UPDATE {of.sql_name} SET "{column.name}" = ? WHERE {where}',
                (other, row[0], *key),
            )
        except sqlite3.IntegrityError:
            return  # the name of another row: the database itself refuses
        found = differences(database, small.body)
    finally:
        database.execute("ROLLBACK")
    if column.name in of.key:
        assert Difference(of.name, key, "missing") in found
    else:
        assert found == [Difference(of.name, key, column.name)]


@MODEST
@given(data=st.data())
def test_any_missing_and_any_added_row_is_named(small, data):
    database = small.clerk.database
    of = data.draw(st.sampled_from(filled(database)))
    row = data.draw(st.sampled_from(database.execute(f"SELECT * FROM {of.sql_name}").fetchall()))
    key = key_of(row, of)
    where = " AND ".join(f'"{name}" = ?' for name in of.key)
    database.execute("BEGIN")
    try:
        database.execute(f"DELETE FROM {of.sql_name} WHERE {where}", (row[0], *key))
        assert differences(database, small.body) == [Difference(of.name, key, "missing")]
        stray = ("f" * 32, *row[1:])
        marks = ", ".join("?" for _ in row)
        database.execute(f"INSERT INTO {of.sql_name} VALUES ({marks})", row)
        database.execute(f"INSERT INTO {of.sql_name} VALUES ({marks})", stray)
        assert differences(database, small.body) == [Difference(of.name, ("f" * 32,), "added")]
    finally:
        database.execute("ROLLBACK")


def test_a_number_turned_into_a_fraction_or_a_text_is_named(tmp_path):
    database = copied(lived(), tmp_path)
    database.execute("UPDATE reading_balance SET amount = amount + 0.5 WHERE account = 'reserve'")
    database.execute("UPDATE reading_person SET household = 'many' WHERE number = 2")
    assert differences(database, lived().body) == [
        Difference("person", (2,), "household"),
        Difference("balance", ("reserve", "USD"), "amount"),
    ]


def test_a_whole_number_stored_as_a_fraction_is_named(tmp_path):
    """In a table without types SQLite keeps 5.0 as it is, and 5.0 = 5."""
    database = copied(lived(), tmp_path)
    rows = database.execute("SELECT body, petition, member, at FROM reading_support").fetchall()
    database.execute("DROP TABLE reading_support")
    database.execute("CREATE TABLE reading_support (body, petition, member, at)")
    exact = [(body, petition, member, float(at)) for body, petition, member, at in rows]
    database.executemany("INSERT INTO reading_support VALUES (?, ?, ?, ?)", exact)
    found = differences(database, lived().body)
    assert {(f.table, f.what) for f in found} == {("support", "at")}
    assert len(found) == len(rows)


def test_text_that_is_no_text_is_named(tmp_path):
    database = copied(lived(), tmp_path)
    number = database.execute("SELECT MIN(number) FROM reading_movement").fetchone()[0]
    database.execute(
        "UPDATE reading_movement SET party = CAST(X'FFFE41' AS TEXT) WHERE number = ?", (number,)
    )
    assert differences(database, lived().body) == [Difference("movement", (number,), "party")]


def test_a_table_that_is_gone_is_named_and_a_rebuild_brings_it_back(tmp_path):
    database, body = copied(lived(), tmp_path), lived().body
    database.execute("DROP TABLE reading_vote")
    database.execute("ALTER TABLE reading_payment ADD COLUMN bribe BIGINT")
    (found,) = differences(database, body)
    assert (found.table, found.key) == ("vote", ())
    rebuild(database, body)
    assert differences(database, body) == []
    assert "bribe" not in [c[1] for c in database.execute("PRAGMA table_info(reading_payment)")]


def test_a_rebuild_mends_everything_and_says_how_far_it_is(tmp_path):
    database, body = copied(lived(), tmp_path), lived().body
    for of in TABLES:
        database.execute(f"DELETE FROM {of.sql_name}")
    told = []
    size = rebuild(database, body, lambda done, total: told.append((done, total)))
    assert differences(database, body) == []
    assert told[-1] == (size, size)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_rebuild_clears_rows_of_bodies_without_a_book(tmp_path):
    database, body = copied(lived(), tmp_path), lived().body
    database.execute("INSERT INTO reading_kin VALUES (?, 1, 2, 3, 1, 0, 0, 0)", ("e" * 32,))
    assert differences(database, body) == [Difference("kin", ("e" * 32,), "added")]
    rebuild(database, body)
    assert differences(database, body) == []


def test_no_readings_are_made_from_an_unlawful_book(tmp_path):
    """Somebody with the file took the first sale out of the book and closed the gap."""
    little = little_body(tmp_path / "c.db")
    sold = little.do(TREASURER, little.sale(1000, "una"))
    little.do(TREASURER, little.sale(2000, "otra"))
    database = little.clerk.database
    for trigger in ("book_entry_keeps_delete", "book_entry_keeps_update"):
        database.execute(f"DROP TRIGGER {trigger}")
    database.execute("DELETE FROM book_entry WHERE number = ?", (sold,))
    before = database.execute("SELECT * FROM reading_movement").fetchall()
    with pytest.raises(UnlawfulBook, match="number_not_next"):
        rebuild(database, little.body)
    assert database.execute("SELECT * FROM reading_movement").fetchall() == before
