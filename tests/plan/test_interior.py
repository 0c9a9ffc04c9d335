"""The interior-point method made for a federation, its equations, and what solvers tell."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.plan_nation import nation, one_body
from comuna.plan.build import build
from comuna.plan.certificate import Prices, check
from comuna.plan.errors import PlanError
from comuna.plan.executable import executable
from comuna.plan.federation import part_of_bodies, split, two_step
from comuna.plan.in_turn import InTurn
from comuna.plan.interior import Interior
from comuna.plan.pieces import Entries, Pieces
from comuna.plan.planning import Watch, plan_for
from comuna.plan.priorities import FREE, RISES, Floors, find_floors, met_needs, with_floors
from comuna.plan.progress import Progress
from comuna.plan.solver import read_log, solve
from tests.plan.examples import problem, valley


@given(st.integers(0, 10**6), st.integers(1, 9), st.integers(1, 4), st.integers(0, 12))
@settings(max_examples=40, deadline=None)
def test_factored_piece_by_piece_the_equations_are_solved(seed, bodies, each, common):
    """A made-up matrix: some rows of each body, some shared ones; columns touch one body's rows
    and any of the shared ones."""
    chance = np.random.default_rng(seed)
    owner = np.repeat(np.arange(bodies), each)
    rows = len(owner) + common
    columns = []
    for _ in range(3 * rows):
        mine = np.flatnonzero(owner == chance.integers(bodies))
        own = chance.choice(mine, min(len(mine), int(chance.integers(0, 3))), replace=False)
        shared = len(owner) + chance.choice(common, min(common, int(chance.integers(0, 3))), False)
        columns.append(np.sort(np.concatenate([own, shared])))
    sizes = [len(column) for column in columns]
    entries = Entries(
        np.concatenate(columns), np.repeat(np.arange(len(columns)), sizes),
        chance.normal(size=sum(sizes)), rows, len(columns),
    )  # fmt: skip
    is_shared = np.arange(rows) >= len(owner)
    groups = chance.integers(0, 3, common)
    pieces = Pieces(entries, is_shared, np.unique(groups, return_inverse=True)[1])
    weight, added = np.exp(chance.normal(size=len(columns))), np.exp(chance.normal(size=rows))
    dense = np.zeros((rows, len(columns)))
    dense[entries.row, entries.column] = entries.value
    right = chance.normal(size=rows)
    found = pieces.factor(weight, added).times(right)
    expected = np.linalg.solve((dense * weight) @ dense.T + np.diag(added), right)
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("size", [(30, 8, 1, 10), (60, 12, 1, 50), (40, 8, 3, 8)])
def test_the_interior_plan_is_possible_and_as_good_as_simplex_within_its_proved_gap(size):
    communes, goods, periods, hub_of = size
    model = build(nation(communes, goods, periods, 3, hub_of))
    best = solve(model, "simplex").objective / 1e9
    draft = solve(model, "interior", gap=1e-5)
    proof = check(model, executable(model, draft.x), Prices.of(draft.y))
    assert proof.possible
    assert proof.gap < Fraction(1, 10**4)
    assert float(proof.objective) <= best * (1 + 1e-9) <= float(proof.bound) * (1 + 2e-9)


def test_a_hub_above_hubs_is_met_too():
    one = nation(24, 6, 1, 5, hub_of=4)
    bodies = one.bodies
    top = len(bodies.body)
    hub = np.append(np.where(bodies.hub < 0, top, bodies.hub), -1)
    taller = replace(
        one,
        bodies=replace(
            bodies, body=(*bodies.body, "nation"), people=np.append(bodies.people, 1), hub=hub,
            loss=np.append(bodies.loss, 0), distance=np.append(bodies.distance, 1),
        ),
    )  # fmt: skip
    model = build(taller)
    draft = solve(model, "interior", gap=1e-6)
    assert draft.objective == pytest.approx(solve(model, "simplex").objective, rel=1e-5)


def test_a_column_that_ties_everything_together_is_refused_by_the_interior_method():
    one = nation(60, 8, 1, 1, hub_of=10)
    model = build(one)
    needed = met_needs(one, model)
    tied = with_floors(model, needed, Floors(np.full(needed.size, RISES)))
    assert Interior.of(tied) is None
    with pytest.raises(PlanError, match="does not fall into pieces"):
        solve(tied, "interior")


def test_two_steps_prove_what_the_direct_way_finds_within_their_gap():
    for seed in range(3):
        one = nation(30, 8, 2, seed, hub_of=6)
        model = build(one)
        best = solve(model, "simplex").objective / 1e9
        draft = two_step(model, split(model, part_of_bodies(one)), 1e-5)
        proof = check(model, executable(model, draft.x), Prices.of(draft.y))
        assert proof.possible
        assert float(proof.objective) <= best * (1 + 1e-9) <= float(proof.bound) * (1 + 2e-9)
        assert proof.gap < Fraction(2, 1000), seed


def test_floors_found_in_turn_are_those_found_from_nothing():
    one = nation(6, 6, 2, 2, hub_of=3)
    model = build(one)
    needed = met_needs(one, model)
    for mode in ("floor", "leximin"):
        in_turn, _ = find_floors(needed, model, mode, InTurn())
        afresh, _ = find_floors(needed, model, mode, solve)
        assert ((in_turn.steps == FREE) == (afresh.steps == FREE)).all()
        assert in_turn.steps / needed.norm == pytest.approx(afresh.steps / needed.norm, abs=2e-3)


def test_each_mode_of_a_body_is_proved_within_a_thousandth():
    one = one_body(20, 60, 4)
    for mode in ("harmony", "floor", "leximin"):
        proof = plan_for(one, mode).certificate()
        assert proof.possible
        assert proof.gap < Fraction(1, 1000), mode


def test_a_solvers_log_is_read_for_its_plan_and_its_bound():
    both = "  17   -3.5e+08   -5.5e+08   1.1e-06   1.3e-07  4.1e-01       0.6"
    assert read_log(both, "ipx", 2.0) == Progress("ipx", 17, 7.0e8, 1.1e9, 1.1e-06)
    dual = "      11040    -4.25e+08 Pr: 0(0); Du: 0(1.8e-14) 6.1s"
    assert read_log(dual, "simplex", 2.0) == Progress("simplex", 11040, None, 8.5e8)
    assert read_log(" 208    -6.5e+07 Pr: 3(7.1) 0.2s", "simplex", 1.0).best == 6.5e7
    assert read_log(" 208    -6.5e+07 Pr: 3(7.1); Du: 2(0.1) 0.2s", "simplex", 1.0) is None
    for line in ("Presolving model", "Objective value     :  4.2e+08", "", "IPX version 1.0"):
        assert read_log(line, "ipx", 1.0) is None


@pytest.mark.parametrize("solver", ["ipx", "hipdlp", "interior", "simplex"])
def test_every_solver_tells_how_far_it_is_and_its_last_bound_is_near_the_best(solver):
    model = build(nation(120, 10, 1, 1))
    told: list[Progress] = []
    best = solve(model, solver, 1e-4, told.append).objective
    bounds = [each.best for each in told if each.best is not None]
    assert bounds[-1] == pytest.approx(best, rel=2e-2)
    assert all(each.solver == solver for each in told)


def test_people_are_told_the_bound_and_the_gap_ever_more_rarely():
    lines: list[str] = []
    watch = Watch(lines.append)
    for step in range(2000):
        watch.solver(Progress("interior", step, 9e9, 10e9, 1e-3))
    assert 10 < len(lines) < 40
    assert "worth 9 at most 10 gap 0.1" in lines[0]


def test_a_second_solver_is_heard_from_its_first_steps():
    lines: list[str] = []
    watch = Watch(lines.append)
    for solver in ("first", "second"):
        for step in range(60):
            watch.solver(Progress(solver, step, None, 10e9))
    assert sum("second" in line for line in lines) == sum("first" in line for line in lines)


def test_a_plan_by_the_interior_method_altered_by_one_number_fails_its_check():
    model = build(problem(valley()))
    draft = solve(model, "interior", gap=1e-6)
    x, prices = executable(model, draft.x), Prices.of(draft.y)
    assert check(model, x, prices).possible
    for at in np.flatnonzero(x)[::3]:
        more = x.copy()
        more[at] = model.most[at] + 1
        assert not check(model, more, prices).possible
