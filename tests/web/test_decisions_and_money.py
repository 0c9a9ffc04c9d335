"""What the pages say is what the book says: a decision with its working, the way from any movement
to its decision and its receipt, and who may sign."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comuna.rules.decision import decision_state
from comuna.rules.motion import counted
from comuna.rules.names import day
from comuna.rules.state import Ballot, Outcome
from comuna.rules.statute import Majority
from comuna.statutes import load
from tests.web.markup import Page

LAW = load("simple")
COUNTS = st.integers(0, 60)
SHARES = st.sampled_from(["1/2", "2/3", "3/4", "3/5", "1/3"])


def read(browser, address):
    answer = browser.get(address, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return Page(answer.content.decode())


def carries(rule, ballot, *counts):
    return counted(rule, ballot, counts, "", "").winners == ("yes",)


def outcome(yes, no, abstain, blank, absent, away):
    cast = yes + no + abstain + blank
    return Outcome(
        1, 0, True, False, yes, no, abstain, blank, cast + absent, cast + absent + away, 1
    )


@settings(deadline=None)  # the first call loads the pages
@given(
    COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, SHARES,
    st.sampled_from(["cast", "present", "roll", "valid"]), st.booleans(),
)  # fmt: skip
def test_the_votes_needed_are_the_fewest_that_carry(
    yes, no, abstain, blank, absent, away, share, base, more
):
    from comuna.web.pages.decisions import votes_needed

    rule = Majority(
        article="1",
        matter="x",
        of=base,
        tie="status-quo",
        **{"more_than" if more else "at_least": share},
    )
    found = outcome(yes, no, abstain, blank, absent, away)
    needed = votes_needed(rule, found)
    ballot = Ballot(
        1,
        1,
        1,
        "",
        "hands",
        found.present,
        found.roll,
        frozenset(),
        0,
        LAW,
        1,
        frozenset(),
        0,
        0,
        "",
    )
    # The others voted as they did: whoever is not for is against.
    carrying = [
        n for n in range(yes + no + 1) if carries(rule, ballot, n, yes + no - n, abstain, blank)
    ]
    assert needed == carrying[0] if carrying else needed > yes + no


@pytest.mark.parametrize("name", ["recall", "truck", "mill", "surplus"])
def test_a_decision_shows_the_counts_the_quorum_and_the_article(anyone, here, year, state, name):
    number = year.decisions[name]
    found = state.proposals[number]
    page = read(anyone, f"{here}decisions/{number}")
    law = state.statute_on(found.outcome.at)
    for matter in found.matters:
        assert f"art. {law.majority(matter).article}" in page.words
    assert f"For {found.outcome.yes} Against {found.outcome.no}" in page.words
    assert (
        f"{found.outcome.present} voters present, of {found.outcome.roll} on the roll" in page.words
    )
    assert found.digest in page.words
    assert found.text.split("\n")[0][:60] in page.words


def test_the_list_of_decisions_shows_each_in_its_state(anyone, here, state):
    from comuna.web import desk

    now = desk.now()
    standing = {n: decision_state(state, p, now) for n, p in state.proposals.items()}
    for wanted in set(standing.values()):
        page = read(anyone, f"{here}decisions?state={wanted}")
        shown = {int(link.rsplit("/", 1)[1]) for link in page.links if "/decisions/" in link}
        expected = sorted((n for n, s in standing.items() if s == wanted), reverse=True)
        assert shown == set(expected[:25])


def test_a_roll_call_names_who_voted_what(anyone, here, state):
    ballot = next((b for b in state.ballots.values() if b.method == "roll-call"), None)
    assert ballot is not None
    page = read(anyone, f"{here}decisions/{ballot.proposal}")
    for voter, choice in ballot.cast.items():
        said = {"yes": "yes", "no": "no", "abstain": "abstention", "blank": "blank"}[choice]
        assert f"{voter}: {said}" in page.words


def test_a_dissent_stands_with_its_decision(anyone, here, state, app):
    from comuna.readings.models import MODELS

    dissent = MODELS["dissent"].objects.filter(body=state.body).values().first()
    page = read(anyone, f"{here}decisions/{dissent['decision']}")
    assert " ".join(dissent["text"].split()) in page.words


def test_every_payment_leads_to_its_decision_its_signatures_and_its_receipt(anyone, here, state):
    paid = [m for m in state.movements.values() if m.commitment][:15]
    assert paid
    for movement in paid:
        commitment = state.commitments[movement.commitment]
        decision = state.authorisations[commitment.authorisation].decision
        page = read(anyone, f"{here}money/{movement.number}")
        assert f"{here}decisions/{decision}" in page.links
        assert f"{here}payments/{movement.commitment}" in page.links
        payment = read(anyone, f"{here}payments/{movement.commitment}")
        for approval in commitment.approvals.values():
            assert f"{here}book/{approval}" in payment.links
        assert f"{here}decisions/{decision}" in payment.links
        receipt = next(r for r, m in state.receipts.items() if m == movement.number)
        assert receipt[:12] in payment.words
        assert (
            f"{here}payments/{movement.commitment}"
            in read(anyone, f"{here}decisions/{decision}?page=1").links
            or len(
                [
                    c
                    for c in state.commitments.values()
                    if c.authorisation == commitment.authorisation
                ]
            )
            > 25
        )


def test_a_waiting_payment_says_who_may_sign_and_not_those_who_may_not(anyone, here, state):
    from comuna.web import desk
    from comuna.web.pages.payments import signers
    from comuna.web.visit import Visit

    visit = Visit(None, state.body, state, desk.now(), "en", 0)
    waiting = [
        c
        for c in state.commitments.values()
        if c.open_amount > 0
        and len(c.approvals) < state.statute.treasury.signatures
        and c.until >= visit.today
    ]
    assert waiting
    for commitment in waiting:
        able = signers(visit, commitment)
        assert commitment.requester not in able
        assert not set(able) & set(commitment.approvals)
        assert all(state.holds(m, "approve-payment", desk.now()) for m in able)
        page = read(anyone, f"{here}payments/{commitment.number}")
        names = ", ".join(f"Number {m}" for m in able) or "nobody at this moment"
        assert f"May sign: {names}".replace(",", " ,") in page.words.replace(",", " ,").replace(
            "  ", " "
        )


def test_members_see_the_price_list_in_force(anyone, here, state):
    listed = state.prices_on(day(state.now))
    page = read(anyone, f"{here}money")
    assert "Prices of what members bring" in page.text
    for product, measure in listed.prices:
        assert product in page.text
        assert f"60,000 {measure}" in page.text
    assert any(link.endswith(f"decisions/{listed.decision}") for link in page.links)


def test_money_is_found_by_word_by_number_and_by_account(anyone, here, state):
    movement = next(m for m in state.movements.values() if m.commitment)
    commitment = state.commitments[movement.commitment]
    for query in (f"q={movement.number}", f"q={commitment.payee}", f"account={commitment.money}"):
        page = read(anyone, f"{here}money?{query}")
        assert "movement" in page.words
        assert any(f"{here}money/" in link for link in page.links), query
    nothing = read(anyone, f"{here}money?q=no-such-thing")
    assert "There are no movements." in nothing.words


def test_income_that_a_decision_allowed_keeps_its_own_title(anyone, here, state):
    """The decision that let two enter it is said beside it, not in its place."""
    from comuna.web.visit import MODELS

    movements = MODELS["movement"].objects.filter(body=state.body, kind="receive")
    allowed = movements.exclude(decision=0).first()
    page = read(anyone, f"{here}money/{allowed.number}")
    assert allowed.text in page.text
    assert state.proposals[allowed.decision].title in page.text
    found = read(anyone, f"{here}money?q={allowed.number}")
    assert allowed.text in found.text


def test_places_and_funds_show_what_the_ledger_holds(anyone, here, state):
    from comuna import words
    from comuna.rules.ledger import balance, credit

    page = read(anyone, f"{here}money")
    amounts = [balance(state, name) for name in state.listed]
    amounts += [credit(state, fund.id) for fund in state.statute.treasury.funds]
    for amount in amounts:
        assert words.money(amount, state.unit, state.decimals, "en") in page.words


def test_an_assembly_shows_its_failed_call_and_its_quorum(anyone, here, state):
    twice = next(a for a in state.assemblies.values() if a.failed_calls and a.opened_at)
    page = read(anyone, f"{here}assemblies/{twice.number}")
    assert "no quorum" in page.words
    assert "quorum reached" in page.words
    assert f"{len(twice.attended)}" in page.words


def test_the_minutes_bear_the_checkpoint_and_their_own_fingerprint(anyone, here, state):
    import hashlib

    from comuna.web import desk

    held = next(a for a in state.assemblies.values() if a.closed_at is not None)
    page = read(anyone, f"{here}assemblies/{held.number}/minutes")
    assert desk.short_root(state.body) in page.words
    text = anyone.get(
        f"{here}assemblies/{held.number}/minutes.txt", headers={"accept-language": "en"}
    ).content
    assert hashlib.sha256(text).hexdigest() in page.words


def test_an_office_shows_its_holders_and_no_former_one(anyone, here, state):
    from comuna.web import desk

    page = read(anyone, f"{here}offices")
    now_part = page.words.split("Mandates that ended")[0]
    for mandates in state.mandates.values():
        for mandate in mandates:
            if mandate.in_force(desk.now()):
                assert f"Number {mandate.member} " in now_part


def test_an_overdue_complaint_is_on_the_first_page(anyone, here, state):
    from comuna.web import desk

    late = [c for c in state.complaints.values() if not c.answered and c.due < desk.now()]
    assert late
    page = read(anyone, here)
    assert "Overdue" in page.words
    assert f"Answer a complaint · {late[0].number}" in page.words
