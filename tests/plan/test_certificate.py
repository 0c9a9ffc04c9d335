"""The proof that a plan carries: exact products, a bound that holds, and no number altered."""

import contextlib
import copy
import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comuna.plan.build import build
from comuna.plan.certificate import Prices, bound, check
from comuna.plan.exact import dot
from comuna.plan.model import sparse
from comuna.plan.planning import plan_for
from comuna.plan.published import check_published, fingerprint, to_json
from tests.plan.examples import chairs, problem, valley

whole = st.integers(-(2**61), 2**61)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(-(2**30), 2**30)),
                min_size=1, max_size=20), st.lists(whole, min_size=5, max_size=5))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_products_are_exact_however_large(entries, x):
    rows, columns, values = (np.array(part, dtype=np.int64) for part in zip(*entries, strict=True))
    matrix = sparse([(rows, columns, values)], 4, 5)
    expected = [0] * 4
    for row, column, value in entries:
        expected[row] += value * x[column]
    assert matrix.times(np.array(x)).whole().tolist() == expected


@given(st.lists(st.tuples(whole, whole), max_size=8))
@settings(max_examples=60, deadline=None)
def test_a_sum_of_products_is_exact_however_large(pairs):
    a, b = (np.array([pair[k] for pair in pairs], dtype=np.int64) for k in (0, 1))
    assert dot(a, b) == sum(one * other for one, other in pairs)


@given(st.integers(0, 2**40), st.lists(st.integers(0, 2**20), min_size=40, max_size=40))
@settings(max_examples=40, deadline=None)
def test_whatever_the_prices_no_plan_is_worth_more_than_the_bound_they_prove(seed, some):
    model = build(problem(chairs()))
    best = plan_for(problem(chairs())).certificate().objective
    prices = np.resize(np.array([*some, seed], dtype=np.int64), model.matrix.rows)
    assert bound(model, Prices(prices, 1000)) / 10**9 >= best


def test_the_best_number_of_chairs_is_six_and_its_prices_prove_it():
    """120 minutes at 20 a chair: six chairs of the ten, all of the first half and a third more."""
    plan = plan_for(problem(chairs()))
    proof = plan.certificate()
    assert proof.possible
    assert plan.met().tolist() == [6000]
    assert proof.objective == 10 * (Fraction(54 * 5, 10) + Fraction(18, 10))
    assert proof.gap < Fraction(1, 10**6)


def test_a_plan_that_overdraws_a_row_is_not_possible():
    plan = plan_for(problem(chairs()))
    x = plan.answer.x.copy()
    x[plan.model.columns["activity"].first] += 10
    found = check(plan.model, x, plan.answer.prices)
    assert [plan.model.row_at(row)[0] for row in found.broken] == ["capacity"]


@pytest.mark.parametrize("mode", ["harmony", "floor", "leximin"])
def test_a_published_plan_passes_its_check(mode):
    one = problem(valley())
    said = json.loads(json.dumps(to_json(plan_for(one, mode))))
    assert check_published(one, said).wrongs == ()


def numbers(said, path=()):
    """Where every number of a published plan stands."""
    if isinstance(said, dict | list):
        for key, value in said.items() if isinstance(said, dict) else enumerate(said):
            yield from numbers(value, (*path, key))
    elif isinstance(said, int | float):
        yield path


@pytest.mark.parametrize("mode", ["harmony", "leximin"])
def test_a_plan_with_one_number_altered_fails_its_check(mode):
    one = problem(valley())
    said = json.loads(json.dumps(to_json(plan_for(one, mode))))
    places = list(numbers(said))
    assert len(places) > 50
    for path in places[:: max(1, len(places) // 60)]:
        altered = copy.deepcopy(said)
        into = altered
        for key in path[:-1]:
            into = into[key]
        into[path[-1]] += 1
        with contextlib.suppress(ValueError):  # it could not even be read against the problem
            assert check_published(one, altered).wrongs, path


@pytest.mark.parametrize("mode", ["harmony", "floor"])
def test_what_a_plan_says_of_itself_is_calculated_again_whoever_signed_it(mode):
    """A stated number that is not what follows is found although the fingerprint was made anew."""
    one = problem(valley())
    said = json.loads(json.dumps(to_json(plan_for(one, mode))))
    stated = [path for path in numbers(said)
              if path[0] in ("objective", "bound", "gap", "satisfaction", "unmet")
              and path[-1] != "met"]  # fmt: skip
    assert len(stated) > 20
    for path in stated:
        altered = copy.deepcopy(said)
        into = altered
        for key in path[:-1]:
            into = into[key]
        into[path[-1]] += 1
        altered["fingerprint"] = fingerprint(altered)
        with contextlib.suppress(ValueError):
            assert check_published(one, altered).wrongs, path


def test_more_than_there_is_can_never_be_made_to_look_possible():
    """Every activity and every flow raised by as much again, fingerprint and figures made anew: the
    check still says which row is overdrawn."""
    one = problem(valley())
    said = json.loads(json.dumps(to_json(plan_for(one))))
    for line in said["activities"]:
        line["level"] *= 2
    said["fingerprint"] = fingerprint(said)
    told = " ".join(each.wrong for each in check_published(one, said).wrongs)
    assert "takes more than there is of capacity" in told


def test_a_plan_for_another_problem_is_refused():
    said = to_json(plan_for(problem(chairs())))
    with pytest.raises(ValueError, match="another problem"):
        check_published(problem(valley()), said)
