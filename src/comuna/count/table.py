"""The working of a count as a table for a terminal or a page of minutes: plain text."""

from collections.abc import Mapping, Sequence
from typing import Any

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
_FACTS = {
    "cost": ("cuesta {}", "costs {}"),
    "pays_at_most": ("paga cada cual hasta {}", "each pays up to {}"),
    "load": ("carga {}", "load {}"),
}
_NOTES = {
    "endowment": ("Cada votante empieza con {}", "Each voter begins with {}"),
    "endowments": ("Cada votante empieza con: {}", "Each voter begins with: {}"),
    "steps": ("Pasos de completado: {}", "Steps of completion: {}"),
    "left": ("Queda sin gastar: {}", "Left unspent: {}"),
    "represented": (
        "Papeletas que apoyan algo de lo elegido: {}",
        "Ballots that support something chosen: {}",
    ),
    "second_round": ("Pasan a la segunda vuelta: {}", "Go to the second round: {}"),
    "without_guarantees": ("Sin las garantías: {}", "Without the guarantees: {}"),
}
_PAPERS = {
    "cast": ("Papeletas: {}", "Papers: {}"),
    "blank": ("en blanco {}", "blank {}"),
    "equal": ("con varias iguales {} ({})", "with several ranked equal {} ({})"),
    "skipped": ("con lugares saltados {}", "with places passed over {}"),
    "repeated": ("que repiten un nombre {}", "that repeat a name {}"),
}
_EQUALS = {
    "exhaust": ("se detienen ahí", "they stop there"),
    "skip": ("pasan al lugar siguiente", "they go on to the next place"),
    "exhaust-if-several": (
        "se detienen ahí si varias siguen",
        "they stop there if several still stand",
    ),
    "count": ("cuentan como iguales", "they count as equal"),
}
_BROKEN_BY = {
    "earlier round": ("por una ronda anterior", "by an earlier round"),
    "cost": ("gana el más barato", "the cheaper wins"),
    "votes": ("gana el más votado", "the more voted wins"),
    "lot": ("por sorteo", "by lot"),
    "id": ("por orden de identificador", "by order of id"),
}
_EXHAUSTED = ("sin preferencia", "no choice left")
_TIE = ("Empate en la ronda", "Tie in round")


def working(result: Result, language: str = "en") -> str:
    """Round by round what everyone had, then the ties, then a sentence for each candidate."""
    which = 0 if language == "es" else 1
    lines = _rounds(result, language)
    for tie in result.ties:
        names = ", ".join(_name(result, each) for each in tie.candidates)
        order = " > ".join(_name(result, each) for each in tie.order)
        lines.append(
            f"{_TIE[which]} {tie.round}: {names} → {order}, {_BROKEN_BY[tie.broken_by][which]}"
        )
    if "papers" in result.notes:
        lines.append(papers(result, language))
    lines += [
        words[which].format(_note(result, result.notes[key], language))
        for key, words in _NOTES.items()
        if key in result.notes and not (key == "left" and result.rule.budget is None)
    ]
    lines.append("")
    lines += [sentence(each, result.names, language) for each in result.explanations]
    return "\n".join(lines)


def papers(result: Result, language: str) -> str:
    """How many papers there are, and of those that are no plain order, how many and what the rule
    does with them."""
    which = 0 if language == "es" else 1
    handled = _EQUALS[result.rule.overvotes or "count"][which]
    return ", ".join(
        words[which].format(number(result.notes["papers"][key], language), handled)
        for key, words in _PAPERS.items()
        if result.notes["papers"][key]
    )


def _name(result: Result, candidate: str) -> str:
    return result.names.get(candidate, candidate)


def _note(result: Result, value: Any, language: str) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {number(each, language)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_name(result, each) for each in value) or "—"
    return number(value, language)


def _rounds(result: Result, language: str) -> list[str]:
    rows = grid(result, language)
    if not rows:
        return steps(result, language)
    won = [each in result.winners for each in standing(result)]
    for row, chosen in zip(rows[1:], [*won, False], strict=False):
        row[0] = f"{'*' if chosen else ' '} {row[0]}"
    return align(rows)


def standing(result: Result) -> list[str]:
    """The candidates of the grid's rows."""
    if result.rounds and "prefers" in result.rounds[0].facts:
        return list(result.rounds[0].facts["prefers"])
    return [each for each in result.names if any(each in r.votes for r in result.rounds)]


def grid(result: Result, language: str) -> list[list[str]]:
    """The rounds as rows of cells, the first row their headings: what everyone had after each
    round, or two by two how many ballots prefer the row's candidate. Empty for steps."""
    shown = standing(result)
    if len(result.rounds) == 1 and "prefers" in result.rounds[0].facts:
        return _pairs(result, result.rounds[0].facts["prefers"], language)
    if not shown or any(len(each.votes) < 2 for each in result.rounds):
        return []
    which = 0 if language == "es" else 1
    rows = [["", *(f"{at} {_ACTIONS[r.action][which]}" for at, r in enumerate(result.rounds, 1))]]
    for each in shown:
        rows.append([result.names[each], *(_cell(r, each, language) for r in result.rounds)])
    if any(r.exhausted for r in result.rounds):
        left = [number(r.exhausted, language) for r in result.rounds]
        rows.append([_EXHAUSTED[which], *left])
    return rows


def steps(result: Result, language: str) -> list[str]:
    """The rounds line by line: what each did, and the figures."""
    which = 0 if language == "es" else 1
    return [_line(result, at, each, language, which) for at, each in enumerate(result.rounds, 1)]


def _pairs(
    result: Result, prefers: Mapping[str, Mapping[str, int]], language: str
) -> list[list[str]]:
    """How many ballots rank the candidate of the row above that of the column."""
    ids = list(prefers)
    rows = [["", *(str(at) for at in range(1, len(ids) + 1))]]
    for at, a in enumerate(ids, 1):
        name = f"{at} {_name(result, a)}"
        rows.append([name, *("" if a == b else number(prefers[a][b], language) for b in ids)])
    return rows


def _line(result: Result, at: int, each: Round, language: str, which: int) -> str:
    names = ", ".join(_name(result, one) for one in each.candidates)
    facts = [number(votes, language) for votes in each.votes.values()]
    facts += [
        words[which].format(number(each.facts[key], language))
        for key, words in _FACTS.items()
        if key in each.facts
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
