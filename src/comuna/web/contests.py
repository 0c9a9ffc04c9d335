"""What the pages show of a contest before it is counted: the options by their number on the ballot
paper, and the rule of the count in words, with its article and its fingerprint."""

from __future__ import annotations

from typing import NamedTuple

from comuna import words
from comuna.count.rule import Rule
from comuna.rules.act import Refused
from comuna.rules.choosing import law_and_rule
from comuna.rules.contest import Contest, standing_in
from comuna.rules.state import Proposal
from comuna.rules.statute import Count
from comuna.web.visit import Visit


class Choice(NamedTuple):
    """An option by its number, what it does when it is chosen, and what it costs ("": nothing)."""

    id: str
    number: int
    title: str
    effects: list[str]
    cost: str
    groups: tuple[str, ...]


class RuleInWords(NamedTuple):
    """The rule of a count: what the statute calls it, its sentences, where it stands, its hash."""

    title: str
    method: str
    sentences: list[str]
    article: str
    law: str
    hash: str


def money(here: Visit, amount: int) -> str:
    return words.money(amount, here.state.unit, here.state.decimals, here.lang)


def choices_of(
    here: Visit, contest: Contest, standing: frozenset[str] = frozenset()
) -> tuple[Choice, ...]:
    """The options that can be chosen."""
    there = standing_in(contest, standing)
    return tuple(
        Choice(
            option.id,
            number,
            option.title,
            [words.effect(e, here.state, here.lang) for e in option.effects],
            money(here, option.cost) if option.cost else "",
            option.groups,
        )
        for number, option in enumerate(contest.options, 1)
        if option in there
    )


def rule_in_words(
    here: Visit, proposal: Proposal, contest: Contest, when: int
) -> RuleInWords | None:
    """The rule by which a vote opened at this moment is counted; None where the statute of that
    day has none that fits."""
    try:
        known, fixed = law_and_rule(here.state, proposal, contest, when)
    except Refused:
        return None
    titles = {option.id: option.title for option in contest.options}
    return told_rule(here, known, fixed, titles)


def told_rule(here: Visit, known: Count, fixed: Rule, titles: dict[str, str]) -> RuleInWords:
    """A rule of the statute, and what it was told, in words."""
    return RuleInWords(
        here.title(known.title),
        words.counts.method(fixed.method, here.lang),
        words.counts.rule(known, fixed, titles, here.lang, here.state),
        known.article,
        known.law or here.state.statute.law,
        fixed.hash(),
    )
