"""What decisions open: room to pay, grants, the budget. Amounts are in the generator's own scale
and become the body's money."""

from __future__ import annotations

from comuna.rules.accounts import AcceptGrant, BudgetLine, SetBudget
from comuna.rules.names import day
from comuna.rules.prices import ProductPrice, SetPrices
from comuna.rules.result import AllowEntry
from comuna.rules.statute import Statute
from comuna.rules.treasury import Authorise
from comuna.rules.vocabulary import PEOPLE
from comuna.world.life import Life
from comuna.world.payments import BOX


def sells_shares(law: Statute) -> bool:
    """Whether members bring a contribution: where nothing is returned to people, none is asked."""
    return any(step.fund in PEOPLE for step in law.surplus.steps)


def scale(life: Life) -> int:
    """A neighbourhood of 30 trades a quarter of what one of 120 does."""
    return max(1, 120 // max(1, len(life.people)))


def window(life: Life) -> tuple[str, str]:
    """The first and the last date of the generated year."""
    return day(life.first), day(life.last - 1)


def grant(life: Life, name: str, grantor: int, cents: int) -> AcceptGrant:
    since, until = window(life)
    return AcceptGrant(
        name=name,
        grantor=life.setting.grantors[grantor],
        purpose=life.say(f"proposals.{name}_purpose"),
        amount=life.money(cents),
        since=since,
        until=until,
    )


def budget(life: Life, since: str, until: str) -> SetBudget:
    lines = {
        "materials": 6_000_000,
        "energy": 400_000,
        "transport": 400_000,
        "administration": 200_000,
        "advances": 6_000_000,
        "services": 900_000,
        "tools": 1_200_000,
    }
    return SetBudget(
        since=since,
        until=until,
        lines=tuple(BudgetLine(line=k, amount=life.money(v)) for k, v in lines.items()),
    )


def prices(life: Life, since: str) -> SetPrices:
    """What the members' cacao is worth, by 100 grams."""
    cacao = ProductPrice(
        product=life.say("trade.cacao"), measure="g", price=life.money(20), per=100, most=60_000
    )
    return SetPrices(since=since, prices=(cacao,))


def small(life: Life, since: str, until: str) -> tuple[Authorise | AllowEntry, ...]:
    """The standing authorisation for what a day needs: each payment small, all together bounded.
    And what comes again and again is allowed beyond what two may enter."""
    room = tuple(
        Authorise(
            purpose=life.say(f"trade.small_{line}"),
            fund="general",
            line=line,
            limit=life.money(120_000),
            each=life.money(3_000),
            since=since,
            until=until,
            name=line,
        )
        for line in ("transport", "administration")
    )
    market = AllowEntry(
        purpose=life.say("trade.sale"),
        debit=BOX,
        credit="sales_members",
        amount=life.money(9_000_000),
        until=until,
        payee=life.say("trade.market"),
        name="market",
    )
    wear = AllowEntry(
        purpose=life.say("trade.wear"),
        debit="depreciation",
        credit="tools",
        amount=life.money(60_000),
        until=until,
        name="wear",
    )
    return (*room, market, wear)


def inputs(life: Life, since: str, until: str, share: int = 1) -> tuple[Authorise, ...]:
    """Room for the year's materials, energy, what producers deliver, and goods for resale."""
    lines = (
        ("materials", "materials", 900_000),
        ("energy", "energy", 260_000),
        ("deliveries", "materials", 2_400_000),
        ("resale", "materials:others", 1_400_000),
    )
    return tuple(
        Authorise(
            purpose=life.say(f"trade.inputs_{name}"),
            fund="general",
            line=line,
            limit=life.money(cents) // share,
            since=since,
            until=until,
            name=name,
        )
        for name, line, cents in lines
    )


def advances(life: Life) -> Authorise:
    since, until = window(life)
    allowed = life.law.surplus.advances != "none"
    return Authorise(
        purpose=life.say("trade.advance"),
        fund="general",
        line="advances" if allowed else "social_benefits",
        limit=life.money(5_400_000),
        since=since,
        until=until,
    )


def truck(life: Life) -> Authorise:
    """A truck that most think too dear."""
    since, until = window(life)
    return Authorise(
        purpose=life.say("proposals.truck_title"),
        fund="general",
        line="tools",
        limit=life.money(1_100_000),
        since=since,
        until=until,
        payee=life.setting.trucks,
    )


def repairs(life: Life, since: str, until: str) -> Authorise:
    return Authorise(
        purpose=life.say("proposals.repairs_title"),
        fund="general",
        line="maintenance",
        limit=life.money(60_000) // scale(life),
        since=since,
        until=until,
    )
