"""The page of a decision among options: the options, the rule, what was chosen and why."""

import hashlib
import html
import re

import pytest

from comuna.count.files import read_ballots
from comuna.rules.choosing import law_and_rule
from tests.web.markup import Page

LANGS = ("es", "en")
KEYS = ("oversight", "projects")


@pytest.fixture
def decided(anyone, here, year, state):
    """decided("projects", "es"): the proposal, its page, and its text."""

    def find(key, lang):
        anyone.cookies["django_language"] = lang
        proposal = state.proposals[year.decisions[key]]
        answer = anyone.get(f"{here}decisions/{proposal.number}")
        assert answer.status_code == 200
        return proposal, Page(answer.content.decode()), html.unescape(answer.content.decode())

    return find


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("key", KEYS)
def test_the_page_shows_the_options_the_rule_and_the_chosen_in_order(decided, state, key, lang):
    proposal, page, text = decided(key, lang)
    assert page.faults == []
    titles = {option.id: option.title for option in proposal.contest.options}
    assert all(title in text for title in titles.values())
    opened = state.ballots[proposal.outcome.vote].at
    known, rule = law_and_rule(state, proposal, proposal.contest, opened)
    assert rule.hash() in text
    assert f"art. {known.article}" in text
    places = [text.index(f"{n}. {titles[w]}") for n, w in enumerate(proposal.outcome.winners, 1)]
    assert places == sorted(places)


@pytest.mark.parametrize("key", KEYS)
def test_every_option_has_a_sentence_that_says_why(decided, key):
    proposal, _, text = decided(key, "es")
    for option in proposal.contest.options:
        assert re.search(rf"<br>{re.escape(option.title)} [a-z]", text) or re.search(
            rf"<br>{re.escape(option.title)} \(", text
        )


def test_what_was_chosen_is_what_is_done(decided, state):
    proposal, _, text = decided("projects", "es")
    chosen = [o for o in proposal.contest.options if o.id in proposal.outcome.winners]
    done = {a.purpose for a in state.authorisations.values() if a.decision == proposal.number}
    assert done == {option.effects[0].purpose for option in chosen}
    assert "Lo que se hace, por lo que se eligió" in text


def test_in_a_roll_call_each_ballot_is_under_its_number(decided, state):
    proposal, _, text = decided("oversight", "es")
    marked = state.ballots[proposal.outcome.vote].marked
    assert marked
    titles = {option.id: option.title for option in proposal.contest.options}
    for member, marks in marked.items():
        order = " > ".join(titles[each] for each in sorted(marks, key=marks.get))
        assert f">{member}: {order or 'en blanco'}</a>" in text


def test_papers_show_groups_and_nobody(decided, state):
    proposal, _, text = decided("projects", "es")
    assert not state.ballots[proposal.outcome.vote].marked
    groups = re.findall(r"<li>(\d+|una) papeletas?: ", text)
    assert groups
    assert "Papeletas por persona" not in text


def test_money_is_told_in_the_unit_of_the_body(decided, state):
    _, _, text = decided("projects", "es")
    assert f"{state.unit} y lo pagan" in text
    assert "papeletas apoyan algo de lo elegido" in text


def test_a_transferable_vote_shows_where_votes_passed(decided):
    _, _, text = decided("oversight", "es")
    assert "<svg" in text
    assert "sin preferencia" in text


@pytest.mark.parametrize(
    ("key", "ending"), [("oversight", "blt"), ("oversight", "csv"), ("projects", "pb")]
)
def test_the_ballots_can_be_taken_away_and_read(anyone, here, year, state, key, ending):
    proposal = state.proposals[year.decisions[key]]
    vote = proposal.outcome.vote
    answer = anyone.get(f"{here}decisions/{proposal.number}/{vote}.{ending}")
    assert answer.status_code == 200
    _, ballots = read_ballots(f"x.{ending}", answer.content)
    assert ballots.total() == anyone_voted(state, vote)
    assert len(ballots.candidates) == len(proposal.contest.options)
    assert anyone.get(f"{here}decisions/{proposal.number}/{vote}.exe").status_code == 404
    assert anyone.get(f"{here}decisions/{proposal.number}/1.{ending}").status_code == 404


def anyone_voted(state, vote):
    """How many ballots were not blank."""
    from comuna.readings.models import MODELS

    return MODELS["ballot"].objects.filter(body=state.body, number=vote).values()[0]["ballots"]


@pytest.mark.parametrize("lang", LANGS)
def test_a_motion_says_what_it_needed_in_a_sentence(anyone, here, year, lang):
    anyone.cookies["django_language"] = lang
    text = anyone.get(f"{here}decisions/{year.decisions['recall']}").content.decode()
    assert ("hacían falta" if lang == "es" else "it took") in text


def test_the_list_says_what_was_chosen(anyone, here, year, state):
    anyone.cookies["django_language"] = "es"
    proposal = state.proposals[year.decisions["projects"]]
    titles = {option.id: option.title for option in proposal.contest.options}
    found = [
        html.unescape(anyone.get(f"{here}decisions?page={n}").content.decode()) for n in (1, 2)
    ]
    assert ", ".join(titles[w] for w in proposal.outcome.winners) in " ".join(found)


@pytest.mark.parametrize("lang", LANGS)
def test_the_statute_says_how_options_are_chosen(anyone, here, state, lang):
    anyone.cookies["django_language"] = lang
    text = html.unescape(anyone.get(f"{here}statute").content.decode())
    assert all(count.title[lang] in text for count in state.statute.counts)


@pytest.mark.parametrize("key", KEYS)
def test_what_was_proposed_is_shown_whole_and_hashes_to_its_identity(decided, key):
    proposal, _, text = decided(key, "es")
    shown = re.search(r'<pre class="wrap">(\{.*?\})</pre>', text, re.DOTALL)[1]
    assert hashlib.sha256(shown.encode()).hexdigest() == proposal.digest
