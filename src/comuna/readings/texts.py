"""The words of the readings, from texts.toml."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from comuna.given import read_toml
from comuna.words import Lang


@cache
def catalogue() -> dict[str, dict[str, dict[str, str]]]:
    return read_toml((files(__package__) / "texts.toml").read_text(encoding="utf-8"))


def text(group: str, name: str, lang: Lang, /, **values: Any) -> str:
    """A text of a group, with its values filled in. Raises KeyError where there is none."""
    return catalogue()[group][name][lang].format(**values)
