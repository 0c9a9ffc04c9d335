"""What a member can do now: what waits for them, what their offices allow, what anyone may do.

A list of doors, each to a form; whether an act is lawful the judge says when it comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from comuna import words
from comuna.readings import duties
from comuna.rules.ballot import awaited, may_tell
from comuna.rules.decision import decision_state
from comuna.rules.state import DAY, Assembly, Commitment, State
from comuna.rules.treasury import payable_at, valid_approvals
from comuna.web import desk
from comuna.web.acting import applications, drafts, told
from comuna.web.acting.session import entrance
from comuna.web.visit import Visit, masthead, visit

EVERYONE = (
    *("propose", "log-work", "deliver", "correct-work", "complain", "ask-accounts"),
    *("petition-recall", "declare"),
    *("object-payment", "record-dissent", "withdraw", "charge", "move-household", "resign"),
    *("revoke-key", "leave", "undo"),
)
"""Acts that need no office."""

BY_POWER = {
    "call-assembly": ("call-assembly", "give-notice"),
    "preside": (
        *("open-assembly", "record-no-quorum", "cultural-opening", "take-item", "give-turn"),
        *(
            "open-vote",
            "withdraw-vote",
            "close-vote",
            "adjourn",
            "resume",
            "close-assembly",
            "sign-minutes",
        ),
    ),
    "record-paper": ("check-in", "check-out", "apply", "give-notice", "sign-minutes"),
    "tell": ("check-in", "check-out", "count-hands", "count-ballots"),
    "request-payment": ("request-payment",),
    "approve-payment": ("approve-payment", "release-payment"),
    "keep-accounts": (
        *("pay", "receive", "journal", "move-money", "count-money", "announce-reversal", "reverse"),
        *("close-period", "register-asset", "hand-over-asset"),
    ),
    "oversee": ("observe", "answer", "challenge", "object-payment", "confirm-kinship"),
    "keep-register": (),
}
"""Acts by the power they need, in the order in which they are done."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for this member: an act, already filled in; why; what else to know."""

    kind: str
    title: str
    about: str = ""
    params: dict[str, str] = field(default_factory=dict)

    def address(self, body: str) -> str:
        query = f"?{urlencode(self.params)}" if self.params else ""
        return reverse("write", args=[body, self.kind]) + query


def tasks(here: Visit) -> list[Task]:
    """What waits for this member by the book, most pressing first."""
    found: list[Task] = []
    for find in (
        *(
            leapt_hours,
            endings,
            votes,
            presence,
            payments,
            petitions,
            complaints,
            minutes,
            enactments,
        ),
        *(execution, declaration, kinships),
    ):
        found += find(here, here.state, here.member)
    return found


def task(here: Visit, kind: str, about: str = "", **params: object) -> Task:
    shown = {name: str(value) for name, value in params.items()}
    return Task(kind, words.act(kind, here.lang), about, shown)


def votes(here: Visit, state: State, member: int) -> Iterator[Task]:
    """Roll calls in which the member has not voted; votes they can count; roll calls in which
    nobody there is still to vote, or whose hour has passed, for the chair to close."""
    for assembly in state.assemblies.values():
        if assembly.vote is None:
            continue
        ballot = state.ballots[assembly.vote]
        proposal = state.proposals[ballot.proposal]
        among = proposal.choice is not None
        if ballot.method != "roll-call":
            if member in may_tell(state, ballot) and here.holds("tell"):
                kind = "count-ballots" if among else "count-hands"
                yield task(here, kind, proposal.title, ballot=ballot.number)
            continue
        waiting = awaited(state, ballot)
        if member in waiting:
            kind = "cast-ballot" if among else "vote"
            yield task(here, kind, proposal.title, ballot=ballot.number)
        ready = not waiting or 0 < ballot.closes_at <= here.now
        if ready and here.holds("preside"):
            yield task(here, "close-vote", proposal.title, ballot=ballot.number)


def leapt_hours(here: Visit, state: State, member: int) -> Iterator[Task]:
    """The hour of the book, where acts stand in it under a later hour than this one: the members
    set it back."""
    if any(leap.before <= here.now < leap.after for leap in state.leaps):
        yield task(here, "set-hour", here.text("now.leapt", at=told.moment(here, state.now)))


def endings(here: Visit, state: State, member: int) -> Iterator[Task]:
    """What was entered from paper in this member's name: they are told, and can undo it."""
    for ending in state.endings.values():
        if ending.member == member and here.now < ending.due:
            what = {"number": ending.number, "what": words.act(ending.kind, here.lang)}
            about = here.text("now.ending", due=told.moment(here, ending.due), **what)
            yield task(here, "undo", about, ending=ending.number)


def presence(here: Visit, state: State, member: int) -> Iterator[Task]:
    """Assemblies one can enter now, and where one can ask to speak."""
    for assembly in state.assemblies.values():
        if assembly.closed_at is not None or here.now < assembly.starts_at - DAY:
            continue
        about = name_of(assembly, here)
        if member not in assembly.present:
            yield task(here, "check-in", about, assembly=assembly.number)
        elif assembly.opened_at is not None and member not in assembly.turns:
            yield task(here, "ask-turn", about, assembly=assembly.number)


def name_of(assembly: Assembly, here: Visit) -> str:
    at = told.moment(here, assembly.starts_at)
    return here.text("acting.assembly", number=assembly.number, at=at)


def payments(here: Visit, state: State, member: int) -> Iterator[Task]:
    """Requests that this member can approve, or pay once enough have and the hours in which members
    may object are over; what members stopped can only be given back."""
    approves, keeps = here.holds("approve-payment"), here.holds("keep-accounts")
    needed = state.statute.treasury.signatures
    for asked in state.commitments.values():
        if asked.open_amount <= 0:
            continue
        about = owed(here, asked)
        if asked.suspended:
            if keeps or member == asked.requester:
                yield task(here, "release-payment", about, payment=asked.number)
        elif len(valid_approvals(state, asked, here.now)) >= needed:
            if keeps and (payable_at(state, asked, here.now) or 0) <= here.now:
                yield task(here, "pay", about, payment=asked.number)
        elif approves and member not in asked.approvals and member != asked.requester:
            yield task(here, "approve-payment", about, payment=asked.number)


def owed(here: Visit, asked: Commitment) -> str:
    return f"{here.payee(asked.payee)} · {told.money(here, asked.open_amount)}"


def objections(here: Visit, state: State, member: int) -> Iterator[Task]:
    """Requests and announced reversals to which this member can still object, and when they can be
    carried out: a right, which waits for nobody."""
    if not state.may_vote(member, here.now):
        return
    for asked in state.commitments.values():
        decided = state.authorisations[asked.authorisation].payee
        over = asked.open_amount <= 0 or asked.suspended or decided
        if not over and member not in asked.objectors:
            since = payable_at(state, asked, here.now)
            about = f"{owed(here, asked)} · {payable(here, since)}"
            yield task(here, "object-payment", about, payment=asked.number)
    for said in state.announcements.values():
        done = state.movements[said.movement].reversed_by or said.suspended
        if not done and member not in said.objectors:
            since = said.at + state.statute.treasury.objection_hours * 3600
            about = here.text("now.reversal", movement=said.movement)
            yield task(
                here,
                "object-payment",
                f"{about} · {payable(here, since)}",
                payment=said.number,
            )


def payable(here: Visit, since: int | None) -> str:
    """When what can be objected to can be carried out."""
    if since is None:
        return here.text("now.not_approved")
    return here.text("now.payable", at=told.moment(here, since))


def petitions(here: Visit, state: State, member: int) -> Iterator[Task]:
    for petition in state.petitions.values():
        if petition.decided is not None:
            continue
        office = words.office(petition.office, here.lang, state)
        about = here.text(
            "acting.petition", number=petition.number, member=petition.member, office=office
        )
        if petition.member == member and petition.heard_at is None:
            yield task(here, "answer-petition", about, petition=petition.number)
        elif member not in petition.supporters and petition.member != member:
            yield task(here, "support-petition", about, petition=petition.number)


def complaints(here: Visit, state: State, member: int) -> Iterator[Task]:
    """Complaints that an office of this member has to answer."""
    mine = {m.office for m in state.mandates.get(member, ()) if m.in_force(here.now)}
    for complaint in state.complaints.values():
        if not complaint.answered and complaint.about in mine and complaint.by != member:
            due = told.moment(here, complaint.due)
            about = here.text("acting.answer_by", number=complaint.number, due=due)
            yield task(here, "answer", about, complaint=complaint.number)


def minutes(here: Visit, state: State, member: int) -> Iterator[Task]:
    """Assemblies this member attended, closed and without minutes, for those who preside."""
    for assembly in state.assemblies.values():
        closed = assembly.closed_at is not None and assembly.minutes is None
        if closed and member in assembly.attended and here.holds("preside"):
            about = name_of(assembly, here)
            yield task(here, "sign-minutes", about, assembly=assembly.number)


def enactments(here: Visit, state: State, member: int) -> Iterator[Task]:
    """Decisions to put in force."""
    for proposal in state.proposals.values():
        if decision_state(state, proposal, here.now) == "adopted" and not proposal.amends:
            about = f"{proposal.number} · {proposal.title}"
            yield task(here, "enact", about, decision=proposal.number)


def declaration(here: Visit, state: State, member: int) -> Iterator[Task]:
    """The declaration of kinship and interests of a holder of office, once it is overdue."""
    for owed in duties.declarations(desk.clerk().database, state, here.now):
        if owed.who == str(member) and here.now > owed.due:
            yield task(here, "declare", here.text("now.by", at=told.moment(here, owed.due)))


def kinships(here: Visit, state: State, member: int) -> Iterator[Task]:
    """Kinships that one side alone declared, for oversight to look at."""
    if not here.holds("oversee"):
        return
    for author, person in state.people.items():
        for kin in person.kin:
            said = author in state.people[kin].kin or member in (author, kin)
            if not said and not any(t.confirmed for t in person.declared if t.other == kin):
                about = here.text("now.kinship", member=author, kin=kin)
                yield task(here, "confirm-kinship", about, member=author, kin=kin)


def challenges(here: Visit, state: State, member: int) -> Iterator[Task]:
    """Adopted decisions whose time to challenge runs: a right, which waits for nobody."""
    for proposal in state.proposals.values():
        waits = decision_state(state, proposal, here.now) == "waiting"
        if waits and member not in proposal.challengers:
            about = f"{proposal.number} · {proposal.title}"
            yield task(here, "challenge", about, decision=proposal.number)


def execution(here: Visit, state: State, member: int) -> Iterator[Task]:
    """Decisions in force for which an office of this member is responsible."""
    mine = {m.office for m in state.mandates.get(member, ()) if m.in_force(here.now)}
    for proposal in state.proposals.values():
        due = proposal.responsible in mine and proposal.reported_at is None
        if due and decision_state(state, proposal, here.now) == "in_force":
            about = f"{proposal.number} · {proposal.title}"
            yield task(here, "report-execution", about, decision=proposal.number)


def doors(here: Visit) -> list[tuple[str, list[Task]]]:
    """What each power of this member allows."""
    return [
        (words.term("power", power, here.lang), [task(here, kind) for kind in kinds])
        for power, kinds in BY_POWER.items()
        if here.holds(power)
    ]


def new_keys(here: Visit) -> list[tuple[str, str]]:
    """Keys asked for in this member's name that do not count yet: they can still be stopped."""
    return [
        (identity, told.moment(here, key.since))
        for identity, key in here.state.keys.items()
        if key.member == here.member and key.since > here.now and not key.stopped
    ]


@require_GET
def now(request: HttpRequest, body: str) -> HttpResponse:
    """The page of the signed-in member."""
    with desk.clerk().lock:
        here = visit(request, body)
        if not here.member:
            return entrance(request, body)
        listed = [(t, t.address(body)) for t in tasks(here)]
        context = masthead(here) | {
            "waiting": listed,
            "challenges": [(t, t.address(body)) for t in challenges(here, here.state, here.member)],
            "objections": [(t, t.address(body)) for t in objections(here, here.state, here.member)],
            "offices": [
                (power, [(t, t.address(body)) for t in of_power]) for power, of_power in doors(here)
            ],
            "everyone": [(t, t.address(body)) for t in (task(here, k) for k in EVERYONE)],
            "new_keys": new_keys(here),
            "has_key": any(
                k.member == here.member and k.in_force(here.now) for k in here.state.keys.values()
            ),
            "keeps_register": here.holds("keep-register"),
        }
    context["applications"] = applications.waiting(body).count()
    context["drafts"] = [
        (d, words.act(d.kind, here.lang), d.owner == here.member)
        for d in drafts.waiting_for(body, here.member)
    ]
    return render(request, "acting/now.html", context)
