"""What members read: refusals in words, and the sentence of an effect before they vote on it."""

import msgspec
import pytest

from comuna import words
from comuna.rules.accounts import (
    AcceptGrant,
    BudgetLine,
    CloseAccount,
    OpenAccount,
    SetBudget,
    TransferFund,
)
from comuna.rules.act import ENACTS, Refusal
from comuna.rules.amendment import AmendStatute, Change
from comuna.rules.assembly import ApproveMinutes
from comuna.rules.assets import DisposeAsset
from comuna.rules.decision import AcceptExecution, Confirm, Repeal
from comuna.rules.office import Elect, RecallHolder
from comuna.rules.period import ApproveAccounts
from comuna.rules.prices import ProductPrice, SetPrices
from comuna.rules.result import AllowEntry
from comuna.rules.roll import Admit, Exclude
from comuna.rules.state import State
from comuna.rules.surplus import AllocateSurplus, Destination
from comuna.rules.treasury import Authorise
from comuna.statutes import load, names

EFFECTS = [
    AcceptExecution(decision=3, accepted=True),
    AcceptGrant(
        name="roof",
        grantor="Ministry",
        purpose="a new roof",
        amount=100_000,
        since="2026-01-01",
        until="2026-12-31",
    ),
    Admit(member=7),
    AllocateSurplus(
        period=9,
        key="hours",
        choices={"reserve": "1/10", "education": 500},
        steps=(Destination(fund="reserve", amount=100, article="8.3"),),
        allocations={"1": 50, "12": 60},
    ),
    AllowEntry(
        purpose="the inventory",
        debit="losses",
        credit="stock",
        amount=90_000,
        until="2026-12-31",
        payee="Bank",
        name="stock",
    ),
    AmendStatute(changes=(Change(place="assembly.notice_days", value=10),)),
    AllocateSurplus(
        period=9,
        key={"hours": "2/3", "deliveries": "1/3"},
        steps=(Destination(fund="members", amount=100, article="8.6"),),
        allocations={"1": 100},
    ),
    ApproveAccounts(period=9),
    ApproveMinutes(assembly=4),
    Authorise(
        purpose="zinc",
        fund="reserve",
        line="materials",
        limit=60_000,
        since="2026-01-01",
        until="2026-12-31",
        payee="Ferretería",
        each=500,
        predecessor=11,
        name="first",
    ),
    CloseAccount(account="bank:main"),
    Confirm(decision=3),
    DisposeAsset(name="press", payee="member:3", price=700),
    Elect(office="treasurer", members=(3, 4), alternates=(5,), candidates=(3, 4, 5), seats=3),
    Exclude(member=7, charge=21),
    OpenAccount(account="bank:main", title="Bank of the valley", in_name_of_body=True),
    RecallHolder(petition=15),
    Repeal(decision=3),
    SetPrices(
        since="2026-02-01",
        prices=(ProductPrice(product="cacao", measure="g", price=20, per=100, most=60_000),),
    ),
    SetBudget(since="2026-01-01", until="2026-12-31", lines=(BudgetLine(line="energy", amount=9),)),
    TransferFund(source="social", target="reserve", amount=80),
]
STATES = [None, "simple"]
AUTHORISATION = next(e for e in EFFECTS if isinstance(e, Authorise))
AMENDMENT = next(e for e in EFFECTS if isinstance(e, AmendStatute))


def state_of(pack):
    if pack is None:
        return None
    state = State(body="0", name="Village", unit="USD", decimals=2)
    state.adopt(0, load(pack))
    return state


def altered(value):
    """Another value of the same shape, for each way in which one can differ."""
    match value:
        case bool():
            yield not value
        case int():
            yield value + 1
        case str() if value[:4].isdecimal():
            yield "2027-02-28"
        case str():
            yield value + "x"
        case tuple():
            yield (*value, value[0])
            for first in altered(value[0]):
                yield (first, *value[1:])
        case dict():
            yield {**value, "99": 1}
            for name, first in list(value.items())[:1]:
                for other in altered(first):
                    yield {**value, name: other}
        case msgspec.Struct():
            for name in value.__struct_fields__:
                for other in altered(getattr(value, name)):
                    yield msgspec.structs.replace(value, **{name: other})


def test_the_examples_cover_every_effect():
    assert {type(effect) for effect in EFFECTS} == set(ENACTS)


@pytest.mark.parametrize("pack", STATES)
@pytest.mark.parametrize("lang", words.LANGS)
@pytest.mark.parametrize("effect", EFFECTS, ids=lambda e: type(e).__name__)
def test_effects_that_differ_in_any_field_read_differently(effect, lang, pack):
    state = state_of(pack)
    sentence = words.effect(effect, state, lang)
    for other in altered(effect):
        assert words.effect(other, state, lang) != sentence, other


@pytest.mark.parametrize("lang", words.LANGS)
def test_an_empty_field_is_not_talked_about(lang):
    bare = Authorise(
        purpose="zinc",
        fund="general",
        line="materials",
        limit=1,
        since="2026-01-01",
        until="2026-12-31",
    )
    full = AUTHORISATION
    assert words.effect(bare, None, lang).count(".") < words.effect(full, None, lang).count(".")
    assert "«»" not in words.effect(bare, None, lang)


def test_an_authorisation_reads_as_a_sentence_with_titles_and_money():
    assert words.effect(AUTHORISATION, state_of("simple"), "es") == (
        "Autorizar hasta 600,00 USD para «zinc», con cargo a Reserva irrepartible, partida "
        "Materiales, del 1 de enero de 2026 al 31 de diciembre de 2026. Cobra solo «Ferretería». "
        "Cada pago, como máximo 5,00 USD. Antes debe estar cumplida y aceptada la decisión 11. "
        "Nombre de la autorización: «first»."
    )


def test_an_amendment_says_what_the_statute_says_now():
    assert words.effect(AMENDMENT, state_of("simple"), "en") == (
        "Change the statute: “assembly.notice_days” becomes 10 (now: 7)."
    )


@pytest.mark.parametrize("lang", words.LANGS)
def test_a_proposer_cannot_close_the_quotes_around_their_own_words(lang):
    purpose = "zinc», con cargo a Fondo social. ”, out of Social"
    sentence = words.effect(msgspec.structs.replace(AUTHORISATION, purpose=purpose), None, lang)
    opening, closing = ("«", "»") if lang == "es" else ("“", "”")
    inside = sentence.partition(opening)[2].partition(closing)[0]
    assert inside.endswith("out of Social")


@pytest.mark.parametrize("pack", names())
@pytest.mark.parametrize("lang", words.LANGS)
def test_titles_tell_funds_accounts_and_offices_apart(pack, lang):
    law = load(pack)
    for things in (law.treasury.accounts, law.offices):
        titles = [t.title[lang] for t in things]
        assert sorted(set(titles)) == sorted(titles)


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"room": 12_345, "amount": 99_999}, ("123,45 USD", "999,99 USD")),
        ({"room": -5, "amount": 0}, ("−0,05 USD", "0,00 USD")),
    ],
)
def test_a_refusal_names_amounts_in_the_unit_of_the_body(params, expected):
    said = words.refusal(Refusal("over_the_limit", "", params), "es", state_of("simple"))
    assert all(amount in said.message for amount in expected)
    assert said.remedy.endswith(".")


def test_a_refusal_names_offices_powers_dates_and_moments_in_words():
    state = state_of("simple")
    mandate = Refusal("no_mandate", "", {"member": 3, "power": "preside"})
    assert "presidir la asamblea" in words.refusal(mandate, "es", state).message
    seats = Refusal("more_than_the_seats", "", {"office": "treasurer", "seats": 1, "alternates": 1})
    assert words.refusal(seats, "en", state).message.startswith("Treasurer has 1 seats")
    window = {"since": "2026-01-01", "until": "2026-03-31", "date": "2026-04-01"}
    assert "31 March 2026" in words.refusal(Refusal("outside_the_window", "", window), "en").message
    early = Refusal("before_its_call", "", {"starts_at": 1_767_225_600})
    assert "1 de enero de 2026, 00:00 UTC" in words.refusal(early, "es").message


def test_a_refusal_of_the_waterfall_speaks_the_language_asked_for():
    fault = {
        "field": "choices.reserve",
        "detail": {"en": "too little", "es": "demasiado poco"},
        "remedy": {"en": "Decide 5", "es": "Decida 5"},
    }
    said = words.refusal(Refusal("surplus_against_the_statute", "7", fault), "es")
    assert "demasiado poco" in said.message
    assert said.remedy == "Decida 5."


def test_a_table_that_differs_is_answered_with_the_right_one():
    state = state_of("simple")
    params = {"expected": (("reserve", 4500), ("members", 100))}
    said = words.refusal(Refusal("surplus_differs_from_law", "8", params), "en", state)
    assert "Indivisible reserve: 45.00 USD; members: 1.00 USD" in said.message
