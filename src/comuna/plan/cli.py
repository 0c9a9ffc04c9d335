"""The verbs of the plan for people at a terminal: `plan …` and `requirements`.

Exit status: 0 all is well, 1 a check found something, 2 the question itself was wrong.
"""

import argparse
import sys
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from comuna.plan import cli_again, cli_offers, cli_tables
from comuna.plan.terminal import Language, Verbs, print_json, publish, tell
from comuna.plan.written import read_json

MODES = ("harmony", "floor", "leximin")
METHODS = ("auto", "direct", "two-step", "offers")


def add_commands(subparsers: Any, language: Language = lambda asked: asked or "en") -> None:
    """Add `plan` and `requirements` to an argparse subparsers object; each verb sets `run`, which
    returns the exit status. `language` says in which to speak when the first was asked for."""
    plan = subparsers.add_parser("plan", help="calculate, check and explain a plan")
    verbs = Verbs(plan.add_subparsers(dest="plan_verb", required=True, metavar="VERB"), language)

    template = verbs.add("template", run_template)
    template.add_argument("--out", type=Path, required=True, metavar="DIR")

    solve = verbs.add("solve", run_solve, "path:PATH")
    solve.add_argument("--gap", type=fraction, default=Fraction(1, 10**4), metavar="1e-4")
    solve.add_argument("--mode", choices=MODES, default="harmony")
    solve.add_argument("--method", choices=METHODS, default="auto")
    solve.add_argument("--out", type=Path, metavar="PLAN")

    verbs.add("check", run_check, "path:PATH", "plan:PLAN")

    explain = verbs.add("explain", run_explain, "path:PATH", "plan:PLAN")
    explain.add_argument(
        "--pictures", type=Path, metavar="DIR", help="write SVG pictures there too"
    )
    verbs.add("compare", run_compare, "first:PLAN", "second:PLAN")

    export = verbs.add("export", run_export, "path:PATH")
    export.add_argument("--to", choices=("mps", "lp"), required=True)
    export.add_argument(
        "--exact", action="store_true", help="in whole numbers, as the model counts"
    )
    export.add_argument("--mode", choices=MODES, default="harmony")
    export.add_argument("--stage", type=int, default=0, metavar="N", help="the N-th lift instead")
    export.add_argument("--out", type=Path, required=True, metavar="FILE")

    answer = verbs.add("import", run_import, "path:PATH", "answer:ANSWER")
    answer.add_argument("--mode", choices=MODES, default="harmony")
    answer.add_argument("--gap", type=fraction, default=Fraction(1, 10**4), metavar="1e-4")
    answer.add_argument("--out", type=Path, metavar="PLAN")

    cli_again.add_verbs(verbs, MODES)
    cli_offers.add_verbs(verbs, fraction)
    cli_tables.add_verbs(verbs, Verbs(subparsers, language))


def fraction(text: str) -> Fraction:
    """A share above nothing, such as 1e-4, exactly."""
    try:
        value = Fraction(text)
    except ValueError:
        value = Fraction(0)
    if value <= 0:
        raise argparse.ArgumentTypeError("a gap is more than 0, such as 1e-4")
    return value


def run_template(args: argparse.Namespace) -> int:
    """`comuna plan template`: tables to fill in, with an example."""
    from comuna.plan.template import write_template

    written = write_template(args.out, args.lang)
    if args.json:
        print_json({"files": [str(path) for path in written]})
    else:
        print("\n".join(map(str, written)))
    return 0


def run_solve(args: argparse.Namespace) -> int:
    """`comuna plan solve`: find a plan that can be carried out, with its proof."""
    from comuna.plan.planning import plan_for
    from comuna.plan.problem_files import read_named

    problem, written = read_named(args.path)
    for line in written.told(args.lang)["remarks"]:
        print(line, file=sys.stderr)
    plan = plan_for(problem, args.mode, args.method, float(args.gap), tell)
    return publish(args, plan, args.gap)


def run_check(args: argparse.Namespace) -> int:
    """`comuna plan check`: is a plan possible, and how far from the best? exactly, no solver."""
    from comuna.plan.problem_files import read_named
    from comuna.plan.published import check_published

    problem, written = read_named(args.path)
    found = check_published(problem, read_json(args.plan))
    proof = found.certificate
    if args.json:
        print_json(
            {
                "sound": found.sound,
                "objective": str(proof.objective),
                "bound": str(proof.bound),
                "gap": float(proof.gap),
                "read": written.told(args.lang),
                "wrong": [each.told(args.lang) for each in found.wrongs],
            }
        )
    elif found.sound:
        print(_CHECKED[args.lang].format(float(proof.objective), float(proof.bound),
                                         float(proof.gap)))  # fmt: skip
    else:
        print("\n".join(each.sentence(args.lang) for each in found.wrongs))
    return 0 if found.sound else 1


_CHECKED = {
    "es": "El plan es posible. Vale {:.9g}; ningún plan vale más de {:.9g}: diferencia {:.2e}.",
    "en": "The plan is possible. It is worth {:.9g}; none is worth more than {:.9g}: gap {:.2e}.",
}


def run_explain(args: argparse.Namespace) -> int:
    """`comuna plan explain`: what limits each line, what is short, why, and who bears it."""
    from comuna.plan.pictures import pictures
    from comuna.plan.problem_files import read_named
    from comuna.plan.published import plan_of
    from comuna.plan.report import Report

    problem, written = read_named(args.path)
    plan = plan_of(problem, read_json(args.plan))
    words = Report(plan, args.lang)
    if args.json:
        print_json(
            {
                "how": list(words.how()), "stages": list(words.stages()),
                "unmet": list(words.unmet()), "bears": list(words.bears()),
                "activities": list(words.activities()), "left": list(words.left()),
                "labour": list(words.labour()), "read": written.told(args.lang),
            }
        )  # fmt: skip
    else:
        print(words.text())
    if args.pictures:
        args.pictures.mkdir(parents=True, exist_ok=True)
        for name, svg in pictures(plan, args.lang).items():
            (args.pictures / f"{name}.svg").write_text(svg, "utf-8")
    return 0


def run_export(args: argparse.Namespace) -> int:
    """`comuna plan export`: the linear program of a mode, for any other solver."""
    from comuna.plan.mps import program, write_lp, write_mps
    from comuna.plan.problem_files import read_problem

    model = program(read_problem(args.path), args.mode, args.stage)
    (write_mps if args.to == "mps" else write_lp)(model, args.out, scaled=not args.exact)
    if args.json:
        print_json({"files": [str(args.out)]})
    return 0


def run_import(args: argparse.Namespace) -> int:
    """`comuna plan import`: another solver's answer becomes a plan, executable and proved."""
    from comuna.plan.answers import plan_from
    from comuna.plan.build import build
    from comuna.plan.problem_files import read_problem

    problem = read_problem(args.path)
    plan, priced = plan_from(problem, build(problem), args.mode, args.answer)
    if not priced:
        print(_UNPRICED[args.lang], file=sys.stderr)
    return publish(args, plan, args.gap)


_UNPRICED = {
    "es": "La respuesta no trae precios de filas: no se prueba lo cerca que está de lo mejor, ni "
    "se dan razones. Los dan: HiGHS con write_solution_style 0 o 1, GLPK con -o, CBC con `solve "
    "printing all solution ARCHIVO`, lp_solve con -S4; SCIP no los escribe.",
    "en": "The answer has no prices of rows: how near the best it is, is not proved, and no "
    "reasons are given. They are given by: HiGHS with write_solution_style 0 or 1, GLPK with -o, "
    "CBC with `solve printing all solution FILE`, lp_solve with -S4; SCIP writes none.",
}


def run_compare(args: argparse.Namespace) -> int:
    """`comuna plan compare`: two plans of a problem side by side."""
    from comuna.plan.comparing import compare
    from comuna.plan.words import share

    found = compare(read_json(args.first), read_json(args.second))
    if args.json:
        print_json(
            {
                "changes": [vars(each) for each in found.changes],
                "first": [vars(each) for each in found.first],
                "second": [vars(each) for each in found.second],
                "better_off": list(found.better_off),
                "worse_off": list(found.worse_off),
            }
        )
        return 0
    head, line, better, worse = _COMPARED[args.lang]
    print(head)
    for one, other in zip(found.first, found.second, strict=True):
        shares = (one.least, other.least, one.middle, other.middle, one.mean, other.mean)
        shown = [share(Fraction(each, 1000), args.lang) for each in shares]
        print(line.format(one.tier, *shown, one.nothing, other.nothing))
    print(better, ", ".join(found.better_off) or "—")
    print(worse, ", ".join(found.worse_off) or "—")
    return 0


_COMPARED: Mapping[str, tuple[str, str, str, str]] = {
    "es": (
        "nivel: lo menos cubierto · el de en medio · la media · sin nada (primer plan → segundo)",
        "{}: {} → {} · {} → {} · {} → {} · {} → {}",
        "Mejoran:",
        "Empeoran:",
    ),
    "en": (
        "tier: least met · middle · mean · nothing at all (first plan → second)",
        "{}: {} → {} · {} → {} · {} → {} · {} → {}",
        "Better off:",
        "Worse off:",
    ),
}
