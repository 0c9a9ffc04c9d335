"""The roll register, for the holder of its office only: names, documents and contacts, which the
book never holds. Whoever else asks is told who may."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from comuna import given
from comuna.book.register import Register
from comuna.web import desk
from comuna.web.acting import signin
from comuna.web.acting.models import Credential
from comuna.web.acting.read import plain_text
from comuna.web.acting.session import entrance
from comuna.web.visit import Visit, masthead, visit

PARTS = ("name", "document", "contact")
PART_LARGEST = 200
PAGE = 100


@contextmanager
def opened() -> Iterator[Register]:
    """The register on a connection of its own, so that opening records never waits for the book."""
    database = desk.home().database()
    try:
        yield desk.home().register(database)
    finally:
        database.close()


def keeper(request: HttpRequest, body: str) -> Visit | None:
    """The visit of who holds the office of the register; None for a stranger. Raises
    PermissionDenied for any other member. Hold the clerk's lock."""
    here = visit(request, body)
    if not here.member:
        return None
    if not here.holds("keep-register"):
        raise PermissionDenied
    return here


def record_of(posted: dict[str, str]) -> dict[str, str]:
    """A personal record from a form; parts left empty are left out."""
    parts = {part: plain_text(str(posted.get(part, "")))[:PART_LARGEST] for part in PARTS}
    return {part: text for part, text in parts.items() if text}


@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, body: str) -> HttpResponse:
    """Everyone on the roll by name; a new record on posting."""
    with desk.clerk().lock:
        here = keeper(request, body)
        if here is None:
            return entrance(request, body)
        people = [
            (p.number, p.commitment, p.member_at(here.now)) for p in here.state.people.values()
        ]
        context = masthead(here)
    page = given.whole(request.GET.get("page", "")) or 0
    with opened() as records:
        added, fault = "", ""
        if request.method == "POST":
            record = record_of(request.POST.dict())
            if "name" in record:
                added = records.add(record)
            else:
                fault = "missing"
        shown = [
            (number, found.record if found else None, member)
            for number, commitment, member in people[page * PAGE : (page + 1) * PAGE]
            for found in [records.open(commitment)]
        ]
    with_pin = set(Credential.objects.filter(body=body).values_list("member", flat=True))
    context |= {
        "people": [(n, record, member, n in with_pin) for n, record, member in shown],
        "added": added,
        "fault": fault,
        "previous": page - 1 if page else None,
        "next": page + 1 if len(people) > (page + 1) * PAGE else None,
        "on_first_page": page == 0,
    }
    return render(request, "acting/register.html", context, status=422 if fault else 200)


@require_POST
def code(request: HttpRequest, body: str, number: int) -> HttpResponse:
    """A one-time code for a member's sheet, shown this once; whoever was in with the PIN before is
    out."""
    with desk.clerk().lock:
        here = keeper(request, body)
        if here is None:
            return entrance(request, body)
        if number not in here.state.people:
            raise Http404(number)
        context = masthead(here)
    context |= {"number": number, "code": signin.give_code(body, number)}
    signin.leave_elsewhere(body, number, None)
    return render(request, "acting/code.html", context)


@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest, body: str, number: int) -> HttpResponse:
    """Erase a person's record for ever, after asking once more."""
    with desk.clerk().lock:
        here = keeper(request, body)
        if here is None:
            return entrance(request, body)
        person = here.state.people.get(number)
        if person is None:
            raise Http404(number)
        commitment, context = person.commitment, masthead(here)
    with opened() as records:
        if request.method == "POST":
            records.erase(commitment)
            Credential.objects.filter(body=body, member=number).delete()
            signin.leave_elsewhere(body, number, None)
            return redirect("register", body=body)
        found = records.open(commitment)
    context |= {"number": number, "record": found.record if found else None}
    return render(request, "acting/erase.html", context)
