"""Input–output: what an economy needs, directly and all the way down.

Sources: Leontief (1936); Ghosh (1958) for what follows downstream; Eurostat Manual of Supply, Use
and Input-Output Tables (2008), chapter 15, for the names of the multipliers. Coefficients are
measurements, so they are floats; nothing is decided here.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from comuna.plan.errors import PlanError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Table:
    """A symmetric table of n sectors.

    `flows[i, j]` is what sector j took from sector i, `output[j]` what it made, both in one unit
    (money or a quantity per row); `final[i]` is what went to final use. `primary` holds what is
    not made by any sector here, a row each: labour, value added, imports, land…
    """

    sectors: tuple[str, ...]
    flows: Floats
    output: Floats
    final: Floats
    primary: Mapping[str, Floats] = field(default_factory=dict)


@dataclass(frozen=True)
class Requirements:
    """`direct[i, j]`: i used directly per unit of j. `total[i, j]`: i needed per unit of j for
    final use, all the way down. `multipliers[name][j]`: per unit of j for final use."""

    sectors: tuple[str, ...]
    direct: Floats
    total: Floats
    multipliers: Mapping[str, Floats]


def direct_requirements(table: Table) -> Floats:
    """A = flows / output, by column; a sector that made nothing needs nothing."""
    return _per_output(table.flows, table.output)


def _per_output(values: Floats, output: Floats) -> Floats:
    return np.divide(values, output, out=np.zeros_like(values), where=output != 0)


def total_requirements(direct: Floats) -> Floats:
    """L = (I − A)⁻¹. Raises PlanError where the economy cannot reproduce itself."""
    n = len(direct)
    try:
        total = np.linalg.inv(np.eye(n) - direct).astype(np.float64)
    except np.linalg.LinAlgError:
        raise PlanError(
            "the sectors use up all they make, so nothing is left for final use; look for a "
            "sector whose inputs are larger than its output"
        ) from None
    if total.min() < -1e-9:
        raise PlanError(
            "some sector needs more than one unit of itself to make one unit, all the way down; "
            "look for a sector whose inputs are larger than its output"
        )
    return total


def requirements(table: Table) -> Requirements:
    """Direct and total requirements and every multiplier that the table allows.

    "output" is the column sum of L; each primary row r gives r/output · L under its own name, and
    what the table calls by its own name stands once more as "labour", "value_added" and "import",
    where a row's name says in English or Spanish that it is that.
    """
    direct = direct_requirements(table)
    total = total_requirements(direct)
    multipliers = {"output": total.sum(axis=0)}
    for name, row in {**table.primary, **known_rows(table.primary)}.items():
        multipliers[name] = _per_output(row, table.output) @ total
    return Requirements(table.sectors, direct, total, multipliers)


_MONEY = r"compensation|wage|salar|cost|earning|income|tax|remunera|sueldo|impuesto|subsid"
_LABOUR = re.compile(
    rf"(?!.*({_MONEY}|self|unemploy|desemple))(.*_)?"
    r"(employ\w*|labou?r|hours?|jobs?|persons?|workers?|fte|emp|"
    r"emple(o|os|ados)|ocupad[oa]s?|trabajo|trabajador[ea]s|horas|puestos)(_.*)?$"
)
_VALUE_ADDED = re.compile(r"(.*_)?(gva|valu?|b1g|vab|value_added|valor_(agregado|anadido))(_.*)?$")
_IMPORT = re.compile(r"(.*_)?(imports?|imported|p7|importacion(es)?|importad[oa]s)(_.*)?$")
_PARTS = tuple(map(re.compile, (
    r"(.*_)?(compensation|wages|d1|remuneracion(es)?)(_.*)?$",
    r"(.*_)?((operating_)?surplus|mixed_income|b2\w*|b3\w*|excedente)(_.*)?$",
    r"(.*_)?(fixed_capital|depreciation|k1|capital_fijo|depreciacion)(_.*)?$",
    r"(?!.*(product(s|os)?(_|$)|d21))(.*_)?(taxes|net_tax|d29\w*|impuestos)(_.*)?$",
)))  # fmt: skip


def known_rows(primary: Mapping[str, Floats]) -> dict[str, Floats]:
    """Which rows are labour, value added and imports, by their names; of several the total, or
    else the first. Where value added has no row but wages and surplus have, it is the sum of its
    parts (wages, surplus, wear of fixed capital, taxes on production)."""
    found: dict[str, Floats] = {}
    for name, pattern in (("labour", _LABOUR), ("value_added", _VALUE_ADDED), ("import", _IMPORT)):
        rows = [label for label in primary if pattern.match(plain(label))]
        if rows:
            found[name] = primary[min(rows, key=lambda label: "total" not in plain(label))]
    parts = [[row for label, row in primary.items() if pattern.match(plain(label))]
             for pattern in _PARTS]  # fmt: skip
    if "value_added" not in found and parts[0] and parts[1]:
        found["value_added"] = np.sum([row for rows in parts for row in rows], axis=0)
    return found


def plain(label: str) -> str:
    """A label in small letters without accents, words joined by _."""
    bare = unicodedata.normalize("NFKD", label.strip().lower())
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return re.sub(r"\W+", "_", bare).strip("_")


def vector_of(sectors: Sequence[str], amounts: Mapping[str, float]) -> Floats:
    """The amounts in the sectors' order. Raises PlanError for an unknown sector."""
    for sector in amounts:
        _place(sectors, sector)
    return np.array([amounts.get(sector, 0.0) for sector in sectors])


def _place(sectors: Sequence[str], sector: str) -> int:
    if sector not in sectors:
        raise PlanError(
            "there is no sector {sector!r}; there are {sectors}",
            sector=sector,
            sectors=", ".join(sectors),
        )
    return list(sectors).index(sector)


def new_product(total: Floats, inputs: Sequence[float] | Floats) -> Floats:
    """What every sector must make so that one unit of a new product, which takes `inputs[i]`
    of each sector, can be made."""
    return np.asarray(total @ np.asarray(inputs, dtype=np.float64))


def downstream(table: Table, sector: str, missing: float) -> Floats:
    """The output that each sector loses if `missing` units of `sector`'s own supply are lost and
    everyone hands the shortage on in proportion to what they took (Ghosh). Includes the sector
    itself. Raises PlanError for an unknown sector."""
    place = _place(table.sectors, sector)
    handed_on = _per_output(table.flows.T, table.output).T
    lost = np.zeros(len(table.sectors))
    lost[place] = missing
    return np.asarray(np.linalg.solve((np.eye(len(lost)) - handed_on).T, lost))


def labour_values(direct: Floats, labour: Sequence[float] | Floats) -> tuple[Floats, int]:
    """Labour in one unit of each sector's product, counted round by round: v ← l + v A until it
    no longer moves by 1e-12 of its largest, and how many rounds that took.

    Raises PlanError if it has not settled after 100,000 rounds (the economy does not reproduce
    itself).
    """
    own = np.asarray(labour, dtype=np.float64)
    value = own.copy()
    for rounds in range(1, 100_001):
        after = own + value @ direct
        if np.abs(after - value).max() <= 1e-12 * np.abs(after).max():
            return after, rounds
        value = after
    raise PlanError("labour values do not settle: the sectors use up all they make")


def least_labour(
    direct: Floats, labour: Sequence[float] | Floats, final: Sequence[float] | Floats
) -> tuple[Floats, Floats]:
    """The plan that makes `final` with the least labour, and its prices: min l·x, (I − A) x ≥ y.

    The prices are the labour values (linear-programming duality): the planner and the accountant
    of labour time find the same numbers by different ways.
    """
    import highspy

    from comuna.plan.solver import QuietHighs

    net = np.eye(len(direct)) - direct
    lp = highspy.HighsLp()
    n = len(direct)
    lp.num_col_ = lp.num_row_ = n
    lp.col_cost_ = np.asarray(labour, dtype=np.float64)
    lp.col_lower_, lp.col_upper_ = np.zeros(n), np.full(n, highspy.kHighsInf)
    lp.row_lower_ = np.asarray(final, dtype=np.float64)
    lp.row_upper_ = np.full(n, highspy.kHighsInf)
    rows, cols = np.nonzero(net.T)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=n))])
    lp.a_matrix_.index_, lp.a_matrix_.value_ = cols, net.T[rows, cols]
    highs = QuietHighs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.passModel(lp)
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise PlanError("no plan makes this final use; the sectors use up all they make")
    solution = highs.getSolution()
    return np.asarray(solution.col_value), np.asarray(solution.row_dual)


def from_supply_and_use(
    products: Sequence[str],
    supply: Floats,
    use: Floats,
    final: Floats,
    primary: Mapping[str, Floats] | None = None,
) -> Table:
    """The product-by-product table of a supply table and a use table (products × industries), on
    the assumption that an industry makes all its products in one way (Eurostat model B). What each
    industry takes of `primary` goes to its products in the same shares.

    Raises PlanError where the shapes differ.
    """
    if supply.shape != use.shape or len(products) != len(supply) or final.shape != (len(supply),):
        raise PlanError("supply and use are both products × industries, and final is one a product")
    shares = _per_output(supply, supply.sum(axis=0)).T  # industry × product
    rows = {name: np.asarray(row @ shares) for name, row in (primary or {}).items()}
    return Table(tuple(products), use @ shares, supply.sum(axis=1), final, rows)
