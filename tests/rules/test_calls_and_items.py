"""An assembly meets when it was called, decides what it was called for and is dealing with, and
asks for no more than the call did; a body that was left is woken by its roll."""

import pytest

from comuna.audit.verify import verify
from comuna.rules.accounts import BudgetLine, SetBudget, TransferFund
from comuna.rules.amendment import AmendStatute, Change
from comuna.rules.assembly import (
    Adjourn,
    CheckIn,
    CheckOut,
    CloseAssembly,
    GiveNotice,
    RecordNoQuorum,
    Resume,
)
from comuna.rules.contest import Contest, Option
from comuna.rules.office import Elect
from comuna.rules.roll import Leave
from comuna.rules.state import DAY
from comuna.rules.vote import Vote, WithdrawVote
from comuna.rules.widening import widens
from tests.rules.meetings import OPENING, calling, item, opening
from tests.rules.test_participation import each_law
from tests.rules.village import HOUR, MEMBERS, paper


@pytest.fixture(autouse=True)
def proven(village):
    """What the guards let in here, the proofs prove."""
    yield
    report = verify(village.path)
    assert [(f.where, f.name, f.en) for f in report.findings] == []


# --- the hour of the call ---------------------------------------------------------------------


@each_law
def test_an_old_call_is_not_opened_and_can_be_laid_aside(village):
    v = village
    assembly = v.call(v.propose())
    v.enter(assembly)
    v.now += v.law.assembly.open_within_hours * HOUR + 1
    v.refused("call_over", lambda: v.send(v.chair, opening(v, assembly)))
    v.refused("call_over", lambda: v.send(v.chair, RecordNoQuorum(assembly=assembly)))
    v.do(v.chair, CloseAssembly(assembly=assembly))


@each_law
def test_a_call_is_not_given_up_in_its_first_minutes(village):
    v = village
    assembly = v.call()
    v.now += v.law.assembly.wait_minutes * 60 - 1
    v.refused("call_still_waits", lambda: v.send(v.chair, RecordNoQuorum(assembly=assembly)))
    v.now += 1
    v.do(v.chair, RecordNoQuorum(assembly=assembly))


def test_notice_counts_from_when_the_call_is_in_the_book(village):
    v = village
    v.wait(days=10)
    late = calling(v, OPENING, days=v.law.assembly.notice_days - 1)
    paper_of_last_week = v.now - 7 * DAY
    v.refused("notice_too_short", lambda: v.on_paper(v.chair, late, happened=paper_of_last_week))


def test_an_assembly_is_not_adjourned_for_ever_nor_resumed_days_later(village):
    v = village
    assembly = v.meet()
    far = Adjourn(assembly=assembly, until=v.now + 101 * DAY)
    v.refused("adjourned_too_long", lambda: v.send(v.chair, far))
    v.do(v.chair, Adjourn(assembly=assembly, until=v.now + DAY))
    v.wait(days=3)
    v.enter(assembly)
    v.refused("call_over", lambda: v.send(v.chair, Resume(assembly=assembly)))


# --- what is voted ----------------------------------------------------------------------------


@each_law
def test_only_the_item_in_hand_is_voted(village):
    v = village
    first, second = v.propose(), v.propose()
    assembly = v.meet(first, second)
    v.refused("item_not_taken", lambda: v.send(v.chair, v.opening_vote(assembly, second)))
    amendment = v.propose(amends=second)
    v.refused("item_not_taken", lambda: v.send(v.chair, v.opening_vote(assembly, amendment)))
    v.take(assembly, second)
    v.do(v.chair, v.opening_vote(assembly, amendment))


def test_a_vote_opened_by_mistake_is_withdrawn_while_nobody_has_voted(village):
    v = village
    proposal = v.propose()
    assembly = v.meet(proposal)
    ballot = v.open_vote(assembly, proposal)
    v.refused("no_mandate", lambda: v.send(v.plain[0], WithdrawVote(ballot=ballot)))
    v.do(v.chair, WithdrawVote(ballot=ballot))
    again = v.open_vote(assembly, proposal)
    v.do(v.plain[0], Vote(ballot=again, choice="yes"))
    v.refused("vote_in_use", lambda: v.send(v.chair, WithdrawVote(ballot=again)))


def test_raised_hands_are_not_withdrawn_by_the_chair_alone(village):
    v = village
    proposal = v.propose()
    ballot = v.open_vote(v.meet(proposal), proposal, "hands")
    v.refused("list_unsigned_by_teller", lambda: v.send(v.chair, WithdrawVote(ballot=ballot)))
    v.do(v.chair, WithdrawVote(ballot=ballot), v.tellers[0])


# --- who was sent out -------------------------------------------------------------------------


def test_whoever_others_checked_out_comes_back_into_the_vote(village):
    v = village
    proposal = v.propose()
    assembly = v.meet(proposal)
    sent, gone = v.plain[:2]
    v.check_out(assembly, [sent])
    v.do(gone, CheckOut(assembly=assembly, members=(gone,)))
    ballot = v.open_vote(assembly, proposal)
    for member in (sent, gone):
        v.do(member, CheckIn(assembly=assembly, members=(member,)))
    v.do(sent, Vote(ballot=ballot, choice="no"))
    own_will = Vote(ballot=ballot, choice="no")
    v.refused("not_entitled_to_this_vote", lambda: v.send(gone, own_will))
    assert v.state.ballots[ballot].present == MEMBERS - 1


def test_whoever_an_adjournment_sent_out_comes_back_into_the_vote(village):
    v = village
    proposal = v.propose()
    assembly = v.meet(proposal)
    v.do(v.chair, Adjourn(assembly=assembly, until=v.now + HOUR))
    v.wait(hours=1)
    late = v.plain[-1]
    v.enter(assembly, [n for n in range(1, MEMBERS + 1) if n != late])
    v.do(v.chair, Resume(assembly=assembly))
    ballot = v.open_vote(assembly, proposal)
    v.do(late, CheckIn(assembly=assembly, members=(late,)))
    v.do(late, Vote(ballot=ballot, choice="no"))


# --- amendments in the sitting ----------------------------------------------------------------


def amending(v, called, *asked, members=None, **more):
    """An amendment of a called proposal, put to the vote in the sitting."""
    proposal = v.propose(*called)
    assembly = v.meet(proposal, members=members or range(1, MEMBERS))
    amendment = v.propose(*asked, amends=proposal, **more)
    return proposal, assembly, amendment


@each_law
def test_an_amendment_in_the_sitting_asks_for_no_more_than_the_call_did(village):
    v = village
    little = v.authorisation(limit=10_000, payee="Hardware shop")
    for asked in (
        (v.authorisation(limit=290_000, payee="Hardware shop"),),
        (v.authorisation(limit=10_000, payee="A friend"),),
        (little, v.authorisation(limit=1_000, name="beside", line="transport")),
    ):
        proposal = v.propose(little)
        assembly = v.meet(proposal, members=range(1, MEMBERS))
        amendment = v.propose(*asked, amends=proposal)
        act = v.opening_vote(assembly, amendment)
        v.refused("amendment_widens", lambda act=act: v.send(v.chair, act))
        v.adjourn(assembly)


def test_an_amendment_may_ask_for_less_and_the_whole_roll_for_more(village):
    v = village
    called = (v.authorisation(limit=10_000),)
    _, assembly, less = amending(v, called, v.authorisation(limit=9_000))
    v.vote(assembly, less)
    v.adjourn(assembly)
    more = v.authorisation(limit=11_000)
    proposal, assembly, amendment = amending(v, called, more, members=range(1, MEMBERS + 1))
    v.vote(assembly, amendment)
    v.vote(assembly, proposal)
    assert v.state.proposals[proposal].effects == (more,)


def test_what_was_widened_waits_for_a_call_of_its_own_where_the_statute_reads_twice(village):
    v = village
    v.decide(AmendStatute(changes=(Change(place="assembly.second_reading", value=True),)))
    called = (v.authorisation(limit=10_000),)
    proposal, assembly, amendment = amending(v, called, v.authorisation(limit=11_000))
    v.vote(assembly, amendment)
    act = v.opening_vote(assembly, proposal)
    v.refused("second_reading_due", lambda: v.send(v.chair, act))
    v.adjourn(assembly)
    v.vote(v.meet(proposal), proposal)
    assert v.state.proposals[proposal].outcome.adopted


def asked(*effects, contest=None):
    return effects, contest


def pair(budget=100, exclusive=(), **changes):
    """Two projects of which a budget pays for some."""
    options = tuple(Option(id=n, title=n, groups=changes.get("groups", ())) for n in ("a", "b"))
    return Contest(count="greedy", options=options, budget=budget, exclusive=exclusive)


def test_more_is_told_from_less_as_data(village):
    v = village
    grant = v.authorisation(limit=10, each=5)
    move = TransferFund(source="reserve", target="education", amount=5)
    lines = (BudgetLine(line="materials", amount=5), BudgetLine(line="transport", amount=5))
    budget = SetBudget(since="2026-01-01", until="2026-12-31", lines=lines)
    unlimited = SetBudget(since="2026-01-01", until="2026-12-31", lines=lines[:1])
    less = (lines[0], BudgetLine(line="transport", amount=4))
    smaller = SetBudget(since="2026-01-01", until="2026-12-31", lines=less)
    seat = Elect(office="treasurer", members=(9,))
    law = [Change(place=f"assembly.{n}", value=9) for n in ("notice_days", "minutes_signers")]
    both, one = AmendStatute(changes=tuple(law)), AmendStatute(changes=(law[0],))
    narrower = [
        (asked(grant), asked(grant)),
        (asked(grant, move), asked(move)),
        (asked(grant), asked(v.authorisation(limit=9, each=5, until="2026-11-30"))),
        (asked(budget), asked(smaller)),
        (asked(both), asked(one)),
        (asked(contest=pair()), asked(contest=pair(budget=90))),
        (asked(contest=pair()), asked(contest=pair(exclusive=(("a", "b"),)))),
    ]
    wider = [
        (asked(), asked(move)),
        (asked(move), asked(TransferFund(source="reserve", target="education", amount=6))),
        (asked(move), asked(TransferFund(source="reserve", target="social", amount=5))),
        (asked(grant), asked(v.authorisation(limit=10))),
        (asked(grant), asked(grant, grant)),
        (asked(smaller), asked(budget)),
        (asked(unlimited), asked(budget)),
        (asked(budget), asked(unlimited)),
        (asked(seat), asked(Elect(office="treasurer", members=(10,)))),
        (asked(one), asked(both)),
        (asked(contest=pair()), asked(contest=pair(budget=110))),
        (asked(contest=pair(exclusive=(("a", "b"),))), asked(contest=pair())),
        (asked(contest=pair()), asked(contest=pair(groups=("women",)))),
    ]
    assert not [case for case in narrower if widens(*case)]
    assert not [case for case in wider if not widens(*case)]


# --- a body asleep ----------------------------------------------------------------------------


def asleep(v):
    v.wait(days=v.law.assembly.silence_days + 1)
    return v.do(v.chair, calling(v, OPENING, days=30))


@each_law
def test_after_a_long_silence_nothing_is_lawful_but_an_assembly(village):
    v = village
    v.wait(days=v.law.assembly.silence_days + 1)
    v.refused("body_asleep", lambda: v.send(v.plain[0], Leave()))
    v.do(v.chair, calling(v, OPENING, days=v.law.assembly.notice_days))
    v.refused("body_asleep", lambda: v.send(v.plain[0], Leave()))


def test_a_body_asleep_is_woken_by_notice_to_all_and_the_first_quorum_at_any_call(village):
    v = village
    assembly = asleep(v)
    few = GiveNotice(assembly=assembly, channel="radio", reached=MEMBERS - 1, evidence=paper("n"))
    unshown = GiveNotice(assembly=assembly, channel="radio", reached=MEMBERS)
    for notice in (few, unshown):
        v.do(v.plain[0], notice)
    v.wait(days=30)
    v.enter(assembly, range(1, 13))
    v.refused("notice_to_all_missing", lambda: v.send(v.chair, opening(v, assembly)))
    v.wait(hours=1)
    v.do(v.chair, RecordNoQuorum(assembly=assembly))
    v.do(v.chair, CloseAssembly(assembly=assembly))
    assembly = v.do(v.chair, calling(v, OPENING, days=30))
    everyone = GiveNotice(assembly=assembly, channel="radio", reached=MEMBERS, evidence=paper("n"))
    v.do(v.plain[0], everyone)
    v.wait(days=30)
    v.enter(assembly, range(1, 13))
    v.wait(hours=1)
    v.do(v.chair, RecordNoQuorum(assembly=assembly))
    v.wait(hours=1)
    said = v.refused("no_quorum", lambda: v.send(v.chair, opening(v, assembly)))
    assert said.params == {"present": 12, "needed": 13, "call": 2}
    v.do(13, CheckIn(assembly=assembly, members=(13,)))
    v.open(assembly)
    v.refused("body_asleep", lambda: v.send(v.plain[0], Leave()))
    v.adjourn(assembly)
    v.do(v.plain[0], Leave())


def test_where_every_mandate_has_ended_whoever_called_keeps_the_assembly(village):
    v = village
    v.now += 1500 * DAY
    callers = v.plain[:5]
    proposal = v.propose()
    assembly = v.do(callers[0], calling(v, OPENING, item(proposal), days=30), *callers[1:])
    everyone = GiveNotice(assembly=assembly, channel="radio", reached=MEMBERS, evidence=paper("n"))
    v.do(callers[1], everyone)
    v.wait(days=30)
    for member in range(1, MEMBERS + 1):
        v.do(member, CheckIn(assembly=assembly, members=(member,)))
    v.refused("no_mandate", lambda: v.send(callers[1], opening(v, assembly)))
    v.do(callers[0], opening(v, assembly))
    v.do(callers[0], CloseAssembly(assembly=assembly))
    assert v.state.asleep is None


def test_a_statute_under_which_no_assembly_could_open_is_not_adopted(village):
    v = village
    for place, value in (
        ("open_within_days", 20),
        ("silence_days", 100),
        ("silence_days", 10**18),
        ("tellers", 1),
        ("wait_minutes", -1),
    ):
        act = AmendStatute(changes=(Change(place=f"assembly.{place}", value=value),))
        verdict = v.send(v.plain[0], v.proposal(act))
        assert verdict.rule in ("amendment_unsound", "amendment_malformed")
