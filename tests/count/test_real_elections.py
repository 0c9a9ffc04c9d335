"""Real elections with known results, read from the handed-over data; skipped where it is absent."""

import json
import tarfile
from fractions import Fraction

import pytest

from comuna.count.files import read_ballots
from comuna.count.methods import count
from comuna.count.rule import Rule

from .helpers import SHARED, shared_file

BUDGETS = sorted(path.name for path in (SHARED / "pabulib").glob("*.pb")) or ["any.pb"]
RULES = {
    "mes_cost": ("equal-shares", {"satisfaction": "cost"}),
    "mes_card": ("equal-shares", {"satisfaction": "cardinality"}),
    "greedy_cost": ("greedy", {"satisfaction": "cost"}),
    "greedy_card": ("greedy", {"satisfaction": "cardinality"}),
    "phragmen": ("phragmen", {}),
    "mes_cost_add1": ("equal-shares", {"satisfaction": "cost", "completion": "add1"}),
    "mes_card_add1": ("equal-shares", {"satisfaction": "cardinality", "completion": "add1"}),
}


@pytest.mark.parametrize("name", BUDGETS)
def test_every_expected_budget_is_reproduced_in_order(name: str) -> None:
    expected = json.loads(shared_file("pabulib", "EXPECTED.json").read_text())["instances"]
    contest, ballots = read_ballots(name, shared_file("pabulib", name).read_bytes())
    if name not in expected:
        # No result is published for it: at least its own kind of ballots must count.
        rule = Rule(method="greedy", budget=contest.budget, ties=("id",))
        assert count(rule, ballots).winners
        return
    for key, (method, options) in RULES.items():
        rule = Rule(method=method, budget=contest.budget, ties=("id",), **options)
        assert list(count(rule, ballots).winners) == expected[name][key]["winners"], key


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("Netherlands_Assen_2024.pb", {}),
        ("Poland_Wieliczka_2023_Green_Budget.pb", {"exclusive": (("66", "67"),)}),
    ],
)
def test_the_official_results_of_cities_that_use_equal_shares(
    name: str, options: dict[str, object]
) -> None:
    expected = json.loads(shared_file("pabulib", "EXPECTED.json").read_text())["instances"][name]
    contest, ballots = read_ballots(name, shared_file("pabulib", name).read_bytes())
    rule = Rule(
        method="equal-shares",
        budget=contest.budget,
        completion="add1",
        ties=("id",),
        **options,  # type: ignore[arg-type]
    )
    result = count(rule, ballots)
    assert set(result.winners) == set(expected["published_selected_column"])
    if name.startswith("Poland"):
        assert contest.budget is not None
        assert contest.budget - result.notes["left"] == Fraction(995_079)


def test_all_scottish_wards_elect_whom_they_elected_in_order() -> None:
    wards = json.loads(shared_file("ranked", "EXPECTED_scottish.json").read_text())["wards"]
    differ = []
    with tarfile.open(shared_file("ranked", "scottish.tar.gz")) as archive:
        for name, expected in wards.items():
            file = archive.extractfile(name)
            assert file is not None
            contest, ballots = read_ballots(name, file.read())
            assert ballots.total() == expected["ballots"]
            result = count(Rule(method="stv-scottish", seats=contest.seats), ballots)
            by_lot = [tie for tie in result.ties if tie.broken_by != "earlier round"]
            if [int(each) for each in result.winners] != expected["order"] or by_lot:
                differ.append(name)
            meek = count(Rule(method="stv-meek", seats=contest.seats), ballots)
            if sorted(map(int, meek.winners)) != expected["meek_fixed9"]:
                differ.append(f"{name} by Meek")
    assert len(wards) == 184
    assert differ == []


def test_new_south_wales_elects_whom_it_elected() -> None:
    expected = json.loads(shared_file("ranked", "EXPECTED_nsw_irv.json").read_text())
    for name, said in expected.items():
        path = shared_file("ranked", "nsw_preflib", name)
        _, ballots = read_ballots(name, path.read_bytes())
        result = count(Rule(method="irv"), ballots)
        assert ballots.total() == said["ballots"]
        assert result.names[result.winners[0]] == said["irv_winner"]
