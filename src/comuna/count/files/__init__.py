"""Ballot files in and out, one format a file. A broken file raises FileError with the line and
the reason, and nothing of it is returned."""

from collections.abc import Callable, Mapping

from comuna.count.errors import CountError, FileError
from comuna.count.files.abif import read_abif
from comuna.count.files.blt import read_blt
from comuna.count.files.pabulib import read_pb
from comuna.count.files.preflib import read_cat, read_preflib
from comuna.count.files.ranked_csv import read_csv
from comuna.count.supports import Ballots, Contest

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
    "csv": read_csv,
}


def read_ballots(name: str, content: bytes, by_territory: bool = False) -> tuple[Contest, Ballots]:
    """Read a ballot file by the ending of its name, with its voters' territories if asked (only
    `.pb` says them). Raises CountError or FileError."""
    ending = name.rpartition(".")[2].lower()
    reader = READERS.get(ending)
    if reader is None:
        raise CountError(f"the name must end in .{', .'.join(READERS)}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = content[: wrong.start].count(b"\n") + 1
        raise FileError(line, "not UTF-8 text; save the file as UTF-8") from None
    if by_territory:
        if ending != "pb":
            raise CountError("only a .pb says which territory a voter belongs to")
        return read_pb(text, by_territory=True)
    return reader(text)
