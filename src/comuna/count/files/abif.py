"""ABIF, the aggregated ballot information format (https://electowiki.org/wiki/ABIF).

A line `27:A>B=C` is 27 equal ballots; `27:A/5,B/3` gives points; `=A:[Ana Ruiz]` names a
candidate; `#` begins a comment and `{…}` a line of information, of which the title is kept.
"""

import json
import re
from itertools import pairwise

from comuna.count.candidates import Candidate
from comuna.count.errors import FileError
from comuna.count.files.whole import whole
from comuna.count.rankings import Ballot, Rankings
from comuna.count.supports import Ballots, Contest, Supports

_LINE_IS = "a ballot (27:A>B) nor a name (=A:[Ana])"
_LINE = re.compile(r"(\d+)\s*[:*]\s*(.*)")
_NAMING = re.compile(r"=\s*(\[[^\]]*\]|[^:\[\]]+?)\s*:\s*\[([^\]]*)\]")
_BARE = re.compile(r"\{\s*([A-Za-z_]\w*)\s*:(.*)\}")
_CHOICE = re.compile(r"\s*(\[[^\]]+\]|[^\s>=,/\[\]]+)\s*(?:/\s*(\d+))?\s*([>=,]|$)")


def read_abif(text: str) -> tuple[Contest, Ballots]:
    """The ballots: rankings, or points if the ballots give points without an order."""
    names: dict[str, str] = {}
    title = ""
    lines: list[tuple[int, int, list[tuple[str, int | None, str]]]] = []
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.partition("#")[0].strip()
        if not line:
            continue
        if line.startswith("{"):
            title = _information(number, line).get("title", title)
        elif match := _NAMING.fullmatch(line):
            names[match[1].strip("[]")] = match[2]
        elif match := _LINE.fullmatch(line):
            lines.append((number, whole(number, match[1], _LINE_IS), _choices(number, match[2])))
        else:
            raise FileError(number, f"{line!r} is neither {_LINE_IS}")
    for _, _, choices in lines:
        for each, _, _ in choices:
            names.setdefault(each, each)
    if not names:
        raise FileError(1, "the file names no candidate")
    index = {each: at for at, each in enumerate(names)}
    candidates = [Candidate(each, name) for each, name in names.items()]
    listed = any(between == "," for _, _, choices in lines for _, _, between in choices)
    if listed or any(len(choices) == 1 and choices[0][1] is not None for _, _, choices in lines):
        return Contest(title), _points(candidates, lines, index)
    ballots = []
    for _, many, choices in lines:
        places, place = [], 1
        for _, _, between in choices:
            places.append(place)
            place += between == ">"
        ballots.append(Ballot(many, [index[each] for each, _, _ in choices], places))
    return Contest(title), Rankings.from_ballots(candidates, ballots)


def _choices(number: int, text: str) -> list[tuple[str, int | None, str]]:
    found: list[tuple[str, int | None, str]] = []
    at = 0
    while at < len(text):
        match = _CHOICE.match(text, at)
        if not match:
            raise FileError(number, f"cannot read the ballot from {text[at:]!r}")
        points = None if match[2] is None else whole(number, match[2], _LINE_IS)
        found.append((match[1].strip("[]"), points, match[3]))
        at = match.end()
    if found and found[-1][2]:
        raise FileError(number, "the ballot ends in the middle")
    if len({each for each, _, _ in found}) != len(found):
        raise FileError(number, "the ballot names a candidate twice")
    return found


def _points(
    candidates: list[Candidate],
    lines: list[tuple[int, int, list[tuple[str, int | None, str]]]],
    index: dict[str, int],
) -> Supports[Candidate]:
    ballots = []
    for number, many, choices in lines:
        if not _points_agree(choices):
            raise FileError(
                number, "points and orders are mixed or differ; write A/5,B/3 or A>B throughout"
            )
        ballots.append((many, {index[each]: points or 0 for each, points, _ in choices}))
    approvals = all(given <= 1 for _, points in ballots for given in points.values())
    return Supports.from_ballots(candidates, "approval" if approvals else "scoring", ballots)


def _points_agree(choices: list[tuple[str, int | None, str]]) -> bool:
    """Whether a ballot's points say all that its signs say: a greater number before `>`, the same
    before `=`. In a list with commas a candidate without a number has no points."""
    for (_, points, between), (_, after, _) in pairwise(choices):
        if between == ",":
            continue
        if points is None or after is None:
            return False
        if points <= after if between == ">" else points != after:
            return False
    return all(between == "," for _, _, between in choices[:-1]) or all(
        points is not None for _, points, _ in choices
    )


def _information(number: int, line: str) -> dict[str, str]:
    if bare := _BARE.fullmatch(line):  # the key is often written without quotes
        line = f'{{"{bare[1]}":{bare[2]}}}'
    try:
        said = json.loads(line)
    except json.JSONDecodeError:
        raise FileError(number, 'a line in braces must be JSON, as {"title": "Poll"}') from None
    if not isinstance(said, dict):
        raise FileError(number, "a line in braces must be a JSON object")
    return {key: value for key, value in said.items() if isinstance(value, str)}
