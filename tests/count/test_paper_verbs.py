"""Paper at a terminal: two people who do not see each other's counts, recounts, and audits."""

import json
from itertools import islice
from pathlib import Path

import pytest

from comuna.count.risk_limit import draw_papers

from .test_words_and_verbs import run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "batches.csv").write_text("Batch\nbox 1\nbox 2\n")
    return tmp_path


def enter(folder: Path, by: str, yes: int, no: int, batch: str = "box 1", *more: str) -> int:
    papers = str(yes + no)
    words = ("--batch", batch, "--by", by, "--papers", papers, f"yes={yes}", f"no={no}", *more)
    return run("paper", "enter", folder, *words)


def test_who_enters_second_never_learns_what_the_first_counted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert enter(folder, "ana", 71, 23) == 3
    assert "waits for a second count" in capsys.readouterr().out
    assert enter(folder, "luis", 70, 24) == 3
    said = capsys.readouterr().out
    assert "differ (votes no, votes yes): count it again" in said
    assert "71" not in said


def test_one_person_alone_counts_nothing_and_two_who_agree_do(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    enter(folder, "ana", 7, 2)
    assert enter(folder, "ana", 7, 2) == 2
    assert "the second count is by another person" in capsys.readouterr().err
    assert run("paper", "compare", folder) == 3
    assert "Agreed in 0 of 2 batches: —" in capsys.readouterr().out
    assert enter(folder, "luis", 7, 2, "box 1", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"batch": "box 1", "state": "agreed"}
    assert run("paper", "compare", folder, "--json") == 3
    state = json.loads(capsys.readouterr().out)
    assert (state["votes"], state["missing"]) == ({"no": 2, "yes": 7}, ["box 2"])
    for by in ("eva", "juan"):
        enter(folder, by, 1, 5, "box 2")
    capsys.readouterr()
    assert run("paper", "compare", folder, "--lang", "es") == 0
    assert "Conformes 2 de 2 lotes: no 7, yes 8" in capsys.readouterr().out


def test_a_recount_order_says_what_differs_until_two_agree(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    enter(folder, "ana", 7, 2)
    enter(folder, "luis", 6, 3)
    capsys.readouterr()
    assert run("paper", "recount", folder) == 3
    assert "box 1, counted by ana and luis: votes no 2 / 3; votes yes 7 / 6" in (
        capsys.readouterr().out
    )
    enter(folder, "eva", 6, 3)
    assert enter(folder, "juan", 6, 3) == 0
    assert run("paper", "recount", folder) == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--batch", "box 9", "--by", "ana", "--papers", "1", "yes=1"), "not one of those"),
        (("--batch", "box 1", "--by", "ana", "--papers", "2", "yes=1"), "add up to 1, but 2"),
        (("--batch", "box 1", "--by", "ana", "--papers", "dos", "yes=1"), "whole number is due"),
        (("--batch", "box 1", "--by", "ana", "--papers", "1", "yes"), "write each option once"),
    ],
)
def test_what_cannot_be_is_refused_and_not_written(
    folder: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], says: str
) -> None:
    assert run("paper", "enter", folder, *words) == 2
    assert says in capsys.readouterr().err
    assert not (folder / "entries.jsonl").exists()


AUDIT = ("audit-sample", "plurality", "A=700", "B=300", "--winners", "A", "--papers", "1000",
         "--lot", "dice 4 2 6")  # fmt: skip


def test_an_audit_says_which_papers_to_draw_and_when_to_stop(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*AUDIT, "--next", "3") == 3
    drawn = [each + 1 for each in islice(draw_papers("dice 4 2 6", 1000), 60)]
    said = capsys.readouterr().out
    assert f"Papers to look at now: {drawn[0]}, {drawn[1]}, {drawn[2]}" in said
    seen = tmp_path / "seen.csv"
    lines = [f"{paper},{'A' if at % 5 else 'B'}" for at, paper in enumerate(drawn)]
    seen.write_text("\n".join(["paper,votes", *lines[:5]]))
    assert run(*AUDIT, "--seen", seen, "--json") == 3
    assert json.loads(capsys.readouterr().out)["draw"][0] == drawn[5]
    seen.write_text("\n".join(["paper,votes", *lines]))
    assert run(*AUDIT, "--seen", seen, "--lang", "es") == 0
    assert "Alto: tras 60 papeletas" in capsys.readouterr().out


def test_another_paper_than_was_drawn_is_refused_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = next(iter(draw_papers("dice 4 2 6", 1000))) + 1
    seen = tmp_path / "seen.csv"
    seen.write_text(f"paper,votes\n{first % 1000 + 1},A\n")
    assert run(*AUDIT, "--seen", seen) == 2
    assert f"where the lot drew {first}" in capsys.readouterr().err
    seen.write_text(f"paper,votes\n{first},C\n")
    assert run(*AUDIT, "--seen", seen, "--lang", "es") == 2
    assert "línea 2: 'C' no es una opción anunciada" in capsys.readouterr().err
