"""A small body that lived a year, looked at through the pages by anyone and by one member."""

import pytest

from comuna.home import Home
from comuna.world import live_a_year
from tests.site import site

UNTIL = 1_793_142_000  # 2026-10-27, late
LATER = 3_600


@pytest.fixture(scope="session")
def lived(tmp_path_factory):
    """(home, year) of 24 members."""
    home = Home.create(tmp_path_factory.mktemp("lived") / "home")
    return home, live_a_year(home, 7, members=24, until=UNTIL)


@pytest.fixture(scope="module")
def app(lived, django_db_blocker):
    with django_db_blocker.unblock(), site(lived[0], lambda: UNTIL + LATER) as application:
        yield application


@pytest.fixture
def year(lived, app):
    return lived[1]


@pytest.fixture
def here(year):
    """The address of the body."""
    return f"/{year.body}/"


@pytest.fixture
def anyone(app):
    """A browser without scripts that nobody signed in."""
    from django.test import Client

    return Client()


@pytest.fixture
def member(app, year):
    """A browser in which a member is signed in: member(7)."""
    from django.test import Client

    def enter(number):
        browser = Client()
        session = browser.session
        session["body"], session["member"] = year.body, number
        session.save()
        return browser

    return enter


@pytest.fixture
def state(year):
    from comuna.web import desk

    return desk.clerk().state(year.body)
