"""Random years of money, the rules on one side and a notebook that knows only sums on the other:
they agree on what may be paid, and nothing refused leaves a trace."""

import copy
import dataclasses

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from comuna.rules.accounts import MoveMoney, Receive, Reverse
from comuna.rules.act import Refusal
from comuna.rules.judge import apply, decode, encode, judge
from comuna.rules.names import day
from comuna.rules.state import DAY
from comuna.rules.treasury import ApprovePayment, Pay, ReleasePayment, RequestPayment
from tests.rules.in_memory import Prepared, entry_of
from tests.rules.village import paper

AMOUNTS = st.sampled_from([-1, 0, 1, 5_000, 5_001, 20_000, 60_000, 60_001, 120_000, 500_000])
ACCOUNTS = st.sampled_from(["bank:main", "cash", "bank:hidden"])


@dataclasses.dataclass
class Asked:
    """A payment as a child would keep it in a notebook."""

    authorisation: str
    amount: int
    account: str
    paid: int = 0
    approvers: dict = dataclasses.field(default_factory=dict)  # who → when
    released: bool = False

    @property
    def open(self):
        return 0 if self.released else self.amount - self.paid


class Notebook(RuleBasedStateMachine):
    base: Prepared  # set by the test

    @initialize()
    def begin(self):
        self.state = copy.deepcopy(self.base.state)
        self.entries = []
        self.limits = dict(zip(self.base.names, (120_000, 60_000, 40_000), strict=True))
        self.money = {"bank:main": 400_000, "cash": 0}
        self.fund = {"general": 300_000, "grants:roof": 100_000}
        self.asked = {}
        self.movements = {}
        self.used = {}  # receipt → movement it stands for
        self.receipts = 0

    def send(self, member, act, others=()):
        """Judge and, where lawful, apply; gives the number or None."""
        entry = entry_of(self.state, member, act, others)
        before = copy.deepcopy(self.state)
        verdict = judge(self.state, entry)
        assert self.state == before
        if isinstance(verdict, Refusal):
            return None
        apply(self.state, verdict)
        self.entries.append(encode(entry))
        return entry.number

    def fund_of(self, name):
        return "grants:roof" if name.endswith("/roof") else "general"

    def pending(self, fund):
        return sum(a.open for a in self.asked.values() if self.fund_of(a.authorisation) == fund)

    def drawn(self, name):
        """What of an authorisation is paid or held."""
        return sum(a.paid + a.open for a in self.asked.values() if a.authorisation == name)

    def chosen(self, choice):
        """One of the payments asked for: mostly one still open, sometimes any."""
        still_open = [n for n, a in self.asked.items() if a.open]
        numbers = sorted(still_open if still_open and choice < 8 else self.asked)
        return numbers[-1 - choice % len(numbers)] if numbers else 0

    # --- what people do -----------------------------------------------------------------------

    @rule(which=st.integers(0, 2), amount=AMOUNTS, account=ACCOUNTS)
    def ask(self, which, amount, account):
        name = self.base.names[which]
        fund = self.fund_of(name)
        lawful = (
            amount > 0
            and account in self.money
            and amount <= self.limits[name] - self.drawn(name)
            and (not name.endswith("/small") or amount <= 5_000)
            and amount <= self.fund[fund] - self.pending(fund)
        )
        act = RequestPayment(
            authorisation=name, payee="Supplier", amount=amount, money=account, text="things"
        )
        number = self.send(self.base.requester, act)
        assert (number is not None) == lawful
        if lawful:
            self.asked[number] = Asked(name, amount, account)

    @rule(choice=st.integers(0, 9), who=st.integers(0, 3))
    def approve(self, choice, who):
        number = self.chosen(choice)
        people = [*self.base.approvers, self.base.requester]
        member = people[who % len(people)]
        asked = self.asked.get(number)
        lawful = (
            asked is not None
            and asked.open > 0
            and member in self.base.approvers
            and member not in asked.approvers
        )
        done = self.send(member, ApprovePayment(payment=number))
        assert (done is not None) == lawful
        if lawful:
            asked.approvers[member] = self.state.now

    @rule(which=st.integers(0, 2), amount=st.integers(1, 5_000), second=st.integers(0, 2))
    def ask_and_approve(self, which, amount, second):
        """The usual way, so that there is something to pay."""
        self.ask(which, amount, "bank:main")
        for who in {0, second}:
            self.approve(0, who)
        self.wait(1)

    @rule(choice=st.integers(0, 9), part=st.sampled_from([1, 2, 3]), again=st.booleans())
    def pay(self, choice, part, again):
        number = self.chosen(choice)
        asked = self.asked.get(number)
        amount = -(-asked.open // part) if asked is not None and asked.open else 1
        receipt = min(self.used) if again and self.used else self.receipts + 1
        lawful = (
            asked is not None
            and asked.open > 0
            and len(asked.approvers) >= 2
            and self.state.now >= sorted(asked.approvers.values())[1] + DAY
            and receipt not in self.used
            and amount <= self.money[asked.account]
        )
        today = day(self.state.now)
        act = Pay(payment=number, amount=amount, date=today, receipt=paper(f"r{receipt}"))
        done = self.send(self.base.keeper, act)
        assert (done is not None) == lawful
        if lawful:
            self.receipts = max(self.receipts, receipt)
            self.used[receipt] = done
            asked.paid += amount
            self.money[asked.account] -= amount
            self.fund[self.fund_of(asked.authorisation)] -= amount
            self.movements[done] = (number, amount)

    @rule(choice=st.integers(0, 9))
    def release(self, choice):
        number = self.chosen(choice)
        asked = self.asked.get(number)
        lawful = asked is not None and asked.open > 0
        done = self.send(self.base.requester, ReleasePayment(payment=number, reason="no need"))
        assert (done is not None) == lawful
        if lawful:
            asked.released = True

    @rule(choice=st.integers(0, 9), second=st.booleans())
    def reverse(self, choice, second):
        numbers = sorted(self.movements)
        number = numbers[choice % len(numbers)] if numbers else 0
        lawful = bool(numbers) and second
        others = self.base.approvers[:1] if second else ()
        done = self.send(self.base.keeper, Reverse(movement=number, reason="wrong"), others)
        assert (done is not None) == lawful
        if lawful:
            payment, amount = self.movements.pop(number)
            self.used = {r: m for r, m in self.used.items() if m != number}
            asked = self.asked[payment]
            asked.paid -= amount
            asked.approvers.clear()
            self.money[asked.account] += amount
            self.fund[self.fund_of(asked.authorisation)] += amount

    @rule(amount=AMOUNTS, account=ACCOUNTS)
    def receive(self, amount, account):
        self.receipts += 1
        act = Receive(
            date=day(self.state.now),
            money=account,
            source="sales_members",
            amount=amount,
            payer="Buyer",
            text="cacao",
            receipt=paper(f"r{self.receipts}"),
        )
        lawful = amount > 0 and account in self.money
        done = self.send(self.base.keeper, act, (self.base.approvers[0], self.base.overseer))
        assert (done is not None) == lawful
        if lawful:
            self.used[self.receipts] = done
            self.money[account] += amount
            self.fund["general"] += amount

    @rule(amount=AMOUNTS, source=ACCOUNTS, to=ACCOUNTS)
    def move(self, amount, source, to):
        act = MoveMoney(date=day(self.state.now), source=source, target=to, amount=amount)
        lawful = (
            source in self.money
            and to in self.money
            and source != to
            and 0 < amount <= self.money[source]
        )
        done = self.send(self.base.keeper, act, self.base.approvers[:1])
        assert (done is not None) == lawful
        if lawful:
            self.money[source] -= amount
            self.money[to] += amount

    @rule(days=st.integers(0, 3))
    def wait(self, days):
        self.state.now += days * DAY

    # --- what must hold -----------------------------------------------------------------------

    @invariant()
    def books_and_notebook_agree(self):
        if not hasattr(self, "money"):
            return
        state = self.state
        assert sum(state.balances.values()) == 0
        for account, amount in self.money.items():
            assert state.balances.get((account, "USD"), 0) == amount >= 0
        assert -state.balances["grants:roof", "USD"] == self.fund["grants:roof"] >= 0
        for name, limit in self.limits.items():
            authorisation = state.authorisations[name]
            assert authorisation.spent + authorisation.pending == self.drawn(name) <= limit

    def teardown(self):
        """The book alone gives the same state again."""
        if not hasattr(self, "entries"):
            return
        again = copy.deepcopy(self.base.state)
        for data in self.entries:
            entry = decode(data)
            verdict = judge(again, entry)
            assert not isinstance(verdict, Refusal), verdict
            apply(again, verdict)
            assert encode(entry) == data
        again.now = self.state.now
        assert again == self.state


def test_a_random_year_of_money_agrees_with_a_notebook(prepared):
    Notebook.base = prepared
    run_state_machine_as_test(
        Notebook, settings=settings(max_examples=30, stateful_step_count=30, deadline=None)
    )
