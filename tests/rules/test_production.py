"""What members put in is bounded by the statute, entered soon, dated within the membership and
received by somebody else."""

import msgspec
import pytest

from comuna.rules.names import day
from comuna.rules.production import CorrectWork, Deliver, LogWork, Worked
from comuna.rules.roll import Admit, Apply, Declare, Kin, Leave
from comuna.rules.state import DAY
from tests.rules.village import MEMBERS, START, public

every_pack = pytest.mark.parametrize(
    "pack", ["simple", "ve-comunas-2010", "br-5764-1971", "us-colab", "es-27-1999"]
)


def log(date, *members, minutes=60):
    rows = tuple(Worked(member=m, minutes=minutes) for m in members)
    return LogWork(date=date, production_unit="mill", task="grinding", work=rows)


def delivery(member, date, **changes):
    given = {"product": "cacao", "quantity": 5000, "measure": "g", **changes}
    return Deliver(member=member, date=date, **given)


@every_pack
def test_hours_and_deliveries_are_entered_within_the_days_of_the_statute(village):
    v = village
    v.set_prices()
    v.wait(days=60)
    days = v.law.production.late_days
    last, late = day(v.now - days * DAY), day(v.now - (days + 1) * DAY)
    one, other = v.plain[:2]
    said = v.refused("entered_late", lambda: v.send(one, log(late, one), other))
    assert said.article == v.law.production.article
    v.refused("entered_late", lambda: v.send(one, delivery(one, late), v.treasurer))
    v.do(one, log(last, one), other)
    v.do(one, delivery(one, last), v.treasurer)


@pytest.mark.parametrize("pack", ["simple", "ve-comunas-2010", "us-colab"])
def test_nothing_is_put_in_before_the_founding(village):
    v = village
    one, other = v.plain[:2]
    before = day(START - DAY)
    v.refused("outside_membership", lambda: v.send(one, log(before, one), other))
    v.refused("outside_membership", lambda: v.send(one, delivery(one, before), v.treasurer))
    v.do(one, log(day(START), one), other)


@every_pack
def test_nobody_puts_in_before_their_admission(village):
    v = village
    number, kind = MEMBERS + 1, v.law.members.kinds[0].id
    v.do(number, Apply(commitment="a" * 64, member_kind=kind, key=public(number)))
    one = v.plain[0]
    v.refused("not_a_member", lambda: v.send(one, log(v.today, number), v.plain[1]))
    v.decide(Admit(member=number))
    v.set_prices()
    before = day(v.state.people[number].admitted_at - DAY)
    v.refused("outside_membership", lambda: v.send(one, log(before, number), v.plain[1]))
    v.refused("outside_membership", lambda: v.send(number, delivery(number, before), v.treasurer))
    v.do(one, log(v.today, number), v.plain[1])
    v.do(number, delivery(number, v.today), v.treasurer)


@every_pack
def test_the_hours_of_the_last_day_are_entered_after_a_member_has_left_and_later_ones_never(
    village,
):
    v = village
    leaver, one, other = v.plain[:3]
    v.do(leaver, Leave())
    last = v.today
    v.wait(days=2)
    v.do(one, log(last, leaver), other)
    v.refused("outside_membership", lambda: v.send(one, log(v.today, leaver), other))


@every_pack
def test_a_day_holds_no_more_than_the_statute_says(village):
    v = village
    one, other = v.plain[:2]
    most = v.law.production.minutes_a_day
    v.refused("minutes_impossible", lambda: v.send(one, log(v.today, one, minutes=most + 1), other))
    v.do(one, log(v.today, one, minutes=most), other)
    v.refused("minutes_impossible", lambda: v.send(one, log(v.today, one, minutes=1), other))


@every_pack
def test_two_plain_members_book_no_delivery(village):
    v = village
    v.set_prices()
    one, other = v.plain[:2]
    v.refused("receiver_missing", lambda: v.send(one, delivery(one, v.today)))
    v.refused("receiver_missing", lambda: v.send(one, delivery(one, v.today), other))
    v.do(one, delivery(one, v.today), v.treasurer)


@every_pack
def test_a_holder_of_an_office_does_not_receive_their_own_delivery(village):
    v = village
    v.set_prices()
    v.refused("receiver_missing", lambda: v.send(v.chair, delivery(v.chair, v.today), v.plain[0]))
    v.do(v.chair, delivery(v.chair, v.today), v.treasurer)


@every_pack
def test_whoever_declared_the_giver_as_kin_does_not_receive_from_them(village):
    v = village
    v.set_prices()
    one = v.plain[0]
    v.do(v.treasurer, Declare(kin=(Kin(member=one, degree=1),)))
    v.refused("receiver_missing", lambda: v.send(one, delivery(one, v.today), v.treasurer))
    v.do(one, delivery(one, v.today), v.treasurer, v.overseer)


@every_pack
def test_who_gives_enters_the_delivery(village):
    v = village
    v.set_prices()
    one, other = v.plain[:2]
    v.refused("giver_signs", lambda: v.send(other, delivery(one, v.today), v.treasurer, one))


def test_a_statute_of_longer_days_than_a_day_is_no_statute(village):
    law = village.law.production
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**msgspec.to_builtins(law), "minutes_a_day": 1441}, type(law))


def correction(about, member, right, **changes):
    return CorrectWork(
        **{"about": about, "member": member, "right": right, "reason": "", **changes}
    )


@every_pack
def test_hours_are_put_right_in_the_open_by_two_whose_own_case_it_is_not(village):
    v = village
    one, other, third = v.plain[:3]
    entry = v.do(one, log(v.today, one, other, minutes=300), other)
    right = correction(entry, one, 240, reason="an hour too many")
    v.refused("correction_unsigned", lambda: v.send(v.treasurer, right))
    v.refused("correction_unsigned", lambda: v.send(v.treasurer, right, one))
    v.refused("correction_unsigned", lambda: v.send(other, right, third))
    number = v.do(v.treasurer, right, other)
    assert v.state.work[v.today[:7]][one]["hours"] == 240
    assert v.state.work[v.today[:7]][other]["hours"] == 300
    assert v.state.days[v.today][one] == 240
    sql = "SELECT minutes, corrected FROM reading_work WHERE number = ? AND member = ?"
    assert v.database.execute(sql, (entry, one)).fetchall() == [(240, number)]
    assert v.database.execute(sql, (entry, other)).fetchall() == [(300, 0)]


def test_whoever_declared_them_as_kin_does_not_put_their_hours_right(village):
    v = village
    one, other = v.plain[:2]
    entry = v.do(one, log(v.today, one), other)
    v.do(v.treasurer, Declare(kin=(Kin(member=one, degree=1),)))
    right = correction(entry, one, 90, reason="too few")
    v.refused("correction_unsigned", lambda: v.send(v.treasurer, right, other))
    v.do(v.chair, right, other)


@every_pack
def test_a_delivery_is_put_right_with_its_quantity_and_its_value_follows(village):
    v = village
    v.set_prices()
    one = v.plain[0]
    entry = v.do(one, delivery(one, v.today), v.treasurer)
    assert v.state.work[v.today[:7]][one]["deliveries"] == 900
    number = v.do(v.chair, correction(entry, one, 500, reason="a nought"), v.treasurer)
    assert v.state.work[v.today[:7]][one]["deliveries"] == 90
    sql = "SELECT quantity, value, corrected FROM reading_delivery WHERE number = ?"
    assert v.database.execute(sql, (entry,)).fetchall() == [(500, 90, number)]


def test_what_was_put_in_is_never_less_than_nothing_nor_more_than_a_day(village):
    v = village
    one, other = v.plain[:2]
    entry = v.do(one, log(v.today, one), other)
    most = v.law.production.minutes_a_day
    for rule, right, changes in [
        ("amount_not_positive", -1, {}),
        ("minutes_impossible", most + 1, {}),
        ("text_missing", 1, {"reason": " "}),
        ("correction_of_nothing", 1, {"about": 1}),
        ("correction_of_nothing", 1, {"member": other}),
    ]:
        act = correction(
            **{"about": entry, "member": one, "right": right, "reason": "so", **changes}
        )
        v.refused(rule, lambda a=act: v.send(v.treasurer, a, other))
    v.do(v.treasurer, correction(entry, one, 0, reason="was not there"), other)
    v.do(v.treasurer, correction(entry, one, most, reason="was there"), other)
    v.refused("minutes_impossible", lambda: v.send(one, log(v.today, one, minutes=1), other))


def test_what_is_sealed_is_not_put_right_any_more(village):
    v = village
    one, other = v.plain[:2]
    entry = v.do(one, log(v.today, one, other), other)
    v.do(v.treasurer, correction(entry, one, 0, reason="was not there"), other)
    v.close_year()
    late = correction(entry, one, 60, reason="was there")
    v.refused("correction_of_nothing", lambda: v.send(v.treasurer, late, other))
