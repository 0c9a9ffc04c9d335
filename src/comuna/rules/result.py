"""What moves the result of a year though no money leaves: entries of what is owed, used up, worn or
revalued, and money that came in under some name. Two people enter so much of it in a month, by the
statute's part of what the body has. Beyond it the members decide on the entry, or, where money came
in, one who oversees signs too. A loan is always decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import ClassVar

from comuna.rules.act import Effect, Fact, enacts, prepares, require
from comuna.rules.ledger import Line, group, is_money
from comuna.rules.names import (
    authorisation,
    base,
    check_amount,
    check_reference,
    folded,
    parse_account,
    parse_date,
    parse_payee,
)
from comuna.rules.state import Permission, State

LOANS = "loans"
RELEASED = ("grants_used", "funds_used")
"""Income that only a payment out of a grant or a fund brings."""

PERSONAL = ("member_accounts", "advances", "share_capital")
"""Accounts of which every member has their own."""

YEAR = 12


# --- how much two may enter -------------------------------------------------------------------


def means(state: State, month: str) -> int:
    """What an entry of this month is measured by: what the body owns, was lent and holds for a
    purpose, or what it earned in the twelve months before, whichever is more. Neither can be raised
    in the month itself by those who keep the accounts."""
    return max(state.entrusted, earned_before(state, month), 0)


def earned_before(state: State, month: str) -> int:
    """The income dated in the twelve months before this one."""
    number = int(month[:4]) * YEAR + int(month[5:7]) - 1
    months = (f"{n // YEAR:04d}-{n % YEAR + 1:02d}" for n in range(number - YEAR, number))
    return sum(state.earned.get(before, 0) for before in months)


@lru_cache(maxsize=64)
def part(share: str) -> tuple[int, int]:
    """ "1/20" → (1, 20)."""
    return Fraction(share).as_integer_ratio()


def most(state: State, month: str, share: str) -> int:
    """What two may enter in a month by this share of what the body has."""
    of, whole = part(share)
    return means(state, month) * of // whole


def within(state: State, month: str, share: str, amount: int) -> bool:
    """Whether so much is not more than that."""
    of, whole = part(share)
    wanted = amount * whole
    return wanted <= state.entrusted * of or wanted <= earned_before(state, month) * of


def moved(lines: Sequence[Line] | Sequence[tuple[str, int]]) -> int:
    """How much an entry moves: the sum of its debits."""
    return sum(line[1] for line in lines if line[1] > 0)


def entry_fits(state: State, date: str, amount: int) -> bool:
    """Whether two may enter so much more in the month of this date."""
    month = date[:7]
    together = state.entered.get(month, 0) + amount
    return within(state, month, state.statute.treasury.entry_share, together)


def check_entry_fits(state: State, date: str, amount: int) -> None:
    if not entry_fits(state, date, amount):
        law, month = state.statute.treasury, date[:7]
        require(
            False,
            "entry_over_the_limit",
            law.article_of("entry_share"),
            month=month,
            together=state.entered.get(month, 0) + amount,
            limit=most(state, month, law.entry_share),
        )


def income_fits(state: State, date: str, payer: str, amount: int) -> bool:
    """Whether two may enter so much more as income in the month of this date: from this payer, and
    from all together."""
    law, month = state.statute.treasury, date[:7]
    received = state.received.get(month)
    from_payer = from_all = amount
    if received is not None:
        from_payer += received.get(folded(payer), 0)
        from_all += received[""]
    return within(state, month, law.entry_share, from_payer) and within(
        state, month, law.income_share, from_all
    )


# --- what the members allow -------------------------------------------------------------------


class AllowEntry(Effect, frozen=True, kw_only=True, tag="allow-entry"):
    """Allow an entry that moves the result, or a loan, of any size: which account is debited and
    which credited, at most how much, dated until when; with whom, if named (a loan names who
    lends). `name` tells several of one decision apart."""

    matter: ClassVar[str] = "authorise"
    purpose: str
    debit: str
    credit: str
    amount: int
    until: str
    payee: str = ""
    name: str = ""

    def thing(self) -> str:
        return f"allow-entry {self.name}"


class EntryAllowed(Fact, frozen=True):
    permission: str
    decision: int
    debit: str
    credit: str
    amount: int
    until: str
    payee: str

    def apply(self, state: State) -> None:
        state.permissions[self.permission] = Permission(
            self.permission,
            self.decision,
            self.debit,
            self.credit,
            self.amount,
            self.until,
            self.payee,
        )


@prepares(AllowEntry)
def can_allow(state: State, effect: AllowEntry, when: int, voting: bool) -> None:
    require(effect.purpose.strip(), "text_missing")
    check_amount(effect.amount)
    parse_date(effect.until)
    require(effect.debit != effect.credit, "same_account", account=effect.debit)
    if effect.payee:
        parse_payee(effect.payee)
    if effect.name:
        check_reference(effect.name)
    if is_money(state, effect.debit):
        parse_account(effect.debit)
        lent = effect.credit == LOANS and group(state, effect.credit) != ""
        allowed = lent or is_earned(state, effect.credit)
        require(allowed, "source_not_allowed", source=effect.credit)
        require(effect.payee or not lent, "lender_missing")
    else:
        check_by_journal(state, effect.debit)
        check_by_journal(state, effect.credit)


@enacts(AllowEntry)
def allow_entry(state: State, effect: AllowEntry, decision: int, when: int) -> list[Fact]:
    return [
        EntryAllowed(
            authorisation(decision, effect.name),
            decision,
            effect.debit,
            effect.credit,
            effect.amount,
            effect.until,
            effect.payee,
        )
    ]


def is_earned(state: State, account: str) -> bool:
    """Whether money can come in as this income."""
    return group(state, account) == "income" and base(account) not in RELEASED


def check_by_journal(state: State, account: str) -> None:
    """Money, funds, grants, loans and people's accounts move by payments and decisions only."""
    kind = group(state, account)
    guarded = is_money(state, account) or kind == "funds"
    apart = base(account) in (*PERSONAL, *RELEASED, "grants", LOANS)
    require(not guarded and not apart, "not_by_journal", account=account)


def check_permission(
    state: State, name: str, date: str, lines: Sequence[tuple[str, int]], payer: str = ""
) -> None:
    """The entry is one that a decision in force allows: these accounts, dated in time, with whom
    the members named, and no more than is left of it."""
    permission = state.permissions.get(name)
    require(permission is not None, "no_permission", permission=name)
    assert permission is not None
    require(not permission.revoked, "decision_repealed", decision=permission.decision)
    require(date <= permission.until, "permission_over", until=permission.until, date=date)
    debits = {account for account, amount in lines if amount > 0}
    credits = {account for account, amount in lines if amount < 0}
    decided = debits == {permission.debit} and credits == {permission.credit}
    require(decided, "other_accounts", debit=permission.debit, credit=permission.credit)
    named = not permission.payee or folded(payer) == folded(permission.payee)
    require(named, "other_payer", payer=permission.payee)
    amount, left = moved(lines), permission.amount - permission.used
    require(amount <= left, "over_the_permission", room=left, amount=amount)
