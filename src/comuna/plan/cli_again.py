"""The verbs for planning again: `next`, from what happened, and `scenarios`, what if."""

import argparse
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any
from unicodedata import normalize

from comuna.plan.terminal import Verbs, print_json, publish, write_json
from comuna.plan.written import read_json


def add_verbs(verbs: Verbs, modes: Sequence[str]) -> None:
    """Add the two verbs."""
    again = verbs.add("next", run_next, "path:PATH", "plan:PLAN")
    again.add_argument("--from", dest="first", required=True, metavar="PERIOD")
    again.add_argument("--periods", type=int, default=4, metavar="N", help="how far to look ahead")
    again.add_argument("--counted", type=Path, required=True, metavar="FILE",
                       help="CSV: body, good, quantity")  # fmt: skip
    again.add_argument("--done", type=Path, metavar="FILE", help="CSV: body, recipe, period, level")
    again.add_argument("--harvests", type=Path, metavar="FILE", help="CSV: body, recipe, harvest")
    again.add_argument("--keep", type=int, default=50, metavar="THOUSANDTHS",
                       help="what a change must gain, of what it touches")  # fmt: skip
    again.add_argument("--mode", choices=modes, default=None, help="as before, if not given")
    again.add_argument("--problem", type=Path, required=True, metavar="FILE")
    again.add_argument("--out", type=Path, metavar="PLAN")

    if_so = verbs.add("scenarios", run_scenarios, "path:PATH", "file:FILE")
    if_so.add_argument("--mode", choices=modes, default="harmony")
    if_so.add_argument("--out", type=Path, metavar="DIR", help="write problems and plans there")


def run_next(args: argparse.Namespace) -> int:
    """`comuna plan next`: the next problem and plan, from what happened, changing little."""
    from comuna.plan.errors import PlanError
    from comuna.plan.happened import COUNTED, DONE, HARVESTS, one_each, read_happened
    from comuna.plan.problem_files import read_problem, rows_of
    from comuna.plan.published import plan_of
    from comuna.plan.rolling import look_ahead, replan, with_harvests

    before = plan_of(read_problem(args.path), read_json(args.plan))
    periods = before.problem.periods.period
    args.first = normalize("NFC", args.first)
    if args.first not in periods:
        raise PlanError(
            "there is no period {first!r}; there are {periods}",
            first=args.first,
            periods=", ".join(periods),
        )
    counted: Any = one_each(read_happened(args.counted, COUNTED), args.counted)
    done: Any = one_each(read_happened(args.done, DONE), args.done) if args.done else {}
    problem = look_ahead(before, periods.index(args.first), args.periods, counted, done)
    if args.harvests:
        records: Any = read_happened(args.harvests, HARVESTS)
        problem = with_harvests(problem, records)
    write_json(rows_of(problem), args.problem)
    plan = replan(problem, before, args.mode or before.mode, args.keep)
    return publish(args, plan)


_HEAD = {
    "es": "{name}: vale {worth}; nivel {tier}: lo menos cubierto {least}, media {mean}",
    "en": "{name}: worth {worth}; tier {tier}: least met {least}, mean {mean}",
}
_AGAINST = {
    "es": "    frente al plan de ahora pierden: {worse}; ganan: {better}",
    "en": "    against the plan as it is lose: {worse}; gain: {better}",
}
_NOW = {"es": "como es", "en": "as it is"}


def run_scenarios(args: argparse.Namespace) -> int:
    """`comuna plan scenarios`: the plans that would follow from named changes, side by side."""
    from comuna.plan.planning import plan_for
    from comuna.plan.problem_files import read_problem, rows_of
    from comuna.plan.published import to_json
    from comuna.plan.scenarios import read_scenarios, under
    from comuna.plan.words import number, share

    problem = read_problem(args.path)
    scenarios = read_scenarios(args.file)
    problems = {"": problem, **{name: under(problem, each) for name, each in scenarios.items()}}
    plans = {name: to_json(plan_for(one, args.mode)) for name, one in problems.items()}
    told = [_told(name or _NOW[args.lang], plan, plans[""]) for name, plan in plans.items()]
    if args.out:
        args.out.mkdir(parents=True, exist_ok=True)
        for name, plan in plans.items():
            stem = name.replace("/", "-") or "as-it-is"
            write_json(rows_of(problems[name]), args.out / f"{stem}.problem.json")
            write_json(plan, args.out / f"{stem}.plan.json")
    if args.json:
        print_json({"scenarios": told})
        return 0
    for each in told:
        for tier in each["tiers"]:
            least, mean = (share(Fraction(tier[k], 1000), args.lang) for k in ("least", "mean"))
            worth = number(Fraction(each["objective"]), args.lang, 2)
            print(_HEAD[args.lang].format(name=each["scenario"], worth=worth, tier=tier["tier"],
                                          least=least, mean=mean))  # fmt: skip
        worse, better = (", ".join(each[side]) or "—" for side in ("worse_off", "better_off"))
        if each["worse_off"] or each["better_off"]:
            print(_AGAINST[args.lang].format(worse=worse, better=better))
    return 0


def _told(name: str, plan: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """What one scenario leads to: how far each tier is met, and who is better or worse off than
    now, need by need as a share of its norm (norms may differ)."""
    from comuna.plan.comparing import summaries

    def shares(of: dict[str, Any]) -> dict[str, list[Fraction]]:
        found: dict[str, list[Fraction]] = {}
        for line in of["satisfaction"]:
            found.setdefault(line["body"], []).append(Fraction(line["met"], line["norm"]))
        return found

    here, there = shares(now), shares(plan)
    pairs = {body: list(zip(here[body], there.get(body, []), strict=False)) for body in here}
    up = {body for body, each in pairs.items() if any(b > a for a, b in each)}
    down = {body for body, each in pairs.items() if any(b < a for a, b in each)}
    return {
        "scenario": name,
        "objective": plan["objective"],
        "gap": plan["gap"],
        "tiers": [vars(each) for each in summaries(plan)],
        "better_off": sorted(up - down),
        "worse_off": sorted(down - up),
    }
