"""What is written down before a plan: needs, means and recipes, as columns of whole numbers.

Every quantity of a good or a mean is counted in its smallest step (`steps` of them make one
unit); the level of a recipe in millionths; shares per thousand. A column that names something
holds its place in that table, and −1 where it names nothing. A hub is a body that others name as
theirs, so councils, communes and federations nest as deep as they like.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Names = tuple[str, ...]

INPUT, OUTPUT, USE = range(3)
LINE_KINDS = ("input", "output", "use")
MEAN_KINDS = ("labour", "tool", "land", "waste", "transport")
LEVEL = 10**6
"""A recipe's level is counted in millionths: fine enough that rounding it is never felt."""
WORTH = 10**9
"""The objective is counted in thousand-millionths of one person's worth of a need."""


def _ints(*values: int) -> Ints:
    return np.array(values, dtype=np.int64)


@dataclass(frozen=True)
class Periods:
    """The periods in their order."""

    period: Names
    es: Names = ()
    en: Names = ()


@dataclass(frozen=True)
class Goods:
    """`keep`: how much of each thousand is still there a period later, 0 = not storable; `load`:
    steps of the transport mean that one unit takes, for each unit of distance."""

    good: Names
    unit: Names
    steps: Ints
    keep: Ints
    load: Ints
    es: Names = ()
    en: Names = ()


@dataclass(frozen=True)
class Means:
    """Labour by kind, tools and land by time, allowed waste, transport. `cost`: millionths of
    worth that using one unit takes away."""

    mean: Names
    unit: Names
    kind: Names
    steps: Ints
    cost: Ints
    es: Names = ()
    en: Names = ()


@dataclass(frozen=True)
class Bodies:
    """`loss`: of each thousand delivered from the hub, how many are lost on the way."""

    body: Names
    people: Ints
    hub: Ints
    loss: Ints
    distance: Ints
    es: Names = ()
    en: Names = ()


@dataclass(frozen=True)
class Recipes:
    """The lines of a recipe are for `per` levels (empty: for one)."""

    recipe: Names
    unit: Names
    es: Names = ()
    en: Names = ()
    per: Ints = field(default_factory=_ints)

    def levels(self) -> Ints:
        """For how many levels the lines of each are."""
        return self.per if len(self.per) else np.ones(len(self.recipe), dtype=np.int64)


@dataclass(frozen=True)
class Lines:
    """What one level of a recipe takes, gives and uses, `after` so many periods. `item` is the
    place of a good (input, output) or of a mean (use)."""

    recipe: Ints
    kind: Ints
    item: Ints
    quantity: Ints
    after: Ints


@dataclass(frozen=True)
class Abilities:
    """Which body can run which recipe, at most how many levels each period (−1:
    as its means allow); `effort` scales what it uses of means, `harvest` what it gives, per
    thousand."""

    body: Ints
    recipe: Ints
    at_most: Ints
    effort: Ints
    harvest: Ints


@dataclass(frozen=True)
class Capacities:
    """The means of a body in a period (−1: in each)."""

    body: Ints
    mean: Ints
    period: Ints
    quantity: Ints


@dataclass(frozen=True)
class Stocks:
    """What is there, or arrives without the plan's doing, at the start of a period (−1: the
    first), and the room to store (−1: no limit)."""

    body: Ints
    good: Ints
    period: Ints
    opening: Ints
    room: Ints


@dataclass(frozen=True)
class Needs:
    """The norm of a body for a good in a period (−1: in each), its tier and its curve of worth."""

    body: Ints
    good: Ints
    period: Ints
    quantity: Ints
    tier: Ints
    curve: Ints


@dataclass(frozen=True)
class Links:
    """A way from one hub to another; `capacity` in steps of the transport mean (−1: no limit)."""

    origin: Ints
    target: Ints
    capacity: Ints
    loss: Ints


@dataclass(frozen=True)
class Curves:
    """How worth falls as a need is met: `width` thousandths of the norm at `worth` each, from the
    most urgent on. What these are is a decision of the assembly."""

    curve: Names
    width: Ints
    worth: Ints


@dataclass(frozen=True)
class Tiers:
    """What a need of each tier weighs."""

    tier: Ints
    weight: Ints


HARMONY = Curves(("harmony",) * 4, _ints(500, 300, 200, 200), _ints(54, 18, 6, 1))
TIERS = Tiers(_ints(1, 2, 3), _ints(10, 3, 1))


@dataclass(frozen=True)
class Problem:
    """Everything a plan is calculated from."""

    periods: Periods
    goods: Goods
    means: Means
    bodies: Bodies
    recipes: Recipes
    lines: Lines
    abilities: Abilities
    capacities: Capacities
    stocks: Stocks
    needs: Needs
    links: Links = field(default_factory=lambda: Links(*[_ints()] * 4))
    curves: Curves = HARMONY
    tiers: Tiers = TIERS

    def identity(self) -> str:
        """SHA-256 over every column of every table: its name, then its numbers as 64-bit
        little-endian integers or its names joined by NUL, each column closed by its length."""
        digest = hashlib.sha256()
        for table in fields(self):
            columns = getattr(self, table.name)
            for column in fields(columns):
                values = getattr(columns, column.name)
                if column.name == "per" and not len(values):
                    continue
                digest.update(f"{table.name}.{column.name}\0".encode())
                if isinstance(values, np.ndarray):
                    digest.update(np.ascontiguousarray(values, dtype="<i8").tobytes())
                else:
                    digest.update("\0".join(values).encode())
                digest.update(len(values).to_bytes(8, "little"))
        return digest.hexdigest()

    def curve_names(self) -> list[str]:
        return list(dict.fromkeys(self.curves.curve))


def said(names: Names, words: Names, at: int) -> str:
    """The word for the thing at a place: in the language if it has one, else its name."""
    return words[at] if words and words[at] else names[at]


def where(names: Sequence[str]) -> dict[str, int]:
    return {name: at for at, name in enumerate(names)}
