"""Entries: the numbered acts of a book, as plain dictionaries, and the bytes that are signed.

    {"act": {"kind": …}, "at": <UTC seconds>, "body": <32 hex>,
     "by": {"member": n, "form": "signed" | "witnessed" | "attested",
            "signatures": [{"member": n, "key": <key id>, "value": <base64, 64 bytes>}]?,
            "witnesses": [n, …]?, "paper": {"sha256": <64 hex>, "size": n}?,
            "happened": <UTC seconds>?,
            "seen": {"size": n, "root": <64 hex>}?},
     "nonce": <text>, "number": n}

What is empty is left out. This file knows the shape alone: who may act, and in which form, is law
(rules/), and which act kinds exist is not known to the book.
"""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from comuna.book import canonical
from comuna.book.strict import Malformed, base64_bytes, is_hex

FORMS = ("signed", "witnessed", "attested")
SIGNED_PREFIX = b"comuna act v1\n"
LONGEST_NONCE = 64

Field = Callable[[str, Any], None]


def encode(entry: Mapping[str, Any]) -> bytes:
    """The bytes of an entry, a leaf of the tree; raises `Malformed` for a wrong shape."""
    check(entry)
    return canonical.encode(dict(entry))


def decode(data: bytes) -> dict[str, Any]:
    """Read an entry, raising `Malformed` for bytes that `encode` would not have written."""
    entry = canonical.decode(data)
    if not isinstance(entry, dict):
        raise Malformed("an entry is a JSON object")
    check(entry)
    return entry


def check(entry: Mapping[str, Any]) -> None:
    """Raise `Malformed`, naming the field, unless the entry has the shape of the specification."""
    _fields("entry", entry, _ENTRY, optional=())


def body_id(founding_act: Mapping[str, Any]) -> str:
    """The name of a body for ever: 32 hex digits of the SHA-256 of its founding act."""
    if founding_act.get("kind") != "found":
        raise Malformed('a body is named by its founding act, whose kind is "found"')
    return sha256(canonical.encode(dict(founding_act))).hexdigest()[:32]


def origin(body: str) -> str:
    """The origin of a body's checkpoints, and the name its book's key signs under."""
    _hex(32)("body", body)
    return f"comuna/{body}"


def signed_bytes(act: Mapping[str, Any], body: str, by: Mapping[str, Any], nonce: str) -> bytes:
    """What every signature of an act covers: `comuna act v1`, a newline, and the canonical JSON of
    act, body, author without the signatures, and nonce.

    The number and the time of recording are left out: the author does not know them yet. Nor does
    an applicant know the number they will have: for them 0 is signed.
    """
    author = {name: value for name, value in by.items() if name != "signatures"}
    if act.get("kind") == "apply":
        author["member"] = 0
    return SIGNED_PREFIX + canonical.encode(
        {"act": dict(act), "body": body, "by": author, "nonce": nonce}
    )


def _fields(what: str, value: Any, fields: Mapping[str, Field], optional: tuple[str, ...]) -> None:
    if not isinstance(value, Mapping):
        raise Malformed(f"{what} is not an object")
    for name in value:
        if name not in fields:
            raise Malformed(f"{what} has the unknown field {name!r}; known: {', '.join(fields)}")
    for name, check_field in fields.items():
        if name in value:
            check_field(name, value[name])
        elif name not in optional:
            raise Malformed(f"{what} lacks the field {name!r}")


def _integer(least: int) -> Field:
    def check_field(name: str, value: Any) -> None:
        if type(value) is not int or value < least:
            raise Malformed(f"{name} is {value!r}; it must be an integer of at least {least}")

    return check_field


def _hex(digits: int) -> Field:
    def check_field(name: str, value: Any) -> None:
        if not is_hex(value, digits):
            raise Malformed(f"{name} is {value!r}; it must be {digits} lower-case hex digits")

    return check_field


def _object(fields: Mapping[str, Field], optional: tuple[str, ...] = ()) -> Field:
    def check_field(name: str, value: Any) -> None:
        _fields(name, value, fields, optional)

    return check_field


def _some(check_item: Field) -> Field:
    def check_field(name: str, value: Any) -> None:
        if not isinstance(value, list) or not value:
            raise Malformed(f"{name} must be a list with something in it; leave out an empty one")
        for item in value:
            check_item(name, item)

    return check_field


def _check_act(name: str, value: Any) -> None:
    if not isinstance(value, Mapping) or not isinstance(value.get("kind"), str):
        raise Malformed('act must be an object with a "kind"')
    if not value["kind"]:
        raise Malformed("the kind of an act is not empty")


def _check_form(name: str, value: Any) -> None:
    if value not in FORMS:
        raise Malformed(f"form is {value!r}; it must be one of {', '.join(FORMS)}")


def _check_nonce(name: str, value: Any) -> None:
    if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_NONCE:
        raise Malformed(f"nonce must be text of 1 to {LONGEST_NONCE} characters")


def _check_signature_value(name: str, value: Any) -> None:
    if not isinstance(value, str):
        raise Malformed("the value of a signature must be base64 of 64 bytes")
    base64_bytes(value, 64)


_SIGNATURE = {"member": _integer(1), "key": _hex(16), "value": _check_signature_value}
_PAPER = {"sha256": _hex(64), "size": _integer(1)}
_SEEN = {"size": _integer(1), "root": _hex(64)}
_AUTHOR = {
    "member": _integer(1),
    "form": _check_form,
    "signatures": _some(_object(_SIGNATURE)),
    "witnesses": _some(_integer(1)),
    "paper": _object(_PAPER),
    "happened": _integer(1),
    "seen": _object(_SEEN),
}
_ENTRY = {
    "act": _check_act,
    "at": _integer(0),
    "body": _hex(32),
    "by": _object(_AUTHOR, optional=("signatures", "witnesses", "paper", "happened", "seen")),
    "nonce": _check_nonce,
    "number": _integer(1),
}
