"""Signing rounds: an act is written once, signed by several, recorded when the law has enough."""

from datetime import UTC, datetime

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from comuna.book import keys
from comuna.book.strict import base64_text
from comuna.clerk import signed_bytes
from comuna.rules.authorship import RevokeKey
from comuna.rules.state import DAY
from comuna.web import desk
from comuna.web.acting.drafts import SIGNED_TOGETHER, WAITS
from comuna.web.acting.fields import ACTS
from comuna.web.acting.models import Draft
from comuna.words.catalogue import catalogue
from tests.web_acting.acting import draft_of, faults, shown, sign, write

WORK = {
    "date": "2026-01-01",
    "production_unit": "Cacao",
    "task": "Cosecha",
    "work-count": "1",
    "work-0-member": "3",
    "work-0-minutes": "240",
}


def test_two_sign_the_hours_of_a_day(village, signed_in):
    first, second = signed_in(3), signed_in(4)
    address = draft_of(write(first, village, "log-work", WORK | {"together-asked": "4"}))
    before = village.state.head
    status, answer = sign(first, village, address, 3)
    assert status == 200
    assert answer["waiting"]["rule"] == "confirmation_missing"
    assert village.state.head == before
    assert address in second.get(f"/{village.body}/now").content.decode()
    status, answer = sign(second, village, address, 4)
    assert (status, answer) == (201, {"number": before + 1})
    assert village.state.work["2026-01"][3]["hours"] == 240
    assert address not in second.get(f"/{village.body}/now").content.decode()
    assert first.get(address)["Location"].endswith("/recorded")


def test_what_is_signed_names_the_book_that_was_seen(village, signed_in):
    browser = signed_in(3)
    address = draft_of(write(browser, village, "complain", {"text": "Falta agua"}))
    seen = shown(browser, address).by.seen
    tree = desk.clerk().desk(village.body).tree
    assert (seen.size, seen.root) == (tree.size, tree.root().hex())
    assert seen.root[:12] in browser.get(address).content.decode()


def test_who_was_asked_first_may_sign_first(village, signed_in):
    first, second = signed_in(3), signed_in(4)
    address = draft_of(write(first, village, "log-work", WORK | {"together-asked": "4"}))
    status, answer = sign(second, village, address, 4)
    assert (status, answer["waiting"]["rule"]) == (200, "signature_missing")
    assert sign(first, village, address, 3)[0] == 201


def test_signing_again_after_it_is_recorded_gives_the_same_number(village, signed_in):
    first = signed_in(3)
    address = draft_of(write(first, village, "complain", {"text": "Falta agua"}))
    submission = shown(first, address)
    assert sign(first, village, address, 3)[1] == {"number": village.state.head}
    value = base64_text(keys.sign(village.seeds[3], signed_bytes(submission)))
    key = keys.key_id(keys.public_key(village.seeds[3]))
    again = first.post(
        f"{address}/signature",
        msgspec.json.encode({"member": 3, "key": key, "value": value}),
        content_type="application/json",
    )
    assert again.json() == {"number": village.state.head}


def test_more_members_can_be_asked_later(village, signed_in):
    first, second = signed_in(3), signed_in(5)
    address = draft_of(write(first, village, "log-work", WORK))
    first.post(f"{address}/ask", {"asked": "5, 99"})
    assert address in second.get(f"/{village.body}/now").content.decode()
    members = list(
        Draft.objects.get(token=address.rpartition("/")[2]).signers.values_list("member")
    )
    assert sorted(members) == [(3,), (5,)]


@pytest.mark.parametrize(
    ("seed", "rule"),
    [(b"\7" * 32, "key_unknown"), (None, "signature_invalid")],
    ids=["a stranger's", "over other bytes"],
)
def test_a_signature_that_does_not_fit_is_not_kept(village, signed_in, seed, rule):
    first = signed_in(3)
    address = draft_of(write(first, village, "complain", {"text": "Falta agua"}))
    before = village.state.head
    if seed is not None:
        status, answer = sign(first, village, address, 3, seed)
    else:
        value = base64_text(keys.sign(village.seeds[3], b"otra cosa"))
        key = keys.key_id(keys.public_key(village.seeds[3]))
        response = first.post(
            f"{address}/signature",
            msgspec.json.encode({"member": 3, "key": key, "value": value}),
            content_type="application/json",
        )
        status, answer = response.status_code, response.json()
    assert (status, answer["refusal"]["rule"]) == (409, rule)
    assert village.state.head == before
    draft = Draft.objects.get(token=address.rpartition("/")[2])
    assert not draft.signers.exclude(value="").exists()


def test_a_revoked_key_completes_no_round(village, signed_in):
    first, second = signed_in(3), signed_in(4)
    address = draft_of(write(first, village, "log-work", WORK | {"together-asked": "4"}))
    sign(first, village, address, 3)
    village.do(3, RevokeKey(key=keys.key_id(keys.public_key(village.seeds[3]))))
    before = village.state.head
    status, answer = sign(second, village, address, 4)
    assert (status, answer["refusal"]["rule"]) == (409, "key_not_in_force")
    assert village.state.head == before


def test_an_unlawful_act_says_so_before_it_is_signed_and_after(village, signed_in):
    browser = signed_in(9)
    address = draft_of(write(browser, village, "observe", {"about": "1", "text": "Nada"}))
    page = browser.get(address).content.decode()
    assert "Si se firmara ahora" in page
    before = village.state.head
    status, answer = sign(browser, village, address, 9)
    assert (status, answer["refusal"]["rule"]) == (409, "no_mandate")
    assert answer["refusal"]["message"] in page
    assert village.state.head == before
    # The signature was not kept: when it has become lawful, it is signed anew.
    draft = Draft.objects.get(token=address.rpartition("/")[2])
    assert not draft.signers.exclude(value="").exists()


def test_a_draft_can_be_thrown_away_by_who_wrote_it_and_nobody_else(village, signed_in, visitor):
    first, other = signed_in(3), signed_in(4)
    address = draft_of(write(first, village, "complain", {"text": "Falta agua"}))
    assert other.post(f"{address}/discard").status_code == 404
    assert visitor.post(f"{address}/discard").status_code == 404
    assert first.post(f"{address}/discard").status_code == 302
    assert first.get(address).status_code == 404


def test_a_draft_is_no_business_of_strangers(village, signed_in, visitor, clock):
    address = draft_of(write(signed_in(3), village, "complain", {"text": "Falta agua"}))
    assert "sign-in" in visitor.get(address)["Location"]
    assert visitor.post(f"{address}/signature", b"{}", "application/json").status_code == 404
    token = address.rpartition("/")[2]
    other = type(village).found(clock)
    assert visitor.get(f"/{other.body}/draft/{token}").status_code == 302


def test_attesting_is_offered_only_where_the_statute_accepts_it(village, signed_in):
    browser = signed_in(3)
    address = draft_of(write(browser, village, "complain", {"text": "Falta agua"}))
    assert "/attest" not in browser.get(address).content.decode()
    before = village.state.head
    answer = browser.post(f"{address}/attest")
    assert answer.status_code == 409
    assert village.state.head == before


def test_every_rule_that_another_signature_may_mend_is_a_rule():
    assert set(catalogue("refusals")) >= WAITS
    assert set(ACTS) >= SIGNED_TOGETHER


# --- keys --------------------------------------------------------------------------------------


def test_a_new_key_counts_after_three_sponsors_and_its_days(village, signed_in):
    new = b"\x2a" * 32
    public = keys.to_wire(keys.public_key(new))
    member = signed_in(3)
    data = {"member": "3", "public": public, "together-asked": "4, 5, 6"}
    address = draft_of(write(member, village, "enrol-key", data))
    for sponsor in (4, 5):
        waiting = sign(signed_in(sponsor), village, address, sponsor)[1]["waiting"]
        assert waiting["rule"] == "sponsors_missing"
    assert sign(signed_in(6), village, address, 6)[0] == 201
    page = member.get(f"/{village.body}/now").content.decode()
    assert keys.key_id(keys.public_key(new)) in page  # the notice, with the way to stop it
    complaint = {"text": "Con la nueva"}
    early = draft_of(write(member, village, "complain", complaint))
    status, answer = sign(member, village, early, 3, seed=new)
    assert (status, answer["refusal"]["rule"]) == (409, "key_not_in_force")
    village.clock[0] += village.state.statute.members.key_waiting_days * DAY
    assert sign(member, village, early, 3, seed=new)[0] == 201
    late = draft_of(write(member, village, "complain", complaint))
    assert sign(member, village, late, 3)[1]["refusal"]["rule"] == "key_not_in_force"


def test_a_key_nobody_asked_for_is_stopped_by_its_member(village, signed_in):
    public = keys.public_key(b"\x2b" * 32)
    data = {"member": "3", "public": keys.to_wire(public), "together-asked": "4, 5, 6"}
    address = draft_of(write(signed_in(4), village, "enrol-key", data))
    for sponsor in (4, 5, 6):
        sign(signed_in(sponsor), village, address, sponsor)
    member = signed_in(3)
    stop = draft_of(write(member, village, "revoke-key", {"key": keys.key_id(public)}))
    assert sign(member, village, stop, 3)[0] == 201
    village.clock[0] += 30 * DAY
    own = draft_of(write(member, village, "complain", {"text": "Sigo con la mía"}))
    assert sign(member, village, own, 3)[0] == 201


def test_a_key_without_sponsors_is_not_even_written_down(village, signed_in):
    data = {"member": "3", "public": keys.to_wire(keys.public_key(b"\x2c" * 32))}
    answer = write(signed_in(3), village, "enrol-key", data)
    assert answer.status_code == 422
    assert faults(answer)[0].startswith("together-asked")


# --- paper -------------------------------------------------------------------------------------


def test_an_act_on_paper_is_entered_by_the_secretary_with_its_scan(village, signed_in):
    secretary = village.who("record-paper")[0]
    others = [m for m in range(5, 9) if m != secretary]
    browser = signed_in(secretary)
    data = {
        "on-paper": "1",
        "text": "Falta agua en la escuela",
        "paper-actor": str(others[0]),
        "paper-witnesses": f"{others[1]}, {others[2]}",
        "paper-happened": "2026-01-01T00:00",
        "paper-scan": SimpleUploadedFile("hoja.jpg", b"la hoja firmada"),
    }
    address = draft_of(write(browser, village, "complain", data, "?on-paper=1"))
    submission = shown(browser, address)
    assert submission.by.form == "witnessed"
    assert submission.by.member == others[0]
    assert desk.home().file(submission.by.paper.sha256) == b"la hoja firmada"
    status, answer = sign(browser, village, address, secretary)
    assert (status, answer["waiting"]["rule"]) == (200, "witness_has_not_signed")
    assert sign(signed_in(others[2]), village, address, others[2])[0] == 201


def voting_on_paper(village, voter, witnesses):
    """A vote of somebody without a key at hand, and the sheet that the secretary enters."""
    proposal = village.propose()
    ballot = village.open_vote(village.meet(proposal), proposal)
    return {
        "on-paper": "1",
        "ballot": str(ballot),
        "choice": "yes",
        "paper-actor": str(voter),
        "paper-witnesses": ", ".join(map(str, witnesses)),
        "paper-happened": datetime.fromtimestamp(village.clock[0], UTC).strftime("%Y-%m-%dT%H:%M"),
        "paper-scan": SimpleUploadedFile("hoja.jpg", b"la hoja firmada"),
    }


def test_a_vote_on_paper_waits_for_the_signatures_of_its_witnesses(village, signed_in):
    secretary = village.who("record-paper")[0]
    voter, first, second = [m for m in range(5, 9) if m != secretary][:3]
    browser, witness, other = signed_in(secretary), signed_in(second), signed_in(first)
    data = voting_on_paper(village, voter, (first, second))
    page = browser.get(f"/{village.body}/act/vote?on-paper=1").content.decode()
    assert "Firman además testigos, con su propia clave: al menos 2." in page
    address = draft_of(write(browser, village, "vote", data, "?on-paper=1"))
    before = village.state.head
    status, answer = sign(browser, village, address, secretary)
    assert (status, answer["waiting"]["rule"]) == (200, "witness_has_not_signed")
    assert village.state.head == before
    assert address in witness.get(f"/{village.body}/now").content.decode()
    status, answer = sign(witness, village, address, second)
    assert (status, answer["waiting"]["rule"]) == (200, "witness_has_not_signed")
    assert sign(other, village, address, first) == (201, {"number": before + 1})
    assert village.state.ballots[int(data["ballot"])].cast == {voter: "yes"}


def test_where_no_named_witness_has_a_key_the_draft_says_so(village, signed_in):
    secretary = village.who("record-paper")[0]
    voter, *witnesses = [m for m in range(5, 9) if m != secretary][:3]
    data = voting_on_paper(village, voter, witnesses)
    for member in witnesses:
        village.do(member, RevokeKey(key=keys.key_id(keys.public_key(village.seeds[member]))))
    browser = signed_in(secretary)
    address = draft_of(write(browser, village, "vote", data, "?on-paper=1"))
    page = browser.get(address).content.decode()
    assert "faltan las de testigos" in page
    assert "nombre a otras que estaban presentes" in page


def test_the_sheet_tells_how_many_witnesses_sign_and_that_one_is_of_another_office(
    village, signed_in
):
    browser = signed_in(3)
    decides = browser.get(f"/{village.body}/act/leave/sheet").content.decode()
    says = browser.get(f"/{village.body}/act/complain/sheet").content.decode()
    assert "al menos 2, en su aparato" in decides
    assert "al menos 1, en su aparato" in says
    other_office = "una de esas personas ocupa otro cargo"
    assert other_office in decides
    assert other_office not in says


def test_nobody_else_enters_acts_from_paper(village, signed_in):
    secretaries = village.who("record-paper")
    other = next(m for m in range(1, 13) if m not in secretaries)
    browser = signed_in(other)
    page = browser.get(f"/{village.body}/act/complain?on-paper=1").content.decode()
    assert "paper-scan" not in page
    data = {"on-paper": "1", "text": "x", "paper-actor": "5"}
    address = draft_of(write(browser, village, "complain", data))
    assert shown(browser, address).by.form == "signed"
    assert shown(browser, address).by.member == other


def test_a_draft_prints_with_lines_for_the_pen(village, signed_in):
    browser = signed_in(3)
    address = draft_of(write(browser, village, "complain", {"text": "Falta agua"}))
    page = browser.get(f"{address}/paper").content.decode()
    assert "Falta agua" in page
    assert page.count("Testigo") == 2
