"""Contests: decisions among options. The statute names the method, the rule of the count is fixed
and hashed before the vote opens, and what the chosen options do is what is done.

The counting itself is `comuna.count`; here stands what the law of a body says to it. Sources of the
methods: docs/count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import msgspec

from comuna.count.candidates import Candidate, Project
from comuna.count.errors import CountError, LotNeededError
from comuna.count.methods import count
from comuna.count.rankings import Ballot as RankedBallot
from comuna.count.rankings import Rankings
from comuna.count.result import Result
from comuna.count.rule import METHODS
from comuna.count.rule import Rule as CountRule
from comuna.count.supports import Ballots, Supports
from comuna.rules.act import Effect, Refused, Shape, require
from comuna.rules.dice import FEWEST, lot_seed
from comuna.rules.effects import AnyEffect
from comuna.rules.names import check_in_range
from comuna.rules.office import Elect
from comuna.rules.statute import Count, Statute
from comuna.rules.treasury import Authorise
from comuna.rules.vocabulary import MARKS, STRICT

_PLAIN = re.compile(r"[A-Za-z0-9_.-]{1,40}")
"""Names that can stand as keys in the book (docs/book-format.md) and in files of ballots."""

MOST_OPTIONS = 200
"""More cannot be read out and weighed, and a count of more would keep the book waiting."""

Marks = Mapping[str, int]
"""A ballot: option → 1 where it is chosen, its place (1 first) where options are ranked, or its
points. What is not named has nothing."""


class Option(Shape, frozen=True, kw_only=True):
    """One thing that may be chosen, and what it does then. `groups` are those that a guarantee or a
    limit of the count may name. A project costs what its effects authorise."""

    id: str
    title: str
    effects: tuple[AnyEffect, ...] = ()
    groups: tuple[str, ...] = ()

    @property
    def cost(self) -> int:
        """What choosing it would authorise, in smallest units."""
        return sum(e.limit for e in self.effects if isinstance(e, Authorise))


class Contest(Shape, frozen=True, kw_only=True):
    """Options of which the members choose by a rule of the statute (`count` is its id): so many
    `seats`, or as much as a `budget` (smallest units) pays for. Of each group of `exclusive`
    options one at most is chosen."""

    count: str
    options: tuple[Option, ...]
    seats: int = 0
    budget: int = 0
    exclusive: tuple[tuple[str, ...], ...] = ()


class Papers(Shape, frozen=True, kw_only=True):
    """So many equal ballots."""

    marks: dict[str, int]
    number: int


# --- what may be asked ------------------------------------------------------------------------


def law_of(law: Statute, contest: Contest) -> Count:
    """The statute's rule for a contest."""
    known = law.count(contest.count)
    names = ", ".join(c.id for c in law.counts) or "–"
    require(known is not None, "count_unknown", count=contest.count, known=names)
    assert known is not None
    return known


def check_contest(law: Statute, contest: Contest, matters: frozenset[str]) -> None:
    """Refuse a contest that its rule does not fit."""
    known = law_of(law, contest)
    beyond = sorted(matters - set(known.matters))
    require(
        not beyond,
        "count_of_other_matters",
        known.article,
        count=known.id,
        matter=", ".join(beyond),
    )
    ids = [option.id for option in contest.options]
    most = min(known.options_max or MOST_OPTIONS, MOST_OPTIONS)
    require(len(ids) >= 2, "options_too_few")
    require(len(ids) <= most, "options_too_many", known.article, most=most, given=len(ids))
    plain = all(_PLAIN.fullmatch(i) for i in ids)
    require(plain and len(set(ids)) == len(ids), "option_names_unclear")
    require(all(o.title.strip() for o in contest.options), "text_missing")
    strangers = sorted({i for group in contest.exclusive for i in group} - set(ids))
    require(not strangers, "option_unknown", option=", ".join(strangers))
    check_seats_and_budget(known, contest)
    check_joint(known, contest)
    check_chairs(law, contest, most_chosen(known, contest))


def check_seats_and_budget(known: Count, contest: Contest) -> None:
    """How much may be chosen is said once: by the statute or by the proposal, seats or budget."""
    allowed = METHODS[known.method][0]
    takes = {name for name in ("seats", "budget") if name in allowed and name not in known.settings}
    for name, given in (("seats", contest.seats), ("budget", contest.budget)):
        require(not given or name in takes, "count_takes_none", known.article, what=name)
    given = bool(contest.seats) + bool(contest.budget)
    require(
        given == (1 if takes and not known.settings.get("seats") else 0),
        "seats_or_budget_missing",
        known.article,
        what=", ".join(sorted(takes)),
    )
    require(0 <= contest.seats <= len(contest.options), "more_seats_than_options")
    require(contest.budget >= 0, "amount_not_positive", amount=contest.budget)
    check_in_range(contest.budget)
    require(not contest.exclusive or contest.budget, "exclusive_without_budget")
    for option in contest.options:
        cost = option.cost
        require(not contest.budget or cost > 0, "option_without_cost", option=option.id)
        require(
            not contest.budget or cost <= contest.budget,
            "option_above_budget",
            option=option.id,
            cost=cost,
            budget=contest.budget,
        )


def most_chosen(known: Count, contest: Contest) -> int:
    """How many options can be chosen at most."""
    if contest.budget:
        return len(contest.options)
    return contest.seats or int(known.settings.get("seats") or 1)


def check_chairs(law: Statute, contest: Contest, most: int) -> None:
    """However the choice falls, it does not fill more seats of an office than there are."""
    for office in law.offices:
        for alternate, seats in ((False, office.seats), (True, office.alternates)):
            elected = sorted(
                (
                    sum(
                        len(e.alternates if alternate else e.members)
                        for e in option.effects
                        if isinstance(e, Elect) and e.office == office.id
                    )
                    for option in contest.options
                ),
                reverse=True,
            )
            require(
                sum(elected[:most]) <= seats,
                "more_than_the_seats",
                office.article,
                office=office.id,
                seats=office.seats,
                alternates=office.alternates,
            )


def check_joint(known: Count, contest: Contest) -> None:
    """Where several options can be chosen, none draws on what another draws on; seats of one office
    are filled together."""
    if most_chosen(known, contest) == 1:
        return
    things = [
        thing
        for option in contest.options
        for effect in option.effects
        if not isinstance(effect, Elect) and (thing := effect.thing())
    ]
    twice = sorted({t for t in things if things.count(t) > 1})
    require(not twice, "two_effects_on_one_thing", things=", ".join(twice))


def joined(contest: Contest, winners: Sequence[str]) -> tuple[AnyEffect, ...]:
    """What the chosen options do, in the order of the choice; elections to one office are one."""
    options = {option.id: option for option in contest.options}
    effects: list[AnyEffect] = []
    for effect in (e for winner in winners for e in options[winner].effects):
        same = next(
            (
                at
                for at, e in enumerate(effects)
                if isinstance(e, Elect) and isinstance(effect, Elect) and e.office == effect.office
            ),
            None,
        )
        if same is None:
            effects.append(effect)
        else:
            first: Any = effects[same]
            assert isinstance(effect, Elect)
            effects[same] = msgspec.structs.replace(
                first,
                members=(*first.members, *effect.members),
                alternates=(*first.alternates, *effect.alternates),
            )
    return tuple(effects)


def every_effect(effects: Sequence[Effect], contest: Contest | None) -> list[Effect]:
    """Whatever a proposal may do, whichever options are chosen."""
    return [
        *effects,
        *(e for option in (contest.options if contest else ()) for e in option.effects),
    ]


# --- the rule of the count --------------------------------------------------------------------


def rule_of(known: Count, contest: Contest, standing: frozenset[str]) -> CountRule:
    """The rule of the count, to the last word. In a second round between those left `standing` most
    votes decide. Raises Refused where statute and proposal contradict each other."""
    told = {"ties": "lot", **known.settings}
    if contest.seats:
        told["seats"] = str(contest.seats)
    if contest.budget:
        told["budget"] = str(contest.budget)
    if contest.exclusive:
        told["exclusive"] = "|".join(",".join(group) for group in contest.exclusive)
    method = "plurality" if standing else known.method
    try:
        return CountRule.from_options(method, told)
    except CountError as wrong:
        raise Refused("count_impossible", known.article, detail=str(wrong)) from None


def marks_of(known: Count) -> str:
    """What stands on a ballot: one, several, ranked or points."""
    return known.marks or MARKS[known.method][0]


def standing_in(contest: Contest, standing: frozenset[str]) -> tuple[Option, ...]:
    """The options that can still be chosen: all, or those of the second round."""
    return tuple(o for o in contest.options if not standing or o.id in standing)


def most_marks(known: Count, rule: CountRule, options: Sequence[Option]) -> int:
    """How many options may be marked, or raised a hand for, by one person."""
    some = len(options) if marks_of(known) == "several" else 1
    return {"limited": rule.votes_each or 1, "block": rule.seats or 1}.get(rule.method, some)


def check_marks(known: Count, rule: CountRule, options: Sequence[Option], marks: Marks) -> None:
    """Refuse a ballot that the rule cannot count. An empty one is blank."""
    ids = [option.id for option in options]
    strangers = sorted(set(marks) - set(ids))
    require(not strangers, "option_unknown", option=", ".join(strangers), known=", ".join(ids))
    kind, numbers = marks_of(known), sorted(marks.values())
    if kind in ("one", "several"):
        most = most_marks(known, rule, options)
        require(set(numbers) <= {1}, "mark_not_one", known.article)
        require(len(numbers) <= most, "marks_too_many", known.article, most=most)
    elif kind == "ranked":
        places = sorted(set(numbers))
        in_order = places == list(range(1, len(places) + 1))
        shared = rule.method in STRICT or rule.budget is not None
        require(in_order, "places_not_in_order", known.article)
        require(not shared or len(places) == len(numbers), "place_shared", known.article)
    else:
        within = all(0 <= n <= (known.points_max or n) for n in numbers)
        require(within, "points_out_of_range", known.article, most=known.points_max)
        require(
            not known.points_total or sum(numbers) <= known.points_total,
            "points_too_many",
            known.article,
            most=known.points_total,
        )


def gathered(papers: Iterable[tuple[Marks, int]]) -> list[tuple[dict[str, int], int]]:
    """Equal ballots together, in an order that tells nobody who cast them: the lot has one
    fingerprint of them, on however many lines they were written."""
    groups: Counter[tuple[tuple[str, int], ...]] = Counter()
    for marks, number in papers:
        groups[tuple(sorted(marks.items()))] += number
    return [(dict(marks), number) for marks, number in sorted(groups.items())]


def ballots_of(
    known: Count,
    rule: CountRule,
    options: Sequence[Option],
    papers: Sequence[tuple[Marks, int]],
) -> Ballots:
    """The papers as `comuna.count` reads them; blank ones are left out."""
    place = {option.id: at for at, option in enumerate(options)}
    costs = rule.budget is not None
    candidates = tuple(
        Project(o.id, o.title, frozenset(o.groups), cost=Fraction(o.cost))
        if costs
        else Candidate(o.id, o.title, frozenset(o.groups))
        for o in options
    )
    filled = [(marks, number) for marks, number in papers if marks]
    kind = marks_of(known)
    if kind == "ranked" and not costs:
        ranked = []
        for marks, number in filled:
            order = sorted(marks, key=lambda each: (marks[each], place[each]))
            places = [marks[each] for each in order]
            ranked.append(RankedBallot(number, [place[each] for each in order], places))
        return Rankings.from_ballots(candidates, ranked)
    kinds = {"one": "choose-1", "several": "approval", "points": "scoring", "ranked": "ordinal"}
    points = [
        (
            number,
            {
                place[each]: len(marks) + 1 - mark if kind == "ranked" else mark
                for each, mark in marks.items()
            },
        )
        for marks, number in filled
    ]
    return Supports.from_ballots(candidates, kinds[kind], points)


def lot_line(
    rule: CountRule, papers: Sequence[tuple[Marks, int]], dice: str, head: str
) -> str | None:
    """The seed of the lot, of which rule and ballots are the part that was fixed: the same dice
    cannot be tried against other ballots. None while no dice were thrown."""
    frozen = [rule.hash(), sorted((sorted(marks.items()), number) for marks, number in papers)]
    return lot_seed(dice, frozen, head)


def result_of(
    known: Count,
    rule: CountRule,
    options: Sequence[Option],
    papers: Sequence[tuple[Marks, int]],
    dice: str,
    head: str,
) -> Result:
    """The count. Raises LotNeededError where a tie is left to a lot and no dice were thrown, and
    Refused where rule and ballots do not fit."""
    ballots = ballots_of(known, rule, options, papers)
    try:
        return count(rule, ballots, lot_line(rule, papers, dice, head))
    except LotNeededError:
        raise
    except CountError as wrong:
        raise Refused("count_impossible", known.article, detail=str(wrong)) from None


def check_counts(law: Statute, contest: Contest) -> None:
    """Refuse a contest whose count could not end already when it is proposed."""
    known = law_of(law, contest)
    rehearse(known, rule_of(known, contest, frozenset()), contest.options)


def rehearse(known: Count, rule: CountRule, options: Sequence[Option]) -> None:
    """Refuse a vote whose count could not end: better before people vote than after. Counted on one
    ballot for each option."""
    papers = [({option.id: 1}, 1) for option in options]
    result_of(known, rule, options, papers, "1" * FEWEST, "")
