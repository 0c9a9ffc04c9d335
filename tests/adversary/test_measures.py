"""What a surplus is shared by cannot be made more than it was: not by those who write it down, not
by those who seal it. With a rule left out, somebody could."""

from functools import cache
from random import Random

import pytest

from tests.adversary.game import Game
from tests.adversary.play import PACKS
from tests.adversary.scenes import scenes
from tests.adversary.schemes import MEASURES
from tests.rules.switched_off import switched_off

each_pack = pytest.mark.parametrize("pack", PACKS)
RULES = {
    "late": {"entered_late"},
    "before": {"outside_membership"},
    "endless": {"minutes_impossible"},
    "too-much": {"brought_too_much"},
    "put-right": {"brought_too_much"},
    "friends": {"receiver_missing"},
}
"""The rule that stands before each scheme."""

staged = cache(scenes)


def hands_for(scene, how):
    """Two plain members where two plain members try it; else those who keep the accounts, approve
    and oversee, and one beside them."""
    state, when = scene.kept.fresh(), scene.before.now
    apart = {*state.mandates, scene.numbers["newcomer"]}
    plain = [m for m in state.people if m not in apart]
    if how in ("friends", "late", "before", "endless"):
        return plain[:2]
    powers = ("keep-accounts", "approve-payment", "oversee")
    held = [next(m for m in state.people if state.holds(m, power, when)) for power in powers]
    return [plain[0], *held]


def moved(scene, how, hands):
    found = set()
    for seed in range(4):
        game = Game(scene, hands, Random(f"{how} {seed}"))
        MEASURES[how](game)
        found |= set(game.won())
    return found


@each_pack
@pytest.mark.parametrize("how", MEASURES)
def test_nobody_makes_what_was_put_in_more_than_it_was(pack, how):
    for scene in staged(pack):
        assert "measures" not in moved(scene, how, hands_for(scene, how))


@each_pack
@pytest.mark.parametrize("how", RULES)
def test_without_the_rule_they_could(pack, how):
    quiet = staged(pack)[0]
    with switched_off(RULES[how]):
        assert "measures" in moved(quiet, how, hands_for(quiet, how))
