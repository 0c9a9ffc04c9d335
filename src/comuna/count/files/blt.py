"""BLT, the format of OpenSTV, OpaVote and the Scottish counts.

First line: candidates and seats. Then, if any withdrew, a line of their numbers with minus signs.
Then a line a ballot (or several equal ones): how many, the candidates' numbers in order of
preference (`=` between equals, `-` for a place left empty), and a 0. A line `0` ends the ballots;
a line a candidate's name and one with the title follow, in quotes or not. Lines beginning with `#`
are remarks, except that some published counts write the names as `# ALTERNATIVE NAME 1: Ana`; the
commas that a spreadsheet leaves at the ends of lines say nothing.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import chain, repeat
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from comuna.count.candidates import Candidate
from comuna.count.errors import BallotError, FileError
from comuna.count.files.whole import is_whole, whole
from comuna.count.rankings import Ballot, Rankings, not_ranked
from comuna.count.supports import Contest

_NAME = "# ALTERNATIVE NAME "
_HEADER = re.compile(r"([1-9][0-9]{0,4}) [1-9][0-9]*\r?")
_NUMBER = re.compile("[0-9]{1,18}")
Ints = npt.NDArray[np.int64]


def read_blt(text: str) -> tuple[Contest, Rankings]:
    """The contest (title, seats) and its ballots; candidates' ids are their numbers from 1."""
    raw = text.split("\n")
    plain = _plain(raw)
    read = len(plain.many) + 1 if plain else 1
    lines = [
        (number, line.strip().rstrip(",").rstrip())
        for number, line in chain(enumerate(raw[:1], 1), enumerate(raw[read:], read + 1))
        if line.strip(", \t\r") and (not line.startswith("#") or line.startswith(_NAME))
    ]
    if not lines:
        raise FileError(1, "the file is empty")
    many, seats = _header(lines[0][0], lines[0][1].partition("#")[0])
    if many > len(raw):
        raise FileError(lines[0][0], f"{many} candidates, but the file has {len(raw)} lines")
    index = {str(n + 1): n for n in range(many)}
    withdrawn: set[int] = set()
    ballots: list[Ballot] = []
    for at, (number, cell) in enumerate(lines[1:], 1):
        line = cell.partition("#")[0].rstrip()
        if line == "0":
            break
        if at == 1 and all(word[0] == "-" and is_whole(word[1:]) for word in line.split()):
            withdrawn = {_candidate(number, word[1:], index) for word in line.split()}
        else:
            ballots.append(_ballot(number, line, index))
    else:
        raise FileError(lines[-1][0], "the ballots do not end: a line with 0 alone is missing")
    names = [
        line.partition(":")[2].strip() if line.startswith(_NAME) else _unquoted(line)
        for _, line in lines[at + 1 :]
    ]
    if len(names) not in (many, many + 1):
        raise FileError(
            lines[-1][0],
            f"{many} names and a title are due after the 0, {len(names)} lines are there",
        )
    candidates = [Candidate(str(n + 1), names[n]) for n in range(many)]
    if plain:
        rankings = Rankings.from_choices(candidates, *plain)
    else:
        rankings = Rankings.from_ballots(candidates, ballots)
    if withdrawn:
        stay = [n for n in range(many) if n not in withdrawn]
        standing = tuple(candidates[n] for n in stay)
        rankings = Rankings(standing, rankings.ranks[stay], rankings.weight)
    return Contest(names[many] if len(names) > many else "", seats), rankings


class _Plain(NamedTuple):
    """Ballots in arrays: how many there are of each, how many choices it has, all the choices."""

    many: Ints
    lengths: Ints
    choices: Ints


def _plain(lines: Sequence[str]) -> _Plain | None:
    """The ballots, all at once, where the lines from the second to that with 0 alone hold nothing
    but ballots of whole numbers with one space between: so nearly every file is written. None for
    any other, which is read line by line."""
    header = _HEADER.fullmatch(lines[0])
    if not header or "0" not in lines:
        return None
    body = lines[1 : lines.index("0")]
    words = " ".join(body).split(" ")
    value = {word: int(word) for word in set(words) if _NUMBER.fullmatch(word)}
    try:
        numbers = np.fromiter(map(value.__getitem__, words), np.int64, len(words))
    except KeyError:
        return None
    ends = np.flatnonzero(numbers == 0)
    lengths = np.fromiter(map(str.count, body, repeat(" ")), np.int64, len(body)) + 1
    if len(ends) != len(body) or (np.cumsum(lengths) - 1 != ends).any() or (lengths < 2).any():
        return None
    starts = ends - lengths + 1
    chosen = np.ones(len(numbers), dtype=bool)
    chosen[ends] = chosen[starts] = False
    choices = numbers[chosen] - 1
    candidates = int(header[1])
    if choices.size and int(choices.max()) >= candidates:
        return None
    ballot = np.repeat(np.arange(len(body)), lengths - 2)
    if choices.size and int(np.bincount(ballot * candidates + choices).max()) > 1:
        return None
    return _Plain(numbers[starts], lengths - 2, choices)


def write_blt(contest: Contest, ballots: Rankings) -> str:
    """The ballots as BLT, so that anyone can count them with another program.

    Raises BallotError if there is no candidate to number.
    """
    if not ballots.candidates:
        raise BallotError("there is no candidate to write")
    lines = [f"{len(ballots.candidates)} {contest.seats or 1}"]
    for column in range(ballots.ranks.shape[1]):
        ranks = ballots.ranks[:, column]
        places = np.unique(ranks[ranks != not_ranked(ranks)])
        words = ["=".join(str(c + 1) for c in np.flatnonzero(ranks == at)) for at in places]
        many = 1 if ballots.weight is None else int(ballots.weight[column])
        lines.append(" ".join([str(many), *words, "0"]))
    lines.append("0")
    lines += [_quoted(candidate.name or candidate.id) for candidate in ballots.candidates]
    return "\n".join([*lines, _quoted(contest.title), ""])


def _quoted(name: str) -> str:
    return '"' + " ".join(name.split()).replace('"', '""') + '"'


def _unquoted(line: str) -> str:
    """A name without its quotes; a quote inside it stands twice."""
    if len(line) > 1 and line[0] == line[-1] == '"':
        return line[1:-1].replace('""', '"')
    return line.strip('"')


def _header(number: int, line: str) -> tuple[int, int]:
    words = line.split()
    what = "the first line must be two numbers above 0: candidates and seats"
    if len(words) != 2:
        raise FileError(number, what)
    many, seats = (whole(number, word, what) for word in words)
    if not many or not seats:
        raise FileError(number, what)
    return many, seats


def _ballot(number: int, line: str, index: Mapping[str, int]) -> Ballot:
    words = line.split()
    what = "a ballot is its count, the choices in order, and a 0 at the end"
    if words[-1] != "0" or len(words) < 2:
        raise FileError(number, what)
    many = whole(number, words[0], what)
    places = None
    try:
        choices = [index[word] for word in words[1:-1]]
    except KeyError:
        choices, places = _equals(number, words[1:-1], index)
    if len(set(choices)) != len(choices):
        raise FileError(number, "a ballot names a candidate twice")
    return Ballot(many, choices, places)


def _equals(
    number: int, words: Sequence[str], index: Mapping[str, int]
) -> tuple[list[int], list[int]]:
    """Choices with their places, where some are equal or a place is left empty."""
    choices: list[int] = []
    places: list[int] = []
    for place, word in enumerate(words, 1):
        if word != "-":
            equal = [_candidate(number, each, index) for each in word.split("=")]
            choices += equal
            places += [place] * len(equal)
    return choices, places


def _candidate(number: int, word: str, index: Mapping[str, int]) -> int:
    if word not in index:
        raise FileError(number, f"{word!r} is not a candidate's number from 1 to {len(index)}")
    return index[word]
