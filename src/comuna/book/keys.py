"""Ed25519 keys (RFC 8032): signing, the wire form, and the printed recovery text of a seed.

A seed is 32 secret bytes, a public key 32 bytes, a signature 64 bytes. In the book a public key is
written as base64 of its 32 bytes and named by its key id, 16 hexadecimal digits.
"""

import base64
import secrets
from functools import lru_cache
from hashlib import sha256

from nacl import bindings
from nacl.exceptions import BadSignatureError

from comuna.book.strict import Malformed, base64_bytes, base64_text

_FIELD = 2**255 - 19
_ORDER_8 = int.from_bytes(
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
)
_SMALL_ORDER = frozenset({0, 1, _FIELD - 1, _ORDER_8, _FIELD - _ORDER_8})
"""The second coordinates of the points whose order divides 8."""

_RECOVERY_CHECK = b"comuna recovery v1\n"
_RECOVERY_GROUPS = 14
# Base32 has no 0, 1 and 8: a person who reads one of them misread the letter beside it.
_MISREAD = str.maketrans("018", "OIB")


def generate() -> bytes:
    """A new secret seed of 32 random bytes."""
    return secrets.token_bytes(32)


def public_key(seed: bytes) -> bytes:
    """The 32-byte public key of a seed."""
    return _key_pair(seed)[0]


def sign(seed: bytes, message: bytes) -> bytes:
    """The 64-byte signature of a message."""
    return bindings.crypto_sign(message, _key_pair(seed)[1])[:64]


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature over the message is by the holder of the public key."""
    if len(signature) != 64 or not _is_sound(public):
        return False
    try:
        bindings.crypto_sign_open(signature + message, public)
    except BadSignatureError:
        return False
    return True


def key_id(public: bytes) -> str:
    """The name of a public key: the first 16 hexadecimal digits of its SHA-256."""
    return sha256(public).hexdigest()[:16]


def to_wire(public: bytes) -> str:
    """A public key as the book writes it: base64 of its 32 bytes."""
    return base64_text(public)


@lru_cache(maxsize=4096)  # the same few members sign all day
def from_wire(text: str) -> bytes:
    """Read a public key, refusing those for which anybody can make signatures.

    A key of small order would let its owner disown every signature, since strangers can forge them.
    """
    public = base64_bytes(text, 32)
    if not _is_sound(public):
        raise Malformed("the public key is a point of small order or not a canonical point")
    return public


def recovery_text(seed: bytes) -> str:
    """The seed for a printed sheet: 14 groups of 4 base32 letters, the last 24 bits a check."""
    _require_seed(seed)
    letters = base64.b32encode(seed + _recovery_check(seed)).decode("ascii")
    return " ".join(letters[i : i + 4] for i in range(0, len(letters), 4))


def seed_from_recovery(text: str) -> bytes:
    """Read the recovery text as a person types it: any case, spaces or hyphens anywhere."""
    letters = "".join(text.upper().replace("-", " ").split()).translate(_MISREAD)
    if len(letters) != 4 * _RECOVERY_GROUPS:
        raise Malformed(
            f"the recovery text has {len(letters)} letters; it is {_RECOVERY_GROUPS} groups of 4"
        )
    try:
        data = base64.b32decode(letters)
    except ValueError:
        raise Malformed("the recovery text may hold only the letters A-Z and 2-7") from None
    seed, check = data[:32], data[32:]
    if check != _recovery_check(seed):
        raise Malformed("the recovery text does not add up: a letter was misread or left out")
    return seed


@lru_cache(maxsize=64)
def _key_pair(seed: bytes) -> tuple[bytes, bytes]:
    """The public and the secret key, as libsodium wants them."""
    _require_seed(seed)
    return bindings.crypto_sign_seed_keypair(seed)


def _require_seed(seed: bytes) -> None:
    if len(seed) != 32:
        raise Malformed(f"a seed has 32 bytes, not {len(seed)}")


def _recovery_check(seed: bytes) -> bytes:
    return sha256(_RECOVERY_CHECK + seed).digest()[:3]


@lru_cache(maxsize=4096)
def _is_sound(public: bytes) -> bool:
    y = int.from_bytes(public, "little") & (2**255 - 1)
    return len(public) == 32 and y < _FIELD and y not in _SMALL_ORDER
