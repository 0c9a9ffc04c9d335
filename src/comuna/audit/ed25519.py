"""Ed25519 signatures (RFC 8032), by libsodium; and the helper that checks them on another core.

As a program of its own (`python -m comuna.audit.ed25519`) it reads questions from standard input
and writes answers until the input ends. Little is imported here: a helper starts for every proof.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import BinaryIO

from nacl import bindings
from nacl.exceptions import BadSignatureError

Question = tuple[bytes, bytes, bytes]
"""Public key, message, signature."""


def signed_by(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the key made this signature over this message. Strict: no second spelling of a
    number, and no key and no R of small order."""
    if len(public) != 32 or len(signature) != 64:
        return False
    try:
        bindings.crypto_sign_open(signature + message, public)
    except BadSignatureError:
        return False
    return True


def public_of(seed: bytes) -> bytes:
    """The public key of a secret seed of 32 bytes."""
    public, _ = bindings.crypto_sign_seed_keypair(seed)
    return public


def answered(questions: Iterable[Question]) -> bytes:
    """A byte for each question: 1 where the signature holds, else 0."""
    return bytes(signed_by(*question) for question in questions)


def written(questions: Iterable[Question]) -> bytes:
    """Questions on their way to a helper: how many bytes follow, then of each the key (32 bytes, or
    zeros where none is known), the signature, the length of the message, and the message."""
    whole = b"".join(
        (public or bytes(32)) + signature + len(message).to_bytes(4, "big") + message
        for public, message, signature in questions
    )
    return len(whole).to_bytes(4, "big") + whole


def _read(stream: BinaryIO) -> list[Question]:
    """The next questions; none when there are no more."""
    whole = stream.read(int.from_bytes(stream.read(4), "big"))
    found: list[Question] = []
    at = 0
    while at < len(whole):
        end = at + 100 + int.from_bytes(whole[at + 96 : at + 100], "big")
        found.append((whole[at : at + 32], whole[at + 100 : end], whole[at + 32 : at + 96]))
        at = end
    return found


def main() -> None:
    """Answer until there are no more questions, or whoever asks is interrupted."""
    try:
        while questions := _read(sys.stdin.buffer):
            sys.stdout.buffer.write(answered(questions))
            sys.stdout.buffer.flush()
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
