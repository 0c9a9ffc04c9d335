"""Counts in words: the majority a matter needs, the rule of a count among options as it is read out
before the vote, and a ballot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from comuna.count.rule import METHODS, Rule
from comuna.rules.contest import marks_of
from comuna.rules.state import State
from comuna.rules.statute import Count, Majority
from comuna.words.catalogue import catalogue, term
from comuna.words.fields import amount
from comuna.words.figures import Lang


def majority(rule: Majority, lang: Lang) -> str:
    """What carries a matter: which share of which base, or agreement."""
    told = catalogue("counts")["majority"]
    if rule.agreement:
        many = "few" if rule.minus else "none"
        return str(told[many][lang]).format(minus=rule.minus)
    way = "more_than" if rule.more_than else "at_least"
    said = told[way][lang].format(
        share=rule.more_than or rule.at_least, base=told[f"of_{rule.of}"][lang]
    )
    if rule.approval_quorum:
        said += told["approval"][lang].format(share=rule.approval_quorum)
    return str(said)


UNSAID = ("method", "version", "ties", "votes_each")
"""Settings that have words of their own."""

USUAL = {"overvotes": "exhaust", "skipped_ranks": "any", "repeats": "skip"}
"""Settings of papers that are said where they are not these: ballots given here cannot differ."""


def method(name: str, lang: Lang) -> str:
    """The name of a method of counting."""
    return str(catalogue("counts")["method"][name][lang]["name"])


def of_statute(known: Count, lang: Lang, state: State) -> list[str]:
    """A rule of the statute in words, before a proposal says how many are chosen."""
    takes, told = METHODS[known.method][0], {"ties": "lot", **known.settings}
    left = "" if "seats" in told else next((n for n in ("budget", "seats") if n in takes), "")
    fixed = Rule.from_options(known.method, told | ({left: "2"} if left else {}))
    return rule(known, fixed, {}, lang, state, left)


def rule(
    known: Count, fixed: Rule, titles: Mapping[str, str], lang: Lang, state: State, left: str = ""
) -> list[str]:
    """A rule of the count, whole: method, ballot, how much is chosen, settings, ties. `titles` are
    those of the options; the setting `left` out is not said."""
    told = catalogue("counts")
    said = [told["method"][fixed.method][lang]["text"], *ballots(known, fixed, lang)]
    for name in fixed.__dataclass_fields__:
        value = getattr(fixed, name)
        if value is None or name in (*UNSAID, left) or USUAL.get(name) == value:
            continue
        text = told["setting"].get(name) or told["setting"][f"{name}_{value}"]
        said.append(text[lang].format(value=setting(name, value, titles, lang, state)))
    return [*said, ties(known, fixed, lang)]


def ballots(known: Count, fixed: Rule, lang: Lang) -> Iterator[str]:
    """What each person does with the ballot."""
    told = catalogue("counts")["marks"]
    kind = marks_of(known)
    most = {"limited": fixed.votes_each or 1, "block": fixed.seats or 1}.get(fixed.method)
    yield told["limited"][lang].format(most=most) if most else told[kind][lang]
    for name in ("points_max", "points_total"):
        if value := getattr(known, name):
            yield told[name][lang].format(most=value)


def setting(name: str, value: Any, titles: Mapping[str, str], lang: Lang, state: State) -> str:
    """One setting's value."""
    told = catalogue("counts")["setting"]
    if name == "budget":
        return amount(int(value), lang, state)
    if name == "exclusive":
        return "; ".join(" / ".join(titles.get(each, each) for each in group) for group in value)
    if name == "excluded_first":
        return ", ".join(titles.get(each, each) for each in value)
    if name in ("category_limits", "endowments"):
        return ", ".join(f"{each} {amount(int(most), lang, state)}" for each, most in value)
    if name == "guarantees":
        return "; ".join(
            told["at_least" if g.at_most is None else "between"][lang].format(
                group=g.group, least=g.at_least, most=g.at_most
            )
            for g in value
        )
    return str(value)


def ties(known: Count, fixed: Rule, lang: Lang) -> str:
    """What decides where options are level."""
    told = catalogue("counts")["ties"]
    early = [told[w][lang] for w in fixed.ties if known.tie != "repeat" or w != "lot"]
    said = [told["one" if len(early) == 1 else "order"][lang].format(words=", ".join(early))]
    return " ".join(
        [*said[: len(early)], *([told["repeat"][lang]] if known.tie == "repeat" else [])]
    )


def broken_by(word: str, lang: Lang) -> str:
    """What broke a tie."""
    known = catalogue("counts")["broken"].get(word)
    return str(known[lang]) if known else word


def ballot(marks: Mapping[str, int], kind: str, titles: Mapping[str, str], lang: Lang) -> str:
    """A ballot read out: what it marks, the first place first, the most points first."""
    if not marks:
        return term("choice", "blank", lang)
    place = {each: at for at, each in enumerate(titles)}
    order = sorted(marks, key=lambda each: (marks[each], place.get(each, 0)))
    if kind == "points":
        order.sort(key=lambda each: -marks[each])
        return ", ".join(f"{titles.get(each, each)} {marks[each]}" for each in order)
    if kind != "ranked":
        return "; ".join(titles.get(each, each) for each in order)
    text = ""
    for at, each in enumerate(order):
        sign = "" if not at else " = " if marks[each] == marks[order[at - 1]] else " > "
        text += sign + titles.get(each, each)
    return text
