import subprocess
import sys
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comuna.count.errors import CountError, LotNeededError, RuleError
from comuna.count.lots import TieBreaker
from comuna.count.seats import METHODS, apportion
from comuna.count.sortition import TICKETS, Person, TraitQuota, draw_panel, fair_lottery

# M. Balinski and H. P. Young's worked example: 100 seats would be easy, 26 separate the methods.
BODIES = {"A": 9061, "B": 7179, "C": 5259, "D": 3319, "E": 1182}


def breaker(members: dict[str, int], seed: str | None = None) -> TieBreaker:
    return TieBreaker("lot", sorted(members), seed)


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("hare", (9, 7, 5, 4, 1)),
        ("sainte-lague", (9, 8, 5, 3, 1)),
        ("dhondt", (10, 7, 5, 3, 1)),
        ("adams", (9, 7, 5, 3, 2)),
    ],
)
def test_each_method_divides_the_example_of_balinski_and_young(
    method: str, expected: tuple[int, ...]
) -> None:
    found = apportion(method, BODIES, 26, breaker(BODIES))
    assert tuple(found.seats.values()) == expected


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(METHODS),
    st.lists(st.integers(1, 5000), min_size=1, max_size=8),
    st.integers(0, 60),
    st.integers(0, 3),
)
def test_all_seats_are_given_and_more_members_never_mean_fewer_seats(
    method: str, people: list[int], seats: int, base: int
) -> None:
    members = {f"b{at}": number for at, number in enumerate(people)}
    if base * len(members) > seats:
        with pytest.raises(RuleError):
            apportion(method, members, seats, breaker(members, "dice"), base)
        return
    found = apportion(method, members, seats, breaker(members, "dice"), base).seats
    assert sum(found.values()) == seats
    for one in members:
        for other in members:
            if members[one] > members[other]:
                assert found[one] >= found[other]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 5000), min_size=1, max_size=8), st.integers(0, 40))
def test_with_divisors_one_more_seat_takes_none_from_anyone(people: list[int], seats: int) -> None:
    members = {f"b{at}": number for at, number in enumerate(people)}
    for method in ("sainte-lague", "dhondt", "adams"):
        now = apportion(method, members, seats, breaker(members, "dice")).seats
        more = apportion(method, members, seats + 1, breaker(members, "dice")).seats
        assert all(more[body] >= now[body] for body in members)


def test_a_tie_for_the_last_seat_needs_a_lot() -> None:
    with pytest.raises(LotNeededError):
        apportion("hare", {"a": 1, "b": 1}, 1, breaker({"a": 1, "b": 1}))
    given_ = {
        apportion("dhondt", {"a": 5, "b": 5}, 3, breaker({"a": 1, "b": 1}, f"{n}")).seats["a"]
        for n in range(20)
    }
    assert given_ == {1, 2}


def test_a_base_gives_small_bodies_more_than_their_share() -> None:
    members = {"large": 900, "small": 100}
    plain = apportion("adams", members, 12, breaker(members))
    degressive = apportion("adams", members, 12, breaker(members), base=3)
    assert degressive.seats["small"] > plain.seats["small"]
    assert sum(degressive.seats.values()) == 12


@pytest.mark.parametrize(
    ("method", "members"), [("lottery", BODIES), ("hare", {}), ("hare", {"a": 0})]
)
def test_seats_of_nobody_or_by_no_method_are_refused(method: str, members: dict[str, int]) -> None:
    with pytest.raises(RuleError):
        apportion(method, members, 3, breaker(members))


POOL = [
    Person(f"p{n:02}", {"sex": "f" if n % 3 else "m", "place": "hill" if n % 4 else "valley"})
    for n in range(24)
]
QUOTAS = [
    TraitQuota("sex", "f", 3, 3),
    TraitQuota("sex", "m", 3, 3),
    TraitQuota("place", "valley", 1, 4),
]


def test_every_panel_of_the_lottery_keeps_every_quota_and_chances_add_up_to_the_seats() -> None:
    lottery = fair_lottery(POOL, QUOTAS, 6)
    assert sum(panel.tickets for panel in lottery.panels) == TICKETS
    assert sum(lottery.probabilities.values()) == 6
    of = {person.id: person.traits for person in POOL}
    for seed in range(60):
        panel = draw_panel(lottery, f"dice {seed}")
        assert len(set(panel)) == 6
        assert sum(of[each]["sex"] == "f" for each in panel) == 3
        assert 1 <= sum(of[each]["place"] == "valley" for each in panel) <= 4


def test_the_least_chance_is_as_great_as_the_quotas_allow() -> None:
    # Three of 16 women and three of 8 men: nobody can be nearer to equal than these.
    lottery = fair_lottery(POOL, QUOTAS, 6)
    for person in POOL:
        fair = Fraction(3, 16) if person.traits["sex"] == "f" else Fraction(3, 8)
        assert abs(lottery.probabilities[person.id] - fair) <= Fraction(1, 100)


def test_without_quotas_everyone_has_the_same_chance() -> None:
    chances = fair_lottery(POOL, [], 6).probabilities
    assert set(chances.values()) == {Fraction(1, 4)}


def test_the_same_seed_draws_the_same_panel_whatever_the_order_of_the_pool() -> None:
    one = fair_lottery(POOL, QUOTAS, 6)
    other = fair_lottery(POOL[::-1], QUOTAS, 6)
    assert draw_panel(one, "6 6 1") == draw_panel(other, "6 6 1")
    assert len({draw_panel(one, f"{n}") for n in range(30)}) > 20


@pytest.mark.parametrize(
    ("quotas", "seats", "says"),
    [
        (QUOTAS, 30, "pool of 24"),
        ([TraitQuota("sex", "m", 9, 12)], 12, "the pool has 8"),
        ([TraitQuota("sex", "f", 0, 2), TraitQuota("sex", "m", 0, 2)], 6, "fewer than 6"),
        ([TraitQuota("sex", "f", 4, 6), TraitQuota("sex", "m", 4, 6)], 6, "more than 6"),
        ([TraitQuota("age", "old", 1, 1)], 6, "has no age"),
    ],
)
def test_quotas_that_cannot_be_kept_are_refused_with_the_reason(
    quotas: list[TraitQuota], seats: int, says: str
) -> None:
    with pytest.raises(CountError, match=says):
        fair_lottery(POOL, quotas, seats)


def test_quotas_that_only_together_cannot_be_kept_are_refused() -> None:
    pool = [Person("a", {"x": "1", "y": "1"}), Person("b", {"x": "2", "y": "2"})]
    quotas = [TraitQuota("x", "1", 1, 1), TraitQuota("y", "2", 1, 1)]
    with pytest.raises(CountError, match="together"):
        fair_lottery(pool, quotas, 1)


def test_finding_a_panel_prints_nothing_of_its_own() -> None:
    """The solver greets once a process, below Python: what is printed has to stay JSON."""
    code = (
        "from comuna.count.sortition import Person, TraitQuota, fair_lottery\n"
        "fair_lottery([Person(each, {'sex': each[0]}) for each in ('f1', 'f2', 'm1')],\n"
        "             [TraitQuota('sex', 'f', 1, 1)], 2)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout == b""


@pytest.mark.parametrize("method", METHODS)
def test_more_seats_than_any_assembly_has_are_refused_and_not_counted_out(method: str) -> None:
    with pytest.raises(RuleError, match="at most 10000") as refused:
        apportion(method, {"a": 10**15}, 999_999_999, breaker({"a": 1}))
    assert "puestos" in refused.value.es
