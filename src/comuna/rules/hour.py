"""The hour of the book, and the way back from an hour that was never reached: acts recorded while
the clock of the machine was ahead."""

from __future__ import annotations

from typing import Any, ClassVar

from comuna.rules.act import Act, Entry, Fact, judges, require
from comuna.rules.authorship import cosigners
from comuna.rules.names import check_moment
from comuna.rules.state import DAY, Leap, State

LEAP = 31 * DAY
"""A silence of the book as long as this can be one that was never lived."""


class SetHour(Act, frozen=True, kw_only=True, tag="set-hour"):
    """More than half of the roll, all signing, set the hour of the book back into the silence that
    a wrong clock made it leap over. `hour` is the hour that they know it is (UTC seconds)."""

    deciding: ClassVar[bool] = True
    names_book: ClassVar[bool] = True
    wakes: ClassVar[bool] = True
    hour: int


class HourSet(Fact, frozen=True):
    """The book is back at the last hour before a leap; the entry is then recorded as any other.
    What was recorded meanwhile stands, under the hour it bears; a meeting that was held goes on."""

    since: int
    at: int

    def apply(self, state: State) -> None:
        place = next(n for n, leap in enumerate(state.leaps) if leap.before == self.since)
        state.now, state.asleep = self.since, state.leaps[place].asleep
        del state.leaps[place:]
        leapt(state, self.at)
        silence = state.statute.assembly.silence_days * DAY
        if state.asleep is None and self.at - self.since > silence:
            state.asleep = state.roll(self.since)
        state.now = self.at
        for assembly in state.assemblies.values():
            assembly.clock = min(assembly.clock, self.at)


def leapt(state: State, at: int) -> None:
    """Remember a long silence before an entry recorded at this moment, as the body was in it, and
    whether it fell asleep in it."""
    if state.head and at - state.now > LEAP:
        state.leaps.append(Leap(state.now, at, state.asleep))


def check_order(state: State, entry: Entry[Any]) -> None:
    """Nothing is recorded under an earlier hour than what came before, but this one act."""
    earlier = entry.at < state.now and not isinstance(entry.act, SetHour)
    require(not earlier, "time_runs_backwards", at=entry.at, last=state.now)


@judges(SetHour)
def set_hour(state: State, entry: Entry[SetHour], act: SetHour) -> list[Fact]:
    """Into a silence of the book, at the hour that was signed, by those who could vote before it:
    whoever came in under the wrong hour does not help to set it."""
    check_moment(act.hour)
    require(
        abs(entry.at - act.hour) <= LEAP, "hour_not_of_the_clock", shown=entry.at, hour=act.hour
    )
    leap = next((leap for leap in state.leaps if leap.before <= entry.at < leap.after), None)
    require(leap is not None, "hour_never_leapt", shown=entry.at)
    assert leap is not None
    roll = state.roll(leap.before)
    given, needed = len(roll & cosigners(entry)), len(roll) // 2 + 1
    require(given >= needed, "too_few_for_the_hour", needed=needed, given=given)
    return [HourSet(leap.before, entry.at)]
