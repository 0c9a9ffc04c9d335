"""The founding day: who founds the body and who takes which office."""

from __future__ import annotations

from collections.abc import Iterator

from comuna.rules.office import Seat
from comuna.rules.roll import Declare, Found, Founder, Kin
from comuna.rules.statute import Office, Statute
from comuna.world.life import Life
from comuna.world.people import Resident, body_kind
from comuna.world.stage import wire


def found(life: Life) -> None:
    """All founders sign, or put their hand to the paper."""
    founders = [life.people[n] for n in sorted(life.people) if n <= founding_number(life)]
    for person in founders:
        if person.seed is not None:
            life.stage.seeds[person.number] = person.seed
    act = Found(
        name=life.setting.name,
        unit=life.setting.unit,
        statute=life.law,
        founders=tuple(
            Founder(
                commitment=p.commitment,
                kind=kind_of(life.law, p),
                votes_from=p.votes_from,
                household=p.household,
                body=p.body,
                key=wire(p.seed) if p.seed else "",
            )
            for p in founders
        ),
        offices=tuple(seats(life.law, founders)),
    )
    life.stage.found(act, life.paper("papers.founding", number=len(founders)))
    life.wall = life.stage.checkpoint()


def founding_number(life: Life) -> int:
    """Four in five found; the others join during the year."""
    return max(life.law.members.founders_min, len(life.people) * 4 // 5)


def kind_of(law: Statute, person: Resident) -> str:
    """The first kind of person who votes, or the kind that is for bodies."""
    if person.body:
        return body_kind(law)
    return next(k.id for k in law.members.kinds if k.votes and not k.bodies)


def seats(law: Statute, founders: list[Resident]) -> Iterator[Seat]:
    """Everyone in office has a key and is of age, and as far as possible nobody sits there with
    kin. Each office gets what it needs; more as there are people for, and half stay free."""
    ready = officers(founders)
    spare = len(ready) // 2 - sum(sum(least(law, o)) for o in law.offices)
    for office in law.offices:
        principals, alternates = least(law, office)
        more = min(max(0, spare), office.seats - principals)
        spare -= more
        alternate = 1 if office.alternates and (alternates or spare > 0) else 0
        spare -= alternate - alternates
        for index in range(principals + more + alternate):
            person = ready.pop(0)
            second = index >= principals + more
            yield Seat(office=office.id, member=person.number, alternate=second)


def least(law: Statute, office: Office) -> tuple[int, int]:
    """The fewest principals and alternates with whom the body can work: two approve a payment
    though a third is kin of the payee, and an alternate pays whoever keeps the accounts."""
    if not office.powers:
        return 0, 0
    principals = 1
    if "approve-payment" in office.powers:
        principals = law.treasury.signatures + 1
    if "tell" in office.powers:
        principals = law.assembly.tellers
    alternates = 1 if "keep-accounts" in office.powers else 0
    return min(principals, office.seats), min(alternates, office.alternates)


def officers(founders: list[Resident]) -> list[Resident]:
    """Founders of age with a key: one of each household, then the others."""
    ready = [p for p in founders if p.signs and p.parent]
    first: dict[int, Resident] = {}
    for person in ready:
        first.setdefault(person.household, person)
    return [*first.values(), *(p for p in ready if first[p.household] is not p)]


def declare_all(life: Life) -> None:
    """In the first week everyone declares their kin; one who approves payments has an interest in a
    supplier, and says so."""
    interested = life.stage.holders("approve-payment")[0]
    on_the_roll = life.members()
    paper = life.paper("papers.declarations")
    for member in on_the_roll:
        kin = life.people[member].kin
        declared = tuple(
            Kin(member=other, degree=kin[other]) for other in sorted(kin) if other in on_the_roll
        )
        interests = (life.setting.ironmonger,) if member == interested else ()
        if declared or interests:
            life.stage.act_of(member, Declare(kin=declared, interests=interests), paper)
