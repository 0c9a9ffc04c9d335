"""A draft: what is about to be signed, in plain words and byte by byte; signing it, asking others,
printing it, throwing it away."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from comuna import words
from comuna.clerk import Recorded
from comuna.rules.act import Refusal, Signature
from comuna.rules.names import key_id
from comuna.rules.roll import Apply
from comuna.rules.state import State
from comuna.web import desk
from comuna.web.acting import drafts, told
from comuna.web.acting.applications import name_of, settle
from comuna.web.acting.matter import matter
from comuna.web.acting.models import Application, Draft, Signer
from comuna.web.acting.read import Fault, members
from comuna.web.acting.session import entrance
from comuna.web.visit import Visit, language, masthead, signed_in, visit

BODY_LARGEST = 100_000


def find(request: HttpRequest, body: str, token: str) -> tuple[Draft, int]:
    """The draft and who looks at it. Raises Http404 when it is not there, or not theirs to see."""
    draft = Draft.objects.filter(token=token, body=body).first()
    if draft is None:
        raise Http404(token)
    member = signed_in(request, body)
    if member or token in request.session.get("drafts", ()):
        return draft, member
    raise Http404(token)


def refused(refusal: Refusal, lang: words.Lang, state: State | None) -> dict[str, str]:
    """A refusal for programs and scripts: its rule, what is wrong and what would be right."""
    said = words.refusal(refusal, lang, state)
    return {
        "rule": refusal.rule,
        "article": refusal.article,
        "message": said.message,
        "remedy": said.remedy,
    }


@require_GET
def draft(request: HttpRequest, body: str, token: str) -> HttpResponse:
    """The act before it is recorded."""
    if not signed_in(request, body) and "drafts" not in request.session:
        return entrance(request, body)
    found, member = find(request, body, token)
    if found.number:
        return redirect("recorded", body=body, token=token)
    signers = list(found.signers.order_by("member"))
    with desk.clerk().lock:
        here = visit(request, body)
        context = masthead(here) | shown(found, here)
        foreseen = drafts.foreseen(here.state, found)
        context["foreseen"] = refused(foreseen, here.lang, here.state) if foreseen else None
        keeps = here.holds("keep-register")
        signer = member or drafts.submission_of(found).by.member
        context["keys"] = " ".join(usable_keys(found, signer, here))
    context |= {
        "token": token,
        "signers": signers,
        "signer": signer,
        "mine": not member or found.owner == member,
        "taking_up": taking_up(found, member),
        "who": applicant_name(found) if taking_up(found, member) else "",
        "may_discard": found.owner == member or (taking_up(found, member) and keeps),
        "signed": any(s.member == member and s.value for s in signers),
        "together": found.kind in drafts.SIGNED_TOGETHER,
    }
    return render(request, "acting/draft.html", context)


def taking_up(found: Draft, member: int) -> bool:
    """Whether this is an application from outside before a member who can take it up."""
    return bool(member) and not found.owner and found.kind == "apply"


def applicant_name(found: Draft) -> str:
    application = Application.objects.filter(draft=found).first()
    return name_of(application) if application else ""


def usable_keys(found: Draft, signer: int, here: Visit) -> list[str]:
    """The keys with which this member could sign: those in force, or the one an application
    brings."""
    act = drafts.submission_of(found).act
    if isinstance(act, Apply) and not signer:
        return [key_id(act.key)] if act.key else []
    keys = here.state.keys.items()
    return [i for i, key in keys if key.member == signer and key.in_force(here.now)]


def shown(found: Draft, here: Visit) -> dict[str, Any]:
    """What a draft says, for the page and for the paper."""
    submission = drafts.submission_of(found)
    accepted = here.state.forms(found.kind)
    return told.from_paper(found.kind, here) | {
        "kind": found.kind,
        "title": words.act(found.kind, here.lang),
        "meaning": words.act_meaning(found.kind, here.lang),
        "told": told.told(submission.act, here),
        "matter": matter(msgspec.structs.asdict(submission.act), here),
        "by": submission.by,
        "happened": told.moment(here, submission.by.happened) if submission.by.happened else "",
        "seen": submission.by.seen,
        "witnesses": ", ".join(map(str, submission.by.witnesses)),
        "submission": found.submission,
        "forms": [words.term("form", form, here.lang) for form in accepted],
        "may_sign": submission.by.form in accepted,
        "may_attest": "attested" in accepted and found.owner == here.member,
        "may_paper": "witnessed" in accepted,
    }


@require_POST
def signature(request: HttpRequest, body: str, token: str) -> HttpResponse:
    """Add a signature: {"member", "key", "value"}. Answers {"number"} when that completes the act,
    {"waiting"} when others have to sign too, {"refusal"} when it is not lawful."""
    found, _ = find(request, body, token)
    if len(request.body) > BODY_LARGEST:
        return JsonResponse({"error": "too large"}, status=413)
    try:
        given = msgspec.json.decode(request.body, type=Signature)
    except (ValueError, RecursionError) as error:
        return JsonResponse({"error": str(error)}, status=400)
    result = drafts.sign(found, given)
    lang = language()
    if isinstance(result, Recorded):
        settle(found)
        return JsonResponse({"number": result.number}, status=201)
    with desk.clerk().lock:
        said = refused(result, lang, desk.clerk().state(body))
    if result.rule in drafts.WAITS:
        return JsonResponse({"waiting": said})
    return JsonResponse({"refusal": said}, status=409)


@require_POST
def attest(request: HttpRequest, body: str, token: str) -> HttpResponse:
    """Record on the word of the server, where the statute accepts it for this act."""
    found, member = find(request, body, token)
    if not member or drafts.submission_of(found).by.member != member:
        raise Http404(token)
    result = drafts.attest(found)
    if isinstance(result, Recorded):
        return redirect("recorded", body=body, token=token)
    return refusal_page(request, body, result, token)


def refusal_page(request: HttpRequest, body: str, refusal: Refusal, token: str) -> HttpResponse:
    """Why not, and what would be lawful; nothing was written."""
    with desk.clerk().lock:
        here = visit(request, body)
        context = masthead(here) | {
            "refusal": refused(refusal, here.lang, here.state),
            "token": token,
        }
    return render(request, "acting/refusal.html", context, status=409)


@require_POST
def ask(request: HttpRequest, body: str, token: str) -> HttpResponse:
    """Ask more members to sign."""
    found, member = find(request, body, token)
    if found.owner != member:
        raise Http404(token)
    try:
        asked = members(str(request.POST.get("asked", "")))
    except Fault:
        asked = []
    known = set(found.signers.values_list("member", flat=True))
    with desk.clerk().lock:
        people = desk.clerk().state(body).people
        new = [m for m in asked if m in people and m not in known][:50]
    Signer.objects.bulk_create(Signer(draft=found, member=m) for m in new)
    return redirect("draft", body=body, token=token)


@require_POST
def discard(request: HttpRequest, body: str, token: str) -> HttpResponse:
    """Throw a draft away. Its owner may, and an application whoever keeps the register; what is
    recorded stays recorded."""
    found, member = find(request, body, token)
    with desk.clerk().lock:
        keeps = visit(request, body).holds("keep-register")
    if found.number or not (found.owner == member or (taking_up(found, member) and keeps)):
        raise Http404(token)
    found.delete()
    return redirect("applications" if not found.owner else "now", body=body)


@require_http_methods(["GET"])
def recorded(request: HttpRequest, body: str, token: str) -> HttpResponse:
    """It is in the book, under this number."""
    found, _ = find(request, body, token)
    if not found.number:
        return redirect("draft", body=body, token=token)
    settle(found)
    with desk.clerk().lock:
        here = visit(request, body)
        context = masthead(here) | shown(found, here)
    context["number"] = found.number
    return render(request, "acting/recorded.html", context)


@require_GET
def paper(request: HttpRequest, body: str, token: str) -> HttpResponse:
    """The draft on paper, with lines for signatures and the steps that follow."""
    found, _ = find(request, body, token)
    with desk.clerk().lock:
        here = visit(request, body)
        context = masthead(here) | shown(found, here)
    return render(request, "acting/paper.html", context)
