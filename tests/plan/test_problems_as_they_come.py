"""Plan folders and spreadsheets as people and their programs write them."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from comuna.plan.errors import FileError
from comuna.plan.planning import plan_for
from comuna.plan.problem_files import read_named, read_problem, rows_of, write_folder
from comuna.plan.published import check_published, to_json
from comuna.plan.sheets import write_ods, write_xlsx
from tests.plan.examples import chairs, problem
from tests.plan.test_files_and_verbs import comuna
from tests.tables.sheets import row, xlsx

ONE = problem(chairs())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(ONE, tmp_path)
    return tmp_path


def rewrite(folder: Path, change, encoding: str = "utf-8") -> None:
    for file in list(folder.glob("*.csv")):
        file.write_bytes(change(file.read_text()).encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_every_delimiter_and_encoding_gives_the_same_problem(folder, mark, encoding):
    rewrite(folder, lambda text: text.replace(",", mark), encoding)
    assert read_problem(folder).identity() == ONE.identity()


def test_capitals_in_names_of_files_and_headings_change_nothing(folder):
    for file in list(folder.glob("*.csv")):
        head, rest = file.read_text().split("\n", 1)
        file.unlink()
        (folder / f"{file.stem.capitalize()}.CSV").write_text(
            head.upper().replace("AT_MOST", "At most") + "\n" + rest
        )
    assert read_problem(folder).identity() == ONE.identity()


@pytest.mark.parametrize("text", ["30000.0", "3e4", "30 000", "30\u202f000", "30'000", "+30000"])
def test_whole_numbers_are_read_however_written(folder, text):
    stocks = folder / "stocks.csv"
    stocks.write_text(stocks.read_text().replace("30000", text))
    assert read_problem(folder).identity() == ONE.identity()


def test_a_number_that_may_be_two_is_refused_with_both(folder):
    (folder / "stocks.csv").write_text("body;good;opening\nworkshop;wood;30.000\n")
    with pytest.raises(FileError, match=r"stocks, row 2: '30\.000' may be 30000 or 30\.000"):
        read_problem(folder)


def test_remarks_notes_and_empty_columns_are_passed_over_and_told(folder):
    stocks = folder / "stocks.csv"
    head, line = stocks.read_text().split()
    stocks.write_text(f"{head},Notas,,\n# counted by Ana,,,,,,,\n{line},in the shed,,\n")
    one, written = read_named(folder)
    assert one.identity() == ONE.identity()
    told = written.told("en")["remarks"]
    assert any("counted by Ana" in each for each in told)
    assert any("column notas is passed over" in each for each in told)
    stocks.write_text(f"{head},,\n{line},7,\n")
    with pytest.raises(FileError, match="row 2: '7' stands under no heading"):
        read_problem(folder)


def test_kinds_may_be_spanish(folder):
    for name, words in (
        ("lines", {"input": "Entrada", "output": "salida", "use": "Uso"}),
        ("means", {"labour": "Trabajo"}),
    ):
        text = (folder / f"{name}.csv").read_text()
        for english, spanish in words.items():
            text = text.replace(f",{english},", f",{spanish},")
        (folder / f"{name}.csv").write_text(text)
    assert read_problem(folder).identity() == ONE.identity()


def test_two_spellings_of_one_name_are_one_name():
    rows = json.loads(json.dumps(chairs()).replace("chair", "ca\\u00f1a"))
    composed = problem(rows)
    rows["needs"][0]["good"] = "can\u0303a"
    rows["lines"][2]["item"] = "can\u0303a"
    assert problem(rows).identity() == composed.identity()
    rows["goods"].append({"good": "can\u0303a", "unit": "kg"})
    with pytest.raises(FileError, match="comes twice"):
        problem(rows)


def test_parts_of_a_step_in_a_line_are_exact_and_levels_stay_the_same(folder):
    """Two and a half minutes of glue and an eighth of a step of chalk a chair."""
    rows = chairs()
    rows["lines"][0]["quantity"] = "2000.5"
    rows["lines"].append({"recipe": "make", "kind": "use", "item": "carpenter", "quantity": 0})
    one = problem(rows)
    assert one.lines.quantity.tolist() == [4001, 40, 2000]
    assert one.recipes.per.tolist() == [2]
    plan = plan_for(one)
    said = to_json(plan)
    assert plan.met().tolist() == [6000]
    assert [line["level"] for line in said["activities"]] == [6_000_000]
    assert check_published(one, said).wrongs == ()
    again = problem(rows_of(one))
    assert again.identity() == one.identity()
    rows["lines"][0]["quantity"] = Fraction(1, 1_000_001)
    with pytest.raises(FileError, match="is too fine beside the other lines"):
        problem(rows)


def test_a_line_below_nothing_is_given_instead_of_taken():
    rows = chairs()
    rows["lines"][0] |= {"kind": "output", "quantity": "−2000"}
    assert problem(rows).identity() == ONE.identity()
    rows["lines"][1]["quantity"] = -20
    with pytest.raises(FileError, match="uses -20 of a mean"):
        problem(rows)


def test_json_may_begin_with_a_byte_order_mark_and_write_numbers_with_decimals(tmp_path):
    rows = chairs()
    rows["stocks"][0]["opening"] = 30_000.0
    text = json.dumps({table.upper(): lines for table, lines in rows.items()})
    (tmp_path / "p.json").write_text(text, "utf-8-sig")
    assert read_problem(tmp_path / "p.json").identity() == ONE.identity()
    for odd in ("NaN", "Infinity", "1e-999999", "true", "1.5"):
        (tmp_path / "p.json").write_text(text.replace("30000.0", odd))
        with pytest.raises(FileError, match="write a whole number"):
            read_problem(tmp_path / "p.json")


@pytest.mark.parametrize("write", [write_ods, write_xlsx])
def test_sheets_with_capitals_and_notes_beside_are_read(tmp_path, write):
    sheets = {"Readme": [["hello"]]}
    for table, rows in rows_of(ONE).items():
        columns = list(dict.fromkeys(key for row in rows for key in row))
        sheets[table.capitalize()] = [columns, *([r.get(c, "") for c in columns] for r in rows)]
    path = tmp_path / ("p.ods" if write is write_ods else "p.xlsx")
    write(sheets, path)
    assert read_problem(path).identity() == ONE.identity()


def test_a_formula_without_its_value_is_named_and_nothing_is_calculated(tmp_path):
    sheet = row(1, "body", "good", "opening") + row(2, "workshop", "wood", "=9000*100")
    (tmp_path / "p.xlsx").write_bytes(xlsx({"stocks": sheet}))
    with pytest.raises(FileError, match=r"stocks, row 2: cell C2 holds a formula \(=9000\*100\)"):
        read_problem(tmp_path / "p.xlsx")


def test_a_table_or_a_column_given_twice_is_refused(folder):
    (folder / "Stocks.tsv").write_text("body\tgood\topening\n")
    with pytest.raises(FileError, match="is the table stocks a second time"):
        read_problem(folder)
    (folder / "Stocks.tsv").unlink()
    (folder / "stocks.csv").write_text("body,good,opening,Opening\nworkshop,wood,1,2\n")
    with pytest.raises(FileError, match="has the column 'opening' twice"):
        read_problem(folder)


def test_how_a_problem_was_read_is_told(folder, tmp_path, capsys):
    rewrite(folder, lambda text: text.replace(",", ";").replace("wood", "leña"), "latin-1")
    plan = tmp_path / "plan.json"
    assert comuna(capsys, "plan", "solve", folder, "--out", plan)[0] == 0
    said = json.loads(comuna(capsys, "plan", "check", folder, plan, "--json")[1])["read"]
    assert said["layout"]["goods"] == "CSV with a semicolon between cells"
    assert said["columns"]["goods"][:2] == ["good", "unit"]
    assert any("read as Latin-1" in each for each in said["remarks"])


def test_counted_stocks_may_come_from_a_spanish_spreadsheet_program(tmp_path):
    from comuna.plan.happened import COUNTED, read_happened

    (tmp_path / "c.csv").write_bytes("Body;Good;Quantity\ntaller;leña;528 000\n".encode("latin-1"))
    assert read_happened(tmp_path / "c.csv", COUNTED) == {("taller", "leña"): [528_000]}


def test_names_in_plans_scenarios_and_at_the_terminal_are_one_in_either_form(tmp_path, capsys):
    rows = json.loads(json.dumps(chairs()).replace('"wood"', '"le\\u00f1a"'))
    (tmp_path / "p.json").write_text(json.dumps(rows))
    (tmp_path / "s.json").write_text(json.dumps([
        {"scenario": "half", "table": "stocks", "column": "opening", "times": 500,
         "good": "len\u0303a"}]))  # fmt: skip
    assert comuna(capsys, "plan", "solve", tmp_path / "p.json", "--out", tmp_path / "plan")[0] == 0
    said = (tmp_path / "plan").read_text().replace("ñ", "n\u0303")
    (tmp_path / "nfd").write_text(said)
    from comuna.plan.published import read

    assert read(read_problem(tmp_path / "p.json"), tmp_path / "nfd").answer.x.any()
    assert comuna(capsys, "plan", "scenarios", tmp_path / "p.json", tmp_path / "s.json")[0] == 0
    (tmp_path / "t.csv").write_text("a,le\u00f1a,pan,final\nle\u00f1a,2,5,3\npan,0,0,10\n")
    words = ("requirements", tmp_path / "t.csv", "--short", "len\u0303a=1")
    assert comuna(capsys, *words)[0] == 0
