"""The way in for programs: a submission as JSON, an answer as JSON.

A signature is its own authority, so a signed submission needs no session and may come from
anywhere. An attested one rests on the session alone: it must be that member's, and come from a page
of ours. Kept lean: an assembly of hundreds votes through here within a minute.
"""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from comuna.book import store
from comuna.clerk import Recorded, Submission
from comuna.rules.act import Refusal
from comuna.rules.roll import Found
from comuna.web import desk
from comuna.web.acting.signing import refused
from comuna.web.visit import language, signed_in

LARGEST = 131_072  # twice an entry: signatures of many, before the book says that it is too long
_decoder = msgspec.json.Decoder(Submission)


@csrf_exempt
@require_POST
def acts(request: HttpRequest, body: str) -> HttpResponse:
    """Record an act. 201 {"number"}; 409 {"refusal": {"rule", "article", "message", "remedy"}};
    400 {"error"} for what is no submission. Sent again with the same nonce it gives the same
    number."""
    if len(request.body) > LARGEST:
        return answer(413, {"error": f"a submission has at most {LARGEST} bytes"})
    try:
        submission = _decoder.decode(request.body)
    except msgspec.MsgspecError as error:
        return answer(400, {"error": str(error)})
    if submission.body != body:
        return answer(400, {"error": "the submission names another body than the address"})
    if isinstance(submission.act, Found):
        return answer(400, {"error": "a body is founded with `comuna found`, not here"})
    if not known(body):
        return answer(404, {"error": "no such body here"})
    if submission.by.form == "attested":
        return attested(request, submission)
    return record(submission)


@csrf_protect
def attested(request: HttpRequest, submission: Submission) -> HttpResponse:
    """On the word of the server: only for who is signed in."""
    if signed_in(request, submission.body) != submission.by.member:
        return answer(403, {"error": "an attested act needs the session of its author"})
    return record(submission)


def known(body: str) -> bool:
    """Whether the book of this body is here. Asks the database only the first time."""
    writer = desk.clerk()
    if body in writer.desks:
        return True
    with writer.lock:
        return store.size(writer.database, body) > 0


def record(submission: Submission) -> HttpResponse:
    result = desk.clerk().submit(submission)
    if isinstance(result, Recorded):
        return answer(201, {"number": result.number})
    return answer(409, {"refusal": in_words(result, submission.body)})


def in_words(refusal: Refusal, body: str) -> dict[str, str]:
    if refusal.rule == "book_read_only":
        return refused(refusal, language(), None)
    with desk.clerk().lock:
        return refused(refusal, language(), desk.clerk().state(body))


def answer(status: int, content: dict[str, object]) -> HttpResponse:
    return HttpResponse(
        msgspec.json.encode(content), status=status, content_type="application/json"
    )
