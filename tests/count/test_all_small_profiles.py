"""All profiles, not a sample: up to four voters and three options."""

from collections import Counter
from itertools import combinations_with_replacement, permutations

import pytest

from comuna.count.candidates import Candidate
from comuna.count.methods import count
from comuna.count.rankings import Ballot, Rankings
from comuna.count.rule import Rule

from . import naive

ORDERS = [order for size in range(1, 4) for order in permutations(range(3), size)]
PROFILES = [
    votes for voters in range(1, 5) for votes in combinations_with_replacement(ORDERS, voters)
]
CANDIDATES = [Candidate(each) for each in "012"]


def ballots_of(votes: naive.Votes) -> Rankings:
    return Rankings.from_ballots(
        CANDIDATES, [Ballot(many, order) for order, many in Counter(votes).items()]
    )


def test_the_profiles_are_all_there() -> None:
    assert len(ORDERS) == 15
    assert len(PROFILES) == 15 + 120 + 680 + 3060


def test_instant_runoff_agrees_with_the_plain_count_on_all_small_profiles() -> None:
    rule = Rule(method="irv", ties=("id",))
    for votes in PROFILES:
        assert count(rule, ballots_of(votes)).winners == (str(naive.irv(3, votes)),), votes


@pytest.mark.parametrize("seats", [1, 2])
def test_scottish_stv_agrees_with_the_plain_count_on_all_small_profiles(seats: int) -> None:
    rule = Rule(method="stv-scottish", seats=seats, ties=("id",))
    for votes in PROFILES:
        expected = tuple(map(str, naive.scottish_stv(3, votes, seats)))
        assert count(rule, ballots_of(votes)).winners == expected, votes


@pytest.mark.parametrize("method", ["schulze", "ranked-pairs"])
def test_whoever_beats_all_others_is_elected_on_all_small_profiles(method: str) -> None:
    rule = Rule(method=method, ties=("id",))
    for votes in PROFILES:
        for each in range(3):
            wins = 0
            for other in {0, 1, 2} - {each}:
                ahead = sum(
                    1
                    for ballot in votes
                    if each in ballot
                    and (other not in ballot or ballot.index(each) < ballot.index(other))
                )
                behind = sum(
                    1
                    for ballot in votes
                    if other in ballot
                    and (each not in ballot or ballot.index(other) < ballot.index(each))
                )
                wins += ahead > behind
            if wins == 2:
                assert count(rule, ballots_of(votes)).winners == (str(each),), votes
