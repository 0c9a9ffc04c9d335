"""Entries as a stranger reads them: shape, number, time, nonce, and the bytes that were signed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from comuna.audit import canonical, shapes, typed
from comuna.audit.canonical import Malformed
from comuna.audit.names import LAST_MOMENT
from comuna.audit.seal import base64_of

_HEX = re.compile(r"[0-9a-f]+\Z")
_FORMS = ("signed", "witnessed", "attested")


@dataclass(slots=True)
class Entry:
    """An entry of the right shape. `written` are the bytes of its act; `signers` the members whose
    signatures were verified; `checked`, for each signature, under which key it was checked ahead
    and whether it held."""

    number: int
    at: int
    body: str
    nonce: str
    act: dict[str, Any]
    by: dict[str, Any]
    kind: str
    member: int
    written: bytes
    signers: frozenset[int] = frozenset()
    checked: Sequence[tuple[bytes, bool]] = ()

    @property
    def when(self) -> int:
        """When it was done: the day on the paper, else when it was recorded (UTC seconds)."""
        return int(self.by.get("happened") or self.at)

    def signed_bytes(self) -> bytes:
        """What every signature of the entry covers (docs/book-format.md §2)."""
        author = {name: value for name, value in self.by.items() if name != "signatures"}
        if self.kind == "apply":  # whoever applies is numbered by the book
            author["member"] = 0
        rest = canonical.write({"body": self.body, "by": author, "nonce": self.nonce})
        return b'comuna act v1\n{"act":' + self.written + b"," + rest[1:]


def entry_of(data: bytes) -> Entry:
    """Read an entry from its bytes. Raises `Malformed`."""
    number, at, body, nonce, act, by, written = typed.read(data) or _step_by_step(data)
    return Entry(number, at, body, nonce, act, by, act["kind"], by["member"], written)


def _step_by_step(data: bytes) -> typed.Read:
    """The entry, or which step of the specification it does not pass."""
    value: dict[str, Any] = canonical.read(data)
    _fields("the entry", value, ("act", "at", "body", "by", "nonce", "number"))
    _whole("number", value["number"], 1)
    _whole("at", value["at"], 0, LAST_MOMENT)
    _hex("body", value["body"], 32)
    if not isinstance(value["nonce"], str) or not 1 <= len(value["nonce"]) <= 64:
        raise Malformed("a nonce is text of 1 to 64 characters")
    _check_author(value["by"])
    if not isinstance(value["act"], dict):
        raise Malformed("the act is no object")
    shapes.check_act(value["act"])
    named = value["number"], value["at"], value["body"], value["nonce"]
    return typed.Read(*named, value["act"], value["by"], canonical.write(value["act"]))


def body_id(founding: dict[str, Any]) -> str:
    """The name of a body for ever: 32 hex digits of the SHA-256 of its founding act."""
    return sha256(canonical.write(founding)).hexdigest()[:32]


def digest(act: dict[str, Any]) -> str:
    """The identity of an act: the SHA-256 of its canonical bytes, in hex."""
    return sha256(canonical.write(act)).hexdigest()


def _check_author(by: Any) -> None:
    _fields("by", by, ("member", "form"), ("signatures", "witnesses", "paper", "happened", "seen"))
    _whole("member", by["member"], 1)
    if by["form"] not in _FORMS:
        raise Malformed(f"{by['form']!r} is no form of authorship")
    if "happened" in by:
        _whole("happened", by["happened"], 1, LAST_MOMENT)
    for signature in _some(by, "signatures"):
        _fields("a signature", signature, ("member", "key", "value"))
        _whole("member", signature["member"], 1)
        _hex("key", signature["key"], 16)
        base64_of(signature["value"], 64)
    for witness in _some(by, "witnesses"):
        _whole("witness", witness, 1)
    if "seen" in by:
        _fields("seen", by["seen"], ("size", "root"))
        _whole("size", by["seen"]["size"], 1)
        _hex("root", by["seen"]["root"], 64)
    if "paper" in by:
        _fields("paper", by["paper"], ("sha256", "size"))
        _hex("sha256", by["paper"]["sha256"], 64)
        _whole("size", by["paper"]["size"], 1)


def _some(by: dict[str, Any], name: str) -> list[Any]:
    found = by.get(name, [])
    if not isinstance(found, list) or (name in by and not found):
        raise Malformed(f"{name} is a list with something in it, or is left out")
    return found


def _fields(what: str, value: Any, needed: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
    if not isinstance(value, dict):
        raise Malformed(f"{what} is no object")
    odd = set(value) - set(needed) - set(optional) | set(needed) - set(value)
    if odd:
        raise Malformed(f"{what}: {', '.join(sorted(odd))} missing or unknown")


def _whole(what: str, value: Any, least: int, most: int = canonical.LARGEST) -> None:
    if type(value) is not int or not least <= value <= most:
        raise Malformed(f"{what} is {value!r:.40}, not a whole number from {least} to {most}")


def _hex(what: str, value: Any, digits: int) -> None:
    if not isinstance(value, str) or len(value) != digits or not _HEX.match(value):
        raise Malformed(f"{what} is {value!r:.80}, not {digits} hex digits")
