"""What the waterfall must do with any figures, and with each turn that a law can take."""

from fractions import Fraction

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comuna.rules.pack import parse
from comuna.rules.surplus_case import InvalidCase, read_case
from comuna.rules.waterfall import share_out
from comuna.statutes import load, names


def run(pack, results, **rest):
    statute = load(pack) if isinstance(pack, str) else pack
    case = {"key": "hours", "members": {"1": {"hours": 3}, "2": {"hours": 1}}, **rest}
    case["results"] = results
    return share_out(statute.surplus, read_case(case), statute.members.kinds)


def amounts(waterfall):
    return {share.step: share.amount for share in waterfall.steps}


def refusal(pack, results, **rest):
    with pytest.raises(InvalidCase) as caught:
        run(pack, results, **rest)
    return caught.value.faults


AMOUNT = st.integers(-(10**9), 10**9)
RESULTS = st.fixed_dictionaries(
    {
        "member_result": AMOUNT,
        "non_member_result": AMOUNT,
        "extraordinary_result": AMOUNT,
        "prior_losses": st.integers(0, 10**8),
        "tax": st.integers(0, 10**8),
    }
)
FUNDS = st.sampled_from([None, 0, 10**6, 10**12])


def funds_of(pack, balance):
    if balance is None:
        return {}
    funds = {fund.id: balance for fund in load(pack).treasury.funds}
    return {"funds": funds, "capital": 10**7, "highest_capital": 2 * 10**7}


# --- whatever the figures ---


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(names()), RESULTS, FUNDS)
def test_nothing_is_lost_or_invented(pack, results, balance):
    waterfall = run(pack, results, **funds_of(pack, balance))
    net = sum(results[r] for r in ("member_result", "non_member_result", "extraordinary_result"))
    given_out = sum(share.amount for share in waterfall.steps)
    assert given_out + waterfall.undecided == net - results["tax"]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(names()), RESULTS, FUNDS)
def test_what_reaches_people_is_what_the_steps_gave_them(pack, results, balance):
    waterfall = run(pack, results, **funds_of(pack, balance))
    people = sum(s.amount for s in waterfall.steps if s.fund in ("members", "workers"))
    assert sum(waterfall.allocations.values()) == people


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(names()), RESULTS, FUNDS)
def test_every_step_names_its_article(pack, results, balance):
    waterfall = run(pack, results, **funds_of(pack, balance))
    assert all(share.article for share in waterfall.steps)
    assert all(item.article for item in waterfall.open)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(names()), RESULTS)
def test_no_fund_bears_more_of_a_loss_than_it_holds(pack, results):
    waterfall = run(pack, results, **funds_of(pack, 1000))
    covering = {loss.id for loss in load(pack).surplus.losses if loss.rate != "rest"}
    assert all(s.amount >= -1000 for s in waterfall.steps if s.step in covering)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_larger_result_gives_no_fund_and_no_member_less(one, other):
    small, large = sorted((one, other))
    for pack in ("br-5764-1971", "es-27-1999", "us-colab", "ar-20337", "mondragon-practice"):
        less, more = (run(pack, {"member_result": r}) for r in (small, large))
        for step, amount in amounts(less).items():
            assert amount <= amounts(more)[step]


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 10**9), st.lists(st.integers(1, 20), min_size=4, max_size=4))
def test_shares_that_make_a_whole_leave_nothing_undecided(result, weights):
    whole = sum(weights)
    reserve, education, social, _ = (str(Fraction(w, whole)) for w in weights)
    choices = {"reserve": reserve, "education": education, "social": social, "return": "rest"}
    assert run("simple", {"member_result": result}, choices=choices).undecided == 0


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 10**6), st.integers(1, 9), st.integers(1, 9))
def test_shares_that_round_up_never_ask_for_a_unit_that_is_not_there(result, one, other):
    first = Fraction(one, one + other)
    choices = {"reserve": str(first), "education": str(1 - first)}
    waterfall = run("simple", {"member_result": result}, choices=choices)
    assert sum(waterfall.allocations.values()) == 0
    assert waterfall.undecided in (0, 1)


@settings(max_examples=100, deadline=None)
@given(st.permutations([("10", 5), ("2", 5), ("31", 7), ("4", 5)]))
def test_the_order_of_the_members_in_the_case_changes_nothing(listed):
    members = {member: {"hours": hours} for member, hours in listed}
    waterfall = run("br-5764-1971", {"member_result": 1001}, members=members)
    assert waterfall.allocations == {"2": 193, "4": 193, "10": 193, "31": 270}


# --- choices against the law ---


def test_less_than_the_law_demands_is_refused_with_its_article():
    (fault,) = refusal("br-5764-1971", {"member_result": 1000}, choices={"reserve": 99})
    assert fault.article == "28 I"
    assert "100" in fault.remedy["en"]


def test_more_than_the_law_demands_is_the_assembly_s_to_decide():
    waterfall = run("br-5764-1971", {"member_result": 1000}, choices={"reserve": "3/10"})
    assert amounts(waterfall)["reserve"] == 300
    assert waterfall.distributable == 650


def test_interest_above_twelve_per_cent_of_the_capital_is_refused():
    figures = {"capital": 1000, "choices": {"interest": 121}}
    (fault,) = refusal("br-5764-1971", {"member_result": 10000}, **figures)
    assert fault.article == "24 §3"
    figures["choices"] = {"interest": 120}
    assert amounts(run("br-5764-1971", {"member_result": 10000}, **figures))["interest"] == 120


def test_interest_on_an_unknown_capital_is_refused_and_says_what_to_add():
    (fault,) = refusal("br-5764-1971", {"member_result": 10000}, choices={"interest": 1})
    assert "capital" in fault.remedy["en"]


def test_interest_goes_to_members_by_what_each_contributed():
    members = {"1": {"hours": 1, "contributions": 300}, "2": {"hours": 1, "contributions": 700}}
    figures = {"capital": 1000, "choices": {"interest": 100}, "members": members}
    waterfall = run("br-5764-1971", {"member_result": 10000}, **figures)
    assert waterfall.interest == {"1": 30, "2": 70}


def test_more_than_what_remains_is_refused():
    (fault,) = refusal("simple", {"member_result": 100}, choices={"reserve": 60, "return": 41})
    assert fault.field == "choices.return"
    assert "40" in fault.remedy["en"]


def test_a_fixed_share_cannot_be_chosen_differently():
    (fault,) = refusal("ar-20337", {"member_result": 1000}, choices={"education": 51})
    assert fault.article == "42"


def test_a_step_that_the_statute_does_not_have_is_refused_and_the_steps_are_named():
    (fault,) = refusal("ve-comunas-2010", {"member_result": 1000}, choices={"return": "1"})
    assert "social_reinvestment" in fault.remedy["es"]


def test_a_choice_may_name_the_fund_where_only_one_step_feeds_it():
    assert run("es-27-1999", {"member_result": 1000}, choices={"members": "1"}).undecided == 0


# --- prior losses, tax, losses ---


def test_nothing_is_shared_while_prior_losses_are_not_made_good():
    waterfall = run("ar-20337", {"member_result": 400, "prior_losses": 1000})
    assert amounts(waterfall)["prior_losses"] == 400
    assert waterfall.distributable == 0
    assert "600" in waterfall.notes[0]["en"]


def test_prior_losses_are_charged_to_the_member_result_before_the_others():
    results = {"member_result": 500, "non_member_result": 1000, "prior_losses": 700}
    given_out = amounts(run("es-27-1999", results))
    assert given_out["fro"] == 0
    assert given_out["fro_outside"] == 400


def test_a_loss_is_borne_by_the_reserve_and_then_by_members():
    waterfall = run("br-5764-1971", {"member_result": -1000}, funds={"reserve": 600})
    given_out = amounts(waterfall)
    assert (given_out["loss_reserve"], given_out["loss_members"]) == (-600, -400)
    assert waterfall.allocations == {"1": -300, "2": -100}


def test_a_loss_with_an_unknown_reserve_is_left_open_and_not_guessed():
    waterfall = run("br-5764-1971", {"member_result": -1000})
    assert waterfall.undecided == -1000
    assert waterfall.open[0].step == "loss_reserve"
    assert waterfall.allocations == {}


def test_a_loss_of_members_does_not_touch_results_kept_apart():
    results = {"member_result": -100, "non_member_result": 300}
    given_out = amounts(run("br-5764-1971", results, funds={"reserve": 500}))
    assert given_out["fates_non_member"] == 300
    assert given_out["loss_reserve"] == -100


def test_in_colab_all_losses_are_the_collective_account_s():
    given_out = amounts(run("us-colab", {"member_result": -500}, funds={"collective": 100}))
    assert given_out["loss_collective"] == -500


def test_in_spain_a_fund_bears_of_a_loss_what_the_assembly_decides():
    figures = {"funds": {"fro": 1000}, "choices": {"loss_fro": "1/4"}}
    given_out = amounts(run("es-27-1999", {"member_result": -800}, **figures))
    assert (given_out["loss_fro"], given_out["loss_members"]) == (-200, -600)
    figures["choices"] = {"loss_fro": 801}
    (fault,) = refusal("es-27-1999", {"member_result": -800}, **figures)
    assert fault.article == "59.2"


def test_tax_larger_than_the_surplus_makes_a_loss():
    waterfall = run("es-27-1999", {"member_result": 100, "tax": 130}, funds={})
    assert amounts(waterfall)["loss_members"] == -30


def test_a_year_without_result_shares_nothing():
    waterfall = run("br-5764-1971", {"member_result": 0})
    assert set(amounts(waterfall).values()) == {0}
    assert waterfall.open == ()


# --- caps, reductions, conditions ---


@pytest.mark.parametrize(("balance", "expected"), [(0, 1500), (9000, 1000), (10000, 0), (12000, 0)])
def test_the_legal_reserve_asks_no_more_once_it_equals_the_highest_capital(balance, expected):
    figures = {"capital": 8000, "highest_capital": 10000, "funds": {"legal_reserve": balance}}
    waterfall = run("fr-scop-1978", {"member_result": 10000}, **figures)
    assert amounts(waterfall)["legal_reserve"] == expected


def test_an_unknown_cap_is_not_applied_and_a_note_says_so():
    waterfall = run("fr-scop-1978", {"member_result": 10000})
    assert amounts(waterfall)["legal_reserve"] == 1500
    assert "highest_capital" in waterfall.notes[0]["en"]


def test_interest_never_exceeds_the_share_of_work():
    figures = {"choices": {"work_share": 3000, "capital_interest": 3001}}
    (fault,) = refusal("fr-scop-1978", {"member_result": 10000}, **figures)
    assert fault.article == "33 4°"


EUSKADI = {"capital": 10000, "choices": {"cofip": "1/20"}}


def test_the_contribution_may_be_halved_while_the_reserve_is_low_and_the_reserve_takes_it():
    waterfall = run("es-pv-11-2019", {"member_result": 1000}, funds={"fro": 4999}, **EUSKADI)
    assert amounts(waterfall)["cofip"] == 50
    assert amounts(waterfall)["fro"] == 250


def test_the_contribution_may_not_be_halved_once_the_reserve_is_half_of_the_capital():
    faults = refusal("es-pv-11-2019", {"member_result": 1000}, funds={"fro": 5000}, **EUSKADI)
    assert faults[0].article == "70.2.a"


def test_without_a_decision_the_usual_floors_stand():
    waterfall = run("es-pv-11-2019", {"member_result": 1000, "tax": 200, "prior_losses": 100})
    assert (amounts(waterfall)["cofip"], amounts(waterfall)["fro"]) == (70, 140)


STEP = """
extends = "simple"
id = "trial"
version = 1
title = { en = "Trial", es = "Prueba" }
law = "Trial"
valid_from = "2026-01-01"
[surplus]
article = "1"
keys = ["activity"]
ties = "member_order"
[[surplus.steps]]
article = "2"
id = "return"
fund = "members"
base = "remaining"
rate = "rest"
"""


def trial(step, before=""):
    return parse(
        STEP.replace("[[surplus.steps]]", before + "[[surplus.steps]]") + step, load("simple")
    )


@pytest.mark.parametrize(("solvent", "given_out"), [(True, 100), (False, 0)])
def test_a_return_that_depends_on_solvency_waits_for_it(solvent, given_out):
    statute = trial('condition = "solvent"')
    assert amounts(run(statute, {"member_result": 100}, solvent=solvent))["return"] == given_out


def test_unknown_solvency_leaves_the_return_open():
    waterfall = run(trial('condition = "solvent"'), {"member_result": 100})
    assert waterfall.undecided == 100
    assert waterfall.open[0].article == "2"


def test_a_fund_may_be_filled_up_to_months_of_cost():
    before = """
[[surplus.steps]]
article = "3"
id = "reserve"
fund = "reserve"
base = "available_after_tax"
rate = "at_least"
share = "1"
cap_share = "6"
cap_of = "monthly_cost"
"""
    figures = {"funds": {"reserve": 40}, "monthly_cost": 10}
    given_out = amounts(run(trial("", before), {"member_result": 100}, **figures))
    assert given_out == {"reserve": 20, "return": 80}


def test_two_steps_to_one_fund_share_its_cap():
    step = """
[[surplus.steps]]
article = "3"
id = "{id}"
fund = "reserve"
base = "available_after_tax"
rate = "at_least"
share = "1/2"
cap_share = "1"
cap_of = "capital"
"""
    statute = trial("", step.format(id="first") + step.format(id="second"))
    given_out = amounts(run(statute, {"member_result": 100}, funds={}, capital=70))
    assert given_out == {"first": 50, "second": 20, "return": 30}


def test_a_return_waits_while_losses_that_others_must_bear_are_not_made_good():
    source = (STEP + 'condition = "losses_compensated"').replace(
        "[[surplus.steps]]",
        '[surplus.prior_losses]\narticle = "4"\norder = ["non_member_result"]\n[[surplus.steps]]',
    )
    statute = parse(source, load("simple"))
    assert amounts(run(statute, {"member_result": 100, "prior_losses": 1}))["return"] == 0
    assert amounts(run(statute, {"member_result": 100}))["return"] == 100
    (fault,) = refusal(statute, {"member_result": 100, "prior_losses": 1}, choices={"return": 5})
    assert fault.article == "2"


def test_a_share_of_all_operations_is_open_until_they_are_stated():
    before = """
[[surplus.steps]]
article = "3"
id = "education"
fund = "education"
base = "gross_operations"
rate = "at_least"
share = "1/100"
"""
    statute = trial("", before)
    assert run(statute, {"member_result": 100}).open[0].step == "education"
    stated = run(statute, {"member_result": 100, "gross_operations": 901})
    assert amounts(stated) == {"education": 10, "return": 90}


# --- keys and people ---


def test_a_key_that_the_statute_does_not_allow_is_refused():
    (fault,) = refusal("es-27-1999", {"member_result": 100}, key="equal", choices={"return": "1"})
    assert fault.article == "58.4"


def test_equal_parts_need_no_measure():
    members = {str(n): {} for n in range(1, 4)}
    waterfall = run("br-5764-1971", {"member_result": 1000}, key="equal", members=members)
    assert waterfall.allocations == {"1": 284, "2": 283, "3": 283}


def test_probationers_share_neither_surplus_nor_loss():
    members = {"1": {"hours": 1}, "2": {"hours": 1, "kind": "probationer"}}
    figures = {"members": members, "choices": {"return": "1"}, "funds": {}}
    assert run("es-27-1999", {"member_result": 100}, **figures).allocations == {"1": 75, "2": 0}
    del figures["choices"]
    assert run("es-27-1999", {"member_result": -100}, **figures).allocations == {"1": -100, "2": 0}


def test_all_who_work_long_enough_share_what_belongs_to_work():
    members = {
        "1": {"hours": 10, "months_present": 12},
        "2": {"hours": 10, "months_present": 2, "kind": "employee"},
        "3": {"hours": 10, "months_present": 2, "months_seniority": 6, "kind": "employee"},
    }
    waterfall = run("fr-scop-1978", {"member_result": 1000}, members=members)
    assert waterfall.allocations == {"1": 125, "2": 0, "3": 125}


def test_where_no_months_are_stated_a_note_says_how_it_was_taken():
    waterfall = run("fr-scop-1978", {"member_result": 1000})
    assert any("taken as entitled" in note["en"] for note in waterfall.notes)


def test_seniority_weighs_up_to_twice():
    members = {"1": {"hours": 1, "seniority_coefficient": 2}, "2": {"hours": 1}}
    waterfall = run("fr-scop-1978", {"member_result": 1200}, members=members)
    assert waterfall.allocations == {"1": 200, "2": 100}
    members["1"]["seniority_coefficient"] = "2.1"
    (fault,) = refusal("fr-scop-1978", {"member_result": 1200}, members=members)
    assert fault.article == "33 3°"


def test_a_statute_without_seniority_takes_no_coefficient():
    members = {"1": {"hours": 1, "seniority_coefficient": "3/2"}, "2": {"hours": 1}}
    assert refusal("br-5764-1971", {"member_result": 100}, members=members)


def test_a_measure_missing_for_one_member_is_named():
    members = {"1": {"hours": 1}, "2": {"days": 1}}
    (fault,) = refusal("br-5764-1971", {"member_result": 100}, members=members)
    assert fault.field == "members.2"


def test_a_key_that_nobody_has_any_of_is_refused():
    members = {"1": {"hours": 0}, "2": {"hours": 0}}
    (fault,) = refusal("br-5764-1971", {"member_result": 100}, members=members)
    assert fault.field == "key.hours"


def test_without_a_key_the_return_is_open():
    waterfall = run("br-5764-1971", {"member_result": 1000}, key={})
    assert waterfall.distributable == 850
    assert waterfall.open[0].step == "return"
    assert waterfall.allocations == {}


def test_the_whole_working_is_plain_data():
    waterfall = run("es-27-1999", {"member_result": 100})
    assert msgspec.json.decode(msgspec.json.encode(waterfall))["steps"][0]["article"] == "58.1"
