"""Worked examples, from the laws and from what others published, through `comuna surplus`."""

import pytest


def rows(measure, values):
    return {str(number): {measure: value} for number, value in enumerate(values, 1)}


def of_funds(answer):
    """Amount by fund, summed over its steps."""
    amounts = {}
    for step in answer["steps"]:
        amounts[step["fund"]] = amounts.get(step["fund"], 0) + step["amount"]
    return amounts


MINUTES = rows("minutes", [3000, 2400, 1800])
PATRONAGE = {"Alice": {"points": 4050}, "Bob": {"points": 3000}, "Carol": {"points": 2200}}


@pytest.mark.parametrize(
    ("surplus", "expected"),
    [(1200000, [525406, 389189, 285405]), (120000, [52541, 38919, 28540])],
)
def test_patronage_points_with_an_exact_tie_of_remainders(comuna, surplus, expected):
    case = {
        "unit": "USD",
        "results": {"member_result": surplus},
        "choices": {"return": "1"},
        "key": "points",
        "members": PATRONAGE,
    }
    assert list(comuna.surplus("simple", case)["allocations"].values()) == expected


def test_a_mix_of_four_measures_each_by_its_own_whole(comuna):
    labour, cash = [21600, 16500, 15600, 9000, 8400], [5000, 0, 10000, 0, 0]
    members = {
        str(n): {"labour": labour[n], "cash": cash[n], "revenue": 45000 if n == 4 else 0}
        for n in range(5)
    }
    case = {
        "results": {"member_result": 1800000},
        "choices": {"return": "rest"},
        "key": {"labour": 40, "revenue": 30, "cash": 20, "equal": 10},
        "members": members,
    }
    expected = [374734, 203089, 433975, 127139, 661063]
    assert list(comuna.surplus("simple", case)["allocations"].values()) == expected


def test_brazil_a_tenth_a_twentieth_and_the_rest_by_minutes(comuna):
    case = {"results": {"member_result": 480000}, "key": "minutes", "members": MINUTES}
    answer = comuna.surplus("br-5764-1971", case)
    assert of_funds(answer)["reserve"] == 48000
    assert of_funds(answer)["fates"] == 24000
    assert answer["allocations"] == {"1": 170000, "2": 136000, "3": 102000}


def test_brazil_at_least_rounds_up_and_non_member_results_never_reach_members(comuna):
    case = {
        "results": {"member_result": 12345678, "non_member_result": 234567},
        "key": "minutes",
        "members": MINUTES,
    }
    answer = comuna.surplus("br-5764-1971", case)
    assert of_funds(answer)["reserve"] == 1234568
    assert of_funds(answer)["fates"] == 851851
    assert answer["distributable"] == 10493826
    assert answer["allocations"] == {"1": 4372428, "2": 3497942, "3": 2623456}
    assert {"28 I", "28 II", "87"} <= {step["article"] for step in answer["steps"]}


SPAIN = {
    "unit": "EUR",
    "results": {
        "member_result": 10000000,
        "non_member_result": 2000000,
        "prior_losses": 1000000,
        "tax": 750000,
    },
    "key": "hours",
    "members": rows("hours", [1820, 1650, 910]),
}


def test_spain_reserves_before_tax_and_after_prior_losses(comuna):
    answer = comuna.surplus("es-27-1999", {**SPAIN, "choices": {"return": "1"}})
    amounts = {step["step"]: step["amount"] for step in answer["steps"]}
    assert amounts["fro"] == 1800000
    assert amounts["fep"] == 450000
    assert amounts["fro_outside"] == 1000000
    assert answer["distributable"] == 7000000
    assert answer["allocations"] == {"1": 2908676, "2": 2636986, "3": 1454338}
    assert answer["open"] == []


def test_spain_leaves_what_is_available_open_until_the_assembly_decides(comuna):
    answer = comuna.surplus("es-27-1999", SPAIN)
    assert answer["distributable"] == answer["undecided"] == 7000000
    assert answer["allocations"] == {}
    assert {"return", "voluntary_reserve"} <= {item["step"] for item in answer["open"]}
    assert all(item["article"].startswith("58") for item in answer["open"])


def test_argentina_five_per_cent_three_times_and_the_residue_stays_in_the_pot(comuna):
    answer = comuna.surplus("ar-20337", {"results": {"member_result": 1000001}})
    amounts = of_funds(answer)
    assert amounts["legal_reserve"] == amounts["personnel"] == amounts["education"] == 50000
    assert answer["distributable"] == 850001


def test_france_half_to_work_by_wages_and_time(comuna):
    wages, hours = [2600000, 2400000, 3100000, 2000000], [1607, 1607, 1205, 804]
    case = {
        "results": {"member_result": 10000000},
        "choices": {"work_share": "1/2", "development": 3000000, "capital_interest": 500000},
        "key": {"wages": "1/2", "hours": "1/2"},
        "members": {str(n): {"wages": wages[n], "hours": hours[n]} for n in range(4)},
    }
    answer = comuna.surplus("fr-scop-1978", case)
    amounts = {step["step"]: step["amount"] for step in answer["steps"]}
    assert amounts == {
        "legal_reserve": 1500000,
        "work_share": 5000000,
        "development": 3000000,
        "capital_interest": 500000,
    }
    assert list(answer["allocations"].values()) == [1412758, 1363253, 1344103, 879886]
    assert answer["undecided"] == 0


def test_colab_half_to_members_a_fifth_of_it_in_money(comuna):
    hours = [2000, 1800, 1500, 1200, 900, 600]
    case = {
        "results": {"member_result": 8000000, "non_member_result": 1500000},
        "key": "hours",
        "members": rows("hours", hours),
    }
    answer = comuna.surplus("us-colab", case)
    assert of_funds(answer)["collective"] == 5500000
    assert answer["distributable"] == 4000000
    allocated = [1000000, 900000, 750000, 600000, 450000, 300000]
    assert list(answer["allocations"].values()) == allocated
    assert list(answer["cash"].values()) == [200000, 180000, 150000, 120000, 90000, 60000]
    assert list(answer["retained"].values()) == [800000, 720000, 600000, 480000, 360000, 240000]


def test_mondragon_forty_five_forty_five_ten_and_the_buy_in(comuna):
    case = {"results": {"member_result": 100000000}, "contribution": 1600000}
    answer = comuna.surplus("mondragon-practice", case)
    assert of_funds(answer) == {"reserves": 45000000, "members": 45000000, "social": 10000000}
    expected = {"reserves": 400000, "member_account": 1200000, "interest": 84000}
    assert answer["contribution"] == expected
