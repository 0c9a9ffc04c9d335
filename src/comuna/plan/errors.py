"""What can be wrong with a problem, a table or a plan, said so that the person can put it right."""

from collections.abc import Sequence

from comuna.given import Unreadable
from comuna.tables.errors import TableError


class PlanError(ValueError):
    """Something that cannot be calculated; the message says what is wrong and what would be right,
    in English with the facts in braces; `faults.SPANISH` has the same in Spanish."""

    def __init__(self, message: str, **facts: object) -> None:
        self._message, self._facts = message, facts
        super().__init__(message.format(**facts) if facts else message)

    def told(self, language: str) -> str:
        """The message in a language."""
        message = self._message
        if language == "es":
            from comuna.plan.faults import SPANISH

            message = SPANISH.get(message, message)
        return message.format(**self._facts) if self._facts else message


class Wrong:
    """One thing wrong in a file: the table, its row (the header is row 1; 0 is the table itself),
    what is wrong and what would be right. Both are said in English with the facts in braces;
    `faults.SPANISH` has the same sentences in Spanish."""

    def __init__(self, table: str, row: int, wrong: str, right: str, **facts: object) -> None:
        self.table, self.row, self._wrong, self._right, self._facts = (
            table,
            row,
            wrong,
            right,
            facts,
        )

    @property
    def wrong(self) -> str:
        return self._wrong.format(**self._facts)

    @property
    def right(self) -> str:
        return self._right.format(**self._facts)

    def told(self, language: str) -> dict[str, str | int]:
        """Table, row, wrong and right in a language."""
        wrong, right = self._wrong, self._right
        if language == "es":
            from comuna.plan.faults import SPANISH

            wrong, right = SPANISH.get(wrong, wrong), SPANISH.get(right, right)
        return {
            "table": self.table,
            "row": self.row,
            "wrong": wrong.format(**self._facts),
            "right": right.format(**self._facts),
        }

    def sentence(self, language: str) -> str:
        """The same in one line."""
        said = self.told(language)
        row = "row" if language == "en" else "fila"
        place = f"{self.table}, {row} {self.row}" if self.row else self.table
        return f"{place}: {said['wrong']}" + (f"; {said['right']}" if said["right"] else "")

    def __str__(self) -> str:
        return self.sentence("en")


class Said(Wrong):
    """One thing wrong that `comuna.tables` or `comuna.given` found, in its own words, which may say
    what would be right; where they do not, `right` does."""

    def __init__(self, table: str, error: TableError | Unreadable, right: str = "") -> None:
        super().__init__(table, error.line, "", right)
        self._error = error

    def told(self, language: str) -> dict[str, str | int]:
        said = super().told(language)
        text = self._error.es if language == "es" else self._error.en
        wrong, _, right = text.rpartition("; ")
        return said | {"wrong": wrong or text, "right": said["right"] or (right if wrong else "")}

    @property
    def wrong(self) -> str:
        return str(self.told("en")["wrong"])

    @property
    def right(self) -> str:
        return str(self.told("en")["right"])


class FileError(PlanError):
    """A file that cannot be used: everything that is wrong with it, at once."""

    def __init__(self, wrongs: Sequence[Wrong]) -> None:
        self.wrongs = tuple(wrongs)
        super().__init__("\n".join(map(str, wrongs)))

    def told(self, language: str) -> str:
        return "\n".join(each.sentence(language) for each in self.wrongs)
