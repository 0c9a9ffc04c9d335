"""Who wrote it: every way of writing in another's name is refused."""

import base64

import msgspec
import pytest

from comuna import pen
from comuna.book import keys
from comuna.book.strict import base64_text
from comuna.clerk import Submission, signed_bytes
from comuna.rules.act import Author, Signature
from comuna.rules.authorship import EnrolKey, RevokeKey
from comuna.rules.names import key_id
from comuna.rules.office import PetitionRecall
from comuna.rules.production import LogWork, Worked
from comuna.rules.proposal import Propose
from comuna.rules.roll import Apply, Leave
from comuna.rules.state import DAY, Mandate
from comuna.rules.treasury import ApprovePayment, Pay
from comuna.rules.vote import CloseVote, CountHands, Vote
from tests.rules.village import MEMBERS, each_pack, founding_act, number_of, paper, public, seed

PROPOSAL = Propose(title="Roof", text="Mend it.")


def key_of(member):
    return keys.key_id(keys.public_key(seed(member)))


def new_key(name):
    """A key that no member had before: (seed, public key)."""
    made = keys.public_key(name.encode().ljust(32, b"\0"))
    return name.encode().ljust(32, b"\0"), keys.to_wire(made)


def forged(v, act, member, signer, signed_as=None, body="", altered=None):
    """A submission of `member` signed by the key of `signer`: over another body, or another act."""
    author = Author(member=member, form="signed")
    told = Submission(body=v.body, by=author, act=act, nonce=v.nonce())
    shown = msgspec.structs.replace(told, body=body or v.body, act=altered or act)
    value = base64_text(keys.sign(seed(signer), signed_bytes(shown)))
    signature = Signature(member=signed_as or member, key=key_of(signer), value=value)
    by = msgspec.structs.replace(author, signatures=(signature,))
    return msgspec.structs.replace(told, by=by)


# --- signatures -------------------------------------------------------------------------------


@each_pack
def test_an_unsigned_act_is_refused(village):
    v = village
    v.refused("signature_missing", lambda: v.raw(v.plain[0], PROPOSAL))


@each_pack
def test_the_signature_of_a_stranger_is_refused(village):
    v = village
    member = v.plain[0]
    stranger = [(member, key_id(new_key("stranger")[1]), base64_text(bytes(64)))]
    v.refused("key_unknown", lambda: v.raw(member, PROPOSAL, signatures=stranger))


@each_pack
def test_another_members_key_does_not_sign_for_one(village):
    v = village
    one, other = v.plain[:2]
    v.refused("key_unknown", lambda: v.clerk.submit(forged(v, PROPOSAL, one, other)))
    honest = forged(v, PROPOSAL, one, other, signed_as=other)
    v.refused("signature_missing", lambda: v.clerk.submit(honest))


@each_pack
def test_a_signature_over_other_bytes_is_refused(village):
    v = village
    member = v.plain[0]
    other = Propose(title="Roof", text="Sell it.")
    sent = forged(v, PROPOSAL, member, member, altered=other)
    v.refused("signature_invalid", lambda: v.clerk.submit(sent))


@each_pack
def test_a_signature_over_another_body_is_refused(village):
    v = village
    member = v.plain[0]
    sent = forged(v, PROPOSAL, member, member, body="0" * 32)
    v.refused("signature_invalid", lambda: v.clerk.submit(sent))


@each_pack
def test_a_signature_under_another_nonce_is_refused(village):
    v = village
    member = v.plain[0]
    sent = msgspec.structs.replace(forged(v, PROPOSAL, member, member), nonce="another")
    v.refused("signature_invalid", lambda: v.clerk.submit(sent))


@pytest.mark.parametrize("value", ["", "AAAA", "*" * 88])
def test_what_is_no_signature_is_refused(village, value):
    v = village
    member = v.plain[0]
    sent = [(member, key_of(member), value)]
    v.refused("entry_malformed", lambda: v.raw(member, PROPOSAL, signatures=sent))


def test_nobody_signs_one_act_twice(village):
    v = village
    member = v.plain[0]
    one = [(member, key_of(member), base64_text(bytes(64)))]
    v.refused("signed_twice", lambda: v.raw(member, PROPOSAL, signatures=one * 2))


@each_pack
@pytest.mark.parametrize("kind", ["vote", "approval", "petition", "proposal"])
def test_what_is_merely_attested_is_refused(village, kind):
    v = village
    acts = {
        "vote": Vote(ballot=1, choice="yes"),
        "approval": ApprovePayment(payment=1),
        "petition": PetitionRecall(office="treasurer", member=1, text="late"),
        "proposal": PROPOSAL,
    }
    said = v.refused("form_not_accepted", lambda: v.raw(v.plain[0], acts[kind], form="attested"))
    assert said.params["accepted"] == "signed, witnessed"


@each_pack
def test_who_left_does_not_sign_along_any_more(village):
    v = village
    leaver, author = v.plain[:2]
    v.do(leaver, Leave())
    rows = (Worked(member=author, minutes=60),)
    log = LogWork(date=v.today, production_unit="mill", task="grinding", work=rows)
    v.refused("signer_not_a_member", lambda: v.send(author, log, leaver))
    v.refused("not_a_member", lambda: v.send(leaver, PROPOSAL))


@each_pack
def test_an_applicant_confirms_nobodys_hours(village):
    v = village
    applicant = applied(v)
    author = v.plain[0]
    rows = (Worked(member=author, minutes=60),)
    log = LogWork(date=v.today, production_unit="mill", task="grinding", work=rows)
    v.refused("signer_not_a_member", lambda: v.send(author, log, applicant))


def applied(v):
    number = len(v.state.people) + 1
    kind = v.law.members.kinds[0].id
    apply = Apply(commitment=f"{number:064x}", member_kind=kind, key=public(number))
    return v.do(number, apply) and number


# --- keys -------------------------------------------------------------------------------------


@each_pack
def test_a_key_with_two_sponsors_is_refused(village):
    v = village
    member, sponsor = v.plain[:2]
    keeps, other, _ = v.sponsors(member)
    _, wire = new_key("second key")
    enrol = EnrolKey(member=member, public=wire)
    said = v.refused("sponsors_missing", lambda: v.send(keeps, enrol, other))
    assert said.params == {"needed": 3, "given": 2}
    v.refused("sponsors_missing", lambda: v.send(member, enrol, sponsor))  # oneself is no sponsor


@each_pack
def test_a_key_is_vouched_for_by_who_keeps_the_register_and_by_another_office(village):
    v = village
    member, *plain = v.plain[:4]
    enrol = EnrolKey(member=member, public=new_key("second key")[1])
    keeps, other, _ = v.sponsors(member)
    for sponsors in (plain, (keeps, *plain[:2]), (other, *plain[:2])):
        sent = tuple(sponsors)
        v.refused("sponsors_without_office", lambda s=sent: v.send(s[0], enrol, *s[1:]))
    v.do(keeps, enrol, other, plain[0])


@each_pack
def test_a_new_key_does_not_count_before_its_waiting_time(village):
    v = village
    member = v.plain[0]
    new, wire = new_key("second key")
    v.enrol(member, wire)
    early = pen.signed(v.body, member, PROPOSAL, v.nonce(), {member: new})
    v.refused("key_not_in_force", lambda: v.clerk.submit(early))
    v.do(member, PROPOSAL)  # until then the old one does
    v.wait(days=v.law.members.key_waiting_days)
    number_of(v.clerk.submit(pen.signed(v.body, member, PROPOSAL, v.nonce(), {member: new})))
    v.refused("key_not_in_force", lambda: v.send(member, PROPOSAL))


@each_pack
def test_a_revoked_key_signs_nothing_more(village):
    v = village
    member = v.plain[0]
    revoke = RevokeKey(key=key_of(member))
    v.refused("key_of_another", lambda: v.send(v.plain[1], revoke))
    v.do(member, revoke)
    v.refused("key_not_in_force", lambda: v.send(member, PROPOSAL))
    v.refused("key_not_in_force", lambda: v.on_paper(member, revoke))


def test_a_member_stops_an_enrolment_they_did_not_ask_for_and_keeps_their_key(village):
    v = village
    member = v.plain[0]
    _, wire = new_key("thief")
    v.enrol(member, wire)
    v.do(member, RevokeKey(key=key_id(wire)))
    v.wait(days=v.law.members.key_waiting_days)
    v.do(member, PROPOSAL)


def test_stopping_one_of_two_enrolments_does_not_keep_the_old_key_alive_beside_the_other(village):
    v = village
    member = v.plain[0]
    _, thief = new_key("thief")
    new, wire = new_key("second key")
    v.enrol(member, thief)
    v.wait(days=1)
    v.enrol(member, wire)
    v.do(member, RevokeKey(key=key_id(thief)))
    v.wait(days=v.law.members.key_waiting_days - 1)
    v.do(member, PROPOSAL)
    v.wait(days=1)
    v.refused("key_not_in_force", lambda: v.send(member, PROPOSAL))
    number_of(v.clerk.submit(pen.signed(v.body, member, PROPOSAL, v.nonce(), {member: new})))


@pytest.mark.parametrize("public_key", ["", "AAAA", base64.b64encode(bytes(33)).decode()])
def test_what_is_no_key_is_not_enrolled(village, public_key):
    v = village
    enrol = EnrolKey(member=v.plain[0], public=public_key)
    v.refused("key_malformed", lambda: v.send(v.plain[1], enrol, v.plain[2]))


def test_a_key_on_the_roll_is_not_enrolled_for_another(village):
    v = village
    enrol = EnrolKey(member=v.plain[0], public=public(v.plain[3]))
    v.refused("key_already_enrolled", lambda: v.send(v.plain[1], enrol, v.plain[2]))
    v.refused("key_unknown", lambda: v.send(v.plain[0], RevokeKey(key="0" * 16)))


# --- paper ------------------------------------------------------------------------------------


@each_pack
def test_paper_without_two_other_witnesses_is_refused(village):
    v = village
    author, witness = v.plain[:2]
    for witnesses in [(), (witness,), (witness, witness), (witness, author)]:
        sent = witnesses
        v.refused("witnesses_missing", lambda w=sent: v.on_paper(author, PROPOSAL, witnesses=w))
    secretary = (witness, v.secretary)
    v.refused("witnesses_missing", lambda: v.on_paper(author, PROPOSAL, witnesses=secretary))
    stranger = (*v.plain[1:3], 99)
    v.refused("witness_not_a_member", lambda: v.on_paper(author, PROPOSAL, witnesses=stranger))


@each_pack
def test_paper_is_entered_by_who_holds_that_mandate(village):
    v = village
    author, clerk = v.plain[:2]
    witnesses = tuple(v.plain[2:4])
    sent = pen.witnessed(
        v.body, author, PROPOSAL, v.nonce(), {clerk: seed(clerk)}, witnesses, paper("sheet")
    )
    v.refused("no_mandate_for_paper", lambda: v.clerk.submit(sent))


def test_an_act_on_paper_has_its_paper(village):
    v = village
    author = Author(member=v.plain[0], form="witnessed", witnesses=tuple(v.plain[1:3]))
    bare = Submission(body=v.body, by=author, act=PROPOSAL, nonce=v.nonce())
    v.refused(
        "paper_missing", lambda: v.clerk.submit(pen.sign(bare, {v.secretary: seed(v.secretary)}))
    )


@each_pack
def test_paper_that_comes_too_late_is_refused(village):
    v = village
    late = v.now - (v.law.paper.late_days + 1) * DAY
    said = v.refused("paper_too_late", lambda: v.on_paper(v.plain[0], PROPOSAL, happened=late))
    assert said.article
    number_of(v.on_paper(v.plain[0], PROPOSAL, happened=late + DAY))


@each_pack
def test_what_happens_tomorrow_is_not_entered_today(village):
    v = village
    future = v.now + 1
    v.refused("happened_in_the_future", lambda: v.on_paper(v.plain[0], PROPOSAL, happened=future))


def test_a_signed_act_carries_neither_witnesses_nor_an_earlier_day(village):
    v = village
    member = v.plain[0]
    for changes, rule in [
        ({"witnesses": (3, 4)}, "signed_needs_no_paper"),
        ({"paper": paper("sheet")}, "signed_needs_no_paper"),
        ({"happened": v.now - DAY}, "signed_needs_no_paper"),
    ]:
        author = Author(member=member, form="signed", **changes)
        bare = Submission(body=v.body, by=author, act=PROPOSAL, nonce=v.nonce())
        sent = pen.sign(bare, {member: seed(member)})
        v.refused(rule, lambda s=sent: v.clerk.submit(s))


@each_pack
def test_a_secretary_alone_does_not_pay_with_papers(village):
    """Each approval and the payment take a witness's key beside the secretary's."""
    v = village
    opened = v.decide(v.authorisation())
    payment = number_of(v.on_paper(v.requester, v.payment(opened)))
    for approver in v.approvers[: v.law.treasury.signatures]:
        approval = ApprovePayment(payment=payment)
        refused_alone(v, approver, approval)
        number_of(v.on_paper(approver, approval))
    v.wait(hours=v.law.treasury.objection_hours)
    refused_alone(v, v.treasurer, v.paying(payment))
    number_of(v.on_paper(v.treasurer, v.paying(payment)))


@each_pack
def test_a_secretary_alone_does_not_decide_with_papers(village):
    """A roll call, its closing and a count of hands from paper: no vote enters under one key."""
    v = village
    by_name, by_hands = v.propose(), v.propose()
    assembly = v.meet(by_name, by_hands)
    ballot = v.open_vote(assembly, by_name)
    for member in sorted(v.state.ballots[ballot].entitled):
        vote = Vote(ballot=ballot, choice="yes")
        refused_alone(v, member, vote)
        number_of(v.on_paper(member, vote))
    refused_alone(v, v.chair, CloseVote(ballot=ballot))
    number_of(v.on_paper(v.chair, CloseVote(ballot=ballot)))
    assert v.state.proposals[by_name].outcome.adopted
    ballot = v.open_vote(assembly, by_hands, method="hands")
    refused_alone(v, v.chair, CountHands(ballot=ballot, yes=9, no=0))


def refused_alone(v, member, act):
    """The secretary's key is not enough, nor with it the author's or that of whoever is named no
    witness; nor a witness's without the secretary's."""
    others = [n for n in v.plain if n != member]
    named = tuple(others[-2:])
    author = Author(
        member=member,
        form="witnessed",
        witnesses=named,
        paper=paper("sheet"),
        seen=v.clerk.seen(v.body),
    )
    bare = Submission(body=v.body, by=author, act=act, nonce=v.nonce())
    for besides in [(), (member,), (others[0],)]:
        sent = pen.sign(bare, {n: seed(n) for n in (v.secretary, *besides)})
        v.refused("witness_has_not_signed", lambda s=sent: v.clerk.submit(s))
    unkept = pen.sign(bare, {named[0]: seed(named[0])})
    v.refused("no_mandate_for_paper", lambda: v.clerk.submit(unkept))


@each_pack
def test_a_second_secretary_is_not_the_witness_of_the_first(village):
    v = village
    ballot = v.open_vote(v.meet(proposal := v.propose()), proposal)
    one, other = v.plain[:2]
    held = v.state.mandates[v.secretary][0]
    twin = Mandate(held.office, one, False, held.since, held.until, 0, held.powers)
    v.state.mandates[one].append(twin)
    vote = Vote(ballot=ballot, choice="yes")
    named = (one, other, v.overseer)
    v.refused("witness_has_not_signed", lambda: v.on_paper(v.chair, vote, witnesses=named))
    number_of(v.on_paper(v.chair, vote, witnesses=named, others=(v.overseer,)))


# --- the envelope -----------------------------------------------------------------------------


@each_pack
def test_the_same_submission_again_is_the_first_entry(village):
    v = village
    member = v.plain[0]
    sent = pen.signed(v.body, member, PROPOSAL, "the same", {member: seed(member)})
    first = number_of(v.clerk.submit(sent))
    rows = v.stored()
    assert number_of(v.clerk.submit(sent)) == first
    assert v.stored() == rows


@each_pack
def test_another_submission_under_a_used_nonce_is_refused(village):
    v = village
    member = v.plain[0]
    seeds = {member: seed(member)}
    first = number_of(v.clerk.submit(pen.signed(v.body, member, PROPOSAL, "the same", seeds)))
    other = pen.signed(v.body, member, Propose(title="Roof", text="Sell it."), "the same", seeds)
    said = v.refused("nonce_used", lambda: v.clerk.submit(other))
    assert said.params == {"number": first}


@pytest.mark.parametrize("nonce", ["", "n" * 65])
def test_a_submission_needs_a_name_of_its_own(village, nonce):
    v = village
    member = v.plain[0]
    sent = pen.signed(v.body, member, PROPOSAL, nonce, {member: seed(member)})
    v.refused("entry_malformed", lambda: v.clerk.submit(sent))


@pytest.mark.parametrize(
    "act",
    [
        Vote(ballot=1, choice="yes"),
        CountHands(ballot=1, yes=1, no=0),
        CloseVote(ballot=1),
        ApprovePayment(payment=1),
        Pay(payment=1, amount=1, date="2026-01-01"),
    ],
)
@each_pack
def test_who_decides_or_pays_names_the_book_they_saw(village, act):
    v = village
    member = v.plain[0]
    sent = pen.signed(v.body, member, act, v.nonce(), {member: seed(member)})
    v.refused("book_not_named", lambda: v.clerk.submit(sent))


def test_an_act_for_a_body_that_was_never_founded_is_refused(village):
    v = village
    member = v.plain[0]
    sent = pen.signed("0" * 32, member, PROPOSAL, "n", {member: seed(member)})
    v.refused("not_founded", lambda: v.clerk.submit(sent))


def test_a_body_is_founded_once(village):
    v = village
    seeds = {n: seed(n) for n in range(1, MEMBERS + 1)}
    again = pen.founding(founding_act(v.pack), seeds, "founding again")
    v.refused("already_founded", lambda: v.clerk.submit(again))


def test_a_founding_is_complete_and_signed_by_all_who_have_keys(village):
    v = village
    seeds = {n: seed(n) for n in range(1, MEMBERS + 1)}
    whole = founding_act(v.pack)
    few = msgspec.structs.replace(whole, founders=whole.founders[:4], offices=())
    shared = (whole.founders[0], *whole.founders[:-1])
    paper_only = tuple(msgspec.structs.replace(f, key="") for f in whole.founders[1:])
    one_key = (whole.founders[0], *paper_only)
    no_key = (*whole.founders[:-1], msgspec.structs.replace(whole.founders[-1], key=""))
    a_body = (*whole.founders[:-1], msgspec.structs.replace(whole.founders[-1], body="0" * 32))
    bodies = tuple(
        msgspec.structs.replace(f, body="0" * 32, kind="body") for f in whole.founders[:2]
    )
    for rule, change, signers in [
        ("too_few_founders", {"founders": few.founders, "offices": ()}, range(1, 5)),
        ("name_and_unit_missing", {"name": " "}, seeds),
        ("decimals_out_of_range", {"decimals": 7}, seeds),
        ("key_shared_by_founders", {"founders": shared}, seeds),
        ("too_few_founders_with_keys", {"founders": one_key}, [1]),
        ("founder_has_not_signed", {"name": "Hamlet"}, range(1, MEMBERS)),
        ("signature_of_a_stranger", {"founders": whole.founders[:-1]}, seeds),
        ("founding_paper_missing", {"founders": no_key}, range(1, MEMBERS)),
        ("member_kind_is_for_bodies", {"founders": a_body}, seeds),
        ("body_on_the_roll_already", {"founders": (*bodies, *whole.founders[2:])}, seeds),
    ]:
        act = msgspec.structs.replace(whole, **change)
        sent = pen.founding(act, {n: seed(n) for n in signers}, f"founding, {rule}")
        v.refused(rule, lambda s=sent: v.clerk.submit(s))


def test_a_founder_of_a_kind_that_holds_no_office_takes_none(village):
    v = village
    whole = founding_act(v.pack)
    first = msgspec.structs.replace(whole.founders[0], kind="probationer")
    act = msgspec.structs.replace(whole, founders=(first, *whole.founders[1:]))
    sent = pen.founding(act, {n: seed(n) for n in range(1, MEMBERS + 1)}, "founding")
    v.refused("kind_holds_no_office", lambda: v.clerk.submit(sent))
