"""The hour makes no jump that nobody can explain: a machine whose clock is years ahead for one act
would end every term and every window of the body."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comuna.book import store
from comuna.book.database import Database
from comuna.clerk import Clerk, Recorded
from comuna.clock import KEEP_EVERY, UNEXPLAINED, Jumped, Watch
from comuna.rules.act import Refusal
from comuna.rules.state import DAY
from tests.clerk.little_body import TREASURER, LittleBody, little_body

YEARS = 3653 * DAY  # ten of them
UP = 4 * DAY  # how long the machine had run when the tests begin


@dataclass
class Machine:
    """A machine whose clock can be wrong: `shown` is what it shows, `ran` how long it has run."""

    shown: int
    ran: int = UP

    def watch(self, folder: Path) -> Watch:
        return Watch(folder / "clock.json", lambda: self.shown, lambda: self.ran)

    def passes(self, seconds: int) -> None:
        self.shown += seconds
        self.ran += seconds

    def is_off_for(self, seconds: int) -> None:
        self.shown += seconds
        self.ran = 30


Place = tuple[LittleBody, Machine, Path]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """The database of a body, and the hour in it."""
    place = tmp_path_factory.mktemp("lived") / "comuna.db"
    body = little_body(place)
    body.clerk.close()
    body.clerk.database.close()
    return place, body.now


@pytest.fixture
def place(lived: tuple[Path, int], tmp_path: Path) -> Place:
    """A body whose clerk works by the clock of a machine that was right at first."""
    shutil.copy(lived[0], tmp_path / "comuna.db")
    body = LittleBody(Database(tmp_path / "comuna.db"), lived[1])
    body.numbers = count(1000)
    machine = Machine(body.now)
    restart(body, machine, tmp_path)
    assert isinstance(sells(body), Recorded)
    return body, machine, tmp_path


def restart(body: LittleBody, machine: Machine, folder: Path) -> None:
    body.clerk = Clerk(body.clerk.database, body.clerk.book_key, machine.watch(folder))


def sells(body: LittleBody) -> Recorded | Refusal:
    text = f"sale {next(body.numbers)}"
    return body.clerk.submit(body.submission(TREASURER, body.sale(100, text)))


def is_refused(body: LittleBody) -> bool:
    before = store.size(body.clerk.database, body.body), body.clerk.state(body.body).now
    result = sells(body)
    after = store.size(body.clerk.database, body.body), body.clerk.state(body.body).now
    assert isinstance(result, Recorded) == (after != before)
    return isinstance(result, Refusal) and result.rule == "clock_jumped"


def test_an_act_under_a_clock_ten_years_ahead_is_refused_and_nothing_is_written(
    place: Place,
) -> None:
    body, machine, _ = place
    machine.shown += YEARS
    result = sells(body)
    assert isinstance(result, Refusal)
    figures = {"shown": machine.shown, "explained": machine.shown - YEARS}
    assert (result.rule, result.params) == ("clock_jumped", figures)
    assert is_refused(body)


def test_once_the_clock_is_right_again_the_body_goes_on(place: Place) -> None:
    body, machine, _ = place
    machine.shown += YEARS
    assert is_refused(body)
    machine.shown -= YEARS
    assert not is_refused(body)
    assert body.clerk.state(body.body).now == machine.shown


def test_every_act_of_a_batch_under_a_wrong_clock_is_refused(place: Place) -> None:
    body, machine, _ = place
    machine.shown += YEARS
    sent = [body.submission(TREASURER, body.sale(n, f"batch {n}")) for n in range(1, 9)]
    results = body.clerk.record(sent)
    assert {r.rule for r in results if isinstance(r, Refusal)} == {"clock_jumped"}
    assert len(results) == 8


def test_a_restart_does_not_make_a_jump_believable(place: Place) -> None:
    body, machine, folder = place
    machine.is_off_for(60)
    machine.shown += YEARS
    restart(body, machine, folder)
    assert is_refused(body)


def test_a_server_that_runs_without_an_act_for_a_year_goes_on(place: Place) -> None:
    body, machine, _ = place
    machine.passes(300 * DAY)
    assert not is_refused(body)


def test_a_machine_that_is_off_between_two_meetings_is_asked_nothing(place: Place) -> None:
    body, machine, folder = place
    machine.is_off_for(30 * DAY)
    restart(body, machine, folder)
    assert not is_refused(body)


def test_after_an_honest_silence_of_months_a_person_confirms_and_the_running_server_goes_on(
    place: Place,
) -> None:
    body, machine, folder = place
    machine.is_off_for(200 * DAY)
    restart(body, machine, folder)
    assert is_refused(body)
    machine.watch(folder).confirm()  # another process: `comuna clock --confirm`
    assert not is_refused(body)


def test_a_small_machine_that_starts_in_1970_and_hears_the_hour_later_is_asked_nothing(
    place: Place,
) -> None:
    body, machine, folder = place
    right = machine.shown + DAY
    machine.shown, machine.ran = 60, 60
    restart(body, machine, folder)
    assert not is_refused(body)  # under the hour of the act before
    machine.shown, machine.ran = right, 120
    assert not is_refused(body)
    assert body.clerk.state(body.body).now == right


def test_reading_keeps_the_trace_of_a_server_where_nobody_acts(tmp_path: Path) -> None:
    machine = Machine(1_767_225_600)
    watch = machine.watch(tmp_path)
    for _ in range(100):
        machine.passes(DAY)
        watch()
    machine.is_off_for(DAY)
    assert machine.watch(tmp_path)() == machine.shown


def test_the_trace_is_written_once_an_hour_and_not_for_every_act(tmp_path: Path) -> None:
    machine = Machine(1_767_225_600)
    watch = machine.watch(tmp_path)
    seen = set()
    for _ in range(KEEP_EVERY // 10 + 1):
        watch()
        seen.add((tmp_path / "clock.json").read_text())
        machine.passes(10)
    assert len(seen) == 2


@pytest.mark.parametrize(
    "damage",
    ["", "{", "[]", "null", '{"at": 1}', '{"at": "x", "ran": 1}', "[" * 200, '{"at": 1e999}', "é"],
)
def test_a_damaged_trace_is_none(tmp_path: Path, damage: str) -> None:
    machine = Machine(1_767_225_600)
    (tmp_path / "clock.json").write_text(damage, "utf-8")
    assert machine.watch(tmp_path)() == machine.shown
    assert json.loads((tmp_path / "clock.json").read_text()) == {"at": machine.shown, "ran": UP}


def test_where_the_trace_cannot_be_written_the_jump_is_still_found(tmp_path: Path) -> None:
    machine = Machine(1_767_225_600)
    watch = machine.watch(tmp_path / "not there")
    watch()
    machine.shown += YEARS
    with pytest.raises(Jumped):
        watch()


def days(most: int) -> st.SearchStrategy[int]:
    return st.integers(0, most * DAY)


Step = Callable[[Machine], None]
STEPS = st.one_of(
    days(400).map(lambda n: lambda machine: machine.passes(n)),
    days(30).map(lambda n: lambda machine: machine.is_off_for(n)),
)


@given(st.lists(STEPS, max_size=20), st.integers(KEEP_EVERY, 100 * YEARS))
def test_whatever_came_before_no_jump_passes_and_no_honest_hour_is_refused(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Step], jump: int
) -> None:
    folder = tmp_path_factory.mktemp("home")
    machine = Machine(1_767_225_600)
    watch = machine.watch(folder)
    watch()
    for step in steps:
        before = machine.ran
        step(machine)
        if machine.ran <= before:  # it was off
            watch = machine.watch(folder)
        assert watch() == machine.shown
    machine.shown += UNEXPLAINED + jump
    with pytest.raises(Jumped):
        watch()
