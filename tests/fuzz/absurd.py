"""Absurd things, seeded: texts, values, and what is sound made absurd in a place or two.

Nothing here is larger or deeper than it must be to be out of bounds: what is tried is our answer,
not the patience of the libraries beneath it.
"""

from __future__ import annotations

import json
from random import Random
from typing import Any

DEEP = 2000
LONG = 5000
TEXTS = (
    *("", " ", "\n", "0", "-1", "+1", "00", "01", "1.0", "1e9", "-0", "1_000", "1/0", "0/0", "2/1"),
    *(
        "999999999",
        "1" + "0" * 15,
        "9" * 18,
        "9" * 19,
        "9" * 40,
        "9" * LONG,
        "x" * LONG,
        "NaN",
        "inf",
        "true",
        "null",
        "None",
        "{}",
        "[]",
    ),
    *("é", "e\u0301", "１２", "٣", "²", "½", "\u202e", "\u200b", "\ufeff", "\x00", "\x1b[2J", "🌽"),
    *("ﬁ", "İ", "ß", "\ud800", "a\tb", "a\r\nb", "..", "/", "\\", "'", '"', "%s", "{0}", "{x.y}"),
    *("<b>", "&amp;", "$(x)", ";--", "=1+1", "#", ":", "member:1", "member:01", "member:", "bank:"),
    *(
        "member:-1",
        "bank:main",
        "2026-02-30",
        "0001-01-01",
        "9999-12-31",
        "2026-01-01",
        "10000-1-1",
    ),
    *(
        "AAAA",
        "A" * 43 + "=",
        "0" * 64,
        "f" * 32,
        "signed",
        "found",
        "a.b.c",
        "a:b:c",
        "A,B",
        "A>B",
    ),
)
NUMBERS = (
    *(0, 1, -1, 2, 12, 13, 255, 256, 4096, 2**31 - 1, 2**31, 2**53, 2**53 + 1, 2**62, 2**63 - 1),
    *(2**63, -(2**63), 2**64, 10**17, 10**18, 10**30, 10**400, -(10**18), 86_400, 1_767_225_600),
    *(-62_135_596_801, 253_402_300_800),
)
OTHERS = (
    *("null", "true", "false", "0.5", "-0.0", "1e300", "[]", "{}", "[[]]", "[{}]", '{"": null}'),
    *("[null]", "[0]", '[""]'),
)
"""Other values of JSON, as text: each is made anew, since what is spoiled is changed in place."""
RAW = (
    *("[" * DEEP + "]" * DEEP, '{"a":' * DEEP + "1" + "}" * DEEP, "[" * DEEP, "9" * LONG),
    *("-" + "9" * 400, "1e400", "-1e400", "1E5", "1.0", "-0", "01", "NaN", "Infinity", "0x10"),
    *('"\\ud800"', '"\\u0000"', '"\\x"', '"', "", ",", "{", "}", "[", "]", "tru", "//", '"a":1'),
)
"""What stands for a value in a text of JSON and cannot be made from one."""
ODD_TOML = (
    *("2026-01-01", "2026-01-01T00:00:00Z", "07:32:00", "1e400", "nan", "inf", "0b1", "0o7", "'x'"),
    *("0x" + "f" * 20, "{a = 1}", "[[1], [2]]", "[" * 40, "1__0", '"""x', "a.b", "[1, 'a', {}]"),
)
BITS = (
    *(
        b"\x00",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\n",
        b"\r",
        b"\t",
        b" ",
        b'"',
        b"'",
        b",",
        b";",
    ),
    *(
        b":",
        b"=",
        b"[",
        b"]",
        b"{",
        b"}",
        b"(",
        b")",
        b"/",
        b"\\",
        b"#",
        b"-",
        b"+",
        b".",
        b"0",
        b"9",
    ),
    *(
        b"1e9",
        b"9" * 20,
        "ñ".encode(),
        "−".encode(),
        b"nan",
        b"null",
        b"<",
        b">",
        b"&",
        b"%",
        b"\x1a",
    ),
)


def text(random: Random) -> str:
    """A text that few expect; sometimes two of them."""
    return random.choice(TEXTS) + (random.choice(TEXTS) if random.random() < 0.1 else "")


def number(random: Random) -> int:
    return random.choice(NUMBERS) + random.randrange(-1, 2)


def value(random: Random) -> Any:
    """A value of any type that JSON has."""
    kind = random.random()
    if kind < 0.4:
        return text(random)
    if kind < 0.75:
        return number(random)
    if kind < 0.97:
        return json.loads(random.choice(OTHERS))
    if kind < 0.98:
        kind_of_all = random.choice((text, number))
        return [kind_of_all(random) for _ in range(random.choice((2, 50, 1000)))]
    return {text(random): value(random) for _ in range(random.randrange(4))}


def spoiled(random: Random, plain: Any, changes: int = 0) -> Any:
    """A copy of plain data with so many places made absurd (1 to 3 if not said)."""
    copy = json.loads(json.dumps(plain))
    for _ in range(changes or random.choice((1, 1, 1, 2, 3))):
        copy = spoil(random, copy)
    return copy


def spoil(random: Random, plain: Any) -> Any:
    """Make one place absurd, as likely a deep one as one at the top; gives the whole."""
    places = places_in(plain)
    if not places:
        return value(random)
    holder, key = random.choice(places)
    way = random.random()
    if way < 0.65:
        holder[key] = value(random)
    elif way < 0.75:
        del holder[key]
    elif way < 0.85 and isinstance(holder, dict):
        holder[text(random)] = holder.pop(key)
    elif way < 0.95:
        other, there = random.choice(places)
        holder[key] = json.loads(json.dumps(other[there])) if there_still(other, there) else 0
    elif isinstance(holder, list):
        holder[:] = holder * random.choice((2, 9))
    else:
        holder[text(random)] = value(random)
    return plain


def there_still(holder: Any, key: Any) -> bool:
    return key in holder if isinstance(holder, dict) else key < len(holder)


def places_in(plain: Any) -> list[tuple[Any, Any]]:
    """Every place of dictionaries and lists, as (holder, key)."""
    found, waiting = [], [plain] if isinstance(plain, (dict, list)) else []
    while waiting:
        here = waiting.pop()
        keys = list(here) if isinstance(here, dict) else range(len(here))
        for key in keys:
            found.append((here, key))
            if isinstance(here[key], (dict, list)):
                waiting.append(here[key])
    return found


def as_json(random: Random, plain: Any) -> bytes:
    """The bytes of a value; now and then with what no value gives, or mangled."""
    mark = "\u0001"
    way = random.random()
    if way < 0.12 and isinstance(plain, (dict, list)) and (places := places_in(plain)):
        holder, key = random.choice(places)
        holder[key] = mark
        said = json.dumps(plain, ensure_ascii=False).replace(
            json.dumps(mark), random.choice(RAW), 1
        )
    else:
        said = json.dumps(plain, ensure_ascii=random.random() < 0.5)
    data = said.encode("utf-8", "surrogatepass")
    return mangled(random, data) if way > 0.9 else data


def mangled(random: Random, data: bytes, most: int = 4) -> bytes:
    """Bytes after a few changes: put in, cut out, doubled, moved or flipped."""
    for _ in range(random.randint(1, most)):
        at = random.randrange(len(data) + 1)
        until = min(len(data), at + random.choice((0, 1, 2, 8, 40, 400)))
        way = random.randrange(7)
        if way == 0:
            data = data[:at] + random.choice(BITS) + data[at:]
        elif way == 1:
            data = data[:at] + data[until:]
        elif way == 2:
            data = data[:at] + data[at:until] * random.randint(2, 5) + data[until:]
        elif way == 3:
            data = data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]
        elif way == 4:
            other = random.randrange(len(data) + 1)
            data = data[:at] + data[other : other + until - at] + data[until:]
        elif way == 5:
            data = data[:at] + text(random).encode("utf-8", "surrogatepass") + data[until:]
        else:
            data = data[:at] if random.random() < 0.3 else data[until:] + data[:at]
    return data


def words(random: Random, lines: str) -> str:
    """A text of "name = value" lines with some made absurd: a value, a name, a line gone or
    twice."""
    found = lines.split("\n")
    for _ in range(random.choice((1, 1, 2, 5))):
        at = random.randrange(len(found))
        name, equals, _ = found[at].partition("=")
        way = random.random()
        if way < 0.6 and equals:
            found[at] = f"{name}= {toml(random)}"
        elif way < 0.7:
            found[at] = (
                f"{random.choice(('a', 'a.b', '[a]', '[[a]]', text(random)))} = {toml(random)}"
            )
        elif way < 0.8:
            del found[at]
        elif way < 0.9:
            found.insert(at, random.choice(found))
        else:
            data = mangled(random, found[at].encode("utf-8", "surrogatepass"), 2)
            found[at] = data.decode("utf-8", "replace")
        if not found:
            break
    return "\n".join(found)


def toml(random: Random) -> str:
    """A value as TOML writes it, or nearly."""
    way = random.random()
    if way < 0.7:
        made = value(random)
        return json.dumps(made if not isinstance(made, dict) else text(random))
    return random.choice(ODD_TOML)
