"""The tree of a book (RFC 6962 §2.1), computed once more from the entries.

The verifier holds the whole record, so it never needs an inclusion or consistency proof: an earlier
checkpoint is a prefix exactly when the root over the first entries is the root it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()


def leaf_of(entry: bytes) -> bytes:
    """The leaf hash of an entry."""
    return sha256(b"\x00" + entry).digest()


def leaves_of(entries: Iterable[bytes]) -> list[bytes]:
    """The leaf hash of every entry."""
    return list(map(leaf_of, entries))


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    peaks: list[bytes] = []
    digest = sha256
    layer, rest = list(leaves), len(leaves)
    while rest:
        if rest & 1:
            peaks.append(layer[rest - 1])
        layer = [digest(b"\x01" + layer[i] + layer[i + 1]).digest() for i in range(0, rest - 1, 2)]
        rest = len(layer)
    return join(peaks)


def join(peaks: Sequence[bytes]) -> bytes:
    """The root of a tree whose perfect subtrees are given, smallest first."""
    if not peaks:
        return EMPTY
    found = peaks[0]
    for peak in peaks[1:]:
        found = sha256(b"\x01" + peak + found).digest()
    return found


def roots_at(leaves: Sequence[bytes], sizes: Iterable[int]) -> dict[int, bytes]:
    """The roots over the first so many leaves, for every size from 0 to all of them that is asked
    for; one pass."""
    wanted = sorted({s for s in sizes if 0 <= s <= len(leaves)})
    found: dict[int, bytes] = {}
    peaks: list[tuple[int, bytes]] = []  # (leaves below, hash), largest first
    done = 0
    for size in wanted:
        for leaf in leaves[done:size]:
            width, node = 1, leaf
            while peaks and peaks[-1][0] == width:
                node = sha256(b"\x01" + peaks.pop()[1] + node).digest()
                width *= 2
            peaks.append((width, node))
        done = size
        found[size] = join([node for _, node in reversed(peaks)])
    return found
