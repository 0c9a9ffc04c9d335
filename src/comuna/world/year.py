"""Living a body's year: found it, work, meet, decide, pay, close the year, share the surplus, and
stop today with some things open. Everything goes through the clerk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from random import Random

from comuna.book import keys
from comuna.home import Home
from comuna.rules.state import DAY, State
from comuna.rules.statute import Statute
from comuna.statutes import load
from comuna.words import Lang
from comuna.world import events
from comuna.world.founding import declare_all, found
from comuna.world.life import Life, Misuse, moment
from comuna.world.payments import correct
from comuna.world.people import Resident, enter, populate, seed_of
from comuna.world.setting import setting_of
from comuna.world.stage import Clock, Stage, Stopped
from comuna.world.story import plan_year
from comuna.world.surplus import SETTLING_DAYS
from comuna.world.work import plan_work

PACK = "simple"
NOTICE_MAX = 15
"""Days: with longer notice the assemblies of the story would overtake one another."""
WAITING = 4
"""So many of the neighbours ask to join in the last week."""


@dataclass(frozen=True)
class Sheet:
    """What a member of the demo holds in their hand: their number, their offices, a PIN to sign in
    and the recovery text of their key."""

    member: int
    name: str
    offices: tuple[str, ...]
    pin: str
    recovery: str


@dataclass(frozen=True)
class Year:
    """What came of it. `seeds` are the members' keys, which nobody but a generator may know;
    `decisions`, `assemblies` and `acts` say under which numbers the story stands in the book."""

    body: str
    statute: Statute
    first: int
    last: int
    until: int
    seeds: dict[int, bytes]
    sheets: tuple[Sheet, ...]
    refused: tuple[Misuse, ...]
    decisions: dict[str, int]
    assemblies: dict[str, int]
    acts: dict[str, int]


def live_a_year(
    home: Home,
    seed: int,
    pack: str = PACK,
    members: int = 120,
    until: int | None = None,
    lang: Lang = "es",
    progress: Callable[[int, int], None] | None = None,
) -> Year:
    """Live twelve whole months and the weeks after them up to `until` (UTC seconds; default: now)
    in a new body of this home. The same arguments give the same book, byte for byte. Raises
    UnknownPack, and Stopped where the statute allows no such year."""
    law = load(pack)
    if law.assembly.notice_days > NOTICE_MAX:
        raise Stopped(f"{pack} calls {law.assembly.notice_days} days ahead, the story {NOTICE_MAX}")
    present = int(datetime.now(UTC).timestamp()) if until is None else until
    first, last = bounds(present, law.assembly.notice_days + SETTLING_DAYS)
    rng = Random(f"comuna world {seed}")
    setting = setting_of(law)
    people = populate(rng, seed, members, setting, law, date.fromtimestamp(first))
    keep_records(home, seed, people)
    clock = Clock(first + 9 * 3600)
    clerk = home.clerk(clock)
    try:
        life = Life(
            stage=Stage(clerk, clock, home.keep),
            law=law,
            setting=setting,
            people={p.number: p for p in people},
            rng=rng,
            lang=lang,
            first=first,
            last=last,
            until=present,
        )
        found(life)
        plan(life)
        life.live(progress or (lambda done, total: None))
        return result(life, seed)
    finally:
        clerk.close()


def bounds(until: int, settling: int) -> tuple[int, int]:
    """The first moment of twelve whole months and the first moment after them, so that at least so
    many days are left for settling the year."""
    end = datetime.fromtimestamp(until - settling * DAY, UTC)
    return moment(end.year - 1, end.month), moment(end.year, end.month)


def keep_records(home: Home, seed: int, people: list[Resident]) -> None:
    """Everybody's record, in one transaction, under salts that follow from the seed."""
    numbers = count(1)
    database = home.database()
    register = home.register(database, lambda size: seed_of(seed, f"salt {next(numbers)}")[:size])
    with database.transaction("register"):
        enter(register, people)
    database.close()


def plan(life: Life) -> None:
    """The whole calendar."""
    life.on(life.day(2, 10), declare_all)
    plan_year(life)
    plan_work(life)
    later = [n for n in life.people if n not in life.stage.known.people]
    share = max(0, len(later) - WAITING) // 3
    for number in (50, 120, 240):
        life.on(life.day(number, 11), lambda life: events.apply_some(life, share))
    life.on(life.day(60, 12), events.enrol)
    life.on(life.day(130, 12), events.lose_key)
    life.on(life.day(100, 12), lambda life: events.complain(life, "noise", 8))
    late = life.law.oversight.answer_days + 6
    life.on(life.day(160, 12), lambda life: events.complain(life, "scales", late))
    life.on(life.day(225, 12), events.charge)
    life.on(life.day(244, 12), events.leave)
    life.on(life.day(246, 12), events.stay)
    life.on(life.day(95, 12), correct)


def result(life: Life, seed: int) -> Year:
    return Year(
        body=life.stage.body,
        statute=life.stage.known.statute,
        first=life.first,
        last=life.last,
        until=life.until,
        seeds=dict(life.stage.seeds),
        sheets=tuple(sheets(life, seed)),
        refused=tuple(life.refused),
        decisions=dict(life.decisions),
        assemblies=dict(life.assemblies),
        acts=dict(life.acts),
    )


def sheets(life: Life, seed: int) -> list[Sheet]:
    """One member for each office with powers, all who approve payments (a payment needs several of
    them), and two members without an office."""
    state = life.stage.state
    now = life.stage.now
    chosen: list[int] = []
    for office in life.law.offices:
        if office.powers:
            holders = [m for m in state.holders(office.id, now) if m in life.stage.seeds]
            chosen += holders if "approve-payment" in office.powers else holders[:1]
    persons = [m for m in life.persons() if m in life.stage.seeds]
    plain = [m for m in persons if not state.mandates.get(m)]
    chosen += plain[:2]
    return [sheet(life, state, seed, m) for m in dict.fromkeys(chosen)]


def sheet(life: Life, state: State, seed: int, member: int) -> Sheet:
    offices = [
        o.title[life.lang]
        for o in life.law.offices
        if member in state.holders(o.id, life.stage.now)
    ]
    pin = int.from_bytes(seed_of(seed, f"pin {member}")[:4]) % 900_000 + 100_000
    return Sheet(
        member=member,
        name=life.people[member].name,
        offices=tuple(offices),
        pin=str(pin),
        recovery=keys.recovery_text(life.stage.seeds[member]),
    )
