"""Canonical JSON: one form for each value, the same as msgspec's, and every other form refused."""

import json
from contextlib import suppress
from unicodedata import normalize

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comuna.book import canonical
from comuna.book.strict import LARGEST, Malformed

texts = st.text(max_size=30).map(lambda t: normalize("NFC", t)).filter(lambda t: "\0" not in t)
keys = st.from_regex(r"[A-Za-z0-9_.:/-]{1,12}", fullmatch=True)
integers = st.integers(-LARGEST, LARGEST)
values = st.recursive(
    st.booleans() | integers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=15,
)


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    zeta: str
    amount: int = 0
    Alpha: bool = False
    lines: tuple[str, ...] = ()
    shares: dict[str, int] = {}


class Whole(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="whole"):
    part: Part
    parts: tuple[Part, ...] = ()
    b_1: int = 0
    b1: int = 0


parts = st.builds(
    Part,
    zeta=texts,
    amount=integers,
    Alpha=st.booleans(),
    lines=st.lists(texts, max_size=3).map(tuple),
    shares=st.dictionaries(keys, integers, max_size=3),
)
wholes = st.builds(
    Whole, part=parts, parts=st.lists(parts, max_size=3).map(tuple), b_1=integers, b1=integers
)


@given(values)
def test_what_is_encoded_is_read_back_unchanged(value: object) -> None:
    assert canonical.decode(canonical.encode(value)) == value


@given(wholes)
def test_msgspec_structs_have_the_same_bytes(whole: Whole) -> None:
    data = msgspec.json.encode(whole, order="sorted")
    assert canonical.decode(data) == json.loads(data)
    assert canonical.encode(msgspec.json.decode(data)) == data


@given(values)
def test_plain_values_have_the_bytes_that_msgspec_gives_them(value: object) -> None:
    assert canonical.encode(value) == msgspec.json.encode(value, order="sorted")


def test_every_character_of_the_basic_plane_is_escaped_as_msgspec_does() -> None:
    for first in range(1, 0x10000, 0x400):
        text = "".join(
            c
            for c in map(chr, range(first, first + 0x400))
            if not "\ud800" <= c <= "\udfff" and normalize("NFC", c) == c
        )
        text = normalize("NFC", text)
        assert canonical.encode(text) == msgspec.json.encode(text)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" 1",
        b"1 ",
        b"1\n",
        b"\xef\xbb\xbf1",
        b"-0",
        b"01",
        b"+1",
        b"1.0",
        b"1e3",
        b"NaN",
        b"Infinity",
        b"-Infinity",
        b"null",
        b'{"a":null}',
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b'{"b":1,"a":1}',
        b'{"a": 1}',
        b'{"":1}',
        '{"ñ":1}'.encode(),
        b'{"a b":1}',
        b"[1,]",
        b"[1] []",
        b'"\\u0041"',
        b'"\\/"',
        b'"\\u000A"',
        b'"\\u000a"',
        b'"\\u001F"',
        b'"\\u00e9"',
        b'"\\ud83d\\ude00"',
        b'"\\ud800"',
        b'"\xed\xa0\x80"',
        b'"\\u0000"',
        b'"\n"',
        b'"\xff"',
        '"e\u0301"'.encode(),
        b"9223372036854775808",
        b"-9223372036854775808",
        b"9" * 5000,
        b"[" * 60_000,
        b"[" * 33 + b"]" * 33,
        b"'a'",
        b"{a:1}",
        b'"' + b"a" * 65_534 + b'"',
    ],
)
def test_any_other_form_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        canonical.decode(data)


@given(values, st.data())
def test_changing_one_byte_never_gives_the_same_value(value: object, data: st.DataObject) -> None:
    good = canonical.encode(value)
    at = data.draw(st.integers(0, len(good) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda b: b != good[at]))
    changed = good[:at] + bytes([other]) + good[at + 1 :]
    with suppress(Malformed):
        assert canonical.decode(changed) != value


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"act": {"amount": 1.5}}, "act: amount: float"),
        ({"act": {"amount": None}}, "act: amount: NoneType"),
        ({"a": {"b": 2**63}}, "a: b: the integer"),
        ({"a": (1, 2)}, "a: tuple"),
        ({"a": "e\u0301"}, "a: text is not in Unicode normal form C"),
        ({1: "a"}, "the key 1 is not"),
        ({"a" * 65: 1}, "is not 1 to 64"),
        ("\ud800", "half a character"),
        ("x" * 65_536, "at most 65535"),
    ],
)
def test_what_has_no_place_in_the_book_is_named(value: object, place: str) -> None:
    with pytest.raises(Malformed, match=place):
        canonical.encode(value)


def test_a_value_that_holds_itself_is_refused() -> None:
    loop: list[object] = []
    loop.append(loop)
    with pytest.raises(Malformed, match="nested deeper"):
        canonical.encode(loop)


def test_the_longest_value_is_taken_whole() -> None:
    data = canonical.encode("a" * (canonical.LIMIT - 2))
    assert len(data) == canonical.LIMIT
    assert canonical.decode(data) == "a" * (canonical.LIMIT - 2)


def test_a_newline_before_a_combining_mark_is_still_one_text() -> None:
    # Escaped, the letter n of \n stands before the mark and must not be composed with it.
    assert canonical.decode(canonical.encode("\n\u0303")) == "\n\u0303"
