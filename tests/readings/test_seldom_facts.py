"""What seldom happens in a year, held against the state of the rules: keys stopped before they
begin, an officer who leaves, a challenge confirmed, a report not accepted, a mix of measures."""

from __future__ import annotations

import hashlib

import pytest

from comuna.book import keys
from comuna.readings.law import restored
from comuna.readings.query import one, rows
from comuna.readings.rebuild import differences
from comuna.rules.authorship import RevokeKey
from comuna.rules.decision import (
    AcceptExecution,
    Challenge,
    Confirm,
    ReportExecution,
    decision_state,
)
from comuna.rules.names import key_id
from comuna.rules.roll import Leave
from tests.rules.village import template


@pytest.fixture
def village(tmp_path):
    made = template(tmp_path, "simple").clone(tmp_path / "village.db")
    yield made
    assert differences(made.database, made.body) == []
    made.close()


def keys_agree(village):
    found = {k["key"]: k for k in rows(village.database, village.body, "key")}
    assert found.keys() == village.state.keys.keys()
    for name, key in village.state.keys.items():
        row = found[name]
        assert (row["member"], row["since"], row["until"] or None) == (
            key.member,
            key.since,
            key.until,
        )


def test_a_key_that_is_stopped_before_it_begins_gives_the_old_one_back(village):
    member = village.plain[0]
    public = keys.to_wire(keys.public_key(hashlib.sha256(b"new").digest()))
    village.enrol(member, public)
    keys_agree(village)
    old = next(k for k in rows(village.database, village.body, "key", member=member) if k["until"])
    village.do(member, RevokeKey(key=key_id(public)))
    keys_agree(village)
    assert one(village.database, village.body, "key", key=old["key"])["until"] == 0


def test_whoever_leaves_leaves_office_and_assembly(village):
    leaving = village.treasurer
    assembly = village.call(village.propose())
    village.enter(assembly)
    village.do(leaving, Leave())
    again = restored(village.database, village.body)
    assert again.mandates == village.state.mandates
    assert not again.holds(leaving, "keep-accounts", village.now)
    (mandate,) = rows(village.database, village.body, "mandate", member=leaving)
    assert mandate["reason"] == "membership-ended"
    (stay,) = rows(village.database, village.body, "attendance", member=leaving, assembly=assembly)
    assert stay["until"] == village.now


def stands(village, decision):
    """The state of a decision as the readings give it, which is as the judge sees it."""
    again = restored(village.database, village.body)
    state = decision_state(again, again.proposals[decision], village.now)
    assert state == village.standing(decision)
    return state


def test_a_challenge_suspends_and_the_assembly_confirms(village):
    (decision,) = village.decide_all((village.authorisation(),), enact=False)
    assert stands(village, decision) == "waiting"
    village.do(village.overseer, Challenge(decision=decision, reason="too dear"))
    assert stands(village, decision) == "suspended"
    confirming = village.decide(Confirm(decision=decision))
    assert stands(village, decision) in ("waiting", "adopted", "in_force")
    (challenge,) = rows(village.database, village.body, "challenge")
    assert (challenge["suspends"], challenge["confirmed_by"]) == (1, confirming)


def test_a_report_that_is_not_accepted_is_to_be_made_again(village):
    decision = village.decide(village.authorisation())
    village.do(village.treasurer, ReportExecution(decision=decision, text="done"))
    refused = village.decide(AcceptExecution(decision=decision, accepted=False))
    row = one(village.database, village.body, "proposal", number=decision)
    assert (row["reported_at"], row["accepted"], row["accepted_by"]) == (0, "no", refused)
    assert stands(village, decision) == "in_force"
    village.do(village.treasurer, ReportExecution(decision=decision, text="now truly"))
    village.decide(AcceptExecution(decision=decision, accepted=True))
    assert stands(village, decision) == "executed"
    again = restored(village.database, village.body).proposals[decision]
    assert again.reported_at == village.state.proposals[decision].reported_at
    assert len(rows(village.database, village.body, "execution", decision=decision)) == 2


def test_an_adopted_amendment_takes_the_place_of_the_text(village):
    proposal = village.propose(village.authorisation())
    amendment = village.propose(village.authorisation(limit=7), amends=proposal, title="Less")
    assembly = village.meet(proposal)
    village.vote(assembly, amendment)
    row = one(village.database, village.body, "proposal", number=proposal)
    other = one(village.database, village.body, "proposal", number=amendment)
    for name in ("title", "text", "effects", "digest", "matters"):
        assert row[name] == other[name]
    assert row["amended_by"] == amendment
    assert restored(village.database, village.body).proposals[proposal].effects[0].limit == 7


def test_a_surplus_shared_by_a_mix_of_measures(village):
    period = village.year()
    mix = {"hours": "1/3", "equal": "2/3"}
    decision = village.decide(village.sharing(period, key=mix))
    row = one(village.database, village.body, "period", number=period)
    assert (row["allocated"], row["key"]) == (decision, "equal:2/3 hours:1/3")
    allotted = rows(village.database, village.body, "allocation", period=period)
    people = [
        s for s in rows(village.database, village.body, "destination") if s["fund"] == "members"
    ]
    assert sum(a["amount"] for a in allotted) == sum(s["amount"] for s in people) > 0
