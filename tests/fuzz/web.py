"""The door of the pages: requests to the web application as a server hands them on."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote, unquote_to_bytes, urlencode

import msgspec
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.core.signals import got_request_exception

from comuna.rules.judge import KINDS
from tests.clerk.little_body import LittleBody, little_home
from tests.fuzz import absurd
from tests.fuzz.book import Players, line
from tests.fuzz.door import ACCEPTED, REFUSED, Feed, Unforeseen
from tests.site import site

ACTS = {kind: struct for struct, kind in KINDS.items()}
PAGES = (
    *("", "decisions", "money", "payments", "assemblies", "offices", "members", "oversight"),
    *(
        "statute",
        "book",
        "checkpoint",
        "verify",
        "acts",
        "sign-in",
        "sign-out",
        "pin",
        "now",
        "key",
    ),
    *("key", "join", "applications", "register", "decisions/2", "money/9", "payments/3"),
    *(
        "assemblies/3",
        "assemblies/3/minutes",
        "assemblies/3/minutes.txt",
        "members/1",
        "book/1",
        "book/5.json",
    ),
    *("book/5.json", "book/5.receipt", "decisions/2/7.csv", "register/1/code", "register/1/erase"),
    *(
        "draft/a",
        "draft/a/signature",
        "draft/a/attest",
        "draft/a/ask",
        "draft/a/paper",
        "files/" + "0" * 64,
    ),
)
NAMES = ("page", "number", "secret", "old", "again", "name", "member", "kind", "since", "until")
COOKIES = ("sessionid", "csrftoken", "django_language", "device-x-1", "messages")
TOKEN = "a" * 32


@contextmanager
def requests(folder: Path) -> Iterator[Feed]:
    """Any method, address, query, form, cookie, file and JSON, from strangers and from members."""
    home, body = little_home(folder / "home")
    clock = [body.now]
    body.clerk.close()
    raised: list[str] = []

    def heard(sender: Any, request: Any, **_: Any) -> None:
        import traceback

        raised.append(traceback.format_exc(limit=-6))

    logging.getLogger("django").addHandler(logging.NullHandler())
    logging.getLogger("django").propagate = False  # every refusal would be a line
    work = ScryptPasswordHasher.work_factor
    ScryptPasswordHasher.work_factor = 2**8  # slow on purpose; not what is tried here
    got_request_exception.connect(heard)
    try:
        with site(home, lambda: clock[0]) as application:
            sessions = {n: session_of(body.body, n) for n in (0, 1, 4, 5, 9)}

            def give(random: Random) -> str:
                clock[0] += random.choice((0, 0, 1, 60, 3600))
                raised.clear()
                environ = asked(random, body, clock[0], sessions)
                status = answer(application, environ)
                if status >= 500 or raised:
                    what = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO'][:200]!r}"
                    raise Unforeseen(f"{status} {last(raised)} at {what} " + "".join(raised))
                return ACCEPTED if status < 400 else REFUSED

            yield give
    finally:
        got_request_exception.disconnect(heard)
        ScryptPasswordHasher.work_factor = work


def last(raised: list[str]) -> str:
    return raised[-1].strip().splitlines()[-1][:100] if raised else ""


def session_of(body: str, member: int) -> str:
    """The cookie of a member who is signed in; "" of a stranger."""
    from django.contrib.sessions.backends.db import SessionStore

    if not member:
        return ""
    session = SessionStore()
    session["body"], session["member"] = body, member
    session.create()
    return session.session_key or ""


def asked(random: Random, body: LittleBody, now: int, sessions: dict[int, str]) -> dict[str, Any]:
    """A request, as WSGI (PEP 3333) has it."""
    from comuna.web import desk

    way = random.random()
    method = "GET" if way < 0.4 else "POST"
    path, query, kind, data = address(random, body.body), "", "", b""
    member = random.choice(list(sessions))
    if way > 0.55:
        method, path = "POST", f"/{body.body}/acts"
        body.now = now
        players = Players(body, desk.clerk(), random)
        data = line(players, random.getrandbits(60))
        kind = "application/json"
    elif method == "POST":
        kind, data = form(random, path)
    if random.random() < 0.3:
        query = urlencode(fields(random), errors="surrogatepass")
        query = absurd.mangled(random, query.encode()).decode("latin-1") if way < 0.1 else query
    return environ_of(random, method, path, query, kind, data, sessions[member])


def address(random: Random, body: str) -> str:
    way = random.random()
    if way < 0.04:
        return "/" + random.choice(
            ("", "language/es", "language/xx", "static/1/app.css", body[:31])
        )
    page = random.choice(PAGES)
    if way < 0.5:
        page = f"act/{random.choice(list(ACTS))}" + random.choice(("", "", "/sheet"))
    if way > 0.8:
        page = re.sub(
            r"[0-9]+|\ba\b", lambda _: quote(absurd.text(random)[:300], errors="replace"), page
        )
    if way > 0.95:
        page = absurd.mangled(random, page.encode(), 2).decode("latin-1")
    return f"/{body}/{page}"


def fields(random: Random) -> dict[str, str]:
    return {random.choice(NAMES): absurd.text(random) for _ in range(random.randrange(4))}


def form(random: Random, path: str) -> tuple[str, bytes]:
    """What a form sends: of an act with its own fields, of any other with some; with files, or
    mangled, or of another type than it says."""
    given = fields(random)
    if found := re.search(r"/act/([a-z-]+)$", path):
        given |= of_act(random, ACTS[found[1]]) if found[1] in ACTS else {}
    given["csrfmiddlewaretoken"] = TOKEN
    way = random.random()
    if way < 0.2:
        return "application/json", absurd.as_json(random, given)
    if way < 0.5:
        return multipart(random, given)
    data = urlencode(given, errors="surrogatepass").encode()
    return "application/x-www-form-urlencoded", absurd.mangled(random, data) if way > 0.9 else data


def of_act(random: Random, struct: type) -> dict[str, str]:
    """Fields of the form of an act, rows and parts among them."""
    found = {}
    for field in msgspec.structs.fields(struct):
        name = field.encode_name
        for ending in random.sample(("", "-0", "-0-kind", "-add", "-1-title", "-paper"), 2):
            meant = random.choice(
                ("1", "2", "5", "bank:main", "member:1", "2026-01-09", "10,50", "a")
            )
            found[name + ending] = absurd.text(random) if random.random() < 0.4 else meant
        found[name] = random.choice(("1", "2", "bank:main", absurd.text(random)))
    if random.random() < 0.2:
        found["on-paper"] = "1"
    if random.random() < 0.3:
        found |= {"together-asked": random.choice(("1, 2", absurd.text(random)))}
    return found


def multipart(random: Random, given: dict[str, str]) -> tuple[str, bytes]:
    parts = []
    for name, value in given.items():
        file = '; filename="a.jpg"' if random.random() < 0.1 else ""
        head = f'Content-Disposition: form-data; name="{name}"{file}\r\n\r\n'
        parts.append((f"--XX\r\n{head}{value}\r\n").encode("utf-8", "surrogatepass"))
    data = b"".join(parts) + b"--XX--\r\n"
    return "multipart/form-data; boundary=XX", (
        absurd.mangled(random, data) if random.random() < 0.3 else data
    )


def environ_of(
    random: Random, method: str, path: str, query: str, kind: str, data: bytes, session: str
) -> dict[str, Any]:
    cookies = {"csrftoken": TOKEN} | ({"sessionid": session} if session else {})
    if random.random() < 0.1:
        cookies[random.choice(COOKIES)] = quote(absurd.text(random)[:500], errors="replace")
    environ = {
        "REQUEST_METHOD": method if random.random() < 0.98 else random.choice(("PUT", "HEAD", "X")),
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path.split("?")[0]).decode("latin-1"),
        "QUERY_STRING": query,
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(data)),
        "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "HTTP_HOST": "localhost",
        "HTTP_ACCEPT_LANGUAGE": random.choice(("es", "en", "xx;q=z", "")),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": f"10.0.{random.randrange(256)}.{random.randrange(256)}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": random.choice(("http", "http", "https")),
        "wsgi.input": io.BytesIO(data),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    if environ["wsgi.url_scheme"] == "https":
        environ["HTTP_REFERER"] = "https://localhost/"
    if random.random() < 0.03:
        name = random.choice(("CONTENT_TYPE", "HTTP_HOST", "HTTP_COOKIE", "REMOTE_ADDR"))
        environ[name] = absurd.text(random)[:500].encode("utf-8", "replace").decode("latin-1")
    return environ


def answer(application: Any, environ: dict[str, Any]) -> int:
    """The status of the answer, all of which is taken."""
    started: list[str] = []

    def start(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
        assert all(isinstance(name, str) and isinstance(said, str) for name, said in headers)
        started.append(status)

    found = application(environ, start)
    try:
        for _ in found:
            pass
    finally:
        if hasattr(found, "close"):
            found.close()
    return int(started[0].split()[0])
