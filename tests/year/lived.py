"""Bodies that have lived their year, once in a run of the tests; look, and do not touch."""

from __future__ import annotations

import atexit
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from comuna import pen
from comuna.book import store
from comuna.clerk import Recorded, Submission
from comuna.home import Home
from comuna.rules.act import Refusal
from comuna.rules.judge import AnyAct
from comuna.rules.state import State
from comuna.world import Year, live_a_year

PACKS = ("simple", "br-5764-1971", "ve-comunas-2010", "us-colab")
UNTIL = 1_795_500_000  # 24 November 2026
DAY = 86_400


@dataclass(frozen=True)
class Lived:
    """A home, what its body lived, and its book as plain data."""

    home: Home
    year: Year

    @cached_property
    def entries(self) -> list[dict[str, Any]]:
        database = self.home.database()
        found = [json.loads(data) for _, data, _ in store.entries(database, self.year.body)]
        database.close()
        return found

    @cached_property
    def state(self) -> State:
        clerk = self.home.clerk()
        state = clerk.state(self.year.body)
        clerk.close()
        return state

    def acts(self, kind: str) -> Iterator[dict[str, Any]]:
        """The entries of one kind."""
        return (e for e in self.entries if e["act"]["kind"] == kind)

    def entry(self, number: int) -> dict[str, Any]:
        return self.entries[number - 1]

    def signed(self, member: int, act: AnyAct, *cosigners: int, nonce: str = "try") -> Submission:
        seeds = {m: self.year.seeds[m] for m in (member, *cosigners)}
        clerk = self.home.clerk(lambda: UNTIL)
        seen = clerk.seen(self.year.body)
        clerk.close()
        return pen.signed(self.year.body, member, act, nonce, seeds, seen)

    def tried(self, *submissions: Submission) -> list[Recorded | Refusal]:
        """What would become of these acts today, one after the other. Nothing is written."""
        clerk = self.home.clerk(lambda: UNTIL)
        try:
            return clerk.record(submissions, dry_run=True)
        finally:
            clerk.close()


@cache
def lived(pack: str = "simple", seed: int = 1, members: int = 36) -> Lived:
    folder = tempfile.TemporaryDirectory(prefix="year")
    atexit.register(folder.cleanup)
    home = Home.create(Path(folder.name))
    return Lived(home, live_a_year(home, seed, pack, members, UNTIL))
