"""Names and numbers, parsed and written in one place: members' numbers, payees, accounts,
authorisations, dates, moments, amounts, keys, and the names that people give to things.

Each has one spelling. A second one would be a second name for one thing, under which a payee, a
box of money or an asset could hide from the rule that knows it by the first. Names that people
write freely are kept as they were written, compared by `folded` and shown by `shown`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from comuna.rules.act import Paper, Refused, require

AMOUNT_MAX = 10**17
"""No amount and no balance reaches this: many of them together fit the 64 bits of a database."""

FIRST_DAY, LAST_DAY = "1900-01-01", "2999-12-31"
FIRST_MOMENT, LAST_MOMENT = 0, 32_503_679_999
"""Days from 1900 and moments from 1970, both to the end of 2999: terms and clocks that are added to
them never leave the calendar."""

DAY = 86_400
MEMBER_MAX = 10**9
NAME_MAX = 200
MEMBER = "member:"
PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)
REFERENCE = re.compile(r"[a-z0-9][a-z0-9_:-]{0,63}", re.ASCII)
NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


# --- whole numbers ----------------------------------------------------------------------------


def number_in(text: str) -> int | None:
    """A member's number, or a decision's, in its one spelling: "12", and neither "012" nor "１２".
    None for any other text."""
    return int(text) if NUMBER.fullmatch(text) else None


def check_amount(amount: int) -> None:
    """An amount of something: more than nothing, and in range."""
    require(amount > 0, "amount_not_positive", amount=amount)
    check_in_range(amount)


def check_not_negative(amount: int) -> None:
    """An amount that may be nothing."""
    require(amount >= 0, "amount_not_positive", amount=amount)
    check_in_range(amount)


def check_in_range(amount: int) -> None:
    if not -AMOUNT_MAX < amount < AMOUNT_MAX:
        raise Refused("amount_out_of_range", amount=amount, most=AMOUNT_MAX - 1)


# --- days and moments -------------------------------------------------------------------------


def day(at: int) -> str:
    """The UTC date of a moment, "YYYY-MM-DD"."""
    return day_number(at // DAY)


@lru_cache(maxsize=4096)  # most acts of a book fall on few days, and naming one is slow
def day_number(days: int) -> str:
    return (date(1970, 1, 1) + timedelta(days)).isoformat()


def check_moment(at: int) -> None:
    """A moment in the years 1970 to 2999. Raises Refused."""
    if not FIRST_MOMENT <= at <= LAST_MOMENT:
        raise Refused("moment_out_of_range", moment=at)


@lru_cache(maxsize=4096)
def parse_date(text: str) -> date:
    """A date of the years 1900 to 2999 in its one spelling, "YYYY-MM-DD". Raises Refused."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Refused("date_malformed", date=text[:40]) from None
    require(found.isoformat() == text, "date_malformed", date=text[:40])
    require(FIRST_DAY <= text <= LAST_DAY, "date_out_of_range", date=text)
    return found


def check_window(since: str, until: str) -> None:
    """Two dates, the first not after the last. Raises Refused."""
    parse_date(since)
    parse_date(until)
    require(since <= until, "window_reversed")


def next_day(text: str) -> str:
    return (parse_date(text) + timedelta(days=1)).isoformat()


# --- accounts ---------------------------------------------------------------------------------


class Account(NamedTuple):
    """A line of the chart and, where it stands for one of many, which: ("bank", "main")."""

    line: str
    part: str


@lru_cache(maxsize=4096)
def parse_account(text: str) -> Account:
    """An account in its one spelling: "materials", "bank:main", "share_capital:12". Raises
    Refused."""
    line, colon, part = text.partition(":")
    sound = PLAIN.fullmatch(line) and (PLAIN.fullmatch(part) or not colon)
    require(sound, "account_malformed", account=text[:80])
    return Account(line, part)


def base(text: str) -> str:
    """The line of the chart an account belongs to."""
    return text.partition(":")[0]


def account_of(line: str, part: str | int) -> str:
    """The account of a line that stands for one of many: "grants:roof", "advances:12"."""
    return f"{line}:{part}"


def part_of(text: str, line: str) -> str:
    """Which of many an account of this line is: part_of("grants:roof", "grants") → "roof"; empty
    where it is another line's."""
    known, _, part = text.partition(":")
    return part if known == line else ""


@lru_cache(maxsize=16384)
def member_of(text: str, line: str) -> int | None:
    """Whose account of this line it is: member_of("advances:12", "advances") → 12."""
    return number_in(part_of(text, line))


def check_plain(name: str) -> None:
    """A name that stands in accounts and references: small letters, digits, "-", "_"."""
    require(PLAIN.fullmatch(name), "name_malformed", name=name[:80])


# --- authorisations ---------------------------------------------------------------------------


def check_reference(name: str) -> None:
    """What tells apart several authorisations of one decision: "paint", "materials:others"."""
    require(REFERENCE.fullmatch(name), "name_malformed", name=name[:80])


def authorisation(decision: int, name: str = "") -> str:
    """The name of an authorisation: its decision's number and, where the decision opened several,
    which: "31", "31/paint"."""
    return f"{decision}/{name}" if name else str(decision)


def decision_of(authorisation: str) -> int:
    """The decision that opened an authorisation."""
    return int(authorisation.partition("/")[0])


# --- documents --------------------------------------------------------------------------------


def check_paper(document: Paper) -> None:
    """A document by its fingerprint in its one spelling: another would be another document, under
    which a receipt could serve twice and a thing be registered twice."""
    require(SHA256.fullmatch(document.sha256) and document.size > 0, "paper_malformed")


# --- keys -------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def public_key(text: str) -> bytes:
    """An Ed25519 key (RFC 8032 §5.1) as the book writes it: 32 bytes in canonical base64, a point
    in its one spelling, and none of those for which anybody can make signatures. Raises Refused."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    spelled = len(raw) == 32 and base64.b64encode(raw).decode() == text
    require(spelled, "key_malformed", public=text[:80])
    y = int.from_bytes(raw, "little") & (2**255 - 1)
    require(y < _FIELD and y not in _SMALL_ORDER, "key_weak", public=text)
    return raw


def key_id(public: str) -> str:
    """The first 16 hex digits of the SHA-256 of the raw key. Raises Refused on a bad key."""
    return hashlib.sha256(public_key(public)).hexdigest()[:16]


_FIELD = 2**255 - 19
_ORDER_8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER = (0, 1, _FIELD - 1, _ORDER_8, _FIELD - _ORDER_8)


# --- payees, and names as people write them ---------------------------------------------------


def payee_of(member: int) -> str:
    """A member as a payee: "member:12"."""
    return f"{MEMBER}{member}"


def member_in(payee: str) -> int | None:
    """The number in "member:12"; None for a supplier."""
    return number_in(payee[len(MEMBER) :]) if payee.startswith(MEMBER) else None


@lru_cache(maxsize=16384)
def named_in(account: str) -> str:
    """Whom an account of one among many names, as a payee: "member:12" for "share_capital:12",
    "roof" for "grants:roof"; empty for an account of the body's own. Raises Refused."""
    part = parse_account(account).part
    member = number_in(part)
    return part if member is None else payee_of(member)


@lru_cache(maxsize=16384)
def parse_payee(text: str) -> int | None:
    """Whom a payee is: a member by number, or None for a supplier by name. What only looks like a
    member ("member:012", "Member 12", other digits, letters of other scripts) is nobody. Raises
    Refused."""
    if text.startswith(MEMBER):
        found = member_in(text)
        require(found is not None, "payee_malformed", payee=text[:80])
        return found
    require(legible(text), "payee_missing")
    check_name(text)
    require(not _MEMBER_ALIKE.fullmatch(_letters(text)), "payee_malformed", payee=text)
    return None


def check_name(text: str) -> None:
    """A name on one line, with a letter or a digit in it, no longer than a line. Raises Refused."""
    require(len(text) <= NAME_MAX, "name_too_long", name=text[:40], most=NAME_MAX)
    require(legible(text), "text_missing")
    broken = any(unicodedata.category(c) in _BREAKS for c in text)
    require(not broken, "name_not_a_line", name=text)


def legible(text: str) -> bool:
    """Whether there is anything to read in it: a letter, a digit or a sign, not only spaces and
    characters that nobody sees."""
    return any(unicodedata.category(c)[0] in "LNPS" and c not in _BLANK for c in text)


@lru_cache(maxsize=16384)
def folded(name: str) -> str:
    """A name as the eye takes it: without capitals, accents, spaces, points, invisible characters,
    and with one letter for those that look alike. Two names that a reader could take for one
    another are folded to the same text; between digits a gap counts ("1-12" is not "11-2").

    After the skeletons of Unicode Technical Standard 39 (§4), with a wider net: names told apart by
    capitals, accents or points alone are one name too.
    """
    alike = _letters(name).translate(_DIGITS_ALIKE).replace("rn", "m").replace("vv", "w")
    return alike or "".join(filter(legible, name))


def _letters(name: str) -> str:
    """Letters and digits alone, small, plain, of the Latin script where they look like it."""
    small = unicodedata.normalize("NFKD", name).casefold()
    plain = unicodedata.normalize("NFKD", small).translate(_ALIKE)
    kept: list[str] = []
    gap = False
    for c in plain:
        kind = unicodedata.category(c)
        if kind == "Nd":
            kept += ["-"] * (gap and bool(kept) and kept[-1].isdecimal())
            kept.append(str(unicodedata.decimal(c)))
        elif kind[0] in "LN" and c not in _BLANK:
            kept.append(c)
        elif kind[0] in "PSZ":
            gap = True
            continue
        else:
            continue  # marks, and what nobody sees
        gap = False
    return "".join(kept)


def shown(text: str) -> str:
    """A text for people with what would deceive the eye named: invisible characters, odd spaces and
    turned directions as "[U+200B]"; and beside Latin letters, in one word, those of another script
    that look like them, as "е[U+0435]"."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_shown_word, re.split(r"([ \n\t]+)", text)))


def _shown_word(word: str) -> str:
    latin = any(c.isascii() and c.isalpha() for c in word)
    return "".join(_shown_letter(c, latin) for c in word)


def _shown_letter(c: str, latin: bool) -> str:
    code = f"[U+{ord(c):04X}]"
    if c not in " \n\t" and (unicodedata.category(c) in _UNSEEN or c in _BLANK):
        return code
    return c + code if latin and _disguised(c) else c


def _disguised(c: str) -> bool:
    """Whether it is a letter of another script that looks like a Latin one."""
    alike = ord(c) in _ALIKE or ord(c.casefold()[0]) in _ALIKE
    return alike and not unicodedata.name(c, "").startswith("LATIN")


_BREAKS = ("Cc", "Zl", "Zp", "Cs", "Co", "Cn")
_UNSEEN = (*_BREAKS, "Cf", "Zs")
_BLANK = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and signs that show nothing."""

_CYRILLIC = "аaбbвbгrдdеeѕsіiјjкkмmнhоoпnрpсcтtуyүyхxһhьbԁdԛqԝwӏiѵv"
_GREEK = "αaβbγyεeζzηhιiκkμmνnοoρpσoςoτtυyχxωw"
_ARMENIAN = "աwոnսuօoհhյjզqցgքpլi"
_LATIN = "ıiɩiɪiøođdɖdłiħhŧtƀbɑaɡgɢgʀrʟiʙbɴnʜhᴀaᴄcᴅdᴇeᴊjᴋkᴍmᴏoᴘpᴛtᴜuᴠvᴡwᴢzǀi"
_CHEROKEE = "ꭰdꭱrꭲtꭵiꭹyꭺaꭻjꭼeꮃwꮇmꮋhꮍyꮐgꮓzꮤwꮪsꮩvꮮlꮯcꮲpꮶkꮾbꮷdꮢrꮁr"
_ALIKE = {
    ord(pair[0].casefold()): pair[1]
    for script in (_CYRILLIC, _GREEK, _ARMENIAN, _LATIN, _CHEROKEE)
    for pair in re.findall("..", script)
}
_DIGITS_ALIKE = str.maketrans("01l", "oii")
_MEMBER_ALIKE = re.compile(r"member[0-9]+")
