"""How far a solver has come."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """After so many steps: what the solver's plan would be worth and what it holds that none
    exceeds, in objective counts (None where its method has no such number yet), and how far its
    plan is from possible, relative to all there is. None of it is proof; the certificate is."""

    solver: str
    step: int
    worth: float | None
    best: float | None
    amiss: float | None = None

    @property
    def gap(self) -> float | None:
        if self.worth is None or self.best is None or self.best <= 0:
            return None
        return (self.best - self.worth) / self.best


Tell = Callable[[Progress], None]


def silent(progress: Progress) -> None:
    """Nobody watches."""
