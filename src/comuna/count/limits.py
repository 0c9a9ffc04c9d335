"""What projects may never be funded together: rivals of one site, and the caps of a category."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from comuna.count.candidates import Project
from comuna.count.errors import RuleError
from comuna.count.guarantees import Guarantees
from comuna.count.lots import TieBreaker
from comuna.count.rule import Rule


@dataclass(frozen=True)
class Limits:
    """The hard limits of a rule, over projects by their place in `projects`."""

    projects: tuple[Project, ...]
    rivals: tuple[frozenset[int], ...]
    caps: tuple[tuple[str, frozenset[int], Fraction], ...]
    too_few_votes: frozenset[int]
    guarantees: Guarantees | None = None

    @staticmethod
    def of(rule: Rule, projects: tuple[Project, ...], votes: Sequence[int]) -> "Limits":
        """Raises RuleError where the rule names a project or a category that is not there."""
        index = {project.id: at for at, project in enumerate(projects)}
        unknown = [each for group in rule.exclusive or () for each in group if each not in index]
        if unknown:
            raise RuleError(f"exclusive names {unknown[0]!r}, which is not a project here")
        rivals = tuple(frozenset(index[each] for each in group) for group in rule.exclusive or ())
        caps = []
        for name, most in rule.category_limits or ():
            inside = frozenset(at for at, project in enumerate(projects) if name in project.groups)
            if not inside:
                raise RuleError(f"category_limits names {name!r}, which no project here has")
            caps.append((name, inside, most))
        least = rule.minimum_votes or 0
        few = frozenset(at for at, number in enumerate(votes) if number < least)
        kept = (
            Guarantees.of(rule.guarantees, projects, rule.seats or 1) if rule.guarantees else None
        )
        return Limits(projects, rivals, tuple(caps), few, kept)

    def bars(self, project: int, funded: Collection[int]) -> str:
        """Why the project cannot be funded beside those funded already: `votes`, `rival:ID`,
        `category:NAME`, `guarantee`; empty if it can. What is barred once stays barred."""
        if project in self.too_few_votes:
            return "votes"
        for group in self.rivals:
            if project in group:
                for other in funded:
                    if other in group and other != project:
                        return f"rival:{self.projects[other].id}"
        for name, inside, most in self.caps:
            if project in inside:
                spent = sum((self.projects[at].cost for at in funded if at in inside), Fraction(0))
                if spent + self.projects[project].cost > most:
                    return f"category:{name}"
        if self.guarantees:
            elected = [self.projects[at].id for at in (*funded, project)]
            others = [each.id for each in self.projects if each.id not in elected]
            if not self.guarantees.possible(elected, others):
                return "guarantee"
        return ""

    def all_fit(self, funded: Collection[int]) -> bool:
        """Whether no limit bars any of these beside the others, in whatever order."""
        if not (self.rivals or self.caps or self.guarantees):
            return self.too_few_votes.isdisjoint(funded)
        return not any(self.bars(p, [each for each in funded if each != p]) for p in funded)


@dataclass(frozen=True)
class ProjectTies:
    """How the rule chooses among projects that tie: `cost`, `votes`, and its last word."""

    words: tuple[str, ...]
    projects: tuple[Project, ...]
    votes: tuple[int, ...]

    def first(
        self, tied: Sequence[int], breaker: TieBreaker, purpose: str, round_number: int
    ) -> int:
        """The preferred project. Raises LotNeededError where a lot is due."""
        level = list(tied)
        for word in self.words[:-1]:
            keys = [self.projects[at].cost if word == "cost" else -self.votes[at] for at in level]
            least = min(keys)
            level = [at for at, key in zip(level, keys, strict=True) if key == least]
            if len(level) == 1:
                ids = [self.projects[at].id for at in (*level, *tied) if at not in level[1:]]
                breaker.note(sorted(set(ids)), purpose, round_number, word, ids[:1])
                return level[0]
        index = {self.projects[at].id: at for at in level}
        return index[breaker.order(index, purpose, round_number)[0]]
