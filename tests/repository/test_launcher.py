"""The launcher, on machines that lack what it looks for, and the two commands of the README."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BARE = ["sh", "cat", "cksum", "dirname", "id", "mkdir", "readlink", "rm", "env"]

# Stands in for the environment's Python where only the launcher is under test: it says what it was
# asked, and its `-m pip` speaks as pip does.
PYTHON = """#!/bin/sh
case "$*" in
    -V) echo Python 3.11.9 ;;
    *'-m pip install'*) echo "Collecting django==5.2 (from x)"; echo "$*" >>"$0.pip"; exit {pip} ;;
    *'-m comuna'*) printf '<%s>' "$@" ;;
    *'-m pytest'*) echo "$*"; echo "7 passed in 0.01s" ;;
    *'{failing}'*) echo "something is not in order"; exit 1 ;;
esac
"""


@pytest.fixture
def tools(tmp_path):
    """A PATH on which nothing lies but what every Debian has: no Python, no apt-get, no sudo."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in BARE:
        (folder / name).symlink_to(shutil.which(name))
    return folder


@pytest.fixture
def checkout(tmp_path):
    folder = tmp_path / "a commune's folder"
    folder.mkdir()
    shutil.copy(ROOT / "comuna", folder)
    for name in ("pyproject.toml", "requirements.lock", "requirements-test.lock"):
        (folder / name).write_text(f"# {name}\n")
    return folder


def give_environment(checkout, pip=0, failing="nothing fails"):
    python = checkout / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(PYTHON.format(pip=pip, failing=failing))
    python.chmod(0o755)
    return python


def launch(checkout, tools, *words):
    return subprocess.run(
        [checkout / "comuna", *words],
        env={"PATH": str(tools)},
        cwd=tools,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def installs(python: Path) -> int:
    said = Path(f"{python}.pip")
    return len(said.read_text().splitlines()) if said.exists() else 0


def test_the_launcher_is_plain_posix_shell():
    assert (ROOT / "comuna").read_text().startswith("#!/bin/sh\n")
    for script in ("comuna", "tools/lock", ".ci/run"):
        subprocess.run(["dash", "-n", ROOT / script], check=True)


def test_words_arrive_unbroken_from_any_folder_and_standard_output_stays_the_programs(
    checkout, tools
):
    give_environment(checkout)
    ran = launch(checkout, tools, "found", "--home", "our home", "")
    assert (ran.returncode, ran.stdout) == (0, "<-P><-m><comuna><found><--home><our home><>")
    assert "django==5.2" in ran.stderr


def test_nothing_is_installed_again_until_the_lock_changes(checkout, tools):
    python = give_environment(checkout)
    launch(checkout, tools, "demo")
    assert installs(python) == 2  # the libraries, then the package
    launch(checkout, tools, "demo")
    assert installs(python) == 2
    (checkout / "requirements.lock").write_text("django==5.2.1\n")
    launch(checkout, tools, "demo")
    assert installs(python) == 4


def test_a_failed_installation_shows_what_pip_said_and_is_tried_again(checkout, tools):
    python = give_environment(checkout, pip=1)
    ran = launch(checkout, tools, "demo")
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert "Collecting django==5.2 (from x)" in ran.stderr
    assert "could not be installed" in ran.stderr
    launch(checkout, tools, "demo")
    assert installs(python) == 2


def test_an_environment_that_somebody_else_made_is_not_destroyed(checkout, tools):
    theirs = checkout / ".venv" / "notes"
    theirs.parent.mkdir()
    theirs.write_text("mine")
    ran = launch(checkout, tools, "demo")
    assert ran.returncode == 1
    assert "did not make it" in ran.stderr
    assert theirs.read_text() == "mine"


def test_a_machine_without_python_is_told_exactly_what_to_type(checkout, tools):
    ran = launch(checkout, tools, "demo")
    assert ran.returncode == 1
    assert "apt-get install --no-install-recommends python3-venv" in ran.stderr
    assert not (checkout / ".venv").exists()


def test_the_tests_name_every_missing_package_and_fail(checkout, tools):
    give_environment(checkout)
    ran = launch(checkout, tools, "test")
    assert ran.returncode == 1
    for package in ("chromium", "golang-go", "hledger", "ledger", "glpk-utils", "lp-solve"):
        assert re.search(rf"apt-get install .*\b{package}\b", ran.stderr), package


BROUGHT = ("chromium", "git", "go", "hledger", "initdb", "ledger", "cbc", "glpsol", "lp_solve")


@pytest.fixture
def debian(tools):
    """A machine on which sudo asks nothing, and where apt-get brings programs and keeps a diary."""
    brought = " ".join(BROUGHT)
    programs = {
        "id": "echo 1000",
        "sudo": '[ "$1" = -n ] && shift && exec "$@"',
        "true": "exit 0",
        "apt-get": f"brought='{brought}'\n"
        """echo "$*" >>"$0.diary"
            case "$*" in
                *install*) for name in $brought; do
                    echo exit 0 >"${0%/*}/$name"
                    chmod +x "${0%/*}/$name"
                done ;;
            esac""",
    }
    for name, script in programs.items():
        (tools / name).unlink(missing_ok=True)
        (tools / name).write_text(f"#!/bin/sh\n{script}\n")
        (tools / name).chmod(0o755)
    (tools / "chmod").symlink_to(shutil.which("chmod"))
    return tools / "apt-get.diary"


def test_where_sudo_asks_nothing_what_is_missing_is_brought_once(checkout, tools, debian):
    give_environment(checkout)
    assert launch(checkout, tools, "test").returncode == 0
    renewed, brought = debian.read_text().splitlines()
    assert renewed.endswith("update")
    assert "-o DPkg::Lock::Timeout=300 install" in brought
    assert "chromium git golang-go" in brought
    assert launch(checkout, tools, "test").returncode == 0
    assert len(debian.read_text().splitlines()) == 2


@pytest.fixture
def everything_installed(tools):
    for name in BROUGHT:
        (tools / name).symlink_to("/bin/true")


@pytest.mark.usefixtures("everything_installed")
def test_the_tests_take_pytests_words_and_end_with_its_closing_line(checkout, tools):
    give_environment(checkout)
    ran = launch(checkout, tools, "test", "tests/rules", "-k", "a and b")
    assert ran.returncode == 0, ran.stderr
    *_, command, closing = ran.stdout.splitlines()
    assert command.endswith("tests/rules -k a and b")
    assert closing == "7 passed in 0.01s"


@pytest.mark.usefixtures("everything_installed")
@pytest.mark.parametrize(
    ("failing", "named"),
    [
        ("ruff format", "format"),
        ("ruff check", "style"),
        ("mypy", "types"),
        ("importlinter", "arrows"),
    ],
)
def test_one_check_out_of_order_fails_the_run_and_is_named(checkout, tools, failing, named):
    give_environment(checkout, failing=failing)
    ran = launch(checkout, tools, "test")
    assert ran.returncode == 1
    assert f"Not in order, see above: {named}\n" in ran.stderr
    assert ran.stdout.splitlines()[-1] == "7 passed in 0.01s"


@pytest.mark.parametrize("readme", ["README.md", "README.es.md"])
def test_the_readmes_two_commands_are_the_demo_and_what_ci_runs(readme):
    blocks = re.findall(r"^```sh\n(.*?)^```", (ROOT / readme).read_text(), re.DOTALL | re.MULTILINE)
    commands = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
    assert commands[:2] == ["./comuna demo", "./comuna test"]
    lines = (ROOT / ".ci/run").read_text().splitlines()
    (what_ci_runs,) = [line for line in lines if line and not line.startswith("#")]
    assert what_ci_runs.endswith(f"&& exec {commands[1]}")
