"""What a count gives back: the winners with all the working that led to them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from json.encoder import encode_basestring
from typing import Any

from comuna.count.rule import Rule

Number = int | Fraction


@dataclass(frozen=True)
class Tie:
    """A tie and what broke it: `earlier round`, `cost`, `votes`, `lot`, `id`, `status quo`…"""

    round: int
    candidates: tuple[str, ...]
    purpose: str
    broken_by: str
    order: tuple[str, ...]


@dataclass(frozen=True)
class Round:
    """One step of the count.

    `action` is what happened (count, elect, transfer, exclude, fund, reject, decide…) to
    `candidates`; `votes` is what each candidate stands at afterwards (votes, points, or money in
    the currency's unit); `transfers` what each received in this step; `exhausted` the votes that
    name nobody left; `facts` whatever else the method's page explains.
    """

    action: str
    candidates: tuple[str, ...] = ()
    votes: Mapping[str, Number] = field(default_factory=dict)
    transfers: Mapping[str, Number] = field(default_factory=dict)
    exhausted: Number = 0
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Explanation:
    """Why a candidate won or lost: a sentence of the catalogue (`key`) and its `facts`."""

    candidate: str
    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What a method works out, before the tie record and the rule are put beside it.

    `notes` holds what must be shown beside the result: the Condorcet winner when another is
    elected, the result without a guarantee, money left.
    """

    winners: tuple[str, ...]
    rounds: tuple[Round, ...]
    explanations: tuple[Explanation, ...]
    notes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """A finished count. A pure function of rule, ballots and lot; `to_json` is its public form."""

    rule: Rule
    winners: tuple[str, ...]
    rounds: tuple[Round, ...]
    ties: tuple[Tie, ...]
    explanations: tuple[Explanation, ...]
    notes: Mapping[str, Any]
    names: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        """The result as JSON data: integers, and fractions as text (`"7/2"`); no floats."""
        from comuna.count.words import sentence

        return {
            "rule": self.rule.canonical(),
            "rule_hash": self.rule.hash(),
            "winners": list(self.winners),
            "rounds": [plain(each.__dict__) for each in self.rounds],
            "ties": [plain(each.__dict__) for each in self.ties],
            "explanations": [
                {
                    "id": each.candidate,
                    "key": each.key,
                    "facts": plain(each.facts),
                    "es": sentence(each, self.names, "es"),
                    "en": sentence(each, self.names, "en"),
                }
                for each in self.explanations
            ],
            "notes": plain(self.notes),
            "names": dict(self.names),
        }

    def to_text(self) -> str:
        """The JSON as text, indented so that people can read it."""
        return written(self.to_json())


def written(value: Any, indent: str = "\n") -> str:
    """What `json.dumps(value, ensure_ascii=False, indent=1)` writes, which is slow at it: results
    of large counts have tens of thousands of lines."""
    if isinstance(value, str):
        return encode_basestring(value)
    if value is True or value is False or value is None:
        return json.dumps(value)
    if isinstance(value, int):
        return str(value)
    inner = indent + " "
    if isinstance(value, dict):
        items = [f"{encode_basestring(key)}: {written(each, inner)}" for key, each in value.items()]
        return f"{{{inner}{f',{inner}'.join(items)}{indent}}}" if items else "{}"
    listed = [written(each, inner) for each in value]
    return f"[{inner}{f',{inner}'.join(listed)}{indent}]" if listed else "[]"


def plain(value: Any) -> Any:
    """Data for JSON: mappings, lists, text, integers; a Fraction becomes an int or `"n/d"`."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else str(value)
    if isinstance(value, dict | Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, frozenset | set):
        return sorted(plain(item) for item in value)
    raise TypeError(f"{type(value).__name__} has no place in a result")
