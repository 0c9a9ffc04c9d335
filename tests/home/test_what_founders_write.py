"""A description of a body that is wrong is told in a sentence, and keeps nobody's record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from comuna import founding
from comuna.founding import Unclear
from comuna.home import Home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home.create(tmp_path_factory.mktemp("founded") / "home")


def prepared(home: Home, founder: dict[str, Any], **more: Any) -> founding.Founding:
    database = home.database()
    try:
        described = {"name": "Comuna", "unit": "VES", "founders": [founder]} | more
        return founding.prepare(described, home, home.register(database))
    finally:
        database.close()


def kept(home: Home) -> int:
    return int(next(home.database().execute("SELECT count(*) FROM book_register"))[0])


@pytest.mark.parametrize(
    ("founder", "said"),
    [
        ({"name": "Ana", "offices": 3}, "offices is a list"),
        ({"name": "Ana", "offices": "secretary"}, "offices is a list"),
        ({"name": "Ana", "born": "9999-01-01"}, "in the past"),
        ({"name": "Ana", "born": "1971-02-30"}, "a day like"),
        ({"name": "A\0na"}, "founder 1: "),
        ({"name": "Ana", "document": "x" * 100_000}, "founder 1: "),
    ],
)
def test_a_founder_described_wrongly_is_refused_and_nothing_is_kept(
    home: Home, founder: dict[str, Any], said: str
) -> None:
    before = kept(home)
    with pytest.raises(Unclear, match=said):
        prepared(home, founder)
    assert kept(home) == before


def test_a_paper_whose_name_no_file_has_is_refused(home: Home) -> None:
    with pytest.raises(Unclear, match="paper cannot be read"):
        prepared(home, {"name": "Ana"}, paper="a\0b")


def test_letters_are_composed_as_the_book_has_them(home: Home, tmp_path: Path) -> None:
    described = founding.read('founders = [{name = "Jose\u0301"}]\nname = "Comuna"\nunit = "VES"')
    assert described["founders"][0]["name"] == "José"
    founding.prepare(described, home, home.register(home.database()))
