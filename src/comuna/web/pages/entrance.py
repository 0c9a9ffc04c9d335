"""The way in: the bodies of this home, one body at a glance, the language."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString

from comuna.readings.flow import flow
from comuna.readings.flow_picture import flow_svg, label
from comuna.rules.ledger import money_total, set_aside
from comuna.web import desk, pictures
from comuna.web.pages.assemblies import standing_of
from comuna.web.pages.decisions import briefs
from comuna.web.pages.duties import all_owed
from comuna.web.pages.offices import SOON
from comuna.web.pages.payments import described
from comuna.web.texts import LANGUAGES
from comuna.web.visit import Visit, page
from comuna.words import Lang

A_YEAR = 31_536_000
WAITING = ("proposed", "on_agenda", "voted", "waiting", "adopted", "suspended")
DECIDED = ("in_force", "executed", "rejected")


def bodies(request: HttpRequest) -> HttpResponse:
    """The bodies of this home; where there is one, that one."""
    found = desk.bodies()
    if len(found) == 1:
        return redirect("home", body=found[0])
    with desk.clerk().lock:
        names = [(body, desk.clerk().state(body).name) for body in found]
    return render(request, "bodies.html", {"bodies": names})


def language(request: HttpRequest, lang: str) -> HttpResponse:
    """Remember the language in a cookie and go back. It is a preference and changes nothing else,
    so a plain link may do it."""
    if lang not in LANGUAGES:
        raise Http404(lang)
    back = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    response = redirect(back)
    response.set_cookie("django_language", lang, max_age=A_YEAR, samesite="Lax")
    return response


@page("home.html", "home")
def home(here: Visit) -> dict[str, Any]:
    """A body at a glance: the flow of its money, what is decided, what waits, what comes."""
    every = briefs(here)
    waiting = [d for d in every if d["state"] in WAITING]
    coming = sorted(
        (a for a in here.state.assemblies.values() if a.closed_at is None),
        key=lambda a: a.starts_at,
    )
    return {
        "total": money_total(here.state),
        "flow": way_of_the_money(here),
        "free": money_total(here.state) - set_aside(here.state),
        "members": len(here.state.roll(here.now)),
        "decided": [d for d in every if d["state"] in DECIDED][:6],
        "waiting": waiting[:8],
        "late": [duty for duty in all_owed(here) if duty["late"]],
        "payments": unpaid(here),
        "assemblies": [
            (a.number, a.starts_at, len(a.agenda), standing_of(here, a)) for a in coming[:3]
        ],
        "complaints": unanswered(here),
        "ending": ending(here),
        "short_root": desk.short_root(here.body),
        "qr": pictures.qr(desk.signed_head(here.body).decode(), here.text("verify.qr")),
    }


def unpaid(here: Visit) -> list[dict[str, Any]]:
    """Payments that wait for a signature or for being paid."""
    rows = here.rows("payment", open__gt=0, released_at=0).order_by("number")
    found = [described(here, p) for p in rows]
    return [p for p in found if p["standing"] in ("to_sign", "objectable", "to_pay", "stopped")][:8]


def unanswered(here: Visit) -> list[tuple[int, int]]:
    """(number, due) of complaints that still have time to be answered."""
    found = [c for c in here.state.complaints.values() if not c.answered and here.now <= c.due]
    return [(c.number, c.due) for c in sorted(found, key=lambda c: c.due)[:5]]


def ending(here: Visit) -> list[tuple[int, str, int]]:
    """(member, office, until) of mandates that end soon."""
    found = [
        (m.member, here.office(m.office), m.until)
        for mandates in here.state.mandates.values()
        for m in mandates
        if m.in_force(here.now) and m.until - here.now < SOON
    ]
    return sorted(found, key=lambda m: (m[2], m[0]))[:8]


def way_of_the_money(here: Visit) -> dict[str, Any]:
    """The flow of money as a picture and as lines, drawn again only when money has moved."""
    return drawn(here.body, len(here.state.movements), here.lang)


@lru_cache(maxsize=64)
def drawn(body: str, movements: int, lang: Lang) -> dict[str, Any]:
    found = flow(desk.clerk().database, body)
    names = {node.key: label(found, node, lang) for node in found.nodes}
    links = sorted(found.links, key=lambda link: -link.amount)
    return {
        "picture": SafeString(flow_svg(found, lang)),
        "links": [(names[link.source], names[link.target], link.amount) for link in links],
    }
