"""Two years, lived once: in one of them members' devices name the book they have seen."""

import pytest

from tests.audit.story import Commune, Server


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
