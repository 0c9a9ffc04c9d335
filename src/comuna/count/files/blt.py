"""BLT, the format of OpenSTV, OpaVote and the Scottish counts.

First line: candidates and seats. Then, if any withdrew, lines of their numbers with minus signs.
Then a line a ballot (or several equal ones): how many, or the paper's name in parentheses; the
candidates' numbers in order of preference (`=` between equals, `-` for a place left empty), and a
0. A line `0` ends the ballots; a line a candidate's name and one with the title follow, in quotes
or not. Several ballots or quoted names may share a line. `[nick a b]` gives candidates short names;
lines beginning with `#`, and what follows a `#` behind a ballot or a quoted name, are remarks,
except that some published counts write the names as `# ALTERNATIVE NAME 1: Ana`. The commas that a
spreadsheet leaves at the ends of lines say nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain, repeat
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from comuna.count.candidates import Candidate
from comuna.count.errors import BallotError, FileError
from comuna.count.files.ballot_table import in_parts
from comuna.count.files.whole import decimal, in_wholes, whole
from comuna.count.rankings import Ballot, Rankings, not_ranked
from comuna.count.supports import Contest
from comuna.tables.errors import Remark

_NAME = "# ALTERNATIVE NAME "
_HEADER = re.compile(r"([1-9][0-9]{0,4}) [1-9][0-9]*\r?")
_NUMBER = re.compile("[0-9]{1,18}")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
Ints = npt.NDArray[np.int64]
Line = tuple[int, str]


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
        raise FileError(1, "the file is empty", "el archivo está vacío")
    many, seats = _header(lines[0][0], lines[0][1].partition("#")[0])
    if many > len(raw) + text.count('"'):
        raise FileError(
            lines[0][0],
            f"{many} candidates, but the file has {len(raw)} lines",
            f"{many} candidaturas, pero el archivo tiene {len(raw)} líneas",
        )
    body = _Body(many)
    names = body.read(lines[1:])
    called, title, remarks = _names(names, many, lines[-1][0])
    candidates = [Candidate(str(n + 1), called[n]) for n in range(many)]
    if plain:
        rankings = Rankings.from_choices(candidates, *plain)
    else:
        rankings, scaled = body.rankings(candidates)
        remarks = [*body.remarks, *scaled, *remarks]
    if body.withdrawn:
        stay = [n for n in range(many) if n not in body.withdrawn]
        standing = tuple(candidates[n] for n in stay)
        gone = tuple(candidates[n].name or candidates[n].id for n in sorted(body.withdrawn))
        rankings = Rankings(standing, rankings.ranks[stay], rankings.weight, withdrawn=gone)
        told = Remark(0, f"withdrawn: {', '.join(gone)}", f"se retiraron: {', '.join(gone)}")
        remarks = [told, *remarks]
    return Contest(title, seats, remarks=tuple(remarks), layout="BLT"), rankings


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


@dataclass
class _Body:
    """What stands between the first line and the names, read line by line."""

    candidates: int
    withdrawn: set[int] = field(default_factory=set)
    many: list[Fraction] = field(default_factory=list)
    ballots: list[tuple[list[int], list[int] | None]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    nicks: dict[str, int] = field(default_factory=dict)
    papers: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.nicks = {str(n + 1): n for n in range(self.candidates)}

    def read(self, lines: Sequence[Line]) -> Sequence[Line]:
        """Takes in the ballots; the lines of the names. Raises FileError."""
        at = 0
        while at < len(lines):
            number, cell = lines[at]
            at += 1
            if cell.startswith('"'):
                self._unended(number)
                return lines[at - 1 :]
            line = cell.partition("#")[0].strip().rstrip(",").rstrip()
            if not line:
                continue
            if line == "0":
                return lines[at:]
            if line.startswith("["):
                self._option(number, line)
                continue
            words = line.split()
            if all(word[0] == "-" and len(word) > 1 for word in words):
                self.withdrawn |= {self._candidate(number, word[1:]) for word in words}
                continue
            if words[-1] != "0":
                after = lines[at][1].partition("#")[0].split() if at < len(lines) else []
                words = self._closed(number, words, after)
            if self._ballots(number, words):
                return lines[at:]
        last = lines[-1][0] if lines else 1
        raise FileError(
            last,
            "the ballots do not end: a line with 0 alone is missing",
            "las papeletas no acaban: falta una línea con un 0 solo",
        )

    def _unended(self, number: int) -> None:
        self.remarks.append(
            Remark(
                number,
                "the names begin here, though no line with 0 alone ends the ballots",
                "los nombres empiezan aquí, aunque ninguna línea con un 0 solo acaba las papeletas",
            )
        )

    def _option(self, number: int, line: str) -> None:
        kind, *words = line.strip("[]").split() or [""]
        if kind == "nick" and line.endswith("]"):
            if len(words) != self.candidates or len({*words, *self.nicks}) != 2 * len(words):
                raise FileError(
                    number,
                    f"[nick …] must give {self.candidates} different short names, none a number",
                    f"[nick …] debe dar {self.candidates} nombres cortos distintos, sin números",
                )
            self.nicks |= {word: n for n, word in enumerate(words)}
            return
        self.remarks.append(
            Remark(
                number,
                f"left out, since the rule says it: {line}",
                f"omitido, porque lo dice la regla: {line}",
            )
        )

    def _closed(self, number: int, words: list[str], after: Sequence[str]) -> list[str]:
        """A ballot without its closing 0, closed. Raises FileError where the next line may as well
        go on with it."""
        last = words[len(words) - words[::-1].index("0") :] if "0" in words else words
        if len(last) < 2:
            raise FileError(number, *_BALLOT)
        joined = [*last, *after]
        if joined and joined[-1] == "0" and len(after) > 1:
            chosen = joined[1 : joined.index("0", 1)]
            if len(set(chosen)) == len(chosen) and all(each in self.nicks for each in chosen):
                raise FileError(
                    number,
                    "a ballot has no 0 at the end: it may end here or go on in the next line; "
                    "write the 0",
                    "una papeleta no tiene el 0 del final: puede acabar aquí o seguir en la línea "
                    "siguiente; escriba el 0",
                )
        self.remarks.append(
            Remark(
                number,
                "a ballot without its closing 0 ends with the line",
                "una papeleta sin su 0 final acaba con la línea",
            )
        )
        return [*words, "0"]

    def _ballots(self, number: int, words: Sequence[str]) -> bool:
        """The ballots on one line; whether the 0 that ends them all stands behind."""
        start = 0
        while start < len(words):
            if words[start] == "0" and start == len(words) - 1:
                return True
            if words[start].startswith("("):
                start = self._paper(number, words, start)
                many = Fraction(1)
            else:
                many = decimal(number, words[start], *_BALLOT)
                start += 1
            if "0" not in words[start:]:
                raise FileError(number, *_BALLOT)
            end = words.index("0", start)
            self._ballot(number, many, words[start:end])
            start = end + 1
        return False

    def _paper(self, number: int, words: Sequence[str], start: int) -> int:
        """A paper's name in parentheses, which may hold spaces; where its choices begin."""
        for end in range(start, len(words)):
            if words[end].endswith(")"):
                name = " ".join(words[start : end + 1])
                if name in self.papers:
                    raise FileError(
                        number,
                        f"paper {name} stands in line {self.papers[name]} too",
                        f"la papeleta {name} está también en la línea {self.papers[name]}",
                    )
                self.papers[name] = number
                return end + 1
        raise FileError(
            number,
            "a paper's name in parentheses does not close",
            "el nombre de una papeleta entre paréntesis no se cierra",
        )

    def _ballot(self, number: int, many: Fraction, words: Sequence[str]) -> None:
        places = None
        try:
            choices = [self.nicks[word] for word in words]
        except KeyError:
            choices, places = self._equals(number, words)
        if len(set(choices)) != len(choices):
            raise FileError(
                number,
                "a ballot names a candidate twice",
                "una papeleta nombra dos veces a una candidatura",
            )
        self.many.append(many)
        self.ballots.append((choices, places))

    def _equals(self, number: int, words: Sequence[str]) -> tuple[list[int], list[int]]:
        """Choices with their places, where some are equal or a place is left empty."""
        choices: list[int] = []
        places: list[int] = []
        for place, word in enumerate(words, 1):
            if word != "-":
                equal = [self._candidate(number, each) for each in word.split("=")]
                choices += equal
                places += [place] * len(equal)
        return choices, places

    def _candidate(self, number: int, word: str) -> int:
        if word not in self.nicks:
            raise FileError(
                number,
                f"{word!r} is not a candidate's number from 1 to {self.candidates}",
                f"{word!r} no es el número de una candidatura, de 1 a {self.candidates}",
            )
        return self.nicks[word]

    def rankings(self, candidates: Sequence[Candidate]) -> tuple[Rankings, list[Remark]]:
        many, scale = in_wholes(self.many)
        ballots = [
            Ballot(each, choices, places)
            for each, (choices, places) in zip(many, self.ballots, strict=True)
        ]
        told = [in_parts(0, "ballots", "las papeletas", scale)] if scale > 1 else []
        return Rankings.from_ballots(candidates, ballots), told


_BALLOT = (
    "a ballot is its count, the choices in order, and a 0 at the end",
    "una papeleta es cuántas son, las preferencias en orden y un 0 al final",
)


def _names(lines: Sequence[Line], many: int, last: int) -> tuple[list[str], str, list[Remark]]:
    """The candidates' names, the title, and remarks on what follows. Raises FileError."""
    names: list[tuple[int, str]] = []
    for number, line in lines:
        names += [(number, each) for each in _named(line)]
    if len(names) < many:
        raise FileError(
            last,
            f"{many} names and a title are due after the 0, {len(names)} are there",
            f"tras el 0 hacen falta {many} nombres y un título, hay {len(names)}",
        )
    title = names[many][1] if len(names) > many else ""
    remarks = [
        Remark(number, f"left out after the title: {each}", f"omitido tras el título: {each}")
        for number, each in names[many + 1 :]
    ]
    return [name for _, name in names[:many]], title, remarks


def _named(line: str) -> Iterator[str]:
    """The names on a line: one, or several in quotes; without what is remarked behind."""
    if line.startswith(_NAME):
        yield line.partition(":")[2].strip()
        return
    at, found = 0, []
    while match := _QUOTED.match(line, at):
        found.append(match[0][1:-1].replace('""', '"'))
        at = match.end()
        at += len(line[at:]) - len(line[at:].lstrip(" \t,"))
    if found and (at == len(line) or line[at] == "#"):
        yield from found
    else:
        yield _unquoted(line)


def write_blt(contest: Contest, ballots: Rankings) -> str:
    """The ballots as BLT, so that anyone can count them with another program.

    Raises BallotError if there is no candidate to number.
    """
    if not ballots.candidates:
        raise BallotError("there is no candidate to write")
    lines = [f"{len(ballots.candidates)} {contest.seats or 1}"]
    for column in range(ballots.ranks.shape[1]):
        ranks = ballots.ranks[:, column]
        words: list[str] = []
        for at in np.unique(ranks[ranks != not_ranked(ranks)]):
            words += ["-"] * (int(at) - len(words) - 1)
            words.append("=".join(str(c + 1) for c in np.flatnonzero(ranks == at)))
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
    what = (
        "the first line must be two numbers above 0: candidates and seats",
        "la primera línea debe ser dos números mayores que 0: candidaturas y puestos",
    )
    if len(words) != 2:
        raise FileError(number, *what)
    many, seats = (whole(number, word, *what) for word in words)
    if not many or not seats:
        raise FileError(number, *what)
    return many, seats
