"""Lasting things: the title is in the body's name, and a thing leaves only by a decision with the
majority its matter needs. Some can never leave."""

from __future__ import annotations

from typing import ClassVar

from comuna.rules.act import Act, Effect, Entry, Fact, Paper, enacts, judges, prepares, require
from comuna.rules.names import check_in_range, check_name, folded, parse_payee
from comuna.rules.state import Asset, State
from comuna.rules.treasury import own_case, two_hands


class RegisterAsset(Act, frozen=True, kw_only=True, tag="register-asset"):
    """Enter a thing with its title. `category` is its class (land, tools, housing…). Two sign. A
    thing is registered once for ever, under one name and one title: what it is does not change."""

    deciding: ClassVar[bool] = True
    name: str
    category: str
    title: Paper
    in_name_of_body: bool
    movement: int = 0  # the payment that bought it, if it was bought


class HandOverAsset(Act, frozen=True, kw_only=True, tag="hand-over-asset"):
    """A thing leaves the body, as a decision in force allows and once its price came in; `deed` is
    the paper of it. Two sign, neither of them the buyer."""

    deciding: ClassVar[bool] = True
    name: str
    deed: Paper


class AssetRegistered(Fact, frozen=True):
    name: str
    category: str
    title: str
    movement: int

    def apply(self, state: State) -> None:
        state.assets[self.name] = Asset(self.name, self.category, self.title)
        state.things[folded(self.name)] = state.things[self.title] = self.name


class DisposalDecided(Fact, frozen=True):
    name: str
    decision: int
    buyer: str
    price: int

    def apply(self, state: State) -> None:
        asset = state.assets[self.name]
        asset.disposal, asset.buyer, asset.price = self.decision, self.buyer, self.price
        asset.received = 0


class AssetPaid(Fact, frozen=True):
    """A part of the price of a thing came in; a negative one was entered by mistake."""

    name: str
    amount: int

    def apply(self, state: State) -> None:
        state.assets[self.name].received += self.amount


class AssetHandedOver(Fact, frozen=True):
    name: str
    decision: int
    deed: str

    def apply(self, state: State) -> None:
        state.assets[self.name].disposed = True


@judges(RegisterAsset)
def register_asset(state: State, entry: Entry[RegisterAsset], act: RegisterAsset) -> list[Fact]:
    two_hands(state, entry)
    check_name(act.name)
    check_name(act.category)
    for known in (folded(act.name), act.title.sha256):
        there = state.things.get(known)
        require(there is None, "asset_registered_already", asset=there)
    require(act.in_name_of_body, "not_in_common_name", account=act.name)
    require(
        not act.movement or act.movement in state.movements,
        "movement_unknown",
        movement=act.movement,
    )
    return [AssetRegistered(act.name, act.category, act.title.sha256, act.movement)]


def known_asset(state: State, name: str) -> Asset:
    asset = state.assets.get(name)
    require(asset is not None, "asset_unknown", asset=name)
    assert asset is not None
    require(not asset.disposed, "asset_gone", asset=name)
    return asset


@judges(HandOverAsset)
def hand_over_asset(state: State, entry: Entry[HandOverAsset], act: HandOverAsset) -> list[Fact]:
    asset = known_asset(state, act.name)
    two_hands(state, entry, own_case(state, asset.buyer, ()))
    require(asset.disposal, "asset_without_decision", asset=act.name)
    decision = state.proposals[asset.disposal]
    require(not decision.repealed_by, "decision_repealed", decision=asset.disposal)
    missing = asset.price - asset.received
    require(missing <= 0, "price_not_received", asset=act.name, missing=missing)
    return [AssetHandedOver(act.name, asset.disposal, act.deed.sha256)]


class DisposeAsset(Effect, frozen=True, kw_only=True, tag="dispose-asset"):
    """Sell or give away a thing: to whom, for how much (0: given)."""

    matter: ClassVar[str] = "dispose-asset"
    name: str
    payee: str  # the buyer: who is concerned does not vote
    price: int

    def thing(self) -> str:
        return f"asset {self.name}"


@prepares(DisposeAsset)
def can_dispose(state: State, effect: DisposeAsset, when: int, voting: bool) -> None:
    law = state.statute.treasury
    asset = known_asset(state, effect.name)
    require(
        folded(asset.category) not in map(folded, law.inalienable),
        "inalienable",
        law.article,
        asset=effect.name,
        category=asset.category,
    )
    require(effect.price >= 0, "amount_not_positive", amount=effect.price)
    check_in_range(effect.price)
    paid = asset.received
    require(not paid, "price_came_in", asset=effect.name, amount=paid)
    buyer = parse_payee(effect.payee)
    require(buyer is None or buyer in state.people, "payee_unknown", payee=effect.payee)


@enacts(DisposeAsset)
def dispose_asset(state: State, effect: DisposeAsset, decision: int, when: int) -> list[Fact]:
    return [DisposalDecided(effect.name, decision, effect.payee, effect.price)]
