"""Decisions: the list, and one decision with its working and every payment under it."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from operator import itemgetter
from typing import Any

import msgspec
from django.db.models import TextField, Value
from django.http import Http404, HttpResponse

from comuna import words
from comuna.readings.working import files, law_of_vote, results, sentences
from comuna.rules.ballot import awaited
from comuna.rules.contest import marks_of
from comuna.rules.decision import decision_state
from comuna.rules.proposal import Propose
from comuna.rules.state import DAY, Outcome, Proposal
from comuna.rules.statute import Majority
from comuna.web import pictures
from comuna.web.acting.beside import beside
from comuna.web.contests import choices_of, rule_in_words
from comuna.web.counted import counted
from comuna.web.pages.book import download
from comuna.web.pages.money import movement_row
from comuna.web.pages.paging import A_PAGE, paged
from comuna.web.pages.payments import authorisation, payments_of
from comuna.web.visit import Visit, page
from comuna.words import counts

STATES = (
    "proposed",
    "on_agenda",
    "voted",
    "waiting",
    "adopted",
    "in_force",
    "executed",
    "suspended",
    "rejected",
    "lapsed",
    "repealed",
    "withdrawn",
)
TONES = {
    "in_force": "good",
    "executed": "good",
    "waiting": "wait",
    "voted": "wait",
    "adopted": "wait",
    "suspended": "late",
    "rejected": "quiet",
    "lapsed": "quiet",
    "repealed": "quiet",
    "withdrawn": "quiet",
}


def brief(here: Visit, proposal: Proposal) -> dict[str, Any]:
    """What a list shows of a decision."""
    standing = decision_state(here.state, proposal, here.now)
    outcome = proposal.outcome
    return {
        "number": proposal.number,
        "title": proposal.title,
        "state": standing,
        "state_words": words.term("decision_state", standing, here.lang),
        "tone": TONES.get(standing, ""),
        "at": outcome.at if outcome else proposal.at,
        "yes": outcome.yes if outcome and not proposal.choice else None,
        "no": outcome.no if outcome else None,
        "chosen": chosen(proposal),
        "amends": proposal.amends,
        "due": proposal.due,
        "responsible": here.office(proposal.responsible),
        "overdue": is_overdue(here, proposal, standing),
    }


def chosen(proposal: Proposal) -> str:
    """What a contest chose, by title; "" for a motion, or while nothing is chosen."""
    if proposal.choice is None or proposal.outcome is None:
        return ""
    titles = {option.id: option.title for option in proposal.choice.options}
    return ", ".join(titles[winner] for winner in proposal.outcome.winners)


def is_overdue(here: Visit, proposal: Proposal, standing: str) -> bool:
    """In force, past its day, and nobody has reported that it was carried out."""
    return (
        standing == "in_force"
        and bool(proposal.due)
        and proposal.due < here.today
        and proposal.reported_at is None
    )


def briefs(here: Visit) -> list[dict[str, Any]]:
    """All decisions, the newest proposal first."""
    return [brief(here, p) for p in sorted(here.state.proposals.values(), key=_newest)]


def _newest(proposal: Proposal) -> int:
    return -proposal.number


@page("decisions/list.html", "decisions")
def decisions(here: Visit) -> dict[str, Any]:
    """Every proposal and decision, by the state it is in now."""
    every = briefs(here)
    counts = Counter(d["state"] for d in every)
    chosen = here.request.GET.get("state", "")
    overdue = chosen == "overdue"
    shown = [d for d in every if (d["overdue"] if overdue else chosen in ("", d["state"]))]
    filters = [
        (name, words.term("decision_state", name, here.lang), counts[name])
        for name in STATES
        if counts[name]
    ]
    return {
        "found": paged(here.request, shown),
        "filters": filters,
        "chosen": chosen,
        "total": len(every),
        "overdue": sum(d["overdue"] for d in every),
    }


@page("decisions/one.html", "decisions")
def decision(here: Visit, number: int) -> dict[str, Any]:
    """A proposal from its text to its execution: what was voted is what was done."""
    proposal = here.state.proposals.get(number)
    if proposal is None:
        raise Http404(number)
    law = here.state.statute_on(proposal.outcome.at if proposal.outcome else here.now)
    ballots = [ballot(here, row, proposal) for row in here.rows("ballot", proposal=number)]
    return {
        "decision": brief(here, proposal),
        "text": proposal.text,
        "proposer": proposal.proposer,
        "proposed_at": proposal.at,
        "digest": proposal.digest,
        "effects": [words.effect(e, here.state, here.lang) for e in proposal.effects],
        "choices": choices_of(here, proposal.contest) if proposal.contest else (),
        "rule": rule_in_words(here, proposal, proposal.choice, here.now)
        if proposal.choice and not ballots
        else None,
        "effects_json": as_proposed(proposal),
        "majorities": [
            majority(here, matter, law.majority(matter), proposal.outcome)
            for matter in sorted(proposal.matters)
            if proposal.choice is None
        ],
        "ballots": ballots,
        "assembly": proposal.assembly,
        "amendments": amendments(here, number),
        "window": window(here, proposal),
        **on_record(here, number),
        "enacted_at": proposal.enacted_at,
        "repealed_by": proposal.repealed_by,
        "accepted": proposal.accepted,
        "authorisations": [
            authorisation(here, a)
            for a in here.state.authorisations.values()
            if a.decision == number
        ],
        **paid_under(here, number),
        "doors": beside(here, "decision", number),
    }


SAID = ("number", "member", "text", "at", "suspends", "confirmed_by", "sha256")


def on_record(here: Visit, number: int) -> dict[str, list[dict[str, Any]]]:
    """What members put on record about a decision: dissents, challenges, reports of execution, in
    one question."""
    no, none = Value(0), Value("", output_field=TextField())
    dissents = here.rows("dissent", decision=number)
    challenges = here.rows("challenge", decision=number)
    executions = here.rows("execution", decision=number)
    found = dissents.values_list(kind("dissents"), "number", "member", "text", "at", no, no, none)
    found = found.union(
        challenges.values_list(
            kind("challenges"), "number", "member", "reason", "at", "suspends", "confirmed_by", none
        ),
        executions.values_list(kind("executions"), "number", "by", "text", "at", no, no, "sha256"),
        all=True,
    )
    said: dict[str, list[dict[str, Any]]] = {"dissents": [], "challenges": [], "executions": []}
    for name, *values in sorted(found, key=itemgetter(1)):
        said[name].append(dict(zip(SAID, values, strict=True)))
    return said


def kind(name: str) -> Value:
    return Value(name, output_field=TextField())


def paid_under(here: Visit, number: int) -> dict[str, Any]:
    """The payments under a decision, in pages, and what it moved itself."""
    names = {a.number for a in here.state.authorisations.values() if a.decision == number}
    numbers = [c.number for c in here.state.commitments.values() if c.authorisation in names]
    found = paged(here.request, numbers)
    payments = payments_of(here, number__in=found.rows) if found.rows else []
    own = here.rows("movement", decision=number, payment=0).order_by("number")
    return {
        "found": found,
        "payments": payments,
        "movements": [movement_row(here, m) for m in own[:A_PAGE]],
    }


def as_proposed(proposal: Proposal) -> str:
    """Text, effects and options as they are hashed: their SHA-256 is the proposal's identity."""
    contest = proposal.contest
    act = Propose(
        title=proposal.title,
        text=proposal.text,
        effects=() if contest else proposal.effects,  # those of a contest are of what was chosen
        amends=proposal.amends,
        responsible=proposal.responsible,
        due=proposal.due,
        contest=contest,
    )
    return msgspec.json.encode(act, order="sorted").decode()


def majority(here: Visit, matter: str, rule: Majority, outcome: Outcome | None) -> dict[str, Any]:
    """The majority a matter needs, in words, and in votes where the vote was held."""
    return {
        "matter": words.term("matter", matter, here.lang),
        "needs": counts.majority(rule, here.lang),
        "article": rule.article_of("matter"),
        "law": rule.law or here.state.statute.law,
        "quorum": rule.quorum,
        "needed": votes_needed(rule, outcome) if outcome and not rule.agreement else None,
    }


def votes_needed(rule: Majority, outcome: Outcome) -> int:
    """The smallest number of yes votes that carries, given how everyone else voted."""
    base = {
        "valid": outcome.yes + outcome.no,
        "cast": outcome.yes + outcome.no + outcome.abstain + outcome.blank,
        "present": outcome.present,
        "roll": outcome.roll,
    }[rule.of]
    approval = -int(-Fraction(rule.approval_quorum or 0) * outcome.roll // 1)
    if rule.more_than:
        return max(approval, int(Fraction(rule.more_than) * base) + 1)
    return max(1, approval, -int(-Fraction(rule.at_least) * base // 1))


def ballot(here: Visit, row: dict[str, Any], proposal: Proposal) -> dict[str, Any]:
    """A vote with its count, and, in a roll call, who voted what."""
    contest = proposal.contest if row["count"] else None
    named = row["method"] == "roll-call"
    votes = list(here.rows("vote", ballot=row["number"]).order_by("member")) if named else []
    shown = {
        **row,
        "method_words": words.term("method", row["method"], here.lang),
        "tellers": row["tellers"].split(),
        "votes": votes,
        "awaited": sorted(awaited(here.state, here.state.ballots[row["number"]]))
        if named and not row["closed_at"]
        else None,
    }
    if contest is None:
        for vote in votes:
            vote["words"] = words.term("choice", vote["choice"], here.lang)
        return shown | motion(here, row)
    kind = marks_of(law_of_vote(here.state, row, contest))
    titles = {option.id: option.title for option in contest.options}
    for vote in votes:
        marks = msgspec.json.decode(vote["marks"])
        vote["words"] = words.ballot(marks, kind, titles, here.lang)
    return shown | {"contest": counted(here, row, proposal, contest)}


@page("decisions/one.html")
def ballots_file(here: Visit, number: int, ballot: int, ending: str) -> HttpResponse:
    """The ballots of a vote among options as a file for anyone's program."""
    proposal = here.state.proposals.get(number)
    row = here.rows("ballot", number=ballot, proposal=number).first()
    contest = proposal.choice if proposal else None
    counts = results(row) if row and row["count"] and contest else []
    if proposal is None or row is None or contest is None or not counts:
        raise Http404(ballot)
    known = law_of_vote(here.state, row, contest)
    written = files(known, row, contest, counts[0][1], proposal.title)
    if ending not in written:
        raise Http404(ending)
    name = f"decision-{number}-vote-{ballot}.{ending}"
    return download(written[ending].encode(), name, "text/plain; charset=utf-8")


def motion(here: Visit, row: dict[str, Any]) -> dict[str, Any]:
    """The count of a motion as a picture, and in a sentence for every majority it needed."""
    parts = [
        pictures.Part(row["yes"], "good", here.text("decision.yes")),
        pictures.Part(row["no"], "late", here.text("decision.no")),
        pictures.Part(row["abstain"] + row["blank"], "soft", here.text("decision.abstain")),
    ]
    title = here.text("decision.count_title", number=row["number"])
    return {
        "not_voting": row["present"] - sum(p.amount for p in parts) if row["closed_at"] else 0,
        "picture": pictures.bar(title, parts, row["present"]) if row["closed_at"] else "",
        "sentences": [
            (words.term("matter", said["matter"], here.lang), text, said["article"])
            for said, result in results(row)
            for _, text in sentences(result, here.lang)
        ],
    }


def amendments(here: Visit, number: int) -> list[dict[str, Any]]:
    found = (p for p in here.state.proposals.values() if p.amends == number)
    return [brief(here, p) for p in found]


def window(here: Visit, proposal: Proposal) -> dict[str, Any] | None:
    """The time in which an adopted decision can be challenged, and the day it lapses."""
    if proposal.outcome is None or not proposal.outcome.adopted or proposal.amends:
        return None
    since = proposal.outcome.recorded
    law = here.state.statute_on(proposal.outcome.at).decisions
    until = since + law.challenge_hours * 3600
    return {
        "until": until,
        "open": here.now < until,
        "hours": law.challenge_hours,
        "article": law.article_of("challenge_hours"),
        "lapses": since + law.execution_days * DAY,
        "support": law.suspend_support,
        "picture": pictures.clock(
            here.text("decision.window"),
            here.text("decision.window_until", until=words.moment(until, here.lang)),
            since,
            until,
            here.now,
        ),
    }
