"""What stands in the files that travel when people plan by offers. They come from others, so every
name and number is held to its shape before anything is counted (docs/plan-format.md)."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from comuna.plan.errors import FileError, Wrong

MOST = 10**17  # steps, or worth; sums of many stay far from the end of 64 bits
MOST_ROUNDS = 1000

Name = Annotated[str, Meta(max_length=1000)]
PartName = Annotated[str, Meta(max_length=100, pattern=r"\A[^/\\\x00-\x1f.][^/\\\x00-\x1f]*\Z")]
"""Names a file too, so it leads to no other folder."""
Print = Annotated[str, Meta(max_length=100)]
Natural = Annotated[int, Meta(ge=0, le=MOST)]
Whole = Annotated[int, Meta(ge=-MOST, le=MOST)]
Price = Annotated[int, Meta(ge=-(2**62), le=2**62)]
Scale = Annotated[int, Meta(ge=1, le=2**62)]
RoundNumber = Annotated[int, Meta(ge=0, le=MOST_ROUNDS)]
Limit = tuple[int, int]
"""An exact number, above and below the line; both may be long."""


def check_limit(limit: Limit) -> None:
    above, below = limit
    if below < 1 or abs(above) > MOST**2 * below:
        raise ValueError("a bound is a number above the line and one from 1 below it")


class Line(msgspec.Struct):
    """A shared row: a balance of a good, or transport by a mean, at a hub in a period."""

    row: str
    body: Name
    period: Name
    good: Name | None = None
    mean: Name | None = None

    def __post_init__(self) -> None:
        thing = {"balance": self.good, "transport": self.mean}.get(self.row)
        if thing is None:
            raise ValueError("a row is a balance of a good, or transport by a mean")


class Priced(Line, kw_only=True):
    price: Price


class Drawn(Line, kw_only=True):
    quantity: Whole


class Given(Drawn, kw_only=True):
    """What arrives (above 0) or is owed; what is owed of a good has its price."""

    price: Price | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.row == "balance" and self.quantity <= 0 and self.price is None:
            raise ValueError("what is owed has a price")


class Hints(msgspec.Struct):
    scale: Scale
    rows: list[Priced]


class Priceds(Hints):
    own: list[tuple[Natural, Price]]


class Best(Priceds, kw_only=True):
    bound: Limit

    def __post_init__(self) -> None:
        check_limit(self.bound)


class Good(msgspec.Struct):
    good: Name
    unit: Name
    steps: Natural
    load: Natural


class Mean(msgspec.Struct):
    mean: Name
    unit: Name
    steps: Natural
    cost: Natural


class Curve(msgspec.Struct):
    curve: Name
    width: Natural
    worth: Natural


class Tier(msgspec.Struct):
    tier: Natural
    weight: Natural


class Agreed(msgspec.Struct):
    hubs: list[Name]
    periods: list[Name]
    goods: list[Good]
    transport: list[Mean]
    curves: list[Curve]
    tiers: list[Tier]


class PricesFile(msgspec.Struct):
    """The call (round 0), which has no prices yet, or the prices of a round."""

    round: RoundNumber
    agreed: Agreed
    fingerprint: Print
    reach: dict[Name, Natural] | None = None
    prices: Priceds | None = None
    best: Best | None = None

    def __post_init__(self) -> None:
        if self.round and (self.reach is None or self.prices is None):
            raise ValueError("after the call a file has reach and prices")


class OfferFile(msgspec.Struct):
    """An answer: to the call with reach and hints, later with a bound."""

    part: PartName
    round: RoundNumber
    answers: Print
    worth: Whole
    draws: list[Drawn]
    reach: dict[Name, Natural] | None = None
    hints: Hints | None = None
    bound: Limit = (0, 1)

    def __post_init__(self) -> None:
        if not self.round and (self.reach is None or self.hints is None):
            raise ValueError("an answer to the call has reach and hints")
        check_limit(self.bound)


class ShareFile(msgspec.Struct):
    rows: list[Given]


def check_shape(said: Any, shape: type[msgspec.Struct], name: str) -> None:
    """Raises FileError, naming the place, where the file is not of the shape."""
    try:
        msgspec.convert(said, shape)
    except (msgspec.ValidationError, OverflowError) as wrong:
        raise FileError([Wrong(name, 0, "is not as such a file is ({fault})",
                               "ask for the file again", fault=wrong)]) from None  # fmt: skip
