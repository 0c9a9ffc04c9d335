"""A made-up nation of communes to plan for: the same seed gives the same nation.

Hubs of fifty communes with ways between neighbours, two recipes a good, each commune knowing some
ten of them with its own effort, needs for two goods in five in two tiers, scarce land and tools,
and a small store of everything a commune touches (a large one of raw goods in three communes of
ten).
4,000 communes of 100 goods are about 256,000 rows and 2.4 million non-zeros.
"""

import numpy as np

from comuna.plan import problem as p
from comuna.plan.problem import Ints, Problem

STEPS = 1000
EACH_HUB = 50


def nation(communes: int, goods: int, periods: int = 1, seed: int = 1, hub_of: int = EACH_HUB
) -> Problem:  # fmt: skip
    """A nation of so many communes, goods and periods."""
    chance = np.random.default_rng(seed)
    hubs = max(1, round(communes / hub_of))
    # communes come first, then hubs
    people = np.maximum(50, chance.lognormal(np.log(800), 0.6, communes).astype(np.int64))
    hub = communes + np.arange(communes) * hubs // communes
    lines = _recipes(chance, goods)
    recipes = 2 * goods
    needed = np.arange(0, goods, 5), np.arange(2, goods, 5)
    norms = chance.integers(5, 60, goods) * STEPS
    known = _known(chance, communes, goods)
    who = np.repeat(np.arange(communes), [len(each) for each in known])
    what = np.concatenate(known)
    labels = [f"c{n}" for n in range(communes)] + [f"hub{n}" for n in range(hubs)]
    return Problem(
        periods=p.Periods(tuple(f"t{n + 1}" for n in range(periods))),
        goods=p.Goods(
            tuple(f"g{n}" for n in range(goods)), ("kg",) * goods, np.full(goods, STEPS),
            np.where(np.arange(goods) % 3 == 0, 950, 0), chance.integers(1, 5, goods),
        ),
        means=p.Means(
            ("labour", "craft", "land", "tools", "transport"), ("h", "h", "ha", "h", "t·km"),
            ("labour", "labour", "land", "tool", "transport"),
            np.array([1, 1, 1000, 1, 1]), np.array([20_000, 20_000, 0, 0, 200]),
        ),
        bodies=p.Bodies(
            tuple(labels), np.concatenate([people, np.ones(hubs, dtype=np.int64)]),
            np.concatenate([hub, np.full(hubs, -1)]),
            np.concatenate([chance.integers(5, 60, communes), np.zeros(hubs, dtype=np.int64)]),
            np.concatenate([chance.integers(1, 30, communes), np.ones(hubs, dtype=np.int64)]),
        ),
        recipes=p.Recipes(tuple(f"r{n}" for n in range(recipes)), ("batch",) * recipes),
        lines=lines,
        abilities=p.Abilities(
            who, what, np.full(len(who), -1), chance.integers(700, 1500, len(who)),
            np.full(len(who), 1000),
        ),
        capacities=_capacities(chance, people, hubs, goods),
        stocks=_stocks(chance, goods, people, _touched(lines, who, what, needed, communes, goods)),
        needs=_needs(communes, people, needed, norms),
        links=_links(hubs, communes, people.sum()),
        curves=p.HARMONY,
        tiers=p.TIERS,
    )  # fmt: skip


def _recipes(chance: np.random.Generator, goods: int) -> p.Lines:
    """Two recipes a good: labour and land or tools, and one to four inputs, most of them made
    earlier in the chain; one in ten has a by-product."""
    rows: list[tuple[int, int, int, int, int]] = []
    for recipe in range(2 * goods):
        good = recipe // 2
        rows.append((recipe, p.OUTPUT, good, 100 * STEPS, 0))
        rows.append((recipe, p.USE, int(chance.integers(0, 2)), int(chance.integers(10, 60)), 0))
        if recipe % 2:
            rows.append((recipe, p.USE, 3, int(chance.integers(3, 20)), 0))
        else:
            rows.append((recipe, p.USE, 2, int(chance.integers(20, 200)), 0))
        if good < max(2, goods // 6):
            continue  # raw goods come from land and labour alone
        taken = set()
        for _ in range(int(chance.integers(1, 5))):
            other = int(chance.integers(0, goods if chance.random() < 0.15 else good))
            if other != good and other not in taken:
                taken.add(other)
                rows.append((recipe, p.INPUT, other, int(chance.integers(2, 15)) * STEPS, 0))
        if chance.random() < 0.1:
            rows.append((recipe, p.OUTPUT, (good + 1) % goods, 5 * STEPS, 0))
    return p.Lines(*np.array(rows, dtype=np.int64).T)


def _known(chance: np.random.Generator, communes: int, goods: int) -> list[Ints]:
    some = min(2 * goods, 11)
    known = [np.sort(chance.choice(2 * goods, some, replace=False)) for _ in range(communes)]
    for good in range(goods):  # everything is known somewhere
        at = int(chance.integers(0, communes))
        known[at] = np.union1d(known[at], [2 * good, 2 * good + 1])
    return known


def _capacities(chance: np.random.Generator, people: Ints, hubs: int, goods: int) -> p.Capacities:
    communes = len(people)
    share = np.array([[2.0], [1.2], [12.0], [1.0]]) * goods / 10
    each = chance.uniform(0.5, 1.5, (4, communes)) * share
    quantity = np.maximum(1, (people * each).astype(np.int64))
    body = np.tile(np.arange(communes), 4)
    mean = np.repeat(np.arange(4), communes)
    trucks = np.full(hubs, int(people.sum() / hubs) * 2000 * goods // 10)
    return p.Capacities(
        np.concatenate([body, communes + np.arange(hubs)]),
        np.concatenate([mean, np.full(hubs, 4)]),
        np.full(4 * communes + hubs, -1),
        np.concatenate([quantity.ravel(), trucks]),
    )


def _touched(
    lines: p.Lines, who: Ints, what: Ints, needed: tuple[Ints, Ints], communes: int, goods: int
) -> np.ndarray:
    """Which goods a commune needs, takes or makes."""
    of_recipe = np.zeros((2 * goods, goods), dtype=bool)
    material = lines.kind != p.USE
    of_recipe[lines.recipe[material], lines.item[material]] = True
    touched = np.zeros((communes, goods), dtype=bool)
    np.logical_or.at(touched, who, of_recipe[what])
    touched[:, np.concatenate(needed)] = True
    return touched


def _stocks(chance: np.random.Generator, goods: int, people: Ints, touched: np.ndarray) -> p.Stocks:
    body, good = np.nonzero(touched)
    large = (good < max(2, goods // 6)) & (chance.random(len(good)) < 0.3)
    each = np.where(large, STEPS, chance.integers(STEPS // 50, STEPS // 5, len(good)))
    nothing = np.full(len(good), -1)
    return p.Stocks(body, good, nothing, people[body] * each, nothing)


def _needs(communes: int, people: Ints, needed: tuple[Ints, Ints], norms: Ints) -> p.Needs:
    body, good, tier = [], [], []
    for place, goods in enumerate(needed):
        body.append(np.repeat(np.arange(communes), len(goods)))
        good.append(np.tile(goods, communes))
        tier.append(np.full(communes * len(goods), place))
    bodies, wanted = np.concatenate(body), np.concatenate(good)
    return p.Needs(
        bodies, wanted, np.full(len(bodies), -1), people[bodies] * norms[wanted] // 4,
        np.concatenate(tier), np.zeros(len(bodies), dtype=np.int64),
    )  # fmt: skip


def _links(hubs: int, first: int, people: int) -> p.Links:
    """A ring of hubs with chords, both ways."""
    pairs = {
        (a, (a + step) % hubs)
        for a in range(hubs)
        for step in (1, max(2, hubs // 7), max(3, hubs // 3))
    }
    pairs |= {(b, a) for a, b in pairs}
    pairs = {(a, b) for a, b in pairs if a != b}
    ends = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2) + first
    capacity = np.full(len(ends), int(people) * 40)
    return p.Links(ends[:, 0], ends[:, 1], capacity, np.full(len(ends), 20))


def one_body(goods: int = 60, recipes: int = 200, periods: int = 12, seed: int = 1) -> Problem:
    """One body that makes much by itself: every recipe, every period, stocks carried over."""
    chance = np.random.default_rng(seed)
    lines: list[tuple[int, int, int, int, int]] = []
    for recipe in range(recipes):
        good = recipe % goods
        lines.append((recipe, p.OUTPUT, good, 100 * STEPS, int(chance.integers(0, 3))))
        lines.append((recipe, p.USE, int(chance.integers(0, 3)), int(chance.integers(5, 60)), 0))
        lines.append(
            (recipe, p.USE, 3 + int(chance.integers(0, 3)), int(chance.integers(3, 40)), 0)
        )
        for other in chance.choice(max(1, good), min(good, 3), replace=False).tolist():
            lines.append((recipe, p.INPUT, other, int(chance.integers(2, 15)) * STEPS, 0))
    nobody, each = np.full(6, -1), np.zeros(6, dtype=np.int64)
    needed = np.arange(0, goods, 2)
    kinds = ("labour",) * 3 + ("tool", "tool", "land")
    return Problem(
        periods=p.Periods(tuple(f"m{t + 1}" for t in range(periods))),
        goods=p.Goods(
            tuple(f"g{n}" for n in range(goods)), ("kg",) * goods, np.full(goods, STEPS),
            np.where(np.arange(goods) % 2 == 0, 980, 0), np.zeros(goods, dtype=np.int64),
        ),
        means=p.Means(
            tuple(f"{kind}{n}" for n, kind in enumerate(kinds)), ("h",) * 6, kinds,
            np.ones(6, dtype=np.int64), np.array([50, 50, 50, 0, 0, 0]),
        ),
        bodies=p.Bodies(("body",), np.array([100]), np.array([-1]), np.array([0]), np.array([1])),
        recipes=p.Recipes(tuple(f"r{n}" for n in range(recipes)), ("batch",) * recipes),
        lines=p.Lines(*np.array(lines, dtype=np.int64).T),
        abilities=p.Abilities(
            np.zeros(recipes, dtype=np.int64), np.arange(recipes), np.full(recipes, -1),
            chance.integers(800, 1200, recipes), np.full(recipes, 1000),
        ),
        capacities=p.Capacities(each, np.arange(6), nobody, chance.integers(4000, 9000, 6)),
        stocks=p.Stocks(
            np.zeros(goods, dtype=np.int64), np.arange(goods), np.full(goods, -1),
            np.full(goods, 2000 * STEPS), np.full(goods, -1),
        ),
        needs=p.Needs(
            np.zeros(len(needed), dtype=np.int64), needed, np.full(len(needed), -1),
            chance.integers(3000, 20_000, len(needed)) * STEPS, (needed // 2) % 2,
            np.zeros(len(needed), dtype=np.int64),
        ),
    )  # fmt: skip
