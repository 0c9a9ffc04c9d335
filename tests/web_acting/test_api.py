"""The way in for programs: idempotent, strict, and nothing is written that nobody signed."""

import io
import threading
from types import SimpleNamespace

import msgspec
import pytest

from comuna import pen
from comuna.book import keys
from comuna.book.strict import base64_text
from comuna.rules.act import Signature
from comuna.rules.assembly import CheckIn
from comuna.rules.authorship import RevokeKey
from comuna.rules.oversight import Complain
from comuna.web import desk


class Straight:
    """A program without cookies, answered by the server before any page is asked."""

    def __init__(self, app):
        self.app = app

    def post(self, path, data, content_type, headers=None):
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": path,
            "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": str(len(data)),
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "wsgi.input": io.BytesIO(data),
            "wsgi.url_scheme": "http",
        }
        for name, value in (headers or {}).items():
            environ["HTTP_" + name.upper().replace("-", "_")] = value
        begun = []
        content = b"".join(self.app(environ, lambda *told: begun.append(told)))
        (status, fields), *_ = begun
        answer = SimpleNamespace(status_code=int(status[:3]), content=content, cookies={})
        answer.headers = dict(fields)
        answer.json = lambda: msgspec.json.decode(content)
        return answer


@pytest.fixture(params=["through the pages", "straight"])
def visitor(app, request):
    """Everything a stranger can send is answered alike on both ways."""
    from django.test import Client

    return Client() if request.param == "through the pages" else Straight(app)


def post(browser, village, submission, body=None, **more):
    data = submission if isinstance(submission, bytes) else msgspec.json.encode(submission)
    return browser.post(
        f"/{body or village.body}/acts", data, content_type="application/json", **more
    )


def complaint(village, member=3, text="Falta agua", seed=None, nonce=None):
    seeds = {member: seed or village.seeds[member]}
    act = Complain(about="", text=text)
    return pen.signed(village.body, member, act, nonce or f"api{next(village.nonces)}", seeds)


def written(village):
    return village.state.head


def test_a_signed_act_is_recorded_without_any_session(village, visitor):
    before = written(village)
    answer = post(visitor, village, complaint(village))
    assert (answer.status_code, answer.json()) == (201, {"number": before + 1})
    assert "sessionid" not in answer.cookies


def test_the_same_submission_again_gives_the_same_number(village, visitor):
    submission = complaint(village)
    first = post(visitor, village, submission).json()
    assert post(visitor, village, submission).json() == first
    assert written(village) == first["number"]


def test_another_act_under_the_same_nonce_is_refused(village, visitor):
    post(visitor, village, complaint(village, nonce="x"))
    answer = post(visitor, village, complaint(village, text="Otra cosa", nonce="x"))
    assert answer.status_code == 409
    assert answer.json()["refusal"]["rule"] == "nonce_used"


def tampered(village, submission):
    act = msgspec.structs.replace(submission.act, text="No falta agua")
    return msgspec.structs.replace(submission, act=act)


def by_a_stranger(village, submission):
    return complaint(village, seed=b"\7" * 32)


def in_anothers_name(village, submission):
    signature = msgspec.structs.replace(submission.by.signatures[0], member=4)
    by = msgspec.structs.replace(submission.by, member=4, signatures=(signature,))
    return msgspec.structs.replace(submission, by=by)


def without_signature(village, submission):
    return msgspec.structs.replace(
        submission, by=msgspec.structs.replace(submission.by, signatures=())
    )


def with_a_broken_signature(village, submission):
    broken = msgspec.structs.replace(submission.by.signatures[0], value="AAAA")
    by = msgspec.structs.replace(submission.by, signatures=(broken,))
    return msgspec.structs.replace(submission, by=by)


def over_other_bytes(village, submission):
    seed = village.seeds[3]
    value = base64_text(keys.sign(seed, b"comuna act v1\n{}"))
    given = Signature(member=3, key=keys.key_id(keys.public_key(seed)), value=value)
    by = msgspec.structs.replace(submission.by, signatures=(given,))
    return msgspec.structs.replace(submission, by=by)


@pytest.mark.parametrize(
    ("forge", "rule"),
    [
        (tampered, "signature_invalid"),
        (by_a_stranger, "key_unknown"),
        (in_anothers_name, "key_unknown"),
        (without_signature, "signature_missing"),
        (with_a_broken_signature, "signature_invalid"),
        (over_other_bytes, "signature_invalid"),
    ],
)
def test_a_forged_signature_is_refused_and_nothing_is_written(village, visitor, forge, rule):
    before = written(village)
    answer = post(visitor, village, forge(village, complaint(village)))
    assert answer.status_code == 409
    refusal = answer.json()["refusal"]
    assert refusal["rule"] == rule
    assert refusal["message"]
    assert refusal["remedy"]
    assert written(village) == before


def test_a_revoked_key_signs_nothing_more(village, visitor):
    village.do(3, RevokeKey(key=keys.key_id(keys.public_key(village.seeds[3]))))
    before = written(village)
    answer = post(visitor, village, complaint(village))
    assert answer.json()["refusal"]["rule"] == "key_not_in_force"
    assert written(village) == before


def test_the_refusal_speaks_the_language_of_who_asks(village, visitor):
    stranger = by_a_stranger(village, None)
    spanish = post(visitor, village, stranger, headers={"accept-language": "es"}).json()
    english = post(visitor, village, stranger, headers={"accept-language": "en"}).json()
    assert spanish["refusal"]["rule"] == english["refusal"]["rule"]
    assert spanish["refusal"]["message"] != english["refusal"]["message"]


def attested(village, member):
    from comuna.clerk import Submission
    from comuna.rules.act import Author

    return Submission(
        body=village.body,
        by=Author(member=member, form="attested"),
        act=Complain(about="", text="Sin firma"),
        nonce=f"att{next(village.nonces)}",
    )


def test_an_attested_act_needs_the_session_of_its_author(village, visitor, signed_in):
    assert post(visitor, village, attested(village, 3)).status_code == 403
    assert post(signed_in(4), village, attested(village, 3)).status_code == 403
    # With the right session it reaches the judge, and this statute does not accept the form.
    own = post(signed_in(3), village, attested(village, 3))
    assert own.json()["refusal"]["rule"] == "form_not_accepted"


def test_an_attested_act_comes_from_a_page_of_ours_or_not_at_all(village, signed_in):
    browser = signed_in(3)
    browser.handler.enforce_csrf_checks = True
    assert post(browser, village, attested(village, 3)).status_code == 403
    page = browser.get(f"/{village.body}/now").content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    answer = post(browser, village, attested(village, 3), headers={"x-csrftoken": token})
    assert answer.json()["refusal"]["rule"] == "form_not_accepted"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", 400),
        (b"{}", 400),
        (b"[1,2]", 400),
        (b"\xff\xfe", 400),
        (
            b'{"act":{"kind":"no-such"},"body":"0","by":{"form":"signed","member":1},"nonce":"1"}',
            400,
        ),
        (b"x" * 200_000, 413),
    ],
)
def test_what_is_no_submission_gets_a_clear_error(village, visitor, data, status):
    before = written(village)
    answer = post(visitor, village, data)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert written(village) == before


def test_a_submission_for_another_body_is_turned_away(village, visitor, clock):
    other = type(village).found(clock)
    assert post(visitor, village, complaint(village), body=other.body).status_code == 400
    unknown = "0" * 32
    stray = msgspec.structs.replace(complaint(village), body=unknown)
    assert post(visitor, village, stray, body=unknown).status_code == 404
    assert unknown not in desk.clerk().desks


def test_the_way_in_takes_nothing_but_posts(village, signed_in):
    assert signed_in(3).get(f"/{village.body}/acts").status_code == 405


def test_a_body_is_not_founded_over_the_web(village, visitor):
    entry = desk.clerk()
    from comuna.book import store

    (data,) = [d for n, d, _ in store.entries(entry.database, village.body, 0) if n == 1]
    founding = msgspec.json.decode(data)
    again = {k: founding[k] for k in ("act", "body", "by", "nonce")}
    assert post(visitor, village, msgspec.json.encode(again)).status_code == 400


def test_fifty_at_once_lose_nothing_and_record_nothing_twice(village, app):
    from django.test import Client

    each, before = 6, written(village)
    members = [n % 12 + 1 for n in range(50)]
    waves = [
        [complaint(village, m, f"{i}/{k}", nonce=f"{i}-{k}") for k in range(each)]
        for i, m in enumerate(members)
    ]
    answers: list[list[tuple[int, int]]] = [[] for _ in waves]
    begin = threading.Barrier(len(waves))

    def work(place):
        browser = Client() if place % 2 else Straight(app)
        begin.wait()
        for submission in waves[place]:
            for _ in range(2):  # everyone sends everything twice
                answer = post(browser, village, submission)
                answers[place].append((answer.status_code, answer.json().get("number", 0)))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(len(waves))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    flat = [answer for of_one in answers for answer in of_one]
    assert {status for status, _ in flat} == {201}
    assert all(of_one[i] == of_one[i + 1] for of_one in answers for i in range(0, len(of_one), 2))
    numbers = sorted({number for _, number in flat})
    assert numbers == list(range(before + 1, before + 1 + 50 * each))
    assert written(village) == before + 50 * each


def test_checking_in_at_the_door_needs_no_form_of_its_own(village, visitor):
    """A device of the tellers may send check-ins as they come."""
    proposal = village.propose()
    chair = village.who("preside")[0]
    from comuna.rules.assembly import AgendaItem, CallAssembly

    agenda = (
        AgendaItem(title="Canto", purpose="opening"),
        AgendaItem(title="Punto", purpose="decision", proposal=proposal),
    )
    at = village.clock[0] + 8 * 86_400
    assembly = village.do(chair, CallAssembly(starts_at=at, place="Casa", agenda=agenda))
    village.clock[0] = at
    submission = village.submission(5, CheckIn(assembly=assembly, members=(5,)))
    assert post(visitor, village, submission).status_code == 201
    assert 5 in village.state.assemblies[assembly].present
