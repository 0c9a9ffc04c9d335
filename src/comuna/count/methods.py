"""Every method by its name, and the count itself: one pure function of rule, ballots and lot."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from comuna.count.candidates import in_id_order
from comuna.count.choosing import (
    count_approval,
    count_block,
    count_borda,
    count_consulta,
    count_limited,
    count_plurality,
    count_score,
    count_two_round,
)
from comuna.count.committees import count_adams, count_maximin_support
from comuna.count.condorcet import condorcet_winner, count_ranked_pairs, count_schulze
from comuna.count.errors import BallotError, LotNeededError, RuleError
from comuna.count.lots import TieBreaker
from comuna.count.meek import count_stv_meek
from comuna.count.projects import count_equal_shares, count_greedy, count_phragmen
from comuna.count.rankings import Rankings, not_ranked
from comuna.count.result import Explanation, Outcome, Result
from comuna.count.rule import Rule
from comuna.count.runoff import (
    count_approval_irv,
    count_bottoms_up,
    count_irv,
    count_irv_sequential,
    count_split_irv,
)
from comuna.count.stv import count_stv_gregory, count_stv_scottish
from comuna.count.supports import Ballots, Supports
from comuna.count.veto import count_serial_veto, count_simultaneous_veto

Method = Callable[[Ballots, Rule, TieBreaker], Outcome]

COUNTS: Mapping[str, Method] = {
    "plurality": count_plurality,
    "two-round": count_two_round,
    "approval": count_approval,
    "score": count_score,
    "borda": count_borda,
    "irv": count_irv,
    "irv-sequential": count_irv_sequential,
    "bottoms-up": count_bottoms_up,
    "approval-irv": count_approval_irv,
    "split-irv": count_split_irv,
    "simultaneous-veto": count_simultaneous_veto,
    "serial-veto": count_serial_veto,
    "adams": count_adams,
    "maximin-support": count_maximin_support,
    "ranked-pairs": count_ranked_pairs,
    "schulze": count_schulze,
    "block": count_block,
    "limited": count_limited,
    "stv-scottish": count_stv_scottish,
    "stv-gregory": count_stv_gregory,
    "stv-meek": count_stv_meek,
    "phragmen": count_phragmen,
    "equal-shares": count_equal_shares,
    "greedy": count_greedy,
    "consulta": count_consulta,
}


_OF_PROJECTS = ("phragmen", "equal-shares", "greedy")
_OF_POINTS = ("approval", "score", "adams", "maximin-support")
_OF_ORDERS = (
    *("borda", "irv", "irv-sequential", "bottoms-up", "approval-irv", "split-irv"),
    *("ranked-pairs", "schulze", "stv-scottish", "stv-gregory", "stv-meek"),
    *("simultaneous-veto", "serial-veto"),
)
_OF_EQUALS = ("approval-irv", "split-irv")
_NOBODY = "no ballot names anyone, so nobody can be elected; vote again"


def count(rule: Rule, ballots: Ballots, seed: str | None = None) -> Result:
    """Count the ballots by the rule; `seed` is the lot recorded for ties, if one was thrown.

    Raises LotNeededError where the rule leaves a tie to a lot and none was given; RuleError and
    BallotError where rule and ballots do not fit. Motions are counted by `assembly.count_motion`.
    """
    if rule.method not in COUNTS:
        raise RuleError(f"{rule.method} counts no ballot file; see assembly.count_motion")
    ballots = _as_read(rule.method, ballots)
    breaker = TieBreaker(rule.ties[-1], in_id_order(ballots.candidates), seed)
    return _result(rule, ballots, breaker, COUNTS[rule.method](ballots, rule, breaker))


def count_two_votes(rule: Rule, first: Ballots, second: Ballots, seed: str | None = None) -> Result:
    """Two rounds with a vote each. Raises RuleError where the rule is of another method, and else
    what `count` raises, or BallotError where the second vote is not between the two."""
    if rule.method != "two-round":
        raise RuleError(f"{rule.method} has one vote; a second is read by two-round")
    first, second = _as_read(rule.method, first), _as_read(rule.method, second)
    breaker = TieBreaker(rule.ties[-1], in_id_order(first.candidates), seed)
    return _result(rule, first, breaker, count_two_round(first, rule, breaker, second))


def _as_read(method: str, ballots: Ballots) -> Ballots:
    """The ballots as the method reads them: points say an order too, and somebody has to be voted
    for where somebody is to be elected."""
    if method in _OF_PROJECTS:
        return ballots
    if isinstance(ballots, Supports):
        if not ballots.group.size:
            raise BallotError(_NOBODY)
        orders = (ballots.kind == "ordinal" and method not in _OF_POINTS) or (
            (ballots.kind == "scoring" and method in _OF_ORDERS)
            or (ballots.kind == "approval" and method in _OF_EQUALS)
        )
        return ballots.ranked() if orders else ballots
    named = any(bool((ranks != not_ranked(ranks)).any()) for ranks, _ in ballots.blocks())
    if not named or not ballots.total():
        raise BallotError(_NOBODY)
    return ballots


def _result(rule: Rule, ballots: Ballots, breaker: TieBreaker, outcome: Outcome) -> Result:
    """What is shown beside the outcome: the Condorcet winner, the result without guarantees."""
    notes = dict(outcome.notes)
    explanations = list(outcome.explanations)
    if isinstance(ballots, Rankings) and len(outcome.winners) == 1:
        beats_all = condorcet_winner(ballots, outcome.winners[0])
        if beats_all is not None and beats_all != outcome.winners[0]:
            notes["condorcet_winner"] = beats_all
            facts = {"winner": outcome.winners[0]}
            explanations.append(Explanation(beats_all, "condorcet-not-elected", facts))
    if isinstance(ballots, Rankings) and any(ballots.papers[1:]):
        notes["papers"] = ballots.papers._asdict()
    if rule.guarantees:
        without = _without_guarantees(rule, ballots, breaker)
        notes["without_guarantees"] = without
        explanations += _moved_by_guarantees(outcome.winners, without)
    return Result(
        rule,
        outcome.winners,
        outcome.rounds,
        tuple(breaker.ties),
        tuple(explanations),
        notes,
        {candidate.id: candidate.name or candidate.id for candidate in ballots.candidates},
    )


def _without_guarantees(rule: Rule, ballots: Ballots, breaker: TieBreaker) -> tuple[str, ...]:
    """Who would be elected if the rule had no guarantees; nobody where that would take a lot."""
    try:
        plain = replace(rule, guarantees=None)
        return COUNTS[rule.method](ballots, plain, replace(breaker, ties=[])).winners
    except LotNeededError:
        return ()


def _moved_by_guarantees(winners: tuple[str, ...], without: tuple[str, ...]) -> list[Explanation]:
    if not without:
        return []
    gained = [each for each in winners if each not in without]
    lost = [each for each in without if each not in winners]
    return [
        *(Explanation(each, "guarantee-in", {"instead_of": lost}) for each in gained),
        *(Explanation(each, "guarantee-out", {"in_favour_of": gained}) for each in lost),
    ]
