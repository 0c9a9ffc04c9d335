"""The same verbs for people at a terminal. Machine-readable output is documented in docs/cli.md.

Exit status: 0 all is well, 1 something was found or refused, 2 the question itself was wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from comuna import founding, words
from comuna.audit import cli as audit_cli
from comuna.book import receipt, store
from comuna.book.checkpoint import read_aloud
from comuna.book.database import Database
from comuna.book.export import export as export_tiles
from comuna.book.strict import Malformed
from comuna.book.tree import nodes_of
from comuna.clerk import BATCH, Clerk, ReadOnly, Recorded, Submission, jumped
from comuna.clock import DAY, Jumped
from comuna.count import cli as count_cli
from comuna.home import Damaged, Home, NoHome
from comuna.plan import cli as plan_cli
from comuna.readings.rebuild import UnlawfulBook
from comuna.rules.act import Refusal
from comuna.rules.judge import KINDS, decode
from comuna.rules.names import day
from comuna.statutes import cli as statutes_cli
from comuna.words import Lang

DEMO_PORT = 8321
PIN_DIGITS = 6
HAND_OVER = {
    "en": "{count} recovery sheets in {folder}: print them, hand each to its member, then delete "
    "the folder.",
    "es": "{count} hojas de recuperación en {folder}: imprímalas, entregue a cada quien la suya y "
    "borre la carpeta.",
}
MEMBERS = {"en": "members", "es": "personas socias"}


class Stop(Exception):  # noqa: N818 - ends a command with words for the person
    """The command cannot go on: what is wrong, and what would be right."""


# --- shared by the commands -------------------------------------------------------------------


def language(asked: str | None) -> Lang:
    """ "es" or "en": as asked, else as the terminal is set."""
    if asked:
        return "es" if asked == "es" else "en"
    terminal = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "es" if terminal.startswith("es") else "en"


def open_home(args: argparse.Namespace) -> Home:
    try:
        return Home(Path(args.home))
    except NoHome as error:
        raise Stop(f"{error}; `comuna found --home {args.home} FILE` makes one") from None


def choose_body(database: Database, asked: str | None) -> str:
    """The body meant: the only one of a home, or the one whose identity begins as asked."""
    bodies = store.bodies(database)
    meant = [b for b in bodies if b.startswith(asked or "")]
    if len(meant) == 1:
        return meant[0]
    if not bodies:
        raise Stop("no body is founded here yet; `comuna found --home DIR FILE` founds one")
    raise Stop(f"say which body with --body: {', '.join(bodies)}")


def progress(label: str) -> Callable[[int, int], None]:
    """A bar on the terminal's error stream; nothing when that is not a terminal."""
    if not sys.stderr.isatty():
        return lambda done, total: None
    last = [0.0]

    def show(done: int, total: int) -> None:
        now = time.monotonic()
        if now - last[0] < 0.1 and done < total:
            return
        last[0] = now
        full = 30 * done // max(1, total)
        end = "\n" if done >= total else ""
        bar = "█" * full + "·" * (30 - full)
        sys.stderr.write(f"\r{label} {bar} {done}/{total}{end}")
        sys.stderr.flush()

    return show


def say(value: Any) -> None:
    """One line of JSON."""
    print(json.dumps(value, ensure_ascii=False, separators=(",", ":")), flush=True)


def told(refusal: Refusal, lang: Lang) -> dict[str, dict[str, str]]:
    """A refusal with its words."""
    text = words.refusal(refusal, lang)
    return {
        "refusal": {
            "rule": refusal.rule,
            "article": refusal.article,
            "message": text.message,
            "remedy": text.remedy,
        }
    }


# --- found, record ----------------------------------------------------------------------------


def found(args: argparse.Namespace) -> int:
    """Found a body from a description, or from a submission that its founders signed."""
    folder, text, lang = Path(args.home), read_text(args.file), language(args.lang)
    described = founding.read(text)
    sheets: dict[int, tuple[str, str]] = {}
    try:
        with founding.place(folder, args.database) as home:
            clerk = home.clerk()
            register = home.register(clerk.database)
            if "act" in described:
                submission = submission_of(text.encode(), "")
            else:
                submission, sheets = founding.prepare(described, home, register)
            result = clerk.submit(submission)
            if isinstance(result, Refusal):
                founding.forget(submission, register)
                raise NotFounded(result)
            clerk.checkpoint(submission.body)
            clerk.close()
    except NotFounded as refused:
        say(told(refused.refusal, lang))
        return 1
    say({"body": submission.body, "number": result.number})
    if sheets:
        written = founding.write_sheets(folder / "sheets", str(described["name"]), sheets)
        print(HAND_OVER[lang].format(count=len(written), folder=folder / "sheets"), file=sys.stderr)
    return 0


class NotFounded(Exception):  # noqa: N818 - carries the refusal out of the new home
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.rule)
        self.refusal = refusal


def read_text(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
    except (OSError, ValueError) as error:
        raise Stop(f"{name} cannot be read: {error}") from None


def submission_of(line: bytes, body: str) -> Submission:
    """A submission from a line of JSON; the body may be left out. Raises ValueError."""
    plain = msgspec.json.decode(line)
    if not isinstance(plain, dict):
        raise ValueError('an act is an object: {"act": …, "by": …, "nonce": …}')
    if body:
        plain.setdefault("body", body)
    elif "body" not in plain:
        raise ValueError("the founding act names its body")
    return msgspec.convert(plain, Submission)


def record(args: argparse.Namespace) -> int:
    """Record acts from JSON lines, committing up to a thousand together."""
    home, lang = open_home(args), language(args.lang)
    clerk = home.clerk()
    body = choose_body(clerk.database, args.body)
    lines = lines_of(args.file)
    done, refused, bar = 0, 0, progress("record")
    step = len(lines) if args.dry_run else BATCH  # a rehearsal is one: each line sees those before
    iterator = iter(lines)
    while batch := list(islice(iterator, step)):
        for answer in record_batch(clerk, body, batch, args.dry_run, lang):
            refused += "refusal" in answer
            say(answer)
        done += len(batch)
        bar(done, len(lines))
    clerk.close()
    return 1 if refused else 0


def lines_of(name: str) -> list[bytes]:
    data = sys.stdin.buffer.read() if name == "-" else read_text(name).encode()
    return [line for line in data.splitlines() if line.strip()]


def record_batch(
    clerk: Clerk, body: str, lines: Sequence[bytes], dry_run: bool, lang: Lang
) -> Iterator[dict[str, Any]]:
    """The answers to some lines, in their order; a line that is no submission is refused alone."""
    answers: list[dict[str, Any] | None] = []
    submissions: list[Submission] = []
    for line in lines:
        try:
            submissions.append(submission_of(line, body))
            answers.append(None)
        except (ValueError, RecursionError) as error:
            answers.append(told(Refusal("line_malformed", "", {"detail": str(error)}), lang))
    results = iter(clerk.record(submissions, dry_run))
    for answer in answers:
        if answer is not None:
            yield answer
            continue
        result = next(results)
        yield {"number": result.number} if isinstance(result, Recorded) else told(result, lang)


# --- looking ----------------------------------------------------------------------------------


def show(args: argparse.Namespace) -> int:
    """What a body is and where it stands, in a few lines."""
    from comuna.readings import statements

    home = open_home(args)
    database = home.database()
    bodies = [choose_body(database, args.body)] if args.body else store.bodies(database)
    clerk = home.clerk()
    summaries: list[dict[str, Any]] = []
    for body in bodies:
        desk = clerk.desk(body)
        state = desk.state
        summaries.append(
            {
                "body": body,
                "name": state.name,
                "statute": state.statute.id,
                "draft": state.statute.draft,
                "size": desk.tree.size,
                "root": desk.tree.root().hex(),
                "members": sum(p.member_at(state.now) for p in state.people.values()),
                "roll": len(state.roll(int(time.time()))),
                "unit": state.unit,
                "decimals": state.decimals,
                "money": statements.money_total(database, body),
            }
        )
    if args.json:
        say(summaries)
    else:
        lang = language(args.lang)
        for item in summaries:
            money = words.money(item["money"], item["unit"], item["decimals"], lang)
            print(f"{item['name']}\n  {item['body']}  {item['statute']}")
            print(f"  {item['size']} · {read_aloud(bytes.fromhex(item['root']))}")
            print(f"  {MEMBERS[lang]}: {item['members']}   {money}")
    return 0


def log(args: argparse.Namespace) -> int:
    """The acts of the book, one a line."""
    database, lang = open_home(args).database(), language(args.lang)
    body = choose_body(database, args.body)
    for number, data, _ in store.entries(database, body, args.after, args.count):
        if args.json:
            print(data.decode())
            continue
        entry = decode(data)
        kind = words.act(KINDS[type(entry.act)], lang)
        moment = time.strftime("%Y-%m-%d %H:%M", time.gmtime(entry.at))
        form = words.term("form", entry.by.form, lang)
        print(f"{number:>6}  {moment}  {entry.by.member:>4}  {form:<12}  {kind}")
    return 0


def report(args: argparse.Namespace) -> int:
    """A named report, as text, JSON or CSV."""
    from comuna.readings import reports

    database = open_home(args).database()
    body = choose_body(database, args.body)
    try:
        made = reports.report(
            database, body, args.name, args.argument, int(time.time()), language(args.lang)
        )
    except reports.UnknownReport as error:
        raise Stop(str(error)) from None
    sys.stdout.write(reports.render(made, args.format))
    return 0


# --- the record itself ------------------------------------------------------------------------


def checkpoint(args: argparse.Namespace) -> int:
    """Sign the head of the book and print the checkpoint, to be kept by members."""
    clerk = open_home(args).clerk()
    body = choose_body(clerk.database, args.body)
    sys.stdout.write(clerk.checkpoint(body).decode())
    clerk.close()
    return 0


def make_receipt(args: argparse.Namespace) -> int:
    """The receipt of an act: the act itself, and the proof that it is in the book."""
    clerk = open_home(args).clerk()
    body = choose_body(clerk.database, args.body)
    entry = store.entry(clerk.database, body, args.number)
    if entry is None:
        raise Stop(
            f"there is no act {args.number}; the book has {store.size(clerk.database, body)}"
        )
    signed = clerk.checkpoint(body)
    node_at = nodes_of(store.leaves(clerk.database, body, store.size(clerk.database, body)))
    sys.stdout.buffer.write(receipt.make(entry, node_at, signed, clerk.verifier_key(body)))
    clerk.close()
    return 0


def check_receipt(args: argparse.Namespace) -> int:
    """Check a receipt with nothing but the file."""
    try:
        data = sys.stdin.buffer.read() if args.file == "-" else Path(args.file).read_bytes()
        checked = receipt.check(data)
    except OSError as error:
        raise Stop(f"{args.file} cannot be read: {error}") from None
    except Malformed as error:
        say({"valid": False, "finding": str(error)})
        return 1
    say(
        {
            "valid": True,
            "number": checked.entry["number"],
            "body": checked.entry["body"],
            "size": checked.checkpoint.size,
            "root": checked.checkpoint.root.hex(),
            "key": checked.book.encode(),
            "act": checked.entry["act"],
        }
    )
    return 0


def rebuild(args: argparse.Namespace) -> int:
    """Throw the readings away and make them again from the book."""
    from comuna.readings import rebuild as rebuilding

    database = open_home(args).database()
    for body in [choose_body(database, args.body)] if args.body else store.bodies(database):
        rebuilding.rebuild(database, body, progress("rebuild"))
        say({"body": body, "acts": store.size(database, body)})
    return 0


def compare_readings(path: Path) -> list[tuple[str, str]]:
    """Where the readings of a home differ from what its books give."""
    from comuna.readings import rebuild as rebuilding

    if not (path / "settings.toml").exists():
        return []
    database = Home(path).database()
    return [
        (f"{found.table} {found.key}", found.what)
        for body in store.bodies(database)
        for found in rebuilding.differences(database, body)
    ]


def export(args: argparse.Namespace) -> int:
    """The book as plain files, or its accounts in other people's formats."""
    from comuna import interop

    home = open_home(args)
    clerk = home.clerk()
    body = choose_body(clerk.database, args.body)
    folder = Path(args.out)
    if args.to == "tiles":
        signed = clerk.checkpoint(body)
        folder.mkdir(parents=True, exist_ok=True)
        export_tiles(folder, (data for _, data, _ in store.entries(clerk.database, body)), signed)
        (folder / "key").write_text(clerk.verifier_key(body).encode() + "\n", "utf-8")
        written = [folder / "checkpoint"]
    else:
        try:
            written = interop.export(clerk.database, body, args.to, folder)
        except interop.Unavailable as error:
            raise Stop(str(error)) from None
    clerk.close()
    say({"files": [str(p) for p in written]})
    return 0


# --- serving ----------------------------------------------------------------------------------


def serve(args: argparse.Namespace) -> int:
    """The pages, until interrupted."""
    from comuna.web.server import serve as serve_pages

    serve_pages(open_home(args), args.port, args.host)
    return 0


def pin(args: argparse.Namespace) -> int:
    """Give a member a new PIN."""
    from comuna.web.acting.pin import set_pin

    home = open_home(args)
    body = choose_body(home.database(), args.body)
    people = home.clerk().state(body).people
    if args.member not in people:
        raise Stop(f"there is no member {args.member}; say a number from 1 to {len(people)}")
    new = f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"
    set_pin(home, body, args.member, new)
    say({"member": args.member, "pin": new})
    return 0


def clock(args: argparse.Namespace) -> int:
    """The hour by the machine and by the books; `--confirm` says that the machine's is right."""
    home, lang = open_home(args), language(args.lang)
    watch, database = home.watch(), home.database()
    if args.confirm:
        shown = watch.wall()
        # Wherever in the world somebody looks at the calendar, it is the date in UTC or the next.
        if all(day(shown + shift * DAY) != args.confirm for shift in (-1, 0, 1)):
            refusal = Refusal("clock_differs", "", {"shown": shown, "date": args.confirm})
            say(told(refusal, lang))
            return 1
        watch.confirm()
    try:
        shown = watch()
    except Jumped as jump:
        say(told(jumped(jump), lang))
        return 1
    books = {}
    for body in store.bodies(database):
        last = store.entry(database, body, store.size(database, body))
        books[body] = decode(last).at if last else 0
    say({"clock": shown, "books": books})
    return 0


def demo(args: argparse.Namespace) -> int:
    """A body's year, lived before your eyes, and its pages."""
    from comuna.world import demo as world_demo

    return world_demo.run(
        Path(args.home), args.seed, language(args.lang), progress, not args.no_serve, args.port
    )


# --- the words of the command line ------------------------------------------------------------


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives its exit status."""
    args = parser().parse_args(argv)
    if "run" not in args:
        parser().print_help()
        return 0
    try:
        status: int = args.run(args)
        return status
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except ReadOnly as error:
        refusal = Refusal("book_read_only", "", {"finding": str(error)})
        print(f"comuna: {words.refusal(refusal, language(args.lang)).message}", file=sys.stderr)
        return 1
    except Exception as error:
        print(f"comuna: {sentence(error, language(args.lang))}", file=sys.stderr)
        if TRACE in os.environ:
            raise
        return 2


SENTENCES = {
    "database": {
        "es": "La base de datos no se puede usar ({detail}). Si está dañada, vuelva a poner la "
        "copia de su último respaldo; `comuna verify` dice si un libro está entero.",
        "en": "The database cannot be used ({detail}). If it is damaged, put back the copy of "
        "your last backup; `comuna verify` says whether a book is whole.",
    },
    "deep": {
        "es": "Lo que se dio a leer está demasiado anidado. Revise el archivo: ningún documento de "
        "Comuna pasa de unos pocos niveles.",
        "en": "What was given to read is nested too deeply. Check the file: no document of Comuna "
        "has more than a few levels.",
    },
    "text": {
        "es": "Lo que se dio a leer no es texto en UTF-8 ({detail}). Guárdelo en UTF-8.",
        "en": "What was given to read is no text in UTF-8 ({detail}). Save it as UTF-8.",
    },
    "memory": {
        "es": "No alcanza la memoria para esto. Pruebe con un archivo más pequeño.",
        "en": "There is not enough memory for this. Try a smaller file.",
    },
    "unforeseen": {
        "es": "Esto no se pudo hacer: algo en lo que se dio sale de todo lo previsto ({detail}). "
        "Revíselo; si todo está bien, avise a quien mantiene el programa con lo que dice "
        "COMUNA_TRACE=1.",
        "en": "This could not be done: something in what was given is beyond all that was foreseen "
        "({detail}). Check it; if all is well with it, tell whoever keeps the program, with what "
        "COMUNA_TRACE=1 shows.",
    },
}
TRACE = "COMUNA_TRACE"
TOLD_AS_THEY_ARE = (Stop, NoHome, Damaged, founding.Unclear, UnlawfulBook)
DETAIL = 200  # characters of a detail: absurd input is not repeated at length


def sentence(error: Exception, lang: Lang) -> str:
    """What went wrong and what to do, whatever it was: the one place where a verb ends badly."""
    if isinstance(error, TOLD_AS_THEY_ARE):
        return str(error)
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or error}"
    detail = " ".join(str(error).split()) or type(error).__name__
    detail = detail if len(detail) <= DETAIL else detail[:DETAIL] + "…"
    if isinstance(error, UnicodeError):
        kind = "text"
    elif isinstance(error, RecursionError):
        kind = "deep"
    elif isinstance(error, MemoryError):
        kind = "memory"
    elif type(error).__module__.partition(".")[0] in ("sqlite3", "psycopg"):
        kind = "database"
    else:
        kind, detail = "unforeseen", f"{type(error).__name__}: {detail}"
    return SENTENCES[kind][lang].format(detail=detail)


def natural(text: str) -> int:
    """A whole number from 0, as an option says it."""
    if not (text.isascii() and text.isdecimal()):
        raise argparse.ArgumentTypeError(f'"{text}" is not a whole number from 0')
    if len(text) > 18:
        raise argparse.ArgumentTypeError(f'"{text[:18]}…" is larger than any number here')
    return int(text)


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(
        prog="comuna",
        description="Software on which communes, co-operatives and federations govern themselves.",
    )
    whole.set_defaults(lang=None)
    commands = whole.add_subparsers(metavar="COMMAND")

    def add(
        name: str, run: Callable[[argparse.Namespace], int], home: bool = True
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=run.__doc__, description=run.__doc__)
        command.set_defaults(run=run)
        command.add_argument("--lang", choices=("es", "en"), default=None)
        if home:
            command.add_argument("--home", required=True, metavar="DIR")
            command.add_argument("--body", metavar="ID", help="which body, when there are several")
        return command

    command = add("demo", demo, home=False)
    command.add_argument("--home", default="comuna-demo", metavar="DIR")
    command.add_argument("--seed", type=int, default=1)
    command.add_argument("--no-serve", action="store_true")
    command.add_argument("--port", type=int, default=DEMO_PORT)
    command = add("found", found)
    command.add_argument("file", metavar="FILE")
    command.add_argument("--database", default="", help="a postgresql:// address instead of SQLite")
    command = add("serve", serve)
    command.add_argument("--host", default="127.0.0.1")
    command.add_argument("--port", type=int, default=DEMO_PORT)
    command = add("record", record)
    command.add_argument("file", nargs="?", default="-", metavar="FILE")
    command.add_argument("--dry-run", action="store_true")
    add("show", show).add_argument("--json", action="store_true")
    command = add("log", log)
    command.add_argument("--after", type=natural, default=0, metavar="NUMBER")
    command.add_argument("--count", type=natural, default=2**62)
    command.add_argument("--json", action="store_true")
    add("checkpoint", checkpoint)
    add("receipt", make_receipt).add_argument("number", type=natural)
    add("check-receipt", check_receipt, home=False).add_argument("file", metavar="FILE")
    add("rebuild", rebuild)
    command = add("report", report)
    command.add_argument("name", metavar="NAME")
    command.add_argument("argument", nargs="?", default="")
    command.add_argument("--format", choices=("text", "json", "csv"), default="text")
    command = add("export", export)
    command.add_argument("--to", required=True, metavar="FORMAT")
    command.add_argument("--out", required=True, metavar="DIR")
    add("pin", pin).add_argument("member", type=natural)
    add("clock", clock).add_argument("--confirm", metavar="DATE", help="the date of today")
    audit_cli.add_commands(commands, compare_readings, progress)
    statutes_cli.add_commands(commands)
    count_cli.add_commands(commands, language)
    plan_cli.add_commands(commands, language)
    return whole
