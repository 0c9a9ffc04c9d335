"""Bodies at the moment when somebody begins to cheat: with money in the bank, room to pay, a thing
that could be sold, a price list; in one of them an assembly is really being held, in another the
year is over and its surplus waits to be shared as it was voted."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from comuna.rules.assets import RegisterAsset
from comuna.rules.decision import Challenge
from comuna.rules.office import Seat
from comuna.rules.roll import Admit, Apply
from tests.adversary.game import Scene
from tests.rules.test_production import delivery
from tests.rules.village import MEMBERS, Village, paper, public

HARDWARE = "Hardware shop"
Numbers = dict[str, object]


@contextmanager
def furnished(pack: str, offices: Sequence[Seat] = ()) -> Iterator[tuple[Village, Numbers]]:
    """A body, and the numbers of what stands in it. `offices` are the seats of the founding, where
    they are to be others than usual."""
    with tempfile.TemporaryDirectory() as folder:
        changes = {"offices": tuple(offices)} if offices else {}
        village = Village.founded(Path(folder) / "village.db", pack, **changes)
        try:
            yield village, furnish(village)
        finally:
            village.close()


def quiet_week(pack: str, offices: Sequence[Seat] = ()) -> Scene:
    """A body in which nothing happens."""
    with furnished(pack, offices) as (village, numbers):
        return Scene("a quiet week", pack, village.state, **numbers)


def scenes(pack: str) -> tuple[Scene, Scene, Scene]:
    """The quiet week, the assembly in session, and the voted sharing."""
    with furnished(pack) as (village, numbers):
        week = village.snapshot()
        quiet = Scene("a quiet week", pack, village.state, **numbers)
        honest = village.propose(village.authorisation(limit=100, payee=HARDWARE, purpose="nails"))
        there = {"honest": honest, "sitting": village.meet(honest)}
        sitting = Scene("an assembly", pack, village.state, **numbers, **there)
        village.restore(week)
        shared = share(village)
        voted = Scene("a voted sharing", pack, village.state, **numbers, **shared)
    return quiet, sitting, voted


def share(village: Village) -> Numbers:
    """The year is over: sealed, approved, and its sharing is voted but not in force."""
    for member in village.plain[:3]:
        village.do(member, delivery(member, village.today), village.treasurer)
    period = village.year()
    sharing = village.decide(village.sharing(period), enact=False)
    return {"period": period, "sharing": sharing}


def furnish(village: Village) -> Numbers:
    """An authorisation that names no payee, money received today, a truck, a decision that was
    challenged and waits for the assembly, a price list, and somebody just admitted."""
    village.set_prices()
    authorisation = village.decide(village.authorisation(limit=60_000))
    suspended = village.decide(village.authorisation(purpose="road", limit=900), enact=False)
    village.do(village.overseer, Challenge(decision=suspended, reason="not needed"))
    truck = RegisterAsset(
        name="truck", category="tools", title=paper("title"), in_name_of_body=True
    )
    village.do(village.treasurer, truck, village.approvers[0])
    newcomer, kind = MEMBERS + 1, village.law.members.kinds[0].id
    applied = Apply(commitment="a" * 64, member_kind=kind, key=public(newcomer))
    village.do(newcomer, applied)
    village.decide(Admit(member=newcomer))
    receipts = [village.receive("sales_members", 20_000 + n) for n in range(2)]
    return {
        "newcomer": newcomer,
        "authorisation": str(authorisation),
        "suspended": suspended,
        "receipts": receipts,
        "seated": sorted(village.state.mandates),
    }
