"""Whatever a verb is given, it answers with a sentence. Verbs are fed damaged homes and files, and
seeded nonsense; `python -m tests.cli.test_absurd_input NUMBER` feeds them as many as asked."""

from __future__ import annotations

import gc
import io
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from comuna.cli import main, sentence
from comuna.home import Home
from tests.clerk.little_body import little_home

SCRAPS = (
    *("", " ", "\n", "{}", "[]", "null", "true", "0", "-1", '"', "{", "}", "[", "]", ":", ",", "="),
    *("9" * 30, "1e9", "0x10", "１２", "é", "‮", "\x01", '"act"', '"by"', '"kind"', '"nonce"'),
    *('{"act":{"kind":"complain"}}', '{"act":[],"by":{}}', '{"act":{"kind":"found"},"by":{}}'),
    *('name = "a"\n', "unit = 3\n", "[[founders]]\n", 'statute = "simple"\n', "decimals = 99\n"),
    *('{"name":"a","founders":[{"name":"b"}]}', '{"founders":{}}', "comuna/x\n1\nAAAA\n"),
)
"""Pieces of what the verbs read, whole and broken."""


def nonsense(chance: random.Random) -> bytes:
    """A few hundred bytes at most, of scraps or of anything."""
    if chance.random() < 0.2:
        return chance.randbytes(chance.randrange(60))
    text = "".join(chance.choice(SCRAPS) for _ in range(chance.randrange(1, 9)))
    data = bytearray(text.encode())
    for _ in range(chance.randrange(3)):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def word(chance: random.Random) -> str:
    """An argument as a person, or a script gone wrong, may give it."""
    return chance.choice(
        ("", "0", "1", "-1", "99999999999999999999", "x" * 300, "*", "é", "１", "..", "body")
    )


def verbs(home: Path, file: Path, chance: random.Random) -> list[str]:
    """A verb that reads this file or home, with arguments by chance."""
    where = ["--home", str(home)]
    said = word(chance)
    return chance.choice(
        (
            ["record", *where, str(file)],
            ["record", *where, str(file), "--dry-run"],
            ["found", *where, str(file)],
            ["found", "--home", str(file.parent / "new"), str(file)],
            ["check-receipt", str(file)],
            ["verify", str(file)],
            ["verify", str(home), "--against", str(file)],
            ["report", *where, said or "minutes", word(chance)],
            ["receipt", *where, said],
            ["log", *where, "--after", said],
            ["show", *where, "--body", said],
            ["pin", *where, said],
            ["export", *where, "--to", said, "--out", str(file.parent / "out")],
            ["statutes", said],
        )
    )


def answer(arguments: list[str]) -> tuple[int, str]:
    """The exit status and what was said on the error stream. Whatever is raised is a failure."""
    said, errors = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with redirect_stdout(said), redirect_stderr(errors):
        try:
            status = main(arguments)
        except SystemExit as end:  # argparse: the usage, and why
            status = int(end.code or 0)
    return status, errors.getvalue()


def feed(number: int, seed: int, home: Path, folder: Path) -> Iterator[tuple[list[str], int, str]]:
    """So many verbs with nonsense; gives what was asked, the status and the words."""
    chance = random.Random(seed)
    file = folder / "given"
    for _ in range(number):
        file.write_bytes(nonsense(chance))
        asked = verbs(home, file, chance)
        yield asked, *answer(asked)
        shutil.rmtree(folder / "new", ignore_errors=True)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made, body = little_home(tmp_path_factory.mktemp("absurd") / "home")
    body.clerk.checkpoint(body.body)
    return made.folder


def test_no_verb_answers_nonsense_with_a_traceback(home: Path, tmp_path: Path) -> None:
    for asked, status, said in feed(150, 8, home, tmp_path):
        assert status in (0, 1, 2), asked
        assert "Traceback" not in said, asked
        assert "ERROR" not in said, asked


FILES = ("settings.toml", "book.key", "register.key", "comuna.db")
VERBS = ("show", "log", "checkpoint", "rebuild", "record", "verify")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", [b"", b"\xff\x00\xfe", b"a = 1\n" * 50], ids=repr)
@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_damaged_home_is_told_in_a_sentence(
    home: Path, tmp_path: Path, name: str, content: bytes, lang: str
) -> None:
    copy = tmp_path / "home"
    shutil.copytree(home, copy)
    for beside in copy.glob("comuna.db-*"):
        beside.unlink()
    (copy / name).write_bytes(content)
    (tmp_path / "none").write_text("")
    for verb in VERBS:
        where = [str(copy)] if verb == "verify" else ["--home", str(copy)]
        more = [str(tmp_path / "none")] if verb == "record" else []
        status, said = answer([verb, *where, *more, "--lang", lang])
        assert status in (0, 1, 2)
        assert "Traceback" not in said


@pytest.mark.parametrize(
    "fault",
    [
        *(ValueError("x" * 9999), KeyError(3), RecursionError(), MemoryError(), TypeError()),
        *(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no"), OSError(28, "No space left", "f")),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_every_fault_has_a_short_sentence_in_both_languages(fault: Exception) -> None:
    es, en = sentence(fault, "es"), sentence(fault, "en")
    assert 10 < len(es) < 500
    assert 10 < len(en) < 500
    assert "Error" not in es or type(fault).__name__ in es


def test_whoever_keeps_the_program_can_see_where_it_happened(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Home, "database", lambda self: 1 // 0)
    assert main(["show", "--home", str(home), "--lang", "es"]) == 2
    assert "ZeroDivisionError" in capsys.readouterr().err
    monkeypatch.setenv("COMUNA_TRACE", "1")
    with pytest.raises(ZeroDivisionError):
        main(["show", "--home", str(home)])


def test_a_verifier_that_stops_early_leaves_no_complaint_behind(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", left.append)
    status, said = answer(["verify", str(home), "--key", "a=1"])
    gc.collect()
    assert (status, left) == (2, [])
    assert "key" in said


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        lived, small = little_home(place / "home")
        small.clerk.checkpoint(small.body)
        wrong = [
            (asked, said)
            for asked, status, said in feed(int(sys.argv[1]), 1, lived.folder, place)
            if status not in (0, 1, 2) or "Traceback" in said
        ]
    print(f"{sys.argv[1]} inputs, {len(wrong)} without a sentence", *wrong[:20], sep="\n")
    sys.exit(bool(wrong))
