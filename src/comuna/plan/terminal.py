"""What the verbs of the plan share: options, languages, errors in words, JSON."""

import argparse
import json
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from comuna.plan.errors import FileError, PlanError

Verb = Callable[[argparse.Namespace], int]
Language = Callable[[str | None], str]
"""Which language, when this one (or none) was asked for."""


class Verbs:
    """The verbs of one command, each with the options that all have."""

    def __init__(self, subparsers: Any, language: Language) -> None:
        self.subparsers, self.language = subparsers, language

    def add(self, name: str, verb: Verb, *paths: str) -> argparse.ArgumentParser:
        """A verb and the files it takes: `path:PATH` gives `args.path`. Its help is its docstring
        after the colon."""
        words = (verb.__doc__ or "").split(": ", 1)[-1].rstrip(".")
        parser: argparse.ArgumentParser = self.subparsers.add_parser(
            name, help=words, description=words
        )
        for path in paths:
            place, shown = path.split(":")
            several = "*" if shown.endswith("…") else None
            parser.add_argument(place, type=Path, metavar=shown.rstrip("…"), nargs=several)
        parser.add_argument("--json", action="store_true", help="stable JSON instead of text")
        parser.add_argument("--lang", choices=("es", "en"), default=None)
        parser.set_defaults(run=self._careful(verb))
        return parser

    def _careful(self, verb: Verb) -> Verb:
        """The verb, with what can go wrong told on standard error (or as JSON)."""

        def run(args: argparse.Namespace) -> int:
            args.lang = self.language(args.lang)
            try:
                return verb(args)
            except FileError as wrong:
                if args.json:
                    print_json({"wrong": [each.told(args.lang) for each in wrong.wrongs]})
                print(wrong.told(args.lang), file=sys.stderr)
            except (PlanError, OSError) as wrong:
                said = _words(wrong, args.lang)
                if args.json:
                    print_json({"wrong": [{"table": "", "row": 0, "wrong": said, "right": ""}]})
                print(said, file=sys.stderr)
            return 2

        return run


def _words(wrong: PlanError | OSError, language: str) -> str:
    if isinstance(wrong, PlanError):
        return wrong.told(language)
    if isinstance(wrong, FileNotFoundError):
        return _MISSING[language].format(wrong.filename)
    return f"{wrong.filename}: {wrong.strerror}" if wrong.filename else str(wrong)


_MISSING = {
    "es": "No hay {}; mire si el nombre está bien.",
    "en": "There is no {}; check its name.",
}


def print_json(value: object) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, allow_nan=False)
    print()


def write_json(value: object, path: Path) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")


def tell(line: str) -> None:
    """Progress: only to a terminal."""
    if sys.stderr.isatty():
        print(line, file=sys.stderr)


def publish(args: argparse.Namespace, plan: Any, gap: Fraction = Fraction(1, 10**4)) -> int:
    """Write a plan where --out says, and tell it."""
    from comuna.plan.published import to_json
    from comuna.plan.report import report

    published = to_json(plan, gap)
    if args.out:
        write_json(published, args.out)
    if args.json:
        print_json(published)
    else:
        print(report(plan, args.lang, 20))
    return 0
