"""Committees from approvals: Adams' approval voting, and the maximin support method.

Adams: the committee in which most ballots have someone; of those, the one with the most
satisfaction, where the second of a ballot's counts one, the third a half, the fourth a third: to
each list of approvals what Adams' divisors give a party. Maximin support: seats are filled one by
one so that the least supported of the elected has as much support of its own as can be, if every
ballot may be shared among those it approves (L. Sánchez-Fernández, N. Fernández-García, J. A.
Fisteus, M. Brill, Mathematical Programming 203 (2024), arXiv 1609.05370); on lists it is D'Hondt.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from comuna.count.errors import BallotError
from comuna.count.guarantees import too_few
from comuna.count.lots import TieBreaker
from comuna.count.rankings import Rankings
from comuna.count.result import Explanation, Outcome, Round
from comuna.count.rule import Rule
from comuna.count.supports import Ballots, Supports

MOST_STEPS = 200_000  # of the search for the best committee
MOST_EQUAL = 5_000  # committees that are all the best
Score = tuple[int, int]
"""Ballots with someone in it; and satisfaction in parts of one."""


def count_adams(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """The best committee, found by looking at every one that might be. Of several equally good, the
    one with whom the rule's last word prefers. Raises BallotError where looking takes too long."""
    approvals, seats = _approvals(ballots, rule)
    search = _Search(_Patterns(approvals), seats)
    search.run()
    chosen = _preferred(search.best, approvals.ids, breaker)
    covered, satisfied = search.score
    rounds = (
        Round(
            "elect",
            tuple(approvals.ids[c] for c in chosen),
            dict(zip(approvals.ids, approvals.votes(), strict=True)),
            facts={"covered": covered, "satisfaction": Fraction(satisfied, search.one)},
        ),
    )
    votes = approvals.votes()
    told = []
    for c in sorted(range(len(votes)), key=lambda c: (c not in chosen, -votes[c])):
        facts: dict[str, Any] = {"votes": votes[c], "covered": covered}
        if c in chosen:
            told.append(Explanation(approvals.ids[c], "adams-won", facts))
            continue
        swaps = [search.of([*(each for each in chosen if each != one), c]) for one in chosen]
        best = max(swaps)
        key = "adams-lost-cover" if best[0] < covered else "adams-lost"
        key = "adams-lost-tie" if best == search.score else key
        facts |= {"instead": best[0], "short": Fraction(satisfied - best[1], search.one)}
        told.append(Explanation(approvals.ids[c], key, facts))
    notes = {"represented": covered}
    return Outcome(tuple(approvals.ids[c] for c in chosen), rounds, tuple(told), notes)


def count_maximin_support(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """Seat by seat, whoever leaves the least supported of the elected with most."""
    approvals, seats = _approvals(ballots, rule)
    patterns = _Patterns(approvals)
    ids, votes = approvals.ids, approvals.votes()
    elected: list[int] = []
    rounds: list[Round] = []
    won: list[Explanation] = []
    supports: dict[int, Fraction] = {}
    for number in range(1, seats + 1):
        supports = _supports(patterns, elected, len(ids))
        best = max(supports.values())
        level = {ids[c]: c for c, had in supports.items() if had == best}
        each = breaker.order(level, "elect", number)[0]
        elected.append(level[each])
        rounds.append(Round("elect", (each,), {ids[c]: had for c, had in supports.items()}))
        facts = {"round": number, "votes": votes[level[each]], "support": best}
        won.append(Explanation(each, "maximin-won", facts))
    last = supports[elected[-1]]
    lost = []
    for c in sorted(set(range(len(ids))) - set(elected), key=lambda c: -votes[c]):
        had = supports.get(c, Fraction(0))
        key = "maximin-lost" if had < last else "maximin-lost-tie"
        lost.append(Explanation(ids[c], key, {"votes": votes[c], "support": had, "last": last}))
    notes = {"represented": patterns.covered(elected)}
    return Outcome(tuple(ids[c] for c in elected), tuple(rounds), (*won, *lost), notes)


def _approvals(ballots: Ballots, rule: Rule) -> tuple[Supports[Any], int]:
    if isinstance(ballots, Rankings) or ballots.kind not in ("approval", "choose-1"):
        raise BallotError(
            f"{rule.method} reads approvals, not orders or points",
            f"{rule.method} lee aprobaciones, no órdenes ni puntos",
        )
    seats = rule.seats or 1
    if seats > len(ballots.ids):
        raise too_few(seats, ballots.candidates)
    return ballots, seats


class _Patterns:
    """Different ballots: `approves[p, c]`, and how many there are of each."""

    def __init__(self, approvals: Supports[Any]) -> None:
        size = len(approvals.candidates)
        approves = np.zeros((len(approvals.weight), size), dtype=bool)
        approves[approvals.group, np.repeat(np.arange(size), np.diff(approvals.start))] = True
        alike, place = np.unique(approves, axis=0, return_inverse=True)
        self.approves: npt.NDArray[np.bool_] = alike
        self.weight = np.zeros(len(alike), dtype=np.int64)
        np.add.at(self.weight, place.reshape(-1), approvals.weight)

    def covered(self, chosen: Sequence[int]) -> int:
        """How many ballots approve any of these."""
        return int(self.weight[self.approves[:, list(chosen)].any(axis=1)].sum())


@dataclass
class _Search:
    """The search for the committees with the highest score: depth first, leaving out those that
    even the best additions, each counted as if it came first, could not lift to the best known."""

    patterns: _Patterns
    seats: int
    best: list[list[int]] = field(default_factory=list)
    score: Score = (-1, -1)
    steps: int = 0

    def __post_init__(self) -> None:
        self.one = lcm(*range(1, self.seats + 1))
        self.gain = np.array([self.one, *(self.one // n for n in range(1, self.seats + 1))])
        self.large = int(self.patterns.weight.sum()) * self.one >= 1 << 58
        if self.large:
            self.gain = self.gain.astype(object)

    def of(self, chosen: Sequence[int]) -> Score:
        """A committee's score."""
        have = np.zeros(len(self.patterns.weight), dtype=np.int64)
        total = (0, 0)
        for c in chosen:
            total = _plus(total, self._gains(have)[c])
            have += self.patterns.approves[:, c]
        return total

    def run(self) -> None:
        have = np.zeros(len(self.patterns.weight), dtype=np.int64)
        order = list(range(self.patterns.approves.shape[1]))
        greedy: list[int] = []
        for _ in range(self.seats):  # a good committee first, so that much is left out
            gains = self._gains(have)
            each = max((c for c in order if c not in greedy), key=gains.__getitem__)
            greedy.append(each)
            have = have + self.patterns.approves[:, each]
        self.score = self.of(greedy)
        first = self._gains(np.zeros_like(have))
        order.sort(key=lambda c: first[c], reverse=True)
        self._look([], (0, 0), np.zeros_like(have), order)

    def _look(
        self, chosen: list[int], so_far: Score, have: npt.NDArray[np.int64], left: Sequence[int]
    ) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS or len(self.best) > MOST_EQUAL:
            raise BallotError(
                "too many committees might be the best to look at each; ask for maximin-support "
                "or phragmen, which fill seats one by one",
                "demasiadas juntas podrían ser la mejor para mirarlas todas; pida maximin-support "
                "o phragmen, que ocupan los puestos uno por uno",
            )
        missing = self.seats - len(chosen)
        if not missing:
            if so_far > self.score:
                self.score, self.best = so_far, []
            if so_far == self.score:
                self.best.append(sorted(chosen))
            return
        gains = self._gains(have)
        for at, each in enumerate(left[: len(left) - missing + 1]):
            rest = sorted((gains[c] for c in left[at + 1 :]), reverse=True)[: missing - 1]
            bound = _plus(so_far, gains[each])
            # What a candidate adds only lessens as others come in, part by part.
            most = (bound[0] + sum(g[0] for g in rest), 0)
            if most[0] < self.score[0]:
                continue
            if (
                most[0] == self.score[0]
                and bound[1] + self._most(left[at + 1 :], gains, missing - 1) < self.score[1]
            ):
                continue  # fmt: skip
            self._look(
                [*chosen, each], bound, have + self.patterns.approves[:, each], left[at + 1 :]
            )

    @staticmethod
    def _most(left: Sequence[int], gains: Sequence[Score], many: int) -> int:
        return sum(sorted((gains[c][1] for c in left), reverse=True)[:many])

    def _gains(self, have: npt.NDArray[np.int64]) -> list[Score]:
        weight, approves = self.patterns.weight, self.patterns.approves
        new = (weight * (have == 0)) @ approves
        more = (weight.astype(self.gain.dtype) * self.gain[have]) @ approves
        return [(int(a), int(b)) for a, b in zip(new, more, strict=True)]


def _plus(one: Score, other: Score) -> Score:
    return one[0] + other[0], one[1] + other[1]


def _preferred(
    committees: Sequence[Sequence[int]], ids: Sequence[str], breaker: TieBreaker
) -> list[int]:
    """Of equally good committees, the one with the most preferred of those in whom they differ,
    then the next."""
    if len(committees) > 1:
        common = set(committees[0]).intersection(*committees)
        differ = {ids[c]: c for each in committees for c in each if c not in common}
        place = {differ[each]: n for n, each in enumerate(breaker.order(differ, "elect", 1))}
        return list(min(committees, key=lambda each: sorted(place[c] for c in each if c in place)))
    return list(committees[0])


def _supports(patterns: _Patterns, elected: Sequence[int], candidates: int) -> dict[int, Fraction]:
    """For each candidate not elected, what the least supported would have if it were."""
    return {
        c: least_support(patterns.approves, patterns.weight, [*elected, c])
        for c in range(candidates)
        if c not in elected
    }


def least_support(
    approves: npt.NDArray[np.bool_], weight: npt.NDArray[np.int64], chosen: Sequence[int]
) -> Fraction:
    """The most that the least supported of `chosen` can have when each ballot is shared among
    those of them it approves: the least, over groups of them, of ballots for any of the group by
    how many they are. Found by ever smaller ratios, each from a cut in a network."""
    alike, place = np.unique(approves[:, list(chosen)], axis=0, return_inverse=True)
    heavy = np.zeros(len(alike), dtype=np.int64)
    np.add.at(heavy, place.reshape(-1), weight)
    papers = [
        (np.flatnonzero(row).tolist(), int(many))
        for row, many in zip(alike, heavy, strict=True)
        if row.any() and many
    ]
    group = set(range(len(chosen)))
    while True:
        backing = sum(many for who, many in papers if not group.isdisjoint(who))
        ratio = Fraction(backing, len(group))
        smaller = _worse(papers, len(chosen), ratio)
        if not smaller:
            return ratio
        group = smaller


def _worse(papers: Sequence[tuple[list[int], int]], size: int, ratio: Fraction) -> set[int]:
    """A group with fewer ballots a head than `ratio`; empty if there is none. Each candidate asks
    for `ratio` of the ballots that approve it: those who cannot all be served, and whoever shares
    their ballots, are such a group."""
    asks, parts = ratio.numerator, ratio.denominator
    room = [many * parts for _, many in papers]
    given: list[dict[int, int]] = [{} for _ in papers]
    of: list[list[int]] = [[] for _ in range(size)]
    for p, (who, _) in enumerate(papers):
        for c in who:
            of[c].append(p)
    short: set[int] = set()
    for c in range(size):
        need = asks
        while need:
            reached: dict[int, tuple[int, int]] = {}  # paper: (candidate that takes, from paper)
            seen, queue, end = {c}, deque([c]), -1
            via: dict[int, int] = {c: -1}
            while queue and end < 0:
                one = queue.popleft()
                for p in of[one]:
                    if p in reached:
                        continue
                    reached[p] = (one, via[one])
                    if room[p]:
                        end = p
                        break
                    for other in given[p]:
                        if other not in seen:
                            seen.add(other)
                            via[other] = p
                            queue.append(other)
            if end < 0:
                short |= seen
                break
            path, p = [], end
            while p >= 0:
                taker, before = reached[p]
                path.append((p, taker, before))
                p = before
            amount = min(need, room[end], *(given[before][taker] for _, taker, before in path
                                            if before >= 0))  # fmt: skip
            room[end] -= amount
            for p, taker, before in path:
                given[p][taker] = given[p].get(taker, 0) + amount
                if before >= 0:
                    given[before][taker] -= amount
                    if not given[before][taker]:
                        del given[before][taker]
            need -= amount
        if short:
            return short
    return short
