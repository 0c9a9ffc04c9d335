"""The words on the pages: both languages complete, all that is said is there, nothing left over."""

import re
import tomllib
from pathlib import Path
from string import Formatter

import pytest

from comuna import statutes
from comuna.rules.statute import Statute
from comuna.rules.vocabulary import BASES
from comuna.web import texts

ROOM = Path(texts.__file__).parent
OURS = {
    name
    for name in texts.catalogue()
    if name.partition(".")[0] in tomllib.loads((texts.FOLDER / "pages.toml").read_text())
}
TEMPLATES = {path: path.read_text() for path in (ROOM / "templates").rglob("*.html")}
CODE = {path: path.read_text() for path in ROOM.rglob("*.py")}


def places(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def faults_of(forms):
    """What is wrong with the forms of one text."""
    if not {"es", "en"} <= forms.keys() <= {"es", "en", "es_one", "en_one"}:
        yield "not in both languages"
    elif places(forms["es"]) != places(forms["en"]):
        yield "other places"
    if not all(text.strip() for text in forms.values()):
        yield "empty"
    ones = {"es_one", "en_one"} & forms.keys()
    if ones and (len(ones) == 1 or "n" not in places(forms["es"])):
        yield "one without the other"


def test_every_text_is_in_both_languages_with_the_same_places():
    faults = {name: list(faults_of(forms)) for name, forms in texts.catalogue().items()}
    assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.parametrize(
    "forms",
    [
        {"es": "uno"},
        {"es": "{n} actos", "en": "acts"},
        {"es": "uno", "en": " "},
        {"es": "{n}", "en": "{n}", "es_one": "uno"},
    ],
)
def test_the_search_for_incomplete_texts_finds(forms):
    assert list(faults_of(forms))


def said_in_templates():
    for path, text in TEMPLATES.items():
        for name, rest in re.findall(r'{% t "([^"]+)"([^%]*)%}', text):
            yield path.name, name, set(re.findall(r"(\w+)=", rest))


def test_every_text_in_a_template_is_in_the_catalogue_with_its_values():
    wrong = [
        (page, name, given)
        for page, name, given in said_in_templates()
        if name not in texts.catalogue() or given != places(texts.catalogue()[name]["es"])
    ]
    assert wrong == []


def test_no_text_of_the_pages_is_left_over():
    used = {name for _, name, _ in said_in_templates()}
    beginnings = set()
    for text in CODE.values():
        used |= set(re.findall(r'text\(\s*"([a-z_]+\.[a-z_]+)"', text))
        used |= set(re.findall(r'"((?:statute|oversight)\.[a-z_]+)"', text))
        beginnings |= set(re.findall(r'text\(\s*f"([a-z_]+\.[a-z_]*){', text))
    beginnings |= {"to."}
    left = {n for n in OURS - used if not n.startswith(tuple(beginnings))}
    assert left == set()


def test_every_base_and_every_part_of_a_statute_has_its_words():
    parts = [f"statute.part_{p}" for p in Statute.__struct_fields__]
    rules = {
        p.partition(".")[0] for law in map(statutes.load, statutes.names()) for p, _ in law.rules()
    }
    assert {f"statute.part_{r}" for r in rules} <= set(parts) & texts.catalogue().keys() | {
        "statute.part_sources"
    }
    assert {f"statute.base_{b}" for b in BASES} <= texts.catalogue().keys()


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("pack", statutes.names())
def test_the_statute_page_can_say_every_pack(pack, lang, app):
    from comuna.rules.state import State
    from comuna.web.pages import statute
    from comuna.web.visit import Visit

    state = State(body="b", name="n", unit="USD")
    state.adopt(0, statutes.load(pack))
    here = Visit(None, "b", state, 0, lang, 0)
    assert len(statute.majorities(here, state.statute)) == len(state.statute.majorities)
    assert len(statute.calls(here, state.statute)) == len(state.statute.assembly.calls)
    assert len(statute.steps(here, state.statute)) == len(state.statute.surplus.steps)
    told = sum(len(rules) for _, rules in statute.parts(here, state.statute))
    assert told == sum(1 for _ in state.statute.rules())


def test_an_unknown_text_is_an_error_and_not_silence():
    with pytest.raises(KeyError):
        texts.text("home.no_such_text", "es")


def test_one_is_said_as_one():
    assert texts.text("money.found", "es", n=1) == "1 movimiento"
    assert texts.text("money.found", "en", n=2) == "2 movements"


def contrast(one, other):
    def light(colour):
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_stands_out_from_its_ground_by_day_and_by_night():
    """WCAG 2.2, 1.4.3: at least 4.5 to 1."""
    style = (ROOM / "static" / "css" / "comuna.css").read_text()
    day, night, _ = style.split(":root {")[1:4]
    for palette in (day, night):
        colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", palette))
        full = {
            n: c if len(c) == 7 else "#" + "".join(d * 2 for d in c[1:]) for n, c in colours.items()
        }
        pairs = [(t, g) for t in ("ink", "soft", "accent") for g in ("paper", "card")]
        pairs += [("accent", "tint"), ("on-accent", "accent"), ("ink", "wait-tint")]
        pairs += [(tone, f"{tone}-tint") for tone in ("good", "wait", "late")]
        weak = {p: contrast(full[p[0]], full[p[1]]) for p in pairs}
        assert {p: c for p, c in weak.items() if c < 4.5} == {}
