"""ABIF, the aggregated ballot information format (https://electowiki.org/wiki/ABIF).

A line `27:A>B=C` is 27 equal ballots; where no line has a `>`, `27:A=B` approves; `27:A/5,B/3`
gives points; `=A:[Ana Ruiz]` names a candidate, and names may stand in brackets or quotes; `#`
begins a comment and `{…}` a line of information, of which the title is kept.
"""

import re
from fractions import Fraction
from itertools import pairwise

from comuna import given
from comuna.count.candidates import Candidate
from comuna.count.errors import FileError
from comuna.count.files.ballot_table import in_parts
from comuna.count.files.whole import decimal, in_wholes, whole
from comuna.count.rankings import Ballot, Rankings
from comuna.count.supports import Ballots, Contest, Supports

_LINE_IS = (
    "a ballot (27:A>B) nor a name (=A:[Ana])",
    "una papeleta (27:A>B) ni un nombre (=A:[Ana])",
)
_POINTS_ARE = "points are a number such as 5 or 4.5", "los puntos son un número como 5 o 4.5"
_LINE = re.compile(r"(\d+)\s*[:*]\s*(.*)")
_NAMING = re.compile(r"=\s*(\[[^\]]*\]|[^:\[\]]+?)\s*:\s*\[([^\]]*)\]")
_BARE = re.compile(r"\{\s*([A-Za-z_]\w*)\s*:(.*)\}")
_CHOICE = re.compile(
    r"\s*(\[[^\]]+\]|\"[^\"]+\"|[^\s>=,/\[\]\"]+)\s*(?:/\s*([0-9][0-9.]*))?\s*([>=,]|$)"
)

Choice = tuple[str, Fraction | None, str]
"""A name, its points if any, and the sign behind it."""


def read_abif(text: str) -> tuple[Contest, Ballots]:
    """The ballots: rankings, or points if the ballots give points without an order."""
    names: dict[str, str] = {}
    title = ""
    lines: list[tuple[int, int, list[Choice]]] = []
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.partition("#")[0].strip()
        if not line:
            continue
        if line.startswith("{"):
            title = _information(number, line).get("title", title)
        elif match := _NAMING.fullmatch(line):
            names[match[1].strip("[]")] = match[2]
        elif match := _LINE.fullmatch(line):
            lines.append((number, whole(number, match[1], *_LINE_IS), _choices(number, match[2])))
        else:
            raise FileError(
                number, f"{line!r} is neither {_LINE_IS[0]}", f"{line!r} no es {_LINE_IS[1]}"
            )
    for _, _, choices in lines:
        for each, _, _ in choices:
            names.setdefault(each, each)
    if not names:
        raise FileError(1, "the file names no candidate", "el archivo no nombra candidatura alguna")
    index = {each: at for at, each in enumerate(names)}
    candidates = [Candidate(each, name) for each, name in names.items()]
    listed = any(between == "," for _, _, choices in lines for _, _, between in choices)
    if listed or any(len(choices) == 1 and choices[0][1] is not None for _, _, choices in lines):
        return _points(title, candidates, lines, index)
    signs = {between for _, _, choices in lines for _, _, between in choices}
    if "=" in signs and ">" not in signs:
        papers = [(many, {index[each]: 1 for each, _, _ in chosen}) for _, many, chosen in lines]
        approved = Supports.from_ballots(candidates, "approval", papers)
        return Contest(title, layout="ABIF; approvals"), approved
    ballots = []
    for _, many, choices in lines:
        places, place = [], 1
        for _, _, between in choices:
            places.append(place)
            place += between == ">"
        ballots.append(Ballot(many, [index[each] for each, _, _ in choices], places))
    return Contest(title, layout="ABIF; orders"), Rankings.from_ballots(candidates, ballots)


def _choices(number: int, text: str) -> list[Choice]:
    found: list[Choice] = []
    at = 0
    while at < len(text):
        match = _CHOICE.match(text, at)
        if not match:
            raise FileError(
                number,
                f"cannot read the ballot from {text[at:]!r}",
                f"no se puede leer la papeleta desde {text[at:]!r}",
            )
        points = None if match[2] is None else decimal(number, match[2], *_POINTS_ARE)
        found.append((match[1].strip('[]"'), points, match[3]))
        at = match.end()
    if found and found[-1][2] == ",":
        found[-1] = (*found[-1][:2], "")
    if found and found[-1][2]:
        raise FileError(number, "the ballot ends in the middle", "la papeleta acaba en medio")
    if len({each for each, _, _ in found}) != len(found):
        raise FileError(
            number,
            "the ballot names a candidate twice",
            "la papeleta nombra dos veces a una candidatura",
        )
    return found


def _points(
    title: str,
    candidates: list[Candidate],
    lines: list[tuple[int, int, list[Choice]]],
    index: dict[str, int],
) -> tuple[Contest, Supports[Candidate]]:
    for number, _, choices in lines:
        signs = {between for _, _, between in choices} - {""}
        if signs == {","} and all(points is None for _, points, _ in choices):
            said = ",".join(f"{each}/1" for each, _, _ in choices)
            raise FileError(
                number,
                f"a list with commas needs points, {said}",
                f"una lista con comas necesita puntos, {said}",
            )
        if not _points_agree(choices):
            raise FileError(
                number,
                "points and orders are mixed or differ; write A/5,B/3 or A>B throughout",
                "los puntos y los órdenes se mezclan o difieren; escriba A/5,B/3 o A>B en todas",
            )
    given = [points or Fraction(0) for _, _, choices in lines for _, points, _ in choices]
    wholes, scale = in_wholes(given)
    parts = iter(wholes)
    ballots = [
        (many, {index[each]: next(parts) for each, _, _ in choices}) for _, many, choices in lines
    ]
    kind = "approval" if scale == 1 and all(each <= 1 for each in wholes) else "scoring"
    remarks = (in_parts(0, "points", "los puntos", scale),) if scale > 1 else ()
    read = Supports.from_ballots(candidates, kind, ballots)
    return Contest(title, remarks=remarks, layout="ABIF; points"), read


def _points_agree(choices: list[Choice]) -> bool:
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
        said = given.read_json(line)
    except given.Unreadable:
        said = None
    if not isinstance(said, dict):
        raise FileError(
            number,
            'a line in braces must be JSON, as {"title": "Poll"}',
            'una línea entre llaves debe ser JSON, como {"title": "Consulta"}',
        )
    return {key: value for key, value in said.items() if isinstance(value, str)}
