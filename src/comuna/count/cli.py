"""The verbs of the count for people at a terminal: `count`, `lots`, `panel`, `seats`;
those of paper stand in `cli_paper`."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comuna.count.errors import CountError, FileError, LotNeededError
from comuna.count.result import Result
from comuna.count.rule import METHODS, Rule

if TYPE_CHECKING:
    from comuna.count.supports import Ballots, Contest

Verb = Callable[[argparse.Namespace], int]
Language = Callable[[str | None], str]


def add_commands(subparsers: Any, language: Language = lambda asked: asked or "en") -> None:
    """Add the verbs to an argparse subparsers object; each sets `run`, which returns the
    exit status: 0 counted, 2 something is wrong, 3 a lot must be thrown first. `language` says in
    which to speak when the first was asked for."""
    count = subparsers.add_parser("count", help="count ballots by a method, with the working")
    count.add_argument("method", choices=list(METHODS), metavar="METHOD", help=", ".join(METHODS))
    count.add_argument("file", type=Path, metavar="FILE", nargs="?", help="ballots (a motion: "
                       "JSON)")  # fmt: skip
    count.add_argument("--seats", help="how many are elected")
    count.add_argument("--option", action="extend", nargs="+", default=[], metavar="K=V",
                       help="what the method is told, as completion=add1 ties=id; a wrong one "
                       "names all that it takes")  # fmt: skip
    count.add_argument("--second", type=Path, metavar="FILE", help="two-round: the ballots of the "
                       "second vote")  # fmt: skip
    count.add_argument("--groups", type=Path, metavar="FILE", help="who is of which group, for "
                       "guarantees; CSV: id, then columns that name groups")  # fmt: skip
    count.add_argument("--lot", metavar="SEED", help="the lot recorded for ties")
    count.add_argument("--explain", action="store_true", help="the working as a table")
    _add_common(count, _careful(run_count), language)

    lots = subparsers.add_parser("lots", help="the order that a public seed gives")
    lots.add_argument("seed", metavar="SEED", help="the dice thrown and the book's head")
    lots.add_argument("ids", nargs="+", metavar="ID")
    _add_common(lots, _careful(run_lots), language)

    panel = subparsers.add_parser("panel", help="draw a panel by lot that mirrors the people")
    panel.add_argument("people", type=Path, metavar="PEOPLE", help="CSV: id, then a column a trait")
    panel.add_argument("quotas", type=Path, metavar="QUOTAS", help="CSV: trait,value,least,most")
    panel.add_argument("--seats", required=True)
    panel.add_argument("--lot", metavar="SEED", help="draw with this seed; without it, only the "
                       "chances are worked out")  # fmt: skip
    _add_common(panel, _careful(run_panel), language)

    seats = subparsers.add_parser("seats", help="divide delegates' seats among bodies")
    seats.add_argument("method", metavar="METHOD", help="sainte-lague, dhondt, adams, hare")
    seats.add_argument("file", type=Path, metavar="FILE", help="CSV: body,members")
    seats.add_argument("--seats", required=True)
    seats.add_argument("--base", default="0", help="so many for each body first")
    seats.add_argument("--lot", metavar="SEED")
    _add_common(seats, _careful(run_seats), language)

    from comuna.count import cli_paper

    def add(parser: argparse.ArgumentParser, run: Verb) -> None:
        _add_common(parser, _careful(run), language)

    cli_paper.add_commands(subparsers, add, _read_named)


def _read_named(path: Path, needed: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    with _of(path):
        return _read_table(path, needed)


def _add_common(parser: argparse.ArgumentParser, run: Verb, language: Language) -> None:
    def speaking(args: argparse.Namespace) -> int:
        args.lang = language(args.lang)
        return run(args)

    parser.add_argument("--json", action="store_true", help="stable JSON instead of text")
    parser.add_argument("--lang", choices=("es", "en"))
    parser.set_defaults(run=speaking)


def _careful(verb: Verb) -> Verb:
    """The verb, with what can go wrong told on standard error."""

    def run(args: argparse.Namespace) -> int:
        try:
            return verb(args)
        except LotNeededError as due:
            if args.json:
                _print_json({"lot_needed": {**due.__dict__, "candidates": list(due.candidates)}})
            print(due.told(args.lang), file=sys.stderr)
            return 3
        except CountError as wrong:
            print(wrong.told(args.lang), file=sys.stderr)
        except OSError as wrong:
            print(f"{wrong.filename}: {wrong.strerror}", file=sys.stderr)
        return 2

    return run


def run_count(args: argparse.Namespace) -> int:
    """`comuna count METHOD FILE`."""
    _find_file(args)
    options = _options(args.option)
    if args.seats is not None and options.setdefault("seats", args.seats) != args.seats:
        raise CountError("--seats and --option seats differ")
    read: Contest | None = None
    if args.method == "majority":
        result = _motion(args, options)
    else:
        result, read = _count_file(args, options)
    if args.json:
        from comuna.count.result import written

        print(written(result.to_json() | _how_read(read, args.lang)))
        return 0
    from comuna.count.table import working
    from comuna.count.words import sentence

    for each in result.winners:
        print(each if result.names[each] == each else f"{each} {result.names[each]}")
    if args.explain:
        print()
        print(working(result, args.lang))
    elif not result.winners:
        for told in result.explanations:
            print(sentence(told, result.names, args.lang))
    return 0


def _how_read(read: "Contest | None", language: str) -> dict[str, Any]:
    """How the ballots were read, beside the result."""
    if read is None:
        return {}
    remarks = [each.told(language) for each in read.remarks]
    return {"read": {"layout": read.layout, "columns": dict(read.columns), "remarks": remarks}}


def _count_file(args: argparse.Namespace, options: dict[str, str]) -> tuple[Result, "Contest"]:
    from comuna.count.methods import count, count_two_votes

    points = args.method in ("score", "approval")
    contest, ballots = _read(args, args.file, "endowments" in options, points)
    if args.groups is not None:
        ballots = _grouped(ballots, args.groups)
    takes = METHODS[args.method][0]
    if "seats" in takes and contest.seats is not None:
        options.setdefault("seats", str(contest.seats))
    if "budget" in takes and contest.budget is not None and "seats" not in options:
        options.setdefault("budget", str(contest.budget))
    rule = Rule.from_options(args.method, options)
    if args.groups is not None and not rule.guarantees:
        raise CountError("--groups: no guarantee asks for them; add --option guarantees=women:2")
    if args.second is not None:
        second = _read(args, args.second)[1]
        return count_two_votes(rule, ballots, second, args.lot), contest
    return count(rule, ballots, args.lot), contest


def _read(
    args: argparse.Namespace, path: Path, by_territory: bool = False, points: bool = False
) -> tuple["Contest", "Ballots"]:
    """A ballot file, with what should be known of how it was read told on standard error."""
    from comuna.count.files import read_ballots

    with _of(path):
        contest, ballots = read_ballots(path.name, path.read_bytes(), by_territory, points)
    for remark in contest.remarks:
        print(f"{path}: {remark.told(args.lang)}", file=sys.stderr)
    return contest, ballots


def _grouped(ballots: "Ballots", path: Path) -> "Ballots":
    """The ballots with their candidates in the groups that a file names: a row a candidate, by id
    or by name, and in every other cell a group (or nothing). Raises FileError."""
    by = {each.id: each.id for each in ballots.candidates}
    for each in ballots.candidates:
        by.setdefault(each.name, each.id)
    groups: dict[str, set[str]] = {}
    with _of(path):
        for line, row in _read_table(path, ("id",)):
            named = row.pop("id")
            candidate = by.get(named)
            if candidate is None:
                raise FileError(line, f"{named!r} is no candidate's id or name")
            if candidate in groups:
                raise FileError(line, f"candidate {named!r} stands twice")
            groups[candidate] = {group for group in row.values() if group}
    return replace(
        ballots,
        candidates=tuple(
            replace(each, groups=each.groups | groups.get(each.id, set()))
            for each in ballots.candidates
        ),
    )


def _motion(args: argparse.Namespace, options: dict[str, str]) -> Result:
    """A motion from JSON (see `files.motion`); a lot decides between yes and no."""
    from comuna.count.assembly import count_motion
    from comuna.count.files.motion import read_motion
    from comuna.count.lots import draw_order

    options.setdefault("ties", "status-quo")
    rule = Rule.from_options("majority", options)
    with _of(args.file):
        said = read_motion(args.file.read_text("utf-8-sig"))
    lot = draw_order(args.lot, ("yes", "no"))[0] if args.lot is not None else None
    outcome = count_motion(rule, said.roll, said.present, said.channels, said.casting_vote, lot)
    names = {"yes": "yes", "no": "no"}
    return Result(
        rule, outcome.winners, outcome.rounds, (), outcome.explanations, outcome.notes, names
    )


def run_lots(args: argparse.Namespace) -> int:
    """`comuna lots SEED ID…`: the order and each ticket."""
    from comuna.count.lots import draw_order, ticket

    order = draw_order(args.seed, args.ids)
    if args.json:
        _print_json([{"id": each, "ticket": ticket(args.seed, each)} for each in order])
        return 0
    for place, each in enumerate(order, 1):
        print(place, each, ticket(args.seed, each))
    return 0


def run_panel(args: argparse.Namespace) -> int:
    """`comuna panel PEOPLE QUOTAS --seats N [--lot SEED]`."""
    from comuna.count.sortition import Person, TraitQuota, draw_panel, fair_lottery

    with _of(args.people):
        people = [
            Person(row.pop("id", ""), {trait: value for trait, value in row.items() if trait})
            for _, row in _read_table(args.people, ("id",))
        ]
    with _of(args.quotas):
        quotas = [
            TraitQuota(
                row["trait"], row["value"], _whole(row["least"], at), _whole(row["most"], at)
            )
            for at, row in _read_table(args.quotas, ("trait", "value", "least", "most"))
        ]
    lottery = fair_lottery(people, quotas, _asked("--seats", args.seats))
    panel = draw_panel(lottery, args.lot) if args.lot is not None else None
    if args.json:
        _print_json(
            {
                "probabilities": {each: str(p) for each, p in lottery.probabilities.items()},
                "kinds": [list(kind) for kind in lottery.kinds],
                "panels": [
                    {"of_each_kind": list(one.sizes), "tickets": one.tickets}
                    for one in lottery.panels
                ],
                "drawn": list(panel) if panel is not None else [],
            }
        )
        return 0
    for each, chance in lottery.probabilities.items():
        print(each, chance, "*" if panel is not None and each in panel else "")
    return 0


def run_seats(args: argparse.Namespace) -> int:
    """`comuna seats METHOD FILE --seats N [--base B]`."""
    from comuna.count.lots import TieBreaker
    from comuna.count.seats import apportion
    from comuna.count.words import sentence

    members: dict[str, int] = {}
    with _of(args.file):
        for at, row in _read_table(args.file, ("body", "members")):
            if not row["body"] or row["body"] in members:
                raise FileError(at, f"body {row['body']!r} is empty or stands twice")
            members[row["body"]] = _whole(row["members"], at)
    breaker = TieBreaker("lot", sorted(members), args.lot)
    seats, base = _asked("--seats", args.seats), _asked("--base", args.base)
    found = apportion(args.method, members, seats, breaker, base)
    if args.json:
        _print_json({"seats": dict(found.seats), "ties": [list(t.order) for t in breaker.ties]})
        return 0
    for each in found.outcome.explanations:
        print(sentence(each, {}, args.lang))
    return 0


@contextmanager
def _of(path: Path) -> Iterator[None]:
    """What is wrong with a file is told with its name."""
    try:
        yield
    except CountError as wrong:
        raise CountError(f"{path}: {wrong.en}", f"{path}: {wrong.es}") from None
    except UnicodeDecodeError:
        raise CountError(
            f"{path}: not UTF-8 text; save the file as UTF-8",
            f"{path}: no es texto UTF-8; guarde el archivo como UTF-8",
        ) from None


def _find_file(args: argparse.Namespace) -> None:
    """The ballot file may also stand behind the options, where it is read as one of them."""
    if args.file is None and args.option and "=" not in args.option[-1]:
        args.file = Path(args.option.pop())
    if args.file is None:
        raise CountError("a file of ballots is missing: comuna count METHOD FILE")


def _options(words: list[str]) -> dict[str, str]:
    options: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or name in options:
            raise CountError(f"--option {word!r}: write each option once, as name=value")
        options[name] = value
    return options


def _read_table(path: Path, needed: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """Rows of a table by heading, with their line; the headings needed in whatever case. Raises
    FileError."""
    from comuna.tables.errors import TableError
    from comuna.tables.reading import ENDINGS, heading, read_tables

    name = path.name if path.suffix[1:].lower() in ENDINGS else f"{path.name}.csv"
    try:
        tables = read_tables(name, path.read_bytes())
        rows = tables[0].checked().rows if tables else ()
    except TableError as wrong:
        raise FileError(wrong.line, wrong.en, wrong.es) from None
    (_, head), *below = rows or [(1, [])]
    known = {heading(name): name for name in needed}
    headings = [known.get(heading(cell), cell) for cell in head]
    missing = [name for name in needed if name not in headings]
    if missing:
        raise FileError(1, f"the column {missing[0]} is missing", f"falta la columna {missing[0]}")
    if len(set(headings)) != len(headings):
        raise FileError(1, "a heading stands twice", "un título está dos veces")
    found = []
    for line, cells in below:
        if any(cells[len(headings) :]):
            raise FileError(
                line,
                "a row has more cells than there are headings",
                "una fila tiene más celdas que títulos hay",
            )
        if any(cells):
            filled = cells + [""] * (len(headings) - len(cells))
            found.append((line, dict(zip(headings, filled, strict=False))))
    return found


def _whole(text: str, line: int) -> int:
    from comuna.count.files.whole import whole

    return whole(line, text, f"{text!r} is not a whole number", f"{text!r} no es un número entero")


def _asked(word: str, text: str) -> int:
    from comuna.count.files.whole import is_whole

    if not is_whole(text) or len(text) > 9:
        raise CountError(f"{word} {text!r}: a whole number is due")
    return int(text)


def _print_json(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=1))
