"""A motion's count in JSON: who is on the roll and present, and what each channel counted.

`{"roll": 300, "present": 90, "channels": [{"channel": "box", "yes": 61, "no": 20, "abstain": 9,
"blank": 0, "null": 0, "evidence": ["minutes"]}], "casting_vote": "yes"}`; the numbers of a channel
that are not given are 0, and the casting vote stands only where the chair gave one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comuna import given
from comuna.count.assembly import ChannelCount
from comuna.count.errors import FileError
from comuna.count.rankings import MOST_BALLOTS

_NEEDED: Mapping[str, tuple[type, str]] = {
    "roll": (int, "how many are on the roll"),
    "present": (int, "how many are present or voting"),
    "channels": (list, "a list of counts"),
}
_COUNTS = ("yes", "no", "abstain", "blank", "null")
_CHANNEL = 'a channel is {"channel": a name, "evidence": [a list]} with whole numbers '


@dataclass(frozen=True)
class Motion:
    """What `assembly.count_motion` counts."""

    roll: int
    present: int
    channels: tuple[ChannelCount, ...]
    casting_vote: str | None


def read_motion(text: str) -> Motion:
    """Read a motion's count. Raises FileError on anything else, also on a word it does not know."""
    try:
        said = given.read_json(text)
    except given.Unreadable as wrong:
        raise FileError(wrong.line, wrong.en, wrong.es) from None
    if not isinstance(said, dict):
        raise FileError(1, "a motion is a JSON object with roll, present and channels")
    for key, (kind, called) in _NEEDED.items():
        if type(said.get(key)) is not kind:
            raise FileError(1, f"a motion needs {key!r}, {called}")
    unknown = set(said) - {*_NEEDED, "casting_vote"}
    if unknown:
        raise FileError(1, f"{min(unknown)!r} says nothing of a motion; it has "
                        f"{', '.join(_NEEDED)} and perhaps casting_vote")  # fmt: skip
    if said.get("casting_vote") not in (None, "yes", "no"):
        raise FileError(1, '\'casting_vote\' is "yes" or "no"')
    channels = tuple(_channel(each) for each in said["channels"])
    most = max(said["roll"], said["present"], *(max(each.numbers()) for each in channels))
    if most > MOST_BALLOTS:
        raise FileError(1, f"{most} is more than there are people")
    return Motion(said["roll"], said["present"], channels, said.get("casting_vote"))


def _channel(said: Any) -> ChannelCount:
    if not (
        isinstance(said, dict)
        and set(said) <= {"channel", "evidence", *_COUNTS}
        and isinstance(said.get("channel"), str)
        and isinstance(said.get("evidence", []), list)
        and all(isinstance(each, str) for each in said.get("evidence", []))
        and all(type(said.get(key, 0)) is int for key in _COUNTS)
    ):
        raise FileError(1, _CHANNEL + ", ".join(_COUNTS))
    return ChannelCount(**{**said, "evidence": tuple(said.get("evidence", ()))})
