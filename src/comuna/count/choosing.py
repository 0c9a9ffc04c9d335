"""Methods that add up votes or points once: plurality, two rounds, approval, score, Borda, block,
limited. One seat or several."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from comuna.count.candidates import Candidate
from comuna.count.errors import BallotError
from comuna.count.guarantees import Guarantees, too_few
from comuna.count.lots import TieBreaker
from comuna.count.rankings import Rankings
from comuna.count.result import Explanation, Number, Outcome, Round
from comuna.count.rule import Rule
from comuna.count.supports import Ballots, Supports


def count_plurality(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """One choice a ballot (the first of a ranked one); most votes is elected."""
    return _most(_choices(ballots, 1, rule.overvotes), 1, breaker)


def count_two_round(
    ballots: Ballots, rule: Rule, breaker: TieBreaker, second_ballots: Ballots | None = None
) -> Outcome:
    """More than half of the votes is elected; otherwise the two with most go to a second round.

    `second_ballots` are those of the second vote, between the two. Without them ranked ballots are
    counted for the second round too: each goes to the one of the two that it ranks higher; from
    ballots of one choice nobody is elected yet, and `notes["second_round"]` names the two.

    Raises BallotError where the second vote is not between the two, or none is due.
    """
    votes = _choices(ballots, 1, rule.overvotes)
    total = sum(votes.values())
    best = max(votes, key=votes.__getitem__)
    first = Round("count", tuple(votes), votes, facts={"needed": total // 2 + 1})
    if 2 * votes[best] > total:
        if second_ballots is not None:
            raise BallotError(f"{best} has more than half in the first round; no second is due")
        return Outcome((best,), (first,), _reasons(votes, (best,), "votes"))
    two = _highest(votes, min(2, len(votes)), breaker, 1)
    out = tuple(
        Explanation(each, "out-first-round", {"votes": votes[each], "second": votes[two[1]]})
        for each in votes
        if each not in two
    )
    if second_ballots is None and not isinstance(ballots, Rankings):
        reasons = tuple(Explanation(each, "second-round", {"votes": votes[each]}) for each in two)
        return Outcome((), (first,), (*reasons, *out), {"second_round": two})
    last, cast = _second_round(two, ballots, second_ballots)
    second = Round("count", two, last, exhausted=cast - sum(last.values()))
    winners = _highest(last, 1, breaker, 2)
    decided = (
        Explanation(
            each,
            "second-round-won" if each in winners else "second-round-lost",
            {"total": last[each], "missing": max(last.values()) - last[each]},
        )
        for each in (*winners, *(each for each in two if each not in winners))
    )
    return Outcome(winners, (first, second), (*decided, *out))


def _second_round(
    two: tuple[str, ...], first: Ballots, second: Ballots | None
) -> tuple[dict[str, Number], int]:
    """The votes of the two, and how many ballots there are: of the second vote, whose candidates
    are known by their names (files number them anew), else of the first, which are ranked."""
    if second is None:
        assert isinstance(first, Rankings)
        a, b = (first.ids.index(each) for each in two)
        prefers = first.pairwise
        return {two[0]: int(prefers[a, b]), two[1]: int(prefers[b, a])}, first.total()
    called = {each.id: each.name or each.id for each in first.candidates if each.id in two}
    votes = _choices(second, 1, None)
    by_name = {each.name or each.id: votes[each.id] for each in second.candidates}
    if set(by_name) != set(called.values()):
        raise BallotError(
            f"the second round is between {' and '.join(called.values())}; "
            f"its ballots are for {', '.join(by_name)}"
        )
    return {each: by_name[called[each]] for each in two}, second.total()


def count_approval(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """As many approvals a ballot as the voter likes; most approvals are elected."""
    supports = _unranked(ballots, rule)
    votes = dict(zip(supports.ids, supports.votes(), strict=True))
    return _most_within(ballots, votes, rule, breaker)


def count_score(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """Points a ballot to any candidates; most points in all are elected."""
    supports = _unranked(ballots, rule)
    points = dict(zip(supports.ids, supports.scores(), strict=True))
    return _most_within(ballots, points, rule, breaker, "points")


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
    return _most_within(ballots, points, rule, breaker, "points")


def count_block(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """As many votes a ballot as seats, or as `votes_each` says (the first so many of a ranked one);
    most are elected."""
    return _most_within(
        ballots, _choices(ballots, rule.votes_each or 1, rule.overvotes), rule, breaker
    )


def count_limited(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """Fewer votes a ballot than seats: `votes_each`, by default one; most are elected."""
    return _most_within(
        ballots, _choices(ballots, rule.votes_each or 1, rule.overvotes), rule, breaker
    )


def count_consulta(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """One choice a ballot among at most seven projects; the first `seats` are funded (two unless
    the rule says otherwise), whatever they cost, if anyone voted for them. Venezuela's national
    popular consultation."""
    if len(ballots.ids) > 7:
        raise BallotError(f"a consulta has at most seven projects, not {len(ballots.ids)}")
    votes = _choices(ballots, 1, rule.overvotes)
    seats = rule.seats or 2
    wanted = {each: number for each, number in votes.items() if number}
    funded = _highest(wanted, min(seats, len(wanted)), breaker, 1)
    last = votes[funded[-1]] if funded else 1
    told = []
    for each in sorted(votes, key=lambda each: (each not in funded, -votes[each])):
        facts = {
            "votes": votes[each],
            "place": 1 + sum(number > votes[each] for number in votes.values()),
            "funded": seats,
        }
        if each in funded:
            told.append(Explanation(each, "consulta-won", facts))
        elif not votes[each]:
            told.append(Explanation(each, "project-unsupported", facts))
        elif votes[each] == last:
            told.append(Explanation(each, "consulta-lost-tie", facts))
        else:
            missing = {"missing": last - votes[each]}
            told.append(Explanation(each, "consulta-lost", {**facts, **missing}))
    return Outcome(funded, (Round("count", funded, votes),), tuple(told))


def _choices(ballots: Ballots, most: int, overvotes: str | None) -> dict[str, Number]:
    """Votes when each ballot has at most so many; a ranked ballot gives them to its first."""
    if isinstance(ballots, Rankings):
        strict = ballots.strict(overvotes or "exhaust")
        return dict(zip(strict.ids, strict.within(most), strict=True))
    longest = ballots.longest()
    if longest > most:
        raise BallotError(
            f"a ballot supports {longest} candidates where this method gives each ballot "
            f"{most}; count it by approval, or take that ballot out as null",
            f"una papeleta apoya a {longest} donde este método da {most} a cada una; cuéntelas "
            "por approval, o aparte esa papeleta como nula",
        )
    return dict(zip(ballots.ids, ballots.votes(), strict=True))


def _unranked(ballots: Ballots, rule: Rule) -> Supports[Any]:
    if isinstance(ballots, Rankings):
        raise BallotError(f"{rule.method} reads approvals or points, not ranked ballots")
    return ballots


def _most(
    totals: Mapping[str, Number], seats: int, breaker: TieBreaker, unit: str = "votes"
) -> Outcome:
    if seats > len(totals):
        raise too_few(seats, [Candidate(each) for each in totals])
    winners = _highest(totals, seats, breaker, 1)
    return Outcome(winners, (Round("count", winners, totals),), _reasons(totals, winners, unit))


def _most_within(
    ballots: Ballots,
    totals: Mapping[str, Number],
    rule: Rule,
    breaker: TieBreaker,
    unit: str = "votes",
) -> Outcome:
    """The highest who can be elected so that the guarantees are kept."""
    seats = rule.seats or 1
    if not rule.guarantees:
        return _most(totals, seats, breaker, unit)
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
    return Outcome(winners, (Round("count", winners, totals),), _reasons(totals, winners, unit))


def _highest(
    totals: Mapping[str, Number], seats: int, breaker: TieBreaker, round_number: int
) -> tuple[str, ...]:
    """The `seats` highest, highest first; only a tie that decides who is in needs breaking."""
    if not seats:
        return ()
    ranked = sorted(totals, key=lambda each: (-totals[each], breaker.ids.index(each)))
    last = totals[ranked[seats - 1]]
    above = [each for each in ranked if totals[each] > last]
    level = [each for each in ranked if totals[each] == last]
    if len(above) + len(level) > seats:
        level = list(breaker.order(level, "elect", round_number))
    return tuple((above + level)[:seats])


def _reasons(
    totals: Mapping[str, Number], winners: tuple[str, ...], unit: str
) -> tuple[Explanation, ...]:
    last_in = min(totals[each] for each in winners)
    losers = sorted(
        (each for each in totals if each not in winners), key=lambda each: -totals[each]
    )
    out = {"next": totals[losers[0]]} if losers else {}
    won = (
        Explanation(
            each,
            "most-won" if losers else "most-won-all",
            {"total": totals[each], "unit": unit, **out},
        )
        for each in winners
    )
    lost = (
        Explanation(
            each,
            "most-lost" if totals[each] < last_in else "most-lost-tie",
            {
                "total": totals[each],
                "unit": unit,
                "last_in": last_in,
                "missing": last_in - totals[each],
            },
        )
        for each in losers
    )
    return (*won, *lost)
