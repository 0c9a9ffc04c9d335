"""What the rules need to know of a body to judge its next act, and nothing more.

Only `Fact.apply` changes a State. It holds numbers and commitments, never names. Times are UTC
seconds, dates are "YYYY-MM-DD", money is in smallest units, debit positive.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from comuna.rules.names import folded, member_in
from comuna.rules.statute import Account, Form, Statute

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comuna.rules.contest import Contest
    from comuna.rules.effects import AnyEffect

DAY = 86_400


@dataclass(slots=True)
class Key:
    """A member's public key and the time for which it counts: until it is revoked, or the next one
    begins."""

    member: int
    public: str
    since: int
    until: int | None = None
    revoked_at: int | None = None

    def in_force(self, when: int) -> bool:
        return self.since <= when and (self.until is None or when < self.until)

    @property
    def stopped(self) -> bool:
        """Whether it was revoked before it ever began."""
        return self.revoked_at is not None and self.revoked_at <= self.since


@dataclass(slots=True)
class Tie:
    """A kinship (`degree` to the `other` member) or an interest (in a `party`) that a member
    declared. It binds them at once; the other only once those who oversee have confirmed it."""

    number: int  # of the declaration
    since: int
    other: int = 0
    degree: int = 0
    party: str = ""
    until: int | None = None  # when a later declaration left it out
    confirmed: int = 0  # number of the confirmation

    @property
    def said(self) -> tuple[int, int, str]:
        """What was declared, whenever it was."""
        return self.other, self.degree, self.party


@dataclass(slots=True)
class Person:
    """A person or body on the roll, by number."""

    number: int
    kind: str
    commitment: str
    votes_from: int  # the day the voting age is reached
    applied_at: int
    admitted_at: int | None = None
    ended_at: int | None = None
    household: int = 0
    body: str = ""
    formerly: int = 0  # the number they had before
    ties: list[Tie] = field(default_factory=list)  # of every declaration, withdrawn ones too
    declared_at: int = 0
    charges: dict[int, int] = field(default_factory=dict)  # number of the charge → when

    def member_at(self, when: int) -> bool:
        """Whether they belong at that moment. Whoever leaves by a paper still does until it takes
        effect."""
        return self.admitted_at is not None and (self.ended_at is None or when < self.ended_at)

    @property
    def declared(self) -> list[Tie]:
        """The ties of the last declaration."""
        return [tie for tie in self.ties if tie.until is None]

    @property
    def kin(self) -> dict[int, int]:
        """The kin they declare, with the degree."""
        return {tie.other: tie.degree for tie in self.declared if tie.other}

    @property
    def charge(self) -> int | None:
        """The last written charge, if there is one."""
        return max(self.charges, default=None)


@dataclass(slots=True)
class Mandate:
    """An office held by a person, from a decision, until its term, a recall or a resignation."""

    office: str
    member: int
    alternate: bool
    since: int
    until: int
    decision: int
    powers: tuple[str, ...]
    ended_at: int | None = None

    def in_force(self, when: int) -> bool:
        return self.since <= when < (self.until if self.ended_at is None else self.ended_at)


@dataclass(slots=True)
class Ending:
    """What was entered from paper as ending in a member's name, and can be undone until `due`:
    "leave", "resign" (`what` is the office), "revoke-key" (the key) or "withdraw" (the proposal).
    It ends at `ends_at`: when it is due, but for a key that had not begun, which never begins."""

    number: int
    member: int
    kind: str
    what: str
    at: int
    ends_at: int
    due: int


@dataclass(slots=True)
class Petition:
    """A petition to recall a holder of an office."""

    number: int
    office: str
    member: int
    at: int
    supporters: set[int] = field(default_factory=set)
    reached_at: int | None = None
    heard_at: int | None = None
    decided: int | None = None


@dataclass(slots=True)
class Item:
    """A line of the agenda; `proposal` is 0 where nothing is decided."""

    title: str
    purpose: str
    proposal: int = 0
    taken_at: int | None = None


@dataclass(slots=True)
class Assembly:
    """A meeting of the members, from its call to its minutes."""

    number: int
    called_at: int
    starts_at: int
    agenda: list[Item]
    called_by: int = 0
    clock: int = 0  # the last moment recorded of it: acts of a meeting do not go back in time
    reached: int = 0  # by a notice of which there is evidence
    failed_calls: dict[int, int] = field(default_factory=dict)
    call: int = 0
    opened_at: int | None = None
    adjourned_until: int | None = None
    closed_at: int | None = None
    present: set[int] = field(default_factory=set)
    attended: set[int] = field(default_factory=set)
    sent_out: set[int] = field(default_factory=set)  # by others, or by an adjournment
    turns: list[int] = field(default_factory=list)
    taken: int | None = None  # the item last taken up
    vote: int | None = None  # the vote now open
    minutes: int | None = None
    minutes_approved: bool = False


@dataclass(slots=True)
class Ballot:
    """An open or closed vote on one proposal. Its base is fixed when it opens: `present` is how
    many voters were there, those `barred` from this vote among them. Whoever others had sent out
    and comes back joins it."""

    number: int
    assembly: int
    proposal: int
    digest: str
    method: str
    present: int
    roll: int
    entitled: frozenset[int]
    at: int
    law: Statute  # under which it was opened: what is voted by does not change meanwhile
    opened_by: frozenset[int]  # who opened it and all who signed with them
    barred: frozenset[int]  # members who do not vote here, nor tell the count
    closes_at: int  # the hour fixed at the opening, from which it may be closed; 0: none
    recorded_at: int
    head: str  # the root of the book that whoever opened it saw: part of the seed of its lots
    cast: dict[int, str] = field(default_factory=dict)
    marked: dict[int, Mapping[str, int]] = field(default_factory=dict)  # in a contest
    reasons: dict[int, str] = field(default_factory=dict)  # of those who gave one with their vote


@dataclass(slots=True)
class Outcome:
    """How a vote ended."""

    vote: int
    at: int
    adopted: bool
    tie: bool
    yes: int
    no: int
    abstain: int
    blank: int
    present: int
    roll: int
    statute_version: int
    winners: tuple[str, ...] = ()  # of a contest
    few: bool = False  # fewer took part than the statute asks for: nothing was decided
    recorded: int = 0  # when the book knew of it: from then on it can be challenged

    @property
    def again(self) -> bool:
        """Whether it is to be voted again."""
        return self.tie or self.few


@dataclass(slots=True)
class Proposal:
    """A proposal and, once voted, the decision it became. Its identity is `digest`."""

    number: int
    proposer: int
    title: str
    text: str
    effects: tuple[AnyEffect, ...]
    digest: str
    matters: frozenset[str]
    at: int
    amends: int = 0
    responsible: str = ""
    due: str = ""
    contest: Contest | None = None  # options to choose from; `effects` are those of the chosen
    standing: frozenset[str] = frozenset()  # the options left for another round; empty: all
    assembly: int = 0  # the last agenda it stood on
    voting: bool = False
    outcome: Outcome | None = None
    enacted_at: int | None = None
    challengers: set[int] = field(default_factory=set)
    suspended_at: int | None = None
    repealed_by: int = 0
    reported_at: int | None = None
    accepted: bool | None = None
    withdrawn_at: int | None = None
    widened: int = 0  # the entry by which it came to ask for more than was called

    @property
    def choice(self) -> Contest | None:
        """The options that are voted among. An amendment is voted yes or no, whatever it would put
        in the place of what it amends."""
        return None if self.amends else self.contest

    def withdrawn_by(self, when: int) -> bool:
        """Whether its proposer had taken it back by that moment."""
        return self.withdrawn_at is not None and self.withdrawn_at <= when

    def undecided(self, when: int) -> bool:
        """Whether it can still be put to the vote, for the first time or again after a tie or
        after too few took part."""
        return not self.withdrawn_by(when) and (self.outcome is None or self.outcome.again)


@dataclass(slots=True)
class Authorisation:
    """Room to pay, opened by a decision. `number` is the number of its enactment's decision; a
    decision with several has an index. Amounts: limit, spent (posted), pending (committed)."""

    number: str
    decision: int
    purpose: str
    fund: str
    line: str
    limit: int
    unit: str
    since: str
    until: str
    payee: str
    each: int
    predecessor: int
    spent: int = 0
    pending: int = 0
    revoked: bool = False
    halted: set[str] = field(default_factory=set)  # payees whose payment members stopped

    @property
    def room(self) -> int:
        return self.limit - self.spent - self.pending

    def engaged(self, today: str) -> int:
        """What it takes up of a grant or a budget: its limit while it can be drawn on, afterwards
        only what was drawn (a payment made in the window may still be entered later)."""
        if self.revoked:
            return self.spent
        return self.limit if today <= self.until else self.spent + self.pending


@dataclass(slots=True)
class Permission:
    """An entry that moves the result, or a loan, which a decision allows: `used` of it so far."""

    number: str
    decision: int
    debit: str
    credit: str
    amount: int
    until: str
    payee: str
    used: int = 0
    revoked: bool = False


@dataclass(slots=True)
class Commitment:
    """A payment request: room held until it is paid, in parts if need be, or released."""

    number: int
    authorisation: str
    requester: int
    payee: str
    amount: int
    account: str
    money: str
    until: str
    document: str
    asked_on: str
    paid: int = 0
    approvals: dict[int, int] = field(default_factory=dict)  # member → approval's number
    approved_on: dict[int, str] = field(default_factory=dict)  # member → date
    approved_at: dict[int, int] = field(default_factory=dict)  # member → when it was recorded
    released: bool = False
    objectors: set[int] = field(default_factory=set)
    suspended: bool = False  # stopped by those who objected

    @property
    def open_amount(self) -> int:
        return 0 if self.released else self.amount - self.paid


class Movement(Struct, gc=False):
    """What is needed to reverse a posting and to refuse a second use of its receipt."""

    number: int
    date: str
    lines: tuple[tuple[str, int], ...]
    unit: str
    commitment: int = 0
    sealing: bool = False  # a transfer, a closing, an allocation, a reversal: never reversed
    reversed_by: int = 0
    at: int = 0  # when it was recorded
    party: str = ""  # who paid or was paid
    announced: int = 0  # the announcement that it is to be reversed
    asset: str = ""  # the thing of which it is the price
    permission: str = ""  # the decision under which it was entered


@dataclass(slots=True)
class Announcement:
    """What is said in the open before an entry that brought money in is reversed."""

    number: int
    movement: int
    at: int
    objectors: set[int] = field(default_factory=set)
    suspended: bool = False


@dataclass(slots=True)
class Grant:
    """Money given for a purpose; spent only on it, in its window."""

    number: str
    grantor: str
    purpose: str
    amount: int
    unit: str
    since: str
    until: str
    received: int = 0


@dataclass(slots=True)
class Asset:
    """A thing the body owns; the title is in the body's name."""

    name: str
    category: str
    title: str
    disposal: int = 0  # the decision that allows giving it away …
    buyer: str = ""  # … to whom …
    price: int = 0  # … and for how much, of which so much came in
    received: int = 0
    disposed: bool = False


@dataclass(slots=True)
class Measures:
    """What a sharing is measured by, as it stood at the end of a period: what the funds held, what
    was lost before, and what each member had put in, by measure."""

    losses: int  # balance of earlier losses, debit positive
    funds: dict[str, int]
    members: dict[int, dict[str, int]]  # "contributions", "deliveries", "hours", "wages"


@dataclass(slots=True)
class Period:
    """A closed and sealed period, its results, and the base of its distribution."""

    number: int
    since: str
    until: str
    unit: str
    results: dict[str, int]
    surplus: int
    measures: Measures
    accounts_approved: int = 0
    allocated: int = 0


class Price(NamedTuple):
    """What a product is worth: `price` for `per`, in smallest steps, and the most of it that one
    member brings in a day."""

    price: int
    per: int
    most: int


class PriceList(NamedTuple):
    """The prices that the members decided, from their first day to the day before the next list."""

    since: str
    decision: int
    prices: dict[tuple[str, str], Price]  # (product, measure) → price


class PutIn(Struct, gc=False):
    """What an entry not yet sealed says that members put in: minutes, or a quantity of a product
    (its name and measure) and its value."""

    date: str
    amounts: dict[int, int]  # member → minutes or quantity
    product: tuple[str, str] | None = None
    value: int = 0


@dataclass(slots=True)
class Complaint:
    """A complaint or a request for accounts, with the clock by which it must be answered."""

    number: int
    by: int
    about: str
    due: int
    answered: int = 0


class Leap(NamedTuple):
    """A long silence of the book between two entries (UTC seconds), and whether the body was asleep
    before it."""

    before: int
    after: int
    asleep: frozenset[int] | None


@dataclass(slots=True)
class State:
    """A body as its own law sees it after its last entry."""

    body: str = ""
    name: str = ""
    unit: str = ""
    decimals: int = 2
    head: int = 0
    now: int = 0
    statutes: list[tuple[int, Statute]] = field(default_factory=list)
    chart: dict[str, Account] = field(default_factory=dict)  # of the statute in force
    accepted: dict[str, tuple[Form, ...]] = field(
        default_factory=dict, compare=False
    )  # by kind, as asked for
    nonces: set[str] = field(default_factory=set)
    people: dict[int, Person] = field(default_factory=dict)
    related: dict[int, set[int]] = field(
        default_factory=lambda: defaultdict(set), compare=False
    )  # member → who ever declared to be their kin
    again: dict[int, set[int]] = field(
        default_factory=lambda: defaultdict(set), compare=False
    )  # number → the numbers under which that person came back
    interested: dict[str, set[int]] = field(
        default_factory=lambda: defaultdict(set), compare=False
    )  # party, folded → who ever declared an interest in it
    keys: dict[str, Key] = field(default_factory=dict)
    mandates: dict[int, list[Mandate]] = field(default_factory=lambda: defaultdict(list))
    endings: dict[int, Ending] = field(default_factory=dict)  # that were not undone
    petitions: dict[int, Petition] = field(default_factory=dict)
    barred: dict[tuple[int, str], int] = field(default_factory=dict)
    assemblies: dict[int, Assembly] = field(default_factory=dict)
    closings: list[tuple[int, int]] = field(
        default_factory=list
    )  # of assemblies held: (when recorded, number of the entry)
    where: dict[int, int] = field(default_factory=dict)  # member → assembly they are in
    asleep: frozenset[int] | None = None  # the roll as it was when the body fell asleep
    leaps: list[Leap] = field(default_factory=list)  # long silences of the book, in order
    ballots: dict[int, Ballot] = field(default_factory=dict)
    proposals: dict[int, Proposal] = field(default_factory=dict)
    balances: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    listed: dict[str, str] = field(default_factory=dict)  # money accounts by decision → holder
    results: dict[str, dict[str, int]] = field(default_factory=dict)  # month → account → amount
    funds: dict[str, dict[str, int]] = field(
        default_factory=dict
    )  # month → account of the group of funds → amount, of months not yet sealed
    entrusted: int = 0  # what the body owns, was lent and holds for a purpose
    earned: dict[str, int] = field(default_factory=dict)  # month → income dated in it
    entered: dict[str, int] = field(
        default_factory=dict
    )  # month not yet sealed → what two entered that moves no money
    received: dict[str, dict[str, int]] = field(
        default_factory=dict
    )  # month not yet sealed → payer, folded → income entered by two; "" is all together
    permissions: dict[str, Permission] = field(default_factory=dict)
    budget: dict[str, int] = field(default_factory=dict)
    budget_since: str = ""
    budget_until: str = ""
    authorisations: dict[str, Authorisation] = field(default_factory=dict)
    commitments: dict[int, Commitment] = field(default_factory=dict)
    movements: dict[int, Movement] = field(default_factory=dict)
    announcements: dict[int, Announcement] = field(default_factory=dict)
    receipts: dict[str, int] = field(default_factory=dict)
    documents: dict[str, int] = field(default_factory=dict)  # invoices, by payment asked for
    grants: dict[str, Grant] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    things: dict[str, str] = field(
        default_factory=dict
    )  # the name and the title of everything ever registered → its name
    periods: dict[int, Period] = field(default_factory=dict)
    watermark: str = ""
    work: dict[str, dict[int, dict[str, int]]] = field(
        default_factory=dict
    )  # month → member → measure
    days: dict[str, dict[int, int]] = field(default_factory=dict)  # date → member → minutes
    brought: dict[str, dict[tuple[int, str, str], int]] = field(
        default_factory=dict
    )  # date → (member, product, measure) → quantity
    prices: list[PriceList] = field(default_factory=list)  # by the day they begin
    put_in: dict[int, PutIn] = field(default_factory=dict)  # by entry, until the seal
    complaints: dict[int, Complaint] = field(default_factory=dict)

    @property
    def statute(self) -> Statute:
        """The statute in force now."""
        return self.statutes[-1][1]

    def adopt(self, at: int, statute: Statute) -> None:
        """A statute comes into force; what is looked up in it all the time is laid open."""
        self.statutes.append((at, statute))
        self.chart = {account.id: account for account in statute.treasury.accounts}
        self.accepted.clear()

    def forms(self, kind: str) -> tuple[Form, ...]:
        """The forms of authorship the statute in force accepts for acts of this kind."""
        forms = self.accepted.get(kind)
        if forms is None:
            forms = self.accepted[kind] = self.statute.forms(kind)
        return forms

    def statute_on(self, when: int) -> Statute:
        """The statute in force at that moment: a decision is judged by the law of its day."""
        for since, statute in reversed(self.statutes):
            if since <= when:
                return statute
        return self.statutes[0][1]

    def prices_on(self, date: str) -> PriceList | None:
        """The price list of that day: the last that has begun."""
        begun = bisect_right(self.prices, date, key=lambda listed: listed.since)
        return self.prices[begun - 1] if begun else None

    def last_closing(self, when: int) -> int:
        """The entry that closed the last assembly held, as the book knew it at that moment; 0
        before the first. By when it was recorded: a closing from paper came into the book late."""
        return next((number for at, number in reversed(self.closings) if at <= when), 0)

    def may_vote(self, member: int, when: int) -> bool:
        person = self.people.get(member)
        if person is None or not person.member_at(when) or person.votes_from > when:
            return False
        law = self.statute
        kind = law.member_kind(person.kind)
        waited = (person.admitted_at or 0) + law.members.vote_after_days * DAY
        # Founders are admitted by the founding itself and vote from the first day.
        return (
            kind is not None
            and kind.votes
            and (person.admitted_at == self.founded_at or waited <= when)
        )

    @property
    def founded_at(self) -> int:
        return self.statutes[0][0]

    def roll(self, when: int) -> frozenset[int]:
        """The numbers of all who may vote at that moment."""
        return frozenset(n for n in self.people if self.may_vote(n, when))

    def holds(self, member: int, power: str, when: int, recused: Set[int] = frozenset()) -> bool:
        """Whether the member has this power by a mandate in force. An alternate has it while
        principals are missing from the seats of the office, or are `recused`: it is their own case,
        or their kin's. Otherwise a single treasurer could never be paid what all are paid."""
        for mandate in self.mandates.get(member, ()):
            if power not in mandate.powers or not mandate.in_force(when):
                continue
            if not mandate.alternate or member in self.standing_in(mandate.office, when, recused):
                return True
        return False

    def offices(self, member: int, when: int) -> set[str]:
        """The offices in which the member holds a mandate, as principal or alternate."""
        return {m.office for m in self.mandates.get(member, ()) if m.in_force(when)}

    def standing_in(self, office: str, when: int, recused: Set[int] = frozenset()) -> list[int]:
        """The alternates who act for missing principals: as many as seats are empty, those longest
        in office first, and among these by number."""
        known = self.statute.office(office)
        acting = sum(holder not in recused for holder in self.holders(office, when))
        empty = known.seats - acting if known is not None else 0
        waiting = sorted(
            (m.since, m.member)
            for mandates in self.mandates.values()
            for m in mandates
            if m.office == office and m.alternate and m.in_force(when) and m.member not in recused
        )
        return [member for _, member in waiting[: max(0, empty)]]

    def holders(self, office: str, when: int) -> list[int]:
        """The principals of an office at that moment."""
        return [
            m.member
            for mandates in self.mandates.values()
            for m in mandates
            if m.office == office and not m.alternate and m.in_force(when)
        ]

    def numbers(self, member: int) -> set[int]:
        """Every number that the person with this number has or had: what is of the person (terms,
        recalls, charges, kinship) does not begin anew with a new one."""
        if member not in self.again and not (
            member in self.people and self.people[member].formerly
        ):
            return {member}
        found, asked = {member}, [member]
        while asked:
            one = asked.pop()
            before = self.people[one].formerly if one in self.people else 0
            near = self.again.get(one, set()) | ({before} if before else set())
            asked += near - found
            found |= near
        return found

    def tie(self, member: int, tie: Tie) -> None:
        """A member's declaration, found by whom or what it names."""
        self.people[member].ties.append(tie)
        if tie.other:
            self.related[tie.other].add(member)
        else:
            self.interested[folded(tie.party)].add(member)

    def lasts(self, tie: Tie) -> bool:
        """Whether a tie binds: while it is declared, and for the statute's days after."""
        days = self.statute.interests.bars_after_days
        return tie.until is None or self.now < tie.until + days * DAY

    def near(self, member: int, other: int, before: int = 0) -> int | None:
        """The degree of kinship to the other that binds this member: what they declared, and what
        the other did where oversight has confirmed it (with `before`, by an earlier act than this
        one)."""
        mine, theirs = self.numbers(member), self.numbers(other)
        degrees = [
            tie.degree
            for authors, named in ((mine, theirs), (theirs, mine))
            for author in authors
            if any(author in self.related.get(one, ()) for one in named)
            for tie in self.people[author].ties
            if tie.other in named
            and self.lasts(tie)
            and (author in mine or 0 < tie.confirmed < (before or self.head + 1))
        ]
        return min(degrees, default=None)

    def interests(self, party: str) -> set[int]:
        """Who has an interest in this party by their own declaration."""
        name = folded(party)
        declared = self.interested.get(name)
        if not declared:
            return set()
        return {
            member
            for member in declared
            if any(
                tie.party and folded(tie.party) == name and self.lasts(tie)
                for tie in self.people[member].ties
            )
        }

    def kindred(self, member: int, degree: int, before: int = 0) -> set[int]:
        """Who is bound as kin of this member up to this degree, as `near` says."""
        named = {
            other
            for one in self.numbers(member) & self.people.keys()
            for other in (
                *self.related.get(one, ()),
                *(tie.other for tie in self.people[one].ties if tie.other),
            )
        }
        found = {other: self.near(other, member, before) for other in named}
        return {other for other, near in found.items() if near is not None and near <= degree}

    def concerns(self, member: int, party: str, degree: int) -> bool:
        """Whether something that names this party ("member:12" or a supplier) is a member's own
        case, as `concerned` says of everyone."""
        mine = self.numbers(member)
        if mine & self.interests(party):
            return True
        other = member_in(party)
        near = None if other is None else self.near(member, other)
        return other in mine or (near is not None and near <= degree)

    def concerned(self, payee: str, degree: int, before: int = 0) -> set[int]:
        """Whose own case a payment is: the payee ("member:12" or a supplier), those bound as their
        kin up to this degree, and those who declared an interest in them. With `before`, without
        what oversight confirmed by that act or later."""
        people = self.interests(payee)
        member = member_in(payee)
        if member is not None:
            people |= {member} | self.kindred(member, degree, before)
        return set().union(*map(self.numbers, people)) if people else people
