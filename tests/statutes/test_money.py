from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comuna.rules.money import allocate, member_order, to_integer

WEIGHTS = st.dictionaries(
    st.integers(1, 400).map(str), st.integers(0, 10**6), min_size=1, max_size=12
).filter(lambda weights: any(weights.values()))


@given(st.integers(-(10**12), 10**12), WEIGHTS)
def test_the_parts_sum_to_the_amount_exactly(amount, weights):
    assert sum(allocate(amount, weights).values()) == amount


@given(st.integers(0, 10**12), WEIGHTS)
def test_each_part_is_within_one_unit_of_the_exact_share(amount, weights):
    total = sum(weights.values())
    for member, part in allocate(amount, weights).items():
        assert abs(part - Fraction(amount * weights[member], total)) < 1


@given(st.integers(0, 10**9), WEIGHTS)
def test_whoever_did_more_never_receives_less(amount, weights):
    parts = allocate(amount, weights)
    ranked = sorted(weights, key=lambda member: weights[member])
    for less, more in pairwise(ranked):
        assert weights[less] == weights[more] or parts[less] <= parts[more]


@given(st.integers(0, 10**9), WEIGHTS, st.randoms(use_true_random=False))
def test_the_order_in_which_members_are_listed_changes_nothing(amount, weights, random):
    listed = list(weights.items())
    random.shuffle(listed)
    assert allocate(amount, dict(listed)) == allocate(amount, weights)


@given(st.integers(0, 10**9), WEIGHTS)
def test_a_larger_unit_of_weight_changes_nothing(amount, weights):
    halved = {member: Fraction(weight, 2) for member, weight in weights.items()}
    assert allocate(amount, halved) == allocate(amount, weights)


@given(st.integers(0, 10**9), WEIGHTS)
def test_it_agrees_with_whole_number_arithmetic_written_apart(amount, weights):
    """A second way to the same numbers: whole division, then the largest remainders."""
    total = sum(weights.values())
    expected = {m: amount * w // total for m, w in weights.items()}
    rests = sorted(weights, key=lambda m: (-(amount * weights[m] % total), int(m)))
    for member in rests[: amount - sum(expected.values())]:
        expected[member] += 1
    assert allocate(amount, weights) == expected


def test_equal_remainders_go_to_the_lower_number_first():
    assert allocate(2, {"10": 1, "2": 1, "9": 1}) == {"10": 0, "2": 1, "9": 1}


def test_members_are_ordered_by_number_and_not_by_letter():
    assert member_order(["10", "m10", "2", "m2", "Ana"]) == ["2", "10", "Ana", "m2", "m10"]


@given(st.lists(st.integers(0, 10**30).map(str), unique=True))
def test_numbers_of_any_length_are_ordered_by_their_size(numbers):
    assert member_order(numbers) == sorted(numbers, key=int)
    assert member_order(["9" * 5001, "9" * 5000, "8" * 5001]) == [
        "9" * 5000,
        "8" * 5001,
        "9" * 5001,
    ]


def test_a_loss_is_shared_like_the_gain_of_the_same_size():
    gain = allocate(100, {"1": 2, "2": 1})
    assert allocate(-100, {"1": 2, "2": 1}) == {member: -part for member, part in gain.items()}


def test_nothing_to_share_needs_no_weight():
    assert allocate(0, {"1": 0}) == {"1": 0}


def test_something_to_share_without_any_weight_is_refused():
    with pytest.raises(ValueError, match="all weights are zero"):
        allocate(5, {"1": 0})


def test_a_negative_weight_is_refused():
    with pytest.raises(ValueError, match="never negative"):
        allocate(5, {"1": 2, "2": -1})


@pytest.mark.parametrize(
    ("value", "rounding", "expected"),
    [
        ("10.1", "up", 11),
        ("10.9", "down", 10),
        ("10.5", "half_even", 10),
        ("11.5", "half_even", 12),
        ("-10.1", "up", -10),
    ],
)
def test_rounding_is_the_one_that_is_named(value, rounding, expected):
    assert to_integer(Fraction(value), rounding) == expected
