"""Proofs about what moves the result of a year though no money leaves: two people entered no more
of it than the statute's part of what the body has; whatever is more was decided, or, where money
came in, signed by somebody who oversees; and a loan was decided."""

from __future__ import annotations

from collections.abc import Set
from fractions import Fraction
from typing import Any

from comuna.audit.body import Allowance, Body, Movement
from comuna.audit.entries import Entry
from comuna.audit.findings import need
from comuna.audit.law import PERSONAL
from comuna.audit.names import (
    base,
    date_of,
    folded,
    payee_of,
    prove_account,
    prove_amount,
    prove_reference,
)

Effect = dict[str, Any]

RELEASED = ("grants_used", "funds_used")
UNTOUCHED = (*PERSONAL, *RELEASED, "grants", "loans")
"""Accounts that no entry without money touches, beside boxes and funds."""


# --- what was decided ---------------------------------------------------------------------------


def can_allow_entry(body: Body, effect: Effect, when: int) -> None:
    debit, credit = effect["debit"], effect["credit"]
    prove_amount(effect["amount"])
    date_of(effect["until"])
    if effect.get("payee"):
        payee_of(effect["payee"])
    if effect.get("name"):
        prove_reference(effect["name"])
    for account in (debit, credit):
        prove_account(account)
        need(body.law.group(account), "account_unknown", account=account)
    need(debit != credit, "account_not_listed", account=credit)
    if body.law.is_money(debit):
        lent = credit == "loans"
        need(lent or earns(body, credit), "source_not_allowed", source=credit)
        need(effect.get("payee") or not lent, "lender_missing")
    else:
        prove_untouched(body, [debit, credit])


def allow_entry(body: Body, effect: Effect, decision: int, when: int) -> None:
    name = f"{decision}/{effect['name']}" if effect.get("name") else str(decision)
    body.allowances[name] = Allowance(
        decision,
        effect["debit"],
        effect["credit"],
        effect["until"],
        effect.get("payee", ""),
        effect["amount"],
    )


def earns(body: Body, account: str) -> bool:
    return body.law.group(account) == "income" and base(account) not in RELEASED


def prove_untouched(body: Body, accounts: list[str]) -> None:
    for account in accounts:
        guarded = body.law.is_money(account) or body.law.group(account) == "funds"
        apart = base(account) in UNTOUCHED
        need(not guarded and not apart, "movement_without_decision", about=account)


def draw(body: Body, movement: Movement, name: str) -> None:
    """The entry is the one that members allowed, in time, and no more of it."""
    allowance = body.allowances.get(name)
    need(allowance is not None, "entry_undecided", about=name)
    assert allowance is not None
    need(not allowance.revoked, "decision_repealed", decision=allowance.decision)
    late = movement.date > allowance.until
    need(not late, "outside_the_window", date=movement.date, authorisation=name)
    sides = {(account, amount > 0) for account, amount in movement.lines}
    decided = {(allowance.debit, True), (allowance.credit, False)}
    need(sides == decided, "other_entry", decided=f"{allowance.debit} / {allowance.credit}")
    who = allowance.with_whom
    same = not who or folded(who) == folded(movement.party)
    need(same, "other_payee", payee=movement.party, decided=who)
    moves = _debits(movement)
    need(moves <= allowance.left, "mandate_overspent", authorisation=name, amount=moves)
    movement.allowed = name


def give_back(body: Body, movement: Movement) -> None:
    """What is reversed can be entered again under the same decision."""
    if movement.allowed:
        body.allowances[movement.allowed].left += _debits(movement)


# --- what two may do on their own ---------------------------------------------------------------


def _debits(movement: Movement) -> int:
    return sum(max(0, amount) for _, amount in movement.lines)


def _bounded(body: Body, month: str, share: Fraction, amount: int) -> bool:
    """Whether an amount is within a share of what the body has in hand of its own and in trust, or
    of the income of the twelve months that end before this one."""
    if amount <= share * body.held:
        return True
    year_before = f"{int(month[:4]) - 1:04d}{month[4:]}"
    income = sum(n for of, n in body.earned.items() if year_before <= of < month)
    return amount <= share * income


def fits(body: Body, month: str, movement: Movement) -> bool:
    """Whether two may still enter this in a month on their own. Where money moves, the boxes can be
    counted."""
    if any(body.law.is_money(account) for account, _ in movement.lines):
        return True
    together = body.alone[month] + _debits(movement)
    return _bounded(body, month, body.law.entry_share, together)


def prove_entry(body: Body, movement: Movement, name: str) -> None:
    """An entry that moves no money: decided, or within what two may do."""
    if name:
        draw(body, movement, name)
        return
    month = movement.date[:7]
    need(fits(body, month, movement), "entry_beyond_two", month=month)
    movement.alone = "entry"


def prove_income(
    body: Body, e: Entry, movement: Movement, source: str, own: Set[int], name: str
) -> None:
    """Money that came in: decided; or income that two may enter, or three, one of whom oversees.
    What has a proof of its own (grants, contributions, debts, the price of a thing) is not counted
    here."""
    if name:
        draw(body, movement, name)
        return
    if movement.asset or not earns(body, source):
        return
    month, amount = movement.date[:7], _debits(movement)
    payer = folded(movement.party)
    law, sales = body.law, body.sales
    fits_payer = _bounded(body, month, law.entry_share, sales[month, payer] + amount)
    if fits_payer and _bounded(body, month, law.income_share, sales[month, ""] + amount):
        movement.alone = "income"
        return
    others = e.signers - {e.member}
    able = {
        power: {m for m in others if body.holds(m, power, e.at, own)}
        for power in ("approve-payment", "oversee")
    }
    apart = len(able["approve-payment"] | able["oversee"]) >= 2
    need(all(able.values()) and apart, "income_beyond_two", month=month)


def count(body: Body, movement: Movement, closing: bool = False) -> None:
    """Keep what entries are measured by, and how much was entered of it. The close of a period is
    no income."""
    month = movement.date[:7]
    if movement.allowed:
        body.allowances[movement.allowed].left -= _debits(movement)
    if movement.alone == "income":
        for payer in (folded(movement.party), ""):
            body.sales[month, payer] += _debits(movement)
    elif movement.alone:
        body.alone[month] += _debits(movement)
    for account, amount in movement.lines:
        group = body.law.group(account)
        if group == "funds" or (group == "obligations" and base(account) in ("grants", "loans")):
            body.held -= amount
        elif group == "income" and not closing:
            body.earned[month] = body.earned.get(month, 0) - amount
