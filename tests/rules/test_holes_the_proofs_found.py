"""Ways around the law that writing the proofs apart from the guards brought to light."""

from comuna.audit.verify import verify
from comuna.rules.accounts import Reverse
from comuna.rules.amendment import AmendStatute, Change
from comuna.rules.assembly import AgendaItem, CallAssembly
from comuna.rules.office import (
    Elect,
    PetitionRecall,
    RecallHolder,
    SupportPetition,
    signatures_needed,
)
from comuna.rules.proposal import Propose
from comuna.rules.state import DAY


def test_a_reversal_is_not_reversed_since_that_would_be_a_payment_without_approvals(village):
    decision = village.decide(village.authorisation())
    _, movement = village.pay(decision)
    second = next(m for m in village.approvers if m != village.treasurer)
    reversal = village.do(village.treasurer, Reverse(movement=movement, reason="wrong"), second)
    again = Reverse(movement=reversal, reason="it was right")
    village.refused("sealing_not_reversed", lambda: village.send(village.treasurer, again, second))


def test_one_decision_does_not_fill_one_office_twice(village):
    one, other = (Elect(office="coordination", members=(m,)) for m in village.plain[:2])
    village.refused(
        "two_effects_on_one_thing",
        lambda: village.send(village.plain[0], proposal(one, other)),
    )


def proposal(*effects):
    return Propose(title="Two elections", text="As the effects say.", effects=effects)


def test_an_alternate_who_becomes_a_principal_keeps_the_office(village):
    alternates = tuple(village.plain[:3])
    held = tuple(village.state.holders("coordination", village.now))
    village.decide(Elect(office="coordination", members=held, alternates=alternates))
    promoted, fresh = alternates[0], village.plain[3]
    village.decide(
        Elect(office="coordination", members=(promoted,), alternates=(fresh, *alternates[1:]))
    )
    assert promoted in village.state.holders("coordination", village.now)


def test_what_one_decision_does_is_done_in_one_order_however_it_is_written(village):
    """The law it changes is the law of what comes after it: guards and proofs once gave the elected
    different terms."""
    v = village
    office = v.law.office("coordination")
    elected = v.plain[0]
    shorter = AmendStatute(
        changes=(Change(place=f"offices.{office.id}.term_days", value=office.term_days - 60),)
    )
    v.decide(shorter, Elect(office=office.id, members=(elected,)))
    v.wait(days=office.term_days - 30)
    agenda = (AgendaItem(title="Drum", purpose="opening"),)
    v.do(elected, CallAssembly(starts_at=v.now + 30 * DAY, place="School", agenda=agenda))
    assert verify(v.path).findings == []


def test_whoever_is_recalled_makes_room_for_whom_the_same_decision_elects(village):
    """And nobody else leaves for it."""
    v = village
    office = v.law.office("coordination")
    seated = v.state.holders(office.id, v.now)
    *_, last = sorted(seated)
    petition = v.do(v.plain[0], PetitionRecall(office=office.id, member=last, text="late accounts"))
    for member in v.plain[1 : signatures_needed(v.state, office, v.now)]:
        v.do(member, SupportPetition(petition=petition))
    fresh = v.plain[0]
    v.decide(Elect(office=office.id, members=(fresh,)), RecallHolder(petition=petition))
    assert set(v.state.holders(office.id, v.now)) == {*seated, fresh} - {last}
    assert verify(v.path).findings == []
