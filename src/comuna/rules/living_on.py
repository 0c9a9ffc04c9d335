"""What no amendment may do: leave the body, as it is that day, unable ever to meet, to pay or to
amend again. Which numbers a statute may name at all stands in its shape; here they are held against
the people there are."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from comuna.rules.act import require
from comuna.rules.names import base
from comuna.rules.quorum import required
from comuna.rules.state import State
from comuna.rules.statute import Statute, Text, fraction
from comuna.rules.vocabulary import MATTERS

Stops = Iterator[tuple[str, Text]]


def check_lives_on(state: State, law: Statute, when: int) -> None:
    """Refuse a law under which this body could not go on, though it can under its own. Raises
    Refused, naming the first thing that would stop it."""
    before = dict(stops(state, state.statute, when))
    found = [text for name, text in stops(state, law, when) if name not in before]
    require(not found, "body_would_stop", detail=found[0] if found else "")


def stops(state: State, law: Statute, when: int) -> Stops:
    """(its name, what it is) of everything that would stop the body under this law."""
    kinds = {kind.id: kind for kind in law.members.kinds}
    members = {n: kinds.get(p.kind) for n, p in state.people.items() if p.member_at(when)}
    voters = {
        n
        for n, kind in members.items()
        if kind is not None and kind.votes and state.people[n].votes_from <= when
    }
    eligible = [n for n, kind in members.items() if kind is not None and kind.holds_office]
    yield from _too_few(law, len(members), len(voters), len(eligible))
    yield from _nobody_left(state, law, voters, when)
    money = {account.id for account in law.treasury.accounts if account.money}
    for account in sorted(state.listed):
        if base(account) not in money:
            en, es = f"{account} would hold no money", f"{account} dejaría de guardar dinero"
            yield account, {"en": en, "es": es}
    kept = {power for office in law.offices for power in office.powers}
    for power in sorted({p for office in state.statute.offices for p in office.powers} - kept):
        yield power, {"en": f"no office has {power}", "es": f"ningún cargo tiene {power}"}


def _too_few(law: Statute, members: int, voters: int, eligible: int) -> Stops:
    """The law asks for no more people than there are."""
    last = law.assembly.calls[-1]
    asked = [
        ("the last call", "la última convocatoria", required(last, max(voters, 1)), voters),
        ("tellers", "escrutadores", law.assembly.tellers, voters - 1),
        ("minutes_signers", "firmas del acta", law.assembly.minutes_signers, voters),
        ("key_sponsors", "avales de una clave", law.members.key_sponsors, members - 1),
        ("witnesses", "testigos de un papel", law.paper.witnesses, members - 2),
        ("deciding_keys", "claves de un papel", law.paper.deciding_keys, members - 2),
        ("signatures", "firmas de un pago", law.treasury.signatures, eligible - 1),
    ]
    for rule in law.majorities:
        if rule.matter in ("default", "amend-statute"):
            shares = [rule.quorum, rule.approval_quorum, rule.at_least if rule.of == "roll" else ""]
            most = max((ceil(fraction(share) * voters) for share in shares if share), default=0)
            asked.append((rule.matter, rule.matter, most, voters - 1))
    for en, es, needed, given in asked:
        if needed > given:
            yield (
                en,
                {
                    "en": f"{en}: {needed} are needed and {max(given, 0)} could be there",
                    "es": f"{es}: hacen falta {needed} y puede haber {max(given, 0)}",
                },
            )


def _nobody_left(state: State, law: Statute, voters: set[int], when: int) -> Stops:
    """On every matter somebody may vote who holds no office barred from it."""
    for matter in MATTERS:
        barred = {
            holder
            for bar in law.assembly.barred
            if matter in bar.matters
            for office in bar.offices
            for holder in state.holders(office, when)
        }
        if not voters - barred:
            en, es = f"nobody may vote on {matter}", f"nadie puede votar sobre {matter}"
            yield matter, {"en": en, "es": es}
