"""A body as its record shows it, entry by entry: who is on the roll, who holds which office, what
was called, voted, decided, committed and moved. Only what was proven enters here, so an act that
rests on an unproven one is itself unproven.

Times are UTC seconds, dates "YYYY-MM-DD", amounts whole numbers of the smallest unit, debit
positive.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from comuna.audit.law import Law, Office
from comuna.audit.names import folded, member_in

DAY = 86_400


@dataclass(slots=True)
class Person:
    """Somebody on the roll, by number. A founder votes from the first day."""

    kind: str
    votes_from: int
    founder: bool = False
    admitted: int | None = None
    leaving: dict[int, int] = field(default_factory=dict)  # entry → when they are gone by it
    charges: dict[int, int] = field(default_factory=dict)  # entry of the charge → when
    body: str = ""
    formerly: int = 0  # the number they had before

    @property
    def ended(self) -> int | None:
        """When they left or will have; None where no entry says so."""
        return min(self.leaving.values(), default=None)

    def belongs(self, when: int) -> bool:
        return self.admitted is not None and not self.gone(when)

    def gone(self, when: int) -> bool:
        return bool(self.leaving) and min(self.leaving.values()) <= when


@dataclass(slots=True)
class Claim:
    """What a member said of themselves: that somebody is their kin, or that they have a part in a
    party (folded, of degree 0)."""

    about: int | str
    degree: int
    withdrawn: int | None = None
    confirmed: int = 0  # the entry by which oversight confirmed it


@dataclass(slots=True)
class Key:
    """A public key and the time for which it counts."""

    member: int
    public: bytes
    since: int
    until: int | None = None
    revoked: dict[int, int] = field(default_factory=dict)  # entry → when it counts no longer

    def counts(self, at: int) -> bool:
        return self.since <= at and (self.until is None or at < self.until)

    @property
    def stopped(self) -> bool:
        """Whether it was revoked before it began."""
        return any(at <= self.since for at in self.revoked.values())


@dataclass(slots=True)
class Mandate:
    """An office in somebody's hands, from one moment to another."""

    office: str
    member: int
    alternate: bool
    since: int
    until: int
    powers: tuple[str, ...]
    given_up: dict[int, int] = field(default_factory=dict)  # entry → when it is over by it

    def counts(self, when: int) -> bool:
        return self.since <= when < min(self.until, *self.given_up.values(), self.until)


@dataclass(slots=True)
class Ending:
    """What somebody entered from paper in a member's name, and the member can undo until `due`."""

    member: int
    due: int
    undo: Callable[[], object]


@dataclass(slots=True)
class Petition:
    office: str
    member: int
    at: int
    supporters: set[int]
    reached_at: int | None = None
    heard: bool = False
    decided: bool = False


@dataclass(slots=True)
class Assembly:
    """A meeting. `clock` is the last moment recorded of it."""

    starts_at: int
    agenda: tuple[int, ...]  # the proposal of each item; 0: none is decided there
    called: int  # when the call was recorded
    caller: int
    clock: int
    item: int = -1  # the one last taken up
    told: int = 0  # whom a notice with evidence reached
    sent_out: set[int] = field(default_factory=set)  # not by their own hand
    present: set[int] = field(default_factory=set)
    attended: set[int] = field(default_factory=set)
    failed: dict[int, int] = field(default_factory=dict)  # call → when it found too few
    call: int = 0
    opened: bool = False
    adjourned_until: int | None = None
    closed: bool = False
    ballot: int = 0  # the vote now open
    minutes: bool = False
    minutes_approved: bool = False


@dataclass(slots=True)
class Ballot:
    """A vote on one proposal: who may vote is fixed when it opens, and `base`, how many voters were
    there with those who are kept `out` of this vote."""

    assembly: int
    proposal: int
    digest: str
    method: str
    entitled: frozenset[int]
    roll: int
    law: Law  # under which it was opened
    base: int
    out: frozenset[int]
    openers: frozenset[int]  # whoever opened it, and all who signed with them
    closes: int  # the hour fixed for closing; 0: none
    recorded: int
    head: str  # the book's root that the opening names
    margin: int = 0  # by how many more yes than no carried it
    cast: dict[int, str] = field(default_factory=dict)
    marked: dict[int, dict[str, int]] = field(default_factory=dict)  # among options


@dataclass(slots=True)
class Decision:
    """A proposal and what became of it. `question` is the act whose text and effects it has now."""

    proposer: int
    question: dict[str, Any]
    digest: str
    matters: frozenset[str]
    amends: int
    withdrawn: dict[int, int] = field(default_factory=dict)  # entry → when it is taken back
    voting: bool = False
    decided_at: int | None = None
    adopted: bool = False
    tie: bool = False
    recorded: int = 0  # when its end came into the book
    votes: int = 0  # entry of the ballot
    left: frozenset[str] = frozenset()  # the options of a second round
    widened: int = 0  # entry by which an amendment took it beyond what was called
    chosen: list[dict[str, Any]] = field(default_factory=list)  # effects of the options chosen
    enacted_at: int | None = None
    challengers: set[int] = field(default_factory=set)
    suspended: bool = False
    repealed: bool = False
    reported: bool = False
    accepted: bool = False

    @property
    def effects(self) -> list[dict[str, Any]]:
        """What it does: of a contest, what the options chosen do."""
        return self.chosen or list(self.question.get("effects", ()))

    @property
    def among(self) -> bool:
        """Whether it is voted among options; an amendment never is, it is voted yes or no."""
        return "contest" in self.question and not self.amends

    @property
    def between_rounds(self) -> bool:
        """Whether its options were voted on before: they do not change then."""
        return "contest" in self.question and self.decided_at is not None

    @property
    def options(self) -> list[dict[str, Any]]:
        return list(self.question.get("contest", {}).get("options", ()))

    @property
    def possible(self) -> list[dict[str, Any]]:
        """Whatever it may do, whichever options are chosen."""
        return [*self.effects, *(e for option in self.options for e in option.get("effects", ()))]

    def open(self, when: int) -> bool:
        """Whether it can still be voted."""
        taken_back = any(at <= when for at in self.withdrawn.values())
        return (self.decided_at is None or self.tie) and not taken_back


@dataclass(slots=True)
class Authorisation:
    """Room to pay, opened by an enacted decision."""

    decision: int
    fund: str
    line: str
    limit: int
    since: str
    until: str
    payee: str
    each: int
    predecessor: int
    spent: int = 0
    pending: int = 0
    revoked: bool = False
    stopped: set[str] = field(default_factory=set)  # payees of payments that members stopped


@dataclass(slots=True)
class Allowance:
    """An entry that a decision allows: from which account to which, how much, until when, with
    whom. `left` of it is not entered yet."""

    decision: int
    debit: str
    credit: str
    until: str
    with_whom: str
    left: int
    revoked: bool = False


@dataclass(slots=True)
class Request:
    """A payment asked for, with the approvals given to it. `hands` are all whose keys signed it."""

    authorisation: str
    requester: int
    payee: str
    amount: int
    account: str
    money: str
    asked_on: str
    hands: set[int]
    document: str = ""
    paid: int = 0
    approvals: dict[int, tuple[str, int]] = field(default_factory=dict)  # (date, when recorded)
    released: bool = False
    objectors: set[int] = field(default_factory=set)
    stopped: bool = False

    @property
    def open_amount(self) -> int:
        return 0 if self.released else self.amount - self.paid


@dataclass(slots=True)
class Announcement:
    """That an entry by which money came in is wrong, and when it was said."""

    movement: int
    at: int
    objectors: set[int] = field(default_factory=set)
    stopped: bool = False


@dataclass(slots=True)
class Movement:
    """Lines of a movement that sum to zero. `sealing`: only a decision could undo it."""

    date: str
    lines: list[tuple[str, int]]
    request: int = 0
    sealing: bool = False
    reversed: bool = False
    receipt: str = ""
    at: int = 0  # when it was recorded
    party: str = ""
    announced: Announcement | None = None
    asset: str = ""
    allowed: str = ""  # by which allowance it was entered
    alone: str = ""  # two entered it, within what they may: "entry", or "income"


@dataclass(slots=True)
class Grant:
    amount: int
    since: str
    until: str
    received: int = 0


@dataclass(slots=True)
class Asset:
    """A thing, the decision by which it leaves, the buyer and the price of it that came in."""

    category: str
    disposal: int = 0
    buyer: str = ""
    price: int = 0
    received: int = 0
    gone: bool = False


@dataclass(slots=True)
class Period:
    """A sealed period. `results` are those that statutes share differently, and the tax."""

    since: str
    until: str
    surplus: int
    results: dict[str, int]
    put_in: dict[int, dict[str, int]]  # member → measure, at its end
    funds: dict[str, int]
    losses: int
    approved: bool = False
    allocated: bool = False


class Price(NamedTuple):
    """What is given for so much of a product, and how much of it a member brings in a day."""

    price: int
    per: int
    most: int


@dataclass(slots=True)
class Delivered:
    """A delivery, as it stands now."""

    date: str
    member: int
    product: str
    measure: str
    quantity: int
    value: int


@dataclass(slots=True)
class Body:
    """Everything proven so far of one body."""

    id: str = ""
    head: int = 0
    now: int = 0  # when the entry before was recorded
    latest: int = 0  # the last hour in the book, also where it was set back since
    asleep: frozenset[int] | None = None  # the roll when the statute's silence had passed
    silences: list[tuple[int, int, frozenset[int] | None]] = field(
        default_factory=list
    )  # long ones: (the entry before, the entry after, asleep before it)
    where: dict[int, int] = field(default_factory=dict)  # member → the assembly they are in
    laws: list[tuple[int, Law]] = field(default_factory=list)
    people: dict[int, Person] = field(default_factory=dict)
    rejoined: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    claims: dict[int, list[Claim]] = field(default_factory=lambda: defaultdict(list))
    claimed: dict[int | str, set[int]] = field(default_factory=lambda: defaultdict(set))
    keys: dict[str, Key] = field(default_factory=dict)
    mandates: dict[int, list[Mandate]] = field(default_factory=lambda: defaultdict(list))
    endings: dict[int, Ending] = field(default_factory=dict)  # from paper, by entry
    petitions: dict[int, Petition] = field(default_factory=dict)
    barred: dict[tuple[int, str], int] = field(default_factory=dict)
    assemblies: dict[int, Assembly] = field(default_factory=dict)
    closings: list[tuple[int, int]] = field(default_factory=list)  # (recorded, entry)
    ballots: dict[int, Ballot] = field(default_factory=dict)
    decisions: dict[int, Decision] = field(default_factory=dict)
    authorisations: dict[str, Authorisation] = field(default_factory=dict)
    requests: dict[int, Request] = field(default_factory=dict)
    movements: dict[int, Movement] = field(default_factory=dict)
    announcements: dict[int, Announcement] = field(default_factory=dict)
    receipts: set[str] = field(default_factory=set)
    documents: dict[str, int] = field(default_factory=dict)  # invoice → request
    balances: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    results: dict[str, dict[str, int]] = field(default_factory=dict)  # month → account → amount
    listed: set[str] = field(default_factory=set)
    grants: dict[str, Grant] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    identities: set[str] = field(default_factory=set)  # names and titles of things, ever
    moved: dict[str, dict[str, int]] = field(default_factory=dict)  # month → funds and capital
    allowances: dict[str, Allowance] = field(default_factory=dict)
    held: int = 0  # own funds, loans, and what was given for a purpose
    earned: dict[str, int] = field(default_factory=dict)  # month → income
    alone: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """Month → what two entered on their own that moves no money."""
    sales: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    """(month, payer) → income that two entered on their own; of all payers under ""."""
    budget: dict[str, int] = field(default_factory=dict)
    budget_since: str = ""
    budget_until: str = ""
    periods: dict[int, Period] = field(default_factory=dict)
    work: dict[str, dict[int, dict[str, int]]] = field(default_factory=dict)  # month → member
    entered: dict[int, tuple[str, dict[int, int]]] = field(default_factory=dict)
    """The hours of an entry: (date, member → minutes)."""
    delivered: dict[int, Delivered] = field(default_factory=dict)  # by entry
    brought: dict[tuple[str, int, str, str], int] = field(default_factory=lambda: defaultdict(int))
    """(date, member, product, measure) → quantity."""
    prices: dict[tuple[str, int], dict[tuple[str, str], Price]] = field(default_factory=dict)
    """(first day, decision) → (product, measure) → what was decided."""
    days: dict[tuple[str, int], int] = field(default_factory=dict)  # (date, member) → minutes
    watermark: str = ""
    complaints: dict[int, tuple[int, str]] = field(default_factory=dict)  # open: (by, about)
    payments: int = 0  # proven payments

    @property
    def law(self) -> Law:
        """The law in force."""
        return self.laws[-1][1]

    def law_on(self, when: int) -> Law:
        """The law of that moment."""
        return next((law for since, law in reversed(self.laws) if since <= when), self.laws[0][1])

    def last_closing(self, when: int) -> int:
        """The entry that closed the last assembly held, recorded by that moment; 0: none was."""
        return max((number for at, number in self.closings if at <= when), default=0)

    def votes(self, member: int, when: int) -> bool:
        """Whether this member may vote at that moment."""
        person = self.people.get(member)
        if person is None or not person.belongs(when) or person.votes_from > when:
            return False
        law = self.law
        waited = (person.admitted or 0) + law.vote_after_days * DAY <= when
        return law.kinds.get(person.kind, (False,))[0] and (person.founder or waited)

    def roll(self, when: int) -> frozenset[int]:
        """All who may vote at that moment."""
        return frozenset(n for n in self.people if self.votes(n, when))

    def in_office(self, office: str, when: int, alternate: bool = False) -> list[Mandate]:
        """The mandates of principals (or alternates) of an office that count at that moment."""
        return [
            m
            for held in self.mandates.values()
            for m in held
            if m.office == office and m.alternate == alternate and m.counts(when)
        ]

    def holds(self, member: int, power: str, when: int, recused: Set[int] = frozenset()) -> bool:
        """Whether a mandate gives this power. An alternate's does only while they stand in for a
        principal who is missing, or recused because the case is their own."""
        return any(
            power in m.powers
            and m.counts(when)
            and (not m.alternate or member in self.standing_in(m.office, when, recused))
            for m in self.mandates.get(member, ())
        )

    def standing_in(self, office: str, when: int, recused: Set[int]) -> list[int]:
        """The alternates who act, longest in office first: one for each seat nobody fills."""
        law = self.law.offices.get(office)
        acting = [m for m in self.in_office(office, when) if m.member not in recused]
        empty = max(0, law.seats - len(acting)) if law else 0
        waiting = [m for m in self.in_office(office, when, True) if m.member not in recused]
        return [m.member for m in sorted(waiting, key=lambda m: (m.since, m.member))][:empty]

    def enters_paper(self, member: int, when: int) -> bool:
        """Whether this member is of an office that enters paper, even as an alternate."""
        mine = self.mandates.get(member, ())
        return any("record-paper" in m.powers and m.counts(when) for m in mine)

    def offices_of(self, member: int, when: int) -> list[str]:
        return [m.office for m in self.mandates.get(member, ()) if m.counts(when)]

    def entitled_to_tell(self, ballot: Ballot, when: int) -> tuple[set[int], set[int]]:
        """Who may say how a vote ended: those there who did not open it and are not kept out of it;
        and those of them whose office it is."""
        there = self.assemblies[ballot.assembly].present - ballot.out - ballot.openers
        return there, {m for m in there if m in self.mandates and self.holds(m, "tell", when)}

    def office(self, name: str) -> Office | None:
        return self.law.offices.get(name)

    def same_person(self, number: int) -> set[int]:
        """The numbers of one person: each who joined again named the number they had."""
        same, grown = {number}, bool(self.rejoined)
        while grown:
            before = {self.people[n].formerly for n in same if n in self.people} - {0}
            after = {n for one in same for n in self.rejoined.get(one, ())}
            grown = not before | after <= same
            same |= before | after
        return same

    def _binding(self, author: int, about: int | str) -> Iterator[Claim]:
        """What this member declared of that one or of that party and that still counts: also for
        the law's days after they took it back."""
        days = self.law.bars_after_days
        for claim in self.claims.get(author, ()):
            gone = claim.withdrawn is not None and self.now >= claim.withdrawn + days * DAY
            if claim.about == about and not gone:
                yield claim

    def kinship(self, bound: int, other: int, call: int = 0) -> int | None:
        """The degree of kinship to the other that counts against this member: of their own saying,
        or of the other's where oversight confirmed it (before the call, where one is given)."""
        pairs = [(a, b) for a in self.same_person(bound) for b in self.same_person(other)]
        own = [claim.degree for a, b in pairs for claim in self._binding(a, b)]
        theirs = [
            claim.degree
            for a, b in pairs
            for claim in self._binding(b, a)
            if claim.confirmed and (not call or claim.confirmed < call)
        ]
        return min([*own, *theirs], default=None)

    def concerned(self, payee: str, call: int = 0, most: int = 99) -> set[int]:
        """Whose own case a payment is: the payee, their kin, and who declared an interest. Of what
        oversight confirmed, only what it had confirmed before the call counts, if one is given; of
        kin, those up to `most` degrees."""
        name, member = folded(payee), member_in(payee)
        bar = min(most, self.law.payee_kinship)
        found = {n for n in self.claimed.get(name, ()) if list(self._binding(n, name))}
        if member is not None:
            payees = self.same_person(member)
            said = (c.about for n in payees for c in self.claims.get(n, ()))
            near = {about for about in said if isinstance(about, int)}
            near = near.union(*(self.claimed.get(n, ()) for n in payees))
            for one in near:
                degree = self.kinship(one, member, call)
                if degree is not None and degree <= bar:
                    found.add(one)
            found |= payees
        return {n for one in found for n in self.same_person(one)}

    def party_to(self, member: int, name: str) -> bool:
        """Whether whatever names this party is the member's own case: they are it, their kin is, or
        they declared an interest in it."""
        mine = self.same_person(member)
        if any(any(self._binding(n, folded(name))) for n in mine):
            return True
        other = member_in(name)
        degree = None if other is None else self.kinship(member, other)
        return other in mine or (degree is not None and degree <= self.law.payee_kinship)

    def kin_in(self, member: int, office: str, bar: int, when: int) -> Iterator[int]:
        """Holders of an office who are kin of a member up to this degree."""
        for mandate in self.in_office(office, when):
            degree = self.kinship(member, mandate.member)
            if degree is not None and degree <= bar:
                yield mandate.member
