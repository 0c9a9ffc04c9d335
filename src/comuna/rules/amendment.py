"""Amending the statute: a decision by the majority that the statute in force demands. What is voted
are the changes, place by place; what results must be a statute that could have been adopted."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec
from msgspec import inspect

from comuna.rules.act import Effect, Fact, Shape, enacts, prepares, require
from comuna.rules.living_on import check_lives_on
from comuna.rules.pack_checks import check
from comuna.rules.pack_shape import Fault, written
from comuna.rules.pack_shape import faults as shape_faults
from comuna.rules.state import State
from comuna.rules.statute import Statute, Text

NAMES = ("id", "matter", "call")
_SHAPE = inspect.type_info(Statute)


class Change(Shape, frozen=True, kw_only=True):
    """One place of the statute and its new value: "assembly.notice_days" → 10,
    "offices.treasurer.term_days" → 365, "majorities.recall.at_least" → "2/3"."""

    place: str
    value: str | int | bool | list[str]


class AmendStatute(Effect, frozen=True, kw_only=True, tag="amend-statute"):
    """Change the statute from now on. Decisions taken before are judged by the statute of their
    day."""

    matter: ClassVar[str] = "amend-statute"
    changes: tuple[Change, ...]

    def thing(self) -> str:
        return "statute"


class StatuteAmended(Fact, frozen=True):
    statute: Statute
    decision: int
    at: int

    def apply(self, state: State) -> None:
        state.adopt(self.at, self.statute)


def amended(statute: Statute, changes: tuple[Change, ...]) -> Statute:
    """The statute with these changes, one version later. Raises Refused where a place does not
    exist or the result is no lawful statute."""
    whole: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(statute))
    for change in changes:
        set_at(whole, change)
    whole["version"] = statute.version + 1
    wrong = list(shape_faults(whole, _SHAPE))
    bounds = all(fault.bounds for fault in wrong)
    require(not wrong or bounds, "amendment_malformed", detail=in_words(wrong))
    require(not wrong, "amendment_unsound", detail=in_words(wrong))
    result = msgspec.convert(whole, Statute)
    faults = list(check(result))
    require(not faults, "amendment_unsound", detail=in_words(faults))
    return result


def in_words(faults: list[Fault]) -> Text:
    """The first faults with what would be right, in both languages."""
    return {
        lang: "; ".join(f"{written(f.place)}: {f.what[lang]}. {f.remedy[lang]}" for f in faults[:3])
        for lang in ("en", "es")
    }


def set_at(whole: dict[str, Any], change: Change) -> None:
    """Set one place; tables in a list are named by their id, matter or call."""
    *path, last = change.place.split(".")
    require(path and path[0] in whole, "place_unknown", place=change.place)
    here: Any = whole
    for part in path:
        here = step_into(here, part)
        require(here is not None, "place_unknown", place=change.place)
    require(isinstance(here, dict) and last not in NAMES, "place_unknown", place=change.place)
    here[last] = change.value


def step_into(here: Any, part: str) -> Any:
    if isinstance(here, dict):
        return here.get(part)
    if isinstance(here, list):
        named = [t for t in here if isinstance(t, dict) and part in [str(t.get(n)) for n in NAMES]]
        return named[0] if named else None
    return None


@prepares(AmendStatute)
def can_amend(state: State, effect: AmendStatute, when: int, voting: bool) -> None:
    require(effect.changes, "text_missing")
    check_lives_on(state, amended(state.statute, effect.changes), when)


@enacts(AmendStatute)
def amend(state: State, effect: AmendStatute, decision: int, when: int) -> list[Fact]:
    return [StatuteAmended(amended(state.statute, effect.changes), decision, when)]
