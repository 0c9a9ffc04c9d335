"""Instant runoff: the last is excluded and its ballots pass to their next choice, until someone
has more than half of the ballots that still name a candidate standing."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from comuna.count.errors import BallotError
from comuna.count.lots import TieBreaker
from comuna.count.rankings import Rankings, not_ranked
from comuna.count.result import Explanation, Number, Outcome, Round
from comuna.count.rule import Rule
from comuna.count.supports import Ballots


def count_irv(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """Instant runoff. The tie of the last is broken by the latest earlier round in which they
    differed, then by the rule's last word; candidates that tie for last and together have fewer
    votes than the next are excluded together, since no order among them can matter."""
    if not isinstance(ballots, Rankings):
        raise BallotError("irv reads ranked ballots, not approvals or points")
    piles = _Piles(ballots.strict())
    ids = ballots.ids
    rounds: list[Round] = []
    excluded: dict[str, tuple[int, int, int]] = {}
    while True:
        votes = {ids[c]: piles.votes[c] for c in piles.standing}
        in_play = sum(votes.values())
        best = max(votes, key=votes.__getitem__)
        if 2 * votes[best] > in_play or len(votes) == 1:
            rounds.append(_round("elect", (best,), votes, piles, in_play))
            break
        last = _last(votes, rounds, breaker)
        ahead = min(number for each, number in votes.items() if each not in last)
        for each in last:
            excluded[each] = (len(rounds) + 1, votes[each], ahead)
        received = piles.exclude([ids.index(each) for each in last])
        transfers = {ids[c]: number for c, number in received.items() if number}
        rounds.append(_round("exclude", last, votes, piles, in_play, transfers))
    return Outcome((best,), tuple(rounds), _reasons(best, rounds[-1].votes, excluded))


class _Piles:
    """Which standing candidate holds each ballot, and how many each holds."""

    def __init__(self, ballots: Rankings) -> None:
        self.ballots = ballots
        self.standing = list(range(len(ballots.ids)))
        self.nobody = len(ballots.ids)
        columns = ballots.ranks.shape[1]
        self.holder = np.full(columns, self.nobody, dtype=ballots.ranks.dtype)
        self.votes = [0] * len(ballots.ids)
        start = 0
        for ranks, weight in ballots.blocks():
            stop = start + ranks.shape[1]
            for c in self.standing:
                first = ranks[c] == 1
                self.holder[start:stop][first] = c
                self.votes[c] += int(
                    np.count_nonzero(first) if weight is None else weight[first].sum()
                )
            start = stop

    def exclude(self, last: Sequence[int]) -> dict[int, int]:
        """Pass the ballots of the last to their next choice standing; how many each received."""
        self.standing = [c for c in self.standing if c not in last]
        received = dict.fromkeys(self.standing, 0)
        for c in last:
            moved = np.flatnonzero(self.holder == c)
            for start in range(0, len(moved), 1 << 16):
                part = moved[start : start + (1 << 16)]
                self.holder[part] = holder = self._next(part)
                for other in self.standing:
                    received[other] += self._many(part, holder == other)
            self.votes[c] = 0
        for c, number in received.items():
            self.votes[c] += number
        return received

    def _next(self, part: npt.NDArray[np.intp]) -> npt.NDArray[np.unsignedinteger]:
        best = np.full(len(part), not_ranked(self.ballots.ranks), dtype=self.ballots.ranks.dtype)
        holder = np.full(len(part), self.nobody, dtype=self.ballots.ranks.dtype)
        for c in self.standing:
            ranks = self.ballots.ranks[c][part]
            holder[ranks < best] = c
            np.minimum(best, ranks, out=best)
        return holder

    def _many(self, part: npt.NDArray[np.intp], chosen: npt.NDArray[np.bool_]) -> int:
        if self.ballots.weight is None:
            return int(np.count_nonzero(chosen))
        return int(self.ballots.weight[part[chosen]].sum())


def _last(
    votes: Mapping[str, int], rounds: Sequence[Round], breaker: TieBreaker
) -> tuple[str, ...]:
    """Who is excluded: the last, or several that tie for last and cannot be saved."""
    low = min(votes.values())
    tied = [each for each in votes if votes[each] == low]
    others = [number for number in votes.values() if number > low]
    if len(tied) == 1 or (others and low * len(tied) < min(others)):
        return tuple(tied)
    order = earlier_order(tied, rounds, breaker, "exclude", len(rounds) + 1)
    return (order[-1],)


def earlier_order(
    tied: Sequence[str],
    rounds: Sequence[Round],
    breaker: TieBreaker,
    purpose: str,
    round_number: int,
) -> tuple[str, ...]:
    """One tied candidate singled out by looking back: to exclude (it comes last) or to prefer
    (it comes first), the one with least, or most, in the latest earlier round where they differed;
    those still level there are looked at further back, then left to the rule's last word."""
    pick: Callable[[list[Number]], Number] = min if purpose == "exclude" else max
    level = list(tied)
    for earlier in reversed(rounds):
        sought = pick([earlier.votes[each] for each in level])
        level = [each for each in level if earlier.votes[each] == sought]
        if len(level) == 1:
            break
    broken_back = len(level) == 1
    ordered = tuple(level) if broken_back else breaker.order(level, purpose, round_number)
    rest = tuple(each for each in tied if each not in level)
    order = (*rest, *ordered) if purpose == "exclude" else (*ordered, *rest)
    if broken_back:
        breaker.note(tied, purpose, round_number, "earlier round", order)
    return order


def _round(
    action: str,
    candidates: tuple[str, ...],
    votes: Mapping[str, int],
    piles: _Piles,
    in_play: int,
    transfers: Mapping[str, int] | None = None,
) -> Round:
    return Round(
        action,
        candidates,
        votes,
        transfers or {},
        piles.ballots.total() - in_play,
        {"needed": in_play // 2 + 1},
    )


def _reasons(
    winner: str, last_votes: Mapping[str, Number], excluded: Mapping[str, tuple[int, int, int]]
) -> tuple[Explanation, ...]:
    total = sum(last_votes.values())
    won = Explanation(
        winner, "irv-won", {"total": last_votes[winner], "of": total, "rounds": len(excluded) + 1}
    )
    second = (
        Explanation(
            each, "irv-runner-up", {"total": number, "missing": last_votes[winner] - number}
        )
        for each, number in last_votes.items()
        if each != winner
    )
    out = (
        Explanation(each, "irv-excluded", {"round": number, "total": had, "next": ahead})
        for each, (number, had, ahead) in reversed(list(excluded.items()))
    )
    return (won, *second, *out)
