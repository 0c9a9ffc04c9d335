"""A declared kinship or interest keeps people from deciding their own case, and nobody else from
deciding theirs."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comuna.audit.verify import verify
from comuna.rules.amendment import AmendStatute, Change
from comuna.rules.decision import Challenge, Confirm, Enact
from comuna.rules.judge import apply, judge
from comuna.rules.office import (
    Elect,
    PetitionRecall,
    RecallHolder,
    Resign,
    SupportPetition,
    signatures_needed,
)
from comuna.rules.roll import (
    Admit,
    Apply,
    Charge,
    ConfirmKinship,
    Declare,
    Exclude,
    Kin,
    Leave,
)
from comuna.rules.treasury import ApprovePayment
from comuna.rules.vote import CloseVote, CountHands, Vote
from tests.rules.in_memory import entry_of
from tests.rules.village import public

packs = pytest.mark.parametrize(
    "pack", ["simple", "ve-comunas-2010", "br-5764-1971", "us-colab", "es-27-1999"]
)


def kin_of(*members, degree=1):
    return Declare(kin=tuple(Kin(member=m, degree=degree) for m in members))


def opened(v, proposal):
    return v.state.ballots[v.open_vote(v.meet(proposal), proposal)]


@packs
def test_a_payee_who_declares_everyone_kin_leaves_everyone_their_vote(village):
    """T3: one friend would be left to vote."""
    v = village
    payee, friend = v.plain[:2]
    others = [n for n in v.state.people if n not in (payee, friend)]
    v.do(payee, kin_of(*others))
    proposal = v.propose(v.authorisation(payee=f"member:{payee}"))
    assert opened(v, proposal).entitled == frozenset(v.state.people) - {payee}
    assert verify(v.path).findings == []


@packs
def test_a_payee_who_declares_all_approvers_kin_is_paid_by_no_alternate(village):
    """T3: rivals of the payee stay whoever acts."""
    v = village
    payee = v.plain[0]
    before = [v.state.holds(n, "approve-payment", v.now) for n in v.state.people]
    v.do(payee, kin_of(*v.approvers))
    recused = v.state.concerned(f"member:{payee}", v.law.treasury.kinship_bar)
    assert recused == {payee}
    assert [v.state.holds(n, "approve-payment", v.now, recused) for n in v.state.people] == before


def test_a_rival_does_not_become_ineligible_by_what_another_declares(village):
    v = village
    rival = v.plain[0]
    v.do(v.overseer, kin_of(rival))
    v.propose(Elect(office="treasurer", members=(rival,)))


@packs
def test_whoever_declares_a_kinship_is_bound_at_once_and_the_other_when_oversight_confirms(village):
    v = village
    payee, kin = v.plain[:2]
    degree = v.law.treasury.kinship_bar
    party = f"member:{payee}"
    v.do(kin, kin_of(payee, degree=degree))
    assert v.state.concerned(party, degree) == {payee, kin}
    assert v.state.concerned(f"member:{kin}", degree) == {kin}
    v.do(v.overseer, ConfirmKinship(member=kin, kin=payee))
    assert v.state.concerned(f"member:{kin}", degree) == {payee, kin}
    assert verify(v.path).findings == []


def test_the_other_side_is_bound_when_they_declare_it_too(village):
    v = village
    one, other = v.plain[:2]
    v.do(one, kin_of(other))
    v.do(other, kin_of(one))
    for payee in (one, other):
        assert v.state.concerned(f"member:{payee}", 2) == {one, other}


def test_what_oversight_confirms_after_the_call_bars_nobody_in_that_assembly(village):
    """And what somebody declares of themselves always does."""
    v = village
    payee, late, own = v.plain[:3]
    v.do(payee, kin_of(late, own))
    proposal = v.propose(v.authorisation(payee=f"member:{payee}"))
    assembly = v.call(proposal)
    v.do(v.overseer, ConfirmKinship(member=payee, kin=late))
    v.do(own, kin_of(payee))
    v.enter(assembly)
    v.open(assembly)
    ballot = v.state.ballots[v.open_vote(assembly, proposal)]
    assert ballot.entitled == frozenset(v.state.people) - {payee, own}
    again = v.propose(v.authorisation(payee=f"member:{payee}", purpose="more"))
    ballot = v.state.assemblies[assembly].vote
    for member in sorted(v.state.ballots[ballot].entitled):
        v.do(member, Vote(ballot=ballot, choice="no"))
    v.do(v.chair, CloseVote(ballot=ballot))
    v.adjourn(assembly)
    assert late not in opened(v, again).entitled
    assert verify(v.path).findings == []


@pytest.mark.parametrize("interest", [False, True])
def test_what_was_withdrawn_bars_for_the_statutes_days(village, interest):
    v = village
    signer, payee = v.approvers[0], v.plain[0]
    party = "Supplier" if interest else f"member:{payee}"
    v.do(signer, Declare(interests=(party,)) if interest else kin_of(payee))
    v.do(signer, Declare())
    v.wait(days=v.law.interests.bars_after_days - 20)
    v.do(v.plain[1], Declare())  # the book has gone on
    assert signer in v.state.concerned(party, v.law.treasury.kinship_bar)
    within = v.authorisation(since=v.today, until="2027-12-31")
    approval = ApprovePayment(payment=v.request(v.decide(within), payee=party))
    v.refused("payment_to_kin", lambda: v.send(signer, approval))
    v.wait(days=20)
    v.do(v.plain[1], Declare())
    v.do(signer, approval)
    assert verify(v.path).findings == []


def test_a_kinship_said_to_be_farther_than_it_was_bars_as_it_was(village):
    v = village
    signer, payee = v.approvers[0], v.plain[0]
    v.do(signer, kin_of(payee, degree=1))
    v.do(signer, kin_of(payee, degree=4))
    assert signer in v.state.concerned(f"member:{payee}", 2)


@pytest.mark.parametrize("declared", [True, False])
def test_a_kinship_is_confirmed_by_oversight_once_and_by_neither_of_the_two(village, declared):
    v = village
    one, other, watch = v.plain[0], v.plain[1], v.overseer
    confirm = ConfirmKinship(member=one, kin=other)
    v.refused("kinship_not_declared", lambda: v.send(watch, confirm))
    v.do(one, kin_of(other, watch))
    v.refused("no_mandate", lambda: v.send(v.secretary, confirm))
    own = ConfirmKinship(member=one, kin=watch)
    v.refused("own_kinship", lambda: v.send(watch, own))
    backwards = ConfirmKinship(member=other, kin=one)
    v.refused("kinship_not_declared", lambda: v.send(watch, backwards))
    v.do(watch, confirm)
    v.refused("kinship_confirmed_already", lambda: v.send(watch, confirm))


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_whatever_others_declare_nobody_is_bound_by_it(prepared, data):
    """The kind of T3: only one's own words, and oversight's, keep anybody from anything."""
    state = copy.deepcopy(prepared.state)
    people = sorted(state.people)
    mine = data.draw(st.sampled_from(people))
    for _ in range(data.draw(st.integers(1, 6))):
        author = data.draw(st.sampled_from([n for n in people if n != mine]))
        named = data.draw(st.sets(st.sampled_from([n for n in people if n != author])))
        act = kin_of(*sorted(named), degree=data.draw(st.integers(1, 3)))
        apply(state, judge(state, entry_of(state, author, act)))
    assert all(state.near(mine, n) is None for n in people)
    assert all(mine not in state.concerned(f"member:{n}", 9) for n in people if n != mine)


# --- clocks that protect people -----------------------------------------------------------------


@packs
def test_only_a_pure_confirmation_is_outside_challenge(village):
    """T6: "confirm X" bundled with an authorisation could not be challenged by anybody."""
    v = village
    if not v.law.decisions.challenge_hours:
        return
    suspended = v.decide(v.authorisation(), enact=False)
    v.do(v.overseer, Challenge(decision=suspended, reason="too dear"))
    confirm = Confirm(decision=suspended)
    pure, mixed = v.decide_all(
        (confirm,), (confirm, v.authorisation(purpose="villa", name="villa")), enact=False
    )
    against = [Challenge(decision=d, reason="no") for d in (pure, mixed)]
    v.refused("confirmation_stands", lambda: v.send(v.plain[0], against[0]))
    v.do(v.overseer, against[1])
    assert v.standing(mixed) == "suspended"
    assert verify(v.path).findings == []


@packs
def test_the_time_to_challenge_runs_from_when_the_book_knows(village):
    """T5: a count entered from its sheet days later could be put in force the same minute."""
    v = village
    hours = v.law.decisions.challenge_hours
    if not hours:
        return
    proposal = v.propose(v.authorisation())
    ballot = v.open_vote(v.meet(proposal), proposal, "hands")
    happened = v.now
    v.wait(hours=hours + 24)
    tellers = v.holders("tell")[:2]
    count = CountHands(ballot=ballot, yes=len(v.state.ballots[ballot].entitled), no=0)
    sheet = v.on_paper(tellers[0], count, happened=happened, others=tellers)
    assert v.state.proposals[proposal].outcome.at == happened, sheet
    v.refused("not_ready_to_enact", lambda: v.send(v.plain[0], Enact(decision=proposal)))
    v.wait(hours=hours - 1)
    v.do(v.overseer, Challenge(decision=proposal, reason="we were not told"))
    assert v.standing(proposal) == "suspended"
    assert verify(v.path).findings == []


# --- recalls are of the person ------------------------------------------------------------------


def petition_against(v, office, member):
    known = v.law.office(office)
    number = v.do(v.plain[0], PetitionRecall(office=office, member=member, text="late accounts"))
    for supporter in v.plain[1 : signatures_needed(v.state, known, v.now)]:
        v.do(supporter, SupportPetition(petition=number))
    v.wait(days=known.recall.hearing_days)
    return number


@pytest.mark.parametrize("elected_again", [False, True])
def test_a_recall_is_not_evaded_by_resigning(village, elected_again):
    """T14: it ends whatever mandate of that office the person holds, and bars them."""
    v = village
    treasurer = v.treasurer
    petition = petition_against(v, "treasurer", treasurer)
    v.do(treasurer, Resign(office="treasurer"))
    again = Elect(office="treasurer", members=(treasurer,))
    if elected_again:
        v.decide(again)
        assert treasurer in v.state.holders("treasurer", v.now)
    v.decide(RecallHolder(petition=petition))
    assert treasurer not in v.state.holders("treasurer", v.now)
    v.refused("barred_after_recall", lambda: v.send(v.plain[0], v.proposal(again)))
    v.wait(days=v.law.office("treasurer").recall.barred_days)
    v.propose(again)
    assert verify(v.path).findings == []


def joined_again(v, number):
    """The person of this number, gone and back under a new one, which they sign with a new key."""
    back = len(v.state.people) + 1
    kind = v.law.members.kinds[0].id
    apply = Apply(commitment=f"{back:064x}", member_kind=kind, key=public(back), formerly=number)
    v.do(back, apply, v.plain[-1])
    v.decide(Admit(member=back))
    v.wait(days=v.law.members.vote_after_days)
    return back


def test_a_recall_goes_on_under_a_new_number(village):
    """T14: by leaving and coming back."""
    v = village
    treasurer = v.treasurer
    petition = petition_against(v, "treasurer", treasurer)
    v.do(treasurer, Leave())
    back = joined_again(v, treasurer)
    again = Elect(office="treasurer", members=(back,))
    v.decide(again)
    assert back in v.state.holders("treasurer", v.now)
    v.decide(RecallHolder(petition=petition))
    assert back not in v.state.holders("treasurer", v.now)
    v.refused("barred_after_recall", lambda: v.send(v.plain[0], v.proposal(again)))
    assert verify(v.path).findings == []


def test_terms_charges_and_kinship_go_on_under_a_new_number(village):
    v = village
    changes = (Change(place="offices.treasurer.terms_max", value=1),)
    v.decide(AmendStatute(changes=changes))
    member, payee = v.treasurer, v.plain[0]
    v.do(member, kin_of(payee))
    charge = v.do(v.overseer, Charge(member=member, text="late accounts"))
    v.do(member, Leave())
    back = joined_again(v, member)
    again = Elect(office="treasurer", members=(back,))
    v.refused("terms_exhausted", lambda: v.send(v.plain[0], v.proposal(again)))
    degree = v.law.treasury.kinship_bar
    assert back in v.state.concerned(f"member:{payee}", degree)
    assert back in v.state.concerned(f"member:{member}", degree)
    v.wait(days=v.law.members.exclusion_hearing_days)
    v.decide(Exclude(member=back, charge=charge))
    assert not v.state.people[back].member_at(v.now)
    assert verify(v.path).findings == []
