"""The working of a count as the readings keep it: read back, told in words, and the files and the
line with which anyone counts again."""

from __future__ import annotations

import csv
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from io import StringIO
from typing import Any

import msgspec

from comuna.count.candidates import Project
from comuna.count.files.blt import write_blt
from comuna.count.files.pabulib import write_pb
from comuna.count.rankings import Rankings
from comuna.count.result import Explanation, Result, Round, Tie
from comuna.count.rule import Rule
from comuna.count.supports import Contest as Asked
from comuna.count.words import sentence
from comuna.readings.query import Row
from comuna.rules.contest import Contest, Option, ballots_of, law_of, lot_line, rule_of
from comuna.rules.state import State
from comuna.rules.statute import Count
from comuna.words import Lang

AMOUNTS = (
    *("cost", "had", "missing", "most", "pays_at_most", "load", "left", "endowment"),
    *("endowments", "went"),
)
"""Facts that are money where a budget is shared out."""

_FRACTION = re.compile(r"-?[0-9]+/[0-9]+")


# --- read back --------------------------------------------------------------------------------


def results(row: Row) -> list[tuple[dict[str, Any], Result]]:
    """Every count of a vote with its JSON: of a contest one, of a motion one a matter; none where
    no ballot was cast or the vote is still open."""
    if not row["working"]:
        return []
    said = msgspec.json.decode(row["working"])
    return [(one, result_of(one)) for one in (said if isinstance(said, list) else [said])]


def result_of(said: Mapping[str, Any]) -> Result:
    """A result from its JSON."""
    names = said["names"]
    return Result(
        Rule.from_options(said["rule"]["method"], options_of(said["rule"])),
        tuple(said["winners"]),
        tuple(Round(**exact(one, names)) for one in said["rounds"]),
        tuple(Tie(**exact(one, names)) for one in said["ties"]),
        tuple(
            Explanation(one["id"], one["key"], exact(one["facts"], names))
            for one in said["explanations"]
        ),
        exact(said["notes"], names),
        names,
    )


def exact(value: Any, names: Mapping[str, str]) -> Any:
    """Figures as they were: a text such as "7/2" is a fraction unless an option is called so."""
    if isinstance(value, dict):
        return {key: exact(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return tuple(exact(each, names) for each in value)
    if isinstance(value, str) and value not in names and _FRACTION.fullmatch(value):
        return Fraction(value)
    return value


def options_of(rule: Mapping[str, Any]) -> dict[str, str]:
    """What a rule was told, as a terminal is told it: the other way round of `from_options`."""
    told = {n: v for n, v in rule.items() if n not in ("arithmetic", "method", "version")}
    return {name: in_words(name, value) for name, value in told.items()}


def in_words(name: str, value: Any) -> str:
    if name == "exclusive":
        return "|".join(",".join(group) for group in value)
    if name in ("category_limits", "endowments"):
        return ",".join(f"{each}:{amount}" for each, amount in value)
    return ",".join(value) if isinstance(value, list) else str(value)


# --- told -------------------------------------------------------------------------------------


def in_money(result: Result, write: Callable[[int], str]) -> Result:
    """The result with its amounts as `write` tells them; in itself where no money is shared out.
    Parts of the smallest unit are left out."""
    if result.rule.budget is None:
        return result

    def told(name: str, value: Any) -> Any:
        if name == "went":
            return [(each, write(int(much))) for each, much in value]
        if isinstance(value, Mapping):
            return {key: write(int(much)) for key, much in value.items()}
        return write(int(value)) if isinstance(value, int | Fraction) else value

    def facts(known: Mapping[str, Any]) -> dict[str, Any]:
        return {name: told(name, v) if name in AMOUNTS else v for name, v in known.items()}

    return replace(
        result,
        rounds=tuple(replace(one, facts=facts(one.facts)) for one in result.rounds),
        explanations=tuple(replace(one, facts=facts(one.facts)) for one in result.explanations),
        notes=facts(result.notes),
    )


def sentences(result: Result, lang: Lang) -> list[tuple[str, str]]:
    """(option, why it was chosen or not), those chosen first."""
    return [(one.candidate, sentence(one, result.names, lang)) for one in result.explanations]


def ties(result: Result) -> list[dict[str, Any]]:
    """Every tie, with names in place of ids."""
    return [
        {
            "round": tie.round,
            "names": ", ".join(result.names.get(each, each) for each in tie.candidates),
            "order": " > ".join(result.names.get(each, each) for each in tie.order),
            "word": tie.broken_by,
        }
        for tie in result.ties
    ]


# --- counted again ----------------------------------------------------------------------------


Papers = Sequence[tuple[Mapping[str, int], int]]
"""Ballots, equal ones together, and how many of each."""


def papers_of(row: Row) -> Papers:
    """The ballots of a vote as they were counted."""
    said = msgspec.json.decode(row["papers"]) if row["papers"] else []
    return [(one["marks"], one["number"]) for one in said]


def law_of_vote(state: State, row: Row, contest: Contest) -> Count:
    """The statute's rule for a contest on the day its vote was opened."""
    return law_of(state.statute_on(row["opened_at"]), contest)


def rule_of_vote(known: Count, row: Row, contest: Contest, standing: frozenset[str]) -> Rule:
    """The rule that was fixed for a vote, found by its hash: among all options, or among those of a
    second round."""
    rules = [rule_of(known, contest, among) for among in (frozenset[str](), standing)]
    return next((rule for rule in rules if rule.hash() == row["count"]), rules[0])


def files(known: Count, row: Row, contest: Contest, result: Result, title: str) -> dict[str, str]:
    """The ballots of a vote for anyone's program, by the ending of the file's name: `pb` for marks
    and points, `blt` and `csv` for rankings, and `groups.csv` where a guarantee asks for them. The
    names of options are kept, but for `blt`, which numbers them, and bare numbers in `csv`."""
    options = [option for option in contest.options if option.id in result.names]
    ballots = ballots_of(known, result.rule, options, papers_of(row))
    asked = Asked(title, result.rule.seats, result.rule.budget)
    if not isinstance(ballots, Rankings):
        one = [
            Project(each.id, each.name, each.groups, cost=getattr(each, "cost", Fraction(1)))
            for each in ballots.candidates
        ]
        return {"pb": write_pb(asked, replace(ballots, candidates=tuple(one)))}
    found = {"blt": write_blt(asked, ballots), "csv": ranked_csv(options, papers_of(row))}
    if result.rule.guarantees:
        found["groups.csv"] = groups_csv(options)
    return found


def ranked_csv(options: Sequence[Option], papers: Papers) -> str:
    """Rankings as a spreadsheet keeps them: a row a ballot, under each option its place. Options
    that are called by numbers stand with their titles: a bare 1 could be a place as well."""
    ids = [option.id for option in options]
    numbered = all(i.isdigit() for i in ids)
    rows = [["ballots", *(f"{o.id}. {o.title}" if numbered else o.id for o in options)]]
    rows += [[str(number), *(str(marks.get(i, "")) for i in ids)] for marks, number in papers]
    return table(rows)


def groups_csv(options: Sequence[Option]) -> str:
    """Which option is of which group."""
    most = max((len(option.groups) for option in options), default=0)
    rows = [["id", *(f"group {at}" for at in range(1, most + 1))]]
    rows += [[o.id, *o.groups, *[""] * (most - len(o.groups))] for o in options]
    return table(rows)


def table(rows: Sequence[Sequence[str]]) -> str:
    written = StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()


def line(row: Row, result: Result, name: str, endings: Mapping[str, str]) -> str:
    """What to write at a terminal to count a vote again, from files called `name`.<ending>. Where
    options are not called by their number, a lot needs their own names."""
    rule = result.rule.canonical()
    numbered = list(result.names) == [str(n) for n in range(1, len(result.names) + 1)]
    ending = "pb" if "pb" in endings else "blt" if numbered else "csv"
    words = ["comuna", "count", rule["method"], f"{name}.{ending}"]
    for each, value in options_of(rule).items():
        words += ["--option", f"{each}={value}"]
    if "groups.csv" in endings:
        words += ["--groups", f"{name}.groups.csv"]
    seed = lot_line(result.rule, papers_of(row), row["dice"], row["head"])
    if seed is not None:
        words += ["--lot", seed]
    return " ".join(shlex.quote(word) for word in words)
