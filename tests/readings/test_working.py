"""The working of a count, read back, told in words, and counted again by anyone."""

from __future__ import annotations

import contextlib
import io
import json
import shlex

import pytest

from comuna import cli
from comuna.count.candidates import Candidate
from comuna.count.methods import count
from comuna.count.rankings import Ballot, Rankings
from comuna.count.rule import Rule
from comuna.readings import working
from comuna.readings.law import contest, names, restored
from comuna.readings.minutes import minutes
from comuna.readings.query import one, rows
from comuna.rules.contest import Contest, Option, lot_line, result_of, rule_of
from comuna.rules.treasury import Authorise
from tests.readings.lived import lived
from tests.rules.village import count_by

PACKS = ("simple", "ve-comunas-2010")


@pytest.fixture(scope="module", params=PACKS)
def here(request):
    return lived(request.param)


def contests(here):
    """(ballot, proposal, options) of every vote among options."""
    for ballot in rows(here.database, here.body, "ballot"):
        if ballot["count"]:
            proposal = one(here.database, here.body, "proposal", number=ballot["proposal"])
            yield ballot, proposal, contest(proposal)


def test_the_year_elects_several_and_chooses_projects(here):
    found = {json.loads(b["working"])["rule"]["method"]: b for b, _, _ in contests(here)}
    assert "equal-shares" in found
    assert found["equal-shares"]["method"] == "papers"
    election = next(b for method, b in found.items() if method != "equal-shares")
    assert len(names(election["winners"])) == 2


def test_a_result_read_back_is_the_result(here):
    for ballot, _, _ in contests(here):
        ((said, result),) = working.results(ballot)
        assert json.loads(json.dumps(result.to_json())) == said
        assert result.rule.hash() == ballot["count"]
        assert result.winners == names(ballot["winners"])


def test_a_motion_has_a_result_for_every_majority(here):
    for ballot in rows(here.database, here.body, "ballot"):
        if ballot["count"] or not ballot["outcome"]:
            continue
        counted = working.results(ballot)
        assert counted
        adopted = all(result.winners == ("yes",) for _, result in counted)
        assert adopted == (ballot["outcome"] == "adopted")
        for said, result in counted:
            assert said["matter"]
            assert working.sentences(result, "es")


def test_the_line_counts_the_files_to_the_same_winners(here, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    state = restored(here.database, here.body)
    for ballot, proposal, among in contests(here):
        ((_, result),) = working.results(ballot)
        known = working.law_of_vote(state, ballot, among)
        files = working.files(known, ballot, among, result, proposal["title"])
        for ending, text in files.items():
            (tmp_path / f"v{ballot['number']}.{ending}").write_text(text)
        line = working.line(ballot, result, f"v{ballot['number']}", files)
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            cli.main([*shlex.split(line)[1:], "--json"])
        again = json.loads(out.getvalue())
        assert tuple(again["winners"]) == result.winners
        assert again["rule_hash"] == ballot["count"]


def test_amounts_are_told_in_money_and_decide_nothing(here):
    for ballot, _, _ in contests(here):
        ((_, result),) = working.results(ballot)
        told = working.in_money(result, lambda amount: f"{amount} soles")
        assert told.winners == result.winners
        said = " ".join(text for _, text in working.sentences(told, "es"))
        assert ("soles" in said) == (result.rule.budget is not None)


def test_minutes_tell_the_options_the_rule_and_why(here):
    for ballot, proposal, among in contests(here):
        for lang in ("es", "en"):
            told = minutes(here.database, here.body, ballot["assembly"], lang).plain()
            assert ballot["count"] in told
            assert all(option.title in told for option in among.options)
            chosen = "Elegido: 1." if lang == "es" else "Chosen: 1."
            assert chosen in told
            assert proposal["title"] in told.replace("«", "").replace("»", "")


HEAD = "0f" * 32
"""The book that whoever opened the vote saw."""

# --- odd names --------------------------------------------------------------------------------


def odd(seed):
    """Options whose names are no numbers, and a tie that only a lot can break."""
    ids = ("1/2", "zinc, caro", "a > b")
    options = tuple(Option(id=i, title=f"Título {i}", groups=("g",)) for i in ids)
    among = Contest(count="one-of-several", options=options)
    papers = [({i: 1}, 2) for i in ids]
    rule = Rule.from_options("irv", {"ties": "lot"})
    ballots = Rankings.from_ballots(
        tuple(Candidate(o.id, o.title, frozenset(o.groups)) for o in options),
        [Ballot(2, [at]) for at in range(3)],
    )
    result = count(rule, ballots, lot_line(rule, papers, seed, HEAD))
    row = {
        "papers": json.dumps([{"marks": m, "number": n} for m, n in papers]),
        "dice": seed,
        "head": HEAD,
        "working": json.dumps(result.to_json()),
    }
    return among, row, result


@pytest.mark.parametrize("seed", ["1 1 1 1 1", "2 1 1 1 1", "31111", "4 4 4 4 4 4"])
def test_options_of_any_name_are_counted_again_with_their_lot(tmp_path, monkeypatch, seed):
    monkeypatch.chdir(tmp_path)
    among, row, result = odd(seed)
    ((_, back),) = working.results(row)
    assert back == result
    known = restored(lived().database, lived().body).statute.count("one-of-several")
    files = working.files(known, row, among, result, 'Título; con "comillas"\ny línea')
    for ending, text in files.items():
        (tmp_path / f"v.{ending}").write_text(text)
    line = working.line(row, result, "v", files)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        cli.main([*shlex.split(line)[1:], "--json"])
    assert tuple(json.loads(out.getvalue())["winners"]) == result.winners


@pytest.mark.parametrize(
    ("method", "told"),
    [
        ("stv-scottish", {"seats": "2", "guarantees": "mujeres:1,juventud:0:2", "ties": "lot"}),
        ("limited", {"seats": "3", "votes_each": "2", "ties": "lot"}),
        (
            "equal-shares",
            {
                "budget": "100000",
                "exclusive": "1,2|3,4",
                "category_limits": "agua:500,vías:20",
                "endowments": "loma:40000,valle:60000",
                "completion": "add1u",
                "step": "0.1%",
                "ties": "cost,votes,lot",
            },
        ),
        ("greedy", {"budget": "7/2", "overflow": "stop", "minimum_votes": "3", "ties": "lot"}),
    ],
)
def test_a_rule_read_back_is_the_rule(method, told):
    rule = Rule.from_options(method, told)
    assert Rule.from_options(method, working.options_of(rule.canonical())) == rule


def test_a_guarantee_is_counted_again_with_the_groups_of_the_page(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    options = tuple(
        Option(id=str(n), title=f"N.º {n}", groups=("mujeres",) if n == 3 else ("otras", "x"))
        for n in (1, 2, 3)
    )
    among = Contest(count="office-proportional", options=options, seats=2)
    papers = [({"1": 1, "2": 2}, 5), ({"2": 1}, 4), ({"3": 1}, 1)]
    told = {"seats": "2", "guarantees": "mujeres:1", "ties": "lot"}
    known = restored(lived().database, lived().body).statute.count("office-proportional")
    rule = Rule.from_options("stv-scottish", told)
    result = result_of(known, rule, options, papers, "", HEAD)
    assert "3" in result.winners
    row = {
        "papers": json.dumps([{"marks": m, "number": n} for m, n in papers]),
        "dice": "",
        "head": HEAD,
        "working": json.dumps(result.to_json()),
    }
    files = working.files(known, row, among, result, "Dos puestos")
    assert set(files) == {"blt", "csv", "groups.csv"}
    for ending, text in files.items():
        (tmp_path / f"v.{ending}").write_text(text)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        cli.main([*shlex.split(working.line(row, result, "v", files))[1:], "--json"])
    assert tuple(json.loads(out.getvalue())["winners"]) == result.winners


@pytest.mark.parametrize("method", ["equal-shares", "greedy"])
def test_projects_ranked_in_part_have_the_points_of_the_file(tmp_path, monkeypatch, method):
    """Whoever ranks two of five gives two and one, in the book as in the downloaded ballots."""
    monkeypatch.chdir(tmp_path)
    known = count_by(method, marks="ranked")
    options = tuple(Option(id=f"p{n}", title=f"P {n}", effects=(costing(n),)) for n in range(5))
    among = Contest(count=method, options=options, budget=100)
    papers = [({"p0": 1}, 3), ({"p1": 1, "p0": 2, "p2": 3, "p3": 4}, 1), ({"p2": 1, "p1": 2}, 2)]
    result = result_of(
        known, rule_of(known, among, frozenset()), options, papers, "1 2 3 4 5", HEAD
    )
    row = {
        "papers": json.dumps([{"marks": m, "number": n} for m, n in papers]),
        "dice": "1 2 3 4 5",
        "head": HEAD,
        "working": json.dumps(result.to_json()),
    }
    files = working.files(known, row, among, result, "Five")
    (tmp_path / "v.pb").write_text(files["pb"])
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        cli.main([*shlex.split(working.line(row, result, "v", files))[1:], "--json"])
    again = json.loads(out.getvalue())
    assert again["winners"] == list(result.winners)
    assert again["rounds"] == json.loads(row["working"])["rounds"]


def costing(number):
    return Authorise(
        purpose="work",
        fund="general",
        line="materials",
        limit=30 + number,
        since="2026-01-01",
        until="2026-12-31",
        name=f"p{number}",
    )
