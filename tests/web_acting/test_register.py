"""The roll register: names for the holder of its office, for nobody else, and never in the book."""

import pytest

from comuna.book import store
from comuna.web import desk
from tests.web_acting.acting import draft_of, sign


@pytest.fixture
def keeper(village):
    return village.who("keep-register")[0]


def whole_book(village):
    rows = store.entries(desk.clerk().database, village.body, 0)
    return b"".join(data for _, data, _ in rows)


def test_the_keeper_sees_names_and_adds_a_person(village, signed_in, keeper):
    browser = signed_in(keeper)
    page = browser.get(f"/{village.body}/register").content.decode()
    assert "Persona 7" in page
    added = browser.post(
        f"/{village.body}/register", {"name": "Ana Ríos", "document": "V-1", "contact": ""}
    ).content.decode()
    commitment = added.partition("commitment=")[2][:64]
    from contextlib import closing

    with closing(desk.home().database()) as database:
        found = desk.home().register(database).open(commitment)
    assert found.record == {"name": "Ana Ríos", "document": "V-1"}
    assert b"Ana" not in whole_book(village)


@pytest.mark.parametrize("page", ["9" * 5000, "9" * 18, "-1", "x", "٣", ""])
def test_a_page_of_the_register_that_there_is_not_is_empty_or_the_first(
    village, signed_in, keeper, page
):
    answer = signed_in(keeper).get(f"/{village.body}/register", {"page": page})
    assert answer.status_code == 200


def test_a_person_without_a_name_is_not_kept(village, signed_in, keeper):
    answer = signed_in(keeper).post(f"/{village.body}/register", {"name": "  "})
    assert answer.status_code == 422


@pytest.mark.parametrize("address", ["register", "register/3/code", "register/3/erase"])
def test_no_other_member_and_no_stranger_sees_the_register(
    village, signed_in, visitor, keeper, address
):
    other = next(m for m in range(1, 13) if m != keeper)
    for browser in (signed_in(other), visitor):
        for send in (browser.get, browser.post):
            answer = send(f"/{village.body}/{address}")
            assert answer.status_code in (302, 403, 405)
            assert "Persona" not in answer.content.decode()


def test_a_code_from_the_keeper_lets_a_member_in_once_chosen(village, signed_in, visitor, keeper):
    page = signed_in(keeper).post(f"/{village.body}/register/8/code").content.decode()
    code = page.rpartition('class="big mono">')[2].partition("<")[0]
    answer = visitor.post(f"/{village.body}/sign-in", {"number": "8", "secret": code})
    assert "/pin" in answer["Location"]
    assert signed_in(keeper).post(f"/{village.body}/register/99/code").status_code == 404


def test_erasing_a_person_leaves_the_book_as_it_is(village, signed_in, keeper):
    browser = signed_in(keeper)
    before, root = whole_book(village), desk.clerk().desk(village.body).tree.root()
    assert "Persona 6" in browser.get(f"/{village.body}/register/6/erase").content.decode()
    assert browser.post(f"/{village.body}/register/6/erase").status_code == 302
    page = browser.get(f"/{village.body}/register").content.decode()
    assert "Persona 6" not in page
    assert whole_book(village) == before
    assert desk.clerk().desk(village.body).tree.root() == root


def test_an_application_on_paper_takes_the_next_number(village, signed_in):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.web_acting.acting import write

    secretary = village.who("record-paper")[0]
    browser = signed_in(secretary)
    page = browser.get(f"/{village.body}/act/apply?commitment={'a' * 64}").content.decode()
    assert 'name="paper-actor" value="13"' in page
    data = {
        "commitment": "a" * 64,
        "member_kind": "member",
        "paper-actor": "13",
        "paper-witnesses": "6, 7",
        "paper-happened": "2026-01-01T00:00",
        "paper-scan": SimpleUploadedFile("hoja.jpg", b"solicitud"),
    }
    address = draft_of(write(browser, village, "apply", data))
    sign(browser, village, address, secretary)
    assert sign(signed_in(6), village, address, 6)[0] == 201
    assert village.state.people[13].commitment == "a" * 64
    other = next(m for m in range(1, 13) if m not in village.who("record-paper"))
    assert signed_in(other).get(f"/{village.body}/act/apply")["Location"].endswith("/join")
