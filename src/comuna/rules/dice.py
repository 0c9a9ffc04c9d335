"""What dice showed, in one spelling: whoever writes it down cannot look for the spelling whose lot
falls as they like."""

from __future__ import annotations

import re

from comuna.rules.act import require


def thrown_in(dice: str) -> str:
    """The faces 1 to 6 in the order thrown, "4 2 6"; empty while none were. Raises Refused for
    anything else."""
    faces = "".join(dice.split())
    require(re.fullmatch("[1-6]*", faces, re.ASCII) is not None, "dice_unclear", dice=dice[:40])
    return " ".join(faces)
