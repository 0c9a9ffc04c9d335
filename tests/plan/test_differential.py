"""The same plans by other ways: another solver, other methods, brute force, other orders."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from bench.plan_nation import nation
from comuna.plan.build import build
from comuna.plan.mps import write_mps
from comuna.plan.planning import plan_for
from comuna.plan.priorities import Floors, met_needs, with_floors
from comuna.plan.problem import Problem
from comuna.plan.problem_files import problem_of, rows_of
from comuna.plan.solver import solve
from tests.plan.examples import chairs, problem, valley

glpk = pytest.importorskip("swiglpk", reason="the other solver of the tests is not installed")


def other_optimum(path) -> float:
    """What GLPK makes of an MPS file."""
    glpk.glp_term_out(glpk.GLP_OFF)
    lp = glpk.glp_create_prob()
    assert glpk.glp_read_mps(lp, glpk.GLP_MPS_FILE, None, str(path)) == 0
    glpk.glp_scale_prob(lp, glpk.GLP_SF_AUTO)
    options = glpk.glp_smcp()
    glpk.glp_init_smcp(options)
    options.presolve = glpk.GLP_ON
    assert glpk.glp_simplex(lp, options) == 0
    found = -glpk.glp_get_obj_val(lp)
    glpk.glp_delete_prob(lp)
    return found


def small_nation(seed: int) -> Problem:
    chance = np.random.default_rng(seed)
    communes, goods, periods = (int(chance.integers(*span)) for span in ((2, 8), (3, 9), (1, 4)))
    return nation(communes, goods, periods, seed, hub_of=int(chance.integers(2, 5)))


def test_optimal_values_equal_another_solvers_on_the_exported_file(tmp_path):
    for seed in range(200):
        model = build(small_nation(seed))
        write_mps(model, tmp_path / "model.mps")
        expected = other_optimum(tmp_path / "model.mps")
        assert solve(model).objective == pytest.approx(expected, rel=1e-6, abs=1), seed


@pytest.mark.parametrize("method", ["two-step", "offers"])
def test_other_methods_equal_the_direct_one_within_their_certified_gaps(method):
    for seed in range(12):
        one = nation(9, 6, 2, seed, hub_of=3)
        best = plan_for(one, method="direct").certificate()
        found = plan_for(one, method=method, gap=1e-4).certificate()
        assert found.possible
        assert found.objective <= best.bound
        assert found.bound >= best.objective
        assert best.objective - found.objective <= found.bound - found.objective
        assert found.gap < Fraction(2, 1000), seed


def leximin_by_force(one: Problem) -> list[float]:
    """Levels by asking, of each need in turn, whether it alone could rise above the common
    level."""
    model = build(one)
    needed = met_needs(one, model)
    level = np.zeros(needed.size, dtype=np.int64)  # in millionths

    def steps(level: np.ndarray) -> np.ndarray:
        return np.where(level > 0, level * needed.norm // 10**6, level)

    for tier in sorted(set(needed.tier.tolist())):
        rising = needed.tier == tier
        while rising.any():
            floors = Floors(np.where(rising, -1, steps(level)))
            common = int(solve(with_floors(model, needed, floors)).objective * (1 - 1e-5))
            held = np.where(rising, max(1, common), level)
            stuck = []
            for at in np.flatnonzero(rising).tolist():
                alone = with_floors(model, needed, Floors(np.where(np.arange(needed.size) == at, 0,
                                                                   steps(held))))  # fmt: skip
                worth = np.zeros(len(model.most), dtype=np.int64)
                worth[
                    model.columns["consumption"].first + np.flatnonzero(needed.of_column == at)
                ] = 1
                most = solve(replace(alone, worth=worth)).objective
                if most * 10**6 / needed.norm[at] < common + 200 or common >= 999_000:
                    stuck.append(at)
            level[stuck] = common
            rising[stuck] = False
            assert stuck
    return (level / 1e6).tolist()


def test_leximin_equals_brute_force_on_small_problems():
    small = [nation(3, 4, 1, seed, hub_of=3) for seed in range(4)]
    small += [nation(4, 4, 2, seed, hub_of=2) for seed in range(2)]
    for one in (problem(valley()), *small):
        plan = plan_for(one, "leximin")
        floors = plan.answer.floors.steps / plan.needed.norm
        assert floors == pytest.approx(leximin_by_force(one), abs=2e-3)


def test_the_worst_off_who_can_rise_no_further_do_not_hold_the_others_down():
    """In January there is bread for 14 % only, in February and March for more: one lift does not
    do."""
    plan = plan_for(problem(valley()), "leximin")
    basic = plan.needed.tier == 1
    levels = np.round(plan.answer.floors.steps[basic] / plan.needed.norm[basic], 3)
    assert sorted(set(levels.tolist())) == pytest.approx([0.142, 0.373], abs=1e-3)


def shuffled(one: Problem, seed: int) -> Problem:
    """The same problem with its bodies, goods, recipes, lines and needs in another order."""
    chance = np.random.default_rng(seed)
    rows = {table: list(enumerate(lines, 1)) for table, lines in rows_of(one).items()}
    for table in ("bodies", "goods", "means", "recipes", "lines", "abilities", "stocks", "needs"):
        rows[table] = [rows[table][at] for at in chance.permutation(len(rows[table]))]
    return problem_of(rows)


def test_the_order_of_bodies_goods_and_recipes_changes_nothing():
    for seed in range(10):
        one = small_nation(seed)
        first = plan_for(one).certificate()
        second = plan_for(shuffled(one, seed)).certificate()
        assert solve(build(one)).objective == pytest.approx(
            solve(build(shuffled(one, seed))).objective, rel=1e-9
        )
        assert float(first.objective) == pytest.approx(float(second.objective), rel=1e-4)


def test_periods_that_do_not_touch_can_change_places():
    rows = chairs()
    rows["periods"] = [{"period": "may"}, {"period": "june"}]
    rows["stocks"] = [
        {"body": "workshop", "good": "wood", "period": p, "opening": n}
        for p, n in (("may", 4000), ("june", 9000))
    ]
    turned = {**rows, "periods": rows["periods"][::-1]}
    first, second = plan_for(problem(rows)), plan_for(problem(turned))
    assert first.met().tolist() == second.met().tolist()[::-1] == [2000, 4500]
