"""Completing Equal Shares: endowments grow step by step until the next step would overspend.

Each way counts with endowments greater by one step, two steps…. `add1` keeps the first outcome that
leaves room for no other project, or the last that the real budget pays for, whichever comes first:
so pabutools reads it. `add1-overspend` keeps the last that the budget pays for, also where an
earlier one left no room. `add1u` is `add1`, and then spends what is left on the most supported
projects that still fit. Steps that surely change nothing are skipped, never guessed: see
`purses.py`.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from fractions import Fraction

from comuna.count.endowments import Range
from comuna.count.equal_shares import Run
from comuna.count.least import Untie
from comuna.count.limits import Limits
from comuna.count.purses import Money
from comuna.count.supports import Projects

Span = tuple[int, int, frozenset[int]]  # what is funded from so many steps to so many


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
        self._room(steps)
        run = Run(self.money, self.limits, self._total(steps), self.untie)
        run.finish()
        return run

    def add1(self, to_overspending: bool = False) -> None:
        """Find the number of steps whose outcome stands; asked for, the last before the budget is
        overspent or nothing is left to fund, though an earlier one left room for nothing."""
        width = 1
        while True:
            parts = 0
            for first, last, funded in self.spans(self.steps, self.steps + width - 1):
                if self._cost(funded) > self.money.units(self.budget) and first:
                    self.steps = first - 1
                    return
                if self._complete(funded, to_overspending):
                    self.steps = first
                    return
                self.steps = last + 1
                parts += 1
            # Wider as long as many steps are alike, narrower where most are not.
            width = 4 * width if parts == 1 else max(2, 8 * width // parts)

    def spans(self, first: int, last: int) -> Iterator[Span]:
        """What is funded at each number of steps from the first to the last."""
        self._room(last)
        yield from self._split(
            first,
            last,
            Range(self.money, self.limits, self._total(first), self._total(last)),
        )

    def _split(self, first: int, last: int, range_: Range) -> Iterator[Span]:
        funded = range_.funds()
        if funded is not None:
            yield first, last, funded
        elif first == last:
            yield first, last, frozenset(self.run(first).funded)
        else:
            middle = (first + last) // 2
            yield from self._split(first, middle, range_.below(self._total(middle)))
            yield from self._split(middle + 1, last, range_.above(self._total(middle + 1)))

    def _total(self, steps: int) -> Fraction:
        return self.budget + steps * self.step

    def _room(self, steps: int) -> None:
        """Choose the unit anew when endowments outgrow it."""
        if self._total(steps) > self._most:
            self._most = 2 * self._total(steps)
            self.money = Money(
                self.ballots, self.budget, self._most, self.by_cost, self.parts, self.step
            )

    def _cost(self, funded: Collection[int]) -> int:
        """In units of the money."""
        return sum(self.money.cost[p] for p in funded)

    def _complete(self, funded: Collection[int], whatever_it_costs: bool) -> bool:
        """Whether no supported project would still fit beside these; or none at all is left."""
        left = self.money.units(self.budget) - self._cost(funded)
        return not any(
            (whatever_it_costs or cost <= left)
            and self.money.backing[p].mass
            and p not in funded
            and not self.limits.bars(p, funded)
            for p, cost in enumerate(self.money.cost)
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
