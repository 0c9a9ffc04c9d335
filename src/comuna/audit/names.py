"""What a name and a number may be, said a second time for the proofs: one spelling for a member, a
payee, an account, a day, an amount and a key, and when two names are one to the eye
(docs/book-format.md, "Names and numbers").
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache

from comuna.audit.canonical import Malformed
from comuna.audit.findings import need
from comuna.audit.seal import key_of

AMOUNT_MOST = 99_999_999_999_999_999
LAST_MOMENT = int(datetime(2999, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp())
YEARS = range(1900, 3000)
LINE = 200
"""Most characters of a name."""


# --- numbers, days, amounts ---------------------------------------------------------------------


def number_in(text: str) -> int | None:
    """A member's number in its one spelling; None for any other text."""
    plain = 0 < len(text) < 10 and all("0" <= c <= "9" for c in text) and text[0] != "0"
    return int(text) if plain else None


def day(at: int) -> str:
    """The UTC date of a moment."""
    return _nth_day(at // 86_400)


@lru_cache(maxsize=4096)  # the same few days stand in every act of a month
def _nth_day(number: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=number)).isoformat()


@lru_cache(maxsize=4096)
def date_of(text: str) -> date:
    """A date in its one spelling, of the years 1900 to 2999. Raises `Unproven`."""
    parts = text.split("-")
    plain = [len(p) for p in parts] == [4, 2, 2] and (text.isascii() and "".join(parts).isdecimal())
    need(plain and int(parts[0]) in YEARS, "date_malformed", date=text[:40])
    try:
        return date(*map(int, parts))
    except ValueError:
        need(False, "date_malformed", date=text)
        raise


def prove_moment(at: int) -> None:
    need(0 <= at <= LAST_MOMENT, "moment_out_of_range", moment=at)


def prove_window(since: str, until: str) -> None:
    ordered = date_of(since) <= date_of(until)
    need(ordered, "date_malformed", date=f"{since} – {until}")


def prove_amount(amount: int) -> None:
    """More than nothing, and no more than a book holds."""
    need(0 < amount <= AMOUNT_MOST, "amount_not_positive", amount=amount)


def prove_amount_or_nothing(amount: int) -> None:
    need(0 <= amount <= AMOUNT_MOST, "amount_not_positive", amount=amount)


def prove_in_range(amount: int) -> None:
    """A balance or one side of a movement: of either sign."""
    need(abs(amount) <= AMOUNT_MOST, "amount_out_of_range", amount=amount)


# --- accounts and references --------------------------------------------------------------------


def is_plain(name: str) -> bool:
    """Small letters, digits, "-" and "_", the first a letter or digit; at most 64."""
    marks = "-_"
    sound = all("a" <= c <= "z" or "0" <= c <= "9" or c in marks for c in name)
    return sound and 1 <= len(name) <= 64 and name[0] not in marks


def prove_plain(name: str) -> None:
    need(is_plain(name), "name_malformed", said=name[:80])


def prove_reference(name: str) -> None:
    """What tells apart several authorisations of one decision; a ":" may stand in it."""
    sound = len(name) <= 64 and name[:1] != ":" and is_plain(name.replace(":", "_"))
    need(sound, "name_malformed", said=name[:80])


def base(account: str) -> str:
    """The line of the chart an account belongs to: "bank:main" → "bank"."""
    return account.partition(":")[0]


def part_of(account: str, line: str) -> str:
    """What stands behind this line: "grants:roof" → "roof"; empty for other lines."""
    return account[len(line) + 1 :] if account.startswith(f"{line}:") else ""


@lru_cache(maxsize=4096)
def prove_account(account: str) -> None:
    """A line of the chart, or one of many of a line: "materials", "bank:main"."""
    parts = account.split(":")
    sound = len(parts) < 3 and all(map(is_plain, parts))
    need(sound, "account_malformed", account=account[:80])


def key_in(text: object) -> bytes:
    """A key that an act brings. Raises `Unproven`."""
    try:
        return key_of(text)
    except Malformed as fault:
        need(False, "key_malformed", detail=str(fault))
        raise


# --- payees and names as people write them ------------------------------------------------------


def member_in(payee: str) -> int | None:
    """The number in "member:12"; None for a supplier."""
    return number_in(part_of(payee, "member"))


@lru_cache(maxsize=4096)
def payee_of(text: str) -> int | None:
    """A member's number, or None for a supplier by name. Raises `Unproven` for neither, and for
    what a reader would take for a member's number."""
    member = member_in(text)
    if member is not None:
        return member
    prove_name(text)
    posing = re.fullmatch("member[0-9]+", "".join(_glyphs(text)))
    need(not posing and not text.startswith("member:"), "payee_malformed", payee=text)
    return None


@lru_cache(maxsize=4096)
def prove_name(text: str) -> None:
    """A name is one line with something to be read in it."""
    breaks = any(unicodedata.category(c) in ("Cc", "Zl", "Zp", "Cs", "Co", "Cn") for c in text)
    line = len(text) <= LINE and not breaks
    need(line and is_legible(text), "name_malformed", said=text[:80])


def is_legible(text: str) -> bool:
    """Whether a reader sees anything: a letter, digit, mark of punctuation or sign."""
    return any(unicodedata.category(c)[0] in "LNPS" and c not in _EMPTY for c in text)


@cache
def _glyph(c: str) -> str:
    """What of one character is left to the eye: plain small letters of the Latin script where it
    looks like them, digits of 0 to 9, " " for what parts words, nothing for what nobody sees."""
    found = []
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", c).casefold())
    for one in decomposed:
        one = _LATIN.get(one, one)
        kind = unicodedata.category(one)[0]
        if one.isdecimal():
            found.append(str(unicodedata.digit(one)))
        elif kind in "PSZ":
            found.append(" ")
        elif kind in "LN" and one not in _EMPTY:
            found.append(one)
    return "".join(found)


def _glyphs(name: str) -> list[str]:
    """The letters and digits of a name; a gap is kept between digits alone."""
    whole = "".join(map(_glyph, name))
    words = [word for word in whole.replace(" ", "\0").split("\0") if word]
    found: list[str] = []
    for word in words:
        if found and found[-1][-1].isdecimal() and word[0].isdecimal():
            found.append("-")
        found.append(word)
    return found


@lru_cache(maxsize=65536)
def folded(name: str) -> str:
    """What two names must share for a reader to take one for the other: no capitals, accents,
    spaces, points, nothing unseen; one letter for all that look like it."""
    seen = "".join(_glyphs(name))
    for several, one in (("0", "o"), ("1", "i"), ("l", "i"), ("rn", "m"), ("vv", "w")):
        seen = seen.replace(several, one)
    return seen or "".join(
        c for c in name if unicodedata.category(c)[0] in "PS" and c not in _EMPTY
    )


_EMPTY = ("\u115f", "\u1160", "\u17b4", "\u17b5", "\u2800", "\u3164", "\uffa0")

_LOOKING_LIKE = {
    "a": "аαɑᴀᎪ",
    "b": "бвьβƀʙᏮ",
    "c": "сᴄᏟ",
    "d": "дԁđɖᴅᎠᏧ",
    "e": "еεᴇᎬ",
    "g": "ցɡɢᏀ",
    "h": "нһηհħʜᎻ",
    "i": "іӏιլıɩɪłʟǀᎥ",
    "j": "јյᴊᎫ",
    "k": "кκᴋᏦ",
    "l": "Ꮮ",
    "m": "мμᴍᎷ",
    "n": "пνոɴ",
    "o": "оοσօøᴏ",
    "p": "рρքᴘᏢ",
    "q": "ԛզ",
    "r": "гʀᎡᏒᎱ",
    "s": "ѕᏚ",
    "t": "тτŧᴛᎢ",
    "u": "սᴜ",
    "v": "ѵᴠᏙ",
    "w": "ԝωաᴡᎳᏔ",
    "x": "хχ",
    "y": "уүγυᎩᎽ",
    "z": "ζᴢᏃ",
}
_LATIN = {alike: letter for letter, alikes in _LOOKING_LIKE.items() for alike in alikes}
"""Letters of other scripts, of phonetics and with strokes, by the Latin one that they look like."""
