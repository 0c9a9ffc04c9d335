"""Who wrote an act: which forms of authorship count, and whose keys they rest on.

Judged here: keys in force, mandates, witnesses, the form the statute accepts. Whether a signature
fits the signed bytes is arithmetic, done by the clerk before judging and by the verifier after.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any, ClassVar

from comuna.rules.act import Act, Author, Entry, Fact, Refused, judges, require
from comuna.rules.state import DAY, Key, State

SIGNED_PREFIX = b"comuna act v1\n"


def key_id(public: str) -> str:
    """The first 16 hex digits of the SHA-256 of the raw key. Raises Refused on a bad key."""
    try:
        raw = base64.b64decode(public, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    require(
        len(raw) == 32 and base64.b64encode(raw).decode() == public, "key_malformed", public=public
    )
    return hashlib.sha256(raw).hexdigest()[:16]


def check_author(state: State, entry: Entry[Any], kind: str) -> None:
    """Refuse unless the entry's author is a member who may write it in this form."""
    author = entry.by
    person = state.people.get(author.member)
    require(person is not None and person.member, "not_a_member", member=author.member)
    check_accepted(state, author, kind)
    check_form(state, author, entry.act, entry.at)
    if entry.act.names_book and author.seen is None:
        raise Refused("book_not_named", act=kind)
    if author.happened:
        check_lateness(state, entry)


def check_accepted(state: State, author: Author, kind: str) -> None:
    """The statute says which forms of authorship it accepts for this kind of act."""
    forms = state.forms(kind)
    if author.form not in forms:
        raise Refused("form_not_accepted", form=author.form, accepted=", ".join(forms), act=kind)


def check_lateness(state: State, entry: Entry[Any]) -> None:
    """An act kept on paper enters within the statute's days, and never from the future."""
    law = state.statute.paper
    happened = entry.by.happened
    require(entry.by.form == "witnessed", "only_paper_comes_late", form=entry.by.form)
    require(happened <= entry.at, "happened_in_the_future", happened=happened)
    late = (entry.at - happened) // DAY
    require(late <= law.late_days, "paper_too_late", law.article, days=late, allowed=law.late_days)


def check_form(state: State, author: Author, act: Act, at: int) -> None:
    """The signatures a form needs, each by a key in force of the one who must give it."""
    signers = check_signatures(state, author, at)
    if author.form == "signed":
        require(author.member in signers, "signature_missing", member=author.member)
        require(
            not author.witnesses and author.paper is None and not author.happened,
            "signed_needs_no_paper",
        )
    elif author.form == "witnessed":
        check_witnesses(state, author, act, signers, at)
    else:
        require(not signers, "attested_is_unsigned")


def check_signatures(state: State, author: Author, at: int) -> set[int]:
    """The members whose keys, in force now, signed the act."""
    signers: set[int] = set()
    for signature in author.signatures:
        member, key = signature.member, state.keys.get(signature.key)
        if key is None or key.member != member:
            raise Refused("key_unknown", key=signature.key, member=member)
        if not key.in_force(at):
            raise Refused("key_not_in_force", key=signature.key, member=member)
        if not state.people[member].member:
            raise Refused("signer_not_a_member", member=member)
        if member in signers:
            raise Refused("signed_twice", member=member)
        signers.add(member)
    return signers


def check_witnesses(state: State, author: Author, act: Act, signers: set[int], at: int) -> None:
    """Paper: who enters it holds that office and signs, the paper has its print, the statute's
    number of others witnessed it, and so many of these sign with their own keys; where something is
    decided, paid, moved or ended, more of them, and one who holds another office."""
    law = state.statute.paper
    secretaries = any(state.holds(m, "record-paper", at) for m in signers)
    require(secretaries, "no_mandate_for_paper", power="record-paper")
    require(author.paper is not None, "paper_missing")
    for witness in author.witnesses:
        person = state.people.get(witness)
        require(person is not None and person.member, "witness_not_a_member", member=witness)
    others = witnesses(state, author, at)
    require(
        len(others) >= law.witnesses and len(set(author.witnesses)) == len(author.witnesses),
        "witnesses_missing",
        law.article,
        needed=law.witnesses,
        given=len(others),
    )
    signing = others & signers
    needed = law.deciding_keys if act.deciding else law.keys
    require(
        len(signing) >= needed,
        "witness_has_not_signed",
        law.article,
        needed=needed,
        given=len(signing),
    )
    require(
        not act.deciding or any(state.offices(m, at) for m in signing),
        "witness_of_no_other_office",
        law.article,
    )


def witnesses(state: State, author: Author, at: int) -> set[int]:
    """The named witnesses who are others than the one who acts and hold no office, not even as
    alternates, that enters paper."""
    return {
        member
        for member in author.witnesses
        if member != author.member
        and not any(
            "record-paper" in mandate.powers and mandate.in_force(at)
            for mandate in state.mandates.get(member, ())
        )
    }


def cosigners(entry: Entry[Any]) -> set[int]:
    """The members who signed this entry (their keys were checked before)."""
    return {s.member for s in entry.by.signatures}


# --- acts -------------------------------------------------------------------------------------


class EnrolKey(Act, frozen=True, kw_only=True, tag="enrol-key"):
    """A member asks for a new key: two sponsors sign, it counts after the waiting time, and until
    then the member can revoke it. The keys before it end when it begins."""

    deciding: ClassVar[bool] = True
    member: int
    public: str


class RevokeKey(Act, frozen=True, kw_only=True, tag="revoke-key"):
    """A member gives up a key (lost, stolen), or stops an enrolment they did not ask for."""

    deciding: ClassVar[bool] = True
    key: str


class KeyEnrolled(Fact, frozen=True):
    key: str
    member: int
    public: str
    since: int
    replaces: bool

    def apply(self, state: State) -> None:
        if self.replaces:
            for key in state.keys.values():
                if key.member == self.member and (key.until is None or key.until > self.since):
                    key.until = self.since
        state.keys[self.key] = Key(self.member, self.public, self.since)


class KeyRevoked(Fact, frozen=True):
    key: str
    at: int
    restores: str
    restored_until: int = 0  # when the next key that was asked for begins; 0: none was

    def apply(self, state: State) -> None:
        state.keys[self.key].until = self.at
        if self.restores:
            state.keys[self.restores].until = self.restored_until or None


@judges(EnrolKey)
def enrol_key(state: State, entry: Entry[EnrolKey], act: EnrolKey) -> list[Fact]:
    law = state.statute.members
    person = state.people.get(act.member)
    require(person is not None and person.ended_at is None, "not_a_member", member=act.member)
    identity = key_id(act.public)
    require(identity not in state.keys, "key_already_enrolled", key=identity)
    sponsors = {s for s in cosigners(entry) if state.people[s].member} - {act.member}
    require(
        len(sponsors) >= law.key_sponsors,
        "sponsors_missing",
        law.article,
        needed=law.key_sponsors,
        given=len(sponsors),
    )
    since = entry.at + law.key_waiting_days * DAY
    return [KeyEnrolled(identity, act.member, act.public, since, True)]


@judges(RevokeKey)
def revoke_key(state: State, entry: Entry[RevokeKey], act: RevokeKey) -> list[Fact]:
    key = state.keys.get(act.key)
    require(key is not None, "key_unknown", key=act.key, member=entry.by.member)
    assert key is not None
    require(key.member == entry.by.member, "key_of_another", key=act.key, member=key.member)
    require(
        key.until is None or key.until > entry.at,
        "key_not_in_force",
        key=act.key,
        member=key.member,
    )
    restored = restored_by_revoking(state, act.key, entry.at)
    later = [
        k.since
        for name, k in state.keys.items()
        if k.member == key.member and name != act.key and k.since > entry.at and not k.stopped
    ]
    return [KeyRevoked(act.key, entry.at, restored, min(later, default=0) if restored else 0)]


def restored_by_revoking(state: State, stopped: str, at: int) -> str:
    """The key that keeps counting when an enrolment is stopped before it began."""
    begins = state.keys[stopped].since
    if begins <= at:
        return ""
    return next(
        (
            k
            for k, key in state.keys.items()
            if key.member == state.keys[stopped].member and key.until == begins
        ),
        "",
    )
