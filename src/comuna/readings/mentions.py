"""What an act is about, and the papers it names: read off its fields, so that every act can be
found by decision, payment, assembly, person, office, asset and paper."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from comuna.rules.accounts import Journal, Receive
from comuna.rules.act import Act, Paper
from comuna.rules.assembly import CallAssembly
from comuna.rules.assets import HandOverAsset, RegisterAsset
from comuna.rules.judge import AnyEntry
from comuna.rules.names import decision_of
from comuna.rules.office import PetitionRecall
from comuna.rules.oversight import AskAccounts, Complain, Observe
from comuna.rules.proposal import Propose
from comuna.rules.treasury import RequestPayment
from comuna.rules.vote import OpenVote

TOPICS = {
    "amends": "decision",
    "assembly": "assembly",
    "ballot": "ballot",
    "complaint": "complaint",
    "decision": "decision",
    "member": "person",
    "members": "person",
    "movement": "movement",
    "office": "office",
    "payment": "payment",
    "petition": "petition",
    "proposal": "decision",
}
"""Fields of acts and what they name."""

TOPICS_OF: dict[tuple[type[Act], str], str] = {
    (AskAccounts, "about"): "office",
    (Complain, "about"): "office",
    (HandOverAsset, "name"): "asset",
    (Observe, "about"): "act",
    (RegisterAsset, "name"): "asset",
}
"""Fields that name this only in these acts."""

OPENS: dict[type[Act], str] = {
    AskAccounts: "complaint",
    CallAssembly: "assembly",
    Complain: "complaint",
    OpenVote: "ballot",
    PetitionRecall: "petition",
    Propose: "decision",
    RequestPayment: "payment",
}
"""Acts that make a thing, which then goes by the number of the act."""


@cache
def topics(kind: type[Act]) -> tuple[tuple[str, str], ...]:
    """The fields of a kind of act that name something, each with its topic."""
    named = ((f, TOPICS.get(f) or TOPICS_OF.get((kind, f))) for f in kind.__struct_fields__)
    return tuple((field, topic) for field, topic in named if topic)


def mentions(entry: AnyEntry) -> set[tuple[str, str]]:
    """(topic, subject) of all that an act is about, as ("decision", "412")."""
    act = entry.act
    found: set[tuple[str, str]] = set()
    for field, topic in topics(type(act)):
        value = getattr(act, field)
        if value and isinstance(value, tuple):
            found.update((topic, str(v)) for v in value)
        elif value:
            found.add((topic, str(value)))
    if (opened := OPENS.get(type(act))) is not None:
        found.add((opened, str(entry.number)))
    if isinstance(act, RequestPayment):
        found.add(("decision", str(decision_of(act.authorisation))))
    if isinstance(act, (Journal, Receive)) and act.permission:
        found.add(("decision", str(decision_of(act.permission))))
    if isinstance(act, CallAssembly):
        found.update(("decision", str(item.proposal)) for item in act.agenda if item.proposal)
    return found


@cache
def paper_fields(kind: type[Act]) -> tuple[str, ...]:
    """The fields of a kind of act that can hold papers."""
    roles = ("receipt", "document", "evidence", "title", "deed", "paper")
    return tuple(f for f in kind.__struct_fields__ if f in roles)


def papers(entry: AnyEntry) -> Iterator[tuple[str, int, Paper]]:
    """(role, place, paper) of every paper an act names; "source" is what it was entered from."""
    if entry.by.paper is not None:
        yield "source", 0, entry.by.paper
    for role in paper_fields(type(entry.act)):
        value = getattr(entry.act, role)
        listed = value if isinstance(value, tuple) else (value,)
        for place, paper in enumerate(listed):
            if isinstance(paper, Paper):
                yield role, place, paper
