"""Programs of every mode in other solvers' hands, and their answers as plans."""

import argparse
import json
import re
import subprocess
from fractions import Fraction
from pathlib import Path

import highspy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.plan_nation import nation
from comuna.plan.answers import plan_from, read_answer
from comuna.plan.build import build
from comuna.plan.cli import add_commands
from comuna.plan.errors import FileError, PlanError
from comuna.plan.model import Model
from comuna.plan.mps import decimal, program, write_lp, write_mps
from comuna.plan.planning import plan_for
from comuna.plan.problem_files import write_json
from comuna.plan.solver import solve
from tests.plan.examples import problem, valley
from tests.plan.test_files_and_verbs import comuna

glpk = pytest.importorskip("swiglpk", reason="the other solver of the tests is not installed")
MODES = ("harmony", "floor", "leximin")


def by_glpk(mps: Path, answer: Path) -> float:
    """GLPK's optimum of an MPS file; its printed answer in `answer`."""
    glpk.glp_term_out(glpk.GLP_OFF)
    lp = glpk.glp_create_prob()
    assert glpk.glp_read_mps(lp, glpk.GLP_MPS_FILE, None, str(mps)) == 0
    glpk.glp_scale_prob(lp, glpk.GLP_SF_AUTO)
    options = glpk.glp_smcp()
    glpk.glp_init_smcp(options)
    options.presolve = glpk.GLP_ON
    assert glpk.glp_simplex(lp, options) == 0
    assert glpk.glp_print_sol(lp, str(answer)) == 0
    found = -glpk.glp_get_obj_val(lp)
    glpk.glp_delete_prob(lp)
    return found


def by_highs(mps: Path, answer: Path) -> float:
    """HiGHS' optimum of an MPS file, read by its own reader; its solution file in `answer`."""
    highs = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1)):
        highs.setOptionValue(option, value)
    highs.readModel(str(mps))
    highs.run()
    highs.writeSolution(str(answer), 0)
    return -highs.getInfo().objective_function_value


SOLVERS = {"glpk": by_glpk, "highs": by_highs}


@pytest.mark.parametrize("mode", MODES)
def test_the_program_of_every_mode_has_the_same_optimum_elsewhere(tmp_path, mode):
    for seed in range(6):
        one = nation(5, 5, 2, seed, hub_of=3)
        model = program(one, mode)
        write_mps(model, tmp_path / "m.mps")
        expected = by_glpk(tmp_path / "m.mps", tmp_path / "answer")
        assert solve(model).objective == pytest.approx(expected, rel=1e-6)
        plan = plan_for(one, mode).certificate()
        assert float(plan.objective) == pytest.approx(expected / 1e9, rel=2e-3)


@pytest.mark.parametrize(("mode", "stages"), [("floor", 1), ("leximin", 2)])
def test_every_lift_of_the_common_level_can_be_checked_elsewhere(tmp_path, mode, stages):
    one = problem(valley())
    plan = plan_for(one, mode)
    assert len(plan.answer.stages) >= stages
    for number, stage in enumerate(plan.answer.stages, 1):
        write_mps(program(one, mode, number), tmp_path / "m.mps")
        found = by_glpk(tmp_path / "m.mps", tmp_path / "a")
        assert stage.level - 1 <= found <= stage.best + 1 <= stage.level + 100
    with pytest.raises(PlanError, match="there is no stage"):
        program(one, mode, len(plan.answer.stages) + 1)


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("mode", MODES)
def test_another_solvers_answer_becomes_a_plan_that_passes_its_check(tmp_path, mode, solver):
    for one in (problem(valley()), nation(5, 5, 2, 3, hub_of=3)):
        write_mps(program(one, mode), tmp_path / "m.mps")
        SOLVERS[solver](tmp_path / "m.mps", tmp_path / "answer")
        plan, priced = plan_from(one, build(one), mode, tmp_path / "answer")
        assert priced
        ours = plan_for(one, mode)
        assert plan.certificate().possible
        assert plan.certificate().gap <= ours.certificate().gap + Fraction(1, 10**4)
        assert (plan.answer.floors.steps > 0).sum() == (ours.answer.floors.steps > 0).sum()


def test_the_verbs_carry_a_program_out_and_an_answer_in(tmp_path, capsys):
    write_json(problem(valley()), tmp_path / "v.json")
    for mode in MODES:
        assert comuna(capsys, "plan", "export", tmp_path / "v.json", "--to", "mps", "--mode", mode,
                      "--out", tmp_path / "m.mps")[0] == 0  # fmt: skip
        by_highs(tmp_path / "m.mps", tmp_path / "answer")
        status, out = comuna(capsys, "plan", "import", tmp_path / "v.json", tmp_path / "answer",
                             "--mode", mode, "--out", tmp_path / "plan", "--json")  # fmt: skip
        assert status == 0
        assert json.loads(out)["method"] == "import"
        assert comuna(capsys, "plan", "check", tmp_path / "v.json", tmp_path / "plan")[0] == 0


def small() -> Model:
    return build(problem(valley()))


@pytest.mark.parametrize(
    ("text", "x", "y"),
    [
        ("c0 2\nr0 3 0.5\n", 2, 0.5),  # a row's value, then its price
        ("  1 c0  B  2  0  9\n  1 r0  NU  3  3  0.5\n", 2, 0.5),  # GLPK
        ("  1 c0  B  2  0  9\n  1 r0  B  3  9\n", 2, 0),  # a basic row has no price
        ("  1 c0  B  2  0  9\n  1 r0  NU  3  3  < eps\n", 2, 0),
        ("c0 2\nr0 3\nDual values\nc0 -7\nr0 -0.5\nBasis\nc0 1\nr0 2\n", 2, 0.5),  # HiGHS, lp_solve
        ("objective 7\nc0   2 \t(obj:3)\n", 2, 0),  # SCIP says nothing of rows
    ],
)
def test_answers_are_read_as_solvers_print_them(tmp_path, text, x, y):
    (tmp_path / "a").write_text(text)
    found = read_answer(small(), tmp_path / "a")
    assert (found.x[0], found.y[0]) == (x, y)


def test_an_answer_to_another_program_is_refused(tmp_path):
    (tmp_path / "a").write_text("c0 1\nc99999 1\nr88888 1 1\n")
    with pytest.raises(FileError, match=r"names c99999; there are \d+, from c0 on") as told:
        read_answer(small(), tmp_path / "a")
    assert [each.row for each in told.value.wrongs] == [2, 3]
    (tmp_path / "a").write_text("1 2 3\n")
    with pytest.raises(FileError, match="names no column"):
        read_answer(small(), tmp_path / "a")


def run(*words: object) -> str:
    return subprocess.run(list(map(str, words)), capture_output=True, text=True, check=True).stdout


def by_glpsol(mps: Path, answer: Path) -> None:
    run("glpsol", "--freemps", mps, "-o", answer)


def by_glpsol_interior(mps: Path, answer: Path) -> None:
    run("glpsol", "--freemps", "--interior", mps, "-o", answer)


def by_cbc(mps: Path, answer: Path) -> None:
    run("cbc", mps, "solve", "printing", "all", "solution", answer)


def by_lp_solve(mps: Path, answer: Path) -> None:
    answer.write_text(run("lp_solve", "-S4", "-fmps", mps))


def by_highs_pretty(mps: Path, answer: Path) -> None:
    by_highs_style(mps, answer, 1)


def by_cbc_without_rows(mps: Path, answer: Path) -> None:
    run("cbc", mps, "solve", "solution", answer)


def by_lp_solve_without_prices(mps: Path, answer: Path) -> None:
    answer.write_text(run("lp_solve", "-S3", "-fmps", mps))


def by_highs_sparse(mps: Path, answer: Path) -> None:
    by_highs_style(mps, answer, 4)


def by_glpsol_as_whole_numbers(mps: Path, answer: Path) -> None:
    """Of programs in whole numbers GLPK prints neither a basis nor prices, but bounds."""
    by_glpsol_interior(mps, answer)
    lines = answer.read_text().splitlines()
    answer.write_text("\n".join(line[:64] for line in lines))


def by_highs_style(mps: Path, answer: Path, style: int) -> None:
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.readModel(str(mps))
    highs.run()
    highs.writeSolution(str(answer), style)


def by_scip(mps: Path, answer: Path) -> None:
    """As SCIP writes it, by way of HiGHS: what is not 0, with its objective."""
    by_highs(mps, answer)
    columns = answer.read_text().split("# Columns", 1)[1].split("# Rows", 1)[0].splitlines()[1:]
    kept = [line.split() for line in columns if line.split()[1] not in ("0", "-0")]
    answer.write_text("objective value: -1\n" + "".join(
        f"{name:30}{value:>20} \t(obj:-7)\n" for name, value in kept))  # fmt: skip


PRICED = (by_highs, by_highs_pretty, by_glpsol, by_glpsol_interior, by_cbc, by_lp_solve)
UNPRICED = (by_cbc_without_rows, by_lp_solve_without_prices, by_highs_sparse, by_scip,
            by_glpsol_as_whole_numbers)  # fmt: skip


@pytest.mark.parametrize("mode", ["harmony", "floor"])
@pytest.mark.parametrize("by", PRICED)
def test_answers_of_real_solvers_to_the_scaled_program_prove_the_plan(tmp_path, by, mode):
    for one in (problem(valley()), nation(8, 6, 2, 4, hub_of=3)):
        write_mps(program(one, mode), tmp_path / "m.mps", scaled=True)
        by(tmp_path / "m.mps", tmp_path / "answer")
        plan, priced = plan_from(one, build(one), mode, tmp_path / "answer")
        assert priced
        assert plan.certificate().possible
        assert plan.certificate().gap < Fraction(1, 1000)


@pytest.mark.parametrize("by", UNPRICED)
def test_an_answer_without_prices_is_said_to_be_one_and_no_reasons_are_invented(
    tmp_path, capsys, by
):
    write_json(problem(valley()), tmp_path / "v.json")
    comuna(capsys, "plan", "export", tmp_path / "v.json", "--to", "mps", "--out",
           tmp_path / "m.mps")  # fmt: skip
    by(tmp_path / "m.mps", tmp_path / "answer")
    words = ("plan", "import", tmp_path / "v.json", tmp_path / "answer", "--lang", "en")
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True))
    args = parser.parse_args([str(word) for word in words])
    assert args.run(args) == 0
    out, err = capsys.readouterr()
    assert "CBC with `solve printing all solution FILE`" in err
    assert "nothing proves how near the best it is" in out
    assert "Why is not known: the plan has no prices." in out
    assert "does more for other needs" not in out
    assert "they do not tell what limits it" in out


@pytest.mark.parametrize("form", ["mps", "lp"])
def test_the_scaled_program_is_the_same_program(tmp_path, form):
    for one in (problem(valley()), nation(8, 6, 2, 4, hub_of=3)):
        model = program(one)
        (write_mps if form == "mps" else write_lp)(model, tmp_path / f"m.{form}", scaled=True)
        text = (tmp_path / f"m.{form}").read_text()
        power = int(re.search(r"the optimum times 10\^(-?\d+)", text)[1])
        by_highs(tmp_path / f"m.{form}", tmp_path / "answer")
        optimum = float(re.search(r"Objective (\S+)", (tmp_path / "answer").read_text())[1])
        assert -optimum * 10.0**power == pytest.approx(solve(model).objective, rel=1e-9)
        numbers = [abs(float(word)) for word in re.findall(r"(?<= )\d+\.?\d*(?= x)", text)]
        assert form == "mps" or max(numbers) < 1000


@given(st.integers(-(10**18), 10**18), st.integers(-20, 20))
@settings(max_examples=200, deadline=None)
def test_numbers_are_written_in_plain_digits_and_exactly(value, power):
    text = decimal(value, power)
    assert re.fullmatch(r"-?\d+(\.\d+)?", text)
    assert Fraction(text) == Fraction(value) * Fraction(10) ** power


@pytest.mark.parametrize("word", ["nan", "NaN", "-nan", "inf", "-Infinity", "1e+30", "1.#QNAN"])
def test_a_solver_that_says_nan_has_found_nothing(tmp_path, word, recwarn):
    (tmp_path / "a").write_text(f"c0 6\nc1 {word}\n")
    with pytest.raises(FileError, match=r"c1 is .*; a solver that says nan or inf") as told:
        read_answer(small(), tmp_path / "a")
    assert [wrong.row for wrong in told.value.wrongs] == [2]
    assert "no ha encontrado nada" in told.value.told("es")
    assert not recwarn.list


def test_a_solver_that_found_nothing_gives_no_plan(tmp_path):
    (tmp_path / "a").write_text("Problem: comuna\nStatus: INTEGER UNDEFINED\n 1 c0 6\n")
    with pytest.raises(FileError, match="row 2: says 'UNDEFINED'; a solver that found nothing"):
        read_answer(small(), tmp_path / "a")


def test_prices_that_prove_nothing_are_none(tmp_path):
    """As some programs hand out the activities of rows in the place of prices."""
    one = problem(valley())
    write_mps(program(one), tmp_path / "m.mps", scaled=True)
    by_highs(tmp_path / "m.mps", tmp_path / "answer")
    text = (tmp_path / "answer").read_text()
    primal = text.split("# Dual", 1)[0]
    (tmp_path / "odd").write_text(primal + "\n# Dual solution values\n" + "".join(
        f"y{at} {10**9}\n" for at in range(program(one).matrix.rows)))  # fmt: skip
    plan, priced = plan_from(one, build(one), "harmony", tmp_path / "odd")
    assert not priced
    assert not plan.answer.prices.prices.any()
