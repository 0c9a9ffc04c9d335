"""The few marks that the pictures of the plan are drawn with, as SVG that needs nothing beside it.

Pictures are narrow, so that a phone shows them at their own size and a desktop larger. Colours come
from classes, which follow the reader's light or dark setting; whatever a colour says stands in text
too.
"""

from collections.abc import Iterable
from html import escape

WIDTH, MARGIN = 400, 12
INK, MUTED, GROUND, RULE = "ink", "muted", "ground", "rule"
MADE, STOCK, EATEN, USED, LEFT, SHORT = "made", "stock", "eaten", "used", "left", "short"
_LIGHT_AND_DARK = {
    GROUND: ("#ffffff", "#1b1b1b"),
    INK: ("#222222", "#eeeeee"),
    MUTED: ("#595959", "#b5b5b5"),
    RULE: ("#d9d9d9", "#444444"),
    MADE: ("#2f6f4e", "#5fb38a"),
    STOCK: ("#9bbf8a", "#3d5f45"),
    EATEN: ("#d08c2e", "#d9a04d"),
    USED: ("#5b7aa5", "#7f9fca"),
    LEFT: ("#b9b9b9", "#6a6a6a"),
    SHORT: ("#b23a3a", "#e0736f"),
}


def _style() -> str:
    def rules(at: int) -> str:
        return "".join(
            f".cp .{kind}{{fill:{both[at]}}}.cp .{kind}-line{{stroke:{both[at]}}}"
            for kind, both in _LIGHT_AND_DARK.items()
        )

    return f"<style>{rules(0)}@media (prefers-color-scheme:dark){{{rules(1)}}}</style>"


def picture(title: str, height: float, body: Iterable[str], width: float = WIDTH) -> str:
    """The whole picture, `width` × `height`, under its title."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        'role="img" class="cp" font-family="sans-serif" font-size="12" '
        'style="width:100%;max-width:46rem">'
        f"<title>{escape(title)}</title>{_style()}"
        f'<rect width="100%" height="100%" class="{GROUND}"/>'
        f'<text x="{MARGIN}" y="22" font-size="15" font-weight="bold" class="{INK}">'
        f"{escape(title)}</text>"
    )
    return "\n".join([head, *body, "</svg>\n"])


def text(
    x: float, y: float, words: str, anchor: str = "start", kind: str = INK, bold: bool = False
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}"{weight}>'
        f"{escape(words)}</text>"
    )


def box(x: float, y: float, width: float, height: float, kind: str, words: str = "") -> str:
    """A filled box; what it stands for is shown where it is pointed at."""
    told = f"<title>{escape(words)}</title>" if words else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(0.0, width):.1f}" height="{height:.1f}" '
        f'class="{kind}">{told}</rect>'
    )


def legend(entries: Iterable[tuple[str, str]], y: float) -> tuple[list[str], float]:
    """Boxes with their words, in as many lines as they need; and where what follows may begin."""
    drawn, x = [], float(MARGIN)
    for kind, words in entries:
        wide = 24 + 6.6 * len(words)
        if x > MARGIN and x + wide > WIDTH:
            x, y = float(MARGIN), y + 18
        drawn += [box(x, y - 10, 11, 11, kind), text(x + 15, y, words, kind=MUTED)]
        x += wide
    return drawn, y + 12


def fitting(words: str, width: float) -> str:
    """The words, shortened with an ellipsis where they are wider than the width."""
    most = max(1, int(width / 6.6))
    return words if len(words) <= most else words[: most - 1] + "…"
