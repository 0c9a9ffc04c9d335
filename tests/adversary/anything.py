"""Any act at all: of every kind, with values that fit what stands in the body, and some that do
not. Read from the acts themselves, so that a new one is played the day it is written."""

from __future__ import annotations

import typing
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import inspect

from comuna.rules.effects import AnyEffect
from comuna.rules.judge import AnyAct
from comuna.rules.names import day
from comuna.rules.roll import Found
from comuna.rules.state import DAY
from tests.adversary.game import Game

KINDS = [kind for kind in typing.get_args(AnyAct) if kind is not Found]
EFFECTS = list(typing.get_args(AnyEffect))
FIELDS: dict[type, tuple[inspect.Field, ...]] = {}


def any_act(game: Game) -> Any:
    """An act of a random kind."""
    return made(game, game.random.choice(KINDS))


def made(game: Game, kind: type, **given: Any) -> Any:
    """An act (effect, part) of this kind: what is not given is invented; optional fields are
    sometimes left out."""
    if kind not in FIELDS:
        info = inspect.type_info(kind)
        assert isinstance(info, inspect.StructType)
        FIELDS[kind] = info.fields
    values = dict(given)
    for field in FIELDS[kind]:
        if field.encode_name in values or (not field.required and game.random.random() < 0.5):
            continue
        values[field.encode_name] = value(game, field.encode_name, field.type)
    return kind(**values)


def value(game: Game, name: str, kind: inspect.Type) -> Any:
    """A value for a field, by its name where the name says what is meant, else by its type."""
    random, state = game.random, game.state
    known: Callable[[], Any] | None = POOLS.get(name) and (lambda: POOLS[name](game))
    if isinstance(kind, inspect.IntType):
        return known() if known else random.choice([0, 1, 2, 5, 100, 20_000])
    if isinstance(kind, inspect.StrType) and name in ("since", "until"):
        return date(game)
    if isinstance(kind, inspect.StrType):
        return str(known()) if known else random.choice(["", "a", "friend", "bank:main", "general"])
    if isinstance(kind, inspect.BoolType):
        return random.random() < 0.5
    if isinstance(kind, inspect.LiteralType):
        return random.choice(list(kind.values))
    if isinstance(kind, inspect.StructType):
        if kind.cls.__name__ == "Paper":
            return kind.cls(sha256=f"{random.getrandbits(256):064x}", size=1)
        return made(game, kind.cls)
    if isinstance(kind, (inspect.VarTupleType, inspect.ListType)):
        if name in ("members", "unanswered"):
            return members(game)
        return tuple(value(game, name, kind.item_type) for _ in range(random.randrange(3)))
    if isinstance(kind, inspect.DictType):
        return {random.choice(["a", "1", "equal"]): 1} if random.random() < 0.5 else {}
    if isinstance(kind, inspect.UnionType):
        return union(game, name, kind)
    return state.head


def union(game: Game, name: str, kind: inspect.UnionType) -> Any:
    chosen = game.random.choice(kind.types)
    return None if isinstance(chosen, inspect.NoneType) else value(game, name, chosen)


def members(game: Game) -> tuple[int, ...]:
    people = [n for n, p in game.state.people.items() if p.member_at(game.now)]
    return tuple(game.random.sample(people, game.random.randrange(1, len(people) + 1)))


def one_of(numbers: Any) -> Callable[[Game], int]:
    """One of the numbers that something has in the body, mostly one of the last; sometimes none."""

    def choose(game: Game) -> int:
        known = list(numbers(game.state))[-4:]
        return int(game.random.choice(known)) if known else game.state.head

    return choose


def moment(game: Game) -> int:
    return game.now + game.random.choice([-DAY, 0, 60, 3600, DAY, 8 * DAY, 30 * DAY])


def date(game: Game) -> str:
    return day(game.now + game.random.choice([-30, -1, 0, 0, 0, 1]) * DAY)


def amount(game: Game) -> int:
    return game.random.choice([1, 100, 5_000, 20_000, 50_000, 290_000])


def person(game: Game) -> int:
    return game.random.choice([*game.own, *game.state.people])


def payee(game: Game) -> str:
    return game.random.choice([f"member:{person(game)}", "Supplier", "Friend"])


def accounts(game: Game) -> str:
    chart = [account.id for account in game.state.statute.treasury.accounts]
    return game.random.choice([*game.state.listed, *chart, f"share_capital:{person(game)}"])


def offices(game: Game) -> str:
    return game.random.choice([office.id for office in game.state.statute.offices])


def digest(game: Game) -> str:
    known = list(game.state.proposals.values())
    return game.random.choice(known).digest if known else "0" * 64


POOLS: dict[str, Callable[[Game], Any]] = {
    "account": accounts,
    "amends": one_of(lambda s: s.proposals),
    "amount": amount,
    "assembly": one_of(lambda s: s.assemblies),
    "authorisation": lambda g: g.random.choice(list(g.state.authorisations) or ["1"]),
    "ballot": one_of(lambda s: s.ballots),
    "counted": amount,
    "date": date,
    "decision": one_of(lambda s: s.proposals),
    "digest": digest,
    "key": lambda g: g.random.choice(list(g.state.keys)),
    "limit": amount,
    "line": accounts,
    "member": person,
    "money": lambda g: g.random.choice(list(g.state.listed)),
    "movement": one_of(lambda s: s.movements),
    "name": lambda g: g.random.choice([*g.state.assets, "thing"]),
    "office": offices,
    "payee": payee,
    "payment": one_of(lambda s: s.commitments),
    "period": one_of(lambda s: s.periods),
    "petition": one_of(lambda s: s.petitions),
    "proposal": one_of(lambda s: s.proposals),
    "public": lambda g: g.invent(),
    "since": date,
    "source": accounts,
    "starts_at": moment,
    "target": accounts,
    "until": moment,
    "value": amount,
}
"""What a field's name means, where its type does not say it."""


def plain(act: Any) -> Any:
    return msgspec.to_builtins(act)
