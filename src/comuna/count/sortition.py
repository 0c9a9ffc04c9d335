"""Sortition: a panel drawn by lot that mirrors the people, as fair to each as its quotas allow.

Leximin over the panels that keep the quotas: the least probability that anyone has is as great as
it can be, then the next least, and so on (B. Flanigan et al., Nature 596, 2021). People alike in
every trait are one *kind* and have the same probability. HiGHS, by column generation, proposes
panels and weights; nothing of what it says in floating point is believed: every panel is checked in
whole numbers, the weights become a thousand tickets, and the probabilities published are worked out
from the tickets as fractions. Anyone can check a draw: the seed gives the ticket, and who of each
kind goes is the order of lots.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from comuna.count.errors import CountError
from comuna.count.lots import draw_order
from comuna.count.panel_solver import PanelSolver

TICKETS = 1000


@dataclass(frozen=True)
class Person:
    """Someone in the pool, with a value for each trait (`{"territory": "north"}`)."""

    id: str
    traits: Mapping[str, str]


@dataclass(frozen=True)
class TraitQuota:
    """At least and at most so many of the panel have this value of the trait."""

    trait: str
    value: str
    least: int
    most: int


@dataclass(frozen=True)
class Panel:
    """How many of each kind a panel has, and how many of the thousand tickets draw it."""

    sizes: tuple[int, ...]
    tickets: int


@dataclass(frozen=True)
class Lottery:
    """The panels that can be drawn. `kinds[k]` are the ids of kind k, in the order of ids."""

    kinds: tuple[tuple[str, ...], ...]
    panels: tuple[Panel, ...]

    @property
    def probabilities(self) -> dict[str, Fraction]:
        """Everyone's exact probability of being drawn."""
        chances = {}
        for at, kind in enumerate(self.kinds):
            seats = sum(panel.sizes[at] * panel.tickets for panel in self.panels)
            chances.update(dict.fromkeys(kind, Fraction(seats, TICKETS * len(kind))))
        return dict(sorted(chances.items()))


def fair_lottery(people: Sequence[Person], quotas: Sequence[TraitQuota], seats: int) -> Lottery:
    """The lottery over panels of `seats` people. Raises CountError where no panel keeps the
    quotas, and says which quota is to blame if one alone is."""
    _check(people, quotas, seats)
    traits = sorted({quota.trait for quota in quotas})
    groups: dict[tuple[str, ...], list[str]] = {}
    for person in people:
        groups.setdefault(tuple(person.traits[trait] for trait in traits), []).append(person.id)
    values = sorted(groups)
    kinds = tuple(tuple(sorted(groups[value])) for value in values)
    rows = [
        (
            [int(value[traits.index(quota.trait)] == quota.value) for value in values],
            quota.least,
            quota.most,
        )
        for quota in quotas
    ]
    solver = PanelSolver([len(kind) for kind in kinds], rows, seats)
    weighted = solver.leximin()
    panels = _tickets(weighted)
    for panel in panels:
        _check_panel(panel, kinds, rows, seats)
    return Lottery(kinds, panels)


def draw_panel(lottery: Lottery, seed: str) -> tuple[str, ...]:
    """The people drawn: the ticket is SHA-256 of the seed, a newline and `panel`, as a number,
    modulo a thousand; of each kind go the first in the order of lots. In the order of ids."""
    draw_order(seed, ())  # the seed must be one line
    ticket = int(hashlib.sha256(f"{seed}\npanel".encode()).hexdigest(), 16) % TICKETS
    for panel in lottery.panels:
        if ticket < panel.tickets:
            drawn = [
                each
                for kind, size in zip(lottery.kinds, panel.sizes, strict=True)
                for each in draw_order(seed, kind)[:size]
            ]
            return tuple(sorted(drawn))
        ticket -= panel.tickets
    raise AssertionError("the tickets of the panels add up to a thousand")


def _tickets(weighted: Mapping[tuple[int, ...], float]) -> tuple[Panel, ...]:
    """Weights as whole tickets, by largest remainder; panels left without a ticket go."""
    scaled = {sizes: Fraction(weight) * TICKETS for sizes, weight in sorted(weighted.items())}
    total = sum(scaled.values())
    scaled = {sizes: share * TICKETS / total for sizes, share in scaled.items()}
    tickets = {sizes: int(share) for sizes, share in scaled.items()}
    by_remainder = sorted(scaled, key=lambda sizes: (tickets[sizes] - scaled[sizes], sizes))
    for sizes in by_remainder[: TICKETS - sum(tickets.values())]:
        tickets[sizes] += 1
    return tuple(Panel(sizes, many) for sizes, many in tickets.items() if many)


def _check(people: Sequence[Person], quotas: Sequence[TraitQuota], seats: int) -> None:
    twice = [each for each, times in Counter(p.id for p in people).items() if times > 1 or not each]
    if twice:
        raise CountError(f"person {twice[0]!r} stands twice in the pool, or has no id")
    if not 1 <= seats <= len(people):
        raise CountError(f"a panel of {seats} cannot be drawn from a pool of {len(people)}")
    for quota in quotas:
        unknown = [person.id for person in people if quota.trait not in person.traits]
        if unknown:
            raise CountError(f"person {unknown[0]} has no {quota.trait}")
        there = sum(person.traits[quota.trait] == quota.value for person in people)
        if quota.least > min(there, quota.most, seats):
            raise CountError(
                f"{quota.trait} {quota.value}: at least {quota.least} are asked for, at most "
                f"{quota.most}, and the pool has {there}"
            )
        allowed = sum(q.most for q in quotas if q.trait == quota.trait)
        listed = {q.value for q in quotas if q.trait == quota.trait}
        if {p.traits[quota.trait] for p in people} <= listed and allowed < seats:
            raise CountError(f"the most of {quota.trait} together are fewer than {seats} seats")
        if sum(q.least for q in quotas if q.trait == quota.trait) > seats:
            raise CountError(f"the least of {quota.trait} together are more than {seats} seats")


def _check_panel(
    panel: Panel,
    kinds: Sequence[Sequence[str]],
    rows: Sequence[tuple[list[int], int, int]],
    seats: int,
) -> None:
    """Whole numbers only: a panel that breaks a quota must never be drawn."""
    fits = all(0 <= size <= len(kind) for size, kind in zip(panel.sizes, kinds, strict=True))
    kept = all(
        least <= sum(size for size, is_in in zip(panel.sizes, inside, strict=True) if is_in) <= most
        for inside, least, most in rows
    )
    if not (fits and kept and sum(panel.sizes) == seats):
        raise CountError("the solver proposed a panel that breaks a quota; nothing was drawn")
