"""Writing an act down: the form of each kind, for oneself or from paper, and the blank sheet."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from comuna import words
from comuna.rules.act import Author, Paper, Shape
from comuna.rules.judge import decode_act
from comuna.rules.names import member_of
from comuna.rules.state import State
from comuna.web import desk
from comuna.web.acting import choices, drafts, forms, told
from comuna.web.acting.complete import complete
from comuna.web.acting.fields import ACTS, fields_of
from comuna.web.acting.matter import matter, number_of
from comuna.web.acting.read import Fault, Raw, Reading, collect, drop_blanks, store, values
from comuna.web.acting.session import entrance
from comuna.web.acting.voting import voting
from comuna.web.visit import Visit, masthead, visit


class FromPaper(Shape, frozen=True, kw_only=True):
    """What the secretary says of an act kept on paper: who did it, before whom, when, and the
    paper itself."""

    actor: int
    witnesses: tuple[int, ...]
    happened: int
    scan: Paper


class Together(Shape, frozen=True, kw_only=True):
    """Who is asked to sign with the author."""

    asked: tuple[int, ...] = ()


class Sponsored(Shape, frozen=True, kw_only=True):
    """Who vouches for a new key; the first of them is the act's author."""

    asked: tuple[int, ...]


def extras_of(kind: str, on_paper: bool) -> list[tuple[str, type[Shape]]]:
    """What a form asks beside the act itself: (the beginning of its names, what)."""
    found: list[tuple[str, type[Shape]]] = [("paper-", FromPaper)] if on_paper else []
    if kind == "enrol-key":
        found.append(("together-", Sponsored))
    elif kind in drafts.SIGNED_TOGETHER:
        found.append(("together-", Together))
    return found


@require_http_methods(["GET", "POST"])
def act_form(request: HttpRequest, body: str, kind: str) -> HttpResponse:
    """The form of a kind of act. What is posted becomes a draft; nothing is recorded yet."""
    if kind not in ACTS:
        raise Http404(kind)
    stored = store(request.FILES, desk.home().keep) if may_upload(request, body) else {}
    with desk.clerk().lock:
        here = visit(request, body)
        if kind == "apply" and not here.holds("record-paper"):
            return redirect("join", body=body)
        if not here.member:
            return entrance(request, body)
        wanted = kind == "apply" or "on-paper" in (request.POST or request.GET)
        on_paper = wanted and here.holds("record-paper")
        form = Form(kind, on_paper, Reading(here, stored))
        written = None
        if request.method == "POST":
            written = form.answer(request)
        else:
            form.begin(request)
        context = form.context() if written is None else {}
    if written is not None:
        return redirect("draft", body=body, token=drafts.write(*written).token)
    status = 422 if form.reading.faults else 200
    return render(request, "acting/form.html", context, status=status)


def may_upload(request: HttpRequest, body: str) -> bool:
    """Only members fill the disk."""
    return request.method == "POST" and request.session.get("body") == body


# What `drafts.write` takes: body, owner, author, act, asked, now.
Written = tuple[str, int, Author, Any, list[int], int]


class Form:
    """One form of one kind of act, while a person fills it in. Used under the clerk's lock."""

    def __init__(self, kind: str, on_paper: bool, reading: Reading) -> None:
        self.kind, self.on_paper, self.reading = kind, on_paper, reading
        self.struct = ACTS[kind]
        self.extras = extras_of(kind, on_paper)
        self.raw: Raw = {}
        self.extra_raw: dict[str, Raw] = {}

    def begin(self, request: HttpRequest) -> None:
        """As first shown."""
        here = self.reading.here
        self.raw = forms.begun(self.struct, request.GET, here)
        self.find_vote(self.raw.get("ballot", ""))
        self.extra_raw = {at: forms.empty(struct) for at, struct in self.extras}
        if self.kind == "apply":
            self.extra_raw["paper-"]["actor"] = str(len(here.state.people) + 1)
        if "together-" in self.extra_raw:
            asked = suggested(self.kind, self.raw, here.state, here.member, here.now)
            self.extra_raw["together-"]["asked"] = ", ".join(map(str, asked))

    def answer(self, request: HttpRequest) -> Written | None:
        """Read what was posted: a draft to keep, or None to show the form again."""
        posted, here = request.POST, self.reading.here
        self.find_vote(posted.get("ballot", ""))
        self.raw = collect(self.struct, posted, self.reading)
        self.extra_raw = {at: collect(s, posted, self.reading, at) for at, s in self.extras}
        todo = posted.get("do", "")
        if todo:
            verb, _, what = todo.partition(":")
            if verb == "add":
                forms.add(self.raw, what, posted.get(f"{what}-new", ""), self.struct, here)
            elif verb == "drop":
                forms.drop(self.raw, what, self.struct)
            return None
        if posted.get("shown-ballot", self.shown) != self.shown:
            return None  # another vote was chosen: first its options are shown
        drop_blanks(self.raw, self.struct)
        if self.by_hands:
            self.raw["papers"] = [r for r in self.raw["papers"] if r["number"] not in ("", "0")]
        return self.written()

    def find_vote(self, written: str) -> None:
        """The vote among options that the form is about: the one it names, or the only one."""
        if self.kind not in ("cast-ballot", "count-ballots"):
            return
        open_votes = choices.options(f"{self.kind}.ballot", "ballot", self.reading.here)
        if not written and len(open_votes) == 1:
            written = open_votes[0][0]
        named = {"ballot": written}
        self.reading.vote = voting(self.reading.here.state, number_of(named, "ballot"))

    @property
    def shown(self) -> str:
        """The number of the vote whose options the form shows."""
        return str(self.reading.vote.ballot) if self.reading.vote else ""

    @property
    def by_hands(self) -> bool:
        """Whether hands are counted, a line for each option."""
        vote = self.reading.vote
        return self.kind == "count-ballots" and vote is not None and vote.hands

    def written(self) -> Written | None:
        """The act and its author, when nothing is wrong."""
        here = self.reading.here
        found = values(self.struct, self.raw, self.reading)
        complete(self.kind, found, self.reading)
        extra = {
            at: values(struct, self.extra_raw[at], self.reading, at) for at, struct in self.extras
        }
        asked = extra.get("together-", {}).get("asked", [])
        brings = member_of(str(found.get("source", "")), "share_capital")
        if self.kind == "receive" and brings is not None and "together-" in extra:
            asked = [*asked, brings]  # who brings a contribution signs it
        if self.kind == "enrol-key" and not asked:
            self.reading.faults["together-asked"] = Fault("missing")
        if self.reading.faults:
            return None
        try:
            act = decode_act({"kind": self.kind, **found})
        except msgspec.ValidationError as error:
            self.reading.faults[""] = Fault("malformed", detail=str(error))
            return None
        author = self.author(extra.get("paper-"), asked)
        asked = [*asked, *self.witnesses(author)]
        return here.body, here.member, author, act, asked, here.now

    def witnesses(self, author: Author) -> list[int]:
        """The named witnesses who can sign: once enough of them have, the act is complete."""
        here = self.reading.here
        keys = here.state.keys.values()
        able = {key.member for key in keys if key.in_force(here.now)}
        return [member for member in author.witnesses if member in able]

    def author(self, paper: dict[str, Any] | None, asked: list[int]) -> Author:
        """Who acts, with the book as they see it now."""
        seen = desk.seen(self.reading.here.body)
        if paper is not None:
            return Author(
                member=paper["actor"],
                form="witnessed",
                witnesses=tuple(paper["witnesses"]),
                paper=Paper(**paper["scan"]),
                happened=paper["happened"],
                seen=seen,
            )
        first = asked[0] if self.kind == "enrol-key" else self.reading.here.member
        return Author(member=first, form="signed", seen=seen)

    def context(self) -> dict[str, Any]:
        """What the template shows."""
        here = self.reading.here
        if self.by_hands and self.reading.vote is not None:
            self.raw["papers"] = forms.hands(self.raw["papers"], self.reading.vote)
        shown = forms.controls(self.struct, self.raw, self.reading)
        extras = [
            (at, control)
            for at, struct in self.extras
            for control in forms.controls(struct, self.extra_raw[at], self.reading, at)
        ]
        general = self.reading.faults.get("")
        return (
            masthead(here)
            | told.from_paper(self.kind, here)
            | {
                "kind": self.kind,
                "title": words.act(self.kind, here.lang),
                "meaning": words.act_meaning(self.kind, here.lang),
                "controls": shown,
                "matter": matter(
                    self.raw | {"ballot": self.shown or self.raw.get("ballot", "")}, here
                ),
                "shown_ballot": self.shown,
                "paper_controls": [c for at, c in extras if at == "paper-"],
                "together_controls": [c for at, c in extras if at == "together-"],
                "on_paper": self.on_paper,
                "may_enter_paper": here.holds("record-paper"),
                "faults": len(self.reading.faults),
                "general": here.text(f"fault_of.{general.name}", **general.params)
                if general
                else "",
                "unit": here.state.unit if counts_money(self.struct) else "",
                "multipart": True,
                "forms": ways(self.kind, here),
            }
        )


def counts_money(struct: type[msgspec.Struct]) -> bool:
    """Whether a form of this Struct asks for an amount."""
    return any(
        f.widget in ("money", "balance", "effects") or (f.row is not None and counts_money(f.row))
        for f in fields_of(struct)
    )


def ways(kind: str, here: Visit) -> list[str]:
    """How the statute accepts this act, in words."""
    return [words.term("form", form, here.lang) for form in here.state.forms(kind)]


TWO_HANDS = (
    *("receive", "journal", "move-money", "announce-reversal", "reverse", "close-period"),
    *("register-asset", "hand-over-asset"),
)
"""Acts of who keeps the accounts that another signs too."""


def suggested(kind: str, raw: Raw, state: State, member: int, now: int) -> list[int]:
    """Who could sign with the author: those whose office it is."""
    if kind in TWO_HANDS:
        able = [m for m in state.mandates if state.holds(m, "approve-payment", now)]
        if kind in ("announce-reversal", "close-period"):
            able += [m for m in state.mandates if state.holds(m, "oversee", now)]
    elif kind in ("count-hands", "count-ballots"):
        present = {m for a in state.assemblies.values() if a.vote is not None for m in a.present}
        able = [m for m in sorted(present) if state.holds(m, "tell", now)]
    elif kind == "sign-minutes":
        closed = [a for a in state.assemblies.values() if a.closed_at is not None and not a.minutes]
        attended = set(closed[-1].attended) if closed else set()
        able = [m for m in sorted(attended) if state.holds(m, "tell", now)]
    elif kind == "enrol-key":
        keepers = [m for m in state.people if state.holds(m, "keep-register", now)]
        able = [*keepers, *(m for m in sorted(state.mandates) if state.offices(m, now))]
        able = list(dict.fromkeys(able))
    else:
        return []
    return [m for m in able if m != member][:5]


@require_GET
def sheet(request: HttpRequest, body: str, kind: str) -> HttpResponse:
    """The blank sheet of a kind of act: for whoever signs with a pen."""
    if kind not in ACTS:
        raise Http404(kind)
    with desk.clerk().lock:
        here = visit(request, body)
        context = (
            masthead(here)
            | told.from_paper(kind, here)
            | {
                "kind": kind,
                "title": words.act(kind, here.lang),
                "meaning": words.act_meaning(kind, here.lang),
                "labels": [
                    (
                        told.label(f, here),
                        f.widget in ("long", "rows", "effects", "texts", "shares"),
                    )
                    for f in fields_of(ACTS[kind])
                    if f.widget != "secret"
                ],
                "forms": ways(kind, here),
            }
        )
    return render(request, "acting/sheet.html", context)
