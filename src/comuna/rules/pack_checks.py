"""Whether a pack that has the shape of a statute also makes sense: the faults no shape can show.

Each check is a small function from the statute to its faults; `check` runs them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import msgspec

from comuna.count.errors import CountError
from comuna.count.rule import METHODS
from comuna.count.rule import Rule as CountRule
from comuna.rules.pack_shape import Fault, Place
from comuna.rules.statute import (
    SHARES_MOST,
    Assembly,
    Count,
    Majority,
    Quorum,
    Statute,
    Step,
    exact,
    fraction,
)
from comuna.rules.vocabulary import (
    APART,
    ATTESTABLE,
    BASES,
    MARKS,
    MATTERS,
    PEOPLE,
    POWERS,
    RESULTS,
)


def check(statute: Statute) -> Iterator[Fault]:
    """Every fault of sense."""
    yield from _texts_and_dates(statute, ())
    yield from _fractions(statute, ())
    yield from _names(statute)
    yield from _authorship(statute)
    yield from _paper(statute)
    yield from _days_of_calls(statute.assembly)
    for number, call in enumerate(statute.assembly.calls):
        yield from _quorum(call, number)
    yield from _majorities(statute)
    for number, count in enumerate(statute.counts):
        yield from _count(count, ("counts", number))
    yield from _offices(statute)
    yield from _powers_apart(statute)
    yield from _brakes(statute)
    yield from _treasury(statute)
    yield from _shares(statute)
    yield from _goes_on(statute)
    yield from _steps(statute)
    yield from _losses(statute)


def fault(place: Place, en: str, es: str, remedy_en: str, remedy_es: str) -> Fault:
    return Fault(place, {"en": en, "es": es}, {"en": remedy_en, "es": remedy_es})


def _unknown(place: Place, name: str, known: Iterable[str]) -> Fault:
    names = ", ".join(known) or "–"
    return fault(
        place,
        f'"{name}" is not known here',
        f"«{name}» no se conoce aquí",
        f"Known are {names}",
        f"Se conocen {names}",
    )


# --- every table ------------------------------------------------------------------------------

_FRACTIONS = (
    *("at_least", "more_than", "quorum", "callers", "suspend_support", "petition", "share"),
    *("renew_at_least", "below", "cash_share", "interest", "approval_quorum", "participation"),
)
_ID = re.compile(r"[a-z][a-z0-9_-]*")


def _tables(value: Any, place: Place) -> Iterator[tuple[Place, msgspec.Struct]]:
    """Every table inside a value, with its place."""
    if isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _tables(item, (*place, number))
    elif isinstance(value, msgspec.Struct):
        yield place, value
        for name in value.__struct_fields__:
            yield from _tables(getattr(value, name), (*place, name))


def _texts_and_dates(statute: Statute, place: Place) -> Iterator[Fault]:
    for where, table in _tables(statute, place):
        for name in table.__struct_fields__:
            value = getattr(table, name)
            if name == "title" and not {"en", "es"} <= {k for k, v in value.items() if v.strip()}:
                yield fault(
                    (*where, name),
                    "the title is not in both languages",
                    "el título no está en los dos idiomas",
                    'Write { en = "…", es = "…" }',
                    'Escriba { en = "…", es = "…" }',
                )
            if name == "article" and not value.strip():
                yield fault(
                    (*where, name),
                    "the article is empty",
                    "el artículo está vacío",
                    'Name it: article = "28 I"',
                    'Dígalo: article = "28 I"',
                )
        yield from _dates(where, table)


def _dates(place: Place, table: Any) -> Iterator[Fault]:
    dates = {}
    for name in ("valid_from", "valid_until", "checked"):
        text = getattr(table, name, "")
        if not text:
            continue
        try:
            dates[name] = date.fromisoformat(text)
        except ValueError:
            yield fault(
                (*place, name),
                f'"{text}" is not a date',
                f"«{text}» no es una fecha",
                'Write year-month-day: "2010-12-21"',
                'Escriba año-mes-día: "2010-12-21"',
            )
    if "valid_from" in dates and dates.get("valid_until", date.max) < dates["valid_from"]:
        yield fault(
            (*place, "valid_until"),
            f"it ends on {dates['valid_until']}, before it begins on {dates['valid_from']}",
            f"termina el {dates['valid_until']}, antes de empezar el {dates['valid_from']}",
            "Exchange the two dates, or correct one",
            "Cambie una fecha por la otra, o corrija una",
        )


def _fractions(statute: Statute, place: Place) -> Iterator[Fault]:
    for where, table in _tables(statute, place):
        floor = getattr(table, "participation", "")
        unsaid = not floor and table is statute.assembly
        if unsaid or (floor and _is_fraction(floor) and not exact(floor)):
            yield fault(
                (*where, "participation"),
                "a few could decide for everyone",
                "unas pocas personas podrían decidir por todas",
                'Say how many of those present have to take part in a vote: participation = "1/2"',
                'Diga cuántas de las personas presentes deben votar: participation = "1/2"',
            )
        if floor and _is_fraction(floor) and exact(floor) == 1:
            yield fault(
                (*where, "participation"),
                "one person who keeps silent would stop every vote",
                "una sola persona que calle pararía cualquier votación",
                'Ask for less than everyone present, as participation = "1/2"',
                'Pida menos que todas las personas presentes, por ejemplo participation = "1/2"',
            )
        for name in _FRACTIONS:
            text = getattr(table, name, "")
            if text and not _is_fraction(text):
                yield fault(
                    (*where, name),
                    f'"{text}" is not a part of a whole',
                    f"«{text}» no es una parte de un todo",
                    'Write a fraction from 0 to 1, as "2/3" or "0.05"',
                    'Escriba una fracción de 0 a 1, como "2/3" o "0.05"',
                )
        for name in ("cap_share", "seniority_coefficient_max"):
            text = getattr(table, name, "")
            if text and not _is_positive(text):
                yield fault(
                    (*where, name),
                    f'"{text}" is not a number above zero',
                    f"«{text}» no es un número mayor que cero",
                    'Write it as text: "1", "6" or "1/2"',
                    'Escríbalo como texto: "1", "6" o "1/2"',
                )


def _is_fraction(text: str) -> bool:
    try:
        return fraction(text) >= 0
    except (ValueError, ZeroDivisionError):
        return False


def _is_positive(text: str) -> bool:
    try:
        return exact(text) > 0
    except (ValueError, ZeroDivisionError):
        return False


def _names(statute: Statute) -> Iterator[Fault]:
    """Names are plain, and nothing has the name of another thing of its kind."""
    lists: list[tuple[Place, Sequence[Any]]] = [
        (("members", "kinds"), statute.members.kinds),
        (("counts",), statute.counts),
        (("offices",), statute.offices),
        (("treasury", "accounts"), statute.treasury.accounts),
        (("treasury", "funds"), statute.treasury.funds),
        (("surplus", "steps"), statute.surplus.steps),
        (("surplus", "losses"), statute.surplus.losses),
    ]
    for place, items in lists:
        yield from _unique(place, "id", [item.id for item in items])
        for number, item in enumerate(items):
            if not _ID.fullmatch(item.id):
                yield fault(
                    (*place, number, "id"),
                    f'"{item.id}" is not a plain name',
                    f"«{item.id}» no es un nombre simple",
                    "Use small letters, digits and _",
                    "Use minúsculas, cifras y _",
                )
    yield from _unique(("majorities",), "matter", [m.matter for m in statute.majorities])


def _unique(place: Place, field: str, names: Sequence[str]) -> Iterator[Fault]:
    for number, name in enumerate(names):
        if name in names[:number]:
            yield fault(
                (*place, number, field),
                f'"{name}" is there twice',
                f"«{name}» está dos veces",
                "Remove one, or give it another name",
                "Quite uno o dele otro nombre",
            )


# --- authorship and assembly ------------------------------------------------------------------


def _authorship(statute: Statute) -> Iterator[Fault]:
    if not any("*" in rule.acts for rule in statute.authorship):
        yield fault(
            ("authorship",),
            "no rule for acts in general",
            "no hay regla para los actos en general",
            'Add one with acts = ["*"]',
            'Añada una con acts = ["*"]',
        )
    for number, rule in enumerate(statute.authorship):
        weak = [act for act in rule.acts if act not in ATTESTABLE]
        if "attested" in rule.forms and weak:
            names = ", ".join(weak)
            yield fault(
                ("authorship", number, "forms"),
                f"{names}: accepted on the word of the server alone",
                f"{names}: se acepta con la sola palabra del servidor",
                f'Take "attested" out; it is for {", ".join(ATTESTABLE)} at most',
                f'Quite "attested"; a lo sumo vale para {", ".join(ATTESTABLE)}',
            )


def _paper(statute: Statute) -> Iterator[Fault]:
    """Whoever signs was named; and there is another office to sign for."""
    law = statute.paper
    most = max(law.keys, law.deciding_keys)
    if law.witnesses < most:
        yield fault(
            ("paper", "witnesses"),
            f"{law.witnesses} witnesses are named, and {most} of them are to sign",
            f"se nombran {law.witnesses} testigos y han de firmar {most}",
            "Ask for at least as many witnesses as keys",
            "Pida al menos tantos testigos como claves",
        )
    if all("record-paper" in office.powers for office in statute.offices):
        yield fault(
            ("paper", "deciding_keys"),
            "every office enters paper: none is left to witness what is decided",
            "todos los cargos registran papeles: no queda ninguno que atestigüe lo que se decide",
            "Add an office without record-paper",
            "Añada un cargo sin record-paper",
        )


def _days_of_calls(law: Assembly) -> Iterator[Fault]:
    """A call can be opened when its notice has passed, at every call; and a body does not fall
    asleep between a call and its day."""
    gaps = sum(call.gap_hours for call in law.calls if call.call > 1)
    needed = max(law.notice_days, law.notice_days_max) + gaps // 24 + 1
    if law.open_within_days < needed:
        yield fault(
            ("assembly", "open_within_days"),
            f"an assembly called in time could not open: it takes {needed} days",
            f"una asamblea convocada a tiempo no podría abrirse: hacen falta {needed} días",
            f"Write at least {needed}, or a shorter notice",
            f"Ponga al menos {needed}, o un plazo de convocatoria menor",
        )
    if 0 < law.notice_days_max < law.notice_days:
        yield fault(
            ("assembly", "notice_days_max"),
            f"no call could be early enough and late enough: {law.notice_days} to "
            f"{law.notice_days_max} days",
            f"ninguna convocatoria cabría entre {law.notice_days} y {law.notice_days_max} días",
            f"Write at least {law.notice_days}, or 0 for no limit",
            f"Ponga al menos {law.notice_days}, o 0 si no hay límite",
        )
    if len(law.calls) > 1 and law.wait_minutes >= law.open_within_hours * 60:
        yield fault(
            ("assembly", "wait_minutes"),
            "the first call would be over before it could be given up, and no second ever come",
            "la primera convocatoria terminaría antes de darse por fallida y nunca habría segunda",
            "Write fewer minutes than open_within_hours has",
            "Ponga menos minutos de los que hay en open_within_hours",
        )
    if law.silence_days <= law.open_within_days:
        yield fault(
            ("assembly", "silence_days"),
            "the body could fall asleep while it waits for an assembly",
            "la organización podría dormirse mientras espera una asamblea",
            "Write more days than open_within_days",
            "Ponga más días que open_within_days",
        )


def _quorum(call: Quorum, number: int) -> Iterator[Fault]:
    place: Place = ("assembly", "calls", number)
    if call.call != number + 1:
        yield fault(
            (*place, "call"),
            f"call {call.call} stands where call {number + 1} should",
            f"la convocatoria {call.call} está donde va la {number + 1}",
            "Number the calls 1, 2, 3 in order",
            "Numere las convocatorias 1, 2, 3 en orden",
        )
    ways = [bool(call.at_least), bool(call.more_than), bool(call.half_plus_one)]
    combined = call.least and call.count > 0 and sum(ways) == 1 and not call.half_plus_one
    if not combined and (call.least or sum(ways) + bool(call.count) != 1):
        yield fault(
            place,
            "this quorum is said in no way, or in more than one",
            "este quórum no se dice, o se dice de más de una manera",
            "Use one of at_least, more_than, half_plus_one, count; or a fraction and count with "
            "least = true",
            "Use uno de at_least, more_than, half_plus_one, count; o una fracción y count con "
            "least = true",
        )
    if _is_fraction(call.more_than) and fraction(call.more_than) == 1:
        yield fault(
            (*place, "more_than"),
            "more than all of them can never be present",
            "nunca puede haber más que la totalidad",
            'Use at_least = "1" if all must be there',
            'Use at_least = "1" si deben estar todas',
        )
    if call.at_least and _is_fraction(call.at_least) and fraction(call.at_least) == 0:
        yield fault(
            (*place, "at_least"),
            "a quorum of nobody",
            "un quórum de nadie",
            "Use count = 1 if any number will do",
            "Use count = 1 si basta cualquier número",
        )


def _majorities(statute: Statute) -> Iterator[Fault]:
    if all(rule.matter != "default" for rule in statute.majorities):
        yield fault(
            ("majorities",),
            "no majority for matters in general",
            "no hay mayoría para los asuntos en general",
            'Add one with matter = "default"',
            'Añada una con matter = "default"',
        )
    for number, rule in enumerate(statute.majorities):
        yield from _majority(rule, ("majorities", number))
    for name in statute.assembly.off_agenda:
        if name not in MATTERS:
            yield _unknown(("assembly", "off_agenda"), name, MATTERS)
    offices = [office.id for office in statute.offices]
    for number, bar in enumerate(statute.assembly.barred):
        place: Place = ("assembly", "barred", number)
        yield from (
            _unknown((*place, "matters"), m, MATTERS) for m in bar.matters if m not in MATTERS
        )
        yield from (
            _unknown((*place, "offices"), o, offices) for o in bar.offices if o not in offices
        )


def _majority(rule: Majority, place: Place) -> Iterator[Fault]:
    if rule.matter not in MATTERS:
        yield _unknown((*place, "matter"), rule.matter, MATTERS)
    if bool(rule.more_than) + bool(rule.at_least) + bool(rule.agreement) != 1:
        yield fault(
            place,
            "this majority is said in no way, or in two",
            "esta mayoría no se dice, o se dice de dos maneras",
            "Use more_than, at_least or agreement",
            "Use more_than, at_least o agreement",
        )
    few = [text for text in (rule.more_than, rule.at_least) if text and _is_fraction(text)]
    if any(fraction(text) < Fraction(1, 2) for text in few):
        yield fault(
            place,
            "fewer than half could carry it against the others",
            "menos de la mitad podría aprobarlo contra las demás",
            'Write one half at least, as more_than = "1/2"',
            'Ponga al menos la mitad, por ejemplo more_than = "1/2"',
        )
    if rule.minus and rule.agreement != "consensus":
        yield fault(
            (*place, "minus"),
            "minus belongs to a consensus",
            "minus es propio de un consenso",
            'Write agreement = "consensus", or take minus out',
            'Escriba agreement = "consensus", o quite minus',
        )
    if _is_fraction(rule.more_than) and fraction(rule.more_than) == 1:
        yield fault(
            (*place, "more_than"),
            "more than all of them can never agree",
            "nunca puede votar más que la totalidad",
            'Use at_least = "1" for unanimity',
            'Use at_least = "1" para la unanimidad',
        )


def _count(rule: Count, place: Place) -> Iterator[Fault]:
    """A method there is, settings that it takes, marks that it reads."""
    for name in rule.matters:
        if name not in MATTERS:
            yield _unknown((*place, "matters"), name, MATTERS)
    if rule.method not in MARKS:
        yield _unknown((*place, "method"), rule.method, MARKS)
        return
    if rule.marks and rule.marks not in MARKS[rule.method]:
        yield _unknown((*place, "marks"), rule.marks, MARKS[rule.method])
    points = rule.marks == "points" or (MARKS[rule.method][0] == "points" and not rule.marks)
    if points != bool(rule.points_max or rule.points_total):
        yield fault(
            (*place, "points_max"),
            "points are limited where ballots give points, and only there",
            "los puntos se limitan donde las papeletas dan puntos, y solo ahí",
            'Write points_max (each) or points_total (in all) with marks = "points"',
            'Escriba points_max (cada una) o points_total (en total) con marks = "points"',
        )
    if not rule.ways:
        yield fault(
            (*place, "ways"),
            "there is no way to vote",
            "no hay manera de votar",
            'Name one or more of "hands", "roll-call", "papers"',
            'Ponga una o más de "hands", "roll-call", "papers"',
        )
    yield from _settings(rule, place)


def _settings(rule: Count, place: Place) -> Iterator[Fault]:
    """The settings as they will be when a contest adds its seats or its budget."""
    if "endowments" in rule.settings:
        yield fault(
            (*place, "settings"),
            "the ballots of an assembly do not say in which territory their voters live",
            "las papeletas de una asamblea no dicen en qué territorio vive cada votante",
            "Take endowments out, or let each territory share out its own budget",
            "Quite endowments, o que cada territorio reparta su presupuesto",
        )
        return
    allowed = METHODS[rule.method][0]
    told = {"ties": "lot", **rule.settings}
    if "budget" in told or told["ties"].split(",")[-1].strip() != "lot":
        yield fault(
            (*place, "settings"),
            "a budget is said by the proposal, and ties end in the lot",
            "el presupuesto lo dice la propuesta, y los empates terminan en el sorteo",
            "Take budget out, and write ties so that it ends in lot",
            "Quite budget, y escriba ties de modo que termine en lot",
        )
        return
    if "budget" in allowed and "seats" not in told:
        told["budget"] = "1"
    elif "seats" in allowed:
        told.setdefault("seats", "2")
    try:
        CountRule.from_options(rule.method, told)
    except CountError as wrong:
        yield fault(
            (*place, "settings"),
            f"the method does not take this: {wrong}",
            f"el método no admite esto: {wrong}",
            f"See docs/count/{rule.method}.md",
            f"Vea docs/count/{rule.method}.md",
        )


# --- offices and treasury ---------------------------------------------------------------------


def _offices(statute: Statute) -> Iterator[Fault]:
    known = [office.id for office in statute.offices]
    for number, office in enumerate(statute.offices):
        place: Place = ("offices", number)
        for power in office.powers:
            if power not in POWERS:
                yield _unknown((*place, "powers"), power, POWERS)
        for other in office.incompatible:
            if other not in known or other == office.id:
                yield _unknown((*place, "incompatible"), other, known)
        for name in ("seats", "term_days"):
            if getattr(office, name) == 0:
                yield fault(
                    (*place, name),
                    f"{name} is 0",
                    f"{name} es 0",
                    "Write at least 1",
                    "Escriba al menos 1",
                )


def _powers_apart(statute: Statute) -> Iterator[Fault]:
    """No office has all the powers by which money moves, or by which it is said that an assembly
    was held: in each way in which something moves there are people of two offices at least."""
    for number, office in enumerate(statute.offices):
        powers = set(office.powers)
        pays = {"keep-accounts", "approve-payment"} <= powers
        pays = pays and bool(powers & {"request-payment", "oversee"})
        holds = "call-assembly" in powers
        holds = holds and all(powers & {power, "record-paper"} for power in ("preside", "tell"))
        for alone, en, es in (
            (pays, "money", "el dinero"),
            (holds, "an assembly", "una asamblea"),
        ):
            if alone:
                yield fault(
                    ("offices", number, "powers"),
                    f"this office alone could move {en}",
                    f"este cargo podría mover por sí solo {es}",
                    "Give one of these powers to another office",
                    "Dé uno de estos poderes a otro cargo",
                )


def _brakes(statute: Statute) -> Iterator[Fault]:
    """What members do without those in office, half of them can do."""
    asked: list[tuple[Place, str]] = [
        (("assembly", "callers"), statute.assembly.callers),
        (("decisions", "suspend_support"), statute.decisions.suspend_support),
        *(
            (("offices", number, "recall", "petition"), office.recall.petition)
            for number, office in enumerate(statute.offices)
            if office.recall is not None
        ),
    ]
    for place, text in asked:
        if _is_fraction(text) and fraction(text) > Fraction(1, 2):
            yield fault(
                place,
                "half of the members could do nothing against those in office",
                "la mitad de las personas socias no podría nada frente a quienes tienen cargo",
                "Ask for one half at most",
                "Pida la mitad como máximo",
            )


def _goes_on(statute: Statute) -> Iterator[Fault]:
    """What no body could live under, however large it is: nothing is ever put in force, or one
    person who stays away stops everything for ever."""
    law, last = statute.decisions, len(statute.assembly.calls) - 1
    if law.execution_days * 24 <= law.challenge_hours:
        yield fault(
            ("decisions", "execution_days"),
            f"decisions lapse after {law.execution_days} days, before they can be carried out",
            f"las decisiones caducan a los {law.execution_days} días, antes de poder ejecutarse",
            f"Give more time than the {law.challenge_hours} hours in which they are challenged",
            f"Dé más tiempo que las {law.challenge_hours} horas en que se impugnan",
        )
    everyone: list[tuple[Place, str]] = []
    for call in statute.assembly.calls[-1:]:
        everyone.append((("assembly", "calls", last, "at_least"), call.at_least))
    if last < 0:
        yield fault(
            ("assembly", "calls"),
            "no assembly could ever be called",
            "nunca podría convocarse una asamblea",
            "Write one [[assembly.calls]] at least",
            "Escriba al menos un [[assembly.calls]]",
        )
    for number, rule in enumerate(statute.majorities):
        if rule.matter in ("default", "amend-statute"):
            place: Place = ("majorities", number)
            everyone += [((*place, n), getattr(rule, n)) for n in ("quorum", "approval_quorum")]
            if rule.of == "roll":
                everyone.append(((*place, "at_least"), rule.at_least))
    for where, text in everyone:
        if text and _is_fraction(text) and fraction(text) == 1:
            yield fault(
                where,
                "one person who stays away would stop everything",
                "una sola persona que falte lo pararía todo",
                "Ask for less than everyone on the roll",
                "Pida menos que la totalidad del padrón",
            )


def _treasury(statute: Statute) -> Iterator[Fault]:
    treasury = statute.treasury
    groups = {account.id: account.group for account in treasury.accounts}
    for number, fund in enumerate(treasury.funds):
        if fund.use not in MATTERS:
            yield _unknown(("treasury", "funds", number, "use"), fund.use, MATTERS)
    for fund_id in [fund.id for fund in treasury.funds] + ["surplus"]:
        if groups.get(fund_id) != "funds":
            yield fault(
                ("treasury", "accounts"),
                f'no account "{fund_id}" in the group of funds',
                f"no hay cuenta «{fund_id}» en el grupo de fondos",
                f'Add it: id = "{fund_id}", group = "funds"',
                f'Añádala: id = "{fund_id}", group = "funds"',
            )
    signers = sum(o.seats for o in statute.offices if "approve-payment" in o.powers)
    if not 1 <= treasury.signatures <= signers:
        yield fault(
            ("treasury", "signatures"),
            f"{treasury.signatures} must sign, {signers} seats may",
            f"deben firmar {treasury.signatures} y pueden hacerlo {signers} puestos",
            "Ask for at least one signature and no more than seats with approve-payment",
            "Pida al menos una firma y no más que los puestos con approve-payment",
        )


def _shares(statute: Statute) -> Iterator[Fault]:
    """What two may enter without the members is a part of what the body has, and bounded."""
    for name, most in SHARES_MOST.items():
        text = getattr(statute.treasury, name)
        if not _is_fraction(text) or not 0 < fraction(text) <= most:
            yield fault(
                ("treasury", name),
                f'"{text}" is not a part that two people may enter without the members',
                f"«{text}» no es una parte que dos personas puedan anotar sin las demás",
                f'Write a fraction above 0 and up to {most}, as {name} = "1/20"',
                f'Escriba una fracción mayor que 0 y hasta {most}, como {name} = "1/20"',
            )


# --- surplus ----------------------------------------------------------------------------------


def _steps(statute: Statute) -> Iterator[Fault]:
    surplus = statute.surplus
    for name in ("prior_losses", "tax"):
        for result in getattr(surplus, name).order:
            if result not in RESULTS:
                yield _unknown(("surplus", name, "order"), result, RESULTS)
    for pool in surplus.apart:
        if pool not in APART:
            yield _unknown(("surplus", "apart"), pool, APART)
    if "outside_result" in surplus.apart and len(surplus.apart) > 1:
        yield fault(
            ("surplus", "apart"),
            "a result would be kept apart twice",
            "un resultado quedaría aparte dos veces",
            "outside_result already holds the other two",
            "outside_result ya contiene los otros dos",
        )
    for number, step in enumerate(surplus.steps):
        yield from _step(statute, step, number)
    to_people = any(step.fund in ("members", "workers") for step in surplus.steps)
    if to_people and not surplus.keys:
        yield fault(
            ("surplus", "keys"),
            "money goes to people, but by no measure",
            "hay dinero para personas, pero sin medida",
            'Name the measures: keys = ["activity"]',
            'Diga las medidas: keys = ["activity"]',
        )


def _step(statute: Statute, step: Step, number: int) -> Iterator[Fault]:
    place: Place = ("surplus", "steps", number)
    funds = [fund.id for fund in statute.treasury.funds]
    before = [earlier.id for earlier in statute.surplus.steps[:number]]
    known: list[tuple[str, str, Sequence[str]]] = [
        ("fund", step.fund, [*funds, *PEOPLE]),
        ("base", step.base, BASES),
    ]
    if step.not_above:
        known.append(("not_above", step.not_above, before))
    if step.joint:
        known.append(("joint", step.joint.step, before))
    if step.reduction:
        known.append(("reduction", step.reduction.fund, funds))
    yield from (
        _unknown((*place, name), value, names) for name, value, names in known if value not in names
    )
    if step.rate in ("at_least", "at_most", "exactly") and not step.share:
        yield fault(
            (*place, "share"),
            f'"{step.rate}" how much?',
            f"«{step.rate}» ¿cuánto?",
            'Add share = "1/10"',
            'Añada share = "1/10"',
        )
    if step.rate in ("rest", "open") and step.share:
        yield fault(
            (*place, "share"),
            f'a step that is "{step.rate}" has no share',
            f"un paso «{step.rate}» no tiene parte fija",
            "Remove share, or use at_least, at_most or exactly",
            "Quite share, o use at_least, at_most o exactly",
        )
    if bool(step.cap_share) != bool(step.cap_of):
        yield fault(
            (*place, "cap_of"),
            "a cap needs cap_share and cap_of",
            "un tope necesita cap_share y cap_of",
            'Write both: cap_share = "1", cap_of = "capital"',
            'Escriba los dos: cap_share = "1", cap_of = "capital"',
        )
    if step.base in APART and step.base not in statute.surplus.apart:
        yield fault(
            (*place, "base"),
            f"{step.base} is not kept apart here",
            f"{step.base} no va aparte aquí",
            f'Add it to apart = ["{step.base}"], or use base = "outside_result_after_losses"',
            f'Añádalo a apart = ["{step.base}"], o use base = "outside_result_after_losses"',
        )
    if step.rate == "rest" and step.base not in ("remaining", *statute.surplus.apart):
        yield fault(
            (*place, "base"),
            f"nothing can be the rest of {step.base}",
            f"nada puede ser el resto de {step.base}",
            'Use base = "remaining", or a result kept apart',
            'Use base = "remaining", o un resultado que va aparte',
        )


def _losses(statute: Statute) -> Iterator[Fault]:
    sources = [*(fund.id for fund in statute.treasury.funds), "members", "prior_losses"]
    losses = statute.surplus.losses
    for number, loss in enumerate(losses):
        place: Place = ("surplus", "losses", number)
        if loss.source not in sources:
            yield _unknown((*place, "source"), loss.source, sources)
        if loss.rate == "covers" and loss.source in ("members", "prior_losses"):
            yield fault(
                (*place, "rate"),
                f"{loss.source} is no fund that could be exhausted",
                f"{loss.source} no es un fondo que se agote",
                'Use rate = "rest" or "open"',
                'Use rate = "rest" u "open"',
            )
    rests = [number for number, loss in enumerate(losses) if loss.rate == "rest"]
    if rests != [len(losses) - 1]:
        yield fault(
            ("surplus", "losses"),
            "it is not said who bears the last of a loss",
            "no se dice quién asume lo último de una pérdida",
            'End with exactly one loss of rate = "rest"',
            'Termine con una sola de rate = "rest"',
        )
