"""Books made by a clerk without a rule of deliveries and prices: the proofs find what the guard
would have refused, each written from what the members decided."""

import pytest

from comuna.audit.verify import verify
from comuna.rules import prices
from comuna.rules.names import day
from comuna.rules.prices import ProductPrice, SetPrices
from comuna.rules.state import DAY, Price
from tests.audit.story import names
from tests.rules.switched_off import switched_off
from tests.rules.test_production import correction, delivery
from tests.rules.village import template

PACKS = ["simple", "ve-comunas-2010", "br-5764-1971", "us-colab", "es-27-1999"]


@pytest.fixture(scope="module", params=PACKS)
def priced(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("village")
    village = template(folder, request.param).clone(folder / "priced.db")
    village.set_prices()
    village.close()
    return village


@pytest.fixture
def village(priced, tmp_path):
    own = priced.clone(tmp_path / "village.db")
    yield own
    own.close()


def found(v):
    return names(verify(v.path))


def test_an_honest_delivery_put_right_is_proven(village):
    v = village
    one = v.plain[0]
    entry = v.do(one, delivery(one, v.today), v.treasurer)
    v.do(v.chair, correction(entry, one, 3_333, reason="weighed again"), v.treasurer)
    assert not found(v)


def test_more_than_a_day_allows_is_found(village):
    v = village
    one = v.plain[0]
    with switched_off({"brought_too_much"}):
        v.do(one, delivery(one, v.today, quantity=20_001), v.treasurer)
    assert found(v) == {"delivery_above_most"}


def test_more_than_a_day_allows_in_two_deliveries_is_found(village):
    v = village
    one = v.plain[0]
    v.do(one, delivery(one, v.today, quantity=20_000), v.treasurer)
    with switched_off({"brought_too_much"}):
        v.do(one, delivery(one, v.today, quantity=1), v.treasurer)
    assert found(v) == {"delivery_above_most"}


def test_a_correction_to_more_than_a_day_allows_is_found(village):
    v = village
    one = v.plain[0]
    entry = v.do(one, delivery(one, v.today), v.treasurer)
    with switched_off({"brought_too_much"}):
        v.do(v.chair, correction(entry, one, 20_001, reason="so"), v.treasurer)
    assert found(v) == {"delivery_above_most"}


def test_a_product_that_nobody_priced_is_found(village, monkeypatch):
    v = village
    one = v.plain[0]
    gold = Price(270_000, 1, 10)
    monkeypatch.setattr("comuna.rules.production.price_on", lambda *_args: gold)
    v.do(one, delivery(one, v.today, product="gold", quantity=1), v.treasurer)
    assert found(v) == {"delivery_without_price"}


def test_a_value_that_is_not_that_of_the_price_shows_at_the_seal(village, monkeypatch):
    """Values are not in the book: a clerk that counts them otherwise seals other measures."""
    v = village
    one = v.plain[0]
    monkeypatch.setattr("comuna.rules.production.worth", lambda *_args: 270_000)
    v.do(one, delivery(one, v.today), v.treasurer)
    v.close_year()
    assert found(v) == {"measures_differ"}


def test_a_list_that_reaches_back_shows_at_the_seal(village, monkeypatch):
    """Deliveries already there do not become dearer by a later list."""
    v = village
    one, date = v.plain[0], v.today
    monkeypatch.setattr(prices, "next_day", lambda date: date)
    dear = ProductPrice(product="cacao", measure="g", price=9_999, per=1, most=20_000)
    v.decide(SetPrices(since=date, prices=(dear,)))
    v.do(one, delivery(one, day(v.now)), v.treasurer)
    v.close_year()
    assert found(v) == {"measures_differ"}


@pytest.mark.parametrize(
    ("rule", "finding", "change"),
    [
        ("priced_twice", "prices_unclear", {"product": "CACAO"}),
        ("quantity_not_positive", "amount_not_positive", {"product": "milk", "most": 0}),
        ("amount_not_positive", "amount_not_positive", {"product": "milk", "price": -5}),
    ],
)
def test_a_price_list_that_is_not_clear_is_found(village, rule, finding, change):
    v = village
    cacao = {"product": "cacao", "measure": "g", "price": 18, "per": 100, "most": 20_000}
    rows = tuple(ProductPrice(**given) for given in (cacao, {**cacao, **change}))
    with switched_off({rule}):
        v.decide(SetPrices(since="2026-01-01", prices=rows))
    assert finding in found(v)


@pytest.mark.parametrize(
    ("rule", "finding", "days"),
    [("entered_late", "put_in_late", 40), ("outside_membership", "put_in_outside_membership", 0)],
)
def test_a_delivery_of_another_time_is_found(village, rule, finding, days):
    v = village
    one = v.plain[0]
    v.wait(days=50)
    early = day(v.now - days * DAY) if days else "2025-12-31"
    begun = {**v.state.prices_on(v.today).prices}
    v.state.prices.insert(0, v.state.prices[0]._replace(since="2025-01-01", prices=begun))
    off = {rule, "entered_late", "outside_membership"}
    with switched_off(off):
        v.do(one, delivery(one, early), v.treasurer)
    assert finding in found(v)
