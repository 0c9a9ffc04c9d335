"""Whoever asks to join waits outside the book until a member takes them up; the door is narrow."""

from contextlib import closing
from datetime import UTC, datetime

import msgspec
import pytest

from comuna import pen
from comuna.book import keys, store
from comuna.clerk import Recorded, Submission
from comuna.rules.act import Author, Refusal
from comuna.rules.roll import Apply
from comuna.web import desk
from comuna.web.acting import applications
from comuna.web.acting.models import Application, Draft
from tests.web_acting.acting import draft_of, sign

SEED = b"\x33" * 32


def whole_book(village):
    rows = store.entries(desk.clerk().database, village.body, 0)
    return b"".join(data for _, data, _ in rows)


def apply(visitor, village, seed=SEED, address="192.0.2.1", **more):
    data = {
        "name": "Luz Mar",
        "document": "V-2",
        "contact": "0414",
        "member_kind": "member",
        "key": keys.to_wire(keys.public_key(seed)),
    }
    return visitor.post(f"/{village.body}/join", data | more, REMOTE_ADDR=address)


def signed_application(visitor, village, seed=SEED, **more):
    address = draft_of(apply(visitor, village, seed, **more))
    status, answer = sign(visitor, village, address, 0, seed)
    assert (status, answer["waiting"]["rule"]) == (200, "not_taken_up")
    return address


def test_an_application_waits_outside_the_book_until_a_member_signs_it(village, visitor, signed_in):
    before = whole_book(village)
    address = signed_application(visitor, village)
    assert whole_book(village) == before
    member = signed_in(7)
    assert "Luz Mar" in member.get(f"/{village.body}/applications").content.decode()
    assert "Luz Mar" in member.get(address).content.decode()
    assert sign(member, village, address, 7)[0] == 201
    person = village.state.people[13]
    assert person.applied_at == village.clock[0]
    assert person.admitted_at is None
    assert b"Luz" not in whole_book(village)
    with closing(desk.home().database()) as database:
        found = desk.home().register(database).open(person.commitment)
    assert found.record == {"name": "Luz Mar", "document": "V-2", "contact": "0414"}
    assert not Application.objects.filter(draft__body=village.body).exists()
    assert visitor.get(f"{address}/recorded").status_code == 200
    assert "Luz Mar" not in member.get(f"/{village.body}/applications").content.decode()


def test_several_wait_at_once_and_each_takes_the_number_that_is_next(village, signed_in):
    from django.test import Client

    seeds = [bytes([n]) * 32 for n in (1, 2, 3)]
    waiting = [
        signed_application(Client(), village, s, name=f"Persona nueva {n}")
        for n, s in enumerate(seeds)
    ]
    member = signed_in(5)
    for address in reversed(waiting):
        assert sign(member, village, address, 5)[0] == 201
    enrolled = [village.state.keys[keys.key_id(keys.public_key(s))].member for s in seeds]
    assert enrolled == [15, 14, 13]


def test_a_member_alone_does_not_apply_for_another(village, visitor, signed_in):
    address = draft_of(apply(visitor, village))
    status, answer = sign(signed_in(7), village, address, 7)
    assert (status, answer["waiting"]["rule"]) == (200, "signature_missing")
    assert 13 not in village.state.people


def test_names_of_applicants_are_for_members(village, visitor, signed_in):
    from django.test import Client

    address = signed_application(visitor, village)
    stranger = Client()
    assert stranger.get(f"/{village.body}/applications").status_code == 302
    assert "Luz" not in stranger.get(address, follow=True).content.decode()
    stored = Application.objects.get(draft__body=village.body)
    assert b"Luz" not in bytes(stored.sealed)
    assert "Luz" not in stored.draft.submission
    with closing(desk.home().database()) as database:
        register = store.RegisterStorage(database)
        assert register.load(stored.commitment) is None


def test_the_book_refuses_an_application_that_no_member_signed(village):
    act = Apply(commitment="a" * 64, member_kind="member", key=keys.to_wire(keys.public_key(SEED)))
    alone = pen.signed(village.body, 13, act, "alone", {13: SEED})
    refused = desk.clerk().submit(alone)
    assert isinstance(refused, Refusal)
    assert refused.rule == "not_taken_up"
    together = pen.signed(village.body, 13, act, "together", {13: SEED, 4: village.seeds[4]})
    assert isinstance(desk.clerk().submit(together), Recorded)


def by_program(village, seed=SEED, nonce="api", **more):
    act = Apply(
        **{"commitment": nonce.encode().hex().ljust(64, "0"), "member_kind": "member"} | more,
        key=keys.to_wire(keys.public_key(seed)),
    )
    return pen.signed(village.body, 13, act, nonce, {13: seed})


def post(browser, village, submission, address="192.0.2.1"):
    data = msgspec.json.encode(submission)
    return browser.post(
        f"/{village.body}/acts", data, content_type="application/json", REMOTE_ADDR=address
    )


def test_an_application_by_a_program_waits_too_and_is_taken_up(village, visitor, signed_in):
    before = whole_book(village)
    answer = post(visitor, village, by_program(village))
    assert answer.status_code == 202
    assert whole_book(village) == before
    again = post(visitor, village, by_program(village))
    assert again.json() == answer.json()
    assert sign(signed_in(3), village, answer.json()["waiting"], 3)[0] == 201
    assert village.state.people[13].commitment.startswith(b"api".hex())


def forged(village):
    return msgspec.structs.replace(by_program(village), nonce="another")


def by_two_strangers(village):
    given = by_program(village)
    by = msgspec.structs.replace(given.by, signatures=given.by.signatures * 2)
    return msgspec.structs.replace(given, by=by)


def unsigned(village):
    given = by_program(village)
    by = msgspec.structs.replace(given.by, signatures=())
    return msgspec.structs.replace(given, by=by)


def too_long(village):
    return by_program(village, member_kind="m" * applications.LARGEST)


def of_no_kind(village):
    return by_program(village, member_kind="nobody")


@pytest.mark.parametrize(
    ("make", "status"),
    [(forged, 400), (by_two_strangers, 400), (unsigned, 400), (too_long, 400), (of_no_kind, 409)],
)
def test_an_application_that_cannot_be_taken_up_does_not_even_wait(village, visitor, make, status):
    before = whole_book(village)
    assert post(visitor, village, make(village)).status_code == status
    assert not Application.objects.filter(draft__body=village.body).exists()
    assert whole_book(village) == before


def test_a_flood_through_the_programs_door_writes_nothing_and_is_stopped(village, visitor):
    before = whole_book(village)
    statuses = [
        post(visitor, village, by_program(village, bytes([n]) * 32, f"n{n}")).status_code
        for n in range(1, 57)
    ]
    ((few, _),) = applications.FROM_A_NETWORK
    assert statuses == [202] * few + [429] * (56 - few)
    assert whole_book(village) == before
    assert Application.objects.filter(draft__body=village.body).count() == few


def test_one_network_asks_a_few_times_a_day_and_others_are_not_kept_out(village, visitor, clock):
    ((few, _),) = applications.FROM_A_NETWORK
    for place in range(few):
        assert apply(visitor, village, bytes([place + 1]) * 32).status_code == 302
    stopped = apply(visitor, village, b"\x44" * 32)
    assert stopped.status_code == 429
    assert "Espere 24 horas" in stopped.content.decode()
    assert apply(visitor, village, b"\x45" * 32, address="192.0.2.2").status_code == 302
    clock[0] += applications.DAY
    assert apply(visitor, village, b"\x46" * 32).status_code == 302


def test_a_household_with_many_addresses_is_one_network(village, visitor):
    ((few, _),) = applications.FROM_A_NETWORK
    for place in range(few):
        apply(visitor, village, bytes([place + 1]) * 32, address=f"2001:db8::{place + 1}")
    assert apply(visitor, village, b"\x44" * 32, address="2001:db8::99").status_code == 429
    assert apply(visitor, village, b"\x45" * 32, address="2001:db8:1::1").status_code == 302


def test_from_many_networks_too_only_so_many_come_in_a_day(village, visitor, monkeypatch):
    monkeypatch.setattr(applications, "FOR_A_BODY", ((3, applications.DAY),))
    answers = [
        apply(visitor, village, bytes([n]) * 32, address=f"192.0.2.{n}").status_code
        for n in range(1, 6)
    ]
    assert answers == [302, 302, 302, 429, 429]


def test_where_too_many_wait_the_next_is_told_to_speak_to_a_member(village, visitor, monkeypatch):
    monkeypatch.setattr(applications, "WAITING", 2)
    for n in (1, 2):
        apply(visitor, village, bytes([n]) * 32)
    answer = apply(visitor, village, b"\x44" * 32)
    assert answer.status_code == 429
    assert "Hable con un miembro" in answer.content.decode()


@pytest.mark.parametrize(
    ("signs", "kept"), [(True, applications.SIGNED_KEPT), (False, applications.UNSIGNED_KEPT)]
)
def test_what_nobody_takes_up_is_forgotten_with_its_names(
    village, visitor, signed_in, clock, signs, kept
):
    signed_application(visitor, village) if signs else apply(visitor, village)
    member = signed_in(3)
    clock[0] += kept
    member.get(f"/{village.body}/applications")
    assert Application.objects.filter(draft__body=village.body).exists()
    clock[0] += 1
    signed_in(3).get(f"/{village.body}/applications")
    assert not Application.objects.filter(draft__body=village.body).exists()
    assert not Draft.objects.filter(body=village.body, kind="apply").exists()


def test_only_who_keeps_the_register_throws_an_application_away(village, visitor, signed_in):
    address = signed_application(visitor, village)
    keeper = village.who("keep-register")[0]
    other = next(m for m in range(1, 13) if m != keeper)
    assert signed_in(other).post(f"{address}/discard").status_code == 404
    assert Application.objects.filter(draft__body=village.body).exists()
    assert signed_in(keeper).post(f"{address}/discard").status_code == 302
    assert not Application.objects.filter(draft__body=village.body).exists()


def test_whoever_is_of_age_for_every_office_need_not_tell_it_to_the_book(village, visitor):
    assert act_of(signed_application(visitor, village, born="1980-02-29")).votes_from == 0


def test_a_minors_first_vote_is_on_their_birthday(village, visitor):
    act = act_of(signed_application(visitor, village, born="2012-06-01"))
    assert datetime.fromtimestamp(act.votes_from, UTC).isoformat() == "2028-06-01T00:00:00+00:00"


def act_of(address):
    draft = Draft.objects.get(token=address.rpartition("/")[2])
    return msgspec.json.decode(draft.submission, type=Submission).act


@pytest.mark.parametrize("more", [{"name": ""}, {"key": ""}, {"key": "AAAA"}, {"born": "ayer"}])
def test_an_application_that_cannot_stand_is_not_kept(village, visitor, more):
    assert apply(visitor, village, b"\x36" * 32, **more).status_code == 422
    assert not Application.objects.filter(draft__body=village.body).exists()


def test_a_key_already_on_the_roll_is_turned_away_at_the_door(village, visitor):
    answer = apply(visitor, village, village.seeds[4])
    assert answer.status_code == 409
    assert not Application.objects.filter(draft__body=village.body).exists()


def test_the_applicants_number_is_signed_by_nobody(village):
    from comuna.clerk import signed_bytes

    given = by_program(village)
    for number in (0, 13, 99):
        by = msgspec.structs.replace(given.by, member=number)
        assert signed_bytes(msgspec.structs.replace(given, by=by)) == signed_bytes(given)
    assert isinstance(given.by, Author)
    assert b'"member":0' in signed_bytes(given)
