"""Where too few are left whose own case it is not, the body above decides, or a lot lets kin vote;
never the payee, nor who declared an interest, nor their nearest."""

import msgspec

from comuna.audit.verify import verify
from comuna.rules.amendment import AmendStatute, Change
from comuna.rules.roll import Declare, Kin
from tests.rules.village import MEMBERS

PAYEE = 9


def asked(v, rule):
    """A decision that pays a member of whom half the village and one more are kin: one of the first
    degree, eleven of the second."""
    v.decide(AmendStatute(changes=(Change(place="interests.too_few", value=rule),)))
    kin = [m for m in range(1, MEMBERS + 1) if m != PAYEE][-12:]
    for at, member in enumerate(kin):
        v.do(member, Declare(kin=(Kin(member=PAYEE, degree=1 if at == 0 else 2),)))
    proposal = v.propose(v.authorisation(payee=f"member:{PAYEE}"))
    assembly = v.meet(proposal)
    v.take(assembly, proposal)
    return v.opening_vote(assembly, proposal), kin


def teller(v, kin):
    """A teller in office whose own case it is not."""
    return next(m for m in v.holders("tell") if m not in (PAYEE, *kin))


def test_the_body_above_decides_where_too_few_are_left(village):
    opening, _ = asked(village, "above")
    said = village.refused("too_few_left", lambda: village.send(village.chair, opening))
    assert said.params == {"needed": 12, "given": 11}


def test_a_lot_lets_distant_kin_vote_until_enough_are_left(village):
    v = village
    opening, kin = asked(v, "lot")
    v.refused("too_few_without_dice", lambda: v.send(v.chair, opening))
    opening = msgspec.structs.replace(opening, dice="1 2 3 4 5")
    v.refused("list_unsigned_by_teller", lambda: v.send(v.chair, opening))
    ballot = v.state.ballots[v.do(v.chair, opening, teller(v, kin))]
    assert len(ballot.entitled) == 12
    assert len(ballot.entitled & set(kin[1:])) == 1
    assert not ballot.entitled & {PAYEE, kin[0]}
    assert verify(v.path).findings == []


def test_dice_let_nobody_in_where_enough_are_left(village):
    v = village
    proposal = v.propose(v.authorisation(payee="member:9"))
    assembly = v.meet(proposal)
    v.take(assembly, proposal)
    opening = msgspec.structs.replace(v.opening_vote(assembly, proposal), dice="1 2 3 4 5")
    v.refused("dice_for_nothing", lambda: v.send(v.chair, opening, v.tellers[0]))
