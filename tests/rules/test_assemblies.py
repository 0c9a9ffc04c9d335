"""An assembly meets when it was called, with quorum, begins with a song, ends with its minutes."""

import pytest

from comuna.book import checkpoint
from comuna.rules.assembly import (
    Adjourn,
    AgendaItem,
    ApproveMinutes,
    AskTurn,
    CheckIn,
    CheckOut,
    CloseAssembly,
    GiveNotice,
    GiveTurn,
    OpenAssembly,
    RecordNoQuorum,
    Resume,
    SignMinutes,
    TakeItem,
)
from comuna.rules.state import DAY
from comuna.rules.vote import CloseVote, Dissent, Vote
from tests.rules.meetings import OPENING, calling, item, needed, opening, opening_vote
from tests.rules.village import HOUR, MEMBERS, each_pack, number_of, paper

# --- the call ---------------------------------------------------------------------------------


@each_pack
def test_a_call_at_too_short_notice_is_refused(village):
    v = village
    short = calling(v, OPENING, days=v.law.assembly.notice_days - 1)
    said = v.refused("notice_too_short", lambda: v.send(v.chair, short))
    assert said.article


@each_pack
def test_a_call_too_far_ahead_is_refused(village):
    v = village
    far = calling(v, OPENING, days=v.law.assembly.notice_days_max + 1)
    v.refused("notice_too_long", lambda: v.send(v.chair, far))


@each_pack
def test_a_call_by_one_member_without_a_mandate_is_refused(village):
    v = village
    v.refused("too_few_callers", lambda: v.send(v.plain[0], calling(v, OPENING)))


@each_pack
def test_the_share_of_members_that_the_statute_names_may_call(village):
    v = village
    fifth = -(-MEMBERS // 5)
    callers = list(range(MEMBERS - fifth + 1, MEMBERS + 1))
    one_short = callers[1:]
    v.refused("too_few_callers", lambda: v.send(one_short[0], calling(v, OPENING), *one_short))
    v.do(callers[0], calling(v, OPENING), *callers)


@each_pack
def test_the_cultural_opening_comes_first(village):
    v = village
    debate = AgendaItem(title="Roof", purpose="debate")
    v.refused("opening_is_first_item", lambda: v.send(v.chair, calling(v, debate, OPENING)))


def test_an_agenda_names_each_proposal_once_and_only_for_decisions(village):
    v = village
    proposal = v.propose()
    decision = AgendaItem(title="Roof", purpose="decision", proposal=proposal)
    twice = calling(v, OPENING, decision, decision)
    v.refused("proposal_twice_on_agenda", lambda: v.send(v.chair, twice))
    talk = calling(v, OPENING, AgendaItem(title="Roof", purpose="debate", proposal=proposal))
    v.refused("decision_item_needs_proposal", lambda: v.send(v.chair, talk))
    nothing = calling(v, OPENING, AgendaItem(title="Roof", purpose="decision"))
    v.refused("decision_item_needs_proposal", lambda: v.send(v.chair, nothing))
    unknown = calling(v, OPENING, AgendaItem(title="Roof", purpose="decision", proposal=1))
    v.refused("proposal_unknown", lambda: v.send(v.chair, unknown))
    untitled = calling(v, OPENING, AgendaItem(title=" ", purpose="debate"))
    v.refused("item_without_title", lambda: v.send(v.chair, untitled))


@each_pack
def test_a_decided_proposal_is_not_called_again(village):
    v = village
    decided = v.decide()
    again = AgendaItem(title="Again", purpose="decision", proposal=decided)
    v.refused("proposal_already_decided", lambda: v.send(v.chair, calling(v, OPENING, again)))


def test_notice_is_given_before_the_assembly_and_says_how(village):
    v = village
    assembly = v.do(v.chair, calling(v, OPENING))
    v.do(v.secretary, GiveNotice(assembly=assembly, channel="radio", reached=20))
    mute = GiveNotice(assembly=assembly, channel=" ", reached=20)
    v.refused("notice_malformed", lambda: v.send(v.secretary, mute))
    v.wait(days=8)
    late = GiveNotice(assembly=assembly, channel="radio", reached=20)
    v.refused("notice_after_the_assembly", lambda: v.send(v.secretary, late))


# --- presence and quorum ----------------------------------------------------------------------


@each_pack
def test_an_assembly_without_quorum_does_not_open(village):
    v = village
    assembly = v.call(v.propose())
    if needed(v, 1) > 1:
        v.enter(assembly, range(1, needed(v, 1)))
    said = v.refused("no_quorum", lambda: v.send(v.chair, opening(v, assembly)))
    assert said.params == {"present": needed(v, 1) - 1, "needed": needed(v, 1), "call": 1}
    assert said.article
    v.enter(assembly, [MEMBERS])
    v.open(assembly)


@each_pack
def test_a_vote_without_quorum_is_refused_when_people_have_gone(village):
    v = village
    proposal = v.propose()
    assembly = v.meet(proposal, members=range(1, needed(v, 1) + 1))
    v.do(1, CheckOut(assembly=assembly, members=(1,)))
    v.refused("no_quorum", lambda: v.send(v.chair, opening_vote(v, assembly, proposal)))


@each_pack
def test_a_second_call_too_soon_is_refused_and_a_call_beyond_the_last_too(village):
    v = village
    assembly = v.call()
    v.wait(hours=1)
    v.do(v.chair, RecordNoQuorum(assembly=assembly))
    if v.law.call(2) is None:
        v.refused("no_further_call", lambda: v.send(v.chair, opening(v, assembly)))
        return
    v.enter(assembly)
    v.wait(hours=v.law.call(2).gap_hours - 1)
    v.refused("call_too_soon", lambda: v.send(v.chair, opening(v, assembly)))
    v.refused("call_too_soon", lambda: v.send(v.chair, RecordNoQuorum(assembly=assembly)))
    v.wait(hours=1)
    v.open(assembly)


@pytest.mark.parametrize("pack", ["br-5764-1971"])
def test_the_third_call_of_the_brazilian_law_needs_ten_and_not_nine(village):
    v = village
    assembly = v.call()
    v.wait(hours=1)
    for _ in (1, 2):
        v.do(v.chair, RecordNoQuorum(assembly=assembly))
        v.wait(hours=2)
    v.enter(assembly, range(1, 10))
    v.refused("no_quorum", lambda: v.send(v.chair, opening(v, assembly)))
    v.enter(assembly, [10])
    v.open(assembly)
    assert v.state.assemblies[assembly].call == 3


def test_no_lack_of_quorum_is_recorded_where_there_is_quorum(village):
    v = village
    assembly = v.call()
    v.enter(assembly)
    v.wait(hours=1)
    v.refused("quorum_is_there", lambda: v.send(v.chair, RecordNoQuorum(assembly=assembly)))


@each_pack
def test_an_assembly_does_not_open_before_its_call(village):
    v = village
    assembly = v.call()
    v.now -= 600
    v.enter(assembly)
    v.refused("before_its_call", lambda: v.send(v.chair, opening(v, assembly)))
    v.refused("before_its_call", lambda: v.send(v.chair, RecordNoQuorum(assembly=assembly)))


@each_pack
def test_a_stranger_does_not_check_in(village):
    v = village
    assembly = v.call()
    stranger = CheckIn(assembly=assembly, members=(99,))
    v.refused("presence_unconfirmed", lambda: v.send(v.secretary, stranger))
    listed = CheckIn(assembly=assembly, members=(v.plain[0], 99))
    v.refused("not_a_member", lambda: v.send(v.secretary, listed, v.plain[0]))


@each_pack
def test_a_member_checks_in_themselves_and_nobody_else(village):
    v = village
    assembly = v.call()
    one, other = v.plain[:2]
    v.refused("no_mandate", lambda: v.send(one, CheckIn(assembly=assembly, members=(other,))))
    v.do(one, CheckIn(assembly=assembly, members=(one,)))
    again = CheckIn(assembly=assembly, members=(one,))
    v.refused("checked_in_twice", lambda: v.send(one, again))
    v.refused("not_present", lambda: v.send(other, CheckOut(assembly=assembly, members=(other,))))


def test_a_list_of_presence_names_nobody_twice_and_is_not_made_days_before(village):
    v = village
    assembly = v.do(v.chair, calling(v, OPENING))
    twice = CheckIn(assembly=assembly, members=(1, 1))
    v.refused("members_listed_twice", lambda: v.send(v.secretary, twice))
    early = CheckIn(assembly=assembly, members=(1,))
    v.refused("check_in_too_early", lambda: v.send(1, early))


@each_pack
def test_an_opening_reads_a_checkpoint_of_this_book(village):
    v = village
    assembly = v.call()
    v.enter(assembly)
    size, root = v.reading()
    other = OpenAssembly(assembly=assembly, size=size, root="0" * 12)
    said = v.refused("checkpoint_differs", lambda: v.send(v.chair, other))
    assert said.params["expected"] == root
    ahead = OpenAssembly(assembly=assembly, size=size + 1, root=root)
    v.refused("checkpoint_not_of_this_book", lambda: v.send(v.chair, ahead))


@each_pack
def test_an_opening_reads_nothing_older_than_the_last_closing(village):
    """Neither the day before the closing nor the founding; the closing itself, or any day since."""
    v = village
    v.adjourn(v.meet())
    closing, noted = v.state.head, v.reading()
    assert noted[0] == closing
    v.propose()
    assembly = v.call()
    v.enter(assembly)
    for size in (1, closing - 1):
        root = checkpoint.read_aloud(v.clerk.root_at(v.clerk.desk(v.body), size))
        older = OpenAssembly(assembly=assembly, size=size, root=root)
        said = v.refused("older_checkpoint_read", lambda act=older: v.send(v.chair, act))
        assert said.params == {"size": size, "needed": closing}
    v.do(v.chair, OpenAssembly(assembly=assembly, size=noted[0], root=noted[1]))


@each_pack
def test_after_an_assembly_of_too_few_the_checkpoint_of_the_last_held_is_read(village):
    """Those who stayed away wrote down nothing newer."""
    v = village
    v.adjourn(v.meet())
    size, root = v.reading()
    empty = v.call()
    v.wait(hours=1)
    v.do(v.chair, RecordNoQuorum(assembly=empty))
    v.adjourn(empty)
    assembly = v.call()
    v.enter(assembly)
    v.do(v.chair, OpenAssembly(assembly=assembly, size=size, root=root))


@each_pack
def test_a_meeting_from_paper_reads_what_the_book_held_that_day(village):
    """Two meetings on paper: the first had met, but was not in the book yet when the second read
    its checkpoint."""
    v = village
    first, second = v.do(v.chair, calling(v, OPENING)), v.do(v.chair, calling(v, OPENING))
    v.wait(days=v.law.assembly.notice_days)
    size, root = v.reading()
    read_that_day = [(called, v.now + hour * HOUR) for hour, called in enumerate((first, second))]
    v.wait(days=3)
    for called, held in read_that_day:
        present = CheckIn(assembly=called, members=tuple(range(1, MEMBERS + 1)))
        opened = OpenAssembly(assembly=called, size=size, root=root)
        for member, act in ((v.secretary, present), (v.chair, opened)):
            number_of(v.on_paper(member, act, happened=held))
        number_of(v.on_paper(v.chair, CloseAssembly(assembly=called), happened=held))
    third = v.call()
    v.enter(third)
    later = OpenAssembly(assembly=third, size=size, root=root)
    v.refused("older_checkpoint_read", lambda: v.send(v.chair, later))


@each_pack
def test_only_the_chair_or_the_secretary_keeps_the_assembly_going(village):
    v = village
    proposal = v.propose()
    assembly = v.call(proposal)
    v.enter(assembly)
    other = v.plain[0]
    v.refused("no_mandate", lambda: v.send(other, opening(v, assembly)))
    v.open(assembly)
    v.refused("no_mandate", lambda: v.send(other, opening_vote(v, assembly, proposal)))
    v.refused("no_mandate", lambda: v.send(other, CloseAssembly(assembly=assembly)))
    v.refused("no_mandate", lambda: v.send(other, Adjourn(assembly=assembly, until=v.now + 9)))
    v.refused("assembly_open_already", lambda: v.send(v.chair, opening(v, assembly)))


# --- the course of the meeting ----------------------------------------------------------------


def test_an_assembly_goes_on_after_an_adjournment_with_its_quorum(village):
    v = village
    proposal = v.propose()
    assembly = v.meet(proposal)
    v.refused("not_adjourned", lambda: v.send(v.chair, Resume(assembly=assembly)))
    past = Adjourn(assembly=assembly, until=v.now)
    v.refused("adjourned_into_the_past", lambda: v.send(v.chair, past))
    v.do(v.chair, Adjourn(assembly=assembly, until=v.now + DAY))
    v.refused("assembly_adjourned", lambda: v.send(v.chair, opening_vote(v, assembly, proposal)))
    v.refused("before_its_call", lambda: v.send(v.chair, Resume(assembly=assembly)))
    v.wait(days=1)
    v.refused("no_quorum", lambda: v.send(v.chair, Resume(assembly=assembly)))
    v.enter(assembly)
    v.do(v.chair, Resume(assembly=assembly))
    v.vote(assembly, proposal)
    assert v.state.proposals[proposal].outcome.adopted


def test_turns_to_speak_are_asked_by_those_present_and_given_by_the_chair(village):
    v = village
    one, other = v.plain[:2]
    assembly = v.meet(members=[n for n in range(1, MEMBERS + 1) if n != other])
    v.do(one, AskTurn(assembly=assembly))
    v.refused("turn_asked_already", lambda: v.send(one, AskTurn(assembly=assembly)))
    v.refused("not_present", lambda: v.send(other, AskTurn(assembly=assembly)))
    v.refused("no_mandate", lambda: v.send(one, GiveTurn(assembly=assembly, member=one)))
    v.refused("not_present", lambda: v.send(v.chair, GiveTurn(assembly=assembly, member=other)))
    v.do(v.chair, GiveTurn(assembly=assembly, member=one))
    assert v.state.assemblies[assembly].turns == []
    v.refused("item_unknown", lambda: v.send(v.chair, TakeItem(assembly=assembly, item=7)))


def test_minutes_are_signed_after_the_close_and_approved_once(village):
    v = village
    proposal = v.propose()
    assembly = v.meet(proposal, members=range(1, MEMBERS))
    v.vote(assembly, proposal)
    signing = SignMinutes(assembly=assembly, paper=paper("minutes"))
    v.refused("assembly_not_closed", lambda: v.send(v.chair, signing, v.secretary))
    v.do(v.plain[0], Dissent(decision=proposal, text="the price is too high"))
    absent = MEMBERS
    v.refused("not_present", lambda: v.send(absent, Dissent(decision=proposal, text="no")))
    v.adjourn(assembly)
    v.refused("minutes_signers_missing", lambda: v.send(v.chair, signing, absent))
    approving = ApproveMinutes(assembly=assembly)
    v.refused("minutes_not_signed", lambda: v.send(v.plain[0], v.proposal(approving)))
    v.do(v.chair, signing, v.secretary)
    v.refused("minutes_signed_already", lambda: v.send(v.chair, signing, v.secretary))
    late = Dissent(decision=proposal, text="I think again")
    v.refused("minutes_signed_already", lambda: v.send(v.plain[0], late))
    v.decide(approving)
    v.refused("minutes_approved_already", lambda: v.send(v.plain[0], v.proposal(approving)))


def test_an_assembly_that_was_never_held_is_not_closed(village):
    v = village
    assembly = v.call()
    v.refused("assembly_not_held", lambda: v.send(v.chair, CloseAssembly(assembly=assembly)))
    v.wait(hours=1)
    v.do(v.chair, RecordNoQuorum(assembly=assembly))
    v.do(v.chair, CloseAssembly(assembly=assembly))


@each_pack
def test_what_happened_on_paper_in_a_meeting_does_not_go_back_in_its_time(village):
    v = village
    proposal = v.propose()
    assembly = v.meet(proposal)
    v.wait(hours=2)
    v.do(v.chair, TakeItem(assembly=assembly, item=1))
    act = TakeItem(assembly=assembly, item=1)
    v.refused("assembly_time_backwards", lambda: v.on_paper(v.chair, act, happened=v.now - HOUR))


@each_pack
def test_a_whole_meeting_kept_on_paper_is_entered_days_later(village):
    v = village
    proposal = v.propose()
    called = v.do(v.chair, calling(v, OPENING, item(proposal)))
    v.wait(days=v.law.assembly.notice_days)
    held, size_and_root = v.now, v.reading()
    v.wait(days=5)

    def entered(member, act):
        return number_of(v.on_paper(member, act, happened=held))

    entered(v.secretary, CheckIn(assembly=called, members=tuple(range(1, MEMBERS + 1))))
    size, root = size_and_root
    entered(v.chair, OpenAssembly(assembly=called, size=size, root=root))
    entered(v.chair, TakeItem(assembly=called, item=1))
    ballot = entered(v.chair, opening_vote(v, called, proposal))
    for member in sorted(v.state.ballots[ballot].entitled):
        entered(member, Vote(ballot=ballot, choice="yes"))
    entered(v.chair, CloseVote(ballot=ballot))
    outcome = v.state.proposals[proposal].outcome
    assert outcome.adopted
    assert outcome.at == held
