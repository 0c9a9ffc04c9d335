"""Tables in every dialect; and what a table says that no multiplier holds."""

import json

import pytest

from comuna.plan.errors import FileError
from comuna.plan.input_output import requirements
from comuna.plan.sheets import write_xlsx
from comuna.plan.table_files import read_named, read_table, table_of
from tests.plan.test_files_and_verbs import comuna
from tests.tables.sheets import row, xlsx

SMALL = "sector,wheat,bread,final,output\nwheat,2,5,3,10\nbread,0,0,10,10\nhours,10,20,,\n"


def test_a_row_out_of_balance_is_told_with_its_figures_before_anything_is_calculated(
    tmp_path, capsys
):
    path = tmp_path / "t.csv"
    path.write_text("sector,A,B,final,output\nA,10,20,70,1000\nB,30,10,60,100\nlabour,50,60,,\n")
    status, out = comuna(capsys, "requirements", path, "--json")
    (wrong,) = json.loads(out)["wrong"]
    assert status == 2
    assert wrong["row"] == 2
    assert wrong["wrong"] == "A: 10 + 20 + 70 is 100 and not the output 1000"
    path.write_text("from,to,value\nA,A,10\nA,final,70\noutput,A,100\n")
    with pytest.raises(FileError, match=r"A: 10 \+ 70 is 80 and not the output 100"):
        read_table(path)


def test_rounded_figures_are_in_balance_and_subtotals_are_no_final_use(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,p,q,final,output\np,1.3,2.4,3.4,7.2\nq,1,2,3,6\n")
    assert read_table(path).output.tolist() == [7.2, 6]
    path.write_text("a,p,q,homes,state,both,output\np,1,2,3,1,4,7\nq,1,2,3,2,5,8\n")
    table, read = read_named(path)
    assert table.final.tolist() == [4, 5]
    assert [each.en for each in read.remarks] == ["both: a subtotal, left out"]


def test_where_most_rows_are_out_of_balance_it_is_remarked_and_the_rest_is_final_use(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,p,q,final,output\np,1,2,3,70\nq,1,2,3,80\n")
    table, read = read_named(path)
    assert table.final.tolist() == [67, 77]
    assert "in 2 of 2 rows" in read.remarks[0].en
    assert "p: 1 + 2 + 3 = 6, 70" in read.remarks[0].es


def test_what_sectors_without_output_used_is_told(tmp_path, capsys):
    path = tmp_path / "t.csv"
    path.write_text("sector,A,B,final\nA,10,5,85\nB,0,0,0\nlabour,50,20,\n")
    said = json.loads(comuna(capsys, "requirements", path, "--json")[1])
    assert said["read"]["remarks"] == [
        "B made nothing and used 5 of A, which no multiplier holds (10 of 15 are accounted for)",
        "B made nothing and used 20 of labour, which no multiplier holds "
        "(50 of 70 are accounted for)",
    ]
    assert said["read"]["columns"]["sectors"] == ["A", "B"]
    assert "B no hizo nada" in comuna(capsys, "requirements", path, "--lang", "es")[1]


@pytest.mark.parametrize("name", ["Total Energies", "Sub-total mining", "Totals and others"])
def test_a_sector_with_total_in_its_name_is_a_sector(name):
    text = f"sector,wheat,{name},final,output\nwheat,2,5,3,10\n{name},0,1,9,10\nTotal,2,6,12,20\n"
    table = table_of(text + "hours,10,20,,\n")
    assert table.sectors == ("wheat", name)
    assert list(table.primary) == ["hours"]


def test_totals_of_rows_and_columns_are_still_passed_over():
    text = ("s,wheat,bread,Total inputs,final,output\nwheat,2,5,7,3,10\nbread,0,0,0,10,10\n"
            "Total inputs,2,5,7,13,20\nhours,10,20,30,,\n")  # fmt: skip
    assert table_of(text).sectors == ("wheat", "bread")


DIALECTS = {
    "latin1.csv": "a;maíz;pan;producción\nmaíz;2,5;5,0;10\npan;0;0;10\n".encode("latin-1"),
    "utf16.csv": "a\tmaíz\tpan\tproducción\nmaíz\t2,5\t5\t10\npan\t0\t0\t10\n".encode("utf-16"),
    "bom.csv": "a,maíz,pan,PRODUCCIÓN\nmaíz,2.5,5,10\npan,0,0,10\n".encode("utf-8-sig"),
    "bar.csv": "a|maíz|pan|producción\nmaíz|2.5|5|10\npan|0|0|10\n".encode(),
    "spaces.csv": "a;maíz;pan;producción\nmaíz;2 500;5 000;10 000\npan;0;0;10 000\n".encode(),
    "power.csv": "a,maíz,pan,producción\nmaíz,2.5e0,5,1e1\npan,0,0,10\n".encode(),
}


@pytest.mark.parametrize("name", DIALECTS)
def test_every_dialect_says_the_same(tmp_path, name):
    (tmp_path / name).write_bytes(DIALECTS[name])
    table = read_table(tmp_path / name)
    assert table.sectors == ("maíz", "pan")
    assert requirements(table).direct.tolist() == [[0.25, 0.5], [0, 0]]


def test_figures_in_parentheses_are_negative_where_the_table_says_so(tmp_path):
    rows = "s;wheat;bread;stocks;final;output\nwheat;2;5;(1);4;10\nbread;0;0;0;10;10\n"
    for said in ("Figures in parentheses are negative", "( ) : negativo, entre paréntesis"):
        table = table_of(f"{said}\n{rows}")
        assert table.final.tolist() == [3, 10]
    with pytest.raises(FileError, match=r"'\(1\)' may be -1 or the number of a note") as told:
        table_of(rows)
    assert "puede ser -1" in told.value.told("es")


def test_the_table_may_be_on_the_second_sheet(tmp_path):
    cells = [["a", "wheat", "bread", "output"], ["wheat", 2, 5, 10], ["bread", 0, 0, 10]]
    write_xlsx({"notes": [["Made in 2026"], ["by us"]], "iot": cells}, tmp_path / "t.xlsx")
    table, read = read_named(tmp_path / "t.xlsx")
    assert table.sectors == ("wheat", "bread")
    assert read.layout == "xlsx, sheet iot"


def test_a_formula_without_its_value_is_named_with_its_cell(tmp_path):
    sheet = row(1, "a", "x", "y", "output") + row(2, "x", "=1+1", 5, 10) + row(3, "y", 0, 0, 10)
    (tmp_path / "t.xlsx").write_bytes(xlsx({"A": sheet}))
    with pytest.raises(FileError, match=r"row 2: cell B2 holds a formula \(=1\+1\)") as told:
        read_table(tmp_path / "t.xlsx")
    assert "fila 2: la celda B2" in told.value.told("es")


def test_a_number_that_may_be_two_is_refused_with_both():
    with pytest.raises(FileError, match=r"'1\.234' may be 1234 or 1\.234"):
        table_of("a;p;q;output\np;1.234;5;10\nq;0;0;10\n")
