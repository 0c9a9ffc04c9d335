"""The centre's side of planning by offers in files: prices after prices, and shares at the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from comuna.plan.build import build
from comuna.plan.certificate import Prices
from comuna.plan.counting import STANDARD
from comuna.plan.errors import FileError, PlanError, Wrong
from comuna.plan.executable import lower, slack
from comuna.plan.federation import sub_model
from comuna.plan.model import Block, Floats, Model, sparse
from comuna.plan.offers import Centre, Commons, Offer, Round
from comuna.plan.offers_agreed import (
    OFFER,
    PRICES,
    SHARE,
    Key,
    agreed,
    beneath,
    key_of,
    row_of,
    shared_rows,
    the_file,
)
from comuna.plan.problem import LEVEL, Ints, Problem
from comuna.plan.published import fingerprint

SPARE = 50
"""The centre counts on a fiftieth of a unit less than is owed, so that a part which rounds its own
plan to whole steps breaks nobody else's."""


@dataclass(frozen=True)
class _Table:
    """The centre's side of the table: its model, the rows and columns of it that are the centre's,
    the places of the shared ones among its rows, how much of a row's counting one step is, and
    what every part said in each round."""

    model: Model
    keys: dict[Key, int]
    commons: Commons
    rows: Ints
    columns: Ints
    step: Ints
    parts: tuple[str, ...]
    rounds: tuple[tuple[Mapping[str, Any], ...], ...]


def _table(centre: Problem, offers: Sequence[Mapping[str, Any]]) -> _Table:
    """Raises FileError where an answer is missing, given twice or not of this centre."""
    said = [the_file(offer, OFFER) for offer in offers]
    first = [offer for offer in said if offer["round"] == 0]
    parts = tuple(sorted({offer["part"] for offer in first}))
    if not parts:
        raise PlanError("no offer answers the call; give all offers, those of round 0 too")
    last = max(offer["round"] for offer in said)
    wrongs, rounds = list[Wrong](), []
    for number in range(last + 1):
        mine = {part: [o for o in said if o["round"] == number and o["part"] == part]
                for part in parts}  # fmt: skip
        for part, found in mine.items():
            if len(found) != 1:
                wrongs.append(
                    Wrong(
                        f"round {number}",
                        0,
                        "has {found} offers of {part!r}",
                        "give one of every part",
                        found=len(found),
                        part=part,
                    )
                )
        rounds.append(tuple(found[0] for found in mine.values() if found))
    for offer in said:
        if offer["part"] not in parts:
            wrongs.append(
                Wrong(
                    f"round {offer['round']}",
                    0,
                    "{part!r} was not there in round 0",
                    "every part answers the call first",
                    part=offer["part"],
                )
            )
    if wrongs:
        raise FileError(wrongs)
    hubs = np.arange(len(centre.bodies.body))
    whole = beneath(centre, hubs, _reach_of_all(first))
    model = build(whole, STANDARD)
    columns = np.flatnonzero(model.owner < len(hubs))
    rows = np.flatnonzero(model.row_owner < len(hubs))
    names = shared_rows(centre, model, hubs, set(centre.goods.good))
    keys = {key: int(np.searchsorted(rows, row)) for row, key in names.items()}
    step = np.full(len(rows), model.counting.grain, dtype=np.int64)
    for key, place in keys.items():
        if key[0] == "transport":
            mean = centre.means.mean.index(key[2])
            step[place] = int(model.unit_row[rows[place]]) // int(centre.means.steps[mean])
    return _Table(model, keys, Commons.of(model, rows, columns), rows, columns, step, parts,
                  tuple(rounds))  # fmt: skip


def _reach_of_all(first: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for offer in first:
        for good, steps in offer["reach"].items():
            total[good] = total.get(good, 0) + steps
    return total


def _seated(table: _Table) -> Centre:
    """The centre with the offers of every round before the last taken. A row that a part draws on
    and the centre does not have is an error."""
    every = np.arange(len(table.commons.bound))
    worths = [abs(offer["worth"]) for each in table.rounds for offer in each]
    centre = Centre(table.commons, [every] * len(table.parts), max(worths) / 100)
    for answers in table.rounds[:-1]:
        for at, offer in enumerate(answers):
            centre.take(at, _offer(table, offer))
    return centre


def _offer(table: _Table, said: Mapping[str, Any]) -> Offer:
    draws = np.zeros(len(table.commons.bound), dtype=np.int64)
    for line in said["draws"]:
        place = table.keys.get(key_of(line))
        if place is None:
            raise PlanError('{part} draws on {line}, which the centre does not have; agree on '
'goods, periods and hubs first', part=said['part'], line=' '.join(key_of(line)))  # fmt: skip
        draws[place] = line["quantity"]
    return Offer(said["worth"], draws, Fraction(*said.get("bound", (0, 1))))


def make_prices(
    centre: Problem, offers: Sequence[Mapping[str, Any]], before: Mapping[str, Any] | None
) -> tuple[dict[str, Any], Round | None]:
    """The next prices file, and what is known after the round that the offers end: None after the
    call. Without offers it is the call itself. `before` is the prices file last sent."""
    common = agreed(centre)
    if before is None or not offers:
        if offers:
            raise PlanError("offers answer prices; give the prices file last sent with --after")
        call: dict[str, Any] = {"format": PRICES, "round": 0, "agreed": common}
        return {**call, "fingerprint": fingerprint(call)}, None
    said = the_file(before, PRICES)
    table = _table(centre, offers)
    answers = table.rounds[-1]
    if any(offer["answers"] != said["fingerprint"] for offer in answers):
        raise PlanError("the last offers do not answer these prices; give the file they answer")
    seat = _seated(table)
    heard = [_offer(table, offer) for offer in answers]
    told = None
    if said["round"] == 0:
        for at, offer in enumerate(heard):
            seat.take(at, offer)
        next_prices = seat.first_prices([_hint(offer["hints"], table) for offer in answers])
    else:
        if said["best"]:
            seat.best = Fraction(*said["best"]["bound"])
            seat.best_prices = _from_all(said["best"], table)
        told = seat.hear(said["round"], _from_all(said["prices"], table), heard)
        next_prices = seat.next_prices()
    best = (
        seat.best_prices
        and seat.best
        and {
            "bound": [seat.best.numerator, seat.best.denominator],
            **_all_priced(seat.best_prices, table),
        }
    )
    prices: dict[str, Any] = {
        "format": PRICES, "round": said["round"] + 1, "agreed": common,
        "reach": _reach_of_all(table.rounds[0]), "prices": _all_priced(next_prices, table),
        "best": best or None,
    }  # fmt: skip
    return {**prices, "fingerprint": fingerprint(prices)}, told


def _hint(said: Mapping[str, Any], table: _Table) -> tuple[Ints, Floats]:
    known = [line for line in said["rows"] if key_of(line) in table.keys]
    places = np.array([table.keys[key_of(line)] for line in known], dtype=np.int64)
    return places, np.array([line["price"] / said["scale"] for line in known])


def _all_priced(prices: Prices, table: _Table) -> dict[str, Any]:
    """Prices of the shared rows by their names; those of the centre's own rows by their place."""
    names = {place: key for key, place in table.keys.items()}
    shared = [(names[at], price) for at, price in enumerate(prices.prices.tolist()) if at in names]
    own = [[at, price] for at, price in enumerate(prices.prices.tolist())
           if price and at not in names]  # fmt: skip
    rows = [{**row_of(key), "price": price} for key, price in shared if price]
    return {"scale": prices.scale, "rows": rows, "own": own}


def _from_all(said: Mapping[str, Any], table: _Table) -> Prices:
    prices = np.zeros(len(table.commons.bound), dtype=np.int64)
    for line in said["rows"]:
        if key_of(line) not in table.keys:
            raise PlanError(
                "the prices speak of {line}, which the centre does not have; give the prices file "
                "of this centre",
                line=" ".join(key_of(line)),
            )
        prices[table.keys[key_of(line)]] = line["price"]
    for at, price in said["own"]:
        if at >= len(prices):
            raise PlanError("the prices are of another centre; give the prices file of this one")
        prices[at] = price
    return Prices(prices, said["scale"])


def make_shares(centre: Problem, offers: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The share file of each part: the best mix of all offers, in whole steps, such that what
    arrives anywhere is no more than what is owed, stored or brought by the ways."""
    table = _table(centre, offers)
    seat = _seated(table)
    for at, said in enumerate(table.rounds[-1]):
        seat.take(at, _offer(table, said))
    seat.measure()
    _, own, parts = seat.mix()
    prices = seat.mixed_prices()
    drawn = np.zeros((len(table.parts), len(table.commons.bound)))
    for part, (at, offer) in zip(parts, seat.offers, strict=True):
        drawn[at] += part * offer.draws
    given = _in_whole_steps(table, own, drawn)
    return {part: _share(table, part, given[at], prices) for at, part in enumerate(table.parts)}


def _in_whole_steps(table: _Table, own: Floats, drawn: Floats) -> Ints:
    """What each part may take from each shared row, below 0 what it owes to it, in steps."""
    model, shared = table.model, len(table.rows)
    step, balance = table.step, table.rows < model.rows["balance"].size
    owed = np.floor(np.maximum(-drawn, 0) / step).astype(np.int64)
    owed[:, ~balance] = 0
    sure = np.maximum(0, owed - (model.unit_row[table.rows] / step / SPARE).astype(np.int64))
    takes = np.ceil(np.maximum(drawn, 0) / step)
    part, row = np.nonzero(takes)
    first = len(table.columns)
    rows, columns, values = table.commons.entries
    wide = replace(
        sub_model(model, table.columns, table.rows, np.zeros(0, np.int64),
                  [(rows, columns, values)]),
        matrix=sparse([(rows, columns, values),
                       (row, first + np.arange(len(row)), step[row])],
                      shared, first + len(row)),
        bound=table.commons.bound + sure.sum(axis=0) * step,
        most=np.append(table.commons.most, takes[part, row].astype(np.int64)),
    )  # fmt: skip
    wide.columns["taken"] = Block("taken", first, {"part": part, "row": row})
    x = lower(wide, np.append(np.rint(own), takes[part, row]).astype(np.int64))
    given: Ints = -_needed(owed, slack(wide, x) // step)
    given[part, row] += x[first:]
    return given


def _needed(owed: Ints, left: Ints) -> Ints:
    """What is owed without what nobody would take, part by part."""
    owed = owed.copy()
    for each in owed:
        spared = np.minimum(each, left)
        each -= spared
        left = left - spared
    return owed


def _share(table: _Table, part: str, given: Ints, prices: Floats) -> dict[str, Any]:
    rows = [
        {**row_of(key), "quantity": int(given[place]),
         **({"price": max(1, round(float(prices[place]) * LEVEL))} if given[place] < 0 else {})}
        for key, place in table.keys.items() if given[place]
    ]  # fmt: skip
    share: dict[str, Any] = {"format": SHARE, "part": part, "rows": rows}
    return {**share, "fingerprint": fingerprint(share)}
