"""The statute in force: every rule, its article, its law, and whether anyone has read it there."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

import msgspec

from comuna import words
from comuna.rules.statute import Rule, Statute
from comuna.web.visit import Visit, page
from comuna.words.counts import majority

COMMON = set(Rule.__struct_fields__)
TONES = {"verified": "good", "seen": "", "draft": "wait"}


@page("statute.html", "statute")
def statute(here: Visit) -> dict[str, Any]:
    """The law of the body as data: majorities and calls in words, then every rule."""
    law = here.state.statute
    read: Counter[str] = Counter(rule.status for _, rule in law.rules())
    return {
        "law": law,
        "law_title": here.title(law.title),
        "statuses": [
            (words.term("status", s, here.lang), read[s], TONES[s]) for s in TONES if read[s]
        ],
        "sources": [
            (s, words.term("status", s.status, here.lang), TONES[s.status]) for s in law.sources
        ],
        "majorities": majorities(here, law),
        "counts": counts(here, law),
        "calls": calls(here, law),
        "steps": steps(here, law),
        "parts": parts(here, law),
        "versions": list(here.rows("statute").order_by("-number")),
    }


def majorities(here: Visit, law: Statute) -> list[dict[str, Any]]:
    """Which majority each matter needs."""
    return [
        {
            "matter": words.term("matter", rule.matter, here.lang),
            "needs": majority(rule, here.lang),
            "tie": here.text(f"statute.tie_{rule.tie.replace('-', '_')}"),
            "quorum": rule.quorum,
            "article": rule.article,
        }
        for rule in law.majorities
    ]


def counts(here: Visit, law: Statute) -> list[dict[str, Any]]:
    """How decisions among options are counted."""
    return [
        {
            "title": here.title(rule.title),
            "method": words.counts.method(rule.method, here.lang),
            "says": " ".join(words.counts.of_statute(rule, here.lang, here.state)),
            "matters": ", ".join(words.term("matter", m, here.lang) for m in rule.matters),
            "ways": ", ".join(words.term("method", w, here.lang) for w in rule.ways),
            "article": rule.article,
        }
        for rule in law.counts
    ]


def calls(here: Visit, law: Statute) -> list[dict[str, Any]]:
    """How many must come at each call."""
    return [
        {
            "call": rule.call,
            "needs": quorum_words(here, rule),
            "gap": rule.gap_hours,
            "article": rule.article,
        }
        for rule in law.assembly.calls
    ]


def quorum_words(here: Visit, rule: Any) -> str:
    """A quorum in words."""
    if rule.half_plus_one:
        return here.text("statute.half_plus_one")
    parts = []
    if rule.more_than:
        parts.append(here.text("statute.quorum_more", share=rule.more_than))
    if rule.at_least:
        key = "statute.quorum_all" if Fraction(rule.at_least) == 1 else "statute.quorum_least"
        parts.append(here.text(key, share=rule.at_least))
    if rule.count:
        parts.append(here.text("statute.quorum_count", count=rule.count))
    return here.text("statute.or").join(parts)


def steps(here: Visit, law: Statute) -> list[dict[str, Any]]:
    """Where a surplus goes, in order."""
    return [
        {
            "fund": here.account(step.fund),
            "share": step.share,
            "rate": here.text(f"statute.rate_{step.rate}"),
            "base": here.text(f"statute.base_{step.base}"),
            "article": step.article,
        }
        for step in law.surplus.steps
    ]


def parts(here: Visit, law: Statute) -> list[tuple[str, list[dict[str, Any]]]]:
    """Every rule under the part of the statute it stands in."""
    found: dict[str, list[dict[str, Any]]] = {}
    for place, rule in law.rules():
        part = place.partition(".")[0]
        found.setdefault(part, []).append(described(here, place, rule, law))
    return [(here.text(f"statute.part_{part}"), rules) for part, rules in found.items()]


def described(here: Visit, place: str, rule: Rule, law: Statute) -> dict[str, Any]:
    """A rule with what it says, field by field, as it stands in the pack."""
    fields = {
        name: value
        for name, value in msgspec.to_builtins(rule).items()
        if name not in COMMON and not isinstance(value, dict | list)
    }
    return {
        "place": place,
        "article": rule.article,
        "articles": rule.articles,
        "law": rule.law or law.law,
        "status": words.term("status", rule.status, here.lang),
        "tone": TONES[rule.status],
        "note": rule.note,
        "fields": fields,
    }
