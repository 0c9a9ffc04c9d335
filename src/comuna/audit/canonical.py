"""Canonical JSON, read as docs/book-format.md §1 says and written here a second time, on purpose:
the verifier shares no code with whoever wrote the book."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any, NoReturn

from msgspec.json import Encoder

LONGEST = 65_535
DEEPEST = 32
LARGEST = 2**63 - 1

_NAME = re.compile(r"[A-Za-z0-9_.:/-]{1,64}\Z", re.ASCII)
_WRITER = Encoder(order="sorted")


class Malformed(ValueError):  # noqa: N818 - what the bytes are
    """Bytes that are not in the one form the specification allows."""


def read(data: bytes) -> Any:
    """The value of canonical bytes. Raises `Malformed` for any other spelling of it."""
    if len(data) > LONGEST:
        raise Malformed(f"{len(data)} bytes; at most {LONGEST} are allowed")
    try:
        value = json.loads(data.decode("utf-8"), parse_float=_no_number, parse_constant=_no_number)
    except RecursionError:
        raise Malformed(f"nested deeper than {DEEPEST}") from None
    except ValueError as error:
        raise Malformed(f"not JSON: {error}") from None
    _inspect(value, 0)
    if write(value) != data:
        raise Malformed("not the canonical spelling: order, spaces, escapes or a name twice")
    return value


def write(value: Any) -> bytes:
    """The canonical bytes of a value that `read` gave, or of a part of it."""
    try:
        return _WRITER.encode(value)
    except UnicodeEncodeError:
        raise Malformed("text with half a character (a lone surrogate)") from None


def _no_number(text: str) -> NoReturn:
    raise Malformed(f"{text[:40]} is not a whole number")


def _inspect(value: Any, depth: int) -> None:
    """Walk through a value: kinds, ranges, names, normal form, depth."""
    if isinstance(value, str):
        if "\0" in value or not (value.isascii() or unicodedata.is_normalized("NFC", value)):
            raise Malformed("text that holds U+0000 or is not in Unicode normal form C")
    elif isinstance(value, bool):
        return
    elif isinstance(value, int):
        if abs(value) > LARGEST:
            raise Malformed("a whole number beyond ±(2^63 − 1)")
    elif isinstance(value, (list, dict)):
        if depth == DEEPEST:
            raise Malformed(f"nested deeper than {DEEPEST}")
        if isinstance(value, dict):
            for name in value:
                if not _NAME.match(name):
                    raise Malformed(f"the name {name[:80]!r} is not allowed")
            value = value.values()
        for item in value:
            _inspect(item, depth + 1)
    else:
        raise Malformed("null has no place in the book")
