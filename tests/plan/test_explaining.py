"""Why a plan is as it is, in words."""

import re
from fractions import Fraction

import pytest

from comuna.plan.explaining import Explainer, labour_costs
from comuna.plan.planning import plan_for
from comuna.plan.report import report
from comuna.plan.words import LANGUAGES, SENTENCES, number
from tests.plan.examples import chairs, problem


def test_one_more_hour_of_the_carpenter_is_worth_three_chairs():
    plan = plan_for(problem(chairs()))
    (line,) = Explainer(plan).activities()
    assert (line.level, line.limit.kind) == (6, "mean")
    assert line.limit.worth.amount == pytest.approx(3)
    text = report(plan, "en")
    assert "limited by carpenter (workshop, may)" in text
    assert "one more hour is worth as much as 3 chair of chair" in text
    assert "0,333 hour por chair" in report(plan, "es")


def test_a_shortage_is_followed_back_to_its_cause():
    plan = plan_for(problem(chairs()))
    (short,) = Explainer(plan).shortages()
    assert (short.missing, short.why.kind) == (4000, "mean")
    rows = chairs()
    rows["stocks"][0]["opening"] = 4000
    (short,) = Explainer(plan_for(problem(rows))).shortages()
    assert (short.missing, short.why.kind) == (8000, "stock")
    rows["abilities"] = [{"body": "workshop", "recipe": "make", "at_most": 1}]
    (short,) = Explainer(plan_for(problem(rows))).shortages()
    assert (short.missing, short.why.kind) == (9000, "most")


def test_labour_costs_count_all_the_way_down():
    rows = chairs()
    rows["recipes"].append({"recipe": "fell"})
    rows["lines"] += [
        {"recipe": "fell", "kind": "output", "item": "wood", "quantity": 1000},
        {"recipe": "fell", "kind": "use", "item": "carpenter", "quantity": 5},
    ]
    rows["stocks"] = []
    costs = labour_costs(plan_for(problem(rows)))
    assert costs == pytest.approx([5 / 60, 2 * 5 / 60 + 20 / 60])


def test_every_sentence_stands_in_both_languages_with_the_same_facts():
    for spanish, english in SENTENCES.values():
        facts = [set(re.findall(r"{(\w+)}", text)) for text in (spanish, english)]
        assert facts[0] == facts[1]
    assert LANGUAGES == ("es", "en")


def test_numbers_are_written_as_each_language_writes_them_and_never_vanish():
    assert number(Fraction(12345678, 1000), "es") == "12\u202f345,678"
    assert number(Fraction(1, 3), "en") == "0.333"
    assert number(Fraction(1, 10**5), "en") == "0.00001"
