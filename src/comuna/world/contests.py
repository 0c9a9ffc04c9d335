"""Choices among several in the generated year: who sits in an office, which projects are done.
People rank and approve as neighbours do: each side of the river has its own favourites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from comuna.rules.act import Refused
from comuna.rules.choosing import CastBallot, CountBallots, law_and_rule, outcome_of
from comuna.rules.contest import Contest, Option, Papers, gathered, marks_of, standing_in
from comuna.rules.effects import AnyEffect
from comuna.rules.office import Elect
from comuna.rules.statute import Count
from comuna.rules.treasury import Authorise
from comuna.rules.vote import CloseVote
from comuna.world.life import Life
from comuna.world.means import scale, window

Marks = Mapping[str, int]
Way = Literal["hands", "roll-call", "papers"]

PROJECTS = (
    ("tank", 90_000),
    ("culvert", 80_000),
    ("lamps", 40_000),
    ("court", 70_000),
    ("library", 30_000),
)
"""What neighbours ask for, with what it costs in cents of the generator's scale."""

BUDGET = 200_000


# --- what is proposed -------------------------------------------------------------------------


def election(life: Life) -> Contest | None:
    """Two seats of social oversight among at most five, where the statute has a count for several
    seats."""
    office = life.office_with("oversee")
    count = counted_by(life, "elect", ("stv-scottish", "block", "approval"))
    candidates = life.candidates(office)[:5]
    if count is None or office.choose == "lot" or office.seats < 2 or len(candidates) < 3:
        return None
    options = [
        option(number, life.say("proposals.candidate", number=member), elected)
        for number, member in enumerate(candidates, 1)
        for elected in [Elect(office=office.id, members=(member,))]
    ]
    return Contest(count=count.id, options=tuple(options), seats=2)


def projects(life: Life) -> Contest | None:
    """Five projects within a budget, of which the tank and the culvert want the same ground."""
    count = counted_by(life, "authorise", ("equal-shares",))
    if count is None:
        return None
    since, until = window(life)
    options = [
        option(
            number,
            life.say(f"proposals.{name}"),
            Authorise(
                purpose=life.say(f"proposals.{name}"),
                fund="general",
                line="maintenance",
                limit=life.money(cents) // scale(life),
                since=since,
                until=until,
                name=name,
            ),
        )
        for number, (name, cents) in enumerate(PROJECTS, 1)
    ]
    budget = life.money(BUDGET) // scale(life)
    return Contest(count=count.id, options=tuple(options), budget=budget, exclusive=(("1", "2"),))


def option(number: int, title: str, effect: AnyEffect) -> Option:
    return Option(id=str(number), title=title, effects=(effect,))


def counted_by(life: Life, matter: str, methods: Sequence[str]) -> Count | None:
    """The statute's count for a matter by the first of these methods that it has."""
    known = [c for c in life.law.counts if matter in c.matters]
    return next((c for method in methods for c in known if c.method == method), None)


# --- how people vote --------------------------------------------------------------------------


def way(life: Life, contest: Contest, wanted: Way) -> Way:
    """The way of voting that the story wants, or one that the statute allows."""
    count = life.law.count(contest.count)
    assert count is not None
    return wanted if wanted in count.ways else count.ways[0]


def vote(life: Life, number: int, sheet: str) -> None:
    """Everyone marks a ballot: called by number, or on papers that the tellers count."""
    stage = life.stage
    ballot = stage.state.ballots[number]
    proposal = stage.state.proposals[ballot.proposal]
    contest = proposal.contest
    assert contest is not None
    law, rule = law_and_rule(stage.state, proposal, contest, ballot.at)
    options = standing_in(contest, proposal.standing)
    order = life.rng.sample(sorted(ballot.entitled), len(ballot.entitled))
    again = True
    while again:  # the story has no second vote after a tie
        cast = {member: marked(life, law, rule.seats or 1, options) for member in order}
        papers = gathered((marks, 1) for marks in cast.values() if marks)
        dice = ""
        try:
            _, again, _, _ = outcome_of(law, rule, options, papers, dice, ballot.head)
        except Refused:
            dice, again = " ".join(str(life.rng.randrange(1, 7)) for _ in range(5)), False
    if ballot.method == "roll-call":
        paper = life.paper(sheet, number=number)
        for member, marks in cast.items():
            stage.act_of(member, CastBallot(ballot=number, marks=dict(marks)), paper)
        tellers = life.tellers(number) if dice else []
        stage.do(stage.holder("preside"), CloseVote(ballot=number, dice=dice), *tellers)
        return
    first, *others = life.tellers(number)
    count = CountBallots(
        ballot=number,
        papers=tuple(Papers(marks=dict(marks), number=many) for marks, many in papers),
        blank=sum(not marks for marks in cast.values()),
        dice=dice,
    )
    stage.do(first, count, *others)


def marked(life: Life, law: Count, seats: int, options: Sequence[Option]) -> Marks:
    """One ballot. A third live across the river and want what stands last; a few leave it blank."""
    rng, ids = life.rng, [o.id for o in options]
    if rng.randrange(25) == 0:
        return {}
    far = rng.randrange(3) == 0
    near = [(len(ids) - at, each) if not far else (at, each) for at, each in enumerate(ids)]
    liked = [
        each for _, each in sorted((-3 * pull - rng.randrange(14), each) for pull, each in near)
    ]
    kind = marks_of(law)
    if kind == "one":
        return {liked[0]: 1}
    if kind == "ranked":
        return {each: place for place, each in enumerate(liked[: rng.randrange(1, len(ids))], 1)}
    if kind == "points":
        return {each: max(0, law.points_max - at) for at, each in enumerate(liked)}
    most = seats if law.method in ("block", "limited") else 3
    return dict.fromkeys(liked[: rng.randrange(1, most + 1)], 1)
