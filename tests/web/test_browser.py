"""The pages in a real browser: without scripts, on a phone, by night, on paper."""

import threading

import pytest
import waitress
from playwright.sync_api import sync_playwright

from comuna.web import desk

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
PATHS = (
    *("", "decisions", "decisions/{decision}", "money", "payments", "assemblies", "offices"),
    *("assemblies/{assembly}", "assemblies/{assembly}/minutes", "members", "oversight"),
    *("statute", "book", "book/1", "verify"),
)
SMALLEST_TARGET = 24  # CSS pixels: WCAG 2.2, 2.5.8


@pytest.fixture(scope="module")
def address(app, lived, django_db_blocker):
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}/{lived[1].body}/"
    server.close()


@pytest.fixture(scope="module")
def chromium(address, paths):
    """Started after the site and stopped before it: meanwhile Django refuses this thread."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def paths(lived, app):
    year = lived[1]
    state = desk.clerk().state(year.body)
    held = next(a.number for a in state.assemblies.values() if a.closed_at is not None)
    return [p.format(decision=year.decisions["mill"], assembly=held) for p in PATHS]


@pytest.mark.parametrize("lang", ["es", "en"])
def test_on_a_phone_without_scripts_nothing_is_cut_off_and_all_can_be_touched(
    chromium, address, paths, lang
):
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, locale=lang, java_script_enabled=False
    )
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for path in paths:
        answer = page.goto(address + path)
        assert answer.status == 200
        assert page.locator("html").get_attribute("lang") == lang
        assert page.locator("h1").is_visible()
        width = page.locator("body").bounding_box()["width"]
        assert width <= 390, path
        right = max(b["right"] for b in boxes(page, "main > *, main .card > *, .row > *"))
        assert right <= 391, path
        small = [
            b
            for b in boxes(page, "nav a, .button, button:not(.link), a.row, .chips a, summary")
            if b["height"] < SMALLEST_TARGET
        ]
        assert small == [], path
    assert said == []
    context.close()


def boxes(page, selector):
    """Where the visible elements are. A tester's script is not stopped by the page's policy."""
    return page.evaluate(
        """selector => [...document.querySelectorAll(selector)]
          .map(element => element.getBoundingClientRect())
          .filter(box => box.width > 0)
          .map(box => ({right: box.right, height: box.height}))""",
        selector,
    )


def test_by_night_the_ground_is_dark_and_the_text_light(chromium, address):
    context = chromium.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(address)
    colours = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    ground, ink = (sum(map(int, c[4:-1].split(","))) for c in colours)
    assert ground < 150
    assert ink > 600
    context.close()


def test_on_paper_the_minutes_have_their_code_and_places_to_sign(chromium, address, paths):
    context = chromium.new_context()
    page = context.new_page()
    page.goto(address + next(p for p in paths if p.endswith("minutes")))
    page.emulate_media(media="print")
    assert page.locator(".qr svg").is_visible()
    assert page.locator(".signatures p").first.is_visible()
    assert not page.locator("nav").is_visible()
    assert not page.locator(".button").first.is_visible()
    context.close()


def test_the_keyboard_reaches_the_content_first(chromium, address):
    context = chromium.new_context()
    page = context.new_page()
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    context.close()


def test_the_browser_finds_nothing_to_forbid(chromium, address, paths):
    """With scripts on, no page breaks its own policy: nothing is inline, nothing from elsewhere."""
    context = chromium.new_context()
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    for path in paths:
        page.goto(address + path)
    assert said == []
    origin = address.split("/")[2]
    assert [url for url in asked if url.split("/")[2] != origin] == []
    context.close()
