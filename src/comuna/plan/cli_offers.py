"""The verbs of a plan by offers, one small file each way: `round` and `share` at the centre,
`offer` and `take` at each part."""

import argparse
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from comuna.plan.terminal import Verbs, print_json, write_json
from comuna.plan.written import read_json

_SAID = {
    "es": (
        "Llamada escrita en {out}: cada parte responde con `comuna plan offer`.",
        "Ronda {number}: la mejor mezcla vale {worth:.9g}; ningún plan vale más de {best:.9g}: "
        "diferencia {gap:.2e}. Precios de la ronda siguiente en {out}.",
        "Primeros precios en {out}.",
        "{name}: le llega, o debe, según {out}.",
    ),
    "en": (
        "Call written to {out}: every part answers with `comuna plan offer`.",
        "Round {number}: the best mix is worth {worth:.9g}; no plan is worth more than {best:.9g}: "
        "gap {gap:.2e}. Prices of the next round in {out}.",
        "First prices in {out}.",
        "{name}: what arrives for it, and what it owes, in {out}.",
    ),
}


def add_verbs(verbs: Verbs, fraction: Callable[[str], Fraction]) -> None:
    """Add the four verbs."""
    centre = verbs.add("round", run_round, "centre:CENTRE", "offers:OFFER…")
    centre.add_argument("--after", type=Path, metavar="PRICES", help="the prices file last sent")
    centre.add_argument("--gap", type=fraction, default=Fraction(1, 10**4), metavar="1e-4")
    centre.add_argument("--out", type=Path, required=True, metavar="PRICES")

    offer = verbs.add("offer", run_offer, "part:PART")
    offer.add_argument("--prices", type=Path, required=True, metavar="PRICES")
    offer.add_argument("--name", default="", help="of the part; else its file's")
    offer.add_argument("--out", type=Path, required=True, metavar="OFFER")

    share = verbs.add("share", run_share, "centre:CENTRE", "offers:OFFER…")
    share.add_argument("--out", type=Path, required=True, metavar="DIR")

    take = verbs.add("take", run_take, "part:PART", "share:SHARE")
    take.add_argument("--out", type=Path, required=True, metavar="PROBLEM")


def run_round(args: argparse.Namespace) -> int:
    """`comuna plan round`: the centre's next prices, from all offers so far; without any, the
    call."""
    from comuna.plan.offers_centre import make_prices
    from comuna.plan.problem_files import read_problem

    before = read_json(args.after) if args.after else None
    offers = [read_json(path) for path in args.offers]
    prices, told = make_prices(read_problem(args.centre, centre=True), offers, before)
    write_json(prices, args.out)
    call, known, first, _ = _SAID[args.lang]
    near = told is not None and told.gap <= args.gap
    if args.json:
        print_json(
            {
                "round": prices["round"],
                "worth": told and told.worth / 1e9,
                "bound": told and float(told.best) / 1e9,
                "gap": told and told.gap,
                "near": near,
            }
        )
    elif told is None:
        print((first if offers else call).format(out=args.out))
    else:
        print(known.format(number=told.number, worth=told.worth / 1e9, best=float(told.best) / 1e9,
                           gap=told.gap, out=args.out))  # fmt: skip
    return 0


def run_offer(args: argparse.Namespace) -> int:
    """`comuna plan offer`: a part's answer to prices; its recipes and stocks stay at home."""
    from comuna.plan.offers_part import make_offer
    from comuna.plan.problem_files import read_problem

    name = args.name or args.part.stem
    write_json(make_offer(name, read_problem(args.part), read_json(args.prices)), args.out)
    if args.json:
        print_json({"files": [str(args.out)]})
    return 0


def run_share(args: argparse.Namespace) -> int:
    """`comuna plan share`: what arrives for each part and what it owes, by the best mix of
    offers."""
    from comuna.plan.offers_centre import make_shares
    from comuna.plan.problem_files import read_problem

    offers = [read_json(path) for path in args.offers]
    shares = make_shares(read_problem(args.centre, centre=True), offers)
    args.out.mkdir(parents=True, exist_ok=True)
    written = []
    for name, share in shares.items():
        written.append(args.out / f"{name}.share.json")
        write_json(share, written[-1])
        if not args.json:
            print(_SAID[args.lang][3].format(name=name, out=written[-1]))
    if args.json:
        print_json({"files": [str(path) for path in written]})
    return 0


def run_take(args: argparse.Namespace) -> int:
    """`comuna plan take`: a part's problem with its share, to be solved like any other."""
    from comuna.plan.offers_part import take_share
    from comuna.plan.problem_files import read_problem, rows_of

    write_json(rows_of(take_share(read_problem(args.part), read_json(args.share))), args.out)
    if args.json:
        print_json({"files": [str(args.out)]})
    return 0
