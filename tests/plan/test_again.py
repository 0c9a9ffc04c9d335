"""Planning again, from what happened, and what if."""

import argparse
import json

import numpy as np
import pytest

from comuna.plan.cli import add_commands
from comuna.plan.errors import FileError, PlanError
from comuna.plan.planning import plan_for
from comuna.plan.problem_files import rows_of, write_json
from comuna.plan.published import check_published
from comuna.plan.rolling import look_ahead, lower_quartile, replan, with_harvests
from comuna.plan.scenarios import read_scenarios, under
from tests.plan.examples import chairs, problem, valley


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
