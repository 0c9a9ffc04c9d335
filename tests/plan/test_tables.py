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
