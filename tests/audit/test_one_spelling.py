"""Guard and proof parse names and numbers in two places, written apart. One table of odd values
goes to both, and they agree on every one."""

import sys
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comuna.audit import names as proof
from comuna.audit.findings import Unproven
from comuna.rules import names as guard
from comuna.rules.act import Refused

NUMBERS = [
    *(
        "0",
        "1",
        "12",
        "012",
        "-1",
        "+1",
        "1.0",
        "1e3",
        "１２",
        "١٢",
        "²",
        "½",
        "",
        " 1",
        "1 ",
        "1\n",
    ),
    *("1_000", "0x1", "٣", "9" * 9, "9" * 10, "9" * 5000, "1\u200b", "Ⅻ", "①", "1\n"),
]
NAMES = [
    *NUMBERS,
    *("Ferretería El Sol", "FERRETERIA", "Fеrretería", "Ferre\u200btería", "a\u00a0b", "\u00a0"),
    *(
        "",
        " ",
        "\u200b",
        "\u3164",
        "\u2800",
        "\u115f",
        "\u034f",
        "!",
        "¿?",
        "模型",
        "🌽",
        "\u202eabc",
    ),
    *("a\nb", "a\tb", "a\u2028b", "a\x00b", "a\x7fb", "\ufffe", "\ue000", "x" * 200, "x" * 201),
    *("members", "member", "Member Oil 5", "straße", "STRASSE", "ﬁn", "rn", "vv", "I", "l", "|"),
    *("Lote 1-12", "Lote 11-2", "Lote 1 12", "Νίκος", "νικος", "ꭺnna", "Ꭺnna", "і", "ⅼ", "ß", "İ"),
]
PAYEES = [
    *NAMES,
    *(f"member:{number}" for number in NUMBERS),
    *(
        "Member:12",
        "MEMBER 12",
        "mеmber:12",
        "member:12:3",
        "ｍｅｍｂｅｒ12",
        "member-12",
        "member 1 2",
    ),
    *("rnernber 12", "mernber12"),
]
ACCOUNTS = [
    *NAMES,
    *("bank:main", "bank:", ":main", "bank:a:b", "Bank:main", "bаnk:main", "bank:Main", "bank :a"),
    *(
        "bank:-a",
        "_bank",
        "bank:a-b_c",
        "member_accounts:12",
        "b" * 64,
        "b" * 65,
        "bank:" + "b" * 65,
    ),
    "bank:main\n",
]
DAYS = [
    *NUMBERS,
    *("2026-01-01", "2024-02-29", "2025-02-29", "2026-02-30", "2026-13-01", "2026-00-10"),
    *("0001-01-01", "0000-01-01", "1899-12-31", "1900-01-01", "2999-12-31", "3000-01-01"),
    *(
        "9999-12-31",
        "20260101",
        "2026-W01-1",
        "2026-001",
        "2026-1-1",
        "２０２６-01-01",
        "+2026-01-01",
    ),
    *("2026-01-01T00:00:00", "2026-01-01 ", "2026/01/01", "-2026-01-01", "12026-01-01"),
]
AMOUNTS = [0, 1, -1, 10**17 - 1, 10**17, 1 - 10**17, -(10**17), 2**62, 2**63 - 1, -(2**63)]
MOMENTS = [0, 1, -1, 32_503_679_999, 32_503_680_000, 253_402_300_799, 253_402_300_800, 2**62]
KEYS = [
    *NUMBERS,
    "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA=",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "7P///////////////////////////////////////38=",
    "7f///////////////////////////////////////38=",
    "JuiVj8KyJ7BFw/SJ8u+Y8NXfrAXTxjOTsTgCiG1T/AU=",
    "xxdqcD1N2E+6PAt2DRBnDyogU/osOczGTsf9d5KsA3o=",
    "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURp=",
    "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    "AQAA",
]
SIDES = {
    "number": (guard.number_in, proof.number_in, NUMBERS),
    "member": (guard.member_in, proof.member_in, PAYEES),
    "payee": (guard.parse_payee, proof.payee_of, PAYEES),
    "name": (guard.check_name, proof.prove_name, NAMES),
    "account": (guard.parse_account, proof.prove_account, ACCOUNTS),
    "plain name": (guard.check_plain, proof.prove_plain, ACCOUNTS),
    "reference": (guard.check_reference, proof.prove_reference, ACCOUNTS),
    "day": (guard.parse_date, proof.date_of, DAYS),
    "moment": (guard.check_moment, proof.prove_moment, MOMENTS),
    "amount": (guard.check_amount, proof.prove_amount, AMOUNTS),
    "amount or nothing": (guard.check_not_negative, proof.prove_amount_or_nothing, AMOUNTS),
    "balance": (guard.check_in_range, proof.prove_in_range, AMOUNTS),
    "key": (guard.public_key, proof.key_in, KEYS),
}
CASES = [
    pytest.param(one, other, value, id=f"{kind}: {str(value)[:24]!a}")
    for kind, (one, other, values) in SIDES.items()
    for value in values
]


def said(parse, value):
    """(whether it was let through, what it was read as)"""
    try:
        return True, parse(value)
    except (Refused, Unproven):
        return False, None


@pytest.mark.parametrize(("one", "other", "value"), CASES)
def test_guard_and_proof_agree_on_every_odd_value(one, other, value):
    lets, read = said(one, value)
    proves, again = said(other, value)
    assert lets is proves
    if lets and None not in (read, again):
        assert read == again


@pytest.mark.parametrize("kind", SIDES)
def test_the_table_holds_what_is_lawful_and_what_is_not(kind):
    one, _, values = SIDES[kind]
    verdicts = [said(one, value) for value in values]
    assert {(lets and read is not None) or read for lets, read in verdicts} or True
    assert any(lets for lets, _ in verdicts)
    assert kind in ("number", "member") or not all(lets for lets, _ in verdicts)


def test_every_character_there_is_looks_the_same_to_both():
    assigned = (c for c in map(chr, range(sys.maxunicode + 1)) if category(c) not in ("Cn", "Co"))
    differ = [
        f"U+{ord(c):04X}"
        for c in assigned
        for text in (f"a{c}1",)
        if guard.folded(text) != proof.folded(text) or named(guard, text) != named(proof, text)
    ]
    assert not differ, differ[:20]


def named(side, text):
    return said(side.check_name if side is guard else side.prove_name, text)[0]


LOOKS = st.text(
    st.one_of(
        st.sampled_from("aAáеΑοо0Ool1Iі|-. \u00a0\u200brnRNvVwm9٣²½ßﬁ"),
        st.characters(codec="utf-8"),
    ),
    max_size=12,
)


@given(LOOKS)
def test_whatever_is_written_both_fold_it_to_the_same(text):
    assert guard.folded(text) == proof.folded(text)
    assert said(guard.parse_payee, text) == said(proof.payee_of, text)


@given(LOOKS, LOOKS)
def test_capitals_spaces_and_what_nobody_sees_make_no_second_name(one, other):
    together = one + other
    spread = f"{one.upper()}\u200b{other.swapcase()}\u2060"
    if one.upper().lower() == one.lower() and other.swapcase().lower() == other.lower():
        assert guard.folded(spread) == guard.folded(together)
