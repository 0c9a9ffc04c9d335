"""One act of a shape that nobody foresaw is refused alone, and harms no other."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

from comuna import clerk as writing
from comuna.book import store
from comuna.clerk import Recorded, Submission
from comuna.cli import record_batch
from comuna.rules.act import Fact, Refusal
from tests.adversary import anything
from tests.clerk.little_body import MEMBERS, TREASURER, LittleBody, little_body
from tests.fuzz import absurd
from tests.fuzz.book import Players, plain_submission

BROKEN = "breaks the judge"


@pytest.fixture
def body(tmp_path: Path) -> LittleBody:
    return little_body(tmp_path / "comuna.db")


def batch(body: LittleBody, size: int, broken: Sequence[int]) -> list[Submission]:
    texts = [BROKEN if n in broken else f"sale {n}" for n in range(size)]
    return [
        body.submission(TREASURER, body.sale(100 + n, f"{text} {n}"))
        for n, text in enumerate(texts)
    ]


def is_broken(act: Any) -> bool:
    return BROKEN in getattr(act, "text", "")


def outcome(results: Sequence[Recorded | Refusal]) -> list[str]:
    return [r.rule if isinstance(r, Refusal) else "recorded" for r in results]


def break_judging(patch: pytest.MonkeyPatch, fault: Exception) -> None:
    honest = writing.judge

    def judge(state: Any, entry: Any) -> Any:
        if is_broken(entry.act):
            raise fault
        return honest(state, entry)

    patch.setattr(writing, "judge", judge)


def break_folding(patch: pytest.MonkeyPatch, fault: Exception) -> None:
    honest = writing.fold

    def fold(database: Any, body: str, judged: Sequence[tuple[Any, Sequence[Fact]]]) -> None:
        if any(is_broken(entry.act) for entry, _ in judged):
            raise fault
        honest(database, body, judged)

    patch.setattr(writing, "fold", fold)


FAULTS = (
    *(ValueError("4300 digits"), OverflowError("too large"), KeyError(7), IndexError(0)),
    *(TypeError("int"), RecursionError(), ZeroDivisionError(), AssertionError()),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
@pytest.mark.parametrize("break_it", [break_judging, break_folding])
def test_an_act_that_breaks_the_program_is_refused_and_the_acts_around_it_stand(
    body: LittleBody, monkeypatch: pytest.MonkeyPatch, break_it: Any, fault: Exception
) -> None:
    break_it(monkeypatch, fault)
    before = store.size(body.clerk.database, body.body)
    results = body.clerk.record(batch(body, 9, broken=(3, 4, 8)))
    expected = ["act_not_judged" if n in (3, 4, 8) else "recorded" for n in range(9)]
    assert outcome(results) == expected
    assert store.size(body.clerk.database, body.body) == before + 6


def test_judging_that_fails_does_not_make_the_clerk_read_the_book_again(
    body: LittleBody, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_judging(monkeypatch, ValueError())
    monkeypatch.setattr(body.clerk, "read", lambda body: pytest.fail("the book was read again"))
    assert outcome(body.clerk.record(batch(body, 3, broken=(1,))))[1] == "act_not_judged"


def test_after_it_the_desk_agrees_with_a_clerk_that_reads_the_book_anew(
    body: LittleBody, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_folding(monkeypatch, TypeError())
    body.clerk.record(batch(body, 80, broken=(0, 79)))
    from comuna.book.database import Database

    other = LittleBody(Database(tmp_path / "comuna.db"), body.now)
    assert other.clerk.state(body.body) == body.clerk.state(body.body)


def test_a_failing_disk_is_no_fault_of_an_act(
    body: LittleBody, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_folding(monkeypatch, sqlite3.OperationalError("disk I/O error"))
    with pytest.raises(sqlite3.OperationalError):
        body.clerk.record(batch(body, 4, broken=(2,)))
    assert outcome(body.clerk.record(batch(body, 2, broken=()))) == ["recorded"] * 2


def test_a_signature_that_cannot_be_checked_ahead_harms_no_other(
    body: LittleBody, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = writing.fitting_signatures

    def fitting(submission: Submission, known: Any) -> Any:
        if is_broken(submission.act):
            raise OverflowError
        return honest(submission, known)

    monkeypatch.setattr(writing, "fitting_signatures", fitting)
    results = body.clerk.record(batch(body, writing.AHEAD + 2, broken=(5,)))
    assert outcome(results) == [
        "act_not_judged" if n == 5 else "recorded" for n in range(writing.AHEAD + 2)
    ]


def bad_line(body: LittleBody, random: Random, number: int) -> bytes:
    """An absurd submission in the name of some members: signed in shape, never by their keys."""
    players = Players(body, body.clerk, random)
    act = msgspec.to_builtins(anything.any_act(players))  # type: ignore[arg-type]
    member, *others = random.sample(MEMBERS, random.choice((1, 2, 3)))
    plain = plain_submission(body.body, member, act, others, f"bad {number}")
    made_absurd = absurd.spoiled(random, plain) if random.random() < 0.8 else plain
    return absurd.as_json(random, made_absurd).replace(b"\n", b" ") or b"{}"


@pytest.mark.parametrize("seed", range(12))
def test_among_any_bad_acts_every_good_one_is_recorded_in_its_order(
    body: LittleBody, seed: int
) -> None:
    random = Random(seed)
    good = {
        place: msgspec.json.encode(body.submission(TREASURER, body.sale(100, f"good {place}")))
        for place in random.sample(range(60), random.randrange(1, 12))
    }
    lines = [good.get(place) or bad_line(body, random, place) for place in range(60)]
    before = store.size(body.clerk.database, body.body)
    answers = list(record_batch(body.clerk, body.body, lines, False, "es"))
    written = [place for place, answer in enumerate(answers) if "number" in answer]
    assert written == sorted(good)
    numbers = [answers[place]["number"] for place in written]
    assert numbers == list(range(before + 1, before + 1 + len(good)))
    assert store.size(body.clerk.database, body.body) == before + len(good)
