"""Proofs about contests: the rule of the count was fixed before the vote, every ballot is one that
the rule knows, and counted again the ballots choose what the book says they chose.

What the statute and the ballots say is read here a second time, apart from the guard. The
arithmetic of the methods is `comuna.count`, held against other people's programs; `comuna count`
and any outside tool can count the exported ballots again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from fractions import Fraction
from typing import Any

from comuna.audit.body import Ballot, Body, Decision
from comuna.audit.entries import Entry
from comuna.audit.findings import need
from comuna.audit.law import Count, Law
from comuna.count.candidates import Candidate, Project
from comuna.count.errors import CountError, LotNeededError
from comuna.count.methods import count
from comuna.count.rankings import Ballot as Ranked
from comuna.count.rankings import Rankings
from comuna.count.rule import METHODS, Rule
from comuna.count.supports import Ballots, Supports

Paper = tuple[dict[str, int], int]
"""Marks, and how many ballots bear them."""

_PLAIN = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_READS = {
    "one": ("plurality", "two-round", "consulta", "phragmen", "equal-shares", "greedy"),
    "several": ("approval", "block", "limited", "phragmen", "equal-shares", "greedy"),
    "points": ("score", "equal-shares", "greedy"),
    "ranked": (
        *("borda", "irv", "ranked-pairs", "schulze", "stv-scottish", "stv-meek"),
        *("equal-shares", "greedy"),
    ),
}
_BY_HANDS = ("plurality", "two-round", "consulta", "approval", "block", "greedy")


def contest_of(proposal: Decision) -> dict[str, Any]:
    contest: dict[str, Any] = proposal.question["contest"]
    return contest


def law_of(law: Law, contest: dict[str, Any]) -> Count:
    known = law.counts.get(contest["count"])
    need(known is not None, "count_unknown", count=contest["count"])
    assert known is not None
    return known


def marks_of(known: Count) -> str:
    """What stands on a ballot, by the statute or by the method."""
    if known.marks:
        return known.marks
    order = ("points", "ranked", "one", "several")
    if known.method in ("phragmen", "equal-shares", "greedy"):
        return "several"
    return next(kind for kind in order if known.method in _READS[kind])


def check(law: Law, question: dict[str, Any], matters: frozenset[str]) -> None:
    """A contest among options that differ, by a rule of the statute that is open to its matters."""
    contest = question["contest"]
    known = law_of(law, contest)
    options = contest["options"]
    ids = [option["id"] for option in options]
    allowed = METHODS[known.method][0] if known.method in METHODS else frozenset()
    fits = matters <= known.matters and len(ids) >= 2 and len(set(ids)) == len(ids)
    fits = fits and all(_PLAIN.fullmatch(i) for i in ids)
    fits = fits and not question.get("effects") and known.method in _READS[marks_of(known)]
    fits = fits and (not known.options_max or len(ids) <= known.options_max)
    seats, budget = contest.get("seats", 0), contest.get("budget", 0)
    asked = [name for name, given in (("seats", seats), ("budget", budget)) if given]
    free = {"seats", "budget"} & allowed - set(known.settings)
    said = 1 if free and "seats" not in known.settings else 0
    fits = fits and len(asked) == said and set(asked) <= free
    fits = fits and 0 <= seats <= len(ids) and budget >= 0
    fits = fits and (not budget or all(0 < _cost(option) <= budget for option in options))
    fits = fits and (not contest.get("exclusive") or budget)
    need(fits, "contest_malformed", count=contest["count"])


def most_chosen(law: Law, contest: dict[str, Any]) -> int:
    """How many of the options can be chosen at most."""
    if contest.get("budget"):
        return len(contest["options"])
    return int(contest.get("seats") or law_of(law, contest).settings.get("seats") or 1)


def _cost(option: dict[str, Any]) -> int:
    effects = option.get("effects", ())
    return sum(effect["limit"] for effect in effects if effect["effect"] == "authorise")


def _rule(known: Count, contest: dict[str, Any], second: bool) -> Rule:
    told = {"ties": "lot"} | dict(known.settings)
    for name in ("seats", "budget"):
        if contest.get(name):
            told[name] = str(contest[name])
    groups = contest.get("exclusive", ())
    if groups:
        told["exclusive"] = "|".join(",".join(group) for group in groups)
    try:
        return Rule.from_options("plurality" if second else known.method, told)
    except CountError as wrong:
        need(False, "count_impossible", detail=str(wrong))
        raise AssertionError from wrong


def _case(body: Body, ballot: Ballot) -> tuple[Count, Rule, list[dict[str, Any]]]:
    """The statute's rule, the rule of the count, and the options standing in this vote."""
    proposal = body.decisions[ballot.proposal]
    contest = contest_of(proposal)
    known = law_of(ballot.law, contest)
    options = [o for o in contest["options"] if not proposal.left or o["id"] in proposal.left]
    return known, _rule(known, contest, bool(proposal.left)), options


def check_opening(body: Body, e: Entry, proposal: Decision) -> None:
    """Whoever opened the vote named the rule by which it is counted, and a way that shows what the
    rule needs to know."""
    method, named = e.act["method"], e.act.get("count", "")
    if not proposal.among:
        need(method in ("hands", "roll-call") and not named, "count_altered")
        return
    contest = contest_of(proposal)
    check(body.law_on(e.when), proposal.question, proposal.matters)
    known = law_of(body.law_on(e.when), contest)
    rule = _rule(known, contest, bool(proposal.left))
    need(named == rule.hash(), "count_altered")
    shown = method != "hands" or (
        rule.method in _BY_HANDS and marks_of(known) in ("one", "several")
    )
    need(method in known.ways and shown, "way_not_allowed", way=method)


def cast(body: Body, e: Entry, ballot: Ballot) -> None:
    known, rule, options = _case(body, ballot)
    _readable(known, rule, options, e.act["marks"])
    ballot.marked[e.member] = e.act["marks"]


def counted(body: Body, e: Entry, ballot: Ballot, present: int) -> tuple[list[Paper], int]:
    """The papers that the tellers signed, and how many people they are of, with those left blank:
    no more than the voters then present."""
    known, rule, options = _case(body, ballot)
    papers = [(paper["marks"], paper["number"]) for paper in e.act["papers"]]
    blank = e.act.get("blank", 0)
    need(blank >= 0 and all(n > 0 and marks for marks, n in papers), "ballot_unreadable")
    for marks, _ in papers:
        _readable(known, rule, options, marks)
    numbers = [n for _, n in papers]
    hands = ballot.method == "hands"
    if hands:
        lines = [option for marks, _ in papers for option in marks]
        single = all(len(marks) == 1 for marks, _ in papers) and len(set(lines)) == len(lines)
        need(single, "ballot_unreadable")
    total = sum(numbers)
    if hands and marks_of(known) == "several":
        total = max(*numbers, -(-total // _most(known, rule, options)), 0)
    total += blank
    need(total <= present, "ballots_exceed_voters", hands=total, present=present)
    return _gathered(papers), sum(numbers) + blank


def cast_papers(ballot: Ballot) -> list[Paper]:
    """The ballots of a roll call, equal ones together."""
    return _gathered([(marks, 1) for marks in ballot.marked.values() if marks])


def _gathered(papers: list[Paper]) -> list[Paper]:
    groups: Counter[tuple[tuple[str, int], ...]] = Counter()
    for marks, number in papers:
        groups[tuple(sorted(marks.items()))] += number
    return [(dict(marks), number) for marks, number in sorted(groups.items())]


def _most(known: Count, rule: Rule, options: list[dict[str, Any]]) -> int:
    """How many options one person may mark, or raise a hand for."""
    if rule.method == "limited":
        return rule.votes_each or 1
    if rule.method == "block":
        return rule.seats or 1
    return 1 if marks_of(known) == "one" else len(options)


def _readable(known: Count, rule: Rule, options: list[dict[str, Any]], marks: Any) -> None:
    whole = isinstance(marks, dict) and all(type(mark) is int for mark in marks.values())
    need(whole and set(marks) <= {o["id"] for o in options}, "ballot_unreadable")
    kind, numbers = marks_of(known), sorted(marks.values())
    if kind in ("one", "several"):
        holds = all(n == 1 for n in numbers) and len(numbers) <= _most(known, rule, options)
    elif kind == "ranked":
        places = sorted(set(numbers))
        alone = rule.budget is not None or rule.method in ("irv", "stv-scottish", "stv-meek")
        holds = places == [*range(1, len(places) + 1)] and (
            not alone or len(places) == len(numbers)
        )
    else:
        holds = all(n >= 0 and (not known.points_max or n <= known.points_max) for n in numbers)
        holds = holds and (not known.points_total or sum(numbers) <= known.points_total)
    need(holds, "ballot_unreadable")


def choice(body: Body, ballot: Ballot, papers: list[Paper], dice: str) -> tuple[list[str], bool]:
    """(who or what the ballots choose, whether it is to be voted again); in a second round the
    decision then names who is left."""
    if not any(mark for marks, _ in papers for mark in marks.values()):
        return [], False
    known, rule, options = _case(body, ballot)
    try:
        result = count(
            rule, _ballots(known, rule, options, papers), _lot(rule, papers, dice, ballot.head)
        )
    except LotNeededError:
        need(known.tie == "repeat", "lot_missing")
        return [], True
    except CountError as wrong:
        need(False, "count_impossible", detail=str(wrong))
    second = result.notes.get("second_round", ())
    if second:
        body.decisions[ballot.proposal].left = frozenset(second)
    return list(result.winners), bool(second)


def _ballots(
    known: Count, rule: Rule, options: list[dict[str, Any]], papers: list[Paper]
) -> Ballots:
    priced = rule.budget is not None
    candidates: list[Candidate] = []
    for option in options:
        groups = frozenset(option.get("groups", ()))
        named = (option["id"], option["title"], groups)
        candidates.append(Project(*named, Fraction(_cost(option))) if priced else Candidate(*named))
    at = {candidate.id: number for number, candidate in enumerate(candidates)}
    kind = marks_of(known)
    if kind == "ranked" and not priced:
        ranked = []
        for marks, number in papers:
            order = sorted(marks.items(), key=lambda mark: (mark[1], at[mark[0]]))
            choices = [at[option] for option, _ in order]
            ranked.append(Ranked(number, choices, [place for _, place in order]))
        return Rankings.from_ballots(candidates, ranked)
    points = [
        (n, {at[o]: len(marks) + 1 - m if kind == "ranked" else m for o, m in marks.items()})
        for marks, n in papers
    ]
    kinds = {"one": "choose-1", "several": "approval", "points": "scoring", "ranked": "ordinal"}
    return Supports.from_ballots(candidates, kinds[kind], points)


def thrown_in(dice: str) -> str:
    """The faces of the dice, none or five and more, in their one spelling, "4 2 6 1 3"."""
    faces = "".join(dice.split())
    need(set(faces) <= set("123456"), "dice_unclear")
    need(not faces or len(faces) > 4, "dice_too_few", given=len(faces))
    return " ".join(faces)


def lot(dice: str, frozen: list[Any], head: str) -> str:
    """The line a lot is drawn from: the dice thrown in the assembly, the fingerprint of what they
    were thrown over, and the book's root before they were; "" where none were thrown."""
    thrown = thrown_in(dice)
    text = json.dumps(frozen, ensure_ascii=False, separators=(",", ":"))
    return f"{thrown} {hashlib.sha256(text.encode()).hexdigest()} {head}" if thrown else ""


def _lot(rule: Rule, papers: list[Paper], dice: str, head: str) -> str | None:
    frozen = [rule.hash(), sorted([sorted(map(list, m.items())), n] for m, n in papers)]
    return lot(dice, frozen, head) or None


def effects_of(proposal: Decision, winners: list[str]) -> list[dict[str, Any]]:
    """What the chosen options do; elections to one office are one election."""
    effects: list[dict[str, Any]] = []
    options = {option["id"]: option for option in contest_of(proposal)["options"]}
    for winner in winners:
        for effect in options[winner].get("effects", ()):
            if effect["effect"] == "elect":
                office = effect["office"]
                same = [e for e in effects if e["effect"] == "elect" and e["office"] == office]
                if same:
                    for name in ("members", "alternates"):
                        both = [*same[0].get(name, ()), *effect.get(name, ())]
                        same[0][name] = both
                    continue
            effects.append(dict(effect))
    return effects
