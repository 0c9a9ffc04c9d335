"""A PostgreSQL of the tests' own: a private cluster, a socket in a temporary folder, no port.

    from tests.postgres import fresh_database
    address = fresh_database()      # "postgresql://comuna@/one?host=…", empty

It starts with the first call and ends with the process. Where PostgreSQL is missing, tests fail and
say so: nothing is skipped.
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
from functools import cache
from itertools import count
from pathlib import Path

import psycopg

USER = "comuna"
_numbers = count(1)


def fresh_database() -> str:
    """The address of a new and empty database."""
    folder = cluster()
    name = f"test{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(address(folder, "postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    return address(folder, name)


def address(folder: Path, database: str) -> str:
    return f"postgresql://{USER}@/{database}?host={folder}"


@cache
def cluster() -> Path:
    """The folder of the running cluster's socket."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        postgres = pwd.getpwnam("postgres")
        os.chown(folder, postgres.pw_uid, postgres.pw_gid)
    data = folder / "data"
    run("initdb", "-D", data, "-A", "trust", "-U", USER, "-E", "UTF8", "--locale=C.UTF-8")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off"
    run("pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
    atexit.register(stop, folder)
    return folder


def stop(folder: Path) -> None:
    run("pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


def run(program: str, *arguments: object) -> None:
    """Run a program of PostgreSQL, as its own user where we are root."""
    command = [find(program), *map(str, arguments)]
    if os.getuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
    assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"


def find(program: str) -> str:
    """Where a program of PostgreSQL is: Debian keeps them out of the path."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    found = shutil.which(program) or (str(places[-1]) if places else None)
    assert found, f"{program} is missing: `apt-get install postgresql` brings it"
    return found
