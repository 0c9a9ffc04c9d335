"""Rights, seats, keys and proposals that end in somebody's name: at once where they signed it with
their own key; entered from paper only after the statute's days, in which they can undo it."""

from __future__ import annotations

from typing import Any, Literal

from comuna.rules.act import Entry, Fact
from comuna.rules.state import DAY, Ending, State

EndingKind = Literal["leave", "resign", "revoke-key", "withdraw"]


class EndingEntered(Fact, frozen=True):
    """Something will end at `ends_at` (UTC seconds); until `due` the person can undo it. `what` is
    the office, the key or the proposal."""

    ending: int
    member: int
    kind: EndingKind
    what: str
    at: int
    ends_at: int
    due: int

    def apply(self, state: State) -> None:
        state.endings[self.ending] = Ending(
            self.ending, self.member, self.kind, self.what, self.at, self.ends_at, self.due
        )


def ends_at(state: State, entry: Entry[Any]) -> int:
    """When what ends by this entry ends: at once by one's own key, from paper after the statute's
    days, counted from when it was recorded, whatever the paper says."""
    if entry.by.form == "signed":
        return entry.at
    return entry.at + state.statute.paper.undo_days * DAY


def entered(
    state: State, entry: Entry[Any], kind: EndingKind, what: str = "", ends: int | None = None
) -> list[Fact]:
    """What is kept of an ending that can still be undone; nothing of one that was signed."""
    if entry.by.form == "signed":
        return []
    due = ends_at(state, entry)
    ending = due if ends is None else ends
    return [EndingEntered(entry.number, entry.by.member, kind, what, entry.at, ending, due)]
