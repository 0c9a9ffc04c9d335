"""The words on the pages, in every language, from the catalogues beside this file.

A text is named by table and key ("decisions.title"); `{name}` is filled in. Where there is a second
form for one ("{n} days", "{n} day"), it is written as `es_one`, `en_one` and taken when n is 1.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from comuna.given import read_toml

FOLDER = Path(__file__).parent / "texts"
LANGUAGES = ("es", "en")


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Every text by name: {"decisions.title": {"es": …, "en": …}}."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        for table, texts in read_toml(path.read_text("utf-8")).items():
            for key, forms in texts.items():
                name = f"{table}.{key}"
                if name in found:
                    raise ValueError(f"{path.name} says {name} again")
                found[name] = forms
    return found


def text(name: str, lang: str, **values: Any) -> str:
    """A text in a language, filled in. Raises KeyError for a name that no catalogue has."""
    forms = catalogue()[name]
    one = forms.get(f"{lang}_one") if values.get("n") == 1 else None
    found = one or forms[lang]
    return found.format(**values) if values else found
