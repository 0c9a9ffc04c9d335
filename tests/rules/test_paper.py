"""Paper needs eyes that are not of the office that enters it: every kind of act, every way of being
short of a key."""

from types import SimpleNamespace

import msgspec
import pytest
from msgspec import inspect as shapes

from comuna import pen
from comuna.book import keys
from comuna.rules.act import Paper, Refusal
from comuna.rules.authorship import EnrolKey, RevokeKey
from comuna.rules.judge import JUDGES, KINDS
from comuna.rules.names import key_id
from comuna.rules.office import Elect, Resign
from comuna.rules.proposal import Propose, Withdraw
from comuna.rules.roll import Apply, Declare, Found, Leave
from tests.audit.story import Server
from tests.rules import both_sides
from tests.rules.village import each_pack, number_of, paper, public, seed

ACTS = sorted((kind for kind in JUDGES if kind is not Found), key=KINDS.__getitem__)


def filled(kind):
    """An act of this kind with something of the right shape everywhere it must say something."""
    fields = shapes.type_info(kind).fields
    return kind(**{f.name: value(f.type) for f in fields if f.required})


def value(of):
    match of:
        case shapes.IntType():
            return 1
        case shapes.BoolType():
            return True
        case shapes.LiteralType():
            return of.values[0]
        case shapes.StructType() if of.cls is Paper:
            return paper("x")
        case shapes.StructType():
            return filled(of.cls)
        case shapes.UnionType():
            return value(of.types[0])
        case shapes.DictType():
            return {}
        case shapes.VarTupleType():
            return ()
        case _:
            return "x"


def sheet(v, member, act, named, signing):
    """A paper of a member, witnessed by these and signed by those; not yet submitted."""
    seeds = {n: seed(n) for n in signing}
    told = (v.body, member, act, v.nonce(), seeds, tuple(named), paper("sheet"), 0)
    return pen.witnessed(*told, v.clerk.seen(v.body))


def proven(v, submission):
    """The names of what the proof finds where the clerk writes it into the book all the same."""
    server = Server(v.path.parent, v.path, SimpleNamespace(body=v.body))
    server.written = v.sent * 1000
    by, act = (msgspec.json.decode(msgspec.json.encode(s)) for s in (submission.by, submission.act))
    made = server.act(submission.by.member, act, "witnessed")
    made["by"], made["at"], made["nonce"] = by, v.now, submission.nonce
    return {f.name for f in server.verify([*server.copy(), made]).findings}


def refused(v, rule, submission, finding=""):
    """Refused with nothing written, and found in the book of a clerk who has no such rule."""
    v.refused(rule, lambda: v.clerk.submit(submission))
    assert proven(v, submission) == {finding or rule}


def hands(v, member):
    """(secretary, two plain members, one in another office): the hands beside a member."""
    plain, officer = v.witnesses(member)
    other = next(n for n in v.plain if n not in (member, plain))
    return v.secretary, (other, plain), officer


@pytest.mark.parametrize("kind", ACTS, ids=KINDS.get)
def test_no_kind_of_act_is_entered_from_paper_under_the_secretarys_key_alone(village, kind):
    v = village
    member = v.plain[0] if kind is not Apply else len(v.state.people) + 1
    secretary, named, _ = hands(v, v.plain[0])
    act = filled(kind)
    alone = sheet(v, member, act, named, [secretary])
    assert v.clerk.submit(alone).rule == "witness_has_not_signed"
    if kind.deciding:
        one = sheet(v, member, act, named, [secretary, named[0]])
        assert v.clerk.submit(one).rule == "witness_has_not_signed"
        plain = sheet(v, member, act, named, [secretary, *named])
        assert v.clerk.submit(plain).rule == "witness_of_no_other_office"


@each_pack
@pytest.mark.parametrize(
    "kind", [Leave, Declare, Propose, Apply, Resign, Withdraw], ids=lambda kind: KINDS[kind]
)
def test_the_proof_finds_a_paper_that_was_entered_with_too_few_keys(village, kind):
    """The secretary makes members leave, resign, declare kin and take proposals back (T1)."""
    v = village
    member = v.plain[0] if kind is not Apply else len(v.state.people) + 1
    secretary, named, _ = hands(v, v.plain[0])
    refused(v, "witness_has_not_signed", sheet(v, member, filled(kind), named, [secretary]))


@each_pack
def test_the_proof_asks_for_another_office_where_something_ends(village):
    v = village
    secretary, named, officer = hands(v, v.plain[0])
    plain = sheet(v, v.plain[0], Leave(), named, [secretary, *named])
    refused(v, "witness_of_no_other_office", plain)
    enough = sheet(v, v.plain[0], Leave(), (named[0], officer), [secretary, named[0], officer])
    number_of(v.clerk.submit(enough))


def test_an_alternate_of_the_office_that_enters_paper_witnesses_none_of_it(village):
    v = village
    member, alternate = v.plain[:2]
    v.decide(Elect(office="secretary", members=(v.secretary,), alternates=(alternate,)))
    _, officer = v.witnesses(member)
    named = (alternate, officer)
    sent = sheet(v, member, Propose(title="x", text="x"), named, [v.secretary, *named])
    refused(v, "witnesses_missing", sent)


def test_the_one_who_acts_is_no_witness_of_it(village):
    v = village
    member, officer = v.plain[0], v.witnesses(v.plain[0])[1]
    sent = sheet(v, member, Leave(), (member, officer), [v.secretary, member, officer])
    refused(v, "witnesses_missing", sent)


@each_pack
def test_one_secretary_empties_no_assembly(village):
    """T1: one key made 21 of 24 members leave, admitted three invented people and paid."""
    v = village
    secretary = v.secretary
    roll = v.state.roll(v.now)
    for member in v.plain:
        named = [n for n in v.plain if n != member][:2]
        for act in (Leave(), RevokeKey(key=key_id(public(member)))):
            assert isinstance(v.clerk.submit(sheet(v, member, act, named, [secretary])), Refusal)
    for invented in (101, 102, 103):
        kind = v.law.members.kinds[0].id
        apply = Apply(commitment=f"{invented:064x}", member_kind=kind)
        number = len(v.state.people) + 1
        sent = sheet(v, number, apply, v.plain[:2], [secretary])
        assert isinstance(v.clerk.submit(sent), Refusal)
    assert v.state.roll(v.now) == roll


@each_pack
def test_a_key_is_not_asked_for_by_one_office_and_its_friends(village):
    v = village
    victim, *friends = v.plain[:3]
    enrol = EnrolKey(member=victim, public=keys.to_wire(keys.public_key(bytes(32))))
    secretary = v.holders("keep-register")[0]
    without = "sponsors_without_office"
    both_sides.refused(v, without, without, secretary, enrol, *friends)


def test_who_joins_again_says_under_which_number_they_were_here(village):
    v = village
    gone, here = v.plain[:2]
    v.do(gone, Leave())
    number = len(v.state.people) + 1
    witnesses = v.witnesses(here)
    kind = v.law.members.kinds[0].id
    for formerly, lawful in ((here, False), (number, False), (999, False), (gone, True)):
        apply = Apply(commitment="a" * 64, member_kind=kind, formerly=formerly)
        sent = sheet(v, number, apply, witnesses, [v.secretary, *witnesses])
        if not lawful:
            refused(v, "formerly_no_member", sent)
        else:
            number_of(v.clerk.submit(sent))
    assert v.state.people[number].formerly == gone
