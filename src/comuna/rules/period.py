"""Closing a period: the results are computed from the ledger, set into `surplus`, and sealed. After
the seal nothing can be dated on or before its last day, nor in a gap (doubleentry's watermark).

Operations with non-members are told apart by account: `sales_others`, and costs marked ":others".
"""

from __future__ import annotations

from calendar import monthrange
from typing import ClassVar

from comuna.rules.act import Act, Effect, Entry, Fact, enacts, judges, prepares, require
from comuna.rules.ledger import Posted, line
from comuna.rules.names import day, next_day, parse_date
from comuna.rules.state import Period, State
from comuna.rules.treasury import two_hands


class ClosePeriod(Act, frozen=True, kw_only=True, tag="close-period"):
    """Close and seal whole months. Two sign. The surplus then waits for the members' decision."""

    deciding: ClassVar[bool] = True
    since: str
    until: str


class PeriodClosed(Fact, frozen=True):
    """The results of a sealed period: signed amounts, a gain positive."""

    period: int
    since: str
    until: str
    unit: str
    results: dict[str, int]
    surplus: int

    def apply(self, state: State) -> None:
        months = months_between(self.since, self.until)
        work: dict[int, dict[str, int]] = {}
        for month in months:
            state.results.pop(month, None)
            for member, measures in state.work.pop(month, {}).items():
                of_member = work.setdefault(member, {})
                for measure, amount in measures.items():
                    of_member[measure] = of_member.get(measure, 0) + amount
        state.periods[self.period] = Period(
            self.period, self.since, self.until, self.unit, self.results, self.surplus, work
        )
        state.watermark = self.until
        for date in [date for date in state.days if date <= self.until]:
            del state.days[date]


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
    two_hands(state, entry)
    check_bounds(state, act, day(entry.at))
    totals = period_totals(state, act)
    lines = [line(state, account, -amount) for account, amount in totals.items() if amount]
    surplus = -sum(totals.values())
    if surplus:
        lines.append(line(state, "surplus", -surplus))
    results = results_of(state, totals)
    closed = PeriodClosed(entry.number, act.since, act.until, state.unit, results, surplus)
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
