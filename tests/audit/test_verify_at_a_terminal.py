"""`comuna verify` and `python -m comuna.audit`: what they print and how they end."""

import argparse
import ast
import json
import string
import subprocess
import sys
from pathlib import Path

import pytest

import comuna.audit
from comuna.audit.cli import main, run
from comuna.audit.texts import TEXTS
from comuna.audit.verify import verify

WITHOUT = [("en", "without a decision"), ("es", "sin una decisión")]
HOUSE = ("rules", "book", "clerk", "readings", "pen", "home", "web")
ALONE = f"""
import sys
from comuna.audit.cli import main

status = main(sys.argv[1:])
loaded = [m for m in sys.modules if m.startswith("comuna.") and m.split(".")[1] in {HOUSE}]
sys.exit(f"loaded: {{loaded}}" if loaded else status)
"""


@pytest.fixture(scope="session")
def good(server):
    return server.write(server.copy())


@pytest.fixture(scope="session")
def bad(server):
    entries = server.copy()
    entries[server.story.zinc - 1]["act"]["effects"][0]["limit"] = 600_000
    return server.write(entries)


def test_a_clean_book_ends_with_nought_and_says_so(good, server, capsys):
    assert main([str(good), "--key", server.key, "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "everything was proven" in said
    assert "3 payments" in said
    assert server.body in said


@pytest.mark.parametrize(("lang", "words"), WITHOUT)
def test_a_finding_ends_with_one_and_says_what_and_where(bad, server, capsys, lang, words):
    assert main([str(bad), "--lang", lang]) == 1
    said = capsys.readouterr().out
    assert words in said
    assert "[movement_without_decision]" in said
    word = {"en": "entry", "es": "entrada"}[lang]
    assert f"{word} {server.story.zinc}: " in said


def test_json_holds_every_finding(bad, capsys):
    assert main([str(bad), "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert not said["proven"]
    assert {"body", "name", "where", "text"} == set(said["findings"][0])
    (book,) = said["books"]
    signals = [signal["name"] for signal in book["signals"]]
    assert book["notes"] == ["no_key", "no_earlier", *signals]
    assert 0 < book["vouched"] < book["size"]


def test_what_is_no_book_ends_with_two(tmp_path, capsys):
    assert main([str(tmp_path)]) == 2
    assert main([str(tmp_path / "nothing")]) == 2
    assert "holds no book" in capsys.readouterr().err


def test_a_reading_that_differs_is_a_finding(good, capsys):
    args = argparse.Namespace(path=str(good), against=None, key="", json=False, lang="en")
    differs = [("reading_balance bank:main", "500 is stored, 400 follows from the book")]
    assert run(args, lambda path: differs, lambda label: lambda done, total: None) == 1
    assert "bank:main" in capsys.readouterr().out


def test_the_verifier_runs_alone(good):
    """In an interpreter of its own nothing of the writer's side is loaded."""
    done = subprocess.run([sys.executable, "-c", ALONE, good], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    module = [sys.executable, "-m", "comuna.audit", str(good), "--json"]
    assert subprocess.run(module, capture_output=True, check=False).returncode == 0


def figures(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_finding_has_words_in_both_languages_with_the_same_figures():
    for name, (en, es) in TEXTS.items():
        assert en.strip(), name
        assert es.strip(), name
        assert figures(es) <= figures(en) | {"detail"}, name


def raised():
    """Every call that makes a finding, in the source: its name and the figures it brings."""
    for source in Path(comuna.audit.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                place = {"need": 1, "finding": 0}.get(node.func.id)
                if place is not None and isinstance(node.args[place], ast.Constant):
                    yield node.args[place].value, {k.arg for k in node.keywords}


def test_every_finding_brings_the_figures_of_its_words_and_no_words_are_idle():
    files = {"checkpoint_malformed", "file_unreadable", "file_missing", "file_strange"}
    used = {"seen_differs", "checkpoint_differs", "tile_differs", *files}
    for name, given in raised():
        assert figures("".join(TEXTS[name])) <= given, name
        used.add(name)
    assert used == set(TEXTS)


def test_progress_is_told(server, good):
    told = []
    verify(good, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (len(server.entries), len(server.entries))
