"""The commands of this room, run as a person runs them."""

import argparse
import io
import json
import sys

import pytest

from comuna.statutes.cli import add_commands


class Commands:
    """Call with the words of a command; gives (exit status, stdout, stderr)."""

    def __init__(self, capsys, monkeypatch):
        self.capsys, self.monkeypatch = capsys, monkeypatch

    def __call__(self, *words: str, given: str = "") -> tuple[int, str, str]:
        parser = argparse.ArgumentParser()
        add_commands(parser.add_subparsers(required=True))
        self.monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        self.monkeypatch.setenv("LC_ALL", "C")
        args = parser.parse_args(words)
        status = args.run(args)
        captured = self.capsys.readouterr()
        return status, captured.out, captured.err

    def json(self, *words: str, given: str = ""):
        status, out, err = self(*words, "--json", given=given)
        assert status == 0, err
        return json.loads(out)

    def surplus(self, pack: str, case: object):
        return self.json("surplus", "--statute", pack, given=json.dumps(case))


@pytest.fixture
def comuna(capsys, monkeypatch):
    return Commands(capsys, monkeypatch)
