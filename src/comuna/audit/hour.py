"""The hour of the book: it only goes forward, but for one act by which the members take it back
from where a wrong clock had put it."""

from __future__ import annotations

from comuna.audit import meetings
from comuna.audit.body import DAY, Body
from comuna.audit.entries import Entry
from comuna.audit.findings import need
from comuna.audit.names import prove_moment

SILENCE = 31 * DAY


def passes(body: Body, e: Entry) -> None:
    """From the entry before to this one: a silence that may be no true one is remembered, and the
    statute's puts the body to sleep."""
    if body.id and e.at > body.now + SILENCE:
        body.silences.append((body.now, e.at, body.asleep))
    meetings.awake(body, e)


def set_hour(body: Body, e: Entry) -> None:
    """More than half of those who voted before a silence put the book into it, near the hour they
    signed. All that came of the hours after it ends: also the sleep, and the clocks of meetings."""
    prove_moment(e.act["hour"])
    need(-SILENCE <= e.at - e.act["hour"] <= SILENCE, "hour_of_another_day")
    found = [n for n, (last, first, _) in enumerate(body.silences) if last <= e.at < first]
    need(found, "hour_in_no_silence")
    last, _, asleep = body.silences[found[0]]
    voters = body.roll(last)
    signed = sum(member in voters for member in e.signers)
    need(2 * signed > len(voters), "too_few_set_the_hour", given=signed, voters=len(voters))
    del body.silences[found[0] :]
    body.now, body.asleep = last, asleep
    passes(body, e)
    for assembly in body.assemblies.values():
        assembly.clock = min(assembly.clock, e.at)
