"""A form as a page shows it: a control for each field, filled with what was written so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec

from comuna import words
from comuna.rules.act import Paper
from comuna.rules.decision import decision_state
from comuna.rules.ledger import day
from comuna.web import desk
from comuna.web.acting import choices, told
from comuna.web.acting.fields import EFFECTS, Field, fields_of, tag_of
from comuna.web.acting.read import Raw, Reading
from comuna.web.visit import Visit

INPUTS = {
    "text": "text",
    "suggest": "suggest",
    "long": "area",
    "texts": "area",
    "secret": "hidden",
    "value": "text",
    "number": "digits",
    "member": "digits",
    "members": "text",
    "money": "decimal",
    "balance": "decimal",
    "date": "date",
    "birth": "date",
    "moment": "datetime-local",
    "pick": "select",
    "choice": "select",
    "check": "check",
    "file": "file",
    "files": "file",
    "rows": "rows",
    "effects": "effects",
    "shares": "shares",
}
"""The HTML control of each widget."""

TERMS = told.TERMS


@dataclass(slots=True)
class Block:
    """A row, an effect or a share: its controls, and its place for the button that takes it out."""

    title: str
    place: str
    tag: str
    controls: list[Control]


@dataclass(slots=True)
class Control:
    """One field on the page. `id` is its name in HTML."""

    id: str
    input: str
    label: str
    help: str
    required: bool
    value: Any
    fault: str
    options: list[choices.Option] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)  # value and words of documents
    many: bool = False

    @property
    def described(self) -> str:
        """The ids of what explains the field, for those who hear the page."""
        parts = ((self.help, f"{self.id}-help"), (self.fault, f"{self.id}-fault"))
        return " ".join(identity for said, identity in parts if said)


def controls(
    struct: type[msgspec.Struct], raw: Raw, reading: Reading, at: str = ""
) -> list[Control]:
    """The controls of a Struct; those of effects and rows within them."""
    return [control(f, raw[f.name], reading, at + f.name) for f in fields_of(struct)]


def control(f: Field, raw: Any, reading: Reading, name: str) -> Control:
    here = reading.here
    fault = reading.faults.get(name)
    found = Control(
        id=name,
        input=INPUTS[f.widget],
        label=told.label(f, here),
        help=told.help_text(f, here),
        required=f.required,
        value=raw,
        fault=here.text(f"fault_of.{fault.name}", **fault.params) if fault else "",
        many=f.widget == "files",
    )
    if f.widget in ("pick", "suggest"):
        found.options = choices.options(f.key, f.name, here)
    elif f.widget == "choice":
        found.input = "select" if "-" in name else "radio"  # in a row, a list takes less room
        found.options = [(o, words.term(TERMS[f.name], o, here.lang)) for o in f.options if o]
    elif f.widget in ("file", "files"):
        found.kept = [(kept(p), told.paper(p, here)) for p in raw]
    elif f.widget == "rows":
        found.blocks = rows(f, raw, reading, name)
    elif f.widget == "effects":
        found.blocks = effects(raw, reading, name)
        found.options = [(tag, words.effect_name(tag, here.lang)) for tag in EFFECTS]
        found.options.sort(key=lambda option: option[1])
    elif f.widget == "shares":
        found.blocks = shares(raw, reading, name)
    if found.input == "select" and len(found.options) == 1 and f.required:
        found.value = found.options[0][0]
    return found


def kept(paper: Paper) -> str:
    return f"{paper.sha256}:{paper.size}"


def rows(f: Field, raw: list[Raw], reading: Reading, name: str) -> list[Block]:
    assert f.row is not None
    return [
        Block(str(i + 1), f"{name}-{i}", "", controls(f.row, row, reading, f"{name}-{i}-"))
        for i, row in enumerate(raw)
    ]


def effects(raw: list[tuple[str, Raw]], reading: Reading, name: str) -> list[Block]:
    return [
        Block(
            words.effect_name(tag, reading.here.lang),
            f"{name}-{i}",
            tag,
            controls(EFFECTS[tag], row, reading, f"{name}-{i}-"),
        )
        for i, (tag, row) in enumerate(raw)
    ]


def shares(raw: dict[str, str], reading: Reading, name: str) -> list[Block]:
    """One line for each step of the waterfall, with what the law says of it."""
    here = reading.here
    found = []
    for step in here.state.statute.surplus.steps:
        at = f"{name}-{step.id}"
        fault = reading.faults.get(at)
        rule = here.text(f"rate.{step.rate}", share=step.share, article=step.article)
        found.append(
            Control(
                id=at,
                input="text",
                label=words.account(step.fund, here.lang, here.state),
                help=rule,
                required=False,
                value=raw.get(step.id, ""),
                fault=here.text(f"fault_of.{fault.name}", **fault.params) if fault else "",
            )
        )
    return [Block("", name, "", found)]


# --- what a form begins with --------------------------------------------------------------------


def empty(struct: type[msgspec.Struct]) -> Raw:
    """What an untouched form of a Struct holds: rows begin with one line."""
    first: dict[str, Any] = {"rows": [], "effects": [], "file": [], "files": [], "shares": {}}
    return {f.name: [empty(f.row)] if f.row else first.get(f.widget, "") for f in fields_of(struct)}


def begun(struct: type[msgspec.Struct], asked: Any, here: Visit) -> Raw:
    """A form as first shown: what the address says, today's date, the checkpoint to read aloud."""
    raw = empty(struct)
    for f in fields_of(struct):
        if isinstance(raw[f.name], str):
            raw[f.name] = str(asked.get(f.name, first_value(struct, f, here)))
        elif f.widget == "effects" and asked.get("effect") in EFFECTS:
            tag = asked["effect"]
            raw[f.name] = [(tag, begun(EFFECTS[tag], asked, here))]
    if tag_of(struct) == "call-assembly":
        raw["agenda"] = first_agenda(here)
    return raw


def first_agenda(here: Visit) -> list[Raw]:
    """The cultural opening, and every proposal that waits for an assembly."""
    waiting = [
        {"title": p.title, "purpose": "decision", "proposal": str(p.number)}
        for p in here.state.proposals.values()
        if decision_state(here.state, p, here.now) == "proposed" and not p.amends
    ]
    opening = {"title": here.text("acting.opening"), "purpose": "opening", "proposal": ""}
    return [opening, *waiting[:20], {"title": "", "purpose": "information", "proposal": ""}]


def first_value(struct: type[msgspec.Struct], f: Field, here: Visit) -> str:
    """What is nearly always right."""
    if f.name == "date":
        return day(here.now)
    if f.key in ("check-in.members", "check-out.members"):
        return str(here.member)
    if f.key == "open-vote.method":
        return f.options[-1]
    if f.key in ("open-assembly.size", "open-assembly.root"):
        # What was written down when the assembly before had closed.
        size = here.state.last_closing(here.now) or here.state.head
        return str(size) if f.name == "size" else desk.short_root(here.body, size)
    return ""


def add(raw: Raw, what: str, tag: str, struct: type[msgspec.Struct], here: Visit) -> None:
    """One more row or effect, at a field's full name ("agenda", "effects-0-lines"). A name that is
    none of the form's changes nothing."""
    holder, f = find(raw, what, struct)
    if f is None:
        return
    if f.row is not None:
        holder[f.name].append(empty(f.row))
    elif f.widget == "effects" and tag in EFFECTS:
        holder[f.name].append((tag, begun(EFFECTS[tag], {}, here)))


def drop(raw: Raw, place: str, struct: type[msgspec.Struct]) -> None:
    """Take a row or an effect out, at its place ("agenda-2")."""
    what, _, index = place.rpartition("-")
    holder, f = find(raw, what, struct)
    if f is not None and index.isdecimal() and int(index) < len(holder[f.name]):
        del holder[f.name][int(index)]


def find(raw: Raw, what: str, struct: type[msgspec.Struct]) -> tuple[Raw, Field | None]:
    """The table that holds the list of this full name, and the list's field."""
    first, _, rest = what.partition("-")
    known = {f.name: f for f in fields_of(struct)}
    f = known.get(first)
    if f is None or f.widget not in ("rows", "effects"):
        return raw, None
    if not rest:
        return raw, f
    index, _, inner = rest.partition("-")
    if f.widget != "effects" or not index.isdecimal() or int(index) >= len(raw[first]):
        return raw, None
    tag, row = raw[first][int(index)]
    return find(row, inner, EFFECTS[tag])
