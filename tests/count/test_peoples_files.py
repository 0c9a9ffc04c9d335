"""Ballot files as people have them: what is unambiguous is read and told, what has two readings is
refused with both."""

import json
from pathlib import Path

import pytest

from comuna.count.errors import CountError, FileError
from comuna.count.files import read_ballots
from comuna.count.methods import count
from comuna.count.rankings import Papers, Rankings
from comuna.count.rule import Rule
from comuna.count.supports import Contest, Supports
from tests.tables.sheets import row, xlsx

from .test_words_and_verbs import run

NAMES = '"Ana"\n"Luis"\n"Eva"\n"Board"\n'


def read(name: str, text: str | bytes, points: bool = False) -> tuple[Contest, object]:
    content = text.encode() if isinstance(text, str) else text
    return read_ballots(name, content, points=points)


def told(ballots: object) -> list[tuple[int, dict[str, int]]]:
    """Ballots as (how many, {name: place}), in an order of their own."""
    assert isinstance(ballots, Rankings)
    assert ballots.weight is not None
    names = [each.name or each.id for each in ballots.candidates]
    unranked = 255 if ballots.ranks.dtype.itemsize == 1 else 65535
    found = [
        (
            int(many),
            {n: int(p) for n, p in zip(names, ballots.ranks[:, at], strict=True) if p != unranked},
        )
        for at, many in enumerate(ballots.weight)
    ]
    return sorted(found, key=str)


ORDERS = [(2, {"Ana": 2, "Luis": 1}), (3, {"Ana": 1, "Luis": 2})]


@pytest.mark.parametrize(
    "heading", ["ballots", "Votes", "Count", "Weight", "n", "Ballots", "papeletas", "Nº de votos"]
)
def test_a_column_says_how_many_under_any_common_heading(heading: str) -> None:
    heading = heading.replace("Nº de", "número de")
    contest, ballots = read("b.csv", f"{heading},Ana,Luis\n3,1,2\n2,2,1\n")
    assert told(ballots) == ORDERS
    assert contest.columns == {heading: "ballots", "Ana": "candidate", "Luis": "candidate"}


@pytest.mark.parametrize("heading", ["VoterID", "voter", "Id", "Cast Vote Record", "votante", "#"])
def test_whose_paper_it_is_is_no_candidate(heading: str) -> None:
    contest, ballots = read("b.csv", f"{heading},Ana,Luis\n1,1,2\n2,2,1\n3,1,2\n")
    assert told(ballots) == [(1, {"Ana": 2, "Luis": 1}), (2, {"Ana": 1, "Luis": 2})]
    assert contest.columns[heading] == "voter"


def test_one_paper_twice_is_refused_with_both_lines() -> None:
    with pytest.raises(FileError, match=r"line 3: voter '7' stands in line 2 too"):
        read("b.csv", "voter,Ana,Luis\n7,1,2\n7,1,2\n")


def test_a_column_that_may_be_a_candidate_or_a_count_is_refused_with_the_names() -> None:
    for text in ("Sheaf,Ana,Luis\n40,1,2\n25,2,1\n", "Ana,Luis,Pliego\n1,2,5\n2,1,1\n"):
        with pytest.raises(FileError, match="may be a candidate, or say how many") as wrong:
            read("b.csv", text)
        assert "papeletas o votante" in wrong.value.told("es")


def test_every_dialect_gives_the_same_ballots() -> None:
    for mark in ",;\t|":
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "latin-1"):
            text = mark.join(["Ana", "Luís", "ballots\n1", "2", "3\n2", "1", "2\n"])
            _, ballots = read("b.csv", text.encode(encoding))
            assert [many for many, _ in told(ballots)] == [2, 3]


@pytest.mark.parametrize("nothing", ["", "0", "NA", "n/a", "-", "—", "null", "NaN"])
def test_every_common_sign_for_no_place_is_read_and_places_may_be_decimals(nothing: str) -> None:
    text = f"Ana,Luis,Eva\n1.0,{nothing},2.0\n2,1,3\n{nothing},{nothing},1\n"
    assert told(read("b.csv", text)[1]) == [
        (1, {"Ana": 1, "Eva": 2}),
        (1, {"Ana": 2, "Luis": 1, "Eva": 3}),
        (1, {"Eva": 1}),
    ]


def test_a_0_in_every_row_may_be_the_first_place_and_is_refused() -> None:
    with pytest.raises(FileError, match="first place or no place"):
        read("b.csv", "Ana,Luis,Eva\n0,1,2\n1,0,2\n")


def test_short_rows_remarks_and_quoted_signs_are_read() -> None:
    contest, ballots = read("b.csv", '# of 2026\n"Ana; chair",Luis\n1\n2,1\n')
    assert told(ballots) == [(1, {"Ana; chair": 1}), (1, {"Ana; chair": 2, "Luis": 1})]
    assert contest.remarks[0].line == 1


def test_crosses_are_approvals() -> None:
    _, ballots = read("b.csv", "Ana,Luis,Eva\nx,X,\n,x,no\n✓,,\n")
    assert isinstance(ballots, Supports)
    assert (ballots.kind, ballots.votes()) == ("approval", [2, 2, 0])


def test_numbers_are_points_where_the_method_counts_points() -> None:
    contest, ballots = read("b.csv", "Ana;Luis\n5;2,5\n0;1\n", points=True)
    assert isinstance(ballots, Supports)
    assert ballots.scores() == [10, 7]
    assert "2 times as great" in contest.remarks[0].en


def test_names_under_ranks_are_read_as_cast_vote_records_have_them() -> None:
    text = (
        "Cast Vote Record,Precinct,rank1,rank2,rank3\n"
        "1,Hill,Ana,skipped,Luis\n2,Hill,overvote,Ana,\n3,Vale,Luis,Luis,Ana\n4,Vale,Ana//Luis,,\n"
    )
    contest, ballots = read("b.csv", text)
    assert isinstance(ballots, Rankings)
    assert told(ballots) == [
        (1, {"Ana": 1, "Luis": 1}),
        (1, {"Ana": 1, "Luis": 3}),
        (1, {"Ana": 2}),
        (1, {"Ana": 3, "Luis": 1}),
    ]
    assert ballots.papers == Papers(4, 0, 2, 1, 1)
    assert contest.columns["Precinct"] == "left out"


@pytest.mark.parametrize(
    "headings",
    ["rank1,rank2", "1st Choice,2nd Choice", "1ª preferencia,2ª preferencia", "1,2",
     "For Mayor Choice 1 (45),For Mayor Choice 2 (50)", "1ST CHOICE MAYOR,2ND CHOICE MAYOR"],
)  # fmt: skip
def test_ranks_are_told_by_many_headings(headings: str) -> None:
    _, ballots = read("b.csv", f"{headings}\nAna,Luis\nLuis,undervote\n")
    assert told(ballots) == [(1, {"Ana": 1, "Luis": 2}), (1, {"Luis": 1})]


def test_numbers_under_numbers_are_refused_with_both_readings() -> None:
    with pytest.raises(FileError, match="candidates with their places or places with"):
        read("b.csv", "1,2,3\n1,2,3\n2,1,3\n")


def test_two_contests_in_a_file_are_refused() -> None:
    with pytest.raises(FileError, match="a file holds one contest"):
        read("b.csv", "Mayor choice 1,Clerk choice 1\nAna,Luis\n")


def test_a_spreadsheet_is_read_from_its_only_sheet_with_ballots() -> None:
    sheets = {
        "Notes": row(1, "About") + row(2, "This poll"),
        "Ballots": row(1, "rank1", "rank2", "COUNT") + row(2, "Ana", "Luis", 3) + row(3, "", "", 1),
    }
    contest, ballots = read("b.xlsx", xlsx(sheets))
    assert told(ballots) == [(1, {}), (3, {"Ana": 1, "Luis": 2})]
    assert any("sheet Ballots" in each.en for each in contest.remarks)
    formula = {"A": row(1, "Ana", "Luis") + row(2, "=1", 2)}
    with pytest.raises(FileError, match="cell A2 holds a formula"):
        read("b.xlsx", xlsx(formula))


SAME = {
    "b.blt": f"3 1\n1 1 2 0\n1 1=2 3 0\n1 1 - 3 0\n2 0\n0\n{NAMES}",
    "b.csv": "Ana,Luis,Eva\n1,2,\n1,1,2\n1,,3\n,,\n,,\n",
    "c.csv": "rank1,rank2,rank3\nAna,Luis,\nAna//Luis,Eva,\nAna,skipped,Eva\n,,\n,,\n",
    "d.csv": "ballots;Ana;Luis;Eva\n1;1;2;\n1;1;1;3\n1;1;;3\n2;;;\n",
}


@pytest.mark.parametrize("name", SAME)
def test_blanks_equals_and_places_passed_over_are_told_alike_from_every_file(name: str) -> None:
    _, ballots = read(name, SAME[name])
    assert isinstance(ballots, Rankings)
    assert ballots.papers == Papers(5, 2, 1, 1, 0)
    result = count(Rule(method="irv"), ballots)
    assert [each.exhausted for each in result.rounds] == [3]
    assert result.notes["papers"]["blank"] == 2


BLT = [
    ("remarks behind names", f'3 1\n1 1 2 0 # hers\n0\n"Ana"  # 1\n"Luis"#2\n{NAMES[13:]}'),
    ("papers named", f"3 1\n(a 1) 1 2 0\n0\n{NAMES}"),
    ("ballots on a line", f"3 1\n1 1 2 0 0\n{NAMES}"),
    ("names on a line", '3 1\n1 1 2 0\n0\n"Ana" "Luis" "Eva" "Board"\n'),
    ("short names", f"3 1\n[nick a l e]\n1 a l 0\n0\n{NAMES}"),
    ("lines after the title", f'3 1\n1 1 2 0\n0\n{NAMES}"a source"\n'),
    ("whole decimals", f"3 1\n1.0 1 2 0\n0\n{NAMES}"),
    ("no closing 0 of a ballot", f"3 1\n1 1 2\n0\n{NAMES}"),
    ("no 0 behind the ballots", f"3 1\n1 1 2 0\n{NAMES}"),
]


@pytest.mark.parametrize(("what", "text"), BLT, ids=[what for what, _ in BLT])
def test_blt_is_read_as_other_programs_write_it(what: str, text: str) -> None:
    contest, ballots = read("b.blt", text)
    assert told(ballots) == [(1, {"Ana": 1, "Luis": 2})]
    assert contest.title == "Board"


def test_several_ballots_may_share_a_line_of_blt() -> None:
    _, ballots = read("b.blt", f"3 1\n3 1 2 0 2 2 1 0\n0\n{NAMES}")
    assert told(ballots) == [(2, {"Ana": 2, "Luis": 1}), (3, {"Ana": 1, "Luis": 2})]


def test_withdrawals_stand_on_any_number_of_lines() -> None:
    for lines in ("-2\n-3\n", "-2 -3\n"):
        contest, ballots = read("b.blt", f"3 1\n{lines}4 1 2 3 0\n0\n{NAMES}")
        assert told(ballots) == [(4, {"Ana": 1})]
        assert contest.remarks[0].es == "se retiraron: Luis, Eva"


def test_a_ballot_that_may_go_on_in_the_next_line_is_refused() -> None:
    with pytest.raises(FileError, match="may end here or go on") as wrong:
        read("b.blt", f"3 1\n1 1\n2 3 0\n0\n{NAMES}")
    assert "línea 2" in wrong.value.told("es")


def test_ballots_with_decimals_are_counted_in_parts() -> None:
    contest, ballots = read("b.blt", f"3 1\n1.5 1 2 0\n2 2 0\n0\n{NAMES}")
    assert told(ballots) == [(3, {"Ana": 1, "Luis": 2}), (4, {"Luis": 1})]
    assert "2 times as great" in contest.remarks[0].en


def test_fewer_who_stand_than_seats_says_who_withdrew() -> None:
    _, ballots = read("b.blt", f"3 2\n-1 -2\n2 1 3 0\n0\n{NAMES}")
    assert isinstance(ballots, Rankings)
    for method in ("stv-scottish", "stv-meek"):
        with pytest.raises(CountError, match=r"1 candidates: 2 of 3 withdrew \(Ana, Luis\)"):
            count(Rule(method=method, seats=2), ballots)


def test_preflib_may_end_in_a_comma_quote_names_and_count_beyond_a_million_millions() -> None:
    head = '# NUMBER ALTERNATIVES: 2\n# ALTERNATIVE NAME 1: "Ana"\n# ALTERNATIVE NAME 2: Luis\n'
    _, ballots = read("b.soi", head + "3: 1,2,\n2000000000000: 2,\n")
    assert isinstance(ballots, Rankings)
    assert ballots.total() == 2_000_000_000_003
    assert ballots.candidates[0].name == "Ana"
    for method in ("irv", "stv-scottish", "stv-meek", "borda", "schulze"):
        assert count(Rule(method=method), ballots).winners == ("2",)
    _, one = read("b.cat", f"{head}# NUMBER CATEGORIES: 1\n3: {{1}}\n2: 1,\n1: {{2}}\n")
    assert isinstance(one, Supports)
    assert (one.kind, one.votes()) == ("approval", [5, 1])


def test_abif_equals_approve_quotes_name_and_points_have_decimals() -> None:
    _, ballots = read("b.abif", '5:"Ana Ruiz"=B\n3:B=C\n')
    assert isinstance(ballots, Supports)
    assert dict(zip(ballots.ids, ballots.votes(), strict=True)) == {"Ana Ruiz": 5, "B": 8, "C": 3}
    with pytest.raises(FileError, match=r"line 1: a list with commas needs points, A/1,B/1"):
        read("b.abif", "5:A,B\n3:B,C\n")
    _, points = read("b.abif", "2:A/4.5,B/1,\n")
    assert isinstance(points, Supports)
    assert points.scores() == [18, 4]


def pb(meta: str, votes: str, cost: str = "60") -> str:
    return (
        f"# a budget\nmeta\nkey;value\nbudget;60\n{meta}PROJECTS\nproject_id;cost\n1;{cost}\n"
        f"2;60\nVotes\nvoter_id;vote;points\n{votes}"
    )


@pytest.mark.parametrize(
    ("limit", "bad"),
    [("max_length;1", "1,2;5,5"), ("min_length;1", ";"), ("max_sum_points;10", "2;99"),
     ("min_sum_points;5", "2;4"), ("max_points;5", "2;6"), ("min_points;5", "1,2;5,3"),
     ("max_sum_cost;60", "1,2;5,5"), ("min_sum_cost;50", ";")],
)  # fmt: skip
def test_a_ballot_against_a_limit_of_its_file_is_set_aside_with_its_line(
    limit: str, bad: str
) -> None:
    contest, ballots = read("b.pb", pb(f"vote_type;cumulative\n{limit}\n", f"a;1;5\nb;{bad}\n"))
    assert isinstance(ballots, Supports)
    assert (ballots.total(), ballots.scores()) == (1, [5, 0])
    assert contest.remarks[0].line == 14
    assert limit.partition(";")[0] in contest.remarks[0].es


@pytest.mark.parametrize("cost", ["3e1", "30.0", "30,00", "1 000", "1" + "0" * 24])
def test_amounts_are_read_as_people_write_them(cost: str) -> None:
    _, ballots = read("b.pb", pb("vote_type;approval\n", "a;1;\n", cost))
    assert isinstance(ballots, Supports)
    value = {"1 000": 1000}.get(cost, 30 if cost.startswith("3") else 10**24)
    assert ballots.candidates[0].cost == value


def test_points_may_be_decimals_and_against() -> None:
    votes = "a;1,2;2.5,-1\nb;2;3\n"
    contest, ballots = read("b.pb", pb("vote_type;scoring\n", votes))
    assert isinstance(ballots, Supports)
    assert (ballots.scores(), ballots.votes()) == ([5, 4], [1, 1])
    assert "2 times as great" in contest.remarks[0].en
    rule = Rule.from_options("equal-shares", {"budget": "60", "completion": "add1u", "ties": "id"})
    assert count(rule, ballots).winners == ("2",)
    with pytest.raises(FileError, match="cannot be below 0"):
        read("b.pb", pb("vote_type;cumulative\n", votes))


def test_the_json_says_how_the_file_was_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "b.csv"
    file.write_text("Votes;Ana;Luis\n3;1;2\n;;\n2;2;1\n")
    assert run("count", "irv", file, "--json", "--lang", "es") == 0
    said = json.loads(capsys.readouterr().out)["read"]
    assert said["columns"] == {"Votes": "ballots", "Ana": "candidate", "Luis": "candidate"}
    assert said["layout"] == "CSV with a semicolon between cells; places"
    assert said["remarks"] == []
    file.write_text("Ana,Luis\n1,uno\n")
    assert run("count", "irv", file, "--lang", "es") == 2
    assert "línea 2: 'uno' no es un lugar como 1, 2 o 3; se leen" in capsys.readouterr().err
