"""The proof of the promise: every payment ← approvals by mandates in force ← request ←
authorisation ← enacted decision of the members, within its limit, window, fund and line, with its
paper, and never in one's own case."""

from __future__ import annotations

from collections.abc import Set
from math import ceil
from typing import Any

from comuna.audit.body import Authorisation, Body, Movement, Request
from comuna.audit.entries import Entry
from comuna.audit.findings import need
from comuna.audit.law import PERSONAL
from comuna.audit.ledger import (
    balance,
    count_advances,
    post,
    prove_date,
    prove_money_account,
    prove_receipt,
)
from comuna.audit.names import (
    base,
    day,
    folded,
    member_in,
    part_of,
    payee_of,
    prove_account,
    prove_amount,
    prove_amount_or_nothing,
    prove_reference,
    prove_window,
)

Effect = dict[str, Any]

HANDS = 2
"""Keys on which a payment rests at least, from its request to its receipt."""

PAYABLE = ("stock", "tools", "land", "payables", "receivables", "loans", *PERSONAL)
"""Lines outside the costs that can be paid."""


# --- the decision opens room --------------------------------------------------------------------


def can_authorise(body: Body, effect: Effect, when: int) -> None:
    prove_amount(effect["limit"])
    prove_window(effect["since"], effect["until"])
    fund, line = effect["fund"], effect["line"]
    prove_account(line)
    if effect.get("payee"):
        payee_of(effect["payee"])
    if effect.get("name"):
        prove_reference(effect["name"])
    each = effect.get("each", 0)
    prove_amount_or_nothing(each)
    need(each <= effect["limit"], "mandate_overspent", authorisation="", amount=each)
    group = body.law.group(line)
    payable = group == "costs" or (group and base(line) in PAYABLE)
    payable = payable or (base(line) == "grants" and line == fund)
    need(payable, "account_unknown", account=line)
    need(base(line) not in PERSONAL or fund == "general", "fund_breached", fund=fund)
    need(base(line) not in PERSONAL or line in PERSONAL, "account_unknown", account=line)
    before = effect.get("predecessor", 0)
    need(not before or before in body.decisions, "proposal_unknown", decision=before)
    if base(fund) == "grants":
        grant = body.grants.get(part_of(fund, "grants"))
        need(grant is not None, "account_unknown", account=fund)
        assert grant is not None
        inside = grant.since <= effect["since"] and effect["until"] <= grant.until
        need(inside, "grant_out_of_scope", grant=fund)
    else:
        need(fund == "general" or fund in body.law.funds, "account_unknown", account=fund)


def can_authorise_all(body: Body, effects: list[Effect], today: str) -> None:
    """The authorisations of one decision, with those before them, pass neither a grant nor a line
    of the budget."""
    for fund in {e["fund"] for e in effects if base(e["fund"]) == "grants"}:
        wanted = sum(e["limit"] for e in effects if e["fund"] == fund)
        given = sum(_engaged(a, today) for a in body.authorisations.values() if a.fund == fund)
        whole = body.grants[part_of(fund, "grants")].amount
        need(given + wanted <= whole, "grant_exceeded", grant=fund)
    for line in {_budget_line(body, e["line"]) for e in effects} & set(body.budget):
        mine = [e for e in effects if _budget_line(body, e["line"]) == line]
        wanted = sum(e["limit"] for e in mine if e["since"] <= body.budget_until)
        given = sum(
            _engaged(a, today)
            for a in body.authorisations.values()
            if _budget_line(body, a.line) == line and a.until >= body.budget_since
        )
        need(not wanted or given + wanted <= body.budget[line], "budget_exceeded", line=line)


def _engaged(authorisation: Authorisation, today: str) -> int:
    """What an authorisation takes up of a grant or a budget: its limit while it can be drawn on,
    afterwards what was drawn or is still to be entered."""
    if authorisation.revoked:
        return authorisation.spent
    drawn = authorisation.spent + authorisation.pending
    return authorisation.limit if today <= authorisation.until else drawn


def _budget_line(body: Body, account: str) -> str:
    """ "materials:others" counts under "materials", unless the budget names it itself."""
    return account if account in body.budget else base(account)


def authorise(body: Body, effect: Effect, decision: int, when: int) -> None:
    name = f"{decision}/{effect['name']}" if effect.get("name") else str(decision)
    body.authorisations[name] = Authorisation(
        decision,
        effect["fund"],
        effect["line"],
        effect["limit"],
        effect["since"],
        effect["until"],
        effect.get("payee", ""),
        effect.get("each", 0),
        effect.get("predecessor", 0),
    )


# --- from the request to the payment ------------------------------------------------------------


def request_payment(body: Body, e: Entry) -> None:
    """A request commits a part of the room that a decision opened."""
    name, amount, payee = e.act["authorisation"], e.act["amount"], e.act["payee"]
    own = body.concerned(payee)
    asks = body.holds(e.member, "request-payment", e.when, own)
    need(asks, "term_expired", member=e.member, power="request-payment")
    authorisation = _usable(body, name, day(e.at))
    prove_amount(amount)
    prove_money_account(body, e.act["money"])
    room = authorisation.limit - authorisation.spent - authorisation.pending
    need(amount <= room, "mandate_overspent", authorisation=name, amount=amount)
    small = not authorisation.each or amount <= authorisation.each
    need(small, "mandate_overspent", authorisation=name, amount=amount)
    _payee(body, authorisation, payee)
    need(folded(payee) not in authorisation.stopped, "stopped_yet_paid", about=payee)
    _not_own_case(own, e.member, payee)
    account = _account(authorisation.line, payee)
    _covered(body, authorisation, account, amount, _committed(body, authorisation.fund, day(e.at)))
    document = prove_receipt(body, e.act.get("document"), False)
    need(document not in body.documents, "duplicate_invoice", sha256=document)
    enacted = body.decisions[authorisation.decision].enacted_at or e.at
    asked_on = max(day(e.when), day(enacted))
    body.requests[e.number] = Request(
        name, e.member, payee, amount, account, e.act["money"], asked_on, set(e.signers), document
    )
    if document:
        body.documents[document] = e.number
    authorisation.pending += amount


def _usable(body: Body, name: str, today: str) -> Authorisation:
    """An authorisation of an enacted decision, in its window, after its predecessor."""
    authorisation = body.authorisations.get(name)
    need(authorisation is not None, "movement_without_decision", about=name)
    assert authorisation is not None
    need(not authorisation.revoked, "decision_repealed", decision=authorisation.decision)
    inside = authorisation.since <= today <= authorisation.until
    need(inside, "outside_the_window", date=today, authorisation=name)
    if authorisation.predecessor:
        before = body.decisions.get(authorisation.predecessor)
        done = before is not None and before.accepted
        need(done, "works_ahead_of_certificate", decision=authorisation.predecessor)
    return authorisation


def _payee(body: Body, authorisation: Authorisation, payee: str) -> None:
    member = payee_of(payee)
    named = not authorisation.payee or payee == authorisation.payee
    need(named, "other_payee", payee=payee, decided=authorisation.payee)
    need(member is None or member in body.people, "other_payee", payee=payee, decided="")


def _not_own_case(own: Set[int], member: int, payee: str) -> None:
    need(member not in own, "related_party", member=member, payee=payee)


def _account(line: str, payee: str) -> str:
    """Where the debit goes: personal accounts are one per member."""
    if line not in PERSONAL:
        return line
    member = member_in(payee)
    need(member is not None, "other_payee", payee=payee, decided="member:…")
    return f"{line}:{member}"


def _committed(body: Body, fund: str, today: str) -> int:
    return sum(
        a.pending for a in body.authorisations.values() if a.fund == fund and a.until >= today
    )


def _covered(
    body: Body, authorisation: Authorisation, account: str, amount: int, pending: int
) -> None:
    """There is enough in the fund, and money for it that is not set aside for others."""
    fund = authorisation.fund
    money = sum(balance(body, account) for account in body.listed)
    aside = [*body.law.liquid, *(f"grants:{name}" for name in body.grants)]
    unspoken = money + sum(balance(body, account) for account in aside if account != fund)
    free = unspoken if fund == "general" else -balance(body, fund)
    need(free - pending >= amount, "fund_breached", fund=fund)
    need(unspoken >= amount, "fund_breached", fund=fund)
    if base(account) in ("member_accounts", "share_capital"):
        need(-balance(body, account) >= amount, "more_than_owed", account=account)
    if base(account) == "advances":
        need(body.law.advances != "none", "more_than_owed", account=account)


def _request(body: Body, number: int) -> Request:
    request = body.requests.get(number)
    need(request is not None, "movement_without_decision", about=number)
    assert request is not None
    need(request.open_amount > 0, "paid_twice", payment=number)
    return request


def approve_payment(body: Body, e: Entry) -> None:
    request = _request(body, e.act["payment"])
    own = body.concerned(request.payee)
    may = body.holds(e.member, "approve-payment", e.when, own)
    need(may, "term_expired", member=e.member, power="approve-payment")
    need(e.member != request.requester, "approved_by_requester", member=e.member)
    _not_own_case(own, e.member, request.payee)
    need(e.member not in request.approvals, "approved_twice", member=e.member)
    _usable(body, request.authorisation, day(e.at))
    need(not request.stopped, "stopped_yet_paid", about=e.act["payment"])
    request.approvals[e.member] = (day(e.when), e.at)
    request.hands |= e.signers


def object_payment(body: Body, e: Entry) -> None:
    """Any member who votes objects once, while there is something to stop. Oversight alone stops
    it, and so does the share of the roll that suspends a decision. Whom the members themselves
    decided to pay, only a challenge to that decision stops."""
    number = e.act["payment"]
    said = body.announcements.get(number)
    if said is not None:
        need(not body.movements[said.movement].reversed, "reversed_twice", movement=said.movement)
    request = _request(body, number) if said is None else None
    if request is not None:
        named = body.authorisations[request.authorisation].payee
        need(not named, "objection_to_a_decision", payment=number)
    waiting = request or said
    assert waiting is not None
    fresh = body.votes(e.member, e.at) and e.member not in waiting.objectors
    need(fresh, "no_vote", member=e.member)
    waiting.objectors.add(e.member)
    share = body.law.suspend_support * len(body.roll(e.at))
    enough = len(waiting.objectors) >= max(1, ceil(share))
    if enough or body.holds(e.member, "oversee", e.at):
        waiting.stopped = True
        if request is not None:
            body.authorisations[request.authorisation].stopped.add(folded(request.payee))


def release_payment(body: Body, e: Entry) -> None:
    request = _request(body, e.act["payment"])
    powers = ("approve-payment", "keep-accounts", "oversee")
    may = e.member == request.requester or any(body.holds(e.member, p, e.at) for p in powers)
    need(may, "term_expired", member=e.member, power="keep-accounts")
    body.authorisations[request.authorisation].pending -= request.open_amount
    request.released = True
    if request.document and not request.paid:
        del body.documents[request.document]


def pay(body: Body, e: Entry) -> None:
    """Paid: what was asked for, approved by enough people in office, within what was decided."""
    request, amount = _request(body, e.act["payment"]), e.act["amount"]
    own = body.concerned(request.payee)
    keeps = body.holds(e.member, "keep-accounts", e.when, own)
    need(keeps, "term_expired", member=e.member, power="keep-accounts")
    prove_amount(amount)
    name = request.authorisation
    need(amount <= request.open_amount, "mandate_overspent", authorisation=name, amount=amount)
    prove_date(body, e, e.act["date"])
    authorisation = _usable(body, name, e.act["date"])
    _not_own_case(own, e.member, request.payee)
    need(not request.stopped, "stopped_yet_paid", about=e.act["payment"])
    _approved(body, request, own, e.at, e.act["date"])
    need(len(request.hands | e.signers) >= HANDS, "second_signature_missing")
    receipt = prove_receipt(body, e.act.get("receipt"), body.law.receipt_required)
    asked = body.documents.get(receipt, e.act["payment"])
    need(asked == e.act["payment"], "duplicate_invoice", sha256=receipt)
    pending = _committed(body, authorisation.fund, e.act["date"]) - request.open_amount
    _covered(body, authorisation, request.account, amount, pending)
    lines = _lines(body, authorisation, request, amount)
    paid = Movement(e.act["date"], lines, request=e.act["payment"], at=e.at, party=request.payee)
    post(body, e.number, paid, receipt)
    count_advances(body, e.act["date"], lines)
    request.paid += amount
    authorisation.pending -= amount
    authorisation.spent += amount
    body.payments += 1


def _approved(body: Body, request: Request, recused: Set[int], at: int, date: str) -> None:
    """Enough approvals by mandates still in force; and the money left after the last of them."""
    valid = [m for m in request.approvals if body.holds(m, "approve-payment", at, recused)]
    needed = body.law.signatures
    need(len(valid) >= needed, "signatures_missing", given=len(valid), needed=needed)
    if not body.authorisations[request.authorisation].payee:
        enough_at = sorted(request.approvals[m][1] for m in valid)[needed - 1]
        waited = at - enough_at >= body.law.objection_hours * 3600
        need(waited, "paid_before_objections", about=request.payee)
    approved = sorted(request.approvals[m][0] for m in valid)[:needed]
    need(date >= max([request.asked_on, *approved]), "paid_before_decided", date=date)


def _lines(
    body: Body, authorisation: Authorisation, request: Request, amount: int
) -> list[tuple[str, int]]:
    lines = [(request.account, amount), (request.money, -amount)]
    if authorisation.fund not in ("general", request.account):
        released = "grants_used" if base(authorisation.fund) == "grants" else "funds_used"
        if body.law.group(request.account) == "means":
            released = "patrimony"
        lines += [(authorisation.fund, amount), (released, -amount)]
    return lines
