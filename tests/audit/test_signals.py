"""What members decided and may not have meant: signals accuse nobody and say where to look."""

import json

from comuna.audit.verify import verify
from comuna.cli import main
from comuna.rules.accounts import BudgetLine, SetBudget
from comuna.rules.amendment import AmendStatute, Change
from comuna.rules.decision import Repeal
from comuna.rules.office import Elect
from comuna.rules.roll import Admit, Apply
from tests.rules.village import paper, public


def signalled(village):
    """The signals of the village's book, by name; nothing of it is a finding."""
    (book,) = verify(village.path).books
    assert not book.findings
    assert {s.name for s in book.signals} <= set(book.notes)
    return {s.name: s.entries for s in book.signals}


def test_small_payments_that_together_pass_the_limit_for_each_are_told(village):
    small = village.decide(village.authorisation(limit=40_000, each=5_000))
    village.pay(small, 5_000, "Shop")
    assert "limit_split" not in signalled(village)
    requests = [village.request(small, 5_000, f"Shop {n}") for n in range(3)]
    for request in requests:
        village.approve(request)
    village.wait(hours=village.law.treasury.objection_hours)
    movements = [
        village.do(village.treasurer, village.paying(r, 5_000, receipt=f"of {r}")) for r in requests
    ]
    assert signalled(village)["limit_split"] == tuple(movements)


def test_the_same_bill_photographed_again_is_told(village):
    room = village.decide(village.authorisation())
    _, first = village.pay(room, 700, "Sawmill")
    _, other = village.pay(room, 701, "Sawmill")
    assert "paid_alike" not in signalled(village)
    _, again = village.pay(room, 700, "Sawmill", receipt="the same bill in another light")
    assert signalled(village)["paid_alike"] == (first, again)
    assert other


def test_a_payment_without_an_invoice_is_told(village):
    room = village.decide(village.authorisation())
    payment = village.request(room, 300, document=paper("an invoice"))
    village.approve(payment)
    village.wait(hours=village.law.treasury.objection_hours)
    village.do(village.treasurer, village.paying(payment, 300, receipt="with an invoice"))
    assert "no_invoice" not in signalled(village)
    _, bare = village.pay(room, 400)
    assert signalled(village)["no_invoice"] == (bare,)


def test_a_line_of_loans_is_told(village):
    decision = village.decide(village.authorisation(line="loans", limit=900))
    assert signalled(village)["loan_line"] == (decision,)


def test_a_grant_spent_on_something_else_is_told(village):
    meant = village.authorisation(fund="grants:roof", purpose="zinc for the roof", limit=900)
    village.decide(meant)
    assert "grant_purpose" not in signalled(village)
    feast = village.authorisation(fund="grants:roof", purpose="the feast of June", limit=900)
    assert signalled_after(village, feast, "grant_purpose")


def signalled_after(village, effect, name):
    decision = village.decide(effect)
    return decision in signalled(village)[name]


def test_many_admitted_shortly_before_an_election_are_told(village):
    kind = village.law.members.kinds[0].id
    newcomers = []
    for number in range(len(village.state.people) + 1, len(village.state.people) + 8):
        key = public(number)
        apply = Apply(commitment=f"{number:064x}", member_kind=kind, key=key)
        village.do(number, apply, village.plain[0])
        newcomers.append(number)
    village.decide_all(*[(Admit(member=n),) for n in newcomers])
    assert "admitted_before_election" not in signalled(village)
    election = village.decide(Elect(office="tellers", members=(village.plain[0],)))
    assert election in signalled(village)["admitted_before_election"]


def test_a_reserve_that_is_made_divisible_is_told(village):
    change = Change(place="treasury.funds.reserve.indivisible", value=False)
    decision = village.decide(AmendStatute(changes=(change,)))
    assert signalled(village)["reserve_divisible"] == (decision,)


def test_a_budget_below_what_was_authorised_before_it_is_told(village):
    room = village.decide(village.authorisation(limit=50_000))
    budget = SetBudget(
        since="2026-01-01", until="2026-12-31", lines=(BudgetLine(line="materials", amount=40_000),)
    )
    decision = village.decide(budget)
    assert signalled(village)["budget_below_authorised"] == (room, decision)


def test_an_election_that_is_repealed_while_its_holder_stays_is_told(village):
    election = village.decide(Elect(office="tellers", members=(village.plain[0],)))
    assert "seat_of_repealed_election" not in signalled(village)
    village.decide(Repeal(decision=election))
    assert signalled(village)["seat_of_repealed_election"] == (election,)


def test_signals_stand_in_the_report_for_programs_and_change_no_exit_status(village, capsys):
    village.decide(village.authorisation(line="loans", limit=900))
    village.clerk.checkpoint(village.body)
    assert main(["verify", str(village.path), "--json", "--lang", "es"]) == 0
    (book,) = json.loads(capsys.readouterr().out)["books"]
    assert "loan_line" in book["notes"]
    (signal,) = [s for s in book["signals"] if s["name"] == "loan_line"]
    assert "préstamos" in signal["text"]
