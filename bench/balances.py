"""Balances over a hundred thousand movements: our report against hledger and ledger reading the
same book's export. CPU seconds of the whole process, start-up included."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.measure import ratio
from comuna import interop
from comuna.clerk import Recorded
from tests.clerk.little_body import TREASURER, LittleBody, little_home

MOVEMENTS = 100_000
STEP = 5_000
ROUNDS = 3


def fill(body: LittleBody) -> None:
    """Sales, signed and recorded like any other."""
    for start in range(0, MOVEMENTS, STEP):
        batch = [
            body.submission(TREASURER, body.sale(100 + n % 977, f"sale {n}"), nonce=f"sale {n}")
            for n in range(start, start + STEP)
        ]
        assert all(isinstance(r, Recorded) for r in body.clerk.record(batch))


def cpu_seconds(command: list[str]) -> float:
    """User and system time of a command and its children, the median of a few runs."""
    times = []
    for _ in range(ROUNDS):
        before = os.times()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        after = os.times()
        used = after.children_user + after.children_system
        times.append(used - before.children_user - before.children_system)
    return statistics.median(times)


def main() -> None:
    for program in ("hledger", "ledger"):
        if shutil.which(program) is None:
            raise SystemExit(f"{program} is missing: apt-get install {program}")
    with tempfile.TemporaryDirectory() as name:
        home, body = little_home(Path(name) / "home")
        fill(body)
        database = body.clerk.database
        journals = {
            form: interop.export(database, body.body, form, Path(name))[0]
            for form in ("hledger", "ledger")
        }
        body.clerk.close()
        ours = cpu_seconds(
            [sys.executable, "-m", "comuna", "report", "--home", str(home.folder), "balance"]
        )
        ledger = cpu_seconds(["ledger", "-f", str(journals["ledger"]), "balance"])
        hledger = cpu_seconds(["hledger", "-f", str(journals["hledger"]), "balance"])
    print(f"\nBalances over {MOVEMENTS:,} movements, CPU seconds of the whole process")
    print(f"  comuna report balance {ours:6.2f}")
    print(f"  ledger                {ledger:6.2f}")
    print(f"  hledger               {hledger:6.2f}")
    ratio("ours against ledger", ours / ledger, "< 0.5")
    ratio("ours against hledger", ours / hledger, "< 0.2")
