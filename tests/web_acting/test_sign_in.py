"""Sign-in: a number and a PIN, slow to guess, quick to leave."""

import pytest

from comuna.web.acting import signin
from comuna.web.acting.models import Credential, Failure
from tests.web_acting.conftest import SLOW

PIN = "clave-segura"


def enter(browser, village, number, secret, **more):
    data = {"number": str(number), "secret": secret, **more}
    return browser.post(f"/{village.body}/sign-in", data)


def test_the_right_pin_opens_the_members_own_page(village, visitor):
    signin.keep_secret(village.body, 3, PIN, once=False)
    assert visitor.get(f"/{village.body}/now").status_code == 302
    answer = enter(visitor, village, 3, PIN)
    assert answer["Location"] == f"/{village.body}/now"
    assert visitor.get(f"/{village.body}/now").status_code == 200


@pytest.mark.parametrize(
    ("number", "secret"), [(3, "otra-clave"), (4, PIN), (99, PIN), ("x", PIN), ("", PIN), (3, "")]
)
def test_a_wrong_number_or_pin_opens_nothing(village, visitor, number, secret):
    signin.keep_secret(village.body, 3, PIN, once=False)
    assert enter(visitor, village, number, secret).status_code == 403
    assert visitor.get(f"/{village.body}/now").status_code == 302


def test_the_secret_is_stored_only_as_a_slow_hash(village):
    signin.keep_secret(village.body, 3, PIN, once=False)
    stored = Credential.objects.get(body=village.body, member=3).secret
    assert stored.startswith("scrypt$")
    assert PIN not in stored
    assert SLOW >= 2**14


def test_after_five_failures_the_number_rests_even_for_the_right_pin(village, visitor, clock):
    signin.keep_secret(village.body, 3, PIN, once=False)
    for _ in range(signin.FAILURES_OF_MEMBER):
        assert "corresponden" in enter(visitor, village, 3, "falsa-clave").content.decode()
    locked = enter(visitor, village, 3, PIN)
    assert locked.status_code == 403
    assert "15 minutos" in locked.content.decode()
    clock[0] += signin.REST_SECONDS - 1
    assert enter(visitor, village, 3, PIN).status_code == 403
    clock[0] += 1
    assert enter(visitor, village, 3, PIN).status_code == 302


def test_another_members_number_does_not_rest_with_it(village, visitor):
    signin.keep_secret(village.body, 4, PIN, once=False)
    for _ in range(signin.FAILURES_OF_MEMBER):
        enter(visitor, village, 3, "falsa-clave")
    assert enter(visitor, village, 4, PIN).status_code == 302


def test_an_address_that_fails_with_many_numbers_rests(village, visitor, monkeypatch):
    monkeypatch.setattr(signin, "FAILURES_OF_ADDRESS", 4)
    monkeypatch.setattr(signin, "same", lambda given, credential: False)
    data = {"secret": "falsa-clave"}
    for number in range(1, 5):
        visitor.post(f"/{village.body}/sign-in", data | {"number": number}, REMOTE_ADDR="192.0.2.7")
    answer = visitor.post(f"/{village.body}/sign-in", data | {"number": 9}, REMOTE_ADDR="192.0.2.7")
    assert "intentos fallidos" in answer.content.decode()
    other = visitor.post(f"/{village.body}/sign-in", data | {"number": 9}, REMOTE_ADDR="192.0.2.8")
    assert "corresponden" in other.content.decode()


def test_signing_in_rightly_forgets_the_failures_before(village, visitor):
    signin.keep_secret(village.body, 3, PIN, once=False)
    for _ in range(signin.FAILURES_OF_MEMBER - 1):
        enter(visitor, village, 3, "falsa-clave")
    assert enter(visitor, village, 3, PIN).status_code == 302
    assert not Failure.objects.filter(body=village.body, member=3).exists()


def test_a_pin_opens_one_body_and_no_other(village, visitor, clock):
    other = type(village).found(clock)
    signin.keep_secret(village.body, 3, PIN, once=False)
    assert enter(visitor, village, 3, PIN).status_code == 302
    assert visitor.get(f"/{other.body}/now").status_code == 302
    assert enter(visitor, other, 3, PIN).status_code == 403


def test_signing_out_ends_the_session_at_once(village, signed_in):
    browser = signed_in(3)
    cookie = browser.cookies["sessionid"].value
    browser.post(f"/{village.body}/sign-out")
    assert browser.get(f"/{village.body}/now").status_code == 302
    browser.cookies["sessionid"] = cookie
    assert browser.get(f"/{village.body}/now").status_code == 302


def test_on_a_shared_device_the_session_is_short(village, visitor):
    signin.keep_secret(village.body, 3, PIN, once=False)
    enter(visitor, village, 3, PIN, shared="on")
    assert visitor.session.get_expiry_age() <= signin.SHARED_SECONDS
    enter(visitor, village, 3, PIN)
    assert visitor.session.get_expiry_age() > 86_400


def test_a_session_gets_a_new_name_when_someone_signs_in(village, visitor):
    signin.keep_secret(village.body, 3, PIN, once=False)
    signin.keep_secret(village.body, 4, PIN, once=False)
    enter(visitor, village, 3, PIN)
    first = visitor.cookies["sessionid"].value
    enter(visitor, village, 4, PIN)
    assert visitor.cookies["sessionid"].value != first


def test_a_one_time_code_leads_to_a_pin_of_ones_own(village, visitor):
    code = signin.give_code(village.body, 5)
    answer = enter(visitor, village, 5, code.lower())
    assert answer["Location"].startswith(f"/{village.body}/pin")
    short = visitor.post(f"/{village.body}/pin", {"secret": "12345", "again": "12345"})
    assert short.status_code == 403
    differs = visitor.post(f"/{village.body}/pin", {"secret": PIN, "again": PIN + "x"})
    assert differs.status_code == 403
    chosen = visitor.post(f"/{village.body}/pin", {"secret": PIN, "again": PIN})
    assert chosen.status_code == 302
    assert enter(visitor, village, 5, code).status_code == 403
    assert enter(visitor, village, 5, PIN)["Location"] == f"/{village.body}/now"


def test_changing_a_pin_asks_for_the_present_one(village, signed_in):
    browser = signed_in(3)
    wrong = {"old": "no-es-esta", "secret": "nueva-clave", "again": "nueva-clave"}
    assert browser.post(f"/{village.body}/pin", wrong).status_code == 403
    right = wrong | {"old": PIN}
    assert browser.post(f"/{village.body}/pin", right).status_code == 302
    assert enter(browser, village, 3, "nueva-clave").status_code == 302


def test_a_new_pin_ends_the_sessions_on_other_devices(village, signed_in):
    stolen, own, other = signed_in(3), signed_in(3), signed_in(4)
    change = {"old": PIN, "secret": "nueva-clave", "again": "nueva-clave"}
    own.post(f"/{village.body}/pin", change)
    assert own.get(f"/{village.body}/now").status_code == 200
    assert stolen.get(f"/{village.body}/now").status_code == 302
    assert other.get(f"/{village.body}/now").status_code == 200


def test_the_way_back_leads_only_to_our_own_pages(village, visitor):
    signin.keep_secret(village.body, 3, PIN, once=False)
    answer = enter(visitor, village, 3, PIN, next="https://example.org/")
    assert answer["Location"] == f"/{village.body}/now"
    answer = enter(visitor, village, 3, PIN, next="//example.org/")
    assert answer["Location"] == f"/{village.body}/now"


def test_a_form_from_elsewhere_signs_nobody_in(village):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    signin.keep_secret(village.body, 3, PIN, once=False)
    assert enter(strict, village, 3, PIN).status_code == 403


def test_a_pin_set_at_the_terminal_opens_the_pages(village, visitor):
    from comuna.web import desk
    from comuna.web.acting.pin import set_pin

    set_pin(desk.home(), village.body, 6, "desde-la-terminal")
    assert enter(visitor, village, 6, "desde-la-terminal").status_code == 302
    with pytest.raises(ValueError, match="6 to 128"):
        set_pin(desk.home(), village.body, 6, "corta")
