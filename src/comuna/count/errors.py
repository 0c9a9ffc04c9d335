"""What can be wrong with a count, said so that the person can put it right."""

from collections.abc import Sequence


class CountError(ValueError):
    """A count that cannot be done; the message says what is wrong and what would be right, in
    English and, where people's files bring it about, in Spanish too."""

    def __init__(self, en: str, es: str = "") -> None:
        self.en, self.es = en, es or en
        super().__init__(en)

    def told(self, language: str) -> str:
        """The message in a language ("en", "es")."""
        return self.es if language == "es" else self.en


class RuleError(CountError):
    """The rule contradicts itself or names something the method does not have."""


class BallotError(CountError):
    """The ballots are of another kind than the method reads, or contradict the candidates."""


class FileError(CountError):
    """A file that cannot be read: which line, and why. Nothing of it is returned."""

    def __init__(self, line: int, reason: str, motivo: str = "") -> None:
        self.line = line
        self.reason = reason
        at = (f"line {line}: ", f"línea {line}: ") if line else ("", "")
        super().__init__(at[0] + reason, at[1] + (motivo or reason))


class LotNeededError(CountError):
    """A tie that the rule leaves to a lot, and no lot has been recorded.

    `candidates` are the ids that tie, `purpose` is what the lot decides ("elect", "exclude",
    "fund", "transfer", "decide"), `round` the round of the count it stopped in.
    """

    def __init__(self, candidates: Sequence[str], purpose: str, round_number: int) -> None:
        self.candidates = tuple(candidates)
        self.purpose = purpose
        self.round = round_number
        super().__init__(
            f"round {round_number}: {', '.join(candidates)} tie and the rule leaves it to a lot "
            f"(to {purpose}); throw dice in public, record them with the book's head as the seed, "
            "and count again with that seed"
        )
