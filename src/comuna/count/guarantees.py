"""Guarantees: parity, youth, territory, seats kept for a people, kept among the elected.

A guarantee never moves a vote. It says who may still be excluded or elected so that the seats can
end as it asks: a candidate without whom it could not be met is kept (guarded), one with whom it
could not be met is left out (I. D. Hill, Voting Matters 9, 1998, for ranked ballots; feasible
selection down the list for the others).
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from comuna.count.candidates import Candidate
from comuna.count.errors import BallotError
from comuna.count.rule import Guarantee


@dataclass(frozen=True)
class Guarantees:
    """The guarantees of a count, over its candidates and seats."""

    asked: tuple[Guarantee, ...]
    groups: dict[str, frozenset[str]]
    seats: int

    @staticmethod
    def of(
        asked: Sequence[Guarantee] | None,
        candidates: Sequence[Candidate],
        seats: int,
        withdrawn: Sequence[str] = (),
    ) -> "Guarantees":
        """Raises BallotError if the candidates who stand cannot fill the seats as asked; of the
        names of the `withdrawn` it tells."""
        if seats > len(candidates):
            raise too_few(seats, candidates, withdrawn)
        named = {each.group for each in asked or ()}
        groups = {each.id: each.groups & named for each in candidates}
        for each in asked or ():
            if each.at_least and not any(each.group in kept for kept in groups.values()):
                raise BallotError(
                    f"no candidate is of the group {each.group!r}, to which the rule guarantees "
                    f"{each.at_least}; more candidates must stand, or the rule must say less",
                    f"ninguna candidatura es del grupo {each.group!r}, al que la regla garantiza "
                    f"{each.at_least}; deben presentarse más, o la regla pedir menos",
                )
        made = Guarantees(tuple(asked or ()), groups, seats)
        if not made.possible((), groups):
            listed = ", ".join(map(str, made.asked)) or "none"
            raise BallotError(
                f"{len(candidates)} candidates cannot fill {seats} seats with the guarantees "
                f"asked ({listed}); more candidates must stand, or the rule must say less",
                f"{len(candidates)} candidaturas no pueden ocupar {seats} puestos con las "
                f"garantías pedidas ({listed}); deben presentarse más, o la regla pedir menos",
            )
        return made

    def possible(self, elected: Collection[str], standing: Collection[str]) -> bool:
        """Whether the seats left can be filled from `standing` so that all is as asked."""
        left = self.seats - len(elected)
        if left < 0 or left > len(standing):
            return False
        if not self.asked:
            return True
        counts = tuple(
            sum(each.group in self.groups[one] for one in elected) for each in self.asked
        )
        kinds = Counter(
            tuple(each.group in self.groups[one] for each in self.asked) for one in standing
        )
        reached = {(left, counts)}
        for kind, many in kinds.items():
            reached = {
                (
                    open_ - take,
                    tuple(have + take * is_in for have, is_in in zip(so_far, kind, strict=True)),
                )
                for open_, so_far in reached
                for take in range(min(open_, many) + 1)
            }
        return any(open_ == 0 and self._kept(final) for open_, final in reached)

    def _kept(self, counts: tuple[int, ...]) -> bool:
        return all(
            each.at_least <= have and (each.at_most is None or have <= each.at_most)
            for each, have in zip(self.asked, counts, strict=True)
        )

    def guarded(self, elected: Collection[str], standing: Collection[str]) -> frozenset[str]:
        """Those standing who cannot be excluded, because the guarantees could not be met."""
        if not self.asked:
            return frozenset()
        return frozenset(
            one for one in standing if not self.possible(elected, [o for o in standing if o != one])
        )

    def barred(self, elected: Collection[str], standing: Collection[str]) -> frozenset[str]:
        """Those standing who cannot be elected, because the guarantees could not be met."""
        if not self.asked:
            return frozenset()
        return frozenset(
            one
            for one in standing
            if not self.possible([*elected, one], [o for o in standing if o != one])
        )


def too_few(
    seats: int, candidates: Sequence[Candidate], withdrawn: Sequence[str] = ()
) -> BallotError:
    """That fewer stand than there are seats."""
    stand, all_ = len(candidates), len(candidates) + len(withdrawn)
    en = f"{seats} seats but only {stand} candidates"
    es = f"{seats} puestos pero solo {stand} candidaturas"
    if withdrawn:
        en += f": {len(withdrawn)} of {all_} withdrew ({', '.join(withdrawn)})"
        es += f": {len(withdrawn)} de {all_} se retiraron ({', '.join(withdrawn)})"
    return BallotError(
        f"{en}; whoever stands is elected without a count and the rest stays empty, or more must "
        "stand, or ask for fewer seats",
        f"{es}; quien se presenta queda electo sin recuento y el resto vacío, o deben presentarse "
        "más, o pida menos puestos",
    )
