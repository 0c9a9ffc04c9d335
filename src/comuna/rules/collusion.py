"""What it takes: for each way in which money, a seat, an asset, a key, a right or the statute
itself moves, the smallest set of people who together could make it move falsely, under one statute.

A way is told as the signatures it takes (`Hand`), which of them cannot be one person's, and how
long it lasts until nobody can stop it. How few people can give all of them follows from which
offices one person may hold. What is *false* here: every other member is honest and does nothing. An
adversary with fewer tries it in `tests/adversary/`, and with as many it succeeds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Literal, NamedTuple

from comuna.rules.statute import Statute

What = Literal["money", "result", "seat", "asset", "key", "right", "statute"]
Offices = frozenset[str]

HOURS = 24


class Hand(NamedTuple):
    """One signature. `name` tells it apart on its way; `powers`: by a mandate with one of these
    (empty: any member will do); `outside`: whoever signs holds no office with this power;
    `office`: whoever signs holds an office, whichever."""

    name: str
    powers: tuple[str, ...] = ()
    outside: str = ""
    office: bool = False


class Way(NamedTuple):
    """One way in which something moves. `how` names it (words/collusion.toml, tests/adversary);
    `apart` are hands that cannot be one person's; `days` is how long it lasts at least from its
    first entry that anybody can see to the moment it is done; `brake` names who can stop it."""

    what: What
    how: str
    hands: tuple[Hand, ...]
    apart: frozenset[frozenset[str]]
    days: int
    brake: str


class Path(NamedTuple):
    """A way, with the smallest set of people who can go it: `people` each with the offices they
    hold for it (none: a member without office), `offices` all of these, as few as can be."""

    what: What
    how: str
    people: tuple[tuple[str, ...], ...]
    offices: tuple[str, ...]
    days: int
    brake: str


def paths(law: Statute) -> list[Path]:
    """Every way that is open under this statute, in the order in which they are told."""
    found = [(way, fewest(law, way)) for way in ways(law)]
    return [_path(law, way, people) for way, people in found if people]


# --- the ways -----------------------------------------------------------------------------------


def ways(law: Statute) -> Iterator[Way]:
    """Each way in which something moves, with the signatures that the rules ask for."""
    yield from _ways_of_money(law)
    yield from _ways_of_the_result(law)
    yield from _ways_of_seats_and_rights(law)
    yield _way(law, "asset", "false-decision-asset", [_decided(law), _two_keepers()])
    yield _way(law, "key", "enrolment", [_enrolled(law)])
    yield _way(law, "key", "revocation-on-paper", [_on_paper(law, undo=True)])
    yield _way(law, "statute", "false-decision-statute", [_decided(law)])


def _ways_of_money(law: Statute) -> Iterator[Way]:
    yield _way(law, "money", "payment", [_paid(law)])
    yield _way(law, "money", "payment-on-paper", [_on_paper(law), _objection(law)])
    yield _way(law, "money", "correction", [_overseen(), _objection(law)])
    yield _way(law, "money", "false-decision-payment", [_decided(law), _paid(law)])
    yield _way(law, "money", "paper-votes-payment", [_voted_on_paper(law), _paid(law)])
    if law.surplus.keys:  # otherwise nothing goes to members
        yield _way(law, "money", "measures", [_put_in(), _sealed(), _decided(law), _shared(law)])


def _ways_of_the_result(law: Statute) -> Iterator[Way]:
    """The year's result, moved beyond what two may enter in a month. Nothing comes of it before an
    assembly has approved the accounts."""
    yield _way(law, "result", "journal", [_decided(law), _two_keepers()])
    yield _way(law, "result", "income", [_overseen(), _accounts(law)])
    yield _way(law, "result", "contribution", [_brought(), _accounts(law)])


def _ways_of_seats_and_rights(law: Statute) -> Iterator[Way]:
    yield _way(law, "seat", "false-decision-seat", [_decided(law)])
    yield _way(law, "seat", "resignation-on-paper", [_on_paper(law, undo=True)])
    yield _way(law, "right", "false-decision-right", [_decided(law)])
    yield _way(law, "right", "leaving-on-paper", [_on_paper(law, undo=True)])


class Part(NamedTuple):
    """What several ways have in common: signatures, those apart, days, who can stop it."""

    hands: tuple[Hand, ...]
    apart: tuple[tuple[str, str], ...] = ()
    days: int = 0
    brake: str = ""


def _way(law: Statute, what: What, how: str, parts: Sequence[Part]) -> Way:
    """The parts one after the other; the last brake is the one that is left to members."""
    hands = tuple(dict.fromkeys(hand for part in parts for hand in part.hands))
    apart = frozenset(frozenset(pair) for part in parts for pair in part.apart)
    brakes = [part.brake for part in parts if part.brake]
    return Way(what, how, hands, apart, sum(part.days for part in parts), brakes[-1])


def _days(hours: int) -> int:
    """Whole days that have passed for certain after so many hours."""
    return hours // HOURS


def _decided(law: Statute) -> Part:
    """An assembly that is called, and then held, counted and closed by a few: a sheet of people who
    never came, from which those who tell by their office are left out, and hands that nobody
    raised."""
    tellers = tuple(f"teller {n}" for n in range(1, law.assembly.tellers + 1))
    hands = (
        Hand("caller", ("call-assembly",)),
        Hand("chair", ("preside", "record-paper")),
        Hand("enters arrivals", ("tell", "record-paper")),
        Hand("signs the sheet", outside="record-paper"),
        *(Hand(teller) for teller in tellers),
    )
    apart = [("chair", teller) for teller in tellers]
    apart += [(one, other) for one in tellers for other in tellers if one < other]
    apart.append(("enters arrivals", "signs the sheet"))
    days = law.assembly.notice_days + _days(law.decisions.challenge_hours)
    return Part(hands, tuple(apart), days, "challenge")


def _voted_on_paper(law: Statute) -> Part:
    """A roll call answered from papers that nobody wrote."""
    papers = _on_paper(law)
    caller = Hand("caller", ("call-assembly",))
    chair = Hand("chair", ("preside", "record-paper"))
    days = law.assembly.notice_days + _days(law.decisions.challenge_hours)
    return Part((caller, chair, *papers.hands), papers.apart, days, "challenge")


def _paid(law: Statute) -> Part:
    """A payment under an authorisation that names no payee, to whom the members did not mean."""
    approvers = tuple(f"approver {n}" for n in range(1, law.treasury.signatures + 1))
    hands = (
        Hand("asks", ("request-payment",)),
        *(Hand(approver, ("approve-payment",)) for approver in approvers),
        Hand("pays", ("keep-accounts",)),
    )
    apart = [("asks", approver) for approver in approvers]
    apart += [(one, other) for one in approvers for other in approvers if one < other]
    return Part(hands, tuple(apart), _days(law.treasury.objection_hours), "objection")


def _objection(law: Statute) -> Part:
    return Part((), (), _days(law.treasury.objection_hours), "objection")


def _on_paper(law: Statute, undo: bool = False) -> Part:
    """An act that decides, pays or ends something, entered from a false paper."""
    witnesses = tuple(f"witness {n}" for n in range(1, law.paper.deciding_keys + 1))
    hands = (
        Hand("secretary", ("record-paper",)),
        Hand(witnesses[0], outside="record-paper", office=True),
        *(Hand(witness, outside="record-paper") for witness in witnesses[1:]),
    )
    apart = [("secretary", witness) for witness in witnesses]
    apart += [(one, other) for one in witnesses for other in witnesses if one < other]
    return Part(hands, tuple(apart), law.paper.undo_days if undo else 0, "undo" if undo else "")


def _enrolled(law: Statute) -> Part:
    """A key asked for in the name of somebody who did not ask."""
    sponsors = tuple(f"sponsor {n}" for n in range(1, law.members.key_sponsors + 1))
    hands = (
        Hand(sponsors[0], ("keep-register",)),
        Hand(sponsors[1], outside="keep-register", office=True),
        *(Hand(sponsor) for sponsor in sponsors[2:]),
    )
    apart = [(one, other) for one in sponsors for other in sponsors if one < other]
    return Part(hands, tuple(apart), law.members.key_waiting_days, "revocation")


def _two_keepers() -> Part:
    """What the keeper of accounts does with somebody who may approve payments."""
    hands = (Hand("keeps the accounts", ("keep-accounts",)), Hand("signs", ("approve-payment",)))
    return Part(hands, (("keeps the accounts", "signs"),))


def _overseen() -> Part:
    """What these two do with one who oversees: an entry made smaller as if it had been a mistake,
    income beyond what two may enter, the seal and with it what everyone put in."""
    keepers = _two_keepers()
    overseer = Hand("oversees", ("oversee",))
    apart = (*keepers.apart, ("keeps the accounts", "oversees"), ("signs", "oversees"))
    return Part((*keepers.hands, overseer), apart)


def _brought() -> Part:
    """A sale booked as the contribution of a member, who says that they brought it."""
    keepers = _two_keepers()
    apart = (*keepers.apart, ("keeps the accounts", "brings"), ("signs", "brings"))
    return Part((*keepers.hands, Hand("brings")), apart)


def _accounts(law: Statute) -> Part:
    """An assembly approves the accounts before anything comes of the result."""
    days = law.assembly.notice_days + _days(law.decisions.challenge_hours)
    return Part((), (), days, "accounts")


def _put_in() -> Part:
    """Deliveries that never came, at the price and up to the quantity of a day that the members
    once decided; both could only be raised by the decision that this way takes anyhow."""
    hands = (Hand("delivers"), Hand("receives", office=True))
    return Part(hands, (("delivers", "receives"),))


def _sealed() -> Part:
    """Those who sign the seal, and with it what everyone put in."""
    return _overseen()


def _shared(law: Statute) -> Part:
    """The sharing is voted once the approval of the accounts has come into force: in an assembly of
    its own, which can be called meanwhile, but not held."""
    return Part((), (), _days(law.decisions.challenge_hours), "challenge")


# --- how few ------------------------------------------------------------------------------------


def _path(law: Statute, way: Way, people: Sequence[Offices]) -> Path:
    order = [office.id for office in law.offices]
    held = sorted({office for person in people for office in person}, key=order.index)
    named = tuple(tuple(sorted(person, key=order.index)) for person in people)
    return Path(way.what, way.how, named, tuple(held), way.days, way.brake)


def fewest(law: Statute, way: Way) -> list[Offices]:
    """The fewest people who can give all the signatures of a way, and of these sets one with the
    fewest offices: for each person the offices they hold for it. Empty where nobody could, because
    no office has a power that it takes."""
    for most in range(1, len(way.hands) + 1):
        best: list[Offices] = []
        for groups in _groupings(way, most):
            for people in product(*(_least_offices(law, tuple(group)) for group in groups)):
                if not best or len(_all(people)) < len(_all(best)):
                    best = list(people)
        if best:
            return best
    return []


def _all(people: Sequence[Offices]) -> Offices:
    return frozenset().union(*people)


def _groupings(way: Way, most: int) -> Iterator[list[list[Hand]]]:
    """Every way of laying the hands into so many people at most: nobody has two that are apart."""

    def lay(rest: Sequence[Hand], groups: list[list[Hand]]) -> Iterator[list[list[Hand]]]:
        if not rest:
            yield [list(group) for group in groups]
            return
        hand, *others = rest
        for group in groups:
            if all(frozenset((hand.name, mine.name)) not in way.apart for mine in group):
                group.append(hand)
                yield from lay(others, groups)
                group.pop()
        if len(groups) < most:
            groups.append([hand])
            yield from lay(others, groups)
            groups.pop()

    return lay(way.hands, [])


def _least_offices(law: Statute, hands: tuple[Hand, ...]) -> list[Offices]:
    """The sets of offices by which one person can give all these signatures; none where nobody
    can."""
    needs = [_offices_for(law, hand) for hand in hands]
    chosen = dict.fromkeys(frozenset(o for o in each if o) for each in product(*needs))
    return [held for held in chosen if _may_hold(law, held) and _all_outside(law, held, hands)]


def _offices_for(law: Statute, hand: Hand) -> list[str]:
    """The offices that let a person give a signature; "" where none is needed."""
    if hand.powers:
        return [o.id for o in law.offices if set(hand.powers) & set(o.powers)]
    return [o.id for o in law.offices] if hand.office else [""]


def _may_hold(law: Statute, held: Offices) -> bool:
    """Whether one person may hold these offices together."""
    return all(not set(office.incompatible) & held for office in law.offices if office.id in held)


def _all_outside(law: Statute, held: Offices, hands: Sequence[Hand]) -> bool:
    powers = {power for office in law.offices if office.id in held for power in office.powers}
    return all(not hand.outside or hand.outside not in powers for hand in hands)
