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
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from nacl import bindings

from bench.measure import ratio
from comuna.audit.merkle import leaves_of, root_of
from comuna.book import entry, keys

HERE = Path(__file__).parents[1]
ROUNDS = 5
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
acts = report.books[0].size
print(json.dumps([acts, acts / cpu, acts / wall, memory / 1024]))
"""


class Proof(NamedTuple):
    """How a book was proven: acts, a CPU second, a second on the clock; MiB."""

    acts: int
    per_cpu: float
    per_second: float
    memory: float


def _places(tree: Path) -> dict[str, str]:
    """The environment in which a tree's own modules are found, and kept compiled as where they are
    installed."""
    mine = {name: v for name, v in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return mine | {"PYTHONPATH": os.pathsep.join((str(tree / "src"), str(tree)))}


def proven(tree: Path, book: Path) -> Proof:
    """A book proven by the build that lies in this tree, in a process of its own."""
    told = subprocess.run(
        [sys.executable, "-c", VERIFY, str(book)],
        cwd=tree,
        env=_places(tree),
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
    while some := rows.fetchmany(1_000):
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


# --- the comparison -----------------------------------------------------------------------------


def made(tree: Path, name: str, book: Path) -> Path:
    """A book as the build that lies in this tree makes it."""
    program = [sys.executable, "-P", str(HERE / "bench" / "books.py"), name, str(book)]
    subprocess.run(program, cwd=tree, env=_places(tree), check=True)
    return book


def compare(title: str, book: Path, rounds: int, older: tuple[Path, Path] | None = None) -> None:
    """Ratios of a few rounds, in each of which every contestant has its turn; medians. `older` is
    an older build and its own book of the same life."""
    now, then, alone = [], [], []
    for build in ((HERE, book), *([older] if older else [])):
        proven(*build)  # what it imports is compiled and read once
    for _ in range(rounds):
        now.append(proven(HERE, book))
        alone.append(now[0].acts / libsodium(book))
        then += [proven(*older)] if older else []
    print(f"\nProving {title} (medians of {rounds})")
    for name, proofs in (("this build", now), ("the build before", then)):
        if proofs:
            rate, clock, memory = (statistics.median(p[i] for p in proofs) for i in (1, 2, 3))
            print(
                f"  {name:<18} {proofs[0].acts:>7,} acts, {rate:>8,.0f} per CPU second, "
                f"{clock:>8,.0f} per second, {memory:>4.0f} MiB"
            )
    print(f"  {'libsodium alone':<18} {'':>12} {statistics.median(alone):>8,.0f} per CPU second")
    against = statistics.median(a / n.per_cpu for n, a in zip(now, alone, strict=True))
    ratio("CPU against libsodium alone", against, "≤ 1.7")
    ratio("memory, MiB", max(n.memory for n in now), "≤ 400")
    if then:
        both = list(zip(now, then, strict=True))
        cpu = statistics.median(n.per_cpu / t.per_cpu for n, t in both)
        ratio("acts per CPU second", cpu, "≥ 2.5")
        clock = statistics.median(n.per_second / t.per_second for n, t in both)
        ratio(f"acts per second on {os.cpu_count()} cores", clock, "≥ 4 on two")


def books(before: Path | None = None) -> None:
    """Both lives: the demo's year, and many acts of a body that works."""
    for title, name, rounds in (
        ("the demo's year", "year", ROUNDS),
        ("a body that works", "many", 3),
    ):
        with tempfile.TemporaryDirectory() as folder:
            book = made(HERE, name, Path(folder) / "now")
            older = (before, made(before, name, Path(folder) / "then")) if before else None
            compare(title, book, rounds, older)


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
