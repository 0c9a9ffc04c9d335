"""The sentences that explain a count, in Spanish and English: one for each key and language.

`{name}` is the candidate; the other places are the explanation's facts. Numbers are written as
each language writes them; ids are written as names.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from comuna.count.result import Explanation

LANGUAGES = ("es", "en")

SENTENCES: Mapping[str, tuple[str, str]] = {
    "motion-adopted": (
        "Aprobada: {yes} a favor, {no} en contra, {abstain} abstenciones. Sobre una base de "
        "{base} ({base_name}) hacían falta {needed}. Padrón {roll}, presentes {present}.",
        "Adopted: {yes} yes, {no} no, {abstain} abstentions. Over a base of {base} ({base_name}) "
        "it took {needed}. Roll {roll}, present {present}.",
    ),
    "motion-rejected": (
        "Rechazada: {yes} a favor, {no} en contra, {abstain} abstenciones. Sobre una base de "
        "{base} ({base_name}) hacían falta {needed}. Padrón {roll}, presentes {present}.",
        "Rejected: {yes} yes, {no} no, {abstain} abstentions. Over a base of {base} ({base_name}) "
        "it took {needed}. Roll {roll}, present {present}.",
    ),
    "motion-no-quorum": (
        "Sin decisión: había {present} presentes de un padrón de {roll} y el quórum es {quorum}.",
        "No decision: {present} of a roll of {roll} were present and the quorum is {quorum}.",
    ),
    "motion-approval-quorum": (
        "Rechazada: {yes} a favor, y del padrón de {roll} hacían falta al menos {approval}.",
        "Rejected: {yes} yes, and of the roll of {roll} at least {approval} were needed.",
    ),
    "motion-tie-status-quo": (
        "Rechazada: empate a {yes}, y los estatutos dicen que con empate todo sigue igual.",
        "Rejected: a tie at {yes}, and the statute says that in a tie nothing changes.",
    ),
    "motion-tie-repeat": (
        "Sin decisión: empate a {yes}, y los estatutos dicen que se vote otra vez.",
        "No decision: a tie at {yes}, and the statute says to vote again.",
    ),
    "motion-tie-yes": (
        "Aprobada: empate a {yes}, resuelto a favor como dicen los estatutos.",
        "Adopted: a tie at {yes}, broken in favour as the statute says.",
    ),
    "motion-tie-no": (
        "Rechazada: empate a {yes}, resuelto en contra como dicen los estatutos.",
        "Rejected: a tie at {yes}, broken against as the statute says.",
    ),
    "most-won": (
        "{name} tiene {total}; la candidatura siguiente que quedó fuera, {next}.",
        "{name} has {total}; the next that was left out has {next}.",
    ),
    "most-lost": (
        "{name} tiene {total}; le faltaron {missing} para igualar a la última que entró.",
        "{name} has {total}, {missing} short of the last that got in.",
    ),
    "most-lost-tie": (
        "{name} tiene {total}, no menos que la última que entró; decidió la regla, no los votos.",
        "{name} has {total}, no less than the last that got in; the rule decided, not the votes.",
    ),
    "consulta-won": (
        "{name} queda en el lugar {place} con {votes} votos y se financia; se financian los "
        "primeros: {funded}.",
        "{name} comes in place {place} with {votes} votes and is funded; the first {funded} are.",
    ),
    "consulta-lost": (
        "{name} queda en el lugar {place} con {votes} votos; le faltaron {missing} para igualar "
        "al último que se financia (se financian los primeros: {funded}).",
        "{name} comes in place {place} with {votes} votes, {missing} short of the last that is "
        "funded (the first {funded} are).",
    ),
    "consulta-lost-tie": (
        "{name} tiene {votes} votos, los mismos que el último que se financia (lugar {place}; se "
        "financian los primeros: {funded}); decidió la regla del empate, no los votos.",
        "{name} has {votes} votes, as many as the last that is funded (place {place}; the first "
        "{funded} are); the tie rule decided, not the votes.",
    ),
    "second-round": (
        "{name} pasa a la segunda vuelta con {votes} votos; nadie tiene más de la mitad.",
        "{name} goes to the second round with {votes} votes; nobody has more than half.",
    ),
    "out-first-round": (
        "{name} queda fuera en la primera vuelta con {votes} votos; la segunda que pasó "
        "tiene {second}.",
        "{name} is out in the first round with {votes} votes; the second of those who went on "
        "had {second}.",
    ),
    "irv-won": (
        "{name} gana en la ronda {rounds} con {total} de las {of} papeletas que siguen en juego.",
        "{name} wins in round {rounds} with {total} of the {of} ballots still in play.",
    ),
    "irv-runner-up": (
        "{name} llega a la última ronda con {total}, {missing} menos que quien gana.",
        "{name} reaches the last round with {total}, {missing} fewer than the winner.",
    ),
    "irv-excluded": (
        "{name} sale en la ronda {round}: tenía {total} votos, los menos; la siguiente, {next}. "
        "Sus papeletas pasaron a su próxima preferencia.",
        "{name} is excluded in round {round}: it had {total} votes, the fewest; the next had "
        "{next}. Its ballots passed to their next choice.",
    ),
    "pairs-won": (
        "{name} gana: comparada de dos en dos, vence a {beaten} de las otras {others}.",
        "{name} wins: compared two by two, it beats {beaten} of the other {others}.",
    ),
    "pairs-lost": (
        "{name} pierde cara a cara con {winner} por {margin} papeletas.",
        "{name} loses head to head to {winner} by {margin} ballots.",
    ),
    "pairs-lost-path": (
        "{name} no pierde cara a cara con {winner}, pero sí, y por más, con otra a la que "
        "{winner} supera.",
        "{name} does not lose head to head to {winner}, but loses by more to others that "
        "{winner} comes out ahead of.",
    ),
    "condorcet-not-elected": (
        "{name} vence a cada una de las demás de dos en dos, y aun así este método elige a "
        "{winner}.",
        "{name} beats every other two by two, and yet this method elects {winner}.",
    ),
    "stv-quota": (
        "{name} alcanza en el paso {round} la cuota de {quota}: tiene {total} votos.",
        "{name} reaches the quota of {quota} at stage {round}, with {total} votes.",
    ),
    "stv-filled": (
        "{name} ocupa un puesto con {total} votos: quedaban tantas candidaturas como puestos.",
        "{name} takes a seat with {total} votes: as many candidates as seats were left.",
    ),
    "stv-excluded": (
        "{name} sale tras el paso {round} con {total} votos, los menos; le faltaban {missing} "
        "para la cuota. Sus papeletas pasaron a su próxima preferencia.",
        "{name} is excluded after stage {round} with {total} votes, the fewest, {missing} short "
        "of the quota. Its ballots passed to their next choice.",
    ),
    "stv-not-reached": (
        "{name} sigue hasta el final con {total} votos; le faltaron {missing} para la cuota.",
        "{name} stays to the end with {total} votes, {missing} short of the quota.",
    ),
    "stv-barred": (
        "{name} no podía ya ser elegida sin romper una garantía; tenía {total} votos.",
        "{name} could no longer be elected without breaking a guarantee; it had {total} votes.",
    ),
    "guarantee-in": (
        "{name} entra por la garantía, en lugar de: {instead_of}.",
        "{name} gets in by the guarantee, instead of: {instead_of}.",
    ),
    "guarantee-out": (
        "{name} entraría sin la garantía; en su lugar: {in_favour_of}.",
        "{name} would get in without the guarantee; instead: {in_favour_of}.",
    ),
    "shares-won": (
        "{name} se financia en la ronda {round}: cuesta {cost} y sus {votes} votantes lo pagan "
        "entre todos, {most} cada cual como mucho.",
        "{name} is funded in round {round}: it costs {cost} and its {votes} supporters pay it "
        "together, {most} each at most.",
    ),
    "shares-lost": (
        "{name} cuesta {cost} y a sus {votes} votantes les quedaban {had}: faltan {missing}.{went}",
        "{name} costs {cost} and its {votes} supporters had {had} left: {missing} short.{went}",
    ),
    "project-added": (
        "{name} ({votes} votos, cuesta {cost}) se añade porque cabe en el dinero que sobró.",
        "{name} ({votes} votes, costs {cost}) is added because it fits in the money left.",
    ),
    "project-barred-votes": (
        "{name} tiene {votes} votos, menos que el mínimo que pide la regla.",
        "{name} has {votes} votes, fewer than the least that the rule asks for.",
    ),
    "project-barred-rival": (
        "{name} ({votes} votos) es incompatible con {by}, que se financia.",
        "{name} ({votes} votes) is a rival of {by}, which is funded.",
    ),
    "project-barred-category": (
        "{name} ({votes} votos, cuesta {cost}) pasaría del tope de la categoría {by}.",
        "{name} ({votes} votes, costs {cost}) would exceed the cap of the category {by}.",
    ),
    "project-barred-guarantee": (
        "{name} ({votes} votos) no podía entrar sin romper una garantía.",
        "{name} ({votes} votes) could not get in without breaking a guarantee.",
    ),
    "project-unsupported": (
        "{name} no tiene ningún voto.",
        "{name} has no vote.",
    ),
    "phragmen-won": (
        "{name} entra en la ronda {round}: sus {votes} votantes cargan con {load} cada cual.",
        "{name} gets in in round {round}: its {votes} supporters carry a load of {load} each.",
    ),
    "phragmen-lost": (
        "{name} ({votes} votos, cuesta {cost}): cuando se paró, quedaban {had}.",
        "{name} ({votes} votes, costs {cost}): when the count stopped, {had} were left.",
    ),
    "greedy-won": (
        "{name} es la n.º {place}: {votes} votos, cuesta {cost} y quedaban {had}.",
        "{name} is number {place}: {votes} votes, costs {cost}, and {had} were left.",
    ),
    "seats": (
        "{name}: {seats} puestos por {members} personas; su parte exacta sería {share}.",
        "{name}: {seats} seats for {members} people; its exact share would be {share}.",
    ),
    "greedy-lost": (
        "{name} ({votes} votos) cuesta {cost} y al llegar su turno quedaban {had}: faltan "
        "{missing}.",
        "{name} ({votes} votes) costs {cost} and when its turn came {had} were left: {missing} "
        "short.",
    ),
}

_WENT = (" Su dinero fue sobre todo a: {flows}.", " Their money went mostly to: {flows}.")
_BASES = {
    "yes-no": ("a favor y en contra", "yes and no"),
    "valid": ("votos válidos", "valid votes"),
    "cast": ("votos emitidos", "votes cast"),
    "present": ("presentes", "those present"),
    "roll": ("padrón", "the roll"),
}
_NAMED = ("winner", "by", "instead_of", "in_favour_of")


def sentence(explanation: Explanation, names: Mapping[str, str], language: str) -> str:
    """The explanation as a sentence. `names` gives each candidate's name by its id."""
    which = LANGUAGES.index(language)
    facts: dict[str, str] = {"name": names.get(explanation.candidate, explanation.candidate)}
    for key, value in explanation.facts.items():
        if key == "went":
            flows = ", ".join(f"{names.get(id_, id_)} ({number(n, language)})" for id_, n in value)
            facts[key] = _WENT[which].format(flows=flows) if flows else ""
        elif key == "base_name":
            facts[key] = _BASES[value][which]
        elif key in _NAMED:
            ids = [value] if isinstance(value, str) else value
            facts[key] = ", ".join(names.get(each, each) for each in ids) or "—"
        else:
            facts[key] = number(value, language)
    return SENTENCES[explanation.key][which].format_map(facts)


def number(value: Any, language: str) -> str:
    """A number as people write it: `1.234,50` in Spanish, `1,234.50` in English; a fraction is
    cut after its fifth decimal. Other values are written as they are."""
    if not isinstance(value, int | Fraction) or isinstance(value, bool):
        return str(value)
    whole, rest = divmod(abs(value.numerator) * 100_000 // value.denominator, 100_000)
    sign = "-" if value < 0 and (whole or rest) else ""
    digits = sign + f"{whole:,}.{rest:05}".rstrip("0").rstrip(".")
    return digits.translate(str.maketrans(",.", ".,")) if language == "es" else digits
