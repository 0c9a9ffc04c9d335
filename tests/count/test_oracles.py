"""Thousands of random small profiles, counted here and by outside engines: pabutools, pref_voting
and apportionment. Test-only oracles: some are GPL or bring large solvers."""

import random
from fractions import Fraction

import apportionment.methods
import pytest
from pabutools.election import (
    ApprovalBallot,
    ApprovalProfile,
    Cardinality_Sat,
    Cost_Sat,
    Instance,
    Project,
)
from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares, sequential_phragmen
from pref_voting.iterative_methods import instant_runoff
from pref_voting.margin_based_methods import beat_path, ranked_pairs
from pref_voting.profiles import Profile
from pref_voting.profiles_with_ties import ProfileWithTies
from pref_voting.scoring_methods import borda, plurality

from comuna.count.candidates import Candidate
from comuna.count.lots import TieBreaker
from comuna.count.methods import count
from comuna.count.rankings import Ballot, Rankings
from comuna.count.rule import Rule
from comuna.count.seats import apportion

from .helpers import projects

SATISFACTIONS = {"cost": Cost_Sat, "cardinality": Cardinality_Sat}


def random_budget(dice: random.Random) -> tuple[dict[str, int], list[set[str]], int]:
    """Costs, ballots and a budget; every project has a supporter, as pabutools expects."""
    names = [f"p{n}" for n in range(dice.randint(2, 7))]
    costs = {name: dice.randint(1, 12) for name in names}
    ballots = [
        set(dice.sample(names, dice.randint(1, len(names)))) for _ in range(dice.randint(2, 9))
    ]
    for name in names:
        dice.choice(ballots).add(name)
    return costs, ballots, dice.randint(8, 40)


def pabutools_case(
    costs: dict[str, int], ballots: list[set[str]], budget: int
) -> tuple[Instance, ApprovalProfile]:
    made = {name: Project(name, cost) for name, cost in costs.items()}
    instance = Instance(made.values(), budget_limit=budget)
    profile = ApprovalProfile([ApprovalBallot(made[n] for n in ballot) for ballot in ballots])
    profile.instance = instance
    return instance, profile


@pytest.mark.parametrize("satisfaction", SATISFACTIONS)
@pytest.mark.parametrize("completion", ["none", "add1"])
def test_equal_shares_funds_what_pabutools_funds(satisfaction: str, completion: str) -> None:
    dice = random.Random(2026)
    for _ in range(200):
        costs, ballots, budget = random_budget(dice)
        instance, profile = pabutools_case(costs, ballots, budget)
        theirs = method_of_equal_shares(
            instance,
            profile,
            sat_class=SATISFACTIONS[satisfaction],
            voter_budget_increment=1 if completion == "add1" else None,
        )
        rule = Rule(
            method="equal-shares",
            budget=Fraction(budget),
            satisfaction=satisfaction,
            completion=completion,
            ties=("id",),
        )
        ours = count(rule, projects(costs, [(1, sorted(ballot)) for ballot in ballots]))
        assert list(ours.winners) == [p.name for p in theirs], (costs, ballots, budget)


@pytest.mark.parametrize("satisfaction", SATISFACTIONS)
def test_greedy_funds_what_pabutools_funds(satisfaction: str) -> None:
    dice = random.Random(2027)
    for _ in range(300):
        costs, ballots, budget = random_budget(dice)
        instance, profile = pabutools_case(costs, ballots, budget)
        theirs = greedy_utilitarian_welfare(
            instance, profile, sat_class=SATISFACTIONS[satisfaction]
        )
        rule = Rule(
            method="greedy", budget=Fraction(budget), satisfaction=satisfaction, ties=("id",)
        )
        ours = count(rule, projects(costs, [(1, sorted(ballot)) for ballot in ballots]))
        assert set(ours.winners) == {p.name for p in theirs}, (costs, ballots, budget)


def test_phragmen_funds_what_pabutools_funds() -> None:
    dice = random.Random(2028)
    for _ in range(300):
        costs, ballots, budget = random_budget(dice)
        instance, profile = pabutools_case(costs, ballots, budget)
        theirs = sequential_phragmen(instance, profile)
        rule = Rule(method="phragmen", budget=Fraction(budget), ties=("id",))
        ours = count(rule, projects(costs, [(1, sorted(ballot)) for ballot in ballots]))
        assert set(ours.winners) == {p.name for p in theirs}, (costs, ballots, budget)


@pytest.mark.parametrize(
    ("method", "oracle"),
    [
        ("plurality", plurality),
        ("borda", borda),
        ("schulze", beat_path),
        ("ranked-pairs", ranked_pairs),
        ("irv", instant_runoff),
    ],
)
def test_one_is_elected_whom_pref_voting_elects(method: str, oracle: object) -> None:
    """pref_voting gives all that some breaking of ties elects; ours must be among them."""
    dice = random.Random(2029)
    # pref_voting tries every order of equal victories: more would take it hours.
    most, times = (4, 20) if method == "ranked-pairs" else (5, 200)
    for _ in range(times):
        size = dice.randint(2, most)
        orders = [dice.sample(range(size), size) for _ in range(dice.randint(1, 12))]
        theirs = oracle(Profile(orders))  # type: ignore[operator]
        ballots = Rankings.from_ballots(
            [Candidate(str(each)) for each in range(size)], [Ballot(1, order) for order in orders]
        )
        rule = Rule(method=method, ties=("id",))
        result = count(rule, ballots)
        if method == "irv" and result.ties:
            continue  # looking back breaks ties that pref_voting excludes at once
        assert int(result.winners[0]) in theirs, (orders, theirs)


def test_schulze_elects_whom_pref_voting_elects_where_ballots_are_cut_short() -> None:
    dice = random.Random(2030)
    for _ in range(200):
        size = dice.randint(2, 5)
        orders = [
            dice.sample(range(size), dice.randint(1, size)) for _ in range(dice.randint(1, 12))
        ]
        profile = ProfileWithTies(
            [{each: place for place, each in enumerate(order, 1)} for order in orders],
            candidates=list(range(size)),
        )
        profile.use_extended_strict_preference()
        ballots = Rankings.from_ballots(
            [Candidate(str(each)) for each in range(size)], [Ballot(1, order) for order in orders]
        )
        result = count(Rule(method="schulze", ties=("id",)), ballots)
        assert int(result.winners[0]) in beat_path(profile), orders


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("sainte-lague", "saintelague"),
        ("dhondt", "dhondt"),
        ("adams", "adams"),
        ("hare", "hamilton"),
    ],
)
def test_seats_are_divided_as_apportionment_divides_them(ours: str, theirs: str) -> None:
    dice = random.Random(2031)
    for _ in range(300):
        people = [dice.randint(1, 10**6) for _ in range(dice.randint(2, 9))]
        seats = dice.randint(len(people), 60)
        members = {str(at): number for at, number in enumerate(people)}
        breaker = TieBreaker("id", sorted(members, key=int))
        found = apportion(ours, members, seats, breaker)
        expected = apportionment.methods.compute(
            theirs, people, seats, fractions=True, verbose=False
        )
        if not breaker.ties:
            assert list(found.seats.values()) == expected
