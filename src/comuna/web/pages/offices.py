"""Offices: who holds them, how long still, and who may sign now. A mandate ends by the clock."""

from __future__ import annotations

from typing import Any

from comuna import words
from comuna.rules.office import signatures_needed
from comuna.rules.state import DAY, Mandate, Petition
from comuna.rules.statute import Office
from comuna.web import pictures
from comuna.web.visit import Visit, page

SOON = 45 * DAY


@page("offices.html", "offices")
def offices(here: Visit) -> dict[str, Any]:
    """Every office of the statute with its holders and their clocks, and who may sign now."""
    state = here.state
    powers = sorted({power for office in state.statute.offices for power in office.powers})
    return {
        "offices": [office(here, o) for o in state.statute.offices],
        "powers": [
            (words.term("power", power, here.lang), holding(here, power)) for power in powers
        ],
        "signatures": state.statute.treasury.signatures,
        "petitions": [petition(here, p) for p in state.petitions.values() if p.decided is None],
        "former": former(here),
    }


def holding(here: Visit, power: str) -> list[int]:
    """Who has a power at this moment."""
    return [m for m in sorted(here.state.mandates) if here.state.holds(m, power, here.now)]


def office(here: Visit, rule: Office) -> dict[str, Any]:
    """An office with the mandates in force and the seats that nobody holds."""
    held = [
        m
        for mandates in here.state.mandates.values()
        for m in mandates
        if m.office == rule.id and m.in_force(here.now)
    ]
    principals = sum(not m.alternate for m in held)
    return {
        "id": rule.id,
        "title": here.title(rule.title),
        "seats": rule.seats,
        "alternates": rule.alternates,
        "term_days": rule.term_days,
        "powers": [words.term("power", p, here.lang) for p in rule.powers],
        "article": rule.article,
        "lot": rule.choose == "lot",
        "mandates": [
            mandate(here, m) for m in sorted(held, key=lambda m: (m.alternate, m.since, m.member))
        ],
        "empty": rule.seats - principals,
        "recall": recall(here, rule),
    }


def recall(here: Visit, rule: Office) -> dict[str, Any] | None:
    """What it takes to take an office back."""
    if rule.recall is None:
        return None
    return {
        "share": rule.recall.petition,
        "needed": signatures_needed(here.state, rule, here.now),
        "article": rule.recall.article,
    }


def mandate(here: Visit, found: Mandate) -> dict[str, Any]:
    """A mandate with the clock that runs out."""
    left = found.until - here.now
    span = words.duration(left // DAY * DAY if left >= DAY else left, here.lang)
    return {
        "member": found.member,
        "alternate": found.alternate,
        "decision": found.decision,
        "since": found.since,
        "until": found.until,
        "left": span,
        "soon": left < SOON,
        "picture": pictures.clock(
            here.text("offices.clock", number=found.member),
            here.text("offices.left", span=span),
            found.since,
            found.until,
            here.now,
        ),
    }


def petition(here: Visit, found: Petition) -> dict[str, Any]:
    """A petition to recall, and how far it is from its threshold."""
    rule = here.state.statute.office(found.office)
    needed = signatures_needed(here.state, rule, here.now) if rule else 0
    parts = [pictures.Part(len(found.supporters), "a", here.text("offices.supporters"))]
    return {
        "number": found.number,
        "office": here.office(found.office),
        "member": found.member,
        "at": found.at,
        "supporters": len(found.supporters),
        "needed": needed,
        "reached_at": found.reached_at,
        "heard_at": found.heard_at,
        "picture": pictures.bar(here.text("offices.support"), parts, max(needed, 1)),
    }


def former(here: Visit) -> list[dict[str, Any]]:
    """Mandates that have ended, the latest first."""
    over = [
        (m.until if m.ended_at is None else m.ended_at, m)
        for mandates in here.state.mandates.values()
        for m in mandates
        if not m.in_force(here.now) and m.since <= here.now
    ]
    latest = sorted(over, key=lambda found: (-found[0], found[1].member))[:40]
    return [
        {
            "member": m.member,
            "office": here.office(m.office),
            "since": m.since,
            "ended": ended,
            "decision": m.decision,
        }
        for ended, m in latest
    ]
