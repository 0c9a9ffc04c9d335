"""Proofs about decisions: what was proposed is what was voted, what was adopted is what took
effect, in its window and not before. What effects do to money: `treasury` and `ledger`."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any

from comuna.audit import assets, contests, ledger, people, result, treasury
from comuna.audit.beyond import beyond
from comuna.audit.body import DAY, Body, Decision
from comuna.audit.canonical import Malformed
from comuna.audit.endings import ends_at, from_paper
from comuna.audit.entries import Entry, digest
from comuna.audit.findings import Unproven, need
from comuna.audit.law import Law
from comuna.audit.names import date_of, day

Effect = dict[str, Any]
Check = Callable[[Body, Effect, int], None]
Take = Callable[[Body, Effect, int, int], None]


def known(body: Body, number: int) -> Decision:
    decision = body.decisions.get(number)
    need(decision is not None, "proposal_unknown", decision=number)
    assert decision is not None
    return decision


# --- proposals ----------------------------------------------------------------------------------


def propose(body: Body, e: Entry) -> None:
    need(body.votes(e.member, e.at), "no_vote", member=e.member)
    if e.act.get("due"):
        date_of(e.act["due"])
    proposal = Decision(e.member, e.act, digest(e.act), frozenset(), e.act.get("amends", 0))
    matters = frozenset(m for effect in proposal.possible for m in _matters(body, effect))
    proposal.matters = matters or frozenset({"general"})
    _apart(e.act.get("effects", []), e.number)
    if "contest" in e.act:
        contests.check(body.law, e.act, proposal.matters)
        _options_apart(body.law, e.act["contest"], e.number)
    if proposal.amends:
        amended = known(body, proposal.amends)
        within = amended.open(e.at) and not amended.amends and not amended.between_rounds
        within = within and proposal.matters <= amended.matters
        need(within, "amendment_out_of_place", decision=proposal.amends)
    body.decisions[e.number] = proposal


def _apart(effects: list[Effect], number: int) -> None:
    things = [thing for thing in map(_thing, effects) if thing]
    need(len(set(things)) == len(things), "effects_on_one_thing", decision=number)


def _options_apart(law: Law, contest: dict[str, Any], number: int) -> None:
    """Options that can be chosen together draw on different things; one office they fill
    together."""
    options = [option.get("effects", []) for option in contest["options"]]
    for effects in options:
        _apart(effects, number)
    if contests.most_chosen(law, contest) != 1:
        _apart([e for effects in options for e in effects if e["effect"] != "elect"], number)


def _matters(body: Body, effect: Effect) -> list[str]:
    """The matters whose majorities an effect needs."""
    name = effect["effect"]
    if name in ("repeal", "confirm"):
        about = body.decisions.get(effect["decision"])
        fallback = "general" if name == "repeal" else "challenge"
        return sorted(about.matters) if about else [fallback]
    if name in ("authorise", "transfer"):
        fund = effect["fund"] if name == "authorise" else effect["source"]
        return [name, *(use for key, (_, use) in body.law.funds.items() if key == fund)]
    return [_MATTERS.get(str(name), str(name))]


_MATTERS = {
    "accept-execution": "general",
    "accept-grant": "grant",
    "allow-entry": "authorise",
    "approve-accounts": "accounts",
    "approve-minutes": "minutes",
    "close-account": "open-account",
    "set-prices": "prices",
}
"""Where the matter has another name than the effect."""


def _thing(effect: Effect) -> str:
    """What an effect draws on: two effects of one decision may not draw on the same."""
    name = effect["effect"]
    if name in ("transfer", "allocate-surplus"):
        return "posting"
    if name in ("open-account", "close-account"):
        return f"account {effect['account']}"
    of = {
        **dict.fromkeys(("authorise", "allow-entry", "accept-grant", "dispose-asset"), "name"),
        "elect": "office",
    }
    if name in of:
        return f"{name} {effect.get(of[name], '')}"
    return name if name in ("budget", "amend-statute", "set-prices") else ""


def withdraw(body: Body, e: Entry) -> None:
    proposal = known(body, e.act["proposal"])
    need(proposal.proposer == e.member, "proposal_of_another", member=e.member)
    unvoted = proposal.decided_at is None and not proposal.voting
    need(unvoted, "decided_already", decision=e.act["proposal"])
    proposal.withdrawn[e.number] = ends_at(body, e)
    from_paper(body, e, lambda: proposal.withdrawn.pop(e.number))


def amend(body: Body, amendment: Decision, by: int, everyone: bool) -> None:
    """An adopted amendment puts its text and effects in the place of those it amends. If they go
    beyond these, and not `everyone` was there, another assembly has to be called on them."""
    amended = body.decisions[amendment.amends]
    if not everyone and beyond(amended.question, amendment.question):
        amended.widened = by
    amended.question, amended.digest = amendment.question, amendment.digest
    amended.matters = amendment.matters


# --- from the vote to the deed ------------------------------------------------------------------


def standing(body: Body, decision: Decision, now: int) -> str:
    """Where a voted decision stands: rejected, repealed, suspended, in_force, waiting, lapsed or
    adopted; "open" before its vote. Members have the law's hours to challenge it from when they
    could know of it: when its end was recorded."""
    if decision.decided_at is None or decision.tie:
        return "open"
    if not decision.adopted:
        return "rejected"
    if decision.repealed:
        return "repealed"
    if decision.enacted_at is not None:
        return "executed" if decision.accepted else "in_force"
    if decision.suspended:
        return "suspended"
    law = body.law_on(decision.decided_at)
    if now < decision.recorded + law.challenge_hours * 3600:
        return "waiting"
    return "lapsed" if now >= decision.recorded + law.execution_days * DAY else "adopted"


def challenge(body: Body, e: Entry) -> None:
    decision = known(body, e.act["decision"])
    state = standing(body, decision, e.at)
    need(state == "waiting", "decision_not_waiting", decision=e.act["decision"], state=state)
    does = {effect["effect"] for effect in decision.effects}
    need(does != {"confirm"}, "confirmation_stands", decision=e.act["decision"])
    fresh = body.votes(e.member, e.at) and e.member not in decision.challengers
    need(fresh, "no_vote", member=e.member)
    decision.challengers.add(e.member)
    needed = max(1, ceil(body.law.suspend_support * len(body.roll(e.at))))
    enough = len(decision.challengers) >= needed or body.holds(e.member, "oversee", e.at)
    decision.suspended = decision.suspended or enough


def enact(body: Body, e: Entry) -> None:
    """A decision takes effect when its window has passed, once, and never after it lapsed."""
    number = e.act["decision"]
    decision = known(body, number)
    state = standing(body, decision, e.at)
    need(state == "adopted", "decision_not_adopted", decision=number, state=state)
    need(not decision.amends, "amendment_out_of_place", decision=number)
    possible(body, decision.effects, e.at)
    _take_effect(body, number, e.at)


def enact_if_possible(body: Body, number: int, when: int) -> None:
    """Where the statute has no window a decision takes effect with its vote, if it still can."""
    try:
        possible(body, body.decisions[number].effects, when)
    except Unproven:
        return
    _take_effect(body, number, when)


def possible(body: Body, effects: list[Effect], when: int) -> None:
    """Raises `Unproven` where the effects of one decision could not lawfully take place at that
    moment, each alone and all together."""
    _possible_alone(body, effects, when)
    people.can_elect_all(body, [e for e in effects if e["effect"] == "elect"], when)
    authorisations = [e for e in effects if e["effect"] == "authorise"]
    treasury.can_authorise_all(body, authorisations, day(when))


def open_to_vote(body: Body, proposal: Decision, when: int) -> None:
    """Raises `Unproven` where what is put to the vote could not lawfully take place: all of a
    motion, or any option of a contest."""
    possible(body, proposal.effects, when)
    people.nobody_drawn(
        proposal.possible, [e for o in proposal.options for e in o.get("effects", ())]
    )
    for option in proposal.options:
        if proposal.left and option["id"] not in proposal.left:
            continue
        _possible_alone(body, option.get("effects", []), when)


def _possible_alone(body: Body, effects: list[Effect], when: int) -> None:
    for effect in effects:
        _EFFECTS[effect["effect"]][0](body, effect, when)


def _take_effect(body: Body, number: int, when: int) -> None:
    decision = body.decisions[number]
    decision.enacted_at = when
    for effect in sorted(decision.effects, key=lambda e: _TURNS.get(e["effect"], 1)):
        _EFFECTS[effect["effect"]][1](body, effect, number, when)


_TURNS = {"recall": 0, "exclude": 0, "amend-statute": 2}
"""First people leave, then others take their seats, and the law changes for what comes after."""


def report_execution(body: Body, e: Entry) -> None:
    decision = known(body, e.act["decision"])
    need(decision.enacted_at is not None, "decision_not_in_force", decision=e.act["decision"])
    office = decision.question.get("responsible", "")
    held = body.offices_of(e.member, e.when)
    need(office in held if office else held, "not_responsible", member=e.member)
    decision.reported = True


# --- effects on decisions, minutes and the statute ----------------------------------------------


def can_accept(body: Body, effect: Effect, when: int) -> None:
    need(known(body, effect["decision"]).reported, "execution_not_reported")


def accept(body: Body, effect: Effect, decision: int, when: int) -> None:
    judged = body.decisions[effect["decision"]]
    judged.accepted = effect["accepted"]
    judged.reported = judged.reported and effect["accepted"]


def can_repeal(body: Body, effect: Effect, when: int) -> None:
    state = standing(body, known(body, effect["decision"]), when)
    stands = state in ("adopted", "waiting", "suspended", "in_force")
    need(stands, "decision_not_adopted", decision=effect["decision"], state=state)


def repeal(body: Body, effect: Effect, decision: int, when: int) -> None:
    body.decisions[effect["decision"]].repealed = True
    for authorisation in body.authorisations.values():
        if authorisation.decision == effect["decision"]:
            authorisation.revoked = True
    for allowance in body.allowances.values():
        allowance.revoked = allowance.revoked or allowance.decision == effect["decision"]


def can_confirm(body: Body, effect: Effect, when: int) -> None:
    suspended = known(body, effect["decision"]).suspended
    need(suspended, "decision_not_suspended", decision=effect["decision"])


def confirm(body: Body, effect: Effect, decision: int, when: int) -> None:
    confirmed = body.decisions[effect["decision"]]
    confirmed.suspended = False
    confirmed.challengers.clear()


def can_approve_minutes(body: Body, effect: Effect, when: int) -> None:
    assembly = body.assemblies.get(effect["assembly"])
    signed = assembly is not None and assembly.minutes and not assembly.minutes_approved
    need(signed, "minutes_out_of_place")


def approve_minutes(body: Body, effect: Effect, decision: int, when: int) -> None:
    body.assemblies[effect["assembly"]].minutes_approved = True


def can_amend_statute(body: Body, effect: Effect, when: int) -> None:
    try:
        law = body.law.amended(effect["changes"])
    except Malformed as fault:
        need(False, "statute_malformed", detail=str(fault))
        raise
    stopped = _stopped(body, law, when) - _stopped(body, body.law, when)
    need(not stopped, "body_would_stop", detail=", ".join(sorted(stopped)))


def _stopped(body: Body, law: Law, when: int) -> set[str]:
    """What the people of this body, as many as they are, could not do any more under a law."""
    here = [p for p in body.people.values() if p.admitted is not None and not p.gone(when)]
    rights = [(p, law.kinds.get(p.kind, (False, False, False, False))) for p in here]
    votes = sum(r[0] and p.votes_from <= when for p, r in rights)
    holds = sum(r[2] for _, r in rights)
    found = {f"power {p}" for o in body.law.offices.values() for p in o.powers}
    found -= {f"power {p}" for o in law.offices.values() for p in o.powers}
    last = law.calls[max(law.calls)]
    asked = {
        "last call": (last.needed(max(votes, 1)), votes),
        "tellers": (law.tellers + 1, votes),
        "minutes": (law.minutes_signers, votes),
        "sponsors": (law.key_sponsors + 1, len(here)),
        "witnesses": (max(law.witnesses, law.deciding_keys) + 2, len(here)),
        "signatures": (law.signatures + 1, holds),
    }
    for matter in ("default", "amend-statute"):
        rule = law.majority(matter)
        share = max(rule.quorum, rule.approval, rule.at_least if rule.base == "roll" else 0)
        asked[f"majority {matter}"] = (ceil(share * votes) + 1 if share else 0, votes)
    found |= {what for what, (needed, given) in asked.items() if needed > given}
    found |= {f"box {box}" for box in body.listed if not law.is_money(box)}
    voters = {n for n in body.people if body.votes(n, when)}
    seated: dict[str, set[int]] = {}
    for offices, matters in law.barred:
        for matter in matters:
            holders = {m.member for o in offices for m in body.in_office(o, when)}
            seated.setdefault(matter, set()).update(holders)
    return found | {matter for matter, barred in seated.items() if voters <= barred}


def amend_statute(body: Body, effect: Effect, decision: int, when: int) -> None:
    body.laws.append((when, body.law.amended(effect["changes"])))


_EFFECTS: dict[str, tuple[Check, Take]] = {
    "accept-execution": (can_accept, accept),
    "accept-grant": (ledger.can_accept_grant, ledger.accept_grant),
    "admit": (people.can_admit, people.admit),
    "allocate-surplus": (ledger.can_allocate, ledger.allocate),
    "allow-entry": (result.can_allow_entry, result.allow_entry),
    "amend-statute": (can_amend_statute, amend_statute),
    "approve-accounts": (ledger.can_approve_accounts, ledger.approve_accounts),
    "approve-minutes": (can_approve_minutes, approve_minutes),
    "authorise": (treasury.can_authorise, treasury.authorise),
    "budget": (ledger.can_budget, ledger.set_budget),
    "close-account": (ledger.can_close_account, ledger.close_account),
    "confirm": (can_confirm, confirm),
    "dispose-asset": (assets.can_dispose, assets.dispose),
    "elect": (people.can_elect, people.elect),
    "exclude": (people.can_exclude, people.exclude),
    "open-account": (ledger.can_open_account, ledger.open_account),
    "recall": (people.can_recall, people.recall),
    "repeal": (can_repeal, repeal),
    "set-prices": (ledger.can_set_prices, ledger.set_prices),
    "transfer": (ledger.can_transfer, ledger.transfer),
}
