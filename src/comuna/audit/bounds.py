"""Between which bounds each number of a statute lies: outside them a body could never meet, pay,
recall or amend again, or could do it before its members have heard of it (docs/statutes.md)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def _table(text: str) -> dict[str, dict[str, tuple[int, int]]]:
    found: dict[str, dict[str, tuple[int, int]]] = {}
    place = ""
    for word in text.split():
        name, colon, bounds = word.partition(":")
        if colon:
            least, most = bounds.split("-")
            found[place][name] = int(least), int(most)
        else:
            place = word
            found[place] = {}
    return found


BOUNDS = _table(
    """
    . version:1-1000000
    assembly notice_days:1-366 notice_days_max:0-1098 vote_minutes:1-1440 tellers:2-100
      minutes_signers:2-100 open_within_hours:1-72 open_within_days:1-366 wait_minutes:1-720
      silence_days:90-3660
    assembly.calls call:1-10 count:0-1000000 gap_hours:1-2160
    counts points_max:0-1000000 points_total:0-1000000 options_max:0-1000
    decisions challenge_hours:24-2160 execution_days:30-3660
    interests bars_after_days:1-3660
    majorities minus:0-1000
    members founders_min:2-10000 voting_age:0-40 vote_after_days:0-1826
      exclusion_hearing_days:1-366 declaration_every_days:1-1826 key_waiting_days:1-90
      key_sponsors:3-20
    offices seats:1-1000 alternates:0-1000 term_days:30-7320 terms_max:0-100 age_min:0-40
      kinship_bar:0-10
    offices.recall report_days:1-366 convene_days:1-366 hearing_days:0-366 barred_days:0-7320
    oversight answer_days:1-366 accounts_days:1-366 accounts_every_days:1-1830
    paper witnesses:2-20 keys:1-20 deciding_keys:2-20 undo_days:1-366 late_days:0-366
    production minutes_a_day:1-1440 late_days:0-366
    surplus pay_within_days:0-3660 retained_within_days:0-36600 unclaimed_days:0-36600
    surplus.steps months_present:0-1200 months_seniority:0-1200
    treasury signatures:2-100 kinship_bar:1-10 objection_hours:1-720 correction_days:1-90
    """
)
"""By the place of a table in the statute ("." is the statute itself): number: least-most."""


def check_bounds(statute: dict[str, Any]) -> None:
    """Raise ValueError unless every number of the statute lies within its bounds."""
    for place, numbers in BOUNDS.items():
        for table in _tables(statute, place):
            for name, (least, most) in numbers.items():
                value = table.get(name, least)
                if type(value) is not int or not least <= value <= most:
                    raise ValueError(f"{place}.{name} is {value!r:.40}, not {least} to {most}")


def _tables(statute: dict[str, Any], place: str) -> Iterator[dict[str, Any]]:
    """Every table of the statute at this place; of a list, each."""
    here: list[Any] = [statute]
    for part in place.split(".") if place != "." else ():
        inner = [table[part] for table in here if table.get(part) is not None]
        here = [row for found in inner for row in (found if isinstance(found, list) else [found])]
    yield from here
