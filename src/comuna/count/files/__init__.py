"""Ballot files in and out, one format a file. A broken file raises FileError with the line and
the reason, and nothing of it is returned."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from comuna.count.errors import CountError, FileError
from comuna.count.files.abif import read_abif
from comuna.count.files.ballot_table import read_table
from comuna.count.files.blt import read_blt
from comuna.count.files.pabulib import read_pb
from comuna.count.files.preflib import read_cat, read_preflib
from comuna.count.supports import Ballots, Contest
from comuna.tables.errors import Remark, TableError
from comuna.tables.reading import ENDINGS, read_tables
from comuna.tables.text import decode

Reader = Callable[[str], tuple[Contest, Ballots]]

READERS: Mapping[str, Reader] = {
    "pb": read_pb,
    "blt": read_blt,
    "soc": read_preflib,
    "soi": read_preflib,
    "toc": read_preflib,
    "toi": read_preflib,
    "cat": read_cat,
    "abif": read_abif,
}


def read_ballots(
    name: str, content: bytes, by_territory: bool = False, points: bool = False
) -> tuple[Contest, Ballots]:
    """Read a ballot file by the ending of its name, with its voters' territories if asked (only
    `.pb` says them). The numbers in a table are places, or `points` if asked. Raises CountError or
    FileError."""
    ending = name.rpartition(".")[2].lower()
    if ending not in READERS and ending not in ENDINGS:
        known = ", .".join([*READERS, *ENDINGS])
        raise CountError(f"the name must end in .{known}", f"el nombre debe acabar en .{known}")
    if by_territory and ending != "pb":
        raise CountError(
            "only a .pb says which territory a voter belongs to",
            "solo un .pb dice de qué territorio es cada votante",
        )
    try:
        if ending in ENDINGS:
            return _table(name, content, points)
        text, remarks = decode(content)
        contest, ballots = read_pb(text, by_territory) if ending == "pb" else READERS[ending](text)
    except TableError as wrong:
        raise FileError(wrong.line, wrong.en, wrong.es) from None
    layout = contest.layout or f".{ending}"
    return replace(contest, remarks=(*remarks, *contest.remarks), layout=layout), ballots


def _table(name: str, content: bytes, points: bool) -> tuple[Contest, Ballots]:
    """The ballots in the only sheet of a file that holds any."""
    tables = read_tables(name, content)
    if not tables:
        raise FileError(1, "the file is empty", "el archivo está vacío")
    found, refused = [], []
    for table in tables:
        try:
            found.append((table, read_table(table.checked(), points)))
        except (FileError, TableError) as wrong:
            refused.append(wrong)
    if not found:
        raise refused[0]
    if len(found) > 1:
        names = ", ".join(table.name for table, _ in found)
        raise FileError(
            0,
            f"several sheets hold ballots ({names}); leave one, or save each as its own file",
            f"varias hojas tienen papeletas ({names}); deje una, o guarde cada una aparte",
        )
    table, (contest, ballots) = found[0]
    others = [each.name for each in tables if each is not table]
    if others:
        told = Remark(
            0,
            f"read from sheet {table.name}; not from {', '.join(others)}",
            f"leído de la hoja {table.name}; no de {', '.join(others)}",
        )
        contest = replace(contest, remarks=(*contest.remarks, told))
    return contest, ballots
