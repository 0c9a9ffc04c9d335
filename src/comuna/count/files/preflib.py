"""PrefLib's orders: `.soc`, `.soi` (strict, complete or not), `.toc`, `.toi` (with equals).

Lines `# KEY: value` first, among them the number of alternatives and of voters and each
alternative's name; then `count: a,b,{c,d}` with alternatives' numbers. https://preflib.org/format
"""

import re

from comuna.count.candidates import Candidate
from comuna.count.errors import FileError
from comuna.count.rankings import Ballot, Rankings
from comuna.count.supports import Contest

_NAME = re.compile(r"ALTERNATIVE NAME (\d+)")
_GROUPS = re.compile(r"\{[^{}]*\}|[^,{}]+")


def read_preflib(text: str) -> tuple[Contest, Rankings]:
    """The contest (title) and its ballots; candidates' ids are the alternatives' numbers."""
    facts: dict[str, str] = {}
    names: dict[str, str] = {}
    ballots: list[tuple[int, str, str]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("#"):
            key, colon, value = line[1:].partition(":")
            if match := _NAME.fullmatch(key.strip()):
                names[match[1]] = value.strip()
            elif colon:
                facts[key.strip()] = value.strip()
        elif line.strip():
            count, colon, order = line.partition(":")
            if not colon or not count.strip().isdecimal():
                raise FileError(number, "a ballot line is its count, a colon and the order")
            ballots.append((number, count, order))
    end = text.rstrip("\n").count("\n") + 1
    if facts.get("NUMBER ALTERNATIVES", "") != str(len(names)) or not names:
        raise FileError(
            end,
            f"NUMBER ALTERNATIVES says {facts.get('NUMBER ALTERNATIVES', 'nothing')} and "
            f"{len(names)} alternatives are named (older PrefLib files are not read)",
        )
    index = {each: at for at, each in enumerate(names)}
    read = [_ballot(number, int(count), order, index) for number, count, order in ballots]
    total = sum(ballot.many for ballot in read)
    if facts.get("NUMBER VOTERS") not in (None, str(total)):
        raise FileError(end, f"NUMBER VOTERS says {facts['NUMBER VOTERS']}, {total} are there")
    candidates = [Candidate(each, name) for each, name in names.items()]
    return Contest(facts.get("TITLE", "")), Rankings.from_ballots(candidates, read)


def _ballot(number: int, count: int, order: str, index: dict[str, int]) -> Ballot:
    try:
        if "{" not in order:
            choices = [index[word.strip()] for word in order.split(",")] if order.strip() else []
            places = None
        else:
            if _GROUPS.sub("", order).replace(",", "").strip():
                raise FileError(number, "a brace { of equals does not close")
            groups = [
                [index[word.strip()] for word in group.strip("{} ").split(",") if word.strip()]
                for group in _GROUPS.findall(order)
                if group.strip()
            ]
            choices = [each for group in groups for each in group]
            places = [at for at, group in enumerate(groups, 1) for _ in group]
    except KeyError as unknown:
        raise FileError(number, f"{unknown.args[0]!r} is not an alternative's number") from None
    if len(set(choices)) != len(choices):
        raise FileError(number, "a ballot ranks an alternative twice")
    return Ballot(count, choices, places)
