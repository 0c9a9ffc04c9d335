"""Amounts, dates and spans, as people write them."""

from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comuna.words import LANGS, date, duration, moment, money, number


@pytest.mark.parametrize(
    ("amount", "decimals", "spanish", "english"),
    [
        (0, 2, "0,00 VES", "0.00 VES"),
        (5, 2, "0,05 VES", "0.05 VES"),
        (-123_456, 2, "−1.234,56 VES", "−1,234.56 VES"),
        (1_234_567, 0, "1.234.567 VES", "1,234,567 VES"),
        (1, 6, "0,000001 VES", "0.000001 VES"),
    ],
)
def test_money_has_the_separators_of_the_language(amount, decimals, spanish, english):
    assert money(amount, "VES", decimals, "es") == spanish
    assert money(amount, "VES", decimals, "en") == english


@given(st.integers(-(2**70), 2**70), st.integers(0, 6), st.sampled_from(LANGS))
def test_an_amount_is_shown_to_its_last_step(amount, decimals, lang):
    digits = number(amount, lang, decimals).replace(".", "").replace(",", "").replace("−", "-")
    assert int(digits) == amount


def test_a_date_is_written_out_and_what_is_no_date_is_left():
    assert date("2026-03-05", "es") == "5 de marzo de 2026"
    assert date("2026-12-31", "en") == "31 December 2026"
    assert date("2026-13-05", "en") == "2026-13-05"
    assert date("next week", "en") == "next week"


def test_a_moment_names_its_zone():
    assert moment(1_767_225_600, "en") == "1 January 2026, 00:00 UTC"
    caracas = timezone(timedelta(hours=-4), "Caracas")
    assert moment(1_767_225_600, "es", caracas) == "31 de diciembre de 2025, 20:00 Caracas"


@pytest.mark.parametrize(
    ("seconds", "spanish", "english"),
    [
        (0, "0 segundos", "0 seconds"),
        (1, "1 segundo", "1 second"),
        (86_400, "1 día", "1 day"),
        (93_600, "1 día y 2 horas", "1 day and 2 hours"),
        (172_861, "2 días y 1 minuto", "2 days and 1 minute"),
    ],
)
def test_a_span_is_told_in_its_two_largest_measures(seconds, spanish, english):
    assert duration(seconds, "es") == spanish
    assert duration(seconds, "en") == english
