"""A clerk without a rule: each refusal that a test expects is tried again with its guard left out,
and what then stands in the book must be found by the proofs.

    ./comuna test tests/rules --switched-off

tries every rule that some test of the law sees refuse, and prints what became of it. A proposal is
carried to its end, for alone it moves nothing; where other guards hold the door, the entry is
written past the clerk. Where no proof complains the adversary plays without the rule. A rule that
can be left out with nobody noticing is a failure, unless it stands in `FOR_GUARDS`.
"""

from __future__ import annotations

import ast
import inspect
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import CodeType, ModuleType

from comuna.audit.verify import verify
from comuna.book import store
from comuna.book.tree import leaf_hash
from comuna.clerk import Recorded, Submission
from comuna.rules import act
from comuna.rules.act import Entry
from comuna.rules.judge import encode
from comuna.rules.proposal import Propose
from comuna.rules.roll import Found

MOST = 6
"""So many rules are left out together before one says that others hold the door."""

FOR_GUARDS = {
    "text_missing": "that a title or a reason says something is for whoever reads it",
    "notice_malformed": "by which channel people were told; only notices with evidence count",
    "turn_asked_already": "asking twice for the floor moves nothing",
    "surplus_left_open": "the amounts voted are proven whole; the choices say them again",
    "count_impossible": "a vote that no count can end decides nothing",
}
"""Rules without a proof, and why (docs/what-a-proof-shows.md, "What is not proven here")."""

BY_HAND = {
    *("attested_is_unsigned", "body_id_differs", "nonce_malformed", "number_not_next"),
    *("only_paper_comes_late", "other_body", "recall_not_foreseen", "submitted_before"),
    *("time_runs_backwards", "no_further_call", "paper_malformed", "no_vote"),
    "assembly_unknown",
}
"""Rules about the place of an entry in its book, or for which a village has to be altered, so that
no test of the law lets one try; tests/audit/test_entries_without_their_guards.py writes them."""

FOUND, WON, UNNOTICED, HELD = "found", "won", "unnoticed", "held"
"""What can become of a book whose clerk left a rule out: a proof finds it; an adversary wins by it;
nobody notices; or there is no such book, for nothing can be written without what the rule asks."""

GAMES = 500
"""So many on each pack, where no proof complains."""


def asked(tree: ast.Module) -> ast.Module:
    """The same program, in which every `if … : raise Refused(…)` asks by `require`."""

    class Asking(ast.NodeTransformer):
        def visit_If(self, node: ast.If) -> ast.AST:
            self.generic_visit(node)
            match node:
                case ast.If(body=[ast.Raise(exc=ast.Call(func=ast.Name("Refused")) as told)]):
                    lawful = ast.UnaryOp(ast.Not(), node.test)
                    told.func, told.args = ast.Name("require", ast.Load()), [lawful, *told.args]
                    asking = ast.copy_location(ast.Expr(told), node)
                    return ast.copy_location(ast.If(node.test, [asking], node.orelse), node)
            return node

    return ast.fix_missing_locations(Asking().visit(tree))


def law() -> list[ModuleType]:
    """The modules of the rules, each condition of which can be left out."""
    names = [n for n in sorted(sys.modules) if n.startswith("comuna.rules.") and n != act.__name__]
    return [sys.modules[name] for name in names]


@cache
def let_everything_be_asked() -> None:
    """Give the functions of the law the code in which conditions are asked by `require` alone."""
    for module in law():
        assert module.__file__
        tree = asked(ast.parse(Path(module.__file__).read_text()))
        made = {code.co_qualname: code for code in codes(compile(tree, module.__file__, "exec"))}
        for held in vars(module).values():
            function = inspect.unwrap(held)
            if inspect.isfunction(function) and function.__module__ == module.__name__:
                function.__code__ = made[function.__qualname__]
        vars(module).setdefault("require", act.require)


def codes(code: CodeType) -> Iterator[CodeType]:
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield part
            yield from codes(part)


def forget() -> None:
    """What was judged without a rule is judged again: of names, the law remembers the last."""
    for module in law():
        for held in vars(module).values():
            if hasattr(held, "cache_clear"):
                held.cache_clear()


@contextmanager
def switched_off(rules: set[str]) -> Iterator[None]:
    """The law without these rules, for as long as it takes. The set may grow meanwhile."""
    let_everything_be_asked()
    whole = act.require

    def lenient(lawful: object, rule: str, article: str = "", **params: object) -> None:
        if rule not in rules:
            whole(lawful, rule, article, **params)

    for module in law():
        module.require = lenient  # type: ignore[attr-defined]
    forget()
    try:
        yield
    finally:
        for module in law():
            module.require = whole  # type: ignore[attr-defined]
        forget()


@contextmanager
def watched(village, sent: list[Submission]) -> Iterator[None]:
    """Keep what is submitted."""
    submit = village.clerk.submit

    def keep(submission: Submission):
        sent.append(submission)
        return submit(submission)

    village.clerk.submit = keep
    try:
        yield
    finally:
        del village.clerk.submit


class Trial:
    """What became of every rule that was left out: rule → what happened, with examples."""

    def __init__(self) -> None:
        self.seen: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self.won: set[str] = set()

    def without(self, village, rule, send) -> None:
        """Send again without the rule, and ask the proofs about the book that comes of it. Where
        something else holds the door, the entry is written past the clerk. The village is
        afterwards as it was before."""
        kept = village.snapshot()
        off, sent = {rule}, []
        try:
            with switched_off(off), watched(village, sent):
                outcome, detail = self.outcome(village, off, send)
        finally:
            village.restore(kept)
        if outcome == HELD and sent:
            try:
                outcome, detail = self.past_the_clerk(village, sent[-1]) or (outcome, detail)
            finally:
                village.restore(kept)
        self.seen[rule][outcome].add(detail)

    def outcome(self, village, off, send):
        for _ in range(MOST):
            try:
                verdict = send()
            except Exception as broken:  # the code behind a guard rests on it: nothing is written
                return HELD, type(broken).__name__
            if isinstance(verdict, Recorded):
                return self.proven(village) or self.carried(village, verdict.number)
            if verdict.rule in off:
                return HELD, verdict.rule
            off.add(verdict.rule)
        return HELD, ", ".join(sorted(off))

    def proven(self, village):
        """What a proof finds in the book as it is."""
        findings = verify(village.path).findings
        return (FOUND, findings[0].name) if findings else None

    def carried(self, village, number):
        """A proposal moves nothing: it is put to the vote, and its effects are proven."""
        if village.last_kind() != "propose":
            return UNNOTICED, ""
        try:
            village.carry(number)
        except Exception as broken:
            return self.proven(village) or (HELD, f"at the vote: {broken}"[:80])
        return self.proven(village) or (UNNOTICED, "carried")

    def past_the_clerk(self, village, submission):
        """Write down what was refused, as somebody with the database could."""
        state = village.state
        entry = Entry(
            body=submission.body,
            number=1 if isinstance(submission.act, Found) else state.head + 1,
            at=max(village.now, state.now),
            by=submission.by,
            act=submission.act,
            nonce=submission.nonce,
        )
        data = encode(entry)
        row = (entry.number, entry.nonce, data, leaf_hash(data))
        try:
            with village.database.transaction():
                store.append(village.database, entry.body, [row])
        except sqlite3.IntegrityError:  # two entries under one name: there is no such book
            return None
        if isinstance(entry.act, Propose):  # alone it moves nothing
            return self.proven(village)
        return self.proven(village) or (UNNOTICED, "past the clerk")

    def plain(self) -> dict[str, dict[str, list[str]]]:
        """What happened, as one process tells it to another."""
        return {r: {o: sorted(d) for o, d in seen.items()} for r, seen in self.seen.items()}

    def take(self, told: dict[str, dict[str, list[str]]]) -> None:
        """Add what another process saw."""
        for rule, seen in told.items():
            for outcome, details in seen.items():
                self.seen[rule][outcome].update(details)

    def became(self, rule: str) -> str:
        """What became of a rule in all that was tried: the worst of it."""
        seen = self.seen[rule]
        if UNNOTICED in seen and rule not in FOR_GUARDS:
            return WON if rule in self.won else UNNOTICED
        return next(o for o in (FOUND, HELD, UNNOTICED) if o in seen)

    def play(self) -> None:
        """Where no proof complains, somebody plays without the rule, and should win."""
        from tests.adversary.play import PACKS, play  # the games know of this module

        for rule in [r for r in self.seen if self.became(r) == UNNOTICED and r not in FOR_GUARDS]:
            if any(play(pack, GAMES, 1, frozenset({rule})).won for pack in PACKS):
                self.won.add(rule)

    def unnoticed(self) -> list[str]:
        """The rules that somebody could leave out unseen."""
        return sorted(r for r in self.seen if self.became(r) == UNNOTICED and r not in FOR_GUARDS)

    def untried(self) -> list[str]:
        """The rules of the law that no test saw refuse."""
        known = {rule for module in law() for rule in names_in(module)}
        return sorted(known - set(self.seen) - BY_HAND - set(FOR_GUARDS))

    def told(self) -> list[str]:
        """A line for each rule, and the sum of them."""
        lines = []
        for rule, seen in sorted(self.seen.items()):
            said = "; ".join(
                f"{outcome} ({', '.join(sorted(d for d in details if d))})"
                for outcome, details in sorted(seen.items())
            )
            reason = f": {FOR_GUARDS[rule]}" if rule in FOR_GUARDS else ""
            lines.append(f"{rule}: {said}{reason}")
        of = Counter(self.became(rule) for rule in self.seen)
        lines += [
            f"{len(self.seen)} rules switched off: {of[FOUND]} found by a proof, {of[WON]} by the "
            f"adversary; of {of[HELD]} nothing could be written without them, "
            f"{of[UNNOTICED] - len(self.unnoticed())} owe no proof; "
            f"{len(self.unnoticed())} unnoticed",
            f"unnoticed: {', '.join(self.unnoticed()) or 'none'}",
            f"not tried by these tests: {', '.join(self.untried()) or 'none'}",
        ]
        return lines


def names_in(module: ModuleType) -> Iterator[str]:
    """The rules by which a module refuses."""
    at = {"require": 1, "Refused": 0}
    assert module.__file__
    for node in ast.walk(ast.parse(Path(module.__file__).read_text())):
        match node:
            case ast.Call(func=ast.Name(name), args=args) if name in at and len(args) > at[name]:
                rule = args[at[name]]
                if isinstance(rule, ast.Constant):
                    yield str(rule.value)
