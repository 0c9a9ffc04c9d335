"""Reports for terminals and programs: documented, exact, the same numbers in every form."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from comuna.book import checkpoint
from comuna.readings.reports import KINDS, NAMES, UnknownReport, plain, render, report
from tests.readings.lived import UNTIL, lived

DOCS = Path(__file__).parents[2] / "docs" / "reports.md"


@pytest.fixture(scope="module")
def here():
    return lived()


def made(here, name, lang="es"):
    assembly = here.database.execute("SELECT MIN(number) FROM reading_assembly").fetchone()[0]
    argument = {"member": "3", "minutes": str(assembly)}.get(name, "")
    return report(here.database, here.body, name, argument, UNTIL, lang)


def test_every_report_is_documented_with_its_columns():
    rows = re.findall(r"^\| `(\w+)`(?: N)? \| ([^|]+) \|", DOCS.read_text("utf-8"), re.M)
    assert {name: columns.strip().split(", ") for name, columns in rows} == {
        name: [word.partition(":")[0] for word in kind.columns.split()]
        for name, kind in KINDS.items()
    }


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_report_says_the_same_in_text_json_and_csv(here, name, lang):
    table = made(here, name, lang)
    assert table.rows, "a lived year has something to say in every report"
    whole = json.loads(render(table, "json"))
    assert whole["rows"] == json.loads(json.dumps(table.rows))
    assert whole["of"]["head"] == table.of["head"]
    lines = list(csv.DictReader(io.StringIO(render(table, "csv"))))
    assert len(lines) == len(table.rows)
    for line, row in zip(lines, whole["rows"], strict=True):
        for column in whole["columns"]:
            if column in whole["amounts"]:
                assert Decimal(line[column]).scaleb(2) == row[column]
            else:
                assert line[column] == str(row[column])
    text = render(table, "text")
    assert text.startswith(table.title)
    assert str(table.of["head"]) in text
    assert checkpoint.read_aloud(bytes.fromhex(table.of["checkpoint"]["root"])) in text


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"minutes", "flow", "surplus"}))
def test_machine_words_do_not_follow_the_language(here, name):
    spanish, english = made(here, name, "es").rows, made(here, name, "en").rows
    for one, other in zip(spanish, english, strict=True):
        assert {k: v for k, v in one.items() if k not in ("title", "office", "who")} == {
            k: v for k, v in other.items() if k not in ("title", "office", "who")
        }


def test_no_text_of_the_other_language_slips_in(here):
    """The words of the house differ between the languages in every report's heads and title."""
    for name in NAMES:
        assert render(made(here, name, "es"), "text") != render(made(here, name, "en"), "text")


@pytest.mark.parametrize(
    ("amount", "decimals", "text"),
    [(-5, 2, "-0.05"), (123456, 2, "1234.56"), (7, 0, "7"), (-12, 0, "-12"), (1, 6, "0.000001")],
)
def test_amounts_are_exact_decimals(amount, decimals, text):
    assert plain(amount, decimals) == text


@pytest.mark.parametrize(
    ("name", "argument", "says"),
    [
        ("profit", "", "there are: balance, income, surplus"),
        ("member", "0", "a number from 1 to"),
        ("member", "ana", "a number from 1 to"),
        ("member", "9" * 19, "a number from 1 to"),
        ("member", "9" * 5000, "a number from 1 to"),
        ("minutes", "9" * 19, "there are: "),
        ("minutes", "9" * 5000, "there are: "),
        ("minutes", "1", "there are: "),
    ],
)
def test_what_there_is_not_is_told_with_what_there_is(here, name, argument, says):
    with pytest.raises(UnknownReport, match=says):
        report(here.database, here.body, name, argument, UNTIL, "en")


def test_an_unknown_format_is_refused(here):
    with pytest.raises(ValueError, match="text, json or csv"):
        render(made(here, "balance"), "xlsx")
