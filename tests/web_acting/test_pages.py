"""The pages of forms and signing: labelled, nothing inline, few questions to the tables."""

import re
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comuna.web.acting.fields import ACTS
from comuna.web.texts import catalogue
from tests.web_acting.acting import draft_of, write

PLAIN = ("sign-in", "now", "key", "pin", "join", "register")
FORMS = tuple(f"act/{kind}" for kind in sorted(set(ACTS) - {"apply"}))


class Page(HTMLParser):
    """Controls without a label, things inline, ids used twice, the order of headings."""

    def __init__(self, html):
        super().__init__()
        self.labels, self.controls, self.ids, self.inline, self.headings = set(), [], [], [], []
        self.within_label = 0
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        of = dict(attributes)
        if "id" in of:
            self.ids.append(of["id"])
        if tag == "label":
            self.within_label += 1
            self.labels.add(of.get("for"))
        if tag in ("input", "select", "textarea") and of.get("type") != "hidden":
            named = self.within_label or "aria-label" in of
            self.controls.append((of.get("id"), of.get("name"), bool(named)))
        self.inline += [name for name in of if name.startswith("on") or name == "style"]
        if tag == "style" or (tag == "script" and "src" not in of):
            self.inline.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_endtag(self, tag):
        if tag == "label":
            self.within_label -= 1

    @property
    def unlabelled(self):
        return [c for c in self.controls if not c[2] and c[0] not in self.labels]


def read(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200
    return Page(answer.content.decode())


@pytest.fixture(scope="module")
def keeper(village_once):
    from django.test import Client

    from comuna.web.acting.signin import keep_secret

    member = village_once.who("keep-register")[0]
    keep_secret(village_once.body, member, "clave-segura", once=False)
    browser = Client()
    browser.post(f"/{village_once.body}/sign-in", {"number": member, "secret": "clave-segura"})
    return browser


@pytest.mark.parametrize("name", [*PLAIN, *FORMS, "act/propose?effect=budget"])
def test_every_control_has_a_label_and_nothing_is_inline(village_once, keeper, name):
    page = read(keeper, f"/{village_once.body}/{name}")
    assert page.unlabelled == []
    assert page.inline == []
    assert len(page.ids) == len(set(page.ids))
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(page.headings, page.headings[1:], strict=False))


@pytest.mark.parametrize("name", [*PLAIN, *FORMS])
def test_a_page_asks_the_tables_few_questions(village_once, keeper, name):
    with CaptureQueriesContext(connection) as asked:
        keeper.get(f"/{village_once.body}/{name}")
    assert len(asked) <= 8


def test_a_draft_is_labelled_and_asks_few_questions(village, signed_in):
    browser = signed_in(3)
    data = {
        "date": "2026-01-01",
        "production_unit": "Cacao",
        "task": "Cosecha",
        "work-count": "1",
        "work-0-member": "3",
        "work-0-minutes": "240",
        "together-asked": "4, 5, 6",
    }
    address = draft_of(write(browser, village, "log-work", data))
    page = read(browser, address)
    assert page.unlabelled == page.inline == []
    with CaptureQueriesContext(connection) as asked:
        browser.get(address)
    assert len(asked) <= 8


def test_no_page_shows_a_text_that_is_not_there(village_once, keeper):
    for lang in ("es", "en"):
        keeper.cookies["django_language"] = lang
        for name in (*PLAIN, *FORMS):
            html = keeper.get(f"/{village_once.body}/{name}").content.decode()
            assert not re.search(r"\{[a-z_]+\}", html), name


def test_every_text_is_in_both_languages_with_the_same_gaps():
    for name, forms in catalogue().items():
        gaps = {lang: set(re.findall(r"\{(\w+)\}", forms[lang])) for lang in ("es", "en")}
        assert gaps["es"] == gaps["en"], name


@pytest.mark.parametrize(("kind", "asks"), [("pay", True), ("propose", True), ("complain", False)])
def test_a_form_names_the_unit_where_it_asks_for_an_amount(village_once, browser_once, kind, asks):
    page = browser_once.get(f"/{village_once.body}/act/{kind}").content.decode()
    assert (f"Los importes, en {village_once.state.unit}." in page) is asks
