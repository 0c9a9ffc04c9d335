"""The waterfall proven from its end: a table that members voted is held against what the statute
demands of it, as a set of conditions on finished amounts.

Nothing is shared out here. Of every pot of money it is known what it held; of every step what it
got and what the steps before it left. Each demand of the statute is then an inequality between
these, and the first that does not hold is named with its article. Where the law leaves an amount to
the assembly, any that fits is lawful.

Amounts are whole numbers of the smallest unit, a gain positive.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

from comuna.audit.findings import Unproven, need
from comuna.audit.names import base
from comuna.audit.sound import fraction_of

RESULTS = ("member_result", "non_member_result", "extraordinary_result")
PEOPLE = ("members", "workers", "capital")
COMMON = "common"
"""The pot of everything that the statute does not keep apart."""

Table = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a body had before the decision: the results of the sealed period (by `RESULTS`, and the
    tax on them), the prior losses not yet made good, what each fund holds, the capital paid in."""

    results: Mapping[str, int]
    prior_losses: int
    funds: Mapping[str, int]
    capital: int


def results_of(totals: Mapping[str, int]) -> dict[str, int]:
    """The results of a period and its tax, from what moved on each account of income and costs
    (debit positive)."""
    results = dict.fromkeys((*RESULTS, "tax"), 0)
    for account, amount in totals.items():
        line, part = base(account), account.partition(":")[2]
        if line == "taxes":
            results["tax"] += amount
        elif line.startswith("extraordinary"):
            results["extraordinary_result"] -= amount
        elif line == "sales_others" or part == "others":
            results["non_member_result"] -= amount
        else:
            results["member_result"] -= amount
    return results


# --- the law ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Floor:
    """A demand that depends on something else: together with an earlier step (`of`), or lowered
    while a fund (`of`) holds less than `below` of the capital."""

    of: str
    share: Fraction
    below: Fraction
    article: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the statute, as its JSON says it."""

    id: str
    fund: str
    base: str
    rate: str
    share: Fraction
    cap_share: Fraction
    cap_of: str
    reduction: Floor | None
    joint: Floor | None
    not_above: str
    condition: str
    article: str


@dataclass(frozen=True, slots=True)
class Loss:
    """One bearer of a loss."""

    source: str
    rate: str
    share: Fraction
    article: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What a statute says of the surplus."""

    article: str
    apart: tuple[str, ...]
    tax_order: tuple[str, ...]
    loss_order: tuple[str, ...]
    loss_article: str
    steps: tuple[Step, ...]
    losses: tuple[Loss, ...]

    def pot(self, result: str) -> str:
        """The pot that a result falls into."""
        if result in self.apart:
            return result
        outside = "outside_result" in self.apart and result != "member_result"
        return "outside_result" if outside else COMMON

    def drawn_from(self, step: Step) -> str:
        """The pot that a step draws from."""
        return step.base if step.base in self.apart else COMMON


def rules_of(statute: Mapping[str, Any]) -> Rules:
    """The rules of the surplus in a statute. Raises `Unproven` where they cannot be read."""
    try:
        surplus = statute["surplus"]
        return Rules(
            str(surplus["article"]),
            tuple(map(str, surplus.get("apart", ()))),
            tuple(map(str, surplus["tax"]["order"])),
            tuple(map(str, surplus["prior_losses"]["order"])),
            _article(surplus["prior_losses"]),
            tuple(_step(step) for step in surplus["steps"]),
            tuple(_loss(loss) for loss in surplus["losses"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError) as error:
        raise Unproven("statute_malformed", detail=repr(error)) from None


def _step(step: Mapping[str, Any]) -> Step:
    return Step(
        str(step["id"]),
        str(step["fund"]),
        str(step["base"]),
        str(step["rate"]),
        fraction_of(step.get("share")),
        fraction_of(step.get("cap_share")),
        str(step.get("cap_of", "")),
        _floor(step.get("reduction"), "fund"),
        _floor(step.get("joint"), "step"),
        str(step.get("not_above", "")),
        str(step.get("condition", "")),
        _article(step),
    )


def _floor(rule: Mapping[str, Any] | None, of: str) -> Floor | None:
    if not rule:
        return None
    share, below = fraction_of(rule["share"]), fraction_of(rule.get("below"))
    return Floor(str(rule[of]), share, below, _article(rule))


def _loss(loss: Mapping[str, Any]) -> Loss:
    share = fraction_of(loss.get("share", "1"))
    return Loss(str(loss["source"]), str(loss["rate"]), share, _article(loss))


def _article(rule: Mapping[str, Any]) -> str:
    law = rule.get("law")
    return f"{rule['article']}, {law}" if law else str(rule["article"])


# --- the pots -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pots:
    """What there was to share: each pot after tax and prior losses (below zero: a loss), and how
    much each result made good of prior losses."""

    held: Mapping[str, int]
    made_good: Mapping[str, int]


def pots_of(rules: Rules, figures: Figures) -> Pots:
    """The pots before anything is shared."""
    held = dict.fromkeys((COMMON, *rules.apart), 0)
    for result in RESULTS:
        held[rules.pot(result)] += figures.results[result]
    taxed = _after_tax(rules, held, figures.results["tax"])
    made_good = _made_good(rules, figures, taxed)
    for result, amount in made_good.items():
        taxed[rules.pot(result)] -= amount
    return Pots(taxed, made_good)


def _after_tax(rules: Rules, held: Mapping[str, int], tax: int) -> dict[str, int]:
    """Each pot in the order of the tax gives what the ones before could not; the common one what
    none could, or it receives what was given back."""
    order = list(dict.fromkeys(rules.pot(result) for result in rules.tax_order))
    reach = [max(0, held[pot]) for pot in order]
    paid = {
        pot: _between(tax - sum(reach[:place]), reach[place]) for place, pot in enumerate(order)
    }
    left = {pot: amount - paid.get(pot, 0) for pot, amount in held.items()}
    left[COMMON] -= tax - sum(paid.values())
    return left


def _made_good(rules: Rules, figures: Figures, held: Mapping[str, int]) -> dict[str, int]:
    """What each result makes good of prior losses. The first k of them reach as far as their gains
    do, pot by pot, within what the pot holds; so each adds the difference to the ones before."""
    order = list(dict.fromkeys(rules.loss_order))

    def reach(first: int) -> int:
        gains: dict[str, int] = {}
        for result in order[:first]:
            pot = rules.pot(result)
            gains[pot] = gains.get(pot, 0) + max(0, figures.results[result])
        most = sum(min(gain, max(0, held[pot])) for pot, gain in gains.items())
        return min(figures.prior_losses, most)

    return {result: reach(k + 1) - reach(k) for k, result in enumerate(order)}


def _between(amount: int, most: int) -> int:
    return max(0, min(amount, most))


# --- the proof ----------------------------------------------------------------------------------


def prove_waterfall(rules: Rules, figures: Figures, table: Table, decided: Set[str]) -> None:
    """Prove a table of a decision, (fund, amount) row by row, against the statute: prior losses
    made good, then one row a step in the statute's order, then who bears a loss. `decided` are the
    steps, or funds, for which the assembly chose an amount itself. Raises `Unproven`."""
    pots = pots_of(rules, figures)
    rows = list(table)
    _prove_made_good(rules, figures, pots, rows)
    given = _given(rules, rows)
    _prove_pots(rules, pots, given)
    case = _Case(rules, figures, pots, given, decided)
    for place, step in enumerate(rules.steps):
        if step.base != "gross_operations":
            case.prove(place, step)
        else:
            # The book does not hold this base: nothing that must be given of it could be proven.
            demanded = step.rate in ("at_least", "exactly")
            need(not demanded, "base_not_in_the_book", step=step.id, article=step.article)
    _prove_losses(rules, figures, pots, rows)


def _prove_made_good(
    rules: Rules, figures: Figures, pots: Pots, rows: list[tuple[str, int]]
) -> None:
    """The first rows make good prior losses, as far as this year reaches. Takes them off."""
    made_good = []
    while rows and rows[0][0] == "prior_losses" and rows[0][1] > 0:
        made_good.append(rows.pop(0)[1])
    due = [amount for amount in pots.made_good.values() if amount]
    need(
        made_good == due,
        "prior_losses_not_made_good",
        given=sum(made_good),
        due=sum(due),
        losses=figures.prior_losses,
        article=rules.loss_article,
    )


def _given(rules: Rules, rows: list[tuple[str, int]]) -> dict[int, int]:
    """What each step got, by its place. Takes their rows off: one a step, in order."""
    given: dict[int, int] = {}
    for place, step in enumerate(rules.steps):
        if step.base == "gross_operations":
            continue
        fund, amount = rows.pop(0) if rows else ("", 0)
        need(fund == step.fund, "table_out_of_order", step=step.id, due=step.fund)
        need(amount >= 0, "share_below_nothing", fund=fund, amount=amount, article=step.article)
        given[place] = amount
    return given


def _prove_pots(rules: Rules, pots: Pots, given: Mapping[int, int]) -> None:
    """Every pot is shared out whole, and nothing of one reaches the steps of another."""
    over: dict[str, int] = {}
    for pot, held in pots.held.items():
        drawn = [g for place, g in given.items() if rules.drawn_from(rules.steps[place]) == pot]
        over[pot] = sum(drawn) - max(0, held)
    most, least = max(over.values()), min(over.values())
    people = any(
        amount and rules.steps[place].fund in PEOPLE
        for place, amount in given.items()
        if rules.drawn_from(rules.steps[place]) == COMMON
    )
    mixed = most > 0 > least
    reached = mixed and people and over[COMMON] > 0
    need(not reached, "members_got_what_is_kept_apart", over=most, article=rules.article)
    need(not mixed, "kept_apart_mixed", over=most, article=rules.article)
    need(most <= 0, "more_shared_than_there_is", over=most, article=rules.article)
    need(least >= 0, "surplus_left_unshared", left=-least, article=rules.article)


@dataclass(frozen=True, slots=True)
class _Case:
    """A finished table, and what each demand on a step needs of it."""

    rules: Rules
    figures: Figures
    pots: Pots
    given: Mapping[int, int]
    decided: Set[str]

    def prove(self, place: int, step: Step) -> None:
        """What this step got is what the statute says, or lies within it."""
        got, fund, room = self.given[place], step.fund, self._room(place, step)
        if not self._condition_holds(step):
            self._prove_nothing_given(step, got)
            return
        base = self._base(step, room)
        asked, article = self._asked(place, step, base)
        due = min(asked, room)
        exact = got == due or step.rate != "exactly"
        need(exact, "exact_share_differs", fund=fund, given=got, due=due, article=article)
        need(got >= due, "fund_below_its_floor", fund=fund, given=got, due=due, article=article)
        for most in self._ceilings(step, base):
            need(
                got <= most,
                "fund_above_its_ceiling",
                fund=fund,
                given=got,
                due=most,
                article=step.article,
            )

    def _prove_nothing_given(self, step: Step, got: int) -> None:
        """A step whose condition does not hold gets nothing."""
        prior = step.condition == "losses_compensated"
        need(
            got == 0 or not prior,
            "shared_before_losses_made_good",
            fund=step.fund,
            given=got,
            losses=self.figures.prior_losses - sum(self.pots.made_good.values()),
            article=step.article,
        )
        need(
            got == 0,
            "condition_not_met",
            fund=step.fund,
            given=got,
            condition=step.condition,
            article=step.article,
        )

    def _room(self, place: int, step: Step) -> int:
        """What the steps before this one left of its pot."""
        pot = self.rules.drawn_from(step)
        earlier = (
            amount
            for other, amount in self.given.items()
            if other < place and self.rules.drawn_from(self.rules.steps[other]) == pot
        )
        return max(0, self.pots.held[pot]) - sum(earlier)

    def _condition_holds(self, step: Step) -> bool:
        """Whether a body is solvent no book says, so what depends on it cannot be given."""
        if step.condition == "losses_compensated":
            return sum(self.pots.made_good.values()) == self.figures.prior_losses
        if step.condition == "result_positive":
            return self.pots.held[COMMON] > 0
        return not step.condition

    def _base(self, step: Step, room: int) -> int:
        """Of what the step takes its share; never below nothing."""
        results, made_good = self.figures.results, self.pots.made_good
        outside = sum(results[r] - made_good.get(r, 0) for r in RESULTS[1:])
        bases = {
            "capital": self.figures.capital,
            "member_result_pre_tax": results["member_result"],
            "member_result_after_losses": results["member_result"]
            - made_good.get("member_result", 0),
            "outside_result_after_losses": outside,
            "available_after_tax": self.pots.held[COMMON],
        }
        return max(0, bases.get(step.base, room))

    def _asked(self, place: int, step: Step, base: int) -> tuple[int, str]:
        """The least that the statute asks for this step, were there enough, and the article that
        does: its own floor or the joint one, and no more than its fund can still take."""
        floors = [(0, step.article)]
        if step.rate == "at_least":
            share, article = self._share(step)
            floors.append((ceil(share * base), article))
        elif step.rate == "exactly":
            floors.append((round(step.share * base), step.article))
        if step.joint:
            together = ceil(step.joint.share * base) - self._got(step.joint.of)
            floors.append((together, step.joint.article))
        asked, article = max(floors, key=lambda demand: demand[0])
        return min(asked, self._under_cap(place, step, asked)), article

    def _share(self, step: Step) -> tuple[Fraction, str]:
        """The share of a floor: the lower one only if the assembly chose, while the fund is low."""
        lower = step.reduction
        if lower is None or not self._decided(step):
            return step.share, step.article
        low = self.figures.funds.get(lower.of, 0) < lower.below * self.figures.capital
        return (lower.share, lower.article) if low else (step.share, step.article)

    def _decided(self, step: Step) -> bool:
        alone = sum(other.fund == step.fund for other in self.rules.steps) == 1
        return step.id in self.decided or (alone and step.fund in self.decided)

    def _got(self, name: str) -> int:
        """What the step of this name got."""
        steps = self.rules.steps
        return sum(amount for place, amount in self.given.items() if steps[place].id == name)

    def _under_cap(self, place: int, step: Step, asked: int) -> int:
        """What the fund can take before its cap. The book knows the capital now, which stands for
        its highest; a cap by monthly costs it does not know, and then the floor stands whole."""
        if step.cap_of not in ("capital", "highest_capital"):
            return asked
        earlier = sum(
            amount
            for other, amount in self.given.items()
            if other < place and self.rules.steps[other].fund == step.fund
        )
        holds = self.figures.funds.get(step.fund, 0) + earlier
        return max(0, ceil(step.cap_share * self.figures.capital) - holds)

    def _ceilings(self, step: Step, base: int) -> Iterable[int]:
        if step.rate == "at_most":
            yield floor(step.share * base)
        if step.not_above:
            yield self._got(step.not_above)


def _prove_losses(rules: Rules, figures: Figures, pots: Pots, rows: list[tuple[str, int]]) -> None:
    """The last rows say who bears a loss: each in turn as much as it must, or at most may, of what
    those before it left; and together all of it. A row belongs to the first rule that names its
    source, so a statute should name each source once."""
    loss = left = -sum(min(0, held) for held in pots.held.values())
    for rule in rules.losses if loss else ():
        is_fund = rule.source not in ("members", "prior_losses")
        most = min(left, floor(rule.share * loss))
        if is_fund and rule.rate != "rest":
            most = _between(figures.funds.get(rule.source, 0), most)
        named = bool(rows) and rows[0][0] == rule.source and rows[0][1] < 0
        # An open bearer takes a row that names it; the others must have one, unless it would be 0.
        takes = named and (most > 0 or rule.rate == "open")
        borne = -rows.pop(0)[1] if takes else 0
        lawful = borne <= most if rule.rate == "open" else borne == most
        need(
            lawful,
            "loss_not_borne_in_order",
            source=rule.source,
            given=borne,
            due=most,
            article=rule.article,
        )
        left -= borne
    need(left == 0, "loss_not_borne", left=left, article=rules.article)
    extra = rows[0] if rows else ("", 0)
    need(not rows, "row_without_rule", fund=extra[0], amount=extra[1], article=rules.article)
