"""What all parts of a generated year share: its people, its words, its chance and its calendar."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from itertools import count
from random import Random
from typing import Any, NamedTuple

from comuna.given import read_toml
from comuna.rules.act import Paper, Refusal, Refused
from comuna.rules.ballot import may_tell, tellers_in_office
from comuna.rules.office import check_eligible
from comuna.rules.state import DAY, State
from comuna.rules.statute import Office, Statute
from comuna.words import Lang
from comuna.world.people import Resident
from comuna.world.setting import Setting
from comuna.world.stage import Stage

HOUR = 3600
Action = Callable[["Life"], object]


class Misuse(NamedTuple):
    """Something that was tried and refused: by whom, what, and by which rule. Nothing of it is in
    the book."""

    member: int
    act: str
    refusal: Refusal


@dataclass
class Life:
    """A body while its year is lived. `first` is the founding day, `last` the first moment after
    the year, `until` the present (UTC seconds)."""

    stage: Stage
    law: Statute
    setting: Setting
    people: dict[int, Resident]
    rng: Random
    lang: Lang
    first: int
    last: int
    until: int
    decisions: dict[str, int] = field(default_factory=dict)  # the story's name → proposal
    assemblies: dict[str, int] = field(default_factory=dict)
    acts: dict[str, int] = field(default_factory=dict)  # other acts the story comes back to
    refused: list[Misuse] = field(default_factory=list)
    calendar: list[tuple[int, int, Action]] = field(default_factory=list)
    owed: Counter[int] = field(default_factory=Counter)  # for what a member delivered
    wall: tuple[int, str] = (0, "")  # the checkpoint written down at the last assembly
    papers: Any = field(default_factory=lambda: count(1))
    order: Any = field(default_factory=lambda: count(1))

    # --- time ---------------------------------------------------------------------------------

    def on(self, moment: int, action: Action) -> None:
        """Put something on the calendar; what lies after the present does not happen."""
        heapq.heappush(self.calendar, (moment, next(self.order), action))

    def day(self, number: int, hour: int = 9) -> int:
        """A moment of the day so many days after the founding."""
        return self.first + number * DAY + hour * HOUR

    def live(self, progress: Callable[[int, int], None]) -> None:
        """Do all that the calendar holds, up to the present."""
        while self.calendar and self.calendar[0][0] <= self.until:
            moment, _, action = heapq.heappop(self.calendar)
            self.stage.move_to(moment)
            action(self)
            progress(moment - self.first, self.until - self.first)
        self.stage.settle()
        progress(1, 1)

    # --- words and papers ---------------------------------------------------------------------

    def say(self, key: str, **params: object) -> str:
        """A text of the story in its language."""
        return texts(self.lang)[key].format(**params)

    def paper(self, key: str, **params: object) -> Paper:
        """A paper, numbered and dated, kept among the files."""
        head = f"{self.setting.name}\nNº {next(self.papers)} · {self.stage.today}\n\n"
        return self.stage.paper(head + self.say(key, **params) + "\n")

    def money(self, cents: int) -> int:
        """An amount in the body's money."""
        return cents * self.setting.rate

    def written(self, amount: int) -> str:
        """An amount as people write it on a receipt."""
        return f"{amount // 100}.{amount % 100:02d} {self.setting.unit}"

    # --- people -------------------------------------------------------------------------------

    def members(self) -> list[int]:
        """All members, by number."""
        people = self.stage.known.people
        return [n for n in sorted(people) if people[n].member_at(self.stage.now)]

    def voters(self) -> list[int]:
        return sorted(self.stage.state.roll(self.stage.now))

    def persons(self) -> list[int]:
        """The voting members who are persons and not bodies."""
        return [m for m in self.voters() if not self.people[m].body]

    def signers(self) -> list[int]:
        """The voting members who sign with a key."""
        return [m for m in self.voters() if m in self.stage.seeds]

    def someone(self, *besides: int) -> int:
        """A voting member with a key, drawn by the seed."""
        return self.rng.choice([m for m in self.signers() if m not in besides])

    def office_with(self, power: str) -> Office:
        """The first office of the statute with a power."""
        return next(o for o in self.law.offices if power in o.powers)

    def tellers(self, ballot: int) -> list[int]:
        """As many as sign a count, of those there whose own case it is not: first in office."""
        state = self.stage.state
        able = may_tell(state, state.ballots[ballot]) & self.stage.seeds.keys()
        first = tellers_in_office(state, able, self.stage.now)
        chosen = [*sorted(first), *sorted(able - first)]
        return chosen[: self.law.assembly.tellers]

    def candidates(self, office: Office) -> list[int]:
        """Those who sign with a key and may be elected to this office: first who holds none, then
        the tellers."""
        state, now = self.stage.state, self.stage.now
        free = [m for m in self.signers() if not state.mandates.get(m)]
        asked = [*free, *self.stage.holders("tell")]
        accused = self.acts.get("accused")
        return [m for m in asked if m != accused and eligible(state, office, m, now)]

    def crew(self, unit: int) -> list[int]:
        """Who works in a production unit: every sixth."""
        return [m for m in self.workers() if m % 6 == unit + 1]

    def workers(self) -> list[int]:
        """All members with hands, of whatever age."""
        return [m for m in self.members() if not self.people[m].body]

    @property
    def small(self) -> bool:
        """Whether the neighbourhood is small: a week's work is then written once."""
        return len(self.people) < 60


def eligible(state: State, office: Office, member: int, when: int) -> bool:
    """Whether the statute lets this member be elected."""
    try:
        check_eligible(state, office, member, when)
    except Refused:
        return False
    return True


@cache
def texts(lang: Lang) -> dict[str, str]:
    """All texts of a language, by "section.name"."""
    tables = read_toml((files(__package__) / f"texts.{lang}.toml").read_text(encoding="utf-8"))
    return {
        f"{section}.{name}": t for section, names in tables.items() for name, t in names.items()
    }


def moment(year: int, month: int, day: int = 1) -> int:
    """The first second of a day, UTC."""
    return int(datetime(year, month, day, tzinfo=UTC).timestamp())
