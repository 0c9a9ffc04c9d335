"""Social oversight: complaints and accounts asked for, with the clock of their answer."""

from __future__ import annotations

from typing import Any

from comuna import words
from comuna.web import pictures
from comuna.web.pages.duties import all_owed
from comuna.web.pages.offices import holding
from comuna.web.visit import Visit, page


@page("oversight.html", "oversight")
def oversight(here: Visit) -> dict[str, Any]:
    """What waits for an answer, the most urgent first; what was answered; observations."""
    rows = [complaint(here, row) for row in here.rows("complaint").order_by("due")]
    law = here.state.statute.oversight
    return {
        "waiting": [c for c in rows if not c["answered"]],
        "answered": [c for c in reversed(rows) if c["answered"]][:40],
        "observations": list(here.rows("observation").order_by("-number")[:40]),
        "duties": all_owed(here),
        "overseers": holding(here, "oversee"),
        "answer_days": law.answer_days,
        "accounts_days": law.accounts_days,
        "article": law.article,
    }


def complaint(here: Visit, row: dict[str, Any]) -> dict[str, Any]:
    """A complaint with its clock."""
    over = not row["answered"] and here.now > row["due"]
    span = words.duration(abs(row["due"] - here.now) // 3600 * 3600, here.lang)
    return {
        **row,
        "kind_words": words.term("complaint", row["kind"], here.lang),
        "office": here.office(row["about"]),
        "overdue": over,
        "late": bool(row["answered"]) and row["answered_at"] > row["due"],
        "left": here.text("oversight.over" if over else "oversight.left", span=span),
        "picture": pictures.clock(
            here.text("oversight.clock", number=row["number"]),
            here.text("oversight.due", due=words.moment(row["due"], here.lang)),
            row["at"],
            row["due"],
            here.now,
        ),
    }
