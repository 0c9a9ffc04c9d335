"""Pictures of a plan as SVG: where each thing goes, how far needs are met, what is short and when.

Every picture says in text what it shows in colour, and needs nothing beside itself.
"""

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np

from comuna.plan import problem as p
from comuna.plan.published import Plan
from comuna.plan.words import LANGUAGES, say

ROW, LABEL, BAR, MOST = 26, 170, 420, 40
MADE, STOCK, EATEN, USED, LEFT, SHORT = (
    "#2f6f4e", "#9bbf8a", "#d08c2e", "#5b7aa5", "#b9b9b9", "#b23a3a",
)  # fmt: skip
_LEGENDS = {
    "es": ("hecho", "había", "consumido", "usado para hacer", "perdido o sin usar"),
    "en": ("made", "in stock", "eaten", "used to make", "lost or unused"),
}


def pictures(plan: Plan, language: str) -> dict[str, str]:
    """The pictures by name: "flow", "needs" and "short"."""
    return {
        "flow": flow_of_goods(plan, language),
        "needs": met_needs_picture(plan, language),
        "short": what_is_short(plan, language),
    }


def _svg(title: str, width: int, height: int, body: Iterable[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{escape(title)}</title>'
        f'<text x="8" y="20" font-size="15" font-weight="bold">{escape(title)}</text>'
    )
    return "\n".join([head, *body, "</svg>\n"])


def _text(x: float, y: float, words: str, anchor: str = "start", fill: str = "#222") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}">{escape(words)}</text>'
    )


def _box(x: float, y: float, width: float, height: float, fill: str, words: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(0.0, width):.1f}" height="{height}" '
        f'fill="{fill}"><title>{escape(words)}</title></rect>'
    )


def _words(table: object, names: p.Names, language: str, at: int) -> str:
    return p.said(names, getattr(table, language), at)


def flows(plan: Plan) -> dict[str, np.ndarray]:
    """For each good over the whole plan, in steps: made, stock, eaten, used, left."""
    problem, model, x = plan.problem, plan.model, plan.answer.x.astype(np.float64)
    goods = len(problem.goods.good)
    row = np.repeat(np.arange(model.matrix.rows), np.diff(model.matrix.start))
    block, balance = model.columns["activity"], model.rows["balance"]
    here = (model.matrix.index >= block.first) & (model.matrix.index < block.first + block.size)
    here &= row < balance.size
    amount = model.matrix.data[here] * x[model.matrix.index[here]] / p.LEVEL
    good = balance.keys["good"][row[here]]
    made = np.bincount(good, np.maximum(-amount, 0), minlength=goods)
    used = np.bincount(good, np.maximum(amount, 0), minlength=goods)
    stock = np.bincount(problem.stocks.good, problem.stocks.opening, minlength=goods)
    eaten = np.bincount(problem.needs.good[plan.needed.need], plan.met(), minlength=goods)
    left = np.maximum(made + stock - used - eaten, 0)
    return {"made": made, "stock": stock, "eaten": eaten, "used": used, "left": left}


def flow_of_goods(plan: Plan, language: str) -> str:
    """Two bars a good: where it came from, and what became of it."""
    found, goods = flows(plan), plan.problem.goods
    total = found["made"] + found["stock"]
    shown = [
        g for g in np.argsort(-(total > 0).astype(int), kind="stable").tolist() if total[g] > 0
    ]
    body, y = list(_legend(language)), 62
    for good in shown[:MOST]:
        name = _words(goods, goods.good, language, good)
        body.append(_text(LABEL - 8, y + 15, name, "end"))
        for line, keys in enumerate((("made", "stock"), ("eaten", "used", "left"))):
            x = float(LABEL)
            for key in keys:
                width = BAR * found[key][good] / total[good]
                units = f"{found[key][good] / goods.steps[good]:.6g} {goods.unit[good]}"
                body.append(_box(x, y + 11 * line, width, 10, _COLOURS[key], f"{name}: {units}"))
                x += width
        units = f"{total[good] / goods.steps[good]:.6g} {goods.unit[good]}"
        body.append(_text(LABEL + BAR + 8, y + 15, units))
        y += ROW + 4
    return _svg(say("flow-title", language), LABEL + BAR + 150, y + 10, body)


_COLOURS = {"made": MADE, "stock": STOCK, "eaten": EATEN, "used": USED, "left": LEFT}


def _legend(language: str) -> Iterable[str]:
    x = float(LABEL)
    for key, word in zip(_COLOURS, _LEGENDS[language], strict=True):
        yield _box(x, 34, 12, 12, _COLOURS[key], word)
        yield _text(x + 16, 45, word)
        x += 30 + 7 * len(word)


def met_needs_picture(plan: Plan, language: str) -> str:
    """A table of bodies by goods, each cell the share met over all periods."""
    assert language in LANGUAGES
    needs, needed, met = plan.problem.needs, plan.needed, plan.met()
    bodies, goods = plan.problem.bodies, plan.problem.goods
    asked: dict[tuple[int, int], list[int]] = {}
    for at in range(needed.size):
        need = int(needed.need[at])
        cell = asked.setdefault((int(needs.body[need]), int(needs.good[need])), [0, 0])
        cell[0] += int(met[at])
        cell[1] += int(needed.norm[at])
    rows = _worst_first(asked, 0)[:MOST]
    columns = sorted({good for _, good in asked})[:MOST]
    wide, body = 64, []
    for k, good in enumerate(columns):
        name = _words(goods, goods.good, language, good)
        body.append(_text(LABEL + wide * k + wide / 2, 48, name[:9], "middle"))
    for line, who in enumerate(rows):
        y = 58 + ROW * line
        body.append(_text(LABEL - 8, y + 17, _words(bodies, bodies.body, language, who), "end"))
        for k, good in enumerate(columns):
            if (who, good) in asked:
                have, norm = asked[who, good]
                share = min(1.0, have / norm)
                words = f"{100 * have / norm:.0f} %"
                body.append(_box(LABEL + wide * k, y, wide - 2, ROW - 2, _shade(share), words))
                ink = "#fff" if share < 0.35 or share > 0.8 else "#222"
                body.append(_text(LABEL + wide * k + wide / 2, y + 16, words, "middle", ink))
    width = LABEL + wide * len(columns) + 20
    return _svg(say("need-title", language), width, 70 + ROW * len(rows), body)


def _worst_first(asked: dict[tuple[int, int], list[int]], place: int) -> list[int]:
    least: dict[int, float] = {}
    for key, (have, norm) in asked.items():
        least[key[place]] = min(least.get(key[place], 9.0), have / norm)
    return sorted(least, key=lambda at: (least[at], at))


def _shade(share: float) -> str:
    """From red (nothing) by pale to green (all)."""
    ends = ((178, 58, 58), (240, 226, 190), (47, 111, 78))
    low, high = (ends[0], ends[1]) if share < 0.5 else (ends[1], ends[2])
    part = share * 2 if share < 0.5 else share * 2 - 1
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in zip(low, high, strict=True))


def what_is_short(plan: Plan, language: str) -> str:
    """For each good a bar a period: the share of all needs for it that goes unmet."""
    needs, needed, met = plan.problem.needs, plan.needed, plan.met()
    goods, periods = plan.problem.goods, plan.problem.periods
    size = (len(goods.good), len(periods.period))
    norm, missing = np.zeros(size), np.zeros(size)
    place = (needs.good[needed.need], needed.period)
    np.add.at(norm, place, needed.norm)
    np.add.at(missing, place, np.maximum(needed.norm - met, 0))
    worst = np.argsort(-missing.sum(axis=1) / np.maximum(norm.sum(axis=1), 1), kind="stable")
    shown = [g for g in worst.tolist() if missing[g].any()][:MOST]
    wide = max(14, min(64, BAR // size[1]))
    body = [_text(LABEL + wide * t + wide / 2, 48, _words(periods, periods.period, language, t)[:5],
                  "middle") for t in range(size[1])]  # fmt: skip
    if not shown:
        body = [_text(LABEL, 60, say("all-met", language))]
    for line, good in enumerate(shown):
        y = 58 + ROW * line
        body.append(_text(LABEL - 8, y + 17, _words(goods, goods.good, language, good), "end"))
        body += _bars(missing[good] / np.maximum(norm[good], 1), y, wide)
    return _svg(say("short-title", language), LABEL + wide * size[1] + 20,
                80 + ROW * len(shown), body)  # fmt: skip


def _bars(shares: Sequence[float] | np.ndarray, y: float, wide: int) -> Iterable[str]:
    for t, share in enumerate(shares):
        height = round((ROW - 4) * float(share), 1)
        words = f"{100 * float(share):.0f} %"
        yield _box(
            LABEL + wide * t, y + ROW - 4 - height, wide - 2, int(height + 0.5), SHORT, words
        )
        if share > 0 and wide >= 30:
            yield _text(LABEL + wide * t + wide / 2, y + 16, words, "middle")
