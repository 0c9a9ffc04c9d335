"""This build beside an older one, in one run: `python -m bench.before REVISION [NAME …]`.

The older build is checked out beside this one, and each measures itself in turn with its own
programs, so that a slow moment of the machine hits both. Names: `path` (one act a commit through
the clerk, on disk), `judging`, `year` (acts and signatures of the demo's year; counted, not timed)
and `verifying` (the demo's year and 200,000 acts, each as the build itself made them)."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import verifying
from bench.measure import ratio

ROUNDS = 5
HERE = Path(__file__).parents[1]

PROGRAMS = {
    "path": """
from bench.postings import *
with tempfile.TemporaryDirectory() as folder:
    sales = Sales(little_body(Path(folder) / "comuna.db"), 8_000)
    count, taken = sales.single(1.5)
    print(json.dumps(count / taken))
""",
    "judging": """
from bench.judging import *
import json
with tempfile.TemporaryDirectory() as folder:
    body = little_body(Path(folder) / "comuna.db")
    data = entries(body)
    print(json.dumps(len(data) / run(body.clerk.state(body.body), data)))
""",
    "year": """
import json, sqlite3, tempfile
from collections import Counter
from pathlib import Path
from comuna.home import Home
from comuna.world import live_a_year
with tempfile.TemporaryDirectory() as folder:
    home = Home.create(Path(folder) / "home")
    year = live_a_year(home, 7, until=1_798_761_600)
    rows = sqlite3.connect(home.folder / "comuna.db").execute("SELECT bytes FROM book_entry")
    entries = [json.loads(row[0]) for row in rows]
    signed = Counter()
    for e in entries:
        signed[e["act"]["kind"]] += len(e["by"].get("signatures", ()))
    only = sum(
        signature["member"] == e["by"]["member"]
        for e in entries if e["act"]["kind"] in ("vote", "cast-ballot")
        for signature in e["by"].get("signatures", ())
    )
    print(json.dumps({
        "acts": len(entries),
        "signatures": sum(signed.values()),
        "voters' own signatures": only,
        "kinds": dict(signed),
    }))
""",
}


@contextmanager
def checked_out(revision: str) -> Iterator[Path]:
    """An older build in a folder of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "before"
        git = ["git", "-C", str(HERE), "worktree"]
        subprocess.run([*git, "add", "--detach", "-q", str(folder), revision], check=True)
        try:
            yield folder
        finally:
            subprocess.run([*git, "remove", "--force", str(folder)], check=True)


def answer(tree: Path, program: str) -> object:
    """What a program says when it runs in a tree."""
    places = {"PYTHONPATH": os.pathsep.join((str(tree / "src"), str(tree)))}
    told = subprocess.run(
        [sys.executable, "-c", PROGRAMS[program]],
        cwd=tree,
        env=os.environ | places,
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(told.stdout.splitlines()[-1])


def compare(before: Path, program: str) -> None:
    """Rates of both builds, round by round, and the median of their ratios."""
    pairs = [
        (float(str(answer(HERE, program))), float(str(answer(before, program))))
        for _ in range(ROUNDS)
    ]
    now, then = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(f"\n{program}: {now:,.0f}/s now, {then:,.0f}/s before (medians of {ROUNDS})")
    ratio("now against before", statistics.median(a / b for a, b in pairs), "≥ 1")


def count(before: Path) -> None:
    """Acts and signatures of the same year under both builds."""
    now, then = answer(HERE, "year"), answer(before, "year")
    assert isinstance(now, dict)
    assert isinstance(then, dict)
    print("\nThe demo's year")
    for what in ("acts", "signatures", "voters' own signatures"):
        print(f"  {what:<24} {then[what]:>7,} before {now[what]:>7,} now")
    for kind in sorted(now["kinds"].keys() | then["kinds"].keys()):
        a, b = then["kinds"].get(kind, 0), now["kinds"].get(kind, 0)
        if a != b:
            print(f"    {kind:<22} {a:>7,} before {b:>7,} now")
    ratio("signatures now against before", now["signatures"] / then["signatures"], "≤ 1.10")


def main() -> int:
    revision, *names = sys.argv[1:] or [""]
    known = [*PROGRAMS, "verifying"]
    unknown = [name for name in names if name not in known]
    if not revision or unknown:
        print(f"python -m bench.before REVISION [{'|'.join(known)} …]", file=sys.stderr)
        return 2
    with checked_out(revision) as before:
        for name in names or known:
            if name == "year":
                count(before)
            elif name == "verifying":
                verifying.books(before)
            else:
                compare(before, name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
