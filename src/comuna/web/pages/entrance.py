"""The way in: the bodies of this home, one body at a glance, the language."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from comuna.web import desk
from comuna.web.texts import LANGUAGES
from comuna.web.visit import Visit, page

A_YEAR = 31_536_000


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
def home(here: Visit, **_: Any) -> dict[str, Any]:
    return {}
