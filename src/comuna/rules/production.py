"""What members put in: hours of work, confirmed by a second member, and deliveries, by who received
them in office. They are the base on which a surplus is shared: bounded by the statute, entered soon
and dated within the membership."""

from __future__ import annotations

from typing import Any, ClassVar

from comuna.rules.act import Act, Entry, Fact, Refused, Shape, judges, require
from comuna.rules.ledger import check_date, put_in
from comuna.rules.names import check_not_negative, day, payee_of
from comuna.rules.prices import price_on, worth
from comuna.rules.state import DAY, Price, PutIn, State
from comuna.rules.statute import Production


class Worked(Shape, frozen=True, kw_only=True):
    """Minutes of one member on one day."""

    member: int
    minutes: int


class LogWork(Act, frozen=True, kw_only=True, tag="log-work"):
    """The hours of a day, in minutes, at a production unit. The author and a second member sign."""

    deciding: ClassVar[bool] = True
    date: str
    production_unit: str
    task: str
    work: tuple[Worked, ...]


class Deliver(Act, frozen=True, kw_only=True, tag="deliver"):
    """A member delivers to the common store: quantity in the measure's smallest step. What it is
    worth follows from the price that the members decided for that day. The giver is the author; who
    received it signs, in office and no kin of the giver."""

    deciding: ClassVar[bool] = True
    date: str
    member: int
    product: str
    quantity: int
    measure: str


class CorrectWork(Act, frozen=True, kw_only=True, tag="correct-work"):
    """An entry of hours or a delivery is put right for one member, in the open, before the seal:
    `right` is the minutes, or the quantity delivered, whose value then follows from the price of
    its day. Two sign who are neither that member nor their kin, one of them in office."""

    deciding: ClassVar[bool] = True
    about: int
    member: int
    right: int
    reason: str


class WorkLogged(Fact, frozen=True):
    number: int
    date: str
    production_unit: str
    task: str
    work: tuple[tuple[int, int], ...]

    def apply(self, state: State) -> None:
        of_day = state.days.setdefault(self.date, {})
        for member, minutes in self.work:
            put_in(state, self.date, member, "hours", minutes)
            of_day[member] = of_day.get(member, 0) + minutes
        state.put_in[self.number] = PutIn(self.date, dict(self.work))


class Delivered(Fact, frozen=True):
    number: int
    date: str
    member: int
    product: str
    quantity: int
    measure: str
    value: int

    def apply(self, state: State) -> None:
        put_in(state, self.date, self.member, "deliveries", self.value)
        of_day = state.brought.setdefault(self.date, {})
        what = self.member, self.product, self.measure
        of_day[what] = of_day.get(what, 0) + self.quantity
        product = self.product, self.measure
        state.put_in[self.number] = PutIn(
            self.date, {self.member: self.quantity}, product, self.value
        )


class WorkCorrected(Fact, frozen=True):
    about: int
    member: int
    minutes: int

    def apply(self, state: State) -> None:
        entered = state.put_in[self.about]
        more = self.minutes - entered.amounts[self.member]
        put_in(state, entered.date, self.member, "hours", more)
        state.days[entered.date][self.member] += more
        entered.amounts[self.member] = self.minutes


class DeliveryCorrected(Fact, frozen=True):
    about: int
    member: int
    quantity: int
    value: int

    def apply(self, state: State) -> None:
        entered = state.put_in[self.about]
        assert entered.product is not None
        put_in(state, entered.date, self.member, "deliveries", self.value - entered.value)
        more = self.quantity - entered.amounts[self.member]
        state.brought[entered.date][self.member, *entered.product] += more
        entered.amounts[self.member], entered.value = self.quantity, self.value


@judges(LogWork)
def log_work(state: State, entry: Entry[LogWork], act: LogWork) -> list[Fact]:
    check_entered_soon(state, entry, act.date)
    require(any(s.member != entry.by.member for s in entry.by.signatures), "confirmation_missing")
    require(act.production_unit.strip() and act.task.strip(), "text_missing")
    work = tuple([(w.member, w.minutes) for w in act.work])
    require(work and len(dict(work)) == len(work), "members_listed_twice")
    law, of_day = state.statute.production, state.days.get(act.date, {})
    for member, minutes in work:
        check_member_on(state, member, act.date)
        check_minutes(law, member, minutes > 0, of_day.get(member, 0) + minutes)
    return [WorkLogged(entry.number, act.date, act.production_unit, act.task, work)]


def check_minutes(law: Production, member: int, more: bool, minutes: int) -> None:
    """Somebody worked `more`, and all that they worked on that day is no more than a day holds."""
    possible = more and minutes <= law.minutes_a_day
    article, most = law.article_of("minutes_a_day"), law.minutes_a_day
    require(possible, "minutes_impossible", article, member=member, minutes=minutes, most=most)


def check_entered_soon(state: State, entry: Entry[Any], date: str) -> None:
    """Dated after the seal, not in the future, and so few days ago that others remember it."""
    check_date(state, entry, date)
    law = state.statute.production
    soon = date >= day(entry.at - law.late_days * DAY)
    require(soon, "entered_late", law.article_of("late_days"), date=date, days=law.late_days)


def check_member_on(state: State, member: int, date: str) -> None:
    """They belonged on that day: from the day of their admission, for founders that of the
    founding, to the day their membership ended. Hours of the last days are entered later too."""
    person = state.people.get(member)
    if person is None or person.admitted_at is None:
        raise Refused("not_a_member", member=member)
    ended = date if person.ended_at is None else day(person.ended_at)
    belonged = day(person.admitted_at) <= date <= ended
    require(belonged, "outside_membership", member=member, date=date)


def check_received(state: State, entry: Entry[Deliver], giver: int) -> None:
    """Somebody signs as receiver who holds an office and whose own case it is not: neither the
    giver nor bound as their kin, as for a payment."""
    require(entry.by.member == giver, "giver_signs", member=giver)
    bar = state.statute.treasury.kinship_bar
    received = any(
        state.offices(s.member, entry.at) and not state.concerns(s.member, payee_of(giver), bar)
        for s in entry.by.signatures
    )
    require(received, "receiver_missing", member=giver)


@judges(Deliver)
def deliver(state: State, entry: Entry[Deliver], act: Deliver) -> list[Fact]:
    check_entered_soon(state, entry, act.date)
    check_member_on(state, act.member, act.date)
    check_received(state, entry, act.member)
    require(act.quantity > 0, "quantity_not_positive", quantity=act.quantity)
    price = price_on(state, act.date, act.product, act.measure)
    what = act.member, act.product, act.measure
    before = state.brought.get(act.date, {}).get(what, 0)
    check_most(price, act.date, what, before + act.quantity)
    value = worth(state, price, act.quantity)
    return [
        Delivered(
            entry.number, act.date, act.member, act.product, act.quantity, act.measure, value
        ),
    ]


def check_most(price: Price, date: str, what: tuple[int, str, str], together: int) -> None:
    """All that the member brought of it on that day is no more than the members decided."""
    member, product, measure = what
    require(
        together <= price.most,
        "brought_too_much",
        member=member,
        date=date,
        product=product,
        measure=measure,
        quantity=together,
        most=price.most,
    )


@judges(CorrectWork)
def correct_work(state: State, entry: Entry[CorrectWork], act: CorrectWork) -> list[Fact]:
    entered = state.put_in.get(act.about)
    if entered is None or act.member not in entered.amounts:
        raise Refused("correction_of_nothing", about=act.about, member=act.member)
    require(act.reason.strip(), "text_missing")
    check_not_negative(act.right)
    bar = state.statute.treasury.kinship_bar
    signers = {s.member for s in entry.by.signatures}
    apart = {m for m in signers if not state.concerns(m, payee_of(act.member), bar)}
    in_office = any(state.offices(m, entry.at) for m in apart)
    require(in_office and len(apart) > 1, "correction_unsigned", member=act.member)
    more = act.right - entered.amounts[act.member]
    if entered.product is None:
        law = state.statute.production
        check_minutes(law, act.member, True, state.days[entered.date][act.member] + more)
        return [WorkCorrected(act.about, act.member, act.right)]
    price = price_on(state, entered.date, *entered.product)
    what = act.member, *entered.product
    check_most(price, entered.date, what, state.brought[entered.date][what] + more)
    value = worth(state, price, act.right)
    return [DeliveryCorrected(act.about, act.member, act.right, value)]
