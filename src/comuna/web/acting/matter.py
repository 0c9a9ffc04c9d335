"""What an act is about: the proposal that is voted, the payment that is approved, shown in full
beside the form and before the signature, so that nobody signs a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from comuna import given, words
from comuna.web.acting import told
from comuna.web.contests import Choice, RuleInWords, choices_of, rule_in_words
from comuna.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Matter:
    """A thing of the body: its title, its text, what it does, and its own page. Of a contest its
    options, and the rule by which they are counted."""

    title: str
    text: str
    effects: tuple[str, ...]
    address: str
    options: tuple[Choice, ...] = ()
    rule: RuleInWords | None = None


def matter(named: Mapping[str, Any], here: Visit) -> Matter | None:
    """What the fields of an act name, by number or as written in a form; None when it is nothing
    with a page of its own."""
    state = here.state
    if number_of(named, "payment") in state.commitments:
        return of_payment(number_of(named, "payment"), here)
    ballot = state.ballots.get(number_of(named, "ballot"))
    numbers = [ballot.proposal] if ballot else []
    numbers += [number_of(named, name) for name in ("proposal", "decision")]
    found = next((n for n in numbers if n in state.proposals), None)
    return of_proposal(found, here) if found is not None else None


def number_of(named: Mapping[str, Any], name: str) -> int:
    return given.whole(str(named.get(name, ""))) or 0


def of_proposal(number: int, here: Visit) -> Matter:
    proposal = here.state.proposals[number]
    contest = proposal.contest
    return Matter(
        f"{number} · {proposal.title}",
        proposal.text,
        tuple(words.effect(e, here.state, here.lang) for e in proposal.effects),
        reverse("decision", args=[here.body, number]),
        choices_of(here, contest, proposal.standing) if contest else (),
        rule_in_words(here, proposal, contest, here.now) if contest else None,
    )


def of_payment(number: int, here: Visit) -> Matter:
    asked = here.state.commitments[number]
    purpose = here.state.authorisations[asked.authorisation].purpose
    return Matter(
        f"{number} · {here.payee(asked.payee)}",
        purpose,
        (told.money(here, asked.amount), words.account(asked.money, here.lang, here.state)),
        reverse("payment", args=[here.body, number]),
    )
