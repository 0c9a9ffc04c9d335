"""Who wrote an entry, proven: every signature is computed again over the exact bytes, with a key
that counted at the time, in a form that the statute accepts for the act."""

from __future__ import annotations

from binascii import a2b_base64
from typing import Any

from comuna.audit.body import DAY, Body, Key
from comuna.audit.ed25519 import signed_by
from comuna.audit.entries import Entry
from comuna.audit.findings import need
from comuna.audit.names import key_in
from comuna.audit.seal import key_name

NAMES_BOOK = (
    *("open-vote", "vote", "cast-ballot", "count-hands", "count-ballots", "close-vote"),
    *("withdraw-vote", "approve-payment", "pay", "set-hour"),
)
"""What votes, counts or pays names other acts by number: its signers say in which book."""
DECIDES = (
    *("call-assembly", "open-vote", "confirm-kinship"),
    *("vote", "cast-ballot", "count-hands", "count-ballots", "close-vote", "withdraw"),
    *("request-payment", "approve-payment", "pay", "release-payment"),
    *("receive", "move-money", "journal", "reverse", "count-money", "close-period"),
    "announce-reversal",
    *("register-asset", "hand-over-asset", "log-work", "deliver"),
    "correct-work",
    *("leave", "resign", "declare", "answer-petition", "enrol-key", "revoke-key"),
    "set-hour",
)
"""By these something is decided, paid, moved or ended in somebody's name. From paper they take more
keys than what merely says something, and one of them is that of another office."""


def prove_author(body: Body, e: Entry) -> frozenset[int]:
    """The members who signed this entry. Raises `Unproven` unless its author is shown as the
    statute demands."""
    if e.kind == "found":
        return _founders(e)
    if e.kind == "apply":
        return _applicant(body, e)
    person = body.people.get(e.member)
    need(person is not None and person.belongs(e.at), "not_a_member", member=e.member)
    _accepted(body, e)
    signers = _signers(e, body.keys)
    _members(body, signers, e.at)
    _form(body, e, signers)
    need("seen" in e.by or e.kind not in NAMES_BOOK, "book_not_named")
    return signers


def _founders(e: Entry) -> frozenset[int]:
    """Every founder with a key signs with it; nobody else does."""
    brought = {
        number: key_in(founder["key"])
        for number, founder in enumerate(e.act["founders"], 1)
        if founder.get("key")
    }
    keys = {key_name(public): Key(number, public, e.at) for number, public in brought.items()}
    need(len(brought) >= 2 and len(keys) == len(brought), "founders_without_keys")
    signers = _signers(e, keys)
    missing = sorted(set(brought) - signers)
    need(not missing, "founder_has_not_signed", members=_list(missing))
    on_paper = len(e.act["founders"]) - len(brought)
    need(not on_paper or "paper" in e.by, "paper_missing")
    return signers


def _applicant(body: Body, e: Entry) -> frozenset[int]:
    """Whoever asks to join signs with the key they bring, and so does a member, since only members
    write to the book; or a secretary enters their paper."""
    _accepted(body, e)
    if e.by["form"] == "signed":
        need(e.act.get("key"), "signature_missing", member=e.member)
        public = key_in(e.act["key"])
        signers = _signers(e, body.keys | {key_name(public): Key(e.member, public, e.at)})
        need(e.member in signers, "signature_missing", member=e.member)
        need(signers - {e.member}, "not_taken_up", member=e.member)
        _members(body, signers - {e.member}, e.at)
        return signers
    signers = _signers(e, body.keys)
    _members(body, signers, e.at)
    _form(body, e, signers)
    return signers


def _accepted(body: Body, e: Entry) -> None:
    accepted = body.law.accepted(e.kind)
    form = e.by["form"]
    if form not in accepted:
        need(False, "form_not_accepted", form=form, accepted=", ".join(accepted))


def _signers(e: Entry, keys: dict[str, Key]) -> frozenset[int]:
    """Whose signatures hold, each by a key that counted when the entry was recorded."""
    found: set[int] = set()
    signatures: list[dict[str, Any]] = e.by.get("signatures", [])
    for position, signature in enumerate(signatures):
        member = signature["member"]
        key = keys.get(signature["key"])
        known = key is not None and key.member == member
        need(known, "key_unknown", member=member, key=signature["key"])
        assert key is not None
        need(key.counts(e.at), "key_not_in_force", member=member, key=signature["key"])
        need(_holds(e, position, key.public), "signature_invalid", member=member)
        need(member not in found, "signed_twice", member=member)
        found.add(member)
    return frozenset(found)


def _holds(e: Entry, position: int, public: bytes) -> bool:
    """Whether a signature of an entry is by this key: found ahead, where it was asked of the same
    key."""
    under, holds = e.checked[position]
    value = e.by["signatures"][position]["value"]
    return holds if under == public else signed_by(public, e.signed_bytes(), a2b_base64(value))


def _members(body: Body, signers: frozenset[int], at: int) -> None:
    for member in signers:
        need(body.people[member].belongs(at), "not_a_member", member=member)


def _form(body: Body, e: Entry, signers: frozenset[int]) -> None:
    form = e.by["form"]
    paper = [name for name in ("witnesses", "paper", "happened") if name in e.by]
    if form == "signed":
        need(e.member in signers, "signature_missing", member=e.member)
        need(not paper, "paper_beside_signature")
    elif form == "attested":
        need(not signers and "happened" not in e.by, "attested_and_more")
    else:
        _from_paper(body, e, signers)


def _from_paper(body: Body, e: Entry, signers: frozenset[int]) -> None:
    """Somebody in office enters it and signs. Beside them stand witnesses who are not of any office
    that enters paper; some of them sign, and where something is decided one of these is of another
    office. The paper has its fingerprint, and it came in time."""
    law = body.law
    need(any(body.holds(m, "record-paper", e.at) for m in signers), "paper_without_secretary")
    need("paper" in e.by, "paper_missing")
    named: list[int] = e.by.get("witnesses", [])
    for witness in named:
        person = body.people.get(witness)
        need(person is not None and person.belongs(e.at), "not_a_member", member=witness)
    apart = {m for m in named if m != e.member and not body.enters_paper(m, e.at)}
    once = len(set(named)) == len(named)
    need(once and len(apart) >= law.witnesses, "witnesses_missing", needed=law.witnesses)
    keys = apart & signers
    needed = law.deciding_keys if e.kind in DECIDES else law.witness_keys
    need(len(keys) >= needed, "witness_has_not_signed", given=len(keys), needed=needed)
    if e.kind in DECIDES:
        elsewhere = any(body.offices_of(m, e.at) for m in keys)
        need(elsewhere, "witness_of_no_other_office")
    if "happened" in e.by:
        need(e.by["happened"] <= e.at, "happened_in_the_future")
        days = (e.at - e.by["happened"]) // DAY
        need(days <= law.late_days, "paper_too_late", days=days, allowed=law.late_days)


def _list(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))
