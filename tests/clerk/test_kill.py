"""`kill -9` of the serving process, again and again, while members write."""

from __future__ import annotations

import http.client
import json
import threading
import time
from pathlib import Path
from random import Random

import msgspec
import pytest

from comuna.book import checkpoint, store, tree
from comuna.clerk import Clerk, Submission
from comuna.readings.rebuild import differences
from comuna.rules.names import day
from comuna.rules.production import LogWork, Worked
from comuna.rules.state import DAY
from tests.clerk.little_body import MEMBERS, LittleBody, little_home
from tests.clerk.served import Server

KILLS = 4
MINUTES_OF_A_DAY = 960  # of the simple statutes
WRITERS = 6


def work(body: LittleBody, nonce: str, member: int, days_ago: int) -> Submission:
    act = LogWork(
        date=day(int(time.time()) - days_ago * DAY),
        production_unit="cacao",
        task="poda",
        work=(Worked(member=member, minutes=1),),
    )
    return body.submission(member, act, member % 12 + 1, nonce=nonce)


class Writer(threading.Thread):
    """A member who writes until the server dies, and notes what was acknowledged."""

    def __init__(self, body: LittleBody, port: int, name: str, member: int, first_day: int) -> None:
        super().__init__()
        self.first_day = first_day
        self.body, self.port, self.called, self.member = body, port, name, member
        self.acknowledged: dict[str, int] = {}
        self.last: Submission | None = None

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            for n in range(10_000):
                days_ago = self.first_day + n // MINUTES_OF_A_DAY
                self.last = work(self.body, f"{self.called} {n}", self.member, days_ago)
                connection.request(
                    "POST",
                    f"/{self.body.body}/acts",
                    msgspec.json.encode(self.last),
                    {"Content-Type": "application/json"},
                )
                answer = json.loads(connection.getresponse().read())
                self.acknowledged[self.last.nonce] = answer["number"]
        except (OSError, http.client.HTTPException):
            return
        finally:
            connection.close()


@pytest.fixture
def served(tmp_path: Path) -> tuple[Path, LittleBody]:
    home, body = little_home(tmp_path / "home")
    body.clerk.close()
    return home.folder, body


def test_what_was_acknowledged_survives_kill_9(served: tuple[Path, LittleBody]) -> None:
    folder, body = served
    random = Random(9)
    acknowledged: dict[str, int] = {}
    cut_off: list[Submission] = []
    for round_ in range(KILLS):
        with Server(folder) as server:
            writers = [
                Writer(body, server.port, f"round {round_} writer {w}", MEMBERS[w], 7 * round_)
                for w in range(WRITERS)
            ]
            for writer in writers:
                writer.start()
            time.sleep(1.0 + random.random())
            server.kill()
            for writer in writers:
                writer.join()
                acknowledged |= writer.acknowledged
                if writer.last is not None and writer.last.nonce not in writer.acknowledged:
                    cut_off.append(writer.last)
    assert len(acknowledged) > KILLS * WRITERS
    check_the_book(folder, body, acknowledged, cut_off)


def check_the_book(
    folder: Path, body: LittleBody, acknowledged: dict[str, int], cut_off: list[Submission]
) -> None:
    """All acknowledged acts under their numbers; every signed checkpoint a prefix; the readings as
    the book gives them; and whoever was cut off can send again without being doubled."""
    from comuna.home import Home

    clerk: Clerk = Home(folder).clerk()
    numbers = dict(clerk.database.execute("SELECT nonce, number FROM book_entry").fetchall())
    assert {n: numbers.get(n) for n in acknowledged} == acknowledged
    assert clerk.desk(body.body).finding == ""
    leaves = store.leaves(clerk.database, body.body, 2**60)
    rows = clerk.database.execute("SELECT signed FROM book_checkpoint").fetchall()
    for (signed,) in rows:
        head = checkpoint.verify(signed, clerk.verifier_key(body.body)).checkpoint
        assert tree.root(leaves[: head.size]) == head.root
    assert differences(clerk.database, body.body) == []
    for submission in cut_off:
        result = clerk.submit(submission)
        assert numbers.get(submission.nonce, store.size(clerk.database, body.body)) == result.number
    clerk.close()
