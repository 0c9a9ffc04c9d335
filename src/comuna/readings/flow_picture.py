"""The way of the money as a picture: an SVG that can be read without scripts, in light and dark, by
eye and by ear. Classes, no styles: the page's own sheet colours it, and without one it is drawn in
the colour of the text.

    flow-node  flow-node-<kind>    the bar of a node
    flow-link                      the band of a link
    flow-label  flow-amount        its name and its amount
    flow-head                      what stands over a rank
"""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from comuna.readings.flow import SOURCES, Flow, Node
from comuna.readings.texts import text
from comuna.words import Lang, account, money

WIDTH = 1120
BAR = 14
TOP = 48
GAP = 40  # between the nodes of a rank: room for two lines of text
THICK = 280  # the height that all money together takes
LONGEST = 30  # characters of a name
HEADS = ("sources", "funds", "decisions", "payees")
Key = tuple[int, str, str]


class Box(NamedTuple):
    """Where a node is drawn."""

    x: float
    y: float
    height: float


def flow_svg(flow: Flow, lang: Lang) -> str:
    """The picture of a flow, with its title and description and one title for each band."""
    boxes, height = layout(flow)
    total = money(flow.total, flow.state.unit, flow.state.decimals, lang)
    title = text("flow", "title", lang)
    about = text("flow", "description", lang, total=total)
    if not flow.links:
        about = text("flow", "empty", lang)
    drawn = [*bands(flow, boxes, lang), *bars(flow, boxes, lang)]
    heads = [head(rank, name, lang) for rank, name in enumerate(HEADS)] if flow.links else []
    return (
        f'<svg class="flow" viewBox="0 0 {WIDTH} {height:.0f}" role="img"'
        ' aria-labelledby="flow-title flow-about" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="flow-title">{escape(title)}</title>'
        f'<desc id="flow-about">{escape(about)}</desc>'
        f"{''.join(heads)}{''.join(drawn)}</svg>"
    )


def layout(flow: Flow) -> tuple[dict[Key, Box], float]:
    """The place of every node, and the height of the picture: each rank a column, bars as high as
    what flows through them."""
    columns = [[n for n in flow.nodes if n.rank == rank] for rank in range(len(HEADS))]
    most = max((sum(n.amount for n in column) for column in columns), default=0)
    scale = THICK / most if most else 0.0
    boxes: dict[Key, Box] = {}
    lowest = float(TOP)
    for rank, column in enumerate(columns):
        y = float(TOP)
        for node in column:
            box = Box(left(rank), y, max(2.0, node.amount * scale))
            boxes[node.key] = box
            y += max(box.height, 2.0) + GAP
        lowest = max(lowest, y)
    return boxes, lowest


def left(rank: int) -> float:
    """The left edge of the bars of a rank; to its right there is room for their labels."""
    return rank * WIDTH / len(HEADS)


def head(rank: int, name: str, lang: Lang) -> str:
    return (
        f'<text class="flow-head" x="{left(rank):.0f}" y="20" fill="currentColor"'
        f' font-weight="bold" font-size="15">{escape(text("flow", name, lang))}</text>'
    )


def bars(flow: Flow, boxes: dict[Key, Box], lang: Lang) -> list[str]:
    """The nodes with their labels."""
    drawn = []
    for node in flow.nodes:
        box = boxes[node.key]
        x = box.x + BAR + 6
        middle = box.y + box.height / 2
        name = label(flow, node, lang)
        short = name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…"
        amount = money(node.amount, flow.state.unit, flow.state.decimals, lang)
        drawn.append(
            f"<g><title>{escape(f'{name}: {amount}')}</title>"
            f'<rect class="flow-node flow-node-{node.kind}" x="{box.x:.1f}" y="{box.y:.1f}"'
            f' width="{BAR}" height="{box.height:.1f}" fill="currentColor"/>'
            f'<text x="{x:.1f}" y="{middle - 2:.1f}" fill="currentColor"'
            f' font-size="14"><tspan class="flow-label">{escape(short)}</tspan>'
            f'<tspan class="flow-amount" x="{x:.1f}" dy="16" font-size="13">'
            f"{escape(amount)}</tspan></text></g>"
        )
    return drawn


def bands(flow: Flow, boxes: dict[Key, Box], lang: Lang) -> list[str]:
    """The links, each from its place on the bar it leaves to its place on the bar it enters."""
    names = {node.key: label(flow, node, lang) for node in flow.nodes}
    weight = {node.key: node.amount for node in flow.nodes}
    out_at = {key: box.y for key, box in boxes.items()}
    in_at = dict(out_at)
    drawn = []
    for link in flow.links:
        one, other = boxes[link.source], boxes[link.target]
        leaving = one.height * link.amount / weight[link.source]
        entering = other.height * link.amount / weight[link.target]
        x, y, u, v = one.x + BAR, out_at[link.source], other.x, in_at[link.target]
        out_at[link.source] += leaving
        in_at[link.target] += entering
        bend = (x + u) / 2
        amount = money(link.amount, flow.state.unit, flow.state.decimals, lang)
        told = text(
            "flow",
            "link",
            lang,
            source=names[link.source],
            target=names[link.target],
            amount=amount,
        )
        drawn.append(
            f'<path class="flow-link" fill="currentColor" fill-opacity="0.18"'
            f' d="M{x:.1f},{y:.1f} C{bend:.1f},{y:.1f} {bend:.1f},{v:.1f} {u:.1f},{v:.1f}'
            f" L{u:.1f},{v + entering:.1f} C{bend:.1f},{v + entering:.1f}"
            f' {bend:.1f},{y + leaving:.1f} {x:.1f},{y + leaving:.1f} Z">'
            f"<title>{escape(told)}</title></path>"
        )
    return drawn


def label(flow: Flow, node: Node, lang: Lang) -> str:
    """What a node is called."""
    match node.kind:
        case "decision":
            title = flow.state.proposals[int(node.name)].title
            return text("flow", "decision", lang, number=node.name, title=title)
        case "payee":
            return node.name
        case "into":
            return text("flow", "into", lang, fund=account(node.name, lang, flow.state))
        case "grant":
            grant = flow.state.grants[node.name]
            if node.rank == SOURCES:
                return grant.grantor
            return text("flow", "grant", lang, purpose=grant.purpose)
        case "others":
            return text("flow", "others", lang, count=node.name)
        case "account" | "general" | "fund":
            name = account(node.name, lang, flow.state)
            return name[:1].upper() + name[1:]
        case kind:
            return text("flow", kind, lang)
