"""Canonical JSON: the one sequence of bytes for each value, so that a hash means the value.

The rules (docs/book-format.md §1): UTF-8; objects with keys in code-point order; no spaces; strings
in Unicode normal form C; integers only, from -(2^63-1) to 2^63-1; true and false; no null, no
floats. Text is escaped only where JSON demands it, so the bytes equal those of
`msgspec.json.encode(value, order="sorted")` and of RFC 8785 for the same values.
"""

import json
import re
from typing import NoReturn, TypeAlias
from unicodedata import is_normalized

from comuna.book.strict import LARGEST, Malformed

Value: TypeAlias = bool | int | str | list["Value"] | dict[str, "Value"]

LIMIT = 65_535
"""Most bytes of one value: an entry bundle of C2SP tlog-tiles counts an entry in a uint16."""

DEPTH = 32
"""Most lists and objects inside one another: deep enough for any act, shallow for any parser."""

_KEY = re.compile(r"[A-Za-z0-9_.:/-]{1,64}", re.ASCII)


def encode(value: object) -> bytes:
    """The canonical bytes of a value made of exactly bool, int, str, list and dict.

    Raises `Malformed`, naming the place, for anything else and above `LIMIT` bytes.
    """
    _check(value, DEPTH)
    try:
        data = _ENCODER.encode(value).encode("utf-8")
    except UnicodeEncodeError as error:
        raise Malformed(f"text holds half a character (a lone surrogate): {error}") from None
    if len(data) > LIMIT:
        raise Malformed(
            f"{len(data)} bytes of canonical JSON; at most {LIMIT} are allowed: "
            "enter long documents by their SHA-256"
        )
    return data


def decode(data: bytes) -> Value:
    """Read canonical bytes, raising `Malformed` for any that `encode` would not have written."""
    if len(data) > LIMIT:
        raise Malformed(f"{len(data)} bytes; at most {LIMIT} are allowed")
    try:
        value: Value = _DECODER.decode(data.decode("utf-8"))
    except RecursionError:
        raise Malformed(f"lists and objects nested deeper than {DEPTH}") from None
    except ValueError as error:
        raise Malformed(f"not canonical JSON: {error}") from None
    again = encode(value)
    if again != data:
        pairs = enumerate(zip(data, again, strict=False))
        at = next((i for i, (a, b) in pairs if a != b), min(len(data), len(again)))
        raise Malformed(
            f"not canonical JSON: at byte {at} stands {data[at : at + 20]!r}, "
            f"the canonical form has {again[at : at + 20]!r}"
        )
    return value


def _check(value: object, depth: int) -> None:
    kind = type(value)
    if kind is str:
        _check_text(value)  # type: ignore[arg-type]
    elif kind is int:
        if not -LARGEST <= value <= LARGEST:  # type: ignore[operator]
            raise Malformed(f"the integer is outside ±{LARGEST}")
    elif kind is bool:
        pass
    elif depth == 0:
        raise Malformed(f"lists and objects nested deeper than {DEPTH}")
    elif kind is dict:
        for key, item in value.items():  # type: ignore[attr-defined]
            if type(key) is not str or not _KEY.fullmatch(key):
                raise Malformed(
                    f"the key {key!r} is not 1 to 64 characters of A-Z a-z 0-9 _ . : / -"
                )
            try:
                _check(item, depth - 1)
            except Malformed as problem:
                raise Malformed(f"{key}: {problem}") from None
    elif kind is list:
        for item in value:  # type: ignore[attr-defined]
            _check(item, depth - 1)
    else:
        raise Malformed(
            f"{kind.__name__} has no place in the book: "
            "only true, false, integers, strings, lists and objects have"
        )


def _check_text(text: str) -> None:
    if "\0" in text:
        raise Malformed("text holds the character U+0000, which many databases cannot store")
    if not text.isascii() and not is_normalized("NFC", text):
        raise Malformed(f"text is not in Unicode normal form C: {text[:40]!r}")


def _refuse_number(text: str) -> NoReturn:
    raise Malformed(f"the number {text[:40]} is not an integer; count in the smallest step")


_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False
)
_DECODER = json.JSONDecoder(parse_float=_refuse_number, parse_constant=_refuse_number)
