"""Whether an amendment asks for more than what the members were called for: a higher amount,
another payee, an effect that was not there. Effects are compared as the data they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from comuna.rules.act import Effect
from comuna.rules.contest import Contest

Data = dict[str, Any]


def widens(
    called: tuple[Sequence[Effect], Contest | None], asked: tuple[Sequence[Effect], Contest | None]
) -> bool:
    """Whether the effects and options asked for go beyond those that stood on the call."""
    (effects, options), (wanted, choices) = called, asked
    if options is None and choices is None:
        return more(effects, wanted)
    if options is not None and choices is not None:
        return more_to_choose(options, choices)
    return bool(wanted) or any(option.effects for option in (choices.options if choices else ()))


def more(effects: Sequence[Effect], wanted: Sequence[Effect]) -> bool:
    """Whether any effect wanted is neither one of those there nor less of one."""
    left = [msgspec.to_builtins(effect) for effect in effects]
    for effect in wanted:
        new = msgspec.to_builtins(effect)
        old = next((each for each in left if within(new, each)), None)
        if old is None:
            return True
        left.remove(old)
    return False


def within(new: Data, old: Data) -> bool:
    """Whether one effect is another, or less of it. Only what spends can be made less: whatever
    else it says is the same."""
    kind = new["effect"]
    if kind != old["effect"]:
        return False
    less: Mapping[str, bool] = {}
    if kind == "authorise":
        each, most = new.get("each", 0), old.get("each", 0)
        less = {
            "limit": 0 < new["limit"] <= old["limit"],
            "each": not most or 0 < each <= most,
            "since": new["since"] >= old["since"],
            "until": new["until"] <= old["until"],
        }
    elif kind == "allow-entry":
        less = {
            "amount": 0 < new["amount"] <= old["amount"],
            "until": new["until"] <= old["until"],
        }
    elif kind == "transfer":
        less = {"amount": 0 < new["amount"] <= old["amount"]}
    elif kind == "dispose-asset":
        less = {"price": new["price"] >= old["price"]}
    elif kind == "amend-statute":
        less = {"changes": all(change in old["changes"] for change in new["changes"])}
    elif kind == "budget":
        less = {"lines": smaller_lines(new["lines"], old["lines"])}
    elif kind == "set-prices":
        less = {"prices": smaller_prices(new["prices"], old["prices"])}
    rest = (new.keys() | old.keys()) - less.keys()
    return all(less.values()) and all(new.get(name) == old.get(name) for name in rest)


def smaller_lines(new: Sequence[Data], old: Sequence[Data]) -> bool:
    """Whether no line of a budget is new or higher, and none is gone: a line that is not there
    limits nothing."""
    most = {line["line"]: line["amount"] for line in old}
    kept = {line["line"] for line in new} == most.keys()
    return kept and all(line["amount"] <= most[line["line"]] for line in new)


def smaller_prices(new: Sequence[Data], old: Sequence[Data]) -> bool:
    """Whether no price of a list is new or higher, nor what may be brought at it."""
    most = {(item["product"], item["measure"], item["per"]): item for item in old}
    asked = [(item, most.get((item["product"], item["measure"], item["per"]))) for item in new]
    return all(
        was is not None and item["price"] <= was["price"] and item["most"] <= was["most"]
        for item, was in asked
    )


def more_to_choose(called: Contest, asked: Contest) -> bool:
    """Whether a choice has options that do more, chooses more, or is counted otherwise. An option
    that does nothing may be added, and any may go."""
    known = {option.id: option for option in called.options}
    for option in asked.options:
        old = known.get(option.id)
        if old is None and not option.effects:
            continue
        if old is None or more(old.effects, option.effects) or old.groups != option.groups:
            return True
    here = {option.id for option in asked.options}
    apart = [set(group) & here for group in called.exclusive]
    kept = all(len(g) < 2 or any(g <= set(new) for new in asked.exclusive) for g in apart)
    extent = asked.seats <= called.seats and asked.budget <= called.budget
    return called.count != asked.count or not extent or not kept
