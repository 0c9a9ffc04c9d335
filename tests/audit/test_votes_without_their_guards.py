"""Books made by a clerk without a rule of votes: the proofs find what the guard would have
refused, each written from the law and not from the guard."""

import msgspec
import pytest

from comuna.audit.verify import verify
from comuna.rules import ballot, choosing, vote
from comuna.rules.choosing import CountBallots
from comuna.rules.contest import Papers
from comuna.rules.vote import CloseVote, CountHands, Vote
from tests.audit.story import names
from tests.rules.test_contests import contest
from tests.rules.test_too_few_left import asked, teller
from tests.rules.village import MEMBERS


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


def test_a_vote_of_the_few_whose_own_case_it_is_not_is_found(village, without):
    """Where the statute has the body above decide."""
    v = village
    opening, _ = asked(v, "above")
    without(vote, "let_in", frozenset())
    v.do(v.chair, opening)
    assert found(v) == {"too_few_left"}


def test_kin_let_in_by_nobody_are_found(village, without):
    v = village
    opening, kin = asked(v, "lot")
    without(vote, "let_in", frozenset(kin[1:2]))
    v.do(v.chair, opening)
    assert found(v) == {"lot_missing"}


def test_kin_let_in_by_another_hand_than_the_lots_are_found(village, monkeypatch):
    v = village
    opening, kin = asked(v, "lot")
    drawn, undrawn = [], []

    def friends(*_args):
        drawn.extend(by_lot(*_args))
        undrawn.extend(m for m in kin[1:] if m not in drawn)
        return frozenset(undrawn[:1])

    by_lot = vote.let_in
    monkeypatch.setattr(vote, "let_in", friends)
    opening = msgspec.structs.replace(opening, dice="1 2 3 4 5")
    number = v.do(v.chair, opening, teller(v, kin))
    v.do(undrawn[0], Vote(ballot=number, choice="yes"))
    assert found(v) == {"not_entitled"}


def test_dice_that_let_somebody_in_without_a_teller_are_found(village, without):
    v = village
    opening, _ = asked(v, "lot")
    without(vote, "check_told")
    v.do(v.chair, msgspec.structs.replace(opening, dice="1 2 3 4 5"))
    assert found(v) == {"list_unsigned"}


def test_the_payee_and_the_nearest_are_not_let_in(village, monkeypatch):
    v = village
    opening, kin = asked(v, "lot")
    monkeypatch.setattr(vote, "let_in", lambda *_: frozenset(kin[:1]))
    opening = msgspec.structs.replace(opening, dice="1 2 3 4 5")
    number = v.do(v.chair, opening, teller(v, kin))
    v.do(kin[0], Vote(ballot=number, choice="yes"))
    assert found(v) == {"not_entitled"}
