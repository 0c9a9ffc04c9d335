"""The roll by numbers, and one member's own account, which only that member reads."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from comuna import words
from comuna.rules.ledger import credit
from comuna.rules.names import payee_of
from comuna.rules.state import DAY, Person
from comuna.web.pages.money import movement_row
from comuna.web.pages.paging import paged
from comuna.web.pages.payments import payments_of
from comuna.web.visit import Visit, page

ROLL_PAGE = 60
PERSONAL = ("member_accounts", "share_capital", "advances")
STATUSES = ("member", "applicant", "ended")


def status_of(person: Person, now: int) -> str:
    """Applicant, member, or no longer one."""
    if person.member_at(now):
        return "member"
    return "applicant" if person.admitted_at is None and person.ended_at is None else "ended"


@page("roll.html", "roll")
def roll(here: Visit) -> dict[str, Any]:
    """The roll: numbers and kinds, never names."""
    state = here.state
    status = here.request.GET.get("status", "member")
    counts = Counter(status_of(p, here.now) for p in state.people.values())
    people = [p for p in state.people.values() if status in ("all", status_of(p, here.now))]
    found = paged(here.request, people, ROLL_PAGE)
    keyed = {k.member for k in state.keys.values() if k.in_force(here.now)}
    voters = state.roll(here.now)
    return {
        "people": [person(here, p, voters, keyed) for p in found.rows],
        "found": found,
        "status": status,
        "statuses": [
            (name, words.term("member_status", name, here.lang), counts[name])
            for name in STATUSES
            if counts[name]
        ],
        "everyone": len(state.people),
        "voters": len(voters),
        "households": len(
            {p.household for p in state.people.values() if p.household and p.member_at(here.now)}
        ),
        "keyed": len(keyed & voters),
        "kinds": kinds(here),
    }


def kinds(here: Visit) -> list[tuple[str, int, str]]:
    """The kinds of members, how many of each, and the article."""
    counts = Counter(p.kind for p in here.state.people.values() if p.member_at(here.now))
    return [
        (here.title(kind.title), counts[kind.id], kind.article)
        for kind in here.state.statute.members.kinds
    ]


def person(here: Visit, found: Person, voters: frozenset[int], keyed: set[int]) -> dict[str, Any]:
    """What the public roll says of a number."""
    kind = here.state.statute.member_kind(found.kind)
    offices = [
        here.office(m.office)
        for m in here.state.mandates.get(found.number, ())
        if m.in_force(here.now)
    ]
    return {
        "number": found.number,
        "kind": here.title(kind.title) if kind else found.kind,
        "status": words.term("member_status", status_of(found, here.now), here.lang),
        "admitted_at": found.admitted_at,
        "applied_at": found.applied_at,
        "ended_at": found.ended_at,
        "votes": found.number in voters,
        "key": found.number in keyed,
        "member_body": found.body,
        "offices": offices,
    }


@page("account.html")
def account(here: Visit, number: int) -> dict[str, Any]:
    """A member's own account. Raises PermissionDenied for anyone else."""
    found = here.state.people.get(number)
    if found is None:
        raise Http404(number)
    if here.member != number:
        raise PermissionDenied
    keyed = {k.member for k in here.state.keys.values() if k.in_force(here.now)}
    work = list(here.rows("work", member=number).order_by("-date", "-number"))
    return {
        "status": status_of(found, here.now),
        "person": person(here, found, here.state.roll(here.now), keyed),
        "balances": balances(here, number),
        "lines": lines(here, number),
        "allocations": list(here.rows("allocation", member=number).order_by("-period")),
        "payments": payments_of(here, payee=payee_of(number)),
        "work": work[:20],
        "hours": divmod(sum(w["minutes"] for w in work), 60),
        "deliveries": list(here.rows("delivery", member=number).order_by("-date")[:20]),
        "declared_at": found.declared_at,
        "declare_by": found.declared_at + here.state.statute.members.declaration_every_days * DAY,
    }


def balances(here: Visit, number: int) -> list[tuple[str, int]]:
    """What the body owes this member, by account; advances are what they have had already."""
    return [
        (here.account(base), credit(here.state, f"{base}:{number}"))
        for base in PERSONAL
        if here.state.statute.account(base) is not None
    ]


def lines(here: Visit, number: int) -> list[dict[str, Any]]:
    """What moved on this member's accounts, the latest first, each with its movement."""
    names = [f"{base}:{number}" for base in PERSONAL]
    found = list(here.rows("line", account__in=names).order_by("-movement")[:60])
    moved = {
        m["number"]: m for m in here.rows("movement", number__in=[r["movement"] for r in found])
    }
    return [
        {
            **line,
            **movement_row(here, moved[line["movement"]]),
            "amount": -line["amount"],
            "account_words": here.account(line["account"].partition(":")[0]),
        }
        for line in found
    ]
