"""Forms: every act has one, derived from the act; what cannot be read is said beside the field."""

from contextlib import suppress

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from comuna import words
from comuna.rules import ledger
from comuna.rules.accounts import OpenAccount, Receive
from comuna.rules.amendment import AmendStatute, Change
from comuna.rules.assembly import CloseAssembly
from comuna.rules.judge import KINDS
from comuna.rules.office import Elect
from comuna.rules.period import ClosePeriod, fingerprint, measured
from comuna.rules.production import LogWork, Worked
from comuna.web import desk
from comuna.web.acting import read
from comuna.web.acting.fields import ACTS, EFFECTS, fields_of
from comuna.web.acting.read import Fault
from comuna.web.texts import catalogue
from tests.web_acting.acting import do, draft_of, faults, shown, sign, write
from tests.web_acting.conftest import START
from tests.web_acting.village import paper


def all_fields():
    todo = [*ACTS.values(), *EFFECTS.values()]
    for struct in todo:
        for f in fields_of(struct):
            yield f
            if f.row is not None:
                todo.append(f.row)


def test_every_act_but_the_founding_has_a_form():
    assert set(ACTS) == set(KINDS.values()) - {"found"}
    assert len(EFFECTS) == 20


@pytest.mark.parametrize("key", sorted({(f.key, f.name) for f in all_fields()}))
def test_every_field_has_a_label_in_both_languages(key):
    own, general = f"field.{key[0]}", f"field.{key[1]}"
    texts = catalogue().get(own) or catalogue()[general]
    assert texts["es"].strip()
    assert texts["en"].strip()


def test_no_label_is_left_over():
    known = {name for f in all_fields() for name in (f.key, f.name)}
    known |= {"actor", "witnesses", "happened", "scan", "asked"}
    said = {n.removeprefix("field.") for n in catalogue() if n.startswith("field.")}
    assert said <= known


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("kind", sorted(set(ACTS) - {"apply"}))
def test_every_form_and_every_blank_sheet_opens(village_once, browser_once, kind, lang):
    browser_once.cookies["django_language"] = lang
    for address in (f"act/{kind}", f"act/{kind}/sheet"):
        answer = browser_once.get(f"/{village_once.body}/{address}")
        assert answer.status_code == 200
        assert words.act(kind, lang) in answer.content.decode()


@pytest.mark.parametrize("effect", sorted(EFFECTS))
def test_every_effect_can_be_built_without_scripts(village_once, browser_once, effect):
    address = f"/{village_once.body}/act/propose"
    data = {"title": "T", "text": "X", "effects-count": "0", "effects-new": effect}
    answer = browser_once.post(address, data | {"do": "add:effects"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'name="effects-0-effect" value="{effect}"' in page
    for f in fields_of(EFFECTS[effect]):
        assert f'name="effects-0-{f.name}' in page
    assert 'value="T"' in page  # what was written before is still there


def test_an_effect_and_a_row_can_be_taken_out_again(village_once, browser_once):
    address = f"/{village_once.body}/act/propose"
    data = {
        "title": "T",
        "text": "X",
        "effects-count": "2",
        "effects-0-effect": "admit",
        "effects-0-member": "5",
        "effects-1-effect": "budget",
        "effects-1-lines-count": "2",
        "effects-1-lines-0-amount": "1",
        "effects-1-lines-1-amount": "2",
    }
    page = browser_once.post(address, data | {"do": "drop:effects-1-lines-0"}).content.decode()
    assert 'name="effects-1-lines-count" value="1"' in page
    page = browser_once.post(address, data | {"do": "add:effects-1-lines"}).content.decode()
    assert 'name="effects-1-lines-count" value="3"' in page
    page = browser_once.post(address, data | {"do": "drop:effects-0"}).content.decode()
    assert 'name="effects-count" value="1"' in page
    assert 'name="effects-0-effect" value="budget"' in page


NINES = "9" * 5000


@pytest.mark.parametrize(
    "do_",
    [
        *("drop:effects-9", "drop:", "add:", "add:title", "drop:x-y", "x"),
        *(f"drop:effects-{NINES}", f"drop:effects-{NINES}-lines-0", f"add:effects-{NINES}-lines"),
        "drop:effects-٣",
    ],
    ids=lambda do_: do_[:16],
)
def test_a_button_that_is_none_of_the_forms_changes_nothing(village_once, browser_once, do_):
    answer = browser_once.post(
        f"/{village_once.body}/act/propose", {"title": "T", "text": "X", "do": do_}
    )
    assert answer.status_code == 200


def test_more_rows_than_any_number_here_are_none(village_once, browser_once):
    answer = browser_once.post(
        f"/{village_once.body}/act/propose", {"title": "T", "text": "X", "effects-count": NINES}
    )
    assert answer.status_code in (200, 302)


def test_a_form_without_a_session_leads_to_sign_in_and_back(village_once, visitor):
    answer = visitor.get(f"/{village_once.body}/act/propose?title=Techo")
    assert answer.status_code == 302
    assert "sign-in?next=" in answer["Location"]
    assert "Techo" in answer["Location"]
    assert visitor.get(f"/{village_once.body}/act/no-such").status_code == 404
    assert visitor.get(f"/{village_once.body}/act/found").status_code == 404


def test_everything_missing_is_said_at_its_field_and_nothing_is_kept(village_once, browser_once):
    from comuna.web.acting.models import Draft

    before = Draft.objects.count()
    answer = write(browser_once, village_once, "propose", {"title": "", "text": ""})
    assert answer.status_code == 422
    assert [f.partition(":")[0] for f in faults(answer)] == ["title", "text"]
    assert Draft.objects.count() == before


def test_a_proposal_with_effects_is_proposed_exactly_as_written(village, signed_in):
    browser = signed_in(2)
    number = do(
        browser,
        village,
        2,
        "propose",
        {
            "title": "Abrir una caja",
            "text": "Hace falta.\r\nDe verdad.",
            "effects-count": "1",
            "effects-0-effect": "open-account",
            "effects-0-account": "cash:tienda",
            "effects-0-title": "Caja de la tienda",
            "effects-0-in_name_of_body": "1",
        },
    )
    proposal = village.state.proposals[number]
    assert proposal.text == "Hace falta.\nDe verdad."
    assert proposal.effects == (
        OpenAccount(account="cash:tienda", title="Caja de la tienda", in_name_of_body=True),
    )


def test_text_is_brought_into_the_normal_form_of_the_book(village, signed_in):
    browser = signed_in(2)
    number = do(
        browser,
        village,
        2,
        "propose",
        {"title": "Ma\u0301s", "text": " e\u0301l ", "effects-count": "0"},
    )
    assert village.state.proposals[number].title == "Más"
    assert village.state.proposals[number].text == "él"


def test_a_year_of_acts_goes_through_the_forms(village, signed_in):
    """From a bank account to a paid invoice, every act by form and signature."""
    chair = village.who("preside")[0]
    keeper = village.who("keep-accounts")[0]
    approvers = village.who("approve-payment")
    asker = village.who("request-payment")[0]
    second = next(m for m in approvers if m != keeper)
    of = {m: signed_in(m) for m in {1, chair, keeper, asker, *approvers}}
    account = do(
        of[1],
        village,
        1,
        "propose",
        {
            "title": "Banco",
            "text": "Abrir",
            "effects-count": "2",
            "effects-0-effect": "open-account",
            "effects-0-account": "bank:main",
            "effects-0-title": "Banco",
            "effects-0-in_name_of_body": "1",
            "effects-1-effect": "allow-entry",
            "effects-1-purpose": "la cosecha",
            "effects-1-debit": "bank:main",
            "effects-1-credit": "sales_members",
            "effects-1-amount": "2000",
            "effects-1-until": "2026-12-31",
            "effects-1-payee": "Cooperativa",
        },
    )
    village.decide(account)
    day = "2026-01-10"
    do(
        of[keeper],
        village,
        keeper,
        "receive",
        {
            "date": day,
            "money": "bank:main",
            "source": "sales_members",
            "amount": "1 234,50",
            "payer": "Cooperativa",
            "text": "Cacao",
            "receipt": SimpleUploadedFile("r.pdf", b"recibo 1"),
            "permission": str(account),
        },
        also={second: of[second]},
    )
    assert village.state.balances["bank:main", "USD"] == 123_450
    spend = do(
        of[1],
        village,
        1,
        "propose",
        {
            "title": "Láminas",
            "text": "Comprar",
            "effects-count": "1",
            "effects-0-effect": "authorise",
            "effects-0-purpose": "zinc",
            "effects-0-fund": "general",
            "effects-0-line": "materials",
            "effects-0-limit": "500",
            "effects-0-since": "2026-01-01",
            "effects-0-until": "2026-12-31",
        },
    )
    village.decide(spend)
    payment = do(
        of[asker],
        village,
        asker,
        "request-payment",
        {
            "authorisation": str(spend),
            "payee": "Ferretería",
            "amount": "400.05",
            "money": "bank:main",
            "text": "Láminas",
            "document": SimpleUploadedFile("f.jpg", b"factura"),
        },
    )
    for approver in [a for a in approvers if a != asker][
        : village.state.statute.treasury.signatures
    ]:
        do(of[approver], village, approver, "approve-payment", {"payment": str(payment)})
    village.clock[0] += village.state.statute.treasury.objection_hours * 3600
    do(
        of[keeper],
        village,
        keeper,
        "pay",
        {
            "payment": str(payment),
            "amount": "400,05",
            "date": ledger.day(village.clock[0]),
            "receipt": SimpleUploadedFile("p.jpg", b"pagado"),
        },
    )
    assert village.state.balances["bank:main", "USD"] == 123_450 - 40_005
    kept = village.state.receipts
    assert all(desk.home().file(print_) for print_ in kept)


def test_a_meeting_goes_through_the_forms(village, signed_in):
    chair = village.who("preside")[0]
    browser = signed_in(chair)
    proposal = village.propose()
    start = village.clock[0] + 9 * 86_400
    from datetime import UTC, datetime

    when = datetime.fromtimestamp(start, UTC).strftime("%Y-%m-%dT%H:%M")
    assembly = do(
        browser,
        village,
        chair,
        "call-assembly",
        {
            "starts_at": when,
            "place": "Casa",
            "agenda-count": "3",
            "agenda-0-title": "Canto",
            "agenda-0-purpose": "opening",
            "agenda-1-title": "",
            "agenda-1-purpose": "information",
            "agenda-2-title": "",
            "agenda-2-purpose": "information",
            "agenda-2-proposal": str(proposal),
        },
    )
    # What names a proposal is there to decide it, under its title; an empty line is no item.
    items = [(i.title, i.purpose) for i in village.state.assemblies[assembly].agenda]
    assert items == [("Canto", "opening"), ("Una propuesta", "decision")]
    village.clock[0] = start
    for member in range(1, 13):
        from comuna.rules.assembly import CheckIn

        village.do(member, CheckIn(assembly=assembly, members=(member,)))
    page = browser.get(f"/{village.body}/act/open-assembly").content.decode()
    with desk.clerk().lock:
        root = desk.short_root(village.body)
    assert f'value="{root}"' in page
    for kind, data in (
        ("open-assembly", {"size": str(village.state.head), "root": root}),
        ("cultural-opening", {"title": "Tambor"}),
        ("take-item", {"item": "1"}),
    ):
        do(browser, village, chair, kind, {"assembly": str(assembly), **data})
    ballot = do(
        browser,
        village,
        chair,
        "open-vote",
        {"assembly": str(assembly), "proposal": str(proposal), "method": "roll-call"},
    )
    voter = signed_in(5)
    assert f"vote?ballot={ballot}" in voter.get(f"/{village.body}/now").content.decode()
    do(voter, village, 5, "vote", {"ballot": str(ballot), "choice": "no"})
    assert village.state.ballots[ballot].cast == {5: "no"}
    assert "vote?ballot" not in voter.get(f"/{village.body}/now").content.decode()


def test_a_lot_names_who_is_in_it_and_nobody_whom_it_draws(village, signed_in):
    change = Change(place="offices.tellers.choose", value="lot")
    village.decide(village.propose(AmendStatute(changes=(change,))))
    data = {
        "title": "Sorteo",
        "text": "Por sorteo",
        "effects-count": "1",
        "effects-0-effect": "elect",
        "effects-0-office": "tellers",
        "effects-0-candidates": "7-10, 12",
        "effects-0-seats": "2",
    }
    browser = signed_in(1)
    (effect,) = shown(browser, draft_of(write(browser, village, "propose", data))).act.effects
    assert effect == Elect(office="tellers", candidates=(7, 8, 9, 10, 12), seats=2)


def test_the_opening_is_filled_in_with_what_was_written_down_at_the_last_closing(
    village, signed_in
):
    chair = village.who("preside")[0]
    village.do(chair, CloseAssembly(assembly=village.meet()))
    closing = village.state.head
    with desk.clerk().lock:
        noted = desk.short_root(village.body)
    village.propose()
    page = signed_in(chair).get(f"/{village.body}/act/open-assembly").content.decode()
    assert f'value="{closing}"' in page
    assert f'value="{noted}"' in page


def test_an_uploaded_paper_survives_a_form_that_has_to_be_mended(village, signed_in):
    keeper = village.who("keep-accounts")[0]
    browser = signed_in(keeper)
    data = {
        "about": "",
        "complaint": "1",
        "text": "",
        "paper": SimpleUploadedFile("a.txt", b"respuesta"),
    }
    answer = write(browser, village, "answer", data)
    assert answer.status_code == 422
    page = answer.content.decode()
    kept = page.partition('name="paper-kept" value="')[2].partition('"')[0]
    assert kept.endswith(":9")
    again = {"complaint": "1", "text": "Ya está", "paper-kept": kept}
    address = draft_of(write(browser, village, "answer", again))
    assert shown(browser, address).act.paper.size == 9


def test_a_file_that_is_too_large_or_empty_is_refused_at_its_field(village, signed_in, monkeypatch):
    monkeypatch.setattr(read, "UPLOAD_LARGEST", 2**20)
    browser = signed_in(1)
    for content in (b"", b"x" * (2**20 + 1)):
        answer = write(
            browser,
            village,
            "answer",
            {"complaint": "1", "text": "x", "paper": SimpleUploadedFile("a", content)},
        )
        # An empty file is the same as none for a browser; a large one is told.
        assert answer.status_code in (302, 422)
        if content:
            assert faults(answer)[0].startswith("paper: ")


def test_strangers_do_not_fill_the_disk(village, visitor):
    folder = desk.home().folder / "files"
    before = set(folder.iterdir())
    data = {"complaint": "1", "text": "x", "paper": SimpleUploadedFile("a", b"de lejos")}
    assert write(visitor, village, "answer", data).status_code == 302
    assert set(folder.iterdir()) == before


# --- what is written, and what it means ---------------------------------------------------------


class Unit:
    """As much of a visit as amounts need."""

    def __init__(self, decimals=2):
        self.state = self
        self.decimals = decimals


@given(amount=st.integers(0, 10**14), decimals=st.integers(0, 6), comma=st.booleans())
@settings(max_examples=200)
def test_an_amount_is_read_to_the_last_unit(amount, decimals, comma):
    whole, part = divmod(amount, 10**decimals)
    written = f"{whole}" + (f"{',' if comma else '.'}{part:0{decimals}d}" if decimals else "")
    assert read.money(written, Unit(decimals)) == amount


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("1.234", "too_many_decimals"),  # a separator of thousands, or a slip: never guessed
        ("1.234,50", "not_an_amount"),
        ("-5", "not_an_amount"),
        ("5e3", "not_an_amount"),
        ("", "not_an_amount"),
        ("٣", "not_an_amount"),
        ("12345678901234567", "not_an_amount"),
    ],
)
def test_an_amount_that_could_mean_two_things_is_refused(written, fault):
    with pytest.raises(Fault) as found:
        read.money(written, Unit())
    assert found.value.name == fault


@given(members=st.lists(st.integers(1, 9999), min_size=1, max_size=30, unique=True))
def test_numbers_of_members_are_read_in_their_order(members):
    assert read.members(", ".join(map(str, members))) == members
    assert read.members(" ".join(map(str, members))) == members


@pytest.mark.parametrize("written", ["0", "5-3", "a", "1,,x", "1-99999999", "1-6000"])
def test_what_is_no_list_of_members_is_refused(written):
    with pytest.raises(Fault):
        read.members(written)


def test_a_range_of_members_counts_both_ends():
    assert read.members("3, 8-10; 12 – 13") == [3, 8, 9, 10, 12, 13]


@given(text=st.text(max_size=30))
@settings(max_examples=200)
def test_no_text_upsets_a_reader(text):
    for reader in (
        lambda w: read.money(w, Unit()),
        read.members,
        read.whole,
        read.day,
        read.moment,
    ):
        with suppress(Fault):
            reader(read.plain_text(text))


def test_the_submission_on_the_page_is_the_one_that_is_stored(village, signed_in):
    from comuna.web.acting.models import Draft

    browser = signed_in(3)
    address = draft_of(write(browser, village, "complain", {"text": "<b>\"&' ñ</b>"}))
    stored = Draft.objects.get(token=address.rpartition("/")[2]).submission
    assert msgspec.json.encode(shown(browser, address), order="sorted").decode() == stored
    assert sign(browser, village, address, 3)[0] == 201


def test_the_table_of_a_surplus_is_computed_from_what_the_assembly_decides(village, signed_in):
    account = OpenAccount(account="bank:main", title="Banco", in_name_of_body=True)
    village.decide(village.propose(account))
    keeper = village.who("keep-accounts")[0]
    receive = Receive(
        date=ledger.day(village.clock[0]),
        money="bank:main",
        source="sales_members",
        amount=100_001,
        payer="Coop",
        text="Cacao",
        receipt=paper("venta"),
    )
    second = next(m for m in village.who("approve-payment") if m != keeper)
    village.do(keeper, receive, also=(second, village.who("oversee")[0]))
    for member in (2, 3):
        hours = LogWork(
            date=ledger.day(village.clock[0]),
            production_unit="Cacao",
            task="Cosecha",
            work=(Worked(member=member, minutes=60 * member),),
        )
        village.do(member, hours, also=(member + 1,))
    village.clock[0] = START + 366 * 86_400
    since, until = "2026-01-01", "2026-12-31"
    measures = fingerprint(measured(village.state, since, until))
    close = ClosePeriod(since=since, until=until, measures=measures)
    period = village.do(keeper, close, also=(second, village.who("oversee")[0]))

    browser = signed_in(2)
    data = {
        "title": "Reparto",
        "text": "El excedente",
        "effects-count": "1",
        "effects-0-effect": "allocate-surplus",
        "effects-0-period": str(period),
        "effects-0-key": "hours",
    }
    answer = write(browser, village, "propose", data)
    assert answer.status_code == 422
    left_open = [f for f in faults(answer) if f.startswith("effects-0-choices-")]
    assert left_open

    data |= {"effects-0-choices-reserve": "10%", "effects-0-choices-education": "50,01"}
    data |= {"effects-0-choices-social": "0", "effects-0-choices-return": "resto"}
    answer = write(browser, village, "propose", data)
    address = draft_of(answer)
    (effect,) = shown(browser, address).act.effects
    assert sum(s.amount for s in effect.steps) == 100_001
    assert {s.fund: s.amount for s in effect.steps}["education"] == 5_001
    of_people = {s.fund: s.amount for s in effect.steps}["members"]
    assert sum(effect.allocations.values()) == of_people
    assert set(effect.allocations) == {"2", "3"}
    assert sign(browser, village, address, 2)[0] == 201


def test_a_share_above_the_whole_is_told_in_words(village_once, browser_once):
    """Without a closed period there is nothing to share: the form asks for one."""
    data = {
        "title": "Reparto",
        "text": "El excedente",
        "effects-count": "1",
        "effects-0-effect": "allocate-surplus",
        "effects-0-choices-reserve": "mucho",
    }
    answer = write(browser_once, village_once, "propose", data)
    said = faults(answer)
    assert any(f.startswith("effects-0-period") for f in said)
    assert any(f.startswith("effects-0-choices-reserve") for f in said)


def test_an_amendment_of_the_statute_keeps_the_kinds_of_its_values(village, signed_in):
    browser = signed_in(2)
    data = {
        "title": "Estatuto",
        "text": "Cambiar",
        "effects-count": "1",
        "effects-0-effect": "amend-statute",
        "effects-0-changes-count": "3",
        "effects-0-changes-0-place": "assembly.notice_days",
        "effects-0-changes-0-value": "10",
        "effects-0-changes-1-place": "treasury.inalienable",
        "effects-0-changes-1-value": "[land, housing]",
        "effects-0-changes-2-place": "majorities.amend-statute.at_least",
        "effects-0-changes-2-value": "3/4",
    }
    address = draft_of(write(browser, village, "propose", data))
    (effect,) = shown(browser, address).act.effects
    assert [c.value for c in effect.changes] == [10, ["land", "housing"], "3/4"]
