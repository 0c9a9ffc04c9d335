"""Choosing projects within a budget: Equal Shares, Phragmén and greedy; and committees by the
first two, where every candidate costs one seat and the seats are the budget."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from comuna.count.candidates import Project
from comuna.count.completion import Completion, fill_up
from comuna.count.equal_shares import Run
from comuna.count.errors import BallotError, RuleError
from comuna.count.flows import Flows
from comuna.count.guarantees import too_few
from comuna.count.limits import Limits, ProjectTies
from comuna.count.lots import TieBreaker
from comuna.count.phragmen import Loads
from comuna.count.rankings import Rankings
from comuna.count.result import Explanation, Outcome, Round
from comuna.count.rule import Rule
from comuna.count.supports import Ballots, Projects, Supports
from comuna.count.threshold import exact


def count_equal_shares(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """The Method of Equal Shares, over projects or (with seats) over candidates."""
    projects, budget = _projects(ballots, rule)
    projects = projects.in_favour()
    votes = projects.votes()
    limits = Limits.of(rule, projects.candidates, votes)
    by_cost = rule.budget is not None and rule.satisfaction == "cost"
    committee = rule.budget is None
    how = rule.completion
    ties = ProjectTies(rule.ties, projects.candidates, tuple(votes))
    parts = _parts(projects, rule, budget)
    # Runs that are only tried leave no mark on the record of ties; the one that stands is redone.
    trial = replace(breaker, ties=[])
    completion = Completion(
        projects,
        limits,
        budget,
        _step(rule.step or "1", budget, projects.total()),
        by_cost,
        lambda tied, at: ties.first(tied, trial, "fund", at),
        parts,
    )
    if not projects.total():
        return _nothing(projects)
    if how != "none":
        completion.add1(how == "add1-overspend")
    completion.untie = lambda tied, at: ties.first(tied, breaker, "fund", at)
    run = completion.run(completion.steps)
    added = (
        fill_up(
            projects,
            limits,
            budget,
            run.funded,
            lambda tied: ties.first(tied, breaker, "fund", len(run.funded) + 1),
        )
        if how == "add1u"
        else []
    )
    funded = [*run.funded, *added]
    ids = projects.ids
    rounds = [*_purchases(projects, run), *(_added(projects, p) for p in added)]
    left = budget - _cost(projects, funded)
    notes = {
        **_endowments(projects, completion),
        "steps": completion.steps,
        "left": left,
        "represented": _represented(projects, funded),
    }
    won = [_funded(projects, run, at, committee) for at in range(len(run.funded))]
    filled = "seat-added" if committee else "project-added"
    won += [
        Explanation(ids[p], filled, {"votes": votes[p], "cost": projects.candidates[p].cost})
        for p in added
    ]
    told = (*won, *_unfunded(projects, run, limits, funded, committee))
    return Outcome(tuple(ids[p] for p in funded), tuple(rounds), told, notes)


def count_phragmen(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """Sequential Phragmén, over projects or (with seats) over candidates; approvals only."""
    projects, budget = _projects(ballots, rule)
    if projects.kind not in ("approval", "choose-1"):
        raise BallotError(f"phragmen reads approvals, not {projects.kind} ballots")
    votes = projects.votes()
    limits = Limits.of(rule, projects.candidates, votes)
    ties = ProjectTies(rule.ties, projects.candidates, tuple(votes))
    steps = lcm(budget.denominator, *(each.cost.denominator for each in projects.candidates))
    loads = Loads(
        projects,
        [int(each.cost * steps) for each in projects.candidates],
        int(budget * steps),
        limits,
        lambda tied, at: ties.first(tied, breaker, "fund", at),
    )
    funded = loads.finish()
    ids = projects.ids
    left = budget - _cost(projects, funded)
    rounds = []
    told = []
    committee = rule.budget is None
    got_in, stayed_out = (
        ("seat-phragmen-won", "seat-phragmen-lost")
        if committee
        else ("phragmen-won", "phragmen-lost")
    )
    for at, p in enumerate(funded, 1):
        load = loads.exact_load(at) / steps
        facts = {"cost": projects.candidates[p].cost, "load": load}
        rounds.append(Round("fund", (ids[p],), {ids[p]: votes[p]}, facts=facts))
        told.append(Explanation(ids[p], got_in, {"votes": votes[p], **facts, "round": at}))
    for p in range(len(ids)):
        if p not in funded:
            told.append(_passed_over(projects, p, limits, funded, left, stayed_out))
    notes = {"left": left, "represented": _represented(projects, funded)}
    return Outcome(tuple(ids[p] for p in funded), tuple(rounds), tuple(told), notes)


def count_greedy(ballots: Ballots, rule: Rule, breaker: TieBreaker) -> Outcome:
    """The most points first (satisfaction by cost), or the most points for the money (by
    cardinality); one that no longer fits is skipped, or stops the count (`overflow`)."""
    projects, budget = _projects(ballots, rule)
    scores = projects.scores()
    votes = projects.votes()
    limits = Limits.of(rule, projects.candidates, votes)
    ties = ProjectTies(rule.ties, projects.candidates, tuple(votes))
    worth = [
        _worth(score, each.cost, rule.satisfaction == "cost")
        for score, each in zip(scores, projects.candidates, strict=True)
    ]
    stop = rule.overflow == "stop"
    ids = projects.ids
    funded: list[int] = []
    left = budget
    when: dict[int, Fraction] = {}
    waiting = sorted(range(len(worth)), key=lambda p: (-worth[p], breaker.place[ids[p]]))
    while waiting:
        level = [p for p in waiting if worth[p] == worth[waiting[0]]]
        waiting = waiting[len(level) :]
        for p in level:
            when[p] = left
        level = [p for p in level if not limits.bars(p, funded)]
        if not stop:
            level = [p for p in level if projects.candidates[p].cost <= left]
        halted = False
        together = False
        while level and not halted:
            together = together or _fit_together(projects, level, limits, funded, left)
            p = level[0] if together else ties.first(level, breaker, "fund", len(funded) + 1)
            level.remove(p)
            when[p] = left
            if limits.bars(p, funded):
                continue
            if projects.candidates[p].cost <= left:
                funded.append(p)
                left -= projects.candidates[p].cost
            elif stop:
                halted = True
        if halted:
            break
    rounds = tuple(
        Round("fund", (ids[p],), {ids[p]: scores[p]}, facts={"cost": projects.candidates[p].cost})
        for p in funded
    )
    order = {
        "unit": "votes" if projects.kind in ("approval", "choose-1") else "points",
        "for_the_money": rule.satisfaction == "cardinality",
    }
    won = [
        Explanation(
            ids[p],
            "greedy-won",
            {
                "total": scores[p],
                "cost": projects.candidates[p].cost,
                "had": when[p],
                "place": at,
                **order,
            },
        )
        for at, p in enumerate(funded, 1)
    ]
    lost = []
    for p in sorted(range(len(ids)), key=lambda p: -worth[p]):
        if p not in funded:
            had = when.get(p, left)
            out = "greedy-lost" if projects.candidates[p].cost > had else "greedy-stopped"
            told = _passed_over(projects, p, limits, funded, had, out)
            lost.append(replace(told, facts={**told.facts, "total": scores[p], **order}))
    notes = {"left": left, "represented": _represented(projects, funded)}
    return Outcome(tuple(ids[p] for p in funded), rounds, (*won, *lost), notes)


def _projects(ballots: Ballots, rule: Rule) -> tuple[Projects, Fraction]:
    """The ballots over projects with costs, and the budget; a committee's candidates cost 1."""
    if isinstance(ballots, Rankings):
        raise BallotError(f"{rule.method} reads approvals or points, not ranked ballots")
    if (rule.budget is None) == (rule.seats is None):
        raise RuleError(f"{rule.method} needs a budget (for projects) or seats (for candidates)")
    if rule.budget is not None:
        if not all(isinstance(each, Project) for each in ballots.candidates):
            raise BallotError("the candidates have no costs; give seats instead of a budget")
        return ballots, rule.budget
    assert rule.seats is not None
    if rule.seats > len(ballots.ids):
        raise too_few(rule.seats, ballots.candidates)
    costing_one = tuple(
        Project(each.id, each.name, each.groups, Fraction(1)) for each in ballots.candidates
    )
    return replace(ballots, candidates=costing_one), Fraction(rule.seats)


def _parts(projects: Projects, rule: Rule, budget: Fraction) -> list[Fraction] | None:
    """What part of the budget a voter of each territory has, in the ballots' order of territories;
    None where all have the same. Raises BallotError where a voter's territory has no share."""
    if rule.endowments is None:
        return None
    if not projects.territories:
        raise BallotError("the ballots do not say which territory each voter belongs to")
    shares = dict(rule.endowments)
    without = [each for each in projects.territories if each not in shares]
    if without:
        raise BallotError(
            f"ballots of the territory {without[0]!r}, to which the rule gives no share; it "
            f"gives one to: {', '.join(shares)}"
        )
    voters = np.zeros(len(projects.territories), dtype=np.int64)
    np.add.at(voters, projects.territory, projects.weight)
    return [
        shares[each] / int(many) / (budget or 1)
        for each, many in zip(projects.territories, voters, strict=True)
    ]


def _endowments(projects: Projects, completion: Completion) -> dict[str, Any]:
    """What a voter has at the beginning, cut to the smallest step: one amount for all, or one for
    each territory."""
    money = completion.money
    each = [_floor(part * completion.budget, money.steps) for part in money.parts]
    if completion.parts is None:
        return {"endowment": each[0]}
    return {"endowments": dict(zip(projects.territories, each, strict=True))}


def _step(text: str, budget: Fraction, voters: int) -> Fraction:
    """What a step adds to each endowment: an amount, or a share of the first endowment."""
    if text.endswith("%"):
        return exact(text[:-1]) / 100 * budget / max(1, voters)
    return exact(text)


def _worth(score: int, cost: Fraction, by_cost: bool) -> Fraction:
    if by_cost or not score:
        return Fraction(score)
    # A project that costs nothing is worth more than any that costs something.
    return score / cost if cost else Fraction(1 << 200)


def _fit_together(
    projects: Projects, level: Sequence[int], limits: Limits, funded: Sequence[int], left: Fraction
) -> bool:
    """Whether all of these can be funded, so that no order among them matters."""
    return _cost(projects, level) <= left and not any(
        limits.bars(p, [*funded, *(other for other in level if other != p)]) for p in level
    )


def _cost(projects: Supports[Any], funded: Sequence[int]) -> Fraction:
    return sum((projects.candidates[p].cost for p in funded), Fraction(0))


def _represented(projects: Projects, funded: Sequence[int]) -> int:
    """How many ballots support at least one of the funded."""
    got = np.zeros(len(projects.weight), dtype=bool)
    for p in funded:
        got[projects.of(p)[0]] = True
    return int(projects.weight[got].sum())


def _floor(amount: Fraction, steps: int) -> Fraction:
    """An amount rounded down to a hundredth, or to the finer step that the file's amounts use."""
    finest = lcm(steps, 100)
    return Fraction(int(amount * finest), finest)


def _nothing(projects: Projects) -> Outcome:
    none = tuple(Explanation(each, "project-unsupported", {}) for each in projects.ids)
    return Outcome((), (), none)


def _purchases(projects: Projects, run: Run) -> list[Round]:
    ids, steps = projects.ids, run.money.steps
    rounds = []
    for bought in run.purchases:
        backing = run.money.backing[bought.project]
        each = ids[bought.project]
        rounds.append(
            Round(
                "fund",
                (each,),
                {each: int(backing.weight.sum())},
                facts={
                    "cost": projects.candidates[bought.project].cost,
                    "pays_at_most": _floor(
                        run.money.amount(int(bought.paid.max(initial=0))), steps
                    ),
                },
            )
        )
    return rounds


def _added(projects: Projects, p: int) -> Round:
    return Round("add", (projects.ids[p],), facts={"cost": projects.candidates[p].cost})


def _funded(projects: Projects, run: Run, at: int, committee: bool) -> Explanation:
    bought = run.purchases[at]
    backing = run.money.backing[bought.project]
    steps = run.money.steps
    most = _floor(run.money.amount(int(bought.paid.max(initial=0))), steps)
    facts = {
        "votes": int(backing.weight.sum()),
        "cost": projects.candidates[bought.project].cost,
        "most": most,
        "round": at + 1,
    }
    key = "seat-shares-won" if committee else "shares-won"
    return Explanation(projects.ids[bought.project], key, facts)


def _unfunded(
    projects: Projects, run: Run, limits: Limits, funded: Sequence[int], committee: bool
) -> list[Explanation]:
    """For each project not funded, what its supporters had left and where their money went."""
    told = []
    money = run.money
    flows = Flows(projects, money, run.purchases)
    for p, each in enumerate(projects.candidates):
        if p in funded:
            continue
        backing = money.backing[p]
        barred = limits.bars(p, funded)
        if barred or not backing.mass:
            told.append(_passed_over(projects, p, limits, funded, Fraction(0), ""))
            continue
        had = _floor(money.amount(int(run.low[backing.group].dot(backing.weight))), money.steps)
        went = [
            (projects.ids[other], _floor(money.amount(units), money.steps))
            for other, units in flows.largest(p)
        ]
        facts: Mapping[str, Any] = {
            "votes": int(backing.weight.sum()),
            "cost": each.cost,
            "had": had,
            "missing": each.cost - had,
            "went": went,
        }
        key = "seat-shares-lost" if committee else "shares-lost"
        told.append(Explanation(each.id, key, facts))
    return told


def _passed_over(
    projects: Projects, p: int, limits: Limits, funded: Sequence[int], had: Fraction, key: str
) -> Explanation:
    """Why a project was not funded, when a limit, its votes or its cost say so."""
    each = projects.candidates[p]
    votes = int(projects.weight[projects.of(p)[0]].sum())
    barred = limits.bars(p, funded)
    facts: dict[str, Any] = {"votes": votes, "cost": each.cost}
    if barred:
        reason, _, name = barred.partition(":")
        return Explanation(each.id, f"project-barred-{reason}", {**facts, "by": name})
    if not votes:
        return Explanation(each.id, "project-unsupported", facts)
    missing = max(each.cost - had, Fraction(0))
    return Explanation(each.id, key, {**facts, "had": had, "missing": missing})
