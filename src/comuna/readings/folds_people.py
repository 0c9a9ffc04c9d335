"""Facts of the roll, of keys, offices, the statute and oversight, into rows."""

from __future__ import annotations

from typing import Any

import msgspec

from comuna.readings.folds import folds
from comuna.readings.rows import Rows, Value
from comuna.rules import amendment, authorship, endings, office, oversight, roll, undoing
from comuna.rules.act import Entry
from comuna.rules.statute import Statute

# --- the body and its statute -----------------------------------------------------------------


@folds(roll.Founded)
def founded(rows: Rows, entry: Entry[Any], fact: roll.Founded, place: int) -> None:
    rows.insert("body", name=fact.name, unit=fact.unit, decimals=fact.decimals, founded_at=fact.at)
    in_force(rows, entry.number, fact.statute, fact.at, 0)


@folds(amendment.StatuteAmended)
def amended(rows: Rows, entry: Entry[Any], fact: amendment.StatuteAmended, place: int) -> None:
    in_force(rows, entry.number, fact.statute, fact.at, fact.decision)


def in_force(rows: Rows, number: int, law: Statute, since: int, decision: int) -> None:
    rows.insert(
        "statute",
        number=number,
        pack=law.id,
        version=law.version,
        since=since,
        decision=decision,
        law=msgspec.json.encode(law, order="sorted").decode(),
    )


# --- the roll ---------------------------------------------------------------------------------


@folds(roll.Applied)
def applied(rows: Rows, entry: Entry[Any], fact: roll.Applied, place: int) -> None:
    rows.insert(
        "person",
        number=fact.member,
        kind=fact.member_kind,
        commitment=fact.commitment,
        votes_from=fact.votes_from,
        applied_at=fact.at,
        household=fact.household,
        member_body=fact.body,
        formerly=fact.formerly,
    )


@folds(roll.Admitted)
def admitted(rows: Rows, entry: Entry[Any], fact: roll.Admitted, place: int) -> None:
    rows.update("person", {"number": fact.member}, admitted_at=fact.at, admitted_by=fact.decision)


@folds(roll.MembershipEnded)
def membership_ended(rows: Rows, entry: Entry[Any], fact: roll.MembershipEnded, place: int) -> None:
    """With membership end the mandates and the presence in an assembly."""
    member = fact.member
    rows.run(
        "person",
        "ended_at = ?, ended_by = ?",
        "number = ? AND (ended_at = 0 OR ended_at > ?)",
        fact.at,
        fact.decision,
        member,
        fact.at,
    )
    rows.run(
        "mandate",
        "ended_at = ?, ended_by = ?, reason = ?",
        "member = ? AND ? < CASE WHEN ended_at = 0 THEN until ELSE ended_at END",
        fact.at,
        fact.decision,
        "membership-ended",
        member,
        fact.at,
    )
    if fact.at <= entry.at:
        rows.update("attendance", {"member": member, "until": 0}, until=fact.at)


@folds(roll.Charged)
def charged(rows: Rows, entry: Entry[Any], fact: roll.Charged, place: int) -> None:
    rows.insert(
        "charge",
        number=fact.charge,
        member=fact.member,
        by=entry.by.member,
        text=entry.act.text,
        at=fact.at,
    )


@folds(roll.Declared)
def declared(rows: Rows, entry: Entry[Any], fact: roll.Declared, place: int) -> None:
    """A declaration takes the place of the one before, of which what it leaves out has an end."""
    member, number, at = fact.member, fact.declaration, fact.at
    rows.update("person", {"number": member}, declared_at=at)
    for kin, degree, party in fact.ended:
        if kin:
            where: dict[str, Value] = {"member": member, "kin": kin, "degree": degree, "until": 0}
            rows.update("kin", where, until=at)
        else:
            rows.update("interest", {"member": member, "party": party, "until": 0}, until=at)
    for kin, degree, party in fact.added:
        if kin:
            rows.add("kin", member, kin, number, degree, at, 0, 0)
        else:
            rows.add("interest", member, party, number, at, 0)


@folds(roll.KinshipConfirmed)
def kinship_confirmed(
    rows: Rows, entry: Entry[Any], fact: roll.KinshipConfirmed, place: int
) -> None:
    where: dict[str, Value] = {"member": fact.member, "kin": fact.kin, "until": 0}
    rows.update("kin", where, confirmed=fact.confirmation)


@folds(roll.Moved)
def moved(rows: Rows, entry: Entry[Any], fact: roll.Moved, place: int) -> None:
    rows.update("person", {"number": fact.member}, household=fact.household)


@folds(authorship.KeyEnrolled)
def key_enrolled(rows: Rows, entry: Entry[Any], fact: authorship.KeyEnrolled, place: int) -> None:
    rows.insert(
        "key",
        key=fact.key,
        member=fact.member,
        public=fact.public,
        since=fact.since,
        number=entry.number,
    )


@folds(authorship.KeyEnds)
def key_ends(rows: Rows, entry: Entry[Any], fact: authorship.KeyEnds, place: int) -> None:
    rows.update("key", {"key": fact.key}, until=fact.until, revoked_at=fact.revoked_at)


# --- what ends from paper ---------------------------------------------------------------------


@folds(endings.EndingEntered)
def ending_entered(rows: Rows, entry: Entry[Any], fact: endings.EndingEntered, place: int) -> None:
    rows.insert(
        "ending",
        number=fact.ending,
        member=fact.member,
        kind=fact.kind,
        what=fact.what,
        at=fact.at,
        ends_at=fact.ends_at,
        due=fact.due,
    )


@folds(undoing.Undone)
def undone(rows: Rows, entry: Entry[Any], fact: undoing.Undone, place: int) -> None:
    rows.update("ending", {"number": fact.ending}, undone_at=fact.at)


@folds(undoing.MembershipKept)
def membership_kept(
    rows: Rows, entry: Entry[Any], fact: undoing.MembershipKept, place: int
) -> None:
    rows.update("person", {"number": fact.member}, ended_at=fact.until)


@folds(undoing.MandateKept)
def mandate_kept(rows: Rows, entry: Entry[Any], fact: undoing.MandateKept, place: int) -> None:
    kept: dict[str, str | int] = {"office": fact.office, "member": fact.member, "since": fact.since}
    reason: dict[str, str] = {} if fact.until else {"reason": ""}
    rows.update("mandate", kept | {"ended_at": fact.ended_at}, ended_at=fact.until, **reason)


# --- offices ----------------------------------------------------------------------------------


@folds(office.MandateGiven)
def mandate_given(rows: Rows, entry: Entry[Any], fact: office.MandateGiven, place: int) -> None:
    rows.insert(
        "mandate",
        number=entry.number,
        place=place,
        office=fact.office,
        member=fact.member,
        alternate=int(fact.alternate),
        since=fact.since,
        until=fact.until,
        decision=fact.decision,
        powers=" ".join(fact.powers),
    )


@folds(office.MandateEnded)
def mandate_ended(rows: Rows, entry: Entry[Any], fact: office.MandateEnded, place: int) -> None:
    rows.run(
        "mandate",
        "ended_at = ?, ended_by = ?, reason = ?, barred_until = ?",
        "office = ? AND member = ? AND since <= ?"
        " AND ? < CASE WHEN ended_at = 0 THEN until ELSE ended_at END",
        fact.at,
        fact.decision,
        fact.reason,
        fact.barred_until,
        fact.office,
        fact.member,
        fact.at,
        fact.at,
    )
    if fact.barred_until:  # whoever had resigned is barred all the same
        where: dict[str, Value] = {"office": fact.office, "member": fact.member}
        rows.update("mandate", where, barred_until=fact.barred_until)


@folds(office.PetitionOpened)
def petition_opened(rows: Rows, entry: Entry[Any], fact: office.PetitionOpened, place: int) -> None:
    rows.insert(
        "petition",
        number=fact.petition,
        office=fact.office,
        member=fact.member,
        by=fact.by,
        text=entry.act.text,
        at=fact.at,
    )


@folds(office.PetitionSupported)
def petition_supported(
    rows: Rows, entry: Entry[Any], fact: office.PetitionSupported, place: int
) -> None:
    rows.add("support", fact.petition, fact.by, fact.at)
    rows.run("petition", "supporters = supporters + 1", "number = ?", fact.petition)
    if fact.reached:
        rows.update("petition", {"number": fact.petition, "reached_at": 0}, reached_at=fact.at)


@folds(office.PetitionAnswered)
def petition_answered(
    rows: Rows, entry: Entry[Any], fact: office.PetitionAnswered, place: int
) -> None:
    rows.update("petition", {"number": fact.petition}, heard_at=fact.at, answer=entry.act.text)


@folds(office.PetitionDecided)
def petition_decided(
    rows: Rows, entry: Entry[Any], fact: office.PetitionDecided, place: int
) -> None:
    rows.update("petition", {"number": fact.petition}, decided=fact.decision)


# --- oversight --------------------------------------------------------------------------------


@folds(oversight.Complained)
def complained(rows: Rows, entry: Entry[Any], fact: oversight.Complained, place: int) -> None:
    rows.insert(
        "complaint",
        number=fact.complaint,
        kind=fact.kind,
        by=fact.by,
        about=fact.about,
        text=fact.text,
        at=fact.at,
        due=fact.due,
    )


@folds(oversight.Answered)
def answered(rows: Rows, entry: Entry[Any], fact: oversight.Answered, place: int) -> None:
    rows.update(
        "complaint",
        {"number": fact.complaint},
        answered=fact.answer,
        answered_by=fact.by,
        answered_at=fact.at,
        answer=fact.text,
    )


@folds(oversight.Observed)
def observed(rows: Rows, entry: Entry[Any], fact: oversight.Observed, place: int) -> None:
    rows.insert(
        "observation",
        number=fact.observation,
        about=fact.about,
        by=fact.by,
        text=fact.text,
        at=fact.at,
    )
