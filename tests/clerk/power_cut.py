"""A disk that loses power: an SQLite VFS that, when cut, keeps what was synced and of the rest a
random half of the 512-byte sectors, in any order. What the file system may lose, it loses here.

Source of the model: the SQLite project's description of atomic commit, §2 (hardware assumptions).
The directory entry of a file is held to be durable with the file's first sync.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import apsw

SECTOR = 512


class PowerCut(Exception):  # noqa: N818 - not an error of the program
    """The lights went out."""


class Disk:
    """What of each file is on the platter, and what only the system's memory holds."""

    def __init__(self, seed: int, writes_until_cut: int) -> None:
        self.random = random.Random(seed)
        self.left = writes_until_cut
        self.off = False
        self.over = False  # after the test of what is left: SQLite may close its files in peace
        self.durable: dict[str, bytearray] = {}
        self.volatile: dict[str, list[tuple[int, bytes | None]]] = {}

    def load(self, name: str) -> None:
        """A file as it lies when the power comes on."""
        if name not in self.durable:
            path = Path(name)
            self.durable[name] = bytearray(path.read_bytes() if path.exists() else b"")
            self.volatile[name] = []

    def write(self, name: str, offset: int, data: bytes | None) -> None:
        """Note a write (None: truncation to `offset`); cut when the time has come."""
        self.tick()
        self.volatile[name].append((offset, data))

    def tick(self) -> None:
        if self.over:
            return
        if self.off:
            raise PowerCut
        self.left -= 1
        if self.left <= 0:
            self.off = True
            raise PowerCut

    def sync(self, name: str) -> None:
        self.tick()
        for offset, data in self.volatile[name]:
            put(self.durable[name], offset, data)
        self.volatile[name].clear()

    def remains(self, folder: Path) -> None:
        """Write into `folder` what is left of each file after the cut."""
        for name, durable in self.durable.items():
            image = bytearray(durable)
            for offset, data in self.volatile[name]:
                if data is None:
                    if self.random.random() < 0.5:
                        put(image, offset, None)
                    continue
                for start in range(0, len(data), SECTOR):
                    if self.random.random() < 0.5:
                        put(image, offset + start, data[start : start + SECTOR])
            if image:
                (folder / Path(name).name).write_bytes(image)


def put(image: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del image[offset:]
        return
    if len(image) < offset:
        image.extend(bytes(offset - len(image)))
    image[offset : offset + len(data)] = data


class File(apsw.VFSFile):
    def __init__(self, disk: Disk, base: str, name: Any, flags: Any) -> None:
        super().__init__(base, name, flags)
        self.disk = disk
        self.name = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        disk.load(self.name)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's name
        self.disk.write(self.name, offset, bytes(data))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self.disk.write(self.name, size, None)
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self.disk.sync(self.name)
        super().xSync(flags)


class Vfs(apsw.VFS):
    """The VFS of one disk."""

    def __init__(self, name: str, disk: Disk) -> None:
        self.disk = disk
        self.base = ""
        super().__init__(name, self.base)

    def xOpen(self, name: Any, flags: Any) -> File:  # noqa: N802
        return File(self.disk, self.base, name, flags)

    def xDelete(self, name: str, sync: bool) -> None:  # noqa: N802
        self.disk.tick()
        self.disk.durable.pop(name, None)
        self.disk.volatile.pop(name, None)
        super().xDelete(name, sync)
