"""Writing files that are either whole or not there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Unavailable(Exception):  # noqa: N818 - told to the person as it is
    """A format that does not exist, or needs what is not installed; says what to do."""


@contextmanager
def finished(path: Path) -> Iterator[Path]:
    """The place to write a file to; it takes its name when all is written, and goes if not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        yield part
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
