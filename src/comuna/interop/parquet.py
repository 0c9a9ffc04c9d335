"""The data sets as Parquet, one file each. Needs the extra `parquet` (pyarrow)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from comuna.book.database import Database
from comuna.interop.datasets import Dataset, datasets
from comuna.interop.files import Unavailable, finished

ROWS = 100_000  # of a row group


def export(database: Database, body: str, folder: Path) -> list[Path]:
    """Write every data set of a body into a folder. Raises Unavailable without pyarrow."""
    try:
        import pyarrow  # an extra: most homes never need it
    except ImportError:
        raise Unavailable(
            "Parquet needs pyarrow, which `.venv/bin/pip install pyarrow` brings; or export to csv"
        ) from None
    return [write(pyarrow, database, body, each, folder) for each in datasets(database, body)]


def write(arrow: Any, database: Database, body: str, dataset: Dataset, folder: Path) -> Path:
    from pyarrow.parquet import ParquetWriter

    path = folder / f"{dataset.name}.parquet"
    schema = schema_of(arrow, dataset)
    with finished(path) as part, ParquetWriter(part, schema) as writer:
        for columns in chunks(dataset, dataset.rows(database, body)):
            arrays = [
                arrow.array(values, type=kind)
                for values, kind in zip(columns, schema.types, strict=True)
            ]
            writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))
    return path


def schema_of(arrow: Any, dataset: Dataset) -> Any:
    """Texts, 64-bit integers, and the exact decimal of a ledger's amounts."""

    def kind(name: str, text: bool) -> Any:
        if name == "amount" and dataset.decimals is not None:
            return arrow.decimal128(38, dataset.decimals)
        return arrow.string() if text else arrow.int64()

    return arrow.schema([(c.name, kind(c.name, c.text)) for c in dataset.columns])


def chunks(dataset: Dataset, rows: Iterator[tuple[Any, ...]]) -> Iterator[list[list[Any]]]:
    """Rows turned into columns, so many at a time; at least once, so that an empty set has a
    file with its columns."""
    names = [column.name for column in dataset.columns]
    first = True
    while (some := list(islice(rows, ROWS))) or first:
        first = False
        columns: list[list[Any]] = [list(c) for c in zip(*some, strict=True)] or [[] for _ in names]
        if dataset.decimals is not None:
            place = names.index("amount")
            columns[place] = [Decimal(n).scaleb(-dataset.decimals) for n in columns[place]]
        yield columns
