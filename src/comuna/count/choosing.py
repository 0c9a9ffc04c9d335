"""Methods that add up votes or points once: plurality, two rounds, approval, score, Borda, block,
limited. One seat or several."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from comuna.count.errors import BallotError
from comuna.count.guarantees import Guarantees
from comuna.count.lots import TieBreaker
from comuna.count.rankings import Rankings
from comuna.count.result import Explanation, Number, Outcome, Round
from comuna.count.rule import Rule
from comuna.count.supports import Ballots, Supports


def count_plurality(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """One choice a ballot (the first of a ranked one); most votes is elected."""
    return _most(_choices(ballots, 1), 1, breaker)


def count_two_round(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """More than half of the votes is elected; otherwise the two with most go to a second round.

    Ranked ballots are counted for the second round too: each goes to the one of the two that it
    ranks higher. From ballots of one choice nobody is elected yet: `notes["second_round"]` names
    the two, and a second vote is counted by plurality.
    """
    votes = _choices(ballots, 1)
    total = sum(votes.values())
    best = max(votes, key=votes.__getitem__)
    first = Round("count", tuple(votes), votes, facts={"needed": total // 2 + 1})
    if 2 * votes[best] > total:
        return Outcome((best,), (first,), _reasons(votes, (best,)))
    two = _highest(votes, min(2, len(votes)), breaker, 1)
    if not isinstance(ballots, Rankings):
        reasons = tuple(Explanation(each, "second-round", {"votes": votes[each]}) for each in two)
        return Outcome((), (first,), reasons, {"second_round": two})
    prefers = ballots.pairwise
    a, b = (ballots.ids.index(each) for each in two)
    last = {two[0]: int(prefers[a, b]), two[1]: int(prefers[b, a])}
    second = Round("count", two, last, exhausted=ballots.total() - sum(last.values()))
    winners = _highest(last, 1, breaker, 2)
    out = tuple(
        Explanation(each, "out-first-round", {"votes": votes[each], "second": votes[two[1]]})
        for each in votes
        if each not in two
    )
    return Outcome(winners, (first, second), (*_reasons(last, winners), *out))


def count_approval(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """As many approvals a ballot as the voter likes; most approvals are elected."""
    supports = _unranked(ballots, rule)
    votes = dict(zip(supports.ids, supports.votes(), strict=True))
    return _most_within(ballots, votes, rule, breaker)


def count_score(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """Points a ballot to any candidates; most points in all are elected."""
    supports = _unranked(ballots, rule)
    points = dict(zip(supports.ids, supports.scores(), strict=True))
    return _most_within(ballots, points, rule, breaker)


def count_borda(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """A point for each candidate ranked lower, half a point for each ranked equal (those that a
    ballot leaves out are equal last); most points are elected."""
    if not isinstance(ballots, Rankings):
        raise BallotError("borda reads ranked ballots, not approvals or points")
    prefers = ballots.pairwise
    total, others = ballots.total(), len(ballots.ids) - 1
    points: dict[str, Number] = {
        each: Fraction(total * others + int(prefers[c].sum()) - int(prefers[:, c].sum()), 2)
        for c, each in enumerate(ballots.ids)
    }
    return _most_within(ballots, points, rule, breaker)


def count_block(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """As many votes a ballot as seats (the first so many of a ranked one); most are elected."""
    return _most_within(ballots, _choices(ballots, rule.seats or 1), rule, breaker)


def count_limited(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """Fewer votes a ballot than seats: `votes_each`, by default one; most are elected."""
    return _most_within(ballots, _choices(ballots, rule.votes_each or 1), rule, breaker)


def count_consulta(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """One choice a ballot among at most seven projects; the first `seats` are funded (two unless
    the rule says otherwise), whatever they cost. Venezuela's national popular consultation."""
    if len(ballots.ids) > 7:
        raise BallotError(f"a consulta has at most seven projects, not {len(ballots.ids)}")
    return _most(_choices(ballots, 1), min(rule.seats or 2, len(ballots.ids)), breaker)


def _choices(ballots: Ballots, most: int) -> dict[str, Number]:
    """Votes when each ballot has at most so many; a ranked ballot gives them to its first."""
    if isinstance(ballots, Rankings):
        strict = ballots.strict()
        votes = [strict.count(strict.ranks[c] <= most) for c in range(len(strict.ids))]
        return dict(zip(strict.ids, votes, strict=True))
    longest = ballots.longest()
    if longest > most:
        raise BallotError(
            f"a ballot supports {longest} candidates where this method gives each ballot "
            f"{most}; count it by approval, or take that ballot out as null"
        )
    return dict(zip(ballots.ids, ballots.votes(), strict=True))


def _unranked(ballots: Ballots, rule: Rule) -> Supports[Any]:
    if isinstance(ballots, Rankings):
        raise BallotError(f"{rule.method} reads approvals or points, not ranked ballots")
    return ballots


def _most(totals: Mapping[str, Number], seats: int, breaker: TieBreaker) -> Outcome:
    if seats > len(totals):
        raise BallotError(f"{seats} seats but only {len(totals)} candidates")
    winners = _highest(totals, seats, breaker, 1)
    return Outcome(winners, (Round("count", winners, totals),), _reasons(totals, winners))


def _most_within(
    ballots: Ballots, totals: Mapping[str, Number], rule: Rule, breaker: TieBreaker
) -> Outcome:
    """The highest who can be elected so that the guarantees are kept."""
    seats = rule.seats or 1
    if not rule.guarantees:
        return _most(totals, seats, breaker)
    guarantees = Guarantees.of(rule.guarantees, ballots.candidates, seats)
    elected: list[str] = []
    standing = sorted(totals, key=lambda each: (-totals[each], breaker.ids.index(each)))
    while len(elected) < seats:
        barred = guarantees.barred(elected, standing)
        standing = [each for each in standing if each not in barred]
        level = [each for each in standing if totals[each] == totals[standing[0]]]
        others = [each for each in standing if each not in level]
        if not guarantees.possible([*elected, *level], others):
            level = [breaker.order(level, "elect", 1)[0]]
        elected += level
        standing = [each for each in standing if each not in level]
    winners = tuple(elected)
    return Outcome(winners, (Round("count", winners, totals),), _reasons(totals, winners))


def _highest(
    totals: Mapping[str, Number], seats: int, breaker: TieBreaker, round_number: int
) -> tuple[str, ...]:
    """The `seats` highest, highest first; only a tie that decides who is in needs breaking."""
    ranked = sorted(totals, key=lambda each: (-totals[each], breaker.ids.index(each)))
    last = totals[ranked[seats - 1]]
    above = [each for each in ranked if totals[each] > last]
    level = [each for each in ranked if totals[each] == last]
    if len(above) + len(level) > seats:
        level = list(breaker.order(level, "elect", round_number))
    return tuple((above + level)[:seats])


def _reasons(totals: Mapping[str, Number], winners: tuple[str, ...]) -> tuple[Explanation, ...]:
    last_in = min(totals[each] for each in winners)
    losers = sorted(
        (each for each in totals if each not in winners), key=lambda each: -totals[each]
    )
    first_out = max((totals[each] for each in losers), default=0)
    won = (
        Explanation(each, "most-won", {"total": totals[each], "next": first_out})
        for each in winners
    )
    lost = (
        Explanation(
            each,
            "most-lost" if totals[each] < last_in else "most-lost-tie",
            {"total": totals[each], "last_in": last_in, "missing": last_in - totals[each]},
        )
        for each in losers
    )
    return (*won, *lost)
