"""The verbs of the count for people at a terminal: `count`, `lots`, `panel`, `seats`."""

import argparse
import csv
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from comuna.count.errors import CountError, FileError, LotNeededError
from comuna.count.result import Result
from comuna.count.rule import METHODS, Rule

Verb = Callable[[argparse.Namespace], int]


def add_commands(subparsers: Any) -> None:
    """Add the four verbs to an argparse subparsers object; each sets `run`, which returns the
    exit status: 0 counted, 2 something is wrong, 3 a lot must be thrown first."""
    count = subparsers.add_parser("count", help="count ballots by a method, with the working")
    count.add_argument("method", choices=list(METHODS), metavar="METHOD", help=", ".join(METHODS))
    count.add_argument("file", type=Path, metavar="FILE", help="ballots (a motion: JSON)")
    count.add_argument("--seats", help="how many are elected")
    count.add_argument("--option", action="append", default=[], metavar="K=V")
    count.add_argument("--lot", metavar="SEED", help="the lot recorded for ties")
    count.add_argument("--explain", action="store_true", help="the working as a table")
    _add_common(count, _careful(run_count))

    lots = subparsers.add_parser("lots", help="the order that a public seed gives")
    lots.add_argument("seed", metavar="SEED", help="the dice thrown and the book's head")
    lots.add_argument("ids", nargs="+", metavar="ID")
    _add_common(lots, _careful(run_lots))

    panel = subparsers.add_parser("panel", help="draw a panel by lot that mirrors the people")
    panel.add_argument("people", type=Path, metavar="PEOPLE", help="CSV: id, then a column a trait")
    panel.add_argument("quotas", type=Path, metavar="QUOTAS", help="CSV: trait,value,least,most")
    panel.add_argument("--seats", required=True)
    panel.add_argument("--lot", metavar="SEED", help="draw with this seed; without it, only the "
                       "chances are worked out")  # fmt: skip
    _add_common(panel, _careful(run_panel))

    seats = subparsers.add_parser("seats", help="divide delegates' seats among bodies")
    seats.add_argument("method", metavar="METHOD", help="sainte-lague, dhondt, adams, hare")
    seats.add_argument("file", type=Path, metavar="FILE", help="CSV: body,members")
    seats.add_argument("--seats", required=True)
    seats.add_argument("--base", default="0", help="so many for each body first")
    seats.add_argument("--lot", metavar="SEED")
    _add_common(seats, _careful(run_seats))


def _add_common(parser: argparse.ArgumentParser, run: Verb) -> None:
    parser.add_argument("--json", action="store_true", help="stable JSON instead of text")
    parser.add_argument("--language", choices=("es", "en"), default="en")
    parser.set_defaults(run=run)


def _careful(verb: Verb) -> Verb:
    """The verb, with what can go wrong told on standard error."""

    def run(args: argparse.Namespace) -> int:
        try:
            return verb(args)
        except LotNeededError as due:
            if args.json:
                _print_json({"lot_needed": {**due.__dict__, "candidates": list(due.candidates)}})
            print(due, file=sys.stderr)
            return 3
        except (CountError, OSError) as wrong:
            print(f"{getattr(args, 'file', '')} {wrong}".strip(), file=sys.stderr)
            return 2

    return run


def run_count(args: argparse.Namespace) -> int:
    """`comuna count METHOD FILE`."""
    options = _options(args.option)
    result = _motion(args, options) if args.method == "majority" else _count_file(args, options)
    if args.json:
        print(result.to_text())
        return 0
    from comuna.count.table import working

    for each in result.winners:
        print(each, result.names.get(each, "") if result.names.get(each) != each else "")
    if args.explain:
        print()
        print(working(result, args.language))
    return 0


def _count_file(args: argparse.Namespace, options: dict[str, str]) -> Result:
    from comuna.count.files import read_ballots
    from comuna.count.methods import count

    by_territory = "endowments" in options
    contest, ballots = read_ballots(args.file.name, args.file.read_bytes(), by_territory)
    for remark in contest.remarks:
        print(args.file, remark, file=sys.stderr)
    takes = METHODS[args.method][0]
    if args.seats is not None:
        options["seats"] = args.seats
    elif "seats" in takes and contest.seats is not None:
        options.setdefault("seats", str(contest.seats))
    if "budget" in takes and contest.budget is not None and "seats" not in options:
        options.setdefault("budget", str(contest.budget))
    return count(Rule.from_options(args.method, options), ballots, args.lot)


def _motion(args: argparse.Namespace, options: dict[str, str]) -> Result:
    """A motion from JSON: `{"roll", "present", "channels": [{"channel", "yes", "no", "abstain",
    "blank", "null", "evidence": []}], "casting_vote"?, "lot"?}`."""
    from comuna.count.assembly import ChannelCount, count_motion

    options.setdefault("ties", "status-quo")
    rule = Rule.from_options("majority", options)
    said = _read_motion(args.file)
    channels = [
        ChannelCount(**{**each, "evidence": tuple(each.get("evidence", ()))})
        for each in said["channels"]
    ]
    outcome = count_motion(
        rule, said["roll"], said["present"], channels, said.get("casting_vote"), said.get("lot")
    )
    names = {"yes": "yes", "no": "no"}
    return Result(
        rule, outcome.winners, outcome.rounds, (), outcome.explanations, outcome.notes, names
    )


_MOTION: Mapping[str, type] = {"roll": int, "present": int, "channels": list}
_COUNTS = ("yes", "no", "abstain", "blank", "null")


def _read_motion(path: Path) -> dict[str, Any]:
    try:
        said = json.loads(path.read_text("utf-8"))
    except json.JSONDecodeError as wrong:
        raise FileError(wrong.lineno, f"not JSON: {wrong.msg}") from None
    if not isinstance(said, dict):
        raise FileError(1, "a motion is a JSON object with roll, present and channels")
    for key, kind in _MOTION.items():
        if type(said.get(key)) is not kind:
            raise FileError(1, f"a motion needs {key!r}, a {kind.__name__}")
    for each in said["channels"]:
        known = isinstance(each, dict) and set(each) <= {"channel", "evidence", *_COUNTS}
        if not known or any(type(each.get(key, 0)) is not int for key in _COUNTS):
            raise FileError(
                1, f"a channel has a name, evidence and whole numbers {', '.join(_COUNTS)}"
            )
    return said


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

    people = [
        Person(row.pop("id", ""), {trait: value for trait, value in row.items() if trait})
        for _, row in _read_table(args.people, ("id",))
    ]
    quotas = [
        TraitQuota(row["trait"], row["value"], _whole(row["least"], at), _whole(row["most"], at))
        for at, row in _read_table(args.quotas, ("trait", "value", "least", "most"))
    ]
    lottery = fair_lottery(people, quotas, _whole(args.seats, 1))
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
    for at, row in _read_table(args.file, ("body", "members")):
        if row["body"] in members:
            raise FileError(at, f"body {row['body']!r} stands twice")
        members[row["body"]] = _whole(row["members"], at)
    breaker = TieBreaker("lot", sorted(members), args.lot)
    found = apportion(args.method, members, _whole(args.seats, 1), breaker, _whole(args.base, 1))
    if args.json:
        _print_json({"seats": dict(found.seats), "ties": [list(t.order) for t in breaker.ties]})
        return 0
    for each in found.outcome.explanations:
        print(sentence(each, {}, args.language))
    return 0


def _options(words: list[str]) -> dict[str, str]:
    options: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or name in options:
            raise CountError(f"--option {word!r}: write each option once, as name=value")
        options[name] = value
    return options


def _read_table(path: Path, needed: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """Rows of a CSV file by heading, with their line. Raises FileError."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        missing = [name for name in needed if name not in (rows.fieldnames or [])]
        if missing:
            raise FileError(1, f"the column {missing[0]} is missing")
        found = []
        for row in rows:
            if None in row or None in row.values():
                raise FileError(rows.line_num, "a row has more or fewer cells than the headings")
            found.append((rows.line_num, {key: value.strip() for key, value in row.items()}))
    return found


def _whole(text: str, line: int) -> int:
    from comuna.count.files.whole import whole

    return whole(line, text, f"{text!r} is not a whole number")


def _print_json(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=1))
