"""Methods that compare every two candidates: ranked pairs and Schulze, on margins of victory."""

from collections.abc import Mapping, Sequence
from itertools import groupby

import numpy as np
import numpy.typing as npt

from comuna.count.errors import BallotError
from comuna.count.lots import TieBreaker
from comuna.count.rankings import Rankings
from comuna.count.result import Explanation, Outcome, Round
from comuna.count.rule import Rule
from comuna.count.supports import Ballots

Matrix = npt.NDArray[np.int64]


def condorcet_winner(ballots: Rankings, likely: str) -> str | None:
    """The candidate that more ballots rank above than below each other one, if there is one.

    Whoever wins every comparison wins the one with whoever leads when its turn comes, and leads
    from then on: at most two comparisons a candidate are needed, and one if `likely` (whoever was
    elected) is the one, where comparing every two would take many more."""
    size = len(ballots.ids)
    leader = ballots.ids.index(likely)
    beaten: set[int] = set()
    for c in range(size):
        if c == leader:
            continue
        margin = ballots.margin(c, leader)
        if margin > 0:
            leader, beaten = c, {leader}
        elif margin < 0:
            beaten.add(c)
    others = (c for c in range(size) if c != leader and c not in beaten)
    return ballots.ids[leader] if all(ballots.margin(leader, c) > 0 for c in others) else None


def count_schulze(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """Schulze (beatpath) on margins: the strength of a path is its weakest victory; elected is
    whoever's best path to each other is at least as strong as the way back. M. Schulze, Social
    Choice and Welfare 36 (2011)."""
    ranked = _ranked(ballots, rule)
    margins = _margins(ranked)
    paths = np.where(margins > 0, margins, 0)
    for via in range(len(paths)):
        np.maximum(paths, np.minimum(paths[:, via : via + 1], paths[via : via + 1]), out=paths)
    unbeaten = [each for c, each in enumerate(ranked.ids) if (paths[c] >= paths[:, c]).all()]
    winner = breaker.order(unbeaten, "elect", 1)[0]
    return _outcome(ranked, winner, unbeaten, margins, {"paths": _table(ranked.ids, paths)})


def count_ranked_pairs(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """Ranked pairs: victories are locked in from the largest margin down, leaving out each that
    would close a circle; elected is whom no locked victory beats. T. N. Tideman, Social Choice
    and Welfare 4 (1987). Equal victories that cannot all be locked are tried in the order of the
    tie rule: the preferred winner first, then the least preferred loser."""
    ranked = _ranked(ballots, rule)
    ids = ranked.ids
    margins = _margins(ranked)
    victories = sorted(
        (-int(margins[a, b]), a, b)
        for a in range(len(ids))
        for b in range(len(ids))
        if margins[a, b] > 0
    )
    reach = np.eye(len(ids), dtype=bool)
    locked: list[tuple[str, str, int]] = []
    for _, group in groupby(victories, key=lambda victory: victory[0]):
        equal = [(a, b) for _, a, b in group if not reach[b, a]]
        for a, b in _in_order(equal, reach, ids, breaker):
            if not reach[b, a]:
                _lock(reach, a, b)
                locked.append((ids[a], ids[b], int(margins[a, b])))
    unbeaten = [each for c, each in enumerate(ids) if reach[:, c].sum() == 1]
    winner = breaker.order(unbeaten, "elect", 1)[0]
    return _outcome(ranked, winner, unbeaten, margins, {"locked": locked})


def _in_order(
    equal: list[tuple[int, int]],
    reach: npt.NDArray[np.bool_],
    ids: tuple[str, ...],
    breaker: TieBreaker,
) -> list[tuple[int, int]]:
    """Equal victories in the order to lock them; the tie rule is asked only if it can matter."""
    together = reach.copy()
    for a, b in equal:
        if together[b, a]:
            break
        _lock(together, a, b)
    else:
        return equal
    order = breaker.order({ids[c] for pair in equal for c in pair}, "elect", 1)
    place = {ids.index(each): number for number, each in enumerate(order)}
    return sorted(equal, key=lambda pair: (place[pair[0]], -place[pair[1]]))


def _lock(reach: npt.NDArray[np.bool_], a: int, b: int) -> None:
    """Note that a beats b, and so does everyone who reaches a, everyone whom b reaches."""
    reach |= np.outer(reach[:, a], reach[b])


def _margins(ballots: Rankings) -> Matrix:
    prefers = ballots.pairwise
    margins: Matrix = prefers - prefers.T
    return margins


def _ranked(ballots: Ballots, rule: Rule) -> Rankings:
    if not isinstance(ballots, Rankings):
        raise BallotError(f"{rule.method} reads ranked ballots, not approvals or points")
    return ballots


def _table(ids: tuple[str, ...], matrix: Matrix) -> dict[str, dict[str, int]]:
    return {
        a: {b: int(matrix[i, j]) for j, b in enumerate(ids) if i != j} for i, a in enumerate(ids)
    }


def _outcome(
    ballots: Rankings,
    winner: str,
    unbeaten: Sequence[str],
    margins: Matrix,
    facts: Mapping[str, object],
) -> Outcome:
    ids = ballots.ids
    w = ids.index(winner)
    beaten = [ids[c] for c in range(len(ids)) if margins[w, c] > 0]
    won = Explanation(winner, "pairs-won", {"beaten": len(beaten), "others": len(ids) - 1})
    lost = (
        Explanation(
            each,
            _why_lost(each in unbeaten, int(margins[w, c])),
            {"winner": winner, "margin": abs(int(margins[w, c]))},
        )
        for c, each in enumerate(ids)
        if c != w
    )
    prefers = ballots.pairwise
    rounds = (Round("compare", (winner,), facts={"prefers": _table(ids, prefers), **facts}),)
    return Outcome((winner,), rounds, (won, *lost))


def _why_lost(level: bool, margin: int) -> str:
    """By the tie rule alone; head to head with the winner; or to others by more."""
    if level:
        return "pairs-lost-tie"
    return "pairs-lost" if margin > 0 else "pairs-lost-path"
