"""Closing a period: the results are computed from the ledger, set into `surplus`, and sealed. After
the seal nothing can be dated on or before its last day, nor in a gap (doubleentry's watermark).

Operations with non-members are told apart by account: `sales_others`, and costs marked ":others".
"""

from __future__ import annotations

import hashlib
from calendar import monthrange
from typing import ClassVar

import msgspec

from comuna.rules.act import Act, Effect, Entry, Fact, enacts, judges, prepares, require
from comuna.rules.ledger import Posted, line
from comuna.rules.names import base, day, next_day, parse_date
from comuna.rules.state import Measures, Period, State
from comuna.rules.treasury import two_hands


class ClosePeriod(Act, frozen=True, kw_only=True, tag="close-period"):
    """Close and seal whole months. Three sign: who keeps the accounts, who approves payments, who
    oversees. `measures` is the fingerprint of what the surplus will be shared by, as it stands at
    the end of the period: it waits for the members' decision, and does not change before it."""

    deciding: ClassVar[bool] = True
    since: str
    until: str
    measures: str


class PeriodClosed(Fact, frozen=True):
    """The results of a sealed period: signed amounts, a gain positive."""

    period: int
    since: str
    until: str
    unit: str
    results: dict[str, int]
    surplus: int
    losses: int
    funds: dict[str, int]
    members: dict[int, dict[str, int]]

    def apply(self, state: State) -> None:
        for month in months_between(self.since, self.until):
            state.results.pop(month, None)
            state.work.pop(month, None)
            state.funds.pop(month, None)
            state.entered.pop(month, None)
            state.received.pop(month, None)
        measures = Measures(self.losses, dict(self.funds), self.members)
        state.periods[self.period] = Period(
            self.period, self.since, self.until, self.unit, self.results, self.surplus, measures
        )
        state.watermark = self.until
        for date in [date for date in state.days if date <= self.until]:
            del state.days[date]
        for date in [date for date in state.brought if date <= self.until]:
            del state.brought[date]
        for number in [n for n, entered in state.put_in.items() if entered.date <= self.until]:
            del state.put_in[number]


class AccountsApproved(Fact, frozen=True):
    period: int
    decision: int

    def apply(self, state: State) -> None:
        state.periods[self.period].accounts_approved = self.decision


def months_between(since: str, until: str) -> list[str]:
    """ "2026-11-01", "2027-01-31" → ["2026-11", "2026-12", "2027-01"]."""
    first, last = (int(date[:4]) * 12 + int(date[5:7]) - 1 for date in (since, until))
    return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(first, last + 1)]


@judges(ClosePeriod)
def close_period(state: State, entry: Entry[ClosePeriod], act: ClosePeriod) -> list[Fact]:
    two_hands(state, entry, third=True)
    check_bounds(state, act, day(entry.at))
    measures = measured(state, act.since, act.until)
    expected = fingerprint(measures)
    require(act.measures == expected, "measures_differ", expected=expected)
    totals = period_totals(state, act)
    lines = [line(state, account, -amount) for account, amount in totals.items() if amount]
    surplus = -sum(totals.values())
    if surplus:
        lines.append(line(state, "surplus", -surplus))
    results = results_of(state, totals)
    closed = PeriodClosed(
        *(entry.number, act.since, act.until, state.unit, results, surplus),
        *(measures.losses, measures.funds, measures.members),
    )
    if not lines:
        return [closed]
    text = f"{act.since} – {act.until}"
    posted = Posted(
        entry.number,
        act.until,
        text,
        state.unit,
        tuple(lines),
        entry.by.member,
        decision=entry.number,
    )
    return [posted, closed]


def measured(state: State, since: str, until: str) -> Measures:
    """What a sharing of the months from `since` to `until` is measured by: the work of those
    months, and funds, capital and earlier losses as they stood on the last day."""
    members: dict[int, dict[str, int]] = {}
    for month in months_between(since, until):
        for member, put_in in state.work.get(month, {}).items():
            of_member = members.setdefault(member, {})
            for name, amount in put_in.items():
                of_member[name] = of_member.get(name, 0) + amount
    later: dict[str, int] = {}
    for month, moved in state.funds.items():
        if month > until[:7]:
            for account, amount in moved.items():
                later[account] = later.get(account, 0) + amount
    stood = {
        account: amount - later.get(account, 0)
        for (account, unit), amount in state.balances.items()
        if unit == state.unit and is_fund(state, account)
    }
    for account, amount in stood.items():
        if base(account) == "share_capital":
            members.setdefault(int(account.removeprefix("share_capital:")), {})[
                "contributions"
            ] = -amount
    funds = {fund.id: -stood.get(fund.id, 0) for fund in state.statute.treasury.funds}
    people = {
        member: {name: amount for name, amount in sorted(of_member.items()) if amount}
        for member, of_member in sorted(members.items())
    }
    told = {member: of_member for member, of_member in people.items() if of_member}
    return Measures(stood.get("prior_losses", 0), funds, told)


def is_fund(state: State, account: str) -> bool:
    known = state.chart.get(base(account))
    return known is not None and known.group == "funds"


def fingerprint(measures: Measures) -> str:
    """SHA-256 in hex of the measures as canonical JSON (docs/book-format.md §1): {"funds",
    "losses", "members": {number: {measure: amount}}}, without what is zero."""
    plain = {
        "funds": {fund: amount for fund, amount in measures.funds.items() if amount},
        "losses": measures.losses,
        "members": {str(member): put_in for member, put_in in measures.members.items()},
    }
    return hashlib.sha256(msgspec.json.encode(plain, order="sorted")).hexdigest()


def check_bounds(state: State, act: ClosePeriod, today: str) -> None:
    """Whole months, in order, over: otherwise one legal posting could restate a sealed period."""
    first, last = parse_date(act.since), parse_date(act.until)
    whole = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
    require(whole and first <= last, "period_not_whole_months", since=act.since, until=act.until)
    require(act.until < today, "period_not_over", until=act.until)
    if state.watermark:
        expected = next_day(state.watermark)
        require(act.since == expected, "period_out_of_order", expected=expected)
    else:
        earliest = min([*state.results, *state.work], default=act.since[:7])
        require(act.since[:7] <= earliest, "period_out_of_order", expected=f"{earliest}-01")


def period_totals(state: State, act: ClosePeriod) -> dict[str, int]:
    """Income and costs by account over the period: debit positive, in the order of accounts."""
    totals: dict[str, int] = {}
    for month in months_between(act.since, act.until):
        for account, amount in state.results.get(month, {}).items():
            totals[account] = totals.get(account, 0) + amount
    return dict(sorted(totals.items()))


def results_of(state: State, totals: dict[str, int]) -> dict[str, int]:
    """The results that statutes share differently; `tax` is a positive amount."""
    results = {"member_result": 0, "non_member_result": 0, "extraordinary_result": 0, "tax": 0}
    for account, amount in totals.items():
        name, _, part = account.partition(":")
        if name == "taxes":
            results["tax"] += amount
        elif name.startswith("extraordinary"):
            results["extraordinary_result"] -= amount
        elif name == "sales_others" or part == "others":
            results["non_member_result"] -= amount
        else:
            results["member_result"] -= amount
    return results


class ApproveAccounts(Effect, frozen=True, kw_only=True, tag="approve-accounts"):
    """The assembly approves the accounts of a closed period."""

    matter: ClassVar[str] = "accounts"
    period: int


@prepares(ApproveAccounts)
def can_approve(state: State, effect: ApproveAccounts, when: int, voting: bool) -> None:
    period = known_period(state, effect.period)
    require(not period.accounts_approved, "accounts_approved_already", period=effect.period)


def known_period(state: State, number: int) -> Period:
    period = state.periods.get(number)
    require(period is not None, "period_unknown", period=number)
    assert period is not None
    return period


@enacts(ApproveAccounts)
def approve_accounts(state: State, effect: ApproveAccounts, decision: int, when: int) -> list[Fact]:
    return [AccountsApproved(effect.period, decision)]
