"""Watching a process: its three numbers, spikes, and alerts for the unit first."""

import csv
import json
from fractions import Fraction

import pytest

from bench.watching import EVENT, WITHIN, ours, series
from comuna.plan.errors import FileError, PlanError
from comuna.plan.readings import read_readings
from comuna.plan.watching import LEARNING, Achievement, alerts, noise_of, watch
from tests.plan.examples import SHARED
from tests.plan.test_files_and_verbs import comuna


def test_the_three_numbers_and_their_ratios():
    seen = Achievement(actuality=60, capability=80, potentiality=100)
    assert (seen.productivity, seen.latency) == (Fraction(3, 4), Fraction(4, 5))
    assert seen.performance == seen.productivity * seen.latency == Fraction(3, 5)
    with pytest.raises(PlanError, match="potentiality"):
        Achievement(60, 100, 80)


SEEDS = range(40_000, 40_030)
"""Of none of these the filter's settings know anything: they were chosen on seeds below 10,000."""


def test_false_alarms_are_rare_on_series_that_did_not_set_the_filter():
    false = sum(any(at < EVENT for at in ours(series("none", seed))) for seed in SEEDS)
    assert false <= 1


@pytest.mark.parametrize(("kind", "least", "delay"), [("step", 0.9, 3), ("slope", 0.95, 16)])
def test_a_lasting_change_is_found_soon(kind, least, delay):
    delays = []
    for seed in SEEDS:
        after = [at - EVENT for at in ours(series(kind, seed)) if at >= EVENT]
        delays += [after[0]] if after and after[0] < WITHIN[kind] else []
    assert len(delays) >= least * len(SEEDS)
    assert sorted(delays)[len(delays) // 2] <= delay


def test_a_single_spike_is_shown_at_once_but_is_no_alert():
    shown = told = 0
    for seed in SEEDS:
        readings = series("spike", seed)
        shown += list(watch(readings))[EVENT].spike
        told += any(EVENT <= at < EVENT + WITHIN["spike"] for at in ours(readings))
    assert shown >= len(SEEDS) - 1
    assert told <= 1


def test_an_alert_carries_the_clock_that_the_unit_agreed_to():
    readings = series("step", 3)
    first = {}
    for clock in (3, 9):
        told = next(a for a in alerts(readings, clock) if a.due - clock >= EVENT)
        assert told.kind == "step"
        first[clock] = told.due
    assert first[9] - first[3] == 6


def test_one_change_is_told_once_and_a_second_change_while_the_clock_runs_too():
    steady = series("none", 5)
    once = [*steady[:EVENT], *(value - 40 for value in steady[EVENT:])]
    assert len([a for a in alerts(once, 15) if a.due - 15 >= EVENT]) == 1
    twice = [*once[: EVENT + 8], *(value - 60 for value in once[EVENT + 8 :])]
    told = [a.due - 15 for a in alerts(twice, 15) if a.due - 15 >= EVENT]
    assert [EVENT <= at < EVENT + 5 for at in told] == [True, False]
    assert EVENT + 8 <= told[1] < EVENT + 13


def test_a_few_odd_readings_do_not_change_the_idea_of_the_noise():
    readings = series("none", 7)[:LEARNING]
    odd = [*readings[:-2], 5.0, 400.0]
    assert noise_of(odd) < 2 * noise_of(readings)


def real(name: str) -> tuple[list[str], list[float]]:
    path = SHARED / "alerts" / name
    if not path.exists():
        pytest.skip(f"{name} is not here")
    with path.open() as lines:
        rows = list(csv.reader(lines))[1:]
    return [row[0] for row in rows], [float(row[1]) for row in rows]


def test_the_sales_of_cp6_alert_where_west_and_harrison_saw_the_level_move():
    """They discuss December 1955, January 1957 and January 1958; the first 24 readings only teach
    the noise, so the first change is told in January 1957."""
    times, sales = real("cp6__west_harrison.csv")
    told = alerts(sales, 6)
    assert [times[a.since] for a in told] == ["1955-12-01", "1958-01-01"]
    assert times[told[0].due - 6] == "1957-01-01"


def test_the_telephone_calls_of_cincinnati_alert_when_charging_began_and_show_its_spikes():
    """Charges for directory assistance brought calls down by more than half in March 1974."""
    times, calls = real("telephone_calls__pankratz.csv")
    spikes = [times[at] for at, seen in enumerate(watch(calls)) if seen.spike]
    assert "1974-03-01" in spikes
    told = [(times[a.due - 6], times[a.since]) for a in alerts(calls, 6)]
    assert any("1974-03-01" <= when <= "1974-06-01" for when, _ in told)


def test_readings_come_from_a_file_with_values_or_the_three_numbers(tmp_path):
    path = tmp_path / "mill.csv"
    path.write_text("day,actuality,capability,potentiality\n1,60,80,100\n2,64,80,100\n3,40,80,90\n")
    times, values, numbers = read_readings(path)
    assert (times, values) == (["1", "2", "3"], [60.0, 64.0, 40.0])
    assert numbers[2] == Achievement(40, 80, 90)
    path.write_text("day;made\n1;1,5\n2;2\n3;x\n")
    with pytest.raises(FileError, match="row 4: 'x' is not a number"):
        read_readings(path)
    path.write_text("day,actuality,capability,potentiality\n1,60,80,100\n2,64,80,70\n3,4,8,9\n")
    with pytest.raises(FileError, match="row 3: the three numbers are 64, 80, 70"):
        read_readings(path)
    for odd in ("9" * 5000, "٣", "-1", "1.5"):
        path.write_text(f"day,actuality,capability,potentiality\n1,6,8,9\n2,6,8,9\n3,6,7,{odd}\n")
        with pytest.raises(FileError, match="row 4: the three numbers are 6, 7, "):
            read_readings(path)


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_verb_tells_spikes_and_alerts_and_draws_them(tmp_path, capsys, language):
    rows = "\n".join(f"{at},{value}" for at, value in enumerate(series("step", 11)))
    (tmp_path / "mill.csv").write_text("reading,made\n" + rows + "\n")
    words = ("plan", "watch", tmp_path / "mill.csv", "--clock", 5, "--lang", language)
    status, out = comuna(capsys, *words, "--picture", tmp_path / "mill.svg")
    assert status == 0
    assert {"es": "Va primero a la unidad", "en": "It goes to the unit first"}[language] in out
    from xml.etree import ElementTree

    ElementTree.parse(tmp_path / "mill.svg")
    status, out = comuna(capsys, *words, "--json")
    said = json.loads(out)
    assert said.keys() == {"readings", "achievement", "alerts"}
    assert said["alerts"][0].keys() == {"kind", "time", "since", "chance", "moved", "clock"}
    assert said["alerts"][-1]["moved"] < -2
