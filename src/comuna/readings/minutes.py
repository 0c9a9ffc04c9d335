"""The minutes of an assembly, generated from its acts: nothing is typed in again. Members are
numbers; whoever prints them for the members puts the names beside them from the roll register."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

from comuna.book.database import Database
from comuna.readings.decisions import acts_about, majorities
from comuna.readings.law import contest, effects, names, restored
from comuna.readings.query import Row, one, rows, source
from comuna.readings.texts import text
from comuna.readings.working import (
    in_money,
    law_of_vote,
    results,
    rule_of_vote,
    sentences,
    ties,
)
from comuna.rules.contest import Contest
from comuna.rules.state import State
from comuna.words import Lang, act, counts, effect, moment, money, quoted, term

Data = dict[str, Any]


class NoSuchAssembly(LookupError):  # noqa: N818 - told to the person as it is
    """No assembly has this number."""


class Section(NamedTuple):
    """A part of the minutes: its heading and its sentences."""

    heading: str
    lines: list[str]


class Minutes(NamedTuple):
    """The minutes of an assembly, and the act up to which the book was read."""

    assembly: int
    title: str
    sections: list[Section]
    size: int

    def plain(self) -> str:
        """As plain text, for a terminal or a printer."""
        parts = [self.title, "=" * len(self.title)]
        for section in self.sections:
            parts += ["", section.heading, "-" * len(section.heading), *section.lines]
        return "\n".join(parts) + "\n"


def minutes(database: Database, body: str, assembly: int, lang: Lang) -> Minutes:
    """The minutes of an assembly as its acts stand now. Raises NoSuchAssembly."""
    known = one(database, body, "assembly", number=assembly)
    if known is None:
        there = ", ".join(str(a["number"]) for a in rows(database, body, "assembly"))
        raise NoSuchAssembly(f"no assembly {assembly}; there are: {there or '–'}")
    state = restored(database, body)
    size = last_act(database, body, known)
    sections = [
        call(database, state, known, lang),
        agenda(database, state, known, lang),
        endings(database, state, known, lang),
        quorum(database, state, known, lang),
        attendance(database, state, known, lang),
        course(database, state, known, lang),
        votes(database, state, known, lang),
        end(known, size, lang),
    ]
    title = text("minutes", "title", lang, number=assembly)
    return Minutes(assembly, title, [s for s in sections if s.lines], size)


def last_act(database: Database, body: str, known: Row) -> int:
    """The act that closed the assembly, so that minutes printed later are the same; the head of the
    book while it is not closed."""
    for about in acts_about(database, body, "assembly", str(known["number"])):
        if about["kind"] == "close-assembly":
            return int(about["number"])
    return int(source(database, body)["head"])


def numbers(members: list[int]) -> str:
    return ", ".join(map(str, sorted(members)))


def clock(at: int) -> str:
    """The hour of a moment, in UTC as all times of the book."""
    return f"{datetime.fromtimestamp(at, UTC):%H:%M}"


# --- before it opens --------------------------------------------------------------------------


def call(database: Database, state: State, known: Row, lang: Lang) -> Section:
    number = known["number"]
    kind = "extraordinary" if known["extraordinary"] else "ordinary"
    starts = moment(known["starts_at"], lang)
    lines = [text("minutes", kind, lang, name=state.name, place=known["place"], starts=starts)]
    called_at = moment(known["called_at"], lang)
    lines.append(
        text("minutes", "called", lang, member=known["called_by"], at=called_at, number=number)
    )
    for notice in rows(database, state.body, "notice", assembly=number):
        at = moment(notice.pop("at"), lang)
        lines.append(text("minutes", "notice", lang, at=at, **notice))
    return Section(text("minutes", "call_heading", lang), lines)


def agenda(database: Database, state: State, known: Row, lang: Lang) -> Section:
    lines = []
    for item in rows(database, state.body, "item", assembly=known["number"]):
        kind = "agenda_decision" if item["proposal"] else "agenda_item"
        item["purpose"] = term("purpose", item["purpose"], lang)
        lines.append(text("minutes", kind, lang, place=item.pop("item") + 1, **item))
    return Section(text("minutes", "agenda_heading", lang), lines)


def endings(database: Database, state: State, known: Row, lang: Lang) -> Section:
    """What was entered from paper as ending in members' names since the assembly before: read out,
    so that they hear of it while they can undo it."""
    starts, closed = known["starts_at"], known["closed_at"] or state.now
    held = [a.closed_at for a in state.assemblies.values() if a.opened_at is not None]
    since = max((at for at in held if at is not None and at < starts), default=0)
    lines = []
    for row in rows(database, state.body, "ending"):
        if not since < row["at"] <= closed:
            continue
        told = {"number": row["number"], "member": row["member"], "what": act(row["kind"], lang)}
        when = {name: moment(row[name], lang) for name in ("at", "due")}
        lines.append(text("minutes", "ending", lang, **told, **when))
        if 0 < row["undone_at"] <= closed:
            lines[-1] += " " + text("minutes", "undone", lang, at=moment(row["undone_at"], lang))
    return Section(text("minutes", "endings_heading", lang), lines)


def quorum(database: Database, state: State, known: Row, lang: Lang) -> Section:
    """Every call with its count, and the checkpoint that was read."""
    lines = []
    for tried in rows(database, state.body, "call", assembly=known["number"]):
        at = tried.pop("at")
        rule = state.statute_on(at).call(tried["call"])
        name = "quorum_held" if tried["held"] else "quorum_failed"
        article = rule.article if rule else "–"
        lines.append(text("minutes", name, lang, at=clock(at), article=article, **tried))
    if known["opened_at"]:
        lines.append(text("minutes", "checkpoint", lang, size=known["size"], root=known["root"]))
    else:
        lines.append(text("minutes", "not_open", lang))
    return Section(text("minutes", "quorum_heading", lang), lines)


def attendance(database: Database, state: State, known: Row, lang: Lang) -> Section:
    came = rows(database, state.body, "attendance", assembly=known["number"])
    members = {row["member"] for row in came}
    at_the_end = {row["member"] for row in came if row["until"] in (0, known["closed_at"])}
    lines = []
    if members:
        listed = numbers(list(members))
        lines.append(text("minutes", "attendance", lang, count=len(members), members=listed))
    early = numbers(list(members - at_the_end))
    if early and known["closed_at"]:
        lines.append(text("minutes", "left_early", lang, members=early))
    return Section(text("minutes", "attendance_heading", lang), lines)


# --- while it sits ----------------------------------------------------------------------------


def course(database: Database, state: State, known: Row, lang: Lang) -> Section:
    """What happened, in the order of the acts."""
    number, body = known["number"], state.body
    told: list[tuple[int, int, str]] = []

    def tell(act: int, name: str, at: int, after: int = 0, /, **values: Any) -> None:
        told.append((act, after, text("minutes", name, lang, at=clock(at), **values)))

    for item in rows(database, body, "item", assembly=number):
        if item["taken"]:
            name = "item" if item["item"] else "opening"
            title = item["taken_title"]
            tell(item["taken"], name, item["taken_at"], 0, title=title, place=item["item"] + 1)
    for turn in rows(database, body, "turn", assembly=number, given=1):
        tell(turn["number"], "turn", turn["at"], member=turn["member"])
    for pause in rows(database, body, "pause", assembly=number):
        planned = moment(pause["planned"], lang)
        tell(pause["number"], "paused", pause["since"], planned=planned)
        if pause["until"]:
            tell(pause["number"], "resumed", pause["until"], 1)
    for ballot in rows(database, body, "ballot", assembly=number):
        title = quoted(state.proposals[ballot["proposal"]].title, lang)
        outcome = text("outcome", outcome_of(ballot), lang)
        at, proposal = ballot["opened_at"], ballot["proposal"]
        tell(ballot["number"], "voted", at, proposal=proposal, title=title, outcome=outcome)
    lines = [sentence for _, _, sentence in sorted(told)]
    if known["closed_at"]:
        lines.append(text("minutes", "closed", lang, at=clock(known["closed_at"])))
    return Section(text("minutes", "course_heading", lang), lines)


def votes(database: Database, state: State, known: Row, lang: Lang) -> Section:
    """Each vote with its text, its effects, its counts, and the majority it needed."""
    lines: list[str] = []
    for ballot in rows(database, state.body, "ballot", assembly=known["number"]):
        if lines:
            lines.append("")
        lines += vote(database, state, ballot, lang)
    return Section(text("minutes", "decisions_heading", lang), lines)


def vote(database: Database, state: State, ballot: Row, lang: Lang) -> list[str]:
    proposal = one(database, state.body, "proposal", number=ballot["proposal"])
    assert proposal is not None
    among = contest(proposal) if ballot["count"] else None
    name = "amendment" if proposal["amends"] else "proposal"
    proposal["title"] = quoted(proposal["title"], lang)
    lines = [text("minutes", name, lang, **proposal), proposal["text"]]
    if among is None:
        lines += motion(state, proposal, ballot, lang)
    else:
        lines += choice(state, proposal, among, ballot, lang)
    if ballot["tellers"]:
        tellers = numbers([int(n) for n in ballot["tellers"].split()])
        lines.append(text("minutes", "tellers", lang, members=tellers))
    outcome = text("outcome", outcome_of(ballot), lang)
    if ballot["outcome"]:
        lines.append(text("minutes", "participation", lang, **ballot))
    lines.append(text("minutes", "outcome", lang, outcome=outcome))
    if proposal["ballot"] == ballot["number"]:
        dissents = rows(database, state.body, "dissent", decision=proposal["number"])
        lines += [text("minutes", "dissent", lang, **dissent) for dissent in dissents]
    return lines


def outcome_of(ballot: Row) -> str:
    """How a vote ended: of a motion "adopted", of a contest "chosen"…"""
    if not ballot["outcome"]:
        return "open"
    among = {"adopted": "chosen", "rejected": "none_chosen"} if ballot["count"] else {}
    return str(among.get(ballot["outcome"], ballot["outcome"]))


def motion(state: State, proposal: Row, ballot: Row, lang: Lang) -> list[str]:
    """What it does, the votes, and every majority it needed with its count."""
    lines = [f"→ {effect(e, state, lang)}" for e in effects(proposal)]
    method = term("method", ballot["method"], lang)
    lines.append(text("minutes", "counts", lang, **{**ballot, "method": method}))
    lines += [
        text(
            "minutes",
            "needed",
            lang,
            matter=term("matter", rule["matter"], lang),
            needs=rule["needs"][lang],
            article=rule["article"],
        )
        for rule in majorities(state, proposal["number"], state.now)
    ]
    for said, result in results(ballot):
        matter = term("matter", said["matter"], lang)
        lines += [
            text("minutes", "counted", lang, matter=matter, sentence=sentence)
            for _, sentence in sentences(result, lang)
        ]
    return lines


def choice(state: State, proposal: Row, among: Contest, ballot: Row, lang: Lang) -> list[str]:
    """The options with what each does, the rule, the ballots, what was chosen, and why."""
    lines = []
    for place, option in enumerate(among.options, 1):
        lines.append(text("minutes", "option", lang, place=place, title=quoted(option.title, lang)))
        lines += [f"   → {effect(e, state, lang)}" for e in option.effects]
    titles = {option.id: option.title for option in among.options}
    known = law_of_vote(state, ballot, among)
    rule = rule_of_vote(known, ballot, among, frozenset(names(proposal["standing"])))
    told = {
        "name": counts.method(rule.method, lang),
        "rule": " ".join(counts.rule(known, rule, titles, lang, state)),
        "article": known.article,
        "hash": ballot["count"],
    }
    lines.append(text("minutes", "rule", lang, **told))
    method = term("method", ballot["method"], lang)
    lines.append(text("minutes", "ballots", lang, **{**ballot, "method": method}))
    if ballot["dice"]:
        lines.append(text("minutes", "dice", lang, dice=ballot["dice"]))
    for _, result in results(ballot):
        amounts = in_money(result, lambda each: money(each, state.unit, state.decimals, lang))
        lines += [f"· {sentence}" for _, sentence in sentences(amounts, lang)]
        for tie in ties(result):
            word = counts.broken_by(tie["word"], lang)
            lines.append(text("minutes", "tie", lang, **{**tie, "word": word}))
    winners = "; ".join(
        f"{n}. {titles[each]}" for n, each in enumerate(names(ballot["winners"]), 1)
    )
    if winners:
        lines.append(text("minutes", "winners", lang, winners=winners))
    return lines


# --- afterwards -------------------------------------------------------------------------------


def end(known: Row, size: int, lang: Lang) -> Section:
    lines = []
    if known["minutes"]:
        signers = numbers([int(n) for n in known["minutes_signers"].split()])
        at = moment(known["minutes_at"], lang)
        lines.append(
            text("minutes", "signed", lang, members=signers, at=at, number=known["minutes"])
        )
        if known["remarks"]:
            lines.append(text("minutes", "remarks", lang, remarks=known["remarks"]))
    else:
        lines.append(text("minutes", "unsigned", lang))
    if known["approved_by"]:
        lines.append(text("minutes", "approved", lang, decision=known["approved_by"]))
    lines.append(text("minutes", "made_from", lang, size=size))
    return Section(text("minutes", "end_heading", lang), lines)
