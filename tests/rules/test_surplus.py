"""A year is closed as it was, and its surplus goes where the statute and the assembly send it."""

import dataclasses

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comuna.rules.accounts import Amount, Journal, Reverse, TransferFund
from comuna.rules.amendment import AmendStatute, Change
from comuna.rules.period import ApproveAccounts, months_between
from comuna.rules.production import LogWork, Worked
from comuna.rules.roll import Admit, Apply
from comuna.rules.surplus import Destination, people_shares, table
from comuna.rules.vote import OpenVote
from tests.rules.village import CHOICES, MEMBERS, NEXT_YEAR, each_pack, public

replace = msgspec.structs.replace


# --- closing ----------------------------------------------------------------------------------


@each_pack
def test_a_period_is_whole_months_that_are_over_closed_by_two(village):
    v = village
    v.refused("second_signature_missing", lambda: v.send(v.treasurer, v.closing()))
    v.refused("no_mandate", lambda: v.send(v.plain[0], v.closing(), v.second, v.overseer))
    v.refused("period_not_over", lambda: v.send(v.treasurer, v.closing(), v.second, v.overseer))
    v.now = NEXT_YEAR
    assert v.overseer
    for rule, since, until in [
        ("period_not_whole_months", "2026-01-02", "2026-12-31"),
        ("period_not_whole_months", "2026-01-01", "2026-12-30"),
        ("period_not_whole_months", "2026-12-01", "2026-11-30"),
        ("date_malformed", "2026-02-30", "2026-12-31"),
        ("period_not_over", "2026-01-01", "2027-01-31"),
        ("period_out_of_order", "2026-06-01", "2026-12-31"),
    ]:
        act = v.closing(since, until)
        v.refused(rule, lambda a=act: v.send(v.treasurer, a, v.second, v.overseer))


@each_pack
def test_periods_are_closed_in_order_without_gap_or_overlap(village):
    v = village
    v.now = NEXT_YEAR
    assert v.overseer
    v.do(v.treasurer, v.closing(until="2026-06-30"), v.second, v.overseer)
    for since in ("2026-01-01", "2026-06-01", "2026-08-01"):
        act = v.closing(since=since)
        v.refused("period_out_of_order", lambda a=act: v.send(v.treasurer, a, v.second, v.overseer))
    v.do(v.treasurer, v.closing(since="2026-07-01"), v.second, v.overseer)


def test_months_with_nothing_but_work_are_not_left_out_of_the_first_period(village):
    v = village
    rows = (Worked(member=v.plain[0], minutes=60),)
    early = LogWork(date="2026-01-02", production_unit="mill", task="grinding", work=rows)
    v.do(v.plain[0], early, v.plain[1])
    v.wait(days=40)
    since = v.today[:7]
    v.now = NEXT_YEAR
    assert v.overseer
    act = v.closing(since=f"{since}-01")
    v.refused("period_out_of_order", lambda: v.send(v.treasurer, act, v.second, v.overseer))


@each_pack
def test_nothing_is_dated_into_a_sealed_period(village):
    v = village
    opened = v.decide(v.authorisation(until="2027-12-31"))
    payment = v.request(opened)
    v.approve(payment)
    v.close_year()
    lines = (Amount(account="tools", amount=5), Amount(account="payables", amount=-5))
    sealed = Journal(date="2026-12-31", lines=lines, text="late")
    v.refused("period_sealed", lambda: v.send(v.treasurer, sealed, v.second))
    backdated = v.paying(payment, date="2026-12-31")
    v.refused("period_sealed", lambda: v.send(v.treasurer, backdated))
    rows = (Worked(member=1, minutes=60),)
    work = LogWork(date="2026-12-31", production_unit="mill", task="grinding", work=rows)
    v.refused("period_sealed", lambda: v.send(v.plain[0], work, v.plain[1]))
    v.do(v.treasurer, v.paying(payment))


def test_accounts_of_a_period_are_approved_once(village):
    v = village
    unknown = v.proposal(ApproveAccounts(period=1))
    v.refused("period_unknown", lambda: v.send(v.plain[0], unknown))
    period = v.year()
    again = v.proposal(ApproveAccounts(period=period))
    v.refused("accounts_approved_already", lambda: v.send(v.plain[0], again))


# --- sharing ----------------------------------------------------------------------------------


@each_pack
def test_a_year_ends_with_a_surplus_shared_to_the_last_cent(village):
    v = village
    period = v.year()
    surplus = v.state.periods[period].surplus
    assert surplus == 300_000
    shared = v.decide(v.sharing(period))
    state = v.state
    assert state.balances["surplus", "USD"] == 0
    assert sum(state.balances.values()) == 0
    assert state.periods[period].allocated == shared


@each_pack
def test_a_surplus_is_not_shared_before_the_accounts_are_approved(village):
    v = village
    v.work()
    period = v.close_year()
    proposal = v.propose(v.sharing(period))
    assembly = v.meet(proposal)
    digest = v.state.proposals[proposal].digest
    vote = OpenVote(assembly=assembly, proposal=proposal, digest=digest, method="roll-call")
    v.refused("accounts_not_approved", lambda: v.send(v.chair, vote))


@each_pack
def test_a_surplus_is_not_shared_twice(village):
    v = village
    period = v.year()
    table = v.sharing(period)
    v.decide(table)
    v.refused("surplus_allocated_already", lambda: v.send(v.plain[0], v.proposal(table)))


@each_pack
def test_no_step_of_the_table_is_moved_to_another(village):
    """Before the reserves, above the surplus, less than the floor: all are another table."""
    v = village
    lawful = v.sharing(v.year())
    first, *rest = lawful.steps
    people = next((s for s in lawful.steps if s.fund == "members"), None)
    tables = [
        (replace(first, amount=first.amount - 1), *rest),
        (replace(first, amount=first.amount + 1), *rest),
        tuple(rest),
        (*lawful.steps, Destination(fund=first.fund, amount=5, article="1")),
        (Destination(fund="members", amount=300_000, article="1"),),
    ]
    if people is not None:
        starved = replace(first, amount=0)
        fed = replace(people, amount=people.amount + first.amount)
        moved = {first.fund: starved, "members": fed}
        tables.append(tuple(moved.get(s.fund, s) for s in lawful.steps))
    for steps in tables:
        table = v.proposal(replace(lawful, steps=steps))
        v.refused("surplus_differs_from_law", lambda t=table: v.send(v.plain[0], t))


@pytest.mark.parametrize("pack", ["simple", "br-5764-1971", "us-colab"])
def test_nobodys_share_is_moved_to_another_person(village):
    v = village
    lawful = v.sharing(v.year())
    shares = dict(lawful.allocations)
    one, other = str(v.plain[0]), str(v.plain[1])
    tables = [
        {**shares, one: shares[one] + 1, other: shares[other] - 1},
        {**shares, one: 0},
        {m: a for m, a in shares.items() if m != one},
        {**shares, "99": 5},
        {**shares, "supplier": 5},
        {},
    ]
    for allocations in tables:
        table = v.proposal(replace(lawful, allocations=allocations))
        v.refused("allocation_differs", lambda t=table: v.send(v.plain[0], t))


@pytest.mark.parametrize("pack", ["ve-comunas-2010"])
def test_where_the_means_are_communal_nothing_goes_to_persons(village):
    v = village
    lawful = v.sharing(v.year())
    assert lawful.allocations == {}
    table = v.proposal(replace(lawful, allocations={"1": 5}))
    v.refused("allocation_differs", lambda: v.send(v.plain[0], table))


@pytest.mark.parametrize(
    ("choices", "rule"),
    [
        ({}, "surplus_left_open"),
        ({"reserve": "2/1"}, "surplus_against_the_statute"),
        ({"reserve": "1e9999999"}, "surplus_against_the_statute"),
        ({"reserve": 300_001}, "surplus_against_the_statute"),
        ({"party": 5}, "surplus_against_the_statute"),
    ],
)
def test_what_the_law_leaves_to_the_assembly_is_decided_within_it(village, choices, rule):
    v = village
    lawful = v.sharing(v.year())
    table = v.proposal(replace(lawful, choices=choices))
    v.refused(rule, lambda: v.send(v.plain[0], table))


def test_a_key_the_statute_does_not_know_is_refused(village):
    v = village
    lawful = v.sharing(v.year())
    table = v.proposal(replace(lawful, key="beauty"))
    v.refused("surplus_against_the_statute", lambda: v.send(v.plain[0], table))


@pytest.mark.parametrize("key", ["equal", {"hours": "1/2", "equal": "1/2"}])
def test_who_joined_after_the_year_has_no_share_in_it_and_upsets_no_table(village, key):
    v = village
    period = v.year()
    decision = v.decide(v.sharing(period, key=key), enact=False)
    number = MEMBERS + 1
    kind = v.law.members.kinds[0].id
    v.do(number, Apply(commitment="a" * 64, member_kind=kind, key=public(number)))
    v.decide(Admit(member=number))
    v.put_in_force(decision)
    assert v.state.balances["surplus", "USD"] == 0
    assert ("member_accounts:25", "USD") not in v.state.balances


@pytest.mark.parametrize("pack", ["simple", "br-5764-1971", "us-colab", "ve-comunas-2010"])
@settings(max_examples=12, deadline=None)
@given(sales=st.integers(1, 10**9), costs=st.integers(0, 10**6))
def test_whatever_the_figures_nothing_is_lost_or_invented(templates, pack, sales, costs):
    state = _closed(templates, pack)
    period = replace_period(state, sales, costs)
    lawful = table(state, period, "hours", CHOICES[pack])
    assert not lawful.open
    shared = people_shares(lawful)
    to_people = sum(s.amount for s in lawful.steps if s.fund in ("members", "workers", "capital"))
    assert sum(s.amount for s in lawful.steps) + lawful.undecided == period.surplus
    assert sum(shared.values()) == to_people
    assert all(amount >= 0 for amount in shared.values()) or period.surplus < 0


_CLOSED = {}


def _closed(templates, pack):
    """The state of a village whose year is closed, made once for each pack."""
    if pack not in _CLOSED:
        made = templates(pack)
        village = made.clone(made.path.with_suffix(".closed"))
        village.work()
        village.close_year()
        _CLOSED[pack] = village.state
        village.close()
    return _CLOSED[pack]


def replace_period(state, sales, costs):
    (period,) = state.periods.values()
    results = {
        "member_result": sales - costs,
        "non_member_result": 0,
        "extraordinary_result": 0,
        "tax": 0,
    }
    return dataclasses.replace(period, results=results, surplus=sales - costs)


@given(year=st.integers(1, 9990), month=st.integers(1, 12), count=st.integers(1, 30))
def test_months_are_counted_across_years(year, month, count):
    last = year * 12 + month - 1 + count - 1
    until = f"{last // 12:04d}-{last % 12 + 1:02d}-28"
    months = months_between(f"{year:04d}-{month:02d}-01", until)
    assert len(months) == count
    assert months == sorted(months)
    assert months[0] == f"{year:04d}-{month:02d}"
    assert months[-1] == until[:7]


def test_what_is_indivisible_stays_so_when_it_moves(village):
    v = village
    change = Change(place="treasury.funds.social.indivisible", value=False)
    v.decide(AmendStatute(changes=(change,)))
    v.decide(v.sharing(v.year()))
    out = TransferFund(source="reserve", target="social", amount=5)
    said = v.refused("indivisible_stays_so", lambda: v.send(v.plain[0], v.proposal(out)))
    assert said.article
    v.decide(TransferFund(source="reserve", target="education", amount=5))
    assert v.state.balances["education", "USD"] == -5


@each_pack
def test_what_a_member_drew_to_live_on_is_a_measure_of_sharing(village):
    v = village
    member = v.plain[0]
    opened = v.decide(v.authorisation(line="advances", limit=40_000))
    _, movement = v.pay(opened, 25_000, payee=f"member:{member}")
    month = v.today[:7]
    assert v.state.work[month][member]["wages"] == 25_000
    v.do(v.treasurer, Reverse(movement=movement, reason="Wrong person"), v.approvers[0])
    assert v.state.work[month][member]["wages"] == 0
