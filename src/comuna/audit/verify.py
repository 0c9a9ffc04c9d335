"""Verify a book: with nothing but its bytes and, if someone kept one, an earlier checkpoint.

What a clean report shows and what no report can show: docs/what-a-proof-shows.md.
"""

from __future__ import annotations

import gc
import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from comuna.audit import integrity
from comuna.audit.authority import prove
from comuna.audit.body import Body
from comuna.audit.canonical import Malformed
from comuna.audit.entries import Entry
from comuna.audit.findings import Finding, finding
from comuna.audit.integrity import Progress, Sealed, kept_checkpoint
from comuna.audit.record import Record, Unreadable, records
from comuna.audit.seal import BookKey, Checkpoint
from comuna.audit.signals import Pay, Signal, signals
from comuna.audit.signatures import checked_ahead

PIECE = 1 << 16


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


@dataclass(slots=True)
class Noted:
    """What a report says of the entries of a record, noted down while they are read."""

    name: str = ""
    last: int = 0  # when the last was recorded
    forms: Counter[str] = field(default_factory=Counter)
    pays: list[Pay] = field(default_factory=list)

    def reading(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        for e in entries:
            if not self.forms:
                self.name = str(e.act.get("name", ""))
            self.last = e.at
            self.forms[e.by["form"]] += 1
            if e.kind == "pay":
                self.pays.append(Pay(e.number, e.act["payment"], e.act["amount"], e.act["date"]))
            yield e


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
    with _seldom_collected():
        books = [_book(record, _key(record, key), kept, progress) for record in records(path)]
    if kept and all(kept.origin != f"comuna/{book.body}" for book in books):
        about = finding("other_book", str(against), origin=kept.origin)
        books[0].findings.append(about)
    return Report(books)


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """What is kept of a book holds no circles; looking for them again and again, as it grows, takes
    a tenth of a proof."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


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
    book, sealed = Book(record.body), Sealed()
    acts = _prove_acts(book, record, sealed, progress)
    integrity.prove_files(record, sealed)
    checkpoints = integrity.read_checkpoints(record, sealed)
    mine = [("--against", kept)] if kept and kept.origin == f"comuna/{record.body}" else []
    integrity.compute_roots(sealed, (c for _, c in (*checkpoints, *mine)))
    integrity.prove_prefixes(sealed, checkpoints, key)
    integrity.prove_vouched(sealed)
    integrity.prove_prefixes(sealed, mine, key)
    sizes = (c.size for _, c in checkpoints)
    book.root = sealed.roots[book.size].hex()
    book.covered = max((size for size in sizes if size <= book.size), default=0)
    book.vouched = sealed.vouched
    book.findings += [finding(name, where, detail=detail) for name, where, detail in record.faults]
    book.findings += [*sealed.hashes, *sealed.entries, *sealed.findings, *acts]
    book.findings += documents(record.files)
    book.notes += [] if key else ["no_key"]
    book.notes += [] if kept else ["no_earlier"]
    book.notes += [] if book.covered == book.size else ["uncovered"]
    book.notes += [signal.name for signal in book.signals]
    return book


def _prove_acts(book: Book, record: Record, sealed: Sealed, progress: Progress) -> list[Finding]:
    """What is unproven of the acts. Entries are read, looked at and proven as they come; none is
    kept."""
    body, noted, found = Body(), Noted(), list[Finding]()
    entries = noted.reading(integrity.read_entries(record, sealed))
    for done, unproven in enumerate(prove(body, checked_ahead(entries, record.size)), 1):
        if unproven is not None:
            found.append(unproven)
        if done % 256 == 0:
            progress(done, max(done, record.size))
    for _ in entries:
        pass  # where the founding is unproven, no act after it is; the bytes are still looked at
    book.size = len(sealed.leaves)
    progress(book.size, book.size)
    book.name = noted.name
    book.members = sum(person.belongs(noted.last) for person in body.people.values())
    book.adopted = sum(d.adopted and not d.amends for d in body.decisions.values())
    book.enacted = sum(d.enacted_at is not None for d in body.decisions.values())
    book.payments = body.payments
    book.signals = signals(body, noted.pays)
    book.forms = dict(noted.forms)
    return found


def documents(folder: Path | None) -> Iterator[Finding]:
    """Files kept under their fingerprint that are no longer the files they were."""
    if folder is None or not folder.is_dir():
        return
    for name in sorted(os.listdir(folder)):
        digest = hashlib.sha256()
        with open(os.path.join(folder, name), "rb", buffering=0) as file:
            while piece := file.read(PIECE):
                digest.update(piece)
        if digest.hexdigest() != name:
            yield finding("document_mismatch", f"files/{name}")
