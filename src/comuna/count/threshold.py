"""How many are needed: the smallest whole number that a threshold asks of a base.

Written as statutes say it: `>1/2` (more than half), `>=2/3` (two thirds or more), `>=30%`,
`half-plus-one` (literally: half, plus one, rounded up, so 25 of 47), `10` (a fixed number), and
`min(>=10%, 100)` (whichever is smaller).
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from comuna.count.errors import RuleError

_NUMBER = re.compile(r"[0-9]{1,18}(\.[0-9]{1,18})?|[0-9]{1,18}/[0-9]{1,18}")
_SHARE = re.compile(r"(>=|>)\s*([0-9]{1,18}(?:/[0-9]{1,18}|\.[0-9]{1,18})?)\s*(%?)")


def exact(text: str) -> Fraction:
    """A number written `3`, `2.50` or `1/3`, exactly. Raises RuleError on anything else."""
    if not _NUMBER.fullmatch(text.strip()):
        raise RuleError(f"{text!r} is not a number such as 3, 2.50 or 1/3")
    try:
        return Fraction(text.strip())
    except ZeroDivisionError:
        raise RuleError(f"{text!r} divides by zero") from None


@dataclass(frozen=True)
class Threshold:
    """A share of a base (`more_than` it, or at least it), a fixed number, or the smaller of two."""

    text: str
    share: Fraction | None = None
    more_than: bool = False
    number: int | None = None
    half_plus_one: bool = False
    smaller_of: tuple["Threshold", ...] = ()

    @staticmethod
    def parse(text: str) -> "Threshold":
        """Read a threshold. Raises RuleError with the accepted forms."""
        words = text.strip()
        if words == "half-plus-one":
            return Threshold(words, half_plus_one=True)
        if words.isascii() and words.isdigit() and len(words) <= 18:
            return Threshold(words, number=int(words))
        if inside := re.fullmatch(r"min\(([^()]+)\)", words):
            parts = tuple(Threshold.parse(part) for part in inside[1].split(","))
            return Threshold(words, smaller_of=parts)
        if match := _SHARE.fullmatch(words):
            try:
                share = exact(match[2]) / (100 if match[3] else 1)
            except RuleError as wrong:
                raise RuleError(f"threshold {text!r}: {wrong}") from None
            if share <= 1 and not (share == 1 and match[1] == ">"):
                return Threshold(words, share=share, more_than=match[1] == ">")
        raise RuleError(
            f"threshold {text!r}: write >1/2, >=2/3, >=30%, half-plus-one, a whole number, "
            "or min(a, b); no share may exceed the whole"
        )

    def needed(self, base: int) -> int:
        """The smallest whole number that satisfies the threshold over `base` (people or votes)."""
        if self.smaller_of:
            return min(part.needed(base) for part in self.smaller_of)
        if self.number is not None:
            return self.number
        if self.half_plus_one:
            return -(-base // 2) + 1
        assert self.share is not None
        product = self.share * base
        if self.more_than:
            return int(product) + 1
        return -(-product.numerator // product.denominator)
