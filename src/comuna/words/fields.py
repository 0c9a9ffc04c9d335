"""One field of an act, an effect or a refusal, as people read it. What a field holds is told by its
name, and a name means the same everywhere."""

from __future__ import annotations

from typing import Any

from comuna.rules import names
from comuna.rules.state import State
from comuna.words.catalogue import act, term
from comuna.words.figures import Lang, date, moment, money, number

_AMOUNTS = (
    *("amount", "room", "limit", "each", "free", "owed", "missing", "left", "open"),
    *("difference", "price", "together", "limit_of_all"),
)
_MOMENTS = ("starts_at", "happened", "at", "last", "payable_at", "shown", "explained", "hour")
_ACCOUNTS = ("account", "fund", "line", "source", "target", "debit", "credit")
_TERMS = {"state": "decision_state", "power": "power", "method": "method", "form": "form"}
_LISTS = {"matters": "matter", "matter": "matter", "accepted": "form"}
_QUOTED = (
    *("asset", "category", "commitment", "field", "grantor", "item", "kind", "name", "nonce"),
    *("measure", "place", "product", "public", "purpose", "title"),
)
_REFERENCES = ("decision", "petition", "period", "assembly", "predecessor")


def shown(name: str, value: Any, lang: Lang, state: State | None) -> str:
    """The value of a field of this name. Without a state, amounts stay in smallest steps and the
    statute's own names (funds, accounts, offices) stay as they are written there."""
    if isinstance(value, dict) and lang in value:
        return str(value[lang])
    if isinstance(value, bool):
        return term("bool", str(value).lower(), lang)
    if isinstance(value, dict):
        return ", ".join(f"{term('key', part, lang)} {weight}" for part, weight in value.items())
    if isinstance(value, tuple):
        return listed(name, value, lang, state)
    if isinstance(value, int):
        return whole(name, value, lang, state)
    return text(name, str(value), lang, state)


def whole(name: str, value: int, lang: Lang, state: State | None) -> str:
    """A whole number: an amount, a moment, the number of an act, or just a number."""
    if name in _AMOUNTS or name == "choice":
        return amount(value, lang, state)
    if name in _MOMENTS:
        return moment(value, lang)
    if name in _REFERENCES and state is not None:
        return referred(name, value, lang, state)
    return str(value)


def amount(value: int, lang: Lang, state: State | None) -> str:
    """An amount in the body's unit."""
    if state is None:
        return number(value, lang)
    return money(value, state.unit, state.decimals, lang)


def text(name: str, value: str, lang: Lang, state: State | None) -> str:
    """A text: a date, a word of the rules, a name of the statute, or free words in quotes."""
    if name in _TERMS:
        return term(_TERMS[name], value, lang)
    if name in _LISTS:
        return ", ".join(term(_LISTS[name], word, lang) for word in value.split(", "))
    if name in _QUOTED:
        return quoted(value, lang)
    if name in _ACCOUNTS:
        return account(value, lang, state)
    match name:
        case "act":
            return act(value, lang)
        case "key":
            return term("key", value, lang)
        case "things":
            return ", ".join(thing(word, lang) for word in value.split(", "))
        case "payee" | "payer" | "decided" | "buyer":
            return payee(value, lang)
        case "office" | "others":
            return ", ".join(office(word, lang, state) for word in value.split(", "))
        case _:
            return date(value, lang)


def listed(name: str, values: tuple[Any, ...], lang: Lang, state: State | None) -> str:
    """Numbers of persons, or pairs of a destination and an amount."""
    if all(isinstance(value, int) for value in values):
        sign = "n.º" if lang == "es" else "no."
        return ", ".join(f"{sign} {value}" for value in values)
    pairs = (
        f"{account(where, lang, state)}: {amount(much, lang, state)}" for where, much in values
    )
    return "; ".join(pairs)


def quoted(value: str, lang: Lang) -> str:
    """Someone's own words, in quotes that they cannot close: what follows is the house's again.
    What the eye would not see in them is named."""
    opening, closing = ("«", "»") if lang == "es" else ("“", "”")
    inner = "".join('"' if mark in "«»“”" else mark for mark in names.shown(value))
    return f"{opening}{' '.join(inner.split())}{closing}"


def account(name: str, lang: Lang, state: State | None) -> str:
    """A line of the chart, a fund or a destination by its title; its part after ":" stays."""
    base, _, part = name.partition(":")
    known = state.statute.account(base) if state is not None else None
    title = known.title.get(lang, known.title["en"]) if known else term("destination", base, lang)
    own = state.listed.get(name) if state is not None else None
    return "".join((title, f": {part}" if part else "", f" ({quoted(own, lang)})" if own else ""))


def office(name: str, lang: Lang, state: State | None) -> str:
    """An office by its title."""
    known = state.statute.office(name) if state is not None else None
    return known.title.get(lang, known.title["en"]) if known else quoted(name, lang)


def payee(name: str, lang: Lang) -> str:
    """ "member:12" → "la persona n.º 12"; a supplier by name."""
    member = names.member_in(name)
    if member is not None:
        return f"la persona n.º {member}" if lang == "es" else f"member {member}"
    return quoted(name, lang)


def thing(name: str, lang: Lang) -> str:
    """What an effect draws on: "account bank:main" → "cuenta bank:main"."""
    kind, _, rest = name.partition(" ")
    return f"{term('thing', kind, lang)} {rest}".strip()


def referred(name: str, value: int, lang: Lang, state: State) -> str:
    """The number of an act, with what it was about where the body knows it."""
    if name in ("decision", "predecessor") and value in state.proposals:
        return f"{value} ({quoted(state.proposals[value].title, lang)})"
    if name == "assembly" and value in state.assemblies:
        return f"{value} ({moment(state.assemblies[value].starts_at, lang)})"
    if name == "period" and value in state.periods:
        period = state.periods[value]
        return f"{value} ({date(period.since, lang)} – {date(period.until, lang)})"
    if name == "petition" and value in state.petitions:
        asked = state.petitions[value]
        person = payee(names.payee_of(asked.member), lang)
        return f"{value} ({person}, {office(asked.office, lang, state)})"
    return str(value)
