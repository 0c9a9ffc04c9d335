"""Whole numbers in ballot files: how many, which place, how many points."""

from comuna.count.errors import FileError

_DIGITS = 18  # more than anything that is counted; beyond it arithmetic of 64 bits ends


def is_whole(text: str) -> bool:
    """Whether the text is nothing but the digits 0 to 9."""
    return text.isascii() and text.isdecimal()


def whole(line: int, text: str, otherwise: str) -> int:
    """The number. Raises FileError with `otherwise` where it is none."""
    if not is_whole(text):
        raise FileError(line, otherwise)
    if len(text.lstrip("0")) > _DIGITS:
        raise FileError(line, f"{text[:_DIGITS]}… has more than {_DIGITS} digits")
    return int(text)
