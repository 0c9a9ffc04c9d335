"""Choosing among options on the pages: proposed, its rule read before it is opened, marked by each,
counted by tellers, and counted again by anyone from what the page gives."""

from __future__ import annotations

import contextlib
import html
import io
import re
import shlex

import msgspec
import pytest

from comuna import cli
from comuna.rules.choosing import CastBallot, law_and_rule
from comuna.rules.contest import Contest, Option
from comuna.rules.office import Elect
from comuna.rules.statute import Count
from comuna.rules.vote import OpenVote
from comuna.statutes import load
from comuna.web import desk
from comuna.web.acting import voting
from comuna.web.acting.now import tasks
from comuna.web.visit import Visit
from tests.web_acting.acting import do, draft_of, faults, shown, sign, write
from tests.web_acting.conftest import START
from tests.web_acting.village import Village

THREE = {
    "title": "Nombre de la casa",
    "text": "Elegir el nombre",
    "contest-there": "1",
    "contest-count": "one-of-several",
    "contest-options-count": "3",
    "contest-options-0-title": "La Ceiba",
    "contest-options-1-title": "El Guayacán",
    "contest-options-2-title": "El Samán",
}


def three(count="one-of-several", **more):
    options = tuple(Option(id=str(n), title=f"Opción {n}") for n in (1, 2, 3))
    return Contest(count=count, options=options, **more)


def people(village, seats=0):
    """Four who may be elected to social oversight."""
    state = village.state
    free = [m for m in sorted(state.people) if not state.mandates.get(m)]
    able = [*sorted(state.holders("oversight", village.clock[0])), *free]
    options = tuple(
        Option(id=str(n), title=f"N.º {m}", effects=(Elect(office="oversight", members=(m,)),))
        for n, m in enumerate(able[:4], 1)
    )
    return Contest(count="office-approval", options=options, seats=seats)


def opened(village, contest, method):
    """A vote among options, open in an assembly."""
    proposal = village.propose(contest=contest)
    assembly = village.meet(proposal)
    known = village.state.proposals[proposal]
    _, rule = law_and_rule(village.state, known, contest, village.clock[0])
    act = OpenVote(
        assembly=assembly,
        proposal=proposal,
        digest=known.digest,
        method=method,
        count=rule.hash(),
    )
    return proposal, village.do(village.who("preside")[0], act)


def waiting(village, member):
    with desk.clerk().lock:
        here = Visit(None, village.body, village.state, village.clock[0], "es", member)
        return [(t.kind, t.params.get("ballot")) for t in tasks(here)]


def page_of(browser, village, address):
    answer = browser.get(f"/{village.body}/{address}")
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


# --- proposing --------------------------------------------------------------------------------


def test_options_are_added_and_taken_out_without_scripts(village_once, browser_once):
    address = f"/{village_once.body}/act/propose"
    said = {"title": "T", "text": "X"}
    page = browser_once.post(address, said | {"do": "add:contest"}).content.decode()
    assert 'name="contest-options-count" value="2"' in page
    said = THREE | {"contest-options-1-effects-count": "0"}
    more = browser_once.post(address, said | {"do": "add:contest-options"}).content.decode()
    assert 'name="contest-options-count" value="4"' in more
    assert 'value="El Samán"' in more
    effect = {"do": "add:contest-options-1-effects", "contest-options-1-effects-new": "elect"}
    page = browser_once.post(address, said | effect).content.decode()
    assert 'name="contest-options-1-effects-0-effect" value="elect"' in page
    assert 'name="contest-options-1-effects-0-office"' in page
    page = browser_once.post(address, said | {"do": "drop:contest-options-0"}).content.decode()
    assert 'name="contest-options-count" value="2"' in page
    assert 'value="La Ceiba"' not in page
    page = browser_once.post(address, said | {"do": "drop:contest"}).content.decode()
    assert "contest-options-count" not in page


def test_options_go_by_their_number_and_may_do_something(village, signed_in):
    said = THREE | {
        "contest-count": "projects",
        "contest-budget": "900,00",
        "contest-exclusive": "2, 3",
        "contest-options-count": "3",
    }
    for n in range(3):
        effect = f"contest-options-{n}-effects"
        said |= {
            f"{effect}-count": "1",
            f"{effect}-0-effect": "authorise",
            f"{effect}-0-purpose": f"obra {n}",
            f"{effect}-0-fund": "general",
            f"{effect}-0-line": "materials",
            f"{effect}-0-limit": f"{(n + 1) * 100},00",
            f"{effect}-0-since": "2026-01-01",
            f"{effect}-0-until": "2026-12-31",
            f"{effect}-0-name": f"obra-{n}",
        }
    browser = signed_in(1)
    address = draft_of(write(browser, village, "propose", said))
    contest = shown(browser, address).act.contest
    assert [(o.id, o.cost) for o in contest.options] == [
        ("1", 10_000),
        ("2", 20_000),
        ("3", 30_000),
    ]
    assert contest.budget == 90_000
    assert contest.exclusive == (("2", "3"),)
    draft = html.unescape(browser.get(address).content.decode())
    assert "El Guayacán" in draft
    assert "Autorizar hasta 200,00 USD para «obra 1»" in draft
    status, answer = sign(browser, village, address, 1)
    assert status == 201, answer
    page = page_of(browser, village, f"decisions/{answer['number']}")
    assert "Partes iguales." in page
    assert "Presupuesto: 900,00 USD." in page
    assert "art. 4.13" in page


def test_a_proposal_without_options_stays_a_motion(village, signed_in):
    browser = signed_in(1)
    number = do(browser, village, 1, "propose", {"title": "T", "text": "X"})
    assert village.state.proposals[number].contest is None


# --- opening ----------------------------------------------------------------------------------


def test_the_rule_is_read_in_words_and_fixed_before_the_vote_is_opened(village, signed_in):
    proposal = village.propose(contest=three())
    assembly = village.meet(proposal)
    chair = village.who("preside")[0]
    browser = signed_in(chair)
    page = page_of(browser, village, f"act/open-vote?assembly={assembly}&proposal={proposal}")
    assert "Mientras ninguna opción pasa de la mitad" in page
    known = village.state.proposals[proposal]
    fixed = law_and_rule(village.state, known, known.contest, village.clock[0])[1].hash()
    assert fixed in page
    said = {"assembly": str(assembly), "proposal": str(proposal), "method": "papers"}
    number = do(browser, village, chair, "open-vote", said)
    assert village.state.ballots[number].method == "papers"


# --- marking a ballot -------------------------------------------------------------------------


def test_a_ballot_of_ranks_is_a_place_beside_each_option(village, signed_in):
    _, ballot = opened(village, three(), "roll-call")
    browser = signed_in(7)
    page = page_of(browser, village, f"act/cast-ballot?ballot={ballot}")
    assert page.count('<select id="marks-') == 3
    said = {"ballot": str(ballot), "shown-ballot": str(ballot), "marks-3": "1", "marks-1": "2"}
    address = draft_of(write(browser, village, "cast-ballot", said))
    assert "Opción 3 > Opción 1" in html.unescape(browser.get(address).content.decode())
    assert sign(browser, village, address, 7)[0] == 201
    assert village.state.ballots[ballot].marked[7] == {"3": 1, "1": 2}


def test_a_ballot_left_empty_is_blank_and_says_so_before_it_is_signed(village, signed_in):
    _, ballot = opened(village, three(), "roll-call")
    browser = signed_in(7)
    said = {"ballot": str(ballot), "shown-ballot": str(ballot)}
    address = draft_of(write(browser, village, "cast-ballot", said))
    assert "en blanco" in browser.get(address).content.decode()
    assert sign(browser, village, address, 7)[0] == 201
    assert village.state.ballots[ballot].marked[7] == {}


def test_another_vote_than_the_one_shown_is_shown_first(village, signed_in):
    _, ballot = opened(village, three(), "roll-call")
    browser = signed_in(7)
    answer = write(browser, village, "cast-ballot", {"ballot": str(ballot), "shown-ballot": "3"})
    assert answer.status_code == 200
    assert f'name="shown-ballot" value="{ballot}"' in answer.content.decode()


def test_several_are_ticked(village, signed_in):
    contest = people(village, seats=2)
    _, ballot = opened(village, contest, "roll-call")
    browser = signed_in(7)
    said = {"ballot": str(ballot), "shown-ballot": str(ballot), "marks-1": "1", "marks-4": "1"}
    do(browser, village, 7, "cast-ballot", said)
    assert village.state.ballots[ballot].marked[7] == {"1": 1, "4": 1}


def test_points_are_written_beside_each_option(village, signed_in):
    _, ballot = opened(village, three("scored"), "roll-call")
    browser = signed_in(7)
    page = page_of(browser, village, f"act/cast-ballot?ballot={ballot}")
    assert "de 0 a 5" in page
    said = {"ballot": str(ballot), "shown-ballot": str(ballot), "marks-1": "5", "marks-2": "dos"}
    assert faults(write(browser, village, "cast-ballot", said)) == [
        "marks-2: Escriba un número entero, solo con cifras."
    ]
    do(browser, village, 7, "cast-ballot", said | {"marks-2": "2"})
    assert village.state.ballots[ballot].marked[7] == {"1": 5, "2": 2}


def test_a_ballot_waits_for_who_has_not_voted_and_the_chair_closes_when_all_have(village):
    _, ballot = opened(village, three(), "roll-call")
    due, chair = ("cast-ballot", str(ballot)), village.who("preside")[0]
    entitled = sorted(village.state.ballots[ballot].entitled)
    assert all(due in waiting(village, m) for m in entitled)
    for member in entitled:
        assert ("close-vote", str(ballot)) not in waiting(village, chair)
        village.do(member, CastBallot(ballot=ballot, marks={"2": 1}))
        assert due not in waiting(village, member)
    assert ("close-vote", str(ballot)) in waiting(village, chair)


# --- counting ---------------------------------------------------------------------------------


def test_tellers_write_a_number_of_hands_for_each_option(village, signed_in):
    contest = people(village, seats=1)
    proposal, ballot = opened(village, contest, "hands")
    tellers = village.who("tell")
    assert all(("count-ballots", str(ballot)) in waiting(village, m) for m in tellers)
    browser = signed_in(tellers[0])
    page = page_of(browser, village, f"act/count-ballots?ballot={ballot}")
    assert page.count('type="hidden" name="papers-') >= 4
    said = {"ballot": str(ballot), "shown-ballot": str(ballot), "papers-count": "4", "blank": "1"}
    for line, hands in enumerate(("3", "9", "0", "")):
        said |= {f"papers-{line}-marks": str(line + 1), f"papers-{line}-number": hands}
    address = draft_of(
        write(browser, village, "count-ballots", said | {"together-asked": tellers[1]})
    )
    assert [(p.marks, p.number) for p in shown(browser, address).act.papers] == [
        ({"1": 1}, 3),
        ({"2": 1}, 9),
    ]
    assert sign(browser, village, address, tellers[0])[1].get("waiting")
    assert sign(signed_in(tellers[1]), village, address, tellers[1])[0] == 201
    assert village.state.proposals[proposal].outcome.winners == ("2",)


def test_tellers_type_rankings_as_an_order(village, signed_in):
    proposal, ballot = opened(village, three(), "papers")
    tellers = village.who("tell")
    browser = signed_in(tellers[0])
    said = {
        "ballot": str(ballot),
        "shown-ballot": str(ballot),
        "papers-count": "3",
        "papers-0-marks": "2 > 1 > 3",
        "papers-0-number": "4",
        "papers-1-marks": "3>1",
        "papers-1-number": "3",
        "papers-2-marks": "1",
        "papers-2-number": "5",
        "together-asked": str(tellers[1]),
    }
    wrong = write(browser, village, "count-ballots", said | {"papers-1-marks": "3, 1"})
    assert faults(wrong)[0].startswith("papers-1-marks: Escriba el orden")
    address = draft_of(write(browser, village, "count-ballots", said))
    assert sign(browser, village, address, tellers[0])[1].get("waiting")
    assert sign(signed_in(tellers[1]), village, address, tellers[1])[0] == 201
    assert village.state.proposals[proposal].outcome.winners == ("1",)


# --- ballots as they are written --------------------------------------------------------------


def a_vote(kind):
    options = {n: Option(id=f"opción {n}", title=str(n)) for n in (1, 2, 4)}
    return voting.Voting(9, "papers", kind, options, {o.id: o.title for o in options.values()})


@pytest.mark.parametrize(
    ("kind", "written", "marks"),
    [
        ("one", "4", {"opción 4": 1}),
        ("several", "1, 4", {"opción 1": 1, "opción 4": 1}),
        ("ranked", "4 > 1 = 2", {"opción 4": 1, "opción 1": 2, "opción 2": 2}),
        ("points", "1:5; 4: 0", {"opción 1": 5, "opción 4": 0}),
    ],
)
def test_a_written_ballot_is_read(kind, written, marks):
    assert voting.read(written, a_vote(kind)) == marks


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("one", "3"),
        ("several", "1, 1"),
        ("several", "1:2"),
        ("ranked", "1 > 2 > 1"),
        ("ranked", "1, 2"),
        ("ranked", "1 >"),
        ("points", "1"),
        ("points", "1: dos"),
        ("one", "x"),
    ],
)
def test_what_is_no_ballot_of_this_vote_is_refused(kind, written):
    with pytest.raises(voting.Unreadable):
        voting.read(written, a_vote(kind))


# --- counted again ----------------------------------------------------------------------------


def counted_again(browser, village, proposal, folder, monkeypatch):
    """What the command on the page says, given the files of the page."""
    page = page_of(browser, village, f"decisions/{proposal}")
    for address in re.findall(rf'href="(/{village.body}/decisions/{proposal}/[^"]+)"', page):
        answer = browser.get(address)
        name = re.search('filename="([^"]+)"', answer["Content-Disposition"])[1]
        (folder / name).write_bytes(answer.content)
    line = re.search(r'<pre class="wrap">(comuna count [^<]+)</pre>', page)[1]
    monkeypatch.chdir(folder)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = cli.main([*shlex.split(line)[1:], "--lang", "en"])
    assert status in (0, None), line
    return [row.split(" ")[0] for row in out.getvalue().splitlines() if row]


CASES = {
    "one-of-several": ({}, [{"1": 1, "2": 2}, {"2": 1}, {"3": 1, "2": 2}, {"2": 1, "1": 2}]),
    "two-by-two": ({}, [{"1": 1, "2": 1, "3": 2}, {"2": 1, "3": 2}, {"3": 1}]),
    "scored": ({}, [{"1": 5, "2": 3}, {"2": 4}, {"3": 1}]),
}


@pytest.mark.parametrize("count", sorted(CASES))
def test_anyone_counts_again_from_what_the_page_gives(
    village, signed_in, tmp_path, monkeypatch, count
):
    more, cast = CASES[count]
    proposal, ballot = opened(village, three(count, **more), "roll-call")
    for member, marks in zip(
        sorted(village.state.ballots[ballot].entitled), cast * 3, strict=False
    ):
        village.do(member, CastBallot(ballot=ballot, marks=marks))
    village.close_vote(ballot, dice="4 2 6 1 3")
    winners = list(village.state.proposals[proposal].outcome.winners)
    assert winners
    assert counted_again(signed_in(1), village, proposal, tmp_path, monkeypatch) == winners


def test_a_tie_broken_by_dice_is_broken_alike_when_it_is_counted_again(
    village, signed_in, tmp_path, monkeypatch
):
    proposal, ballot = opened(village, three(), "roll-call")
    marks = [{"1": 1}, {"2": 1}, {"3": 1}]
    for member, at in zip(sorted(village.state.ballots[ballot].entitled), range(12), strict=True):
        village.do(member, CastBallot(ballot=ballot, marks=marks[at % 3]))
    village.close_vote(ballot, dice="4  2 6 1 3")
    winners = list(village.state.proposals[proposal].outcome.winners)
    browser = signed_in(1)
    page = page_of(browser, village, f"decisions/{proposal}")
    assert "Decide el sorteo" in page
    assert "4  2 6 1 3" in page
    assert counted_again(browser, village, proposal, tmp_path, monkeypatch) == winners


def test_ballots_of_a_motion_are_no_file(village, signed_in):
    number = village.propose()
    assembly = village.meet(number)
    ballot = village.open_vote(assembly, number)
    answer = signed_in(1).get(f"/{village.body}/decisions/{number}/{ballot}.pb")
    assert answer.status_code == 404


# --- two rounds -------------------------------------------------------------------------------


@pytest.fixture
def two_rounds(app, clock, monkeypatch):
    """A village whose statute has a count in two rounds."""
    law = load("simple")
    count = Count(
        article="4.20",
        id="rounds",
        title={"en": "Two rounds", "es": "Dos vueltas"},
        matters=("general",),
        method="two-round",
    )
    law = msgspec.structs.replace(law, counts=(*law.counts, count))
    monkeypatch.setattr("tests.web_acting.village.load", lambda name: law)
    clock[0] = START
    return Village.found(clock)


def test_a_second_round_is_among_the_two_that_are_left(two_rounds, signed_in_to):
    village = two_rounds
    proposal, first = opened(village, three("rounds"), "roll-call")
    chair, entitled = village.who("preside")[0], sorted(village.state.ballots[first].entitled)
    for member, option in zip(entitled, "111112222333", strict=True):
        village.do(member, CastBallot(ballot=first, marks={option: 1}))
    village.close_vote(first)
    browser = signed_in_to(village, 7)
    page = page_of(browser, village, f"decisions/{proposal}")
    assert "se vota otra vez entre Opción 1, Opción 2" in page
    known = village.state.proposals[proposal]
    said = {
        "assembly": str(village.state.ballots[first].assembly),
        "proposal": str(proposal),
        "method": "roll-call",
    }
    second = do(signed_in_to(village, chair), village, chair, "open-vote", said)
    form = page_of(browser, village, f"act/cast-ballot?ballot={second}")
    assert re.findall(r'type="radio" name="marks" value="([^"]+)"', form) == ["1", "2", "blank"]
    nothing = {"ballot": str(second), "shown-ballot": str(second)}
    assert faults(write(browser, village, "cast-ballot", nothing)) == ["marks: Falta esto."]
    do(browser, village, 7, "cast-ballot", nothing | {"marks": "blank"})
    assert village.state.ballots[second].marked[7] == {}
    for member, option in zip((m for m in entitled if m != 7), "22222221111", strict=True):
        village.do(member, CastBallot(ballot=second, marks={option: 1}))
    village.close_vote(second)
    assert known.outcome.winners == ("2",)
    page = page_of(browser, village, f"decisions/{proposal}")
    assert page.count("Huella de la regla") == 2
    assert "Elegido:" in page
