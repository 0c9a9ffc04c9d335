"""Completing Equal Shares: endowments grow step by step until the next step would overspend.

`add1` counts with endowments greater by one step, two steps…, and keeps the last outcome that the
real budget pays for, or the first that leaves room for no other project. `add1u` then spends what
is left on the most supported projects that still fit. Steps that surely change nothing are
skipped, never guessed: see `purses.py`.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

from comuna.count.equal_shares import Run
from comuna.count.least import Untie
from comuna.count.limits import Limits
from comuna.count.purses import Money
from comuna.count.supports import Projects


class Completion:
    """Equal Shares at any number of steps; `steps` is how many the outcome took."""

    def __init__(
        self,
        ballots: Projects,
        limits: Limits,
        budget: Fraction,
        step: Fraction,
        by_cost: bool,
        untie: Untie,
        parts: Sequence[Fraction] | None = None,
    ) -> None:
        self.ballots = ballots
        self.limits = limits
        self.budget = budget
        self.step = step * ballots.total()
        self.by_cost = by_cost
        self.untie = untie
        self.parts = parts
        self.steps = 0
        self._most = Fraction(0)
        self._room(2)

    def run(self, steps: int) -> Run:
        """Equal Shares with so many steps added to every endowment, finished."""
        run = self._over(steps, steps)
        run.finish()
        return run

    def add1(self) -> Run:
        """The run whose outcome stands."""
        kept = self.run(0)
        if self._complete(kept.funded):
            return kept
        funded = kept.funded
        stride, rest, pause = 2, 0, 1
        while True:
            if rest:
                rest -= 1
            elif self._over(self.steps, self.steps + stride).follows(funded):
                self.steps += stride
                stride, pause = 4 * stride, 1
                continue
            else:
                # Where every step changes something, looking ahead is tried less and less.
                stride, pause = max(2, stride // 8), min(32, 2 * pause)
                rest = pause
            tried = self.run(self.steps + 1)
            if self._cost(tried.funded) > self.budget:
                return self.run(self.steps)
            self.steps += 1
            funded = tried.funded
            if self._complete(funded):
                return tried

    def _over(self, least: int, most: int) -> Run:
        self._room(most)
        return Run.over(self.money, self.limits, self._total(least), self._total(most), self.untie)

    def _total(self, steps: int) -> Fraction:
        return self.budget + steps * self.step

    def _room(self, steps: int) -> None:
        """Choose the unit anew when endowments outgrow it."""
        if self._total(steps) > self._most:
            self._most = 2 * self._total(steps)
            self.money = Money(self.ballots, self.budget, self._most, self.by_cost, self.parts)

    def _cost(self, funded: Sequence[int]) -> Fraction:
        return sum((self.ballots.candidates[p].cost for p in funded), Fraction(0))

    def _complete(self, funded: Sequence[int]) -> bool:
        """Whether no supported project would still fit beside these."""
        left = self.budget - self._cost(funded)
        return not any(
            backing.mass
            and p not in funded
            and self.ballots.candidates[p].cost <= left
            and not self.limits.bars(p, funded)
            for p, backing in enumerate(self.money.backing)
        )


def fill_up(
    ballots: Projects,
    limits: Limits,
    budget: Fraction,
    funded: Sequence[int],
    first: Callable[[Sequence[int]], int],
) -> list[int]:
    """What else the budget left pays for: the most points first, ties as `first` chooses."""
    scores = ballots.scores()
    chosen = list(funded)
    left = budget - sum((ballots.candidates[p].cost for p in funded), Fraction(0))
    open_ = {p for p, score in enumerate(scores) if score and p not in chosen}
    while True:
        open_ = {
            p for p in open_ if ballots.candidates[p].cost <= left and not limits.bars(p, chosen)
        }
        if not open_:
            return chosen[len(funded) :]
        best = max(scores[p] for p in open_)
        level = sorted(p for p in open_ if scores[p] == best)
        project = level[0] if len(level) == 1 else first(level)
        chosen.append(project)
        open_.remove(project)
        left -= ballots.candidates[project].cost
