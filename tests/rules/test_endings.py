"""What ends in a member's name from paper ends only after days in which they can undo it."""

import pytest

from comuna.book import keys
from comuna.rules.authorship import RevokeKey
from comuna.rules.names import key_id
from comuna.rules.office import Elect, Resign
from comuna.rules.proposal import Propose, Withdraw
from comuna.rules.roll import Leave
from comuna.rules.state import DAY
from comuna.rules.undoing import Undo
from tests.rules import both_sides
from tests.rules.village import each_pack, number_of, public

SAYS = Propose(title="Roof", text="Mend it.")


def undo_days(v):
    return v.law.paper.undo_days


def new_key(name):
    made = keys.public_key(name.encode().ljust(32, b"\0"))
    return keys.to_wire(made)


@each_pack
def test_a_member_whom_a_paper_makes_leave_still_belongs_until_its_days_are_over(village):
    v = village
    member = v.plain[0]
    number_of(v.on_paper(member, Leave()))
    v.wait(days=undo_days(v), hours=-1)
    assert member in v.state.roll(v.now)
    v.do(member, SAYS)
    v.wait(hours=1)
    assert member not in v.state.roll(v.now)
    v.refused("not_a_member", lambda: v.send(member, SAYS))


@each_pack
def test_a_paper_that_is_dated_back_ends_nothing_sooner(village):
    v = village
    member = v.plain[0]
    number_of(v.on_paper(member, Leave(), happened=v.now - 10 * DAY))
    v.wait(days=undo_days(v), hours=-1)
    v.do(member, SAYS)


@each_pack
def test_who_leaves_with_their_own_key_has_left_at_once(village):
    v = village
    member = v.plain[0]
    v.do(member, Leave())
    v.refused("not_a_member", lambda: v.send(member, SAYS))
    assert not v.state.endings


@each_pack
@pytest.mark.parametrize("paper", [False, True])
def test_a_leaving_from_paper_is_undone_by_the_person_with_their_key_or_on_paper(village, paper):
    v = village
    member = v.plain[0]
    left = number_of(v.on_paper(member, Leave()))
    undo = Undo(ending=left)
    v.refused("ending_of_another", lambda: v.send(v.plain[1], undo))
    number_of(v.on_paper(member, undo) if paper else v.send(member, undo))
    v.refused("ending_unknown", lambda: v.send(member, undo))
    v.wait(days=undo_days(v))
    v.do(member, SAYS)
    assert v.state.people[member].ended_at is None


def test_nothing_is_undone_once_it_has_taken_effect(village):
    v = village
    member = v.chair
    (office,) = v.state.offices(member, v.now)
    resigned = number_of(v.on_paper(member, Resign(office=office)))
    v.wait(days=undo_days(v))
    assert office not in v.state.offices(member, v.now)
    v.refused("ending_in_force", lambda: v.send(member, Undo(ending=resigned)))
    v.refused("ending_unknown", lambda: v.send(member, Undo(ending=999)))


@each_pack
def test_an_office_is_held_until_the_days_of_a_resignation_from_paper_are_over(village):
    v = village
    member = v.overseer
    (office,) = v.state.offices(member, v.now)
    resigned = number_of(v.on_paper(member, Resign(office=office)))
    v.wait(days=undo_days(v), hours=-1)
    assert v.state.holds(member, "oversee", v.now)
    v.do(member, Undo(ending=resigned))
    v.wait(days=30)
    assert v.state.holds(member, "oversee", v.now)


def test_a_key_revoked_from_paper_counts_until_its_days_are_over(village):
    v = village
    member = v.plain[0]
    name = key_id(public(member))
    revoked = number_of(v.on_paper(member, RevokeKey(key=name)))
    v.wait(days=undo_days(v), hours=-1)
    v.do(member, SAYS)
    v.do(member, Undo(ending=revoked))
    v.wait(days=2)
    v.do(member, SAYS)
    number_of(v.on_paper(member, RevokeKey(key=name)))
    v.wait(days=undo_days(v))
    v.refused("key_not_in_force", lambda: v.send(member, SAYS))


def test_a_key_that_has_not_begun_is_stopped_from_paper_at_once_and_that_too_can_be_undone(village):
    v = village
    member = v.plain[0]
    v.enrol(member, new_key("asked for"))
    stopped = number_of(v.on_paper(member, RevokeKey(key=key_id(new_key("asked for")))))
    v.wait(days=v.law.members.key_waiting_days, hours=-1)
    v.do(member, SAYS)
    v.do(member, Undo(ending=stopped))
    v.wait(hours=1)
    v.refused("key_not_in_force", lambda: v.send(member, SAYS))


def test_a_proposal_withdrawn_from_paper_stands_until_its_days_are_over(village):
    v = village
    member = v.plain[0]
    proposal = v.propose(member=member)
    number_of(v.on_paper(member, Withdraw(proposal=proposal)))
    assert v.standing(proposal) == "proposed"
    v.wait(days=undo_days(v))
    assert v.standing(proposal) == "withdrawn"


def test_a_proposal_whose_withdrawal_was_undone_is_voted(village):
    v = village
    member = v.plain[0]
    proposal = v.propose(member=member)
    withdrawn = number_of(v.on_paper(member, Withdraw(proposal=proposal)))
    v.do(member, Undo(ending=withdrawn))
    v.wait(days=undo_days(v))
    v.vote(v.meet(proposal), proposal)
    assert v.state.proposals[proposal].outcome.adopted


def test_undoing_one_of_two_endings_leaves_the_other(village):
    v = village
    member = v.overseer
    (office,) = v.state.offices(member, v.now)
    left = number_of(v.on_paper(member, Leave()))
    v.wait(days=1)
    number_of(v.on_paper(member, Resign(office=office)))
    v.do(member, Undo(ending=left))
    v.wait(days=undo_days(v) - 1)
    assert v.state.offices(member, v.now) == {office}
    v.wait(days=1)
    assert not v.state.offices(member, v.now)
    v.do(member, SAYS)


def test_who_is_elected_while_a_paper_says_that_they_leave_has_no_office_without_membership(
    village,
):
    v = village
    member = v.plain[0]
    election = v.propose(Elect(office="tellers", members=(member,)))
    assembly = v.meet(election)
    left = number_of(v.on_paper(member, Leave()))
    v.vote(assembly, election)
    v.adjourn(assembly)
    v.pass_window()
    v.put_in_force(election)
    assert "tellers" in v.state.offices(member, v.now)
    v.do(member, Undo(ending=left))
    v.wait(days=undo_days(v))
    assert "tellers" in v.state.offices(member, v.now)
    number_of(v.on_paper(member, Leave()))
    v.wait(days=undo_days(v))
    assert not v.state.offices(member, v.now)


def test_the_quorum_counts_members_whom_only_a_paper_has_leave(village):
    """One secretary with two friends does not bring the quorum down before anybody notices."""
    v = village
    before = v.state.roll(v.now)
    for member in v.plain[2:6]:
        number_of(v.on_paper(member, Leave(), witnesses=v.witnesses(v.plain[0])))
    assert v.state.roll(v.now) == before


# --- the proof ----------------------------------------------------------------------------------


@each_pack
def test_the_proof_counts_the_days_too(village):
    """Whoever writes into the book past the clerk what comes after the days, or undoes it then."""
    v = village
    member, other = v.plain[:2]
    left = number_of(v.on_paper(member, Leave()))
    name = key_id(public(other))
    revoked = number_of(v.on_paper(other, RevokeKey(key=name)))
    v.wait(days=undo_days(v), hours=-1)
    both_sides.proven(v, member, SAYS)
    both_sides.refused(v, "ending_of_another", "ending_of_another", other, Undo(ending=left))
    both_sides.refused(v, "ending_unknown", "ending_unknown", other, Undo(ending=3))
    v.wait(hours=1)
    both_sides.refused(v, "not_a_member", "not_a_member", member, Undo(ending=left))
    both_sides.refused(v, "key_not_in_force", "key_not_in_force", other, Undo(ending=revoked))


def test_the_proof_finds_what_was_undone_too_late(village):
    v = village
    member = v.chair
    (office,) = v.state.offices(member, v.now)
    resigned = number_of(v.on_paper(member, Resign(office=office)))
    v.wait(days=undo_days(v))
    undo = Undo(ending=resigned)
    both_sides.refused(v, "ending_in_force", "ending_in_force", member, undo)


def test_the_proof_lets_undone_endings_be(village):
    v = village
    member = v.plain[0]
    both_sides.proven(v, member, Undo(ending=number_of(v.on_paper(member, Leave()))))
    v.wait(days=30)
    both_sides.proven(v, member, SAYS)


# --- keys: T18 ----------------------------------------------------------------------------------


@each_pack
def test_stopping_one_of_two_enrolments_leaves_the_other_and_the_key_before_both(village):
    v = village
    member = v.plain[0]
    for stopped in (0, 1):
        names = [new_key(f"first {stopped}"), new_key(f"second {stopped}")]
        for wire in names:
            v.enrol(member, wire)
        v.do(member, RevokeKey(key=key_id(names[stopped])))
        v.do(member, SAYS)
        kept = v.state.keys[key_id(names[1 - stopped])]
        assert kept.in_force(v.now + v.law.members.key_waiting_days * DAY)
        v.do(member, RevokeKey(key=key_id(names[1 - stopped])))
        v.wait(days=v.law.members.key_waiting_days)
        v.do(member, SAYS)


def test_whatever_enrolments_are_stopped_a_member_is_never_without_a_key(village):
    """Every order of three enrolments, and every one of them stopped at every time."""
    v = village
    member = v.plain[0]
    wires = [new_key(f"key {n}") for n in range(3)]
    for wire in wires:
        v.enrol(member, wire)
        v.wait(days=1)
    for wire in (wires[1], wires[2], wires[0]):
        v.do(member, RevokeKey(key=key_id(wire)))
        moments = range(v.now, v.now + 20 * DAY, DAY)
        mine = [k for k in v.state.keys.values() if k.member == member]
        assert all(sum(k.in_force(at) for k in mine) == 1 for at in moments)
