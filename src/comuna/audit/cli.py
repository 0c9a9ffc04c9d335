"""`comuna verify`, and the same alone: `python -m comuna.audit PATH`.

Exit status: 0 everything was proven, 1 something was found, 2 there was no book to read.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from comuna.audit.findings import Finding
from comuna.audit.integrity import Progress, read_aloud
from comuna.audit.record import Unreadable
from comuna.audit.signals import Signal
from comuna.audit.verify import NOTES, Book, Report, verify

Readings = Callable[[Path], list[tuple[str, str]]]
Bar = Callable[[str], Progress]

SHOWN = 50  # differing readings in words; --json has them all
OF_A_KIND = 5  # findings of one kind in words

WORDS = {
    "all_proven": ("everything was proven", "todo quedó probado"),
    "entries": (
        "{size} entries, {members} members, {enacted} decisions in force, {payments} payments",
        "{size} entradas, {members} integrantes, {enacted} decisiones vigentes, {payments} pagos",
    ),
    "findings": ("{count} findings", "{count} hallazgos"),
    "look": ("worth a look, entries", "para mirar, entradas"),
    "more": ("… and {count} more (--json shows all)", "… y {count} más (--json los muestra)"),
    "reading": ("a reading differs from the book", "una lectura difiere del libro"),
    "root": ("root {root}; read aloud: {aloud}", "raíz {root}; leída en voz alta: {aloud}"),
    "where": ("entry", "entrada"),
}


def no_readings(path: Path) -> list[tuple[str, str]]:
    """The verifier alone compares no readings: they can be made again from the book."""
    return []


def no_bar(label: str) -> Progress:
    return lambda done, total: None


def add_commands(
    subparsers: Any, compare_readings: Readings = no_readings, bar: Bar = no_bar
) -> None:
    """Add `verify`. `compare_readings` names where the readings of a home differ from its books,
    as (where, what); `bar` makes a progress callback for a label."""
    words = "Prove a book from its bytes: a home, an exported book, or a copy of either."
    command = subparsers.add_parser("verify", help=words, description=words)
    _arguments(command)
    command.set_defaults(run=lambda args: run(args, compare_readings, bar))


def main(arguments: Sequence[str] | None = None) -> int:
    """The verifier as a program of its own, without the rest of the house."""
    parser = argparse.ArgumentParser(prog="python -m comuna.audit", description=__doc__)
    _arguments(parser)
    return run(parser.parse_args(arguments), no_readings, no_bar)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", metavar="PATH")
    parser.add_argument("--against", metavar="CHECKPOINT_FILE", help="an earlier checkpoint, kept")
    parser.add_argument("--key", default="", help="the book's public key, as receipts print it")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--lang", choices=("es", "en"), default=None)


def run(args: argparse.Namespace, compare_readings: Readings, bar: Bar) -> int:
    """Verify and say what was found. Returns the exit status."""
    path = Path(args.path)
    try:
        against = Path(args.against) if args.against else None
        report = verify(path, against, bar("verify"), args.key)
    except Unreadable as error:
        print(f"verify: {error}", file=sys.stderr)
        return 2
    readings = compare_readings(path)
    lang = _language(args.lang)
    if args.json:
        said = plain(report, readings, lang)
        print(json.dumps(said, ensure_ascii=False, separators=(",", ":")))
    else:
        _print(report, readings, lang)
    return 1 if report.findings or readings else 0


def plain(report: Report, readings: list[tuple[str, str]], lang: int) -> dict[str, Any]:
    """The report as JSON values (docs/cli.md)."""
    found = [
        {"body": book.body, "name": f.name, "where": f.where, "text": (f.en, f.es)[lang]}
        for book in report.books
        for f in book.findings
    ]
    differing = [
        {"body": "", "name": "reading_differs", "where": where, "text": what}
        for where, what in readings
    ]
    books = [_plain_book(book) | _plain_signals(book, lang) for book in report.books]
    return {"proven": not found and not differing, "findings": found + differing, "books": books}


def _plain_book(book: Book) -> dict[str, Any]:
    names = ("body", "name", "size", "root", "covered", "vouched", "members", "adopted")
    more = ("enacted", "payments", "forms", "notes")
    return {name: getattr(book, name) for name in (*names, *more)}


def _plain_signals(book: Book, lang: int) -> dict[str, Any]:
    told = [
        {"name": signal.name, "entries": list(signal.entries), "text": signal.words[lang]}
        for signal in book.signals
    ]
    return {"signals": told}


def _first_of_each(findings: Sequence[Finding]) -> list[Finding]:
    """The first few of every kind: one change upsets every signature after it, and what was changed
    should not drown in that."""
    told: dict[str, int] = {}
    shown = []
    for found in findings:
        told[found.name] = told.get(found.name, 0) + 1
        if told[found.name] <= OF_A_KIND:
            shown.append(found)
    return shown


def _print(report: Report, readings: list[tuple[str, str]], lang: int) -> None:
    for book in report.books:
        print(f"{book.name}  {book.body}")
        print(f"  {WORDS['entries'][lang].format(**_plain_book(book))}")
        aloud = read_aloud(bytes.fromhex(book.root))
        print(f"  {WORDS['root'][lang].format(root=book.root, aloud=aloud)}")
        shown = _first_of_each(book.findings)
        for found in shown:
            print(f"  ✗ {_told(found, lang)}")
        if len(book.findings) > len(shown):
            print(f"  {WORDS['more'][lang].format(count=len(book.findings) - len(shown))}")
        for note in book.notes:
            if note in NOTES:
                print(f"  · {NOTES[note][lang]}")
        for signal in book.signals:
            print(f"  ? {_signalled(signal, lang)}")
    for where, what in readings[:SHOWN]:
        print(f"  ✗ {where}: {WORDS['reading'][lang]}: {what}")
    count = len(report.findings) + len(readings)
    print(WORDS["findings"][lang].format(count=count) if count else WORDS["all_proven"][lang])


def _signalled(signal: Signal, lang: int) -> str:
    """A signal and the first entries where it stands."""
    numbers = ", ".join(map(str, signal.entries[:OF_A_KIND]))
    more = " …" if len(signal.entries) > OF_A_KIND else ""
    return f"{WORDS['look'][lang]} {numbers}{more}: {signal.words[lang]} [{signal.name}]"


def _told(found: Finding, lang: int) -> str:
    where = found.where.replace(WORDS["where"][0], WORDS["where"][lang], 1)
    return f"{where}: {(found.en, found.es)[lang]} [{found.name}]"


def _language(asked: str | None) -> int:
    """0 for English, 1 for Spanish: as asked, else as the terminal is set."""
    terminal = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return int((asked or terminal)[:2] == "es")
