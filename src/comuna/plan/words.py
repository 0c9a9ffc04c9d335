"""The sentences in which a plan is explained, Spanish first, English second."""

from collections.abc import Mapping
from fractions import Fraction

LANGUAGES = ("es", "en")

SENTENCES: Mapping[str, tuple[str, str]] = {
    "title": ("El plan, línea por línea", "The plan, line by line"),
    "how": (
        "Modo {mode}, método {method}. Vale {objective}; ningún plan puede valer más de {bound} "
        "(diferencia {gap}).",
        "Mode {mode}, method {method}. It is worth {objective}; no plan can be worth more than "
        "{bound} (gap {gap}).",
    ),
    "unpriced": (
        "El plan no trae precios: nada prueba lo cerca que está de lo mejor, y no se dan razones.",
        "The plan has no prices: nothing proves how near the best it is, and no reasons are given.",
    ),
    "activities": ("Qué se hace", "What is done"),
    "activity": (
        "{body}, {period}: {level} × {recipe}.",
        "{body}, {period}: {level} × {recipe}.",
    ),
    "limit-good": (
        "Lo limita {good} ({body}), que se usa todo: {unit} más de {good} en {period} permitiría "
        "hacer {worth} más.",
        "It is limited by {good} ({body}), all of which is used: one more {unit} of {good} in "
        "{period} would make {worth} more possible.",
    ),
    "limit-mean": (
        "Lo limita {mean} ({body}), en uso por entero: {unit} más de {mean} en {period} vale tanto "
        "como {worth}.",
        "It is limited by {mean} ({body}), all of which is in use: one more {unit} of {mean} in "
        "{period} is worth as much as {worth}.",
    ),
    "limit-scarce": (
        "Lo limita {thing} ({body}), que se usa todo.",
        "It is limited by {thing} ({body}), all of which is used.",
    ),
    "limit-tight": (
        "De {thing} ({body}) se usa todo; uno más no valdría nada.",
        "All of {thing} ({body}) is used; one more would be worth nothing.",
    ),
    "limit-unknown": (
        "El plan no trae precios: no dicen qué lo limita.",
        "The plan has no prices: they do not tell what limits it.",
    ),
    "limit-most": (
        "Lo limita su propio máximo.",
        "It is limited by its own most.",
    ),
    "limit-needs": (
        "No lo limita ningún medio: se hace lo que hace falta.",
        "No means limits it: as much is done as is needed.",
    ),
    "unmet": (
        "Qué no alcanza, por qué y a quién le toca",
        "What falls short, why, and who bears it",
    ),
    "unmet-line": (
        "{body}, {period}: de {good} hay {met} de {norm} {unit} ({share}).",
        "{body}, {period}: of {good} there is {met} of {norm} {unit} ({share}).",
    ),
    "why-mean": (
        "Porque en {body} falta {mean}: {unit} más de {mean} en {period} vale tanto como {worth}.",
        "Because {mean} is short at {body}: one more {unit} of {mean} in {period} is worth as much "
        "as {worth}.",
    ),
    "why-transport": (
        "Porque el transporte de {body} ({period}) está lleno.",
        "Because the transport of {body} ({period}) is full.",
    ),
    "why-way": (
        "Porque el camino de {from} a {to} ({period}) está lleno.",
        "Because the way from {from} to {to} ({period}) is full.",
    ),
    "why-most": (
        "Porque {recipe} en {body} ya llega a su máximo.",
        "Because {recipe} in {body} is already at its most.",
    ),
    "why-nobody": (
        "Porque nadie del plan lo produce ni lo tiene.",
        "Because nobody in the plan makes it or has it.",
    ),
    "why-stock": (
        "Porque de {good} en {body} ({period}) no hay más que lo guardado.",
        "Because of {good} in {body} ({period}) there is no more than what was in stock.",
    ),
    "why-unknown": (
        "Por qué, no se sabe: el plan no trae precios.",
        "Why is not known: the plan has no prices.",
    ),
    "why-others": (
        "Porque lo que costaría rinde más en otras necesidades, según los pesos decididos.",
        "Because what it would take does more for other needs, by the weights decided.",
    ),
    "all-met": ("Todas las necesidades quedan cubiertas.", "Every need is met."),
    "left": ("Qué sobra", "What is left over"),
    "left-line": (
        "{body}, {period}: sobran {amount} de {there} {unit} de {thing}.",
        "{body}, {period}: {amount} of {there} {unit} of {thing} are left over.",
    ),
    "unused-line": (
        "{body}, {period}: quedan sin usar {amount} de {there} {unit} de {thing}.",
        "{body}, {period}: {amount} of {there} {unit} of {thing} are not used.",
    ),
    "labour": ("Trabajo que cuesta cada cosa", "The labour that each thing costs"),
    "labour-line": (
        "{good}: {hours} {unit_labour} por {unit}.",
        "{good}: {hours} {unit_labour} per {unit}.",
    ),
    "bears": ("Por cuerpo, lo cubierto de sus necesidades", "By body, how far its needs are met"),
    "bears-line": (
        "{body}: nivel {tier}: {share} de media, lo menos cubierto {least} ({good}).",
        "{body}: tier {tier}: {share} on average, the least met {least} ({good}).",
    ),
    "stages": ("Pisos", "Floors"),
    "stage-line": (
        "A las {count} necesidades que subían juntas se les cubre al menos {level}; ningún plan "
        "puede darles a todas más de {best}.",
        "The {count} needs that rose together are met to at least {level}; no plan can give all of "
        "them more than {best}.",
    ),
    "flow-title": ("Por dónde va cada cosa", "Where each thing goes"),
    "need-title": ("Cuánto se cubre, por necesidad y cuerpo", "How far needs are met, by body"),
    "short-title": ("Qué falta y cuándo", "What is short, and when"),
    "short-line": ("{good}: falta {share} de lo necesario", "{good}: {share} of the need unmet"),
    "more": ("… y {count} más.", "… and {count} more."),
}


def say(key: str, language: str, **facts: object) -> str:
    """A sentence with its facts."""
    return SENTENCES[key][LANGUAGES.index(language)].format(**facts)


def number(value: Fraction | int, language: str, places: int = 3) -> str:
    """A number as people write it there, with at most so many decimals and no idle zeros; never
    shown as 0 unless it is."""
    scaled = abs(value) * 10**places
    whole = int(scaled + Fraction(1, 2))
    if whole == 0 and value != 0:
        return number(value, language, places + 3)
    units, decimals = divmod(whole, 10**places)
    text = f"{units:,}".replace(",", "\u202f")
    tail = f"{decimals:0{places}d}".rstrip("0") if places else ""
    point = "," if language == "es" else "."
    return ("−" if value < 0 else "") + text + (point + tail if tail else "")


def share(value: Fraction, language: str) -> str:
    return number(value * 100, language, 1) + " %"
