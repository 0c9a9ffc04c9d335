"""What a member can do now: what waits for them, what their offices allow, nothing of others."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from comuna.rules.accounts import OpenAccount, Receive
from comuna.rules.assembly import Adjourn, AgendaItem, CallAssembly, CloseAssembly
from comuna.rules.names import day
from comuna.rules.office import PetitionRecall
from comuna.rules.roll import Declare
from comuna.rules.treasury import Authorise, ObjectPayment, RequestPayment
from comuna.web import desk
from comuna.web.acting.fields import ACTS
from comuna.web.acting.now import BY_POWER, EVERYONE, challenges, objections, tasks
from comuna.web.visit import Visit
from tests.web_acting.acting import draft_of, write
from tests.web_acting.village import paper


def waiting(village, member):
    """(kind, params) of what waits for this member."""
    with desk.clerk().lock:
        here = Visit(None, village.body, village.state, village.clock[0], "es", member)
        return [(t.kind, t.params) for t in tasks(here)]


def objectable(village, member):
    """(params, about) of what this member can still object to."""
    with desk.clerk().lock:
        here = Visit(None, village.body, village.state, village.clock[0], "es", member)
        return [(t.params, t.about) for t in objections(here, here.state, here.member)]


def doors(browser, address):
    page = browser.get(address)
    assert page.status_code == 200
    return page.content.decode()


def test_every_door_leads_to_a_form():
    assert set(EVERYONE) <= set(ACTS)
    assert {kind for kinds in BY_POWER.values() for kind in kinds} <= set(ACTS)


def test_every_act_is_behind_some_door_or_comes_by_itself():
    """What is behind no door of its own comes when it is due, or by the page of keys."""
    behind = {*EVERYONE, *(kind for kinds in BY_POWER.values() for kind in kinds)}
    due = {
        "vote",
        "cast-ballot",
        "ask-turn",
        "enact",
        "report-execution",
        "support-petition",
        "answer-petition",
        "set-hour",
    }
    assert set(ACTS) - behind == {*due, "enrol-key"} - behind


def test_a_payment_waits_for_those_who_approve_and_then_for_the_keeper(village, signed_in):
    village.decide(
        village.propose(OpenAccount(account="bank:main", title="Banco", in_name_of_body=True))
    )
    keeper, asker = village.who("keep-accounts")[0], village.who("request-payment")[0]
    receive = Receive(
        date=day(village.clock[0]),
        money="bank:main",
        source="sales_members",
        amount=100_000,
        payer="Coop",
        text="Cacao",
        receipt=paper("r"),
    )
    others = (village.who("approve-payment")[0], village.who("oversee")[0])
    village.do(keeper, receive, also=others)
    spend = village.propose(
        Authorise(
            purpose="zinc",
            fund="general",
            line="materials",
            limit=50_000,
            since="2026-01-01",
            until="2026-12-31",
        )
    )
    village.decide(spend)
    request = RequestPayment(
        authorisation=str(spend), payee="Ferretería", amount=100, money="bank:main", text="x"
    )
    payment = village.do(asker, request)
    from comuna.rules.treasury import ApprovePayment

    due = ("approve-payment", {"payment": str(payment)})
    approvers = [m for m in village.who("approve-payment") if m != asker]
    assert all(due in waiting(village, m) for m in approvers)
    page = f"/{village.body}/payments/{payment}"
    approving, paying = (f"act/{kind}?payment={payment}" for kind in ("approve-payment", "pay"))
    assert approving in doors(signed_in(approvers[0]), page)
    assert approving not in doors(signed_in(asker), page)
    assert due not in waiting(village, asker)
    for approver in approvers[: village.state.statute.treasury.signatures]:
        village.do(approver, ApprovePayment(payment=payment))
        assert due not in waiting(village, approver)
    pay, asked = ("pay", {"payment": str(payment)}), {"payment": str(payment)}
    assert pay not in waiting(village, keeper)
    shown = doors(signed_in(keeper), page)
    assert paying not in shown
    assert "se puede objetar" in shown
    assert "Se puede pagar desde" in shown
    (said,) = (about for params, about in objectable(village, asker) if params == asked)
    assert "se puede hacer desde" in said
    village.clock[0] += village.state.statute.treasury.objection_hours * 3600
    assert pay in waiting(village, keeper)
    assert paying in doors(signed_in(keeper), page)
    village.do(asker, ObjectPayment(payment=payment, reason="Otro precio"))
    assert asked not in [params for params, _ in objectable(village, asker)]
    assert "Objetaron: <strong>" in doors(signed_in(keeper), page)


def test_who_brings_a_contribution_is_asked_to_sign_it(village, signed_in):
    keeper = village.who("keep-accounts")[0]
    second = next(m for m in village.who("approve-payment") if m != keeper)
    brings = next(m for m in range(1, 13) if m not in (keeper, second))
    data = {
        "date": day(village.clock[0]),
        "money": "bank:main",
        "source": f"share_capital:{brings}",
        "amount": "100",
        "payer": f"member:{brings}",
        "text": "x",
        "receipt": SimpleUploadedFile("r.pdf", b"receipt"),
        "together-asked": str(second),
    }
    draft = draft_of(write(signed_in(keeper), village, "receive", data))
    assert draft in doors(signed_in(brings), f"/{village.body}/now")


def test_a_petition_waits_for_supporters_and_for_the_answer_of_the_one_concerned(village):
    office = next(o for o in village.state.statute.offices if o.recall)
    holder = village.state.holders(office.id, village.clock[0])[0]
    for _ in range(2):  # a body where nobody signs anything for a year is asleep
        village.clock[0] += office.term_days * 86_400 // 3
        village.do(holder, Declare())
    by = next(m for m in range(1, 13) if m != holder)
    petition = village.do(
        by, PetitionRecall(office=office.id, member=holder, text="No rinde cuentas")
    )
    params = {"petition": str(petition)}
    assert ("answer-petition", params) in waiting(village, holder)
    assert ("support-petition", params) not in waiting(village, by)
    other = next(m for m in range(1, 13) if m not in (holder, by))
    assert ("support-petition", params) in waiting(village, other)


def challengeable(village, member):
    with desk.clerk().lock:
        here = Visit(None, village.body, village.state, village.clock[0], "es", member)
        return [t.params for t in challenges(here, here.state, member)]


def test_a_decision_can_be_challenged_and_then_waits_to_be_put_in_force(village, signed_in):
    proposal = village.propose()
    assembly = village.meet(proposal)
    ballot = village.open_vote(assembly, proposal)
    from comuna.rules.vote import CloseVote, Vote

    for member in sorted(village.state.ballots[ballot].entitled):
        village.do(member, Vote(ballot=ballot, choice="yes"))
    village.do(village.who("preside")[0], CloseVote(ballot=ballot))
    hours = village.state.statute.decisions.challenge_hours
    params = {"decision": str(proposal)}
    if hours:
        assert params in challengeable(village, 9)
        page = f"/{village.body}/decisions/{proposal}"
        assert f"act/challenge?decision={proposal}" in doors(signed_in(9), page)
        assert ("enact", params) not in waiting(village, 9)
        village.clock[0] += hours * 3600
    assert params not in challengeable(village, 9)
    assert "challenge" not in {kind for kind, _ in waiting(village, 9)}
    assert (("enact", params) in waiting(village, 9)) == bool(hours)


def test_who_calls_or_keeps_paper_gives_notice_from_the_assemblys_page(village, signed_in):
    agenda = (AgendaItem(title="Apertura", purpose="opening"),)
    starts_at = village.clock[0] + 10 * 86_400
    call = CallAssembly(starts_at=starts_at, place="Casa comunal", agenda=agenda)
    assembly = village.do(village.who("call-assembly")[0], call)
    for power in ("call-assembly", "record-paper"):
        page = doors(signed_in(village.who(power)[0]), f"/{village.body}/assemblies/{assembly}")
        assert page.count(f"act/give-notice?assembly={assembly}") == 1


def test_the_chair_finds_on_the_assemblys_page_what_comes_next(village, signed_in):
    chair = village.who("preside")[0]
    proposal = village.propose()
    assembly = village.meet(proposal)
    address = f"/{village.body}/assemblies/{assembly}"
    page = doors(signed_in(chair), address)
    assert f"act/open-vote?assembly={assembly}" in page
    assert f"act/resume?assembly={assembly}" not in page
    other = next(
        m for m in range(1, 13) if m not in (*village.who("preside"), *village.who("tell"))
    )
    assert "act/open-vote" not in doors(signed_in(other), address)
    village.do(chair, Adjourn(assembly=assembly, until=village.clock[0] + 3600))
    assert f"act/resume?assembly={assembly}" in doors(signed_in(chair), address)
    assert ("sign-minutes", {"assembly": str(assembly)}) not in waiting(village, chair)
    village.do(chair, CloseAssembly(assembly=assembly))
    assert ("sign-minutes", {"assembly": str(assembly)}) in waiting(village, chair)
    assert ("sign-minutes", {"assembly": str(assembly)}) not in waiting(village, other)
    assert f"act/sign-minutes?assembly={assembly}" in doors(signed_in(chair), address)


@pytest.mark.parametrize("member", [1, 2])
def test_only_the_proposer_can_take_a_proposal_back(village, signed_in, member):
    proposal = village.propose()
    page = doors(signed_in(member), f"/{village.body}/decisions/{proposal}")
    assert (f"act/withdraw?proposal={proposal}" in page) == (member == 1)
    assert f"act/propose?amends={proposal}" in page


def test_a_decision_in_force_can_be_proposed_for_repeal(village, signed_in):
    account = OpenAccount(account="bank:main", title="Banco", in_name_of_body=True)
    decision = village.propose(account)
    village.decide(decision)
    browser = signed_in(7)
    page = doors(browser, f"/{village.body}/decisions/{decision}")
    link = f"act/propose?effect=repeal&amp;decision={decision}"
    assert link in page
    form = browser.get(f"/{village.body}/act/propose?effect=repeal&decision={decision}")
    assert f'<option value="{decision}" selected' in form.content.decode()


def test_a_declaration_waits_for_a_holder_of_office_once_it_is_overdue(village):
    holder = village.who("preside")[0]
    without = next(m for m in range(1, 13) if not village.state.mandates.get(m))
    village.do(holder, Declare(kin=()))
    every = village.state.statute.members.declaration_every_days
    assert ("declare", {}) not in waiting(village, holder)
    village.clock[0] += every * 86_400 + 1
    assert ("declare", {}) in waiting(village, holder)
    assert ("declare", {}) not in waiting(village, without)


def test_the_hour_is_set_back_where_the_book_leapt_ahead_of_it_and_is_no_door_otherwise(village):
    true = village.clock[0]
    village.clock[0] = true + 60 * 86_400
    village.do(1, Declare(kin=()))
    assert ("set-hour", {}) not in waiting(village, 2)
    village.clock[0] = true + 3_600
    assert ("set-hour", {}) in waiting(village, 2)
    assert "set-hour" not in EVERYONE
