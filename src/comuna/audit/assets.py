"""Proofs about lasting things: the title is in the body's name, a thing is registered once for
ever, and leaves only by a decision in force and for its price; some never leave. Two sign."""

from __future__ import annotations

from typing import Any

from comuna.audit.body import Asset, Body, Movement
from comuna.audit.entries import Entry
from comuna.audit.findings import need
from comuna.audit.ledger import own_case, prove_two_hands
from comuna.audit.names import (
    folded,
    payee_of,
    prove_amount_or_nothing,
    prove_name,
)

Effect = dict[str, Any]


def register_asset(body: Body, e: Entry) -> None:
    prove_two_hands(body, e)
    prove_name(e.act["name"])
    prove_name(e.act["category"])
    identity = {folded(e.act["name"]), e.act["title"]["sha256"]}
    need(not identity & body.identities, "asset_registered_twice", asset=e.act["name"])
    need(e.act["in_name_of_body"], "title_not_in_common", about=e.act["name"])
    bought = e.act.get("movement", 0)
    need(not bought or bought in body.movements, "movement_unknown", movement=bought)
    body.assets[e.act["name"]] = Asset(e.act["category"])
    body.identities |= identity


def hand_over_asset(body: Body, e: Entry) -> None:
    """A thing leaves by a decision in force."""
    asset = body.assets.get(e.act["name"])
    decided = asset is not None and asset.disposal and not asset.gone
    need(decided, "asset_without_decision", asset=e.act["name"])
    assert asset is not None
    prove_two_hands(body, e, own_case(body, Movement("", [], party=asset.buyer)))
    need(asset.received >= asset.price, "price_not_received", asset=e.act["name"])
    repealed = body.decisions[asset.disposal].repealed
    need(not repealed, "asset_without_decision", asset=e.act["name"])
    asset.gone = True


def can_dispose(body: Body, effect: Effect, when: int) -> None:
    asset = body.assets.get(effect["name"])
    here = asset is not None and not asset.gone
    need(here, "asset_without_decision", asset=effect["name"])
    assert asset is not None
    need(not asset.received, "price_came_in", asset=effect["name"])
    kept = {folded(category) for category in body.law.inalienable}
    need(folded(asset.category) not in kept, "inalienable", asset=effect["name"])
    buyer = payee_of(effect["payee"])
    known = buyer is None or buyer in body.people
    need(known, "other_payee", payee=effect["payee"], decided="")
    prove_amount_or_nothing(effect["price"])


def dispose(body: Body, effect: Effect, decision: int, when: int) -> None:
    asset = body.assets[effect["name"]]
    asset.disposal, asset.buyer, asset.price = decision, effect["payee"], effect["price"]
