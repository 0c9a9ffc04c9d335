"""The published problems of docs/examples give their published optima."""

from pathlib import Path

import pytest

from comuna.plan.explaining import Explainer
from comuna.plan.input_output import requirements
from comuna.plan.planning import plan_for
from comuna.plan.problem_files import read_named
from comuna.plan.published import Plan, check_published, to_json
from comuna.plan.table_files import read_named as read_table

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def solved(name: str) -> Plan:
    one, read = read_named(EXAMPLES / name)
    assert not read.remarks
    plan = plan_for(one)
    proof = plan.certificate()
    assert proof.possible
    assert proof.gap < 1e-5
    assert check_published(one, to_json(plan)).wrongs == ()
    return plan


def done(plan: Plan) -> dict[str, float]:
    names = plan.problem.recipes.recipe
    return {names[line.recipe]: float(line.level) for line in Explainer(plan).activities()}


def eaten(plan: Plan, good: str) -> float:
    """Units of a good that are met of needs."""
    goods, needs = plan.problem.goods, plan.problem.needs
    at = goods.good.index(good)
    of_good = needs.good[plan.needed.need] == at
    return float(plan.met()[of_good].sum() / goods.steps[at])


def test_the_diet_of_stigler():
    plan = solved("diet")
    published = {"Wheat Flour (Enriched)": 10.774, "Liver (Beef)": 0.691, "Cabbage": 4.093,
                 "Spinach": 1.828, "Navy Beans (dried)": 22.275}  # fmt: skip
    assert done(plan) == pytest.approx(published, abs=6e-4)
    assert sum(done(plan).values()) == pytest.approx(39.6617, abs=1e-3)


def test_the_five_year_plan_of_cockshott():
    plan = solved("five-year-plan")
    assert float(plan.certificate().objective) == pytest.approx(7.33645, abs=2e-5)
    printed = [0.159221, 1.75043, 1.75259, 1.71516, 1.95906]
    assert (plan.met() / 10**8).tolist() == pytest.approx(printed, rel=1e-4)


def test_the_farm_in_egypt():
    assert eaten(solved("farm-egypt"), "cash") == pytest.approx(1898.52, abs=0.005)


@pytest.mark.parametrize(("name", "income"),
                         [("farm-brazil", 17_706.43), ("farm-brazil-risk", 16_277.49)])  # fmt: skip
def test_the_farm_in_the_north_east_of_brazil(name, income):
    plan = solved(name)
    assert eaten(plan, "income") == pytest.approx(income, rel=5e-6)
    bundles = [level for recipe, level in done(plan).items() if recipe.startswith("eat bundle")]
    assert sum(bundles) == pytest.approx(1, abs=2e-6)


def test_the_input_output_table_of_germany():
    table, read = read_table(EXAMPLES / "germany-1995.csv")
    assert not read.remarks
    found = requirements(table).multipliers
    printed = {
        "output": [1.7048, 1.8413, 1.8136, 1.6035, 1.5951, 1.3782],
        "labour": [0.0326, 0.0162, 0.0207, 0.0237, 0.0112, 0.0242],
        "value_added": [0.8450, 0.7647, 0.8615, 0.9019, 0.9393, 0.9199],
    }
    for name, values in printed.items():
        assert found[name] == pytest.approx(values, abs=5e-5)


def test_every_example_has_its_line_with_a_source_in_the_list():
    listed = (EXAMPLES / "README.md").read_text("utf-8")
    for path in EXAMPLES.iterdir():
        if path.name != "README.md":
            assert f"| `{path.name}` |" in listed
