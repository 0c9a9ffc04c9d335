from fractions import Fraction

import numpy as np
import pytest

from comuna.count.candidates import Candidate
from comuna.count.errors import BallotError, LotNeededError
from comuna.count.methods import count
from comuna.count.rankings import Rankings
from comuna.count.rule import Rule

from .helpers import approvals, projects, rankings

# The capital of Tennessee: the textbook case in which every method shows its character.
TENNESSEE = rankings(
    {"M>N>C>K": 42, "N>C>K>M": 26, "C>K>N>M": 15, "K>C>N>M": 17},
    "MNCK",
)
# M. Schulze, Social Choice and Welfare 36 (2011), example 1: E > A > C > B > D.
SCHULZE = rankings(
    {
        "A>C>B>E>D": 5,
        "A>D>E>C>B": 5,
        "B>E>D>A>C": 8,
        "C>A>B>E>D": 3,
        "C>A>E>B>D": 7,
        "C>B>A>D>E": 2,
        "D>C>E>B>A": 7,
        "E>B>A>D>C": 8,
    },
    "ABCDE",
)


@pytest.mark.parametrize(
    ("method", "winner"),
    [
        ("plurality", "M"),
        ("two-round", "N"),
        ("irv", "K"),
        ("borda", "N"),
        ("ranked-pairs", "N"),
        ("schulze", "N"),
    ],
)
def test_each_method_elects_its_capital_of_tennessee(method: str, winner: str) -> None:
    assert count(Rule(method=method), TENNESSEE).winners == (winner,)


def test_the_condorcet_winner_is_named_when_another_is_elected() -> None:
    result = count(Rule(method="irv"), TENNESSEE)
    assert result.notes["condorcet_winner"] == "N"
    assert any(each.key == "condorcet-not-elected" for each in result.explanations)
    assert "condorcet_winner" not in count(Rule(method="schulze"), TENNESSEE).notes


def test_schulze_elects_e_in_the_example_of_its_paper() -> None:
    result = count(Rule(method="schulze"), SCHULZE)
    assert result.winners == ("E",)
    # The paper counts ballots on a path's weakest link; margins are twice that less all ballots.
    paths = result.rounds[0].facts["paths"]
    assert (paths["E"]["A"] + 45) // 2 == 25
    assert (paths["A"]["E"] + 45) // 2 == 24


def test_instant_runoff_shows_each_round_and_where_ballots_went() -> None:
    result = count(Rule(method="irv"), TENNESSEE)
    assert [each.action for each in result.rounds] == ["count", "exclude", "exclude"]
    assert result.rounds[1].candidates == ("C",)
    assert result.rounds[1].transfers == {"K": 15}
    assert result.rounds[-1].votes == {"M": 42, "K": 58}


def test_ballots_that_name_nobody_left_are_exhausted_not_counted() -> None:
    result = count(Rule(method="irv"), rankings({"A": 4, "B>C": 3, "C": 2}, "ABC"))
    assert result.rounds[-1].exhausted == 2
    assert result.winners == ("A",)


def test_a_tie_for_last_looks_back_to_the_latest_round_that_differs() -> None:
    ballots = rankings({"A": 6, "B": 5, "C": 4, "D>C": 1}, "ABCD")
    result = count(Rule(method="irv"), ballots)
    assert result.ties[0].broken_by == "earlier round"
    assert result.rounds[2].candidates == ("C",)


def test_a_tie_without_a_recorded_lot_stops_the_count_and_says_what_is_needed() -> None:
    with pytest.raises(LotNeededError, match="throw dice in public") as stopped:
        count(Rule(method="plurality"), rankings({"A": 2, "B": 2, "C": 1}, "ABC"))
    assert stopped.value.candidates == ("A", "B")


def test_a_recorded_lot_breaks_the_tie_and_stands_in_the_result() -> None:
    ballots = rankings({"A": 2, "B": 2, "C": 1}, "ABC")
    outcomes = {count(Rule(method="plurality"), ballots, f"dice {n}").winners for n in range(20)}
    assert outcomes == {("A",), ("B",)}
    result = count(Rule(method="plurality"), ballots, "dice 4 1 6")
    assert result.ties[0].broken_by == "lot"
    assert result.ties[0].order[0] == result.winners[0]


def test_last_candidates_whom_nothing_can_save_go_together_without_a_lot() -> None:
    result = count(Rule(method="irv"), rankings({"A": 9, "B": 8, "C>A": 2, "D>B": 2}, "ABCD"))
    assert result.rounds[1].candidates == ("C", "D")
    assert not result.ties


def test_ranked_pairs_asks_for_a_lot_only_where_the_order_of_equal_victories_matters() -> None:
    circle = rankings({"A>B>C": 1, "B>C>A": 1, "C>A>B": 1}, "ABC")
    with pytest.raises(LotNeededError):
        count(Rule(method="ranked-pairs"), circle)
    winners = {count(Rule(method="ranked-pairs"), circle, f"{n}").winners for n in range(30)}
    assert winners == {("A",), ("B",), ("C",)}
    assert count(Rule(method="ranked-pairs"), rankings({"A>B>C": 3}, "ABC")).winners == ("A",)


def test_a_second_round_is_called_when_ballots_hold_one_choice() -> None:
    result = count(Rule(method="two-round"), approvals([(4, "A"), (3, "B"), (2, "C")], "ABC"))
    assert result.winners == ()
    assert result.notes["second_round"] == ("A", "B")


def test_approval_counts_every_approval_and_plurality_refuses_two() -> None:
    ballots = approvals([(3, "AB"), (2, "B"), (4, "C")], "ABC")
    assert count(Rule(method="approval"), ballots).winners == ("B",)
    with pytest.raises(BallotError, match="supports 2 candidates"):
        count(Rule(method="plurality"), ballots)


def test_borda_shares_points_among_equals_and_those_left_out() -> None:
    result = count(Rule(method="borda"), rankings({"A": 1, "A>B=C": 1}, "ABC"))
    votes = result.rounds[0].votes
    assert votes == {"A": 4, "B": 1, "C": 1}
    halves = count(Rule(method="borda"), rankings({"A": 2, "B>A=C": 1}, "ABC")).rounds[0].votes
    assert halves == {"A": Fraction(9, 2), "B": 3, "C": Fraction(3, 2)}


def test_an_equal_ranking_ends_what_a_runoff_can_read_of_a_ballot() -> None:
    result = count(Rule(method="irv"), rankings({"A>B=C": 2, "B": 3, "C": 4}, "ABC"))
    assert result.rounds[1].transfers == {}
    assert result.winners == ("C",)


def test_points_and_orders_of_projects_say_whom_a_ballot_ranks_first() -> None:
    scored = projects(
        {"A": 1, "B": 1, "C": 1},
        [(5, {"A": 9, "B": 4}), (4, {"B": 7, "C": 7, "A": 1}), (2, {"C": 3})],
        "scoring",
    )
    ranked = rankings({"A>B": 5, "B=C>A": 4, "C": 2}, "ABC")
    for method in ("irv", "borda", "schulze", "ranked-pairs"):
        rule = Rule(method=method, ties=("id",))
        assert count(rule, scored).winners == count(rule, ranked).winners
    assert (scored.ranked().ranks == ranked.ranks).all()


@pytest.mark.parametrize("method", ["irv", "plurality", "schulze", "two-round", "stv-meek"])
def test_where_no_ballot_names_anyone_nobody_is_elected(method: str) -> None:
    rule = Rule(method=method, seats=1 if method == "stv-meek" else None)
    for ballots in (rankings([(3, "")], "AB"), rankings([], "AB")):
        with pytest.raises(BallotError, match="no ballot names anyone"):
            count(rule, ballots)
    with pytest.raises(BallotError, match="no ballot names anyone"):
        count(Rule(method="approval"), approvals([(3, "")], "AB"))


def test_a_consulta_tells_each_project_its_place_and_funds_none_without_a_vote() -> None:
    ballots = projects(dict.fromkeys("abcd", 1), [(4, ["a"]), (4, ["b"]), (1, ["c"])])
    result = count(Rule(method="consulta"), ballots)
    assert set(result.winners) == {"a", "b"}
    assert {each.candidate: each.facts["place"] for each in result.explanations} == {
        "a": 1, "b": 1, "c": 3, "d": 4,
    }  # fmt: skip
    assert result.explanations[2].facts["missing"] == 3
    assert count(Rule(method="consulta", seats=7), ballots).winners[-1] == "c"
    spoiled = rankings({"A=B": 4}, "AB")
    unsupported = count(Rule(method="consulta"), spoiled)
    assert unsupported.winners == ()
    assert {each.key for each in unsupported.explanations} == {"project-unsupported"}
    level = projects(dict.fromkeys("abc", 1), [(4, ["a"]), (2, ["b"]), (2, ["c"])])
    with pytest.raises(LotNeededError):
        count(Rule(method="consulta"), level)
    decided = count(Rule(method="consulta", ties=("id",)), level)
    assert decided.explanations[-1].key == "consulta-lost-tie"


@pytest.mark.parametrize("candidates", [3, 13, 14, 15, 19, 22])
def test_equal_ranks_are_found_however_many_candidates_there_are(candidates: int) -> None:
    """However they are looked for: by bits, two by two, or place by place."""
    dice = np.random.default_rng(candidates)
    ranks = (dice.random((candidates, 400)).argsort(axis=0) + 1).astype(np.uint8)
    listed = tuple(Candidate(str(n)) for n in range(candidates))
    strict = Rankings(listed, ranks)
    assert not strict.tied
    firsts = strict.first_choices(list(range(candidates)))
    assert firsts == {c: int((ranks[c] == 1).sum()) for c in range(candidates)}
    equal = ranks.copy()
    equal[0, 399] = equal[1, 399]
    assert Rankings(listed, equal).tied
