"""One writer a body, first come first served; what is acknowledged is in the book, once."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from comuna.book import checkpoint, store, tree
from comuna.book.database import Database
from comuna.clerk import Clerk, Recorded, Submission
from comuna.rules.act import Refusal
from comuna.rules.roll import Declare
from tests.clerk.little_body import BOOK_KEY, TREASURER, LittleBody, little_body


@pytest.fixture
def body(tmp_path: Path) -> LittleBody:
    return little_body(tmp_path / "comuna.db")


def rows(body: LittleBody) -> list[tuple[int, bytes, bytes]]:
    return list(store.entries(body.clerk.database, body.body))


def test_fifty_writers_lose_nothing_and_double_nothing(body: LittleBody) -> None:
    before = len(rows(body))
    results: list[Recorded | Refusal] = []

    def write(writer: int) -> None:
        for n in range(10):
            sale = body.sale(100 + n, f"writer {writer} sale {n}")
            nonce = f"writer {writer} sale {n}"
            submission = body.submission(TREASURER, sale, nonce=nonce)
            results.append(body.clerk.submit(submission))

    threads = [threading.Thread(target=write, args=(w,)) for w in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = [r.number for r in results if isinstance(r, Recorded)]
    assert sorted(numbers) == list(range(before + 1, before + 501))
    assert len(rows(body)) == before + 500


def test_a_retry_gives_the_number_of_the_first_entry(body: LittleBody) -> None:
    submission = body.submission(TREASURER, body.sale(500, "cacao"), nonce="once")
    first = body.clerk.submit(submission)
    size = len(rows(body))
    assert body.clerk.submit(submission) == first
    assert len(rows(body)) == size


def test_a_retry_within_one_batch_is_recorded_once(body: LittleBody) -> None:
    submission = body.submission(TREASURER, body.sale(500, "cacao"), nonce="once")
    first, second = body.clerk.record([submission, submission])
    assert first == second
    assert isinstance(first, Recorded)


def test_another_act_under_a_used_nonce_is_refused(body: LittleBody) -> None:
    body.clerk.submit(body.submission(TREASURER, body.sale(500, "cacao"), nonce="once"))
    size = len(rows(body))
    other = body.submission(TREASURER, body.sale(900, "coffee"), nonce="once")
    verdict = body.clerk.submit(other)
    assert isinstance(verdict, Refusal)
    assert verdict.rule == "nonce_used"
    assert len(rows(body)) == size


def test_a_refusal_writes_nothing_and_the_acts_around_it_stand(body: LittleBody) -> None:
    size = len(rows(body))
    lawful = [body.submission(TREASURER, body.sale(n, f"sale {n}")) for n in (100, 200)]
    unlawful = body.submission(1, body.sale(300, "not the treasurer"))
    results = body.clerk.record([lawful[0], unlawful, lawful[1]])
    assert [type(r) for r in results] == [Recorded, Refusal, Recorded]
    assert len(rows(body)) == size + 2


def test_a_rehearsal_writes_nothing(body: LittleBody) -> None:
    size = len(rows(body))
    submission = body.submission(TREASURER, body.sale(100, "rehearsed"), nonce="rehearsed")
    assert body.clerk.record([submission], dry_run=True) == [Recorded(size + 1)]
    assert len(rows(body)) == size
    assert body.clerk.submit(submission) == Recorded(size + 1)


def test_two_clerks_on_one_database_take_turns(body: LittleBody, tmp_path: Path) -> None:
    other = LittleBody(Database(tmp_path / "comuna.db"), body.now)
    for n in range(6):
        writer = (body, other)[n % 2]
        sale = writer.submission(TREASURER, writer.sale(100, f"turn {n}"), nonce=f"turn {n}")
        assert isinstance(writer.clerk.submit(sale), Recorded)
    assert body.clerk.state(body.body) == other.clerk.state(body.body)


def test_many_bodies_live_in_one_database(body: LittleBody, tmp_path: Path) -> None:
    other = LittleBody(Database(tmp_path / "comuna.db"), body.now)
    other.found("La Vecina")
    other.open_bank()
    assert len(store.bodies(body.clerk.database)) == 2
    size = len(rows(body))
    other.do(TREASURER, other.sale(100, "of the neighbours"))
    assert len(rows(body)) == size
    assert other.clerk.state(body.body) == body.clerk.state(body.body)


def test_the_same_founding_is_the_same_body(body: LittleBody) -> None:
    founded = body.body
    body.found()
    assert body.body == founded
    assert store.bodies(body.clerk.database) == [founded]


class FullDiskError(Exception):
    """No space is left."""


def test_a_failed_commit_leaves_no_trace_and_the_clerk_goes_on(
    body: LittleBody, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = len(rows(body))
    submission = body.submission(TREASURER, body.sale(100, "lost"), nonce="lost")

    def fail(*_: object) -> None:
        raise FullDiskError

    with monkeypatch.context() as patch:
        patch.setattr(store, "append", fail)
        with pytest.raises(FullDiskError):
            body.clerk.submit(submission)
    assert len(rows(body)) == size
    assert body.clerk.submit(submission) == Recorded(size + 1)


def test_every_checkpoint_given_out_is_a_prefix_of_the_book(body: LittleBody) -> None:
    given = []
    for n in range(5):
        body.clerk.submit(body.submission(TREASURER, body.sale(100, f"sale {n}")))
        given.append(body.clerk.checkpoint(body.body))
    leaves = store.leaves(body.clerk.database, body.body, 2**60)
    key = body.clerk.verifier_key(body.body)
    for signed in given:
        head = checkpoint.verify(signed, key).checkpoint
        assert tree.root(leaves[: head.size]) == head.root


def tampered(body: LittleBody, path: Path, statement: str) -> Refusal:
    """What a clerk answers after somebody changed the file."""
    body.clerk.checkpoint(body.body)
    body.clerk.close()
    connection = sqlite3.connect(path)
    triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for (name,) in triggers.fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(statement)
    connection.commit()
    connection.close()
    after = LittleBody(Database(path), body.now)
    verdict = after.clerk.submit(after.submission(TREASURER, after.sale(1, "after"), nonce="after"))
    assert isinstance(verdict, Refusal)
    return verdict


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE book_entry SET bytes = replace(bytes, 'Tambor', 'Flauta') WHERE number = 3",
        "UPDATE book_entry SET leaf = zeroblob(32) WHERE number = 3",
        "DELETE FROM book_entry WHERE number = (SELECT MAX(number) FROM book_entry)",
        "UPDATE book_checkpoint SET signed = replace(signed, 'comuna', 'someone')",
    ],
)
def test_a_book_that_differs_from_its_checkpoint_opens_read_only(
    body: LittleBody, tmp_path: Path, statement: str
) -> None:
    assert tampered(body, tmp_path / "comuna.db", statement).rule == "book_read_only"


def test_the_database_itself_refuses_to_change_an_entry(body: LittleBody) -> None:
    for statement in ("UPDATE book_entry SET nonce = 'x'", "DELETE FROM book_entry"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            body.clerk.database.execute(statement)


def test_a_signature_over_other_bytes_is_refused(body: LittleBody) -> None:
    honest = body.submission(2, Declare(interests=("Ferretería",)))
    forged = Submission(
        body=honest.body, by=honest.by, act=Declare(interests=()), nonce=honest.nonce
    )
    verdict = body.clerk.submit(forged)
    assert isinstance(verdict, Refusal)
    assert verdict.rule == "signature_invalid"


def test_a_book_read_again_gives_the_same_state(body: LittleBody, tmp_path: Path) -> None:
    body.clerk.submit(body.submission(TREASURER, body.sale(100, "sale")))
    again = Clerk(Database(tmp_path / "comuna.db"), BOOK_KEY)
    assert again.state(body.body) == body.clerk.state(body.body)
