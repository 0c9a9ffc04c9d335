"""A decision needs the people: a roll call ends when everyone was asked, and a few decide nothing
for those who are there."""

import pytest

from comuna.audit.verify import verify
from comuna.rules.amendment import AmendStatute, Change
from comuna.rules.choosing import CountBallots
from comuna.rules.contest import Papers
from comuna.rules.vote import CloseVote, CountHands, Vote
from tests.rules.test_contests import contest
from tests.rules.village import HOUR, MEMBERS

each_law = pytest.mark.parametrize(
    "pack", ["simple", "br-5764-1971", "ve-comunas-2010", "us-colab", "es-27-1999"]
)
FLOOR = MEMBERS // 2


@pytest.fixture(autouse=True)
def proven(village):
    """What the guards let in here, the proofs prove."""
    yield
    report = verify(village.path)
    assert [(f.where, f.name, f.en) for f in report.findings] == []


def voting(v, method="roll-call", **more):
    """A motion open to the vote, everyone there: (proposal, vote)."""
    proposal = v.propose()
    assembly = v.meet(proposal)
    return proposal, v.do(v.chair, v.opening_vote(assembly, proposal, method, **more))


def answer(v, ballot, members, choice="yes"):
    for member in members:
        v.do(member, Vote(ballot=ballot, choice=choice))


def leave(v, ballot, members):
    v.check_out(v.state.ballots[ballot].assembly, members)


def outcome(v, proposal):
    return v.state.proposals[proposal].outcome


# --- the end of a roll call -------------------------------------------------------------------


@each_law
def test_the_chair_does_not_close_a_roll_call_with_their_own_vote_alone(village):
    v = village
    _, ballot = voting(v)
    answer(v, ballot, [v.chair])
    said = v.refused("not_all_heard", lambda: v.send(v.chair, CloseVote(ballot=ballot)))
    assert len(said.params["members"].split(", ")) == MEMBERS - 1


@each_law
def test_a_few_who_took_part_decide_nothing_and_it_is_voted_again(village):
    """Even where the list of those who gave no answer is in order."""
    v = village
    proposal, ballot = voting(v)
    answer(v, ballot, v.plain[: FLOOR - 1])
    v.close_vote(ballot)
    found = outcome(v, proposal)
    assert (found.adopted, found.few, v.standing(proposal)) == (False, True, "on_agenda")
    again = v.open_vote(v.state.ballots[ballot].assembly, proposal)
    answer(v, again, sorted(v.state.ballots[again].entitled)[: FLOOR + 1])
    v.close_vote(again)
    assert outcome(v, proposal).adopted


def test_the_list_of_those_who_gave_no_answer_is_signed_by_a_teller(village):
    v = village
    _, ballot = voting(v)
    answer(v, ballot, v.plain[:2])
    act = CloseVote(ballot=ballot, unanswered=v.unanswered(ballot))
    v.refused("list_unsigned_by_teller", lambda: v.send(v.chair, act))
    v.refused("list_unsigned_by_teller", lambda: v.send(v.chair, act, v.secretary, *v.plain[:3]))
    v.do(v.chair, act, v.tellers[0])


def test_where_no_teller_is_there_two_without_an_office_sign_the_list(village):
    v = village
    _, ballot = voting(v)
    leave(v, ballot, v.holders("tell"))
    act = CloseVote(ballot=ballot, unanswered=v.unanswered(ballot))
    officers = (v.secretary, v.treasurer)
    v.refused("list_unsigned_by_two", lambda: v.send(v.chair, act, *officers, v.plain[0]))
    v.do(v.chair, act, *v.plain[:2])


def test_the_list_names_only_those_who_could_have_answered(village):
    v = village
    _, ballot = voting(v)
    voted, gone = v.plain[:2]
    answer(v, ballot, [voted])
    leave(v, ballot, [gone])
    silent = v.unanswered(ballot)
    for wrong in ((*silent, voted), (*silent, gone), (*silent, silent[0]), (*silent, 99)):
        act = CloseVote(ballot=ballot, unanswered=wrong)
        v.refused("unanswered_misnamed", lambda a=act: v.send(v.chair, a, v.tellers[0]))


@each_law
def test_a_fixed_hour_ends_a_roll_call_and_not_a_minute_before(village):
    v = village
    minutes = v.law.assembly.vote_minutes
    soon = v.now + v.law.assembly.notice_days * 86_400 + HOUR + minutes * 60
    proposal = v.propose()
    assembly = v.meet(proposal)
    v.refused(
        "closing_hour_too_soon",
        lambda: v.send(v.chair, v.opening_vote(assembly, proposal, closes_at=v.now + 60)),
    )
    by_hands = v.opening_vote(assembly, proposal, "hands", closes_at=soon + HOUR)
    v.refused("hour_without_roll_call", lambda: v.send(v.chair, by_hands))
    closes_at = v.now + minutes * 60
    ballot = v.do(v.chair, v.opening_vote(assembly, proposal, closes_at=closes_at))
    answer(v, ballot, sorted(v.state.ballots[ballot].entitled)[: FLOOR + 1])
    v.now = closes_at - 1
    v.refused("not_all_heard", lambda: v.send(v.chair, CloseVote(ballot=ballot)))
    v.now = closes_at
    v.do(v.chair, CloseVote(ballot=ballot))
    assert outcome(v, proposal).adopted


# --- who has left, and who is there -----------------------------------------------------------


@each_law
def test_those_who_went_home_do_not_outvote_those_who_stayed(village):
    v = village
    _, ballot = voting(v)
    gone = v.plain[-5:]
    leave(v, ballot, gone)
    v.refused("left_the_vote", lambda: v.send(gone[0], Vote(ballot=ballot, choice="yes")))


def test_hands_are_no_more_than_the_people_in_the_room(village):
    v = village
    _, ballot = voting(v, "hands")
    leave(v, ballot, v.plain[-5:])
    one, other = v.tellers
    counted = CountHands(ballot=ballot, yes=MEMBERS - 4, no=0)
    said = v.refused("more_hands_than_people", lambda: v.send(one, counted, other))
    assert said.params["present"] == MEMBERS - 5
    v.do(one, CountHands(ballot=ballot, yes=MEMBERS - 5, no=0), other)


def test_papers_are_no_more_than_the_people_in_the_room(village):
    v = village
    proposal = v.propose(contest=contest("plurality"))
    ballot = v.open_vote(v.meet(proposal), proposal, "papers")
    leave(v, ballot, v.plain[-5:])
    one, other = v.tellers
    papers = (Papers(marks={"1": 1}, number=MEMBERS),)
    act = CountBallots(ballot=ballot, papers=papers)
    v.refused("more_hands_than_people", lambda: v.send(one, act, other))


def test_whoever_is_barred_stays_in_the_base(village):
    """A majority of those present is counted over the payee too."""
    v = village
    v.decide(
        AmendStatute(changes=(Change(place="majorities.default.of", value="present"),)),
    )
    proposal = v.propose(v.authorisation(payee=f"member:{v.plain[0]}"))
    ballot = v.open_vote(v.meet(proposal), proposal, "hands")
    known = v.state.ballots[ballot]
    assert (known.present, len(known.entitled)) == (MEMBERS, MEMBERS - 1)
    one, other = v.tellers
    v.do(one, CountHands(ballot=ballot, yes=12, no=0), other)
    assert not outcome(v, proposal).adopted


# --- tellers ----------------------------------------------------------------------------------


def test_whoever_opened_the_vote_does_not_tell_it(village):
    v = village
    _, ballot = voting(v, "hands")
    counted = CountHands(ballot=ballot, yes=20, no=0)
    v.refused("tellers_missing", lambda: v.send(v.chair, counted, v.tellers[0]))


def test_a_payee_does_not_tell_their_own_case(village):
    v = village
    payee = v.tellers[0]
    proposal = v.propose(v.authorisation(payee=f"member:{payee}"))
    ballot = v.open_vote(v.meet(proposal), proposal, "hands")
    counted = CountHands(ballot=ballot, yes=20, no=0)
    v.refused("tellers_missing", lambda: v.send(v.tellers[1], counted, payee))
    v.do(v.tellers[1], counted, v.plain[0])


def test_where_a_teller_in_office_is_there_one_of_them_signs(village):
    v = village
    _, ballot = voting(v, "hands")
    counted = CountHands(ballot=ballot, yes=20, no=0)
    v.refused("teller_in_office_missing", lambda: v.send(v.plain[0], counted, *v.plain[1:4]))
    leave(v, ballot, v.holders("tell"))
    v.do(v.plain[0], CountHands(ballot=ballot, yes=15, no=0), v.plain[1])


# --- how many take part -----------------------------------------------------------------------


def test_one_matter_may_need_more_to_take_part_than_others(village):
    v = village
    place = Change(place="majorities.default.participation", value="3/4")
    v.decide(AmendStatute(changes=(place,)))
    proposal, ballot = voting(v, "hands")
    one, other = v.tellers
    v.do(one, CountHands(ballot=ballot, yes=17, no=0), other)
    assert outcome(v, proposal).few


def test_a_choice_among_options_needs_people_too(village):
    v = village
    proposal = v.propose(contest=contest("plurality"))
    assembly = v.meet(proposal)
    one, other = v.tellers

    def count(number):
        ballot = v.open_vote(assembly, proposal, "papers")
        papers = (Papers(marks={"1": 1}, number=number),)
        v.do(one, CountBallots(ballot=ballot, papers=papers), other)

    count(FLOOR - 1)
    assert (outcome(v, proposal).few, outcome(v, proposal).winners) == (True, ())
    count(FLOOR)
    assert outcome(v, proposal).winners == ("1",)


def test_a_statute_in_which_a_few_could_decide_is_not_adopted(village):
    v = village
    for value in ("0", "2", ""):
        change = AmendStatute(changes=(Change(place="assembly.participation", value=value),))
        v.refused("amendment_unsound", lambda c=change: v.send(v.plain[0], v.proposal(c)))
