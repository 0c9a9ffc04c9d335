"""Numbers in ballot files: how many, which place, how many points."""

import re
from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from comuna.count.errors import FileError

_DIGITS = 18  # more than anything that is counted; beyond it arithmetic of 64 bits ends
_DECIMAL = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,9})?")


def is_whole(text: str) -> bool:
    """Whether the text is nothing but the digits 0 to 9."""
    return text.isascii() and text.isdecimal()


def whole(line: int, text: str, otherwise: str, si_no: str) -> int:
    """The number. Raises FileError with `otherwise` (in Spanish `si_no`) where it is none."""
    if not is_whole(text):
        raise FileError(line, otherwise, si_no)
    if len(text.lstrip("0")) > _DIGITS:
        raise FileError(
            line,
            f"{text[:_DIGITS]}… has more than {_DIGITS} digits",
            f"{text[:_DIGITS]}… tiene más de {_DIGITS} cifras",
        )
    return int(text)


def decimal(line: int, text: str, otherwise: str, si_no: str) -> Fraction:
    """The number, whole or with a decimal point. Raises FileError."""
    if "." in text and _DECIMAL.fullmatch(text):
        return Fraction(text)
    return Fraction(whole(line, text, otherwise, si_no))


def in_wholes(numbers: Sequence[Fraction]) -> tuple[list[int], int]:
    """The numbers as so many parts of one, and how many parts one has (1 if all are whole)."""
    scale = lcm(*(each.denominator for each in numbers))
    return [int(each * scale) for each in numbers], scale
