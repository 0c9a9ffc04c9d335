"""A clerk without a rule: each refusal that a test expects is tried again with its guard left out,
and what then stands in the book must be found by the proofs.

    ./comuna test tests/rules --switched-off

tries every rule that some test of the law sees refuse, and prints what became of it. A rule whose
guard can be left out with nobody noticing is a failure, unless it stands in `FOR_GUARDS`.
"""

from __future__ import annotations

import ast
import inspect
import sqlite3
import sys
from collections import defaultdict
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

MOST = 6
"""So many rules are left out together before one says that others hold the door."""

FOR_GUARDS = {
    "text_missing": "that a title or a reason is not empty is for the guards",
    "submitted_before": "the clerk answers a nonce sent again before the law is asked",
}
"""Rules without a proof, and why (docs/what-a-proof-shows.md, "What is not proven here")."""

FOUND, UNNOTICED, HELD = "found", "unnoticed", "held"
"""What can become of a book whose clerk left a rule out: a proof finds it; nobody notices; or there
is no such book, for nothing can be written down without what the rule asks for."""


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
            number=state.head + 1,
            at=max(village.now, state.now),
            by=submission.by,
            act=submission.act,
            nonce=submission.nonce,
        )
        data = encode(entry)
        row = (entry.number, entry.nonce, data, leaf_hash(data))
        try:
            with village.database.transaction():
                store.append(village.database, village.body, [row])
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

    def unnoticed(self) -> list[str]:
        """The rules that somebody could leave out unseen."""
        return sorted(
            rule for rule, seen in self.seen.items() if UNNOTICED in seen and rule not in FOR_GUARDS
        )

    def told(self) -> list[str]:
        """A line for each rule."""
        lines = []
        for rule, seen in sorted(self.seen.items()):
            said = "; ".join(
                f"{outcome} ({', '.join(sorted(d for d in details if d))})"
                for outcome, details in sorted(seen.items())
            )
            lines.append(f"{rule}: {said}")
        return lines
