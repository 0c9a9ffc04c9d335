"""PrefLib's orders: `.soc`, `.soi` (strict, complete or not), `.toc`, `.toi` (with equals), and
`.cat`, where each ballot sorts the alternatives into categories.

Lines `# KEY: value` first, among them the number of alternatives and of voters and each
alternative's name; then `count: a,b,{c,d}` with alternatives' numbers. https://preflib.org/format
"""

import re
from dataclasses import dataclass

from comuna.count.candidates import Candidate
from comuna.count.errors import FileError
from comuna.count.files.whole import whole
from comuna.count.rankings import Ballot, Rankings
from comuna.count.supports import Contest, Supports

_NAME = re.compile(r"ALTERNATIVE NAME (\d+)")
_GROUPS = re.compile(r"\{[^{}]*\}|[^,{}]+")


@dataclass(frozen=True)
class _File:
    """What the lines of a file say: its facts, candidates, and ballots as (line, how many,
    groups of equals from the first)."""

    facts: dict[str, str]
    candidates: list[Candidate]
    ballots: list[tuple[int, int, list[list[int]]]]

    @property
    def contest(self) -> Contest:
        return Contest(self.facts.get("TITLE", ""))


def read_preflib(text: str) -> tuple[Contest, Rankings]:
    """The contest (title) and its ballots; candidates' ids are the alternatives' numbers."""
    file = _read(text)
    ballots = []
    for _, many, groups in file.ballots:
        places = [at for at, group in enumerate((g for g in groups if g), 1) for _ in group]
        strict = places[-1:] == [len(places)]
        choices = [each for group in groups for each in group]
        ballots.append(Ballot(many, choices, None if strict else places))
    return file.contest, Rankings.from_ballots(file.candidates, ballots)


def read_cat(text: str) -> tuple[Contest, Supports[Candidate]]:
    """The contest (title) and its ballots: approvals of the first category where there are two
    (or one), else points, none for the last category and one more for each before it."""
    file = _read(text)
    what = "NUMBER CATEGORIES must be 1 or more", "NUMBER CATEGORIES debe ser 1 o más"
    categories = whole(1, file.facts.get("NUMBER CATEGORIES", ""), *what)
    if not categories:
        raise FileError(1, *what)
    least = max(categories, 2)  # of one category, those in it are approved
    papers = []
    for number, equal, groups in file.ballots:
        if len(groups) > categories:
            raise FileError(
                number,
                f"{categories} categories, but the ballot has {len(groups)}",
                f"{categories} categorías, pero la papeleta tiene {len(groups)}",
            )
        points = {each: least - at for at, group in enumerate(groups, 1) for each in group}
        papers.append((equal, points))
    kind = "approval" if least == 2 else "scoring"
    return file.contest, Supports.from_ballots(file.candidates, kind, papers)


def _read(text: str) -> _File:
    facts: dict[str, str] = {}
    names: dict[str, str] = {}
    lines: list[tuple[int, int, str]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("#"):
            key, colon, value = line[1:].partition(":")
            if match := _NAME.fullmatch(key.strip()):
                names[match[1]] = _unquoted(value.strip())
            elif colon:
                facts[key.strip()] = value.strip()
        elif line.strip():
            count, colon, order = line.partition(":")
            what = (
                "a ballot line is its count, a colon and the order",
                "una línea de papeletas es cuántas son, dos puntos y el orden",
            )
            lines.append((number, whole(number, count.strip() if colon else "", *what), order))
    end = text.rstrip("\n").count("\n") + 1
    if facts.get("NUMBER ALTERNATIVES", "") != str(len(names)) or not names:
        raise FileError(
            end,
            f"NUMBER ALTERNATIVES says {facts.get('NUMBER ALTERNATIVES', 'nothing')} and "
            f"{len(names)} alternatives are named (older PrefLib files are not read)",
            f"NUMBER ALTERNATIVES dice {facts.get('NUMBER ALTERNATIVES', 'nada')} y se nombran "
            f"{len(names)} (los archivos PrefLib antiguos no se leen)",
        )
    index = {each: at for at, each in enumerate(names)}
    ballots = [(number, many, _groups(number, order, index)) for number, many, order in lines]
    total = sum(many for _, many, _ in ballots)
    if facts.get("NUMBER VOTERS") not in (None, str(total)):
        raise FileError(
            end,
            f"NUMBER VOTERS says {facts['NUMBER VOTERS']}, {total} are there",
            f"NUMBER VOTERS dice {facts['NUMBER VOTERS']}, hay {total}",
        )
    return _File(facts, [Candidate(each, name) for each, name in names.items()], ballots)


def _groups(number: int, order: str, index: dict[str, int]) -> list[list[int]]:
    try:
        if "{" not in order and "}" not in order:
            order = order.strip().removesuffix(",")
            groups = [[index[word.strip()]] for word in order.split(",")] if order.strip() else []
        else:
            if _GROUPS.sub("", order).replace(",", "").strip():
                raise FileError(
                    number,
                    "a brace { of equals does not close",
                    "una llave { de iguales no se cierra",
                )
            groups = [
                [index[word.strip()] for word in group.strip("{} ").split(",") if word.strip()]
                for group in _GROUPS.findall(order)
                if group.strip()
            ]
    except KeyError as unknown:
        raise FileError(
            number,
            f"{unknown.args[0]!r} is not an alternative's number",
            f"{unknown.args[0]!r} no es el número de una alternativa",
        ) from None
    named = [each for group in groups for each in group]
    if len(set(named)) != len(named):
        raise FileError(
            number,
            "a ballot ranks an alternative twice",
            "una papeleta ordena dos veces una alternativa",
        )
    return groups


def _unquoted(name: str) -> str:
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] == '"' else name
