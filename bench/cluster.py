"""A private PostgreSQL, with Debian's defaults (fsync on), gone when the benchmark ends."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def binaries() -> Path:
    """Where initdb and pg_ctl are."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not versions:
        raise SystemExit("PostgreSQL is missing: apt-get install postgresql")
    return versions[-1]


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of a running server on a socket of its own."""
    folder = Path(tempfile.mkdtemp(prefix="comuna-pg-"))
    run = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if run:
        shutil.chown(folder, "postgres")
    tools, data = binaries(), folder / "data"
    options = f"-k {folder} -c listen_addresses=''"

    def call(*command: str) -> None:
        subprocess.run([*run, *command], check=True, stdout=subprocess.DEVNULL, cwd="/")

    call(f"{tools}/initdb", "-D", str(data), "-A", "trust", "-U", "comuna", "-E", "UTF8")
    call(
        f"{tools}/pg_ctl", "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start"
    )
    try:
        yield f"postgresql://comuna@/postgres?host={folder}"
    finally:
        call(f"{tools}/pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)
