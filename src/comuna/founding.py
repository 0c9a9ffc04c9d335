"""Founding a body from a plain description: who founds it, on which statute, who holds which
office.

The description is JSON or TOML:

    name = "Comuna El Guayabo"
    unit = "VES"                  # decimals = 2
    statute = "ve-comunas-2010"
    paper = "acta.jpg"            # the signed founding sheet; needed when a founder has no key
    [[founders]]
    name = "Ana Rojas"            # goes to the roll register, never into the book
    document = "V-1234567"
    born = "1971-05-03"
    kind = "member"               # default: the first kind of the statute
    household = 1
    key = "…"                     # their own public key; or `paper = true`: founds on paper
    offices = ["secretary"]       # "treasurer:alternate" for an alternate

A founder who brings no key and does not found on paper gets one: its recovery sheet is written to
the folder of sheets, to be printed, handed over and deleted. A founder who brings a key signs the
founding act elsewhere: that is what `comuna found` with a complete submission is for.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import MAXYEAR, UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from unicodedata import normalize

from comuna import pen, statutes
from comuna.book import canonical, keys
from comuna.book.register import Register
from comuna.book.strict import Malformed
from comuna.clerk import Submission
from comuna.given import Unreadable, read_json, read_toml
from comuna.home import Home, NoHome, write_private
from comuna.rules.act import Paper
from comuna.rules.office import Seat
from comuna.rules.roll import Found, Founder
from comuna.rules.statute import Statute

FIELDS = ("name", "unit", "decimals", "statute", "paper", "founders")
LARGEST = 4 * 2**20  # letters: thousands of founders
FOUNDER_FIELDS = (
    "name",
    "document",
    "contact",
    "born",
    "kind",
    "household",
    "key",
    "paper",
    "offices",
)


class Unclear(ValueError):  # noqa: N818 - told to the person as it is
    """The description is wrong: where, and what would be right."""


class Founding(NamedTuple):
    """A signed founding, and the recovery text of each key made here, by member number."""

    submission: Submission
    sheets: dict[int, tuple[str, str]]  # number → (name, recovery text)


def read(text: str) -> dict[str, Any]:
    """A description from JSON or TOML, its letters composed as the book has them. Raises
    Unclear."""
    if len(text) > LARGEST:
        raise Unclear(f"the file has {len(text)} letters; a description has at most {LARGEST}")
    text = normalize("NFC", text)
    try:
        described = read_json(text) if text.lstrip().startswith("{") else read_toml(text)
    except Unreadable as error:
        where = f"line {error.line}: " if error.line else ""
        raise Unclear(f"the file cannot be read: {where}{error}") from None
    if not isinstance(described, dict):
        raise Unclear("the file describes no body: an object with name, unit, statute, founders")
    return described


@contextmanager
def place(folder: Path, database: str = "") -> Iterator[Home]:
    """The home to found in: the one that is there, or a new one, which stays only if all goes well.
    Raises NoHome when the folder holds other things."""
    if (folder / "settings.toml").exists():
        yield Home(folder)
        return
    if folder.exists() and any(folder.iterdir()):
        raise NoHome(f"{folder} is not empty and holds no Comuna; name a new folder")
    beside = folder.with_name(folder.name + ".part")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        yield Home.create(beside, database)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    beside.replace(folder)


def prepare(described: Mapping[str, Any], home: Home, register: Register) -> Founding:
    """The founding act of a description, signed with the keys made for those who have none.
    Personal records go to the register once all else is clear. Raises Unclear."""
    known(described, FIELDS, "the description")
    law = statute_of(described)
    people = people_of(described)
    seeds = {
        n: keys.generate() for n, p in enumerate(people, 1) if not (p.get("key") or p.get("paper"))
    }

    def founders(keep: Callable[[Mapping[str, Any]], str]) -> tuple[Founder, ...]:
        return tuple(founder(law, n, p, seeds.get(n), keep) for n, p in enumerate(people, 1))

    offices = tuple(s for n, p in enumerate(people, 1) for s in seats(n, p))
    founders(commitable)  # says what is unclear before anything is kept
    paper = paper_of(described, home)
    decimals = whole(described.get("decimals", 2), "decimals")
    act = Found(
        name=str(described.get("name", "")),
        unit=str(described.get("unit", "")),
        decimals=decimals,
        statute=law,
        founders=founders(register.add),
        offices=offices,
    )
    sheets = {n: (people[n - 1]["name"], keys.recovery_text(seed)) for n, seed in seeds.items()}
    return Founding(pen.founding(act, seeds, "founding", paper), sheets)


def people_of(described: Mapping[str, Any]) -> list[dict[str, Any]]:
    people = described.get("founders")
    if not isinstance(people, list) or not people:
        raise Unclear('founders are missing: a list like [{"name": "Ana Rojas"}, …]')
    for number, person in enumerate(people, 1):
        known(person, FOUNDER_FIELDS, f"founder {number}")
        if not str(person.get("name", "")).strip():
            raise Unclear(f"founder {number} has no name")
    return people


def forget(submission: Submission, register: Register) -> None:
    """Erase the records of a founding that was refused."""
    if isinstance(submission.act, Found):
        for person in submission.act.founders:
            register.erase(person.commitment)


def known(table: Any, fields: tuple[str, ...], where: str) -> None:
    if not isinstance(table, dict):
        raise Unclear(f"{where} is not a table of {', '.join(fields)}")
    strange = sorted(set(table) - set(fields))
    if strange:
        raise Unclear(f"{where}: {strange[0]!r} is not known; known are {', '.join(fields)}")


def whole(value: object, field: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unclear(f"{field} is a whole number, not {value!r}")
    return value


def statute_of(described: Mapping[str, Any]) -> Statute:
    name = str(described.get("statute", "simple"))
    try:
        return statutes.load(name)
    except statutes.UnknownPack:
        names = ", ".join(statutes.names())
        raise Unclear(f"there is no statute {name!r}; there are {names}") from None


def commitable(record: Mapping[str, Any]) -> str:
    """Nothing, for a record that the register could keep. Raises Malformed."""
    canonical.encode(dict(record))
    return ""


def founder(
    law: Statute,
    number: int,
    person: Mapping[str, Any],
    seed: bytes | None,
    keep: Callable[[Mapping[str, Any]], str],
) -> Founder:
    """A founder as the book knows them: a commitment, a day, a key. `keep` takes the personal
    record and gives its commitment."""
    record = {k: str(person[k]) for k in ("name", "document", "contact", "born") if person.get(k)}
    key = str(person.get("key", ""))
    if seed is not None:
        key = keys.to_wire(keys.public_key(seed))
    try:
        commitment = keep(record)
    except Malformed as error:
        raise Unclear(f"founder {number}: {error}") from None
    return Founder(
        commitment=commitment,
        kind=str(person.get("kind", law.members.kinds[0].id)),
        votes_from=of_age(str(person.get("born", "")), law.members.voting_age),
        household=whole(person.get("household", 0), "household"),
        key=key,
    )


def of_age(born: str, age: int) -> int:
    """The moment (UTC seconds) a person born that day reaches the voting age; 0 when long ago or
    when no day is given."""
    if not born:
        return 0
    try:
        day = datetime.strptime(born, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise Unclear(f"born is a day like 1971-05-03, not {born!r}") from None
    if day.year + age > MAXYEAR:
        raise Unclear(f"born is a day in the past, not {born!r}")
    leap = day.month == 2 and day.day == 29
    reached = day.replace(
        year=day.year + age, month=3 if leap else day.month, day=1 if leap else day.day
    )
    return max(0, int(reached.timestamp()))


def seats(number: int, person: Mapping[str, Any]) -> list[Seat]:
    said = person.get("offices", [])
    if not isinstance(said, list):
        raise Unclear(f'founder {number}: offices is a list like ["secretary"], not {said!r}')
    named = [str(o).partition(":") for o in said]
    return [
        Seat(office=office, member=number, alternate=part == "alternate")
        for office, _, part in named
    ]


def paper_of(described: Mapping[str, Any], home: Home) -> Paper | None:
    """The founding sheet, stored among the files of the home."""
    if not described.get("paper"):
        return None
    try:
        return home.keep(Path(str(described["paper"])).read_bytes())
    except (OSError, ValueError) as error:  # a name with a sign that no file has
        raise Unclear(f"the founding paper cannot be read: {error}") from None


def write_sheets(folder: Path, body_name: str, sheets: Mapping[int, tuple[str, str]]) -> list[Path]:
    """One recovery sheet a member, readable by the owner only."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = []
    for number, (name, recovery) in sheets.items():
        path = folder / f"member-{number}.txt"
        lines = (
            body_name,
            f"{number} · {name}",
            "",
            recovery,
            "",
            "ES  Esta es su llave. Con ella firma usted y nadie más. Guárdela; no la fotografíe.",
            "EN  This is your key. With it you sign, and only you. Keep it; take no photo of it.",
        )
        write_private(path, ("\n".join(lines) + "\n").encode())
        written.append(path)
    return written
