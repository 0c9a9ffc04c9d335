"""Signing in with a member number and a PIN or password; no e-mail, no administrator.

The session says who may see their own account and write drafts. It never stands for a signature.
A PIN is short, so guessing is what has to be hard: after a few failures the number rests, and an
address that fails with many numbers rests too.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.http.cookie import parse_cookie

from comuna.web.acting.models import Credential, Failure

HASHER = "scrypt"
SECRET_MIN, SECRET_MAX = 6, 128
FAILURES_OF_MEMBER = 5
FAILURES_OF_ADDRESS = 30
REST_SECONDS = 15 * 60
SHARED_SECONDS = 15 * 60
OWN_DEVICE_SECONDS = 14 * 86_400
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is read as another


class Locked(Exception):  # noqa: N818 - a state, told to the person
    """Too many failures; `minutes` until the next attempt counts."""

    def __init__(self, minutes: int) -> None:
        super().__init__(f"locked for {minutes} minutes")
        self.minutes = minutes


def keep_secret(body: str, member: int, secret: str, once: bool) -> None:
    """Store the hash of a PIN or password. Raises ValueError."""
    if not SECRET_MIN <= len(secret) <= SECRET_MAX:
        raise ValueError(f"a PIN or password has {SECRET_MIN} to {SECRET_MAX} characters")
    Credential.objects.update_or_create(
        body=body,
        member=member,
        defaults={"secret": make_password(secret, hasher=HASHER), "once": once},
    )


def give_code(body: str, member: int) -> str:
    """A one-time code for the member's sheet, in place of whatever opened before."""
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(10))
    keep_secret(body, member, code, once=True)
    return f"{code[:5]}-{code[5:]}"


def same(given: str, credential: Credential | None) -> bool:
    """Whether the secret fits. Takes as long for a number that does not exist."""
    if credential is None:
        make_password(given, hasher=HASHER)
        return False
    if credential.once:
        given = given.upper().replace("-", "").replace(" ", "")
    return check_password(given, credential.secret)


def check(body: str, member: int, secret: str, address: str, now: int) -> Credential | None:
    """The credential, when the secret fits; None, and the failure counted, when not. Raises
    Locked."""
    check_rest(Failure.objects.filter(body=body, member=member), FAILURES_OF_MEMBER, now)
    check_rest(Failure.objects.filter(address=address), FAILURES_OF_ADDRESS, now)
    # Counted before it is known to be one, so that attempts at the same moment count as many.
    failure = Failure.objects.create(body=body, member=member, address=address, at=now)
    credential = Credential.objects.filter(body=body, member=member).first()
    if len(secret) > SECRET_MAX or not same(secret, credential):
        return None
    failure.delete()
    Failure.objects.filter(body=body, member=member).delete()
    return credential


def check_rest(failures: object, allowed: int, now: int) -> None:
    """Raises Locked while there were as many failures as allowed in the last quarter of an hour."""
    recent = failures.filter(at__gt=now - REST_SECONDS).order_by("-at")  # type: ignore[attr-defined]
    latest = list(recent.values_list("at", flat=True)[:allowed])
    if len(latest) == allowed:
        raise Locked(-(-(latest[-1] + REST_SECONDS - now) // 60))


def count_attempt(body: str, address: str, allowed: int, now: int) -> None:
    """Count something that strangers may do a few times an hour. Raises Locked."""
    check_rest(Failure.objects.filter(body=body, member=0, address=address), allowed, now)
    Failure.objects.create(body=body, member=0, address=address, at=now)


def forget_old(now: int) -> None:
    """Failures that no longer count."""
    Failure.objects.filter(at__lt=now - REST_SECONDS).delete()


def enter(request: HttpRequest, body: str, member: int, shared: bool) -> None:
    """Begin the session of this member."""
    request.session.flush()
    request.session["body"], request.session["member"] = body, member
    request.session["shared"] = shared
    request.session.set_expiry(SHARED_SECONDS if shared else OWN_DEVICE_SECONDS)


def may_bring_documents(cookies: str) -> bool:
    """Whether a request with these cookies comes from who is signed in: only members fill the
    disk, and it fills before a page is asked."""
    session = parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, "")
    return bool(session) and "member" in SessionStore(session).load()


def leave_elsewhere(body: str, member: int, here: str | None) -> None:
    """End the member's sessions on other devices; `here` is the one that stays."""
    for session in Session.objects.exclude(session_key=here).iterator():
        known = session.get_decoded()
        if (known.get("body"), known.get("member")) == (body, member):
            session.delete()


def address_of(request: HttpRequest) -> str:
    """The network address the request came from."""
    return str(request.META.get("REMOTE_ADDR", ""))[:64]
