"""Payments: what waits for whose signature, and every payment back to its decision."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from comuna.rules.state import Authorisation, Commitment
from comuna.rules.treasury import concerned, payable_at
from comuna.web import pictures
from comuna.web.acting.beside import beside
from comuna.web.pages.paging import paged
from comuna.web.visit import Visit, page

POWER = "approve-payment"
TONES = {
    "to_sign": "wait",
    "objectable": "wait",
    "to_pay": "wait",
    "stopped": "late",
    "paid": "good",
    "released": "quiet",
    "expired": "late",
}


def standing_of(here: Visit, payment: dict[str, Any], valid: int) -> str:
    """Where a payment stands now: it waits for signatures, can still be objected to, is to be paid,
    was stopped, or is settled."""
    commitment = here.state.commitments[payment["number"]]
    if payment["released_at"]:
        return "released"
    if payment["open"] <= 0:
        return "paid"
    if payment["until"] < here.today:
        return "expired"
    if commitment.suspended:
        return "stopped"
    if valid < here.state.statute.treasury.signatures:
        return "to_sign"
    waits = (payable_at(here.state, commitment, here.now) or 0) > here.now
    return "objectable" if waits else "to_pay"


def described(here: Visit, payment: dict[str, Any]) -> dict[str, Any]:
    """A payment with who signed and who could; its approvals come from the State, which is the
    table's source."""
    commitment = here.state.commitments[payment["number"]]
    barred = concerned(here.state, commitment.payee)
    approvals = [
        {
            "member": member,
            "number": act,
            "valid": here.state.holds(member, POWER, here.now, barred),
        }
        for member, act in commitment.approvals.items()
    ]
    valid = sum(a["valid"] for a in approvals)
    standing = standing_of(here, payment, valid)
    since = payable_at(here.state, commitment, here.now)
    named = bool(here.state.authorisations[commitment.authorisation].payee)
    return {
        **payment,
        "approved_by": approvals,
        "valid": valid,
        "needed": here.state.statute.treasury.signatures,
        "standing": standing,
        "standing_words": here.text(f"payment.standing_{standing}"),
        "tone": TONES[standing],
        "objectors": sorted(commitment.objectors),
        "can_object": standing in ("to_sign", "objectable", "to_pay") and not named,
        "payable_at": since if standing == "objectable" else None,
        "objection_hours": here.state.statute.treasury.objection_hours,
        "payee_words": here.payee(payment["payee"]),
        "account_words": here.account(payment["account"]),
        "money_words": here.account(payment["money"]),
        "can_sign": signers(here, commitment) if standing == "to_sign" else [],
    }


def signers(here: Visit, commitment: Commitment) -> list[int]:
    """Who may still sign: mandate in force, and neither who asked, nor the payee, nor kin or
    interested. The rules say it again when they sign."""
    barred = concerned(here.state, commitment.payee)
    return [
        member
        for member in sorted(here.state.mandates)
        if here.state.holds(member, POWER, here.now, barred)
        and member not in barred
        and member != commitment.requester
        and member not in commitment.approvals
    ]


def payments_of(here: Visit, **where: Any) -> list[dict[str, Any]]:
    """Payments in the order in which they were asked for."""
    return [described(here, p) for p in here.rows("payment", **where).order_by("number")]


@page("payments/list.html", "money")
def payments(here: Visit) -> dict[str, Any]:
    """What waits first, with who must sign; then every payment, the newest first."""
    open_rows = here.rows("payment", open__gt=0, released_at=0).order_by("number")
    waiting = [described(here, p) for p in open_rows]
    settled = here.rows("payment").exclude(open__gt=0, released_at=0).order_by("-number")
    found = paged(here.request, settled)
    return {
        "waiting": waiting,
        "found": found,
        "settled": [described(here, p) for p in found.rows],
        "signatures": here.state.statute.treasury.signatures,
        "article": here.state.statute.treasury.article_of("signatures"),
    }


@page("payments/one.html", "money")
def payment(here: Visit, number: int) -> dict[str, Any]:
    """One payment: who asked, who signed, what was paid, under which decision."""
    if number not in here.state.commitments:
        raise Http404(number)
    (found,) = payments_of(here, number=number)
    return {
        "payment": found,
        "decision_title": here.state.proposals[found["decision"]].title,
        "movements": list(here.rows("movement", payment=number).order_by("number")),
        "doors": beside(here, "payment", number),
    }


# --- room to pay ---


def authorisation(here: Visit, found: Authorisation) -> dict[str, Any]:
    """An authorisation with how far it is used, as a picture."""
    parts = [
        pictures.Part(found.spent, "a", here.text("money.spent")),
        pictures.Part(found.pending, "b", here.text("money.pending")),
    ]
    standing = "open"
    if found.revoked:
        standing = "revoked"
    elif here.today > found.until:
        standing = "over"
    elif here.today < found.since:
        standing = "later"
    return {
        "name": found.number,
        "decision": found.decision,
        "purpose": found.purpose,
        "fund": here.account(found.fund),
        "line": here.account(found.line),
        "limit": found.limit,
        "each": found.each,
        "spent": found.spent,
        "pending": found.pending,
        "since": found.since,
        "until": found.until,
        "payee": here.payee(found.payee),
        "predecessor": found.predecessor,
        "standing": standing,
        "standing_words": here.text(f"money.standing_{standing}"),
        "picture": pictures.bar(here.text("money.used"), parts, found.limit),
    }
