"""The shapes of entries as types, so that nearly every entry is read in one pass.

A type refuses at least what the specification refuses: whoever passes here would pass step by step
(`entries`), and what does not is read again there, where it is said what is wrong with it. Left to
that reading are also the few acts that hold effects or a statute.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, NotRequired, TypedDict

from msgspec import DecodeError, Meta, Raw, defstruct
from msgspec.json import Decoder

from comuna.audit.canonical import LARGEST, LONGEST, write
from comuna.audit.names import LAST_MOMENT
from comuna.audit.shapes import ACTS, PARTS

object_of: Any = TypedDict  # made from the tables of shapes, which mypy does not read

NUMBER = Annotated[int, Meta(ge=1, le=LARGEST)]
WHOLE = Annotated[int, Meta(ge=-LARGEST, le=LARGEST)]
NAME = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_.:/-]{1,64}\Z")]
SIGNATURE = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9+/]{85}[AQgw]==\Z")]
"""Base64 of 64 bytes: the last letter has four bits to spare, all zero."""


def _hex(digits: int) -> Any:
    return Annotated[str, Meta(pattern=rf"\A[0-9a-f]{{{digits}}}\Z")]


def _some(item: Any) -> Any:
    return Annotated[list[item], Meta(min_length=1)]


_SIGNED = object_of("Signed", {"member": NUMBER, "key": _hex(16), "value": SIGNATURE})
_SEEN = object_of("Seen", {"size": NUMBER, "root": _hex(64)})
_PAPER = object_of("Paper", {"sha256": _hex(64), "size": NUMBER})
_AUTHOR = object_of(
    "Author",
    {
        "member": NUMBER,
        "form": Literal["signed", "witnessed", "attested"],
        "signatures": NotRequired[_some(_SIGNED)],
        "witnesses": NotRequired[_some(NUMBER)],
        "paper": NotRequired[_PAPER],
        "happened": NotRequired[Annotated[int, Meta(ge=1, le=LAST_MOMENT)]],
        "seen": NotRequired[_SEEN],
    },
)
_ENTRY: Any = defstruct(
    "Entry",
    [
        ("act", Raw),
        ("at", Annotated[int, Meta(ge=0, le=LAST_MOMENT)]),
        ("body", _hex(32)),
        ("by", _AUTHOR),
        ("nonce", Annotated[str, Meta(min_length=1, max_length=64)]),
        ("number", NUMBER),
    ],
    forbid_unknown_fields=True,
)
_READER: Decoder[Any] = Decoder(_ENTRY)
_KINDS: dict[str, Any] = {
    "int": WHOLE,
    "text": str,
    "texts": list[str],
    "flag": bool,
    "marks": dict[NAME, WHOLE],
    "paper": _PAPER,
}
_STEP_BY_STEP = {"any", "map", "effect", "contest"}


class Read(NamedTuple):
    """The parts of an entry, and the bytes of its act as they stand in it."""

    number: int
    at: int
    body: str
    nonce: str
    act: dict[str, Any]
    by: dict[str, Any]
    written: bytes


def read(data: bytes) -> Read | None:
    """The entry of canonical bytes, every part of it of the right shape; None where only reading it
    step by step can tell."""
    if len(data) > LONGEST or not _is_normal(data):
        return None
    try:
        e = _READER.decode(data)
        written = bytes(e.act)
        decoder = _decoder(_kind_in(written))
        if decoder is None:
            return None
        act = decoder.decode(written)
    except DecodeError:
        return None
    # A field that no type names was passed over, of a name that stood twice one was taken, and 1.0
    # was taken for 1: none of these is written again as it was.
    if write(act) != written or write(e) != data:
        return None
    return Read(e.number, e.at, e.body, e.nonce, act, e.by, written)


def _kind_in(act: bytes) -> str:
    """What looks like the kind of an act; where it is not, its type will not fit."""
    rest = act.partition(b'"kind":"')[2]
    return rest[:64].partition(b'"')[0].decode("ascii", "replace")


def _is_normal(data: bytes) -> bool:
    """Whether its text holds no U+0000 and is in Unicode normal form C."""
    if b"\\u0000" in data:
        return False
    try:
        return data.isascii() or unicodedata.is_normalized("NFC", data.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _decoder(kind: str) -> Decoder[Any] | None:
    return _typed(kind) if kind in ACTS else None


@cache
def _typed(kind: str) -> Decoder[Any] | None:
    if _holds(ACTS[kind]):
        return None
    act = _object(kind, ACTS[kind], {"kind": Literal[kind]})
    return Decoder(act)


def _holds(fields: dict[str, str]) -> bool:
    """Whether something in it, however deep, is read step by step."""
    kinds = {kind.removesuffix("*") for kind in fields.values()}
    return bool(kinds & _STEP_BY_STEP) or any(_holds(PARTS[k]) for k in kinds if k in PARTS)


def _object(name: str, fields: dict[str, str], more: dict[str, Any] | None = None) -> Any:
    types = {
        field.removesuffix("?"): NotRequired[_type(kind)] if field[-1] == "?" else _type(kind)
        for field, kind in fields.items()
    }
    return object_of(name, types | (more or {}))


def _type(kind: str) -> Any:
    if kind.endswith("*"):
        return list[_type(kind[:-1])]  # type: ignore[misc]
    return _KINDS[kind] if kind in _KINDS else _object(kind, PARTS[kind])
