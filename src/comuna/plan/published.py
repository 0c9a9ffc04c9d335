"""A plan as it is published: in the words of the problem, whole numbers, with its prices.

Reading a published plan needs the problem it was made for; every name and number is held against
it, and all that is wrong is told at once. docs/plan-format.md describes the file.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeGuard
from unicodedata import normalize

import numpy as np

from comuna.plan.build import build
from comuna.plan.certificate import Certificate, Prices, bound, check
from comuna.plan.errors import FileError, PlanError, Wrong
from comuna.plan.model import Block, Model
from comuna.plan.priorities import (
    FREE,
    FULL,
    MODES,
    RISES,
    Answer,
    Floors,
    Needed,
    Stage,
    common_level,
    met,
    met_needs,
    with_floors,
)
from comuna.plan.problem import LEVEL, WORTH, Ints, Problem
from comuna.plan.written import read_json

FORMAT = "comuna-plan/1"
FLOWS = ("sent", "received", "way", "stored")


@dataclass(frozen=True)
class Plan:
    """A plan of a problem: what was calculated, how, and what proves it."""

    problem: Problem
    model: Model
    needed: Needed
    mode: str
    method: str
    answer: Answer

    @staticmethod
    def of(problem: Problem, model: Model, mode: str, method: str, answer: Answer) -> "Plan":
        return Plan(problem, model, met_needs(problem, model), mode, method, answer)

    def certificate(self) -> Certificate:
        """The exact check of the plan on its floors."""
        model = with_floors(self.model, self.needed, self.answer.floors)
        return check(model, self.answer.x, self.answer.prices)

    def met(self) -> Ints:
        return met(self.needed, self.model, self.answer.x)


def names_of(problem: Problem) -> dict[str, tuple[str, ...]]:
    return {
        "body": problem.bodies.body, "good": problem.goods.good, "mean": problem.means.mean,
        "recipe": problem.recipes.recipe, "period": problem.periods.period,
    }  # fmt: skip


def to_json(plan: Plan, gap: Fraction = Fraction(1, 10**4)) -> dict[str, Any]:
    """The published plan. `status` is "optimal" where the proved gap is within `gap`, else
    "executable"; a plan that is not possible is never published (PlanError)."""
    proof = plan.certificate()
    if not proof.possible:
        raise PlanError("the plan overdraws what there is; tell the authors of this program")
    answer = plan.answer
    said = {
        "format": FORMAT,
        "problem": plan.problem.identity(),
        "mode": plan.mode,
        "method": plan.method,
        "status": "optimal" if proof.gap <= gap else "executable",
        "objective": _shown(proof.objective),
        "bound": _shown(proof.bound),
        "gap": float(f"{float(proof.gap):.3g}"),
        "satisfaction": list(satisfaction(plan)),
        "activities": list(_activities(plan)),
        "flows": list(_flows(plan)),
        "prices": {"scale": answer.prices.scale, "rows": list(_prices(plan, answer))},
        "floors": list(_floors(plan, answer.floors)),
        "stages": [_stage(plan, stage) for stage in answer.stages],
        "unmet": list(unmet(plan)),
    }
    return {**said, "fingerprint": fingerprint(said)}


def fingerprint(said: Mapping[str, Any]) -> str:
    """SHA-256 of a plan without its fingerprint, as JSON with sorted keys and no spaces: so that
    a plan altered into another that is also possible is seen not to be the one adopted."""
    rest = {key: value for key, value in said.items() if key != "fingerprint"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _shown(number: Fraction) -> float:
    return float(f"{float(number):.9g}")


def satisfaction(plan: Plan) -> Iterator[dict[str, Any]]:
    """Every need: its norm, what is met of it, and the share."""
    problem, needs, needed = plan.problem, plan.problem.needs, plan.needed
    for at, steps in enumerate(plan.met().tolist()):
        need, norm = int(needed.need[at]), int(needed.norm[at])
        yield {
            "body": problem.bodies.body[needs.body[need]],
            "good": problem.goods.good[needs.good[need]],
            "period": problem.periods.period[needed.period[at]],
            "tier": int(needed.tier[at]),
            "norm": norm,
            "met": steps,
            "share": round(steps / norm, 6),
        }


def unmet(plan: Plan) -> Iterator[dict[str, Any]]:
    """The needs met below their norm, with what is missing in steps."""
    for line in satisfaction(plan):
        if line["met"] < line["norm"]:
            yield {key: line[key] for key in ("body", "good", "period", "tier")} | {
                "missing": line["norm"] - line["met"],
                "share": line["share"],
            }


def _lines(
    plan: Plan, block: Block, names: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[int, dict[str, Any]]]:
    span = plan.answer.x[block.span]
    for at in np.flatnonzero(span).tolist():
        yield int(span[at]), {key: names[key][ids[at]] for key, ids in block.keys.items()}


def _activities(plan: Plan) -> Iterator[dict[str, Any]]:
    """`level` in millionths."""
    each = millionths(plan.problem, plan.model)
    places = np.flatnonzero(plan.answer.x[plan.model.columns["activity"].span])
    lines = _lines(plan, plan.model.columns["activity"], names_of(plan.problem))
    for (level, line), at in zip(lines, places.tolist(), strict=True):
        yield {**line, "level": level * int(each[at])}


def millionths(problem: Problem, model: Model) -> Ints:
    """For each activity, how many millionths of a level one of its steps is."""
    recipe = model.columns["activity"].keys["recipe"]
    return problem.recipes.levels()[recipe] * (LEVEL // model.counting.grain)


def _flows(plan: Plan) -> Iterator[dict[str, Any]]:
    """What moves and what waits, as it leaves `from`."""
    problem, bodies = plan.problem, plan.problem.bodies
    names = names_of(problem)
    for kind in FLOWS:
        block = plan.model.columns[kind]
        span = plan.answer.x[block.span]
        for at in np.flatnonzero(span).tolist():
            if kind == "way":
                link = int(block.keys["link"][at])
                ends = int(problem.links.origin[link]), int(problem.links.target[link])
            else:
                body = int(block.keys["body"][at])
                hub = int(bodies.hub[body])
                ends = {"sent": (body, hub), "received": (hub, body)}.get(kind, (body, body))
            yield {
                "kind": kind, "from": bodies.body[ends[0]], "to": bodies.body[ends[1]],
                "good": names["good"][block.keys["good"][at]],
                "period": names["period"][block.keys["period"][at]],
                "quantity": int(span[at]),
            }  # fmt: skip


def row_words(plan: Plan, kind: str, keys: Mapping[str, int]) -> dict[str, Any]:
    """A row in the words of the problem."""
    names = names_of(plan.problem)
    words: dict[str, Any] = {"row": kind}
    for key, at in keys.items():
        if key == "need":
            line = plan.problem.needs
            need = int(plan.needed.need[at])
            words |= {
                "body": names["body"][line.body[need]], "good": names["good"][line.good[need]],
                "period": names["period"][plan.needed.period[at]],
                "tier": int(plan.needed.tier[at]),
            }  # fmt: skip
        elif key == "link":
            links = plan.problem.links
            words |= {
                "from": names["body"][links.origin[at]],
                "to": names["body"][links.target[at]],
            }
        else:
            words[key] = names[key][at]
    return words


def _prices(plan: Plan, source: Answer | Stage) -> Iterator[dict[str, Any]]:
    """Every price that is not nothing."""
    model = with_floors(plan.model, plan.needed, source.floors)
    prices = source.prices.prices
    for block in model.rows.values():
        span = prices[block.span]
        for at in np.flatnonzero(span).tolist():
            keys = {key: int(ids[at]) for key, ids in block.keys.items()}
            yield {**row_words(plan, block.kind, keys), "price": int(span[at])}


def _floors(plan: Plan, floors: Floors) -> Iterator[dict[str, Any]]:
    for at in np.flatnonzero(floors.steps != FREE).tolist():
        words = row_words(plan, "floor", {"need": at})
        del words["row"]
        yield {**words, "steps": int(floors.steps[at])}


def _stage(plan: Plan, stage: Stage) -> dict[str, Any]:
    return {
        "level": stage.level,
        "best": stage.best,
        "floors": list(_floors(plan, stage.floors)),
        "prices": {"scale": stage.prices.scale, "rows": list(_prices(plan, stage))},
    }


def write(plan: Plan, path: Path, gap: Fraction = Fraction(1, 10**4)) -> None:
    path.write_text(json.dumps(to_json(plan, gap), ensure_ascii=False, indent=1), "utf-8")


class _Places:
    """Where the words of a published plan are in the model; remembers what it does not find."""

    def __init__(self, problem: Problem, model: Model, needed: Needed) -> None:
        self.problem, self.model, self.needed = problem, model, needed
        self.names = {k: {n: i for i, n in enumerate(v)} for k, v in names_of(problem).items()}
        self.wrongs: list[Wrong] = []
        links = problem.links
        ends = zip(links.origin.tolist(), links.target.tolist(), strict=True)
        self.links: dict[tuple[object, ...], int] = {pair: at for at, pair in enumerate(ends)}
        needs = problem.needs
        self.needs: dict[tuple[object, ...], int] = {
            (int(needs.body[n]), int(needs.good[n]), int(p), int(t)): at
            for at, (n, p, t) in enumerate(
                zip(needed.need, needed.period, needed.tier, strict=True)
            )
        }
        self._maps: dict[tuple[str, str], dict[tuple[int, ...], int]] = {}

    def find(self, table: str, block: Block, key: tuple[int, ...]) -> int | None:
        if (table, block.kind) not in self._maps:
            columns = [ids.tolist() for ids in block.keys.values()]
            self._maps[table, block.kind] = {
                k: block.first + at for at, k in enumerate(zip(*columns, strict=True))
            }
        return self._maps[table, block.kind].get(key)

    def key(self, line: Mapping[str, Any], keys: Mapping[str, Any]) -> tuple[int, ...] | None:
        found = []
        for key in keys:
            if key == "link":
                ends = (self.named("body", line.get("from")), self.named("body", line.get("to")))
                place = self.links.get(ends)
            elif key == "need":
                words = [self.named(k, line.get(k)) for k in ("body", "good", "period")]
                tier = line.get("tier")
                place = self.needs.get((*words, tier)) if _integer(tier) else None
            else:
                place = self.named(key, line.get(key))
            if place is None:
                return None
            found.append(place)
        return tuple(found)

    def named(self, kind: str, name: object) -> int | None:
        return self.names[kind].get(normalize("NFC", name)) if isinstance(name, str) else None


def read(problem: Problem, path: Path) -> Plan:
    """A published plan, held against the problem. Raises FileError with all that is wrong."""
    return plan_of(problem, read_json(path))


def plan_of(problem: Problem, said: object) -> Plan:
    """A plan from decoded JSON. Raises FileError."""
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise FileError(
            [Wrong("plan", 0, "is not a plan", 'its format is to be "{format}"', format=FORMAT)]
        )
    if said.get("problem") != problem.identity():
        raise FileError(
            [
                Wrong(
                    "plan",
                    0,
                    "was made for another problem",
                    "its problem is to be {identity}",
                    identity=problem.identity(),
                )
            ]
        )
    if said.get("mode") not in MODES:
        raise FileError(
            [
                Wrong(
                    "plan",
                    0,
                    "has the mode {mode!r}",
                    "write one of {modes}",
                    mode=said.get("mode"),
                    modes=", ".join(MODES),
                )
            ]
        )
    model = build(problem)
    needed = met_needs(problem, model)
    places = _Places(problem, model, needed)
    x = np.zeros(len(model.most), dtype=np.int64)
    _read_activities(places, said, x)
    _read_flows(places, said, x)
    _read_met(places, said, x)
    floors = _read_floors(places, "floors", said.get("floors", []))
    prices = _read_prices(places, "prices", said.get("prices"), floors)
    stages = []
    for at, stage in _rows(places, "stages", said.get("stages", [])):
        rising = _read_floors(places, f"stages {at} floors", stage.get("floors", []))
        held = _read_prices(places, f"stages {at} prices", stage.get("prices"), rising)
        level, best = stage.get("level"), stage.get("best")
        if _integer(level) and _integer(best):
            stages.append(Stage(rising, level, best, held))
        else:
            places.wrongs.append(Wrong("stages", at, "lacks level or best", "write millionths"))
    if places.wrongs:
        raise FileError(places.wrongs)
    method = str(said.get("method", ""))
    return Plan(problem, model, needed, said["mode"], method,
                Answer(x, floors, prices, tuple(stages), ""))  # fmt: skip


def _integer(value: object) -> TypeGuard[int]:
    return type(value) is int and abs(value) < 2**62


def _rows(places: _Places, table: str, said: object) -> Iterator[tuple[int, Mapping[str, Any]]]:
    if not isinstance(said, list):
        places.wrongs.append(Wrong(table, 0, "is not a list", "give a list of rows"))
        return
    for at, line in enumerate(said, 1):
        if isinstance(line, dict):
            yield at, line
        else:
            places.wrongs.append(Wrong(table, at, "is not an object", "give names and a number"))


def _set(
    places: _Places,
    table: str,
    at: int,
    into: Ints,
    place: int | None,
    value: object,
    unset: int = 0,
) -> None:
    if place is None:
        places.wrongs.append(Wrong(table, at, "names nothing in the problem",
                                   "use the names of the problem"))  # fmt: skip
    elif not _integer(value):
        places.wrongs.append(
            Wrong(table, at, "has {value!r} for a number", "write a whole number", value=value)
        )
    elif into[place] != unset:
        places.wrongs.append(Wrong(table, at, "says it a second time", "keep one row"))
    else:
        into[place] = value


def _read_activities(places: _Places, said: Mapping[str, Any], x: Ints) -> None:
    block = places.model.columns["activity"]
    of_step = millionths(places.problem, places.model)
    for at, line in _rows(places, "activities", said.get("activities")):
        key = places.key(line, block.keys)
        place = places.find("columns", block, key) if key else None
        level, each = line.get("level"), 1 if place is None else int(of_step[place - block.first])
        if type(level) is int and level % each == 0:
            level //= each
        elif type(level) is int:
            level = f"{level}, which is no multiple of {each},"
        _set(places, "activities", at, x, place, level)


def _read_flows(places: _Places, said: Mapping[str, Any], x: Ints) -> None:
    for at, line in _rows(places, "flows", said.get("flows")):
        kind = line.get("kind")
        place = None
        if kind in FLOWS:
            block = places.model.columns[kind]
            own = line if kind == "way" else {**line, "body": line.get("to" if kind == "received"
                                                                       else "from")}  # fmt: skip
            key = places.key(own, block.keys)
            place = places.find("columns", block, key) if key else None
        _set(places, "flows", at, x, place, line.get("quantity"))


def _read_met(places: _Places, said: Mapping[str, Any], x: Ints) -> None:
    """What is met of a need fills its curve from the most urgent part on; what does not fit stays
    in the last part, where the check finds it."""
    total = np.zeros(places.needed.size, dtype=np.int64)
    for at, line in _rows(places, "satisfaction", said.get("satisfaction")):
        key = places.key(line, {"need": None})
        if line.get("met") != 0 or key is None:
            _set(places, "satisfaction", at, total, key[0] if key else None, line.get("met"))
    block = places.model.columns["consumption"]
    most = places.model.most[block.span]
    for part in range(int(np.bincount(places.needed.of_column).max(initial=0))):
        sizes = np.diff([*places.needed.first, block.size])
        has = np.flatnonzero(sizes > part)
        column = places.needed.first[has] + part
        last = sizes[has] == part + 1
        given = np.where(last, total[has], np.minimum(total[has], most[column]))
        x[block.first + column] = given
        total[has] -= given


def _read_floors(places: _Places, table: str, said: object) -> Floors:
    steps = np.full(places.needed.size, FREE)
    for at, line in _rows(places, table, said):
        key = places.key(line, {"need": None})
        value = line.get("steps")
        if key and _integer(value) and not RISES <= value <= 10 * places.needed.norm[key[0]]:
            value = None
        _set(places, table, at, steps, key[0] if key else None, value, FREE)
    return Floors(steps)


def _read_prices(places: _Places, table: str, said: object, floors: Floors) -> Prices:
    model = with_floors(places.model, places.needed, floors)
    prices = np.zeros(model.matrix.rows, dtype=np.int64)
    if not isinstance(said, dict) or not _integer(said.get("scale")) or said["scale"] < 1:
        places.wrongs.append(Wrong(table, 0, "has no scale", 'give {{"scale": …, "rows": […]}}'))
        return Prices(prices, 1)
    for at, line in _rows(places, table, said.get("rows")):
        block = model.rows.get(str(line.get("row")))
        key = places.key(line, block.keys) if block else None
        place = places.find(table, block, key) if block and key else None
        _set(places, table, at, prices, place, line.get("price"))
    return Prices(prices, said["scale"])


@dataclass(frozen=True)
class Checked:
    """What the check of a published plan found: its certificate, and everything that is wrong, in
    words (a row overdrawn, a column outside, a number that is not what it says)."""

    certificate: Certificate
    wrongs: tuple[Wrong, ...]

    @property
    def sound(self) -> bool:
        return not self.wrongs


def check_published(problem: Problem, said: Any) -> Checked:
    """Check a published plan against its problem: possible, bounded, and every number that it
    states is the number that follows. Raises FileError where it cannot be read at all."""
    plan = plan_of(problem, said)
    proof = plan.certificate()
    model = with_floors(plan.model, plan.needed, plan.answer.floors)
    wrongs = []
    for row in proof.broken:
        words = row_words(plan, *model.row_at(row))
        wrongs.append(
            Wrong(
                "plan",
                0,
                "takes more than there is of {words}",
                "a plan may use only what there is",
                words=_told(words),
            )
        )
    for column in proof.outside:
        kind, _ = plan.model.column_at(column)
        wrongs.append(
            Wrong(
                "plan",
                0,
                "{kind} {x} is outside 0 to {most}",
                "stay within",
                kind=kind,
                x=plan.answer.x[column],
                most=plan.model.most[column],
            )
        )
    wrongs += _misstated(plan, proof, said)
    if said.get("fingerprint") != fingerprint(said):
        wrongs.append(Wrong("plan", 0, "was altered after it was published",
                            "its fingerprint is of other numbers"))  # fmt: skip
    return Checked(proof, tuple(wrongs))


def _misstated(plan: Plan, proof: Certificate, said: Any) -> Iterator[Wrong]:
    """Whatever a plan states beside what decides: it must be what follows from it."""
    if (plan.answer.prices.prices < 0).any():
        yield Wrong("prices", 0, "has a price below nothing", "prices are 0 or more")
        return
    if not proof.possible:
        return
    stated = to_json(plan)
    for key in ("objective", "bound", "gap", "satisfaction", "unmet"):
        if said.get(key) != stated[key]:
            yield Wrong(
                "plan",
                0,
                "{key} is not what follows from the plan",
                "it would be as `comuna plan check` calculates it",
                key=key,
            )
    for at, stage in enumerate(plan.answer.stages, 1):
        staged = with_floors(plan.model, plan.needed, stage.floors)
        if (stage.prices.prices < 0).any():
            yield Wrong(f"stages {at}", 0, "has a price below nothing", "prices are 0 or more")
        elif min(FULL, int(bound(staged, stage.prices))) != stage.best:
            yield Wrong(f"stages {at}", 0, "best is not {best}", "see its prices", best=stage.best)
        rose = stage.floors.steps == RISES
        if common_level(plan.needed, plan.answer.floors, rose) != stage.level:
            yield Wrong(
                f"stages {at}", 0, "level is not {level}", "see the floors", level=stage.level
            )


def _told(words: Mapping[str, Any]) -> str:
    return ", ".join(str(value) for value in words.values())


__all__ = ["LEVEL", "WORTH", "Checked", "Plan", "check_published", "plan_of", "read", "to_json"]
