"""Small pictures, drawn on the server as inline SVG: readable without scripts, in light and dark.

Colours come from the classes of the style sheet, so the page's policy needs no exception. Every
picture has a title and says in words what it shows. Widths are whole numbers on a canvas of 1,000:
no float rounds a majority over its line.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import segno
from django.utils.html import escape
from django.utils.safestring import SafeString

WIDTH = 1000
MARK = 4


class Part(NamedTuple):
    """A part of a bar: how much, its colour class, and its words."""

    amount: int
    tone: str
    words: str


def share(amount: int, whole: int) -> int:
    """The width of a part on the canvas, never more than the whole."""
    return min(WIDTH, max(0, amount * WIDTH // whole)) if whole > 0 else 0


def picture(title: str, description: str, shapes: str, height: int) -> SafeString:
    """An SVG with its words; it stretches to the width of its place."""
    return SafeString(
        f'<svg class="bar" role="img" viewBox="0 0 {WIDTH} {height}" preserveAspectRatio="none">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>{shapes}</svg>"
    )


def bar(title: str, parts: Sequence[Part], whole: int, line: int = 0) -> SafeString:
    """Parts of a whole, side by side; `line` marks where it is enough."""
    shapes = [f'<rect class="track" width="{WIDTH}" height="20"/>']
    left = 0
    for part in parts:
        width = min(share(part.amount, whole), WIDTH - left)
        shapes.append(f'<rect class="fill-{part.tone}" x="{left}" width="{width}" height="20"/>')
        left += width
    if line:
        at = min(share(line, whole), WIDTH - MARK)
        shapes.append(f'<rect class="fill-mark" x="{at}" width="{MARK}" height="20"/>')
    description = "; ".join(f"{part.words}: {part.amount}" for part in parts)
    return picture(title, description, "".join(shapes), 20)


def level(title: str, description: str, amount: int, whole: int, tone: str = "a") -> SafeString:
    """How much of a whole is used: a limit spent, a grant received."""
    shapes = (
        f'<rect class="track" width="{WIDTH}" height="20"/>'
        f'<rect class="fill-{tone}" width="{share(amount, whole)}" height="20"/>'
    )
    return picture(title, description, shapes, 20)


def priced(
    title: str, description: str, parts: Sequence[Part], whole: int, most: int
) -> SafeString:
    """What something costs as the length of its track, beside others of which the dearest costs
    `most`; the parts of it that were found are filled."""
    shapes = [f'<rect class="track" width="{share(whole, most)}" height="20"/>']
    left = 0
    for part in parts:
        width = share(part.amount, most)
        shapes.append(f'<rect class="fill-{part.tone}" x="{left}" width="{width}" height="20"/>')
        left += width
    return picture(title, description, "".join(shapes), 20)


def clock(title: str, description: str, since: int, until: int, now: int) -> SafeString:
    """A time that runs out: what is left of it, counted from now. Amber in its last fifth, and
    empty once it is over."""
    whole, left = until - since, max(0, until - now)
    tone = "wait" if left * 5 < whole else "good"
    return level(title, description, left, whole, tone)


@lru_cache(maxsize=64)  # the same checkpoint is shown until the next act
def qr(text: str, title: str) -> SafeString:
    """A QR code of a text, as paths in black on white so that any camera reads it in the dark
    colours too."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None, title=title)
    return SafeString(f'<div class="qr">{drawn}</div>')
