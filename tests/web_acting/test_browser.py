"""A whole browser: a member makes a key, keeps its sheet, votes; and the vote is in the book."""

import re

import msgspec
import pytest
from playwright.sync_api import expect, sync_playwright

from comuna.book import keys, store
from comuna.clerk import Submission, signed_bytes
from comuna.rules.state import DAY
from comuna.web import desk
from comuna.web.acting.signin import keep_secret
from tests.site import listening
from tests.web_acting.acting import sign
from tests.web_acting.village import Village

START = 1_767_225_600
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
WITHOUT_ED25519 = """
  const known = crypto.subtle.importKey.bind(crypto.subtle);
  crypto.subtle.importKey = (format, data, name, ...rest) =>
    String(name?.name ?? name) === "Ed25519"
      ? Promise.reject(new DOMException("not supported", "NotSupportedError"))
      : known(format, data, name, ...rest);
"""


@pytest.fixture(scope="module")
def address(app):
    with listening(app) as port:
        yield f"http://localhost:{port}"


@pytest.fixture(scope="module")
def chromium():
    # Playwright keeps a loop in this thread; the tables are looked at between its steps, never
    # within one.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, address):
    """A phone. Anything the browser complains of fails the test."""
    context = chromium.new_context(
        base_url=address, viewport={"width": 390, "height": 844}, locale="es-VE"
    )
    opened, complaints = context.new_page(), []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security" in said.text else None,
    )
    yield opened
    context.close()
    assert complaints == []


def enter(page, village, member):
    keep_secret(village.body, member, "clave-segura", once=False)
    page.goto(f"/{village.body}/sign-in")
    page.get_by_label("Su número").fill(str(member))
    page.get_by_label("PIN o contraseña").fill("clave-segura")
    page.get_by_role("button", name="Ingresar").click()
    expect(page).to_have_url(re.compile("/now$"))


def restore(page, village, member):
    page.goto(f"/{village.body}/key")
    page.get_by_label("Hoja de recuperación").fill(
        keys.recovery_text(village.seeds[member]).lower()
    )
    page.get_by_role("button", name="Recuperar", exact=True).click()
    expect(page.get_by_text("está otra vez en este aparato")).to_be_visible()


def vote(page, village, ballot, choice="Sí"):
    page.goto(f"/{village.body}/now")
    page.get_by_role("link", name=re.compile("^Voto")).click()
    page.get_by_label(choice.lower(), exact=True).check()
    page.get_by_role("button", name="Continuar").last.click()
    page.get_by_role("button", name="Firmar con la clave de este aparato").click()
    expect(page.get_by_role("heading", name=re.compile("^Registrado"))).to_be_visible()


def test_a_member_makes_a_key_keeps_its_sheet_and_votes(page, app, clock, signed_in_at):
    clock[0] = START
    village = Village.found(clock, without_keys=(5,))
    enter(page, village, 5)
    page.get_by_role("link", name="Mi clave para firmar").first.click()
    page.get_by_role("button", name="Crear una clave nueva").click()
    text = page.locator("p.groups").inner_text()
    seed = keys.seed_from_recovery(text)
    page.get_by_label("último grupo").fill("AAAA" if text[-4:] != "AAAA" else "BBBB")
    page.get_by_role("button", name="Guardar la clave").click()
    expect(page.get_by_text("No es el último grupo")).to_be_visible()
    page.get_by_label("último grupo").fill(text[-4:].lower())
    page.get_by_role("button", name="Guardar la clave").click()
    expect(page.get_by_role("heading", name="Registro de una clave")).to_be_visible()
    assert page.locator("[name=public]").input_value() == keys.to_wire(keys.public_key(seed))
    page.get_by_label("Números de las personas").fill("4, 6, 7")
    page.get_by_role("button", name="Continuar").last.click()
    expect(page.get_by_text("Antes de firmar")).to_be_visible()
    draft = page.url.removeprefix(page.url.partition("/" + village.body)[0])
    for sponsor, recorded in ((4, 200), (6, 200), (7, 201)):
        assert sign(signed_in_at(village, sponsor), village, draft, sponsor)[0] == recorded
    clock[0] += village.state.statute.members.key_waiting_days * DAY

    village.seeds[5] = seed
    proposal = village.propose()
    ballot = village.open_vote(village.meet(proposal), proposal)
    vote(page, village, ballot)
    assert village.state.ballots[ballot].cast == {5: "yes"}
    assert_signed(village, keys.public_key(seed))


def assert_signed(village, *publics):
    """The last entry is signed by these keys and no others, over exactly its bytes."""
    rows = store.entries(desk.clerk().database, village.body, village.state.head - 1)
    data = msgspec.json.decode(next(iter(rows))[1])
    submission = msgspec.convert({k: data[k] for k in ("act", "body", "by", "nonce")}, Submission)
    from comuna.book.strict import base64_bytes

    given = {s.key: base64_bytes(s.value, 64) for s in submission.by.signatures}
    assert given.keys() == {keys.key_id(public) for public in publics}
    for public in publics:
        assert keys.verify(public, signed_bytes(submission), given[keys.key_id(public)])


@pytest.fixture
def signed_in_at(app):
    from django.test import Client

    def enter_quietly(village, member):
        keep_secret(village.body, member, "clave-segura", once=False)
        browser = Client()
        browser.post(f"/{village.body}/sign-in", {"number": str(member), "secret": "clave-segura"})
        return browser

    return enter_quietly


def test_a_restored_key_signs_and_cannot_be_read_out(page, app, clock):
    clock[0] = START
    village = Village.found(clock)
    proposal = village.propose(title="El techo")
    assembly = village.meet(proposal)
    ballot = village.open_vote(assembly, proposal)
    enter(page, village, 4)
    restore(page, village, 4)
    stored = page.evaluate(
        """async ([body, id]) => {
          const db = await new Promise((done) => {
            const open = indexedDB.open("comuna", 1);
            open.onsuccess = () => done(open.result);
          });
          const key = await new Promise((done) => {
            const get = db.transaction("keys").objectStore("keys").get(`${body}/${id}`);
            get.onsuccess = () => done(get.result);
          });
          return [key.secret.constructor.name, key.secret.extractable ?? null];
        }""",
        [village.body, keys.key_id(keys.public_key(village.seeds[4]))],
    )
    assert stored == ["CryptoKey", False]
    vote(page, village, ballot)
    assert village.state.ballots[ballot].cast == {4: "yes"}
    assert_signed(village, keys.public_key(village.seeds[4]))


def test_a_sheet_with_a_misread_letter_or_of_another_restores_nothing(page, app, clock):
    clock[0] = START
    village = Village.found(clock)
    enter(page, village, 4)
    page.goto(f"/{village.body}/key")
    sheet = page.get_by_label("Hoja de recuperación")
    for text, said in (
        (keys.recovery_text(village.seeds[4])[:-4] + "AAAA", "no cuadra"),
        (keys.recovery_text(village.seeds[5]), "no está a su nombre"),
    ):
        sheet.fill(text)
        page.get_by_role("button", name="Recuperar", exact=True).click()
        expect(page.get_by_text(said)).to_be_visible()
    expect(page.get_by_text("no guarda ninguna clave suya")).to_be_visible()


def test_a_refusal_is_told_on_the_page_and_nothing_is_written(page, app, clock):
    clock[0] = START
    village = Village.found(clock)
    enter(page, village, 4)
    restore(page, village, 4)
    page.goto(f"/{village.body}/act/support-petition")
    page.goto(f"/{village.body}/act/observe?about=1&text=Nada")
    page.get_by_role("button", name="Continuar").last.click()
    before = village.state.head
    page.get_by_role("button", name="Firmar con la clave de este aparato").click()
    expect(page.locator("[data-say=refusal]")).to_be_visible()
    assert village.state.head == before


def test_without_scripts_the_page_says_what_is_needed_and_offers_paper(chromium, address, clock):
    clock[0] = START
    village = Village.found(clock)
    context = chromium.new_context(base_url=address, java_script_enabled=False, locale="es-VE")
    page = context.new_page()
    enter(page, village, 4)
    page.goto(f"/{village.body}/act/complain?text=Falta+agua")
    page.get_by_role("button", name="Continuar").last.click()
    expect(page.locator("noscript .note")).to_be_visible()
    page.get_by_role("link", name="Imprimir para firmar a mano").click()
    expect(page.get_by_text("Falta agua")).to_be_visible()
    context.close()


def test_over_plain_http_from_afar_the_page_says_why_it_cannot_sign(page, app, clock):
    """There the browser has no cryptography to give; only https and the server itself have."""
    clock[0] = START
    village = Village.found(clock)
    page.add_init_script("delete Crypto.prototype.subtle")
    enter(page, village, 4)
    page.goto(f"/{village.body}/act/complain?text=Falta+agua")
    page.get_by_role("button", name="Continuar").last.click()
    expect(page.locator("[data-say=no-crypto]")).to_be_visible()
    expect(page.get_by_role("link", name="Imprimir para firmar a mano")).to_be_visible()
    page.goto(f"/{village.body}/key")
    expect(page.locator("#making [data-say=no-crypto]")).to_be_visible()


def test_a_browser_that_knows_no_ed25519_is_told_so_and_offered_paper(page, app, clock):
    clock[0] = START
    village = Village.found(clock)
    page.add_init_script(WITHOUT_ED25519)
    enter(page, village, 4)
    page.goto(f"/{village.body}/act/complain?text=Falta+agua")
    page.get_by_role("button", name="Continuar").last.click()
    expect(page.locator("[data-say=no-ed25519]")).to_contain_text("Firefox 129")
    expect(page.get_by_role("link", name="Imprimir para firmar a mano")).to_be_visible()
    page.goto(f"/{village.body}/key")
    expect(page.locator("#making [data-say=no-ed25519]")).to_be_visible()
    expect(page.get_by_label("Hoja de recuperación")).to_be_hidden()
    expect(page.get_by_role("button", name="Crear una clave nueva")).to_be_hidden()


def test_joining_makes_a_key_that_signs_the_application(page, app, clock):
    clock[0] = START
    village = Village.found(clock)
    page.goto(f"/{village.body}/join")
    page.get_by_role("button", name="Crear una clave nueva").click()
    text = page.locator("p.groups").inner_text()
    page.get_by_label("último grupo").fill(text[-4:])
    page.get_by_role("button", name="Guardar la clave").click()
    page.get_by_label("Nombre completo").fill("Luz Mar")
    page.get_by_role("button", name="Continuar").click()
    page.get_by_role("button", name="Firmar con la clave de este aparato").click()
    expect(page.locator("[data-say=waiting]")).to_contain_text("acogido")
    assert len(village.state.people) == 12
    draft = page.url
    page.context.clear_cookies()
    enter(page, village, 4)
    restore(page, village, 4)
    page.goto(f"/{village.body}/applications")
    page.get_by_role("link", name="Luz Mar").click()
    assert page.url == draft
    page.get_by_role("button", name="Firmar con la clave de este aparato").click()
    expect(page.get_by_role("heading", name=re.compile("^Registrado"))).to_be_visible()
    assert len(village.state.people) == 13
    applicant = keys.public_key(keys.seed_from_recovery(text))
    assert_signed(village, applicant, keys.public_key(village.seeds[4]))
