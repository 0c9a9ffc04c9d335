"""Ballots in a table (CSV, XLSX, ODS): a row a paper, or so many equal ones.

Four layouts are read, and told by their headings and cells:

- places: a column a candidate, the place (1 first) in its cells;
- names: columns `rank1`, `rank2`… (`1st choice`, `preferencia 2`…), the name in their cells, as
  cast-vote records have them, with `skipped` (or `undervote`) and `overvote`;
- crosses: a column a candidate, an x in the cells of those approved;
- points: a column a candidate, points in its cells, where the method counts points.

A column may say how many papers a row stands for (`ballots`, `votes`, `weight`, `n`…), and one
whose paper it is (`voter`, `id`…): no name of a candidate is taken from these. What a heading may
mean besides is refused, with both readings.
"""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from comuna.count.candidates import Candidate
from comuna.count.errors import FileError
from comuna.count.rankings import MOST_PLACES, Ballot, Rankings
from comuna.count.supports import Ballots, Contest, Supports
from comuna.tables.errors import Remark
from comuna.tables.reading import Row, Table, heading


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COUNTS = _words(
    "ballots votes count counts weight weights n papers voters multiplicity frequency freq "
    "quantity how_many number_of_ballots number_of_votes ballot_count vote_count num_ballots "
    "num_votes papeletas boletas votos votantes cantidad peso frecuencia cuantas cuantos conteo "
    "numero_de_papeletas numero_de_votos"
)
VOTERS = _words(
    "voter voter_id voterid id response_id responseid respondent respondent_id ballot ballot_id "
    "ballotid ballot_no paper paper_id cvr cvr_id "
    "cvrnumber cvr_number cast_vote_record record record_id recordid row member member_id memberid "
    "elector elector_id uuid votante votante_id id_votante papeleta boleta id_papeleta id_boleta "
    "socio socia id_socio persona fila registro"
)
BESIDE = _words(
    "precinct precinct_id precinctportion precinct_portion ballot_style ballotstyle ballot_type "
    "ballottype batch batch_id batchid tabulator tabulator_id tabulatornum counting_group "
    "countinggroup imprintedid timestamp marca_temporal date fecha time hora remark remarks note "
    "notes nota notas observacion observaciones comment comments comentario comentarios mesa "
    "centro lote"
)
_ORDINALS = "st|nd|rd|th|a|o|ra|er|ro|da|do|ta|to|ma|mo|va|vo|na|no"
_RANK_WORDS = (
    "rank|ranked|ranking|choice|pref|preference|preferencia|opcion|eleccion|place|puesto|lugar|"
    "position|posicion"
)
_RANK = re.compile(
    rf"(?:.*_)?(?:{_RANK_WORDS})_?([0-9]{{1,2}})(?:_[0-9]+)?|"
    rf"([0-9]{{1,2}})_?(?:{_ORDINALS})?(?:_(?:{_RANK_WORDS})(?:_.*)?)?"
)
_NOTHING = frozenset(["", "-", "–", "—", ".", "..", "..."])
_EMPTY = frozenset(["", "na", "n_a", "nan", "null", "none", "blank", "blanco", "en_blanco"])
_SKIPPED = frozenset(["skipped", "skip", "undervote", "omitido", "saltado"])
_OVERVOTE = frozenset(["overvote", "over_vote", "sobrevoto"])
_CROSS = frozenset(["x", "✓", "✔", "☑", "☒", "✗", "✘", "yes", "si", "true", "+"])
_NO_CROSS = frozenset(["", "0", "no", "false", "-", "☐"])
_LAYOUTS = (
    "read are: a column a candidate with places (1, 2, 3) or crosses (x) in its cells; or columns "
    "rank1, rank2… with names; beside them ballots (how many) and voter (whose)",
    "se leen: una columna por candidatura con lugares (1, 2, 3) o cruces (x) en sus celdas; o "
    "columnas preferencia1, preferencia2… con nombres; y al lado papeletas (cuántas) y votante "
    "(de quién)",
)


@dataclass(frozen=True)
class Columns:
    """What each column is: of how many papers, whose, and those that hold the votes."""

    table: Table
    headings: Sequence[str]
    count: int | None
    voter: int | None
    beside: Sequence[int]
    votes: Sequence[int]
    rows: Sequence[Row]

    def cells(self, column: int) -> list[str]:
        return [row[column] for _, row in self.rows]

    def told(self, what: str) -> dict[str, str]:
        """Each heading and what it was taken for."""
        said = {}
        for at, name in enumerate(self.headings):
            if at == self.count:
                said[name] = "ballots"
            elif at == self.voter:
                said[name] = "voter"
            elif at in self.beside:
                said[name] = "left out"
            else:
                said[name] = what
        return said


def read_table(table: Table, points: bool = False) -> tuple[Contest, Ballots]:
    """The ballots; candidates' ids are the headings, or the names in the cells. With `points`,
    numbers are points and not places. Raises FileError."""
    columns = _columns(table)
    ranks = _rank_headings(columns)
    if ranks:
        return _names(columns, ranks)
    words = {_word(cell) for at in columns.votes for cell in columns.cells(at)}
    if words & _CROSS and words <= _CROSS | _NO_CROSS | {"1"} | _EMPTY:
        return _crosses(columns)
    _refuse_doubtful(columns)
    return _points(columns) if points else _places(columns)


def _word(cell: str) -> str:
    """A cell as words are compared; "" for the signs that say nothing."""
    return "" if cell in _NOTHING else heading(cell) or cell


def _columns(table: Table) -> Columns:
    if not table.rows:
        raise FileError(1, f"the table is empty; {_LAYOUTS[0]}", f"tabla vacía; {_LAYOUTS[1]}")
    (line, head), *rows = table.rows
    width = len(head)
    for at, row in rows:
        if any(row[width:]):
            raise FileError(
                at,
                f"{width} columns have a heading, but this row has {len(row)} cells",
                f"{width} columnas tienen título, pero esta fila tiene {len(row)} celdas",
            )
    filled = [(at, (row + [""] * width)[:width]) for at, row in rows]
    named = [at for at in range(width) if head[at] or any(row[at] for _, row in filled)]
    head = [head[at] for at in named]
    filled = [(at, [row[c] for c in named]) for at, row in filled]
    first = [row[0] for _, row in filled] if named else []
    if (
        head
        and head[0] in ("", "#")
        and first in (_numbers_from(0, first), _numbers_from(1, first))
    ):
        head[0] = "#"  # the rows' numbers, as programs write them
    twice = [name for name in head if head.count(name) > 1]
    if not head or "" in head or twice:
        what = twice[0] if twice else "(empty)"
        raise FileError(
            line,
            f"the first row must name each candidate once: {what}; {_LAYOUTS[0]}",
            f"la primera fila debe nombrar una vez cada candidatura: "
            f"{twice[0] if twice else '(vacío)'}; {_LAYOUTS[1]}",
        )
    plain = [heading(name) for name in head]
    counts = [at for at, name in enumerate(plain) if name in COUNTS]
    voters = [at for at, name in enumerate(plain) if name in VOTERS or head[at] == "#"]
    if len(counts) > 1:
        names = head[counts[0]], head[counts[1]]
        raise FileError(
            line,
            f"{names[0]} and {names[1]} may both say how many ballots; leave one",
            f"{names[0]} y {names[1]} pueden decir ambas cuántas papeletas; deje una",
        )
    beside = [at for at, name in enumerate(plain) if name in BESIDE] + voters[1:]
    taken = {*counts, *voters, *beside}
    votes = [at for at in range(len(head)) if at not in taken]
    if not votes:
        raise FileError(
            line,
            f"no column is left for candidates or ranks; {_LAYOUTS[0]}",
            f"no queda columna para candidaturas ni preferencias; {_LAYOUTS[1]}",
        )
    count, voter = (found[0] if found else None for found in (counts, voters))
    if voter is not None:
        _once(filled, voter, head[voter])
    kept = [each for each in filled if count is None or any(each[1])]
    return Columns(table, head, count, voter, beside, votes, kept)


def _numbers_from(start: int, cells: Sequence[str]) -> list[str]:
    return [str(number) for number in range(start, start + len(cells))]


def _once(rows: Iterable[Row], voter: int, name: str) -> None:
    seen: dict[str, int] = {}
    for at, row in rows:
        if row[voter] and row[voter] in seen:
            raise FileError(
                at,
                f"{name} {row[voter]!r} stands in line {seen[row[voter]]} too: one paper twice",
                f"{name} {row[voter]!r} está también en la línea {seen[row[voter]]}: una papeleta "
                "dos veces",
            )
        seen[row[voter]] = at


def _rank_headings(columns: Columns) -> dict[int, int]:
    """The columns of the ranks by their place, if the headings and the cells say ranks."""
    found: dict[int, int] = {}
    bare = True
    for at in columns.votes:
        match = _RANK.fullmatch(heading(columns.headings[at]))
        if match:
            place = int(match[1] or match[2])
            if place in found:
                a, b = columns.headings[found[place]], columns.headings[at]
                raise FileError(
                    columns.table.rows[0][0],
                    f"{a} and {b} both say place {place}; a file holds one contest",
                    f"{a} y {b} dicen ambas el lugar {place}; un archivo tiene una sola votación",
                )
            found[place] = at
            bare &= heading(columns.headings[at]).isdigit()
    if not found or sorted(found) != list(range(1, len(found) + 1)):
        return {}
    numbers = all(
        cell.isdigit() or _word(cell) in _EMPTY | _SKIPPED | _OVERVOTE
        for at in found.values()
        for cell in columns.cells(at)
    )
    if bare and numbers:
        raise FileError(
            columns.table.rows[0][0],
            "headings 1, 2, 3 over numbers may be candidates with their places or places with "
            "their candidates; write rank1, rank2… or the candidates' names as headings",
            "los títulos 1, 2, 3 sobre números pueden ser candidaturas con sus lugares o lugares "
            "con sus candidaturas; escriba preferencia1, preferencia2… o los nombres como títulos",
        )
    return found


def _names(columns: Columns, ranks: Mapping[int, int]) -> tuple[Contest, Rankings]:
    if len(ranks) > MOST_PLACES:
        raise FileError(
            columns.table.rows[0][0],
            f"more than {MOST_PLACES} ranks",
            f"más de {MOST_PLACES} preferencias",
        )
    others = [at for at in columns.votes if at not in ranks.values()]
    for at in others:
        cells = [cell for cell in columns.cells(at) if cell]
        if cells and all(cell.isdigit() for cell in cells):
            name = columns.headings[at]
            raise FileError(
                columns.table.rows[0][0],
                f"column {name} may say how many ballots each row stands for, or nothing that "
                "counts; call it ballots or notes",
                f"la columna {name} puede decir cuántas papeletas es cada fila, o nada que cuente; "
                "llámela papeletas o notas",
            )
    columns = Columns(
        columns.table,
        columns.headings,
        columns.count,
        columns.voter,
        [*columns.beside, *others],
        [ranks[place] for place in sorted(ranks)],
        columns.rows,
    )
    index: dict[str, int] = {}
    ballots: list[Ballot] = []
    over: list[int] = []
    again: list[int] = []
    papers, remarks = _papers(columns)
    alone = {cell for _, _, marks in papers for cell in marks if "|" not in cell}
    for line, many, marks in papers:
        choices: list[int] = []
        places: list[int] = []
        several = twice = 0
        for place, cell in enumerate(marks, 1):
            word = _word(cell)
            if word in _EMPTY | _SKIPPED:
                continue
            if word in _OVERVOTE:
                several |= 1 << place - 1
                continue
            for name in _marked_names(line, cell, alone):
                candidate = index.setdefault(name, len(index))
                if candidate in choices:
                    twice |= 1 << place - 1
                else:
                    choices.append(candidate)
                    places.append(place)
        ballots.append(Ballot(many, choices, places))
        over.append(several)
        again.append(twice)
    if not index:
        raise FileError(
            columns.table.rows[0][0],
            "no paper names anyone, so no candidate is known",
            "ninguna papeleta nombra a nadie, así que no se conoce candidatura alguna",
        )
    # In the order of their names: which paper names them first says nothing.
    names = sorted(index)
    order = {index[name]: at for at, name in enumerate(names)}
    sorted_ = [Ballot(m, [order[c] for c in chosen], p) for m, chosen, p in ballots]
    read = Rankings.from_ballots([Candidate(name) for name in names], sorted_)
    overvoted, repeated = (
        np.array(each, dtype=np.uint64) if any(each) else None for each in (over, again)
    )
    read = Rankings(read.candidates, read.ranks, read.weight, overvoted, repeated)
    return _contest(columns, "names in ranks", "rank", remarks), read


def _marked_names(line: int, cell: str, alone: Set[str]) -> list[str]:
    """The names in a cell: one, or several that the paper marks at one place. Raises FileError
    where a bar may part names or be in one."""
    names = [name for each in cell.split("//") if (name := each.strip())]
    if "|" not in cell:
        return names
    parts = [name for each in names for part in each.split("|") if (name := part.strip())]
    if not set(parts) <= alone:
        raise FileError(
            line,
            f"{cell!r} may be one name or several marked at one place; write // between several",
            f"{cell!r} puede ser un nombre o varios marcados en un lugar; escriba // entre varios",
        )
    return parts


def _crosses(columns: Columns) -> tuple[Contest, Ballots]:
    papers, remarks = _papers(columns)
    listed = []
    for at, many, cells in papers:
        approved = {}
        for c, cell in enumerate(cells):
            word = _word(cell)
            if word in _CROSS or word == "1":
                approved[c] = 1
            elif word not in _NO_CROSS | _EMPTY:
                raise _not(at, cell, "a cross such as x", "una cruz como x")
        listed.append((many, approved))
    candidates = [Candidate(columns.headings[at]) for at in columns.votes]
    read = Supports.from_ballots(candidates, "approval", listed)
    return _contest(columns, "crosses", "candidate", remarks), read


def _points(columns: Columns) -> tuple[Contest, Ballots]:
    papers, remarks = _papers(columns)
    values = [
        [_number(columns, at, cell, "points such as 3", "puntos como 3") for cell in cells]
        for at, _, cells in papers
    ]
    scale = lcm(*(value.denominator for row in values for value in row))
    if scale > 1:
        remarks.append(in_parts(0, "points", "los puntos", scale))
    listed = [
        (many, {c: int(value * scale) for c, value in enumerate(row) if value})
        for (_, many, _), row in zip(papers, values, strict=True)
    ]
    candidates = [Candidate(columns.headings[at]) for at in columns.votes]
    highest = max((value for row in values for value in row), default=Fraction(0))
    kind = "approval" if highest <= 1 and scale == 1 else "scoring"
    read = Supports.from_ballots(candidates, kind, listed)
    return _contest(columns, "points", "candidate", remarks), read


def _places(columns: Columns) -> tuple[Contest, Ballots]:
    papers, remarks = _papers(columns)
    zeros = [sum(cell == "0" for cell in cells) for _, _, cells in papers if any(cells)]
    if zeros and all(number == 1 for number in zeros) and len(columns.votes) > 1:
        raise FileError(
            columns.table.rows[0][0],
            "every row has one 0: it may say the first place or no place; number places from 1, "
            "and leave empty who is not ranked",
            "cada fila tiene un 0: puede decir el primer lugar o ninguno; numere los lugares desde "
            "1 y deje vacío a quien no se ordena",
        )
    ballots = []
    for at, many, cells in papers:
        ranked = []
        for c, cell in enumerate(cells):
            what = "a place such as 1, 2 or 3", "un lugar como 1, 2 o 3"
            place = _number(columns, at, cell, *what)
            if place.denominator != 1 or place < 0 or place > 60_000:
                raise _not(at, cell, *what)
            if place:
                ranked.append((int(place), c))
        ranked.sort()
        ballots.append(Ballot(many, [c for _, c in ranked], _as_marked([p for p, _ in ranked])))
    candidates = [Candidate(columns.headings[at]) for at in columns.votes]
    read = Rankings.from_ballots(candidates, ballots)
    return _contest(columns, "places", "candidate", remarks), read


def _as_marked(places: Sequence[int]) -> list[int]:
    """Ascending places with equals, as steps: after two at place 2 both 3 and 4 come next, so that
    neither is taken for a place passed over; 1, 3 passes over one."""
    steps: list[int] = []
    for at, place in enumerate(places):
        if not at:
            steps.append(place)
        elif place == places[at - 1]:
            steps.append(steps[-1])
        else:
            steps.append(steps[-1] + max(1, place - max(places[at - 1], at)))
    return steps


def _papers(columns: Columns) -> tuple[list[tuple[int, int, tuple[str, ...]]], list[Remark]]:
    """Equal papers together: the line of the first, how many, and the cells of the votes."""
    found: dict[tuple[str, ...], tuple[int, Fraction]] = {}
    blank: list[int] = []
    unsaid: list[int] = []
    for at, row in columns.rows:
        cells = tuple(row[c] for c in columns.votes)
        many = Fraction(1)
        if columns.count is not None:
            cell = row[columns.count]
            what = "how many ballots, such as 12", "cuántas papeletas, como 12"
            if cell:
                many = _number(columns, at, cell, *what, empty=False)
            else:
                unsaid.append(at)
            if many < 0:
                raise _not(at, cell, *what)
        elif columns.voter is None and not any(row):
            if columns.table.spreadsheet:
                continue
            blank.append(at)
        first, so_far = found.get(cells, (at, Fraction(0)))
        found[cells] = first, so_far + many
    remarks = list(columns.table.remarks)
    if blank:
        remarks.append(
            Remark(
                blank[0],
                f"rows of empty cells count as blank papers: {len(blank)}",
                f"las filas de celdas vacías cuentan como papeletas en blanco: {len(blank)}",
            )
        )
    if unsaid:
        remarks.append(
            Remark(
                unsaid[0],
                f"rows that do not say how many ballots count as one: {len(unsaid)}",
                f"las filas que no dicen cuántas papeletas cuentan como una: {len(unsaid)}",
            )
        )
    scale = lcm(*(many.denominator for _, many in found.values()))
    if scale > 1:
        remarks.append(in_parts(0, "ballots", "las papeletas", scale))
    return [(at, int(many * scale), cells) for cells, (at, many) in found.items()], remarks


def in_parts(line: int, en: str, es: str, scale: int) -> Remark:
    """That numbers with decimals were counted in whole parts of one."""
    return Remark(
        line,
        f"{en} with decimals are counted in parts: all numbers of {en} are {scale} times as great",
        f"{es} con decimales se cuentan en partes: todos sus números son {scale} veces mayores",
    )


def _number(
    columns: Columns, line: int, cell: str, en: str, es: str, empty: bool = True
) -> Fraction:
    if empty and _word(cell) in _EMPTY | _SKIPPED:
        return Fraction(0)
    if len(cell) > 18:
        raise _not(line, cell[:18] + "…", en, es)
    if cell.isascii() and cell.isdecimal():
        return Fraction(int(cell))
    value = columns.table.numbers.read(cell, line)
    if value is None:
        raise _not(line, cell, en, es)
    return value


def _not(line: int, cell: str, en: str, es: str) -> FileError:
    return FileError(
        line, f"{cell!r} is not {en}; {_LAYOUTS[0]}", f"{cell!r} no es {es}; {_LAYOUTS[1]}"
    )


def _refuse_doubtful(columns: Columns) -> None:
    """Raises FileError where the first or last column may as well say how many papers each row
    stands for, or whose: it holds a number in every row, and without it the places are those of
    orders, which with it they are not."""
    if columns.count is not None or columns.voter is not None or len(columns.votes) < 3:
        return
    doubtful = [at for at in (columns.votes[0], columns.votes[-1]) if _is_doubtful(columns, at)]
    if doubtful:
        name = columns.headings[doubtful[0]]
        raise FileError(
            columns.table.rows[0][0],
            f"{name} may be a candidate, or say how many ballots a row stands for, or whose it is: "
            "its numbers are not those of places. Call it ballots or voter; if it is a candidate, "
            "add a column ballots with 1 in every row",
            f"{name} puede ser una candidatura, o decir cuántas papeletas es una fila, o de quién: "
            "sus números no son los de lugares. Llámela papeletas o votante; si es una "
            "candidatura, añada una columna papeletas con 1 en cada fila",
        )


def _is_doubtful(columns: Columns, column: int) -> bool:
    others = [at for at in columns.votes if at != column]
    rows = [row for _, row in columns.rows if any(row)]
    if not rows or not all(_is_place(row[column]) for row in rows):
        return False
    most = max(int(row[column]) for row in rows)
    if (
        most
        > len(columns.votes)
        >= max((int(row[at]) for row in rows for at in others if _is_place(row[at])), default=0)
    ):
        return True
    broken = False
    for row in rows:
        rest = [int(row[at]) for at in others if _is_place(row[at])]
        if sorted(rest) != list(range(1, len(rest) + 1)):
            return False
        places = sorted([*rest, int(row[column])])
        broken |= places != list(range(1, len(places) + 1))
    return broken


def _is_place(cell: str) -> bool:
    return cell.isascii() and cell.isdecimal() and len(cell) < 18 and cell != "0"


def _contest(columns: Columns, layout: str, what: str, remarks: Sequence[Remark]) -> Contest:
    return Contest(
        remarks=tuple(remarks),
        layout=f"{columns.table.layout}; {layout}",
        columns=columns.told(what),
    )
