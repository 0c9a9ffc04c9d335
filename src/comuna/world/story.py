"""The assemblies of a year, and what each decides. The order: accounts and a first grant; the means
of work, with a statute amended on the way; a renewed office; a machine, challenged and confirmed; a
recall; what is refused; the accounts and the surplus; and what is still open today."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from comuna.rules.accounts import OpenAccount
from comuna.rules.act import Effect
from comuna.rules.amendment import AmendStatute, Change
from comuna.rules.assembly import ApproveMinutes
from comuna.rules.assets import DisposeAsset, RegisterAsset
from comuna.rules.contest import Contest
from comuna.rules.decision import AcceptExecution, Confirm, Enact
from comuna.rules.names import account_of, day
from comuna.rules.office import Elect, RecallHolder
from comuna.rules.roll import Admit, Exclude
from comuna.rules.state import DAY
from comuna.rules.statute import Office
from comuna.rules.treasury import Authorise
from comuna.world import contests, events
from comuna.world.life import HOUR, Life
from comuna.world.means import (
    advances,
    budget,
    grant,
    inputs,
    prices,
    repairs,
    scale,
    sells_shares,
    small,
    truck,
    window,
)
from comuna.world.meeting import Meeting, Motion, plan, saturday, share_below
from comuna.world.payments import BANK, BOX, receive, spend, two_hands
from comuna.world.surplus import plan_closing

MANDATE_LEFT = 24
"""Days that the shortest mandate still has today."""


def plan_year(life: Life) -> None:
    """Put the assemblies of the year on the calendar, and what happens around them."""
    notice = life.law.assembly.notice_days
    renewal = life.until + MANDATE_LEFT * DAY - 365 * DAY
    plan(life, Meeting("first", saturday(life.day(notice + 3, 0)), first_motions))
    plan(life, Meeting("means", saturday(life.day(notice + 33, 0)), means_motions, fails=True))
    plan(life, Meeting("renewal", renewal - renewal % DAY - 3 * DAY + 14 * HOUR, renewal_motions))
    plan(life, Meeting("mill", saturday(life.day(150, 0)), mill_motions))
    plan(life, Meeting("confirmation", saturday(life.day(178, 0)), confirmation_motions))
    plan_recall(life)
    plan(life, Meeting("autumn", saturday(life.day(276, 0)), autumn_motions))
    plan_closing(life)
    plan_today(life)


# --- the first assembly -----------------------------------------------------------------------


def first_motions(life: Life) -> list[Motion]:
    accounts = (
        OpenAccount(account=BANK, title=life.say("trade.bank"), in_name_of_body=True),
        OpenAccount(account=BOX, title=life.say("trade.box"), in_name_of_body=True),
    )
    return [
        Motion("accounts", accounts, then=open_boxes),
        Motion("roof", (grant(life, "roof", 0, 900_000),), then=receive_roof),
        Motion(
            "budget",
            plan_of_the_year(life),
            method="roll-call",
            speakers=3,
        ),
        Motion("small", small(life, *window(life))),
    ]


def plan_of_the_year(life: Life) -> tuple[Effect, ...]:
    """What is spent, and what the harvest is bought for."""
    since, until = window(life)
    return budget(life, since, until), prices(life, since)


def open_boxes(life: Life) -> None:
    """Members with a key bring their contributions, or the neighbourhood makes a collection; the
    box gets its first change."""
    what = life.say("trade.contribution")
    if sells_shares(life.law):
        for member in filter(life.stage.seeds.__contains__, life.members()):
            payer = life.say("papers.member", number=member)
            receive(life, account_of("share_capital", member), life.money(5_000), payer, what, BOX)
    else:
        amount = life.money(400_000)
        receive(life, "other_income", amount, life.say("trade.market"), what, BOX)


def receive_roof(life: Life) -> None:
    amount = life.money(900_000)
    what = life.say("proposals.roof_purpose")
    receive(life, "grants:roof", amount, life.setting.grantors[0], what)


# --- the means of work ------------------------------------------------------------------------


def means_motions(life: Life) -> list[Motion]:
    return [
        minutes_of(life, "first"),
        term_motion(life),
        Motion("inputs", inputs(life, *window(life)), speakers=2),
        Motion("advances", (advances(life),), dissent=True, speakers=3),
        roof_stage(life, "roof-materials", "materials", 560_000),
        Motion("truck", (truck(life),), yes=380, refused=True, speakers=6),
    ]


def minutes_of(life: Life, name: str) -> Motion:
    """The minutes of an earlier assembly are approved."""
    number = life.acts[f"minutes of {name}"]
    return Motion("minutes", (ApproveMinutes(assembly=number),), {"number": number}, speakers=0)


def term_motion(life: Life) -> Motion:
    """One year is proposed for the secretary and the tellers; the assembly leaves the tellers as
    they are."""
    office, other = life.office_with("record-paper"), life.office_with("tell")

    def change(*offices: Office) -> tuple[Effect, ...]:
        changes = tuple(Change(place=f"offices.{o.id}.term_days", value=365) for o in offices)
        return (AmendStatute(changes=changes),)

    titles = {"office": office.title[life.lang], "other": other.title[life.lang]}
    params: dict[str, object] = dict(titles)
    fewer = Motion("term-shorter", change(office), params)
    both = change(office, other)
    return Motion("term", both, params, amendment=fewer, speakers=4, method="roll-call")


def roof_stage(life: Life, key: str, line: str, cents: int, predecessor: int = 0) -> Motion:
    """One stage of the roof, from the grant that was given for it."""
    since, until = window(life)
    effect = Authorise(
        purpose=life.say(f"proposals.{key}_title"),
        fund="grants:roof",
        line=line,
        limit=life.money(cents),
        since=since,
        until=until,
        payee=life.setting.ironmonger if line == "materials" else "",
        predecessor=predecessor,
    )
    office = life.office_with("keep-accounts").id
    return Motion(key, (effect,), responsible=office, then=lambda life: build(life, key, cents))


def build(life: Life, key: str, cents: int) -> None:
    """The stage is bought, in two payments, and reported."""
    payee = life.setting.ironmonger if key == "roof-materials" else life.setting.machines
    amount = life.money(cents) - life.money(317)
    spend(life, key, payee, amount, life.say(f"proposals.{key}_title"), parts=2)
    life.on(life.stage.now + 3 * DAY, lambda life: events.report(life, key))


# --- the renewal ------------------------------------------------------------------------------


def renewal_motions(life: Life) -> list[Motion]:
    office = life.office_with("record-paper")
    elected = life.candidates(office)[0]
    roof = life.decisions["roof-materials"]
    return [
        minutes_of(life, "means"),
        Motion(
            "secretary",
            (Elect(office=office.id, members=(elected,)),),
            {"office": office.title[life.lang], "number": elected},
            method="roll-call",
        ),
        Motion("roof-accepted", (AcceptExecution(decision=roof, accepted=True),), {"number": roof}),
        roof_stage(life, "roof-work", "services", 330_000, roof),
        Motion("machine", (grant(life, "machine", 1, 800_000),), then=receive_machine),
        *admissions(life),
    ]


def admissions(life: Life) -> list[Motion]:
    """All who asked to join, in one vote."""
    asking = events.applicants(life)
    if not asking:
        return []
    effects = tuple(Admit(member=m) for m in asking)
    params: dict[str, object] = {"numbers": ", ".join(map(str, asking))}
    motion = Motion("admission", effects, params, then=lambda life: welcome(life, asking))
    return [motion]


def welcome(life: Life, members: list[int]) -> None:
    """The new members declare their kin and bring their contribution."""
    what = life.say("trade.contribution")
    for member in members:
        if sells_shares(life.law) and member in life.stage.seeds:
            payer = life.say("papers.member", number=member)
            receive(life, account_of("share_capital", member), life.money(5_000), payer, what, BOX)


def receive_machine(life: Life) -> None:
    what = life.say("proposals.machine_purpose")
    receive(life, "grants:machine", life.money(800_000), life.setting.grantors[1], what)


# --- the mill, challenged ---------------------------------------------------------------------


def mill_motions(life: Life) -> list[Motion]:
    since, until = window(life)
    mill = Authorise(
        purpose=life.say("proposals.mill_title"),
        fund="grants:machine",
        line="tools",
        limit=life.money(760_000),
        since=since,
        until=until,
        payee=life.setting.machines,
    )
    challenged = lambda life: events.challenge(life, "mill")  # noqa: E731
    life.on(saturday(life.day(150, 0)) + DAY, challenged)
    return [
        minutes_of(life, "renewal"),
        Motion("mill", (mill,), speakers=4, yes=820, then=buy_mill),
        *admissions(life),
    ]


def confirmation_motions(life: Life) -> list[Motion]:
    mill = life.decisions["mill"]
    return [
        minutes_of(life, "mill"),
        Motion(
            "confirmation",
            (Confirm(decision=mill),),
            {"number": mill},
            speakers=5,
            method="roll-call",
            then=enact_mill,
        ),
        Motion("training", (grant(life, "training", 2, 450_000),), then=receive_training),
        *choice(life, "oversight", contests.election(life), "roll-call"),
    ]


def choice(
    life: Life, key: str, contest: Contest | None, method: Literal["roll-call", "papers"]
) -> list[Motion]:
    """A choice among several, where the statute has a count for it."""
    if contest is None:
        return []
    return [
        Motion(key, (), method=contests.way(life, contest, method), contest=contest, speakers=3)
    ]


def enact_mill(life: Life) -> None:
    """The confirmed decision is put in force, and the mill bought."""
    life.stage.do(life.someone(), Enact(decision=life.decisions["mill"]))
    life.stage.settle()
    buy_mill(life)


def buy_mill(life: Life) -> None:
    what = life.say("proposals.mill_title")
    price = life.money(748_000)
    spend(life, "mill", life.setting.machines, price, what, parts=2, then=register_mill)


def register_mill(life: Life, movement: int) -> None:
    title = life.paper("papers.title", what=life.say("trade.mill"))
    keeper, second = two_hands(life)
    life.stage.do(
        keeper,
        RegisterAsset(
            name=life.say("trade.mill"),
            category="tools",
            title=title,
            in_name_of_body=True,
            movement=movement,
        ),
        second,
    )


def receive_training(life: Life) -> None:
    what = life.say("proposals.training_purpose")
    receive(life, "grants:training", life.money(450_000), life.setting.grantors[2], what)


# --- the recall -------------------------------------------------------------------------------


def plan_recall(life: Life) -> None:
    """A treasurer who tried what is forbidden and renders no accounts is recalled by an assembly
    that the members call themselves."""
    life.on(life.day(196, 11), events.ask_accounts)
    life.on(life.day(200, 11), events.misuse)
    life.on(life.day(205, 11), events.petition)
    notice = life.law.assembly.notice_days
    day_of_recall = saturday(life.day(211 + notice, 0))
    plan(
        life,
        Meeting(
            "recall",
            day_of_recall,
            recall_motions,
            extraordinary=True,
            callers=callers,
            attendance=800,
        ),
    )
    life.on(day_of_recall + 9 * DAY, events.render_accounts)


def callers(life: Life) -> list[int]:
    """The statute's share of the roll, signing together; those without an office go ahead."""
    needed = -(-Fraction(life.law.assembly.callers) * len(life.voters()) // 1)
    mandates, treasurer = life.stage.state.mandates, life.acts["treasurer"]
    members = sorted(life.signers(), key=lambda m: bool(mandates.get(m)))
    return [m for m in members if m != treasurer][: int(needed)]


def recall_motions(life: Life) -> list[Motion]:
    office = life.office_with("keep-accounts")
    treasurer = life.acts["treasurer"]
    successor = life.candidates(office)[0]
    return [
        Motion(
            "recall",
            (RecallHolder(petition=life.acts["petition"]),),
            {"number": treasurer, "office": office.title[life.lang]},
            method="roll-call",
            speakers=6,
            yes=850,
        ),
        Motion(
            "successor",
            (Elect(office=office.id, members=(successor,)),),
            {"number": successor, "office": office.title[life.lang]},
            method="roll-call",
        ),
    ]


# --- the autumn -------------------------------------------------------------------------------


def autumn_motions(life: Life) -> list[Motion]:
    since, until = window(life)
    course = Authorise(
        purpose=life.say("proposals.course_title"),
        fund="grants:training",
        line="services",
        limit=life.money(450_000),
        since=since,
        until=until,
        payee=life.setting.school,
    )
    sale = DisposeAsset(
        name=life.say("trade.mill"), payee=life.setting.buyers[0], price=life.money(500_000)
    )
    accused = life.acts["accused"]
    return [
        minutes_of(life, "recall"),
        Motion("course", (course,), then=hold_course),
        Motion(
            "sale",
            (sale,),
            yes=share_below(life, "dispose-asset"),
            refused=True,
            speakers=5,
        ),
        Motion(
            "exclusion",
            (Exclude(member=accused, charge=life.acts["charge"]),),
            {"number": accused},
            speakers=4,
            method="roll-call",
        ),
        *choice(life, "projects", contests.projects(life), "papers"),
        *elections(life),
        *admissions(life),
    ]


def elections(life: Life) -> list[Motion]:
    """New holders for the offices whose terms end before the next year has found its feet."""
    state, now = life.stage.state, life.stage.now
    motions = []
    for office in life.law.offices:
        holders = state.holders(office.id, now)
        ending = [
            m
            for holder in holders
            for m in state.mandates[holder]
            if m.office == office.id and m.in_force(now) and m.until < life.until
        ]
        elected = tuple(life.candidates(office)[: len(ending)])
        if elected:
            numbers = ", ".join(map(str, elected))
            params: dict[str, object] = {"office": office.title[life.lang], "numbers": numbers}
            effect = Elect(office=office.id, members=elected)
            motions.append(Motion("election", (effect,), params))
    return motions


def hold_course(life: Life) -> None:
    """Three weekends of the course, each paid when it was held."""
    for number in range(3):
        life.on(
            life.stage.now + (14 * number + 7) * DAY,
            lambda life: spend(
                life,
                "course",
                life.setting.school,
                life.money(148_000),
                life.say("proposals.course_title"),
            ),
        )


# --- today ------------------------------------------------------------------------------------


def plan_today(life: Life) -> None:
    """What is open today: a decision in its window, an assembly called, payments that wait for
    signatures, an overdue complaint, people who asked to join."""
    yesterday = life.until - 26 * HOUR
    plan(
        life,
        Meeting("today", yesterday, today_motions, extraordinary=True, minutes=False),
    )
    notice = life.law.assembly.notice_days
    life.on(life.until - 5 * DAY, lambda life: events.apply_some(life, 4))
    plan(life, Meeting("next", life.until - 2 * DAY + (notice + 1) * DAY, next_motions))
    overdue = life.law.oversight.answer_days + 6
    life.on(life.until - overdue * DAY, lambda life: events.complain(life, "dust", 0))
    life.on(life.until - 3 * HOUR, events.leave_waiting)


def today_motions(life: Life) -> list[Motion]:
    """Room to go on working until the next budget."""
    since = day(life.until - 40 * DAY)
    until = day(life.until + 120 * DAY)
    roof = life.decisions["roof-work"]
    motions = [] if sells_shares(life.law) else [reinvestment(life, since, until)]
    return [
        *motions,
        Motion("well", (), speakers=2),
        Motion("roof-done", (AcceptExecution(decision=roof, accepted=True),), {"number": roof}),
        Motion("repairs", (repairs(life, since, until),), speakers=2),
    ]


def reinvestment(life: Life, since: str, until: str) -> Motion:
    """Where no surplus returns to people, the members decide what its last fund is spent on."""
    fund = life.law.surplus.steps[-1].fund
    effect = Authorise(
        purpose=life.say("proposals.clinic_title"),
        fund=fund,
        line="services",
        limit=life.money(300_000) // scale(life),
        since=since,
        until=until,
        payee=life.setting.machines,
    )
    return Motion("clinic", (effect,), speakers=4, method="roll-call")


def next_motions(life: Life) -> list[Motion]:
    return [
        minutes_of(life, "accounts"),
        Motion("seedlings", (), speakers=2),
        *admissions(life),
    ]
