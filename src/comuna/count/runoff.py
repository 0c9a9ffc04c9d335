"""Instant runoff: the last is excluded and its ballots pass to their next choice, until someone
has more than half of the ballots that still name a candidate standing."""

from collections.abc import Callable, Mapping, Sequence

from comuna.count.errors import BallotError
from comuna.count.lots import TieBreaker
from comuna.count.rankings import Rankings
from comuna.count.result import Explanation, Number, Outcome, Round
from comuna.count.rule import Rule
from comuna.count.supports import Ballots


def count_irv(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """Instant runoff. The tie of the last is broken by the latest earlier round in which they
    differed, then by the rule's last word; candidates that tie for last and together have fewer
    votes than the next are excluded together, since no order among them can matter. Those whom the
    rule excludes first go together, in the first exclusion."""
    strict = as_ruled(ballots, rule)
    ids = ballots.ids
    first = tuple(each for each in ids if each in (rule.excluded_first or ()))
    if len(first) == len(ids):
        raise BallotError(
            "the rule excludes all candidates first; somebody must stay",
            "la regla excluye primero a todas las candidaturas; alguna debe quedar",
        )
    excluded: dict[str, tuple[int, int, int]] = {}
    ruled_out: tuple[str, ...] = ()
    standing = list(range(len(ids)))
    if rule.overvotes == "exhaust-if-several":
        strict = strict.settled(standing)
    votes = _votes(strict, standing)
    rounds = [_round("count", (), votes, {}, ballots.total())]
    while True:
        best = max((each for each in votes if each not in first), key=votes.__getitem__)
        if 2 * votes[best] > sum(votes.values()) or len(votes) == 1:
            told = _reasons(best, votes, excluded, ruled_out, len(rounds))
            return Outcome((best,), tuple(rounds), told)
        last = first or _last(votes, rounds, breaker)
        ahead = min(number for each, number in votes.items() if each not in last)
        for each in last:
            excluded[each] = (len(rounds) + 1, votes[each], ahead)
        ruled_out, first = (*ruled_out, *first), ()
        standing = [c for c in standing if ids[c] not in last]
        if rule.overvotes == "exhaust-if-several":
            strict = strict.settled(standing)
        before, votes = votes, _votes(strict, standing)
        received = {each: now - before[each] for each, now in votes.items() if now > before[each]}
        rounds.append(_round("exclude", last, votes, received, ballots.total()))


def as_ruled(ballots: Ballots, rule: Rule) -> Rankings:
    """Ranked ballots as the rule reads equal ranks, places passed over and names repeated. Raises
    BallotError for other ballots, and where the rule excludes first who does not stand."""
    if not isinstance(ballots, Rankings):
        raise BallotError(
            f"{rule.method} reads ranked ballots, not approvals or points",
            f"{rule.method} lee papeletas ordenadas, no aprobaciones ni puntos",
        )
    unknown = [each for each in rule.excluded_first or () if each not in ballots.ids]
    if unknown:
        raise BallotError(
            f"excluded_first names {unknown[0]!r}, who does not stand; "
            f"standing are: {', '.join(ballots.ids)}",
            f"excluded_first nombra a {unknown[0]!r}, que no se presenta; "
            f"se presentan: {', '.join(ballots.ids)}",
        )
    return ballots.strict(rule.overvotes or "exhaust", rule.skipped_most, rule.repeats or "skip")


def _round(
    action: str,
    candidates: tuple[str, ...],
    votes: Mapping[str, int],
    received: Mapping[str, int],
    ballots: int,
) -> Round:
    in_play = sum(votes.values())
    facts = {"needed": in_play // 2 + 1}
    return Round(action, candidates, votes, received, ballots - in_play, facts)


def _votes(ballots: Rankings, standing: Sequence[int]) -> dict[str, int]:
    return {ballots.ids[c]: number for c, number in ballots.first_choices(standing).items()}


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


def _reasons(
    winner: str,
    last_votes: Mapping[str, Number],
    excluded: Mapping[str, tuple[int, int, int]],
    ruled_out: Sequence[str],
    rounds: int,
) -> tuple[Explanation, ...]:
    total = sum(last_votes.values())
    won = Explanation(
        winner, "irv-won", {"total": last_votes[winner], "of": total, "rounds": rounds}
    )
    second = (
        Explanation(
            each, "irv-runner-up", {"total": number, "missing": last_votes[winner] - number}
        )
        for each, number in last_votes.items()
        if each != winner
    )
    out = (
        Explanation(
            each,
            "irv-excluded-first"
            if each in ruled_out
            else "irv-excluded"
            if had < ahead
            else "irv-excluded-tie",
            {"round": number, "total": had, "next": ahead},
        )
        for each, (number, had, ahead) in reversed(list(excluded.items()))
    )
    return (won, *second, *out)
