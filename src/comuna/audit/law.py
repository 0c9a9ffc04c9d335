"""The statute of a body, as it stands in its founding act and as decisions have amended it: what a
proof needs of it, read from plain data. Fields that a statute leaves out have the value that the
format of packs gives them.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

from comuna.audit.bounds import check_bounds
from comuna.audit.canonical import Malformed
from comuna.audit.names import base
from comuna.audit.sound import check_sound, fraction_of

PERSONAL = ("member_accounts", "advances", "share_capital")
"""Accounts of which every member has their own, "member_accounts:12"."""


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many must be present at one call."""

    at_least: Fraction
    more_than: Fraction
    half_plus_one: str
    count: int
    least: bool
    gap_hours: int

    def needed(self, roll: int) -> int:
        """The least number out of a roll of so many."""
        if self.half_plus_one:
            return roll // 2 + 1 if self.half_plus_one == "floor" else ceil(Fraction(roll, 2)) + 1
        if self.more_than:
            share = floor(self.more_than * roll) + 1
        elif self.at_least:
            share = ceil(self.at_least * roll)
        else:
            return self.count
        return min(share, self.count) if self.least else share


@dataclass(frozen=True, slots=True)
class Majority:
    """The share of a base that carries a matter."""

    base: str
    more_than: Fraction
    at_least: Fraction
    tie: str
    quorum: Fraction
    approval: Fraction
    agreement: str
    minus: int
    participation: Fraction  # 0: the assembly's

    def reached(self, yes: int, bases: Mapping[str, int]) -> bool:
        base = bases[self.base]
        if yes < ceil(self.approval * bases["roll"]):
            return False
        if self.more_than:
            return yes > self.more_than * base
        return 0 < yes >= self.at_least * base


@dataclass(frozen=True, slots=True)
class Count:
    """How a contest is counted, and what its ballots bear."""

    matters: frozenset[str]
    method: str
    settings: Mapping[str, str]
    tie: str
    marks: str
    points_max: int
    points_total: int
    options_max: int
    ways: tuple[str, ...]
    participation: Fraction  # 0: the assembly's


@dataclass(frozen=True, slots=True)
class Office:
    """What the law says of an office. `petition` is None where nobody can be recalled from it."""

    seats: int
    alternates: int
    term_days: int
    powers: tuple[str, ...]
    lot: bool
    terms_max: int
    age_min: int
    renew_at_least: Fraction
    incompatible: tuple[str, ...]
    kinship_bar: int
    petition: Fraction | None
    half_term: bool
    hearing_days: int
    barred_days: int


class Law:
    """One version of a statute. Raises `Malformed` where it says something that cannot be read."""

    def __init__(self, statute: dict[str, Any]) -> None:
        self.statute = statute
        self._accepted: dict[str, tuple[str, ...]] = {}
        try:
            check_bounds(statute)
            check_sound(statute)
            self._read(statute)
        except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError) as error:
            raise Malformed(f"the statute cannot be read: {error!r}") from None

    def _read(self, law: dict[str, Any]) -> None:
        members, assembly = law["members"], law["assembly"]
        self.kinds = {str(k["id"]): _rights(k) for k in members["kinds"]}
        self.founders_min = int(members["founders_min"])
        self.voting_age = int(members["voting_age"])
        self.vote_after_days = int(members.get("vote_after_days", 0))
        self.hearing_days = int(members.get("exclusion_hearing_days", 15))
        self.key_waiting_days = int(members.get("key_waiting_days", 7))
        self.key_sponsors = int(members.get("key_sponsors", 3))
        paper = law["paper"]
        self.witnesses = int(paper.get("witnesses", 2))
        self.witness_keys = int(paper.get("keys", 1))
        self.deciding_keys = int(paper.get("deciding_keys", 2))
        self.undo_days = int(paper.get("undo_days", 7))
        self.late_days = int(paper.get("late_days", 15))
        keys = self.witness_keys >= 1 and self.deciding_keys >= 2
        named = self.witnesses >= max(self.witness_keys, self.deciding_keys)
        if not (keys and named and self.undo_days >= 1 and self.late_days >= 0):
            raise ValueError("acts from paper without witnesses, or without days to undo them")
        self.bars_after_days = int(law["interests"]["bars_after_days"])
        self.lot_for_too_few = {"above": False, "lot": True}[law["interests"]["too_few"]]
        if not 1 <= self.bars_after_days <= 3660:
            raise ValueError(f"interests bar for {self.bars_after_days} days")
        self.forms = [(_texts(a["acts"]), _texts(a["forms"])) for a in law["authorship"]]
        self.calls = {int(c["call"]): _quorum(c) for c in assembly["calls"]}
        self.notice_days = int(assembly["notice_days"])
        self.notice_days_max = int(assembly.get("notice_days_max", 0))  # 0: as early as one likes
        self.open_within_hours = _whole(assembly, "open_within_hours", 3, 1, 72)
        self.open_within_days = _whole(assembly, "open_within_days", 100, 1, 366)
        self.wait_minutes = _whole(assembly, "wait_minutes", 30, 1, 720)
        self.silence_days = _whole(assembly, "silence_days", 365, 90, 3660)
        self.second_reading = assembly.get("second_reading", False) is True
        latest = int(assembly.get("notice_days_max", 0)) or self.notice_days
        waits = self.wait_minutes < self.open_within_hours * 60 or len(self.calls) < 2
        if latest < self.notice_days or not waits:
            raise ValueError("an assembly, or its second call, that could never be held")
        self.callers = fraction_of(assembly.get("callers", "1/5"))
        self.off_agenda = frozenset(_texts(assembly.get("off_agenda", [])))
        self.participation = _some_part(assembly["participation"])
        self.vote_minutes = _whole(assembly, "vote_minutes", 15, 1, 1440)
        self.tellers = _whole(assembly, "tellers", 2, 2, 100)
        self.minutes_signers = int(assembly.get("minutes_signers", 2))
        self.barred = [
            (frozenset(_texts(b["offices"])), frozenset(_texts(b["matters"])))
            for b in assembly.get("barred", ())
        ]
        self.majorities = {str(m["matter"]): _majority(m) for m in law["majorities"]}
        if "default" not in self.majorities:
            raise ValueError("no default majority")
        self.counts = {str(c["id"]): _count(c) for c in law.get("counts", ())}
        decisions, treasury = law["decisions"], law["treasury"]
        self.challenge_hours = int(decisions.get("challenge_hours", 48))
        self.suspend_support = fraction_of(decisions.get("suspend_support", "1/10"))
        self.execution_days = int(decisions.get("execution_days", 365))
        self.offices = {str(o["id"]): _office(o) for o in law["offices"]}
        for name, office in self.offices.items():
            _shares_powers(name, set(office.powers))
        petitions = [o.petition for o in self.offices.values() if o.petition is not None]
        if max(self.callers, self.suspend_support, *petitions) > Fraction(1, 2):
            raise ValueError("more than half of the members are needed to act without an office")
        self.groups = {str(a["id"]): str(a["group"]) for a in treasury["accounts"]}
        self.money = frozenset(str(a["id"]) for a in treasury["accounts"] if a.get("money"))
        self.funds = {
            str(f["id"]): (bool(f.get("indivisible")), str(f.get("use", "authorise")))
            for f in treasury["funds"]
        }
        self.liquid = [str(f["id"]) for f in treasury["funds"] if f.get("liquid")]
        self.signatures = int(treasury["signatures"])
        self.payee_kinship = int(treasury.get("kinship_bar", 2))
        self.inalienable = frozenset(_texts(treasury.get("inalienable", [])))
        self.receipt_required = bool(treasury.get("receipt_required", True))
        self.objection_hours = int(treasury.get("objection_hours", 24))
        self.correction_days = int(treasury.get("correction_days", 15))
        self.entry_share = _part_up_to(treasury.get("entry_share", "1/20"), Fraction(1, 4))
        self.income_share = _part_up_to(treasury.get("income_share", "1/2"), Fraction(1))
        production = law["production"]
        self.minutes_a_day = int(production["minutes_a_day"])
        self.work_late_days = int(production["late_days"])
        self.rounding = {"up": 2, "half_even": 1, "down": 0}[production["rounding"]]
        self.advances = str(law["surplus"].get("advances", "costs"))

    def accepted(self, kind: str) -> tuple[str, ...]:
        """The forms of authorship accepted for a kind of act."""
        if kind not in self._accepted:
            self._accepted[kind] = self._forms_of(kind)
        return self._accepted[kind]

    def _forms_of(self, kind: str) -> tuple[str, ...]:
        general: tuple[str, ...] = ()
        for acts, forms in self.forms:
            if kind in acts:
                return forms
            if "*" in acts:
                general = forms
        return general

    def majority(self, matter: str) -> Majority:
        return self.majorities.get(matter) or self.majorities["default"]

    def group(self, account: str) -> str:
        """The group of an account in the chart; empty where it is not in it."""
        return self.groups.get(base(account), "")

    def is_money(self, account: str) -> bool:
        return base(account) in self.money

    def amended(self, changes: list[dict[str, Any]]) -> Law:
        """The law with these places changed, one version later. Raises `Malformed`."""
        statute = copy.deepcopy(self.statute)
        for change in changes:
            _change(statute, str(change["place"]), change["value"])
        statute["version"] = int(statute["version"]) + 1
        return Law(statute)


_ALONE = (
    ("request-payment", "approve-payment", "keep-accounts"),
    ("approve-payment", "keep-accounts", "oversee"),
    ("call-assembly", "preside", "tell"),
    ("call-assembly", "record-paper"),
)
"""Powers that together pay, take back, or say that an assembly was held: with another office in
each of these, one office alone moves nothing."""


def _shares_powers(name: str, powers: set[str]) -> None:
    if any(powers.issuperset(together) for together in _ALONE):
        raise ValueError(f"the office {name} needs no other for what should take two")


def _rights(kind: dict[str, Any]) -> tuple[bool, bool, bool, bool]:
    """(votes, shares in the surplus, holds office, is for bodies)"""
    return (
        bool(kind.get("votes", True)),
        bool(kind.get("shares_surplus", True)),
        bool(kind.get("holds_office", True)),
        bool(kind.get("bodies", False)),
    )


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise ValueError(f"{value!r:.40} is no list of texts")
    return tuple(value)


def _some_part(text: Any) -> Fraction:
    """A part of a whole: neither nothing nor all of it."""
    part = fraction_of(text)
    if not 0 < part < 1:
        raise ValueError(f"a part of a whole is meant, not {str(text)[:40]!r}")
    return part


def _part_up_to(text: Any, most: Fraction) -> Fraction:
    """A part of a whole: not nothing, and no more than `most` of it."""
    part = fraction_of(text)
    if not 0 < part <= most:
        raise ValueError(f"a part of a whole is meant, up to {most}, not {str(text)[:40]!r}")
    return part


def _whole(rule: dict[str, Any], name: str, unsaid: int, least: int, most: int) -> int:
    """A number of a rule, within its range."""
    number = rule.get(name, unsaid)
    if type(number) is not int or not least <= number <= most:
        raise ValueError(f"{name} is {str(number)[:40]!r}, not from {least} to {most}")
    return number


def _quorum(call: dict[str, Any]) -> Quorum:
    return Quorum(
        fraction_of(call.get("at_least")),
        fraction_of(call.get("more_than")),
        str(call.get("half_plus_one", "")),
        int(call.get("count", 0)),
        bool(call.get("least", False)),
        _whole(call, "gap_hours", 1, 1, 2160),
    )


def _majority(rule: dict[str, Any]) -> Majority:
    if rule["of"] not in ("valid", "cast", "present", "roll"):
        raise ValueError(f"a majority of {rule['of']!r}")
    shares = [fraction_of(rule[part]) for part in ("more_than", "at_least") if rule.get(part)]
    if any(2 * share < 1 for share in shares):
        raise ValueError("a majority that is a minority")
    return Majority(
        str(rule["of"]),
        fraction_of(rule.get("more_than")),
        fraction_of(rule.get("at_least")),
        str(rule["tie"]),
        fraction_of(rule.get("quorum")),
        fraction_of(rule.get("approval_quorum")),
        str(rule.get("agreement", "")),
        int(rule.get("minus", 0)) if rule.get("agreement") == "consensus" else 0,
        _some_part(rule["participation"]) if rule.get("participation") else Fraction(0),
    )


def _count(rule: dict[str, Any]) -> Count:
    settings = {str(name): str(value) for name, value in rule.get("settings", {}).items()}
    return Count(
        frozenset(_texts(rule["matters"])),
        str(rule["method"]),
        settings,
        str(rule.get("tie", "lot")),
        str(rule.get("marks", "")),
        int(rule.get("points_max", 0)),
        int(rule.get("points_total", 0)),
        int(rule.get("options_max", 0)),
        _texts(rule.get("ways", ["hands", "roll-call", "papers"])),
        _some_part(rule["participation"]) if rule.get("participation") else Fraction(0),
    )


def _office(office: dict[str, Any]) -> Office:
    recall = office.get("recall") or {}
    return Office(
        int(office["seats"]),
        int(office.get("alternates", 0)),
        int(office["term_days"]),
        _texts(office["powers"]),
        office.get("choose", "election") == "lot",
        int(office.get("terms_max", 0)),
        int(office.get("age_min", 0)),
        fraction_of(office.get("renew_at_least")),
        _texts(office.get("incompatible", [])),
        int(office.get("kinship_bar", 0)),
        fraction_of(recall["petition"]) if recall else None,
        bool(recall.get("half_term", False)),
        int(recall.get("hearing_days", 0)),
        int(recall.get("barred_days", 0)),
    )


def _change(statute: dict[str, Any], place: str, value: Any) -> None:
    *path, last = place.split(".")
    here: Any = statute
    for part in path:
        if isinstance(here, list):
            rows = (r for r in here if part in {str(r.get(n)) for n in ("id", "matter", "call")})
            here = next(rows, None)
        else:
            here = here.get(part)
    if not path or not isinstance(here, dict) or last in ("id", "matter", "call"):
        raise Malformed(f"the statute has no place {place!r}")
    here[last] = value
