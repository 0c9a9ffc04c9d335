"""Books made by a clerk without a rule of votes: the proofs find what the guard would have
refused, each written from the law and not from the guard."""

import pytest

from comuna.audit.verify import verify
from comuna.rules import ballot, choosing, vote
from comuna.rules.choosing import CountBallots
from comuna.rules.contest import Papers
from comuna.rules.vote import CloseVote, CountHands, Vote
from tests.audit.story import names
from tests.rules.test_contests import contest
from tests.rules.village import MEMBERS, template


@pytest.fixture(scope="module")
def furnished(tmp_path_factory):
    return template(tmp_path_factory.mktemp("village"), "simple")


@pytest.fixture
def village(furnished, tmp_path):
    own = furnished.clone(tmp_path / "village.db")
    yield own
    own.close()


@pytest.fixture
def without(monkeypatch):
    """Switch a guard off."""

    def off(module, name, gives=None):
        monkeypatch.setattr(module, name, lambda *_args: gives)

    return off


def opened(v, method="roll-call", **more):
    proposal = v.propose()
    return v.do(v.chair, v.opening_vote(v.meet(proposal), proposal, method, **more))


def found(v):
    return names(verify(v.path))


def leave(v, number, members):
    v.check_out(v.state.ballots[number].assembly, members)


def test_a_roll_call_closed_after_one_vote_is_found(village, without):
    without(vote, "check_everyone_asked")
    number = opened(village)
    village.do(village.chair, Vote(ballot=number, choice="yes"))
    village.do(village.chair, CloseVote(ballot=number))
    assert found(village) == {"not_all_heard"}


def test_a_list_that_the_chair_alone_signed_is_found(village, without):
    without(ballot, "check_told")
    number = opened(village)
    act = CloseVote(ballot=number, unanswered=village.unanswered(number))
    village.do(village.chair, act)
    assert found(village) == {"list_unsigned"}


def test_a_list_that_names_somebody_who_voted_is_found(village, without):
    without(vote, "check_everyone_asked")
    number = opened(village)
    act = CloseVote(ballot=number, unanswered=(*village.unanswered(number), MEMBERS + 1))
    village.do(village.chair, act, village.tellers[0])
    assert found(village) == {"unanswered_misnamed"}


def test_an_hour_that_leaves_no_time_is_found(village, without):
    without(vote, "check_closing_hour")
    proposal = village.propose()
    assembly = village.meet(proposal)
    village.do(village.chair, village.opening_vote(assembly, proposal, closes_at=village.now + 1))
    assert found(village) == {"closing_hour_unlawful"}


def test_the_vote_of_somebody_who_had_left_is_found(village, without):
    without(vote, "check_entitled")
    number = opened(village)
    leave(village, number, [village.plain[0]])
    village.do(village.plain[0], Vote(ballot=number, choice="yes"))
    assert found(village) == {"not_present"}


@pytest.mark.parametrize("method", ["hands", "papers"])
def test_more_hands_or_papers_than_people_in_the_room_are_found(village, without, method):
    v = village
    without(vote, "voters_here", range(MEMBERS))
    without(choosing, "voters_here", range(MEMBERS))
    asked = contest("plurality") if method == "papers" else None
    proposal = v.propose(contest=asked)
    number = v.open_vote(v.meet(proposal), proposal, method)
    leave(v, number, v.plain[-5:])
    one, other = v.tellers
    papers = (Papers(marks={"1": 1}, number=MEMBERS),)
    hands = CountHands(ballot=number, yes=MEMBERS, no=0)
    v.do(one, CountBallots(ballot=number, papers=papers) if asked else hands, other)
    assert found(v) == {"ballots_exceed_voters"}


def test_a_count_told_by_the_chair_and_by_those_without_the_office_is_found(village, without):
    v = village
    without(vote, "check_tellers", ())
    number = opened(v, "hands")
    v.do(v.chair, CountHands(ballot=number, yes=20, no=0), v.plain[0])
    assert found(v) == {"tellers_missing"}


def test_a_count_without_the_tellers_in_office_who_were_there_is_found(village, without):
    v = village
    without(vote, "check_tellers", ())
    number = opened(v, "hands")
    v.do(v.plain[0], CountHands(ballot=number, yes=20, no=0), v.plain[1])
    assert found(v) == {"teller_not_in_office"}


def test_a_decision_of_a_few_is_none(village, monkeypatch):
    """Nothing is objected to when the few vote, and nothing can be done with what they voted."""
    v = village
    monkeypatch.setattr(vote, "takers_needed", lambda *_: 0)
    proposal = v.propose(v.authorisation())
    assembly = v.meet(proposal)
    number = v.open_vote(assembly, proposal)
    v.do(v.plain[0], Vote(ballot=number, choice="yes"))
    v.close_vote(number)
    v.adjourn(assembly)
    v.pass_window()
    v.put_in_force(proposal)
    assert found(v) == {"decision_not_adopted"}
