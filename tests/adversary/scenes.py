"""Bodies at the moment when somebody begins to cheat: with money in the bank, room to pay, a thing
that could be sold, and, in one of them, an assembly that is really being held."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from comuna.rules.assets import RegisterAsset
from comuna.rules.decision import Challenge
from comuna.rules.office import Seat
from tests.adversary.game import Scene
from tests.rules.village import Village, paper

HARDWARE = "Hardware shop"


def scenes(pack: str, offices: Sequence[Seat] = ()) -> tuple[Scene, Scene]:
    """The quiet week, and the assembly in session. `offices` are the seats of the founding, where
    they are to be others than usual."""
    with tempfile.TemporaryDirectory() as folder:
        changes = {"offices": tuple(offices)} if offices else {}
        village = Village.founded(Path(folder) / "village.db", pack, **changes)
        try:
            numbers = furnish(village)
            quiet = Scene.of("a quiet week", pack, village.state, **numbers)
            honest = village.authorisation(limit=100, payee=HARDWARE, purpose="nails")
            numbers["honest"] = village.propose(honest)
            numbers["sitting"] = village.meet(numbers["honest"])
            sitting = Scene.of("an assembly", pack, village.state, **numbers)
        finally:
            village.close()
    return quiet, sitting


def furnish(village: Village) -> dict[str, object]:
    """An authorisation that names no payee, money received today, a truck, and a decision that was
    challenged and waits for the assembly."""
    authorisation = village.decide(village.authorisation(limit=60_000))
    suspended = village.decide(village.authorisation(purpose="road", limit=900), enact=False)
    village.do(village.overseer, Challenge(decision=suspended, reason="not needed"))
    receipts = [village.receive("sales_members", 20_000 + n) for n in range(2)]
    truck = RegisterAsset(
        name="truck", category="tools", title=paper("title"), in_name_of_body=True
    )
    village.do(village.treasurer, truck, village.approvers[0])
    return {
        "authorisation": str(authorisation),
        "suspended": suspended,
        "receipts": receipts,
        "seated": sorted(village.state.mandates),
    }
