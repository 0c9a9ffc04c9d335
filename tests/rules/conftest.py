"""Every test of the law gets a village of its own, on the pack it names or on each of three."""

import pytest

from tests.rules.in_memory import Prepared
from tests.rules.village import template


@pytest.fixture(scope="session")
def templates(tmp_path_factory):
    folder = tmp_path_factory.mktemp("villages")
    made = {}

    def of(pack):
        if pack not in made:
            made[pack] = template(folder, pack)
        return made[pack]

    return of


@pytest.fixture
def pack():
    return "simple"


@pytest.fixture
def village(templates, pack, tmp_path):
    """A furnished village."""
    own = templates(pack).clone(tmp_path / "village.db")
    yield own
    own.close()


@pytest.fixture(scope="session")
def prepared(templates, tmp_path_factory):
    """A village in memory, with three authorisations to pay under."""
    village = templates("simple").clone(tmp_path_factory.mktemp("prepared") / "village.db")
    made = Prepared(village)
    village.close()
    return made
