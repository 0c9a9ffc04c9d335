"""Fifty members write at once through the web server, each waiting for its answer before the next
act. Every act is signed; the server checks, judges, records and answers from disk (SQLite FULL)."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec

from bench.measure import ratio
from comuna.book import store
from comuna.book.database import Database
from comuna.rules.names import day
from comuna.rules.production import LogWork, Worked
from tests.clerk.little_body import MEMBERS, LittleBody, little_home
from tests.clerk.served import Server

WRITERS = 50
ACTS_EACH = 60

Answer = tuple[int, dict[str, Any], float]
"""Status, content, seconds waited."""


def requests_of(body: LittleBody) -> list[list[bytes]]:
    """The requests of each writer, made ready beforehand."""
    today = day(int(time.time()))
    return [
        [request(body, today, writer, n) for n in range(ACTS_EACH)] for writer in range(WRITERS)
    ]


def request(body: LittleBody, today: str, writer: int, n: int) -> bytes:
    member = MEMBERS[writer % len(MEMBERS)]
    work = (Worked(member=member, minutes=1),)
    act = LogWork(date=today, production_unit="cacao", task="poda", work=work)
    submission = body.submission(member, act, member % 12 + 1, nonce=f"writer {writer} act {n}")
    content = msgspec.json.encode(submission)
    head = (
        f"POST /{body.body}/acts HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


async def write(port: int, requests: list[bytes], answers: list[Answer]) -> None:
    """One writer: send, wait, send again, on one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for content in requests:
        start = time.perf_counter()
        writer.write(content)
        status = int((await reader.readline()).split()[1])
        length = 0
        while (line := await reader.readline()) not in (b"\r\n", b""):
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        answer = json.loads(await reader.readexactly(length))
        answers.append((status, answer, time.perf_counter() - start))
    writer.close()


async def all_write(port: int, requests: list[list[bytes]]) -> list[Answer]:
    answers: list[Answer] = []
    await asyncio.gather(*(write(port, r, answers) for r in requests))
    return answers


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        home, body = little_home(Path(name) / "home")
        requests = requests_of(body)
        before = store.size(body.clerk.database, body.body)
        body.clerk.close()
        with Server(home.folder) as server:
            asyncio.run(all_write(server.port, [r[:1] for r in requests[:1]]))  # wakes it up
            start = time.perf_counter()
            answers = asyncio.run(all_write(server.port, requests))
            seconds = time.perf_counter() - start
        report(home.database(), body.body, before, answers, seconds)


def report(
    database: Database, body: str, before: int, answers: list[Answer], seconds: float
) -> None:
    numbers = {answer["number"] for status, answer, _ in answers if status == 201}
    refused = [answer for status, answer, _ in answers if status != 201]
    stored = store.size(database, body) - before
    times = sorted(taken for _, _, taken in answers)
    print(f"\n{WRITERS} members writing at once through the web server, {len(answers)} acts")
    print(f"  answered with a number {len(numbers)}, otherwise {len(refused)}, stored {stored}")
    print(
        f"  {len(answers) / seconds:,.0f} acts/s; p50 {times[len(times) // 2] * 1000:,.0f} ms,",
        end="",
    )
    print(
        f" p99 {times[len(times) * 99 // 100] * 1000:,.0f} ms, longest {times[-1] * 1000:,.0f} ms"
    )
    if refused:
        print(f"  first of the others: {refused[0]}")
    ratio("rate against 300 acts/s", len(answers) / seconds / 300, "≥ 1")
    ratio("p99 against 500 ms", times[len(times) * 99 // 100] / 0.5, "≤ 1")
    assert len(numbers) == stored == len(answers), "something was lost or doubled"
