"""Social oversight: complaints with a clock, observations, accounts asked for and rendered."""

from __future__ import annotations

from comuna.rules.act import Act, Entry, Fact, Paper, judges, require
from comuna.rules.office import known_office, may
from comuna.rules.state import DAY, Complaint, State


class Complain(Act, frozen=True, kw_only=True, tag="complain"):
    """A complaint about an office (or "" for none in particular); the statute's clock starts."""

    about: str
    text: str


class AskAccounts(Act, frozen=True, kw_only=True, tag="ask-accounts"):
    """Ask an office to render accounts."""

    about: str
    text: str


class Answer(Act, frozen=True, kw_only=True, tag="answer"):
    """Those asked answer a complaint, or render the accounts they were asked for."""

    complaint: int
    text: str
    paper: Paper | None = None


class Observe(Act, frozen=True, kw_only=True, tag="observe"):
    """An observation by those who oversee, on an act of the book."""

    about: int
    text: str


class Complained(Fact, frozen=True):
    complaint: int
    kind: str  # complaint or accounts
    by: int
    about: str
    text: str
    at: int
    due: int

    def apply(self, state: State) -> None:
        state.complaints[self.complaint] = Complaint(self.complaint, self.by, self.about, self.due)


class Answered(Fact, frozen=True):
    complaint: int
    answer: int
    by: int
    text: str
    at: int

    def apply(self, state: State) -> None:
        state.complaints[self.complaint].answered = self.answer


class Observed(Fact, frozen=True):
    observation: int
    about: int
    by: int
    text: str
    at: int

    def apply(self, state: State) -> None:
        """On record beside the act it is about; no later judgement rests on it."""


@judges(Complain)
def complain(state: State, entry: Entry[Complain], act: Complain) -> list[Fact]:
    days = state.statute.oversight.answer_days
    return [opened(state, entry, "complaint", act.about, act.text, days)]


@judges(AskAccounts)
def ask_accounts(state: State, entry: Entry[AskAccounts], act: AskAccounts) -> list[Fact]:
    require(act.about, "office_unknown", office="", known="")
    days = state.statute.oversight.accounts_days
    return [opened(state, entry, "accounts", act.about, act.text, days)]


def opened(
    state: State,
    entry: Entry[Complain] | Entry[AskAccounts],
    kind: str,
    about: str,
    text: str,
    days: int,
) -> Complained:
    require(text.strip(), "text_missing")
    if about:
        known_office(state.statute, about)
    due = entry.at + days * DAY
    return Complained(entry.number, kind, entry.by.member, about, text, entry.when, due)


@judges(Answer)
def answer(state: State, entry: Entry[Answer], act: Answer) -> list[Fact]:
    complaint = state.complaints.get(act.complaint)
    require(complaint is not None, "complaint_unknown", complaint=act.complaint)
    assert complaint is not None
    require(not complaint.answered, "complaint_answered", complaint=act.complaint)
    require(act.text.strip(), "text_missing")
    mine = [
        m
        for m in state.mandates.get(entry.by.member, ())
        if m.in_force(entry.when) and complaint.about in ("", m.office)
    ]
    overseer = state.holds(entry.by.member, "oversee", entry.when)
    require(
        (mine or overseer) and entry.by.member != complaint.by,
        "not_responsible",
        office=complaint.about,
    )
    return [Answered(act.complaint, entry.number, entry.by.member, act.text, entry.when)]


@judges(Observe)
def observe(state: State, entry: Entry[Observe], act: Observe) -> list[Fact]:
    may(state, entry, "oversee")
    require(1 <= act.about <= state.head, "act_unknown", number=act.about)
    require(act.text.strip(), "text_missing")
    return [Observed(entry.number, act.about, entry.by.member, act.text, entry.when)]
