"""Where living a year showed the law too narrow or too wide; each is tried on a lived body."""

from comuna.clerk import Recorded
from comuna.rules.accounts import AnnounceReversal, Reverse
from comuna.rules.amendment import AmendStatute, Change, amended
from comuna.rules.decision import Enact
from comuna.rules.judge import decode_act
from comuna.rules.names import day
from comuna.rules.proposal import Propose
from comuna.rules.treasury import Authorise, Pay, RequestPayment
from tests.year.lived import UNTIL, lived


def rules(results):
    return ["recorded" if isinstance(r, Recorded) else r.rule for r in results]


def keepers(year):
    """The one who keeps the accounts, and the alternate."""
    office = next(o for o in year.year.statute.offices if "keep-accounts" in o.powers)
    held = [
        (m.alternate, m.member)
        for mandates in year.state.mandates.values()
        for m in mandates
        if m.office == office.id and m.in_force(UNTIL)
    ]
    return next(m for second, m in held if not second), next(m for second, m in held if second)


def test_an_alternate_pays_the_treasurer_whose_own_case_it_is_and_nobody_else():
    year = lived()
    treasurer, alternate = keepers(year)
    room = f"{year.year.decisions['inputs']}/deliveries"

    def ask(payee):
        return RequestPayment(
            authorisation=room, payee=payee, amount=100, money="bank:main", text="cacao"
        )

    tried = year.tried(
        year.signed(treasurer, ask(f"member:{treasurer}"), nonce="own"),
        year.signed(alternate, ask("Taller"), nonce="other"),
        year.signed(alternate, ask(f"member:{treasurer}"), nonce="case"),
    )
    assert rules(tried) == ["own_payment", "no_mandate", "recorded"]


def test_an_alternate_does_not_pay_while_the_treasurer_may():
    year = lived()
    _, alternate = keepers(year)
    waiting = next(c for c in year.state.commitments.values() if c.open_amount and c.approvals)
    pay = Pay(payment=waiting.number, amount=waiting.amount, date=day(UNTIL))
    assert rules(year.tried(year.signed(alternate, pay))) == ["no_mandate"]


def test_the_receipt_of_a_reversed_movement_serves_again_and_that_of_another_does_not():
    year = lived()
    treasurer, _ = keepers(year)
    holder = {
        power: next(m for m in year.year.seeds if year.state.holds(m, power, UNTIL))
        for power in ("approve-payment", "oversee")
    }
    wrong = year.entry(year.year.acts["reversed"])["act"]
    papers = [e for e in year.acts("receive") if e["act"]["receipt"] == wrong["receipt"]]
    assert len(papers) == 2
    sale = [e for e in year.acts("receive") if e["act"]["date"] > year.state.watermark][-1]
    again = decode_act(sale["act"])
    second = holder["approve-payment"]
    assert rules(year.tried(year.signed(treasurer, again, second))) == ["receipt_used_already"]
    announce = AnnounceReversal(movement=sale["number"], reason="otra cuenta")
    reverse = Reverse(movement=sale["number"], reason="otra cuenta")
    tried = year.tried(
        year.signed(treasurer, announce, *holder.values(), nonce="said"),
        year.signed(treasurer, reverse, holder["approve-payment"], nonce="back"),
    )
    assert rules(tried) == ["recorded", "objection_time_runs"]


def test_an_adopted_amendment_is_not_put_in_force_a_second_time():
    year = lived()
    act = Enact(decision=year.year.decisions["term-shorter"])
    tried = year.tried(year.signed(min(year.year.seeds), act))
    assert rules(tried) == ["not_ready_to_enact"]
    assert tried[0].params["state"] == "executed"


def test_an_amendment_of_the_statute_reaches_offices_calls_and_majorities_by_their_names():
    law = lived().year.statute
    changes = (
        Change(place="offices.treasurer.term_days", value=365),
        Change(place="assembly.calls.2.at_least", value="1/3"),
        Change(place="majorities.exclude.at_least", value="3/4"),
    )
    changed = amended(law, changes)
    assert changed.office("treasurer").term_days == 365
    assert changed.call(2).at_least == "1/3"
    assert changed.majority("exclude").at_least == "3/4"
    assert changed.version == law.version + 1


def test_a_place_that_the_statute_does_not_have_is_not_amended():
    year = lived()
    effect = AmendStatute(changes=(Change(place="offices.king.term_days", value=365),))
    act = Propose(title="Rey", text="Que haya rey", effects=(effect,))
    assert rules(year.tried(year.signed(min(year.year.seeds), act))) == ["place_unknown"]


def room(line, limit, since, until):
    effect = Authorise(
        purpose="más", fund="general", line=line, limit=limit, since=since, until=until
    )
    return Propose(title="Más", text="Más", effects=(effect,))


def test_a_budget_binds_the_parts_of_its_line_and_its_own_time_alone():
    year = lived()
    budget, until = year.state.budget["materials"], year.state.budget_until
    member = min(year.year.seeds)
    today, later = day(UNTIL), f"{int(until[:4]) + 1}-12-31"
    tried = year.tried(
        year.signed(member, room("materials", budget, today, until), nonce="whole line"),
        year.signed(member, room("materials:others", budget, today, until), nonce="its part"),
        year.signed(member, room("materials", budget, later, later), nonce="after it"),
    )
    assert rules(tried) == ["over_the_budget", "over_the_budget", "recorded"]
