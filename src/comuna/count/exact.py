"""Equal Shares worked out in fractions, for the choices that the whole numbers leave in doubt.

Voters with the same history have the same purse, so only the different purses are worked out.
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from comuna.count.purses import Backing, Ints


class ExactPurses:
    """Every voter's exact purse (in units) after the projects funded so far."""

    def __init__(self, endowments: Sequence[Fraction], territory: Ints) -> None:
        """`endowments` are those of each territory's voters; `territory` is that of each group."""
        self.contents = list(endowments)
        self.kind = territory.copy()
        self.funded = 0

    def follow(
        self, funded: Sequence[int], backing: Sequence[Backing], cost: Sequence[int]
    ) -> None:
        """Take the payments for projects funded since the last time out of the purses."""
        for project in funded[self.funded :]:
            self._pay(backing[project], cost[project])
        self.funded = len(funded)

    def price(self, backing: Backing, cost: int) -> Fraction | None:
        """The exact price a point, or None if the supporters have not enough together."""
        return _price(
            [(have, points, many) for have, points, many, _ in self._kinds(backing)], cost
        )

    def _pay(self, backing: Backing, cost: int) -> None:
        kinds = self._kinds(backing)
        charged = _price([(have, points, many) for have, points, many, _ in kinds], cost)
        assert charged is not None, "a project was funded that its supporters cannot pay"
        number = {content: at for at, content in enumerate(self.contents)}
        for have, points, _, who in kinds:
            left = max(have - charged * points, Fraction(0))
            if left not in number:
                number[left] = len(self.contents)
                self.contents.append(left)
            self.kind[who] = number[left]

    def _kinds(self, backing: Backing) -> list[tuple[Fraction, int, int, Ints]]:
        """Supporters of one purse and one number of points together: purse, points, how many
        ballots, and which groups."""
        kind = self.kind[backing.group]
        order = np.lexsort((backing.points, kind))
        kind, points = kind[order], backing.points[order]
        changes = np.flatnonzero((np.diff(kind) != 0) | (np.diff(points) != 0)) + 1
        found = []
        for part in np.split(order, changes):
            first = part[0]
            found.append(
                (
                    self.contents[self.kind[backing.group[first]]],
                    int(backing.points[first]),
                    int(backing.weight[part].sum()),
                    backing.group[part],
                )
            )
        return found


def _price(supporters: list[tuple[Fraction, int, int]], cost: int) -> Fraction | None:
    """Rich or poor, from the poorest for its points: all of what the poor have, the rest alike."""
    if sum(have * many for have, _, many in supporters) < cost:
        return None
    left, mass = Fraction(cost), sum(points * many for _, points, many in supporters)
    for have, points, many in sorted(supporters, key=lambda each: each[0] / each[1]):
        if left / mass * points <= have:
            return left / mass
        left -= have * many
        mass -= points * many
    raise AssertionError("supporters who have enough together can pay")
