"""A plan tells the truth: whatever the unit, the size of the nation and what is left over."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comuna.plan.build import build
from comuna.plan.counting import nearest
from comuna.plan.errors import PlanError
from comuna.plan.explaining import Explainer
from comuna.plan.planning import METHODS, MODES, plan_for
from comuna.plan.published import check_published, to_json
from comuna.plan.report import report
from tests.plan.examples import Rows, chairs, problem, valley


def bakery(people: int = 10, steps: int = 1, **line: Any) -> Rows:
    """Bread takes an hour a kilogram, and there are 20 hours; 5 kg are needed, and by the usual
    curve 1 more is worth something."""
    return {
        "goods": [{"good": "bread", "unit": "kg", "steps": steps}],
        "means": [{"mean": "work", "unit": "h", "kind": "labour"}],
        "bodies": [{"body": "village", "people": people}],
        "recipes": [{"recipe": "bake"}],
        "lines": [
            {"recipe": "bake", "kind": "use", "item": "work", "quantity": 1},
            {"recipe": "bake", "kind": "output", "item": "bread", "quantity": steps},
        ],
        "capacities": [{"body": "village", "mean": "work", "quantity": 20}],
        "needs": [{"body": "village", "good": "bread", "quantity": 5 * steps}],
    }


def levels(plan) -> dict[tuple[str, str], float]:
    return {(a["recipe"], a["period"]): a["level"] / 10**6 for a in to_json(plan)["activities"]}


def test_no_more_is_made_than_somebody_eats_and_the_hours_left_are_told():
    plan = plan_for(problem(bakery()))
    assert levels(plan) == {("bake", "1"): 6}
    text = report(plan, "en")
    assert "No means limits it" in text
    assert "village, 1: 14 of 20 h of work are not used." in text
    assert "quedan sin usar 14 de 20 h de work" in report(plan, "es")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("method", METHODS)
def test_of_two_ways_to_the_same_bread_the_one_with_less_labour_is_chosen(mode, method):
    rows = bakery()
    rows["recipes"].append({"recipe": "slowly"})
    rows["lines"] += [
        {"recipe": "slowly", "kind": "use", "item": "work", "quantity": 2},
        {"recipe": "slowly", "kind": "output", "item": "bread", "quantity": 1},
    ]
    for order in (1, -1):
        rows["recipes"] = rows["recipes"][::order]
        assert levels(plan_for(problem(rows), mode, method)) == {("bake", "1"): 6}


def test_of_two_ways_with_the_same_labour_the_one_with_less_input_is_chosen():
    rows = bakery()
    rows["goods"].append({"good": "flour", "unit": "kg"})
    rows["stocks"] = [{"body": "village", "good": "flour", "opening": 100}]
    rows["recipes"] = [{"recipe": "waste"}, {"recipe": "bake"}]
    rows["lines"] += [
        {"recipe": "waste", "kind": "use", "item": "work", "quantity": 1},
        {"recipe": "waste", "kind": "output", "item": "bread", "quantity": 1},
        {"recipe": "waste", "kind": "input", "item": "flour", "quantity": 3},
        {"recipe": "bake", "kind": "input", "item": "flour", "quantity": 2},
    ]
    assert levels(plan_for(problem(rows))) == {("bake", "1"): 6}


def test_a_by_product_that_nobody_takes_is_told_as_left_over():
    rows = bakery()
    rows["goods"].append({"good": "ash", "unit": "kg"})
    rows["lines"].append({"recipe": "bake", "kind": "output", "item": "ash", "quantity": 3})
    goods, _ = Explainer(plan_for(problem(rows))).left_over()
    assert [(left.amount, left.there) for left in goods] == [(18, 18)]


def test_what_is_used_up_to_the_last_hour_is_not_said_to_be_limited_by_nothing():
    rows = bakery()
    rows["capacities"][0]["quantity"] = 6
    text = report(plan_for(problem(rows)), "en")
    assert "No means limits it" not in text
    assert "limited by work" in text or "All of work (village) is used" in text


@pytest.mark.parametrize("steps", [1, 1000, 10**6, 10**9])
def test_the_plan_is_the_same_whatever_the_unit(steps):
    """Two goods for the same hours; one of them counted ever finer."""
    rows = bakery(steps=steps)
    rows["goods"].append({"good": "soup", "unit": "l"})
    rows["recipes"].append({"recipe": "cook"})
    rows["lines"] += [
        {"recipe": "cook", "kind": "use", "item": "work", "quantity": 1},
        {"recipe": "cook", "kind": "output", "item": "soup", "quantity": 1},
    ]
    rows["needs"].append({"body": "village", "good": "soup", "quantity": 5, "tier": 3})
    rows["capacities"][0]["quantity"] = 8
    plan = plan_for(problem(rows))
    assert levels(plan) == pytest.approx({("bake", "1"): 5, ("cook", "1"): 3}, abs=1e-5)
    assert plan.certificate().gap < 1e-6


@pytest.mark.parametrize("norm", [10**9, 10**12, 10**13])
def test_a_need_in_the_smallest_steps_is_met_before_others(norm):
    rows = bakery(people=1)
    rows["goods"].append({"good": "flour", "unit": "g"})
    rows["needs"] = [{"body": "village", "good": "flour", "quantity": norm, "tier": 3},
                     {"body": "village", "good": "bread", "quantity": 1, "tier": 3}]  # fmt: skip
    rows["stocks"] = [{"body": "village", "good": "flour", "opening": norm}]
    plan = plan_for(problem(rows))
    assert plan.met().tolist()[0] == norm


@pytest.mark.parametrize("people", [40_000_000, 1_400_000_000])
@pytest.mark.parametrize("mode", MODES)
def test_a_nation_in_one_body_gives_a_worth_above_nothing(people, mode):
    one = problem(bakery(people=people))
    plan = plan_for(one, mode)
    assert plan.certificate().objective == people * 302
    assert check_published(one, to_json(plan)).wrongs == ()


@pytest.mark.parametrize("mode", MODES)
def test_capacities_of_a_nation_are_counted_whole(mode):
    """Forty million people work 2,000 hours of 3,600 seconds; a loaf takes 60 of them."""
    seconds = 40_000_000 * 2000 * 3600
    rows = bakery(people=40_000_000)
    rows["lines"][0]["quantity"] = 60
    rows["capacities"][0]["quantity"] = seconds
    rows["needs"][0]["quantity"] = seconds // 60 * 2
    one = problem(rows)
    plan = plan_for(one, mode)
    assert plan.met().tolist() == [seconds // 60]
    assert plan.model.counting.grain == 1000
    assert sum(a["level"] for a in to_json(plan)["activities"]) == seconds // 60 * 10**6
    assert check_published(one, to_json(plan)).wrongs == ()


def test_worths_too_far_apart_to_be_counted_together_are_named():
    rows = bakery(people=1_000_000_000)
    rows["needs"][0]["quantity"] = 1
    rows["goods"].append({"good": "flour", "unit": "g"})
    rows["bodies"].append({"body": "hamlet"})
    rows["needs"].append({"body": "hamlet", "good": "flour", "quantity": 10**15})
    with pytest.raises(PlanError, match="a step of flour for the 1 of hamlet") as told:
        plan_for(problem(rows))
    assert "un paso de flour" in told.value.told("es")


def test_a_cost_too_small_for_one_count_still_counts():
    model = build(problem(valley()))
    used = model.columns["activity"].span
    assert (model.worth[used] < 0).all()


@given(st.integers(1, 10**10), st.integers(1, 10**6), st.integers(1, 10**15))
@settings(max_examples=100, deadline=None)
def test_worths_are_rounded_to_the_nearest_whole_number(people, weight, norm):
    found = nearest([np.array([people]), np.array([weight])], np.array([norm]))
    exact = people * weight / norm
    assert abs(int(found[0]) * norm - people * weight) * 2 <= norm or exact > 2**52


def market() -> Rows:
    """A farm sells maize for cash and buys oil for it; people eat what is bought. Neither selling
    nor buying takes any mean."""
    return {
        "goods": [{"good": g, "unit": "kg"} for g in ("maize", "cash", "oil")],
        "bodies": [{"body": "farm"}],
        "recipes": [{"recipe": "sell"}, {"recipe": "buy"}],
        "lines": [
            {"recipe": "sell", "kind": "input", "item": "maize", "quantity": 2},
            {"recipe": "sell", "kind": "output", "item": "cash", "quantity": 3},
            {"recipe": "buy", "kind": "input", "item": "cash", "quantity": 1},
            {"recipe": "buy", "kind": "output", "item": "oil", "quantity": 1},
        ],
        "stocks": [{"body": "farm", "good": "maize", "opening": 100}],
        "needs": [{"body": "farm", "good": "oil", "quantity": 1000}],
    }


def test_selling_and_eating_are_bounded_by_the_goods_they_take():
    plan = plan_for(problem(market()))
    assert plan.met().tolist() == [150]
    assert plan.certificate().gap < 1e-6
    lines = {line.recipe: line.limit.kind for line in Explainer(plan).activities()}
    assert set(lines.values()) == {"good"}


def test_goods_that_go_round_come_to_rest_and_those_that_grow_are_named():
    rows = market()
    rows["recipes"].append({"recipe": "sell oil"})
    rows["lines"] += [
        {"recipe": "sell oil", "kind": "input", "item": "oil", "quantity": 4},
        {"recipe": "sell oil", "kind": "output", "item": "cash", "quantity": 3},
    ]
    assert plan_for(problem(rows)).met().tolist() == [150]
    rows["lines"][-1]["quantity"] = 9  # four of oil for nine of cash, which buy nine of oil
    rows["needs"][0]["quantity"] = 10**12
    with pytest.raises(PlanError, match="would make ever more out of its own goods"):
        plan_for(problem(rows))


def test_what_takes_nothing_at_all_needs_a_limit():
    rows = market()
    rows["lines"] = rows["lines"][1:]
    with pytest.raises(PlanError, match="nothing limits 'sell'; give at_most"):
        problem(rows)


def test_chairs_without_a_carpenter_are_limited_by_their_wood():
    rows = chairs()
    del rows["lines"][1]
    plan = plan_for(problem(rows))
    assert plan.met().tolist() == [12_000]  # the norm and what is worth something beyond it


def test_exactly_one_of_several_can_be_said():
    """Two bundles of food of which the family takes one, or a mixture that comes to one: there is
    grain for the richer half the time."""
    rows = {
        "goods": [{"good": g, "unit": "kg"} for g in ("grain", "fed", "pleasure")],
        "means": [{"mean": "choice", "unit": "bundle", "kind": "tool", "steps": 1000}],
        "bodies": [{"body": "family"}],
        "recipes": [{"recipe": "plain"}, {"recipe": "rich"}],
        "lines": [
            {"recipe": r, "kind": k, "item": i, "quantity": q}
            for r, grain, pleasure in (("plain", 10, 1), ("rich", 30, 2))
            for k, i, q in (("input", "grain", grain), ("output", "pleasure", pleasure * 1000),
                            ("output", "fed", 1000), ("use", "choice", 1000))
        ],
        "capacities": [{"body": "family", "mean": "choice", "quantity": 1000}],
        "stocks": [{"body": "family", "good": "grain", "opening": 20}],
        "needs": [{"body": "family", "good": "fed", "quantity": 1000, "tier": 1},
                  {"body": "family", "good": "pleasure", "quantity": 10_000, "tier": 2}],
        "tiers": [{"tier": 1, "weight": 1000}, {"tier": 2, "weight": 1}],
        "curves": [{"curve": "harmony", "width": 1000, "worth": 1}],
    }  # fmt: skip
    plan = plan_for(problem(rows))
    assert levels(plan) == {("plain", "1"): 0.5, ("rich", "1"): 0.5}
    rows["stocks"][0]["opening"] = 1000
    assert levels(plan_for(problem(rows))) == {("rich", "1"): 1}


@pytest.mark.parametrize(("fields", "below", "above"), [(2, 0, 10), (8, 20, 0)])
def test_deviations_with_a_sign_can_be_said(fields, below, above):
    """In a bad year each field gives 5 t less than is counted on, and 20 t are laid by: 2 fields
    leave 10 t of them, 8 fields fall 20 t short, at a cost."""
    rows = {
        "goods": [{"good": "wheat", "unit": "t"}, {"good": "deviation", "unit": "t"}],
        "means": [{"mean": "land", "unit": "ha", "kind": "land"},
                  {"mean": "risk", "unit": "t", "kind": "waste", "cost": 1000}],
        "bodies": [{"body": "farm"}],
        "recipes": [{"recipe": "sow"}, {"recipe": "fall short"}],
        "lines": [
            {"recipe": "sow", "kind": "use", "item": "land", "quantity": 1},
            {"recipe": "sow", "kind": "output", "item": "wheat", "quantity": 1},
            {"recipe": "sow", "kind": "output", "item": "deviation", "quantity": -5},
            {"recipe": "fall short", "kind": "output", "item": "deviation", "quantity": 1},
            {"recipe": "fall short", "kind": "use", "item": "risk", "quantity": 1},
        ],
        "capacities": [{"body": "farm", "mean": "land", "quantity": fields},
                       {"body": "farm", "mean": "risk", "quantity": 1000}],
        "stocks": [{"body": "farm", "good": "deviation", "opening": 20}],
        "needs": [{"body": "farm", "good": "wheat", "quantity": 100}],
    }  # fmt: skip
    plan = plan_for(problem(rows))
    assert levels(plan).get(("fall short", "1"), 0) == below
    goods, _ = Explainer(plan).left_over()
    assert sum(left.amount for left in goods) == above
