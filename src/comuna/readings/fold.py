"""Facts into the tables that people look up, in the transaction that writes the entries.

Nothing is decided here: each fact says what is now the case, and its function (in `folds_people`,
`folds_meetings`, `folds_money`) says in which rows that shows. The log, the mentions and the papers
are read off the act itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from comuna.book.database import Database
from comuna.readings import folds_meetings, folds_money, folds_people
from comuna.readings.folds import FOLDS, folds
from comuna.readings.mentions import mentions, papers
from comuna.readings.rows import Rows
from comuna.rules.act import Entry, Fact
from comuna.rules.judge import KINDS, AnyEntry, Recorded

__all__ = ["fold", "folds_meetings", "folds_money", "folds_people"]


def fold(database: Database, body: str, judged: Sequence[tuple[AnyEntry, Sequence[Fact]]]) -> None:
    """Fold the facts of judged entries into the readings of a body, inside the caller's
    transaction. How the entries are cut into batches does not show in the tables."""
    rows = Rows(body)
    for entry, facts in judged:
        log(rows, entry)
        for place, fact in enumerate(facts):
            FOLDS[type(fact)](rows, entry, fact, place)
    last = judged[-1][0]
    rows.update("body", {}, head=last.number, at=last.at)
    rows.write(database)


def log(rows: Rows, entry: AnyEntry) -> None:
    """The act in the list of acts, what it mentions, and the papers it names."""
    by, number = entry.by, entry.number
    kind = KINDS[type(entry.act)]
    signers = " ".join(str(s.member) for s in by.signatures)
    witnesses = " ".join(map(str, by.witnesses))
    rows.add("log", number, entry.at, by.happened, kind, by.member, by.form, signers, witnesses)
    for topic, subject in mentions(entry):
        rows.add("mention", topic, subject, number)
    for role, place, paper in papers(entry):
        rows.add("paper", number, role, place, paper.sha256, paper.size)


@folds(Recorded)
def recorded(rows: Rows, entry: Entry[Any], fact: Recorded, place: int) -> None:
    """The log holds it already."""
