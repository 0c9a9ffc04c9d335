"""The same seed gives the same book, wherever it is kept."""

from datetime import date
from random import Random

from comuna.book import store
from comuna.book.tree import root
from comuna.home import Home
from comuna.statutes import load
from comuna.world import live_a_year
from comuna.world.people import populate
from comuna.world.setting import setting_of
from tests.postgres import fresh_database
from tests.year.lived import UNTIL, lived


def book(home, body):
    database = home.database()
    found = [data for _, data, _ in store.entries(database, body)]
    tree = root(store.leaves(database, body, len(found)))
    database.close()
    return found, tree


def test_the_same_seed_gives_the_same_book_byte_for_byte(tmp_path):
    first = lived("simple", 1, 36)
    home = Home.create(tmp_path / "again")
    again = live_a_year(home, 1, "simple", 36, UNTIL)
    assert again.body == first.year.body
    assert book(home, again.body) == book(first.home, first.year.body)


def test_another_seed_gives_other_people_and_other_keys():
    law, setting = load("simple"), setting_of(load("simple"))

    def neighbours(seed):
        return populate(Random(seed), seed, 36, setting, law, date(2026, 1, 1))

    first, again, other = neighbours(1), neighbours(1), neighbours(2)
    assert first == again
    assert {p.document for p in first}.isdisjoint(p.document for p in other)
    assert {p.seed for p in first if p.seed}.isdisjoint(p.seed for p in other)


def test_sqlite_and_postgresql_hold_the_same_book(tmp_path):
    first = lived("simple", 1, 36)
    home = Home.create(tmp_path / "village", fresh_database())
    year = live_a_year(home, 1, "simple", 36, UNTIL)
    entries, tree = book(home, year.body)
    assert tree == book(first.home, first.year.body)[1]
    assert len(entries) == len(first.entries)


def test_homes_keep_their_secrets_though_their_books_are_equal(tmp_path):
    """What follows from the seed is the members' side; a home's own keys are made by chance."""
    first = lived("simple", 1, 36)
    home = Home.create(tmp_path / "other")
    assert home.book_key != first.home.book_key
