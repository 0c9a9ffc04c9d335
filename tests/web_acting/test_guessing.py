"""Guessing a PIN is slow with one number and with many, from one network and from many, today and
over the month; and it keeps no member out who has been here before."""

import itertools

import pytest
from django.test import Client

from comuna.web.acting import signin
from comuna.web.acting.models import Failure

PIN = "clave-segura"
FALSE = "falsa-clave"


@pytest.fixture(autouse=True)
def members(village):
    for member in range(1, 13):
        signin.keep_secret(village.body, member, PIN, once=False)


def enter(browser, village, number, secret, address="192.0.2.1"):
    data = {"number": str(number), "secret": secret}
    return browser.post(f"/{village.body}/sign-in", data, REMOTE_ADDR=address)


def tried(village, number, address, clock, secret=FALSE):
    """Whether a guess from there was looked at; refused unseen when not."""
    before = Failure.objects.count()
    answer = enter(Client(), village, number, secret, address)
    return answer.status_code == 302 or Failure.objects.count() > before


def everywhere():
    return (f"198.51.{n // 250}.{n % 250 + 1}" for n in itertools.count())


def test_five_false_pins_by_anybody_keep_no_member_out_of_their_own_device(village):
    own = Client()
    assert enter(own, village, 3, PIN).status_code == 302
    guesser = Client()
    for _ in range(10):
        enter(guesser, village, 3, FALSE)
    assert enter(guesser, village, 3, PIN).status_code == 403
    own.post(f"/{village.body}/sign-out")
    assert enter(own, village, 3, PIN).status_code == 302


def test_nor_out_of_a_new_device_elsewhere(village):
    for _ in range(10):
        enter(Client(), village, 3, FALSE, "192.0.2.66")
    assert enter(Client(), village, 3, PIN, "192.0.2.7").status_code == 302


def test_a_device_that_is_known_guesses_no_faster(village):
    stolen = Client()
    enter(stolen, village, 3, PIN)
    stolen.post(f"/{village.body}/sign-out")
    for _ in range(signin.FAILURES_OF_MEMBER):
        enter(stolen, village, 3, FALSE)
    assert "15 minutos" in enter(stolen, village, 3, PIN).content.decode()


def test_a_device_knows_one_member_and_one_body(village, clock):
    other = type(village).found(clock)
    signin.keep_secret(other.body, 3, PIN, once=False)
    own = Client()
    enter(own, village, 3, PIN)
    cookie = own.cookies[signin.device_cookie(village.body, 3)].value
    for body, member in ((village.body, 4), (other.body, 3)):
        thief = Client()
        thief.cookies[signin.device_cookie(body, member)] = cookie
        for _ in range(signin.FAILURES_OF_MEMBER):
            thief.post(f"/{body}/sign-in", {"number": str(member), "secret": FALSE})
        assert not Failure.objects.filter(body=body, member=member).exclude(device="").exists()


@pytest.mark.parametrize("cookie", ["", "x", "a:b:c", "e30:1a:b"])
def test_a_made_up_device_is_a_strange_one(village, cookie):
    browser = Client()
    browser.cookies[signin.device_cookie(village.body, 3)] = cookie
    for _ in range(signin.FAILURES_OF_MEMBER):
        enter(browser, village, 3, FALSE)
    assert enter(browser, village, 3, PIN).status_code == 403


def test_a_new_pin_makes_every_device_strange_again(village, clock):
    own = Client()
    enter(own, village, 3, PIN)
    signin.keep_secret(village.body, 3, "otra-clave-mía", once=False)
    enter(own, village, 3, FALSE)
    assert Failure.objects.get(body=village.body, member=3).device == ""


def test_a_shared_device_is_not_remembered(village):
    browser = Client()
    browser.post(f"/{village.body}/sign-in", {"number": "3", "secret": PIN, "shared": "on"})
    assert signin.device_cookie(village.body, 3) not in browser.cookies


def test_from_many_networks_one_number_is_tried_a_few_times_a_day_and_a_month(
    village, clock, monkeypatch
):
    day, month = 3, 8
    monkeypatch.setattr(signin, "OF_A_NUMBER", ((day, signin.DAY), (month, 30 * signin.DAY)))
    addresses, tries = everywhere(), []
    for _ in range(5):
        for _ in range(day + 1):
            tries.append(tried(village, 3, next(addresses), clock))
        clock[0] += signin.DAY
    assert sum(tries) == month
    assert sum(tries[: day + 1]) == day


def test_who_is_kept_from_a_strange_device_is_told_how_to_enter(village, clock, monkeypatch):
    monkeypatch.setattr(signin, "OF_A_NUMBER", ((3, signin.DAY),))
    own, addresses = Client(), everywhere()
    enter(own, village, 3, PIN)
    for _ in range(signin.OF_A_NUMBER[0][0]):
        tried(village, 3, next(addresses), clock)
    page = enter(Client(), village, 3, PIN, next(addresses)).content.decode()
    assert "código de un solo uso" in page
    assert "aparato en el que ya entró" in page
    assert enter(own, village, 3, PIN, next(addresses)).status_code == 302
    code = signin.give_code(village.body, 3)
    assert enter(Client(), village, 3, code, next(addresses)).status_code == 302


def test_over_all_numbers_of_a_body_guesses_are_counted_too(village, clock, monkeypatch):
    monkeypatch.setattr(signin, "OF_A_BODY", ((5, signin.DAY),))
    own, addresses = Client(), everywhere()
    enter(own, village, 3, PIN)
    tries = [tried(village, n % 12 + 1, next(addresses), clock) for n in range(8)]
    assert sum(tries) == 5
    assert enter(own, village, 3, PIN).status_code == 302
    clock[0] += signin.DAY
    assert tried(village, 5, next(addresses), clock)


def test_a_household_of_many_addresses_is_one_network(village, clock):
    tries = [tried(village, 3, f"2001:db8::{n + 1:x}", clock) for n in range(10)]
    assert sum(tries) == signin.FAILURES_OF_MEMBER


def test_a_member_who_signs_in_does_not_wipe_the_slate_of_a_guesser_elsewhere(village, clock):
    for _ in range(signin.FAILURES_OF_MEMBER):
        enter(Client(), village, 3, FALSE, "192.0.2.66")
    enter(Client(), village, 3, PIN, "192.0.2.7")
    assert not tried(village, 3, "192.0.2.66", clock)


def test_failures_are_kept_as_long_as_they_count_and_no_longer(village, clock):
    enter(Client(), village, 3, FALSE, "192.0.2.66")
    clock[0] += signin.FAILURES_KEPT
    enter(Client(), village, 4, PIN)
    assert Failure.objects.filter(body=village.body, member=3).exists()
    clock[0] += 1
    enter(Client(), village, 4, PIN)
    assert not Failure.objects.filter(body=village.body, member=3).exists()


@pytest.mark.parametrize("secret", ["123456", "password", "111111", "Qwerty", "abc123"])
def test_what_guessers_try_first_is_not_chosen(village, signed_in, secret):
    browser = signed_in(3)
    data = {"old": PIN, "secret": secret, "again": secret}
    answer = browser.post(f"/{village.body}/pin", data)
    assert answer.status_code == 403
    assert "Elija otro" in answer.content.decode()
    assert enter(Client(), village, 3, PIN).status_code == 302
