"""What people write and read: tables, spreadsheets, the verbs, and everything wrong at once."""

import argparse
import ast
import json
import re
import shlex
import string
from pathlib import Path

import pytest

import comuna.plan as comuna_plan
from comuna.plan.cli import add_commands
from comuna.plan.comparing import compare
from comuna.plan.errors import FileError, PlanError
from comuna.plan.faults import SPANISH
from comuna.plan.planning import plan_for
from comuna.plan.problem_files import problem_of, read_problem, rows_of, write_folder, write_json
from comuna.plan.published import plan_of, to_json
from comuna.plan.sheets import write_ods
from tests.plan.examples import chairs, problem, valley


def comuna(capsys, *words) -> tuple[int, str]:
    """Run a verb; its exit status and what it printed."""
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True))
    args = parser.parse_args([str(word) for word in words])
    status = args.run(args)
    return status, capsys.readouterr().out


def test_a_problem_reads_back_from_every_form_in_which_it_is_written(tmp_path):
    one = problem(valley())
    write_folder(one, tmp_path / "tables")
    write_json(one, tmp_path / "problem.json")
    sheets = {}
    for table, rows in rows_of(one).items():
        columns = list(dict.fromkeys(key for row in rows for key in row))
        sheets[table] = [columns, *([row.get(c, "") for c in columns] for row in rows)]
    write_ods(sheets, tmp_path / "problem.ods")
    for name in ("tables", "problem.json", "problem.ods"):
        assert read_problem(tmp_path / name).identity() == one.identity(), name


def test_everything_wrong_is_told_at_once_with_its_place_and_what_would_be_right():
    rows = chairs()
    rows["goods"][0]["steps"] = "a thousand"
    rows["lines"][0]["item"] = "steel"
    rows["needs"][0]["quantity"] = -5
    rows["bodies"].append({"body": "workshop"})
    rows["means"][0]["kind"] = "magic"
    rows["stocks"][0]["colour"] = "red"
    with pytest.raises(FileError) as told:
        problem(rows)
    places = {(each.table, each.row) for each in told.value.wrongs}
    assert places == {
        ("goods", 1), ("lines", 1), ("needs", 1), ("bodies", 2), ("means", 1), ("stocks", 1),
    }  # fmt: skip
    assert all(each.wrong and each.right for each in told.value.wrongs)
    assert "goods, row 1: steps is 'a thousand'; write a whole number" in str(told.value)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda r: r.pop("needs"), "needs: is missing"),
        (lambda r: r["bodies"][0].update(hub="workshop"), "is its own hub"),
        (lambda r: r.update(lines=r["lines"][2:]), "nothing limits 'make'"),
        (lambda r: r.update(curves=[{"curve": "harmony", "width": 500, "worth": w}
                                    for w in (1, 2)]), "worth may only fall"),
        (lambda r: r["needs"].append(dict(r["needs"][0])), "a second time"),
        (lambda r: r.update(wishes=[]), "unknown table 'wishes'"),
    ],
)  # fmt: skip
def test_a_problem_that_makes_no_sense_is_refused(tmp_path, change, told):
    rows = chairs()
    change(rows)
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(rows))
    with pytest.raises(FileError, match=told):
        read_problem(path)


def test_solve_gives_the_promised_json_and_check_accepts_it(tmp_path, capsys):
    write_json(problem(valley()), tmp_path / "valley.json")
    plan = tmp_path / "plan.json"
    status, out = comuna(
        capsys,
        "plan",
        "solve",
        tmp_path / "valley.json",
        "--json",
        "--out",
        plan,
        "--mode",
        "floor",
    )
    assert status == 0
    said = json.loads(out)
    assert {"status", "objective", "bound", "gap", "satisfaction", "activities", "flows", "prices",
            "unmet"} <= said.keys()  # fmt: skip
    assert json.loads(plan.read_text()) == said
    status, out = comuna(capsys, "plan", "check", tmp_path / "valley.json", plan, "--json")
    assert (status, json.loads(out)["sound"]) == (0, True)
    said["activities"][0]["level"] += 1
    plan.write_text(json.dumps(said))
    assert comuna(capsys, "plan", "check", tmp_path / "valley.json", plan)[0] == 1


def test_the_template_is_a_problem_that_can_be_solved(tmp_path, capsys):
    assert comuna(capsys, "plan", "template", "--out", tmp_path / "t")[0] == 0
    one, other = (read_problem(tmp_path / "t" / name) for name in ("problem.ods", "csv"))
    assert one.identity() == other.identity()
    assert read_problem(tmp_path / "t" / "problem.xlsx").identity() == one.identity()
    assert comuna(capsys, "plan", "solve", tmp_path / "t" / "csv")[0] == 0
    assert (
        comuna(capsys, "plan", "template", "--out", tmp_path / "t")[0] == 2
    )  # nothing overwritten


def test_two_plans_are_laid_side_by_side(tmp_path, capsys):
    write_json(problem(valley()), tmp_path / "v.json")
    for mode in ("harmony", "floor"):
        comuna(capsys, "plan", "solve", tmp_path / "v.json", "--mode", mode, "--out",
               tmp_path / mode)  # fmt: skip
    status, out = comuna(
        capsys, "plan", "compare", tmp_path / "harmony", tmp_path / "floor", "--json"
    )
    found = json.loads(out)
    assert status == 0
    assert found["second"][0]["least"] >= found["first"][0]["least"]
    assert not set(found["better_off"]) & set(found["worse_off"])


def test_the_plan_is_explained_and_drawn_in_two_languages(tmp_path, capsys):
    write_json(problem(valley()), tmp_path / "v.json")
    plan = tmp_path / "plan.json"
    comuna(capsys, "plan", "solve", tmp_path / "v.json", "--out", plan)
    for language, title in (("es", "El plan, línea por línea"), ("en", "The plan, line by line")):
        status, out = comuna(capsys, "plan", "explain", tmp_path / "v.json", plan, "--lang",
                             language, "--pictures", tmp_path / language)  # fmt: skip
        assert (status, out.splitlines()[0]) == (0, title)
        from xml.etree import ElementTree

        for name in ("flow", "needs", "short"):
            ElementTree.parse(tmp_path / language / f"{name}.svg")


def test_a_problem_without_periods_or_abilities_has_one_period_and_everyone_able():
    rows = chairs()
    del rows["periods"]
    one = problem_of({table: list(enumerate(lines, 1)) for table, lines in rows.items()})
    assert one.periods.period == ("1",)
    assert len(one.abilities.body) == 1


def _targets(node: ast.Assign) -> list[str]:
    return ast.unparse(node.targets[0]).strip("()").split(", ")


def said_in_the_source() -> set[str]:
    """Every sentence in which the room says what is wrong and what would be right."""
    found: set[str] = set()
    for path in (Path(comuna_plan.__file__).parent).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            strings: list[ast.expr] = []
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                strings = node.args[2:4] if name in ("Wrong", "wrong", "_not_so") else []
                strings += node.args[:1] if name == "PlanError" else []
            elif isinstance(node, ast.Assign) and "right" in _targets(node):
                value = node.value
                strings = value.elts if isinstance(value, ast.Tuple) else [value]
            found |= {
                each.value for each in strings
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            }  # fmt: skip
    return found


def test_every_fault_is_told_in_spanish_too_with_the_same_facts():
    def facts(text: str) -> list[str]:
        return sorted(field for _, field, _, _ in string.Formatter().parse(text) if field)

    found = said_in_the_source()
    assert len(found) > 100
    assert found - SPANISH.keys() == set()
    assert SPANISH.keys() - found == set()
    for english, spanish in SPANISH.items():
        assert facts(english) == facts(spanish)
        assert english != spanish or not re.sub(r"{.*?}", "", english).strip("is ")


def test_faults_are_told_in_the_language_asked_for(tmp_path, capsys):
    rows = chairs()
    rows["goods"][0]["steps"] = "mil"
    rows["needs"][0]["tier"] = 7
    (tmp_path / "p.json").write_text(json.dumps(rows))
    status, out = comuna(capsys, "plan", "solve", tmp_path / "p.json", "--json", "--lang", "es")
    assert status == 2
    assert json.loads(out)["wrong"] == [
        {"table": "goods", "row": 1, "wrong": "steps es 'mil'",
         "right": "escriba un número entero de 1 a 1000000000"},
        {"table": "needs", "row": 1, "wrong": "tier es 7", "right": "nombre uno de tiers: 1, 2, 3"},
    ]  # fmt: skip


def test_what_cannot_be_calculated_is_told_in_the_language_asked_for(tmp_path, capsys):
    write_json(problem(chairs()), tmp_path / "p.json")
    words = ("plan", "export", tmp_path / "p.json", "--to", "mps", "--out", tmp_path / "m",
             "--mode", "floor", "--stage", 9, "--json")  # fmt: skip
    for language, told in (("es", "el modo floor tiene 1 etapas"), ("en", "has 1 stages")):
        status, out = comuna(capsys, *words, "--lang", language)
        assert status == 2
        assert told in json.loads(out)["wrong"][0]["wrong"]
    status, out = comuna(capsys, "plan", "solve", tmp_path / "none", "--json", "--lang", "es")
    assert status == 2
    assert json.loads(out)["wrong"][0]["wrong"].startswith("No hay ")


def test_the_first_plan_of_the_documentation_can_be_followed_to_its_end(
    tmp_path, capsys, monkeypatch
):
    """Its files are written, its commands run, and what it shows of their answers is so."""
    page = (Path(comuna_plan.__file__).parents[3] / "docs" / "first-plan.md").read_text()
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```(\w+) ?(\S*)\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    commands, out = 0, ""
    for kind, name, text in blocks:
        if kind == "csv":
            Path(name).write_text(text)
        elif kind == "sh":
            for line in text.splitlines():
                status, out = comuna(capsys, *shlex.split(line)[1:])
                assert status == 0, line
                commands += 1
        elif "row 2" not in text:  # what it says of a mistake is another test's
            flat = " ".join(out.split())
            for sentence in re.split(r"\n(?! )", text.strip()):
                assert " ".join(sentence.split()) in flat
    assert commands >= 8


@pytest.mark.parametrize("odd", [[], {}, True, 1.5, "1", None])
def test_the_tier_of_a_need_in_a_published_plan_is_a_whole_number(odd):
    one = problem(chairs())
    said = json.loads(json.dumps(to_json(plan_for(one))))
    said["satisfaction"][0]["tier"] = odd
    said["floors"] = [{**said["satisfaction"][0], "steps": 1}]
    with pytest.raises(FileError):
        plan_of(one, said)
    with pytest.raises(PlanError, match="not a published plan"):
        compare(said, said)
