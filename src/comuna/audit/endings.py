"""What a paper says has ended of a member's own: it has, once the days of the statute are over in
which they could say that it is not so."""

from __future__ import annotations

from collections.abc import Callable

from comuna.audit.body import DAY, Body, Ending
from comuna.audit.entries import Entry


def ends_at(body: Body, e: Entry) -> int:
    """At once for whoever signed; by a paper so many days after it was recorded."""
    signed = e.by["form"] == "signed"
    return e.at if signed else e.at + body.law.undo_days * DAY


def from_paper(body: Body, e: Entry, undo: Callable[[], object]) -> None:
    """Keep how what this entry ends can be undone; what was signed cannot."""
    if e.by["form"] != "signed":
        body.endings[e.number] = Ending(e.member, ends_at(body, e), undo)
