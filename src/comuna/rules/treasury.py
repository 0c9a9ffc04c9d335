"""The treasury: money leaves only through an authorisation that the members decided.

Authorise → request (which commits) → approve, k of n → hours in which members may object → pay, in
parts if need be, with a receipt. Commitments follow the two-phase transfers of TigerBeetle: held,
posted in part, released, expired.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from fractions import Fraction
from math import ceil
from typing import Any, ClassVar

from comuna.rules.act import Act, Effect, Entry, Fact, Paper, enacts, judges, prepares, require
from comuna.rules.authorship import cosigners
from comuna.rules.ledger import (
    Line,
    Posted,
    check_date,
    check_money_account,
    check_not_overdrawn,
    check_receipt,
    credit,
    group,
    line,
    money_total,
    set_aside,
)
from comuna.rules.names import (
    account_of,
    authorisation,
    base,
    check_amount,
    check_not_negative,
    check_reference,
    check_window,
    day,
    folded,
    member_in,
    named_in,
    parse_payee,
    part_of,
)
from comuna.rules.office import may
from comuna.rules.state import Announcement, Authorisation, Commitment, State

GENERAL = "general"
HANDS_MIN = 2
PAYABLE = (
    *("stock", "tools", "land", "payables", "receivables", "loans"),
    *("member_accounts", "advances", "share_capital"),
)
"""Lines outside the costs that can be paid."""


class RequestPayment(Act, frozen=True, kw_only=True, tag="request-payment"):
    """Ask to pay under an authorisation; the amount is committed until paid or released. `payee` is
    "member:12" or the name of a supplier; `document` the invoice or the paper that asks for it."""

    deciding: ClassVar[bool] = True
    authorisation: str
    payee: str
    amount: int
    money: str
    text: str
    document: Paper | None = None


class ApprovePayment(Act, frozen=True, kw_only=True, tag="approve-payment"):
    """One of the k signatures."""

    deciding: ClassVar[bool] = True
    names_book: ClassVar[bool] = True
    payment: int


class ObjectPayment(Act, frozen=True, kw_only=True, tag="object-payment"):
    """A member objects to a payment that was approved, or to the announced reversal of an entry
    that brought money in, before it is made. Enough of them, or those who oversee, stop it: it can
    then only be given back, and decided anew."""

    payment: int
    reason: str


class ReleasePayment(Act, frozen=True, kw_only=True, tag="release-payment"):
    """Give back what of a commitment is not paid."""

    deciding: ClassVar[bool] = True
    payment: int
    reason: str


class Pay(Act, frozen=True, kw_only=True, tag="pay"):
    """Record that a committed payment was made, wholly or in part, with its receipt."""

    deciding: ClassVar[bool] = True
    names_book: ClassVar[bool] = True
    payment: int
    amount: int
    date: str
    receipt: Paper | None = None


# --- facts ------------------------------------------------------------------------------------


class Authorised(Fact, frozen=True):
    authorisation: str
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

    def apply(self, state: State) -> None:
        state.authorisations[self.authorisation] = Authorisation(
            self.authorisation,
            self.decision,
            self.purpose,
            self.fund,
            self.line,
            self.limit,
            self.unit,
            self.since,
            self.until,
            self.payee,
            self.each,
            self.predecessor,
        )


class Committed(Fact, frozen=True):
    payment: int
    authorisation: str
    requester: int
    payee: str
    amount: int
    account: str
    money: str
    until: str
    text: str
    document: str
    at: int
    asked_on: str

    def apply(self, state: State) -> None:
        if self.document:
            state.documents[self.document] = self.payment
        state.commitments[self.payment] = Commitment(
            self.payment,
            self.authorisation,
            self.requester,
            self.payee,
            self.amount,
            self.account,
            self.money,
            self.until,
            self.document,
            self.asked_on,
        )
        state.authorisations[self.authorisation].pending += self.amount


class PaymentApproved(Fact, frozen=True):
    payment: int
    approval: int
    by: int
    at: int
    date: str

    def apply(self, state: State) -> None:
        commitment = state.commitments[self.payment]
        commitment.approvals[self.by] = self.approval
        commitment.approved_on[self.by] = self.date
        commitment.approved_at[self.by] = self.at


class PaymentObjected(Fact, frozen=True):
    payment: int
    member: int
    at: int
    suspends: bool

    def apply(self, state: State) -> None:
        asked = state.commitments.get(self.payment)
        waiting = state.announcements[self.payment] if asked is None else asked
        waiting.objectors.add(self.member)
        waiting.suspended = waiting.suspended or self.suspends
        if asked is not None and self.suspends:
            state.authorisations[asked.authorisation].halted.add(folded(asked.payee))


class Released(Fact, frozen=True):
    payment: int
    authorisation: str
    amount: int
    by: int
    reason: str

    def apply(self, state: State) -> None:
        commitment = state.commitments[self.payment]
        commitment.released = True
        if commitment.document and not commitment.paid:
            del state.documents[commitment.document]
        state.authorisations[self.authorisation].pending -= self.amount


class Drawn(Fact, frozen=True):
    """A payment drew its authorisation down."""

    payment: int
    authorisation: str
    amount: int

    def apply(self, state: State) -> None:
        state.commitments[self.payment].paid += self.amount
        authorisation = state.authorisations[self.authorisation]
        authorisation.pending -= self.amount
        authorisation.spent += self.amount


# --- judgements -------------------------------------------------------------------------------


@judges(RequestPayment)
def request_payment(state: State, entry: Entry[RequestPayment], act: RequestPayment) -> list[Fact]:
    payee = parse_payee(act.payee)
    require(payee is None or payee in state.people, "payee_unknown", payee=act.payee)
    may(state, entry, "request-payment", concerned(state, act.payee))
    authorisation = usable(state, act.authorisation, day(entry.at))
    check_amount(act.amount)
    check_money_account(state, act.money)
    require(
        act.amount <= authorisation.room,
        "over_the_limit",
        room=authorisation.room,
        amount=act.amount,
    )
    require(
        not authorisation.each or act.amount <= authorisation.each,
        "over_the_limit_of_each",
        each=authorisation.each,
        amount=act.amount,
    )
    check_payee(state, authorisation, act.payee)
    require(
        folded(act.payee) not in authorisation.halted,
        "stopped_by_members",
        state.statute.treasury.article,
        payee=act.payee,
    )
    check_not_own_case(state, entry.by.member, act.payee)
    account = paid_account(authorisation.line, act.payee)
    pending = committed(state, authorisation.fund, day(entry.at))
    check_cover(state, authorisation, account, act.amount, pending)
    document = check_document(state, act.document)
    decided = state.proposals[authorisation.decision].enacted_at or entry.at
    return [
        Committed(
            entry.number,
            act.authorisation,
            entry.by.member,
            act.payee,
            act.amount,
            account,
            act.money,
            authorisation.until,
            act.text,
            document,
            entry.at,
            max(day(entry.when), day(decided)),
        )
    ]


def check_document(state: State, document: Paper | None) -> str:
    """The fingerprint of the invoice; one invoice is not asked for twice."""
    sha256 = check_receipt(state, document)
    asked = state.documents.get(sha256)
    require(asked is None, "document_used_already", payment=asked)
    return sha256


def usable(state: State, name: str, today: str) -> Authorisation:
    """An authorisation from a decision in force, in its window, after its predecessor."""
    authorisation = state.authorisations.get(name)
    require(authorisation is not None, "no_decision", authorisation=name)
    assert authorisation is not None
    require(not authorisation.revoked, "decision_repealed", decision=authorisation.decision)
    require(
        authorisation.since <= today <= authorisation.until,
        "outside_the_window",
        since=authorisation.since,
        until=authorisation.until,
        date=today,
    )
    if authorisation.predecessor:
        before = state.proposals.get(authorisation.predecessor)
        done = before is not None and before.accepted
        require(done, "predecessor_not_executed", decision=authorisation.predecessor)
    return authorisation


def check_payee(state: State, authorisation: Authorisation, payee: str) -> None:
    """The payee the members named, if they named one."""
    require(
        not authorisation.payee or payee == authorisation.payee,
        "other_payee",
        decided=authorisation.payee,
        payee=payee,
    )


def check_not_own_case(state: State, member: int, payee: str) -> None:
    """Who asks, approves or pays is not the payee, nor kin, nor interested in them."""
    law = state.statute.treasury
    require(member_in(payee) != member, "own_payment", law.article, member=member)
    require(
        member not in concerned(state, payee),
        "payment_to_kin",
        law.article,
        member=member,
        payee=payee,
    )


def concerned(state: State, payee: str) -> set[int]:
    """Whose own case a payment is, by the statute's degree of kinship."""
    return state.concerned(payee, state.statute.treasury.kinship_bar)


def paid_account(account: str, payee: str) -> str:
    """Where the debit goes: personal accounts are one per member."""
    if account in ("member_accounts", "advances", "share_capital"):
        member = member_in(payee)
        require(member is not None, "payee_is_no_member", payee=payee)
        assert member is not None
        return account_of(account, member)
    return account


def committed(state: State, fund: str, today: str) -> int:
    """What is committed from a fund and neither paid, released nor expired with its window."""
    return sum(
        a.pending for a in state.authorisations.values() if a.fund == fund and a.until >= today
    )


def check_cover(
    state: State, authorisation: Authorisation, account: str, amount: int, pending: int
) -> None:
    """There is enough in the fund; its money is there without touching what is set aside for
    others; and a member is owed what they are paid."""
    fund = authorisation.fund
    unspoken = money_total(state) - set_aside(state, but=fund)
    free = (unspoken if fund == GENERAL else credit(state, fund)) - pending
    require(free >= amount, "fund_too_small", fund=fund, free=free, amount=amount)
    require(unspoken >= amount, "money_is_earmarked", free=max(0, unspoken), amount=amount)
    if base(account) in ("member_accounts", "share_capital"):
        owed = credit(state, account)
        require(owed >= amount, "more_than_owed", account=account, owed=owed, amount=amount)
    if base(account) == "advances":
        law = state.statute.surplus
        require(law.advances != "none", "no_advances", law.article)


def known_commitment(state: State, number: int) -> Commitment:
    commitment = state.commitments.get(number)
    require(commitment is not None, "payment_unknown", payment=number)
    assert commitment is not None
    require(commitment.open_amount > 0, "payment_settled", payment=number)
    return commitment


@judges(ApprovePayment)
def approve_payment(state: State, entry: Entry[ApprovePayment], act: ApprovePayment) -> list[Fact]:
    commitment = known_commitment(state, act.payment)
    may(state, entry, "approve-payment", concerned(state, commitment.payee))
    member = entry.by.member
    require(member != commitment.requester, "approved_by_requester", member=member)
    check_not_own_case(state, member, commitment.payee)
    require(member not in commitment.approvals, "approved_already", member=member)
    check_not_stopped(state, commitment)
    usable(state, commitment.authorisation, day(entry.at))
    return [
        PaymentApproved(act.payment, entry.number, member, entry.at, day(entry.when)),
    ]


def check_not_stopped(state: State, commitment: Commitment) -> None:
    """What members stopped is neither approved nor paid: it is given back, and decided anew."""
    require(
        not commitment.suspended,
        "stopped_by_members",
        state.statute.treasury.article,
        payee=commitment.payee,
    )


@judges(ObjectPayment)
def object_payment(state: State, entry: Entry[ObjectPayment], act: ObjectPayment) -> list[Fact]:
    waiting = open_to_objection(state, act.payment)
    member = entry.by.member
    require(state.may_vote(member, entry.at), "no_vote", member=member)
    require(member not in waiting.objectors, "objected_already", member=member)
    require(act.reason.strip(), "text_missing")
    needed = max(
        1, ceil(Fraction(state.statute.decisions.suspend_support) * len(state.roll(entry.at)))
    )
    stops = len(waiting.objectors) + 1 >= needed or state.holds(member, "oversee", entry.at)
    return [PaymentObjected(act.payment, member, entry.at, stops)]


def open_to_objection(state: State, number: int) -> Commitment | Announcement:
    """A request or an announcement not yet carried out. Where the members decided whom to pay, they
    had the time to challenge that decision."""
    announced = state.announcements.get(number)
    if announced is not None:
        done = state.movements[announced.movement].reversed_by
        require(not done, "reversed_already", by=done)
        return announced
    commitment = known_commitment(state, number)
    decided = state.authorisations[commitment.authorisation].payee
    require(not decided, "payee_decided", payee=decided)
    return commitment


@judges(ReleasePayment)
def release_payment(state: State, entry: Entry[ReleasePayment], act: ReleasePayment) -> list[Fact]:
    commitment = known_commitment(state, act.payment)
    powers = ("approve-payment", "keep-accounts", "oversee")
    allowed = entry.by.member == commitment.requester or any(
        state.holds(entry.by.member, p, entry.at) for p in powers
    )
    require(allowed, "no_mandate", power="keep-accounts", member=entry.by.member)
    require(act.reason.strip(), "text_missing")
    open_amount = commitment.open_amount
    return [
        Released(act.payment, commitment.authorisation, open_amount, entry.by.member, act.reason)
    ]


@judges(Pay)
def pay(state: State, entry: Entry[Pay], act: Pay) -> list[Fact]:
    commitment = known_commitment(state, act.payment)
    may(state, entry, "keep-accounts", concerned(state, commitment.payee))
    check_amount(act.amount)
    require(
        act.amount <= commitment.open_amount,
        "more_than_committed",
        open=commitment.open_amount,
        amount=act.amount,
    )
    check_date(state, entry, act.date)
    authorisation = usable(state, commitment.authorisation, act.date)
    check_not_own_case(state, entry.by.member, commitment.payee)
    law = state.statute.treasury
    require(act.receipt is not None or not law.receipt_required, "no_receipt", law.article)
    check_not_stopped(state, commitment)
    check_approvals(state, commitment, entry.at, act.date)
    receipt = check_receipt(state, act.receipt)
    asked = state.documents.get(receipt, act.payment)
    require(asked == act.payment, "document_used_already", payment=asked)
    pending = committed(state, authorisation.fund, act.date) - commitment.open_amount
    check_cover(state, authorisation, commitment.account, act.amount, pending)
    lines = payment_lines(state, authorisation, commitment, act.amount)
    check_not_overdrawn(state, lines)
    return [
        Posted(
            entry.number,
            act.date,
            authorisation.purpose,
            state.unit,
            lines,
            entry.by.member,
            act.payment,
            commitment.authorisation,
            authorisation.decision,
            commitment.payee,
            receipt,
        ),
        Drawn(act.payment, commitment.authorisation, act.amount),
    ]


def check_approvals(state: State, commitment: Commitment, at: int, date: str) -> None:
    """The statute's number of signatures, each by a mandate that is still in force; the money left
    after the last of them, not before; and since the last was recorded members could object, unless
    they decided themselves whom to pay."""
    law = state.statute.treasury
    valid = valid_approvals(state, commitment, at)
    require(
        len(valid) >= law.signatures,
        "signatures_missing",
        law.article,
        needed=law.signatures,
        given=len(valid),
    )
    approved = sorted(commitment.approved_on[m] for m in valid)[: law.signatures]
    decided = max([commitment.asked_on, *approved])
    require(date >= decided, "paid_before_decided", date=date, decided_on=decided)
    since = payable_at(state, commitment, at)
    if since is not None:
        require(at >= since, "objection_time_runs", law.article, payable_at=since)


def valid_approvals(state: State, commitment: Commitment, at: int) -> list[int]:
    """Who approved a payment, by a mandate that is in force at this moment (UTC seconds)."""
    recused = concerned(state, commitment.payee)
    return [m for m in commitment.approvals if state.holds(m, "approve-payment", at, recused)]


def payable_at(state: State, commitment: Commitment, at: int) -> int | None:
    """From when on (UTC seconds) a payment can be made, by the approvals that count at `at`: when
    members could object to it for the statute's hours. None while approvals are missing, and where
    the members decided themselves whom to pay, so that there is nothing to wait for."""
    law = state.statute.treasury
    recorded = sorted(commitment.approved_at[m] for m in valid_approvals(state, commitment, at))
    if len(recorded) < law.signatures or state.authorisations[commitment.authorisation].payee:
        return None
    return recorded[law.signatures - 1] + law.objection_hours * 3600


def payment_lines(
    state: State, authorisation: Authorisation, commitment: Commitment, amount: int
) -> tuple[Line, ...]:
    """Debit what was bought or owed, credit the place of the money. A fund or grant that is spent
    is released: to the income of the year for costs, to the common patrimony for lasting things."""
    lines = [line(state, commitment.account, amount), line(state, commitment.money, -amount)]
    if authorisation.fund not in (GENERAL, commitment.account):
        lasting = group(state, commitment.account) == "means"
        released = "patrimony" if lasting else release_account(authorisation.fund)
        lines += [line(state, authorisation.fund, amount), line(state, released, -amount)]
    return tuple(lines)


def release_account(fund: str) -> str:
    return "grants_used" if base(fund) == "grants" else "funds_used"


# --- effects of decisions ---------------------------------------------------------------------


class Authorise(Effect, frozen=True, kw_only=True, tag="authorise"):
    """Open room to pay: for a purpose, from a fund ("general", a fund, "grants:roof"), on a line of
    the chart, up to a limit, in a window of dates; to a payee if named. With `each` it is a
    standing authorisation for small payments of at most so much. `predecessor` is a decision that
    must be carried out and accepted first. `name` tells several of one decision apart."""

    matter: ClassVar[str] = "authorise"
    purpose: str
    fund: str
    line: str
    limit: int
    since: str
    until: str
    payee: str = ""
    each: int = 0
    predecessor: int = 0
    name: str = ""

    def matters(self, state: State) -> tuple[str, ...]:
        fund = state.statute.fund(self.fund)
        return (self.matter,) if fund is None else (self.matter, fund.use)

    def thing(self) -> str:
        return f"authorise {self.name}"


@prepares(Authorise)
def can_authorise(state: State, effect: Authorise, when: int, voting: bool) -> None:
    require(effect.purpose.strip(), "text_missing")
    check_amount(effect.limit)
    check_window(effect.since, effect.until)
    check_not_negative(effect.each)
    require(effect.each <= effect.limit, "each_over_limit")
    if effect.payee:
        parse_payee(effect.payee)
    if effect.name:
        check_reference(effect.name)
    if effect.predecessor:
        known = state.proposals.get(effect.predecessor)
        require(known is not None, "proposal_unknown", proposal=effect.predecessor)
    check_fund(state, effect)
    check_line(state, effect)


def check_fund(state: State, effect: Authorise) -> None:
    if base(effect.fund) == "grants":
        grant = state.grants.get(part_of(effect.fund, "grants"))
        require(grant is not None, "fund_unknown", fund=effect.fund)
        assert grant is not None
        require(
            grant.since <= effect.since and effect.until <= grant.until,
            "outside_the_grant",
            since=grant.since,
            until=grant.until,
        )
    else:
        known = effect.fund == GENERAL or state.statute.fund(effect.fund) is not None
        require(known, "fund_unknown", fund=effect.fund)


def check_line(state: State, effect: Authorise) -> None:
    """Costs, lasting things, debts and what members are owed can be paid, and a grant given back
    with its own money; other lines cannot."""
    given_back = base(effect.line) == "grants" and effect.line == effect.fund
    payable = group(state, effect.line) == "costs" or base(effect.line) in PAYABLE or given_back
    require(payable, "line_not_payable", line=effect.line)
    personal = base(effect.line) in ("member_accounts", "advances", "share_capital")
    require(not personal or effect.line == base(effect.line), "line_not_payable", line=effect.line)
    require(not personal or effect.fund == GENERAL, "personal_from_general_only", fund=effect.fund)


def check_authorisations(state: State, effects: Sequence[Authorise], today: str) -> None:
    """The authorisations of one decision, together with those before them, pass neither a grant nor
    a line of the budget."""
    for fund in dict.fromkeys(e.fund for e in effects if base(e.fund) == "grants"):
        check_grant_room(state, fund, [e for e in effects if e.fund == fund], today)
    for name in dict.fromkeys(budget_line(state, e.line) for e in effects):
        of_line = [e for e in effects if budget_line(state, e.line) == name]
        check_budget(state, name, of_line, today)


def check_grant_room(state: State, fund: str, effects: Sequence[Authorise], today: str) -> None:
    grant = state.grants[part_of(fund, "grants")]
    given = sum(a.engaged(today) for a in state.authorisations.values() if a.fund == fund)
    wanted = sum(e.limit for e in effects)
    room = grant.amount - given
    require(wanted <= room, "over_the_grant", room=room, amount=wanted)


def check_budget(state: State, name: str, effects: Sequence[Authorise], today: str) -> None:
    """Where the budget has a line, authorisations of its time do not pass it."""
    wanted = sum(e.limit for e in effects if e.since <= state.budget_until)
    budgeted = state.budget.get(name)
    if budgeted is None or not wanted:
        return
    given = sum(
        a.engaged(today)
        for a in state.authorisations.values()
        if budget_line(state, a.line) == name and a.until >= state.budget_since
    )
    room = budgeted - given
    require(wanted <= room, "over_the_budget", line=name, room=room, amount=wanted)


def budget_line(state: State, account: str) -> str:
    """The line of the budget that an account falls under: its own, or that of its line in the chart
    ("materials:others" under "materials")."""
    return account if account in state.budget else base(account)


@enacts(Authorise)
def authorise(state: State, effect: Authorise, decision: int, when: int) -> list[Fact]:
    return [
        Authorised(
            authorisation(decision, effect.name),
            decision,
            effect.purpose,
            effect.fund,
            effect.line,
            effect.limit,
            state.unit,
            effect.since,
            effect.until,
            effect.payee,
            effect.each,
            effect.predecessor,
        )
    ]


def two_hands(
    state: State,
    entry: Entry[Any],
    recused: Set[int] = frozenset(),
    third: bool = False,
    payer: int | None = None,
) -> None:
    """Money changes place, or an entry is mended, by two: who keeps the accounts, and one who may
    approve payments; for some entries by a third, who oversees. Alternates stand in
    for the `recused`; nobody signs an entry in their own case. The `payer`'s signature says that
    they paid, and is none of the two."""
    may(state, entry, "keep-accounts", recused)
    keeper, signers = entry.by.member, cosigners(entry)
    if payer is not None:
        signers.discard(payer)
    if recused:
        own = sorted(recused & {keeper, *signers})
        require(not own, "own_entry", state.statute.treasury.article, member=own and own[0])
    others = [m for m in signers if m != keeper]
    seconds = [m for m in others if state.holds(m, "approve-payment", entry.at, recused)]
    two = seconds and len(signers) >= HANDS_MIN
    require(two, "second_signature_missing", power="approve-payment")
    if third:
        require(overseen(state, entry, recused), "third_signature_missing", power="oversee")


def overseen(state: State, entry: Entry[Any], recused: Set[int]) -> bool:
    """Whether, beside its author, one signs who may approve payments and another who oversees."""
    others = cosigners(entry) - {entry.by.member}
    seconds = {m for m in others if state.holds(m, "approve-payment", entry.at, recused)}
    thirds = {m for m in others if state.holds(m, "oversee", entry.at, recused)}
    return any(one != other for one in seconds for other in thirds)


def own_case(state: State, party: str, accounts: Iterable[str]) -> set[int]:
    """Whose own case an entry is: the party it names, whoever's account it touches
    ("share_capital:12", "receivables:12"), their kin, and who declared an interest in them."""
    degree = state.statute.treasury.kinship_bar
    recused: set[int] = set()
    for name in {party, *map(named_in, accounts)}:
        if name:
            recused |= state.concerned(name, degree)
    return recused
