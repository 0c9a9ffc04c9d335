"""Where a generated body acts: its clerk, a clock that the story moves, and the members' own keys.

Acts wait and are recorded together, until somebody looks at the book or time goes on. Whatever the
law refuses here is a fault of the story and stops it, except where the story means to be refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count, islice

from comuna import pen
from comuna.book import checkpoint, keys
from comuna.clerk import Clerk, Recorded, Submission
from comuna.rules.act import Paper, Refusal
from comuna.rules.judge import AnyAct
from comuna.rules.names import day, key_id
from comuna.rules.roll import Found
from comuna.rules.state import State

STEP = 7
"""Seconds from one act to the next."""


class Stopped(Exception):  # noqa: N818 - what it is
    """The story asked for something that is not lawful."""


class Clock:
    """UTC seconds of the story. Acts follow one another: every look at it comes a little later."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        self.now += STEP
        return self.now


class Stage:
    """The one place from which a story acts."""

    def __init__(self, clerk: Clerk, clock: Clock, keep: Callable[[bytes], Paper]) -> None:
        self.clerk = clerk
        self.clock = clock
        self.keep = keep
        self.body = ""
        self.seeds: dict[int, bytes] = {}  # member → the seed of the key in force
        self.waiting: list[Submission] = []
        self.head = 0
        self.nonces = count(1)

    # --- acting -------------------------------------------------------------------------------

    def found(self, act: Found, paper: Paper) -> None:
        """The founding, signed by all founders who have a key."""
        signers = {n: self.seeds[n] for n, f in enumerate(act.founders, 1) if f.key}
        submission = pen.founding(act, signers, self.nonce(), paper)
        self.body = submission.body
        self.queue(submission)
        self.settle()

    def do(self, member: int, act: AnyAct, *cosigners: int) -> int:
        """An act signed by its author and those who sign with them; gives its number."""
        return self.queue(self.signed(member, act, *cosigners))

    def signed(self, member: int, act: AnyAct, *cosigners: int) -> Submission:
        seeds = {m: self.seeds[m] for m in (member, *cosigners)}
        return pen.signed(self.body, member, act, self.nonce(), seeds, self.clerk.seen(self.body))

    def on_paper(self, member: int, act: AnyAct, paper: Paper, happened: int = 0) -> int:
        """An act of somebody without a key, entered from paper by the secretary with the keys of
        witnesses: one of another office first, who signs everything."""
        secretary = self.holder("record-paper")
        law = self.known.statute.paper
        named = tuple(islice(self.witnesses(member), law.witnesses))
        signing = named[: law.deciding_keys if act.deciding else law.keys]
        signers = (secretary, *signing)
        return self.queue(
            pen.witnessed(
                *(self.body, member, act, self.nonce(), {m: self.seeds[m] for m in signers}),
                *(named, paper, happened, self.clerk.seen(self.body)),
            )
        )

    def witnesses(self, member: int) -> list[int]:
        """Members with a key who may witness a paper of this member, those in office first."""
        state = self.known
        offices = {
            m: state.offices(m, self.now)
            for m in sorted(self.seeds)
            if m != member and m in state.people and state.people[m].member_at(self.now)
        }
        paper = {o.id for o in state.statute.offices if "record-paper" in o.powers}
        able = [m for m, held in offices.items() if not held & paper]
        return sorted(able, key=lambda m: (not offices[m], m))

    def sponsors(self, member: int) -> list[int]:
        """Who may vouch for a key of this member: one who keeps the register, then those of other
        offices, then anybody."""
        keeps = self.holder("keep-register", besides=[member])
        witnesses = [m for m in self.witnesses(member) if m != keeps]
        return [keeps, *witnesses]

    def act_of(self, member: int, act: AnyAct, paper: Paper) -> int:
        """An act by whichever way the member has: their key, or paper."""
        return self.do(member, act) if member in self.seeds else self.on_paper(member, act, paper)

    def attempt(self, member: int, act: AnyAct, *cosigners: int) -> Refusal:
        """Something the law must refuse, with nothing written."""
        self.settle()
        result = self.clerk.submit(self.signed(member, act, *cosigners))
        if isinstance(result, Recorded):
            raise Stopped(f"{type(act).__name__} by {member} should have been refused")
        if self.clerk.state(self.body).head != self.head:
            raise Stopped(f"the refusal of {type(act).__name__} left something in the book")
        return result

    def queue(self, submission: Submission) -> int:
        self.waiting.append(submission)
        self.head += 1
        return self.head

    def settle(self) -> None:
        """Record what waits. Raises Stopped when something of it is refused."""
        waiting, self.waiting = self.waiting, []
        for submission, result in zip(waiting, self.clerk.record(waiting), strict=True):
            if isinstance(result, Refusal):
                kind = type(submission.act).__name__
                when = day(self.clock.now)
                raise Stopped(f"{kind} by {submission.by.member} on {when}: {result}")

    def nonce(self) -> str:
        return f"world-{next(self.nonces)}"

    # --- time and papers ----------------------------------------------------------------------

    def move_to(self, moment: int) -> None:
        """Let time pass; the clock never goes back."""
        self.settle()
        self.clock.now = max(self.clock.now, moment)

    @property
    def now(self) -> int:
        return self.clock.now

    @property
    def today(self) -> str:
        return day(self.clock.now)

    def paper(self, text: str) -> Paper:
        """Keep a written text among the files of the home."""
        return self.keep(text.encode())

    # --- looking ------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """The state with all that was done."""
        self.settle()
        return self.known

    @property
    def known(self) -> State:
        """The state without what waits: good enough to ask who holds an office."""
        return self.clerk.state(self.body)

    def holders(self, power: str, payee: str = "") -> list[int]:
        """Those who hold a power now and sign with a key; for a payment, without those whose own
        case it is. By number."""
        state = self.known
        concerned = self.concerned(payee) if payee else set()
        return [
            m
            for m in sorted(self.seeds.keys() & state.mandates.keys())
            if m not in concerned and state.holds(m, power, self.now, concerned)
        ]

    def concerned(self, payee: str) -> set[int]:
        state = self.known
        return state.concerned(payee, state.statute.treasury.kinship_bar)

    def holder(self, power: str, payee: str = "", besides: Sequence[int] = ()) -> int:
        """One who holds a power. Raises Stopped when nobody does."""
        found = [m for m in self.holders(power, payee) if m not in besides]
        if not found:
            raise Stopped(f"nobody holds {power} on {self.today}")
        return found[0]

    def checkpoint(self) -> tuple[int, str]:
        """What is written on the wall: the size of the book and the first 12 digits of its root."""
        self.settle()
        tree = self.clerk.desk(self.body).tree
        return tree.size, checkpoint.read_aloud(tree.root())


def wire(seed: bytes) -> str:
    """The public key of a seed, as the book writes it."""
    return keys.to_wire(keys.public_key(seed))


def key_of(seed: bytes) -> str:
    """The id of a seed's key."""
    return key_id(wire(seed))
