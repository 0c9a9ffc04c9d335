"""Pictures of a plan as SVG: where each thing goes, how far needs are met, what is short and when.

Every picture says in text what it shows in colour, and needs nothing beside itself.
"""

from fractions import Fraction

import numpy as np

from comuna.plan import problem as p
from comuna.plan.drawing import (
    EATEN,
    LEFT,
    MADE,
    MARGIN,
    MUTED,
    RULE,
    SHORT,
    STOCK,
    USED,
    WIDTH,
    box,
    fitting,
    legend,
    picture,
    text,
)
from comuna.plan.published import Plan
from comuna.plan.words import number, say, share

BAR = WIDTH - 2 * MARGIN
MOST = 60
"""So many lines are shown; the rest is counted."""
_LEGENDS = {
    "es": ("hecho", "había", "consumido", "usado para hacer", "perdido o sin usar"),
    "en": ("made", "in stock", "consumed", "used to make", "lost or unused"),
}
_KINDS = (MADE, STOCK, EATEN, USED, LEFT)


def pictures(plan: Plan, language: str) -> dict[str, str]:
    """The pictures by name: "flow", "needs" and "short"."""
    return {
        "flow": flow_of_goods(plan, language),
        "needs": met_needs_picture(plan, language),
        "short": what_is_short(plan, language),
    }


def _name(table: object, names: p.Names, language: str, at: int) -> str:
    return p.said(names, getattr(table, language), at)


def flows(plan: Plan) -> dict[str, np.ndarray]:
    """For each good over the whole plan, in steps: made, stock, eaten, used, left."""
    problem, model, x = plan.problem, plan.model, plan.answer.x.astype(np.float64)
    goods = len(problem.goods.good)
    row = np.repeat(np.arange(model.matrix.rows), np.diff(model.matrix.start))
    block, balance = model.columns["activity"], model.rows["balance"]
    here = (model.matrix.index >= block.first) & (model.matrix.index < block.first + block.size)
    here &= row < balance.size
    amount = model.matrix.data[here] * x[model.matrix.index[here]] / model.counting.grain
    good = balance.keys["good"][row[here]]
    made = np.bincount(good, np.maximum(-amount, 0), minlength=goods)
    used = np.bincount(good, np.maximum(amount, 0), minlength=goods)
    stock = np.bincount(problem.stocks.good, problem.stocks.opening, minlength=goods)
    eaten = np.bincount(problem.needs.good[plan.needed.need], plan.met(), minlength=goods)
    left = np.maximum(made + stock - used - eaten, 0)
    return {MADE: made, STOCK: stock, EATEN: eaten, USED: used, LEFT: left}


def flow_of_goods(plan: Plan, language: str) -> str:
    """For each good a bar of where it came from and one of what became of it, with the amounts."""
    found, goods = flows(plan), plan.problem.goods
    total = found[MADE] + found[STOCK]
    shown = [good for good in range(len(goods.good)) if total[good] > 0]
    words = dict(zip(_KINDS, _LEGENDS[language], strict=True))
    body, y = legend(words.items(), 44)
    for good in shown[:MOST]:
        amounts = {kind: _amount(found[kind][good], goods, good, language) for kind in _KINDS}
        name = _name(goods, goods.good, language, good)
        body.append(text(MARGIN, y + 12, fitting(f"{name} ({goods.unit[good]})", BAR), bold=True))
        for line, kinds in enumerate(((MADE, STOCK), (EATEN, USED, LEFT))):
            x = float(MARGIN)
            for kind in kinds:
                width = BAR * found[kind][good] / total[good]
                body.append(box(x, y + 18 + 9 * line, width, 8, kind,
                                f"{name}: {words[kind]} {amounts[kind]}"))  # fmt: skip
                x += width
        told = " → ".join(
            " · ".join(f"{words[kind]} {amounts[kind]}" for kind in kinds if found[kind][good] > 0)
            for kinds in ((MADE, STOCK), (EATEN, USED, LEFT))
        )
        for at, line_of in enumerate(_lines(told)):
            body.append(text(MARGIN, y + 48 + 14 * at, line_of, kind=MUTED))
        y += 54 + 14 * len(_lines(told))
    return _finished("flow-title", language, body, y, len(shown))


def _amount(steps: float, goods: p.Goods, good: int, language: str) -> str:
    return number(Fraction(round(steps), int(goods.steps[good])), language, 1)


def _lines(words: str) -> list[str]:
    """The words in lines that fit."""
    lines, most = [""], int(BAR / 6.5)
    for word in words.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) + 1 > most:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _finished(title: str, language: str, body: list[str], y: float, lines: int) -> str:
    """The picture, with a word on what did not fit."""
    if lines > MOST:
        body.append(text(MARGIN, y + 12, say("more", language, count=lines - MOST), kind=MUTED))
        y += 20
    return picture(say(title, language), y + 8, body)


def met_needs_picture(plan: Plan, language: str) -> str:
    """For each body, those worst off first, a bar for each good it needs: how much of it is met
    over all periods."""
    needs, needed, met = plan.problem.needs, plan.needed, plan.met()
    bodies, goods = plan.problem.bodies, plan.problem.goods
    asked: dict[int, dict[int, list[int]]] = {}
    for at in range(needed.size):
        need = int(needed.need[at])
        cell = asked.setdefault(int(needs.body[need]), {})
        pair = cell.setdefault(int(needs.good[need]), [0, 0])
        pair[0] += int(met[at])
        pair[1] += int(needed.norm[at])
    worst = {who: min(Fraction(*pair) for pair in cell.values()) for who, cell in asked.items()}
    body, y, lines = list[str](), 34.0, 0
    for who in sorted(asked, key=lambda each: (worst[each], each)):
        if lines < MOST:
            name = _name(bodies, bodies.body, language, who)
            body.append(text(MARGIN, y + 14, fitting(name, BAR), bold=True))
            y += 22
        for good, (have, norm) in sorted(asked[who].items(), key=lambda each: Fraction(*each[1])):
            lines += 1
            if lines <= MOST:
                name = _name(goods, goods.good, language, good)
                body += _bar(y, name, Fraction(have, norm), language)
                y += 18
        y += 6 if lines <= MOST else 0
    return _finished("need-title", language, body, y, lines)


def _bar(y: float, name: str, part: Fraction, language: str) -> list[str]:
    """One line: the name, the bar against its whole, the share in words."""
    start, wide = 120.0, WIDTH - 120.0 - 64
    full = min(1.0, float(part))
    told = share(part, language)
    return [
        text(start - 8, y + 11, fitting(name, start - 8 - MARGIN), "end"),
        box(start, y + 2, wide, 11, RULE),
        box(start, y + 2, wide * full, 11, MADE if part >= 1 else EATEN if part >= Fraction(1, 2)
            else SHORT, told),
        text(WIDTH - MARGIN, y + 11, told, "end"),
    ]  # fmt: skip


def what_is_short(plan: Plan, language: str) -> str:
    """For each good that is short a column a period: the share of all needs for it unmet."""
    needs, needed, met = plan.problem.needs, plan.needed, plan.met()
    goods, periods = plan.problem.goods, plan.problem.periods
    size = (len(goods.good), len(periods.period))
    norm, missing = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    place = (needs.good[needed.need], needed.period)
    np.add.at(norm, place, needed.norm)
    np.add.at(missing, place, np.maximum(needed.norm - met, 0))
    short = [Fraction(int(m.sum()), max(1, int(n.sum()))) for m, n in zip(missing, norm,
                                                                          strict=True)]  # fmt: skip
    shown = [g for g in sorted(range(size[0]), key=lambda g: (-short[g], g)) if short[g]]
    if not shown:
        return picture(say("short-title", language), 70, [text(MARGIN, 50,
                       say("all-met", language))])  # fmt: skip
    body, y = list[str](), 34.0
    for good in shown[:MOST]:
        name = _name(goods, goods.good, language, good)
        told = say("short-line", language, good=name, share=share(short[good], language))
        body.append(text(MARGIN, y + 14, fitting(told, BAR), bold=True))
        y += 20
        for first in range(0, size[1], _PERIODS):
            some = range(first, min(first + _PERIODS, size[1]))
            body += _columns(plan, good, missing, norm, some, y, language)
            y += 58
        y += 6
    return _finished("short-title", language, body, y, len(shown))


_PERIODS = 6  # in a line


def _columns(
    plan: Plan, good: int, missing: np.ndarray, norm: np.ndarray, some: range, y: float,
    language: str,
) -> list[str]:  # fmt: skip
    periods, wide = plan.problem.periods, BAR / _PERIODS
    drawn = []
    for k, t in enumerate(some):
        x = MARGIN + wide * k
        part = Fraction(int(missing[good, t]), max(1, int(norm[good, t])))
        told = share(part, language) if norm[good, t] else "–"
        drawn += [
            box(x, y + 4, wide - 6, 22, RULE),
            box(x, y + 4 + 22 * (1 - float(part)), wide - 6, 22 * float(part), SHORT, told),
            text(x + (wide - 6) / 2, y + 40, told, "middle"),
            text(x + (wide - 6) / 2, y + 53,
                 fitting(_name(periods, periods.period, language, t), wide - 4), "middle", MUTED),
        ]  # fmt: skip
    return drawn
