"""The verbs of the plan for people at a terminal: `plan …` and `requirements`.

Exit status: 0 all is well, 1 a check found something, 2 the question itself was wrong.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from comuna.plan.errors import FileError, PlanError

Verb = Callable[[argparse.Namespace], int]
MODES = ("harmony", "floor", "leximin")
METHODS = ("auto", "direct", "two-step", "offers")


def add_commands(subparsers: Any) -> None:
    """Add `plan` and `requirements` to an argparse subparsers object; each verb sets `run`, which
    returns the exit status."""
    plan = subparsers.add_parser("plan", help="calculate, check and explain a plan")
    verbs = plan.add_subparsers(dest="plan_verb", required=True, metavar="VERB")

    solve = verbs.add_parser("solve", help="find a plan, executable and with its proof")
    solve.add_argument(
        "path", type=Path, metavar="PATH", help="a folder of CSV, or JSON, ODS, XLSX"
    )
    solve.add_argument("--gap", type=_fraction, default=Fraction(1, 10**4), metavar="1e-4")
    solve.add_argument("--mode", choices=MODES, default="harmony")
    solve.add_argument("--method", choices=METHODS, default="auto")
    solve.add_argument("--out", type=Path, metavar="PLAN")
    _finish(solve, run_solve)

    check = verbs.add_parser("check", help="check a plan exactly, without any solver")
    _two_files(check)
    _finish(check, run_check)

    explain = verbs.add_parser("explain", help="a plan in words")
    _two_files(explain)
    explain.add_argument(
        "--pictures", type=Path, metavar="DIR", help="write SVG pictures there too"
    )
    _finish(explain, run_explain)

    export = verbs.add_parser("export", help="the linear program, for any other solver")
    export.add_argument("path", type=Path, metavar="PATH")
    export.add_argument("--to", choices=("mps",), required=True)
    export.add_argument("--out", type=Path, required=True, metavar="FILE")
    _finish(export, run_export)

    template = verbs.add_parser("template", help="tables to fill in, with an example")
    template.add_argument("--out", type=Path, required=True, metavar="DIR")
    _finish(template, run_template)

    compare = verbs.add_parser("compare", help="two plans of a problem side by side")
    compare.add_argument("first", type=Path, metavar="PLAN")
    compare.add_argument("second", type=Path, metavar="PLAN")
    _finish(compare, run_compare)

    needs = subparsers.add_parser("requirements", help="an input-output table: total requirements")
    needs.add_argument("path", type=Path, metavar="TABLE.csv")
    _finish(needs, run_requirements)


def _two_files(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=Path, metavar="PATH", help="the problem")
    parser.add_argument("plan", type=Path, metavar="PLAN")


def _finish(parser: argparse.ArgumentParser, verb: Verb) -> None:
    parser.add_argument("--json", action="store_true", help="stable JSON instead of text")
    parser.add_argument("--language", choices=("es", "en"), default="en")
    parser.set_defaults(run=_careful(verb))


def _fraction(text: str) -> Fraction:
    value = Fraction(text)
    if value <= 0:
        raise argparse.ArgumentTypeError("a gap is more than 0, such as 1e-4")
    return value


def _careful(verb: Verb) -> Verb:
    """The verb, with what can go wrong told on standard error (or as JSON)."""

    def run(args: argparse.Namespace) -> int:
        try:
            return verb(args)
        except FileError as wrong:
            if args.json:
                _print_json({"wrong": [vars(each) for each in wrong.wrongs]})
            print(wrong, file=sys.stderr)
        except (PlanError, OSError) as wrong:
            if args.json:
                _print_json({"wrong": [{"table": "", "row": 0, "wrong": str(wrong), "right": ""}]})
            print(wrong, file=sys.stderr)
        return 2

    return run


def _print_json(value: object) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, allow_nan=False)
    print()


def _tell(line: str) -> None:
    if sys.stderr.isatty():
        print(line, file=sys.stderr)


def run_solve(args: argparse.Namespace) -> int:
    """`comuna plan solve PATH`."""
    from comuna.plan.planning import plan_for
    from comuna.plan.problem_files import read_problem
    from comuna.plan.published import to_json

    problem = read_problem(args.path)
    plan = plan_for(problem, args.mode, args.method, float(args.gap), _tell)
    published = to_json(plan, args.gap)
    if args.out:
        args.out.write_text(json.dumps(published, ensure_ascii=False, indent=1), "utf-8")
    if args.json:
        _print_json(published)
    else:
        from comuna.plan.report import report

        print(report(plan, args.language, 20))
    return 0


def run_check(args: argparse.Namespace) -> int:
    """`comuna plan check PATH PLAN`."""
    from comuna.plan.problem_files import read_problem
    from comuna.plan.published import check_published

    found = check_published(read_problem(args.path), _read_json(args.plan))
    proof = found.certificate
    if args.json:
        _print_json(
            {
                "sound": found.sound,
                "objective": str(proof.objective),
                "bound": str(proof.bound),
                "gap": float(proof.gap),
                "wrong": [vars(each) for each in found.wrongs],
            }
        )
    elif found.sound:
        print(_CHECKED[args.language].format(float(proof.objective), float(proof.bound),
                                             float(proof.gap)))  # fmt: skip
    else:
        print("\n".join(map(str, found.wrongs)))
    return 0 if found.sound else 1


_CHECKED = {
    "es": "El plan es posible. Vale {:.9g}; ningún plan vale más de {:.9g}: diferencia {:.2e}.",
    "en": "The plan is possible. It is worth {:.9g}; none is worth more than {:.9g}: gap {:.2e}.",
}


def _read_json(path: Path) -> Any:
    from comuna.plan.errors import Wrong

    try:
        return json.loads(path.read_text("utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as wrong:
        raise FileError([Wrong(path.name, 0, f"is not JSON ({wrong})", "give a plan")]) from None


def run_explain(args: argparse.Namespace) -> int:
    """`comuna plan explain PATH PLAN`."""
    from comuna.plan.pictures import pictures
    from comuna.plan.problem_files import read_problem
    from comuna.plan.published import plan_of
    from comuna.plan.report import Report

    plan = plan_of(read_problem(args.path), _read_json(args.plan))
    words = Report(plan, args.language)
    if args.json:
        _print_json(
            {
                "how": list(words.how()), "stages": list(words.stages()),
                "unmet": list(words.unmet()), "bears": list(words.bears()),
                "activities": list(words.activities()), "labour": list(words.labour()),
            }
        )  # fmt: skip
    else:
        print(words.text())
    if args.pictures:
        args.pictures.mkdir(parents=True, exist_ok=True)
        for name, svg in pictures(plan, args.language).items():
            (args.pictures / f"{name}.svg").write_text(svg, "utf-8")
    return 0


def run_export(args: argparse.Namespace) -> int:
    """`comuna plan export PATH --to mps --out FILE`."""
    from comuna.plan.build import build
    from comuna.plan.mps import write_mps
    from comuna.plan.problem_files import read_problem

    write_mps(build(read_problem(args.path)), args.out)
    return 0


def run_template(args: argparse.Namespace) -> int:
    """`comuna plan template --out DIR`."""
    from comuna.plan.template import write_template

    for path in write_template(args.out):
        print(path)
    return 0


def run_compare(args: argparse.Namespace) -> int:
    """`comuna plan compare PLAN PLAN`."""
    from comuna.plan.comparing import compare

    found = compare(_read_json(args.first), _read_json(args.second))
    if args.json:
        _print_json(
            {
                "changes": [vars(each) for each in found.changes],
                "first": [vars(each) for each in found.first],
                "second": [vars(each) for each in found.second],
                "better_off": list(found.better_off),
                "worse_off": list(found.worse_off),
            }
        )
        return 0
    head, line, better, worse = _COMPARED[args.language]
    print(head)
    for one, other in zip(found.first, found.second, strict=True):
        print(line.format(one.tier, *(v / 10 for v in (one.least, other.least, one.middle,
              other.middle, one.mean, other.mean)), one.nothing, other.nothing))  # fmt: skip
    print(better, ", ".join(found.better_off) or "—")
    print(worse, ", ".join(found.worse_off) or "—")
    return 0


_COMPARED: Mapping[str, tuple[str, str, str, str]] = {
    "es": (
        "nivel: lo menos cubierto · el de en medio · la media · sin nada (primer plan → segundo)",
        "{}: {} % → {} % · {} % → {} % · {} % → {} % · {} → {}",
        "Mejoran:",
        "Empeoran:",
    ),
    "en": (
        "tier: least met · middle · mean · nothing at all (first plan → second)",
        "{}: {} % → {} % · {} % → {} % · {} % → {} % · {} → {}",
        "Better off:",
        "Worse off:",
    ),
}


def run_requirements(args: argparse.Namespace) -> int:
    """`comuna requirements TABLE.csv`."""
    from comuna.plan.input_output import requirements
    from comuna.plan.table_files import read_table

    found = requirements(read_table(args.path))
    multipliers = {name: row.tolist() for name, row in found.multipliers.items()}
    if args.json:
        _print_json(
            {
                "sectors": list(found.sectors),
                "direct": found.direct.tolist(),
                "total": found.total.tolist(),
                "multipliers": multipliers,
            }
        )
        return 0
    width = max(map(len, [*found.sectors, *multipliers]))
    for name, row in [*zip(found.sectors, found.total.tolist(), strict=True), *multipliers.items()]:
        print(f"{name:<{width}}", *(f"{value:9.4f}" for value in row))
    return 0
