"""What people write in the generated year, in both languages."""

import re
import string

import pytest

from comuna.home import Home
from comuna.world import live_a_year
from comuna.world.life import texts
from tests.year.lived import UNTIL, Lived, lived


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_every_text_with_the_same_places_to_fill():
    es, en = texts("es"), texts("en")
    assert set(es) == set(en)
    for key in es:
        assert placeholders(es[key]) == placeholders(en[key]), key
        assert es[key] != en[key], key


def written(year):
    """Every title, text and reason in the book."""
    fields = ("title", "text", "reason", "channel", "remarks", "task", "production_unit", "product")
    found = (entry["act"].get(field) for entry in year.entries for field in fields)
    return {text for text in found if isinstance(text, str)}


@pytest.fixture(scope="module")
def in_english(tmp_path_factory):
    home = Home.create(tmp_path_factory.mktemp("year") / "english")
    return Lived(home, live_a_year(home, 1, "simple", 36, UNTIL, lang="en"))


def shape(text):
    """A text of the catalogue, with anything in its places."""
    parts = [re.escape(literal) for literal, *_ in string.Formatter().parse(text)]
    filled = ".+".join(parts) + (".+" if text.endswith("}") else "")
    return re.compile(filled, re.DOTALL)


def test_a_year_is_written_wholly_in_the_language_asked_for(in_english):
    for year, lang in ((lived("simple", 1, 36), "es"), (in_english, "en")):
        shapes = [shape(text) for text in texts(lang).values()]
        strangers = [t for t in written(year) if not any(s.fullmatch(t) for s in shapes)]
        assert strangers == []


def test_the_language_changes_the_words_and_not_what_happens(in_english):
    spanish = lived("simple", 1, 36)
    assert [e["act"]["kind"] for e in in_english.entries] == [
        e["act"]["kind"] for e in spanish.entries
    ]
    assert in_english.state.balances == spanish.state.balances
