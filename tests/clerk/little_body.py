"""A body of twelve with a bank account, for tests of the clerk: founded, met once, trading."""

from __future__ import annotations

import hashlib
from itertools import count
from pathlib import Path
from typing import Any

from comuna import pen, statutes
from comuna.book import checkpoint, keys, store
from comuna.book.database import Database
from comuna.clerk import Clerk, Recorded, Submission
from comuna.home import Home
from comuna.readings import tables
from comuna.rules.accounts import OpenAccount, Receive
from comuna.rules.act import Paper
from comuna.rules.assembly import (
    AgendaItem,
    CallAssembly,
    CheckIn,
    CloseAssembly,
    OpenAssembly,
    TakeItem,
)
from comuna.rules.decision import Enact
from comuna.rules.judge import AnyAct
from comuna.rules.names import day
from comuna.rules.office import Seat
from comuna.rules.proposal import Propose
from comuna.rules.result import AllowEntry
from comuna.rules.roll import Found, Founder
from comuna.rules.state import DAY
from comuna.rules.vote import CountHands, OpenVote

MEMBERS = range(1, 13)
SEEDS = {n: hashlib.sha256(f"member {n}".encode()).digest() for n in MEMBERS}
BOOK_KEY = hashlib.sha256(b"book").digest()
CHAIR, SECRETARY, TREASURER, OVERSEER, TELLERS = 1, 4, 5, 6, (9, 10)
SEATS = (
    *(("coordination", n) for n in (1, 2, 3)),
    ("secretary", SECRETARY),
    ("treasurer", TREASURER),
    *(("oversight", n) for n in (6, 7, 8)),
    *(("tellers", n) for n in TELLERS),
)
START = 1_767_225_600  # 2026-01-01
FIRST_DECISION = 2
ALLOWED: dict[str, Any] = {"purpose": "lo de cada día", "amount": 10**12, "until": "2099-12-31"}


def paper(text: str) -> Paper:
    return Paper(sha256=hashlib.sha256(text.encode()).hexdigest(), size=len(text))


class LittleBody:
    """Drives a clerk as the body's members would. `now` is the simulated clock."""

    def __init__(self, database: Database, now: int = START, key: bytes = BOOK_KEY) -> None:
        self.now = now
        self.clerk = Clerk(database, key, lambda: self.now)
        self.numbers = count(1)
        self.body = store.bodies(database)[0] if store.bodies(database) else ""

    def submission(self, member: int, act: AnyAct, *others: int, nonce: str = "") -> Submission:
        if isinstance(act, Receive) and not others:
            others = (CHAIR,)
        seeds = {n: SEEDS[n] for n in (member, *others)}
        seen = self.clerk.seen(self.body) if act.names_book else None
        return pen.signed(self.body, member, act, nonce or f"n{next(self.numbers)}", seeds, seen)

    def do(self, member: int, act: AnyAct, *others: int) -> int:
        result = self.clerk.submit(self.submission(member, act, *others))
        assert isinstance(result, Recorded), result
        return result.number

    def found(self, name: str = "La Pequeña") -> None:
        act = Found(
            name=name,
            unit="USD",
            statute=statutes.load("simple"),
            founders=tuple(
                Founder(
                    commitment=hashlib.sha256(f"record {n}".encode()).hexdigest(),
                    kind="member",
                    key=keys.to_wire(keys.public_key(SEEDS[n])),
                )
                for n in MEMBERS
            ),
            offices=tuple(Seat(office=office, member=n) for office, n in SEATS),
        )
        submission = pen.founding(act, SEEDS, "founding")
        assert isinstance(self.clerk.submit(submission), Recorded)
        self.body = submission.body

    def open_bank(self) -> None:
        """An assembly, held by hands, lists the bank account, and allows what the body lives on to
        be entered by two."""
        effects = (
            OpenAccount(account="bank:main", title="Banco", in_name_of_body=True),
            AllowEntry(name="sales", debit="bank:main", credit="sales_members", **ALLOWED),
            AllowEntry(name="wear", debit="depreciation", credit="tools", **ALLOWED),
        )
        proposal = self.do(CHAIR, Propose(title="Banco", text="Abrir cuenta", effects=effects))
        assert proposal == FIRST_DECISION
        agenda = (
            AgendaItem(title="Tambor", purpose="opening"),
            AgendaItem(title="Banco", purpose="decision", proposal=proposal),
        )
        starts = self.now + 8 * DAY
        assembly = self.do(CHAIR, CallAssembly(starts_at=starts, place="Casa", agenda=agenda))
        self.now = starts
        self.do(SECRETARY, CheckIn(assembly=assembly, members=tuple(MEMBERS)), CHAIR)
        tree = self.clerk.desk(self.body).tree
        root = checkpoint.read_aloud(tree.root())
        self.do(CHAIR, OpenAssembly(assembly=assembly, size=tree.size, root=root))
        digest = self.clerk.state(self.body).proposals[proposal].digest
        self.do(CHAIR, TakeItem(assembly=assembly, item=1))
        ballot = self.do(
            CHAIR,
            OpenVote(assembly=assembly, proposal=proposal, digest=digest, method="hands"),
        )
        self.do(TELLERS[0], CountHands(ballot=ballot, yes=12, no=0), TELLERS[1])
        self.do(CHAIR, CloseAssembly(assembly=assembly))
        self.now += 3 * DAY
        self.do(CHAIR, Enact(decision=proposal))

    def permission(self, name: str) -> str:
        """What the first assembly allowed."""
        return f"{FIRST_DECISION}/{name}"

    def sale(self, amount: int, text: str) -> Receive:
        """Money comes in; each with a receipt of its own."""
        return Receive(
            date=day(self.now),
            money="bank:main",
            source="sales_members",
            amount=amount,
            payer="Feria",
            text=text,
            receipt=paper(text),
            permission=self.permission("sales"),
        )


def create(database: Database) -> None:
    store.create(database)
    tables.create(database)


def little_body(path: Path) -> LittleBody:
    """A new book in an SQLite file, past its first assembly."""
    database = Database(path)
    create(database)
    body = LittleBody(database)
    body.found()
    body.open_bank()
    return body


def little_home(folder: Path) -> tuple[Home, LittleBody]:
    """The same body in a home of its own, that a server can open."""
    home = Home.create(folder)
    body = LittleBody(home.database(), key=home.book_key)
    body.found()
    body.open_bank()
    return home, body
