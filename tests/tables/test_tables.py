"""What people have as tables: read where there is one reading, refused with both where two."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comuna.tables.errors import TableError
from comuna.tables.numbers import Numbers
from comuna.tables.reading import heading, read_tables, table_of
from tests.tables.sheets import ods, row, xlsx

ROWS = [["Ana", "Luis"], ["1", "2"], ["2", "1"]]


def cells(content: bytes | str, name: str = "b.csv") -> list[list[str]]:
    raw = content.encode() if isinstance(content, str) else content
    (table,) = read_tables(name, raw)
    return [row for _, row in table.checked().rows]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_common_delimiter_and_line_end_says_the_same(mark: str, end: str) -> None:
    assert cells(end.join(mark.join(row) for row in ROWS)) == ROWS


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
def test_every_common_encoding_says_the_same(encoding: str) -> None:
    assert cells("Íñigo,María\n1,2\n".encode(encoding)) == [["Íñigo", "María"], ["1", "2"]]


def test_latin_1_is_told_with_what_was_read() -> None:
    (table,) = read_tables("b.csv", "A,B\n1,ñ\n".encode("latin-1"))
    assert "ñ" in table.remarks[0].en
    assert table.remarks[0].line == 2


def test_a_file_of_two_encodings_is_refused_with_the_line() -> None:
    with pytest.raises(TableError, match=r"line 3: some of the file is UTF-8") as wrong:
        cells("ñ,b\nñ,c\n".encode() + "ñ,d\n".encode("latin-1"))
    assert "línea 3" in wrong.value.told("es")


def test_a_quoted_name_may_hold_any_delimiter() -> None:
    assert cells('"Ana; treasurer",Luis\n1,2\n')[0] == ["Ana; treasurer", "Luis"]
    assert cells('"Ana, treasurer";Luis\n1;2\n')[0] == ["Ana, treasurer", "Luis"]


def test_an_unquoted_semicolon_in_a_name_is_told_by_the_other_rows() -> None:
    assert cells("Ana; treasurer,Luis\n1,2\n")[0] == ["Ana; treasurer", "Luis"]


def test_what_can_be_cut_in_two_ways_is_refused_with_both() -> None:
    with pytest.raises(TableError, match="by a comma or by a semicolon"):
        cells("a;b,c\n1;2,3\n")


def test_decimal_commas_do_not_part_cells() -> None:
    assert cells("good;amount\nmaize;1,5\nbeans;2,5\n")[1] == ["maize", "1,5"]


def test_the_line_of_a_row_is_where_it_begins() -> None:
    table = table_of("t", 'a,b\n"x\ny",1\n2,3\n')
    assert [line for line, _ in table.rows] == [1, 2, 4]


def test_a_quote_that_does_not_close_is_refused() -> None:
    with pytest.raises(TableError, match="line 2: a cell that begins with a quote"):
        cells('a,b\n"x,1\n2,3\n')


def test_remarks_are_left_out_and_told_and_numbers_with_a_sign_are_not() -> None:
    table = table_of("t", "# of 2026,\n#,a\n#1,x\n# no,y\n")
    assert [row for _, row in table.rows] == [["#", "a"], ["#1", "x"]]
    assert [each.line for each in table.remarks] == [1, 4]


def test_a_blank_row_between_delimiters_stays_and_an_empty_line_does_not() -> None:
    assert cells("Ana,Luis\n,\n\n1,2\n") == [["Ana", "Luis"], ["", ""], ["1", "2"]]


def test_names_are_in_their_composed_form() -> None:
    assert cells("e\u0301,b\n1,2\n")[0][0] == "\u00e9"


def test_excel_says_its_delimiter() -> None:
    assert cells("sep=;\na,b;c\n") == [["a,b", "c"]]


def test_what_is_not_text_is_refused() -> None:
    with pytest.raises(TableError, match="not text"):
        cells(b"\x01\x02\x00,\x03")


@pytest.mark.parametrize(
    ("text", "value"),
    [("60.0", 60), ("1e3", 1000), ("3E1", 30), ("900 000", 900_000), ("-2", -2), ("−2", -2),
     ("900\u00a0000,5", Fraction(1_800_001, 2)), ("1.234,5", Fraction(12_345, 10)),
     ("1,234.5", Fraction(12_345, 10)), ("1,234,567", 1_234_567), ("1.5", Fraction(3, 2)),
     ("1,5", Fraction(3, 2)), ("0.125", Fraction(1, 8)), ("0,125", Fraction(1, 8)),
     ("12'345.5", Fraction(24_691, 2)), ("+7", 7), (".5", Fraction(1, 2)),
     ("1.5e-2", Fraction(3, 200)), ("1.234", Fraction(1234, 1000))],
)  # fmt: skip
def test_a_number_is_exact_however_written(text: str, value: int | Fraction) -> None:
    assert Numbers().read(text) == value


@pytest.mark.parametrize(
    "text", ["", "x", "1.2.3", "1,2,3", "12,34,567.8", "1 00", "nan", "1e", "١", "--1", "1e999"]
)  # fmt: skip
def test_what_is_no_number_is_none(text: str) -> None:
    assert Numbers().read(text) is None


def test_a_number_that_may_be_two_is_refused_with_both() -> None:
    with pytest.raises(TableError, match=r"line 7: '1,234' may be 1234 or 1\.234") as wrong:
        Numbers().read("1,234", 7)
    assert "puede ser 1234 o 1,234" in wrong.value.told("es")
    with pytest.raises(TableError, match=r"may be 1234 or 1\.234"):
        Numbers(point=False).read("1.234")


def test_the_other_cells_decide_between_two_readings() -> None:
    comma = Numbers.of(["1,5", "1.234"], point=False)
    assert (comma.read("1.234"), comma.read("1,234")) == (1234, Fraction(1234, 1000))
    point = Numbers.of(["1.5"])
    assert (point.read("1,234"), point.read("1.234")) == (1234, Fraction(1234, 1000))


@given(st.fractions(min_value=0, max_value=10**12), st.sampled_from(".,"))
def test_decimals_survive_being_written(value: Fraction, mark: str) -> None:
    cents = Fraction(int(value * 100), 100)
    written = f"{int(cents * 100) // 100}{mark}{int(cents * 100) % 100:02d}"
    assert Numbers().read(written) == cents


def test_headings_are_compared_without_case_accents_and_signs() -> None:
    assert heading(" Plazo (días)") == heading("PLAZO_DIAS") == "plazo_dias"


def test_the_sheets_of_a_spreadsheet_are_tables() -> None:
    content = xlsx({"A": row(1, "Ana", "Luis") + row(3, 1, 2.5), "B": row(1, "x"), "C": ""})
    one, other = read_tables("t.XLSX", content)
    assert one.rows == ((1, ["Ana", "Luis"]), (2, ["", ""]), (3, ["1", "2.5"]))
    assert (one.name, other.name) == ("A", "B")


def test_a_formula_without_a_value_is_named_with_its_cell() -> None:
    (table,) = read_tables("t.xlsx", xlsx({"A": row(1, "a") + row(2, "=1+1")}))
    with pytest.raises(TableError, match=r"line 2: cell A2 holds a formula \(=1\+1\)"):
        table.checked()


def test_values_of_formulas_that_their_program_left_unworked_do_not_count() -> None:
    cell = '<row r="1"><c r="A1"><f>1+1</f><v>0</v></c></row>'
    (table,) = read_tables("t.xlsx", xlsx({"A": cell}, '<calcPr fullCalcOnLoad="1"/>'))
    assert "A1" in table.flaws[0].en
    (worked,) = read_tables("t.xlsx", xlsx({"A": cell}))
    assert worked.checked().rows == ((1, ["0"]),)


def test_a_cell_with_an_error_is_named() -> None:
    cell = '<row r="1"><c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    (table,) = read_tables("t.xlsx", xlsx({"A": cell}))
    assert "#DIV/0!" in table.flaws[0].es


def test_two_far_cells_are_refused_and_not_laid_out() -> None:
    far = row(1, 1) + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    with pytest.raises(TableError, match="reaches to row 1048576"):
        read_tables("t.xlsx", xlsx({"A": far}))


def test_opendocument_says_the_same() -> None:
    text = '<table:table-cell office:value-type="string"><text:p>Ana</text:p></table:table-cell>'
    number = '<table:table-cell office:value-type="float" office:value="2"/>'
    edge = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell '
    edge += 'table:number-columns-repeated="16384"/></table:table-row>'
    rows = f"<table:table-row>{text}{number}</table:table-row>{edge}"
    (table,) = read_tables("t.ods", ods("A", rows))
    assert table.checked().rows[0] == (1, ["Ana", "2"])
    formula = '<table:table-cell table:formula="of:=1+1"/>'
    (table,) = read_tables("t.ods", ods("A", f"<table:table-row>{formula}</table:table-row>"))
    assert "cell A1 holds a formula (=1+1)" in table.flaws[0].en


def test_a_cell_of_text_that_does_not_say_so_is_named_and_a_note_beside_it_is_not_read() -> None:
    bare = "<table:table-row><table:table-cell><text:p>Ana</text:p></table:table-cell>"
    (table,) = read_tables("t.ods", ods("A", f"{bare}</table:table-row>"))
    assert "cell A1 holds 'Ana'" in table.flaws[0].en
    note = "<office:annotation><text:p>why</text:p></office:annotation>"
    cell = f'<table:table-cell office:value-type="float" office:value="2">{note}'
    (table,) = read_tables(
        "t.ods", ods("A", f"<table:table-row>{cell}</table:table-cell></table:table-row>")
    )
    assert table.checked().rows == ((1, ["2"]),)


@pytest.mark.parametrize("reference", ["XFE1", "A1048577", "a1", "A0", "A1A1", "ZZZZ9", "1A", "B7"])
def test_a_cell_that_no_sheet_has_is_refused(reference: str) -> None:
    cell = f'<row r="1"><c r="{reference}"><v>1</v></c></row>'
    with pytest.raises(TableError, match=r"not a \.xlsx spreadsheet"):
        read_tables("t.xlsx", xlsx({"A": cell}))


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_what_is_no_spreadsheet_is_refused(ending: str) -> None:
    with pytest.raises(TableError, match="not a") as wrong:
        read_tables(f"t.{ending}", b"PK\x03\x04nothing")
    assert "no es una hoja" in wrong.value.es


def test_entities_are_not_expanded() -> None:
    from tests.tables.sheets import zipped

    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
    with pytest.raises(TableError):
        read_tables("t.ods", zipped({"content.xml": bomb}))
