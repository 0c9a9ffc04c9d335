"""Durable acts through the whole path, one by one and a thousand a commit, against django-hordak on
PostgreSQL and against this disk's flush rate. Signing is the member's work and done before."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.cluster import postgresql
from bench.measure import flushes, ratio, table, take_turns
from comuna.clerk import BATCH, Recorded, Submission
from tests.clerk.little_body import TREASURER, LittleBody, little_body

ROUNDS = 5
SECONDS = 1.5
SIGNED = 60_000


class Sales:
    """Signed sales, waiting to be recorded."""

    def __init__(self, body: LittleBody, count: int) -> None:
        self.body = body
        self.waiting = iter(
            [
                body.submission(TREASURER, body.sale(100 + n, f"sale {n}"), nonce=f"sale {n}")
                for n in range(count)
            ]
        )

    def take(self, count: int) -> list[Submission]:
        return [next(self.waiting) for _ in range(count)]

    def single(self, seconds: float) -> tuple[int, float]:
        count, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds:
            assert isinstance(self.body.clerk.submit(next(self.waiting)), Recorded)
            count += 1
        return count, time.perf_counter() - start

    def bulk(self, seconds: float) -> tuple[int, float]:
        count, taken = 0, 0.0
        while taken < seconds:
            batch = self.take(BATCH)
            start = time.perf_counter()
            results = self.body.clerk.record(batch)
            taken += time.perf_counter() - start
            assert all(isinstance(r, Recorded) for r in results)
            count += len(batch)
        return count, taken


class Peer:
    """django-hordak in its own process."""

    def __init__(self, address: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.peer_hordak", address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"

    def run(self, name: str) -> Callable[[float], tuple[int, float]]:
        def ask(seconds: float) -> tuple[int, float]:
            assert self.process.stdin is not None
            assert self.process.stdout is not None
            self.process.stdin.write(f"{name} {seconds}\n")
            self.process.stdin.flush()
            answer = json.loads(self.process.stdout.readline())
            return answer["count"], answer["seconds"]

        return ask


def main() -> None:
    with tempfile.TemporaryDirectory() as name, postgresql() as address:
        folder = Path(name)
        sales = Sales(little_body(folder / "comuna.db"), SIGNED)
        peer = Peer(address)
        rates = take_turns(
            {
                "append 200 B + fdatasync (this disk)": flushes(folder),
                "comuna, one act a commit, SQLite FULL": sales.single,
                "django-hordak, PostgreSQL, one a commit": peer.run("single"),
                "comuna, 1,000 acts a commit": sales.bulk,
                "django-hordak, bulk_create of 1,000": peer.run("bulk"),
            },
            ROUNDS,
            SECONDS,
        )
        table("Durable acts (signature checked, judged, appended, folded)", rates)
        disk, one, peer_one, many, peer_many = (r.median for r in rates.values())
        ratio("one act against django-hordak", one / peer_one, "≥ 2.5")
        ratio("one act against the disk", one / disk, "≥ 0.25")
        ratio("a thousand a commit against bulk_create", many / peer_many, "≥ 5")
