"""Programs of every mode in other solvers' hands, and their answers as plans."""

import json
from fractions import Fraction
from pathlib import Path

import highspy
import pytest

from bench.plan_nation import nation
from comuna.plan.build import build
from comuna.plan.errors import FileError, PlanError
from comuna.plan.model import Model
from comuna.plan.mps import plan_from, program, read_solution, write_mps
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
        plan = plan_from(one, mode, tmp_path / "answer")
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
    found = read_solution(small(), tmp_path / "a")
    assert (found[0][0], found[1][0]) == (x, y)


def test_an_answer_to_another_program_is_refused(tmp_path):
    (tmp_path / "a").write_text("c0 1\nc99999 1\nr88888 1 1\n")
    with pytest.raises(FileError, match=r"names c99999; there are \d+, from c0 on") as told:
        read_solution(small(), tmp_path / "a")
    assert [each.row for each in told.value.wrongs] == [2, 3]
    (tmp_path / "a").write_text("infeasible\n")
    with pytest.raises(FileError, match="names no column"):
        read_solution(small(), tmp_path / "a")
