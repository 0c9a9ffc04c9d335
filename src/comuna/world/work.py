"""Work and trade: hours of two production units, days of common work, deliveries, sales, and what
they cost."""

from __future__ import annotations

from collections.abc import Sequence

from comuna.rules.accounts import Journal
from comuna.rules.ledger import Amount
from comuna.rules.names import payee_of
from comuna.rules.prices import price_on, worth
from comuna.rules.production import Deliver, LogWork, Worked
from comuna.rules.state import DAY
from comuna.world.life import HOUR, Life
from comuna.world.means import scale
from comuna.world.payments import (
    BOX,
    count_box,
    deposit,
    permission_of,
    receive,
    spend,
    two_hands,
)

UNITS = ("drying", "bakery")


def plan_work(life: Life) -> None:
    """Put the days, weeks and months of work on the calendar."""
    days = (life.until - life.first) // DAY
    opened = life.law.assembly.notice_days + 14  # by then the accounts are listed, the boxes open
    for number in range(3, days):
        weekday = (life.day(number) // DAY + 3) % 7  # 0 is Monday
        if (weekday == 4) if life.small else (weekday < 5):
            life.on(life.day(number, 21), work_day)
        if number >= opened:
            plan_trade(life, number, weekday)
    for number in range(40, days, 61):
        life.on(life.day(number, 20), common_work)
    for number in range(opened + 9, days, 30):
        life.on(life.day(number, 15), lambda life: month_end(life))
    life.on(life.last - 3 * HOUR, wear)


def plan_trade(life: Life, number: int, weekday: int) -> None:
    if weekday == 1:
        life.on(life.day(number, 12), sell_bread)
    if weekday == 3:
        life.on(life.day(number, 12), sell_cacao)
        life.on(life.day(number, 16), deliveries)
    if weekday == 0:
        life.on(life.day(number, 10), buy_inputs)
    if weekday == 2 and number % 2 == 0:
        life.on(life.day(number, 10), small_spending)


# --- work -------------------------------------------------------------------------------------


def work_day(life: Life) -> None:
    """The hours of the day in each unit, written by one of the crew and confirmed by another."""
    for unit, name in enumerate(UNITS):
        crew = life.crew(unit)
        there = [m for m in crew if life.rng.randrange(10) < 8]
        log(life, name, life.say(f"trade.task_{name}"), there, (240, 540))


def common_work(life: Life) -> None:
    """A day of common work: whoever comes."""
    there = [m for m in life.workers() if life.rng.randrange(10) < 4]
    log(life, "common", life.say("trade.task_common"), there, (120, 300))


def log(life: Life, unit: str, task: str, there: Sequence[int], minutes: tuple[int, int]) -> None:
    signers = [m for m in there if m in life.stage.seeds]
    if len(signers) < 2:
        return
    work = tuple(Worked(member=m, minutes=life.rng.randrange(*minutes) // 5 * 5) for m in there)
    act = LogWork(
        date=life.stage.today,
        production_unit=life.say(f"trade.unit_{unit}"),
        task=task,
        work=work,
    )
    life.stage.do(signers[0], act, signers[1])


def producers(life: Life) -> list[int]:
    """Those who bring their own cacao."""
    return [m for m in life.workers() if m % 9 == 4 and m in life.stage.seeds]


def receiver_from(life: Life, giver: int) -> int:
    """Somebody in office who is neither the giver nor their kin; 0 when there is none."""
    state, own_case = life.stage.known, life.stage.concerned(payee_of(giver))
    ready = sorted(life.stage.seeds.keys() & state.mandates.keys() - own_case)
    return next((m for m in ready if state.offices(m, life.stage.now)), 0)


def deliveries(life: Life) -> None:
    """Cacao comes in from the members' groves, in grams. What it is worth the members decided."""
    state, product, date = life.stage.known, life.say("trade.cacao"), life.stage.today
    if state.prices_on(date) is None:
        return
    price = price_on(state, date, product, "g")
    for member in producers(life):
        signer = receiver_from(life, member)
        if signer and life.rng.randrange(10) < 5:
            grams = life.rng.randrange(12, 60) * 1000
            act = Deliver(date=date, member=member, product=product, quantity=grams, measure="g")
            life.stage.do(member, act, signer)
            life.owed[member] += worth(state, price, grams)


# --- trade ------------------------------------------------------------------------------------


def sell_bread(life: Life) -> None:
    amount = life.money(life.rng.randrange(48_000, 82_000) // scale(life))
    receive(life, "sales_members", amount, life.say("trade.market"), life.say("trade.sale"), BOX)


def sell_cacao(life: Life) -> None:
    """Most of it through the members' own work, one lot in four bought for resale."""
    bought = life.rng.randrange(4) == 0
    amount = life.money(life.rng.randrange(60_000, 120_000) // scale(life))
    source = "sales_others" if bought else "sales_members"
    what = life.say("trade.sale_others" if bought else "trade.sale_cacao")
    receive(life, source, amount, life.rng.choice(life.setting.buyers), what)


def buy_inputs(life: Life) -> None:
    """Flour, sacks, fuel for the dryer; what is bought for resale is a cost of dealing with
    others."""
    amount = life.money(life.rng.randrange(9_000, 16_000) // scale(life))
    spend(life, "inputs", life.setting.sacks, amount, life.say("trade.sacks"), "materials")
    if life.rng.randrange(4) == 0:
        price = life.money(life.rng.randrange(48_000, 88_000) // scale(life))
        what = life.say("trade.resale")
        spend(life, "inputs", life.setting.buyers[1], price, what, "resale")


def small_spending(life: Life) -> None:
    """What a day needs, in cash, under the standing authorisation."""
    amount = life.money(life.rng.randrange(600, 2_400))
    kind = life.rng.choice(("transport", "administration"))
    payee = life.setting.fuel if kind == "transport" else life.setting.ironmonger
    spend(life, "small", payee, amount, life.say(f"trade.small_{kind}"), kind, BOX)


def month_end(life: Life) -> None:
    """The box is counted and its cash brought to the bank; power and producers are paid; every
    second month the workers draw their advances."""
    month = (life.stage.now - life.first) // (30 * DAY)
    count_box(life, life.money(1_500) if month == 4 else 0)
    deposit(life)
    amount = life.money(life.rng.randrange(14_000, 19_000) // scale(life))
    spend(life, "inputs", life.setting.power, amount, life.say("trade.power"), "energy")
    for member, owed in sorted(life.owed.items()):
        payee, what = payee_of(member), life.say("trade.delivered")
        if owed and spend(life, "inputs", payee, owed, what, "deliveries"):
            life.owed[member] = 0
    if month % 2 == 0:
        advances(life)


def advances(life: Life) -> None:
    """An advance on the surplus for everyone who works in a unit."""
    if life.law.surplus.advances == "none":
        return
    for unit in range(len(UNITS)):
        for member in life.crew(unit):
            amount = life.money(life.rng.randrange(14, 20) * 500)
            spend(life, "advances", payee_of(member), amount, life.say("trade.advance"))


def wear(life: Life) -> None:
    """The year's wear of the machines."""
    amount = life.money(36_000) // scale(life)
    lines = (
        Amount(account="depreciation", amount=amount),
        Amount(account="tools", amount=-amount),
    )
    sheet = life.paper("papers.wear", amount=life.written(amount))
    keeper, second = two_hands(life)
    entry = Journal(
        date=life.stage.today,
        lines=lines,
        text=life.say("trade.wear"),
        receipt=sheet,
        permission=permission_of(life, "wear", "depreciation", "tools", amount=amount),
    )
    life.stage.do(keeper, entry, second)
