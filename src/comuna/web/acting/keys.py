"""A member's keys: made in their own browser, vouched for by two members, restored from paper."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from comuna.book.keys import from_wire
from comuna.book.strict import Malformed
from comuna.rules.act import Author, Refused
from comuna.rules.roll import Apply
from comuna.web import desk
from comuna.web.acting import applications, read, signin, told
from comuna.web.acting.register import record_of
from comuna.web.acting.session import entrance
from comuna.web.acting.signing import refusal_page
from comuna.web.visit import Visit, masthead, visit


@require_GET
def key(request: HttpRequest, body: str) -> HttpResponse:
    """The member's keys, and making, restoring or forgetting one on this device."""
    with desk.clerk().lock:
        here = visit(request, body)
        if not here.member:
            return entrance(request, body)
        law = here.state.statute.members
        context = masthead(here) | {
            "keys": [
                standing(here, i, k) for i, k in here.state.keys.items() if k.member == here.member
            ],
            "sponsors": law.key_sponsors,
            "days": law.key_waiting_days,
            "article": law.article,
            "shared": bool(request.session.get("shared")),
        }
    return render(request, "acting/key.html", context)


def standing(here: Visit, identity: str, key: Any) -> dict[str, Any]:
    """A key and whether it counts: "waits", "counts" or "ended"."""
    if key.in_force(here.now):
        state = "counts"
    else:
        state = "waits" if key.since > here.now and key.until is None else "ended"
    until = told.moment(here, key.until) if key.until else ""
    return {"id": identity, "state": state, "since": told.moment(here, key.since), "until": until}


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, body: str) -> HttpResponse:
    """Ask to join, with a key made in this browser. The application waits outside the book until a
    member takes it up."""
    posted = request.POST
    faults: dict[str, str] = {}
    record = record_of(posted.dict())
    if request.method == "POST":
        if "name" not in record:
            faults["name"] = "missing"
        if not sound(posted.get("key", "")):
            faults["key"] = "no_key"
    with desk.clerk().lock:
        here = visit(request, body)
        persons = here.state.statute.members.kinds
        kinds = [(k.id, here.title(k.title)) for k in persons if not k.bodies]
        votes_from = None
        if posted.get("born"):
            try:
                votes_from = read.birth(posted["born"], here)
            except read.Fault as fault:
                faults["born"] = fault.name
        author = Author(member=0, form="signed", seen=desk.seen(body))
        context = masthead(here) | {"kinds": kinds, "faults": faults, "posted": posted.dict()}
    if request.method == "GET" or faults or posted.get("member_kind") not in dict(kinds):
        return render(request, "acting/join.html", context, status=422 if faults else 200)
    commitment, sealed = applications.seal(record)
    act = Apply(
        commitment=commitment,
        member_kind=posted["member_kind"],
        votes_from=votes_from or 0,
        key=posted["key"],
    )
    try:
        draft = applications.hand_in(body, author, act, sealed, signin.network_of(request))
    except Refused as unlawful:
        return refusal_page(request, body, unlawful.refusal, "")
    except signin.Locked as locked:
        context["hours"] = locked.hours
        return render(request, "acting/join.html", context, status=429)
    except applications.Full:
        context["full"] = True
        return render(request, "acting/join.html", context, status=429)
    request.session["drafts"] = [*request.session.get("drafts", ()), draft.token][-5:]
    return redirect("draft", body=body, token=draft.token)


def sound(public: str) -> bool:
    try:
        from_wire(public)
    except Malformed:
        return False
    return True
