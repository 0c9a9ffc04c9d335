"""Planning by offers with files that travel: on a memory stick, by post, however slowly.

The *centre* has a problem file of its own with what is common: the hubs where parts meet, their
stores and lorries, the ways between them, what they need. Each *part* has one with its own bodies,
of which the topmost name such a hub as theirs. One round is one small file each way: prices of what
is shared go out, an offer comes back. At the end each part gets its share: what arrives for it and
what it owes. docs/plan-format.md describes the files. Recipes, stocks and capacities of a part are
in none of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from comuna.plan import problem as p
from comuna.plan.build import build
from comuna.plan.certificate import Prices
from comuna.plan.errors import FileError, PlanError, Wrong
from comuna.plan.executable import lower, slack
from comuna.plan.federation import Part, sub_model
from comuna.plan.model import Block, Floats, Model, sparse
from comuna.plan.offers import Bidder, Centre, Commons, Offer, Round
from comuna.plan.problem import LEVEL, WORTH, Ints, Problem
from comuna.plan.problem_files import problem_of, rows_of
from comuna.plan.published import fingerprint

PRICES, OFFER, SHARE = "comuna-prices/1", "comuna-offer/1", "comuna-share/1"
Key = tuple[str, str, str, str]
"""A shared row: balance or transport, its hub, its good or mean, its period."""
FAR = 10**12
"""What others might bring, while nobody has said anything yet."""
OWED = 10
"""What not delivering what is owed costs a part, in multiples of its price."""
SPARE = 50
"""The centre counts on a fiftieth of a unit less than is owed, so that a part which rounds its own
plan to whole steps breaks nobody else's."""
LARGEST = 10**6  # a weight or a worth in a problem file


def agreed(centre: Problem) -> dict[str, Any]:
    """What all sides must write alike: periods, the goods that are exchanged, the transport mean,
    and the weights that the federation decided; and the hubs where the parts meet."""
    goods, means = centre.goods, centre.means
    hauls = [at for at, kind in enumerate(means.kind) if kind == "transport"]
    return {
        "hubs": list(centre.bodies.body),
        "periods": list(centre.periods.period),
        "goods": [
            {"good": good, "unit": goods.unit[at], "steps": int(goods.steps[at]),
             "load": int(goods.load[at])}
            for at, good in enumerate(goods.good)
        ],
        "transport": [
            {"mean": means.mean[at], "unit": means.unit[at], "steps": int(means.steps[at]),
             "cost": int(means.cost[at])}
            for at in hauls
        ],
        "curves": [
            {"curve": curve, "width": width, "worth": worth}
            for curve, width, worth in zip(centre.curves.curve, centre.curves.width.tolist(),
                                           centre.curves.worth.tolist(), strict=True)
        ],
        "tiers": [
            {"tier": tier, "weight": weight}
            for tier, weight in zip(centre.tiers.tier.tolist(), centre.tiers.weight.tolist(),
                                    strict=True)
        ],
    }  # fmt: skip


def disagreements(part: Problem, common: Mapping[str, Any]) -> list[Wrong]:
    """Where a part's file differs from what was agreed, or speaks of what is the centre's."""
    own, wrongs = agreed(part), list[Wrong]()
    for table in ("periods", "curves", "tiers", "transport"):
        if own[table] != common[table]:
            wrongs.append(
                Wrong(
                    table,
                    0,
                    "is {own}",
                    "agreed is {common}",
                    own=_brief(own[table]),
                    common=_brief(common[table]),
                )
            )
    have = {line["good"]: line for line in own["goods"]}
    for line in common["goods"]:
        if have.get(line["good"], line) != line:
            wrongs.append(
                Wrong(
                    "goods",
                    0,
                    "{have} differs",
                    "agreed is {line}",
                    have=_brief(have[line["good"]]),
                    line=_brief(line),
                )
            )
    bodies, hubs = part.bodies, _hubs(part, common)
    if not np.isin(bodies.hub, hubs).any():
        wrongs.append(
            Wrong(
                "bodies",
                0,
                "no body has a hub where the parts meet",
                "name one of {hubs} as hub",
                hubs=", ".join(common["hubs"]),
            )
        )
    for table in ("abilities", "capacities", "stocks", "needs"):
        for at in np.flatnonzero(np.isin(getattr(part, table).body, hubs)).tolist():
            hub = bodies.body[int(getattr(part, table).body[at])]
            wrongs.append(
                Wrong(
                    table,
                    at + 1,
                    "says something of {hub!r}",
                    "what is at a common hub stands in the centre's file",
                    hub=hub,
                )
            )
    return wrongs


def _brief(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(str(v) for v in value.values())
    return ", ".join(map(_brief, value)) if isinstance(value, list) else str(value)


def _hubs(problem: Problem, common: Mapping[str, Any]) -> Ints:
    meeting = set(common["hubs"])
    return np.flatnonzero([body in meeting for body in problem.bodies.body])


def _beneath(problem: Problem, hubs: Ints, brings: Mapping[str, int]) -> Problem:
    """The problem with one more body beneath each of the hubs, which stands for whoever else meets
    there: it could bring so much of each good."""
    bodies, places = problem.bodies, p.where(problem.goods.good)
    count = len(bodies.body)
    more = count + np.arange(len(hubs))
    ones, words = np.ones(len(hubs), dtype=np.int64), tuple(f"others {hub}" for hub in hubs)
    grown = p.Bodies(
        (*bodies.body, *words), np.append(bodies.people, ones), np.append(bodies.hub, hubs),
        np.append(bodies.loss, 0 * ones), np.append(bodies.distance, ones),
        bodies.es and (*bodies.es, *words), bodies.en and (*bodies.en, *words),
    )  # fmt: skip
    goods = np.array([places[good] for good in brings if good in places], dtype=np.int64)
    most = np.array([brings[good] for good in brings if good in places], dtype=np.int64)
    nothing = np.full(len(more) * len(goods), -1)
    arrivals = {
        "body": np.repeat(more, len(goods)), "good": np.tile(goods, len(more)), "period": nothing,
        "opening": np.tile(most, len(more)), "room": nothing,
    }  # fmt: skip
    stocks = {name: np.append(getattr(problem.stocks, name), values)
              for name, values in arrivals.items()}  # fmt: skip
    return replace(problem, bodies=grown, stocks=p.Stocks(**stocks))


def _keys(problem: Problem, model: Model, hubs: Ints, goods: set[str]) -> dict[int, Key]:
    """The rows of a model that are shared at these hubs, by their place."""
    found: dict[int, Key] = {}
    transport = next((m for m, k in zip(problem.means.mean, problem.means.kind, strict=True)
                      if k == "transport"), "")  # fmt: skip
    for kind in ("balance", "transport"):
        if kind not in model.rows:
            continue
        keys = {key: values.tolist() for key, values in model.rows[kind].keys.items()}
        for at in np.flatnonzero(np.isin(model.rows[kind].keys["body"], hubs)).tolist():
            thing = problem.goods.good[keys["good"][at]] if kind == "balance" else transport
            if kind == "transport" or thing in goods:
                found[model.rows[kind].first + at] = (
                    kind, problem.bodies.body[keys["body"][at]], thing,
                    problem.periods.period[keys["period"][at]],
                )  # fmt: skip
    return found


def part_of(problem: Problem, common: Mapping[str, Any], brings: Mapping[str, int]
) -> tuple[Part, list[Key]]:  # fmt: skip
    """A part's own program, and which shared row each of its last rows is. `brings` is what all
    others might bring of each good, in steps. Raises FileError where its file is not as agreed."""
    wrongs = disagreements(problem, common)
    if wrongs:
        raise FileError(wrongs)
    hubs = _hubs(problem, common)
    whole = _beneath(problem, hubs, brings)
    model = build(whole)
    foreign = np.append(hubs, np.arange(len(problem.bodies.body), len(whole.bodies.body)))
    columns = np.flatnonzero(~np.isin(model.owner, foreign))
    mine = np.intersect1d(hubs, problem.bodies.hub)
    keys = _keys(problem, model, mine, {line["good"] for line in common["goods"]})
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
    model, hubs = build(problem), _hubs(problem, common)
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
    said = _format(prices, PRICES)
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
        rows = [{**_row(key), "price": price}
                for key, price in zip(keys, worth.prices.tolist(), strict=True)]  # fmt: skip
        answer |= {"reach": reach(problem, common), "hints": {"scale": worth.scale, "rows": rows}}
    else:
        offer = bidder.answer(_prices_at(keys, said["prices"]))
        answer |= {"bound": [offer.bound.numerator, offer.bound.denominator]}
    pairs = zip(keys, offer.draws.tolist(), strict=True)
    draws = [{**_row(key), "quantity": quantity} for key, quantity in pairs if quantity]
    answer |= {"worth": offer.worth, "draws": draws}
    return {**answer, "fingerprint": fingerprint(answer)}


def _row(key: Key) -> dict[str, str]:
    kind, body, thing, period = key
    return {"row": kind, "body": body, "good" if kind == "balance" else "mean": thing,
            "period": period}  # fmt: skip


def _key(line: Mapping[str, Any]) -> Key:
    return (
        line["row"],
        line["body"],
        line["good" if line["row"] == "balance" else "mean"],
        (line["period"]),
    )


def _prices_at(keys: Sequence[Key], said: Mapping[str, Any]) -> Prices:
    of = {_key(line): line["price"] for line in said["rows"]}
    return Prices(np.array([of.get(key, 0) for key in keys], dtype=np.int64), said["scale"])


def _format(said: Any, wanted: str) -> Mapping[str, Any]:
    """The file, if it is of this format and nobody has altered it. Raises FileError."""
    if not isinstance(said, dict) or said.get("format") != wanted:
        raise FileError(
            [
                Wrong(
                    wanted.split("/")[0],
                    0,
                    "is another kind of file",
                    'its format is to be "{wanted}"',
                    wanted=wanted,
                )
            ]
        )
    if said.get("fingerprint") != fingerprint(said):
        raise FileError([Wrong(wanted.split("/")[0], 0, "was altered after it was written",
                               "ask for the file again")])  # fmt: skip
    return said


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
    said = [_format(offer, OFFER) for offer in offers]
    first = [offer for offer in said if offer["round"] == 0]
    parts = tuple(sorted({offer["part"] for offer in first}))
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
    whole = _beneath(centre, hubs, _reach_of_all(first))
    model = build(whole)
    columns = np.flatnonzero(model.owner < len(hubs))
    rows = np.flatnonzero(model.row_owner < len(hubs))
    names = _keys(centre, model, hubs, set(centre.goods.good))
    keys = {key: int(np.searchsorted(rows, row)) for row, key in names.items()}
    step = np.full(len(rows), LEVEL, dtype=np.int64)
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
        place = table.keys.get(_key(line))
        if place is None:
            raise PlanError(f"{said['part']} draws on {' '.join(_key(line))}, which the centre "
                            "does not have; agree on goods, periods and hubs first")  # fmt: skip
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
    said = _format(before, PRICES)
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
    known = [line for line in said["rows"] if _key(line) in table.keys]
    places = np.array([table.keys[_key(line)] for line in known], dtype=np.int64)
    return places, np.array([line["price"] / said["scale"] for line in known])


def _all_priced(prices: Prices, table: _Table) -> dict[str, Any]:
    """Prices of the shared rows by their names; those of the centre's own rows by their place."""
    names = {place: key for key, place in table.keys.items()}
    shared = [(names[at], price) for at, price in enumerate(prices.prices.tolist()) if at in names]
    own = [[at, price] for at, price in enumerate(prices.prices.tolist())
           if price and at not in names]  # fmt: skip
    rows = [{**_row(key), "price": price} for key, price in shared if price]
    return {"scale": prices.scale, "rows": rows, "own": own}


def _from_all(said: Mapping[str, Any], table: _Table) -> Prices:
    prices = np.zeros(len(table.commons.bound), dtype=np.int64)
    for line in said["rows"]:
        prices[table.keys[_key(line)]] = line["price"]
    for at, price in said["own"]:
        prices[at] = price
    return Prices(prices, said["scale"])


def make_shares(centre: Problem, offers: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The share file of each part: the best mix of all offers, in whole steps, such that what
    arrives anywhere is no more than what is owed, stored or brought by the ways."""
    table = _table(centre, offers)
    seat = _seated(table)
    for at, said in enumerate(table.rounds[-1]):
        seat.take(at, _offer(table, said))
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
        {**_row(key), "quantity": int(given[place]),
         **({"price": max(1, round(float(prices[place]) * LEVEL))} if given[place] < 0 else {})}
        for key, place in table.keys.items() if given[place]
    ]  # fmt: skip
    share: dict[str, Any] = {"format": SHARE, "part": part, "rows": rows}
    return {**share, "fingerprint": fingerprint(share)}


def take_share(part: Problem, share: Mapping[str, Any]) -> Problem:
    """The part's problem with its share, to be solved like any other: what is given to it arrives
    at the hub, the lorries of the hub carry so much for it, and what it owes is a need of the hub,
    worth `OWED` times its price, before all others. Raises FileError, PlanError."""
    rows, said = rows_of(part), _format(share, SHARE)
    known = {
        table: {row[name] for row in rows[table]}
        for table, name in (("bodies", "body"), ("goods", "good"), ("periods", "period"))
    }
    owed = []
    for line in said["rows"]:
        kind, body, thing, period = _key(line)
        quantity = line["quantity"]
        if body not in known["bodies"] or period not in known["periods"]:
            raise PlanError(
                f"the share is at {body!r} in {period!r}; the problem has no such place"
            )
        if kind == "balance" and thing not in known["goods"]:
            raise PlanError(f"the share is of {thing!r}; the problem has no such good")
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
