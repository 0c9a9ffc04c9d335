"""What somebody owes the members, by the clock: on the first page what is late, and under oversight
all of it."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.urls import reverse

from comuna.readings.duties import Duty, owed
from comuna.readings.texts import text
from comuna.web import desk
from comuna.web.visit import Visit

PAGES = {
    "answer-complaint": "oversight",
    "render-accounts": "oversight",
    "report-execution": "decision",
    "enact-decision": "decision",
    "vote-recall": "offices",
    "sign-minutes": "assembly",
    "close-period": "money",
    "approve-accounts": "money",
    "allocate-surplus": "money",
    "fill-office": "offices",
    "declare-interests": "roll",
}
"""Where each duty is shown."""


def all_owed(here: Visit) -> list[dict[str, Any]]:
    """Every duty, the late ones first and the longest overdue before all; the same duty of many
    members in one line."""
    found = owed(desk.clerk().database, here.state, here.now)
    of_members = [d for d in found if d.duty == "declare-interests"]
    rows = [described(here, [d]) for d in found if d.duty != "declare-interests"]
    for _, together in groupby(of_members, key=lambda d: here.now > d.due):
        rows.append(described(here, list(together)))
    return sorted(rows, key=lambda row: row["due"])


def described(here: Visit, together: list[Duty]) -> dict[str, Any]:
    """One line for a duty, or for the same duty of several members."""
    first = together[0]
    page = PAGES[first.duty]
    numbered = page in ("decision", "assembly")
    return {
        "title": text("duty", first.duty, here.lang),
        "about": about(here, first) if len(together) == 1 else "",
        "members": [int(d.who) for d in together if d.who.isdecimal()],
        "office": here.office(first.who) if not first.who.isdecimal() else "",
        "due": first.due,
        "late": here.now > first.due,
        "article": first.article,
        "address": reverse(page, args=[here.body, int(first.subject)] if numbered else [here.body]),
    }


def about(here: Visit, duty: Duty) -> str:
    """What a duty is about, by its title or its number."""
    if duty.duty == "fill-office":
        return here.office(duty.subject)
    if duty.duty in ("report-execution", "enact-decision"):
        return here.state.proposals[int(duty.subject)].title
    return "" if duty.subject == duty.who else duty.subject
