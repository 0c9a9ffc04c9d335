import argparse
import json
import re
from fractions import Fraction
from pathlib import Path

import pytest

import comuna.count
from comuna.count.cli import add_commands
from comuna.count.methods import _OF_ORDERS, COUNTS, count
from comuna.count.result import plain
from comuna.count.rule import METHODS, Rule
from comuna.count.table import working
from comuna.count.words import SENTENCES, number

from .helpers import approvals, projects, rankings

ROOM = Path(comuna.count.__file__).parent
BLT = '3 1\n4 1 2 0\n3 2 1 0\n2 3 2 0\n0\n"Ana"\n"Luis"\n"Eva"\n"Chair"\n'


def run(*words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True))
    args = parser.parse_args([str(word) for word in words])
    status = args.run(args)
    assert isinstance(status, int)
    return status


def test_every_sentence_says_the_same_facts_in_both_languages() -> None:
    for key, (spanish, english) in SENTENCES.items():
        facts = [set(re.findall(r"\{(\w+)[:}]", text)) for text in (spanish, english)]
        assert facts[0] == facts[1], key


def test_every_sentence_is_used_and_every_one_used_exists() -> None:
    code = "".join(path.read_text() for path in ROOM.glob("*.py") if path.name != "words.py")
    for key in SENTENCES:
        family = key.rpartition("-")[0]
        assert f'"{key}"' in code or f'f"{family}-{{' in code, key
    for used in re.findall(r'Explanation\(\s*[^,]+,\s*"([a-z-]+)"', code):
        assert used in SENTENCES


def test_numbers_are_written_as_each_language_writes_them() -> None:
    assert number(Fraction(1234567, 100), "es") == "12.345,67"
    assert number(Fraction(1234567, 100), "en") == "12,345.67"
    assert number(Fraction(2, 3), "en") == "0.66666"
    assert number(1000, "es") == "1.000"
    assert number(Fraction(-7, 3), "en") == "-2.33333"
    assert number(Fraction(-1, 10**9), "en") == "0"
    assert number(10**40, "en").count(",") == 13


RANKED = rankings({"A>B>C": 5, "B>C": 4, "C>B": 2}, "ABC")
APPROVED = approvals([(5, "A"), (3, "B"), (1, "C")], "ABC")
COSTED = projects({"A": 5, "B": 4, "C": 9}, [(5, ["A"]), (3, ["B"]), (1, ["C"])])


@pytest.mark.parametrize("method", COUNTS)
def test_every_candidate_is_explained_by_every_method_in_both_languages(method: str) -> None:
    takes, _ = METHODS[method]
    if "budget" in takes:
        result = count(Rule(method=method, budget=Fraction(10), ties=("id",)), COSTED)
    else:
        ranked = method in _OF_ORDERS
        ties = ("id",) if method == "serial-veto" else ("lot",)
        seats = 2 if "seats" in takes and method != "limited" else None
        rule = Rule(method=method, seats=seats, ties=ties)
        result = count(rule, RANKED if ranked else APPROVED)
    explained = {each.candidate for each in result.explanations}
    assert explained >= {"A", "B", "C"}
    said = result.to_json()
    assert set(said) >= {"rule", "rule_hash", "winners", "rounds", "ties", "explanations"}
    assert json.loads(result.to_text()) == said
    for each in said["explanations"]:
        assert each["es"]
        assert each["en"]
        assert "{" not in each["es"] + each["en"]
    for language in ("es", "en"):
        assert working(result, language)


def test_results_hold_no_floats() -> None:
    with pytest.raises(TypeError):
        plain({"share": 0.5})


def test_count_prints_winners_and_the_working(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "chair.blt"
    file.write_text(BLT)
    assert run("count", "irv", file, "--explain", "--lang", "es") == 0
    said = capsys.readouterr().out
    assert said.startswith("2 Luis")
    assert "gana en la ronda 2" in said


def test_options_stand_before_or_after_the_file_one_by_one_or_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "village.pb").write_text(CHAIR["choice.pb"])
    file, said = tmp_path / "village.pb", []
    for words in (
        (file, "--option", "budget=2", "--option", "overflow=stop", "--option", "ties=id"),
        (file, "--option", "budget=2", "overflow=stop", "ties=id"),
        ("--option", "budget=2", "overflow=stop", "ties=id", file),
        ("--option", "budget=2", "--option", "overflow=stop", "--option", "ties=id", file),
    ):
        assert run("count", "greedy", *words) == 0
        said.append(capsys.readouterr().out)
    assert said == ["Ana\nEva\n"] * 4
    assert run("count", "greedy", "--option", "ties=id") == 2
    assert "comuna count METHOD FILE" in capsys.readouterr().err


def test_count_prints_stable_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "chair.blt"
    file.write_text(BLT)
    assert run("count", "stv-scottish", file, "--seats", "2", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["rule"]["seats"] == 2
    assert said["winners"] == ["1", "2"]
    assert len(said["rule_hash"]) == 64


def test_a_tie_exits_with_three_and_says_that_a_lot_is_needed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "tie.blt"
    file.write_text("2 1\n3 1 0\n3 2 0\n0\nAna\nLuis\nChair\n")
    assert run("count", "irv", file, "--json") == 3
    out = capsys.readouterr()
    assert json.loads(out.out)["lot_needed"]["candidates"] == ["1", "2"]
    assert "throw dice" in out.err
    assert run("count", "irv", file, "--lot", "5 3") == 0
    assert run("count", "irv", file, "--option", "ties=id") == 0


def test_what_is_wrong_is_told_on_standard_error_with_status_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.blt"
    broken.write_text("2 1\n3 9 0\n0\nAna\nLuis\n")
    assert run("count", "irv", broken) == 2
    assert "line 2" in capsys.readouterr().err
    assert run("count", "irv", tmp_path / "absent.blt") == 2
    assert run("count", "irv", broken, "--option", "ties") == 2


def test_a_motion_is_counted_from_its_channels(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "motion.json"
    channel = {"channel": "box", "yes": 61, "no": 20, "abstain": 9, "evidence": ["minutes"]}
    file.write_text(json.dumps({"roll": 300, "present": 90, "channels": [channel]}))
    status = run(
        "count", "majority", file, "--option", "majority=>=2/3", "--option", "quorum=>=30%",
        "--explain",
    )  # fmt: skip
    assert status == 0
    said = capsys.readouterr().out
    assert said.startswith("yes")
    assert "it took 54" in said
    tied = {"channel": "box", "yes": 20, "no": 20, "evidence": ["minutes"]}
    file.write_text(json.dumps({"roll": 300, "present": 90, "channels": [tied]}))
    assert run("count", "majority", file, "--option", "ties=lot") == 3
    assert run("count", "majority", file, "--option", "ties=lot", "--lot", "5 3") == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "line 1: it is not JSON"),
        ("[]", "a JSON object"),
        ('{"roll": 300}', "needs 'present', how many are present"),
        ('{"roll": 3, "present": true, "channels": []}', "needs 'present'"),
        ('{"roll": 3, "present": 2, "channels": [], "seats": 1}', "'seats' says nothing"),
        ('{"roll": 3, "present": 2, "channels": [], "casting_vote": 1}', "casting_vote"),
        ('{"roll": 3, "present": 2, "channels": [{"yes": 1}]}', "a channel is"),
        ('{"roll": 3, "present": 2, "channels": [{"channel": "box", "yes": 1.5}]}', "a channel is"),
        ('{"roll": 3, "present": 2, "channels": [{"channel": "box"}]}', "evidence must be given"),
        ('{"roll": 3, "present": 2, "channels": [{"channel": "crows"}]}', "'crows' is not one of"),
        ('{"roll": ' + "9" * 5000 + "}", "larger than any"),
        ('{"roll": ' + "9" * 25 + ', "present": 1, "channels": []}', "larger than any"),
        ('{"roll": ' + "9" * 18 + ', "present": 1, "channels": []}', "more than there are people"),
        ('{"roll": 1, "present": 2, "channels": []}', "between 0 and the roll"),
    ],
)
def test_a_broken_motion_is_refused_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, says: str
) -> None:
    file = tmp_path / "motion.json"
    file.write_text(text)
    assert run("count", "majority", file) == 2
    assert says in capsys.readouterr().err


CHAIR = {  # the first vote: nobody has more than half; the second: its own file, numbered anew
    "first.blt": '3 1\n4 1 0\n3 2 0\n2 3 0\n0\n"Ana"\n"Eva"\n"Luis"\n"Chair"\n',
    "second.blt": '2 1\n6 1 0\n4 2 0\n0\n"Eva"\n"Ana"\n"Chair"\n',
    "others.blt": '2 1\n6 1 0\n0\n"Eva"\n"Luis"\n"Chair"\n',
    "won.blt": '2 1\n6 1 0\n4 2 0\n0\n"Ana"\n"Eva"\n"Chair"\n',
    "choice.pb": "META\nkey;value\nbudget;1\nvote_type;choose-1\nPROJECTS\nproject_id;cost\n"
    "Ana;1\nEva;1\nLuis;1\nVOTES\nvoter_id;vote\n1;Ana\n2;Ana\n3;Eva\n4;Eva\n5;Luis\n",
}


@pytest.fixture
def chair(tmp_path: Path) -> Path:
    for name, text in CHAIR.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_second_vote_decides_between_the_two_who_went_on(
    chair: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("count", "two-round", chair / "first.blt", "--second", chair / "second.blt")
    assert run(*words, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["winners"] == ["2"]
    assert [each["votes"] for each in said["rounds"]] == [
        {"1": 4, "2": 3, "3": 2},
        {"1": 4, "2": 6},
    ]
    assert {each["id"] for each in said["explanations"]} == {"1", "2", "3"}


def test_without_a_second_vote_the_two_are_named_and_nobody_is_elected(
    chair: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("count", "two-round", chair / "choice.pb") == 0
    said = capsys.readouterr().out
    assert "Ana goes to the second round with 2 votes; nobody has more than half" in said
    assert "Luis is out" in said


@pytest.mark.parametrize(
    ("first", "second", "method", "says"),
    [
        ("first.blt", "others.blt", "two-round", "between Ana and Eva; its ballots are for Eva, L"),
        ("won.blt", "second.blt", "two-round", "1 has more than half in the first round"),
        ("first.blt", "second.blt", "irv", "irv has one vote"),
        ("first.blt", "absent.blt", "two-round", "absent.blt: No such file"),
    ],
)
def test_a_second_vote_that_does_not_follow_from_the_first_is_refused(
    chair: Path, capsys: pytest.CaptureFixture[str], first: str, second: str, method: str, says: str
) -> None:
    assert run("count", method, chair / first, "--second", chair / second) == 2
    assert says in capsys.readouterr().err


def test_a_file_of_groups_lets_ranked_files_keep_guarantees(
    chair: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    groups = chair / "groups.csv"
    groups.write_text("id;sex;age\nEva;women;youth\n1;;\n3;women;\n")
    words = ("count", "stv-scottish", chair / "first.blt", "--seats", "2", "--groups", groups)
    assert run(*words, "--option", "guarantees=women:2", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert sorted(said["winners"]) == ["2", "3"]
    assert said["notes"]["without_guarantees"] == ["1", "2"]
    for text, says in (
        ("id,sex\nNoa,women\n", "line 2: 'Noa' is no candidate's id or name"),
        ("id,sex\n2,women\nEva,women\n", "line 3: candidate 'Eva' stands twice"),
        ("who,sex\n", "line 1: the column id is missing"),
        ("id,sex\n2,a,b\n", "line 2: a row has more cells"),
    ):
        groups.write_text(text)
        assert run(*words, "--option", "guarantees=women:1") == 2
        assert says in capsys.readouterr().err
    groups.write_text("id,sex\n2,women\n")
    assert run(*words) == 2
    assert "no guarantee asks for them" in capsys.readouterr().err
    assert run(*words, "--option", "guarantees=woman:1") == 2
    assert "no candidate is of the group 'woman'" in capsys.readouterr().err


def test_lots_seats_and_panels_are_drawn_from_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("lots", "4 2 6", "a", "b", "c", "--json") == 0
    order = [each["id"] for each in json.loads(capsys.readouterr().out)]
    assert sorted(order) == ["a", "b", "c"]
    bodies = tmp_path / "bodies.csv"
    bodies.write_text("body,members\nnorth,900\nsouth,100\n")
    assert run("seats", "adams", bodies, "--seats", "12", "--base", "3", "--json") == 0
    assert sum(json.loads(capsys.readouterr().out)["seats"].values()) == 12
    people = tmp_path / "people.csv"
    people.write_text("id,sex\n" + "".join(f"p{n},{'fm'[n % 2]}\n" for n in range(10)))
    quotas = tmp_path / "quotas.csv"
    quotas.write_text("trait,value,least,most\nsex,f,2,2\nsex,m,2,2\n")
    assert run("panel", people, quotas, "--seats", "4", "--lot", "1 2", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert len(said["drawn"]) == 4
    assert set(said["probabilities"].values()) == {"2/5"}
    quotas.write_text("trait,value,least,most\nsex,f,9,9\n")
    assert run("panel", people, quotas, "--seats", "4") == 2
