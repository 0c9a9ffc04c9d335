from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from comuna.count.completion import Completion
from comuna.count.endowments import Range
from comuna.count.errors import BallotError, LotNeededError, RuleError
from comuna.count.limits import Limits
from comuna.count.methods import count
from comuna.count.rule import Rule

from . import naive
from .helpers import approvals, projects, rankings


def shares(budget: int, **options: object) -> Rule:
    return Rule(method="equal-shares", budget=Fraction(budget), ties=("id",), **options)  # type: ignore[arg-type]


# Two villages: 6 in the north, 4 in the south; greedy gives the north all.
VILLAGES = projects(
    {"N1": 60, "N2": 40, "S1": 40},
    [(6, ["N1", "N2"]), (4, ["S1"])],
)


def test_equal_shares_gives_the_small_village_what_its_members_can_pay() -> None:
    result = count(shares(100), VILLAGES)
    assert set(result.winners) == {"N1", "S1"}
    greedy = count(Rule(method="greedy", budget=Fraction(100)), VILLAGES)
    assert set(greedy.winners) == {"N1", "N2"}


def test_a_losing_project_learns_what_was_missing_and_where_the_money_went() -> None:
    result = count(shares(100), VILLAGES)
    lost = next(each for each in result.explanations if each.candidate == "N2")
    assert lost.key == "shares-lost"
    assert lost.facts["had"] == 0
    assert lost.facts["missing"] == 40
    assert lost.facts["went"] == [("N1", 60)]


@st.composite
def budgets(draw: st.DrawFn) -> tuple[list[Fraction], list[dict[int, int]], Fraction]:
    count_ = draw(st.integers(1, 6))
    costs = [
        Fraction(draw(st.integers(1, 40)), draw(st.sampled_from([1, 1, 4]))) for _ in range(count_)
    ]
    points = draw(st.sampled_from([1, 1, 3]))
    ballots = draw(
        st.lists(
            st.dictionaries(st.integers(0, count_ - 1), st.integers(1, points), max_size=count_),
            min_size=1,
            max_size=10,
        )
    )
    return costs, ballots, Fraction(draw(st.integers(1, 100)))


def alike(budget: Fraction, ballots: list[dict[int, int]]) -> list[Fraction]:
    """The same endowment for every ballot."""
    return [budget / len(ballots)] * len(ballots)


def as_projects(costs: list[Fraction], ballots: list[dict[int, int]]) -> object:
    ids = [f"p{at}" for at in range(len(costs))]
    return projects(
        dict(zip(ids, costs, strict=True)),
        [(1, {ids[p]: given for p, given in ballot.items()}) for ballot in ballots],
        "scoring",
    )


@pytest.mark.parametrize("satisfaction", ["cost", "cardinality"])
@settings(max_examples=150, deadline=None)
@given(budgets())
def test_equal_shares_agrees_with_plain_fractions(
    satisfaction: str, case: tuple[list[Fraction], list[dict[int, int]], Fraction]
) -> None:
    costs, ballots, budget = case
    rule = Rule(method="equal-shares", budget=budget, satisfaction=satisfaction, ties=("id",))
    result = count(rule, as_projects(costs, ballots))  # type: ignore[arg-type]
    expected = naive.equal_shares(costs, ballots, alike(budget, ballots), satisfaction == "cost")
    assert result.winners == tuple(f"p{p}" for p in expected)


# The unit of money is chosen anew as endowments grow, and has to divide every step after that.
MANY_STEPS = (
    [Fraction(cost) for cost in (4, 12, 20, 10, 6)],
    [
        dict.fromkeys(chosen, 1)
        for chosen in ((), (0, 3), (0, 1, 2, 3, 4), (0, 3), (), (1, 2), (0, 1, 2, 3, 4), (0, 2, 3))
    ],
    Fraction(50),
)


@pytest.mark.parametrize("satisfaction", ["cost", "cardinality"])
@settings(max_examples=80, deadline=None)
@given(budgets(), st.sampled_from(["0.05", "0.07", "1/3", "0.9%"]))
@example(MANY_STEPS, "0.05")
def test_completion_skips_no_step_that_changes_anything(
    satisfaction: str, case: tuple[list[Fraction], list[dict[int, int]], Fraction], step: str
) -> None:
    costs, ballots, budget = case
    rule = Rule(
        method="equal-shares",
        budget=budget,
        satisfaction=satisfaction,
        completion="add1",
        step=step,
        ties=("id",),
    )
    result = count(rule, as_projects(costs, ballots))  # type: ignore[arg-type]
    amount = Fraction(9, 1000) * budget / len(ballots) if "%" in step else Fraction(step)
    expected = naive.add1(costs, ballots, alike(budget, ballots), amount, satisfaction == "cost")
    assert result.winners == tuple(f"p{p}" for p in expected)


@settings(max_examples=150, deadline=None)
@given(budgets())
def test_phragmen_agrees_with_plain_fractions(
    case: tuple[list[Fraction], list[dict[int, int]], Fraction],
) -> None:
    costs, ballots, budget = case
    ids = [f"p{at}" for at in range(len(costs))]
    voted = projects(
        dict(zip(ids, costs, strict=True)), [(1, [ids[p] for p in ballot]) for ballot in ballots]
    )
    result = count(Rule(method="phragmen", budget=budget, ties=("id",)), voted)
    expected = naive.phragmen(costs, [set(ballot) for ballot in ballots], budget)
    assert result.winners == tuple(f"p{p}" for p in expected)


@settings(max_examples=100, deadline=None)
@given(budgets())
def test_purses_too_large_for_sixty_four_bits_are_counted_alike(
    case: tuple[list[Fraction], list[dict[int, int]], Fraction],
) -> None:
    costs, ballots, budget = case
    many = 10**18
    large = as_projects([cost * many for cost in costs], ballots)
    result = count(shares(int(budget) * many), large)  # type: ignore[arg-type]
    expected = naive.equal_shares(costs, ballots, alike(budget, ballots), by_cost=True)
    assert result.winners == tuple(f"p{p}" for p in expected)


@settings(max_examples=100, deadline=None)
@given(budgets())
def test_nobody_pays_more_than_an_equal_part_and_every_project_is_paid_in_full(
    case: tuple[list[Fraction], list[dict[int, int]], Fraction],
) -> None:
    costs, ballots, budget = case
    voted = as_projects(costs, ballots)
    result = count(shares(int(budget)), voted)  # type: ignore[arg-type]
    spent = sum(costs[int(each[1:])] for each in result.winners)
    assert spent <= int(budget)
    assert result.notes["left"] == int(budget) - spent


def doubtful() -> tuple[object, Rule]:
    """Rates so close that whole numbers of a coarse unit cannot tell them apart."""
    rule = shares(90)
    return projects({"a": 7, "b": 7, "c": 5, "d": 11}, [(1, "abc"), (1, "abd"), (1, "ac")]), rule


def test_where_the_bounds_leave_doubt_fractions_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the coarsest unit nearly every choice is in doubt, and the result must not change."""
    from comuna.count import purses

    case, rule = doubtful()
    fine = count(rule, case).winners  # type: ignore[arg-type]
    monkeypatch.setattr(purses, "ROOM", 1)
    monkeypatch.setattr(purses, "FINE", 1)
    assert count(rule, case).winners == fine  # type: ignore[arg-type]


@settings(max_examples=150, deadline=None)
@given(budgets(), st.sampled_from(["cost", "cardinality"]))
def test_fractions_alone_give_the_same_result_as_the_bounds(
    case: tuple[list[Fraction], list[dict[int, int]], Fraction], satisfaction: str
) -> None:
    from comuna.count import purses

    costs, ballots, budget = case
    rule = Rule(method="equal-shares", budget=budget, satisfaction=satisfaction, ties=("id",))
    expected = naive.equal_shares(costs, ballots, alike(budget, ballots), satisfaction == "cost")
    room, fine = purses.ROOM, purses.FINE
    purses.ROOM, purses.FINE = 1, 1
    try:
        result = count(rule, as_projects(costs, ballots))  # type: ignore[arg-type]
    finally:
        purses.ROOM, purses.FINE = room, fine
    assert result.winners == tuple(f"p{p}" for p in expected)


def test_rival_projects_are_never_both_funded() -> None:
    ballots = projects({"a": 10, "b": 10, "c": 10}, [(5, ["a", "b"]), (2, ["c"])])
    for method in ("equal-shares", "phragmen", "greedy"):
        rule = Rule(method=method, budget=Fraction(40), exclusive=(("a", "b"),), ties=("id",))
        result = count(rule, ballots)
        assert set(result.winners) == {"a", "c"}, method
        barred = next(each for each in result.explanations if each.candidate == "b")
        assert barred.key == "project-barred-rival"
        assert barred.facts["by"] == "a"


def test_a_category_receives_no_more_than_its_cap() -> None:
    groups = {"a": frozenset({"roads"}), "b": frozenset({"roads"})}
    ballots = projects({"a": 10, "b": 10, "c": 10}, [(5, ["a", "b", "c"])], groups=groups)
    for method in ("equal-shares", "phragmen", "greedy"):
        limits = (("roads", Fraction(15)),)
        rule = Rule(method=method, budget=Fraction(30), category_limits=limits, ties=("id",))
        assert set(count(rule, ballots).winners) == {"a", "c"}, method


def test_a_limit_that_names_nothing_there_is_refused() -> None:
    rule = Rule(method="greedy", budget=Fraction(1), exclusive=(("N1", "zebra"),))
    with pytest.raises(RuleError, match="zebra"):
        count(rule, VILLAGES)


def test_greedy_skips_what_does_not_fit_or_stops_there() -> None:
    ballots = projects({"a": 60, "b": 50, "c": 30}, [(5, ["a"]), (4, ["b"]), (3, ["c"])])
    skip = Rule(method="greedy", budget=Fraction(100))
    assert count(skip, ballots).winners == ("a", "c")
    stop = Rule(method="greedy", budget=Fraction(100), overflow="stop")
    assert count(stop, ballots).winners == ("a",)
    least = Rule(method="greedy", budget=Fraction(200), minimum_votes=4)
    assert count(least, ballots).winners == ("a", "b")


def test_greedy_needs_a_lot_only_where_equal_projects_do_not_all_fit() -> None:
    ballots = projects({"a": 60, "b": 60, "c": 30}, [(5, ["a"]), (5, ["b"]), (3, ["c"])])
    assert count(Rule(method="greedy", budget=Fraction(150)), ballots).winners == ("a", "b", "c")
    with pytest.raises(LotNeededError):
        count(Rule(method="greedy", budget=Fraction(100)), ballots)


def test_project_ties_go_to_the_cheaper_then_the_more_voted_then_the_lot() -> None:
    ballots = projects({"b": 10, "a": 20}, [(2, ["b"]), (4, ["a"])])
    rule = Rule(method="equal-shares", budget=Fraction(30), ties=("cost", "votes", "lot"),
                satisfaction="cost")  # fmt: skip
    # Each voter has 5; b costs 5 each and a costs 5 each: rates 1/2 and 1/4 differ, so no tie.
    assert count(rule, ballots).winners == ("a", "b")
    even = projects({"a": 20, "b": 10}, [(2, ["b"]), (2, ["a"])])
    result = count(Rule(method="equal-shares", budget=Fraction(40), ties=("cost", "lot")), even)
    assert result.winners[0] == "b"
    assert result.ties[0].broken_by == "cost"


def test_a_consulta_funds_the_first_two_whatever_they_cost() -> None:
    ballots = projects({"1": 10**6, "2": 5, "3": 7}, [(5, ["1"]), (9, ["2"]), (2, ["3"])])
    assert count(Rule(method="consulta"), ballots).winners == ("2", "1")
    assert count(Rule(method="consulta", seats=1), ballots).winners == ("2",)
    with pytest.raises(BallotError, match="seven"):
        count(Rule(method="consulta"), approvals([(1, "A")], "ABCDEFGH"))


def test_add1u_spends_what_is_left_on_the_most_voted_that_fits() -> None:
    ballots = projects({"a": 50, "b": 30, "c": 45}, [(5, ["a"]), (3, ["b"]), (2, ["c"])])
    plain = count(shares(100, completion="none"), ballots)
    assert plain.winners == ("a", "b")
    full = count(shares(125, completion="add1u"), ballots)
    assert set(full.winners) == {"a", "b", "c"}


def test_monotonicity_more_votes_for_a_funded_project_keep_it_funded_under_greedy() -> None:
    for extra in range(4):
        ballots = projects({"a": 60, "b": 50}, [(5, ["a"]), (4, ["b"]), (extra, ["a"])])
        assert "a" in count(Rule(method="greedy", budget=Fraction(60)), ballots).winners


def test_two_thousand_funded_projects_need_no_recursion() -> None:
    # Project n has n backers of its own who pay 1 each: everyone's whole part of the budget.
    ids = [f"p{n:04}" for n in range(1, 2001)]
    ballots = projects(
        {each: n for n, each in enumerate(ids, 1)},
        [(n, [each]) for n, each in enumerate(ids, 1)],
    )
    total = 2000 * 2001 // 2
    result = count(shares(total), ballots)
    assert result.winners == tuple(reversed(ids))
    phragmen = Rule(method="phragmen", budget=Fraction(total), ties=("id",))
    costing_one = projects(dict.fromkeys(ids, 1), [(n, [each]) for n, each in enumerate(ids, 1)])
    assert count(phragmen, costing_one).winners == tuple(reversed(ids))


def test_ten_thousand_completion_steps_do_not_grow_memory() -> None:
    import tracemalloc

    ballots = projects({"a": 50, "b": 70}, [(3, ["a"]), (4, ["b"])])
    limits = Limits.of(shares(60), ballots.candidates, ballots.votes())
    completion = Completion(
        ballots, limits, Fraction(60), Fraction(1, 10**6), True, lambda t, _: t[0]
    )
    completion.run(0)
    tracemalloc.start()
    for steps in range(1, 1001):
        completion.run(steps)
    first, _ = tracemalloc.get_traced_memory()
    for steps in range(1001, 10001):
        completion.run(steps)
    last, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert last - first < 20_000


def test_a_range_of_endowments_is_never_said_to_agree_where_it_does_not() -> None:
    ballots = projects({"a": 50, "b": 30}, [(3, ["a"]), (2, ["b"])])
    limits = Limits.of(shares(60), ballots.candidates, ballots.votes())
    completion = Completion(ballots, limits, Fraction(60), Fraction(1), True, lambda t, _: t[0])
    outcomes = [completion.run(steps).funded for steps in range(20)]
    assert [] in outcomes
    for least in range(20):
        for most in range(least, 20):
            money = completion.money
            span = Range(money, limits, Fraction(60 + 5 * least), Fraction(60 + 5 * most))
            funded = span.funds()
            if funded is not None:
                assert all(set(each) == funded for each in outcomes[least : most + 1])


@settings(max_examples=60, deadline=None)
@given(budgets(), st.sampled_from([1, 1 << 57]), st.booleans(), st.booleans())
def test_completion_finds_the_step_that_trying_every_step_finds(
    case: tuple[list[Fraction], list[dict[int, int]], Fraction],
    room: int,
    by_cost: bool,
    rivals: bool,
) -> None:
    """Also with a unit so coarse that nearly all is in doubt, and with projects that exclude each
    other."""
    from comuna.count import purses

    costs, ballots, budget = case
    voted = as_projects(costs, ballots)
    options = {"exclusive": (("p0", "p1"),)} if rivals and len(costs) > 1 else {}
    rule = Rule(method="equal-shares", budget=budget, ties=("id",), **options)  # type: ignore[arg-type]
    limits = Limits.of(rule, voted.candidates, voted.votes())  # type: ignore[attr-defined]
    was = purses.ROOM
    purses.ROOM = room
    try:
        completion = Completion(
            voted,
            limits,
            budget,
            Fraction(1, 4),
            by_cost,
            lambda tied, _: min(tied),  # type: ignore[arg-type]
        )
        completion.add1()
        steps = 0
        while True:
            funded = completion.run(steps).funded
            spent = sum(costs[p] for p in funded)
            if spent > budget and steps:
                assert completion.steps == steps - 1
                break
            if not any(
                spent + costs[p] <= budget and any(each.get(p) for each in ballots)
                for p in range(len(costs))
                if p not in funded and not limits.bars(p, funded)
            ):
                assert completion.steps == steps
                break
            steps += 1
    finally:
        purses.ROOM = was


@settings(max_examples=40, deadline=None)
@given(budgets(), st.integers(0, 6), st.integers(1, 12))
def test_what_is_said_of_a_range_and_of_its_parts_is_so_at_every_endowment(
    case: tuple[list[Fraction], list[dict[int, int]], Fraction], first: int, many: int
) -> None:
    costs, ballots, budget = case
    voted = as_projects(costs, ballots)
    limits = Limits.of(shares(1), voted.candidates, voted.votes())  # type: ignore[attr-defined]
    completion = Completion(
        voted,
        limits,
        budget,
        Fraction(1, 3),
        True,
        lambda tied, _: min(tied),  # type: ignore[arg-type]
    )
    each = {s: frozenset(completion.run(s).funded) for s in range(first, first + many + 1)}
    for least, most, funded in completion.spans(first, first + many):
        assert all(each[steps] == funded for steps in range(least, most + 1))


def test_projects_are_not_counted_from_ranked_ballots() -> None:
    with pytest.raises(BallotError, match="not ranked"):
        count(shares(10), rankings({"A": 1}, "A"))
