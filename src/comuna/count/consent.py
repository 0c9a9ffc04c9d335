"""Deciding without counting heads: consensus (minus n) and consent, as state machines.

Consensus: everyone present agrees or stands aside; it stands if at most `minus` members still
object when it is tested. Consent: a proposal stands when no objection that is still open remains;
agreement is not asked for ("good enough for now, safe enough to try", Sociocracy 3.0). In both,
every objection is recorded with its reason and how it was integrated, withdrawn or judged not to
be a reason, and nobody's silence at a distance is agreement: only those present are asked, each by
name. States: `open` → (`adopted` | `blocked`); a new wording reopens the test.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from comuna.count.errors import CountError
from comuna.count.result import Explanation, Outcome
from comuna.count.threshold import Threshold

State = Literal["open", "adopted", "blocked"]
Settled = Literal["integrated", "withdrawn", "overruled"]


@dataclass(frozen=True)
class Objection:
    """Who objects, why, and how it was settled (text of the change, or of the answer)."""

    member: str
    reason: str
    settled: Settled | None = None
    how: str = ""


@dataclass(frozen=True)
class Deliberation:
    """A proposal on its way to consensus or consent. Every step gives a new Deliberation.

    method: `consensus` or `consent`; minus: how many may still object under consensus;
    overrule: under consent, how many members present may find that an objection is no reason
    (a threshold such as `>=2/3`), or nothing if only its author can give it up.
    """

    method: Literal["consensus", "consent"]
    present: frozenset[str]
    minus: int = 0
    overrule: str | None = None
    wording: int = 1
    heard: frozenset[str] = frozenset()
    aside: frozenset[str] = frozenset()
    objections: tuple[Objection, ...] = ()
    state: State = "open"

    def agree(self, member: str) -> "Deliberation":
        """The member has no objection."""
        return self._hear(member)

    def stand_aside(self, member: str, reason: str) -> "Deliberation":
        """The member does not agree and does not stop it; the reason is kept as an objection
        withdrawn, so that it stands in the minutes."""
        kept = Objection(member, _said(reason), "withdrawn", "stands aside")
        heard = self._hear(member)
        return replace(heard, aside=self.aside | {member}, objections=(*heard.objections, kept))

    def object(self, member: str, reason: str) -> "Deliberation":
        """The member objects, with a reason; raises CountError without one."""
        heard = self._hear(member)
        return replace(heard, objections=(*heard.objections, Objection(member, _said(reason))))

    def reword(self, integrating: Iterable[str], how: str) -> "Deliberation":
        """A new wording integrates these members' open objections; all are asked again."""
        changed = self._settle(frozenset(integrating), "integrated", _said(how))
        return replace(
            changed, wording=self.wording + 1, heard=frozenset(), aside=frozenset(), state="open"
        )

    def withdraw(self, member: str, how: str) -> "Deliberation":
        """The member gives the objection up."""
        return self._settle(frozenset({member}), "withdrawn", _said(how))

    def find_no_reason(self, member: str, in_favour: int, answer: str) -> "Deliberation":
        """The others find that an objection is no reason; needs the rule's threshold of those
        present and a written answer. Raises CountError otherwise."""

        if self.method != "consent" or self.overrule is None:
            raise CountError("this rule lets only its author give an objection up")
        needed = Threshold.parse(self.overrule).needed(len(self.present))
        if not needed <= in_favour <= len(self.present):
            raise CountError(
                f"{needed} of the {len(self.present)} present must find so, not {in_favour}"
            )
        return self._settle(frozenset({member}), "overruled", _said(answer))

    def open_objections(self) -> tuple[Objection, ...]:
        return tuple(each for each in self.objections if each.settled is None)

    def test(self) -> "Deliberation":
        """Close the round: adopted, or blocked by the open objections.

        Raises CountError while someone present has not been heard on this wording.
        """
        unheard = sorted(self.present - self.heard)
        if unheard:
            raise CountError(f"not yet heard on this wording: {', '.join(unheard)}")
        allowed = self.minus if self.method == "consensus" else 0
        blocking = {each.member for each in self.open_objections()}
        return replace(self, state="adopted" if len(blocking) <= allowed else "blocked")

    def outcome(self) -> Outcome:
        """The deliberation as a result: `("yes",)` where it is adopted, else nothing. Untested, it
        tells of those who left before they were heard."""
        left = self.open_objections()
        facts = {
            "present": len(self.present),
            "agree": len(self.heard - self.aside - {each.member for each in left}),
            "aside": len(self.aside),
            "unheard": len(self.present - self.heard),
            "objections": len(left),
            "minus": self.minus if self.method == "consensus" else 0,
            "said": [each.__dict__ for each in self.objections],
        }
        adopted = self.state == "adopted"
        key = "agreement-reached" if adopted else "agreement-blocked"
        if self.state == "open":
            key = "agreement-unheard"
        return Outcome(("yes",) if adopted else (), (), (Explanation("yes", key, facts),))

    def _hear(self, member: str) -> "Deliberation":
        if self.state == "adopted":
            raise CountError("the proposal is adopted; changing it takes a new proposal")
        if member not in self.present:
            raise CountError(f"{member} is not present; only those present are asked")
        if member in self.heard:
            raise CountError(f"{member} has been heard on this wording")
        return replace(self, heard=self.heard | {member})

    def _settle(self, members: frozenset[str], settled: Settled, how: str) -> "Deliberation":
        if self.state == "adopted":
            raise CountError("the proposal is adopted; changing it takes a new proposal")
        missing = members - {each.member for each in self.open_objections()}
        if missing:
            raise CountError(f"no open objection of: {', '.join(sorted(missing))}")
        return replace(
            self,
            objections=tuple(
                replace(each, settled=settled, how=how)
                if each.member in members and each.settled is None
                else each
                for each in self.objections
            ),
        )


def _said(words: str) -> str:
    if not words.strip():
        raise CountError("a reason or an answer must be given in words")
    return words.strip()
