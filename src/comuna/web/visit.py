"""A visit: who looks at which body, at which moment, in which language.

A page is a function that gathers plain values from a visit. It runs while the clerk's lock is held,
so that no act changes the State under its eyes; the template is filled in afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from comuna import words
from comuna.readings.models import MODELS
from comuna.rules.names import day, member_in, shown
from comuna.rules.state import State
from comuna.web import desk
from comuna.web.texts import LANGUAGES, text
from comuna.words import Lang


@dataclass(slots=True)
class Visit:
    """`member` is the number of who is signed in to this body, 0 for anyone else."""

    request: HttpRequest
    body: str
    state: State
    now: int
    lang: Lang
    member: int

    def text(self, name: str, **values: Any) -> str:
        """A text of the pages in the language of the visit."""
        return text(name, self.lang, **values)

    def title(self, texts: dict[str, str]) -> str:
        """A title from the statute in the language of the visit, else in any it has."""
        return texts.get(self.lang) or next(iter(texts.values()), "")

    def account(self, name: str) -> str:
        """A line of the chart or a fund by its title; "" stays ""."""
        return words.account(name, self.lang, self.state) if name else ""

    def office(self, name: str) -> str:
        """An office by its title; "" stays ""."""
        return words.office(name, self.lang, self.state) if name else ""

    def payee(self, name: str) -> str:
        """Who is paid: a member by number, a supplier by name."""
        known = member_in(name) is not None
        return words.payee(name, self.lang) if known else shown(name)

    def rows(self, table: str, **where: Any) -> QuerySet[Any, dict[str, Any]]:
        """The rows of a table of the readings that belong to this body, as dictionaries."""
        return MODELS[table].objects.filter(body=self.body, **where).values()

    @property
    def today(self) -> str:
        """The UTC date of the visit."""
        return day(self.now)

    def holds(self, power: str) -> bool:
        """Whether who is signed in has this power now."""
        return bool(self.member) and self.state.holds(self.member, power, self.now)


def language() -> Lang:
    """The language of this request, one of ours."""
    return "en" if (get_language() or "").startswith("en") else "es"


def signed_in(request: HttpRequest, body: str) -> int:
    """The number of the member signed in to this body, 0 for nobody. The session says so:
    `acting` writes "member" and "body" there at sign-in."""
    if "sessionid" not in request.COOKIES or request.session.get("body") != body:
        return 0
    return int(request.session.get("member", 0))


def visit(request: HttpRequest, body: str) -> Visit:
    """The visit to a body. Hold `desk.clerk().lock`. Raises Http404, ReadOnly."""
    state = desk.state(body)
    if state is None:
        raise Http404(body)
    found = Visit(request, body, state, desk.now(), language(), signed_in(request, body))
    request.visit = found  # type: ignore[attr-defined]  # for `everywhere`
    return found


Gather = Callable[..., dict[str, Any] | HttpResponse]


def page(template: str, section: str = "") -> Callable[[Gather], Callable[..., HttpResponse]]:
    """A page about a body: gather under the lock, then fill in the template. A gatherer may give a
    whole answer instead, a download or a redirect. `section` is where it stands in the frame."""

    def decorate(gather: Gather) -> Callable[..., HttpResponse]:
        @wraps(gather)
        def view(request: HttpRequest, body: str, **parts: Any) -> HttpResponse:
            with desk.clerk().lock:
                found = gather(visit(request, body), **parts)
                if isinstance(found, HttpResponse):
                    return found
                found |= masthead(request.visit, section)  # type: ignore[attr-defined]
            return render(request, template, found)

        return view

    return decorate


SECTIONS = (
    "home",
    "decisions",
    "money",
    "assemblies",
    "offices",
    "roll",
    "oversight",
    "book",
    "statute",
)


def masthead(here: Visit, section: str = "") -> dict[str, Any]:
    """What the frame round every page of a body shows."""
    return {
        "sections": [(name, here.text(f"nav.{name}")) for name in SECTIONS],
        "section": section,
        "body": here.body,
        "body_name": here.state.name,
        "member": here.member,
        "draft": here.state.statute.draft,
        "size": here.state.head,
        "now": here.now,
        "unit": here.state.unit,
        "decimals": here.state.decimals,
    }


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the language, on every page."""
    lang = language()
    other = next(code for code in LANGUAGES if code != lang)
    return {"lang": lang, "other_lang": other, "here": request.get_full_path()}
