"""Facts of assemblies, proposals, votes and decisions, into rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from comuna.readings.folds import folds, words
from comuna.readings.rows import Rows, Value
from comuna.rules import assembly, choosing, decision, hour, proposal, undoing, vote
from comuna.rules.act import Entry

# --- assemblies -------------------------------------------------------------------------------


@folds(assembly.AssemblyCalled)
def called(rows: Rows, entry: Entry[Any], fact: assembly.AssemblyCalled, place: int) -> None:
    rows.insert(
        "assembly",
        number=fact.assembly,
        called_by=entry.by.member,
        called_at=fact.at,
        starts_at=fact.starts_at,
        place=fact.place,
        extraordinary=int(fact.extraordinary),
    )
    for number, item in enumerate(fact.agenda):
        rows.insert(
            "item",
            assembly=fact.assembly,
            item=number,
            title=item.title,
            purpose=item.purpose,
            proposal=item.proposal,
        )
        if item.proposal:
            rows.update("proposal", {"number": item.proposal}, assembly=fact.assembly)


@folds(assembly.NoticeGiven)
def notice_given(rows: Rows, entry: Entry[Any], fact: assembly.NoticeGiven, place: int) -> None:
    rows.insert(
        "notice",
        number=entry.number,
        assembly=fact.assembly,
        channel=fact.channel,
        reached=fact.reached,
        at=fact.at,
    )


@folds(assembly.CheckedIn)
def checked_in(rows: Rows, entry: Entry[Any], fact: assembly.CheckedIn, place: int) -> None:
    for member in fact.members:
        rows.add("attendance", fact.assembly, member, entry.number, fact.at, 0)


@folds(assembly.VotersReturned)
def voters_returned(
    rows: Rows, entry: Entry[Any], fact: assembly.VotersReturned, place: int
) -> None:
    changed: dict[str, Value] = {"entitled": words(fact.entitled), "present": fact.present}
    rows.update("ballot", {"number": fact.ballot}, **changed)


@folds(assembly.FellAsleep)
def fell_asleep(rows: Rows, entry: Entry[Any], fact: assembly.FellAsleep, place: int) -> None:
    """The act that finds it says so; the assembly that wakes the body is on its own pages."""


@folds(hour.HourSet)
def hour_set(rows: Rows, entry: Entry[Any], fact: hour.HourSet, place: int) -> None:
    """The log holds it; what was recorded under the hour before stands as it was."""


@folds(assembly.CheckedOut)
def checked_out(rows: Rows, entry: Entry[Any], fact: assembly.CheckedOut, place: int) -> None:
    for member in fact.members:
        still = {"assembly": fact.assembly, "member": member, "until": 0}
        rows.update("attendance", still, until=fact.at)


@folds(assembly.CallFailed)
def call_failed(rows: Rows, entry: Entry[Any], fact: assembly.CallFailed, place: int) -> None:
    rows.add("call", fact.assembly, fact.call, fact.present, fact.required, 0, fact.at)


@folds(assembly.AssemblyOpened)
def opened(rows: Rows, entry: Entry[Any], fact: assembly.AssemblyOpened, place: int) -> None:
    rows.add("call", fact.assembly, fact.call, fact.present, fact.required, 1, fact.at)
    rows.update(
        "assembly",
        {"number": fact.assembly},
        call=fact.call,
        present=fact.present,
        required=fact.required,
        size=fact.size,
        root=fact.root,
        opened_at=fact.at,
    )


@folds(assembly.ItemTaken)
def item_taken(rows: Rows, entry: Entry[Any], fact: assembly.ItemTaken, place: int) -> None:
    of_agenda = {"assembly": fact.assembly, "item": fact.item}
    taken: dict[str, Value] = {
        "taken": entry.number,
        "taken_at": fact.at,
        "taken_title": fact.title,
    }
    rows.update("item", of_agenda, **taken)


@folds(assembly.TurnAsked)
def turn_asked(rows: Rows, entry: Entry[Any], fact: assembly.TurnAsked, place: int) -> None:
    rows.add("turn", entry.number, fact.assembly, fact.member, 0, fact.at)


@folds(assembly.TurnGiven)
def turn_given(rows: Rows, entry: Entry[Any], fact: assembly.TurnGiven, place: int) -> None:
    rows.add("turn", entry.number, fact.assembly, fact.member, 1, fact.at)


@folds(assembly.Adjourned)
def adjourned(rows: Rows, entry: Entry[Any], fact: assembly.Adjourned, place: int) -> None:
    rows.update("assembly", {"number": fact.assembly}, adjourned_until=fact.until)
    rows.add("pause", entry.number, fact.assembly, fact.at, fact.until, 0)
    everyone_leaves(rows, fact.assembly, fact.at)


@folds(assembly.Resumed)
def resumed(rows: Rows, entry: Entry[Any], fact: assembly.Resumed, place: int) -> None:
    rows.update("assembly", {"number": fact.assembly}, adjourned_until=0)
    rows.update("pause", {"assembly": fact.assembly, "until": 0}, until=fact.at)


@folds(assembly.AssemblyClosed)
def closed(rows: Rows, entry: Entry[Any], fact: assembly.AssemblyClosed, place: int) -> None:
    rows.update("assembly", {"number": fact.assembly}, closed_at=fact.at)
    everyone_leaves(rows, fact.assembly, fact.at)


def everyone_leaves(rows: Rows, number: int, at: int) -> None:
    rows.update("attendance", {"assembly": number, "until": 0}, until=at)


@folds(assembly.MinutesSigned)
def minutes_signed(rows: Rows, entry: Entry[Any], fact: assembly.MinutesSigned, place: int) -> None:
    rows.update(
        "assembly",
        {"number": fact.assembly},
        minutes=fact.minutes,
        minutes_at=fact.at,
        minutes_sha256=fact.sha256,
        minutes_signers=words(fact.signers),
        remarks=fact.remarks,
    )


@folds(assembly.MinutesApproved)
def minutes_approved(
    rows: Rows, entry: Entry[Any], fact: assembly.MinutesApproved, place: int
) -> None:
    rows.update("assembly", {"number": fact.assembly}, approved_by=fact.decision)


# --- proposals --------------------------------------------------------------------------------


@folds(proposal.Proposed)
def proposed(rows: Rows, entry: Entry[Any], fact: proposal.Proposed, place: int) -> None:
    rows.insert(
        "proposal",
        number=fact.proposal,
        proposer=fact.proposer,
        title=fact.title,
        text=fact.text,
        effects=plain(fact.effects),
        digest=fact.digest,
        matters=" ".join(sorted(fact.matters)),
        at=fact.at,
        amends=fact.amends,
        responsible=fact.responsible,
        due=fact.due,
        contest=plain(fact.contest) if fact.contest is not None else "",
    )


def plain(value: Any) -> str:
    """Any value as JSON, its keys in order."""
    return msgspec.json.encode(value, order="sorted").decode()


TAKEN_OVER = "title, text, effects, digest, matters, responsible, due, contest"


@folds(proposal.Amended)
def amended(rows: Rows, entry: Entry[Any], fact: proposal.Amended, place: int) -> None:
    """The amendment's text and effects take the place of those of the proposal it amends."""
    rows.run(
        "proposal",
        f"({TAKEN_OVER}) = (SELECT {TAKEN_OVER} FROM reading_proposal AS amendment"
        " WHERE amendment.body = reading_proposal.body AND amendment.number = ?), amended_by = ?",
        "number = ?",
        fact.by,
        fact.by,
        fact.proposal,
    )


@folds(proposal.Withdrawn)
def withdrawn(rows: Rows, entry: Entry[Any], fact: proposal.Withdrawn, place: int) -> None:
    rows.run(
        "proposal",
        "withdrawn_at = ?",
        "number = ? AND (withdrawn_at = 0 OR withdrawn_at > ?)",
        fact.at,
        fact.proposal,
        fact.at,
    )


@folds(undoing.ProposalKept)
def proposal_kept(rows: Rows, entry: Entry[Any], fact: undoing.ProposalKept, place: int) -> None:
    rows.update("proposal", {"number": fact.proposal}, withdrawn_at=fact.until)


# --- votes ------------------------------------------------------------------------------------


@folds(vote.VoteOpened)
def vote_opened(rows: Rows, entry: Entry[Any], fact: vote.VoteOpened, place: int) -> None:
    rows.insert(
        "ballot",
        number=fact.ballot,
        assembly=fact.assembly,
        proposal=fact.proposal,
        digest=fact.digest,
        method=fact.method,
        present=fact.present,
        roll=fact.roll,
        entitled=words(fact.entitled),
        opened_at=fact.at,
        closes_at=fact.closes_at,
        count=fact.count,
        head=fact.head,
    )
    rows.update("proposal", {"number": fact.proposal}, voting=1)


@folds(vote.VoteWithdrawn)
def vote_withdrawn(rows: Rows, entry: Entry[Any], fact: vote.VoteWithdrawn, place: int) -> None:
    rows.update("ballot", {"number": fact.ballot}, outcome="withdrawn", closed_at=fact.at)
    rows.update("proposal", {"number": fact.proposal}, voting=0)


@folds(vote.VoteCast)
def vote_cast(rows: Rows, entry: Entry[Any], fact: vote.VoteCast, place: int) -> None:
    said = (fact.choice, entry.number, entry.when, "", fact.reason)
    rows.add("vote", fact.ballot, fact.member, *said)


@folds(choosing.BallotCast)
def ballot_cast(rows: Rows, entry: Entry[Any], fact: choosing.BallotCast, place: int) -> None:
    marks = plain(fact.marks)
    rows.add("vote", fact.ballot, fact.member, "", entry.number, entry.when, marks, "")


@folds(vote.Decided)
def decided(rows: Rows, entry: Entry[Any], fact: vote.Decided, place: int) -> None:
    outcome = "adopted" if fact.adopted else again(fact, fact.tie)
    ended(rows, fact, outcome, {"yes": fact.yes, "no": fact.no, "abstain": fact.abstain})
    rows.update("proposal", {"number": fact.proposal}, effects=plain(fact.effects))


@folds(choosing.Chosen)
def chosen(rows: Rows, entry: Entry[Any], fact: choosing.Chosen, place: int) -> None:
    outcome = "adopted" if fact.winners else again(fact, fact.again)
    ended(rows, fact, outcome, {"winners": plain(fact.winners)})
    papers = plain(fact.papers)
    rows.update(
        "ballot", {"number": fact.ballot}, ballots=fact.ballots, papers=papers, dice=fact.dice
    )
    effects, standing = plain(fact.effects), plain(sorted(fact.standing))
    rows.update("proposal", {"number": fact.proposal}, effects=effects, standing=standing)


def again(fact: vote.Decided | choosing.Chosen, tied: bool) -> str:
    """The outcome of a vote that adopted nothing."""
    return "few" if fact.few else "tie" if tied else "rejected"


def ended(
    rows: Rows, fact: vote.Decided | choosing.Chosen, outcome: str, result: Mapping[str, Value]
) -> None:
    """The end of any vote: with the vote itself, and with the proposal whose last vote it is."""
    both: dict[str, Value] = {
        **result,
        "outcome": outcome,
        "blank": fact.blank,
        "statute_version": fact.statute_version,
    }
    rows.update(
        "ballot",
        {"number": fact.ballot},
        **both,
        closed_at=fact.at,
        tellers=words(fact.tellers),
        working=fact.working,
        needed=fact.needed,
    )
    rows.update(
        "proposal",
        {"number": fact.proposal},
        **both,
        voting=0,
        ballot=fact.ballot,
        decided_at=fact.at,
        recorded_at=fact.recorded,
        present=fact.present,
        roll=fact.roll,
    )


@folds(vote.DissentRecorded)
def dissent_recorded(rows: Rows, entry: Entry[Any], fact: vote.DissentRecorded, place: int) -> None:
    rows.insert(
        "dissent",
        number=entry.number,
        decision=fact.decision,
        member=fact.member,
        text=fact.text,
        at=entry.when,
    )


# --- decisions --------------------------------------------------------------------------------


@folds(decision.Challenged)
def challenged(rows: Rows, entry: Entry[Any], fact: decision.Challenged, place: int) -> None:
    rows.insert(
        "challenge",
        number=entry.number,
        decision=fact.decision,
        member=fact.member,
        reason=entry.act.reason,
        at=fact.at,
        suspends=int(fact.suspends),
    )
    if fact.suspends:
        rows.update("proposal", {"number": fact.decision}, suspended_at=fact.at)


@folds(decision.Confirmed)
def confirmed(rows: Rows, entry: Entry[Any], fact: decision.Confirmed, place: int) -> None:
    rows.update("proposal", {"number": fact.decision}, suspended_at=0)
    waiting = {"decision": fact.decision, "confirmed_by": 0}
    rows.update("challenge", waiting, confirmed_by=fact.by)


@folds(decision.Enacted)
def enacted(rows: Rows, entry: Entry[Any], fact: decision.Enacted, place: int) -> None:
    rows.update("proposal", {"number": fact.decision}, enacted_at=fact.at)


@folds(decision.ExecutionReported)
def execution_reported(
    rows: Rows, entry: Entry[Any], fact: decision.ExecutionReported, place: int
) -> None:
    evidence = entry.act.evidence
    rows.insert(
        "execution",
        number=fact.report,
        decision=fact.decision,
        by=fact.by,
        text=fact.text,
        sha256=evidence.sha256 if evidence else "",
        at=fact.at,
    )
    rows.update("proposal", {"number": fact.decision}, reported_at=fact.at)


@folds(decision.ExecutionJudged)
def execution_judged(
    rows: Rows, entry: Entry[Any], fact: decision.ExecutionJudged, place: int
) -> None:
    """Not accepted, the report is to be made again."""
    judged: dict[str, Value] = {
        "accepted": "yes" if fact.accepted else "no",
        "accepted_by": fact.by,
    }
    again: dict[str, Value] = {} if fact.accepted else {"reported_at": 0}
    rows.update("proposal", {"number": fact.decision}, **judged, **again)


@folds(decision.Repealed)
def repealed(rows: Rows, entry: Entry[Any], fact: decision.Repealed, place: int) -> None:
    rows.update("proposal", {"number": fact.decision}, repealed_by=fact.by)
    rows.update("authorisation", {"decision": fact.decision}, revoked_by=fact.by)
    rows.update("permission", {"decision": fact.decision}, revoked_by=fact.by)
