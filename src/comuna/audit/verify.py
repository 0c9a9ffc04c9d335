"""Verify a book: with nothing but its bytes and, if someone kept one, an earlier checkpoint.

What a clean report shows and what no report can show: docs/what-a-proof-shows.md.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from comuna.audit import integrity
from comuna.audit.authority import prove
from comuna.audit.body import Body
from comuna.audit.canonical import Malformed
from comuna.audit.findings import Finding, finding
from comuna.audit.integrity import Progress, Sealed, kept_checkpoint
from comuna.audit.record import Record, Unreadable, records
from comuna.audit.seal import BookKey, Checkpoint
from comuna.audit.signals import Signal, signals

PIECE = 1 << 20


@dataclass(slots=True)
class Book:
    """What was proven of one body's book, and what was not.

    `enacted` and `payments` count decisions in force and payments of which every step was proven;
    `forms` how many acts are signed, witnessed or attested; `covered` how many entries lie under a
    signed checkpoint, `vouched` how many a member's own signature names by their root (as the book
    they had before them); `notes` are names of `NOTES` (what this run could not look at) and of
    `signals`: what members decided and may not have meant.
    """

    body: str
    name: str = ""
    size: int = 0
    root: str = ""
    covered: int = 0
    vouched: int = 0
    members: int = 0
    adopted: int = 0
    enacted: int = 0
    payments: int = 0
    forms: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """The books at one path. A finding in any of them is a finding."""

    books: list[Book]

    @property
    def findings(self) -> list[Finding]:
        return [f for book in self.books for f in book.findings]


NOTES = {
    "no_key": (
        "no key of the book was at hand: signatures of checkpoints were not checked",
        "no había clave del libro: no se comprobaron las firmas de los puntos de control",
    ),
    "no_earlier": (
        "no earlier checkpoint was given: acts left out of this copy would not be noticed",
        "no se dio un punto de control anterior: no se notarían actos que falten en esta copia",
    ),
    "uncovered": (
        "the last entries lie under no signed checkpoint yet",
        "los últimos actos aún no están bajo un punto de control firmado",
    ),
}
"""What a run could not look at, in words (English, Spanish)."""


def verify(
    path: Path,
    against: Path | None = None,
    progress: Progress = lambda done, total: None,
    key: str = "",
) -> Report:
    """Prove every book at a path: a home, its database, an exported book, or a copy of one.

    `against` is a file with an earlier checkpoint or a receipt; `key` the book's public key as
    minutes and receipts print it, where none lies with the book. Raises `Unreadable`.
    """
    kept = kept_checkpoint(against) if against else None
    found = records(path)
    books = [_book(record, _key(record, key), kept, progress) for record in found]
    if kept and all(kept.origin != f"comuna/{book.body}" for book in books):
        about = finding("other_book", str(against), origin=kept.origin)
        books[0].findings.append(about)
    return Report(books)


def _key(record: Record, given: str) -> BookKey | None:
    """The key to verify checkpoints with: as given, else the one that lies with the book."""
    text = given or record.key_text
    if not text:
        return record.book_key
    try:
        return BookKey.parse(text)
    except Malformed as fault:
        raise Unreadable(f"the key cannot be read: {fault}") from None


def _book(record: Record, key: BookKey | None, kept: Checkpoint | None, progress: Progress) -> Book:
    book = Book(record.body, size=len(record.rows))
    book.findings += [finding(name, where, detail=detail) for name, where, detail in record.faults]
    sealed = integrity.prove_tree(record)
    integrity.prove_entries(record, sealed)
    integrity.prove_checkpoints(record, sealed, key)
    integrity.prove_vouched(sealed)
    if kept and kept.origin == f"comuna/{record.body}":
        sealed.findings += integrity.prefixes(sealed, [("--against", kept)], key)
    book.root, book.covered, book.vouched = sealed.root.hex(), sealed.covered, sealed.vouched
    book.findings += sealed.findings
    book.findings += _prove_acts(book, sealed, progress)
    book.findings += documents(record.files)
    book.notes += [] if key else ["no_key"]
    book.notes += [] if kept else ["no_earlier"]
    book.notes += [] if sealed.covered == book.size else ["uncovered"]
    book.notes += [signal.name for signal in book.signals]
    return book


def _prove_acts(book: Book, sealed: Sealed, progress: Progress) -> Iterator[Finding]:
    body, total = Body(), len(sealed.entries)
    for done, found in enumerate(prove(body, sealed.entries), 1):
        if found is not None:
            yield found
        if done % 256 == 0 or done == total:
            progress(done, total)
    _summarise(book, body, sealed)


def _summarise(book: Book, body: Body, sealed: Sealed) -> None:
    founding: dict[str, Any] = sealed.entries[0].act if sealed.entries else {}
    book.name = str(founding.get("name", ""))
    last = sealed.entries[-1].at if sealed.entries else 0
    book.members = sum(person.belongs(last) for person in body.people.values())
    book.adopted = sum(d.adopted and not d.amends for d in body.decisions.values())
    book.enacted = sum(d.enacted_at is not None for d in body.decisions.values())
    book.payments = body.payments
    book.signals = signals(body, sealed.entries)
    book.forms = dict(Counter(str(e.by["form"]) for e in sealed.entries))


def documents(folder: Path | None) -> Iterator[Finding]:
    """Files kept under their fingerprint that are no longer the files they were."""
    if folder is None or not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                digest.update(piece)
        if digest.hexdigest() != path.name:
            yield finding("document_mismatch", f"files/{path.name}")
