"""What members put in: hours of work and deliveries, each confirmed by a second member. They are
the base on which a surplus is shared."""

from __future__ import annotations

from typing import ClassVar

from comuna.rules.act import Act, Entry, Fact, Refused, Shape, judges, require
from comuna.rules.ledger import check_date, put_in
from comuna.rules.names import check_in_range, check_not_negative
from comuna.rules.state import State

MINUTES_OF_A_DAY = 16 * 60


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
    money's. Giver and receiver sign."""

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
    check_date(state, entry, act.date)
    check_confirmed(entry)
    require(act.production_unit.strip() and act.task.strip(), "text_missing")
    work = tuple([(w.member, w.minutes) for w in act.work])
    require(work and len(dict(work)) == len(work), "members_listed_twice")
    of_day = state.days.get(act.date, {})
    for member, minutes in work:
        person = state.people.get(member)
        if person is None or not person.member_at(entry.at):
            raise Refused("not_a_member", member=member)
        together = of_day.get(member, 0) + minutes
        if minutes <= 0 or together > MINUTES_OF_A_DAY:
            raise Refused("minutes_impossible", member=member, minutes=together)
    return [WorkLogged(act.date, act.production_unit, act.task, work)]


def check_confirmed(entry: Entry[LogWork] | Entry[Deliver]) -> None:
    """Two sign, so that nobody writes their own hours alone."""
    author = entry.by.member
    require(any(s.member != author for s in entry.by.signatures), "confirmation_missing")


@judges(Deliver)
def deliver(state: State, entry: Entry[Deliver], act: Deliver) -> list[Fact]:
    check_date(state, entry, act.date)
    check_confirmed(entry)
    person = state.people.get(act.member)
    require(person is not None and person.member_at(entry.at), "not_a_member", member=act.member)
    require(act.product.strip() and act.measure.strip(), "text_missing")
    require(act.quantity > 0, "quantity_not_positive", quantity=act.quantity)
    check_in_range(act.quantity)
    check_not_negative(act.value)
    return [
        Delivered(act.date, act.member, act.product, act.quantity, act.measure, act.value),
    ]
