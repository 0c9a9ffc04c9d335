"""Other people's formats: the accounts as journals of plain-text tools, the readings as CSV and
Parquet. Only out: what comes in comes as acts."""

from __future__ import annotations

from pathlib import Path

from comuna.book.database import Database
from comuna.interop import csvs, parquet, plaintext
from comuna.interop.files import Unavailable, finished
from comuna.interop.journal import journal

FORMATS = (*plaintext.WRITERS, "csv", "parquet")
"""Every format there is."""

__all__ = ["FORMATS", "Unavailable", "export"]


def export(database: Database, body: str, form: str, folder: Path) -> list[Path]:
    """Write a body's accounts into a folder in one of FORMATS; gives the files written. Raises
    Unavailable for another format and for one that lacks its library, NoSuchBody."""
    if form == "csv":
        return csvs.export(database, body, folder)
    if form == "parquet":
        return parquet.export(database, body, folder)
    writer = plaintext.WRITERS.get(form)
    if writer is None:
        raise Unavailable(f'no format "{form}"; there are: {", ".join(FORMATS)}, tiles')
    text = writer(journal(database, body))
    path = folder / f"{body}.{plaintext.EXTENSIONS[form]}"
    with finished(path) as part:
        part.write_text(text, encoding="utf-8")
    return [path]
