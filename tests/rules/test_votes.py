"""An assembly decides only what it was called for, with quorum, by those entitled, once each."""

import pytest

from comuna.rules.amendment import AmendStatute, Change
from comuna.rules.assembly import (
    Adjourn,
    CallAssembly,
    CheckIn,
    CloseAssembly,
)
from comuna.rules.assets import DisposeAsset, RegisterAsset
from comuna.rules.office import Elect
from comuna.rules.period import ApproveAccounts
from comuna.rules.proposal import Propose, Withdraw
from comuna.rules.roll import Apply
from comuna.rules.state import DAY
from comuna.rules.vote import CloseVote, CountHands, Dissent, Vote
from tests.rules.meetings import OPENING, calling, opening_vote
from tests.rules.village import MEMBERS, each_pack, paper, public

# --- the vote ---------------------------------------------------------------------------------


@each_pack
def test_an_off_agenda_vote_is_refused(village):
    v = village
    called, sprung = v.propose(), v.propose()
    assembly = v.meet(called)
    said = v.refused("off_agenda", lambda: v.send(v.chair, opening_vote(v, assembly, sprung)))
    assert said.article


@each_pack
def test_a_vote_before_the_assembly_opens_is_refused(village):
    v = village
    proposal = v.propose()
    assembly = v.call(proposal)
    v.enter(assembly)
    v.refused("assembly_not_open", lambda: v.send(v.chair, opening_vote(v, assembly, proposal)))


@each_pack
def test_a_vote_on_another_text_than_the_proposal_is_refused(village):
    v = village
    proposal = v.propose(v.authorisation())
    assembly = v.meet(proposal)
    altered = opening_vote(v, assembly, proposal, digest="0" * 64)
    v.refused("question_altered", lambda: v.send(v.chair, altered))


@each_pack
def test_a_non_member_does_not_vote(village):
    v = village
    applicant = MEMBERS + 1
    apply = Apply(commitment="a" * 64, member_kind=v.law.members.kinds[0].id, key=public(applicant))
    v.do(applicant, apply)
    proposal = v.propose()
    ballot = v.open_vote(v.meet(proposal), proposal)
    v.refused("not_a_member", lambda: v.send(applicant, Vote(ballot=ballot, choice="yes")))


@each_pack
def test_who_came_after_the_vote_opened_does_not_vote_in_it(village):
    v = village
    proposal = v.propose()
    late = MEMBERS
    assembly = v.meet(proposal, members=range(1, MEMBERS))
    ballot = v.open_vote(assembly, proposal)
    v.do(late, CheckIn(assembly=assembly, members=(late,)))
    late_vote = Vote(ballot=ballot, choice="yes")
    v.refused("not_entitled_to_this_vote", lambda: v.send(late, late_vote))


@each_pack
def test_those_who_kept_the_money_do_not_vote_on_the_accounts(village):
    v = village
    proposal = v.propose(ApproveAccounts(period=v.close_year()))
    ballot = v.open_vote(v.meet(proposal), proposal)
    barred = v.treasurer
    assert v.approvers[0] not in v.state.ballots[ballot].entitled
    v.refused("not_entitled_to_this_vote", lambda: v.send(barred, Vote(ballot=ballot, choice="no")))


def test_a_payee_and_their_kin_do_not_vote_on_their_own_authorisation(village):
    v = village
    payee = v.plain[0]
    proposal = v.propose(v.authorisation(payee=f"member:{payee}"))
    ballot = v.open_vote(v.meet(proposal), proposal)
    own = Vote(ballot=ballot, choice="yes")
    v.refused("not_entitled_to_this_vote", lambda: v.send(payee, own))


@each_pack
def test_nobody_votes_twice(village):
    v = village
    proposal = v.propose()
    ballot = v.open_vote(v.meet(proposal), proposal)
    voter = v.plain[0]
    v.do(voter, Vote(ballot=ballot, choice="yes"))
    v.refused("voted_twice", lambda: v.send(voter, Vote(ballot=ballot, choice="no")))


@each_pack
def test_nobody_votes_after_the_close(village):
    v = village
    proposal = v.propose()
    assembly = v.meet(proposal)
    ballot = v.vote(assembly, proposal)
    voter = v.plain[0]
    v.refused("vote_closed", lambda: v.send(voter, Vote(ballot=ballot, choice="no")))
    v.refused("vote_closed", lambda: v.send(v.chair, CloseVote(ballot=ballot)))
    v.adjourn(assembly)
    v.refused("assembly_closed", lambda: v.send(voter, Vote(ballot=ballot, choice="no")))
    v.refused("vote_unknown", lambda: v.send(voter, Vote(ballot=1, choice="no")))


def counted(ballot, yes, no=0, **more):
    return CountHands(ballot=ballot, yes=yes, no=no, **more)


@each_pack
def test_a_count_of_hands_without_its_tellers_is_refused(village):
    v = village
    proposal = v.propose()
    ballot = v.open_vote(v.meet(proposal), proposal, method="hands")
    one, other = v.holders("tell")[:2]
    v.refused("tellers_missing", lambda: v.send(one, counted(ballot, 20)))
    v.do(one, counted(ballot, 20), other)


@each_pack
def test_more_hands_than_people_are_refused(village):
    v = village
    proposal = v.propose()
    ballot = v.open_vote(v.meet(proposal), proposal, method="hands")
    one, other = v.holders("tell")[:2]
    many = counted(ballot, MEMBERS, 1)
    v.refused("more_hands_than_people", lambda: v.send(one, many, other))
    negative = counted(ballot, MEMBERS, -1)
    v.refused("count_negative", lambda: v.send(one, negative, other))


def test_hands_and_roll_call_are_not_mixed(village):
    v = village
    proposal = v.propose()
    assembly = v.meet(proposal)
    ballot = v.open_vote(assembly, proposal, method="hands")
    v.refused("other_method", lambda: v.send(v.plain[0], Vote(ballot=ballot, choice="yes")))
    other = v.propose()
    v.refused("vote_still_open", lambda: v.send(v.chair, opening_vote(v, assembly, other)))
    v.refused("vote_still_open", lambda: v.send(v.chair, CloseAssembly(assembly=assembly)))
    v.refused(
        "vote_still_open", lambda: v.send(v.chair, Adjourn(assembly=assembly, until=v.now + 9))
    )


def test_nobody_is_in_two_assemblies_at_once(village):
    v = village
    first, second = (v.do(v.chair, calling(v, OPENING)) for _ in range(2))
    v.wait(days=7)
    v.enter(first)
    twice = CheckIn(assembly=second, members=(v.chair,))
    v.refused("present_elsewhere", lambda: v.send(v.chair, twice))
    v.check_out(first, [v.chair])
    v.do(v.chair, twice)


@pytest.mark.parametrize(
    ("yes", "no", "adopted"), [(12, 12, False), (13, 11, True), (7, 5, True), (6, 6, False)]
)
def test_a_simple_majority_of_valid_votes_carries(village, yes, no, adopted):
    v = village
    proposal = v.propose()
    ballot = v.open_vote(v.meet(proposal), proposal, method="hands")
    one, other = v.holders("tell")[:2]
    v.do(one, counted(ballot, yes, no), other)
    assert v.state.proposals[proposal].outcome.adopted is adopted


def test_a_tie_in_an_election_is_voted_again(village):
    v = village
    proposal = v.propose(Elect(office="treasurer", members=(v.plain[0],)))
    assembly = v.meet(proposal)
    one, other = v.holders("tell")[:2]
    v.do(one, counted(v.open_vote(assembly, proposal, "hands"), 12, 12), other)
    assert v.state.proposals[proposal].outcome.tie
    v.do(one, counted(v.open_vote(assembly, proposal, "hands"), 13, 11), other)
    assert v.state.proposals[proposal].outcome.adopted


# --- proposals --------------------------------------------------------------------------------


@each_pack
def test_a_proposal_needs_its_words_and_a_member_who_votes(village):
    v = village
    mute = Propose(title="Roof", text=" ")
    v.refused("text_missing", lambda: v.send(v.plain[0], mute))
    nowhere = Propose(title="Roof", text="Yes", responsible="ministry")
    v.refused("office_unknown", lambda: v.send(v.plain[0], nowhere))
    undated = Propose(title="Roof", text="Yes", due="soon")
    v.refused("date_malformed", lambda: v.send(v.plain[0], undated))


@each_pack
def test_only_the_proposer_withdraws_and_only_before_the_vote(village):
    v = village
    proposer, other = v.plain[:2]
    proposal = v.propose(member=proposer)
    v.refused("proposal_of_another", lambda: v.send(other, Withdraw(proposal=proposal)))
    assembly = v.meet(proposal)
    v.open_vote(assembly, proposal)
    v.refused("proposal_already_decided", lambda: v.send(proposer, Withdraw(proposal=proposal)))


def test_a_withdrawn_proposal_is_not_voted(village):
    v = village
    proposal = v.propose()
    assembly = v.meet(proposal)
    v.do(v.plain[0], Withdraw(proposal=proposal))
    v.refused(
        "proposal_already_decided", lambda: v.send(v.chair, opening_vote(v, assembly, proposal))
    )
    assert v.standing(proposal) == "withdrawn"


# --- ties, and matters that need more people --------------------------------------------------


def casting(v):
    """A vote by hands under a statute that gives the chair a casting vote."""
    change = Change(place="majorities.default.tie", value="chair")
    v.decide(AmendStatute(changes=(change,)))
    proposal = v.propose()
    return proposal, v.open_vote(v.meet(proposal), proposal, method="hands")


def test_a_tie_is_broken_by_the_chair_who_signs_the_count(village):
    v = village
    proposal, ballot = casting(v)
    one, other = v.holders("tell")[:2]
    v.refused("casting_vote_missing", lambda: v.send(one, counted(ballot, 12, 12), other))
    broken = counted(ballot, 12, 12, casting="yes")
    v.refused("casting_not_by_the_chair", lambda: v.send(one, broken, other))
    v.do(one, broken, other, v.chair)
    assert v.state.proposals[proposal].outcome.adopted


def test_a_casting_vote_against_rejects(village):
    v = village
    proposal, ballot = casting(v)
    one, other = v.holders("tell")[:2]
    v.do(one, counted(ballot, 12, 12, casting="no"), other, v.chair)
    assert not v.state.proposals[proposal].outcome.adopted


def test_a_matter_may_need_more_people_than_the_call(village):
    v = village
    change = Change(place="majorities.dispose-asset.quorum", value="3/4")
    v.decide(AmendStatute(changes=(change,)))
    v.do(v.treasurer, RegisterAsset(**PRESS), v.second)
    proposal = v.propose(DisposeAsset(name="press", payee="Buyer", price=5))
    assembly = v.meet(proposal, members=range(1, 18))
    sent = opening_vote(v, assembly, proposal)
    said = v.refused("no_quorum_for_matter", lambda: v.send(v.chair, sent))
    assert said.params == {"present": 17, "needed": 18, "matter": "dispose-asset"}
    v.enter(assembly, [18])
    v.do(v.chair, sent)


PRESS = {
    "name": "press",
    "category": "tools",
    "title": paper("title"),
    "in_name_of_body": True,
}


def test_dissent_is_recorded_after_the_vote(village):
    v = village
    proposal = v.propose()
    v.meet(proposal)
    early = Dissent(decision=proposal, text="no")
    v.refused("not_decided", lambda: v.send(v.plain[0], early))


def test_a_call_says_where_and_on_a_day_of_some_calendar(village):
    v = village
    nowhere = CallAssembly(starts_at=v.now + 8 * DAY, place=" ", agenda=(OPENING,))
    v.refused("place_missing", lambda: v.send(v.chair, nowhere))
    never = CallAssembly(starts_at=2**50, place="School", agenda=(OPENING,))
    v.refused("moment_out_of_range", lambda: v.send(v.chair, never))
