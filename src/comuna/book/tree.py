"""The Merkle tree of the book (RFC 6962 §2.1, SHA-256): its root, its proofs, their verification.

Leaf hash = SHA-256(0x00 ‖ entry), node hash = SHA-256(0x01 ‖ left ‖ right), root of the empty
tree = SHA-256 of nothing. Every hash is 32 bytes. Entry number n is the leaf with index n - 1.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256

from comuna.book.strict import Malformed

EMPTY_ROOT = sha256(b"").digest()

NodeAt = Callable[[int, int], bytes]
"""`node_at(level, index)`: the hash over the leaves from index·2^level to (index+1)·2^level."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry as a leaf."""
    return sha256(b"\x00" + entry).digest()


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """The leaf hashes of many entries."""
    digest = sha256
    return [digest(b"\x00" + entry).digest() for entry in entries]


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children."""
    return sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, level by level.

    A last node without a sibling rises unchanged, which gives the same tree as the specification's
    split at the largest power of two.
    """
    if not leaves:
        return EMPTY_ROOT
    level = list(leaves)
    while len(level) > 1:
        level = _level_above(level)
    return level[0]


def _level_above(level: list[bytes]) -> list[bytes]:
    digest = sha256
    pairs = iter(level)
    above = [digest(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs)]  # noqa: B905 - the odd last one rises
    if len(level) % 2:
        above.append(level[-1])
    return above


class CompactRange:
    """The root of a growing tree, kept as the hashes of its perfect subtrees, largest first.

    A tree of `size` leaves has as many perfect subtrees as `size` has one bits, so the whole state
    is a size and at most 63 hashes; a store may keep it and go on from there.
    """

    __slots__ = ("_hashes", "_size")

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        if size < 0 or len(hashes) != size.bit_count() or any(len(h) != 32 for h in hashes):
            raise Malformed(f"a tree of {size} leaves is not kept in {len(hashes)} hashes")
        self._size = size
        self._hashes = list(hashes)

    @property
    def size(self) -> int:
        """The number of leaves."""
        return self._size

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """The hashes of the perfect subtrees, largest first."""
        return tuple(self._hashes)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash: one node hash on average."""
        hashes, size = self._hashes, self._size
        while size & 1:
            leaf = sha256(b"\x01" + hashes.pop() + leaf).digest()
            size >>= 1
        hashes.append(leaf)
        self._size += 1

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self._hashes:
            return EMPTY_ROOT
        *left, last = self._hashes
        for subtree in reversed(left):
            last = node_hash(subtree, last)
        return last

    def copy(self) -> "CompactRange":
        """The same state, to be continued apart from this one."""
        return CompactRange(self._size, self._hashes)


def nodes_of(leaves: Sequence[bytes]) -> NodeAt:
    """The nodes over leaf hashes held in memory; each level is hashed once, when first needed."""
    levels = [list(leaves)]

    def node_at(level: int, index: int) -> bytes:
        while len(levels) <= level:
            full = len(levels[-1]) // 2 * 2
            levels.append(_level_above(levels[-1][:full]))
        return levels[level][index]

    return node_at


def inclusion_proof(index: int, size: int, node_at: NodeAt) -> list[bytes]:
    """The audit path of a leaf, its sibling first (RFC 6962 §2.1.1)."""
    if not 0 <= index < size:
        raise Malformed(f"leaf {index} is not in a tree of {size} leaves")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range_hash(middle, end, node_at))
            end = middle
        else:
            path.append(_range_hash(start, middle, node_at))
            start = middle
    return path[::-1]


def consistency_proof(old_size: int, new_size: int, node_at: NodeAt) -> list[bytes]:
    """The proof that the first `old_size` leaves are a prefix of the tree (RFC 6962 §2.1.2).

    It is empty when the sizes are equal or the old tree is empty: there is nothing to prove.
    """
    if not 0 <= old_size <= new_size:
        raise Malformed(f"a tree of {new_size} leaves has no older tree of {old_size}")
    path: list[bytes] = []
    start, end = 0, new_size
    if old_size in (0, new_size):
        return path
    while old_size != end:
        middle = start + _split(end - start)
        if old_size <= middle:
            path.append(_range_hash(middle, end, node_at))
            end = middle
        else:
            path.append(_range_hash(start, middle, node_at))
            start = middle
    # The old tree itself is known to the verifier; any other subtree must be named.
    if start:
        path.append(_range_hash(start, end, node_at))
    return path[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], tree_root: bytes
) -> bool:
    """Whether the proof shows the leaf hash at that index (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes(leaf, tree_root, *proof):
        return False
    place, last = index, size - 1
    found = leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and found == tree_root


def verify_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the proof shows that the new tree only added to the old one (RFC 9162 §2.1.4.2)."""
    if not 0 <= old_size <= new_size or not _are_hashes(old_root, new_root, *proof):
        return False
    if old_size == new_size:
        empty_is_empty = old_size > 0 or old_root == EMPTY_ROOT
        return not proof and old_root == new_root and empty_is_empty
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    path: Iterator[bytes] = iter(proof)
    place, last = old_size - 1, new_size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    # An old tree that is one perfect subtree is the first node of the path, and left out of it.
    first = old_root if place == 0 else next(path, None)
    if first is None or not proof:
        return False
    old, new = first, first
    for sibling in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def _split(width: int) -> int:
    """The largest power of two smaller than `width` (at least 2)."""
    return 1 << (width - 1).bit_length() - 1


def _range_hash(start: int, end: int, node_at: NodeAt) -> bytes:
    """The hash over the leaves [start, end), where start is a multiple of the first subtree."""
    width = end - start
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return node_at(level, start >> level)
    middle = start + _split(width)
    return node_hash(_range_hash(start, middle, node_at), _range_hash(middle, end, node_at))


def _are_hashes(*hashes: bytes) -> bool:
    return all(len(h) == 32 for h in hashes)
