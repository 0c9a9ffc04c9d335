"""The nation's program as one writes it in Pyomo, until HiGHS holds it (appsi). The columns with
their bounds and worths are given, as they are to linopy; the rows are written out from the tables.
Pyomo is not a dependency: the benchmark runs where it is installed."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pyomo.environ as pyo
from pyomo.contrib.appsi.solvers import Highs

from comuna.plan import problem as p
from comuna.plan.model import Model
from comuna.plan.problem import LEVEL, Problem

SHARE = 1000


def keys_of(model: Model, kind: str, *names: str) -> list[tuple[int, ...]]:
    keys = model.columns[kind].keys
    return list(zip(*(keys[name].tolist() for name in names), strict=True))


def _between(most: dict[tuple[int, ...], int]) -> Any:
    return lambda _, *key: (0, most[key])


def write(problem: Problem, model: Model) -> pyo.ConcreteModel:
    """The program of a nation whose recipes take no time."""
    able, bodies, needs, links = (
        problem.abilities, problem.bodies, problem.needs, problem.links,
    )  # fmt: skip
    ability_of = {
        (b, r): at
        for at, (b, r) in enumerate(zip(able.body.tolist(), able.recipe.tolist(), strict=True))
    }
    sets = {
        "activity": [
            (ability_of[b, r], t)
            for b, r, t in keys_of(model, "activity", "body", "recipe", "period")
        ],
        "consumption": keys_of(model, "consumption", "need", "period", "part"),
        "sent": keys_of(model, "sent", "body", "good", "period"),
        "received": keys_of(model, "received", "body", "good", "period"),
        "way": keys_of(model, "way", "link", "good", "period"),
        "stored": keys_of(model, "stored", "body", "good", "period"),
    }
    m = pyo.ConcreteModel()
    worth: list[Any] = []
    for kind, keys in sets.items():
        span = model.columns[kind].span
        most = dict(zip(keys, model.most[span].tolist(), strict=True))
        value = dict(zip(keys, model.worth[span].tolist(), strict=True))
        variable = pyo.Var(
            pyo.Set(initialize=keys, dimen=len(keys[0]) if keys else 1), bounds=_between(most)
        )
        setattr(m, kind, variable)
        worth += [value[key] * variable[key] for key in keys if value[key]]
    m.worth = pyo.Objective(expr=pyo.quicksum(worth), sense=pyo.maximize)

    goods, means = defaultdict(list), defaultdict(list)
    of_recipe = defaultdict(list)
    lines = problem.lines
    for recipe, kind, item, quantity in zip(
        lines.recipe.tolist(), lines.kind.tolist(), lines.item.tolist(), lines.quantity.tolist(),
        strict=True,
    ):  # fmt: skip
        of_recipe[recipe].append((kind, item, quantity))
    for at, t in sets["activity"]:
        body, effort, harvest = int(able.body[at]), int(able.effort[at]), int(able.harvest[at])
        for kind, item, quantity in of_recipe[int(able.recipe[at])]:
            if kind == p.USE:
                means[body, item, t].append((at, -(-quantity * effort // SHARE)))
            else:
                each = quantity if kind == p.INPUT else -(quantity * harvest // SHARE)
                goods[body, item, t].append((at, each))
    eaten, up, down, out, into = (defaultdict(list) for _ in range(5))
    for need, t, part in sets["consumption"]:
        eaten[int(needs.body[need]), int(needs.good[need]), t].append((need, t, part))
    for body, good, t in sets["sent"]:
        up[int(bodies.hub[body]), good, t].append(body)
    for body, good, t in sets["received"]:
        down[int(bodies.hub[body]), good, t].append(body)
    for link, good, t in sets["way"]:
        out[int(links.origin[link]), good, t].append(link)
        into[int(links.target[link]), good, t].append(link)
    opening: dict[tuple[int, int, int], int] = defaultdict(int)
    stocks = problem.stocks
    for body, good, t, quantity in zip(
        stocks.body.tolist(), stocks.good.tolist(), stocks.period.tolist(),
        stocks.opening.tolist(), strict=True,
    ):  # fmt: skip
        opening[body, good, max(t, 0)] += quantity

    def balance(m: Any, body: int, good: int, t: int) -> Any:
        key = body, good, t
        terms = [m.consumption[each] for each in eaten[key]]
        terms += [each / LEVEL * m.activity[at, t] for at, each in goods[key]]
        terms += [m.sent[key]] if key in m.sent else []
        terms += (
            [(int(bodies.loss[body]) / SHARE - 1) * m.received[key]] if key in m.received else []
        )
        terms += [-m.sent[each, good, t] for each in up[key]]
        terms += [m.received[each, good, t] for each in down[key]]
        terms += [m.way[link, good, t] for link in out[key]]
        terms += [(int(links.loss[link]) / SHARE - 1) * m.way[link, good, t] for link in into[key]]
        terms += [m.stored[key]] if key in m.stored else []
        before = body, good, t - 1
        if before in m.stored:
            terms.append(-int(problem.goods.keep[good]) / SHARE * m.stored[before])
        return pyo.quicksum(terms) <= opening[key] if terms else pyo.Constraint.Skip

    rows = {kind: model.rows[kind].keys for kind in model.rows}

    def tuples(kind: str, *names: str) -> list[tuple[int, ...]]:
        return list(zip(*(rows[kind][name].tolist() for name in names), strict=True))

    m.balance = pyo.Constraint(tuples("balance", "body", "good", "period"), rule=balance)
    have: dict[tuple[int, int], int] = {}
    capacities = problem.capacities
    for body, mean, quantity in zip(
        capacities.body.tolist(), capacities.mean.tolist(), capacities.quantity.tolist(),
        strict=True,
    ):  # fmt: skip
        have[body, mean] = quantity
    m.capacity = pyo.Constraint(
        tuples("capacity", "body", "mean", "period"),
        rule=lambda m, body, mean, t: (
            pyo.quicksum(each / LEVEL * m.activity[at, t] for at, each in means[body, mean, t])
            <= have[body, mean]
        ),
    )
    load = (problem.goods.load / problem.goods.steps).tolist()
    truck = problem.means.kind.index("transport")
    carried = defaultdict(list)
    for name, members in (("sent", up), ("received", down)):
        for (hub, good, t), each in members.items():
            if load[good]:
                carried[hub, t] += [
                    (name, (body, good, t), load[good] * int(bodies.distance[body]))
                    for body in each
                ]
    m.transport = pyo.Constraint(
        tuples("transport", "body", "period"),
        rule=lambda m, hub, t: (
            pyo.quicksum(weight * getattr(m, name)[key] for name, key, weight in carried[hub, t])
            <= have[hub, truck]
        ),
    )
    if "way" in rows:
        on_way = defaultdict(list)
        for link, good, t in sets["way"]:
            if load[good]:
                on_way[link, t].append((good, load[good]))
        m.ways = pyo.Constraint(
            tuples("way", "link", "period"),
            rule=lambda m, link, t: (
                pyo.quicksum(weight * m.way[link, good, t] for good, weight in on_way[link, t])
                <= int(links.capacity[link])
            ),
        )
    return m


def hold(problem: Problem, model: Model) -> Any:
    """Write the program and hand it to HiGHS, which does not solve it yet."""
    solver = Highs()
    solver.set_instance(write(problem, model))
    return solver._solver_model
