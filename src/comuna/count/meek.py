"""Meek's single transferable vote: an elected candidate keeps just the part of every ballot that
makes a quota, and the rest of the ballot goes on, as if the excluded had never stood.

I. D. Hill, B. A. Wichmann, D. R. Woodall, Computer Journal 30 (1987), Algorithm 123, in fixed
point of nine decimals: a candidate's part of a ballot and the keep values are rounded up.
"""

from fractions import Fraction

import numpy as np
import numpy.typing as npt

from comuna.count.guarantees import Guarantees
from comuna.count.lots import TieBreaker
from comuna.count.rankings import Rankings
from comuna.count.result import Explanation, Outcome, Round
from comuna.count.rule import Rule
from comuna.count.runoff import as_ruled, earlier_order
from comuna.count.supports import Ballots

ONE = 10**9  # one vote
CONVERGED = 10**3  # surpluses under a millionth of a vote, all together, are as good as none

Ints = npt.NDArray[np.int64]


def count_stv_meek(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """Meek STV. Winners in the order they were elected.

    Raises BallotError if seats are more than the candidates.
    """
    return _Count(as_ruled(ballots, rule), rule, breaker).run()


class _Count:
    """A count under way: everyone's keep value, and the votes that follow from them."""

    def __init__(self, ballots: Rankings, rule: Rule, breaker: TieBreaker) -> None:
        self.ids = ballots.ids
        self.breaker = breaker
        self.seats = rule.seats or 1
        self.guarantees = Guarantees.of(
            rule.guarantees, ballots.candidates, self.seats, ballots.withdrawn
        )
        self.orders = ballots.orders()
        columns = len(self.orders)
        self.weight = ballots.weight if ballots.weight is not None else np.ones(columns, np.int64)
        self.total = int(self.weight[(self.orders >= 0).any(axis=1)].sum()) * ONE
        # Whole numbers of any size where sixty-four bits might not hold the products.
        self.kind = object if self.total >= 1 << 62 else np.int64
        self.barred_first = [each for each in self.ids if each in (rule.excluded_first or ())]
        # One more than the candidates: index -1, "nobody left", keeps nothing.
        self.keep = np.full(len(self.ids) + 1, ONE, dtype=np.int64)
        self.keep[-1] = 0
        self.continuing = list(self.ids)
        self.elected: list[str] = []
        self.rounds: list[Round] = []
        self.left: dict[str, Explanation] = {}

    def run(self) -> Outcome:
        self._distribute()
        while True:
            newly = self._elect_on_quota()
            vacancies = self.seats - len(self.elected)
            if vacancies == 0:
                break
            first = [each for each in self.barred_first if each in self.continuing]
            if len(self.continuing) - len(first) == vacancies:
                for each in first:
                    self._exclude(each, "stv-excluded-first")
                self._fill()
                break
            barred = self.guarantees.barred(self.elected, self.continuing)
            if barred:
                self._exclude(min(barred, key=self.breaker.ids.index), "stv-barred")
            elif first and not newly:
                self._exclude(first[0], "stv-excluded-first")
            elif not newly and not self._converge():
                self._exclude(self._lowest(), "stv-excluded")
        for each in self.continuing:
            self.left[each] = self._reason(each, "stv-not-reached", len(self.rounds))
        lost = [each for each in self.left if each not in self.elected]
        told = tuple(self.left[each] for each in (*self.elected, *reversed(lost)))
        return Outcome(tuple(self.elected), tuple(self.rounds), told)

    def _distribute(self) -> None:
        """Pass every ballot down its choices, each keeping its part; then votes and quota."""
        rest = np.full(len(self.orders), ONE, dtype=np.int64)
        received = np.zeros(len(self.ids) + 1, dtype=self.kind)
        for place in range(self.orders.shape[1]):
            here = self.orders[:, place]
            part = -(-rest * self.keep[here] // ONE)
            rest -= part
            np.add.at(received, here, part.astype(self.kind) * self.weight)
        self.votes = {each: int(received[c]) for c, each in enumerate(self.ids)}
        self.quota = sum(self.votes.values()) // (self.seats + 1) + 1

    def _converge(self) -> bool:
        """Adjust the keep values until someone reaches the quota (True) or no surplus to speak of
        is left (False)."""
        before = None
        while True:
            surplus = sum(max(0, self.votes[each] - self.quota) for each in self.elected)
            if surplus < CONVERGED or (before is not None and surplus >= before):
                return False
            before = surplus
            for each in self.elected:
                c = self.ids.index(each)
                kept = int(self.keep[c]) * self.quota
                self.keep[c] = min(ONE, -(-kept // self.votes[each]))
            self._distribute()
            if any(
                self.votes[each] >= self.quota
                for each in self.continuing
                if each not in self.barred_first
            ):
                return True

    def _elect_on_quota(self) -> list[str]:
        there = sorted(
            (
                each
                for each in self.continuing
                if self.votes[each] >= self.quota and each not in self.barred_first
            ),
            key=lambda each: (-self.votes[each], self.breaker.ids.index(each)),
        )
        newly = []
        for each in there:
            others = [one for one in self.continuing if one != each]
            if self.guarantees.possible([*self.elected, each], others):
                self._elect(each, "stv-quota")
                newly.append(each)
        if newly or not self.rounds:
            self._note("elect" if newly else "count", tuple(newly))
        return newly

    def _fill(self) -> None:
        order = sorted(self.continuing, key=lambda e: (-self.votes[e], self.breaker.ids.index(e)))
        for each in order:
            self._elect(each, "stv-filled")
        self._note("elect", tuple(order))

    def _elect(self, each: str, why: str) -> None:
        self.continuing.remove(each)
        self.elected.append(each)
        self.left[each] = self._reason(each, why, len(self.rounds) + 1)

    def _lowest(self) -> str:
        kept = self.guarantees.guarded(self.elected, self.continuing)
        free = [each for each in self.continuing if each not in kept]
        low = min(self.votes[each] for each in free)
        level = [each for each in free if self.votes[each] == low]
        if len(level) == 1:
            return level[0]
        return earlier_order(level, self.rounds, self.breaker, "exclude", len(self.rounds) + 1)[-1]

    def _exclude(self, each: str, why: str) -> None:
        self.left[each] = self._reason(each, why, len(self.rounds))
        self.continuing.remove(each)
        self.keep[self.ids.index(each)] = 0
        self._distribute()
        self._note("exclude", (each,))

    def _note(self, action: str, candidates: tuple[str, ...]) -> None:
        votes = {each: Fraction(number, ONE) for each, number in self.votes.items()}
        before = self.rounds[-1].votes if self.rounds else {}
        gained = {
            each: number - before[each]
            for each, number in votes.items()
            if each in before and number > before[each]
        }
        keep = {each: Fraction(int(self.keep[self.ids.index(each)]), ONE) for each in self.elected}
        left_over = Fraction(self.total - sum(self.votes.values()), ONE)
        facts = {"quota": Fraction(self.quota, ONE), "keep": keep}
        self.rounds.append(Round(action, candidates, votes, gained, left_over, facts))

    def _reason(self, each: str, key: str, stage: int) -> Explanation:
        return Explanation(
            each,
            key,
            {
                "round": stage,
                "total": Fraction(self.votes[each], ONE),
                "quota": Fraction(self.quota, ONE),
                "missing": max(Fraction(self.quota - self.votes[each], ONE), Fraction(0)),
            },
        )
