"""Applications from outside. They wait here, beside the book, until a member takes one up with
their signature: nobody outside writes to the book. The door is open to all, so few come in from one
network in a day, and only so many wait; what nobody takes up is forgotten, with its names.
"""

from __future__ import annotations

from contextlib import closing

import msgspec
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from comuna.book import store
from comuna.book.strict import Malformed
from comuna.clerk import Submission
from comuna.rules.act import JUDGES, Author
from comuna.rules.names import key_id
from comuna.rules.roll import Apply
from comuna.web import desk
from comuna.web.acting import drafts, signin, told
from comuna.web.acting.models import Application, Draft
from comuna.web.acting.session import entrance
from comuna.web.visit import Visit, masthead, visit

DAY = 86_400
FROM_A_NETWORK = ((5, DAY),)  # a family; more come on paper
FOR_A_BODY = ((60, DAY),)
WAITING = 200
SIGNED_KEPT = 30 * DAY
UNSIGNED_KEPT = DAY
LARGEST = 4096  # bytes of an application: it has no text


class Full(Exception):  # noqa: N818 - a state, told to the person
    """So many wait already that a member has to look at them first."""


class Sealed(dict[str, bytes]):
    """A record sealed with the register's key, before it has a place there."""

    def load(self, commitment: str) -> bytes | None:
        return self.get(commitment)

    def save(self, commitment: str, encrypted: bytes) -> None:
        self[commitment] = encrypted

    def delete(self, commitment: str) -> None:
        self.pop(commitment, None)


def seal(record: dict[str, str]) -> tuple[str, bytes]:
    """The commitment to a personal record, and the record as it may lie here: encrypted."""
    sealed = Sealed()
    commitment = desk.home().sealing(sealed).add(record)
    return commitment, sealed[commitment]


def hand_in(body: str, author: Author, act: Apply, sealed: bytes, network: str) -> Draft:
    """Let an application wait for its author's signature and then for a member's. Raises Full,
    signin.Locked, and Refused when no member could take it up."""
    now = desk.now()
    forget_old(body, now)
    foresee(Submission(body=body, by=author, act=act, nonce="-"))
    if Draft.objects.filter(body=body, owner=0, number=0).count() >= WAITING:
        raise Full
    signin.count_application(body, network, FROM_A_NETWORK, FOR_A_BODY, now)
    draft = drafts.write(body, 0, author, act, (), now)
    Application.objects.create(draft=draft, commitment=act.commitment, sealed=sealed)
    return draft


def hand_in_signed(submission: Submission, network: str) -> Draft:
    """Let an application wait that a program sent, signed by the key it brings. The same one sent
    again is the same. Raises as `hand_in`, and Malformed when the signature does not fit."""
    act = submission.act
    assert isinstance(act, Apply)
    if len(submission.by.signatures) != 1 or len(msgspec.json.encode(submission)) > LARGEST:
        raise Malformed(f"an application has one signature and at most {LARGEST} bytes")
    own = msgspec.structs.replace(submission.by.signatures[0], member=0)
    bare = msgspec.structs.replace(submission.by, member=0, signatures=())
    plain = msgspec.structs.replace(submission, by=bare)
    if own.key != key_id(act.key) or not drafts.fits(plain, own, act.key):
        raise Malformed("the signature does not fit; whoever applies signs 0 for their number")
    text = msgspec.json.encode(plain, order="sorted").decode()
    there = waiting(submission.body).filter(submission=text).first()
    if there is not None:
        return there
    draft = hand_in(submission.body, bare, act, b"", network)
    draft.submission = text
    draft.save(update_fields=["submission"])
    draft.signers.update_or_create(member=0, defaults={"key": own.key, "value": own.value})
    return draft


def foresee(submission: Submission) -> None:
    """Turn away at the door what no signature could make lawful. Raises Refused."""
    with desk.clerk().lock:
        state = desk.clerk().state(submission.body)
        entry = drafts.as_entry(state, drafts.numbered(submission))
        JUDGES[Apply](state, entry, entry.act)


def from_outside(submission: Submission) -> bool:
    """Whether this is an application that no member has signed."""
    if not isinstance(submission.act, Apply) or submission.by.form != "signed":
        return False
    number = submission.by.member
    return all(s.member in (0, number) for s in submission.by.signatures)


def forget_old(body: str, now: int) -> None:
    """Applications that nobody took up in time, sooner those that their own author never signed."""
    waiting = Draft.objects.filter(body=body, owner=0, number=0)
    waiting.filter(at__lt=now - SIGNED_KEPT).delete()
    waiting.filter(at__lt=now - UNSIGNED_KEPT).exclude(signers__value__gt="").delete()


def settle(draft: Draft) -> None:
    """Bring the record of an application that is in the book into the register. Done again, it
    changes nothing."""
    found = Application.objects.filter(draft=draft).first()
    if found is None or not draft.number:
        return
    if found.sealed:
        with closing(desk.home().database()) as database:
            register = store.RegisterStorage(database)
            if register.load(found.commitment) is None:
                register.save(found.commitment, bytes(found.sealed))
    found.delete()


def name_of(application: Application) -> str:
    """The name in the record; "" where there is none or it cannot be read."""
    held = Sealed({application.commitment: bytes(application.sealed)})
    try:
        found = (
            desk.home().sealing(held).open(application.commitment) if application.sealed else None
        )
    except Malformed:
        return ""
    return str(found.record.get("name", "")) if found else ""


def waiting(body: str) -> QuerySet[Draft]:
    """Applications that lack nothing but a member."""
    return Draft.objects.filter(
        body=body, owner=0, number=0, application__isnull=False, signers__value__gt=""
    ).distinct()


@require_GET
def applications(request: HttpRequest, body: str) -> HttpResponse:
    """Who asks to join and waits for a member to take them up. For members: it holds names."""
    with desk.clerk().lock:
        here = visit(request, body)
        if not here.member:
            return entrance(request, body)
        context = masthead(here)
    forget_old(body, desk.now())
    for draft in Draft.objects.filter(body=body, number__gt=0, application__isnull=False):
        settle(draft)
    context["waiting"] = [told_of(draft, here) for draft in waiting(body).order_by("at")]
    return render(request, "acting/applications.html", context)


def told_of(draft: Draft, here: Visit) -> dict[str, str]:
    act = drafts.submission_of(draft).act
    assert isinstance(act, Apply)
    kind = here.state.statute.member_kind(act.member_kind)
    return {
        "token": draft.token,
        "name": name_of(draft.application),
        "kind": here.title(kind.title) if kind else act.member_kind,
        "at": told.moment(here, draft.at),
    }
