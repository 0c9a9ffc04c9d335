"""Input-output tables as people keep them, and what follows from them."""

import json

import numpy as np
import pytest

from comuna.plan.errors import FileError, PlanError
from comuna.plan.input_output import (
    downstream,
    from_supply_and_use,
    known_rows,
    new_product,
    requirements,
)
from comuna.plan.sheets import write_ods, write_xlsx
from comuna.plan.table_files import read_table, table_of, write_table
from tests.plan.test_files_and_verbs import comuna


def test_what_a_new_product_needs_and_what_a_shortage_costs_downstream():
    economy = table_of("sector,wheat,bread,final\nwheat,2,5,3\nbread,0,0,10\nhours,10,20\n")
    total = requirements(economy).total
    assert new_product(total, [0.0, 2.0]) == pytest.approx([1.25, 2.0])
    assert downstream(economy, "wheat", 1.0) == pytest.approx([1.25, 0.625])
    with pytest.raises(PlanError, match="no sector 'steel'"):
        downstream(economy, "steel", 1.0)


def test_a_supply_table_without_by_products_gives_the_use_table_back():
    use = np.array([[2.0, 5.0], [0.0, 0.0]])
    made = from_supply_and_use(["wheat", "bread"], np.diag([10.0, 10.0]), use, np.array([3.0, 10]))
    assert made.flows.tolist() == use.tolist()


def test_requirements_give_the_promised_json(tmp_path, capsys):
    table = tmp_path / "t.csv"
    table.write_text("sector;wheat;bread;final\nwheat;2;5;3\nbread;0;0;10\nhours;10;20\n")
    status, out = comuna(capsys, "requirements", table, "--json")
    found = json.loads(out)
    assert status == 0
    assert found["sectors"] == ["wheat", "bread"]
    assert found["direct"] == [[0.2, 0.5], [0.0, 0.0]]
    assert found["multipliers"]["hours"] == pytest.approx([1.25, 2.625])


@pytest.mark.parametrize("layout", ["square", "long"])
def test_a_table_written_in_a_layout_reads_back(layout):
    one = table_of("sector,wheat,bread,final\nwheat,2,5,3\nbread,0,0,10\nhours,10,20\n")
    back = table_of(write_table(one, layout))
    assert back.sectors == one.sectors
    assert (back.flows == one.flows).all()
    assert (back.output == one.output).all()
    assert (back.primary["hours"] == one.primary["hours"]).all()


def test_a_table_with_words_for_numbers_says_where():
    with pytest.raises(FileError, match="row 2: 'much' under 'bread' is not a number"):
        table_of("sector,wheat,bread\nwheat,2,much\nbread,0,some\n")


SMALL = "sector,wheat,bread,final,output\nwheat,2,5,3,10\nbread,0,0,10,10\n"
PRIMARY = "Empleo total (horas),10,20\nWages,3,4\nOperating surplus,2,0\nImported goods,3,1\n"


def test_multipliers_stand_under_known_names_whatever_the_table_calls_its_rows():
    found = requirements(table_of(SMALL + PRIMARY)).multipliers
    assert found["labour"] == pytest.approx(found["Empleo total (horas)"])
    assert found["labour"] == pytest.approx([1.25, 2.625])
    assert found["import"] == pytest.approx(found["Imported goods"])
    assert found["value_added"] == pytest.approx(found["Wages"] + found["Operating surplus"])
    # what is needed of value added and imports makes up each unit: 5 + 3 of 10, 4 + 1 of 5
    total = found["value_added"] + found["import"]
    assert total == pytest.approx(np.array([0.8, 0.5]) @ requirements(table_of(SMALL)).total)


@pytest.mark.parametrize(
    ("row", "known"),
    [
        ("EMP, total", "labour"), ("Labour (FTE)", "labour"), ("puestos de trabajo", "labour"),
        ("Hours worked", "labour"), ("Compensation of employees", ""), ("Self-employed", ""),
        ("GVA at basic prices", "value_added"), ("Valor agregado bruto", "value_added"),
        ("VALU", "value_added"), ("B1G", "value_added"), ("P7", "import"),
        ("Importaciones", "import"), ("Taxes less subsidies on products", ""), ("CO2", ""),
    ],
)  # fmt: skip
def test_rows_are_known_by_their_names_in_two_languages(row, known):
    assert set(known_rows({row: np.ones(2)})) == ({known} - {""})


def test_of_several_rows_of_labour_the_total_counts():
    rows = {"Employment, women": np.ones(2), "Employment, total": np.full(2, 2.0)}
    assert known_rows(rows)["labour"].tolist() == [2, 2]


LAYOUTS = {
    "semicolons and decimal commas": "a;wheat;bread;final;output\nwheat;2,0;5,5;2,5;10\n"
    "bread;0;0,0;10,0;10\n",
    "points for thousands": "a;wheat;bread;output\nwheat;2.000,0;5.500,0;10.000,0\n"
    "bread;-;:;10.000,0\n",
    "tabs and a title": "Table 3, 2010\n\na\twheat\tbread\toutput\nwheat\t2\t5.5\t10\n"
    "bread\t0\t\t10\n",
    "commas for thousands": 'a,wheat,bread,output\nwheat,"2,000","5,500","10,000"\n'
    'bread,0,0,"10,000"\n',
    "codes told apart": "a,code,D01,D02,TOTAL,HFCE,OUTPUT\nx,TTL_01,2,5.5,7.5,2.5,10\n"
    "y,TTL_02,0,0,0,10,10\n",
    "names told apart, in order": "code,name,no,quadrant,Wheat growing,Bread baking,TOTAL,final\n"
    "P1a,wheat,1,10,2,5.5,7.5,2.5\nP2a,bread,2,10,0,0,0,10\nT,total,3,10,2,5.5,7.5,12.5\n"
    "O,output,4,10,10,10,20,\n",
    "totals among rows and columns": "a,wheat,Total intermediate,bread,final,Total final use,x\n"
    "wheat,2,99,5.5,2.5,99,10\nTotal,99,99,99,99,99,99\nbread,0,99,0,10,99,10\n",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_tables_are_read_however_people_keep_them(layout):
    found = requirements(table_of(LAYOUTS[layout]))
    assert found.direct.tolist() == [[0.2, 0.55], [0.0, 0.0]]


def test_a_sector_that_made_nothing_needs_nothing():
    found = requirements(table_of("a,wheat,coal,output\nwheat,2,0,10\ncoal,1,0,0\nhours,5,0\n"))
    assert found.direct.tolist() == [[0.2, 0.0], [0.1, 0.0]]
    assert found.multipliers["labour"] == pytest.approx([0.5 / 0.8, 0.0])


def test_a_table_in_a_spreadsheet_is_read_as_its_csv_would_be(tmp_path):
    cells = [["a", "wheat", "bread", "output"], ["wheat", 2, 5, 10], ["bread", 0, 0, 10]]
    write_ods({"iot": cells}, tmp_path / "t.ods")
    write_xlsx({"iot": cells}, tmp_path / "t.xlsx")
    for name in ("t.ods", "t.xlsx"):
        assert requirements(read_table(tmp_path / name)).direct.tolist() == [[0.2, 0.5], [0.0, 0.0]]


def test_a_table_without_output_or_final_use_says_what_to_add():
    with pytest.raises(FileError, match="has neither output nor final use; add a row"):
        table_of("a,wheat,bread\nwheat,2,5\nbread,0,0\n")


def test_new_products_shortages_and_labour_values_are_reached_from_the_terminal(tmp_path, capsys):
    table = tmp_path / "t.csv"
    table.write_text(SMALL + PRIMARY)
    status, out = comuna(capsys, "requirements", table, "--new", "bread=2", "--short", "wheat=1",
                         "--json")  # fmt: skip
    said = json.loads(out)
    assert status == 0
    assert said["new_product"] == pytest.approx([1.25, 2.0])
    assert said["downstream"]["wheat"] == pytest.approx([1.25, 0.625])
    assert said["labour_values"]["values"] == pytest.approx([1.25, 2.625])
    assert said["labour_values"]["largest_difference"] < 1e-9
    assert comuna(capsys, "requirements", table, "--short", "steel=1")[0] == 2
    status, out = comuna(capsys, "requirements", table, "--short", "wheat=1", "--lang", "es")
    assert "Si de wheat falta 1, se pierde producción: wheat 1.25, bread 0.625" in out


def test_supply_and_use_tables_are_read_together_and_the_result_is_written(tmp_path, capsys):
    """The mill makes all the flour and 2 of 12 straw; the farm all the grain and the rest. Its
    work follows its products: of the mill's 6 hours, 6 × 8 ÷ 10 for flour and 6 × 2 ÷ 10 for
    straw."""
    (tmp_path / "supply.csv").write_text(
        "product,farm,mill,Total\ngrain,20,0,20\nflour,0,8,8\nstraw,10,2,12\nTotal,30,10,40\n"
    )
    (tmp_path / "use.csv").write_text(
        "product,farm,mill,Total,final\ngrain,3,10,13,7\nflour,0,0,0,8\nstraw,6,0,6,6\n"
        "hours,15,6,21,\noutput,30,10,40,\n"
    )
    words = ("requirements", tmp_path / "use.csv", "--supply", tmp_path / "supply.csv")
    status, out = comuna(capsys, *words, "--write", tmp_path / "out.csv", "--json")
    said = json.loads(out)
    assert status == 0
    assert said["sectors"] == ["grain", "flour", "straw"]
    assert said["direct"][0] == pytest.approx([2 / 20, 8 / 8, (1 + 2) / 12])
    table = read_table(tmp_path / "out.csv")
    assert table.primary["hours"] == pytest.approx([10, 6 * 0.8, 5 + 6 * 0.2])
    assert table.final == pytest.approx([7, 8, 6])
    assert requirements(table).total == pytest.approx(np.array(said["total"]))
    (tmp_path / "other.csv").write_text("a,b\nc,1\n")
    assert comuna(capsys, *words[:3], tmp_path / "other.csv")[0] == 2
