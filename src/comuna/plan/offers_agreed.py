"""Planning by offers with files that travel: on a memory stick, by post, however slowly.

The *centre* has a problem file of its own with what is common: the hubs where parts meet, their
stores and lorries, the ways between them, what they need. Each *part* has one with its own bodies,
of which the topmost name such a hub as theirs. One round is one small file each way: prices of what
is shared go out, an offer comes back. At the end each part gets its share: what arrives for it and
what it owes. docs/plan-format.md describes the files. Recipes, stocks and capacities of a part are
in none of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np

from comuna.plan import problem as p
from comuna.plan.certificate import Prices
from comuna.plan.errors import FileError, Wrong
from comuna.plan.model import Model
from comuna.plan.offers_shapes import OfferFile, PricesFile, ShareFile, check_shape
from comuna.plan.problem import Ints, Problem
from comuna.plan.published import fingerprint

PRICES, OFFER, SHARE = "comuna-prices/1", "comuna-offer/1", "comuna-share/1"
SHAPES: Mapping[str, type[msgspec.Struct]] = {
    PRICES: PricesFile,
    OFFER: OfferFile,
    SHARE: ShareFile,
}
Key = tuple[str, str, str, str]
"""A shared row: balance or transport, its hub, its good or mean, its period."""


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
    bodies, hubs = part.bodies, hubs_of(part, common)
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


def hubs_of(problem: Problem, common: Mapping[str, Any]) -> Ints:
    meeting = set(common["hubs"])
    return np.flatnonzero([body in meeting for body in problem.bodies.body])


def beneath(problem: Problem, hubs: Ints, brings: Mapping[str, int]) -> Problem:
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


def shared_rows(problem: Problem, model: Model, hubs: Ints, goods: set[str]) -> dict[int, Key]:
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


def row_of(key: Key) -> dict[str, str]:
    kind, body, thing, period = key
    return {"row": kind, "body": body, "good" if kind == "balance" else "mean": thing,
            "period": period}  # fmt: skip


def key_of(line: Mapping[str, Any]) -> Key:
    return (
        line["row"],
        line["body"],
        line["good" if line["row"] == "balance" else "mean"],
        (line["period"]),
    )


def prices_at(keys: Sequence[Key], said: Mapping[str, Any]) -> Prices:
    of = {key_of(line): line["price"] for line in said["rows"]}
    return Prices(np.array([of.get(key, 0) for key in keys], dtype=np.int64), said["scale"])


def the_file(said: Any, wanted: str) -> Mapping[str, Any]:
    """The file, if it is of this format and shape and nobody has altered it. Raises FileError."""
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
    check_shape(said, SHAPES[wanted], wanted.split("/")[0])
    return said
