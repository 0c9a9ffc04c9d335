"""What members decided and may not have meant: lawful, proven, and worth a second look. A signal
accuses nobody; it says where to look and why.

Each is a condition over the finished record. The practices behind them: ACFE, *Report to the
Nations* (split purchases, duplicate invoices, payments without papers), and what was done to
co-operatives: members admitted for one vote, reserves made divisible, grants spent on other things.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from comuna.audit.body import DAY, Body
from comuna.audit.names import base, member_in

TEXTS: dict[str, tuple[str, str]] = {
    "limit_split": (
        "payments under one small-payments authorisation that together pass its limit for each, "
        "on one day",
        "pagos de una autorización de gastos menores que juntos pasan, en un día, su límite por "
        "pago",
    ),
    "paid_alike": (
        "two payments of the same amount to the same payee within {days} days, each with another "
        "receipt",
        "dos pagos del mismo importe a la misma persona o proveedor en {days} días, cada uno con "
        "otro comprobante",
    ),
    "no_invoice": (
        "payments that were asked for without an invoice",
        "pagos que se pidieron sin factura",
    ),
    "loan_line": (
        "authorisations on the line of loans",
        "autorizaciones en la línea de préstamos",
    ),
    "grant_purpose": (
        "a grant spent under a purpose that shares no word with what it was given for",
        "un aporte gastado con un fin que no comparte ninguna palabra con aquello para lo que se "
        "dio",
    ),
    "admitted_before_election": (
        "many members admitted in the {days} days before an election",
        "muchas personas admitidas en los {days} días antes de una elección",
    ),
    "barred_could_turn": (
        "a decision that names several members to be paid, by which those who could have turned "
        "it were kept from voting",
        "una decisión que nombra a varias personas socias para pagarles y así dejó sin voto a "
        "quienes podían haberla cambiado",
    ),
    "reserve_divisible": (
        "an amendment of the statute makes a common fund divisible",
        "una reforma de los estatutos vuelve repartible un fondo común",
    ),
    "budget_below_authorised": (
        "a budget that gives a line less than was already authorised on it",
        "un presupuesto que da a una línea menos de lo ya autorizado en ella",
    ),
    "shared_within_year": (
        "a surplus shared for less than a year, which a later loss of the same year can undo",
        "un excedente repartido por menos de un año, que una pérdida del mismo año puede anular",
    ),
    "seat_of_repealed_election": (
        "an election was repealed and those elected still hold the office",
        "se derogó una elección y quienes fueron elegidos siguen en el cargo",
    ),
}
"""Every signal in words (English, Spanish)."""

ALIKE_DAYS = 60
BEFORE_ELECTION_DAYS = 60
MANY = Fraction(1, 5)
"""So large a part of the roll, admitted shortly before, can turn an election."""
WORD = 4
"""Shorter words are articles and the like."""


class Signal(NamedTuple):
    """What was noticed, and the entries where it stands."""

    name: str
    entries: tuple[int, ...]

    @property
    def words(self) -> tuple[str, str]:
        figures = {"days": {"paid_alike": ALIKE_DAYS}.get(self.name, BEFORE_ELECTION_DAYS)}
        en, es = TEXTS[self.name]
        return en.format(**figures), es.format(**figures)


class Pay(NamedTuple):
    """What an entry says was paid of a request."""

    entry: int
    request: int
    amount: int
    date: str


class Paid(NamedTuple):
    """A payment as it was made."""

    entry: int
    request: int
    authorisation: str
    payee: str
    amount: int
    date: str


def signals(body: Body, pays: Sequence[Pay]) -> list[Signal]:
    """Every signal that a record gives, in the order of `TEXTS`; one for each name, with all its
    entries."""
    found = ((name, sorted(set(look(body, pays)))) for name, look in SIGNALS.items())
    return [Signal(name, tuple(numbers)) for name, numbers in found if numbers]


# --- payments -----------------------------------------------------------------------------------


def payments(body: Body, pays: Sequence[Pay]) -> Iterator[Paid]:
    for pay in pays:
        request = body.requests.get(pay.request)
        if request is not None:
            made = request.authorisation, request.payee, pay.amount, pay.date
            yield Paid(pay.entry, pay.request, *made)


def limit_split(body: Body, pays: Sequence[Pay]) -> Iterator[int]:
    """A limit for each payment says how much is small; in parts, it is no limit."""
    days: dict[tuple[str, str], list[Paid]] = defaultdict(list)
    for paid in payments(body, pays):
        days[paid.authorisation, paid.date].append(paid)
    for (name, _), made in days.items():
        each = body.authorisations[name].each
        if each and len(made) > 1 and sum(paid.amount for paid in made) > each:
            yield from (paid.entry for paid in made)


def paid_alike(body: Body, pays: Sequence[Pay]) -> Iterator[int]:
    """One bill photographed twice has two fingerprints."""
    last: dict[tuple[str, int], Paid] = {}
    for paid in payments(body, pays):
        before = last.get((paid.payee, paid.amount))
        last[paid.payee, paid.amount] = paid
        if before is not None and before.request != paid.request:
            apart = date.fromisoformat(paid.date) - date.fromisoformat(before.date)
            if abs(apart.days) <= ALIKE_DAYS:
                yield from (before.entry, paid.entry)


def no_invoice(body: Body, pays: Sequence[Pay]) -> Iterator[int]:
    for paid in payments(body, pays):
        if not body.requests[paid.request].document:
            yield paid.entry


# --- decisions ----------------------------------------------------------------------------------


def enacted(body: Body, *kinds: str) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """(decision, when it took effect, effect) of these kinds, in the order in which they did."""
    in_force = [(d.enacted_at, n, d) for n, d in body.decisions.items() if d.enacted_at is not None]
    for at, number, decision in sorted(in_force, key=lambda found: found[:2]):
        for effect in decision.effects:
            if effect["effect"] in kinds:
                yield number, at, effect


def loan_line(body: Body, pays: Sequence[Pay]) -> Iterator[int]:
    for number, _, effect in enacted(body, "authorise"):
        if base(effect["line"]) == "loans":
            yield number


def grant_purpose(body: Body, pays: Sequence[Pay]) -> Iterator[int]:
    given = {e["name"]: e["purpose"] for _, _, e in enacted(body, "accept-grant")}
    for number, _, effect in enacted(body, "authorise"):
        name = effect["fund"].removeprefix("grants:")
        meant = words_of(f"{name} {given.get(name, '')}")
        if name in given and not meant & words_of(effect["purpose"]):
            yield number


def words_of(text: str) -> set[str]:
    """The words of a purpose by their stems, as well as a record can: the first letters."""
    plain = "".join(c if c.isalnum() else " " for c in text.casefold())
    return {word[:WORD] for word in plain.split() if len(word) >= WORD}


def admitted_before_election(body: Body, pays: Sequence[Pay]) -> Iterator[int]:
    admitted = [(at, number) for number, at, _ in enacted(body, "admit")]
    elections = {number for number, _, _ in enacted(body, "elect")}
    for election in elections:
        voted = body.decisions[election].decided_at or 0
        before = [n for at, n in admitted if 0 <= voted - at <= BEFORE_ELECTION_DAYS * DAY]
        roll = body.ballots[body.decisions[election].votes].roll
        if len(before) >= 2 and len(before) >= MANY * (roll - len(before)):
            yield from (*before, election)


def barred_could_turn(body: Body, pays: Sequence[Pay]) -> Iterator[int]:
    """Whoever is paid does not vote; so a few coins for each opponent would keep them all from
    voting on what somebody else is paid."""
    for ballot in body.ballots.values():
        decision = body.decisions[ballot.proposal]
        paid = {effect.get("payee", "") for effect in decision.possible}
        barred = ballot.base - len(ballot.entitled)
        several = sum(member_in(payee) is not None for payee in paid) > 1
        turning = MANY * ballot.base if decision.among else ballot.margin
        if decision.adopted and several and barred >= turning:
            yield ballot.proposal


def reserve_divisible(body: Body, pays: Sequence[Pay]) -> Iterator[int]:
    for number, _, effect in enacted(body, "amend-statute"):
        for change in effect["changes"]:
            if change["place"].endswith(".indivisible") and change["value"] is False:
                yield number


def budget_below_authorised(body: Body, pays: Sequence[Pay]) -> Iterator[int]:
    """Decided in this order, the budget limits nothing that was decided before it."""
    opened: list[tuple[int, dict[str, Any]]] = []
    for number, _, effect in enacted(body, "authorise", "budget"):
        if effect["effect"] == "authorise":
            opened.append((number, effect))
            continue
        for line in effect["lines"]:
            mine = [
                (n, e["limit"])
                for n, e in opened
                if base(e["line"]) == base(line["line"])
                and e["since"] <= effect["until"]
                and effect["since"] <= e["until"]
            ]
            if sum(limit for _, limit in mine) > line["amount"]:
                yield from (number, *(n for n, _ in mine))


def shared_within_year(body: Body, pays: Sequence[Pay]) -> Iterator[int]:
    for number, _, effect in enacted(body, "allocate-surplus"):
        period = body.periods[effect["period"]]
        length = date.fromisoformat(period.until) - date.fromisoformat(period.since)
        if length.days < 364 and period.surplus > 0:
            yield number


def seat_of_repealed_election(body: Body, pays: Sequence[Pay]) -> Iterator[int]:
    for number, at, effect in enacted(body, "elect"):
        stays = any(
            m.office == effect["office"] and m.since == at and m.counts(body.latest)
            for held in body.mandates.values()
            for m in held
        )
        if body.decisions[number].repealed and stays:
            yield number


Look = Callable[[Body, Sequence[Pay]], Iterator[int]]

SIGNALS: dict[str, Look] = {
    "limit_split": limit_split,
    "paid_alike": paid_alike,
    "no_invoice": no_invoice,
    "loan_line": loan_line,
    "grant_purpose": grant_purpose,
    "admitted_before_election": admitted_before_election,
    "barred_could_turn": barred_could_turn,
    "reserve_divisible": reserve_divisible,
    "budget_below_authorised": budget_below_authorised,
    "shared_within_year": shared_within_year,
    "seat_of_repealed_election": seat_of_repealed_election,
}
