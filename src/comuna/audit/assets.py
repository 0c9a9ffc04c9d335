"""Proofs about lasting things: the title is in the body's name, and a thing leaves only by a
decision in force; some never leave."""

from __future__ import annotations

from typing import Any

from comuna.audit.body import Asset, Body
from comuna.audit.entries import Entry
from comuna.audit.findings import need
from comuna.audit.ledger import prove_keeps_accounts

Effect = dict[str, Any]


def register_asset(body: Body, e: Entry) -> None:
    prove_keeps_accounts(body, e)
    need(e.act["name"] not in body.assets, "asset_registered_twice", asset=e.act["name"])
    need(e.act["in_name_of_body"], "title_not_in_common", about=e.act["name"])
    bought = e.act.get("movement", 0)
    need(not bought or bought in body.movements, "movement_unknown", movement=bought)
    body.assets[e.act["name"]] = Asset(e.act["category"])


def hand_over_asset(body: Body, e: Entry) -> None:
    """A thing leaves by a decision in force."""
    prove_keeps_accounts(body, e)
    asset = body.assets.get(e.act["name"])
    decided = asset is not None and asset.disposal and not asset.gone
    need(decided, "asset_without_decision", asset=e.act["name"])
    assert asset is not None
    repealed = body.decisions[asset.disposal].repealed
    need(not repealed, "asset_without_decision", asset=e.act["name"])
    asset.gone = True


def can_dispose(body: Body, effect: Effect, when: int) -> None:
    asset = body.assets.get(effect["name"])
    here = asset is not None and not asset.gone
    need(here, "asset_without_decision", asset=effect["name"])
    assert asset is not None
    need(asset.category not in body.law.inalienable, "inalienable", asset=effect["name"])


def dispose(body: Body, effect: Effect, decision: int, when: int) -> None:
    body.assets[effect["name"]].disposal = decision
