"""Duties with a clock: what somebody owes the members, since when, and by when. Computed when it is
read, so that no timer has to fire."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from comuna.book.database import Database
from comuna.readings.law import restored
from comuna.readings.query import rows, source
from comuna.rules.decision import decision_state
from comuna.rules.names import next_day
from comuna.rules.state import DAY, State

Data = dict[str, Any]


class Duty(NamedTuple):
    """`duty` is its name in texts.toml, `subject` the number of the act it is about or the office,
    `who` the office or member that owes it ("" for the body as a whole)."""

    duty: str
    subject: str
    who: str
    due: int
    article: str


def duties(database: Database, body: str, at: int) -> Data:
    """Every duty that is not yet done, earliest due first.

    {"of", "duties": [{"duty", "subject", "who", "due", "article", "late", "days"}]}; `days` are
    whole days until it is due, or since then when it is late.
    """
    found = owed(database, restored(database, body), at)
    return {
        "of": source(database, body),
        "duties": [
            d._asdict() | {"late": at > d.due, "days": abs(at - d.due) // DAY} for d in found
        ],
    }


def owed(database: Database, state: State, at: int) -> list[Duty]:
    """The duties of the body of this state, earliest due first."""
    found: list[Duty] = []
    for kind in (answers, executions, enactments, recalls, minutes, accounts, terms, declarations):
        found += kind(database, state, at)
    return sorted(found, key=lambda d: (d.due, d.duty, d.subject))


def end_of(date: str) -> int:
    """The moment at which a day is over."""
    return int(datetime.fromisoformat(next_day(date)).replace(tzinfo=UTC).timestamp())


def answers(database: Database, state: State, at: int) -> Iterator[Duty]:
    """Complaints to be answered, accounts to be rendered."""
    law = state.statute.oversight
    for row in rows(database, state.body, "complaint", answered=0):
        name = "render-accounts" if row["kind"] == "accounts" else "answer-complaint"
        yield Duty(name, str(row["number"]), row["about"], row["due"], law.article)


def executions(database: Database, state: State, at: int) -> Iterator[Duty]:
    """Decisions in force whose day has come: to be reported, then to be judged by the assembly."""
    law = state.statute.decisions
    for proposal in state.proposals.values():
        if not proposal.due or decision_state(state, proposal, at) != "in_force":
            continue
        if proposal.reported_at is None:
            due = due_of(proposal.due)
            if due is not None:
                who = proposal.responsible
                yield Duty("report-execution", str(proposal.number), who, due, law.article)


def due_of(text: str) -> int | None:
    """The end of a proposal's due date; it is free text, so perhaps none."""
    try:
        return end_of(datetime.strptime(text, "%Y-%m-%d").date().isoformat())
    except ValueError:
        return None


def enactments(database: Database, state: State, at: int) -> Iterator[Duty]:
    """Adopted decisions to be put in force before they lapse."""
    for proposal in state.proposals.values():
        if decision_state(state, proposal, at) == "adopted" and proposal.outcome is not None:
            law = state.statute_on(proposal.outcome.at).decisions
            due = proposal.outcome.recorded + law.execution_days * DAY
            yield Duty("enact-decision", str(proposal.number), "", due, law.article)


def recalls(database: Database, state: State, at: int) -> Iterator[Duty]:
    """Petitions that reached their threshold: the assembly has to be called."""
    for row in rows(database, state.body, "petition", decided=0):
        office = state.statute.office(row["office"])
        if row["reached_at"] and office is not None and office.recall is not None:
            due = row["reached_at"] + (office.recall.report_days + office.recall.convene_days) * DAY
            yield Duty("vote-recall", str(row["number"]), "", due, office.recall.article)


def minutes(database: Database, state: State, at: int) -> Iterator[Duty]:
    """Assemblies that are closed and have no signed minutes."""
    law = state.statute.assembly
    for row in rows(database, state.body, "assembly", minutes=0):
        if row["closed_at"]:
            due = row["closed_at"] + state.statute.paper.late_days * DAY
            yield Duty("sign-minutes", str(row["number"]), "", due, law.article)


def accounts(database: Database, state: State, at: int) -> Iterator[Duty]:
    """Accounts of the whole body: each so many days after the last, then the approval and the
    sharing of what a closed period left."""
    law = state.statute.oversight
    closed = rows(database, state.body, "period")
    last = end_of(closed[-1]["until"]) if closed else state.founded_at
    yield Duty("close-period", "", "", last + law.accounts_every_days * DAY, law.article)
    for row in closed:
        due = end_of(row["until"]) + law.accounts_every_days * DAY
        if not row["accounts_approved"]:
            yield Duty("approve-accounts", str(row["number"]), "", due, law.article)
        elif row["surplus"] and not row["allocated"]:
            article = state.statute.surplus.article
            yield Duty("allocate-surplus", str(row["number"]), "", due, article)


def terms(database: Database, state: State, at: int) -> Iterator[Duty]:
    """Offices whose seats are empty, or will be when a term runs out: to be filled."""
    for office in state.statute.offices:
        held = [
            m for mandates in state.mandates.values() for m in mandates if m.office == office.id
        ]
        now = [m for m in held if not m.alternate and m.in_force(at)]
        if len(now) < office.seats and held:
            ends = sorted(m.until if m.ended_at is None else m.ended_at for m in held)
            past = [end for end in ends if end <= at]
            if past:
                yield Duty("fill-office", office.id, "", past[-1], office.article)
        for until in sorted({m.until for m in now}):
            yield Duty("fill-office", office.id, "", until, office.article)


def declarations(database: Database, state: State, at: int) -> Iterator[Duty]:
    """Holders of office whose declaration of kinship and interests is due."""
    law = state.statute.members
    for member in sorted(state.mandates):
        if any(m.in_force(at) for m in state.mandates[member]):
            person = state.people[member]
            if person.declared_at:
                due = person.declared_at + law.declaration_every_days * DAY
            else:
                due = min(m.since for m in state.mandates[member] if m.in_force(at))
            yield Duty("declare-interests", str(member), str(member), due, law.article)
