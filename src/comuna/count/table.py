"""The working of a count as a table for a terminal or a page of minutes: plain text."""

from collections.abc import Sequence

from comuna.count.result import Result, Round
from comuna.count.words import number, sentence

_ACTIONS = {
    "count": ("recuento", "count"),
    "decide": ("decisión", "decision"),
    "compare": ("comparación", "comparison"),
    "elect": ("elige", "elect"),
    "transfer": ("transfiere", "transfer"),
    "exclude": ("excluye", "exclude"),
    "fund": ("financia", "fund"),
    "add": ("añade", "add"),
    "seat": ("puesto", "seat"),
}
_EXHAUSTED = ("sin preferencia", "no choice left")
_TIE = ("Empate", "Tie")


def working(result: Result, language: str = "en") -> str:
    """Round by round what everyone had, then the ties, then a sentence for each candidate."""
    which = 0 if language == "es" else 1
    lines = _rounds(result, language, which)
    for tie in result.ties:
        names = ", ".join(result.names.get(each, each) for each in tie.candidates)
        order = " > ".join(result.names.get(each, each) for each in tie.order)
        lines.append(f"{_TIE[which]} {tie.round}: {names} → {tie.broken_by}: {order}")
    lines.append("")
    lines += [sentence(each, result.names, language) for each in result.explanations]
    return "\n".join(lines)


def _rounds(result: Result, language: str, which: int) -> list[str]:
    shown = [each for each in result.names if any(each in r.votes for r in result.rounds)]
    tally = [each for each in result.rounds if len(each.votes) > 1]
    if len(tally) < len(result.rounds) or not shown:
        return [
            _line(result, at, each, language, which) for at, each in enumerate(result.rounds, 1)
        ]
    rows = [["", *(f"{at} {_ACTIONS[r.action][which]}" for at, r in enumerate(result.rounds, 1))]]
    for each in shown:
        name = ("* " if each in result.winners else "  ") + result.names[each]
        rows.append([name, *(_cell(r, each, language) for r in result.rounds)])
    if any(r.exhausted for r in result.rounds):
        left = [number(r.exhausted, language) for r in result.rounds]
        rows.append([f"  {_EXHAUSTED[which]}", *left])
    return align(rows)


def _line(result: Result, at: int, each: Round, language: str, which: int) -> str:
    names = ", ".join(result.names.get(one, one) for one in each.candidates)
    facts = [number(votes, language) for votes in each.votes.values()]
    facts += [
        f"{key} {number(value, language)}"
        for key, value in each.facts.items()
        if not isinstance(value, dict | list)
    ]
    return f"{at:>3}  {_ACTIONS[each.action][which]} {names}  {'; '.join(facts)}".rstrip()


def _cell(each: Round, candidate: str, language: str) -> str:
    votes = each.votes.get(candidate)
    return "" if votes is None else number(votes, language)


def align(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns side by side: the first to the left, the others to the right."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
