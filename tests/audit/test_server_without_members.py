"""The central promise: someone with the server, its database and its key, but no member's key,
cannot produce a book in which an adopted decision or a payment verifies.

Every book here is recomputed and signed with the real key of the book, so its bytes are in order:
what remains are the members' signatures. What the server can do all the same stands at the end, and
in docs/what-a-proof-shows.md.
"""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comuna.book import keys
from tests.audit.story import OWN_KEY, names, resign, where
from tests.rules.village import public

STRANGER = bytes(31) + b"s"
"""The key of somebody whom the server makes up."""


def proven(report):
    """How many decisions in force and payments were proven."""
    (book,) = report.books
    return book.enacted, book.payments


@pytest.fixture(scope="session")
def honest(server):
    report = server.verify(server.copy())
    assert not report.findings
    return proven(report)


def append(server, *made):
    """The honest book with entries of the server's own at its end."""
    return [*server.copy(), *made]


def test_the_honest_books_verify(server, vouched):
    for keeper in (server, vouched):
        report = keeper.verify(keeper.copy(), keeper.kept(50))
        assert not report.findings
        (book,) = report.books
        signals = [signal.name for signal in book.signals]
        assert (book.notes, book.payments) == (signals, 3)
        assert book.enacted > 10
        assert book.root == keeper.verify(keeper.copy()).books[0].root
    assert vouched.verify(vouched.copy()).books[0].vouched == len(vouched.entries) - 1


# --- votes ----------------------------------------------------------------------------------------


def test_votes_that_only_the_server_attests_do_not_count(server, honest):
    """The rejected villa gets the votes it lacked, each attested by the server."""
    entries = server.copy()
    for i in where(entries, "vote", ballot=server.story.villa_vote, choice="no"):
        entries[i]["act"]["choice"] = "yes"
        entries[i]["by"] = {"member": entries[i]["by"]["member"], "form": "attested"}
    entries.append(server.act(20, {"kind": "enact", "decision": server.story.villa}))
    report = server.verify(entries)
    assert "form_not_accepted" in names(report)
    assert nothing_more(report, honest, len(entries))


def nothing_more(report, honest, enact):
    """What was put in force at the end is not proven, nor more than in the honest book. Less may
    be: a roll call whose votes do not count was not closed, and nobody left its assembly."""
    payments, enacted = zip(proven(report), honest, strict=True)
    found = {f.where for f in report.findings}
    return f"entry {enact}" in found and all(a <= b for a, b in (payments, enacted))


@pytest.mark.parametrize("besides", [(), (21,), (5, 22)])
def test_votes_that_a_secretary_enters_from_paper_count_if_the_witnesses_sign_too(
    server, honest, besides
):
    """The rejected villa gets the votes it lacked on papers of the secretary's own making: alone,
    with one who is no witness, and with the witnesses, one of another office, who then answer for
    them."""
    entries, story = server.copy(), server.story
    offices = entries[0]["act"]["offices"]
    secretary = next(o["member"] for o in offices if o["office"] == "secretary")
    for i in where(entries, "vote", ballot=story.villa_vote, choice="no"):
        e = entries[i]
        if e["by"]["member"] in besides:  # nobody is the witness of their own vote
            continue
        e["act"]["choice"] = "yes"
        by = {
            "form": "witnessed",
            "witnesses": [5, 22, 23],
            "paper": {"sha256": "2" * 64, "size": 1},
        }
        e["by"] = {"member": e["by"]["member"], "seen": e["by"]["seen"], **by}
        resign(e, {secretary, *besides})
    entries.append(server.act(20, {"kind": "enact", "decision": story.villa}))
    report = server.verify(entries)
    assert ("witness_has_not_signed" in names(report)) == (22 not in besides)
    assert nothing_more(report, honest, len(entries))


def test_votes_with_keys_that_the_server_made_do_not_count(server, honest):
    entries = server.copy()
    for i in where(entries, "vote", ballot=server.story.villa_vote, choice="no"):
        e = entries[i]
        act = {**e["act"], "choice": "yes"}
        entries[i] = server.self_signed(e["by"]["member"], act, at=e["at"])
    enact = {"kind": "enact", "decision": server.story.villa}
    entries.append(server.self_signed(20, enact))
    report = server.verify(entries)
    assert "key_unknown" in names(report)
    assert nothing_more(report, honest, len(entries))


def test_a_vote_is_of_no_use_on_another_ballot(server, honest):
    """Votes for the school, moved to the villa, with and without a nonce of their own."""
    story = server.story
    for renamed in (False, True):
        entries = append(server, server.act(20, {"kind": "enact", "decision": story.villa}))
        moved = [
            copy.deepcopy(entries[i]) for i in where(entries, "vote", ballot=story.school_vote)
        ]
        entries = [
            e
            for e in entries
            if (e["act"]["kind"], e["act"].get("ballot")) != ("vote", story.villa_vote)
        ]
        close = where(entries, "close-vote", ballot=story.villa_vote)[0]
        for e in moved:
            e["at"] = entries[close]["at"]
            e["act"]["ballot"] = story.villa_vote
            if renamed:
                e["nonce"] += "-again"
        entries[close:close] = moved
        report = server.verify(entries)
        assert "signature_invalid" in names(report)
        # What came later in the year had numbers that point elsewhere now.
        assert proven(report)[0] <= honest[0]
        assert f"entry {len(entries)}" in {f.where for f in report.findings}


def test_a_vote_counts_once(server):
    """The same signed vote again, under the same nonce and under another."""
    for suffix, finding in (("", "nonce_reused"), ("-again", "signature_invalid")):
        entries = server.copy()
        i = where(entries, "vote", ballot=server.story.school_vote)[0]
        again = copy.deepcopy(entries[i])
        again["nonce"] += suffix
        entries.insert(i + 1, again)
        assert finding in names(server.verify(entries))


def test_a_count_of_hands_needs_its_tellers(server, honest):
    """One teller's signature gone; other numbers; the server's word alone."""
    i = where(server.entries, "count-hands")[0]
    one, other, word = server.copy(), server.copy(), server.copy()
    del one[i]["by"]["signatures"][1]
    other[i]["act"].update(yes=3, no=15)
    word[i]["by"] = {"member": word[i]["by"]["member"], "form": "attested"}
    for entries, finding in (
        (one, "tellers_missing"),
        (other, "signature_invalid"),
        (word, "form_not_accepted"),
    ):
        report = server.verify(entries)
        assert finding in names(report)
        assert proven(report)[0] < honest[0]


def test_a_vote_is_not_closed_before_the_votes_that_follow(server):
    """The roll call of the villa is closed when ten have said yes and none no."""
    entries = server.copy()
    votes = where(entries, "vote", ballot=server.story.villa_vote)
    close = where(entries, "close-vote", ballot=server.story.villa_vote)[0]
    early = entries.pop(close)
    early["at"] = entries[votes[9]]["at"]
    entries.insert(votes[10], early)
    report = server.verify(entries)
    assert "not_all_heard" in names(report)


def test_a_result_that_nobody_voted_is_no_decision(server, honest):
    """A decision put in force that was rejected, or never voted at all."""
    for decision in (server.story.villa, 999_999):
        enact = {"kind": "enact", "decision": decision}
        for made in (server.act(20, enact), server.self_signed(20, enact)):
            report = server.verify(append(server, made))
            assert report.findings
            assert proven(report) == honest


# --- proposals and the statute --------------------------------------------------------------------


def test_a_proposal_altered_after_the_vote_is_not_what_was_voted(server, honest):
    entries = server.copy()
    entries[server.story.zinc - 1]["act"]["effects"][0]["limit"] = 600_000
    report = server.verify(entries)
    assert {"signature_invalid", "movement_without_decision"} <= names(report)
    assert proven(report)[1] < honest[1]


def test_another_proposal_in_the_place_of_the_one_voted_is_seen_by_its_digest(server, honest):
    """The villa and the school change places: both were really proposed and signed."""
    entries = server.copy()
    a, b = server.story.school - 1, server.story.villa - 1
    entries[a], entries[b] = entries[b], entries[a]
    entries[a]["at"], entries[b]["at"] = entries[b]["at"], entries[a]["at"]
    report = server.verify(entries)
    assert "question_altered" in names(report)
    assert proven(report)[0] < honest[0]


def test_the_statute_cannot_be_changed_in_the_founding(server):
    entries = server.copy()
    entries[0]["act"]["statute"]["treasury"]["signatures"] = 0
    report = server.verify(entries)
    assert proven(report) == (0, 0)
    assert "signature_invalid" in names(report)


def test_the_statute_is_not_amended_without_the_members(server, honest):
    """Proposed, voted and put in force by the server's own hand: attested is accepted for all."""
    change = {"place": "authorship.1.forms", "value": ["attested"]}
    effect = {"effect": "amend-statute", "changes": [change]}
    propose = {"kind": "propose", "title": "t", "text": "t", "effects": [effect]}
    number = len(server.entries) + 1
    enact = {"kind": "enact", "decision": number}
    report = server.verify(append(server, server.act(20, propose), server.act(20, enact)))
    assert proven(report) == honest
    assert len(report.findings) == 2


# --- members and keys -----------------------------------------------------------------------------


def test_people_whom_the_server_invents_belong_to_nothing(server, honest):
    """Nobody is even in the book whom no member took up; and only members admit."""
    stranger = 25
    apply = {
        "kind": "apply",
        "commitment": "0" * 64,
        "key": keys.to_wire(keys.public_key(STRANGER)),
        "member_kind": "member",
    }
    asks = server.self_signed(stranger, apply, STRANGER)
    assert names(server.verify(append(server, asks))) == {"not_taken_up"}
    admit = {
        "kind": "propose",
        "title": "t",
        "text": "t",
        "effects": [{"effect": "admit", "member": stranger}],
    }
    decision = len(server.entries) + 2
    made = [
        asks,
        server.self_signed(stranger, admit, STRANGER),
        server.self_signed(stranger, {"kind": "enact", "decision": decision}, STRANGER),
        server.self_signed(stranger, {"kind": "vote", "ballot": 1, "choice": "yes"}, STRANGER),
    ]
    report = server.verify(append(server, *made))
    assert "not_a_member" in names(report)
    assert proven(report) == honest


def test_a_key_is_not_enrolled_for_a_member_by_the_server(server, honest):
    """Attested, or with the signatures of sponsors over another act, or its own."""
    story = server.story
    act = {"kind": "enrol-key", "member": 15, "public": keys.to_wire(keys.public_key(OWN_KEY))}
    sponsored = copy.deepcopy(server.entries[story.enrolment - 1])
    sponsored["act"]["member"] = 15
    sponsored["nonce"] = "forged"
    sponsored["at"] = server.entries[-1]["at"]
    later = server.entries[-1]["at"] + 30 * 86_400
    for enrolment in (server.act(20, act), server.self_signed(20, act), sponsored):
        use = server.self_signed(15, {"kind": "leave"}, at=later)
        report = server.verify(append(server, enrolment, use))
        assert "key_unknown" in names(report)
        assert len(report.findings) == 2
        assert proven(report) == honest


def test_a_signature_of_one_body_is_of_no_use_in_another(server, vouched, honest):
    """Both villages have the same members with the same keys; only the acts are bound to one."""
    entries = server.copy()
    other = copy.deepcopy(vouched.entries[where(vouched.entries, "pay")[0]])
    other.update(body=server.body, at=entries[-1]["at"], nonce="from-elsewhere")
    report = server.verify([*entries, other])
    assert proven(report) == honest
    assert report.findings


# --- payments -------------------------------------------------------------------------------------


def test_a_payment_of_the_servers_own_is_no_payment(server, honest):
    """Under a decision in force, and under none; asked, approved and paid by its own hand."""
    last = len(server.entries)
    request = {
        "kind": "request-payment",
        "authorisation": str(server.story.zinc),
        "payee": "Server",
        "amount": 100,
        "money": "bank:main",
        "text": "t",
    }
    paper = {"sha256": "1" * 64, "size": 1}
    for make in (server.act, server.self_signed):
        made = [make(5, request)]
        made += [make(m, {"kind": "approve-payment", "payment": last + 1}) for m in (1, 2)]
        pay = {"kind": "pay", "payment": last + 1, "amount": 100, "date": "2026-12-01"}
        made.append(make(5, {**pay, "receipt": paper}))
        report = server.verify(append(server, *made))
        assert len(report.findings) == 4
        assert proven(report) == honest


def test_approvals_serve_the_one_request_they_were_given_for(server, honest):
    """The approvals of the sawmill, and its payment, are turned towards the cousin."""
    entries = server.copy()
    for kind in ("approve-payment", "pay"):
        for i in where(entries, kind, payment=server.story.approved):
            entries[i]["act"]["payment"] = server.story.unapproved
    report = server.verify(entries)
    assert "signature_invalid" in names(report)
    assert proven(report)[1] < honest[1]


def test_a_payment_is_not_recorded_twice_or_for_another_amount(server, honest):
    again = copy.deepcopy(server.entries[server.story.payment - 1])
    again.update(nonce="again", at=server.entries[-1]["at"])
    report = server.verify(append(server, again))
    assert "signature_invalid" in names(report)
    assert proven(report) == honest
    entries = server.copy()
    entries[server.story.payment - 1]["act"]["amount"] += 1
    report = server.verify(entries)
    assert "signature_invalid" in names(report)
    assert proven(report)[1] == honest[1] - 1


def test_a_payment_on_paper_needs_a_secretarys_signature(server, honest):
    """The treasurer's paper, witnessed by two, says the server."""
    pay = {"kind": "pay", "payment": server.story.unapproved, "amount": 1, "date": "2026-12-01"}
    paper = {"sha256": "2" * 64, "size": 1}
    made = server.act(5, pay, "witnessed", paper=paper, witnesses=[12, 13])
    report = server.verify(append(server, made))
    assert "paper_without_secretary" in names(report)
    assert proven(report) == honest


def test_the_surplus_is_not_shared_otherwise_than_decided(server):
    entries = server.copy()
    proposal = entries[server.story.shared - 1]["act"]["effects"][0]
    one, other = sorted(proposal["allocations"])[:2]
    proposal["allocations"][one] += 5
    proposal["allocations"][other] -= 5
    report = server.verify(entries)
    assert {"signature_invalid", "decision_not_adopted"} <= names(report)


# --- every signed byte ----------------------------------------------------------------------------


def scalars(value, path=()):
    """The paths of every number, text and flag in a value."""
    if isinstance(value, dict):
        return [p for k, v in value.items() for p in scalars(v, (*path, k))]
    if isinstance(value, list):
        return [p for k, v in enumerate(value) for p in scalars(v, (*path, k))]
    return [path]


def altered(value):
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else value + "x"


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_whatever_a_member_signed_cannot_be_altered(server, data):
    """Any value in any signed act, its author or its nonce, the book recomputed and signed."""
    entries = server.copy()
    signed = [e for e in entries if e["by"].get("signatures")]
    e = data.draw(st.sampled_from(signed[1:]))
    said = {"act": e["act"], "by": e["by"], "nonce": e["nonce"]}
    path = data.draw(st.sampled_from(scalars(said)))
    here = said
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = altered(here[path[-1]])
    e.update(said)
    report = server.verify(entries)
    assert any(f.where == f"entry {e['number']}" for f in report.findings)


# --- time and order -------------------------------------------------------------------------------


def test_a_date_that_somebody_signed_does_not_move_with_the_servers_clock(server, honest):
    """A payment signed for a day after the decision's window is not saved by moving its hour."""
    payment = server.copy()[server.story.payment - 1]
    treasurer = payment["by"]["member"]
    made = copy.deepcopy(payment)
    made["act"].update(date="2027-01-02", payment=server.story.unapproved, amount=1)
    made["nonce"] = "late"
    resign(made, {treasurer})
    entries = server.copy()
    i = where(entries, "close-period")[0]
    made["at"] = entries[i - 1]["at"]
    entries.insert(i, made)
    report = server.verify(entries)
    assert "date_in_the_future" in names(report)
    assert proven(report)[1] == honest[1]


def refused_approval(server):
    """An approval that the recalled officer signed after the recall, and that was refused."""
    made = server.act(server.story.recalled, {"kind": "approve-payment", "payment": 0}, "signed")
    made["nonce"] = "after-the-recall"
    return made


def test_an_approval_after_the_recall_is_not_one(server):
    made = refused_approval(server)
    made["act"]["payment"] = server.story.unapproved
    made["by"]["seen"] = server.copy()[where(server.entries, "pay")[0]]["by"]["seen"]
    resign(made, {server.story.recalled})
    report = server.verify(append(server, made))
    assert names(report) == {"term_expired"}


@pytest.mark.parametrize("kept", [True, False])
def test_the_order_of_votes_is_held_by_those_who_voted_after(server, kept):
    """One of the last votes comes before another: harmless in itself, and seen all the same."""
    entries = server.copy()
    first, second = where(entries, "vote")[-2:]
    entries[first], entries[second] = entries[second], entries[first]
    against = server.kept(len(entries)) if kept else None
    found = {"seen_differs", "not_consistent"} if kept else {"seen_differs"}
    assert names(server.verify(entries, against)) == found


# --- what a signature that names the book it saw adds ---------------------------------------------


def without(entries, *places):
    return [e for i, e in enumerate(entries) if i not in places]


def dropped_votes(keeper):
    """Most who said no to the villa were never heard, and it is put in force."""
    entries = keeper.copy()
    noes = where(entries, "vote", ballot=keeper.story.villa_vote, choice="no")
    return without(entries, *noes[:9])


def exchanged_requests(keeper):
    """The cousin's request takes the number under which the sawmill's was approved."""
    entries = keeper.copy()
    a, b = keeper.story.approved - 1, keeper.story.unapproved - 1
    entries[a], entries[b] = entries[b], entries[a]
    return entries


def dropped_revocation(keeper):
    """The member never stopped the key that was asked for in their name."""
    return without(keeper.copy(), keeper.story.revocation - 1)


def dropped_tail(keeper):
    """The last act, put in force a decision, never happened."""
    return keeper.copy()[:-1]


WITHHELD = [dropped_votes, exchanged_requests, dropped_revocation]


@pytest.mark.parametrize("attack", WITHHELD)
def test_acts_that_name_the_book_they_saw_hold_all_that_came_before(vouched, attack):
    """Without any checkpoint kept outside: those who signed later are the witnesses."""
    report = vouched.verify(attack(vouched))
    assert "seen_differs" in names(report)


def test_an_act_that_names_the_book_it_saw_cannot_be_dated_back_before_it(vouched):
    """The recalled officer's refused approval, slipped in before the recall."""
    made = refused_approval(vouched)
    made["act"]["payment"] = vouched.story.approved
    report_seen = vouched.copy()[vouched.story.recall]
    made["by"]["seen"] = report_seen["by"]["seen"]
    resign(made, {vouched.story.recalled})
    entries = vouched.copy()
    made["at"] = entries[vouched.story.petition - 1]["at"]
    entries.insert(vouched.story.petition, made)
    assert "seen_differs" in names(vouched.verify(entries))


def test_the_name_of_the_book_seen_cannot_be_taken_off(vouched):
    entries = vouched.copy()
    e = entries[where(entries, "vote")[0]]
    del e["by"]["seen"]
    assert "signature_invalid" in names(vouched.verify(entries))


def test_the_checkpoint_read_aloud_is_one_of_this_book(server):
    """An opening signed by the chair names an earlier state: dropping what came before it shows."""
    entries = server.copy()
    opening = where(entries, "open-assembly")[-1]
    dropped = where(entries, "log-work")[0]
    assert dropped < opening
    assert "checkpoint_differs" in names(server.verify(without(entries, dropped)))


def test_the_checkpoint_read_aloud_is_no_older_than_the_assembly_before(server):
    """A chair in league with the server reads the founding, so that all since can be rewritten."""
    entries = server.copy()
    opening = where(entries, "open-assembly")[-1]
    before = where(entries[:opening], "close-assembly")[-1] + 1
    e = entries[opening]
    assert e["act"]["size"] >= before
    for size in (1, before - 1, before):
        e["act"].update(size=size, root=server.read_aloud(size))
        resign(e, {e["by"]["member"]})
        found = {
            f.name for f in server.verify(entries).findings if f.where == f"entry {opening + 1}"
        }
        assert ("older_checkpoint_read" in found) == (size < before)
        assert "checkpoint_differs" not in found


@pytest.mark.parametrize(
    ("finding", "kind", "change", "signers"),
    [
        ("corrected_in_own_case", "correct-work", {}, (20,)),
        ("corrected_in_own_case", "correct-work", {}, (20, 21)),
        ("corrected_nothing", "correct-work", {"about": 1}, ()),
        ("corrected_nothing", "correct-work", {"reason": " "}, ()),
        ("hours_impossible", "correct-work", {"right": 961}, ()),
        ("hours_impossible", "log-work", {"work": [{"member": 20, "minutes": 961}]}, ()),
        ("put_in_late", "log-work", {"date": "2026-01-01"}, ()),
        ("put_in_outside_membership", "log-work", {"date": "2025-12-31"}, ()),
    ],
)
def test_what_members_put_in_is_proven_apart_from_the_guard(server, finding, kind, change, signers):
    """Acts of members in league with the server, signed anew with their own keys."""
    entries = server.copy()
    e = entries[where(entries, kind)[0]]
    e["act"].update(change)
    resign(e, set(signers) or {s["member"] for s in e["by"]["signatures"]})
    if signers:
        e["by"]["member"] = signers[0]
        resign(e, set(signers))
    assert finding in names(server.verify(entries))


def test_a_delivery_without_who_received_it_is_found(server):
    """Signed by the giver alone, by another plain member, and by the treasurer in office."""
    entries = server.copy()
    at = where(entries, "log-work")[0]
    offices = entries[0]["act"]["offices"]
    treasurer = next(o["member"] for o in offices if o["office"] == "treasurer")
    for signers, found in (({20}, True), ({20, 21}, True), ({20, treasurer}, False)):
        e = entries[at]
        given = {"product": "cacao", "quantity": 5, "measure": "kg"}
        date = e["act"]["date"]
        e["act"] = {"kind": "deliver", "date": date, "member": 20, **given}
        e["by"]["member"] = 20
        resign(e, signers)
        assert ("received_by_nobody" in names(server.verify(entries))) == found


# --- what remains possible ------------------------------------------------------------------------


@pytest.mark.parametrize("attack", [dropped_tail])
def test_a_missing_tail_is_seen_by_whoever_kept_a_checkpoint_and_by_nobody_else(vouched, attack):
    entries = attack(vouched)
    assert not vouched.verify(copy.deepcopy(entries)).findings
    report = vouched.verify(entries, vouched.kept(len(vouched.entries)))
    assert "size_went_back" in names(report)


def last_assembly_only(server):
    """The last vote before its closing is left out."""
    entries = server.copy()
    i = where(entries, "vote")[-1]
    return without(entries, i)


def test_a_withheld_vote_shows_since_who_closes_the_vote_signs_for_all_of_them(server, vouched):
    assert "seen_differs" in names(server.verify(last_assembly_only(server)))
    assert "seen_differs" in names(vouched.verify(last_assembly_only(vouched)))
    against = server.kept(len(server.entries))
    assert "size_went_back" in names(server.verify(last_assembly_only(server), against))


def test_an_invented_body_verifies_under_a_name_of_its_own(server, vouched):
    """Whoever makes all the keys makes a village of their own. Its identity is another, and no
    checkpoint of the real one fits it."""
    report = vouched.verify(vouched.copy(), server.kept(50))
    assert vouched.body != server.body
    assert names(report) == {"other_book"}


def test_the_keys_of_members_are_theirs_and_not_the_servers():
    assert public(1) != keys.to_wire(keys.public_key(OWN_KEY))
