"""The way in for programs: a submission as JSON, an answer as JSON (docs/api.md).

A signature is its own authority, so a signed submission needs no session and may come from
anywhere. An attested one rests on the session alone: it must be that member's, and come from a page
of ours.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

import msgspec
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language_from_request
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from comuna import given
from comuna.book import store
from comuna.book.strict import Malformed
from comuna.clerk import Recorded, Submission
from comuna.rules.act import Refused
from comuna.rules.roll import Found
from comuna.web import desk
from comuna.web.acting.applications import Full, from_outside, hand_in_signed
from comuna.web.acting.signin import Locked, network_of
from comuna.web.acting.signing import refused
from comuna.web.headers import ONLY_HTTPS
from comuna.web.texts import text
from comuna.web.visit import language, signed_in
from comuna.words import LANGS, Lang

LARGEST = 131_072  # twice an entry: signatures of many, before the book says that it is too long
_decoder = msgspec.json.Decoder(Submission)

Answer = tuple[int, dict[str, Any]]
"""A status of HTTP and the content of the answer."""


class NeedsSession(Exception):  # noqa: N818 - not an error: another way in
    """The act is attested, and only its author's session can record it; or it is an application
    that waits outside the book."""

    def __init__(self, submission: Submission) -> None:
        super().__init__("an act for the pages")
        self.submission = submission


def answer_to(data: bytes, body: str, lang: Callable[[], Lang]) -> Answer:
    """Record what is sent for a body. `lang` is asked only when words are needed. Raises
    NeedsSession."""
    try:
        submission = _decoder.decode(data)
    except (ValueError, RecursionError) as error:  # msgspec's own are ValueErrors
        return 400, {"error": str(error)}
    if submission.body != body:
        return 400, {"error": "the submission names another body than the address"}
    if isinstance(submission.act, Found):
        return 400, {"error": "a body is founded with `comuna found`, not here"}
    if not known(body):
        return 404, {"error": "no such body here"}
    if submission.by.form == "attested" or from_outside(submission):
        raise NeedsSession(submission)
    return record(submission, lang)


def known(body: str) -> bool:
    """Whether the book of this body is here. Asks the database only the first time."""
    writer = desk.clerk()
    if body in writer.desks:
        return True
    with writer.lock:
        return store.size(writer.database, body) > 0


def record(submission: Submission, lang: Callable[[], Lang]) -> Answer:
    result = desk.clerk().submit(submission)
    if isinstance(result, Recorded):
        return 201, {"number": result.number}
    if result.rule == "book_read_only":
        return 409, {"refusal": refused(result, lang(), None)}
    with desk.clerk().lock:
        state = desk.clerk().state(submission.body)
        return 409, {"refusal": refused(result, lang(), state)}


# --- straight from the server ------------------------------------------------------------------

ADDRESS = re.compile(r"/([0-9a-f]{32})/acts")
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def acts_first(pages: Wsgi) -> Wsgi:
    """Signed acts go straight to the clerk, everything else to the pages. An assembly votes at
    once, and no session, cookie or form has a part in a signature: going past them, a server
    records about twice as many acts."""

    def serve(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        address = ADDRESS.fullmatch(environ["PATH_INFO"])
        size = size_of(environ)
        if address is None or environ["REQUEST_METHOD"] != "POST" or size > LARGEST:
            return pages(environ, start)
        data = environ["wsgi.input"].read(size)
        try:
            status, content = answer_to(data, address[1], lambda: language_of(environ))
        except NeedsSession:
            return pages(environ | {"wsgi.input": io.BytesIO(data)}, start)
        answer = msgspec.json.encode(content)
        headers = [
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(answer))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        if environ.get("wsgi.url_scheme") == "https":
            headers.append(("Strict-Transport-Security", ONLY_HTTPS))
        start(f"{status} {HTTPStatus(status).phrase}", headers)
        return [answer]

    return serve


def size_of(environ: dict[str, Any]) -> int:
    """The bytes announced; 0 where nothing sensible is."""
    said = environ.get("CONTENT_LENGTH") or "0"
    return given.whole(said, 15) or 0


def language_of(environ: dict[str, Any]) -> Lang:
    """The language the sender asked for, one of ours."""
    found = get_language_from_request(WSGIRequest(environ)).partition("-")[0]
    return next((lang for lang in LANGS if lang == found), LANGS[0])


# --- through the pages -------------------------------------------------------------------------


@csrf_exempt
@require_POST
def acts(request: HttpRequest, body: str) -> HttpResponse:
    """The same for what the server does not answer straight away: attested acts, and what is too
    long."""
    if len(request.body) > LARGEST:
        return response(413, {"error": f"a submission has at most {LARGEST} bytes"})
    try:
        return response(*answer_to(request.body, body, language))
    except NeedsSession as found:
        if from_outside(found.submission):
            return application(request, found.submission)
        return attested(request, found.submission)


def application(request: HttpRequest, submission: Submission) -> HttpResponse:
    """Not into the book: it waits for a member to take it up."""
    lang = language()
    try:
        draft = hand_in_signed(submission, network_of(request))
    except Malformed as fault:
        return response(400, {"error": str(fault)})
    except Refused as unlawful:
        return response(409, {"refusal": refused(unlawful.refusal, lang, None)})
    except Locked as locked:
        return response(429, {"error": text("join.locked", lang, n=locked.hours)})
    except Full:
        return response(429, {"error": text("join.full", lang)})
    return response(202, {"waiting": reverse("draft", args=[submission.body, draft.token])})


@csrf_protect
def attested(request: HttpRequest, submission: Submission) -> HttpResponse:
    """On the word of the server: only for who is signed in."""
    if signed_in(request, submission.body) != submission.by.member:
        return response(403, {"error": "an attested act needs the session of its author"})
    return response(*record(submission, language))


def response(status: int, content: dict[str, Any]) -> HttpResponse:
    data = msgspec.json.encode(content)
    return HttpResponse(data, status=status, content_type="application/json")
