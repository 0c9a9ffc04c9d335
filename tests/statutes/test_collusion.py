"""What it takes to cheat: computed from the statute, told in words and as JSON."""

import json
from itertools import product

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comuna.cli import main
from comuna.rules.collusion import Hand, Way, fewest, paths, ways
from comuna.statutes import load, names

each_pack = pytest.mark.parametrize("pack", names())


@each_pack
def test_no_way_is_open_to_fewer_than_three_people_of_two_offices(pack):
    for path in paths(load(pack)):
        assert len(path.people) >= 3, path
        assert len(path.offices) >= 2, path


@each_pack
def test_no_way_ends_before_members_could_object(pack):
    for path in paths(load(pack)):
        assert path.days >= 1, path
        assert path.brake


def test_a_statute_that_asks_for_more_signatures_takes_more_people():
    law = load("simple")
    treasury = msgspec.structs.replace(law.treasury, signatures=3)
    stricter = msgspec.structs.replace(law, treasury=treasury)
    people = {p.how: len(p.people) for p in paths(law)}
    more = {p.how: len(p.people) for p in paths(stricter)}
    assert more["payment"] == people["payment"] + 1
    assert more["enrolment"] == people["enrolment"]


def test_a_longer_notice_gives_longer_to_object():
    law = load("simple")
    assembly = msgspec.structs.replace(law.assembly, notice_days=law.assembly.notice_days + 5)
    later = {p.how: p.days for p in paths(msgspec.structs.replace(law, assembly=assembly))}
    for path in paths(law):
        more = 5 if path.brake == "challenge" or "decision" in path.how else 0
        assert later[path.how] >= path.days + more


def enough(law, way, people):
    """Whether people who hold these offices can give every signature of a way: tried one by one."""
    powers = {o.id: set(o.powers) for o in law.offices}
    held = [set().union(*(powers[o] for o in person)) if person else set() for person in people]

    def fits(hand, person):
        able = not hand.powers or bool(set(hand.powers) & held[person])
        outside = not hand.outside or hand.outside not in held[person]
        return able and outside and (not hand.office or bool(people[person]))

    def give(hands, given):
        if not hands:
            return True
        hand, *rest = hands
        return any(
            fits(hand, person)
            and all(
                other != person or frozenset((hand.name, name)) not in way.apart
                for name, other in given.items()
            )
            and give(rest, given | {hand.name: person})
            for person in range(len(people))
        )

    return give(list(way.hands), {})


def lawful_holdings(law):
    """Every set of at most two offices that one person may hold."""
    sets = {frozenset()}
    for one, other in product(law.offices, law.offices):
        held = frozenset((one.id, other.id))
        if all(not set(o.incompatible) & held for o in law.offices if o.id in held):
            sets.add(held)
    return sorted(sets, key=sorted)


@pytest.mark.parametrize("pack", ["simple"])
def test_no_two_people_whatever_offices_they_hold_are_enough(pack):
    law = load(pack)
    holdings = lawful_holdings(law)
    for way in ways(law):
        assert enough(law, way, [frozenset(p) for p in fewest(law, way)])
        for pair in product(holdings, holdings):
            assert not enough(law, way, pair), (way.how, pair)


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_the_fewest_are_enough_and_one_less_is_not(data):
    law = load("simple")
    powers = st.sampled_from([(), *(o.powers[:1] for o in law.offices if o.powers)])
    hands = tuple(Hand(f"hand {n}", data.draw(powers)) for n in range(data.draw(st.integers(1, 4))))
    pairs = [frozenset((a.name, b.name)) for a in hands for b in hands if a.name < b.name]
    apart = frozenset(p for p in pairs if data.draw(st.booleans()))
    way = Way("money", "payment", hands, apart, 1, "objection")
    found = fewest(law, way)
    assert enough(law, way, found)
    for less in product(lawful_holdings(law), repeat=len(found) - 1):
        assert not enough(law, way, less)


def test_the_table_at_a_terminal(capsys):
    assert main(["statutes", "simple", "--collusion", "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert "3 people" in told
    assert "Treasurer" in told


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_table_for_programs(capsys, lang):
    assert main(["statutes", "br-5764-1971", "--collusion", "--json", "--lang", lang]) == 0
    told = json.loads(capsys.readouterr().out)
    for path in told["paths"]:
        assert {"what", "how", "people", "offices", "days", "brake"} <= path.keys()
        assert path["people"] == len(path["set"]) >= 3


def test_the_table_needs_a_pack(capsys):
    assert main(["statutes", "--collusion", "--lang", "en"]) == 2
    assert "simple" in capsys.readouterr().err
