"""Two years, lived once: in one of them members' devices name the book they have seen. And a
village whose clerk can be made to forget a rule."""

import pytest

from tests.audit.story import Commune, Server
from tests.rules.village import template


def lived(folder, vouching):
    commune = Commune.founded(folder / "comuna.db", vouching)
    story = commune.live()
    commune.close()
    return Server(folder, folder / "comuna.db", story)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The keeper of a book in which signatures name no earlier state of it."""
    return lived(tmp_path_factory.mktemp("plain"), False)


@pytest.fixture(scope="session")
def vouched(tmp_path_factory):
    """The keeper of a book in which every signature names the book that its author saw."""
    return lived(tmp_path_factory.mktemp("vouched"), True)


@pytest.fixture(scope="session")
def furnished(tmp_path_factory):
    return template(tmp_path_factory.mktemp("village"), "simple")


@pytest.fixture
def village(furnished, tmp_path):
    own = furnished.clone(tmp_path / "village.db")
    yield own
    own.close()


@pytest.fixture
def without(monkeypatch):
    """Switch a guard off."""

    def off(module, name, gives=None):
        monkeypatch.setattr(module, name, lambda *_args: gives)

    return off
