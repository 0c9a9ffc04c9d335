"""Where the money of the voters went whose projects were not funded."""

from collections.abc import Sequence

import numpy as np

from comuna.count.equal_shares import Purchase
from comuna.count.purses import Ints, Money
from comuna.count.supports import Projects


class Flows:
    """What the supporters of each project paid for each of the purchases, together, in units."""

    def __init__(self, ballots: Projects, money: Money, purchases: Sequence[Purchase]) -> None:
        self.bought = [each.project for each in purchases]
        size = len(ballots.candidates)
        self.spent: Ints = np.zeros((len(purchases), size), dtype=money.kind)
        # Each payment counts for every project that its payers support: those of group g are
        # `project[first[g]:first[g + 1]]`.
        few = np.uint16 if len(ballots.weight) < 1 << 16 else np.int64
        order = np.argsort(ballots.group.astype(few), kind="stable")
        project = np.repeat(np.arange(size), np.diff(ballots.start))[order]
        many = np.bincount(ballots.group, minlength=len(ballots.weight))
        first = np.cumsum(many) - many
        for at, each in enumerate(purchases):
            backing = money.backing[each.project]
            paying = each.paid > 0
            payer = backing.group[paying]
            paid = (each.paid * backing.weight)[paying]
            named = many[payer]
            entry = np.arange(int(named.sum())) + np.repeat(
                first[payer] - (np.cumsum(named) - named), named
            )
            np.add.at(self.spent[at], project[entry], np.repeat(paid, named))

    def largest(self, project: int, most: int = 3) -> list[tuple[int, int]]:
        """The projects that most of its supporters' money went to: (project, units)."""
        spent = self.spent[:, project]
        order = np.argsort(-spent, kind="stable")[:most]
        return [(self.bought[at], int(spent[at])) for at in order.tolist() if spent[at] > 0]
