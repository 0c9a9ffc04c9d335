"""A book as plain files (c2sp.org/tlog-tiles v0.1.0): any web server or memory stick can serve it.

    checkpoint                        the signed checkpoint
    tile/<level>/<index>[.p/<width>]  up to 256 hashes; level 0 holds leaf hashes, level l the roots
                                      of full tiles of level l - 1
    tile/entries/<index>[.p/<width>]  the entries of that level-0 tile, each after its length as a
                                      big-endian uint16

An index is written in groups of three digits, all but the last after an `x`: 1234067 is
`x001/x234/067`. The suffix `.p/<width>` marks a tile that is not full.

Here are the names, the reading and the checking; export.py writes.
"""

import re
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from comuna.book import tree
from comuna.book.checkpoint import Checkpoint
from comuna.book.strict import Malformed

WIDTH = 256
HEIGHT = 8
HIGHEST_LEVEL = 63
LARGEST_FILE = WIDTH * (2 + 65_535)
"""Most bytes of one file: a full bundle of the longest entries."""

ENTRIES = -1
"""The level that stands for entry bundles, which lie beside the tiles of level 0."""

_PATH = re.compile(
    r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII
)


@dataclass(frozen=True)
class Tile:
    """Which tile: its level (or `ENTRIES`), its index in the level, how many hashes or entries."""

    level: int
    index: int
    width: int

    def path(self) -> str:
        """Where the tile lies under the book's folder."""
        groups = [f"{self.index % 1000:03d}"]
        rest = self.index // 1000
        while rest:
            groups.insert(0, f"x{rest % 1000:03d}")
            rest //= 1000
        level = "entries" if self.level == ENTRIES else str(self.level)
        suffix = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{'/'.join(groups)}{suffix}"

    @classmethod
    def parse_path(cls, text: str) -> "Tile":
        """Read a path, raising `Malformed` for any that `path` would not have written."""
        match = _PATH.fullmatch(text)
        if match is None:
            raise Malformed(f"{text!r} is not the path of a tile")
        level, index, width = match.groups()
        tile = cls(
            ENTRIES if level == "entries" else int(level),
            int(re.sub(r"[x/]", "", index)),
            WIDTH if width is None else int(width),
        )
        if tile.level > HIGHEST_LEVEL or tile.path() != text:
            raise Malformed(f"{text!r} is not the path of a tile; nearest is {tile.path()!r}")
        return tile


class Problem(NamedTuple):
    """Something wrong in an exported book: the path of the file, and what is wrong with it."""

    where: str
    what: str


def tiles_of(size: int) -> Iterator[Tile]:
    """Every tile and entry bundle of a tree of that size, full ones and the last partial ones."""
    for level in range(ENTRIES, HIGHEST_LEVEL + 1):
        items = size >> HEIGHT * max(level, 0)
        if not items:
            return
        full, rest = divmod(items, WIDTH)
        yield from (Tile(level, index, WIDTH) for index in range(full))
        if rest:
            yield Tile(level, full, rest)


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """The bytes of an entry bundle of 1 to 256 entries of at most 65,535 bytes."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def decode_bundle(data: bytes, width: int) -> list[bytes]:
    """The entries of a bundle, raising `Malformed` unless there are exactly `width`."""
    entries: list[bytes] = []
    start = 0
    while start < len(data):
        end = start + 2 + int.from_bytes(data[start : start + 2], "big")
        if start + 2 > len(data) or end > len(data):
            raise Malformed(f"the bundle ends inside entry {len(entries)}")
        entries.append(data[start + 2 : end])
        start = end
    if len(entries) != width:
        raise Malformed(f"the bundle has {len(entries)} entries; {width} are needed")
    return entries


def decode_hashes(data: bytes, width: int) -> list[bytes]:
    """The 32-byte hashes of a tile, raising `Malformed` unless there are exactly `width`."""
    if len(data) != 32 * width:
        raise Malformed(f"the tile has {len(data)} bytes; {width} hashes have {32 * width}")
    return [data[start : start + 32] for start in range(0, len(data), 32)]


def read_checkpoint(folder: Path) -> bytes:
    """The signed checkpoint of an exported book, not yet verified."""
    return _read_file(folder, "checkpoint")


def entries(folder: Path, size: int) -> Iterator[bytes]:
    """The first `size` entries of an exported book, in order; `Malformed` names the bad file."""
    for tile in tiles_of(size):
        if tile.level != ENTRIES:
            return
        yield from _read_entries(folder, tile)


def node_at(folder: Path, size: int) -> tree.NodeAt:
    """The nodes of the tree of an exported book of that size, read from its tiles for proofs."""

    @lru_cache(maxsize=64)
    def hashes(tile: Tile) -> list[bytes]:
        return _read_hashes(folder, tile)

    def node(level: int, index: int) -> bytes:
        tile_level, height = divmod(level, HEIGHT)
        tile_index, first = divmod(index << height, WIDTH)
        items = (size >> HEIGHT * tile_level) - tile_index * WIDTH
        within = hashes(Tile(tile_level, tile_index, min(items, WIDTH)))
        return tree.root(within[first : first + (1 << height)])

    return node


def levels(leaves: list[bytes]) -> list[list[bytes]]:
    """The hashes of every tile level: the leaves, the roots of their full tiles, and so on up."""
    found = []
    while leaves:
        found.append(leaves)
        full = len(leaves) // WIDTH * WIDTH
        leaves = [tree.root(leaves[i : i + WIDTH]) for i in range(0, full, WIDTH)]
    return found


def root_of(hashes: list[list[bytes]]) -> bytes:
    """The root of the whole tree from the hashes of its tile levels, hashing no tile twice."""
    below: list[bytes] = []
    for level in hashes:
        rest = level[len(level) // WIDTH * WIDTH :] + below
        below = [tree.root(rest)] if rest else []
    return tree.root(below)


def check(folder: Path, checkpoint: Checkpoint) -> Iterator[Problem]:
    """Everything in which the files differ from the one book the checkpoint can mean.

    Every hash is computed again from the entries, every file is compared, and files that belong to
    no tile are named. The checkpoint's signature is not looked at here.
    """
    leaves: list[bytes] = []
    try:
        for tile in tiles_of(checkpoint.size):
            if tile.level == ENTRIES:
                leaves += yield from _leaves(folder, tile)
    except Malformed as problem:
        yield Problem("tile", f"{problem}: the hashes above it cannot be computed")
        return
    hashes = levels(leaves)
    if root_of(hashes) != checkpoint.root:
        yield Problem("checkpoint", "its root is not the root of these entries")
    for tile in tiles_of(checkpoint.size):
        if tile.level != ENTRIES:
            first = tile.index * WIDTH
            yield from _differences(folder, tile, hashes[tile.level][first : first + tile.width])
    yield from _strangers(folder, checkpoint.size)


def _leaves(folder: Path, tile: Tile) -> Generator[Problem, None, list[bytes]]:
    """The leaf hashes of a bundle; of its tile of hashes if the bundle cannot be read."""
    try:
        return tree.leaf_hashes(_read_entries(folder, tile))
    except Malformed as problem:
        yield Problem(tile.path(), str(problem))
    return _read_hashes(folder, Tile(0, tile.index, tile.width))


def _differences(folder: Path, tile: Tile, expected: list[bytes]) -> Iterator[Problem]:
    try:
        stored = _read_hashes(folder, tile)
    except Malformed as problem:
        yield Problem(tile.path(), str(problem))
        return
    below = "entry" if tile.level == 0 else "tile"
    for i, (found, right) in enumerate(zip(stored, expected, strict=True)):
        if found != right:
            # Entries are counted from 1, as people do; tiles as their paths do.
            number = tile.index * WIDTH + i + (tile.level == 0)
            yield Problem(tile.path(), f"hash {i} is not that of {below} {number} below it")


def _strangers(folder: Path, size: int) -> Iterator[Problem]:
    """Files under `tile` that the tree has no use for.

    Partial tiles of older checkpoints must stay as long as their full tile does not exist; they
    hold the beginning of the tile that replaced them.
    """
    needed = {(tile.level, tile.index): tile for tile in tiles_of(size)}
    for path in sorted(p for p in (folder / "tile").rglob("*") if not p.is_dir()):
        where = path.relative_to(folder).as_posix()
        try:
            tile = Tile.parse_path(where)
        except Malformed as problem:
            yield Problem(where, str(problem))
            continue
        current = needed.get((tile.level, tile.index))
        if current is None or current.width < tile.width:
            yield Problem(where, f"a book of {size} entries has no such tile")
        elif current.width > tile.width:
            yield from _older(folder, tile, current)


def _older(folder: Path, tile: Tile, current: Tile) -> Iterator[Problem]:
    read = _read_entries if tile.level == ENTRIES else _read_hashes
    try:
        if read(folder, tile) != read(folder, current)[: tile.width]:
            yield Problem(tile.path(), f"differs from the beginning of {current.path()}")
    except Malformed as problem:
        yield Problem(tile.path(), str(problem))


def _read_entries(folder: Path, tile: Tile) -> list[bytes]:
    return _decoded(decode_bundle, folder, tile)


def _read_hashes(folder: Path, tile: Tile) -> list[bytes]:
    return _decoded(decode_hashes, folder, tile)


def _decoded(decode: Callable[[bytes, int], list[bytes]], folder: Path, tile: Tile) -> list[bytes]:
    try:
        return decode(_read_file(folder, tile.path()), tile.width)
    except Malformed as problem:
        raise Malformed(f"{tile.path()}: {problem}") from None


def _read_file(folder: Path, where: str) -> bytes:
    try:
        with (folder / where).open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise Malformed(f"{where} cannot be read: {error.strerror}") from None
    if len(data) > LARGEST_FILE:
        raise Malformed(f"{where} has more than {LARGEST_FILE} bytes")
    return data
