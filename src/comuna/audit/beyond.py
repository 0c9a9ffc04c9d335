"""Whether an amendment adopted in the sitting went beyond what stood on the call: an amount that
rose, somebody else who is paid, an effect that was not there."""

from __future__ import annotations

from typing import Any

Effect = dict[str, Any]


def beyond(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Two questions as they stand in the book, before and after."""
    if ("contest" in before) != ("contest" in after):
        return any(_all_effects(after))
    if "contest" in after:
        return _choice_beyond(before["contest"], after["contest"])
    return _effects_beyond(before.get("effects", []), after.get("effects", []))


def _all_effects(question: dict[str, Any]) -> list[Effect]:
    options = question.get("contest", {}).get("options", ())
    return [*question.get("effects", ()), *(e for o in options for e in o.get("effects", ()))]


def _effects_beyond(before: list[Effect], after: list[Effect]) -> bool:
    """Each effect has to find its own among those that were called."""
    rest = list(before)
    for effect in after:
        own = next((old for old in rest if not _exceeds(old, effect)), None)
        if own is None:
            return True
        rest.remove(own)
    return False


def _exceeds(old: Effect, new: Effect) -> bool:
    """Anything but the same effect, or one that spends less, for less time, or sells dearer."""
    if old["effect"] != new["effect"]:
        return True
    looser = [
        name
        for name in old.keys() | new.keys()
        if old.get(name) != new.get(name) and not _tighter(old, new, name)
    ]
    return bool(looser)


def _tighter(old: Effect, new: Effect, name: str) -> bool:
    was: Any = old.get(name)
    now: Any = new.get(name)
    match (new["effect"], name):
        case ("authorise", "limit") | ("transfer" | "allow-entry", "amount"):
            return bool(0 < now < was)
        case ("authorise", "each"):
            return bool(now) and (not was or now < was)
        case ("authorise", "since") | ("dispose-asset", "price"):
            return bool(now > was)
        case ("authorise" | "allow-entry", "until"):
            return bool(now < was)
        case ("amend-statute", "changes"):
            return all(change in was for change in now)
        case ("set-prices", "prices"):
            decided = {(each["product"], each["measure"], each["per"]): each for each in was}
            asked = ((decided.get((e["product"], e["measure"], e["per"])), e) for e in now)
            return all(
                old and new["price"] <= old["price"] and new["most"] <= old["most"]
                for old, new in asked
            )
        case ("budget", "lines"):
            allowed = {line["line"]: line["amount"] for line in was}
            limits = {line["line"]: line["amount"] for line in now}
            same = limits.keys() == allowed.keys()  # what has no line has no limit
            return same and all(limits[line] <= most for line, most in allowed.items())
    return False


def _choice_beyond(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Options that do more, more of them chosen, another way of counting, or rivals that may now
    both win."""
    if before["count"] != after["count"]:
        return True
    if any(after.get(extent, 0) > before.get(extent, 0) for extent in ("seats", "budget")):
        return True
    old = {option["id"]: option for option in before["options"]}
    left = set()
    for option in after["options"]:
        left.add(option["id"])
        known = old.get(option["id"])
        if known is None:
            if option.get("effects"):
                return True
            continue
        if option.get("groups", []) != known.get("groups", []):
            return True
        if _effects_beyond(known.get("effects", []), option.get("effects", [])):
            return True
    rivals = [left.intersection(group) for group in before.get("exclusive", ())]
    apart = [set(group) for group in after.get("exclusive", ())]
    return any(len(group) > 1 and not any(group <= new for new in apart) for group in rivals)
