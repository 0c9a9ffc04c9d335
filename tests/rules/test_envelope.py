"""The place of an entry in its book, judged without a clerk: verifier and readings judge the same
way. And rules that no pack of today can bring about, on statutes altered for the purpose."""

import ast
import copy
from pathlib import Path

import msgspec
import pytest

from comuna.rules.accounts import Receive
from comuna.rules.act import Author, Paper, Refusal, Seen
from comuna.rules.assembly import CheckIn, CloseAssembly
from comuna.rules.judge import judge
from comuna.rules.office import PetitionRecall
from comuna.rules.proposal import Propose
from comuna.rules.roll import Leave
from comuna.rules.state import DAY, State
from comuna.rules.statute import AcceptedForms
from tests.rules.in_memory import entry_of
from tests.rules.village import founding_act, paper

replace = msgspec.structs.replace
PROPOSAL = Propose(title="Roof", text="Mend it.")


def refused(state, entry):
    """The rule that refuses this entry; judging changes nothing."""
    before = copy.deepcopy(state)
    verdict = judge(state, entry)
    assert isinstance(verdict, Refusal), verdict
    assert state == before
    return verdict.rule


@pytest.fixture
def state(prepared):
    return copy.deepcopy(prepared.state)


def under(state, **changes):
    """The state under its statute with these parts changed."""
    state.adopt(state.now, replace(state.statute, **changes))
    return state


def test_entries_follow_one_another_in_number_and_in_time(state):
    right = entry_of(state, 20, PROPOSAL)
    assert refused(state, replace(right, number=right.number + 1)) == "number_not_next"
    assert refused(state, replace(right, number=right.number - 1)) == "number_not_next"
    assert refused(state, replace(right, at=state.now - 1)) == "time_runs_backwards"
    assert not isinstance(judge(state, right), Refusal)


def test_an_entry_is_of_this_body_and_has_a_name_of_its_own(state):
    right = entry_of(state, 20, PROPOSAL)
    assert refused(state, replace(right, body="0" * 32)) == "other_body"
    assert refused(state, replace(right, nonce="")) == "nonce_malformed"
    assert refused(state, replace(right, nonce="n" * 65)) == "nonce_malformed"
    assert refused(state, replace(right, nonce="founding")) == "submitted_before"


def test_a_founding_under_another_bodys_name_is_refused():
    state = State()
    act = founding_act("simple")
    entry = entry_of(state, 1, act)
    assert refused(state, replace(entry, body="0" * 32)) == "body_id_differs"


def test_a_book_that_its_author_saw_is_of_this_book(state):
    entry = entry_of(state, 20, PROPOSAL)
    for size in (0, state.head + 1):
        seen = Seen(size=size, root="0" * 64)
        other = replace(entry, by=replace(entry.by, seen=seen))
        assert refused(state, other) == "checkpoint_not_of_this_book"


# --- statutes altered for the purpose ---------------------------------------------------------


def attesting(state):
    """Under a statute that takes the server's word for who is present."""
    forms = AcceptedForms(article="1", acts=("check-in",), forms=("attested",))
    return under(state, authorship=(forms, *state.statute.authorship))


def test_what_only_the_server_says_is_neither_signed_nor_late(state):
    attesting(state)
    arrival = entry_of(state, 20, CheckIn(assembly=1, members=(20,)))
    signed_too = replace(arrival.by, form="attested")
    assert refused(state, replace(arrival, by=signed_too)) == "attested_is_unsigned"
    late = Author(member=20, form="attested", happened=state.now - DAY)
    assert refused(state, replace(arrival, by=late)) == "only_paper_comes_late"


def test_where_the_statute_foresees_no_recall_none_is_asked_for(state, prepared):
    offices = tuple(replace(office, recall=None) for office in state.statute.offices)
    under(state, offices=offices)
    asked = PetitionRecall(office="treasurer", member=prepared.keeper, text="late accounts")
    assert refused(state, entry_of(state, 20, asked)) == "recall_not_foreseen"


def test_who_may_not_vote_yet_neither_proposes_nor_petitions_nor_challenges(state, prepared):
    state.people[20].votes_from = state.now + DAY
    asked = PetitionRecall(office="treasurer", member=prepared.keeper, text="late accounts")
    for act in (PROPOSAL, asked):
        assert refused(state, entry_of(state, 20, act)) == "no_vote"


def test_a_kind_without_a_vote_does_not_propose(state):
    state.people[20].kind = "probationer"
    assert refused(state, entry_of(state, 20, PROPOSAL)) == "no_vote"


def test_an_act_of_a_meeting_names_one(state, prepared):
    act = CloseAssembly(assembly=1)
    assert refused(state, entry_of(state, prepared.approvers[0], act)) == "assembly_unknown"


@pytest.mark.parametrize(
    "receipt", [Paper(sha256="A" * 64, size=5), Paper(sha256="a" * 63, size=5), paper("")]
)
def test_a_receipt_is_named_by_its_fingerprint(state, prepared, receipt):
    act = Receive(
        date="2026-01-20",
        money="bank:main",
        source="sales_members",
        amount=5,
        payer="Buyer",
        text="cacao",
        receipt=receipt,
    )
    entry = entry_of(state, prepared.keeper, act, prepared.approvers[:1])
    assert refused(state, entry) == "paper_malformed"


def test_a_mandate_does_not_outlive_membership(state, prepared):
    facts = judge(state, entry_of(state, prepared.keeper, Leave()))
    for fact in facts:
        fact.apply(state)
    assert not state.holds(prepared.keeper, "keep-accounts", state.now)


# --- every rule -------------------------------------------------------------------------------

ROOM = Path(__file__).resolve().parent
RULES = ROOM.parents[1] / "src" / "comuna" / "rules"


def texts_in(folder):
    """Every text constant in the code of a folder."""
    trees = (ast.parse(path.read_text()) for path in sorted(folder.glob("*.py")))
    nodes = (node for tree in trees for node in ast.walk(tree))
    return {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def rules_named():
    """The names by which the rules refuse."""
    for path in sorted(RULES.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                at = {"require": 1, "Refused": 0}.get(node.func.id, len(node.args))
                yield from (n.value for n in node.args[at : at + 1] if isinstance(n, ast.Constant))


def test_every_rule_is_broken_by_a_test_of_this_room():
    assert sorted(set(rules_named()) - texts_in(ROOM)) == []
