"""A plan told in words, Spanish or English."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

import numpy as np

from comuna.plan import problem as p
from comuna.plan.explaining import Explainer, Limit, Worth, labour_costs
from comuna.plan.priorities import FULL, RISES
from comuna.plan.published import Plan
from comuna.plan.words import LANGUAGES, number, say, share

MOST_LINES = 200
PIECES = frozenset(
    {"", "piece", "pieces", "unit", "units", "pieza", "piezas", "unidad", "unidades"}
)
OWN = "\0"
"""Stands for a line's own period, until lines alike in all else are told as one."""


class Report:
    """The words of one plan in one language."""

    def __init__(self, plan: Plan, language: str) -> None:
        self.plan, self.problem, self.language = plan, plan.problem, language
        self.explainer = Explainer(plan)

    def text(self, most: int = MOST_LINES) -> str:
        """The whole report; each part shows at most so many lines."""
        parts = [
            ("title", self.how()),
            ("stages", self.stages()),
            ("unmet", self.unmet()),
            ("bears", self.bears()),
            ("activities", self.activities()),
            ("left", self.left()),
            ("labour", self.labour()),
        ]
        out: list[str] = []
        for title, lines in parts:
            found = list(lines)
            if found:
                out += [say(title, self.language), ""]
                out += [f"  {line}" for line in found[:most]]
                if len(found) > most:
                    out.append("  " + self.say("more", count=len(found) - most))
                out.append("")
        return "\n".join(out)

    def say(self, key: str, **facts: object) -> str:
        return say(key, self.language, **facts)

    def name(self, kind: str, at: int) -> str:
        """A thing by its word in the language, or by its name."""
        table, names = {
            "body": (self.problem.bodies, self.problem.bodies.body),
            "good": (self.problem.goods, self.problem.goods.good),
            "mean": (self.problem.means, self.problem.means.mean),
            "recipe": (self.problem.recipes, self.problem.recipes.recipe),
            "period": (self.problem.periods, self.problem.periods.period),
        }[kind]
        words: p.Names = getattr(table, self.language)
        return p.said(names, words, at)

    def how(self) -> Iterator[str]:
        proof = self.plan.certificate()
        yield self.say(
            "how", mode=self.plan.mode, method=self.plan.method,
            objective=number(proof.objective, self.language, 2),
            bound=number(proof.bound, self.language, 2),
            gap=share(proof.gap, self.language),
        )  # fmt: skip
        if self.explainer.unpriced:
            yield self.say("unpriced")

    def stages(self) -> Iterator[str]:
        for stage in self.plan.answer.stages:
            yield self.say(
                "stage-line",
                count=int((stage.floors.steps == RISES).sum()),
                level=share(Fraction(stage.level, FULL), self.language),
                best=share(Fraction(stage.best, FULL), self.language),
            )

    def activities(self) -> Iterator[str]:
        lines = []
        for line in self.explainer.activities():
            done = self.say(
                "activity",
                body=self.name("body", line.body),
                period=OWN,
                level=number(line.level, self.language),
                recipe=self.name("recipe", line.recipe),
            )
            lines.append((f"{done} {self._limit(line.limit, line.period)}", line.period))
        return self._together(lines)

    def _together(self, lines: Iterable[tuple[str, int]]) -> Iterator[str]:
        """Lines that differ in their period alone, as one: periods in a row as from – to."""
        periods: dict[str, list[int]] = {}
        for text, period in lines:
            periods.setdefault(text, []).append(period)
        for text, found in periods.items():
            yield text.replace(OWN, self._spans(sorted(found)))

    def _spans(self, periods: list[int]) -> str:
        spans: list[list[int]] = []
        for at in periods:
            if spans and spans[-1][1] == at - 1:
                spans[-1][1] = at
            else:
                spans.append([at, at])
        names = [[self.name("period", end) for end in span] for span in spans]
        return ", ".join(a if a == b else f"{a} – {b}" for a, b in names)

    def _keys(self, limit: Limit, own: int) -> dict[str, str]:
        """The words of what limits; its period, if it is the line's own, as `OWN`."""
        words = {key: self.name(key, at) for key, at in limit.keys.items() if key != "link"}
        if limit.keys.get("period") == own:
            words["period"] = OWN
        return words

    def _limit(self, limit: Limit, own: int) -> str:
        words = self._keys(limit, own)
        if limit.kind in ("most", "needs", "unknown"):
            return self.say(f"limit-{limit.kind}")
        if limit.worth is None:
            thing = words.get("mean") or words["good"]
            key = "limit-tight" if limit.kind == "tight" else "limit-scarce"
            return self.say(key, **{**words, "thing": thing})
        if limit.kind == "mean":
            unit = self.problem.means.unit[limit.keys["mean"]]
            return self.say(
                "limit-mean", **words, unit=self._one(unit), worth=self._worth(limit.worth)
            )
        unit = self.problem.goods.unit[limit.keys["good"]]
        return self.say("limit-good", **words, unit=self._one(unit), worth=self._worth(limit.worth))

    def _one(self, unit: str) -> str:
        """Spanish says "1 kg más"; English puts "one more" in the sentence itself."""
        return f"1 {unit}" if self.language == "es" else unit

    def _worth(self, worth: Worth) -> str:
        """ "0.5 kg of bread"; of what is counted by the piece "3 × chair"."""
        unit, good = self.problem.goods.unit[worth.good], self.name("good", worth.good)
        amount = number(worth.amount, self.language)
        if unit.lower() in PIECES or unit in (good, self.problem.goods.good[worth.good]):
            return f"{amount} × {good}"
        return f"{amount} {unit} {'de' if self.language == 'es' else 'of'} {good}"

    def unmet(self) -> Iterator[str]:
        shortages = self.explainer.shortages()
        if not shortages:
            yield self.say("all-met")
        needs, needed, lines = self.problem.needs, self.plan.needed, []
        for short in shortages:
            need, own = int(needed.need[short.need]), int(needed.period[short.need])
            good, norm = int(needs.good[need]), int(needed.norm[short.need])
            steps = int(self.problem.goods.steps[good])
            line = self.say(
                "unmet-line",
                body=self.name("body", int(needs.body[need])),
                good=self.name("good", good),
                period=OWN,
                met=number(Fraction(norm - short.missing, steps), self.language),
                norm=number(Fraction(norm, steps), self.language),
                unit=self.problem.goods.unit[good],
                share=share(Fraction(norm - short.missing, norm), self.language),
            )
            lines.append((f"{line} {self._why(short.why, own)}", own))
        yield from self._together(lines)

    def _why(self, why: Limit, own: int) -> str:
        words = self._keys(why, own)
        if why.kind == "mean":
            if why.worth is None:
                return self.say("why-others")
            unit = self.problem.means.unit[why.keys["mean"]]
            return self.say("why-mean", **words, unit=self._one(unit), worth=self._worth(why.worth))
        if why.kind == "way":
            links, at = self.problem.links, why.keys["link"]
            ends = {
                "from": self.name("body", int(links.origin[at])),
                "to": self.name("body", int(links.target[at])),
            }
            return self.say("why-way", **words, **ends)
        return self.say(f"why-{why.kind}", **words)

    def left(self) -> Iterator[str]:
        """What is left over, and what is not used, each with how much there was."""
        goods, means = self.explainer.left_over()
        lines = []
        for found, key, table, names in (
            (goods, "good", self.problem.goods, self.problem.goods.good),
            (means, "mean", self.problem.means, self.problem.means.mean),
        ):
            for each in found:
                at = each.keys[key]
                told = self.say(
                    "left-line" if key == "good" else "unused-line",
                    body=self.name("body", each.keys["body"]), period=OWN,
                    thing=p.said(names, getattr(table, self.language), at),
                    amount=number(each.amount, self.language),
                    there=number(each.there, self.language), unit=table.unit[at],
                )  # fmt: skip
                lines.append((told, each.keys["period"]))
        return self._together(lines)

    def bears(self) -> Iterator[str]:
        """For each body and tier: how far its needs are met, and the least met of them."""
        needs, needed, met = self.problem.needs, self.plan.needed, self.plan.met()
        found: dict[tuple[int, int], list[tuple[Fraction, int]]] = {}
        for at in range(needed.size):
            need = int(needed.need[at])
            key = (int(needs.body[need]), int(needed.tier[at]))
            done = Fraction(int(met[at]), int(needed.norm[at]))
            found.setdefault(key, []).append((done, int(needs.good[need])))
        for (body, tier), shares in found.items():
            least, good = min(shares)
            mean = sum((done for done, _ in shares), Fraction(0)) / len(shares)
            yield self.say(
                "bears-line", body=self.name("body", body), tier=tier,
                share=share(mean, self.language), least=share(least, self.language),
                good=self.name("good", good),
            )  # fmt: skip

    def labour(self) -> Iterator[str]:
        units = [u for u, k in zip(self.problem.means.unit, self.problem.means.kind, strict=True)
                 if k == "labour"]  # fmt: skip
        if len(set(units)) != 1:
            return  # kinds of labour counted in different units do not add up
        for good, cost in enumerate(labour_costs(self.plan).tolist()):
            if not np.isnan(cost):
                yield self.say(
                    "labour-line", good=self.name("good", good),
                    hours=number(Fraction(cost).limit_denominator(10**9), self.language),
                    unit_labour=units[0], unit=self.problem.goods.unit[good],
                )  # fmt: skip


def report(plan: Plan, language: str = "es", most: int = MOST_LINES) -> str:
    """The plan in words. Raises ValueError for a language other than es or en."""
    if language not in LANGUAGES:
        raise ValueError(f"no words in {language!r}; there are {', '.join(LANGUAGES)}")
    return Report(plan, language).text(most)
