"""Nobody empties a body alone, nor two together; those whom the table names can, and none of them
can be spared."""

from collections.abc import Sequence
from functools import cache
from random import Random

import pytest

from comuna.rules.collusion import Path, paths
from comuna.rules.office import Seat
from comuna.rules.statute import Statute
from tests.adversary.game import Game, Scene
from tests.adversary.play import PACKS, play
from tests.adversary.scenes import quiet_week
from tests.adversary.schemes import WAYS
from tests.rules.village import OFFICES_WITH_POWERS, law_of

GAMES = 2_000
"""On each pack; `python -m tests.adversary` plays as many as one likes."""
TRIES = 4

each_pack = pytest.mark.parametrize("pack", PACKS)
each_way = pytest.mark.parametrize(
    ("pack", "how"), [(pack, path.how) for pack in PACKS for path in paths(law_of(pack))]
)


@each_pack
def test_with_the_keys_of_one_or_two_nothing_moves(pack):
    score = play(pack, GAMES, seed=1)
    assert score.games == GAMES
    assert score.accepted > GAMES
    assert not score.won


def seats_with(law: Statute, people: Sequence[tuple[str, ...]]) -> tuple[Seat, ...]:
    """The seats of a founding in which members 1, 2, 3… hold these offices, and others the rest."""
    seats = [(office, n) for n, held in enumerate(people, 1) for office in held]
    number = len(people)
    for office in law.offices:
        taken = sum(name == office.id for name, _ in seats)
        wanted = min(office.seats, OFFICES_WITH_POWERS) if office.powers else 0
        for _ in range(wanted - taken):
            number += 1
            seats.append((office.id, number))
    return tuple(Seat(office=office, member=n) for office, n in seats)


@cache
def stage(pack: str, how: str) -> tuple[Path, Scene]:
    """The people whom the table names for a way hold these offices, in a quiet week."""
    law = law_of(pack)
    path = next(p for p in paths(law) if p.how == how)
    return path, quiet_week(pack, seats_with(law, path.people))


def hands_of(path: Path) -> list[int]:
    """Members 1, 2, 3…"""
    return list(range(1, len(path.people) + 1))


def moved(scene: Scene, how: str, hands: Sequence[int]) -> set[str]:
    """What moves in one of a few games in which these play this way."""
    found: set[str] = set()
    for seed in range(TRIES):
        game = Game(scene, hands, Random(f"{how} {seed}"))
        WAYS[how](game)
        found |= set(game.won())
    return found


@each_way
def test_those_whom_the_table_names_can_do_it(pack, how):
    path, scene = stage(pack, how)
    assert path.what in moved(scene, how, hands_of(path))


@each_way
def test_none_of_them_can_be_spared(pack, how):
    path, scene = stage(pack, how)
    for missing in hands_of(path):
        rest = [m for m in hands_of(path) if m != missing]
        assert path.what not in moved(scene, how, rest)
