"""Writing a book as plain files (tiles.py says which), so that a power cut leaves it readable.

Every file is written beside its place, flushed to disk and moved there whole; the checkpoint comes
last, after everything it speaks of. Tiles are never changed: one that stands there with other bytes
is refused. A killed export may leave tiles that no checkpoint speaks of yet; the next one takes
them up. One writer per folder.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from comuna.book import checkpoint as checkpoints
from comuna.book import tiles, tree
from comuna.book.canonical import LIMIT
from comuna.book.strict import Malformed
from comuna.book.tiles import ENTRIES, WIDTH, Tile

_UNFINISHED = ".unfinished"


def export(folder: Path, entries: Iterable[bytes], signed: bytes) -> None:
    """Write or continue an exported book: all its entries and its signed checkpoint.

    Raises `Malformed`, leaving the folder as it was, if the entries do not give the checkpoint's
    root, or if the folder holds a newer, a damaged or another book. The checkpoint's signature is
    the caller's to verify.
    """
    checkpoint, _ = checkpoints.parse(signed)
    _require_not_newer(folder, checkpoint.size)
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    try:
        leaves = _write_bundles(folder, entries, written)
        hashes = tiles.levels(leaves)
        if len(leaves) != checkpoint.size or tiles.root_of(hashes) != checkpoint.root:
            raise Malformed(
                f"the {len(leaves)} entries are not those of the checkpoint of {checkpoint.size}"
            )
        for tile in tiles.tiles_of(checkpoint.size):
            if tile.level != ENTRIES:
                first = tile.index * WIDTH
                part = hashes[tile.level][first : first + tile.width]
                _write_new(folder, tile, b"".join(part), written)
        _flush_folders(folder, written)
        _write_whole(folder, folder / "checkpoint", signed)
    except Exception:
        for path in (*written, folder / _UNFINISHED):
            path.unlink(missing_ok=True)
        raise
    _flush_folder(folder)
    _remove_outgrown(folder, checkpoint.size)


def _require_not_newer(folder: Path, size: int) -> None:
    if not (folder / "checkpoint").exists():
        return
    present, _ = checkpoints.parse(tiles.read_checkpoint(folder))
    if present.size > size:
        raise Malformed(
            f"the folder holds a book of {present.size} entries; a book never goes back to {size}"
        )


def _write_bundles(folder: Path, entries: Iterable[bytes], written: list[Path]) -> list[bytes]:
    leaves: list[bytes] = []
    for index, bundle in enumerate(_bundles(entries)):
        for entry in bundle:
            if len(entry) > LIMIT:
                raise Malformed(f"an entry has {len(entry)} bytes; at most {LIMIT} are allowed")
        _write_new(folder, Tile(ENTRIES, index, len(bundle)), tiles.encode_bundle(bundle), written)
        leaves += tree.leaf_hashes(bundle)
    return leaves


def _bundles(entries: Iterable[bytes]) -> Iterator[list[bytes]]:
    rest = iter(entries)
    while bundle := list(islice(rest, WIDTH)):
        yield bundle


def _write_new(folder: Path, tile: Tile, data: bytes, written: list[Path]) -> None:
    """Write a tile; one that is already there must have the same bytes."""
    path = folder / tile.path()
    if path.exists():
        if path.read_bytes() != data:
            raise Malformed(f"{tile.path()} holds other bytes: a damaged or another book")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    _write_whole(folder, path, data)
    written.append(path)


def _write_whole(folder: Path, path: Path, data: bytes) -> None:
    """Put the bytes on disk and then, whole, in their place; the place itself is not yet flushed.

    What a power cut leaves unfinished lies in the book's folder and is overwritten the next time.
    """
    unfinished = folder / _UNFINISHED
    with unfinished.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _flush_folders(folder: Path, written: list[Path]) -> None:
    """Flush the names of the files written, and of the folders made for them."""
    touched = {parent for path in written for parent in path.relative_to(folder).parents}
    for parent in sorted(touched):
        _flush_folder(folder / parent)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_outgrown(folder: Path, size: int) -> None:
    """Remove the partial tiles whose full tile now exists, as the specification allows."""
    for tile in tiles.tiles_of(size):
        if tile.width == WIDTH:
            path = folder / tile.path()
            shutil.rmtree(path.with_name(path.name + ".p"), ignore_errors=True)
