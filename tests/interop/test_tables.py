"""CSV and Parquet: all rows, exact amounts, and no half files."""

from __future__ import annotations

import builtins
import csv
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet
import pytest

from comuna import interop
from comuna.interop.files import finished
from comuna.readings.query import NoSuchBody, rows
from comuna.readings.tables import TABLES
from tests.readings.lived import lived


@pytest.fixture(scope="module")
def year():
    return lived()


@pytest.fixture(scope="module", params=["csv", "parquet"])
def exported(request, year, tmp_path_factory):
    """(read a data set as a list of dictionaries, all texts)."""
    folder = tmp_path_factory.mktemp(request.param)
    paths = interop.export(year.database, year.body, request.param, folder)
    assert sorted(paths) == sorted(folder.iterdir())
    assert {p.stem for p in paths} == {*(t.name for t in TABLES), "ledger"}

    def read(name: str) -> list[dict[str, str]]:
        if request.param == "csv":
            with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                return list(csv.DictReader(file))
        table = pyarrow.parquet.read_table(folder / f"{name}.parquet").to_pylist()
        return [{k: str(v) for k, v in row.items()} for row in table]

    return read


@pytest.mark.parametrize("of", TABLES, ids=lambda of: of.name)
def test_every_row_of_every_table_comes_out(year, exported, of):
    there = [{k: str(v) for k, v in row.items()} for row in rows(year.database, year.body, of.name)]
    assert sorted(map(str, exported(of.name))) == sorted(map(str, there))


def test_the_ledger_sums_to_the_balance_of_every_account(year, exported):
    sums: dict[str, Decimal] = {}
    for row in exported("ledger"):
        sums[row["account"]] = sums.get(row["account"], Decimal(0)) + Decimal(row["amount"])
    balances = rows(year.database, year.body, "balance")
    assert sums == {b["account"]: Decimal(b["amount"]).scaleb(-2) for b in balances}


def test_every_payment_in_the_ledger_has_its_decision_and_receipt(exported):
    paid = [row for row in exported("ledger") if row["payment"] != "0"]
    assert paid
    assert all(row["decision"] != "0" and row["authorisation"] and row["receipt"] for row in paid)


def test_amounts_in_parquet_are_exact_decimals(year, tmp_path):
    interop.export(year.database, year.body, "parquet", tmp_path)
    schema = pyarrow.parquet.read_schema(tmp_path / "ledger.parquet")
    assert str(schema.field("amount").type) == "decimal128(38, 2)"


def test_without_its_library_parquet_says_what_to_do(year, tmp_path, monkeypatch):
    real = builtins.__import__

    def without_arrow(name, *rest):
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_arrow)
    with pytest.raises(interop.Unavailable, match=r"pyarrow.*csv"):
        interop.export(year.database, year.body, "parquet", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_is_told_with_those_there_are(year, tmp_path):
    with pytest.raises(
        interop.Unavailable, match="hledger, ledger, beancount, csv, parquet, tiles"
    ):
        interop.export(year.database, year.body, "xlsx", tmp_path)


def test_an_unknown_body_leaves_no_file(year, tmp_path):
    for form in interop.FORMATS:
        with pytest.raises(NoSuchBody):
            interop.export(year.database, "0" * 32, form, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_whole_or_not_there(tmp_path: Path):
    path = tmp_path / "x.csv"
    path.write_text("before")

    def breaks_off() -> None:
        with finished(path) as part:
            part.write_text("half")
            raise OSError("disk full")

    with pytest.raises(OSError, match="full"):
        breaks_off()
    assert path.read_text() == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["x.csv"]
