"""The rule of a count: fixed before the vote opens, canonical and hashed, to the last decimal."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cache
from typing import Any

from comuna.count.errors import RuleError
from comuna.count.threshold import Threshold, exact

EXACT = "exact integers and fractions"
_SEATS = frozenset({"seats"})
_BUDGET = frozenset({"budget", "exclusive", "category_limits", "minimum_votes"})
_GUARANTEES = frozenset({"guarantees"})
_PAPERS = frozenset({"overvotes", "skipped_ranks", "repeats", "excluded_first"})
_FIRST_CHOICES = frozenset({"overvotes"})
_RANKS_LEFT = frozenset({"excluded_first"})

# What each method may be told besides its version and its ties, and the arithmetic it uses.
METHODS: Mapping[str, tuple[frozenset[str], str]] = {
    "majority": (
        frozenset(
            {"majority", "majority_base", "quorum", "approval_quorum", "abstentions", "blanks"}
        ),
        EXACT,
    ),
    "plurality": (_FIRST_CHOICES, EXACT),
    "two-round": (_FIRST_CHOICES, EXACT),
    "approval": (_SEATS | _GUARANTEES, EXACT),
    "score": (_SEATS | _GUARANTEES, EXACT),
    "borda": (_SEATS | _GUARANTEES, EXACT),
    "irv": (_PAPERS, EXACT),
    "irv-sequential": (_SEATS | _PAPERS, EXACT),
    "bottoms-up": (_SEATS | _PAPERS, EXACT),
    "approval-irv": (_RANKS_LEFT, EXACT),
    "split-irv": (_RANKS_LEFT, EXACT),
    "simultaneous-veto": (_SEATS, EXACT),
    "serial-veto": (_SEATS, EXACT),
    "adams": (_SEATS, EXACT),
    "maximin-support": (_SEATS, EXACT),
    "ranked-pairs": (frozenset(), EXACT),
    "schulze": (frozenset(), EXACT),
    "block": (_SEATS | _GUARANTEES | _FIRST_CHOICES | {"votes_each"}, EXACT),
    "limited": (_SEATS | _GUARANTEES | _FIRST_CHOICES | {"votes_each"}, EXACT),
    "stv-scottish": (
        _SEATS | _GUARANTEES | _PAPERS,
        "transfer values of five decimals, the rest ignored",
    ),
    "stv-gregory": (
        _SEATS | _GUARANTEES | _PAPERS | {"quota_of", "decimals"},
        "transfer values of as many decimals as said, the rest ignored",
    ),
    "stv-meek": (
        _SEATS | _GUARANTEES | _PAPERS,
        "fixed point of nine decimals, weights rounded up",
    ),
    "phragmen": (_SEATS | _BUDGET | _GUARANTEES, EXACT),
    "equal-shares": (
        _SEATS | _BUDGET | _GUARANTEES | {"satisfaction", "completion", "step", "endowments"},
        EXACT,
    ),
    "greedy": (_BUDGET | {"satisfaction", "overflow"}, EXACT),
    "consulta": (_SEATS, EXACT),
}

_CHOICES: Mapping[str, tuple[str, ...]] = {
    "majority_base": ("yes-no", "valid", "cast", "present", "roll"),
    "abstentions": ("out", "count"),
    "blanks": ("out", "count"),
    "satisfaction": ("cost", "cardinality"),
    "completion": ("none", "add1", "add1u", "add1-overspend"),
    "overflow": ("skip", "stop"),
    "overvotes": ("exhaust", "skip", "exhaust-if-several"),
    "repeats": ("skip", "exhaust"),
    "quota_of": ("droop", "hare", "droop-each-round"),
}
MOST_DECIMALS = 12
ANY = "any"
_ROUNDS_OF_ONE = ("irv", "irv-sequential", "bottoms-up")

# What a method does where the rule does not say: the rule then says it, and its hash holds it.
_DEFAULTS: Mapping[str, str | int] = {
    "majority": ">1/2",
    "majority_base": "yes-no",
    "abstentions": "out",
    "blanks": "out",
    "seats": 1,
    "votes_each": 1,
    "satisfaction": "cost",
    "completion": "none",
    "step": "1",
    "overflow": "skip",
    "overvotes": "exhaust",
    "skipped_ranks": ANY,
    "repeats": "skip",
    "quota_of": "droop",
    "decimals": 5,
}
_CONSULTA_SEATS = 2
_COMMITTEE: Mapping[str, str] = {
    "satisfaction": "cardinality",
    "completion": "add1u",
    "step": "1%",  # of the first endowment: a whole seat for each voter would be far too much
}
_TIES_OF_A_MOTION = ("status-quo", "casting-vote", "repeat", "lot")
_TIES_OF_CANDIDATES = ("cost", "votes", "lot", "id")


@dataclass(frozen=True)
class Guarantee:
    """At least and at most so many of a group among the elected (parity, youth, territory…)."""

    group: str
    at_least: int = 0
    at_most: int | None = None

    @staticmethod
    def parse(text: str) -> "Guarantee":
        """Read `group:at_least` or `group:at_least:at_most`."""
        group, _, numbers = text.partition(":")
        parts = numbers.split(":") if numbers else []
        if not group or len(parts) not in (1, 2) or not all(map(_is_whole, parts)):
            raise RuleError(f"guarantee {text!r}: write group:at_least or group:at_least:at_most")
        least, most = int(parts[0]), int(parts[1]) if len(parts) == 2 else None
        if most is not None and most < least:
            raise RuleError(f"guarantee {text!r}: at most {most} is less than at least {least}")
        return Guarantee(group, least, most)

    def __str__(self) -> str:
        most = "" if self.at_most is None else f":{self.at_most}"
        return f"{self.group}:{self.at_least}{most}"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Everything a count needs to know besides roll, ballots and lots.

    `ties` are tried from left to right and end in a last word: `lot` (drawn in public), or `id`
    (only for comparing with outside engines); projects may put `cost` (the cheaper first) and
    `votes` (the more supported first) before it. A motion's tie is one of `status-quo`,
    `casting-vote`, `repeat`, `lot`. What a method's page does not name must be left out.

    seats: how many are elected; budget: in the currency's unit, exact; minimum_votes: a project
    with fewer is not considered; exclusive: groups of projects of which one at most is funded;
    category_limits: the most that a category may receive; step: what add1 adds to each
    endowment, in the currency's unit (`1`) or as a share of the first endowment (`0.1%`);
    endowments: each territory's share of the budget (or seats), which its voters have in equal
    parts; they add up to the whole. Of ranked papers: overvotes: what becomes of one that ranks
    several equal or marks several at one place; skipped_ranks: after how many places passed over
    one after the other it stops; repeats: what becomes of one that names someone again;
    excluded_first: who is excluded before all others (write-ins that nobody declared), by id.
    quota_of: what a seat takes in a transferable vote; decimals: of its transfer values.

    What is not said and has a usual value is filled in, so that the rule and its hash say all.
    """

    method: str
    version: int = 1
    ties: tuple[str, ...] = ("lot",)
    seats: int | None = None
    budget: Fraction | None = None
    votes_each: int | None = None
    majority: str | None = None
    majority_base: str | None = None
    quorum: str | None = None
    approval_quorum: str | None = None
    abstentions: str | None = None
    blanks: str | None = None
    satisfaction: str | None = None
    completion: str | None = None
    step: str | None = None
    endowments: tuple[tuple[str, Fraction], ...] | None = None
    overflow: str | None = None
    overvotes: str | None = None
    skipped_ranks: str | None = None
    repeats: str | None = None
    excluded_first: tuple[str, ...] | None = None
    quota_of: str | None = None
    decimals: int | None = None
    minimum_votes: int | None = None
    exclusive: tuple[tuple[str, ...], ...] | None = None
    category_limits: tuple[tuple[str, Fraction], ...] | None = None
    guarantees: tuple[Guarantee, ...] | None = None

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise RuleError(f"method {self.method!r} is not one of: {', '.join(METHODS)}")
        if self.version != 1:
            raise RuleError(f"{self.method} has version 1 only, not {self.version}")
        allowed = METHODS[self.method][0] | {"method", "version", "ties"}
        for each in fields(self):
            value = getattr(self, each.name)
            if value is not None and each.name not in allowed:
                own = ", ".join(sorted(allowed - {"method", "version"}))
                raise RuleError(f"{self.method} takes no {each.name}; it takes: {own}")
            if each.name in _CHOICES and value is not None and value not in _CHOICES[each.name]:
                raise RuleError(f"{each.name} is {' or '.join(_CHOICES[each.name])}, not {value!r}")
        if self.guarantees and self.seats is None:
            raise RuleError("guarantees are kept among the elected; say how many seats there are")
        self._fill()
        if self.overvotes == "exhaust-if-several" and self.method not in _ROUNDS_OF_ONE:
            raise RuleError(
                f"{self.method}: overvotes is exhaust or skip; exhaust-if-several is for irv"
            )
        self._check_ties()
        self._check_numbers()

    def _fill(self) -> None:
        """The usual values for what the rule does not say."""
        takes = METHODS[self.method][0]
        committee = "budget" in takes and self.seats is not None
        usual = {name: value for name, value in _DEFAULTS.items() if name in takes}
        if "budget" in takes:
            usual.pop("seats", None)
        if committee:
            usual |= {name: value for name, value in _COMMITTEE.items() if name in takes}
        if self.method == "consulta":
            usual["seats"] = _CONSULTA_SEATS
        if self.method == "block":
            usual["votes_each"] = self.seats or 1
        if "step" in takes and (self.completion or usual["completion"]) == "none":
            usual.pop("step")
        for name, value in usual.items():
            if getattr(self, name) is None:
                object.__setattr__(self, name, value)

    def _check_ties(self) -> None:
        if self.method == "majority":
            if len(self.ties) != 1 or self.ties[0] not in _TIES_OF_A_MOTION:
                raise RuleError(f"a motion's tie rule is one of: {', '.join(_TIES_OF_A_MOTION)}")
            return
        if not self.ties or self.ties[-1] not in ("lot", "id"):
            raise RuleError("ties must end in 'lot' (or in 'id', to compare with outside engines)")
        early = ("cost", "votes") if self.budget is not None else ()
        for word in self.ties[:-1]:
            if word not in early:
                raise RuleError(f"ties: {word!r} cannot come before the last word here")

    def _check_numbers(self) -> None:
        for name in ("seats", "votes_each"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise RuleError(f"{name} must be 1 or more, not {value}")
        if self.budget is not None and self.budget < 0:
            raise RuleError(f"the budget cannot be negative ({self.budget})")
        for name in ("majority", "quorum", "approval_quorum"):
            if (text := getattr(self, name)) is not None:
                Threshold.parse(text)
        if self.skipped_ranks not in (None, ANY) and not _is_whole(self.skipped_ranks or ""):
            raise RuleError(f"skipped_ranks is a number such as 1, or {ANY}")
        if self.decimals is not None and self.decimals > MOST_DECIMALS:
            raise RuleError(f"decimals go to {MOST_DECIMALS}, not {self.decimals}")
        limited = self.method == "limited" and self.votes_each is not None
        if limited and (self.votes_each or 1) >= max(self.seats or 1, 2):
            raise RuleError("limited: votes_each must be less than the seats")
        if self.endowments is not None:
            self._check_endowments(self.endowments)
        if self.step is not None and not _is_step(self.step):
            raise RuleError(f"step {self.step!r}: more than nothing is due, such as 1 or 0.1%")

    def _check_endowments(self, endowments: tuple[tuple[str, Fraction], ...]) -> None:
        twice = [
            name for name, times in Counter(name for name, _ in endowments).items() if times > 1
        ]
        if twice:
            raise RuleError(f"endowments: the territory {twice[0]!r} stands twice")
        whole = self.budget if self.budget is not None else Fraction(self.seats or 0)
        shared = sum((share for _, share in endowments), Fraction(0))
        if shared != whole:
            raise RuleError(
                f"the territories' endowments add up to {shared}, and {whole} is to be shared out"
            )

    @property
    def skipped_most(self) -> int | None:
        """How many places one after the other a paper may pass over; None for any number."""
        return None if self.skipped_ranks in (None, ANY) else int(self.skipped_ranks or 0)

    @property
    def arithmetic(self) -> str:
        return METHODS[self.method][1]

    def canonical(self) -> dict[str, Any]:
        """The rule as JSON data: what is not said is left out, fractions are text."""
        said: dict[str, Any] = {"arithmetic": self.arithmetic}
        for each in fields(self):
            value = getattr(self, each.name)
            if value is not None:
                said[each.name] = _canonical(value)
        return said

    def canonical_bytes(self) -> bytes:
        """UTF-8 JSON with sorted keys and no spaces: the bytes that are hashed."""
        return json.dumps(
            self.canonical(), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        ).encode()

    def hash(self) -> str:
        """SHA-256 of the canonical bytes, in hexadecimal."""
        return hashlib.sha256(self.canonical_bytes()).hexdigest()

    @staticmethod
    def from_options(method: str, options: Mapping[str, str]) -> "Rule":
        """A rule from words, as the command line gives them. Raises RuleError.

        Lists are separated by commas, groups of exclusive projects by `|` (`66,67|3,4`), limits
        and guarantees are written `name:number`, ties `cost,votes,lot`.
        """
        known = _options()
        values: dict[str, Any] = {}
        for name, text in options.items():
            if name not in known or name in ("method", "version"):
                raise RuleError(f"unknown option {name!r}; {method} takes: {_options_of(method)}")
            try:
                values[name] = _READERS.get(name, str)(text)
            except ValueError as wrong:
                raise RuleError(f"option {name}: {wrong}") from None
        return Rule(method=method, **values)


@cache
def _options() -> frozenset[str]:
    """The names of everything that a rule may say."""
    return frozenset(each.name for each in fields(Rule))


def _options_of(method: str) -> str:
    if method not in METHODS:
        raise RuleError(f"method {method!r} is not one of: {', '.join(METHODS)}")
    return ", ".join(sorted(METHODS[method][0] | {"ties"}))


def _canonical(value: Any) -> Any:
    if isinstance(value, Fraction | Guarantee):
        return str(value)
    if isinstance(value, tuple):
        return [_canonical(item) for item in value]
    return value


def _read_words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _read_exclusive(text: str) -> tuple[tuple[str, ...], ...]:
    groups = tuple(_read_words(group) for group in text.split("|"))
    if any(len(group) < 2 for group in groups):
        raise ValueError("write the rival projects of a group with commas, as 66,67|3,4")
    return groups


def _read_amounts(text: str) -> tuple[tuple[str, Fraction], ...]:
    pairs = []
    for word in text.split(","):
        name, colon, amount = word.strip().rpartition(":")
        if not colon:
            raise ValueError(f"{word!r}: write name:amount, as roads:500")
        pairs.append((name, exact(amount)))
    return tuple(sorted(pairs))


def _read_whole(text: str) -> int:
    if not _is_whole(text):
        raise ValueError(f"{text!r} is not a whole number such as 2")
    return int(text)


def _is_step(text: str) -> bool:
    try:
        return exact(text.removesuffix("%")) > 0
    except RuleError:
        return False


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


_READERS: Mapping[str, Any] = {
    "ties": _read_words,
    "seats": _read_whole,
    "votes_each": _read_whole,
    "minimum_votes": _read_whole,
    "decimals": _read_whole,
    "excluded_first": _read_words,
    "budget": exact,
    "exclusive": _read_exclusive,
    "category_limits": _read_amounts,
    "endowments": _read_amounts,
    "guarantees": lambda text: tuple(Guarantee.parse(word) for word in _read_words(text)),
}
