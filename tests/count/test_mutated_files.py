"""Broken files of every kind end in a result or in a refusal in both languages; by the million with
`python bench/mutated.py`."""

import pytest

from bench.mutated import SEEDS, files, try_reader
from comuna.count.files import read_ballots


@pytest.mark.parametrize("kind", SEEDS)
def test_mutated_files_are_read_or_refused_in_both_languages(kind: str) -> None:
    read, refused, content, how = try_reader(kind, 400 if kind in ("xlsx", "ods") else 1500, 7)
    assert content is None, (how, content)
    assert read
    assert refused


@pytest.mark.parametrize("kind", SEEDS)
def test_what_is_mutated_is_a_file_that_is_read(kind: str) -> None:
    class Still:
        """Dice that change nothing."""

        def random(self) -> float:
            return 0.9

        def randint(self, _least: int, _most: int) -> int:
            return 0

        def randrange(self, _end: int) -> int:
            return 9

        def choice(self, among: list[str]) -> str:
            return among[0]

    contest, ballots = read_ballots(f"x.{kind}", files(kind, Still()))  # type: ignore[arg-type]
    assert ballots.total() > 0
    assert contest.layout
