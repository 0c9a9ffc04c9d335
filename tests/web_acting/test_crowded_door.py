"""No visitor holds the server: however slow, however many, however large. Over loopback, with the
limits made small where the test would wait for them."""

import http.client
import socket
import time
from contextlib import ExitStack, contextmanager

import pytest

from comuna.web import guard
from tests.site import listening

HALF = b"GET /static/x/y HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
PATIENCE = 12  # seconds within which the server has looked after its connections, on a busy machine


@pytest.fixture
def port(app):
    with listening(app) as found:
        yield found


@contextmanager
def open_connections(port, number, first=b""):
    with ExitStack() as stack:
        found = []
        for _ in range(number):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), 10))
            connection.sendall(first)
            found.append(connection)
        yield found


def get(port, path="/"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def closed(connection, within=PATIENCE):
    """Whether the server closes the connection; what it said before is read and thrown away."""
    end = time.monotonic() + within
    connection.settimeout(0.5)
    while time.monotonic() < end:
        try:
            if not connection.recv(65536):
                return True
        except TimeoutError:
            continue
        except ConnectionError:
            return True
    return False


def test_a_hundred_and_ten_half_open_connections_keep_nobody_out(port, village):
    with open_connections(port, 110, HALF):
        assert get(port, f"/{village.body}/") == 200


def test_where_all_places_are_taken_those_who_wait_make_room(port, village, monkeypatch):
    monkeypatch.setattr(guard, "PLACES", 20)
    with open_connections(port, 60, HALF):
        for _ in range(5):
            assert get(port, f"/{village.body}/") == 200


def test_the_longest_wait_of_whoever_holds_most_makes_room_first():
    class Held:
        def __init__(self, address, last_activity, busy=False):
            self.addr, self.last_activity, self.busy = (address, 1), last_activity, busy
            self.gone = False

        def waited_for(self):
            return not self.busy

        def handle_close(self):
            self.gone = True

    alone = Held("192.0.2.1", last_activity=1)
    many = [Held("192.0.2.2", last_activity=n, busy=n == 5) for n in (7, 5, 6)]
    guard.make_room([alone, *many])
    assert [h.gone for h in (alone, *many)] == [False, False, False, True]


@pytest.mark.parametrize("drip", [b"", b"x"], ids=["silent", "a byte now and then"])
def test_a_request_that_does_not_come_to_an_end_is_ended(port, monkeypatch, drip):
    monkeypatch.setattr(guard, "HEADER_SECONDS", 1)
    with open_connections(port, 1, HALF) as (connection,):
        for _ in range(8):
            time.sleep(0.4)
            try:
                connection.sendall(drip)
            except ConnectionError:
                break
        assert closed(connection)


def test_a_body_slower_than_the_poorest_line_is_ended(port, village, monkeypatch):
    monkeypatch.setattr(guard, "SPARE_SECONDS", 1)
    head = f"POST /{village.body}/acts HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n{{"
    with open_connections(port, 1, head.encode()) as (connection,):
        assert closed(connection)


def test_an_answer_that_is_not_taken_is_given_up(app, monkeypatch):
    monkeypatch.setattr(guard, "SPARE_SECONDS", 1)
    monkeypatch.setattr(guard, "PACE", 10**9)

    def endless(environ, start):
        start("200 OK", [("Content-Length", str(2**26))])
        return [bytes(2**20)] * 64

    with listening(endless) as port, open_connections(port, 1) as (connection,):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(5)
        received = 0
        connection.settimeout(5)
        try:
            while data := connection.recv(2**20):
                received += len(data)
        except ConnectionError:
            pass
        assert received < 2**26


def status_of(connection):
    connection.settimeout(10)
    return int(connection.recv(4096).split(b" ", 2)[1])


@pytest.mark.parametrize("path", ["sign-in", "join", "acts", "act/propose"])
def test_a_stranger_brings_no_more_than_a_form(port, village, path):
    head = f"POST /{village.body}/{path} HTTP/1.1\r\nHost: x\r\nContent-Length: 157286400\r\n\r\n"
    with open_connections(port, 1, head.encode()) as (connection,):
        assert status_of(connection) == 413


def test_a_body_without_a_size_is_no_way_around(port, village):
    head = f"POST /{village.body}/join HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    piece = b"10000\r\n" + bytes(2**16) + b"\r\n"
    with open_connections(port, 1, head.encode()) as (connection,):
        for _ in range(6):
            connection.sendall(piece)
        assert status_of(connection) == 413


def test_too_large_is_said_in_both_languages(port, village):
    head = f"POST /{village.body}/join HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n"
    with open_connections(port, 1, head.encode()) as (connection,):
        connection.settimeout(10)
        said = b""
        while data := connection.recv(4096):
            said += data
    assert b"Demasiado grande" in said
    assert b"Too large" in said


def test_a_member_brings_documents_and_a_made_up_session_does_not(port, village, signed_in):
    own = signed_in(3).cookies["sessionid"].value
    for session, expected in ((own, 403), ("a" * 32, 413), ("", 413)):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        cookie = {"Cookie": f"sessionid={session}"} if session else {}
        # 403: it was read, and lacks the token of our own form.
        connection.request("POST", f"/{village.body}/act/propose", bytes(300_000), cookie)
        assert connection.getresponse().status == expected
        connection.close()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest("POST", f"/{village.body}/act/propose")
    connection.putheader("Cookie", f"sessionid={own}")
    connection.putheader("Content-Length", str(guard.LARGEST_GIVEN + 1))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()
