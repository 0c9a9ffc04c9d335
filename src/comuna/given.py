"""Reading JSON (RFC 8259), TOML (toml.io/en/v1.0.0) and numbers that anybody may have written.

The standard library's readers are right about the languages and trusting about size: depth ends in
a RecursionError, a whole number may have any length and then cannot be shown or counted with, and
in TOML a name of many parts costs memory by the square. So what is given is held to bounds that
nothing of ours comes near, in time by its length.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

LARGEST_TOML = 2 * 2**20
"""Letters of a text in TOML; even a name of few parts costs a hundred times its length."""
MOST_PARTS = 16
"""Of one name in TOML: ours have four."""
LARGEST_NUMBER = 2**63 - 1
"""64 bits with a sign, as TOML has it."""

_ASIDE = re.compile(
    r'"""(?:[^"\\]|\\.?|"{1,2}(?!"))*+"{0,5}'  # text over several lines
    r"|'''(?:[^']|'{1,2}(?!'))*+'{0,5}"
    r'|"(?:[^"\\\n]|\\.?)*+"?'  # text on one line
    r"|'[^'\n]*+'?"
    r"|\#[^\n]*+"
    r"|[ \t]++",
    re.DOTALL,
)
"""What stands between and inside the parts of a name. Each always takes all that it has looked at,
so that no letter is looked at twice."""
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_NAMES = re.compile(r"[^\s=\[\]{},]++")


class Unreadable(ValueError):  # noqa: N818 - the state of the text, told to the person
    """A text that is not in its language, or beyond all that is needed: on which line (0 is the
    whole), and why, in both languages."""

    def __init__(self, line: int, en: str, es: str) -> None:
        self.line, self.en, self.es = line, en, es
        super().__init__(en)


# --- JSON ---------------------------------------------------------------------------------------


def read_json(
    text: str, decimal: Callable[[str], Any] = float, largest: int = LARGEST_NUMBER
) -> Any:
    """The value of a text in JSON; `decimal` makes something of every number with a point or an
    exponent, and of NaN and Infinity, which some write; no whole number is beyond `largest`.
    Raises Unreadable."""
    longest = len(str(largest)) + 1

    def whole_number(word: str) -> int:
        if len(word) > longest or abs(number := int(word)) > largest:
            raise _too_large(word, largest)
        return number

    try:
        value = json.loads(
            text, parse_int=whole_number, parse_float=decimal, parse_constant=decimal
        )
        if _HALF.search(text):
            json.dumps(value, ensure_ascii=False, default=str).encode()
        return value
    except UnicodeEncodeError:
        raise Unreadable(0, "it has half a character (a surrogate alone)", "tiene medio carácter "
                         "(un sustituto suelto)") from None  # fmt: skip
    except json.JSONDecodeError as error:
        raise Unreadable(error.lineno, f"it is not JSON: {error}", f"no es JSON: {error}") from None
    except RecursionError:
        raise _too_deep() from None


# --- TOML ---------------------------------------------------------------------------------------


def read_toml(text: str) -> dict[str, Any]:
    """The tables of a text in TOML. Raises Unreadable."""
    check_names(text)
    try:
        found = tomllib.loads(text)
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:  # a number of thousands of digits is not tomllib's own error
        line = re.search(r"at line (\d+)", str(error))
        where, said = int(line[1]) if line else 0, str(error)
        raise Unreadable(where, f"it is not TOML: {said}", f"no es TOML: {said}") from None
    for number in whole_numbers(found):
        if abs(number) > LARGEST_NUMBER:
            raise _too_large(hex(number), LARGEST_NUMBER)
    return found


def check_names(text: str) -> None:
    """Refuse a text in TOML that would cost its reader more than it is worth. Raises Unreadable."""
    if len(text) > LARGEST_TOML:
        raise Unreadable(
            0,
            f"it has {len(text)} letters; at most {LARGEST_TOML} are read",
            f"tiene {len(text)} letras; se leen a lo más {LARGEST_TOML}",
        )
    bare = _ASIDE.sub(_mark, text)
    for name in _NAMES.finditer(bare):
        if name[0].count(".") >= MOST_PARTS:
            raise Unreadable(
                bare.count("\n", 0, name.start()) + 1,
                f"a name has more than {MOST_PARTS} parts",
                f"un nombre tiene más de {MOST_PARTS} partes",
            )


def _mark(found: re.Match[str]) -> str:
    """What is left of a text between quotes, a remark or a space: a letter for the first, and the
    lines that it took."""
    return "s" + "\n" * found[0].count("\n") if found[0][0] in "\"'" else ""


def whole_numbers(value: Any) -> Iterator[int]:
    """Every whole number in tables and lists."""
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            waiting += here.values()
        elif isinstance(here, list):
            waiting += here
        elif isinstance(here, int):
            yield here


# --- numbers ------------------------------------------------------------------------------------


def whole(text: str, digits: int = 18) -> int | None:
    """The number that a text is: nothing but the digits 0 to 9, at most so many. None for anything
    else, also for digits of other scripts and for more than any number here has."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None


# --- what both refuse ---------------------------------------------------------------------------


def _too_deep() -> Unreadable:
    return Unreadable(
        0,
        "it is nested too deeply; no document of Comuna has more than a few levels",
        "está demasiado anidado; ningún documento de Comuna pasa de unos pocos niveles",
    )


def _too_large(number: str, largest: int) -> Unreadable:
    shown, most = number[:24], f"{largest:.3g}" if largest > LARGEST_NUMBER else str(largest)
    return Unreadable(
        0,
        f"the number {shown}… is larger than any here; at most {most}",
        f"el número {shown}… es mayor que cualquiera de aquí; a lo más {most}",
    )
