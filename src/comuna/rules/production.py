"""What members put in: hours of work, confirmed by a second member, and deliveries, by who received
them in office. They are the base on which a surplus is shared: bounded by the statute, entered soon
and dated within the membership."""

from __future__ import annotations

from typing import Any, ClassVar

from comuna.rules.act import Act, Entry, Fact, Refused, Shape, judges, require
from comuna.rules.ledger import check_date, put_in
from comuna.rules.names import check_in_range, check_not_negative, day, payee_of
from comuna.rules.state import DAY, State


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
    """A member delivers to the common store: quantity in the measure's smallest step, value in
    money's. The giver is the author; who received it signs, in office and no kin of the giver."""

    deciding: ClassVar[bool] = True
    date: str
    member: int
    product: str
    quantity: int
    measure: str
    value: int


class WorkLogged(Fact, frozen=True):
    date: str
    production_unit: str
    task: str
    work: tuple[tuple[int, int], ...]

    def apply(self, state: State) -> None:
        of_day = state.days.setdefault(self.date, {})
        for member, minutes in self.work:
            put_in(state, self.date, member, "hours", minutes)
            of_day[member] = of_day.get(member, 0) + minutes


class Delivered(Fact, frozen=True):
    date: str
    member: int
    product: str
    quantity: int
    measure: str
    value: int

    def apply(self, state: State) -> None:
        put_in(state, self.date, self.member, "deliveries", self.value)


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
        together = of_day.get(member, 0) + minutes
        if minutes <= 0 or together > law.minutes_a_day:
            raise Refused(
                "minutes_impossible",
                law.article_of("minutes_a_day"),
                member=member,
                minutes=together,
                most=law.minutes_a_day,
            )
    return [WorkLogged(act.date, act.production_unit, act.task, work)]


def check_entered_soon(state: State, entry: Entry[Any], date: str) -> None:
    """Dated after the seal, not in the future, and so few days ago that others remember it."""
    check_date(state, entry, date)
    law = state.statute.production
    if date < day(entry.at - law.late_days * DAY):
        raise Refused("entered_late", law.article_of("late_days"), date=date, days=law.late_days)


def check_member_on(state: State, member: int, date: str) -> None:
    """They belonged on that day: from the day of their admission, for founders that of the
    founding, to the day their membership ended. Hours of the last days are entered later too."""
    person = state.people.get(member)
    if person is None or person.admitted_at is None:
        raise Refused("not_a_member", member=member)
    ended = date if person.ended_at is None else day(person.ended_at)
    if not day(person.admitted_at) <= date <= ended:
        raise Refused("outside_membership", member=member, date=date)


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
    require(act.product.strip() and act.measure.strip(), "text_missing")
    require(act.quantity > 0, "quantity_not_positive", quantity=act.quantity)
    check_in_range(act.quantity)
    check_not_negative(act.value)
    return [
        Delivered(act.date, act.member, act.product, act.quantity, act.measure, act.value),
    ]
