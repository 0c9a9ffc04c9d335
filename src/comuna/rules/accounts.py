"""Keeping the accounts: what comes in, what moves between the body's own boxes, what is counted,
what is reversed in the open; the decisions that list accounts, accept grants and set budgets."""

from __future__ import annotations

from typing import ClassVar, Literal

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
from comuna.rules.assets import AssetPaid, known_asset
from comuna.rules.authorship import cosigners
from comuna.rules.ledger import (
    Amount,
    Line,
    Posted,
    balance,
    check_credit_kept,
    check_date,
    check_money_account,
    check_not_overdrawn,
    check_receipt,
    credit,
    group,
    is_money,
    line,
    money_total,
    set_aside,
)
from comuna.rules.names import (
    base,
    check_amount,
    check_in_range,
    check_name,
    check_not_negative,
    check_plain,
    check_window,
    day,
    folded,
    member_of,
    parse_payee,
    part_of,
)
from comuna.rules.result import (
    LOANS,
    check_by_journal,
    check_entry_fits,
    check_permission,
    entry_fits,
    income_fits,
    is_earned,
    most,
    moved,
)
from comuna.rules.state import DAY, Announcement, Grant, Movement, State
from comuna.rules.treasury import overseen, own_case, two_hands


class Receive(Act, frozen=True, kw_only=True, tag="receive"):
    """Money comes in: a sale (`source` is a line of income), a grant (`grants:roof`, accepted by
    decision), a member's contribution (`share_capital:12`), a debt paid (`receivables`) or a loan
    (`loans`, decided: `permission` names the decision). Two sign, neither of them the payer; a
    contribution is signed by who brings it too, with their key or as a witness of the paper. Income
    beyond what two may enter is decided, or signed by one who oversees too."""

    deciding: ClassVar[bool] = True
    date: str
    money: str
    source: str
    amount: int
    payer: str
    text: str
    receipt: Paper | None = None
    asset: str = ""  # the thing sold, if this is its price
    permission: str = ""  # the decision that allows it


class Journal(Act, frozen=True, kw_only=True, tag="journal"):
    """What touches no money, no fund and nobody's account: depreciation, stock, debts due. Two
    sign, with the paper; beyond what two may enter in a month, under a decision that allows it
    (`permission`)."""

    deciding: ClassVar[bool] = True
    date: str
    lines: tuple[Amount, ...]
    text: str
    receipt: Paper | None = None
    permission: str = ""


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


class AnnounceReversal(Act, frozen=True, kw_only=True, tag="announce-reversal"):
    """Say in the open that an entry is wrong by which money came in, or which is larger than what
    two may enter. Three sign: who keeps the accounts, who approves payments, who oversees. Members
    then have the hours in which they may object to a payment; it is reversed after them."""

    deciding: ClassVar[bool] = True
    movement: int
    reason: str


class Reverse(Act, frozen=True, kw_only=True, tag="reverse"):
    """Reverse a movement in the open: the opposite lines, dated today. Two sign. What takes money
    out of a box mends an entry made a few days ago, and was announced; anything else that goes back
    is a payment. What moves no money and is more than two may enter was announced too."""

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


class ReversalAnnounced(Fact, frozen=True):
    announcement: int
    movement: int
    at: int

    def apply(self, state: State) -> None:
        state.movements[self.movement].announced = self.announcement
        state.announcements[self.announcement] = Announcement(
            self.announcement, self.movement, self.at
        )


class DrawnBack(Fact, frozen=True):
    """A reversed payment gives its room back; `reopened` of it is committed again (nothing when the
    rest of the payment was released). Its approvals were for what was undone, and lapse with it."""

    payment: int
    authorisation: str
    amount: int
    reopened: int

    def apply(self, state: State) -> None:
        commitment = state.commitments[self.payment]
        commitment.paid -= self.amount
        commitment.approvals.clear()
        commitment.approved_on.clear()
        commitment.approved_at.clear()
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
    brings = member_of(act.source, "share_capital")
    two_hands(state, entry, own_case(state, act.payer, (act.source,)), payer=brings)
    check_amount(act.amount)
    check_date(state, entry, act.date)
    check_money_account(state, act.money)
    require(act.payer.strip() and act.text.strip(), "text_missing")
    parse_payee(act.payer)
    law = state.statute.treasury
    require(act.receipt is not None or not law.receipt_required, "no_receipt", law.article)
    receipt = check_receipt(state, act.receipt)
    facts: list[Fact] = check_source(state, act)
    check_brought(entry, brings)
    by_two = check_allowed(state, entry, act)
    if act.asset:
        facts.append(check_price(state, act))
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
        asset=act.asset,
        permission=act.permission,
        by_two=by_two,
    )
    return [posted, *facts]


def check_brought(entry: Entry[Receive], member: int | None) -> None:
    """Who brings a contribution says so with their key or, without one, as a named witness of the
    paper: a sale is not booked as somebody's capital behind their back."""
    said = member is None or member in cosigners(entry) or member in entry.by.witnesses
    require(said, "contributor_has_not_signed", member=member)


def check_price(state: State, act: Receive) -> AssetPaid:
    """The price of a thing whose sale was decided: from whom it was decided, and no more of it."""
    asset = known_asset(state, act.asset)
    given = base(act.source) in ("grants", "share_capital")
    require(not given, "price_is_income", asset=act.asset)
    require(asset.disposal, "asset_without_decision", asset=act.asset)
    require(folded(act.payer) == folded(asset.buyer), "other_buyer", buyer=asset.buyer)
    left = asset.price - asset.received
    require(act.amount <= left, "over_the_price", room=left, amount=act.amount)
    return AssetPaid(asset.name, act.amount)


def check_source(state: State, act: Receive) -> list[Fact]:
    """Income, grants accepted by decision, contributions, debts paid that stand in the books, and
    loans that a decision allows; nothing else brings money in."""
    source = base(act.source)
    if source == "grants":
        grant = state.grants.get(part_of(act.source, "grants"))
        require(grant is not None, "grant_not_accepted", grant=act.source)
        assert grant is not None
        left = grant.amount - grant.received
        require(act.amount <= left, "over_the_grant", room=left, amount=act.amount)
        return [GrantReceived(grant.number, act.amount)]
    if source == "share_capital":
        known = member_of(act.source, source) in state.people
        require(known, "payee_unknown", payee=act.source)
        return []
    if source == "receivables":
        owed = balance(state, act.source)
        require(
            act.amount <= owed,
            "more_than_is_owed_to_us",
            account=act.source,
            owed=owed,
            amount=act.amount,
        )
        return []
    lent = act.source == LOANS and act.permission
    require(lent or is_earned(state, act.source), "source_not_allowed", source=act.source)
    return []


def check_allowed(
    state: State, entry: Entry[Receive], act: Receive
) -> Literal["", "entry", "income"]:
    """What came in under a decision, or as income within what two may enter, or signed by one who
    oversees too. The price of a thing, grants, contributions and debts have their own rules. Tells
    how it counts."""
    if act.permission:
        lines = ((act.money, act.amount), (act.source, -act.amount))
        check_permission(state, act.permission, act.date, lines, act.payer)
        return ""
    law = state.statute.treasury
    if act.asset or group(state, act.source) != "income":
        return ""
    if income_fits(state, act.date, act.payer, act.amount):
        return "income"
    recused = own_case(state, act.payer, (act.source,))
    require(
        overseen(state, entry, recused),
        "income_over_the_limit",
        law.article_of("entry_share"),
        payer=act.payer,
        month=act.date[:7],
        limit=most(state, act.date[:7], law.entry_share),
        limit_of_all=most(state, act.date[:7], law.income_share),
    )
    return ""


@judges(Journal)
def journal(state: State, entry: Entry[Journal], act: Journal) -> list[Fact]:
    two_hands(state, entry, own_case(state, "", [a.account for a in act.lines]))
    check_date(state, entry, act.date)
    law = state.statute.treasury
    require(act.receipt is not None or not law.receipt_required, "no_receipt", law.article)
    require(act.text.strip(), "text_missing")
    require(len(act.lines) >= 2, "lines_missing")
    difference = sum(a.amount for a in act.lines)
    require(difference == 0, "does_not_balance", difference=difference)
    moves = sum(a.amount for a in act.lines if a.amount > 0)
    check_in_range(moves)
    for amount in act.lines:
        require(amount.amount != 0, "amount_not_positive", amount=0)
        check_by_journal(state, amount.account)
    if act.permission:
        written = [(a.account, a.amount) for a in act.lines]
        check_permission(state, act.permission, act.date, written)
    else:
        check_entry_fits(state, act.date, moves)
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
            permission=act.permission,
            by_two="" if act.permission else "entry",
        )
    ]


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
    check_in_range(act.counted)
    booked = balance(state, act.account)
    return [MoneyCounted(entry.number, act.account, act.date, act.counted, booked, counters)]


@judges(AnnounceReversal)
def announce_reversal(
    state: State, entry: Entry[AnnounceReversal], act: AnnounceReversal
) -> list[Fact]:
    movement = reversible(state, act.movement, act.reason)
    two_hands(state, entry, recused(state, movement), third=True)
    law = state.statute.treasury
    takes = takes_out(state, movement)
    large = is_too_large(state, movement, day(entry.at))
    require(takes or large, "nothing_to_announce", movement=act.movement)
    require(not movement.announced, "announced_already", by=movement.announced)
    days = (entry.at - movement.at) // DAY
    require(
        days <= law.correction_days,
        "correction_too_late",
        law.article,
        days=days,
        allowed=law.correction_days,
    )
    if takes:
        check_not_spoken_for(state, movement)
    return [ReversalAnnounced(entry.number, act.movement, entry.at)]


@judges(Reverse)
def reverse(state: State, entry: Entry[Reverse], act: Reverse) -> list[Fact]:
    movement = reversible(state, act.movement, act.reason)
    two_hands(state, entry, recused(state, movement))
    today = day(entry.at)
    takes = takes_out(state, movement)
    announced = takes or movement.announced
    if announced or is_too_large(state, movement, today):
        check_announced(state, movement, entry.at)
    if takes:
        check_not_spoken_for(state, movement)
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
        party=movement.party,
        reverses=act.movement,
        permission=movement.permission,
        by_two="" if announced or with_money(state, movement) else "entry",
    )
    facts = reversal_facts(state, movement.commitment, movement.lines)
    if movement.asset:
        gone = state.assets[movement.asset].disposed
        require(not gone, "asset_gone", asset=movement.asset)
        facts.append(AssetPaid(movement.asset, -sum(a for _, a in movement.lines if a > 0)))
    return [posted, *facts]


def reversible(state: State, number: int, reason: str) -> Movement:
    """A movement that was never reversed and that no decision and no seal stands behind."""
    movement = state.movements.get(number)
    require(movement is not None, "movement_unknown", movement=number)
    assert movement is not None
    require(not movement.reversed_by, "reversed_already", by=movement.reversed_by)
    require(not movement.sealing, "sealing_not_reversed", movement=number)
    sealed = movement.date <= state.watermark
    require(not sealed, "sealed_not_reversed", date=movement.date, sealed=state.watermark)
    require(reason.strip(), "text_missing")
    return movement


def recused(state: State, movement: Movement) -> set[int]:
    return own_case(state, movement.party, [account for account, _ in movement.lines])


def takes_out(state: State, movement: Movement) -> bool:
    """Whether the body has less money once this is reversed."""
    return sum(a for account, a in movement.lines if is_money(state, account)) > 0


def with_money(state: State, movement: Movement) -> bool:
    return any(is_money(state, account) for account, _ in movement.lines)


def is_too_large(state: State, movement: Movement, today: str) -> bool:
    """Whether its reversal, as an entry that moves no money, is more than two may enter today. That
    money is back, or in another box, a count of the boxes shows."""
    fits = with_money(state, movement) or entry_fits(state, today, moved(movement.lines))
    return not fits


def check_announced(state: State, movement: Movement, at: int) -> None:
    """Money goes back out only after members could object, while they still know of it, and none of
    them stopped it."""
    law = state.statute.treasury
    announced = state.announcements.get(movement.announced)
    require(announced is not None, "reversal_not_announced", law.article)
    assert announced is not None
    require(not announced.suspended, "reversal_stopped", law.article)
    payable_at = announced.at + law.objection_hours * 3600
    require(at >= payable_at, "objection_time_runs", law.article, payable_at=payable_at)
    days = (at - announced.at) // DAY
    require(
        days <= law.correction_days,
        "correction_too_late",
        law.article,
        days=days,
        allowed=law.correction_days,
    )


def check_not_spoken_for(state: State, movement: Movement) -> None:
    """What goes back out was not given for a purpose, nor set aside in a fund; a grant goes back
    with its own money."""
    amount = sum(a for account, a in movement.lines if is_money(state, account))
    given = sum(-a for account, a in movement.lines if base(account) == "grants")
    free = money_total(state) - set_aside(state) + given
    require(free >= amount, "money_is_earmarked", free=max(0, free), amount=amount)


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
            GrantReceived(part_of(account, "grants"), amount)
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
    taken = {folded(account) for account in state.listed}
    free = folded(effect.account) not in taken
    require(free, "account_listed_already", account=effect.account)
    require(effect.in_name_of_body, "not_in_common_name", account=effect.account)
    check_name(effect.title)


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
    check_plain(effect.name)
    free = folded(effect.name) not in map(folded, state.grants)
    require(free, "grant_accepted_already", grant=effect.name)
    check_name(effect.grantor)
    require(effect.purpose.strip(), "text_missing")
    check_amount(effect.amount)
    check_window(effect.since, effect.until)


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
    check_window(effect.since, effect.until)
    lines = [item.line for item in effect.lines]
    require(lines and len(set(lines)) == len(lines), "budget_line_twice")
    for item in effect.lines:
        group(state, item.line)
        check_not_negative(item.amount)


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
