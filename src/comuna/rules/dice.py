"""What dice showed, in one spelling, and the seed of the lot that follows from them: whoever writes
them down cannot look for the spelling whose lot falls as they like."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import msgspec

from comuna.rules.act import require

FEWEST = 5
"""So many dice fall in 7776 ways."""


def thrown_in(dice: str) -> str:
    """The faces 1 to 6 in the order thrown, "4 2 6 1 3"; empty while none were. Raises Refused for
    anything else."""
    faces = "".join(dice.split())
    require(re.fullmatch("[1-6]*", faces, re.ASCII) is not None, "dice_unclear", dice=dice[:40])
    require(not faces or len(faces) >= FEWEST, "dice_too_few", needed=FEWEST, given=len(faces))
    return " ".join(faces)


def lot_seed(dice: str, frozen: Sequence[object], head: str) -> str | None:
    """The line from which a lot is drawn (`comuna.count.lots`): what the dice showed, the
    fingerprint of what was fixed before they were thrown, and the book as whoever opened the vote
    saw it (or, of dice thrown for that opening, the proposal), so that nobody chooses any of the
    three by knowing the others. None while no dice were thrown."""
    thrown = thrown_in(dice)
    if not thrown:
        return None
    fingerprint = hashlib.sha256(msgspec.json.encode(frozen)).hexdigest()
    return f"{thrown} {fingerprint} {head}"
