"""The statute packs that come with Comuna: law and custom as data, one TOML file each.

How to write one: docs/statutes.md.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from comuna.rules.pack import extends, parse
from comuna.rules.statute import Statute


class UnknownPack(LookupError):  # noqa: N818 - named like the thing, as people say it
    """No pack has this id; the message names those there are."""


def names() -> tuple[str, ...]:
    """The ids of all packs, in alphabetical order."""
    packs = (file.name for file in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in packs if name.endswith(".toml")))


def text(pack: str) -> str:
    """The TOML text of a pack. Raises `UnknownPack`."""
    if pack not in names():
        raise UnknownPack(f'no pack "{pack}"; there are: {", ".join(names())}')
    return (files(__name__) / f"{pack}.toml").read_text(encoding="utf-8")


@cache
def load(pack: str) -> Statute:
    """The statute of a pack, with what it takes over from the one it extends.

    Raises `UnknownPack`, and `InvalidPack` with every fault and its line.
    """
    source = text(pack)
    base = extends(source)
    return parse(source, load(base) if base else None)
