"""The doors of files: ballots and their count, motions, tables, plans, cases of a surplus."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

from bench.mutated import SEEDS, files, mutated
from comuna import statutes
from comuna.count.assembly import count_motion
from comuna.count.errors import CountError
from comuna.count.files import read_ballots
from comuna.count.files.motion import read_motion
from comuna.count.methods import count
from comuna.count.rule import METHODS, Rule
from comuna.given import Unreadable, read_json
from comuna.plan.comparing import compare
from comuna.plan.errors import PlanError
from comuna.plan.happened import COUNTED, DONE, HARVESTS, one_each, read_happened
from comuna.plan.offers_centre import make_prices, make_shares
from comuna.plan.offers_part import make_offer, take_share
from comuna.plan.planning import plan_for
from comuna.plan.problem_files import read_named, rows_of
from comuna.plan.published import check_published, fingerprint, plan_of, to_json
from comuna.plan.readings import read_readings
from comuna.plan.scenarios import read_scenarios, under
from comuna.plan.table_files import read_table
from comuna.plan.written import read_json as read_plan
from comuna.rules.surplus_case import InvalidCase, read_case
from comuna.rules.waterfall import share_out
from comuna.tables.errors import TableError
from comuna.tables.reading import read_tables
from tests.fuzz import absurd
from tests.fuzz.door import ACCEPTED, REFUSED, Feed
from tests.plan.examples import chairs, problem, valley
from tests.plan.test_offers import divided

TEXTS = [kind for kind in SEEDS if kind not in ("xlsx", "ods")]


def told(error: Any) -> str:
    """Refused, if in both languages."""
    return REFUSED if error.told("es") and error.told("en") else ""


# --- ballots and motions --------------------------------------------------------------------------

PEOPLE_COUNTED = 10_000


@contextmanager
def ballots(folder: Path) -> Iterator[Feed]:
    """Ballot files of every kind, and what can be read of them counted by any method with any
    options."""
    methods = sorted(METHODS)

    def give(random: Random) -> str:
        kind = random.choice(TEXTS if random.random() < 0.98 else list(SEEDS))
        content = files(kind, random)
        if random.random() < 0.3:
            content = absurd.mangled(random, content)
        try:
            _, read = read_ballots(f"x.{kind}", content, points=random.random() < 0.3)
            if random.random() < 0.3 and read.total() < PEOPLE_COUNTED:
                method = random.choice(methods)
                rule = Rule.from_options(method, options(random, method))
                count(rule, read, random.choice((None, "", "4 2 6 1 3", absurd.text(random))))
        except CountError as error:
            return told(error)
        return ACCEPTED

    yield give


def options(random: Random, method: str) -> dict[str, str]:
    """What a method is told: the names it knows, or any, with values that may be meant, or not."""
    names = [*sorted(METHODS[method][0]), "ties"]
    meant = (
        "1",
        "2",
        "3",
        "lot",
        "id",
        "1/2",
        "2/3",
        "cost",
        "add1",
        "none",
        "skip",
        "hare",
        "any",
    )
    chosen = random.sample(names, min(len(names), random.randrange(4)))
    found = {
        name: absurd.text(random) if random.random() < 0.4 else random.choice(meant)
        for name in chosen
    }
    if random.random() < 0.05:
        found[absurd.text(random)] = absurd.text(random)
    return found


MOTION = {
    "roll": 300,
    "present": 90,
    "casting_vote": "yes",
    "channels": [
        {"channel": "box", "yes": 61, "no": 20, "abstain": 9, "evidence": ["minutes"]},
        {"channel": "hands", "yes": 1, "no": 0, "blank": 2, "null": 1},
    ],
}


@contextmanager
def motions(folder: Path) -> Iterator[Feed]:
    """Counts of a motion in JSON, counted by a majority."""

    def give(random: Random) -> str:
        text = absurd.as_json(random, absurd.spoiled(random, MOTION)).decode("utf-8", "replace")
        try:
            said = read_motion(text)
            told_so = options(random, "majority") if random.random() < 0.3 else {}
            rule = Rule.from_options("majority", {"ties": "lot"} | told_so)
            count_motion(rule, said.roll, said.present, said.channels, said.casting_vote, "no")
        except CountError as error:
            return told(error)
        return ACCEPTED

    yield give


# --- tables ---------------------------------------------------------------------------------------

SQUARE = b"sector,farm,mill,final,output\nfarm,10,30,60,100\nmill,5,5,90,100\nlabour,20,10,,\n"
LONG = b"from,to,value\nfarm,mill,30\nfarm,final,60\nmill,farm,5\nlabour,farm,20\n"
READINGS = b"time,actuality,capability,potentiality\n1,8,9,10\n2,7,9,10\n3,8,9,10\n4,1,9,10\n"
HAPPENED = b"body,good,quantity\nfarm,maize,10\nmill,bread,2\n"
LEVELS = b"body,recipe,period,level\nfarm,grow,may,10\n"
GROWN = b"body,recipe,harvest\nfarm,grow,900\n"
CHANGES = b"scenario,table,column,times,body\ndry,stocks,opening,500,farm\ndry,needs,quantity,9,\n"


@contextmanager
def tables(folder: Path) -> Iterator[Feed]:
    """Tables as people import them, to each reader of such: any, of input and output, readings,
    what happened, what if."""
    readers: dict[bytes, Callable[[Path], Any]] = {
        SQUARE: read_table,
        LONG: read_table,
        READINGS: read_readings,
        HAPPENED: lambda path: one_each(read_happened(path, COUNTED), path),
        LEVELS: lambda path: one_each(read_happened(path, DONE), path),
        GROWN: lambda path: read_happened(path, HARVESTS),
        CHANGES: read_scenarios,
    }

    def give(random: Random) -> str:
        way = random.random()
        ending = random.choice(("csv", "csv", "csv", "tsv", "txt"))
        content = random.choice(list(readers))
        reader = readers[content]
        data = absurd.mangled(random, content) if way < 0.5 else cells(random, content)
        if way > 0.97:
            ending = random.choice(("xlsx", "ods"))
            data = files(ending, random)
        try:
            if random.random() < 0.3:
                [table.checked() for table in read_tables(f"x.{ending}", data)]
            else:
                path = folder / f"x.{ending}"
                path.write_bytes(data)
                reader(path)
        except (TableError, PlanError) as error:
            return told(error)
        return ACCEPTED

    yield give


def cells(random: Random, content: bytes) -> bytes:
    """The same table with cells made absurd."""
    rows = list(csv.reader(io.StringIO(content.decode())))
    for _ in range(random.choice((1, 1, 2, 4))):
        row = random.choice(rows)
        if row:
            row[random.randrange(len(row))] = absurd.text(random)
    out = io.StringIO()
    csv.writer(out, delimiter=random.choice(",,,;\t|"), lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


# --- plans ----------------------------------------------------------------------------------------


@contextmanager
def plans(folder: Path) -> Iterator[Feed]:
    """Problems in JSON and in folders of tables; plans held against their problem; what if."""
    sound = problem(chairs())
    published = to_json(plan_for(sound), Fraction(1, 1000))
    rows = [chairs(), valley(), rows_of(sound)]
    table = Offers()
    path, place = folder / "x.json", folder / "tables"

    def give(random: Random) -> str:
        way = random.random()
        try:
            if way < 0.5:
                path.write_bytes(
                    absurd.as_json(random, absurd.spoiled(random, random.choice(rows)))
                )
                read_named(path)
            elif way < 0.55:
                shutil.rmtree(place, ignore_errors=True)
                write_tables(random, place, random.choice(rows))
                read_named(place)
            elif way < 0.65:
                table.take(random, path)
            elif way < 0.7:
                path.write_bytes(absurd.as_json(random, absurd.spoiled(random, published)))
                compare(published, read_plan(path))
            elif way < 0.9:
                said = absurd.spoiled(random, published)
                path.write_bytes(absurd.as_json(random, said))
                given = read_plan(path)
                if random.random() < 0.5:
                    given = given | {"problem": sound.identity()} if isinstance(given, dict) else 0
                plan_of(sound, given) if random.random() < 0.8 else check_published(sound, given)
            else:
                line = {"scenario": "dry", "table": "stocks", "column": "opening", "times": 500,
                        "body": "workshop"}  # fmt: skip
                path.write_bytes(absurd.as_json(random, absurd.spoiled(random, [line, dict(line)])))
                for changes in read_scenarios(path).values():
                    under(sound, changes)
        except PlanError as error:
            return told(error)
        return ACCEPTED

    yield give


class Offers:
    """The files of a plan by offers, each to whoever reads it: made absurd, and then with a
    fingerprint that fits, as from somebody who means harm."""

    def __init__(self) -> None:
        whole = problem(valley())
        names = {body: {body} for body in whole.bodies.body if body != "hub"}
        self.centre, self.parts = divided(whole, {"hub"}, names)
        self.call, _ = make_prices(self.centre, [], None)
        self.first = [make_offer(name, part, self.call) for name, part in self.parts.items()]
        self.prices, _ = make_prices(self.centre, self.first, self.call)
        self.second = [make_offer(name, part, self.prices) for name, part in self.parts.items()]
        self.shares = make_shares(self.centre, self.first)

    def take(self, random: Random, path: Path) -> None:
        def odd(said: Any) -> Any:
            changed = absurd.spoiled(random, said)
            if isinstance(changed, dict) and random.random() < 0.9:
                with suppress(UnicodeEncodeError):  # half a character: read_plan refuses it
                    changed["fingerprint"] = fingerprint(changed)
            path.write_bytes(absurd.as_json(random, changed))
            return read_plan(path)

        way, (name, part) = random.random(), random.choice(list(self.parts.items()))
        if way < 0.3:
            make_offer(name, part, odd(random.choice((self.call, self.prices))))
        elif way < 0.5:
            take_share(part, odd(self.shares[name]))
        elif way < 0.6:
            make_prices(self.centre, self.first, odd(self.call))
        elif way < 0.8:
            make_shares(self.centre, [odd(self.first[0]), *self.first[1:]])
        else:
            second = [odd(self.second[0]), *self.second[1:]]
            make_prices(self.centre, [*self.first, *second], self.prices)


def write_tables(random: Random, place: Path, rows: dict[str, list[dict[str, Any]]]) -> None:
    """A problem as a folder of CSV, one of them made absurd."""
    place.mkdir()
    chosen = random.choice(list(rows))
    for name, lines in rows.items():
        out = io.StringIO()
        heads = sorted({key for line in lines for key in line})
        writer = csv.DictWriter(out, heads, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
        data = out.getvalue().encode()
        if name == chosen:
            data = cells(random, data) if random.random() < 0.6 else mutated(data, random)
        (place / f"{name}.csv").write_bytes(data)


# --- surplus --------------------------------------------------------------------------------------

CASE = {
    "unit": "USD",
    "results": {"member_result": 480_000},
    "choices": {"return": "1/2"},
    "key": {"hours": 3, "equal": "1/2"},
    "members": {
        "1": {"hours": 300, "kind": "member"},
        "2": {"hours": "24.5", "months_present": 7},
        "3": {"hours": 0, "months_seniority": 30},
    },
}


@contextmanager
def surpluses(folder: Path) -> Iterator[Feed]:
    """Cases of a surplus under any pack."""
    packs = [statutes.load(name) for name in statutes.names()]

    def give(random: Random) -> str:
        law = random.choice(packs)
        text = absurd.as_json(random, absurd.spoiled(random, CASE)).decode("utf-8", "replace")
        try:
            share_out(law.surplus, read_case(read_json(text, str)), law.members.kinds)
        except Unreadable as error:
            return REFUSED if error.es and error.en else ""
        except InvalidCase as error:
            said = [fault.in_words(lang) for fault in error.faults for lang in ("es", "en")]
            return REFUSED if all(said) else ""
        return ACCEPTED

    yield give
