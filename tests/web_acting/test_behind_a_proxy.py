"""Behind a proxy that speaks https: forms arrive, and failures count for whoever sent them."""

import http.client
import re
from urllib.parse import urlencode

import pytest

from comuna.web.acting import signin
from comuna.web.acting.models import Failure
from tests.site import listening

PROXY = {
    "X-Forwarded-For": "192.0.2.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "comuna.example",
}


@pytest.fixture(scope="module")
def port(app):
    with listening(app) as found:
        yield found


def send(port, method, path, headers, data=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, urlencode(data) if data else None, headers)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer, body


def sign_in(port, village, headers, origin):
    """As a browser at this origin does it: the page, its cookie and token, then the form."""
    path = f"/{village.body}/sign-in"
    answer, page = send(port, "GET", path, headers)
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page)[1]
    cookie = answer.getheader("Set-Cookie").partition(";")[0]
    form = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    data = {"csrfmiddlewaretoken": token, "number": "3", "secret": "no-es-esta"}
    return send(port, "POST", path, headers | form | origin, data)


def test_a_form_sent_over_https_arrives(port, village):
    origin = {"Origin": "https://comuna.example", "Referer": "https://comuna.example/"}
    _, page = sign_in(port, village, PROXY, origin)
    assert "corresponden" in page


def test_a_form_from_another_place_does_not(port, village):
    answer, page = sign_in(port, village, PROXY, {"Origin": "https://elsewhere.example"})
    assert answer.status == 403
    assert "corresponden" not in page


def test_failures_count_for_the_address_behind_the_proxy(port, village):
    origin = {"Origin": "https://comuna.example", "Referer": "https://comuna.example/"}
    sign_in(port, village, PROXY, origin)
    (failure,) = Failure.objects.filter(body=village.body, member=3)
    assert failure.address == "192.0.2.9"


def test_without_a_proxy_the_address_is_that_of_the_connection(port, village):
    sign_in(port, village, {}, {})
    (failure,) = Failure.objects.filter(body=village.body, member=3)
    assert failure.address == "127.0.0.1"
    assert signin.FAILURES_OF_ADDRESS > signin.FAILURES_OF_MEMBER


def cookies_and_promise(port, village, headers):
    answer, _ = send(port, "GET", f"/{village.body}/sign-in", headers)
    return answer.headers.get_all("Set-Cookie"), answer.getheader("Strict-Transport-Security")


def test_over_https_cookies_are_secure_and_the_browser_comes_back_over_https_only(port, village):
    cookies, promise = cookies_and_promise(port, village, PROXY)
    assert cookies
    assert all("Secure" in cookie for cookie in cookies)
    assert int(promise.removeprefix("max-age=")) >= 180 * 86_400


def test_over_https_the_session_of_who_signs_in_is_secure(village):
    from django.test import Client

    signin.keep_secret(village.body, 3, "clave-segura", once=False)
    browser = Client()
    data = {"number": "3", "secret": "clave-segura"}
    browser.post(f"/{village.body}/sign-in", data, secure=True)
    session = browser.cookies["sessionid"]
    assert session["secure"]
    assert session["httponly"]


def test_without_https_cookies_arrive_and_nothing_is_promised(port, village):
    cookies, promise = cookies_and_promise(port, village, {})
    assert cookies
    assert not any("Secure" in cookie for cookie in cookies)
    assert promise is None


def test_programs_that_record_acts_are_told_too(port, village):
    path = f"/{village.body}/acts"
    answer, _ = send(port, "POST", path, PROXY | {"Content-Type": "application/json"}, {"a": 1})
    assert answer.getheader("Strict-Transport-Security")
