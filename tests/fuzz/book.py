"""The doors of the book: acts, foundings, packs, amendments, homes, receipts, exported books."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from comuna import founding, pen, statutes
from comuna.audit.canonical import Malformed as AuditMalformed
from comuna.audit.canonical import read as audit_read
from comuna.audit.integrity import kept_checkpoint
from comuna.audit.record import Unreadable
from comuna.audit.seal import BookKey, checkpoint_of, public_from_recovery
from comuna.audit.verify import verify
from comuna.book import checkpoint, keys, note, receipt, store, tree
from comuna.book import entry as entries
from comuna.book.export import export
from comuna.book.strict import Malformed
from comuna.clerk import Clerk, ReadOnly
from comuna.cli import record_batch, submission_of
from comuna.clock import Jumped
from comuna.home import Damaged, Home, NoHome
from comuna.rules import amendment
from comuna.rules.act import Refusal, Refused, Seen
from comuna.rules.living_on import check_lives_on
from comuna.rules.pack import InvalidPack, extends, parse
from tests.adversary import anything
from tests.clerk.little_body import MEMBERS, SEEDS, LittleBody, little_body, little_home
from tests.fuzz import absurd
from tests.fuzz.door import ACCEPTED, REFUSED, Feed, Unforeseen

BATCH = 20
BATCHES_OF_A_BODY = 250
DAY = 86_400


# --- acts ---------------------------------------------------------------------------------------


class Players:
    """What `anything` invents acts from: a body, its members' keys, chance."""

    def __init__(self, body: LittleBody, clerk: Clerk, random: Random) -> None:
        self.body, self.clerk, self.random, self.now = body, clerk, random, body.now
        self.state = clerk.state(body.body)
        self.own = list(MEMBERS)

    def seen(self) -> Seen:
        return self.clerk.seen(self.body.body)

    def invent(self) -> str:
        return keys.to_wire(keys.public_key(self.random.randbytes(32)))


def line(players: Players, number: int) -> bytes:
    """A submission as JSON: lawful in shape and signed, more often than not made absurd then."""
    random, body = players.random, players.body
    act = anything.any_act(players)  # type: ignore[arg-type]
    member, *others = random.sample(MEMBERS, random.choice((1, 2, 2, 3)))
    way = random.random()
    if way < 0.35:
        seeds = {n: SEEDS[n] for n in (member, *others)}
        seen = players.seen() if random.random() < 0.7 else None
        with suppress(TypeError, OverflowError):  # what was invented fits no act
            return msgspec.json.encode(
                pen.signed(body.body, member, act, f"f{number}", seeds, seen)
            )
    plain = plain_submission(body.body, member, msgspec.to_builtins(act), others, f"f{number}")
    plain["by"]["seen"] = random.choice((None, {"size": players.state.head, "root": "0" * 64}))
    if way < 0.9:
        part = random.choice(("act", "act", "act", "by", "")) if random.random() < 0.9 else ""
        plain = absurd.spoiled(random, plain) if not part else plain | {
            part: absurd.spoiled(random, plain[part])
        }  # fmt: skip
    return absurd.as_json(random, plain).replace(b"\n", b" ") or b"{}"


def plain_submission(
    body: str, member: int, act: Any, others: Sequence[int], nonce: str
) -> dict[str, Any]:
    """A submission as plain data, with signatures that name the right keys and do not fit."""
    signatures = [
        {"member": n, "key": keys.key_id(keys.public_key(SEEDS[n])), "value": "A" * 86 + "=="}
        for n in sorted({member, *others})
    ]
    by = {"member": member, "form": "signed", "signatures": signatures}
    return {"body": body, "by": by, "act": act, "nonce": nonce}


@contextmanager
def acts(folder: Path) -> Iterator[Feed]:
    """Submissions as lines of JSON, in batches, to the clerk of a body that they change. One that
    could not be judged is a fault, although the clerk refuses it alone."""
    held: dict[str, Any] = {"batches": 0}

    def fresh() -> LittleBody:
        if "body" in held:
            held["body"].clerk.close()
            shutil.rmtree(folder / "book")
        (folder / "book").mkdir()
        held["body"] = little_body(folder / "book" / "comuna.db")
        return held["body"]

    def give(random: Random) -> Counter[str]:
        if held["batches"] % BATCHES_OF_A_BODY == 0:
            fresh()
        held["batches"] += 1
        body = held["body"]
        body.now += random.choice((0, 1, 60, 3600, DAY))
        players = Players(body, body.clerk, random)
        first = held["batches"] * BATCH
        lines = [line(players, first + n) for n in range(BATCH)]
        answers = list(record_batch(body.clerk, body.body, lines, False, "es"))
        assert len(answers) == len(lines)
        for said, answer in zip(lines, answers, strict=True):
            if answer.get("refusal", {}).get("rule") == "act_not_judged":
                raise Unforeseen(f"{answer['refusal']['message']}: {said[:3000]!r}")
        refused = sum("refusal" in answer for answer in answers)
        return Counter({ACCEPTED: len(lines) - refused, REFUSED: refused})

    yield give
    if "body" in held:
        held["body"].clerk.close()


# --- founding, packs, amendments ------------------------------------------------------------------

DESCRIPTION: dict[str, Any] = {
    "name": "Comuna El Guayabo",
    "unit": "VES",
    "decimals": 2,
    "statute": "simple",
    "founders": [
        {"name": f"Ana {n}", "document": f"V-{n}", "born": "1971-05-03", "household": n,
         "offices": [office] if office else []}
        for n, office in enumerate(("coordination", "coordination", "secretary", "treasurer",
                                    "oversight", "oversight", "tellers", "tellers", "", ""), 1)
    ],
}  # fmt: skip


def as_toml(described: dict[str, Any]) -> str:
    """A description as people write it by hand."""
    heads = [f"{k} = {json.dumps(v)}" for k, v in described.items() if k != "founders"]
    for founder in described["founders"]:
        heads += ["[[founders]]", *(f"{k} = {json.dumps(v)}" for k, v in founder.items())]
    return "\n".join(heads)


class Drawer:
    """Where records lie that nobody will ask for."""

    def load(self, commitment: str) -> bytes | None:
        return None

    def save(self, commitment: str, encrypted: bytes) -> None: ...

    def delete(self, commitment: str) -> None: ...


@contextmanager
def foundings(folder: Path) -> Iterator[Feed]:
    """Descriptions in JSON and TOML, read and prepared; some of those that are clear go on to the
    clerk of a home."""
    home, body = little_home(folder / "home")
    register = home.sealing(Drawer())
    toml = as_toml(DESCRIPTION)

    def give(random: Random) -> str:
        if random.random() < 0.5:
            data = absurd.as_json(random, absurd.spoiled(random, DESCRIPTION))
            text = data.decode("utf-8", "replace")
        else:
            text = absurd.words(random, toml)
        try:
            described = founding.read(text)
            if "act" in described:
                submission = submission_of(text.encode(), "")
            else:
                submission, _ = founding.prepare(described, home, register)
        except (founding.Unclear, ValueError) as error:
            if not isinstance(error, founding.Unclear) and "act" not in text:
                raise
            return REFUSED
        if random.random() < 0.95:
            return ACCEPTED
        result = body.clerk.submit(submission)
        body.clerk.desks.pop(submission.body, None)
        if isinstance(result, Refusal) and result.rule == "act_not_judged":
            raise Unforeseen(f"{result.facts}: {text[:3000]!r}")
        return REFUSED if isinstance(result, Refusal) else ACCEPTED

    yield give
    body.clerk.close()


@contextmanager
def packs(folder: Path) -> Iterator[Feed]:
    """Packs with lines made absurd; those that extend another are the short ones."""
    texts = [statutes.text(name) for name in statutes.names()]
    short = sorted(texts, key=len)[:6]

    def give(random: Random) -> str:
        text = random.choice(short)
        base = extends(text)
        try:
            parse(absurd.words(random, text), statutes.load(base) if base else None)
        except InvalidPack as error:
            return (
                REFUSED if all(e.in_words("es") and e.in_words("en") for e in error.errors) else ""
            )
        return ACCEPTED

    yield give


@cache
def places_of_a_statute() -> tuple[str, ...]:
    """Where a statute can be changed, written as an amendment writes it."""
    whole = msgspec.to_builtins(statutes.load("simple"))

    def below(here: Any, path: str) -> Iterator[str]:
        if isinstance(here, dict):
            for name, inner in here.items():
                yield f"{path}.{name}"
                yield from below(inner, f"{path}.{name}")
        elif isinstance(here, (list, tuple)):
            for inner in here:
                if isinstance(inner, dict):
                    name = next((inner[n] for n in amendment.NAMES if n in inner), "0")
                    yield from below(inner, f"{path}.{name}")

    return tuple(place[1:] for place in below(whole, ""))


def likely(random: Random) -> Any:
    """A value that a place of a statute may well have, as often as one that none has."""
    if random.random() < 0.5:
        return absurd.value(random)
    return random.choice((0, 1, 2, 3, 8, 30, 90, 365, True, False, "1/2", "2/3", "1/5", ">1/2"))


@contextmanager
def amendments(folder: Path) -> Iterator[Feed]:
    """Changes of a statute in force, at any place and of any value."""
    body = little_body(folder / "comuna.db")
    state = body.clerk.state(body.body)

    def give(random: Random) -> str:
        changes = []
        for _ in range(random.choice((1, 1, 2))):
            place = random.choice(places_of_a_statute())
            if random.random() < 0.1:
                place = absurd.mangled(random, place.encode(), 1).decode("utf-8", "replace")
            changes.append({"place": place, "value": likely(random)})
        data = absurd.as_json(random, {"effect": "amend-statute", "changes": changes})
        try:
            effect = msgspec.json.decode(data, type=amendment.AmendStatute)
        except (ValueError, RecursionError):  # the door of acts answers for these
            return REFUSED
        try:
            law = amendment.amended(state.statute, effect.changes)
            check_lives_on(state, law, body.now)
        except Refused:
            return REFUSED
        return ACCEPTED

    yield give
    body.clerk.close()


# --- homes ----------------------------------------------------------------------------------------

SMALL_FILES = ("settings.toml", "book.key", "register.key", "clock.json")


@contextmanager
def homes(folder: Path) -> Iterator[Feed]:
    """A home with a damaged file: settings, keys, the clock's trace, seldom the database."""
    home, body = little_home(folder / "home")
    storage = store.RegisterStorage(body.clerk.database)
    body.clerk.checkpoint(body.body)
    home.watch()()
    whole = {name: (home.folder / name).read_bytes() for name in SMALL_FILES}
    with_book = folder / "whole"
    shutil.copytree(home.folder, with_book)
    settle(with_book / "comuna.db")
    database = (with_book / "comuna.db").read_bytes()

    def give(random: Random) -> str:
        if random.random() < 0.02:
            return of_database(random)
        name = random.choice(SMALL_FILES)
        (home.folder / name).write_bytes(damaged(random, whole[name]))
        try:
            opened = Home(home.folder)
            assert len(opened.book_key) == 32
            opened.sealing(storage)
            opened.watch()()
        except (NoHome, Damaged, Jumped) as error:
            return REFUSED if str(error) else ""
        finally:
            (home.folder / name).write_bytes(whole[name])
        return ACCEPTED

    def of_database(random: Random) -> str:
        for path in with_book.glob("comuna.db*"):
            path.unlink()
        (with_book / "comuna.db").write_bytes(absurd.mangled(random, database))
        came = ACCEPTED
        try:
            clerk = Home(with_book).clerk()
            for found in store.bodies(clerk.database):
                clerk.state(found)
        except (Damaged, ReadOnly, sqlite3.DatabaseError, UnicodeDecodeError):
            came = REFUSED
        else:
            clerk.checkers.shutdown()
            clerk.database.close()
        try:
            verify(with_book)
        except Unreadable:
            came = REFUSED
        return came

    yield give
    body.clerk.close()


def settle(path: Path) -> None:
    """Bring what lies beside an SQLite database into it."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()


def damaged(random: Random, data: bytes) -> bytes:
    way = random.random()
    if way < 0.7:
        return absurd.mangled(random, data)
    if way < 0.85:
        return absurd.words(random, data.decode()).encode("utf-8", "surrogatepass")
    return absurd.as_json(random, {"at": absurd.value(random), "ran": absurd.value(random)})


# --- receipts, checkpoints, exported books --------------------------------------------------------


@contextmanager
def receipts(folder: Path) -> Iterator[Feed]:
    """Receipts, checkpoints, entries, keys and sheets of recovery, each to all who read such."""
    body = little_body(folder / "comuna.db")
    database, name = body.clerk.database, body.body
    signed = body.clerk.checkpoint(name)
    key = body.clerk.verifier_key(name)
    rows = [bytes(data) for _, data, _ in store.entries(database, name)]
    small = sorted(rows, key=len)[:-1]
    leaves = store.leaves(database, name, len(rows))
    nodes = tree.nodes_of(leaves)
    made = [receipt.make(rows[n], nodes, signed, key) for n in (*range(3, len(rows)), 0)]
    sheet = keys.recovery_text(SEEDS[1])

    def give(random: Random) -> str:
        read = random.choice((of_receipt, of_checkpoint, of_entry, of_text))
        try:
            read(random)
        except (Malformed, AuditMalformed, Unreadable) as error:
            return REFUSED if str(error) else ""
        return ACCEPTED

    def of_receipt(random: Random) -> None:
        data = absurd.mangled(random, random.choice(made))
        (folder / "kept").write_bytes(data)
        with suppress(Unreadable):
            kept_checkpoint(folder / "kept")
        receipt.check(data, random.choice((None, key)))

    def of_checkpoint(random: Random) -> None:
        data = absurd.mangled(random, signed)
        with suppress(AuditMalformed):
            checkpoint_of(data)
        checkpoint.verify(data, key)

    def of_entry(random: Random) -> None:
        plain = json.loads(random.choice(small if random.random() < 0.95 else rows))
        data = absurd.as_json(random, absurd.spoiled(random, plain))
        with suppress(AuditMalformed):
            audit_read(data)
        entries.decode(data)

    def of_text(random: Random) -> None:
        text = absurd.mangled(random, key.encode().encode()).decode("utf-8", "replace")
        for parsed in (BookKey.parse, note.VerifierKey.parse):
            with suppress(Malformed, AuditMalformed):
                parsed(text)
        text = absurd.mangled(random, sheet.encode()).decode("utf-8", "replace")
        with suppress(ValueError):  # as `audit.record.key_of_home` takes it
            public_from_recovery(text)
        keys.seed_from_recovery(text)

    yield give
    body.clerk.close()


@contextmanager
def books(folder: Path) -> Iterator[Feed]:
    """Exported books to the verifier: with acts made absurd and all else put right round them, or
    with damaged files."""
    body = little_body(folder / "comuna.db")
    key = body.clerk.verifier_key(body.body).encode() + "\n"
    rows = [bytes(data) for _, data, _ in store.entries(body.clerk.database, body.body)]
    honest = folder / "honest"
    write_book(honest, rows, body, key)
    place = folder / "book"

    def give(random: Random) -> str:
        shutil.rmtree(place, ignore_errors=True)
        if random.random() < 0.7:
            odd = list(rows)
            at = random.randrange(len(odd))
            plain = json.loads(odd[at])
            part = random.choice(("act", "act", "by", ""))
            plain = absurd.spoiled(random, plain) if not part else plain | {
                part: absurd.spoiled(random, plain[part])
            }  # fmt: skip
            text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            odd[at] = text.encode("utf-8", "surrogatepass")[:60_000]
            write_book(place, odd, body, key)
        else:
            shutil.copytree(honest, place)
            path = random.choice([p for p in sorted(place.rglob("*")) if p.is_file()])
            path.write_bytes(absurd.mangled(random, path.read_bytes()))
        try:
            report = verify(place)
        except Unreadable as error:
            return REFUSED if str(error) else ""
        assert all(found.es and found.en for found in report.findings)
        return REFUSED if report.findings else ACCEPTED

    yield give
    body.clerk.close()


def write_book(folder: Path, rows: list[bytes], body: LittleBody, key: str) -> None:
    leaves = tree.leaf_hashes(rows)
    head = checkpoint.Checkpoint(entries.origin(body.body), len(rows), tree.root(leaves))
    export(folder, rows, checkpoint.sign(head, body.clerk.book_key))
    (folder / "key").write_text(key)
