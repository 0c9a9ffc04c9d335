"""Pabulib's `.pb`: participatory budgets with their ballots (https://pabulib.org/format).

Three parts (META, PROJECTS, VOTES), each a table with `;`. Read here: budget, kind of ballots,
description; of a project its id, cost, name, category, and district; of a ballot the projects and
points, and the voter's territory where the rule needs it. Written here without anything that tells
who voted: age and sex are left out, and the territory unless the ballots were read with it.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from io import StringIO
from typing import Any

from comuna.count.candidates import Project
from comuna.count.errors import FileError
from comuna.count.files.whole import whole
from comuna.count.supports import KINDS, Contest, Projects, Supports

_NUMBER = re.compile(r"[0-9]{1,18}([.,][0-9]{1,18})?")
TERRITORIES = ("territory", "district", "neighborhood")
Row = tuple[int, list[str]]


def read_pb(text: str, by_territory: bool = False) -> tuple[Contest, Projects]:
    """The contest (title, budget) and its ballots; ids as in the file. Asked for, the ballots keep
    their voters' territory, from the column of VOTES with one of the names in TERRITORIES."""
    parts = _parts(text)
    meta = {row[0].strip(): row[1].strip() for _, row in parts["META"][1:] if len(row) > 1}
    kind = meta.get("vote_type", "")
    if kind not in KINDS:
        raise FileError(1, f"vote_type must be one of {', '.join(KINDS)}, not {kind!r}")
    line_of = {row[0].strip(): number for number, row in parts["META"]}
    budget = _amount(line_of.get("budget", 1), "budget", meta.get("budget", ""))
    projects = _projects(parts["PROJECTS"])
    voters = len(parts["VOTES"]) - 1
    for key, found in (("num_projects", len(projects)), ("num_votes", voters)):
        if meta.get(key, str(found)) != str(found):
            raise FileError(line_of[key], f"{key} says {meta[key]}, {found} are there")
    index = {p.id: at for at, p in enumerate(projects)}
    remarks: list[str] = []
    ballots, territories = _ballots(parts["VOTES"], kind, index, by_territory, remarks)
    contest = Contest(meta.get("description", ""), None, budget, tuple(remarks))
    return contest, Supports.from_ballots(projects, kind, ballots, territories)


def write_pb(contest: Contest, ballots: Projects) -> str:
    """The ballots as `.pb`, numbered in the order of their content, with no word on the voters."""
    rows: list[list[str]] = [["META"], ["key", "value"]]
    meta = {
        "description": contest.title,
        "num_projects": str(len(ballots.candidates)),
        "num_votes": str(ballots.total()),
        "budget": _decimal(contest.budget or Fraction(0)),
        "vote_type": ballots.kind,
        "rule": "unknown",
    }
    rows += [[key, value] for key, value in meta.items()]
    rows += [["PROJECTS"], ["project_id", "cost", "votes", "name", "category"]]
    for project, votes in zip(ballots.candidates, ballots.votes(), strict=True):
        groups = ",".join(sorted(project.groups))
        rows.append([project.id, _decimal(project.cost), str(votes), project.name, groups])
    with_points = ballots.kind in ("cumulative", "scoring")
    with_place = ["territory"] if ballots.territories else []
    rows += [["VOTES"], ["voter_id", "vote", *(["points"] if with_points else []), *with_place]]
    given: list[list[tuple[int, str]]] = [[] for _ in ballots.weight]
    for at, project in enumerate(ballots.candidates):
        for group, points in zip(*ballots.of(at), strict=True):
            given[group].append((-int(points), project.id))
    places = [[ballots.territories[at]] for at in ballots.territory] or [[] for _ in given]
    papers = sorted(
        (sorted(chosen), place, int(many))
        for chosen, place, many in zip(given, places, ballots.weight, strict=True)
    )
    voter = 0
    for chosen, place, many in papers:
        vote = ",".join(each for _, each in chosen)
        points_cell = [",".join(str(-points) for points, _ in chosen)] if with_points else []
        for _ in range(many):
            voter += 1
            rows.append([str(voter), vote, *points_cell, *place])
    return "".join(";".join(map(_cell, row)) + "\n" for row in rows)


def _parts(text: str) -> dict[str, list[Row]]:
    parts: dict[str, list[Row]] = {}
    rows = csv.reader(StringIO(text, newline=""), delimiter=";")
    current: list[Row] | None = None
    for row in _rows(rows):
        if not row:
            continue
        if len(row) == 1 and row[0].strip() in ("META", "PROJECTS", "VOTES"):
            current = parts.setdefault(row[0].strip(), [])
            continue
        if current is None:
            raise FileError(rows.line_num, "the file must begin with a line META")
        current.append((rows.line_num, row))
    for name in ("META", "PROJECTS", "VOTES"):
        if not parts.get(name):
            raise FileError(rows.line_num or 1, f"the part {name} is missing or has no heading")
    return parts


def _rows(rows: Any) -> Iterator[list[str]]:
    try:
        yield from rows
    except csv.Error as wrong:
        raise FileError(rows.line_num, f"not a table: {wrong}") from None


def _columns(part: list[Row], needed: tuple[str, ...]) -> dict[str, int]:
    number, header = part[0]
    columns = {cell.strip(): at for at, cell in enumerate(header)}
    for name in needed:
        if name not in columns:
            raise FileError(number, f"the column {name} is missing")
    return columns


def _projects(part: list[Row]) -> list[Project]:
    columns = _columns(part, ("project_id", "cost"))
    projects: dict[str, Project] = {}
    for number, row in part[1:]:
        if len(row) != len(columns):
            raise FileError(number, f"{len(columns)} cells are due, {len(row)} are there")
        cell = {name: row[at].strip() for name, at in columns.items()}
        if not cell["project_id"] or cell["project_id"] in projects:
            raise FileError(number, f"project id {cell['project_id']!r} is empty or stands twice")
        groups = [*cell.get("category", "").split(","), cell.get("district", "")]
        projects[cell["project_id"]] = Project(
            cell["project_id"],
            cell.get("name", ""),
            frozenset(group.strip() for group in groups if group.strip()),
            _amount(number, "cost", cell["cost"]),
        )
    return list(projects.values())


def _ballots(
    part: list[Row], kind: str, index: dict[str, int], by_territory: bool, remarks: list[str]
) -> tuple[list[tuple[int, dict[int, int]]], list[str]]:
    """Equal ballots together: (how many, {project: points}), and the territory of each if asked."""
    with_points = kind in ("cumulative", "scoring")
    columns = _columns(part, ("voter_id", "vote", *(("points",) if with_points else ())))
    voter_at, vote_at, points_at = columns["voter_id"], columns["vote"], columns.get("points", 0)
    place_at = _territory_column(part[0][0], columns) if by_territory else None
    width = len(columns)
    papers: Counter[tuple[str, str, str]] = Counter()
    first_line: dict[tuple[str, str, str], int] = {}
    voters: set[str] = set()
    for number, row in part[1:]:
        if len(row) != width:
            raise FileError(number, f"{width} cells are due, {len(row)} are there")
        place = "" if place_at is None else row[place_at].strip()
        if place_at is not None and not place:
            raise FileError(number, "the voter's territory is not said")
        paper = (row[vote_at], row[points_at] if with_points else "", place)
        if row[voter_at] in voters:
            raise FileError(number, f"voter {row[voter_at]!r} votes twice")
        voters.add(row[voter_at])
        papers[paper] += 1
        first_line.setdefault(paper, number)
    ballots = [
        (many, _paper(first_line[paper], paper[0], paper[1], kind, index, remarks))
        for paper, many in papers.items()
    ]
    return ballots, [place for _, _, place in papers] if by_territory else []


def _territory_column(line: int, columns: dict[str, int]) -> int:
    found = [name for name in TERRITORIES if name in columns]
    if len(found) != 1:
        raise FileError(
            line, f"one column of VOTES must say the voter's territory: {' or '.join(TERRITORIES)}"
        )
    return columns[found[0]]


def _paper(
    number: int, vote: str, points: str, kind: str, index: dict[str, int], remarks: list[str]
) -> dict[int, int]:
    """The points that a ballot gives. Approving a project twice is approving it, and points given
    to it in two places add up: real files hold such ballots. They are remarked on."""
    ids = vote.split(",") if vote.strip() else []
    try:
        chosen = [index[each.strip()] for each in ids]
    except KeyError as unknown:
        raise FileError(number, f"{unknown.args[0]!r} is not a project's id") from None
    if len(set(chosen)) != len(chosen):
        if kind not in ("approval", "cumulative"):
            raise FileError(number, "a ballot names a project twice")
        counted = "once" if kind == "approval" else "with all the points given to it"
        remarks.append(f"line {number}: a ballot names a project twice; it counts {counted}")
    if kind == "choose-1" and len(chosen) > 1:
        raise FileError(number, "a choose-1 ballot names more than one project")
    if kind == "ordinal":
        return {each: len(chosen) - place for place, each in enumerate(chosen)}
    if kind in ("cumulative", "scoring"):
        given = points.split(",") if points.strip() else []
        what = "points must be whole numbers, one for each project named"
        if len(given) != len(chosen):
            raise FileError(number, what)
        total = dict.fromkeys(chosen, 0)
        for each, p in zip(chosen, given, strict=True):
            total[each] += whole(number, p.strip(), what)
        return total
    return dict.fromkeys(chosen, 1)


def _amount(number: int, what: str, text: str) -> Fraction:
    if not _NUMBER.fullmatch(text):
        raise FileError(number, f"{what} must be a number such as 25000 or 804828.79, not {text!r}")
    return Fraction(text.replace(",", "."))


def _decimal(amount: Fraction) -> str:
    """An amount of money as digits. Every amount here came from decimal digits."""
    digits = 0
    while (amount * 10**digits).denominator != 1:
        digits += 1
    whole = str(int(amount * 10**digits)).rjust(digits + 1, "0")
    return f"{whole[: len(whole) - digits]}.{whole[len(whole) - digits :]}" if digits else whole


def _cell(text: str) -> str:
    quoted = '"' + text.replace('"', '""') + '"'
    return quoted if any(mark in text for mark in ';"\n') else text
