"""The data sets as CSV (RFC 4180, UTF-8), one file each."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from comuna.book.database import Database
from comuna.interop.datasets import Dataset, datasets
from comuna.interop.files import finished
from comuna.interop.journal import decimal


def export(database: Database, body: str, folder: Path) -> list[Path]:
    """Write every data set of a body into a folder."""
    return [write(database, body, each, folder) for each in datasets(database, body)]


def write(database: Database, body: str, dataset: Dataset, folder: Path) -> Path:
    path = folder / f"{dataset.name}.csv"
    names = [column.name for column in dataset.columns]
    with finished(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows(exact(row, names, dataset) for row in dataset.rows(database, body))
    return path


def exact(row: tuple[Any, ...], names: list[str], dataset: Dataset) -> tuple[Any, ...]:
    """The row with its amount as a decimal, where the data set has one."""
    if dataset.decimals is None:
        return row
    place = names.index("amount")
    return (*row[:place], decimal(row[place], dataset.decimals), *row[place + 1 :])
