"""Runoffs by exclusion: the last is excluded and its ballots pass to their next choice, until
someone has more than half of the ballots that still name a candidate standing, or as many stand as
there are seats. And the same where a ballot may have several first choices: each counts whole
(approval) or in equal parts (split), T. Delemazure, D. Peters, arXiv 2404.11407.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from comuna.count.errors import BallotError
from comuna.count.guarantees import too_few
from comuna.count.lots import TieBreaker
from comuna.count.rankings import Rankings, not_ranked
from comuna.count.result import Explanation, Number, Outcome, Round
from comuna.count.rule import Rule
from comuna.count.supports import Ballots


@dataclass
class _Runoff:
    """A runoff under way among `standing`, which `tally` counts; `first` are those whom the rule
    excludes before all others."""

    ballots: Rankings
    tally: Callable[[Sequence[int]], tuple[Mapping[str, Number], Number]]
    breaker: TieBreaker
    standing: list[int]
    first: tuple[str, ...] = ()
    before: int = 0
    majority: bool = False
    rounds: list[Round] = field(default_factory=list)
    excluded: dict[str, tuple[int, Number, Number]] = field(default_factory=dict)
    ruled_out: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.votes, in_play = self.tally(self.standing)
        self._note("count", (), {}, in_play)

    @property
    def number(self) -> int:
        """The number of the round last counted."""
        return self.before + len(self.rounds)

    def best(self) -> str:
        """Who has most, of those who can be elected."""
        return max(
            (each for each in self.votes if each not in self.first), key=self.votes.__getitem__
        )

    def exclude(self, seats: int = 1) -> None:
        """One round: those excluded first, else the last, or several that tie for last and cannot
        be saved, as long as enough stay for the seats."""
        last = self.first or _last(self.votes, self.rounds, self.breaker, seats)
        ahead = min(number for each, number in self.votes.items() if each not in last)
        for each in last:
            self.excluded[each] = (self.number + 1, self.votes[each], ahead)
        self.ruled_out += self.first
        self.first = ()
        ids = self.ballots.ids
        self.standing = [c for c in self.standing if ids[c] not in last]
        had = self.votes
        self.votes, in_play = self.tally(self.standing)
        received = {each: now - had[each] for each, now in self.votes.items() if now > had[each]}
        self._note("exclude", last, received, in_play)

    def _note(
        self,
        action: str,
        candidates: tuple[str, ...],
        received: Mapping[str, Number],
        in_play: Number,
    ) -> None:
        self.rounds.append(
            Round(
                action,
                candidates,
                self.votes,
                received,
                self.ballots.total() - in_play,
                {"needed": int(in_play // 2) + 1} if self.majority else {},
            )
        )


def count_irv(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """Instant runoff. The tie of the last is broken by the latest earlier round in which they
    differed, then by the rule's last word; candidates that tie for last and together have fewer
    votes than the next are excluded together, since no order among them can matter. Those whom the
    rule excludes first go together, in the first exclusion."""
    strict = as_ruled(ballots, rule)
    standing = list(range(len(strict.ids)))
    run = _majority(strict, rule, breaker, standing, _first_out(strict, rule))
    best = run.best()
    return Outcome((best,), tuple(run.rounds), _reasons(best, run))


def count_irv_sequential(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """A seat at a time by instant runoff, each with all ballots and without those elected before
    (some councils in Utah): whoever has the majority may take every seat."""
    strict = as_ruled(ballots, rule)
    seats = _seats(strict, rule)
    rounds: list[Round] = []
    won: list[Explanation] = []
    standing, first = list(range(len(strict.ids))), _first_out(strict, rule)
    while True:
        run = _majority(strict, rule, breaker, standing, first, len(rounds))
        best = run.best()
        rounds += [*run.rounds, Round("elect", (best,), run.votes)]
        told = _reasons(best, run)
        won.append(told[0])
        if len(won) == seats:
            return Outcome(tuple(each.candidate for each in won), tuple(rounds), (*won, *told[1:]))
        standing = [c for c in standing if strict.ids[c] != best]


def count_bottoms_up(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """The last is excluded until as many stand as there are seats; no surplus passes on."""
    strict = as_ruled(ballots, rule)
    seats = _seats(strict, rule)
    run = _Runoff(
        strict,
        _by_first_choice(strict, rule),
        breaker,
        list(range(len(strict.ids))),
        _first_out(strict, rule),
    )
    while len(run.standing) > seats:
        run.exclude(seats)
    return _last_standing(run)


def count_approval_irv(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """A ballot counts for each of its first choices among those standing; the last is excluded
    until one stands."""
    return _tied_runoff(ballots, rule, breaker, whole=True)


def count_split_irv(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """A ballot counts in equal parts for its first choices among those standing; the last is
    excluded until one stands."""
    return _tied_runoff(ballots, rule, breaker, whole=False)


def _tied_runoff(ballots: Ballots, rule: Rule, breaker: TieBreaker, whole: bool) -> Outcome:
    ranked = _ranked(ballots, rule)
    if ranked.overvoted is not None:
        raise BallotError(
            f"{rule.method} counts equal first choices, and some papers mark several without "
            "saying whom; irv can leave those out",
            f"{rule.method} cuenta primeras preferencias iguales, y algunas papeletas marcan a "
            "varias sin decir cuáles; irv puede dejarlas fuera",
        )
    run = _Runoff(
        ranked,
        lambda standing: _tops(ranked, standing, whole),
        breaker,
        list(range(len(ranked.ids))),
        _first_out(ranked, rule),
    )
    while len(run.standing) > 1:
        run.exclude()
    return _last_standing(run)


def _tops(
    ballots: Rankings, standing: Sequence[int], whole: bool
) -> tuple[Mapping[str, Number], Number]:
    """What each of the standing has of the ballots that rank it before or beside all others
    standing, and how many ballots rank any."""
    nobody = not_ranked(ballots.ranks)
    totals: dict[str, Number] = {ballots.ids[c]: 0 for c in standing}
    in_play = 0
    for ranks, weight in ballots.blocks():
        here = ranks[list(standing)]
        best = here.min(axis=0)
        tops = (here == best) & (best != nobody)
        many = np.count_nonzero(tops, axis=0)
        heavy = np.ones(len(best), dtype=np.int64) if weight is None else weight
        in_play += int(heavy[many > 0].sum())
        for c, row in zip(standing, tops, strict=True):
            if whole:
                totals[ballots.ids[c]] += int(heavy[row].sum())
            else:
                for parts in np.unique(many[row]).tolist():
                    some = int(heavy[row & (many == parts)].sum())
                    totals[ballots.ids[c]] += Fraction(some, parts)
    return totals, in_play


def _majority(
    strict: Rankings,
    rule: Rule,
    breaker: TieBreaker,
    standing: list[int],
    first: tuple[str, ...],
    before: int = 0,
) -> _Runoff:
    """A runoff up to the round in which someone has more than half, or stands alone."""
    still = tuple(each for each in first if strict.ids.index(each) in standing)
    run = _Runoff(strict, _by_first_choice(strict, rule), breaker, standing, still, before, True)
    while 2 * run.votes[run.best()] <= sum(run.votes.values()) and len(run.votes) > 1:
        run.exclude()
    return run


def _by_first_choice(
    strict: Rankings, rule: Rule
) -> Callable[[Sequence[int]], tuple[Mapping[str, Number], Number]]:
    """How many ballots have each of the standing as their next choice."""
    papers = strict

    def tally(standing: Sequence[int]) -> tuple[Mapping[str, Number], Number]:
        nonlocal papers
        if rule.overvotes == "exhaust-if-several":
            papers = papers.settled(standing)
        votes = {papers.ids[c]: number for c, number in papers.first_choices(standing).items()}
        return votes, sum(votes.values())

    return tally


def _first_out(ballots: Rankings, rule: Rule) -> tuple[str, ...]:
    """Those whom the rule excludes first. Raises BallotError where that leaves nobody, or too few
    for the seats."""
    first = tuple(each for each in ballots.ids if each in (rule.excluded_first or ()))
    if len(ballots.ids) - len(first) < (rule.seats or 1):
        raise BallotError(
            "the rule excludes so many first that too few stay for the seats",
            "la regla excluye primero a tantas que quedan pocas para los puestos",
        )
    return first


def _seats(ballots: Rankings, rule: Rule) -> int:
    seats = rule.seats or 1
    if seats > len(ballots.ids):
        raise too_few(seats, ballots.candidates, ballots.withdrawn)
    return seats


def _last_standing(run: _Runoff) -> Outcome:
    """Those who stand at the end are elected, who has most first."""
    place = run.breaker.ids.index
    winners = sorted(run.votes, key=lambda each: (-run.votes[each], place(each)))
    won = (Explanation(each, "last-standing", {"total": run.votes[each]}) for each in winners)
    return Outcome(tuple(winners), tuple(run.rounds), (*won, *_out(run)))


def as_ruled(ballots: Ballots, rule: Rule) -> Rankings:
    """Ranked ballots as the rule reads equal ranks, places passed over and names repeated. Raises
    BallotError for other ballots, and where the rule excludes first who does not stand."""
    ranked = _ranked(ballots, rule)
    return ranked.strict(rule.overvotes or "exhaust", rule.skipped_most, rule.repeats or "skip")


def _ranked(ballots: Ballots, rule: Rule) -> Rankings:
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
    return ballots


def _last(
    votes: Mapping[str, Number], rounds: Sequence[Round], breaker: TieBreaker, seats: int
) -> tuple[str, ...]:
    """Who is excluded: the last, or several that tie for last and cannot be saved."""
    low = min(votes.values())
    tied = [each for each in votes if votes[each] == low]
    others = [number for number in votes.values() if number > low]
    if len(tied) == 1 or (len(others) >= seats and low * len(tied) < min(others)):
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


def _reasons(winner: str, run: _Runoff) -> tuple[Explanation, ...]:
    votes = run.votes
    won = Explanation(
        winner,
        "irv-won",
        {"total": votes[winner], "of": sum(votes.values()), "rounds": run.number},
    )
    second = (
        Explanation(each, "irv-runner-up", {"total": number, "missing": votes[winner] - number})
        for each, number in votes.items()
        if each != winner
    )
    return (won, *second, *_out(run))


def _out(run: _Runoff) -> tuple[Explanation, ...]:
    """Of each excluded, the last first, what it had and what the next had."""
    told = []
    for each, (number, had, ahead) in reversed(list(run.excluded.items())):
        key = "irv-excluded" if had < ahead else "irv-excluded-tie"
        if each in run.ruled_out:
            key = "irv-excluded-first"
        told.append(Explanation(each, key, {"round": number, "total": had, "next": ahead}))
    return tuple(told)
