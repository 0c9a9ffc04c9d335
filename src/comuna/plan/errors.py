"""What can be wrong with a problem, a table or a plan, said so that the person can put it right."""

from collections.abc import Sequence
from dataclasses import dataclass


class PlanError(ValueError):
    """Something that cannot be calculated; the message says what is wrong and what would be
    right."""


@dataclass(frozen=True)
class Wrong:
    """One thing wrong in a file: the table, its row (the header is row 1; 0 is the table itself),
    what is wrong and what would be right."""

    table: str
    row: int
    wrong: str
    right: str

    def __str__(self) -> str:
        place = f"{self.table}, row {self.row}" if self.row else self.table
        return f"{place}: {self.wrong}; {self.right}"


class FileError(PlanError):
    """A file that cannot be used: everything that is wrong with it, at once."""

    def __init__(self, wrongs: Sequence[Wrong]) -> None:
        self.wrongs = tuple(wrongs)
        super().__init__("\n".join(map(str, wrongs)))
