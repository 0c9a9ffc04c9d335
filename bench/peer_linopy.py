"""The nation's program as one writes it in linopy, until HiGHS holds it. The columns with their
bounds and worths are given, as they are to Pyomo; the rows are grouped sums over the tables.
linopy is not a dependency: the benchmark runs where it is installed."""

from __future__ import annotations

from typing import Any

import linopy
import numpy as np
import pandas as pd
import xarray as xr

from comuna.plan import problem as p
from comuna.plan.model import Model
from comuna.plan.problem import LEVEL, Ints, Problem

SHARE = 1000


def write(problem: Problem, model: Model) -> linopy.Model:
    """The program of a nation whose recipes take no time."""
    goods, bodies, able, lines = problem.goods, problem.bodies, problem.abilities, problem.lines
    places, periods = len(goods.good), len(problem.periods.period)
    m = linopy.Model()
    variables, worth = {}, []
    for kind, block in model.columns.items():
        if not block.size:
            continue
        index = pd.RangeIndex(block.size, name=kind)
        most = xr.DataArray(model.most[block.span].astype(float), coords=[index])
        variables[kind] = m.add_variables(0, most, coords=[index], name=kind)
        value = xr.DataArray(model.worth[block.span].astype(float), coords=[index])
        worth.append((variables[kind] * value).sum())
    m.add_objective(sum(worth[1:], worth[0]), sense="max")

    def pair(body: Ints, good: Ints, period: Ints) -> Ints:
        return (period * len(bodies.body) + body) * places + good

    def grouped(kind: str, at: Ints, value: Any, group: Ints) -> Any:
        """Σ value · variable[at] for each group."""
        entry = pd.RangeIndex(len(at), name="entry")
        taken = variables[kind].isel({kind: xr.DataArray(at, coords=[entry])})
        by = xr.DataArray(group, coords=[entry], name="row")
        return (
            (taken * xr.DataArray(np.broadcast_to(value, at.shape), coords=[entry]))
            .groupby(by)
            .sum()
        )

    keys = {kind: block.keys for kind, block in model.columns.items()}
    activity = keys["activity"]
    level = pd.MultiIndex.from_arrays([activity["body"], activity["recipe"]])
    table = pd.DataFrame({"recipe": lines.recipe, "kind": lines.kind, "item": lines.item,
                          "quantity": lines.quantity})  # fmt: skip
    skill = pd.DataFrame({"body": able.body, "recipe": able.recipe, "effort": able.effort,
                          "harvest": able.harvest})  # fmt: skip
    runs = pd.DataFrame({"at": np.arange(len(level)), **activity})
    uses = runs.merge(skill, on=["body", "recipe"]).merge(table, on="recipe")
    quantity = np.select(
        [uses.kind == p.INPUT, uses.kind == p.USE],
        [uses.quantity, -(-uses.quantity * uses.effort // SHARE)],
        -(uses.quantity * uses.harvest // SHARE),
    )
    moved = (uses.kind != p.USE).to_numpy()
    at, body, item = (uses[name].to_numpy() for name in ("at", "body", "item"))
    when = uses["period"].to_numpy()
    hub, links, needs = bodies.hub, problem.links, problem.needs

    def terms(kind: str, body: Ints, value: Any) -> tuple[str, Ints, Any, Ints]:
        return (
            kind,
            np.arange(len(body)),
            value,
            pair(body, keys[kind]["good"], keys[kind]["period"]),
        )

    sent, received = keys["sent"], keys["received"]
    eaten = keys["consumption"]
    own = [
        ("activity", at[moved], quantity[moved] / LEVEL,
         pair(body[moved], item[moved], when[moved])),
        ("consumption", np.arange(len(eaten["need"])), 1.0,
         pair(needs.body[eaten["need"]], needs.good[eaten["need"]], eaten["period"])),
        terms("sent", sent["body"], 1.0),
        terms("received", received["body"], bodies.loss[received["body"]] / SHARE - 1),
    ]  # fmt: skip
    at_hub = [terms("sent", hub[sent["body"]], -1.0), terms("received", hub[received["body"]], 1.0)]
    if "way" in variables:
        way = keys["way"]["link"]
        at_hub.append(terms("way", links.origin[way], 1.0))
        at_hub.append(terms("way", links.target[way], links.loss[way] / SHARE - 1))
    if "stored" in variables:
        stored = keys["stored"]
        size = np.arange(len(stored["body"]))
        keep = -goods.keep[stored["good"]] / SHARE
        own.append(terms("stored", stored["body"], 1.0))
        own.append(("stored", size, keep,
                    pair(stored["body"], stored["good"], stored["period"] + 1)))  # fmt: skip
    opening = np.zeros(periods * len(bodies.body) * places)
    stocks = problem.stocks
    np.add.at(opening, pair(stocks.body, stocks.good, np.maximum(stocks.period, 0)), stocks.opening)

    rows = model.rows["balance"].keys
    is_hub = np.isin(rows["body"], hub)
    every = pair(rows["body"], rows["good"], rows["period"])
    for name, wanted, sums in (("own", every[~is_hub], own), ("hub", every[is_hub], own + at_hub)):
        index = pd.Index(wanted, name="row")
        found = [grouped(*each) for each in _within(sums, wanted)]
        left = linopy.merge(
            [each.reindex(row=index) for each in found], cls=linopy.LinearExpression
        )
        m.add_constraints(left <= xr.DataArray(opening[wanted], coords=[index]), name=name)

    have = np.zeros((len(bodies.body), len(problem.means.mean)))
    have[problem.capacities.body, problem.capacities.mean] = problem.capacities.quantity
    used = model.rows["capacity"].keys
    width = have.shape[1]
    code = (when * len(bodies.body) + body) * width + item
    left = grouped("activity", at[~moved], quantity[~moved] / LEVEL, code[~moved])
    index = pd.Index((used["period"] * len(bodies.body) + used["body"]) * width + used["mean"],
                     name="row")  # fmt: skip
    limit = xr.DataArray(have[used["body"], used["mean"]], coords=[index])
    m.add_constraints(left.reindex(row=index) <= limit, name="capacity")

    load = goods.load / goods.steps
    truck = problem.means.kind.index("transport")
    hauls = model.rows["transport"].keys
    index = pd.Index(hauls["period"] * len(bodies.body) + hauls["body"], name="row")
    carried = [
        grouped(
            kind, np.arange(len(keys[kind]["body"])),
            load[keys[kind]["good"]] * bodies.distance[keys[kind]["body"]],
            keys[kind]["period"] * len(bodies.body) + hub[keys[kind]["body"]],
        ).reindex(row=index)
        for kind in ("sent", "received")
    ]  # fmt: skip
    limit = xr.DataArray(have[hauls["body"], truck], coords=[index])
    m.add_constraints(carried[0] + carried[1] <= limit, name="transport")
    if "way" in variables:
        ways = model.rows["way"].keys
        index = pd.Index(ways["period"] * len(links.origin) + ways["link"], name="row")
        left = grouped("way", np.arange(len(way)), load[keys["way"]["good"]],
                       keys["way"]["period"] * len(links.origin) + way)  # fmt: skip
        limit = xr.DataArray(links.capacity[ways["link"]].astype(float), coords=[index])
        m.add_constraints(left.reindex(row=index) <= limit, name="way")
    return m


def _within(sums: list[tuple[str, Ints, Any, Ints]], wanted: Ints) -> Any:
    """Of each sum, the terms of the rows wanted; sums without any fall out."""
    for kind, at, value, group in sums:
        kept = np.isin(group, wanted)
        if kept.any():
            yield kind, at[kept], np.broadcast_to(value, at.shape)[kept], group[kept]


def hold(problem: Problem, model: Model) -> Any:
    """Write the program and hand it to HiGHS, which does not solve it yet."""
    return write(problem, model).to_highspy()
