"""Risk-limiting audits: how surely the paper says who won, from papers drawn by public lot.

If the announced winners are wrong, the chance that an audit confirms them is at most the risk
limit. P. B. Stark, ALPHA, Annals of Applied Statistics 17 (2023), for ballots; Kaplan and Markov's
bound (Stark 2009), which is ALPHA with a fixed bet, for batches. Plurality and approval, one seat
or several. Exact: bets are fractions, the evidence is rounded against the winners. Under
`FULL_COUNT` papers, count all of them in public: it is cheaper and better understood.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from comuna.count.errors import BallotError, RuleError

FULL_COUNT = 5000
AUDITED = ("plurality", "approval", "block", "limited", "consulta")  # most votes win, one by one
_ROUND = 10**40  # evidence is kept to so many parts, rounded down
_TRUST = 100  # how many papers the announced result is worth when the bets are set (ALPHA's d)


@dataclass(frozen=True)
class Risk:
    """The risk left for each pair of winner and loser, and whether all are within the limit."""

    pairs: Mapping[tuple[str, str], Fraction]
    limit: Fraction

    @property
    def confirmed(self) -> bool:
        return all(risk <= self.limit for risk in self.pairs.values())


def check_audited(method: str) -> None:
    """Raises RuleError where no audit of this kind can confirm a result of the method.

    These audits ask of each winner and loser whether the paper gives the winner more votes. Where
    votes are transferred, what a paper is worth to whom hangs on every paper before it, and no
    practical audit is known for several seats; points, orders and money are not audited here.
    """
    if method not in AUDITED:
        raise RuleError(
            f"a result of {method} is not confirmed from some of the papers; count all of them "
            f"again in public (audits from a sample are for: {', '.join(AUDITED)})"
        )


def draw_papers(seed: str, papers: int) -> Iterator[int]:
    """Papers to look at, numbered from 0, in the order of the lot, none twice: the i-th number is
    SHA-256 of the seed, a newline and i (from 1), modulo `papers`; one drawn before is passed."""
    seen: set[int] = set()
    at = 0
    while len(seen) < papers:
        at += 1
        paper = _lot(seed, at) % papers
        if paper not in seen:
            seen.add(paper)
            yield paper


def ballot_polling(
    method: str,
    reported: Mapping[str, int],
    winners: Sequence[str],
    papers: int,
    sampled: Sequence[frozenset[str]],
    limit: Fraction,
) -> Risk:
    """The risk after looking at `sampled` papers (the candidates each votes for), in the order
    drawn without replacement out of `papers`. `reported` are the announced votes.

    Raises RuleError for a method that is not audited so, BallotError if the announced winners do
    not lead, or more is sampled than there is.
    """
    check_audited(method)
    _check_lead(reported, winners)
    if len(sampled) > papers:
        raise BallotError(f"{len(sampled)} papers were looked at, but there are {papers}")
    pairs = {}
    for winner in winners:
        for loser in sorted(set(reported) - set(winners)):
            scores = [1 + (winner in paper) - (loser in paper) for paper in sampled]
            margin = Fraction(reported[winner] - reported[loser], papers)
            pairs[winner, loser] = _alpha(scores, (1 + margin) / 2, papers)
    return Risk(pairs, limit)


def _alpha(doubled: Sequence[int], announced: Fraction, papers: int) -> Fraction:
    """ALPHA's p-value that the mean score is at most one half; scores are 0, 1/2, 1, doubled."""
    evidence = best = Fraction(1)
    seen = 0
    for at, score in enumerate(doubled):
        mean = Fraction(papers - seen, 2 * (papers - at))  # of the rest, if the winner had not won
        if mean < 0 or (mean == 0 and score):
            return Fraction(0)
        if mean >= 1:
            break
        if mean:
            room = 1 - mean
            trusted = (_TRUST * announced + Fraction(seen, 2)) / (_TRUST + at)
            timid = mean + room / (2 * (isqrt(_TRUST + at) + 1))
            bet = min(max(trusted, timid), mean + room * Fraction(999, 1000))
            factor = (Fraction(score, 2) / mean * (bet - mean) + 1 - bet) / room
            evidence = Fraction(int(evidence * factor * _ROUND), _ROUND)
            best = max(best, evidence)
        seen += score
    return 1 / best


@dataclass(frozen=True)
class Batch:
    """A batch as announced: all its papers, and the votes of each candidate."""

    papers: int
    votes: Mapping[str, int]


class BatchAudit:
    """A comparison of batches: drawn with chances by how much each could hide, counted again by
    hand, and compared with what was announced."""

    def __init__(self, method: str, batches: Mapping[str, Batch], winners: Sequence[str]) -> None:
        """Raises RuleError for a method that is not audited so, BallotError if the announced
        winners do not lead."""
        check_audited(method)
        self.batches = batches
        self.reported: dict[str, int] = {}
        for batch in batches.values():
            for each, number in batch.votes.items():
                self.reported[each] = self.reported.get(each, 0) + number
        _check_lead(self.reported, winners)
        self.pairs = [(w, o) for w in winners for o in sorted(set(self.reported) - set(winners))]
        self.bound = {name: self._most(batch) for name, batch in batches.items()}
        self.total = sum(self.bound.values(), Fraction(0))

    def draw(self, seed: str, many: int) -> list[str]:
        """So many batches by lot, by their bounds, and the same one perhaps more than once."""
        drawn = []
        for at in range(1, many + 1):
            point = Fraction(_lot(seed, at), 1 << 256) * self.total
            for name in sorted(self.bound):
                point -= self.bound[name]
                if point < 0:
                    drawn.append(name)
                    break
        return drawn

    def risk(self, counted: Sequence[tuple[str, Mapping[str, int]]], limit: Fraction) -> Risk:
        """The risk after these batches were counted by hand, in the order drawn."""
        if not self.pairs:
            return Risk({}, limit)
        evidence = best = Fraction(1)
        for name, votes in counted:
            if not self.bound.get(name):
                raise BallotError(f"batch {name!r} was not announced, or holds no paper")
            taint = self._overstated(self.batches[name], votes) / self.bound[name]
            if taint >= 1:
                evidence = Fraction(0)
                continue
            evidence *= (1 - taint) / (1 - 1 / self.total) if self.total > 1 else 1
            evidence = Fraction(int(evidence * _ROUND), _ROUND)
            best = max(best, evidence)
        return Risk(dict.fromkeys(self.pairs, 1 / best), limit)

    def _margin(self, pair: tuple[str, str]) -> int:
        return self.reported[pair[0]] - self.reported[pair[1]]

    def _most(self, batch: Batch) -> Fraction:
        """The most by which the batch can overstate any margin, as a share of that margin."""
        return max(
            (
                Fraction(
                    batch.papers + batch.votes.get(w, 0) - batch.votes.get(o, 0),
                    self._margin((w, o)),
                )
                for w, o in self.pairs
            ),
            default=Fraction(0),
        )

    def _overstated(self, batch: Batch, counted: Mapping[str, int]) -> Fraction:
        return max(
            Fraction(
                batch.votes.get(w, 0)
                - batch.votes.get(o, 0)
                - counted.get(w, 0)
                + counted.get(o, 0),
                self._margin((w, o)),
            )
            for w, o in self.pairs
        )


def _lot(seed: str, at: int) -> int:
    return int(hashlib.sha256(f"{seed}\n{at}".encode()).hexdigest(), 16)


def _check_lead(reported: Mapping[str, int], winners: Sequence[str]) -> None:
    losers = [number for each, number in reported.items() if each not in winners]
    if not winners or any(each not in reported for each in winners):
        raise BallotError("the announced winners must have announced votes")
    if losers and min(reported[each] for each in winners) <= max(losers):
        raise BallotError("an announced winner does not lead every loser; count all papers")
