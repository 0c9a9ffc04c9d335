"""A book as plain files (docs/book-format.md §5), every byte computed again from the entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from comuna.audit.canonical import Malformed
from comuna.audit.merkle import root_of

FULL = 256


def place(level: str, index: int, width: int) -> str:
    """Where a tile lies: level "entries" or a number, its index, how many it holds."""
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03d}")
    partial = "" if width == FULL else f".p/{width}"
    return f"tile/{level}/{'/'.join(groups)}{partial}"


def bundles(size: int) -> Iterator[tuple[str, int]]:
    """The entry bundles of a book of that size: their paths and widths."""
    full, rest = divmod(size, FULL)
    for index in range(full):
        yield place("entries", index, FULL), FULL
    if rest:
        yield place("entries", full, rest), rest


def entries_in(data: bytes, width: int) -> list[bytes]:
    """The entries of a bundle. Raises `Malformed` unless there are exactly `width`."""
    found: list[bytes] = []
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        if at + 2 + length > len(data):
            raise Malformed("the bundle ends inside an entry")
        found.append(data[at + 2 : at + 2 + length])
        at += 2 + length
    if len(found) != width:
        raise Malformed(f"the bundle has {len(found)} entries instead of {width}")
    return found


def hash_tiles(leaves: Sequence[bytes]) -> dict[str, bytes]:
    """Every file of hashes of the book with these leaf hashes, and its bytes."""
    files: dict[str, bytes] = {}
    level, hashes = 0, leaves
    while hashes:
        for i in range(0, len(hashes), FULL):
            part = hashes[i : i + FULL]
            files[place(str(level), i // FULL, len(part))] = b"".join(part)
        full = len(hashes) // FULL * FULL
        hashes = [root_of(hashes[i : i + FULL]) for i in range(0, full, FULL)]
        level += 1
    return files


def differences(folder: Path, leaves: Sequence[bytes]) -> Iterator[tuple[str, str]]:
    """Each file that is missing, holds other bytes or belongs to no tile, as (path, what): one of
    "missing", "differs", "strange". The entry bundles were read whole, and there is one way to
    write the entries in them. A partial tile of an earlier checkpoint may stay until its full tile
    exists; it then holds the beginning of the tile that took its place."""
    hashes = hash_tiles(leaves)
    for path, data in hashes.items():
        stored = folder / path
        if not stored.is_file():
            yield path, "missing"
        elif stored.read_bytes() != data:
            yield path, "differs"
    files = hashes.keys() | {path for path, _ in bundles(len(leaves))}
    newest = {path.split(".p/")[0]: path for path in files if ".p/" in path}
    for stored in sorted(p for p in (folder / "tile").rglob("*") if not p.is_dir()):
        path = stored.relative_to(folder).as_posix()
        if path not in files:
            stem = path.partition(".p/")[0]
            current = newest.get(stem) or (stem if stem in files else "")
            whole = hashes.get(current) or ((folder / current).read_bytes() if current else b"")
            yield from _outgrown(folder, path, current, whole)


def _outgrown(folder: Path, path: str, current: str, whole: bytes) -> Iterator[tuple[str, str]]:
    """Of a file that is no tile of this book: whether it is the beginning of the tile that now
    stands in its place, and holds these bytes."""
    stem, partial, text = path.partition(".p/")
    width = int(text) if text.isdecimal() and text.isascii() and text[0] != "0" else 0
    if not (partial and current and 0 < width < FULL):
        yield path, "strange"
        return
    if stem.startswith("tile/entries/"):
        count = FULL if current == stem else int(current.partition(".p/")[2])
        older = entries_in(whole, count)[:width]
        whole = b"".join(len(e).to_bytes(2, "big") + e for e in older)
        fits = width < count
    else:
        fits = 32 * width < len(whole)
        whole = whole[: 32 * width]
    if not fits:
        yield path, "strange"
    elif (folder / path).read_bytes() != whole:
        yield path, "differs"
