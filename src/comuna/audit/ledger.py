"""Proofs about every movement: it sums to zero, is dated after what is sealed, leaves no box of
money below nothing, and has behind it what the kind of movement needs. Money that leaves is in
`treasury`."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Set
from datetime import timedelta
from fractions import Fraction
from hashlib import sha256
from math import floor
from typing import Any

from comuna.audit import result
from comuna.audit.body import (
    DAY,
    Announcement,
    Asset,
    Body,
    Delivered,
    Grant,
    Movement,
    Period,
    Person,
    Price,
)
from comuna.audit.canonical import write
from comuna.audit.entries import Entry
from comuna.audit.findings import need
from comuna.audit.names import (
    base,
    date_of,
    day,
    folded,
    number_in,
    part_of,
    payee_of,
    prove_account,
    prove_amount,
    prove_amount_or_nothing,
    prove_in_range,
    prove_name,
    prove_plain,
    prove_window,
)
from comuna.audit.sound import fraction_of
from comuna.audit.waterfall import PEOPLE, Figures, prove_waterfall, results_of, rules_of

Effect = dict[str, Any]
Lines = list[tuple[str, int]]


# --- dates, amounts, lines ----------------------------------------------------------------------


def prove_date(body: Body, e: Entry, text: str) -> None:
    """Nothing is dated in a sealed period or in the future."""
    date_of(text)
    need(text > body.watermark, "below_watermark", date=text, sealed=body.watermark)
    need(text <= day(e.at), "date_in_the_future", date=text)


def prove_receipt(body: Body, paper: dict[str, Any] | None, required: bool) -> str:
    """The fingerprint of a receipt; one paper serves once, a reversed movement aside."""
    need(paper or not required, "no_document")
    if not paper:
        return ""
    need(paper["sha256"] not in body.receipts, "duplicate_invoice", sha256=paper["sha256"])
    return str(paper["sha256"])


def prove_money_account(body: Body, account: str) -> None:
    listed = body.law.is_money(account) and account in body.listed
    need(listed, "account_not_listed", account=account)


def balance(body: Body, account: str) -> int:
    return body.balances.get(account, 0)


def post(
    body: Body, number: int, movement: Movement, receipt: str = "", closing: bool = False
) -> None:
    """Enter a movement. Raises `Unproven`, before anything changes, unless it adds up."""
    need(sum(a for _, a in movement.lines) == 0, "does_not_balance")
    after: dict[str, int] = {}
    for account, amount in movement.lines:
        prove_account(account)
        need(body.law.group(account), "account_unknown", account=account)
        prove_in_range(amount)
        after[account] = after.get(account, balance(body, account)) + amount
        prove_in_range(after[account])
    _prove_covered(body, movement.lines)
    month = body.results.setdefault(movement.date[:7], {})
    for account, amount in movement.lines:
        body.balances[account] += amount
        if body.law.group(account) == "funds":
            there = body.moved.setdefault(movement.date[:7], {})
            there[account] = there.get(account, 0) + amount
        if body.law.group(account) in ("income", "costs"):
            month[account] = month.get(account, 0) + amount
    result.count(body, movement, closing)
    body.movements[number] = movement
    if receipt:
        movement.receipt = receipt
        body.receipts.add(receipt)


def _prove_covered(body: Body, lines: Iterable[tuple[str, int]]) -> None:
    """No box or bank account holds less than nothing."""
    for account, amount in lines:
        if amount < 0 and body.law.is_money(account):
            left = balance(body, account) + amount
            need(left >= 0, "account_overdrawn", account=account, missing=-left)


def prove_two_hands(
    body: Body,
    e: Entry,
    own: Set[int] = frozenset(),
    overseen: bool = False,
    brought_by: int | None = None,
) -> None:
    """Who keeps the accounts, and one who may approve payments; where it must be overseen, a third
    person whose office that is. None of those who sign does so in their own case (`own`), but for
    the member by whom the money was brought, who counts for none of them."""
    hands = {m for m in e.signers if m != brought_by}
    keeps = body.holds(e.member, "keep-accounts", e.when, own)
    need(keeps, "term_expired", member=e.member, power="keep-accounts")
    partial = sorted({*hands, e.member} & own)
    need(not partial, "entry_in_own_case", members=", ".join(map(str, partial)))
    others = hands - {e.member}
    approve = {m for m in others if body.holds(m, "approve-payment", e.at, own)}
    need(approve and len(hands) >= 2, "second_signature_missing")
    if overseen:
        oversee = {m for m in others if body.holds(m, "oversee", e.at, own)}
        need(oversee and len(approve | oversee) >= 2, "third_signature_missing")


def own_case(body: Body, movement: Movement) -> set[int]:
    """For whom a movement is their own case."""
    names = {movement.party} if movement.party else set()
    for account, _ in movement.lines:
        of = part_of(account, base(account))
        if of:
            names.add(of if number_in(of) is None else f"member:{of}")
    return set[int]().union(*map(body.concerned, names))


# --- movements that need no decision of their own -----------------------------------------------


def receive(body: Body, e: Entry) -> None:
    """Money in: income, a grant that was accepted, a contribution, a debt paid; with its paper, by
    two who are not the payer. The price of a thing comes from its buyer; a contribution is signed
    by the member who brings it, with a key or as a witness of the paper."""
    prove_amount(e.act["amount"])
    prove_date(body, e, e.act["date"])
    prove_money_account(body, e.act["money"])
    payee_of(e.act["payer"])
    receipt = prove_receipt(body, e.act.get("receipt"), body.law.receipt_required)
    source, amount = e.act["source"], e.act["amount"]
    grant = _source(body, source, amount, bool(e.act.get("permission")))
    lines = [(e.act["money"], amount), (source, -amount)]
    movement = Movement(e.act["date"], lines, at=e.at, party=e.act["payer"])
    movement.asset = e.act.get("asset", "")
    member = number_in(part_of(source, "share_capital"))
    own = own_case(body, movement)
    prove_two_hands(body, e, own, brought_by=member)
    shown = member is None or member in e.signers or member in e.by.get("witnesses", ())
    need(shown, "contribution_unsigned", member=member)
    sold = _sold(body, movement, amount) if movement.asset else None
    result.prove_income(body, e, movement, source, own, e.act.get("permission", ""))
    post(body, e.number, movement, receipt)
    if sold:
        sold.received += amount
    if grant:
        grant.received += amount


def _sold(body: Body, movement: Movement, amount: int) -> Asset:
    asset = body.assets.get(movement.asset)
    decided = asset is not None and asset.disposal and not asset.gone
    need(decided, "asset_without_decision", asset=movement.asset)
    assert asset is not None
    income = not {base(account) for account, _ in movement.lines} & {"grants", "share_capital"}
    need(income, "source_not_allowed", source=movement.asset)
    buyer = folded(asset.buyer) == folded(movement.party)
    need(buyer, "other_payee", payee=movement.party, decided=asset.buyer)
    need(asset.received + amount <= asset.price, "more_than_owed", account=movement.asset)
    return asset


def _source(body: Body, source: str, amount: int, decided: bool) -> Grant | None:
    line, _, name = source.partition(":")
    if line == "grants":
        grant = body.grants.get(name)
        need(grant is not None, "movement_without_decision", about=source)
        assert grant is not None
        need(grant.received + amount <= grant.amount, "grant_exceeded", grant=name)
        return grant
    if line == "share_capital":
        known = number_in(name) in body.people
        need(known, "source_not_allowed", source=source)
        return None
    lent = source == "loans" and decided
    if line == "receivables":
        need(amount <= balance(body, source), "more_than_owed", account=source)
        return None
    need(lent or result.earns(body, source), "source_not_allowed", source=source)
    return None


def journal(body: Body, e: Entry) -> None:
    """What touches no money, no fund and nobody's account; by two, with its paper; and decided by
    the members where it is more than two may enter."""
    prove_date(body, e, e.act["date"])
    lines = [(line["account"], line["amount"]) for line in e.act["lines"]]
    need(len(lines) >= 2 and all(amount for _, amount in lines), "does_not_balance")
    result.prove_untouched(body, [account for account, _ in lines])
    receipt = prove_receipt(body, e.act.get("receipt"), body.law.receipt_required)
    entered = Movement(e.act["date"], lines, at=e.at)
    prove_two_hands(body, e, own_case(body, entered))
    result.prove_entry(body, entered, e.act.get("permission", ""))
    post(body, e.number, entered, receipt)


def move_money(body: Body, e: Entry) -> None:
    """Between the body's own boxes; two sign."""
    prove_two_hands(body, e)
    prove_amount(e.act["amount"])
    prove_date(body, e, e.act["date"])
    source, target, amount = e.act["source"], e.act["target"], e.act["amount"]
    prove_money_account(body, source)
    prove_money_account(body, target)
    need(source != target, "account_not_listed", account=target)
    receipt = prove_receipt(body, e.act.get("receipt"), False)
    lines = [(target, amount), (source, -amount)]
    post(body, e.number, Movement(e.act["date"], lines, at=e.at), receipt)


def count_money(body: Body, e: Entry) -> None:
    prove_money_account(body, e.act["account"])
    prove_date(body, e, e.act["date"])
    prove_amount_or_nothing(e.act["counted"])
    need(len(e.signers) >= 2, "second_signature_missing")


def announce_reversal(body: Body, e: Entry) -> None:
    """Before money goes back out, three people of three offices say in the open that the entry was
    wrong, while it is fresh."""
    about = _undoable(body, e.act["movement"])
    prove_two_hands(body, e, own_case(body, about), overseen=True)
    large = not result.fits(body, day(e.at)[:7], about)
    need(large or _money_in(body, about) > 0, "nothing_to_announce", movement=e.act["movement"])
    need(about.announced is None, "announced_twice", movement=e.act["movement"])
    days = (e.at - about.at) // DAY
    need(days <= body.law.correction_days, "correction_too_late", days=days)
    if _money_in(body, about) > 0:
        _prove_free(body, about)
    about.announced = Announcement(e.act["movement"], e.at)
    body.announcements[e.number] = about.announced


def reverse(body: Body, e: Entry) -> None:
    """The opposite of a movement, once, by two. A decided one is not undone this way, nor is a
    reversal, nor what is sealed. Where it leaves less money, or is more than two may enter, it was
    announced, and the time to object has passed."""
    about = _undoable(body, e.act["movement"])
    prove_two_hands(body, e, own_case(body, about))
    takes = _money_in(body, about) > 0
    quiet = not takes and about.announced is None and result.fits(body, day(e.at)[:7], about)
    if not quiet:
        said = about.announced
        need(said is not None, "reversal_not_announced", movement=e.act["movement"])
        assert said is not None
        need(not said.stopped, "stopped_yet_paid", about=e.act["movement"])
        waited = e.at - said.at >= body.law.objection_hours * 3600
        need(waited, "paid_before_objections", about=e.act["movement"])
        days = (e.at - said.at) // DAY
        need(days <= body.law.correction_days, "correction_too_late", days=days)
    if takes:
        _prove_free(body, about)
    prove_date(body, e, day(e.at))
    lines = [(account, -amount) for account, amount in about.lines]
    for account, amount in lines:
        owed = base(account) in ("grants", "member_accounts", "share_capital")
        kept = amount <= max(0, -balance(body, account))
        need(
            amount <= 0 or kept or not (owed or account in body.law.funds),
            "fund_breached",
            fund=account,
        )
    undone = Movement(day(e.at), lines, sealing=True, at=e.at, party=about.party)
    if quiet and not any(body.law.is_money(account) for account, _ in lines):
        result.prove_entry(body, undone, "")
    post(body, e.number, undone)
    result.give_back(body, about)
    about.reversed = True
    body.receipts.discard(about.receipt)
    if about.asset:
        need(not body.assets[about.asset].gone, "asset_without_decision", asset=about.asset)
        body.assets[about.asset].received -= _money_in(body, about)
    if about.request:
        request = body.requests[about.request]
        amount = next(a for account, a in about.lines if account == request.account)
        authorisation = body.authorisations[request.authorisation]
        request.paid -= amount
        request.approvals.clear()
        authorisation.spent -= amount
        authorisation.pending += 0 if request.released else amount
        count_advances(body, about.date, lines)
        return
    for account, amount in about.lines:
        if base(account) == "grants":
            body.grants[part_of(account, "grants")].received += amount


def _undoable(body: Body, number: int) -> Movement:
    about = body.movements.get(number)
    need(about is not None, "movement_unknown", movement=number)
    assert about is not None
    need(not about.reversed, "reversed_twice", movement=number)
    need(not about.sealing, "movement_without_decision", about=number)
    need(about.date > body.watermark, "sealed_yet_reversed", movement=number)
    return about


def _money_in(body: Body, movement: Movement) -> int:
    """By how much a movement made the body's money more."""
    return sum(amount for account, amount in movement.lines if body.law.is_money(account))


def _prove_free(body: Body, movement: Movement) -> None:
    """What goes back out is not held for a purpose: neither in a grant, but the one that goes back
    itself, nor in a fund that must be covered by money."""
    money = sum(balance(body, account) for account in body.listed)
    held = [*body.law.liquid, *(f"grants:{name}" for name in body.grants)]
    back = sum(-amount for account, amount in movement.lines if base(account) == "grants")
    after = money - _money_in(body, movement)
    need(after + sum(balance(body, a) for a in held) + back >= 0, "fund_breached", fund="money")


# --- what members put in ------------------------------------------------------------------------


def _entered_soon(body: Body, e: Entry) -> bool:
    return day(e.at - body.law.work_late_days * DAY) <= str(e.act["date"])


def _prove_put_in(body: Body, e: Entry, member: int, soon: bool) -> None:
    """What a member puts in lies on a day on which they belonged, and was entered soon after."""
    date = e.act["date"]
    person = body.people.get(member)
    need(person is not None and person.admitted is not None, "not_a_member", member=member)
    assert person is not None
    assert person.admitted is not None
    belonged = day(person.admitted) <= date
    if person.ended is not None:
        belonged = belonged and date <= day(person.ended)
    need(belonged, "put_in_outside_membership", member=member, date=date)
    need(soon, "put_in_late", date=date, member=member)


def log_work(body: Body, e: Entry) -> None:
    """Hours, confirmed by a second member."""
    prove_date(body, e, e.act["date"])
    need(len(e.signers | {e.member}) >= 2, "hours_one_confirmer", member=e.member)
    members = [w["member"] for w in e.act["work"]]
    need(members and len(set(members)) == len(members), "hours_impossible", member=e.member)
    soon = _entered_soon(body, e)
    for row in e.act["work"]:
        _prove_put_in(body, e, row["member"], soon)
        worked = body.days.get((e.act["date"], row["member"]), 0) + row["minutes"]
        possible = row["minutes"] > 0 and worked <= body.law.minutes_a_day
        need(possible, "hours_impossible", member=row["member"])
    for row in e.act["work"]:
        of_day = e.act["date"], row["member"]
        body.days[of_day] = body.days.get(of_day, 0) + row["minutes"]
        _put_in(body, e.act["date"], row["member"], "hours", row["minutes"])
    minutes = {row["member"]: row["minutes"] for row in e.act["work"]}
    body.entered[e.number] = e.act["date"], minutes


def deliver(body: Body, e: Entry) -> None:
    """What a member gave, received by somebody in office who is not them nor their kin."""
    giver = e.act["member"]
    prove_date(body, e, e.act["date"])
    _prove_put_in(body, e, giver, _entered_soon(body, e))
    receivers = [
        m for m in e.signers if body.offices_of(m, e.at) and not body.party_to(m, f"member:{giver}")
    ]
    need(e.member == giver and receivers, "received_by_nobody", member=giver)
    prove_amount(e.act["quantity"])
    given = Delivered(e.act["date"], giver, e.act["product"], e.act["measure"], 0, 0)
    _revalue(body, given, e.act["quantity"])
    body.delivered[e.number] = given


def _revalue(body: Body, given: Delivered, quantity: int) -> None:
    """A delivery is of so much: what the members decided for its day says what that is worth, and
    how much of it one member brings on a day, all deliveries together."""
    what = given.product, given.measure
    begun = max((first for first in body.prices if first[0] <= given.date), default=None)
    price = body.prices[begun].get(what) if begun else None
    need(price, "delivery_without_price", product=given.product, date=given.date)
    assert price is not None
    of_day = given.date, given.member, *what
    together = body.brought[of_day] - given.quantity + quantity
    need(together <= price.most, "delivery_above_most", member=given.member, date=given.date)
    whole, rest = divmod(quantity * price.price, price.per)
    nearest = 2 * rest > price.per or (2 * rest == price.per and whole % 2)
    value = whole + (0, int(nearest), int(rest > 0))[body.law.rounding]
    body.brought[of_day] = together
    _put_in(body, given.date, given.member, "deliveries", value - given.value)
    given.quantity, given.value = quantity, value


def correct_work(body: Body, e: Entry) -> None:
    """What was entered for a member is put right before the seal, by two whose own case it is not,
    one of them in office. Nobody has put in less than nothing."""
    about, member, right = e.act["about"], e.act["member"], e.act["right"]
    date, amounts = body.entered.get(about, ("", {}))
    given = body.delivered.get(about)
    if given is not None:
        date, amounts = given.date, {given.member: given.quantity}
    known = member in amounts and date > body.watermark
    need(known and e.act["reason"].strip(), "corrected_nothing", about=about)
    prove_amount_or_nothing(right)
    apart = [m for m in e.signers if not body.party_to(m, f"member:{member}")]
    in_office = [m for m in apart if body.offices_of(m, e.at)]
    need(in_office and len(apart) >= 2, "corrected_in_own_case", about=about, member=member)
    if given is not None:
        _revalue(body, given, right)
        return
    more = right - amounts[member]
    of_day = body.days[date, member] + more
    need(of_day <= body.law.minutes_a_day, "hours_impossible", member=member)
    body.days[date, member] = of_day
    _put_in(body, date, member, "hours", more)
    amounts[member] = right


def count_advances(body: Body, date: str, lines: Iterable[tuple[str, int]]) -> None:
    """Advances drawn are a measure by which a surplus may be shared."""
    for account, amount in lines:
        drawn_by = number_in(part_of(account, "advances"))
        if drawn_by is not None:
            _put_in(body, date, drawn_by, "wages", amount)


def _put_in(body: Body, date: str, member: int, measure: str, amount: int) -> None:
    mine = body.work.setdefault(date[:7], {}).setdefault(member, {})
    mine[measure] = mine.get(measure, 0) + amount


# --- periods and the surplus --------------------------------------------------------------------


def close_period(body: Body, e: Entry) -> None:
    """Whole months, in order and over; the result is what the movements sum to. Three of three
    offices sign it, with the fingerprint of what the surplus is to be shared by."""
    prove_two_hands(body, e, overseen=True)
    since, until = e.act["since"], e.act["until"]
    first, last = date_of(since), date_of(until)
    whole = first.day == 1 and last.day == monthrange(last.year, last.month)[1] and first <= last
    need(whole and until < day(e.at), "period_malformed", since=since, until=until)
    if body.watermark:
        following = (date_of(body.watermark) + timedelta(days=1)).isoformat()
        need(since == following, "period_out_of_order", since=since)
    else:
        months = [*(m for m, rows in body.results.items() if rows), *body.work]
        earliest = min(months, default=since[:7])
        need(since[:7] <= earliest, "period_out_of_order", since=since)
    totals: dict[str, int] = {}
    for month, rows in body.results.items():
        if since[:7] <= month <= until[:7]:
            for account, amount in rows.items():
                totals[account] = totals.get(account, 0) + amount
    surplus = -sum(totals.values())
    lines = [(account, -amount) for account, amount in sorted(totals.items()) if amount]
    if surplus:
        lines.append(("surplus", -surplus))
    if lines:
        post(body, e.number, Movement(until, lines, sealing=True), closing=True)
    period = Period(since, until, surplus, results_of(totals), *_at_the_end(body, since, until))
    need(e.act["measures"] == _print(period), "measures_differ")
    for month in {*body.results, *body.work, *body.moved}:
        if since[:7] <= month <= until[:7]:
            body.results.pop(month, None)
            body.work.pop(month, None)
            body.moved.pop(month, None)
    body.periods[e.number] = period
    body.watermark = until


def _at_the_end(
    body: Body, since: str, until: str
) -> tuple[dict[int, dict[str, int]], dict[str, int], int]:
    """What members put in by the end of a period, what the funds held then, and the losses that
    were carried: balances less what is dated later."""
    put_in: dict[int, dict[str, int]] = {}
    for month, members in body.work.items():
        if since[:7] <= month <= until[:7]:
            for member, measures in members.items():
                mine = put_in.setdefault(member, {})
                for measure, amount in measures.items():
                    mine[measure] = mine.get(measure, 0) + amount
    then = {a: n for a, n in body.balances.items() if body.law.group(a) == "funds"}
    for month, moved in body.moved.items():
        for account, amount in moved.items():
            if month > until[:7]:
                then[account] = then.get(account, 0) - amount
    for account, amount in then.items():
        whose = number_in(account.partition(":")[2])
        if base(account) == "share_capital" and whose is not None:
            put_in.setdefault(whose, {})["contributions"] = -amount
    funds = {fund: -then.get(fund, 0) for fund in body.law.funds}
    return put_in, funds, then.get("prior_losses", 0)


def _print(period: Period) -> str:
    """SHA-256 of the measures in their one form: what is zero is left out."""
    members = {
        str(member): {measure: amount for measure, amount in measures.items() if amount}
        for member, measures in period.put_in.items()
    }
    told = {
        "funds": {fund: amount for fund, amount in period.funds.items() if amount},
        "losses": period.losses,
        "members": {member: measures for member, measures in members.items() if measures},
    }
    return sha256(write(told)).hexdigest()


def _period(body: Body, number: int) -> Period:
    period = body.periods.get(number)
    need(period is not None, "period_unknown", period=number)
    assert period is not None
    return period


def can_approve_accounts(body: Body, effect: Effect, when: int) -> None:
    approved = _period(body, effect["period"]).approved
    need(not approved, "accounts_approved_twice", period=effect["period"])


def approve_accounts(body: Body, effect: Effect, decision: int, when: int) -> None:
    body.periods[effect["period"]].approved = True


def can_allocate(body: Body, effect: Effect, when: int) -> None:
    """What is shared out is the surplus of an approved period, all of it, once, as the statute's
    waterfall demands; and everyone's share is the one that follows from what they put in."""
    period = _period(body, effect["period"])
    need(not period.allocated, "surplus_allocated_twice", period=effect["period"])
    need(period.approved, "accounts_not_approved", period=effect["period"])
    waits = [
        number
        for number, before in body.periods.items()
        if number < effect["period"] and before.surplus and not before.allocated
    ]
    need(not waits, "earlier_surplus_waits", period=", ".join(map(str, waits)))
    people: dict[str, int] = effect.get("allocations", {})
    plain = all(number_in(m) in body.people and type(a) is int for m, a in people.items())
    need(plain, "share_differs", members="")
    to_people = sum(s["amount"] for s in effect["steps"] if s["fund"] in PEOPLE)
    need(sum(people.values()) == to_people, "share_unpaid", shared=to_people)
    given = sum(s["amount"] for s in effect["steps"])
    whole = given == period.surplus
    need(whole, "distribution_without_surplus", given=given, surplus=period.surplus)
    rows = [(s["fund"], s["amount"]) for s in effect["steps"]]
    decided = frozenset(effect.get("choices", {}))
    prove_waterfall(rules_of(body.law.statute), _figures(body, period), rows, decided)
    expected = _shares(body, period, effect)
    wrong = sorted(m for m in {*people, *expected} if people.get(m, 0) != expected.get(m, 0))
    need(not wrong, "share_differs", members=", ".join(wrong[:5]))


def _figures(body: Body, period: Period) -> Figures:
    """What the body had when the period ended."""
    capital = sum(mine.get("contributions", 0) for mine in period.put_in.values())
    funds = {fund: period.funds.get(fund, 0) for fund in body.law.funds}
    return Figures(period.results, max(0, period.losses), funds, capital)


def _shares(body: Body, period: Period, effect: Effect) -> dict[str, int]:
    """Each one's share of what goes to people: by the measures decided, interest by
    contribution."""
    total: dict[str, int] = {}
    for step in effect["steps"]:
        if step["fund"] in PEOPLE and step["amount"]:
            key = {"contributions": "1"} if step["fund"] == "capital" else _key(effect)
            for member, part in _split(step["amount"], _weights(body, period, key)).items():
                total[member] = total.get(member, 0) + part
    return total


def _key(effect: Effect) -> dict[str, str]:
    """The measures by which is shared, each with its weight."""
    key = effect["key"]
    return key if isinstance(key, dict) else {str(key): "1"}


def _weights(body: Body, period: Period, key: dict[str, str]) -> dict[str, Fraction]:
    """Everyone's weight: of each measure their part of the whole, times the weight of it."""
    total: dict[str, Fraction] = {}
    for measure, weight in key.items():
        mine = _measures(body, period, measure)
        whole = sum(mine.values())
        need(whole > 0, "share_differs", members=measure)
        for member, amount in mine.items():
            share = Fraction(amount, whole) * fraction_of(weight)
            total[member] = total.get(member, Fraction(0)) + share
    return total


def _measures(body: Body, period: Period, measure: str) -> dict[str, int]:
    """What everyone who shares put in, by this measure: those who belonged on a day of the period,
    of kinds that share."""
    sharers = [
        n
        for n, person in body.people.items()
        if _belonged(person, period) and body.law.kinds.get(person.kind, (False, False))[1]
    ]
    if measure == "equal":
        return {str(n): 1 for n in sharers}
    return {str(n): period.put_in.get(n, {}).get(measure, 0) for n in sharers}


def _belonged(person: Person, period: Period) -> bool:
    came = person.admitted is not None and day(person.admitted) <= period.until
    return came and (person.ended is None or day(person.ended) >= period.since)


def _split(amount: int, weights: dict[str, Fraction]) -> dict[str, int]:
    """By largest remainder, among equal remainders by member number; a loss like a gain."""
    whole = sum(weights.values())
    sign = 1 if amount > 0 else -1
    exact = {m: abs(amount) * w / whole for m, w in weights.items()}
    parts = {m: floor(share) for m, share in exact.items()}
    order = sorted(exact, key=lambda m: (parts[m] - exact[m], int(m)))
    for member in order[: abs(amount) - sum(parts.values())]:
        parts[member] += 1
    return {m: sign * part for m, part in parts.items()}


def allocate(body: Body, effect: Effect, decision: int, when: int) -> None:
    lines: Lines = [
        (s["fund"], -s["amount"])
        for s in effect["steps"]
        if s["fund"] not in PEOPLE and s["amount"]
    ]
    for member, amount in effect.get("allocations", {}).items():
        lines.append((f"member_accounts:{member}", -amount))
        prepaid = min(amount, max(0, balance(body, f"advances:{member}")))
        if body.law.advances == "prepayments" and prepaid:
            lines += [(f"member_accounts:{member}", prepaid), (f"advances:{member}", -prepaid)]
    lines.append(("surplus", -sum(amount for _, amount in lines)))
    # The entry that puts the decision in force is the movement's number, as in every reading.
    post(body, body.head + 1, Movement(day(when), lines, sealing=True))
    body.periods[effect["period"]].allocated = True
    for number, later in body.periods.items():
        if number > effect["period"] and not later.allocated:
            for step in effect["steps"]:
                if step["fund"] in later.funds:
                    later.funds[step["fund"]] += step["amount"]
                elif step["fund"] == "prior_losses":
                    later.losses -= step["amount"]


# --- other effects of decisions -----------------------------------------------------------------


def can_open_account(body: Body, effect: Effect, when: int) -> None:
    account = effect["account"]
    prove_account(account)
    prove_name(effect["title"])
    fresh = folded(account) not in map(folded, body.listed)
    need(body.law.is_money(account) and fresh, "account_not_listed", account=account)
    need(effect["in_name_of_body"], "title_not_in_common", about=account)


def open_account(body: Body, effect: Effect, decision: int, when: int) -> None:
    body.listed.add(effect["account"])


def can_close_account(body: Body, effect: Effect, when: int) -> None:
    prove_money_account(body, effect["account"])
    left = balance(body, effect["account"])
    need(left == 0, "account_not_empty", account=effect["account"], left=left)


def close_account(body: Body, effect: Effect, decision: int, when: int) -> None:
    body.listed.discard(effect["account"])


def can_accept_grant(body: Body, effect: Effect, when: int) -> None:
    prove_plain(effect["name"])
    prove_name(effect["grantor"])
    fresh = folded(effect["name"]) not in map(folded, body.grants)
    need(fresh, "grant_accepted_twice", grant=effect["name"])
    prove_amount(effect["amount"])
    prove_window(effect["since"], effect["until"])


def accept_grant(body: Body, effect: Effect, decision: int, when: int) -> None:
    body.grants[effect["name"]] = Grant(effect["amount"], effect["since"], effect["until"])


def can_budget(body: Body, effect: Effect, when: int) -> None:
    prove_window(effect["since"], effect["until"])
    for line in effect["lines"]:
        prove_account(line["line"])
        prove_amount_or_nothing(line["amount"])
    lines = [line["line"] for line in effect["lines"]]
    once = lines and len(set(lines)) == len(lines)
    need(once and all(map(body.law.group, lines)), "account_unknown", account=", ".join(lines))


def set_budget(body: Body, effect: Effect, decision: int, when: int) -> None:
    body.budget = {line["line"]: line["amount"] for line in effect["lines"]}
    body.budget_since, body.budget_until = effect["since"], effect["until"]


def can_set_prices(body: Body, effect: Effect, when: int) -> None:
    """Each product once in a measure, as the eye reads it; nothing is worth less than nothing."""
    date_of(effect["since"])
    rows = effect["prices"]
    for row in rows:
        prove_name(row["product"])
        prove_name(row["measure"])
        prove_amount_or_nothing(row["price"])
        prove_amount(row["per"])
        prove_amount(row["most"])
        prove_in_range(-(-row["price"] * row["most"] // row["per"]))
    named = {(folded(row["product"]), folded(row["measure"])) for row in rows}
    need(rows and len(named) == len(rows), "prices_unclear")


def set_prices(body: Body, effect: Effect, decision: int, when: int) -> None:
    """The list begins on its day, but never on a day that has begun: prices of deliveries that are
    there do not change."""
    tomorrow = (date_of(day(when)) + timedelta(days=1)).isoformat()
    begins = max(effect["since"], tomorrow)
    body.prices[begins, body.head + 1] = {
        (row["product"], row["measure"]): Price(row["price"], row["per"], row["most"])
        for row in effect["prices"]
    }


def can_transfer(body: Body, effect: Effect, when: int) -> None:
    source, target, amount = effect["source"], effect["target"], effect["amount"]
    known = source in body.law.funds and target in body.law.funds and source != target
    need(known, "account_unknown", account=f"{source} → {target}")
    prove_amount(amount)
    kept = body.law.funds[target][0] or not body.law.funds[source][0]
    need(kept, "indivisible_divided", fund=source)
    need(-balance(body, source) >= amount, "fund_breached", fund=source)


def transfer(body: Body, effect: Effect, decision: int, when: int) -> None:
    lines = [(effect["source"], effect["amount"]), (effect["target"], -effect["amount"])]
    post(body, body.head + 1, Movement(day(when), lines, sealing=True))
