"""Who wrote an act: which forms of authorship count, and whose keys they rest on.

Judged here: keys in force, mandates, witnesses, the form the statute accepts. Whether a signature
fits the signed bytes is arithmetic, done by the clerk before judging and by the verifier after.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from itertools import pairwise
from typing import Any, ClassVar

from comuna.rules.act import Act, Author, Entry, Fact, Refused, judges, require
from comuna.rules.endings import ends_at, entered
from comuna.rules.names import key_id
from comuna.rules.state import DAY, Key, State

SIGNED_PREFIX = b"comuna act v1\n"


def check_author(state: State, entry: Entry[Any], kind: str) -> None:
    """Refuse unless the entry's author is a member who may write it in this form."""
    author = entry.by
    person = state.people.get(author.member)
    require(person is not None and person.member_at(entry.at), "not_a_member", member=author.member)
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
        if not state.people[member].member_at(at):
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
        require(person is not None and person.member_at(at), "witness_not_a_member", member=witness)
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
    """A member asks for a new key: sponsors sign, of whom one keeps the register and another holds
    another office; it counts after the waiting time, and until then the member can revoke it. The
    keys before it end when it begins."""

    deciding: ClassVar[bool] = True
    member: int
    public: str


class RevokeKey(Act, frozen=True, kw_only=True, tag="revoke-key"):
    """A member gives up a key (lost, stolen), or stops an enrolment they did not ask for. From
    paper a key goes on counting for the statute's days; an enrolment is stopped at once."""

    deciding: ClassVar[bool] = True
    key: str


class KeyEnrolled(Fact, frozen=True):
    key: str
    member: int
    public: str
    since: int

    def apply(self, state: State) -> None:
        state.keys[self.key] = Key(self.member, self.public, self.since)


class KeyEnds(Fact, frozen=True):
    """Until when a key counts, and when it was or will be revoked (0: not)."""

    key: str
    until: int
    revoked_at: int

    def apply(self, state: State) -> None:
        key = state.keys[self.key]
        key.until, key.revoked_at = self.until or None, self.revoked_at or None


def key_ends(
    state: State,
    member: int,
    revoked: Mapping[str, int | None],
    enrolled: Mapping[str, Key] | None = None,
) -> list[Fact]:
    """Until when each key of a member counts once these are revoked (at a moment, or None: not) and
    those enrolled: until it is revoked, or until the next begins that was not revoked before it
    began. Stopping one of two that were asked for leaves the other, and the key before both. Of two
    that begin together the one asked for last counts."""
    mine = {name: copy(key) for name, key in state.keys.items() if key.member == member}
    mine |= enrolled or {}
    for name, at in revoked.items():
        mine[name].revoked_at = at
    begun = sorted((key for key in mine.values() if not key.stopped), key=lambda key: key.since)
    for key in mine.values():
        key.until = key.revoked_at
    for key, following in pairwise(begun):
        key.until = min(following.since, key.until or following.since)
    return [
        KeyEnds(name, key.until or 0, key.revoked_at or 0)
        for name, key in mine.items()
        if key != state.keys.get(name) and (name in state.keys or key.until)
    ]


@judges(EnrolKey)
def enrol_key(state: State, entry: Entry[EnrolKey], act: EnrolKey) -> list[Fact]:
    law = state.statute.members
    person = state.people.get(act.member)
    belongs = person is not None and (person.ended_at is None or entry.at < person.ended_at)
    require(belongs, "not_a_member", member=act.member)
    identity = key_id(act.public)
    require(identity not in state.keys, "key_already_enrolled", key=identity)
    sponsors = cosigners(entry) - {act.member}
    require(
        len(sponsors) >= law.key_sponsors,
        "sponsors_missing",
        law.article,
        needed=law.key_sponsors,
        given=len(sponsors),
    )
    check_sponsors(state, sponsors, entry.at)
    since = entry.at + law.key_waiting_days * DAY
    new = {identity: Key(act.member, act.public, since)}
    ends = key_ends(state, act.member, {}, new)
    return [KeyEnrolled(identity, act.member, act.public, since), *ends]


def check_sponsors(state: State, sponsors: set[int], at: int) -> None:
    """One of them keeps the register, and another holds an office that does not."""
    keepers = {m for m in sponsors if state.holds(m, "keep-register", at)}
    others = {
        member
        for member in sponsors
        for mandate in state.mandates.get(member, ())
        if mandate.in_force(at) and "keep-register" not in mandate.powers
    }
    require(
        any(keeper != other for keeper in keepers for other in others),
        "sponsors_without_office",
        state.statute.members.article,
    )


@judges(RevokeKey)
def revoke_key(state: State, entry: Entry[RevokeKey], act: RevokeKey) -> list[Fact]:
    """A key that has not begun never does, also where it is stopped from paper: whoever asked for
    it in another's name waits for nothing better than the days of a paper."""
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
    at = entry.at if key.since > entry.at else ends_at(state, entry)
    sooner = at if key.revoked_at is None else min(at, key.revoked_at)
    return [
        *key_ends(state, key.member, {act.key: sooner}),
        *entered(state, entry, "revoke-key", act.key, at),
    ]
