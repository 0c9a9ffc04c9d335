"""A clerk without a rule: each refusal that a test expects is tried again with its guard left out,
and what then stands in the book must be found by the proofs.

    ./comuna test tests/rules --switched-off

tries every rule that some test of the law sees refuse, and prints what became of it. A rule whose
guard can be left out with nobody noticing is a failure, unless it stands in `FOR_GUARDS`.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from comuna.audit.verify import verify
from comuna.clerk import Recorded
from comuna.rules import act

MOST = 6
"""So many rules are left out together before one says that others hold the door."""

FOR_GUARDS = {
    "text_missing": "that a title or a reason is not empty is for the guards",
    "submitted_before": "the clerk answers a nonce sent again before the law is asked",
}
"""Rules without a proof, and why (docs/what-a-proof-shows.md, "What is not proven here")."""

FOUND, UNNOTICED, HELD, EARLY = "found", "unnoticed", "held", "told early"
"""What can become of a book whose clerk left a rule out: a proof finds it; nobody notices; other
guards or the code behind it hold; or it is a proposal, which moves nothing: its effects are proven
when they are put to the vote."""


@contextmanager
def switched_off(rules: set[str]) -> Iterator[None]:
    """The law without these rules, for as long as it takes. The set may grow meanwhile."""
    whole = act.require

    def lenient(lawful: object, rule: str, article: str = "", **params: object) -> None:
        if rule not in rules:
            whole(lawful, rule, article, **params)

    asking = [
        module
        for name, module in sys.modules.items()
        if name.startswith("comuna.rules") and getattr(module, "require", None) is whole
    ]
    for module in asking:
        module.require = lenient
    try:
        yield
    finally:
        for module in asking:
            module.require = whole


class Trial:
    """What became of every rule that was left out: rule → what happened, with examples."""

    def __init__(self) -> None:
        self.seen: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))

    def without(self, village, rule, send) -> None:
        """Send again without the rule, and ask the proofs about the book that comes of it. The
        village is afterwards as it was before."""
        kept = village.snapshot()
        off = {rule}
        try:
            with switched_off(off):
                outcome, detail = self.outcome(village, off, send)
        finally:
            village.restore(kept)
        self.seen[rule][outcome].add(detail)

    def outcome(self, village, off, send):
        for _ in range(MOST):
            try:
                verdict = send()
            except Exception as broken:  # the code behind a guard rests on it: nothing is written
                return HELD, type(broken).__name__
            if isinstance(verdict, Recorded):
                findings = verify(village.path).findings
                if findings:
                    return FOUND, findings[0].name
                return (EARLY if village.last_kind() == "propose" else UNNOTICED), ""
            if verdict.rule in off:  # raised where no condition was asked
                return HELD, verdict.rule
            off.add(verdict.rule)
        return HELD, ", ".join(sorted(off))

    def plain(self) -> dict[str, dict[str, list[str]]]:
        """What happened, as one process tells it to another."""
        return {r: {o: sorted(d) for o, d in seen.items()} for r, seen in self.seen.items()}

    def take(self, told: dict[str, dict[str, list[str]]]) -> None:
        """Add what another process saw."""
        for rule, seen in told.items():
            for outcome, details in seen.items():
                self.seen[rule][outcome].update(details)

    def unnoticed(self) -> list[str]:
        """The rules that somebody could leave out unseen."""
        return sorted(
            rule for rule, seen in self.seen.items() if UNNOTICED in seen and rule not in FOR_GUARDS
        )

    def told(self) -> list[str]:
        """A line for each rule."""
        lines = []
        for rule, seen in sorted(self.seen.items()):
            said = "; ".join(
                f"{outcome} ({', '.join(sorted(d for d in details if d))})"
                for outcome, details in sorted(seen.items())
            )
            lines.append(f"{rule}: {said}")
        return lines
