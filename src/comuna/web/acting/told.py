"""An act in plain words: what is about to be signed, field by field, as it stands in its bytes."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
from django.utils.timezone import get_current_timezone

from comuna import words
from comuna.rules.act import Act, Effect, Paper
from comuna.web.acting.fields import ACTS, Field, fields_of, tag_of
from comuna.web.acting.voting import Voting, voting
from comuna.web.texts import catalogue
from comuna.web.visit import Visit

OFFICES = ("office", "about", "responsible")
DECISIONS = ("proposal", "amends", "decision", "predecessor")
TERMS = {"choice": "choice", "casting": "choice", "method": "method", "purpose": "purpose"}


class Told(NamedTuple):
    """One thing the act says; `rows` where it is a list of things."""

    label: str
    text: str
    rows: list[list[Told]] = []  # noqa: RUF012 - never changed


def label(f: Field, here: Visit) -> str:
    """What a field is called, in its own kind or in general. Raises KeyError for one without."""
    own = f"field.{f.key}"
    return here.text(own if own in catalogue() else f"field.{f.name}")


def help_text(f: Field, here: Visit) -> str:
    """What a person needs to know to fill the field in; "" where the label says it all."""
    for name in (f"help.{f.key}", f"help.{f.name}", f"help.widget_{f.widget}"):
        if name in catalogue():
            return here.text(name)
    return ""


def money(here: Visit, amount: int) -> str:
    return words.money(amount, here.state.unit, here.state.decimals, here.lang)


def moment(here: Visit, at: int) -> str:
    return words.moment(at, here.lang, get_current_timezone())


def told(
    struct: Act | Effect | msgspec.Struct, here: Visit, vote: Voting | None = None
) -> list[Told]:
    """What an act, an effect or a row says; nothing for what it leaves out. Marks on ballots are
    told as those of the act's `vote`."""
    found = []
    vote = vote or voting(here.state, getattr(struct, "ballot", 0))
    for f in fields_of(type(struct)):
        value = getattr(struct, f.name)
        if value in ("", 0, (), None) and not f.required:
            continue
        found.append(field(f, value, here, vote))
    return found


def field(f: Field, value: Any, here: Visit, vote: Voting | None = None) -> Told:
    name = label(f, here)
    if f.widget == "rows":
        return Told(name, "", [told(row, here, vote) for row in value])
    if f.widget == "part":
        return Told(name, "", [told(value, here)])
    if f.widget in ("marks", "typed"):
        return Told(name, words.ballot(value, vote.kind, vote.titles, here.lang) if vote else "")
    if f.widget == "effects":
        return Told(name, "", [[Told("", words.effect(e, here.state, here.lang))] for e in value])
    if f.widget == "files":
        return Told(name, ", ".join(paper(p, here) for p in value))
    return Told(name, in_words(f, value, here))


def in_words(f: Field, value: Any, here: Visit) -> str:
    """One value as people read it."""
    if isinstance(value, Paper):
        return paper(value, here)
    if isinstance(value, bool):
        return words.term("bool", str(value).lower(), here.lang)
    if f.widget in ("money", "balance"):
        return money(here, value)
    if f.widget in ("moment", "birth"):
        return moment(here, value)
    if f.widget == "date":
        return words.date(value, here.lang)
    if f.widget == "choice":
        return words.term(TERMS[f.name], value, here.lang)
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in value)
    return chosen(f, value, here) if f.widget in ("pick", "suggest") else str(value)


def chosen(f: Field, value: Any, here: Visit) -> str:
    """Something named by its number or identity, with what it is called."""
    if f.name in OFFICES:
        return (
            words.office(value, here.lang, here.state) if value else here.text("acting.no_office")
        )
    if f.name in DECISIONS and value in here.state.proposals:
        return f"{value} · {here.state.proposals[value].title}"
    if f.name == "ballot" and value in here.state.ballots:
        proposal = here.state.proposals[here.state.ballots[value].proposal]
        return f"{value} ({proposal.number} · {proposal.title})"
    if f.name == "payment" and value in here.state.commitments:
        asked = here.state.commitments[value]
        return f"{value} · {here.payee(asked.payee)} · {money(here, asked.amount)}"
    if f.name == "payee":
        return words.payee(value, here.lang)
    if f.name == "member_kind":
        kind = here.state.statute.member_kind(value)
        return here.title(kind.title) if kind else str(value)
    if f.widget == "pick" and not f.number and f.key != "revoke-key.key":
        return words.account(value, here.lang, here.state)
    return str(value)


def paper(value: Paper, here: Visit) -> str:
    """A document by its fingerprint and size."""
    return here.text("acting.paper", print=value.sha256[:12], size=-(-value.size // 1024))


def from_paper(kind: str, here: Visit) -> dict[str, Any]:
    """What the statute asks of an act of this kind that comes from paper, for the pages."""
    law, deciding = here.state.statute.paper, ACTS[kind].deciding
    return {
        "paper_law": law,
        "deciding": deciding,
        "witness_keys": law.deciding_keys if deciding else law.keys,
        "witness_lines": range(law.witnesses),
    }


def name_of(struct: type[msgspec.Struct], lang: words.Lang) -> str:
    """What a kind of act is called."""
    return words.act(tag_of(struct), lang)
