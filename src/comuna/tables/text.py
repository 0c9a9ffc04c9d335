"""The text in a file, whatever its encoding: UTF-8, UTF-16, or the Latin-1 of older programs."""

import codecs
import re

from comuna.tables.errors import Remark, TableError

_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MANY_BYTES = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")


def decode(content: bytes) -> tuple[str, list[Remark]]:
    """The text without its byte-order mark, and a remark where the encoding had to be guessed.

    UTF-16 is told by its mark, or by zeros in every second byte. What is not UTF-8 is taken for
    Windows-1252, which holds all that Latin-1 can print; a file with both is refused. Raises
    TableError.
    """
    encoding = _encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as wrong:
        if encoding != "utf-8-sig":
            raise TableError(
                0,
                "cut short or damaged: not whole UTF-16 text",
                "incompleto o dañado: no es texto UTF-16 entero",
            ) from None
        return _older(content, wrong.start)
    if strange := _NOT_TEXT.search(text):
        line = text.count("\n", 0, strange.start()) + 1
        raise TableError(
            line,
            "this is not text; save the table as CSV (UTF-8) or as XLSX",
            "esto no es texto; guarde la tabla como CSV (UTF-8) o como XLSX",
        )
    remarks = []
    if encoding.startswith("utf-16"):
        remarks = [Remark(0, "read as UTF-16", "leído como UTF-16")]
    return text, remarks


def _encoding(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = content[:200]
    if len(start) > 3 and len(start) % 2 == 0:
        if not any(start[::2]) and all(start[1::2]):
            return "utf-16-be"
        if not any(start[1::2]) and all(start[::2]):
            return "utf-16-le"
    return "utf-8-sig"


def _older(content: bytes, at: int) -> tuple[str, list[Remark]]:
    line = content.count(b"\n", 0, at) + 1
    if _MANY_BYTES.search(content):
        raise TableError(
            line,
            "some of the file is UTF-8 and this line is not (Latin-1?); save it whole as UTF-8",
            "parte del archivo es UTF-8 y esta línea no (¿Latin-1?); guárdelo entero como UTF-8",
        )
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        text = "\x00"
    if _NOT_TEXT.search(text):
        raise TableError(
            line,
            "neither UTF-8 nor Latin-1 text; save it as UTF-8",
            "ni texto UTF-8 ni Latin-1; guárdelo como UTF-8",
        )
    byte = content[at : at + 1].decode("cp1252")
    return text, [
        Remark(
            line,
            f"not UTF-8; read as Latin-1 (Windows-1252), so that here stands {byte!r}",
            f"no es UTF-8; leído como Latin-1 (Windows-1252), de modo que aquí dice {byte!r}",
        )
    ]
