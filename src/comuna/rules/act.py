"""What an act is, who its author is, and the two ways a judgement can end.

Act, fact and refusal are the whole vocabulary of the rules: a person proposes an *act*; the judge
answers with *facts* (what is now the case) or with a *refusal* (which rule, with which article, and
what would be lawful). Shapes of the entry: docs/book-format.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

import msgspec

from comuna.rules.statute import Form

if TYPE_CHECKING:
    from comuna.rules.state import State


# `gc=False`: acts, their parts and facts hold no cycles, and a book has millions of them.


class Shape(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    gc=False,
):
    """A part of an act. Absent means default: the canonical JSON holds no nulls."""


class Paper(Shape, frozen=True, kw_only=True):
    """A document by its fingerprint: SHA-256 in hex and its size in bytes."""

    sha256: str
    size: int


class Signature(Shape, frozen=True, kw_only=True):
    """One member's Ed25519 signature over the signed bytes: key id, and 64 bytes in base64."""

    member: int
    key: str
    value: str


class Seen(Shape, frozen=True, kw_only=True):
    """The book as its author saw it: how many entries, and their root in hex."""

    size: int
    root: str


class Author(Shape, frozen=True, kw_only=True):
    """Who acts, and how anyone can know.

    *signed*: by the member's own key. *witnessed*: entered from paper by the holder of the power
    `record-paper`, who signs, with witnesses of whom one or more sign too, and the paper's
    fingerprint; `happened` is when it was done (UTC seconds). *attested*: only the server says so.

    `seen` is the book that the signers had before them. It is signed with the act, so the act is of
    no use in any book that does not begin with those entries: whoever reorders, drops or rewrites
    what came before loses every signature after it.
    """

    member: int
    form: Form
    signatures: tuple[Signature, ...] = ()
    witnesses: tuple[int, ...] = ()
    paper: Paper | None = None
    happened: int = 0
    seen: Seen | None = None


class Act(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="kind",
    forbid_unknown_fields=True,
    omit_defaults=True,
    gc=False,
):
    """Base of all acts; the tag is the kind.

    `deciding`: it decides, pays, moves or ends something; from paper it takes more witnesses' keys,
    one of them of another office. `names_book`: it names other acts by number, and the signature
    has to hold for what stands under that number, so it names the book that its author saw.
    `wakes`: it belongs to calling and holding an assembly, all that is lawful in a body asleep.
    """

    deciding: ClassVar[bool] = False
    names_book: ClassVar[bool] = False
    wakes: ClassVar[bool] = False


class Effect(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="effect",
    forbid_unknown_fields=True,
    omit_defaults=True,
    gc=False,
):
    """What an adopted decision does. `matter` names the majority it needs."""

    matter: ClassVar[str] = "general"

    def matters(self, state: State) -> tuple[str, ...]:
        """The matters whose majorities this effect needs; most effects have one."""
        return (self.matter,)

    def thing(self) -> str:
        """What the effect draws on, where two in one proposal could together draw too much."""
        return ""


A = TypeVar("A", bound=Act)


class Entry(
    msgspec.Struct, Generic[A], frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False
):
    """A numbered act in the book of a body. `at` is when it was recorded, in UTC seconds."""

    body: str
    number: int
    at: int
    by: Author
    act: A
    nonce: str

    @property
    def when(self) -> int:
        """When it was done: the day on the paper for witnessed acts, else when it was recorded."""
        return self.by.happened or self.at


class Fact(msgspec.Struct, frozen=True, gc=False):
    """Something that is now the case. Applying it is the only way a State changes."""

    def apply(self, state: State) -> None:
        raise NotImplementedError(type(self).__name__)


class Refusal(msgspec.Struct, frozen=True):
    """Why an act is not lawful: a rule's name, its article, and the figures its words need."""

    rule: str
    article: str = ""
    params: dict[str, Any] = msgspec.field(default_factory=dict)


class Refused(Exception):  # noqa: N818 - it is a verdict, not an error
    """Carries a refusal out of the depth of a rule; `judge` turns it into a value."""

    def __init__(self, rule: str, article: str = "", **params: Any) -> None:
        super().__init__(rule)
        self.refusal = Refusal(rule, article, params)


def require(lawful: object, rule: str, article: str = "", **params: Any) -> None:
    """Refuse by this rule unless the condition holds."""
    if not lawful:
        raise Refused(rule, article, **params)


Judge = Callable[["State", Entry[Any], Any], Sequence[Fact]]
JUDGES: dict[type[Act], Judge] = {}
ActT = TypeVar("ActT", bound=Act)


def judges(
    kind: type[ActT],
) -> Callable[
    [Callable[[State, Entry[ActT], ActT], Sequence[Fact]]],
    Callable[[State, Entry[ActT], ActT], Sequence[Fact]],
]:
    """Register the function that judges a kind of act."""

    def register(
        judge: Callable[[State, Entry[ActT], ActT], Sequence[Fact]],
    ) -> Callable[[State, Entry[ActT], ActT], Sequence[Fact]]:
        JUDGES[kind] = judge
        return judge

    return register


EffectT = TypeVar("EffectT", bound=Effect)
PREPARES: dict[type[Effect], Callable[[State, Any, int, bool], None]] = {}
ENACTS: dict[type[Effect], Callable[[State, Any, int, int], Sequence[Fact]]] = {}


def prepares(kind: type[EffectT]) -> Callable[[Callable[[State, EffectT, int, bool], None]], Any]:
    """Register the check made when an effect is proposed, when its vote opens and before it is
    enacted: (state, effect, when, voting) → None or Refused. `voting` is False only at the
    proposal: clocks such as hearings need to have run by the vote, not before."""

    def register(check: Callable[[State, EffectT, int, bool], None]) -> Any:
        PREPARES[kind] = check
        return check

    return register


def enacts(
    kind: type[EffectT],
) -> Callable[[Callable[[State, EffectT, int, int], Sequence[Fact]]], Any]:
    """Register what an effect does: (state, effect, decision number, when) → facts."""

    def register(enact: Callable[[State, EffectT, int, int], Sequence[Fact]]) -> Any:
        ENACTS[kind] = enact
        return enact

    return register
