"""Whole sentences: why an act was refused, and what an effect will do once it is decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from comuna.rules.act import Effect, Refusal
from comuna.rules.amendment import step_into
from comuna.rules.state import State
from comuna.words.catalogue import catalogue
from comuna.words.fields import quoted, shown
from comuna.words.figures import Lang


class Words(NamedTuple):
    """What is wrong, and what would be right."""

    message: str
    remedy: str


def refusal(refused: Refusal, lang: Lang, state: State | None = None) -> Words:
    """A refusal in words. With the body's state, amounts bear its unit and offices and funds their
    titles. The article is `refused.article`; showing it is left to the page."""
    texts = catalogue("refusals")[refused.rule][lang]
    values = {name: shown(name, value, lang, state) for name, value in refused.params.items()}
    return Words(texts["message"].format_map(values), texts["remedy"].format_map(values))


def effect(decided: Effect, state: State | None, lang: Lang) -> str:
    """What an effect does, from the effect alone: the sentence members read before they vote. Two
    effects that differ read differently."""
    texts = catalogue("effects")[str(decided.__struct_config__.tag)][lang]
    values = {
        name: in_words(name, getattr(decided, name), texts, lang, state)
        for name in decided.__struct_fields__
    }
    lines = [
        line
        for name, line in texts.items()
        if name == "text" or (name in values and getattr(decided, name))
    ]
    return " ".join(line.format_map(values) for line in lines)


def in_words(
    name: str, value: Any, texts: Mapping[str, str], lang: Lang, state: State | None
) -> str:
    """A field of an effect; where it is a list of tables, each by its own line."""
    each = texts.get(f"{name}_each")
    if each is None:
        return shown(name, value, lang, state)
    sentences = []
    for item in items(name, value):
        known = {field: shown(field, part, lang, state) for field, part in item.items()}
        if name == "changes":
            known["value"] = changed(item["value"], lang)
            known["before"] = before(item["place"], texts["changes_before"], lang, state)
        sentences.append(each.format_map(known))
    return "; ".join(sentences)


def items(name: str, value: Any) -> Iterator[dict[str, Any]]:
    """The parts of a list field, each as a table of its fields."""
    if name == "choices":
        yield from ({"step": step, "choice": choice} for step, choice in sorted(value.items()))
    elif name == "allocations":
        people = sorted(value.items(), key=lambda item: (len(item[0]), item[0]))
        yield from ({"member": member, "amount": amount} for member, amount in people)
    else:
        yield from (msgspec.structs.asdict(part) for part in value)


def before(place: str, template: str, lang: Lang, state: State | None) -> str:
    """What the statute in force says at the place that an amendment changes; "" where nothing."""
    here: Any = msgspec.to_builtins(state.statute) if state is not None else None
    for part in place.split("."):
        here = step_into(here, part)
    if here is None or isinstance(here, dict):
        return ""
    return template.format(before=changed(here, lang))


def changed(value: Any, lang: Lang) -> str:
    """A value of the statute."""
    if isinstance(value, list):
        return ", ".join(changed(item, lang) for item in value) or "–"
    return quoted(value, lang) if isinstance(value, str) else shown("", value, lang, None)
