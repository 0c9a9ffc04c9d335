"""Paper: every box counted twice by different people, and again where the two differ.

A batch is a box, a table or a sheet. Two people enter it apart; where both say the same it is
agreed, where they differ the recount order says what differs, and the batch is settled by the next
two entries that agree. Nothing is averaged and no entry is ever corrected: all of them are kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from comuna.count.errors import BallotError


@dataclass(frozen=True)
class Entry:
    """What one person counted in one batch. `papers` is all papers, `counts` the votes of each
    option (a paper may hold one vote at most), `blank` and `null` the rest.

    Raises BallotError unless the votes, blanks and nulls add up to the papers.
    """

    batch: str
    by: str
    papers: int
    counts: Mapping[str, int]
    blank: int = 0
    null: int = 0

    def __post_init__(self) -> None:
        if min(self.papers, self.blank, self.null, *self.counts.values()) < 0:
            raise BallotError(f"{self.batch}, {self.by}: a count cannot be negative")
        added = sum(self.counts.values()) + self.blank + self.null
        if added != self.papers:
            raise BallotError(
                f"{self.batch}, {self.by}: votes, blanks and nulls add up to {added}, but "
                f"{self.papers} papers were counted"
            )

    def lines(self) -> dict[str, int]:
        """Everything counted, by name."""
        return {
            **{f"votes {each}": number for each, number in sorted(self.counts.items()) if number},
            "blank": self.blank,
            "null": self.null,
            "papers": self.papers,
        }


@dataclass(frozen=True)
class RecountOrder:
    """Why a batch must be counted again: each line that differs, with both numbers."""

    batch: str
    by: tuple[str, str]
    differences: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Settlement:
    """Where the paper stands. `votes` add up the agreed batches only."""

    votes: Mapping[str, int]
    blank: int
    null: int
    agreed: tuple[str, ...]
    recounts: tuple[RecountOrder, ...]
    missing: tuple[str, ...]

    def complete(self) -> bool:
        return not self.recounts and not self.missing


def settle(batches: Sequence[str], entries: Sequence[Entry]) -> Settlement:
    """Compare the entries, in the order they were made, batch by batch.

    Raises BallotError for an entry of an unknown batch, of a person who has already counted the
    batch in the same pair, or of a batch that is agreed already.
    """
    pairs: dict[str, list[Entry]] = {batch: [] for batch in batches}
    agreed: dict[str, Entry] = {}
    recounts: dict[str, RecountOrder] = {}
    for entry in entries:
        if entry.batch not in pairs:
            raise BallotError(f"batch {entry.batch!r} is not one of those handed out")
        if entry.batch in agreed:
            raise BallotError(f"batch {entry.batch} is agreed; {entry.by} need not count it")
        pair = pairs[entry.batch]
        if pair and pair[0].by == entry.by:
            raise BallotError(f"batch {entry.batch}: the second count is by another person")
        pair.append(entry)
        if len(pair) == 2:
            differences = _differences(*pair)
            if differences:
                by = (pair[0].by, pair[1].by)
                recounts[entry.batch] = RecountOrder(entry.batch, by, differences)
            else:
                agreed[entry.batch] = entry
                recounts.pop(entry.batch, None)
            pairs[entry.batch] = []
    votes: dict[str, int] = {}
    for entry in agreed.values():
        for each, number in entry.counts.items():
            votes[each] = votes.get(each, 0) + number
    return Settlement(
        dict(sorted(votes.items())),
        sum(entry.blank for entry in agreed.values()),
        sum(entry.null for entry in agreed.values()),
        tuple(batch for batch in batches if batch in agreed),
        tuple(recounts[batch] for batch in batches if batch in recounts),
        tuple(batch for batch in batches if batch not in agreed and batch not in recounts),
    )


def _differences(first: Entry, second: Entry) -> dict[str, tuple[int, int]]:
    one, other = first.lines(), second.lines()
    return {
        line: (one.get(line, 0), other.get(line, 0))
        for line in sorted({*one, *other})
        if one.get(line, 0) != other.get(line, 0)
    }
