"""What the form of an act asks for, derived from the act itself.

Every act is a Struct whose fields say their types; a field's name says the rest. So a new act needs
its labels in `texts/acting.toml`, and a row here only where its fields mean something else.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import cast

import msgspec
from msgspec import inspect

from comuna.rules.act import JUDGES, Act, Effect, Paper
from comuna.rules.effects import AnyEffect
from comuna.rules.judge import KINDS
from comuna.rules.roll import Found

ACTS: dict[str, type[Act]] = {tag: kind for kind, tag in KINDS.items() if kind is not Found}
"""Every act that has a form. A body is founded from a file, by all its founders together."""

EFFECTS: dict[str, type[Effect]] = {
    str(t.tag): cast(type[Effect], t.cls)
    for t in inspect.multi_type_info(AnyEffect.__args__)
    if isinstance(t, inspect.StructType)
}
"""Every effect a proposal can have, by its tag."""

WIDGETS: dict[str, str] = {
    # what is written
    "text": "long",
    "reason": "long",
    "remarks": "long",
    "date": "date",
    "since": "date",
    "until": "date",
    "due": "date",
    "starts_at": "moment",
    "happened": "moment",
    "adjourn.until": "moment",
    "closes_at": "moment",
    "hour": "moment",
    "amount": "money",
    "limit": "money",
    "each": "money",
    "price": "money",
    "value": "money",
    "counted": "money",
    "line.amount": "balance",  # debit positive, credit negative
    "change.value": "value",
    "votes_from": "birth",
    "choices": "shares",
    # who
    "member": "member",
    "actor": "member",
    "formerly": "member",
    "confirm-kinship.kin": "member",
    # which: chosen from what the body has
    "assembly": "pick",
    "proposal": "pick",
    "amends": "pick",
    "decision": "pick",
    "predecessor": "pick",
    "ballot": "pick",
    "contest.count": "pick",
    "cast-ballot.marks": "marks",
    "papers.marks": "typed",
    "budget": "money",
    "groups": "words",
    "exclusive": "sets",
    "item": "pick",
    "office": "pick",
    "about": "pick",
    "responsible": "pick",
    "petition": "pick",
    "complaint": "pick",
    "ending": "pick",
    "payment": "pick",
    "authorisation": "pick",
    "permission": "pick",
    "debit": "suggest",
    "credit": "suggest",
    "period": "pick",
    "charge": "pick",
    "movement": "number",
    "member_kind": "pick",
    "money": "pick",
    "account": "pick",
    "fund": "pick",
    "line": "pick",
    "key": "pick",
    "apply.key": "secret",  # made by the browser
    "public": "secret",
    "revoke-key.key": "pick",
    "dispose-asset.name": "pick",
    "hand-over-asset.name": "pick",
    "receive.asset": "pick",
    "move-money.source": "pick",
    "move-money.target": "pick",
    "transfer.source": "pick",
    "transfer.target": "pick",
    "observe.about": "number",
    # which, or something new
    "open-account.account": "suggest",
    "receive.source": "suggest",
    "change.place": "suggest",
    "payee": "suggest",
    "deliver.product": "suggest",
    "deliver.measure": "suggest",
}
"""Widgets by field, or by "kind.field" where a field means something else in one kind."""

COMPUTED = {
    ("close-period", "measures"),
    ("open-vote", "digest"),
    ("open-vote", "count"),
    ("option", "id"),
    ("allocate-surplus", "steps"),
    ("allocate-surplus", "allocations"),
}
"""What nobody types in: it follows from the rest."""

ROW_NAMES = {"Amount": "line", "AgendaItem": "agenda-item", "BudgetLine": "budget-line"}
ORDER = ("", "yes", "no", "abstain", "blank", "opening", "information", "debate", "decision")
"""Fixed words in the order people say them; others by letter."""

MAY_BE_EMPTY = {"complain.about"}
"""Required by the act, but "" is an answer."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a form asks. `kind` is the act, effect or row it belongs to."""

    kind: str
    name: str
    widget: str
    required: bool
    options: tuple[str, ...] = ()  # of a choice among fixed words
    number: bool = False  # what is chosen is named by a number
    row: type[msgspec.Struct] | None = None  # of a list of rows, or of a part

    @property
    def key(self) -> str:
        return f"{self.kind}.{self.name}"


def tag_of(struct: type[msgspec.Struct]) -> str:
    """The name under which the fields of a Struct are known: its tag, or for rows its name."""
    tag = struct.__struct_config__.tag
    return str(tag) if tag else ROW_NAMES.get(struct.__name__, struct.__name__.lower())


@cache
def fields_of(struct: type[msgspec.Struct]) -> tuple[Field, ...]:
    """The fields of an act, an effect or a row, in the order of its Struct."""
    info = inspect.type_info(struct)
    assert isinstance(info, inspect.StructType)
    kind = tag_of(struct)
    return tuple(
        field_of(kind, f.name, f.type, f.required)
        for f in info.fields
        if (kind, f.name) not in COMPUTED
    )


def field_of(kind: str, name: str, type_: inspect.Type, required: bool) -> Field:
    if isinstance(type_, inspect.LiteralType):
        options = sorted(map(str, type_.values), key=lambda o: (*ORDER, o).index(o))
        return Field(kind, name, "choice", required, options=tuple(options))
    if isinstance(type_, inspect.BoolType):
        return Field(kind, name, "check", False)
    papers = holds_papers(type_)
    if papers:
        return Field(kind, name, papers, required)
    if name == "effects":
        return Field(kind, name, "effects", False)
    if isinstance(type_, inspect.VarTupleType) and isinstance(type_.item_type, inspect.StructType):
        return Field(kind, name, "rows", required, row=type_.item_type.cls)
    part = optional_part(type_)
    if part is not None:
        return Field(kind, name, "part", False, row=part)
    required = required and f"{kind}.{name}" not in MAY_BE_EMPTY
    widget = WIDGETS.get(f"{kind}.{name}") or WIDGETS.get(name) or plain(type_)
    return Field(kind, name, widget, required, number=isinstance(type_, inspect.IntType))


def holds_papers(type_: inspect.Type) -> str:
    """ "file" for one document, "files" for several, "" for something else."""
    if isinstance(type_, inspect.VarTupleType):
        return "files" if holds_papers(type_.item_type) else ""
    if isinstance(type_, inspect.UnionType):
        return "file" if any(holds_papers(t) for t in type_.types) else ""
    return "file" if isinstance(type_, inspect.StructType) and type_.cls is Paper else ""


def optional_part(type_: inspect.Type) -> type[msgspec.Struct] | None:
    """The Struct that a field holds or leaves out."""
    if not isinstance(type_, inspect.UnionType):
        return None
    return next((t.cls for t in type_.types if isinstance(t, inspect.StructType)), None)


def plain(type_: inspect.Type) -> str:
    if isinstance(type_, inspect.VarTupleType):
        return "members" if isinstance(type_.item_type, inspect.IntType) else "texts"
    return "number" if isinstance(type_, inspect.IntType) else "text"


assert set(JUDGES) - {Found} == set(ACTS.values())
