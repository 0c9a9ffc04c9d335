"""What a person should know of how a table was read, and what keeps it from being read.

Each says its line (or row) and one sentence in every language; 0 is the file as a whole.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Remark:
    """How something was read that might have been meant otherwise."""

    line: int
    en: str
    es: str

    def told(self, language: str) -> str:
        """The remark with its line, in a language ("en", "es")."""
        return _placed(self.line, self.es if language == "es" else self.en, language)

    def __str__(self) -> str:
        return self.told("en")


class TableError(ValueError):
    """A table that cannot be read: what is wrong and what would be right."""

    def __init__(self, line: int, en: str, es: str) -> None:
        self.line, self.en, self.es = line, en, es
        super().__init__(self.told("en"))

    def told(self, language: str) -> str:
        """The message with its line, in a language ("en", "es")."""
        return _placed(self.line, self.es if language == "es" else self.en, language)


def _placed(line: int, sentence: str, language: str) -> str:
    if not line:
        return sentence
    return f"{'línea' if language == 'es' else 'line'} {line}: {sentence}"
