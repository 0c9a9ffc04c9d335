"""The readings as the rules see a body, for questions of law by the clock: in which state is a
decision, who holds which power, who may vote, which majority was needed.

The questions are answered by `rules` itself, so that no page says otherwise than the judge would.
What only the judge needs (nonces, ballots, receipts, balances) is not restored.
"""

from __future__ import annotations

from collections import defaultdict

import msgspec

from comuna.book.database import Database
from comuna.readings.query import Row, rows, source
from comuna.rules.contest import Contest
from comuna.rules.effects import AnyEffect
from comuna.rules.state import (
    Assembly,
    Authorisation,
    Grant,
    Item,
    Mandate,
    Measures,
    Outcome,
    Period,
    Person,
    Proposal,
    State,
    Tie,
)
from comuna.rules.statute import Statute

_statutes = msgspec.json.Decoder(Statute)
_effects = msgspec.json.Decoder(tuple[AnyEffect, ...])
_contest = msgspec.json.Decoder(Contest)
_names = msgspec.json.Decoder(tuple[str, ...])


def restored(database: Database, body: str) -> State:
    """The legal state of a body from its readings. Raises NoSuchBody."""
    known = source(database, body)
    state = State(
        body=body,
        name=known["name"],
        unit=known["unit"],
        decimals=known["decimals"],
        head=known["head"],
        now=known["at"],
    )
    for row in rows(database, body, "statute"):
        state.adopt(row["since"], _statutes.decode(row["law"]))
    state.people = people(database, body)
    for number, person in state.people.items():
        if person.formerly:
            state.again[person.formerly].add(number)
    for member, tie in ties(database, body):
        state.tie(member, tie)
    state.mandates = mandates(database, body)
    state.assemblies = assemblies(database, body)
    state.proposals = {row["number"]: proposal(row) for row in rows(database, body, "proposal")}
    for row in rows(database, body, "money_account", closed_by=0):
        state.listed[row["account"]] = row["title"]
    state.grants = {row["name"]: grant(row, state.unit) for row in rows(database, body, "grant")}
    for row in rows(database, body, "authorisation"):
        state.authorisations[row["name"]] = authorisation(row)
    state.periods = {row["number"]: period(row) for row in rows(database, body, "period")}
    return state


def people(database: Database, body: str) -> dict[int, Person]:
    charges: dict[int, dict[int, int]] = defaultdict(dict)
    for row in rows(database, body, "charge"):
        charges[row["member"]][row["number"]] = row["at"]
    return {
        row["number"]: Person(
            row["number"],
            row["kind"],
            row["commitment"],
            row["votes_from"],
            row["applied_at"],
            row["admitted_at"] if row["admitted_by"] else None,
            row["ended_at"] or None,
            row["household"],
            row["member_body"],
            row["formerly"],
            declared_at=row["declared_at"],
            charges=charges[row["number"]],
        )
        for row in rows(database, body, "person")
    }


def ties(database: Database, body: str) -> list[tuple[int, Tie]]:
    """(member, kinship or interest) of every declaration, in the order in which they were made."""
    found = [
        (
            row["member"],
            Tie(
                row["declaration"],
                row["since"],
                row.get("kin", 0),
                row.get("degree", 0),
                row.get("party", ""),
                row["until"] or None,
                row.get("confirmed", 0),
            ),
        )
        for table in ("kin", "interest")
        for row in rows(database, body, table)
    ]
    return sorted(found, key=lambda each: (each[1].number, each[1].said))


def mandates(database: Database, body: str) -> dict[int, list[Mandate]]:
    found: dict[int, list[Mandate]] = defaultdict(list)
    for row in rows(database, body, "mandate"):
        found[row["member"]].append(
            Mandate(
                row["office"],
                row["member"],
                bool(row["alternate"]),
                row["since"],
                row["until"],
                row["decision"],
                tuple(row["powers"].split()),
                row["ended_at"] or None,
            )
        )
    return found


def assemblies(database: Database, body: str) -> dict[int, Assembly]:
    items: dict[int, list[Item]] = defaultdict(list)
    for row in rows(database, body, "item"):
        items[row["assembly"]].append(
            Item(row["title"], row["purpose"], row["proposal"], row["taken_at"] or None)
        )
    return {
        row["number"]: Assembly(
            row["number"],
            row["called_at"],
            row["starts_at"],
            items[row["number"]],
            call=row["call"],
            opened_at=row["opened_at"] or None,
            closed_at=row["closed_at"] or None,
        )
        for row in rows(database, body, "assembly")
    }


def proposal(row: Row) -> Proposal:
    return Proposal(
        row["number"],
        row["proposer"],
        row["title"],
        row["text"],
        effects(row),
        row["digest"],
        frozenset(row["matters"].split()),
        row["at"],
        row["amends"],
        row["responsible"],
        row["due"],
        contest(row),
        frozenset(names(row["standing"])),
        row["assembly"],
        bool(row["voting"]),
        outcome(row),
        row["enacted_at"] or None,
        suspended_at=row["suspended_at"] or None,
        repealed_by=row["repealed_by"],
        reported_at=row["reported_at"] or None,
        accepted={"": None, "yes": True, "no": False}[row["accepted"]],
        withdrawn_at=row["withdrawn_at"] or None,
    )


def effects(row: Row) -> tuple[AnyEffect, ...]:
    """The effects of a proposal's row."""
    return _effects.decode(row["effects"])


def contest(row: Row) -> Contest | None:
    """The options of a proposal's row; None for a motion."""
    return _contest.decode(row["contest"]) if row["contest"] else None


def names(text: str) -> tuple[str, ...]:
    """A list of options as the tables keep it."""
    return _names.decode(text) if text else ()


def outcome(row: Row) -> Outcome | None:
    """How the last vote on a proposal ended."""
    if not row["outcome"]:
        return None
    return Outcome(
        row["ballot"],
        row["decided_at"],
        row["outcome"] == "adopted",
        row["outcome"] == "tie",
        row["yes"],
        row["no"],
        row["abstain"],
        row["blank"],
        row["present"],
        row["roll"],
        row["statute_version"],
        names(row["winners"]),
        row["outcome"] == "few",
        recorded=row["recorded_at"],
    )


def authorisation(row: Row) -> Authorisation:
    return Authorisation(
        row["name"],
        row["decision"],
        row["purpose"],
        row["fund"],
        row["line"],
        row["limit"],
        row["unit"],
        row["since"],
        row["until"],
        row["payee"],
        row["each"],
        row["predecessor"],
        row["spent"],
        row["pending"],
        bool(row["revoked_by"]),
    )


def grant(row: Row, unit: str) -> Grant:
    return Grant(
        row["name"],
        row["grantor"],
        row["purpose"],
        row["amount"],
        unit,
        row["since"],
        row["until"],
        row["received"],
    )


def period(row: Row) -> Period:
    results = ("member_result", "non_member_result", "extraordinary_result", "tax")
    return Period(
        row["number"],
        row["since"],
        row["until"],
        row["unit"],
        {name: row[name] for name in results},
        row["surplus"],
        Measures(0, {}, {}),
        row["accounts_approved"],
        row["allocated"],
    )
