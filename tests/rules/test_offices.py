"""Who may sign changes only by a decision, by the end of a term, or by the holder's own word."""

import hashlib
import json

import pytest

from comuna import pen
from comuna.audit.verify import verify
from comuna.count.lots import draw_order
from comuna.rules.amendment import AmendStatute, Change
from comuna.rules.contest import Contest, Option
from comuna.rules.office import (
    AnswerPetition,
    Elect,
    PetitionRecall,
    RecallHolder,
    Resign,
    Seat,
    SupportPetition,
    signatures_needed,
)
from comuna.rules.roll import Admit, Apply, Declare, Kin, Leave
from comuna.rules.state import DAY
from comuna.rules.treasury import ApprovePayment
from comuna.rules.vote import CloseVote, OpenVote, Vote
from tests.rules.village import MEMBERS, each_pack, founding_act, public, seats_of, seed


def office_with(v, power):
    return next(o for o in v.law.offices if power in o.powers)


# --- election ---------------------------------------------------------------------------------


@each_pack
def test_a_signer_is_not_added_without_a_decision(village):
    v = village
    payment = v.request(v.decide(v.authorisation()))
    newcomer = v.plain[0]
    rejected = v.decide(
        Elect(office=office_with(v, "approve-payment").id, members=(newcomer,)), choice="no"
    )
    assert v.standing(rejected) == "rejected"
    v.refused("no_mandate", lambda: v.send(newcomer, ApprovePayment(payment=payment)))


@each_pack
def test_an_election_in_its_challenge_window_gives_no_power_yet(village):
    v = village
    payment = v.request(v.decide(v.authorisation()))
    newcomer = v.plain[0]
    elected = v.decide(
        Elect(office=office_with(v, "approve-payment").id, members=(newcomer,)), enact=False
    )
    v.refused("no_mandate", lambda: v.send(newcomer, ApprovePayment(payment=payment)))
    v.pass_window()
    v.put_in_force(elected)
    v.do(newcomer, ApprovePayment(payment=payment))


@each_pack
def test_more_persons_than_seats_are_refused(village):
    v = village
    office = office_with(v, "record-paper")
    many = Elect(office=office.id, members=tuple(v.plain[: office.seats + 1]))
    v.refused("more_than_the_seats", lambda: v.send(v.plain[0], v.proposal(many)))


@each_pack
def test_an_election_names_somebody_once_who_is_a_member(village):
    v = village
    office = office_with(v, "tell").id
    for rule, effect in [
        ("nobody_elected", Elect(office=office, members=())),
        ("seated_twice", Elect(office=office, members=(20, 20))),
        ("not_a_member", Elect(office=office, members=(99,))),
        ("office_unknown", Elect(office="king", members=(20,))),
    ]:
        v.refused(rule, lambda e=effect: v.send(v.plain[0], v.proposal(e)))


@each_pack
def test_a_holder_of_an_incompatible_office_is_not_elected(village):
    v = village
    overseer = v.overseer
    money = Elect(office=office_with(v, "keep-accounts").id, members=(overseer,))
    v.refused("offices_incompatible", lambda: v.send(v.plain[0], v.proposal(money)))
    v.do(overseer, Resign(office=office_with(v, "oversee").id))
    v.decide(money)


@pytest.mark.parametrize("pack", ["simple", "br-5764-1971", "ve-comunas-2010"])
def test_kin_of_a_holder_of_an_incompatible_office_are_not_elected(village):
    v = village
    office = next(o for o in v.law.offices if o.kinship_bar and o.incompatible)
    holder = v.state.holders(office.incompatible[0], v.now)[0]
    candidate = v.plain[0]
    v.do(candidate, Declare(kin=(Kin(member=holder, degree=office.kinship_bar),)))
    elect = Elect(office=office.id, members=(candidate,))
    v.refused("kin_in_incompatible_office", lambda: v.send(v.plain[1], v.proposal(elect)))
    v.do(candidate, Declare(kin=(Kin(member=holder, degree=office.kinship_bar + 1),)))
    v.refused("kin_in_incompatible_office", lambda: v.send(v.plain[1], v.proposal(elect)))
    v.wait(days=200)
    v.do(v.plain[2], Declare())
    v.wait(days=v.law.interests.bars_after_days - 199)
    v.do(v.plain[2], Declare())
    v.propose(elect)


def test_terms_are_counted(village):
    v = village
    v.decide(AmendStatute(changes=(Change(place="offices.treasurer.terms_max", value=1),)))
    again = Elect(office="treasurer", members=(v.treasurer,))
    v.refused("terms_exhausted", lambda: v.send(v.plain[0], v.proposal(again)))


@pytest.mark.parametrize("pack", ["br-5764-1971"])
def test_a_third_of_the_brazilian_board_changes_at_each_election(village):
    v = village
    board = tuple(v.state.holders("board", v.now))
    same = Elect(office="board", members=board)
    said = v.refused("too_few_renewed", lambda: v.send(v.plain[0], v.proposal(same)))
    assert said.params == {"needed": 1, "given": 0}
    v.wait(days=v.law.office("board").term_days)
    v.refused("too_few_renewed", lambda: v.send(v.plain[0], v.proposal(same)))
    v.propose(Elect(office="board", members=(*board[1:], v.plain[0])))


def by_lot(v, **changes):
    """Tellers drawn from six, where the statute has them drawn."""
    v.decide(AmendStatute(changes=(Change(place="offices.tellers.choose", value="lot"),)))
    return Elect(office="tellers", **({"candidates": tuple(v.plain[:6]), "seats": 3} | changes))


def drawing(v, proposal):
    """The vote on a lot, before it is closed: everyone said yes."""
    ballot = v.open_vote(v.meet(proposal), proposal)
    for member in sorted(v.state.ballots[ballot].entitled):
        v.do(member, Vote(ballot=ballot, choice="yes"))
    return ballot


def test_an_office_filled_by_lot_is_drawn_when_the_vote_closes(village):
    v = village
    lot = by_lot(v)
    proposal = v.propose(lot)
    ballot = drawing(v, proposal)
    v.refused("lot_without_dice", lambda: v.send(v.chair, CloseVote(ballot=ballot)))
    thrown = CloseVote(ballot=ballot, dice="4 2 6 1 3")
    v.refused("list_unsigned_by_teller", lambda: v.send(v.chair, thrown))
    before = v.state.ballots[ballot]
    v.do(v.chair, thrown, v.tellers[0])
    v.pass_window()
    v.put_in_force(proposal)
    counts = json.dumps([24, 0, 0, 0], separators=(",", ":"))
    frozen = f'["{before.digest}",{ballot},{counts},"tellers"]'
    seed = f"4 2 6 1 3 {hashlib.sha256(frozen.encode()).hexdigest()} {before.head}"
    (elect,) = v.state.proposals[proposal].effects
    assert elect.members == tuple(map(int, draw_order(seed, map(str, lot.candidates))[:3]))
    assert set(elect.members) <= set(v.holders("tell"))
    assert verify(v.path).findings == []


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("drawn_before_the_vote", {"members": (10, 11, 12)}),
        ("office_by_lot", {"members": (10,), "candidates": (), "seats": 0}),
        ("candidates_too_few", {"candidates": (10, 11), "seats": 3}),
        ("seated_twice", {"candidates": (10, 10, 11)}),
        ("nobody_elected", {"seats": 0}),
        ("more_than_the_seats", {"candidates": tuple(range(8, 20)), "seats": 9}),
        ("not_a_member", {"candidates": (10, 11, 12, 99)}),
    ],
)
def test_a_lot_in_which_something_was_settled_before_is_refused(village, rule, changes):
    lot = by_lot(village, **changes)
    village.refused(rule, lambda: village.send(village.plain[0], village.proposal(lot)))


def test_nobody_is_drawn_where_the_statute_has_them_elected(village):
    lot = Elect(office="treasurer", candidates=(10, 11), seats=1)
    village.refused("office_not_by_lot", lambda: village.send(10, village.proposal(lot)))


def test_votes_among_options_draw_nobody(village):
    lot = by_lot(village)
    options = (Option(id="1", title="A", effects=(lot,)), Option(id="2", title="B"))
    count = next(c.id for c in village.law.counts if "elect" in c.matters)
    asked = Contest(count=count, options=options)
    said = village.proposal(contest=asked)
    village.refused("lot_among_options", lambda: village.send(village.plain[0], said))


@each_pack
def test_a_new_election_takes_the_place_of_those_longest_in_office(village):
    v = village
    office = office_with(v, "keep-accounts")
    before = v.holders("keep-accounts")
    v.decide(Elect(office=office.id, members=(v.plain[0],)))
    after = v.holders("keep-accounts")
    assert v.plain[0] in after
    assert len(after) == len(before)
    assert before[0] not in after


# --- alternates -------------------------------------------------------------------------------


def with_alternates(v, *alternates):
    v.decide(Elect(office="coordination", members=v_coordination(v), alternates=alternates))


def v_coordination(v):
    return tuple(v.state.holders("coordination", v.now))


def test_as_many_alternates_step_in_as_principals_are_missing(village):
    v = village
    alternates = tuple(v.plain[:3])
    with_alternates(v, *alternates)
    opened = v.decide(v.authorisation())
    payment = v.request(opened)
    v.refused("no_mandate", lambda: v.send(alternates[0], ApprovePayment(payment=payment)))
    v.do(v_coordination(v)[0], Resign(office="coordination"))
    v.do(alternates[0], ApprovePayment(payment=payment))
    v.refused("no_mandate", lambda: v.send(alternates[1], ApprovePayment(payment=payment)))


def test_an_alternate_who_becomes_a_principal_keeps_the_new_mandate(village):
    v = village
    alternates = tuple(v.plain[:3])
    with_alternates(v, *alternates)
    promoted, stays = alternates[0], v_coordination(v)[:2]
    v.decide(
        Elect(office="coordination", members=(*stays, promoted), alternates=tuple(v.plain[3:6]))
    )
    assert set(v_coordination(v)) == {*stays, promoted}


# --- resignation and the end of a term --------------------------------------------------------


@each_pack
def test_nobody_resigns_from_an_office_they_do_not_hold(village):
    v = village
    office = office_with(v, "keep-accounts").id
    v.refused("office_not_held", lambda: v.send(v.plain[0], Resign(office=office)))


def test_a_resignation_on_paper_does_not_reach_back_before_the_mandate(village):
    v = village
    newcomer = v.plain[0]
    v.wait(days=20)
    v.decide(Elect(office="tellers", members=(newcomer,)))
    before = v.now - 5 * DAY
    act = Resign(office="tellers")
    v.refused("office_not_held", lambda: v.on_paper(newcomer, act, happened=before))


@each_pack
def test_who_leaves_the_body_leaves_every_office(village):
    v = village
    payment = v.request(v.decide(v.authorisation()))
    leaver = v.approvers[0]
    v.do(leaver, Leave())
    assert leaver not in v.holders("approve-payment")
    v.refused("not_a_member", lambda: v.send(leaver, ApprovePayment(payment=payment)))


# --- recall -----------------------------------------------------------------------------------


def petition_against(v, member, by=None):
    office = v.state.mandates[member][0].office
    asked = PetitionRecall(office=office, member=member, text="the accounts are late")
    return v.do(by or v.plain[0], asked)


def supporters(v, office):
    return signatures_needed(v.state, v.law.office(office), v.now)


@each_pack
def test_a_recall_below_its_threshold_is_refused(village):
    v = village
    petition = petition_against(v, v.treasurer)
    recall = v.proposal(RecallHolder(petition=petition))
    said = v.refused("petition_below_threshold", lambda: v.send(v.plain[0], recall))
    assert said.article
    again = SupportPetition(petition=petition)
    v.refused("supported_already", lambda: v.send(v.plain[0], again))


@each_pack
def test_a_recall_is_voted_after_the_hearing_and_ends_the_mandate(village):
    v = village
    opened = v.decide(v.authorisation())
    recalled = v.treasurer
    office = v.state.mandates[recalled][0].office
    petition = petition_against(v, recalled)
    for member in v.plain[1 : supporters(v, office)]:
        v.do(member, SupportPetition(petition=petition))
    proposal = v.propose(RecallHolder(petition=petition))
    v.refused(
        "answer_of_another",
        lambda: v.send(v.plain[0], AnswerPetition(petition=petition, text="I think")),
    )
    assembly = v.meet(proposal)
    v.vote(assembly, proposal)
    v.adjourn(assembly)
    v.pass_window()
    v.put_in_force(proposal)
    assert recalled not in v.holders("keep-accounts")
    v.refused("no_mandate", lambda: v.send(recalled, v.payment(opened)))
    done = SupportPetition(petition=petition)
    v.refused("petition_decided", lambda: v.send(v.plain[-1], done))
    back = Elect(office=office, members=(recalled,))
    if v.law.office(office).recall.barred_days:
        v.refused("barred_after_recall", lambda: v.send(v.plain[0], v.proposal(back)))


def test_a_recall_before_the_hearing_is_refused(village):
    v = village
    changes = (Change(place="offices.treasurer.recall.hearing_days", value=15),)
    v.decide(AmendStatute(changes=changes))
    recalled = v.treasurer
    petition = petition_against(v, recalled)
    for member in v.plain[1 : supporters(v, "treasurer")]:
        v.do(member, SupportPetition(petition=petition))
    proposal = v.propose(RecallHolder(petition=petition))
    assembly = v.meet(proposal)
    digest = v.state.proposals[proposal].digest
    vote = OpenVote(assembly=assembly, proposal=proposal, digest=digest, method="hands")
    v.refused("hearing_days_missing", lambda: v.send(v.chair, vote))
    v.do(recalled, AnswerPetition(petition=petition, text="here are the accounts"))
    v.do(v.chair, vote)


def test_a_recall_waits_for_half_of_the_term_where_the_statute_says_so(village):
    v = village
    changes = (Change(place="offices.treasurer.recall.half_term", value=True),)
    v.decide(AmendStatute(changes=changes))
    asked = PetitionRecall(office="treasurer", member=v.treasurer, text="late accounts")
    v.refused("recall_before_half_term", lambda: v.send(v.plain[0], asked))
    v.wait(days=365)
    v.do(v.plain[0], asked)


def test_a_petition_names_a_holder(village):
    v = village
    nobody = PetitionRecall(office="treasurer", member=v.plain[0], text="late accounts")
    v.refused("office_not_held", lambda: v.send(v.plain[1], nobody))
    v.refused("petition_unknown", lambda: v.send(v.plain[1], SupportPetition(petition=1)))


# --- the founding -----------------------------------------------------------------------------


@each_pack
def test_a_founding_fills_no_office_beyond_its_seats_nor_incompatibly(village, pack):
    v = village
    money, oversight = office_with(v, "keep-accounts").id, office_with(v, "oversee").id
    both = (Seat(office=money, member=1), Seat(office=oversight, member=1))
    strange = (Seat(office=money, member=99),)
    for rule, offices in [
        ("offices_incompatible", both),
        ("not_a_member", strange),
        ("seated_twice", (*seats_of(v.law), seats_of(v.law)[0])),
    ]:
        act = founding_act(pack, offices=offices)
        seeds = {n: seed(n) for n in range(1, MEMBERS + 1)}
        founding = pen.founding(act, seeds, "founding of another body")
        v.refused(rule, lambda f=founding: v.clerk.submit(f))


@pytest.mark.parametrize("pack", ["ve-comunas-2010"])
def test_an_office_waits_for_the_age_that_the_statute_names(village):
    v = village
    number = MEMBERS + 1
    kind = v.law.members.kinds[0].id
    fifteen = v.now - DAY  # of age to vote since yesterday; oversight asks for eighteen
    apply = Apply(commitment="a" * 64, member_kind=kind, votes_from=fifteen, key=public(number))
    v.do(number, apply)
    v.decide(Admit(member=number))
    elect = Elect(office=office_with(v, "oversee").id, members=(number,))
    said = v.refused("too_young_for_office", lambda: v.send(v.plain[0], v.proposal(elect)))
    assert said.params == {"member": number, "age": 18}
    v.wait(days=3 * 365)
    v.propose(elect)
