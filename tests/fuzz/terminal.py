"""The door of the terminal: any words after any verb, through `main`, in this process."""

from __future__ import annotations

import argparse
import io
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from random import Random

from comuna.cli import main, parser
from tests.clerk.little_body import little_home
from tests.cli.test_absurd_input import nonsense
from tests.fuzz import absurd
from tests.fuzz.door import ACCEPTED, REFUSED, Feed, Unforeseen
from tests.fuzz.files import CASE, SEEDS, files

ENDLESS = ("serve", "demo")
"""Verbs that do not end by themselves, or make a world first."""
SLOW = ("template",)
Verb = tuple[tuple[str, ...], argparse.ArgumentParser]


def verbs_of(whole: argparse.ArgumentParser, before: tuple[str, ...] = ()) -> Iterator[Verb]:
    """Every verb with its parser, those of verbs too."""
    inner = [a for a in whole._actions if isinstance(a, argparse._SubParsersAction)]
    if not inner:
        yield before, whole
    for action in inner:
        for name, below in action.choices.items():
            if name not in ENDLESS + SLOW:
                yield from verbs_of(below, (*before, name))


def argument(random: Random, action: argparse.Action, paths: list[str]) -> str:
    """A word for an option or a place: one that it allows, a path, or anything."""
    way = random.random()
    if action.choices and way < 0.8:
        return random.choice(list(action.choices))
    if way < 0.6 and (action.type is Path or str(action.metavar or "").isupper()):
        return random.choice(paths)
    if way < 0.7:
        return random.choice(("0", "1", "2", "12", "a=1", "simple", "minutes", "tiles", "csv"))
    return absurd.text(random).replace("..", "").replace("/", "")


def arguments(random: Random, verb: Verb, paths: list[str], home: str) -> list[str]:
    """What somebody may type after `comuna`."""
    words, place = list(verb[0]), verb[1]
    for action in place._actions:
        if isinstance(action, argparse._HelpAction):
            continue
        wanted = action.required or not action.option_strings
        if not wanted and random.random() < 0.7:
            continue
        if "--home" in action.option_strings:
            words += ["--home", home if random.random() < 0.95 else random.choice(paths)]
            continue
        if action.option_strings:
            words.append(random.choice(action.option_strings))
        if action.nargs != 0:
            several = random.choice((1, 1, 2, 3)) if action.nargs in ("+", "*") else 1
            words += [argument(random, action, paths) for _ in range(several)]
    if random.random() < 0.05:
        words.insert(random.randrange(len(words) + 1), absurd.text(random))
    return [word.replace("\0", "") if random.random() < 0.9 else word for word in words]


@contextmanager
def arguments_of_verbs(folder: Path) -> Iterator[Feed]:
    """Any verb with any words, on files of nonsense, in a folder that is thrown away."""
    folder = folder / "here" / "below"
    folder.mkdir(parents=True)
    _, body = little_home(folder / "whole")
    body.clerk.checkpoint(body.body)
    body.clerk.close()
    verbs = list(verbs_of(parser()))
    before = os.getcwd()
    os.chdir(folder)
    names = ["given", "given.json", "given.csv", "given.blt", "none", "home", "out", "deep"]

    def give(random: Random) -> str:
        for name in os.listdir():
            if name not in ("whole", "home"):
                shutil.rmtree(name, ignore_errors=True) if os.path.isdir(name) else os.unlink(name)
        if random.random() < 0.05 or not os.path.exists("home"):
            shutil.rmtree("home", ignore_errors=True)
            shutil.copytree("whole", "home")
        content = contents(random)
        for name in names[:4]:
            Path(name).write_bytes(content)
        os.mkdir("deep")
        Path("deep", random.choice(("batches.csv", "goods.csv", "checkpoint"))).write_bytes(content)
        return typed(arguments(random, random.choice(verbs), names, "home"), content)

    try:
        yield give
    finally:
        os.chdir(before)


def contents(random: Random) -> bytes:
    way = random.random()
    if way < 0.4:
        return nonsense(random)
    if way < 0.6:
        return absurd.as_json(random, absurd.spoiled(random, CASE))
    return files(random.choice([kind for kind in SEEDS if kind not in ("xlsx", "ods")]), random)


def typed(words: list[str], given: bytes) -> str:
    """What came of it. An answer that says that nobody foresaw this is a fault."""
    said, errors = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    given_before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(given), "utf-8")
    try:
        with redirect_stdout(said), redirect_stderr(errors):
            status = main(words)
    except SystemExit as end:  # argparse: the usage, and why
        status = int(end.code or 0)
    finally:
        sys.stdin = given_before
    told = errors.getvalue()
    if "COMUNA_TRACE" in told or "Traceback" in told or status not in (0, 1, 2, 3):
        raise Unforeseen(f"{told.strip()[-300:]} ({status}): {words!r} given {given[:300]!r}")
    return REFUSED if status else ACCEPTED
