"""The way of the money: nothing appears and nothing is lost between source and payee."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET
from collections import defaultdict

import pytest

from comuna.book.database import Database
from comuna.readings.flow import DECISIONS, FUNDS, PAYEES, SOURCES, flow
from comuna.readings.flow_picture import flow_svg
from comuna.readings.query import rows
from comuna.rules.accounts import AnnounceReversal, Reverse
from comuna.rules.state import DAY
from tests.clerk.little_body import OVERSEER, TREASURER, LittleBody, create, little_body
from tests.readings.lived import lived

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def year():
    here = lived()
    return here, flow(here.database, here.body)


def test_what_came_in_is_what_was_received(year):
    here, made = year
    received = sum(
        m["amount"]
        for m in rows(here.database, here.body, "movement", kind="receive")
        if not m["reversed_by"]
    )
    assert made.total == received > 0


def test_what_enters_a_node_leaves_it(year):
    _, made = year
    into, out = defaultdict(int), defaultdict(int)
    for link in made.links:
        assert link.amount > 0
        out[link.source] += link.amount
        into[link.target] += link.amount
    for node in made.nodes:
        if node.rank == FUNDS and node.kind in ("general", "grant"):
            assert into[node.key] == out[node.key] == node.amount
        if node.rank == DECISIONS:
            assert into[node.key] == out[node.key] == node.amount


def test_links_run_from_left_to_right(year):
    _, made = year
    for link in made.links:
        assert link.source[0] < link.target[0]
    assert {node.rank for node in made.nodes} == {SOURCES, FUNDS, DECISIONS, PAYEES}


def test_every_payment_runs_through_the_decision_that_allowed_it(year):
    here, made = year
    spent = defaultdict(int)
    for row in rows(here.database, here.body, "authorisation"):
        spent[str(row["decision"])] += row["spent"]
    shown = {n.name: n.amount for n in made.nodes if n.kind == "decision"}
    for decision, amount in spent.items():
        if amount and decision in shown:
            assert shown[decision] == amount


def test_a_reversal_has_its_own_way_in_the_picture(tmp_path):
    little = little_body(tmp_path / "c.db")
    wrong = little.do(TREASURER, little.sale(90_000, "mal"))
    little.do(TREASURER, little.sale(9_000, "bien"))
    act = AnnounceReversal(movement=wrong, reason="un cero de más")
    little.do(TREASURER, act, 1, OVERSEER)
    little.now += DAY
    little.do(TREASURER, Reverse(movement=wrong, reason="un cero de más"), 1)
    made = flow(little.clerk.database, little.body)
    assert made.total == 9_000
    ways = {(link.source[1], link.target[1]): link.amount for link in made.links}
    assert ways["account", "general"] == 99_000
    assert ways["general", "reversal"] == ways["reversal", "undone"] == 90_000
    assert ways["general", "kept"] == 9_000
    assert "Ingresos anulados" in flow_svg(made, "es")


def test_the_picture_is_read_without_eyes_and_without_scripts(year):
    _, made = year
    for lang in ("es", "en"):
        root = ET.fromstring(flow_svg(made, lang))
        assert root.get("role") == "img"
        named = {e.get("id"): e.text for e in root.iter() if e.get("id")}
        assert all(named[i] for i in root.get("aria-labelledby").split())
        paths = list(root.iter(f"{SVG}path"))
        assert len(paths) == len(made.links)
        assert all(path.find(f"{SVG}title").text for path in paths)
        assert not {"script", "style"} & {e.tag.removeprefix(SVG) for e in root.iter()}
        assert not [e for e in root.iter() if e.get("style") or e.get("onclick")]


def test_labels_do_not_overlap_and_stay_in_the_picture(year):
    _, made = year
    root = ET.fromstring(flow_svg(made, "es"))
    _, _, width, height = (float(n) for n in root.get("viewBox").split())
    columns = defaultdict(list)
    for text in root.iter(f"{SVG}text"):
        columns[text.get("x")].append(float(text.get("y")))
        assert 0 <= float(text.get("x")) < width
    for places in columns.values():
        places.sort()
        assert all(b - a >= 28 for a, b in itertools.pairwise(places))
        assert places[-1] + 16 <= height


def test_names_people_wrote_do_not_become_markup(tmp_path):
    little = little_body(tmp_path / "c.db")
    little.do(TREASURER, little.sale(1_000, "x"))
    made = flow(little.clerk.database, little.body)
    (kept,) = (node for node in made.nodes if node.rank == PAYEES)
    named = kept._replace(kind="payee", name="<script>&\"'")
    hostile = made._replace(
        nodes=tuple(named if node == kept else node for node in made.nodes),
        links=tuple(
            link._replace(target=named.key) if link.target == kept.key else link
            for link in made.links
        ),
    )
    picture = flow_svg(hostile, "es")
    assert "<script" not in picture
    assert "&lt;script&gt;" in picture
    ET.fromstring(picture)


def test_a_body_without_money_has_an_empty_picture(tmp_path):
    database = Database(tmp_path / "c.db")
    create(database)
    new = LittleBody(database)
    new.found()
    made = flow(database, new.body)
    assert (made.nodes, made.links, made.total) == ((), (), 0)
    assert "No money has moved yet." in flow_svg(made, "en")
