"""Strict readings of small pieces of text: the one way each may be written, and no other.

Two spellings of one thing are two fingerprints of one thing, and a place to hide: every parser of
the book refuses what it would not itself have written.
"""

import base64
import binascii
import re

_DECIMAL = re.compile(r"0|[1-9][0-9]*", re.ASCII)
_HEX = re.compile(r"[0-9a-f]*", re.ASCII)

LARGEST = 2**63 - 1
"""The largest integer in the book: what SQL, Go and Java hold in eight bytes."""


class Malformed(ValueError):  # noqa: N818 - the state of the bytes, read as a sentence
    """Bytes or text that are not in the form the book's specification demands."""


def base64_text(data: bytes) -> str:
    """Standard base64 with padding (RFC 4648 §4)."""
    return base64.b64encode(data).decode("ascii")


def base64_bytes(text: str, size: int | None = None) -> bytes:
    """Read canonical base64: padding present, unused bits zero. `size` is the length in bytes."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed(f"{_shown(text)} is not base64 (RFC 4648 §4): {error}") from None
    if base64_text(data) != text:
        raise Malformed(f"{_shown(text)} is not canonical base64; write {base64_text(data)!r}")
    if size is not None and len(data) != size:
        raise Malformed(f"{_shown(text)} holds {len(data)} bytes; {size} are needed")
    return data


def decimal(text: str) -> int:
    """Read a non-negative integer up to 2^63-1, ASCII digits, without leading zeros or sign."""
    if len(text) > 19 or not _DECIMAL.fullmatch(text) or int(text) > LARGEST:
        raise Malformed(
            f"{_shown(text)} is not a decimal from 0 to {LARGEST} without sign or leading zeros"
        )
    return int(text)


def is_hex(text: object, digits: int) -> bool:
    """Whether this is exactly so many lower-case hexadecimal digits."""
    return isinstance(text, str) and len(text) == digits and bool(_HEX.fullmatch(text))


def utf8(data: bytes, what: str, most: int) -> str:
    """Decode UTF-8 of at most `most` bytes, refusing control characters other than newline."""
    if len(data) > most:
        raise Malformed(f"the {what} has {len(data)} bytes; at most {most} are allowed")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(f"the {what} is not UTF-8: {error}") from None
    for character in text:
        if character < " " and character != "\n":
            raise Malformed(f"the {what} has the control character U+{ord(character):04X}")
    return text


def _shown(text: str) -> str:
    return repr(text if len(text) <= 100 else text[:100] + "…")
