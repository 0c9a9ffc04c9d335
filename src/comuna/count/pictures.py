"""Pictures of a count as SVG text: readable without a script, by colour-blind eyes and by screen
readers (every mark has a title), and in the colour of the page's own text.

Widths are whole numbers of pixels; a picture is for looking at, the numbers beside it decide.
"""

from collections.abc import Sequence
from html import escape

from comuna.count.result import Number, Result
from comuna.count.words import number, sentence

WIDTH = 720
_NAMES = 220
_ROW = 26
_RECEIVED = {"es": "recibe", "en": "receives"}
_REPRESENTED = {
    "es": "papeletas que apoyan algo de lo elegido",
    "en": "ballots that support something chosen",
}


def rounds_picture(result: Result, language: str = "en") -> str:
    """Votes of every candidate, a column a round; what each received in it is drawn lighter."""
    shown = [each for each in result.names if any(each in r.votes for r in result.rounds)]
    most = max((votes for each in result.rounds for votes in each.votes.values()), default=0)
    column = (WIDTH - _NAMES) // max(1, len(result.rounds))
    marks: list[str] = []
    for row, candidate in enumerate(shown):
        marks.append(_text(0, row, result.names[candidate], candidate in result.winners))
        for at, each in enumerate(result.rounds):
            votes = each.votes.get(candidate, 0)
            # The votes of a round already hold what was received in it.
            got = min(votes, each.transfers.get(candidate, 0)) if each.action != "count" else 0
            title = f"{result.names[candidate]}, {at + 1}: {number(votes, language)}"
            if got:
                title += f" ({_RECEIVED[language]} {number(got, language)})"
            left = _NAMES + at * column
            long = _pixels(votes, most, column - 8)
            new = _pixels(got, votes, long)
            marks.append(_bar(left, row, long - new, title, "1"))
            if new:
                marks.append(_bar(left + long - new, row, new, title, "0.4"))
    return _svg(marks, len(shown))


def money_picture(result: Result, language: str = "en") -> str:
    """What each project costs; filled as far as it is funded or its supporters had the money."""
    told = [each for each in result.explanations if "cost" in each.facts]
    most = max((each.facts["cost"] for each in told), default=0)
    marks: list[str] = []
    for row, each in enumerate(told):
        funded = each.candidate in result.winners
        cost = each.facts["cost"]
        had = cost if funded else min(cost, each.facts.get("had", 0))
        title = sentence(each, result.names, language)
        marks.append(_text(0, row, result.names[each.candidate], funded))
        marks.append(_bar(_NAMES, row, _pixels(cost, most, WIDTH - _NAMES - 8), title, "0.25"))
        opacity = "1" if funded else "0.5"
        marks.append(_bar(_NAMES, row, _pixels(had, most, WIDTH - _NAMES - 8), title, opacity))
    return _svg(marks, len(told))


def represented_picture(represented: int, ballots: int, language: str = "en") -> str:
    """How many of all ballots support at least one of the chosen."""
    title = f"{number(represented, language)} / {number(ballots, language)}"
    marks = [
        _text(0, 0, f"{title} {_REPRESENTED[language]}", True),
        _bar(0, 1, WIDTH, title, "0.25"),
        _bar(0, 1, _pixels(represented, ballots, WIDTH), title, "1"),
    ]
    return _svg(marks, 2)


def _pixels(part: Number, whole: Number, room: int) -> int:
    return int(part * room / whole) if whole else 0


def _text(left: int, row: int, words: str, strong: bool) -> str:
    weight = "bold" if strong else "normal"
    return f'<text x="{left}" y="{row * _ROW + 17}" font-weight="{weight}">{escape(words)}</text>'


def _bar(left: int, row: int, long: int, title: str, opacity: str) -> str:
    return (
        f'<rect x="{left}" y="{row * _ROW + 5}" width="{long}" height="16" '
        f'fill-opacity="{opacity}"><title>{escape(title)}</title></rect>'
    )


def _svg(marks: Sequence[str], rows: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {rows * _ROW}" '
        f'role="img" fill="currentColor" font-family="sans-serif" font-size="14">'
        + "".join(marks)
        + "</svg>"
    )
