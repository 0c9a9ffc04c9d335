"""Facts of money, things and work, into rows."""

from __future__ import annotations

from typing import Any

from comuna.readings.folds import folds, words
from comuna.readings.rows import Rows
from comuna.rules import (
    accounts,
    assets,
    ledger,
    period,
    prices,
    production,
    result,
    surplus,
    treasury,
)
from comuna.rules.act import Entry
from comuna.rules.judge import KINDS
from comuna.rules.names import decision_of

# --- the ledger -------------------------------------------------------------------------------


@folds(ledger.Posted)
def posted(rows: Rows, entry: Entry[Any], fact: ledger.Posted, place: int) -> None:
    """A close names itself as what seals it: no decision of the members stands behind it."""
    decision = 0 if fact.decision == fact.movement else fact.decision
    if fact.permission:
        decision = 0 if fact.reverses else decision_of(fact.permission)
        used = -debits(fact) if fact.reverses else debits(fact)
        rows.run("permission", "used = used + ?", "name = ?", used, fact.permission)
    rows.add(
        "movement",
        fact.movement,
        fact.date,
        KINDS[type(entry.act)],
        fact.text,
        fact.unit,
        fact.lines[0].amount if fact.commitment else debits(fact),
        fact.by,
        fact.commitment,
        fact.authorisation,
        decision,
        fact.party,
        fact.receipt,
        fact.reverses,
        0,
    )
    for number, (account, amount, group) in enumerate(fact.lines):
        rows.add("line", fact.movement, number, account, amount, group)
        rows.balances[account, fact.unit, group] += amount
    if fact.reverses:
        rows.update("movement", {"number": fact.reverses}, reversed_by=fact.movement)
        rows.run(
            "movement",
            "amount = (SELECT reversed.amount FROM reading_movement AS reversed"
            " WHERE reversed.body = reading_movement.body AND reversed.number = ?)",
            "number = ?",
            fact.reverses,
            fact.movement,
        )


def debits(fact: ledger.Posted) -> int:
    return sum(line.amount for line in fact.lines if line.amount > 0)


@folds(accounts.MoneyCounted)
def money_counted(rows: Rows, entry: Entry[Any], fact: accounts.MoneyCounted, place: int) -> None:
    rows.insert(
        "money_count",
        number=fact.count,
        account=fact.account,
        date=fact.date,
        counted=fact.counted,
        booked=fact.booked,
        counters=words(fact.counters),
    )


@folds(accounts.AccountListed)
def account_listed(rows: Rows, entry: Entry[Any], fact: accounts.AccountListed, place: int) -> None:
    rows.insert(
        "money_account",
        account=fact.account,
        number=entry.number,
        title=fact.title,
        opened_by=fact.decision,
    )


@folds(accounts.AccountClosed)
def account_closed(rows: Rows, entry: Entry[Any], fact: accounts.AccountClosed, place: int) -> None:
    rows.update("money_account", {"account": fact.account, "closed_by": 0}, closed_by=fact.decision)


@folds(accounts.GrantAccepted)
def grant_accepted(rows: Rows, entry: Entry[Any], fact: accounts.GrantAccepted, place: int) -> None:
    rows.insert(
        "grant",
        name=fact.grant,
        grantor=fact.grantor,
        purpose=fact.purpose,
        amount=fact.amount,
        since=fact.since,
        until=fact.until,
        decision=fact.decision,
    )


@folds(accounts.GrantReceived)
def grant_received(rows: Rows, entry: Entry[Any], fact: accounts.GrantReceived, place: int) -> None:
    rows.run("grant", "received = received + ?", "name = ?", fact.amount, fact.grant)


@folds(accounts.BudgetSet)
def budget_set(rows: Rows, entry: Entry[Any], fact: accounts.BudgetSet, place: int) -> None:
    for line, amount in fact.lines:
        rows.insert(
            "budget",
            number=entry.number,
            line=line,
            decision=fact.decision,
            since=fact.since,
            until=fact.until,
            amount=amount,
        )


@folds(result.EntryAllowed)
def entry_allowed(rows: Rows, entry: Entry[Any], fact: result.EntryAllowed, place: int) -> None:
    rows.insert(
        "permission",
        name=fact.permission,
        decision=fact.decision,
        debit=fact.debit,
        credit=fact.credit,
        amount=fact.amount,
        until=fact.until,
        payee=fact.payee,
    )


# --- room to pay, and payments ----------------------------------------------------------------


@folds(treasury.Authorised)
def authorised(rows: Rows, entry: Entry[Any], fact: treasury.Authorised, place: int) -> None:
    rows.insert(
        "authorisation",
        name=fact.authorisation,
        decision=fact.decision,
        purpose=fact.purpose,
        fund=fact.fund,
        line=fact.line,
        limit=fact.limit,
        unit=fact.unit,
        since=fact.since,
        until=fact.until,
        payee=fact.payee,
        each=fact.each,
        predecessor=fact.predecessor,
    )


@folds(treasury.Committed)
def committed(rows: Rows, entry: Entry[Any], fact: treasury.Committed, place: int) -> None:
    rows.insert(
        "payment",
        number=fact.payment,
        authorisation=fact.authorisation,
        decision=decision_of(fact.authorisation),
        requester=fact.requester,
        payee=fact.payee,
        amount=fact.amount,
        account=fact.account,
        money=fact.money,
        until=fact.until,
        text=fact.text,
        document=fact.document,
        at=fact.at,
        open=fact.amount,
    )
    rows.run("authorisation", "pending = pending + ?", "name = ?", fact.amount, fact.authorisation)


@folds(treasury.PaymentApproved)
def payment_approved(
    rows: Rows, entry: Entry[Any], fact: treasury.PaymentApproved, place: int
) -> None:
    rows.add("approval", fact.payment, fact.by, fact.approval, fact.at)
    rows.run("payment", "approvals = approvals + 1", "number = ?", fact.payment)


@folds(treasury.Released)
def released(rows: Rows, entry: Entry[Any], fact: treasury.Released, place: int) -> None:
    rows.update(
        "payment",
        {"number": fact.payment},
        open=0,
        released_at=entry.at,
        released_by=fact.by,
        release_reason=fact.reason,
    )
    rows.run("authorisation", "pending = pending - ?", "name = ?", fact.amount, fact.authorisation)


@folds(treasury.Drawn)
def drawn(rows: Rows, entry: Entry[Any], fact: treasury.Drawn, place: int) -> None:
    amount = fact.amount
    rows.run(
        "payment",
        'paid = paid + ?, "open" = "open" - ?',
        "number = ?",
        amount,
        amount,
        fact.payment,
    )
    rows.run(
        "authorisation",
        "spent = spent + ?, pending = pending - ?",
        "name = ?",
        amount,
        amount,
        fact.authorisation,
    )


@folds(accounts.DrawnBack)
def drawn_back(rows: Rows, entry: Entry[Any], fact: accounts.DrawnBack, place: int) -> None:
    """The approvals of what was undone lapse with it; that they were given, the log says."""
    amount, reopened = fact.amount, fact.reopened
    rows.delete("approval", payment=fact.payment)
    rows.run(
        "payment",
        'paid = paid - ?, "open" = "open" + ?, approvals = 0',
        "number = ?",
        amount,
        reopened,
        fact.payment,
    )
    rows.run(
        "authorisation",
        "spent = spent - ?, pending = pending + ?",
        "name = ?",
        amount,
        reopened,
        fact.authorisation,
    )


@folds(treasury.PaymentObjected)
def payment_objected(
    rows: Rows, entry: Entry[Any], fact: treasury.PaymentObjected, place: int
) -> None:
    rows.insert(
        "objection",
        number=entry.number,
        payment=fact.payment,
        member=fact.member,
        reason=entry.act.reason,
        at=fact.at,
        suspends=int(fact.suspends),
    )


@folds(accounts.ReversalAnnounced)
def reversal_announced(
    rows: Rows, entry: Entry[Any], fact: accounts.ReversalAnnounced, place: int
) -> None:
    rows.insert(
        "announcement",
        number=fact.announcement,
        movement=fact.movement,
        by=entry.by.member,
        reason=entry.act.reason,
        at=fact.at,
    )


# --- things -----------------------------------------------------------------------------------


@folds(assets.AssetRegistered)
def registered(rows: Rows, entry: Entry[Any], fact: assets.AssetRegistered, place: int) -> None:
    rows.insert(
        "asset",
        name=fact.name,
        number=entry.number,
        category=fact.category,
        title=fact.title,
        movement=fact.movement,
    )


@folds(assets.DisposalDecided)
def disposal_decided(
    rows: Rows, entry: Entry[Any], fact: assets.DisposalDecided, place: int
) -> None:
    rows.update(
        "asset",
        {"name": fact.name},
        disposal=fact.decision,
        buyer=fact.buyer,
        price=fact.price,
        received=0,
    )


@folds(assets.AssetPaid)
def asset_paid(rows: Rows, entry: Entry[Any], fact: assets.AssetPaid, place: int) -> None:
    rows.run("asset", "received = received + ?", "name = ?", fact.amount, fact.name)


@folds(assets.AssetHandedOver)
def handed_over(rows: Rows, entry: Entry[Any], fact: assets.AssetHandedOver, place: int) -> None:
    rows.update("asset", {"name": fact.name}, handed_over=entry.number, deed=fact.deed)


# --- periods and surplus ----------------------------------------------------------------------


@folds(period.PeriodClosed)
def period_closed(rows: Rows, entry: Entry[Any], fact: period.PeriodClosed, place: int) -> None:
    rows.insert(
        "period",
        number=fact.period,
        since=fact.since,
        until=fact.until,
        unit=fact.unit,
        surplus=fact.surplus,
        **fact.results,
    )


@folds(period.AccountsApproved)
def accounts_approved(
    rows: Rows, entry: Entry[Any], fact: period.AccountsApproved, place: int
) -> None:
    rows.update("period", {"number": fact.period}, accounts_approved=fact.decision)


@folds(surplus.SurplusAllocated)
def surplus_allocated(
    rows: Rows, entry: Entry[Any], fact: surplus.SurplusAllocated, place: int
) -> None:
    key = fact.key
    if isinstance(key, dict):
        key = " ".join(f"{measure}:{share}" for measure, share in sorted(key.items()))
    rows.update("period", {"number": fact.period}, allocated=fact.decision, key=key)
    for number, step in enumerate(fact.steps):
        rows.insert(
            "destination",
            period=fact.period,
            place=number,
            fund=step.fund,
            amount=step.amount,
            article=step.article,
        )
    for member, amount in fact.allocations.items():
        rows.add("allocation", fact.period, int(member), amount, fact.decision)


# --- work -------------------------------------------------------------------------------------


@folds(production.WorkLogged)
def work_logged(rows: Rows, entry: Entry[Any], fact: production.WorkLogged, place: int) -> None:
    signers = words({entry.by.member, *(s.member for s in entry.by.signatures)})
    for member, minutes in fact.work:
        rows.add(
            "work",
            entry.number,
            member,
            fact.date,
            fact.production_unit,
            fact.task,
            minutes,
            signers,
            0,
        )


@folds(production.Delivered)
def delivered(rows: Rows, entry: Entry[Any], fact: production.Delivered, place: int) -> None:
    rows.insert(
        "delivery",
        number=entry.number,
        date=fact.date,
        member=fact.member,
        product=fact.product,
        quantity=fact.quantity,
        measure=fact.measure,
        value=fact.value,
        confirmed_by=words({entry.by.member, *(s.member for s in entry.by.signatures)}),
    )


@folds(production.WorkCorrected)
def work_corrected(
    rows: Rows, entry: Entry[Any], fact: production.WorkCorrected, place: int
) -> None:
    hours = {"number": fact.about, "member": fact.member}
    rows.update("work", hours, minutes=fact.minutes, corrected=entry.number)


@folds(production.DeliveryCorrected)
def delivery_corrected(
    rows: Rows, entry: Entry[Any], fact: production.DeliveryCorrected, place: int
) -> None:
    given = {"value": fact.value, "quantity": fact.quantity, "corrected": entry.number}
    rows.update("delivery", {"number": fact.about}, **given)


@folds(prices.PricesSet)
def prices_set(rows: Rows, entry: Entry[Any], fact: prices.PricesSet, place: int) -> None:
    for product, measure, price in fact.prices:
        rows.insert(
            "price",
            number=entry.number,
            product=product,
            measure=measure,
            decision=fact.decision,
            since=fact.since,
            price=price.price,
            per=price.per,
            most=price.most,
        )
