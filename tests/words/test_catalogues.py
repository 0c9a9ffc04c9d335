"""The catalogues are complete: no rule without words, no words without a rule, in each language."""

import ast
import string
from pathlib import Path

import pytest

from comuna.rules import decision, judge, vocabulary
from comuna.rules.act import ENACTS
from comuna.rules.statute import Form
from comuna.words import LANGS
from comuna.words.catalogue import catalogue

SOURCE = Path(__file__).resolve().parents[2] / "src" / "comuna"
SPEAKING = sorted(SOURCE.rglob("*.py"))
NAME_AT = {"require": 1, "Refused": 0, "Refusal": 0}


def refusals_in(code):
    """Every (rule, names of its params) that the code can refuse by."""
    for node in ast.walk(ast.parse(code)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        at = NAME_AT.get(node.func.id)
        if at is None or len(node.args) <= at or not isinstance(node.args[at], ast.Constant):
            continue
        given = {k.arg for k in node.keywords}
        if node.func.id == "Refusal" and len(node.args) == 3:
            given = {key.value for key in node.args[2].keys}
        yield node.args[at].value, given


def rules_by_name():
    rules = {}
    for path in SPEAKING:
        for rule, given in refusals_in(path.read_text()):
            rules.setdefault(rule, []).append(given)
    return rules


RULES = rules_by_name()


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def literal(alias):
    return set(alias.__args__)


def test_the_search_finds_a_refusal_of_each_kind():
    code = 'require(x, "a", art, b=1)\nraise Refused("c", d=2)\nRefusal("e", "", {"f": 3})'
    assert list(refusals_in(code)) == [("a", {"b"}), ("c", {"d"}), ("e", {"f"})]


def test_every_rule_has_words_and_no_words_are_left_over():
    assert set(catalogue("refusals")) == set(RULES)


@pytest.mark.parametrize("rule", sorted(RULES))
@pytest.mark.parametrize("lang", LANGS)
def test_words_of_a_refusal_say_what_is_wrong_and_what_would_be_right(rule, lang):
    words = catalogue("refusals")[rule][lang]
    assert set(words) == {"message", "remedy"}
    assert all(text.strip() == text and text.endswith((".", "}")) for text in words.values())
    always_given = set.intersection(*RULES[rule])
    assert fields(words["message"]) | fields(words["remedy"]) <= always_given


def test_refusals_stand_in_order_of_their_names():
    assert list(catalogue("refusals")) == sorted(catalogue("refusals"))


def test_both_languages_name_the_same_figures():
    differing = [
        rule
        for rule, words in catalogue("refusals").items()
        if fields("".join(words["es"].values())) != fields("".join(words["en"].values()))
    ]
    assert differing == []


def test_every_kind_of_act_has_a_name_and_a_meaning():
    acts = catalogue("acts")
    assert set(acts) == set(judge.KINDS.values())
    for texts in acts.values():
        for lang in LANGS:
            assert set(texts[lang]) == {"name", "text"}
            assert texts[lang]["text"].endswith(".")


@pytest.mark.parametrize("lang", LANGS)
def test_no_two_acts_have_one_name(lang):
    names = [texts[lang]["name"] for texts in catalogue("acts").values()]
    assert sorted(set(names)) == sorted(names)


def test_every_kind_of_effect_has_a_sentence_in_both_languages():
    effects = catalogue("effects")
    assert set(effects) == {kind.__struct_config__.tag for kind in ENACTS}
    for texts in effects.values():
        spanish, english = texts["es"], texts["en"]
        assert list(spanish) == list(english)
        for name, text in spanish.items():
            assert fields(text) == fields(english[name]), name


@pytest.mark.parametrize(
    ("group", "words"),
    [
        ("decision_state", literal(decision.DecisionState)),
        ("power", set(vocabulary.POWERS)),
        ("matter", set(vocabulary.MATTERS)),
        ("form", literal(Form)),
    ],
)
def test_the_words_of_the_rules_are_all_in_the_vocabulary(group, words):
    for lang in LANGS:
        assert set(catalogue("vocabulary")[group][lang]) == words


def test_both_languages_know_the_same_vocabulary():
    for words in catalogue("vocabulary").values():
        assert set(words["es"]) == set(words["en"])
