"""Signing in with a member number and a PIN or password; no e-mail, no administrator.

The session says who may see their own account and write drafts. It never stands for a signature.
A PIN is short, so guessing is what has to be hard: with one number, with many, from one network and
from many, today and over the month. Nor may a guesser keep a member out: a device on which a member
has been before is counted by itself, and a one-time code, which nobody guesses, opens always.
"""

from __future__ import annotations

import ipaddress
import secrets

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.cookie import parse_cookie
from django.utils.crypto import salted_hmac

from comuna.web.acting.models import Credential, Failure

HASHER = "scrypt"
SECRET_MIN, SECRET_MAX = 6, 128
MINUTES, DAY = 60, 86_400
FAILURES_OF_MEMBER = 5
FAILURES_OF_ADDRESS = 30
REST_SECONDS = 15 * MINUTES
ON_A_DEVICE = ((FAILURES_OF_MEMBER, REST_SECONDS), (20, DAY))
OF_A_NUMBER = ((20, DAY), (60, 30 * DAY))
OF_A_BODY = ((300, DAY),)
"""So many failures, in so many seconds: with one number on one device or from one network; with one
number and with all of a body, on devices where that member never was."""
FAILURES_KEPT = 30 * DAY
DEVICE_KEPT = 365 * DAY
SHARED_SECONDS = 15 * 60
OWN_DEVICE_SECONDS = 14 * 86_400
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is read as another


class Locked(Exception):  # noqa: N818 - a state, told to the person
    """Too many failures; `minutes` until the next attempt counts. `elsewhere`: not by who tries
    now, perhaps, but with this number or this body on devices that nobody knows."""

    def __init__(self, minutes: int, elsewhere: bool = False) -> None:
        super().__init__(f"locked for {minutes} minutes")
        self.minutes, self.elsewhere = minutes, elsewhere

    @property
    def hours(self) -> int:
        return -(-self.minutes // 60)


class TooCommon(ValueError):  # noqa: N818 - a person's slip, told beside the field
    """A secret that guessers try first."""


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


def choose_secret(body: str, member: int, secret: str) -> None:
    """Keep the PIN or password a member chose. Raises ValueError, TooCommon."""
    try:
        CommonPasswordValidator().validate(secret)
    except ValidationError:
        raise TooCommon(secret) from None
    keep_secret(body, member, secret, once=False)


def check(
    body: str, member: int, secret: str, network: str, now: int, device: str = ""
) -> Credential | None:
    """The credential, when the secret fits; None, and the failure counted, when not. `device` names
    one on which the member has been before. Raises Locked."""
    tried = Failure.objects.filter(what="sign-in")
    mine = tried.filter(body=body, member=member, device=device)
    here = mine if device else mine.filter(address=network)
    credential = Credential.objects.filter(body=body, member=member).first()
    check_rest(here, ON_A_DEVICE, now)
    if not device:
        of_address = ((FAILURES_OF_ADDRESS, REST_SECONDS), (4 * FAILURES_OF_ADDRESS, DAY))
        check_rest(tried.filter(address=network, device=""), of_address, now)
        if credential is None or not credential.once:
            check_rest(mine, OF_A_NUMBER, now, elsewhere=True)
            check_rest(tried.filter(body=body, device=""), OF_A_BODY, now, elsewhere=True)
    # Counted before it is known to be one, so that attempts at the same moment count as many.
    failure = Failure.objects.create(
        body=body, member=member, address=network, at=now, device=device
    )
    if len(secret) > SECRET_MAX or not same(secret, credential):
        return None
    failure.delete()
    here.delete()
    return credential


Brakes = tuple[tuple[int, int], ...]


def check_rest(
    failures: QuerySet[Failure], brakes: Brakes, now: int, elsewhere: bool = False
) -> None:
    """Raises Locked while there were as many failures as allowed, in any of these spans."""
    for allowed, seconds in brakes:
        recent = failures.filter(at__gt=now - seconds).order_by("-at")
        latest = list(recent.values_list("at", flat=True)[:allowed])
        if len(latest) == allowed:
            raise Locked(-(-(latest[-1] + seconds - now) // 60), elsewhere)


def count_application(
    body: str, network: str, of_network: Brakes, of_body: Brakes, now: int
) -> None:
    """Count what a stranger hands in. Raises Locked when it is too much for a day."""
    handed_in = Failure.objects.filter(what="application", body=body)
    check_rest(handed_in.filter(address=network), of_network, now)
    check_rest(handed_in, of_body, now)
    Failure.objects.create(body=body, member=0, address=network, at=now, what="application")


def forget_old(now: int) -> None:
    """Failures that no longer count."""
    Failure.objects.filter(at__lt=now - FAILURES_KEPT).delete()


# --- devices ------------------------------------------------------------------------------------


def device_cookie(body: str, member: int) -> str:
    """The name of the cookie by which a device is known again."""
    return f"device-{body[:12]}-{member}"


def known_device(request: HttpRequest, body: str, member: int) -> str:
    """The name of this device, when the member has been on it with the PIN they have now; else
    "". A new PIN makes all devices strange."""
    try:
        said = signing.loads(
            request.COOKIES.get(device_cookie(body, member), ""),
            salt="device",
            max_age=DEVICE_KEPT,
        )
        device, standing = str(said["device"]), str(said["pin"])
    except (signing.BadSignature, KeyError, TypeError):
        return ""
    credential = Credential.objects.filter(body=body, member=member).first()
    return device if credential and standing == pin_print(credential, member) else ""


def remember_device(response: HttpResponse, request: HttpRequest, credential: Credential) -> None:
    """Know this device again, when the member next signs in on it."""
    body, member = credential.body, credential.member
    device = known_device(request, body, member) or secrets.token_urlsafe(12)
    said = {"device": device, "pin": pin_print(credential, member)}
    response.set_cookie(
        device_cookie(body, member),
        signing.dumps(said, salt="device"),
        max_age=DEVICE_KEPT,
        httponly=True,
        samesite="Lax",
    )


def pin_print(credential: Credential, member: int) -> str:
    """A mark that changes with the PIN and says nothing of it."""
    return salted_hmac(f"device of {member}", credential.secret).hexdigest()[:16]


# --- sessions -----------------------------------------------------------------------------------


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


def network_of(request: HttpRequest) -> str:
    """The network the request came from: the address, or of IPv6 the part that a household has."""
    said = str(request.META.get("REMOTE_ADDR", ""))[:64]
    try:
        address = ipaddress.ip_address(said.partition("%")[0])
    except ValueError:
        return said
    if address.version == 6 and address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return said if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))
