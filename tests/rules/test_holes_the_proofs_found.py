"""Ways around the law that writing the proofs apart from the guards brought to light."""

from comuna.rules.accounts import Reverse
from comuna.rules.office import Elect
from comuna.rules.proposal import Propose


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
