"""Minutes made from the acts: everything an assembly did is in them, in both languages, and they do
not change when the book grows."""

from __future__ import annotations

import re

import pytest

from comuna.readings import tables
from comuna.readings.fold import fold
from comuna.readings.minutes import NoSuchAssembly, minutes
from comuna.readings.query import one, rows
from comuna.readings.rebuild import judged_entries
from comuna.readings.texts import catalogue
from tests.readings.lived import copied, lived


@pytest.fixture(scope="module")
def here():
    return lived()


def held(here):
    return [a["number"] for a in rows(here.database, here.body, "assembly") if a["opened_at"]]


def text_of(here, number, lang):
    return minutes(here.database, here.body, number, lang).plain()


@pytest.mark.parametrize("lang", ["es", "en"])
def test_minutes_tell_the_call_the_quorum_the_checkpoint_and_the_votes(here, lang):
    for number in held(here):
        text = text_of(here, number, lang)
        assembly = one(here.database, here.body, "assembly", number=number)
        assert assembly["place"] in text
        assert assembly["root"] in text
        for notice in rows(here.database, here.body, "notice", assembly=number):
            assert notice["channel"] in text
        for item in rows(here.database, here.body, "item", assembly=number):
            assert item["title"] in text
        for ballot in rows(here.database, here.body, "ballot", assembly=number):
            proposal = one(here.database, here.body, "proposal", number=ballot["proposal"])
            assert proposal["text"] in text
            told = ("ballots", "blank") if ballot["count"] else ("yes", "no", "abstain", "blank")
            counts = (ballot[name] for name in told)
            pattern = r"[^\n]*".join(rf"\b{count}\b" for count in counts)
            assert re.search(pattern, text), (number, ballot["number"])


def test_minutes_name_the_majority_and_its_article(here):
    ballot = rows(here.database, here.body, "ballot")[0]
    assert re.search(
        r"Mayoría necesaria para [^\n]+: (más de|al menos) \d/\d de [^\n]+ \(art\. [\d.]+\)",
        text_of(here, ballot["assembly"], "es"),
    )


def test_minutes_have_the_failed_call_and_the_one_that_was_held(here):
    (failed, *_) = [c for c in rows(here.database, here.body, "call") if not c["held"]]
    text = text_of(here, failed["assembly"], "es")
    assert f"Convocatoria 1: presentes con voto {failed['present']}" in text
    assert "No hay quórum" in text
    assert "Convocatoria 2" in text


def test_minutes_have_dissents_and_who_spoke(here):
    dissent = rows(here.database, here.body, "dissent")[0]
    proposal = one(here.database, here.body, "proposal", number=dissent["decision"])
    ballot = one(here.database, here.body, "ballot", number=proposal["ballot"])
    assert dissent["text"] in text_of(here, ballot["assembly"], "es")
    turn = next(t for t in rows(here.database, here.body, "turn") if t["given"])
    assert f"palabra la persona n.º {turn['member']}" in text_of(here, turn["assembly"], "es")


def test_the_course_follows_the_order_of_the_acts(here):
    number = held(here)[1]
    made = minutes(here.database, here.body, number, "es")
    course = next(s for s in made.sections if s.heading == "Desarrollo")
    hours = [line[:5] for line in course.lines]
    assert hours == sorted(hours)
    assert "Apertura cultural" in course.lines[0]
    assert course.lines[-1].endswith("Se cierra la asamblea.")


def test_minutes_are_the_same_however_far_the_book_has_grown(here, tmp_path):
    """Readings of the book up to the close of the assembly and of the whole book agree."""
    number = held(here)[2]
    whole = minutes(here.database, here.body, number, "es")
    database = copied(here, tmp_path)
    tables.drop(database)
    tables.create(database)
    judged = [pair for batch in judged_entries(here.database, here.body) for pair in batch]
    fold(database, here.body, judged[: whole.size])
    early = minutes(database, here.body, number, "es")
    assert early.size == whole.size < len(judged)
    assert early.sections[:-1] == whole.sections[:-1]


def test_an_unknown_assembly_is_named_with_those_there_are(here):
    with pytest.raises(NoSuchAssembly, match=f"{held(here)[0]}"):
        minutes(here.database, here.body, 1, "es")


def test_every_text_is_there_in_both_languages_with_the_same_values():
    for group, texts in catalogue().items():
        for name, both in texts.items():
            assert set(both) == {"es", "en"}, (group, name)
            values = {lang: set(re.findall(r"\{(\w+)\}", both[lang])) for lang in both}
            assert values["es"] == values["en"], (group, name)
