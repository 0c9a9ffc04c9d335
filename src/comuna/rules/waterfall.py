"""The waterfall: in which order, and to the last unit, a statute shares a surplus or bears a loss.

Nothing is lost or invented: the amounts of all steps and what is still open sum to the results of
the year (a negative amount is drawn from a fund or borne by members). Nothing is guessed: what the
law leaves to the assembly, and the assembly has not decided, is reported as open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import msgspec

from comuna.rules.money import to_integer
from comuna.rules.patronage import allocations, in_money
from comuna.rules.statute import Loss, MemberKind, Rounding, Rule, Step, Surplus, Text, fraction
from comuna.rules.surplus_case import (
    Case,
    CaseFault,
    Choice,
    InvalidCase,
    case_fault,
)
from comuna.rules.vocabulary import APART, PEOPLE, RESULTS


class Share(msgspec.Struct, frozen=True):
    """What one step gave: `amount` to `fund`, out of `base` (`base_amount`), by `article`."""

    step: str
    fund: str
    amount: int
    base: str
    base_amount: int
    article: str
    law: str
    status: str


class Open(msgspec.Struct, frozen=True):
    """What nobody has decided: `amount` at most, that this step may take; or what is missing."""

    step: str
    fund: str
    amount: int
    article: str
    reason: Text


class Waterfall(msgspec.Struct, frozen=True):
    """A surplus shared out. `distributable` is what may reach people: what is neither a deduction
    nor gone to a fund. `allocations` says how much each receives by the key (a loss is negative),
    `interest` how much on their contribution; allocating is not paying. Of each allocation at
    least `cash` is paid in money at once and `retained` later.

    The amounts of the steps and `undecided` sum to the results less `tax`.
    """

    unit: str
    tax: int
    steps: tuple[Share, ...]
    distributable: int
    undecided: int
    allocations: dict[str, int]
    interest: dict[str, int]
    cash: dict[str, int]
    retained: dict[str, int]
    contribution: dict[str, int]
    open: tuple[Open, ...]
    notes: tuple[Text, ...]


def share_out(surplus: Surplus, case: Case, kinds: Sequence[MemberKind] = ()) -> Waterfall:
    """Run a statute's waterfall on the figures of a year.

    `kinds` are the statute's kinds of members: those that share no surplus receive nothing. Raises
    `InvalidCase` when a measure is missing, or a choice breaks the statute (it names the article).
    """
    run = _Run(surplus, case)
    run.check_choices()
    run.deduct()
    for step in surplus.steps:
        run.take(step)
    run.report_undecided()
    run.bear_losses()
    if run.faults:
        raise InvalidCase(run.faults)
    parts = allocations(surplus, case, kinds, run.to_people)
    cash = in_money(surplus, parts.allocations)
    unshared = [
        Open(rule.id, _fund(rule), amount, rule.article, reason)
        for rule, amount, reason in parts.unshared
    ]
    return Waterfall(
        unit=case.unit,
        tax=case.tax,
        steps=tuple(run.shares),
        distributable=run.distributable,
        undecided=run.undecided_amount,
        allocations=parts.allocations,
        interest=parts.interest,
        cash=cash,
        retained={m: parts.allocations[m] - cash[m] for m in cash},
        contribution=_contribution(surplus, case),
        open=(*run.open, *unshared),
        notes=(*run.notes, *parts.notes),
    )


def _fund(rule: Step | Loss) -> str:
    return rule.fund if isinstance(rule, Step) else rule.source


_MAIN = "available"


@dataclass
class _Run:
    """One run: pools of money that steps draw from, and what has been said so far."""

    surplus: Surplus
    case: Case
    pools: dict[str, int] = field(default_factory=dict)
    start: int = 0  # of the main pool, after losses and tax
    absorbed: dict[str, int] = field(default_factory=lambda: dict.fromkeys(RESULTS, 0))
    uncompensated: int = 0  # prior losses that this year does not make good
    shares: list[Share] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)  # amount by step
    rounded_up: Fraction = Fraction(0)  # units that rounding gave to steps beyond their share
    undecided_amount: int = 0  # what no step took; negative where nobody bears a loss yet
    undecided: list[Step] = field(default_factory=list)
    to_people: list[tuple[Step | Loss, int]] = field(default_factory=list)
    open: list[Open] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)
    faults: list[CaseFault] = field(default_factory=list)

    # --- before the steps ---

    def check_choices(self) -> None:
        """Every choice names a step of this statute."""
        rules: list[Step | Loss] = [*self.surplus.steps, *self.surplus.losses]
        fed = [step.fund for step in self.surplus.steps]
        names = [rule.id for rule in rules] + [f for f in fed if fed.count(f) == 1]
        for name in self.case.choices:
            if name not in names:
                known = ", ".join(dict.fromkeys(names))
                self.faults.append(
                    case_fault(
                        f"choices.{name}",
                        "this statute has no such step",
                        "este estatuto no tiene ese paso",
                        f"Its steps are {known}",
                        f"Sus pasos son {known}",
                    )
                )

    def pool_of(self, result: str) -> str:
        """Where a result goes: the pool of the surplus, or the one that keeps it apart."""
        if result in self.surplus.apart:
            return result
        outside = "outside_result" in self.surplus.apart and result != "member_result"
        return "outside_result" if outside else _MAIN

    def deduct(self) -> None:
        """Put the results into their pools; take tax first (it cannot wait), then prior losses."""
        self.pools = dict.fromkeys([_MAIN, *self.surplus.apart], 0)
        for result, amount in self.case.results.items():
            self.pools[self.pool_of(result)] += amount
        left = self.case.tax
        for result in self.surplus.tax.order:
            left -= self._deduct(result, left)
        self.pools[_MAIN] -= left
        left, rule = self.case.prior_losses, self.surplus.prior_losses
        for result in rule.order:
            amount = self.case.results[result]
            taken = self._deduct(result, min(left, max(0, amount)))
            self.absorbed[result] += taken
            left -= taken
            if taken:
                self._record("prior_losses", "prior_losses", taken, result, amount, rule)
        self.uncompensated = left
        if left:
            self.notes.append(
                {
                    "en": f"Prior losses of {left} are not made good and are carried forward.",
                    "es": f"Pérdidas anteriores por {left} quedan sin compensar y se arrastran.",
                }
            )
        self.start = self.pools[_MAIN]

    def _deduct(self, result: str, amount: int) -> int:
        """Take an amount from the pool of a result, as far as it reaches; gives what was taken."""
        pool = self.pool_of(result)
        taken = max(0, min(amount, self.pools[pool]))
        self.pools[pool] -= taken
        return taken

    def _record(
        self, step: str, fund: str, amount: int, base: str, base_amount: int, rule: Rule
    ) -> None:
        self.shares.append(
            Share(step, fund, amount, base, base_amount, rule.article, rule.law, rule.status)
        )

    # --- the steps ---

    def take(self, step: Step) -> None:
        """Give a step what the law and the assembly say, out of its pool."""
        base = self.base_of(step.base)
        if base is None:
            self._base_unknown(step)
            return
        pool = step.base if step.base in APART else _MAIN
        room = max(0, self.pools[pool])
        amount = self.amount_of(step, base, room)
        self.pools[pool] -= amount
        self.done[step.id] = amount
        if pool == _MAIN:
            self.rounded_up += self._rounding_of(step, base, amount)
        self._record(step.id, step.fund, amount, step.base, base, step)
        if step.fund in PEOPLE:
            self.to_people.append((step, amount))

    def _rounding_of(self, step: Step, base: int, amount: int) -> Fraction:
        """By how much rounding made a share larger than its exact value."""
        choice = self.choice(step)
        share = fraction(step.share) if choice is None and step.share else choice
        exact = share * base if isinstance(share, Fraction) else Fraction(amount)
        return amount - exact if abs(amount - exact) < 1 else Fraction(0)

    def base_of(self, base: str) -> int | None:
        """The amount of a base, never negative; None when the case does not say it."""
        results, gone = self.case.results, self.absorbed
        known: dict[str, int | None] = {
            "gross_operations": self.case.gross_operations,
            "capital": self.case.capital,
            "member_result_pre_tax": results["member_result"],
            "member_result_after_losses": results["member_result"] - gone["member_result"],
            "outside_result_after_losses": sum(results[r] - gone[r] for r in RESULTS[1:]),
            "available_after_tax": self.start,
            "remaining": self.pools[_MAIN],
            **{pool: self.pools[pool] for pool in self.surplus.apart},
        }
        amount = known[base]
        return None if amount is None else max(0, amount)

    def _base_unknown(self, step: Step) -> None:
        """Without its base a step can neither be computed nor checked."""
        self.done[step.id] = 0
        if self.choice(step) not in (None, 0):
            self._refuse(
                step,
                f"{step.base} is not stated, so its limit is unknown",
                f"falta {step.base}, así que no se conoce su límite",
                f'Add "{step.base}" to the case',
                f"Añada «{step.base}» al caso",
            )
        elif step.rate in ("at_least", "exactly"):
            reason = {
                "en": f"{step.base} is not stated in the case",
                "es": f"el caso no dice {step.base}",
            }
            self.open.append(Open(step.id, step.fund, 0, step.article, reason))

    def amount_of(self, step: Step, base: int, room: int) -> int:
        choice = self.choice(step)
        if not self._condition_holds(step, choice):
            return 0
        least, most = self._bounds(step, base, room)
        if choice is None:
            return self._undecided_amount(step, least, room)
        amount = self._chosen_amount(choice, step, base, room)
        if step.rate == "at_least" and step.reduction:
            least = min(least, self._reduced(step, base))
        if amount > room:
            self._refuse(
                step,
                f"{amount} are decided, only {room} remain",
                f"se deciden {amount} y solo quedan {room}",
                f"Decide {room} at most",
                f"Decida {room} como máximo",
            )
        elif amount < min(least, room):
            self._refuse(
                step,
                f"{amount} is less than the statute demands",
                f"{amount} es menos de lo que exige el estatuto",
                f"Decide at least {min(least, room)}",
                f"Decida al menos {min(least, room)}",
            )
        elif amount > most:
            self._refuse(
                step,
                f"{amount} is more than the statute allows",
                f"{amount} es más de lo que permite el estatuto",
                f"Decide {most} at most",
                f"Decida {most} como máximo",
            )
        return min(amount, room)

    def choice(self, rule: Step | Loss) -> Choice | None:
        """What the assembly decided: by the step's name, or by its fund's if no other feeds it."""
        if rule.id in self.case.choices or isinstance(rule, Loss):
            return self.case.choices.get(rule.id)
        feeding = [step for step in self.surplus.steps if step.fund == rule.fund]
        return self.case.choices.get(rule.fund) if len(feeding) == 1 else None

    def _undecided_amount(self, step: Step, least: int, room: int) -> int:
        if step.rate in ("at_most", "open", "at_least"):
            self.undecided.append(step)
        if step.rate == "rest":
            return room
        if least > room:
            self.notes.append(
                {
                    "en": f"{step.id} is due {least}, but only {room} remain.",
                    "es": f"A {step.id} le tocan {least}, pero solo quedan {room}.",
                }
            )
        return min(least, room)

    def _chosen_amount(self, choice: Choice, step: Step, base: int, room: int) -> int:
        """The amount a choice means. Shares that together make a whole never fail for the unit that
        the rounding of earlier ones took."""
        if choice == "rest":
            return room
        if isinstance(choice, int):
            return choice
        amount = to_integer(choice * base, _ROUNDING[step.rate])
        return min(amount, room) if choice * base <= room + self.rounded_up else amount

    def _bounds(self, step: Step, base: int, room: int) -> tuple[int, int]:
        """The least and the most that the statute allows for a step."""
        least, most = 0, room
        if step.share:
            bound = to_integer(fraction(step.share) * base, _ROUNDING[step.rate])
            if step.rate in ("at_least", "exactly"):
                least = bound
            if step.joint:
                both = to_integer(fraction(step.joint.share) * base, "up")
                least = max(least, both - self.done.get(step.joint.step, 0))
            least = min(least, self._room_under_cap(step, least))
            if step.rate == "at_most":
                most = bound
            elif step.rate == "exactly":
                most = least
        if step.not_above:
            most = min(most, self.done.get(step.not_above, 0))
        return least, most

    def _reduced(self, step: Step, base: int) -> int:
        """The floor that the assembly may go down to while a fund is low; else the floor itself."""
        usual = to_integer(fraction(step.share) * base, "up")
        lower = step.reduction
        if lower is None or self.case.funds is None or self.case.capital is None:
            return usual
        if self.case.funds.get(lower.fund, 0) >= fraction(lower.below) * self.case.capital:
            return usual
        return to_integer(fraction(lower.share) * base, "up")

    def _room_under_cap(self, step: Step, wanted: int) -> int:
        """How much the fund can still take before its cap; all of it when there is none."""
        if not step.cap_of:
            return wanted
        of = getattr(self.case, step.cap_of)
        if step.cap_of == "highest_capital" and of is None:
            of = self.case.capital
        if of is None or self.case.funds is None:
            missing = step.cap_of if of is None else "funds"
            self.notes.append(
                {
                    "en": f"The cap of {step.fund} could not be applied: {missing} not stated.",
                    "es": f"No se pudo aplicar el tope de {step.fund}: falta {missing}.",
                }
            )
            return wanted
        full = to_integer(Fraction(step.cap_share) * of, "up")
        given = sum(share.amount for share in self.shares if share.fund == step.fund)
        return max(0, full - self.case.funds.get(step.fund, 0) - given)

    def _condition_holds(self, step: Step, choice: Choice | None) -> bool:
        """Whether the step may give anything; an unknown condition leaves it open."""
        holds = {
            "": True,
            "losses_compensated": self.uncompensated == 0,
            "result_positive": self.start > 0,
            "solvent": self.case.solvent,
        }[step.condition]
        if holds is None:
            reason = {
                "en": "the case does not say whether the body is solvent",
                "es": "el caso no dice si la organización es solvente",
            }
            self.open.append(Open(step.id, step.fund, 0, step.article, reason))
        if not holds and choice not in (None, 0, Fraction(0), "rest") and step.condition:
            self._refuse(
                step,
                f"nothing can be given: {step.condition} does not hold",
                f"no se puede dar nada: no se cumple {step.condition}",
                "Decide 0",
                "Decida 0",
            )
        return bool(holds)

    def _refuse(self, rule: Step | Loss, en: str, es: str, do_en: str, do_es: str) -> None:
        self.faults.append(case_fault(f"choices.{rule.id}", en, es, do_en, do_es, rule.article))

    # --- after the steps ---

    def report_undecided(self) -> None:
        """What remains in a pool is open, for each step that could take it."""
        reason = {
            "en": "the assembly has not decided",
            "es": "la asamblea no lo ha decidido",
        }
        for pool, left in self.pools.items():
            if left <= 0:
                continue
            takers = [s for s in self.undecided if pool == (s.base if s.base in APART else _MAIN)]
            for step in takers:
                self.open.append(Open(step.id, step.fund, left, step.article, reason))
            if not takers:
                self.open.append(Open("", "", left, self.surplus.article, reason))

    @property
    def distributable(self) -> int:
        from_main = [s for s in self.surplus.steps if s.base not in APART]
        given = sum(self.done[s.id] for s in from_main if s.fund in PEOPLE)
        return max(0, self.pools[_MAIN]) + given

    # --- losses ---

    def bear_losses(self) -> None:
        """Charge what the pools lack to those who bear it, in the statute's order."""
        loss = -sum(min(0, amount) for amount in self.pools.values())
        left = loss
        self.undecided_amount = sum(self.pools.values())
        for rule in self.surplus.losses if loss else ():
            borne = self._borne(rule, loss, left)
            if borne is None:
                return
            left -= borne
            self.undecided_amount += borne
            if borne:
                self._record(rule.id, rule.source, -borne, "loss", loss, rule)
            if rule.source == "members":
                self.to_people.append((rule, -borne))

    def _borne(self, rule: Loss, loss: int, left: int) -> int | None:
        """What this source bears; None when the case does not say how much the fund holds."""
        is_fund = rule.source not in ("members", "prior_losses")
        if is_fund and rule.rate != "rest" and self.case.funds is None:
            reason = {
                "en": f"funds are not stated: how much of the loss {rule.source} can bear",
                "es": f"faltan los fondos: cuánta pérdida puede asumir {rule.source}",
            }
            self.open.append(Open(rule.id, rule.source, left, rule.article, reason))
            return None
        most = min(left, to_integer(fraction(rule.share) * loss, "down"))
        if is_fund and rule.rate != "rest":
            most = min(most, max(0, (self.case.funds or {}).get(rule.source, 0)))
        choice = self.choice(rule)
        if choice is None or choice == "rest":
            return 0 if rule.rate == "open" and choice is None else most
        borne = choice if isinstance(choice, int) else to_integer(choice * loss, "half_even")
        if borne > most or (rule.rate != "open" and borne != most):
            self._refuse(
                rule,
                f"{borne} of the loss are decided, {most} can be charged here",
                f"se imputan {borne} de la pérdida y aquí caben {most}",
                f"Decide {most}",
                f"Decida {most}",
            )
        return min(borne, most)


_ROUNDING: dict[str, Rounding] = {
    "at_least": "up",
    "at_most": "down",
    "exactly": "half_even",
    "rest": "half_even",
    "open": "half_even",
}


def _contribution(surplus: Surplus, case: Case) -> dict[str, int]:
    """What becomes of a contribution on joining: the part kept for good, and the member's."""
    rule = surplus.contribution
    if rule is None or case.contribution is None:
        return {}
    kept = to_integer(fraction(rule.share) * case.contribution, "half_even")
    account = case.contribution - kept
    parts = {rule.fund: kept, "member_account": account}
    if rule.interest:
        parts["interest"] = to_integer(fraction(rule.interest) * account, "half_even")
    return parts
