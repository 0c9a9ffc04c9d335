"""One web application for a module; a new body for each test."""

import pytest
from django.contrib.auth.hashers import ScryptPasswordHasher

from comuna.home import Home
from tests.site import site

SLOW = ScryptPasswordHasher.work_factor
START = 1_767_225_600  # 2026-01-01


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    """Hashing a PIN is slow on purpose; here it need not be."""
    monkeypatch.setattr(ScryptPasswordHasher, "work_factor", 2**8)


@pytest.fixture(scope="module")
def clock():
    return [START]


@pytest.fixture(scope="module")
def app(tmp_path_factory, clock, django_db_blocker):
    home = Home.create(tmp_path_factory.mktemp("home") / "home")
    with django_db_blocker.unblock(), site(home, lambda: clock[0]) as application:
        yield application


@pytest.fixture
def village(app, clock):
    from tests.web_acting.village import Village

    clock[0] = START
    return Village.found(clock)


@pytest.fixture
def visitor(app):
    """A browser without scripts."""
    from django.test import Client

    return Client()


@pytest.fixture
def signed_in(village, signed_in_to):
    """Browsers of signed-in members: signed_in(7)."""
    return lambda member: signed_in_to(village, member)


@pytest.fixture
def signed_in_to(app):
    """Browsers of signed-in members of any body: signed_in_to(village, 7)."""
    from django.test import Client

    from comuna.web.acting.signin import keep_secret

    def enter(village, member):
        keep_secret(village.body, member, "clave-segura", once=False)
        browser = Client()
        answer = browser.post(
            f"/{village.body}/sign-in", {"number": str(member), "secret": "clave-segura"}
        )
        assert answer.status_code == 302, answer.content
        return browser

    return enter


@pytest.fixture(scope="module")
def village_once(app, clock):
    """One body for tests that record nothing."""
    from tests.web_acting.village import Village

    return Village.found(clock)


@pytest.fixture(scope="module")
def browser_once(village_once):
    from django.test import Client

    from comuna.web.acting.signin import keep_secret

    keep_secret(village_once.body, 1, "clave-segura", once=False)
    browser = Client()
    browser.post(f"/{village_once.body}/sign-in", {"number": "1", "secret": "clave-segura"})
    return browser
