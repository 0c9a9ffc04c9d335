"""The rule of a count in words: every method, every setting, in both languages."""

import string

import pytest

from comuna import words
from comuna.count.rule import METHODS, Rule
from comuna.rules.state import State
from comuna.rules.vocabulary import MARKS
from comuna.statutes import load, names
from comuna.words import LANGS
from comuna.words.catalogue import catalogue
from comuna.words.counts import rule

TITLES = {"1": "Techo", "2": "Pozo"}
TOLD = {
    "seats": "2",
    "budget": "100000",
    "votes_each": "1",
    "satisfaction": "cardinality",
    "completion": "add1u",
    "step": "0.1%",
    "endowments": "Loma:40000,Valle:60000",
    "overflow": "stop",
    "minimum_votes": "3",
    "exclusive": "1,2",
    "category_limits": "agua:50000",
    "guarantees": "mujeres:1:2",
}


STATE = State(body="b" * 32, unit="USD")


def known(method):
    statute = load("simple")
    return next((c for c in statute.counts if c.method == method), statute.counts[0])


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def every_text(table):
    if set(table) == set(LANGS):
        yield table
        return
    for inner in table.values():
        yield from every_text(inner)


def test_both_languages_say_every_text_with_the_same_figures():
    for both in every_text(catalogue("counts")):
        es, en = both["es"], both["en"]
        if isinstance(es, dict):
            assert set(es) == set(en) == {"name", "text"}
            es, en = " ".join(es.values()), " ".join(en.values())
        assert fields(es) == fields(en)
        assert es != en


def test_every_method_of_a_contest_has_a_name_and_a_sentence():
    assert set(catalogue("counts")["method"]) == set(MARKS) <= set(METHODS) - {"majority"}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("method", sorted(MARKS))
def test_every_setting_of_every_method_is_said(method, lang):
    allowed = METHODS[method][0]
    told = {n: v for n, v in TOLD.items() if n in allowed}
    if "budget" in told:
        told.pop("seats", None)
        told.pop("guarantees", None)
    fixed = Rule.from_options(method, {"ties": "lot", **told})
    said = " ".join(rule(known(method), fixed, TITLES, lang, STATE))
    assert "{" not in said
    assert method not in said
    for name, value in told.items():
        shown = {
            "budget": {"es": "1.000,00 USD", "en": "1,000.00 USD"}[lang],
            "endowments": {"es": "Loma 400,00 USD", "en": "Loma 400.00 USD"}[lang],
            "exclusive": "Techo / Pozo",
            "category_limits": {"es": "agua 500,00 USD", "en": "agua 500.00 USD"}[lang],
            "guarantees": {"es": "mujeres, de 1 a 2", "en": "mujeres, 1 to 2"}[lang],
            "satisfaction": catalogue("counts")["setting"]["satisfaction_cardinality"][lang],
            "completion": catalogue("counts")["setting"]["completion_add1u"][lang],
            "overflow": catalogue("counts")["setting"]["overflow_stop"][lang],
        }.get(name, value)
        assert shown in said, name


@pytest.mark.parametrize("lang", LANGS)
def test_every_count_of_every_pack_is_read_out(lang):
    for pack in names():
        for count in load(pack).counts:
            told = {"ties": "lot", **count.settings}
            allowed = METHODS[count.method][0]
            if "budget" in allowed and "seats" not in told:
                told["budget"] = "1000"
            elif "seats" in allowed:
                told.setdefault("seats", "2")
            said = rule(count, Rule.from_options(count.method, told), TITLES, lang, STATE)
            assert all(sentence.endswith(".") for sentence in said)
            again = catalogue("counts")["ties"]["repeat"][lang]
            assert (again in said[-1]) == (count.tie == "repeat")


def test_a_ballot_is_read_out_from_its_first_place_or_its_most_points():
    assert words.ballot({"2": 1, "1": 2}, "ranked", TITLES, "es") == "Pozo > Techo"
    assert words.ballot({"2": 1, "1": 1}, "ranked", TITLES, "es") == "Techo = Pozo"
    assert words.ballot({"1": 1, "2": 4}, "points", TITLES, "es") == "Pozo 4, Techo 1"
    assert words.ballot({"2": 1, "1": 1}, "several", TITLES, "es") == "Techo; Pozo"
    assert words.ballot({}, "ranked", TITLES, "es") == "en blanco"
    assert words.ballot({}, "ranked", TITLES, "en") == "blank"
