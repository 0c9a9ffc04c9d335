from contextlib import suppress
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comuna.count.candidates import Candidate
from comuna.count.errors import BallotError, CountError, FileError
from comuna.count.files import read_ballots
from comuna.count.files.blt import write_blt
from comuna.count.files.pabulib import write_pb
from comuna.count.methods import count
from comuna.count.rankings import Rankings
from comuna.count.rule import Rule
from comuna.count.supports import Contest, Supports

BLT = """3 2
-3
4 1 2 0
2 2=3 1 0
1 - 3 0
1 0
0
"Ana"
"Luis"
"Eva"
"The board"
"""
PB = """META
key;value
description;Village budget
num_projects;2
num_votes;3
budget;100.50
vote_type;approval
PROJECTS
project_id;cost;votes;name;category
w;60;2;"Well; deep";water,health
r;40.5;2;Road;roads
VOTES
voter_id;age;vote
1;30;w,r
2;41;w
3;19;r
"""
CAT = """# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 4
# NUMBER CATEGORIES: 2
# CATEGORY NAME 1: Yes
# CATEGORY NAME 2: No
# ALTERNATIVE NAME 1: Goat
# ALTERNATIVE NAME 2: Cow
# ALTERNATIVE NAME 3: Sheep
2: {1},{2,3}
1: 2,{1,3}
1: {},{1,2,3}
"""
SOI = """# TITLE: Cheese
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 6
# ALTERNATIVE NAME 1: Goat
# ALTERNATIVE NAME 2: Cow
# ALTERNATIVE NAME 3: Sheep
3: 1,2
2: {2,3},1
1: 3
"""


def read(name: str, text: str) -> tuple[Contest, object]:
    return read_ballots(name, text.encode())


def places(ballots: object) -> list[tuple[int, dict[str, int]]]:
    assert isinstance(ballots, Rankings)
    assert ballots.weight is not None
    unranked = 255
    return [
        (
            int(ballots.weight[b]),
            {
                each: int(ballots.ranks[c, b])
                for c, each in enumerate(ballots.ids)
                if ballots.ranks[c, b] != unranked
            },
        )
        for b in range(ballots.ranks.shape[1])
    ]


def test_blt_is_read_with_equals_empty_places_and_withdrawn_candidates() -> None:
    contest, ballots = read("board.blt", BLT)
    assert (contest.title, contest.seats) == ("The board", 2)
    assert places(ballots) == [(4, {"1": 1, "2": 2}), (2, {"2": 1, "1": 2}), (1, {}), (1, {})]
    assert isinstance(ballots, Rankings)
    assert [each.name for each in ballots.candidates] == ["Ana", "Luis"]


def test_blt_written_and_read_again_is_the_same() -> None:
    contest, ballots = read("x.blt", BLT.replace("-3\n", ""))
    assert isinstance(ballots, Rankings)
    again = read("x.blt", write_blt(contest, ballots))
    assert again[0] == contest
    assert places(again[1]) == places(ballots)


def test_preflib_is_read_with_equals() -> None:
    contest, ballots = read("cheese.toi", SOI)
    assert contest.title == "Cheese"
    assert places(ballots) == [
        (3, {"1": 1, "2": 2}),
        (2, {"2": 1, "3": 1, "1": 2}),
        (1, {"3": 1}),
    ]


def test_preflib_categories_are_approvals_or_points() -> None:
    _, two = read("cheese.cat", CAT)
    assert isinstance(two, Supports)
    assert (two.kind, two.votes(), two.total()) == ("approval", [2, 1, 0], 4)
    _, three = read("cheese.cat", CAT.replace("CATEGORIES: 2", "CATEGORIES: 3"))
    assert isinstance(three, Supports)
    assert (three.kind, three.scores()) == ("scoring", [4 + 1 + 1, 2 + 2 + 1, 2 + 1 + 1])


def test_blt_may_hold_remarks_doubled_quotes_and_a_spreadsheets_commas() -> None:
    text = BLT.replace('"Ana"', '"Ana ""la maestra"" Ruiz",').replace("1 - 3 0", "1 - 3 0,,")
    contest, ballots = read(
        "x.blt", text.replace("3 2", "3 2 # seats").replace("\n0\n", "\n0 #,\n")
    )
    assert isinstance(ballots, Rankings)
    assert ballots.candidates[0].name == 'Ana "la maestra" Ruiz'
    assert places(ballots) == places(read("x.blt", BLT)[1])
    again = read("x.blt", write_blt(contest, ballots))[1]
    assert isinstance(again, Rankings)
    assert [each.name for each in again.candidates] == [each.name for each in ballots.candidates]


def test_abif_points_may_stand_with_an_order_that_says_the_same() -> None:
    _, ballots = read("x.abif", '{version: "0.1"}\n3:A/6\n2:B/5>C/4\n1:A/2=B/2\n1:A,B/3\n')
    assert isinstance(ballots, Supports)
    assert dict(zip(ballots.ids, ballots.scores(), strict=True)) == {"A": 20, "B": 15, "C": 8}
    _, approvals = read("x.abif", "3:A/1,B/1\n2:C/1\n")
    assert isinstance(approvals, Supports)
    assert (approvals.kind, approvals.votes()) == ("approval", [3, 3, 2])


def test_pabulib_is_read_exactly_and_written_without_the_voters_age() -> None:
    contest, ballots = read("village.pb", PB)
    assert contest.budget == Fraction("100.5")
    assert isinstance(ballots, Supports)
    assert [(p.id, p.cost, p.name) for p in ballots.candidates] == [
        ("w", 60, "Well; deep"),
        ("r", Fraction(81, 2), "Road"),
    ]
    assert ballots.candidates[0].groups == {"water", "health"}
    written = write_pb(contest, ballots)
    assert "voter_id;vote\n" in written
    assert "30" not in written.partition("VOTES")[2]
    _, again = read("village.pb", written)
    assert isinstance(again, Supports)
    assert again.votes() == ballots.votes()
    assert again.total() == 3


def test_a_name_may_hold_any_sign_and_lines_may_end_as_on_windows() -> None:
    odd = PB.replace("Road", "Road\u2028and\x85path").replace("\n", "\r\n")
    assert read("x.pb", odd)[1].candidates[1].name == "Road\u2028and\x85path"  # type: ignore[attr-defined]
    for name, text in (("x.blt", BLT), ("x.soi", SOI)):
        windows = read(name, text.replace("\n", "\r\n"))
        assert windows[0] == read(name, text)[0]
        assert places(windows[1]) == places(read(name, text)[1])


def test_more_ballots_than_can_be_are_refused() -> None:
    with pytest.raises(CountError, match="cannot be"):
        read("x.blt", BLT.replace("4 1 2 0", "9" * 16 + " 1 2 0"))
    with pytest.raises(CountError, match="more than"):
        read("x.abif", "9" * 16 + ":A/3\n")
    with pytest.raises(CountError, match="too large to add up"):
        read("x.abif", f"1000:A/{'9' * 17}\n")


@pytest.mark.parametrize("digits", ["9" * 41, "9" * 5000, "\u0661", "-3", "1e3x", "0x2"])
@pytest.mark.parametrize(
    ("name", "text", "number"),
    [
        ("x.blt", BLT, "4 1 2"),
        ("x.blt", BLT, "3 2"),
        ("x.soi", SOI, "3: 1"),
        ("x.abif", "27:A>B\n", "27"),
        ("x.abif", "5:A/33,B/1\n", "33"),
        ("x.csv", "Ana,Luis,ballots\n1,2,77\n", "77"),
        ("x.csv", "Ana,Luis,ballots\n1,2,77\n", "1"),
        ("x.pb", PB, "100.50"),
        ("x.pb", PB, "40.5"),
        ("x.cat", CAT, "2: {1}"),
        ("x.cat", CAT, "CATEGORIES: 2"),
    ],
)
def test_a_number_that_is_none_or_too_long_is_refused_with_its_line(
    name: str, text: str, number: str, digits: str
) -> None:
    """Longer than sixty-four bits hold, than Python reads at all, or in other digits."""
    first = next(word for word in number.replace(":", " ").split() if word[0].isdigit())
    with pytest.raises(FileError):
        read(name, text.replace(number, number.replace(first, digits), 1))


def test_whole_orders_are_read_from_an_array() -> None:
    orders = np.array([[0, 1, -1], [2, 0, 1], [-1, -1, -1]])
    ballots = Rankings.from_orders([Candidate(each) for each in "abc"], orders)
    assert (ballots.orders() == orders).all()
    with pytest.raises(BallotError, match="twice"):
        Rankings.from_orders([Candidate("a")], np.array([[0, 0]]))
    with pytest.raises(BallotError, match="does not stand"):
        Rankings.from_orders([Candidate("a")], np.array([[1]]))


@pytest.mark.parametrize("method", ["equal-shares", "greedy", "phragmen"])
def test_what_is_written_counts_as_what_was_read(method: str) -> None:
    contest, ballots = read("village.pb", PB)
    rule = Rule(method=method, budget=contest.budget, ties=("id",))
    assert isinstance(ballots, Supports)
    again = read("again.pb", write_pb(contest, ballots))[1]
    assert count(rule, ballots).winners == count(rule, again).winners  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "vote", "points", "expected"),
    [
        ("ordinal", "w,r", "", {"w": 2, "r": 1}),
        ("cumulative", "w,r", "3,4", {"w": 3, "r": 4}),
        ("scoring", "r", "5", {"w": 0, "r": 5}),
        ("choose-1", "r", "", {"w": 0, "r": 1}),
    ],
)
def test_every_kind_of_project_ballot_becomes_points(
    kind: str, vote: str, points: str, expected: dict[str, int]
) -> None:
    head = PB.partition("VOTES")[0].replace("approval", kind).replace("num_votes;3", "num_votes;1")
    text = head + f"VOTES\nvoter_id;vote;points\n1;{vote};{points}\n"
    _, ballots = read("x.pb", text)
    assert isinstance(ballots, Supports)
    assert dict(zip(ballots.ids, ballots.scores(), strict=True)) == expected


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 99), st.lists(st.integers(1, 4), max_size=4, unique=True)),
        min_size=1,
        max_size=8,
    )
)
def test_ranked_ballots_read_at_once_are_those_read_line_by_line(
    voted: list[tuple[int, list[int]]],
) -> None:
    """A second space makes the reader go line by line."""
    rows = [" ".join(map(str, (many, *chosen, 0))) for many, chosen in voted]
    names = ["A", "B", "C", "D", "Title"]
    found = []
    for space in (" ", "  "):
        text = "\n".join(["4 2", *(row.replace(" ", space) for row in rows), "0", *names, ""])
        contest, ballots = read_ballots("x.blt", text.encode())
        assert contest.seats == 2
        found.append((ballots.ranks.tolist(), ballots.weight.tolist()))
    assert found[0] == found[1]


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["approval", "choose-1", "ordinal", "cumulative"]),
    st.lists(st.lists(st.sampled_from("abc"), max_size=3, unique=True), min_size=1, max_size=8),
    st.sampled_from(["\n", "\r\n"]),
)
def test_ballots_read_at_once_are_those_read_cell_by_cell(
    kind: str, voted: list[list[str]], end: str
) -> None:
    """A quoted cell or a space makes the reader go row by row, ballot by ballot."""
    if kind == "choose-1":
        voted = [chosen[:1] for chosen in voted]
    points = kind == "cumulative"
    projects = [f"{each};{at + 5};{each}" for at, each in enumerate("abc")]
    head = [
        *("META", "key;value", "budget;9", f"vote_type;{kind}", "PROJECTS"),
        *("project_id;cost;name", *projects, "VOTES"),
        "voter_id;vote" + ";points" * points,
    ]
    found = []
    for quote, space in (("", ""), ('"', ""), ("", " ")):
        rows = [
            f"{at};{quote}{','.join(space + each for each in chosen)}{quote}"
            + (";" + ",".join(str(at % 3) for at in range(len(chosen)))) * points
            for at, chosen in enumerate(voted)
        ]
        text = end.join([*head, *rows, ""])
        _, ballots = read_ballots("x.pb", text.encode())
        arrays = (ballots.start, ballots.group, ballots.points, ballots.weight)
        found.append([each.tolist() for each in arrays])
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize(
    ("kind", "points", "expected", "says"),
    [("approval", "", {"w": 1, "r": 0}, "once"), ("cumulative", "3,4", {"w": 7, "r": 0}, "all")],
)
def test_a_project_approved_twice_is_approved_and_points_given_twice_add_up(
    kind: str, points: str, expected: dict[str, int], says: str
) -> None:
    """Twenty-one of Pabulib's 1,746 files hold such a ballot. It is counted and remarked on."""
    head = PB.partition("VOTES")[0].replace("approval", kind).replace("num_votes;3", "num_votes;1")
    contest, ballots = read("x.pb", head + f"VOTES\nvoter_id;vote;points\n1;w,w;{points}\n")
    assert isinstance(ballots, Supports)
    assert dict(zip(ballots.ids, ballots.scores(), strict=True)) == expected
    assert contest.remarks[0].line == 14
    assert says in contest.remarks[0].en


def test_a_spreadsheet_of_places_is_read_as_orders() -> None:
    _, ballots = read("x.csv", "Ana,Luis,ballots\n1,2,3\n,1,\n7,7,1\n")
    assert places(ballots) == [
        (3, {"Ana": 1, "Luis": 2}),
        (1, {"Luis": 1}),
        (1, {"Ana": 7, "Luis": 7}),
    ]


def test_abif_is_read_as_orders_or_as_points() -> None:
    text = '{"title": "Poll"}\n=A:[Ana Ruiz]\n27:A>B=C\n3:[Old name]>A # a remark\n'
    contest, ballots = read("x.abif", text)
    assert contest.title == "Poll"
    assert places(ballots) == [(27, {"A": 1, "B": 2, "C": 2}), (3, {"Old name": 1, "A": 2})]
    _, scores = read("x.abif", "5:A/3,B/1\n2:B/4\n")
    assert isinstance(scores, Supports)
    assert dict(zip(scores.ids, scores.scores(), strict=True)) == {"A": 15, "B": 13}


@pytest.mark.parametrize(
    ("name", "text", "line", "says"),
    [
        ("x.blt", "", 1, "empty"),
        ("x.blt", "3\n", 1, "two numbers"),
        ("x.blt", BLT.replace("4 1 2 0", "4 1 2 0 5"), 3, "a 0 at the end"),
        ("x.blt", BLT.replace("4 1 2 0", "4 1").replace("2 2=3 1 0", "2 3 0"), 3, "no 0 at the"),
        ("x.blt", BLT.replace("4 1 2 0", "4 1 9 0"), 3, "from 1 to 3"),
        ("x.blt", BLT.replace("4 1 2 0", "4 1 1 0"), 3, "twice"),
        ("x.blt", BLT.replace("4 1 2 0", "4 one 0"), 3, "'one' is not a candidate"),
        ("x.blt", BLT.replace("2 2=3 1 0", "2 2=2 1 0"), 4, "twice"),
        ("x.blt", "2 1\n1 1 0\n", 2, "do not end"),
        ("x.blt", "2 1\n1 1 0\n0\nAna\n", 4, "2 names"),
        ("x.soi", SOI.replace("3: 1,2", "3: 1,8"), 7, "'8' is not"),
        ("x.soi", SOI.replace("3: 1,2", "three: 1,2"), 7, "count, a colon"),
        ("x.soi", SOI.replace("3: 1,2", "3: 1,1"), 7, "twice"),
        ("x.soi", SOI.replace("{2,3}", "{2,3"), 8, "brace"),
        ("x.soi", SOI.replace("VOTERS: 6", "VOTERS: 7"), 9, "says 7, 6"),
        ("x.soi", SOI.replace("ALTERNATIVES: 3", "ALTERNATIVES: 4"), 9, "says 4"),
        ("x.pb", PB.replace("META\n", "", 1), 1, "begin with a line META"),
        ("x.pb", PB.partition("VOTES")[0], 11, "VOTES is missing"),
        ("x.pb", PB.replace("100.50", "lots"), 6, "budget must be a number"),
        ("x.pb", PB.replace("w;60;", "w;sixty;"), 10, "cost must be a number"),
        ("x.pb", PB.replace("100.50", "1,000").replace("40.5", "40"), 6, "may be 1000 or 1.000"),
        ("x.pb", PB.replace("r;40.5", "w;40.5"), 11, "stands twice"),
        ("x.pb", PB.replace("w,r", "w,z"), 14, "'z' is not a project"),
        ("x.pb", PB.replace("w,r", "w,w").replace("approval", "ordinal"), 14, "twice"),
        ("x.pb", PB.replace("2;41;w", "1;41;w"), 15, "votes twice"),
        ("x.pb", PB.replace("2;41;w", "2;w"), 15, "3 cells are due"),
        ("x.pb", PB.replace("num_votes;3", "num_votes;4"), 5, "says 4, 3 are there"),
        ("x.pb", PB.replace("approval", "telepathy"), 1, "vote_type must be"),
        ("x.pb", PB.replace("approval", "choose-1"), 14, "more than one project"),
        ("x.csv", "Ana,Ana\n1,2\n", 1, "each candidate once"),
        ("x.csv", "Ana,Luis\n1,2,3\n", 2, "has 3 cells"),
        ("x.csv", "Ana,Luis\n1,first\n", 2, "not a place"),
        ("x.blt", BLT.replace("4 1 2 0", "² 1 2 0"), 3, "its count"),
        ("x.abif", "27:A>B>\n", 1, "ends in the middle"),
        ("x.abif", "27:A>A\n", 1, "twice"),
        ("x.abif", "hello\n", 1, "neither a ballot"),
        ("x.abif", "2:A/3,B>C\n", 1, "mixed"),
        ("x.abif", "1:A/3\n2:A/3>B/4\n", 2, "differ"),
        ("x.abif", "1:A/3\n2:A=B/4\n", 2, "mixed"),
        ("x.abif", "{title: Poll}\n1:A\n", 1, "must be JSON"),
        ("x.cat", CAT.replace("2: {1},{2,3}", "2: {1},{2},{3}"), 9, "2 categories"),
        ("x.cat", CAT.replace("# NUMBER CATEGORIES: 2\n", ""), 1, "1 or more"),
        ("x.cat", CAT.replace("{1},{2,3}", "{1},2,3}"), 9, "brace"),
        ("x.blt", "9999999999 1\n0\n", 1, "9999999999 candidates"),
        ("x.blt", BLT.replace("3 2", "3 0"), 1, "above 0"),
    ],
)
def test_a_broken_file_says_the_line_and_the_reason_and_gives_nothing(
    name: str, text: str, line: int, says: str
) -> None:
    with pytest.raises(FileError, match=says) as broken:
        read(name, text)
    assert broken.value.line == line


def test_a_file_of_another_encoding_is_read_and_told_and_of_no_known_kind_refused() -> None:
    contest, ballots = read_ballots("x.blt", b"2 1\n1 1 0\n0\nJos\xe9\nAna\n")
    assert ballots.candidates[0].name == "José"
    assert (contest.remarks[0].line, "é" in contest.remarks[0].es) == (4, True)
    with pytest.raises(FileError, match="line 4: some of the file is UTF-8"):
        read_ballots("x.blt", b"2 1\n1 1 0\n0\nJos\xe9\nMar\xc3\xada\n")
    with pytest.raises(CountError, match=r"must end in \.pb"):
        read_ballots("x.docx", b"")


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([("x.blt", BLT), ("x.soi", SOI), ("x.pb", PB), ("x.cat", CAT)]),
    st.data(),
)
def test_a_file_with_any_piece_cut_out_or_put_in_is_read_or_refused_never_crashes(
    kind: tuple[str, str], data: st.DataObject
) -> None:
    name, text = kind
    at = data.draw(st.integers(0, len(text)))
    until = data.draw(st.integers(at, min(len(text), at + 12)))
    put = data.draw(st.text(alphabet='0123456789,;=-{}:#\n "aw', max_size=4))
    with suppress(CountError):
        read(name, text[:at] + put + text[until:])
