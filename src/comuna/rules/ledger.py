"""The ledger: one exact double-entry record of everything counted.

A line is (account, amount): debit positive, credit negative, smallest units. An account is a line
of the statute's chart, with a part after ":" where it stands for one of many (`bank:main`,
`member_accounts:12`, `grants:roof`, `materials:others` for operations with non-members).
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from comuna.rules.act import Entry, Fact, Paper, Refused, Shape, require
from comuna.rules.names import (
    account_of,
    base,
    check_in_range,
    day,
    folded,
    member_of,
    parse_account,
    parse_date,
)
from comuna.rules.state import Movement, State


class Line(NamedTuple):
    """One side of a movement; `group` is the account's group in the chart."""

    account: str
    amount: int
    group: str


class Amount(Shape, frozen=True, kw_only=True):
    """An amount on an account, as written in an act: debit positive."""

    account: str
    amount: int


class Posted(Fact, frozen=True):
    """A movement: lines that sum to zero, dated, with the decision and the receipt behind it.
    `by_two` counts what two entered without the members: what moves no money, or income."""

    movement: int
    date: str
    text: str
    unit: str
    lines: tuple[Line, ...]
    by: int
    commitment: int = 0
    authorisation: str = ""
    decision: int = 0
    party: str = ""
    receipt: str = ""
    reverses: int = 0
    asset: str = ""
    permission: str = ""
    by_two: Literal["", "entry", "income"] = ""

    def apply(self, state: State) -> None:
        month = self.date[:7]
        # What is undone is undone where it was counted: nobody's measure is below nothing.
        counted = state.movements[self.reverses].date if self.reverses else self.date
        closes = self.decision and not self.commitment
        for account, amount, group in self.lines:
            state.balances[account, self.unit] += amount
            if group == "funds":
                of_funds = state.funds.setdefault(month, {})
                of_funds[account] = of_funds.get(account, 0) + amount
                state.entrusted -= amount
            elif group in ("income", "costs"):
                of_month = state.results.setdefault(month, {})
                of_month[account] = of_month.get(account, 0) + amount
                if group == "income" and not closes:
                    state.earned[month] = state.earned.get(month, 0) - amount
            elif group == "obligations" and base(account) in ("grants", "loans"):
                state.entrusted -= amount
            drawn_by = member_of(account, "advances")
            if drawn_by and (self.commitment or self.reverses):
                # What a member drew to live on is a measure by which a surplus may be shared.
                put_in(state, counted, drawn_by, "wages", amount)
        state.movements[self.movement] = Movement(
            self.movement,
            self.date,
            tuple([(account, amount) for account, amount, _ in self.lines]),
            self.unit,
            self.commitment,
            # Reversing a reversal would be a payment without request and approvals.
            bool(self.reverses) or bool(closes),
            at=state.now,
            party=self.party,
            asset=self.asset,
            permission=self.permission,
        )
        if self.by_two or self.permission:
            self.count(state, month)
        if self.receipt:
            state.receipts[self.receipt] = self.movement
        if self.reverses:
            state.movements[self.reverses].reversed_by = self.movement

    def count(self, state: State, month: str) -> None:
        """What two may still enter in the month, and what a decision still allows: what is reversed
        under it can be entered again, rightly."""
        amount = sum(line.amount for line in self.lines if line.amount > 0)
        if self.permission:
            state.permissions[self.permission].used += -amount if self.reverses else amount
        if self.by_two == "entry":
            state.entered[month] = state.entered.get(month, 0) + amount
        elif self.by_two == "income":
            received = state.received.setdefault(month, {"": 0})
            payer = folded(self.party)
            received[payer] = received.get(payer, 0) + amount
            received[""] += amount


def put_in(state: State, date: str, member: int, measure: str, amount: int) -> None:
    """Count what a member put in, by measure, in the month of a date."""
    of_member = state.work.setdefault(date[:7], {}).setdefault(member, {})
    of_member[measure] = of_member.get(measure, 0) + amount


def check_date(state: State, entry: Entry[Any], text: str) -> None:
    """Dates lie after the sealed watermark and not in the future."""
    parse_date(text)
    if text <= state.watermark:
        raise Refused("period_sealed", date=text, sealed=state.watermark)
    if text > day(entry.at):
        raise Refused("date_in_the_future", date=text)


def group(state: State, name: str) -> str:
    """The group of an account in the chart; refuses an account that is not in it."""
    known = state.chart.get(parse_account(name).line)
    if known is None:
        raise Refused("account_unknown", account=name)
    return known.group


def line(state: State, account: str, amount: int) -> Line:
    """A line of a movement; neither it nor the balance it leaves is out of range."""
    check_in_range(amount)
    check_in_range(balance(state, account) + amount)
    return Line(account, amount, group(state, account))


def is_money(state: State, account: str) -> bool:
    known = state.chart.get(base(account))
    return known is not None and known.money


def check_money_account(state: State, account: str) -> None:
    """Money lies only in accounts and cash boxes that the members listed by decision."""
    require(
        is_money(state, account) and account in state.listed, "account_not_listed", account=account
    )


def balance(state: State, account: str) -> int:
    """Debit positive, in the body's unit."""
    return state.balances.get((account, state.unit), 0)


def check_not_overdrawn(state: State, lines: tuple[Line, ...]) -> None:
    """No place where money is may hold less than nothing."""
    for account, amount, _ in lines:
        if amount < 0 and is_money(state, account):
            left = balance(state, account) + amount
            require(left >= 0, "account_overdrawn", account=account, missing=-left)


def check_credit_kept(state: State, lines: tuple[Line, ...]) -> None:
    """No fund, no grant and nobody's account is brought below nothing."""
    for account, amount, _ in lines:
        owed = base(account) in ("grants", "member_accounts", "share_capital")
        if amount > 0 and (owed or state.statute.fund(account) is not None):
            free = credit(state, account)
            require(free >= amount, "fund_too_small", fund=account, free=free, amount=amount)


def check_receipt(state: State, receipt: Paper | None) -> str:
    """The fingerprint of the receipt; the same paper does not serve twice, unless the movement it
    served was reversed: then the correct one still needs it."""
    if receipt is None:
        return ""
    used = state.receipts.get(receipt.sha256)
    free = used is None or state.movements[used].reversed_by
    require(free, "receipt_used_already", movement=used)
    return receipt.sha256


def money_total(state: State) -> int:
    return sum(balance(state, account) for account in state.listed)


def credit(state: State, account: str) -> int:
    """What stands to the credit of a fund, a grant or a member."""
    return -balance(state, account)


def set_aside(state: State, but: str = "") -> int:
    """Money that is there but not free: grants not yet spent, and funds that must be liquid; the
    one named apart."""
    funds = [f.id for f in state.statute.treasury.funds if f.liquid]
    grants = [account_of("grants", name) for name in state.grants]
    return sum(credit(state, account) for account in (*funds, *grants) if account != but)
