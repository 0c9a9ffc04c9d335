"""The verbs of paper: `paper enter | compare | recount` and `audit-sample`.

A folder holds `batches.csv` (a column `batch`: the boxes or sheets handed out) and `entries.jsonl`,
to which entries are only added. Entering says whether a second person is due, and never what the
first one counted.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

from comuna import given
from comuna.count.errors import BallotError, CountError, FileError
from comuna.count.paper import Entry, RecountOrder, Settlement, settle
from comuna.count.risk_limit import ballot_polling, draw_papers
from comuna.count.words import number

BATCHES, ENTRIES = "batches.csv", "entries.jsonl"
DUE = 3  # something is still to be counted

Add = Callable[[argparse.ArgumentParser, Callable[[argparse.Namespace], int]], None]
Rows = Callable[[Path, tuple[str, ...]], list[tuple[int, dict[str, str]]]]

_SAID: Mapping[str, tuple[str, str]] = {
    "second": (
        "Noted. Batch {batch} waits for a second count, by another person who has not seen this.",
        "Anotado. El lote {batch} espera un segundo recuento, de otra persona que no vio este.",
    ),
    "agreed": (
        "Noted. Batch {batch} is agreed: two people counted the same.",
        "Anotado. El lote {batch} está conforme: dos personas contaron lo mismo.",
    ),
    "differs": (
        "Noted. The two counts of batch {batch} differ ({lines}): count it again, twice.",
        "Anotado. Los dos recuentos del lote {batch} difieren ({lines}): cuéntese otra vez, dos "
        "veces.",
    ),
    "recount": (
        "Batch {batch}, counted by {one} and {other}: {lines}",
        "Lote {batch}, contado por {one} y {other}: {lines}",
    ),
    "missing": (
        "Without two counts that can be compared: {batches}",
        "Sin dos recuentos que comparar: {batches}",
    ),
    "total": (
        "Agreed in {agreed} of {all} batches: {votes}; blank {blank}, null {null}",
        "Conformes {agreed} de {all} lotes: {votes}; en blanco {blank}, nulas {null}",
    ),
    "draw": ("Papers to look at now: {papers}", "Papeletas que mirar ahora: {papers}"),
    "risk": (
        "{winner} over {loser}: risk {risk}",
        "{winner} sobre {loser}: riesgo {risk}",
    ),
    "stop": (
        "Stop: after {seen} papers every risk is within {limit}; the result is confirmed.",
        "Alto: tras {seen} papeletas todo riesgo está dentro de {limit}; el resultado se confirma.",
    ),
    "on": (
        "Go on: after {seen} papers a risk is above {limit}.",
        "Siga: tras {seen} papeletas un riesgo pasa de {limit}.",
    ),
    "all": (
        "All {seen} papers were looked at and the result is not confirmed: count everything.",
        "Se miraron las {seen} papeletas y el resultado no se confirma: cuéntese todo.",
    ),
}


def add_commands(subparsers: Any, add: Add, rows: Rows) -> None:
    """Add the verbs; `add` gives each what all have in common, `rows` reads a table."""
    paper = subparsers.add_parser("paper", help="paper counted twice: enter, compare, recount")
    verbs = paper.add_subparsers(required=True, metavar="enter|compare|recount")
    enter = verbs.add_parser("enter", help="note what one person counted in one batch")
    enter.add_argument("folder", type=Path, metavar="FOLDER")
    enter.add_argument("--batch", required=True)
    enter.add_argument("--by", required=True, metavar="WHO")
    enter.add_argument("--papers", required=True, metavar="N")
    enter.add_argument("--blank", default="0", metavar="N")
    enter.add_argument("--null", default="0", metavar="N")
    enter.add_argument("counts", nargs="+", metavar="OPTION=N")
    add(enter, lambda args: run_enter(args, rows))
    compare = verbs.add_parser("compare", help="what two people agree on, and what is missing")
    compare.add_argument("folder", type=Path, metavar="FOLDER")
    add(compare, lambda args: run_compare(args, rows))
    recount = verbs.add_parser("recount", help="the batches to count again, and where they differ")
    recount.add_argument("folder", type=Path, metavar="FOLDER")
    add(recount, lambda args: run_recount(args, rows))

    audit = subparsers.add_parser("audit-sample", help="which papers to look at, and when to stop")
    audit.add_argument("method", metavar="METHOD")
    audit.add_argument("votes", nargs="+", metavar="OPTION=VOTES", help="as announced")
    audit.add_argument("--winners", nargs="+", required=True, metavar="OPTION")
    audit.add_argument("--papers", required=True, metavar="N", help="all papers, also blank ones")
    audit.add_argument("--lot", required=True, metavar="SEED", help="the dice thrown in public")
    audit.add_argument("--limit", default="1/20", help="of the risk (1/20)")
    audit.add_argument("--next", default="20", metavar="N", help="papers to draw (20)")
    audit.add_argument("--seen", type=Path, metavar="FILE", help="what the papers drawn say, in "
                       "order: paper,votes (several with /)")  # fmt: skip
    add(audit, lambda args: run_audit(args, rows))


def run_enter(args: argparse.Namespace, rows: Rows) -> int:
    """`comuna paper enter FOLDER --batch B --by WHO --papers N OPTION=N …`."""
    batches, entries = _folder(args.folder, rows)
    counts = _numbers(args.counts)
    papers, blank, null = (
        _whole(getattr(args, name), name) for name in ("papers", "blank", "null")
    )
    entry = Entry(args.batch, args.by, papers, counts, blank, null)
    state = settle(batches, [*entries, entry])
    with (args.folder / ENTRIES).open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry.__dict__, ensure_ascii=False, sort_keys=True) + "\n")
    times = sum(each.batch == entry.batch for each in entries) + 1
    differ = [each for each in state.recounts if each.batch == entry.batch and not times % 2]
    key = "agreed" if entry.batch in state.agreed else "differs" if differ else "second"
    if args.json:
        _print_json({"batch": entry.batch, "state": key})
    lines = ", ".join(line for each in differ for line in each.differences)
    _say(args, key, batch=entry.batch, lines=lines)
    return 0 if key == "agreed" else DUE


def run_compare(args: argparse.Namespace, rows: Rows) -> int:
    """`comuna paper compare FOLDER`: the agreed totals; exit status 3 while something is due."""
    batches, entries = _folder(args.folder, rows)
    state = settle(batches, entries)
    if args.json:
        _print_json(_as_json(state))
        return 0 if state.complete() else DUE
    votes = ", ".join(f"{option} {many}" for option, many in state.votes.items()) or "—"
    _say(args, "total", agreed=len(state.agreed), all=len(batches), votes=votes,
         blank=state.blank, null=state.null)  # fmt: skip
    if state.missing:
        _say(args, "missing", batches=", ".join(state.missing))
    for order in state.recounts:
        _tell(args, order)
    return 0 if state.complete() else DUE


def run_recount(args: argparse.Namespace, rows: Rows) -> int:
    """`comuna paper recount FOLDER`: the recount orders; exit status 3 if there are any."""
    state = settle(*_folder(args.folder, rows))
    if args.json:
        _print_json(_as_json(state)["recounts"])
    else:
        for order in state.recounts:
            _tell(args, order)
    return DUE if state.recounts else 0


def run_audit(args: argparse.Namespace, rows: Rows) -> int:
    """`comuna audit-sample METHOD OPTION=VOTES … --winners W --papers N --lot SEED`: which papers
    to draw; with `--seen`, the risk left, and 0 where the result is confirmed, else 3."""
    reported, papers = _numbers(args.votes), _whole(args.papers, "papers")
    try:
        limit = Fraction(args.limit)
    except (ValueError, ZeroDivisionError):
        limit = Fraction(0)
    if not 0 < limit < 1:
        raise CountError(f"--limit {args.limit!r}: a risk such as 1/20 is due",
                         f"--limit {args.limit!r}: hace falta un riesgo como 1/20")  # fmt: skip
    order = draw_papers(args.lot, papers)
    seen = _seen(args.seen, rows, reported, islice(order, papers)) if args.seen else []
    risk = ballot_polling(args.method, reported, args.winners, papers, seen, limit)
    ahead = list(islice(draw_papers(args.lot, papers), len(seen),
                        min(papers, len(seen) + _whole(args.next, "next"))))  # fmt: skip
    draw = [] if risk.confirmed else [each + 1 for each in ahead]
    if args.json:
        _print_json(
            {
                "confirmed": risk.confirmed,
                "seen": len(seen),
                "limit": str(limit),
                "risk": [
                    {"winner": winner, "loser": loser, "risk": str(left)}
                    for (winner, loser), left in risk.pairs.items()
                ],
                "draw": draw,
            }
        )
        return 0 if risk.confirmed else DUE
    for (winner, loser), left in risk.pairs.items():
        _say(args, "risk", winner=winner, loser=loser, risk=number(left, args.lang))
    key = "stop" if risk.confirmed else "all" if len(seen) >= papers else "on"
    _say(args, key, seen=len(seen), limit=limit)
    if draw:
        _say(args, "draw", papers=", ".join(map(str, draw)))
    return 0 if risk.confirmed else DUE


def _seen(path: Path, rows: Rows, reported: Mapping[str, int], order: Any) -> list[frozenset[str]]:
    """What each paper drawn says, in the order of the lot. Raises FileError where a line is of
    another paper than was drawn, or names nobody who stands."""
    found = []
    for (line, row), drawn in zip(rows(path, ("paper", "votes")), order, strict=False):
        if row["paper"] != str(drawn + 1):
            raise FileError(
                line,
                f"paper {row['paper']!r} stands where the lot drew {drawn + 1}",
                f"está la papeleta {row['paper']!r} donde el sorteo sacó la {drawn + 1}",
            )
        names = frozenset(name.strip() for name in row["votes"].split("/") if name.strip())
        if unknown := sorted(names - set(reported)):
            raise FileError(
                line,
                f"{unknown[0]!r} is not an option announced",
                f"{unknown[0]!r} no es una opción anunciada",
            )
        found.append(names)
    return found


def _folder(folder: Path, rows: Rows) -> tuple[list[str], list[Entry]]:
    batches = [row["batch"] for _, row in rows(folder / BATCHES, ("batch",))]
    twice = [each for each in batches if batches.count(each) > 1]
    if twice or "" in batches:
        shown = twice[0] if twice else ""
        raise CountError(f"{BATCHES}: batch {shown!r} is empty or stands twice",
                         f"{BATCHES}: el lote {shown!r} está vacío o repetido")  # fmt: skip
    file = folder / ENTRIES
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    entries = []
    for at, line in enumerate(lines, 1):
        try:
            entries.append(Entry(**given.read_json(line)))
        except (TypeError, ValueError) as wrong:
            if isinstance(wrong, BallotError):
                raise
            raise FileError(at, f"{ENTRIES} is damaged", f"{ENTRIES} está dañado") from None
    return batches, entries


def _numbers(words: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for word in words:
        name, equals, many = word.rpartition("=")
        if not equals or not name or name in found:
            raise CountError(f"{word!r}: write each option once, as Ana=12",
                             f"{word!r}: escriba cada opción una vez, como Ana=12")  # fmt: skip
        found[name] = _whole(many, name)
    return found


def _whole(text: str, what: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise CountError(f"{what} {text!r}: a whole number is due",
                         f"{what} {text!r}: hace falta un número entero")  # fmt: skip
    return int(text)


def _tell(args: argparse.Namespace, order: RecountOrder) -> None:
    lines = "; ".join(f"{line} {a} / {b}" for line, (a, b) in order.differences.items())
    _say(args, "recount", batch=order.batch, one=order.by[0], other=order.by[1], lines=lines)


def _as_json(state: Settlement) -> dict[str, Any]:
    return {
        "votes": dict(state.votes),
        "blank": state.blank,
        "null": state.null,
        "agreed": list(state.agreed),
        "missing": list(state.missing),
        "recounts": [
            {"batch": each.batch, "by": list(each.by), "differences": dict(each.differences)}
            for each in state.recounts
        ],
    }


def _say(args: argparse.Namespace, key: str, **facts: Any) -> None:
    if not args.json:
        print(_SAID[key][args.lang == "es"].format(**facts))


def _print_json(data: Any) -> None:
    json.dump(data, sys.stdout, ensure_ascii=False, indent=1)
    print()
