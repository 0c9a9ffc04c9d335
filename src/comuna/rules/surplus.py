"""Sharing the surplus: what members vote is the whole table, to the cent, refused unless it is
exactly what the statute's waterfall gives for their choices. Allocation is not payment: amounts
stand in members' accounts until they are paid under an authorisation."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from comuna.rules.act import Effect, Fact, Refused, Shape, enacts, prepares, require
from comuna.rules.ledger import Line, Posted, balance, line
from comuna.rules.names import account_of, day
from comuna.rules.period import known_period
from comuna.rules.state import Measures, Period, Person, State
from comuna.rules.surplus_case import InvalidCase, read_case
from comuna.rules.vocabulary import PEOPLE
from comuna.rules.waterfall import Waterfall, share_out


class Destination(Shape, frozen=True, kw_only=True):
    """One line of the table: so much to a fund or to the members, by which article."""

    fund: str
    amount: int
    article: str


class AllocateSurplus(Effect, frozen=True, kw_only=True, tag="allocate-surplus"):
    """Share the surplus of a closed period. `choices` are what the law leaves to the assembly (an
    amount, or a share like "1/10"), `key` the measure, or the weight of each of several; `steps`
    and `allocations` (by member number) are the result, spelled out so that what is voted is what
    is done."""

    matter: ClassVar[str] = "allocate-surplus"
    period: int
    key: str | dict[str, str]
    choices: dict[str, int | str] = msgspec.field(default_factory=dict)
    steps: tuple[Destination, ...]
    allocations: dict[str, int] = msgspec.field(default_factory=dict)

    def thing(self) -> str:
        return "posting"


class SurplusAllocated(Fact, frozen=True):
    period: int
    decision: int
    key: str | dict[str, str]
    steps: tuple[Destination, ...]
    allocations: dict[str, int]

    def apply(self, state: State) -> None:
        state.periods[self.period].allocated = self.decision
        for number, later in state.periods.items():
            if number > self.period and not later.allocated:
                self.carry(later.measures)

    def carry(self, measures: Measures) -> None:
        """What this sharing put aside or made good stands at the end of the next period too."""
        for step in self.steps:
            if step.fund in measures.funds:
                measures.funds[step.fund] += step.amount
            elif step.fund == "prior_losses":
                measures.losses -= step.amount


def case_of(
    state: State, period: Period, key: str | dict[str, str], choices: dict[str, int | str]
) -> dict[str, Any]:
    """The case of the waterfall, from what was sealed with the period, in smallest units."""
    measures = period.measures
    results = dict(period.results)
    results["prior_losses"] = max(0, measures.losses)
    return {
        "unit": period.unit,
        "results": results,
        "funds": {f.id: measures.funds.get(f.id, 0) for f in state.statute.treasury.funds},
        "capital": sum(m.get("contributions", 0) for m in measures.members.values()),
        "choices": choices,
        "key": key,
        "members": {str(n): member_measures(period, n) for n in sharers(state, period)},
    }


def sharers(state: State, period: Period) -> list[int]:
    """Those who share: who belonged in the period, also if they left since, of kinds that share in
    the surplus. Who joined later has no part in it, and cannot upset a table already voted."""
    kinds = {kind.id for kind in state.statute.members.kinds if kind.shares_surplus}
    return [
        n for n, person in state.people.items() if person.kind in kinds and was_in(person, period)
    ]


def was_in(person: Person, period: Period) -> bool:
    """Whether a person belonged on any day of a period."""
    came = person.admitted_at is not None and day(person.admitted_at) <= period.until
    return came and (person.ended_at is None or day(person.ended_at) >= period.since)


def member_measures(period: Period, member: int) -> dict[str, int]:
    """What a member put in: minutes ("hours"), deliveries, advances ("wages"), contribution."""
    put_in = period.measures.members.get(member, {})
    return {name: put_in.get(name, 0) for name in ("hours", "deliveries", "wages", "contributions")}


def table(
    state: State, period: Period, key: str | dict[str, str], choices: dict[str, int | str]
) -> Waterfall:
    """What the statute gives for these choices; refuses with the fault it finds."""
    law = state.statute
    try:
        case = read_case(case_of(state, period, key, choices))
        return share_out(law.surplus, case, law.members.kinds)
    except InvalidCase as error:
        fault = error.faults[0]
        raise Refused(
            "surplus_against_the_statute",
            fault.article,
            field=fault.field,
            detail=fault.what,
            remedy=fault.remedy,
        ) from None


def people_shares(waterfall: Waterfall) -> dict[str, int]:
    """What each person gets in all: the return, and interest on their contribution."""
    shares = dict(waterfall.allocations)
    for member, amount in waterfall.interest.items():
        shares[member] = shares.get(member, 0) + amount
    return {member: amount for member, amount in shares.items() if amount}


@prepares(AllocateSurplus)
def can_allocate(state: State, effect: AllocateSurplus, when: int, voting: bool) -> None:
    period = known_period(state, effect.period)
    law = state.statute.surplus
    require(not period.allocated, "surplus_allocated_already", period=effect.period)
    for number, before in state.periods.items():
        waits = number < effect.period and before.surplus and not before.allocated
        require(not waits, "earlier_surplus_waits", period=number)
    if voting:
        require(period.accounts_approved, "accounts_not_approved", law.article)
    lawful = table(state, period, effect.key, effect.choices)
    undecided = ", ".join(o.step for o in lawful.open)
    whole = not lawful.open and lawful.undecided == 0
    require(whole, "surplus_left_open", law.article, steps=undecided)
    given = [(d.fund, d.amount, d.article) for d in effect.steps]
    expected = [(s.fund, s.amount) for s in lawful.steps]
    require(
        given == [(s.fund, s.amount, s.article) for s in lawful.steps],
        "surplus_differs_from_law",
        law.article,
        expected=tuple(expected),
    )
    wrong = sorted(set(effect.allocations.items()) ^ set(people_shares(lawful).items()))
    require(
        not wrong, "allocation_differs", law.article, members=", ".join(m for m, _ in wrong[:5])
    )


@enacts(AllocateSurplus)
def allocate_surplus(state: State, effect: AllocateSurplus, decision: int, when: int) -> list[Fact]:
    lines = destination_lines(state, effect)
    lines.append(line(state, "surplus", -sum(x.amount for x in lines)))
    text = f"{state.periods[effect.period].since} – {state.periods[effect.period].until}"
    return [
        Posted(state.head + 1, day(when), text, state.unit, tuple(lines), 0, decision=decision),
        SurplusAllocated(effect.period, decision, effect.key, effect.steps, effect.allocations),
    ]


def destination_lines(state: State, effect: AllocateSurplus) -> list[Line]:
    """Credits to funds and to members' accounts; a prepaid advance is set off against its member's
    allocation."""
    lines = [
        line(state, d.fund, -d.amount) for d in effect.steps if d.amount and d.fund not in PEOPLE
    ]
    for member, amount in sorted(effect.allocations.items(), key=lambda item: int(item[0])):
        lines.append(line(state, account_of("member_accounts", member), -amount))
        if state.statute.surplus.advances == "prepayments":
            prepaid = min(amount, balance(state, account_of("advances", member)))
            if prepaid > 0:
                lines.append(line(state, account_of("member_accounts", member), prepaid))
                lines.append(line(state, account_of("advances", member), -prepaid))
    return [item for item in lines if item.amount]
