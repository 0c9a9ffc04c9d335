"""Named reports for terminals and other programs: a table with a title and notes, as text, JSON or
CSV. The columns of each are documented in docs/reports.md, and a test holds them to it.

JSON and CSV keep the words of the rules ("in_force"), text has those of the members. Amounts are
whole numbers of smallest steps in JSON, and decimals in text and CSV.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any, NamedTuple

from comuna import given
from comuna.book.checkpoint import read_aloud
from comuna.book.database import Database
from comuna.readings import decisions, duties, statements
from comuna.readings.flow import Node, flow
from comuna.readings.flow_picture import label
from comuna.readings.law import restored
from comuna.readings.minutes import NoSuchAssembly, minutes
from comuna.readings.query import source
from comuna.readings.texts import catalogue, text
from comuna.rules.names import day
from comuna.words import Lang, money, number, term

Row = dict[str, Any]


class UnknownReport(LookupError):  # noqa: N818 - told to the person as it is
    """No report has this name, or its argument names nothing; says what there is."""


class Column(NamedTuple):
    """A column; `kind` is "", "amount", or the group of words that its values are from."""

    name: str
    kind: str


class Report(NamedTuple):
    """A table. `of` says what it was computed from."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: list[Row]
    notes: list[str]
    of: Row
    lang: Lang


class Asked(NamedTuple):
    """What a report is made of."""

    database: Database
    body: str
    argument: str
    at: int
    lang: Lang
    of: Row

    def amount(self, value: int) -> str:
        return money(value, self.of["unit"], self.of["decimals"], self.lang)

    def note(self, name: str, **values: Any) -> str:
        return text("note", name, self.lang, **values)


Table = tuple[list[Row], list[str]]
"""The rows of a report, and its notes."""


class Kind(NamedTuple):
    """How a report is made, and its columns, each as "name" or "name:kind"."""

    make: Callable[[Asked], Table]
    columns: str


def report(database: Database, body: str, name: str, argument: str, at: int, lang: Lang) -> Report:
    """The report of this name at a moment (UTC seconds). `argument` is the member of "member" and
    the assembly of "minutes". Raises UnknownReport and NoSuchBody."""
    kind = KINDS.get(name)
    if kind is None:
        raise UnknownReport(f'no report "{name}"; there are: {", ".join(NAMES)}')
    of = source(database, body)
    made, notes = kind.make(Asked(database, body, argument, at, lang, of))
    columns = tuple(Column(*word.partition(":")[::2]) for word in kind.columns.split())
    return Report(
        name,
        text("report", name, lang, argument=argument),
        columns,
        [{column.name: row[column.name] for column in columns} for row in made],
        [*notes, *computed_from(of, lang)],
        of,
        lang,
    )


def computed_from(of: Row, lang: Lang) -> list[str]:
    """How much of the book a report has seen, and the checkpoint to hold it against."""
    lines = [text("note", "size", lang, size=of["head"], name=of["name"])]
    signed = of.get("checkpoint")
    if signed is None:
        return [*lines, text("note", "no_checkpoint", lang)]
    root = read_aloud(bytes.fromhex(signed["root"]))
    return [*lines, text("note", "checkpoint", lang, size=signed["size"], root=root)]


# --- money ------------------------------------------------------------------------------------


def balance(asked: Asked) -> Table:
    sheet = statements.balance_sheet(asked.database, asked.body, asked.lang)
    made = [
        {"group": group["group"], **line} for group in sheet["groups"] for line in group["accounts"]
    ]
    notes = [
        asked.note(
            "total",
            group=term("group", group["group"], asked.lang),
            amount=asked.amount(group["total"]),
        )
        for group in sheet["groups"]
    ]
    return made, [*notes, asked.note("result", amount=asked.amount(sheet["result"]))]


def income(asked: Asked) -> Table:
    found = statements.income(asked.database, asked.body, asked.lang)
    made = [{"group": group, **line} for group in ("income", "costs") for line in found[group]]
    return made, [asked.note("result_of", amount=asked.amount(found["result"]))]


def surplus(asked: Asked) -> Table:
    found = statements.surplus(asked.database, asked.body, asked.lang)
    made = []
    for period in found["periods"]:
        same = {name: period[name] for name in ("number", "since", "until", "allocated")}
        results = [(n, term("result", n, asked.lang), a) for n, a in period["results"].items()]
        results.append(("surplus", text("report", "surplus", asked.lang), period["surplus"]))
        for name, title, amount in results:
            row = {"fund": name, "title": title, "amount": amount, "article": ""}
            made.append({**same, **row})
        made += [{**same, **step} for step in period["steps"]]
    return made, []


def allocations(asked: Asked) -> Table:
    return statements.allocations(asked.database, asked.body)["allocations"], []


def funds(asked: Asked) -> Table:
    return statements.funds(asked.database, asked.body, asked.lang)["funds"], []


def grants(asked: Asked) -> Table:
    return statements.grants(asked.database, asked.body)["grants"], []


def budget(asked: Asked) -> Table:
    found = statements.budget(asked.database, asked.body, day(asked.at), asked.lang)
    if not found["lines"]:
        return [], [asked.note("no_budget")]
    return found["lines"], [asked.note("window", **found)]


def prices(asked: Asked) -> Table:
    found = statements.prices(asked.database, asked.body, day(asked.at))["prices"]
    return found, [] if found else [asked.note("no_prices")]


def authorisations(asked: Asked) -> Table:
    found = statements.authorisations(asked.database, asked.body, day(asked.at))
    return found["authorisations"], []


def payments(asked: Asked) -> Table:
    found = statements.payments(asked.database, asked.body, asked.at)["payments"]
    for row in found:
        row["approvals"] = " ".join(map(str, row["approved_by"]))
        row["date"] = " ".join(m["date"] for m in row["movements"])
        row["receipt"] = " ".join(m["receipt"] for m in row["movements"] if m["receipt"])
    return found, []


def member(asked: Asked) -> Table:
    number_asked = given.whole(asked.argument) or 0
    known = statements.member_account(asked.database, asked.body, number_asked, asked.lang)
    people = restored(asked.database, asked.body).people
    if number_asked not in people:
        raise UnknownReport(f'no member "{asked.argument}"; say a number from 1 to {len(people)}')
    notes = [f"{row['title']}: {asked.amount(row['balance'])}" for row in known["accounts"]]
    minutes_worked = sum(known["minutes"].values())
    hours, minutes_left = divmod(minutes_worked, 60)
    return known["lines"], [*notes, asked.note("hours", hours=hours, minutes=minutes_left)]


def the_flow(asked: Asked) -> Table:
    found = flow(asked.database, asked.body)
    nodes: dict[Any, Node] = {node.key: node for node in found.nodes}
    made = [
        {
            "source": label(found, nodes[link.source], asked.lang),
            "target": label(found, nodes[link.target], asked.lang),
            "amount": link.amount,
        }
        for link in found.links
    ]
    return made, [asked.note("came_in", amount=asked.amount(found.total))]


# --- affairs ----------------------------------------------------------------------------------


def the_decisions(asked: Asked) -> Table:
    found = decisions.decisions(asked.database, asked.body, asked.at)["decisions"]
    for row in found:
        row["date"] = day(row["decided_at"] or row["at"])
    return found, []


def offices(asked: Asked) -> Table:
    made = []
    for office in decisions.offices(asked.database, asked.body, asked.at, asked.lang)["offices"]:
        common = {"office": office["title"], "vacant": office["vacant"]}
        for mandate in office["mandates"]:
            made.append(
                {
                    **common,
                    **mandate,
                    "since": day(mandate["since"]),
                    "until": day(mandate["until"]),
                    "days": mandate["left"] // 86_400,
                    "alternate": bool(mandate["alternate"]),
                }
            )
        if not office["mandates"]:
            empty = {"member": 0, "alternate": False, "since": "", "until": "", "days": 0}
            made.append({**common, **empty, "decision": 0})
    return made, []


def members(asked: Asked) -> Table:
    found = decisions.roll(asked.database, asked.body, asked.at, asked.lang)
    return found["kinds"], [asked.note("households", **found)]


def overdue(asked: Asked) -> Table:
    state = restored(asked.database, asked.body)
    found = duties.duties(asked.database, asked.body, asked.at)["duties"]
    for row in found:
        owing = state.statute.office(row["who"] or row["subject"])
        if owing is not None:
            row["who"] = owing.title.get(asked.lang, owing.title["en"])
        row["due"] = day(row["due"])
    return found, []


def the_minutes(asked: Asked) -> Table:
    wanted = given.whole(asked.argument) or 0
    try:
        made = minutes(asked.database, asked.body, wanted, asked.lang)
    except NoSuchAssembly as error:
        raise UnknownReport(str(error)) from None
    return [{"heading": s.heading, "text": line} for s in made.sections for line in s.lines], []


def work(asked: Asked) -> Table:
    found = statements.work(asked.database, asked.body)
    hours, minutes_left = divmod(found["minutes"], 60)
    return found["work"], [asked.note("hours", hours=hours, minutes=minutes_left)]


KINDS = {
    "balance": Kind(balance, "group:group account title amount:amount"),
    "income": Kind(income, "group:group account title amount:amount"),
    "surplus": Kind(surplus, "number since until fund title amount:amount article allocated"),
    "allocations": Kind(allocations, "period since until member amount:amount decision"),
    "funds": Kind(funds, "fund title in:amount out:amount balance:amount indivisible"),
    "grants": Kind(
        grants,
        "name grantor purpose since until amount:amount received:amount spent:amount left:amount"
        " decision",
    ),
    "budget": Kind(
        budget,
        "line title budgeted:amount authorised:amount pending:amount spent:amount left:amount",
    ),
    "prices": Kind(prices, "product measure price:amount per most since until decision"),
    "authorisations": Kind(
        authorisations,
        "name decision purpose fund line since until limit:amount spent:amount pending:amount"
        " left:amount",
    ),
    "payments": Kind(
        payments,
        "number decision authorisation purpose payee amount:amount paid:amount state:payment"
        " approvals date receipt",
    ),
    "decisions": Kind(
        the_decisions,
        "number title state:decision_state date yes no article authorised:amount spent:amount",
    ),
    "offices": Kind(offices, "office member alternate since until days decision vacant"),
    "members": Kind(members, "kind title members voters applicants ended"),
    "member": Kind(member, "date movement account text amount:amount decision receipt"),
    "overdue": Kind(overdue, "duty:duty subject who due late days article"),
    "flow": Kind(the_flow, "source target amount:amount"),
    "minutes": Kind(the_minutes, "heading text"),
    "work": Kind(work, "production_unit month members minutes"),
}
NAMES = tuple(KINDS)
"""Every report there is."""


# --- rendering --------------------------------------------------------------------------------


def render(made: Report, form: str) -> str:
    """A report as "text", "json" or "csv", ending with a newline. Raises ValueError."""
    match form:
        case "json":
            return as_json(made)
        case "csv":
            return as_csv(made)
        case "text":
            return as_text(made)
    raise ValueError(f'a report is given as text, json or csv, not as "{form}"')


def as_json(made: Report) -> str:
    whole = {
        "name": made.name,
        "title": made.title,
        "columns": [column.name for column in made.columns],
        "amounts": [column.name for column in made.columns if column.kind == "amount"],
        "rows": made.rows,
        "notes": made.notes,
        "of": made.of,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def as_csv(made: Report) -> str:
    """RFC 4180 with the English names of the columns; amounts with a point and no separators."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(column.name for column in made.columns)
    for row in made.rows:
        writer.writerow(exact(made, row, column) for column in made.columns)
    return out.getvalue()


def exact(made: Report, row: Row, column: Column) -> Any:
    value = row[column.name]
    return plain(value, made.of["decimals"]) if column.kind == "amount" else value


def plain(amount: int, decimals: int) -> str:
    """Smallest steps as a decimal: plain(-5, 2) → "-0.05"."""
    whole, part = divmod(abs(amount), 10**decimals)
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole}.{part:0{decimals}d}" if decimals else f"{sign}{whole}"


def as_text(made: Report) -> str:
    """A table for a terminal: numbers to the right, texts to the left, minutes as they are read."""
    lines = [made.title, "=" * len(made.title), ""]
    if made.name == "minutes":
        lines += prose(made)
    elif made.rows:
        lines += grid(made)
    return "\n".join([*lines, "", *made.notes]) + "\n"


def prose(made: Report) -> list[str]:
    lines: list[str] = []
    heading = ""
    for row in made.rows:
        if row["heading"] != heading:
            heading = row["heading"]
            lines += ["", heading, "-" * len(heading)]
        lines.append(row["text"])
    return lines[1:]


def grid(made: Report) -> list[str]:
    heads = [text("column", column.name, made.lang) for column in made.columns]
    cells = [[cell(made, row, column) for column in made.columns] for row in made.rows]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    right = [all(type(row[column.name]) is int for row in made.rows) for column in made.columns]

    def line(values: list[str]) -> str:
        padded = [
            v.rjust(w) if r else v.ljust(w) for v, w, r in zip(values, widths, right, strict=True)
        ]
        return "  ".join(padded).rstrip()

    return [line(heads), line(["-" * width for width in widths]), *map(line, cells)]


def cell(made: Report, row: Row, column: Column) -> str:
    """A value as people read it."""
    value = row[column.name]
    if column.kind == "amount":
        return number(value, made.lang, made.of["decimals"])
    if isinstance(value, bool):
        return term("bool", str(value).lower(), made.lang)
    if column.name == "receipt":
        return " ".join(fingerprint[:12] for fingerprint in value.split())
    if column.kind in catalogue():
        return text(column.kind, value, made.lang)
    return term(column.kind, value, made.lang) if column.kind else str(value)
