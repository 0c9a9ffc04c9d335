"""A form as a page shows it: a control for each field, filled with what was written so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec

from comuna import given, words
from comuna.rules.act import Paper
from comuna.rules.contest import Contest, Option, Papers
from comuna.rules.decision import decision_state
from comuna.rules.names import day
from comuna.web import desk
from comuna.web.acting import choices, told
from comuna.web.acting.fields import EFFECTS, Field, fields_of, tag_of
from comuna.web.acting.read import BLANK, Raw, Reading
from comuna.web.acting.voting import Voting
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
    "part": "part",
    "marks": "marks",
    "typed": "text",
    "words": "text",
    "sets": "area",
}
"""The HTML control of each widget."""

TERMS = told.TERMS
PAPER_LINES = 6
"""Lines of an untouched count of papers."""


@dataclass(slots=True)
class Block:
    """A row, an effect, a share or a part: its controls, and its place for the button that takes it
    out. A large one stands on a card of its own, the fields of a pair side by side."""

    title: str
    place: str
    tag: str
    controls: list[Control]
    removable: bool = True
    large: bool = False
    pair: bool = False


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
    grows: bool = True  # a list to which rows can be added
    quiet: bool = False  # whether it may stay empty goes without saying
    none: str = ""  # what choosing nothing is called here

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
        if f.key == "count-ballots.papers" and reading.vote is not None:
            count_in(found, reading.vote, here)
    elif f.widget == "effects":
        found.blocks = effects(raw, reading, name)
        found.options = [(tag, words.effect_name(tag, here.lang)) for tag in EFFECTS]
        found.options.sort(key=lambda option: option[1])
    elif f.widget == "shares":
        found.blocks = shares(raw, reading, name)
    elif f.widget == "part":
        found.blocks = part(f, raw, reading, name)
    elif f.widget == "marks":
        found.blocks = marks(found, raw, reading)
    if found.input == "select" and len(found.options) == 1 and f.required:
        found.value = found.options[0][0]
    return found


def kept(paper: Paper) -> str:
    return f"{paper.sha256}:{paper.size}"


def rows(f: Field, raw: list[Raw], reading: Reading, name: str) -> list[Block]:
    assert f.row is not None
    large = any(inner.widget == "effects" for inner in fields_of(f.row))
    return [
        Block(
            reading.here.text("contest.option", number=i + 1) if large else str(i + 1),
            f"{name}-{i}",
            "",
            controls(f.row, row, reading, f"{name}-{i}-"),
            large=large,
        )
        for i, row in enumerate(raw)
    ]


def count_in(papers: Control, vote: Voting, here: Visit) -> None:
    """The lines of a count: each an option with its hands, or what equal ballots say with their
    number. Lines left empty are not counted."""
    if vote.hands:
        papers.label, papers.grows = here.text("voting.hands"), False
    else:
        papers.help = here.text(f"voting.typed_{vote.kind}")
    for block in papers.blocks:
        marks, number = block.controls
        marks.required = number.required = False
        marks.quiet = number.quiet = True
        if vote.hands:
            option = vote.options[int(marks.value)]
            marks.input, number.label = "hidden", f"{marks.value} · {option.title}"
            block.removable = False
        else:
            block.pair = True


def hands(raw: list[Raw], vote: Voting) -> list[Raw]:
    """One line for each option, with the hands written so far."""
    written = {row["marks"]: row["number"] for row in raw}
    return [{"marks": str(n), "number": written.get(str(n), "")} for n in vote.options]


def part(f: Field, raw: Raw | None, reading: Reading, name: str) -> list[Block]:
    """What a part asks, once it was asked for."""
    assert f.row is not None
    if raw is None:
        return []
    return [Block("", name, "", controls(f.row, raw, reading, f"{name}-"))]


def marks(ballot: Control, raw: dict[str, str], reading: Reading) -> list[Block]:
    """A ballot: one choice among the options, or a mark beside each."""
    vote, here = reading.vote, reading.here
    if vote is None:
        return []
    if vote.kind == "one":
        ballot.input, ballot.value, ballot.required = "radio", next(iter(raw), ""), True
        ballot.options = [(str(n), f"{n} · {o.title}") for n, o in vote.options.items()]
        ballot.options.append((BLANK, words.term("choice", BLANK, here.lang)))
        return []
    found = []
    for number, option in vote.options.items():
        fault = reading.faults.get(f"{ballot.id}-{number}")
        mark = Control(
            id=f"{ballot.id}-{number}",
            input={"several": "check", "ranked": "select"}.get(vote.kind, "digits"),
            label=f"{number} · {option.title}",
            help="",
            required=False,
            value=raw.get(str(number), ""),
            fault=here.text(f"fault_of.{fault.name}", **fault.params) if fault else "",
            quiet=True,
            none=here.text("voting.no_place"),
        )
        if vote.kind == "ranked":
            places = range(1, len(vote.options) + 1)
            mark.options = [(str(p), here.text("voting.place", place=p)) for p in places]
        found.append(mark)
    ballot.help = here.text(f"voting.{vote.kind}", most=vote.points_max or "–")
    return [Block("", ballot.id, "", found, removable=False)]


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
    return [Block("", name, "", found, removable=False)]


# --- what a form begins with --------------------------------------------------------------------


def empty(struct: type[msgspec.Struct]) -> Raw:
    """What an untouched form of a Struct holds: rows begin with one line."""
    first: dict[str, Any] = {
        "effects": [],
        "file": [],
        "files": [],
        "shares": {},
        "marks": {},
        "part": None,
    }
    return {
        f.name: [empty(f.row)] if f.row and f.widget == "rows" else first.get(f.widget, "")
        for f in fields_of(struct)
    }


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
    if tag_of(struct) == "count-ballots":
        raw["papers"] = [empty(Papers) for _ in range(PAPER_LINES)]
    if tag_of(struct) == "propose" and "contest" in asked:
        raw["contest"] = first_contest(str(asked["contest"]))
    return raw


def first_contest(count: str = "") -> Raw:
    """A choice between two, by a rule of the statute."""
    return empty(Contest) | {"count": count, "options": [empty(Option), empty(Option)]}


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
    if f.widget == "part":
        holder[f.name] = first_contest()
    elif f.row is not None:
        holder[f.name].append(empty(f.row))
    elif f.widget == "effects" and tag in EFFECTS:
        holder[f.name].append((tag, begun(EFFECTS[tag], {}, here)))


def drop(raw: Raw, place: str, struct: type[msgspec.Struct]) -> None:
    """Take out a row or an effect, at its place ("agenda-2"), or a part by its name."""
    holder, f = find(raw, place, struct)
    if f is not None and f.widget == "part":
        holder[f.name] = None
        return
    what, _, index = place.rpartition("-")
    holder, f = find(raw, what, struct)
    at = given.whole(index)
    if f is not None and f.widget != "part" and at is not None:
        del holder[f.name][at : at + 1]


def find(raw: Raw, what: str, struct: type[msgspec.Struct]) -> tuple[Raw, Field | None]:
    """The table that holds the list or part of this full name, and its field."""
    first, _, rest = what.partition("-")
    f = {f.name: f for f in fields_of(struct)}.get(first)
    if f is None or f.widget not in ("rows", "effects", "part"):
        return raw, None
    if not rest:
        return raw, f
    if f.widget == "part":
        assert f.row is not None
        return (raw, None) if raw[first] is None else find(raw[first], rest, f.row)
    index, _, inner = rest.partition("-")
    at = given.whole(index)
    if not inner or at is None or at >= len(raw[first]):
        return raw, None
    if f.row is not None:
        return find(raw[first][at], inner, f.row)
    tag, row = raw[first][at]
    return find(row, inner, EFFECTS[tag])
