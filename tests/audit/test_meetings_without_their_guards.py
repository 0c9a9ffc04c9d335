"""Books made by a clerk without a rule of meetings: the proofs find what the guard would have
refused."""

from comuna.audit.verify import verify
from comuna.rules import assembly as meeting
from comuna.rules import judge, vote
from comuna.rules.assembly import CheckIn, RecordNoQuorum
from comuna.rules.roll import Leave
from comuna.rules.vote import Vote, WithdrawVote
from tests.audit.story import names
from tests.rules.meetings import OPENING, calling
from tests.rules.village import DAY, HOUR, MEMBERS


def found(v):
    return names(verify(v.path))


def test_an_old_call_that_was_opened_is_found(village, without):
    v = village
    without(meeting, "check_hour")
    assembly = v.call()
    v.enter(assembly)
    v.now += 30 * DAY
    size, root = v.reading()
    v.do(v.chair, meeting.OpenAssembly(assembly=assembly, size=size, root=root))
    assert found(v) == {"call_over"}


def test_a_call_given_up_in_its_first_second_is_found(village, without):
    v = village
    without(meeting, "hour_of", 0)
    without(meeting, "last_hour", 2**60)
    v.do(v.chair, RecordNoQuorum(assembly=v.call()))
    assert found(v) == {"call_not_waited_for"}


def test_a_vote_on_what_was_not_in_hand_is_found(village, without):
    v = village
    without(vote, "check_on_agenda")
    first, second = v.propose(), v.propose()
    assembly = v.meet(first, second)
    v.do(v.chair, v.opening_vote(assembly, second))
    assert found(v) == {"item_not_in_hand"}


def test_a_vote_withdrawn_after_somebody_voted_is_found(village, monkeypatch):
    v = village
    proposal = v.propose()
    ballot = v.open_vote(v.meet(proposal), proposal)
    v.do(v.plain[0], Vote(ballot=ballot, choice="no"))
    v.state.ballots[ballot].cast.clear()
    v.do(v.chair, WithdrawVote(ballot=ballot))
    assert found(v) == {"vote_in_use"}


def test_an_amendment_that_asked_for_more_than_the_call_is_found(village, without):
    v = village
    without(vote, "check_not_wider")
    proposal = v.propose(v.authorisation(limit=100, payee="Hardware shop"))
    assembly = v.meet(proposal, members=range(1, MEMBERS))
    amendment = v.propose(v.authorisation(limit=290_000, payee="A friend"), amends=proposal)
    v.open_vote(assembly, amendment)
    assert found(v) == {"amendment_widens"}


def test_a_member_in_two_rooms_is_found(village, without):
    v = village
    first, second = (v.do(v.chair, calling(v, OPENING)) for _ in range(2))
    v.wait(days=7)
    v.enter(first)
    v.state.where.clear()
    v.do(v.chair, CheckIn(assembly=second, members=(v.chair,)))
    assert found(v) == {"present_elsewhere"}


def test_an_act_in_a_body_asleep_is_found(village, without):
    v = village
    without(judge, "fallen_asleep", [])
    v.now += (v.law.assembly.silence_days + 1) * DAY + HOUR
    v.do(v.plain[0], Leave())
    assert found(v) == {"body_asleep"}
