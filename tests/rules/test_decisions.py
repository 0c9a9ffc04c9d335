"""What is voted is what is done: once, after its window, and no further than it was decided."""

import pytest

from comuna.rules.accounts import (
    AcceptGrant,
    BudgetLine,
    CloseAccount,
    OpenAccount,
    SetBudget,
    TransferFund,
)
from comuna.rules.amendment import AmendStatute, Change
from comuna.rules.assembly import AgendaItem, CallAssembly, RecordNoQuorum
from comuna.rules.decision import (
    AcceptExecution,
    Challenge,
    Confirm,
    Enact,
    Repeal,
    ReportExecution,
)
from comuna.rules.office import Elect
from comuna.rules.roll import Declare, Kin
from comuna.rules.state import DAY
from comuna.rules.vote import CountHands, OpenVote
from tests.rules.meetings import needed
from tests.rules.village import MEMBERS, each_pack


def amended(*changes):
    return AmendStatute(changes=tuple(Change(place=p, value=v) for p, v in changes))


def open_vote(v, assembly, proposal):
    digest = v.state.proposals[proposal].digest
    return OpenVote(assembly=assembly, proposal=proposal, digest=digest, method="roll-call")


# --- the window between the vote and the deed -------------------------------------------------


@each_pack
def test_a_decision_is_not_enacted_in_its_challenge_window(village):
    v = village
    decision = v.decide(v.authorisation(), enact=False)
    assert v.standing(decision) == "waiting"
    enact = Enact(decision=decision)
    said = v.refused("not_ready_to_enact", lambda: v.send(v.plain[0], enact))
    assert said.article
    v.refused("no_decision", lambda: v.send(v.requester, v.payment(decision)))
    v.pass_window()
    v.do(v.plain[0], enact)
    v.refused("not_ready_to_enact", lambda: v.send(v.plain[0], enact))


@each_pack
def test_a_suspended_decision_is_not_enacted_until_the_assembly_confirms_it(village):
    v = village
    decision = v.decide(v.authorisation(), enact=False)
    v.do(v.overseer, Challenge(decision=decision, reason="the price"))
    v.pass_window()
    assert v.standing(decision) == "suspended"
    v.refused("not_ready_to_enact", lambda: v.send(v.plain[0], Enact(decision=decision)))
    v.decide(Confirm(decision=decision))
    v.put_in_force(decision)
    v.request(decision)


def test_enough_members_suspend_a_decision_and_one_alone_does_not(village):
    v = village
    decision = v.decide(v.authorisation(), enact=False)
    tenth = -(-MEMBERS // 10)
    for member in v.plain[: tenth - 1]:
        v.do(member, Challenge(decision=decision, reason="the price"))
    assert v.standing(decision) == "waiting"
    again = Challenge(decision=decision, reason="the price")
    v.refused("challenged_already", lambda: v.send(v.plain[0], again))
    mute = Challenge(decision=decision, reason=" ")
    v.refused("text_missing", lambda: v.send(v.plain[tenth], mute))
    v.do(v.plain[tenth], again)
    assert v.standing(decision) == "suspended"


def test_a_few_cannot_keep_the_assembly_from_deciding_for_ever(village):
    v = village
    decision = v.decide(v.authorisation(), enact=False)
    v.do(v.overseer, Challenge(decision=decision, reason="the price"))
    confirmation = v.decide(Confirm(decision=decision), enact=False)
    again = Challenge(decision=confirmation, reason="the price")
    v.refused("confirmation_stands", lambda: v.send(v.overseer, again))


@each_pack
def test_a_decision_is_challenged_in_its_window_only(village):
    v = village
    decision = v.decide()
    late = Challenge(decision=decision, reason="too late")
    v.refused("not_in_challenge_window", lambda: v.send(v.plain[0], late))


@each_pack
def test_a_decision_nobody_put_in_force_lapses(village):
    v = village
    decision = v.decide(v.authorisation(), enact=False)
    v.wait(days=v.law.decisions.execution_days)
    assert v.standing(decision) == "lapsed"
    v.refused("not_ready_to_enact", lambda: v.send(v.plain[0], Enact(decision=decision)))


def test_an_effect_that_became_impossible_after_the_vote_is_not_enacted(village):
    v = village
    first = v.authorisation(fund="grants:roof", limit=60_000)
    one, other = v.decide_all((first,), (first,), enact=False)
    v.pass_window()
    v.put_in_force(one)
    v.refused("over_the_grant", lambda: v.send(v.plain[0], Enact(decision=other)))
    assert v.standing(other) == "adopted"


# --- amendments of a proposal -----------------------------------------------------------------


@each_pack
def test_an_adopted_amendment_takes_the_place_of_the_text_and_does_nothing_else(village):
    v = village
    proposal = v.propose(v.authorisation(limit=60_000))
    before = v.state.proposals[proposal].digest
    amendment = v.propose(v.authorisation(limit=40_000), amends=proposal)
    assembly = v.meet(proposal)
    v.vote(assembly, amendment)
    altered = OpenVote(assembly=assembly, proposal=proposal, digest=before, method="roll-call")
    v.refused("question_altered", lambda: v.send(v.chair, altered))
    v.vote(assembly, proposal)
    v.adjourn(assembly)
    v.pass_window()
    v.refused("not_ready_to_enact", lambda: v.send(v.plain[0], Enact(decision=amendment)))
    v.put_in_force(proposal)
    assert list(v.state.authorisations) == [str(proposal)]
    v.refused("over_the_limit", lambda: v.send(v.requester, v.payment(proposal, 40_001)))


@each_pack
def test_an_amendment_beyond_the_matter_is_refused(village):
    v = village
    proposal = v.propose(title="A song for the opening")
    beyond = v.proposal(v.authorisation(), amends=proposal)
    said = v.refused("amendment_beyond_the_matter", lambda: v.send(v.plain[0], beyond))
    assert said.params == {"matters": "authorise"}


@each_pack
def test_what_is_adopted_is_not_amended_before_it_is_enacted(village):
    """Otherwise ten thousand adopted could become a hundred thousand enacted."""
    v = village
    proposal = v.propose(v.authorisation(limit=10_000))
    amendment = v.propose(v.authorisation(limit=100_000), amends=proposal)
    assembly = v.meet(proposal)
    v.vote(assembly, proposal)
    late = open_vote(v, assembly, amendment)
    v.refused("proposal_already_decided", lambda: v.send(v.chair, late))
    more = v.proposal(v.authorisation(limit=90_000), amends=proposal)
    v.refused("proposal_already_decided", lambda: v.send(v.plain[0], more))


def test_an_amendment_is_not_amended(village):
    v = village
    proposal = v.propose(v.authorisation())
    amendment = v.propose(v.authorisation(limit=5), amends=proposal)
    again = v.proposal(v.authorisation(limit=6), amends=amendment)
    v.refused("amendment_of_an_amendment", lambda: v.send(v.plain[0], again))


def two_assemblies(v, *agendas):
    """Two assemblies called at once, both open: one at its first call, and the other, to which the
    rest came, at its second."""
    numbers = []
    for proposals in agendas:
        items = [AgendaItem(title="Drum", purpose="opening")]
        items += [AgendaItem(title="Item", purpose="decision", proposal=p) for p in proposals]
        call = CallAssembly(starts_at=v.now + 8 * DAY, place="School", agenda=tuple(items))
        numbers.append(v.do(v.chair, call))
    v.wait(days=8)
    first, second = numbers
    many = needed(v, 1)
    v.enter(first, range(1, many + 1))
    v.open(first)
    v.enter(second, range(many + 1, MEMBERS + 1))
    v.wait(hours=1)
    v.do(v.chair, RecordNoQuorum(assembly=second))
    v.wait(hours=2)
    v.open(second)
    return numbers


def test_a_text_is_not_amended_in_one_assembly_while_another_votes_on_it(village):
    v = village
    proposal = v.propose(v.authorisation(limit=10_000))
    amendment = v.propose(v.authorisation(limit=9_000), amends=proposal)
    first, second = two_assemblies(v, [proposal], [proposal])
    v.open_vote(first, proposal)
    v.take(second, amendment)
    v.refused("proposal_already_decided", lambda: v.send(v.chair, open_vote(v, second, amendment)))


def test_a_text_is_not_voted_while_its_amendment_is(village):
    v = village
    proposal = v.propose(v.authorisation(limit=10_000))
    amendment = v.propose(v.authorisation(limit=9_000), amends=proposal)
    first, second = two_assemblies(v, [proposal], [proposal])
    v.open_vote(first, amendment)
    v.take(second, proposal)
    v.refused("proposal_already_decided", lambda: v.send(v.chair, open_vote(v, second, proposal)))


def test_an_amendment_is_voted_where_the_members_came_for_what_it_amends(village):
    v = village
    proposal = v.propose(v.authorisation(limit=10_000))
    amendment = v.propose(v.authorisation(limit=9_000), amends=proposal)
    elsewhere, _ = two_assemblies(v, [amendment], [proposal])
    v.refused("off_agenda", lambda: v.send(v.chair, open_vote(v, elsewhere, amendment)))


# --- effects of one decision together ---------------------------------------------------------


@each_pack
def test_two_authorisations_of_one_decision_do_not_pass_a_grant_together(village):
    v = village
    halves = [v.authorisation(fund="grants:roof", limit=60_000, name=n) for n in ("a", "b")]
    said = v.refused("over_the_grant", lambda: v.send(v.plain[0], v.proposal(*halves)))
    assert said.params == {"room": 100_000, "amount": 120_000}


@each_pack
def test_two_authorisations_of_one_decision_do_not_pass_the_budget_together(village):
    v = village
    line = BudgetLine(line="materials", amount=100_000)
    v.decide(SetBudget(since="2026-01-01", until="2026-12-31", lines=(line,)))
    halves = [
        v.authorisation(limit=60_000, line=part, name=part)
        for part in ("materials", "materials:others")
    ]
    said = v.refused("over_the_budget", lambda: v.send(v.plain[0], v.proposal(*halves)))
    assert said.params == {"line": "materials", "room": 100_000, "amount": 120_000}


def test_repealing_an_authorisation_does_not_give_the_budget_back_what_was_spent(village):
    v = village
    line = BudgetLine(line="materials", amount=60_000)
    v.decide(SetBudget(since="2026-01-01", until="2026-12-31", lines=(line,)))
    opened = v.decide(v.authorisation(limit=60_000))
    v.pay(opened, 50_000)
    v.decide(Repeal(decision=opened))
    over = v.proposal(v.authorisation(limit=10_001))
    v.refused("over_the_budget", lambda: v.send(v.plain[0], over))
    v.decide(v.authorisation(limit=10_000))


def test_an_authorisation_whose_time_is_over_frees_what_it_did_not_spend(village):
    v = village
    roof = {"fund": "grants:roof", "until": "2026-03-31"}
    old = v.decide(v.authorisation(limit=100_000, **roof))
    v.pay(old, 30_000)
    v.wait(days=120)
    v.decide(v.authorisation(fund="grants:roof", limit=70_000))
    over = v.proposal(v.authorisation(fund="grants:roof", limit=1))
    v.refused("over_the_grant", lambda: v.send(v.plain[0], over))


def test_two_effects_on_one_thing_are_refused(village):
    v = village
    pairs = [
        (v.authorisation(), v.authorisation()),
        (Elect(office="tellers", members=(20,)), Elect(office="tellers", members=(21,))),
        (CloseAccount(account="cash"), CloseAccount(account="cash")),
        (amended(("assembly.notice_days", 9)), amended(("assembly.notice_days", 10))),
    ]
    for pair in pairs:
        v.refused("two_effects_on_one_thing", lambda p=pair: v.send(v.plain[0], v.proposal(*p)))


@each_pack
def test_one_decision_does_not_give_two_incompatible_offices_to_one_person(village):
    v = village
    money, oversight = office_with(v, "keep-accounts"), office_with(v, "oversee")
    both = [Elect(office=o, members=(v.plain[0],)) for o in (money, oversight)]
    v.refused("offices_incompatible", lambda: v.send(v.plain[0], v.proposal(*both)))


@pytest.mark.parametrize("pack", ["simple", "ve-comunas-2010"])
def test_one_decision_does_not_give_two_incompatible_offices_to_one_family(village):
    v = village
    one, other = v.plain[:2]
    v.do(one, Declare(kin=(Kin(member=other, degree=1),)))
    money, oversight = office_with(v, "keep-accounts"), office_with(v, "oversee")
    both = [Elect(office=money, members=(one,)), Elect(office=oversight, members=(other,))]
    v.refused("kin_in_incompatible_office", lambda: v.send(one, v.proposal(*both)))


def office_with(v, power):
    return next(o.id for o in v.law.offices if power in o.powers)


# --- execution and repeal ---------------------------------------------------------------------


@each_pack
def test_execution_is_reported_by_those_responsible_and_accepted_by_the_assembly(village):
    v = village
    responsible = v.state.mandates[v.secretary][0].office
    decision = v.decide(responsible=responsible)
    judged = AcceptExecution(decision=decision, accepted=True)
    v.refused("execution_not_reported", lambda: v.send(v.plain[0], v.proposal(judged)))
    report = ReportExecution(decision=decision, text="done")
    v.refused("not_responsible", lambda: v.send(v.treasurer, report))
    v.refused("not_responsible", lambda: v.send(v.plain[0], report))
    v.do(v.secretary, report)
    v.decide(AcceptExecution(decision=decision, accepted=False))
    assert v.standing(decision) == "in_force"
    v.do(v.secretary, report)
    v.decide(judged)
    assert v.standing(decision) == "executed"


def test_execution_is_not_reported_before_the_decision_is_in_force(village):
    v = village
    decision = v.decide(enact=False)
    early = ReportExecution(decision=decision, text="done")
    v.refused("not_in_force", lambda: v.send(v.secretary, early))


@each_pack
def test_what_is_rejected_or_repealed_is_not_repealed(village):
    v = village
    rejected = v.decide(choice="no")
    repeal = v.proposal(Repeal(decision=rejected))
    v.refused("cannot_be_repealed", lambda: v.send(v.plain[0], repeal))
    decision = v.decide(v.authorisation())
    v.decide(Repeal(decision=decision))
    assert v.standing(decision) == "repealed"
    again = v.proposal(Repeal(decision=decision))
    v.refused("cannot_be_repealed", lambda: v.send(v.plain[0], again))


def test_only_a_suspended_decision_is_confirmed(village):
    v = village
    decision = v.decide()
    confirm = v.proposal(Confirm(decision=decision))
    v.refused("not_suspended", lambda: v.send(v.plain[0], confirm))


def test_repealing_needs_the_majority_of_what_it_repeals(village):
    v = village
    changed = v.decide(amended(("assembly.notice_days", 9)))
    assert v.state.proposals[v.propose(Repeal(decision=changed))].matters == {"amend-statute"}


# --- the statute ------------------------------------------------------------------------------


@each_pack
def test_an_amended_statute_binds_from_then_on(village):
    v = village
    keeper = office_with(v, "keep-accounts")
    days = v.law.assembly.notice_days
    v.decide(amended(("assembly.notice_days", days + 3), (f"offices.{keeper}.term_days", 100)))
    law = v.state.statute
    assert (law.version, law.assembly.notice_days) == (2, days + 3)
    assert law.office(keeper).term_days == 100
    opening = AgendaItem(title="Drum", purpose="opening")
    short = CallAssembly(starts_at=v.now + days * DAY, place="School", agenda=(opening,))
    v.refused("notice_too_short", lambda: v.send(v.chair, short))


@each_pack
@pytest.mark.parametrize(
    ("rule", "place", "value"),
    [
        ("place_unknown", "assembly.snacks.many", 3),
        ("place_unknown", "kitchen", 3),
        ("place_unknown", "offices.king.seats", 1),
        ("place_unknown", "treasury.accounts.bank.id", "mine"),
        ("amendment_malformed", "assembly.notice_days", "soon"),
        ("amendment_malformed", "assembly.snacks", 3),
        ("amendment_unsound", "majorities.default.more_than", "2"),
        ("amendment_unsound", "majorities.default.more_than", "1e9999999"),
        ("amendment_unsound", "assembly.callers", "1e-9999999"),
        ("amendment_unsound", "treasury.signatures", 0),
    ],
)
def test_an_amendment_that_makes_no_statute_is_refused(village, rule, place, value):
    v = village
    v.refused(rule, lambda: v.send(v.plain[0], v.proposal(amended((place, value)))))


def test_an_amendment_of_the_statute_says_something(village):
    v = village
    v.refused("text_missing", lambda: v.send(v.plain[0], v.proposal(amended())))


@each_pack
def test_an_amendment_of_the_statute_by_a_bare_majority_is_rejected(village):
    v = village
    proposal = v.propose(amended(("assembly.notice_days", 9)))
    ballot = v.open_vote(v.meet(proposal), proposal, method="hands")
    one, other = v.holders("tell")[:2]
    v.do(one, CountHands(ballot=ballot, yes=13, no=11), other)
    assert not v.state.proposals[proposal].outcome.adopted


def test_a_decision_is_judged_by_the_statute_of_its_day(village):
    v = village
    adopted = v.decide(enact=False)
    v.pass_window()
    later = v.decide(amended(("decisions.challenge_hours", 2000)), enact=False)
    v.pass_window()
    v.put_in_force(later)
    v.put_in_force(adopted)


# --- the assembly's other effects, wrongly asked ----------------------------------------------


@each_pack
def test_a_grant_is_accepted_once_with_its_name_dates_and_amount(village):
    v = village
    grant = {
        "name": "well",
        "grantor": "Ministry",
        "purpose": "a well",
        "amount": 5,
        "since": "2026-01-01",
        "until": "2026-12-31",
    }
    for rule, change in [
        ("grant_accepted_already", {"name": "roof"}),
        ("name_malformed", {"name": "The Well"}),
        ("text_missing", {"grantor": " "}),
        ("amount_not_positive", {"amount": 0}),
        ("date_malformed", {"since": "soon"}),
        ("window_reversed", {"until": "2025-12-31"}),
    ]:
        asked = v.proposal(AcceptGrant(**{**grant, **change}))
        v.refused(rule, lambda a=asked: v.send(v.plain[0], a))


@each_pack
def test_an_authorisation_that_could_not_be_used_is_not_even_proposed(village):
    v = village
    for rule, change in [
        ("text_missing", {"purpose": " "}),
        ("amount_not_positive", {"limit": 0}),
        ("window_reversed", {"until": "2025-12-31"}),
        ("each_over_limit", {"each": 60_001}),
        ("fund_unknown", {"fund": "gold"}),
        ("fund_unknown", {"fund": "grants:gold"}),
        ("account_unknown", {"line": "gold"}),
        ("line_not_payable", {"line": "bank"}),
        ("line_not_payable", {"line": "sales_others"}),
        ("line_not_payable", {"line": "surplus"}),
        ("line_not_payable", {"line": "member_accounts:3"}),
        ("personal_from_general_only", {"fund": v.reserve(), "line": "advances"}),
        ("proposal_unknown", {"predecessor": 1}),
    ]:
        asked = v.proposal(v.authorisation(**change))
        v.refused(rule, lambda a=asked: v.send(v.plain[0], a))


@each_pack
def test_accounts_are_opened_in_the_name_of_the_body_and_closed_empty(village):
    v = village
    for rule, effect in [
        ("not_in_common_name", account("bank:two", in_name_of_body=False)),
        ("no_place_for_money", account("materials")),
        ("account_listed_already", account("bank:main")),
        ("text_missing", account("bank:two", title=" ")),
        ("account_not_empty", CloseAccount(account="bank:main")),
        ("account_not_listed", CloseAccount(account="bank:two")),
    ]:
        v.refused(rule, lambda e=effect: v.send(v.plain[0], v.proposal(e)))
    v.decide(CloseAccount(account="cash"))
    assert list(v.state.listed) == ["bank:main"]


def account(name, title="Bank", in_name_of_body=True):
    return OpenAccount(account=name, title=title, in_name_of_body=in_name_of_body)


@each_pack
def test_a_budget_names_lines_of_the_chart_once(village):
    v = village
    for rule, lines in [
        ("budget_line_twice", []),
        ("budget_line_twice", [("materials", 5), ("materials", 6)]),
        ("account_unknown", [("gold", 5)]),
        ("amount_not_positive", [("materials", -5)]),
    ]:
        rows = tuple(BudgetLine(line=name, amount=amount) for name, amount in lines)
        budget = SetBudget(since="2026-01-01", until="2026-12-31", lines=rows)
        v.refused(rule, lambda b=budget: v.send(v.plain[0], v.proposal(b)))


@each_pack
def test_a_transfer_between_funds_is_of_what_is_there(village):
    v = village
    fund = v.reserve()
    for rule, source, target in [
        ("fund_too_small", fund, other_fund(v)),
        ("fund_unknown", "gold", fund),
        ("fund_unknown", fund, "gold"),
        ("same_account", fund, fund),
    ]:
        if target is None:
            continue
        move = TransferFund(source=source, target=target, amount=5)
        v.refused(rule, lambda m=move: v.send(v.plain[0], v.proposal(m)))


def other_fund(v):
    """Another fund that keeps what it gets, where the pack has one."""
    kept = [f.id for f in v.law.treasury.funds if f.indivisible and f.id != v.reserve()]
    return kept[0] if kept else None
