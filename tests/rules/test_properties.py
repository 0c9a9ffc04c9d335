"""What holds whatever is asked: every act there is with every content there may be, clocks and
counts over their whole range."""

import copy
import typing
from types import UnionType

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comuna.rules.act import JUDGES, Refusal
from comuna.rules.decision import DecisionState, decision_state
from comuna.rules.judge import apply, decode, judge
from comuna.rules.quorum import required
from comuna.rules.roll import Found
from comuna.rules.state import DAY, Outcome, Proposal, State
from comuna.statutes import load, names
from tests.rules.in_memory import entry_of

# --- every act with every content -------------------------------------------------------------

WORDS = [
    *("", " ", "x", "member:3", "member:99", "Supplier", "general", "grants:roof", "reserve"),
    *("social", "bank:main", "cash", "materials", "tools", "member_accounts", "share_capital:3"),
    *("member_accounts:3", "surplus", "grants", "bank", "sales_members", "payables", "advances"),
    *("2026-01-01", "2026-12-31", "2026-02-30", "20260101", "0001-01-01", "9999-12-31"),
    *("treasurer", "coordination", "tellers", "king", "member", "body", "a" * 64, "hours"),
    *("assembly.notice_days", "offices.treasurer.powers", "majorities.default.tie", "surplus."),
    *("1/2", "1e99", "-1", "yes", "0" * 16),
    *(
        "9" * 5000,
        "member:" + "9" * 5000,
        "member:007",
        "member:١٢",
        "mеmber 3",
        "\u200b",
        "\u3164",
    ),
    *("bank:", ":", "bank:a:b", "31/" + "9" * 5000, "share_capital:" + "9" * 5000, "grants:\u200b"),
    *("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "1899-12-31", "3000-01-01"),
]
NUMBERS = [-(2**62), -1, 0, 1, 2, 3, 5, 24, 25, 30, 31, 60, 99, 101, 1000, 60_000, 2**53, 2**62]
NUMBERS += [10**17 - 1, 10**17, 2**63 - 1, 32_503_679_999, 32_503_680_000, 253_402_300_800]


def contents(kind):
    """A strategy for any type that an act is made of."""
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if kind is int:
        return st.sampled_from(NUMBERS)
    if kind is str:
        return st.sampled_from(WORDS)
    if kind is bool:
        return st.booleans()
    if kind is type(None):
        return st.none()
    if origin is typing.Literal:
        return st.sampled_from(parts)
    if origin in (typing.Union, UnionType):
        return st.sampled_from(parts).flatmap(contents)
    if origin in (tuple, list):
        made = st.lists(contents(parts[0]), max_size=3)
        return made.map(tuple) if origin is tuple else made
    if origin is dict:
        return st.dictionaries(contents(parts[0]), contents(parts[1]), max_size=3)
    return shapes(kind)


def shapes(kind):
    hints = typing.get_type_hints(kind)
    fields = {f.name: contents(hints[f.name]) for f in msgspec.structs.fields(kind)}
    return st.fixed_dictionaries(fields).map(lambda given: kind(**given))


KINDS = sorted((kind for kind in JUDGES if kind is not Found), key=lambda kind: kind.__name__)
ACTS = {kind: shapes(kind) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_whatever_an_act_says_it_is_lawful_or_refused_and_never_stumbles(prepared, kind, data):
    state = prepared.state
    people = [prepared.requester, prepared.approvers[0], 4, 5, 6, 10, 24]
    act = data.draw(ACTS[kind])
    member = data.draw(st.sampled_from(people))
    others = data.draw(st.sets(st.sampled_from(people), max_size=3))
    at = state.now + data.draw(st.integers(0, 400)) * DAY
    verdict = judge(state, entry_of(state, member, act, others, at))
    if isinstance(verdict, Refusal):
        return
    after = copy.deepcopy(state)
    apply(after, verdict)
    assert after.head == state.head + 1
    assert sum(after.balances.values()) == 0
    assert all(after.balances[account, "USD"] >= 0 for account in after.listed)
    for proposal in after.proposals.values():
        assert decision_state(after, proposal, at) in typing.get_args(DecisionState)


def test_the_book_from_its_first_entry_gives_the_state_that_all_that_judging_left(prepared):
    state = State()
    for data in prepared.entries:
        verdict = judge(state, decode(data))
        assert not isinstance(verdict, Refusal), verdict
        apply(state, verdict)
    assert state == prepared.state


# --- clocks and counts ------------------------------------------------------------------------

MOMENTS = st.integers(0, 10**9)


def undecided():
    return Proposal(1, 1, "Title", "Text", (), "", frozenset({"general"}), 0)


@given(
    outcome=st.none() | st.tuples(MOMENTS, st.booleans(), st.booleans()),
    enacted=st.none() | MOMENTS,
    suspended=st.none() | MOMENTS,
    withdrawn=st.none() | MOMENTS,
    flags=st.tuples(*[st.booleans()] * 2, st.sampled_from([None, True, False])),
    now=st.integers(0, 2 * 10**9),
)
def test_a_decision_has_one_state_at_every_moment(
    outcome, enacted, suspended, withdrawn, flags, now
):
    state = State()
    state.adopt(0, load("simple"))
    proposal = undecided()
    if outcome is not None:
        at, adopted, tie = outcome
        proposal.outcome = Outcome(1, at, adopted, tie, 1, 0, 0, 0, 1, 1, 1)
    proposal.enacted_at, proposal.suspended_at = enacted, suspended
    proposal.withdrawn_at = withdrawn
    repealed, proposal.voting, proposal.accepted = flags
    proposal.repealed_by = int(repealed)
    assert decision_state(state, proposal, now) in typing.get_args(DecisionState)


@given(at=MOMENTS, first=MOMENTS, later=MOMENTS)
def test_left_alone_an_adopted_decision_waits_then_stands_then_lapses(at, first, later):
    state = State()
    state.adopt(0, load("simple"))
    proposal = undecided()
    proposal.outcome = Outcome(1, at, True, False, 1, 0, 0, 0, 1, 1, 1)
    order = ["waiting", "adopted", "lapsed"]
    moments = sorted((at + first, at + later))
    one, other = (order.index(decision_state(state, proposal, moment)) for moment in moments)
    assert one <= other


@pytest.mark.parametrize("pack", names())
@given(base=st.integers(1, 5000))
def test_a_quorum_grows_with_its_base_by_one_at_most(pack, base):
    for call in load(pack).assembly.calls:
        needed, of_one_more = required(call, base), required(call, base + 1)
        assert 1 <= needed <= of_one_more <= needed + 1
        if not call.count:
            assert needed <= base + 1
