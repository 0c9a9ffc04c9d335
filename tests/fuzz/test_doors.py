"""A few seconds of absurd inputs at every door; `python -m tests.fuzz NUMBER` gives as many as
asked."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from tests.fuzz import door as doors
from tests.fuzz.door import Door, Feed, feed
from tests.fuzz.doors import DOORS

SEED = 20
NUMBER = 4_000
AT_LEAST = 5


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_whatever_comes_to_a_door_is_accepted_or_refused_in_words(
    door: Door, django_db_blocker: pytest.FixtureRequest
) -> None:
    number = max(AT_LEAST, NUMBER * door.share // sum(each.share for each in DOORS))
    with django_db_blocker.unblock():
        tally = feed(door, number, SEED)
    assert not tally.faults, tally.faults[0]
    assert set(tally.counts) <= {"accepted", "refused"}
    assert tally.counts["refused"]


def door_where(give: Feed) -> Door:
    @contextmanager
    def opened(folder: Path) -> Iterator[Feed]:
        yield give

    return Door("test", 1, opened)


def raises(random: Random) -> str:
    if random.random() < 0.5:
        raise KeyError("nobody thought of this")
    return "refused"


def test_an_exception_is_a_fault_that_its_number_gives_again() -> None:
    tally = feed(door_where(raises), 40, SEED)
    assert tally.inputs == 40
    assert 0 < tally.kinds.total() < 40
    fault = tally.faults[-1]
    again = feed(door_where(raises), 1, SEED, fault.number)
    assert [each.kind for each in again.faults] == [fault.kind]
    assert "nobody thought of this" in str(fault)
    assert f"seed {SEED}, input {fault.number}" in str(fault)


def works(random: Random) -> str:
    until = time.process_time() + 60
    while time.process_time() < until:
        pass
    return "accepted"


@pytest.mark.parametrize(
    ("limit", "give"), [("WAITING", lambda random: str(time.sleep(60))), ("SECONDS", works)]
)
def test_an_input_that_takes_too_long_is_a_fault_and_the_next_comes(
    monkeypatch: pytest.MonkeyPatch, limit: str, give: Feed
) -> None:
    monkeypatch.setattr(doors, limit, 0.05)
    tally = feed(door_where(give), 2, SEED)
    assert {fault.kind.partition(" ")[0] for fault in tally.faults} == {"TooSlow"}
    assert tally.inputs == 2


def test_an_input_that_takes_too_much_memory_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    held = iter((0, doors.MEMORY + 1))
    monkeypatch.setattr(doors, "most_held", lambda: next(held, 0))
    tally = feed(door_where(lambda random: "accepted"), 1, SEED)
    assert [fault.kind.partition(" ")[0] for fault in tally.faults] == ["TooLarge"]
