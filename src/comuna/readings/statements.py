"""The statements of money: what there is and whose it is, what came in and went out, what was
decided, paid and left. Pure functions over the readings; each gives plain data and, under `of`, the
size of the book and the checkpoint that it was computed from.

Amounts are in smallest steps and read as people say them: means and costs as they stand to the
debit, obligations, funds and income as they stand to the credit.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from comuna.book.database import Database
from comuna.readings.law import restored
from comuna.readings.query import Row, one, rows, select, source
from comuna.rules.names import account_of, base, day, payee_of
from comuna.rules.state import State
from comuna.rules.treasury import budget_line
from comuna.words import Lang
from comuna.words import account as titled

Data = dict[str, Any]

GROUPS = ("means", "obligations", "funds", "income", "costs")
CREDIT = ("obligations", "funds", "income")
PERSONAL = ("member_accounts", "advances", "share_capital")
"""Accounts of which every member has one."""


def natural(amount: int, group: str) -> int:
    """An amount as people say it: what is owed, kept or earned is positive on the credit side."""
    return -amount if group in CREDIT else amount


# --- what there is ----------------------------------------------------------------------------


def money_total(database: Database, body: str) -> int:
    """The money in all listed cash boxes and bank accounts."""
    found = select(
        database,
        "SELECT CAST(COALESCE(SUM(b.amount), 0) AS BIGINT) AS total FROM reading_balance b"
        " JOIN reading_money_account m ON m.body = b.body AND m.account = b.account"
        " WHERE b.body = ? AND m.closed_by = 0",
        body,
    )
    return int(found[0]["total"])


def balance_sheet(database: Database, body: str, lang: Lang) -> Data:
    """Means on one side; obligations, funds and the result not yet closed on the other.

    {"of", "groups": [{"group", "accounts": [{"account", "title", "amount"}], "total"}], "result",
    "balanced"}; `result` is income less costs since the last close.
    """
    state = restored(database, body)
    balances = rows(database, body, "balance", unit=state.unit)
    groups = [group_of(state, balances, group, lang) for group in GROUPS[:3]]
    result = -sum(b["amount"] for b in balances if b["group"] in ("income", "costs"))
    means, obligations, funds = (g["total"] for g in groups)
    return {
        "of": source(database, body),
        "groups": groups,
        "result": result,
        "balanced": means == obligations + funds + result,
    }


def group_of(state: State, balances: list[Row], group: str, lang: Lang) -> Data:
    """The accounts of a group that hold something; personal accounts as one line."""
    amounts: dict[str, int] = {}
    for row in balances:
        if row["group"] == group:
            name = base(row["account"]) if base(row["account"]) in PERSONAL else row["account"]
            amounts[name] = amounts.get(name, 0) + natural(row["amount"], group)
    accounts = [
        {"account": account, "title": titled(account, lang, state), "amount": amount}
        for account, amount in amounts.items()
        if amount
    ]
    return {"group": group, "accounts": accounts, "total": sum(amounts.values())}


def income(database: Database, body: str, lang: Lang, since: str = "", until: str = "9") -> Data:
    """Income and costs of the dates from `since` to `until`, both included, by account, without the
    postings that close a period.

    {"of", "since", "until", "income": [{"account", "title", "amount"}], "costs": likewise,
    "total_income", "total_costs", "result"}
    """
    state = restored(database, body)
    sums = select(
        database,
        'SELECT l.account, l."group", CAST(SUM(l.amount) AS BIGINT) AS amount'
        " FROM reading_line l JOIN reading_movement m"
        " ON m.body = l.body AND m.number = l.movement"
        " WHERE l.body = ? AND m.date >= ? AND m.date <= ? AND m.kind <> 'close-period'"
        " AND l.\"group\" IN ('income', 'costs') GROUP BY l.account, l.\"group\"",
        body,
        since,
        until,
    )
    sums.sort(key=lambda row: row["account"])
    found = {group: group_of(state, sums, group, lang) for group in ("income", "costs")}
    earned, spent = found["income"]["total"], found["costs"]["total"]
    return {
        "of": source(database, body),
        "since": since,
        "until": "" if until == "9" else until,
        "income": found["income"]["accounts"],
        "costs": found["costs"]["accounts"],
        "total_income": earned,
        "total_costs": spent,
        "result": earned - spent,
    }


def surplus(database: Database, body: str, lang: Lang) -> Data:
    """Every closed period: its results, its surplus, and the table by which it was shared.

    {"of", "periods": [{"number", "since", "until", "results", "surplus", "accounts_approved",
    "allocated", "key", "steps": [{"fund", "title", "amount", "article"}], "people"}]}; `people` is
    how many receive, decisions are numbers (0: none yet).
    """
    state = restored(database, body)
    periods = []
    for row in rows(database, body, "period"):
        steps = rows(database, body, "destination", period=row["number"])
        for step in steps:
            step["title"] = titled(step["fund"], lang, state)
        people = rows(database, body, "allocation", period=row["number"])
        periods.append(
            {
                **{name: row[name] for name in ("number", "since", "until", "surplus", "key")},
                "results": state.periods[row["number"]].results,
                "accounts_approved": row["accounts_approved"],
                "allocated": row["allocated"],
                "steps": [
                    {k: step[k] for k in ("fund", "title", "amount", "article")} for step in steps
                ],
                "people": sum(p["amount"] > 0 for p in people),
            }
        )
    return {"of": source(database, body), "periods": periods}


def allocations(database: Database, body: str) -> Data:
    """What each person was allotted of each surplus: {"of", "allocations": [{"period", "since",
    "until", "member", "amount", "decision"}]}."""
    found = select(
        database,
        "SELECT a.period, p.since, p.until, a.member, a.amount, a.decision"
        " FROM reading_allocation a JOIN reading_period p"
        " ON p.body = a.body AND p.number = a.period WHERE a.body = ?"
        " ORDER BY a.period, a.member",
        body,
    )
    return {"of": source(database, body), "allocations": found}


# --- funds, grants, budget --------------------------------------------------------------------


def funds(database: Database, body: str, lang: Lang) -> Data:
    """The funds of the statute with what went in, what went out and what is there.

    {"of", "funds": [{"fund", "title", "indivisible", "liquid", "use", "in", "out", "balance"}]}
    """
    state = restored(database, body)
    flows = turnover(database, body)
    found = []
    for fund in state.statute.treasury.funds:
        into, out = flows.get(fund.id, (0, 0))
        found.append(
            {
                "fund": fund.id,
                "title": fund.title.get(lang, fund.title["en"]),
                "indivisible": fund.indivisible,
                "liquid": fund.liquid,
                "use": fund.use,
                "in": into,
                "out": out,
                "balance": into - out,
            }
        )
    return {"of": source(database, body), "funds": found}


def turnover(database: Database, body: str) -> dict[str, tuple[int, int]]:
    """What was credited and what debited, by account."""
    found = select(
        database,
        "SELECT account,"
        " CAST(SUM(CASE WHEN amount < 0 THEN -amount ELSE 0 END) AS BIGINT) AS into_it,"
        " CAST(SUM(CASE WHEN amount > 0 THEN amount ELSE 0 END) AS BIGINT) AS out_of_it"
        " FROM reading_line WHERE body = ? GROUP BY account",
        body,
    )
    return {row["account"]: (row["into_it"], row["out_of_it"]) for row in found}


def grants(database: Database, body: str) -> Data:
    """Grants: accepted by which decision, received, spent, and left to spend in their window.

    {"of", "grants": [{"name", "grantor", "purpose", "since", "until", "decision", "amount",
    "received", "spent", "left"}]}
    """
    found = rows(database, body, "grant")
    for row in found:
        balance = one(database, body, "balance", account=account_of("grants", row["name"]))
        row["left"] = -balance["amount"] if balance else 0
        row["spent"] = row["received"] - row["left"]
        del row["body"]
    return {"of": source(database, body), "grants": found}


def budget(database: Database, body: str, today: str, lang: Lang) -> Data:
    """The budget in force against what authorisations take up of it, what is committed and what was
    spent in its window, line by line.

    {"of", "since", "until", "decision", "lines": [{"line", "title", "budgeted", "authorised",
    "pending", "spent", "left"}]}; `left` is budgeted less spent. No lines without a budget.
    """
    state = restored(database, body)
    last = select(
        database,
        "SELECT * FROM reading_budget WHERE body = ? AND number ="
        " (SELECT MAX(number) FROM reading_budget WHERE body = ?) ORDER BY line",
        body,
        body,
    )
    if not last:
        return {"of": source(database, body), "since": "", "until": "", "decision": 0, "lines": []}
    since, until = last[0]["since"], last[0]["until"]
    state.budget = {row["line"]: row["amount"] for row in last}
    spent = spent_by_line(database, state, since, until)
    running = [a for a in state.authorisations.values() if a.until >= since]
    lines = []
    for row in last:
        of_line = [a for a in running if budget_line(state, a.line) == row["line"]]
        paid = spent.get(row["line"], 0)
        lines.append(
            {
                "line": row["line"],
                "title": titled(row["line"], lang, state),
                "budgeted": row["amount"],
                "authorised": sum(a.engaged(today) for a in of_line),
                "pending": sum(a.pending for a in of_line),
                "spent": paid,
                "left": row["amount"] - paid,
            }
        )
    return {
        "of": source(database, body),
        "since": since,
        "until": until,
        "decision": last[0]["decision"],
        "lines": lines,
    }


def spent_by_line(database: Database, state: State, since: str, until: str) -> dict[str, int]:
    """What was posted to each line of the budget in a window, closing postings apart."""
    found = select(
        database,
        "SELECT l.account, CAST(SUM(l.amount) AS BIGINT) AS amount"
        " FROM reading_line l JOIN reading_movement m"
        " ON m.body = l.body AND m.number = l.movement"
        " WHERE l.body = ? AND m.date >= ? AND m.date <= ? AND m.kind <> 'close-period'"
        " GROUP BY l.account",
        state.body,
        since,
        until,
    )
    sums: dict[str, int] = {}
    for row in found:
        line = budget_line(state, row["account"])
        sums[line] = sums.get(line, 0) + row["amount"]
    return sums


# --- authorisations and payments --------------------------------------------------------------


def authorisations(database: Database, body: str, today: str) -> Data:
    """Room to pay: what each decision opened, what was spent, what is committed, what is left.

    {"of", "authorisations": [{every column of the table, "title" of the decision, "left",
    "usable"}]}; `usable` says whether it may be drawn on at `today`.
    """
    found = select(
        database,
        "SELECT a.*, p.title FROM reading_authorisation a JOIN reading_proposal p"
        " ON p.body = a.body AND p.number = a.decision WHERE a.body = ?"
        " ORDER BY a.decision, a.name",
        body,
    )
    for row in found:
        row["left"] = row["limit"] - row["spent"] - row["pending"]
        row["usable"] = not row["revoked_by"] and row["since"] <= today <= row["until"]
        del row["body"]
    return {"of": source(database, body), "authorisations": found}


def payments(database: Database, body: str, at: int) -> Data:
    """Every payment with what stands behind it: decision → authorisation → approvals → receipts.

    {"of", "payments": [{every column of the table, "title" of the decision, "purpose", "fund",
    "approved_by": [member], "valid_approvals", "needed", "movements": [{"number", "date", "amount",
    "receipt", "reversed_by"}], "state"}]}; `state` is waiting (for signatures), ready, part, paid,
    released or expired.
    """
    state = restored(database, body)
    found = select(
        database,
        "SELECT y.*, p.title, a.purpose, a.fund FROM reading_payment y"
        " JOIN reading_authorisation a ON a.body = y.body AND a.name = y.authorisation"
        " JOIN reading_proposal p ON p.body = y.body AND p.number = y.decision"
        " WHERE y.body = ? ORDER BY y.number",
        body,
    )
    approved: dict[int, list[int]] = {}
    for row in rows(database, body, "approval", "number"):
        approved.setdefault(row["payment"], []).append(row["member"])
    made: dict[int, list[Row]] = {}
    for row in rows(database, body, "movement"):
        if row["payment"]:
            kept = ("number", "date", "amount", "receipt", "reversed_by")
            made.setdefault(row["payment"], []).append({name: row[name] for name in kept})
    needed = state.statute.treasury.signatures
    for row in found:
        members = approved.get(row["number"], [])
        row["approved_by"] = members
        row["valid_approvals"] = sum(state.holds(m, "approve-payment", at) for m in members)
        row["needed"] = needed
        row["movements"] = made.get(row["number"], [])
        row["state"] = payment_state(row, at)
        del row["body"]
    return {"of": source(database, body), "payments": found}


def payment_state(payment: Row, at: int) -> str:
    """Where a payment stands at a moment; `payment` as in `payments`."""
    if not payment["open"]:
        return "paid" if payment["paid"] == payment["amount"] else "released"
    if payment["until"] < day(at):
        return "expired"
    if payment["valid_approvals"] < payment["needed"]:
        return "waiting"
    return "part" if payment["paid"] else "ready"


# --- prices -----------------------------------------------------------------------------------


def prices(database: Database, body: str, today: str) -> Data:
    """What members bring is worth: the price list of today and those that are to follow.

    {"of", "prices": [{"product", "measure", "price", "per", "most", "since", "until", "decision",
    "number"}]}; `until` is the day before the next list begins, "" where none is decided.
    """
    found = rows(database, body, "price", "since, number, product, measure")
    begins = {(row["since"], row["number"]): row["since"] for row in found}
    following = dict(zip(begins, [*begins.values()][1:], strict=False))
    shown = []
    for row in found:
        after = following.get((row["since"], row["number"]), "")
        row["until"] = day_before(after) if after else ""
        del row["body"]
        if not after or (row["until"] >= today and after > row["since"]):
            shown.append(row)
    return {"of": source(database, body), "prices": shown}


def day_before(text: str) -> str:
    return (date.fromisoformat(text) - timedelta(days=1)).isoformat()


# --- one member -------------------------------------------------------------------------------


def member_account(database: Database, body: str, member: int, lang: Lang) -> Data:
    """All that concerns one member's money and work.

    {"of", "member", "accounts": [{"account", "title", "balance"}], "lines": [{"date", "movement",
    "account", "text", "amount", "decision", "receipt"}], "allocations", "payments", "minutes": by
    month, "deliveries"}; balances and amounts are positive where the body owes the member.
    """
    state = restored(database, body)
    names = [f"{name}:{member}" for name in PERSONAL]
    accounts = []
    for name in names:
        found = one(database, body, "balance", account=name)
        if found:
            row = {"account": name, "title": titled(base(name), lang, state)}
            accounts.append(row | {"balance": -found["amount"]})
    lines = select(
        database,
        "SELECT m.date, l.movement, l.account, m.text, -l.amount AS amount, m.decision, m.receipt"
        " FROM reading_line l JOIN reading_movement m"
        " ON m.body = l.body AND m.number = l.movement"
        " WHERE l.body = ? AND l.account IN (?, ?, ?) ORDER BY l.movement, l.place",
        body,
        *names,
    )
    allotted = allocations(database, body)["allocations"]
    minutes: dict[str, int] = {}
    for logged in rows(database, body, "work", "date, number", member=member):
        month = logged["date"][:7]
        minutes[month] = minutes.get(month, 0) + logged["minutes"]
    return {
        "of": source(database, body),
        "member": member,
        "accounts": accounts,
        "lines": lines,
        "allocations": [row for row in allotted if row["member"] == member],
        "payments": rows(database, body, "payment", payee=payee_of(member)),
        "minutes": minutes,
        "deliveries": rows(database, body, "delivery", member=member),
    }


def work(database: Database, body: str) -> Data:
    """Hours of work, in minutes, by production unit and month: {"of", "work": [{"production_unit",
    "month", "members", "minutes"}], "minutes"}."""
    found = select(
        database,
        "SELECT production_unit, SUBSTR(date, 1, 7) AS month, COUNT(DISTINCT member) AS members,"
        " CAST(SUM(minutes) AS BIGINT) AS minutes FROM reading_work WHERE body = ?"
        " GROUP BY production_unit, SUBSTR(date, 1, 7)",
        body,
    )
    found.sort(key=lambda row: (row["production_unit"], row["month"]))
    return {
        "of": source(database, body),
        "work": found,
        "minutes": sum(row["minutes"] for row in found),
    }
