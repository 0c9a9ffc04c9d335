from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from comuna.count.candidates import Candidate
from comuna.count.errors import BallotError
from comuna.count.methods import count
from comuna.count.rankings import Ballot, Rankings
from comuna.count.rule import Guarantee, Rule
from comuna.count.supports import Supports

from . import naive
from .helpers import approvals, rankings

ORDERS = st.lists(st.integers(0, 4), min_size=1, max_size=5, unique=True).map(tuple)


def test_a_surplus_passes_on_at_five_decimals_with_the_rest_ignored() -> None:
    ballots = rankings({"A>B": 5, "A>C": 2, "B": 2, "C": 3}, "ABC")
    result = count(Rule(method="stv-scottish", seats=2), ballots)
    # Quota 12 // 3 + 1 = 5; A's surplus 2 of 7 votes: each paper passes on 0.28571.
    assert result.rounds[0].facts["quota"] == 5
    assert result.rounds[1].transfers["B"] * 100_000 == 5 * 28571
    assert result.rounds[1].transfers["C"] * 100_000 == 2 * 28571
    assert result.winners == ("A", "C")


@settings(max_examples=150, deadline=None)
@given(st.lists(ORDERS, min_size=1, max_size=30), st.integers(1, 4))
def test_scottish_stv_agrees_with_the_plain_count_paper_by_paper(
    votes: list[tuple[int, ...]], seats: int
) -> None:
    ballots = Rankings.from_ballots(
        [Candidate(str(each)) for each in range(5)], [Ballot(1, vote) for vote in votes]
    )
    result = count(Rule(method="stv-scottish", seats=seats, ties=("id",)), ballots)
    assert result.winners == tuple(map(str, naive.scottish_stv(5, votes, seats)))


@settings(max_examples=60, deadline=None)
@given(st.lists(ORDERS, min_size=1, max_size=20), st.integers(1, 4))
def test_meek_elects_whom_a_count_in_thirty_decimals_elects(
    votes: list[tuple[int, ...]], seats: int
) -> None:
    """Where nothing hangs on the last decimals: those the rule itself has to fix."""
    expected, closest = naive.meek(5, votes, seats)
    assume(closest > Fraction(1, 100_000))
    ballots = Rankings.from_ballots(
        [Candidate(str(each)) for each in range(5)], [Ballot(1, vote) for vote in votes]
    )
    result = count(Rule(method="stv-meek", seats=seats, ties=("id",)), ballots)
    assert set(result.winners) == set(map(str, expected))


@pytest.mark.parametrize("method", ["stv-scottish", "stv-meek"])
@settings(max_examples=60, deadline=None)
@given(votes=st.lists(ORDERS, min_size=6, max_size=30), seats=st.integers(1, 4))
def test_a_group_with_enough_votes_for_k_quotas_gets_k_seats(
    method: str, votes: list[tuple[int, ...]], seats: int
) -> None:
    """Droop proportionality for a solid group: all rank the candidates 0 and 1 above the rest."""
    solid = [(0, 1, *vote_rest(vote)) for vote in votes]
    others = [tuple(each for each in vote if each > 1) for vote in votes[: len(votes) // 3]]
    papers = [*solid, *(vote for vote in others if vote)]
    ballots = Rankings.from_ballots(
        [Candidate(str(each)) for each in range(5)], [Ballot(1, vote) for vote in papers]
    )
    quotas = len(solid) // (len(papers) // (seats + 1) + 1)
    result = count(Rule(method=method, seats=seats, ties=("id",)), ballots)
    assert len({"0", "1"} & set(result.winners)) >= min(2, quotas, seats)


def vote_rest(vote: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(each for each in vote if each > 1)


def test_meek_counts_on_as_if_the_excluded_had_never_stood() -> None:
    ballots = {"A>B>C": 28, "B>A>C": 26, "C>D": 3, "D>C": 2, "E>C>D": 1}
    with_e = count(Rule(method="stv-meek", seats=2), rankings(ballots, "ABCDE"))
    without = {"A>B>C": 28, "B>A>C": 26, "C>D": 4, "D>C": 2}
    assert (
        with_e.winners == count(Rule(method="stv-meek", seats=2), rankings(without, "ABCD")).winners
    )


def test_no_votes_are_lost_or_made_in_any_round_of_meek() -> None:
    ballots = rankings({"A>B": 40, "A>C": 11, "B>C": 7, "C": 12, "D>A>C": 6}, "ABCD")
    result = count(Rule(method="stv-meek", seats=2), ballots)
    for each in result.rounds:
        assert sum(each.votes.values()) + each.exhausted == 76


def test_block_takes_as_many_votes_as_seats_and_limited_fewer() -> None:
    ballots = approvals([(6, "AB"), (5, "CD")], "ABCD")
    assert set(count(Rule(method="block", seats=2), ballots).winners) == {"A", "B"}
    with pytest.raises(BallotError, match="gives each ballot 1"):
        count(Rule(method="limited", seats=2, votes_each=1), ballots)
    one = approvals([(6, "A"), (5, "C"), (1, "B")], "ABCD")
    assert count(Rule(method="limited", seats=2), one).winners == ("A", "C")


WOMEN = {"B": frozenset({"women"}), "D": frozenset({"women"})}


def with_groups(ballots: Rankings) -> Rankings:
    candidates = tuple(
        Candidate(each.id, each.name, WOMEN.get(each.id, frozenset()))
        for each in ballots.candidates
    )
    return Rankings(candidates, ballots.ranks, ballots.weight)


PARITY = (Guarantee("women", 1, 1),)


@pytest.mark.parametrize("method", ["stv-scottish", "stv-meek", "borda", "block", "limited"])
def test_co_chairs_are_a_woman_and_a_man_and_the_result_without_it_is_shown(method: str) -> None:
    ballots = with_groups(
        rankings({"A>C>B": 50, "C>A>D": 40, "B>D": 15, "D>B": 5, "A>B": 1}, "ABCD")
    )
    free = count(Rule(method=method, seats=2), ballots)
    assert set(free.winners) == {"A", "C"}
    result = count(Rule(method=method, seats=2, guarantees=PARITY), ballots)
    assert len(set(result.winners) & {"B", "D"}) == 1
    assert set(result.notes["without_guarantees"]) == {"A", "C"}
    keys = {each.key for each in result.explanations}
    assert {"guarantee-in", "guarantee-out"} <= keys


def test_a_guarantee_that_the_candidates_cannot_meet_is_refused_before_counting() -> None:
    ballots = rankings({"A>B": 3}, "AB")
    with pytest.raises(BallotError, match="more candidates must stand"):
        count(Rule(method="stv-scottish", seats=2, guarantees=PARITY), ballots)


def test_phragmen_and_equal_shares_elect_committees() -> None:
    # Two thirds approve A, B, C and a third D, E, F: of three seats two go to the larger group.
    ballots = approvals([(20, "ABC"), (10, "DEF")], "ABCDEF")
    for method in ("phragmen", "equal-shares"):
        winners = count(Rule(method=method, seats=3, ties=("id",)), ballots).winners
        assert len(winners) == 3
        assert len(set(winners) & set("ABC")) == 2


def test_a_committee_by_phragmen_keeps_its_guarantees() -> None:
    candidates = [Candidate(each, each, WOMEN.get(each, frozenset())) for each in "ABCD"]
    ballots = Supports.from_ballots(
        candidates, "approval", [(9, {0: 1, 2: 1}), (2, {1: 1}), (1, {3: 1})]
    )
    result = count(Rule(method="phragmen", seats=2, guarantees=PARITY, ties=("id",)), ballots)
    assert set(result.winners) == {"A", "B"}
