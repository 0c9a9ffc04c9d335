"""Delegates' seats: how many each member body sends, by divisors or by largest remainders.

Exact: quotients are compared by cross-multiplication. M. Balinski, H. P. Young, Fair
Representation (2001); the degressive rule (a base for each, the rest by Adams) follows the
Cambridge Compromise for the European Parliament (2011).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from comuna.count.errors import RuleError
from comuna.count.lots import TieBreaker
from comuna.count.result import Explanation, Outcome, Round

# The divisor of a body that has so many seats already, doubled to stay whole.
_DIVISORS: Mapping[str, Callable[[int], int]] = {
    "sainte-lague": lambda have: 2 * have + 1,
    "dhondt": lambda have: 2 * have + 2,
    "adams": lambda have: 2 * have,
}
METHODS = (*_DIVISORS, "hare")
MOST_SEATS = 10_000
"""Three times the largest parliament; divisors give one seat after another."""


@dataclass(frozen=True)
class Seats:
    """Seats by body, the working, and by how much the last seat was won."""

    seats: Mapping[str, int]
    outcome: Outcome


def apportion(
    method: str,
    members: Mapping[str, int],
    seats: int,
    breaker: TieBreaker,
    base: int = 0,
) -> Seats:
    """Divide `seats` among bodies by their `members` (people).

    method: sainte-lague (fair to small and large), dhondt (favours the large), adams (favours the
    small, each has one at least), hare (largest remainders); base: so many for each body first.
    Raises RuleError on impossible numbers, LotNeededError where a tie decides a seat.
    """
    if method not in METHODS:
        raise RuleError(f"seats are divided by {', '.join(METHODS)}, not {method!r}")
    if not members or any(people < 0 for people in members.values()) or not any(members.values()):
        raise RuleError("there must be bodies, with members, none of them below 0")
    if seats > MOST_SEATS:
        raise RuleError(f"{seats} seats; at most {MOST_SEATS} are divided",
                        f"{seats} puestos; se reparten a lo más {MOST_SEATS}")  # fmt: skip
    if base < 0 or base * len(members) > seats:
        raise RuleError(f"a base of {base} for {len(members)} bodies does not fit {seats} seats")
    have = dict.fromkeys(members, base)
    rest = seats - base * len(members)
    rounds = _hare(members, rest, have, breaker) if method == "hare" else []
    if method != "hare":
        rounds = _by_divisors(_DIVISORS[method], members, rest, have, breaker, base)
    told = tuple(
        Explanation(
            body,
            "seats",
            {"seats": have[body], "members": people, "share": _share(people, members, seats)},
        )
        for body, people in members.items()
    )
    return Seats(have, Outcome(tuple(members), tuple(rounds), told))


def _share(people: int, members: Mapping[str, int], seats: int) -> Fraction:
    return Fraction(people * seats, sum(members.values()))


def _by_divisors(
    divisor: Callable[[int], int],
    members: Mapping[str, int],
    rest: int,
    have: dict[str, int],
    breaker: TieBreaker,
    base: int,
) -> list[Round]:
    """One seat after another to the greatest quotient; a divisor of 0 comes before any other."""
    rounds: list[Round] = []
    while len(rounds) < rest:
        quotients = {
            body: _Quotient(people, divisor(have[body] - base))
            for body, people in members.items()
            if people
        }
        best = max(quotients.values())
        level = [body for body, quotient in quotients.items() if not quotient < best]
        left = rest - len(rounds)
        if len(level) > left:
            level = list(breaker.order(level, "elect", len(rounds) + 1))[:left]
        for body in level:
            have[body] += 1
            shown = quotients[body].shown()
            rounds.append(Round("seat", (body,), {body: shown} if shown is not None else {}))
    return rounds


@dataclass(frozen=True)
class _Quotient:
    people: int
    divisor: int

    def __lt__(self, other: "_Quotient") -> bool:
        if self.divisor == other.divisor == 0:
            return self.people < other.people
        return self.people * other.divisor < other.people * self.divisor

    def shown(self) -> Fraction | None:
        return Fraction(2 * self.people, self.divisor) if self.divisor else None


def _hare(
    members: Mapping[str, int], rest: int, have: dict[str, int], breaker: TieBreaker
) -> list[Round]:
    """Whole quotas first, then the largest remainders."""
    total = sum(members.values())
    remainder: dict[str, int] = {}
    for body, people in members.items():
        whole, remainder[body] = divmod(people * rest, total)
        have[body] += whole
    whole_round = Round("count", tuple(members), {body: have[body] for body in members})
    left = rest - sum(people * rest // total for people in members.values())
    ranked = sorted(remainder, key=lambda body: -remainder[body])
    if not left:
        return [whole_round]
    last = remainder[ranked[left - 1]]
    above = [body for body in ranked if remainder[body] > last]
    level = [body for body in ranked if remainder[body] == last]
    if len(above) + len(level) > left:
        level = list(breaker.order(level, "elect", 2))
    for body in (chosen := (above + level)[:left]):
        have[body] += 1
    shown = {body: Fraction(remainder[body], total) for body in ranked}
    return [whole_round, Round("seat", tuple(chosen), shown)]
