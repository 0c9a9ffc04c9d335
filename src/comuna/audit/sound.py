"""What no statute may say, however it came to be adopted: that nobody could ever meet, agree, sign
or carry anything out under it, that one person who stays away stops everyone, that a few decide
for all, or that something moves on the word of the server alone (docs/statutes.md, "Bounds")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

_FRACTION = re.compile(r"[0-9]{1,9}([./][0-9]{1,9})?", re.ASCII)

SHARES = {
    *("at_least", "more_than", "quorum", "callers", "suspend_support", "petition", "share"),
    *("renew_at_least", "below", "cash_share", "interest", "approval_quorum", "participation"),
}
"""Fields that name a part of a whole."""

WITHOUT_SIGNATURE = frozenset(("check-in", "check-out", "ask-turn", "give-turn", "give-notice"))
"""Acts that move nothing, which a statute may accept from the server."""


def fraction_of(text: Any) -> Fraction:
    """A fraction as statutes write it, "2/3"; nothing is 0. Others are refused: "1e999999" is one
    that would keep a computer busy for ever."""
    if not text:
        return Fraction(0)
    if not _FRACTION.fullmatch(str(text)):
        raise ValueError(f"the fraction {str(text)[:40]!r}")
    return Fraction(str(text))


def check_sound(statute: dict[str, Any]) -> None:
    """Raise ValueError, KeyError or TypeError where a statute says what none may."""
    for name, text in _shares(statute):
        _need(fraction_of(text) <= 1, f"{name} is {text}, more than the whole")
    _calls(statute["assembly"])
    matters = {str(rule["matter"]): rule for rule in statute["majorities"]}
    for matter, rule in matters.items():
        _majority(matter, rule)
    for matter in matters.keys() & {"default", "amend-statute"}:
        _without_somebody(matter, matters[matter])
    _signatures(statute)
    law = statute["decisions"]
    lasts, challenged = law.get("execution_days", 365) * 24, law.get("challenge_hours", 48)
    _need(lasts > challenged, "decisions lapse before anything can be done with them")


def _need(holds: object, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)


def _shares(value: Any) -> Iterator[tuple[str, Any]]:
    """Every part of a whole that is named anywhere in the statute."""
    if isinstance(value, list):
        for item in value:
            yield from _shares(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name in SHARES and not isinstance(item, dict | list):
                yield name, item
            if name not in ("articles", "title", "settings"):  # texts under names of any kind
                yield from _shares(item)


def _calls(assembly: dict[str, Any]) -> None:
    """An assembly can be called, opened when its notice has passed, at every call, and before the
    body falls asleep."""
    calls = assembly["calls"]
    _need(calls, "no assembly can be called")
    _need([c["call"] for c in calls] == [*range(1, len(calls) + 1)], "calls are out of order")
    for call in calls:
        share, above = fraction_of(call.get("at_least")), fraction_of(call.get("more_than"))
        ways = [share > 0, above > 0, bool(call.get("half_plus_one"))]
        count = call.get("count", 0) > 0
        either = (
            call.get("least", False)
            and count
            and ways in ([True, False, False], [False, True, False])
        )
        one = not call.get("least", False) and sum(ways) + count == 1
        _need(either or one, f"the quorum of call {call['call']} is not said in one way")
        _need(above < 1, "more than everyone would have to be there")
    _need(fraction_of(calls[-1].get("at_least")) < 1, "one who stays away stops every assembly")
    gaps = sum(call.get("gap_hours", 1) for call in calls[1:])
    notice = max(assembly["notice_days"], assembly.get("notice_days_max", 0))
    within = assembly.get("open_within_days", 100)
    _need(within > notice + gaps // 24, "an assembly called in time cannot be opened")
    _need(assembly.get("silence_days", 365) > within, "the body falls asleep before its assembly")


def _majority(matter: str, rule: dict[str, Any]) -> None:
    """What carries a matter is said once, and can be reached."""
    above, least = fraction_of(rule.get("more_than")), fraction_of(rule.get("at_least"))
    said = [bool(rule.get(way)) for way in ("more_than", "at_least", "agreement")]
    _need(sum(said) == 1, f"the majority for {matter} is not said in one way")
    _need(above < 1, f"more than everyone would have to agree on {matter}")
    _need(least > 0 or not rule.get("at_least"), f"nobody would have to agree on {matter}")


def _without_somebody(matter: str, rule: dict[str, Any]) -> None:
    """The matters without which a body stands still do not wait for the last person."""
    of_everyone = ["quorum", "approval_quorum"] + ["at_least"] * (rule["of"] == "roll")
    waits = any(fraction_of(rule.get(name)) == 1 for name in of_everyone)
    _need(not waits, f"one who stays away stops {matter}")


def _signatures(statute: dict[str, Any]) -> None:
    """There are seats for all who have to sign, and signatures under all that moves something."""
    offices = statute["offices"]
    seats = sum(o["seats"] for o in offices if "approve-payment" in o["powers"])
    _need(statute["treasury"]["signatures"] <= seats, "more have to sign a payment than can")
    others = [o for o in offices if "record-paper" not in o["powers"]]
    _need(others, "every office enters paper, and none is left to witness it")
    forms = [(set(rule["acts"]), rule["forms"]) for rule in statute["authorship"]]
    _need(any("*" in acts for acts, _ in forms), "no form of authorship for acts in general")
    bare = [acts - WITHOUT_SIGNATURE for acts, accepted in forms if "attested" in accepted]
    _need(not any(bare), "something moves on the word of the server alone")
