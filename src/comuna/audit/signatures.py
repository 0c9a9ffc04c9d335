"""Signatures checked ahead of the law, on the other cores: they are most of the work of a proof,
and whether one holds depends on nothing but key, message and signature. The law then asks for what
was found. Where there is one core or the book is small, all of it is done in one process.
"""

from __future__ import annotations

import os
import subprocess
import sys
from binascii import a2b_base64
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from queue import SimpleQueue

from comuna.audit.canonical import Malformed
from comuna.audit.ed25519 import Question, answered, written
from comuna.audit.entries import Entry
from comuna.audit.seal import key_name, key_of

Ask = Callable[[list[Question]], Future[bytes]]

PROGRAM = ("-m", "comuna.audit.ed25519")
WORTH_IT = 1_000
"""Entries from which on a helper is worth its start."""
HELPERS = 3
"""With more of them than this, they wait for the law."""
PART = 256
"""Entries whose signatures are handed over at once."""
AHEAD = 6
"""Parts read for each helper before the law comes to the first of them."""


def checked_ahead(entries: Iterable[Entry], size: int) -> Iterator[Entry]:
    """The same entries, each with what was found of its signatures (`Entry.checked`). `size` is
    about how many there will be."""
    wanted = min(_cores() - 1, HELPERS) if size >= WORTH_IT and sys.executable else 0
    with _helpers(wanted) as helpers:
        if helpers:
            with closing(Pool(helpers)) as pool:
                yield from _in_parts(iter(entries), pool.submit, len(helpers) * AHEAD)
        else:
            yield from _in_parts(iter(entries), _here, 1)


# --- in the process of the law ------------------------------------------------------------------


@dataclass(slots=True)
class Part:
    """Consecutive entries, and what is asked about their signatures."""

    entries: list[Entry]
    questions: list[Question]
    answers: Future[bytes]

    def done_here(self) -> bool:
        """Answer it in this process, if no helper has begun with it."""
        if not self.answers.cancel():
            return False
        self.answers = _here(self.questions)
        return True


def _here(questions: list[Question]) -> Future[bytes]:
    """Answers that need not be waited for."""
    answers: Future[bytes] = Future()
    answers.set_result(answered(questions))
    return answers


def _in_parts(entries: Iterator[Entry], ask: Ask, most: int) -> Iterator[Entry]:
    """Entries in their order, some parts behind those that are read. Helpers begin with the parts
    that are needed first; while the next one is not ready, the last is done here."""
    keys: dict[str, bytes] = {}
    parts: deque[Part] = deque()
    while part := list(islice(entries, PART)):
        parts.append(_asked(part, keys, ask))
        if len(parts) >= most:
            yield from _ready(parts)
    while parts:
        yield from _ready(parts)


def _ready(parts: deque[Part]) -> list[Entry]:
    """The entries of the first part, when its answers are there."""
    first = parts[0]
    for part in reversed(parts):
        if first.answers.done() or not (part.answers.done() or part.done_here()):
            break
    parts.popleft()
    answers = first.answers.result()
    asked = iter(zip(first.questions, answers, strict=True))
    for e in first.entries:
        e.checked = [
            (public, bool(holds))
            for (public, _, _), holds in islice(asked, len(e.by.get("signatures", ())))
        ]
    return first.entries


def _asked(entries: list[Entry], keys: dict[str, bytes], ask: Ask) -> Part:
    """A part whose signatures are being checked under the keys that acts before them brought. Which
    key counts is for the law to say; where it is another, it checks the signature again."""
    questions: list[Question] = []
    for e in entries:
        for text in _brought(e):
            try:
                public = key_of(text)
            except Malformed:
                continue
            keys.setdefault(key_name(public), public)
        message = e.signed_bytes() if "signatures" in e.by else b""
        for signature in e.by.get("signatures", ()):
            public = keys.get(signature["key"], b"")
            questions.append((public, message, a2b_base64(signature["value"])))
    return Part(entries, questions, ask(questions))


def _brought(e: Entry) -> Iterator[object]:
    """The keys that an act brings."""
    if e.kind == "found":
        yield from (founder.get("key") for founder in e.act["founders"])
    elif e.kind == "apply":
        yield e.act.get("key")
    elif e.kind == "enrol-key":
        yield e.act["public"]


def _cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# --- helpers ------------------------------------------------------------------------------------


class Pool:
    """Helpers, and a thread for each that hands questions to it and waits for the answers."""

    def __init__(self, helpers: list[subprocess.Popen[bytes]]) -> None:
        self.threads = ThreadPoolExecutor(len(helpers))
        self.idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        for helper in helpers:
            self.idle.put(helper)

    def close(self) -> None:
        self.threads.shutdown(cancel_futures=True)

    def submit(self, questions: list[Question]) -> Future[bytes]:
        return self.threads.submit(self._ask, questions)

    def _ask(self, questions: list[Question]) -> bytes:
        if not questions:
            return b""
        helper = self.idle.get()
        try:
            assert helper.stdin is not None
            assert helper.stdout is not None
            helper.stdin.write(written(questions))
            helper.stdin.flush()
            answers = helper.stdout.read(len(questions))
        except OSError:
            answers = b""
        finally:
            self.idle.put(helper)
        # Whoever ended a helper has not ended the proof.
        return answers if len(answers) == len(questions) else answered(questions)


@contextmanager
def _helpers(count: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """So many helpers, or as many as the machine lets start; they end with this."""
    with ExitStack() as stack:
        helpers: list[subprocess.Popen[bytes]] = []
        with suppress(OSError):
            for _ in range(count):
                helpers.append(stack.enter_context(_helper()))
        yield helpers


@contextmanager
def _helper() -> Iterator[subprocess.Popen[bytes]]:
    helper = subprocess.Popen(
        [sys.executable, *PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert helper.stdin is not None
    assert helper.stdout is not None
    try:
        yield helper
    finally:
        with suppress(OSError):
            helper.stdin.close()
        helper.stdout.close()
        helper.wait()
