"""What never changes a result: the order of ballots and candidates, how equal ballots are grouped,
the file's order, and Python's hash seed."""

import os
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comuna.count.candidates import Candidate
from comuna.count.errors import CountError
from comuna.count.methods import count
from comuna.count.rankings import Ballot, Rankings
from comuna.count.rule import Rule
from comuna.count.supports import Supports, approvals_of_masks

from .helpers import projects

RANKED = ["plurality", "two-round", "borda", "irv", "ranked-pairs", "schulze", "block", "limited",
          "stv-scottish", "stv-gregory", "stv-meek", "irv-sequential", "bottoms-up",
          "approval-irv", "split-irv", "simultaneous-veto", "serial-veto"]  # fmt: skip
SEVERAL = {"block", "limited", "stv-scottish", "stv-gregory", "stv-meek", "irv-sequential",
           "bottoms-up", "simultaneous-veto", "serial-veto"}  # fmt: skip
ORDERS = st.lists(st.integers(0, 3), min_size=1, max_size=4, unique=True).map(tuple)


def result_of(rule: Rule, ballots: object, seed: str) -> object:
    try:
        found = count(rule, ballots, seed)  # type: ignore[arg-type]
    except CountError as refused:
        return type(refused).__name__
    return found.winners


@pytest.mark.parametrize("method", RANKED)
@settings(max_examples=40, deadline=None)
@given(
    votes=st.lists(ORDERS, min_size=1, max_size=12),
    shuffled=st.permutations(range(4)),
    data=st.data(),
)
def test_reordering_ballots_and_candidates_never_changes_who_is_elected(
    method: str, votes: list[tuple[int, ...]], shuffled: list[int], data: st.DataObject
) -> None:
    rule = Rule(method=method, seats=2 if method in SEVERAL else None)
    names = "wxyz"
    one = Rankings.from_ballots([Candidate(each) for each in names], [Ballot(1, v) for v in votes])
    moved = data.draw(st.permutations(votes))
    at = {old: new for new, old in enumerate(shuffled)}
    other = Rankings.from_ballots(
        [Candidate(names[old]) for old in shuffled],
        [Ballot(1, tuple(at[each] for each in vote)) for vote in moved],
    )
    assert result_of(rule, one, "dice 3") == result_of(rule, other, "dice 3")


@pytest.mark.parametrize("method", ["equal-shares", "greedy", "phragmen"])
@settings(max_examples=60, deadline=None)
@given(
    costs=st.lists(st.integers(1, 9), min_size=4, max_size=4),
    ballots=st.lists(st.sets(st.sampled_from("wxyz"), min_size=1), min_size=1, max_size=10),
    shuffled=st.permutations("wxyz"),
    data=st.data(),
)
def test_reordering_projects_and_ballots_never_changes_what_is_funded(
    method: str,
    costs: list[int],
    ballots: list[set[str]],
    shuffled: list[str],
    data: st.DataObject,
) -> None:
    rule = Rule(method=method, budget=Fraction(12))
    cost = dict(zip("wxyz", costs, strict=True))
    moved = data.draw(st.permutations(ballots))
    one = projects(cost, [(1, sorted(each)) for each in ballots])
    other = projects({p: cost[p] for p in shuffled}, [(1, sorted(each)) for each in moved])
    assert result_of(rule, one, "dice 5") == result_of(rule, other, "dice 5")


@settings(max_examples=60, deadline=None)
@given(votes=st.lists(ORDERS, min_size=1, max_size=12), copies=st.integers(1, 5))
def test_equal_ballots_count_the_same_grouped_or_one_by_one(
    votes: list[tuple[int, ...]], copies: int
) -> None:
    candidates = [Candidate(each) for each in "wxyz"]
    grouped = Rankings.from_ballots(candidates, [Ballot(copies, vote) for vote in votes])
    single = Rankings.from_ballots(candidates, [Ballot(1, vote) for vote in votes * copies])
    plain = Rankings(single.candidates, single.ranks, None)
    for method in RANKED:
        rule = Rule(method=method, seats=2 if method in SEVERAL else None)
        results = {str(result_of(rule, ballots, "d")) for ballots in (grouped, single, plain)}
        assert len(results) == 1, method


@settings(max_examples=60, deadline=None)
@given(st.lists(ORDERS, min_size=1, max_size=12), st.integers(0, 11))
def test_raising_a_winner_never_makes_it_lose_under_borda_schulze_and_ranked_pairs(
    votes: list[tuple[int, ...]], which: int
) -> None:
    candidates = [Candidate(each) for each in "0123"]
    full = [(*vote, *(each for each in range(4) if each not in vote)) for vote in votes]
    for method in ("plurality", "borda", "schulze", "ranked-pairs"):
        rule = Rule(method=method, ties=("id",))
        before = Rankings.from_ballots(candidates, [Ballot(1, vote) for vote in full])
        winner = int(count(rule, before).winners[0])
        raised = list(full)
        vote = raised[which % len(raised)]
        raised[which % len(raised)] = (winner, *(each for each in vote if each != winner))
        after = Rankings.from_ballots(candidates, [Ballot(1, vote) for vote in raised])
        assert count(rule, after).winners == (str(winner),), method


def test_instant_runoff_lacks_monotonicity_as_its_page_says() -> None:
    candidates = [Candidate(each) for each in "ABC"]

    def winner(*groups: tuple[int, tuple[int, ...]]) -> str:
        ballots = Rankings.from_ballots(candidates, [Ballot(*group) for group in groups])
        return count(Rule(method="irv"), ballots).winners[0]

    assert winner((39, (0, 1, 2)), (35, (1, 2, 0)), (26, (2, 0, 1))) == "A"
    # Ten who had B first raise the winner A to the top, and A loses.
    assert winner((49, (0, 1, 2)), (25, (1, 2, 0)), (26, (2, 0, 1))) == "C"


def test_the_hash_seed_of_python_never_changes_a_result() -> None:
    script = "from tests.count.test_symmetry import everything; print(everything())"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "12345")
    }
    assert len(outputs) == 1


def everything() -> str:
    candidates = [Candidate(each) for each in "wxyz"]
    votes = [(0, 1), (1, 0, 2), (2, 3), (3,), (0, 2), (1, 3, 0)]
    ranked = Rankings.from_ballots(candidates, [Ballot(1, vote) for vote in votes])
    said = [
        count(Rule(method=method, seats=2 if method in SEVERAL else None), ranked, "d").to_text()
        for method in RANKED
    ]
    costed = projects({"a": 5, "b": 5, "c": 4}, [(1, ["a", "b"]), (1, ["b", "c"]), (1, ["a"])])
    for method in ("equal-shares", "greedy", "phragmen"):
        said.append(count(Rule(method=method, budget=Fraction(9)), costed, "d").to_text())
    return "\n".join(said)


@given(st.integers(1, 40), st.lists(st.integers(0, 2**40 - 1), max_size=30))
def test_bit_masks_count_as_the_approvals_they_stand_for(size: int, masks: list[int]) -> None:
    masks = [mask % (1 << size) for mask in masks]
    candidates = [Candidate(f"c{at}") for at in range(size)]
    counted = approvals_of_masks(candidates, np.array(masks, dtype=np.uint64))
    ballots = Supports.from_ballots(
        candidates,
        "approval",
        [(1, {at: 1 for at in range(size) if mask >> at & 1}) for mask in masks],
    )
    assert list(counted.values()) == ballots.votes()
