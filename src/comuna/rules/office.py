"""Offices: election or lot, terms, resignation, recall. A mandate comes from a decision and ends by
its term, by recall, by resignation, or with membership; who may sign changes in no other way."""

from __future__ import annotations

from collections.abc import Sequence, Set
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from comuna.count.lots import draw_order
from comuna.rules.act import Act, Effect, Entry, Fact, Shape, enacts, judges, prepares, require
from comuna.rules.dice import lot_seed
from comuna.rules.endings import ends_at, entered
from comuna.rules.state import DAY, Mandate, Petition, State
from comuna.rules.statute import Office, Statute

if TYPE_CHECKING:
    from comuna.rules.effects import AnyEffect


class Seat(Shape, frozen=True, kw_only=True):
    """One person in one office."""

    office: str
    member: int
    alternate: bool = False


class Resign(Act, frozen=True, kw_only=True, tag="resign"):
    """A holder gives back an office. From paper it takes effect after the statute's days, in which
    they can undo it."""

    deciding: ClassVar[bool] = True
    office: str


class PetitionRecall(Act, frozen=True, kw_only=True, tag="petition-recall"):
    """A member asks for the recall of a holder of an office, with reasons."""

    office: str
    member: int
    text: str


class SupportPetition(Act, frozen=True, kw_only=True, tag="support-petition"):
    """A member supports a petition; at the statute's share the clock of the recall starts."""

    petition: int


class AnswerPetition(Act, frozen=True, kw_only=True, tag="answer-petition"):
    """The hearing: the person concerned answers."""

    deciding: ClassVar[bool] = True
    petition: int
    text: str


# --- facts ------------------------------------------------------------------------------------


class MandateGiven(Fact, frozen=True):
    office: str
    member: int
    alternate: bool
    since: int
    until: int
    decision: int
    powers: tuple[str, ...]

    def apply(self, state: State) -> None:
        state.mandates[self.member].append(
            Mandate(
                self.office,
                self.member,
                self.alternate,
                self.since,
                self.until,
                self.decision,
                self.powers,
            )
        )


class MandateEnded(Fact, frozen=True):
    office: str
    member: int
    at: int
    reason: str  # resigned, recalled, replaced, membership-ended
    decision: int
    barred_until: int = 0

    def apply(self, state: State) -> None:
        for mandate in state.mandates.get(self.member, ()):
            if mandate.office == self.office and mandate.in_force(self.at):
                mandate.ended_at = self.at
        if self.barred_until:
            state.barred[self.member, self.office] = self.barred_until


class PetitionOpened(Fact, frozen=True):
    petition: int
    office: str
    member: int
    by: int
    at: int

    def apply(self, state: State) -> None:
        state.petitions[self.petition] = Petition(
            self.petition, self.office, self.member, self.at, {self.by}
        )


class PetitionSupported(Fact, frozen=True):
    petition: int
    by: int
    at: int
    reached: bool

    def apply(self, state: State) -> None:
        petition = state.petitions[self.petition]
        petition.supporters.add(self.by)
        if self.reached and petition.reached_at is None:
            petition.reached_at = self.at


class PetitionAnswered(Fact, frozen=True):
    petition: int
    at: int

    def apply(self, state: State) -> None:
        state.petitions[self.petition].heard_at = self.at


class PetitionDecided(Fact, frozen=True):
    petition: int
    decision: int

    def apply(self, state: State) -> None:
        state.petitions[self.petition].decided = self.decision


# --- judgements -------------------------------------------------------------------------------


def known_office(law: Statute, office: str) -> Office:
    known = law.office(office)
    names = ", ".join(o.id for o in law.offices)
    require(known is not None, "office_unknown", office=office, known=names)
    assert known is not None
    return known


def seat_mandates(
    law: Statute, seats: Sequence[Seat], people: int, decision: int, at: int
) -> list[Fact]:
    """The mandates of a list of seats, for one full term each."""
    facts: list[Fact] = []
    for seat in seats:
        office = known_office(law, seat.office)
        require(1 <= seat.member <= people, "not_a_member", member=seat.member)
        until = at + office.term_days * DAY
        facts.append(
            MandateGiven(
                seat.office, seat.member, seat.alternate, at, until, decision, office.powers
            )
        )
    check_seats(law, seats)
    return facts


def check_seats(law: Statute, seats: Sequence[Seat]) -> None:
    """No more persons than seats, nobody twice, no incompatible offices in one hand."""
    pairs = [(s.office, s.member) for s in seats]
    require(len(set(pairs)) == len(pairs), "seated_twice")
    for office in law.offices:
        principals = sum(s.office == office.id and not s.alternate for s in seats)
        alternates = sum(s.office == office.id and s.alternate for s in seats)
        require(
            principals <= office.seats and alternates <= office.alternates,
            "more_than_the_seats",
            office.article,
            office=office.id,
            seats=office.seats,
            alternates=office.alternates,
        )
        mine = {s.member for s in seats if s.office == office.id}
        others = {s.member for s in seats if s.office in office.incompatible}
        require(
            not mine & others,
            "offices_incompatible",
            office.article,
            office=office.id,
            others=", ".join(office.incompatible),
        )


@judges(Resign)
def resign(state: State, entry: Entry[Resign], act: Resign) -> list[Fact]:
    member = entry.by.member
    held = all(holds_office(state, member, act.office, at) for at in (entry.when, entry.at))
    require(held, "office_not_held", office=act.office, member=member)
    ended = MandateEnded(act.office, member, ends_at(state, entry), "resigned", 0)
    return [ended, *entered(state, entry, "resign", act.office)]


def holds_office(state: State, member: int, office: str, when: int) -> bool:
    return any(m.office == office and m.in_force(when) for m in state.mandates.get(member, ()))


@judges(PetitionRecall)
def petition_recall(state: State, entry: Entry[PetitionRecall], act: PetitionRecall) -> list[Fact]:
    office = known_office(state.statute, act.office)
    require(office.recall is not None, "recall_not_foreseen", office.article, office=act.office)
    assert office.recall is not None
    require(act.text.strip(), "text_missing")
    require(state.may_vote(entry.by.member, entry.at), "no_vote", member=entry.by.member)
    mandate = next(
        (
            m
            for m in state.mandates.get(act.member, ())
            if m.office == act.office and m.in_force(entry.at)
        ),
        None,
    )
    require(mandate is not None, "office_not_held", office=act.office, member=act.member)
    assert mandate is not None
    middle = (mandate.since + mandate.until) // 2
    require(
        not office.recall.half_term or entry.at >= middle,
        "recall_before_half_term",
        office.recall.article,
    )
    opened = PetitionOpened(entry.number, act.office, act.member, entry.by.member, entry.at)
    reached = signatures_needed(state, office, entry.at) <= 1
    return [opened, PetitionSupported(entry.number, entry.by.member, entry.at, reached)]


def signatures_needed(state: State, office: Office, when: int) -> int:
    """How many must support a petition to recall from this office."""
    assert office.recall is not None
    return max(1, ceil(Fraction(office.recall.petition) * len(state.roll(when))))


@judges(SupportPetition)
def support_petition(
    state: State, entry: Entry[SupportPetition], act: SupportPetition
) -> list[Fact]:
    petition = known_petition(state, act.petition)
    member = entry.by.member
    require(state.may_vote(member, entry.at), "no_vote", member=member)
    require(member not in petition.supporters, "supported_already", member=member)
    office = known_office(state.statute, petition.office)
    reached = len(petition.supporters) + 1 >= signatures_needed(state, office, entry.at)
    return [PetitionSupported(act.petition, member, entry.at, reached)]


def known_petition(state: State, number: int) -> Petition:
    petition = state.petitions.get(number)
    require(petition is not None, "petition_unknown", petition=number)
    assert petition is not None
    require(petition.decided is None, "petition_decided", petition=number)
    return petition


@judges(AnswerPetition)
def answer_petition(state: State, entry: Entry[AnswerPetition], act: AnswerPetition) -> list[Fact]:
    petition = known_petition(state, act.petition)
    person = state.numbers(petition.member)
    require(entry.by.member in person, "answer_of_another", member=petition.member)
    require(act.text.strip(), "text_missing")
    return [PetitionAnswered(act.petition, entry.when)]


# --- effects of decisions ---------------------------------------------------------------------


class Elect(Effect, frozen=True, kw_only=True, tag="elect"):
    """Fill an office for a full term: by the persons named, or, where the statute has it filled by
    lot, by so many (`seats`) of the `candidates`. Whom the lot draws follows from the dice thrown
    when the vote ends: the first take the office's seats, the others stand in for them."""

    matter: ClassVar[str] = "elect"
    office: str
    members: tuple[int, ...] = ()
    alternates: tuple[int, ...] = ()
    candidates: tuple[int, ...] = ()
    seats: int = 0

    @property
    def by_lot(self) -> bool:
        return bool(self.candidates or self.seats)

    @property
    def standing(self) -> tuple[int, ...]:
        """Who is elected, or, before the lot, who may be."""
        return (*self.members, *self.alternates) or self.candidates

    def thing(self) -> str:
        return f"office {self.office}"


class RecallHolder(Effect, frozen=True, kw_only=True, tag="recall"):
    """Take an office back, on a petition that reached its threshold. It is about the person: it
    ends whatever mandate of that office they now hold, and whoever resigned meanwhile is barred
    all the same."""

    matter: ClassVar[str] = "recall"
    petition: int


@prepares(Elect)
def can_elect(state: State, effect: Elect, when: int, voting: bool) -> None:
    law = state.statute
    office = known_office(law, effect.office)
    drawn = office.choose == "lot"
    require(effect.by_lot or not drawn, "office_by_lot", office.article, office=office.id)
    require(drawn or not effect.by_lot, "office_not_by_lot", office.article, office=office.id)
    if drawn:
        many, distinct = effect.seats, len(set(effect.candidates))
        require(many > 0, "nobody_elected", office=office.id)
        require(distinct == len(effect.candidates), "seated_twice")
        require(many <= distinct, "candidates_too_few", needed=many, given=distinct)
    require(effect.standing, "nobody_elected", office=effect.office)
    check_seats(law, seats_of(law, effect))
    for member in effect.standing:
        check_eligible(state, office, member, when)


def seats_of(law: Statute, effect: Elect) -> list[Seat]:
    """Who takes which seat; before the lot, as if the candidates named first were drawn."""
    if effect.by_lot and not effect.members:
        effect = seated(law, effect, effect.candidates)
    return [
        Seat(office=effect.office, member=member, alternate=alternate)
        for alternate, elected in ((False, effect.members), (True, effect.alternates))
        for member in elected
    ]


def seated(law: Statute, effect: Elect, order: Sequence[int]) -> Elect:
    """An election by lot with the first in this order in their seats."""
    seats, drawn = known_office(law, effect.office).seats, tuple(order[: effect.seats])
    return msgspec.structs.replace(effect, members=drawn[:seats], alternates=drawn[seats:])


def check_undrawn(effects: Sequence[Effect]) -> None:
    """Nobody says before the vote ends whom the lot draws."""
    for effect in effects:
        named = isinstance(effect, Elect) and effect.by_lot and effect.members + effect.alternates
        require(not named, "drawn_before_the_vote")


def check_nothing_by_lot(effects: Sequence[Effect]) -> None:
    """What is chosen by votes is not drawn as well: who stands is then in no option."""
    by_lot = any(isinstance(effect, Elect) and effect.by_lot for effect in effects)
    require(not by_lot, "lot_among_options")


def filled_by_lot(
    law: Statute, effects: Sequence[AnyEffect], decided: Sequence[object], dice: str, head: str
) -> tuple[AnyEffect, ...]:
    """What is decided, with whom the dice draw for each office filled by lot. Raises Refused where
    dice are needed and none were thrown."""
    filled: list[AnyEffect] = []
    for effect in effects:
        if isinstance(effect, Elect) and effect.by_lot:
            seed = lot_seed(dice, [*decided, effect.office], head)
            article = known_office(law, effect.office).article
            require(seed is not None, "lot_without_dice", article, office=effect.office)
            assert seed is not None
            order = [int(each) for each in draw_order(seed, map(str, effect.candidates))]
            filled.append(seated(law, effect, order))
        else:
            filled.append(effect)
    return tuple(filled)


def check_eligible(state: State, office: Office, member: int, when: int) -> None:
    """A member of a kind that holds office, of age, not barred, without an incompatible office."""
    person = state.people.get(member)
    require(person is not None and person.member_at(when), "not_a_member", member=member)
    assert person is not None
    check_holds_office(state.statute, person.kind)
    came_of_age = (
        person.votes_from + (office.age_min - state.statute.members.voting_age) * 365 * DAY
    )
    require(
        not office.age_min or person.votes_from == 0 or came_of_age <= when,
        "too_young_for_office",
        office.article,
        member=member,
        age=office.age_min,
    )
    barred = max(state.barred.get((one, office.id), 0) for one in state.numbers(member))
    require(when >= barred, "barred_after_recall", office.article, member=member)
    for other in office.incompatible:
        require(
            not holds_office(state, member, other, when),
            "offices_incompatible",
            office.article,
            office=office.id,
            others=other,
        )
        check_no_kin_in(state, office, member, other, when)
    check_terms(state, office, member)


def check_holds_office(law: Statute, kind: str) -> None:
    known = law.member_kind(kind)
    require(known is not None and known.holds_office, "kind_holds_no_office", kind=kind)


def check_no_kin_in(state: State, office: Office, member: int, other: str, when: int) -> None:
    for holder in state.holders(other, when):
        check_not_kin(state, office, member, holder)


def check_not_kin(state: State, office: Office, member: int, holder: int) -> None:
    degree = state.near(member, holder)
    require(
        not office.kinship_bar or degree is None or degree > office.kinship_bar,
        "kin_in_incompatible_office",
        office.article,
        member=member,
        kin=holder,
        degree=degree,
    )


def check_elections(state: State, effects: Sequence[Elect], when: int) -> None:
    """The elections of one decision together: what two offices may not have in one hand or one
    family, they do not get by being filled at once; and of all who are elected to an office the
    statute's part is new."""
    law = state.statute
    check_seats(law, [seat for effect in effects for seat in seats_of(law, effect)])
    standing = [(known_office(law, effect.office), effect.standing) for effect in effects]
    for office, members in standing:
        for other, rivals in standing:
            if other.id in office.incompatible:
                check_apart(state, office, members, other, rivals)
    for effect in effects:
        check_renewal(state, known_office(law, effect.office), effect, when)


def check_apart(
    state: State, office: Office, members: Sequence[int], other: Office, rivals: Sequence[int]
) -> None:
    """However a lot falls, nobody gets both offices, nor one of a family each."""
    for member in members:
        require(
            member not in rivals,
            "offices_incompatible",
            office.article,
            office=office.id,
            others=other.id,
        )
        for rival in rivals:
            check_not_kin(state, office, member, rival)


def check_renewal(state: State, office: Office, effect: Elect, when: int) -> None:
    """Of those elected, the statute's part is new: not of the board that goes. Before the lot, were
    it to draw as many of the board as it can."""
    before = going_board(state, office.id, when)
    chosen = len(effect.members) or min(effect.seats, office.seats)
    if not office.renew_at_least or not before or not chosen:
        return
    needed = ceil(Fraction(office.renew_at_least) * chosen)
    stay = sum(bool(state.numbers(m) & before) for m in effect.members or effect.candidates)
    new = chosen - min(chosen, stay)
    require(new >= needed, "too_few_renewed", office.article, needed=needed, given=new)


def going_board(state: State, office: str, when: int) -> set[int]:
    """The principals of an office, or, when all terms are over, those of the last election."""
    held = [
        m
        for held in state.mandates.values()
        for m in held
        if m.office == office and not m.alternate
    ]
    last = max((m.since for m in held), default=0)
    now = {m.member for m in held if m.in_force(when)}
    return now or {m.member for m in held if m.since == last}


def check_terms(state: State, office: Office, member: int) -> None:
    served = sum(
        m.office == office.id
        for number in state.numbers(member)
        for m in state.mandates.get(number, ())
    )
    require(
        not office.terms_max or served < office.terms_max,
        "terms_exhausted",
        office.article,
        member=member,
        terms=office.terms_max,
    )


@enacts(Elect)
def elect(state: State, effect: Elect, decision: int, when: int) -> list[Fact]:
    """The elected take the seats; those beyond the number of seats, longest in office, leave. All
    leave before anyone takes a seat: an alternate who becomes a principal keeps the new mandate."""
    office = known_office(state.statute, effect.office)
    ended: list[Fact] = []
    given: list[Fact] = []
    for alternate, elected, seats in (
        (False, effect.members, office.seats),
        (True, effect.alternates, office.alternates),
    ):
        holding = sorted(
            (
                m
                for mandates in state.mandates.values()
                for m in mandates
                if m.office == office.id and m.alternate == alternate and m.in_force(when)
            ),
            key=lambda m: (m.member not in elected, m.since, m.member),
        )
        renewed = [m for m in holding if m.member in elected]
        others = [m for m in holding if m.member not in elected]
        surplus = max(0, len(others) + len(elected) - seats)
        for mandate in [*renewed, *others[:surplus]]:
            ended.append(MandateEnded(office.id, mandate.member, when, "replaced", decision))
        until = when + office.term_days * DAY
        for member in elected:
            given.append(
                MandateGiven(office.id, member, alternate, when, until, decision, office.powers)
            )
            leaving = state.people[member].ended_at
            if leaving is not None:  # by a paper that can still be undone
                given.append(MandateEnded(office.id, member, leaving, "membership-ended", 0))
    return [*ended, *given]


@prepares(RecallHolder)
def can_recall(state: State, effect: RecallHolder, when: int, voting: bool) -> None:
    petition = known_petition(state, effect.petition)
    office = known_office(state.statute, petition.office)
    assert office.recall is not None
    require(
        petition.reached_at is not None,
        "petition_below_threshold",
        office.recall.article,
        needed=signatures_needed(state, office, when),
        given=len(petition.supporters),
    )
    assert petition.reached_at is not None
    if voting:
        heard = petition.heard_at is not None
        days = (when - petition.reached_at) // DAY
        require(
            heard or days >= office.recall.hearing_days,
            "hearing_days_missing",
            office.recall.article,
            needed=office.recall.hearing_days,
            given=days,
        )


@enacts(RecallHolder)
def recall(state: State, effect: RecallHolder, decision: int, when: int) -> list[Fact]:
    petition = state.petitions[effect.petition]
    office = known_office(state.statute, petition.office)
    assert office.recall is not None
    barred = when + office.recall.barred_days * DAY if office.recall.barred_days else 0
    return [
        *(
            MandateEnded(petition.office, number, when, "recalled", decision, barred)
            for number in sorted(state.numbers(petition.member))
        ),
        PetitionDecided(effect.petition, decision),
    ]


def may(state: State, entry: Entry[Any], power: str, recused: Set[int] = frozenset()) -> None:
    """Refuse unless the author holds the power by a mandate in force when the act was done; for an
    alternate the `recused` count as absent."""
    require(
        state.holds(entry.by.member, power, entry.when, recused),
        "no_mandate",
        power=power,
        member=entry.by.member,
    )
