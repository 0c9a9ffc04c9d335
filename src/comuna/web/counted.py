"""A vote among options once it is counted, as the decision's page shows it: what was chosen and
why, round by round, with the ballots and the way to count them again."""

from __future__ import annotations

from typing import Any

import msgspec
from django.utils.safestring import SafeString

from comuna import words
from comuna.count import table
from comuna.count.pictures import rounds_picture
from comuna.count.result import Result
from comuna.readings import working
from comuna.rules.contest import Contest, marks_of
from comuna.rules.state import Proposal
from comuna.web import pictures
from comuna.web.contests import Choice, choices_of, money, told_rule
from comuna.web.visit import Visit

TRANSFERS = ("irv", "stv-scottish", "stv-meek")
GROUPS_SHOWN = 200


def counted(
    here: Visit, row: dict[str, Any], proposal: Proposal, contest: Contest
) -> dict[str, Any]:
    """What the page shows of one vote of a contest, open or closed."""
    known = working.law_of_vote(here.state, row, contest)
    found = working.results(row)
    result = found[0][1] if found else None
    kind, titles = marks_of(known), {o.id: o.title for o in contest.options}
    fixed = working.rule_of_vote(known, row, contest, proposal.standing)
    winners = msgspec.json.decode(row["winners"]) if row["winners"] else []
    shown: dict[str, Any] = {
        "rule": told_rule(here, known, fixed, titles),
        "chosen": [(place, titles[each]) for place, each in enumerate(winners, 1)],
        "papers": [
            (words.ballot(marks, kind, titles, here.lang), number)
            for marks, number in working.papers_of(row)[:GROUPS_SHOWN]
        ],
        "method_name": words.counts.method(fixed.method, here.lang),
    }
    if result is None:
        return shown
    told = working.in_money(result, lambda amount: money(here, amount))
    name = f"decision-{proposal.number}-vote-{row['number']}"
    endings = working.files(known, row, contest, result, proposal.title)
    second = result.notes.get("second_round", ())
    without = result.notes.get("without_guarantees")
    return shown | {
        "why": why(here, contest, told),
        "rows": table.grid(told, here.lang),
        "steps": [line.strip() for line in table.steps(told, here.lang)],
        "transfers": transfers(here, result),
        "money": prices(here, contest, result),
        **represented(here, result, row["ballots"]),
        "ties": [
            here.text(
                "contest.tie",
                **tie | {"word": words.counts.broken_by(tie["word"], here.lang)},
            )
            for tie in working.ties(result)
        ],
        "second_round": ", ".join(titles[each] for each in second),
        "without_guarantees": ", ".join(titles[each] for each in without)
        if without is not None and tuple(without) != result.winners
        else "",
        "left": told.notes.get("left") if result.rule.budget is not None else None,
        "endings": list(endings),
        "line": working.line(row, result, name, endings),
    }


def why(here: Visit, contest: Contest, told: Result) -> list[tuple[Choice, int, list[str]]]:
    """(option, its place among the chosen or 0, the sentences about it), those chosen first."""
    said: dict[str, list[str]] = {each: [] for each in told.winners}
    for each, text in working.sentences(told, here.lang):
        said.setdefault(each, []).append(text)
    choices = {choice.id: choice for choice in choices_of(here, contest)}
    place = {each: at for at, each in enumerate(told.winners, 1)}
    return [(choices[each], place.get(each, 0), texts) for each, texts in said.items()]


def transfers(here: Visit, result: Result) -> str:
    """The votes of everyone in every round, where votes pass from one to another."""
    if result.rule.method not in TRANSFERS or len(result.rounds) < 2:
        return ""
    return SafeString(rounds_picture(result, here.lang))


def prices(here: Visit, contest: Contest, result: Result) -> list[tuple[str, str, str]]:
    """(project, its cost, a bar of it as far as its support reached), where money is shared out."""
    if result.rule.budget is None:
        return []
    facts = {one.candidate: one.facts for one in result.explanations}
    most = max(option.cost for option in contest.options)
    found: list[tuple[str, str, str]] = []
    for option in contest.options:
        chosen = option.id in result.winners
        had = option.cost if chosen else int(facts.get(option.id, {}).get("had", 0))
        parts = [pictures.Part(min(had, option.cost), "good" if chosen else "soft", "")]
        cost = money(here, option.cost)
        told = f"{money(here, min(had, option.cost))} / {cost}"
        found.append(
            (option.title, cost, pictures.priced(option.title, told, parts, option.cost, most))
        )
    return found


def represented(here: Visit, result: Result, ballots: int) -> dict[str, Any]:
    """How many of all ballots support something chosen."""
    some = result.notes.get("represented")
    if some is None:
        return {}
    told = here.text("contest.represented_of", some=some, ballots=ballots)
    title = here.text("contest.represented")
    picture = pictures.level(title, told, some, ballots, "good")
    return {"represented": picture, "represented_words": told}
