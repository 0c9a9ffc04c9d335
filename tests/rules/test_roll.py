"""Who belongs, what they put in, and how they ask for accounts."""

import msgspec
import pytest

from comuna import pen
from comuna.rules.office import Elect
from comuna.rules.oversight import Answer, AskAccounts, Complain, Observe
from comuna.rules.production import Deliver, LogWork, Worked
from comuna.rules.proposal import Propose
from comuna.rules.roll import Admit, Apply, Charge, Declare, Exclude, Kin
from comuna.rules.vote import OpenVote, Vote
from tests.rules.village import (
    MEMBERS,
    START,
    each_pack,
    founding_act,
    law_of,
    number_of,
    public,
    seed,
)

PROPOSAL = Propose(title="Roof", text="Mend it.")


# --- the roll ---------------------------------------------------------------------------------


@each_pack
def test_an_applicant_takes_the_next_number_and_signs_with_the_key_they_bring(village):
    v = village
    number = MEMBERS + 1
    kind = v.law.members.kinds[0].id
    apply = Apply(commitment="a" * 64, member_kind=kind, key=public(number))
    v.refused("applicant_number", lambda: v.send(number + 1, other_key(apply, number + 1)))
    v.refused("signature_of_a_stranger", lambda: v.send(number, other_key(apply, number + 1)))
    unknown = msgspec.structs.replace(apply, member_kind="ghost")
    v.refused("member_kind_unknown", lambda: v.send(number, unknown))
    bare = msgspec.structs.replace(apply, commitment="Ana")
    v.refused("commitment_malformed", lambda: v.send(number, bare))
    unborn = msgspec.structs.replace(apply, votes_from=2**50)
    v.refused("moment_out_of_range", lambda: v.send(number, unborn))
    v.do(number, apply)
    v.decide(Admit(member=number))
    assert v.state.people[number].member_at(v.now)


@each_pack
def test_an_application_that_no_member_takes_up_stays_outside_the_book(village):
    v = village
    number = MEMBERS + 1
    kind = v.law.members.kinds[0].id
    apply = Apply(commitment="a" * 64, member_kind=kind, key=public(number))
    alone = pen.signed(v.body, number, apply, v.nonce(), {number: seed(number)})
    v.refused("not_taken_up", lambda: v.clerk.submit(alone))


def other_key(apply, member):
    return msgspec.structs.replace(apply, key=public(member))


def test_a_body_applies_once(village):
    v = village
    number = MEMBERS + 1
    body = Apply(commitment="a" * 64, member_kind="body", body="0" * 32, key=public(number))
    v.do(number, body)
    again = msgspec.structs.replace(body, key=public(number + 1))
    v.refused("body_on_the_roll_already", lambda: v.send(number + 1, again))


@each_pack
def test_nobody_is_admitted_without_applying_or_twice(village):
    v = village
    for member in (1, 99):
        admit = v.proposal(Admit(member=member))
        v.refused("not_an_applicant", lambda a=admit: v.send(v.plain[0], a))


@each_pack
def test_an_exclusion_without_its_charge_is_refused(village):
    v = village
    accused = v.plain[1]
    for charge in (0, 1):
        exclude = v.proposal(Exclude(member=accused, charge=charge))
        v.refused("exclusion_without_charge", lambda e=exclude: v.send(v.plain[0], e))
    mute = Charge(member=accused, text=" ")
    v.refused("text_missing", lambda: v.send(v.plain[0], mute))


@each_pack
def test_an_exclusion_before_the_days_of_hearing_is_refused(village):
    v = village
    accused = v.plain[1]
    charge = v.do(v.plain[0], Charge(member=accused, text="took the tools"))
    proposal = v.propose(Exclude(member=accused, charge=charge))
    assembly = v.meet(proposal)
    needed = v.law.members.exclusion_hearing_days
    assert v.law.assembly.notice_days < needed
    digest = v.state.proposals[proposal].digest
    vote = OpenVote(assembly=assembly, proposal=proposal, digest=digest, method="roll-call")
    v.refused("hearing_days_missing", lambda: v.send(v.chair, vote))


@each_pack
def test_the_accused_does_not_escape_by_being_charged_again(village):
    v = village
    accused = v.plain[1]
    charge = v.do(v.plain[0], Charge(member=accused, text="took the tools"))
    proposal = v.propose(Exclude(member=accused, charge=charge))
    v.wait(days=v.law.members.exclusion_hearing_days)
    v.do(accused, Charge(member=accused, text="sang out of tune"))
    assembly = v.meet(proposal)
    v.vote(assembly, proposal)
    v.adjourn(assembly)
    v.pass_window()
    v.put_in_force(proposal)
    assert not v.state.people[accused].member_at(v.now)
    v.refused("not_a_member", lambda: v.send(accused, PROPOSAL))


def test_a_kinship_is_to_somebody_else_on_the_roll(village):
    v = village
    member = v.plain[0]
    for rule, kin in [
        ("kinship_malformed", Kin(member=member, degree=1)),
        ("kinship_malformed", Kin(member=1, degree=0)),
        ("not_a_member", Kin(member=99, degree=1)),
    ]:
        v.refused(rule, lambda k=kin: v.send(member, Declare(kin=(k,))))


# --- work and deliveries ----------------------------------------------------------------------


@each_pack
def test_nobody_writes_their_own_hours_alone_nor_more_than_a_day_has(village):
    v = village
    one, other = v.plain[:2]

    def log(minutes, date=""):
        rows = (Worked(member=one, minutes=minutes),)
        return LogWork(date=date or v.today, production_unit="mill", task="grinding", work=rows)

    v.refused("confirmation_missing", lambda: v.send(one, log(60)))
    v.refused("minutes_impossible", lambda: v.send(one, log(961), other))
    v.refused("minutes_impossible", lambda: v.send(one, log(0), other))
    v.do(one, log(600), other)
    v.refused("minutes_impossible", lambda: v.send(one, log(361), other))
    v.do(one, log(360), other)
    v.refused("date_in_the_future", lambda: v.send(one, log(60, "2026-12-01"), other))


def test_a_delivery_is_of_something_by_a_member(village):
    v = village
    v.set_prices()
    one, other = v.plain[0], v.treasurer
    right = {
        "date": v.today,
        "member": one,
        "product": "cacao",
        "quantity": 5000,
        "measure": "g",
    }
    for rule, change in [
        ("quantity_not_positive", {"quantity": 0}),
        ("price_missing", {"product": " "}),
        ("not_a_member", {"member": 99}),
    ]:
        act = Deliver(**{**right, **change})
        v.refused(rule, lambda a=act: v.send(one, a, other))
    v.refused("receiver_missing", lambda: v.send(one, Deliver(**right)))
    v.do(one, Deliver(**right), other)


# --- oversight --------------------------------------------------------------------------------


@each_pack
def test_complaints_are_answered_once_by_those_asked_and_not_by_the_complainer(village):
    v = village
    office = v.state.mandates[v.treasurer][0].office
    complaint = v.do(v.plain[0], Complain(about=office, text="no accounts"))
    answer = Answer(complaint=complaint, text="here they are")
    v.refused("not_responsible", lambda: v.send(v.plain[1], answer))
    v.do(v.treasurer, answer)
    v.refused("complaint_answered", lambda: v.send(v.overseer, answer))
    v.refused("complaint_unknown", lambda: v.send(v.overseer, Answer(complaint=1, text="so")))
    v.refused("office_unknown", lambda: v.send(v.plain[0], Complain(about="king", text="so")))
    v.refused("office_unknown", lambda: v.send(v.plain[0], AskAccounts(about="", text="so")))
    own = v.do(v.overseer, Complain(about=office, text="no accounts"))
    v.refused("not_responsible", lambda: v.send(v.overseer, Answer(complaint=own, text="so")))


@each_pack
def test_only_those_who_oversee_observe_and_only_what_is_in_the_book(village):
    v = village
    note = Observe(about=1, text="seen")
    v.refused("no_mandate", lambda: v.send(v.plain[0], note))
    ahead = Observe(about=v.state.head + 1, text="seen")
    v.refused("act_unknown", lambda: v.send(v.overseer, ahead))
    v.do(v.overseer, note)


def test_a_body_is_admitted_as_a_member_and_votes_with_its_own_key(village):
    v = village
    number = MEMBERS + 1
    apply = Apply(commitment="a" * 64, member_kind="body", body="0" * 32, key=public(number))
    v.do(number, apply)
    v.decide(Admit(member=number))
    proposal = v.propose(member=number)
    ballot = v.open_vote(v.meet(proposal), proposal)
    v.do(number, Vote(ballot=ballot, choice="yes"))
    assert v.state.ballots[ballot].cast == {number: "yes"}
    seat = v.proposal(Elect(office="tellers", members=(number,)))
    v.refused("kind_holds_no_office", lambda: v.send(v.plain[0], seat))


def test_who_applied_on_paper_acts_on_paper_until_they_have_a_key(village):
    v = village
    number = MEMBERS + 1
    apply = Apply(commitment="a" * 64, member_kind="member")
    assert number_of(v.on_paper(number, apply)) > 0
    v.decide(Admit(member=number))
    number_of(v.on_paper(number, PROPOSAL))
    v.enrol(number, public(number))
    v.wait(days=v.law.members.key_waiting_days)
    v.do(number, PROPOSAL)


@pytest.mark.parametrize(("since", "until"), [("2026-01-02", ""), ("2000-01-01", "2025-12-31")])
def test_nobody_founds_on_a_statute_that_is_not_in_force(village, since, until):
    v = village
    law = msgspec.structs.replace(law_of(v.pack), valid_from=since, valid_until=until)
    act = msgspec.structs.replace(founding_act(v.pack, name="Elsewhere"), statute=law)
    v.now = START
    sent = pen.founding(act, {n: seed(n) for n in range(1, MEMBERS + 1)}, "founding")
    v.refused("statute_not_in_force", lambda: v.clerk.submit(sent))


def test_nobody_founds_on_an_unsound_statute(village):
    v = village
    law = law_of(v.pack)
    calls = (msgspec.structs.replace(law.assembly.calls[0], at_least="", more_than="3/2"),)
    unsound = msgspec.structs.replace(
        law, assembly=msgspec.structs.replace(law.assembly, calls=calls)
    )
    act = msgspec.structs.replace(founding_act(v.pack, name="Elsewhere"), statute=unsound)
    sent = pen.founding(act, {n: seed(n) for n in range(1, MEMBERS + 1)}, "founding")
    v.refused("statute_unsound", lambda: v.clerk.submit(sent))
