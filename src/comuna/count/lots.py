"""Lots: an order that anyone can recompute from dice thrown in public.

The seed is what the assembly saw (the dice, thrown after roll and ballots are frozen) together
with the book's head at that moment, written as one line of text. A candidate's ticket is
SHA-256(seed, newline, id) in hexadecimal; the lowest ticket is first in the order. The order is
drawn once for a whole count: in every tie the candidate earlier in the order is preferred.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from comuna.count.errors import LotNeededError, RuleError
from comuna.count.result import Tie


def ticket(seed: str, candidate_id: str) -> str:
    """The candidate's lot: SHA-256 of the seed's line and the id, as 64 hexadecimal digits."""
    return hashlib.sha256(f"{seed}\n{candidate_id}".encode()).hexdigest()


def draw_order(seed: str, ids: Iterable[str]) -> tuple[str, ...]:
    """All ids in the order of their tickets. Raises RuleError if seed is empty, many-lined or
    no text, as may come from a terminal."""
    if not seed.strip() or "\n" in seed:
        raise RuleError("the seed of a lot is one line: the dice thrown and the book's head")
    try:
        return tuple(sorted(ids, key=lambda each: (ticket(seed, each), each)))
    except UnicodeEncodeError:
        raise RuleError(
            "the seed and the names of a lot are text; here is half a character",
            "la semilla y los nombres de un sorteo son texto; aquí hay medio carácter",
        ) from None


@dataclass
class TieBreaker:
    """Breaks ties by the rule's last word, `lot` or `id`, and keeps a record of each tie.

    `ids` are the candidates in the order that `id` means: projects by their id as text, numbered
    candidates by their number.
    """

    last_word: str
    ids: Sequence[str]
    seed: str | None = None
    ties: list[Tie] = field(default_factory=list)

    @cached_property
    def place(self) -> dict[str, int]:
        """Each candidate's place in the order of the ids."""
        return {each: place for place, each in enumerate(self.ids)}

    def order(self, tied: Iterable[str], purpose: str, round_number: int) -> tuple[str, ...]:
        """The tied candidates, preferred first. Raises LotNeededError where none was drawn."""
        tied = sorted(tied, key=self.place.__getitem__)
        if len(tied) == 1:
            return tuple(tied)
        if self.last_word == "lot" and self.seed is None:
            raise LotNeededError(tied, purpose, round_number)
        ordered = tuple(sorted(tied, key=self._ranks.__getitem__))
        self.note(tied, purpose, round_number, self.last_word, ordered)
        return ordered

    def note(
        self,
        tied: Iterable[str],
        purpose: str,
        round_number: int,
        broken_by: str,
        order: Sequence[str],
    ) -> None:
        """Record a tie that something other than the last word has broken."""
        self.ties.append(Tie(round_number, tuple(tied), purpose, broken_by, tuple(order)))

    @cached_property
    def _ranks(self) -> dict[str, int]:
        if self.last_word == "id":
            return self.place
        assert self.seed is not None
        order = draw_order(self.seed, self.ids)
        return {each: place for place, each in enumerate(order)}
