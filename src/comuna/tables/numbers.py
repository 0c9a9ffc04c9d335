"""Numbers as people and programs write them, exact: `60.0`, `1e3`, `900 000`, `1.234,5`.

A lone mark before exactly three digits (`1,234`) may part thousands or decimals. What the other
cells of the table say decides; where they say nothing, both readings are given and neither taken.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from comuna.tables.errors import TableError

_SPACES = " \u00a0\u2009\u202f'’"
_PLAIN = re.compile(r"[0-9]{1,40}")
_POWER = re.compile(r"([0-9]{1,20})(?:[.,]([0-9]{1,20}))?[eE]([+-]?[0-9]{1,2})")
_SPACED = re.compile(rf"[0-9]{{1,3}}(?:[{_SPACES}][0-9]{{3}}){{1,12}}(?:[.,][0-9]{{1,20}})?")
_MARKED = re.compile(r"[0-9]{0,40}(?:[.,][0-9]{1,40}){1,12}")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*")


@dataclass(frozen=True)
class Numbers:
    """How a table writes its numbers. `mark` is the decimal mark that its cells prove ("." or
    ","), or "" where they prove none or both; `point` whether a lone point is then a decimal one,
    as programs write it (not in tables with `;`, whose comma may be the decimal mark)."""

    mark: str = ""
    point: bool = True

    @staticmethod
    def of(cells: Iterable[str], point: bool = True) -> "Numbers":
        """What these cells prove."""
        marked = {cell for cell in cells if "," in cell or "." in cell}
        proved = {_proved(cell.strip()) for cell in marked} - {""}
        return Numbers(proved.pop() if len(proved) == 1 else "", point)

    def read(self, text: str, line: int = 0) -> Fraction | None:
        """The number, or None where the text is none. Raises TableError where it may be two."""
        cell = text.strip().replace("−", "-")
        negative = cell.startswith("-")
        value = self._read(cell[1:].lstrip() if cell[:1] in ("-", "+") else cell, line)
        return -value if negative and value is not None else value

    def _read(self, cell: str, line: int) -> Fraction | None:
        if _PLAIN.fullmatch(cell):
            return Fraction(int(cell))
        if power := _POWER.fullmatch(cell):
            digits, after = power[1] + (power[2] or ""), power[2] or ""
            return Fraction(int(digits)) * Fraction(10) ** (int(power[3]) - len(after))
        if _SPACED.fullmatch(cell):
            return _decimal(re.sub(f"[{_SPACES}]", "", cell).replace(",", "."))
        if not _MARKED.fullmatch(cell):
            return None
        proved = _proved(cell)
        if proved:
            other = "," if proved == "." else "."
            whole = cell[: cell.rindex(proved)]
            if other in whole and not _THOUSANDS.fullmatch(whole):
                return None
            return _decimal(cell.replace(other, "").replace(proved, "."))
        if not (parted := _THOUSANDS.fullmatch(cell)):
            return None
        thousands, once = cell.replace(parted[1], ""), cell.count(parted[1]) == 1
        decimal = _decimal(cell.replace(",", ".")) if once else None
        if decimal is None or (self.mark and self.mark != parted[1]):
            return Fraction(int(thousands))
        if self.mark == parted[1] or (parted[1] == "." and self.point):
            return decimal
        raise TableError(
            line,
            f"{cell!r} may be {thousands} or {cell.replace(',', '.')} (with decimals); write "
            f"{thousands} or {cell}0",
            f"{cell!r} puede ser {thousands} o {cell.replace('.', ',')} (con decimales); escriba "
            f"{thousands} o {cell}0",
        )


def _proved(cell: str) -> str:
    """The decimal mark that this cell can only have, or ""."""
    cell = cell.lstrip("+-−").lstrip()
    if spaced := _SPACED.fullmatch(cell):
        return next((mark for mark in ".," if mark in spaced[0]), "")
    if (power := _POWER.fullmatch(cell)) and power[2]:
        return "," if "," in cell else "."
    if not _MARKED.fullmatch(cell):
        return ""
    if "." in cell and "," in cell:
        last = max(".,", key=cell.rindex)
        return last if cell.count(last) == 1 else ""
    mark = "." if "." in cell else ","
    before, _, after = cell.partition(mark)
    if cell.count(mark) > 1 or (len(after) == 3 and 0 < len(before) < 4 and before[0] != "0"):
        return ""
    return mark


def _decimal(text: str) -> Fraction | None:
    whole, _, after = text.partition(".")
    if "." in after:
        return None
    return Fraction(int((whole or "0") + after), 10 ** len(after))
