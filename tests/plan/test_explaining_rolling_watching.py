"""Why a plan is as it is, what comes after its first month, and how a process is watched."""

import re
from fractions import Fraction

import numpy as np
import pytest

from comuna.plan.errors import PlanError
from comuna.plan.explaining import Explainer, labour_costs
from comuna.plan.input_output import downstream, from_supply_and_use, new_product, requirements
from comuna.plan.planning import plan_for
from comuna.plan.report import report
from comuna.plan.rolling import look_ahead, lower_quartile, replan, with_harvests
from comuna.plan.table_files import table_of
from comuna.plan.watching import Achievement, alerts, watch
from comuna.plan.words import LANGUAGES, SENTENCES, number
from tests.plan.examples import chairs, problem, valley


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


def test_the_next_problem_opens_with_what_was_counted_and_what_is_under_way():
    plan = plan_for(problem(valley()))
    following = look_ahead(plan, 1, 2, {("upper", "seed"): 700})
    assert following.periods.period == ("feb", "mar")
    goods = following.goods.good
    stocks = {
        (goods[g], t): n
        for g, t, n in zip(*(following.stocks.__dict__[k].tolist()
                             for k in ("good", "period", "opening")), strict=True)
    }  # fmt: skip
    sown = int(plan.answer.x[plan.model.columns["activity"].first])
    assert stocks["seed", 0] == 700 + 1000 * sown // 10**6
    assert stocks["maize", 0] == 80_000 * sown // 10**6
    again = plan_for(following).certificate()
    assert again.possible


def test_planning_again_after_nothing_happened_changes_nothing():
    one = problem(valley())
    before = plan_for(one)
    after = replan(one, before, "harmony")
    block = before.model.columns["activity"]
    assert after.certificate().possible
    assert np.abs(after.answer.x[block.span] - before.answer.x[block.span]).max() <= 10


def test_a_new_plan_keeps_to_the_old_where_changing_gains_little():
    """Two ways to the same chair, one a hair better: a plan that began with the other keeps it."""
    rows = chairs()
    rows["recipes"].append({"recipe": "other"})
    rows["lines"] += [{**line, "recipe": "other"} for line in rows["lines"]]
    first = dict(rows, abilities=[{"body": "workshop", "recipe": "other"}])
    both = dict(rows, abilities=[{"body": "workshop", "recipe": r, "effort": e}
                                 for r, e in (("make", 990), ("other", 1000))])  # fmt: skip
    before = plan_for(problem(first))
    fresh = plan_for(problem(both))
    kept = replan(problem(both), before, "harmony", keep=100)

    def by_other(plan):
        block = plan.model.columns["activity"]
        return int(plan.answer.x[block.span][block.keys["recipe"] == 1].sum())

    assert by_other(fresh) == 0
    assert by_other(kept) == by_other(before) > 0


def test_harvests_are_planned_at_the_lower_quartile_of_the_units_own_records():
    assert lower_quartile([1000, 600, 900, 800, 1100]) == 800
    one = with_harvests(problem(valley()), {("upper", "grow"): [1000, 600, 900, 800, 1100]})
    assert one.abilities.harvest.tolist() == [800, 1000]
    with pytest.raises(PlanError, match="no ability"):
        with_harvests(one, {("lower", "grow"): [1]})


def test_what_a_new_product_needs_and_what_a_shortage_costs_downstream():
    economy = table_of("sector,wheat,bread,final\nwheat,2,5,3\nbread,0,0,10\nhours,10,20\n")
    total = requirements(economy).total
    assert new_product(total, [0.0, 2.0]) == pytest.approx([1.25, 2.0])
    assert downstream(economy, "wheat", 1.0) == pytest.approx([1.25, 0.625])
    with pytest.raises(PlanError, match="no sector 'steel'"):
        downstream(economy, "steel", 1.0)


def test_a_supply_table_without_by_products_gives_the_use_table_back():
    use = np.array([[2.0, 5.0], [0.0, 0.0]])
    made = from_supply_and_use(["wheat", "bread"], np.diag([10.0, 10.0]), use, np.array([3.0, 10]))
    assert made.flows.tolist() == use.tolist()


def test_the_three_numbers_and_their_ratios():
    seen = Achievement(actuality=60, capability=80, potentiality=100)
    assert (seen.productivity, seen.latency) == (Fraction(3, 4), Fraction(4, 5))
    assert seen.performance == seen.productivity * seen.latency == Fraction(3, 5)
    with pytest.raises(PlanError, match="potentiality"):
        Achievement(60, 100, 80)


def series(seed: int, size: int = 130) -> np.ndarray:
    return 100 + np.random.default_rng(seed).normal(0, 4, size)


def test_a_lasting_step_is_found_within_four_readings_and_false_alarms_are_rare():
    found, false = 0, 0
    for seed in range(20):
        readings = series(seed)
        readings[100:] -= 20
        told = alerts(readings.tolist(), clock=5, noise=4.0)
        false += any(a.due - 5 < 100 for a in told)
        found += any(100 <= a.due - 5 <= 104 for a in told)
    assert found >= 18
    assert false <= 2


def test_a_single_spike_is_shown_at_once_but_is_no_alert():
    spikes, told = 0, 0
    for seed in range(20):
        readings = series(seed, 110)
        readings[100] -= 35
        spikes += list(watch(readings.tolist(), 4.0))[100].spike
        told += any(100 <= a.due - 5 < 106 for a in alerts(readings.tolist(), 5, 4.0))
    assert spikes >= 19
    assert told <= 1


def test_an_alert_carries_the_clock_that_the_unit_agreed_to():
    readings = series(3)
    readings[100:] -= 30
    for clock in (3, 9):
        told = next(a for a in alerts(readings.tolist(), clock, 4.0) if a.due - clock >= 100)
        assert told.kind == "step"
        assert told.due - clock <= 104
