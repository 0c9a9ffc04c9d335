"""Proving whole books: the demo's year, and 200,000 acts of a body that works. Against libsodium
alone, which checks the same signatures and does nothing else, and, where its tree is given
(`python -m bench.before REVISION verifying`), against an older build; and the leaves and tree of
the verifier against a bare loop of hashlib.

CPU seconds are those of all processes together. Memory is the largest of the verifier's process
and of a helper, added up, which counts twice what both share.
"""

from __future__ import annotations

import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from random import Random
from typing import NamedTuple, TypeVar

from nacl import bindings

from bench.measure import ratio
from comuna.audit.merkle import leaves_of, root_of
from comuna.book import entry, keys
from comuna.clerk import BATCH, Recorded, Submission
from comuna.home import Home
from comuna.rules.accounts import Journal
from comuna.rules.ledger import Amount
from comuna.rules.names import day
from comuna.rules.production import LogWork, Worked
from comuna.rules.state import DAY
from comuna.world import live_a_year
from tests.clerk.little_body import CHAIR, MEMBERS, TREASURER, LittleBody, little_home, paper

T = TypeVar("T")

HERE = Path(__file__).parents[1]
ROUNDS = 5
ACTS = 200_000
A_DAY = 1_000
LATE = 30  # days after which hours are no longer entered
END = 1_798_761_600  # of the demo's year
HASHED = 200_000

VERIFY = """
import json, resource, sys, time
from pathlib import Path
from comuna.audit.verify import verify
cpu, wall = time.process_time(), time.perf_counter()
report = verify(Path(sys.argv[1]))
wall = time.perf_counter() - wall
helped = resource.getrusage(resource.RUSAGE_CHILDREN)
cpu = time.process_time() - cpu + helped.ru_utime + helped.ru_stime
assert not report.findings, report.findings[:3]
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + helped.ru_maxrss
print(json.dumps([report.books[0].size, cpu, wall, memory / 1024]))
"""


def in_batches(items: Iterable[T]) -> Iterator[list[T]]:
    left = iter(items)
    while some := list(islice(left, BATCH)):
        yield some


class Proof(NamedTuple):
    """How a book was proven: acts, CPU seconds, seconds on the clock, MiB."""

    acts: int
    cpu: float
    wall: float
    memory: float


def proven(tree: Path, book: Path) -> Proof:
    """A book proven by the build that lies in this tree, in a process of its own."""
    told = subprocess.run(
        [sys.executable, "-c", VERIFY, str(book)],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree / "src")},
        check=True,
        capture_output=True,
        text=True,
    )
    return Proof(*json.loads(told.stdout))


def libsodium(book: Path) -> float:
    """CPU seconds of its signatures alone, which all hold."""
    public: dict[str, bytes] = {}
    taken = 0.0
    rows = sqlite3.connect(book / "comuna.db").execute(
        "SELECT bytes FROM book_entry ORDER BY number"
    )
    for some in in_batches(rows):
        signed = []
        for (data,) in some:
            said = json.loads(data)
            act, by = said["act"], said["by"]
            brought = [*act.get("founders", ()), act] if act["kind"] in ("found", "apply") else ()
            texts = [one["key"] for one in brought if one.get("key")]
            texts += [act["public"]] if act["kind"] == "enrol-key" else []
            public |= {keys.key_id(key): key for key in map(keys.from_wire, texts)}
            message = entry.signed_bytes(act, said["body"], by, said["nonce"])
            for signature in by.get("signatures", ()):
                value = b64decode(signature["value"])
                signed.append((value + message, public[signature["key"]]))
        start = time.process_time()
        for message, key in signed:
            bindings.crypto_sign_open(message, key)
        taken += time.process_time() - start
    return taken


# --- books --------------------------------------------------------------------------------------


def the_demos_year(folder: Path) -> None:
    live_a_year(Home.create(folder), 7, until=END)


def many_acts(folder: Path, count: int = ACTS) -> None:
    """Hours, money coming in and journal entries, mostly with two signatures; a thousand a day."""
    _, body = little_home(folder)
    random, body.now = Random(1), body.now + LATE * DAY
    for some in in_batches(_acts(body, random, count)):
        assert all(isinstance(result, Recorded) for result in body.clerk.record(some))


def _acts(body: LittleBody, random: Random, count: int) -> Iterator[Submission]:
    lines = Amount(account="depreciation", amount=100), Amount(account="tools", amount=-100)
    for n in range(count):
        if n % A_DAY == 0:
            body.now += DAY
        kind = random.random()
        if kind < 0.55:
            member = random.choice(MEMBERS)
            worked = (Worked(member=member, minutes=random.randint(1, 9)),)
            date = day(body.now - random.randint(0, LATE) * DAY)
            act = LogWork(date=date, production_unit="cacao", task="poda", work=worked)
            yield body.submission(member, act, member % 12 + 1, nonce=f"work {n}")
        elif kind < 0.85:
            sale = body.sale(random.randint(1, 10_000), f"sale {n}")
            yield body.submission(TREASURER, sale, nonce=f"sale {n}")
        else:
            worn = Journal(
                date=day(body.now), lines=lines, text="depreciación", receipt=paper(f"{n}")
            )
            yield body.submission(TREASURER, worn, CHAIR, nonce=f"journal {n}")


# --- the comparison -----------------------------------------------------------------------------


def compare(title: str, book: Path, before: Path | None, rounds: int) -> None:
    """Ratios of a few rounds, in each of which every contestant has its turn; medians."""
    now, then, alone = [], [], []
    for _ in range(rounds):
        now.append(proven(HERE, book))
        alone.append(libsodium(book))
        then += [proven(before, book)] if before else []
    acts = now[0].acts
    print(f"\nProving {title}, {acts:,} acts (medians of {rounds})")
    for name, proofs in (("this build", now), ("the build before", then)):
        if proofs:
            cpu, wall, memory = (statistics.median(p[i] for p in proofs) for i in (1, 2, 3))
            print(
                f"  {name:<18} {acts / cpu:>8,.0f} acts per CPU second, {wall:>6.2f} s, "
                f"{memory:>4.0f} MiB"
            )
    print(f"  {'libsodium alone':<18} {acts / statistics.median(alone):>8,.0f}")
    against = statistics.median(n.cpu / a for n, a in zip(now, alone, strict=True))
    ratio("CPU against libsodium alone", against, "≤ 1.7")
    ratio("memory, MiB", max(n.memory for n in now), "≤ 400")
    if then:
        both = list(zip(then, now, strict=True))
        ratio("acts per CPU second", statistics.median(b.cpu / n.cpu for b, n in both), "≥ 2.5")
        ratio("on the clock", statistics.median(b.wall / n.wall for b, n in both), "≥ 4")


def books(before: Path | None = None) -> None:
    """Both books, made anew."""
    for title, make, rounds in (
        ("the demo's year", the_demos_year, ROUNDS),
        ("a body that works", many_acts, 3),
    ):
        with tempfile.TemporaryDirectory() as folder:
            make(Path(folder) / "home")
            compare(title, Path(folder) / "home", before, rounds)


# --- leaves and tree ----------------------------------------------------------------------------


def bare(entries: list[bytes]) -> None:
    """The same hashes and nothing else: of each entry with a byte before it, and of a byte and two
    hashes for each inner node of the tree."""
    left = right = bytes(32)
    for data in entries:
        sha256(b"\x00" + data).digest()
    for _ in range(len(entries) - 1):
        sha256(b"\x01" + left + right).digest()


def cpu_seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def hashing() -> None:
    entries = [n.to_bytes(4, "big") + bytes(196) for n in range(HASHED)]
    ours = theirs = float("inf")
    for _ in range(ROUNDS):
        theirs = min(theirs, cpu_seconds(partial(bare, entries)))
        ours = min(ours, cpu_seconds(lambda: root_of(leaves_of(entries))))
    print(
        f"\nLeaves and tree from stored bytes, {HASHED:,} entries of 200 bytes (best of {ROUNDS})"
    )
    print(f"  the verifier                    {HASHED / ours:>11,.0f} entries per core-second")
    print(f"  a bare loop of hashlib          {HASHED / theirs:>11,.0f}")
    ratio("the verifier against the bare loop", theirs / ours, "≥ 0.8")


def main() -> None:
    hashing()
    books()
