"""The only writer: lock, catch up, judge, append, fold.

Whoever submits waits in a queue; whoever holds the lock commits everything that waits in one
transaction, first come first served. What is acknowledged is on disk. A refusal writes nothing. A
retry with the same nonce and content gives the number of the first entry.

Nobody's act is harmed by another's. What the rules cannot even judge, because it is of a shape
that nobody foresaw, is refused alone; and when a transaction fails although the database is well,
the act that broke it is found and refused, and the others are recorded.
"""

from __future__ import annotations

import logging
import os
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from unicodedata import is_normalized

import msgspec

from comuna.book import canonical, checkpoint, keys, note, store
from comuna.book import entry as entry_format
from comuna.book.database import Database
from comuna.book.strict import Malformed, base64_bytes
from comuna.book.tree import CompactRange, leaf_hash, root
from comuna.clock import Jumped, wall
from comuna.readings.fold import fold
from comuna.rules.act import Author, Entry, Fact, Refusal, Seen
from comuna.rules.assembly import OpenAssembly
from comuna.rules.authorship import SIGNED_PREFIX
from comuna.rules.hour import SetHour
from comuna.rules.judge import AnyAct, AnyEntry, apply, decode, encode, judge, public_keys
from comuna.rules.proposal import Propose
from comuna.rules.roll import Apply, Found
from comuna.rules.state import State

BATCH = 1000
SIGN_EVERY = 1.0  # seconds: of a burst of commits the last is signed, and whatever is asked for
AHEAD = 64  # from so many acts on, handing them to other cores pays
ROOTS_KEPT = 4096
OF_AN_ACT = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError),
    *(RecursionError, TypeError, ValueError),
)
"""What an act of an unforeseen shape can raise; a full disk or want of memory is no act's doing."""
log = logging.getLogger(__name__)
LONG_NUMBER = re.compile(rb"[:,\[]-?[0-9]{19}")


class Submission(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An act on its way to the book. `nonce` names it: sent twice, it is recorded once."""

    body: str
    by: Author
    act: AnyAct
    nonce: str


class Recorded(msgspec.Struct, frozen=True):
    """The act is in the book under this number, and on disk."""

    number: int


class ReadOnly(Exception):  # noqa: N818 - a state of the book, told to the person as a refusal
    """The stored book does not agree with its last signed checkpoint."""


def jumped(jump: Jumped) -> Refusal:
    """Why nothing can be recorded under the hour that the machine shows."""
    return Refusal("clock_jumped", "", {"shown": jump.shown, "explained": jump.explained})


def signed_bytes(submission: Submission) -> bytes:
    """What each signer signs: the act, the body, the author without signatures, the nonce. An
    applicant's number is settled by the book when they are taken up, so nobody signs it: 0."""
    author = msgspec.structs.replace(submission.by, signatures=())
    if isinstance(submission.act, Apply):
        author = msgspec.structs.replace(author, member=0)
    bare = msgspec.structs.replace(submission, by=author)
    return SIGNED_PREFIX + msgspec.json.encode(bare, order="sorted")


def plainly_canonical(entry: AnyEntry, data: bytes) -> bool:
    """Whether bytes that msgspec made of a typed entry are certain to be the book's canonical JSON,
    so that the thorough check can be spared: short enough, text in normal form and without NUL, no
    number of nineteen digits, no names chosen by people as keys, no paper with a fingerprint.
    False only means: look closely."""
    if len(data) > canonical.LIMIT or entry.by.paper is not None or entry.by.happened:
        return False
    if isinstance(entry.act, Found | Propose) or b"\\u0000" in data or LONG_NUMBER.search(data):
        return False
    return data.isascii() or is_normalized("NFC", data.decode())


def fitting_signatures(submission: Submission, known: Mapping[str, str]) -> frozenset[str]:
    """The ids of the keys, of those known (id → base64), whose signatures fit the signed bytes."""
    message = signed_bytes(submission)
    fitting = set()
    for signature in submission.by.signatures:
        try:
            public = keys.from_wire(known[signature.key])
            value = base64_bytes(signature.value, 64)
        except (Malformed, KeyError):
            continue
        if keys.verify(public, message, value):
            fitting.add(signature.key)
    return frozenset(fitting)


@dataclass(slots=True)
class Desk:
    """What the clerk remembers of one body: its state and the tree over its entries."""

    body: str
    state: State = field(default_factory=State)
    tree: CompactRange = field(default_factory=CompactRange)
    signed: bytes | None = None  # the last checkpoint signed, not yet stored
    signed_size: int = 0
    signed_at: float = 0.0
    roots: dict[int, bytes] = field(default_factory=dict)  # by size; those people have seen
    finding: str = ""

    def remember(self, size: int, of: bytes) -> None:
        """Keep a root at hand; the one kept longest makes room."""
        if len(self.roots) >= ROOTS_KEPT and size not in self.roots:
            del self.roots[next(iter(self.roots))]
        self.roots[size] = of


@dataclass(slots=True)
class Ticket:
    """A submission in the queue, and what became of it."""

    submission: Submission
    fitting: frozenset[str] = frozenset()  # the keys whose signatures were checked ahead
    result: Recorded | Refusal | None = None
    error: BaseException | None = None

    def not_judged(self, fault: BaseException) -> None:
        """Refuse what broke the judging of it. Whoever keeps the program finds in the log where."""
        log.error("an act could not be judged", exc_info=fault)
        self.error = None
        self.result = Refusal("act_not_judged", "", {"detail": type(fault).__name__})


@dataclass(slots=True)
class Pending:
    """What a transaction is about to add to one book."""

    rows: list[tuple[int, str, bytes, bytes]] = field(default_factory=list)
    judged: list[tuple[AnyEntry, Sequence[Fact]]] = field(default_factory=list)


class Clerk:
    """Writes the books of one database. `clock` gives UTC seconds, or raises Jumped; tests and the
    generator of worlds bring their own."""

    def __init__(
        self, database: Database, book_key: bytes, clock: Callable[[], int] | None = None
    ) -> None:
        self.database = database
        self.book_key = book_key
        self.clock = clock or wall
        self.lock = threading.RLock()
        self.waiting: deque[Ticket] = deque()
        self.desks: dict[str, Desk] = {}
        self.checkers = ThreadPoolExecutor(os.cpu_count(), "signatures")

    # --- submitting ---------------------------------------------------------------------------

    def submit(self, submission: Submission) -> Recorded | Refusal:
        """Record one act durably, or say why not. Safe from many threads: those that wait are
        committed together."""
        ticket = Ticket(submission)
        self.waiting.append(ticket)
        with self.lock:
            while ticket.result is None and ticket.error is None:
                self.commit(self.next_batch())
        if ticket.error is not None:
            raise ticket.error
        assert ticket.result is not None
        return ticket.result

    def record(
        self, submissions: Iterable[Submission], dry_run: bool = False
    ) -> list[Recorded | Refusal]:
        """Record many acts, up to `BATCH` in one commit; those refused leave no trace. A dry run
        judges them one after the other and writes nothing."""
        results: list[Recorded | Refusal] = []
        tickets = [Ticket(s) for s in submissions]
        with self.lock:
            for start in range(0, len(tickets), BATCH):
                batch = tickets[start : start + BATCH]
                if dry_run:
                    self.rehearse(batch)
                else:
                    self.commit(batch)
                for ticket in batch:
                    if ticket.error is not None:
                        raise ticket.error
                    assert ticket.result is not None
                    results.append(ticket.result)
            if dry_run:
                self.desks.clear()
        return results

    def next_batch(self) -> list[Ticket]:
        batch: list[Ticket] = []
        while self.waiting and len(batch) < BATCH:
            batch.append(self.waiting.popleft())
        return batch

    # --- one transaction ----------------------------------------------------------------------

    def commit(self, batch: list[Ticket]) -> None:
        """Judge and write a batch in one transaction. When the transaction fails, nothing of it
        counts: the desks are forgotten and read again from the book. When it was no fault of the
        database's, one of the acts broke it, and it is found."""
        bodies = sorted({t.submission.body for t in batch})
        pending: dict[str, Pending] = {}
        try:
            with self.database.transaction(*bodies):
                for body in bodies:
                    # The book as it stands is what the next to sign have before them.
                    desk = self.refresh(body)
                    desk.remember(desk.tree.size, desk.tree.root())
                self.check_ahead(batch)
                for ticket in batch:
                    self.take(ticket, pending)
                for body, added in pending.items():
                    self.write(self.desks[body], added)
        except BaseException as error:
            self.desks.clear()
            for ticket in batch:
                ticket.result, ticket.error = None, error
            if isinstance(error, OF_AN_ACT) or self.database.of_a_value(error):
                self.commit_apart(batch, error)
            return
        for body in pending:
            desk = self.desks[body]
            if time.monotonic() - desk.signed_at >= SIGN_EVERY:
                self.sign(desk)

    def commit_apart(self, batch: list[Ticket], error: BaseException) -> None:
        """Find the act that broke a transaction, by halves. It is refused, and the others are
        recorded as if it had not come."""
        if len(batch) == 1:
            batch[0].not_judged(error)
            return
        middle = len(batch) // 2
        for part in (batch[:middle], batch[middle:]):
            for ticket in part:
                ticket.error = None
            self.commit(part)

    def rehearse(self, batch: list[Ticket]) -> None:
        """Judge a batch and write nothing."""
        pending: dict[str, Pending] = {}
        for body in sorted({t.submission.body for t in batch}):
            self.refresh(body)
        for ticket in batch:
            self.take(ticket, pending)

    def take(self, ticket: Ticket, pending: dict[str, Pending]) -> None:
        """Judge one submission against the state after those before it."""
        submission = ticket.submission
        desk = self.desks[submission.body]
        if desk.finding:
            ticket.result = Refusal("book_read_only", "", {"finding": desk.finding})
            return
        if submission.nonce in desk.state.nonces:
            ticket.result = self.repeated(submission, pending.get(submission.body))
            return
        try:
            entry, data, verdict = self.examine(desk, ticket)
        except Jumped as jump:
            ticket.result = jumped(jump)
            return
        except OF_AN_ACT as fault:
            ticket.not_judged(fault)  # judging changes nothing, so nothing has to be undone
            return
        if isinstance(verdict, Refusal):
            ticket.result = verdict
            return
        leaf = leaf_hash(data)
        added = pending.setdefault(submission.body, Pending())
        added.rows.append((entry.number, entry.nonce, data, leaf))
        added.judged.append((entry, verdict))
        apply(desk.state, verdict)
        desk.tree.append(leaf)
        ticket.result = Recorded(entry.number)

    def examine(
        self, desk: Desk, ticket: Ticket
    ) -> tuple[AnyEntry, bytes, Sequence[Fact] | Refusal]:
        """The entry that a submission would become, its bytes, and the verdict."""
        submission = ticket.submission
        sets = isinstance(submission.act, SetHour)  # the one act that may go back
        entry: AnyEntry = Entry(
            body=submission.body,
            number=desk.state.head + 1,
            at=self.clock() if sets else max(self.clock(), desk.state.now),
            by=submission.by,
            act=submission.act,
            nonce=submission.nonce,
        )
        data = encode(entry)
        if not plainly_canonical(entry, data):
            try:
                entry_format.decode(data)
            except Malformed as fault:
                return entry, data, Refusal("entry_malformed", "", {"detail": str(fault)})
        verdict = judge(desk.state, entry)
        if not isinstance(verdict, Refusal):
            fault_found = self.check_signatures(desk.state, entry, ticket)
            fault_found = fault_found or self.check_reading(desk, entry)
            if fault_found:
                return entry, data, fault_found
        return entry, data, verdict

    def check_signatures(self, state: State, entry: AnyEntry, ticket: Ticket) -> Refusal | None:
        """Whether every signature fits the signed bytes."""
        signatures = [s for s in ticket.submission.by.signatures if s.key not in ticket.fitting]
        if not signatures:
            return None
        known = public_keys(state, entry)
        fitting = fitting_signatures(ticket.submission, known)
        for signature in signatures:
            if signature.key not in fitting:
                return Refusal("signature_invalid", "", {"member": signature.member})
        return None

    def check_ahead(self, batch: list[Ticket]) -> None:
        """Check the signatures of a large batch on all cores (libsodium lets go of the
        interpreter). What does not fit, or is by a key that the batch itself brings, is looked at
        again in its turn."""

        def check(tickets: Sequence[Ticket]) -> None:
            for ticket in tickets:
                held = self.desks[ticket.submission.body].state.keys
                signers = ticket.submission.by.signatures
                known = {s.key: held[s.key].public for s in signers if s.key in held}
                with suppress(*OF_AN_ACT):  # in its turn it is refused
                    ticket.fitting = fitting_signatures(ticket.submission, known)

        if len(batch) >= AHEAD:
            workers = os.cpu_count() or 1
            list(self.checkers.map(check, [batch[n::workers] for n in range(workers)]))

    def check_reading(self, desk: Desk, entry: AnyEntry) -> Refusal | None:
        """The book that the signers saw, and the checkpoint read aloud at an opening, are of this
        book."""
        act, seen = entry.act, entry.by.seen
        said: list[tuple[int, str, Callable[[bytes], str]]] = []
        if seen:
            said.append((seen.size, seen.root, bytes.hex))
        if isinstance(act, OpenAssembly):
            said.append((act.size, act.root, checkpoint.read_aloud))
        for size, told, written in said:
            expected = self.root_at(desk, size)
            if told != written(expected):
                shown = checkpoint.read_aloud(expected)
                return Refusal("checkpoint_differs", "", {"size": size, "expected": shown})
        return None

    def root_at(self, desk: Desk, size: int) -> bytes:
        """The root over the first entries; of no bytes when they are not all on disk yet."""
        if size == desk.tree.size:
            return desk.tree.root()
        if size not in desk.roots:
            leaves = store.leaves(self.database, desk.body, size)
            if len(leaves) != size:
                return b""
            desk.remember(size, root(leaves))
        return desk.roots[size]

    def repeated(self, submission: Submission, added: Pending | None) -> Recorded | Refusal:
        """The same submission again gives the first entry; another under its name is refused."""
        waiting = [row[2] for row in added.rows if row[1] == submission.nonce] if added else []
        data = (
            waiting[0]
            if waiting
            else store.by_nonce(self.database, submission.body, submission.nonce)
        )
        assert data is not None
        entry = decode(data)
        if (entry.act, entry.by) == (submission.act, submission.by):
            return Recorded(entry.number)
        return Refusal("nonce_used", "", {"number": entry.number})

    def write(self, desk: Desk, added: Pending) -> None:
        """Append the rows, store the checkpoint last signed, fold the readings."""
        store.append(self.database, desk.body, added.rows)
        if desk.signed is not None:
            store.put_checkpoint(self.database, desk.body, desk.signed_size, desk.signed)
            desk.signed = None
        fold(self.database, desk.body, added.judged)

    # --- desks --------------------------------------------------------------------------------

    def refresh(self, body: str) -> Desk:
        """The desk of a body, caught up with what another process may have written."""
        desk = self.desks.get(body)
        if desk is None:
            desk = self.desks[body] = self.read(body)
        elif store.size(self.database, body) > desk.tree.size:
            self.catch_up(desk)
        return desk

    def desk(self, body: str) -> Desk:
        """The desk of a body whose book is in order. Raises ReadOnly."""
        desk = self.refresh(body)
        if desk.finding:
            raise ReadOnly(desk.finding)
        return desk

    def read(self, body: str) -> Desk:
        """Read a book from its first entry and hold it against its last signed checkpoint."""
        desk = Desk(body)
        signed = store.last_checkpoint(self.database, body)
        expected = None
        if signed is not None:
            try:
                expected = checkpoint.verify(signed, self.verifier_key(body)).checkpoint
            except Malformed as fault:
                desk.finding = f"the last checkpoint stored is not ours: {fault}"
                return desk
            desk.signed_size = expected.size
        self.catch_up(desk, expected)
        if expected is not None and desk.tree.size < expected.size and not desk.finding:
            desk.finding = f"{desk.tree.size} entries stored, {expected.size} were signed"
        return desk

    def catch_up(self, desk: Desk, expected: checkpoint.Checkpoint | None = None) -> None:
        """Judge and apply the entries that are stored and not yet known to the desk."""
        for number, data, leaf in store.entries(self.database, desk.body, desk.tree.size):
            if leaf_hash(data) != leaf:
                desk.finding = f"entry {number} does not fit its leaf hash"
                return
            try:
                entry = decode(data)
            except msgspec.MsgspecError:
                desk.finding = f"entry {number} is no entry"
                return
            verdict = judge(desk.state, entry)
            if isinstance(verdict, Refusal):
                desk.finding = f"entry {number} is not lawful: {verdict.rule}"
                return
            apply(desk.state, verdict)
            desk.tree.append(leaf)
            if expected and number == expected.size and desk.tree.root() != expected.root:
                desk.finding = f"the first {number} entries do not give the signed root"
                return

    def state(self, body: str) -> State:
        """The state of a body, for reading only, caught up with its book."""
        with self.lock:
            return self.desk(body).state

    def seen(self, body: str) -> Seen:
        """The book as it stands, for an author to name. Raises ReadOnly."""
        with self.lock:
            tree = self.desk(body).tree
            return Seen(size=tree.size, root=tree.root().hex())

    # --- checkpoints --------------------------------------------------------------------------

    def verifier_key(self, body: str) -> note.VerifierKey:
        """The public key by which the checkpoints of a body's book are verified."""
        return note.VerifierKey(
            entry_format.origin(body), note.ED25519, keys.public_key(self.book_key)
        )

    def sign(self, desk: Desk) -> None:
        """Sign the head. Only ever called after the commit of what is signed."""
        head = checkpoint.Checkpoint(
            entry_format.origin(desk.body), desk.tree.size, desk.tree.root()
        )
        desk.signed = checkpoint.sign(head, self.book_key)
        desk.signed_size, desk.signed_at = head.size, time.monotonic()
        desk.remember(head.size, head.root)

    def checkpoint(self, body: str) -> bytes:
        """The signed checkpoint of the head, stored. Raises ReadOnly."""
        with self.lock:
            desk = self.desk(body)
            self.sign(desk)
            assert desk.signed is not None
            signed = desk.signed
            with self.database.transaction(body):
                store.put_checkpoint(self.database, body, desk.signed_size, signed)
            desk.signed = None
            return signed

    def close(self) -> None:
        """Store the last checkpoints and let the database go."""
        with self.lock:
            for body, desk in list(self.desks.items()):
                if desk.tree.size > desk.signed_size and not desk.finding:
                    self.checkpoint(body)
            self.checkers.shutdown()
            self.database.close()
