"""A book as plain files (docs/book-format.md §5), every byte computed again from the entries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from comuna.audit.canonical import Malformed
from comuna.audit.merkle import leaves_of, root_of

FULL = 256


def place(level: str, index: int, width: int) -> str:
    """Where a tile lies: level "entries" or a number, its index, how many it holds."""
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03d}")
    partial = "" if width == FULL else f".p/{width}"
    return f"tile/{level}/{'/'.join(groups)}{partial}"


def bundles(size: int) -> list[tuple[str, int]]:
    """The entry bundles of a book of that size: their paths and widths."""
    full, rest = divmod(size, FULL)
    found = [(place("entries", i, FULL), FULL) for i in range(full)]
    return [*found, (place("entries", full, rest), rest)] if rest else found


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


def expected(entries: list[bytes]) -> dict[str, bytes]:
    """Every file under `tile` of the book with these entries, and its bytes."""
    files: dict[str, bytes] = {}
    at = 0
    for path, width in bundles(len(entries)):
        part = entries[at : at + width]
        files[path] = b"".join(len(e).to_bytes(2, "big") + e for e in part)
        at += width
    level, hashes = 0, leaves_of(entries)
    while hashes:
        for i in range(0, len(hashes), FULL):
            part = hashes[i : i + FULL]
            files[place(str(level), i // FULL, len(part))] = b"".join(part)
        full = len(hashes) // FULL * FULL
        hashes = [root_of(hashes[i : i + FULL]) for i in range(0, full, FULL)]
        level += 1
    return files


def differences(folder: Path, entries: list[bytes]) -> Iterator[tuple[str, str]]:
    """Each file that is missing, holds other bytes or belongs to no tile, as (path, what): one of
    "missing", "differs", "strange". A partial tile of an earlier checkpoint may stay until its full
    tile exists; it then holds the beginning of the tile that took its place."""
    files = expected(entries)
    for path, data in files.items():
        stored = folder / path
        if not stored.is_file():
            yield path, "missing"
        elif stored.read_bytes() != data:
            yield path, "differs"
    newest = {path.split(".p/")[0]: path for path in files if ".p/" in path}
    for stored in sorted(p for p in (folder / "tile").rglob("*") if not p.is_dir()):
        path = stored.relative_to(folder).as_posix()
        if path not in files:
            yield from _outgrown(folder, path, files, newest)


def _outgrown(
    folder: Path, path: str, files: dict[str, bytes], newest: dict[str, str]
) -> Iterator[tuple[str, str]]:
    stem, partial, text = path.partition(".p/")
    current = newest.get(stem) or (stem if stem in files else "")
    width = int(text) if text.isdecimal() and text.isascii() and text[0] != "0" else 0
    if not (partial and current and 0 < width < FULL):
        yield path, "strange"
        return
    whole = files[current]
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
