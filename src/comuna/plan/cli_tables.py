"""The verbs for tables of measurements: `requirements` of an input-output table, and `plan watch`
over a process."""

import argparse
from fractions import Fraction
from pathlib import Path
from typing import Any
from unicodedata import normalize

from comuna import given
from comuna.plan.terminal import Verbs, print_json

_SAID = {
    "es": {
        "total": "Por unidad para uso final hacen falta, en todo el camino (por columnas):",
        "new": "Una unidad del producto nuevo necesita en total: {parts}",
        "short": "Si de {sector} falta {missing:g}, se pierde producción: {parts}",
        "labour": "Trabajo contenido en cada unidad: {rounds} vueltas; los precios del plan de "
        "menos trabajo son los mismos (diferencia mayor {apart:.1e}).",
        "spike": "{time}: {value} es un pico (se esperaba {level}); se muestra, no se avisa.",
        "alert": "{time}: {kind} ({chance} %) desde {since}: el nivel se movió {moved} "
        "veces el ruido. Va primero a la unidad; si en {clock} lecturas no responde, puede subir.",
        "step": "cambio de nivel",
        "slope": "cambio de ritmo",
        "quiet": "Nada que avisar en {count} lecturas.",
        "ratios": "{time}: hecho ÷ posible {productivity}, posible ÷ alcanzable {latency}, "
        "hecho ÷ alcanzable {performance}",
    },
    "en": {
        "total": "For a unit of final use are needed, all the way down (by columns):",
        "new": "One unit of the new product needs in all: {parts}",
        "short": "If {missing:g} of {sector} is missing, output is lost: {parts}",
        "labour": "Labour in each unit: {rounds} rounds; the prices of the plan of least labour "
        "are the same (largest difference {apart:.1e}).",
        "spike": "{time}: {value} is a spike ({level} was expected); shown, no alert.",
        "alert": "{time}: {kind} ({chance} %) since {since}: the level moved by {moved} "
        "times the noise. It goes to the unit first; without an answer in {clock} readings it "
        "may go further.",
        "step": "step of the level",
        "slope": "change of the slope",
        "quiet": "Nothing to alert in {count} readings.",
        "ratios": "{time}: made ÷ possible {productivity}, possible ÷ reachable {latency}, "
        "made ÷ reachable {performance}",
    },
}


def add_verbs(plan: Verbs, top: Verbs) -> None:
    """Add `plan watch` and `requirements`."""
    watch = plan.add("watch", run_watch, "file:FILE")
    watch.add_argument("--clock", type=_natural, required=True, metavar="READINGS",
                       help="how long the unit has to answer, as it agreed")  # fmt: skip
    watch.add_argument("--picture", type=Path, metavar="FILE", help="write an SVG there")

    needs = top.add("requirements", run_requirements, "path:TABLE")
    needs.add_argument("--supply", type=Path, metavar="FILE",
                       help="the supply table, if TABLE is a use table")  # fmt: skip
    needs.add_argument("--write", type=Path, metavar="FILE",
                       help="write the table there: square, or --long")  # fmt: skip
    needs.add_argument("--long", action="store_true")
    needs.add_argument("--new", type=_amounts, metavar="SECTOR=AMOUNT,…",
                       help="what one unit of a new product takes directly")  # fmt: skip
    needs.add_argument("--short", type=_amounts, metavar="SECTOR=AMOUNT",
                       help="what is lost downstream if so much of it is missing")  # fmt: skip


def _natural(text: str) -> int:
    number = given.whole(text)
    if not number:
        raise argparse.ArgumentTypeError("a whole number of readings, 1 or more")
    return number


def _amounts(text: str) -> dict[str, float]:
    """`wheat=2,iron=0.5`."""
    try:
        pairs = [part.rsplit("=", 1) for part in normalize("NFC", text).split(",")]
        return {sector.strip(): float(amount) for sector, amount in pairs}
    except ValueError:
        raise argparse.ArgumentTypeError("write sector=amount, several with commas") from None


def run_requirements(args: argparse.Namespace) -> int:
    """`comuna requirements`: an input-output table's requirements and multipliers, all the way
    down."""
    from comuna.plan.input_output import (
        downstream,
        known_rows,
        new_product,
        requirements,
        vector_of,
    )
    from comuna.plan.table_files import read_named, read_supply_and_use, write_table

    read = None
    if args.supply:
        table = read_supply_and_use(args.supply, args.path)
    else:
        table, read = read_named(args.path)
    if args.write:
        args.write.write_text(write_table(table, "long" if args.long else "square"), "utf-8")
    found = requirements(table)
    said: dict[str, Any] = {
        **({"read": read.told(args.lang)} if read else {}),
        "sectors": list(found.sectors),
        "direct": found.direct.tolist(),
        "total": found.total.tolist(),
        "multipliers": {name: row.tolist() for name, row in found.multipliers.items()},
    }
    if args.new:
        inputs = vector_of(found.sectors, args.new)
        said["new_product"] = new_product(found.total, inputs).tolist()
    if args.short:
        said["downstream"] = {
            sector: downstream(table, sector, missing).tolist()
            for sector, missing in args.short.items()
        }
    if "labour" in known_rows(table.primary):
        said["labour_values"] = _labour(table, found)
    if args.json:
        print_json(said)
    else:
        _show(said, args)
        for remark in read.remarks if read else ():
            print(remark.told(args.lang))
    return 0


def _labour(table: Any, found: Any) -> dict[str, Any]:
    """Labour values counted round by round, and the same as prices of the plan of least labour."""
    import numpy as np

    from comuna.plan.input_output import known_rows, labour_values, least_labour

    labour = np.divide(known_rows(table.primary)["labour"], table.output,
                       out=np.zeros(len(table.output)), where=table.output != 0)  # fmt: skip
    values, rounds = labour_values(found.direct, labour)
    _, prices = least_labour(found.direct, labour, np.ones(len(labour)))
    return {
        "values": values.tolist(),
        "rounds": rounds,
        "prices": prices.tolist(),
        "largest_difference": float(np.abs(values - prices).max()),
    }


def _show(said: dict[str, Any], args: argparse.Namespace) -> None:
    words, sectors = _SAID[args.lang], said["sectors"]
    width = max(map(len, [*sectors, *said["multipliers"]]))
    print(words["total"])
    rows = [*zip(sectors, said["total"], strict=True), *said["multipliers"].items()]
    for name, row in rows:
        print(f"{name:<{width}}", *(f"{value:9.4f}" for value in row))

    def parts(row: list[float]) -> str:
        return ", ".join(f"{sector} {value:.4g}" for sector, value in
                         zip(sectors, row, strict=True) if abs(value) > 1e-12)  # fmt: skip

    if "new_product" in said:
        print(words["new"].format(parts=parts(said["new_product"])))
    for sector, lost in said.get("downstream", {}).items():
        print(words["short"].format(sector=sector, missing=args.short[sector], parts=parts(lost)))
    if "labour_values" in said:
        of = said["labour_values"]
        print(words["labour"].format(rounds=of["rounds"], apart=of["largest_difference"]))


def run_watch(args: argparse.Namespace) -> int:
    """`comuna plan watch`: a process's readings: its ratios, spikes, and alerts for the unit."""
    from comuna.plan.readings import read_readings
    from comuna.plan.watching import CLASSES, alerts, watch
    from comuna.plan.words import number

    times, values, numbers = read_readings(args.file)
    seen, told = list(watch(values)), alerts(values, args.clock)
    if args.picture:
        from comuna.plan.watching_picture import watching_picture

        args.picture.write_text(watching_picture(times, values, seen, told, args.lang), "utf-8")
    if args.json:
        print_json(
            {
                "readings": [
                    {"time": time, "value": value, "spike": each.spike, "level": each.level,
                     "slope": each.slope,
                     "chances": dict(zip(CLASSES, each.chances, strict=True))}
                    for time, value, each in zip(times, values, seen, strict=True)
                ],
                "achievement": [
                    {"time": time, "productivity": float(each.productivity),
                     "latency": float(each.latency), "performance": float(each.performance)}
                    for time, each in zip(times, numbers, strict=False)
                ],
                "alerts": [
                    {"kind": each.kind, "time": times[each.due - args.clock],
                     "since": times[each.since], "chance": each.chance, "moved": each.moved,
                     "clock": args.clock}
                    for each in told
                ],
            }
        )  # fmt: skip
        return 0
    words = _SAID[args.lang]

    def shown(value: float | Fraction, places: int = 2) -> str:
        return number(Fraction(value).limit_denominator(10**9), args.lang, places)

    for time, ratios in list(zip(times, numbers, strict=False))[-1:]:
        print(words["ratios"].format(time=time, productivity=shown(ratios.productivity),
              latency=shown(ratios.latency), performance=shown(ratios.performance)))  # fmt: skip
    for at, each in enumerate(seen):
        if each.spike:
            expected = seen[at - 1].level if at else values[0]
            print(words["spike"].format(time=times[at], value=shown(values[at]),
                                        level=shown(expected)))  # fmt: skip
        for alert in told:
            if alert.due - args.clock == at:
                print(words["alert"].format(
                    time=times[at], kind=words[alert.kind], since=times[alert.since],
                    chance=shown(100 * alert.chance, 0), moved=shown(alert.moved, 1),
                    clock=args.clock))  # fmt: skip
    if not told:
        print(words["quiet"].format(count=len(values)))
    return 0
