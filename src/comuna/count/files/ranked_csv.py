"""Ranked ballots in a spreadsheet, saved as CSV.

The first row names the candidates. Each further row is a ballot: in every cell the place it gives
(1 first; equal numbers are equals; an empty cell is not ranked). A column headed `ballots` may
say how many equal ballots a row stands for.
"""

import csv
from io import StringIO

from comuna.count.candidates import Candidate
from comuna.count.errors import FileError
from comuna.count.files.whole import whole
from comuna.count.rankings import Ballot, Rankings
from comuna.count.supports import Contest

COUNT = "ballots"


def read_csv(text: str) -> tuple[Contest, Rankings]:
    """The ballots; candidates' ids are the headings."""
    rows = csv.reader(StringIO(text), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    header = [cell.strip() for cell in next(rows, [])]
    names = [cell for cell in header if cell != COUNT]
    if not names or "" in names or len(set(header)) != len(header):
        raise FileError(1, "the first row must name each candidate once, with no empty heading")
    ballots = []
    for row in rows:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if len(cells) != len(header):
            raise FileError(rows.line_num, f"{len(header)} cells are due, {len(cells)} are there")
        many = 1
        ranked: list[tuple[int, int]] = []
        for heading, cell in zip(header, cells, strict=True):
            if not cell:
                continue
            what = f"{cell!r} is not a place such as 1, 2 or 3"
            number = whole(rows.line_num, cell, what)
            if heading == COUNT:
                many = number
            elif number:
                ranked.append((number, names.index(heading)))
            else:
                raise FileError(rows.line_num, what)
        # Places are read as an order: 1, 3, 7 says what 1, 2, 3 says.
        steps = sorted({place for place, _ in ranked})
        ranked.sort()
        ballots.append(
            Ballot(many, [c for _, c in ranked], [steps.index(place) + 1 for place, _ in ranked])
        )
    return Contest(), Rankings.from_ballots([Candidate(name) for name in names], ballots)
