"""The hour of a book that was written on under a clock years ahead is set back by the members."""

from comuna.rules.assembly import CheckIn, CheckOut
from comuna.rules.hour import LEAP, SetHour
from comuna.rules.names import LAST_MOMENT
from comuna.rules.oversight import Complain
from comuna.rules.proposal import Propose
from comuna.rules.roll import Leave
from comuna.rules.state import DAY
from tests.rules import both_sides
from tests.rules.village import HOUR, MEMBERS, each_pack

SAYS = Propose(title="Roof", text="Mend it.")
MORE_THAN_HALF = MEMBERS // 2 + 1


def leaps(v, days=3653, act=SAYS, member=None):
    """One act under a clock that is ahead; then the clock is right again. Gives the true hour."""
    true = v.now
    v.wait(days=days)
    v.do(member or v.plain[0], act)
    v.now = true + HOUR
    return v.now


def signers(count=MORE_THAN_HALF, first=1):
    """So many members: the first, and the others."""
    return range(first, first + count)


def back(v, hour=0, signing=None):
    first, *others = signing or signers()
    return first, SetHour(hour=hour or v.now), *others


@each_pack
def test_without_it_a_body_whose_hour_is_ten_years_ahead_is_dead(village):
    v = village
    leaps(v)
    v.refused("body_asleep", lambda: v.send(v.plain[0], Complain(about="", text="Dry well.")))
    v.wait(days=1)
    assert v.state.now > v.now
    assert not any(v.state.holds(n, "preside", v.state.now) for n in v.state.people)


@each_pack
def test_more_than_half_of_the_roll_set_it_back_and_the_body_goes_on(village):
    v = village
    chair = v.chair
    true = leaps(v)
    both_sides.proven(v, *back(v))
    state = v.state
    assert (state.now, state.asleep, state.leaps) == (true, None, [])
    assert v.chair == chair
    v.wait(hours=1)
    v.do(v.plain[0], Complain(about="", text="Dry well."))
    v.receive("sales_members", 100)
    assert v.state.now == v.now
    v.decide()


@each_pack
def test_half_of_the_roll_does_not(village):
    v = village
    leaps(v)
    half = signers(MEMBERS // 2)
    guard, proof = "too_few_for_the_hour", "too_few_set_the_hour"
    both_sides.refused(v, guard, proof, *back(v, signing=half))


@each_pack
def test_the_clock_of_the_machine_alone_sets_nothing_back(village):
    v = village
    leaps(v)
    ahead = v.state.now
    v.do(v.plain[0], SAYS)
    assert v.state.now == ahead
    assert both_sides.found(v, v.plain[0], SAYS) == {"time_runs_backwards"}


@each_pack
def test_nothing_is_set_back_where_the_book_made_no_leap(village):
    v = village
    v.wait(days=3)
    v.do(v.plain[0], SAYS)
    both_sides.refused(v, "hour_never_leapt", "hour_in_no_silence", *back(v))
    v.now -= DAY
    both_sides.refused(v, "hour_never_leapt", "hour_in_no_silence", *back(v))


@each_pack
def test_it_is_never_set_back_before_the_last_act_under_a_true_hour(village):
    v = village
    before = v.state.now
    leaps(v)
    v.now = before - 1
    both_sides.refused(v, "hour_never_leapt", "hour_in_no_silence", *back(v))
    v.now = before
    both_sides.proven(v, *back(v))


@each_pack
def test_a_silence_of_a_month_is_no_leap(village):
    v = village
    v.now = v.state.now
    leaps(v, days=LEAP // DAY)
    both_sides.refused(v, "hour_never_leapt", "hour_in_no_silence", *back(v))


@each_pack
def test_the_server_does_not_choose_another_hour_than_the_one_signed(village):
    v = village
    true = leaps(v)
    v.now = true + LEAP + 1
    guard, proof = "hour_not_of_the_clock", "hour_of_another_day"
    both_sides.refused(v, guard, proof, *back(v, true))
    both_sides.refused(v, guard, proof, *back(v, v.now + LEAP + 1))
    v.now = true + LEAP
    both_sides.proven(v, *back(v, true))


@each_pack
def test_an_hour_beyond_the_calendar_is_refused(village):
    v = village
    leaps(v)
    v.refused("moment_out_of_range", lambda: v.send(*back(v, LAST_MOMENT + 1)))


@each_pack
def test_who_left_before_the_leap_does_not_count_and_who_signs_twice_counts_once(village):
    v = village
    gone = signers()[0]
    v.do(gone, Leave())
    leaps(v)
    roll = len(v.state.roll(v.now))
    v.refused("too_few_for_the_hour", lambda: v.send(*back(v, signing=signers(roll // 2, 2))))
    v.do(*back(v, signing=signers(roll // 2 + 1, 2)))


@each_pack
def test_a_meeting_into_which_the_wrong_clock_fell_is_held_to_its_end(village):
    v = village
    assembly = v.call()
    leaps(v, act=CheckIn(assembly=assembly, members=(v.plain[0],)))
    both_sides.proven(v, *back(v))
    v.do(v.plain[0], CheckOut(assembly=assembly, members=(v.plain[0],)))
    v.enter(assembly)
    v.open(assembly)
    v.adjourn(assembly)


@each_pack
def test_of_two_leaps_the_hour_goes_back_before_both(village):
    v = village
    true = leaps(v)
    v.now += 7000 * DAY
    v.do(v.plain[0], SAYS)
    v.now = true
    assert len(v.state.leaps) == 2
    both_sides.proven(v, *back(v))
    assert v.state.leaps == []


@each_pack
def test_a_body_that_was_asleep_in_truth_still_is(village):
    v = village
    v.wait(days=v.law.assembly.silence_days + 1)
    leaps(v)
    both_sides.proven(v, *back(v))
    assert v.state.asleep == v.state.roll(v.now)
    both_sides.refused(v, "body_asleep", "body_asleep", 1, Complain(about="", text="Dry well."))
