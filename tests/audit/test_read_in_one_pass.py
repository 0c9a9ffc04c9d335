"""Nearly every entry is read in one pass by its type. A type accepts nothing that the reading step
by step would refuse, and reads the same from it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comuna.audit import entries, shapes, typed
from comuna.audit.canonical import Malformed

PIECES = (
    *(b"null", b"1.0", b"1e2", b"-0", b"01", b"9223372036854775808", b"-9223372036854775808"),
    *(b"\\u0000", b"\\u0041", b"\\ud800", b"e\xcc\x81", b"\xff", b" ", b'"', b"\\/", b"\\n"),
    *(b"{", b"}", b"[", b"]", b",", b":", b'"x":1,', b'"at":1,', b"true", b"0", b"-1", b"A="),
)
"""What could be taken for something else by one reader and not by the other."""


def step_by_step(data):
    try:
        return entries._step_by_step(data)
    except Malformed:
        return None


@pytest.fixture(scope="session")
def one_of_each(vouched):
    """The last entry of every kind, and every form of authorship."""
    found = {
        (e["act"]["kind"], e["by"]["form"], *sorted(e["by"])): data
        for e, data in zip(vouched.entries, vouched.honest, strict=True)
    }
    return list(found.values())


def test_an_honest_entry_without_effects_is_read_in_one_pass(vouched):
    for e, data in zip(vouched.entries, vouched.honest, strict=True):
        read = typed.read(data)
        if e["act"]["kind"] in ("found", "propose"):
            assert read is None
        else:
            assert read is not None
            parts = {name: e[name] for name in ("number", "at", "body", "nonce", "act", "by")}
            assert read._asdict() == parts | {"written": keys_sorted(e["act"])}


@settings(max_examples=600, deadline=None)
@given(st.data())
def test_what_one_pass_accepts_is_accepted_step_by_step(one_of_each, data):
    entry = data.draw(st.sampled_from(one_of_each))
    start = data.draw(st.integers(0, len(entry)))
    piece = data.draw(st.sampled_from(PIECES) | st.binary(max_size=3))
    end = data.draw(st.integers(start, min(start + 12, len(entry))))
    changed = entry[:start] + piece + entry[end:]
    read = typed.read(changed)
    assert read is None or read == step_by_step(changed)


@settings(max_examples=600, deadline=None)
@given(st.data())
def test_a_value_in_the_place_of_another_is_accepted_by_both_or_by_none(one_of_each, data):
    value = json.loads(data.draw(st.sampled_from(one_of_each)))
    place = data.draw(st.sampled_from(list(places(value))))
    new = data.draw(
        st.sampled_from(
            (0, 1, -1, 2**63, True, "", "a", "0" * 64, [], {}, [1], {"a": 1}, None, 1.5)
        )
    )
    change(value, place, new)
    changed = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert typed.read(changed) in (None, step_by_step(changed))
    if step_by_step(changed) is not None and value["act"]["kind"] != "found":
        assert typed.read(changed) is not None or value["act"]["kind"] == "propose"


def keys_sorted(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def places(value, path=()):
    """The path of every part of a value."""
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for name, inner in items:
        yield (*path, name)
        yield from places(inner, (*path, name))


def change(value, path, new):
    for name in path[:-1]:
        value = value[name]
    value[path[-1]] = new


def test_only_acts_with_effects_or_a_statute_are_left_to_the_steps():
    assert [kind for kind in shapes.ACTS if typed._decoder(kind) is None] == ["found", "propose"]
