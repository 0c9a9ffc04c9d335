"""Statutes have bounds: no number outside the range in its shape, and nothing adopted under which
the body, as it is, could never meet, pay or amend again."""

import msgspec
import pytest
from msgspec import inspect

from comuna.audit.bounds import BOUNDS, check_bounds
from comuna.audit.canonical import Malformed
from comuna.audit.law import Law
from comuna.rules.amendment import AmendStatute, Change
from comuna.rules.assembly import quorum_needed
from comuna.rules.pack_checks import check
from comuna.rules.pack_shape import faults
from comuna.rules.state import State
from comuna.rules.statute import Statute
from comuna.statutes import load, names
from tests.rules.village import each_pack

SHAPE = inspect.type_info(Statute)


def numbers(kind=SHAPE, place="."):
    """(place, field, least, most) of every number in the shape of a statute."""
    for field in kind.fields:
        type_ = field.type
        if isinstance(type_, inspect.UnionType):
            type_ = next(iter(type_.types))
        if isinstance(type_, inspect.VarTupleType):
            type_ = type_.item_type
        if isinstance(type_, inspect.IntType):
            yield place, field.encode_name, type_.ge, type_.le
        elif isinstance(type_, inspect.StructType):
            yield from numbers(type_, f"{place}.{field.encode_name}".lstrip("."))


NUMBERS = sorted(set(numbers()), key=str)


def test_every_number_of_a_statute_has_a_range_in_its_shape():
    assert [row for row in NUMBERS if None in row] == []


def test_guard_and_proof_give_every_number_the_same_range():
    proof = {(p, n, *b) for p, fields in BOUNDS.items() for n, b in fields.items()}
    assert proof == set(NUMBERS)


@pytest.mark.parametrize("pack", names())
def test_a_pack_lies_within_its_bounds_for_both(pack):
    whole = msgspec.json.decode(msgspec.json.encode(load(pack)))
    assert not list(faults(whole, SHAPE))
    check_bounds(whole)


@pytest.mark.parametrize(("place", "name", "least", "most"), NUMBERS)
def test_a_number_beyond_its_range_is_found_by_both(place, name, least, most):
    for value in (least - 1, most + 1, -1, 10**18):
        whole = msgspec.json.decode(msgspec.json.encode(load("br-5764-1971")))
        here = whole
        for part in place.split(".") if place != "." else ():
            here = here[part]
            here = here[0] if isinstance(here, list) else here
        here[name] = value
        assert [f.bounds for f in faults(whole, SHAPE)] == [True]
        with pytest.raises(ValueError, match=name):
            check_bounds(whole)


def amending(village, **changes):
    """A proposal that changes these places, "__" for "."."""
    pairs = ((place.replace("__", "."), value) for place, value in changes.items())
    effect = AmendStatute(changes=tuple(Change(place=p, value=v) for p, v in pairs))
    return village.proposal(effect)


@each_pack
@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("assembly.notice_days", -1),
        ("assembly.notice_days", 10**18),
        ("assembly.tellers", 0),
        ("assembly.minutes_signers", 10**18),
        ("members.key_sponsors", 0),
        ("members.key_waiting_days", 10**18),
        ("members.exclusion_hearing_days", -5),
        ("decisions.challenge_hours", 0),
        ("treasury.signatures", 1),
        ("treasury.kinship_bar", 0),
        ("treasury.entry_share", "0"),
        ("treasury.entry_share", "1/3"),
        ("treasury.income_share", ""),
        ("treasury.income_share", "2"),
        ("offices.secretary.term_days", 10**18),
        ("offices.secretary.seats", 0),
    ],
)
def test_no_amendment_sets_a_number_outside_its_range(village, place, value):
    v = village
    v.refused("amendment_unsound", lambda: v.send(v.plain[0], amending(v, **{place: value})))


@each_pack
def test_no_amendment_asks_for_more_people_than_there_are(village):
    v = village
    for place in ("assembly__tellers", "assembly__minutes_signers"):
        v.refused("body_would_stop", lambda p=place: v.send(v.plain[0], amending(v, **{p: 60})))
    last = f"assembly__calls__{len(v.law.assembly.calls)}__"
    ways = dict.fromkeys((f"{last}at_least", f"{last}more_than", f"{last}half_plus_one"), "")
    crowd = amending(v, **ways, **{f"{last}least": False, f"{last}count": 1000})
    v.refused("body_would_stop", lambda: v.send(v.plain[0], crowd))


@each_pack
def test_no_amendment_leaves_a_power_without_an_office(village):
    v = village
    power = "keep-accounts"
    left = {
        f"offices__{office.id}__powers": [p for p in office.powers if p != power]
        for office in v.law.offices
        if power in office.powers
    }
    v.refused("body_would_stop", lambda: v.send(v.plain[0], amending(v, **left)))


@each_pack
def test_no_amendment_takes_the_vote_from_everybody(village):
    v = village
    kinds = {f"members__kinds__{kind.id}__votes": False for kind in v.law.members.kinds}
    v.refused("body_would_stop", lambda: v.send(v.plain[0], amending(v, **kinds)))


@pytest.mark.parametrize(
    "change",
    [
        {"decisions.execution_days": 30, "decisions.challenge_hours": 720},
        {"majorities.amend-statute.quorum": "1"},
        {"majorities.default.approval_quorum": "1"},
    ],
)
def test_no_statute_waits_for_the_last_person(village, change):
    v = village
    v.refused("amendment_unsound", lambda: v.send(v.plain[0], amending(v, **change)))


@pytest.mark.parametrize("name", ["entry_share", "income_share"])
@pytest.mark.parametrize("value", ["0", "1.5", "2/1", "x", "1e9", "-1/20"])
def test_the_proof_reads_no_share_beyond_its_range(name, value):
    whole = msgspec.json.decode(msgspec.json.encode(load("simple")))
    Law(whole)
    whole["treasury"][name] = value
    with pytest.raises(Malformed):
        Law(whole)


def test_a_statute_under_which_nothing_can_be_called_is_unsound():
    law = load("simple")
    bare = msgspec.structs.replace(law, assembly=msgspec.structs.replace(law.assembly, calls=()))
    assert any(f.place == ("assembly", "calls") for f in check(bare))


@pytest.mark.parametrize("pack", names())
def test_where_nobody_may_vote_no_assembly_has_a_quorum(pack):
    law = load(pack)
    needed, _ = quorum_needed(State(statutes=[(0, law)]), len(law.assembly.calls), 1)
    assert needed >= 1


@each_pack
def test_an_amendment_within_its_bounds_is_adopted(village):
    v = village
    v.decide(AmendStatute(changes=(Change(place="assembly.tellers", value=3),)))
    assert v.state.statute.assembly.tellers == 3
