"""The book itself: every act, its author and its form, its receipt; and how anyone checks it."""

from __future__ import annotations

import json
from operator import itemgetter
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from comuna import words
from comuna.book import receipt, store
from comuna.book.note import VerifierKey
from comuna.book.strict import Malformed
from comuna.book.tree import nodes_of
from comuna.rules.judge import KINDS
from comuna.web import desk, pictures
from comuna.web.pages.paging import number as asked_number
from comuna.web.pages.paging import paged
from comuna.web.visit import Visit, page, visit

FORM_TONES = {"signed": "good", "witnessed": "", "attested": "wait"}
TOPIC_PAGES = {"decision": "decision", "payment": "payment", "assembly": "assembly"}


@page("book/list.html", "book")
def book(here: Visit) -> dict[str, Any]:
    """The acts, newest first; all of them, or of a kind, by a member, or about a thing."""
    asked = here.request.GET
    kind, member = asked.get("kind", ""), asked_number(here.request, "member")
    topic, subject = asked.get("topic", ""), asked.get("subject", "")
    found = here.rows("log").order_by("-number")
    if kind:
        found = found.filter(kind=kind)
    if member:
        found = found.filter(member=member)
    if topic:
        about = here.rows("mention", topic=topic, subject=subject).values("number")
        found = found.filter(number__in=about)
    shown = paged(here.request, found, 60)
    return {
        "found": shown,
        "acts": [act_row(here, row) for row in shown.rows],
        "kinds": sorted(((k, words.act(k, here.lang)) for k in KINDS.values()), key=itemgetter(1)),
        "kind": kind,
        "by": member or "",
        "topic": topic,
        "subject": subject,
        **head(here),
    }


def act_row(here: Visit, row: dict[str, Any]) -> dict[str, Any]:
    """An act of the log in words."""
    return {
        **row,
        "words": words.act(row["kind"], here.lang),
        "form_words": words.term("form", row["form"], here.lang),
        "form_short": here.text(f"book.form_{row['form']}"),
        "tone": FORM_TONES[row["form"]],
    }


def head(here: Visit) -> dict[str, Any]:
    """The head of the book: its size, and the 12 digits of its root that are read aloud."""
    return {"short_root": desk.short_root(here.body)}


@page("book/act.html", "book")
def act(here: Visit, number: int) -> dict[str, Any]:
    """One act as it stands in the book, and who answers for it."""
    row = here.rows("log", number=number).first()
    data = store.entry(desk.clerk().database, here.body, number)
    if row is None or data is None:
        raise Http404(number)
    entry = json.loads(data)
    mentions = here.rows("mention", number=number).order_by("topic", "subject")
    return {
        "act": act_row(here, row),
        "meaning": words.act_meaning(row["kind"], here.lang),
        "signers": [(s["member"], s["key"]) for s in entry["by"].get("signatures", ())],
        "witnesses": row["witnesses"].split(),
        "raw": json.dumps(entry, ensure_ascii=False, indent=2),
        "bytes": len(data),
        "papers": list(here.rows("paper", number=number).order_by("role", "place")),
        "about": [
            (m["topic"], m["subject"], TOPIC_PAGES.get(m["topic"], ""))
            for m in mentions
            if m["subject"] != str(number)
        ],
        "observations": list(here.rows("observation", about=number)),
        "page": page_of(row["kind"], number, entry["act"]),
        "older": number - 1,
        "newer": number + 1 if number < here.state.head else 0,
    }


def page_of(kind: str, number: int, act: dict[str, Any]) -> tuple[str, int] | None:
    """The page on which the thing that an act made is shown."""
    match kind:
        case "propose":
            return ("decision", number)
        case "call-assembly":
            return ("assembly", number)
        case "request-payment":
            return ("payment", number)
        case "receive" | "journal" | "move-money" | "pay" | "reverse":
            return ("movement", number)
        case _:
            return None


def entry_bytes(request: HttpRequest, body: str, number: int) -> HttpResponse:
    """The bytes of an act, exactly as they were hashed."""
    with desk.clerk().lock:
        data = store.entry(desk.clerk().database, body, number)
    if data is None:
        raise Http404(number)
    return HttpResponse(data, content_type="application/json")


def act_receipt(request: HttpRequest, body: str, number: int) -> HttpResponse:
    """The receipt of an act, a file that proves it stands in the book."""
    with desk.clerk().lock:
        if desk.state(body) is None:
            raise Http404(body)
        signed = desk.clerk().checkpoint(body)
        key = desk.clerk().verifier_key(body)
        database = desk.clerk().database
        data = store.entry(database, body, number)
        if data is None:
            raise Http404(number)
        leaves = store.leaves(database, body, store.size(database, body))
    made = receipt.make(data, nodes_of(leaves), signed, key)
    return download(made, f"comuna-{body[:8]}-{number}.receipt")


def download(
    data: bytes, name: str, content_type: str = "text/plain; charset=utf-8"
) -> HttpResponse:
    """A file to keep."""
    response = HttpResponse(data, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def checkpoint(request: HttpRequest, body: str) -> HttpResponse:
    """The signed checkpoint of the head, to keep: whoever has an old one can convict a book that
    was rewritten."""
    with desk.clerk().lock:
        if desk.state(body) is None:
            raise Http404(body)
        signed = desk.clerk().checkpoint(body)
    size = signed.split(b"\n")[1].decode()
    return download(signed, f"comuna-{body[:8]}-{size}.checkpoint")


@page("book/verify.html", "book")
def verify(here: Visit) -> dict[str, Any]:
    """How to check all this without trusting the server; and a receipt, checked here."""
    signed = desk.signed_head(here.body)
    shown: dict[str, Any] = {
        "checkpoint": signed.decode(),
        "key": desk.clerk().verifier_key(here.body).encode(),
        "qr": pictures.qr(signed.decode(), here.text("verify.qr")),
        **head(here),
    }
    if here.request.method == "POST":
        shown["checked"] = checked(here)
    return shown


def checked(here: Visit) -> dict[str, Any]:
    """What a receipt that was sent proves, or why it does not."""
    file = here.request.FILES.get("receipt")
    data = file.read(receipt.LARGEST_RECEIPT + 1) if file else b""
    key: VerifierKey = desk.clerk().verifier_key(here.body)
    try:
        found = receipt.check(data, key)
    except Malformed as fault:
        return {"sound": False, "fault": str(fault)}
    number = found.entry["number"]
    same = store.entry(desk.clerk().database, here.body, number)
    kept = same is not None and json.loads(same) == found.entry
    return {
        "sound": kept,
        "fault": "" if kept else here.text("verify.other_entry"),
        "number": number,
        "words": words.act(found.entry["act"]["kind"], here.lang),
        "size": found.checkpoint.size,
    }


def file(request: HttpRequest, body: str, sha256: str) -> HttpResponse:
    """A paper of the body, for its members: receipts bear names, so the public sees fingerprints
    only."""
    with desk.clerk().lock:
        here = visit(request, body)
        known = here.rows("paper", sha256=sha256).exists()
    if not here.member:
        raise PermissionDenied
    data = desk.home().file(sha256) if known else None
    if data is None:
        raise Http404(sha256)
    response = download(data, sha256[:16], "application/octet-stream")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
