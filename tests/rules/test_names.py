"""One spelling for each name and number: a second one would be a second name for one thing."""

import pytest

from comuna.rules import names
from comuna.rules.accounts import AcceptGrant, Journal, OpenAccount
from comuna.rules.act import Refused
from comuna.rules.assembly import Adjourn
from comuna.rules.authorship import EnrolKey
from comuna.rules.ledger import Amount
from comuna.rules.roll import Declare
from tests.rules.test_accounts import receiving
from tests.rules.village import each_pack, public

CYRILLIC_IE, GREEK_OMICRON, ZERO_WIDTH, NO_BREAK = "\u0435", "\u03bf", "\u200b", "\u00a0"
IDENTITY = "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="  # the neutral point, in base64


@pytest.fixture
def opened(village):
    return village.decide(village.authorisation())


@each_pack
@pytest.mark.parametrize(
    "written",
    [
        *("member:012", "member:", "member: 12", "member:１２", "member:١٢", "member:+12"),
        *("Member 12", "MEMBER:12", f"M{CYRILLIC_IE}mber:12", f"member:12{ZERO_WIDTH}"),
        *(f"member{NO_BREAK}12", "member:" + "9" * 5000),
    ],
)
def test_what_looks_like_a_member_and_is_not_written_as_one_is_nobody(village, opened, written):
    v = village
    v.refused("payee_malformed", lambda: v.send(v.requester, v.payment(opened, payee=written)))


@each_pack
@pytest.mark.parametrize(
    "written",
    [
        *("Ferretería El Sol, C.A.", "FERRETERIA EL SOL CA", "ferretería  el-sol c. a."),
        *(f"F{CYRILLIC_IE}rretería El S{GREEK_OMICRON}l CA", f"Ferre{ZERO_WIDTH}tería El Sol CA"),
        *("Ｆerretería El Sol CA", "Ferretería EI So1 C.A."),
    ],
)
def test_a_supplier_under_a_spelling_that_reads_alike_is_the_same_supplier(
    village, opened, written
):
    v = village
    v.do(v.requester, Declare(interests=("Ferretería El Sol, C.A.",)))
    v.refused("payment_to_kin", lambda: v.send(v.requester, v.payment(opened, payee=written)))


def test_another_supplier_is_another(village, opened):
    v = village
    v.do(v.requester, Declare(interests=("Ferretería El Sol, C.A.",)))
    v.request(opened, payee="Ferretería La Luna, C.A.")


@pytest.mark.parametrize(
    ("rule", "written"),
    [
        ("payee_missing", ZERO_WIDTH),
        ("payee_missing", "\u3164"),
        ("name_not_a_line", "Hardware\nshop"),
        ("name_not_a_line", "Hardware\x1b[2Kshop"),
        ("name_too_long", "x" * 201),
        ("name_too_long", "9" * 9000),
    ],
)
def test_a_name_is_one_line_with_something_to_read(village, opened, rule, written):
    v = village
    v.refused(rule, lambda: v.send(v.requester, v.payment(opened, payee=written)))


def test_an_interest_is_declared_in_a_name_that_can_be_read(village):
    v = village
    v.refused("payee_malformed", lambda: v.send(v.requester, Declare(interests=("member:007",))))
    v.refused("name_too_long", lambda: v.send(v.requester, Declare(interests=("x" * 201,))))


@each_pack
@pytest.mark.parametrize(
    "account",
    [
        *("Materials", "materials ", "materials:", "materials:a:b", ":materials", "", "-x"),
        *("materials:Ñ", f"mat{CYRILLIC_IE}rials", "materials:" + "x" * 65, "materials:a b"),
    ],
)
def test_an_account_has_one_spelling(village, account):
    v = village
    lines = (Amount(account=account, amount=5), Amount(account="payables", amount=-5))
    act = Journal(date=v.today, lines=lines, text="Owed")
    v.refused("account_malformed", lambda: v.send(v.treasurer, act))


def test_two_boxes_of_money_do_not_read_alike(village):
    v = village
    v.decide(OpenAccount(account="bank:savings1", title="Savings", in_name_of_body=True))
    twin = OpenAccount(account="bank:savingsl", title="Savings", in_name_of_body=True)
    v.refused("account_listed_already", lambda: v.send(v.plain[0], v.proposal(twin)))


@pytest.mark.parametrize("name", ["roof:two", "Roof", "", "techo nuevo", "-roof", "r" * 65, "٣"])
def test_a_grant_has_a_name_that_can_stand_in_an_account(village, name):
    v = village
    grant = AcceptGrant(
        name=name,
        grantor="Foundation",
        purpose="A roof",
        amount=5,
        since="2026-01-01",
        until="2026-12-31",
    )
    v.refused("name_malformed", lambda: v.send(v.plain[0], v.proposal(grant)))


@pytest.mark.parametrize(
    ("rule", "date"),
    [
        *(
            ("date_malformed", d)
            for d in ("", "2026-02-30", "20260101", "2026-W01-1", "２026-01-01")
        ),
        *(("date_malformed", d) for d in ("2026-1-1", " 2026-01-01", "9" * 5000, "-2026-01-01")),
        *(("date_out_of_range", d) for d in ("0001-01-01", "1899-12-31", "3000-01-01")),
        ("date_out_of_range", "9999-12-31"),
    ],
)
def test_a_day_has_one_spelling_and_its_year_can_be_meant(village, rule, date):
    v = village
    v.refused(rule, lambda: v.send(v.treasurer, receiving(v, date=date), v.second))


@pytest.mark.parametrize("date", ["1900-01-01", "2024-02-29", "2999-12-31"])
def test_days_of_eleven_centuries_are_days(date):
    assert names.parse_date(date).isoformat() == date


@pytest.mark.parametrize("until", [-1, 32_503_680_000, 253_402_300_800, 2**62])
def test_a_moment_lies_in_the_calendar(village, until):
    v = village
    assembly = v.call()
    v.enter(assembly)
    v.open(assembly)
    v.refused(
        "moment_out_of_range",
        lambda: v.send(v.chair, Adjourn(assembly=assembly, until=until)),
    )


def test_a_clock_beyond_the_calendar_writes_nothing(village):
    v = village
    v.now = 32_503_680_000
    v.refused("moment_out_of_range", lambda: v.send(v.plain[0], Declare()))


@each_pack
@pytest.mark.parametrize(
    ("rule", "key"),
    [
        ("key_weak", IDENTITY),
        ("key_weak", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),  # of order 4
        ("key_weak", "7P///////////////////////////////////////38="),  # of order 2
        ("key_weak", "8P///////////////////////////////////////38="),  # 3, one field later
        ("key_malformed", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB="),  # loose bits
        ("key_malformed", "AQAA"),
        ("key_malformed", "9" * 5000),
    ],
)
def test_a_key_with_which_anybody_could_sign_is_not_enrolled(village, rule, key):
    v = village
    one, *others = v.plain
    act = EnrolKey(member=one, public=key)
    v.refused(rule, lambda: v.send(one, act, *others, v.secretary, v.overseer))


def test_references_are_written_and_read_in_one_place():
    assert names.authorisation(31) == "31"
    assert names.authorisation(31, "paint") == "31/paint"
    assert names.decision_of("31/paint") == names.decision_of("31") == 31
    assert names.parse_payee(names.payee_of(12)) == names.member_in("member:12") == 12
    assert names.parse_payee("Hardware shop") is None
    assert names.member_in("member:012") is None
    assert names.parse_account("bank:main") == ("bank", "main")
    assert names.member_of(names.account_of("advances", 12), "advances") == 12
    assert names.member_of("loans:12", "advances") is None
    assert names.part_of("grants:roof", "grants") == "roof"


def test_what_the_eye_would_not_see_is_shown_as_what_it_is():
    assert names.shown("Ferretería El Sol") == "Ferretería El Sol"
    assert names.shown(f"F{CYRILLIC_IE}rretería") == f"F{CYRILLIC_IE}[U+0435]rretería"
    assert names.shown(f"El{ZERO_WIDTH}Sol") == "El[U+200B]Sol"
    assert names.shown("a\u202eb") == "a[U+202E]b"
    assert names.shown("две строки\nи ещё") == "две строки\nи ещё"


def test_things_that_differ_in_their_numbers_are_two():
    lots = ["Lote 1-12", "Lote 11-2", "Lote 112", "Lote 1", "Lote 2", "Lote A"]
    assert len({names.folded(lot) for lot in lots}) == len(lots)


def test_a_key_has_the_name_of_its_bytes():
    assert len(names.key_id(public(1))) == 16
    with pytest.raises(Refused):
        names.key_id(IDENTITY)
