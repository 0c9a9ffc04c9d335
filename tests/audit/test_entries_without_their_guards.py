"""What no clerk would let in, written into the book past the clerk with every signature in order:
the proofs find it, each from the law and not from the guard."""

import msgspec
import pytest
from msgspec.structs import replace

from comuna import pen
from comuna.audit.verify import verify
from comuna.rules.accounts import Receive
from comuna.rules.act import Paper
from comuna.rules.assembly import CloseAssembly, OpenAssembly, RecordNoQuorum
from comuna.rules.assets import DisposeAsset, RegisterAsset
from comuna.rules.office import PetitionRecall
from comuna.rules.oversight import Observe
from comuna.rules.roll import Admit, Apply
from comuna.rules.statute import AcceptedForms
from tests.audit.story import Server, names, resign
from tests.rules import village as villages
from tests.rules.both_sides import refused
from tests.rules.meetings import OPENING, calling
from tests.rules.switched_off import switched_off
from tests.rules.village import (
    DAY,
    HOUR,
    MEMBERS,
    START,
    Village,
    founding_act,
    law_of,
    paper,
    public,
    seed,
)

DECISION = replace(OPENING, purpose="decision")


def hand_of(v):
    """Whoever keeps the server of this village."""
    return Server(v.path.parent, v.path, v)


def last(v, **by):
    """A harmless entry of a plain member, to be bent."""
    server = hand_of(v)
    made = server.act(v.plain[0], {"kind": "declare"}, "signed", **by)
    return server, made, {v.plain[0]}


@pytest.mark.parametrize(
    ("finding", "change"),
    [
        ("number_gap", {"number": 10_000}),
        ("entry_malformed", {"nonce": ""}),
        ("entry_malformed", {"nonce": "n" * 65}),
        ("time_runs_backwards", {"at": START}),
        ("not_founded", {"body": "0" * 32}),
    ],
)
def test_an_entry_out_of_its_place_is_found(village, finding, change):
    server, made, signers = last(village)
    entries = [*server.copy(), made]
    for number, e in enumerate(entries, 1):
        e["number"] = number
    made |= change
    resign(made, signers)
    assert finding in names(server.verify(entries, renumber=False))


def test_a_signed_act_with_a_date_of_paper_is_found(village):
    server, made, signers = last(village, happened=village.now - DAY)
    resign(made, signers)
    assert names(server.verify([*server.copy(), made])) == {"paper_beside_signature"}


def under(monkeypatch, folder, **changes):
    """A village founded on a statute altered for the purpose."""
    law = replace(law_of("simple"), **changes)
    monkeypatch.setattr(villages, "law_of", lambda _pack: law)
    return Village.founded(folder / "altered.db", "simple")


def test_what_the_server_says_with_a_signature_is_found(monkeypatch, tmp_path):
    forms = AcceptedForms(article="1", acts=("check-in",), forms=("signed", "attested"))
    v = under(monkeypatch, tmp_path, authorship=(forms, *law_of("simple").authorship))
    assembly = v.call()
    server = hand_of(v)
    made = server.act(20, {"kind": "check-in", "assembly": assembly, "members": [20]}, "attested")
    made["at"] = v.now
    assert names(server.verify([*server.copy(), made])) == set()
    resign(made, {20})
    assert names(server.verify([*server.copy(), made])) == {"attested_and_more"}


def test_a_recall_that_the_statute_does_not_foresee_is_found(monkeypatch, tmp_path):
    offices = tuple(replace(office, recall=None) for office in law_of("simple").offices)
    v = under(monkeypatch, tmp_path, offices=offices)
    asked = PetitionRecall(office="treasurer", member=v.treasurer, text="late accounts")
    refused(v, "recall_not_foreseen", "office_unknown", v.plain[0], asked)


def test_a_petition_of_somebody_who_has_no_vote_yet_is_found(village):
    v = village
    number = MEMBERS + 1
    later = v.now + 3 * 365 * DAY
    v.do(
        number,
        Apply(commitment="a" * 64, member_kind="member", key=public(number), votes_from=later),
    )
    v.decide(Admit(member=number))
    refused(v, "no_vote", "no_vote", number, v.proposal())


def test_an_act_of_a_meeting_that_is_none_is_found(village):
    v = village
    refused(v, "assembly_unknown", "assembly_unknown", v.chair, CloseAssembly(assembly=1))


def test_a_call_after_the_last_is_found(village):
    v = village
    assembly = v.call()
    for rule in v.law.assembly.calls:
        v.now += (rule.call > 1) * rule.gap_hours * HOUR + v.law.assembly.wait_minutes * 60
        v.do(v.chair, RecordNoQuorum(assembly=assembly))
    size, root = v.reading()
    again = OpenAssembly(assembly=assembly, size=size, root=root)
    refused(v, "no_further_call", "no_further_call", v.chair, again)


SIGN = (
    {"sha256": "A" * 64, "size": 5},
    {"sha256": "a" * 63, "size": 5},
    {"sha256": "a" * 64, "size": 0},
)


@pytest.mark.parametrize("sign", SIGN)
def test_a_receipt_or_a_title_without_its_fingerprint_is_found(village, sign):
    v = village
    receipt = Receive(
        date=v.today,
        money="bank:main",
        source="sales_members",
        amount=5,
        payer="Buyer",
        text="cacao",
        receipt=Paper(**sign),
    )
    refused(v, "paper_malformed", "entry_malformed", v.treasurer, receipt, v.second)
    title = RegisterAsset(name="truck", category="tools", title=Paper(**sign), in_name_of_body=True)
    refused(v, "paper_malformed", "entry_malformed", v.treasurer, title, v.second)


def test_a_title_is_not_registered_again_in_other_letters(village):
    """One title has one fingerprint, in one spelling: capitals do not make another thing of it."""
    v = village
    truck = RegisterAsset(name="truck", category="tools", title=paper("t"), in_name_of_body=True)
    v.do(v.treasurer, truck, v.second)
    capital = Paper(sha256=paper("t").sha256.upper(), size=1)
    again = replace(truck, name="another truck", title=capital)
    refused(v, "paper_malformed", "entry_malformed", v.treasurer, again, v.second)


def test_an_observation_about_nothing_is_found(village):
    v = village
    ahead = Observe(about=v.state.head + 9, text="seen")
    refused(v, "act_unknown", "about_nothing", v.overseer, ahead)


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("place_missing", {"place": "\u3164"}),
        ("item_without_title", {"agenda": (replace(OPENING, title=" "),)}),
        (
            "decision_item_needs_proposal",
            {"agenda": (OPENING, replace(OPENING, purpose="decision"))},
        ),
    ],
)
def test_a_call_that_does_not_say_what_for_is_found(village, rule, change):
    v = village
    refused(v, rule, "call_unclear", v.chair, replace(calling(v, OPENING), **change))


def test_a_proposal_called_as_something_else_is_found(village):
    """Nobody comes to vote who was called to talk."""
    v = village
    proposal = v.propose(v.authorisation())
    talk = replace(OPENING, purpose="report", proposal=proposal)
    refused(v, "decision_item_needs_proposal", "call_unclear", v.chair, calling(v, OPENING, talk))


def test_a_call_too_far_ahead_is_found(monkeypatch, tmp_path):
    law = law_of("simple").assembly
    v = under(monkeypatch, tmp_path, assembly=replace(law, notice_days_max=30))
    far = replace(calling(v, OPENING), starts_at=v.now + 31 * DAY)
    refused(v, "notice_too_long", "notice_too_long", v.chair, far)


@pytest.mark.parametrize("change", [{"price": -1}, {"payee": " "}, {"payee": "member:07"}])
def test_a_thing_sold_to_nobody_or_for_less_than_nothing_is_found(village, change):
    v = village
    truck = RegisterAsset(name="truck", category="tools", title=paper("t"), in_name_of_body=True)
    v.do(v.treasurer, truck, v.second)
    given = {"name": "truck", "payee": "Neighbour", "price": 5, **change}
    with switched_off({"amount_not_positive", "payee_missing", "payee_malformed", "text_missing"}):
        v.decide(DisposeAsset(**given))
    expected = {"amount_not_positive", "name_malformed", "payee_malformed"}
    assert names(verify(v.path)) & expected


@pytest.mark.parametrize(
    ("finding", "change"),
    [
        ("body_unnamed", {"name": " "}),
        ("decimals_out_of_range", {"decimals": 7}),
        ("commitment_malformed", {"founders": "Ana"}),
        ("statute_not_in_force", {"statute": {"valid_from": "2026-01-02"}}),
        ("statute_not_in_force", {"statute": {"valid_until": "2025-12-31"}}),
    ],
)
def test_a_founding_that_no_clerk_would_enter_is_found(village, finding, change):
    act = founding_act("simple")
    if "founders" in change:
        first = replace(act.founders[0], commitment=change["founders"])
        change = {"founders": (first, *act.founders[1:])}
    if "statute" in change:
        change = {"statute": replace(act.statute, **change["statute"])}
    act = replace(act, **change)
    sent = pen.founding(act, {n: seed(n) for n in range(1, MEMBERS + 1)}, "founding")
    plain = msgspec.json.decode(msgspec.json.encode(sent))
    server = hand_of(village)
    server.body = sent.body
    made = {**plain, "at": START, "number": 1}
    assert finding in names(server.verify([made]))
