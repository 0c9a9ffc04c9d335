"""Money: where it is, whose it is, what it may be spent on, and every movement to its receipt."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404

from comuna import words
from comuna.rules.decision import Enact
from comuna.rules.judge import KINDS
from comuna.rules.ledger import balance, credit, money_total, set_aside
from comuna.rules.names import account_of, day, shown
from comuna.rules.state import Grant
from comuna.web import pictures
from comuna.web.pages.paging import number as asked_number
from comuna.web.pages.paging import paged
from comuna.web.pages.payments import authorisation
from comuna.web.visit import Visit, page

TEXTLESS = ("move-money", "close-period")
ENACTED = KINDS[Enact]


@page("money/overview.html", "money")
def money(here: Visit) -> dict[str, Any]:
    """Places of money, funds, grants, room to pay, and the movements, searched and in pages."""
    state = here.state
    places = [(name, here.account(name), balance(state, name)) for name in sorted(state.listed)]
    total, aside = money_total(state), set_aside(state)
    return {
        "places": places,
        "total": total,
        "aside": aside,
        "free": total - aside,
        "funds": [fund(here, f.id) for f in state.statute.treasury.funds],
        "grants": [grant(here, g) for g in state.grants.values()],
        "authorisations": open_room(here),
        "prices": prices(here),
        "results": [
            (p.number, p.since, p.until, p.surplus, p.accounts_approved, p.allocated)
            for p in state.periods.values()
        ],
        **movements_found(here),
    }


def fund(here: Visit, name: str) -> dict[str, Any]:
    """A fund with what stands in it, and whether it can ever be shared out."""
    known = here.state.statute.fund(name)
    assert known is not None
    return {
        "id": name,
        "title": here.account(name),
        "amount": credit(here.state, name),
        "indivisible": known.indivisible,
        "article": known.article,
    }


def prices(here: Visit) -> list[dict[str, Any]]:
    """What members bring is worth, by the list of today and those decided for later."""
    today = day(here.now)
    listed = here.state.prices
    ends = [*(following.since for following in listed[1:]), ""]
    return [
        {
            "since": each.since,
            "decision": each.decision,
            "begun": each.since <= today,
            "rows": [
                (shown(product), shown(measure), price)
                for (product, measure), price in each.prices.items()
            ],
        }
        for each, end in zip(listed, ends, strict=False)
        if not end or max(today, each.since) < end
    ]


def grant(here: Visit, found: Grant) -> dict[str, Any]:
    """A grant: promised, received, spent, and until when."""
    left = credit(here.state, account_of("grants", found.number))
    spent = found.received - left
    parts = [
        pictures.Part(spent, "a", here.text("money.spent")),
        pictures.Part(left, "b", here.text("money.to_spend")),
    ]
    return {
        "name": found.number,
        "grantor": shown(found.grantor),
        "purpose": found.purpose,
        "amount": found.amount,
        "received": found.received,
        "spent": spent,
        "left": left,
        "since": found.since,
        "until": found.until,
        "picture": pictures.bar(here.text("money.grant_used"), parts, found.amount),
    }


def open_room(here: Visit) -> list[dict[str, Any]]:
    """The authorisations under which money can be spent today or later."""
    found = [authorisation(here, a) for a in here.state.authorisations.values()]
    return [a for a in found if a["standing"] in ("open", "later")]


def movements_found(here: Visit) -> dict[str, Any]:
    """The movements that the search asks for: words, the number of an act, an account."""
    sought = here.request.GET.get("q", "").strip()
    account = here.request.GET.get("account", "").strip()
    found = here.rows("movement").order_by("-number")
    if sought:
        match = Q(text__icontains=sought) | Q(party__icontains=sought) | Q(receipt=sought.lower())
        if number := asked_number(here.request, "q"):
            match |= Q(number=number) | Q(decision=number) | Q(payment=number)
        found = found.filter(match)
    if account:
        lines = here.rows("line", account=account).values("movement")
        found = found.filter(number__in=lines)
    shown = paged(here.request, found)
    return {
        "found": shown,
        "moved": [movement_row(here, row) for row in shown.rows],
        "sought": sought,
        "account": account,
        "account_words": here.account(account),
        "accounts": accounts(here),
    }


def movement_row(here: Visit, row: dict[str, Any]) -> dict[str, Any]:
    """A movement with a title for people: what was bought or earned, the decision that moved it
    (not one that allowed somebody to enter it), or the kind of act where its text is only accounts
    or dates."""
    proposal = here.state.proposals.get(row["decision"])
    if row["kind"] == ENACTED and proposal is not None:
        title = proposal.title
    elif row["kind"] in TEXTLESS:
        title = words.act(row["kind"], here.lang)
    else:
        title = row["text"]
    return {**row, "title": title, "party_words": here.payee(row["party"])}


def accounts(here: Visit) -> list[tuple[str, str]]:
    """The accounts that have moved, people's own apart: those are theirs to look at."""
    names = here.rows("balance", unit=here.state.unit).values_list("account", flat=True)
    return [(n, here.account(n)) for n in names if not is_personal(n)]


def is_personal(account: str) -> bool:
    """Whether an account is one member's own."""
    base, _, part = account.partition(":")
    return base in ("member_accounts", "advances", "share_capital") and bool(part)


@page("money/movement.html", "money")
def movement(here: Visit, number: int) -> dict[str, Any]:
    """One movement: its lines, the decision and the payment behind it, its receipt."""
    found = here.rows("movement", number=number).first()
    if found is None:
        raise Http404(number)
    lines = here.rows("line", movement=number).order_by("place")
    proposal = here.state.proposals.get(found["decision"])
    return {
        "movement": movement_row(here, found),
        "kind_words": words.act(found["kind"], here.lang),
        "lines": [
            {**line, "title": here.account(line["account"]), "credit": max(0, -line["amount"])}
            for line in lines
        ],
        "decision_title": proposal.title if proposal else "",
    }
