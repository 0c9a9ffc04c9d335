"""Planning again, from what happened, and what if."""

import json

import numpy as np
import pytest

from comuna.plan.errors import FileError, PlanError
from comuna.plan.planning import plan_for
from comuna.plan.problem import Problem
from comuna.plan.problem_files import read_problem, rows_of, write_json
from comuna.plan.published import check_published
from comuna.plan.rolling import look_ahead, lower_quartile, replan, under_way, with_harvests
from comuna.plan.scenarios import read_scenarios, under
from tests.plan.examples import Rows, chairs, problem, valley
from tests.plan.test_files_and_verbs import comuna


def orchard() -> Rows:
    """Trees that are planted in one month, watered in the next and picked in the third."""
    return {
        "periods": [{"period": p} for p in ("jan", "feb", "mar", "apr")],
        "goods": [
            {"good": "water", "unit": "l", "steps": 1, "keep": 1000},
            {"good": "fruit", "unit": "kg", "steps": 1000},
        ],
        "means": [{"mean": "work", "unit": "h", "kind": "labour", "steps": 1}],
        "bodies": [{"body": "farm"}],
        "recipes": [{"recipe": "trees"}],
        "lines": [
            {"recipe": "trees", "kind": "use", "item": "work", "quantity": 10},
            {"recipe": "trees", "kind": "use", "item": "work", "quantity": 2, "after": 1},
            {"recipe": "trees", "kind": "input", "item": "water", "quantity": 100, "after": 1},
            {"recipe": "trees", "kind": "output", "item": "fruit", "quantity": 5000, "after": 2},
        ],
        "abilities": [{"body": "farm", "recipe": "trees", "effort": 1500, "harvest": 800}],
        "capacities": [{"body": "farm", "mean": "work", "quantity": 300}],
        "stocks": [{"body": "farm", "good": "water", "opening": 1000}],
        "needs": [{"body": "farm", "good": "fruit", "period": "mar", "quantity": 100_000}],
    }


def levels(problem: Problem, plan) -> dict[tuple[str, str], int]:
    block = plan.model.columns["activity"]
    return {
        (problem.recipes.recipe[r], problem.periods.period[t]): n
        for r, t, n in zip(block.keys["recipe"].tolist(), block.keys["period"].tolist(),
                           plan.answer.x[block.span].tolist(), strict=True)
        if n
    }  # fmt: skip


def test_what_was_begun_still_takes_what_it_is_due_and_gives_what_it_promised():
    """Ten levels of trees were begun in January. In February they ask 10 × 100 l of water; with
    half of it half the fruit is picked, with all of it all: 10 × 5 kg × 0.8."""
    one = problem(orchard())
    before = plan_for(one)
    assert levels(one, before) == {("trees", "jan"): 10 * 10**6}
    for water, fruit in ((1000, 40_000), (500, 20_000), (0, 0)):
        following = look_ahead(before, 1, 3, {("farm", "water"): water})
        after = plan_for(following)
        assert after.certificate().possible
        assert after.met().tolist() == [fruit]


def test_what_was_begun_uses_its_means_and_nobody_else_can():
    one = problem(orchard())
    following = look_ahead(plan_for(one), 1, 3, {("farm", "water"): 1000})
    (going,) = under_way(following)
    lines = [row for row in rows_of(following)["lines"] if row["recipe"] == going]
    uses = {(row["item"], row["quantity"], row["after"]) for row in lines if row["kind"] == "use"}
    assert uses == {("work", 3, 0), (going, 10**6, 0)}  # 2 hours by an effort of 1.5
    assert [row["quantity"] for row in lines if row["kind"] == "output"] == [4000]


def test_only_what_was_really_begun_goes_on():
    one = problem(orchard())
    following = look_ahead(plan_for(one), 1, 3, {("farm", "water"): 1000},
                           {("farm", "trees", "jan"): 3 * 10**6})  # fmt: skip
    assert plan_for(following).met().tolist() == [12_000]
    with pytest.raises(PlanError, match="cannot have done 'trees' in 'may'"):
        look_ahead(plan_for(one), 1, 3, {}, {("farm", "trees", "may"): 1})


def test_what_is_over_leaves_and_what_still_runs_keeps_its_name():
    rows = orchard()
    rows["lines"][3]["after"] = 3  # picked in April
    rows["needs"][0]["period"] = "apr"
    one = problem(rows)
    february = look_ahead(plan_for(one), 1, 3, {("farm", "water"): 1000})
    march = look_ahead(plan_for(february), 1, 2, {})
    assert under_way(march) == under_way(february) == {"trees (farm, jan)"}
    assert plan_for(march).met().tolist() == [40_000]
    assert under_way(look_ahead(plan_for(march), 1, 1, {})) == {"trees (farm, jan)"}
    rows = orchard()
    rows["needs"].append({"body": "farm", "good": "water", "quantity": 1})
    late = look_ahead(plan_for(problem(rows)), 1, 3, {("farm", "water"): 1000})
    assert under_way(late)
    assert under_way(look_ahead(plan_for(late), 2, 1, {})) == set()
    with pytest.raises(PlanError, match="nothing is needed"):
        look_ahead(plan_for(problem(orchard())), 3, 1, {})


def test_the_next_problem_opens_with_what_was_counted_and_what_still_arrives():
    rows = valley()
    rows["stocks"].append({"body": "lower", "good": "maize", "period": "mar", "opening": 77})
    following = look_ahead(plan_for(problem(rows)), 1, 2, {("upper", "seed"): 700})
    stocks = {(row["body"], row["good"], row["period"]): row["opening"]
              for row in rows_of(following)["stocks"]}  # fmt: skip
    assert stocks == {("upper", "seed", "feb"): 700, ("lower", "maize", "mar"): 77}
    with pytest.raises(PlanError, match="is counted, but"):
        look_ahead(plan_for(problem(rows)), 1, 2, {("upper", "gold"): 1})


@pytest.mark.parametrize("rows", [valley(), orchard()])
def test_planning_again_after_nothing_happened_changes_nothing(rows):
    one = problem(rows)
    before = plan_for(one)
    after = replan(one, before, "harmony")
    block = before.model.columns["activity"]
    assert after.certificate().possible
    assert after.certificate().gap < 1e-4
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


def test_the_verb_plans_on_from_what_a_brigade_wrote_down(tmp_path, capsys):
    write_json(problem(orchard()), tmp_path / "p.json")
    comuna(capsys, "plan", "solve", tmp_path / "p.json", "--out", tmp_path / "plan")
    (tmp_path / "counted.csv").write_text("body,good,quantity\nfarm,water,800\n")
    (tmp_path / "done.csv").write_text("body,recipe,period,level\nfarm,trees,jan,9000000\n")
    (tmp_path / "h.csv").write_text(
        "body,recipe,harvest\n" + "".join(f"farm,trees,{n}\n" for n in (900, 700, 800, 600))
    )
    words = ("plan", "next", tmp_path / "p.json", tmp_path / "plan", "--from", "feb", "--counted",
             tmp_path / "counted.csv", "--problem", tmp_path / "next.json")  # fmt: skip
    status, out = comuna(capsys, *words, "--done", tmp_path / "done.csv", "--harvests",
                         tmp_path / "h.csv", "--out", tmp_path / "next", "--json")  # fmt: skip
    assert status == 0
    said = json.loads(out)
    assert [line["met"] for line in said["satisfaction"]] == [8 * 4000]  # 800 l are 8 levels
    following = read_problem(tmp_path / "next.json")
    assert check_published(following, said).sound
    assert following.abilities.harvest.tolist() == [600, 1000]
    (tmp_path / "counted.csv").write_text("body,good,quantity\nfarm,water,lots\n,water,1\n")
    status, out = comuna(capsys, *words, "--json", "--lang", "es")
    assert status == 2
    assert [each["row"] for each in json.loads(out)["wrong"]] == [2, 3]
    assert "el último un número entero" in out
    assert comuna(capsys, *words[:5], "may", *words[6:])[0] == 2


SCENARIOS = (
    "scenario,table,column,times,value,body,recipe,mean,period,good,item\n"
    "bad harvest,abilities,harvest,750,,upper,grow,,,,\n"
    "broken lorry,capacities,quantity,,0,hub,,truck,feb,,\n"
    "dear seed,lines,quantity,2000,,,grow,,,,seed\n"
    "frost,stocks,opening,500,,upper,,,,maize,\n"
    "frost,needs,quantity,1200,,lower,,,mar,bread,\n"
)


def scenarios(tmp_path):
    (tmp_path / "what-if.csv").write_text(SCENARIOS)
    return read_scenarios(tmp_path / "what-if.csv")


def test_a_scenario_changes_the_numbers_it_names_and_no_others(tmp_path):
    one, found = problem(valley()), scenarios(tmp_path)
    assert list(found) == ["bad harvest", "broken lorry", "dear seed", "frost"]
    before = rows_of(one)
    bad = rows_of(under(one, found["bad harvest"]))
    assert [row.get("harvest") for row in bad["abilities"]] == [750, 1000]
    assert {t for t in before if bad[t] != before[t]} == {"abilities"}
    dear = rows_of(under(one, found["dear seed"]))
    seed = [row["quantity"] for row in dear["lines"] if row["item"] == "seed"]
    assert seed == [4000, 2000]


def test_a_scenario_of_one_month_leaves_the_others_as_they_were(tmp_path):
    one, found = problem(valley()), scenarios(tmp_path)
    trucks = {row["period"]: row["quantity"]
              for row in rows_of(under(one, found["broken lorry"]))["capacities"]
              if row["mean"] == "truck"}  # fmt: skip
    assert trucks == {"jan": 400, "feb": 0, "mar": 400}
    bread = [(row["period"], row["quantity"])
             for row in rows_of(under(one, found["frost"]))["needs"]
             if (row["body"], row["good"]) == ("lower", "bread")]  # fmt: skip
    assert bread == [("jan", 60_000), ("feb", 60_000), ("mar", 72_000)]


def test_all_that_is_wrong_with_a_scenario_file_is_told_at_once(tmp_path):
    path = tmp_path / "s.csv"
    path.write_text(
        "scenario,table,column,times,value,colour\n,needs,quantity,1,,\na,wishes,x,1,,\n"
        "b,goods,unit,1,,\nc,needs,quantity,1,2,\nd,needs,quantity,1,,red\n"
    )
    with pytest.raises(FileError) as told:
        read_scenarios(path)
    assert [each.row for each in told.value.wrongs] == [2, 3, 4, 5, 6]
    path.write_text("scenario,table,column,value,good\na,needs,quantity,1,gold\n")
    with pytest.raises(PlanError, match="row 2 meets no row of needs"):
        under(problem(valley()), read_scenarios(path)["a"])


def test_the_plans_of_scenarios_are_shown_side_by_side_and_written(tmp_path, capsys):
    scenarios(tmp_path)
    write_json(problem(valley()), tmp_path / "v.json")
    words = ("plan", "scenarios", tmp_path / "v.json", tmp_path / "what-if.csv")
    status, out = comuna(capsys, *words, "--json", "--out", tmp_path / "out")
    assert status == 0
    said = {each["scenario"]: each for each in json.loads(out)["scenarios"]}
    assert list(said) == ["as it is", "bad harvest", "broken lorry", "dear seed", "frost"]
    assert all(each["objective"] <= said["as it is"]["objective"] for each in said.values())
    assert said["bad harvest"]["worse_off"] == ["lower"]
    one = read_problem(tmp_path / "out" / "broken lorry.problem.json")
    plan = json.loads((tmp_path / "out" / "broken lorry.plan.json").read_text())
    assert check_published(one, plan).sound
    assert comuna(capsys, *words, "--lang", "es")[1].startswith("como es: vale")
