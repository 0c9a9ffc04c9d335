"""Sign-in, sign-out, and choosing one's own PIN."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from comuna import given
from comuna.web import desk
from comuna.web.acting import signin
from comuna.web.acting.models import Credential
from comuna.web.visit import masthead, signed_in, visit


def entrance(request: HttpRequest, body: str) -> HttpResponse:
    """To the sign-in page, and from there back here."""
    address = reverse("sign_in", args=[body])
    return redirect(f"{address}?{urlencode({'next': request.get_full_path()})}")


def way_back(request: HttpRequest, body: str) -> str:
    """Where to go after signing in: a page of ours."""
    wanted = str(request.POST.get("next") or request.GET.get("next") or "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return reverse("now", args=[body])


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest, body: str) -> HttpResponse:
    """Number and PIN. A one-time code leads to choosing a PIN first."""
    with desk.clerk().lock:
        context = masthead(visit(request, body))
    fault, minutes = "", 0
    if request.method == "POST":
        number = str(request.POST.get("number", "")).strip()
        member = given.whole(number, 8) or 0
        try:
            credential = signin.check(
                body,
                member,
                str(request.POST.get("secret", "")).strip(),
                signin.network_of(request),
                desk.now(),
                signin.known_device(request, body, member),
            )
            if credential is not None:
                return enter(request, credential)
            fault = "wrong"
        except signin.Locked as locked:
            fault, minutes = "elsewhere" if locked.elsewhere else "locked", locked.minutes
    context |= {
        "fault": fault,
        "minutes": minutes,
        "number": request.POST.get("number", ""),
        "next": way_back(request, body),
    }
    return render(request, "acting/sign_in.html", context, status=403 if fault else 200)


def enter(request: HttpRequest, credential: Credential) -> HttpResponse:
    """Begin the session; with a one-time code, choosing a PIN comes first."""
    shared = bool(request.POST.get("shared"))
    signin.enter(request, credential.body, credential.member, shared)
    signin.forget_old(desk.now())
    back = way_back(request, credential.body)
    if credential.once:
        request.session["choose_pin"] = True
        address = reverse("pin", args=[credential.body])
        return redirect(f"{address}?{urlencode({'next': back})}")
    response = redirect(back)
    if not shared:
        signin.remember_device(response, request, credential)
    return response


@require_POST
def sign_out(request: HttpRequest, body: str) -> HttpResponse:
    """End the session at once."""
    request.session.flush()
    response = redirect("home", body=body)
    # Pages of the one who leaves are not for the next who presses "back".
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@sensitive_post_parameters("secret", "again")
@require_http_methods(["GET", "POST"])
def pin(request: HttpRequest, body: str) -> HttpResponse:
    """Choose one's own PIN or password; sessions elsewhere end. Whoever came with a one-time code
    need not say it again."""
    member = signed_in(request, body)
    if not member:
        return entrance(request, body)
    first = bool(request.session.get("choose_pin"))
    fault, minutes = "", 0
    if request.method == "POST":
        secret = str(request.POST.get("secret", "")).strip()
        try:
            if not first and not signin.check(
                body,
                member,
                str(request.POST.get("old", "")).strip(),
                signin.network_of(request),
                desk.now(),
                signin.known_device(request, body, member),
            ):
                fault = "wrong"
            elif secret != str(request.POST.get("again", "")).strip():
                fault = "differs"
            else:
                signin.choose_secret(body, member, secret)
                signin.leave_elsewhere(body, member, request.session.session_key)
                request.session.pop("choose_pin", None)
                return redirect(way_back(request, body))
        except signin.Locked as locked:
            fault, minutes = "locked", locked.minutes
        except signin.TooCommon:
            fault = "common"
        except ValueError:
            fault = "length"
    with desk.clerk().lock:
        context = masthead(visit(request, body))
    context |= {
        "fault": fault,
        "minutes": minutes,
        "first": first,
        "least": signin.SECRET_MIN,
        "next": way_back(request, body),
    }
    return render(request, "acting/pin.html", context, status=403 if fault else 200)
