"""What Equal Shares funds at every endowment of a range, in whatever order.

So completion takes many steps at once, and needs no fractions where only the order of two projects
is in doubt. Nothing is guessed: what is said of a range is sure for each endowment in it."""

from collections.abc import Collection
from copy import copy
from fractions import Fraction
from heapq import heapify, heappop, heappush

import numpy as np

from comuna.count.equal_shares import Purses
from comuna.count.least import Open
from comuna.count.limits import Limits
from comuna.count.purses import Money, Price, due, pay, price

SHARED = 16  # projects of a pack that one voter supports at most; see ROOM in purses.py


class Range(Purses):
    """Equal Shares over all endowments from one to another at once (or over a single one)."""

    def __init__(self, money: Money, limits: Limits, least: Fraction, most: Fraction) -> None:
        super().__init__(money, limits, least, most)
        self._packs: list[dict[int, Price]] = []
        self._open = self.open()
        heapify(self._open)

    def funds(self) -> frozenset[int] | None:
        """The projects that every endowment in the range funds, in whatever order and however
        ties are broken; None where there is doubt."""
        while self._open:
            pack = self._pack()
            if pack is None:
                return None
            self._pay(pack)
        return frozenset(self.funded)

    def below(self, most: Fraction) -> "Range":
        """The part of a range in doubt up to `most`, as far on. What is sure for all endowments is
        sure for these; the low purses stay, and only the high ones are paid from anew."""
        part = self._copy()
        part.high = self.money.purses(most, round_up=True)
        for pack in self._packs:
            cheap = {project: part.cheapest(project) for project in pack}
            for project, found in cheap.items():
                assert found is not None
                pay(part.high, self.money.backing[project], found, round_up=False)
        return part

    def above(self, least: Fraction) -> "Range":
        """The part of a range in doubt from `least`, as far on; the high purses stay."""
        part = self._copy()
        part.low = self.money.purses(least, round_up=False)
        for pack in self._packs:
            dear = part._after(pack)
            assert dear is not None
            for project, found in dear.items():
                pay(part.low, self.money.backing[project], found, round_up=True)
        return part

    def _copy(self) -> "Range":
        part = copy(self)
        part.low, part.high = self.low.copy(), self.high.copy()
        part.funded, part.cheap = self.funded.copy(), self.cheap.copy()
        part._packs, part._open = self._packs.copy(), self._open.copy()
        return part

    def _pay(self, pack: dict[int, Price]) -> None:
        for project, dear in pack.items():
            self.fund(project, self.cheap[project], dear)
        self._packs.append(pack)

    def _pack(self) -> dict[int, Price] | None:
        """Projects that are surely funded before any other, taken out of the heap: each with the
        most that it can cost its supporters a point, whichever of the pack come before it. Empty
        when nobody can pay for any; None where there is doubt.

        Why it is sure: let every member cost at most its dear price once all the others have been
        paid at theirs. As long as members are left, however many were funded and in whatever
        order, they were paid at no more than their dear prices, so those left cost no more than
        theirs, and everyone outside costs more than the dearest of them all.
        """
        members: list[tuple[int, int]] = []
        pack: dict[int, Price] | None = {}
        dearest = -1
        while pack is not None and (joining := self._joining(dearest)):
            members += joining
            alone = self._alone([project for _, project in joining])
            if alone is None:
                pack = None
                break
            pack |= alone
            if len(pack) > 1:
                pack = self._together(pack)
            if pack is not None:
                dearest = max(self.rates(project, dear)[1] for project, dear in pack.items())
        if pack is None:
            for each in members:
                heappush(self._open, each)
        return pack

    def _alone(self, projects: Collection[int]) -> dict[int, Price] | None:
        """What each costs a point at most now; None if one may be too dear for its supporters."""
        found = {}
        for project in projects:
            dear = self.dearest(project)
            if dear is None:
                return None
            found[project] = dear
        return found

    def _joining(self, dearest: int) -> Open:
        """Those that may cost less than the dearest of the pack, or just the one that may cost
        least if there is no pack yet (`dearest` below 0); taken out of the heap."""
        found: Open = []
        heap = self._open
        while heap and (heap[0][0] <= dearest or (dearest < 0 and not found)):
            project = heappop(heap)[1]
            low = self.lowest(project)
            if low is None:
                continue
            if low <= dearest or (dearest < 0 and not (heap and low > heap[0][0])):
                found.append((low, project))
            else:
                heappush(heap, (low, project))
        return found

    def _together(self, pack: dict[int, Price]) -> dict[int, Price] | None:
        """Prices a point such that no project of the pack costs more when all its others have been
        paid at theirs; None if none are found, or a limit lets not all of them be funded.

        What is paid to the others makes each dearer, and that again the others: from the first
        increase the last is guessed, and the guess is checked.
        """
        if not self.limits.all_fit([*self.funded, *pack]):
            return None
        dearer = self._after(pack)
        if dearer is None:
            return None
        guess = {}
        for project, dear in pack.items():
            before, now = _whole(dear), _whole(dearer[project])
            guess[project] = Price(max(before, now) + max(0, now - before) + 1, 1)
        found = self._after(guess)
        if found and all(found[p].top <= guess[p].top * found[p].bottom for p in pack):
            return found
        return None

    def _after(self, pack: dict[int, Price]) -> dict[int, Price] | None:
        """What each of the pack costs a point once all its others have been paid so; None if one
        may then be too dear for its supporters."""
        if len(pack) == 1:
            return self._alone(pack)
        backing = {project: self.money.backing[project] for project in pack}
        shared = np.zeros(self.money.groups, dtype=np.int64)
        for each in backing.values():
            shared[each.group] += 1
        if int(shared.max()) > SHARED:
            return None
        owed = np.zeros(self.money.groups, dtype=self.money.kind)
        asked = {}
        for p, each in backing.items():
            asked[p] = due(each, pack[p].top, pack[p].bottom, round_up=True)
            owed[each.group] += asked[p]
        found = {}
        for p, each in backing.items():
            held = np.maximum(self.low[each.group] - (owed[each.group] - asked[p]), 0)
            dear = price(held, each, self.money.cost[p], self.cheap[p])
            if dear is None:
                return None
            found[p] = dear
        return found


def _whole(price: Price) -> int:
    """The price in whole units, rounded up."""
    return -(-price.top // price.bottom)
