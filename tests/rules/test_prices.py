"""What members bring is worth what the members decided, and no more of it is booked than they
allowed: nobody types a value."""

from fractions import Fraction
from math import floor

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comuna.audit.beyond import beyond
from comuna.audit.verify import verify
from comuna.clerk import Recorded
from comuna.readings import statements
from comuna.rules.act import Refusal
from comuna.rules.amendment import AmendStatute, Change
from comuna.rules.names import AMOUNT_MAX, day
from comuna.rules.prices import ProductPrice, SetPrices
from comuna.rules.production import CorrectWork, Deliver
from comuna.rules.state import DAY
from comuna.rules.widening import widens
from tests.rules.test_production import correction, delivery, every_pack
from tests.rules.village import template


def price(product="cacao", **changes):
    return ProductPrice(
        **{"product": product, "measure": "g", "price": 18, "per": 100, "most": 20_000, **changes}
    )


def put_in(v, member):
    return v.state.work.get(v.today[:7], {}).get(member, {}).get("deliveries", 0)


@every_pack
def test_what_has_no_decided_price_is_not_taken_in(village):
    v = village
    one = v.plain[0]
    v.refused("price_missing", lambda: v.send(one, delivery(one, v.today), v.treasurer))
    v.set_prices()
    for other in ({"product": "gold"}, {"product": "Cacao"}, {"measure": "kg"}, {"measure": ""}):
        v.refused(
            "price_missing", lambda o=other: v.send(one, delivery(one, v.today, **o), v.treasurer)
        )
    v.do(one, delivery(one, v.today), v.treasurer)
    assert put_in(v, one) == 900


@every_pack
def test_two_members_cannot_book_all_the_surplus_as_a_delivery(village):
    """The 270,000 of 270,000 that two plain members once took: they cannot say a value at all, and
    the quantity is bounded by the day."""
    v = village
    v.set_prices()
    one = v.plain[0]
    huge = delivery(one, v.today, quantity=270_000 * 100)
    said = v.refused("brought_too_much", lambda: v.send(one, huge, v.treasurer))
    assert said.params["most"] == 20_000
    assert "value" not in Deliver.__struct_fields__
    assert "value" not in CorrectWork.__struct_fields__


@every_pack
def test_all_that_a_member_brings_in_a_day_is_bounded_together(village):
    v = village
    v.set_prices()
    one, other = v.plain[:2]
    first = v.do(one, delivery(one, v.today, quantity=12_000), v.treasurer)
    more = delivery(one, v.today, quantity=8_001)
    v.refused("brought_too_much", lambda: v.send(one, more, v.treasurer))
    second = v.do(one, delivery(one, v.today, quantity=8_000), v.treasurer)
    v.refused(
        "brought_too_much", lambda: v.send(one, delivery(one, v.today, quantity=1), v.treasurer)
    )
    v.do(other, delivery(other, v.today, quantity=20_000), v.treasurer)
    up = correction(first, one, 12_001, reason="weighed again")
    v.refused("brought_too_much", lambda: v.send(v.chair, up, v.treasurer))
    v.do(v.chair, correction(second, one, 7_000, reason="weighed again"), v.treasurer)
    v.do(v.chair, up, v.treasurer)
    assert put_in(v, one) == 12_001 * 18 // 100 + 7_000 * 18 // 100
    v.wait(days=1)
    v.do(one, delivery(one, v.today, quantity=20_000), v.treasurer)


@every_pack
def test_a_list_begins_the_day_after_it_is_in_force_and_ends_before_the_next(village):
    v = village
    early = v.decide(SetPrices(since="2026-01-01", prices=(price(),)))
    one, today = v.plain[0], v.today
    v.refused("price_missing", lambda: v.send(one, delivery(one, today), v.treasurer))
    v.wait(days=1)
    assert v.state.prices_on(v.today).decision == early
    v.do(one, delivery(one, v.today), v.treasurer)
    begins = day(v.now + 60 * DAY)
    later = v.decide(SetPrices(since=begins, prices=(price(price=36),)))
    last = day(v.now)
    assert last < begins
    v.do(one, delivery(one, last), v.treasurer)
    assert put_in(v, one) % 900 == 0
    while v.today <= begins:
        v.wait(days=1)
    before = day(v.now - 2 * DAY)
    assert v.state.prices_on(before).decision == early
    assert v.state.prices_on(v.today).decision == later
    row = "SELECT value FROM reading_delivery WHERE number = ?"
    old = v.do(one, delivery(one, before), v.treasurer)
    new = v.do(one, delivery(one, v.today), v.treasurer)
    values = [v.database.execute(row, (number,)).fetchall() for number in (old, new)]
    assert values == [[(900,)], [(1800,)]]


def test_prices_of_days_that_have_begun_never_change(village):
    v = village
    v.set_prices()
    one, date = v.plain[0], v.today
    v.do(one, delivery(one, date), v.treasurer)
    v.decide(SetPrices(since=date, prices=(price(price=9_999),)))
    begun = day(v.now)
    for past in (date, begun):
        entry = v.do(one, delivery(one, past, quantity=100), v.treasurer)
        assert v.state.put_in[entry].value == 18
    v.do(v.chair, correction(entry, one, 200, reason="two"), v.treasurer)
    assert v.state.put_in[entry].value == 36


@pytest.mark.parametrize(
    ("rule", "prices"),
    [
        ("price_list_empty", ()),
        ("priced_twice", (price(), price())),
        ("priced_twice", (price(), price("CACAO"))),
        ("priced_twice", (price(), price("саcао"))),  # two letters are Cyrillic
        ("text_missing", (price(" "),)),
        ("text_missing", (price(measure="\u200b"),)),
        ("name_too_long", (price("c" * 201),)),
        ("amount_not_positive", (price(price=-1),)),
        ("quantity_not_positive", (price(per=0),)),
        ("quantity_not_positive", (price(most=0),)),
        ("amount_out_of_range", (price(most=AMOUNT_MAX),)),
        ("amount_out_of_range", (price(price=AMOUNT_MAX - 1, per=1, most=2),)),
    ],
)
def test_a_price_list_that_is_not_clear_is_refused(village, rule, prices):
    v = village
    asked = v.proposal(SetPrices(since="2026-02-01", prices=prices))
    v.refused(rule, lambda: v.send(v.plain[0], asked))


def test_a_price_list_begins_on_a_day_of_the_calendar(village):
    v = village
    asked = v.proposal(SetPrices(since="2026-02-30", prices=(price(),)))
    v.refused("date_malformed", lambda: v.send(v.plain[0], asked))


def test_one_decision_sets_one_list(village):
    v = village
    lists = [SetPrices(since=date, prices=(price(),)) for date in ("2026-02-01", "2026-03-01")]
    v.refused("two_effects_on_one_thing", lambda: v.send(v.plain[0], v.proposal(*lists)))


# --- whatever is brought and put right --------------------------------------------------------


@pytest.fixture(scope="module")
def priced(tmp_path_factory):
    village = template(tmp_path_factory.mktemp("village"), "simple").clone(
        tmp_path_factory.mktemp("priced") / "village.db"
    )
    village.set_prices(
        price(),
        price("cheese", measure="piece", price=333, per=7, most=40),
        price("a gift", price=0, per=1, most=1_000),
    )
    yield village
    village.close()


STEPS = st.lists(
    st.tuples(
        st.sampled_from([("cacao", "g"), ("cheese", "piece"), ("a gift", "g"), ("gold", "g")]),
        st.integers(0, 2),  # who
        st.integers(0, 3),  # days ago
        st.integers(-3, 25_000),
        st.booleans(),  # put an earlier one right
    ),
    max_size=14,
)


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_values_in_the_book_are_quantity_times_decided_price_and_days_are_bounded(priced, steps):
    v = priced
    if not v.today.endswith("9"):
        v.wait(days=9)
    kept = v.snapshot()
    try:
        quantities = {}
        for (product, measure), who, ago, quantity, correct in steps:
            member, date = v.plain[who], day(v.now - ago * DAY)
            if correct and quantities:
                entry = list(quantities)[quantity % len(quantities)]
                giver = quantities[entry][1]
                sent = v.send(v.chair, correction(entry, giver, quantity, reason="so"), v.treasurer)
                if isinstance(sent, Recorded):
                    quantities[entry] = (*quantities[entry][:-1], quantity)
                continue
            given_now = delivery(member, date, product=product, measure=measure, quantity=quantity)
            sent = v.send(member, given_now, v.treasurer)
            if isinstance(sent, Recorded):
                quantities[sent.number] = (date, member, product, measure, quantity)
            else:
                assert isinstance(sent, Refusal)
        check_book(v, quantities)
        assert not verify(v.path).findings
    finally:
        v.restore(kept)


def check_book(v, quantities):
    """Rows, state and what each member put in agree with a count by hand."""
    decided = {("cacao", "g"): (18, 100, 20_000), ("cheese", "piece"): (333, 7, 40)}
    decided["a gift", "g"] = (0, 1, 1_000)
    together, worth = {}, {}
    for number, (date, member, product, measure, quantity) in quantities.items():
        value, per, most = decided[product, measure]
        exact = floor(Fraction(quantity * value, per))
        sql = "SELECT quantity, value FROM reading_delivery WHERE number = ?"
        assert v.database.execute(sql, (number,)).fetchall() == [(quantity, exact)]
        assert v.state.put_in[number].value == exact
        of_day = date, member, product, measure
        together[of_day] = together.get(of_day, 0) + quantity
        assert together[of_day] <= most
        worth[date[:7], member] = worth.get((date[:7], member), 0) + exact
    for (month, member), value in worth.items():
        assert v.state.work[month][member]["deliveries"] == value


@pytest.mark.parametrize(
    ("rounding", "values"), [("down", [0, 1, 2]), ("half_even", [0, 2, 2]), ("up", [1, 2, 3])]
)
def test_a_value_is_rounded_as_the_statute_says_on_both_sides(village, rounding, values):
    v = village
    v.decide(AmendStatute(changes=(Change(place="production.rounding", value=rounding),)))
    v.set_prices(price(price=1, per=2, most=100))
    one = v.plain[0]
    for quantity, value in zip((1, 3, 5), values, strict=True):
        entry = v.do(one, delivery(one, v.today, quantity=quantity), v.treasurer)
        assert v.state.put_in[entry].value == value
    assert put_in(v, one) == sum(values)
    v.close_year()
    assert not verify(v.path).findings


def test_members_read_which_list_is_in_force_and_which_follows(village):
    v = village
    assert statements.prices(v.database, v.body, v.today)["prices"] == []
    first = v.set_prices()
    begins = day(v.now + 60 * DAY)
    later = v.decide(SetPrices(since=begins, prices=(price(price=36), price("milk"))))
    again = v.decide(SetPrices(since=begins, prices=(price(price=40),)))
    listed = statements.prices(v.database, v.body, v.today)["prices"]
    told = [(p["product"], p["price"], p["since"], p["until"], p["decision"]) for p in listed]
    assert told[0][:3] == ("cacao", 18, v.state.prices[0].since)
    assert told[0][3] < begins
    assert told[0][4] == first
    assert told[1:] == [("cacao", 40, begins, "", again)]
    assert later not in {p["decision"] for p in listed}
    after = statements.prices(v.database, v.body, begins)["prices"]
    assert [p["decision"] for p in after] == [again]


CALLED = SetPrices(since="2026-03-01", prices=(price(), price("milk")))


@pytest.mark.parametrize(
    ("wider", "asked"),
    [
        (False, CALLED),
        (False, SetPrices(since="2026-03-01", prices=(price(),))),
        (False, SetPrices(since="2026-03-01", prices=(price(price=17, most=19_000),))),
        (True, SetPrices(since="2026-02-01", prices=(price(),))),
        (True, SetPrices(since="2026-03-01", prices=(price(price=19),))),
        (True, SetPrices(since="2026-03-01", prices=(price(per=99),))),
        (True, SetPrices(since="2026-03-01", prices=(price(most=20_001),))),
        (True, SetPrices(since="2026-03-01", prices=(price("gold"),))),
    ],
)
def test_an_amendment_in_the_sitting_raises_no_price_and_no_quantity(wider, asked):
    assert widens(((CALLED,), None), ((asked,), None)) == wider
    questions = [{"effects": [msgspec.to_builtins(effect)]} for effect in (CALLED, asked)]
    assert beyond(*questions) == wider
