"""The catalogues: texts by rule, by kind of act and by word of the rules, in every language."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from comuna.given import read_toml
from comuna.words.figures import Lang

LANGS: tuple[Lang, ...] = ("es", "en")


@cache
def catalogue(name: str) -> dict[str, Any]:
    """A catalogue by its name: "refusals", "acts", "effects", "counts" or "vocabulary"."""
    return read_toml((files(__package__) / f"{name}.toml").read_text(encoding="utf-8"))


def act(kind: str, lang: Lang) -> str:
    """The name of a kind of act: "call-assembly" → "Convocatoria de asamblea"."""
    return str(catalogue("acts")[kind][lang]["name"])


def act_meaning(kind: str, lang: Lang) -> str:
    """What a kind of act does, in one sentence."""
    return str(catalogue("acts")[kind][lang]["text"])


def effect_name(kind: str, lang: Lang) -> str:
    """The name of a kind of effect: "authorise" → "Autorizar un gasto"."""
    return str(catalogue("effects")[kind][lang]["called"])


def term(group: str, word: str, lang: Lang) -> str:
    """A word of the rules as members say it: term("decision_state", "in_force", "es") → "vigente".

    Groups are the tables of vocabulary.toml. A word that is not there (the statute's own, such as
    the name of a measure) stays as it is.
    """
    return str(catalogue("vocabulary")[group][lang].get(word, word))
