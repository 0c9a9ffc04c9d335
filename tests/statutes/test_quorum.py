from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comuna.rules.quorum import required
from comuna.rules.statute import Quorum
from comuna.statutes import load

CASES = [
    ("ve-locc-2023", 1, 612, 184),
    ("ve-locc-2023", 2, 612, 123),
    ("ve-locc-2023", 2, 47, 10),
    ("ve-locc-2023", 1, 2500, 750),
    ("br-5764-1971", 2, 612, 307),
    ("br-5764-1971", 3, 612, 10),
    ("br-5764-1971", 1, 47, 32),
    ("br-5764-1971", 2, 47, 24),
    ("br-5764-1971", 3, 47, 10),
    ("br-5764-1971", 1, 2500, 1667),
    ("br-5764-1971", 2, 2500, 1251),
    ("es-27-1999", 1, 47, 24),
    ("es-27-1999", 2, 47, 5),
    ("es-27-1999", 2, 612, 62),
    ("es-27-1999", 1, 2500, 1251),
    ("es-27-1999", 2, 2500, 100),
    ("in-kerala", 1, 612, 62),
    ("in-kerala", 1, 47, 5),
    ("in-kerala", 2, 47, 50),
    ("in-kerala", 2, 2500, 50),
    ("mx-ejido-special", 1, 612, 459),
    ("mx-ejido-special", 2, 612, 307),
    ("mx-ejido-special", 2, 47, 24),
    ("mx-ejido-special", 1, 2500, 1875),
    ("ar-20337", 2, 47, 1),
]


@pytest.mark.parametrize(("pack", "call", "count", "expected"), CASES)
def test_the_law_asks_for_so_many(comuna, pack, call, count, expected):
    base = load(pack).call(call).of
    answer = comuna.json(
        "quorum", "--statute", pack, "--call", str(call), "--of", f"{base}={count}"
    )
    assert answer["required"] == expected
    assert answer["article"]


def test_half_plus_one_of_an_odd_number_is_read_as_the_statute_says():
    def rule(reading: str) -> Quorum:
        return Quorum(article="1", call=1, of="members", half_plus_one=reading)

    assert (required(rule("floor"), 47), required(rule("literal"), 47)) == (24, 25)
    assert required(rule("floor"), 48) == required(rule("literal"), 48) == 25


@given(st.integers(1, 10**6), st.fractions(Fraction(1, 100), 1, max_denominator=100))
def test_at_least_a_part_is_the_least_number_that_reaches_it(base, part):
    needed = required(Quorum(article="1", call=1, of="members", at_least=str(part)), base)
    assert needed == ceil(part * base)
    assert needed >= part * base > needed - 1


@given(st.integers(1, 10**6), st.fractions(0, Fraction(99, 100), max_denominator=100))
def test_more_than_a_part_is_the_least_number_beyond_it(base, part):
    needed = required(Quorum(article="1", call=1, of="members", more_than=str(part)), base)
    assert needed > part * base >= needed - 1


@given(st.integers(1, 10**5))
def test_a_bigger_roll_never_asks_for_fewer(base):
    for pack in ("br-5764-1971", "es-27-1999", "in-kerala", "ve-locc-2023"):
        for rule in load(pack).assembly.calls:
            assert required(rule, base) <= required(rule, base + 1)


def test_nobody_is_no_base():
    with pytest.raises(ValueError, match="at least one"):
        required(load("simple").call(1), 0)


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (["--call", "1", "--of", "residents=50"], "--of members=COUNT"),
        (["--call", "4", "--of", "members=50"], "knows calls 1, 2, 3"),
        (["--call", "1", "--of", "members=0"], "at least one"),
        (["--call", "1", "--of", "members=-3"], "BASE=COUNT"),
        (["--call", "1", "--of", "50"], "BASE=COUNT"),
    ],
)
def test_a_quorum_asked_wrongly_is_told_how_to_ask(comuna, arguments, remedy):
    status, out, err = comuna("quorum", "--statute", "br-5764-1971", *arguments)
    assert status == 2
    assert remedy in err
    assert not out


def test_a_call_that_cannot_be_met_says_so(comuna):
    _, out, _ = comuna("quorum", "--statute", "in-kerala", "--call", "2", "--of", "voters=47")
    assert "50" in out
    assert "cannot be met" in out


def test_a_quorum_from_memory_says_that_it_is_a_draft(comuna):
    words = ("quorum", "--statute", "ve-locc-2023", "--call", "1", "--of", "residents_over_15=9")
    assert "BORRADOR" in comuna(*words, "--lang", "es")[1]
    assert comuna.json(*words)["draft"] is True
