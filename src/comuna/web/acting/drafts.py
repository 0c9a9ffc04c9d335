"""Acts that wait for signatures: written once, signed by each on their own device, recorded when
the law finds enough signatures. A draft decides nothing; whoever deletes one deletes paper.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable
from typing import Any

import msgspec

from comuna.book import keys
from comuna.book.strict import Malformed, base64_bytes
from comuna.clerk import Recorded, Submission, signed_bytes
from comuna.rules.act import Author, Entry, Refusal, Signature
from comuna.rules.judge import AnyAct, judge, public_keys
from comuna.rules.names import key_id
from comuna.rules.roll import Apply
from comuna.rules.state import State
from comuna.web import desk
from comuna.web.acting.fields import tag_of
from comuna.web.acting.models import Draft, Signer

KEPT_SECONDS = 60 * 86_400

WAITS = {
    *("signature_missing", "no_mandate_for_paper", "witness_has_not_signed"),
    "witness_of_no_other_office",
    *("signature_of_a_stranger",),
    *("sponsors_missing", "confirmation_missing", "second_signature_missing", "counters_missing"),
    *("tellers_missing", "teller_in_office_missing", "minutes_signers_missing"),
    *("too_few_callers", "list_unsigned_by_teller", "list_unsigned_by_two"),
    *("presence_unconfirmed", "sponsors_without_office", "not_taken_up", "receiver_missing"),
    *("too_few_for_the_hour", "correction_unsigned", "contributor_has_not_signed"),
}
"""Refusals that another signature may mend: the draft goes on waiting."""

SIGNED_TOGETHER = {
    *("enrol-key", "count-hands", "count-ballots", "move-money", "count-money", "reverse"),
    *("receive", "journal", "announce-reversal", "register-asset", "hand-over-asset"),
    *("close-period", "log-work", "deliver", "correct-work", "sign-minutes", "call-assembly"),
    *("check-in", "check-out", "close-vote", "set-hour"),
}
"""Acts that more than one signs."""

_locks = [threading.Lock() for _ in range(64)]


def signing(draft: Draft) -> threading.Lock:
    """One signature at a time on one draft: two that arrive together must not each complete it.
    Drafts of other acts do not wait, so that the clerk can commit them together."""
    return _locks[hash(draft.token) % len(_locks)]


def write(
    body: str, owner: int, author: Author, act: AnyAct, asked: Iterable[int], now: int
) -> Draft:
    """Keep an act to be signed by its author, or by the secretary who enters it from paper, and by
    those asked. Whoever applies has no number yet: 0."""
    Draft.objects.filter(at__lt=now - KEPT_SECONDS).delete()
    if isinstance(act, Apply):
        author = msgspec.structs.replace(author, member=0)
    submission = Submission(body=body, by=author, act=act, nonce=secrets.token_urlsafe(18))
    draft = Draft.objects.create(
        body=body,
        owner=owner,
        kind=tag_of(type(act)),
        submission=msgspec.json.encode(submission, order="sorted").decode(),
        at=now,
    )
    first = owner if author.form == "witnessed" else author.member
    Signer.objects.bulk_create(
        Signer(draft=draft, member=member) for member in dict.fromkeys((first, *asked))
    )
    return draft


def submission_of(draft: Draft) -> Submission:
    """What is signed, without signatures."""
    return msgspec.json.decode(draft.submission, type=Submission)


def signed_by(draft: Draft) -> Submission:
    """The submission with the signatures given so far, in the order of members."""
    submission = submission_of(draft)
    given = draft.signers.exclude(value="").order_by("member")
    signatures = tuple(Signature(member=s.member, key=s.key, value=s.value) for s in given)
    by = msgspec.structs.replace(submission.by, signatures=signatures)
    return msgspec.structs.replace(submission, by=by)


def waiting_for(body: str, member: int) -> list[Draft]:
    """Drafts that this member is asked to sign, and drafts of their own that wait for others."""
    open_drafts = Draft.objects.filter(body=body, number=0)
    asked = open_drafts.filter(signers__member=member, signers__value="")
    return list((asked | open_drafts.filter(owner=member)).distinct().order_by("-at")[:50])


def sign(draft: Draft, signature: Signature) -> Recorded | Refusal:
    """Add a signature that fits the bytes, by a key in force, and record the act if that completes
    it. A refusal named in WAITS says which signature is still missing."""
    with signing(draft):
        draft.refresh_from_db()
        if draft.number:
            return Recorded(draft.number)
        signature = of_applicant(draft, signature)
        fault = check(draft, signature)
        if fault is not None:
            return fault
        Signer.objects.update_or_create(
            draft=draft,
            member=signature.member,
            defaults={"key": signature.key, "value": signature.value},
        )
        result = record(draft, signed_by(draft))
        if isinstance(result, Refusal) and result.rule not in WAITS:
            # It did not help: taken back, so that the next attempt signs what is true then.
            Signer.objects.filter(draft=draft, member=signature.member).update(key="", value="")
        return result


def of_applicant(draft: Draft, signature: Signature) -> Signature:
    """A signature by the key that an application brings is the applicant's, whichever number they
    say: they have none yet."""
    act = submission_of(draft).act
    own = isinstance(act, Apply) and act.key and signature.key == key_id(act.key)
    return msgspec.structs.replace(signature, member=0) if own else signature


def attest(draft: Draft) -> Recorded | Refusal:
    """Record the act on the word of the server, where the statute accepts that."""
    with signing(draft):
        draft.refresh_from_db()
        if draft.number:
            return Recorded(draft.number)
        submission = submission_of(draft)
        by = Author(member=submission.by.member, form="attested")
        return record(draft, msgspec.structs.replace(submission, by=by))


def numbered(submission: Submission) -> Submission:
    """An application with the number that is next, which its signatures leave open."""
    if not isinstance(submission.act, Apply):
        return submission
    with desk.clerk().lock:
        number = len(desk.clerk().state(submission.body).people) + 1
    signatures = tuple(
        msgspec.structs.replace(s, member=s.member or number) for s in submission.by.signatures
    )
    by = msgspec.structs.replace(submission.by, member=number, signatures=signatures)
    return msgspec.structs.replace(submission, by=by)


def record(draft: Draft, submission: Submission) -> Recorded | Refusal:
    result = desk.clerk().submit(numbered(submission))
    if isinstance(result, Recorded):
        draft.number = result.number
        draft.save(update_fields=["number"])
    return result


def check(draft: Draft, signature: Signature) -> Refusal | None:
    """Whether the signature is by a key in force of this member, over these bytes."""
    submission = submission_of(draft)
    given = msgspec.structs.replace(submission.by, signatures=(signature,))
    with desk.clerk().lock:
        state = desk.clerk().state(draft.body)
        key = state.keys.get(signature.key)
        brought = isinstance(submission.act, Apply) and signature.member == submission.by.member
        own = key is not None and key.member == signature.member
        if not (own or brought):
            return Refusal("key_unknown", "", {"key": signature.key, "member": signature.member})
        if key is not None and not key.in_force(max(desk.now(), state.now)):
            return Refusal(
                "key_not_in_force", "", {"key": signature.key, "member": signature.member}
            )
        entry = as_entry(state, msgspec.structs.replace(submission, by=given))
        known = public_keys(state, entry)
    public = known.get(signature.key, "")
    try:
        if not fits(submission, signature, public):
            return Refusal("signature_invalid", "", {"member": signature.member})
    except Malformed:
        return Refusal("signature_malformed", "", {"member": signature.member})
    return None


def fits(submission: Submission, signature: Signature, public: str) -> bool:
    """Whether a signature by this key is over these bytes. Raises Malformed."""
    value = base64_bytes(signature.value, 64)
    return keys.verify(keys.from_wire(public), signed_bytes(submission), value)


def as_entry(state: State, submission: Submission) -> Entry[Any]:
    """The entry a submission would become now."""
    return Entry(
        body=submission.body,
        number=state.head + 1,
        at=max(desk.now(), state.now),
        by=submission.by,
        act=submission.act,
        nonce=submission.nonce,
    )


def foreseen(state: State, draft: Draft) -> Refusal | None:
    """Why the act would be refused if everyone asked signed now; None when it would be recorded, or
    when somebody has no key to sign with. Hold the clerk's lock."""
    submission = submission_of(draft)
    signers = list(draft.signers.values_list("member", flat=True))
    now = max(desk.now(), state.now)
    own = {k.member: identity for identity, k in state.keys.items() if k.in_force(now)}
    if isinstance(submission.act, Apply) or any(member not in own for member in signers):
        return None
    signatures = tuple(Signature(member=m, key=own[m], value="") for m in signers)
    by = msgspec.structs.replace(submission.by, signatures=signatures)
    verdict = judge(state, as_entry(state, msgspec.structs.replace(submission, by=by)))
    return verdict if isinstance(verdict, Refusal) else None
