"""What can be done from the page of one thing: a decision, a payment, an assembly."""

from __future__ import annotations

from comuna.rules.decision import decision_state
from comuna.web.acting.choices import dissentable, in_session, undecided
from comuna.web.acting.now import (
    BY_POWER,
    Task,
    challenges,
    enactments,
    execution,
    minutes,
    objections,
    payments,
    presence,
    task,
)
from comuna.web.visit import Visit

Door = tuple[Task, str]
"""An act, already filled in, and the address of its form."""

IN_SESSION = {
    *("cultural-opening", "take-item", "give-turn", "open-vote", "close-vote", "adjourn"),
    "withdraw-vote",
}
"""Acts of the chair that need the assembly open."""


def beside(here: Visit, kind: str, number: int) -> list[Door]:
    """The acts that concern this decision, payment or assembly and are this member's to do now:
    what waits for them first; none for whoever is not signed in."""
    if not here.member:
        return []
    find = {"decision": on_decision, "payment": on_payment, "assembly": on_assembly}[kind]
    due = [one for one in waiting(here, kind) if one.params[kind] == str(number)]
    others = [one for one in find(here, number) if one.kind not in {d.kind for d in due}]
    return [(one, one.address(here.body)) for one in (*due, *others)]


def waiting(here: Visit, kind: str) -> list[Task]:
    """What waits for this member, or is open to them for a time, on all things of this kind."""
    of_a_member = {
        "decision": (enactments, challenges, execution),
        "payment": (payments, objections),
        "assembly": (presence, minutes),
    }[kind]
    return [one for each in of_a_member for one in each(here, here.state, here.member)]


def on_decision(here: Visit, number: int) -> list[Task]:
    proposal = here.state.proposals[number]
    found = []
    if undecided(here, proposal):
        if not proposal.amends and not proposal.voting:
            found.append(named(here, "amend", task(here, "propose", amends=number)))
        if proposal.proposer == here.member and not proposal.voting:
            found.append(task(here, "withdraw", proposal=number))
    if dissentable(here, proposal):
        found.append(task(here, "record-dissent", decision=number))
    standing = decision_state(here.state, proposal, here.now)
    for effect, states in (("repeal", ("in_force", "suspended")), ("confirm", ("suspended",))):
        if standing in states:
            found.append(named(here, effect, task(here, "propose", effect=effect, decision=number)))
    return found


def named(here: Visit, name: str, one: Task) -> Task:
    """A proposal by what it is for."""
    return Task(one.kind, here.text(f"beside.{name}"), one.about, one.params)


def on_payment(here: Visit, number: int) -> list[Task]:
    asked = here.state.commitments[number]
    powers = ("approve-payment", "keep-accounts", "oversee")
    may = asked.requester == here.member or any(here.holds(p) for p in powers)
    return [task(here, "release-payment", payment=number)] if may and asked.open_amount else []


def on_assembly(here: Visit, number: int) -> list[Task]:
    """What the offices of this member do there, in the state the assembly is in."""
    assembly = here.state.assemblies[number]
    if assembly.closed_at is not None:
        wanted = {"sign-minutes"} if assembly.minutes is None else set()
    elif assembly.opened_at is None:
        wanted = {"give-notice", "open-assembly", "record-no-quorum", "check-in", "check-out"}
    elif in_session(here.state, assembly):
        wanted = {*IN_SESSION, "check-in", "check-out"}
    else:
        wanted = {"resume", "check-in"}
    kinds = dict.fromkeys(k for power in BY_POWER if here.holds(power) for k in BY_POWER[power])
    return [task(here, kind, assembly=number) for kind in kinds if kind in wanted]
