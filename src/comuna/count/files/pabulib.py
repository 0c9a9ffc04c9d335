"""Pabulib's `.pb`: participatory budgets with their ballots (https://pabulib.org/format).

Three parts (META, PROJECTS, VOTES), each a table with `;`. Read here: budget, kind of ballots and
their limits (a ballot that breaks one is set aside, and remarked on), description; of a project its
id, cost, name, category, and district; of a ballot the projects and points, and the voter's
territory where the rule needs it. Written here without anything that tells who voted: age and sex
are left out, and the territory unless the ballots were read with it.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from io import StringIO
from itertools import repeat
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from comuna.count.candidates import Project
from comuna.count.errors import FileError
from comuna.count.files.ballot_table import in_parts
from comuna.count.files.whole import in_wholes
from comuna.count.supports import KINDS, Contest, Projects, Supports
from comuna.tables.errors import Remark
from comuna.tables.numbers import Numbers

_LIMITS = ("length", "sum_cost", "sum_points", "points")
_SECTIONS = ("META", "PROJECTS", "VOTES")
_SHOWN = 12  # lines named in one remark
TERRITORIES = ("territory", "district", "neighborhood")
WITH_POINTS = ("cumulative", "scoring")
Row = tuple[int, list[str]]


class Votes(NamedTuple):
    """The part VOTES: its heading, its columns, and the line that each ballot stands on."""

    header: Row
    columns: Sequence[Sequence[str]]
    lines: Sequence[int]


class Papers(NamedTuple):
    """Different ballots: how many there are of each, its cells `vote`, `points` (where the kind of
    ballot has them) and its voters' territory (if asked); and every ballot with its line."""

    many: list[int]
    vote: list[str]
    points: list[str] | None
    places: list[str]
    keys: Sequence[Any]
    lines: Sequence[int]


def read_pb(text: str, by_territory: bool = False) -> tuple[Contest, Projects]:
    """The contest (title, budget) and its ballots; ids as in the file. Asked for, the ballots keep
    their voters' territory, from the column of VOTES with one of the names in TERRITORIES."""
    parts, votes = _parts(text)
    meta = {row[0].strip(): row[1].strip() for _, row in parts["META"][1:] if len(row) > 1}
    kind = meta.get("vote_type", "").lower()
    if kind not in KINDS:
        raise FileError(
            1,
            f"vote_type must be one of {', '.join(KINDS)}, not {kind!r}",
            f"vote_type debe ser uno de {', '.join(KINDS)}, no {kind!r}",
        )
    line_of = {row[0].strip(): number for number, row in parts["META"]}
    numbers = _numbers(parts["PROJECTS"], meta)
    budget = _amount(numbers, line_of.get("budget", 1), "budget", meta.get("budget", ""))
    projects = _projects(parts["PROJECTS"], numbers)
    for key, found in (("num_projects", len(projects)), ("num_votes", len(votes.lines))):
        if meta.get(key, str(found)) != str(found):
            raise FileError(
                line_of[key],
                f"{key} says {meta[key]}, {found} are there",
                f"{key} dice {meta[key]}, hay {found}",
            )
    papers = _papers(votes, kind in WITH_POINTS, by_territory)
    limits = {
        f"{end}_{what}": _amount(numbers, line_of[f"{end}_{what}"], f"{end}_{what}", said)
        for what in _LIMITS
        for end in ("min", "max")
        if (said := meta.get(f"{end}_{what}"))
    }
    default = _amount(numbers, line_of.get("default_score", 1), "default_score",
                      meta.get("default_score") or "0")  # fmt: skip
    papers, remarks = _lawful(projects, papers, limits)
    if least := meta.get("min_project_score_threshold"):
        remarks.append(
            Remark(
                line_of["min_project_score_threshold"],
                f"the least votes of a project ({least}) are for the rule to say: minimum_votes",
                f"los votos mínimos de un proyecto ({least}) los dice la regla: minimum_votes",
            )
        )
    ballots = _at_once(projects, kind, papers)
    if ballots is None or default:
        ballots, told = _one_by_one(projects, kind, papers, default)
        remarks += told
    title, layout = meta.get("description", ""), f"Pabulib; {kind}"
    return Contest(title, None, budget, tuple(remarks), layout), ballots


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
    with_points = ballots.kind in WITH_POINTS
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


def _parts(text: str) -> tuple[dict[str, list[Row]], Votes]:
    """The rows of META and PROJECTS, each with its line, and the columns of VOTES."""
    parts: dict[str, list[Row]] = {}
    stream = StringIO(text, newline="")
    rows = csv.reader(stream, delimiter=";")
    current: list[Row] | None = None
    for row in _rows(rows):
        if not row:
            continue
        name = row[0].strip().upper()
        if name in _SECTIONS and not any(cell.strip() for cell in row[1:]):
            current = parts.setdefault(name, [])
            if name == "VOTES" and parts.keys() == set(_SECTIONS):
                votes = _plain_votes(text[stream.tell() :], rows.line_num)
                if votes is not None and parts["META"] and parts["PROJECTS"] and not current:
                    return parts, votes
            continue
        if row[0].lstrip().startswith("#") and not current:
            continue
        if current is None:
            raise FileError(
                rows.line_num,
                "the file must begin with a line META",
                "el archivo debe empezar con una línea META",
            )
        current.append((rows.line_num, row))
    for name in _SECTIONS:
        if not parts.get(name):
            raise FileError(
                rows.line_num or 1,
                f"the part {name} is missing or has no heading",
                f"la parte {name} falta o no tiene encabezado",
            )
    (_, header), *ballots = parts["VOTES"]
    for number, row in ballots:
        if len(row) != len(header):
            raise _other_width(number, len(header), len(row))
    columns = list(zip(*(row for _, row in ballots), strict=True)) or [() for _ in header]
    return parts, Votes(parts["VOTES"][0], columns, [number for number, _ in ballots])


def _plain_votes(text: str, before: int) -> Votes | None:
    """The columns of VOTES where all its rows are alike and no cell is quoted, as in nearly every
    file: so they are cut much quicker than row by row. None for any other text; `before` is how
    many lines stand above it."""
    if '"' in text:
        return None
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    marks = set(map(str.count, lines, repeat(";")))
    if "\r" in text.replace("\r\n", "") or len(marks) != 1 or len(lines) < 2 or 0 in marks:
        return None
    width = marks.pop() + 1
    cells = ";".join(lines[1:]).split(";")
    header = before + 1, lines[0].split(";")
    lines_at = range(before + 2, before + 1 + len(lines))
    return Votes(header, [cells[at::width] for at in range(width)], lines_at)


def _rows(rows: Any) -> Iterator[list[str]]:
    try:
        yield from rows
    except csv.Error as wrong:
        raise FileError(
            rows.line_num, f"not a table: {wrong}", f"no es una tabla: {wrong}"
        ) from None


def _other_width(line: int, due: int, there: int) -> FileError:
    return FileError(
        line,
        f"{due} cells are due, {there} are there",
        f"hacen falta {due} celdas, hay {there}",
    )


def _columns(heading: Row, needed: tuple[str, ...]) -> dict[str, int]:
    number, header = heading
    columns = {cell.strip(): at for at, cell in enumerate(header)}
    for name in needed:
        if name not in columns:
            raise FileError(number, f"the column {name} is missing", f"falta la columna {name}")
    return columns


def _projects(part: list[Row], numbers: Numbers) -> list[Project]:
    columns = _columns(part[0], ("project_id", "cost"))
    if len(columns) != len(part[0][1]):
        raise FileError(
            part[0][0],
            "a column stands twice in PROJECTS",
            "una columna está dos veces en PROJECTS",
        )
    projects: dict[str, Project] = {}
    for number, row in part[1:]:
        if len(row) != len(columns):
            raise _other_width(number, len(columns), len(row))
        cell = {name: row[at].strip() for name, at in columns.items()}
        if not cell["project_id"] or cell["project_id"] in projects:
            raise FileError(
                number,
                f"project id {cell['project_id']!r} is empty or stands twice",
                f"el project_id {cell['project_id']!r} está vacío o repetido",
            )
        groups = [*cell.get("category", "").split(","), cell.get("district", "")]
        projects[cell["project_id"]] = Project(
            cell["project_id"],
            cell.get("name", ""),
            frozenset(group.strip() for group in groups if group.strip()),
            _amount(numbers, number, "cost", cell["cost"]),
        )
    return list(projects.values())


def _papers(votes: Votes, with_points: bool, by_territory: bool) -> Papers:
    """Equal ballots together, in the order in which they first stand."""
    needed = ("voter_id", "vote", *(("points",) if with_points else ()))
    columns = _columns(votes.header, needed)
    if len(columns) != len(votes.header[1]):
        raise FileError(
            votes.header[0],
            "a column stands twice in VOTES",
            "una columna está dos veces en VOTES",
        )
    voters = votes.columns[columns["voter_id"]]
    if len(set(voters)) != len(voters):
        voter, line = _second(voters, votes.lines)
        raise FileError(
            line, f"voter {voter!r} votes twice", f"el votante {voter!r} vota dos veces"
        )
    cells = [votes.columns[columns["vote"]]]
    cells.append(votes.columns[columns["points"]] if with_points else [""] * len(voters))
    cells.append([""] * len(voters))
    if by_territory:
        at = _territory_column(votes.header[0], columns)
        cells[2] = [each.strip() for each in votes.columns[at]]
        if "" in cells[2]:
            line = votes.lines[cells[2].index("")]
            raise FileError(
                line, "the voter's territory is not said", "no se dice el territorio del votante"
            )
    if not with_points and not by_territory:  # the common case, and the one that must be quick
        alike: Counter[Any] = Counter(cells[0])
        vote = list(alike)
        return Papers(list(alike.values()), vote, None, [], cells[0], votes.lines)
    keys = list(zip(*cells, strict=True))
    alike = Counter(keys)
    vote, points, places = ([*map(itemgetter(at), alike)] for at in range(3))
    many = list(alike.values())
    return Papers(many, vote, points, places if by_territory else [], keys, votes.lines)


def _second(cells: Sequence[str], lines: Sequence[int]) -> tuple[str, int]:
    """What stands twice, and the line where it stands the second time."""
    seen: set[str] = set()
    for each, line in zip(cells, lines, strict=True):
        if each in seen:
            return each, line
        seen.add(each)
    raise AssertionError("nothing stands twice")


def _at_once(projects: Sequence[Project], kind: str, papers: Papers) -> Projects | None:
    """All ballots in a few strokes, where they hold nothing but ids, each once; else None."""
    index = {project.id: at for at, project in enumerate(projects)}
    if papers.points is not None or "" in index:
        return None
    named = ",".join(filter(None, papers.vote)).split(",")
    if not all(papers.vote):
        named = [each for each in named if each]
    lengths = np.fromiter(map(str.count, papers.vote, repeat(",")), np.int64, len(papers.vote))
    lengths += np.fromiter(map(bool, papers.vote), np.int64, len(papers.vote))
    if int(lengths.sum()) != len(named) or (kind == "choose-1" and (lengths > 1).any()):
        return None
    try:
        chosen = np.fromiter(map(index.__getitem__, named), np.int64, len(named))
    except KeyError:
        return None
    group = np.repeat(np.arange(len(lengths)), lengths)
    given = np.ones(len(named), dtype=np.int64)
    if kind == "ordinal":
        given = np.cumsum(lengths)[group] - np.arange(len(named))
    supports = Supports.from_entries(
        projects, kind, papers.many, group, chosen, given, papers.places
    )
    twice = supports.group[1:] == supports.group[:-1]
    twice[[at - 1 for at in supports.start[1:-1].tolist() if 0 < at < len(named)]] = False
    return None if twice.any() else supports


def _territory_column(line: int, columns: dict[str, int]) -> int:
    found = [name for name in TERRITORIES if name in columns]
    if len(found) != 1:
        raise FileError(
            line,
            f"one column of VOTES must say the voter's territory: {' or '.join(TERRITORIES)}",
            f"una columna de VOTES debe decir el territorio del votante: {' o '.join(TERRITORIES)}",
        )
    return columns[found[0]]


def _lawful(
    projects: Sequence[Project], papers: Papers, limits: Mapping[str, Fraction]
) -> tuple[Papers, list[Remark]]:
    """The ballots within the limits that the file declares, and remarks on those set aside."""
    if not limits:
        return papers, []
    cost = {project.id: project.cost for project in projects}
    broken: dict[int, str] = {}
    given = papers.points or [""] * len(papers.vote)
    for at, (vote, points) in enumerate(zip(papers.vote, given, strict=True)):
        for name, limit in limits.items():
            if _breaks(name, limit, vote, points, cost):
                broken[at] = name
                break
    if not broken:
        return papers, []
    key_of = {key: at for at, key in enumerate(dict.fromkeys(papers.keys))}
    lines: dict[str, list[int]] = {}
    kept, kept_lines = [], []
    for key, line in zip(papers.keys, papers.lines, strict=True):
        if key_of[key] in broken:
            lines.setdefault(broken[key_of[key]], []).append(line)
        else:
            kept.append(key)
            kept_lines.append(line)
    remarks = []
    for name, at_lines in lines.items():
        shown = ", ".join(map(str, at_lines[:_SHOWN])) + (" …" if at_lines[_SHOWN:] else "")
        limit_said = _decimal(limits[name])
        remarks.append(
            Remark(
                at_lines[0],
                f"not counted, against {name} {limit_said}: {len(at_lines)} (lines {shown})",
                f"no contadas, contra {name} {limit_said}: {len(at_lines)} (líneas {shown})",
            )
        )
    stay = [at for at in range(len(papers.vote)) if at not in broken]
    return Papers(
        [papers.many[at] for at in stay],
        [papers.vote[at] for at in stay],
        None if papers.points is None else [papers.points[at] for at in stay],
        [papers.places[at] for at in stay] if papers.places else [],
        kept,
        kept_lines,
    ), remarks


def _breaks(
    name: str, limit: Fraction, vote: str, points: str, cost: Mapping[str, Fraction]
) -> bool:
    """Whether a ballot breaks the limit; one that cannot be read does not, and is refused later."""
    end, _, what = name.partition("_")
    ids = {each.strip() for each in vote.split(",") if each.strip()}
    values: list[Fraction | int]
    if what == "length":
        values = [len(ids)]
    elif what == "sum_cost":
        values = [sum((cost.get(each, Fraction(0)) for each in ids), Fraction(0))]
    else:
        given = [Numbers().read(each) for each in points.split(",") if each.strip()]
        if not points.strip() or None in given:
            return False
        known = [each for each in given if each is not None]
        values = [sum(known, Fraction(0))] if what == "sum_points" else [*known]
    return any(value > limit if end == "max" else value < limit for value in values)


def _one_by_one(
    projects: Sequence[Project], kind: str, papers: Papers, default: Fraction
) -> tuple[Projects, list[Remark]]:
    """The ballots, and what is remarked on them. Points that a ballot does not give are those of
    `default`; with decimals, points are counted in parts."""
    index = {project.id: at for at, project in enumerate(projects)}
    lines: dict[Any, int] = {}
    for key, line in zip(papers.keys, papers.lines, strict=True):
        lines.setdefault(key, line)
    remarks: list[Remark] = []
    points = papers.points or [""] * len(papers.vote)
    read = [
        _paper(line, vote, given, kind, index, remarks)
        for line, vote, given in zip(lines.values(), papers.vote, points, strict=True)
    ]
    if default and kind in WITH_POINTS:
        read = [{**dict.fromkeys(range(len(projects)), default), **each} for each in read]
    wholes, scale = in_wholes([value for each in read for value in each.values()])
    if scale > 1:
        remarks.append(in_parts(0, "points", "los puntos", scale))
    part = iter(wholes)
    ballots = [
        (many, {project: next(part) for project in each})
        for many, each in zip(papers.many, read, strict=True)
    ]
    return Supports.from_ballots(projects, kind, ballots, papers.places), remarks


def _paper(
    number: int, vote: str, points: str, kind: str, index: dict[str, int], remarks: list[Remark]
) -> dict[int, Fraction]:
    """The points that a ballot gives. Approving a project twice is approving it, and points given
    to it in two places add up: real files hold such ballots. They are remarked on."""
    ids = vote.split(",") if vote.strip() else []
    if ids and not ids[-1].strip():
        ids.pop()
    try:
        chosen = [index[each.strip()] for each in ids]
    except KeyError as unknown:
        raise FileError(
            number,
            f"{unknown.args[0]!r} is not a project's id",
            f"{unknown.args[0]!r} no es el id de un proyecto",
        ) from None
    if len(set(chosen)) != len(chosen):
        if kind not in ("approval", "cumulative"):
            raise FileError(
                number,
                "a ballot names a project twice",
                "una papeleta nombra dos veces un proyecto",
            )
        once = kind == "approval"
        counted = "once" if once else "with all the points given to it"
        contado = "una vez" if once else "con todos los puntos que recibe"
        remarks.append(
            Remark(
                number,
                f"a ballot names a project twice; it counts {counted}",
                f"una papeleta nombra dos veces un proyecto; cuenta {contado}",
            )
        )
    if kind == "choose-1" and len(chosen) > 1:
        raise FileError(
            number,
            "a choose-1 ballot names more than one project",
            "una papeleta choose-1 nombra más de un proyecto",
        )
    if kind == "ordinal":
        return {each: Fraction(len(chosen) - place) for place, each in enumerate(chosen)}
    if kind in WITH_POINTS:
        given = points.split(",") if points.strip() else []
        if given and not given[-1].strip():
            given.pop()
        values = [_point(p.strip()) for p in given]
        if len(values) != len(chosen) or None in values:
            raise FileError(
                number,
                "points must be numbers such as 3 or 2.5, one for each project named",
                "los puntos deben ser números como 3 o 2.5, uno por cada proyecto nombrado",
            )
        total = dict.fromkeys(chosen, Fraction(0))
        for each, value in zip(chosen, values, strict=True):
            assert value is not None
            total[each] += value
        if kind == "cumulative" and any(value < 0 for value in total.values()):
            raise FileError(
                number,
                "cumulative points cannot be below 0; with points against, vote_type is scoring",
                "los puntos cumulative no pueden ser menores que 0; con puntos en contra, "
                "vote_type es scoring",
            )
        return total
    return dict.fromkeys(chosen, Fraction(1))


def _point(text: str) -> Fraction | None:
    return Numbers().read(text) if len(text) <= 18 else None


def _numbers(projects: Sequence[Row], meta: Mapping[str, str]) -> Numbers:
    """How the file writes its amounts."""
    header = [cell.strip() for cell in projects[0][1]]
    at = header.index("cost") if "cost" in header else len(header)
    costs = [row[at] for _, row in projects[1:] if len(row) > at]
    return Numbers.of([*costs, meta.get("budget", "")])


def _amount(numbers: Numbers, line: int, what: str, text: str) -> Fraction:
    amount = numbers.read(text, line)
    if amount is None or amount < 0:
        raise FileError(
            line,
            f"{what} must be a number such as 25000 or 804828.79, not {text!r}",
            f"{what} debe ser un número como 25000 o 804828.79, no {text!r}",
        )
    return amount


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
