"""What a form leaves to be computed: it follows from what was written and from the law, and the
person sees it before they sign."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from comuna.rules.act import Refused
from comuna.rules.choosing import law_and_rule
from comuna.rules.period import fingerprint, measured
from comuna.rules.surplus import people_shares, table
from comuna.web.acting.read import Fault, Reading

Values = dict[str, Any]


def complete(kind: str, values: Values, reading: Reading, at: str = "") -> None:
    """Fill in what is computed, in an act and in its effects. Faults are noted at their fields."""
    fill = FILLS.get(kind)
    if fill is not None:
        fill(values, reading, at)
    for i, effect in enumerate(values.get("effects", ())):
        complete(effect["effect"], effect, reading, f"{at}effects-{i}-")


def propose(values: Values, reading: Reading, at: str) -> None:
    """Options go by their number on the ballot paper."""
    for i, option in enumerate(values.get("contest", {}).get("options", ())):
        option["id"] = str(i + 1)
        complete("option", option, reading, f"{at}contest-options-{i}-")


def open_vote(values: Values, reading: Reading, at: str) -> None:
    """The identity of exactly what is voted, and of the rule by which it will be counted."""
    state = reading.here.state
    proposal = state.proposals.get(values.get("proposal", 0))
    if proposal is None:
        return
    values["digest"] = proposal.digest
    if proposal.choice is not None:
        try:
            _, rule = law_and_rule(state, proposal, proposal.choice, reading.here.now)
        except Refused:
            return  # the judge says what is wrong, in words
        values["count"] = rule.hash()


def close_period(values: Values, reading: Reading, at: str) -> None:
    """The fingerprint of what the surplus will be shared by."""
    if {"since", "until"} <= values.keys():
        try:
            measures = measured(reading.here.state, values["since"], values["until"])
        except Refused:
            measures = measured(reading.here.state, "0001-01-01", "0001-01-31")
        values["measures"] = fingerprint(measures)


def allocate_surplus(values: Values, reading: Reading, at: str) -> None:
    """The table that the statute gives for these choices."""
    state = reading.here.state
    period = state.periods.get(values.get("period", 0))
    if period is None or "key" not in values:
        return
    try:
        lawful = table(state, period, values["key"], values.get("choices", {}))
    except Refused as refused:
        params = refused.refusal.params
        detail = params.get("detail", "")
        said = detail[reading.here.lang] if isinstance(detail, dict) else str(detail)
        reading.faults[f"{at}choices"] = Fault("surplus", detail=said)
        return
    for undecided in lawful.open:
        reading.faults[f"{at}choices-{undecided.step}"] = Fault("left_open")
    values["steps"] = [
        {"fund": s.fund, "amount": s.amount, "article": s.article} for s in lawful.steps
    ]
    values["allocations"] = people_shares(lawful)


def call_assembly(values: Values, reading: Reading, at: str) -> None:
    """An item that names a proposal is there to decide it, under its title unless it has one."""
    for i, item in enumerate(values.get("agenda", ())):
        proposal = reading.here.state.proposals.get(item.get("proposal", 0))
        if proposal is not None:
            item["purpose"] = "decision"
            item.setdefault("title", proposal.title)
            for name in ("title", "purpose"):
                reading.faults.pop(f"{at}agenda-{i}-{name}", None)


FILLS: dict[str, Callable[[Values, Reading, str], None]] = {
    "call-assembly": call_assembly,
    "close-period": close_period,
    "propose": propose,
    "open-vote": open_vote,
    "allocate-surplus": allocate_surplus,
}
"""By kind of act or effect."""
