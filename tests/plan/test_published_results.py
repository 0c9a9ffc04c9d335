"""Plans and tables that other people published, found again; beside each a small example of ours.

The tables are not part of the project: a test that needs one skips, by name, where they are not.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from comuna.plan.input_output import labour_values, least_labour, requirements
from comuna.plan.planning import plan_for
from comuna.plan.published import Plan
from comuna.plan.table_files import read_table, table_of
from tests.plan.examples import SHARED, Rows, problem

MILLION = 10**6
STEPS = 10**8  # a recipe's level is a hundredth of the printed flows, for fine rounding


def folder(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not here")
    return path


def table(path: Path) -> dict[str, dict[str, float]]:
    with path.open() as lines:
        rows = [row for row in csv.reader(lines) if any(map(str.strip, row))]
    head = rows[0][1:]
    return {row[0]: dict(zip(head, map(float, row[1:]), strict=True)) for row in rows[1:]}


def five_years(flows, cap, dep, years) -> Rows:
    """Cockshott's plan: stocks of each good installed in each industry, worn down each year, and a
    basket a year in fixed proportions, as many of which as possible."""
    goods = list(next(iter(flows.values())))
    installed = [(g, i) for g in goods for i in goods if cap[g][i]]
    rows: Rows = {
        "periods": [{"period": y} for y in years],
        "goods": [{"good": g, "unit": "t", "steps": STEPS} for g in goods]
        + [{"good": "basket", "unit": "basket", "steps": STEPS}]
        + [
            {"good": f"{g} in {i}", "unit": "t", "steps": STEPS,
             "keep": round(1000 * (1 - dep[g][i]))}
            for g, i in installed
        ],
        "means": [{"mean": m, "unit": "h", "kind": "labour", "steps": STEPS}
                  for m in ("labour", *years)],
        "bodies": [{"body": "country"}],
        "recipes": [{"recipe": r} for r in (*goods, *(f"{g} into {i}" for g, i in installed),
                                            *(f"basket {y}" for y in years))],
        "lines": [], "abilities": [],
        "capacities": [], "stocks": [],
        "needs": [{"body": "country", "good": "basket", "quantity": 10 * STEPS, "curve": "even"}],
        "curves": [{"curve": "even", "width": 1000, "worth": 1}],
        "tiers": [{"tier": 1, "weight": 10}],
    }  # fmt: skip

    def line(recipe: str, kind: str, item: str, amount: float, after: int = 0) -> None:
        quantity = round(amount * MILLION)
        if quantity:
            rows["lines"].append({"recipe": recipe, "kind": kind, "item": item,
                                  "quantity": quantity, "after": after})  # fmt: skip

    for i in goods:
        line(i, "output", i, flows["output"][i])
        line(i, "use", "labour", flows["labour"][i])
        rows["abilities"].append({"body": "country", "recipe": i})
        for g in goods:
            line(i, "input", g, flows[g][i])
            if cap[g][i]:
                line(i, "input", f"{g} in {i}", cap[g][i])
                line(i, "output", f"{g} in {i}", cap[g][i] * (1 - dep[g][i]), 1)
    for g, i in installed:
        line(f"{g} into {i}", "input", g, 1)
        line(f"{g} into {i}", "output", f"{g} in {i}", 1, 1)
        rows["abilities"].append({"body": "country", "recipe": f"{g} into {i}", "at_most": 100_000})
        rows["stocks"].append({"body": "country", "good": f"{g} in {i}",
                               "opening": round(cap[g][i] * STEPS)})  # fmt: skip
    for y, wanted in years.items():
        line(f"basket {y}", "output", "basket", 1)
        line(f"basket {y}", "use", y, 1)
        rows["abilities"].append({"body": "country", "recipe": f"basket {y}"})
        for mean, most in ((y, 100), ("labour", wanted["labour"])):
            rows["capacities"].append({"body": "country", "mean": mean, "period": y,
                                       "quantity": round(most * STEPS)})  # fmt: skip
        for g in goods:
            line(f"basket {y}", "input", g, wanted[g])
    return rows


def baskets(plan: Plan) -> list[float]:
    return [steps / STEPS for steps in plan.met().tolist()]


def test_the_five_year_plan_of_cockshott_is_found_again():
    path = folder("cockshott-5yearplan")
    parts = [table(path / f"{name}.csv") for name in ("flows", "cap", "dep", "labtarg")]
    plan = plan_for(problem(five_years(*parts)))
    proof = plan.certificate()
    assert proof.possible
    assert float(proof.objective) == pytest.approx(7.33645, abs=2e-5)
    assert float(proof.gap) < 1e-5
    printed = [0.159221, 1.75043, 1.75259, 1.71516, 1.95906]
    assert baskets(plan) == pytest.approx(printed, rel=1e-4)


def test_a_two_year_plan_gives_up_bread_now_to_have_more_next_year():
    """One good that is also its own capital: 1 installed makes 2 a year, half of it wears out.
    Of the 2 made in year one, x is installed: baskets 2 − x, then 2 (0.5 + x) = 1 + 2 x. All of
    it goes in: 0 and 5."""
    flows = {"corn": {"corn": 0.0}, "labour": {"corn": 1.0}, "output": {"corn": 2.0}}
    years = {y: {"corn": 1.0, "labour": 10.0} for y in ("year1", "year2")}
    rows = five_years(flows, {"corn": {"corn": 1.0}}, {"corn": {"corn": 0.5}}, years)
    plan = plan_for(problem(rows))
    assert baskets(plan) == pytest.approx([0, 5], abs=1e-4)


def farm(crops, labour, land, hectares: int) -> Rows:
    """A farm that sells crops and hires labour in and out, month by month; one number per month of
    each. Cash is counted in thousandths of a cent."""
    cent = 10**5
    months = list(land)
    hire = [f"hire in {m}" for m in months] + [f"hire out {m}" for m in months]
    lines = []
    for crop, said in crops.items():
        earned = said["yield_t_ha"] * said["price_usd_t"] - said["cash_cost_usd_ha"]
        lines.append((crop, "output", "cash", earned * cent))
        lines += [(crop, "input", f"days {m}", labour[m][crop] * 1000) for m in months]
        lines += [(crop, "use", f"land {m}", land[m][crop] * 1000) for m in months]
    for m in months:
        lines += [(f"hire in {m}", "output", f"days {m}", 1000)]
        lines += [(f"hire in {m}", "input", "cash", 4 * cent)]
        lines += [(f"hire out {m}", "input", f"days {m}", 1000)]
        lines += [(f"hire out {m}", "output", "cash", 3 * cent)]
    return {
        "goods": [{"good": "cash", "unit": "USD", "steps": cent}]
        + [{"good": f"days {m}", "unit": "day", "steps": 1000} for m in months],
        "means": [{"mean": f"land {m}", "unit": "ha", "kind": "land", "steps": 1000}
                  for m in months],
        "bodies": [{"body": "farm"}],
        "recipes": [{"recipe": r} for r in (*crops, *hire)],
        "lines": [{"recipe": r, "kind": k, "item": i, "quantity": round(q)}
                  for r, k, i, q in lines if round(q)],
        "abilities": [{"body": "farm", "recipe": r} for r in crops]
        + [{"body": "farm", "recipe": r, "at_most": 1000} for r in hire],
        "capacities": [{"body": "farm", "mean": f"land {m}", "quantity": hectares * 1000}
                       for m in months],
        "stocks": [{"body": "farm", "good": f"days {m}", "opening": 25_000} for m in months],
        "needs": [{"body": "farm", "good": "cash", "quantity": 10_000 * cent, "curve": "even"}],
        "curves": [{"curve": "even", "width": 1000, "worth": 10_000}],
        "tiers": [{"tier": 1, "weight": 1}],
    }  # fmt: skip


def test_the_farm_demo1_earns_what_was_published():
    path = folder("demo1")
    parts = [table(path / f"demo1_{name}.csv")
             for name in ("crops", "labour_days_per_ha", "land_months_per_ha")]  # fmt: skip
    proof = plan_for(problem(farm(*parts, hectares=4))).certificate()
    assert proof.possible
    assert float(proof.objective) == pytest.approx(1898.52, abs=0.005)
    assert float(proof.gap) < 1e-6


def test_a_farm_with_one_crop_hires_for_its_harvest():
    """One hectare of maize earns 200 and takes 30 days, 5 more than the family has, at 4 each."""
    crops = {"maize": {"yield_t_ha": 1.0, "price_usd_t": 200.0, "cash_cost_usd_ha": 0.0}}
    month = {"may": {"maize": 30.0}}
    plan = plan_for(problem(farm(crops, month, {"may": {"maize": 1.0}}, hectares=1)))
    assert float(plan.certificate().objective) == pytest.approx(200 - 5 * 4, abs=1e-3)


def test_germany_1995_gives_the_printed_multipliers():
    germany = read_table(folder("iotables") / "Beutel_15_4.csv")
    found = requirements(germany)
    assert found.direct[0, 0] == pytest.approx(0.0258, abs=5e-5)
    assert found.direct[1, 1] == pytest.approx(0.2822, abs=5e-5)
    assert np.diag(found.total)[:3] == pytest.approx([1.0339, 1.4292, 1.0289], abs=5e-5)
    printed = {
        "output": [1.7048, 1.8413, 1.8136, 1.6035, 1.5951, 1.3782],
        "employment_total": [0.0326, 0.0162, 0.0207, 0.0237, 0.0112, 0.0242],
        "gva_bp": [0.8450, 0.7647, 0.8615, 0.9019, 0.9393, 0.9199],
    }
    for name, values in printed.items():
        assert found.multipliers[name] == pytest.approx(values, abs=5e-5)


def test_the_prices_of_the_plan_of_least_labour_are_the_labour_values_of_germany():
    germany = read_table(folder("iotables") / "Beutel_15_4.csv")
    direct = requirements(germany).direct
    labour = germany.primary["employment_total"] / germany.output
    net = germany.output - germany.flows.sum(axis=1)
    values, _ = labour_values(direct, labour)
    made, prices = least_labour(direct, labour, net)
    assert prices == pytest.approx(values, rel=1e-9)
    assert made == pytest.approx(germany.output, rel=1e-9)
    assert values @ net == pytest.approx(36_428, rel=1e-9)


def test_the_prices_of_the_plan_of_least_labour_are_labour_values_in_a_small_economy():
    """Wheat takes 0.2 wheat and 1 hour; bread takes 0.5 wheat and 2 hours: wheat costs 1.25 hours,
    bread 2.625."""
    economy = table_of("sector,wheat,bread,final\nwheat,2,5,3\nbread,0,0,10\nhours,10,20\n")
    found = requirements(economy)
    labour = economy.primary["hours"] / economy.output
    assert found.multipliers["hours"] == pytest.approx([1.25, 2.625])
    assert labour_values(found.direct, labour)[0] == pytest.approx([1.25, 2.625])
    assert least_labour(found.direct, labour, economy.final)[1] == pytest.approx([1.25, 2.625])


def test_the_cheapest_diet_meets_every_need_with_the_foods_that_give_most_for_their_price():
    """Norms as needs, money as a mean that costs (Stigler's problem, 1945). Beans give 20 of the
    first and 5 of the second for a coin, greens 2 and 30; 100 and 90 are needed. Both are met by
    20 b + 2 g = 100, 5 b + 30 g = 90: b = 282/59, g = 130/59, 412/59 coins. Meat gives 6 and 6."""
    foods = {"beans": (20, 5), "greens": (2, 30), "meat": (6, 6)}
    nutrients = ("first", "second")
    plan = plan_for(problem({
        "goods": [{"good": n, "unit": "g", "steps": MILLION} for n in nutrients],
        "means": [{"mean": "money", "unit": "coin", "kind": "tool", "steps": MILLION,
                   "cost": 10_000}],
        "bodies": [{"body": "person"}],
        "recipes": [{"recipe": food} for food in foods],
        "lines": [{"recipe": food, "kind": "use", "item": "money", "quantity": MILLION}
                  for food in foods]
        + [{"recipe": food, "kind": "output", "item": n, "quantity": each * MILLION}
           for food, gives in foods.items() for n, each in zip(nutrients, gives, strict=True)],
        "capacities": [{"body": "person", "mean": "money", "quantity": 20 * MILLION}],
        "needs": [{"body": "person", "good": n, "quantity": q * MILLION, "curve": "all"}
                  for n, q in zip(nutrients, (100, 90), strict=True)],
        "curves": [{"curve": "all", "width": 1000, "worth": 1}],
        "tiers": [{"tier": 1, "weight": 1}],
    }))  # fmt: skip
    block = plan.model.columns["activity"]
    bought = plan.answer.x[block.span] / MILLION
    assert bought == pytest.approx([282 / 59, 130 / 59, 0], abs=1e-5)
    assert plan.met() == pytest.approx(plan.needed.norm, rel=1e-6)
