"""Who receives how much of what goes to people: the distribution key, applied exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import msgspec

from comuna.rules.money import allocate, to_integer
from comuna.rules.statute import Loss, MemberKind, Step, Surplus, Text, fraction
from comuna.rules.surplus_case import Case, CaseFault, InvalidCase, Row, case_fault


class Parts(msgspec.Struct, frozen=True):
    """Allocations and interest by member, and what could not be shared because the case does not
    say how."""

    allocations: dict[str, int]
    interest: dict[str, int]
    unshared: tuple[tuple[Step | Loss, int, Text], ...]
    notes: tuple[Text, ...]


def allocations(
    surplus: Surplus,
    case: Case,
    kinds: Sequence[MemberKind],
    amounts: Sequence[tuple[Step | Loss, int]],
) -> Parts:
    """Share each amount among those entitled: interest by contributions, the rest by the key.

    Everyone listed is in the result, with 0 where nothing is due. Raises `InvalidCase`.
    """
    given = [(rule, amount) for rule, amount in amounts if amount]
    if given:
        _check_rows(surplus, case, kinds)
    shared: dict[bool, dict[str, int]] = {False: {}, True: {}}
    unshared: list[tuple[Step | Loss, int, Text]] = []
    notes: list[Text] = []
    for rule, amount in given:
        on_capital = _is_interest(rule)
        key = {"contributions": Fraction(1)} if on_capital else case.key
        missing = _missing(case, key, rule)
        if missing:
            unshared.append((rule, amount, missing))
            continue
        if not on_capital:
            _check_key(surplus, case)
        total = shared[on_capital] = shared[on_capital] or dict.fromkeys(case.members, 0)
        rows = entitled(rule, case, kinds, notes)
        for member, part in allocate(amount, weights(key, rows)).items():
            total[member] += part
    return Parts(shared[False], shared[True], tuple(unshared), tuple(notes))


def _is_interest(rule: Step | Loss) -> bool:
    return isinstance(rule, Step) and rule.fund == "capital"


def _missing(case: Case, key: Mapping[str, Fraction], rule: Step | Loss) -> Text | None:
    """What the case would have to say before this amount can be shared."""
    if _is_interest(rule) and any("contributions" not in r.measures for r in case.members.values()):
        return {
            "en": "the contributions of the members are not stated",
            "es": "no se dicen las aportaciones de las personas socias",
        }
    if not key:
        return {
            "en": "no key is stated: by what measure it is shared",
            "es": "no se dice la clave: por qué medida se reparte",
        }
    if not case.members:
        return {"en": "no members are stated", "es": "no se dicen las personas socias"}
    return None


def entitled(
    rule: Step | Loss, case: Case, kinds: Sequence[MemberKind], notes: list[Text]
) -> dict[str, Row]:
    """Those whom a step reaches: kinds that share (for "workers", everyone who works), present or
    senior for long enough. Where nothing is said of someone's months, they are taken as entitled
    and a note says so."""
    shut_out = {kind.id for kind in kinds if not kind.shares_surplus}
    everyone = isinstance(rule, Step) and rule.fund == "workers"
    rows = {m: r for m, r in case.members.items() if everyone or r.kind not in shut_out}
    if isinstance(rule, Loss) or not (rule.months_present or rule.months_seniority):
        return rows
    silent = [m for m, r in rows.items() if r.months_present is None and r.months_seniority is None]
    if silent:
        notes.append(
            {
                "en": f"No months are stated for {', '.join(silent)}: taken as entitled "
                f"(art. {rule.article}).",
                "es": f"No se dicen los meses de {', '.join(silent)}: se toman con derecho "
                f"(art. {rule.article}).",
            }
        )
    return {m: r for m, r in rows.items() if m in silent or _long_enough(rule, r)}


def _long_enough(rule: Step, row: Row) -> bool:
    present = bool(rule.months_present) and (row.months_present or 0) >= rule.months_present
    senior = bool(rule.months_seniority) and (row.months_seniority or 0) >= rule.months_seniority
    return present or senior


def weights(key: Mapping[str, Fraction], rows: Mapping[str, Row]) -> dict[str, Fraction]:
    """Each one's weight under the key: of every measure their part of the whole, weighted.

    Raises `InvalidCase` when a measure of the key is zero for everyone.
    """
    total: dict[str, Fraction] = dict.fromkeys(rows, Fraction(0))
    for name, weight in key.items():
        by_member = {m: _measure(r, name) * r.seniority_coefficient for m, r in rows.items()}
        whole = sum(by_member.values(), Fraction(0))
        if not whole:
            raise InvalidCase(
                [
                    case_fault(
                        f"key.{name}",
                        f"nobody entitled has any {name}",
                        f"nadie con derecho tiene {name}",
                        "Take it out of the key, or state it for the members",
                        "Quítela de la clave, o dígala para las personas socias",
                    )
                ]
            )
        for member, measure in by_member.items():
            total[member] += weight * measure / whole
    return total


def _measure(row: Row, name: str) -> Fraction:
    return Fraction(1) if name == "equal" else row.measures[name]


def _check_key(surplus: Surplus, case: Case) -> None:
    """The key uses measures the statute allows, and every row has them."""
    faults: list[CaseFault] = []
    for name in case.key:
        general = "activity" in surplus.keys and name not in ("equal", "contributions")
        if not general and name not in surplus.keys:
            faults.append(
                case_fault(
                    f"key.{name}",
                    f'the statute does not share by "{name}"',
                    f"el estatuto no reparte por «{name}»",
                    f"It allows {', '.join(surplus.keys) or 'no key'}",
                    f"Permite {', '.join(surplus.keys) or 'ninguna clave'}",
                    surplus.article_of("keys"),
                )
            )
        lacking = [m for m, r in case.members.items() if name != "equal" and name not in r.measures]
        if lacking:
            faults.append(
                case_fault(
                    f"members.{lacking[0]}",
                    f"{name} is missing for {', '.join(lacking)}",
                    f"falta {name} de {', '.join(lacking)}",
                    f'Write "{name}": 0 where there is none',
                    f"Escriba «{name}»: 0 donde no haya",
                )
            )
    if faults:
        raise InvalidCase(faults)


def _check_rows(surplus: Surplus, case: Case, kinds: Sequence[MemberKind]) -> None:
    """Kinds that the statute has, coefficients that it allows."""
    faults: list[CaseFault] = []
    known = {kind.id for kind in kinds}
    most = surplus.seniority_coefficient_max
    for member, row in case.members.items():
        if row.kind and kinds and row.kind not in known:
            faults.append(
                case_fault(
                    f"members.{member}.kind",
                    f'"{row.kind}" is no kind of member here',
                    f"«{row.kind}» no es una clase de persona socia aquí",
                    f"Known are {', '.join(sorted(known))}",
                    f"Se conocen {', '.join(sorted(known))}",
                )
            )
        if not 1 <= row.seniority_coefficient <= Fraction(most or 1):
            faults.append(
                case_fault(
                    f"members.{member}.seniority_coefficient",
                    f"{row.seniority_coefficient} is outside what the statute allows",
                    f"{row.seniority_coefficient} está fuera de lo que permite el estatuto",
                    f"Write a number from 1 to {most or 1}",
                    f"Escriba un número de 1 a {most or 1}",
                    surplus.article_of("seniority_coefficient_max"),
                )
            )
    if faults:
        raise InvalidCase(faults)


def in_money(surplus: Surplus, parts: dict[str, int]) -> dict[str, int]:
    """The least part of each allocation that is paid in money, where the statute sets one."""
    if not surplus.cash_share:
        return {}
    share = fraction(surplus.cash_share)
    return {m: max(0, to_integer(share * part, "up")) for m, part in parts.items()}
