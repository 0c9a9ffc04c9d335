"""Electing by vetoes: each candidate begins with its first choices, and papers take from whom they
like least until as many are left as there are seats.

F. E. Kizilkaya, D. Kempe, Generalized Veto Core and a Practical Voting Rule with Optimal Metric
Distortion (arXiv 2305.19632): all papers at once, at the same pace; and their Plurality Veto
(arXiv 2206.07098), here in its serial form: paper by paper in an order by lot, where a candidate
with nothing left goes out only when a paper would take from it.
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from comuna.count.errors import BallotError, LotNeededError
from comuna.count.guarantees import too_few
from comuna.count.lots import TieBreaker, ticket
from comuna.count.rankings import Rankings, not_ranked
from comuna.count.result import Explanation, Number, Outcome, Round
from comuna.count.rule import Rule
from comuna.count.supports import Ballots

MOST_PAPERS = 1_000_000  # taken one after the other


def count_simultaneous_veto(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """All papers take from their last at the same pace; a paper with several equal last (those it
    leaves out are) takes from each in equal parts. Who has nothing left goes out."""
    ranked, seats = _ranked(ballots, rule)
    start = _firsts(ranked)
    scores: dict[str, Number] = dict(start)
    rounds = [Round("count", (), dict(scores))]
    out: dict[str, int] = {}
    while len(scores) > seats:
        pressure = _pressure(ranked, [ranked.ids.index(each) for each in scores])
        pace = min(
            Fraction(scores[each]) / pressed for each, pressed in pressure.items() if pressed
        )
        for each, pressed in pressure.items():
            scores[each] -= pace * pressed
        if not any(scores.values()):  # all at once: the last moment, and all are level
            order = breaker.order(scores, "elect", len(rounds) + 1)
            gone = order[seats:]
        else:
            level = [each for each, had in scores.items() if not had and pressure[each]]
            gone = breaker.order(level, "exclude", len(rounds) + 1)[-1:]
        for each in gone:
            del scores[each]
            out[each] = len(rounds) + 1
        rounds.append(Round("exclude", tuple(gone), dict(scores)))
    return _outcome(scores, start, rounds, out, breaker)


def count_serial_veto(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """Paper by paper, in the order of their lots (or, to compare with outside engines, of their
    text): each takes one from its last; if that has nothing left it goes out, and the paper takes
    from the next. Of several equal last, from the one with fewest first choices, then by the rule.

    Raises LotNeededError where no lot was thrown for the order.
    """
    ranked, seats = _ranked(ballots, rule)
    if breaker.last_word == "lot" and breaker.seed is None:
        raise LotNeededError(tuple(breaker.ids), "order", 1)
    start = _firsts(ranked)
    taste = _taste(start, breaker)
    scores: dict[str, Number] = dict(start)
    rounds = [Round("count", (), dict(scores))]
    out: dict[str, int] = {}
    for paper in _papers(ranked, breaker):
        for group in _from_the_last(paper, taste):
            if group not in scores:
                continue
            if scores[group] > 0:
                scores[group] -= 1
                break
            if len(scores) == seats:
                break
            del scores[group]
            out[group] = len(rounds) + 1
            rounds.append(Round("exclude", (group,), dict(scores)))
        if len(scores) == seats:
            break
    if len(scores) > seats:
        order = breaker.order(scores, "elect", len(rounds) + 1)
        for each in order[seats:]:
            del scores[each]
            out[each] = len(rounds) + 1
        rounds.append(Round("exclude", tuple(order[seats:]), dict(scores)))
    return _outcome(scores, start, rounds, out, breaker)


def _ranked(ballots: Ballots, rule: Rule) -> tuple[Rankings, int]:
    """The papers that name anyone: who names nobody likes nobody least."""
    if not isinstance(ballots, Rankings):
        raise BallotError(
            f"{rule.method} reads ranked ballots, not approvals or points",
            f"{rule.method} lee papeletas ordenadas, no aprobaciones ni puntos",
        )
    seats = rule.seats or 1
    if seats > len(ballots.ids):
        raise too_few(seats, ballots.candidates, ballots.withdrawn)
    named = (ballots.ranks != not_ranked(ballots.ranks)).any(axis=0)
    weight = ballots.weight if ballots.weight is None else ballots.weight[named]
    return Rankings(ballots.candidates, ballots.ranks[:, named], weight), seats


def _heavy(ballots: Rankings) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    columns = ballots.ranks.shape[1]
    return np.ones(columns, dtype=np.int64) if ballots.weight is None else ballots.weight


def _shares(
    ballots: Rankings, chosen: np.ndarray[tuple[int, int], np.dtype[np.bool_]]
) -> list[Fraction]:
    """What each row has of the papers when each is parted among the rows that it chooses."""
    many = np.count_nonzero(chosen, axis=0)
    heavy = _heavy(ballots)
    return [
        sum(
            (
                Fraction(int(heavy[row & (many == parts)].sum()), parts)
                for parts in np.unique(many[row]).tolist()
            ),
            Fraction(0),
        )
        for row in chosen
    ]


def _firsts(ballots: Rankings) -> dict[str, Fraction]:
    best = ballots.ranks.min(axis=0)
    return dict(zip(ballots.ids, _shares(ballots, ballots.ranks == best), strict=True))


def _pressure(ballots: Rankings, standing: Sequence[int]) -> dict[str, Fraction]:
    here = ballots.ranks[list(standing)]
    found = _shares(ballots, here == here.max(axis=0))
    return {ballots.ids[c]: part for c, part in zip(standing, found, strict=True)}


def _taste(start: dict[str, Fraction], breaker: TieBreaker) -> dict[str, int]:
    """A place for each candidate, by which a paper chooses among its equal last: the higher goes
    first. Fewest first choices, then the rule's last word."""
    order: list[str] = []
    for had in sorted(set(start.values()), reverse=True):
        level = [each for each in start if start[each] == had]
        order += breaker.order(level, "order", 1) if len(level) > 1 else level
    return {each: place for place, each in enumerate(order)}


def _papers(ballots: Rankings, breaker: TieBreaker) -> list[list[list[str]]]:
    """Each paper as its groups of equals from the last, in the order of the lots."""
    if ballots.total() > MOST_PAPERS:
        raise BallotError(
            f"serial-veto takes papers one after the other, {MOST_PAPERS} at most; "
            "simultaneous-veto takes all at once",
            f"serial-veto toma las papeletas una tras otra, {MOST_PAPERS} como mucho; "
            "simultaneous-veto las toma todas a la vez",
        )
    found = []
    for column, many in enumerate(_heavy(ballots).tolist()):
        ranks = ballots.ranks[:, column]
        groups = [
            [ballots.ids[c] for c in np.flatnonzero(ranks == place)]
            for place in np.unique(ranks)[::-1].tolist()
        ]
        text = ">".join("=".join(sorted(group)) for group in reversed(groups))
        found += [(text, copy, groups) for copy in range(many)]
    # Equal papers of different columns are numbered through, so that grouping says nothing.
    found.sort(key=lambda each: each[0])
    numbered = [(text, at, groups) for at, (text, _, groups) in enumerate(found)]
    if breaker.seed is not None and breaker.last_word == "lot":
        seed = breaker.seed
        numbered.sort(key=lambda each: ticket(seed, f"{each[0]} {each[1]}"))
    return [groups for _, _, groups in numbered]


def _from_the_last(paper: list[list[str]], taste: dict[str, int]) -> list[str]:
    return [each for group in paper for each in sorted(group, key=lambda one: -taste[one])]


def _outcome(
    scores: dict[str, Number],
    start: dict[str, Fraction],
    rounds: list[Round],
    out: dict[str, int],
    breaker: TieBreaker,
) -> Outcome:
    winners = sorted(scores, key=lambda each: (-scores[each], breaker.ids.index(each)))
    won = (
        Explanation(each, "veto-won", {"total": start[each], "left": scores[each]})
        for each in winners
    )
    lost = (
        Explanation(each, "veto-out", {"total": start[each], "round": number})
        for each, number in reversed(list(out.items()))
    )
    return Outcome(tuple(winners), tuple(rounds), (*won, *lost))
