"""What members bring is worth what the members decided: a list of prices, with the most that one
member may bring in a day. Whoever brings and whoever receives it say how much; the value follows.
"""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

from comuna.rules.act import Effect, Fact, Refused, Shape, enacts, prepares, require
from comuna.rules.money import to_integer
from comuna.rules.names import (
    check_in_range,
    check_name,
    check_not_negative,
    day,
    folded,
    next_day,
    parse_date,
)
from comuna.rules.state import Price, PriceList, State


class ProductPrice(Shape, frozen=True, kw_only=True):
    """`price` in money's smallest step for `per` of the measure's smallest step; in a day a member
    brings `most` of these steps at most."""

    product: str
    measure: str
    price: int
    per: int
    most: int


class SetPrices(Effect, frozen=True, kw_only=True, tag="set-prices"):
    """The price list, whole: what is not on it is not taken in. It begins on `since`, and at the
    earliest on the day after it is put in force, so that no day has two; the one before it ends on
    the day before."""

    matter: ClassVar[str] = "prices"
    since: str
    prices: tuple[ProductPrice, ...]

    def thing(self) -> str:
        return "prices"


class PricesSet(Fact, frozen=True):
    decision: int
    since: str
    prices: tuple[tuple[str, str, Price], ...]  # (product, measure, price)

    def apply(self, state: State) -> None:
        listed = {(product, measure): price for product, measure, price in self.prices}
        state.prices.append(PriceList(self.since, self.decision, listed))
        state.prices.sort(key=lambda known: known.since)  # of the same day, the later decision last


@prepares(SetPrices)
def can_set_prices(state: State, effect: SetPrices, when: int, voting: bool) -> None:
    parse_date(effect.since)
    require(effect.prices, "price_list_empty")
    known: set[tuple[str, str]] = set()
    for item in effect.prices:
        check_name(item.product)
        check_name(item.measure)
        name = folded(item.product), folded(item.measure)
        fresh = name not in known
        require(fresh, "priced_twice", product=item.product, measure=item.measure)
        known.add(name)
        check_not_negative(item.price)
        for quantity in (item.per, item.most):
            require(quantity > 0, "quantity_not_positive", quantity=quantity)
            check_in_range(quantity)
        check_in_range(-(-item.price * item.most // item.per))


@enacts(SetPrices)
def set_prices(state: State, effect: SetPrices, decision: int, when: int) -> list[Fact]:
    prices = tuple((p.product, p.measure, Price(p.price, p.per, p.most)) for p in effect.prices)
    return [PricesSet(decision, max(effect.since, next_day(day(when))), prices)]


def price_on(state: State, date: str, product: str, measure: str) -> Price:
    """The decided price of a product on a day. Raises Refused where the list of that day has
    none."""
    listed = state.prices_on(date)
    price = listed.prices.get((product, measure)) if listed is not None else None
    if price is None:
        raise Refused("price_missing", product=product, measure=measure, date=date)
    return price


def worth(state: State, price: Price, quantity: int) -> int:
    """Quantity × price, rounded as the statute says, in money's smallest step."""
    exact = Fraction(quantity * price.price, price.per)
    return to_integer(exact, state.statute.production.rounding)
