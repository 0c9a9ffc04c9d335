"""Who lives here: households with their kin, ages, keys and names. Everything follows from a seed,
so that the same seed gives the same people and the same book."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from comuna.book.register import Register
from comuna.rules.statute import Statute
from comuna.world.names import CULTURES, Culture
from comuna.world.setting import Setting

PARENT, SIBLING, SPOUSE = 1, 2, 1
"""Degrees of kinship, as people declare them."""


@dataclass(slots=True)
class Resident:
    """A person of the neighbourhood, or an organisation that is a member (`body` is its own book).
    `number` is theirs on the roll, once they join; `kin` holds the numbers of their kin with the
    degree. Who has no seed joined on paper."""

    name: str
    document: str
    born: date
    household: int
    parent: bool
    body: str = ""
    seed: bytes | None = None
    number: int = 0
    votes_from: int = 0
    commitment: str = ""
    kin: dict[int, int] = field(default_factory=dict)

    @property
    def signs(self) -> bool:
        return self.seed is not None

    def record(self) -> dict[str, str]:
        """What the roll register keeps of them."""
        known = {"name": self.name, "document": self.document}
        return known if self.body else {**known, "born": self.born.isoformat()}


def populate(
    rng: Random, seed: int, count: int, setting: Setting, law: Statute, first_day: date
) -> list[Resident]:
    """`count` residents, numbered from 1 in the order in which they will join. In a small
    neighbourhood households are small too: offices do not go to kin."""
    cultures = setting.cultures
    people: list[Resident] = []
    household = 0
    while len(people) < count:
        household += 1
        culture = CULTURES[cultures[household % len(cultures)]]
        people += family(rng, household, culture, first_day)[: count // 12]
    people = people[:count]
    rng.shuffle(people)
    on_paper = without_key(people)
    for number, person in enumerate(people, 1):
        person.number = number
        person.seed = None if id(person) in on_paper else seed_of(seed, f"key {number}")
        person.votes_from = votes_from(person, law.members.voting_age, first_day)
    bring_up_minors(rng, people, law.members.voting_age, first_day)
    if body_kind(law):
        organise(people, seed, setting.councils)
    relate(people)
    return people


def seed_of(seed: int, what: str) -> bytes:
    """32 bytes that follow from the seed of the world: fit for a demo, for nothing else."""
    return hashlib.sha256(f"comuna world {seed} {what}".encode()).digest()


def family(rng: Random, household: int, culture: Culture, today: date) -> list[Resident]:
    """One or two parents and their children who are old enough to be asked."""
    given, names, families = culture
    surnames = rng.sample(names, 2)
    ages = [rng.randrange(30, 78) for _ in range(rng.choice((1, 2, 2, 2)))]
    children = range(17, min(ages) - 18, rng.randrange(3, 7))[: rng.randrange(4)]
    first = rng.sample(given, min(len(given), len(ages) + len(children)))
    people = []
    for index, age in enumerate([*ages, *children][: len(first)]):
        parent = index < len(ages)
        own = surnames if not parent else rng.sample(names, 2)
        people.append(
            Resident(
                name=" ".join([first[index], *own[:families]]),
                document=f"{rng.randrange(4_000_000, 32_000_000)}",
                born=today - timedelta(days=age * 365 + rng.randrange(365)),
                household=household,
                parent=parent,
            )
        )
    return people


def without_key(people: list[Resident]) -> set[int]:
    """Of the older third every second one joins on paper."""
    by_age = sorted(people, key=lambda p: (p.born, p.document))
    return {id(person) for person in by_age[: len(people) // 3 : 2]}


def bring_up_minors(rng: Random, people: list[Resident], age: int, today: date) -> None:
    """Some of the children come of voting age during the year, two only after it."""
    children = [p for p in people if not p.parent][: max(3, len(people) // 20)]
    for index, person in enumerate(children):
        wait = rng.randrange(60, 330) if index > 1 else rng.randrange(600, 900)
        day = today + timedelta(days=wait)
        person.born = date(day.year - age, day.month, min(day.day, 28))
        person.votes_from = votes_from(person, age, today)


def votes_from(person: Resident, age: int, today: date) -> int:
    """The moment the voting age is reached; 0 for those who have it, whose birthday is nobody's
    business."""
    born = person.born
    reached = datetime(born.year + age, born.month, min(born.day, 28), tzinfo=UTC)
    return int(reached.timestamp()) if reached.date() > today else 0


def body_kind(law: Statute) -> str:
    """The kind of members that are bodies and vote; "" where there is none."""
    return next((k.id for k in law.members.kinds if k.votes and k.bodies), "")


def organise(people: list[Resident], seed: int, names: tuple[str, ...]) -> None:
    """Some places on the roll are those of organisations, each with its own key."""
    early = [p for p in people[: len(people) * 4 // 5] if p.parent and p.signs]
    for person, name in zip(reversed(early), names, strict=False):
        person.name, person.household, person.parent = name, 0, False
        person.body = seed_of(seed, f"body {name}").hex()[:32]


def relate(people: list[Resident]) -> None:
    """Kin within each household: spouses, parents and children, siblings."""
    for one in people:
        for other in people:
            if one is not other and 0 != one.household == other.household:
                both = one.parent and other.parent
                neither = not one.parent and not other.parent
                one.kin[other.number] = SPOUSE if both else SIBLING if neither else PARENT


def enter(register: Register, people: list[Resident]) -> None:
    """Keep everybody's record in the roll register; the book gets the commitments."""
    for person in people:
        person.commitment = register.add(person.record())
