"""Ranked ballots as one array: a row a candidate, a column a ballot (or a group of equal ones).

`ranks[c, b]` is the place that ballot b gives candidate c: 1 first, 2 second…; the greatest
number of the type says "not ranked". Equal places are allowed. `weight[b]` is how many ballots
the column stands for; None when each stands for itself. Ten candidates and ten million ballots
are a hundred megabytes, read in blocks that fit the processor's cache.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from comuna.count.candidates import Candidate, check_ids
from comuna.count.errors import BallotError

Ranks = npt.NDArray[np.unsignedinteger[Any]]
_BLOCK = 1 << 17
MOST_BALLOTS = 10**15  # more than anyone counts, and far from what sixty-four bits hold
MOST_PLACE = (1 << 16) - 2
MOST_PLACES = 64  # on papers whose marks are kept place by place, one bit each
_BITS = 14  # candidates whose places, from 1 on, are bits of sixteen
_FEW = 20  # candidates among whom comparing every two is quicker than looking at every place


class Ballot(NamedTuple):
    """`many` equal ballots: candidate indexes from the first choice, and their places (1 first)
    where some are equal; places None says 1, 2, 3…"""

    many: int
    choices: Sequence[int]
    places: Sequence[int] | None = None


class Papers(NamedTuple):
    """What the papers hold besides orders: how many there are, name nobody, rank several equal
    (or mark several at one place without saying whom), pass over a place, name someone twice."""

    cast: int = 0
    blank: int = 0
    equal: int = 0
    skipped: int = 0
    repeated: int = 0


@dataclass(frozen=True)
class Rankings:
    """Ranked ballots (see the module's text for the arrays' meaning).

    Cast-vote records also say where a paper marks several at one place without saying whom
    (`overvoted`), and where it names again someone it has named (`repeated`): bit p - 1 of a
    column's number is place p. `withdrawn` are the names of those who no longer stand.
    """

    candidates: tuple[Candidate, ...]
    ranks: Ranks
    weight: npt.NDArray[np.int64] | None = None
    overvoted: npt.NDArray[np.uint64] | None = None
    repeated: npt.NDArray[np.uint64] | None = None
    withdrawn: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_ids(self.candidates)
        if self.ranks.ndim != 2 or self.ranks.shape[0] != len(self.candidates):
            raise BallotError("ranks must have a row for each candidate")
        if self.ranks.dtype not in (np.uint8, np.uint16):
            raise BallotError(f"ranks must be uint8 or uint16, not {self.ranks.dtype}")
        if self.weight is not None and self.weight.shape != (self.ranks.shape[1],):
            raise BallotError("weight must have one number for each column of ranks")

    @staticmethod
    def from_orders(
        candidates: Sequence[Candidate],
        orders: npt.NDArray[np.int64],
        weight: npt.NDArray[np.int64] | None = None,
    ) -> "Rankings":
        """Strict orders, a row a ballot: candidate indexes from the first choice, -1 where none.

        Raises BallotError if a ballot names a candidate twice or one that does not stand.
        """
        count, columns = len(candidates), len(orders)
        if orders.size and not (orders.min() >= -1 and orders.max() < count):
            raise BallotError("an order names a candidate that does not stand")
        ranks = _unranked(count, columns)
        named = 0
        for place in range(orders.shape[1] if orders.ndim == 2 else 0):
            ballots = np.flatnonzero(orders[:, place] >= 0)
            ranks[orders[ballots, place], ballots] = place + 1
            named += len(ballots)
        if int(np.count_nonzero(ranks != not_ranked(ranks))) != named:
            raise BallotError("a ballot names the same candidate twice")
        return Rankings(tuple(candidates), ranks, weight)

    @staticmethod
    def from_ballots(candidates: Sequence[Candidate], ballots: Sequence["Ballot"]) -> "Rankings":
        """Ballots one by one, as files give them. Raises BallotError where one ranks a candidate
        twice."""
        lengths = np.fromiter((len(each.choices) for each in ballots), np.int64, len(ballots))
        chosen = np.fromiter(chain.from_iterable(each.choices for each in ballots), np.int64)
        try:
            weight = np.fromiter((each.many for each in ballots), np.int64, len(ballots))
        except OverflowError:
            raise _too_many() from None
        place = _places(lengths)
        ends = np.cumsum(lengths)
        for at, each in enumerate(ballots):
            if each.places is not None:
                place[ends[at] - lengths[at] : ends[at]] = each.places
        return Rankings.from_choices(candidates, weight, lengths, chosen, place)

    @staticmethod
    def from_choices(
        candidates: Sequence[Candidate],
        weight: npt.NDArray[np.int64],
        lengths: npt.NDArray[np.int64],
        chosen: npt.NDArray[np.int64],
        place: npt.NDArray[np.int64] | None = None,
    ) -> "Rankings":
        """How many ballots each column stands for and how many choices it has; then the choices
        of all columns one after the other, and the place of each (1, 2, 3… where not given).
        Raises BallotError where a ballot ranks a candidate twice."""
        if (
            int(weight.max(initial=0)) * len(weight) > MOST_BALLOTS
            and sum(weight.tolist()) > MOST_BALLOTS
        ):
            raise _too_many()
        column = np.repeat(np.arange(len(lengths)), lengths)
        place = _places(lengths) if place is None else place
        last = int(place.max(initial=0))
        if last > MOST_PLACE:
            raise BallotError(
                f"a place of {last}; places go to {MOST_PLACE}",
                f"un lugar {last}; los lugares llegan a {MOST_PLACE}",
            )
        ranks = _unranked(len(candidates), len(lengths), last)
        ranks[chosen, column] = place
        seen = np.count_nonzero(ranks != not_ranked(ranks), axis=0)
        if (seen != lengths).any():
            at = int(np.argmax(seen != lengths))
            raise BallotError(f"ballot {at + 1} ranks a candidate twice")
        return Rankings(tuple(candidates), ranks, weight)

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(candidate.id for candidate in self.candidates)

    def total(self) -> int:
        """How many ballots there are."""
        return self.ranks.shape[1] if self.weight is None else int(self.weight.sum())

    def blocks(self) -> Iterator[tuple[Ranks, npt.NDArray[np.int64] | None]]:
        """The columns in blocks small enough to stay in cache."""
        for start in range(0, self.ranks.shape[1], _BLOCK):
            part = slice(start, start + _BLOCK)
            yield self.ranks[:, part], None if self.weight is None else self.weight[part]

    @cached_property
    def tied(self) -> bool:
        """Whether any ballot ranks two candidates equal. Looked up once and kept."""
        if not self.complete or len(self.ranks) > _FEW:
            return self._tied_by_place()
        if len(self.ranks) <= _BITS and self._highest <= len(self.ranks):
            return self._tied_by_bits()
        marks = self._marks()
        return any(
            bool(np.equal(ranks[a], ranks[b], out=marks[: ranks.shape[1]]).any())
            for ranks, _ in self.blocks()
            for a in range(len(ranks))
            for b in range(a)
        )

    def _tied_by_bits(self) -> bool:
        """The same where every ballot gives n candidates places from 1 to n: none is equal to
        another if each place is taken, a bit for each."""
        size = min(_BLOCK, self.ranks.shape[1])
        taken, here = np.empty(size, dtype=np.uint16), np.empty(size, dtype=np.uint16)
        full = (1 << len(self.ranks)) - 1
        for ranks, _ in self.blocks():
            all_, one = taken[: ranks.shape[1]], here[: ranks.shape[1]]
            all_.fill(0)
            for row in ranks:
                np.left_shift(np.uint16(1), row, out=one, dtype=np.uint16, casting="unsafe")
                np.bitwise_or(all_, one, out=all_)
            if (all_ != full << 1).any():
                return True
        return False

    def _tied_by_place(self) -> bool:
        return any(
            bool((np.count_nonzero(self.ranks == place, axis=0) > 1).any())
            for place in np.unique(self.ranks)
            if place != not_ranked(self.ranks)
        )

    @cached_property
    def _highest(self) -> int:
        return int(self.ranks.max()) if self.ranks.size else 0

    @cached_property
    def complete(self) -> bool:
        """Whether every ballot ranks every candidate."""
        return not self.ranks.size or self._highest < not_ranked(self.ranks)

    def strict(
        self, overvotes: str = "exhaust", skipped: int | None = None, repeats: str = "skip"
    ) -> "Rankings":
        """The same papers, each with one next choice at most, as a rule reads them:

        overvotes: a paper stops (`exhaust`) or goes on (`skip`) where it ranks several equal;
        `exhaust-if-several` leaves them equal, for the count to see who still stands. skipped: it
        stops after so many places passed over one after the other (None: after none). repeats: it
        stops, or goes on, where it names someone again.

        Returns self if there is nothing to do. Raises BallotError where `exhaust-if-several` meets
        a mark of several that does not say whom.
        """
        marked = self.overvoted is not None or self.repeated is not None
        if not marked and skipped is None and (not self.tied or overvotes == "exhaust-if-several"):
            return self
        if overvotes == "exhaust-if-several" and self.overvoted is not None:
            raise BallotError(
                "some papers mark several at one place without saying whom, so nobody can see who "
                "of them still stands; choose overvotes=exhaust or overvotes=skip",
                "algunas papeletas marcan a varios en un lugar sin decir a quiénes, así que no se "
                "puede ver quién de ellos sigue; elija overvotes=exhaust u overvotes=skip",
            )
        ranks, nobody = self.ranks.copy(), not_ranked(self.ranks)
        last = np.zeros(ranks.shape[1], dtype=np.int64)
        for place in self.places_used():
            here = self.ranks == place
            several = np.count_nonzero(here, axis=0)
            over, again = self._marked(self.overvoted, place), self._marked(self.repeated, place)
            stops = np.zeros(ranks.shape[1], dtype=bool)
            if skipped is not None:
                seen = (several > 0) | over | again
                stops |= seen & (place - last > skipped + 1)
                last[seen] = place
            if repeats == "exhaust":
                stops |= again
            over |= several > 1
            if overvotes == "exhaust":
                stops |= over
            elif overvotes == "skip":
                ranks[:, over] = np.where(here[:, over], nobody, ranks[:, over])
            ranks[:, stops] = np.where(self.ranks[:, stops] >= place, nobody, ranks[:, stops])
        return Rankings(self.candidates, ranks, self.weight, withdrawn=self.withdrawn)

    def settled(self, standing: Sequence[int]) -> "Rankings":
        """The same papers, those stopped for good whose next place has several who stand."""
        if not self.tied:
            return self
        nobody = not_ranked(self.ranks)
        here = self.ranks[list(standing)]
        best = here.min(axis=0)
        stops = (np.count_nonzero(here == best, axis=0) > 1) & (best != nobody)
        if not stops.any():
            return self
        ranks = self.ranks.copy()
        ranks[:, stops] = nobody
        return Rankings(self.candidates, ranks, self.weight)

    def places_used(self) -> list[int]:
        """The places at which some paper has a mark, ascending."""
        places = {int(p) for p in np.unique(self.ranks) if p != not_ranked(self.ranks)}
        for marks in (self.overvoted, self.repeated):
            if marks is not None:
                union = int(np.bitwise_or.reduce(marks)) if marks.size else 0
                places |= {p for p in range(1, MOST_PLACES + 1) if union >> (p - 1) & 1}
        return sorted(places)

    def _marked(self, marks: npt.NDArray[np.uint64] | None, place: int) -> npt.NDArray[np.bool_]:
        if marks is None or place > MOST_PLACES:
            return np.zeros(self.ranks.shape[1], dtype=bool)
        return (marks >> np.uint64(place - 1) & np.uint64(1)).astype(bool)

    @cached_property
    def papers(self) -> Papers:
        """What the papers hold besides orders. Counted once and kept."""
        total = self.total()
        marked = self.overvoted is not None or self.repeated is not None
        nobody = not_ranked(self.ranks)
        if not marked and not self.tied:
            if self.complete and self._highest <= len(self.candidates):
                return Papers(total)
            blank = skipped = 0
            for ranks, weight in self.blocks():
                ranked = ranks != nobody
                named = np.count_nonzero(ranked, axis=0)
                top = np.where(ranked, ranks, 0).max(axis=0)
                blank += _many(named == 0, weight)
                skipped += _many(top > named, weight)
            return Papers(total, blank, 0, skipped)
        columns = self.ranks.shape[1]
        seen, top = np.zeros(columns, dtype=np.int64), np.zeros(columns, dtype=np.int64)
        equal = np.zeros(columns, dtype=bool)
        for place in self.places_used():
            several = np.count_nonzero(self.ranks == place, axis=0)
            over = self._marked(self.overvoted, place)
            marks = (several > 0) | over | self._marked(self.repeated, place)
            equal |= (several > 1) | over
            seen += marks
            top[marks] = place
        repeated = self.repeated != 0 if self.repeated is not None else np.zeros(columns, bool)
        found = (seen == 0, equal, top > seen, repeated)
        return Papers(total, *(_many(each, self.weight) for each in found))

    def orders(self) -> npt.NDArray[np.int64]:
        """Strict ballots as rows of candidate indexes from the first choice, -1 where none."""
        order = np.argsort(self.ranks, axis=0, kind="stable").astype(np.int64)
        ranked = np.take_along_axis(self.ranks, order, axis=0) != not_ranked(self.ranks)
        return np.where(ranked, order, -1).T

    def first_choices(self, standing: Sequence[int]) -> dict[int, int]:
        """How many strict ballots rank each of the standing before the others standing."""
        if len(standing) == 2 and self.complete and not self.tied:
            first = self._before(*standing)
            return {standing[0]: first, standing[1]: self.total() - first}
        every = len(standing) == len(self.ranks) == self._highest
        if every and not self.tied:  # everyone's first is whom it gives the place 1
            return dict(zip(standing, self._placed(1, standing), strict=True))
        totals = dict.fromkeys(standing, 0)
        marks = self._marks()
        # Where every ballot ranks everyone, the last has what the others do not have.
        last = standing[-1]
        counted = standing[:-1] if self.complete else standing
        for ranks, weight in self.blocks():
            best = ranks[standing[0]].copy()
            for c in standing[1:]:
                np.minimum(best, ranks[c], out=best)
            if not self.complete:
                best[best == not_ranked(ranks)] = 0  # no candidate has the place 0
            for c in counted:
                totals[c] += _many(np.equal(ranks[c], best, out=marks[: len(best)]), weight)
        if self.complete:
            totals[last] = self.total() - sum(totals.values())
        return totals

    def _placed(self, place: int, standing: Sequence[int]) -> list[int]:
        """How many ballots give each of these the place."""
        totals = [0] * len(standing)
        marks = self._marks()
        for ranks, weight in self.blocks():
            for at, c in enumerate(standing):
                totals[at] += _many(np.equal(ranks[c], place, out=marks[: ranks.shape[1]]), weight)
        return totals

    def within(self, places: int) -> list[int]:
        """How many strict ballots have each candidate among the first so many that they name."""
        totals = [0] * len(self.candidates)
        marks = self._marks()
        for ranks, weight in self.blocks():
            if self.papers.skipped:
                ranks = _closed(ranks)
            for c, row in enumerate(ranks):
                totals[c] += _many(np.less_equal(row, places, out=marks[: len(row)]), weight)
        return totals

    def margin(self, a: int, b: int) -> int:
        """How many more ballots rank a before b than b before a."""
        before = self._before(a, b)
        strict = self.complete and not self.tied
        return 2 * before - self.total() if strict else before - self._before(b, a)

    def _before(self, a: int, b: int) -> int:
        marks = self._marks()
        return sum(
            _many(np.less(ranks[a], ranks[b], out=marks[: ranks.shape[1]]), weight)
            for ranks, weight in self.blocks()
        )

    def _marks(self) -> npt.NDArray[np.bool_]:
        """Room for a mark on each ballot of a block, to be written again and again."""
        return np.empty(min(_BLOCK, self.ranks.shape[1]), dtype=bool)

    @cached_property
    def pairwise(self) -> npt.NDArray[np.int64]:
        """`prefers[a, b]`: how many ballots rank a before b (a ranked one before any unranked).
        Counted once and kept."""
        size = len(self.candidates)
        prefers = np.zeros((size, size), dtype=np.int64)
        both_ways = self.tied or not self.complete
        room = self._marks()
        for ranks, weight in self.blocks():
            marks = room[: ranks.shape[1]]
            for a in range(size):
                for b in range(a + 1, size):
                    prefers[a, b] += _many(np.less(ranks[a], ranks[b], out=marks), weight)
                    if both_ways:
                        prefers[b, a] += _many(np.greater(ranks[a], ranks[b], out=marks), weight)
        if not both_ways:
            prefers += np.tril(self.total() - prefers.T, -1)
        return prefers


def _closed(ranks: Ranks) -> Ranks:
    """Strict ranks with no place passed over: 1, 2, 3… in the order in which they stand."""
    order = np.argsort(ranks, axis=0, kind="stable")
    closed = np.empty_like(ranks)
    steps = np.arange(1, len(ranks) + 1, dtype=ranks.dtype)[:, np.newaxis]
    np.put_along_axis(closed, order, np.broadcast_to(steps, ranks.shape), axis=0)
    return np.where(ranks == not_ranked(ranks), ranks, closed)


def _too_many() -> BallotError:
    return BallotError(
        f"more than {MOST_BALLOTS} ballots cannot be",
        f"no puede haber más de {MOST_BALLOTS} papeletas",
    )


def not_ranked(ranks: Ranks) -> int:
    """The number that says "not ranked" in an array of this type."""
    return int(np.iinfo(ranks.dtype).max)


def _places(lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """1, 2, 3… for the choices of each ballot."""
    starts = np.cumsum(lengths) - lengths
    return np.arange(int(lengths.sum())) - np.repeat(starts, lengths) + 1


def _unranked(candidates: int, columns: int, last: int = 0) -> Ranks:
    kind = np.uint8 if max(candidates, last) < 255 else np.uint16
    return np.full((candidates, columns), np.iinfo(kind).max, dtype=kind)


def _many(chosen: npt.NDArray[np.bool_], weight: npt.NDArray[np.int64] | None) -> int:
    return int(np.count_nonzero(chosen)) if weight is None else int(weight[chosen].sum())
