"""A part's side of planning by offers in files: answering prices, and taking its share."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from comuna.plan.build import build
from comuna.plan.certificate import Prices
from comuna.plan.counting import STANDARD
from comuna.plan.errors import FileError, PlanError
from comuna.plan.federation import Part, sub_model
from comuna.plan.offers import Bidder
from comuna.plan.offers_agreed import (
    OFFER,
    PRICES,
    SHARE,
    Key,
    beneath,
    disagreements,
    hubs_of,
    key_of,
    prices_at,
    row_of,
    shared_rows,
    the_file,
)
from comuna.plan.problem import WORTH, Problem
from comuna.plan.problem_files import problem_of, rows_of
from comuna.plan.published import fingerprint

FAR = 10**12
"""What others might bring, while nobody has said anything yet."""
OWED = 10
"""What not delivering what is owed costs a part, in multiples of its price."""
LARGEST = 10**6  # a weight or a worth in a problem file


def part_of(problem: Problem, common: Mapping[str, Any], brings: Mapping[str, int]
) -> tuple[Part, list[Key]]:  # fmt: skip
    """A part's own program, and which shared row each of its last rows is. `brings` is what all
    others might bring of each good, in steps. Raises FileError where its file is not as agreed."""
    wrongs = disagreements(problem, common)
    if wrongs:
        raise FileError(wrongs)
    hubs = hubs_of(problem, common)
    whole = beneath(problem, hubs, brings)
    model = build(whole, STANDARD)
    foreign = np.append(hubs, np.arange(len(problem.bodies.body), len(whole.bodies.body)))
    columns = np.flatnonzero(~np.isin(model.owner, foreign))
    mine = np.intersect1d(hubs, problem.bodies.hub)
    keys = shared_rows(problem, model, mine, {line["good"] for line in common["goods"]})
    of_others = np.isin(model.row_owner, np.setdiff1d(foreign, mine))
    shared = np.array(sorted(keys), dtype=np.int64)
    rows = np.setdiff1d(np.flatnonzero(~of_others), shared)
    row = np.repeat(np.arange(model.matrix.rows), np.diff(model.matrix.start))
    place, column = np.full(model.matrix.rows, -1), np.full(model.matrix.columns, -1)
    place[rows], place[shared] = np.arange(len(rows)), len(rows) + np.arange(len(shared))
    column[columns] = np.arange(len(columns))
    kept = (place[row] >= 0) & (column[model.matrix.index] >= 0)
    entries = [(place[row[kept]], column[model.matrix.index[kept]], model.matrix.data[kept])]
    part = Part(sub_model(model, columns, rows, shared, entries), columns, rows, shared)
    return part, [keys[at] for at in shared.tolist()]


def reach(problem: Problem, common: Mapping[str, Any]) -> dict[str, int]:
    """For each good, a power of ten that is no less than what the part could ever send to the
    common hubs: enough to bound what others could receive, and telling little."""
    model, hubs = build(problem, STANDARD), hubs_of(problem, common)
    block = model.columns["sent"]
    at = np.isin(problem.bodies.hub[block.keys["body"]], hubs) & (block.keys["period"] == 0)
    most = np.bincount(block.keys["good"][at], model.most[block.span][at].astype(np.float64),
                       minlength=len(problem.goods.good))  # fmt: skip
    names = {line["good"] for line in common["goods"]}
    return {
        good: 10 ** len(str(int(steps)))
        for good, steps in zip(problem.goods.good, most.tolist(), strict=True)
        if good in names and steps > 0
    }


def make_offer(name: str, problem: Problem, prices: Mapping[str, Any]) -> dict[str, Any]:
    """The offer file of a part in answer to a prices file."""
    said = the_file(prices, PRICES)
    common, first = said["agreed"], said["round"] == 0
    brings = {line["good"]: FAR for line in common["goods"]} if first else said["reach"]
    part, keys = part_of(problem, common, brings)
    bidder = Bidder(part)
    answer: dict[str, Any] = {"format": OFFER, "part": name, "round": said["round"],
                              "answers": prices["fingerprint"]}  # fmt: skip
    if first:
        lorries = np.flatnonzero([key[0] == "transport" for key in keys])
        offer, hints = bidder.alone(lorries)
        worth = Prices.of(hints)
        rows = [{**row_of(key), "price": price}
                for key, price in zip(keys, worth.prices.tolist(), strict=True)]  # fmt: skip
        answer |= {"reach": reach(problem, common), "hints": {"scale": worth.scale, "rows": rows}}
    else:
        offer = bidder.answer(prices_at(keys, said["prices"]))
        answer |= {"bound": [offer.bound.numerator, offer.bound.denominator]}
    pairs = zip(keys, offer.draws.tolist(), strict=True)
    draws = [{**row_of(key), "quantity": quantity} for key, quantity in pairs if quantity]
    answer |= {"worth": offer.worth, "draws": draws}
    return {**answer, "fingerprint": fingerprint(answer)}


def take_share(part: Problem, share: Mapping[str, Any]) -> Problem:
    """The part's problem with its share, to be solved like any other: what is given to it arrives
    at the hub, the lorries of the hub carry so much for it, and what it owes is a need of the hub,
    worth `OWED` times its price, before all others. Raises FileError, PlanError."""
    rows, said = rows_of(part), the_file(share, SHARE)
    known = {
        table: {row[name] for row in rows[table]}
        for table, name in (("bodies", "body"), ("goods", "good"), ("periods", "period"))
    }
    owed = []
    for line in said["rows"]:
        kind, body, thing, period = key_of(line)
        quantity = line["quantity"]
        if body not in known["bodies"] or period not in known["periods"]:
            raise PlanError(
                "the share is at {body!r} in {period!r}; the problem has no such place",
                body=body,
                period=period,
            )
        if kind == "balance" and thing not in known["goods"]:
            raise PlanError("the share is of {thing!r}; the problem has no such good", thing=thing)
        place = {"body": body, "period": period, "quantity": abs(quantity)}
        if kind == "transport":
            rows["capacities"].append({**place, "mean": thing})
        elif quantity > 0:
            rows["stocks"].append({"body": body, "good": thing, "period": period,
                                   "opening": quantity})  # fmt: skip
        else:
            owed.append(({**place, "good": thing}, Fraction(OWED * line["price"], WORTH)))
    for line in rows["bodies"]:
        if line["body"] in {place["body"] for place, _ in owed}:
            line["people"] = 1
    _owe(rows, owed)
    return problem_of({table: list(enumerate(lines, 1)) for table, lines in rows.items()})


def _owe(
    rows: dict[str, list[dict[str, Any]]], owed: list[tuple[dict[str, Any], Fraction]]
) -> None:
    """Each delivery owed as a need with a curve of its own, so that a step of it is worth at least
    what was said; the tier's weight is what brings the dearest within what a file may say."""
    if not owed:
        return
    tier = max(row["tier"] for row in rows["tiers"]) + 1
    worths = [worth * place["quantity"] for place, worth in owed]
    weight = max(1, -(-max(worths) // LARGEST))
    if weight > LARGEST:
        raise PlanError("what is owed is worth too much for a problem file; use larger steps")
    rows["tiers"].append({"tier": tier, "weight": int(weight)})
    for at, ((place, _), worth) in enumerate(zip(owed, worths, strict=True), 1):
        curve = f"owed {at}"
        # first among the curves: what is most urgent is lowered last
        rows["curves"].insert(0, {"curve": curve, "width": 1000,
                                  "worth": max(1, -(-worth // weight))})  # fmt: skip
        rows["needs"].append({**place, "tier": tier, "curve": curve})
