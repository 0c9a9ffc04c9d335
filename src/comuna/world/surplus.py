"""The end of the year: the period is closed, the accounts are approved, and the surplus is shared
as the statute commands and the members choose; then a part of it is paid."""

from __future__ import annotations

from comuna.rules.ledger import credit
from comuna.rules.names import account_of, day, payee_of
from comuna.rules.period import ApproveAccounts, ClosePeriod, fingerprint, measured
from comuna.rules.result import AllowEntry
from comuna.rules.state import DAY
from comuna.rules.statute import Statute, Step
from comuna.rules.surplus import AllocateSurplus, Destination, people_shares, table
from comuna.rules.treasury import Authorise
from comuna.rules.vocabulary import PEOPLE
from comuna.rules.waterfall import Waterfall
from comuna.world.life import Life
from comuna.world.means import budget, inputs, small
from comuna.world.meeting import Meeting, Motion, plan, saturday
from comuna.world.payments import spend, two_hands

SETTLING_DAYS = 38
"""Days beyond the notice between the end of the year and today's open matters."""

Choices = dict[str, int | str]


def plan_closing(life: Life) -> None:
    life.on(life.last + DAY + 9 * 3600, close_period)
    day_of_accounts = saturday(life.last + (life.law.assembly.notice_days + 4) * DAY)
    plan(life, Meeting("accounts", day_of_accounts, accounts_motions, surplus_motions))


def close_period(life: Life) -> None:
    """Three sign; nothing can be dated into the closed year any more."""
    keeper, second = two_hands(life)
    overseer = life.stage.holder("oversee", besides=[keeper, second])
    since, until = day(life.first), day(life.last - 1)
    measures = fingerprint(measured(life.stage.state, since, until))
    act = ClosePeriod(since=since, until=until, measures=measures)
    life.acts["period"] = life.stage.do(keeper, act, second, overseer)
    life.stage.settle()


def accounts_motions(life: Life) -> list[Motion]:
    period = life.acts["period"]
    next_budget = budget(life, day(life.last), day(life.last + 364 * DAY))
    return [
        Motion("accounts-approved", (ApproveAccounts(period=period),), {"number": period}),
        Motion("next-budget", (next_budget,), speakers=2),
    ]


def surplus_motions(life: Life) -> list[Motion]:
    """The whole table is proposed, with what each is to receive; and the room to pay it."""
    effect = allocation(life)
    motions = [
        Motion("surplus", (effect,), method="roll-call", speakers=6, yes=880, then=pay_shares),
        Motion("next-inputs", next_inputs(life), speakers=0, then=go_on),
    ]
    total = sum(effect.allocations.values())
    if total:
        motions.append(Motion("shares", (payment_of_shares(life, total),), then=pay_shares))
        motions[0].then = None
    return motions


def allocation(life: Life) -> AllocateSurplus:
    state = life.stage.state
    period = state.periods[life.acts["period"]]
    key = key_of(life.law)
    choices = choose(life.law)
    waterfall: Waterfall = table(state, period, key, choices)
    return AllocateSurplus(
        period=period.number,
        key=key,
        choices=choices,
        steps=tuple(
            Destination(fund=s.fund, amount=s.amount, article=s.article) for s in waterfall.steps
        ),
        allocations=people_shares(waterfall),
    )


def key_of(law: Statute) -> str:
    """Hours where the statute lets them count."""
    keys = law.surplus.keys
    return "hours" if not keys or "activity" in keys or "hours" in keys else keys[0]


def choose(law: Statute) -> Choices:
    """What the members choose where the statute leaves it to them: a tenth for each purse, nothing
    on capital, and all that remains to the people, or to the last purse where none is returned."""
    steps = law.surplus.steps
    open_steps = [s for s in steps if s.rate in ("open", "at_most")]
    choices: Choices = {}
    for step in open_steps:
        choices[step.id] = chosen(step)
    ends = [s for s in steps if s.rate == "rest" and s.base in ("remaining", "available_after_tax")]
    main = [s for s in open_steps if s.base in ("remaining", "available_after_tax")]
    if main and not ends:
        purses = [s for s in main if s.fund != "capital"]
        people = [s for s in purses if s.fund in PEOPLE]
        choices[(people or purses)[-1].id] = "rest"
    return choices


def chosen(step: Step) -> int | str:
    if step.fund == "capital":
        return 0
    return "1/10" if step.base in ("remaining", "available_after_tax") else "rest"


def payment_of_shares(life: Life, total: int) -> Authorise:
    return Authorise(
        purpose=life.say("proposals.shares_title"),
        fund="general",
        line="member_accounts",
        limit=total,
        since=day(life.last),
        until=day(life.last + 200 * DAY),
    )


def next_inputs(life: Life) -> tuple[Authorise | AllowEntry, ...]:
    """Room to go on working after the year."""
    since, until = day(life.last), day(life.last + 364 * DAY)
    return (*inputs(life, since, until, share=4), *small(life, since, until))


def go_on(life: Life) -> None:
    """From now on the story spends under the new year's decision."""
    life.decisions["inputs"] = life.decisions["small"] = life.decisions["next-inputs"]


def pay_shares(life: Life) -> None:
    """Every second member with a share is paid at once, as far as the money reaches."""
    state = life.stage.state
    what = life.say("proposals.shares_title")
    owed = [n for n in sorted(state.people) if credit(state, account_of("member_accounts", n)) > 0]
    for index, member in enumerate(owed):
        if index % 2 == 0:
            amount = credit(state, account_of("member_accounts", member))
            life.on(
                life.stage.now + index * 300,
                lambda life, m=member, a=amount: spend(  # type: ignore[misc]
                    life, "shares", payee_of(m), a, what
                ),
            )
