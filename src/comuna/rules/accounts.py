"""Keeping the accounts: what comes in, what moves between the body's own boxes, what is counted,
what is reversed in the open; the decisions that list accounts, accept grants and set budgets."""

from __future__ import annotations

from typing import ClassVar

from comuna.rules.act import (
    Act,
    Effect,
    Entry,
    Fact,
    Paper,
    Shape,
    enacts,
    judges,
    prepares,
    require,
)
from comuna.rules.authorship import cosigners
from comuna.rules.ledger import (
    Amount,
    Line,
    Posted,
    balance,
    base,
    check_amount,
    check_credit_kept,
    check_date,
    check_in_range,
    check_money_account,
    check_not_overdrawn,
    check_receipt,
    credit,
    day,
    group,
    is_money,
    line,
    parse_date,
)
from comuna.rules.office import may
from comuna.rules.state import Grant, State
from comuna.rules.treasury import two_hands


class Receive(Act, frozen=True, kw_only=True, tag="receive"):
    """Money comes in: a sale (`income` is a line of income), a grant (`grants:roof`, accepted by
    decision), a member's contribution (`share_capital:12`) or a debt paid (`receivables`)."""

    deciding: ClassVar[bool] = True
    date: str
    money: str
    source: str
    amount: int
    payer: str
    text: str
    receipt: Paper | None = None


class Journal(Act, frozen=True, kw_only=True, tag="journal"):
    """What touches no money, no fund and nobody's account: depreciation, stock, debts due."""

    deciding: ClassVar[bool] = True
    date: str
    lines: tuple[Amount, ...]
    text: str
    receipt: Paper | None = None


class MoveMoney(Act, frozen=True, kw_only=True, tag="move-money"):
    """Between the body's own boxes and bank accounts: a deposit, a withdrawal. Two sign."""

    deciding: ClassVar[bool] = True
    date: str
    source: str
    target: str
    amount: int
    receipt: Paper | None = None


class CountMoney(Act, frozen=True, kw_only=True, tag="count-money"):
    """A cash count or a bank statement, signed by two; the difference is on record, never edited
    away."""

    deciding: ClassVar[bool] = True
    account: str
    date: str
    counted: int
    evidence: Paper | None = None


class Reverse(Act, frozen=True, kw_only=True, tag="reverse"):
    """Reverse a movement in the open: the opposite lines, dated today. Two sign."""

    deciding: ClassVar[bool] = True
    movement: int
    reason: str


# --- facts ------------------------------------------------------------------------------------


class GrantReceived(Fact, frozen=True):
    grant: str
    amount: int

    def apply(self, state: State) -> None:
        state.grants[self.grant].received += self.amount


class MoneyCounted(Fact, frozen=True):
    count: int
    account: str
    date: str
    counted: int
    booked: int
    counters: tuple[int, ...]

    def apply(self, state: State) -> None:
        """On record for the statements and for oversight; no later judgement rests on it."""


class DrawnBack(Fact, frozen=True):
    """A reversed payment gives its room back; `reopened` of it is committed again (nothing when the
    rest of the payment was released)."""

    payment: int
    authorisation: str
    amount: int
    reopened: int

    def apply(self, state: State) -> None:
        state.commitments[self.payment].paid -= self.amount
        authorisation = state.authorisations[self.authorisation]
        authorisation.pending += self.reopened
        authorisation.spent -= self.amount


class AccountListed(Fact, frozen=True):
    account: str
    title: str
    decision: int

    def apply(self, state: State) -> None:
        state.listed[self.account] = self.title


class AccountClosed(Fact, frozen=True):
    account: str
    decision: int

    def apply(self, state: State) -> None:
        del state.listed[self.account]


class GrantAccepted(Fact, frozen=True):
    grant: str
    grantor: str
    purpose: str
    amount: int
    since: str
    until: str
    decision: int

    def apply(self, state: State) -> None:
        state.grants[self.grant] = Grant(
            self.grant,
            self.grantor,
            self.purpose,
            self.amount,
            state.unit,
            self.since,
            self.until,
        )


class BudgetSet(Fact, frozen=True):
    decision: int
    since: str
    until: str
    lines: tuple[tuple[str, int], ...]

    def apply(self, state: State) -> None:
        state.budget = dict(self.lines)
        state.budget_since, state.budget_until = self.since, self.until


# --- judgements -------------------------------------------------------------------------------


@judges(Receive)
def receive(state: State, entry: Entry[Receive], act: Receive) -> list[Fact]:
    may(state, entry, "keep-accounts")
    check_amount(act.amount)
    check_date(state, entry, act.date)
    check_money_account(state, act.money)
    require(act.payer.strip() and act.text.strip(), "text_missing")
    law = state.statute.treasury
    require(act.receipt is not None or not law.receipt_required, "no_receipt", law.article)
    receipt = check_receipt(state, act.receipt)
    facts: list[Fact] = check_source(state, act)
    lines = (line(state, act.money, act.amount), line(state, act.source, -act.amount))
    posted = Posted(
        entry.number,
        act.date,
        act.text,
        state.unit,
        lines,
        entry.by.member,
        party=act.payer,
        receipt=receipt,
    )
    return [posted, *facts]


def check_source(state: State, act: Receive) -> list[Fact]:
    """Income, grants accepted by decision, contributions and debts paid; nothing else brings money
    in, least of all a loan dressed as income."""
    source = base(act.source)
    if source == "grants":
        grant = state.grants.get(act.source.removeprefix("grants:"))
        require(grant is not None, "grant_not_accepted", grant=act.source)
        assert grant is not None
        left = grant.amount - grant.received
        require(act.amount <= left, "over_the_grant", room=left, amount=act.amount)
        return [GrantReceived(grant.number, act.amount)]
    if source == "share_capital":
        member = act.source.removeprefix("share_capital:")
        known = any(member == str(number) for number in state.people)
        require(known, "payee_unknown", payee=act.source)
        return []
    earned = group(state, act.source) == "income" and source not in ("grants_used", "funds_used")
    require(earned or source == "receivables", "source_not_allowed", source=act.source)
    return []


@judges(Journal)
def journal(state: State, entry: Entry[Journal], act: Journal) -> list[Fact]:
    may(state, entry, "keep-accounts")
    check_date(state, entry, act.date)
    require(act.text.strip(), "text_missing")
    require(len(act.lines) >= 2, "lines_missing")
    difference = sum(a.amount for a in act.lines)
    require(difference == 0, "does_not_balance", difference=difference)
    check_in_range(sum(a.amount for a in act.lines if a.amount > 0))
    for amount in act.lines:
        check_journal_line(state, amount)
    receipt = check_receipt(state, act.receipt)
    lines = tuple(line(state, a.account, a.amount) for a in act.lines)
    return [
        Posted(
            entry.number,
            act.date,
            act.text,
            state.unit,
            lines,
            entry.by.member,
            receipt=receipt,
        )
    ]


def check_journal_line(state: State, amount: Amount) -> None:
    """Money, funds, grants and people's accounts move by payments and decisions only."""
    require(amount.amount != 0, "amount_not_positive", amount=0)
    kind = group(state, amount.account)
    guarded = is_money(state, amount.account) or kind == "funds"
    personal = base(amount.account) in (
        "grants",
        "member_accounts",
        "advances",
        "share_capital",
        "loans",
        "grants_used",
        "funds_used",
    )
    require(not guarded and not personal, "not_by_journal", account=amount.account)


@judges(MoveMoney)
def move_money(state: State, entry: Entry[MoveMoney], act: MoveMoney) -> list[Fact]:
    two_hands(state, entry)
    check_amount(act.amount)
    check_date(state, entry, act.date)
    check_money_account(state, act.source)
    check_money_account(state, act.target)
    require(act.source != act.target, "same_account", account=act.source)
    lines = (line(state, act.target, act.amount), line(state, act.source, -act.amount))
    check_not_overdrawn(state, lines)
    receipt = check_receipt(state, act.receipt)
    text = f"{act.source} → {act.target}"
    return [
        Posted(entry.number, act.date, text, state.unit, lines, entry.by.member, receipt=receipt)
    ]


@judges(CountMoney)
def count_money(state: State, entry: Entry[CountMoney], act: CountMoney) -> list[Fact]:
    check_money_account(state, act.account)
    check_date(state, entry, act.date)
    counters = tuple(sorted(cosigners(entry)))
    require(len(counters) >= 2, "counters_missing", given=len(counters))
    require(act.counted >= 0, "count_negative")
    booked = balance(state, act.account)
    return [MoneyCounted(entry.number, act.account, act.date, act.counted, booked, counters)]


@judges(Reverse)
def reverse(state: State, entry: Entry[Reverse], act: Reverse) -> list[Fact]:
    two_hands(state, entry)
    movement = state.movements.get(act.movement)
    require(movement is not None, "movement_unknown", movement=act.movement)
    assert movement is not None
    require(not movement.reversed_by, "reversed_already", by=movement.reversed_by)
    require(not movement.sealing, "sealing_not_reversed", movement=act.movement)
    require(act.reason.strip(), "text_missing")
    today = day(entry.at)
    check_date(state, entry, today)
    lines = tuple(line(state, account, -amount) for account, amount in movement.lines)
    check_not_overdrawn(state, lines)
    check_credit_kept(state, lines)
    posted = Posted(
        entry.number,
        today,
        act.reason,
        movement.unit,
        lines,
        entry.by.member,
        reverses=act.movement,
    )
    return [posted, *reversal_facts(state, movement.commitment, movement.lines)]


def reversal_facts(state: State, commitment: int, lines: tuple[tuple[str, int], ...]) -> list[Fact]:
    """A reversed payment gives its room back; a reversed grant receipt is to be received again."""
    facts: list[Fact] = []
    if commitment:
        paid = state.commitments[commitment]
        amount = next(amount for account, amount in lines if account == paid.account)
        reopened = 0 if paid.released else amount
        facts.append(DrawnBack(commitment, paid.authorisation, amount, reopened))
    else:
        facts += [
            GrantReceived(account.removeprefix("grants:"), amount)
            for account, amount in lines
            if base(account) == "grants"
        ]
    return facts


# --- effects of decisions ---------------------------------------------------------------------


class OpenAccount(Effect, frozen=True, kw_only=True, tag="open-account"):
    """List a cash box or bank account (`bank:main`). In the body's name, or it is not ours."""

    matter: ClassVar[str] = "open-account"
    account: str
    title: str
    in_name_of_body: bool

    def thing(self) -> str:
        return f"account {self.account}"


class CloseAccount(Effect, frozen=True, kw_only=True, tag="close-account"):
    """Strike an empty account off the list."""

    matter: ClassVar[str] = "open-account"
    account: str

    def thing(self) -> str:
        return f"account {self.account}"


class AcceptGrant(Effect, frozen=True, kw_only=True, tag="accept-grant"):
    """Accept money given for a purpose, in a window of dates; `name` is its name in the chart."""

    matter: ClassVar[str] = "grant"
    name: str
    grantor: str
    purpose: str
    amount: int
    since: str
    until: str

    def thing(self) -> str:
        return f"grant {self.name}"


class BudgetLine(Shape, frozen=True, kw_only=True):
    line: str
    amount: int


class SetBudget(Effect, frozen=True, kw_only=True, tag="budget"):
    """The budget: how much may be authorised on each line in a window of dates."""

    matter: ClassVar[str] = "budget"
    since: str
    until: str
    lines: tuple[BudgetLine, ...]

    def thing(self) -> str:
        return "budget"


class TransferFund(Effect, frozen=True, kw_only=True, tag="transfer"):
    """Move an amount from one fund to another. What is indivisible stays indivisible."""

    matter: ClassVar[str] = "transfer"
    source: str
    target: str
    amount: int

    def matters(self, state: State) -> tuple[str, ...]:
        fund = state.statute.fund(self.source)
        return (self.matter,) if fund is None else (self.matter, fund.use)

    def thing(self) -> str:
        return "posting"


@prepares(OpenAccount)
def can_open(state: State, effect: OpenAccount, when: int, voting: bool) -> None:
    require(is_money(state, effect.account), "no_place_for_money", account=effect.account)
    require(effect.account not in state.listed, "account_listed_already", account=effect.account)
    require(effect.in_name_of_body, "not_in_common_name", account=effect.account)
    require(effect.title.strip(), "text_missing")


@enacts(OpenAccount)
def open_account(state: State, effect: OpenAccount, decision: int, when: int) -> list[Fact]:
    return [AccountListed(effect.account, effect.title, decision)]


@prepares(CloseAccount)
def can_close(state: State, effect: CloseAccount, when: int, voting: bool) -> None:
    check_money_account(state, effect.account)
    left = balance(state, effect.account)
    require(left == 0, "account_not_empty", account=effect.account, left=left)


@enacts(CloseAccount)
def close_account(state: State, effect: CloseAccount, decision: int, when: int) -> list[Fact]:
    return [AccountClosed(effect.account, decision)]


@prepares(AcceptGrant)
def can_accept_grant(state: State, effect: AcceptGrant, when: int, voting: bool) -> None:
    plain = effect.name.isascii() and effect.name.replace("-", "").isalnum()
    require(plain and effect.name == effect.name.lower(), "name_malformed", name=effect.name)
    require(effect.name not in state.grants, "grant_accepted_already", grant=effect.name)
    require(effect.grantor.strip() and effect.purpose.strip(), "text_missing")
    check_amount(effect.amount)
    parse_date(effect.since)
    parse_date(effect.until)
    require(effect.since <= effect.until, "window_reversed")


@enacts(AcceptGrant)
def accept_grant(state: State, effect: AcceptGrant, decision: int, when: int) -> list[Fact]:
    return [
        GrantAccepted(
            effect.name,
            effect.grantor,
            effect.purpose,
            effect.amount,
            effect.since,
            effect.until,
            decision,
        )
    ]


@prepares(SetBudget)
def can_budget(state: State, effect: SetBudget, when: int, voting: bool) -> None:
    parse_date(effect.since)
    parse_date(effect.until)
    require(effect.since <= effect.until, "window_reversed")
    lines = [item.line for item in effect.lines]
    require(lines and len(set(lines)) == len(lines), "budget_line_twice")
    for item in effect.lines:
        group(state, item.line)
        require(item.amount >= 0, "amount_not_positive", amount=item.amount)


@enacts(SetBudget)
def set_budget(state: State, effect: SetBudget, decision: int, when: int) -> list[Fact]:
    lines = tuple((item.line, item.amount) for item in effect.lines)
    return [BudgetSet(decision, effect.since, effect.until, lines)]


@prepares(TransferFund)
def can_transfer(state: State, effect: TransferFund, when: int, voting: bool) -> None:
    source, target = state.statute.fund(effect.source), state.statute.fund(effect.target)
    require(source is not None, "fund_unknown", fund=effect.source)
    require(target is not None, "fund_unknown", fund=effect.target)
    assert source is not None
    assert target is not None
    require(effect.source != effect.target, "same_account", account=effect.source)
    check_amount(effect.amount)
    require(
        target.indivisible or not source.indivisible,
        "indivisible_stays_so",
        source.article,
        fund=effect.source,
    )
    free = credit(state, effect.source)
    require(
        free >= effect.amount,
        "fund_too_small",
        fund=effect.source,
        free=free,
        amount=effect.amount,
    )


@enacts(TransferFund)
def transfer_fund(state: State, effect: TransferFund, decision: int, when: int) -> list[Fact]:
    lines: tuple[Line, ...] = (
        line(state, effect.source, effect.amount),
        line(state, effect.target, -effect.amount),
    )
    text = f"{effect.source} → {effect.target}"
    return [
        Posted(state.head + 1, day(when), text, state.unit, lines, 0, decision=decision),
    ]
