"""Who sees what: the public sees numbers and decisions, a member their own account and the papers,
nobody another's; and what cannot be shown is said plainly."""

import pytest

from comuna.web import desk


def test_ones_own_account_is_for_oneself_only(anyone, member, here):
    assert anyone.get(f"{here}members/3").status_code == 403
    assert member(4).get(f"{here}members/3").status_code == 403
    assert member(3).get(f"{here}members/3").status_code == 200


def test_signed_in_to_another_body_is_not_signed_in_here(member, here):
    browser = member(3)
    session = browser.session
    session["body"] = "0" * 32
    session.save()
    assert browser.get(f"{here}members/3").status_code == 403


def test_an_account_shows_the_share_of_the_surplus_and_every_line(member, here, state):
    from comuna import words
    from comuna.readings.models import MODELS

    share = MODELS["allocation"].objects.filter(body=state.body).order_by("-amount").first()
    page = member(share.member).get(f"{here}members/{share.member}").content.decode()
    assert words.money(share.amount, state.unit, state.decimals, "es") in page


def test_no_name_of_a_member_is_on_a_public_page(anyone, here, year):
    names = [sheet.name for sheet in year.sheets]
    assert names
    for path in ("", "members", "offices", "assemblies", "book", "payments", "oversight", "money"):
        page = anyone.get(f"{here}{path}").content.decode()
        assert [name for name in names if name in page] == []


def test_papers_are_for_members(anyone, member, here, state):
    sha256 = next(iter(state.receipts))
    assert anyone.get(f"{here}files/{sha256}").status_code == 403
    answer = member(5).get(f"{here}files/{sha256}")
    assert answer.content == desk.home().file(sha256)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("sha256", ["0" * 64, "..%2Fbook.key", "book.key", "x"])
def test_no_other_file_of_the_home_can_be_had(member, here, sha256):
    assert member(5).get(f"{here}files/{sha256}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "decisions/999999",
        "money/1",
        "payments/1",
        "assemblies/1",
        "book/0",
        "book/999999",
        "book/999999.json",
        "book/999999.receipt",
        "decisions/99999999999999999999999999",
        "book/99999999999999999999999999",
        "nothing",
    ],
)
def test_what_is_not_there_is_not_found_in_words(anyone, here, path):
    answer = anyone.get(f"{here}{path}", headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert b"There is no such page" in answer.content


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "page=99999999999999999", "page=-1", "q=%00"]
)
def test_odd_questions_get_an_empty_list_and_no_error(anyone, here, query):
    for path in ("money", "decisions", "book", "members", "payments", "assemblies"):
        assert anyone.get(f"{here}{path}?{query}").status_code == 200


def test_a_body_that_is_not_here_is_not_found_and_leaves_nothing_behind(anyone, app):
    before = set(desk.clerk().desks)
    for path in (
        "",
        "decisions",
        "checkpoint",
        "book/1.receipt",
        "book/1.json",
        f"files/{'0' * 64}",
    ):
        assert anyone.get(f"/{'f' * 32}/{path}").status_code == 404
    assert set(desk.clerk().desks) == before


def test_the_only_body_is_the_start(anyone, here):
    assert anyone.get("/").headers["Location"] == here


def test_the_language_is_remembered_and_leads_back(anyone, here):
    answer = anyone.get(f"/language/en?next={here}decisions")
    assert answer.headers["Location"] == f"{here}decisions"
    assert b'lang="en"' in anyone.get(here).content
    anyone.get("/language/es")
    assert b'lang="es"' in anyone.get(here).content


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org", "javascript:alert(1)"]
)
def test_the_language_leads_nowhere_else(anyone, elsewhere):
    assert anyone.get("/language/en", {"next": elsewhere}).headers["Location"] == "/"


def test_text_that_members_wrote_is_text_and_never_markup():
    from comuna.web import pictures

    drawn = pictures.bar("<b>", [pictures.Part(1, "a", '"><script>')], 2)
    assert "<b>" not in drawn
    assert "<script>" not in drawn
