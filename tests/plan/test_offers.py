"""Planning by offers with files that travel: the same as direct within the certified gap, and
nothing private on the way."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench.plan_nation import nation
from comuna.plan.errors import FileError, PlanError
from comuna.plan.offers_centre import make_prices, make_shares
from comuna.plan.offers_part import make_offer, take_share
from comuna.plan.planning import plan_for
from comuna.plan.problem import Problem
from comuna.plan.problem_files import problem_of, rows_of, write_json
from comuna.plan.published import fingerprint, satisfaction
from tests.plan.examples import problem, valley
from tests.plan.test_files_and_verbs import comuna

OF_ALL = ("periods", "goods", "means", "recipes", "lines", "curves", "tiers")


def divided(one: Problem, hubs: set[str], parts: dict[str, set[str]]):
    """One problem as the centre's file, with the hubs and the ways between them, and one for each
    part, with its own bodies; whoever plans by offers has such files from the start."""
    rows = rows_of(one)

    def file(names: set[str], centre: bool) -> Problem:
        own: dict[str, list[dict[str, Any]]] = {t: rows[t] for t in OF_ALL}
        for table in ("abilities", "capacities", "stocks", "needs"):
            own[table] = [row for row in rows[table] if row["body"] in names]
        own["bodies"] = [row for row in rows["bodies"] if row["body"] in names | hubs]
        own["links"] = rows["links"] if centre else []
        if centre:
            own |= {"recipes": [], "lines": [], "abilities": []}
        else:
            known = {row["recipe"] for row in own["abilities"]}
            own["recipes"] = [row for row in rows["recipes"] if row["recipe"] in known]
            own["lines"] = [row for row in rows["lines"] if row["recipe"] in known]
        return problem_of({t: list(enumerate(lines, 1)) for t, lines in own.items()}, centre)

    return file(hubs, True), {name: file(bodies, False) for name, bodies in parts.items()}


def over_the_table(file: dict[str, Any]) -> dict[str, Any]:
    """What comes out of a file that was written and read."""
    return json.loads(json.dumps(file))


def rounds(centre: Problem, files: dict[str, Problem], gap: float = 1e-4):
    """Rounds until the gap is proved: every offer, the last prices, what is then known."""
    prices, told = make_prices(centre, [], None)
    offers: list[dict[str, Any]] = []
    while told is None or told.gap > gap:
        prices = over_the_table(prices)
        offers += [over_the_table(make_offer(name, file, prices)) for name, file in files.items()]
        prices, told = make_prices(centre, offers, prices)
        assert told is None or told.number < 60
    return offers, prices, told


def federation(seed: int):
    """A nation of three hubs whose communes are parts by themselves, or all those of a hub one."""
    one = nation(9, 6, 2, seed, hub_of=3)
    above = {name: one.bodies.body[hub]
             for name, hub in zip(one.bodies.body, one.bodies.hub.tolist(), strict=True)
             if hub >= 0}  # fmt: skip
    hubs = set(above.values())
    parts = (
        {name: {name} for name in above}
        if seed % 2
        else {hub: {name for name, other in above.items() if other == hub} for hub in hubs}
    )
    return one, hubs, parts


@pytest.mark.parametrize("seed", range(4))
def test_offers_in_files_equal_the_direct_plan_within_the_certified_gap(seed):
    one, hubs, parts = federation(seed)
    centre, files = divided(one, hubs, parts)
    _, _, told = rounds(centre, files)
    best = plan_for(one, method="direct").certificate()
    assert told.worth / 1e9 <= best.bound * (1 + 1e-9)
    assert told.best / 10**9 >= best.objective
    assert 0 <= told.gap <= 1e-4
    assert (float(best.objective) - told.worth / 1e9) / float(told.best / 10**9) <= told.gap


def worth_and_draws(file: Problem, share: dict[str, Any], hubs: set[str]):
    """What a part's own plan with its share is worth without what it owes, and what it takes of
    (gives to) each good at each hub in each period."""
    plan = plan_for(take_share(file, share))
    assert plan.certificate().possible
    model, x, names = plan.model, plan.answer.x, plan.problem
    at_hub = np.isin(model.owner, [names.bodies.body.index(h) for h in hubs])
    worth = sum(int(w) * int(n) for w, n in zip(model.worth[~at_hub], x[~at_hub], strict=True))
    draws: dict[tuple[str, str, str], int] = {}
    for line in share["rows"]:
        if line["row"] == "balance":
            draws[line["body"], line["good"], line["period"]] = line["quantity"]
    for line in satisfaction(plan):
        if line["body"] in hubs:  # of what it owes it delivers what is met
            draws[line["body"], line["good"], line["period"]] = -line["met"]
    return worth, draws


@pytest.mark.parametrize("seed", [0, 1])
def test_every_part_carries_out_its_share_and_together_they_overdraw_nothing(seed):
    one, hubs, parts = federation(seed)
    centre, files = divided(one, hubs, parts)
    offers, _, told = rounds(centre, files)
    shares = make_shares(centre, offers)
    found = [worth_and_draws(files[name], shares[name], hubs) for name in files]
    total = sum(worth for worth, _ in found)
    assert abs(total - told.worth) <= 1e-4 * told.worth
    taken: dict[tuple[str, str], int] = {}
    for _, draws in found:
        for (_, good, period), quantity in draws.items():
            taken[good, period] = taken.get((good, period), 0) + quantity
    # nobody but the parts gives anything; ways and stores only lose
    assert all(quantity <= 0 for (_, period), quantity in taken.items() if period == "t1")


def numbers(said: Any) -> set[int]:
    if isinstance(said, dict):
        return set().union(*map(numbers, said.values()), set())
    if isinstance(said, list):
        return set().union(*map(numbers, said), set())
    return {abs(said)} if isinstance(said, int) else set()


def test_no_private_number_and_no_private_name_of_a_part_is_in_its_offers():
    one, hubs, parts = federation(1)
    centre, files = divided(one, hubs, parts)
    offers, _, _ = rounds(centre, files, gap=0.05)
    common = numbers(rows_of(centre))
    for name, file in files.items():
        rows = rows_of(file)
        private = numbers(
            [rows[t] for t in ("lines", "abilities", "capacities", "stocks", "needs")]
        )
        own = [offer for offer in offers if offer["part"] == name]
        draws = numbers([line["quantity"] for offer in own for line in offer["draws"]])
        # a draw is in millionths of a step: what it draws could be a stock or a need itself
        said = numbers([{k: v for k, v in offer.items() if k != "draws"} for offer in own])
        # how far it reaches is told as a power of ten: such a number would prove nothing
        large = {n for n in private if n > 1000 and set(str(n)[1:]) != {"0"}} - common
        assert large
        assert large & (said | draws) == set()
        text = json.dumps(own)
        assert not any(f'"{row["recipe"]}"' in text for row in rows["recipes"])
        assert not any(f'"{mean}"' in text for mean in ("labour", "craft", "land", "tools"))


def test_what_a_part_wrote_otherwise_than_agreed_is_told_at_once():
    centre, files = divided(problem(valley()), {"hub"}, {"upper": {"upper"}, "lower": {"lower"}})
    call, _ = make_prices(centre, [], None)
    rows = rows_of(files["lower"])
    rows["goods"][1]["steps"] = 1
    rows["tiers"][0]["weight"] = 99
    rows["periods"] = rows["periods"][:2]
    rows["stocks"] = [{"body": "hub", "good": "maize", "opening": 5}]
    other = problem_of({t: list(enumerate(lines, 1)) for t, lines in rows.items()})
    with pytest.raises(FileError) as told:
        make_offer("lower", other, call)
    assert {each.table for each in told.value.wrongs} == {"goods", "tiers", "periods", "stocks"}


def test_a_missing_a_foreign_and_an_altered_offer_are_refused():
    centre, files = divided(problem(valley()), {"hub"}, {"upper": {"upper"}, "lower": {"lower"}})
    call, _ = make_prices(centre, [], None)
    first = [make_offer(name, file, call) for name, file in files.items()]
    prices, _ = make_prices(centre, first, call)
    second = [make_offer(name, file, prices) for name, file in files.items()]
    with pytest.raises(PlanError, match="no offer answers the call"):
        make_shares(centre, [])
    with pytest.raises(FileError, match="has 0 offers of 'lower'"):
        make_prices(centre, [*first, second[0]], prices)
    with pytest.raises(FileError, match="has 2 offers of 'upper'"):
        make_prices(centre, [*first, *second, second[0]], prices)
    with pytest.raises(FileError, match="was altered"):
        make_prices(centre, [*first, {**second[0], "worth": 10**12}, second[1]], prices)
    with pytest.raises(PlanError, match="do not answer these prices"):
        make_prices(centre, [*first, *second], call)
    with pytest.raises(FileError, match="another kind of file"):
        make_offer("upper", files["upper"], first[0])


def test_two_machines_plan_together_with_files_alone(tmp_path, capsys):
    """The whole way by the verbs, with nothing passed on but the files."""
    centre, files = divided(problem(valley()), {"hub"}, {"upper": {"upper"}, "lower": {"lower"}})
    write_json(centre, tmp_path / "centre.json")
    for name, file in files.items():
        write_json(file, tmp_path / f"{name}.json")
    stick: list[Path] = []
    assert comuna(capsys, "plan", "round", tmp_path / "centre.json", "--out",
                  tmp_path / "prices0")[0] == 0  # fmt: skip
    for number in range(40):
        for name in files:
            stick.append(tmp_path / f"{name}{number}.offer")
            status, _ = comuna(capsys, "plan", "offer", tmp_path / f"{name}.json", "--prices",
                               tmp_path / f"prices{number}", "--out", stick[-1])  # fmt: skip
            assert status == 0
        status, out = comuna(capsys, "plan", "round", tmp_path / "centre.json", *stick, "--after",
                             tmp_path / f"prices{number}", "--out",
                             tmp_path / f"prices{number + 1}", "--json")  # fmt: skip
        assert status == 0
        if json.loads(out)["near"]:
            break
    assert json.loads(out)["gap"] <= 1e-4
    assert comuna(capsys, "plan", "share", tmp_path / "centre.json", *stick, "--out",
                  tmp_path / "shares")[0] == 0  # fmt: skip
    for name in files:
        with_share, plan = tmp_path / f"{name}.with", tmp_path / f"{name}.plan"
        assert comuna(capsys, "plan", "take", tmp_path / f"{name}.json", tmp_path / "shares" /
                      f"{name}.share.json", "--out", with_share)[0] == 0  # fmt: skip
        assert comuna(capsys, "plan", "solve", with_share, "--out", plan)[0] == 0
        assert comuna(capsys, "plan", "check", with_share, plan)[0] == 0


def test_the_bound_of_a_round_holds_whatever_the_parts_do():
    """Each part's bound is proved by prices alone: at any prices the sum exceeds the optimum."""
    one, hubs, parts = federation(2)
    centre, files = divided(one, hubs, parts)
    prices, _ = make_prices(centre, [], None)
    offers = [make_offer(name, file, prices) for name, file in files.items()]
    best = plan_for(one, method="direct").certificate().objective
    for _ in range(3):
        prices, told = make_prices(centre, offers, prices)
        offers += [make_offer(name, file, prices) for name, file in files.items()]
        assert told is None or told.best / 10**9 >= best


def test_eight_parts_that_can_do_nothing_alone_agree_within_the_gap():
    """Flows of millions beside shares of one once sent the simplex method round in circles."""
    plan = plan_for(nation(40, 10, 2, 5, hub_of=5), method="offers", gap=1e-4)
    assert plan.certificate().gap <= 1e-4


def anew(said: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """A file changed by somebody who knows how to seal it again."""
    again = {**said, **changed}
    return {**again, "fingerprint": fingerprint(again)}


@pytest.fixture(scope="module")
def met() -> dict[str, Any]:
    """A centre, its call, and the answers of its two parts."""
    centre, files = divided(problem(valley()), {"hub"}, {n: {n} for n in ("upper", "lower")})
    call, _ = make_prices(centre, [], None)
    first = [make_offer(name, file, call) for name, file in files.items()]
    prices, _ = make_prices(centre, first, call)
    return {"centre": centre, "files": files, "call": call, "first": first, "prices": prices}


@pytest.mark.parametrize(
    "name", ["../upper", "/upper", "a/b", "a\\b", "..", ".", "", "a\0", "a\nb", "x" * 101, 3, None]
)
def test_a_part_whose_name_would_lead_to_another_folder_is_refused(met, name):
    with pytest.raises(FileError, match="part"):
        make_shares(met["centre"], [anew(met["first"][0], part=name), met["first"][1]])


@pytest.mark.parametrize(
    "changed",
    [
        *({"round": -1}, {"round": 10**9}, {"round": "0"}, {"worth": 10**30}, {"worth": 1.5}),
        *(
            {"draws": None},
            {"draws": [{}]},
            {"draws": {}},
            {"reach": None},
            {"reach": {"maize": -1}},
        ),
        *({"reach": {"maize": 10**18}}, {"hints": None}, {"hints": {"scale": 0, "rows": []}}),
        *({"bound": [1, 0]}, {"bound": None}, {"answers": 7}),
        {
            "draws": [
                {"row": "balance", "body": "hub", "period": [], "good": "maize", "quantity": 1}
            ]
        },
        {"draws": [{"row": "balance", "body": "hub", "period": "may", "mean": "x", "quantity": 1}]},
    ],
    ids=str,
)
def test_an_offer_that_is_sealed_and_absurd_is_refused_in_both_languages(met, changed):
    with pytest.raises(FileError) as refused:
        make_shares(met["centre"], [anew(met["first"][0], **changed), met["first"][1]])
    assert "comuna-offer" in refused.value.told("es")
    assert refused.value.told("es") != refused.value.told("en")


def test_prices_of_another_centre_are_refused(met):
    second = [make_offer(name, file, met["prices"]) for name, file in met["files"].items()]
    for part in ("rows", "own"):
        odd = {"rows": [{"row": "balance", "body": "moon", "good": "x", "period": "y", "price": 1}],
               "own": [[10**9, 1]]}[part]  # fmt: skip
        before = anew(met["prices"], prices={**met["prices"]["prices"], part: odd})
        answers = [anew(offer, answers=before["fingerprint"]) for offer in second]
        with pytest.raises(PlanError, match=r"this (one|centre)"):
            make_prices(met["centre"], [*met["first"], *answers], before)


def test_a_share_of_what_is_owed_without_a_price_is_refused(met):
    share = make_shares(met["centre"], met["first"])["lower"]
    owed = {"row": "balance", "body": "hub", "good": "maize", "period": "may", "quantity": -5}
    with pytest.raises(FileError, match="price"):
        take_share(met["files"]["lower"], anew(share, rows=[owed]))
