"""Books to be proven, made by whichever build is found first: `python books.py NAME FOLDER`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from random import Random

from comuna.clerk import BATCH, Recorded, Submission
from comuna.home import Home
from comuna.rules.production import LogWork, Worked
from comuna.rules.state import DAY
from comuna.world import live_a_year
from tests.clerk.little_body import MEMBERS, TREASURER, LittleBody, little_home

ACTS = 200_000
A_DAY = 1_000
LATE = 30  # days after which hours are no longer entered
END = 1_798_761_600  # of the demo's year


def year(folder: Path) -> None:
    live_a_year(Home.create(folder), 7, until=END)


def many_acts(folder: Path, count: int = ACTS) -> None:
    """Hours and money coming in, mostly with two signatures; a thousand a day."""
    _, body = little_home(folder)
    random, body.now = Random(1), body.now + LATE * DAY
    waiting = _acts(body, random, count)
    while some := list(islice(waiting, BATCH)):
        assert all(isinstance(result, Recorded) for result in body.clerk.record(some))


def _acts(body: LittleBody, random: Random, count: int) -> Iterator[Submission]:
    for n in range(count):
        if n % A_DAY == 0:
            body.now += DAY
        if random.random() < 0.6:
            member = random.choice(MEMBERS)
            worked = (Worked(member=member, minutes=random.randint(1, 9)),)
            at = body.now - random.randint(0, LATE) * DAY
            date = datetime.fromtimestamp(at, UTC).date().isoformat()
            act = LogWork(date=date, production_unit="cacao", task="poda", work=worked)
            yield body.submission(member, act, member % 12 + 1, nonce=f"work {n}")
        else:
            sale = body.sale(random.randint(1, 10_000), f"sale {n}")
            yield body.submission(TREASURER, sale, nonce=f"sale {n}")


BOOKS = {"year": year, "many": many_acts}

if __name__ == "__main__":
    BOOKS[sys.argv[1]](Path(sys.argv[2]))
