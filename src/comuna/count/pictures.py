"""Pictures of a count as SVG text: readable without a script, by colour-blind eyes and by screen
readers (every mark has a title), and in the colour of the page's own text.

Widths are whole numbers of pixels; a picture is for looking at, the numbers beside it decide.
"""

from collections.abc import Sequence
from html import escape

from comuna.count.result import Number, Result, Round
from comuna.count.words import number, sentence

WIDTH = 720
_BAR = 14
_AMOUNT = 170  # beside a bar of money, what it says in numbers
_LONGEST = 90  # letters of a name that fit in the width
_RECEIVED = {"es": "recibe", "en": "receives"}
_QUOTA = {"es": "cuota", "en": "quota"}
_LINE = {"es": " Línea de puntos: la cuota.", "en": " Dotted line: the quota."}
_ROUNDS = {
    "es": "Votos de cada candidatura en cada ronda. Claro: lo que recibió en ella.",
    "en": "Votes of each candidate in each round. Lighter: what it received in it.",
}
_MONEY = {
    "es": "Lleno: se financia. Medio: lo que se pudo reunir. Claro: lo que cuesta.",
    "en": "Full: funded. Medium: what could be gathered. Light: what it costs.",
}
_REPRESENTED = {
    "es": "papeletas que apoyan algo de lo elegido",
    "en": "ballots that support something chosen",
}


def rounds_picture(result: Result, language: str = "en") -> str:
    """Votes of every candidate, a column a round; what each received in it is drawn lighter, and a
    line marks the quota where there is one."""
    shown = [each for each in result.names if any(each in r.votes for r in result.rounds)]
    most = max((votes for each in result.rounds for votes in each.votes.values()), default=0)
    column = WIDTH // max(1, len(result.rounds))
    row = 54 if column >= 40 else 40  # narrower columns have no room for numbers
    quota = any("quota" in each.facts for each in result.rounds)
    legend = _ROUNDS[language] + (_LINE[language] if quota else "")
    marks = [_text(0, 14, legend, 12)] + [
        _text(at * column, 34, number(at + 1, language), 11) for at in range(len(result.rounds))
    ]
    for line, candidate in enumerate(shown):
        top = 40 + line * row
        elected = candidate in result.winners
        marks.append(_text(0, top + 14, _short(result.names[candidate]), 14, strong=elected))
        for at, each in enumerate(result.rounds):
            if each.votes.get(candidate) or (at == 0 and candidate in each.votes):
                left, room = at * column, column - 8
                marks += _votes(result, each, at, candidate, left, top + 19, room, most, language)
                if column >= 40:
                    told = number(each.votes[candidate], language).partition(_POINT[language])[0]
                    marks.append(_text(left, top + 45, told, 11))
    return _svg(marks, 40 + len(shown) * row, legend)


_POINT = {"es": ",", "en": "."}


def _votes(
    result: Result,
    each: Round,
    at: int,
    candidate: str,
    left: int,
    top: int,
    room: int,
    most: Number,
    language: str,
) -> list[str]:
    """One candidate's bar in one round."""
    votes = each.votes[candidate]
    # The votes of a round already hold what was received in it.
    got = min(votes, each.transfers.get(candidate, 0)) if each.action != "count" else 0
    title = f"{result.names[candidate]}, {at + 1}: {number(votes, language)}"
    if got:
        title += f" ({_RECEIVED[language]} {number(got, language)})"
    long = _pixels(votes, most, room)
    new = _pixels(got, votes, long)
    marks = [_bar(left, top, long - new, title, "1")]
    if new:
        marks.append(_bar(left + long - new, top, new, title, "0.4"))
    if quota := each.facts.get("quota"):
        line = left + _pixels(quota, most, room)
        told = f"{_QUOTA[language]} {number(quota, language)}"
        marks.append(
            f'<line x1="{line}" y1="{top - 2}" x2="{line}" y2="{top + _BAR + 2}" '
            f'stroke="currentColor" stroke-dasharray="2 2"><title>{escape(told)}</title></line>'
        )
    return marks


def money_picture(result: Result, language: str = "en") -> str:
    """What each project costs; filled as far as it is funded or its supporters had the money."""
    told = [each for each in result.explanations if "cost" in each.facts]
    most = max((each.facts["cost"] for each in told), default=0)
    marks = [_text(0, 14, _MONEY[language], 12)]
    for row, each in enumerate(told):
        funded = each.candidate in result.winners
        cost = each.facts["cost"]
        had = cost if funded else min(cost, each.facts.get("had", 0))
        title = sentence(each, result.names, language)
        top = 28 + row * 40
        marks.append(_text(0, top + 12, _short(result.names[each.candidate]), 14, strong=funded))
        whole = _pixels(cost, most, WIDTH - _AMOUNT)
        marks.append(_bar(0, top + 17, whole, title, "0.25"))
        marks.append(_bar(0, top + 17, _pixels(had, most, WIDTH - _AMOUNT), title, _full(funded)))
        amount = number(cost, language)
        if not funded and "had" in each.facts:
            amount = f"{number(had, language)} / {amount}"
        marks.append(_text(whole + 8, top + 29, amount, 12))
    return _svg(marks, 28 + len(told) * 40, _MONEY[language])


def _full(funded: bool) -> str:
    return "1" if funded else "0.5"


def represented_picture(represented: int, ballots: int, language: str = "en") -> str:
    """How many of all ballots support at least one of the chosen."""
    title = f"{number(represented, language)} / {number(ballots, language)}"
    marks = [
        _text(0, 17, f"{title} {_REPRESENTED[language]}", 14, strong=True),
        _bar(0, 26, WIDTH, title, "0.25"),
        _bar(0, 26, _pixels(represented, ballots, WIDTH), title, "1"),
    ]
    return _svg(marks, 44, f"{title} {_REPRESENTED[language]}")


def _pixels(part: Number, whole: Number, room: int) -> int:
    return int(part * room / whole) if whole else 0


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"


def _text(left: int, base: int, words: str, size: int, strong: bool = False) -> str:
    weight = "bold" if strong else "normal"
    return (
        f'<text x="{left}" y="{base}" font-size="{size}" font-weight="{weight}">'
        f"{escape(words)}</text>"
    )


def _bar(left: int, top: int, long: int, title: str, opacity: str) -> str:
    return (
        f'<rect x="{left}" y="{top}" width="{long}" height="{_BAR}" '
        f'fill-opacity="{opacity}"><title>{escape(title)}</title></rect>'
    )


def _svg(marks: Sequence[str], height: int, title: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'role="img" fill="currentColor" font-family="sans-serif">'
        f"<title>{escape(title)}</title>" + "".join(marks) + "</svg>"
    )
