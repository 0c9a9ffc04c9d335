"""JSON and TOML from outside are read within bounds, in the one place that reads them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from comuna.given import (
    LARGEST_NUMBER,
    LARGEST_TOML,
    MOST_PARTS,
    Unreadable,
    read_json,
    read_toml,
    whole,
)
from comuna.rules.pack import InvalidPack, parse
from comuna.statutes import names, text

SOURCES = Path(__file__).parents[2] / "src" / "comuna"
PART = ("a", '"a b"', "'a.b'", '"a\\"b"', "a-b_c", " a ")
PROSE = " ".join(["Una frase."] * 3 * MOST_PARTS)


@pytest.mark.parametrize("part", PART)
def test_a_name_of_too_many_parts_is_refused_before_it_is_read(part: str) -> None:
    sound = ".".join([part] * MOST_PARTS)
    assert read_toml(f"{sound} = 1")
    for line in (f"{sound}.x = 1", f"[{sound}.x]", f"[[ {sound} . x ]]", f"a = {{{sound}.x = 1}}"):
        with pytest.raises(Unreadable) as refused:
            read_toml(f'b = """\nlines\n"""\n{line}\n')
        assert refused.value.line == 4


@pytest.mark.parametrize(
    "given",
    [
        *(f'a = "{PROSE}"', f"a = '{PROSE}'", f'a = """\n{PROSE}"""', f"a = '''\n{PROSE}'''"),
        *(f"a = 1 # {PROSE}", f'a = """{PROSE}"" {PROSE}"""""\nb = 1', f'a = "\\"{PROSE}"'),
        "a = [" + ", ".join(["1.5"] * 99) + "]",
    ],
)
def test_points_in_words_remarks_and_numbers_make_no_name(given: str) -> None:
    assert read_toml(given)


@pytest.mark.parametrize("letters", ["a", " ", '"', "'", '"a\\', '"""\\', "#", "'''a", "a.\n"])
def test_the_look_at_names_takes_time_by_the_length_of_the_text(letters: str) -> None:
    start = time.process_time()
    with pytest.raises(Unreadable):  # each is wrong in its first line already, or unfinished
        read_toml("= " + letters * (LARGEST_TOML // 2 // len(letters)))
    assert time.process_time() - start < 10  # by the square it would be hours


@pytest.mark.parametrize(
    "given",
    [
        *("a = 9223372036854775808", f"a = 0x{'f' * 17}", "a = [[1, {b = -99999999999999999999}]]"),
        *(f"a = {'9' * 5000}", "a = " + "[" * 2000 + "]" * 2000, "a = 2026-02-30", "a", "a = 1e"),
        f"a = '{'x' * LARGEST_TOML}'",
    ],
    ids=lambda given: given[:24],
)
def test_toml_that_nobody_needs_is_refused_in_both_languages(given: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_toml(given)
    assert refused.value.es != refused.value.en
    assert len(refused.value.es) < 300


@pytest.mark.parametrize(
    "given",
    [
        "[" * 5000,
        '{"a":' * 5000,
        '{"a": "\\ud800"}',
        "9" * 5000,
        "[-9223372036854775809]",
        "{",
        "",
        "tru",
        '"\\x"',
    ],
    ids=lambda given: given[:12],
)
def test_json_that_nobody_needs_is_refused_in_both_languages(given: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_json(given)
    assert refused.value.es != refused.value.en
    assert len(refused.value.es) < 300


def test_numbers_up_to_64_bits_and_decimals_as_asked_are_read() -> None:
    given = f'{{"a": {LARGEST_NUMBER}, "b": -{LARGEST_NUMBER}, "c": 0.10, "d": NaN}}'
    assert read_json(given, str) == {
        "a": LARGEST_NUMBER,
        "b": -LARGEST_NUMBER,
        "c": "0.10",
        "d": "NaN",
    }
    assert read_toml(f"a = {LARGEST_NUMBER}") == {"a": LARGEST_NUMBER}


@pytest.mark.parametrize("line", [f"a = {'9' * 5000}", "a = " + "[" * 2000, "a." * 40 + "b = 1"])
def test_a_pack_beyond_bounds_is_refused_like_any_other_fault_of_it(line: str) -> None:
    with pytest.raises(InvalidPack) as refused:
        parse(f"{text(names()[0])}\n{line}\n")
    assert all(e.in_words("es") and e.in_words("en") for e in refused.value.errors)


@pytest.mark.parametrize("written", ["{a = 1}", "[1]", "3", "2026-01-01"])
@pytest.mark.parametrize("named", ["treasury.funds", "treasury.accounts"])
def test_a_fund_or_account_whose_id_is_no_text_is_a_fault_of_the_pack(
    named: str, written: str
) -> None:
    odd = f'[[{named}]]\nid = {written}\ntitle = {{es = "a", en = "a"}}\narticle = "1"\n'
    with pytest.raises(InvalidPack) as refused:
        parse(f"{text('simple')}\n{odd}")
    assert any(e.field.startswith(named) for e in refused.value.errors)


@pytest.mark.parametrize(
    ("given", "number"),
    [
        *(("0", 0), ("007", 7), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("9" * 5000, None)),
        *(("", None), ("-1", None), ("+1", None), (" 1", None), ("1_0", None), ("1.0", None)),
        *(("٣", None), ("１", None), ("²", None), ("1\n", None)),
    ],
    ids=lambda given: str(given)[:8],
)
def test_a_whole_number_is_ten_digits_known_to_everybody_and_not_too_many(
    given: str, number: int | None
) -> None:
    assert whole(given) == number


ALONE = {
    "json.loads(": {
        *("given.py", "audit/canonical.py", "clock.py", "web/pages/book.py", "world/demo.py"),
    },
    "json.load(": set(),
    "tomllib": {"given.py"},
}
"""Who reads by themselves: the verifier shares no code with the writer; a trace of the clock is
anything or nothing; a page shows an entry of the book, and the demo its own files."""


@pytest.mark.parametrize("call", ALONE)
def test_nobody_else_reads_json_or_toml_by_themselves(call: str) -> None:
    found = {
        str(path.relative_to(SOURCES))
        for path in SOURCES.rglob("*.py")
        if call in path.read_text("utf-8")
    }
    assert found == ALONE[call]
