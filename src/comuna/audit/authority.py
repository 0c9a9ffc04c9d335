"""The proofs, one after the other over a whole record: each act must follow from what was proven
before it, and only then adds to it. What fails is a finding, and nothing rests on it.

A guard (`rules/`) stood in front of every act when it was recorded. These proofs are written apart
from it, from the same statutes and the same format, and hold the finished record against them: for
whoever went around the guard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from comuna.audit import assets, decisions, hour, ledger, meetings, people, treasury
from comuna.audit.authors import prove_author
from comuna.audit.body import Body
from comuna.audit.entries import Entry
from comuna.audit.findings import Finding, Unproven, finding, need

Proof = Callable[[Body, Entry], None]


def prove(body: Body, entries: Iterable[Entry]) -> Iterator[Finding | None]:
    """A finding, or None where all is proven, for each entry in turn."""
    for e in entries:
        # Effects of a decision post movements under the number of the entry that lets them happen.
        body.head = e.number - 1
        try:
            need(e.kind == "found" or body.id, "not_founded")
            need(e.kind == "found" or e.body == body.id, "other_body", body=e.body)
            e.signers = prove_author(body, e)
            hour.passes(body, e)
            PROOFS[e.kind](body, e)
        except Unproven as unproven:
            yield finding(unproven.name, f"entry {e.number}", **unproven.figures)
        else:
            yield None
        body.now, body.latest = e.at, max(e.at, body.latest)
        if not body.id:
            return  # without its founding, no statute says what a proof would be


# --- acts that decide and move nothing ----------------------------------------------------------


def complain(body: Body, e: Entry) -> None:
    about = e.act["about"]
    known = about in body.law.offices or (not about and e.kind == "complain")
    need(known, "office_unknown", office=about)
    body.complaints[e.number] = (e.member, about)


def answer(body: Body, e: Entry) -> None:
    complaint = body.complaints.pop(e.act["complaint"], None)
    need(complaint is not None, "complaint_unknown", complaint=e.act["complaint"])
    assert complaint is not None
    by, about = complaint
    held = body.offices_of(e.member, e.when)
    asked = about in held if about else bool(held)
    answers = (asked or body.holds(e.member, "oversee", e.when)) and e.member != by
    need(answers, "not_responsible", member=e.member)


def observe(body: Body, e: Entry) -> None:
    oversees = body.holds(e.member, "oversee", e.when)
    need(oversees, "term_expired", member=e.member, power="oversee")
    need(0 < e.act["about"] < e.number, "about_nothing", number=e.act["about"])


def move_household(body: Body, e: Entry) -> None:
    """A member says in which household they live; no proof rests on it."""


PROOFS: dict[str, Proof] = {
    "adjourn": meetings.adjourn,
    "announce-reversal": ledger.announce_reversal,
    "answer": answer,
    "answer-petition": people.answer_petition,
    "apply": people.apply,
    "approve-payment": treasury.approve_payment,
    "ask-accounts": complain,
    "ask-turn": meetings.in_session,
    "call-assembly": meetings.call_assembly,
    "cast-ballot": meetings.cast_ballot,
    "challenge": decisions.challenge,
    "charge": people.charge,
    "check-in": meetings.check_in,
    "check-out": meetings.check_out,
    "close-assembly": meetings.close_assembly,
    "close-period": ledger.close_period,
    "close-vote": meetings.close_vote,
    "complain": complain,
    "confirm-kinship": people.confirm_kinship,
    "correct-work": ledger.correct_work,
    "count-ballots": meetings.count_ballots,
    "count-hands": meetings.count_hands,
    "count-money": ledger.count_money,
    "cultural-opening": meetings.in_session,
    "declare": people.declare,
    "deliver": ledger.deliver,
    "enact": decisions.enact,
    "enrol-key": people.enrol_key,
    "found": people.found,
    "give-notice": meetings.give_notice,
    "give-turn": meetings.in_session,
    "hand-over-asset": assets.hand_over_asset,
    "journal": ledger.journal,
    "leave": people.leave,
    "log-work": ledger.log_work,
    "move-household": move_household,
    "move-money": ledger.move_money,
    "object-payment": treasury.object_payment,
    "observe": observe,
    "open-assembly": meetings.open_assembly,
    "open-vote": meetings.open_vote,
    "pay": treasury.pay,
    "petition-recall": people.petition_recall,
    "propose": decisions.propose,
    "receive": ledger.receive,
    "record-dissent": meetings.dissent,
    "record-no-quorum": meetings.record_no_quorum,
    "register-asset": assets.register_asset,
    "release-payment": treasury.release_payment,
    "report-execution": decisions.report_execution,
    "request-payment": treasury.request_payment,
    "resign": people.resign,
    "resume": meetings.resume,
    "reverse": ledger.reverse,
    "revoke-key": people.revoke_key,
    "set-hour": hour.set_hour,
    "sign-minutes": meetings.sign_minutes,
    "support-petition": people.support_petition,
    "take-item": meetings.in_session,
    "undo": people.undo,
    "vote": meetings.vote,
    "withdraw": decisions.withdraw,
    "withdraw-vote": meetings.withdraw_vote,
}
"""Every kind of act there is, and the proof it needs."""
