"""What members put in: hours of work, confirmed by a second member, and deliveries, by who received
them in office. They are the base on which a surplus is shared: bounded by the statute, entered soon
and dated within the membership."""

from __future__ import annotations

from typing import Any, ClassVar

from comuna.rules.act import Act, Entry, Fact, Refused, Shape, judges, require
from comuna.rules.ledger import check_date, put_in
from comuna.rules.names import check_in_range, check_not_negative, day, payee_of
from comuna.rules.state import DAY, PutIn, State
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
    """A member delivers to the common store: quantity in the measure's smallest step, value in
    money's. The giver is the author; who received it signs, in office and no kin of the giver."""

    deciding: ClassVar[bool] = True
    date: str
    member: int
    product: str
    quantity: int
    measure: str
    value: int


class CorrectWork(Act, frozen=True, kw_only=True, tag="correct-work"):
    """An entry of hours or a delivery is put right for one member, in the open, before the seal:
    `right` is the minutes, or the value in money's smallest step and then `quantity` what was
    delivered. Two sign who are neither that member nor their kin, one of them in office."""

    deciding: ClassVar[bool] = True
    about: int
    member: int
    right: int
    quantity: int = 0
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
        state.put_in[self.number] = PutIn(self.date, "hours", dict(self.work))


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
        state.put_in[self.number] = PutIn(self.date, "deliveries", {self.member: self.value})


class WorkCorrected(Fact, frozen=True):
    about: int
    member: int
    right: int
    quantity: int

    def apply(self, state: State) -> None:
        entered = state.put_in[self.about]
        more = self.right - entered.amounts[self.member]
        put_in(state, entered.date, self.member, entered.measure, more)
        if entered.measure == "hours":
            state.days[entered.date][self.member] += more
        entered.amounts[self.member] = self.right


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
            raise minutes_impossible(law, member, together)
    return [WorkLogged(entry.number, act.date, act.production_unit, act.task, work)]


def minutes_impossible(law: Production, member: int, minutes: int) -> Refused:
    return Refused(
        "minutes_impossible",
        law.article_of("minutes_a_day"),
        member=member,
        minutes=minutes,
        most=law.minutes_a_day,
    )


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
        Delivered(
            entry.number, act.date, act.member, act.product, act.quantity, act.measure, act.value
        ),
    ]


@judges(CorrectWork)
def correct_work(state: State, entry: Entry[CorrectWork], act: CorrectWork) -> list[Fact]:
    entered = state.put_in.get(act.about)
    if entered is None or act.member not in entered.amounts:
        raise Refused("correction_of_nothing", about=act.about, member=act.member)
    require(act.reason.strip(), "text_missing")
    check_not_negative(act.right)
    check_not_negative(act.quantity)
    if entered.measure == "hours":
        require(act.quantity == 0, "quantity_of_hours", about=act.about)
        law = state.statute.production
        together = state.days[entered.date][act.member] - entered.amounts[act.member] + act.right
        if together > law.minutes_a_day:
            raise minutes_impossible(law, act.member, together)
    bar = state.statute.treasury.kinship_bar
    signers = {s.member for s in entry.by.signatures}
    apart = {m for m in signers if not state.concerns(m, payee_of(act.member), bar)}
    in_office = any(state.offices(m, entry.at) for m in apart)
    require(in_office and len(apart) > 1, "correction_unsigned", member=act.member)
    return [WorkCorrected(act.about, act.member, act.right, act.quantity)]
