"""Assemblies: what comes, what was held, and one assembly from its call to its minutes."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import Http404, HttpResponse

from comuna import words
from comuna.readings.minutes import Minutes, endings
from comuna.readings.minutes import minutes as readings_minutes
from comuna.rules.assembly import quorum_needed, voters_present
from comuna.rules.state import Assembly
from comuna.web import desk, pictures
from comuna.web.acting.beside import beside
from comuna.web.pages.book import download
from comuna.web.pages.decisions import brief
from comuna.web.pages.paging import paged
from comuna.web.visit import Visit, page

TONES = {"called": "wait", "open": "good", "adjourned": "wait", "late": "late", "closed": "quiet"}


def standing_of(here: Visit, assembly: Assembly) -> str:
    """Where an assembly stands by the clock; "late" when its hour passed and nobody opened it."""
    if assembly.closed_at is not None:
        return "closed"
    if assembly.adjourned_until is not None:
        return "adjourned"
    if assembly.opened_at is not None:
        return "open"
    return "called" if here.now < assembly.starts_at else "late"


def summary(here: Visit, assembly: Assembly, row: dict[str, Any]) -> dict[str, Any]:
    """What a list shows of an assembly."""
    standing = standing_of(here, assembly)
    return {
        **row,
        "standing": standing,
        "standing_words": here.text(f"assembly.standing_{standing}"),
        "tone": TONES[standing],
        "items": len(assembly.agenda),
        "decisions": sum(bool(item.proposal) for item in assembly.agenda),
        "attended": len(assembly.attended),
    }


@page("assemblies/list.html", "assemblies")
def assemblies(here: Visit) -> dict[str, Any]:
    """Every assembly, the next or newest first."""
    found = paged(here.request, here.rows("assembly").order_by("-starts_at", "-number"))
    rows = [summary(here, here.state.assemblies[row["number"]], row) for row in found.rows]
    law = here.state.statute.assembly
    return {
        "found": found,
        "coming": [a for a in rows if a["standing"] != "closed"],
        "held": [a for a in rows if a["standing"] == "closed"],
        "notice_days": law.notice_days,
        "article": law.article_of("notice_days"),
    }


def known(here: Visit, number: int) -> tuple[Assembly, dict[str, Any]]:
    """An assembly and its row. Raises Http404."""
    row = here.rows("assembly", number=number).first()
    if row is None:
        raise Http404(number)
    return here.state.assemblies[number], row


@page("assemblies/one.html", "assemblies")
def assembly(here: Visit, number: int) -> dict[str, Any]:
    """One assembly: call and notice, quorum by call, agenda and what was decided."""
    found, row = known(here, number)
    turns = here.rows("turn", assembly=number)
    return {
        "assembly": summary(here, found, row),
        "agenda": agenda(here, number),
        "endings": endings(desk.clerk().database, here.state, row, here.lang),
        "notices": list(here.rows("notice", assembly=number).order_by("number")),
        "calls": [call(here, c) for c in here.rows("call", assembly=number).order_by("call")],
        "quorum": quorum_now(here, found),
        "turns": turns.exclude(given=0).count(),
        "doors": beside(here, "assembly", number),
    }


def agenda(here: Visit, number: int) -> list[dict[str, Any]]:
    """The agenda as it was called, each item with its proposal and how that stands."""
    rows = list(here.rows("item", assembly=number).order_by("item"))
    for row in rows:
        row["purpose_words"] = words.term("purpose", row["purpose"], here.lang)
        proposal = here.state.proposals.get(row["proposal"])
        row["decision"] = brief(here, proposal) if proposal else None
    return rows


def call(here: Visit, row: dict[str, Any]) -> dict[str, Any]:
    """How many a call found and how many it needed."""
    rule = here.state.statute_on(row["at"]).call(row["call"])
    return {
        **row,
        "article": rule.article if rule else "",
        "picture": quorum_bar(here, row["present"], row["required"]),
    }


def quorum_bar(here: Visit, present: int, needed: int) -> str:
    """Presence against the quorum, which is marked by a line."""
    enough = present >= needed
    parts = [pictures.Part(present, "good" if enough else "wait", here.text("assembly.present"))]
    whole = max(present, needed, len(here.state.roll(here.now)), 1)
    title = here.text("assembly.quorum_title", present=present, needed=needed)
    return pictures.bar(title, parts, whole, needed)


def quorum_now(here: Visit, found: Assembly) -> dict[str, Any] | None:
    """The quorum at this moment, for an assembly that is not closed: the call to come, or that
    under which it was opened. None when the statute knows no further call."""
    number = found.call or len(found.failed_calls) + 1
    if found.closed_at is not None or here.state.statute.call(number) is None:
        return None
    needed, article = quorum_needed(here.state, number, here.now)
    present = voters_present(here.state, found, here.now)
    return {
        "call": number,
        "present": present,
        "needed": needed,
        "roll": len(here.state.roll(here.now)),
        "article": article,
        "picture": quorum_bar(here, present, needed),
    }


@page("assemblies/minutes.html", "assemblies")
def minutes(here: Visit, number: int) -> dict[str, Any]:
    """The minutes as generated from the acts, to be printed, read aloud and signed."""
    known(here, number)
    found = written(here, number)
    data = found.plain().encode()
    return {
        "minutes": found,
        "number": number,
        "sha256": hashlib.sha256(data).hexdigest(),
        "signers": range(here.state.statute.assembly.minutes_signers),
        "short_root": desk.short_root(here.body),
        "qr": pictures.qr(desk.signed_head(here.body).decode(), here.text("verify.qr")),
        "signed": here.state.assemblies[number].minutes,
        "closed": here.state.assemblies[number].closed_at,
    }


@page("assemblies/minutes.html")
def minutes_text(here: Visit, number: int) -> HttpResponse:
    """The minutes as plain text: the file whose fingerprint is signed."""
    known(here, number)
    data = written(here, number).plain().encode()
    return download(data, f"comuna-{here.body[:8]}-{number}-{here.lang}.txt")


def written(here: Visit, number: int) -> Minutes:
    return readings_minutes(desk.clerk().database, here.body, number, here.lang)
