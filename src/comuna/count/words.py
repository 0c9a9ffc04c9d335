"""The sentences that explain a count, in Spanish and English: one for each key and language.

`{name}` is the candidate; the other places are the explanation's facts. Numbers are written as
each language writes them; ids are written as names. `{votes:# vote|# votes}` is the first form
where the fact is 1, else the second, with the number for `#`.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from comuna.count.result import Explanation

LANGUAGES = ("es", "en")

SENTENCES: Mapping[str, tuple[str, str]] = {
    "motion-adopted": (
        "Aprobada: {yes} a favor, {no} en contra, {abstain:# abstención|# abstenciones}. Sobre una "
        "base de {base} ({base_name}) hacían falta {needed}. Padrón {roll}, presentes {present}.",
        "Adopted: {yes} yes, {no} no, {abstain:# abstention|# abstentions}. Over a base of {base} "
        "({base_name}) it took {needed}. Roll {roll}, present {present}.",
    ),
    "agreement-reached": (
        "Acordada: de {present} presentes, {agree} sin objeción, {aside} al margen, {objections:# "
        "objeción|# objeciones} en pie. Se admitían {minus}.",
        "Agreed: of {present} present, {agree} without objection, {aside} standing aside, "
        "{objections:# objection|# objections} left. {minus} were allowed.",
    ),
    "agreement-blocked": (
        "Sin acuerdo: de {present} presentes, {agree} sin objeción, {aside} al margen, "
        "{objections:# objeción|# objeciones} en pie. Se admitían {minus}.",
        "No agreement: of {present} present, {agree} without objection, {aside} standing aside, "
        "{objections:# objection|# objections} left. {minus} were allowed.",
    ),
    "agreement-unheard": (
        "Sin acuerdo: de {present} presentes, {unheard:# se fue|# se fueron} sin que se le oyera.",
        "No agreement: of {present} present, {unheard:# left|# left} before being heard.",
    ),
    "motion-rejected": (
        "Rechazada: {yes} a favor, {no} en contra, {abstain:# abstención|# abstenciones}. Sobre "
        "una base de {base} ({base_name}) hacían falta {needed}. Padrón {roll}, presentes "
        "{present}.",
        "Rejected: {yes} yes, {no} no, {abstain:# abstention|# abstentions}. Over a base of {base} "
        "({base_name}) it took {needed}. Roll {roll}, present {present}.",
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
        "{name} entra con {total} {unit}; la candidatura siguiente, que quedó fuera, tiene {next}.",
        "{name} gets in with {total} {unit}; the next, who stayed out, has {next}.",
    ),
    "most-won-all": (
        "{name} entra con {total} {unit}: hay un puesto para cada candidatura.",
        "{name} gets in with {total} {unit}: there is a seat for each candidate.",
    ),
    "most-lost": (
        "{name} tiene {total} {unit}; {missing:le faltó #|le faltaron #} para igualar a la última "
        "que entró.",
        "{name} has {total} {unit}, {missing} short of the last that got in.",
    ),
    "most-lost-tie": (
        "{name} tiene {total} {unit}, no menos que la última que entró: decidió la regla (del "
        "empate o de una garantía), no los votos.",
        "{name} has {total} {unit}, no less than the last that got in: the rule (for ties or a "
        "guarantee) decided, not the votes.",
    ),
    "veto-won": (
        "{name} queda: empezó con {total:# primera preferencia|# primeras preferencias} y los "
        "vetos le dejan {left}.",
        "{name} stays: it began with {total:# first choice|# first choices} and vetoes leave it "
        "{left}.",
    ),
    "veto-out": (
        "{name} sale en la ronda {round}: los vetos agotaron {total:su primera preferencia|sus # "
        "primeras preferencias}.",
        "{name} goes out in round {round}: vetoes used up its {total:first choice|# first "
        "choices}.",
    ),
    "adams-won": (
        "{name} entra, con {votes:# aprobación|# aprobaciones}: en ninguna otra junta tienen a "
        "alguien más de {covered:# papeleta|# papeletas}, y a igual número ninguna reparte mejor.",
        "{name} gets in, with {votes:# approval|# approvals}: no other committee has someone for "
        "more than {covered:# ballot|# ballots}, and of those with as many none shares out better.",
    ),
    "adams-lost-cover": (
        "{name} queda fuera con {votes:# aprobación|# aprobaciones}: en lugar de cualquiera que "
        "entra, tendrían a alguien {instead} papeletas y no {covered}.",
        "{name} stays out with {votes:# approval|# approvals}: in the place of any who got in, "
        "{instead} ballots would have someone and not {covered}.",
    ),
    "adams-lost": (
        "{name} queda fuera con {votes:# aprobación|# aprobaciones}: en lugar de cualquiera que "
        "entra, tendrían a alguien {instead} papeletas como ahora {covered}, y la satisfacción "
        "sería {short} menor.",
        "{name} stays out with {votes:# approval|# approvals}: in the place of any who got in, "
        "{instead} ballots would have someone as {covered} do now, and satisfaction would be "
        "{short} less.",
    ),
    "adams-lost-tie": (
        "{name} queda fuera con {votes:# aprobación|# aprobaciones}: la junta con {name} sería "
        "igual de buena ({instead} papeletas con alguien, {covered} ahora, diferencia {short}); "
        "decidió la regla del empate.",
        "{name} stays out with {votes:# approval|# approvals}: a committee with {name} would be as "
        "good ({instead} ballots with someone, {covered} now, difference {short}); the tie rule "
        "decided.",
    ),
    "maximin-won": (
        "{name} ocupa el puesto {round}, con {votes:# aprobación|# aprobaciones}: así cada quien "
        "de lo elegido puede contar con al menos {support} papeletas suyas.",
        "{name} takes seat {round}, with {votes:# approval|# approvals}: so each of the elected "
        "can count on at least {support} ballots of its own.",
    ),
    "maximin-lost": (
        "{name} queda fuera con {votes:# aprobación|# aprobaciones}: en el último puesto dejaría "
        "a alguien con {support} papeletas suyas, y no con {last}.",
        "{name} stays out with {votes:# approval|# approvals}: in the last seat it would leave "
        "someone with {support} ballots of its own, and not with {last}.",
    ),
    "maximin-lost-tie": (
        "{name} queda fuera con {votes:# aprobación|# aprobaciones}: en el último puesto dejaría "
        "{support} papeletas a quien menos tiene, igual que quien entró ({last}); decidió la "
        "regla del empate.",
        "{name} stays out with {votes:# approval|# approvals}: in the last seat it would leave "
        "{support} ballots to who has least, as who got in does ({last}); the tie rule decided.",
    ),
    "consulta-won": (
        "{name} queda en el lugar {place} con {votes:# voto|# votos} y se financia; "
        "{funded:se financia solo el primero|se financian los # primeros}.",
        "{name} comes in place {place} with {votes:# vote|# votes} and is funded; "
        "{funded:only the first is|the first # are}.",
    ),
    "consulta-lost": (
        "{name} queda en el lugar {place} con {votes:# voto|# votos}; {missing:le faltó #|le "
        "faltaron #} para igualar al último que se financia.",
        "{name} comes in place {place} with {votes:# vote|# votes}, {missing} short of the last "
        "that is funded.",
    ),
    "consulta-lost-tie": (
        "{name} tiene {votes:# voto|# votos}, igual que el último que se financia; decidió la "
        "regla del empate, no los votos.",
        "{name} has {votes:# vote|# votes}, as many as the last that is funded; the tie rule "
        "decided, not the votes.",
    ),
    "second-round": (
        "{name} pasa a la segunda vuelta con {votes:# voto|# votos}; nadie tiene más de la mitad. "
        "Falta votar entre los dos que pasan.",
        "{name} goes to the second round with {votes:# vote|# votes}; nobody has more than half. "
        "The vote between the two is still to come.",
    ),
    "second-round-won": (
        "{name} gana la segunda vuelta con {total:# voto|# votos}.",
        "{name} wins the second round with {total:# vote|# votes}.",
    ),
    "second-round-lost": (
        "{name} pierde la segunda vuelta con {total:# voto|# votos}, {missing} menos que quien "
        "gana.",
        "{name} loses the second round with {total:# vote|# votes}, {missing} fewer than the "
        "winner.",
    ),
    "out-first-round": (
        "{name} queda fuera en la primera vuelta con {votes:# voto|# votos}; la segunda que pasó "
        "tiene {second}.",
        "{name} is out in the first round with {votes:# vote|# votes}; the second of those who "
        "went on had {second}.",
    ),
    "irv-won": (
        "{name} gana en la ronda {rounds} con {total} de las {of} papeletas que siguen en juego.",
        "{name} wins in round {rounds} with {total} of the {of} ballots still in play.",
    ),
    "last-standing": (
        "{name} queda hasta el final con {total:# papeleta|# papeletas} y ocupa un puesto.",
        "{name} stands to the end with {total:# ballot|# ballots} and takes a seat.",
    ),
    "irv-runner-up": (
        "{name} llega a la última ronda con {total:# papeleta|# papeletas}, {missing} menos que "
        "quien gana.",
        "{name} reaches the last round with {total:# ballot|# ballots}, {missing} fewer than the "
        "winner.",
    ),
    "irv-excluded-first": (
        "{name} sale en la ronda {round} con {total:# voto|# votos}: la regla excluye primero a "
        "quien no puede ser electo. Sus papeletas pasaron a su siguiente preferencia.",
        "{name} is excluded in round {round} with {total:# vote|# votes}: the rule excludes first "
        "who cannot be elected. Its ballots passed to their next choice.",
    ),
    "irv-excluded": (
        "{name} sale en la ronda {round}: tenía {total:# voto|# votos}, los menos; la siguiente, "
        "{next}. Sus papeletas pasaron a su próxima preferencia.",
        "{name} is excluded in round {round}: it had {total:# vote|# votes}, the fewest; the next "
        "had {next}. Its ballots passed to their next choice.",
    ),
    "irv-excluded-tie": (
        "{name} sale en la ronda {round}: tenía {total:# voto|# votos}, los menos, igual que otra; "
        "decidió la regla del empate. Sus papeletas pasaron a su próxima preferencia.",
        "{name} is excluded in round {round}: it had {total:# vote|# votes}, the fewest, as had "
        "another; the tie rule decided. Its ballots passed to their next choice.",
    ),
    "pairs-won": (
        "{name} gana: comparada de dos en dos, vence a {beaten} de las otras {others}.",
        "{name} wins: compared two by two, it beats {beaten} of the other {others}.",
    ),
    "pairs-lost": (
        "{name} pierde cara a cara con {winner} por {margin:# papeleta|# papeletas}.",
        "{name} loses head to head to {winner} by {margin:# ballot|# ballots}.",
    ),
    "pairs-lost-tie": (
        "{name} queda igual que {winner} con este método; decidió la regla del empate, no los "
        "votos.",
        "{name} comes out level with {winner} by this method; the tie rule decided, not the votes.",
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
        "{name} entra en el paso {round}: tiene {total} votos y la cuota es {quota}.",
        "{name} gets in at stage {round}, with {total} votes; the quota is {quota}.",
    ),
    "stv-filled": (
        "{name} ocupa un puesto con {total} votos: quedaban tantas candidaturas como puestos.",
        "{name} takes a seat with {total} votes: as many candidates as seats were left.",
    ),
    "stv-excluded-first": (
        "{name} queda fuera tras la ronda {round} con {total:# voto|# votos}: la regla excluye "
        "primero a quien no puede ser electo.",
        "{name} is out after round {round} with {total:# vote|# votes}: the rule excludes first "
        "who cannot be elected.",
    ),
    "stv-excluded": (
        "{name} sale tras el paso {round} con {total} votos, los menos; le faltaban {missing} "
        "para la cuota. Sus papeletas pasaron a su próxima preferencia.",
        "{name} is excluded after stage {round} with {total} votes, the fewest, {missing} short "
        "of the quota. Its ballots passed to their next choice.",
    ),
    "stv-not-reached": (
        "{name} sigue hasta el final con {total} votos, {missing} menos que la cuota, y ya no "
        "quedan puestos.",
        "{name} stays to the end with {total} votes, {missing} short of the quota, and no seat is "
        "left.",
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
        "{name} se financia en la ronda {round}: cuesta {cost} y lo {votes:paga su único "
        "votante|pagan entre todos sus # votantes}, nadie más de {most}.",
        "{name} is funded in round {round}: it costs {cost}, which its {votes:one supporter "
        "pays|# supporters pay together}, nobody more than {most}.",
    ),
    "shares-lost": (
        "{name} cuesta {cost} y a {votes:su único votante le|sus # votantes les} quedaban {had}: "
        "faltan {missing}.{went}",
        "{name} costs {cost} and its {votes:one supporter|# supporters} had {had} left: {missing} "
        "short.{went}",
    ),
    "seat-shares-won": (
        "{name} obtiene un puesto en la ronda {round}: lo {votes:paga su único votante|pagan entre "
        "todos sus # votantes}, nadie más de {most} de puesto.",
        "{name} gets a seat in round {round}: its {votes:one supporter pays|# supporters pay "
        "together}, nobody more than {most} of a seat.",
    ),
    "seat-shares-lost": (
        "{name} se queda sin puesto: a {votes:su único votante le|sus # votantes les} quedaban "
        "{had} de puesto, {missing} menos que uno entero.{went}",
        "{name} gets no seat: its {votes:one supporter|# supporters} had {had} of a seat left, "
        "{missing} short of a whole one.{went}",
    ),
    "project-added": (
        "{name} ({votes:# voto|# votos}, cuesta {cost}) se añade porque cabe en el dinero que "
        "sobró.",
        "{name} ({votes:# vote|# votes}, costs {cost}) is added because it fits in the money left.",
    ),
    "seat-added": (
        "{name} ({votes:# voto|# votos}) ocupa un puesto que sobró: nadie con más votos estaba "
        "fuera.",
        "{name} ({votes:# vote|# votes}) takes a seat that was left over: nobody with more votes "
        "was out.",
    ),
    "project-barred-votes": (
        "{name} tiene {votes:# voto|# votos}, menos que el mínimo que pide la regla.",
        "{name} has {votes:# vote|# votes}, fewer than the least that the rule asks for.",
    ),
    "project-barred-rival": (
        "{name} ({votes:# voto|# votos}) es incompatible con {by}, que se financia.",
        "{name} ({votes:# vote|# votes}) is a rival of {by}, which is funded.",
    ),
    "project-barred-category": (
        "{name} ({votes:# voto|# votos}, cuesta {cost}) pasaría del tope de la categoría {by}.",
        "{name} ({votes:# vote|# votes}, costs {cost}) would exceed the cap of the category {by}.",
    ),
    "project-barred-guarantee": (
        "{name} ({votes:# voto|# votos}) no podía entrar sin romper una garantía.",
        "{name} ({votes:# vote|# votes}) could not get in without breaking a guarantee.",
    ),
    "project-unsupported": (
        "{name} no tiene ningún voto.",
        "{name} has no vote.",
    ),
    "phragmen-won": (
        "{name} entra en la ronda {round}: {votes:su único votante carga|sus # votantes cargan} "
        "con {load} cada cual, la menor carga de las que quedaban.",
        "{name} gets in in round {round}: its {votes:one supporter carries|# supporters carry} a "
        "load of {load} each, the least of all that were left.",
    ),
    "phragmen-lost": (
        "{name} ({votes:# voto|# votos}, cuesta {cost}) no había entrado cuando el recuento se "
        "paró: el proyecto siguiente ya no cabía en los {had} que quedaban.",
        "{name} ({votes:# vote|# votes}, costs {cost}) was not in when the count stopped: the next "
        "project no longer fitted in the {had} left.",
    ),
    "seat-phragmen-won": (
        "{name} obtiene un puesto en la ronda {round}: {votes:su único votante carga|sus # "
        "votantes cargan} con {load} de puesto cada cual, la menor carga de las que quedaban.",
        "{name} gets a seat in round {round}: its {votes:one supporter carries|# supporters carry} "
        "a load of {load} of a seat each, the least of all that were left.",
    ),
    "seat-phragmen-lost": (
        "{name} ({votes:# voto|# votos}) se queda sin puesto: todos se ocuparon antes, con menos "
        "carga para quienes los votaron.",
        "{name} ({votes:# vote|# votes}) gets no seat: all were taken before, with less load on "
        "their supporters.",
    ),
    "greedy-won": (
        "{name} va en el lugar {place}: {total} {unit}, cuesta {cost} y quedaban {had}."
        "{for_the_money}",
        "{name} comes in place {place}: {total} {unit}, costs {cost}, and {had} were left."
        "{for_the_money}",
    ),
    "greedy-lost": (
        "{name} ({total} {unit}) cuesta {cost} y al llegar su turno quedaban {had}: faltan "
        "{missing}.{for_the_money}",
        "{name} ({total} {unit}) costs {cost} and when its turn came {had} were left: {missing} "
        "short.{for_the_money}",
    ),
    "greedy-stopped": (
        "{name} ({total} {unit}, cuesta {cost}) no llegó a su turno: el recuento se paró en el "
        "primer proyecto que no cabía, con {had} sin gastar.{for_the_money}",
        "{name} ({total} {unit}, costs {cost}) did not get its turn: the count stopped at the "
        "first project that did not fit, with {had} unspent.{for_the_money}",
    ),
    "seats": (
        "{name}: {seats:# puesto|# puestos} por {members:# persona|# personas}; su parte exacta "
        "sería {share}.",
        "{name}: {seats:# seat|# seats} for {members:# person|# people}; its exact share would be "
        "{share}.",
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
_UNITS = {"votes": ("votos", "votes"), "points": ("puntos", "points")}
_FOR_THE_MONEY = (
    " (Va antes lo que más reúne por cada unidad de dinero.)",
    " (What gathers more for each unit of money goes first.)",
)
_NAMED = ("winner", "by", "instead_of", "in_favour_of")


class _Counted(str):
    """A number in words' company: its format `one|many` says what stands beside it."""

    def __format__(self, forms: str) -> str:
        one, bar, many = forms.partition("|")
        if not bar:
            return str(self)
        return (one if self == "1" else many).replace("#", self)


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
        elif key == "unit":
            facts[key] = _UNITS[value][which]
        elif key == "for_the_money":
            facts[key] = _FOR_THE_MONEY[which] if value else ""
        elif key in _NAMED:
            ids = [value] if isinstance(value, str) else value
            facts[key] = ", ".join(names.get(each, each) for each in ids) or "—"
        else:
            facts[key] = _Counted(number(value, language))
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
