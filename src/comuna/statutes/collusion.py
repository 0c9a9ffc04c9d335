"""`comuna statutes PACK --collusion`: what it takes to cheat, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from comuna.given import read_toml
from comuna.rules.collusion import paths
from comuna.rules.statute import Statute


@cache
def _texts() -> dict[str, Any]:
    text = (files(__package__) / "texts" / "collusion.toml").read_text(encoding="utf-8")
    return read_toml(text)


def as_json(law: Statute, lang: str) -> dict[str, Any]:
    """`{"paths": [{"what", "name", "how", "people", "offices", "set", "days", "brake"}]}`: `people`
    is their number, `offices` the ids of all offices that they hold for it, `set` the offices of
    each of them (none: a member without office), `days` whole days that pass at least."""
    texts = _texts()
    return {
        "statute": law.id,
        "paths": [
            {
                "what": path.what,
                "name": path.how,
                "how": texts["ways"][path.how][lang],
                "people": len(path.people),
                "offices": list(path.offices),
                "set": [list(held) for held in path.people],
                "days": path.days,
                "brake": texts["brakes"][path.brake][lang],
            }
            for path in paths(law)
        ],
    }


def in_words(law: Statute, lang: str) -> Iterator[str]:
    """The same for people: what moves, how, who it takes, how long, and who can stop it."""
    texts = _texts()
    sentences = texts["sentences"][lang]
    yield sentences["heading"].format(title=law.title[lang])
    for path in paths(law):
        who = "; ".join(_person(law, held, lang) for held in path.people)
        lasts = sentences["day" if path.days == 1 else "days"].format(days=path.days)
        yield ""
        yield f"{texts['what'][lang][path.what]}: {texts['ways'][path.how][lang]}"
        yield f"  {sentences['people'].format(number=len(path.people), who=who)}"
        yield f"  {lasts}; {sentences['brake']}: {texts['brakes'][path.brake][lang]}"


def _person(law: Statute, held: tuple[str, ...], lang: str) -> str:
    titles = [office.title[lang] for office in law.offices if office.id in held]
    return " + ".join(titles) or str(_texts()["sentences"][lang]["plain"])
