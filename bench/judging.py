"""Judging alone: decode, judge and apply in memory, on one core, no signature arithmetic, no disk.

The mix is that of a working body: hours, money coming in, journal entries, votes of a roll call and
arrivals at an assembly.
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from random import Random

from bench.measure import ratio
from comuna.clerk import Submission
from comuna.rules.accounts import Journal
from comuna.rules.act import Entry, Refusal
from comuna.rules.judge import apply, decode, encode, judge
from comuna.rules.ledger import Amount
from comuna.rules.names import day
from comuna.rules.production import LogWork, Worked
from comuna.rules.state import DAY, State
from tests.clerk.little_body import CHAIR, MEMBERS, TREASURER, LittleBody, little_body, paper

ACTS = 40_000
ROUNDS = 3
YEAR = 365
LATE = 31  # days after which hours are no longer entered


def acts(body: LittleBody, random: Random) -> Iterator[Submission]:
    """Acts of ordinary days, signed."""
    body.now += YEAR * DAY
    today = day(body.now)
    days = [day(body.now - n * DAY) for n in range(LATE + 1)]
    depreciation = (
        Amount(account="depreciation", amount=100),
        Amount(account="tools", amount=-100),
    )
    wear = body.permission("wear")
    for n in range(ACTS):
        kind = random.random()
        if kind < 0.55:
            member = random.choice(MEMBERS)
            worked = (Worked(member=member, minutes=random.randint(1, 9)),)
            date = random.choice(days)
            act = LogWork(date=date, production_unit="cacao", task="poda", work=worked)
            yield body.submission(member, act, member % 12 + 1, nonce=f"work {n}")
        elif kind < 0.85:
            sale = body.sale(random.randint(1, 10_000), f"sale {n}")
            yield body.submission(TREASURER, sale, nonce=f"sale {n}")
        else:
            act = Journal(
                date=today,
                lines=depreciation,
                text="depreciación",
                receipt=paper(f"{n}"),
                permission=wear,
            )
            yield body.submission(TREASURER, act, CHAIR, nonce=f"journal {n}")


def entries(body: LittleBody) -> list[bytes]:
    """The bytes of the entries that those acts become."""
    head = body.clerk.state(body.body).head
    return [
        encode(Entry(body=s.body, number=head + n, at=body.now, by=s.by, act=s.act, nonce=s.nonce))
        for n, s in enumerate(acts(body, Random(1)), 1)
    ]


def run(state: State, data: list[bytes]) -> float:
    """CPU seconds to decode, judge and apply them all."""
    gc.collect()
    start = time.process_time()
    for line in data:
        verdict = judge(state, decode(line))
        assert not isinstance(verdict, Refusal), verdict
        apply(state, verdict)
    return time.process_time() - start


def hashing(count: int) -> float:
    """CPU seconds for as many SHA-256 of 200 bytes: what this core can do at this moment."""
    data = bytes(200)
    start = time.process_time()
    for _ in range(count):
        sha256(data).digest()
    return time.process_time() - start


def main() -> None:
    best, hashes = 0.0, 0.0
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            body = little_body(Path(folder) / "comuna.db")
            data = entries(body)
            best = max(best, len(data) / run(body.clerk.state(body.body), data))
            hashes = max(hashes, 500_000 / hashing(500_000))
    print("\nJudging alone (decode, judge, apply)")
    print(f"  {best:>11,.0f} acts per core-second   (best of {ROUNDS})")
    print(f"  {hashes:>11,.0f} SHA-256 of 200 bytes per core-second, in the same run")
    ratio("against 100,000 acts per core-second", best / 100_000, "≥ 1")
    ratio("hashes an act takes", hashes / best, "the fewer the better")
