"""Money in the generated year: what comes in, what is paid and by whom, what is counted."""

from __future__ import annotations

from collections.abc import Callable

from comuna.rules.accounts import AnnounceReversal, CountMoney, MoveMoney, Receive, Reverse
from comuna.rules.ledger import balance, credit, money_total, set_aside
from comuna.rules.names import base, day
from comuna.rules.oversight import Observe
from comuna.rules.result import income_fits
from comuna.rules.state import Authorisation
from comuna.rules.treasury import (
    ApprovePayment,
    ObjectPayment,
    Pay,
    ReleasePayment,
    RequestPayment,
    committed,
)
from comuna.world.life import HOUR, Life

BANK, BOX = "bank:main", "cash:box"


def receive(life: Life, source: str, amount: int, payer: str, what: str, money: str = BANK) -> int:
    """Money comes in, with its receipt; two sign, neither of them the payer, and whoever brings a
    contribution signs too. Beyond what two may enter a decision allows it, or one who oversees
    signs."""
    receipt = life.paper("papers.received", payer=payer, what=what, amount=life.written(amount))
    line, _, member = source.partition(":")
    brought = [int(member)] if line == "share_capital" else []
    keeper, second = two_hands(life, f"member:{member}" if brought else payer)
    act = Receive(
        date=life.stage.today,
        money=money,
        source=source,
        amount=amount,
        payer=payer,
        text=what,
        receipt=receipt,
        permission=permission_of(life, "market", money, source, payer, amount),
    )
    return life.stage.do(keeper, act, second, *brought, *third(life, act, keeper, second))


def permission_of(
    life: Life, name: str, debit: str, credit: str, party: str = "", amount: int = 0
) -> str:
    """What the standing decision allows for such an entry, if it is in force and has room."""
    found = life.stage.state.permissions.get(f"{life.decisions.get('small', 0)}/{name}")
    if found is None or (found.debit, found.credit) != (debit, credit):
        return ""
    fits = found.used + amount <= found.amount and life.stage.today <= found.until
    return found.number if fits and found.payee in ("", party) else ""


def third(life: Life, act: Receive, *two: int) -> list[int]:
    """One who oversees, where two may not enter so much income."""
    state, law = life.stage.state, life.law
    account = law.account(base(act.source))
    income = account is not None and account.group == "income"
    if act.permission or not income or income_fits(state, act.date, act.payer, act.amount):
        return []
    return [life.stage.holder("oversee", act.payer, besides=two)]


def spend(
    life: Life,
    decision: str,
    payee: str,
    amount: int,
    what: str,
    name: str = "",
    money: str = BANK,
    parts: int = 1,
    then: Callable[[Life, int], object] = lambda life, paid: None,
) -> int:
    """Ask and approve under the authorisation of a decision, and pay once members could object;
    gives the number of the request, or 0 when the means do not reach: then nobody asks. `then` is
    told the number of the last payment."""
    later = payable_at(life, authorisation_of(life, decision, name))
    if later > life.until:  # what waits today is said elsewhere
        return 0
    payment = request(life, decision, payee, amount, what, name, money)
    if not payment:
        return 0
    approve(life, payment, payee, life.law.treasury.signatures)
    life.on(later, lambda life: pay_out(life, payment, payee, amount, what, parts, then))
    return payment


def payable_at(life: Life, authorisation: Authorisation | None) -> int:
    """When a payment that is asked for now can be made: at once where members named the payee."""
    named = authorisation is not None and authorisation.payee
    return life.stage.now + (0 if named else life.law.treasury.objection_hours * HOUR + HOUR)


def pay_out(
    life: Life,
    payment: int,
    payee: str,
    amount: int,
    what: str,
    parts: int,
    then: Callable[[Life, int], object],
) -> None:
    """Pay in so many parts; where the purse or the signatures do not reach any more, give back."""
    state = life.stage.state
    commitment = state.commitments[payment]
    recused = life.stage.concerned(payee)
    valid = [
        m
        for m in commitment.approvals
        if state.holds(m, "approve-payment", life.stage.now, recused)
    ]
    if not life.stage.holders("keep-accounts", payee):
        return  # it waits until somebody keeps the accounts again
    enough = len(valid) >= life.law.treasury.signatures
    if not enough or balance(state, commitment.money) < amount:
        release(life, payment, life.say("trade.not_now"))
        return
    part = amount // parts
    paid = 0
    for index in range(parts):
        last = amount - part * (parts - 1)
        paid = pay(life, payment, payee, last if index == parts - 1 else part, what)
    then(life, paid)


def request(
    life: Life, decision: str, payee: str, amount: int, what: str, name: str, money: str
) -> int:
    """The request, with the invoice; 0 when there is no room, no means or nobody for it."""
    authorisation = authorisation_of(life, decision, name)
    if authorisation is None or not covered(life, authorisation, payee, amount, money):
        return 0
    if not hands(life, payee):
        return 0
    invoice = life.paper(
        "papers.invoice", payee=shown(life, payee), what=what, amount=life.written(amount)
    )
    return life.stage.do(
        life.stage.holder("request-payment", payee),
        RequestPayment(
            authorisation=authorisation.number,
            payee=payee,
            amount=amount,
            money=money,
            text=what,
            document=invoice,
        ),
    )


def hands(life: Life, payee: str) -> bool:
    """Whether enough people may sign: none of them the payee, or kin."""
    asking = life.stage.holders("request-payment", payee)
    keeping = life.stage.holders("keep-accounts", payee)
    approving = set(life.stage.holders("approve-payment", payee)) - set(asking[:1])
    return bool(asking and keeping) and len(approving) >= life.law.treasury.signatures


def authorisation_of(life: Life, decision: str, name: str) -> Authorisation | None:
    """The authorisation that a decision of the story opened, if it is in force."""
    number = str(life.decisions.get(decision, 0))
    return life.stage.state.authorisations.get(f"{number}/{name}" if name else number)


def covered(life: Life, authorisation: Authorisation, payee: str, amount: int, money: str) -> bool:
    """Whether the room, the fund and the purse reach for it: a treasurer looks before asking."""
    state, today = life.stage.state, life.stage.today
    each = not authorisation.each or amount <= authorisation.each
    room = amount <= authorisation.room and each
    in_window = authorisation.since <= today
    in_window = in_window and day(payable_at(life, authorisation)) <= authorisation.until
    pending = committed(state, authorisation.fund, today)
    if authorisation.fund == "general":
        free = money_total(state) - set_aside(state) - pending
    else:
        free = credit(state, authorisation.fund) - pending
    return 0 < amount <= min(free, balance(state, money)) and room and in_window


def approve(life: Life, payment: int, payee: str, signatures: int) -> None:
    """So many of those who may approve, and whose own case it is not, sign."""
    requester = life.stage.holder("request-payment", payee)
    approvers = [m for m in life.stage.holders("approve-payment", payee) if m != requester]
    for member in approvers[:signatures]:
        life.stage.do(member, ApprovePayment(payment=payment))


def pay(life: Life, payment: int, payee: str, amount: int, what: str) -> int:
    receipt = life.paper(
        "papers.paid", payee=shown(life, payee), what=what, amount=life.written(amount)
    )
    return life.stage.do(
        life.stage.holder("keep-accounts", payee),
        Pay(payment=payment, amount=amount, date=life.stage.today, receipt=receipt),
    )


def release(life: Life, payment: int, reason: str) -> None:
    """What is not paid of a request is given back."""
    life.stage.do(
        life.stage.holder("keep-accounts"), ReleasePayment(payment=payment, reason=reason)
    )


def shown(life: Life, payee: str) -> str:
    """A payee as a paper names them: members by number, never by name."""
    number = payee.removeprefix("member:")
    return life.say("papers.member", number=number) if number != payee else payee


def two_hands(life: Life, party: str = "") -> tuple[int, int]:
    """Who keeps the accounts, and one who may approve: neither of them the party, nor kin."""
    keeper = life.stage.holder("keep-accounts", party)
    return keeper, life.stage.holder("approve-payment", party, besides=[keeper])


def deposit(life: Life) -> None:
    """The cash beyond the change goes to the bank."""
    amount = balance(life.stage.state, BOX) - life.money(15_000)
    if amount > 0:
        keeper, second = two_hands(life)
        slip = life.paper("papers.deposit", amount=life.written(amount))
        life.stage.do(
            keeper,
            MoveMoney(date=life.stage.today, source=BOX, target=BANK, amount=amount, receipt=slip),
            second,
        )


def count_box(life: Life, missing: int = 0) -> int:
    """The cash is counted by two; what is missing is on record, and those who oversee say so."""
    keeper = life.stage.holder("keep-accounts")
    overseer = life.stage.holder("oversee")
    counted = max(0, balance(life.stage.state, BOX) - missing)
    sheet = life.paper("papers.count", amount=life.written(counted))
    number = life.stage.do(
        keeper,
        CountMoney(account=BOX, date=life.stage.today, counted=counted, evidence=sheet),
        overseer,
    )
    if missing:
        text = life.say("oversight.missing", amount=life.written(missing))
        life.stage.do(overseer, Observe(about=number, text=text))
    return number


def correct(life: Life) -> None:
    """A sale was written with a figure too many: that it is wrong is announced, and once members
    could object it is reversed in the open."""
    amount = life.money(42_000)
    payer, what = life.setting.buyers[1], life.say("trade.sale_others")
    wrong = receive(life, "sales_others", amount * 10, payer, what)
    right = Receive(
        date=life.stage.today,
        money=BANK,
        source="sales_others",
        amount=amount,
        payer=payer,
        text=what,
        receipt=life.stage.waiting[-1].act.receipt,  # type: ignore[union-attr]
    )
    reason = life.say("trade.wrong_figure")
    keeper, second = two_hands(life)
    overseer = life.stage.holder("oversee", besides=[keeper, second])
    said = life.stage.do(keeper, AnnounceReversal(movement=wrong, reason=reason), second, overseer)
    life.acts["reversed"] = wrong
    object_once(life, said, keeper, second)
    hours = life.law.treasury.objection_hours + 1
    life.on(life.stage.now + hours * HOUR, lambda life: mend(life, wrong, right))


def object_once(life: Life, payment: int, *besides: int) -> None:
    """Somebody without office objects; one alone stops nothing."""
    asked = (m for m in life.signers() if m not in besides and not life.stage.known.mandates.get(m))
    text = life.say("oversight.show_receipt")
    life.stage.do(next(asked), ObjectPayment(payment=payment, reason=text))


def mend(life: Life, wrong: int, right: Receive) -> None:
    """The wrong entry is reversed, and written again with the same receipt."""
    keeper, second = two_hands(life)
    life.stage.do(keeper, Reverse(movement=wrong, reason=life.say("trade.wrong_figure")), second)
    life.stage.settle()
    life.stage.do(keeper, right, second, *third(life, right, keeper, second))
