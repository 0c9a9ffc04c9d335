"""Proofs about the roll, the keys and the offices: who belongs, whose signature counts, who holds a
mandate, from which decision and until when."""

from __future__ import annotations

import hashlib
import re
from math import ceil
from typing import Any

from comuna.audit import contests
from comuna.audit.body import DAY, Body, Claim, Key, Mandate, Person, Petition
from comuna.audit.canonical import Malformed
from comuna.audit.endings import ends_at, from_paper
from comuna.audit.entries import Entry, body_id
from comuna.audit.findings import need
from comuna.audit.law import Law, Office
from comuna.audit.names import (
    day,
    folded,
    is_legible,
    key_in,
    payee_of,
    prove_moment,
    prove_name,
)
from comuna.audit.seal import key_name

Effect = dict[str, Any]


# --- the roll -----------------------------------------------------------------------------------


def found(body: Body, e: Entry) -> None:
    """The body begins: its name is the fingerprint of this act, the statute stands in it."""
    need(e.number == 1, "founded_twice")
    need(e.body == body_id(e.act), "body_id_differs", expected=body_id(e.act))
    try:
        law = Law(e.act["statute"])
    except Malformed as fault:
        need(False, "statute_malformed", detail=str(fault))
        return
    since, until = (str(e.act["statute"].get(name, "")) for name in ("valid_from", "valid_until"))
    in_force = since <= day(e.at) and (not until or day(e.at) <= until)
    need(in_force, "statute_not_in_force", since=since, until=until or "–")
    founders = e.act["founders"]
    need(len(founders) >= law.founders_min, "too_few_founders", needed=law.founders_min)
    need(is_legible(e.act["name"]) and is_legible(e.act["unit"]), "body_unnamed")
    decimals = e.act.get("decimals", 2)
    need(0 <= decimals <= 6, "decimals_out_of_range", decimals=decimals)
    for founder in founders:
        _commitment(founder["commitment"])
        _kind(law, founder["kind"], founder.get("body", ""))
        prove_moment(founder.get("votes_from", 0))
    _bodies([founder.get("body", "") for founder in founders])
    seats = [(s["office"], s["member"], bool(s.get("alternate"))) for s in e.act.get("offices", ())]
    _seats(law, seats)
    need(all(1 <= m <= len(founders) for _, m, _ in seats), "seat_of_a_stranger")
    for office, member, _ in seats:
        holds = law.kinds[founders[member - 1]["kind"]][2]
        need(holds, "not_eligible", member=member, office=office)
    body.id = e.body
    body.laws.append((e.at, law))
    for number, founder in enumerate(founders, 1):
        person = Person(founder["kind"], founder.get("votes_from", 0), True, e.at)
        person.body = founder.get("body", "")
        body.people[number] = person
        if founder.get("key"):
            public = key_in(founder["key"])
            body.keys[key_name(public)] = Key(number, public, e.at)
    for office, member, alternate in seats:
        _seat(body, office, member, alternate, e.at)


def _commitment(text: str) -> None:
    """Names stay off the book: it holds a fingerprint of them, and nothing else."""
    need(re.fullmatch("[0-9a-f]{64}", text), "commitment_malformed")


def _kind(law: Law, kind: str, member_body: str) -> None:
    need(kind in law.kinds, "member_kind_unknown", kind=kind)
    need(bool(member_body) == law.kinds[kind][3], "member_kind_unknown", kind=kind)
    if member_body:
        prove_name(member_body)


def _bodies(bodies: list[str]) -> None:
    """A body is a member once: a second seat would be a second vote."""
    named = [folded(body) for body in bodies if body]
    need(len(set(named)) == len(named), "body_twice")


def apply(body: Body, e: Entry) -> None:
    need(e.member == len(body.people) + 1, "applicant_number", expected=len(body.people) + 1)
    _commitment(e.act["commitment"])
    _kind(body.law, e.act["member_kind"], e.act.get("body", ""))
    prove_moment(e.act.get("votes_from", 0))
    person = Person(e.act["member_kind"], e.act.get("votes_from", 0), body=e.act.get("body", ""))
    here = [p.body for p in body.people.values() if not p.gone(e.at)]
    _bodies([*here, person.body] if person.body else [])
    person.formerly = e.act.get("formerly", 0)
    if person.formerly:
        body.rejoined[person.formerly].append(e.member)
        before = body.people.get(person.formerly)
        need(before is not None and before.gone(e.at), "formerly_no_member", member=person.formerly)
    if e.act.get("key"):
        public = key_in(e.act["key"])
        need(key_name(public) not in body.keys, "key_enrolled_twice")
        body.keys[key_name(public)] = Key(e.member, public, e.at)
    body.people[e.member] = person


def leave(body: Body, e: Entry) -> None:
    _end_membership(body, e.member, e.number, ends_at(body, e), e.at)
    from_paper(body, e, lambda: _stay(body, e.member, e.number))


def _end_membership(body: Body, member: int, number: int, gone: int, now: int) -> None:
    """With membership the mandates end; who is gone already is in no assembly any more."""
    body.people[member].leaving[number] = gone
    for mandate in body.mandates.get(member, ()):
        mandate.given_up[number] = gone
    if gone <= now:
        for assembly in body.assemblies.values():
            assembly.present.discard(member)


def _stay(body: Body, member: int, number: int) -> None:
    del body.people[member].leaving[number]
    for mandate in body.mandates.get(member, ()):
        mandate.given_up.pop(number, None)


def charge(body: Body, e: Entry) -> None:
    accused = body.people.get(e.act["member"])
    need(accused is not None and accused.belongs(e.at), "not_a_member", member=e.act["member"])
    assert accused is not None
    accused.charges[e.number] = e.at


def declare(body: Body, e: Entry) -> None:
    """It takes the place of the one before; what it leaves out is withdrawn."""
    kin = {k["member"]: k["degree"] for k in e.act.get("kin", ())}
    need(all(m in body.people and m != e.member for m in kin), "kin_unknown")
    need(all(degree > 0 for degree in kin.values()), "kin_unknown")
    need(len(kin) == len(e.act.get("kin", ())), "kin_unknown")
    for party in e.act.get("interests", ()):
        payee_of(party)
    parties = {folded(party): 0 for party in e.act.get("interests", ())}
    now: dict[int | str, int] = dict(kin)
    now.update(parties)
    mine = body.claims[e.member]
    for claim in mine:
        if claim.withdrawn is None and now.get(claim.about) != claim.degree:
            claim.withdrawn = e.at
    standing = {claim.about for claim in mine if claim.withdrawn is None}
    for about in now.keys() - standing:
        mine.append(Claim(about, now[about]))
        body.claimed[about].add(e.member)


def confirm_kinship(body: Body, e: Entry) -> None:
    """By oversight, and by neither of the two: what one of them declared."""
    one, other = e.act["member"], e.act["kin"]
    oversees = body.holds(e.member, "oversee", e.when)
    need(oversees, "term_expired", member=e.member, power="oversee")
    need(e.member not in (one, other), "own_kinship", member=e.member)
    open_ = [c for c in body.claims.get(one, ()) if c.about == other and c.withdrawn is None]
    need(open_ and not open_[0].confirmed, "kinship_not_open", member=one, kin=other)
    open_[0].confirmed = e.number


def can_admit(body: Body, effect: Effect, when: int) -> None:
    person = body.people.get(effect["member"])
    waits = person is not None and person.admitted is None and person.ended is None
    need(waits, "not_an_applicant", member=effect["member"])


def admit(body: Body, effect: Effect, decision: int, when: int) -> None:
    body.people[effect["member"]].admitted = when


def can_exclude(body: Body, effect: Effect, when: int) -> None:
    person = body.people.get(effect["member"])
    need(person is not None and person.belongs(when), "not_a_member", member=effect["member"])
    assert person is not None
    numbers = body.same_person(effect["member"]) & body.people.keys()
    charges = {c: at for n in numbers for c, at in body.people[n].charges.items()}
    charged_at = charges.get(effect["charge"])
    need(charged_at is not None, "exclusion_without_charge", member=effect["member"])
    assert charged_at is not None
    days = (when - charged_at) // DAY
    need(days >= body.law.hearing_days, "hearing_missing", days=days, needed=body.law.hearing_days)


def exclude(body: Body, effect: Effect, decision: int, when: int) -> None:
    _end_membership(body, effect["member"], decision, when, when)


# --- keys ---------------------------------------------------------------------------------------


def enrol_key(body: Body, e: Entry) -> None:
    """Sponsors sign, one who keeps the register and another in another office; the key counts after
    the waiting time, and those before it until then."""
    member = e.act["member"]
    person = body.people.get(member)
    need(person is not None and not person.gone(e.at), "not_a_member", member=member)
    public = key_in(e.act["public"])
    name = key_name(public)
    need(name not in body.keys, "key_enrolled_twice")
    sponsors = e.signers - {member}
    needed = body.law.key_sponsors
    need(len(sponsors) >= needed, "sponsors_missing", given=len(sponsors), needed=needed)
    offices = {m: [h for h in body.mandates.get(m, ()) if h.counts(e.at)] for m in sponsors}
    keeps = [m for m in sponsors if body.holds(m, "keep-register", e.at)]
    elsewhere = [m for m in sponsors if any("keep-register" not in h.powers for h in offices[m])]
    need(len({*keeps, *elsewhere}) > 1 and keeps and elsewhere, "sponsors_without_office")
    body.keys[name] = Key(member, public, e.at + body.law.key_waiting_days * DAY)
    _reckon_keys(body, member)


def _reckon_keys(body: Body, member: int) -> None:
    """A key counts until it is revoked or another of the same member begins: one that begins later,
    or at the same moment and was asked for later, and that nobody stopped before."""
    mine = [key for key in body.keys.values() if key.member == member]
    for place, key in enumerate(mine):
        after = [
            other.since
            for there, other in enumerate(mine)
            if (other.since, there) > (key.since, place) and not other.stopped
        ]
        key.until = min([*after, *key.revoked.values()], default=None)


def revoke_key(body: Body, e: Entry) -> None:
    """A key counts no longer; one that has not begun never will, whichever way it is stopped."""
    name = e.act["key"]
    key = body.keys.get(name)
    need(key is not None and key.member == e.member, "key_unknown", member=e.member, key=name)
    assert key is not None
    over = key.until is not None and key.until <= e.at
    need(not over, "key_not_in_force", member=e.member, key=name)
    key.revoked[e.number] = e.at if key.since > e.at else ends_at(body, e)
    _reckon_keys(body, e.member)

    def count_again() -> None:
        del body.keys[name].revoked[e.number]
        _reckon_keys(body, e.member)

    from_paper(body, e, count_again)


# --- what ends from paper -----------------------------------------------------------------------


def undo(body: Body, e: Entry) -> None:
    """Whoever it was said of takes back what a paper said, as long as it has not taken effect."""
    ending = body.endings.get(e.act["ending"])
    need(ending is not None, "ending_unknown", ending=e.act["ending"])
    assert ending is not None
    need(ending.member == e.member, "ending_of_another", member=e.member)
    need(e.at < ending.due, "ending_in_force", ending=e.act["ending"])
    del body.endings[e.act["ending"]]
    ending.undo()


# --- offices ------------------------------------------------------------------------------------


def _seat(body: Body, office: str, member: int, alternate: bool, at: int) -> None:
    law = body.law.offices[office]
    until = at + law.term_days * DAY
    mandate = Mandate(office, member, alternate, at, until, law.powers)
    mandate.given_up.update(body.people[member].leaving)
    body.mandates[member].append(mandate)


def _unseat(body: Body, office: str, member: int, at: int) -> None:
    for mandate in body.mandates.get(member, ()):
        if mandate.office == office and mandate.counts(at):
            mandate.until = at


def _seats(law: Law, seats: list[tuple[str, int, bool]]) -> None:
    """No more than the seats, nobody twice in one office, no incompatible offices in one hand."""
    pairs = [(office, member) for office, member, _ in seats]
    need(len(set(pairs)) == len(pairs), "seated_twice")
    for name in {office for office, _ in pairs}:
        office = law.offices.get(name)
        need(office is not None, "office_unknown", office=name)
        assert office is not None
        alternates = sum(o == name and alternate for o, _, alternate in seats)
        principals = sum(o == name for o, _ in pairs) - alternates
        room = principals <= office.seats and alternates <= office.alternates
        need(room, "more_than_the_seats", office=name)
        mine = {m for o, m in pairs if o == name}
        others = {m for o, m in pairs if o in office.incompatible}
        need(not mine & others, "offices_incompatible", office=name)


def resign(body: Body, e: Entry) -> None:
    held = all(e.act["office"] in body.offices_of(e.member, at) for at in (e.when, e.at))
    need(held, "office_not_held", office=e.act["office"], member=e.member)
    for mandate in body.mandates[e.member]:
        if mandate.office == e.act["office"] and mandate.counts(e.at):
            mandate.given_up[e.number] = ends_at(body, e)
    from_paper(body, e, lambda: _keep_seat(body, e.member, e.number))


def _keep_seat(body: Body, member: int, number: int) -> None:
    for mandate in body.mandates[member]:
        mandate.given_up.pop(number, None)


def petition_recall(body: Body, e: Entry) -> None:
    office = _recallable(body, e.act["office"])
    need(body.votes(e.member, e.at), "no_vote", member=e.member)
    held = [
        m
        for m in body.mandates.get(e.act["member"], ())
        if m.office == e.act["office"] and m.counts(e.at)
    ]
    need(held, "office_not_held", office=e.act["office"], member=e.act["member"])
    early = office.half_term and e.at < (held[0].since + held[0].until) // 2
    need(not early, "recall_too_early", office=e.act["office"])
    petition = Petition(e.act["office"], e.act["member"], e.at, {e.member})
    body.petitions[e.number] = petition
    _count_supporters(body, petition, e.at)


def _recallable(body: Body, name: str) -> Office:
    office = body.office(name)
    need(office is not None and office.petition is not None, "office_unknown", office=name)
    assert office is not None
    return office


def _count_supporters(body: Body, petition: Petition, at: int) -> None:
    office = _recallable(body, petition.office)
    assert office.petition is not None
    needed = max(1, ceil(office.petition * len(body.roll(at))))
    if petition.reached_at is None and len(petition.supporters) >= needed:
        petition.reached_at = at


def _petition(body: Body, number: int) -> Petition:
    petition = body.petitions.get(number)
    need(petition is not None and not petition.decided, "petition_unknown", petition=number)
    assert petition is not None
    return petition


def support_petition(body: Body, e: Entry) -> None:
    petition = _petition(body, e.act["petition"])
    need(body.votes(e.member, e.at), "no_vote", member=e.member)
    need(e.member not in petition.supporters, "supported_twice", member=e.member)
    _recallable(body, petition.office)
    petition.supporters.add(e.member)
    _count_supporters(body, petition, e.at)


def answer_petition(body: Body, e: Entry) -> None:
    petition = _petition(body, e.act["petition"])
    need(e.member in body.same_person(petition.member), "answer_of_another", member=e.member)
    petition.heard = True


def can_elect(body: Body, effect: Effect, when: int) -> None:
    name = effect["office"]
    office = body.office(name)
    need(office is not None, "office_unknown", office=name)
    assert office is not None
    need(_by_lot(effect) == office.lot, "lot_unlawful", office=name)
    standing = _standing(effect)
    need(standing, "nobody_elected", office=name)
    if office.lot:
        among = effect.get("candidates", [])
        fair = 0 < effect.get("seats", 0) <= len(among) == len(set(among))
        need(fair, "lot_unlawful", office=name)
    _seats(body.law, _elected_to(body.law, [effect]))
    for member in standing:
        _eligible(body, name, office, member, when)


def can_elect_all(body: Body, effects: list[Effect], when: int) -> None:
    """The elections of one decision together: what two offices may not have in one hand or one
    family, they do not get by being filled at once; and the statute's part of them is new."""
    _seats(body.law, _elected_to(body.law, effects))
    pairs = [(effect["office"], member) for effect in effects for member in _standing(effect)]
    for name, member in pairs:
        office = body.law.offices[name]
        for other, rival in pairs:
            if other in office.incompatible:
                degree = body.kinship(member, rival)
                near = degree is not None and degree <= office.kinship_bar
                need(member != rival and not near, "offices_incompatible", office=name)
    for effect in effects:
        name = effect["office"]
        office = body.law.offices[name]
        principals = effect.get("members", [])
        if _by_lot(effect) and not principals:
            _renewable(body, name, office, effect, when)
        _renewed(body, name, office, principals, when)


def _by_lot(effect: Effect) -> bool:
    return bool(effect.get("candidates") or effect.get("seats"))


def _standing(effect: Effect) -> list[int]:
    """Whoever gets a seat, or might, while the lot is not drawn."""
    elected = [*effect.get("members", ()), *effect.get("alternates", ())]
    return elected or list(effect.get("candidates", ()))


def _elected_to(law: Law, effects: list[Effect]) -> list[tuple[str, int, bool]]:
    """(office, member, as alternate) of everyone whom these effects elect; of a lot that is not
    drawn, of as many."""
    found = []
    for effect in effects:
        name, seats = effect["office"], len(effect.get("members", ()))
        people = _standing(effect)
        if _by_lot(effect) and not seats:
            known = law.offices.get(name)
            seats, people = known.seats if known else 0, people[: effect.get("seats", 0)]
        found += [(name, member, at >= seats) for at, member in enumerate(people)]
    return found


def nobody_drawn(effects: list[Effect], optional: list[Effect]) -> None:
    """A lot falls at the end of the vote: before, it has drawn nobody; and among options none is
    drawn."""
    for effect in effects:
        if effect["effect"] == "elect" and _by_lot(effect):
            named = effect.get("members") or effect.get("alternates")
            need(not named and effect not in optional, "lot_unlawful", office=effect["office"])


def drawn(law: Law, effects: list[Effect], dice: str, frozen: list[Any], head: str) -> list[Effect]:
    """What is decided, every lot drawn: those of the lowest tickets, in their order, take the seats
    that the law has, and the rest of so many as were asked for stand in."""
    decided = []
    for effect in effects:
        if effect["effect"] == "elect" and _by_lot(effect):
            line = contests.lot(dice, [*frozen, effect["office"]], head)
            need(line, "lot_missing")
            tickets = sorted(
                (hashlib.sha256(f"{line}\n{each}".encode()).hexdigest(), each)
                for each in effect["candidates"]
            )
            order = [each for _, each in tickets[: effect["seats"]]]
            seats = law.offices[effect["office"]].seats
            effect = effect | {"members": order[:seats], "alternates": order[seats:]}
        decided.append(effect)
    return decided


def _renewable(body: Body, name: str, office: Office, effect: Effect, when: int) -> None:
    """Whatever a lot draws, the statute's part of it is new."""
    many = min(effect["seats"], office.seats)
    old_first = sorted(
        effect["candidates"], key=lambda m: not body.same_person(m) & _going(body, name, when)
    )
    _renewed(body, name, office, old_first[:many], when)


def _renewed(body: Body, name: str, office: Office, elected: list[int], when: int) -> None:
    """Of those elected, the statute's part is new: not of the board that goes."""
    going = _going(body, name, when)
    needed = ceil(office.renew_at_least * len(elected))
    new = sum(not body.same_person(member) & going for member in elected)
    need(not going or new >= needed, "too_few_renewed", given=new, needed=needed)


def _going(body: Body, name: str, when: int) -> set[int]:
    held = [m for ms in body.mandates.values() for m in ms if m.office == name and not m.alternate]
    last = max((m.since for m in held), default=0)
    now = {m.member for m in held if m.counts(when)}
    return now or {m.member for m in held if m.since == last}


def _eligible(body: Body, name: str, office: Office, member: int, when: int) -> None:
    person = body.people.get(member)
    need(person is not None and person.belongs(when), "not_a_member", member=member)
    assert person is not None
    holds = body.law.kinds.get(person.kind, (False, False, False))[2]
    of_age = person.votes_from + (office.age_min - body.law.voting_age) * 365 * DAY
    young = office.age_min and person.votes_from and of_age > when
    numbers = body.same_person(member)
    barred = any(when < body.barred.get((n, name), 0) for n in numbers)
    served = sum(m.office == name for n in numbers for m in body.mandates.get(n, ()))
    spent = office.terms_max and served >= office.terms_max
    need(holds and not (young or barred or spent), "not_eligible", member=member, office=name)
    for other in office.incompatible:
        held = other in body.offices_of(member, when)
        need(not held, "offices_incompatible", office=name)
        kin = body.kin_in(member, other, office.kinship_bar, when)
        need(not office.kinship_bar or not list(kin), "offices_incompatible", office=name)


def elect(body: Body, effect: Effect, decision: int, when: int) -> None:
    """The elected take their seats; of the others, those longest in office make room."""
    name = effect["office"]
    office = body.law.offices[name]
    seated = [
        (False, effect.get("members", []), office.seats),
        (True, effect.get("alternates", ()), office.alternates),
    ]
    leaving: list[int] = []
    for alternate, elected, seats in seated:
        holding = sorted(body.in_office(name, when, alternate), key=lambda m: (m.since, m.member))
        others = [m.member for m in holding if m.member not in elected]
        leaving += [m.member for m in holding if m.member in elected]
        leaving += others[: max(0, len(others) + len(elected) - seats)]
    for member in leaving:
        _unseat(body, name, member, when)
    for alternate, elected, _ in seated:
        for member in elected:
            _seat(body, name, member, alternate, when)


def can_recall(body: Body, effect: Effect, when: int) -> None:
    petition = _petition(body, effect["petition"])
    office = _recallable(body, petition.office)
    need(petition.reached_at is not None, "petition_below_threshold", petition=effect["petition"])
    assert petition.reached_at is not None
    days = (when - petition.reached_at) // DAY
    heard = petition.heard or days >= office.hearing_days
    need(heard, "hearing_missing", days=days, needed=office.hearing_days)


def recall(body: Body, effect: Effect, decision: int, when: int) -> None:
    petition = body.petitions[effect["petition"]]
    office = body.law.offices[petition.office]
    for number in body.same_person(petition.member):
        _unseat(body, petition.office, number, when)
    if office.barred_days:
        body.barred[petition.member, petition.office] = when + office.barred_days * DAY
    petition.decided = True
