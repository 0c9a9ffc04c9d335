"""The rules that others have: transferable votes with other quotas and decimals, seats by runoffs,
equal first choices, vetoes, and committees; each against a second, naive counting of its own."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comuna.count.candidates import Candidate
from comuna.count.errors import BallotError, LotNeededError, RuleError
from comuna.count.lots import TieBreaker
from comuna.count.methods import count
from comuna.count.rule import Rule
from comuna.count.seats import apportion
from comuna.count.supports import Supports

from .helpers import approvals, rankings

IDS = "ABCDE"
weak_orders = st.lists(st.integers(0, 4), min_size=5, max_size=5)
"""A place for each of five candidates, 0 for none; equal places are equals."""
profiles = st.lists(st.tuples(st.integers(1, 5), weak_orders), min_size=1, max_size=8)
strict_profiles = st.lists(
    st.tuples(st.integers(1, 9), st.lists(st.sampled_from(IDS), min_size=1, unique=True)),
    min_size=1,
    max_size=8,
)
approving = st.lists(
    st.tuples(st.integers(1, 6), st.lists(st.sampled_from(IDS), min_size=1, unique=True)),
    min_size=1,
    max_size=7,
)


def weak(profile: Sequence[tuple[int, Sequence[int]]]) -> list[tuple[int, str]]:
    """As text, `A=B>C`."""
    found = []
    for many, places in profile:
        steps = sorted({place for place in places if place})
        groups = (
            "=".join(each for each, at in zip(IDS, places, strict=True) if at == step)
            for step in steps
        )
        found.append((many, ">".join(groups)))
    return found


def named(profile: list[tuple[int, str]]) -> bool:
    return any(text for _, text in profile)


def naive_tied_runoff(profile: list[tuple[int, str]], whole: bool) -> str:
    """One out at a time; of several last, who was lowest in the latest earlier round where they
    differ, then the last in order of id."""
    standing, history = list(IDS), []
    while True:
        totals = dict.fromkeys(standing, Fraction(0))
        for many, text in profile:
            for group in text.split(">"):
                top = [each for each in group.split("=") if each in standing]
                if top:
                    for each in top:
                        totals[each] += Fraction(many, 1 if whole else len(top))
                    break
        history.append(totals)
        if len(standing) == 1:
            return standing[0]
        low = min(totals.values())
        tied = [each for each in standing if totals[each] == low]
        higher = [n for n in totals.values() if n > low]
        if len(tied) > 1 and higher and low * len(tied) < min(higher):
            standing = [each for each in standing if each not in tied]
            continue
        for earlier in reversed(history):
            least = min(earlier[each] for each in tied)
            tied = [each for each in tied if earlier[each] == least]
        standing.remove(tied[-1])


@settings(max_examples=150, deadline=None)
@given(profiles, st.booleans())
def test_equal_first_choices_count_as_counted_by_hand(
    profile: list[tuple[int, list[int]]], whole: bool
) -> None:
    text = weak(profile)
    if named(text):
        rule = Rule(method="approval-irv" if whole else "split-irv", ties=("id",))
        assert count(rule, rankings(text, IDS)).winners == (naive_tied_runoff(text, whole),)


def test_approval_runoff_hears_what_split_runoff_parts() -> None:
    """A common second to two camps: whole approvals keep it, halves lose it first."""
    profile = rankings({"A=C": 5, "B=C": 4, "A": 3, "B": 3}, "ABC")
    assert count(Rule(method="approval-irv"), profile).winners == ("C",)
    assert count(Rule(method="split-irv"), profile).winners == ("A",)


@settings(max_examples=80, deadline=None)
@given(strict_profiles)
def test_without_equals_both_are_instant_runoff(profile: list[tuple[int, list[str]]]) -> None:
    ballots = rankings([(many, ">".join(order)) for many, order in profile], IDS)
    found = {
        count(Rule(method=method, ties=("id",)), ballots).winners[0]
        for method in ("irv", "approval-irv", "split-irv", "bottoms-up")
    }
    assert len(found) == 1


def naive_stv(
    profile: list[tuple[int, str]], seats: int, decimals: int, quota_of: str
) -> list[str] | None:
    """Paper by paper, in integers of the smallest part; None where a tie decides."""
    one = 10**decimals
    papers = [[many, one, text.split(">")] for many, text in profile if text]
    valid = sum(many for many, _, _ in papers)
    standing, elected, pending = list(IDS), [], []
    kept = dict.fromkeys(IDS, 0)

    def held(each: str) -> list[list[object]]:
        return [p for p in papers if p[2] and p[2][0] == each]  # type: ignore[index]

    def pass_on(each: str) -> None:
        """To the next choice that continues; never to one elected whose surplus waits."""
        for p in held(each):
            while p[2] and p[2][0] not in standing:  # type: ignore[index]
                p[2].pop(0)  # type: ignore[attr-defined]

    def votes(each: str) -> int:
        return sum(p[0] * p[1] for p in held(each))  # type: ignore[operator,misc]

    first = -(-valid // seats) if quota_of == "hare" else valid // (seats + 1) + 1
    while True:
        quota = first * one
        if quota_of == "droop-each-round":
            total = sum(kept.values()) + sum(votes(each) for each in [*standing, *pending])
            quota = (total // (one * (seats + 1)) + 1) * one
        there = sorted(
            (each for each in standing if votes(each) >= quota), key=lambda e: (-votes(e), e)
        )
        for each in there:
            standing.remove(each)
            elected.append(each)
            pending.append(each)
        if len(elected) >= seats:
            return elected[:seats] if len(elected) == seats else None
        if len(standing) == seats - len(elected):
            return elected + sorted(standing, key=lambda e: (-votes(e), e))
        over = [each for each in pending if votes(each) > quota]
        for each in [e for e in pending if e not in over]:
            kept[each] += votes(each)
            for p in held(each):
                p[2] = []
            pending.remove(each)
        if over:
            top = max(votes(each) for each in over)
            level = [each for each in over if votes(each) == top]
            if len(level) > 1:
                return None
            each, total = level[0], votes(level[0])
            pending.remove(each)
            kept[each] = quota
            for p in held(each):
                p[1] = (total - quota) * p[1] // total  # type: ignore[operator]
            pass_on(each)
            continue
        low = min(votes(each) for each in standing)
        level = [each for each in standing if votes(each) == low]
        if len(level) > 1:
            return None
        standing.remove(level[0])
        pass_on(level[0])


@settings(max_examples=150, deadline=None)
@given(
    strict_profiles,
    st.integers(1, 3),
    st.integers(0, 12),
    st.sampled_from(["droop", "hare", "droop-each-round"]),
)
def test_transferable_votes_of_any_quota_and_decimals_are_those_counted_paper_by_paper(
    profile: list[tuple[int, list[str]]], seats: int, decimals: int, quota_of: str
) -> None:
    text = [(many, ">".join(order)) for many, order in profile]
    rule = Rule(
        method="stv-gregory", seats=seats, decimals=decimals, quota_of=quota_of, ties=("id",)
    )
    ours = count(rule, rankings(text, IDS))
    theirs = naive_stv(text, seats, decimals, quota_of)
    if theirs is not None:
        assert sorted(ours.winners) == sorted(theirs)


def test_who_was_elected_without_a_surplus_keeps_all_when_the_quota_lessens() -> None:
    profile = rankings({"A>B": 9, "A": 4, "D": 13, "C": 5, "B": 8, "E": 9}, IDS)
    rule = Rule(method="stv-gregory", seats=3, quota_of="droop-each-round", ties=("id",))
    assert set(count(rule, profile).winners) == {"A", "D", "E"}


def test_five_decimals_and_droop_are_the_scottish_count() -> None:
    profile = rankings({"A>B>C": 50, "B>D": 7, "C>D>B": 20, "D>C": 21, "E>B": 9}, IDS)
    scottish = count(Rule(method="stv-scottish", seats=3), profile)
    gregory = count(Rule(method="stv-gregory", seats=3), profile)
    assert gregory.rounds == scottish.rounds


def test_the_quotas_are_those_of_their_names() -> None:
    profile = rankings({"A": 60, "B": 25, "C": 15}, "ABC")
    quota = {
        each: count(Rule(method="stv-gregory", seats=2, quota_of=each), profile).rounds[0].facts
        for each in ("droop", "hare", "droop-each-round")
    }
    assert quota["droop"]["quota"] == 34
    assert quota["hare"]["quota"] == 50
    last = count(Rule(method="stv-gregory", seats=2, quota_of="droop-each-round"), profile)
    # A's surplus finds no next choice: what is in play lessens, and with it the quota.
    assert last.rounds[1].facts["quota"] == 34
    assert last.winners == ("A", "B")
    with pytest.raises(RuleError, match="decimals go to 12"):
        Rule(method="stv-gregory", seats=2, decimals=13)


def test_seats_one_by_one_go_to_the_majority_and_bottoms_up_to_who_stays() -> None:
    profile = rankings({"A>B>C>D": 51, "C>D": 30, "D>C": 19}, "ABCD")
    assert count(Rule(method="irv-sequential", seats=2), profile).winners == ("A", "B")
    assert count(Rule(method="bottoms-up", seats=2), profile).winners == ("A", "C")
    assert count(Rule(method="stv-gregory", seats=2), profile).winners == ("A", "C")


@settings(max_examples=80, deadline=None)
@given(strict_profiles, st.integers(1, 4))
def test_sequential_seats_are_runoffs_without_those_elected(
    profile: list[tuple[int, list[str]]], seats: int
) -> None:
    text = [(many, ">".join(order)) for many, order in profile]
    ours = count(Rule(method="irv-sequential", seats=seats, ties=("id",)), rankings(text, IDS))
    left = IDS
    for each in ours.winners:
        papers = [(many, kept) for many, t in text if (kept := ">".join(x for x in t if x in left))]
        if not papers:
            break
        alone = count(Rule(method="irv", ties=("id",)), rankings(papers, left))
        assert alone.winners == (each,)
        left = left.replace(each, "")


def test_who_is_excluded_first_cannot_be_elected_by_any_count_in_rounds() -> None:
    profile = rankings({"U>A>B": 6, "A>B": 3, "B>A": 2}, "ABU")
    for method in ("irv", "stv-scottish", "stv-gregory", "stv-meek", "approval-irv", "bottoms-up"):
        rule = Rule(method=method, excluded_first=("U",))
        assert count(rule, profile).winners == ("A",), method
    with pytest.raises(BallotError, match="who does not stand"):
        count(Rule(method="irv", excluded_first=("X",)), profile)


PAPERS = rankings([(1, "A>B"), (1, "A=B>C"), (1, "C>A")], "ABC")


@pytest.mark.parametrize(
    ("overvotes", "first", "stopped"),
    [("exhaust", {"A": 1, "B": 0, "C": 1}, 1), ("skip", {"A": 1, "B": 0, "C": 2}, 0)],
)
def test_a_rule_says_what_becomes_of_equal_ranks(
    overvotes: str, first: dict[str, int], stopped: int
) -> None:
    result = count(Rule(method="irv", overvotes=overvotes, ties=("id",)), PAPERS)
    assert (result.rounds[0].votes, result.rounds[0].exhausted) == (first, stopped)
    assert result.notes["papers"]["equal"] == 1


def test_equal_ranks_may_stop_a_paper_only_while_several_of_them_stand() -> None:
    profile = rankings({"A=B>C": 3, "D>A": 4, "C": 5, "B>C": 1}, "ABCD")
    rule = Rule(method="irv", overvotes="exhaust-if-several", ties=("id",))
    result = count(rule, profile)
    assert result.rounds[0].exhausted == 3  # stopped for good: A goes out, but they stay stopped
    one = rankings({"A=B>C": 3, "D": 4, "C": 5, "A": 1}, "ABCD")
    gone = Rule(method="irv", overvotes="exhaust-if-several", ties=("id",))
    assert count(gone, one).rounds[0].exhausted == 3
    with pytest.raises(RuleError, match="exhaust-if-several is for irv"):
        Rule(method="stv-scottish", overvotes="exhaust-if-several")


def naive_simultaneous_veto(profile: list[tuple[int, str]], seats: int) -> set[str] | None:
    """The clock moved on to each moment at which someone runs out; None where a tie decides."""
    papers = []
    for many, text in profile:
        groups = [group.split("=") for group in text.split(">")]
        rest = [each for each in IDS if all(each not in group for group in groups)]
        papers.append((many, groups, [*groups, rest] if rest else groups))
    score = dict.fromkeys(IDS, Fraction(0))
    for many, groups, _ in papers:
        for each in groups[0]:
            score[each] += Fraction(many, len(groups[0]))
    while len(score) > seats:
        load = dict.fromkeys(score, Fraction(0))
        for many, _, groups in papers:
            last = next(g for g in reversed(groups) if any(each in score for each in g))
            here = [each for each in last if each in score]
            for each in here:
                load[each] += Fraction(many, len(here))
        pace = min(score[each] / load[each] for each in score if load[each])
        for each in score:
            score[each] -= pace * load[each]
        gone = [each for each in score if not score[each] and load[each]]
        if len(gone) > 1 or not any(score.values()):
            return None
        del score[gone[0]]
    return set(score)


@settings(max_examples=150, deadline=None)
@given(profiles, st.integers(1, 3))
def test_vetoes_at_one_pace_leave_whom_the_clock_leaves(
    profile: list[tuple[int, list[int]]], seats: int
) -> None:
    text = [each for each in weak(profile) if each[1]]
    if not text:
        return
    rule = Rule(method="simultaneous-veto", seats=seats, ties=("id",))
    expected = naive_simultaneous_veto(text, seats)
    if expected is not None:
        assert set(count(rule, rankings(text, IDS)).winners) == expected


def test_vetoes_by_hand() -> None:
    """A 4, B 3, C 2. A's and B's papers take from C (7), C's from A (2): C is out after 2/7."""
    profile = rankings({"A>B>C": 4, "B>A>C": 3, "C>B>A": 2}, "ABC")
    result = count(Rule(method="simultaneous-veto"), profile)
    assert result.rounds[1].votes == {"A": Fraction(24, 7), "B": 3}
    assert result.winners == ("B",)
    assert result.rounds[2].candidates == ("A",)


def test_vetoes_paper_by_paper_need_an_order_by_lot() -> None:
    profile = rankings({"A>B>C": 4, "B>A>C": 3, "C>B>A": 2}, "ABC")
    with pytest.raises(LotNeededError):
        count(Rule(method="serial-veto"), profile)
    by_lot = {count(Rule(method="serial-veto"), profile, f"seed {n}").winners for n in range(9)}
    assert by_lot <= {("A",), ("B",)}
    parted = rankings([(2, "A>B>C"), (3, "B>A>C"), (2, "A>B>C"), (2, "C>B>A")], "ABC")
    for n in range(5):
        rule = Rule(method="serial-veto")
        assert count(rule, profile, f"s{n}").rounds == count(rule, parted, f"s{n}").rounds


@settings(max_examples=60, deadline=None)
@given(strict_profiles)
def test_vetoes_never_elect_whom_more_than_half_rank_last(
    profile: list[tuple[int, list[str]]],
) -> None:
    text = [(many, ">".join(order)) for many, order in profile]
    total = sum(many for many, _ in text)
    for method in ("simultaneous-veto", "serial-veto"):
        winner = count(Rule(method=method, ties=("id",)), rankings(text, IDS)).winners[0]
        last = sum(many for many, t in text if t.endswith(winner) and len(t.split(">")) == len(IDS))
        assert 2 * last <= total


def lists(parties: dict[str, int], size: int) -> Supports[Candidate]:
    """Ballots that approve all of one party's `size` candidates."""
    ids = [f"{party}{n}" for party in parties for n in range(size)]
    return Supports.from_ballots(
        [Candidate(each) for each in ids],
        "approval",
        [
            (many, {ids.index(f"{party}{n}"): 1 for n in range(size)})
            for party, many in parties.items()
        ],
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=2, max_size=3), st.integers(1, 4))
def test_on_lists_maximin_support_is_dhondt_and_adams_is_adams(
    votes: list[int], seats: int
) -> None:
    parties = dict(zip("XYZ", votes, strict=False))
    ballots = lists(parties, seats)
    for method, divisors in (("maximin-support", "dhondt"), ("adams", "adams")):
        rule = Rule(method=method, seats=seats, ties=("id",))
        winners = count(rule, ballots).winners
        ours = {party: sum(each[0] == party for each in winners) for party in parties}
        breaker = TieBreaker("id", sorted(parties))
        theirs = apportion(divisors, parties, seats, breaker)
        if not breaker.ties:
            assert ours == dict(theirs.seats)


def adams_score(ballots: list[tuple[int, str]], committee: tuple[str, ...]) -> tuple[int, Fraction]:
    covered, satisfied = 0, Fraction(0)
    for many, text in ballots:
        have = sum(each in committee for each in text)
        covered += many * (have > 0)
        satisfied += many * (min(have, 1) + sum(Fraction(1, n) for n in range(1, have)))
    return covered, satisfied


@settings(max_examples=120, deadline=None)
@given(approving, st.integers(1, 4))
def test_adams_committee_is_the_best_of_all(
    profile: list[tuple[int, list[str]]], seats: int
) -> None:
    text = [(many, "".join(each)) for many, each in profile]
    winners = count(Rule(method="adams", seats=seats, ties=("id",)), approvals(text, IDS)).winners
    best = max(adams_score(text, each) for each in combinations(IDS, seats))
    assert adams_score(text, winners) == best
    firsts = [each for each in combinations(IDS, seats) if adams_score(text, each) == best]
    assert tuple(sorted(winners)) == firsts[0]


def naive_support(ballots: list[tuple[int, str]], chosen: tuple[str, ...]) -> Fraction:
    return min(
        Fraction(sum(many for many, text in ballots if set(text) & set(group)), len(group))
        for size in range(1, len(chosen) + 1)
        for group in combinations(chosen, size)
    )


@settings(max_examples=120, deadline=None)
@given(approving, st.integers(1, 4))
def test_each_seat_of_maximin_support_leaves_the_least_supported_most(
    profile: list[tuple[int, list[str]]], seats: int
) -> None:
    text = [(many, "".join(each)) for many, each in profile]
    rule = Rule(method="maximin-support", seats=seats, ties=("id",))
    chosen: tuple[str, ...] = ()
    result = count(rule, approvals(text, IDS))
    for each, step in zip(result.winners, result.rounds, strict=True):
        could = {o: naive_support(text, (*chosen, o)) for o in IDS if o not in chosen}
        assert step.votes == could
        assert each == min(o for o in could if could[o] == max(could.values()))
        chosen = (*chosen, each)


def test_too_large_a_search_is_refused_and_says_what_to_ask_for() -> None:
    ids = [f"c{n:02}" for n in range(60)]
    ballots = [(1, {(7 * n + step) % 60: 1 for step in (0, 11, 23, 31)}) for n in range(60)]
    wide = Supports.from_ballots([Candidate(each) for each in ids], "approval", ballots)
    with pytest.raises(BallotError, match="fill seats one by one"):
        count(Rule(method="adams", seats=15, ties=("id",)), wide)


def test_block_may_give_each_ballot_fewer_votes_than_seats_or_more() -> None:
    ballots = rankings({"A>B>C>D": 5, "D>C": 4}, "ABCD")
    assert count(Rule(method="block", seats=2), ballots).winners == ("A", "B")
    wide = Rule(method="block", seats=2, votes_each=3, ties=("id",))
    assert count(wide, ballots).winners == ("C", "A")


def test_points_longer_than_64_bits_in_parts_of_one_are_refused() -> None:
    with pytest.raises(BallotError, match="too large"):
        Supports.from_ballots([Candidate("a")], "scoring", [(1, {0: 10**20})])
