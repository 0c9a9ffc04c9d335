import json
import subprocess
import sys
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comuna.count.errors import RuleError
from comuna.count.lots import draw_order, ticket
from comuna.count.rule import METHODS, Guarantee, Rule
from comuna.count.threshold import Threshold


def test_a_rule_is_hashed_over_its_canonical_bytes_whatever_the_order_of_options() -> None:
    one = Rule.from_options("equal-shares", {"budget": "804828.79", "completion": "add1"})
    other = Rule.from_options("equal-shares", {"completion": "add1", "budget": "804828.790"})
    assert one.hash() == other.hash()
    said = json.loads(one.canonical_bytes())
    assert said == {
        "arithmetic": "exact integers and fractions",
        "budget": "80482879/100",
        "completion": "add1",
        "method": "equal-shares",
        "satisfaction": "cost",
        "step": "1",
        "ties": ["lot"],
        "version": 1,
    }
    assert b" " not in one.canonical_bytes().replace(b"exact integers and fractions", b"")


def test_changing_anything_in_a_rule_changes_its_hash() -> None:
    base = {"budget": "100", "completion": "none", "satisfaction": "cost"}
    changes = [
        {"budget": "101"},
        {"completion": "add1"},
        {"satisfaction": "cardinality"},
        {"ties": "id"},
        {"exclusive": "a,b"},
        {"completion": "add1", "step": "2"},
        {"minimum_votes": "3"},
        {"category_limits": "roads:5"},
    ]
    hashes = {
        Rule.from_options("equal-shares", {**base, **change}).hash() for change in [{}, *changes]
    }
    assert len(hashes) == 9


@pytest.mark.parametrize(
    ("method", "options", "says"),
    [
        ("irv", {"seats": "2"}, "takes no seats"),
        ("lottery", {}, "is not one of"),
        ("irv", {"tie": "lot"}, "unknown option 'tie'"),
        ("irv", {"ties": "cost,lot"}, "cannot come before"),
        ("irv", {"ties": ""}, "must end in"),
        ("majority", {"ties": "lot,lot"}, "a motion's tie rule"),
        ("majority", {"ties": "lot", "majority": "most"}, "write >1/2"),
        ("majority", {"ties": "lot", "majority": ">=3/2"}, "no share may exceed"),
        ("majority", {"ties": "lot", "majority": ">1/0"}, "divides by zero"),
        ("majority", {"ties": "lot", "majority_base": "people"}, "majority_base is"),
        ("stv-scottish", {"seats": "0"}, "1 or more"),
        ("stv-scottish", {"seats": "two"}, "not a whole number"),
        ("stv-scottish", {"seats": "2", "guarantees": "women"}, "group:at_least"),
        ("stv-scottish", {"guarantees": "women:1"}, "how many seats"),
        ("equal-shares", {"budget": "1e6"}, "not a number"),
        ("equal-shares", {"budget": "1", "completion": "add2"}, "completion is"),
        ("equal-shares", {"budget": "1", "step": "0"}, "more than nothing"),
        ("limited", {"seats": "2", "votes_each": "2"}, "less than the seats"),
        ("greedy", {"budget": "1", "exclusive": "a"}, "rival projects"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_and_says_what_would_be_right(
    method: str, options: dict[str, str], says: str
) -> None:
    with pytest.raises(RuleError, match=says):
        Rule.from_options(method, options)


def test_a_tie_rule_by_default_is_a_public_lot() -> None:
    for method in METHODS:
        if method != "majority":
            assert Rule(method=method).ties == ("lot",)


def test_a_guarantee_reads_as_it_is_written() -> None:
    assert Guarantee.parse("women:2:3") == Guarantee("women", 2, 3)
    assert str(Guarantee.parse("youth:1")) == "youth:1"


@pytest.mark.parametrize(
    ("text", "base", "needed"),
    [
        (">1/2", 10, 6),
        (">1/2", 11, 6),
        (">1/2", 47, 24),
        ("half-plus-one", 47, 25),
        ("half-plus-one", 46, 24),
        (">=2/3", 9, 6),
        (">=2/3", 10, 7),
        (">=30%", 10, 3),
        (">=15%", 101, 16),
        (">=0.5%", 1000, 5),
        ("10", 500, 10),
        ("min(>=10%, 100)", 500, 50),
        ("min(>=10%, 100)", 5000, 100),
        (">1/2", 0, 1),
    ],
)
def test_a_threshold_says_how_many_it_takes(text: str, base: int, needed: int) -> None:
    assert Threshold.parse(text).needed(base) == needed


@given(st.fractions(0, 1, max_denominator=50), st.integers(0, 10_000))
def test_what_is_needed_is_the_least_whole_number_that_keeps_the_threshold(
    share: Fraction, base: int
) -> None:
    at_least = Threshold("", share=share).needed(base)
    assert at_least >= share * base > at_least - 1
    more = Threshold("", share=share, more_than=True).needed(base)
    assert more > share * base >= more - 1


def test_a_lot_is_sha_256_of_the_seed_and_the_id() -> None:
    import hashlib

    assert ticket("4 2 6 | 12:ab", "7") == hashlib.sha256(b"4 2 6 | 12:ab\n7").hexdigest()
    order = draw_order("4 2 6", ["b", "a", "c"])
    assert order == draw_order("4 2 6", ["c", "b", "a"])
    assert sorted(order) == ["a", "b", "c"]


@pytest.mark.parametrize("seed", ["", "  ", "a\nb"])
def test_a_seed_is_one_line_of_text(seed: str) -> None:
    with pytest.raises(RuleError, match="one line"):
        draw_order(seed, ["a"])


def test_the_small_methods_of_an_assembly_need_no_arrays() -> None:
    script = (
        "import sys, comuna.count.assembly, comuna.count.consent, comuna.count.seats,"
        "comuna.count.paper, comuna.count.risk_limit, comuna.count.cli\n"
        "sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.parametrize(
    ("method", "options", "usual"),
    [
        ("equal-shares", {"seats": "2"},
         {"satisfaction": "cardinality", "completion": "add1u", "step": "1%"}),
        ("equal-shares", {"budget": "2"}, {"satisfaction": "cost", "completion": "none"}),
        ("greedy", {"budget": "2"}, {"satisfaction": "cost", "overflow": "skip"}),
        ("irv", {}, {"overvotes": "exhaust", "skipped_ranks": "any", "repeats": "skip"}),
        ("limited", {"seats": "3"}, {"votes_each": 1}),
        ("consulta", {}, {"seats": 2}),
        ("borda", {}, {"seats": 1}),
        ("majority", {"ties": "lot"},
         {"majority": ">1/2", "majority_base": "yes-no", "abstentions": "out", "blanks": "out"}),
    ],
)  # fmt: skip
def test_what_a_rule_does_not_say_stands_in_it_and_in_its_hash(
    method: str, options: dict[str, str], usual: dict[str, object]
) -> None:
    unsaid = Rule.from_options(method, options)
    said = Rule.from_options(method, options | {key: str(value) for key, value in usual.items()})
    assert unsaid.canonical().items() >= usual.items()
    assert unsaid.hash() == said.hash()


@pytest.mark.parametrize("step", ["é", "0", "0%", "1/0", "%", "-1", "1%%", ""])
def test_a_step_that_is_no_number_above_nothing_is_refused(step: str) -> None:
    with pytest.raises(RuleError, match="step"):
        Rule.from_options("equal-shares", {"seats": "2", "completion": "add1", "step": step})


@pytest.mark.parametrize("words", ["min(min(1,2),3)", "min(" * 3000 + "1" + ")" * 3000, "min()"])
def test_the_smaller_of_two_holds_no_smaller_of_two(words: str) -> None:
    with pytest.raises(RuleError, match="threshold"):
        Threshold.parse(words)


@pytest.mark.parametrize(("seed", "ids"), [("\ud800", ["a", "b"]), ("4 2", ["a", "\udcff"])])
def test_a_lot_of_what_is_no_text_is_refused(seed: str, ids: list[str]) -> None:
    with pytest.raises(RuleError, match="half a character"):
        draw_order(seed, ids)
