"""Entries: their shape, what a signature covers, and how a body gets its name."""

from copy import deepcopy
from typing import Any

import pytest

from comuna.book import canonical, entry, keys
from comuna.book.strict import Malformed, base64_text
from tests.book.example import BODY, FOUNDING_ACT, SEED, book_of

SIGNATURE = {
    "member": 12,
    "key": keys.key_id(keys.public_key(SEED)),
    "value": base64_text(b"s" * 64),
}
ENTRY: dict[str, Any] = {
    "act": {"kind": "pay", "amount": 1250, "to": 4},
    "at": 1_700_000_000,
    "body": BODY,
    "by": {
        "member": 12,
        "form": "witnessed",
        "signatures": [SIGNATURE],
        "witnesses": [3, 8],
        "paper": {"sha256": "ab" * 32, "size": 10},
        "happened": 1_699_000_000,
    },
    "nonce": "n-1",
    "number": 412,
}


def test_an_entry_is_read_back_from_its_bytes() -> None:
    assert entry.decode(entry.encode(ENTRY)) == ENTRY


def _without(*path: str) -> dict[str, Any]:
    changed = deepcopy(ENTRY)
    place = changed
    for name in path[:-1]:
        place = place[name]
    del place[path[-1]]
    return changed


def _with(value: object, *path: str) -> dict[str, Any]:
    changed = deepcopy(ENTRY)
    place = changed
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return changed


@pytest.mark.parametrize("name", list(ENTRY))
def test_an_entry_that_lacks_a_field_is_refused(name: str) -> None:
    with pytest.raises(Malformed, match=f"lacks the field '{name}'"):
        entry.encode(_without(name))


@pytest.mark.parametrize("name", ["signatures", "witnesses", "paper", "happened"])
def test_what_an_author_need_not_say_may_be_left_out(name: str) -> None:
    changed = _without("by", name)
    assert entry.decode(entry.encode(changed)) == changed


@pytest.mark.parametrize(
    ("value", "path", "words"),
    [
        (1, ("extra",), "unknown field"),
        (0, ("number",), "number is 0"),
        (True, ("number",), "number is True"),
        ("412", ("number",), "number is '412'"),
        (-1, ("at",), "at is -1"),
        (BODY.upper(), ("body",), "32 lower-case hex"),
        (BODY[:-1], ("body",), "32 lower-case hex"),
        ("", ("nonce",), "nonce"),
        ("n" * 65, ("nonce",), "nonce"),
        ([], ("act",), "act must be"),
        ({}, ("act",), "act must be"),
        ({"kind": ""}, ("act",), "not empty"),
        ({"kind": "a", "amount": 1.0}, ("act",), "float"),
        ([], ("by",), "by is not an object"),
        ("spoken", ("by", "form"), "signed, witnessed, attested"),
        (0, ("by", "member"), "member is 0"),
        ([], ("by", "signatures"), "leave out an empty one"),
        ([1], ("by", "signatures"), "not an object"),
        ([{**SIGNATURE, "key": "abc"}], ("by", "signatures"), "16 lower-case hex"),
        ([{**SIGNATURE, "value": "AAAA"}], ("by", "signatures"), "64 are needed"),
        ([{**SIGNATURE, "value": 7}], ("by", "signatures"), "base64 of 64 bytes"),
        ([], ("by", "witnesses"), "leave out an empty one"),
        (["3"], ("by", "witnesses"), "witnesses is '3'"),
        ({"sha256": "ab" * 32}, ("by", "paper"), "lacks the field 'size'"),
        ({"sha256": "AB" * 32, "size": 1}, ("by", "paper"), "64 lower-case hex"),
        (0, ("by", "happened"), "happened is 0"),
    ],
)
def test_an_entry_of_another_shape_is_refused_and_the_field_named(
    value: object, path: tuple[str, ...], words: str
) -> None:
    with pytest.raises(Malformed, match=words):
        entry.encode(_with(value, *path))


@pytest.mark.parametrize("data", [b"[]", b"1", b'"entry"', b"{}"])
def test_other_values_are_no_entries(data: bytes) -> None:
    with pytest.raises(Malformed):
        entry.decode(data)


def test_a_signature_covers_the_act_the_body_the_author_and_the_nonce() -> None:
    def signed(e: dict[str, Any]) -> bytes:
        return entry.signed_bytes(e["act"], e["body"], e["by"], e["nonce"])

    whole = signed(ENTRY)
    assert whole.startswith(b'comuna act v1\n{"act":{')
    for changed in (
        _with(1251, "act", "amount"),
        _with("0" * 32, "body"),
        _with(13, "by", "member"),
        _with("signed", "by", "form"),
        _with([3, 9], "by", "witnesses"),
        _with(11, "by", "paper", "size"),
        _without("by", "happened"),
        _with("n-2", "nonce"),
    ):
        assert signed(changed) != whole
    for same in (_without("by", "signatures"), _with(413, "number"), _with(1, "at")):
        assert signed(same) == whole


def test_signing_leaves_the_author_as_it_was() -> None:
    before = deepcopy(ENTRY)
    entry.signed_bytes(ENTRY["act"], ENTRY["body"], ENTRY["by"], ENTRY["nonce"])
    assert before == ENTRY


def test_a_body_is_named_by_its_founding_act() -> None:
    first = entry.decode(book_of(1).entries[0])
    assert first["body"] == entry.body_id(first["act"]) == BODY
    assert entry.body_id({**FOUNDING_ACT, "name": "Otra"}) != BODY
    assert entry.origin(BODY) == f"comuna/{BODY}"
    with pytest.raises(Malformed, match="founding act"):
        entry.body_id({"kind": "pay"})
    with pytest.raises(Malformed, match="32 lower-case hex"):
        entry.origin("comuna")


def test_an_entry_too_long_for_a_bundle_is_refused() -> None:
    act = {"kind": "remark", "text": "a" * canonical.LIMIT}
    with pytest.raises(Malformed, match="at most 65535"):
        entry.encode(_with(act, "act"))
