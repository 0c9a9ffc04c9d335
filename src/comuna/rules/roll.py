"""The roll: founding, admission, leaving, exclusion, kinship. Persons are numbers; their names are
in the roll register, of which the book holds only a salted commitment."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import ClassVar

import msgspec

from comuna.rules.act import (
    Act,
    Author,
    Effect,
    Entry,
    Fact,
    Shape,
    enacts,
    judges,
    prepares,
    require,
)
from comuna.rules.authorship import (
    KeyEnrolled,
    check_accepted,
    check_form,
    check_lateness,
    check_signatures,
)
from comuna.rules.endings import ends_at, entered
from comuna.rules.names import (
    check_moment,
    check_name,
    day,
    folded,
    key_id,
    legible,
    parse_payee,
)
from comuna.rules.office import Seat, check_holds_office, may, seat_mandates
from comuna.rules.pack_checks import check
from comuna.rules.state import DAY, Person, State, Tie
from comuna.rules.statute import Statute


class Founder(Shape, frozen=True, kw_only=True):
    """A founder, numbered 1, 2, 3… in the order of the list. `votes_from` is the day (UTC seconds)
    the voting age is reached; `key` is absent for those who found on paper."""

    commitment: str
    kind: str
    votes_from: int = 0
    household: int = 0
    body: str = ""
    key: str = ""


class Found(Act, frozen=True, kw_only=True, tag="found"):
    """The founding act: entry 1. It holds the whole statute, so that the book explains itself, and
    is signed by every founder who has a key; the body's identity is its hash. Money is counted in
    `unit` (an ISO 4217 code, or the name of a local currency), of which the smallest step is one
    over ten to the `decimals`."""

    name: str
    unit: str
    decimals: int = 2
    statute: Statute
    founders: tuple[Founder, ...]
    offices: tuple[Seat, ...] = ()


class Apply(Act, frozen=True, kw_only=True, tag="apply"):
    """A person or body asks to join. Signed with the key it brings, or entered from paper.
    `formerly` is the number of whoever was a member before."""

    commitment: str
    member_kind: str
    votes_from: int = 0
    household: int = 0
    body: str = ""
    key: str = ""
    formerly: int = 0


class Leave(Act, frozen=True, kw_only=True, tag="leave"):
    """A member leaves; nobody needs to agree. From paper it takes effect after the statute's days,
    in which they can undo it."""

    deciding: ClassVar[bool] = True


class Charge(Act, frozen=True, kw_only=True, tag="charge"):
    """A written charge against a member: the hearing that must come before an exclusion."""

    member: int
    text: str


class Kin(Shape, frozen=True, kw_only=True):
    member: int
    degree: int


class Declare(Act, frozen=True, kw_only=True, tag="declare"):
    """The yearly declaration of kinship and of interests in suppliers and buyers. It binds whoever
    makes it; whom it names only when they declare it too or oversight confirms it."""

    deciding: ClassVar[bool] = True
    kin: tuple[Kin, ...] = ()
    interests: tuple[str, ...] = ()


class ConfirmKinship(Act, frozen=True, kw_only=True, tag="confirm-kinship"):
    """Those who oversee confirm the kinship that one member declared: it binds the other too."""

    deciding: ClassVar[bool] = True
    member: int  # who declared it
    kin: int


class Move(Act, frozen=True, kw_only=True, tag="move-household"):
    """A member joins another household (0: none)."""

    household: int


# --- facts ------------------------------------------------------------------------------------


class Founded(Fact, frozen=True):
    body: str
    name: str
    unit: str
    decimals: int
    statute: Statute
    at: int

    def apply(self, state: State) -> None:
        state.body, state.name = self.body, self.name
        state.unit, state.decimals = self.unit, self.decimals
        state.adopt(self.at, self.statute)


class Applied(Fact, frozen=True):
    member: int
    member_kind: str
    commitment: str
    votes_from: int
    household: int
    body: str
    at: int
    formerly: int = 0

    def apply(self, state: State) -> None:
        state.people[self.member] = Person(
            self.member,
            self.member_kind,
            self.commitment,
            self.votes_from,
            self.at,
            household=self.household,
            body=self.body,
            formerly=self.formerly,
        )
        if self.formerly:
            state.again[self.formerly].add(self.member)


class Admitted(Fact, frozen=True):
    member: int
    at: int
    decision: int

    def apply(self, state: State) -> None:
        state.people[self.member].admitted_at = self.at


class MembershipEnded(Fact, frozen=True):
    member: int
    at: int
    decision: int  # 0: left

    def apply(self, state: State) -> None:
        person = state.people[self.member]
        person.ended_at = min(self.at, person.ended_at or self.at)
        for mandate in state.mandates.get(self.member, ()):
            if self.at < (mandate.ended_at or mandate.until):
                mandate.ended_at = self.at
        if self.at <= state.now:  # whoever leaves by a paper is there until it takes effect
            for assembly in state.assemblies.values():
                assembly.present.discard(self.member)


class Charged(Fact, frozen=True):
    member: int
    charge: int
    at: int

    def apply(self, state: State) -> None:
        state.people[self.member].charges[self.charge] = self.at


class Declared(Fact, frozen=True):
    """What a member newly declares, as (other, degree, party), and what they no longer do."""

    member: int
    declaration: int
    added: tuple[tuple[int, int, str], ...]
    ended: tuple[tuple[int, int, str], ...]
    at: int

    def apply(self, state: State) -> None:
        person = state.people[self.member]
        person.declared_at = self.at
        for tie in person.declared:
            if tie.said in self.ended:
                tie.until = self.at
        for other, degree, party in self.added:
            state.tie(self.member, Tie(self.declaration, self.at, other, degree, party))


class KinshipConfirmed(Fact, frozen=True):
    member: int
    kin: int
    confirmation: int

    def apply(self, state: State) -> None:
        for tie in state.people[self.member].declared:
            if tie.other == self.kin:
                tie.confirmed = self.confirmation


class Moved(Fact, frozen=True):
    member: int
    household: int

    def apply(self, state: State) -> None:
        state.people[self.member].household = self.household


# --- judgements -------------------------------------------------------------------------------


def body_id(act: Found) -> str:
    """The identity of a body: the first 32 hex digits of the SHA-256 of its founding act."""
    return hashlib.sha256(msgspec.json.encode(act, order="sorted")).hexdigest()[:32]


@judges(Found)
def found(state: State, entry: Entry[Found], act: Found) -> list[Fact]:
    law = act.statute.members
    require(entry.number == 1, "already_founded")
    require(entry.body == body_id(act), "body_id_differs", expected=body_id(act))
    require(
        len(act.founders) >= law.founders_min,
        "too_few_founders",
        law.article,
        needed=law.founders_min,
        given=len(act.founders),
    )
    check_statute(act.statute, day(entry.at))
    require(legible(act.name) and legible(act.unit), "name_and_unit_missing")
    require(0 <= act.decimals <= 6, "decimals_out_of_range", decimals=act.decimals)
    for founder in act.founders:
        check_kind(act.statute, founder.kind, founder.body)
        check_commitment(founder.commitment)
        check_moment(founder.votes_from)
    check_bodies([founder.body for founder in act.founders])
    check_founding_signatures(entry, act)
    facts: list[Fact] = [
        Founded(entry.body, act.name, act.unit, act.decimals, act.statute, entry.at)
    ]
    for number, founder in enumerate(act.founders, start=1):
        facts += [
            Applied(
                number,
                founder.kind,
                founder.commitment,
                founder.votes_from,
                founder.household,
                founder.body,
                entry.at,
            ),
            Admitted(number, entry.at, 1),
        ]
        if founder.key:
            facts.append(KeyEnrolled(key_id(founder.key), number, founder.key, entry.at))
    mandates = seat_mandates(act.statute, act.offices, len(act.founders), 1, entry.at)
    for seat in act.offices:
        check_holds_office(act.statute, act.founders[seat.member - 1].kind)
    return [*facts, *mandates]


def check_statute(statute: Statute, today: str) -> None:
    """A body is founded on a sound statute whose law is in force that day. When the law ends later,
    the members amend; the statute of their book does not change by itself."""
    in_force = statute.valid_from <= today and (
        not statute.valid_until or today <= statute.valid_until
    )
    require(
        in_force,
        "statute_not_in_force",
        statute=statute.id,
        since=statute.valid_from,
        until=statute.valid_until or "–",
    )
    faults = list(check(statute))
    require(not faults, "statute_unsound", detail="; ".join(f.what["en"] for f in faults[:3]))


def check_founding_signatures(entry: Entry[Found], act: Found) -> None:
    """Every founder with a key signs; founders without one signed the paper of the founding."""
    expected = {n: key_id(f.key) for n, f in enumerate(act.founders, 1) if f.key}
    given = {s.member: s.key for s in entry.by.signatures}
    require(len(set(expected.values())) == len(expected), "key_shared_by_founders")
    require(len(expected) >= 2, "too_few_founders_with_keys", needed=2, given=len(expected))
    missing = sorted(n for n, key in expected.items() if given.get(n) != key)
    require(not missing, "founder_has_not_signed", members=", ".join(map(str, missing)))
    require(len(given) == len(expected) == len(entry.by.signatures), "signature_of_a_stranger")
    on_paper = len(act.founders) - len(expected)
    require(not on_paper or entry.by.paper is not None, "founding_paper_missing", members=on_paper)


def check_kind(law: Statute, kind: str, body: str) -> None:
    known = law.member_kind(kind)
    kinds = ", ".join(k.id for k in law.members.kinds)
    require(known is not None, "member_kind_unknown", law.members.article, kind=kind, known=kinds)
    assert known is not None
    require(bool(body) == known.bodies, "member_kind_is_for_bodies", kind=kind)
    if body:
        check_name(body)


def check_bodies(bodies: Iterable[str]) -> None:
    """A body is a member once; a second seat for it would be a second vote."""
    named = [body for body in bodies if body]
    read = [folded(body) for body in named]
    twice = sorted({body for body in named if read.count(folded(body)) > 1})
    require(not twice, "body_on_the_roll_already", body=", ".join(twice))


def check_commitment(commitment: str) -> None:
    plain = len(commitment) == 64 and all(c in "0123456789abcdef" for c in commitment)
    require(plain, "commitment_malformed", commitment=commitment)


@judges(Apply)
def apply(state: State, entry: Entry[Apply], act: Apply) -> list[Fact]:
    """The applicant takes the next number. Their own key signs; on paper the secretary's does."""
    number = len(state.people) + 1
    require(entry.by.member == number, "applicant_number", expected=number)
    check_kind(state.statute, act.member_kind, act.body)
    check_commitment(act.commitment)
    check_moment(act.votes_from)
    here = [p.body for p in state.people.values() if p.ended_at is None or entry.at < p.ended_at]
    if act.body:
        check_bodies([*here, act.body])
    if act.formerly:
        before = state.people.get(act.formerly)
        gone = before is not None and before.ended_at is not None and before.ended_at <= entry.at
        require(gone, "formerly_no_member", member=act.formerly)
    if entry.by.happened:
        check_lateness(state, entry)
    facts: list[Fact] = [
        Applied(
            number,
            act.member_kind,
            act.commitment,
            act.votes_from,
            act.household,
            act.body,
            entry.at,
            act.formerly,
        )
    ]
    if act.key:
        identity = key_id(act.key)
        require(identity not in state.keys, "key_already_enrolled", key=identity)
        facts.append(KeyEnrolled(identity, number, act.key, entry.at))
    return facts


def check_applicant(state: State, author: Author, act: Apply, at: int) -> None:
    """An applicant signs with the key they bring, and a member who takes the application up signs
    with them: nobody outside writes to the book. Without a key, it is entered from paper."""
    check_accepted(state, author, "apply")
    if author.form != "signed":
        check_form(state, author, act, at)
        return
    require(act.key, "signature_missing", member=author.member)
    own = [s for s in author.signatures if s.member == author.member]
    require(own, "signature_missing", member=author.member)
    require([s.key for s in own] == [key_id(act.key)], "signature_of_a_stranger")
    others = tuple(s for s in author.signatures if s.member != author.member)
    taken_up = check_signatures(state, msgspec.structs.replace(author, signatures=others), at)
    require(taken_up, "not_taken_up")


@judges(Leave)
def leave(state: State, entry: Entry[Leave], act: Leave) -> list[Fact]:
    left = MembershipEnded(entry.by.member, ends_at(state, entry), 0)
    return [left, *entered(state, entry, "leave")]


@judges(Charge)
def charge(state: State, entry: Entry[Charge], act: Charge) -> list[Fact]:
    person = state.people.get(act.member)
    require(person is not None and person.member_at(entry.at), "not_a_member", member=act.member)
    require(act.text.strip(), "text_missing")
    return [Charged(act.member, entry.number, entry.at)]


@judges(Declare)
def declare(state: State, entry: Entry[Declare], act: Declare) -> list[Fact]:
    named = [kin.member for kin in act.kin]
    require(len(set(named)) == len(named), "kinship_malformed")
    for kin in act.kin:
        require(kin.member in state.people, "not_a_member", member=kin.member)
        require(kin.member != entry.by.member and kin.degree >= 1, "kinship_malformed")
    for interest in act.interests:
        parse_payee(interest)
    said = {(k.member, k.degree, "") for k in act.kin}
    said |= {(0, 0, party) for party in act.interests}
    before = {tie.said for tie in state.people[entry.by.member].declared}
    added, ended = tuple(sorted(said - before)), tuple(sorted(before - said))
    return [Declared(entry.by.member, entry.number, added, ended, entry.at)]


@judges(ConfirmKinship)
def confirm_kinship(state: State, entry: Entry[ConfirmKinship], act: ConfirmKinship) -> list[Fact]:
    may(state, entry, "oversee")
    require(entry.by.member not in (act.member, act.kin), "own_kinship", member=entry.by.member)
    person = state.people.get(act.member)
    ties = [tie for tie in person.declared if tie.other == act.kin] if person is not None else []
    require(ties and act.kin, "kinship_not_declared", member=act.member, kin=act.kin)
    require(not ties[0].confirmed, "kinship_confirmed_already", number=ties[0].confirmed)
    return [KinshipConfirmed(act.member, act.kin, entry.number)]


@judges(Move)
def move(state: State, entry: Entry[Move], act: Move) -> list[Fact]:
    return [Moved(entry.by.member, act.household)]


# --- effects of decisions ---------------------------------------------------------------------


class Admit(Effect, frozen=True, kw_only=True, tag="admit"):
    """Admit an applicant."""

    matter: ClassVar[str] = "admit"
    member: int


class Exclude(Effect, frozen=True, kw_only=True, tag="exclude"):
    """Exclude a member after a charge and the days of hearing."""

    matter: ClassVar[str] = "exclude"
    member: int
    charge: int


@prepares(Admit)
def can_admit(state: State, effect: Admit, when: int, voting: bool) -> None:
    person = state.people.get(effect.member)
    require(person is not None, "not_an_applicant", member=effect.member)
    assert person is not None
    require(
        person.admitted_at is None and person.ended_at is None,
        "not_an_applicant",
        member=effect.member,
    )


@enacts(Admit)
def admit(state: State, effect: Admit, decision: int, when: int) -> list[Fact]:
    return [Admitted(effect.member, when, decision)]


@prepares(Exclude)
def can_exclude(state: State, effect: Exclude, when: int, voting: bool) -> None:
    law = state.statute.members
    person = state.people.get(effect.member)
    require(person is not None and person.member_at(when), "not_a_member", member=effect.member)
    assert person is not None
    charged = charges_of(state, effect.member)
    require(effect.charge in charged, "exclusion_without_charge", law.article)
    if voting:
        check_hearing(state, effect, when)


@enacts(Exclude)
def exclude(state: State, effect: Exclude, decision: int, when: int) -> list[Fact]:
    return [MembershipEnded(effect.member, when, decision)]


def charges_of(state: State, member: int) -> dict[int, int]:
    """The written charges against a person, under whatever number: charge → when."""
    known = state.numbers(member) & state.people.keys()
    return {charge: at for one in known for charge, at in state.people[one].charges.items()}


def check_hearing(state: State, effect: Exclude, when: int) -> None:
    """Between the charge and the vote the accused has the statute's days to be heard."""
    law = state.statute.members
    days = (when - charges_of(state, effect.member)[effect.charge]) // DAY
    require(
        days >= law.exclusion_hearing_days,
        "hearing_days_missing",
        law.article,
        needed=law.exclusion_hearing_days,
        given=days,
    )
