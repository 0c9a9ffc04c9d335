"""Reading a pack: TOML text → a checked `Statute`, or every fault of it with its line.

A pack may extend another: sections and fields it does not have come from there, each with the law
and article it has there. How a pack is written: docs/statutes.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import deepcopy
from typing import Any

import msgspec
from msgspec import inspect as shapes

from comuna.given import Unreadable, read_toml
from comuna.rules.pack_checks import check
from comuna.rules.pack_shape import Fault, PackError, Place, faults, line_of, lines, written
from comuna.rules.statute import Rule, Statute

_SHAPE = shapes.type_info(Statute)

Table = dict[str, Any]


class InvalidPack(ValueError):  # noqa: N818 - named like the thing, as people say it
    """A pack with faults; `errors` holds all that were found, by line."""

    def __init__(self, errors: Iterable[PackError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda e: (e.line, e.field)))
        super().__init__("\n".join(error.in_words("en") for error in self.errors))


def extends(text: str) -> str:
    """The id of the pack that this one extends; "" when it stands alone or cannot be read."""
    match = re.search(r'^extends\s*=\s*"([^"]*)"', text, re.MULTILINE)
    return match[1] if match else ""


def parse(text: str, base: Statute | None = None) -> Statute:
    """The statute that a pack describes.

    `base` is the statute named by the pack's `extends`. Raises `InvalidPack` with every fault:
    first those of shape, and once the shape is right those of sense.
    """
    try:
        pack = read_toml(text)
    except Unreadable as error:
        raise InvalidPack([_unreadable(error)]) from None
    known = lines(text)
    named = pack.pop("extends", "")
    if named and (base is None or base.id != named):
        fault = Fault(
            ("extends",),
            {"en": f'the pack extends "{named}"', "es": f"el paquete extiende «{named}»"},
            {"en": "Give that statute as its base", "es": "Dé ese estatuto como base"},
        )
        raise InvalidPack([_with_line(fault, known)])
    whole = _complete(pack)
    if named and base is not None:
        whole = _extend(whole, base)
    whole = _give_recall(whole)
    whole = _give_fund_accounts(whole)
    found = list(faults(whole, _SHAPE))
    if not found:
        statute = msgspec.convert(whole, Statute)
        found = list(check(statute))
        if not found:
            return statute
    raise InvalidPack(_with_line(fault, known) for fault in found)


def _with_line(fault: Fault, known: dict[Place, int]) -> PackError:
    line = line_of(fault.place, known)
    return PackError(line, written(fault.place), fault.what, fault.remedy)


def _unreadable(error: Unreadable) -> PackError:
    return PackError(
        error.line,
        "TOML",
        {"en": error.en, "es": error.es},
        {"en": "Correct the line", "es": "Corrija la línea"},
    )


# --- what a pack may leave unsaid -------------------------------------------------------------

_RULES = (
    *("paper", "members", "interests", "assembly", "decisions", "treasury", "production"),
    *("surplus", "oversight"),
)
_LISTS = ("authorship", "majorities", "counts", "offices")


def _complete(pack: Table) -> Table:
    """The pack with its own status on every rule, and the chart's article on every account."""
    whole = deepcopy(pack)
    treasury = whole.get("treasury")
    if isinstance(treasury, dict) and "article" in treasury:
        for account in _tables(treasury.get("accounts")):
            account.setdefault("article", treasury["article"])
    status = whole.pop("status", "draft")
    for name in (*_RULES, *_LISTS, "recall"):
        _set_status(whole.get(name), status)
    for source in _tables(whole.get("sources")):
        source.setdefault("status", status)
    return whole


def _set_status(value: Any, status: str) -> None:
    """Rules are the tables that have an article; those inside them too."""
    if isinstance(value, list):
        for item in value:
            _set_status(item, status)
    elif isinstance(value, dict):
        if "article" in value:
            value.setdefault("status", status)
        for item in value.values():
            _set_status(item, status)


def _tables(value: Any) -> list[Table]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _ids(value: Any) -> set[str]:
    """The ids of tables; what has another kind of id has its fault told later."""
    return {one["id"] for one in _tables(value) if isinstance(one.get("id"), str)}


def _give_recall(whole: Table) -> Table:
    """The pack's `[recall]` stands for every office that has none of its own."""
    recall = whole.pop("recall", None)
    if recall is not None:
        for office in _tables(whole.get("offices")):
            office.setdefault("recall", deepcopy(recall))
    return whole


def _give_fund_accounts(whole: Table) -> Table:
    """Every fund is a line of the chart: an account of the same name in the group of funds."""
    treasury = whole.get("treasury")
    if not isinstance(treasury, dict) or not isinstance(treasury.get("accounts"), list):
        return whole
    lines_there = _ids(treasury["accounts"])
    for fund in _tables(treasury.get("funds")):
        if isinstance(fund.get("id"), str) and fund["id"] not in lines_there:
            shared = ("id", "title", "article", "law", "status")
            account: Table = {name: fund[name] for name in shared if name in fund}
            treasury["accounts"].append({**account, "group": "funds"})
    return whole


# --- extending --------------------------------------------------------------------------------


def _extend(pack: Table, base: Statute) -> Table:
    """The pack over its base. A list replaces the base's list, except the chart, which it adds to;
    a field of a section replaces that field; what is taken over keeps its law and article."""
    under = _plain(base)
    for name in (*_RULES, *_LISTS):
        _sign(under.get(name), base.law)
    if "recall" in pack:
        for office in under["offices"]:
            office.pop("recall", None)
    whole = dict(pack)
    whole.setdefault("sources", under["sources"])
    for name in _LISTS:
        if name in under:
            whole.setdefault(name, under[name])
    for name in _RULES:
        section = whole.get(name)
        if section is None:
            whole[name] = under[name]
        elif isinstance(section, dict):
            whole[name] = _over(section, under[name], getattr(base, name), base.law)
    return whole


def _plain(base: Statute) -> Table:
    plain: Table = msgspec.json.decode(msgspec.json.encode(base))
    funds = {fund.id for fund in base.treasury.funds}
    accounts = plain["treasury"]["accounts"]
    plain["treasury"]["accounts"] = [a for a in accounts if a["id"] not in funds]
    return plain


def _sign(value: Any, law: str) -> None:
    """Write into every rule taken over which law it comes from."""
    if isinstance(value, list):
        for item in value:
            _sign(item, law)
    elif isinstance(value, dict):
        if "article" in value:
            value.setdefault("law", law)
        for item in value.values():
            _sign(item, law)


_OF_THE_RULE = ("article", "law", "status", "valid_from", "valid_until", "note", "articles")


def _over(section: Table, under: Table, rule: Rule, law: str) -> Table:
    """One section over the same section of the base, which is `under` as plain data."""
    taken = {k: v for k, v in under.items() if k not in section and k not in _OF_THE_RULE}
    whole = {**section, **taken}
    articles = {
        name: f"{rule.law or law}, {rule.article_of(name)}"
        for name in rule.__struct_fields__
        if name not in section and name not in _OF_THE_RULE and _says_something(rule, name)
    }
    if articles and isinstance(section.get("articles", {}), dict):
        whole["articles"] = {**articles, **section.get("articles", {})}
    if isinstance(section.get("accounts"), list):
        own = _ids(section["accounts"])
        whole["accounts"] = section["accounts"] + [
            account for account in under["accounts"] if account["id"] not in own
        ]
    return whole


def _says_something(rule: Rule, name: str) -> bool:
    """Whether a field is a plain value that is not empty; tables carry their own articles."""
    value = getattr(rule, name)
    return isinstance(value, (str, int)) and bool(value)
