"""Decisions with their state at a moment, what a decision moved, offices with their clocks, and the
numbers of the roll. States and powers are computed by `rules` from the readings (`law.restored`):
what is known is what the book held at its last act, the moment may be any after it."""

from __future__ import annotations

from typing import Any

from comuna.book.database import Database
from comuna.readings.law import names, restored
from comuna.readings.query import Row, rows, select, source
from comuna.rules.decision import decision_state
from comuna.rules.state import State
from comuna.rules.statute import Office
from comuna.words import LANGS, Lang, counts

Data = dict[str, Any]


# --- decisions --------------------------------------------------------------------------------


def decisions(database: Database, body: str, at: int) -> Data:
    """Every proposal, newest first, with where it stands at a moment.

    {"of", "decisions": [{every column of the table but text, effects and options, "state",
    "majorities": [{"matter", "of", "more_than", "at_least", "needs": {"es", "en"}, "article"}],
    "article", "winners", "authorised", "spent"}]}; majorities are those of the statute in force on
    the day of the vote, or now while there was none. A choice among options needs none: its article
    is that of its count, and `winners` are the options chosen.
    """
    state = restored(database, body)
    money = spent_by_decision(database, body)
    found = rows(database, body, "proposal", "number DESC")
    for row in found:
        row["state"] = decision_state(state, state.proposals[row["number"]], at)
        row["majorities"] = majorities(state, row["number"], at)
        row["article"] = article(state, row["number"], at)
        row["winners"] = list(names(row["winners"]))
        row["authorised"], row["spent"] = money.get(row["number"], (0, 0))
        for name in ("body", "text", "effects", "contest", "standing"):
            del row[name]
    return {"of": source(database, body), "decisions": found}


def majorities(state: State, number: int, at: int) -> list[Data]:
    """The majorities a proposal needs, by the law of the day of its vote; none for a contest."""
    proposal = state.proposals[number]
    if proposal.choice is not None:
        return []
    law = state.statute_on(proposal.outcome.at if proposal.outcome else at)
    found = []
    for matter in sorted(proposal.matters):
        rule = law.majority(matter)
        found.append(
            {
                "matter": matter,
                "of": rule.of,
                "more_than": rule.more_than,
                "at_least": rule.at_least,
                "needs": {lang: counts.majority(rule, lang) for lang in LANGS},
                "article": rule.article,
            }
        )
    return found


def article(state: State, number: int, at: int) -> str:
    """The articles by which a proposal is decided."""
    proposal = state.proposals[number]
    if proposal.choice is None:
        return ", ".join(sorted({m["article"] for m in majorities(state, number, at)}))
    law = state.statute_on(proposal.outcome.at if proposal.outcome else at)
    count = law.count(proposal.choice.count)
    return count.article if count else ""


def spent_by_decision(database: Database, body: str) -> dict[int, tuple[int, int]]:
    """(limits, spent) of the authorisations of each decision."""
    found = select(
        database,
        'SELECT decision, CAST(SUM("limit") AS BIGINT) AS authorised,'
        " CAST(SUM(spent) AS BIGINT) AS spent FROM reading_authorisation"
        " WHERE body = ? GROUP BY decision",
        body,
    )
    return {row["decision"]: (row["authorised"], row["spent"]) for row in found}


def acts_about(database: Database, body: str, topic: str, subject: str) -> list[Row]:
    """The acts of the log that are about something, in order; for a decision also those about its
    votes and its payments."""
    subjects = [(topic, subject)]
    if topic == "decision":
        number = int(subject)
        ballots = rows(database, body, "ballot", proposal=number)
        payments = rows(database, body, "payment", decision=number)
        subjects += [("ballot", str(b["number"])) for b in ballots]
        subjects += [("payment", str(p["number"])) for p in payments]
    wanted = " OR ".join("(m.topic = ? AND m.subject = ?)" for _ in subjects)
    return select(
        database,
        "SELECT DISTINCT l.* FROM reading_log l JOIN reading_mention m"
        " ON m.body = l.body AND m.number = l.number"
        f" WHERE l.body = ? AND ({wanted}) ORDER BY l.number",
        body,
        *(value for pair in subjects for value in pair),
    )


# --- offices ----------------------------------------------------------------------------------


def offices(database: Database, body: str, at: int, lang: Lang) -> Data:
    """Every office of the statute with who holds it, and until when.

    {"of", "offices": [{"office", "title", "seats", "alternates", "powers", "article", "vacant",
    "mandates": [{"member", "alternate", "since", "until", "decision", "left"}], "petitions":
    [{"number", "member", "at", "supporters", "reached_at", "heard_at"}]}]}; mandates are those in
    force, `left` their seconds to run, petitions those not yet decided.
    """
    state = restored(database, body)
    held = rows(database, body, "mandate")
    petitions = rows(database, body, "petition", decided=0)
    found = [office_of(office, held, petitions, at, lang) for office in state.statute.offices]
    return {"of": source(database, body), "offices": found}


def office_of(office: Office, held: list[Row], petitions: list[Row], at: int, lang: Lang) -> Data:
    mandates = []
    for row in held:
        if row["office"] == office.id and row["since"] <= at < (row["ended_at"] or row["until"]):
            kept = ("member", "alternate", "since", "until", "decision")
            mandates.append({name: row[name] for name in kept} | {"left": row["until"] - at})
    mandates.sort(key=lambda m: (m["alternate"], m["until"], m["member"]))
    asked = ("number", "member", "at", "supporters", "reached_at", "heard_at")
    return {
        "office": office.id,
        "title": office.title.get(lang, office.title["en"]),
        "seats": office.seats,
        "alternates": office.alternates,
        "powers": list(office.powers),
        "article": office.article,
        "vacant": office.seats - sum(not m["alternate"] for m in mandates),
        "mandates": mandates,
        "petitions": [
            {name: row[name] for name in asked} for row in petitions if row["office"] == office.id
        ],
    }


# --- the roll ---------------------------------------------------------------------------------


def roll(database: Database, body: str, at: int, lang: Lang) -> Data:
    """How many belong, by kind, and how many may vote at a moment: numbers, no persons.

    {"of", "kinds": [{"kind", "title", "members", "applicants", "ended", "voters"}], "members",
    "voters", "households"}
    """
    state = restored(database, body)
    voters = state.roll(at)
    kinds = []
    for kind in state.statute.members.kinds:
        people = [p for p in state.people.values() if p.kind == kind.id]
        kinds.append(
            {
                "kind": kind.id,
                "title": kind.title.get(lang, kind.title["en"]),
                "members": sum(p.member_at(at) for p in people),
                "applicants": sum(p.admitted_at is None and p.ended_at is None for p in people),
                "ended": sum(p.ended_at is not None and p.ended_at <= at for p in people),
                "voters": sum(p.number in voters for p in people),
            }
        )
    members = [p for p in state.people.values() if p.member_at(at)]
    return {
        "of": source(database, body),
        "kinds": kinds,
        "members": len(members),
        "voters": len(voters),
        "households": len({p.household for p in members if p.household}),
    }
