"""Many games: who holds the keys, which schemes are tried and what else is done is left to chance,
from a seed, so that a game that was won can be played again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cache
from random import Random

import msgspec

from comuna.rules import amendment
from comuna.rules.act import Refused
from comuna.rules.statute import Statute
from tests.adversary.anything import any_act
from tests.adversary.game import Game, Scene
from tests.adversary.scenes import scenes
from tests.adversary.schemes import SCHEMES
from tests.rules.switched_off import switched_off

PACKS = ("simple", "ve-comunas-2010", "br-5764-1971", "us-colab", "es-27-1999")
MOST_KEYS = 2
ROUNDS = 3
BLIND = 4
"""After each scheme so many acts that nobody thought about."""


@dataclass
class Score:
    """What came of games: acts tried, acts accepted, and the games that were won."""

    games: int = 0
    tried: int = 0
    accepted: int = 0
    won: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        self.games += other.games
        self.tried += other.tried
        self.accepted += other.accepted
        self.won += other.won

    def __str__(self) -> str:
        return (
            f"{self.games:,} games, {self.tried:,} acts tried, {self.accepted:,} accepted, "
            f"{len(self.won)} won"
        )


@cache
def stage(pack: str) -> tuple[Scene, ...]:
    """The scenes of a pack, prepared once. They stay, so the collector need not look at them."""
    prepared = scenes(pack)
    gc.collect()
    gc.freeze()
    return prepared


@contextmanager
def statutes_remembered() -> Iterator[None]:
    """What an amendment makes of a statute is worked out once for all games: the same few are
    tried again and again, and a statute takes long to look through."""
    whole, known = amendment.amended, dict[tuple[int, bytes], Statute | Refused]()

    def amended(statute: Statute, changes: tuple[amendment.Change, ...]) -> Statute:
        asked = id(statute), msgspec.json.encode(changes)
        if asked not in known:
            try:
                known[asked] = whole(statute, changes)
            except Refused as refused:
                known[asked] = refused
            kept.append(statute)
        found = known[asked]
        if isinstance(found, Refused):
            raise Refused(found.refusal.rule, found.refusal.article, **found.refusal.params)
        return found

    kept: list[Statute] = []  # as long as they are, their ids are theirs
    amendment.amended = amended
    try:
        yield
    finally:
        amendment.amended = whole


def play(pack: str, games: int, seed: int, without: frozenset[str] = frozenset()) -> Score:
    """So many games on a pack, from this seed on."""
    score = Score()
    prepared = stage(pack)
    with switched_off(set(without)) if without else nullcontext(), statutes_remembered():
        for number in range(seed, seed + games):
            game = one(prepared, number)
            score.add(Score(1, game.tried, game.done))
            for moved in game.won():
                score.won.append(
                    f"{pack}, game {number}, {game.scene.name}, keys of {game.hands}: {moved} by "
                    f"{', '.join(game.played)}"
                )
    return score


def one(prepared: tuple[Scene, ...], number: int) -> Game:
    """One game: half of the keys are those of people in office, for these can do more."""
    random = Random(f"adversary {number}")
    scene = random.choice(prepared)
    seated: list[int] = scene.numbers["seated"]
    hands: list[int] = []
    for _ in range(random.randint(1, MOST_KEYS)):
        among = seated if random.random() < 0.8 else range(1, 25)
        hands.append(random.choice([m for m in among if m not in hands]))
    game = Game(scene, hands, random)
    for scheme in random.choices(SCHEMES, k=random.randint(1, ROUNDS)):
        scheme(game)
        for _ in range(random.randrange(BLIND)):
            act = any_act(game)
            game.attempt(random.choice([*hands, *game.state.people]), act)
        game.wait(hours=random.choice([0, 0, 1, 30]))
    return game
