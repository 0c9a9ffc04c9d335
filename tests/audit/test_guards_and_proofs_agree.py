"""Every rule stands twice, written apart. What the guards let in, the proofs must prove."""

import typing

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comuna.audit import authority, shapes
from comuna.audit.entries import body_id
from comuna.audit.verify import verify
from comuna.home import Home
from comuna.rules.effects import AnyEffect
from comuna.rules.judge import AnyAct
from comuna.world import live_a_year
from tests.audit.story import resign

UNTIL = 1_798_761_600  # 2027-01-01


def fields(kind):
    return {
        f.encode_name + ("" if f.required else "?") for f in msgspec.inspect.type_info(kind).fields
    }


def by_tag(union):
    return {str(kind.__struct_config__.tag): fields(kind) for kind in typing.get_args(union)}


@pytest.mark.parametrize(
    ("union", "table"),
    [(AnyAct, shapes.ACTS), (AnyEffect, shapes.EFFECTS)],
    ids=["acts", "effects"],
)
def test_the_proofs_know_every_act_and_effect_by_its_fields(union, table):
    assert {name: set(fields) for name, fields in table.items()} == by_tag(union)


def test_every_act_has_a_proof():
    assert set(authority.PROOFS) == set(shapes.ACTS)


def test_a_whole_year_that_the_guards_let_in_is_proven(tmp_path):
    """Every kind of act that a small co-operative's year brings, with two books of numbers."""
    home = Home.create(tmp_path / "home")
    year = live_a_year(home, 7, "us-colab", members=20, until=UNTIL)
    report = verify(home.folder)
    assert not report.findings
    (book,) = report.books
    state = home.clerk().state(year.body)
    assert book.members == sum(p.member_at(state.now) for p in state.people.values())
    assert book.enacted == sum(p.enacted_at is not None for p in state.proposals.values())
    assert book.payments == sum(m.commitment > 0 for m in state.movements.values())
    assert book.size == state.head
    assert book.enacted > 10
    assert book.payments > 50
    assert book.vouched > book.size // 2


OTHER = st.one_of(
    st.integers(-(2**62), 2**62),
    st.sampled_from(
        [0, 1, -1, 2**63 - 1, 253_402_300_800, "", "9" * 5000, "1e999999", "٣", "x:", ":"]
    ),
    st.sampled_from([[], {}, True, [1], {"1": "1"}, "2026-02-30", "0001-01-01", "member:0"]),
)


def places(value, path=()):
    """The paths of everything in a value, whole parts too."""
    items = []
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    return [path] * bool(path) + [p for k, v in items for p in places(v, (*path, k))]


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_no_act_however_odd_stops_the_verifier(server, data):
    """Members can sign anything. What they sign is proven or found, and the report goes on."""
    entries = server.copy()
    e = entries[data.draw(st.integers(0, len(entries) - 1))]
    path = data.draw(st.sampled_from(places(e["act"])))
    here = e["act"]
    for step in path[:-1]:
        here = here[step]
    if data.draw(st.booleans()):
        here[path[-1]] = data.draw(OTHER)
    else:
        del here[path[-1]]
    signers = {s["member"] for s in e["by"].get("signatures", ())}
    if e["act"].get("kind") == "found":
        rename(entries)
    resign(e, signers)
    report = server.verify(entries)
    assert report.books[0].size == len(entries)


def rename(entries):
    """The body under the name that its changed founding gives it."""
    name = body_id(entries[0]["act"])
    for e in entries:
        e["body"] = name
