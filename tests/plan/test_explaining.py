"""Why a plan is as it is, in words."""

import re
from dataclasses import replace
from fractions import Fraction

import pytest

from bench.plan_nation import nation
from comuna.plan.certificate import Prices
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
    assert "limited by carpenter (workshop)" in text
    assert "one more hour of carpenter in may is worth as much as 3 × chair" in text
    assert "1 hour más de carpintería en mayo vale tanto como 3 × silla" in report(plan, "es")
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


def test_what_is_the_same_in_many_months_is_said_once():
    rows = chairs()
    rows["periods"] = [{"period": p} for p in ("jan", "feb", "mar", "apr", "may")]
    rows["capacities"].append(
        {"body": "workshop", "mean": "carpenter", "period": "mar", "quantity": 60}
    )
    rows["stocks"][0]["opening"] = 300_000
    rows["goods"][0]["keep"] = 1000
    text = report(plan_for(problem(rows)), "en")
    assert text.count("workshop, jan – feb, apr – may: of chair there is 6 of 10 chair") == 1
    assert "workshop, mar: of chair there is 3 of 10 chair" in text
    assert (
        "one more hour of carpenter in jan – feb, apr – may is worth as much as 3 × chair" in text
    )


def test_what_limits_is_called_its_own_most_only_where_it_is_run_that_often():
    """Even by prices that are a little off, by which some activity seems to gain more."""
    plan = plan_for(nation(6, 6, 3, 1, hub_of=3))
    prices = plan.answer.prices
    off = Prices(prices.prices * 1005 // 1000, prices.scale)
    plan = replace(plan, answer=replace(plan.answer, prices=off))
    block = plan.model.columns["activity"]
    places = zip(*(block.keys[k].tolist() for k in ("body", "recipe", "period")), strict=True)
    full = plan.answer.x[block.span] == plan.model.most[block.span]
    run_to_the_most = {place for place, most in zip(places, full.tolist(), strict=True) if most}
    for short in Explainer(plan).shortages():
        keys = short.why.keys
        if short.why.kind == "most":
            assert (keys["body"], keys["recipe"], keys["period"]) in run_to_the_most
