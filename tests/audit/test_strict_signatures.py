"""The guard and the proof take the same signatures for good: RFC 8032, each number in its one
spelling, and no key under which anybody could have signed."""

import hashlib

import pytest

from comuna.audit import ed25519
from comuna.book import keys

ORDER = 2**252 + 27742317777372353535851937790883648493
FIELD = 2**255 - 19
SEED = bytes(range(32))
PUBLIC = keys.public_key(SEED)
MESSAGE = b"a vote"
GOOD = keys.sign(SEED, MESSAGE)
EIGHT = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
ZERO, ONE = bytes(32), (1).to_bytes(32, "little")


def scalar(signature):
    return int.from_bytes(signature[32:], "little")


def with_scalar(number):
    return GOOD[:32] + number.to_bytes(32, "little")


BAD = {
    "a second spelling of S": (PUBLIC, with_scalar(scalar(GOOD) + ORDER)),
    "a third spelling of S": (PUBLIC, with_scalar(scalar(GOOD) + 2 * ORDER)),
    "S with its top bit set": (PUBLIC, with_scalar(scalar(GOOD) | 1 << 255)),
    "another S": (PUBLIC, with_scalar(scalar(GOOD) ^ 1)),
    "S of nothing": (PUBLIC, with_scalar(0)),
    "R of small order": (PUBLIC, EIGHT + GOOD[32:]),
    "R that is no point in its one spelling": (PUBLIC, b"\xff" * 32 + GOOD[32:]),
    "a byte too few": (PUBLIC, GOOD[:-1]),
    "a byte too many": (PUBLIC, GOOD + b"\0"),
    "nothing": (PUBLIC, b""),
    "a key of order 8": (EIGHT, ONE + ZERO),
    "the key of order 1": (ONE, ONE + ZERO),
    "the key of order 2": ((FIELD - 1).to_bytes(32, "little"), ONE + ZERO),
    "the key of order 4": (ZERO, ONE + ZERO),
    "a second spelling of the key of order 1": ((FIELD + 1).to_bytes(32, "little"), ONE + ZERO),
    "a key too short": (PUBLIC[:-1], GOOD),
    "another's key": (keys.public_key(bytes(32)), GOOD),
}


def test_a_signature_holds_on_both_sides():
    assert keys.verify(PUBLIC, MESSAGE, GOOD)
    assert ed25519.signed_by(PUBLIC, MESSAGE, GOOD)


@pytest.mark.parametrize("what", BAD)
def test_neither_side_takes(what):
    public, signature = BAD[what]
    assert not keys.verify(public, MESSAGE, signature)
    assert not ed25519.signed_by(public, MESSAGE, signature)


def test_a_signature_with_nothing_at_random_is_taken_by_neither():
    """Whoever signs with r = 0 gives their key away; RFC 8032 itself would let it pass."""
    digest = bytearray(hashlib.sha512(SEED).digest()[:32])
    digest[0] &= 248
    digest[31] = digest[31] & 127 | 64
    secret = int.from_bytes(digest, "little")
    said = int.from_bytes(hashlib.sha512(ONE + PUBLIC + MESSAGE).digest(), "little")
    signature = ONE + (said * secret % ORDER).to_bytes(32, "little")
    assert not keys.verify(PUBLIC, MESSAGE, signature)
    assert not ed25519.signed_by(PUBLIC, MESSAGE, signature)
