"""From what a person wrote in a form to the values of an act. Nothing is guessed: what cannot be
read is a fault that says what would be right."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from django.core.files.uploadedfile import UploadedFile
from django.utils.timezone import get_current_timezone

from comuna import given
from comuna.rules.act import Paper
from comuna.web.acting import voting
from comuna.web.acting.fields import EFFECTS, MAY_BE_EMPTY, Field, fields_of
from comuna.web.settings import UPLOAD_LARGEST
from comuna.web.visit import Visit

ROWS_MAX = 300
EFFECTS_MAX = 20
MEMBERS_MAX = 5000
BLANK = "blank"

Raw = dict[str, Any]
"""What was written: text by field, lists for rows, (tag, Raw) for effects, Raw or None for a part,
Paper for files, text by option for a ballot."""


class Fault(ValueError):  # noqa: N818 - a person's slip, told beside the field
    """What is wrong with one field: a text of the catalogue and its figures."""

    def __init__(self, name: str, **params: Any) -> None:
        super().__init__(name)
        self.name, self.params = name, params


@dataclass(slots=True)
class Reading:
    """One form being read: whose, the documents sent with it, the vote among options it is about,
    and the faults found, by the field's full name."""

    here: Visit
    stored: dict[str, list[Paper | Fault]] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    vote: voting.Voting | None = None


# --- what was written ---------------------------------------------------------------------------


def collect(struct: type[msgspec.Struct], posted: Any, reading: Reading, at: str = "") -> Raw:
    """What was written for a Struct; `at` is the beginning of its fields' names."""
    return {f.name: collect_field(f, posted, reading, at + f.name) for f in fields_of(struct)}


def collect_field(f: Field, posted: Any, reading: Reading, name: str) -> Any:
    if f.widget == "rows":
        assert f.row is not None
        return [
            collect(f.row, posted, reading, f"{name}-{i}-")
            for i in range(count(posted, name, ROWS_MAX))
        ]
    if f.widget == "effects":
        tags = [
            (i, posted.get(f"{name}-{i}-effect", ""))
            for i in range(count(posted, name, EFFECTS_MAX))
        ]
        return [
            (tag, collect(EFFECTS[tag], posted, reading, f"{name}-{i}-"))
            for i, tag in tags
            if tag in EFFECTS
        ]
    if f.widget == "part":
        assert f.row is not None
        there = posted.get(f"{name}-there", "")
        return collect(f.row, posted, reading, f"{name}-") if there else None
    if f.widget == "marks":
        return marked(posted, reading, name)
    if f.widget == "shares":
        steps = [s.id for s in reading.here.state.statute.surplus.steps]
        return {step: posted.get(f"{name}-{step}", "").strip() for step in steps}
    if f.widget in ("file", "files"):
        return papers(posted, reading, name)
    return plain_text(posted.get(name, ""))


def marked(posted: Any, reading: Reading, name: str) -> dict[str, str]:
    """What stands beside each option of a ballot, by its number; nothing for those left empty."""
    vote = reading.vote
    if vote is None:
        return {}
    if vote.kind == "one":
        chosen = posted.get(name, "")
        return {chosen: "1"} if chosen else {}
    written = {str(n): posted.get(f"{name}-{n}", "").strip() for n in vote.options}
    return {n: mark for n, mark in written.items() if mark}


def count(posted: Any, name: str, most: int) -> int:
    return min(given.whole(posted.get(f"{name}-count", "")) or 0, most)


def plain_text(written: str) -> str:
    """As the book wants it: normal form C, one kind of line end, nothing round it."""
    return unicodedata.normalize("NFC", written.replace("\r\n", "\n").replace("\0", "")).strip()


def papers(posted: Any, reading: Reading, name: str) -> list[Paper]:
    """The documents of a field: those sent now, and those sent with an earlier try."""
    found = [p for text in posted.getlist(f"{name}-kept") for p in [kept_paper(text)] if p]
    for stored in reading.stored.get(name, ()):
        if isinstance(stored, Fault):
            reading.faults[name] = stored
        else:
            found.append(stored)
    return found


def kept_paper(text: str) -> Paper | None:
    """ "sha256:size" of a document that is here already."""
    parts = re.fullmatch(r"([0-9a-f]{64}):([1-9][0-9]{0,15})", text)
    return Paper(sha256=parts[1], size=int(parts[2])) if parts else None


def store(files: Any, keep: Callable[[bytes], Paper]) -> dict[str, list[Paper | Fault]]:
    """Keep what was uploaded, by field. Done before anything else, since disks are slow and the
    clerk must not wait for them."""
    return {name: [store_one(u, keep) for u in files.getlist(name)] for name in files}


def store_one(upload: UploadedFile[Any], keep: Callable[[bytes], Paper]) -> Paper | Fault:
    """The document under its fingerprint, or why not: empty, or too large."""
    size = upload.size or 0
    if size > UPLOAD_LARGEST:
        return Fault("too_large", largest=UPLOAD_LARGEST // 2**20)
    return keep(upload.read()) if size else Fault("empty_file")


def drop_blanks(raw: Raw, struct: type[msgspec.Struct]) -> None:
    """Take out the rows that were left empty, also those within rows, parts and effects."""
    for f in fields_of(struct):
        if f.widget == "part":
            if raw[f.name] is not None and f.row is not None:
                drop_blanks(raw[f.name], f.row)
        elif f.row is not None:
            for row in raw[f.name]:
                drop_blanks(row, f.row)
            raw[f.name] = [row for row in raw[f.name] if not blank(row, f.row)]
        elif f.widget == "effects":
            for tag, row in raw[f.name]:
                drop_blanks(row, EFFECTS[tag])


def blank(raw: Raw, struct: type[msgspec.Struct]) -> bool:
    """Whether a row was left empty; what has a choice made beforehand does not count."""
    return not any(raw[f.name] for f in fields_of(struct) if f.widget not in ("choice", "check"))


# --- what it means ------------------------------------------------------------------------------


def values(
    struct: type[msgspec.Struct], raw: Raw, reading: Reading, at: str = ""
) -> dict[str, Any]:
    """The values of a Struct as plain JSON; what was left empty and may be is left out."""
    found: dict[str, Any] = {}
    for f in fields_of(struct):
        name = at + f.name
        try:
            value = value_of(f, raw[f.name], reading, name)
        except Fault as fault:
            reading.faults[name] = fault
            continue
        if value is not None:
            found[f.name] = value
        elif f.key in MAY_BE_EMPTY:
            found[f.name] = ""
        elif f.required and name not in reading.faults:
            reading.faults[name] = Fault("missing")
    return found


def value_of(f: Field, raw: Any, reading: Reading, name: str) -> Any:
    """The value of one field, None when nothing was written. Raises Fault."""
    if f.widget == "rows":
        assert f.row is not None
        return [values(f.row, row, reading, f"{name}-{i}-") for i, row in enumerate(raw)] or None
    if f.widget == "effects":
        return [
            {"effect": tag, **values(EFFECTS[tag], row, reading, f"{name}-{i}-")}
            for i, (tag, row) in enumerate(raw)
        ] or None
    if f.widget == "part":
        assert f.row is not None
        return None if raw is None else values(f.row, raw, reading, f"{name}-")
    if f.widget == "shares":
        return shares(raw, reading, name)
    if f.widget == "marks":
        return marks(raw, reading, name)
    if f.widget == "typed":
        return typed(raw, reading.vote) if raw else None
    if f.widget in ("file", "files"):
        as_json = [{"sha256": p.sha256, "size": p.size} for p in raw]
        return (as_json if f.widget == "files" else as_json[-1]) if raw else None
    if f.widget == "check":
        return bool(raw)
    if raw == "":
        return None
    return READERS[f.widget](raw, reading.here, f)


def shares(raw: dict[str, str], reading: Reading, name: str) -> dict[str, Any] | None:
    """What the assembly decides for steps of the waterfall: "1/10", "10%", "rest" or an amount."""
    found: dict[str, Any] = {}
    for step, written in raw.items():
        if not written:
            continue
        try:
            word = written.lower()
            if word in ("rest", "resto"):
                found[step] = "rest"
            elif "/" in word or "%" in word:
                found[step] = word.replace(",", ".").replace(" ", "")
            else:
                found[step] = money(written, reading.here)
        except Fault as fault:
            reading.faults[f"{name}-{step}"] = fault
    return found or None


def marks(raw: dict[str, str], reading: Reading, name: str) -> dict[str, int]:
    """A ballot from what stands beside each option; one without any mark is blank. Where one is
    chosen, so is the blank ballot."""
    if reading.vote is not None and reading.vote.kind == "one" and not raw:
        raise Fault("missing")
    found: dict[str, int] = {}
    for number, mark in raw.items():
        if number == BLANK:
            continue
        option = reading.vote.options.get(whole(number)) if reading.vote else None
        try:
            found[option.id if option else number] = whole(mark)
        except Fault as fault:
            reading.faults[f"{name}-{number}"] = fault
    return found


def typed(written: str, vote: voting.Voting | None) -> dict[str, int]:
    """A ballot as a teller types it."""
    if vote is None:
        raise Fault("no_such_vote")
    try:
        return voting.read(written, vote)
    except voting.Unreadable:
        raise Fault(f"not_a_ballot_{vote.kind}") from None


def whole(written: str) -> int:
    if not re.fullmatch(r"[0-9]{1,15}", written):
        raise Fault("not_a_number")
    return int(written)


def money(written: str, here: Visit, signed: bool = False) -> int:
    """An amount in smallest units from "1 234,50", "1234.5" or "1234". A separator is taken for the
    decimal one, and with more digits behind it than the unit has the amount is refused."""
    match = re.fullmatch(r"([-−]?)([0-9]+)(?:[.,]([0-9]+))?", re.sub(r"[\s']", "", written))
    decimals = here.state.decimals
    if match is None or (match[1] and not signed) or len(match[2]) > 15:
        raise Fault("not_an_amount", decimals=decimals)
    cents = match[3] or ""
    if len(cents) > decimals:
        raise Fault("too_many_decimals", decimals=decimals)
    amount = int(match[2] + cents.ljust(decimals, "0"))
    return -amount if match[1] else amount


def day(written: str) -> date:
    try:
        found = date.fromisoformat(written)
    except ValueError:
        raise Fault("not_a_date") from None
    if found.isoformat() != written:
        raise Fault("not_a_date")
    return found


def moment(written: str) -> int:
    """UTC seconds of a moment written in the time of the pages."""
    try:
        found = datetime.strptime(written, "%Y-%m-%dT%H:%M")
    except ValueError:
        raise Fault("not_a_moment") from None
    return int(found.replace(tzinfo=get_current_timezone()).timestamp())


def members(written: str) -> list[int]:
    """Member numbers from "1, 4, 7-12", each once, in the order written."""
    found: dict[int, None] = {}
    for part in re.split(r"[\s,;]+", re.sub(r"\s*[-–]\s*", "-", written)):
        match = re.fullmatch(r"([0-9]{1,7})(?:-([0-9]{1,7}))?", part)
        if match is None:
            raise Fault("not_members")
        first, last = int(match[1]), int(match[2] or match[1])
        if not 0 < first <= last or last - first + len(found) >= MEMBERS_MAX:
            raise Fault("not_members")
        found.update(dict.fromkeys(range(first, last + 1)))
    return list(found)


def birth(written: str, here: Visit) -> int | None:
    """The day the voting age is reached, in UTC seconds. Nothing for whoever is old enough for
    every office: the book needs not say how old."""
    born = day(written)
    law = here.state.statute
    oldest = max([law.members.voting_age, *(o.age_min for o in law.offices)])
    today = datetime.fromtimestamp(here.now, UTC).date()
    if birthday(born, oldest) <= today:
        return None
    votes = birthday(born, law.members.voting_age)
    return int(datetime(votes.year, votes.month, votes.day, tzinfo=UTC).timestamp())


def birthday(born: date, age: int) -> date:
    """Whoever is born on 29 February comes of age on 1 March."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def parts_of(written: str) -> list[str]:
    """ "women, youth" → each of them."""
    return [part.strip() for part in written.split(",") if part.strip()]


def new_value(written: str, here: Visit) -> Any:
    """A new value for a place of the statute: yes/no, a whole number, a list, else text."""
    word = written.lower()
    if word in ("yes", "sí", "si", "true", "no", "false"):
        return word not in ("no", "false")
    if re.fullmatch(r"[0-9]{1,9}", word):
        return int(word)
    if written.startswith("[") and written.endswith("]"):
        return parts_of(written[1:-1])
    return written


READERS: dict[str, Callable[[str, Visit, Field], Any]] = {
    "text": lambda written, here, f: written,
    "long": lambda written, here, f: written,
    "secret": lambda written, here, f: written,
    "suggest": lambda written, here, f: written,
    "pick": lambda written, here, f: whole(written) if f.number else written,
    "choice": lambda written, here, f: written,
    "number": lambda written, here, f: whole(written),
    "member": lambda written, here, f: whole(written),
    "members": lambda written, here, f: members(written),
    "money": lambda written, here, f: money(written, here),
    "balance": lambda written, here, f: money(written, here, signed=True),
    "date": lambda written, here, f: day(written).isoformat(),
    "moment": lambda written, here, f: moment(written),
    "birth": lambda written, here, f: birth(written, here),
    "texts": lambda written, here, f: [
        line.strip() for line in written.split("\n") if line.strip()
    ],
    "words": lambda written, here, f: parts_of(written),
    "sets": lambda written, here, f: [parts_of(line) for line in written.split("\n")],
    "value": lambda written, here, f: new_value(written, here),
}
"""How each widget is read."""
