"""Single transferable vote to the letter of the Scottish Local Government Elections Order 2007
(SSI 2007/42, schedule 1, rules 45-52), where votes are integers in hundred-thousandths of a vote;
and the same weighted inclusive Gregory transfers with other decimals and other quotas."""

from fractions import Fraction

import numpy as np

from comuna.count.guarantees import Guarantees
from comuna.count.lots import TieBreaker
from comuna.count.rankings import Rankings
from comuna.count.result import Explanation, Number, Outcome, Round
from comuna.count.rule import Rule
from comuna.count.runoff import as_ruled, earlier_order
from comuna.count.supports import Ballots

DECIMALS = 5  # of transfer values; the rest is ignored (rule 48(3))


def count_stv_scottish(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """Scottish STV (weighted inclusive Gregory). Winners in the order they were deemed elected.

    Raises BallotError if seats are missing, or more than the candidates.
    """
    return _Count(as_ruled(ballots, rule), rule, breaker).run()


def count_stv_gregory(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """The same stages with transfer values of as many decimals as the rule says and its quota:
    `droop`, `hare`, or `droop-each-round`, which shares out only what is still in play (Albany,
    California). Raises as `count_stv_scottish` does."""
    return _Count(as_ruled(ballots, rule), rule, breaker).run()


class _Count:
    """A count under way: who holds each ballot, at what value, and how everyone stands."""

    def __init__(self, ballots: Rankings, rule: Rule, breaker: TieBreaker) -> None:
        self.ids = ballots.ids
        self.breaker = breaker
        self.seats = rule.seats or 1
        self.one: int = 10 ** (DECIMALS if rule.decimals is None else rule.decimals)
        self.quota_of = rule.quota_of or "droop"
        self.guarantees = Guarantees.of(
            rule.guarantees, ballots.candidates, self.seats, ballots.withdrawn
        )
        orders = ballots.orders()
        # A last column of "nobody left" stops every ballot that has run out of choices.
        self.orders = np.column_stack((orders, np.full(len(orders), -1)))
        columns = len(orders)
        self.weight = ballots.weight if ballots.weight is not None else np.ones(columns, np.int64)
        self.place = np.zeros(columns, dtype=np.int64)
        # Whole numbers of any size where sixty-four bits might not hold the products.
        large = ballots.total().bit_length() + 2 * self.one.bit_length() > 62
        self.value = np.full(columns, self.one, dtype=object if large else np.int64)
        self.barred_first = [each for each in self.ids if each in (rule.excluded_first or ())]
        self.votes = dict.fromkeys(self.ids, 0)
        self.continuing = list(self.ids)
        self.elected: list[str] = []
        self.pending: list[str] = []
        self.rounds: list[Round] = []
        self.left: dict[str, Explanation] = {}

    def run(self) -> Outcome:
        received = self._move(np.arange(len(self.place)), advance=0)
        # Rule 46: papers that name nobody are not valid papers and do not count in the quota.
        self.valid = sum(received.values()) // self.one
        self.quota = self._quota(self.valid)
        self._credit("count", (), received)
        while True:
            if self.quota_of == "droop-each-round":
                self.quota = self._quota(Fraction(sum(self.votes.values()), self.one))
            self._elect_on_quota()
            if len(self.elected) == self.seats:
                break
            first = [each for each in self.barred_first if each in self.continuing]
            if len(self.continuing) - len(first) == self.seats - len(self.elected):
                for each in first:
                    self._exclude(each, "stv-excluded-first")
                self._fill()
                break
            barred = self.guarantees.barred(self.elected, self.continuing)
            over = [each for each in self.pending if self.votes[each] > self.quota]
            self.pending = list(over)  # who has no surplus keeps all, though a quota lessens later
            if barred:
                self._exclude(min(barred, key=self.breaker.ids.index), "stv-barred")
            elif over:
                self._transfer_surplus(over)
            elif first:
                self._exclude(first[0], "stv-excluded-first")
            else:
                self._exclude(self._lowest(), "stv-excluded")
        for each in self.continuing:
            self.left[each] = self._reason(each, "stv-not-reached")
        return Outcome(tuple(self.elected), tuple(self.rounds), self._explanations())

    def _quota(self, votes: Fraction | int) -> int:
        """What it takes to be elected, in smallest parts: a whole number of votes."""
        if self.quota_of == "hare":
            whole: int = -(-Fraction(votes) // self.seats)
        else:
            whole = Fraction(votes) // (self.seats + 1) + 1
        return whole * self.one

    def _elect_on_quota(self) -> None:
        """Rule 47, the highest first; one whom a guarantee bars by then is not elected."""
        there = sorted(
            (
                each
                for each in self.continuing
                if self.votes[each] >= self.quota and each not in self.barred_first
            ),
            key=lambda each: (-self.votes[each], self.breaker.ids.index(each)),
        )
        for each in there:
            others = [one for one in self.continuing if one != each]
            if self.guarantees.possible([*self.elected, each], others):
                self._elect(each, "stv-quota")
                self.pending.append(each)

    def _fill(self) -> None:
        """Rule 52: as many continue as vacancies remain; no further transfer is made."""
        order = sorted(self.continuing, key=lambda e: (-self.votes[e], self.breaker.ids.index(e)))
        for each in order:
            self._elect(each, "stv-filled")
        self.rounds.append(self._round("elect", tuple(order), {}))

    def _elect(self, each: str, why: str) -> None:
        self.continuing.remove(each)
        self.elected.append(each)
        self.left[each] = self._reason(each, why)

    def _transfer_surplus(self, over: list[str]) -> None:
        """Rules 48 and 49: the largest surplus first, all papers of that candidate."""
        high = max(self.votes[each] for each in over)
        level = [each for each in over if self.votes[each] == high]
        each = level[0]
        if len(level) > 1:
            number = len(self.rounds) + 1
            each = earlier_order(level, self.rounds, self.breaker, "transfer", number)[0]
        self.pending.remove(each)
        held = self._held(each)
        surplus = self.votes[each] - self.quota
        self.value[held] = surplus * self.value[held] // self.votes[each]
        received = self._move(held, advance=1)
        self.votes[each] = self.quota
        self._credit("transfer", (each,), received, Fraction(surplus, self.one))

    def _lowest(self) -> str:
        """Rules 50 and 51: the lowest, leaving aside whom a guarantee keeps in."""
        kept = self.guarantees.guarded(self.elected, self.continuing)
        free = [each for each in self.continuing if each not in kept]
        low = min(self.votes[each] for each in free)
        level = [each for each in free if self.votes[each] == low]
        if len(level) == 1:
            return level[0]
        return earlier_order(level, self.rounds, self.breaker, "exclude", len(self.rounds) + 1)[-1]

    def _exclude(self, each: str, why: str) -> None:
        self.left[each] = self._reason(each, why)
        self.continuing.remove(each)
        received = self._move(self._held(each), advance=1)
        self.votes[each] = 0
        self._credit("exclude", (each,), received)

    def _held(self, each: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """The ballots (groups) that count for the candidate now."""
        holder = self.orders[np.arange(len(self.place)), self.place]
        return np.flatnonzero(holder == self.ids.index(each)).astype(np.int64)

    def _move(
        self, ballots: np.ndarray[tuple[int], np.dtype[np.int64]], advance: int
    ) -> dict[str, int]:
        """Pass ballots to their next choice continuing; what each candidate received."""
        here = np.zeros(len(self.ids) + 1, dtype=bool)
        here[[self.ids.index(each) for each in self.continuing]] = True
        here[-1] = True  # index -1: nobody left
        self.place[ballots] += advance
        moving = ballots
        while len(moving):
            moving = moving[~here[self.orders[moving, self.place[moving]]]]
            self.place[moving] += 1
        now = self.orders[ballots, self.place[ballots]]
        amounts = self.value[ballots] * self.weight[ballots]
        received = np.zeros(len(self.ids) + 1, dtype=self.value.dtype)
        np.add.at(received, now, amounts)
        return {each: int(received[c]) for c, each in enumerate(self.ids) if received[c]}

    def _credit(
        self,
        action: str,
        candidates: tuple[str, ...],
        received: dict[str, int],
        surplus: Fraction | None = None,
    ) -> None:
        for each, amount in received.items():
            self.votes[each] += amount
        facts: dict[str, Number] = {} if surplus is None else {"surplus": surplus}
        self.rounds.append(self._round(action, candidates, received, facts))

    def _round(
        self,
        action: str,
        candidates: tuple[str, ...],
        received: dict[str, int],
        facts: dict[str, Number] | None = None,
    ) -> Round:
        held = sum(self.votes.values())
        return Round(
            action,
            candidates,
            {each: Fraction(votes, self.one) for each, votes in self.votes.items()},
            {each: Fraction(votes, self.one) for each, votes in received.items()},
            Fraction(self.valid * self.one - held, self.one),
            {"quota": self.quota // self.one, **(facts or {})},
        )

    def _reason(self, each: str, key: str) -> Explanation:
        return Explanation(
            each,
            key,
            {
                "round": len(self.rounds),
                "total": Fraction(self.votes[each], self.one),
                "quota": self.quota // self.one,
                "missing": max(Fraction(self.quota - self.votes[each], self.one), Fraction(0)),
            },
        )

    def _explanations(self) -> tuple[Explanation, ...]:
        lost = [each for each in self.left if each not in self.elected]
        return tuple(self.left[each] for each in (*self.elected, *reversed(lost)))
